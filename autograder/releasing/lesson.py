"""Reads a lesson's text into cells with their roles: plain, answer, check or written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.errors import Problem, SourceError
from autograder.releasing.percent import Kind, PercentCell, read_percent
from autograder.releasing.solution import (
    BEGIN,
    END,
    Piece,
    complete,
    misspelled,
    reads_like_marker,
    split,
)

Role = Literal["plain", "answer", "check", "written"]

# The keys that give a cell its role, and the kind of cell that each is for.
_ROLES: Mapping[Role, Kind] = {"answer": "code", "check": "code", "written": "markdown"}
# The ids of the coverage list that a cell teaches; for the author only.
_ITEMS = "items"
# What Jupyter itself gives a meaning to; everything else is more likely a misspelled key.
_KEPT = ("tags", "jupyter", "slideshow", "editable", "deletable", "collapsed", "scrolled")

# What nbgrader allows in a grade_id and nbformat in a cell's id, less room for "-answer".
_ID = re.compile(r"(?!.*-answer$)[A-Za-z0-9_-]{1,57}")


@dataclass(frozen=True)
class LessonCell:
    """A cell of a lesson.

    `line` is that of its `# %%` in the file, `first_line` that of the first line of its source.
    `exercise` is the id that an answer, check or written cell belongs to, and `pieces` are an
    answer or written cell's text and solutions. `metadata` is what is kept on release,
    and `items` are what the cell teaches of the list of contents, for the author only.
    """

    line: int
    first_line: int
    kind: Kind
    source: str
    metadata: Mapping[str, Any]
    role: Role = "plain"
    exercise: str | None = None
    pieces: tuple[Piece, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonText:
    """A lesson as its author wrote it."""

    path: Path
    cells: tuple[LessonCell, ...]

    def with_role(self, role: Role) -> Mapping[str, LessonCell]:
        """Return the cells of one role, by exercise."""
        return {
            cell.exercise: cell
            for cell in self.cells
            if cell.role == role and cell.exercise is not None
        }


def read_lesson(path: Path) -> LessonText:
    """Read a lesson.

    Raises:
        SourceError: a cell of it cannot be understood.
    """
    lesson, problems = parse_lesson(path)
    if problems:
        raise SourceError(problems)
    return lesson


def parse_lesson(path: Path) -> tuple[LessonText, tuple[Problem, ...]]:
    """Read a lesson as far as it can be understood, and say where it cannot."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return LessonText(path, ()), (Problem(path, 0, "This file is not UTF-8 text."),)
    cells, problems = read_percent(path, text)
    found = list(problems)
    understood = []
    for cell in cells:
        lesson_cell, cell_problems = _read_cell(path, cell)
        understood.append(lesson_cell)
        found += cell_problems
    return LessonText(path, tuple(understood)), tuple(found)


def author_solutions(lesson: LessonText) -> Mapping[str, str]:
    """Return the author's own answer to each exercise, words included, without the markers."""
    return {
        cell.exercise: complete(cell.pieces)
        for cell in lesson.cells
        if cell.role in ("answer", "written") and cell.exercise is not None
    }


def parsed(cell: LessonCell) -> Iterator[ast.Module]:
    """Yield the tree of a code cell; its magics and shell commands are as good as empty lines."""
    if cell.kind != "code":
        return
    lines = cell.source.split("\n")
    python = "\n".join("" if line.startswith(("%", "!")) else line for line in lines)
    try:
        yield ast.parse(python)
    except SyntaxError:
        return


def _read_cell(path: Path, cell: PercentCell) -> tuple[LessonCell, list[Problem]]:
    kept = {key: value for key, value in cell.metadata.items() if key in _KEPT}
    items = tuple(str(cell.metadata.get(_ITEMS, "")).split())
    plain = LessonCell(cell.line, cell.first_line, cell.kind, cell.source, kept, items=items)
    known = {*_ROLES, _ITEMS, *_KEPT}
    sentences = [_unknown_key(cell, key) for key in sorted(cell.metadata.keys() - known)]
    roles: list[Role] = [role for role in _ROLES if cell.metadata.get(role) is not None]
    if len(roles) == 1 and not sentences:
        return _read_special_cell(path, plain, roles[0], cell.metadata[roles[0]])
    if len(roles) > 1:
        sentences.append(f"A cell has one role, not {' and '.join(roles)}; make it two cells.")
    problems = [Problem(path, cell.line, sentence) for sentence in sentences]
    return plain, problems or _stray_markers(path, plain)


def _read_special_cell(
    path: Path, plain: LessonCell, role: Role, exercise: object
) -> tuple[LessonCell, list[Problem]]:
    def problem(sentence: str) -> Problem:
        return Problem(path, plain.line, sentence)

    if plain.kind != _ROLES[role]:
        wanted = "`# %% [markdown]`" if _ROLES[role] == "markdown" else "`# %%`"
        return plain, [problem(f"A cell with {role}= is to begin with {wanted}.")]
    if not isinstance(exercise, str) or not _ID.fullmatch(exercise):
        return plain, [
            problem(
                f"{exercise!r} is not an id; an id is one to 57 letters, digits, hyphens and "
                "underscores in double quotes, and does not end with -answer."
            )
        ]
    if role == "check":
        cell = replace(plain, role=role, exercise=exercise)
        return cell, _stray_markers(path, plain)
    pieces, slips = split(plain.source, plain.kind)
    cell = replace(plain, role=role, exercise=exercise, pieces=pieces)
    return cell, [
        Problem(path, plain.line if slip.line < 0 else plain.first_line + slip.line, slip.sentence)
        for slip in slips
    ]


def _unknown_key(cell: PercentCell, key: str) -> str:
    if key == "title":
        return (
            f"The text {cell.metadata[key]!r} after `# %%` has no meaning here; take it away, or "
            'write key="value".'
        )
    if key == "incorrectly_encoded_metadata":
        return f'{cell.metadata[key]!r} cannot be read; write key="value", with double quotes.'
    return f"Unknown key {key!r}; known are {', '.join((*_ROLES, _ITEMS, *_KEPT))}."


def _stray_markers(path: Path, cell: LessonCell) -> list[Problem]:
    """Return the markers in a cell that students get as it is."""
    problems = []
    for number, line in enumerate(cell.source.split("\n"), start=cell.first_line):
        text = line.strip()
        if text in (BEGIN, END):
            sentence = f'{text!r} outside an answer cell; begin the cell with `# %% answer="id"`.'
            problems.append(Problem(path, number, sentence))
        elif reads_like_marker(line):
            problems.append(Problem(path, number, misspelled(text)))
    return problems
