"""The vocabulary of exercises: what is asked, what torch says to it, and which mistakes are known.

An exercise asks one or more named questions. A question is four things: its inputs, how they are
put to the answer (`ask`, beside the student's code), what the plain data ought to be (`expect`,
on the trusted side, in torch), and how exactly the two must agree.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis.strategies import SearchStrategy

from autograder.errors import ChalkError
from autograder.runner import asks


class ExerciseError(ChalkError):
    """An author's mistake in an exercise; the message says where and what to do."""


@dataclass(frozen=True)
class Agreement:
    """How exactly an answer must agree with torch.

    `relative` and `absolute` are tolerances on each element; None takes the default of
    `torch.testing.assert_close` for the dtype. `dtype=False` accepts any dtype of that value.
    """

    relative: float | None = None
    absolute: float | None = None
    dtype: bool = True


@dataclass(frozen=True)
class Question:
    """One thing asked of an answer, worth `points`.

    `inputs` is one Hypothesis strategy per argument, of plain data: numbers, lists, arrays.
    `examples` are inputs that are always asked, and asked first.
    `ask(answer, *inputs, device)` is a function of a module named `asks`, or a
    `functools.partial` of one with plain keyword arguments.
    `expect(*inputs, device)` returns what the answer ought to give; tensors on `device`.
    `shows_expected=False` is for a prediction, whose answer a reply would give away.
    """

    name: str
    expect: Callable[..., Any]
    ask: Callable[..., Any] = asks.value
    inputs: tuple[SearchStrategy[Any], ...] = ()
    examples: tuple[tuple[Any, ...], ...] = ()
    agreement: Agreement = field(default_factory=Agreement)
    points: int = 1
    shows_expected: bool = True

    def __post_init__(self) -> None:
        module = ask_function(self.ask).__module__
        if module.rpartition(".")[2] != "asks":
            raise ExerciseError(
                f"Question {self.name!r}: its ask stands in {module}; move it to a module named "
                "`asks`, which enters the sandbox and holds no secret."
            )
        if self.points <= 0:
            raise ExerciseError(f"Question {self.name!r}: points must be positive.")


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners really give, and the hint that it deserves.

    `answer()` makes the wrong answer anew; it is asked the same questions as the student's, and
    where the two say the same, and not what is right, the student reads `hint`.
    """

    belief: str
    answer: Callable[[], Any]
    hint: str


@dataclass(frozen=True)
class Exercise:
    """A graded exercise; `id` is the grade_id of its check cell.

    `difficulty` runs from 1 (warm-up) to 3 (challenge). `without` names the libraries that the
    answer may not import.
    """

    id: str
    title: str
    minutes: int
    difficulty: int
    questions: tuple[Question, ...]
    mistakes: tuple[Mistake, ...] = ()
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.questions:
            raise ExerciseError(f"Exercise {self.id!r} asks no question.")
        if self.difficulty not in (1, 2, 3):
            raise ExerciseError(f"Exercise {self.id!r}: difficulty is 1, 2 or 3.")

    @property
    def points(self) -> int:
        """The sum of the points of its questions."""
        return sum(question.points for question in self.questions)


@dataclass(frozen=True)
class WrittenExercise:
    """An exercise answered in words and marked by hand against `rubric`."""

    id: str
    title: str
    minutes: int
    points: int
    rubric: str


def ask_function(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return the module-level function under an ask, without its fixed arguments."""
    return ask.func if isinstance(ask, functools.partial) else ask


def ask_keywords(ask: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments that the author has fixed in an ask."""
    return dict(ask.keywords) if isinstance(ask, functools.partial) else {}
