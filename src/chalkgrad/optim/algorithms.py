"""The optimizers: each computes, on arrays, by how much a parameter changes.

The order of operations is torch's, up to scales that are taken together to save a pass over the
arrays; so the numbers are torch's up to rounding. The formulas are those of torch's documentation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import chalkgrad
from chalkgrad.optim.optimizer import FIXED, Optimizer, Parameters
from chalkgrad.tensor import Tensor, owned

_WORDS = {
    "lr": "learning rate", "eps": "epsilon value", "momentum": "momentum value",
    "weight_decay": "weight_decay value", "alpha": "alpha value",
}  # fmt: skip


class SGD(Optimizer):
    """Goes down the gradient; with momentum, down a running sum of gradients."""

    def __init__(
        self, params: Parameters, lr: float = 1e-3, momentum: float = 0, *,
        weight_decay: float = 0, nesterov: bool = False, **fixed: Any,
    ) -> None:  # fmt: skip
        if nesterov and momentum <= 0:
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        settings = _checked(
            fixed, "dampening maximize foreach differentiable fused", lr=lr, momentum=momentum,
            weight_decay=weight_decay, nesterov=nesterov,
        )  # fmt: skip
        super().__init__(params, settings)

    def _update(self, parameter: Tensor, gradient: Any, group: dict[str, Any]) -> Any:
        momentum = float(group["momentum"])
        if momentum:
            state = self.state[parameter]
            if state.get("momentum_buffer") is None:
                total = np.array(gradient)
                state["momentum_buffer"] = chalkgrad.from_numpy(total)
            else:
                total = owned(state["momentum_buffer"])
                total *= momentum
                total += gradient
            gradient = gradient + momentum * total if group["nesterov"] else total
        return gradient * float(group["lr"])


class Adam(Optimizer):
    """Divides a running mean of gradients by the root of the running mean of their squares."""

    def __init__(
        self, params: Parameters, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0, *, decoupled_weight_decay: bool = False,
        **fixed: Any,
    ) -> None:  # fmt: skip
        for place, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {place}: {beta}")
        settings = _checked(
            fixed, "amsgrad maximize foreach capturable differentiable fused", lr=lr,
            betas=tuple(betas), eps=eps, weight_decay=weight_decay,
            decoupled_weight_decay=decoupled_weight_decay,
        )  # fmt: skip
        super().__init__(params, settings)

    def _update(self, parameter: Tensor, gradient: Any, group: dict[str, Any]) -> Any:
        state = self.state[parameter]
        step = _started(state, gradient, "exp_avg", "exp_avg_sq")
        beta1, beta2 = group["betas"]
        mean, square = owned(state["exp_avg"]), owned(state["exp_avg_sq"])
        work = np.subtract(gradient, mean, out=np.empty_like(mean))
        work *= 1 - beta1
        mean += work
        _move_to_square(square, gradient, beta2, work)
        # lr / c1 * mean / (sqrt(square) / root + eps), with one division
        root = (1 - beta2**step) ** 0.5
        np.sqrt(square, out=work)
        work += group["eps"] * root
        np.divide(mean, work, out=work)
        work *= float(group["lr"]) * root / (1 - beta1**step)
        return work


class AdamW(Adam):
    """Adam with weights that decay by themselves, past the running means."""

    def __init__(
        self, params: Parameters, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 1e-2, **fixed: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, lr, betas, eps, weight_decay, decoupled_weight_decay=True, **fixed)


class RMSprop(Optimizer):
    """Divides the gradient by the root of the running mean of its squares."""

    def __init__(
        self, params: Parameters, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
        weight_decay: float = 0, momentum: float = 0, **fixed: Any,
    ) -> None:  # fmt: skip
        settings = _checked(
            fixed, "centered maximize capturable foreach differentiable", lr=lr, momentum=momentum,
            alpha=alpha, eps=eps, weight_decay=weight_decay,
        )  # fmt: skip
        super().__init__(params, settings)

    def _update(self, parameter: Tensor, gradient: Any, group: dict[str, Any]) -> Any:
        momentum, lr = float(group["momentum"]), float(group["lr"])
        state = self.state[parameter]
        _started(state, gradient, "square_avg", *(["momentum_buffer"] if momentum > 0 else []))
        square = owned(state["square_avg"])
        work = np.empty_like(square)
        _move_to_square(square, gradient, float(group["alpha"]), work)
        np.sqrt(square, out=work)
        work += group["eps"]
        np.divide(gradient, work, out=work)
        if momentum > 0:
            total = owned(state["momentum_buffer"])
            total *= momentum
            total += work
            return total * lr
        work *= lr
        return work


def _checked(fixed: dict[str, Any], known: str, **settings: Any) -> dict[str, Any]:
    """Check settings, and add those that have one value."""
    for name, words in _WORDS.items():
        if not settings.get(name, 0) >= 0.0:  # NaN is refused too
            raise ValueError(f"Invalid {words}: {settings[name]}")
    for name in fixed:
        if name not in known.split():
            raise TypeError(f"an optimizer got an unexpected keyword argument '{name}'")
    return {**settings, **{name: fixed.get(name, FIXED[name]) for name in known.split()}}


def _started(state: dict[str, Any], gradient: Any, *names: str) -> float:
    """Count one step more, and return the count; before the first, remember zeros."""
    if not state:
        state["step"] = chalkgrad.tensor(0.0)
        state.update((name, chalkgrad.from_numpy(np.zeros_like(gradient))) for name in names)
    state["step"] += 1
    return state["step"].item()


def _move_to_square(mean: Any, gradient: Any, kept: float, work: Any) -> None:
    """Move a running mean of squares; `work` is an array to compute in."""
    mean *= kept
    np.multiply(gradient, gradient, out=work)
    work *= 1 - kept
    mean += work
