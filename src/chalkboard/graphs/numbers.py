"""Writes the values of tensors short enough for a node of a picture, or for a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkboard.wording import format_number

_MOST_IN_A_SENTENCE = 6
_MOST_ROWS = 3
_MOST_COLUMNS = 4


def plain_array(value: Any) -> NDArray[Any]:
    """The elements of a number, an array or a tensor of either engine, outside of any graph."""
    if not hasattr(value, "detach"):
        return np.asarray(value)
    tensor = value.detach()
    try:
        return tensor.cpu().numpy()
    except TypeError:  # a dtype that NumPy does not have, such as bfloat16
        return tensor.float().cpu().numpy()


def short(number: Any) -> str:
    """A number with four digits; a whole number up to a million in full."""
    if isinstance(number, (bool, np.bool_)):
        return str(bool(number))
    if isinstance(number, (complex, np.complexfloating)):
        return format(number, ".4g")
    number = float(number)
    digits = 6 if number.is_integer() else 4
    return format_number(number, digits)


def fits_a_sentence(value: NDArray[Any]) -> bool:
    """Whether there are few enough elements to be said one by one."""
    return value.size <= _MOST_IN_A_SENTENCE


def in_words(value: NDArray[Any]) -> str:
    """The elements on one line where they are few, else the shape."""
    if not fits_a_sentence(value):
        return f"{shape_text(value.shape)} numbers"
    return _nested(value)


def in_lines(value: NDArray[Any]) -> tuple[str, ...]:
    """The elements row by row where they are few, else the shape."""
    if value.ndim == 0:
        return (short(value[()]),)
    if value.ndim == 1 and value.size <= _MOST_COLUMNS:
        return (_nested(value),)
    if value.ndim == 2 and value.shape[0] <= _MOST_ROWS and value.shape[1] <= _MOST_COLUMNS:
        return tuple(_nested(row) for row in value)
    return (f"{shape_text(value.shape)} numbers",)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as one writes it, with a times sign between the sizes."""
    return " × ".join(map(str, shape)) if shape else "one number"  # noqa: RUF001


def _nested(value: NDArray[Any]) -> str:
    if value.ndim == 0:
        return short(value[()])
    return f"[{', '.join(_nested(part) for part in value)}]"
