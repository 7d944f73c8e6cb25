"""What grading needs of a release: the ordered cells of a released notebook, with their roles."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course_table import Lesson
from autograder.errors import ChalkError
from autograder.project import Project
from autograder.releasing.check_cell import check_call
from autograder.releasing.lesson import Role
from autograder.releasing.notebook import ANSWER_SUFFIX
from autograder.releasing.percent import Kind


@dataclass(frozen=True)
class MasterCell:
    """A cell of a released notebook.

    `exercise` is None for a plain cell; `answer_expression` is what a check cell checks, such as
    "slope", and None for any other cell.
    """

    id: str
    kind: Kind
    source: str
    role: Role
    exercise: str | None
    answer_expression: str | None


@dataclass(frozen=True)
class Master:
    """A released notebook: `assignment` is "2_graphs", `notebook` "2_automatic_gradients"."""

    assignment: str
    notebook: str
    cells: tuple[MasterCell, ...]

    @property
    def is_graded(self) -> bool:
        """Whether there is anything in it to earn points with."""
        return any(cell.role in ("check", "written") for cell in self.cells)

    def with_role(self, role: Role) -> Mapping[str, MasterCell]:
        """Return the cells of one role, by exercise, in their order."""
        return {
            cell.exercise: cell
            for cell in self.cells
            if cell.role == role and cell.exercise is not None
        }


def read_master(path: Path) -> Master:
    """Read a released notebook.

    Raises:
        ChalkError: the file is missing or is not a released notebook.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise ChalkError(
            f"{path} cannot be read ({error.strerror}): `chalk release` makes it."
        ) from error
    except Exception as error:  # whatever a file may hold that is no notebook
        raise ChalkError(f"{path} is not a notebook: `chalk release` makes it anew.") from error
    return master_of(notebook, assignment=path.parent.name, name=path.stem)


def master_of(notebook: NotebookNode, *, assignment: str, name: str) -> Master:
    """Return the cells of a released notebook with their roles.

    Raises:
        ChalkError: a check cell of it is not one that release makes.
    """
    return Master(assignment, name, tuple(_master_cell(cell, name) for cell in notebook.cells))


def masters(project: Project) -> Mapping[Lesson, Master]:
    """Read the released notebooks of all lessons that are written."""
    return {
        lesson: read_master(project.notebook_path(lesson)) for lesson in project.table().written
    }


def submission_with(master: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return a released notebook with answers filled in, by exercise: code, or words.

    Raises:
        ChalkError: the notebook has no cell to answer one of them in.
    """
    submission = copy.deepcopy(master)
    left = dict(answers)
    for cell in submission.cells:
        role, exercise = _role(cell)
        if role in ("answer", "written") and exercise in left:
            cell.source = left.pop(exercise)
    if left:
        raise ChalkError(f"The notebook has no cell to answer {', '.join(sorted(left))} in.")
    return submission


def _master_cell(cell: NotebookNode, name: str) -> MasterCell:
    role, exercise = _role(cell)
    expression = None
    if role == "check":
        call = check_call(cell.source)
        if call is None or call[0] != exercise:
            raise ChalkError(
                f"{name}: the check cell of {exercise!r} is not as released: "
                "`chalk release` makes the notebook anew."
            )
        expression = call[1]
    return MasterCell(cell.id, cell.cell_type, cell.source, role, exercise, expression)


def _role(cell: NotebookNode) -> tuple[Role, str | None]:
    noted = cell.metadata.get("nbgrader")
    if not noted:
        return "plain", None
    if not noted["solution"]:
        return "check", noted["grade_id"]
    if noted["grade"]:
        return "written", noted["grade_id"]
    return "answer", noted["grade_id"].removesuffix(ANSWER_SUFFIX)
