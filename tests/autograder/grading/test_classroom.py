"""The sample class gets exactly the grades that it should, by whichever command."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.api import Gradebook
from playwright.sync_api import Browser

from autograder.cli import main
from autograder.errors import ChalkError
from autograder.exercise import Exercise
from autograder.grading.classroom import find_submissions
from autograder.lesson_folder import load_exercises
from autograder.project import find_project
from autograder.releasing.lesson import author_solutions, read_lesson

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("sandbox")]

ASSIGNMENT, NOTEBOOK = "1_tensors", "1_what_are_tensors"
Points = dict[str, float]


@dataclass(frozen=True)
class GradedClass:
    """The sample class, after `chalk demo`, and what the command printed."""

    folder: Path
    printed: str

    def points(self, student: str) -> Points:
        """Return what the gradebook says the machine gave, by exercise."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as book:
            submitted = book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student)
            return {
                grade.cell.name: grade.auto_score
                for grade in submitted.grades
                if grade.cell.cell_type == "code"
            }


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, sandbox: None) -> GradedClass:
    folder = tmp_path_factory.mktemp("demo") / "class"
    done = chalk("demo", str(folder))
    assert done.returncode == 0, done.stderr
    return GradedClass(folder, done.stdout)


def chalk(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=cwd
    )


@pytest.fixture(scope="module")
def solved() -> list[str]:
    """The exercises of the lesson that the author solves, in its order; words among them."""
    project = find_project()
    lesson = next(entry for entry in project.table().written if entry.notebook == NOTEBOOK)
    return list(author_solutions(read_lesson(project.source(lesson))))


@pytest.fixture(scope="module")
def worth(solved: list[str]) -> Points:
    """What each exercise of the lesson that the machine checks is worth, in the lesson's order."""
    exercises = load_exercises(find_project().course / "tensors" / "what_are_tensors")
    checked = {name: exercises[name] for name in solved}
    return {name: item.points for name, item in checked.items() if isinstance(item, Exercise)}


@pytest.mark.parametrize("student", ["ada", "blaise"])
def test_right_answers_get_full_marks(graded: GradedClass, worth: Points, student: str) -> None:
    assert graded.points(student) == worth


def test_a_half_done_notebook_gets_the_points_of_its_half(
    graded: GradedClass, worth: Points, solved: list[str]
) -> None:
    half = solved[: len(solved) // 2]
    assert graded.points("carl") == {name: worth[name] if name in half else 0 for name in worth}


@pytest.mark.parametrize("student", ["dorothy", "ines"])
def test_nothing_earns_nothing(graded: GradedClass, student: str) -> None:
    assert set(graded.points(student).values()) == {0}


@pytest.mark.parametrize(("student", "which"), [("henri", 0), ("jules", -1)])
def test_one_broken_answer_costs_only_its_own_points(
    graded: GradedClass, worth: Points, student: str, which: int
) -> None:
    assert graded.points(student) == {**worth, list(worth)[which]: 0}


@pytest.mark.parametrize("student", ["emmy", "felix", "grace"])
def test_mistakes_get_what_the_students_own_check_said(graded: GradedClass, student: str) -> None:
    path = graded.folder / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, allow_errors=True).execute()
    told = {
        cell.metadata.nbgrader.grade_id: float(output.data["text/plain"])
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    }
    assert graded.points(student) == told
    assert sum(told.values()) < sum(graded.points("ada").values()) / 2


def test_the_table_and_grades_csv_say_what_the_gradebook_says(graded: GradedClass) -> None:
    with (graded.folder / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {path.name for path in (graded.folder / "submitted").iterdir()}
    for student, row in rows.items():
        assert float(row["points"]) == sum(graded.points(student).values())
        line = next(line for line in graded.printed.splitlines() if student in line)
        assert f"{float(row['points']):g} of {float(row['worth']):g}" in line
    assert rows["ada"]["needs_manual_grade"] == "yes"
    assert rows["dorothy"]["needs_manual_grade"] == "no"


def page(graded: GradedClass, student: str) -> str:
    path = graded.folder / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html"
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", path.read_text(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def test_each_student_reads_their_own_reason(graded: GradedClass) -> None:
    assert "not answered" in page(graded, "carl")
    assert "Hint:" in page(graded, "emmy")
    assert "is not a Jupyter notebook" in page(graded, "ines")
    assert "did not end" in page(graded, "henri")
    assert "SyntaxError" in page(graded, "jules")


def test_feedback_needs_no_network(graded: GradedClass) -> None:
    for path in (graded.folder / "feedback").rglob("*.html"):
        assert not re.search(r"""(?:src|href)=["'](?!#)""", path.read_text())


def test_the_sample_class_does_not_overwrite_a_folder(graded: GradedClass) -> None:
    again = chalk("demo", str(graded.folder))
    assert again.returncode == 1
    assert "exists already: remove it, or name another folder" in again.stderr


@pytest.fixture
def copied(graded: GradedClass, tmp_path: Path) -> GradedClass:
    shutil.copytree(graded.folder, tmp_path / "class")
    return GradedClass(tmp_path / "class", "")


@pytest.mark.parametrize("student", ["blaise", "felix"])
def test_nbgraders_own_autograde_gives_the_same_grades(
    copied: GradedClass, graded: GradedClass, student: str
) -> None:
    with Gradebook(f"sqlite:///{copied.folder / 'gradebook.db'}") as book:
        book.remove_submission(ASSIGNMENT, student)
    shutil.rmtree(copied.folder / "autograded" / student)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, f"--student={student}"],
        cwd=copied.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert copied.points(student) == graded.points(student)


def test_manual_marks_survive_grading_again(copied: GradedClass) -> None:
    for student in (copied.folder / "submitted").iterdir():
        if student.name != "carl":
            shutil.rmtree(student)
    with Gradebook(f"sqlite:///{copied.folder / 'gradebook.db'}") as book:
        submitted = book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "carl")
        name = next(grade.cell.name for grade in submitted.grades if grade.auto_score == 0)
        setattr(book.find_grade(name, NOTEBOOK, ASSIGNMENT, "carl"), "manual_score", 1.0)  # noqa: B010
        book.db.commit()
    assert chalk("grade", str(copied.folder / "submitted")).returncode == 0
    with Gradebook(f"sqlite:///{copied.folder / 'gradebook.db'}") as book:
        assert book.find_grade(name, NOTEBOOK, ASSIGNMENT, "carl").score == 1.0


@contextmanager
def formgrader(folder: Path) -> Iterator[str]:
    """Serve the formgrader as the command does; yields its address."""
    command = "from autograder.cli import main; main()"
    served = subprocess.Popen(
        [sys.executable, "-c", command, "formgrader", str(folder), "--no-browser", "--port=0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert served.stderr is not None
    try:
        for line in served.stderr:
            address = re.search(r"http://127\.0\.0\.1:\d+/formgrader\?token=\w+", line)
            if address:
                threading.Thread(target=served.stderr.read, daemon=True).start()
                yield address[0]
                return
        pytest.fail("the formgrader did not start")
    finally:
        served.send_signal(signal.SIGINT)
        served.terminate()
        served.wait(30)


@pytest.mark.browser
def test_the_formgrader_shows_the_class(graded: GradedClass, browser: Browser) -> None:
    with formgrader(graded.folder) as address:
        shown = browser.new_page()
        shown.goto(address)
        shown.wait_for_selector(f"text={ASSIGNMENT}")
        shown.goto(address.replace("/formgrader?", "/formgrader/manage_students?"))
        shown.wait_for_selector("text=blaise")
        row = shown.locator("tr", has_text="blaise").inner_text()
        assert f"{sum(graded.points('blaise').values()):g}" in row


def test_files_and_names_that_are_none_stop_nobody(copied: GradedClass) -> None:
    submitted = copied.folder / "submitted"
    for student in submitted.iterdir():
        if student.name not in ("carl", "dorothy", "ines"):
            shutil.rmtree(student)
    names = ("carl", "dorothy", "ines")
    carl, dorothy, ines = (submitted / name / ASSIGNMENT / f"{NOTEBOOK}.ipynb" for name in names)
    dorothy.unlink()
    dorothy.symlink_to(carl)
    ines.unlink()
    os.mkfifo(ines)
    (submitted / "[bold]" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").mkdir(parents=True)
    (submitted / "thief").symlink_to(submitted / "carl")
    os.makedirs(os.fsencode(submitted) + b"/\xff\xfe/" + ASSIGNMENT.encode())
    done = chalk("grade", str(submitted))
    assert done.returncode == 0, done.stderr
    assert sum(copied.points("carl").values()) > 0
    for student in ("dorothy", "ines", "[bold]"):
        assert set(copied.points(student).values()) == {0}
        assert "is not a file of its own" in page(copied, student)
    assert done.stdout.count("was left out: it is a link, or its name is not text") == 2


def test_a_reply_that_breaks_the_grader_costs_only_its_own_student(copied: GradedClass) -> None:
    submitted = copied.folder / "submitted"
    for student in submitted.iterdir():
        if student.name not in ("ada", "carl"):
            shutil.rmtree(student)
    hostile = submitted / "ada" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(hostile, as_version=4)
    forged = "{'reply': 'TimedOut', 'seconds': 'soon'}"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "scalar-42-answer":
            cell.source = (
                "import autograder.runner.session as S\n"
                f"S.reply_to_message = lambda reply: {forged}\nforty_two = 9"
            )
    nbformat.write(notebook, hostile)
    done = chalk("grade", str(submitted))
    assert done.returncode == 0, done.stderr
    assert copied.points("ada")["scalar-42"] == 0
    assert sum(copied.points("carl").values()) > 0


def test_there_must_be_something_to_grade(tmp_path: Path) -> None:
    with pytest.raises(ChalkError, match="There is no folder"):
        find_submissions(tmp_path / "nowhere", find_project())
    with pytest.raises(ChalkError, match=r"expected as <student>/<assignment>/<notebook>\.ipynb"):
        find_submissions(tmp_path, find_project())


def test_an_assignment_that_the_course_lacks_is_remarked_on(tmp_path: Path) -> None:
    for assignment in (ASSIGNMENT, "9_unknown"):
        (tmp_path / "ada" / assignment).mkdir(parents=True)
    found, remarks = find_submissions(tmp_path, find_project())
    assert [item.place.assignment for item in found] == [ASSIGNMENT]
    assert len(remarks) == 1
    assert "no assignment '9_unknown'" in remarks[0]


def test_a_foreign_gradebook_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "submitted" / "ada" / ASSIGNMENT).mkdir(parents=True)
    (tmp_path / "gradebook.db").write_text("my own notes")
    monkeypatch.setattr(sys, "argv", ["chalk", "grade", str(tmp_path / "submitted")])
    with pytest.raises(SystemExit) as ending:
        main()
    assert ending.value.code == 1
    assert "gradebook.db cannot be used: " in capsys.readouterr().err
    assert (tmp_path / "gradebook.db").read_text() == "my own notes"
