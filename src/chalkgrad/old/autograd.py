"""Gradients asked for by name: what backward would add to `.grad`, returned instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalkgrad import errors
from chalkgrad.graph import run_backward
from chalkgrad.tensor import Tensor, gradients_at, seed_of, wrap


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
    outputs, inputs = _several(outputs), _several(inputs)
    gradients = gradients_at(
        inputs,
        outputs,
        _seeds(outputs, grad_outputs, create_graph),
        create_graph if retain_graph is None else retain_graph,
        create_graph,
    )
    if not allow_unused:
        for place, gradient in enumerate(gradients):
            if gradient is None:
                raise errors.input_not_used(place=place)
    return tuple(
        gradient if gradient is None or isinstance(gradient, Tensor) else wrap(gradient)
        for gradient in gradients
    )


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Tensor | Sequence[Tensor | None] | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> None:
    """Add the gradients of the sum of several tensors to the `.grad` of their leaves."""
    tensors = _several(tensors)
    run_backward(
        [tensor._node for tensor in tensors],
        _seeds(tensors, grad_tensors, create_graph),
        create_graph if retain_graph is None else retain_graph,
        create_graph,
    )


def _several(tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _seeds(
    outputs: Sequence[Tensor],
    gradients: Tensor | Sequence[Tensor | None] | None,
    create_graph: bool,
) -> list[Any]:
    if gradients is None or isinstance(gradients, Tensor):
        gradients = (gradients,) * len(outputs)
    return [
        seed_of(output, gradient, create_graph)
        for output, gradient in zip(outputs, gradients, strict=True)
    ]
