"""The operations as functions, `chalkgrad.sin(x)`, beside the methods of the tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, rules
from chalkgrad.tensor import Tensor, apply, apply_to_list, wrap
from chalkgrad.tensor import where as _where


def _function(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Make the function for a method; it refuses what is no tensor, in torch's words."""

    @wraps(method)
    def function(input: Tensor, *arguments: Any, **options: Any) -> Any:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(name, input)
        return method(input, *arguments, **options)

    function.__name__ = function.__qualname__ = name
    return function


def _with_number_first(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Make the function for an arithmetic method, whose first operand may be a number."""

    @wraps(method)
    def function(input: Any, other: Any, **options: Any) -> Tensor:
        if isinstance(input, Tensor):
            result = method(input, other, **options)
        elif isinstance(input, (int, float)) and isinstance(other, Tensor):
            result = apply(_ROWS[name], input, other)
        else:
            raise errors.not_a_tensor(name, input)
        if result is NotImplemented:
            raise TypeError(
                f"{name}(): argument 'other' (position 2) must be Tensor, "
                f"not {type(other).__name__}"
            )
        return result

    function.__name__ = function.__qualname__ = name
    return function


_ROWS = {"add": rules.add, "sub": rules.sub, "mul": rules.mul, "div": rules.div}

add = _with_number_first(Tensor.add, "add")
sub = subtract = _with_number_first(Tensor.sub, "sub")
mul = multiply = _with_number_first(Tensor.mul, "mul")
div = divide = true_divide = _with_number_first(Tensor.div, "div")
neg = negative = _function(Tensor.neg, "neg")
abs = absolute = _function(Tensor.abs, "abs")
square = _function(Tensor.square, "square")
sqrt = _function(Tensor.sqrt, "sqrt")
rsqrt = _function(Tensor.rsqrt, "rsqrt")
reciprocal = _function(Tensor.reciprocal, "reciprocal")
exp = _function(Tensor.exp, "exp")
expm1 = _function(Tensor.expm1, "expm1")
log = _function(Tensor.log, "log")
log1p = _function(Tensor.log1p, "log1p")
log2 = _function(Tensor.log2, "log2")
log10 = _function(Tensor.log10, "log10")
sin = _function(Tensor.sin, "sin")
cos = _function(Tensor.cos, "cos")
tan = _function(Tensor.tan, "tan")
sinh = _function(Tensor.sinh, "sinh")
cosh = _function(Tensor.cosh, "cosh")
tanh = _function(Tensor.tanh, "tanh")
asin = arcsin = _function(Tensor.asin, "asin")
acos = arccos = _function(Tensor.acos, "acos")
atan = arctan = _function(Tensor.atan, "atan")
sigmoid = _function(Tensor.sigmoid, "sigmoid")
relu = _function(Tensor.relu, "relu")
sign = _function(Tensor.sign, "sign")
floor = _function(Tensor.floor, "floor")
ceil = _function(Tensor.ceil, "ceil")
trunc = _function(Tensor.trunc, "trunc")
round = _function(Tensor.round, "round")
clamp = clip = _function(Tensor.clamp, "clamp")
maximum = _function(Tensor.maximum, "maximum")
minimum = _function(Tensor.minimum, "minimum")
clone = _function(Tensor.clone, "clone")

lt = less = _function(Tensor.lt, "lt")
le = less_equal = _function(Tensor.le, "le")
gt = greater = _function(Tensor.gt, "gt")
ge = greater_equal = _function(Tensor.ge, "ge")
eq = _function(Tensor.eq, "eq")
ne = not_equal = _function(Tensor.ne, "ne")

sum = _function(Tensor.sum, "sum")
mean = _function(Tensor.mean, "mean")
var = _function(Tensor.var, "var")
std = _function(Tensor.std, "std")
prod = _function(Tensor.prod, "prod")
amax = _function(Tensor.amax, "amax")
amin = _function(Tensor.amin, "amin")
max = _function(Tensor.max, "max")
min = _function(Tensor.min, "min")
argmax = _function(Tensor.argmax, "argmax")
argmin = _function(Tensor.argmin, "argmin")
all = _function(Tensor.all, "all")
any = _function(Tensor.any, "any")

reshape = _function(Tensor.reshape, "reshape")
flatten = _function(Tensor.flatten, "flatten")
squeeze = _function(Tensor.squeeze, "squeeze")
unsqueeze = _function(Tensor.unsqueeze, "unsqueeze")
transpose = _function(Tensor.transpose, "transpose")
t = _function(Tensor.t, "t")
permute = _function(Tensor.permute, "permute")
broadcast_to = _function(Tensor.broadcast_to, "broadcast_to")
unbind = _function(Tensor.unbind, "unbind")
numel = _function(Tensor.numel, "numel")

matmul = _function(Tensor.matmul, "matmul")
mm = _function(Tensor.mm, "mm")
mv = _function(Tensor.mv, "mv")
bmm = _function(Tensor.bmm, "bmm")
dot = _function(Tensor.dot, "dot")


def pow(input: Any, exponent: Any) -> Tensor:
    """Raise the input to a power; one of the two may be a number."""
    if not isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        raise errors.not_a_tensor("pow", input)
    return input**exponent


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    return _where(condition, input, other)


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors along a dimension that they have."""
    if len(tensors) == 0:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    first = tensors[0]
    axis = first._axis(dim)
    for place, each in enumerate(tensors):
        if each.ndim != first.ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {first.ndim} and {each.ndim}"
            )
        for other, (size, own) in enumerate(zip(first.shape, each.shape, strict=True)):
            if other != axis and size != own:
                raise errors.cat_sizes_differ(axis, size, own, place)
    return apply_to_list(rules.cat, tensors, [each.shape[axis] for each in tensors], axis)


concat = concatenate = cat


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new dimension."""
    if len(tensors) == 0:
        raise RuntimeError("stack expects a non-empty TensorList")
    for place, each in enumerate(tensors):
        if each.shape != tensors[0].shape:
            raise errors.stack_sizes_differ(tensors[0].shape, each.shape, place)
    return apply_to_list(rules.stack, tensors, tensors[0]._axis(dim, extra=1))


def equal(input: Tensor, other: Tensor) -> bool:
    """Say whether two tensors have the same shape and the same elements."""
    return bool(np.array_equal(input._array, other._array))


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Say whether all elements of two tensors are about equal."""
    return bool(np.allclose(input._array, other._array, rtol, atol, equal_nan))


def isnan(input: Tensor) -> Tensor:
    """Say for each element whether it is not a number."""
    return wrap(np.isnan(input._array))


def isfinite(input: Tensor) -> Tensor:
    """Say for each element whether it is neither infinite nor not a number."""
    return wrap(np.isfinite(input._array))


def is_tensor(obj: Any) -> bool:
    """Say whether something is a tensor."""
    return isinstance(obj, Tensor)


def result_type(tensor1: Any, tensor2: Any) -> dtypes.dtype:
    """Return the dtype that an operation on the two would have."""
    return dtypes.result_dtype([getattr(each, "_array", each) for each in (tensor1, tensor2)])
