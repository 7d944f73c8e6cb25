"""What users call: the rows of the table, and what is said in terms of them, with torch's names.

Each is a function of the package and a method of the tensor; the operators follow at the end.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.graph import Output
from chalkgrad.operation import OPERANDS, Operation
from chalkgrad.rules import pointwise, reducing, shaping
from chalkgrad.rules.shaping import along, axes_of
from chalkgrad.tensor import Size, Tensor, apply, arrays_of, binary_method, owned, share, wrap

#: All of them, by name: what the package exports.
FUNCTIONS: dict[str, Callable[..., Any]] = {}

_NUMBER_MAY_COME_FIRST = ("add", "sub", "mul", "div", "true_divide", "pow", "remainder")


class Pair(NamedTuple):
    """Values, and the places where they were found; prints as torch's does."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"torch.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"


_Max, _Min, _Sorted, _Topk = (
    type(name, (Pair,), {"__slots__": ()}) for name in ("max", "min", "sort", "topk")
)


def _extreme(name: str, all_row: Operation, two: Operation, place_of: Operation, pair: Any) -> Any:
    """Return max or min: of all elements, along a dimension with the places, or of two tensors."""
    at_row = shaping.index.named(f"{name.title()}Backward0")

    def extreme(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None or isinstance(dim, Tensor):
            return apply(all_row, (self,)) if dim is None else apply(two, (self, dim))
        place, axis = apply(place_of, (self, dim, True)), dim_of(self, dim)
        key = shaping.places(place._array, axis, self.ndim)
        if not keepdim and self.ndim:
            place, key = place.squeeze(axis), tuple(each.squeeze(axis) for each in key)
        return pair(apply(at_row, (self, key)), place)

    extreme.__doc__ = f"The {name}imum, along a dimension with its place; or that of two tensors."
    return extreme


def widened(input: Tensor, *numbers: Any) -> Tensor:
    """Convert to the dtype of a result where plain numbers ask for another one."""
    return input.to(dtypes.result_dtype((input._array, *numbers)))


def sizes_of(sizes: Sequence[Any]) -> tuple[int, ...]:
    """Accept sizes as torch does: one by one, or as one sequence."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return tuple(size.__index__() for size in sizes)


def dim_of(input: Tensor, dim: int, extra: int = 0) -> int:
    """Return the dimension counted from the front; IndexError where there is none."""
    return (axes_of(dim, input.ndim + extra) or (0,))[0]


def _axis_of(input: Tensor, dim: int, index: Any, source: Sequence[int]) -> int:
    """Check what torch checks of an index tensor; return the dimension counted from the front."""
    axis, shape, places = dim_of(input, dim), tuple(input.shape) or (1,), index._array
    if places.size:
        bounds = (*shape[:axis], math.inf, *shape[axis + 1 :])
        fits = all(all(map(operator.le, index.shape, limits)) for limits in (bounds, source))
        whole = index.dtype in (dtypes.int64, dtypes.int32)
        if not whole or not fits or max(index.ndim, 1) != len(shape):
            raise RuntimeError(f"An index of {index.dtype} and {index.shape} does not fit {shape}.")
        if np.any((places < 0) | (places >= shape[axis])):
            raise RuntimeError(f"An index is outside of dimension {axis} with size {shape[axis]}.")
    return axis


def _in_order(row: Operation, input: Tensor, dim: int, descending: bool, count: Any = None) -> Any:
    """Return the elements in order, or the first so many of them, with their places."""
    axis, keys = dim_of(input, dim), np.atleast_1d(input._array)
    # Equals keep their order both ways: descending is ascending from the end, and turned round.
    order = np.argsort(np.flip(keys, axis) if descending else keys, axis, kind="stable")
    order = keys.shape[axis] - 1 - np.flip(order, axis) if descending else order
    order = order[along(axis, slice(count))] if input.ndim else order.reshape(())
    key = shaping.places(order, axis, input.ndim)
    return apply(row, (input, key)), wrap(order)


class Functions:
    """Each of these is a function of the package and a method of the tensor, its first argument."""

    # ---- Element by element ----------------------------------------------------------------------

    def add(self: Any, other: Any, *, alpha: Any = 1) -> Tensor:
        """Add `alpha` times the other."""
        return apply(pointwise.add, (self, other if alpha == 1 else other * alpha))

    def sub(self: Any, other: Any, *, alpha: Any = 1) -> Tensor:
        """Subtract `alpha` times the other."""
        return apply(pointwise.sub, (self, other if alpha == 1 else other * alpha))

    def remainder(self: Any, other: Any) -> Tensor:
        """Return what is left by a division that rounds down."""
        if type(other) in (int, float):
            return apply(pointwise.remainder_by_number, (widened(self, other), other))
        return apply(pointwise.remainder, (self, other))

    def pow(self: Any, exponent: Any) -> Tensor:
        """Raise to a power; one of the two may be a number."""
        if type(exponent) in (int, float) and self.dtype.is_floating_point:
            return apply(pointwise.power_to_number, (self, exponent))
        for row, each, other in ((pointwise.power_to_number, self, exponent),
                                 (pointwise.number_to_power, exponent, self)):  # fmt: skip
            if isinstance(each, Tensor) and isinstance(other, OPERANDS) and np.ndim(other) == 0:
                (number,) = arrays_of((other,))
                return apply(row, (widened(each, number), number))
        return apply(pointwise.power, (self, exponent))

    def clamp(self: Any, min: Any = None, max: Any = None) -> Tensor:
        """Move what lies outside of the bounds onto them."""
        bounds = [each for each in (min, max) if each is not None]
        if not bounds:
            raise RuntimeError("clamp() needs at least one of min and max.")
        if not any(isinstance(each, Tensor) for each in bounds):
            return apply(pointwise.clamp, (widened(self, *bounds), min, max))
        low = self if min is None else apply(pointwise.clamp_low, (self, min))
        return low if max is None else apply(pointwise.clamp_high, (low, max))

    def masked_fill(self: Any, mask: Tensor, value: Any) -> Tensor:
        """Put a number where the mask holds."""
        return apply(_MASKED_FILL, (value, self, mask)).to(self.dtype)

    def allclose(self: Any, other: Tensor, *tolerances: Any, **options: Any) -> bool:
        """Say whether all elements are about equal."""
        return bool(self.isclose(other, *tolerances, **options).all())

    def equal(self: Any, other: Tensor) -> bool:
        """Say whether shapes and elements are the same."""
        return np.array_equal(self._array, other._array)

    # ---- From many elements to fewer, or in order ------------------------------------------------

    max = _extreme("max", reducing.max_all, pointwise.maximum, reducing.argmax, _Max)
    min = _extreme("min", reducing.min_all, pointwise.minimum, reducing.argmin, _Min)

    def cumprod(self: Any, dim: int, *, dtype: Any = None) -> Tensor:
        """Return the running product along a dimension."""
        self = self.to(dtype or self.dtype)
        if not self.ndim or not self.size(dim):
            return self.cumsum(dim)
        return FUNCTIONS["stack"]([*accumulate(self.unbind(dim), operator.mul)], dim)

    def sort(self: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
        """Return the elements in order, with the places where they were."""
        return _Sorted(*_in_order(shaping.sort_at, self, dim, descending))

    def argsort(self: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
        """Return the places of the elements in order."""
        return self.sort(dim, descending).indices

    def topk(self: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
        """Return the k largest (or smallest), with their places."""
        if not 0 <= k <= (self.size(dim) if self.ndim else 1):
            raise RuntimeError("selected index k out of range")
        return _Topk(*_in_order(shaping.topk_at, self, dim, largest, k))

    # ---- Shapes ----------------------------------------------------------------------------------

    def reshape(self: Any, *shape: Any) -> Tensor:
        """Return the elements under another shape, without a copy where that is possible."""
        shape = sizes_of(shape)
        if self.is_contiguous():
            return apply(shaping.view, (self, shape))
        try:
            return apply(shaping.reshape_alias, (self, shape))
        except RuntimeError:  # this way of looking at the memory takes a copy
            return apply(shaping.unsafe_view, (self.clone("C"), shape))

    def flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Make one dimension out of a range of them."""
        start, end, shape = dim_of(self, start_dim), dim_of(self, end_dim), self.shape
        if start > end:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        if start == end and shape:
            return self
        return self.reshape(*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])

    def ravel(self: Any) -> Tensor:
        """Make one dimension out of all."""
        return self.contiguous().view(-1)

    # ---- Parts -----------------------------------------------------------------------------------

    def select(self: Any, dim: int, index: int) -> Tensor:
        """Take one place of a dimension."""
        return apply(shaping.select, (self, along(dim_of(self, dim), int(index))))

    def unbind(self: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """Take apart along a dimension, into views that share one node."""
        axis = dim_of(self, dim)
        keys = [along(axis, place) for place in range(self.size(dim))]
        node = apply(shaping.unbind, (self, keys, axis))._node
        parts = [
            wrap(owned(self)[(*key, ...)], node and Output(node, at)) for at, key in enumerate(keys)
        ]
        return tuple(share(part, self, several=True) for part in parts)

    def gather(self: Any, dim: int, index: Tensor) -> Tensor:
        """Take elements at places along a dimension."""
        axis = _axis_of(self, dim, index, index.shape)
        return apply(shaping.gather, (self, shaping.places(index._array, axis, self.ndim)))

    def scatter(
        self: Any, dim: int, index: Tensor, src: Any = None, *, value: Any = None
    ) -> Tensor:
        """Return a copy with elements of `src`, or a number, at places along a dimension."""
        src = value if src is None else src
        if not isinstance(src, Tensor):
            src = wrap(np.full(index.shape, src, self.dtype.array_dtype))
        if src.dtype is not self.dtype:
            raise RuntimeError(f"scatter() cannot write {src.dtype} into {self.dtype}.")
        axis = _axis_of(self, dim, index, src.shape)
        part = src[tuple(slice(size) for size in index.shape)]
        return apply(shaping.scatter, (self, part, shaping.places(index._array, axis, self.ndim)))

    # ---- Products --------------------------------------------------------------------------------

    def outer(self: Any, vec2: Tensor) -> Tensor:
        """Return all products of two vectors."""
        return self.unsqueeze(1).mm(vec2.unsqueeze(0))

    def matmul(self: Any, other: Tensor) -> Tensor:
        """Multiply vectors, matrices, or batches of matrices, depending on the dimensions."""
        dims = (self._array.ndim, other._array.ndim)
        if dims in _DIRECT:
            return apply(_DIRECT[dims], (self, other))
        if 0 in dims:
            raise RuntimeError(f"both arguments to matmul need to be at least 1D, not {dims}")
        if dims == (1, 2):
            return apply(shaping.squeeze_row, (self.unsqueeze(0).mm(other), other.shape[1:]))
        if other.ndim <= 2:  # fold the batch into the rows: one large product, not many small ones
            *batch, columns = self.shape
            product = self.reshape(math.prod(batch), columns).matmul(other)
            return apply(shaping.unsafe_view, (product, (*batch, *other.shape[1:])))
        if self.ndim <= 2:
            product = other.mT.matmul(self if self.ndim == 1 else self.t())
            return product if self.ndim == 1 else product.mT.contiguous()
        batch = broadcast_shapes(self.shape[:-2], other.shape[:-2])
        left, right = (
            each.expand(*batch, *each.shape[-2:]).reshape(math.prod(batch), *each.shape[-2:])
            for each in (self, other)
        )
        shape = (*batch, self.size(-2), other.size(-1))
        return apply(shaping.unsafe_view, (left.bmm(right), shape))


_DIRECT = {(2, 2): reducing.mm, (1, 1): reducing.dot, (2, 1): reducing.mv}
_MASKED_FILL = pointwise.choose.named("MaskedFillBackward0")

# ---- Functions of several tensors ----------------------------------------------------------------


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    if condition.dtype is not dtypes.bool_:
        raise RuntimeError(f"where() takes a condition of booleans, not of {condition.dtype}.")
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        input = wrap(np.asarray(input, dtypes.result_dtype((input, other)).array_dtype)[()])
    return apply(pointwise.choose, (input, other, condition))


def broadcast_shapes(*shapes: Any) -> Size:
    """Return the shape to which all of these broadcast."""
    try:
        return Size(np.broadcast_shapes(*map(tuple, shapes)))
    except ValueError:
        raise errors.sizes_must_match(*shapes) from None


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Repeat all to one shape."""
    shape = broadcast_shapes(*(each.shape for each in tensors))
    return tuple(each.expand(shape) for each in tensors)


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a dimension; torch lets an empty vector join anything."""
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    first = next((each for each in tensors if each.shape != (0,)), tensors[0])
    axis = dim_of(first, dim)
    nothing = (*first.shape[:axis], 0, *first.shape[axis + 1 :])
    kept = [each.view(nothing) if each.shape == (0,) else each for each in tensors]
    if {each.ndim for each in kept} != {max(first.ndim, 1)}:
        raise RuntimeError("cat() joins tensors with the same number of dimensions, at least 1.")
    ends = accumulate((each.size(axis) for each in kept), initial=0)
    keys = [along(axis, slice(*ends)) for ends in pairwise(ends)]
    return apply(shaping.joining("cat", np.concatenate, len(kept)), (*kept, keys, axis))


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a new dimension."""
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    axis, count = dim_of(tensors[0], dim, 1), len(tensors)
    keys = [along(axis, place) for place in range(count)]
    return apply(shaping.joining("stack", np.stack, count), (*tensors, keys, axis))


def einsum(equation: str, *operands: Any) -> Tensor:
    """Multiply and sum by letters: each names a dimension; those that are not wanted are summed."""
    tensors = operands[0] if isinstance(operands[0], (list, tuple)) else operands
    terms, arrow, wanted = equation.replace(" ", "").partition("->")
    spelled, letters = terms.split(","), terms.replace(",", "")
    if "." in equation or any(len({*term}) < len(term) for term in spelled):
        raise NotImplementedError(
            "chalkgrad's einsum has no '...', and each letter once in a term."
        )
    wanted = wanted if arrow else "".join(x for x in sorted(letters) if letters.count(x) == 1)
    if [*map(len, spelled)] != [each.ndim for each in tensors] or not {*wanted} <= {*letters}:
        raise RuntimeError(f"einsum(): {equation} does not fit the operands' dimensions.")
    order = [*wanted, *sorted({*letters} - {*wanted})]
    product = reduce(operator.mul, (
        each.permute([term.index(letter) for letter in order if letter in term])
        .reshape([each.size(term.index(x)) if x in term else 1 for x in order])
        for each, term in zip(tensors, spelled, strict=True)))  # fmt: skip
    summed = tuple(range(len(wanted), len(order)))
    return product.sum(summed) if summed else product


# ---- The table of all ----------------------------------------------------------------------------


def _method(row: Operation) -> Callable[..., Tensor]:
    def method(input: Any, *values: Any, **options: Any) -> Tensor:
        return apply(row, (input, *values), options)

    method.__name__, method.__doc__ = row.name, row.doc
    return method


def _function(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method as a function, which checks that it is given a tensor."""

    @wraps(method)
    def function(input: Any, *others: Any, **options: Any) -> Any:
        if "out" in options:
            raise RuntimeError(f"chalkgrad has no out= for {name}(): assign the result.")
        numbers_first = name in _NUMBER_MAY_COME_FIRST and isinstance(others[0], Tensor)
        if not isinstance(input, Tensor) and not numbers_first:
            raise errors.not_a_tensor(name, type(input).__name__)
        return method(input, *others, **options)

    return function


_tables = [row for table in (pointwise, reducing, shaping) for row in vars(table).values()]
for _each in (*_tables, *pointwise.QUESTIONS.values()):
    if isinstance(_each, Operation) and _each.doc and not hasattr(Functions, _each.name):
        setattr(Functions, _each.name, _method(_each))
Functions.true_divide = Functions.div  # pyright: ignore[reportAttributeAccessIssue]
for _name, _call in vars(Functions).items():
    if _name[0] != "_":
        FUNCTIONS[_name] = _function(_name, _call)
        setattr(Tensor, _name, _call)
FUNCTIONS |= {
    each.__name__: each for each in (where, broadcast_shapes, broadcast_tensors, cat, stack, einsum)
}
FUNCTIONS["is_tensor"] = lambda obj: isinstance(obj, Tensor)
FUNCTIONS["result_type"] = lambda *operands: dtypes.result_dtype(arrays_of(operands))

# ---- Operators, and conversions to other types ---------------------------------------------------


def _operator(function: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Any]:
    """Make an operator that leaves other types of operands to themselves."""

    def method(self: Tensor, other: Any) -> Any:
        if not isinstance(self, Tensor):
            raise TypeError(f"an operator of tensors got a {type(self).__name__} in front")
        return function(self, other) if isinstance(other, (Tensor, *OPERANDS)) else NotImplemented

    return method


def _subtracted_from(x: Tensor, y: Any) -> Tensor:
    if isinstance(y, (Tensor, np.ndarray)):
        return apply(pointwise.sub, (y, x))
    return apply(pointwise.rsub, (widened(x, y), y))


def _matrix_product(x: Any, y: Any) -> Tensor:
    """Multiply matrices; an array of NumPy's and a tensor get a common dtype first."""
    if not (isinstance(x, Tensor) and isinstance(y, Tensor)):
        x, y = (each if isinstance(each, Tensor) else wrap(np.asarray(each)) for each in (x, y))
        dtype = dtypes.promote_types(x.dtype, y.dtype)
        x, y = x.to(dtype), y.to(dtype)
    return x.matmul(y)


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


def _transposed(self: Tensor) -> Tensor:
    if self.ndim < 2:
        raise RuntimeError(f"mT is for matrices and batches of them, not for {self.ndim}D tensors.")
    return self.transpose(-2, -1)


_METHODS = {
    "__add__": binary_method(pointwise.add), "__radd__": _operator(lambda x, y: x + y),
    "__sub__": binary_method(pointwise.sub), "__rsub__": _operator(_subtracted_from),
    "__mul__": binary_method(pointwise.mul), "__rmul__": _operator(lambda x, y: x * y),
    "__truediv__": binary_method(pointwise.div),
    "__rtruediv__": _operator(lambda x, y: x.reciprocal() * y),
    "__pow__": _operator(Functions.pow), "__rpow__": _operator(lambda x, y: Functions.pow(y, x)),
    "__mod__": _operator(Functions.remainder),
    "__rmod__": _operator(lambda x, y: apply(pointwise.remainder, (y, x))),
    "__floordiv__": _operator(Tensor.floor_divide),
    "__matmul__": _operator(_matrix_product),
    "__rmatmul__": _operator(lambda x, y: _matrix_product(y, x)),
    "__neg__": Tensor.neg, "__abs__": Tensor.abs, "__pos__": lambda self: self,
    "__invert__": Tensor.bitwise_not,
    "where": lambda self, condition, other: where(condition, self, other),
    "to": _to, "cpu": lambda self: self, "dim": lambda self: self._array.ndim,
    "numel": lambda self: self._array.size, "tolist": lambda self: self._array.tolist(),
    "is_contiguous": lambda self: self._array.flags.c_contiguous,
    "contiguous": lambda self, memory_format=None: (
        self if self.is_contiguous() else self.clone("C")),
    "T": property(lambda self: self.permute(*range(self.ndim)[::-1])), "mT": property(_transposed),
    "is_floating_point": lambda self: self.dtype.is_floating_point,
}  # fmt: skip
for _name in ("eq", "ne", "lt", "gt", "le", "ge", "bitwise_and", "bitwise_or"):
    _call = _operator(FUNCTIONS[_name])
    for _prefix in ("__", "__r") if "bitwise" in _name else ("__",):
        _METHODS[f"{_prefix}{_name.removeprefix('bitwise_')}__"] = _call
for _name, _dtype in {
    "bool": dtypes.bool_, "int": dtypes.int32, "long": dtypes.int64, "half": dtypes.float16,
    "float": dtypes.float32, "double": dtypes.float64,
}.items():  # fmt: skip
    _METHODS[_name] = lambda self, memory_format=None, dtype=_dtype: self.to(dtype)
for _name, _method_ in _METHODS.items():
    setattr(Tensor, _name, _method_)
