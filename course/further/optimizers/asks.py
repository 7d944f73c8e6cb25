"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call


def path(answer: Any, start: float, gradients: list[float], *, device: str) -> Any:
    """Return the weight after each step of a rule, for these gradients, with one memory for all."""
    import torch

    memory: dict[str, Any] = {}
    weight, weights = start, []
    for gradient in gradients:
        weight = call(answer, weight, gradient, memory, device=device)
        if weight is ...:
            return ...
        if isinstance(weight, complex):
            raise NotAskable(
                "The weight has become a complex number: somewhere the root of a negative number was "
                "taken. A mean of squares is never negative, nor is 1 - keep**n."
            )
        if isinstance(weight, torch.Tensor) and weight.numel() == 1:
            weight = weight.item()  # a root taken with torch.sqrt is a right one too
        weights.append(weight)
        if not isinstance(weight, (int, float)):
            break  # a rule that returns no number cannot go on from it
    return weights
