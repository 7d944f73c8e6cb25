"""A sandbox where this machine has one, and a course small enough to read, for all tests here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.errors import Problem, SourceError
from autograder.grading.sandbox import SandboxError, try_sandbox
from autograder.project import Project
from autograder.releasing.lint import SoundLesson, read_sound


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skip, with the reason, where there is no sandbox; in CI that is a failure."""
    try:
        try_sandbox()
    except SandboxError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


TABLE = """\
[[section]]
folder = "welcome"
title = "Welcome"

  [[section.lesson]]
  name = "welcome"
  title = "Welcome"
  minutes = 10
  difficulty = 1

[[section]]
folder = "numbers"
title = "Numbers"

  [[section.lesson]]
  name = "counting"
  title = "Counting"
  minutes = 10
  difficulty = 1
  planned = true

  [[section.lesson]]
  name = "adding"
  title = "Adding"
  minutes = 20
  difficulty = 2
"""

WELCOME = """\
# %% [markdown]
# # Welcome

# %%
print("hello")
"""

# The lines of these texts are counted on by the tests of what the lint says.
ADDING = '''\
# %% [markdown] items="S05.2.T1"
# # Adding
#
# Words, and a formula: $a + b$.

# %%
from course.numbers.adding.exercises import check

# %% answer="add" tags=["wide"]
def add(a, b):
    """Return the sum."""
    ### BEGIN SOLUTION
    total = a + b
    return total
    ### END SOLUTION

# %% check="add"
check("add", add)

# %% [markdown]
# ## Next

# %% answer="two"
### BEGIN SOLUTION
one = 1
two = one + one
### END SOLUTION

# %% check="two"
check("two", two)

# %% [markdown] written="why"
# Why does the order not matter?
#
# ### BEGIN SOLUTION
# Because both ways count the same things.
# ### END SOLUTION
'''

EXERCISES = """\
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks

ADD = Exercise(
    id="add",
    title="Add",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "small numbers",
            inputs=(st.integers(0, 9), st.integers(0, 9)),
            ask=asks.call,
            expect=lambda a, b, device: a + b,
            points=2,
        ),
        Question("zeros", inputs=(st.just(0),) * 2, ask=asks.call, expect=lambda a, b, device: 0),
    ),
    mistakes=(Mistake("Adding is multiplying.", lambda: lambda a, b: a * b, "That multiplies."),),
)
TWO = Exercise("two", "Two", 1, 1, (Question("the number", expect=lambda device: 2),))
WHY = WrittenExercise("why", "Why", 5, 4, rubric="It counts the same things.")

EXERCISES = (ADD, TWO, WHY)
check = checker(EXERCISES)
"""

ANSWERS = """\
# %%
# What the lesson has made before.

# %% right="add"
def add(a, b):
    return sum((a, b))

# %% wrong="add" hint="Adding is multiplying."
def add(a, b):
    return a * b
"""

# What a kit needs besides the course.
OTHER_FILES = {
    "start.py": "print('start')\n",
    "pyproject.toml": "[project]\n",
    "environment.yml": "name: understanding-tensors\n",
    "LICENSE": "BSD\n",
    "src/chalkgrad/__init__.py": '"""An engine."""\n',
    "autograder/__init__.py": '"""A grader."""\n',
}


@dataclass(frozen=True)
class SmallCourse:
    """A project on the disk, and short ways to change it."""

    project: Project

    @property
    def lesson(self) -> Path:
        return self.project.course / "numbers" / "adding" / "lesson.py"

    def write(self, name: str, text: str) -> Path:
        path = self.project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        path = self.project.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is to stand once in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def change_lesson(self, old: str, new: str) -> None:
        self.change("course/numbers/adding/lesson.py", old, new)

    def read(self) -> tuple[SoundLesson, ...]:
        return read_sound(self.project, self.project.table())

    def problems(self) -> tuple[Problem, ...]:
        try:
            self.read()
        except SourceError as error:
            return error.problems
        return ()


@pytest.fixture
def small_course(tmp_path: Path) -> SmallCourse:
    """A project with a welcome lesson and a section on numbers, in which nothing is wrong."""
    course = SmallCourse(Project(tmp_path / "project"))
    files = {
        "course/__init__.py": "",
        "course/course.toml": TABLE,
        "course/glossary.md": "# Glossary\n",
        "course/welcome/__init__.py": "",
        "course/welcome/welcome/__init__.py": "",
        "course/welcome/welcome/lesson.py": WELCOME,
        "course/numbers/__init__.py": "",
        "course/numbers/adding/__init__.py": "",
        "course/numbers/adding/lesson.py": ADDING,
        "course/numbers/adding/exercises.py": EXERCISES,
        "course/numbers/adding/answers.py": ANSWERS,
        **OTHER_FILES,
    }
    for name, text in files.items():
        course.write(name, text)
    return course


@pytest.fixture
def chalk(
    small_course: SmallCourse,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    """A function that runs the chalk command in the small course: status, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(small_course.project.root)
        monkeypatch.setattr("sys.argv", ["chalk", *arguments])
        try:
            main()
        except SystemExit as ending:
            status = ending.code or 0
        else:
            status = 0
        assert isinstance(status, int)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
