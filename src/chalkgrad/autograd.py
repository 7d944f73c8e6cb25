"""Gradients asked for by name: what backward would add to `.grad`, returned instead."""

from __future__ import annotations

from collections.abc import Sequence

from chalkgrad import errors
from chalkgrad.tensor import Tensor, run


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Tensor | None, ...]:
    """Return the gradient of the sum of the outputs for each input; no `.grad` changes.

    `grad_outputs` says how much each element of each output counts. With `create_graph` the
    gradients can be differentiated again.
    """
    outputs = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None or isinstance(grad_outputs, Tensor):
        grad_outputs = (grad_outputs,) * len(outputs)
    gradients = run(
        outputs,
        grad_outputs,
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        wanted=inputs,
    )
    if not allow_unused:
        for place, gradient in enumerate(gradients):
            if gradient is None:
                raise errors.input_not_used(place)
    return tuple(gradients)


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> None:
    """Add the gradients of the sum of several tensors to the `.grad` of their leaves."""
    tensors = (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
    if grad_tensors is None or isinstance(grad_tensors, Tensor):
        grad_tensors = (grad_tensors,) * len(tensors)
    run(
        tensors,
        grad_tensors,
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
    )
