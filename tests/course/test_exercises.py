"""The gates of every section: right answers pass, and each mistake is told what it deserves."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import torch

from autograder.check import InThisKernel
from autograder.exercise import Exercise, Mistake
from autograder.judge import Limits, judge
from autograder.lesson_folder import Answer, load_exercises, other_answers
from autograder.project import find_project
from autograder.releasing.check_cell import check_call
from autograder.releasing.lesson import LessonText, author_solutions, read_lesson
from autograder.releasing.solution import released
from autograder.verdict import Verdict

PROJECT = find_project()
FOLDERS = [PROJECT.lesson_folder(lesson) for lesson in PROJECT.table().written]
LESSONS = [read_lesson(PROJECT.source(lesson)) for lesson in PROJECT.table().written]
SEED = 20
# A machine that is busy with other tests is no reason to call an answer slow.
PATIENT = Limits(seconds_per_case=20, seconds_per_question=120)


class Cells:
    """The code of one lesson, in which an exercise's answer cell can hold any source."""

    def __init__(self, lesson: LessonText, exercise: str) -> None:
        self._lesson = lesson
        self._exercise = exercise
        call = check_call(lesson.with_role("check")[exercise].source)
        assert call is not None
        self._asked = call[1]

    def answer_with(self, source: str) -> Any:
        """Return what is checked, when `source` stands in the answer cell."""
        names: dict[str, Any] = {}
        for cell in self._lesson.cells:
            if cell.exercise == self._exercise and cell.role == "answer":
                exec(compile(source, f"<answer to {self._exercise}>", "exec"), names)
                break
            # A lesson's setting stands in its imports and functions; the rest only shows things.
            if cell.kind == "code" and cell.role == "plain":
                exec(_definitions(cell.source), names)
        return eval(self._asked, names)


def _definitions(source: str) -> Any:
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree = ast.parse(source)
    tree.body = [statement for statement in tree.body if isinstance(statement, kept)]
    return compile(tree, "<lesson>", "exec")


EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise
    for folder in FOLDERS
    for exercise in load_exercises(folder).values()
    if isinstance(exercise, Exercise)
}
CELLS = {
    exercise: Cells(lesson, exercise)
    for lesson in LESSONS
    for exercise in lesson.with_role("check")
}
ANSWERS = [answer for folder in FOLDERS for answer in other_answers(folder)]


def _judge(exercise: str, answer: object, devices: tuple[str, ...] = ("cpu",)) -> Verdict:
    chosen = EXERCISES[exercise]
    port = InThisKernel(answer, chosen.without)
    return judge(chosen, port, seed=SEED, limits=PATIENT, devices=devices)


def _authors_answer(exercise: str) -> Any:
    (solution,) = [
        solutions[exercise] for solutions in map(author_solutions, LESSONS) if exercise in solutions
    ]
    return CELLS[exercise].answer_with(solution)


def _wrong(verdict: Verdict) -> str:
    """Say what went wrong, for the message of a failing test."""
    return "; ".join(f"{item.question}: {item.sentence}" for item in verdict.questions)


def _named_answers(right: bool) -> list[Any]:
    return [
        pytest.param(answer, id=f"{answer.exercise}-line-{answer.line}")
        for answer in ANSWERS
        if answer.right is right
    ]


def _named_mistakes() -> list[Any]:
    return [
        pytest.param(exercise.id, mistake, id=f"{exercise.id}-{mistake.belief}")
        for exercise in EXERCISES.values()
        for mistake in exercise.mistakes
    ]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_authors_solution_is_right(exercise: str) -> None:
    verdict = _judge(exercise, _authors_answer(exercise))
    assert verdict.right, _wrong(verdict)


@pytest.mark.skipif(
    not torch.cuda.is_available(), reason="no CUDA device here, so nothing is compared on one"
)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_authors_solution_is_right_on_cuda_too(exercise: str) -> None:
    """Lost, a right answer would be wrong for whoever has a GPU."""
    verdict = _judge(exercise, _authors_answer(exercise), devices=("cpu", "cuda"))
    assert verdict.right, _wrong(verdict)


@pytest.mark.parametrize("answer", _named_answers(right=True))
def test_another_right_answer_is_right(answer: Answer) -> None:
    verdict = _judge(answer.exercise, CELLS[answer.exercise].answer_with(answer.source))
    assert verdict.right, _wrong(verdict)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_untouched_stub_is_not_an_answer(exercise: str) -> None:
    (cell,) = [
        lesson.with_role("answer")[exercise]
        for lesson in LESSONS
        if exercise in lesson.with_role("answer")
    ]
    verdict = _judge(exercise, CELLS[exercise].answer_with(released(cell.pieces, "code")))
    assert not verdict.answered, _wrong(verdict)
    assert verdict.points == 0


@pytest.mark.parametrize(("exercise", "mistake"), _named_mistakes())
def test_a_mistake_is_told_its_own_hint(exercise: str, mistake: Mistake) -> None:
    verdict = _judge(exercise, mistake.answer())
    failed = [item for item in verdict.questions if item.outcome != "right"]
    assert failed, "this mistake passes"
    assert failed[0].hint == mistake.hint


@pytest.mark.parametrize("answer", _named_answers(right=False))
def test_a_wrong_answer_as_students_write_it_fails_with_its_hint(answer: Answer) -> None:
    verdict = _judge(answer.exercise, CELLS[answer.exercise].answer_with(answer.source))
    failed = [item for item in verdict.questions if item.outcome != "right"]
    assert failed, "this wrong answer passes"
    assert verdict.answered
    assert failed[0].sentence
    if answer.hint:
        assert failed[0].belief == answer.hint


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_knows_the_mistakes_and_the_ways_of_its_learners(exercise: str) -> None:
    """Fewer, and a wrong answer is told only that it is wrong, or a right one that it is."""
    mine = [answer for answer in ANSWERS if answer.exercise == exercise]
    assert len(EXERCISES[exercise].mistakes) >= 3
    assert sum(answer.right for answer in mine) >= 1
    assert sum(not answer.right for answer in mine) >= 3
