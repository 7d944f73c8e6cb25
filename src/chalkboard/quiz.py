"""A few questions to answer as often as one likes; a wrong answer gets the hint it deserves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from chalkboard.assets import script, style
from chalkboard.judging import Answer, checked_answer, judge, no_answer
from chalkboard.keeping import keep, recall
from chalkboard.question_data import (
    question_data,
    question_html,
    question_key,
    question_words,
    reply_data,
)
from chalkboard.questions import Question
from chalkboard.widget import Widget

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


class Quiz(Widget):
    """Questions with a Check under each, which says whether the answer is right, and why.

    `id` names the quiz among all of the course: its answers are kept under that name on this
    computer and are there again when the cell is run again. `questions` are `Choice`, `Choices`,
    `Number` and `Text`. They are judged in Python, on Check: what is right never reaches the page
    or the notebook's file before it was found. `goal` is a sentence shown above.

    The traits can be read and driven from Python, one entry per question: `chosen` is what is
    selected or typed (a text, or a list of texts for `Choices`), `checked` is what was last put to
    Check, and setting it checks; `replies` is what was said to that. `message` says where answers
    cannot be kept.

    Raises:
        ValueError: an argument does not fit; the sentence says why.
    """

    _esm = script("quiz.js")
    _css = style("parts/theme.css", "parts/question.css")

    name = traitlets.Unicode().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    questions = traitlets.List().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    checked = traitlets.List().tag(sync=True)
    replies = traitlets.List().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, id: str, questions: Sequence[Question], *, goal: str | None = None) -> None:
        check_identity(id)
        self._id = id
        self._asked = tuple(questions)
        self._keys = _distinct_keys(self._asked)
        answers, trouble = self._recall()
        super().__init__(
            name=id,
            goal=_goal(len(self._asked)) if goal is None else goal,
            questions=[question_data(question, id) for question in self._asked],
            chosen=answers,
            checked=answers,
            replies=self._judge(answers),
            message=trouble,
        )
        self.observe(self._answer, names="checked")

    def _static(self) -> Mapping[str, str]:
        each = list(zip(self.questions, self.checked, self.replies, strict=True))
        items = "".join(f"<li>{question_html(*item)}</li>" for item in each)
        words = [f"{n}. {question_words(*item)}" for n, item in enumerate(each, start=1)]
        return {
            "text/html": f"<section><p><strong>Quiz</strong></p><ol>{items}</ol></section>",
            "text/plain": "\n".join(["Quiz", *words]),
        }

    @traitlets.validate("chosen", "checked")
    def _check_answers(self, proposal: Any) -> list[Answer]:
        answers = proposal["value"]
        if len(answers) != len(self._asked):
            raise ValueError(
                f"There must be one answer for each of the {len(self._asked)} questions; "
                f"got {len(answers)}."
            )
        return [
            checked_answer(question, answer)
            for question, answer in zip(self._asked, answers, strict=True)
        ]

    def _answer(self, change: Any) -> None:
        trouble = [
            keep("quiz", self._id, key, new or None)
            for key, old, new in zip(self._keys, change["old"], change["new"], strict=True)
            if new != old
        ]
        with self.hold_sync():
            self.chosen = self.checked
            self.replies = self._judge(self.checked)
            self.message = next(filter(None, trouble), "")

    def _judge(self, answers: Sequence[Answer]) -> list[dict[str, Any] | None]:
        return [
            reply_data(judge(question, answer), answer) if answer else None
            for question, answer in zip(self._asked, answers, strict=True)
        ]

    def _recall(self) -> tuple[list[Answer], str]:
        kept = recall("quiz", self._id)
        answers = [
            recalled_answer(question, kept.answers.get(key))
            for question, key in zip(self._asked, self._keys, strict=True)
        ]
        return answers, kept.trouble


def quizzes(bank: Mapping[str, Sequence[Question]]) -> Callable[[str], Quiz]:
    """Make the `quiz(id)` of a section from its questions by id.

    A lesson's cell says `quiz("leaves")` and so holds no answer.
    """

    def quiz(id: str) -> Quiz:
        """Show a quiz of this section."""
        return Quiz(id, entry_of(bank, id, "quiz"))

    return quiz


def check_identity(id: str) -> None:
    """Raise ValueError where `id` cannot name a file on every computer."""
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise ValueError(f"An id is up to 80 letters, digits, hyphens and underscores; got {id!r}.")


def entry_of(bank: Mapping[str, Any], id: str, what: str) -> Any:
    """The entry of that id.

    Raises:
        ValueError: there is none; the sentence names those that there are.
    """
    if id not in bank:
        known = ", ".join(sorted(bank))
        raise ValueError(f"There is no {what} {id!r} here. Known: {known}.")
    return bank[id]


def recalled_answer(question: Question, kept: object) -> Answer:
    """An answer that was kept, or none where the question no longer allows it."""
    try:
        return no_answer(question) if kept is None else checked_answer(question, kept)
    except (ValueError, TypeError):
        return no_answer(question)


def _distinct_keys(questions: Sequence[Question]) -> list[str]:
    keys = [question_key(question) for question in questions]
    if not keys:
        raise ValueError("The quiz has no question; give it at least one.")
    for n, key in enumerate(keys):
        if key in keys[:n]:
            asked = questions[n].question
            raise ValueError(f"The quiz asks {asked!r} twice; word one of them differently.")
    return keys


def _goal(count: int) -> str:
    if count == 1:
        return "Find the right answer. Try as often as you like: nothing here is graded."
    return (
        f"Find the right answer to all {count} questions. "
        "Try as often as you like: nothing here is graded."
    )
