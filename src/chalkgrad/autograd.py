"""Gradients asked for by name, and backward watched as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalkgrad import errors
from chalkgrad.function import Function
from chalkgrad.grad_modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from chalkgrad.graph import run_backward
from chalkgrad.tensor import Tensor, gradients_at, node_of, seed_of, wrap

__all__ = [
    "Function", "Step", "backward", "enable_grad", "functional", "grad", "gradcheck",
    "gradgradcheck", "inference_mode", "no_grad", "set_grad_enabled", "trace",
]  # fmt: skip


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Return the gradient of the sum of the outputs for each input; no `.grad` changes.

    `grad_outputs` says how much each element of each output counts. With `create_graph` the
    gradients can be differentiated again.
    """
    outputs, inputs = _several(outputs), _several(inputs)
    if is_grads_batched:
        raise NotImplementedError("chalkgrad has no is_grads_batched: call grad once per row.")
    seeds = _seeds(outputs, grad_outputs, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    found = gradients_at(inputs, outputs, seeds, keep, create_graph)
    for place, (gradient, input) in enumerate(zip(found, inputs, strict=True)):
        if gradient is None and materialize_grads:
            found[place] = input._array * 0
        elif gradient is None and not allow_unused:
            raise errors.input_not_used(place)
    return tuple(each if each is None or isinstance(each, Tensor) else wrap(each) for each in found)


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> None:
    """Add the gradients of the sum of several tensors to the `.grad` of their leaves."""
    tensors = _several(tensors)
    seeds = _seeds(tensors, grad_tensors, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    run_backward([node_of(each) for each in tensors], seeds, keep, create_graph)


@dataclass(frozen=True)
class Step:
    """One node that backward visited: the gradient that came, and those that it passed on.

    The gradients passed on stand in the order of the node's inputs, None where none goes.
    """

    node: Any
    upstream: Any
    passed_on: tuple[Any, ...]


def trace(output: Tensor, gradient: Tensor | None = None) -> list[Step]:
    """Return the steps of a backward from the output, in order; change no `.grad`, free nothing."""
    steps: list[Step] = []

    def watch(node: Any, upstream: Any, passed_on: list[Any]) -> None:
        if hasattr(node, "name"):  # not the helpers between the nodes
            given = iter(passed_on)
            tracked = node.pullback.tracked if passed_on else ()
            parts = tuple(_tensor(next(given)) if it else None for it in tracked)
            steps.append(Step(node, _tensor(upstream), parts))

    seed = seed_of(output, gradient, False)
    run_backward((node_of(output),), (seed,), True, wanted=(), watch=watch)
    return steps


def _tensor(value: Any) -> Any:
    if isinstance(value, dict):
        return {place: wrap(part) for place, part in value.items()}
    return wrap(value)


def _several(tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _seeds(outputs: Sequence[Tensor], gradients: Any, create_graph: bool) -> list[Any]:
    if gradients is None or isinstance(gradients, Tensor):
        gradients = (gradients,) * len(outputs)
    pairs = zip(outputs, gradients, strict=True)
    return [seed_of(output, each, create_graph, place) for place, (output, each) in enumerate(pairs)]


def __getattr__(name: str) -> Any:
    """Import what is rarely used when it is first asked for."""
    from chalkgrad import functional

    if name in ("gradcheck", "gradgradcheck"):
        return getattr(functional, name)
    if name == "functional":
        return functional
    raise AttributeError(f"module 'chalkgrad.autograd' has no attribute {name!r}")
