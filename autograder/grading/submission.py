"""Reads what a student handed in: a map from exercise to source text, and nothing more.

Every other cell, all metadata, all outputs and all tags of the file are left behind; the rest of
the notebook comes from the released master.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ChalkError
from autograder.releasing.master import Master

LARGEST_FILE = 64 * 2**20
LARGEST_ANSWER = 2**20


class UnreadableSubmission(ChalkError):
    """The file is not a notebook that can be graded; the message says why, to its author."""


@dataclass(frozen=True)
class Submission:
    """What a student answered, by exercise, and what was odd about the file."""

    answers: Mapping[str, str]
    remarks: tuple[str, ...] = ()


def read_submission(path: Path, master: Master) -> Submission:
    """Read the answers to a master's exercises from a notebook file.

    Raises UnreadableSubmission with one sentence.
    """
    return answers_of(_cells(path), master)


def answers_of(cells: Iterable[Mapping[str, Any]], master: Master) -> Submission:
    """Take the answers to a master's exercises out of a notebook's cells.

    A cell belongs to an answer by its grade_id, or, where a tool dropped that, by its cell id.
    """
    wanted = {
        cell.id: cell.exercise
        for cell in master.cells
        if cell.role in ("answer", "written") and cell.exercise is not None
    }
    answers: dict[str, str] = {}
    remarks: list[str] = []
    for cell in cells:
        identity = _identity(cell)
        exercise = wanted.get(identity) if identity else None
        if exercise is None:
            continue
        if exercise in answers:
            remarks.append(f"Two cells answer {exercise!r}; the first of them was graded.")
            continue
        answers[exercise] = _source(cell)
    missing = [exercise for exercise in wanted.values() if exercise not in answers]
    remarks.extend(f"The cell that answers {exercise!r} is missing." for exercise in missing)
    return Submission(answers, tuple(remarks))


def _cells(path: Path) -> Iterator[Mapping[str, Any]]:
    name = path.name
    if path.is_symlink() or not path.is_file():
        raise UnreadableSubmission(f"{name} is not a file of its own: hand in the notebook itself.")
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableSubmission(f"{name} is larger than {LARGEST_FILE // 2**20} MB.")
    try:
        notebook = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnreadableSubmission(
            f"{name} is not a Jupyter notebook: hand in the .ipynb file that JupyterLab saved."
        ) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise UnreadableSubmission(
            f"{name} holds no cells that Jupyter 4 or newer would show: "
            "open it in JupyterLab, save it, and hand that file in."
        )
    return (cell for cell in notebook["cells"] if isinstance(cell, dict))


def _identity(cell: Mapping[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    identity = grade_id if grade_id is not None else cell.get("id")
    return identity if isinstance(identity, str) else None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    # A lone surrogate is legal JSON, and no text: it could be neither run nor written down.
    text = source if isinstance(source, str) else ""
    return text[:LARGEST_ANSWER].encode("utf-8", "replace").decode("utf-8")
