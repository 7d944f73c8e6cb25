"""What all optimizers have in common: groups of parameters with settings, and a state for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import chalkgrad
from chalkgrad.nn.parameter import typename, zero_gradients
from chalkgrad.tensor import Tensor, bump, owned

Parameters = Iterable[Tensor] | Iterable[dict[str, Any]]

#: Settings that chalkgrad has for the sake of torch's `state_dict` and printing: with one value.
FIXED = {
    "amsgrad": False, "capturable": False, "centered": False, "dampening": 0, "foreach": None,
    "differentiable": False, "fused": None, "maximize": False,
}  # fmt: skip


class Optimizer:
    """The base of every optimizer: a subclass says in `_update` by how much a parameter changes.

    `param_groups` is a list of dicts: "params" and the settings that hold for these, taken from
    `defaults` where the caller gave none. `state` keeps what is remembered of each parameter.
    """

    def __init__(self, params: Parameters, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {typename(params)}"
            )
        self.defaults = defaults
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups: list[Any] = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Optimize more parameters, with settings of their own."""
        params = param_group["params"]
        params = param_group["params"] = [params] if isinstance(params, Tensor) else list(params)
        for parameter in params:
            if not isinstance(parameter, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, "
                    f"but one of the params is {typename(parameter)}"
                )
            if not parameter.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            param_group.setdefault(name, default)
        _refuse_others(param_group)
        if {id(each) for each in params} & {id(each) for each in self._parameters()}:
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def _parameters(self) -> list[Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero."""
        zero_gradients(self._parameters(), set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient.

        A `closure` computes the loss and the gradients anew; its result is returned.
        """
        loss = None
        if closure is not None:
            with chalkgrad.enable_grad():
                loss = closure()
        with chalkgrad.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        self._change(parameter, parameter.grad, group)
        return loss

    def _change(self, parameter: Tensor, grad: Tensor, group: dict[str, Any]) -> None:
        values, gradient = owned(parameter), owned(grad)
        decay = float(group["weight_decay"])
        if decay and group.get("decoupled_weight_decay"):
            values *= 1 - float(group["lr"]) * decay
        elif decay:
            gradient = gradient + decay * values
        values -= self._update(parameter, gradient, group)
        bump(parameter)  # a graph that saved the parameter must notice

    def _update(self, parameter: Tensor, gradient: Any, group: dict[str, Any]) -> Any:
        """Return what to subtract, an array; the gradient, an array too, must stay as it is."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Return state and settings, with the parameters' places instead of the parameters."""
        places = {id(parameter): place for place, parameter in enumerate(self._parameters())}
        return {
            "state": {places[id(parameter)]: state for parameter, state in self.state.items()},
            "param_groups": [
                {**group, "params": [places[id(parameter)] for parameter in group["params"]]}
                for group in self.param_groups
            ],
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take on state and settings; the parameters stay those of this optimizer."""
        saved = deepcopy(state_dict["param_groups"])
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        parameters: dict[int, Tensor] = {}
        for new, own in zip(saved, self.param_groups, strict=True):
            if len(new["params"]) != len(own["params"]):
                raise ValueError("loaded state dict contains a parameter group that doesn't match "
                                 "the size of optimizer's group")  # fmt: skip
            parameters.update(zip(new["params"], own["params"], strict=True))
            new["params"] = own["params"]
            _refuse_others(new)
        self.param_groups = saved
        self.state = defaultdict(dict)
        for place, state in state_dict["state"].items():
            for name, value in state.items():
                moves = isinstance(value, Tensor) and name != "step"
                dtype = parameters[place].dtype
                self.state[parameters[place]][name] = value.to(dtype) if moves else value

    def __repr__(self) -> str:
        text = f"{type(self).__name__} ("
        for place, group in enumerate(self.param_groups):
            settings = [
                f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params"
            ]
            text += f"\nParameter Group {place}\n{''.join(settings)}"
        return f"{text})"


def _refuse_others(group: dict[str, Any]) -> None:
    for name in FIXED:
        if group.get(name):
            raise NotImplementedError(f"chalkgrad has no {name}={group[name]} in its optimizers.")
