"""Finds the places where a curve has a wanted slope, and says when x is at one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalkboard.functions.curve import Curve, flat_below, slope_range
from chalkboard.wording import format_number

# Parts of the tolerance: what counts as the wanted slope itself, and as touching it.
_EXACT = 1e-9
_TOUCHING = 1e-2
# A change of slope from one sample to the next, as a part of the picture, that is a corner.
_CORNER = 0.2


@dataclass(frozen=True)
class Place:
    """Where the slope is the wanted one, from `start` to `stop`; the same x, if it is one point.

    From `reach_start` to `reach_stop` the slope is so close to it that x counts as being there.
    """

    start: float
    stop: float
    reach_start: float
    reach_stop: float


@dataclass(frozen=True)
class Target:
    """A slope that a learner is to find: how close is close enough, and the places there are."""

    slope: float
    tolerance: float
    places: tuple[Place, ...]

    def place_at(self, x: float) -> Place | None:
        """The place that x counts as being at: of several, the nearest."""
        near = [place for place in self.places if place.reach_start <= x <= place.reach_stop]
        return min(near, key=lambda place: max(place.start - x, x - place.stop, 0), default=None)


def find_target(curve: Curve, slope: object, name: str) -> Target:
    """Find where `curve` has this slope.

    A place is where the slope passes through the wanted one, touches it, or stays at it. x is there
    when the slope is within the tolerance (what looks flat in the picture of the whole curve), or
    at a sample next to it.

    Raises:
        ValueError: `slope` is not a finite number, or the curve has this slope nowhere.
    """
    if (
        isinstance(slope, bool)
        or not isinstance(slope, (int, float, np.number))
        or not math.isfinite(slope)
    ):
        raise ValueError(f"find_slope must be a finite number, such as 0.0; got {slope!r}.")
    wanted = float(slope)
    tolerance = _round_down(flat_below(curve))
    off = curve.slope - wanted
    off[np.abs(off) <= _EXACT * tolerance] = 0.0
    low, high = slope_range([curve], curve.domain)
    spans = _spans(off, tolerance, _CORNER * (high - low))
    if not spans:
        raise ValueError(
            f"{name} has slope {format_number(wanted)} nowhere from x = "
            f"{format_number(curve.domain[0])} to {format_number(curve.domain[1])}; "
            "choose another find_slope or a wider domain."
        )
    places = tuple(_place(curve.x, off, tolerance, *span) for span in spans)
    return Target(wanted, tolerance, places)


def describe_target(
    target: Target, found: Sequence[float], is_here: bool, slope: float | None
) -> str:
    """Whether x is at a place or how far its `slope` is from one, and how many have been found."""
    count = len(target.places)
    progress = f"{len(found)} of {count} {'place' if count == 1 else 'places'} found"
    is_done = len(found) == count
    if is_done and is_here:
        return f"✓ Found. {progress}: goal reached."
    end = f"✓ {progress}: goal reached." if is_done else f"{progress}."
    if is_here:
        wanted, tolerance = format_number(target.slope), format_number(target.tolerance)
        return f"✓ Found: here the slope is {wanted}, to within {tolerance}. {end}"
    return f"{_distance(target, slope)} {end}"


def _distance(target: Target, slope: float | None) -> str:
    if slope is None:
        return "There is no slope here."
    off, wanted = slope - target.slope, format_number(target.slope)
    here = f"Slope {format_number(slope, 6)}"
    if abs(off) <= target.tolerance:
        return f"{here}: close, but it never becomes {wanted} here."
    if target.slope == 0:
        return f"{here}: still {'rising' if off > 0 else 'falling'}."
    return f"{here}: {format_number(abs(off), 6)} {'above' if off > 0 else 'below'} {wanted}."


def goal_of(target: Target, name: str) -> str:
    """The sentence that asks for the places without telling them."""
    count = len(target.places)
    where = {1: "the place", 2: "both places"}.get(count, f"all {count} places")
    return f"Put x at {where} where the slope of {name} is {format_number(target.slope)}."


def _spans(off: NDArray[np.float64], tolerance: float, corner: float) -> list[tuple[int, int]]:
    """First and last index of the samples around each place, from left to right."""
    spans = []
    index = 0
    while index < off.size:
        if off[index] == 0:
            start = index
            while index + 1 < off.size and off[index + 1] == 0:
                index += 1
            spans.append((start, index))
        elif _crosses(off, index, corner):
            spans.append((index, index + 1))
        elif _touches(off, index, tolerance):
            spans.append((index, index))
        index += 1
    return spans


def _crosses(off: NDArray[np.float64], index: int, corner: float) -> bool:
    """Whether the sign changes after this sample, and not by a jump; NaN compares as False."""
    if index + 1 == off.size:
        return False
    return bool(off[index] * off[index + 1] < 0 and abs(off[index + 1] - off[index]) < corner)


def _touches(off: NDArray[np.float64], index: int, tolerance: float) -> bool:
    """Whether the slope comes closest here, close enough to have touched between the samples."""
    if not 0 < index < off.size - 1:
        return False
    left, here, right = off[index - 1 : index + 2]
    is_one_sided = left * here > 0 and here * right > 0
    return bool(
        is_one_sided
        and abs(here) < min(abs(left), abs(right))
        and abs(here) < _TOUCHING * tolerance
    )


def _place(
    x: NDArray[np.float64], off: NDArray[np.float64], tolerance: float, first: int, last: int
) -> Place:
    """The place between two samples, and how far around it the slope stays within `tolerance`."""
    start, stop = float(x[first]), float(x[last])
    if last == first + 1 and off[first] * off[last] < 0:
        part = off[first] / (off[first] - off[last])
        start = stop = float(x[first] + part * (x[last] - x[first]))
    while first > 0 and abs(off[first - 1]) <= tolerance:
        first -= 1
    while last < off.size - 1 and abs(off[last + 1]) <= tolerance:
        last += 1
    return Place(start, stop, float(x[first]), float(x[last]))


def _round_down(number: float) -> float:
    """The largest power of ten times 1, 2 or 5 that is not above `number`."""
    power = 10.0 ** math.floor(math.log10(number))
    return float(f"{max(factor * power for factor in (1, 2, 5) if factor * power <= number):.0e}")
