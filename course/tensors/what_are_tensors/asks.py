"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.runner.asks import NotAskable, call, make_tensor, names
from autograder.runner.plain import PlainTensor, show, to_plain

_OTHER_NAMES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
}
_KINDS = {"f": "decimal", "i": "whole", "u": "whole", "b": "truth", "c": "complex"}


def form(answer: Any, *, device: str) -> Any:
    """Say in words what a tensor is, whatever it holds: "shape [2, 3], dtype float32"."""
    tensor = _tensor(answer)
    return tensor if tensor is ... else f"shape {list(tensor.values.shape)}, dtype {tensor.dtype}"


def shape(answer: Any, *, device: str) -> Any:
    """Say the shape of a tensor: "shape [2, 3]"."""
    tensor = _tensor(answer)
    return tensor if tensor is ... else f"shape {list(tensor.values.shape)}"


def variety(answer: Any, *, device: str) -> Any:
    """Say what kind of numbers stand in a tensor, and whether they differ, but not which."""
    tensor = _tensor(answer)
    if tensor is ...:
        return tensor
    differ = len(np.unique(tensor.values)) > 1
    kind = _KINDS[tensor.values.dtype.kind]
    return f"{kind} numbers that differ" if differ else f"one {kind} number throughout"


def held(answer: Any, *, device: str) -> Any:
    """Return the tensor itself, once it is one."""
    tensor = _tensor(answer)
    return tensor if tensor is ... else answer


def of_matrix(answer: Any, numbers: Any, *, device: str) -> Any:
    """Call the answer with a tensor on the CPU, the only device that this lesson has met."""
    return call(answer, make_tensor(numbers, "torch", "cpu"), device=device)


def matrix_afterwards(answer: Any, numbers: Any, *, device: str) -> Any:
    """Call the answer with a tensor, and return what stands in that tensor after the call."""
    matrix = make_tensor(numbers, "torch", "cpu")
    returned = call(answer, matrix, device=device)
    return returned if returned is ... else matrix


def dtype_name(answer: Any, *, item: str, device: str) -> Any:
    """Return the name of the dtype that the answer gives for an item: "float32"."""
    import torch

    if answer is ... or answer[item] is ...:
        return ...
    plain = to_plain(answer[item])
    if not isinstance(plain, str):
        raise NotAskable(
            f"Expected the name of a dtype in quotation marks, as in 'complex64', got {show(plain)}."
        )
    name = plain.strip().lower().removeprefix("torch.")
    name = _OTHER_NAMES.get(name, name)
    if not isinstance(getattr(torch, name, None), torch.dtype):
        raise NotAskable(f"{plain!r} is not the name of a dtype. The table above has four of them.")
    return name


def after_the_array_changed(answer: Any, numbers: list[float], *, dtype: str, device: str) -> Any:
    """Give the answer an array, change the array, and return what the tensor holds then."""
    array = np.array(numbers, dtype=dtype)
    tensor = call(answer, array, device=device)
    _tensor(tensor)
    array += 100
    return tensor


def among(answer: Any, *, choice: tuple[str, ...], device: str) -> Any:
    """Return which of a choice of names stand in the answer, a list of names."""
    said = names(answer, device=device)
    if said is ...:
        return said
    unknown = sorted(set(said) - set("pqrstu"))
    if unknown:
        raise NotAskable(f"Expected names from p to u, got {unknown[0]!r} too.")
    return [name for name in said if name in choice]


def _tensor(answer: Any) -> Any:
    """Return a torch tensor as plain data; what is none is named without its numbers."""
    if answer is ...:
        return answer
    plain = to_plain(answer)
    if isinstance(plain, PlainTensor) and plain.library == "torch":
        return plain
    if isinstance(plain, PlainTensor):
        found = "a NumPy array" if plain.library == "numpy" else f"a tensor of {plain.library}"
    else:
        found = show(plain)
    raise NotAskable(f"Expected a torch tensor, got {found}.")
