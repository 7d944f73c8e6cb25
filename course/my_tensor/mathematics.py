"""MyTensor at the end of the section on mathematics: it walks its graph back, by the chain rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Pull = Callable[[np.ndarray], tuple[np.ndarray, ...]]


class MyTensor:
    """An array in a computational graph.

    `value` is a NumPy array of float64. `pull` turns the upstream gradient, which has the shape of
    `value`, into one gradient for each of the `parents`; it is None for what was not calculated.
    After `backward`, `grad` is the gradient of the output by this node, in the shape of `value`.
    """

    # NumPy leaves `array * MyTensor` to us.
    __array_ufunc__ = None

    def __init__(
        self,
        value: Any,
        parents: tuple[MyTensor, ...] = (),
        pull: Pull | None = None,
        operation: str = "",
    ) -> None:
        self.value = np.asarray(value, dtype=np.float64)
        self.parents = parents
        self.pull = pull
        self.operation = operation
        self.grad: np.ndarray | None = None

    def __repr__(self) -> str:
        return f"MyTensor({self.value})"

    def backward(self) -> None:
        """Fill in `.grad` of every node that this one was made of, its own first."""
        order = in_order(self)
        for node in order:
            node.grad = np.zeros_like(node.value)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            if node.pull is None:
                continue
            for parent, gradient in zip(node.parents, node.pull(node.grad), strict=True):
                # Paths meet here, so what comes is added.
                parent.grad = parent.grad + unbroadcast(gradient, parent.value.shape)

    def _result(
        self, value: Any, parents: tuple[MyTensor, ...], pull: Pull, operation: str
    ) -> MyTensor:
        return MyTensor(value, parents, pull, operation)

    def _node(self, other: Any) -> MyTensor:
        """Return a node as it is, and numbers as a node without parents."""
        return other if isinstance(other, MyTensor) else MyTensor(other)

    # --- Operations: what is calculated, and how a gradient comes back.

    def __add__(self, other: Any) -> MyTensor:
        other = self._node(other)
        return self._result(self.value + other.value, (self, other), lambda g: (g, g), "add")

    def __mul__(self, other: Any) -> MyTensor:
        other = self._node(other)
        a, b = self.value, other.value
        return self._result(a * b, (self, other), lambda g: (g * b, g * a), "mul")

    def __truediv__(self, other: Any) -> MyTensor:
        other = self._node(other)
        a, b = self.value, other.value
        return self._result(a / b, (self, other), lambda g: (g / b, -g * a / b**2), "div")

    def __pow__(self, exponent: float) -> MyTensor:
        a = self.value
        return self._result(
            a**exponent, (self,), lambda g: (g * exponent * a ** (exponent - 1),), "pow"
        )

    def __matmul__(self, other: Any) -> MyTensor:
        other = self._node(other)
        a, b = self.value, other.value
        if not a.ndim == b.ndim == 2:
            raise ValueError(f"@ takes two matrices; these have shapes {a.shape} and {b.shape}.")
        return self._result(a @ b, (self, other), lambda g: (g @ b.T, a.T @ g), "matmul")

    def __neg__(self) -> MyTensor:
        return self._result(-self.value, (self,), lambda g: (-g,), "neg")

    def __sub__(self, other: Any) -> MyTensor:
        return self + -self._node(other)

    def __radd__(self, other: Any) -> MyTensor:
        return self._node(other) + self

    def __rmul__(self, other: Any) -> MyTensor:
        return self._node(other) * self

    def __rsub__(self, other: Any) -> MyTensor:
        return self._node(other) - self

    def __rtruediv__(self, other: Any) -> MyTensor:
        return self._node(other) / self

    def __rmatmul__(self, other: Any) -> MyTensor:
        return self._node(other) @ self

    def sum(self) -> MyTensor:
        """Return the sum of all elements."""
        shape = self.value.shape
        return self._result(
            self.value.sum(), (self,), lambda g: (np.broadcast_to(g, shape),), "sum"
        )

    def mean(self) -> MyTensor:
        """Return the mean of all elements."""
        return self.sum() / self.value.size

    def exp(self) -> MyTensor:
        """Return e to the power of each element."""
        out = np.exp(self.value)
        return self._result(out, (self,), lambda g: (g * out,), "exp")

    def sin(self) -> MyTensor:
        """Return the sine of each element, in radians."""
        a = self.value
        return self._result(np.sin(a), (self,), lambda g: (g * np.cos(a),), "sin")

    def tanh(self) -> MyTensor:
        """Return the hyperbolic tangent of each element."""
        out = np.tanh(self.value)
        return self._result(out, (self,), lambda g: (g * (1 - out**2),), "tanh")

    def relu(self) -> MyTensor:
        """Return each element, and zero in the place of those below zero."""
        a = self.value
        return self._result(np.maximum(a, 0), (self,), lambda g: (g * (a > 0),), "relu")


def in_order(output: MyTensor) -> list[MyTensor]:
    """Return the nodes that an output was made of, each after its parents, the output last.

    It keeps its own list of what is still to do, since a graph may be deeper than Python recurses.
    """
    order: list[MyTensor] = []
    seen: set[MyTensor] = set()
    to_do = [(output, False)]
    while to_do:
        node, parents_are_done = to_do.pop()
        if parents_are_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            to_do.append((node, True))
            to_do.extend((parent, False) for parent in node.parents)
    return order


def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum a gradient over the axes that were stretched forward, until it has the given shape."""
    added = tuple(range(gradient.ndim - len(shape)))
    gradient = gradient.sum(axis=added)
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=stretched, keepdims=True)
