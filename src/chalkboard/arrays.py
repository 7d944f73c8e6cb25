"""Reads plain numbers out of whatever a lesson has them in: tensors, arrays, lists."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def read_numbers(thing: Any, name: str) -> Numbers:
    """`thing` as a float64 array: a tensor of any engine, an array, a number, or a list of these.

    Raises:
        ValueError: there are other things than real numbers in it; the sentence calls it `name`.
    """
    try:
        numbers = np.asarray(_plain(thing))
        if numbers.dtype.kind not in "biuf":
            raise TypeError
        return numbers.astype(np.float64)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(
            f"{name} must hold real numbers, such as a tensor, an array or a list; "
            f"got {_short(thing)}."
        ) from None


def read_row(thing: Any, name: str, fewest: int = 1) -> Numbers:
    """`thing` as a float64 array of shape (n,), with `fewest` finite numbers at least.

    A column, of shape (n, 1), is read as a row, because models take their inputs like that.

    Raises:
        ValueError: it has another shape, or too few numbers, or one that is not finite.
    """
    numbers = read_numbers(thing, name)
    if numbers.ndim == 2 and numbers.shape[1] == 1:
        numbers = numbers[:, 0]
    if numbers.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers; got the shape {numbers.shape}.")
    if numbers.size < fewest:
        raise ValueError(f"{name} must hold at least {fewest} numbers; got {numbers.size}.")
    check_finite(numbers, name)
    return numbers


def check_finite(numbers: Numbers, name: str) -> None:
    """Refuse what no picture can show.

    Raises:
        ValueError: a number is infinite or not a number; the sentence says which.
    """
    wrong = np.argwhere(~np.isfinite(numbers))
    if wrong.size:
        place = ", ".join(str(index) for index in wrong[0])
        raise ValueError(f"{name} must be finite; {name}[{place}] is {numbers[tuple(wrong[0])]}.")


def is_number(thing: object) -> bool:
    """Whether `thing` is a finite real number and not a truth value."""
    is_real = isinstance(thing, (int, float, np.number)) and not isinstance(thing, bool)
    return is_real and math.isfinite(float(thing))  # type: ignore[arg-type]


def _plain(thing: Any) -> Any:
    """Tensors, also those inside of a list, as something that NumPy reads."""
    if hasattr(thing, "detach"):
        detached = thing.detach()
        return np.asarray((detached.cpu() if hasattr(detached, "cpu") else detached).tolist())
    if isinstance(thing, (list, tuple)):
        return [_plain(each) for each in thing]
    return thing


def _short(thing: object) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else f"{type(thing).__name__} {text[:50]}..."
