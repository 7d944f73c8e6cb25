"""Reading and writing parts of a tensor: integers, slices, None, ..., masks and index tensors.

As torch does, the basic parts of a key are taken one after the other, each a step of the graph, and
then all masks and index tensors at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chalkgrad import errors
from chalkgrad.inplace import refuse_overlap
from chalkgrad.rules import shaping
from chalkgrad.tensor import Tensor, apply, wrap


def _get(self: Tensor, key: Any) -> Tensor:
    """Return a part: a view for integers, slices, None and ..., a copy for masks and indices."""
    part, arrays = _basic(self, key)
    if any(isinstance(each, np.ndarray) for each in arrays):
        return apply(shaping.index, (part, arrays))
    return apply(shaping.alias, (part,)) if part is self else part


def _set(self: Tensor, key: Any, value: Any) -> None:
    """Write a part in place."""
    part, arrays = _basic(self, key)
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value, self.dtype.array_dtype))
    if not any(isinstance(each, np.ndarray) for each in arrays):
        while value.ndim > part.ndim and value.shape[0] == 1:
            value = value[0]
        part.copy_(value if value.shape == part.shape else value.expand(part.shape))
        return
    refuse_overlap(part, value, even_whole=True)
    whole = wrap(part._array[arrays])
    mask = np.zeros(part.shape, bool)
    mask[arrays] = True
    spread = value.to(self.dtype).expand(whole.shape)
    put = apply(shaping.put, (spread, tuple(part.shape), arrays))
    part.copy_(put.where(wrap(mask), part))


def _basic(tensor: Tensor, key: Any) -> tuple[Tensor, tuple[Any, ...]]:
    """Take the basic parts of a key; return what is left of the tensor, and of the key."""
    part, axis, left = tensor, 0, []
    for each in _parts(key, tensor.ndim):
        if each is None:
            part = part.unsqueeze(axis)
        elif isinstance(each, slice):
            if not _takes_all(each, part.shape[axis]) or key is each:
                part = apply(shaping.take_slice, (part, shaping.along(axis, each)))
        elif isinstance(each, int) and not isinstance(each, bool):
            size = part.shape[axis]
            if not -size <= each < size:
                raise errors.index_out_of_bounds(each, axis, size)
            part = apply(shaping.select, (part, shaping.along(axis, each)))
            continue
        else:
            if isinstance(each, bool):
                part = part.unsqueeze(axis)
                each = np.array([each])
            _check_array(each, axis, part.shape)
            left.append(each)
            axis += each.ndim if each.dtype == bool else 1
            continue
        left.append(slice(None))
        axis += 1
    return part, tuple(left)


def _parts(key: Any, dimensions: int) -> list[Any]:
    """Return the parts of a key, one per dimension of the tensor, without tensors and ellipses."""
    parts = [_plain(part) for part in (key if isinstance(key, tuple) else (key,))]
    taken = sum(_dimensions_of(part) for part in parts)
    if taken > dimensions:
        if dimensions == 0:
            raise errors.index_of_scalar()
        raise IndexError(f"too many indices for tensor of dimension {dimensions}")
    full: list[Any] = []
    missing = dimensions - taken
    for part in parts:
        if part is ...:
            full += [slice(None)] * missing
            missing = 0
        else:
            full.append(part)
    return full


def _plain(part: Any) -> Any:
    if isinstance(part, slice):
        for bound in (part.start, part.stop, part.step):
            if bound is not None and not hasattr(bound, "__index__"):
                raise TypeError("slice indices must be integers or None or have an __index__ method")
        if part.step is not None and part.step.__index__() <= 0:
            raise ValueError("step must be greater than zero")
        return slice(*(bound if bound is None else bound.__index__()
                       for bound in (part.start, part.stop, part.step)))  # fmt: skip
    if part is None or part is ... or isinstance(part, bool):
        return part
    if isinstance(part, Tensor):
        if part.ndim == 0 and part._array.dtype.kind in "iu":
            return int(part._array)
        part = np.asarray(part._array)
    elif isinstance(part, (list, tuple, range)):
        part = np.asarray([_plain(each) for each in part])
        part = part if part.size else part.astype(int)
    elif isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    elif hasattr(part, "__index__") and not isinstance(part, np.ndarray):
        return part.__index__()
    elif not isinstance(part, np.ndarray):
        raise errors.not_an_index(type(part).__name__)
    if part.dtype.kind not in "iub":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return part.astype(bool) if part.dtype == np.uint8 else part


def _dimensions_of(part: Any) -> int:
    """Return how many dimensions of the tensor this part of the key takes up."""
    if part is None or part is ... or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == bool else 1


def _takes_all(part: slice, size: int) -> bool:
    """Say whether torch would take no step for this slice: it is written as all of it."""
    stops_at_end = part.stop is None or part.stop >= size
    return part.start in (None, 0) and stops_at_end and part.step in (None, 1)


def _check_array(array: np.ndarray, axis: int, shape: Sequence[int]) -> None:
    if array.dtype == bool:
        if tuple(shape[axis : axis + array.ndim]) != array.shape:
            raise errors.mask_of_other_shape(array.shape, axis, shape)
        return
    size = shape[axis]
    wrong = array[(array < -size) | (array >= size)]
    if wrong.size:
        raise errors.index_out_of_bounds(wrong[0], axis, size)


Tensor.__getitem__ = _get  # pyright: ignore[reportAttributeAccessIssue]
Tensor.__setitem__ = _set  # pyright: ignore[reportAttributeAccessIssue]
