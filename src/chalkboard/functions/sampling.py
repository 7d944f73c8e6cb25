"""Turns a function into the points of a curve, once, so that looking at it needs no engine."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from types import ModuleType
from typing import Any, cast

import numpy as np

from chalkboard.functions.curve import Curve, Gap, Interval
from chalkboard.functions.evaluation import Evaluation, EvaluationError, ScalarFunction, evaluate
from chalkboard.wording import decimals_of_step, format_number

_FEWEST_STEPS = 1000
_MOST_STEPS = 4000
_NARROWEST_ZOOM = 100
_MOST_JUMPS_LOOKED_AT = 20
_BISECTIONS = 40
_JUMP = "jump"
# As many as there are looks that can be told apart.
_NAMES = ("f", "g", "h", "k")


@dataclass(frozen=True)
class _Point:
    """One evaluation; where it failed, the reason and its kind, which is empty otherwise."""

    x: float
    evaluation: Evaluation | None
    reason: str = ""
    kind: str = ""

    @property
    def row(self) -> tuple[float, float, float]:
        if self.evaluation is None:
            return (self.x, math.nan, math.nan)
        return (self.x, self.evaluation.value, self.evaluation.slope)


def named_functions(
    f: ScalarFunction | Mapping[str, ScalarFunction] | Sequence[ScalarFunction], name: str
) -> dict[str, ScalarFunction]:
    """Give each function a name: its key, or f, g, h, k in a sequence, or `name` if it is alone.

    Raises:
        ValueError: there is no function, there are too many, or a key is no name.
    """
    functions: dict[str, ScalarFunction]
    if isinstance(f, Mapping):
        functions = dict(f)
    elif isinstance(f, (list, tuple)):
        functions = dict(zip(_NAMES, f, strict=False))
    else:
        return {name: cast(ScalarFunction, f)}
    if not 1 <= len(f) <= len(_NAMES):
        raise ValueError(
            f"one picture holds one to {len(_NAMES)} functions; got {len(f)}. "
            "Show the others in a picture of their own."
        )
    for key in functions:
        if not isinstance(key, str) or not key.strip():
            raise ValueError(f"the name of a function must be a text such as 'f'; got {key!r}.")
    return functions


def check_interval(interval: Any, name: str) -> Interval:
    """Return `interval` as two floats, the smaller first.

    Raises:
        ValueError: it is not a pair of finite numbers of which the first is smaller.
    """
    try:
        start, stop = (float(end) for end in interval)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be two numbers, such as (0, 10); got {interval!r}."
        ) from None
    if not (math.isfinite(start) and math.isfinite(stop)):
        raise ValueError(f"{name} must be two finite numbers; got {interval!r}.")
    if start >= stop:
        raise ValueError(f"{name} must go from the smaller number to the larger; got {interval!r}.")
    return (start, stop)


def sample_panels(
    f: ScalarFunction,
    domain: object,
    zoom: object = None,
    *,
    step: float | None = None,
    name: str,
    engine: ModuleType,
) -> tuple[Curve, tuple[Interval, ...]]:
    """Sample `f` for a picture over `domain` and, where `zoom` is given, a second one over `zoom`.

    Returns the curve and the intervals in x of the panels.

    Raises:
        ValueError: `domain` or `zoom` is no interval, `zoom` leaves `domain`, `step` does not fit,
            `f` is not callable, or it cannot be evaluated anywhere.
    """
    if not callable(f):
        raise ValueError(
            f"{name} must be a function of x, such as lambda x: x * x; got {_article(f)}."
        )
    checked_domain = start, stop = check_interval(domain, "domain")
    panels = (checked_domain,)
    if zoom is not None:
        checked_zoom = check_interval(zoom, "zoom")
        if checked_zoom[0] < start or checked_zoom[1] > stop:
            raise ValueError(f"zoom {zoom!r} must lie within the domain {domain!r}.")
        if _NARROWEST_ZOOM * (checked_zoom[1] - checked_zoom[0]) < stop - start:
            raise ValueError(
                f"zoom {zoom!r} is too narrow for the domain {domain!r}: it must be at least "
                f"1/{_NARROWEST_ZOOM} as wide."
            )
        panels = (checked_domain, checked_zoom)
    shortest = min(right - left for left, right in panels)
    if step is None:
        step = nice_step(checked_domain, shortest)
    finest = (stop - start) / (2.5 * _MOST_STEPS)
    if not finest <= step <= shortest:
        raise ValueError(
            f"step must be between {format_number(finest)} and {format_number(shortest)} "
            f"for this picture; got {step!r}."
        )
    try:
        return sample_curve(f, checked_domain, step, engine), panels
    except EvaluationError as error:
        raise ValueError(
            f"{name} cannot be drawn anywhere from x = {format_number(start)} to "
            f"{format_number(stop)}; {engine.__name__} says: {error}."
        ) from error


def nice_step(domain: Interval, closest: float) -> float:
    """The distance between two samples: a power of ten times 1, 2 or 5.

    At least `_FEWEST_STEPS` steps fit into `domain`, and half as many into an interval of length
    `closest`, as long as that is not much more than `_MOST_STEPS` into `domain`: being round may
    cost 2.5 times as many.
    """
    span = domain[1] - domain[0]
    wanted = max(min(span, 2 * closest) / _FEWEST_STEPS, span / _MOST_STEPS)
    power = 10.0 ** math.floor(math.log10(wanted))
    # The slack keeps 0.01 for a span of 10, where the division leaves a rounding error.
    nice = [factor * power for factor in (1, 2, 5) if factor * power <= wanted * (1 + 1e-9)]
    return float(f"{nice[-1]:.1g}")


def sample_curve(f: ScalarFunction, domain: Interval, step: float, engine: ModuleType) -> Curve:
    """Evaluate `f` with `engine` at the ends of `domain` and at every multiple of `step` between.

    Where `f` raises, or gives a number that is not finite, the curve has a gap whose ends are found
    by bisection; a jump is found in the same way. What `f` prints is dropped: it runs a thousand
    times.

    Raises:
        EvaluationError: `f` could not be evaluated anywhere; the message says why.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        stops = _stops(domain, step)
        points = [_point(f, x, engine) for x in stops]
        if all(point.evaluation is None for point in points):
            raise EvaluationError(points[0].reason)
        points = _sharpen_edges(f, _break_at_jumps(f, points, engine), engine)
    rows = np.array([point.row for point in points], dtype=np.float64)
    x, value, slope = rows.T
    return Curve(domain, step, np.array(stops), x, value, slope, tuple(_gaps(points, step)))


def _article(thing: object) -> str:
    kind = type(thing).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def _stops(domain: Interval, step: float) -> list[float]:
    first = math.ceil(domain[0] / step - 1e-9)
    last = math.floor(domain[1] / step + 1e-9)
    inner = [round(k * step, decimals_of_step(step)) for k in range(first, last + 1)]
    return sorted({domain[0], domain[1], *(x for x in inner if domain[0] < x < domain[1])})


def _point(f: ScalarFunction, x: float, engine: ModuleType) -> _Point:
    try:
        evaluation = evaluate(f, x, engine)
    except EvaluationError as error:
        return _Point(x, None, str(error), type(error.__cause__).__name__)
    if evaluation.is_finite:
        return _Point(x, evaluation)
    if not math.isfinite(evaluation.value):
        return _Point(x, None, f"the value is {format_number(evaluation.value)}", "value")
    return _Point(x, None, f"the slope is {format_number(evaluation.slope)}", "slope")


def _sharpen_edges(f: ScalarFunction, points: list[_Point], engine: ModuleType) -> list[_Point]:
    """Where a gap begins or ends between two points, add the nearest points on both sides."""
    sharpened = [points[0]]
    for left, right in pairwise(points):
        if left.kind != right.kind and _JUMP not in (left.kind, right.kind):
            edge = _bisect_edge(f, left, right, engine)
            sharpened += [point for point in edge if left.x < point.x < right.x]
        sharpened.append(right)
    return sharpened


def _bisect_edge(
    f: ScalarFunction, left: _Point, right: _Point, engine: ModuleType
) -> tuple[_Point, _Point]:
    for _ in range(_BISECTIONS):
        middle = _point(f, (left.x + right.x) / 2, engine)
        if middle.kind == left.kind:
            left = middle
        else:
            right = middle
    return left, right


def _break_at_jumps(f: ScalarFunction, points: list[_Point], engine: ModuleType) -> list[_Point]:
    """Where the curve jumps between two samples, put a break at the place of the jump."""
    breaks: dict[int, list[_Point]] = {}
    for index in _suspected_jumps(points):
        found = _bisect_jump(f, points[index], points[index + 1], engine)
        if found is None:
            continue
        left, right = found
        middle = _Point((left.x + right.x) / 2, None, "the curve jumps", _JUMP)
        breaks[index] = [left, middle, right]
    broken = []
    for index, point in enumerate(points):
        broken.append(point)
        broken += [added for added in breaks.get(index, []) if added.x != point.x]
    return broken


def _suspected_jumps(points: list[_Point]) -> list[int]:
    """Indexes of the steps whose rise the slopes at both ends do not explain, largest first."""
    x, value, slope = np.array([point.row for point in points]).T
    rise = np.abs(np.diff(value))
    explained = np.diff(x) * (slope[1:] + slope[:-1]) / 2
    with np.errstate(invalid="ignore"):
        unexplained = np.abs(np.diff(value) - explained)
        suspected = (unexplained > rise / 2) & (rise > 1e-6 * np.nanmax(np.abs(value)))
    largest_first = np.argsort(np.where(suspected, -rise, np.inf))
    return [int(index) for index in largest_first[: suspected.sum()][:_MOST_JUMPS_LOOKED_AT]]


def _bisect_jump(
    f: ScalarFunction, left: _Point, right: _Point, engine: ModuleType
) -> tuple[_Point, _Point] | None:
    """Halve towards the larger rise; a jump keeps its height however narrow the step becomes."""
    at_first = _rise(left, right)
    for _ in range(_BISECTIONS):
        middle = _point(f, (left.x + right.x) / 2, engine)
        if middle.evaluation is None:
            return None
        if _rise(left, middle) > _rise(middle, right):
            right = middle
        else:
            left = middle
        if _rise(left, right) < at_first / 2:
            return None
    return left, right


def _rise(left: _Point, right: _Point) -> float:
    return abs(right.row[1] - left.row[1])


def _gaps(points: list[_Point], step: float) -> Iterator[Gap]:
    """One gap for each run of neighbours that could not be evaluated for the same kind of reason.

    The points at the edges of a gap are in the run, so a run's ends are the gap's ends.
    """
    for kind, group in groupby(points, key=lambda point: point.kind):
        if kind:
            run = list(group)
            reason = run[len(run) // 2].reason
            yield Gap(_rounded(run[0].x, step), _rounded(run[-1].x, step), reason)


def _rounded(x: float, step: float) -> float:
    """`x` without what bisection leaves behind, far below what the picture shows."""
    return round(x, decimals_of_step(step) + 4) + 0.0
