"""torch's own list of operations, which of them chalkgrad has, and samples for both engines."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch

import chalkgrad

for _part in ("autograd.functional", "nn.functional", "linalg", "special"):
    with suppress(ImportError):
        import_module(f"chalkgrad.{_part}")

_TORCHS_OWN_TESTS = "torch.testing._internal."
_MOST_DIMENSIONS = 64  # NumPy's limit


class NotExpressible(Exception):
    """A sample holds what chalkgrad has no counterpart of, such as a sparse tensor."""


@dataclass(frozen=True)
class Operation:
    """An entry of torch's list that chalkgrad has too, and how to call it in both."""

    name: str
    info: Any
    in_torch: Callable[..., Any]
    in_chalkgrad: Callable[..., Any]


# --- torch's list -------------------------------------------------------------------------------


@cache
def torchs_list() -> tuple[Any, ...]:
    """Load `op_db`, which takes seconds."""
    from torch.testing._internal.common_methods_invocations import op_db

    return tuple(op_db)


@cache
def supported() -> dict[str, Operation]:
    """The operations of torch's list that chalkgrad has under the same name, by full name."""
    found = {}
    for info in torchs_list():
        function = _counterpart(info)
        if function is not None and main_dtype(info) is not None:
            name = full_name(info)
            found[name] = Operation(name, info, info.op, function)
    return found


def full_name(info: Any) -> str:
    """The name, and the variant in brackets where there are several."""
    variant = info.variant_test_name
    return f"{_name(info)} ({variant})" if variant else _name(info)


def _name(info: Any) -> str:
    """The list's name, but `uniform_` where that is what its `uniform` calls."""
    if _is_written_for_the_test(info.op) and f"{info.name}_" in info.op.__code__.co_names:
        return f"{info.name}_"
    return info.name


def missing() -> list[str]:
    """The names of torch's list that chalkgrad lacks."""
    return sorted({_name(info) for info in torchs_list()} - supported_names())


def supported_names() -> set[str]:
    """The names of the supported operations, without variants."""
    return {_name(operation.info) for operation in supported().values()}


def _counterpart(info: Any) -> Callable[..., Any] | None:
    found: Any = chalkgrad
    for part in info.name.split("."):
        found = getattr(found, part, None)
    if found is None or isinstance(found, chalkgrad.dtype):
        found = getattr(chalkgrad.Tensor, info.name, None)
    if not _is_written_for_the_test(info.op):
        return found if callable(found) else None
    known = hasattr(chalkgrad.Tensor, info.name) or found is not None
    if "torch" in info.op.__code__.co_names:
        known = _has_what_it_calls(info.op)
    return as_if_torch_were_chalkgrad(info.op) if known else None


def _has_what_it_calls(function: FunctionType) -> bool:
    """Tell whether chalkgrad has what the code calls `torch.nn.functional.dropout` or the like."""
    names = function.__code__.co_names
    found: Any = chalkgrad
    for name in names[names.index("torch") + 1 :]:
        if isinstance(found, (ModuleType, SimpleNamespace, type)):
            found = getattr(found, name, None)
    return found is not None


def _is_written_for_the_test(function: Any) -> bool:
    return isinstance(function, FunctionType) and function.__module__.startswith(_TORCHS_OWN_TESTS)


def as_if_torch_were_chalkgrad(function: Any) -> Any:
    """Make torch's lambda one that finds chalkgrad under the name `torch`."""
    if not _is_written_for_the_test(function):
        return function
    replaced = FunctionType(
        function.__code__,
        {**function.__globals__, "torch": chalkgrad},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    replaced.__kwdefaults__ = function.__kwdefaults__
    return replaced


def main_dtype(info: Any) -> torch.dtype | None:
    """float64 where the operation takes it, else what integers or booleans it takes."""
    return next((d for d in (torch.float64, torch.int64, torch.bool) if d in info.dtypes), None)


def samples(operation: Operation, dtype: torch.dtype) -> Iterator[Any]:
    """torch's samples, the same in every run."""
    info = operation.info
    if dtype not in info.dtypes:
        return
    _seed_everything()
    differentiable = info.supports_autograd and dtype.is_floating_point
    yield from info.sample_inputs("cpu", dtype, requires_grad=differentiable)


def refused_samples(operation: Operation) -> Iterator[Any]:
    """torch's samples of what it refuses, the same in every run."""
    if operation.info.error_inputs_func is not None:
        _seed_everything()
        for error_input in operation.info.error_inputs("cpu"):
            yield error_input.sample_input


def _seed_everything() -> None:
    torch.manual_seed(0)
    np.random.seed(0)
    random.seed(0)


# --- the same thing in two engines --------------------------------------------------------------


def map_leaves(tree: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` to all that is not a list, tuple, dict or slice, and keep these."""
    if isinstance(tree, (torch.Size, str)):
        return change(tree)
    if isinstance(tree, dict):
        return {key: map_leaves(value, change) for key, value in tree.items()}
    if isinstance(tree, list):
        return [map_leaves(item, change) for item in tree]
    if isinstance(tree, tuple):
        return tuple(map_leaves(item, change) for item in tree)
    if isinstance(tree, slice):
        return slice(*(map_leaves(end, change) for end in (tree.start, tree.stop, tree.step)))
    return change(tree)


def leaves(tree: Any) -> list[Any]:
    """All that is not a list, tuple, dict or slice, in order."""
    found: list[Any] = []
    map_leaves(tree, found.append)
    return found


def for_torch(tree: Any) -> Any:
    """Copy a sample: tensors become new leaves of the same strides, shared ones stay shared."""
    return _once_each(tree, lambda leaf: _own(leaf) if isinstance(leaf, torch.Tensor) else leaf)


def for_chalkgrad(tree: Any) -> Any:
    """Copy a sample into chalkgrad's tensors, dtypes and sizes.

    Raises:
        NotExpressible: chalkgrad has no counterpart of something in it.

    """
    return _once_each(tree, _translated)


def without_gradients(tree: Any) -> Any:
    """Copy a sample such that none of its tensors requires grad."""
    return _once_each(tree, lambda x: x.detach() if isinstance(x, torch.Tensor) else x)


def _once_each(tree: Any, change: Callable[[Any], Any]) -> Any:
    seen: dict[int, tuple[Any, Any]] = {}  # with the leaf itself, so that no id is used twice

    def change_once(leaf: Any) -> Any:
        if id(leaf) not in seen:
            seen[id(leaf)] = leaf, change(leaf)
        return seen[id(leaf)][1]

    return map_leaves(tree, change_once)


def _own(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.layout != torch.strided or tensor.is_conj() or tensor.is_neg():
        return tensor.detach().clone().requires_grad_(tensor.requires_grad)
    copy = torch.empty(0, dtype=tensor.dtype, device=tensor.device).set_(
        tensor.detach().untyped_storage().clone(),
        tensor.storage_offset(),
        tensor.size(),
        tensor.stride(),
    )
    return copy.requires_grad_(tensor.requires_grad)


def _translated(leaf: Any) -> Any:
    if isinstance(leaf, torch.Tensor):
        return _translated_tensor(leaf)
    if isinstance(leaf, torch.Size):
        return chalkgrad.Size(leaf)
    if isinstance(leaf, (torch.dtype, torch.memory_format, torch.layout)):
        name = str(leaf).removeprefix("torch.")
        if not hasattr(chalkgrad, name):
            raise NotExpressible(f"chalkgrad has no {leaf}")
        return getattr(chalkgrad, name)
    if isinstance(leaf, torch.device):
        if leaf.type != "cpu":
            raise NotExpressible(f"chalkgrad has no device {leaf}")
        return str(leaf)
    if type(leaf).__module__.partition(".")[0] == "torch":
        raise NotExpressible(f"chalkgrad has no {type(leaf)}")
    return leaf


def _translated_tensor(tensor: torch.Tensor) -> Any:
    named = hasattr(chalkgrad, str(tensor.dtype).removeprefix("torch."))
    if tensor.layout != torch.strided or tensor.device.type != "cpu" or not named:
        raise NotExpressible(f"chalkgrad has no tensor of {tensor.layout}, {tensor.dtype}")
    if tensor.ndim > _MOST_DIMENSIONS:
        raise NotExpressible(f"NumPy has at most {_MOST_DIMENSIONS} dimensions")
    array = _own(tensor).detach().resolve_conj().resolve_neg().numpy()
    return chalkgrad.from_numpy(array).requires_grad_(tensor.requires_grad)


def one_line(text: str, length: int = 110) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= length else text[: length - 1] + "…"


def describe(sample: Any) -> str:
    """A sample in one short line: tensors as dtype and shape."""
    parts = [repr(map_leaves(sample.input, _Described))]
    parts += [repr(map_leaves(argument, _Described)) for argument in sample.args]
    parts += [f"{key}={map_leaves(value, _Described)!r}" for key, value in sample.kwargs.items()]
    return one_line(f"({', '.join(parts)})")


class _Described:
    def __init__(self, leaf: Any) -> None:
        self.leaf = leaf

    def __repr__(self) -> str:
        if not isinstance(self.leaf, torch.Tensor):
            return repr(self.leaf)
        if self.leaf.layout != torch.strided:
            return f"{self.leaf.layout}"
        dtype = str(self.leaf.dtype).removeprefix("torch.")
        strided = "" if self.leaf.is_contiguous() else f" strides {list(self.leaf.stride())}"
        return f"{dtype}{list(self.leaf.shape)}{strided}"
