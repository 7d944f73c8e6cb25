"""Lessons begin with what earlier sections have finished: these steps are found, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.thread import steps_needed


@pytest.fixture
def thread(tmp_path: Path) -> Path:
    """Three steps, of which the last builds on the one before."""
    for step, text in {
        "one": "",
        "two": "",
        "three": "from course.my_tensor import two\n",
    }.items():
        (tmp_path / f"{step}.py").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "steps"),
    [
        ("course.my_tensor.one", {"one"}),
        ("course.my_tensor.one.MyTensor", {"one"}),
        ("course.my_tensor.three", {"two", "three"}),
        ("course.my_tensor.four", set()),
        ("course.my_tensor", set()),
        ("torch.one", set()),
    ],
)
def test_a_step_is_found_with_what_it_builds_on(thread: Path, module: str, steps: set[str]) -> None:
    assert steps_needed([module], thread) == steps
