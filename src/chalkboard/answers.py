"""What each engine says at one x, and one sentence on whether they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from chalkboard.evaluation import EvaluationError, ScalarFunction, evaluate
from chalkboard.wording import format_number, join_words

# In float64 two right answers differ by a few roundings, however the sums are ordered.
_RELATIVE_TOLERANCE = 1e-9
_ABSOLUTE_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Answer:
    """f(x) and f'(x) from one engine; both are None, and `trouble` says why, where it has none."""

    engine: str
    x: float
    value: float | None
    slope: float | None
    trouble: str = ""

    @property
    def is_finite(self) -> bool:
        """Whether there are two numbers that can be drawn."""
        return (
            self.value is not None
            and self.slope is not None
            and math.isfinite(self.value)
            and math.isfinite(self.slope)
        )


def ask(f: ScalarFunction, x: float, engine: ModuleType) -> Answer:
    """Evaluate `f` at `x` with one engine; what goes wrong is part of the answer."""
    try:
        evaluation = evaluate(f, x, engine)
    except EvaluationError as error:
        return Answer(engine.__name__, x, None, None, str(error))
    return Answer(engine.__name__, x, evaluation.value, evaluation.slope)


def describe_answers(answers: Sequence[Answer]) -> str:
    """What is wrong at this x, engine by engine; else whether the engines agree."""
    troubles = [_describe_trouble(answer) for answer in answers if not answer.is_finite]
    if troubles:
        return " ".join(troubles)
    if len(answers) == 1:
        return ""
    names = join_words([answer.engine for answer in answers])
    if all(_agree(answers[0], other) for other in answers[1:]):
        return f"{names} agree."
    return f"{names} differ."


def _describe_trouble(answer: Answer) -> str:
    x = format_number(answer.x)
    if answer.value is None or answer.slope is None:
        return f"{answer.engine} has no answer at x = {x}: {answer.trouble}."
    value, slope = format_number(answer.value), format_number(answer.slope)
    return f"{answer.engine} says at x = {x}: the value is {value} and the slope is {slope}."


def _agree(one: Answer, other: Answer) -> bool:
    pairs = ((one.value, other.value), (one.slope, other.slope))
    return all(
        left is not None
        and right is not None
        and math.isclose(left, right, rel_tol=_RELATIVE_TOLERANCE, abs_tol=_ABSOLUTE_TOLERANCE)
        for left, right in pairs
    )
