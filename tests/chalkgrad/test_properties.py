"""Shapes, dtypes and keys that nobody thought of give what torch gives.

What would be lost: broadcasting, promotion and indexing beyond the examples.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import assert_same, both, graph_text

import chalkgrad

DTYPES = ["bool", "uint8", "int32", "int64", "float16", "float32", "float64"]
PAIRS = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)
NUMBERS = st.sampled_from([True, 0, 2, -1, 0.5, -2.0, 3.0])
ARITHMETIC = [operator.add, operator.mul, operator.truediv, operator.lt, operator.eq]


def small(shape: tuple[int, ...], dtype: str) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(
        dtype, shape, elements=st.integers(0, 1 if dtype == "bool" else 3).map(np.dtype(dtype).type)
    )


@st.composite
def operands(draw: Any) -> list[np.ndarray]:
    return [draw(small(shape, draw(st.sampled_from(DTYPES)))) for shape in draw(PAIRS).input_shapes]


@settings(max_examples=300, deadline=None)
@given(operands(), st.sampled_from(ARITHMETIC))
def test_promotion_of_tensors(arrays: list[np.ndarray], compute: Any) -> None:
    (our_x, their_x), (our_y, their_y) = map(both, arrays)
    assert_same(compute(our_x, our_y), compute(their_x, their_y))


@settings(max_examples=200, deadline=None)
@given(operands(), NUMBERS, st.sampled_from(ARITHMETIC), st.booleans())
def test_promotion_of_numbers(
    arrays: list[np.ndarray], number: float, compute: Any, number_first: bool
) -> None:
    ours, theirs = both(arrays[0])
    if arrays[0].dtype == np.uint8 and number < 0:
        number = 1
    if number_first:
        assert_same(compute(number, ours), compute(number, theirs))
    else:
        assert_same(compute(ours, number), compute(theirs, number))


@settings(max_examples=200, deadline=None)
@given(
    PAIRS,
    st.sampled_from(
        ["x + y", "x - y", "x * y", "x / y", "torch.maximum(x, y)", "torch.where(x > y, x, y)"]
    ),
    st.sampled_from(["float32", "float64"]),
    st.sampled_from(["float32", "float64"]),
)
def test_broadcasting_is_undone(shapes: Any, program: str, x_dtype: str, y_dtype: str) -> None:
    random = np.random.default_rng(1)
    leaves = []
    for shape, dtype in zip(shapes.input_shapes, (x_dtype, y_dtype), strict=True):
        leaves.append(both(random.uniform(1, 2, shape).astype(dtype), requires_grad=True))
    results = []
    for place, engine in enumerate((chalkgrad, torch)):
        names = {"x": leaves[0][place], "y": leaves[1][place], "torch": engine}
        result = eval(program, names)
        result.sum().backward()
        results.append(result)
    assert_same(*results, rtol=1e-5)
    assert graph_text(results[0].grad_fn) == graph_text(results[1].grad_fn)
    for ours, theirs in leaves:
        assert_same(ours.grad, theirs.grad, rtol=1e-5)


@st.composite
def keys(draw: Any) -> tuple[np.ndarray, Any]:
    shape = draw(hnp.array_shapes(max_dims=3, max_side=4))
    size = int(np.prod(shape))
    array = np.arange(size, dtype="float64").reshape(shape)
    if draw(st.booleans()):
        key = draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
        parts = key if isinstance(key, tuple) else (key,)
        backward = any(isinstance(p, slice) and p.step is not None and p.step < 0 for p in parts)
        return array, () if backward else key
    if draw(st.booleans()):
        return array, draw(hnp.arrays(bool, shape[: draw(st.integers(1, len(shape)))]))
    return array, draw(hnp.integer_array_indices(shape))


def in_engine(key: Any, engine: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(in_engine(part, engine) for part in key)
    return engine.tensor(key) if isinstance(key, np.ndarray) else key


@settings(max_examples=300, deadline=None)
@given(keys())
def test_indexing(case: tuple[np.ndarray, Any]) -> None:
    array, key = case
    ours, theirs = both(array, requires_grad=True)
    our_part, their_part = ours[in_engine(key, chalkgrad)], theirs[in_engine(key, torch)]
    assert_same(our_part, their_part)
    their_node: Any = their_part.grad_fn
    assert our_part.grad_fn.name() == their_node.name()
    (our_part * our_part).sum().backward()
    (their_part * their_part).sum().backward()
    assert_same(ours.grad, theirs.grad)


@settings(max_examples=150, deadline=None)
@given(keys())
def test_writing_a_part(case: tuple[np.ndarray, Any]) -> None:
    array, key = case
    ours, theirs = both(array)
    ours[in_engine(key, chalkgrad)] = -1.0
    theirs[in_engine(key, torch)] = -1.0
    assert_same(ours, theirs)


def test_float32_stays_float32() -> None:
    x: Any = chalkgrad.tensor(2.0, requires_grad=True)
    v: Any = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    total = (0 + x * 1.5 + v.sum() ** 2 + (v / 3).mean() * np.float64(2) + sum(v)).exp().log()
    total = total + v.std() + v.var() + v.amax() + (2**v).prod() + (v**v).max() + x**2
    total.backward()
    assert total.dtype is x.grad.dtype is v.grad.dtype is chalkgrad.float32


def test_arrays_meet_tensors_from_both_sides() -> None:
    array: Any = np.array([1.0, 2.0])
    v: Any = chalkgrad.tensor([3.0, 4.0], requires_grad=True)
    for result in (array * v, v * array):
        assert result.tolist() == [3, 8]
        assert result.dtype is chalkgrad.float64
    assert (array - v).tolist() == [-2, -2]
    assert (array @ v).item() == 11
    assert (array / v).requires_grad
    assert np.sin(v.detach()).dtype is chalkgrad.float32
    (array * v).sum().backward()
    assert v.grad.tolist() == [1, 2]
