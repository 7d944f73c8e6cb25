"""Changing a tensor in place, and its parts: the memory keeps its address, the version counts up.

Where no gradient is involved (data, or weights under `no_grad`) this only writes. Where one is, the
tensor moves on to the node of the change; if it shows a part of another's memory, that other moves
on as well, and all of its views find their new place when they are next asked.

What stands between square brackets is taken as torch does it: the basic parts one after the other,
each a step of the graph, and then all masks and index tensors at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.functions import FUNCTIONS
from chalkgrad.grad_modes import INFERENCE, here
from chalkgrad.graph import AccumulateGrad
from chalkgrad.rules import pointwise, shaping
from chalkgrad.tensor import Tensor, apply, bump, node_of, owned, region_of, wrap

# The operations that torch also has with an underscore.
_NAMES = """
abs add atan ceil clamp cos cumprod cumsum div eq erf exp expm1 floor floor_divide ge gt le log
log10 log1p lt masked_fill mul ne neg pow reciprocal relu remainder round rsqrt scatter sigmoid
sign sin sqrt square sub tan tanh
"""
_FAST = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.true_divide}
_SIGNS = {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow",
          "mod": "remainder", "floordiv": "floor_divide"}  # fmt: skip


def change(tensor: Tensor, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """Put what `compute` makes of a tensor in its place."""
    _refuse(tensor)
    recording, own, view = here.state[1], owned(tensor), tensor._view
    # A node may save what was there before, so let it see a copy.
    before = wrap(own.copy(), node_of(tensor)) if recording else wrap(own)
    result = compute(before)
    array, node = result._array, result._node
    if array.shape != own.shape:
        raise RuntimeError(f"output with shape {list(own.shape)} doesn't match the broadcast shape "
                           f"{list(array.shape)}\nA change in place keeps the shape.")  # fmt: skip
    if not np.can_cast(array.dtype, own.dtype, "same_kind"):
        raise RuntimeError(f"result type {dtypes.of_array(array.dtype).long_name} can't be cast to "
                           f"{tensor.dtype}\nA change in place keeps the dtype.")  # fmt: skip
    if recording and node is not None and view and not view.recorded:
        raise errors.view_made_without_grad()
    retains = recording and tensor.retains_grad
    own[...] = array
    bump(tensor)
    if recording and node is not before._node:
        if retains:  # the tensor's gradient is wanted, not that of what it was
            before._node.hooks = tuple(it for it in before._node.hooks if not it.keeps)
        if node is not None:
            _let_live_on(node, tensor)
        if view is None:
            tensor._node = node
        else:
            whole = wrap(view.base._array, view.base._node)
            view.base._node = apply(shaping.overwrite, (whole, result, region_of(tensor)))._node
            node_of(tensor)
        if retains:
            tensor.retain_grad()
    return tensor


def _let_live_on(node: Any, tensor: Tensor) -> None:
    """Let a node that has saved its result find it in the memory of the tensor."""
    saved, needs = list(node.saved), node.pullback.needs
    if (out_place := node.pullback.operation.out_place) in needs:
        spot = needs.index(out_place)
        counter = node.pullback.counters[spot]
        saved[spot], saved[counter : counter + 2] = (
            tensor._array,
            (tensor._counter, tensor._version),
        )
        node.saved = tuple(saved)


def _refuse(tensor: Tensor) -> None:
    """Refuse what torch refuses before anything is computed."""
    view = tensor._view
    if _repeats(tensor):
        raise RuntimeError("unsupported operation: more than one element of the written-to tensor "
                           "refers to a single memory location: clone() it first.")  # fmt: skip
    if tensor._counter is INFERENCE and here.state[2] is not INFERENCE:
        raise RuntimeError("Inplace update to inference tensor outside InferenceMode: clone it.")
    if here.state[1] and isinstance(tensor._node, AccumulateGrad):
        raise errors.leaf_in_place("a leaf Variable")
    if here.state[1] and view is not None and view.base._node is not None:
        if view.several:
            raise RuntimeError("This view is the output of a function that returns multiple views, "
                               "and may not be changed in place.")  # fmt: skip
        if not view.recorded:
            raise errors.view_made_without_grad()
        if isinstance(view.base._node, AccumulateGrad):
            raise errors.leaf_in_place("a view of a leaf Variable")


def _repeats(tensor: Tensor) -> bool:
    return any(n > 1 and not step for n, step in zip(tensor.shape, tensor.stride(), strict=True))


def refuse_overlap(tensor: Tensor, other: Any, even_whole: bool = False) -> None:
    """Refuse to write into memory that is being read in another order, where torch notices it."""
    if isinstance(other, Tensor) and np.may_share_memory(tensor._array, other._array):
        own, read = (np.asarray(each._array).__array_interface__ for each in (tensor, other))
        same = all(own[key] == read[key] for key in ("data", "shape", "strides"))
        if (even_whole or not same) and not _repeats(other):
            raise RuntimeError("unsupported operation: some elements of the input tensor and the "
                               "written-to tensor share their memory: clone() one.")  # fmt: skip


def _alike(x: Any, y: Any) -> bool:
    """Say whether both are arrays of floats of one shape and dtype, each in memory of its own."""
    arrays = type(x) is type(y) is np.ndarray and x.base is y.base is None
    return arrays and x.dtype == y.dtype and x.shape == y.shape and x.dtype.kind == "f"


def _in_place(name: str) -> Callable[..., Tensor]:
    function, ufunc = FUNCTIONS[name], _FAST.get(name)

    def method(self: Tensor, *arguments: Any, **options: Any) -> Tensor:
        if ufunc and not here.state[1] and len(arguments) == 1 and not options:
            own, other = self._array, getattr(arguments[0], "_array", None)
            if _alike(own, other):
                here.state[0](ufunc, own, other, own)  # without a second array
                bump(self)
                return self
        for each in arguments:
            refuse_overlap(self, each)
        return change(self, lambda x: function(x, *arguments, **options))

    method.__name__, method.__doc__ = f"{name}_", f"{function.__doc__} In place."
    return method


def _fill(self: Tensor, value: Any) -> Tensor:
    """Fill with one number; torch allows this even where elements share their place in memory."""
    if isinstance(value, Tensor):
        return self.copy_(value)
    if _repeats(self):
        _fill(self[tuple(slice(None if step else 1) for step in self.stride())], value)
        return self
    if self._view is not None:  # a part that is overwritten depends on nothing
        return change(self, lambda x: wrap(np.full_like(x._array, value)))
    return change(self, lambda x: apply(pointwise.filled, (x, value)))


def _copy(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Take over the elements of another tensor, converted and repeated where needed."""
    src.detach().expand(self.shape)  # refuses what does not fit
    refuse_overlap(self, src)
    return change(self, lambda x: apply(shaping.copy, (x, src.to(x.dtype))))


for _name in _NAMES.split():
    setattr(Tensor, f"{_name}_", _in_place(_name))
for _sign, _name in _SIGNS.items():
    setattr(Tensor, f"__i{_sign}__", getattr(Tensor, f"{_name}_"))
Tensor.fill_, Tensor.copy_, Tensor.zero_ = _fill, _copy, lambda self: _fill(self, 0)

# ---- Parts: integers, slices, None, ..., masks and index tensors ---------------------------------


def _get(self: Tensor, key: Any) -> Tensor:
    """Return a part: a view for integers, slices, None and ..., a copy for masks and indices."""
    shown, arrays = _shown(self, key)
    if arrays:
        return apply(shaping.index, (shown, arrays))
    return apply(shaping.alias, (self,)) if shown is self else shown


def _set(self: Tensor, key: Any, value: Any) -> None:
    """Write a part in place."""
    part, arrays = _shown(self, key)
    if not isinstance(value, Tensor):
        if not arrays and np.ndim(value) == 0:
            part.fill_(value)
            return
        value = wrap(np.asarray(value, self.dtype.array_dtype))
    shape = part._array[arrays].shape if arrays else part.shape
    while value.ndim > len(shape) and value.shape[0] == 1:
        value = value[0]
    spread = value if value.shape == shape else value.expand(shape)
    if arrays:
        refuse_overlap(part, value, even_whole=True)
        change(part, lambda x: apply(shaping.index_put, (x, spread.to(self.dtype), arrays)))
    else:
        part.copy_(spread)


def _shown(tensor: Tensor, key: Any) -> tuple[Tensor, shaping.Key]:
    """Return the view that all but the arrays of a key show; and what then takes the arrays."""
    parts = [_plain(part) for part in (key if isinstance(key, tuple) else (key,))]
    rest = [slice(None)] * (tensor.ndim - sum(map(_dimensions_of, parts)))
    place = next((place for place, part in enumerate(parts) if part is ...), len(parts))
    parts[place : place + 1] = rest
    basic, arrays, axis = [], [], 0
    for part in parts:
        if isinstance(part, slice) and isinstance(key, tuple):  # is it written as the whole?
            whole = part.start in (None, 0) and part.step in (None, 1)
            size = tensor.shape[axis : axis + 1]
            part = slice(None) if whole and (part.stop is None or (part.stop,) >= size) else part
        if isinstance(part, slice) and part.step is not None and part.step <= 0:
            raise ValueError("step must be greater than zero")
        if isinstance(part, bool):  # a mask of no dimensions
            basic.append(None)
            arrays.append(np.array([part]))
        elif isinstance(part, np.ndarray):
            basic += [slice(None)] * _dimensions_of(part)
            arrays.append(part)
        else:
            basic.append(part)
            arrays += [] if isinstance(part, int) else [slice(None)]
        axis += _dimensions_of(part)
    if any(part != slice(None) for part in basic) or isinstance(key, slice):
        tensor = apply(shaping.select, (tensor, tuple(basic)))
    return tensor, tuple(arrays) if any(isinstance(x, np.ndarray) for x in arrays) else ()


def _plain(part: Any) -> Any:
    """Return a part of a key as one of the few types that the rest of this file knows."""
    if part is None or part is ... or isinstance(part, (bool, slice)):
        return part
    array = np.asarray(getattr(part, "_array", part))
    if array.dtype.kind not in "iub" and array.shape != (0,):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if array.ndim == 0 and array.dtype != bool:
        return int(array)
    # A copy, for backward reads it and the tensor may have been changed by then.
    return array.astype(bool if array.dtype in (np.uint8, bool) else int)


def _dimensions_of(part: Any) -> int:
    """Return how many dimensions of the tensor this part of the key takes up."""
    if part is None or part is ... or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == bool else 1


Tensor.__getitem__, Tensor.__setitem__ = _get, _set
