"""Finds quizzes and predictions that a lesson asks and `questions.py` lacks, and the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem, SourceError, line_holding, shown
from autograder.releasing.lesson import LessonCell, LessonText
from autograder.section import QUESTION_BANKS, load_question_ids

_WORDS = {"predict": "prediction", "quiz": "quiz"}


@dataclass(frozen=True)
class _Asked:
    """A `quiz("id")` or `predict("id")` in a lesson; `id` is None where it is not a plain text."""

    path: Path
    line: int
    kind: str
    id: str | None


def question_problems(
    folder: Path, texts: Sequence[LessonText], *, complete: bool
) -> Iterator[Problem]:
    """Yield where the lessons of a section and its `questions.py` differ.

    `complete` is whether these are all of its lessons: only then can a question be asked by none.

    Raises:
        SourceError: `questions.py` cannot be imported, or its questions are not by their ids.
    """
    path = folder / "questions.py"
    there = load_question_ids(folder)
    asked = [item for text in texts for item in _asked_in(text, f"course.{folder.name}.questions")]
    for item in asked:
        if item.id is None:
            sentence = f'Write the id itself, as in {item.kind}("id"): it is looked up on release.'
            yield Problem(item.path, item.line, sentence)
        elif (item.kind, item.id) not in there:
            yield Problem(
                item.path,
                item.line,
                f"There is no {_WORDS[item.kind]} {item.id!r} in {shown(path)}; write it into "
                f"{QUESTION_BANKS[item.kind]} there, or correct the id.",
            )
    if complete:
        for kind, identity in sorted(there - {(item.kind, item.id) for item in asked}):
            yield Problem(
                path,
                line_holding(path, f'"{identity}"'),
                f"No lesson asks the {_WORDS[kind]} {identity!r}; ask it by "
                f'{kind}("{identity}"), or take it away.',
            )


def shared_id_problems(folders: Sequence[Path]) -> Iterator[Problem]:
    """Yield the ids that two sections use: a learner's answers are kept by id, course-wide.

    A section whose questions cannot be loaded is passed over, since that is said elsewhere.
    """
    first: dict[tuple[str, str], Path] = {}
    for folder in folders:
        path = folder / "questions.py"
        try:
            found = sorted(load_question_ids(folder))
        except SourceError:
            continue
        for kind, identity in found:
            other = first.setdefault((kind, identity), path)
            if other != path:
                yield Problem(
                    path,
                    line_holding(path, f'"{identity}"'),
                    f"{shown(other)} has a {_WORDS[kind]} {identity!r} too, and answers are kept "
                    "by id; give this one another.",
                )


def _asked_in(text: LessonText, module: str) -> Iterator[_Asked]:
    """Yield what a lesson asks by the names that it imports from its section's questions."""
    kinds: dict[str, str] = {}
    trees = [(cell, tree) for cell in text.cells for tree in _parsed(cell)]
    for _, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == module:
                kinds |= {
                    alias.asname or alias.name: alias.name
                    for alias in node.names
                    if alias.name in QUESTION_BANKS
                }
    for cell, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                kind = kinds.get(node.func.id)
                if kind is not None:
                    line = cell.first_line + node.lineno - 1
                    yield _Asked(text.path, line, kind, _plain_text(node))


def _plain_text(call: ast.Call) -> str | None:
    argument = call.args[0] if call.args else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _parsed(cell: LessonCell) -> Iterator[ast.Module]:
    """Yield the tree of a code cell; its magics and shell commands are as good as empty lines."""
    if cell.kind != "code":
        return
    lines = cell.source.split("\n")
    python = "\n".join("" if line.startswith(("%", "!")) else line for line in lines)
    try:
        yield ast.parse(python)
    except SyntaxError:
        return
