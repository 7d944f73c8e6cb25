"""Holds lessons to the thread: each begins with steps that earlier sections have finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.course_table import THREAD
from autograder.errors import Problem
from autograder.project import Project
from autograder.releasing.lesson import LessonText, parsed
from autograder.thread import imports_in, step_named


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
    found = {
        (cell.first_line + line - 1, step_named(module))
        for cell in text.cells
        for tree in parsed(cell)
        for line, module in imports_in(tree)
    }
    yield from sorted((line, step) for line, step in found if step)
