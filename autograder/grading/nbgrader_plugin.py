"""Lets nbgrader's own `autograde` grade as `chalk grade` does: same questions, same sandbox.

A class's `nbgrader_config.py` holds `from autograder.grading.nbgrader_plugin import configure` and
`configure(get_config())`; `chalk grade` writes that file where there is none.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ComputeChecksums, NbGraderPreprocessor
from traitlets.config import Config

from autograder.errors import ChalkError
from autograder.grading.autograded import write_verdicts
from autograder.grading.grade import GradingSettings, Lesson, grade, grader
from autograder.grading.submission import answers_of
from autograder.lesson_folder import load_exercises
from autograder.project import find_project
from autograder.releasing.master import read_master, submission_with


def configure(config: Config) -> None:
    """Set nbgrader's lists of preprocessors: take the answers, ask from outside, save."""
    # By name, since the formgrader sends the configuration on as JSON.
    config.Autograde.sanitize_preprocessors = [f"{__name__}.TakeAnswers"]
    config.Autograde.autograde_preprocessors = [
        f"{__name__}.AskFromOutside",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]


class TakeAnswers(NbGraderPreprocessor):
    """Puts a student's answers into the released master; nothing else of their file is kept."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Replace the submission by the master with the submission's answers."""
        path, _ = _lesson(resources)
        submission = answers_of(nb.cells, read_master(path))
        for remark in submission.remarks:
            self.log.warning(remark)
        master = nbformat.read(path, as_version=4)
        master, resources = ComputeChecksums().preprocess(master, resources)
        return submission_with(master, submission.answers), resources


class AskFromOutside(NbGraderPreprocessor):
    """Stands where nbgrader would execute the notebook: the judge asks a locked-in process."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Write each verdict under its check cell."""
        path, folder = _lesson(resources)
        lesson = Lesson(read_master(path), load_exercises(folder))
        answers = answers_of(nb.cells, lesson.master).answers
        with grader(lesson, folder, GradingSettings()) as warm:
            graded = grade(warm, answers, secrets.randbits(64))
        for remark in graded.remarks:
            self.log.warning(remark)
        write_verdicts(nb, graded.verdicts)
        return nb, resources


def _lesson(resources: ResourcesDict) -> tuple[Path, Path]:
    """Return the released notebook and the folder of the lesson that nbgrader is at."""
    where = resources["nbgrader"]
    project = find_project()
    for entry in project.table().written:
        if (entry.assignment, entry.notebook) == (where["assignment"], where["notebook"]):
            return project.notebook_path(entry), project.lesson_folder(entry)
    raise ChalkError(f"The course has no lesson {where['assignment']}/{where['notebook']}.")
