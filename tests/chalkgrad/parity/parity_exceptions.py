"""Where chalkgrad may differ from torch, and why: each row a reason, printed in docs/parity.md.

A row that excepts nothing any more fails the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ParityException:
    """Samples of one operation that may differ.

    `columns` are those of the page in which they may; `which` names the samples in words, and
    `covers` picks them.
    """

    operation: str
    reason: str
    columns: tuple[str, ...]
    which: str = "all"
    covers: Callable[[Any], bool] = lambda sample: True


UNDETERMINED: dict[str, str] = {
    "empty": "Its values are whatever the memory held.",
    "empty_like": "Its values are whatever the memory held.",
    "new_empty": "Its values are whatever the memory held.",
    "rand_like": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "randn": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "randn_like": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "randint": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "randint_like": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "normal": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "bernoulli": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "multinomial": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "uniform": "Drawn from NumPy's generator, whose numbers are not torch's.",
    "nn.functional.dropout": "Which elements drop is drawn from NumPy's generator, not torch's.",
}
"""Operations of whose results only type, shape, dtype and requires_grad are compared."""

EXCEPTIONS: tuple[ParityException, ...] = (
    ParityException(
        "nn.functional.layer_norm",
        "The answer is the bias; torch multiplies out x / std - mean / std, and is off by 1e-4.",
        ("float32",),
        "a single element",
        lambda sample: sample.input.numel() == 1,
    ),
)
