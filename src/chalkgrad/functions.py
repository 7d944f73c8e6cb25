"""What users call: the rows of the table, and what is said in terms of them, with torch's names.

Each is a function of the package and, mostly, a method of the tensor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.operation import Operation
from chalkgrad.rules import pointwise, products, reducing, shaping
from chalkgrad.rules.shaping import along, axes_of, target_shape
from chalkgrad.tensor import (
    Size, Tensor, apply, apply_to_list, apply_to_parts, arrays_of, binary_method, wrap,
)  # fmt: skip

#: All of them, by name: what the package exports.
FUNCTIONS: dict[str, Callable[..., Any]] = {}

_ALIASES = {"axis": "dim", "keepdims": "keepdim"}
_OTHER_NAMES = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh",
    "atan": "arctan", "atan2": "arctan2", "atanh": "arctanh", "trunc": "fix", "clamp": "clip",
    "div": "divide true_divide", "mul": "multiply", "neg": "negative", "sub": "subtract",
    "eq": "", "ge": "greater_equal", "gt": "greater", "le": "less_equal", "lt": "less",
    "ne": "not_equal", "transpose": "swapaxes swapdims", "movedim": "moveaxis",
    "cat": "concat concatenate", "vstack": "row_stack",
}  # fmt: skip


_TAKE_NUMBERS = "eq ne lt le gt ge bitwise_and bitwise_or bitwise_xor remainder fmod mul".split()


def define(name: str, doc: str, function: Callable[..., Any], method: bool = True) -> None:
    """Make a public function, and the method of the same name, which checks its first argument."""

    @wraps(function)
    def call(input: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(name, type(input).__name__)
        if options:
            options = {_ALIASES.get(key, key): value for key, value in options.items()}
            if "out" in options:
                raise RuntimeError(f"chalkgrad has no out= for {name}(): assign the result instead.")
            if options.get("dtype"):
                input = input.to(options.pop("dtype"))
        return function(input, *arguments, **options)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = doc
    for each in (name, *_OTHER_NAMES.get(name, "").split()):
        FUNCTIONS[each] = call
        if method:
            setattr(Tensor, each, call)


def _row(operation: Operation) -> Callable[..., Tensor]:
    """Return the function that applies a row; most rows take tensors only."""
    takes_numbers = operation.name in _TAKE_NUMBERS

    def function(*values: Any, **options: Any) -> Tensor:
        for place, value in enumerate(values[1 : operation.inputs], 2):
            if not takes_numbers and not isinstance(value, Tensor):
                raise TypeError(f"{operation.name}(): argument 'other' (position {place}) must be "
                                f"Tensor, not {type(value).__name__}")  # fmt: skip
        return apply(operation, values, options)

    return function


for _table in (pointwise, reducing, shaping, products):
    for _each in vars(_table).values():
        if isinstance(_each, Operation) and _each.doc:
            define(_each.name, _each.doc, _row(_each))
for _each in (*pointwise.COMPARISONS, *pointwise.BITS, *pointwise.QUESTIONS):
    define(_each.name, _each.doc, _row(_each))
define("mul", pointwise.mul.doc, binary_method(pointwise.mul))

# ---- Element by element --------------------------------------------------------------------------

_DIVISIONS = {None: pointwise.div, "floor": pointwise.div_floor, "trunc": pointwise.div_trunc}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, complex, np.generic))


def _with_number(input: Tensor, number: Any) -> tuple[Tensor, Any]:
    """Return the tensor, converted where the number asks for it, and the plain number."""
    number = number.item() if isinstance(number, np.generic) else number
    return input.to(dtypes.result_dtype((input._array, number))), number


def _div(input: Tensor, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    if rounding_mode not in _DIVISIONS:
        raise RuntimeError("div expected rounding_mode to be one of None, 'trunc', or 'floor' but "
                           f"found '{rounding_mode}'")  # fmt: skip
    if rounding_mode:
        refuse_zero_division(input, other)
    return apply(_DIVISIONS[rounding_mode], (input, other))


def refuse_zero_division(*operands: Any) -> None:
    """Raise torch's error for integers over 0: they have no infinity to answer with."""
    arrays = [np.asarray(array) for array in arrays_of(operands)]
    if all(array.dtype.kind in "iub" for array in arrays) and not np.all(arrays[1]):
        raise RuntimeError("ZeroDivisionError\nIntegers have no infinity to answer with.")


def power(base: Any, exponent: Any) -> Tensor:
    """Raise to a power; one of the two may be a number."""
    if not isinstance(base, Tensor):
        if not isinstance(exponent, Tensor):
            raise errors.not_a_tensor("pow", type(base).__name__)
        if _is_number(base):
            return apply(pointwise.number_to_power, _with_number(exponent, base))
    elif _is_number(exponent):
        return apply(pointwise.power_to_number, _with_number(base, exponent))
    return apply(pointwise.power, (base, exponent))


def _clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        low = input if min is None else apply(pointwise.clamp_low, (input, min))
        return low if max is None else apply(pointwise.clamp_high, (low, max))
    dtype = dtypes.result_dtype([input._array, *(each for each in (min, max) if each is not None)])
    return apply(pointwise.clamp, (input.to(dtype), min, max))


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if condition.dtype is not dtypes.bool_:
        raise RuntimeError("where expected condition to be a boolean tensor, but got a tensor with "
                           f"dtype {condition.dtype.long_name}")  # fmt: skip
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        input = wrap(np.asarray(input, dtypes.result_dtype((input, other)).array_dtype)[()])
    shapes = [np.shape(array) for array in arrays_of((condition, input, other))]
    return apply(pointwise.choose, (input, other, condition.expand(broadcast_shapes(*shapes))))


define("add", "Add `alpha` times the other.",
       lambda input, other, *, alpha=1: input + (other if alpha == 1 else other * alpha))  # fmt: skip
define("sub", "Subtract `alpha` times the other.",
       lambda input, other, *, alpha=1: input - (other if alpha == 1 else other * alpha))  # fmt: skip
define("rsub", "Subtract from the other.", lambda input, other, alpha=1: other - input * alpha)
define("div", "Divide; integers give floats unless `rounding_mode` is 'floor' or 'trunc'.", _div)
define("floor_divide", "Divide and round down.", lambda input, other: input // other)
define("pow", "Raise to a power.", power)
define("float_power", "Raise to a power, in float64.",
       lambda input, exponent: power(input.double(), exponent))  # fmt: skip
define("square", "Times itself.", lambda input: input**2)
define("clamp", "Move what lies outside of the bounds onto them.", _clamp)
define("clamp_min", "Move what lies below a bound onto it.", lambda input, min: _clamp(input, min))
define("clamp_max", "Move what lies above a bound onto it.",
       lambda input, max: _clamp(input, None, max))  # fmt: skip
define("masked_fill", "A number where the mask holds.",
       lambda input, mask, value: where(mask, value, input).to(input.dtype))  # fmt: skip
define("logit", "log(x / (1 - x)), the inverse of sigmoid.", lambda input, eps=None: (
    (x := input if eps is None else input.clamp(eps, 1 - eps)) / (1 - x)).log())  # fmt: skip
define("deg2rad", "Degrees in radians.", lambda input: input * (math.pi / 180))
define("rad2deg", "Radians in degrees.", lambda input: input * (180 / math.pi))
define("addcmul", "Add `value` times the product of two tensors.",
       lambda input, tensor1, tensor2, *, value=1: input + tensor1 * tensor2 * value)  # fmt: skip
define("addcdiv", "Add `value` times the quotient of two tensors.",
       lambda input, tensor1, tensor2, *, value=1: input + tensor1 / tensor2 * value)  # fmt: skip
define("lerp", "Go towards `end` by the share `weight`.",
       lambda input, end, weight: input + (end - input) * weight)  # fmt: skip
define("isclose", "Whether elements are about equal.",
       lambda input, other, rtol=1e-05, atol=1e-08, equal_nan=False: wrap(
           np.isclose(input._array, other._array, rtol, atol, equal_nan)))  # fmt: skip
define("allclose", "Whether all elements are about equal.",
       lambda input, other, rtol=1e-05, atol=1e-08, equal_nan=False: bool(
           input.isclose(other, rtol, atol, equal_nan).all()))  # fmt: skip
define("equal", "Whether shapes and elements are the same.",
       lambda input, other: np.array_equal(input._array, other._array))  # fmt: skip

# ---- From many elements to fewer -----------------------------------------------------------------


def _return_type(name: str) -> Any:
    """Make the type of values with their places; it prints as torch's does."""

    def text(self: Any) -> str:
        return f"torch.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"

    pair = NamedTuple(name, [("values", Any), ("indices", Any)])
    return type(name, (pair,), {"__repr__": text, "__slots__": ()})


_Max, _Min, _Sorted, _Topk = map(_return_type, ("max", "min", "sort", "topk"))


def _mean(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    if input.dtype.kind < dtypes.FLOATING:
        raise errors.mean_of_integers(input.dtype.long_name)
    return apply(reducing.mean, (input, dim, keepdim))


def _spread(row: Operation) -> Callable[..., Tensor]:
    def reduce(input: Tensor, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *,
               correction: float | None = None) -> Tensor:  # fmt: skip
        if input.dtype.kind < dtypes.FLOATING:
            raise RuntimeError("std and var only support floating point and complex dtypes")
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        return apply(row, (input, dim, unbiased if correction is None else correction, keepdim))

    return reduce


def _place_of(name: str, search: Any) -> Callable[..., Tensor]:
    """Return the function that searches for an extreme; of nothing, and complex, it refuses."""

    def place(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
        if input.dtype.is_complex:
            raise errors.not_implemented(name, input.dtype.long_name)
        if dim is None and not input.numel():
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for input.numel() "
                               "== 0. Specify the reduction dim with the 'dim' argument.")  # fmt: skip
        axes = () if dim is None else axes_of(dim, input.ndim)
        if axes and not input.shape[axes[0]]:
            raise IndexError(f"{name}(): Expected reduction dim {axes[0]} to have non-zero size.")
        found = search(input._array, *axes, keepdims=keepdim)
        return wrap(np.asarray(found, np.int64)[()])

    return place


def _extreme(name: str, all_row: Any, at_row: Any, search: Any, two: Any, pair: Any) -> Any:
    find = _place_of(name, search)

    def extreme(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, Tensor):
            return apply(two, (input, dim))
        place = find(input, dim, dim is not None)
        if dim is None:
            return apply(all_row, (input,))
        values = apply(at_row, (input, place, dim, keepdim))
        return pair(values, place if keepdim else place.squeeze(dim))

    return extreme


def _sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    (axis,) = axes_of(dim, input.ndim) or (0,)
    keys = np.atleast_1d(input._array)
    # Equals keep their order both ways: descending is ascending from the end, and turned round.
    order = np.argsort(np.flip(keys, axis) if descending else keys, axis, kind="stable")
    if descending:
        order = keys.shape[axis] - 1 - np.flip(order, axis)
    place = wrap(order.reshape(input.shape))
    return _Sorted(apply(reducing.sort_at, (input, dim, place)), place)


def _topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    if not 0 <= k <= (input.shape[dim] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    place = _sort(input.detach(), dim, largest).indices
    place = place.narrow(dim, 0, k) if input.ndim else place
    return _Topk(apply(reducing.topk_at, (input, dim, place)), place)


def _norm(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Tensor:
    if input.dtype.kind < dtypes.FLOATING:
        raise RuntimeError("linalg.vector_norm: Expected a floating point or complex tensor as "
                           f"input. Got {input.dtype.long_name}")  # fmt: skip
    match p:
        case "fro" | None:
            return apply(reducing.norm, (input, 2, dim, keepdim))
        case 0:
            return input.sign().abs().sum(dim, keepdim)
        case math.inf:
            return input.abs().amax(dim, keepdim)
        case int() | float():
            if p == -math.inf:
                return input.abs().amin(dim, keepdim)
            return apply(reducing.norm, (input, p, dim, keepdim))
    raise NotImplementedError(f"chalkgrad has no norm of the kind {p!r}: vector norms only.")


define("mean", reducing.mean.doc, _mean)
define("var", "Average of the squared distances from the mean, over n - `correction`.",
       _spread(reducing.var))  # fmt: skip
define("std", "Square root of the variance.", _spread(reducing.std))
define("max", "The largest, along a dimension with its place; or the larger of two.", _extreme(
    "max", reducing.max_all, reducing.max_at, np.argmax, pointwise.maximum, _Max))  # fmt: skip
define("min", "The smallest, along a dimension with its place; or the smaller of two.", _extreme(
    "min", reducing.min_all, reducing.min_at, np.argmin, pointwise.minimum, _Min))  # fmt: skip
define("argmax", "The place of the largest, the first of equals.", _place_of("argmax", np.argmax))
define("argmin", "The place of the smallest, the first of equals.", _place_of("argmin", np.argmin))
for _name, _ufunc in (("all", np.logical_and), ("any", np.logical_or)):
    _question = Operation(_name, f"Whether {_name} elements are other than 0.",
                          reducing.reduced(_ufunc), inputs=1)  # fmt: skip
    define(_name, _question.doc, _row(_question))
define("count_nonzero", "How many elements are other than 0.",
       lambda input, dim=None: (input != 0).sum(dim))  # fmt: skip
define("nansum", "Sum without what is not a number.",
       lambda input, dim=None, keepdim=False: where(input.isnan(), 0, input).sum(dim, keepdim))  # fmt: skip
define("norm", "The p-th root of the sum of the p-th powers.", _norm)
define("dist", "The norm of the difference.", lambda input, other, p=2: (input - other).norm(p))
define("sort", "The elements in order, with the places where they were.", _sort)
define("argsort", "The places of the elements in order.", lambda *input, **options: _sort(
    *input, **options).indices)  # fmt: skip
define("msort", "The rows in order.", lambda input: _sort(input, 0).values)
define("topk", "The k largest (or smallest), with their places.", _topk)

# ---- Shape ---------------------------------------------------------------------------------------


def sizes_of(sizes: Sequence[Any]) -> tuple[int, ...]:
    """Accept sizes as torch does: one by one, or as one sequence."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    return tuple(size.__index__() for size in sizes)


def dim_of(input: Tensor, dim: int, extra: int = 0) -> int:
    """Return the dimension counted from the front; IndexError where there is none."""
    return (axes_of(dim, input.ndim + extra) or (0,))[0]


def _t(input: Tensor) -> Tensor:
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return apply(shaping.t, (input,))


def _matrix(name: str, input: Tensor) -> Tensor:
    if input.ndim != 2:
        raise RuntimeError(f"{name}: expected a matrix, but got tensor with dim {input.ndim}")
    return input


def _fits_without_copy(array: Any, shape: tuple[int, ...]) -> bool:
    try:
        np.reshape(array, shape, copy=False)
    except ValueError:
        return False
    return True


def _view(input: Tensor, *shape: Any) -> Tensor:
    target = target_shape(input.numel(), sizes_of(shape))
    if not _fits_without_copy(input._array, target):
        raise errors.view_needs_copy()
    return apply(shaping.view, (input, target))


def _reshape(input: Tensor, *shape: Any) -> Tensor:
    target = target_shape(input.numel(), sizes_of(shape))
    if not _fits_without_copy(input._array, target):
        return apply(shaping.unsafe_view, (input.clone("C"), target))
    return apply(shaping.view if input.is_contiguous() else shaping.reshape_alias, (input, target))


def _flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    start, end, shape = dim_of(input, start_dim), dim_of(input, end_dim), input.shape
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end and shape:
        return input
    return input.reshape(*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])


def _expand(input: Tensor, *sizes: Any) -> Tensor:
    target, shape = sizes_of(sizes), input.shape
    added = len(target) - len(shape)
    if added < 0:
        raise errors.expand_to_fewer(list(shape), list(target), len(target), len(shape))
    own = (1,) * added + tuple(shape)
    full = tuple(a if b == -1 and axis >= added else b
                 for axis, (a, b) in enumerate(zip(own, target, strict=True)))  # fmt: skip
    for axis, (a, b) in enumerate(zip(own, full, strict=True)):
        if (a != b and a != 1) or b < 0:
            raise errors.expand_mismatch(b, a, axis, list(target), list(shape))
    return apply(shaping.expand, (input, full))


def _movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    places = [axes_of(dim, input.ndim) for dim in (source, destination)]
    if len(places[0]) != len(places[1]):
        raise RuntimeError("movedim: Invalid source or destination dims: there must be as many of one "
                           "as of the other")  # fmt: skip
    order = [axis for axis in range(input.ndim) if axis not in places[0]]
    for target, moved in sorted(zip(places[1], places[0], strict=True)):
        order.insert(target, moved)
    return input.permute(order)


def _split(input: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    if not input.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    dim, sizes = dim_of(input, dim), split_size
    total = input.shape[dim]
    if isinstance(sizes, int):
        if sizes < 0 or (not sizes and total):
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={sizes}"
                               if sizes else "split_size can only be 0 if dimension size is 0, but "
                               f"got dimension size of {total}")  # fmt: skip
        sizes = [min(sizes, total - start) for start in range(0, total, sizes or 1)] or [0]
    if sum(sizes) != total:
        raise RuntimeError(f"split_with_sizes expects split_sizes to sum exactly to {total} (input "
                           f"tensor's size at dimension {dim}), but got split_sizes={list(sizes)}")  # fmt: skip
    keys = [along(dim, slice(*ends)) for ends in pairwise(accumulate(sizes, initial=0))]
    return apply_to_parts(shaping.unbind.named("SplitBackward0"), input, keys)


def _chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    total = input.shape[dim_of(input, dim)]
    return input.split(-(-total // chunks) if total else [0] * chunks, dim)


def _unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    axis = dim_of(input, dim)
    keys = [along(axis, place) for place in range(input.size(dim))]
    return apply_to_parts(shaping.unbind, input, keys)


def _narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    dim, start = dim_of(input, dim), int(start)
    size = input.size(dim)
    if not -size <= start <= size:
        raise IndexError("start out of range (expected to be in range of "
                         f"[{-size}, {size}], but got {start})")  # fmt: skip
    start += size if start < 0 else 0
    if length < 0 or start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return apply(shaping.take_slice, (input, along(dim, slice(start, start + length))))


def _select(input: Tensor, dim: int, index: Any) -> Tensor:
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim, index = dim_of(input, dim), int(index)
    if not -input.shape[dim] <= index < input.shape[dim]:
        raise IndexError(f"select(): index {index} out of range for tensor of size "
                         f"{list(input.shape)} at dimension {dim}")  # fmt: skip
    return apply(shaping.select, (input, along(dim, index)))


def _cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    if len(tensors) == 0:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    _check_list("cat", tensors)
    first = next((each for each in tensors if each.shape != (0,)), tensors[0])
    if not first.ndim:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    dim = dim_of(first, dim)
    nothing = (*first.shape[:dim], 0, *first.shape[dim + 1 :])
    kept = [each.view(nothing) if each.shape == (0,) else each for each in tensors]
    for place, each in enumerate(kept):
        if each.ndim != first.ndim:
            raise RuntimeError("Tensors must have same number of dimensions: "
                               f"got {first.ndim} and {each.ndim}")  # fmt: skip
        for axis, (size, own) in enumerate(zip(first.shape, each.shape, strict=True)):
            if axis != dim and size != own:
                raise RuntimeError(f"Sizes of tensors must match except in dimension {dim}. Expected "
                                   f"size {size} but got size {own} for tensor number {place} in the list.")  # fmt: skip
    return apply_to_list(shaping.cat, kept, ([each.shape[dim] for each in kept], dim))


def _stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    if len(tensors) == 0:
        raise RuntimeError("stack expects a non-empty TensorList")
    _check_list("stack", tensors)
    for place, each in enumerate(tensors):
        if each.shape != tensors[0].shape:
            raise RuntimeError(f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} "
                               f"at entry 0 and {list(each.shape)} at entry {place}")  # fmt: skip
    return apply_to_list(shaping.stack, tensors, (len(tensors), dim_of(tensors[0], dim, extra=1)))


def _check_list(name: str, tensors: Sequence[Any]) -> None:
    for place, each in enumerate(tensors):
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}(): expected Tensor as element {place} in argument 0, but got "
                            f"{type(each).__name__}")  # fmt: skip


def _diag(input: Tensor, diagonal: int = 0) -> Tensor:
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    size = input.shape[0] + abs(diagonal)
    if input.ndim == 2:
        return input.diagonal(diagonal).clone()
    return apply(shaping.into_diagonal, (input, (size, size), diagonal, 0, 1))


def _meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    tensors = tuple(tensors[0]) if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
    turned = tensors[1::-1] + tensors[2:] if indexing == "xy" and len(tensors) > 1 else tensors
    shape = [each.numel() for each in turned]
    grids = [each.view([-1 if axis == place else 1 for axis in range(len(shape))]).expand(shape)
             for place, each in enumerate(turned)]  # fmt: skip
    return tuple(grids if turned is tensors else (grids[1], grids[0], *grids[2:]))


def broadcast_shapes(*shapes: Any) -> Size:
    """Return the shape to which all of these broadcast."""
    try:
        return Size(np.broadcast_shapes(*map(tuple, shapes)))
    except ValueError:
        raise RuntimeError("Shape mismatch: objects cannot be broadcast to a single shape") from None


define("view", "The same memory under another shape; refused where that takes a copy.", _view)
define("reshape", "The elements under another shape, without a copy where that is possible.", _reshape)
define("flatten", "One dimension out of a range of them.", _flatten)
define("ravel", "One dimension out of all.", lambda input: input.contiguous().view(-1))
define("unflatten", "Several dimensions out of one.", lambda input, dim, sizes: input.view(
    *input.shape[: (at := dim_of(input, dim))], *sizes, *input.shape[at + 1 :]))  # fmt: skip
define("view_as", "The same memory under the shape of the other.", lambda input, other: input.view(other.shape))
define("reshape_as", "The elements under the shape of the other.", lambda input, other: input.reshape(other.shape))
define("expand", "Repeat dimensions of size 1 without copying; -1 leaves a size as it is.", _expand)
define("broadcast_to", "Repeat dimensions of size 1 without copying.", _expand)
define("expand_as", "Repeat to the shape of the other.", lambda input, other: input.expand(other.shape))
define("movedim", "Move dimensions to other places.", _movedim)
define("adjoint", "Each matrix transposed.", lambda input: input.mT)
define("tile", "Repeat whole blocks.", lambda input, *dims: input.repeat(
    (1,) * (input.ndim - len(sizes_of(dims))) + sizes_of(dims)))  # fmt: skip
define("unbind", "Take apart along a dimension.", _unbind)
define("split", "Take apart into parts of a size, or of several sizes.", _split)
define("chunk", "Take apart into so many parts.", _chunk)
define("narrow", "Take a range of a dimension.", _narrow)
define("select", "Take one place of a dimension.", _select)
define("fliplr", "Reverse the columns.", lambda input: input.flip(1))
define("flipud", "Reverse the rows.", lambda input: input.flip(0))
define("diag", "The diagonal of a matrix, or a matrix with this diagonal.", _diag)
define("trace", "Sum of the diagonal.", lambda input: _matrix("trace", input).diagonal().sum())
define("t", "Transpose a matrix; a vector stays as it is.", _t)
define("numel", "The number of elements.", lambda input: input._array.size)
FUNCTIONS |= {
    "cat": _cat, "concat": _cat, "concatenate": _cat, "stack": _stack, "meshgrid": _meshgrid,
    "broadcast_shapes": broadcast_shapes, "where": where, "is_tensor": lambda obj: isinstance(obj, Tensor),
    "hstack": lambda tensors: _cat(tensors, min(tensors[0].ndim - 1, 1) if tensors else 0),
    "vstack": lambda tensors: _cat([each.view(1, -1) if each.ndim < 2 else each for each in tensors]),
    "broadcast_tensors": lambda *tensors: tuple(
        each.expand(broadcast_shapes(*(it.shape for it in tensors))) for each in tensors),
    "result_type": lambda tensor1, tensor2: dtypes.result_dtype(arrays_of((tensor1, tensor2))),
}  # fmt: skip
setattr(Tensor, "where", lambda self, condition, other: where(condition, self, other))

# ---- Elements by their places --------------------------------------------------------------------


def _placed(name: str, input: Tensor, dim: int, index: Any, source: Sequence[int]) -> int:
    """Check what torch checks of an index tensor; return the dimension counted from the front."""
    if index.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    dim, shape = dim_of(input, dim), input.shape
    if max(index.ndim, 1) != max(input.ndim, 1) and index.numel():
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for axis, size in enumerate(index.shape[: len(shape)]):
        if (axis != dim and size > shape[axis]) or (source and size > source[axis]):
            raise RuntimeError(f"Size does not match at dimension {axis} expected index {list(index.shape)} "
                               f"to be no larger than self {list(shape)} apart from dimension {dim}")  # fmt: skip
    wrong = index._array[(index._array < 0) | (index._array >= (shape[dim] if shape else 1))]
    if wrong.size:
        raise RuntimeError(f"index {wrong[0]} is out of bounds for dimension {dim} with size {shape[dim] if shape else 1}")
    return dim


def _gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    return apply(shaping.gather, (input, _placed("gather", input, dim, index, ()), index))


def _scattered(name: str) -> Callable[..., Tensor]:
    """Return scatter or scatter_add: a sum of what is put in place and of what is left there."""

    def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None) -> Tensor:
        source = value if src is None else src
        if not isinstance(source, Tensor):
            source = wrap(np.full(index.shape, source, input.dtype.array_dtype))
        if source.dtype is not input.dtype:
            raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
        dim, shape = _placed(name, input, dim, index, source.shape), tuple(input.shape)
        source = source[tuple(slice(size) for size in index.shape)]
        put = apply(shaping.put_along, (source, shape, dim, index))
        if name == "scatter_add":
            return input + put
        hits = shaping.put_along(np.ones(index.shape, int), shape, dim, index._array)
        return where(wrap(hits > 0), put, input)

    return scatter


def _index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not input.ndim:
        return input.clone()
    dim, places = dim_of(input, dim), np.atleast_1d(index._array)
    if np.any((places < 0) | (places >= input.shape[dim])):
        raise IndexError("index out of range in self")
    row = shaping.index.named("IndexSelectBackward0")
    return apply(row, (input, (*(slice(None),) * dim, places)))


def _masked_select(input: Tensor, mask: Tensor) -> Tensor:
    if mask.dtype is not dtypes.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = broadcast_shapes(input.shape, mask.shape)
    row = shaping.index.named("MaskedSelectBackward0")
    return apply(row, (input.expand(shape), (np.broadcast_to(mask._array, shape),)))


def _nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    places = np.nonzero(np.atleast_1d(input._array))
    if as_tuple:
        return tuple(wrap(each) for each in places)
    return wrap(np.stack(places, 1)[:, : input.ndim])


define("gather", shaping.gather.doc, _gather)
define("scatter", "A copy with elements of `src` put at places along a dimension.", _scattered("scatter"))
define("scatter_add", "A copy with elements of `src` added along a dimension.", _scattered("scatter_add"))
define("index_select", "Places of a dimension.", _index_select)
define("masked_select", "The elements where the mask holds, in one row.", _masked_select)
define("take", "Elements of the flattened tensor.", lambda input, index: input.reshape(-1)[index])
define("nonzero", "The places of the elements that are other than 0.", _nonzero)
define("argwhere", "The places of the elements that are other than 0.", lambda input: _nonzero(input))

# ---- Products ------------------------------------------------------------------------------------


def _check_product(input: Tensor, other: Tensor, dims: tuple[int, int], refusal: Any) -> None:
    for place, (each, count) in enumerate(zip((input, other), dims, strict=True)):
        if each.ndim != count:
            name = {1: "vector", 2: "matrix", 3: "3D tensor"}[count]
            raise RuntimeError(f"{('self', 'mat2')[place]} must be a {name}")
    if input.shape[-1] != other.shape[-2 if other.ndim > 1 else -1]:
        raise refusal(input.shape, other.shape)
    if input.dtype is not other.dtype:
        raise errors.matrix_dtypes_differ(input.dtype.c_name, other.dtype.c_name)


def _mm(input: Tensor, mat2: Tensor) -> Tensor:
    _check_product(input, mat2, (2, 2), errors.matrices_do_not_fit)
    return apply(products.mm, (input, mat2))


def _mv(input: Tensor, vec: Tensor) -> Tensor:
    _check_product(input, vec, (2, 1), errors.matrix_and_vector_do_not_fit)
    return apply(products.mv, (input, vec))


def _dot(input: Tensor, tensor: Tensor) -> Tensor:
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    if input.dtype is not tensor.dtype:
        raise errors.vector_dtypes_differ(input.dtype.long_name, tensor.dtype.long_name)
    _check_product(input, tensor, (1, 1), errors.vectors_do_not_fit)
    return apply(products.dot, (input, tensor))


def _bmm(input: Tensor, mat2: Tensor) -> Tensor:
    _check_product(input, mat2, (3, 3), errors.batches_do_not_fit)
    if input.shape[0] != mat2.shape[0]:
        raise errors.batches_do_not_fit(input.shape, mat2.shape)
    return apply(products.bmm, (input, mat2))


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Multiply vectors, matrices, or batches of matrices, depending on the dimensions."""
    match input.ndim, other.ndim:
        case (0, _) | (_, 0):
            raise RuntimeError("both arguments to matmul need to be at least 1D, but they are "
                               f"{input.ndim}D and {other.ndim}D")  # fmt: skip
        case 2, 2:
            return _mm(input, other)
        case 1, 1:
            return _dot(input, other)
        case 2, 1:
            return _mv(input, other)
        case 1, 2:
            return _mm(input.unsqueeze(0), other).squeeze(0)
        case _, 1 | 2:
            return _batch_times_one(input, other)
        case 2, _:
            return _batch_times_one(other.mT, input.t()).mT.contiguous()
        case 1, _:
            return _batch_times_one(other.mT, input)
    return _batch_times_batch(input, other)


def _batch_times_one(input: Tensor, other: Tensor) -> Tensor:
    """Fold the batch into the rows: one large product in place of many small ones."""
    *batch, columns = input.shape
    rows = input.reshape(math.prod(batch), columns)
    product = _mv(rows, other) if other.ndim == 1 else _mm(rows, other)
    return apply(shaping.unsafe_view, (product, (*batch, *other.shape[1:])))


def _batch_times_batch(input: Tensor, other: Tensor) -> Tensor:
    """Repeat both batches to their common shape, then multiply pair by pair."""
    try:
        common = np.broadcast_shapes(input.shape[:-2], other.shape[:-2])
    except ValueError:
        raise errors.sizes_must_match(input.shape[:-2], other.shape[:-2]) from None
    left, right = (
        each.expand(*common, *each.shape[-2:]).reshape(math.prod(common), *each.shape[-2:])
        for each in (input, other)
    )
    shape = (*common, input.shape[-2], other.shape[-1])
    return apply(shaping.unsafe_view, (_bmm(left, right), shape))


def _addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    _check_product(mat1, mat2, (2, 2), errors.matrices_do_not_fit)
    if input.dtype is not mat1.dtype:
        raise errors.matrix_dtypes_differ(input.dtype.c_name, mat1.dtype.c_name)
    input.expand(mat1.shape[0], mat2.shape[1])  # refuses what does not fit
    return apply(products.addmm, (input, mat1, mat2, beta, alpha))


def _outer(input: Tensor, vec2: Tensor) -> Tensor:
    for name, each in (("self", input), ("vec2", vec2)):
        if each.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {each.ndim}-D")
    return input.unsqueeze(1) * vec2


def _einsum(equation: str, *operands: Any) -> Tensor:
    """Multiply and sum by letters: each names a dimension; those that are not wanted are summed."""
    if len(operands) == 1 and not isinstance(operands[0], Tensor):
        operands = tuple(operands[0])
    terms, arrow, wanted = equation.replace(" ", "").partition("->")
    spelled = []
    for term, each in zip(terms.split(","), operands, strict=False):
        dots = "αβγδεζηθ"[: max(each.ndim - len(term.replace("...", "")), 0)][::-1]
        spelled.append(term.replace("...", dots))  # letters of their own, the last dimension first
    for place, (term, each) in enumerate(zip(spelled, operands, strict=False)):
        if len(term) != each.ndim:
            raise RuntimeError(f"einsum(): the number of subscripts in the equation ({len(term)}) does not match "
                               f"the number of dimensions ({each.ndim}) for operand {place}")  # fmt: skip
    if len(spelled) != len(operands) or terms.count(",") + 1 != len(operands):
        raise RuntimeError("einsum(): more operands were provided than specified in the equation")
    letters = "".join(spelled)
    hidden = "".join(sorted(set("αβγδεζηθ") & set(letters), reverse=True))
    if not arrow:
        wanted = hidden + "".join(each for each in sorted(set(letters) - set(hidden)) if letters.count(each) == 1)
    wanted = wanted.replace("...", hidden)
    for letter in wanted:
        if letter not in letters or wanted.count(letter) > 1:
            raise RuntimeError(f"einsum(): output subscript {letter} does not appear in the equation for any input operand")
    order = [*wanted, *sorted(set(letters) - set(wanted))]
    first, *others = (_aligned(each, term, order) for term, each in zip(spelled, operands, strict=True))
    for other in others:
        first = first * other
    summed = tuple(range(len(wanted), len(order)))
    return first.sum(summed) if summed else first


def _aligned(operand: Tensor, term: str, order: Sequence[str]) -> Tensor:
    """Bring the dimensions of an operand into the order of the letters, with 1 for the missing."""
    for letter in term:
        while term.count(letter) > 1:  # a letter that is there twice means the diagonal
            first = term.index(letter)
            second = term.index(letter, first + 1)
            operand = operand.diagonal(0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    operand = operand.permute([term.index(letter) for letter in order if letter in term])
    sizes = iter(operand.shape)
    return operand.reshape([next(sizes) if letter in term else 1 for letter in order])


define("mm", products.mm.doc, _mm)
define("mv", products.mv.doc, _mv)
define("dot", products.dot.doc, _dot)
define("vdot", products.dot.doc, _dot)
define("bmm", products.bmm.doc, _bmm)
define("matmul", "Product of vectors, matrices, or batches of matrices, depending on the dimensions.", matmul)
define("inner", "Product over the last dimensions.",
       lambda input, other: input * other if 0 in (input.ndim, other.ndim) else matmul(input, other.movedim(-1, 0)))  # fmt: skip
define("outer", "All products of two vectors.", _outer)
define("addmm", "A matrix, added to the product of two.", _addmm)
define("baddbmm", "Matrices, added to products, pair by pair.", lambda input, batch1, batch2, *, beta=1, alpha=1: (
    _bmm(batch1, batch2) * alpha + input * beta))  # fmt: skip
FUNCTIONS["einsum"] = _einsum
