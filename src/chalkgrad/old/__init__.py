"""An autograd engine from scratch on NumPy, with torch's names and torch's answers.

Each module lists in `__all__` what users get from it; here all of it comes together.
"""

# ruff: noqa: F403 - to name everything here once more would be a second list to keep
from typing import TYPE_CHECKING, Any

from chalkgrad import autograd, creation, dtypes, functions, grad_modes
from chalkgrad.creation import *
from chalkgrad.dtypes import *
from chalkgrad.functions import *
from chalkgrad.grad_modes import *
from chalkgrad.shaping import Size
from chalkgrad.tensor import Tensor

bool, float, int = dtypes.bool_, dtypes.float32, dtypes.int32

__all__ = ["Size", "Tensor", "autograd", "bool", "float", "int"]
__all__ += creation.__all__
__all__ += dtypes.__all__
__all__ += functions.__all__
__all__ += grad_modes.__all__
globals().update(functions.FROM_METHODS, __all__=[*__all__, *functions.FROM_METHODS])

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Tell type checkers of the functions that are made from methods."""
