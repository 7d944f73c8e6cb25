"""What one does to the gradients of all parameters at once: keep them from growing too large."""

from __future__ import annotations

from collections.abc import Iterable

import chalkgrad
from chalkgrad.tensor import Tensor


@chalkgrad.no_grad()
def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, norm_type: float = 2.0
) -> Tensor:
    """Scale all gradients down together to a norm of at most `max_norm`; return the old norm."""
    gradients = _gradients(parameters)
    if not gradients:
        return chalkgrad.tensor(0.0)
    total = chalkgrad.stack([each.norm(norm_type) for each in gradients]).norm(norm_type)
    scale = (max_norm / (total + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(scale)
    return total


@chalkgrad.no_grad()
def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Move the elements of all gradients into [-clip_value, clip_value]."""
    for gradient in _gradients(parameters):
        gradient.clamp_(-clip_value, clip_value)


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [each.grad for each in listed if each.grad is not None]
