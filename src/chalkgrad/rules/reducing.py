"""Rows from many elements to fewer, or to running totals; and products of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of
from typing import Any

import numpy as np

from chalkgrad.operation import SYMMETRIC, Operation, named, names_of
from chalkgrad.rules.pointwise import abs_, exp, sign, where
from chalkgrad.rules.shaping import axes_of, expand, flip, t, transpose, unsqueeze, view

Dim = int | Sequence[int] | None


def numbers(x: Any) -> Any:
    """Return the array of a tensor, or the array itself: for what has no derivative."""
    return getattr(x, "_array", x)


def _spread(g: Any, shape: Sequence[int], dim: Dim) -> Any:
    """Repeat along the dimensions that were reduced, whether or not they were kept."""
    axes = axes_of(dim, len(shape))
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return expand(view(g, kept), tuple(shape))


def _count(shape: Sequence[int], dim: Dim) -> int:
    return product_of(shape[axis] for axis in axes_of(dim, len(shape)))


def _numbered(name: str) -> Any:
    """Return how torch names the node: one name for all elements, another for dimensions."""
    return lambda dim=None, keepdim=False: (
        f"{name}Backward{0 if dim is None and not keepdim else 1}"
    )


def reduced(ufunc: Any, widen: bool = False) -> Any:
    """Return the reduction by a ufunc; if it widens, integers become int64."""

    def forward(x: Any, dim: Dim = None, keepdim: bool = False) -> Any:
        wide = {"dtype": np.int64} if widen and x.dtype.kind in "bui" else {}
        return np.asarray(
            ufunc.reduce(x, axes_of(dim, x.ndim), keepdims=keepdim, **wide), order="C"
        )

    return forward


def _weighted(name: str, doc: str, forward: Any, weights: Any, node: Any = None,
              floats: bool = False) -> Operation:  # fmt: skip
    """Make a row whose result moves by a weighted sum of the moves of the elements.

    `weights` returns the derivative by each element.
    """

    def back(g: Any, x_shape: Any, dim: Dim, *needed: Any) -> Any:
        return _spread(g, x_shape, dim) * weights(*needed)

    def push(t: Any, dim: Dim, keepdim: bool, *needed: Any) -> Any:
        return sum(t * weights(*needed), dim, keepdim)

    x, jvp = (named(way, *names_of(way), *names_of(weights)) for way in (back, push))
    return Operation(name, doc, forward, node=node, floats=floats, x=x, jvp=(jvp,))


# ---- Sums and means; their duals are repeating and repeating over the count ----------------------


def _mean(x: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    wide = np.float32 if x.dtype == np.float16 else None  # a sum of halves soon overflows
    total = np.add.reduce(x, axes_of(dim, x.ndim), dtype=wide, keepdims=keepdim)
    return np.true_divide(total, _count(x.shape, dim)).astype(x.dtype, copy=False)


def _over(count: float) -> float:
    return 1 / count if count > 0 else float("inf")


sum = Operation("sum", "Add up; integers and truth values become int64.", reduced(np.add, True),
                node=_numbered("Sum"),
                x=lambda g, x_shape, dim: _spread(g, x_shape, dim))  # fmt: skip
mean = Operation(
    "mean", "Average; refused for integers, which have no average of their own dtype.", _mean,
    node=_numbered("Mean"),
    x=lambda g, x_shape, dim: _spread(g * _over(_count(x_shape, dim)), x_shape, dim),
)  # fmt: skip

# ---- Spread --------------------------------------------------------------------------------------


def _variance(x: Any, dim: Dim, keepdim: bool, correction: float) -> Any:
    centred = x - _mean(x, dim, True)
    total = np.add.reduce(centred * centred, axes_of(dim, x.ndim), keepdims=keepdim)
    return np.true_divide(total, max(_count(x.shape, dim) - correction, 0)).astype(x.dtype)


def _slope(x: Any, dim: Dim, correction: float) -> Any:
    return (x - mean(x, dim, True)) * (2 * _over(_count(x.shape, dim) - correction))


def _root_slope(x: Any, out: Any, dim: Dim, correction: float) -> Any:
    root = _spread(out, x.shape, dim)
    return where(root == 0, 0.0, _slope(x, dim, correction) / (2 * root))


def _norm(x: Any, dim: Dim, keepdim: bool, p: float) -> Any:
    powers, axes = x * x if p == 2 else np.abs(x) ** p, axes_of(dim, x.ndim)
    total = np.add.reduce(powers, axes, keepdims=keepdim)
    return np.sqrt(total) if p == 2 else total ** (1 / p)


def _unit(x: Any, out: Any, dim: Dim, p: float) -> Any:
    length = _spread(out, x.shape, dim)
    size = where(length == 0, 0.0, (x if p == 2 else abs_(x)) / length)
    return size if p == 2 else sign(x) * size ** (p - 1)


var = _weighted("var", "", _variance, _slope)
std = _weighted("std", "", lambda x, dim, keepdim, correction: np.sqrt(
    _variance(x, dim, keepdim, correction)), _root_slope)  # fmt: skip
norm = _weighted("norm", "", _norm, _unit, "LinalgVectorNormBackward0", floats=True)

# ---- Products ------------------------------------------------------------------------------------


def _others(x: Any, dim: Any) -> Any:
    """Return for each element the product of all the others along a dimension, or of all."""
    if dim is None or not x.ndim:
        return view(_others(view(x, (-1,)), 0), tuple(x.shape))
    if isinstance(x, np.ndarray) and np.all(x):
        return np.multiply.reduce(x, dim, keepdims=True) / x
    # Dividing by zero is no way to leave one out: repeat the row n times with 1 on the diagonal.
    row = transpose(x, dim, -1)
    square = expand(unsqueeze(row, -2), (*row.shape, row.shape[-1]))
    factors = where(np.eye(row.shape[-1], dtype=bool), 1.0, square)
    return transpose(prod(factors, -1), dim, -1)


prod = _weighted("prod", "Multiply; integers and truth values become int64.",
                 reduced(np.multiply, True), _others, _numbered("Prod"))  # fmt: skip

# ---- Extremes: equals share the gradient evenly --------------------------------------------------


def _share(x: Any, out: Any, dim: Dim) -> Any:
    """Return 1 / (how many extremes) at the extremes, 0 elsewhere."""
    values, top = numbers(x), _spread(numbers(out), x.shape, dim)
    extreme = (values == top) | (np.isnan(values) & np.isnan(top))
    count = np.add.reduce(extreme, axes_of(dim, x.ndim), keepdims=True)
    return (extreme / count).astype(values.dtype)


def _place_of(name: str, doc: str, search: Any) -> Operation:
    def forward(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
        axes = () if dim is None else axes_of(dim, x.ndim)
        return np.asarray(search(x, *axes, keepdims=keepdim), np.int64)

    return Operation(name, doc, forward, inputs=1)


argmax = _place_of("argmax", "The place of the largest, the first of equals.", np.argmax)
argmin = _place_of("argmin", "The place of the smallest, the first of equals.", np.argmin)
amax, max_all, amin, min_all = (
    _weighted(name, doc, reduced(ufunc), _share, node) for name, doc, ufunc, node in (
        ("amax", "The largest; equals share the gradient.", np.maximum, None),
        ("max", "", np.maximum, "MaxBackward1"),
        ("amin", "The smallest; equals share the gradient.", np.minimum, None),
        ("min", "", np.minimum, "MinBackward1")))  # fmt: skip
all_, any_ = (
    Operation(name, f"Whether {name} elements are other than 0.", reduced(ufunc), inputs=1)
    for name, ufunc in (("all", np.logical_and), ("any", np.logical_or)))  # fmt: skip


# ---- Exponentials of many, without overflow ------------------------------------------------------


def _peak(x: Any, dim: Dim) -> Any:
    top = np.maximum.reduce(x, axes_of(dim, x.ndim), keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(top), top, x.dtype.type(0))


def _softmax(x: Any, dim: int) -> Any:
    powers = np.exp(x - _peak(x, dim))
    return powers / np.add.reduce(powers, axes_of(dim, x.ndim), keepdims=True)


def _logsumexp(x: Any, dim: Dim, keepdim: bool = False) -> Any:
    peak, axes = _peak(x, dim), axes_of(dim, x.ndim)
    total = np.log(np.add.reduce(np.exp(x - peak), axes, keepdims=True)) + peak
    return total if keepdim else total.squeeze(axes)


logsumexp = _weighted(
    "logsumexp", "log of the sum of the exponentials, without overflow.", _logsumexp,
    lambda x, out, dim: exp(x - _spread(out, x.shape, dim)), floats=True,
)  # fmt: skip
softmax = Operation(
    "softmax", "Exponentials, divided by their sum along a dimension.", _softmax,
    x=lambda g, dim, out: out * (g - sum(g * out, dim, True)), jvp=SYMMETRIC,
)  # fmt: skip
log_softmax = Operation(
    "log_softmax", "log of the softmax, without overflow.",
    lambda x, dim: x - _logsumexp(x, dim, True),
    x=lambda g, dim, out: g - exp(out) * sum(g, dim, True),
    jvp=(lambda t, dim, out: t - sum(exp(out) * t, dim, True),),
)  # fmt: skip

# ---- Running totals; a sum from the front is pulled back by a sum from the end -------------------


def _running(ufunc: Any) -> Any:
    def forward(x: Any, dim: int) -> Any:
        wide = np.int64 if x.dtype.kind in "bui" else x.dtype
        axes = axes_of(dim, x.ndim)
        return ufunc.accumulate(x, *axes, dtype=wide) if axes else x.astype(wide)

    return forward


def _factors(x: Any, dim: int) -> Any:
    """Return for each running product, in a row of its own, the products of its other factors."""
    row = transpose(x, dim, -1)
    so_far = np.tri(row.shape[-1], dtype=bool)
    square = where(so_far, expand(unsqueeze(row, -2), (*row.shape, row.shape[-1])), 1.0)
    return where(so_far, _others(square, -1), 0.0)


cumsum = Operation(
    "cumsum", "Running sum along a dimension.", _running(np.add),
    x=lambda g, dim: flip(cumsum(flip(g, (dim,)), dim), (dim,)) if g.ndim else g,
)  # fmt: skip
cumprod = Operation(
    "cumprod", "Running product along a dimension.", _running(np.multiply),
    x=lambda g, x, dim: g if not x.ndim else transpose(
        sum(_factors(x, dim) * unsqueeze(transpose(g, dim, -1), -1), -2), dim, -1),
    jvp=(lambda t, x, dim: t if not x.ndim else transpose(
        sum(_factors(x, dim) * unsqueeze(transpose(t, dim, -1), -2), -1), dim, -1),),
)  # fmt: skip

# ---- Products of vectors and matrices: the gradient of a product takes the other factor ----------

dot = Operation("dot", "", np.dot, x=lambda g, y: g * y, y=lambda g, x: g * x)
mv = Operation("mv", "", np.matmul, x=lambda g, y: unsqueeze(g, 1) * y, y=lambda g, x: t(x) @ g)
mm = Operation("mm", "", np.matmul, x=lambda g, y: g @ t(y), y=lambda g, x: t(x) @ g)
bmm = Operation("bmm", "", np.matmul, x=lambda g, y: g @ y.mT, y=lambda g, x: x.mT @ g)
