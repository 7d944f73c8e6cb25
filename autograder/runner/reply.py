"""What a student's process can say to one question: data, an error, or nothing in time."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from autograder.runner.plain import Plain

LONGEST_MESSAGE = 2_000


@dataclass(frozen=True)
class Returned:
    """The answer gave plain data."""

    data: Plain


@dataclass(frozen=True)
class Raised:
    """The student's code raised; `where` quotes the last line of it that was running."""

    error: str
    message: str
    where: str = ""


@dataclass(frozen=True)
class Unaskable:
    """The answer is not the kind of thing that this question can be put to; `sentence` says why."""

    sentence: str


@dataclass(frozen=True)
class TimedOut:
    """The answer ran for longer than `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Died:
    """The student's process ended, or broke the border, before it had replied."""

    reason: str


Reply = Returned | Raised | Unaskable | TimedOut | Died


def raised(error: BaseException) -> Raised:
    """Describe an exception by its type, its words, and the student's own last line in it."""
    message = str(error)[:LONGEST_MESSAGE]
    return Raised(type(error).__name__, message, _last_line_of_the_student(error))


def _last_line_of_the_student(error: BaseException) -> str:
    """Quote the deepest line that stands in a notebook cell; library lines help nobody."""
    if isinstance(error, SyntaxError) and error.text:
        return f"line {error.lineno}: {error.text.strip()}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        in_a_cell = "ipykernel" in frame.filename or frame.filename.startswith("<")
        if in_a_cell and frame.line:
            return f"line {frame.lineno}: {frame.line.strip()}"
    return ""
