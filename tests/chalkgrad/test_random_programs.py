"""Random programs of views, changes in place and gradients do the same under torch.

What would be lost: that views, versions and gradients stay right in combinations that nobody
thought of; a wrong gradient without a word is the worst that an engine can do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import chalkgrad

SHAPES = [(), (3,), (2, 3), (2, 1), (1, 3), (2, 2, 3)]
NUMBERS = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]
# Beyond this, rounding alone tells two engines apart.
TOO_LARGE = 1e4


def put(x: Any, place: Any, value: Any) -> Any:
    """Write `x[place] = value` and return `x`, as the operations in place do."""
    if any(x.size(place) > 1 and not x.stride(place) for place in range(x.dim())):
        raise RuntimeError("torch only warns of some writes into a repeated element")
    if not x.numel():
        raise RuntimeError("torch checks no index where there is nothing to write")
    x[place] = value
    return x


ON_ONE: dict[str, Callable[[Any], Any]] = {
    # pointwise
    "neg": lambda x: -x,
    "abs": lambda x: x.abs(),
    "relu": lambda x: x.relu(),
    "tanh": lambda x: x.tanh(),
    "square": lambda x: x**2,
    "double": lambda x: x * 2,
    "clone": lambda x: x.clone(),
    # reductions
    "sum": lambda x: x.sum(),
    "sum first": lambda x: x.sum(0),
    "mean last": lambda x: x.mean(-1, keepdim=True),
    "amax last": lambda x: x.amax(-1),
    # views
    "alias": lambda x: x[...],
    "detach": lambda x: x.detach(),
    "first": lambda x: x[0],
    "last column": lambda x: x[..., -1],
    "tail": lambda x: x[1:],
    "every other": lambda x: x[..., ::2],
    "transpose": lambda x: x.transpose(0, 1),
    "view": lambda x: x.view(-1),
    "reshape": lambda x: x.reshape(3, -1),
    "unsqueeze": lambda x: x.unsqueeze(0),
    "squeeze": lambda x: x.squeeze(),
    "expand": lambda x: x.expand(2, *x.shape),
    "expand last": lambda x: x.expand(*x.shape[:-1], 3),
    # copies by index
    "take": lambda x: x[[0, 0, 1]],
    "masked": lambda x: x[x > 0],
    # in place
    "add_": lambda x: x.add_(1),
    "mul_": lambda x: x.mul_(2),
    "tanh_": lambda x: x.tanh_(),
    "fill_": lambda x: x.fill_(0.5),
    "zero_": lambda x: x.zero_(),
    "clamp_": lambda x: x.clamp_(-0.5, 1),
    "write first": lambda x: put(x, 0, 2.0),
    "write mask": lambda x: put(x, x > 0.5, -1.0),
    "new leaf": lambda x: x.detach().requires_grad_(),
}
# Where the operands lie otherwise in memory, so does the result of torch and of NumPy: contiguous.
ON_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, y: (x + y).contiguous(),
    "sub": lambda x, y: (x - y).contiguous(),
    "mul": lambda x, y: (x * y).contiguous(),
    "add_ another": lambda x, y: x.add_(y.clone()),
    "mul_ another": lambda x, y: x.mul_(y.clone()),
    "sub_ twice": lambda x, y: x.sub_(y.clone(), alpha=2),
    "copy_": lambda x, y: x.copy_(y.clone()),
    "write row": lambda x, y: put(x, 0, y.clone()),
    "write column": lambda x, y: put(x, (..., 0), y.clone()),
    "write all": lambda x, y: put(x, slice(None), y.clone()),
    "write by list": lambda x, y: put(x, [1, 0], y.clone()),
}
FACTS: dict[str, Callable[[Any], Any]] = {
    "shape": lambda x: tuple(x.shape),
    # The stride along a single element, or of none at all, says nothing.
    "strides": lambda x: [
        x.stride(place)
        for place in range(x.dim())
        if x.size(place) > 1 and x.numel() and x._base is not None
    ],
    "offset": lambda x: x.numel() and x.storage_offset(),
    "requires_grad": lambda x: x.requires_grad,
    "is a leaf": lambda x: x.is_leaf,
    "is a view": lambda x: x._base is not None,
    "version": lambda x: x._version,
}


@dataclass(frozen=True)
class Leaf:
    """A new tensor of given numbers."""

    shape: tuple[int, ...]
    numbers: tuple[float, ...]
    requires_grad: bool


@dataclass(frozen=True)
class Step:
    """One operation on earlier tensors, which are counted round and round from the first."""

    operation: str
    operands: tuple[int, ...]
    recorded: bool


@dataclass(frozen=True)
class Outcome:
    """What can be seen of a tensor when a program has ended."""

    value: np.ndarray
    facts: dict[str, Any]
    gradient: np.ndarray | str | None


def run(program: list[Leaf | Step], engine: Any) -> tuple[list[str], list[Outcome]]:
    """Run a program: which steps were refused and how, and what became of all its tensors.

    A refused step leaves no tensor, and the program goes on. At its end, the sum of every tensor
    that requires a gradient is walked back, the last tensor first.
    """
    tensors: list[Any] = []
    refusals = []
    for number, step in enumerate(program):
        try:
            result = perform(step, tensors, engine)
        except (RuntimeError, IndexError, ValueError, TypeError) as refused:
            # A wrong index with a wrong value may be refused for the one or for the other.
            by_list = isinstance(step, Step) and step.operation == "write by list"
            kind = "refused" if by_list else type(refused).__name__
            refusals.append(f"step {number}: {kind}")
        else:
            if not any(result is tensor for tensor in tensors):
                tensors.append(result)
    for number, tensor in reversed(list(enumerate(tensors))):
        if tensor.requires_grad:
            try:
                tensor.sum().backward(retain_graph=True)
            except RuntimeError as refused:
                refusals.append(f"backward from tensor {number}: {type(refused).__name__}")
    return refusals, [seen(tensor) for tensor in tensors]


def perform(step: Leaf | Step, tensors: list[Any], engine: Any) -> Any:
    """Make a leaf, or do one operation."""
    if isinstance(step, Leaf):
        # Not shaped by the engine, or a leaf would be a view.
        table = np.reshape(step.numbers, step.shape).tolist()
        return engine.tensor(table, dtype=engine.float64, requires_grad=step.requires_grad)
    operands = [tensors[place % len(tensors)] for place in step.operands]
    operation = ON_ONE[step.operation] if len(operands) == 1 else ON_TWO[step.operation]
    with engine.set_grad_enabled(step.recorded):
        return operation(*operands)


def seen(tensor: Any) -> Outcome:
    """Look at a tensor from outside."""
    gradient = answer(lambda each: each.grad, tensor)
    if gradient is not None and not isinstance(gradient, str):
        gradient = gradient.numpy().copy()
    return Outcome(
        value=tensor.detach().numpy().copy(),
        gradient=gradient,
        facts={name: answer(question, tensor) for name, question in FACTS.items()},
    )


def answer(question: Callable[[Any], Any], tensor: Any) -> Any:
    """Ask, and take a refusal for an answer: torch notices some overwritten views only here."""
    try:
        return question(tensor)
    except RuntimeError as refused:
        return type(refused).__name__


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    shape = draw(st.sampled_from(SHAPES))
    count = int(np.prod(shape))
    numbers = draw(st.lists(st.sampled_from(NUMBERS), min_size=count, max_size=count))
    return Leaf(shape, tuple(numbers), draw(st.booleans()))


def steps() -> st.SearchStrategy[Step]:
    place = st.integers(0, 11)
    # Most operations are recorded; a block of no_grad is the exception.
    recorded = st.sampled_from([True, True, True, False])
    return st.one_of(
        st.builds(Step, st.sampled_from(sorted(ON_ONE)), st.tuples(place), recorded),
        st.builds(Step, st.sampled_from(sorted(ON_TWO)), st.tuples(place, place), recorded),
    )


@st.composite
def programs(draw: st.DrawFn) -> list[Leaf | Step]:
    """Draw one to three leaves and then some steps."""
    return [
        *draw(st.lists(leaves(), min_size=1, max_size=3)),
        *draw(st.lists(steps(), min_size=2, max_size=9)),
    ]


def quietly(program: list[Leaf | Step], engine: Any) -> tuple[list[str], list[Outcome]]:
    """Run without the warnings of either engine, such as torch's on `.grad` of a result."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return run(program, engine)


@settings(max_examples=1000)
@given(programs())
def test_random_programs_do_the_same(program: list[Leaf | Step]) -> None:
    their_refusals, theirs = quietly(program, torch)
    assume(all(np.abs(each.value).max(initial=0) < TOO_LARGE for each in theirs))
    our_refusals, ours = quietly(program, chalkgrad)
    assert our_refusals == their_refusals
    assert [each.facts for each in ours] == [each.facts for each in theirs]
    # A backward that stops half-way has reached some leaves, and which ones is nobody's promise.
    whole = not any("backward" in refusal for refusal in their_refusals)
    for our, their in zip(ours, theirs, strict=True):
        assert_near(our.value, their.value)
        if whole:
            assert_near(our.gradient, their.gradient)


def assert_near(ours: Any, theirs: Any) -> None:
    """Compare two arrays; or what stands in their place, None or a refusal."""
    assert type(ours) is type(theirs)
    if isinstance(theirs, np.ndarray):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, strict=True)
    else:
        assert ours == theirs
