"""Makes the notebooks of the solutions, executed: for instructors, never in a student's folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.errors import ChalkError, shown
from autograder.project import Project
from autograder.records import FOLDER_VARIABLE
from autograder.releasing.guide import guide_text
from autograder.releasing.lesson import author_solutions
from autograder.releasing.lint import SoundLesson
from autograder.releasing.master import submission_with
from autograder.releasing.notebook import released_notebook

# More than any lesson takes, on a machine that is busy with something else.
SECONDS_FOR_A_LESSON = 300


def write_solutions(
    project: Project,
    lessons: Sequence[SoundLesson],
    path: Path | None,
    advance: Callable[[SoundLesson], None],
) -> Path:
    """Run each lesson with its author's answers, and return the folder; `solutions/` unless given.

    Beside the notebooks lies `guide.md`: what to mark by, and what learners get wrong. `advance` is
    called before each lesson. The folder appears whole, when all of them have run.

    Raises:
        ChalkError: the folder is there already or is one of the students', or a lesson fails.
    """
    path = path or project.root / "solutions"
    if path.exists() or path.is_symlink():
        raise ChalkError(
            f"{shown(path)} is there already: move it away, or give the solutions another path."
        )
    if project.notebooks.resolve() in (path.resolve(), *path.resolve().parents):
        raise ChalkError(f"{shown(path)} is in the students' folder; give the solutions another.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".solutions-") as name:
        half = Path(name) / "solutions"
        for item in lessons:
            advance(item)
            target = half / item.lesson.assignment / f"{item.lesson.notebook}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(nbformat.writes(solved(item)) + "\n", encoding="utf-8")
        text = guide_text(project.table(), lessons)
        (half / "guide.md").write_text(text, encoding="utf-8")
        shutil.move(half, path)
    return path


def solved(item: SoundLesson) -> NotebookNode:
    """Return a lesson's notebook with its author's answers, as it is after every cell has run.

    Raises:
        ChalkError: a cell of it raises, takes too long or ends the kernel.
    """
    notebook = submission_with(
        released_notebook(item.text, item.exercises), author_solutions(item.text)
    )
    with tempfile.TemporaryDirectory(prefix="chalk-") as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_FOR_A_LESSON,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        try:
            # What is checked here is nobody's progress.
            return client.execute(env={**os.environ, FOLDER_VARIABLE: folder})
        except CellExecutionError as error:
            raise _fails(item, f"{error.ename}: {error.evalue}") from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise _fails(item, str(error).strip()) from error


def _fails(item: SoundLesson, why: str) -> ChalkError:
    path = shown(item.text.path)
    return ChalkError(f"{path} does not run with its own solutions: {why}")
