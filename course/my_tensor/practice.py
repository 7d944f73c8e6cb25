"""MyTensor at the end of the section on practice: the same walk back, with the habits of torch.

Here stands what is new: what is tracked, and where gradients are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from course.my_tensor import mathematics
from course.my_tensor.mathematics import Pull, in_order, unbroadcast

_is_recording = ContextVar("is_recording", default=True)


class MyTensor(mathematics.MyTensor):
    """An array that is tracked if it is asked to be, or was calculated from one that is.

    `backward` adds to `.grad`, and only on leaves that require it; call `retain_grad` to see the
    gradient of another node. Reset a gradient by `leaf.grad = None`.
    """

    def __init__(self, value: Any, requires_grad: bool = False) -> None:
        super().__init__(value)
        self.requires_grad = requires_grad
        self._retains_grad = False

    @property
    def is_leaf(self) -> bool:
        """Whether this was not calculated from anything that is tracked."""
        return not self.parents

    def backward(self) -> None:
        """Add to `.grad` of each tracked leaf the gradient of this node's sum by it."""
        order = [node for node in in_order(self) if node.requires_grad]
        gradients = {node: np.zeros_like(node.value) for node in order}
        gradients[self] = np.ones_like(self.value)
        for node in reversed(order):
            if node.is_leaf or node._retains_grad:
                before = 0 if node.grad is None else node.grad
                node.grad = before + gradients[node]
            if node.pull is None:
                continue
            for parent, gradient in zip(node.parents, node.pull(gradients[node]), strict=True):
                if parent.requires_grad:
                    gradients[parent] += unbroadcast(gradient, parent.value.shape)

    def retain_grad(self) -> None:
        """Ask for this node's gradient to be kept, although it is no leaf."""
        self._retains_grad = True

    def item(self) -> float:
        """Return the one number that this holds, as a Python float."""
        return self.value.item()

    def detach(self) -> MyTensor:
        """Return the same numbers, in the same memory, without a history."""
        return type(self)(self.value)

    def _result(
        self, value: Any, parents: tuple[MyTensor, ...], pull: Pull, operation: str
    ) -> MyTensor:
        result = type(self)(value)
        if _is_recording.get() and any(parent.requires_grad for parent in parents):
            result.requires_grad = True
            result.parents, result.pull, result.operation = parents, pull, operation
        return result

    def _node(self, other: Any) -> MyTensor:
        return other if isinstance(other, MyTensor) else type(self)(other)


@contextmanager
def no_grad() -> Iterator[None]:
    """Calculate without recording, as in a step that changes weights."""
    token = _is_recording.set(False)
    try:
        yield
    finally:
        _is_recording.reset(token)
