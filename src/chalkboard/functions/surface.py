"""A function of two variables on a grid, so that looking at it needs no engine."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkboard.functions.curve import Interval
from chalkboard.functions.evaluation import EvaluationError, PlaneFunction, evaluate_gradient
from chalkboard.functions.sampling import check_interval
from chalkboard.wording import decimals_of_step

Floats = NDArray[np.float64]

# Steps along one axis: a function that takes whole arrays is asked once for all points together,
# any other function once for each point.
_STEPS_AT_ONCE = 100
_STEPS_ONE_BY_ONE = 32


@dataclass(frozen=True, eq=False)
class Axis:
    """The numbers along one side of the grid: multiples of `step`, and both ends."""

    step: float
    stops: Floats

    @property
    def interval(self) -> Interval:
        """The first and the last number."""
        return (float(self.stops[0]), float(self.stops[-1]))


@dataclass(frozen=True, eq=False)
class Surface:
    """f and its gradient at every point of a grid.

    The arrays are float64 of shape (number of y, number of x), NaN where f has no finite value.
    """

    x: Axis
    y: Axis
    value: Floats
    slope_x: Floats
    slope_y: Floats

    @property
    def flat_below(self) -> float:
        """The length of a gradient that is next to nothing beside the others in the picture."""
        return 2e-3 * float(np.nanmedian(np.hypot(self.slope_x, self.slope_y)))


def sample_surface(f: PlaneFunction, domain: Any, name: str, engine: ModuleType) -> Surface:
    """Evaluate `f` with `engine` on a grid over `domain`, a pair of intervals for x and y.

    Raises:
        ValueError: `domain` is not two intervals, `f` is not callable, or it has a finite value
            and gradient nowhere.
    """
    if not callable(f):
        raise ValueError(
            f"{name} must be a function of x and y, such as lambda x, y: x * x + y * y; got {f!r}."
        )
    intervals = check_domain(domain)
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        x, y = (_axis(interval, _STEPS_AT_ONCE) for interval in intervals)
        arrays = _sample_at_once(f, x, y, engine)
        if arrays is None:
            x, y = (_axis(interval, _STEPS_ONE_BY_ONE) for interval in intervals)
            arrays = _sample_one_by_one(f, x, y, name, engine)
    is_finite = np.isfinite(arrays).all(axis=0)
    if not is_finite.any():
        raise ValueError(f"{name} has no finite value and gradient anywhere in {domain!r}.")
    value, slope_x, slope_y = np.where(is_finite, arrays, np.nan)
    return Surface(x, y, value, slope_x, slope_y)


def check_domain(domain: Any) -> tuple[Interval, Interval]:
    """Return `domain` as two intervals.

    Raises:
        ValueError: it is not a pair of intervals.
    """
    try:
        x, y = domain
    except (TypeError, ValueError):
        raise ValueError(
            f"domain must be two intervals, such as ((-3, 3), (-3, 3)); got {domain!r}."
        ) from None
    return check_interval(x, "the domain of x"), check_interval(y, "the domain of y")


def _axis(interval: Interval, steps: int) -> Axis:
    """The power of ten times 1, 2 or 5 that divides `interval` into about so many steps."""
    start, stop = interval
    exponent = math.floor(math.log10((stop - start) / steps))
    nice = [factor * 10.0**power for power in (exponent, exponent + 1) for factor in (1, 2, 5)]
    step = min(nice, key=lambda each: abs(math.log((stop - start) / steps / each)))
    step = float(f"{step:.0e}")
    first, last = math.ceil(start / step - 1e-9), math.floor(stop / step + 1e-9)
    inner = [round(k * step, decimals_of_step(step)) for k in range(first, last + 1)]
    stops = sorted({start, stop, *(number for number in inner if start < number < stop)})
    return Axis(step, np.array(stops))


def _sample_at_once(f: PlaneFunction, x: Axis, y: Axis, engine: ModuleType) -> Floats | None:
    """The values and slopes from one call with arrays; None if `f` does not take them elementwise.

    That it does is seen from the shape of its result, and from a few points asked for alone.
    """
    grid = np.meshgrid(x.stops, y.stops)
    points = [engine.tensor(each, requires_grad=True, dtype=engine.float64) for each in grid]
    try:
        result = f(*points)
        if not isinstance(result, type(points[0])) or tuple(result.shape) != grid[0].shape:
            return None
        result.sum().backward()
        slopes = [
            np.zeros_like(grid[0]) if point.grad is None else np.asarray(point.grad.numpy())
            for point in points
        ]
        arrays = np.array([np.asarray(result.detach().numpy()), *slopes])
        for row, column in _spot_checks(arrays.shape[1:]):
            value, gradient = evaluate_gradient(f, _place(x, y, row, column), engine)
            if not np.allclose([value, *gradient], arrays[:, row, column], equal_nan=True):
                return None
    # Whatever an array does to f, its points may still be asked for one by one.
    except Exception:
        return None
    return arrays


def _place(x: Axis, y: Axis, row: int, column: int) -> tuple[float, float]:
    return (float(x.stops[column]), float(y.stops[row]))


def _spot_checks(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Points spread over the grid, none two in the same row or column."""
    rows, columns = shape
    for row, column in ((0.07, 0.31), (0.29, 0.83), (0.53, 0.11), (0.71, 0.62), (0.93, 0.47)):
        yield int(row * rows), int(column * columns)


def _sample_one_by_one(f: PlaneFunction, x: Axis, y: Axis, name: str, engine: ModuleType) -> Floats:
    trouble = ""
    arrays = np.full((3, y.stops.size, x.stops.size), np.nan)
    for row, column in np.ndindex(arrays.shape[1:]):
        try:
            value, gradient = evaluate_gradient(f, _place(x, y, row, column), engine)
        except EvaluationError as error:
            trouble = trouble or str(error)
        else:
            arrays[:, row, column] = value, *gradient
    if trouble and np.isnan(arrays).all():
        raise ValueError(f"{name} cannot be drawn anywhere; {engine.__name__} says: {trouble}.")
    return arrays
