"""The vocabulary of quizzes and predictions: what is asked, what is right, and hints for the rest.

A section's `questions.py` is written in it, so that no answer stands in a notebook.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field


@dataclass(frozen=True)
class Choice:
    """One of several answers is right.

    `because` explains the right one. `wrong` gives each wrong one the hint that it deserves; a
    hint speaks to what the learner was thinking of. Texts may hold `code` between backticks; the
    question may also hold lines of code between fences of three backticks.

    Raises:
        ValueError: the question lacks something; the sentence says what.
    """

    question: str
    _: KW_ONLY
    right: str
    because: str
    wrong: Mapping[str, str]

    def __post_init__(self) -> None:
        _check_options(self.question, (self.right,), self.because, self.wrong)


@dataclass(frozen=True)
class Choices:
    """Several of the answers are right, and all of them are to be chosen; else as `Choice`.

    Raises:
        ValueError: the question lacks something; the sentence says what.
    """

    question: str
    _: KW_ONLY
    right: Sequence[str]
    because: str
    wrong: Mapping[str, str]

    def __post_init__(self) -> None:
        if isinstance(self.right, str):
            raise ValueError(f'{_about(self.question)}: write right=("one", "another").')
        _check_options(self.question, self.right, self.because, self.wrong)


@dataclass(frozen=True)
class Number:
    """The answer is a number, to be typed: 0.5, 1/2 or 5e-1.

    `within` is how far off it may be. `wrong` gives numbers that learners really type the hint
    that they deserve, and `hint` is for any other.

    Raises:
        ValueError: the question lacks something; the sentence says what.
    """

    question: str
    _: KW_ONLY
    answer: float
    because: str
    wrong: Mapping[float, str] = field(default_factory=dict)
    hint: str = ""
    within: float = 0.0

    def __post_init__(self) -> None:
        _check_words(self.question, self.because)
        _check_hints(self.question, self.wrong)
        if not math.isfinite(self.answer):
            raise ValueError(f"{_about(self.question)}: the answer must be a finite number.")
        if not self.within >= 0:
            raise ValueError(f"{_about(self.question)}: `within` must not be negative.")
        for number in self.wrong:
            if agree(number, self.answer, self.within):
                raise ValueError(f"{_about(self.question)}: {number} is right and wrong at once.")


@dataclass(frozen=True)
class Text:
    """The answer is a word or a few, to be typed; capitals and spaces do not matter.

    `also` are other right ways to say it. `wrong` gives answers that learners really type the
    hint that they deserve, and `hint` is for any other.

    Raises:
        ValueError: the question lacks something; the sentence says what.
    """

    question: str
    _: KW_ONLY
    answer: str
    because: str
    also: Sequence[str] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""

    def __post_init__(self) -> None:
        _check_words(self.question, self.because)
        _check_hints(self.question, self.wrong)
        right = {essence(text) for text in (self.answer, *self.also)}
        if "" in right:
            raise ValueError(f"{_about(self.question)}: an answer is empty.")
        for text in self.wrong:
            if essence(text) in right:
                raise ValueError(f"{_about(self.question)}: {text!r} is right and wrong at once.")


Question = Choice | Choices | Number | Text


def agree(number: float, answer: float, within: float) -> bool:
    """Whether a number is the answer, up to `within` and rounding."""
    return math.isclose(number, answer, rel_tol=1e-9, abs_tol=max(within, 1e-12))


def essence(text: str) -> str:
    """What of a typed text counts: not its capitals, its spaces or the marks around it."""
    return "".join(text.casefold().split()).strip("`'\".,;:!?")


def options(question: Choice | Choices) -> list[str]:
    """The answers to choose from: the right ones first, as the author wrote them."""
    right = [question.right] if isinstance(question.right, str) else list(question.right)
    return [*right, *question.wrong]


def _check_options(
    question: str, right: Sequence[str], because: str, wrong: Mapping[str, str]
) -> None:
    _check_words(question, because)
    _check_hints(question, wrong)
    if not right or not all(text.strip() for text in right):
        raise ValueError(f"{_about(question)}: a right answer is missing or empty.")
    if not wrong:
        raise ValueError(f"{_about(question)}: give it a wrong answer too, with its hint.")
    if len({*right, *wrong}) < len(right) + len(wrong):
        raise ValueError(f"{_about(question)}: two of its answers are the same.")


def _check_words(question: str, because: str) -> None:
    if not question.strip():
        raise ValueError("A question is empty; write what is asked.")
    if not because.strip():
        raise ValueError(f"{_about(question)}: `because` is empty; say why the answer is right.")


def _check_hints(question: str, wrong: Mapping[str, str] | Mapping[float, str]) -> None:
    for answer, hint in wrong.items():
        if not str(answer).strip() or not hint.strip():
            raise ValueError(f"{_about(question)}: the wrong answer {answer!r} needs a hint.")


def _about(question: str) -> str:
    return f"Question {' '.join(question.split())!r}"
