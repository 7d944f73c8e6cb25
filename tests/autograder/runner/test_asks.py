"""What the shared asks make of an answer: plain data, or a sentence that a student can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import seaborn
import torch
from matplotlib import pyplot

from autograder.runner import asks
from autograder.runner.asks import NotAskable


def test_a_tensor_is_described_by_what_it_is_in_a_graph() -> None:
    leaf = torch.tensor(2.0, requires_grad=True)
    result = leaf * 3
    assert asks.description(leaf, device="cpu") == {
        "value": leaf,
        "requires_grad": True,
        "is_leaf": True,
    }
    assert asks.description(result, device="cpu")["is_leaf"] is False
    with pytest.raises(NotAskable, match="Expected a tensor, got 2"):
        asks.description(2, device="cpu")


def test_edges_are_the_same_in_any_order_and_twice_is_twice() -> None:
    one = asks.edges([("x", "*"), ("x", "*"), ("*", "y")], device="cpu")
    other = asks.edges((["*", " y"], ("x", "*"), ("x", "*")), device="cpu")
    assert one == other == ["* -> y", "x -> *", "x -> *"]
    assert asks.edges([("x", "*"), ("*", "y")], device="cpu") != one


@pytest.mark.parametrize("answer", ["x -> y", [("x", "y", "z")], [("x", 1)], 3])
def test_what_is_no_list_of_pairs_is_told_so(answer: Any) -> None:
    with pytest.raises(NotAskable, match="list of pairs of names"):
        asks.edges(answer, device="cpu")


def test_names_are_a_set() -> None:
    assert asks.names(["B", " a", "b"], device="cpu") == ["a", "b"]
    with pytest.raises(NotAskable, match="list of texts"):
        asks.names([1], device="cpu")


def test_an_outcome_is_a_result_or_an_error() -> None:
    assert asks.outcome(lambda x: x + 1, 2, device="cpu") == {"returns": 3}
    raised = asks.outcome(lambda: torch.tensor(1.0).backward(), device="cpu")
    assert raised["raises"] == "RuntimeError"
    assert raised["says"].startswith("element 0 of tensors does not require grad")


def _with_pyplot(x: Any) -> None:
    pyplot.plot(x, x**2)
    pyplot.axhline(0)
    pyplot.xlabel("x")
    pyplot.ylabel("height")


def _with_axes(x: Any) -> Any:
    _, axes = pyplot.subplots()
    axes.plot(x, x**2)
    axes.set(xlabel="x", ylabel="height")
    return axes


def _with_seaborn(x: Any) -> Any:
    return seaborn.lineplot(x=x, y=x**2).set(xlabel="x", ylabel="height")


@pytest.mark.parametrize("answer", [_with_pyplot, _with_axes, _with_seaborn])
def test_what_is_drawn_is_read_from_the_axes_and_no_figure_stays(
    answer: Callable[[Any], Any],
) -> None:
    x = np.linspace(0, 1, 5)
    mine = pyplot.figure()
    drawn = asks.drawn(answer, x, device="cpu")
    assert drawn["x label"] == "x"
    assert drawn["y label"] == "height"
    ((across, height),) = drawn["lines"]
    np.testing.assert_array_equal(across, x)
    np.testing.assert_array_equal(height, x**2)
    assert pyplot.get_fignums() == [mine.number]
    pyplot.close(mine)


def test_a_function_that_draws_nothing_is_told_so() -> None:
    with pytest.raises(NotAskable, match="Nothing was drawn"):
        asks.drawn(lambda: None, device="cpu")


@pytest.mark.parametrize("ask", [asks.description, asks.edges, asks.names])
def test_the_stub_stays_unanswered(ask: Callable[..., Any]) -> None:
    assert ask(..., device="cpu") is ...
