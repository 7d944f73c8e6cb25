"""Which dtype a result has: torch's dtypes, its defaults and its promotion, said in NumPy's terms.

torch sorts operands into three categories: tensors with dimensions, tensors without, and Python
numbers. An operand changes the dtype of those in a higher category only where it brings a higher
*kind*: a float among integers, say. Python's floats bring the default dtype, float32.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np

__all__ = [
    "complex64", "complex128", "contiguous_format", "device", "double", "dtype", "float16",
    "float32", "float64", "get_default_dtype", "half", "int8", "int16", "int32", "int64", "long",
    "preserve_format", "promote_types", "set_default_dtype", "strided", "uint8",
]  # fmt: skip

# Names of torch's for the one way in which elements lie here.
strided, contiguous_format, preserve_format = "strided", "contiguous_format", "preserve_format"

BOOL, INTEGER, FLOATING, COMPLEX = range(4)


class dtype:
    """The type of a tensor's elements, such as `float32`; prints as torch's does."""

    def __init__(self, name: str, kind: int, long_name: str, c_name: str) -> None:
        self.array_dtype, self.kind = np.dtype(name), kind
        self.one = self.array_dtype.type(1)
        self.long_name, self.c_name = long_name, c_name  # as torch's error messages have them
        self.is_floating_point, self.is_complex = kind == FLOATING, kind == COMPLEX

    def __repr__(self) -> str:
        return f"torch.{self.array_dtype.name}"

    def __reduce__(self) -> str:
        return self.array_dtype.name  # one object per dtype, also through pickle and copy


ALL = (
    bool_ := dtype("bool", BOOL, "Bool", "bool"),
    uint8 := dtype("uint8", INTEGER, "Byte", "unsigned char"),
    int8 := dtype("int8", INTEGER, "Char", "signed char"),
    int16 := dtype("int16", INTEGER, "Short", "short int"),
    int32 := dtype("int32", INTEGER, "Int", "int"),
    int64 := dtype("int64", INTEGER, "Long", "long int"),
    float16 := dtype("float16", FLOATING, "Half", "c10::Half"),
    float32 := dtype("float32", FLOATING, "Float", "float"),
    float64 := dtype("float64", FLOATING, "Double", "double"),
    complex64 := dtype("complex64", COMPLEX, "ComplexFloat", "c10::complex<float>"),
    complex128 := dtype("complex128", COMPLEX, "ComplexDouble", "c10::complex<double>"),
)
long, half, double = int64, float16, float64
_OF_ARRAY = {each.array_dtype: each for each in ALL}
_default = [float32]


def get_default_dtype() -> dtype:
    """Return the dtype that Python's floats become."""
    return _default[0]


def set_default_dtype(d: dtype) -> None:
    """Choose the dtype that Python's floats become."""
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default[0] = d


def default_complex() -> dtype:
    """Return the dtype that Python's complex numbers become."""
    return complex128 if _default[0] is float64 else complex64


def of_array(array_dtype: np.dtype[Any]) -> dtype:
    """Return our dtype for NumPy's; TypeError, in torch's words, for one that torch lacks."""
    try:
        return _OF_ARRAY[array_dtype]
    except KeyError:
        if not array_dtype.isnative:
            raise ValueError("given numpy array has byte order different from the native") from None
        raise TypeError(f"can't convert np.ndarray of type numpy.{array_dtype.type.__name__}. "
                        f"The only supported types are: {ALL}.") from None  # fmt: skip


def of_number(number: Any) -> dtype:
    """Return the dtype that a number, Python's or NumPy's, has when it becomes a tensor."""
    if isinstance(number, (np.ndarray, np.generic)):
        return of_array(number.dtype)
    own_types = ((bool, bool_), (int, int64), (float, _default[0]), (complex, default_complex()))
    for kind, own in own_types:
        if isinstance(number, kind):
            return own
    if isinstance(number, (str, list)):
        raise TypeError(f"new(): invalid data type {type(number).__name__!r}")
    raise RuntimeError(f"Could not infer dtype of {type(number).__name__}")


class device:
    """Where a tensor's memory is: the CPU, of which there is one; any other is refused."""

    type, index = "cpu", None

    def __new__(cls, type: Any = "cpu") -> device:
        """Return the one device."""
        check_device(type)
        return CPU

    def __repr__(self) -> str:
        return "device(type='cpu')"

    def __str__(self) -> str:
        return "cpu"


CPU = object.__new__(device)


def check_device(wanted: Any) -> None:
    """Accept the CPU and nothing else."""
    if wanted not in (None, CPU, "cpu", "cpu:0"):
        kind = AssertionError if str(wanted).startswith("cuda") else RuntimeError  # as torch has it
        raise kind(f"chalkgrad runs on the CPU only, there is no device {wanted!r}.")


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """Return the smallest dtype that holds both: NumPy's, but integers never widen a float."""
    if (type1.kind < FLOATING) != (type2.kind < FLOATING):
        return type2 if type1.kind < FLOATING else type1
    return of_array(np.promote_types(type1.array_dtype, type2.array_dtype))


def result_dtype(operands: Iterable[Any]) -> dtype:
    """Return the dtype in which torch computes on arrays, NumPy scalars and Python numbers.

    Arrays and NumPy scalars stand for tensors with and without dimensions.
    """
    categories: tuple[set[dtype], ...] = (set(), set(), set())
    for operand in operands:
        place = 2 if not hasattr(operand, "ndim") else 0 if operand.ndim else 1
        categories[place].add(of_number(operand))
    result, *others = [reduce(promote_types, category) for category in categories if category]
    for lower in others:
        if lower.is_complex and result.is_floating_point:
            result = complex128 if result is float64 else complex64  # as exact as before
        elif lower.kind > result.kind:
            result = lower
    return result
