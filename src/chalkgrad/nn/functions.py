"""Activations and losses as modules: a row each, of the function in `functional` and its settings.

A row is a class: its annotations are the arguments of the constructor, and where it is printed and
what it hands to the function follow from them.
"""

from __future__ import annotations

from inspect import Parameter as Argument
from inspect import Signature, get_annotations
from typing import Any, ClassVar

from chalkgrad.nn import functional
from chalkgrad.nn.module import Module
from chalkgrad.tensor import Tensor

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "Hardtanh",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "Mish",
    "NLLLoss",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
    "Tanhshrink",
]


class _Function(Module):
    """Applies a function of `functional` to its inputs and to its settings."""

    _function: ClassVar[str]
    __signature__: ClassVar[Signature] = Signature()

    def __init_subclass__(cls, function: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if not function:
            return
        cls._function = function
        arguments = []
        for name in get_annotations(cls):
            default = cls.__dict__[name]
            delattr(cls, name)  # else it would hide a buffer of the same name
            arguments.append(Argument(name, cls._kind_of(name), default=default))
        if arguments:
            cls.__signature__ = Signature(arguments)

    @staticmethod
    def _kind_of(name: str) -> Any:
        return Argument.POSITIONAL_OR_KEYWORD

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        settings = self.__signature__.bind(*args, **kwargs)
        settings.apply_defaults()
        for name, value in settings.arguments.items():
            if name.endswith("weight"):  # it is not trained
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__signature__.parameters}

    def forward(self, *inputs: Tensor) -> Tensor:
        """Apply the function."""
        return getattr(functional, self._function)(*inputs, **self._settings())


class _Activation(_Function):
    def extra_repr(self) -> str:
        """Say the settings, and `inplace` where it holds."""
        settings = self._settings()
        if settings.get("inplace") is False:
            del settings["inplace"]
        return ", ".join(f"{name}={value!r}" for name, value in settings.items())


class Sigmoid(_Activation, function="sigmoid"):
    """1 / (1 + exp(-x))."""


class LogSigmoid(_Activation, function="logsigmoid"):
    """log(sigmoid(x)), without overflow."""


class Tanh(_Activation, function="tanh"):
    """tanh(x)."""


class Tanhshrink(_Activation, function="tanhshrink"):
    """x - tanh(x)."""


class Softsign(_Activation, function="softsign"):
    """x / (1 + |x|)."""


class ReLU(_Activation, function="relu"):
    """max(0, x)."""

    inplace: bool = False


class ReLU6(_Activation, function="relu6"):
    """min(max(0, x), 6)."""

    inplace: bool = False


class LeakyReLU(_Activation, function="leaky_relu"):
    """x where it is positive, a small part of it elsewhere."""

    negative_slope: float = 1e-2
    inplace: bool = False


class ELU(_Activation, function="elu"):
    """x where it is positive, alpha (exp(x) - 1) elsewhere."""

    alpha: float = 1.0
    inplace: bool = False


class SELU(_Activation, function="selu"):
    """ELU with the scales that keep mean 0 and variance 1 (Klambauer et al., 2017)."""

    inplace: bool = False


class GELU(_Activation, function="gelu"):
    """x times the normal distribution function at x, or its approximation by "tanh"."""

    approximate: str = "none"


class SiLU(_Activation, function="silu"):
    """x times sigmoid(x)."""

    inplace: bool = False


class Mish(_Activation, function="mish"):
    """x times tanh(softplus(x))."""

    inplace: bool = False


class Softplus(_Activation, function="softplus"):
    """log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold."""

    beta: float = 1.0
    threshold: float = 20.0


class Hardtanh(_Activation, function="hardtanh"):
    """x, moved onto the bounds where it is outside of them."""

    min_val: float = -1.0
    max_val: float = 1.0
    inplace: bool = False


class Softmax(_Activation, function="softmax"):
    """exp(x), divided by its sum along a dimension."""

    dim: int | None = None


class LogSoftmax(_Activation, function="log_softmax"):
    """log(softmax(x)), without overflow."""

    dim: int | None = None


class _Loss(_Function):
    """Compares an input with a target; `reduction` is "mean", "sum" or "none"."""

    @staticmethod
    def _kind_of(name: str) -> Any:
        # torch has two arguments out of use after the weight: who gives more must name them.
        return Argument.POSITIONAL_OR_KEYWORD if name == "weight" else Argument.KEYWORD_ONLY


class MSELoss(_Loss, function="mse_loss"):
    """The squared difference."""

    reduction: str = "mean"


class L1Loss(_Loss, function="l1_loss"):
    """The absolute difference."""

    reduction: str = "mean"


class SmoothL1Loss(_Loss, function="smooth_l1_loss"):
    """The absolute difference, less beta / 2; a parabola where it is smaller than beta."""

    reduction: str = "mean"
    beta: float = 1.0


class HuberLoss(_Loss, function="huber_loss"):
    """Half the squared difference; a line of slope delta where the difference is larger."""

    reduction: str = "mean"
    delta: float = 1.0


class KLDivLoss(_Loss, function="kl_div"):
    """The Kullback-Leibler divergence; the input holds logarithms of probabilities."""

    reduction: str = "mean"
    log_target: bool = False


class NLLLoss(_Loss, function="nll_loss"):
    """Minus the logarithm of the target class's probability; the input holds the logarithms."""

    weight: Tensor | None = None
    ignore_index: int = -100
    reduction: str = "mean"


class CrossEntropyLoss(_Loss, function="cross_entropy"):
    """NLLLoss of the log_softmax of the input; the target holds classes or probabilities."""

    weight: Tensor | None = None
    ignore_index: int = -100
    reduction: str = "mean"
    label_smoothing: float = 0.0


class BCELoss(_Loss, function="binary_cross_entropy"):
    """The cross entropy of yes and no; the input holds probabilities."""

    weight: Tensor | None = None
    reduction: str = "mean"


class BCEWithLogitsLoss(_Loss, function="binary_cross_entropy_with_logits"):
    """BCELoss of the sigmoid of the input; `pos_weight` counts the yes of each class."""

    weight: Tensor | None = None
    reduction: str = "mean"
    pos_weight: Tensor | None = None
