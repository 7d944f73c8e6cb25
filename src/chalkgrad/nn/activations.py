"""Activations as functions, with torch's names: each is a row, and so one node of the graph."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.functions import FUNCTIONS
from chalkgrad.inplace import change
from chalkgrad.operation import SYMMETRIC, Operation, Rule
from chalkgrad.rules import pointwise, reducing
from chalkgrad.rules.pointwise import ROOT_PI, clamp, erf, exp, keep
from chalkgrad.tensor import Tensor, apply

__all__ = [
    "elu", "gelu", "hardtanh", "leaky_relu", "log_softmax", "logsigmoid", "relu", "sigmoid",
    "silu", "softmax", "softplus", "softsign", "tanh",
]  # fmt: skip


def _row(name: str, forward: Callable[..., Any], x: Rule, **options: Any) -> Operation:
    return Operation(name, "", forward, jvp=SYMMETRIC, x=x, **options)


def _applied(row: Operation, input: Any, settings: Sequence[Any], inplace: bool = False) -> Tensor:
    if not isinstance(input, Tensor):
        raise errors.not_a_tensor(row.name, type(input).__name__)
    if input.dtype.kind < dtypes.FLOATING:
        raise errors.not_implemented(row.name, input.dtype.long_name)
    if inplace:
        return change(input, lambda x: apply(row, (x, *settings)))
    return apply(row, (input, *settings))


def _either(condition: Any, x: Any, y: Any) -> Any:
    """Take x where the condition holds, y elsewhere, faster than `where` does."""
    return keep(x, condition) + keep(y, ~condition)


# ---- Bent at 0 -----------------------------------------------------------------------------------

_HARDTANH = _row("hardtanh", lambda x, low, high: np.clip(x, low, high),
                 lambda g, x, low, high: keep(g, (x > low) & (x < high)))  # fmt: skip
_LEAKY_RELU = _row(
    "leaky_relu", lambda x, slope: np.maximum(x, 0) + np.minimum(x, 0) * slope,
    lambda g, x, slope: _either(x > 0, g, g * slope),
)  # fmt: skip
_ELU = _row(
    "elu", lambda x, alpha: np.maximum(x, 0) + np.expm1(np.minimum(x, 0)) * alpha,
    lambda g, x, alpha: g * pointwise.where(x > 0, 1.0, exp(clamp(x, None, 0)) * alpha),
)  # fmt: skip


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return x, or 0 where it is negative."""
    return input.relu_() if inplace else input.relu()


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Return x, or the nearest bound where it is outside of the bounds."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _applied(_HARDTANH, input, (min_val, max_val), inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """Return x where it is positive, and a small part of it elsewhere."""
    return _applied(_LEAKY_RELU, input, (negative_slope,), inplace)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return _applied(_ELU, input, (alpha,), inplace)


# ---- Smooth --------------------------------------------------------------------------------------

sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]

# erf(x) / x as a quotient of two polynomials in x * x, highest power first, for -4 < x < 4 and
# float32: from Eigen's `generic_fast_erf_float`.
_ERF_ABOVE = (
    -2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
    -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02,
)  # fmt: skip
_ERF_BELOW = (
    -1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
    -1.42647390514189e-02,
)  # fmt: skip


def _normal_share(x: Any) -> Any:
    """Return how much of the normal distribution lies below x."""
    if x.dtype != np.float32 or not x.ndim:
        return (erf.forward(x * math.sqrt(0.5)) + 1) * 0.5
    out = np.ravel(x * np.float32(math.sqrt(0.5)))
    for start in range(0, x.size, 2**15):  # what is computed stays in the processor's cache
        share = out[start : start + 2**15]
        np.clip(share, -4, 4, out=share)
        square = share * share
        share *= _polynomial(_ERF_ABOVE, square)
        share /= _polynomial(_ERF_BELOW, square)
        share += 1
        share *= 0.5
    return out.reshape(x.shape)


def _polynomial(coefficients: Sequence[float], x: Any) -> Any:
    value = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value


def _density(x: Any) -> Any:
    return exp(x * x * -0.5) * (math.sqrt(0.5) / ROOT_PI)


_SHARE = _row("normal_share", _normal_share, lambda g, x: g * _density(x))


def _bent(x: Any) -> Any:
    return pointwise.tanh((x * x * 0.044715 + 1) * x * (math.sqrt(2) / ROOT_PI))


def _bent_slope(x: Any) -> Any:
    bent = _bent(x)
    inner = (x * x * (3 * 0.044715) + 1) * (math.sqrt(0.5) / ROOT_PI)
    return (bent + 1) * 0.5 + x * ((1 - bent * bent) * inner)


def _softplus(x: Any, beta: float, threshold: float) -> Any:
    scaled = x * beta
    straight = scaled > threshold
    out = np.log1p(np.exp(scaled)) / beta
    return np.where(straight, x, out) if np.any(straight) else out


def _silu_slope(x: Any) -> Any:
    share = pointwise.sigmoid(x)
    return share * (x * (1 - share) + 1)


_GELU = _row("gelu", lambda x: x * _normal_share(x), lambda g, x: g * (_SHARE(x) + x * _density(x)))
_BENT_GELU = _row("gelu", lambda x: x * (_bent(x) + 1) * 0.5, lambda g, x: g * _bent_slope(x))
_SILU = _row("silu", lambda x: x / (1 + np.exp(-x)), lambda g, x: g * _silu_slope(x))
_SOFTPLUS = _row("softplus", _softplus, lambda g, x, beta, threshold: _either(
    x * beta > threshold, g, g * pointwise.sigmoid(x * beta)))  # fmt: skip
LOG_SIGMOID = _row("log_sigmoid", lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))),
                   lambda g, x: g * pointwise.sigmoid(-x))  # fmt: skip


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """Return x times the normal distribution function at x, or its approximation by "tanh"."""
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _applied(_GELU if approximate == "none" else _BENT_GELU, input, ())


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return x times sigmoid(x)."""
    return _applied(_SILU, input, (), inplace)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold."""
    return _applied(_SOFTPLUS, input, (beta, threshold))


def logsigmoid(input: Tensor) -> Tensor:
    """Return log(sigmoid(x)), without overflow."""
    return _applied(LOG_SIGMOID, input, ())


logsigmoid.__name__ = "log_sigmoid"  # so torch calls it


def softsign(input: Tensor) -> Tensor:
    """Return x / (1 + |x|)."""
    return input / (input.abs() + 1)


# ---- Along a dimension ---------------------------------------------------------------------------


def _along_dim(name: str, doc: str) -> Callable[..., Tensor]:
    """Make one of the functions that are methods too, but here the dimension may be missing."""

    def function(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
        if dim is None:
            warnings.warn(f"Implicit dimension choice for {name} has been deprecated. Change the "
                          "call to include dim=X as an argument.", stacklevel=2)  # fmt: skip
            dim = 0 if input.ndim in (0, 1, 3) else 1
        return FUNCTIONS[name](input.to(dtype or input.dtype), dim)

    function.__name__, function.__doc__ = name, doc
    return function


softmax = _along_dim("softmax", reducing.softmax.doc)
log_softmax = _along_dim("log_softmax", reducing.log_softmax.doc)
