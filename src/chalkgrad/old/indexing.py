"""Reading and writing parts of a tensor: integers, slices, None, ..., masks and index tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import errors, rules

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor


class Indexing:
    """What a tensor does between square brackets."""

    __slots__ = ()

    def __getitem__(self: Any, key: Any) -> Tensor:
        """Return a part: a view for integers, slices, None and ..., a copy for masks and indices.

        As torch does, take the basic parts of the key one after the other, each a step of the
        graph, and then all masks and index tensors at once.
        """
        parts = _parts(key, self._array.ndim)
        part = self
        axis = 0
        advanced: list[Any] = []
        for each in parts:
            if each is None:
                part = part.unsqueeze(axis)
                advanced.append(slice(None))
                axis += 1
            elif isinstance(each, slice):
                _check_step(each)
                if key is each or not _is_all(each, part._array.shape[axis]):
                    part = part._view(rules.take_slice, _along(axis, each))
                advanced.append(slice(None))
                axis += 1
            elif isinstance(each, int) and not isinstance(each, bool):
                _check_index(each, axis, part._array.shape)
                part = part._view(rules.select, _along(axis, each))
            else:
                if isinstance(each, bool):
                    part = part.unsqueeze(axis)
                    each = np.array([each])
                _check_array(each, axis, part._array.shape)
                advanced.append(each)
                axis += each.ndim if each.dtype == bool else 1
        if any(isinstance(each, np.ndarray) for each in advanced):
            return part._apply(rules.index, part, tuple(advanced))
        return part._view(rules.alias) if part is self else part

    def __setitem__(self: Any, key: Any, value: Any) -> None:
        """Write a part in place."""
        parts = _parts(key, self._array.ndim)
        shape = self._array.shape
        axis = 0
        for each in parts:
            if isinstance(each, slice):
                _check_step(each)
                axis += 1
            elif isinstance(each, np.ndarray):
                _check_array(each, axis, shape)
                axis += each.ndim if each.dtype == bool else 1
            elif isinstance(each, int) and not isinstance(each, bool):
                _check_index(each, axis, shape)
                axis += 1
        self._write_part(tuple(parts), value)


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
    if len(parts) == 1 and parts[0] is ...:
        return []
    return full


def _plain(part: Any) -> Any:
    if part is None or part is ... or isinstance(part, (bool, slice)):
        return part
    if hasattr(part, "_array"):
        part = part._array
        if part.ndim == 0 and part.dtype.kind in "iu":
            return int(part)
        part = np.asarray(part)
    elif isinstance(part, (list, tuple, range, np.ndarray)):
        part = np.asarray(
            [_plain(each) for each in part] if not isinstance(part, np.ndarray) else part
        )
        if part.size == 0:
            part = part.astype(int)
    elif hasattr(part, "__index__"):
        return part.__index__()
    elif isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    else:
        raise errors.not_an_index(kind=type(part).__name__)
    if part.dtype.kind not in "iub":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return part


def _dimensions_of(part: Any) -> int:
    """Return how many dimensions of the tensor this part of the key takes up."""
    if part is None or part is ... or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, np.ndarray) and part.dtype == bool else 1


def _along(axis: int, what: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, what, ...)


def _is_all(part: slice, size: int) -> bool:
    """Say whether torch would take no step for this slice: it is written as all of it."""
    stops_at_end = part.stop is None or part.stop >= size
    return part.start in (None, 0) and stops_at_end and part.step in (None, 1)


def _check_index(index: int, axis: int, shape: Sequence[int]) -> None:
    if not -shape[axis] <= index < shape[axis]:
        raise IndexError(
            f"index {index} is out of bounds for dimension {axis} with size {shape[axis]}"
        )


def _check_step(part: slice) -> None:
    for bound in (part.start, part.stop, part.step):
        if bound is not None and not hasattr(bound, "__index__"):
            raise TypeError("slice indices must be integers or None or have an __index__ method")
    if part.step is not None and part.step.__index__() <= 0:
        raise ValueError("step must be greater than zero")


def _check_array(array: np.ndarray, axis: int, shape: Sequence[int]) -> None:
    if array.dtype == bool:
        found = tuple(shape[axis : axis + array.ndim])
        if found != array.shape:
            raise errors.mask_of_other_shape(array.shape, axis, shape)
        return
    size = shape[axis]
    wrong = (array < -size) | (array >= size)
    if wrong.any():
        raise IndexError(
            f"index {array[wrong][0]} is out of bounds for dimension {axis} with size {size}"
        )
