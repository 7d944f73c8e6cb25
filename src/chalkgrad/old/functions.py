"""The operations as functions, `chalkgrad.sin(x)`, beside the methods of the tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, rules
from chalkgrad.rules import Operation
from chalkgrad.tensor import Tensor, apply, apply_to_list, wrap
from chalkgrad.tensor import where as _where

__all__ = [
    "allclose", "cat", "concat", "concatenate", "equal", "is_tensor", "isfinite", "isnan", "pow",
    "result_type", "stack", "where",
]  # fmt: skip


def _function(name: str) -> Callable[..., Any]:
    """Make the function for a method; it refuses what is no tensor, in torch's words."""
    method = getattr(Tensor, name)

    @wraps(method)
    def function(input: Tensor, *arguments: Any, **options: Any) -> Any:
        if not isinstance(input, Tensor):
            raise errors.not_a_tensor(function=name, value=input)
        return method(input, *arguments, **options)

    function.__name__ = function.__qualname__ = name
    return function


def _arithmetic(name: str, row: Operation) -> Callable[..., Any]:
    """Make the function for an arithmetic method, whose first operand may be a number."""
    method = _function(name)

    @wraps(method)
    def function(input: Any, other: Any, **options: Any) -> Tensor:
        if isinstance(input, (int, float)) and isinstance(other, Tensor):
            return apply(row, input, other)
        result = method(input, other, **options)
        if result is NotImplemented:
            raise TypeError(
                f"{name}(): argument 'other' (position 2) must be Tensor, "
                f"not {type(other).__name__}"
            )
        return result

    return function


# The functions that are the method of the same name, called with the tensor first.
_METHODS = """
neg negative abs absolute square sqrt rsqrt reciprocal exp expm1 log log1p log2 log10
sin cos tan sinh cosh tanh asin arcsin acos arccos atan arctan sigmoid relu
sign floor ceil trunc round clamp clip maximum minimum clone
lt less le less_equal gt greater ge greater_equal eq ne not_equal
sum mean var std prod amax amin max min argmax argmin all any
reshape flatten squeeze unsqueeze transpose t permute broadcast_to unbind numel
matmul mm mv bmm dot
"""

# Those whose first operand may be a number, with the row for that case.
_ARITHMETIC = {
    "add": rules.add,
    "sub": rules.sub,
    "subtract": rules.sub,
    "mul": rules.mul,
    "multiply": rules.mul,
    "div": rules.div,
    "divide": rules.div,
    "true_divide": rules.div,
}

#: All of these, by name.
FROM_METHODS: dict[str, Callable[..., Any]] = {
    **{name: _function(name) for name in _METHODS.split()},
    **{name: _arithmetic(name, row) for name, row in _ARITHMETIC.items()},
}


def pow(input: Any, exponent: Any) -> Tensor:
    """Raise the input to a power; one of the two may be a number."""
    if not isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        raise errors.not_a_tensor(function="pow", value=input)
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
                raise errors.cat_sizes_differ(axis=axis, expected=size, found=own, place=place)
    return apply_to_list(rules.cat, tensors, [each.shape[axis] for each in tensors], axis)


concat = concatenate = cat


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new dimension."""
    if len(tensors) == 0:
        raise RuntimeError("stack expects a non-empty TensorList")
    for place, each in enumerate(tensors):
        if each.shape != tensors[0].shape:
            raise errors.stack_sizes_differ(first=tensors[0].shape, other=each.shape, place=place)
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
