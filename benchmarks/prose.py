"""The words of a lesson, without code, tables and markup, to count and to measure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.releasing.lesson import LessonText


def markdown(text: LessonText) -> str:
    """Return what a lesson says between its code, as Markdown; words that answer are left out."""
    return "\n\n".join(cell.source for cell in text.cells if cell.kind == "markdown")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of running text and of list items; tables and code are no sentences."""
    text = re.sub(r"(?ms)^```.*?^```", "", text)
    text = re.sub(r"(?m)^\|.*$", "", text)
    text = re.sub(r"</?(details|summary)>", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    for block in re.split(r"\n\s*\n|\n(?=- |\d\. )", text):
        yield from re.split(r"(?<=[.!?])[*_)\"]*\s+", " ".join(block.split()))


def words(text: str) -> list[str]:
    """Return the words of a text: what begins with a letter."""
    return re.findall(r"[A-Za-z]\S*", text)
