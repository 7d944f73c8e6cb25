"""Says a question as plain data for a page, without what is right, and as a static picture."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from typing import Any

from chalkboard.questions.judging import Answer, Reply
from chalkboard.questions.passages import (
    line_html,
    passage_html,
    passage_words,
    read_line,
    read_passage,
)
from chalkboard.questions.vocabulary import Choice, Choices, Number, Question, Text, options

_KINDS = {Choice: "choice", Choices: "choices", Number: "number", Text: "text"}
_SIGNS = {"right": "✓ Right.", "wrong": "✗ Not yet.", "unclear": "? Not clear."}


def question_key(question: Question) -> str:
    """What a kept answer belongs to: it outlives other questions, but not another wording."""
    return hashlib.sha256(question.question.encode()).hexdigest()[:16]


def question_data(question: Question, identity: str) -> dict[str, Any]:
    """The question for the browser; its options in an order that tells nothing.

    The order is always the same for one `identity`, so that a page looks as it did.
    """
    texts = _shuffled(question, identity)
    return {
        "kind": _KINDS[type(question)],
        "words": read_passage(question.question),
        "options": [{"value": text, "spans": read_line(text)} for text in texts],
    }


def reply_data(reply: Reply, answer: Answer, sign: str | None = None) -> dict[str, Any]:
    """A reply for the browser, with the answer that it is to; `sign` is what it begins with."""
    return {
        "to": answer,
        "outcome": reply.outcome,
        "sign": _SIGNS[reply.outcome] if sign is None else sign,
        "words": read_passage(reply.words),
    }


def question_html(data: dict[str, Any], chosen: Answer, reply: dict[str, Any] | None) -> str:
    """A question for a page without a kernel, with the answer that was given and its reply."""
    marked = {chosen} if isinstance(chosen, str) else set(chosen)
    choices = "".join(
        f"<li>{'☑' if option['value'] in marked else '☐'} {line_html(option['spans'])}</li>"
        for option in data["options"]
    )
    listed = f'<ul style="list-style:none">{choices}</ul>' if choices else ""
    typed = f"<p>Answer: {html.escape(str(chosen))}</p>" if chosen and not choices else ""
    said = (
        f"<div>{html.escape(reply['sign'])} {passage_html(reply['words'])}</div>" if reply else ""
    )
    return passage_html(data["words"]) + listed + typed + said


def question_words(data: dict[str, Any], chosen: Answer, reply: dict[str, Any] | None) -> str:
    """The same in plain text."""
    lines = [passage_words(data["words"])]
    lines += [f"- {passage_words([_as_block(option)])}" for option in data["options"]]
    if chosen:
        lines.append(f"Answer: {chosen if isinstance(chosen, str) else '; '.join(chosen)}")
    if reply:
        lines.append(f"{reply['sign']} {passage_words(reply['words'])}")
    return "\n".join(lines)


def _shuffled(question: Question, identity: str) -> Sequence[str]:
    if not isinstance(question, (Choice, Choices)):
        return ()

    def place(text: str) -> str:
        return hashlib.sha256(f"{identity}\0{question.question}\0{text}".encode()).hexdigest()

    return sorted(options(question), key=place)


def _as_block(option: dict[str, Any]) -> Any:
    return {"kind": "words", "spans": option["spans"]}
