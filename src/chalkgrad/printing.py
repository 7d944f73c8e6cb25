"""How a tensor prints: as torch prints it, to the character.

All numbers of one tensor are laid out alike: four decimals, or none where all are whole, or
scientific notation where the sizes differ too much; each as wide as the widest. A tensor of more
than 1000 elements shows only the edges. After the numbers stands what a reader could not guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import dtypes

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor

LARGEST_IN_FULL, EDGE, LINE_WIDTH = 1000, 3, 80
PREFIX = "tensor("


def tensor_text(tensor: Tensor) -> str:
    """Return what `repr` gives: the numbers, then the suffixes, wrapped at 80 characters."""
    shown = array = np.asarray(tensor._array)
    cut = array.size > LARGEST_IN_FULL
    for axis, size in enumerate(array.shape):
        if cut and size > 2 * EDGE:
            shown = shown.take([*range(EDGE), *range(size - EDGE, size)], axis)
    text = PREFIX + (_rows(array, len(PREFIX), cut, *_layout(shown)) if array.size else "[]")
    default = dtypes.get_default_dtype()
    guessed = (dtypes.bool_, dtypes.int64, default, dtypes.default_complex())
    suffixes = [f"size={array.shape}"] if array.size == 0 and array.ndim != 1 else []
    if tensor.dtype not in (guessed if array.size else (default,)):
        suffixes.append(f"dtype={tensor.dtype}")
    if tensor.grad_fn is not None:
        suffixes.append(f"grad_fn=<{tensor.grad_fn.name().split('::')[-1]}>")
    elif tensor.requires_grad:
        suffixes.append("requires_grad=True")
    line = len(text) - text.rfind("\n") + 1  # torch reckons two characters too many
    for suffix in suffixes:
        fits = line + len(suffix) + 2 <= LINE_WIDTH
        text += (", " if fits else ",\n" + " " * len(PREFIX)) + suffix
        line = (line + 2 if fits else len(PREFIX)) + len(suffix)
    return text + ")"


def _layout(shown: np.ndarray) -> tuple[Callable[[Any], str], int]:
    """Return how to write one number of these, and how wide each gets."""
    if np.iscomplexobj(shown):
        (real, real_width), (imaginary, imaginary_width) = map(
            _layout, (np.real(shown), np.imag(shown))
        )

        def write_complex(value: complex) -> str:
            after = imaginary(value.imag).lstrip()
            return real(value.real) + "+" * (after[0] not in "+-") + after + "j"

        return write_complex, real_width + imaginary_width + 1
    values = shown.ravel().tolist()
    write: Callable[[Any], str] = str
    if isinstance(values[0], float):
        write = _whole
        values = [value for value in values if math.isfinite(value) and value != 0] or [0.0]
        sizes = [abs(value) or 1.0 for value in values]
        if max(sizes) / min(sizes) > 1000 or max(sizes) > 1e8 or min(sizes) < 1e-4:
            write = "{:.4e}".format
        elif any(value != math.ceil(value) for value in values):
            write = "{:.4f}".format
    width = max(len(write(value)) for value in values)
    return lambda value: write(value).rjust(width), width


def _whole(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


def _rows(array: np.ndarray, indent: int, cut: bool, write: Any, width: int) -> str:
    if array.ndim == 0:
        return write(array.item())
    rows: list[Any] = [*array]
    if cut and len(rows) > 2 * EDGE:
        rows[EDGE:-EDGE] = [None]
    if array.ndim > 1:
        texts = [
            "..." if row is None else _rows(row, indent + 1, cut, write, width) for row in rows
        ]
        between = "," + "\n" * (array.ndim - 1)
    else:
        numbers = [" ..." if row is None else write(row.item()) for row in rows]
        count = max(1, (LINE_WIDTH - indent) // (width + 2))
        texts = [", ".join(numbers[at : at + count]) for at in range(0, len(numbers), count)]
        between = ",\n"
    return "[" + (between + " " * (indent + 1)).join(texts) + "]"
