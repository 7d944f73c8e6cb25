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

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor

DECIMALS = 4
LARGEST_IN_FULL = 1000
EDGE = 3
LINE_WIDTH = 80

_PREFIX = "tensor("
_USUAL = ("bool", "int64", "float32", "complex64")


def tensor_text(tensor: Tensor) -> str:
    """Return what `repr` gives: the numbers, then the suffixes, wrapped at 80 characters."""
    array = np.asarray(tensor._array)
    suffixes = []
    if array.size == 0:
        text = "[]"
        if array.ndim != 1:
            suffixes.append(f"size={array.shape}")
        if array.dtype.name != "float32":
            suffixes.append(f"dtype={tensor.dtype}")
    else:
        text = array_text(array)
        if array.dtype.name not in _USUAL:
            suffixes.append(f"dtype={tensor.dtype}")
    if tensor.grad_fn is not None:
        suffixes.append(f"grad_fn=<{tensor.grad_fn.name().split('::')[-1]}>")
    elif tensor.requires_grad:
        suffixes.append("requires_grad=True")
    return _with_suffixes(_PREFIX + text, suffixes)


def array_text(array: np.ndarray) -> str:
    """Return the numbers of an array that has at least one, in brackets."""
    summarised = array.size > LARGEST_IN_FULL
    shown = _edges(array) if summarised else array
    if array.dtype.kind == "c":
        real, real_width = _layout(np.real(shown))
        imaginary, imaginary_width = _layout(np.imag(shown))
        width = real_width + imaginary_width + 1

        def write_complex(value: Any) -> str:
            after = imaginary(value.imag).lstrip() + "j"
            return real(value.real) + (after if after[0] in "+-" else "+" + after)

        write: Callable[[Any], str] = write_complex
    else:
        write, width = _layout(shown)
    return _rows(array, len(_PREFIX), summarised, write, width)


def _layout(shown: np.ndarray) -> tuple[Callable[[Any], str], int]:
    """Return how to write one number of these, and how wide each gets."""
    values = shown.ravel().tolist()
    if not isinstance(values[0], float):
        width = max(len(str(value)) for value in values)
        return lambda value: str(value).rjust(width), width
    telling = [value for value in values if math.isfinite(value) and value != 0]
    if not telling:
        return _whole_number, 1
    sizes = [abs(value) for value in telling]
    largest, smallest = max(sizes), min(sizes)
    if largest / smallest > 1000 or largest > 1e8 or smallest < 1e-4:
        write: Callable[[float], str] = f"{{:.{DECIMALS}e}}".format
    elif all(value == math.ceil(value) for value in telling):
        write = _whole_number
    else:
        write = f"{{:.{DECIMALS}f}}".format
    width = max(len(write(value)) for value in telling)
    return lambda value: write(value).rjust(width), width


def _whole_number(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


def _rows(
    array: np.ndarray, indent: int, summarised: bool, write: Callable[[Any], str], width: int
) -> str:
    if array.ndim == 0:
        return write(array.item())
    cut = summarised and array.shape[0] > 2 * EDGE
    if array.ndim == 1:
        if cut:
            numbers = [write(value) for value in array[:EDGE].tolist()] + [" ..."]
            numbers += [write(value) for value in array[-EDGE:].tolist()]
        else:
            numbers = [write(value) for value in array.tolist()]
        per_line = max(1, (LINE_WIDTH - indent) // (width + 2))
        lines = [
            ", ".join(numbers[start : start + per_line])
            for start in range(0, len(numbers), per_line)
        ]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    rows = [*array[:EDGE], ..., *array[-EDGE:]] if cut else list(array)
    texts = [
        "..." if row is ... else _rows(row, indent + 1, summarised, write, width) for row in rows
    ]
    between = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + between.join(texts) + "]"


def _edges(array: np.ndarray) -> np.ndarray:
    """Return only what a summary shows."""
    for axis, size in enumerate(array.shape):
        if size > 2 * EDGE:
            array = array.take([*range(EDGE), *range(size - EDGE, size)], axis)
    return array


def _with_suffixes(text: str, suffixes: list[str]) -> str:
    line = len(text) - text.rfind("\n") + 1  # torch reckons two characters too many
    for suffix in suffixes:
        if line + len(suffix) + 2 > LINE_WIDTH:
            text += ",\n" + " " * len(_PREFIX) + suffix
            line = len(_PREFIX) + len(suffix)
        else:
            text += ", " + suffix
            line += len(suffix) + 2
    return text + ")"
