"""Makes a sample class, so that an instructor sees the whole path with one command.

Its answers are the author's own: solutions, other right answers and wrong ones from `course/`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.course_table import Lesson
from autograder.errors import ChalkError
from autograder.lesson_folder import Answer, other_answers
from autograder.project import Project
from autograder.releasing.lesson import author_solutions, read_lesson
from autograder.releasing.master import submission_with

NOT_A_NOTEBOOK = "%PDF-1.7\nMy homework, printed.\n"
NEVER_ENDS = "while True:\n    pass\n"


@dataclass(frozen=True)
class SampleStudent:
    """A student of the sample class: a name, and how they answer a lesson, by exercise.

    `answers` is None where what they hand in is not a notebook at all.
    """

    name: str
    about: str
    answers: Callable[[Mapping[str, str], tuple[Answer, ...]], Mapping[str, str]] | None


def sample_class() -> tuple[SampleStudent, ...]:
    """Return the students of the sample class."""
    return (
        SampleStudent("ada", "everything right", lambda own, _: own),
        SampleStudent("blaise", "right, in other ways", _other_right),
        SampleStudent("carl", "half done", _half_done),
        SampleStudent("dorothy", "nothing answered", lambda *_: {}),
        SampleStudent("emmy", "a mistake everywhere", lambda _, others: _wrong(others, 0)),
        SampleStudent("felix", "other mistakes", lambda _, others: _wrong(others, 1)),
        SampleStudent("grace", "other mistakes again", lambda _, others: _wrong(others, 2)),
        SampleStudent("henri", "one answer that never ends", _one_never_ends),
        SampleStudent("ines", "a file that is not a notebook", None),
        SampleStudent("jules", "a syntax error in one answer", _one_syntax_error),
    )


def make_class(folder: Path, project: Project, section: str) -> tuple[SampleStudent, ...]:
    """Write a sample class that hands in one section to `folder/submitted`.

    Raises:
        ChalkError: the folder exists already, or the course has no such section.
    """
    lessons = [it for it in project.table().section(section).lessons if not it.planned]
    if folder.exists():
        raise ChalkError(
            f"{folder} exists already: remove it, or name another folder for the sample class."
        )
    students = sample_class()
    try:
        for lesson in lessons:
            for student in students:
                _hand_in(folder / "submitted", student, lesson, project)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return students


def _hand_in(submitted: Path, student: SampleStudent, lesson: Lesson, project: Project) -> None:
    source = project.source(lesson)
    if not source.exists():
        raise ChalkError(
            "The sample class is made from the lessons' sources in course/, which are not here: "
            "run `chalk demo` in the instructors' copy of the course."
        )
    own = author_solutions(read_lesson(source))
    if not own:
        return
    target = submitted / student.name / lesson.assignment / f"{lesson.notebook}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    if student.answers is None:
        target.write_text(NOT_A_NOTEBOOK, encoding="utf-8")
        return
    mine = other_answers(project.lesson_folder(lesson))
    master = nbformat.read(project.notebook_path(lesson), as_version=4)
    notebook = submission_with(master, student.answers(own, mine))
    target.write_text(nbformat.writes(notebook), encoding="utf-8")


def _other_right(own: Mapping[str, str], others: tuple[Answer, ...]) -> Mapping[str, str]:
    return {**own, **{answer.exercise: answer.source for answer in others if answer.right}}


def _half_done(own: Mapping[str, str], _: tuple[Answer, ...]) -> Mapping[str, str]:
    first_half = list(own)[: len(own) // 2]
    return {exercise: own[exercise] for exercise in first_half}


def _wrong(others: tuple[Answer, ...], which: int) -> Mapping[str, str]:
    """Return the first, second, ... wrong answer to each exercise, or its last one."""
    by_exercise: dict[str, list[str]] = {}
    for answer in others:
        if not answer.right:
            by_exercise.setdefault(answer.exercise, []).append(answer.source)
    return {
        exercise: sources[min(which, len(sources) - 1)] for exercise, sources in by_exercise.items()
    }


def _one_never_ends(own: Mapping[str, str], _: tuple[Answer, ...]) -> Mapping[str, str]:
    first = list(own)[:1]
    return {**own, **dict.fromkeys(first, NEVER_ENDS)}


def _one_syntax_error(own: Mapping[str, str], _: tuple[Answer, ...]) -> Mapping[str, str]:
    last = list(own)[-1:]
    return {**own, **{exercise: own[exercise] + "\nx = = 1\n" for exercise in last}}
