"""The first cell of the course must not say OK where a lesson would fail, nor scare for nothing."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest
import torch

from autograder.setup_check import (
    Item,
    SetupReport,
    check_setup,
    device_items,
    engines_item,
    package_items,
    python_item,
)


def test_this_machine_on_which_the_tests_run_is_right() -> None:
    report = check_setup()
    assert report.advice == ()
    assert repr(report).endswith("OK")
    assert "OK" in report._repr_html_()


def test_what_the_course_is_pinned_to_is_what_is_looked_for() -> None:
    found = {item.name: item.found for item in package_items(_requirements("course"))}
    assert found["torch"] == torch.__version__


def test_a_missing_package_is_told_with_what_to_do() -> None:
    (item,) = package_items(['no-such-package==1.0; extra == "course"'])
    assert item.found == "missing"
    assert "no-such-package is missing" in item.advice
    assert "start.py" in item.advice


def test_another_version_is_told_with_both_numbers() -> None:
    (item,) = package_items(['numpy==0.1; extra == "course"'])
    assert metadata.version("numpy") in item.advice
    assert "0.1" in item.advice


def test_a_build_for_this_machine_is_the_version_that_is_asked_for() -> None:
    public = torch.__version__.partition("+")[0]
    (item,) = package_items([f'torch=={public}; extra == "course"'])
    assert item.advice == ""


def test_what_only_developers_need_is_not_asked_of_students() -> None:
    assert list(package_items(['no-such-package==1.0; extra == "development"'])) == []


def test_too_old_a_python_is_told() -> None:
    assert "3.10 or newer" in python_item((3, 9, 18)).advice
    assert python_item(tuple(sys.version_info[:3])).advice == ""


def test_an_engine_that_fails_is_told_and_does_not_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chalkgrad", None)  # how Python says: cannot be imported
    item = engines_item()
    assert "chalkgrad" in item.advice
    assert "start.py" in item.advice


def test_the_gpu_is_called_missing_exactly_where_torch_sees_none() -> None:
    found = {item.name: item.found for item in device_items()}
    assert ("none here" in found["device cuda"]) is not torch.cuda.is_available()


def test_what_is_wrong_stands_in_words_and_not_only_in_a_mark() -> None:
    report = SetupReport((Item("torch", "<missing>", "torch is missing: install it."),))
    assert "torch is missing: install it." in report._repr_html_()
    assert "&lt;missing&gt;" in report._repr_html_()
    assert "OK" not in repr(report)


def _requirements(extra: str) -> list[str]:
    return [text for text in metadata.requires("understanding-tensors") or () if extra in text]
