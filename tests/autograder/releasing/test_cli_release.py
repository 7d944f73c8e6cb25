"""`chalk release` says what it did, and says in one sentence what is wrong, with a status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import cli

Chalk = Callable[..., tuple[int, str, str]]


def test_release_then_check(chalk: Chalk) -> None:
    status, out, err = chalk("release", "--check")
    assert (status, out) == (1, "")
    assert "notebooks/1_numbers/2_adding.ipynb is missing." in err
    status, out, err = chalk("release")
    assert (status, err) == (0, "")
    assert "notebooks/1_numbers/2_adding.ipynb written." in out
    assert chalk("release") == (0, "notebooks/ is up to date.\n", "")
    assert chalk("release", "--check") == (0, "notebooks/ agrees with course/.\n", "")


def test_check_says_which_notebook_is_old(small_course: Any, chalk: Chalk) -> None:
    # Without this, CI could not tell that somebody forgot to release.
    chalk("release")
    small_course.change_lesson("Words, and", "More words, and")
    status, out, err = chalk("release", "--check")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "notebooks/1_numbers/2_adding.ipynb is out of date.",
        "`chalk release` brings notebooks/ up to date.",
    ]


def test_a_changed_notebook_is_left_and_said(small_course: Any, chalk: Chalk) -> None:
    chalk("release")
    path = small_course.project.notebooks / "1_numbers" / "2_adding.ipynb"
    path.write_text("mine", encoding="utf-8")
    status, _, err = chalk("release")
    assert status == 1
    assert "2_adding.ipynb was changed since it was released and is left as it is" in err
    assert path.read_text(encoding="utf-8") == "mine"
    assert chalk("release", "--overwrite")[0] == 0
    assert path.read_text(encoding="utf-8") != "mine"


def test_a_foreign_file_is_said_and_no_error(small_course: Any, chalk: Chalk) -> None:
    small_course.write("notebooks/mine.ipynb", "mine")
    status, out, err = chalk("release")
    assert (status, err) == (0, "")
    assert "notebooks/mine.ipynb left alone: release did not make it." in out


def test_nothing_is_written_where_something_is_wrong(small_course: Any, chalk: Chalk) -> None:
    small_course.change_lesson('answer="two"', 'anwser="two"')
    small_course.change("course/welcome/welcome/lesson.py", "# # Welcome", "# Welcome")
    status, out, err = chalk("release")
    assert (status, out) == (1, "")
    assert "course/numbers/adding/lesson.py:23: Unknown key 'anwser'" in err
    assert "course/welcome/welcome/lesson.py:1: The lesson has no title" in err
    assert "Traceback" not in err
    assert not small_course.project.notebooks.exists()


def test_kit(small_course: Any, chalk: Chalk, tmp_path: Path) -> None:
    status, out, err = chalk("release", "--kit", "--through", "welcome")
    assert (status, err) == (0, "")
    assert out == "kit/understanding-tensors is ready for students; it holds 0_welcome.\n"
    kit = small_course.project.root / "kit" / "understanding-tensors"
    assert (kit / "start.py").exists()
    assert not (kit / "course" / "numbers").exists()
    status, _, err = chalk("release", "--kit")
    assert (status, err.count("\n")) == (1, 1)
    assert "kit/understanding-tensors is there already" in err
    assert chalk("release", "--kit", str(tmp_path / "mine.zip"))[0] == 0
    assert chalk("release", "--kit", "--zip")[0] == 0
    assert (small_course.project.root / "kit" / "understanding-tensors.zip").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--zip",), "add --kit"),
        (("somewhere",), "add one"),
        (("--kit", "--check"), "take one"),
        (("--check", "--overwrite"), "take one"),
        (("--solutions", "--kit"), "take one"),
        (("--chekc",), "No such option"),
    ],
)
def test_options_that_do_not_go_together(
    chalk: Chalk, arguments: tuple[str, ...], sentence: str
) -> None:
    status, _, err = chalk("release", *arguments)
    assert status == 2
    assert sentence in err


def test_an_unknown_section_is_one_sentence(chalk: Chalk) -> None:
    status, _, err = chalk("release", "--kit", "--through", "nombers")
    assert (status, err) == (1, "The course has no section 'nombers'; it has welcome, numbers.\n")


def test_ctrl_c_is_one_sentence(chalk: Chalk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "find_project", interrupted)
    status, _, err = chalk("release")
    assert status == 130
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_written_is_one_sentence(small_course: Any, chalk: Chalk) -> None:
    small_course.write("notebooks", "a file where the folder is to be")
    status, _, err = chalk("release")
    assert (status, err.count("\n")) == (1, 1)
    assert "notebooks" in err
