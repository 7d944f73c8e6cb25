"""A prediction before a cell is run: the explanation stays away until the prediction is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from chalkboard.assets import script, style
from chalkboard.questions.asking import Asking, Recalled, Sheet, entry_of
from chalkboard.questions.data import reply_data
from chalkboard.questions.judging import Answer, Reply, hint_for, judge, what_is_right
from chalkboard.questions.vocabulary import Question
from chalkboard.wording import join_words

_GOAL = "Say what you expect before you run the next cell. Nothing here is graded."
_THEN = "Now run the next cell, and then compare."
# What the stage is kept under, beside the predictions.
_STAGE = "stage"


class Predict(Asking):
    """Questions on what a cell will do, to be answered before it is run, and then compared.

    `id` names the prediction among all of the course: it is kept under that name on this computer
    and is there again when the cell is run again. `questions` are one or a few `Choice`,
    `Choices`, `Number` and `Text`. `then` is what to do once the prediction stands; where it is
    empty, the comparison follows at once. `goal` is a sentence shown above.

    What happens, the hint for a prediction that was wrong, and `because` come with the comparison;
    before that they are neither on the page nor in the notebook's file.

    The traits can be read and driven from Python: `chosen` has one prediction per question, and
    `stage` is "open", "predicted" or "compared"; `replies` is the comparison. `message` says where
    the prediction cannot be kept.

    Raises:
        ValueError: an argument does not fit; the sentence says why.
    """

    _esm = script("predict.js")
    _css = style("parts/theme.css", "parts/question.css")

    then = traitlets.Unicode().tag(sync=True)
    stage = traitlets.Enum(["open", "predicted", "compared"], "open").tag(sync=True)

    def __init__(
        self,
        id: str,
        questions: Question | Sequence[Question],
        *,
        then: str = _THEN,
        goal: str = _GOAL,
    ) -> None:
        asked = tuple(questions) if isinstance(questions, Sequence) else (questions,)
        sheet = Sheet("predict", id, asked)
        kept = sheet.recall()
        stage = _kept_stage(kept)
        super().__init__(
            sheet,
            goal=goal,
            then=then,
            chosen=kept.answers,
            stage=stage,
            replies=_replies(sheet, kept.answers, stage),
            message=kept.trouble,
        )
        self.observe(self._follow, names="stage")

    @traitlets.validate("stage")
    def _check_stage(self, proposal: Any) -> str:
        if proposal["value"] != "open" and not all(self.chosen):
            raise ValueError("Set `chosen` to a prediction for each question first.")
        return proposal["value"]

    def _follow(self, _: object) -> None:
        replies = _replies(self._sheet, self.chosen, self.stage)
        if self.stage != "open" and _has_unclear(replies):
            self.stage = "open"  # which comes back here
            return
        if self.stage == "predicted" and not self.then:
            self.stage = "compared"
            return
        is_open = self.stage == "open"
        answers = self._sheet.no_answers if is_open else self.chosen
        with self.hold_sync():
            self.replies = replies
            self.message = self._sheet.keep(answers, {_STAGE: None if is_open else self.stage})


def predictions(
    bank: Mapping[str, Question | Sequence[Question]],
) -> Callable[[str], Predict]:
    """Make the `predict(id)` of a section from its questions by id.

    A lesson's cell says `predict("two-walks")` and so gives nothing away.
    """

    def predict(id: str, *, then: str = _THEN) -> Predict:
        """Ask for a prediction of this section; `then` is what to do once it stands."""
        return Predict(id, entry_of(bank, id, "prediction"), then=then)

    return predict


def _kept_stage(kept: Recalled) -> str:
    stage = kept.file.get(_STAGE)
    return stage if stage in ("predicted", "compared") and all(kept.answers) else "open"


def _replies(sheet: Sheet, answers: Sequence[Answer], stage: str) -> list[dict[str, Any] | None]:
    """The comparison; before it, only what cannot be understood as an answer."""
    return [
        _reply(question, answer, stage)
        for question, answer in zip(sheet.questions, answers, strict=True)
    ]


def _reply(question: Question, answer: Answer, stage: str) -> dict[str, Any] | None:
    reply = judge(question, answer) if answer else None
    if reply is not None and reply.outcome == "unclear":
        return reply_data(reply, answer)
    if reply is None or stage != "compared":
        return None
    what = what_is_right(question)
    if reply.outcome == "right":
        words = f"{what}\n\n{question.because}"
        return reply_data(Reply("right", words), answer, "✓ As you predicted:")
    hint = hint_for(question, answer)
    words = "\n\n".join(
        filter(None, (what, hint and f"You predicted {_said(answer)}. {hint}", question.because))
    )
    return reply_data(Reply("wrong", words), answer, "✗ It comes differently:")


def _said(answer: Answer) -> str:
    return answer if isinstance(answer, str) else join_words(answer)


def _has_unclear(replies: Sequence[dict[str, Any] | None]) -> bool:
    return any(reply is not None and reply["outcome"] == "unclear" for reply in replies)
