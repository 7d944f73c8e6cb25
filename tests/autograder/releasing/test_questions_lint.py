"""What a lesson asks in passing is there, and what is there is asked; else release says where."""

from __future__ import annotations

from typing import Any

import pytest

QUESTIONS = """\
QUIZZES = {
    "sums": (),
}
PREDICTIONS = {
    "order": (),
}
"""
IMPORT = "from course.numbers.adding.exercises import check\n"
ASKING = f"{IMPORT}from course.numbers.adding.questions import predict, quiz\n"
ASKED = '# ## Next\n\n# %%\npredict("order")\n\n# %%\nquiz("sums")\n'


@pytest.fixture
def asking_course(small_course: Any) -> Any:
    """The small course, whose lesson asks one prediction and one quiz."""
    small_course.write("course/numbers/adding/questions.py", QUESTIONS)
    small_course.change_lesson(IMPORT, ASKING)
    small_course.change_lesson("# ## Next\n", ASKED)
    return small_course


def test_questions_that_are_asked_and_there_are_no_problem(asking_course: Any) -> None:
    assert asking_course.problems() == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ('quiz("sums")', 'quiz("sum")', "lesson.py:28", "There is no quiz 'sum' in"),
        ('predict("order")', 'predict("sums")', "lesson.py:25", "There is no prediction 'sums' in"),
        ('quiz("sums")', 'quiz("su" "m" + "s")', "lesson.py:28", "Write the id itself, as in"),
        ('quiz("sums")', "quiz()", "lesson.py:28", "Write the id itself"),
        ('quiz("sums")', "1", "questions.py:2", "does not ask the quiz 'sums'; ask"),
        ('predict("order")', "1", "questions.py:5", "does not ask the prediction 'order'"),
    ],
)  # fmt: skip
def test_a_question_that_is_not_there_or_not_asked_is_named(
    asking_course: Any, old: str, new: str, place: str, sentence: str
) -> None:
    """Lost, a student would meet a ValueError where a question should be."""
    asking_course.change_lesson(old, new)
    problems = list(map(str, asking_course.problems()))
    assert [text for text in problems if f"{place}: " in text and sentence in text], problems


def test_a_function_of_the_lessons_own_is_no_question(small_course: Any) -> None:
    """Lost, a lesson on models could not call one of its functions `predict`."""
    small_course.change_lesson("# ## Next\n", "# ## Next\n\n# %%\npredict = print\npredict(1)\n")
    assert small_course.problems() == ()


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("import no_such_module\n", 1, "It cannot be imported: ModuleNotFoundError"),
        ("QUIZZES = [1]\nPREDICTIONS = {}\n", 1, "QUIZZES is to be a dictionary of questions"),
    ],
)
def test_questions_that_cannot_be_used_are_named(
    asking_course: Any, text: str, line: int, sentence: str
) -> None:
    path = asking_course.write("course/numbers/adding/questions.py", text)
    (problem,) = asking_course.problems()
    assert (problem.path, problem.line) == (path, line)
    assert sentence in problem.sentence


def test_an_id_of_another_section_is_named(asking_course: Any) -> None:
    """Lost, the answers to the one would be taken for answers to the other."""
    asking_course.write("course/welcome/welcome/questions.py", 'QUIZZES = {"sums": ()}\n')
    asking_course.change(
        "course/welcome/welcome/lesson.py",
        'print("hello")',
        'from course.welcome.welcome.questions import quiz\n\nquiz("sums")',
    )
    (problem,) = asking_course.problems()
    assert "questions.py has a quiz 'sums' too" in problem.sentence
