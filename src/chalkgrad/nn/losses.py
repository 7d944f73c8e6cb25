"""Losses as functions, with torch's names: how far an input is from a target.

`reduction` is "mean", "sum" or "none"; torch's older `size_average` and `reduce` are not known.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.functions import FUNCTIONS
from chalkgrad.nn.activations import LOG_SIGMOID
from chalkgrad.operation import Operation, Rule
from chalkgrad.rules import pointwise, reducing, shaping
from chalkgrad.rules.pointwise import clamp
from chalkgrad.tensor import Tensor, apply

__all__ = [
    "binary_cross_entropy_with_logits", "cross_entropy", "huber_loss",
    "l1_loss", "mse_loss", "nll_loss", "smooth_l1_loss",
]  # fmt: skip

# ---- Element by element --------------------------------------------------------------------------


def _reduced(each: Any, reduction: str) -> Any:
    if reduction == "none":
        return each
    return (reducing.mean if reduction == "mean" else reducing.sum)(each, None, False)


def times(each: Any, weight: Any) -> Any:
    """Multiply, unless there is no weight."""
    return each if weight is None else each * weight


def _row(name: str, value: Any, x: Any, y: Any = None) -> Operation:
    """Make a row for a loss that has a value for each pair of elements, and slopes by both.

    All three are functions of x, y and a setting. Without a slope by y, it is minus that by x.
    """

    def forward(x: Any, y: Any, reduction: str, setting: Any = None, weight: Any = None) -> Any:
        return _reduced(times(value(x, y, setting), weight), reduction)

    def way(slope: Any) -> Rule:
        def back(g: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            share = g / math.prod(x.shape) if reduction == "mean" else g
            return times(slope(x, y, setting) * share, weight)

        return back

    def push(slope: Any) -> Rule:
        def ahead(t: Any, x: Any, y: Any, reduction: str, setting: Any, weight: Any) -> Any:
            return _reduced(times(slope(x, y, setting) * t, weight), reduction)

        return ahead

    other = y or (lambda *pair: -x(*pair))
    return Operation(name, "", forward, floats=True, x=way(x), y=way(other),
                     jvp=(push(x), push(other)))  # fmt: skip


_MSE = _row("mse_loss", lambda x, y, _: (d := x - y) * d, lambda x, y, _: (x - y) * 2)
_SMOOTH_L1 = _row(
    "smooth_l1_loss",
    lambda x, y, beta: (b := np.minimum(d := np.abs(x - y), beta)) * (d - b / 2) / beta,
    lambda x, y, beta: clamp((x - y) / beta, -1, 1),
)
_HUBER = _row(
    "huber_loss",
    lambda x, y, delta: (b := np.minimum(d := np.abs(x - y), delta)) * (d - b / 2),
    lambda x, y, delta: clamp(x - y, -delta, delta),
)
_BCE_WITH_LOGITS = _row(
    "binary_cross_entropy_with_logits",
    lambda x, y, yes: (1 - y) * x - (1 if yes is None else (yes - 1) * y + 1) * LOG_SIGMOID(x),
    lambda x, y, yes: pointwise.sigmoid(x) * (times(y, yes) - y + 1) - times(y, yes),
    lambda x, y, yes: -x if yes is None else LOG_SIGMOID(x) * (1 - yes) - x,
)


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


def _pair(input: Tensor, target: Tensor) -> Sequence[Tensor]:
    """Repeat to a common shape, and warn where that is probably not what is meant."""
    if input.shape == target.shape:
        return input, target
    warnings.warn(
        f"Using a target size ({target.shape}) that is different to the input size ({input.shape})."
        " This will likely lead to incorrect results due to broadcasting. Please ensure they have "
        "the same size.",
        stacklevel=3,
    )
    return FUNCTIONS["broadcast_tensors"](input, target)


def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Return the squared difference."""
    return _lost(_MSE, *_pair(input, target), reduction)


def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Return the absolute difference."""
    x, y = _pair(input, target)
    return _reduce((x - y).abs(), reduction)


def smooth_l1_loss(
    input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """Return the absolute difference, less beta / 2; a parabola where it is smaller than beta."""
    x, y = _pair(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    return _lost(_SMOOTH_L1, x, y, reduction, beta) if beta else _reduce((x - y).abs(), reduction)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0
) -> Tensor:
    """Return half the squared difference; a line of slope delta where the difference is larger."""
    x, y = _pair(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    return _lost(_HUBER, x, y, reduction, delta)


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *,
    reduction: str = "mean", pos_weight: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Return the cross entropy of sigmoid(x); `pos_weight` counts the yes of each class."""
    if target.shape != input.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    return _lost(_BCE_WITH_LOGITS, input, target, reduction, pos_weight, weight)


# ---- Of classes ----------------------------------------------------------------------------------


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
    input: Tensor, target: Tensor, weight: Tensor | None = None, *,
    ignore_index: int = -100, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """Return minus the logarithm of the target class's probability.

    The input holds the logarithms, (N, C), (C,) or (N, C, d1, ...); the target classes, without C.
    A `weight` counts each class; targets equal to `ignore_index` do not count.
    """
    _check_classes(input, target, weight)
    _refuse_gradient("nll_loss", weight)
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
        shape = list(weight.shape)
        raise RuntimeError(f"weight tensor should be defined either for all {classes} classes or "
                           f"no classes but got weight tensor of shape: {shape}")  # fmt: skip


def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *,
    ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0,
) -> Tensor:  # fmt: skip
    """Return nll_loss of log_softmax(x); the target holds classes, or a probability for each."""
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    axis = int(input.ndim > 1)
    classes, scores = input.shape[axis] if input.ndim else 1, input.log_softmax(axis)
    per_class = weight
    if weight is not None and input.ndim > 1:
        per_class = weight.view([-1 if each == axis else 1 for each in range(input.ndim)])
    if target.shape == input.shape:
        if not target.dtype.is_floating_point:
            raise RuntimeError("Expected floating point type for target with class probabilities, "
                               f"got {target.dtype.long_name}")  # fmt: skip
        if label_smoothing:
            target = target * (1 - label_smoothing) + label_smoothing / classes
        each = -times(scores * target, per_class).sum(axis if reduction == "none" else None)
        return apply(_DIVIDED, (each, scores.numel() / classes)) if reduction == "mean" else each
    loss = nll_loss(scores, target, weight, ignore_index=ignore_index, reduction=reduction)
    if not label_smoothing:
        return loss
    kept = target != ignore_index
    smooth = (-times(scores, per_class).sum(axis)).masked_fill(~kept, 0)
    if reduction == "mean":
        counts: Any = kept if weight is None else weight[target.where(kept, 0)] * kept
        smooth = smooth.sum() / counts.sum()
    else:
        smooth = _reduce(smooth, reduction)
    return loss * (1 - label_smoothing) + smooth * (label_smoothing / classes)
