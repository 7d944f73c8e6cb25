"""Reads an author's text, words and `code`, into plain data that a page shows without trusting it.

Only three marks have a meaning: backticks around code in a line, stars around a *word* to stress,
and a fence of three backticks around lines of code. A page makes elements of the data, so no text
can become markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TypedDict

_FENCED = re.compile(r"^```[^\n]*\n(?P<code>.*?)\n?^```[ \t]*$", re.MULTILINE | re.DOTALL)
# Stars between numbers or names are a product, and stay.
_MARKED = re.compile(
    r"`(?P<code>[^`]+)`|(?<![\w*])\*(?P<stress>[^\s*`](?:[^*`]*[^\s*`])?)\*(?![\w*])"
)
_TAGS = {"code": "code", "stress": "em"}
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Span(TypedDict):
    """A piece of a line: `kind` is "words", "code" or "stress"."""

    kind: str
    text: str


class Block(TypedDict):
    """A paragraph of spans, or (`kind` is "code") one span that is lines of code."""

    kind: str
    spans: list[Span]


def read_line(text: str) -> list[Span]:
    """The spans of a text in one line."""
    line = " ".join(text.split())
    spans, end = [], 0
    for marked in _MARKED.finditer(line):
        kind = marked.lastgroup or "words"
        spans.append(Span(kind="words", text=line[end : marked.start()]))
        spans.append(Span(kind=kind, text=marked[kind]))
        end = marked.end()
    spans.append(Span(kind="words", text=line[end:]))
    return [span for span in spans if span["text"]]


def read_passage(text: str) -> list[Block]:
    """The blocks of a text: paragraphs between empty lines, and fenced code as it stands."""
    return list(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    end = 0
    for fenced in _FENCED.finditer(text):
        yield from _paragraphs(text[end : fenced.start()])
        yield Block(kind="code", spans=[Span(kind="code", text=fenced["code"])])
        end = fenced.end()
    yield from _paragraphs(text[end:])


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in _PARAGRAPHS.split(text):
        if paragraph.strip():
            yield Block(kind="words", spans=read_line(paragraph))


def line_html(spans: list[Span]) -> str:
    """Spans as HTML, for a page without a kernel."""
    return "".join(
        html.escape(span["text"])
        if span["kind"] == "words"
        else f"<{_TAGS[span['kind']]}>{html.escape(span['text'])}</{_TAGS[span['kind']]}>"
        for span in spans
    )


def passage_html(blocks: list[Block]) -> str:
    """Blocks as HTML, for a page without a kernel."""
    return "".join(
        f"<pre>{line_html(block['spans'])}</pre>"
        if block["kind"] == "code"
        else f"<p>{line_html(block['spans'])}</p>"
        for block in blocks
    )


def passage_words(blocks: list[Block]) -> str:
    """Blocks as plain text, for a terminal and for a screen reader."""
    return "\n".join("".join(span["text"] for span in block["spans"]) for block in blocks)
