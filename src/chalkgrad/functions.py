"""What users call: the rows of the table, and what is said in terms of them, with torch's names.

Each is a function of the package and a method of the tensor; the operators follow at the end.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import wraps
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.operation import OPERANDS, Operation
from chalkgrad.rules import pointwise, reducing, shaping
from chalkgrad.rules.shaping import along, axes_of, target_shape
from chalkgrad.tensor import Size, Tensor, apply, apply_to_parts, arrays_of, binary_method, wrap

#: All of them, by name: what the package exports.
FUNCTIONS: dict[str, Callable[..., Any]] = {}

_NUMBER_MAY_COME_FIRST = ("add", "sub", "mul", "div", "true_divide", "pow", "remainder")
_TENSORS_ONLY = ("maximum", "minimum", "logical_and", "logical_or", "isclose", "allclose", "equal",
                 "matmul", "mm", "mv", "bmm", "dot", "outer")  # fmt: skip
_FLOATS_ONLY = ("mean", "var", "std", "norm")
_NO_ORDER = ("max", "min", "amax", "amin", "argmax", "argmin", "sort", "topk", "argsort", "clamp")


def define(name: str, doc: str | None, function: Callable[..., Any]) -> None:
    """Make a public function, which checks its first arguments, and the method of that name."""

    def check(first: Any, second: Any = None, *others: Any) -> None:
        for each in (first, second) if name in _TENSORS_ONLY else (first,):
            if not isinstance(each, Tensor):
                if name not in _NUMBER_MAY_COME_FIRST or not isinstance(second, Tensor):
                    raise errors.not_a_tensor(name, type(each).__name__)
            elif name in _FLOATS_ONLY and each.dtype.kind < dtypes.FLOATING:
                raise RuntimeError(f"{name}() takes floating point numbers, not {each.dtype}.")
            elif name in _NO_ORDER and each.dtype.is_complex:
                raise errors.not_implemented(name, each.dtype.long_name)

    checked = name in (*_TENSORS_ONLY, *_FLOATS_ONLY, *_NO_ORDER)

    @wraps(function)
    def call(input: Any, *arguments: Any, **options: Any) -> Any:
        if "out" in options:
            raise RuntimeError(f"chalkgrad has no out= for {name}(): assign the result.")
        if "dtype" in options and isinstance(input, Tensor):
            input = input.to(options.pop("dtype"))
        if checked or not isinstance(input, Tensor):
            check(input, *arguments)
        return function(input, *arguments, **options)

    call.__name__, call.__qualname__, call.__doc__ = name, name, doc
    FUNCTIONS[name] = call
    setattr(Tensor, name, call)


def _public(function: Callable[..., Any]) -> Callable[..., Any]:
    define(function.__name__, function.__doc__, function)
    return function


def _row(operation: Operation) -> Callable[..., Tensor]:
    return lambda *values, **options: apply(operation, values, options)


# ---- Element by element --------------------------------------------------------------------------


def _whole_division(row: Operation) -> Callable[[Any, Any], Tensor]:
    """Return the function that applies a row and refuses integers over 0, as torch does."""

    def divide(input: Any, other: Any) -> Tensor:
        x, y = map(np.asarray, arrays_of((input, other)))
        if x.dtype.kind in "iub" and y.dtype.kind in "iub" and not np.all(y):
            raise RuntimeError("ZeroDivisionError\nIntegers have no infinity to answer with.")
        if row is pointwise.remainder and type(other) in (int, float):
            return apply(pointwise.remainder_by_number, (widened(input, other), other))
        return apply(row, (input, other))

    return divide


def widened(input: Tensor, *numbers: Any) -> Tensor:
    """Convert to the dtype of a result where plain numbers ask for another one."""
    return input.to(dtypes.result_dtype((input._array, *numbers)))


def power(base: Any, exponent: Any) -> Tensor:
    """Raise to a power; one of the two may be a number."""
    if type(exponent) in (int, float) and base.dtype.is_floating_point:
        return apply(pointwise.power_to_number, (base, exponent))
    for row, each, other in ((pointwise.power_to_number, base, exponent),
                             (pointwise.number_to_power, exponent, base)):  # fmt: skip
        if isinstance(each, Tensor) and isinstance(other, (int, float, complex, np.generic)):
            (number,) = arrays_of((other,))
            return apply(row, (widened(each, number), number))
    return apply(pointwise.power, (base, exponent))


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    if condition.dtype is not dtypes.bool_:
        raise RuntimeError(f"where() takes a condition of booleans, not of {condition.dtype}.")
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        input = wrap(np.asarray(input, dtypes.result_dtype((input, other)).array_dtype)[()])
    return apply(pointwise.choose, (input, other, condition))


@_public
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Move what lies outside of the bounds onto them."""
    bounds = [each for each in (min, max) if each is not None]
    if not bounds:
        raise RuntimeError("clamp() needs at least one of min and max.")
    if not any(isinstance(each, Tensor) for each in bounds):
        return apply(pointwise.clamp, (widened(input, *bounds), min, max))
    low = input if min is None else apply(pointwise.clamp_low, (input, min))
    return low if max is None else apply(pointwise.clamp_high, (low, max))


@_public
def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08,
            equal_nan: bool = False) -> Tensor:  # fmt: skip
    """Say of each element whether it is about equal to the other."""
    return wrap(np.isclose(input._array, other._array, rtol, atol, equal_nan))


# ---- From many elements to fewer -----------------------------------------------------------------


class _Pair(NamedTuple):
    values: Any
    indices: Any

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"torch.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"


_Max, _Min, _Sorted, _Topk = (type(name, (_Pair,), {"__slots__": ()})
                              for name in ("max", "min", "sort", "topk"))  # fmt: skip


def _deviation(row: Operation) -> Callable[..., Tensor]:
    def reduce(input: Tensor, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *,
               correction: float | None = None) -> Tensor:  # fmt: skip
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        return apply(row, (input, dim, keepdim, unbiased if correction is None else correction))

    return reduce


def _extreme(all_row: Any, at_row: Any, place_of: Any, two: Any, pair: Any) -> Any:
    """Return max or min: of all elements, along a dimension with the places, or of two tensors."""

    def extreme(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None or isinstance(dim, Tensor):
            return apply(all_row, (input,)) if dim is None else apply(two, (input, dim))
        place, axis = apply(place_of, (input, dim, True)), dim_of(input, dim)
        key = shaping.places(place._array, axis, input.ndim)
        if not keepdim and input.ndim:
            place, key = place.squeeze(axis), tuple(each.squeeze(axis) for each in key)
        return pair(apply(at_row, (input, key)), place)

    return extreme


@_public
def norm(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Tensor:
    """Return the p-th root of the sum of the p-th powers."""
    p = 2 if p in ("fro", None) else p
    if isinstance(p, str) or p == 0:
        raise NotImplementedError(f"chalkgrad has no norm with p={p!r}, only with numbers but 0.")
    if math.isinf(p):
        return (input.abs().amax if p > 0 else input.abs().amin)(dim, keepdim)
    return apply(reducing.norm, (input, dim, keepdim, p))


def _order(input: Tensor, dim: int, descending: bool) -> Any:
    axis, keys = dim_of(input, dim), np.atleast_1d(input._array)
    # Equals keep their order both ways: descending is ascending from the end, and turned round.
    order = np.argsort(np.flip(keys, axis) if descending else keys, axis, kind="stable")
    if descending:
        order = keys.shape[axis] - 1 - np.flip(order, axis)
    return order.reshape(input.shape)


@_public
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """Return the elements in order, with the places where they were."""
    order = _order(input, dim, descending)
    key = shaping.places(order, dim_of(input, dim), input.ndim)
    return _Sorted(apply(shaping.sort_at, (input, key)), wrap(order))


@_public
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """Return the k largest (or smallest), with their places."""
    if not 0 <= k <= (input.size(dim) if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    order, axis = _order(input, dim, largest), dim_of(input, dim)
    order = order[along(axis, slice(k))] if input.ndim else order
    return _Topk(
        apply(shaping.topk_at, (input, shaping.places(order, axis, input.ndim))), wrap(order)
    )


# ---- Shapes --------------------------------------------------------------------------------------


def sizes_of(sizes: Sequence[Any]) -> tuple[int, ...]:
    """Accept sizes as torch does: one by one, or as one sequence."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return tuple(size.__index__() for size in sizes)


def dim_of(input: Tensor, dim: int, extra: int = 0) -> int:
    """Return the dimension counted from the front; IndexError where there is none."""
    return (axes_of(dim, input.ndim + extra) or (0,))[0]


def broadcast_shapes(*shapes: Any) -> Size:
    """Return the shape to which all of these broadcast."""
    try:
        return Size(np.broadcast_shapes(*map(tuple, shapes)))
    except ValueError:
        raise RuntimeError(f"The shapes {[*map(list, shapes)]} cannot be broadcast.") from None


def _lies_so(input: Tensor, shape: tuple[int, ...]) -> bool:
    """Say whether the memory can be seen under this shape."""
    try:
        np.reshape(input._array, shape, copy=False)
    except ValueError:
        return False
    return True


@_public
def view(input: Tensor, *shape: Any) -> Tensor:
    """Return the same memory under another shape; refused where that takes a copy."""
    target = target_shape(input.numel(), sizes_of(shape))
    if not _lies_so(input, target):
        raise errors.view_needs_copy()
    return apply(shaping.view, (input, target))


@_public
def reshape(input: Tensor, *shape: Any) -> Tensor:
    """Return the elements under another shape, without a copy where that is possible."""
    target = target_shape(input.numel(), sizes_of(shape))
    if not _lies_so(input, target):
        return apply(shaping.unsafe_view, (input.clone("C"), target))
    return apply(shaping.view if input.is_contiguous() else shaping.reshape_alias, (input, target))


@_public
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Make one dimension out of a range of them."""
    start, end, shape = dim_of(input, start_dim), dim_of(input, end_dim), input.shape
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end and shape:
        return input
    return input.reshape(*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])


@_public
def expand(input: Tensor, *sizes: Any) -> Tensor:
    """Repeat dimensions of size 1 without copying; -1 leaves a size as it is."""
    target = sizes_of(sizes)
    own = (-1,) * (len(target) - input.ndim) + tuple(input.shape)
    full = [old if new == -1 else new for old, new in zip(own, target, strict=False)]
    return apply(shaping.expand, (input, tuple(full)))


@_public
def t(input: Tensor) -> Tensor:
    """Transpose a matrix; a vector stays as it is."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return apply(shaping.t, (input,))


# ---- Lists and parts -----------------------------------------------------------------------------


def _all_tensors(name: str, tensors: Sequence[Any]) -> Sequence[Tensor]:
    for each in tensors:
        if not isinstance(each, Tensor):
            raise errors.not_a_tensor(name, type(each).__name__)
    return tensors


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a dimension; torch lets an empty vector join anything."""
    if not _all_tensors("cat", tensors):
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    first = next((each for each in tensors if each.shape != (0,)), tensors[0])
    axis = dim_of(first, dim)
    nothing = (*first.shape[:axis], 0, *first.shape[axis + 1 :])
    kept = [each.view(nothing) if each.shape == (0,) else each for each in tensors]
    if {each.ndim for each in kept} != {max(first.ndim, 1)}:
        raise RuntimeError("cat() joins tensors with the same number of dimensions, at least 1.")
    row = shaping.cat(len(kept))
    return apply(row, (*kept, [each.size(axis) for each in kept], axis))


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a new dimension."""
    if not _all_tensors("stack", tensors):
        raise RuntimeError("stack expects a non-empty TensorList")
    return apply(shaping.stack(len(tensors)), (*tensors, len(tensors), dim_of(tensors[0], dim, 1)))


@_public
def split(input: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Take apart into parts of a size, or of several sizes."""
    axis, total, sizes = dim_of(input, dim), input.size(dim), split_size
    if isinstance(sizes, int):
        sizes = [min(sizes, total - start) for start in range(0, total, sizes or 1)] or [0]
    if sum(sizes) != total or min(sizes) < 0:
        raise RuntimeError(f"split() cannot make parts of {split_size} out of {total} places.")
    ranges = pairwise(accumulate(sizes, initial=0))
    row = shaping.unbind.named("SplitBackward0")
    return apply_to_parts(row, input, [along(axis, slice(*each)) for each in ranges])


def _axis_of(input: Tensor, dim: int, index: Any, source: Sequence[int]) -> int:
    """Check what torch checks of an index tensor; return the dimension counted from the front."""
    axis, shape, places = dim_of(input, dim), tuple(input.shape) or (1,), index._array
    if places.size:
        if index.dtype not in (dtypes.int64, dtypes.int32):
            raise RuntimeError(f"An index has the dtype int64 or int32, not {index.dtype}.")
        bounds = (*shape[:axis], math.inf, *shape[axis + 1 :])
        fits = all(all(map(operator.le, index.shape, limits)) for limits in (bounds, source))
        if not fits or max(index.ndim, 1) != len(shape):
            raise RuntimeError(f"An index of shape {list(index.shape)} does not fit {list(shape)}.")
        if np.any((places < 0) | (places >= shape[axis])):
            raise RuntimeError(f"An index is outside of dimension {axis} with size {shape[axis]}.")
    return axis


@_public
def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Take elements at places along a dimension."""
    axis = _axis_of(input, dim, index, index.shape)
    return apply(shaping.gather, (input, shaping.places(index._array, axis, input.ndim)))


@_public
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None
) -> Tensor:
    """Return a copy with elements of `src`, or a number, at places along a dimension."""
    src = value if src is None else src
    if not isinstance(src, Tensor):
        src = wrap(np.full(index.shape, src, input.dtype.array_dtype))
    if src.dtype is not input.dtype:
        raise RuntimeError(f"scatter() cannot write {src.dtype} into {input.dtype}.")
    axis = _axis_of(input, dim, index, src.shape)
    part = src[tuple(slice(size) for size in index.shape)]
    return apply(shaping.scatter, (input, part, shaping.places(index._array, axis, input.ndim)))


# ---- Products ------------------------------------------------------------------------------------


def _product(row: Operation, *dims: int) -> Callable[..., Tensor]:
    """Return the function that multiplies what fits; it promotes nothing."""

    def product(input: Tensor, other: Tensor) -> Tensor:
        if (input.ndim, other.ndim) != dims:
            raise RuntimeError(f"{row.name}() takes tensors of {dims} dimensions, "
                               f"not {input.ndim} and {other.ndim}.")  # fmt: skip
        if input.shape[-1] != other.shape[-2:][0] or input.shape[:-2] != other.shape[:-2]:
            raise errors.cannot_be_multiplied(input.shape, other.shape)
        if input.dtype is not other.dtype:
            raise errors.dtypes_differ(input.dtype.c_name, other.dtype.c_name)
        return apply(row, (input, other))

    return product


_mm, _bmm = _product(reducing.mm, 2, 2), _product(reducing.bmm, 3, 3)
_DIRECT = {(2, 2): _mm, (1, 1): _product(reducing.dot, 1, 1), (2, 1): _product(reducing.mv, 2, 1)}


@_public
def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Multiply vectors, matrices, or batches of matrices, depending on the dimensions."""
    left, right = input._array, other._array
    dims = (left.ndim, right.ndim)
    if dims == (2, 2) and left.shape[1] == right.shape[0] and input.dtype is other.dtype:
        return apply(reducing.mm, (input, other))  # the usual case, without the questions
    if 0 in dims:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, not {dims}")
    if dims in _DIRECT:
        return _DIRECT[dims](input, other)
    if dims == (1, 2):
        return apply(shaping.squeeze_row, (_mm(input.unsqueeze(0), other), other.shape[1:]))
    if other.ndim <= 2:  # fold the batch into the rows: one large product, not many small ones
        *batch, columns = input.shape
        product = matmul(input.reshape(math.prod(batch), columns), other)
        return apply(shaping.unsafe_view, (product, (*batch, *other.shape[1:])))
    if input.ndim <= 2:
        product = matmul(other.mT, input if input.ndim == 1 else input.t())
        return product if input.ndim == 1 else product.mT.contiguous()
    try:
        batch = np.broadcast_shapes(input.shape[:-2], other.shape[:-2])
    except ValueError:
        raise errors.sizes_must_match(input.shape[:-2], other.shape[:-2]) from None
    left, right = (
        each.expand(*batch, *each.shape[-2:]).reshape(math.prod(batch), *each.shape[-2:])
        for each in (input, other)
    )
    return apply(shaping.unsafe_view, (_bmm(left, right), (*batch, input.size(-2), other.size(-1))))


def einsum(equation: str, *operands: Any) -> Tensor:
    """Multiply and sum by letters: each names a dimension; those that are not wanted are summed."""
    tensors = operands[0] if isinstance(operands[0], (list, tuple)) else operands
    terms, arrow, wanted = equation.replace(" ", "").partition("->")
    spelled = terms.split(",")
    if len(spelled) != len(tensors):
        raise RuntimeError("einsum(): the equation must have a term for each operand")
    # Dimensions under "..." get letters of their own, counted from the last.
    hidden = ""
    for place, (term, each) in enumerate(zip(spelled, tensors, strict=True)):
        own = "θηζεδγβα"[len(term.replace("...", "")) - each.ndim or 8 :]
        hidden, spelled[place] = max(hidden, own, key=len), term.replace("...", own)
        if len(spelled[place]) != each.ndim:
            raise RuntimeError(f"einsum(): operand {place} has {each.ndim} dimensions, not {term}")
    letters = "".join(spelled)
    if not arrow:
        once = [x for x in {*letters} - {*hidden} if letters.count(x) == 1]
        wanted = "..." + "".join(sorted(once))
    wanted = wanted.replace("...", hidden)
    if len({*wanted}) < len(wanted) or not {*wanted} <= {*letters}:
        raise RuntimeError(f"einsum(): each letter of {wanted} must be one of the terms', and once")
    order = [*wanted, *sorted({*letters} - {*wanted})]
    product, *others = map(_aligned, tensors, spelled, [order] * len(tensors))
    for other in others:
        product = product * other
    summed = tuple(range(len(wanted), len(order)))
    return product.sum(summed) if summed else product


def _aligned(operand: Tensor, term: str, order: Sequence[str]) -> Tensor:
    """Bring the dimensions of an operand into the order of the letters, with 1 for the missing."""
    for letter in term:
        while term.count(letter) > 1:  # a letter that is there twice means the diagonal
            first, second = term.index(letter), term.rindex(letter)
            operand = operand.diagonal(0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    operand = operand.permute([term.index(letter) for letter in order if letter in term])
    sizes = iter(operand.shape)
    return operand.reshape([next(sizes) if letter in term else 1 for letter in order])


# ---- The table of all ----------------------------------------------------------------------------

_rows = [row for table in (pointwise, reducing, shaping) for row in vars(table).values()]
for _each in (*_rows, *pointwise.QUESTIONS.values()):
    if isinstance(_each, Operation) and _each.doc:
        define(_each.name, _each.doc, _row(_each))
_masked_fill = pointwise.choose.named("MaskedFillBackward0")
for _name, _doc, _function in (
    ("add", "Add `alpha` times the other.", lambda input, other, *, alpha=1: apply(
        pointwise.add, (input, other if alpha == 1 else other * alpha))),
    ("sub", "Subtract `alpha` times the other.", lambda input, other, *, alpha=1: apply(
        pointwise.sub, (input, other if alpha == 1 else other * alpha))),
    ("true_divide", "Divide; integers give floats.", _row(pointwise.div)),
    ("floor_divide", "Divide and round down.", _whole_division(pointwise.floor_divide)),
    ("remainder", "What is left by a division that rounds down.",
     _whole_division(pointwise.remainder)),
    ("pow", "Raise to a power.", power),
    ("square", "Times itself.", lambda input: power(input, 2)),
    ("masked_fill", "A number where the mask holds.",
     lambda input, mask, value: apply(_masked_fill, (value, input, mask)).to(input.dtype)),
    ("allclose", "Whether all elements are about equal.",
     lambda *values, **options: bool(isclose(*values, **options).all())),
    ("equal", "Whether shapes and elements are the same.",
     lambda input, other: np.array_equal(input._array, other._array)),
    ("var", "Average squared distance from the mean, over n - `correction`.",
     _deviation(reducing.var)),
    ("std", "Square root of the variance.", _deviation(reducing.std)),
    ("max", "The largest, along a dimension with its place; or the larger of two.", _extreme(
        reducing.max_all, shaping.max_at, reducing.argmax, pointwise.maximum, _Max)),
    ("min", "The smallest, along a dimension with its place; or the smaller of two.", _extreme(
        reducing.min_all, shaping.min_at, reducing.argmin, pointwise.minimum, _Min)),
    ("argsort", "The places of the elements in order.",
     lambda input, dim=-1, descending=False, stable=True: wrap(_order(input, dim, descending))),
    ("ravel", "One dimension out of all.", lambda input: input.contiguous().view(-1)),
    ("select", "Take one place of a dimension.", lambda input, dim, index: apply(
        shaping.select, (input, along(dim_of(input, dim), int(index))))),
    ("outer", "All products of two vectors.",
     lambda input, vec2: _mm(input.unsqueeze(1), vec2.unsqueeze(0))),
    ("unbind", "Take apart along a dimension.", lambda input, dim=0: apply_to_parts(
        shaping.unbind, input, [along(dim_of(input, dim), at) for at in range(input.size(dim))])),
    ("dot", "Product of two vectors, a number.", _DIRECT[1, 1]),
    ("mv", "Product of a matrix and a vector.", _DIRECT[2, 1]),
    ("mm", "Product of two matrices.", _mm),
    ("bmm", "Products of matrices, pair by pair.", _bmm),
):  # fmt: skip
    define(_name, _doc, _function)
FUNCTIONS |= {
    "div": FUNCTIONS["true_divide"], "cat": cat, "stack": stack, "where": where, "einsum": einsum,
    "broadcast_shapes": broadcast_shapes, "is_tensor": lambda obj: isinstance(obj, Tensor),
    "broadcast_tensors": lambda *tensors: tuple(
        each.expand(broadcast_shapes(*(it.shape for it in tensors))) for each in tensors),
    "result_type": lambda *operands: dtypes.result_dtype(arrays_of(operands)),
}  # fmt: skip

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
    return matmul(x, y)


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
    "__pow__": _operator(power), "__rpow__": _operator(lambda x, y: power(y, x)),
    "__mod__": _operator(FUNCTIONS["remainder"]),
    "__rmod__": _operator(lambda x, y: FUNCTIONS["remainder"](y, x)),
    "__floordiv__": _operator(FUNCTIONS["floor_divide"]),
    "__matmul__": _operator(_matrix_product),
    "__rmatmul__": _operator(lambda x, y: _matrix_product(y, x)),
    "__neg__": FUNCTIONS["neg"], "__abs__": FUNCTIONS["abs"], "__pos__": lambda self: self,
    "__invert__": FUNCTIONS["bitwise_not"], "div": FUNCTIONS["div"],
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
    _call = _operator(_row(pointwise.QUESTIONS[_name]))
    for _prefix in ("__", "__r") if "bitwise" in _name else ("__",):
        _METHODS[f"{_prefix}{_name.removeprefix('bitwise_')}__"] = _call
for _name, _dtype in {
    "bool": dtypes.bool_, "int": dtypes.int32, "long": dtypes.int64, "half": dtypes.float16,
    "float": dtypes.float32, "double": dtypes.float64,
}.items():  # fmt: skip
    _METHODS[_name] = lambda self, memory_format=None, dtype=_dtype: self.to(dtype)
for _name, _method in _METHODS.items():
    setattr(Tensor, _name, _method)
