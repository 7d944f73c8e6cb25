"""Small networks to build in both libraries, and how weights go from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

import chalkgrad

NETWORKS = {
    "layers": lambda nn: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)),
    "normalized": lambda nn: nn.Sequential(
        nn.Linear(4, 6), nn.LayerNorm(6), nn.GELU(), nn.Linear(6, 3, bias=False)
    ),
    "bent": lambda nn: nn.Sequential(nn.Linear(4, 5), nn.LeakyReLU(), nn.Linear(5, 3), nn.Tanh()),
    "words": lambda nn: nn.Sequential(
        nn.Embedding(7, 2, padding_idx=0), nn.Flatten(), nn.SiLU(), nn.Linear(8, 3)
    ),
}


def inputs_of(name: str, rows: int = 5, dtype: str = "float64") -> np.ndarray:
    """Draw the same inputs each time: words for the network of words, numbers for the others."""
    generator = np.random.default_rng(0)
    if name == "words":
        return generator.integers(0, 7, (rows, 4))
    return generator.standard_normal((rows, 4)).astype(dtype)


def to_torch(state: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value.numpy().copy()) for name, value in state.items()}


def to_chalkgrad(state: Mapping[str, Any]) -> dict[str, chalkgrad.Tensor]:
    return {name: chalkgrad.from_numpy(value.numpy().copy()) for name, value in state.items()}


def same_network(name: str, dtype: str = "float64") -> tuple[Any, Any]:
    """Build a network in both libraries, with torch's weights in both."""
    torch.manual_seed(0)
    theirs = NETWORKS[name](torch.nn).to(getattr(torch, dtype))
    ours = NETWORKS[name](chalkgrad.nn).to(getattr(chalkgrad, dtype))
    ours.load_state_dict(to_chalkgrad(theirs.state_dict()))
    return ours, theirs
