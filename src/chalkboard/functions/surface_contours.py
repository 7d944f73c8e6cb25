"""The level lines of a surface, as closed rings around where it is higher."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkboard.functions.surface import Surface

_LEVELS = 10
# Where half of the picture lies in this part of all heights, even levels would leave it empty.
_LOPSIDED = 0.12


@dataclass(frozen=True, eq=False)
class Contour:
    """A level, and the rings around where the surface is at least as high.

    A ring is an array of shape (n, 2), closed. Where the surface reaches the edge of the picture,
    so does the ring. A ring within a ring is a hole.
    """

    level: float
    rings: tuple[NDArray[np.float64], ...]


def contours(surface: Surface) -> list[Contour]:
    """The level lines of `surface` at round numbers, from low to high."""
    return [Contour(level, _rings(surface, level)) for level in levels(surface)]


def defined_rings(surface: Surface) -> tuple[NDArray[np.float64], ...]:
    """The rings around where there is a surface at all; none where it is everywhere."""
    return () if np.isfinite(surface.value).all() else _rings(surface, -np.inf)


def levels(surface: Surface) -> list[float]:
    """Round numbers for level lines: evenly apart, so that close lines mean steep.

    Where most of the picture is low and little of it very high, they are 1, 2, 5, 10, 20, 50, ...
    apart instead.
    """
    low, middle, high = (float(each) for each in np.nanquantile(surface.value, (0, 0.5, 1)))
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        return []
    if middle - low < _LOPSIDED * (high - low):
        base = 0.0 if abs(low) < 0.05 * (middle - low) else low
        return _growing(base, low, high, float(np.nanquantile(surface.value, 0.04)))
    rough = (high - low) / _LEVELS
    step = _nice(rough)
    first = int(np.floor(low / step)) + 1
    multiples = np.arange(first, first + 3 * _LEVELS) * step
    return [float(f"{level:.12g}") for level in multiples if low < level < high]


def _growing(base: float, low: float, high: float, lowest: float) -> list[float]:
    smallest = max(lowest - base, 1e-4 * (high - base))
    exponent = int(np.floor(np.log10(smallest)))
    steps = [
        factor * 10.0**power for power in range(exponent, exponent + 6) for factor in (1, 2, 5)
    ]
    return [
        float(f"{base + step:.12g}")
        for step in steps
        if step >= smallest and low < base + step < high
    ]


def _nice(number: float) -> float:
    """The smallest power of ten times 1, 2 or 5 that is not below `number`."""
    power = 10.0 ** np.floor(np.log10(number))
    return float(
        next(factor * power for factor in (1, 2, 5, 10) if factor * power >= number * 0.999)
    )


def _rings(surface: Surface, level: float) -> tuple[NDArray[np.float64], ...]:
    # It comes with matplotlib, and takes a moment to load.
    from contourpy import FillType, contour_generator

    generator = contour_generator(
        surface.x.stops,
        surface.y.stops,
        np.ma.masked_invalid(surface.value),
        fill_type=FillType.OuterOffset,
    )
    filled: Any = generator.filled(level, np.inf)
    polygons, offsets = filled
    return tuple(
        _without_needless_points(polygon[start:stop])
        for polygon, ends in zip(polygons, offsets, strict=True)
        for start, stop in pairwise(ends)
    )


def _without_needless_points(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ring without points in the middle of a straight line: most points of the edge."""
    before, after = ring[:-2] - ring[1:-1], ring[2:] - ring[1:-1]
    is_straight = before[:, 0] * after[:, 1] == before[:, 1] * after[:, 0]
    return ring[np.concatenate([[True], ~is_straight, [True]])]
