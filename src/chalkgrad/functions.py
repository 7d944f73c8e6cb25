"""What users call: the rows of the table, and what is said in terms of them, with torch's names.

Each is a function of the package and a method of the tensor. `Methods` holds those that take some
lines; what it says of `self` holds for the first argument of the function.
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
from chalkgrad.operation import Operation
from chalkgrad.rules import pointwise, products, reducing, shaping
from chalkgrad.rules.shaping import along, axes_of, target_shape
from chalkgrad.tensor import Size, Tensor, apply, apply_to_list, apply_to_parts, arrays_of, wrap

#: All of them, by name: what the package exports.
FUNCTIONS: dict[str, Callable[..., Any]] = {}

_SAME = {"axis": "dim", "keepdims": "keepdim"}
_OTHER_NAMES = {
    "abs": "absolute", "clamp": "clip", "div": "divide true_divide", "mul": "multiply",
    "neg": "negative", "sub": "subtract", "transpose": "swapaxes", "movedim": "moveaxis",
    "expand": "broadcast_to",
}  # fmt: skip
_NUMBER_MAY_COME_FIRST = ("add", "sub", "mul", "div", "pow", "remainder")
_TENSORS_ONLY = ("maximum", "minimum", "logical_and", "logical_or", "logical_xor")


def define(name: str, doc: str | None, function: Callable[..., Any]) -> None:
    """Make a public function, which checks its first argument, and the method of the same name."""

    @wraps(function)
    def call(input: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(input, Tensor):
            second = arguments[0] if arguments and name in _NUMBER_MAY_COME_FIRST else None
            if not isinstance(second, Tensor):
                raise errors.not_a_tensor(name, type(input).__name__)
        if name in _TENSORS_ONLY and not isinstance(arguments[0], Tensor):
            raise TypeError(f"{name}(): argument 'other' (position 2) must be Tensor, not "
                            f"{type(arguments[0]).__name__}")  # fmt: skip
        if options:
            options = {_SAME.get(key, key): value for key, value in options.items()}
            if "out" in options:
                raise RuntimeError(f"chalkgrad has no out= for {name}(): assign the result.")
            dtype = options.pop("dtype", None)
            input = input if dtype is None else input.to(dtype)
        return function(input, *arguments, **options)

    call.__name__, call.__qualname__, call.__doc__ = name, name, doc
    for each in (name, *_OTHER_NAMES.get(name, "").split()):
        FUNCTIONS[each] = call
        setattr(Tensor, each, call)


def _row(operation: Operation) -> Callable[..., Tensor]:
    return lambda *values, **options: apply(operation, values, options)


# ---- Element by element --------------------------------------------------------------------------


def _whole_division(row: Operation) -> Callable[[Any, Any], Tensor]:
    """Return the function that applies a row and refuses integers over 0, as torch does."""

    def divide(input: Any, other: Any) -> Tensor:
        arrays = [np.asarray(array) for array in arrays_of((input, other))]
        if all(array.dtype.kind in "iub" for array in arrays) and not np.all(arrays[1]):
            raise RuntimeError("ZeroDivisionError\nIntegers have no infinity to answer with.")
        if row is pointwise.remainder and type(other) in (int, float):
            return apply(pointwise.remainder_by_number, (widened(input, other), other))
        return apply(row, (input, other))

    return divide


_DIVISIONS = {
    None: _row(pointwise.div), "floor": _whole_division(pointwise.div_floor),
    "trunc": _whole_division(pointwise.div_trunc),
}  # fmt: skip


def _div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    if rounding_mode not in _DIVISIONS:
        raise RuntimeError("div expected rounding_mode to be one of None, 'trunc', or 'floor' but "
                           f"found '{rounding_mode}'")  # fmt: skip
    return _DIVISIONS[rounding_mode](input, other)


floor_divide, remainder = map(_whole_division, (pointwise.floor_divide, pointwise.remainder))


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


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if condition.dtype is not dtypes.bool_:
        raise RuntimeError("where expected condition to be a boolean tensor, but got a tensor with "
                           f"dtype {condition.dtype.long_name}")  # fmt: skip
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        input = wrap(np.asarray(input, dtypes.result_dtype((input, other)).array_dtype)[()])
    return apply(pointwise.choose, (input, other, condition))


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
        axes = () if dim is None else axes_of(dim, input.ndim)
        if not input.numel() and not axes:
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for "
                               "input.numel() == 0. Specify the reduction dim with the 'dim' "
                               "argument.")  # fmt: skip
        if axes and not input.shape[axes[0]]:
            raise IndexError(f"{name}(): Expected reduction dim {axes[0]} to have non-zero size.")
        return wrap(np.asarray(search(input._array, *axes, keepdims=keepdim), np.int64)[()])

    return place


def _extreme(name: str, all_row: Any, at_row: Any, search: Any, two: Any, pair: Any) -> Any:
    """Return max or min: of all elements, along a dimension with the places, or of two tensors."""
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


def _order(input: Tensor, dim: int, descending: bool) -> Tensor:
    axis, keys = dim_of(input, dim), np.atleast_1d(input._array)
    # Equals keep their order both ways: descending is ascending from the end, and turned round.
    order = np.argsort(np.flip(keys, axis) if descending else keys, axis, kind="stable")
    if descending:
        order = keys.shape[axis] - 1 - np.flip(order, axis)
    return wrap(order.reshape(input.shape))


# ---- Shapes and lists ----------------------------------------------------------------------------


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
        raise RuntimeError(
            "Shape mismatch: objects cannot be broadcast to a single shape"
        ) from None


def _checked_list(name: str, tensors: Sequence[Any]) -> Sequence[Tensor]:
    for place, each in enumerate(tensors):
        if not isinstance(each, Tensor):
            raise TypeError(f"{name}(): expected Tensor as element {place} in argument 0, but got "
                            f"{type(each).__name__}")  # fmt: skip
    if not tensors:
        raise {"cat": ValueError("torch.cat(): expected a non-empty list of Tensors"),
               "stack": RuntimeError("stack expects a non-empty TensorList")}[name]  # fmt: skip
    return tensors


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a dimension; torch lets an empty vector join anything."""
    tensors = _checked_list("cat", tensors)
    first = next((each for each in tensors if each.shape != (0,)), tensors[0])
    if not first.ndim:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    axis = dim_of(first, dim)
    nothing = (*first.shape[:axis], 0, *first.shape[axis + 1 :])
    kept = [each.view(nothing) if each.shape == (0,) else each for each in tensors]
    for place, each in enumerate(kept):
        if each.ndim != first.ndim:
            raise RuntimeError(f"Tensors must have same number of dimensions: got {first.ndim} and "
                               f"{each.ndim}")  # fmt: skip
        for at, (size, own) in enumerate(zip(first.shape, each.shape, strict=True)):
            if at != axis and size != own:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {axis}. Expected size {size} "
                    f"but got size {own} for tensor number {place} in the list."
                )
    return apply_to_list(shaping.cat, kept, ([each.size(axis) for each in kept], axis))


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a new dimension."""
    axis = dim_of(_checked_list("stack", tensors)[0], dim, extra=1)
    shapes = [list(each.shape) for each in tensors]
    for place, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise RuntimeError("stack expects each tensor to be equal size, but got "
                               f"{shapes[0]} at entry 0 and {shape} at entry {place}")  # fmt: skip
    return apply_to_list(shaping.stack, tensors, (len(tensors), axis))


# ---- Products ------------------------------------------------------------------------------------


def _product(row: Operation, dims: tuple[int, int], refusal: Any) -> Callable[..., Tensor]:
    """Return the function that multiplies what fits; it promotes nothing."""

    def product(input: Tensor, other: Tensor) -> Tensor:
        for name, each, count in (("self", input, dims[0]), ("mat2", other, dims[1])):
            if each.ndim != count:
                raise RuntimeError(f"{name} must be a {_KINDS[count]}")
        if input.dtype is not other.dtype and row is products.dot:
            raise errors.vector_dtypes_differ(input.dtype.long_name, other.dtype.long_name)
        if input.shape[-1] != other.shape[-2:][0] or input.shape[:-2] != other.shape[:-2]:
            raise refusal(input.shape, other.shape)
        if input.dtype is not other.dtype:
            raise errors.matrix_dtypes_differ(input.dtype.c_name, other.dtype.c_name)
        return apply(row, (input, other))

    return product


_KINDS = {1: "vector", 2: "matrix", 3: "3D tensor"}
_dot = _product(products.dot, (1, 1), errors.vectors_do_not_fit)
_mv = _product(products.mv, (2, 1), errors.matrix_and_vector_do_not_fit)
_mm = _product(products.mm, (2, 2), errors.matrices_do_not_fit)
_bmm = _product(products.bmm, (3, 3), errors.batches_do_not_fit)
_DIRECT = {(2, 2): _mm, (1, 1): _dot, (2, 1): _mv}


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Multiply vectors, matrices, or batches of matrices, depending on the dimensions."""
    left, right = input._array, other._array
    dims = (left.ndim, right.ndim)
    if dims == (2, 2) and left.shape[1] == right.shape[0] and input.dtype is other.dtype:
        return apply(products.mm, (input, other))  # the usual case, without the questions
    if 0 in dims:
        raise RuntimeError("both arguments to matmul need to be at least 1D, but they are "
                           f"{input.ndim}D and {other.ndim}D")  # fmt: skip
    if dims in _DIRECT:
        return _DIRECT[dims](input, other)
    if dims == (1, 2):
        return apply(shaping.squeeze_row, (_mm(input.unsqueeze(0), other),))
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
    tensors = (
        operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    )
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
            raise RuntimeError(
                f"einsum(): operand {place} has {each.ndim} dimensions, not {len(term)}"
            )
    letters = "".join(spelled)
    if not arrow:
        wanted = "..." + "".join(
            sorted(x for x in set(letters) - set(hidden) if letters.count(x) == 1)
        )
    wanted = wanted.replace("...", hidden)
    if len(set(wanted)) < len(wanted) or not set(wanted) <= set(letters):
        raise RuntimeError(
            f"einsum(): each letter of the output, {wanted}, must be one of the terms'"
        )
    order = [*wanted, *sorted(set(letters) - set(wanted))]
    product, *others = (
        _aligned(each, term, order) for term, each in zip(spelled, tensors, strict=True)
    )
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


# ---- The methods that take some lines ------------------------------------------------------------


class Methods(Tensor):
    """What is put on the tensor, and into the package, under these names."""

    def clamp(self, min: Any = None, max: Any = None) -> Tensor:
        """Move what lies outside of the bounds onto them."""
        if min is None and max is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        if isinstance(min, Tensor) or isinstance(max, Tensor):
            low = self if min is None else apply(pointwise.clamp_low, (self, min))
            return low if max is None else apply(pointwise.clamp_high, (low, max))
        bounds = [each for each in (min, max) if each is not None]
        return apply(pointwise.clamp, (widened(self, *bounds), min, max))

    def isclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08,
                equal_nan: bool = False) -> Tensor:  # fmt: skip
        """Say of each element whether it is about equal to the other."""
        return wrap(np.isclose(self._array, other._array, rtol, atol, equal_nan))

    def mean(self, dim: Any = None, keepdim: bool = False) -> Tensor:
        """Average; refused for integers, which have no average of their own dtype."""
        if self.dtype.kind < dtypes.FLOATING:
            raise errors.mean_of_integers(self.dtype.long_name)
        return apply(reducing.mean, (self, dim, keepdim))

    def norm(self, p: Any = "fro", dim: Any = None, keepdim: bool = False) -> Tensor:
        """Return the p-th root of the sum of the p-th powers."""
        if self.dtype.kind < dtypes.FLOATING:
            raise RuntimeError("linalg.vector_norm: Expected a floating point or complex tensor as "
                               f"input. Got {self.dtype.long_name}")  # fmt: skip
        p = 2 if p in ("fro", None) else p
        if isinstance(p, str) or p == 0:
            raise NotImplementedError(
                f"chalkgrad has no norm with p={p!r}, only with numbers but 0."
            )
        if abs(p) == math.inf:
            return self.abs().amax(dim, keepdim) if p > 0 else self.abs().amin(dim, keepdim)
        return apply(reducing.norm, (self, p, dim, keepdim))

    def sort(self, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
        """Return the elements in order, with the places where they were."""
        place = _order(self, dim, descending)
        return _Sorted(apply(reducing.sort_at, (self, dim, place)), place)

    def topk(self, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
        """Return the k largest (or smallest), with their places."""
        if not 0 <= k <= (self.size(dim) if self.ndim else 1):
            raise RuntimeError("selected index k out of range")
        place = _order(self, dim, largest)
        place = place.narrow(dim, 0, k) if self.ndim else place
        return _Topk(apply(reducing.topk_at, (self, dim, place)), place)

    def view(self, *shape: Any) -> Tensor:
        """Return the same memory under another shape; refused where that takes a copy."""
        target = target_shape(self.numel(), sizes_of(shape))
        try:
            np.reshape(self._array, target, copy=False)
        except ValueError:
            raise errors.view_needs_copy() from None
        return apply(shaping.view, (self, target))

    def reshape(self, *shape: Any) -> Tensor:
        """Return the elements under another shape, without a copy where that is possible."""
        target = target_shape(self.numel(), sizes_of(shape))
        try:
            np.reshape(self._array, target, copy=False)
        except ValueError:
            return apply(shaping.unsafe_view, (self.clone("C"), target))
        row = shaping.view if self.is_contiguous() else shaping.reshape_alias
        return apply(row, (self, target))

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Make one dimension out of a range of them."""
        start, end, shape = dim_of(self, start_dim), dim_of(self, end_dim), self.shape
        if start > end:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        if start == end and shape:
            return self
        return self.reshape(*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])

    def expand(self, *sizes: Any) -> Tensor:
        """Repeat dimensions of size 1 without copying; -1 leaves a size as it is."""
        target, shape = sizes_of(sizes), tuple(self.shape)
        added = len(target) - len(shape)
        if added < 0:
            raise errors.expand_to_fewer(list(shape), list(target), len(target), len(shape))
        own, full = (1,) * added + shape, list(target)
        for axis, (old, new) in enumerate(zip(own, target, strict=True)):
            if new == -1 and axis >= added:
                full[axis] = old
            elif old not in (1, new) or new < 0:
                raise errors.expand_mismatch(new, old, axis, list(target), list(shape))
        return apply(shaping.expand, (self, tuple(full)))

    def movedim(self, source: Any, destination: Any) -> Tensor:
        """Move dimensions to other places."""
        moved, places = (axes_of(dim, self.ndim) for dim in (source, destination))
        order = [axis for axis in range(self.ndim) if axis not in moved]
        for place, axis in sorted(zip(places, moved, strict=False)):
            order.insert(place, axis)
        return self.permute(order)

    def t(self) -> Tensor:
        """Transpose a matrix; a vector stays as it is."""
        if self.ndim > 2:
            raise RuntimeError(
                f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D"
            )
        return apply(shaping.t, (self,))

    def diag(self, diagonal: int = 0) -> Tensor:
        """Return the diagonal of a matrix, or a matrix with this diagonal."""
        if self.ndim not in (1, 2):
            raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {self.ndim}D")
        if self.ndim == 2:
            return self.diagonal(diagonal).clone()
        size = self.shape[0] + abs(diagonal)
        return apply(shaping.into_diagonal, (self, (size, size), diagonal, 0, 1))

    def split(self, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """Take apart into parts of a size, or of several sizes."""
        axis, total, sizes = dim_of(self, dim), self.size(dim), split_size
        if isinstance(sizes, int):
            sizes = [min(sizes, total - start) for start in range(0, total, sizes or 1)] or [0]
        if sum(sizes) != total or min(sizes) < 0:
            raise RuntimeError(f"split_with_sizes expects split_sizes to sum exactly to {total} "
                               f"(input tensor's size at dimension {axis}), but got "
                               f"split_sizes={sizes}")  # fmt: skip
        keys = [along(axis, slice(*ends)) for ends in pairwise(accumulate(sizes, initial=0))]
        return apply_to_parts(shaping.unbind.named("SplitBackward0"), self, keys)

    def chunk(self, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
        """Take apart into so many parts."""
        if chunks <= 0:
            raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
        total = self.size(dim)
        return self.split(-(-total // chunks) if total else [0] * chunks, dim)

    def narrow(self, dim: int, start: Any, length: int) -> Tensor:
        """Take a range of a dimension."""
        axis, size, first = dim_of(self, dim), self.shape[dim] if self.ndim else -1, int(start)
        if not -size <= first <= size >= 0:
            raise IndexError(f"start out of range (expected to be in range of [{-size}, {size}], "
                             f"but got {start})")  # fmt: skip
        first += size if first < 0 else 0
        if not 0 <= first <= first + length <= size:
            raise RuntimeError(
                f"start ({first}) + length ({length}) exceeds dimension size ({size})."
            )
        return apply(shaping.take_slice, (self, along(axis, slice(first, first + length))))

    def scatter(self, dim: int, index: Tensor, src: Any = None, *, value: Any = None) -> Tensor:
        """Return a copy with elements of `src`, or a number, at places along a dimension."""
        source = value if src is None else src
        if not isinstance(source, Tensor):
            source = wrap(np.full(index.shape, source, self.dtype.array_dtype))
        return _scattered(shaping.scatter, self, dim, index, source)

    def scatter_add(self, dim: int, index: Tensor, src: Tensor) -> Tensor:
        """Return a copy with elements of `src` added at places along a dimension."""
        return _scattered(shaping.scatter_add, self, dim, index, src)

    def index_select(self, dim: int, index: Tensor) -> Tensor:
        """Take places of a dimension."""
        if not self.ndim:
            return self.clone()
        axis, places = dim_of(self, dim), np.atleast_1d(index._array)
        if index.ndim > 1 or np.any((places < 0) | (places >= self.shape[axis])):
            raise IndexError("index_select(): the index is a vector of places in the dimension")
        row = shaping.index.named("IndexSelectBackward0")
        return apply(row, (self, along(axis, places)))

    def masked_select(self, mask: Tensor) -> Tensor:
        """Take the elements where the mask holds, in one row."""
        if mask.dtype is not dtypes.bool_:
            raise RuntimeError("masked_select: expected BoolTensor for mask")
        shape = broadcast_shapes(self.shape, mask.shape)
        row = shaping.index.named("MaskedSelectBackward0")
        return apply(row, (self.expand(shape), (np.broadcast_to(mask._array, shape),)))

    def nonzero(self, *, as_tuple: bool = False) -> Any:
        """Return the places of the elements that are other than 0."""
        places = np.nonzero(np.atleast_1d(self._array))
        if as_tuple:
            return tuple(wrap(each) for each in places)
        return wrap(np.stack(places, 1)[:, : self.ndim])

    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
        """Add to the product of two matrices."""
        self.expand(_mm(mat1.detach(), mat2.detach()).shape)  # refuses what does not fit
        return apply(products.addmm, (self, mat1, mat2, beta, alpha))


def _placed(input: Tensor, dim: int, index: Any, source: Sequence[int]) -> int:
    """Check what torch checks of an index tensor; return the dimension counted from the front."""
    axis, shape, places = dim_of(input, dim), tuple(input.shape) or (1,), index._array
    if places.size and index.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError("gather and scatter expect dtype int32/int64 for index")
    bounds = [*shape[:axis], math.inf, *shape[axis + 1 :]]
    fits = all(all(map(operator.le, index.shape, limits)) for limits in (bounds, source))
    if places.size and (not fits or max(index.ndim, 1) != len(shape)):
        raise RuntimeError(f"Size does not match: index {list(index.shape)} may not be larger than "
                           f"self {list(shape)}, apart from dimension {axis}, or src")  # fmt: skip
    for wrong in places[(places < 0) | (places >= shape[axis])]:
        raise RuntimeError(
            f"index {wrong} is out of bounds for dimension {axis} with size {shape[axis]}"
        )
    return axis


def _scattered(row: Operation, input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    if source.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    axis = _placed(input, dim, index, source.shape)
    part = source[tuple(slice(size) for size in index.shape)]
    return apply(row, (input, part, axis, index))


# ---- The table of all ----------------------------------------------------------------------------

_rows = (row for table in (pointwise, reducing, shaping, products) for row in vars(table).values())
for _each in (*_rows, *pointwise.COMPARISONS, *pointwise.BITS, *pointwise.QUESTIONS):
    if isinstance(_each, Operation) and _each.doc:
        define(_each.name, _each.doc, _row(_each))
for _name, _method in vars(Methods).items():
    if not _name.startswith("__"):
        define(_name, _method.__doc__, _method)
_masked_fill = pointwise.choose.named("MaskedFillBackward0")
_all, _any = (Operation(name, "", reducing.reduced(ufunc), inputs=1)
              for name, ufunc in (("all", np.logical_and), ("any", np.logical_or)))  # fmt: skip
for _name, _doc, _function in (
    ("add", "Add `alpha` times the other.", lambda input, other, *, alpha=1: apply(
        *((pointwise.add, (input, other)) if alpha == 1 else
          (pointwise.add_scaled, (input, other, alpha))))),
    ("sub", "Subtract `alpha` times the other.", lambda input, other, *, alpha=1: apply(
        *((pointwise.sub, (input, other)) if alpha == 1 else
          (pointwise.sub_scaled, (input, other, alpha))))),
    ("div", "Divide; integers give floats, unless `rounding_mode` is 'floor' or 'trunc'.",
     _div),
    ("floor_divide", "Divide and round down.", floor_divide),
    ("remainder", pointwise.remainder.doc, remainder),
    ("pow", "Raise to a power.", power),
    ("square", "Times itself.", lambda input: power(input, 2)),
    ("clamp_min", "Move what lies below a bound onto it.", lambda input, min: input.clamp(min)),
    ("clamp_max", "Move what lies above it onto it.", lambda input, max: input.clamp(None, max)),
    ("masked_fill", "A number where the mask holds.",
     lambda input, mask, value: apply(_masked_fill, (value, input, mask)).to(input.dtype)),
    ("allclose", "Whether all elements are about equal.",
     lambda *values, **options: bool(Methods.isclose(*values, **options).all())),
    ("equal", "Whether shapes and elements are the same.",
     lambda input, other: np.array_equal(input._array, other._array)),
    ("all", "Whether all elements are other than 0.", _row(_all)),
    ("any", "Whether any element is other than 0.", _row(_any)),
    ("var", "Average squared distance from the mean, over n - `correction`.",
     _deviation(reducing.var)),
    ("std", "Square root of the variance.", _deviation(reducing.std)),
    ("max", "The largest, along a dimension with its place; or the larger of two.", _extreme(
        "max", reducing.max_all, reducing.max_at, np.argmax, pointwise.maximum, _Max)),
    ("min", "The smallest, along a dimension with its place; or the smaller of two.", _extreme(
        "min", reducing.min_all, reducing.min_at, np.argmin, pointwise.minimum, _Min)),
    ("argmax", "The place of the largest, the first of equals.", _place_of("argmax", np.argmax)),
    ("argmin", "The place of the smallest, the first of equals.", _place_of("argmin", np.argmin)),
    ("argsort", "The places of the elements in order.",
     lambda input, dim=-1, descending=False, stable=True: _order(input, dim, descending)),
    ("ravel", "One dimension out of all.", lambda input: input.contiguous().view(-1)),
    ("view_as", "View under the other's shape.", lambda input, other: input.view(other.shape)),
    ("expand_as", "Expand to the other's shape.", lambda input, other: input.expand(other.shape)),
    ("select", "Take one place of a dimension.", lambda input, dim, index: apply(
        shaping.select, (input, along(dim_of(input, dim), int(index))))),
    ("trace", "Sum of the diagonal.", lambda input: input.t().diagonal().sum()),
    ("outer", "All products of two vectors.",
     lambda input, vec2: _mm(input.unsqueeze(1), vec2.unsqueeze(0))),
    ("unflatten", "Several dimensions out of one.", lambda input, dim, sizes: input.view(
        *input.shape[: dim_of(input, dim)], *sizes, *input.shape[dim_of(input, dim) + 1 :])),
    ("unbind", "Take apart along a dimension.", lambda input, dim=0: apply_to_parts(
        shaping.unbind, input, [along(dim_of(input, dim), at) for at in range(input.size(dim))])),
    ("gather", "Elements at places along a dimension.", lambda input, dim, index: apply(
        shaping.gather, (input, _placed(input, dim, index, index.shape), index))),
    ("numel", "The number of elements.", lambda input: input._array.size),
    ("dot", products.dot.doc, _dot), ("mv", products.mv.doc, _mv), ("mm", products.mm.doc, _mm),
    ("bmm", products.bmm.doc, _bmm), ("matmul", matmul.__doc__, matmul),
):  # fmt: skip
    define(_name, _doc, _function)
FUNCTIONS |= {
    "cat": cat, "concat": cat, "concatenate": cat, "stack": stack, "where": where, "einsum": einsum,
    "broadcast_shapes": broadcast_shapes, "is_tensor": lambda obj: isinstance(obj, Tensor),
    "hstack": lambda tensors: cat(tensors, min(tensors[0].ndim - 1, 1) if tensors else 0),
    "vstack": lambda tensors: cat([each[None] if each.ndim < 2 else each for each in tensors]),
    "broadcast_tensors": lambda *tensors: tuple(
        each.expand(broadcast_shapes(*(it.shape for it in tensors))) for each in tensors),
    "result_type": lambda *operands: dtypes.result_dtype(arrays_of(operands)),
}  # fmt: skip
Tensor.where = lambda self, condition, other: where(condition, self, other)
