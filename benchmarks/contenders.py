"""Engines behind one shape, so that the parts of a gradient's life can be timed apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from autograd.differential_operators import make_vjp
from autograd.extend import vspace
from micrograd.engine import Value

Arrays = Sequence[Any]


@dataclass(frozen=True)
class Contender:
    """One way to do a workload's work.

    `leaves()` gives what the gradients are for. Then `graph = forward(*leaves)`,
    `result = backward(graph)` and `update(leaves, result)` are timed, and last that the graph is
    dropped. What came out is said by `value(graph)` and, before the update, by
    `gradients(leaves, result)`.
    """

    leaves: Callable[[], Arrays]
    forward: Callable[..., Any]
    backward: Callable[[Any], Any]
    value: Callable[[Any], Any]
    gradients: Callable[[Arrays, Any], Arrays]
    update: Callable[[Arrays, Any], None] | None = None


def by_hand(
    starts: Arrays,
    forward: Callable[..., tuple],
    backward: Callable[[Any], Arrays],
    rate: float | None = None,
) -> Contender:
    """Return NumPy without an engine.

    Args:
        starts: the leaves' values; copied where they learn.
        forward: takes the leaves, returns the value and then whatever `backward` needs.
        backward: takes what `forward` returned, returns a new array for each leaf: its gradient.
        rate: how far to go against the gradients; None where nothing learns.
    """

    def update(leaves: Arrays, gradients: Any) -> None:
        for leaf, gradient in zip(leaves, gradients, strict=True):
            gradient *= step
            leaf -= gradient

    step = np.float32(rate or 0)
    own = starts if rate is None else [start.copy() for start in starts]
    return Contender(
        leaves=lambda: own,
        forward=forward,
        backward=backward,
        value=lambda graph: graph[0],
        gradients=lambda leaves, gradients: gradients,
        update=None if rate is None else update,
    )


def with_engine(
    engine: Any,
    starts: Arrays,
    function: Callable[..., Any],
    cotangent: Any = None,
    rate: float | None = None,
) -> Contender:
    """Return chalkgrad or torch, which read the same.

    Args:
        engine: the module.
        starts: the leaves' values.
        function: takes a tensor for each leaf and returns the result.
        cotangent: what `backward` starts from; None where the result is one number.
        rate: how far to go against the gradients; None where nothing learns.
    """

    def fresh() -> Arrays:
        return [tensor.detach().requires_grad_() for tensor in tensors]

    def update(leaves: Arrays, result: Any) -> None:
        with engine.no_grad():
            for leaf in leaves:
                leaf -= rate * leaf.grad
                leaf.grad = None

    tensors = [engine.tensor(start) for start in starts]
    start_from = None if cotangent is None else engine.tensor(cotangent)
    learning = fresh()
    return Contender(
        leaves=fresh if rate is None else lambda: learning,
        forward=function,
        backward=lambda output: output.backward(start_from),
        value=lambda output: output.detach().numpy(),
        gradients=lambda leaves, result: [leaf.grad.numpy().copy() for leaf in leaves],
        update=None if rate is None else update,
    )


def with_autograd(
    starts: Arrays,
    function: Callable[..., Any],
    cotangent: Any = None,
    rate: float | None = None,
) -> Contender:
    """Return HIPS autograd; the arguments are those of `with_engine`, `function` takes arrays."""

    def backward(graph: Any) -> Any:
        vjp, value = graph
        # As its own `grad` begins, where the result is one number.
        return vjp(vspace(value).ones() if cotangent is None else cotangent)

    def update(leaves: Arrays, gradients: Any) -> None:
        for leaf, gradient in zip(leaves, gradients, strict=True):
            leaf -= np.float32(rate or 0) * gradient

    differentiate: Any = make_vjp  # takes many arguments at once too, and is typed as if not
    own = starts if rate is None else [start.copy() for start in starts]
    return Contender(
        leaves=lambda: own,
        forward=differentiate(function, tuple(range(len(starts)))),
        backward=backward,
        value=lambda graph: graph[1],
        gradients=lambda leaves, gradients: gradients,
        update=None if rate is None else update,
    )


def with_micrograd(starts: Sequence[float], function: Callable[..., Any]) -> Contender:
    """Return micrograd, which knows single numbers only, and recurses: small graphs only."""
    return Contender(
        leaves=lambda: [Value(start) for start in starts],
        forward=function,
        backward=lambda output: output.backward(),
        value=lambda output: output.data,
        gradients=lambda leaves, result: [leaf.grad for leaf in leaves],
    )
