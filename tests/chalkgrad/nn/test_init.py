"""Initial values: torch's random numbers, in torch's order, from the same seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from networks import NETWORKS

import chalkgrad
import chalkgrad.nn


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3, 4), (17, 5), (2, 3, 4)])
@pytest.mark.parametrize(
    "fill",
    [
        lambda init, t: init.uniform_(t),
        lambda init, t: init.uniform_(t, -2, 3),
        lambda init, t: init.normal_(t, 1.0, 0.5),
        lambda init, t: init.constant_(t, 0.3),
        lambda init, t: init.zeros_(t),
        lambda init, t: init.ones_(t),
        lambda init, t: init.xavier_uniform_(t, gain=2),
        lambda init, t: init.xavier_normal_(t),
        lambda init, t: init.kaiming_uniform_(t, mode="fan_out", nonlinearity="relu"),
        lambda init, t: init.kaiming_normal_(t, a=0.2),
    ],
)
def test_filling(fill: Callable[[Any, Any], Any], shape: tuple[int, ...], dtype: str) -> None:
    results = []
    for library in (chalkgrad, torch):
        library.manual_seed(7)
        parameter = library.nn.Parameter(library.empty(shape, dtype=getattr(library, dtype)))
        assert fill(library.nn.init, parameter) is parameter
        assert parameter.is_leaf
        results.append(parameter.detach().numpy())
    np.testing.assert_allclose(*results, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_starts_from_torchs_numbers(name: str) -> None:
    states = []
    for library in (chalkgrad, torch):
        library.manual_seed(3)
        states.append(NETWORKS[name](library.nn).state_dict())
    for key, value in states[1].items():
        np.testing.assert_allclose(states[0][key].numpy(), value.numpy(), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("nonlinearity", ["linear", "sigmoid", "tanh", "relu", "selu"])
def test_gains(nonlinearity: Any) -> None:
    ours, theirs = chalkgrad.nn.init.calculate_gain, torch.nn.init.calculate_gain
    assert ours(nonlinearity) == theirs(nonlinearity)
    assert ours("leaky_relu", 0.3) == theirs("leaky_relu", 0.3)
    assert ours("leaky_relu") == theirs("leaky_relu")


@pytest.mark.parametrize(
    "refused",
    [
        lambda lib: lib.nn.init.calculate_gain("softmax"),
        lambda lib: lib.nn.init.xavier_uniform_(lib.ones(3)),
        lambda lib: lib.nn.init.kaiming_normal_(lib.ones(3, 3), mode="fan"),
    ],
)
def test_refusals_are_worded_as_torch_words_them(refused: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError) as theirs:  # noqa: PT011 - whatever torch says
        refused(torch)
    with pytest.raises(ValueError) as ours:  # noqa: PT011
        refused(chalkgrad)
    assert str(ours.value) == str(theirs.value)
