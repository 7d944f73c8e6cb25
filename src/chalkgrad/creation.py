"""Where tensors come from: numbers, lists, arrays, patterns, chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, random
from chalkgrad.functions import sizes_of
from chalkgrad.grad_modes import here
from chalkgrad.inplace import change
from chalkgrad.tensor import Tensor, owned, wrap

#: The functions that make tensors, by name.
CREATION: dict[str, Callable[..., Any]] = {}

# What torch also takes here; on the one device, with the one layout, all of it means the same.
_IGNORED = ("device", "layout", "pin_memory", "memory_format")


def _creates(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """Make a function that returns an array one that returns a leaf, with torch's options."""

    def create(*arguments: Any, requires_grad: bool = False, **options: Any) -> Tensor:
        dtypes.check_device(options.pop("device", None))
        for name in _IGNORED:
            options.pop(name, None)
        if "out" in options:
            raise RuntimeError(f"chalkgrad has no out= for {function.__name__}().")
        if not isinstance(options.get("dtype"), (dtypes.dtype, type(None))):
            raise TypeError(f"{function.__name__}(): argument 'dtype' must be torch.dtype, "
                            f"not {type(options['dtype']).__name__}")  # fmt: skip
        array = here.state[0](lambda: function(*arguments, **options))
        # A single number is kept as a scalar until somebody shares its memory.
        leaf = wrap(array[()] if array.ndim == 0 else array)
        if requires_grad and leaf.dtype.kind < dtypes.FLOATING:
            raise errors.integers_have_no_gradient("Only Tensors of floating point and complex dtype")
        return leaf.requires_grad_(requires_grad)

    create.__name__ = create.__qualname__ = function.__name__.strip("_")
    create.__doc__ = function.__doc__
    CREATION[create.__name__] = create
    return create


def _type(dtype: dtypes.dtype | None) -> np.dtype[Any]:
    return (dtype or dtypes.get_default_dtype()).array_dtype


def _sizes(name: str, size: Sequence[Any]) -> tuple[int, ...]:
    try:
        sizes = sizes_of(size)
    except AttributeError:
        wrong = next(each for each in size if not hasattr(each, "__index__"))
        raise TypeError(f"{name}(): argument 'size' (position 1) must be tuple of ints, "
                        f"not {type(wrong).__name__}") from None  # fmt: skip
    if any(each < 0 for each in sizes):
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(sizes)}: {list(sizes)}")
    return sizes


@_creates
def tensor(data: Any, dtype: dtypes.dtype | None = None) -> Any:
    """Make a leaf from numbers, nested lists, an array or a tensor; the data is copied.

    Without a dtype, numbers become bool, int64 or the default float, whichever holds them all;
    arrays and tensors keep theirs.
    """
    if isinstance(data, (Tensor, np.ndarray, np.generic)):
        array = np.array(getattr(data, "_array", data))
        dtypes.of_array(array.dtype)
        return array.astype(dtype.array_dtype if dtype else array.dtype, copy=False)
    leaves: list[Any] = []
    shape = _collect(data, leaves)
    own = dtypes.get_default_dtype() if not leaves else dtypes.bool_
    for leaf in leaves:
        exact = isinstance(leaf, np.generic)
        each = dtypes.of_array(leaf.dtype) if exact else dtypes.of_number(leaf)
        own = dtypes.promote_types(own, each)
    try:
        if dtype and dtype.kind <= dtypes.INTEGER < own.kind:
            return np.array(leaves, own.array_dtype).astype(dtype.array_dtype).reshape(shape)
        return np.array(leaves, (dtype or own).array_dtype).reshape(shape)
    except OverflowError:
        if dtype is None:
            raise ValueError("Overflow when unpacking long long") from None
        raise RuntimeError(f"value cannot be converted to type {dtype.c_name} without overflow") from None


def _collect(data: Any, leaves: list[Any]) -> tuple[int, ...]:
    """Add the numbers of nested sequences to the list and return their shape."""
    if isinstance(data, (list, tuple, range)) or (isinstance(data, (np.ndarray, Tensor)) and data.ndim):
        shapes = [_collect(each, leaves) for each in data]
        for shape in shapes:
            if shape != shapes[0]:
                raise _ragged(data, shapes[0], shape)
        return (len(data), *shapes[0]) if shapes else (0,)
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'\nA tensor holds numbers only.")
    if isinstance(data, (Tensor, np.ndarray)):
        leaves.append(np.asarray(getattr(data, "_array", data))[()])
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
    return ValueError(f"expected sequence of length {first[depth]} at dim {depth + 1} (got {other[depth]})")


def as_tensor(data: Any, dtype: dtypes.dtype | None = None, device: Any = None) -> Tensor:
    """Make a tensor of the data, sharing its memory where that is possible."""
    dtypes.check_device(device)
    data = from_numpy(data) if isinstance(data, np.ndarray) else data
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype=dtype)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """Make a tensor over the memory of an array: a change to the one is seen in the other."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    if any(step < 0 for step in ndarray.strides):
        raise ValueError("At least one stride in the given numpy array is negative, and tensors with "
                         "negative strides are not currently supported. (You can probably work "
                         "around this by making a copy of your array  with array.copy().) ")  # fmt: skip
    return wrap(ndarray)


@_creates
def full(size: Any, fill_value: Any, *, dtype: dtypes.dtype | None = None) -> Any:
    """Make a tensor of one number, of the number's dtype."""
    value = fill_value.item() if isinstance(fill_value, (Tensor, np.generic)) else fill_value
    return np.full(_sizes("full", (size,)), value, (dtype or dtypes.of_number(value)).array_dtype)


@_creates
def zeros(*size: Any, dtype: dtypes.dtype | None = None) -> Any:
    """Make a tensor of zeros."""
    return np.zeros(_sizes("zeros", size), _type(dtype))


@_creates
def ones(*size: Any, dtype: dtypes.dtype | None = None) -> Any:
    """Make a tensor of ones."""
    return np.ones(_sizes("ones", size), _type(dtype))


@_creates
def empty(*size: Any, dtype: dtypes.dtype | None = None) -> Any:
    """Make a tensor of whatever lay in the memory."""
    return np.empty(_sizes("empty", size), _type(dtype))


@_creates
def arange(start: Any, end: Any = None, step: Any = 1, *, dtype: dtypes.dtype | None = None) -> Any:
    """Count from start (0 if only an end is given) by steps to just before the end."""
    bounds = (0, start, step) if end is None else (start, end, step)
    start, end, step = (each.item() if isinstance(each, Tensor) else each for each in bounds)
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not np.all(np.isfinite([start, end, step])):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(bound, int) for bound in (start, end, step))
    array_type = np.dtype(np.int64) if whole and dtype is None else _type(dtype)
    # start + place * step, as torch has it, rather than a running sum
    return (start + np.arange(int(np.ceil((end - start) / step))) * step).astype(array_type)


@_creates
def linspace(start: Any, end: Any, steps: int, *, dtype: dtypes.dtype | None = None) -> Any:
    """Make so many numbers at equal distances, both ends among them."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    ends = [each.item() if isinstance(each, Tensor) else each for each in (start, end)]
    return np.linspace(*ends, steps).astype(_type(dtype))


@_creates
def eye(n: int, m: int | None = None, *, dtype: dtypes.dtype | None = None) -> Any:
    """Make a matrix with ones on the diagonal."""
    for name, size in (("n", n), ("m", m)):
        if size is not None and size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    return np.eye(n, m, dtype=_type(dtype))


# ---- Chance --------------------------------------------------------------------------------------


def _floating(name: str, dtype: dtypes.dtype | None) -> np.dtype[Any]:
    if dtype is not None and not dtype.is_floating_point:
        raise errors.not_implemented(name, dtype.long_name)
    return _type(dtype)


@_creates
def rand(*size: Any, dtype: dtypes.dtype | None = None, generator: Any = None) -> Any:
    """Draw numbers evenly from 0 up to 1."""
    return random.uniform(_sizes("rand", size), _floating("check_uniform_bounds", dtype), generator=generator)


@_creates
def randn(*size: Any, dtype: dtypes.dtype | None = None, generator: Any = None) -> Any:
    """Draw numbers from the normal distribution with mean 0 and variance 1."""
    return random.normal(_sizes("randn", size), _floating("normal_kernel_cpu", dtype), generator=generator)


@_creates
def randint(low: int, high: Any, size: Any = None, *, dtype: Any = None, generator: Any = None) -> Any:
    """Draw whole numbers evenly from low (0 if only an end is given) up to just before high."""
    low, high, size = (0, low, high) if size is None else (low, high, size)
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    return random.integers(low, high, _sizes("randint", (size,)), (dtype or dtypes.int64).array_dtype, generator)


@_creates
def randperm(n: int, *, dtype: dtypes.dtype | None = None, generator: Any = None) -> Any:
    """Draw an order of the numbers below n."""
    if n < 0:
        raise RuntimeError(f"n must be non-negative, got {n}")
    return random.permutation(n, generator).astype((dtype or dtypes.int64).array_dtype)


@_creates
def _bernoulli(input: Tensor, p: float | None = None, *, generator: Any = None) -> Any:
    """Draw 1 with the probability that each element gives (or p), else 0."""
    chance = input._array if p is None else p
    return random.bernoulli(chance, input.shape, input._array.dtype, generator)


def manual_seed(seed: int) -> random.Generator:
    """Start the random numbers anew: the same seed, the same numbers, and the same as torch's."""
    return random.default_generator.manual_seed(seed)


def _drawn(draw: Callable[..., Any]) -> Callable[..., Tensor]:
    def method(self: Tensor, *arguments: Any, **options: Any) -> Tensor:
        return change(self, lambda x: wrap(draw(x.shape, x._array.dtype, *arguments, **options)))

    return method


def _uniform_(shape: Any, dtype: Any, low: float = 0, high: float = 1, **options: Any) -> Any:
    return random.uniform(shape, dtype, options.pop("from", low), options.pop("to", high), **options)


Tensor.uniform_ = _drawn(_uniform_)
Tensor.normal_ = _drawn(random.normal)
Tensor.bernoulli_ = _drawn(lambda shape, dtype, p=0.5, **options: random.bernoulli(p, shape, dtype, **options))
Tensor.random_ = _drawn(lambda shape, dtype, low, high=None, **options: random.integers(
    *((0, low) if high is None else (low, high)), shape, dtype, **options))  # fmt: skip

# ---- In the shape and dtype of another -----------------------------------------------------------


def _like(name: str) -> Callable[..., Tensor]:
    """Make the function that creates in the shape and dtype of another tensor."""

    def like(input: Tensor, *arguments: Any, dtype: dtypes.dtype | None = None, **options: Any) -> Tensor:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(f"{name}_like", type(input).__name__)
        values = (*arguments, tuple(input.shape)) if name == "randint" else (tuple(input.shape), *arguments)
        made = CREATION[name](*values, dtype=dtype or input.dtype, **options)
        own = input._array
        if own.ndim > 1 and not own.flags.c_contiguous:  # the elements lie in memory as the other's do
            made._array = np.copyto(laid := np.empty_like(own, made._array.dtype), made._array) or laid
        return made

    like.__name__ = like.__qualname__ = f"{name}_like"
    like.__doc__ = f"As `{name}`, in the shape and dtype of another tensor."
    return like


for _name in ("zeros", "ones", "full", "empty", "rand", "randn", "randint"):
    CREATION[f"{_name}_like"] = _like(_name)
for _name in ("zeros", "ones", "full", "empty", "tensor"):

    def _new(self: Tensor, *arguments: Any, name: str = _name, dtype: Any = None, **options: Any) -> Tensor:
        return CREATION[name](*arguments, dtype=dtype or self.dtype, **options)

    setattr(Tensor, f"new_{_name}", _new)
CREATION |= {"as_tensor": as_tensor, "asarray": as_tensor, "from_numpy": from_numpy, "manual_seed": manual_seed,
             "scalar_tensor": lambda s, **options: tensor(float(s), **options)}  # fmt: skip
Tensor.bernoulli = lambda self, p=None, **options: CREATION["bernoulli"](self, p, **options)
