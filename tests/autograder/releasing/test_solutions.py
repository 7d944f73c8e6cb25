"""The solved notebooks are whole, executed, and never where students look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

Chalk = Callable[..., tuple[int, str, str]]


@pytest.fixture
def runnable_course(
    small_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """The small course, which a kernel can import; the grader is the real one."""
    site = tmp_path_factory.mktemp("site")
    (site / "course").symlink_to(small_course.project.course)
    monkeypatch.setenv("PYTHONPATH", str(site))
    return small_course


def test_solutions_are_executed_and_say_full_points(
    runnable_course: Any, chalk: Chalk, tmp_path: Path
) -> None:
    folder = tmp_path / "solved"
    status, out, err = chalk("release", "--solutions", str(folder))
    assert (status, "Keep it from students" in out) == (0, True), err
    notebook = nbformat.read(folder / "1_numbers" / "2_adding.ipynb", as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert "total = a + b" in cells["add-answer"].source
    assert "count the same things" in cells["why"].source
    assert cells["add"].outputs[-1].data["text/plain"] == "3.0"
    assert (folder / "0_welcome" / "1_welcome.ipynb").is_file()
    guide = (folder / "guide.md").read_text(encoding="utf-8")
    assert "- **Add** (`add`): 3 min, difficulty 1, 3 points\n  Learners get wrong here:\n" in guide
    assert "  - Adding is multiplying.\n" in guide
    assert "It counts the same things." in guide  # the rubric
    assert "Because both ways count the same things." in guide  # the model answer
    status, _, err = chalk("release", "--solutions", str(folder))
    assert (status, "is there already" in err) == (1, True)


def test_solutions_stay_out_of_the_students_folder(small_course: Any, chalk: Chalk) -> None:
    status, _, err = chalk("release", "--solutions", "notebooks/solved")
    assert status == 1
    assert err.endswith("solved is in the students' folder; give the solutions another.\n")
    assert not (small_course.project.notebooks / "solved").exists()


def test_a_lesson_that_fails_is_named_and_leaves_nothing(
    runnable_course: Any, chalk: Chalk, tmp_path: Path
) -> None:
    runnable_course.change("course/welcome/welcome/lesson.py", 'print("hello")', "1 / 0")
    status, _, err = chalk("release", "--solutions", str(tmp_path / "solved"))
    assert status == 1
    assert "course/welcome/welcome/lesson.py does not run with its own solutions" in err
    assert "ZeroDivisionError" in err
    assert [path.name for path in tmp_path.iterdir()] == ["project"]
