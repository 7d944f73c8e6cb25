"""What each engine says at one x, and one sentence on whether they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from chalkboard.functions.evaluation import EvaluationError, ScalarFunction, evaluate
from chalkboard.wording import format_number, join_words

# In float64 two right answers differ by a few roundings, however the sums are ordered.
_RELATIVE_TOLERANCE = 1e-9
_ABSOLUTE_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Answer:
    """f(x) and f'(x) from one engine; both are None, and `trouble` says why, where it has none.

    `function` is the name of f.
    """

    engine: str
    x: float
    value: float | None
    slope: float | None
    trouble: str = ""
    function: str = "f"

    @property
    def is_finite(self) -> bool:
        """Whether there are two numbers that can be drawn."""
        return (
            self.value is not None
            and self.slope is not None
            and math.isfinite(self.value)
            and math.isfinite(self.slope)
        )


def ask(f: ScalarFunction, x: float, engine: ModuleType, name: str = "f") -> Answer:
    """Evaluate `f` at `x` with one engine; what goes wrong is part of the answer."""
    try:
        evaluation = evaluate(f, x, engine)
    except EvaluationError as error:
        return Answer(engine.__name__, x, None, None, str(error), name)
    return Answer(engine.__name__, x, evaluation.value, evaluation.slope, function=name)


def describe_answers(answers: Sequence[Answer]) -> str:
    """What is wrong at this x, and for which engines; else whether the engines agree.

    With answers for several functions it is said for all of them at once where it is the same.
    """
    by_function: dict[str, list[Answer]] = {}
    for answer in answers:
        by_function.setdefault(answer.function, []).append(answer)
    said = {name: _describe(about) for name, about in by_function.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return " ".join(f"{name}: {sentence}" for name, sentence in said.items() if sentence)


def _describe(answers: Sequence[Answer]) -> str:
    engines_in: dict[str, list[str]] = {}
    for answer in answers:
        if not answer.is_finite:
            engines_in.setdefault(_trouble(answer), []).append(answer.engine)
    if engines_in:
        x = format_number(answers[0].x)
        return " ".join(
            f"At x = {x} in {join_words(engines)}: {trouble}."
            for trouble, engines in engines_in.items()
        )
    if len(answers) == 1:
        return ""
    names = join_words([answer.engine for answer in answers])
    if all(_agree(answers[0], other) for other in answers[1:]):
        return f"{names} agree."
    return f"{names} differ."


def _trouble(answer: Answer) -> str:
    if answer.value is None or answer.slope is None:
        return answer.trouble
    return (
        f"the value is {format_number(answer.value)} and the slope is {format_number(answer.slope)}"
    )


def _agree(one: Answer, other: Answer) -> bool:
    return are_equal([one.value, one.slope], [other.value, other.slope])


def are_equal(numbers: Sequence[float | None], others: Sequence[float | None]) -> bool:
    """Whether two engines' numbers are the same but for roundings; no number is equal to None."""
    return all(
        left is not None
        and right is not None
        and math.isclose(left, right, rel_tol=_RELATIVE_TOLERANCE, abs_tol=_ABSOLUTE_TOLERANCE)
        for left, right in zip(numbers, others, strict=True)
    )
