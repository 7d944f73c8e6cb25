"""Finds what is wrong in one lesson, taken by itself: its headings and its check cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import Problem
from autograder.releasing.check_cell import check_call, undefined_names
from autograder.releasing.lesson import LessonCell, LessonText
from autograder.releasing.solution import released

_HEADING = re.compile(r" {0,3}(#{1,6})(\s|$)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def lesson_problems(text: LessonText, *, understood: bool) -> Iterator[Problem]:
    """Yield what is wrong in a lesson; `understood` is whether each of its cells could be read."""
    yield from _heading_problems(text)
    above: list[str] = []
    for cell in text.cells:
        if cell.role == "check":
            yield from _check_problems(text.path, cell, above if understood else None)
        if cell.kind == "code" and understood:
            above.append(released(cell.pieces, cell.kind) if cell.pieces else cell.source)


def _check_problems(path: Path, cell: LessonCell, above: list[str] | None) -> Iterator[Problem]:
    call = check_call(cell.source)
    if call is None or call[0] != cell.exercise:
        sentence = f'A check cell is exactly `check("{cell.exercise}", <the answer>)`.'
        yield Problem(path, cell.first_line, sentence)
    elif above is not None:
        for name in undefined_names(call[1], above):
            yield Problem(
                path,
                cell.first_line,
                f"In the released notebook nothing gives {name!r} a value before this check; make "
                "its solution only assignments, or set it to ... above the solution.",
            )


def _heading_problems(text: LessonText) -> Iterator[Problem]:
    headings = [
        heading for cell in text.cells if cell.kind == "markdown" for heading in _headings(cell)
    ]
    titles = [line for line, level in headings if level == 1]
    if not titles:
        yield Problem(text.path, 1, "The lesson has no title; begin it with a heading `# ...`.")
    elif headings[0][1] != 1:
        yield Problem(text.path, headings[0][0], "The first heading is to be the title, `# ...`.")
    for line in titles[1:]:
        sentence = "The lesson has a title already; make this heading `## ...` or smaller."
        yield Problem(text.path, line, sentence)


def _headings(cell: LessonCell) -> Iterator[tuple[int, int]]:
    """Yield the line and the level of each heading outside fenced blocks."""
    fence = ""
    for number, line in enumerate(cell.source.split("\n"), start=cell.first_line):
        opening = _FENCE.match(line)
        if opening and fence in ("", opening[1]):
            fence = "" if fence else opening[1]
        heading = _HEADING.match(line)
        if heading and not fence:
            yield number, len(heading[1])
