"""What each engine says at one point of a surface, and what its gradient means in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from chalkboard.functions.answers import are_equal
from chalkboard.functions.evaluation import EvaluationError, PlaneFunction, evaluate_gradient
from chalkboard.wording import format_number, join_words

# A part of the gradient that is smaller than this does not turn it visibly.
_LEANING = 0.1


@dataclass(frozen=True)
class SurfaceAnswer:
    """f(x, y) and its gradient from one engine; without numbers `trouble` says why."""

    engine: str
    x: float
    y: float
    value: float = math.nan
    slope_x: float = math.nan
    slope_y: float = math.nan
    trouble: str = ""

    @property
    def numbers(self) -> list[float]:
        """The value and the two slopes."""
        return [self.value, self.slope_x, self.slope_y]

    @property
    def is_finite(self) -> bool:
        """Whether all three can be drawn."""
        return all(map(math.isfinite, self.numbers))


def ask_at(f: PlaneFunction, x: float, y: float, engine: ModuleType) -> SurfaceAnswer:
    """Evaluate `f` with one engine; what goes wrong is part of the answer."""
    try:
        value, gradient = evaluate_gradient(f, [x, y], engine)
    except EvaluationError as error:
        return SurfaceAnswer(engine.__name__, x, y, trouble=str(error))
    slope_x, slope_y = gradient
    answer = SurfaceAnswer(engine.__name__, x, y, value, slope_x, slope_y)
    if answer.is_finite:
        return answer
    slopes = join_words([format_number(slope) for slope in gradient])
    trouble = f"the value is {format_number(value)} and the slopes are {slopes}"
    return replace(answer, trouble=trouble)


def describe_surface_answers(answers: Sequence[SurfaceAnswer]) -> str:
    """What is wrong at this point, and for which engines; else whether the engines agree."""
    engines_in: dict[str, list[str]] = {}
    for answer in answers:
        if answer.trouble:
            engines_in.setdefault(answer.trouble, []).append(answer.engine)
    if engines_in:
        place = f"x = {format_number(answers[0].x)}, y = {format_number(answers[0].y)}"
        return " ".join(
            f"At {place} in {join_words(engines)}: {trouble}."
            for trouble, engines in engines_in.items()
        )
    if len(answers) == 1:
        return ""
    names = join_words([answer.engine for answer in answers])
    first, *others = (answer.numbers for answer in answers)
    return f"{names} {'agree' if all(are_equal(first, each) for each in others) else 'differ'}."


def describe_gradient(name: str, answer: SurfaceAnswer, flat_below: float) -> str:
    """One sentence on a point of a surface: the value, the gradient, and which way is uphill."""
    if not answer.is_finite:
        return ""
    length = math.hypot(answer.slope_x, answer.slope_y)
    x, y, value, slope_x, slope_y = (
        format_number(number, 4)
        for number in (answer.x, answer.y, answer.value, answer.slope_x, answer.slope_y)
    )
    return (
        f"At x = {x}, y = {y}, {name} = {value}; the gradient is ({slope_x}, {slope_y}), "
        f"length {format_number(length, 4)}: {_uphill(answer, length, flat_below)}."
    )


def _uphill(answer: SurfaceAnswer, length: float, flat_below: float) -> str:
    if length <= flat_below:
        return "it is almost flat here"
    ways = [
        word
        for slope, words in ((answer.slope_x, ("right", "left")), (answer.slope_y, ("up", "down")))
        for word in [words[0] if slope > 0 else words[1]]
        if abs(slope) > _LEANING * length
    ]
    return f"steepest uphill points {join_words(ways)}; descent goes the other way"
