"""Where tensors come from: numbers, lists, arrays, patterns, chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.shaping import sizes_of
from chalkgrad.tensor import Tensor, wrap
from chalkgrad.threads import here

__all__ = [
    "arange", "as_tensor", "eye", "from_numpy", "full", "full_like", "linspace", "manual_seed",
    "ones", "ones_like", "rand", "rand_like", "randn", "randn_like", "tensor", "zeros",
    "zeros_like",
]  # fmt: skip


class _Chance:
    """The generator behind `rand` and its kin. Its numbers are NumPy's, not torch's."""

    @cached_property
    def generator(self) -> np.random.Generator:
        """The generator, made at first use: NumPy's random part takes long to import."""
        return np.random.default_rng()


_chance = _Chance()


def manual_seed(seed: int) -> None:
    """Start the random numbers anew: the same seed, the same numbers."""
    _chance.generator = np.random.default_rng(seed % 2**64)


def tensor(
    data: Any,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor from a number, nested sequences or an array; the data is copied.

    Without a dtype, numbers become bool, int64, float32 or complex64, whichever holds them all;
    arrays and tensors keep theirs.
    """
    dtypes.check_device(device)
    return _leaf(_array_of(data, dtype), requires_grad)


def as_tensor(data: Any, dtype: dtypes.dtype | None = None, device: Any = None) -> Tensor:
    """Make a tensor of the data, sharing its memory where that is possible."""
    dtypes.check_device(device)
    if isinstance(data, np.ndarray):
        data = from_numpy(data)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype=dtype)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """Make a tensor over the memory of an array: a change to the one is seen in the other."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.of_array(ndarray.dtype)
    return wrap(ndarray)


def zeros(
    *size: Any,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of zeros."""
    return _filled("zeros", size, 0.0, dtype, device, requires_grad)


def ones(
    *size: Any,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of ones."""
    return _filled("ones", size, 1.0, dtype, device, requires_grad)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of one number, of the number's dtype."""
    return _filled("full", (size,), fill_value, dtype, device, requires_grad)


def zeros_like(
    input: Tensor, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """Make zeros in the shape and dtype of another tensor."""
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(
    input: Tensor, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """Make ones in the shape and dtype of another tensor."""
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: dtypes.dtype | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Fill the shape and dtype of another tensor with one number."""
    dtype = dtype or input.dtype
    return full(input.shape, fill_value, dtype=dtype, requires_grad=requires_grad)


def arange(
    start: Any,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Count from start (0 if only an end is given) by steps to just before the end."""
    dtypes.check_device(device)
    if end is None:
        start, end = 0, start
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if dtype is None:
        whole = all(isinstance(bound, int) for bound in (start, end, step))
        dtype = dtypes.int64 if whole else dtypes.float32
    count = int(np.ceil((end - start) / step))
    # start + place * step, as torch has it, rather than a running sum
    array = start + np.arange(count) * step
    return _leaf(array.astype(dtype.array_dtype), requires_grad)


def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make so many numbers at equal distances, both ends among them."""
    dtypes.check_device(device)
    target = (dtype or dtypes.float32).array_dtype
    return _leaf(np.linspace(start, end, steps).astype(target), requires_grad)


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a matrix with ones on the diagonal."""
    dtypes.check_device(device)
    if n < 0:
        raise RuntimeError(f"n must be greater or equal to 0, got {n}")
    return _leaf(np.eye(n, m, dtype=(dtype or dtypes.float32).array_dtype), requires_grad)


def rand(*size: Any, dtype: dtypes.dtype | None = None, requires_grad: bool = False) -> Tensor:
    """Draw numbers evenly from 0 up to 1."""
    drawn = _chance.generator.random(_checked("rand", size))
    return _leaf(drawn.astype((dtype or dtypes.float32).array_dtype), requires_grad)


def randn(*size: Any, dtype: dtypes.dtype | None = None, requires_grad: bool = False) -> Tensor:
    """Draw numbers from the normal distribution with mean 0 and variance 1."""
    drawn = np.asarray(_chance.generator.standard_normal(_checked("randn", size)))
    return _leaf(drawn.astype((dtype or dtypes.float32).array_dtype), requires_grad)


def rand_like(input: Tensor, *, requires_grad: bool = False) -> Tensor:
    """Draw from `rand` in the shape and dtype of another tensor."""
    return rand(input.shape, dtype=input.dtype, requires_grad=requires_grad)


def randn_like(input: Tensor, *, requires_grad: bool = False) -> Tensor:
    """Draw from `randn` in the shape and dtype of another tensor."""
    return randn(input.shape, dtype=input.dtype, requires_grad=requires_grad)


def _leaf(array: Any, requires_grad: bool) -> Tensor:
    # A single number is kept as a scalar until somebody shares its memory.
    result = wrap(array[()] if array.ndim == 0 else array)
    if requires_grad:
        if result.dtype.kind < dtypes.FLOATING:
            raise errors.integers_have_no_gradient(
                torch_says="Only Tensors of floating point and complex dtype"
            )
        result.requires_grad = True
    return result


def _filled(
    name: str,
    size: Sequence[Any],
    value: Any,
    dtype: dtypes.dtype | None,
    device: Any,
    requires_grad: bool,
) -> Tensor:
    dtypes.check_device(device)
    if dtype is None:
        dtype = dtypes.of_number(value.item() if isinstance(value, (Tensor, np.generic)) else value)
    elif not isinstance(dtype, dtypes.dtype):
        raise TypeError(
            f"{name}(): argument 'dtype' must be torch.dtype, not {type(dtype).__name__}"
        )
    array = np.full(_checked(name, size), value, dtype.array_dtype)
    return _leaf(array, requires_grad)


def _checked(name: str, size: Sequence[Any]) -> tuple[int, ...]:
    try:
        sizes = sizes_of(size)
    except AttributeError:
        wrong = next(each for each in size if not hasattr(each, "__index__"))
        raise TypeError(
            f"{name}(): argument 'size' (position 1) must be tuple of ints, "
            f"not {type(wrong).__name__}"
        ) from None
    if any(each < 0 for each in sizes):
        raise RuntimeError(f"{name}: Dimension size must be non-negative.")
    return sizes


def _array_of(data: Any, dtype: dtypes.dtype | None) -> np.ndarray:
    if isinstance(data, Tensor):
        array = np.array(data._array)
        own = data.dtype
    elif isinstance(data, (np.ndarray, np.generic)):
        array = np.array(data)
        own = dtypes.of_array(array.dtype)
    else:
        leaves: list[Any] = []
        shape = _collect(data, leaves)
        own = _dtype_of(leaves)
        try:
            kind = (dtype or own) if leaves else own
            array = here.compute(np.array, leaves, kind.array_dtype)
        except OverflowError:
            if dtype is not None:
                raise RuntimeError(
                    f"value cannot be converted to type {dtype.array_dtype} without overflow"
                ) from None
            raise ValueError("Overflow when unpacking long long") from None
        array = array.reshape(shape)
    target = (dtype or own).array_dtype
    return array if array.dtype == target else here.compute(array.astype, target)


def _collect(data: Any, leaves: list[Any]) -> tuple[int, ...]:
    """Add the numbers of nested sequences to the list and return their shape."""
    if isinstance(data, (list, tuple, range)) or (
        isinstance(data, (np.ndarray, Tensor)) and data.ndim > 0
    ):
        if len(data) == 0:
            return (0,)
        shapes = [_collect(each, leaves) for each in data]
        for shape in shapes[1:]:
            if shape != shapes[0]:
                raise _ragged(data, shapes[0], shape)
        return (len(data), *shapes[0])
    if isinstance(data, (Tensor, np.ndarray)):
        leaves.append(data._array[()] if isinstance(data, Tensor) else data[()])
    elif isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'\nA tensor holds numbers only.")
    elif isinstance(data, (bool, int, float, complex, np.generic)):
        leaves.append(data)
    else:
        raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
    return ()


def _ragged(data: Any, first: tuple[int, ...], other: tuple[int, ...]) -> Exception:
    if len(first) < len(other):
        return TypeError(f"'{type(data).__name__}' object cannot be interpreted as an integer")
    if len(first) > len(other):
        return TypeError("a number stands where the rows before have a sequence")
    depth = next(depth for depth, (a, b) in enumerate(zip(first, other, strict=True)) if a != b)
    return ValueError(
        f"expected sequence of length {first[depth]} at dim {depth + 1} (got {other[depth]})"
    )


def _dtype_of(leaves: list[Any]) -> dtypes.dtype:
    if not leaves:
        return dtypes.float32
    result = dtypes.bool_
    for leaf in leaves:
        exact = isinstance(leaf, np.generic)
        own = dtypes.of_array(leaf.dtype) if exact else dtypes.of_number(leaf)
        result = dtypes.promote_types(result, own)
    return result
