"""Hold an answer's plain data against the right data, and say the difference in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.exercise import Agreement
from autograder.runner.plain import Opaque, Plain, PlainTensor, show

Aspect = Literal["type", "dtype", "shape", "device", "value"]


@dataclass(frozen=True)
class Difference:
    """The first thing in which two pieces of plain data differ; only a value's tells the answer."""

    aspect: Aspect
    sentence: str


# (relative, absolute), the defaults of torch.testing.assert_close.
TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
ARTICLES = {"torch": "a torch tensor", "chalkgrad": "a chalkgrad tensor", "numpy": "a NumPy array"}


def difference(
    expected: Plain, got: Plain, agreement: Agreement, path: str = ""
) -> Difference | None:
    """Return the first difference, or None where the two agree.

    Checked in this order: type, dtype, shape, device, values. A number may be an int or a float;
    NaN agrees with NaN.
    """
    if isinstance(expected, PlainTensor):
        return _tensor_difference(expected, got, agreement, path)
    if isinstance(expected, dict):
        return _dict_difference(expected, got, agreement, path)
    if isinstance(expected, list):
        return _list_difference(expected, got, agreement, path)
    if _is_number(expected):
        return _number_difference(expected, got, agreement, path)
    if type(expected) is not type(got):
        return _type_difference(expected, got, path)
    return None if expected == got else _value_difference(path, expected, got)


def kind(data: Plain) -> str:
    """Say what kind of thing the data is, with its article: `a torch tensor`, `the text 'a'`."""
    if isinstance(data, PlainTensor):
        return ARTICLES[data.library]
    if isinstance(data, Opaque):
        return f"an object of type {data.type_name}"
    if data is None:
        return "None"
    if isinstance(data, bool):
        return f"the truth value {data}"
    if _is_number(data):
        return f"the number {show(data)}"
    if isinstance(data, str):
        return f"the text {show(data)}"
    return "a list or tuple" if isinstance(data, list) else "a dictionary"


def _is_number(data: Plain) -> bool:
    return isinstance(data, (int, float, complex)) and not isinstance(data, bool)


def _at(path: str) -> str:
    return f"At {path}: expected" if path else "Expected"


def _value_difference(path: str, expected: Plain, got: Plain, more: str = "") -> Difference:
    wanted, found = show(expected), show(got)
    if wanted == found and isinstance(got, float):  # they differ in digits that are not shown
        wanted, found = repr(expected), repr(got)
    return Difference("value", f"{_at(path)} {wanted}, got {found}{more}.")


def _type_difference(expected: Plain, got: Plain, path: str) -> Difference:
    advice = ""
    if got is None:
        advice = " Is a `return` missing, or was this never set?"
    elif isinstance(expected, PlainTensor) and _is_number(got):
        kept = "an array" if expected.library == "numpy" else "a tensor"
        advice = f" Keep the result {kept}: no `.item()` and no `float()`."
    elif _is_number(expected) and isinstance(got, PlainTensor):
        advice = " `.item()` makes a Python number of a tensor with one element."
    elif _is_number(expected) and isinstance(got, str):
        advice = " Write the number without quotation marks."
    elif isinstance(expected, PlainTensor) and isinstance(got, PlainTensor):
        advice = f" Make it with {expected.library}."
    wanted = "a number" if _is_number(expected) else kind(expected)
    return Difference("type", f"{_at(path)} {wanted}, got {kind(got)}.{advice}")


def _number_difference(
    expected: Any, got: Plain, agreement: Agreement, path: str
) -> Difference | None:
    if not _is_number(got):
        return _type_difference(expected, got, path)
    try:
        near = _near(np.asarray(expected), np.asarray(got), "float64", agreement).all()
    except (OverflowError, TypeError):  # an int too large for a float, as a NumPy object array
        near = expected == got
    return None if near else _value_difference(path, expected, got)


def _tensor_difference(
    expected: PlainTensor, got: Plain, agreement: Agreement, path: str
) -> Difference | None:
    if not isinstance(got, PlainTensor) or got.library != expected.library:
        return _type_difference(expected, got, path)
    if agreement.dtype and got.dtype != expected.dtype:
        sentence = f"{_at(path)} dtype {expected.dtype}, got dtype {got.dtype}."
        return Difference("dtype", sentence)
    if got.values.shape != expected.values.shape:
        shapes = list(expected.values.shape), list(got.values.shape)
        return Difference("shape", f"{_at(path)} shape {shapes[0]}, got shape {shapes[1]}.")
    if got.device != expected.device:
        return Difference(
            "device",
            f"{_at(path)} a tensor on the device {expected.device!r}, got one on {got.device!r}. "
            "Make new tensors on the device of the input: `device=x.device`.",
        )
    near = _near(expected.values, got.values, expected.dtype, agreement)
    if near.all():
        return None
    if expected.values.ndim == 0:
        return _value_difference(path, expected, got)
    first = tuple(int(i) for i in np.argwhere(~near)[0])
    where = path + "[" + ", ".join(map(str, first)) + "]"
    more = f" ({(~near).sum()} of {near.size} values differ)"
    return _value_difference(where, expected.values[first].item(), got.values[first].item(), more)


def _near(expected: np.ndarray, got: np.ndarray, dtype: str, agreement: Agreement) -> np.ndarray:
    relative, absolute = TOLERANCES.get(dtype, (0.0, 0.0))
    relative = relative if agreement.relative is None else agreement.relative
    absolute = absolute if agreement.absolute is None else agreement.absolute
    wide = np.complex128 if "c" in (expected.dtype.kind, got.dtype.kind) else np.float64
    if dtype.startswith(("int", "uint", "bool")) and relative == absolute == 0:
        return np.asarray(expected == got)
    with np.errstate(all="ignore"):
        return np.isclose(
            got.astype(wide), expected.astype(wide), rtol=relative, atol=absolute, equal_nan=True
        )


def _list_difference(
    expected: list[Plain], got: Plain, agreement: Agreement, path: str
) -> Difference | None:
    if not isinstance(got, list):
        return _type_difference(expected, got, path)
    if len(expected) != len(got):
        items = "1 item" if len(expected) == 1 else f"{len(expected)} items"
        return Difference("value", f"{_at(path)} {items}, got {len(got)}.")
    pairs = enumerate(zip(expected, got, strict=True))
    return _first(difference(e, g, agreement, f"{path}[{i}]") for i, (e, g) in pairs)


def _dict_difference(
    expected: dict[str, Plain], got: Plain, agreement: Agreement, path: str
) -> Difference | None:
    if not isinstance(got, dict):
        return _type_difference(expected, got, path)
    if expected.keys() != got.keys():
        names = sorted(expected), sorted(got)
        return Difference("value", f"{_at(path)} the entries {names[0]}, got {names[1]}.")
    return _first(
        difference(item, got[key], agreement, f"{path}.{key}" if path else key)
        for key, item in expected.items()
    )


def _first(differences: Iterable[Difference | None]) -> Difference | None:
    return next((found for found in differences if found is not None), None)
