"""A sampled curve as plain data: what pictures and widgets draw, with no engine behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]


@dataclass(frozen=True)
class Gap:
    """Where the curve is not drawn, and why: from `start` to `stop`, both in x.

    `start == stop` where it is a single point. `reason` is a sentence without a full stop.
    """

    start: float
    stop: float
    reason: str


@dataclass(frozen=True, eq=False)
class Curve:
    """A function on an interval, as points that rise in x.

    `x`, `value` and `slope` are float64 of shape (n,). Where `value` is NaN the curve is broken:
    the points on the two sides must not be joined. `gaps` says why, from left to right.
    `stops`, of shape (m,), are the x that a slider stops at: multiples of `step`, and the ends of
    `domain`. All of them are in `x`, which has more where a gap or a jump needed a closer look.
    """

    domain: Interval
    step: float
    stops: NDArray[np.float64]
    x: NDArray[np.float64]
    value: NDArray[np.float64]
    slope: NDArray[np.float64]
    gaps: tuple[Gap, ...]


def visible_values(curve: Curve, interval: Interval) -> Interval:
    """The lowest and the highest value that a picture of `curve` over `interval` should show.

    A pole would flatten everything else, so far-away values are left out: where all values span
    more than ten times what the middle 96 % of them span, the middle decides.
    """
    inside = (curve.x >= interval[0]) & (curve.x <= interval[1]) & np.isfinite(curve.value)
    values = curve.value[inside]
    if values.size == 0:
        return (-1.0, 1.0)
    low, middle_low, middle_high, high = (
        float(quantile) for quantile in np.quantile(values, (0, 0.02, 0.98, 1))
    )
    if middle_high > middle_low and high - low > 10 * (middle_high - middle_low):
        return (middle_low, middle_high)
    return (low, high)


def value_range(curve: Curve, interval: Interval) -> Interval:
    """The ends of the y axis of a picture of `curve` over `interval`: its values and a margin."""
    return common_range([curve], interval)


def common_range(curves: Sequence[Curve], interval: Interval) -> Interval:
    """The ends of the y axis of a picture of all `curves` over `interval`."""
    visible = [visible_values(curve, interval) for curve in curves]
    low, high = min(low for low, _ in visible), max(high for _, high in visible)
    # A constant function gets a range of its own size, so that rounding is not magnified.
    is_constant = high - low <= 1e-9 * max(abs(low), abs(high))
    margin = (abs(high) or 1.0) if is_constant else 0.05 * (high - low)
    return (low - margin, high + margin)


def slope_curve(curve: Curve) -> Curve:
    """The curve of f': what was the slope is the value; the slope of f' is not known."""
    return replace(curve, value=curve.slope, slope=np.full_like(curve.slope, np.nan))


def slope_range(curves: Sequence[Curve], interval: Interval) -> Interval:
    """The ends of the y axis of a picture of the slopes of `curves`; zero is always on it."""
    low, high = common_range([slope_curve(curve) for curve in curves], interval)
    margin = 0.05 * (high - low)
    return (min(low, -margin), max(high, margin))


def flat_below(curve: Curve) -> float:
    """The slope under which a curve looks flat: 1 % of the height of its picture per width."""
    low, high = value_range(curve, curve.domain)
    return 0.01 * (high - low) / (curve.domain[1] - curve.domain[0])
