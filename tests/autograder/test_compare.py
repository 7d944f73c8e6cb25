"""Two pieces of plain data agree exactly when torch says so; what differs is said in a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.compare import difference
from autograder.exercise import Agreement
from autograder.runner.plain import Opaque, PlainTensor, to_plain

EXACTLY_AS_TORCH = Agreement()


def say(expected: Any, got: Any, agreement: Agreement = EXACTLY_AS_TORCH) -> str | None:
    found = difference(to_plain(expected), to_plain(got), agreement)
    return None if found is None else f"{found.aspect}: {found.sentence}"


@given(
    st.sampled_from([torch.float16, torch.float32, torch.float64, torch.int64]),
    st.lists(st.integers(-1000, 1000), max_size=4),
    st.sampled_from([0.0, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1.0]),
)
def test_tolerances_are_those_of_torch(dtype: Any, values: list[int], nudge: float) -> None:
    expected = torch.tensor(values, dtype=torch.float64)
    got = (expected * (1 + nudge)).to(dtype)
    expected = expected.to(dtype)
    try:
        torch.testing.assert_close(got, expected)
        close = True
    except AssertionError:
        close = False
    assert (say(expected, got) is None) == close


@pytest.mark.parametrize(
    ("expected", "got", "sentence"),
    [
        (14.0, "14", "type: Expected a number, got the text '14'. Write the number without"),
        (14.0, None, "type: Expected a number, got None. Is a `return` missing"),
        (14.0, True, "type: Expected a number, got the truth value True."),
        (14.0, torch.tensor(14.0), "type: Expected a number, got a torch tensor. `.item()`"),
        (14.0, 28.0, "value: Expected 14.0, got 28.0."),
        (torch.tensor(14.0), 14.0, "type: Expected a torch tensor, got the number 14.0. Keep"),
        (torch.ones(2), np.ones(2), "type: Expected a torch tensor, got a NumPy array. Make"),
        (
            torch.ones(2),
            torch.ones(2).double(),
            "dtype: Expected dtype float32, got dtype float64.",
        ),
        (torch.ones(2), torch.ones(2, 1), "shape: Expected shape [2], got shape [2, 1]."),
        (torch.ones(2), torch.tensor([1.0, 2.0]), "value: At [1]: expected 1.0, got 2.0 (1 of 2"),
        ([1, 2], [1], "value: Expected 2 items, got 1."),
        ([1, 2], (1, 3), "value: At [1]: expected 2, got 3."),
        ({"a": 1}, {"b": 1}, "value: Expected the entries ['a'], got ['b']."),
        ({"a": [1]}, {"a": [2]}, "value: At a[0]: expected 1, got 2."),
        ("add", "mul", "value: Expected 'add', got 'mul'."),
        (True, 1, "type: Expected the truth value True, got the number 1."),
    ],
)
def test_each_difference_has_its_own_sentence(expected: Any, got: Any, sentence: str) -> None:
    assert (say(expected, got) or "").startswith(sentence)


@pytest.mark.parametrize(
    ("expected", "got"),
    [(14.0, 14), (float("nan"), float("nan")), (torch.tensor(float("inf")),) * 2, ([1], (1.0,))],
)
def test_what_a_reader_would_call_the_same_agrees(expected: Any, got: Any) -> None:
    assert say(expected, got) is None


def test_a_tensor_on_the_wrong_device_is_told_so() -> None:
    values = np.ones(2, np.float32)
    expected = PlainTensor("torch", "float32", "cuda", values)
    got = PlainTensor("torch", "float32", "cpu", values)
    found = difference(expected, got, EXACTLY_AS_TORCH)
    assert found is not None
    assert found.aspect == "device"
    assert "'cuda'" in found.sentence


def test_digits_that_differ_but_are_not_shown_are_shown_then() -> None:
    assert say(0.1, 0.1000000001, Agreement(relative=0, absolute=0)) == (
        "value: Expected 0.1, got 0.1000000001."
    )


def test_an_author_may_ask_for_less_or_more() -> None:
    assert say(torch.ones(2), torch.ones(2).double(), Agreement(dtype=False)) is None
    assert say(1.0, 1.004, Agreement(relative=0, absolute=0.01)) is None
    assert say(1.0, 1.0 + 1e-9, Agreement(relative=1e-12, absolute=0)) is not None


def test_an_object_that_is_not_plain_is_named() -> None:
    found = difference(1.0, Opaque("Banana"), EXACTLY_AS_TORCH)
    assert found is not None
    assert "an object of type Banana" in found.sentence
