"""Writes verdicts into nbgrader's own gradebook, by nbgrader's own preprocessors.

So a grade means the same whoever wrote it: manual scores, comments and late penalties are kept
and computed as `nbgrader autograde` would.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbgrader.api
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ComputeChecksums,
    SaveAutoGrades,
    SaveCells,
)
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from autograder.errors import ChalkError


@dataclass(frozen=True)
class Place:
    """Where a notebook belongs: its assignment, its name without ending, and whose it is."""

    assignment: str
    notebook: str
    student: str = ""


@dataclass(frozen=True)
class Score:
    """What the gradebook says of one submitted assignment, after manual marks and penalties."""

    student: str
    assignment: str
    points: float
    worth: float
    needs_manual_grade: bool


@dataclass(frozen=True)
class Gradebook:
    """nbgrader's database in a file; the only writer of it is the process that grades."""

    path: Path

    @property
    def url(self) -> str:
        """The address by which nbgrader knows the database."""
        return f"sqlite:///{self.path}"

    def register(self, place: Place, master: NotebookNode) -> NotebookNode:
        """Make an assignment's notebook known; return the master with nbgrader's checksums."""
        with self._open() as book:
            book.update_or_create_assignment(place.assignment)
        resources = self._resources(place)
        master, _ = ComputeChecksums().preprocess(master, resources)
        with self._explained():
            SaveCells().preprocess(master, resources)
        return master

    def open_submission(self, student: str, assignment: str, timestamp: datetime | None) -> None:
        """Make a student and their submission of an assignment known."""
        when: dict[str, Any] = {} if timestamp is None else {"timestamp": timestamp}
        with self._open() as book:
            book.update_or_create_student(student)
            book.update_or_create_submission(assignment, student, **when)

    def save_nothing(self, place: Place) -> None:
        """Give no points to a notebook that was not handed in or cannot be read."""
        with self._open() as book:
            submitted = book.find_submission_notebook(
                place.notebook, place.assignment, place.student
            )
            for grade in submitted.grades:
                grade.auto_score, grade.needs_manual_grade = 0, False
            book.db.commit()

    def save(self, place: Place, graded: NotebookNode) -> None:
        """Take the points of an autograded notebook over, and any penalty for lateness."""
        resources = self._resources(place)
        with self._explained():
            SaveAutoGrades().preprocess(graded, resources)
            AssignLatePenalties().preprocess(graded, resources)

    def scores(self) -> tuple[Score, ...]:
        """Return the score of every submitted assignment, sorted by student and assignment."""
        with self._open() as book:
            scores = [
                Score(
                    submission.student.id,
                    submission.assignment.name,
                    float(submission.score or 0),
                    float(submission.max_score or 0),
                    bool(submission.needs_manual_grade),
                )
                for assignment in book.assignments
                for submission in book.assignment_submissions(assignment.name)
            ]
        return tuple(sorted(scores, key=lambda score: (score.student, score.assignment)))

    def _resources(self, place: Place) -> ResourcesDict:
        where = {
            "assignment": place.assignment,
            "notebook": place.notebook,
            "student": place.student,
            "db_url": self.url,
        }
        return ResourcesDict(nbgrader=where)

    @contextmanager
    def _open(self) -> Iterator[nbgrader.api.Gradebook]:
        with self._explained(), nbgrader.api.Gradebook(self.url) as book:
            yield book

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with _own_programs_on_path(), warnings.catch_warnings():
                # nbgrader builds submissions in an order that its database layer remarks on.
                warnings.simplefilter("ignore", SAWarning)
                yield
        except (SQLAlchemyError, nbgrader.api.InvalidEntry, RuntimeError) as error:
            first_line = str(error).partition("\n")[0]
            raise ChalkError(
                f"The gradebook {self.path} cannot be used: {first_line} "
                "Close what else has it open, or move it away and grade again."
            ) from error


@contextmanager
def _own_programs_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it starts by name, in an environment not activated."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
