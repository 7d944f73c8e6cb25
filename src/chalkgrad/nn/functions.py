"""Activations and losses as modules: a row each, of the function that it applies and its settings.

The settings, with their defaults, are the arguments of the constructor and the attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any, ClassVar

from chalkgrad.functions import FUNCTIONS
from chalkgrad.nn import activations, losses
from chalkgrad.nn.module import Module
from chalkgrad.tensor import Tensor

__all__ = [
    "ELU", "GELU", "BCEWithLogitsLoss", "CrossEntropyLoss", "Flatten", "Hardtanh", "HuberLoss",
    "L1Loss", "LeakyReLU", "LogSigmoid", "LogSoftmax", "MSELoss", "NLLLoss", "ReLU", "SiLU",
    "Sigmoid", "SmoothL1Loss", "Softmax", "Softplus", "Softsign", "Tanh",
]  # fmt: skip


class _Function(Module):
    """Applies a function to its inputs and to its settings."""

    _function: ClassVar[Callable[..., Tensor]]
    __signature__: ClassVar[Signature]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        settings = self.__signature__.bind(*args, **kwargs)
        settings.apply_defaults()
        for name, value in settings.arguments.items():
            if name.endswith("weight"):  # it is not trained
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

    @staticmethod
    def _kind_of(name: str) -> Any:
        return Argument.POSITIONAL_OR_KEYWORD

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__signature__.parameters}

    def forward(self, *inputs: Tensor) -> Tensor:
        """Apply the function."""
        return self._function(*inputs, **self._settings())


class _Activation(_Function):
    def extra_repr(self) -> str:
        """Say the settings, and `inplace` where it holds."""
        settings = self._settings().items()
        return ", ".join(f"{k}={v!r}" for k, v in settings if k != "inplace" or v)


class _Loss(_Function):
    @staticmethod
    def _kind_of(name: str) -> Any:
        # torch has two arguments out of use after the weight: who gives more must name them.
        return Argument.POSITIONAL_OR_KEYWORD if name == "weight" else Argument.KEYWORD_ONLY


def _class(
    base: type[_Function], name: str, function: Callable[..., Tensor], **defaults: Any
) -> Any:
    """Make a class of a function and of its settings with their defaults."""
    arguments = [
        Argument(each, base._kind_of(each), default=default) for each, default in defaults.items()
    ]
    members = {
        "__doc__": f"Applies `functional.{function.__name__}`. {function.__doc__}",
        "__module__": __name__,
        "__signature__": Signature(arguments),
        "_function": staticmethod(function),
    }
    return type(name, (base,), members)


def _loss(name: str, function: Callable[..., Tensor], **defaults: Any) -> Any:
    return _class(_Loss, name, function, **defaults, reduction="mean")


_activation = partial(_class, _Activation)

ELU = _activation("ELU", activations.elu, alpha=1.0, inplace=False)
Flatten = _activation("Flatten", FUNCTIONS["flatten"], start_dim=1, end_dim=-1)
GELU = _activation("GELU", activations.gelu, approximate="none")
Hardtanh = _activation("Hardtanh", activations.hardtanh, min_val=-1.0, max_val=1.0, inplace=False)
LeakyReLU = _activation("LeakyReLU", activations.leaky_relu, negative_slope=0.01, inplace=False)
LogSigmoid = _activation("LogSigmoid", activations.logsigmoid)
LogSoftmax = _activation("LogSoftmax", activations.log_softmax, dim=None)
ReLU = _activation("ReLU", activations.relu, inplace=False)
SiLU = _activation("SiLU", activations.silu, inplace=False)
Sigmoid = _activation("Sigmoid", activations.sigmoid)
Softmax = _activation("Softmax", activations.softmax, dim=None)
Softplus = _activation("Softplus", activations.softplus, beta=1.0, threshold=20.0)
Softsign = _activation("Softsign", activations.softsign)
Tanh = _activation("Tanh", activations.tanh)

BCEWithLogitsLoss = _loss(
    "BCEWithLogitsLoss", losses.binary_cross_entropy_with_logits, weight=None, pos_weight=None
)
CrossEntropyLoss = _loss(
    "CrossEntropyLoss", losses.cross_entropy, weight=None, ignore_index=-100, label_smoothing=0.0
)
HuberLoss = _loss("HuberLoss", losses.huber_loss, delta=1.0)
L1Loss = _loss("L1Loss", losses.l1_loss)
MSELoss = _loss("MSELoss", losses.mse_loss)
NLLLoss = _loss("NLLLoss", losses.nll_loss, weight=None, ignore_index=-100)
SmoothL1Loss = _loss("SmoothL1Loss", losses.smooth_l1_loss, beta=1.0)
