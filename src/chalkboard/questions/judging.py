"""Says whether an answer to a question is right, and gives a wrong one the hint it deserves.

An answer is what a page sends: a text, which is empty where nothing was answered, or the list of
the chosen texts where several may be chosen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from chalkboard.questions.vocabulary import (
    Choice,
    Choices,
    Number,
    Question,
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
    if isinstance(question, Number) and read_number(str(answer)) is None:
        return Reply("unclear", f"`{answer}` is not a number. Type one such as 14, -0.5 or 1/3.")
    if is_right(question, answer):
        return Reply("right", question.because)
    hint = hint_for(question, answer)
    no_hint = _MORE if isinstance(question, Choices) else _NO_HINT
    return Reply("wrong", hint or no_hint)


def is_right(question: Question, answer: Answer) -> bool:
    """Whether an answer is right."""
    if isinstance(question, Choices):
        return set(answer) == set(question.right)
    text = str(answer)
    if isinstance(question, Choice):
        return text == question.right
    if isinstance(question, Number):
        number = read_number(text)
        return number is not None and agree(number, question.answer, question.within)
    return essence(text) in {essence(right) for right in (question.answer, *question.also)}


def hint_for(question: Question, answer: Answer) -> str:
    """What a wrong answer deserves to be told; empty where the author has nothing to say to it."""
    if isinstance(question, Choices):
        hints = [hint for option, hint in question.wrong.items() if option in answer]
        return "\n\n".join(hints)
    text = str(answer)
    if isinstance(question, Choice):
        return question.wrong.get(text, "")
    if isinstance(question, Number):
        number = read_number(text)
        hints = [
            hint
            for wrong, hint in question.wrong.items()
            if number is not None and agree(number, wrong, 0.0)
        ]
    else:
        hints = [hint for wrong, hint in question.wrong.items() if essence(wrong) == essence(text)]
    return next(iter(hints), question.hint)


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


def _among(question: Choice | Choices) -> str:
    return f"one of {sorted(options(question))}"
