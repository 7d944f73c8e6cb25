"""The operators of a tensor, and its conversions to other types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chalkgrad import dtypes
from chalkgrad.functions import FUNCTIONS, floor_divide, matmul, power, remainder, widened
from chalkgrad.rules import pointwise, shaping
from chalkgrad.tensor import OPERANDS, Tensor, apply, binary_method, wrap


def _operator(function: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Any]:
    """Make an operator that leaves other types of operands to themselves."""

    def method(self: Tensor, other: Any) -> Any:
        if not isinstance(self, Tensor):
            raise TypeError(f"an operator of tensors got a {type(self).__name__} in front")
        return function(self, other) if isinstance(other, (Tensor, *OPERANDS)) else NotImplemented

    return method


def _product(x: Any, y: Any) -> Tensor:
    """Multiply matrices; an array of NumPy's and a tensor get a common dtype first."""
    if not (isinstance(x, Tensor) and isinstance(y, Tensor)):
        arrays = [np.asarray(getattr(each, "_array", each)) for each in (x, y)]
        dtype = dtypes.result_dtype(arrays)
        x, y = ((each if isinstance(each, Tensor) else wrap(array)).to(dtype)
                for each, array in zip((x, y), arrays, strict=True))  # fmt: skip
    return matmul(x, y)


def _subtracted_from(x: Tensor, y: Any) -> Tensor:
    if isinstance(y, (Tensor, np.ndarray)):
        return apply(pointwise.sub, (y, x))
    return apply(pointwise.rsub, (widened(x, y), y))


def _to(self: Tensor, *target: Any, dtype: Any = None, device: Any = None, copy: bool = False,
        non_blocking: bool = False, memory_format: Any = None) -> Tensor:  # fmt: skip
    """Convert to a dtype, or to that of another tensor; the device is always the CPU."""
    for each in (*target, device, dtype):
        if isinstance(each, (Tensor, dtypes.dtype)):
            dtype = getattr(each, "dtype", each)
        elif not isinstance(each, bool):
            dtypes.check_device(each)
    if dtype is None or dtype is self.dtype:
        return self.clone() if copy else self
    return apply(shaping.cast, (self, dtype.array_dtype, self._array.dtype))


def _conversion(dtype: dtypes.dtype) -> Callable[..., Tensor]:
    return lambda self, memory_format=None: self.to(dtype)


def _transposed(self: Tensor) -> Tensor:
    if self.ndim < 2:
        raise RuntimeError("tensor.mT is only supported on matrices or batches of matrices. "
                           f"Got {self.ndim}-D tensor.")  # fmt: skip
    return self.transpose(-2, -1)


_METHODS = {
    "__add__": binary_method(pointwise.add), "__radd__": _operator(lambda x, y: x + y),
    "__sub__": binary_method(pointwise.sub), "__rsub__": _operator(_subtracted_from),
    "__mul__": binary_method(pointwise.mul), "__rmul__": _operator(lambda x, y: x * y),
    "__truediv__": binary_method(pointwise.div),
    "__rtruediv__": _operator(lambda x, y: x.reciprocal() * y),
    "__pow__": _operator(power), "__rpow__": _operator(lambda x, y: power(y, x)),
    "__mod__": _operator(remainder), "__rmod__": _operator(lambda x, y: remainder(y, x)),
    "__floordiv__": _operator(floor_divide),
    "__rfloordiv__": _operator(lambda x, y: floor_divide(y, x)),
    "__matmul__": _operator(_product), "__rmatmul__": _operator(lambda x, y: _product(y, x)),
    "__neg__": FUNCTIONS["neg"], "__abs__": FUNCTIONS["abs"], "__pos__": lambda self: self,
    "__invert__": FUNCTIONS["bitwise_not"],
    "to": _to, "type_as": lambda self, other: self.to(other.dtype),
    "type": lambda self, dtype=None: (
        f"torch.{self.dtype.long_name}Tensor" if dtype is None else self.to(dtype)),
    "cpu": lambda self: self,
    "contiguous": lambda self, memory_format=None: (
        self if self.is_contiguous() else self.clone("C")),
    "T": property(lambda self: self.permute(*range(self.ndim)[::-1])), "mT": property(_transposed),
    "is_floating_point": lambda self: self.dtype.is_floating_point,
    "is_complex": lambda self: self.dtype.is_complex,
    "element_size": lambda self: self.dtype.itemsize,
}  # fmt: skip
for _row in (*pointwise.COMPARISONS, *pointwise.BITS):
    _call = _operator(lambda x, y, row=_row: apply(row, (x, y)))
    _METHODS[f"__{_row.name.removeprefix('bitwise_')}__"] = _call
    if _row in pointwise.BITS:
        _METHODS[f"__r{_row.name.removeprefix('bitwise_')}__"] = _call
for _name, _dtype in {
    "bool": dtypes.bool_, "byte": dtypes.uint8, "short": dtypes.int16, "int": dtypes.int32,
    "long": dtypes.int64, "half": dtypes.float16, "float": dtypes.float32,
    "double": dtypes.float64, "cfloat": dtypes.complex64, "cdouble": dtypes.complex128,
}.items():  # fmt: skip
    _METHODS[_name] = _conversion(_dtype)
for _name, _method in _METHODS.items():
    setattr(Tensor, _name, _method)
