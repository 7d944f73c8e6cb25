"""Plain data: the only thing that leaves a student's process, so that the judge never runs it.

A live value (a tensor, a function, an object that lies about itself) becomes numbers, strings,
lists, dicts and `PlainTensor`s. What cannot be said in those becomes `Opaque`, by its type's name.
"""

from __future__ import annotations

import numbers
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

DEEPEST_NESTING = 20
LONGEST_LIST = 10_000
LARGEST_TENSOR = 10_000_000


@dataclass(frozen=True, eq=False)
class PlainTensor:
    """A tensor as plain data: its values on the host, and what it said about itself.

    `library` is "torch", "chalkgrad" or "numpy"; `dtype` is a name without prefix ("float32");
    `device` is "cpu" or "cuda". bfloat16, which NumPy lacks, has its values in float32.
    """

    library: str
    dtype: str
    device: str
    values: np.ndarray


@dataclass(frozen=True)
class Unanswered:
    """The three dots of the stub: the student has not answered yet."""


@dataclass(frozen=True)
class Opaque:
    """Something that is not plain data, by the name of its type."""

    type_name: str


Plain = Any
"""None, bool, int, float, complex, str, PlainTensor, Unanswered, Opaque; lists, dicts of these."""


def to_plain(value: object, depth: int = 0) -> Plain:
    """Turn a live value into plain data, copying what it holds; plain data stays as it is."""
    if depth > DEEPEST_NESTING:
        return Opaque(f"{type(value).__name__} nested deeper than {DEEPEST_NESTING} levels")
    if value is ...:
        return Unanswered()
    if value is None or isinstance(value, (bool, str, PlainTensor, Unanswered, Opaque)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, numbers.Complex):
        return complex(value)
    if isinstance(value, (list, tuple, set, frozenset, dict)) and len(value) > LONGEST_LIST:
        return Opaque(f"{type(value).__name__} with {len(value)} items")
    if isinstance(value, (list, tuple)):
        return [to_plain(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((to_plain(item, depth + 1) for item in value), key=repr)
    if isinstance(value, dict):
        return {str(key): to_plain(item, depth + 1) for key, item in value.items()}
    return _tensor_to_plain(value)


def _tensor_to_plain(value: Any) -> Plain:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufc":
            return Opaque(f"numpy array of dtype {value.dtype}")
        if value.size > LARGEST_TENSOR:
            return Opaque(f"numpy array with {value.size} elements")
        return PlainTensor("numpy", value.dtype.name, "cpu", np.array(value, order="C"))
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _torch_to_plain(torch, value)
    if torch is not None and isinstance(value, torch.dtype):
        return str(value)
    chalkgrad = sys.modules.get("chalkgrad")
    if chalkgrad is not None and isinstance(value, chalkgrad.Tensor):
        array = np.array(value.detach().numpy(), order="C")
        return PlainTensor("chalkgrad", array.dtype.name, "cpu", array)
    return Opaque(type(value).__name__)


def _torch_to_plain(torch: Any, tensor: Any) -> Plain:
    if tensor.device.type == "meta":
        return Opaque("torch tensor on the meta device, which holds no values")
    if tensor.layout is not torch.strided or tensor.is_quantized:
        return Opaque(f"torch tensor with layout {tensor.layout}")
    if tensor.numel() > LARGEST_TENSOR:
        return Opaque(f"torch tensor with {tensor.numel()} elements")
    name = str(tensor.dtype).removeprefix("torch.")
    host = tensor.detach().cpu().resolve_conj().resolve_neg()
    if tensor.dtype == torch.bfloat16:
        host = host.float()
    return PlainTensor(
        "torch", name, tensor.device.type, np.array(host.contiguous().numpy(), order="C")
    )


def show(data: Plain) -> str:
    """Say plain data as a student would read it: `tensor([1., 2.])`, `14.0`, `"mul"`."""
    if isinstance(data, PlainTensor):
        text = np.array2string(
            data.values, separator=", ", threshold=20, edgeitems=3, floatmode="maxprec"
        )
        name = "array" if data.library == "numpy" else "tensor"
        usual = {"float32", "int64", "bool"} if name == "tensor" else {"float64", "int64", "bool"}
        dtype = "" if data.dtype in usual else f", dtype={data.dtype}"
        device = "" if data.device == "cpu" else f", device={data.device}"
        return f"{name}({text}{dtype}{device})"
    if isinstance(data, Unanswered):
        return "..."
    if isinstance(data, Opaque):
        return f"an object of type {data.type_name}"
    if isinstance(data, list):
        items = [show(item) for item in data[:20]] + (["…"] if len(data) > 20 else [])
        return f"[{', '.join(items)}]"
    if isinstance(data, dict):
        return f"{{{', '.join(f'{key}: {show(item)}' for key, item in data.items())}}}"
    return _short(data)


def _short(data: Plain) -> str:
    try:
        text = f"{data:.8g}" if isinstance(data, float) and not data.is_integer() else repr(data)
    except ValueError:  # Python refuses to write out an int of more than some thousand digits
        return "a whole number of thousands of digits"
    return text if len(text) <= 200 else f"{text[:200]}…"


def holds_unanswered(data: Plain) -> bool:
    """Whether the three dots stand anywhere in the data."""
    if isinstance(data, list):
        return any(holds_unanswered(item) for item in data)
    if isinstance(data, dict):
        return any(holds_unanswered(item) for item in data.values())
    return isinstance(data, Unanswered)
