"""The shape of a tensor: the methods that move elements without changing them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import errors, rules

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor


class Size(tuple):
    """The sizes of the dimensions: a tuple that prints as torch's does."""

    __slots__ = ()

    def numel(self) -> int:
        """Return the number of elements."""
        return prod(self)

    def __getitem__(self, place: Any) -> Any:
        part = tuple.__getitem__(self, place)
        return Size(part) if isinstance(part, tuple) else part

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, tuple(other)))

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


class Shaping:
    """What a tensor can do about its shape."""

    __slots__ = ()

    def _axis(self: Any, dim: int, extra: int = 0) -> int:
        """Return the dimension counted from the front; IndexError where there is none."""
        dimensions = max(self._array.ndim + extra, 1)
        if not -dimensions <= dim < dimensions:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-dimensions}, "
                f"{dimensions - 1}], but got {dim})"
            )
        return dim % dimensions

    def view(self: Any, *shape: Any) -> Tensor:
        """Return the same memory under another shape; refused where that takes a copy."""
        target = self._target_shape(shape)
        if not _fits_without_copy(self._array, target):
            raise errors.view_needs_copy()
        return self._view(rules.reshape, target)

    def reshape(self: Any, *shape: Any) -> Tensor:
        """Return the elements under another shape, without a copy where that is possible."""
        target = self._target_shape(shape)
        if self.is_contiguous():
            return self._view(rules.reshape, target)
        if _fits_without_copy(self._array, target):
            return self._view(rules.reshape_alias, target)
        return self._apply(rules.unsafe_view, self.clone(), target)

    def _target_shape(self: Any, shape: Sequence[Any]) -> tuple[int, ...]:
        sizes = sizes_of(shape)
        unknown = sizes.count(-1)
        if unknown > 1:
            raise RuntimeError("only one dimension can be inferred")
        known = prod(size for size in sizes if size != -1)
        total = self._array.size
        if (unknown and (known == 0 or total % known)) or (not unknown and known != total):
            raise errors.shape_is_invalid(shape=list(sizes), total=total)
        return tuple(total // known if size == -1 else size for size in sizes)

    def view_as(self: Any, other: Tensor) -> Tensor:
        """Return the same memory under the shape of the other."""
        return self.view(other.shape)

    def reshape_as(self: Any, other: Tensor) -> Tensor:
        """Return the elements under the shape of the other."""
        return self.reshape(other.shape)

    def flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Make one dimension out of a range of them."""
        shape = self._array.shape
        start, end = self._axis(start_dim), self._axis(end_dim)
        if start > end:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        if start == end and shape:
            return self
        return self.reshape(*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :])

    def ravel(self: Any) -> Tensor:
        """Make one dimension out of all."""
        return self.contiguous().view(-1)

    def squeeze(self: Any, dim: int | Sequence[int] | None = None) -> Tensor:
        """Leave out dimensions of size 1: all of them, or those that are named."""
        if dim is None:
            row, axes = rules.squeeze_all, range(self._array.ndim)
        elif isinstance(dim, int):
            row, axes = rules.squeeze_axis, (self._axis(dim),)
        else:
            row, axes = rules.squeeze_axes, tuple(self._axis(each) for each in dim)
        return self._view(row, _without_ones(self._array.shape, axes))

    def unsqueeze(self: Any, dim: int) -> Tensor:
        """Add a dimension of size 1."""
        axis = self._axis(dim, extra=1)
        shape = self._array.shape
        return self._view(rules.unsqueeze, (*shape[:axis], 1, *shape[axis:]))

    def transpose(self: Any, dim0: int, dim1: int) -> Tensor:
        """Exchange two dimensions."""
        axis, other = self._axis(dim0), self._axis(dim1)
        if self._array.ndim == 0:
            return self._view(rules.alias)
        return self._view(rules.swap, axis, other)

    swapaxes = swapdims = transpose

    def t(self: Any) -> Tensor:
        """Transpose a matrix; a vector stays as it is."""
        if self._array.ndim > 2:
            raise RuntimeError(
                f"t() expects a tensor with <= 2 dimensions, but self is {self._array.ndim}D"
            )
        return self._view(rules.turn)

    @property
    def T(self: Any) -> Tensor:
        """The tensor with its dimensions in reverse order."""
        return self._view(rules.permute, tuple(reversed(range(self._array.ndim))))

    @property
    def mT(self: Any) -> Tensor:
        """Each matrix, in the last two dimensions, transposed."""
        if self._array.ndim < 2:
            raise RuntimeError(
                "tensor.mT is only supported on matrices or batches of matrices. "
                f"Got {self._array.ndim}-D tensor."
            )
        return self.transpose(-2, -1)

    def permute(self: Any, *dims: Any) -> Tensor:
        """Put the dimensions into this order."""
        order = sizes_of(dims)
        if len(order) != self._array.ndim:
            raise errors.permute_needs_every_dimension(own=self._array.ndim, given=len(order))
        axes = tuple(self._axis(dim) for dim in order)
        if len(set(axes)) != len(axes):
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        return self._view(rules.permute, axes)

    def expand(self: Any, *sizes: Any) -> Tensor:
        """Repeat dimensions of size 1 without copying; -1 leaves a size as it is."""
        target = sizes_of(sizes)
        shape = self._array.shape
        added = len(target) - len(shape)
        if added < 0:
            raise errors.expand_to_fewer(list(shape), list(target))
        full = []
        for axis, size in enumerate(target):
            own = shape[axis - added] if axis >= added else 1
            if size == -1 and axis >= added:
                size = own
            if size != own and own != 1:
                raise errors.expand_mismatch(
                    size=size, own=own, axis=axis, target=list(target), shape=list(shape)
                )
            full.append(size)
        return self._view(rules.expand, tuple(full))

    broadcast_to = expand

    def expand_as(self: Any, other: Tensor) -> Tensor:
        """Repeat to the shape of the other."""
        return self.expand(other.shape)

    def unbind(self: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """Take apart along a dimension, into a tuple."""
        return self._views(rules.unbind, self._axis(dim))

    def narrow(self: Any, dim: int, start: int, length: int) -> Tensor:
        """Take a range of a dimension."""
        axis = self._axis(dim)
        return self[(slice(None),) * axis + (slice(start, start + length),)]

    def select(self: Any, dim: int, index: int) -> Tensor:
        """Take one place of a dimension."""
        axis = self._axis(dim)
        return self[(slice(None),) * axis + (index,)]


def sizes_of(sizes: Sequence[Any]) -> tuple[int, ...]:
    """Accept sizes as torch does: one by one, or as one sequence."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return tuple(size.__index__() for size in sizes)


def _without_ones(shape: tuple[int, ...], axes: Sequence[int]) -> tuple[int, ...]:
    return tuple(size for axis, size in enumerate(shape) if size != 1 or axis not in axes)


def _fits_without_copy(array: Any, shape: tuple[int, ...]) -> bool:
    try:
        np.reshape(array, shape, copy=False)
    except ValueError:
        return False
    return True
