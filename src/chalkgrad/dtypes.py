"""Which dtype a result has: torch's dtypes, its defaults and its promotion, said in NumPy's terms.

torch sorts operands into three categories: tensors with dimensions, tensors without, and Python
numbers. An operand changes the dtype of those in a higher category only where it brings a higher
*kind*: a float among integers, say. Python's floats bring the default dtype, float32.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = [
    "cdouble", "cfloat", "complex64", "complex128", "contiguous_format", "device", "double",
    "dtype", "float16", "float32", "float64", "get_default_dtype", "half", "int8", "int16", "int32",
    "int64", "long", "preserve_format", "promote_types", "set_default_dtype", "short", "strided",
    "uint8",
]  # fmt: skip

# Names of torch's for the one way in which elements lie here.
strided, contiguous_format, preserve_format = "strided", "contiguous_format", "preserve_format"

BOOL, INTEGER, FLOATING, COMPLEX = range(4)


class dtype:
    """The type of a tensor's elements, such as `float32`; prints as torch's does."""

    def __init__(self, name: str, kind: int, long_name: str, c_name: str) -> None:
        self.array_dtype = np.dtype(name)
        self.kind = kind
        self.long_name, self.c_name = long_name, c_name  # as torch's error messages have them
        self.itemsize = self.array_dtype.itemsize
        self.is_floating_point = kind == FLOATING
        self.is_complex = kind == COMPLEX
        self.is_signed = name not in ("bool", "uint8")

    def __repr__(self) -> str:
        return f"torch.{self.array_dtype.name}"

    def __reduce__(self) -> str:
        return self.array_dtype.name  # one object per dtype, also through pickle and copy


bool_ = dtype("bool", BOOL, "Bool", "bool")
uint8 = dtype("uint8", INTEGER, "Byte", "unsigned char")
int8 = dtype("int8", INTEGER, "Char", "signed char")
int16 = short = dtype("int16", INTEGER, "Short", "short int")
int32 = dtype("int32", INTEGER, "Int", "int")
int64 = long = dtype("int64", INTEGER, "Long", "long int")
float16 = half = dtype("float16", FLOATING, "Half", "c10::Half")
float32 = dtype("float32", FLOATING, "Float", "float")
float64 = double = dtype("float64", FLOATING, "Double", "double")
complex64 = cfloat = dtype("complex64", COMPLEX, "ComplexFloat", "c10::complex<float>")
complex128 = cdouble = dtype("complex128", COMPLEX, "ComplexDouble", "c10::complex<double>")

ALL = (
    bool_, uint8, int8, int16, int32, int64, float16, float32, float64, complex64, complex128
)  # fmt: skip
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
        supported = ", ".join(each.array_dtype.name for each in reversed(ALL))
        raise TypeError(
            f"can't convert np.ndarray of type {array_dtype.type.__module__}."
            f"{array_dtype.type.__name__}. The only supported types are: {supported}."
        ) from None


def of_number(number: complex) -> dtype:
    """Return the dtype that a Python number has when it becomes a tensor."""
    if isinstance(number, bool):
        return bool_
    if isinstance(number, int):
        return int64
    return _default[0] if isinstance(number, float) else default_complex()


class device:
    """Where a tensor's memory is. There is only the CPU; any other is refused in torch's words."""

    __slots__ = ("type",)
    index = None

    def __init__(self, type: str) -> None:
        check_device(type)
        self.type = "cpu"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device)

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        return f"device(type='{self.type}')"

    def __str__(self) -> str:
        return self.type


def check_device(wanted: Any) -> None:
    """Accept the CPU and nothing else."""
    if wanted is None or isinstance(wanted, device) or wanted in ("cpu", "cpu:0"):
        return
    if isinstance(wanted, str) and wanted.split(":")[0] == "cuda":
        raise AssertionError(
            "Torch not compiled with CUDA enabled\nchalkgrad runs on the CPU only."
        )
    raise RuntimeError(f"chalkgrad runs on the CPU only, there is no device {wanted!r}.")


CPU = device("cpu")


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """Return the smallest dtype that holds both, by torch's table.

    The table is NumPy's, except that integers never widen a float.
    """
    if type1.kind < FLOATING <= type2.kind:
        return type2
    if type2.kind < FLOATING <= type1.kind:
        return type1
    return of_array(np.promote_types(type1.array_dtype, type2.array_dtype))


def result_dtype(operands: Iterable[Any]) -> dtype:
    """Return the dtype in which torch computes on arrays, NumPy scalars and Python numbers.

    Arrays and NumPy scalars stand for tensors with and without dimensions.
    """
    with_dimensions: dtype | None = None
    without: dtype | None = None
    numbers: dtype | None = None
    for operand in operands:
        if isinstance(operand, (np.ndarray, np.generic)):
            own = of_array(operand.dtype)
            if operand.ndim:
                with_dimensions = (
                    own if with_dimensions is None else promote_types(with_dimensions, own)
                )
            else:
                without = own if without is None else promote_types(without, own)
        else:
            own = of_number(operand)
            numbers = own if numbers is None or own.kind > numbers.kind else numbers
    result = with_dimensions
    for lower in (without, numbers):
        if lower is None or (result is not None and lower.kind <= result.kind):
            continue
        if result is not None and lower.kind == COMPLEX and lower is numbers:
            lower = complex128 if result is float64 else complex64
        result = lower
    assert result is not None, "an operation has at least one operand"
    return result
