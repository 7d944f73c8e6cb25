"""Grades a class: every submission in nbgrader's layout, one after the other, one writer."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

from autograder.course_table import Lesson as LessonEntry
from autograder.errors import ChalkError
from autograder.grading.autograded import write_verdicts
from autograder.grading.feedback import feedback_page
from autograder.grading.grade import GradedNotebook, Grader, GradingSettings, Lesson, grade, grader
from autograder.grading.gradebook import Gradebook, Place, Score
from autograder.grading.submission import Submission, UnreadableSubmission, read_submission
from autograder.lesson_folder import load_exercises
from autograder.project import Project
from autograder.releasing.master import masters, read_master, submission_with
from autograder.releasing.notebook import is_released

CONFIG = """\
# Lets nbgrader's own commands grade as `chalk grade` does.
from autograder.grading.nbgrader_plugin import configure

configure(get_config())
"""


@dataclass(frozen=True)
class HandedIn:
    """A notebook that a student handed in, or should have: `path` may not exist."""

    place: Place
    path: Path


@dataclass(frozen=True)
class Outcome:
    """How one notebook fared: graded, or not gradable for a reason, or not handed in."""

    place: Place
    graded: GradedNotebook | None
    problem: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassReport:
    """What grading a class left: an outcome per notebook and the gradebook's scores."""

    outcomes: tuple[Outcome, ...]
    scores: tuple[Score, ...]
    remarks: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Desk:
    """All that is needed to grade one lesson's submissions."""

    entry: LessonEntry
    lesson: Lesson
    master: nbformat.NotebookNode
    grader: Grader


def find_submissions(
    submitted: Path, project: Project
) -> tuple[tuple[HandedIn, ...], tuple[str, ...]]:
    """Return what is to be graded under `submitted/<student>/<assignment>/`, and what is not."""
    if not submitted.is_dir():
        raise ChalkError(f"There is no folder {submitted}: name the folder with the submissions.")
    sections = {section.assignment: section for section in project.table().sections}
    graded = {entry for entry, master in masters(project).items() if master.is_graded}
    found: list[HandedIn] = []
    remarks: list[str] = []
    for folder in sorted(submitted.glob("*/*/")):
        student, assignment = folder.parent.name, folder.name
        if student.startswith(".") or assignment.startswith("."):
            continue
        if not _is_own_folder(folder):
            name = ascii(str(folder))
            remarks.append(f"{name} was left out: it is a link, or its name is not text.")
            continue
        if assignment not in sections:
            remarks.append(f"{folder} was left out: the course has no assignment {assignment!r}.")
            continue
        for entry in sections[assignment].lessons:
            if entry in graded:
                place = Place(assignment, entry.notebook, student)
                found.append(HandedIn(place, folder / f"{entry.notebook}.ipynb"))
    if not found:
        raise ChalkError(
            f"There is nothing to grade in {submitted}: submissions are expected as "
            "<student>/<assignment>/<notebook>.ipynb."
        )
    return tuple(found), tuple(remarks)


def _is_own_folder(folder: Path) -> bool:
    """Whether a student's folder is theirs, no link to another, and named in text."""
    try:
        f"{folder.parent.name}{folder.name}".encode()
    except UnicodeEncodeError:
        return False
    return not (folder.is_symlink() or folder.parent.is_symlink())


def grade_class(
    submitted: Path,
    project: Project,
    settings: GradingSettings,
    advance: Callable[[Outcome], None],
    seed: int | None = None,
) -> ClassReport:
    """Grade every submission, and leave gradebook.db, autograded/, feedback/ and grades.csv.

    They lie beside `submitted`. `advance` is called after each notebook. The questions are drawn
    from `seed`, or from one that is drawn now, when all submissions are already in.
    """
    handed_in, remarks = find_submissions(submitted, project)
    folder = submitted.resolve().parent
    book = Gradebook(folder / "gradebook.db")
    entries = {
        (entry.assignment, entry.notebook): entry
        for section in project.table().sections
        for entry in section.lessons
    }
    _write_config(folder)
    outcomes = []
    with ExitStack() as stack:
        desks = {
            place: stack.enter_context(desk(entries[place], project, book, folder, settings))
            for place in dict.fromkeys(
                (item.place.assignment, item.place.notebook) for item in handed_in
            )
        }
        for item in _opening_each_submission(handed_in, book):
            drawn = secrets.randbits(64) if seed is None else seed
            here = desks[item.place.assignment, item.place.notebook]
            try:
                outcome = _grade_one(item, here, book, folder, drawn)
            except ChalkError:
                raise
            except Exception as error:
                # One file must not cost the others their grades, whatever it made of the grader.
                why = (
                    f"The grader failed on it ({type(error).__name__}: {error}); grade it by hand."
                )
                outcome = Outcome(item.place, None, problem=why)
            outcomes.append(outcome)
            advance(outcome)
    scores = book.scores()
    _write_grades(folder / "grades.csv", scores)
    return ClassReport(tuple(outcomes), scores, remarks, folder)


@contextmanager
def desk(
    entry: LessonEntry,
    project: Project,
    book: Gradebook,
    class_folder: Path,
    settings: GradingSettings,
) -> Iterator[Desk]:
    """Make a lesson known to the gradebook and the formgrader, and warm up what grades it."""
    path = project.notebook_path(entry)
    _show_to_formgrader(path, class_folder / "source" / entry.assignment / path.name)
    folder = project.lesson_folder(entry)
    lesson = Lesson(read_master(path), load_exercises(folder))
    place = Place(entry.assignment, entry.notebook)
    master = book.register(place, nbformat.read(path, as_version=4))
    with grader(lesson, folder, settings) as warm:
        yield Desk(entry, lesson, master, warm)


def _grade_one(item: HandedIn, desk: Desk, book: Gradebook, folder: Path, seed: int) -> Outcome:
    try:
        submission = _read(item, desk)
    except UnreadableSubmission as error:
        book.save_nothing(item.place)
        page = feedback_page(desk.entry.title, item.place.student, desk.lesson, problem=str(error))
        _write(_feedback_path(folder, item.place), page)
        return Outcome(item.place, None, problem=str(error))
    graded = grade(desk.grader, submission.answers, seed)
    notebook = submission_with(desk.master, submission.answers)
    write_verdicts(notebook, graded.verdicts)
    remarks = (*submission.remarks, *graded.remarks)
    where = item.place
    autograded = folder / "autograded" / where.student / where.assignment
    _write(autograded / f"{where.notebook}.ipynb", nbformat.writes(notebook))
    book.save(where, notebook)
    page = feedback_page(
        desk.entry.title, where.student, desk.lesson, submission, graded.verdicts, remarks
    )
    _write(_feedback_path(folder, where), page)
    return Outcome(where, graded, remarks=remarks)


def _show_to_formgrader(master: Path, source: Path) -> None:
    """Lay the master where the formgrader looks for assignments; what a person made there stays."""
    if not source.exists() or is_released(source.read_text(encoding="utf-8")):
        _write(source, master.read_text(encoding="utf-8"))


def _read(item: HandedIn, desk: Desk) -> Submission:
    if not (item.path.exists() or item.path.is_symlink()):
        raise UnreadableSubmission(f"{item.path.name} was not handed in.")
    return read_submission(item.path, desk.lesson.master)


def _feedback_path(folder: Path, place: Place) -> Path:
    return folder / "feedback" / place.student / place.assignment / f"{place.notebook}.html"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_config(folder: Path) -> None:
    path = folder / "nbgrader_config.py"
    if not path.exists():
        path.write_text(CONFIG, encoding="utf-8")


def _write_grades(path: Path, scores: tuple[Score, ...]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "assignment", "points", "worth", "needs_manual_grade"])
        for score in scores:
            marked = "yes" if score.needs_manual_grade else "no"
            writer.writerow([score.student, score.assignment, score.points, score.worth, marked])


def _opening_each_submission(
    handed_in: tuple[HandedIn, ...], book: Gradebook
) -> Iterator[HandedIn]:
    """Yield what was handed in, making each student's submission known before its first."""
    opened: set[tuple[str, str]] = set()
    for item in handed_in:
        key = item.place.student, item.place.assignment
        if key not in opened:
            opened.add(key)
            book.open_submission(*key, _timestamp(item.path.parent))
        yield item


def _timestamp(folder: Path) -> datetime | None:
    """Return when a submission was handed in, where nbgrader's exchange wrote that down."""
    try:
        return parse_utc((folder / "timestamp.txt").read_text().strip())
    except (OSError, ValueError):
        return None
