"""Finds quizzes and predictions that a lesson asks and nobody wrote, and the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Problem, shown
from autograder.lesson_folder import QUESTION_BANKS, line_of_question, load_question_ids
from autograder.releasing.lesson import LessonText, parsed

_WORDS = {"predict": "prediction", "quiz": "quiz"}


@dataclass(frozen=True)
class _Asked:
    """A `quiz("id")` or `predict("id")` in a lesson; `id` is None where it is not a plain text."""

    path: Path
    line: int
    kind: str
    id: str | None


def question_problems(text: LessonText) -> Iterator[Problem]:
    """Yield where a lesson and its `questions.py` differ.

    Raises:
        SourceError: `questions.py` cannot be imported, or its questions are not by their ids.
    """
    folder = text.path.parent
    path = folder / "questions.py"
    there = load_question_ids(folder)
    asked = list(_asked_in(text, f"course.{folder.parent.name}.{folder.name}.questions"))
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
    for kind, identity in sorted(there - {(item.kind, item.id) for item in asked}):
        yield Problem(
            path,
            line_of_question(folder, identity),
            f"The lesson does not ask the {_WORDS[kind]} {identity!r}; ask it by "
            f'{kind}("{identity}"), or take it away.',
        )


def _asked_in(text: LessonText, module: str) -> Iterator[_Asked]:
    """Yield what a lesson asks by the names that it imports from its questions."""
    kinds: dict[str, str] = {}
    trees = [(cell, tree) for cell in text.cells for tree in parsed(cell)]
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
