"""A parameter is a tensor that a module recognises as its own and an optimizer changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import chalkgrad
from chalkgrad.tensor import Tensor


class Parameter(Tensor):
    """A tensor that, assigned to an attribute of a module, is one of the module's parameters.

    It shares the memory of `data`, and it is a leaf that requires a gradient unless told otherwise.
    """

    __slots__ = ()

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """Make it of a tensor; without one it is empty."""
        if data is None:
            data = chalkgrad.empty(0)
        return cls._sharing(data, requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.data, self.requires_grad)


def zero_gradients(parameters: Iterable[Tensor], set_to_none: bool) -> None:
    """Forget the gradients, or set them to zero."""
    for parameter in parameters:
        gradient = parameter.grad
        if set_to_none or gradient is None:
            parameter.grad = None
            continue
        if gradient.requires_grad:
            gradient = parameter.grad = gradient.detach()
        gradient.zero_()


def typename(value: Any) -> str:
    """Name the type of a value as torch does in its refusals."""
    if isinstance(value, Tensor):
        return f"torch.{value.dtype.long_name}Tensor"
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
