"""Says what of the course is done on this computer: the exercises of each lesson, and their checks.

The notebooks say which exercises there are, since they are what a learner has; the records of the
checks say how far each one is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.course_table import Lesson
from autograder.errors import ChalkError
from autograder.project import Project, find_project
from autograder.records import Outcome, best_outcomes

_HEADING = re.compile(r"^#{1,6} +(?P<title>.+)$")
_FENCE = re.compile(r"^(```|~~~)")
_PREFIX = "Exercise: "
# What release adds to an exercise's id for its answer cell. Its module takes longer to import
# than everything here.
_ANSWER_SUFFIX = "-answer"


@dataclass(frozen=True)
class NotebookExercise:
    """An exercise as it stands in a notebook: `cell` is the id of the cell to answer in."""

    id: str
    title: str
    cell: str
    points: int
    is_written: bool


def course_progress(start: Path | None = None) -> dict[str, Any]:
    """Return what is done of the course around a folder (the current one), as plain data.

    `lessons` has, in the order of the course, each lesson whose notebook is here: its `id`
    ("graphs/automatic_gradients"), `title`, `section`, `notebook` (its path in the course) and
    `exercises`: `id`, `title`, `cell`, `points` of `of`, and `state`, which is "right", "part",
    "wrong", "open", or "words" for one that is answered in words and marked by hand. `trouble` is
    one sentence on what could not be read, or empty.
    """
    try:
        project = find_project(start)
        table = project.table()
    except ChalkError as error:
        return {"lessons": [], "trouble": str(error)}
    try:
        best, trouble = best_outcomes(), ""
    except OSError as error:
        best, trouble = {}, f"Your earlier checks cannot be read: {error}."
    lessons = [
        _lesson_progress(project, section.title, lesson, best)
        for section in table.sections
        for lesson in section.lessons
        if project.notebook_path(lesson).is_file()
    ]
    return {"lessons": lessons, "trouble": trouble}


def exercises_of_notebook(path: Path) -> tuple[NotebookExercise, ...]:
    """Return the exercises of a notebook, in their order; none where it cannot be read."""
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError:
        return ()


def _lesson_progress(
    project: Project, section: str, lesson: Lesson, best: Mapping[tuple[str, str], Outcome]
) -> dict[str, Any]:
    path = project.notebook_path(lesson)
    return {
        "id": lesson.id,
        "title": lesson.title,
        "section": section,
        "notebook": path.relative_to(project.root).as_posix(),
        "exercises": [
            _exercise_progress(exercise, best.get((lesson.id, exercise.id)))
            for exercise in exercises_of_notebook(path)
        ],
    }


def _exercise_progress(exercise: NotebookExercise, outcome: Outcome | None) -> dict[str, Any]:
    points, state = 0, "words" if exercise.is_written else "open"
    if outcome is not None:
        # The exercise may have been worth something else when it was checked.
        points = round(exercise.points * outcome.points / outcome.of)
        state = "right" if outcome.right else "part" if points else "wrong"
    return {
        "id": exercise.id,
        "title": exercise.title,
        "cell": exercise.cell,
        "points": points,
        "of": exercise.points,
        "state": state,
    }


@lru_cache(maxsize=256)
def _read(path: Path, modified: int, size: int) -> tuple[NotebookExercise, ...]:
    """Read a notebook once for each state of its file."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return tuple(_exercises(cells))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _exercises(cells: list[dict[str, Any]]) -> Iterator[NotebookExercise]:
    title = ""
    answers: dict[str, str] = {}
    for cell in cells:
        if cell["cell_type"] == "markdown":
            title = _last_heading("".join(cell["source"])) or title
        about = cell["metadata"].get("nbgrader", {})
        identity, place = str(about.get("grade_id", "")), str(cell.get("id", ""))
        if about.get("grade"):
            is_written = bool(about.get("solution"))
            where = answers.get(identity, place)
            name = title.removeprefix(_PREFIX)
            named = name[:1].upper() + name[1:] or identity
            yield NotebookExercise(identity, named, where, int(about["points"]), is_written)
        elif about.get("solution"):
            answers[identity.removesuffix(_ANSWER_SUFFIX)] = place


def _last_heading(source: str) -> str:
    found, is_fenced = "", False
    for line in source.splitlines():
        if _FENCE.match(line):
            is_fenced = not is_fenced
        heading = None if is_fenced else _HEADING.match(line)
        if heading:
            found = heading["title"].strip()
    return found
