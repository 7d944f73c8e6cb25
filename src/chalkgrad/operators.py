"""The operators of a tensor, and its conversions to other types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chalkgrad import dtypes
from chalkgrad.functions import FUNCTIONS, matmul, power, refuse_zero_division, where
from chalkgrad.rules import pointwise, shaping
from chalkgrad.tensor import OPERANDS, Tensor, apply, binary_method, wrap


def _operator(function: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Any]:
    """Make an operator that leaves other types of operands to themselves."""

    def method(self: Tensor, other: Any) -> Any:
        if not isinstance(self, Tensor):
            raise TypeError(f"the operator of a tensor got a {type(self).__name__} in its place")
        return function(self, other) if isinstance(other, (Tensor, *OPERANDS)) else NotImplemented

    return method


def _floor_divided(x: Any, y: Any) -> Tensor:
    refuse_zero_division(x, y)
    return apply(pointwise.floor_divide, (x, y))


def _remainder(x: Any, y: Any) -> Tensor:
    refuse_zero_division(x, y)
    return apply(pointwise.remainder, (x, y))


def _common(*operands: Any) -> list[Tensor]:
    """Return tensors; an array of NumPy's and a tensor get a common dtype."""
    if all(isinstance(each, Tensor) for each in operands):
        return list(operands)
    dtype = dtypes.result_dtype([np.asarray(getattr(each, "_array", each)) for each in operands])
    return [(each if isinstance(each, Tensor) else wrap(np.asarray(each))).to(dtype) for each in operands]


def _to(self: Tensor, *target: Any, dtype: Any = None, device: Any = None, copy: bool = False,
        non_blocking: bool = False, memory_format: Any = None) -> Tensor:  # fmt: skip
    """Convert to a dtype, or to that of another tensor; the device is always the CPU."""
    for each in (*target, device, dtype):
        if isinstance(each, Tensor):
            dtype = each.dtype
        elif isinstance(each, dtypes.dtype):
            dtype = each
        elif not isinstance(each, bool):
            dtypes.check_device(each)
    if dtype is None or dtype is self.dtype:
        return self.clone() if copy else self
    return apply(shaping.cast, (self, dtype.array_dtype, self._array.dtype))


def _type(self: Tensor, dtype: Any = None) -> Any:
    """Convert to a dtype; without one, return the old-fashioned name of the type."""
    return f"torch.{self.dtype.long_name}Tensor" if dtype is None else self.to(dtype)


def _transposed(self: Tensor) -> Tensor:
    if self.ndim < 2:
        raise RuntimeError("tensor.mT is only supported on matrices or batches of matrices. "
                           f"Got {self.ndim}-D tensor.")  # fmt: skip
    return self.transpose(-2, -1)


_plus, _minus, _times = (binary_method(row) for row in (pointwise.add, pointwise.sub, pointwise.mul))
_compared = {row.name: row for row in pointwise.COMPARISONS + pointwise.BITS}
_METHODS = {
    "__add__": _plus, "__sub__": _minus, "__mul__": _times,
    "__radd__": _operator(_plus), "__rmul__": _operator(_times),
    "__truediv__": binary_method(pointwise.div),
    "__rsub__": _operator(lambda x, y: apply(pointwise.sub, (y, x)) if isinstance(y, (Tensor, np.ndarray))
                          else apply(pointwise.rsub, (_widened(x, y), y))),
    "__rtruediv__": _operator(lambda x, y: x.reciprocal() * y),
    "__pow__": _operator(power), "__rpow__": _operator(lambda x, y: power(y, x)),
    "__mod__": _operator(_remainder), "__rmod__": _operator(lambda x, y: _remainder(y, x)),
    "__floordiv__": _operator(_floor_divided),
    "__rfloordiv__": _operator(lambda x, y: _floor_divided(y, x)),
    "__matmul__": _operator(lambda x, y: matmul(*_common(x, y))),
    "__rmatmul__": _operator(lambda x, y: matmul(*_common(y, x))),
    "__neg__": FUNCTIONS["neg"], "__abs__": FUNCTIONS["abs"], "__pos__": lambda self: self,
    "__invert__": FUNCTIONS["bitwise_not"],
    **{f"__{name}__": _operator(lambda x, y, row=_compared[name]: apply(row, (x, y)))
       for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    **{f"__{side}{name}__": _operator(lambda x, y, row=_compared[f"bitwise_{name}"]: apply(row, (x, y)))
       for name in ("and", "or", "xor") for side in ("", "r")},
    "to": _to, "type": _type, "type_as": lambda self, other: self.to(other.dtype),
    "cpu": lambda self: self, "contiguous": lambda self, memory_format=None: (
        self if self.is_contiguous() else self.clone("C")),
    "nelement": FUNCTIONS["numel"],
    "T": property(lambda self: self.permute(*range(self.ndim)[::-1])), "mT": property(_transposed),
    "is_floating_point": lambda self: self.dtype.is_floating_point,
    "is_complex": lambda self: self.dtype.is_complex,
    "element_size": lambda self: self.dtype.itemsize,
}  # fmt: skip


def _widened(x: Tensor, number: Any) -> Tensor:
    return x.to(dtypes.result_dtype((x._array, number)))


def _conversion(dtype: dtypes.dtype) -> Callable[..., Tensor]:
    return lambda self, memory_format=None: self.to(dtype)


for _name, _dtype in {
    "bool": dtypes.bool_, "byte": dtypes.uint8, "short": dtypes.int16, "int": dtypes.int32,
    "long": dtypes.int64, "half": dtypes.float16, "float": dtypes.float32,
    "double": dtypes.float64, "cfloat": dtypes.complex64, "cdouble": dtypes.complex128,
}.items():  # fmt: skip
    _METHODS[_name] = _conversion(_dtype)
for _name, _method in _METHODS.items():
    setattr(Tensor, _name, _method)
