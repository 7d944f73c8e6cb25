"""Rows from many elements to fewer, or to running totals; and products of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod as product_of
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.operation import SYMMETRIC, Operation
from chalkgrad.rules.pointwise import abs_, exp, sign, where
from chalkgrad.rules.shaping import axes_of, expand, flip, reshaped, t, transpose, unsqueeze

Dim = int | Sequence[int] | None


def _spread(g: Any, shape: Sequence[int], dim: Dim) -> Any:
    """Repeat along the dimensions that were reduced, whether or not they were kept."""
    if type(g) is float:  # the same everywhere: so a rule tells the derivative by each element
        return g
    axes = axes_of(dim, len(shape))
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return expand(reshaped(g, kept), tuple(shape))


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


def _floats(x: Any) -> Any:
    if x.dtype.kind in "biu":
        raise RuntimeError(
            f"This takes floating point numbers, not {x.dtype}: convert with float()."
        )
    return x


def _mean(x: Any, dim: Dim = None, keepdim: bool = False) -> Any:
    wide = np.float32 if x.dtype == np.float16 else None  # a sum of halves soon overflows
    total = np.add.reduce(_floats(x), axes_of(dim, x.ndim), dtype=wide, keepdims=keepdim)
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

# ---- Spread, and length --------------------------------------------------------------------------


def _how(dim: Any, unbiased: bool, correction: Any) -> tuple[Any, float]:
    """Return the dimensions, and what to take from the count; torch lets `unbiased` come first."""
    dim, unbiased = (None, dim) if isinstance(dim, bool) else (dim, unbiased)
    return dim, unbiased if correction is None else correction


def _variance(x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False,
              correction: float | None = None) -> Any:  # fmt: skip
    dim, correction = _how(dim, unbiased, correction)
    centred = x - _mean(x, dim, True)
    total = np.add.reduce(centred * centred, axes_of(dim, x.ndim), keepdims=keepdim)
    return np.true_divide(total, max(_count(x.shape, dim) - correction, 0)).astype(x.dtype)


def _deviation(x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False,
               correction: float | None = None) -> Any:  # fmt: skip
    return np.sqrt(_variance(x, dim, unbiased, keepdim, correction))


def _variance_back(g: Any, x: Any, dim: Any, unbiased: bool, correction: Any) -> Any:
    dim, correction = _how(dim, unbiased, correction)
    slope = (x - mean(x, dim, True)) * (2 * _over(_count(x.shape, dim) - correction))
    return _spread(g, x.shape, dim) * slope


var = Operation("var", "Average squared distance from the mean, over n - `correction`.",
                _variance, x=_variance_back,
                jvp=(lambda t, x, dim, unbiased, keepdim, correction: sum(
                    t * _variance_back(1.0, x, dim, unbiased, correction),
                    _how(dim, unbiased, correction)[0], keepdim),))  # fmt: skip
std = Operation(
    "std", "Square root of the variance.", _deviation,
    x=lambda g, x, out, dim, unbiased, correction: _variance_back(
        where(out == 0, 0.0, g / (2 * out)), x, dim, unbiased, correction),
    jvp=(lambda t, x, out, dim, unbiased, keepdim, correction: sum(
        t * std.rules["x"](1.0, x, out, dim, unbiased, correction),
        _how(dim, unbiased, correction)[0], keepdim),),
)  # fmt: skip


def _norm(x: Any, p: Any = "fro", dim: Dim = None, keepdim: bool = False) -> Any:
    p, axes, sizes = 2 if p in ("fro", None) else p, axes_of(dim, x.ndim), np.abs(_floats(x))
    if isinstance(p, str) or p == 0:
        raise NotImplementedError(f"chalkgrad has no norm with p={p!r}, only with other numbers.")
    if np.isinf(p):
        return (np.maximum if p > 0 else np.minimum).reduce(sizes, axes, keepdims=keepdim)
    total = np.add.reduce(sizes * sizes if p == 2 else sizes**p, axes, keepdims=keepdim)
    return np.sqrt(total) if p == 2 else total ** (1 / p)


def _unit(x: Any, out: Any, p: Any, dim: Dim) -> Any:
    """Return the derivative of the norm by each element."""
    p = 2 if p in ("fro", None) else p
    if np.isinf(p):
        return sign(x) * _share(abs_(x), out, dim)
    length = _spread(out, x.shape, dim)
    size = where(length == 0, 0.0, (x if p == 2 else abs_(x)) / length)
    return size if p == 2 else sign(x) * size ** (p - 1)


norm = Operation(
    "norm", "The p-th root of the sum of the p-th powers.", _norm,
    node="LinalgVectorNormBackward0",
    x=lambda g, x, out, p, dim: _spread(g, x.shape, dim) * _unit(x, out, p, dim),
    jvp=(lambda t, x, out, p, dim, keepdim: sum(t * _unit(x, out, p, dim), dim, keepdim),),
)  # fmt: skip

# ---- Products ------------------------------------------------------------------------------------


def _others(x: Any, dim: Any) -> Any:
    """Return for each element the product of all the others along a dimension, or of all."""
    if dim is None or not x.ndim:
        return reshaped(_others(reshaped(x, (-1,)), 0), tuple(x.shape))
    if isinstance(x, np.ndarray) and np.all(x):
        return np.multiply.reduce(x, dim, keepdims=True) / x
    # Dividing by zero is no way to leave one out: repeat the row n times with 1 on the diagonal.
    row = transpose(x, dim, -1)
    square = expand(unsqueeze(row, -2), (*row.shape, row.shape[-1]))
    factors = where(np.eye(row.shape[-1], dtype=bool), 1.0, square)
    return transpose(prod(factors, -1, False), dim, -1)


prod = Operation("prod", "Multiply; integers and truth values become int64.",
                 reduced(np.multiply, True), node=_numbered("Prod"),
                 x=lambda g, x, dim: _spread(g, x.shape, dim) * _others(x, dim),
                 jvp=(lambda t, x, dim, keepdim: sum(t * _others(x, dim), dim, keepdim),)
                 )  # fmt: skip

# ---- Extremes: equals share the gradient evenly --------------------------------------------------


def _share(x: Any, out: Any, dim: Dim) -> Any:
    """Return 1 / (how many extremes) at the extremes, 0 elsewhere; it has no derivative."""
    values, top = (getattr(each, "_array", each) for each in (x, out))
    top = _spread(top, x.shape, dim)
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
    Operation(name, doc, reduced(ufunc), node=node,
              x=lambda g, x, out, dim: _spread(g, x.shape, dim) * _share(x, out, dim),
              jvp=(lambda t, x, out, dim, keepdim: sum(t * _share(x, out, dim), dim, keepdim),))
    for name, doc, ufunc, node in (
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


logsumexp = Operation(
    "logsumexp", "log of the sum of the exponentials, without overflow.", _logsumexp, floats=True,
    x=lambda g, x, out, dim: (
        _spread(g, x.shape, dim) * exp(x - _spread(out, x.shape, dim))),
    jvp=(lambda t, x, out, dim, keepdim: sum(
        t * exp(x - _spread(out, x.shape, dim)), dim, keepdim),),
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

# ---- A running total is pulled back by one that runs from the end -------------------------------


def _cumsum(x: Any, dim: int) -> Any:
    wide, axes = np.int64 if x.dtype.kind in "bui" else x.dtype, axes_of(dim, x.ndim)
    return np.add.accumulate(x, *axes, dtype=wide) if axes else x.astype(wide)


cumsum = Operation(
    "cumsum", "Running sum along a dimension.", _cumsum,
    x=lambda g, dim: flip(cumsum(flip(g, (dim,)), dim), (dim,)) if g.ndim else g,
)  # fmt: skip

# ---- Products of vectors and matrices: the gradient of a product takes the other factor ----------


def _product(*dims: int) -> Any:
    """Return the product of what fits; nothing is promoted."""

    def multiply(x: Any, y: Any) -> Any:
        fits = x.shape[-1:] == y.shape[-2:][:1] and x.shape[:-2] == y.shape[:-2]
        if not fits or (x.ndim, y.ndim) != dims:
            raise errors.cannot_be_multiplied(x.shape, y.shape)
        if x.dtype != y.dtype:
            raise errors.dtypes_differ(*(dtypes.of_array(each.dtype).c_name for each in (x, y)))
        return np.matmul(x, y)

    return multiply


dot = Operation("dot", "Product of two vectors, a number.", _product(1, 1),
                x=lambda g, y: g * y, y=lambda g, x: g * x)  # fmt: skip
mv = Operation("mv", "Product of a matrix and a vector.", _product(2, 1),
               x=lambda g, y: unsqueeze(g, 1) * y, y=lambda g, x: t(x) @ g)  # fmt: skip
mm = Operation("mm", "Product of two matrices.", _product(2, 2),
               x=lambda g, y: g @ t(y), y=lambda g, x: t(x) @ g)  # fmt: skip
bmm = Operation("bmm", "Products of matrices, pair by pair.", _product(3, 3),
                x=lambda g, y: g @ y.mT, y=lambda g, x: x.mT @ g)  # fmt: skip
