"""Changing a tensor in place: its memory keeps its address, its version counts up.

Where no gradient is involved (data, or weights under `no_grad`) this only writes. Where one is, the
tensor moves on to the node of the change. What that would get wrong is refused: a leaf that
requires grad, as torch does; and a tensor that shares memory with a view, which we cannot do yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import errors, rules
from chalkgrad.threads import here

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor


class InPlace:
    """What changes a tensor instead of making another."""

    __slots__ = ()

    def add_(self: Any, other: Any, *, alpha: float = 1) -> Tensor:
        """Add `alpha` times the other."""
        return self._change(lambda x: x.add(other, alpha=alpha), alpha == 1 and np.add, other)

    def sub_(self: Any, other: Any, *, alpha: float = 1) -> Tensor:
        """Subtract `alpha` times the other."""
        return self._change(lambda x: x.sub(other, alpha=alpha), alpha == 1 and np.subtract, other)

    def mul_(self: Any, other: Any) -> Tensor:
        """Multiply."""
        return self._change(lambda x: x * other, np.multiply, other)

    def div_(self: Any, other: Any) -> Tensor:
        """Divide."""
        return self._change(lambda x: x / other, np.true_divide, other)

    def pow_(self: Any, exponent: Any) -> Tensor:
        """Raise to a power."""
        return self._change(lambda x: x**exponent)

    def neg_(self: Any) -> Tensor:
        """Change the sign."""
        return self._change(lambda x: -x)

    def exp_(self: Any) -> Tensor:
        """Take the exponential."""
        return self._change(lambda x: x.exp())

    def relu_(self: Any) -> Tensor:
        """Replace what is negative by zero."""
        return self._change(lambda x: x.relu())

    def clamp_(self: Any, min: float | None = None, max: float | None = None) -> Tensor:
        """Move what lies outside of the bounds onto them."""
        return self._change(lambda x: x.clamp(min, max))

    def zero_(self: Any) -> Tensor:
        """Fill with zeros."""
        return self.fill_(0)

    def fill_(self: Any, value: Any) -> Tensor:
        """Fill with one number."""
        number = value.item() if hasattr(value, "item") else value
        return self._change(lambda x: x._apply(rules.filled, x, number))

    def copy_(self: Any, src: Tensor) -> Tensor:
        """Take over the elements of another tensor, converted and repeated where needed."""
        return self._change(lambda x: src.to(x.dtype).expand(x.shape))

    __iadd__ = add_
    __isub__ = sub_
    __imul__ = mul_
    __itruediv__ = div_
    __ipow__ = pow_

    def _write_part(self: Any, key: tuple[Any, ...], value: Any) -> None:
        if here.recording and self.requires_grad and self.is_leaf:
            raise errors.leaf_in_place(what="a view of a leaf Variable")

        self._owned()

        def changed(x: Any) -> Any:
            part = x._wrap(x._array[key])
            values = value if hasattr(value, "_array") else part._wrap(np.asarray(value))
            return x._apply(rules.assign, x, values.to(x.dtype).expand(part.shape), key)

        self._change(changed)

    def _change(
        self: Any, compute: Callable[[Any], Any], ufunc: Any = None, other: Any = None
    ) -> Tensor:
        """Put what `compute` makes of this tensor in its place.

        `ufunc` does the same between two arrays of one shape and dtype, without a second array.
        """
        if not here.recording:
            own = self._array
            with_array: Any = getattr(other, "_array", None)
            if (
                ufunc
                and type(own) is type(with_array) is np.ndarray
                and own.dtype == with_array.dtype
                and own.shape == with_array.shape
                and own.dtype.kind == "f"
            ):
                here.compute(ufunc, own, with_array, own)
                self._counter()[0] += 1
                return self
            self._write(compute(self)._array)
            return self
        if self.requires_grad and self.is_leaf:
            raise errors.leaf_in_place(what="a leaf Variable")
        # The node may save what was there before, so let it see a copy.
        before = self._wrap(self._array.copy(), self._node)
        result = compute(before)
        if result.requires_grad and self._shares:
            raise errors.recorded_change_of_view()
        self._write(result._array)
        self._node = result._node
        return self

    def _write(self: Any, array: Any) -> None:
        """Write an array into the memory of this tensor and count the change."""
        own = self._array
        if array.shape != own.shape:
            raise errors.output_of_other_shape(own=own.shape, other=array.shape)
        if not np.can_cast(array.dtype, own.dtype, "same_kind"):
            raise errors.result_does_not_fit(array.dtype, own.dtype)
        if isinstance(own, np.ndarray):
            own[...] = array
        else:
            self._array = own.dtype.type(array)
        self._counter()[0] += 1
