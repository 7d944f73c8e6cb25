"""Gradients asked for by name, and backward watched as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import errors
from chalkgrad.function import Function, several
from chalkgrad.grad_modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from chalkgrad.graph import Edge, run_backward
from chalkgrad.tensor import Tensor, node_of, seed_of, wrap

__all__ = ["Function", "enable_grad", "inference_mode", "no_grad", "set_grad_enabled"]

Tensors = Tensor | Sequence[Tensor]
Seeds = Tensor | Sequence[Tensor | None] | None


def grad(
    outputs: Tensors, inputs: Tensors, grad_outputs: Seeds = None,
    retain_graph: bool | None = None, create_graph: bool = False, allow_unused: bool | None = None,
    *, materialize_grads: bool = False,
) -> tuple[Any, ...]:  # fmt: skip
    """Return the gradient of the sum of the outputs for each input; no `.grad` changes.

    `grad_outputs` says how much each element of each output counts. With `create_graph` the
    gradients can be differentiated again. An input that the outputs do not depend on is an error,
    or has the gradient None (`allow_unused`) or zeros (`materialize_grads`).
    """
    outputs, inputs = several(outputs), several(inputs)
    weights = (None,) * len(outputs) if grad_outputs is None else several(grad_outputs)
    if len(outputs) != len(weights):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(weights)} gradients")
    triples = zip(outputs, weights, range(len(outputs)), strict=True)
    seeds = [seed_of(output, weight, create_graph, place) for output, weight, place in triples]
    nodes, ends = ([node_of(each) for each in tensors] for tensors in (inputs, outputs))
    if not all(nodes):
        raise errors.input_without_grad()
    keep = create_graph if retain_graph is None else retain_graph
    arrived = run_backward(ends, seeds, keep, create_graph, set(nodes))
    found = [arrived.get(node) for node in nodes]
    for place, gradient in enumerate(found):
        if gradient is None and materialize_grads:
            found[place] = np.zeros_like(inputs[place]._array)
        elif gradient is None and not allow_unused:
            raise errors.input_not_used(place)
    return tuple(each if each is None or isinstance(each, Tensor) else wrap(each) for each in found)


class Step(NamedTuple):
    """One node that backward visited, the gradient that came, and what each input got of it."""

    node: Any
    upstream: Any
    passed_on: tuple[Any, ...]


def trace(output: Tensor, gradient: Tensor | None = None) -> list[Step]:
    """Return the steps of a backward from the output, in order; change no `.grad`, free nothing."""
    steps: list[Step] = []

    def watch(node: Any, upstream: Any, passed_on: list[Any]) -> None:
        if hasattr(node, "name"):  # not the helpers between the nodes
            ways = zip(node.parents, passed_on, strict=False)
            given = (way.pull(part, ())[0] if isinstance(way, Edge) else part for way, part in ways)
            tracked = node.pullback.tracked if passed_on else ()
            parts = tuple(_tensor(next(given)) if it else None for it in tracked)
            steps.append(Step(node, _tensor(upstream), parts))

    seeds = (seed_of(output, gradient, False),)
    run_backward((node_of(output),), seeds, True, wanted=(), watch=watch)
    return steps


def _tensor(value: Any) -> Any:
    if isinstance(value, dict):  # of a node with several results, by their places
        return {place: wrap(part) for place, part in value.items()}
    return wrap(value)


def __getattr__(name: str) -> Any:
    """Import what is rarely used when it is first asked for."""
    if name not in ("functional", "gradcheck", "gradgradcheck"):
        raise AttributeError(f"module 'chalkgrad.autograd' has no attribute {name!r}")
    from chalkgrad import functional

    return functional if name == "functional" else getattr(functional, name)
