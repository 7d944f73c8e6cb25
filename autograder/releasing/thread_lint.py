"""Holds lessons to the thread: each begins with steps that earlier sections have finished."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from autograder.course_table import THREAD
from autograder.errors import Problem
from autograder.project import Project
from autograder.releasing.lesson import LessonText, parsed

_PREFIX = f"course.{THREAD}."


def thread_problems(project: Project, texts: Sequence[LessonText]) -> Iterator[Problem]:
    """Yield steps that belong to no section, and lessons that give away a step of their own."""
    sections = [section.folder for section in project.table().sections]
    for step in sorted(project.thread.glob("*.py")):
        if step.stem not in {"__init__", *sections}:
            sentence = f"There is no section {step.stem!r}; name a step after the one that ends it."
            yield Problem(step, 0, sentence)
    for text in texts:
        own = sections.index(text.path.parents[1].name)
        for line, step in _steps_imported(text):
            if step not in sections or sections.index(step) >= own:
                yield Problem(
                    text.path,
                    line,
                    f"The step {step!r} is not finished when this section begins; import an "
                    "earlier one.",
                )
            elif not (project.thread / f"{step}.py").exists():
                yield Problem(text.path, line, f"There is no course/{THREAD}/{step}.py.")


def _steps_imported(text: LessonText) -> Iterator[tuple[int, str]]:
    for cell in text.cells:
        for tree in parsed(cell):
            for node in ast.walk(tree):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    line = cell.first_line + node.lineno - 1
                    found = (it for it in _modules_imported(node) if it.startswith(_PREFIX))
                    yield from ((line, module.removeprefix(_PREFIX)) for module in found)


def _modules_imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""]
