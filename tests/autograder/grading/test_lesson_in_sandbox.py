"""A lesson that shows widgets and asks in passing is graded in full, and no cell of it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course_table import Lesson as Entry
from autograder.exercise import Exercise
from autograder.grading.grade import GradingSettings, Lesson, grade, grader
from autograder.judge import Limits
from autograder.lesson_folder import load_exercises
from autograder.project import find_project
from autograder.releasing.lesson import author_solutions, read_lesson
from autograder.releasing.master import Master, master_of
from autograder.releasing.notebook import released_notebook
from autograder.runner.reply import Returned

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("sandbox")]

# A machine that is busy with other tests is no reason to call an answer slow.
PATIENT = Limits(cases=8, seconds_per_case=20, seconds_per_question=120)
SETTINGS = GradingSettings(limits=PATIENT, cell_seconds=60)
PROJECT = find_project()


def _master(entry: Entry) -> Master:
    folder = PROJECT.lesson_folder(entry)
    notebook = released_notebook(read_lesson(folder / "lesson.py"), load_exercises(folder))
    return master_of(notebook, assignment=entry.assignment, name=entry.notebook)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in PROJECT.table().written if load_exercises(PROJECT.lesson_folder(entry))],
    ids=lambda entry: entry.id,
)
def test_a_lesson_is_graded_in_full_and_none_of_its_cells_fails(entry: Entry) -> None:
    """Lost, a student would earn nothing because a quiz or a widget cannot be had in there."""
    folder = PROJECT.lesson_folder(entry)
    exercises = load_exercises(folder)
    answers = author_solutions(read_lesson(folder / "lesson.py"))
    lesson = Lesson(_master(entry), exercises)
    with grader(lesson, folder, SETTINGS) as warm:
        graded = grade(warm, answers, seed=1)
        # One that has every library, as the notebook's own kernel has.
        everything = [warm.runners[without] for without in warm.runners if not without]
        with everything[0].session() as session:
            replies = {
                cell.source: session.run(answers.get(cell.exercise or "", cell.source), 30)
                for cell in lesson.master.cells
                if cell.kind == "code" and cell.role != "check"
            }
    worth = {item.id: item.points for item in exercises.values() if isinstance(item, Exercise)}
    assert {verdict.exercise: verdict.points for verdict in graded.verdicts} == worth
    assert {source: reply for source, reply in replies.items() if reply != Returned(None)} == {}


@pytest.mark.parametrize("name", ["predict", "quiz"])
def test_what_a_lesson_asks_in_passing_stays_outside(tmp_path: Path, name: str) -> None:
    """Lost, whoever prints it in an answer would find it in the grader's own folders."""
    from autograder.grading.sandbox import RunnerSettings, runner

    folder = tmp_path / "graphs" / "small"
    folder.mkdir(parents=True)
    (folder / "questions.py").write_text(f"{name} = {{'answer': 42}}\n")
    with runner(RunnerSettings(folder)) as warm, warm.session() as session:
        assert session.run(f"from course.graphs.small.questions import {name}", 10) == Returned(
            None
        )
        assert session.run(f"assert {name}('any') is None", 10) == Returned(None)
