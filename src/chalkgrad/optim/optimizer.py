"""What all optimizers have in common: groups of parameters with settings, and a state for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any

import chalkgrad
from chalkgrad.nn.parameter import typename, zero_gradients
from chalkgrad.tensor import Tensor


class Optimizer:
    """The base of every optimizer: a subclass says in `step` how the parameters change.

    `param_groups` is a list of dicts: "params" and the settings that hold for these, taken from
    `defaults` where the caller gave none. `state` keeps what is remembered of each parameter.
    """

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], defaults: dict[str, Any]
    ) -> None:
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
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Optimize more parameters, with settings of their own."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the "
                "ordering of tensors in sets will change between runs. Please use a list instead."
            )
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
        if {id(each) for each in params} & {id(each) for each in self._parameters()}:
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def _parameters(self) -> Iterable[Tensor]:
        return chain.from_iterable(group["params"] for group in self.param_groups)

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
                        self._update(parameter, group)
        return loss

    def _update(self, parameter: Tensor, group: dict[str, Any]) -> None:
        """Change one parameter, which has a gradient."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Return state and settings, with the parameters' places instead of the parameters."""
        places: dict[int, int] = {}
        for parameter in self._parameters():
            places.setdefault(id(parameter), len(places))
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
                raise ValueError(
                    "loaded state dict contains a parameter group "
                    "that doesn't match the size of optimizer's group"
                )
            parameters.update(zip(new["params"], own["params"], strict=True))
            new["params"] = own["params"]
        self.param_groups = saved
        self.state = defaultdict(dict)
        for place, state in state_dict["state"].items():
            parameter = parameters[place]
            self.state[parameter] = {
                name: value.to(parameter.dtype)
                if isinstance(value, Tensor) and name != "step"
                else value
                for name, value in state.items()
            }

    def __repr__(self) -> str:
        text = f"{type(self).__name__} ("
        for place, group in enumerate(self.param_groups):
            settings = (
                f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params"
            )
            text += f"\nParameter Group {place}\n{''.join(settings)}"
        return f"{text})"
