"""Every lesson runs from top to bottom: with the author's solutions, and as it is released."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.course_table import Lesson
from autograder.lesson_folder import load_exercises
from autograder.project import find_project
from autograder.releasing.lesson import author_solutions, read_lesson
from autograder.releasing.master import submission_with
from autograder.releasing.notebook import released_notebook

PROJECT = find_project()
# What a student waits for a whole lesson at most, and not for a cell.
SECONDS_FOR_A_LESSON = 60

lessons = pytest.mark.parametrize("lesson", PROJECT.table().written, ids=lambda lesson: lesson.name)


def _released(lesson: Lesson) -> NotebookNode:
    path = PROJECT.source(lesson)
    return released_notebook(read_lesson(path), load_exercises(path.parent))


def _run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run in a fresh kernel, in an empty folder; a cell that raises fails the test."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS_FOR_A_LESSON,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


def _complaints(notebook: NotebookNode) -> list[str]:
    return [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]


def _points(notebook: NotebookNode) -> dict[str, float]:
    """Return what the check cells show, read as nbgrader reads it."""
    return {
        cell.metadata.nbgrader.grade_id: float(cell.outputs[-1].data["text/plain"])
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }


@pytest.mark.timeout(SECONDS_FOR_A_LESSON)
@lessons
def test_a_lesson_runs_with_the_authors_solutions_to_full_points(
    lesson: Lesson, tmp_path: Path
) -> None:
    released = _released(lesson)
    solutions = author_solutions(read_lesson(PROJECT.source(lesson)))
    solved = _run(submission_with(released, solutions), tmp_path)
    assert _complaints(solved) == []
    assert _points(solved) == {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in released.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }


@pytest.mark.timeout(SECONDS_FOR_A_LESSON)
@lessons
def test_a_released_lesson_runs_untouched_and_gives_nothing_away(
    lesson: Lesson, tmp_path: Path
) -> None:
    untouched = _run(_released(lesson), tmp_path)
    assert _complaints(untouched) == []
    assert sum(_points(untouched).values()) == 0
    assert list(tmp_path.iterdir()) == []
