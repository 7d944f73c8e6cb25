"""What GradientExplorer sends to the browser: curves, panels and answers as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chalkboard.functions.answers import Answer
from chalkboard.functions.curve import Curve, Interval, common_range, slope_range, visible_values
from chalkboard.wording import decimals_for, decimals_of_step, format_number

PRIME = "\N{PRIME}"


def curves_data(curves: Mapping[str, Curve]) -> list[dict[str, Any]]:
    """The curves by name, in the order of their looks."""
    return [{"name": name, **_curve_data(curve)} for name, curve in curves.items()]


def panels_data(
    curves: Mapping[str, Curve], intervals: Sequence[Interval], has_slopes: bool
) -> list[dict[str, Any]]:
    """What each panel shows, its axes, and their names: the whole, a zoom, then the slopes."""
    values, slopes = (", ".join(f"{name}{mark}(x)" for name in curves) for mark in ("", PRIME))
    tangents = f"{values} and {'its tangent' if len(curves) == 1 else 'their tangents'}"
    sampled = list(curves.values())
    panels = [
        {
            "shows": "value",
            "title": f"{prefix}{tangents}, {_range(interval)}",
            "names": {"x": "x, zoom" if prefix else "x", "y": values},
            "x": interval,
            "y": common_range(sampled, interval),
        }
        for prefix, interval in zip(("", "Zoom into "), intervals, strict=False)
    ]
    whole = intervals[0]
    if len(panels) > 1:
        panels[0]["zoomed"] = {axis: panels[1][axis] for axis in ("x", "y")}
    if has_slopes:
        panels.append(
            {
                "shows": "slope",
                "title": f"The slope {slopes}, {_range(whole)}",
                "names": {"x": "x", "y": f"slope {slopes}"},
                "x": whole,
                "y": slope_range(sampled, whole),
            }
        )
    return panels


def answers_data(answers: Sequence[Answer]) -> dict[str, Any]:
    """The table of the answers, and what the first engine says of each function.

    Its numbers are texts, because JSON has no NaN and no infinity.
    """
    first_of = {answer.function: answer for answer in reversed(answers)}
    names = list(dict.fromkeys(answer.function for answer in answers))
    is_one = len(names) == 1
    columns = ["engine", f"{names[0]}(x)", f"{names[0]}{PRIME}(x)"]
    return {
        "points": [
            {"value": point.value, "slope": point.slope} if point.is_finite else None
            for point in map(first_of.__getitem__, names)
        ],
        "caption": f"The engines at x = {format_number(answers[0].x, 6)}",
        "columns": columns if is_one else ["function", "engine", "value", "slope"],
        "rows": [
            {
                "headings": [answer.engine] if is_one else [answer.function, answer.engine],
                "texts": _texts(answer),
            }
            for answer in answers
        ],
    }


def _texts(answer: Answer) -> list[str]:
    if answer.value is None or answer.slope is None:
        return [answer.trouble]
    return [format_number(answer.value), format_number(answer.slope)]


def _range(interval: Interval) -> str:
    return f"x from {format_number(interval[0], 6)} to {format_number(interval[1], 6)}"


def _curve_data(curve: Curve) -> dict[str, Any]:
    """A curve with its arrays as little-endian float64, because JSON has no NaN."""
    slopes = np.abs(curve.slope[np.isfinite(curve.slope)])
    arrays = {
        name: getattr(curve, name).astype("<f8").tobytes()
        for name in ("stops", "x", "value", "slope")
    }
    return {
        **arrays,
        "gaps": [[gap.start, gap.stop] for gap in curve.gaps],
        "decimals": {
            "x": decimals_of_step(curve.step),
            "value": decimals_for(max(abs(end) for end in visible_values(curve, curve.domain))),
            # Not the largest: near a pole it is huge, and would leave no decimals elsewhere.
            "slope": decimals_for(float(np.quantile(slopes, 0.98))),
        },
    }
