"""The optimizers: each computes its update on arrays, then subtracts it from the parameter.

The order of operations is torch's, up to scales that are taken together to save a pass over the
arrays; so the numbers are torch's up to rounding. The formulas are those of torch's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import chalkgrad
from chalkgrad.optim.optimizer import Optimizer
from chalkgrad.tensor import Tensor

Parameters = Iterable[Tensor] | Iterable[dict[str, Any]]


class SGD(Optimizer):
    """Goes down the gradient; with momentum, down a running sum of gradients."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        _not_negative("learning rate", lr)
        _not_negative("momentum value", momentum)
        _not_negative("weight_decay value", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            **_refused(foreach=foreach, differentiable=differentiable, fused=fused),
        }
        super().__init__(params, defaults)

    def _update(self, parameter: Tensor, group: dict[str, Any]) -> None:
        direction = _gradient(parameter, group)
        momentum = float(group["momentum"])
        if momentum != 0:
            state = self.state[parameter]
            if state.get("momentum_buffer") is None:
                total = np.array(direction)
                state["momentum_buffer"] = chalkgrad.from_numpy(total)
            else:
                total = _array(state["momentum_buffer"])
                total *= momentum
                total += direction * (1.0 - group["dampening"]) if group["dampening"] else direction
            direction = direction + momentum * total if group["nesterov"] else total
        _subtract(parameter, direction * float(group["lr"]))


class Adam(Optimizer):
    """Divides a running mean of gradients by the root of the running mean of their squares."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        _not_negative("learning rate", lr)
        _not_negative("epsilon value", eps)
        for place, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {place}: {beta}")
        _not_negative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr,
            "betas": tuple(betas),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            **_refused(foreach=foreach, capturable=capturable),
            **_refused(differentiable=differentiable, fused=fused),
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def _update(self, parameter: Tensor, group: dict[str, Any]) -> None:
        lr = float(group["lr"])
        decoupled = group["decoupled_weight_decay"]
        if decoupled and group["weight_decay"] != 0:
            parameter.mul_(1 - lr * group["weight_decay"])
        gradient = _gradient(parameter, group, decays=not decoupled)
        names = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if group["amsgrad"] else [])]
        step, (mean, square, *largest) = _remembered(self.state[parameter], parameter, names)
        beta1, beta2 = group["betas"]

        work = np.empty_like(mean)
        np.subtract(gradient, mean, out=work)
        work *= 1 - beta1
        mean += work
        square *= beta2
        _add_square(square, gradient, 1 - beta2, work)
        if largest:
            np.maximum(largest[0], square, out=largest[0])
            square = largest[0]

        # lr / c1 * mean / (sqrt(square) / root + eps), with one division
        root = (1 - beta2**step) ** 0.5
        np.sqrt(square, out=work)
        work += group["eps"] * root
        np.divide(mean, work, out=work)
        work *= lr * root / (1 - beta1**step)
        _subtract(parameter, work)


class AdamW(Adam):
    """Adam with weights that decay by themselves, past the running means."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        **keywords: Any,
    ) -> None:
        if "decoupled_weight_decay" in keywords:
            raise TypeError(
                "AdamW.__init__() got an unexpected keyword argument 'decoupled_weight_decay'"
            )
        keywords["decoupled_weight_decay"] = True
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **keywords)


class RMSprop(Optimizer):
    """Divides the gradient by the root of the running mean of its squares."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        _not_negative("learning rate", lr)
        _not_negative("epsilon value", eps)
        _not_negative("momentum value", momentum)
        _not_negative("weight_decay value", weight_decay)
        _not_negative("alpha value", alpha)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "maximize": maximize,
            **_refused(capturable=capturable, foreach=foreach, differentiable=differentiable),
        }
        super().__init__(params, defaults)

    def _update(self, parameter: Tensor, group: dict[str, Any]) -> None:
        gradient = _gradient(parameter, group)
        momentum, alpha = float(group["momentum"]), float(group["alpha"])
        names = ["square_avg"]
        names += ["momentum_buffer"] if momentum > 0 else []
        names += ["grad_avg"] if group["centered"] else []
        _, arrays = _remembered(self.state[parameter], parameter, names)
        remembered = dict(zip(names, arrays, strict=True))

        square = remembered["square_avg"]
        work = np.empty_like(square)
        square *= alpha
        _add_square(square, gradient, 1 - alpha, work)
        if group["centered"]:
            mean = remembered["grad_avg"]
            np.subtract(gradient, mean, out=work)
            work *= 1 - alpha
            mean += work
            np.multiply(mean, mean, out=work)
            np.subtract(square, work, out=work)
            square = work
        np.sqrt(square, out=work)
        work += group["eps"]
        np.divide(gradient, work, out=work)
        if momentum > 0:
            total = remembered["momentum_buffer"]
            total *= momentum
            total += work
            np.copyto(work, total)
        work *= float(group["lr"])
        _subtract(parameter, work)


class Adagrad(Optimizer):
    """Divides the gradient by the root of the sum of all its squares so far."""

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        _not_negative("learning rate", lr)
        _not_negative("lr_decay value", lr_decay)
        _not_negative("weight_decay value", weight_decay)
        _not_negative("initial_accumulator_value value", initial_accumulator_value)
        _not_negative("epsilon value", eps)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "maximize": maximize,
            **_refused(foreach=foreach, differentiable=differentiable, fused=fused),
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for parameter in group["params"]:
                start = group["initial_accumulator_value"]
                self.state[parameter] = {
                    "step": chalkgrad.tensor(0.0),
                    "sum": chalkgrad.full_like(parameter, start),
                }

    def _update(self, parameter: Tensor, group: dict[str, Any]) -> None:
        gradient = _gradient(parameter, group)
        step, (total,) = _remembered(self.state[parameter], parameter, ["sum"])
        work = np.empty_like(total)
        _add_square(total, gradient, 1.0, work)
        np.sqrt(total, out=work)
        work += group["eps"]
        np.divide(gradient, work, out=work)
        work *= float(group["lr"]) / (1 + (step - 1) * group["lr_decay"])
        _subtract(parameter, work)


def _not_negative(name: str, value: float) -> None:
    if not value >= 0.0:  # NaN is refused too
        raise ValueError(f"Invalid {name}: {value}")


def _refused(**ways: bool | None) -> dict[str, bool | None]:
    """Let torch's ways of running a step through if they are not wanted."""
    for name, wanted in ways.items():
        if wanted:
            raise NotImplementedError(f"chalkgrad has no {name}=True: it runs a step in one way.")
    return ways


def _array(tensor: Tensor) -> Any:
    """Return the array of a tensor, sharing its memory."""
    return tensor.detach().numpy()


def _gradient(parameter: Tensor, group: dict[str, Any], decays: bool = True) -> Any:
    """Return what to go down, as an array that must not be changed."""
    assert parameter.grad is not None
    gradient = _array(parameter.grad)
    if group["maximize"]:
        gradient = -gradient
    if decays and group["weight_decay"] != 0:
        gradient = gradient + float(group["weight_decay"]) * _array(parameter)
    return gradient


def _remembered(
    state: dict[str, Any], parameter: Tensor, names: list[str]
) -> tuple[float, list[Any]]:
    """Count one step more, and return the count and the arrays; at first these are zeros."""
    if not state:
        state["step"] = chalkgrad.tensor(0.0)
        state.update((name, chalkgrad.zeros_like(parameter)) for name in names)
    state["step"] += 1
    return state["step"].item(), [_array(state[name]) for name in names]


def _add_square(total: Any, gradient: Any, scale: float, work: Any) -> None:
    """Add the scaled squares; `work` is an array to compute in."""
    np.multiply(gradient, gradient, out=work)
    work *= scale
    total += work


def _subtract(parameter: Tensor, update: Any) -> None:
    """Change the parameter through the tensor, so that a graph that saved it notices."""
    parameter.sub_(chalkgrad.from_numpy(np.asarray(update)))
