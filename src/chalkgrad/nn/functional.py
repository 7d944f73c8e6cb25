"""What modules apply, as functions with torch's names: layers here, and activations and losses."""

# ruff: noqa: F403 - each module lists in `__all__` what users get from it
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, random
from chalkgrad.functions import FUNCTIONS
from chalkgrad.nn.activations import *
from chalkgrad.nn.losses import *
from chalkgrad.nn.losses import times
from chalkgrad.operation import Operation
from chalkgrad.rules import pointwise, reducing, shaping
from chalkgrad.tensor import Tensor, apply, wrap

matmul = FUNCTIONS["matmul"]

_LINEAR = Operation(  # the gradient of the weight lies in memory as the weight does
    "linear", "", lambda x, weight, bias: x @ weight.T + bias, node="AddmmBackward0",
    broadcasts=(2,), x=lambda g, weight: g @ weight, weight=lambda g, x: shaping.t(g) @ x,
    bias=lambda g: g,
    jvp=(lambda t, weight: t @ shaping.t(weight), lambda t, x: x @ shaping.t(t), lambda t: t),
)  # fmt: skip


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
        raise errors.cannot_be_multiplied(input.shape, weight.shape[::-1])
    if input.dtype is not weight.dtype:
        raise errors.dtypes_differ(input.dtype.c_name, weight.dtype.c_name)
    if bias.shape != (weight.shape[0],):
        bias = bias.expand(input.shape[0], weight.shape[0])
    return apply(_LINEAR, (input, weight, bias))


_EMBEDDING = Operation(
    "embedding", "", lambda weight, places, counts: weight[places],
    weight=lambda g, weight_shape, places, counts: shaping.put_adding(
        times(g, counts), weight_shape, (places,)),
)  # fmt: skip


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """Return the rows of the weight that the input names; row `padding_idx` gets no gradient."""
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
    counts = None
    if padding_idx is not None:
        counts = (places != padding_idx % rows)[..., None].astype(weight._array.dtype)
    return apply(_EMBEDDING, (weight, places, counts))


# ---- Normalization -------------------------------------------------------------------------------


def _standardized(x: Any, dims: Any, eps: float) -> tuple[Any, Any]:
    """Return x with mean 0 and variance 1, and 1 / (the standard deviation that it had)."""
    centred = x - reducing.mean(x, dims, True)
    scale = pointwise.rsqrt(reducing.mean(centred * centred, dims, True) + eps)
    return centred * scale, scale


def _layer_norm(x: Any, weight: Any, bias: Any, dims: Any, eps: float, kept: list[Any]) -> Any:
    kept[:] = _standardized(x, dims, eps)  # for the rules, as long as they compute on arrays
    out = times(kept[0], weight)
    return out if bias is None else out + bias


def _known_standard(x: Any, dims: Any, eps: float, kept: list[Any]) -> Sequence[Any]:
    return kept if isinstance(x, (np.ndarray, np.generic)) else _standardized(x, dims, eps)


def _layer_norm_push(t: Any, x: Any, weight: Any, dims: Any, eps: float, kept: Any) -> Any:
    # The derivative of the standardized by x is a symmetric matrix: one rule for both ways.
    standard, scale = _known_standard(x, dims, eps, kept)
    along_standard = reducing.mean(t * standard, dims, True)
    return times((t - reducing.mean(t, dims, True) - standard * along_standard) * scale, weight)


def _layer_norm_back(g: Any, x: Any, weight: Any, dims: Any, eps: float, kept: Any) -> Any:
    return _layer_norm_push(times(g, weight), x, None, dims, eps, kept)


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
    shape = tuple(normalized_shape)
    if not shape or input.shape[-len(shape) :] != shape:
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape "
            f"[*, {str(list(shape))[1:-1]}], but got input of size{list(input.shape)}"
        )
    for each in (weight, bias):
        if each is not None and each.shape != shape:
            raise RuntimeError("Expected weight and bias to be of same shape as normalized_shape, "
                               f"but got {list(each.shape)} and {list(shape)}")  # fmt: skip
    dims = tuple(range(-len(shape), 0))
    return apply(_LAYER_NORM, (input, weight, bias, dims, eps, []))


# ---- Others --------------------------------------------------------------------------------------


def _coins(p: float, input: Tensor) -> Any:
    """Draw ones with the probability, and zeros otherwise, as torch does."""
    drawn = random.generator.fractions(input.numel(), double=True).reshape(input.shape)
    return (drawn < p).astype(input._array.dtype)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training set each element to zero with probability p, and scale the others up."""
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0 or not input.numel():
        return input
    mask = _coins(1 - p, input) / (1 - p if p < 1 else 1)
    return input.mul_(wrap(mask)) if inplace else input * wrap(mask)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Return 1 at the class of each element and 0 elsewhere, along a new last dimension."""
    if tensor.dtype is not dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not tensor.numel() and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    classes = num_classes if num_classes != -1 else int(tensor._array.max()) + 1
    if np.any((tensor._array < 0) | (tensor._array >= classes)):
        raise RuntimeError("Class values must be non-negative and smaller than num_classes.")
    return wrap((tensor._array[..., None] == np.arange(classes)).astype(np.int64))
