"""Says whether an answer to a question is right, and gives a wrong one the hint it deserves.

An answer is what a page sends: a text, which is empty where nothing was answered, or the list of
the chosen texts where several may be chosen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from chalkboard.questions import (
    Choice,
    Choices,
    Number,
    Question,
    Text,
    agree,
    essence,
    options,
)
from chalkboard.wording import format_number, join_words

Answer = str | list[str]

_NO_HINT = "That is not it. Look again, and have another try."
_MORE = "What you chose is right, and there is more to choose."


@dataclass(frozen=True)
class Reply:
    """What is said of an answer; one is "unclear" where it cannot be judged as it stands."""

    outcome: Literal["right", "wrong", "unclear"]
    words: str


def no_answer(question: Question) -> Answer:
    """The answer to a question that nobody has answered."""
    return [] if isinstance(question, Choices) else ""


def checked_answer(question: Question, answer: object) -> Answer:
    """`answer`, if it is one that can be given to the question.

    Raises:
        ValueError: it is not; the sentence says what is.
    """
    if isinstance(question, Choices):
        if not isinstance(answer, (list, tuple)) or not {*answer} <= {*options(question)}:
            raise ValueError(f"The answer must be a list of {_among(question)}; got {answer!r}.")
        return [option for option in options(question) if option in answer]
    if isinstance(question, Choice) and answer not in ("", *options(question)):
        raise ValueError(f"The answer must be {_among(question)}; got {answer!r}.")
    if not isinstance(answer, str):
        raise ValueError(f"The answer must be a text; got {answer!r}.")
    return answer.strip()


def judge(question: Question, answer: Answer) -> Reply:
    """The reply to an answer that was given."""
    if isinstance(question, Choices):
        return _judge_choices(question, list(answer))
    text = str(answer)
    if isinstance(question, Choice):
        is_right = text == question.right
        return _right(question) if is_right else Reply("wrong", question.wrong[text])
    if isinstance(question, Number):
        return _judge_number(question, text)
    return _judge_text(question, text)


def what_is_right(question: Question) -> str:
    """The right answer in words, with code between backticks where the author wrote it so."""
    if isinstance(question, Choices):
        return join_words(list(question.right))
    if isinstance(question, Choice):
        return question.right
    if isinstance(question, Number):
        return format_number(float(question.answer))
    return question.answer


def read_number(text: str) -> float | None:
    """The finite number that a person typed, a fraction too; None if it is none."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    try:
        above, _, below = plain.partition("/")
        number = float(above) / float(below or "1")
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _judge_choices(question: Choices, chosen: list[str]) -> Reply:
    hints = [hint for option, hint in question.wrong.items() if option in chosen]
    if hints:
        return Reply("wrong", "\n\n".join(hints))
    missing = [option for option in question.right if option not in chosen]
    return Reply("wrong", _MORE) if missing else _right(question)


def _judge_number(question: Number, text: str) -> Reply:
    number = read_number(text)
    if number is None:
        return Reply("unclear", f"`{text}` is not a number. Type one such as 14, -0.5 or 1/3.")
    if agree(number, question.answer, question.within):
        return _right(question)
    hints = [hint for wrong, hint in question.wrong.items() if agree(number, wrong, 0.0)]
    return Reply("wrong", hints[0] if hints else question.hint or _NO_HINT)


def _judge_text(question: Text, text: str) -> Reply:
    said = essence(text)
    if said in {essence(right) for right in (question.answer, *question.also)}:
        return _right(question)
    hints = [hint for wrong, hint in question.wrong.items() if essence(wrong) == said]
    return Reply("wrong", hints[0] if hints else question.hint or _NO_HINT)


def _right(question: Question) -> Reply:
    return Reply("right", question.because)


def _among(question: Choice | Choices) -> str:
    return f"one of {sorted(options(question))}"
