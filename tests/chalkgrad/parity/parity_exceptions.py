"""Where chalkgrad may differ from torch, and why: each row a reason, printed in docs/parity.md.

A row that excepts nothing any more fails the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class ParityException:
    """Samples of some operations that may differ.

    `columns` are those of the page in which they may. `which` names the samples in words and
    `covers` picks them; `says` stands in the difference that is meant, so that no other passes.
    Where `rounding` decides, the machine does, so the samples count as differing on all.
    """

    operations: tuple[str, ...]
    reason: str
    columns: tuple[str, ...]
    says: str
    which: str = "all"
    covers: Callable[[Any], bool] = lambda sample: True
    rounding: bool = False


UNDETERMINED = ("empty", "empty_like")
"""Operations of whose results only type, shape, dtype and requires_grad are compared."""


def _has_zero_order(sample: Any) -> bool:
    return 0 in (*sample.args[:1], sample.kwargs.get("ord"))


def _adds_many(sample: Any) -> bool:
    shape, other = sample.input.shape, getattr(sample.args[0], "shape", ())
    return shape != other and torch.broadcast_shapes(shape, other).numel() >= 250


EXCEPTIONS: tuple[ParityException, ...] = (
    ParityException(
        ("bool", "double", "float", "half", "int", "long", "to"),
        "chalkgrad has no such order of elements in memory.",
        ("float64", "float32"),
        "chalkgrad has no torch.channels_last",
        "`memory_format=torch.channels_last`",
        lambda sample: sample.kwargs.get("memory_format") is torch.channels_last,
    ),
    ParityException(
        ("div (floor_rounding)", "div (trunc_rounding)"),
        "chalkgrad has no `rounding_mode`; `//` rounds down.",
        ("float64", "float32"),
        "div() takes 2 inputs and []; got 2 values and ['rounding_mode']",
    ),
    ParityException(
        ("norm",),
        "It counts elements and is no norm; chalkgrad refuses it by name.",
        ("float64", "float32"),
        "no norm",
        "order 0",
        _has_zero_order,
    ),
    ParityException(
        ("norm (nuc)",),
        "It is the sum of the singular values, which chalkgrad does not compute, and says so.",
        ("float64", "float32"),
        "chalkgrad has no norm with p='nuc'",
    ),
    ParityException(
        ("einsum",),
        "chalkgrad's einsum knows letters, each once in a term, and says so.",
        ("float64", "float32"),
        "chalkgrad's einsum has no '...', and each letter once in a term.",
        "with `...` or a diagonal",
        lambda sample: "." in sample.args[0] or sample.args[0] == "iji->j",
    ),
    ParityException(
        ("gather",),
        "torch takes an index of any dtype if it is empty; chalkgrad takes whole numbers of 32 or "
        "64 bits, as torch does of all others.",
        ("float64", "float32"),
        "too many indices",
        "an empty index of uint8",
        lambda sample: sample.args[1].dtype == torch.uint8,
    ),
    ParityException(
        ("pow",),
        "An element of the gradient is a sum, in which large terms may cancel. The two elements "
        "that differ are off from float64 by 6e-4 and 1e-3 in torch, 7e-4 and 5e-4 in chalkgrad.",
        ("float32",),
        "not close",
        "broadcast to 250 elements or more",
        _adds_many,
        rounding=True,
    ),
    ParityException(
        ("nn.functional.layer_norm",),
        "The answer is the bias; torch multiplies out x / std - mean / std, and is off by 1e-4.",
        ("float32",),
        "not close",
        "a single element",
        lambda sample: sample.input.numel() == 1,
        rounding=True,
    ),
)
