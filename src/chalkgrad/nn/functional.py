"""Activations, losses and layers as functions, with torch's names: what the modules apply.

Most have a row of their own and so are one node of the graph, as in torch. The rows stand first.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, random
from chalkgrad.functions import FUNCTIONS, matmul, where
from chalkgrad.inplace import change
from chalkgrad.operation import POINTWISE, Operation, Rule
from chalkgrad.rules import pointwise, products, reducing, shaping
from chalkgrad.rules.pointwise import ROOT_PI, clamp, erf, exp, keep, log
from chalkgrad.rules.shaping import along, axes_of
from chalkgrad.tensor import Tensor, apply, wrap

# ---- Rows of activations -------------------------------------------------------------------------


def _activation(name: str, forward: Any, x: Rule) -> Operation:
    return Operation(name, "", forward, jvp=POINTWISE, x=x)


def _softplus(x: Any, beta: float, threshold: float) -> Any:
    scaled = x * beta
    straight = scaled > threshold
    out = np.log1p(np.exp(scaled)) / beta
    return np.where(straight, x, out) if np.any(straight) else out


def _elu_slope(x: Any, alpha: float, scale: float, bend: float) -> Any:
    return pointwise.where(x > 0, scale, exp(clamp(x, None, 0) * bend) * (alpha * scale * bend))


def _gelu(x: Any, approximate: str) -> Any:
    return x * (0.5 * (1 + (erf(x * math.sqrt(0.5)) if approximate == "none" else _bent(x))))


def _bent(x: Any) -> Any:
    return pointwise.tanh((x + x * x * x * 0.044715) * (math.sqrt(2) / ROOT_PI))


def _gelu_slope(x: Any, approximate: str) -> Any:
    if approximate == "none":
        density = exp(x * x * -0.5) * (math.sqrt(0.5) / ROOT_PI)
        return (erf(x * math.sqrt(0.5)) + 1) * 0.5 + x * density
    bent = _bent(x)
    inner = (x * x * (3 * 0.044715) + 1) * (math.sqrt(0.5) / ROOT_PI)
    return (bent + 1) * 0.5 + x * ((1 - bent * bent) * inner)


def _silu_slope(x: Any) -> Any:
    share = pointwise.sigmoid(x)
    return share * (x * (1 - share) + 1)


def _mish_slope(x: Any) -> Any:
    share = pointwise.tanh(softplus_row(x, 1.0, 20.0))
    return share + x * pointwise.sigmoid(x) * (1 - share * share)


elu_row = _activation(
    "elu", lambda x, alpha, scale, bend: (
        np.maximum(x, 0) * scale + np.expm1(np.minimum(x, 0) * bend) * (alpha * scale)),
    lambda g, x, alpha, scale, bend: g * _elu_slope(x, alpha, scale, bend),
)  # fmt: skip
celu_row = elu_row.named("CeluBackward0")
leaky_relu_row = _activation(
    "leaky_relu", lambda x, slope: np.where(x > 0, x, x * slope),
    lambda g, x, slope: pointwise.where(x > 0, g, g * slope),
)  # fmt: skip
prelu_row = Operation(
    "prelu", "", lambda x, slope: np.where(x > 0, x, x * slope), node="PreluKernelBackward0",
    broadcasts=(0, 1), jvp=POINTWISE,
    x=lambda g, x, slope: pointwise.where(x > 0, g, g * slope),
    slope=lambda g, x: g * clamp(x, None, 0),
)  # fmt: skip
softplus_row = _activation(
    "softplus", _softplus,
    lambda g, x, beta, threshold: pointwise.where(
        x * beta > threshold, g, g * pointwise.sigmoid(x * beta)),
)  # fmt: skip
gelu_row = _activation("gelu", _gelu, lambda g, x, approximate: g * _gelu_slope(x, approximate))
silu_row = _activation("silu", lambda x: x / (1 + np.exp(-x)), lambda g, x: g * _silu_slope(x))
mish_row = _activation("mish", lambda x: x * np.tanh(_softplus(x, 1.0, 20.0)),
                       lambda g, x: g * _mish_slope(x))  # fmt: skip
log_sigmoid_row = _activation(
    "log_sigmoid", lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))),
    lambda g, x: g * pointwise.sigmoid(-x),
)  # fmt: skip
hardtanh_row = _activation("hardtanh", lambda x, low, high: np.clip(x, low, high),
                           lambda g, x, low, high: keep(g, (x > low) & (x < high)))  # fmt: skip
hardsigmoid_row = _activation("hardsigmoid", lambda x: np.clip(x + 3, 0, 6) / 6,
                              lambda g, x: keep(g / 6, (x > -3) & (x < 3)))  # fmt: skip
hardswish_row = _activation(
    "hardswish", lambda x: x * np.clip(x + 3, 0, 6) / 6,
    lambda g, x: keep(pointwise.where(x < 3, g * (x / 3 + 0.5), g), ~(x <= -3)),
)  # fmt: skip
softshrink_row = _activation("softshrink", lambda x, lambd: x - np.clip(x, -lambd, lambd),
                             lambda g, x, lambd: keep(g, ~(abs(x) <= lambd)))  # fmt: skip
hardshrink_row = _activation("hardshrink", lambda x, lambd: np.where(np.abs(x) <= lambd, 0, x),
                             lambda g, x, lambd: keep(g, ~(abs(x) <= lambd)))  # fmt: skip
threshold_row = _activation("threshold", lambda x, low, value: np.where(x <= low, value, x),
                            lambda g, x, low: keep(g, ~(x <= low)))  # fmt: skip


def _halves(x: Any, dim: int) -> tuple[Any, Any]:
    half = x.shape[dim] // 2
    first, second = along(dim, slice(half)), along(dim, slice(half, None))
    return shaping.take_slice(x, first), shaping.take_slice(x, second)


def _glu(x: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    return a / (1 + np.exp(-b))


def _glu_back(g: Any, x: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    share = pointwise.sigmoid(b)
    return shaping.cat([g * share, g * a * share * (1 - share)], [g.shape[dim]] * 2, dim)


def _glu_push(t: Any, x: Any, dim: int) -> Any:
    (a, b), (a_tangent, b_tangent) = _halves(x, dim), _halves(t, dim)
    share = pointwise.sigmoid(b)
    return a_tangent * share + b_tangent * a * share * (1 - share)


glu_row = Operation("glu", "", _glu, x=_glu_back, jvp=(_glu_push,))

# ---- Rows of losses ------------------------------------------------------------------------------


def _reduced(each: Any, reduction: str) -> Any:
    if reduction == "none":
        return each
    return (reducing.mean if reduction == "mean" else reducing.sum)(each, None, False)


def _loss(name: str, value: Any, x: Any, y: Any = None) -> Operation:
    """Make a row for a loss that has a value for each pair of elements, and slopes by both.

    All three are functions of x, y and a setting. Without a slope by y, it is minus that by x.
    """
    slopes = x, y or (lambda *pair: -x(*pair))

    def forward(x: Any, y: Any, reduction: str, setting: Any = None, weight: Any = None) -> Any:
        each = value(x, y, setting)
        return _reduced(each if weight is None else each * weight, reduction)

    def back(slope: Any) -> Rule:
        def rule(g: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            share = g / math.prod(x.shape) if reduction == "mean" else g
            each = share * slope(x, y, setting)
            return each if weight is None else each * weight

        return rule

    def push(slope: Any) -> Rule:
        def rule(t: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            each = t * slope(x, y, setting)
            return _reduced(each if weight is None else each * weight, reduction)

        return rule

    return Operation(name, "", forward, floats=True, x=back(slopes[0]), y=back(slopes[1]),
                     jvp=(push(slopes[0]), push(slopes[1])))  # fmt: skip


def _log_no_less(x: Any) -> Any:
    return np.maximum(np.log(x), -100)  # torch's bound, so that log(0) spoils no mean


def _with_logits(x: Any, y: Any, pos_weight: Any) -> Any:
    yes = 1 if pos_weight is None else (pos_weight - 1) * y + 1
    return (1 - y) * x - yes * log_sigmoid_row(x)


def _with_logits_slope(x: Any, y: Any, pos_weight: Any) -> Any:
    yes = y if pos_weight is None else y * pos_weight
    return pointwise.sigmoid(x) * (yes - y + 1) - yes


def _with_logits_slope_by_target(x: Any, y: Any, pos_weight: Any) -> Any:
    return -x if pos_weight is None else log_sigmoid_row(x) * (1 - pos_weight) - x


mse_row = _loss("mse_loss", lambda x, y, _: (d := x - y) * d, lambda x, y, _: (x - y) * 2)
smooth_l1_row = _loss(
    "smooth_l1_loss",
    lambda x, y, beta: (b := np.minimum(d := np.abs(x - y), beta)) * (d - b / 2) / beta,
    lambda x, y, beta: clamp((x - y) / beta, -1, 1),
)  # fmt: skip
huber_row = _loss(
    "huber_loss",
    lambda x, y, delta: (b := np.minimum(d := np.abs(x - y), delta)) * (d - b / 2),
    lambda x, y, delta: clamp(x - y, -delta, delta),
)  # fmt: skip
cross_entropy_of_two_row = _loss(
    "binary_cross_entropy",
    lambda x, y, _: (y - 1) * np.maximum(np.log1p(-x), -100) - y * _log_no_less(x),
    lambda x, y, _: (x - y) / clamp((1 - x) * x, 1e-12, None),
    lambda x, y, _: log(1 - x) - log(x),
)  # fmt: skip
cross_entropy_with_logits_row = _loss("binary_cross_entropy_with_logits", _with_logits,
                                      _with_logits_slope, _with_logits_slope_by_target)  # fmt: skip


def _nll(x: Any, key: Any, factors: Any, total: Any) -> Any:
    each = x[key] * factors
    return each if total is None else each.sum() / total


nll_row = Operation(
    "nll_loss", "", _nll,
    node=lambda key, factors, total: f"NllLoss{'' if len(key) == 2 else '2D'}Backward0",
    x=lambda g, x_shape, key, factors, total: placed_row(
        (g if total is None else g / total) * factors, x_shape, key),
)  # fmt: skip
placed_row = Operation("placed", "", shaping.put.forward, x=lambda g, key: shaping.index(g, key))

# ---- Rows of layers ------------------------------------------------------------------------------


def _standardized(x: Any, dims: Any, eps: float) -> tuple[Any, Any]:
    """Return x with mean 0 and variance 1, and 1 / (the standard deviation before)."""
    centred = x - reducing.mean(x, dims, True)
    scale = pointwise.rsqrt(reducing.mean(centred * centred, dims, True) + eps)
    return centred * scale, scale


def _layer_norm(x: Any, weight: Any, bias: Any, dims: Any, eps: float) -> Any:
    out, _ = _standardized(x, dims, eps)
    if weight is not None:
        out = out * weight
    return out if bias is None else out + bias


def _layer_norm_back(g: Any, x: Any, weight: Any, dims: Any, eps: float) -> Any:
    return _layer_norm_push(g if weight is None else g * weight, x, None, dims, eps)


def _layer_norm_push(t: Any, x: Any, weight: Any, dims: Any, eps: float) -> Any:
    # The derivative of the standardized by x is a symmetric matrix: one rule for both ways.
    standard, scale = _standardized(x, dims, eps)
    along_standard = reducing.mean(t * standard, dims, True)
    each = (t - reducing.mean(t, dims, True) - standard * along_standard) * scale
    return each if weight is None else each * weight


def _times_standardized(g: Any, x: Any, dims: Any, eps: float) -> Any:
    return g * _standardized(x, dims, eps)[0]


layer_norm_row = Operation(
    "native_layer_norm", "", _layer_norm, broadcasts=(1, 2),
    x=_layer_norm_back, weight=_times_standardized, bias=lambda g: g,
    jvp=(_layer_norm_push, _times_standardized, lambda t: t),
)  # fmt: skip
embedding_row = Operation(
    "embedding", "", lambda weight, places, counts: weight[places],
    weight=lambda g, weight_shape, places, counts: shaping.put_adding(
        g * counts, weight_shape, (places,)),
)  # fmt: skip

# ---- Activations ---------------------------------------------------------------------------------


def _activated(row: Operation, input: Tensor, *settings: Any, inplace: bool = False) -> Tensor:
    if not isinstance(input, Tensor):
        raise errors.not_a_tensor(row.name, type(input).__name__)
    if input.dtype.kind < dtypes.FLOATING and row not in (hardtanh_row, threshold_row):
        raise errors.not_implemented(row.name, input.dtype.long_name)
    if inplace:
        return change(input, lambda x: apply(row, (x, *settings)))
    return apply(row, (input, *settings))


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return the element, or 0 if it is negative."""
    return input.relu_() if inplace else input.relu()


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Return min(max(x, 0), 6)."""
    return _activated(hardtanh_row, input, 0, 6, inplace=inplace)


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Return the element, or the nearest bound if it is outside of the bounds."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _activated(hardtanh_row, input, min_val, max_val, inplace=inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """Return x where it is positive, and a small part of it elsewhere."""
    return _activated(leaky_relu_row, input, negative_slope, inplace=inplace)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return _activated(elu_row, input, alpha, 1.0, 1.0, inplace=inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return ELU with the scales that keep mean 0 and variance 1 (Klambauer et al., 2017)."""
    alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
    return _activated(elu_row, input, alpha, scale, 1.0, inplace=inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return x where it is positive, alpha (exp(x / alpha) - 1) elsewhere."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return _activated(celu_row, input, alpha, 1.0, 1 / alpha, inplace=inplace)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """Return x times the normal distribution function at x, or its approximation by "tanh"."""
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _activated(gelu_row, input, approximate)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return x times sigmoid(x)."""
    return _activated(silu_row, input, inplace=inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """Return x times tanh(softplus(x))."""
    return _activated(mish_row, input, inplace=inplace)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold."""
    return _activated(softplus_row, input, beta, threshold)


def logsigmoid(input: Tensor) -> Tensor:
    """Return log(sigmoid(x)), without overflow."""
    return _activated(log_sigmoid_row, input)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """Return relu6(x + 3) / 6."""
    return _activated(hardsigmoid_row, input, inplace=inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """Return x times hardsigmoid(x)."""
    return _activated(hardswish_row, input, inplace=inplace)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Move each element towards 0 by lambd, and no farther than 0."""
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd:g}.")
    return _activated(softshrink_row, input, lambd)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Return the element, or 0 if it is within lambd of 0."""
    return _activated(hardshrink_row, input, lambd)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """Return the element where it is above the threshold, the value elsewhere."""
    return _activated(threshold_row, input, threshold, value, inplace=inplace)


sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]


def softsign(input: Tensor) -> Tensor:
    """Return x / (1 + |x|)."""
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """Return x - tanh(x)."""
    return input - input.tanh()


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Return x where it is positive, elsewhere times a slope: one, or one per channel (dim 1)."""
    if input.dtype is not weight.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {input.dtype.long_name} and "
                           f"{weight.dtype.long_name}")  # fmt: skip
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.numel() != 1 and not input.ndim:
        raise RuntimeError("Not allow zero-dim input tensor.")
    if weight.numel() not in (1, channels):
        raise RuntimeError("Mismatch of parameter numbers and input channel size. Found parameter "
                           f"numbers = {weight.numel()} and channel size = {channels}.")  # fmt: skip
    if weight.ndim > 1:
        raise RuntimeError("prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = "
                           f"{weight.ndim}")  # fmt: skip
    if input.ndim != weight.ndim:
        weight = weight.view([-1 if axis == 1 else 1 for axis in range(input.ndim)])
    return apply(prelu_row, (input, weight))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """Return the first half, times the sigmoid of the second."""
    if not input.ndim:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    (dim,) = axes_of(dim, input.ndim)
    if input.shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size "
                           f"{input.shape[dim]}")  # fmt: skip
    return _activated(glu_row, input, dim)


def softmax(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Return the exponentials, divided by their sum along a dimension."""
    return input.to(dtype or input.dtype).softmax(_explicit(dim, "softmax", input))


def log_softmax(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Return log(softmax(x)), without overflow."""
    return input.to(dtype or input.dtype).log_softmax(_explicit(dim, "log_softmax", input))


def softmin(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Return softmax(-x)."""
    return (-input).to(dtype or input.dtype).softmax(_explicit(dim, "softmin", input))


def _explicit(dim: int | None, name: str, input: Tensor) -> int:
    if dim is not None:
        return dim
    warnings.warn(f"Implicit dimension choice for {name} has been deprecated. Change the call to "
                  "include dim=X as an argument.", stacklevel=3)  # fmt: skip
    return 0 if input.ndim in (0, 1, 3) else 1


# ---- Losses --------------------------------------------------------------------------------------


def _reduce(each: Tensor, reduction: str) -> Tensor:
    _check_reduction(reduction)
    return each if reduction == "none" else getattr(each, reduction)()


def _check_reduction(reduction: str) -> None:
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")


def _pair(input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Repeat to a common shape, and warn where that is probably not what is meant."""
    if input.shape == target.shape:
        return input, target
    warnings.warn(
        f"Using a target size ({target.shape}) that is different to the input size ({input.shape})."
        " This will likely lead to incorrect results due to broadcasting. Please ensure they have "
        "the same size.", stacklevel=3,
    )  # fmt: skip
    return FUNCTIONS["broadcast_tensors"](input, target)


def _weighted(each: Tensor, weight: Tensor, input: Tensor, reduction: str) -> Tensor:
    _check_reduction(reduction)
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    each = each * weight
    return each.sum() / weight.sum() if reduction == "mean" else _reduce(each, reduction)


def mse_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """Return the squared difference."""
    x, y = _pair(input, target)
    if weight is not None:
        return _weighted((x - y) ** 2, weight, input, reduction)
    return _lost(mse_row, x, y, reduction)


def l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """Return the absolute difference."""
    x, y = _pair(input, target)
    each = (x - y).abs()
    return _reduce(each, reduction) if weight is None else _weighted(each, weight, input, reduction)


def smooth_l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """Return the absolute difference, less beta / 2; a parabola where it is smaller than beta."""
    x, y = _pair(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return _reduce((x - y).abs(), reduction)
    return _lost(smooth_l1_row, x, y, reduction, beta)


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return half the squared difference; a line of slope delta where the difference is larger."""
    x, y = _pair(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return _lost(huber_row, x, y, reduction, delta)
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    return _reduce(_lost(huber_row, x, y, "none", delta) * weight, reduction)


def _lost(row: Operation, x: Tensor, y: Tensor, reduction: str, *settings: Any) -> Tensor:
    _check_reduction(reduction)
    if dtypes.result_dtype((x._array, y._array)).kind < dtypes.FLOATING:
        raise errors.not_implemented(row.name, x.dtype.long_name)
    for name, each in zip(("pos_weight", "weight"), settings, strict=False):
        _refuse_gradient(row.name, name, each)
    return apply(row, (x, y, reduction, *settings))


def _refuse_gradient(function: str, name: str, weight: Any) -> None:
    if isinstance(weight, Tensor) and weight.requires_grad:
        raise RuntimeError(f"The function '{function}' is not differentiable with respect to "
                           f"argument '{name}'. This input cannot have requires_grad True.")  # fmt: skip


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """Return the cross entropy of yes and no; the input holds probabilities of yes."""
    _check_reduction(reduction)
    if target.shape != input.shape:
        raise ValueError(f"Using a target size ({target.shape}) that is different to the input size"
                         f" ({input.shape}) is deprecated. Please ensure they have the same size.")  # fmt: skip
    if not np.all((input._array >= 0) & (input._array <= 1)):
        raise RuntimeError("all elements of input should be between 0 and 1")
    if weight is not None:
        weight = weight.expand(FUNCTIONS["broadcast_shapes"](target.shape, weight.shape))
    return _lost(cross_entropy_of_two_row, input, target, reduction, None, weight)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Return the cross entropy of sigmoid(x); `pos_weight` counts the yes of each class."""
    _check_reduction(reduction)
    if target.shape != input.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size "
                         f"({input.shape})")  # fmt: skip
    return _lost(cross_entropy_with_logits_row, input, target, reduction, pos_weight, weight)


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Return minus the logarithm of the target class's probability.

    The input holds the logarithms, (N, C), (C,) or (N, C, d1, ...); the target classes, without C.
    A `weight` counts each class; targets equal to `ignore_index` do not count.
    """
    _check_reduction(reduction)
    _check_classes(input, target, weight)
    shape, axis = target.shape, int(input.ndim > 1)
    if input.ndim > 2:
        input = input.reshape(*input.shape[:2], -1)
        shape, target = shape, target.reshape(shape[0], -1)
    classes = target._array
    kept = classes != ignore_index
    wrong = classes[kept & ((classes < 0) | (classes >= input.shape[axis]))]
    if wrong.size:
        raise IndexError(f"Target {wrong.flat[0]} is out of bounds.")
    places = np.where(kept, classes, 0)
    counts = np.ones(input.shape[axis]) if weight is None else weight._array
    factors = np.where(kept, counts[places], 0).astype(input._array.dtype)
    key = [*np.ogrid[tuple(map(slice, places.shape))]]
    key.insert(axis, places)
    if reduction == "none":
        return apply(nll_row, (input, tuple(key), -factors, None)).reshape(shape)
    total = factors.sum() if reduction == "mean" else 1
    return apply(nll_row, (input, tuple(key), -factors, total))


def _check_classes(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    if not input.ndim:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if input.ndim > 1 and input.shape[0] != (target.shape or (0,))[0]:
        raise ValueError(f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
                         f"({(target.shape or (0,))[0]}).")  # fmt: skip
    if (input.shape[0], *input.shape[2:])[input.ndim < 2 :] != target.shape:
        raise RuntimeError(f"Expected target size {[input.shape[0], *input.shape[2:]]}, got "
                           f"{list(target.shape)}")  # fmt: skip
    if target.dtype not in (dtypes.int64, dtypes.uint8):
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.long_name}")
    classes = input.shape[int(input.ndim > 1)]
    if weight is not None and weight.shape != (classes,):
        raise RuntimeError("weight tensor should be defined either for all "
                           f"{classes} classes or no classes but got weight tensor of shape: {list(weight.shape)}")  # fmt: skip
    _refuse_gradient("nll_loss", "weight", weight)


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return nll_loss of log_softmax(x); the target holds classes, or a probability for each."""
    _check_reduction(reduction)
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    axis = int(input.ndim > 1)
    scores = input.log_softmax(axis)
    if target.shape == input.shape:
        if not target.dtype.is_floating_point:
            raise RuntimeError("Expected floating point type for target with class probabilities, "
                               f"got {target.dtype.long_name}")  # fmt: skip
        if label_smoothing:
            target = target * (1 - label_smoothing) + label_smoothing / input.shape[axis]
        each = scores * target
        if weight is not None:
            each = each * _per_class(weight, input)
        if reduction == "none":
            return -each.sum(axis)
        count = input.numel() / input.shape[axis]
        total = -each.sum()
        return total if reduction == "sum" else apply(_DIVIDED_BY_COUNT, (total, count))
    loss = nll_loss(scores, target, weight, ignore_index=ignore_index, reduction=reduction)
    if not label_smoothing:
        return loss
    each = -(scores if weight is None else scores * _per_class(weight, input)).sum(axis)
    kept = target != ignore_index
    each = each.masked_fill(~kept, 0)
    if reduction == "mean":
        count = kept.sum() if weight is None else weight[target.where(kept, 0)].where(kept, 0).sum()
        smooth = each.sum() / count
    else:
        smooth = _reduce(each, reduction)
    return loss * (1 - label_smoothing) + smooth * (label_smoothing / input.shape[axis])


_DIVIDED_BY_COUNT = pointwise.div.named("DivBackward1")


def _per_class(weight: Tensor, input: Tensor) -> Tensor:
    return weight.view([-1 if axis == int(input.ndim > 1) else 1 for axis in range(input.ndim)])


def kl_div(
    input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False
) -> Tensor:
    """Return the Kullback-Leibler divergence; the input holds logarithms of probabilities."""
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition"
            ".'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    if log_target:
        each = target.exp() * (target - input)
    else:
        each = where(target == 0, 0.0, target * target.log()) - target * input
    if reduction == "batchmean":
        return each.sum() / input.shape[0] if input.ndim else each.sum()
    return _reduce(each, reduction)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = "mean"
) -> Tensor:
    """Return what is missing until the first (for target -1 the second) leads by the margin."""
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )
    return _reduce((-target * (input1 - input2) + margin).clamp_min(0), reduction)


def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean"
) -> Tensor:
    """Return the input where the target is 1, what it lacks to the margin where it is -1."""
    far = where(target != 1, (margin - input).clamp_min(0), 0.0)
    return _reduce(far + where(target != -1, input, 0.0), reduction)


# ---- Layers --------------------------------------------------------------------------------------


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return input @ weight.T + bias: (..., in_features) to (..., out_features)."""
    if bias is None or not input.ndim or weight.ndim != 2:
        product = matmul(input, weight.t())
        return product if bias is None else product + bias
    if input.ndim != 2:
        if not input.is_contiguous():
            return matmul(input, weight.t()) + bias
        rows = input.view(math.prod(input.shape[:-1]), input.shape[-1])
        return linear(rows, weight, bias).view(*input.shape[:-1], weight.shape[0])
    if input.shape[1] != weight.shape[1]:
        raise errors.matrices_do_not_fit(input.shape, weight.shape[::-1])
    if input.dtype is not weight.dtype:
        raise errors.matrix_dtypes_differ(input.dtype.c_name, weight.dtype.c_name)
    if bias.shape != (weight.shape[0],):
        bias = bias.expand(input.shape[0], weight.shape[0])
    return apply(products.linear, (input, weight, bias))


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    *,
    scale_grad_by_freq: bool = False,
) -> Tensor:
    """Return the rows of the weight that the input names; the row `padding_idx` gets no gradient.

    With `scale_grad_by_freq`, the gradient of a row is divided by how often it is named.
    """
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if input.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError("Expected tensor for argument #1 'indices' to have one of the following "
                           f"scalar types: Long, Int; but got {input.dtype.long_name} instead")  # fmt: skip
    rows = weight.shape[0]
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise AssertionError("Padding_idx must be within num_embeddings")
    places = input._array.copy()
    if np.any((places < 0) | (places >= rows)):
        raise IndexError("index out of range in self")
    counts = np.ones(places.shape, weight._array.dtype)
    if scale_grad_by_freq:
        counts /= np.bincount(places.ravel(), minlength=rows)[places]
    if padding_idx is not None:
        counts[places == padding_idx % rows] = 0
    return apply(embedding_row, (weight, places, counts[..., None]))


def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Bring the last dimensions to mean 0 and variance 1, then scale and shift each element."""
    dims = _normalized_dims(input, normalized_shape, weight, bias)
    return apply(layer_norm_row, (input, weight, bias, dims, eps))


def rms_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:
    """Divide the last dimensions by the root of their mean square, then scale each element."""
    dims = _normalized_dims(input, normalized_shape, weight)
    eps = float(np.finfo(input._array.dtype).eps) if eps is None else eps
    out = input * ((input**2).mean(dims, True) + eps).rsqrt()
    return out if weight is None else out * weight


def _normalized_dims(input: Tensor, shape: Sequence[int], *others: Tensor | None) -> Any:
    shape = tuple(shape)
    if not shape:
        raise RuntimeError("Expected normalized_shape to be at least 1-dimensional, i.e., "
                           "containing at least one element, but got normalized_shape = []")  # fmt: skip
    for name, each in zip(("weight", "bias"), others, strict=False):
        if each is not None and each.shape != shape:
            raise RuntimeError(f"Expected {name} to be of same shape as normalized_shape, but got "
                               f"{name} of shape {list(each.shape)} and normalized_shape = {list(shape)}")  # fmt: skip
    if input.shape[-len(shape) :] != shape:
        raise RuntimeError(f"Given normalized_shape={list(shape)}, expected input with shape "
                           f"[*, {str(list(shape))[1:-1]}], but got input of size{list(input.shape)}")  # fmt: skip
    return tuple(range(-len(shape), 0))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training set each element to zero with probability p, and scale the others up."""
    if p < 0 or p > 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0 or not input.numel():
        return input
    mask = random.bernoulli(1 - p, input.shape, input._array.dtype) / (1 - p if p < 1 else 1)
    return input.mul_(wrap(mask)) if inplace else input * wrap(mask)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Return 1 at the class of each element and 0 elsewhere, along a new last dimension."""
    if tensor.dtype is not dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not tensor.numel() and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if np.any(tensor._array < 0):
        raise RuntimeError("Class values must be non-negative.")
    if num_classes < 1 and num_classes != -1:
        raise RuntimeError("num_classes should be positive")
    if tensor.numel() and -1 < num_classes <= tensor._array.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    classes = num_classes if num_classes != -1 else tensor._array.max() + 1
    return wrap((tensor._array[..., None] == np.arange(classes)).astype(np.int64))


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Tensor:
    """Divide by the norm along a dimension, or by eps if that is larger."""
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Return the cosine of the angle between vectors along a dimension."""
    if x1.shape != x2.shape:
        x1, x2 = FUNCTIONS["broadcast_tensors"](x1, x2)
    return ((x1 / _length(x1, dim, eps)) * (x2 / _length(x2, dim, eps))).sum(dim)


def _length(x: Tensor, dim: int, eps: float) -> Tensor:
    length = x.norm(2, dim, keepdim=True)
    # As in torch, the bound counts for the value and not for the gradient.
    return length + (length.clamp_min(eps) - length).detach()


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """Return the norm of the difference along the last dimension."""
    return (x1 - x2 + eps).norm(p, -1, keepdim)
