"""What SurfaceExplorer sends to the browser: grid, level lines and answers as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkboard.functions.surface import Surface
from chalkboard.functions.surface_answers import SurfaceAnswer
from chalkboard.functions.surface_contours import Contour
from chalkboard.wording import decimals_for, decimals_of_step, format_number

Floats = NDArray[np.float64]

# A label needs this much room, as parts of the map: to its sides, and to another label.
_MARGIN = np.array([0.08, 0.05])
_LABELS_APART = 0.11


def surface_data(surface: Surface) -> dict[str, Any]:
    """The surface with its arrays as little-endian float64, because JSON has no NaN."""
    arrays = {
        "x": surface.x.stops,
        "y": surface.y.stops,
        "value": surface.value,
        "slopeX": surface.slope_x,
        "slopeY": surface.slope_y,
    }
    lengths = np.hypot(surface.slope_x, surface.slope_y)
    typical = {"value": np.abs(surface.value), "slope": lengths}
    return {
        **{name: array.astype("<f8").tobytes() for name, array in arrays.items()},
        "flatBelow": surface.flat_below,
        "steep": float(np.nanquantile(lengths, 0.9)),
        "decimals": {
            "x": decimals_of_step(surface.x.step),
            "y": decimals_of_step(surface.y.step),
            **{
                name: decimals_for(float(np.nanquantile(numbers, 0.98)))
                for name, numbers in typical.items()
            },
        },
    }


def contours_data(contours: Sequence[Contour], surface: Surface) -> list[dict[str, Any]]:
    """Each level line as a path in parts of the map, with its label and where that stands.

    A label stands at the point of its line that is farthest from the labels before; it is empty
    where there is no room.
    """
    levels = []
    taken = np.empty((0, 2))
    for contour in contours:
        rings = [_in_parts(ring, surface) for ring in contour.rings]
        places = np.concatenate([*rings, np.empty((0, 2))])
        places = places[((places > _MARGIN) & (places < 1 - _MARGIN)).all(axis=1)]
        apart = np.linalg.norm(places[:, None] - taken, axis=2).min(axis=1, initial=1.0)
        has_room = places.size > 0 and apart.max() >= _LABELS_APART
        place = places[apart.argmax()] if has_room else np.zeros(2)
        if has_room:
            taken = np.vstack([taken, place])
        label = format_number(contour.level, 4) if has_room else ""
        levels.append({"d": _path(rings), "label": label, "at": place.tolist()})
    return levels


def rings_path(rings: Sequence[Floats], surface: Surface) -> str:
    """The rings as one path in parts of the map."""
    return _path([_in_parts(ring, surface) for ring in rings])


def surface_answers_data(answers: Sequence[SurfaceAnswer], name: str) -> dict[str, Any]:
    """The table of the answers, its numbers as texts, and what the first engine says."""
    first = answers[0]
    point = dict(zip(("value", "slopeX", "slopeY"), first.numbers, strict=True))
    x, y = format_number(first.x, 6), format_number(first.y, 6)
    return {
        "points": [point if first.is_finite else None],
        "caption": f"The engines at x = {x}, y = {y}",
        "columns": ["engine", f"{name}(x, y)", f"∂{name}/∂x", f"∂{name}/∂y"],
        "rows": [
            {
                "headings": [answer.engine],
                "texts": [answer.trouble]
                if answer.trouble
                else [format_number(number) for number in answer.numbers],
            }
            for answer in answers
        ],
    }


def _in_parts(ring: Floats, surface: Surface) -> Floats:
    """The ring with 0, 0 at the upper left corner of the map and 1, 1 at the lower right one."""
    (left, right), (low, high) = surface.x.interval, surface.y.interval
    return (ring - [left, high]) / [right - left, low - high]


def _path(rings: Sequence[Floats]) -> str:
    return "".join(f"M{'L'.join(f'{x:.4f} {y:.4f}' for x, y in ring)}Z" for ring in rings)
