"""Clipping gradients, as torch does it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
import chalkgrad.nn


def with_gradients(library: Any, gradients: list[np.ndarray]) -> list[Any]:
    parameters = [library.nn.Parameter(library.tensor(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = library.tensor(gradient)
    return [*parameters, library.nn.Parameter(library.ones(2))]  # one without a gradient


def drawn(seed: int) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [generator.standard_normal(shape) for shape in [(2, 3), (4,), ()]]


@given(
    seed=st.integers(0, 99),
    max_norm=st.floats(0.1, 10),
    norm_type=st.sampled_from([1.0, 2, 3.0, float("inf")]),
)
def test_clipping_by_norm(seed: int, max_norm: float, norm_type: float) -> None:
    ours, theirs = (with_gradients(library, drawn(seed)) for library in (chalkgrad, torch))
    our_norm = chalkgrad.nn.utils.clip_grad_norm_(ours, max_norm, norm_type)
    their_norm = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    np.testing.assert_allclose(our_norm.item(), their_norm.item(), rtol=1e-12)
    for our, their in zip(ours[:-1], theirs[:-1], strict=True):
        np.testing.assert_allclose(our.grad.numpy(), their.grad.numpy(), rtol=1e-12)


@given(seed=st.integers(0, 99), clip_value=st.floats(0.1, 2))
def test_clipping_by_value(seed: int, clip_value: float) -> None:
    ours, theirs = (with_gradients(library, drawn(seed)) for library in (chalkgrad, torch))
    chalkgrad.nn.utils.clip_grad_value_(iter(ours), clip_value)
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    for our, their in zip(ours[:-1], theirs[:-1], strict=True):
        np.testing.assert_array_equal(our.grad.numpy(), their.grad.numpy())


def test_no_gradients_have_norm_zero() -> None:
    assert chalkgrad.nn.utils.clip_grad_norm_([chalkgrad.nn.Parameter()], 1.0).item() == 0
