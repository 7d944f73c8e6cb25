"""An autograd engine from scratch on NumPy, with torch's names and torch's answers."""

from chalkgrad.creation import tensor
from chalkgrad.dtypes import complex64, complex128, float16, float32, float64, int32, int64
from chalkgrad.functions import cos, exp, log, sin, sqrt, tanh
from chalkgrad.grad_modes import enable_grad, is_grad_enabled, no_grad
from chalkgrad.tensor import Tensor

__all__ = [
    "Tensor",
    "complex64",
    "complex128",
    "cos",
    "enable_grad",
    "exp",
    "float16",
    "float32",
    "float64",
    "int32",
    "int64",
    "is_grad_enabled",
    "log",
    "no_grad",
    "sin",
    "sqrt",
    "tanh",
    "tensor",
]
