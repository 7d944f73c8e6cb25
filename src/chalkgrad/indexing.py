"""Reading and writing parts of a tensor: integers, slices, None, ..., masks and index tensors.

As torch does, the basic parts of a key are taken one after the other, each a step of the graph, and
then all masks and index tensors at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chalkgrad.inplace import refuse_overlap
from chalkgrad.rules import shaping
from chalkgrad.tensor import Tensor, apply, wrap

Key = tuple[Any, ...]


def _get(self: Tensor, key: Any) -> Tensor:
    """Return a part: a view for integers, slices, None and ..., a copy for masks and indices."""
    if key is ... or key == ():
        return apply(shaping.alias, (self,))
    part, arrays = _basic(self, key)
    if arrays:
        return apply(shaping.index, (part, arrays))
    return apply(shaping.alias, (part,)) if part is self else part


def _set(self: Tensor, key: Any, value: Any) -> None:
    """Write a part in place."""
    part, arrays = _basic(self, key)
    if not isinstance(value, Tensor):
        if not arrays and np.ndim(value) == 0:
            part.fill_(value)
            return
        value = wrap(np.asarray(value, self.dtype.array_dtype))
    if arrays:
        refuse_overlap(part, value, even_whole=True)
        mask = np.zeros(part.shape, bool)
        mask[arrays] = True
        spread = value.to(self.dtype).expand(part._array[arrays].shape)
        put = apply(shaping.put, (spread, tuple(part.shape), arrays))
        value = put.where(wrap(mask), part)
    while value.ndim > part.ndim and value.shape[0] == 1:
        value = value[0]
    part.copy_(value if value.shape == part.shape else value.expand(part.shape))


def _basic(tensor: Tensor, key: Any) -> tuple[Tensor, Key]:
    """Take the basic parts of a key; return what is left of the tensor, and of the key."""
    part, axis, left = tensor, 0, []
    for each in _parts(key, tensor.ndim):
        if isinstance(each, bool):  # a mask of no dimensions
            part, each = part.unsqueeze(axis), np.array([each])
        size = part.shape[axis] if axis < part.ndim else 1
        if isinstance(each, int):
            _check(np.array(each), axis, part.shape)
            part = apply(shaping.select, (part, shaping.along(axis, each)))
        elif isinstance(each, np.ndarray):
            _check(each, axis, part.shape)
            left.append(each)
            axis += _dimensions_of(each)
        else:
            if each is None:
                part = part.unsqueeze(axis)
            elif not _takes_all(each, size) or not isinstance(key, tuple):
                each = slice(*each.indices(size))
                if each.step <= 0:
                    raise ValueError("step must be greater than zero")
                part = apply(shaping.take_slice, (part, shaping.along(axis, each)))
            left.append(slice(None))
            axis += 1
    return part, tuple(left) if any(isinstance(each, np.ndarray) for each in left) else ()


def _parts(key: Any, dimensions: int) -> list[Any]:
    """Return the parts of a key, one per dimension of the tensor, without tensors and ellipses."""
    parts = [_plain(part) for part in (key if isinstance(key, tuple) else (key,))]
    missing = dimensions - sum(_dimensions_of(part) for part in parts)
    if missing < 0:
        raise IndexError(f"too many indices for tensor of dimension {dimensions}")
    full: list[Any] = []
    for part in parts:
        full += [slice(None)] * missing if part is ... else [part]
        missing = 0 if part is ... else missing
    return full


def _plain(part: Any) -> Any:
    """Return a part of a key as one of the few types that the rest of this file knows."""
    if part is None or part is ... or isinstance(part, (bool, slice)):
        return part
    if isinstance(part, (list, tuple, range)):
        part = np.asarray([_plain(each) for each in part], None if len(part) else int)
    elif not isinstance(part, (Tensor, np.ndarray)):
        if not hasattr(part, "__index__"):
            raise IndexError(f"A {type(part).__name__} is no index: take integers, slices, ..., "
                             "None, masks or tensors of integers.")  # fmt: skip
        return part.__index__()
    array = np.asarray(getattr(part, "_array", part))
    if array.dtype.kind not in "iub":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if array.ndim == 0 and array.dtype != bool and isinstance(part, Tensor):
        return int(array)
    return array.astype(bool) if array.dtype == np.uint8 else array


def _dimensions_of(part: Any) -> int:
    """Return how many dimensions of the tensor this part of the key takes up."""
    if part is None or part is ... or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == bool else 1


def _takes_all(part: slice, size: int) -> bool:
    """Say whether torch would take no step for this slice: it is written as all of it."""
    ends = part.start in (None, 0) and part.step in (None, 1)
    return ends and (part.stop is None or part.stop >= size)


def _check(array: np.ndarray, axis: int, shape: tuple[int, ...]) -> None:
    """Refuse places that the tensor does not have, and masks that do not lie on it."""
    if array.dtype == bool:
        if shape[axis : axis + array.ndim] != array.shape:
            raise IndexError(f"The shape of the mask {list(array.shape)} does not match the shape "
                             f"{list(shape)} of the indexed tensor.")  # fmt: skip
        return
    size = shape[axis]
    wrong = array[(array < -size) | (array >= size)]
    if wrong.size:
        raise IndexError(f"index {wrong[0]} is out of bounds for dimension {axis} with size {size}")


Tensor.__getitem__, Tensor.__setitem__ = _get, _set
