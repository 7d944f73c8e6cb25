"""Every operation that chalkgrad has agrees with torch on torch's own samples of it.

What would be lost: an argument nobody here thought of, a shape of size zero, a gradient for an
input that is an expanded view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import parity_report
import pytest
import torch
from op_samples import Operation, for_chalkgrad, supported, supported_names
from parity_exceptions import EXCEPTIONS, UNDETERMINED, ParityException
from parity_page import PAGE, page
from parity_report import Report, refusals, report, unneeded

import chalkgrad

MOST_SHOWN = 5


@cache
def report_of(name: str) -> Report:
    return report(supported()[name])


@pytest.mark.parametrize("name", supported())
def test_samples_agree(name: str) -> None:
    failures = report_of(name).failures
    shown = "\n".join(map(str, failures[:MOST_SHOWN]))
    assert not failures, f"{len(failures)} differ, such as\n{shown}"
    assert unneeded(report_of(name)) == [], "these exceptions except nothing any more"


def test_exceptions_are_for_operations_that_are_compared() -> None:
    assert {name for row in EXCEPTIONS for name in row.operations} <= supported().keys()
    assert {*UNDETERMINED} <= supported().keys()


def test_no_operation_is_all_exceptions() -> None:
    for short in {name.partition(" ")[0] for row in EXCEPTIONS for name in row.operations}:
        variants = [report_of(name) for name in supported() if name.partition(" ")[0] == short]
        assert any(each.excepted("float64") < each.compared["float64"] for each in variants), short


def test_an_exception_covers_its_samples_only_and_may_not_outlive_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = ParityException(
        ("exp",),
        "A reason.",
        ("float64", "float32"),
        "not close",
        "scalars",
        lambda sample: sample.input.ndim == 0,
    )
    monkeypatch.setattr(parity_report, "EXCEPTIONS", (row,))
    right = supported()["exp"]
    assert unneeded(report(right)) == ["float64: A reason.", "float32: A reason."]
    wrong = report(replace(right, in_chalkgrad=lambda x: x.exp() + 1e-3))
    assert unneeded(wrong) == []
    assert wrong.excepted("float64") == 1
    assert wrong.failed("float64") == 1  # the one that is neither empty nor a scalar
    otherwise = report(replace(right, in_chalkgrad=lambda x: x.exp()[None]))
    assert otherwise.excepted("float64") == 0


def test_a_sample_keeps_its_strides_and_what_it_shares() -> None:
    x = torch.arange(12.0).reshape(3, 4)[:, ::2].T.requires_grad_()
    one, two = for_chalkgrad([x, (x,)])
    assert one is two[0]
    assert tuple(one.stride()) == x.stride() != x.contiguous().stride()
    assert one.tolist() == x.tolist()
    assert one.requires_grad
    one.detach().mul_(2)
    assert x.tolist() == [[0.0, 4.0, 8.0], [2.0, 6.0, 10.0]]


def test_at_least_110_operations_are_compared() -> None:
    assert len(supported_names() - {*UNDETERMINED}) >= 110


def test_what_torch_refuses_raises_the_same_type() -> None:
    found = [refusals(operation) for operation in supported().values()]
    different = [f"{sample}: {errors}" for each in found for sample, errors in each.different]
    total = sum(each.total for each in found)
    assert total > 100
    assert len(different) <= 0.1 * total, "\n".join(different)


def test_the_page_is_up_to_date() -> None:
    expected = page([report_of(name) for name in supported()])
    assert PAGE.read_text(encoding="utf-8") == expected, "python tests/chalkgrad/parity --write"


def _straight(x: Any) -> Any:
    """Give the value and the slope of sin, but none of its curvature."""
    return x.sin().detach() + (x - x.detach()) * x.cos().detach()


WRONG: dict[str, tuple[Callable[[Any], Any], str]] = {
    "value": (lambda x: x.sin() + 1e-3, "float64"),
    "dtype": (lambda x: x.sin().float(), "float64"),
    "shape": (lambda x: x.sin()[None], "float64"),
    "not a tensor": (lambda x: x.sin().detach().numpy(), "float64"),
    "no gradient": (lambda x: x.sin().detach(), "gradient"),
    "in float32 only": (lambda x: x.sin() + (str(x.dtype) == "torch.float32"), "float32"),
    "gradient": (lambda x: x.sin().detach() + x - x.detach(), "gradient"),
    "second derivative": (_straight, "second derivative"),
    "tangent": (lambda x: x.sin().detach() + x - x.detach(), "jvp"),
    "an error": (lambda x: x.no_such_method(), "float64"),
}


@pytest.mark.parametrize(("function", "column"), WRONG.values(), ids=WRONG)
def test_a_wrong_operation_is_noticed(function: Callable[[Any], Any], column: str) -> None:
    found = report(replace(supported()["sin"], in_chalkgrad=function))
    assert found.failed(column)
    assert column == "float64" or not found.failed("float64")
    assert column != "second derivative" or not found.failed("gradient")


@pytest.mark.parametrize("error", [None, TypeError])
def test_another_error_is_noticed(error: type[Exception] | None) -> None:
    def refuse(*arguments: Any, **named: Any) -> None:
        if error is not None:
            raise error("no")

    dot: Operation = supported()["dot"]
    assert refusals(dot).different == ()
    assert refusals(replace(dot, in_chalkgrad=refuse)).same == 0


def test_random_numbers_are_compared() -> None:
    right = supported()["randint"]
    assert not report(right).failures
    wrong = replace(
        right,
        in_chalkgrad=lambda *shape, **named: chalkgrad.zeros_like(
            right.in_chalkgrad(*shape, **named)
        ),
    )
    assert report(wrong).failed("float64")
