"""Activations, losses and layers as functions, with torch's names: what the modules apply.

Most have a row of their own and so are one node of the graph, as in torch. Reductions are "mean",
"sum" or "none"; torch's older `size_average` and `reduce` are not known here.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, random
from chalkgrad.functions import FUNCTIONS, matmul, where
from chalkgrad.inplace import change
from chalkgrad.operation import POINTWISE, Operation, Rule
from chalkgrad.rules import pointwise, products, reducing, shaping
from chalkgrad.rules.pointwise import ROOT_PI, abs_, clamp, erf, exp, keep, log
from chalkgrad.rules.shaping import along, axes_of
from chalkgrad.tensor import Tensor, apply, wrap

# ---- Activations: each a row, and the function that applies it -----------------------------------

_ON_INTEGERS = ("hardtanh", "threshold")


def _applied(row: Operation, input: Tensor, settings: Any, inplace: bool = False) -> Tensor:
    if not isinstance(input, Tensor):
        raise errors.not_a_tensor(row.name, type(input).__name__)
    if input.dtype.kind < dtypes.FLOATING and row.name not in _ON_INTEGERS:
        raise errors.not_implemented(row.name, input.dtype.long_name)
    if inplace:
        return change(input, lambda x: apply(row, (x, *settings)))
    return apply(row, (input, *settings))


def _activation(name: str, doc: str, forward: Any, x: Rule, inplace: bool = True) -> Any:
    """Make a function whose arguments are those of `forward` and, where torch has it, `inplace`."""
    row = Operation(name, doc, forward, jvp=POINTWISE, x=x)

    def activation(input: Tensor, *settings: Any, **named: Any) -> Tensor:
        if inplace and len(settings) > len(row.parameters):
            settings, named["inplace"] = settings[:-1], settings[-1]
        change_it = named.pop("inplace", False) if inplace else False
        return _applied(row, input, row.complete((input, *settings), named)[1:], change_it)

    activation.__name__ = activation.__qualname__ = name
    activation.__doc__ = f"{doc}\n\nSettings: {', '.join(row.parameters) or 'none'}."
    return activation


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
    out = np.empty(x.size, x.dtype)
    scaled = np.ravel(x)
    for start in range(0, x.size, 2**15):  # what is computed stays in the processor's cache
        piece = np.clip(scaled[start : start + 2**15] * np.float32(math.sqrt(0.5)), -4, 4)
        square = piece * piece
        piece *= _polynomial(_ERF_ABOVE, square)
        piece /= _polynomial(_ERF_BELOW, square)
        piece += 1
        np.multiply(piece, 0.5, out[start : start + 2**15])
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


_SHARE = Operation("normal_share", "", _normal_share, x=lambda g, x: g * _density(x), jvp=POINTWISE)


def _bent(x: Any) -> Any:
    return pointwise.tanh((x * x * 0.044715 + 1) * x * (math.sqrt(2) / ROOT_PI))


def _gelu(x: Any, approximate: str = "none") -> Any:
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return x * _normal_share(x) if approximate == "none" else x * (_bent(x) + 1) * 0.5


def _gelu_slope(x: Any, approximate: str) -> Any:
    if approximate == "none":
        return _SHARE(x) + x * _density(x)
    bent = _bent(x)
    inner = (x * x * (3 * 0.044715) + 1) * (math.sqrt(0.5) / ROOT_PI)
    return (bent + 1) * 0.5 + x * ((1 - bent * bent) * inner)


def _either(condition: Any, x: Any, y: Any) -> Any:
    """Take x where the condition holds, y elsewhere, faster than `where` does."""
    return keep(x, condition) + keep(y, ~condition)


def _softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    scaled = x * beta
    straight = scaled > threshold
    out = np.log1p(np.exp(scaled)) / beta
    return np.where(straight, x, out) if np.any(straight) else out


def _silu_slope(x: Any) -> Any:
    share = pointwise.sigmoid(x)
    return share * (x * (1 - share) + 1)


def _mish_slope(x: Any) -> Any:
    share = pointwise.tanh(pointwise.logaddexp(x, 0.0))
    return share + x * pointwise.sigmoid(x) * (1 - share * share)


def _not_within(x: Any, lambd: float) -> Any:
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd:g}.")
    return ~(abs_(x) <= lambd)


sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]
gelu = _activation(
    "gelu", 'x times the normal distribution function at x, or its approximation by "tanh".',
    _gelu, lambda g, x, approximate: g * _gelu_slope(x, approximate), inplace=False,
)  # fmt: skip
softplus = _activation(
    "softplus", "log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold.",
    _softplus, lambda g, x, beta, threshold: _either(
        x * beta > threshold, g, g * pointwise.sigmoid(x * beta)), inplace=False,
)  # fmt: skip
silu = _activation("silu", "x times sigmoid(x).", lambda x: x / (1 + np.exp(-x)),
                   lambda g, x: g * _silu_slope(x))  # fmt: skip
mish = _activation("mish", "x times tanh(softplus(x)).", lambda x: x * np.tanh(_softplus(x)),
                   lambda g, x: g * _mish_slope(x))  # fmt: skip
leaky_relu = _activation(
    "leaky_relu", "x where it is positive, and a small part of it elsewhere.",
    lambda x, negative_slope=0.01: np.maximum(x, 0) + np.minimum(x, 0) * negative_slope,
    lambda g, x, negative_slope: _either(x > 0, g, g * negative_slope),
)  # fmt: skip
hardsigmoid = _activation(
    "hardsigmoid", "relu6(x + 3) / 6.", lambda x: np.clip(x + 3, 0, 6) / 6,
    lambda g, x: keep(g / 6, (x > -3) & (x < 3)),
)  # fmt: skip
hardswish = _activation(
    "hardswish", "x times hardsigmoid(x).", lambda x: x * np.clip(x + 3, 0, 6) / 6,
    lambda g, x: keep(pointwise.where(x < 3, g * (x / 3 + 0.5), g), ~(x <= -3)),
)  # fmt: skip
softshrink = _activation(
    "softshrink", "x, moved towards 0 by lambd, and no farther than 0.",
    lambda x, lambd=0.5: np.where(_not_within(x, lambd), x - np.copysign(lambd, x), 0),
    lambda g, x, lambd: keep(g, _not_within(x, lambd)), inplace=False,
)  # fmt: skip
hardshrink = _activation(
    "hardshrink", "x, or 0 where it is within lambd of 0.",
    lambda x, lambd=0.5: np.where(~(abs(x) <= lambd), x, 0),
    lambda g, x, lambd: keep(g, ~(abs_(x) <= lambd)), inplace=False,
)  # fmt: skip
threshold = _activation(
    "threshold", "x where it is above the threshold, the value elsewhere.",
    lambda x, threshold, value: np.where(x <= threshold, value, x),
    lambda g, x, threshold: keep(g, ~(x <= threshold)),
)  # fmt: skip

_LOG_SIGMOID = Operation(
    "log_sigmoid", "", lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))), jvp=POINTWISE,
    x=lambda g, x: g * pointwise.sigmoid(-x),
)  # fmt: skip
_ELU = Operation(
    "elu", "", lambda x, alpha, scale, bend: (
        np.maximum(x, 0) * scale + np.expm1(np.minimum(x, 0) * bend) * (alpha * scale)),
    x=lambda g, x, alpha, scale, bend: g * pointwise.where(
        x > 0, scale, exp(clamp(x, None, 0) * bend) * (alpha * scale * bend)), jvp=POINTWISE,
)  # fmt: skip
_HARDTANH = Operation(
    "hardtanh", "", lambda x, low, high: np.clip(x, low, high), jvp=POINTWISE,
    x=lambda g, x, low, high: keep(g, (x > low) & (x < high)),
)  # fmt: skip
_CELU = _ELU.named("CeluBackward0")
_PRELU = Operation(
    "prelu", "", lambda x, slope: np.maximum(x, 0) + np.minimum(x, 0) * slope,
    node="PreluKernelBackward0",
    broadcasts=(0, 1), x=lambda g, x, slope: _either(x > 0, g, g * slope),
    slope=lambda g, x: g * clamp(x, None, 0), jvp=POINTWISE,
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


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Return min(max(x, 0), 6)."""
    return hardtanh(input, 0, 6, inplace)


def logsigmoid(input: Tensor) -> Tensor:
    """Return log(sigmoid(x)), without overflow."""
    return _applied(_LOG_SIGMOID, input, ())


logsigmoid.__name__ = "log_sigmoid"  # so torch calls it


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return _applied(_ELU, input, (alpha, 1.0, 1.0), inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return ELU with the scales that keep mean 0 and variance 1 (Klambauer et al., 2017)."""
    return _applied(_ELU, input, (1.6732632423543772, 1.0507009873554805, 1.0), inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return x where it is positive, alpha (exp(x / alpha) - 1) elsewhere."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return _applied(_CELU, input, (alpha, 1.0, 1 / alpha), inplace)


def softsign(input: Tensor) -> Tensor:
    """Return x / (1 + |x|)."""
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """Return x - tanh(x)."""
    return input - input.tanh()


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Return x where it is positive, elsewhere times a slope: one, or one per channel (dim 1)."""
    channels = input.shape[1] if input.ndim > 1 else 1
    if input.dtype is not weight.dtype:
        raise RuntimeError("prelu: Type promoting not supported. Got "
                           f"{input.dtype.long_name} and {weight.dtype.long_name}")  # fmt: skip
    if weight.ndim > 1 or weight.numel() not in (1, channels):
        raise RuntimeError(
            "prelu: Expected `weight` to be a scalar or 1D tensor, with one slope or one for each "
            f"of the {channels} channels, but got: {list(weight.shape)}"
        )
    if input.ndim != weight.ndim:
        weight = weight.view([-1 if axis == 1 else 1 for axis in range(input.ndim)])
    return apply(_PRELU, (input, weight))


def _halves(x: Any, dim: int) -> tuple[Any, Any]:
    half = x.shape[dim] // 2
    first, second = along(dim, slice(half)), along(dim, slice(half, None))
    return shaping.take_slice(x, first), shaping.take_slice(x, second)


def _glu_back(g: Any, x: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    share = pointwise.sigmoid(b)
    return shaping.cat([g * share, g * a * share * (1 - share)], [g.shape[dim]] * 2, dim)


def _glu_push(t: Any, x: Any, dim: int) -> Any:
    (a, b), (a_tangent, b_tangent) = _halves(x, dim), _halves(t, dim)
    share = pointwise.sigmoid(b)
    return a_tangent * share + b_tangent * a * share * (1 - share)


def _glu(x: Any, dim: int) -> Any:
    a, b = _halves(x, dim)
    return a / (1 + np.exp(-b))


_GLU = Operation("glu", "", _glu, x=_glu_back, jvp=(_glu_push,))


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """Return the first half, times the sigmoid of the second."""
    if not input.ndim:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    (dim,) = axes_of(dim, input.ndim)
    if input.shape[dim] % 2:
        raise RuntimeError("Halving dimension must be even, but dimension "
                           f"{dim} is size {input.shape[dim]}")  # fmt: skip
    return _applied(_GLU, input, (dim,))


def _along_dim(name: str, row_name: str, sign: int, doc: str) -> Callable[..., Tensor]:
    """Make softmax or one of its kin; they are methods, but here the dimension may be missing."""

    def function(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
        if dim is None:
            warnings.warn(f"Implicit dimension choice for {name} has been deprecated. Change the "
                          "call to include dim=X as an argument.", stacklevel=2)  # fmt: skip
            dim = 0 if input.ndim in (0, 1, 3) else 1
        input = input if sign > 0 else -input
        return FUNCTIONS[row_name](input.to(dtype or input.dtype), dim)

    function.__name__, function.__doc__ = name, doc
    return function


softmax = _along_dim("softmax", "softmax", 1, reducing.softmax.doc)
log_softmax = _along_dim("log_softmax", "log_softmax", 1, reducing.log_softmax.doc)
softmin = _along_dim("softmin", "softmax", -1, "softmax(-x).")


# ---- Losses --------------------------------------------------------------------------------------


def _reduced(each: Any, reduction: str) -> Any:
    if reduction == "none":
        return each
    return (reducing.mean if reduction == "mean" else reducing.sum)(each, None, False)


def _loss(name: str, value: Any, x: Any, y: Any = None) -> Operation:
    """Make a row for a loss that has a value for each pair of elements, and slopes by both.

    All three are functions of x, y and a setting. Without a slope by y, it is minus that by x.
    """

    def forward(x: Any, y: Any, reduction: str, setting: Any = None, weight: Any = None) -> Any:
        return _reduced(_times(value(x, y, setting), weight), reduction)

    def ways(slope: Any) -> tuple[Rule, Rule]:
        def back(g: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            share = g / math.prod(x.shape) if reduction == "mean" else g
            return _times(slope(x, y, setting) * share, weight)

        def push(t: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            return _reduced(_times(slope(x, y, setting) * t, weight), reduction)

        return back, push

    (x_back, x_push), (y_back, y_push) = ways(x), ways(y or (lambda *pair: -x(*pair)))
    return Operation(name, "", forward, floats=True, x=x_back, y=y_back, jvp=(x_push, y_push))


def _times(each: Any, weight: Any) -> Any:
    return each if weight is None else each * weight


_MSE = _loss("mse_loss", lambda x, y, _: (d := x - y) * d, lambda x, y, _: (x - y) * 2)
_SMOOTH_L1 = _loss(
    "smooth_l1_loss",
    lambda x, y, beta: (b := np.minimum(d := np.abs(x - y), beta)) * (d - b / 2) / beta,
    lambda x, y, beta: clamp((x - y) / beta, -1, 1),
)  # fmt: skip
_HUBER = _loss(
    "huber_loss", lambda x, y, delta: (b := np.minimum(d := np.abs(x - y), delta)) * (d - b / 2),
    lambda x, y, delta: clamp(x - y, -delta, delta),
)  # fmt: skip
_BCE = _loss(  # the bounds are torch's: log(0) must not spoil the mean of all
    "binary_cross_entropy",
    lambda x, y, _: (y - 1) * np.maximum(np.log1p(-x), -100) - y * np.maximum(np.log(x), -100),
    lambda x, y, _: (x - y) / clamp((1 - x) * x, 1e-12, None),
    lambda x, y, _: log(1 - x) - log(x),
)  # fmt: skip
_BCE_WITH_LOGITS = _loss(
    "binary_cross_entropy_with_logits",
    lambda x, y, yes: (1 - y) * x - (1 if yes is None else (yes - 1) * y + 1) * _LOG_SIGMOID(x),
    lambda x, y, yes: pointwise.sigmoid(x) * (_times(y, yes) - y + 1) - _times(y, yes),
    lambda x, y, yes: -x if yes is None else _LOG_SIGMOID(x) * (1 - yes) - x,
)  # fmt: skip


def _lost(row: Operation, x: Tensor, y: Tensor, reduction: str, *settings: Any) -> Tensor:
    """Compute a loss; `settings` are that of the row and the weight."""
    if dtypes.result_dtype((x._array, y._array)).kind < dtypes.FLOATING:
        raise errors.not_implemented(row.name, x.dtype.long_name)
    for each in settings:
        _refuse_gradient(row.name, each)
    return apply(row, (x, y, _known(reduction), *settings))


def _known(reduction: str) -> str:
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def _reduce(each: Tensor, reduction: str) -> Tensor:
    return each if _known(reduction) == "none" else getattr(each, reduction)()


def _refuse_gradient(function: str, weight: Any) -> None:
    if isinstance(weight, Tensor) and weight.requires_grad:
        raise RuntimeError(f"The function '{function}' is not differentiable with respect to its "
                           "weights. This input cannot have requires_grad True.")  # fmt: skip


def _pair(input: Tensor, target: Tensor, weight: Tensor | None = None) -> Sequence[Tensor]:
    """Repeat to a common shape, and warn where that is probably not what is meant."""
    if weight is not None and weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    if input.shape == target.shape:
        return input, target
    warnings.warn(
        f"Using a target size ({target.shape}) that is different to the input size ({input.shape})."
        " This will likely lead to incorrect results due to broadcasting. Please ensure they have "
        "the same size.", stacklevel=3,
    )  # fmt: skip
    return FUNCTIONS["broadcast_tensors"](input, target)


def _weighted(each: Tensor, weight: Tensor, reduction: str) -> Tensor:
    total = _reduce(each * weight, "sum" if _known(reduction) == "mean" else reduction)
    return total / weight.sum() if reduction == "mean" else total


def mse_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """Return the squared difference."""
    x, y = _pair(input, target, weight)
    return (
        _lost(_MSE, x, y, reduction)
        if weight is None
        else _weighted((x - y) ** 2, weight, reduction)
    )


def l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None
) -> Tensor:
    """Return the absolute difference."""
    x, y = _pair(input, target, weight)
    each = (x - y).abs()
    return _reduce(each, reduction) if weight is None else _weighted(each, weight, reduction)


def smooth_l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """Return the absolute difference, less beta / 2; a parabola where it is smaller than beta."""
    x, y = _pair(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    return _lost(_SMOOTH_L1, x, y, reduction, beta) if beta else _reduce((x - y).abs(), reduction)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Return half the squared difference; a line of slope delta where the difference is larger."""
    x, y = _pair(input, target, weight)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return _lost(_HUBER, x, y, reduction, delta)
    return _reduce(_lost(_HUBER, x, y, "none", delta) * weight, reduction)


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """Return the cross entropy of yes and no; the input holds probabilities of yes."""
    if target.shape != input.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if not np.all((input._array >= 0) & (input._array <= 1)):
        raise RuntimeError("all elements of input should be between 0 and 1")
    if weight is not None:
        weight = weight.expand(FUNCTIONS["broadcast_shapes"](target.shape, weight.shape))
    return _lost(_BCE, input, target, reduction, None, weight)


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Return the cross entropy of sigmoid(x); `pos_weight` counts the yes of each class."""
    if target.shape != input.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    return _lost(_BCE_WITH_LOGITS, input, target, reduction, pos_weight, weight)


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


# ---- Losses of classes ---------------------------------------------------------------------------


def _nll(x: Any, key: Any, counts: Any, total: Any) -> Any:
    each = np.where(counts == 0, 0, x[key] * -counts)
    return each if total is None else np.add.reduce(each, None) / total


# Where nothing counts, the mean is no number, but its gradient is 0.
_NLL = Operation(
    "nll_loss", "", _nll,
    node=lambda key, counts, total: f"NllLoss{'2D' if len(key) > 2 else ''}Backward0",
    x=lambda g, x_shape, key, counts, total: _PLACED(
        (g if total is None else g / (total or 1)) * -counts, x_shape, key),
)  # fmt: skip
_PLACED = Operation("placed", "", shaping.put.forward, x=lambda g, key: shaping.index(g, key))
_DIVIDED = pointwise.div.named("DivBackward1")


def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """Return minus the logarithm of the target class's probability.

    The input holds the logarithms, (N, C), (C,) or (N, C, d1, ...); the target classes, without C.
    A `weight` counts each class; targets equal to `ignore_index` do not count.
    """
    _check_classes(input, target, weight)
    axis = int(input.ndim > 1)
    places, classes = target._array, input.shape[axis]
    kept = places != ignore_index
    wrong = kept & ((places < 0) | (places >= classes))
    if np.any(wrong):
        raise IndexError(f"Target {places[wrong].flat[0]} is out of bounds.")
    places = np.where(kept, places, 0)
    counts = np.ones(classes) if weight is None else weight._array
    counts = (counts[places] * kept).astype(input._array.dtype)
    key = [*np.ogrid[tuple(map(slice, places.shape))]]
    key.insert(axis, places)
    totals = {"none": None, "mean": counts.sum(), "sum": 1}
    return apply(_NLL, (input, tuple(key), counts, totals[_known(reduction)]))


def _check_classes(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    if not input.ndim:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    batch, wanted = target.shape[:1] or (1,), input.shape[:1] + input.shape[2:]
    if input.ndim > 1 and input.shape[:1] != batch:
        raise ValueError(f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
                         f"({batch[0]}).")  # fmt: skip
    if target.shape != (wanted if input.ndim > 1 else ()):
        raise RuntimeError(f"Expected target size {list(wanted)}, got {list(target.shape)}")
    if target.dtype not in (dtypes.int64, dtypes.uint8):
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.long_name}")
    classes = input.shape[int(input.ndim > 1)]
    if weight is not None and weight.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(weight.shape)}"
        )
    _refuse_gradient("nll_loss", weight)


def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100,
    reduction: str = "mean", label_smoothing: float = 0.0,
) -> Tensor:  # fmt: skip
    """Return nll_loss of log_softmax(x); the target holds classes, or a probability for each."""
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    axis = int(input.ndim > 1)
    scores = input.log_softmax(axis)
    per_class = weight
    if weight is not None and input.ndim > 1:
        per_class = weight.view([-1 if each == axis else 1 for each in range(input.ndim)])
    if target.shape == input.shape:
        return _entropy_of_shares(
            scores, target, per_class, axis, _known(reduction), label_smoothing
        )
    loss = nll_loss(scores, target, weight, ignore_index=ignore_index, reduction=reduction)
    if not label_smoothing:
        return loss
    kept = target != ignore_index
    smooth = (-_times(scores, per_class).sum(axis)).masked_fill(~kept, 0)
    if reduction == "mean":
        counts: Any = kept if weight is None else weight[target.where(kept, 0)] * kept
        smooth = smooth.sum() / counts.sum()
    else:
        smooth = _reduce(smooth, reduction)
    return loss * (1 - label_smoothing) + smooth * (label_smoothing / input.shape[axis])


def _entropy_of_shares(
    scores: Tensor,
    target: Tensor,
    per_class: Tensor | None,
    axis: int,
    reduction: str,
    smoothing: float,
) -> Tensor:
    if not target.dtype.is_floating_point:
        raise RuntimeError("Expected floating point type for target with class probabilities, got "
                           f"{target.dtype.long_name}")  # fmt: skip
    classes = scores.shape[axis]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / classes
    each = _times(scores * target, per_class)
    if reduction == "none":
        return -each.sum(axis)
    total = -each.sum()
    return total if reduction == "sum" else apply(_DIVIDED, (total, scores.numel() / classes))


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


_EMBEDDING = Operation(
    "embedding", "", lambda weight, places, counts: weight[places],
    weight=lambda g, weight_shape, places, counts: shaping.put_adding(
        g * counts, weight_shape, (places,)),
)  # fmt: skip


def embedding(
    input: Tensor, weight: Tensor, padding_idx: int | None = None, *,
    scale_grad_by_freq: bool = False,
) -> Tensor:  # fmt: skip
    """Return the rows of the weight that the input names; the row `padding_idx` gets no gradient.

    With `scale_grad_by_freq`, the gradient of a row is divided by how often it is named.
    """
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    rows, places = weight.shape[0], np.array(input._array)
    if input.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got {input.dtype.long_name} instead"
        )
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise AssertionError("Padding_idx must be within num_embeddings")
    if np.any((places < 0) | (places >= rows)):
        raise IndexError("index out of range in self")
    counts = np.ones(places.shape, weight._array.dtype)
    if scale_grad_by_freq:
        counts /= np.bincount(places.ravel(), minlength=rows)[places]
    if padding_idx is not None:
        counts[places == padding_idx % rows] = 0
    return apply(_EMBEDDING, (weight, places, counts[..., None]))


def _standardized(x: Any, dims: Any, eps: float) -> tuple[Any, Any]:
    """Return x with mean 0 and variance 1, and 1 / (the standard deviation that it had)."""
    centred = x - reducing.mean(x, dims, True)
    scale = pointwise.rsqrt(reducing.mean(centred * centred, dims, True) + eps)
    return centred * scale, scale


def _layer_norm(x: Any, weight: Any, bias: Any, dims: Any, eps: float, kept: list[Any]) -> Any:
    kept[:] = _standardized(x, dims, eps)  # for the rules, as long as they compute on arrays
    out = _times(kept[0], weight)
    return out if bias is None else out + bias


def _known_standard(x: Any, dims: Any, eps: float, kept: list[Any]) -> Sequence[Any]:
    return kept if isinstance(x, (np.ndarray, np.generic)) else _standardized(x, dims, eps)


def _layer_norm_push(t: Any, x: Any, weight: Any, dims: Any, eps: float, kept: Any) -> Any:
    # The derivative of the standardized by x is a symmetric matrix: one rule for both ways.
    standard, scale = _known_standard(x, dims, eps, kept)
    along_standard = reducing.mean(t * standard, dims, True)
    return _times((t - reducing.mean(t, dims, True) - standard * along_standard) * scale, weight)


def _layer_norm_back(g: Any, x: Any, weight: Any, dims: Any, eps: float, kept: Any) -> Any:
    return _layer_norm_push(_times(g, weight), x, None, dims, eps, kept)


def _times_standard(g: Any, x: Any, dims: Any, eps: float, kept: Any) -> Any:
    return g * _known_standard(x, dims, eps, kept)[0]


_LAYER_NORM = Operation(
    "native_layer_norm", "", _layer_norm, broadcasts=(1, 2), x=_layer_norm_back,
    weight=_times_standard, bias=lambda g: g, jvp=(_layer_norm_push, _times_standard, lambda t: t),
)  # fmt: skip


def layer_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
    bias: Tensor | None = None, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Bring the last dimensions to mean 0 and variance 1, then scale and shift each element."""
    dims = _normalized_dims(input, tuple(normalized_shape), weight, bias)
    return apply(_LAYER_NORM, (input, weight, bias, dims, eps, []))


def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
    eps: float | None = None,
) -> Tensor:  # fmt: skip
    """Divide the last dimensions by the root of their mean square, then scale each element."""
    dims = _normalized_dims(input, tuple(normalized_shape), weight)
    eps = float(np.finfo(input._array.dtype).eps) if eps is None else eps
    return _times(input * ((input**2).mean(dims, True) + eps).rsqrt(), weight)


def _normalized_dims(input: Tensor, shape: tuple[int, ...], *others: Tensor | None) -> Any:
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            "element, but got normalized_shape = []"
        )
    for name, each in zip(("weight", "bias"), others, strict=False):
        if each is not None and each.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(each.shape)} and normalized_shape = {list(shape)}"
            )
    if input.shape[-len(shape) :] != shape:
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape "
            f"[*, {str(list(shape))[1:-1]}], but got input of size{list(input.shape)}"
        )
    return tuple(range(-len(shape), 0))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training set each element to zero with probability p, and scale the others up."""
    if not 0 <= p <= 1:
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
    if num_classes < 1 and num_classes != -1:
        raise RuntimeError("num_classes should be positive")
    classes = num_classes if num_classes != -1 else int(tensor._array.max()) + 1
    if np.any((tensor._array < 0) | (tensor._array >= classes)):
        raise RuntimeError("Class values must be non-negative and smaller than num_classes.")
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
