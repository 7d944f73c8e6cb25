"""What a learner has done is remembered, and told as plain data; a check never fails for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.check import checker
from autograder.exercise import Exercise, Question
from autograder.progress import course_progress
from autograder.records import best_outcomes, records_path, remember
from autograder.runner import asks
from autograder.verdict import QuestionVerdict, Verdict


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the records of one test."""
    monkeypatch.setenv("CHALK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def verdict(exercise: str, points: int, worth: int = 3, *, answered: bool = True) -> Verdict:
    outcome = "right" if points == worth else "wrong" if answered else "not answered"
    question = QuestionVerdict("q", outcome, points, worth, cases=1)
    return Verdict(exercise, "An exercise", (question,), devices=())


def points_of(lesson: str, exercise: str) -> tuple[int, bool]:
    best = best_outcomes()[lesson, exercise]
    return best.points, best.right


def test_the_best_outcome_counts_and_only_a_better_one_is_written() -> None:
    """A later slip must not take away what was reached, and the file must not grow by each try."""
    for points in (0, 2, 1, 3, 0, 3):
        assert remember("numbers/adding", verdict("add", points)) == ""
    remember("numbers/adding", verdict("two", 0, answered=False))
    remember("letters/reading", verdict("add", 1))
    assert points_of("numbers/adding", "add") == (3, True)
    assert points_of("letters/reading", "add") == (1, False)
    assert ("numbers/adding", "two") not in best_outcomes()
    assert len([line for line in records_path().read_text().splitlines() if line]) == 4


def test_a_line_that_makes_no_sense_costs_no_other() -> None:
    """A machine that went down while a line was written must not cost the whole record."""
    remember("numbers/adding", verdict("add", 3))
    with records_path().open("a", encoding="utf-8") as stream:
        stream.write('[1]\n{"lesson": "numbers/adding"}\n{"lesson": "numbers/adding", "exer')
    remember("numbers/adding", verdict("two", 1))
    assert points_of("numbers/adding", "add") == (3, True)
    assert points_of("numbers/adding", "two") == (1, False)


def lesson_check(module: str) -> Callable[[str, object], Any]:
    """A `check` as the module of that name makes it."""
    question = Question("the number", expect=lambda device: 2, ask=asks.number)
    names: dict[str, Any] = {"__name__": module, "checker": checker}
    names["EXERCISES"] = (Exercise("two", "Two", 1, 1, (question,)),)
    exec("check = checker(EXERCISES)", names)
    return names["check"]


def test_a_lessons_check_is_remembered_and_no_other() -> None:
    """Another lesson may use that id for a question, and a trial is nobody's progress."""
    lesson_check("trial")("two", 2)
    assert best_outcomes() == {}
    lesson_check("course.numbers.adding.exercises")("two", 2)
    assert points_of("numbers/adding", "two") == (1, True)


def test_where_nothing_can_be_noted_the_check_stands_and_says_so_once(home: Path) -> None:
    """A home that is read-only is no reason to leave a learner without a reply."""
    home.write_text("a file where the folder should be")
    check = lesson_check("course.numbers.adding.exercises")
    first, second = check("two", 2), check("two", 2)
    assert repr(first) == repr(second) == "1.0"
    assert first.remark.startswith("Your progress cannot be noted in ")
    assert first.remark in first._repr_mimebundle_()["text/html"]
    assert second.remark == ""


def test_progress_is_read_from_the_notebooks_and_the_records(
    small_course: Any, chalk: Callable[..., Any]
) -> None:
    """What a learner has are notebooks: what they ask for is what there is to do."""
    assert chalk("release")[0] == 0
    remember("numbers/adding", verdict("add", 2))
    remember("numbers/adding", verdict("two", 1, 1))
    found = course_progress(small_course.project.root / "notebooks" / "1_numbers")
    assert found["trouble"] == ""
    assert [lesson["id"] for lesson in found["lessons"]] == ["welcome/welcome", "numbers/adding"]
    lesson = found["lessons"][1]
    assert (lesson["title"], lesson["section"]) == ("Adding", "Numbers")
    assert lesson["notebook"] == "notebooks/1_numbers/2_adding.ipynb"
    assert lesson["exercises"] == [
        {
            "id": "add",
            "title": "Adding",
            "cell": "add-answer",
            "points": 2,
            "of": 3,
            "state": "part",
        },
        {
            "id": "two",
            "title": "Next",
            "cell": "two-answer",
            "points": 1,
            "of": 1,
            "state": "right",
        },
        {"id": "why", "title": "Next", "cell": "why", "points": 0, "of": 4, "state": "words"},
    ]
    json.dumps(found)
    # A notebook that somebody has spoilt has no exercises to show, and the others still have.
    (small_course.project.root / lesson["notebook"]).write_text("{")
    assert course_progress(small_course.project.root)["lessons"][1]["exercises"] == []
