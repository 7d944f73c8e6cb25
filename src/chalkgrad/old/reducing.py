"""From many elements to fewer: sums, means, spreads, extremes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chalkgrad import dtypes, errors, rules
from chalkgrad.rules import Operation

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor


class _Extremes(NamedTuple):
    values: Any
    indices: Any


class MaxResult(_Extremes):
    """What `max` along a dimension returns; prints as torch's does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.return_types.max(\nvalues={self.values!r},\nindices={self.indices!r})"


class MinResult(_Extremes):
    """What `min` along a dimension returns; prints as torch's does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.return_types.min(\nvalues={self.values!r},\nindices={self.indices!r})"


class Reducing:
    """What a tensor can do to have fewer elements.

    `dim` is a dimension or several, all of them if left out; `keepdim` leaves them with size 1.
    """

    __slots__ = ()

    def _axes(self: Any, dim: int | Sequence[int] | None) -> tuple[int, ...]:
        """Return the dimensions counted from the front; none named means all."""
        if dim is None or (not isinstance(dim, int) and len(dim) == 0):
            return tuple(range(self._array.ndim))
        axes = [self._axis(each) for each in ([dim] if isinstance(dim, int) else dim)]
        for axis in axes:
            if axes.count(axis) > 1:
                raise RuntimeError(f"dim {axis} appears multiple times in the list of dims")
        return tuple(axes) if self._array.ndim else ()

    def sum(
        self: Any,
        dim: int | Sequence[int] | None = None,
        keepdim: bool = False,
        *,
        dtype: dtypes.dtype | None = None,
    ) -> Tensor:
        """Add up; integers and truth values become int64."""
        if dtype is None and self.dtype.kind <= dtypes.INTEGER:
            dtype = dtypes.int64
        x = self if dtype is None else self.to(dtype)
        if dim is None and not keepdim:
            return x._apply(rules.sum_all, x)
        return x._apply(rules.sum_axes, x, self._axes(dim), keepdim)

    def mean(
        self: Any,
        dim: int | Sequence[int] | None = None,
        keepdim: bool = False,
        *,
        dtype: dtypes.dtype | None = None,
    ) -> Tensor:
        """Average; refused for integers, which have no average of their own dtype."""
        x = self if dtype is None else self.to(dtype)
        if x.dtype.kind < dtypes.FLOATING:
            raise errors.mean_of_integers(long_name=x.dtype.long_name)
        if dim is None and not keepdim:
            return x._apply(rules.mean_all, x, self._axes(None))
        return x._apply(rules.mean_axes, x, self._axes(dim), keepdim)

    def var(
        self: Any,
        dim: int | Sequence[int] | None = None,
        *,
        correction: float = 1,
        keepdim: bool = False,
    ) -> Tensor:
        """Average of the squared distances from the mean, over n less the correction."""
        return self._spread_by(rules.variance, dim, correction, keepdim)

    def std(
        self: Any,
        dim: int | Sequence[int] | None = None,
        *,
        correction: float = 1,
        keepdim: bool = False,
    ) -> Tensor:
        """Square root of the variance."""
        return self._spread_by(rules.deviation, dim, correction, keepdim)

    def _spread_by(
        self: Any,
        row: Operation,
        dim: int | Sequence[int] | None,
        correction: float,
        keepdim: bool,
    ) -> Tensor:
        if self.dtype.kind < dtypes.FLOATING:
            raise RuntimeError("std and var only support floating point and complex dtypes")
        return self._apply(row, self, self._axes(dim), correction, keepdim)

    def prod(
        self: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None
    ) -> Tensor:
        """Multiply; integers and truth values become int64."""
        if dtype is None and self.dtype.kind <= dtypes.INTEGER:
            dtype = dtypes.int64
        x = self if dtype is None else self.to(dtype)
        row = rules.product if dim is None else rules.product_axis
        return x._apply(row, x, self._axes(dim), keepdim)

    def amax(self: Any, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Return the largest; the gradient is shared evenly among equals."""
        return self._extreme(rules.amax, "amax", dim, keepdim)

    def amin(self: Any, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Return the smallest; the gradient is shared evenly among equals."""
        return self._extreme(rules.amin, "amin", dim, keepdim)

    def max(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the largest element; along a dimension its place as well (the first of equals).

        With another tensor in place of a dimension, take the larger of each two elements.
        """
        if hasattr(dim, "_array"):
            return self.maximum(dim)
        if dim is None:
            return self._extreme(rules.max_all, "max", None, keepdim)
        return MaxResult(*self._extreme_with_place(rules.max_at, "max", np.argmax, dim, keepdim))

    def min(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the smallest element; along a dimension its place as well (the first of equals).

        With another tensor in place of a dimension, take the smaller of each two elements.
        """
        if hasattr(dim, "_array"):
            return self.minimum(dim)
        if dim is None:
            return self._extreme(rules.min_all, "min", None, keepdim)
        return MinResult(*self._extreme_with_place(rules.min_at, "min", np.argmin, dim, keepdim))

    def argmax(self: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Return the place of the largest element, the first of equals."""
        return self._place_of("argmax", np.argmax, dim, keepdim)

    def argmin(self: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Return the place of the smallest element, the first of equals."""
        return self._place_of("argmin", np.argmin, dim, keepdim)

    def all(self: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Say whether all elements are other than zero."""
        return self._wrap(np.logical_and.reduce(self._array, self._axes(dim), keepdims=keepdim))

    def any(self: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Say whether some element is other than zero."""
        return self._wrap(np.logical_or.reduce(self._array, self._axes(dim), keepdims=keepdim))

    def _extreme(self: Any, row: Operation, name: str, dim: Any, keepdim: bool) -> Tensor:
        self._refuse_complex(name)
        axes = self._axes(dim)
        self._refuse_empty(name, axes, dim)
        return self._apply(row, self, axes, keepdim)

    def _extreme_with_place(
        self: Any, row: Operation, name: str, search: Any, dim: int, keepdim: bool
    ) -> tuple[Tensor, Tensor]:
        self._refuse_complex(name)
        axis = self._axis(dim)
        self._refuse_empty(name, (axis,), dim)
        if self._array.ndim == 0:
            return self._apply(rules.alias, self), self._wrap(np.int64(0))
        place = np.expand_dims(search(self._array, axis), axis)
        values = self._apply(row, self, place, axis, keepdim)
        return values, self._wrap(place if keepdim else place.squeeze(axis))

    def _place_of(self: Any, name: str, search: Any, dim: Any, keepdim: bool) -> Tensor:
        self._refuse_complex(name)
        axis = None if dim is None or self._array.ndim == 0 else self._axis(dim)
        self._refuse_empty(name, self._axes(dim), dim)
        return self._wrap(np.int64(0) + search(self._array, axis, keepdims=keepdim))

    def _refuse_complex(self: Any, name: str) -> None:
        if self.dtype.is_complex:
            raise errors.not_implemented(operation=name, long_name=self.dtype.long_name)

    def _refuse_empty(self: Any, name: str, axes: tuple[int, ...], dim: Any) -> None:
        shape = self._array.shape
        for axis in axes:
            if axis < len(shape) and shape[axis] == 0:
                raise errors.nothing_to_reduce(name, None if dim is None else axis)
