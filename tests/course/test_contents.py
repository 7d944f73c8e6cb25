"""The course teaches all that it sets out to teach: items, objectives, misconceptions."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from autograder.course_table import Lesson, tomllib
from autograder.exercise import Exercise
from autograder.lesson_folder import QUESTION_BANKS, AnyExercise, load_exercises
from autograder.project import find_project
from autograder.releasing.lesson import LessonCell, read_lesson

PROJECT = find_project()
WRITTEN = PROJECT.table().written
CONTENTS = tomllib.loads((PROJECT.course / "items.toml").read_text(encoding="utf-8"))
ITEMS: dict[str, str] = CONTENTS["items"]
CELLS: list[tuple[Lesson, LessonCell]] = [
    (lesson, cell) for lesson in WRITTEN for cell in read_lesson(PROJECT.source(lesson)).cells
]
EXERCISES: dict[str, AnyExercise] = {
    name: item
    for lesson in WRITTEN
    for name, item in load_exercises(PROJECT.lesson_folder(lesson)).items()
}

FEWEST_EXERCISES = 80
FEWEST_EXERCISES_IN_A_LESSON = 3


def test_every_item_is_taught_and_every_item_that_is_taught_is_listed() -> None:
    taught = {item for _, cell in CELLS for item in cell.items}
    missing = [f"{item}: {what}" for item, what in ITEMS.items() if item not in taught]
    assert missing == []
    assert taught - ITEMS.keys() == set()


def test_every_objective_is_measured_by_a_graded_exercise() -> None:
    measured = {item for _, cell in CELLS if cell.role == "answer" for item in cell.items}
    assert [item for item in ITEMS if ".O" in item and item not in measured] == []


def test_every_question_to_oneself_is_asked_and_every_practice_exercise_answered() -> None:
    """Lost, they would be read, and not done."""
    asked = {
        item
        for _, cell in CELLS
        if cell.role in ("answer", "written") or cell.source.startswith(("predict(", "quiz("))
        for item in cell.items
    }
    wanted = [item for item in ITEMS if item.startswith(("S10.Q", "S11.X"))]
    assert [item for item in wanted if item not in asked] == []


def test_the_twelve_misconceptions_are_listed() -> None:
    assert len(CONTENTS["misconception"]) >= 12


@pytest.mark.parametrize("known", CONTENTS["misconception"], ids=lambda known: known["text"])
def test_every_misconception_has_a_hint_of_its_own(known: dict[str, Any]) -> None:
    """Lost, who thinks so would be told only that it is wrong."""
    if "exercise" in known:
        exercise = EXERCISES[known["exercise"]]
        assert isinstance(exercise, Exercise)
        assert known["belief"] in {mistake.belief for mistake in exercise.mistakes}
    else:
        questions = _questions(known["lesson"], known["question"])
        wrong = {
            str(answer): hint for question in questions for answer, hint in question.wrong.items()
        }
        assert wrong[known["answer"]]


def test_there_is_much_to_do_in_the_course_and_in_each_lesson() -> None:
    assert len(EXERCISES) >= FEWEST_EXERCISES
    counted = {lesson.id: len(load_exercises(PROJECT.lesson_folder(lesson))) for lesson in WRITTEN}
    assert {name: n for name, n in counted.items() if n < FEWEST_EXERCISES_IN_A_LESSON} == {}


def test_no_lesson_is_left_to_write() -> None:
    planned = [
        lesson.id for it in PROJECT.table().sections for lesson in it.lessons if lesson.planned
    ]
    assert planned == []


def _questions(lesson: str, name: str) -> tuple[Any, ...]:
    module = importlib.import_module(f"course.{lesson.replace('/', '.')}.questions")
    banks = (getattr(module, bank, {}) for bank in QUESTION_BANKS.values())
    (found,) = (bank[name] for bank in banks if name in bank)
    return found if isinstance(found, tuple) else (found,)
