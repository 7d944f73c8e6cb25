"""The finished steps of the course's thread say what torch says, and refuse what it refuses."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course.my_tensor import graphs, mathematics, pitfalls, practice
from course.my_tensor.mathematics import in_order

STEPS = pytest.mark.parametrize("step", [practice, pitfalls], ids=["practice", "pitfalls"])
NUMBERS = st.integers(-12, 12).map(lambda n: n / 4 + 0.125)  # none is zero

# Each from two tensors, for whatever engine they are made by.
PROGRAMS: dict[str, Callable[[Any, Any], Any]] = {
    "a diamond": lambda x, y: (x * y + x) * (x * y - y),
    "the same three times": lambda x, y: x * x * x + y,
    "doubled again and again": lambda x, y: x + x + (x + x) + y,
    "powers and quotients": lambda x, y: x**3 / (y**2 + 1) + 2 / (x**2 + 1),
    "numbers on the left": lambda x, y: 3 * x - (1 - y) + 2 + -x,
    "functions": lambda x, y: (x.sin() + y.exp()).tanh() + x.relu(),
}
PLAIN = ("a diamond", "the same three times", "doubled again and again", "numbers on the left")


@pytest.mark.parametrize("program", PLAIN)
@given(x=NUMBERS, y=NUMBERS)
def test_what_is_recorded_has_torchs_value(program: str, x: float, y: float) -> None:
    mine = PROGRAMS[program](graphs.MyTensor(x), graphs.MyTensor(y))
    right = PROGRAMS[program](torch.tensor(x).double(), torch.tensor(y).double())
    assert mine.value == pytest.approx(right.item())


def test_a_number_remembers_what_it_was_made_of() -> None:
    x = graphs.MyTensor(3)
    sine = x.sin()
    product = 2 * sine
    two, same = product.parents
    assert (two.value, two.parents) == (2.0, ())
    assert same is sine
    assert sine.parents == (x,)
    assert (product.operation, sine.operation, x.operation) == ("mul", "sin", "")
    assert sine.value == math.sin(3)
    assert repr(product) == f"MyTensor({2 * math.sin(3):g}, made by 'mul')"


def _gradients(program: str, x: Any, y: Any) -> tuple[Any, Any]:
    leaves = [torch.tensor(item, dtype=torch.float64, requires_grad=True) for item in (x, y)]
    PROGRAMS[program](*leaves).sum().backward()
    return leaves[0].grad, leaves[1].grad


@pytest.mark.parametrize("step", [mathematics, practice, pitfalls], ids=lambda it: it.__name__)
@pytest.mark.parametrize("program", PROGRAMS)
@given(x=st.lists(NUMBERS, min_size=3, max_size=3), y=NUMBERS)
def test_gradients_are_torchs_through_stretched_axes_too(
    step: Any, program: str, x: list[float], y: float
) -> None:
    tracked = {} if step is mathematics else {"requires_grad": True}
    one = step.MyTensor([x], **tracked)
    other = step.MyTensor([[y], [y + 0.25]], **tracked)
    PROGRAMS[program](one, other).sum().backward()
    for mine, right in zip((one, other), _gradients(program, [x], [[y], [y + 0.25]]), strict=True):
        np.testing.assert_allclose(mine.grad, right.numpy(), rtol=1e-9, atol=1e-9)


@STEPS
def test_matrices_are_pulled_back_through(step: Any) -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4) - 5
    mine = step.MyTensor(a, requires_grad=True), step.MyTensor(b, requires_grad=True)
    right = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    (mine[0] @ mine[1]).tanh().mean().backward()
    (right[0] @ right[1]).tanh().mean().backward()
    for one, other in zip(mine, right, strict=True):
        assert other.grad is not None
        np.testing.assert_allclose(one.grad, other.grad.numpy())
    with pytest.raises(ValueError, match="two matrices"):
        _ = mine[0] @ step.MyTensor([1.0, 2.0, 3.0])


def test_a_deep_graph_is_walked_without_recursion() -> None:
    x = y = mathematics.MyTensor(1.0)
    for _ in range(5_000):
        y = y + 1
    y.backward()
    assert x.grad == 1.0
    assert in_order(y)[-1] is y


@STEPS
def test_only_leaves_keep_gradients_and_they_add_up(step: Any) -> None:
    x, right = step.MyTensor(3.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    for _ in range(2):
        for leaf in (x, right):
            inner = leaf * leaf
            kept = inner * 2
            kept.retain_grad()
            (kept * leaf).backward()
            assert inner.is_leaf is False
        assert right.grad is not None
        assert x.grad == right.grad.item()
    mine = x * x
    (mine * 1).backward()
    assert mine.grad is None


@STEPS
def test_nothing_is_recorded_where_nobody_asks(step: Any) -> None:
    x = step.MyTensor(3.0, requires_grad=True)
    with step.no_grad():
        assert (x * x).requires_grad is False
    assert (x * x).requires_grad is True
    assert (step.MyTensor(3.0) * 2).parents == ()
    cut = x.detach()
    assert cut.requires_grad is False
    cut.value[...] = 5
    assert x.item() == 5.0


def _message(action: Callable[[], object]) -> str:
    with pytest.raises(RuntimeError) as caught:
        action()
    return str(caught.value)


def test_what_torch_refuses_is_refused_in_its_words() -> None:
    for engine in (
        lambda value, tracked: pitfalls.MyTensor(value, requires_grad=tracked),
        lambda value, tracked: torch.tensor(value, requires_grad=tracked),
    ):
        assert "does not require grad" in _message((engine(1.0, False) * 2).backward)
        assert "only for scalar outputs" in _message((engine([1.0, 2.0], True) * 2).backward)
        x = engine(2.0, True)
        y = x * x
        y.backward()
        assert _message(y.backward).startswith("Trying to backward through the graph a second")
        assert x.grad == 4.0
