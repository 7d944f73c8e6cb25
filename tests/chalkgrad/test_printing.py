"""Tensors print as torch prints them, to the character.

What would be lost: a program that prints the same under both engines, on which every lesson rests.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import both, quietly

import chalkgrad

DTYPES = ["float32", "float64", "float16", "int64", "int32", "uint8", "bool", "complex64"]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(DTYPES).flatmap(
        lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0))
    )
)
def test_any_array(array: np.ndarray) -> None:
    ours, theirs = both(array)
    assert repr(ours) == repr(theirs)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e5, 1e5).map(lambda x: round(x, 3)), max_size=30), st.booleans())
def test_ordinary_numbers(numbers: list[float], requires_grad: bool) -> None:
    ours, theirs = both(np.array(numbers, "float32"), requires_grad)
    assert repr(ours) == repr(theirs)
    assert repr(ours * 2) == repr(theirs * 2)


@pytest.mark.parametrize(
    "shape", [(1001,), (40, 40), (7, 300), (12, 10, 10), (2, 3, 400), (2000, 1)]
)
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_large_tensors_are_summarised(shape: tuple[int, ...], dtype: str) -> None:
    array = (np.random.default_rng(0).normal(size=shape) * 100).astype(dtype)
    ours, theirs = both(array)
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize(
    "program",
    [
        "torch.tensor(14.)",
        "torch.tensor(15.5)",
        "torch.tensor([0.1, 1000.])",
        "torch.tensor([1e-5, 1.])",
        "torch.tensor([float('nan'), float('inf'), 1.])",
        "torch.tensor([float('nan'), 0.])",
        "torch.tensor([-0.])",
        "torch.tensor([1e10])",
        "torch.zeros(2, 0, 3)",
        "torch.zeros(0, dtype=torch.int64)",
        "torch.tensor(2., requires_grad=True) - 10",
        "torch.ones(3, 4, requires_grad=True).sum(0)",
        "torch.ones(30, dtype=torch.float64, requires_grad=True) * 2",
        "torch.ones(2, 2).max(1)",
        "torch.ones(2, 3).shape",
        "torch.ones(2, 3).shape[1:]",
        "torch.float32",
        "torch.ones(1).device",
        "str(torch.ones(1).device)",
        "f'{torch.tensor(2.5)}'",
        "f'{torch.tensor(2.0, requires_grad=True):.3f}'",
        "f'{torch.ones(2)}'",
        "torch.ones(2, requires_grad=True).tolist()",
        "torch.tensor(3).item()",
        "[torch.tensor(1.), torch.tensor([2])]",
    ],
)  # fmt: skip
def test_programs(program: str) -> None:
    ours = repr(quietly(eval, program, {"torch": chalkgrad}))
    assert ours == repr(quietly(eval, program, {"torch": torch}))
