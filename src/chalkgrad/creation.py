"""Where tensors come from: numbers, lists, arrays, patterns, chance."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partialmethod, reduce, wraps
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, random
from chalkgrad.functions import sizes_of
from chalkgrad.grad_modes import here
from chalkgrad.inplace import change
from chalkgrad.tensor import Tensor, wrap

#: The functions that make tensors, by name.
CREATION: dict[str, Callable[..., Any]] = {}
# What torch also takes here; on the one device, with the one layout, all of it means the same.
_IGNORED = ("device", "layout", "pin_memory", "memory_format")


def _creates(make: Callable[..., Any]) -> Callable[..., Tensor]:
    """Make a function that returns an array one that returns a leaf, with torch's options."""

    @wraps(make)
    def create(*values: Any, requires_grad: bool = False, **options: Any) -> Tensor:
        dtypes.check_device(options.get("device"))
        options = {name: option for name, option in options.items() if name not in _IGNORED}
        if not isinstance(dtype := options.get("dtype"), (dtypes.dtype, type(None))):
            found = type(dtype).__name__
            raise TypeError(f"{make.__name__}(): argument 'dtype' must be torch.dtype, not {found}")
        try:
            array = here.state[0](lambda: make(*values, **options))
        except OverflowError as refusal:
            if "too large" in str(refusal):
                raise ValueError("Overflow when unpacking long long") from None
            raise RuntimeError("value cannot be converted without overflow") from None
        # A single number is kept as a scalar until somebody shares its memory.
        leaf = wrap(array[()] if array.ndim == 0 else array)
        if requires_grad and leaf.dtype.kind < dtypes.FLOATING:
            kinds = "Only Tensors of floating point and complex dtype"
            raise errors.integers_have_no_gradient(kinds)
        return leaf.requires_grad_(requires_grad)

    CREATION[make.__name__] = create
    return create


def _type(dtype: Any) -> np.dtype[Any]:
    return (dtype or dtypes.get_default_dtype()).array_dtype


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _sizes(name: str, *size: Any) -> tuple[int, ...]:
    try:
        sizes = sizes_of(size)
    except (AttributeError, TypeError):
        words = f"must be tuple of ints, not {type(size[0]).__name__}"
        raise TypeError(f"{name}(): argument 'size' (position 1) {words}") from None
    if min(sizes, default=0) < 0:
        words = f"Trying to create tensor with negative dimension {min(sizes)}: {[*sizes]}"
        zeros = "zeros: Dimension size must be non-negative."
        raise RuntimeError(zeros if name == "zeros" else words)
    return sizes


@_creates
def tensor(data: Any, dtype: Any = None) -> np.ndarray:
    """Copy numbers, nested lists, an array or a tensor into a leaf of a dtype that holds them."""
    data = getattr(data, "_array", data)
    if isinstance(data, (np.ndarray, np.generic)):
        return np.array(data, dtype and dtype.array_dtype)
    shape, numbers = [], [data]
    while numbers and isinstance(numbers[0], (list, tuple, range, np.ndarray)):
        shape.append(len(numbers[0]))
        for row in numbers:
            if not hasattr(row, "__len__"):
                raise TypeError("not a sequence")
            if len(row) != shape[-1]:
                words = f"expected sequence of length {shape[-1]} at dim {len(shape) - 1}"
                raise ValueError(f"{words} (got {len(row)})")
        numbers = [getattr(number, "_array", number) for row in numbers for number in row]
    types = {dtypes.of_number(number) for number in numbers} or {dtypes.get_default_dtype()}
    return np.array(numbers, _type(dtype or reduce(dtypes.promote_types, types))).reshape(shape)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """Make a tensor of the data, sharing its memory where that is possible."""
    data = from_numpy(data) if isinstance(data, np.ndarray) else data
    if isinstance(data, Tensor):
        return data.to(dtype=dtype, device=device)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """Make a tensor over the memory of an array: a change to the one is seen in the other."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    if min(ndarray.strides, default=0) < 0:
        raise ValueError("At least one stride in the given numpy array is negative: copy it.")
    return wrap(ndarray)


@_creates
def arange(start: Any, end: Any = None, step: Any = 1, *, dtype: Any = None) -> np.ndarray:
    """Count from start (0 if only an end is given) by steps to just before the end."""
    start, end = (0, start) if end is None else (start, end)
    start, end, step = map(_number, (start, end, step))
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (count := (end - start) / step) < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(bound, int) for bound in (start, end, step))
    # start + place * step, as torch has it, rather than a running sum
    numbers = start + np.arange(math.ceil(count)) * step
    return numbers.astype(_type(dtype or (dtypes.int64 if whole else None)))


@_creates
def linspace(start: Any, end: Any, steps: int, *, dtype: Any = None) -> np.ndarray:
    """Make so many numbers at equal distances, both ends among them."""
    (steps,) = _sizes("linspace", steps)
    return np.linspace(_number(start), _number(end), steps).astype(_type(dtype))


@_creates
def eye(n: int, m: int | None = None, *, dtype: Any = None) -> np.ndarray:
    """Make a matrix with ones on the diagonal."""
    if n < 0:
        raise RuntimeError(f"n must be greater or equal to 0, got {n}")
    return np.eye(*_sizes("eye", n, n if m is None else m), dtype=_type(dtype))


@_creates
def full(size: Any, fill_value: Any, *, dtype: Any = None) -> np.ndarray:
    """Make a tensor of one number, of the number's dtype."""
    dtype = dtype or dtypes.of_number(_number(fill_value))
    return np.full(_sizes("full", size), _number(fill_value), _type(dtype))


@_creates
def randint(*bounds_and_size: Any, dtype: Any = None, generator: Any = None) -> np.ndarray:
    """Draw whole numbers evenly from low (0 if not given) up to just before high."""
    *bounds, size = bounds_and_size
    shape, array_type = _sizes("randint", size), _type(dtype or dtypes.int64)
    return random.integers(shape, array_type, *bounds, generator=generator)


@_creates
def randperm(n: int, *, dtype: Any = None, generator: Any = None) -> np.ndarray:
    """Draw an order of the numbers below n."""
    (n,) = _sizes("randperm", n)
    return random.permutation(n, generator).astype(_type(dtype or dtypes.int64))


@_creates
def bernoulli(input: Tensor, p: Any = None, *, generator: Any = None) -> np.ndarray:
    """Draw 1 with the probability that each element gives (or p), else 0."""
    chances = input._array if p is None else p
    return random.bernoulli(chances, input.shape, input._array.dtype, generator)


def _define(name: str, fill: Callable[..., np.ndarray], content: str) -> None:
    """Define the function of this name unless it stands above, and its sister for likes."""

    def create(*size: Any, dtype: Any = None, **options: Any) -> np.ndarray:
        return fill(_sizes(name, *options.pop("size", size)), _type(dtype), **options)

    def like(input: Tensor, *values: Any, dtype: Any = None, **options: Any) -> np.ndarray:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(f"{name}_like", type(input).__name__)
        array = fill(input.shape, _type(dtype or input.dtype), *values, **options)
        laid = np.empty_like(input._array, array.dtype)  # in memory as the other is
        laid[...] = array
        return laid

    for function, suffix in ((create, ""), (like, "_like")):
        function.__name__ = name + suffix
        function.__doc__ = f"Make a tensor of {content}."
        if function.__name__ not in CREATION:
            _creates(function)


_define("zeros", np.zeros, "zeros")
_define("ones", np.ones, "ones")
_define("empty", np.empty, "whatever lay in the memory")
_define("full", lambda shape, dtype, x: np.full(shape, _number(x), dtype), "one number")
_define("rand", random.uniform, "numbers drawn evenly from 0 up to 1")
_define("randn", random.normal, "numbers drawn from the normal distribution")
_define("randint", random.integers, "whole numbers drawn evenly from low to just before high")


def _new(self: Tensor, name: str, *values: Any, dtype: Any = None, **options: Any) -> Tensor:
    return CREATION[name](*values, dtype=dtype or self.dtype, **options)


def _draw(self: Tensor, draw: Callable[..., Any], *values: Any, **options: Any) -> Tensor:
    return change(self, lambda x: wrap(draw(x.shape, x._array.dtype, *values, **options)))


for _name in ("zeros", "ones", "full", "empty", "tensor"):
    setattr(Tensor, f"new_{_name}", partialmethod(_new, _name))
for _name, _fill in (("uniform_", random.uniform), ("normal_", random.normal)):
    setattr(Tensor, _name, partialmethod(_draw, _fill))
CREATION |= {"as_tensor": as_tensor, "from_numpy": from_numpy}
CREATION["manual_seed"] = random.default_generator.manual_seed
CREATION["initial_seed"] = random.default_generator.initial_seed
