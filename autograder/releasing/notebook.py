"""Turns a lesson's text into the notebook that students get, without its solutions."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from autograder.lesson_folder import AnyExercise
from autograder.releasing.lesson import LessonCell, LessonText
from autograder.releasing.solution import released

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Our own key in a notebook's metadata; nbgrader's is nbgrader's.
SEAL = "chalk"
ANSWER_SUFFIX = "-answer"

_NEW_CELL = {
    "code": v4.new_code_cell,
    "markdown": v4.new_markdown_cell,
    "raw": v4.new_raw_cell,
}


def released_notebook(lesson: LessonText, exercises: Mapping[str, AnyExercise]) -> NotebookNode:
    """Return the notebook of a lesson that has no problems.

    The same text gives the same notebook, ids included.
    """
    cells: list[NotebookNode] = []
    taken: set[str] = set()
    for cell in lesson.cells:
        source = released(cell.pieces, cell.kind) if cell.pieces else cell.source
        identity = _free(_cell_id(cell, source), taken)
        taken.add(identity)
        cells.append(_node(cell, source, identity, exercises))
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": dict(KERNEL)})
    notebook.nbformat_minor = 5
    return notebook


def grade_id(cell: LessonCell) -> str | None:
    """Return what nbgrader calls a cell; None for a plain one."""
    if cell.exercise is None:
        return None
    return cell.exercise + ANSWER_SUFFIX if cell.role == "answer" else cell.exercise


def text_of(notebook: NotebookNode) -> str:
    """Return the text of a notebook's file, sealed with a digest of everything else in it."""
    sealed = copy.deepcopy(notebook)
    sealed.metadata[SEAL] = {"released": _digest(json.loads(nbformat.writes(notebook)))}
    return nbformat.writes(sealed) + "\n"


def is_released(text: str) -> bool:
    """Return whether a notebook's file holds what release wrote, and so nothing a user made."""
    try:
        content = json.loads(text)
        return content["metadata"].pop(SEAL) == {"released": _digest(content)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _cell_id(cell: LessonCell, source: str) -> str:
    digest = hashlib.sha256(f"{cell.kind}\0{source}".encode()).hexdigest()
    return grade_id(cell) or digest[:12]


def _free(wanted: str, taken: set[str]) -> str:
    identity, times = wanted, 1
    while identity in taken:
        times += 1
        identity = f"{wanted}-{times}"
    return identity


def _node(
    cell: LessonCell, source: str, identity: str, exercises: Mapping[str, AnyExercise]
) -> NotebookNode:
    metadata: dict[str, Any] = dict(cell.metadata)
    if cell.exercise is not None:
        metadata["nbgrader"] = _nbgrader(cell, exercises[cell.exercise])
    return _NEW_CELL[cell.kind](source, id=identity, metadata=metadata)


def _nbgrader(cell: LessonCell, exercise: AnyExercise) -> dict[str, Any]:
    is_graded = cell.role != "answer"
    points = {"points": exercise.points} if is_graded else {}
    return {
        "grade": is_graded,
        "grade_id": grade_id(cell),
        "locked": cell.role == "check",
        "schema_version": 3,
        "solution": cell.role != "check",
        "task": False,
        **points,
    }
