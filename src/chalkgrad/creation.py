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
        if options:
            dtypes.check_device(options.get("device"))
            options = {name: option for name, option in options.items() if name not in _IGNORED}
            if not isinstance(dtype := options.get("dtype"), (dtypes.dtype, type(None))):
                raise TypeError(f"{dtype!r} is no dtype of torch's")
        try:
            array = here.state[0](make, *values, **options)
        except OverflowError as refusal:
            kind = ValueError if "too large" in str(refusal) else RuntimeError
            raise kind("A number is too large for its dtype.") from None
        # A single number is kept as a scalar until somebody shares its memory.
        return wrap(array if array.ndim else array[()]).requires_grad_(requires_grad)

    return CREATION.setdefault(make.__name__.lstrip("_"), create)


def _type(dtype: Any) -> np.dtype[Any]:
    return (dtype or dtypes.get_default_dtype()).array_dtype


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _sizes(*size: Any) -> tuple[int, ...]:
    try:
        sizes = sizes_of(size)
    except (AttributeError, TypeError):
        raise TypeError(f"A size is a tuple of integers, not {size}.") from None
    if min(sizes, default=0) < 0:
        raise RuntimeError(f"There is no negative dimension, as in {[*sizes]}.")
    return sizes


def tensor(data: Any, *, requires_grad: bool = False, **options: Any) -> Tensor:
    """Copy numbers, nested lists, an array or a tensor into a leaf of a dtype that holds them."""
    if type(data) is not float or options:
        return _tensor(data, requires_grad=requires_grad, **options)
    default = dtypes.get_default_dtype()  # a single number, the start of every first example
    result = wrap(here.state[0](default.array_dtype.type, data), dtype=default)
    if requires_grad:
        result._be_leaf(True)
    return result


@_creates
def _tensor(data: Any, dtype: Any = None) -> np.ndarray:
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
                raise ValueError(f"expected sequence of length {shape[-1]} at dim {len(shape) - 1} "
                                 f"(got {len(row)})")  # fmt: skip
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
    start, end, step = map(_number, (0, start, step) if end is None else (start, end, step))
    if step == 0 or (count := (end - start) / step) < 0:
        raise RuntimeError(f"No steps of {step} lead from {start} to {end}.")
    whole = all(isinstance(bound, int) for bound in (start, end, step))
    # start + place * step, as torch has it, rather than a running sum
    numbers = start + np.arange(math.ceil(count)) * step
    return numbers.astype(_type(dtype or (dtypes.int64 if whole else None)))


@_creates
def linspace(start: Any, end: Any, steps: int, *, dtype: Any = None) -> np.ndarray:
    """Make so many numbers at equal distances, both ends among them."""
    return np.linspace(_number(start), _number(end), _sizes(steps)[0]).astype(_type(dtype))


@_creates
def eye(n: int, m: int | None = None, *, dtype: Any = None) -> np.ndarray:
    """Make a matrix with ones on the diagonal."""
    return np.eye(*_sizes(n, n if m is None else m), dtype=_type(dtype))


@_creates
def full(size: Any, fill_value: Any, *, dtype: Any = None) -> np.ndarray:
    """Make a tensor of one number, of the number's dtype."""
    number = _number(fill_value)
    return np.full(_sizes(size), number, _type(dtype or dtypes.of_number(number)))


@_creates
def randint(*bounds_and_size: Any, dtype: Any = None) -> np.ndarray:
    """Draw whole numbers evenly from low (0 if not given) up to just before high."""
    *bounds, size = bounds_and_size
    return random.integers(_sizes(size), _type(dtype or dtypes.int64), *bounds)


@_creates
def randperm(n: int, *, dtype: Any = None) -> np.ndarray:
    """Draw an order of the numbers below n."""
    return random.permutation(*_sizes(n)).astype(_type(dtype or dtypes.int64))


def _define(name: str, fill: Callable[..., np.ndarray], content: str) -> None:
    """Define the function of this name unless it stands above, and its sister for likes."""

    def create(*size: Any, dtype: Any = None, **options: Any) -> np.ndarray:
        return fill(_sizes(*options.pop("size", size)), _type(dtype), **options)

    def like(input: Tensor, *values: Any, dtype: Any = None, **options: Any) -> np.ndarray:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(f"{name}_like", type(input).__name__)
        laid = np.empty_like(input._array, _type(dtype or input.dtype))  # as the other lies
        laid[...] = fill(input.shape, laid.dtype, *values, **options)
        return laid

    for function, suffix in ((create, ""), (like, "_like")):
        function.__name__, function.__doc__ = name + suffix, f"Make a tensor of {content}."
        _creates(function)


_define("zeros", np.zeros, "zeros")
_define("ones", np.ones, "ones")
_define("empty", np.empty, "whatever lay in the memory")
_define("full", lambda shape, dtype, x: np.full(shape, _number(x), dtype), "one number")
_define("rand", random.uniform, "numbers drawn evenly from 0 up to 1")
_define("randn", random.normal, "numbers drawn from the normal distribution")
_define("randint", random.integers, "whole numbers drawn evenly from low to just before high")


def _draw(self: Tensor, draw: Callable[..., Any], *values: Any, **options: Any) -> Tensor:
    return change(self, lambda x: wrap(draw(x.shape, x._array.dtype, *values, **options)))


for _name, _fill in (("uniform_", random.uniform), ("normal_", random.normal)):
    setattr(Tensor, _name, partialmethod(_draw, _fill))
CREATION |= {"tensor": tensor, "as_tensor": as_tensor, "from_numpy": from_numpy}
CREATION["manual_seed"] = random.generator.manual_seed
