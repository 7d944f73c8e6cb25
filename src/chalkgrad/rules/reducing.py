"""Rows from many elements to fewer, or to running totals: sums, spreads, products, extremes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of
from typing import Any

import numpy as np

from chalkgrad.operation import Operation
from chalkgrad.rules.pointwise import abs_, exp, sign, where
from chalkgrad.rules.shaping import (
    axes_of,
    expand,
    flip,
    gather,
    movedim,
    put_along,
    unsqueeze,
    view,
)

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


def _variance(x: Any, dim: Dim, correction: float, keepdim: bool) -> Any:
    centred = x - _mean(x, dim, True)
    freedom = max(_count(x.shape, dim) - correction, 0)
    total = np.add.reduce(centred * centred, axes_of(dim, x.ndim), keepdims=keepdim)
    return np.true_divide(total, freedom).astype(x.dtype)


def _slope(x: Any, dim: Dim, correction: float) -> Any:
    """Return the derivative of the variance by each element: 2 / (n - correction) (x - mean)."""
    freedom = max(_count(x.shape, dim) - correction, 0)
    return (x - mean(x, dim, True)) * (2 * _over(freedom))


def _half_over(g: Any, root: Any) -> Any:
    return where(root == 0, 0.0, g / (2 * root))


var = Operation(
    "var", "", _variance,
    x=lambda g, x, dim, correction: _spread(g, x.shape, dim) * _slope(x, dim, correction),
    jvp=(lambda t, x, dim, correction, keepdim: sum(t * _slope(x, dim, correction), dim, keepdim),),
)  # fmt: skip
std = Operation(
    "std", "", lambda x, dim, correction, keepdim: np.sqrt(_variance(x, dim, correction, keepdim)),
    x=lambda g, x, dim, correction, out: (
        _spread(_half_over(g, out), x.shape, dim) * _slope(x, dim, correction)
    ),
    jvp=(lambda t, x, dim, correction, keepdim, out: _half_over(
        sum(t * _slope(x, dim, correction), dim, keepdim), out),),
)  # fmt: skip
norm = Operation(
    "norm", "", lambda x, p, dim, keepdim: _norm(x, p, axes_of(dim, x.ndim), keepdim),
    node="LinalgVectorNormBackward0", floats=True,
    x=lambda g, x, out, p, dim: _spread(g, x.shape, dim) * _unit(x, out, p, dim),
    jvp=(lambda t, x, out, p, dim, keepdim: sum(t * _unit(x, out, p, dim), dim, keepdim),),
)  # fmt: skip


def _norm(x: Any, p: float, axes: Any, keepdim: bool) -> Any:
    if p == 2:
        return np.sqrt(np.add.reduce(x * x, axes, keepdims=keepdim))
    return np.add.reduce(np.abs(x) ** p, axes, keepdims=keepdim) ** (1 / p)


def _unit(x: Any, length: Any, p: float, dim: Dim) -> Any:
    """Return the derivative of the norm by each element: x / length where p is 2."""
    length = _spread(length, x.shape, dim)
    size = where(length == 0, 0.0, (x if p == 2 else abs_(x)) / length)
    return size if p == 2 else sign(x) * size ** (p - 1)


# ---- Products ------------------------------------------------------------------------------------


def _others(x: Any, dim: Any) -> Any:
    """Return for each element the product of all the others along a dimension, or of all."""
    if dim is None or not x.ndim:
        return view(_others(view(x, (-1,)), 0), tuple(x.shape))
    if isinstance(x, np.ndarray) and np.all(x):
        return np.multiply.reduce(x, dim, keepdims=True) / x
    # Dividing by zero is no way to leave one out: repeat the row n times with 1 on the diagonal.
    row = movedim(x, dim, -1)
    square = expand(unsqueeze(row, -2), (*row.shape, row.shape[-1]))
    return movedim(prod(where(np.eye(row.shape[-1], dtype=bool), 1.0, square), -1), -1, dim)


prod = Operation(
    "prod", "Multiply; integers and truth values become int64.", reduced(np.multiply, True),
    node=_numbered("Prod"), x=lambda g, x, dim: _spread(g, x.shape, dim) * _others(x, dim),
    jvp=(lambda t, x, dim, keepdim: sum(t * _others(x, dim), dim, keepdim),),
)  # fmt: skip

# ---- Extremes: equals share the gradient evenly --------------------------------------------------


def _share(x: Any, out: Any, dim: Dim) -> Any:
    """Return 1 / (how many extremes) at the extremes, 0 elsewhere."""
    values, top = numbers(x), _spread(numbers(out), x.shape, dim)
    extreme = (values == top) | (np.isnan(values) & np.isnan(top))
    count = np.add.reduce(extreme, axes_of(dim, x.ndim), keepdims=True)
    return (extreme / count).astype(values.dtype)


def _extreme(name: str, doc: str, ufunc: Any, node: str | None = None) -> Operation:
    return Operation(
        name, doc, reduced(ufunc), node=node,
        x=lambda g, x, out, dim: _spread(g, x.shape, dim) * _share(x, out, dim),
        jvp=(lambda t, x, out, dim, keepdim: sum(t * _share(x, out, dim), dim, keepdim),),
    )  # fmt: skip


amax = _extreme("amax", "The largest; equals share the gradient.", np.maximum)
amin = _extreme("amin", "The smallest; equals share the gradient.", np.minimum)
max_all = _extreme("max", "", np.maximum, "MaxBackward1")
min_all = _extreme("min", "", np.minimum, "MinBackward1")
max_at = Operation(
    "max", "", lambda x, place, dim, keepdim: _dropped(gather(x, dim, place), dim, keepdim),
    x=lambda g, x_shape, place, dim, keepdim: put_along(
        g if keepdim or not x_shape else unsqueeze(g, dim), x_shape, dim, place),
)  # fmt: skip
min_at = max_at.named("MinBackward0")


def _dropped(x: Any, dim: int, keepdim: bool) -> Any:
    return x if keepdim or not x.ndim else x.squeeze(dim)


sort_at, topk_at = gather.named("SortBackward0"), gather.named("TopkBackward0")

# ---- Exponentials of many, without overflow ------------------------------------------------------


def _peak(x: Any, dim: Dim) -> Any:
    top = np.maximum.reduce(x, axes_of(dim, x.ndim), keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(top), top, x.dtype.type(0))


def _softmax(x: Any, dim: int) -> Any:
    powers = np.exp(x - _peak(x, dim))
    return powers / np.add.reduce(powers, axes_of(dim, x.ndim), keepdims=True)


def _log_softmax(x: Any, dim: int) -> Any:
    return x - _logsumexp(x, dim, True)


def _logsumexp(x: Any, dim: Dim, keepdim: bool = False) -> Any:
    peak, axes = _peak(x, dim), axes_of(dim, x.ndim)
    total = np.log(np.add.reduce(np.exp(x - peak), axes, keepdims=True)) + peak
    return total if keepdim else total.squeeze(axes)


logsumexp = Operation(
    "logsumexp", "log of the sum of the exponentials, without overflow.", _logsumexp, floats=True,
    x=lambda g, x, dim, out: _spread(g, x.shape, dim) * exp(x - _spread(out, x.shape, dim)),
    jvp=(lambda t, x, dim, keepdim, out: sum(
        t * exp(x - _spread(out, x.shape, dim)), dim, keepdim),),
)  # fmt: skip
softmax = Operation(
    "softmax", "Exponentials, divided by their sum along a dimension.", _softmax,
    x=lambda g, dim, out: out * (g - sum(g * out, dim, True)),
    jvp=(lambda t, dim, out: out * (t - sum(t * out, dim, True)),),
)  # fmt: skip
log_softmax = Operation(
    "log_softmax", "log of the softmax, without overflow.", _log_softmax,
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


def _from_end(g: Any, dim: int) -> Any:
    return flip(cumsum(flip(g, (dim,)), dim), (dim,)) if g.ndim else g


def _factors(x: Any, dim: int) -> Any:
    """Return for each running product, in a row of its own, the products of its other factors."""
    row = movedim(x, dim, -1)
    so_far = np.tri(row.shape[-1], dtype=bool)
    square = where(so_far, expand(unsqueeze(row, -2), (*row.shape, row.shape[-1])), 1.0)
    return where(so_far, _others(square, -1), 0.0)


cumsum = Operation("cumsum", "Running sum along a dimension.", _running(np.add),
                   x=lambda g, dim: _from_end(g, dim))  # fmt: skip
cumprod = Operation(
    "cumprod", "Running product along a dimension.", _running(np.multiply),
    x=lambda g, x, dim: g if not x.ndim else movedim(
        sum(_factors(x, dim) * unsqueeze(movedim(g, dim, -1), -1), -2), -1, dim),
    jvp=(lambda t, x, dim: t if not x.ndim else movedim(
        sum(_factors(x, dim) * unsqueeze(movedim(t, dim, -1), -2), -1), -1, dim),),
)  # fmt: skip
