"""A few questions to answer as often as one likes; a wrong answer gets the hint it deserves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from chalkboard.assets import script, style
from chalkboard.questions.asking import Asking, Sheet, entry_of
from chalkboard.questions.data import reply_data
from chalkboard.questions.judging import Answer, judge
from chalkboard.questions.vocabulary import Question


class Quiz(Asking):
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

    checked = traitlets.List().tag(sync=True)

    def __init__(self, id: str, questions: Sequence[Question], *, goal: str | None = None) -> None:
        sheet = Sheet("quiz", id, tuple(questions))
        kept = sheet.recall()
        super().__init__(
            sheet,
            goal=_goal(len(sheet.questions)) if goal is None else goal,
            chosen=kept.answers,
            checked=kept.answers,
            replies=_replies(sheet, kept.answers),
            message=kept.trouble,
        )
        self.observe(self._answer, names="checked")

    @traitlets.validate("checked")
    def _check_checked(self, proposal: Any) -> list[Answer]:
        return self._sheet.checked(proposal["value"])

    def _answer(self, change: Any) -> None:
        both = zip(self.chosen, change["old"], change["new"], strict=True)
        with self.hold_sync():
            # What is chosen elsewhere and not checked yet stays.
            self.chosen = [chosen if new == old else new for chosen, old, new in both]
            self.replies = _replies(self._sheet, self.checked)
            self.message = self._sheet.keep(self.checked)


def quizzes(bank: Mapping[str, Sequence[Question]]) -> Callable[[str], Quiz]:
    """Make the `quiz(id)` of a section from its questions by id.

    A lesson's cell says `quiz("leaves")` and so holds no answer.
    """

    def quiz(id: str) -> Quiz:
        """Show a quiz of this section."""
        return Quiz(id, entry_of(bank, id, "quiz"))

    return quiz


def _replies(sheet: Sheet, answers: Sequence[Answer]) -> list[dict[str, Any] | None]:
    return [
        reply_data(judge(question, answer), answer) if answer else None
        for question, answer in zip(sheet.questions, answers, strict=True)
    ]


def _goal(count: int) -> str:
    to_what = {1: "", 2: " to both questions"}.get(count, f" to all {count} questions")
    return f"Find the right answer{to_what}. Try as often as you like: nothing here is graded."
