"""What a quiz and a prediction share: questions, what is chosen, and where answers are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import traitlets

from chalkboard.questions.data import question_data, question_html, question_key, question_words
from chalkboard.questions.judging import Answer, checked_answer, no_answer
from chalkboard.questions.keeping import keep, recall
from chalkboard.questions.vocabulary import Question
from chalkboard.widget import Widget

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class Sheet:
    """Questions under the id that their answers are kept under; `kind` is "quiz" or "predict".

    Raises:
        ValueError: the id or the questions cannot be taken; the sentence says why.
    """

    kind: str
    id: str
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _ID.fullmatch(self.id):
            raise ValueError(
                f"An id is up to 80 letters, digits, hyphens and underscores; got {self.id!r}."
            )
        if not self.questions:
            raise ValueError(f"{self.id!r} has no question; give it at least one.")
        for n, question in enumerate(self.questions):
            if self.keys[n] in self.keys[:n]:
                raise ValueError(
                    f"{self.id!r} asks {question.question!r} twice; word one of them differently."
                )

    @cached_property
    def keys(self) -> list[str]:
        """What the answer to each question is kept under."""
        return [question_key(question) for question in self.questions]

    @property
    def no_answers(self) -> list[Answer]:
        """The answers of who has not answered yet."""
        return [no_answer(question) for question in self.questions]

    def checked(self, answers: Sequence[object]) -> list[Answer]:
        """`answers`, one for each question.

        Raises:
            ValueError: they are not; the sentence says why.
        """
        if len(answers) != len(self.questions):
            count = len(self.questions)
            raise ValueError(f"There must be one answer per question, {count}; got {answers!r}.")
        return [
            checked_answer(question, answer)
            for question, answer in zip(self.questions, answers, strict=True)
        ]

    def recall(self) -> Recalled:
        """What was kept; an answer that its question no longer allows is none."""
        kept = recall(self.kind, self.id)
        return Recalled(
            [
                _allowed(question, kept.answers.get(key))
                for question, key in zip(self.questions, self.keys, strict=True)
            ],
            kept.answers,
            kept.trouble,
        )

    def keep(self, answers: Sequence[Answer], more: Mapping[str, Any] | None = None) -> str:
        """Keep the answers to all questions, and `more` beside them; return what went wrong."""
        given = [answer or None for answer in answers]
        return keep(
            self.kind, self.id, {**dict(zip(self.keys, given, strict=True)), **(more or {})}
        )


@dataclass(frozen=True)
class Recalled:
    """The answers that were kept, all that stands in their file, and what went wrong."""

    answers: list[Answer]
    file: Mapping[str, Any]
    trouble: str


class Asking(Widget):
    """A widget that asks the questions of a sheet; the base of `Quiz` and `Predict`."""

    name = traitlets.Unicode().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    questions = traitlets.List().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    replies = traitlets.List().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, sheet: Sheet, **traits: Any) -> None:
        self._sheet = sheet
        super().__init__(
            name=sheet.id,
            questions=[question_data(question, sheet.id) for question in sheet.questions],
            **traits,
        )

    def _static(self) -> Mapping[str, str]:
        each = list(zip(self.questions, self.chosen, self.replies, strict=True))
        items = "".join(f"<li>{question_html(*item)}</li>" for item in each)
        words = [f"{n}. {question_words(*item)}" for n, item in enumerate(each, start=1)]
        title = type(self).__name__
        return {
            "text/html": f"<section><p><strong>{title}</strong></p><ol>{items}</ol></section>",
            "text/plain": "\n".join([title, *words]),
        }

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal: Any) -> list[Answer]:
        return self._sheet.checked(proposal["value"])


def entry_of(bank: Mapping[str, Any], id: str, what: str) -> Any:
    """The entry of that id.

    Raises:
        ValueError: there is none; the sentence names those that there are.
    """
    if id not in bank:
        known = ", ".join(sorted(bank))
        raise ValueError(f"There is no {what} {id!r} here. Known: {known}.")
    return bank[id]


def _allowed(question: Question, kept: object) -> Answer:
    try:
        return no_answer(question) if kept is None else checked_answer(question, kept)
    except (ValueError, TypeError):
        return no_answer(question)
