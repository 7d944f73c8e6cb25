"""Graded from outside, right answers earn; wrong, hostile and endless ones do not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.exercise import Exercise
from autograder.grading.grade import GradedNotebook, Grader, GradingSettings, Lesson, grade, grader
from autograder.judge import Limits
from autograder.lesson_folder import load_exercises
from autograder.releasing.lesson import read_lesson
from autograder.releasing.master import master_of
from autograder.releasing.notebook import released_notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("sandbox")]

LESSON = '''\
# %% [markdown]
# # Squares

# %%
import torch

from course.small.squares.exercises import check

factor = 3

# %% answer="area"
area = 0
### BEGIN SOLUTION
area = 4 * 4
### END SOLUTION

# %% check="area"
check("area", area)

# %% answer="slope"
def slope(x):
    """Return the slope of factor * x**2 at the tensor x."""
    ### BEGIN SOLUTION
    leaf = x.clone().requires_grad_()
    (factor * leaf**2).backward()
    return leaf.grad
    ### END SOLUTION

# %% check="slope"
check("slope", slope)

# %%
factor = None  # a later cell may use the name for something else

# %% answer="by-hand"
def by_hand(x):
    ### BEGIN SOLUTION
    return 6 * x
    ### END SOLUTION

# %% check="by-hand"
check("by-hand", by_hand)
'''

EXERCISES = """\
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Exercise, Question
from autograder.runner import asks

NUMBERS = (st.integers(-9, 9).map(float),)


def expected(x, device):
    at = torch.tensor(x, device=device)
    return torch.func.grad(lambda at: 3 * at**2)(at)


EXERCISES = (
    Exercise("area", "Area", 1, 1, (
        Question("value", ask=asks.number, expect=lambda device: 4 * 4),
    )),
    Exercise("slope", "Slope", 1, 1, (
        Question("anywhere", ask=asks.call_with_tensors, inputs=NUMBERS, expect=expected, points=3),
    )),
    Exercise("by-hand", "By hand", 1, 2, (
        Question("anywhere", ask=asks.call, inputs=NUMBERS, points=2,
                 expect=lambda x, device: expected(x, device).item()),
    ), without=frozenset({"torch"})),
)
check = checker(EXERCISES)
"""

RIGHT = {
    "area": "area = 16",
    "slope": "def slope(x):\n    return 6 * x",
    "by-hand": "def by_hand(x):\n    return x * 6",
}
QUICK = GradingSettings(limits=Limits(cases=8, seconds_per_case=0.5), cell_seconds=1.0)


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course") / "small" / "squares"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text(LESSON)
    (folder / "exercises.py").write_text(EXERCISES)
    return folder


@pytest.fixture(scope="module")
def warm(section: Path) -> Iterator[Grader]:
    exercises = load_exercises(section)
    notebook = released_notebook(read_lesson(section / "lesson.py"), exercises)
    master = master_of(notebook, assignment="0_small", name="1_squares")
    with grader(Lesson(master, exercises), section, QUICK) as warm:
        yield warm


def points(graded: GradedNotebook) -> dict[str, int]:
    return {verdict.exercise: verdict.points for verdict in graded.verdicts}


FULL = {"area": 1, "slope": 3, "by-hand": 2}


def test_right_answers_earn_every_point(warm: Grader) -> None:
    graded = grade(warm, RIGHT, seed=1)
    assert points(graded) == FULL
    assert graded.remarks == ()
    assert graded.locked


def test_an_untouched_notebook_earns_nothing_and_is_called_not_answered(warm: Grader) -> None:
    graded = grade(warm, {}, seed=1)
    assert graded.points == 0
    assert [verdict.answered for verdict in graded.verdicts] == [False, False, False]


@pytest.mark.parametrize("exercise", RIGHT)
def test_an_answer_that_never_ends_costs_only_its_own_points(warm: Grader, exercise: str) -> None:
    graded = grade(warm, {**RIGHT, exercise: "while True: pass"}, seed=1)
    assert points(graded) == {**FULL, exercise: 0}
    verdict = next(verdict for verdict in graded.verdicts if verdict.exercise == exercise)
    assert verdict.questions[0].outcome == "too slow"
    assert any(exercise in remark for remark in graded.remarks)


@pytest.mark.parametrize("ending", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_an_answer_that_ends_its_process_costs_only_its_own_points(
    warm: Grader, ending: str
) -> None:
    hostile = f"def slope(x):\n    {ending}\n    while True: pass"
    assert points(grade(warm, {**RIGHT, "slope": hostile}, seed=1)) == {**FULL, "slope": 0}


def test_a_cell_that_raises_is_told_rather_than_what_follows_from_it(warm: Grader) -> None:
    graded = grade(warm, {**RIGHT, "slope": "def slope(x)\n    return x"}, seed=1)
    assert points(graded) == {**FULL, "slope": 0}
    question = graded.verdicts[1].questions[0]
    assert question.outcome == "raised"
    assert question.sentence.startswith("Your code raised SyntaxError: expected ':'")


CHEATS = {
    "equal to everything": (
        "class Any(float):\n    __eq__ = lambda *_: True\n    __hash__ = None\narea = Any(3)"
    ),
    "patched check": (
        "import course.small.squares.exercises as e\ne.check = lambda *_: 1.0\narea = 'checked'"
    ),
    "patched grader": (
        "import autograder.runner.session as s\n"
        "s.put_question = lambda *_: s.Returned(16)\narea = None"
    ),
    "patched conversion": (
        "import autograder.runner.asking as a\na.to_plain = lambda _: True\narea = 17"
    ),
    "displayhook": "import sys; sys.displayhook(4.0); area = 1",
    "transformed cells": (
        "import ast\nclass T(ast.NodeTransformer):\n"
        "    def visit_Name(self, node): return ast.Constant(16)\n"
        "get_ipython().ast_transformers.append(T())\narea = 2"
    ),
    "patched torch": "import torch\ntorch.allclose = torch.equal = lambda *_: True\narea = 0",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_earns_no_more_than_its_answer(warm: Grader, cheat: str) -> None:
    graded = grade(warm, {"area": CHEATS[cheat]}, seed=1)
    # "patched grader" may send what it likes: all it can send is an answer.
    allowed = 1 if cheat == "patched grader" else 0
    assert points(graded)["area"] <= allowed
    assert graded.points <= allowed


def test_torch_smuggled_into_a_from_scratch_answer_earns_nothing(warm: Grader) -> None:
    smuggled = (
        "def by_hand(x):\n    import importlib\n    torch = importlib.import_module('torch')\n"
        "    return torch.tensor(6 * x).item()"
    )
    graded = grade(warm, {**RIGHT, "by-hand": smuggled}, seed=1)
    assert points(graded) == {**FULL, "by-hand": 0}
    assert "to be done without torch" in graded.verdicts[2].questions[0].sentence


def test_hard_coded_answers_meet_other_questions(warm: Grader) -> None:
    learned = grade(warm, {**RIGHT, "slope": "def slope(x):\n    return x * 0"}, seed=1)
    case = learned.verdicts[1].questions[0].case
    assert case is not None
    coded = f"def slope(x):\n    return x * 0 + ({case.expected.removeprefix('tensor')})"
    assert points(grade(warm, {**RIGHT, "slope": coded}, seed=2))["slope"] == 0


def test_the_same_seed_gives_the_same_verdicts(warm: Grader) -> None:
    answers = {**RIGHT, "slope": "def slope(x):\n    return 6 * x + (x > 3)"}
    first, second = (grade(warm, answers, seed=7) for _ in range(2))
    assert first.verdicts == second.verdicts


def test_the_notebook_and_the_grader_say_the_same(warm: Grader, section: Path) -> None:
    from autograder.check import InThisKernel
    from autograder.judge import judge

    exercise = load_exercises(section)["slope"]
    assert isinstance(exercise, Exercise)
    source = "def slope(x):\n    return x + 1"
    namespace: dict[str, object] = {}
    exec(source, namespace)
    in_notebook = judge(exercise, InThisKernel(namespace["slope"]), seed=3, limits=QUICK.limits)
    graded = grade(warm, {**RIGHT, "slope": source}, seed=3).verdicts[1]
    assert in_notebook == graded


def test_a_submission_has_only_so_much_time(warm: Grader) -> None:
    hurried = replace(warm, settings=replace(QUICK, submission_seconds=0.0))
    graded = grade(hurried, RIGHT, seed=1)
    assert graded.points == 0
    assert graded.verdicts[0].questions[0].outcome == "too slow"


def test_without_the_lock_the_record_says_so(warm: Grader, section: Path) -> None:
    settings = replace(QUICK, locked=False)
    with grader(warm.lesson, section, settings) as unlocked:
        graded = grade(unlocked, RIGHT, seed=1)
    assert points(graded) == FULL
    assert not graded.locked
    assert os.path.exists(section / "exercises.py")
