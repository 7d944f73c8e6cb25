"""The way that gradient descent takes over a surface, with the engine's own gradients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType

from chalkboard.functions.curve import Interval
from chalkboard.functions.evaluation import EvaluationError, PlaneFunction, evaluate_gradient
from chalkboard.functions.surface import Surface
from chalkboard.wording import format_number

Point = tuple[float, float]
# As many widths of the picture away as no step that leads back would go.
_FAR = 50
# As a part of the picture: far below a pixel.
_INVISIBLE = 1e-6


@dataclass(frozen=True)
class Descent:
    """The points of the way at a learning rate, the first included, and words on how it ended."""

    rate: float
    points: tuple[Point, ...]
    words: str


def descend(
    f: PlaneFunction,
    start: Point,
    rate: float,
    steps: int,
    surface: Surface,
    engine: ModuleType,
) -> Descent:
    """Take `steps` steps of x - rate * gradient; fewer where they run far out of the picture."""
    points = [start]
    try:
        value, gradient = evaluate_gradient(f, start, engine)
        while len(points) <= steps and all(map(math.isfinite, (value, *gradient))):
            (x, y), (slope_x, slope_y) = points[-1], gradient
            following = (x - rate * slope_x, y - rate * slope_y)
            # The browser gets the points as JSON, which knows no infinity.
            if all(map(math.isfinite, following)):
                points.append(following)
            if _is_far(following, (surface.x.interval, surface.y.interval)):
                return Descent(rate, tuple(points), f"{_AWAY} after {_count(points)}. {_ADVICE}")
            value, gradient = evaluate_gradient(f, following, engine)
    except EvaluationError as error:
        return Descent(rate, tuple(points), f"Descent stops after {_count(points)}: {error}.")
    if not all(map(math.isfinite, (value, *gradient))):
        return Descent(rate, tuple(points), f"Descent stops after {_count(points)}: {_UNDEFINED}")
    return Descent(rate, tuple(points), _arrived(points, value, math.hypot(*gradient), surface))


_UNDEFINED = "the value or the gradient there is not a finite number."
_AWAY = "Descent runs away: it is far outside the picture"
_ADVICE = "A smaller learning rate takes shorter steps."


def _is_far(point: Point, intervals: tuple[Interval, Interval]) -> bool:
    return any(
        abs(number - (start + stop) / 2) > _FAR * (stop - start)
        for number, (start, stop) in zip(point, intervals, strict=True)
    )


def _count(points: list[Point]) -> str:
    steps = len(points) - 1
    return f"{steps} {'step' if steps == 1 else 'steps'}"


def _format_place(number: float, interval: Interval) -> str:
    """A coordinate; what is far too small to be seen as more than 0 is 0."""
    start, stop = interval
    return format_number(0.0 if abs(number) < _INVISIBLE * (stop - start) else number, 4)


def _arrived(points: list[Point], value: float, length: float, surface: Surface) -> str:
    x, y = points[-1]
    ending = f"the gradient there has length {format_number(length, 3)}"
    if length <= surface.flat_below:
        ending += ", so it is almost flat"
    place = (
        f"x = {_format_place(x, surface.x.interval)}, y = {_format_place(y, surface.y.interval)}"
    )
    return (
        f"After {_count(points)} descent is at {place}, "
        f"with value {format_number(value, 4)}: {ending}."
    )
