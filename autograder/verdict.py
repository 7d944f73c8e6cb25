"""What the judge says of an answer, as plain data for the notebook, gradebook and record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["right", "wrong", "raised", "too slow", "died", "not answered"]

NOT_COMPARED = "no device here, not compared"


@dataclass(frozen=True)
class FailingCase:
    """Inputs on which the answer is not what torch says: an author's example or the smallest found.

    `expected` is empty where it is not to be told, and `got` where there was nothing.
    """

    inputs: tuple[str, ...]
    expected: str
    got: str
    device: str
    is_example: bool


@dataclass(frozen=True)
class QuestionVerdict:
    """The verdict on one question; `sentence` says what is wrong, `hint` why it may be."""

    question: str
    outcome: Outcome
    points: int
    worth: int
    cases: int
    sentence: str = ""
    case: FailingCase | None = None
    hint: str = ""
    belief: str = ""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one exercise; `devices` pairs each device with what was done there."""

    exercise: str
    title: str
    questions: tuple[QuestionVerdict, ...]
    devices: tuple[tuple[str, str], ...]

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints that its questions earned, each once."""
        found = (question.hint for question in self.questions if question.hint)
        return tuple(dict.fromkeys(found))

    @property
    def points(self) -> int:
        """The points earned."""
        return sum(question.points for question in self.questions)

    @property
    def worth(self) -> int:
        """The points to be had."""
        return sum(question.worth for question in self.questions)

    @property
    def answered(self) -> bool:
        """Whether there was anything to judge."""
        return any(question.outcome != "not answered" for question in self.questions)

    @property
    def right(self) -> bool:
        """Whether every question is right."""
        return all(question.outcome == "right" for question in self.questions)
