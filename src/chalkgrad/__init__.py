"""An autograd engine from scratch on NumPy, with torch's names and torch's answers.

Functions come from tables, by subject; `nn` and `optim` are imported when they are first asked for.
"""

import importlib
import math
from types import SimpleNamespace
from typing import Any

from chalkgrad import autograd, dtypes
from chalkgrad.creation import CREATION
from chalkgrad.dtypes import *  # noqa: F403
from chalkgrad.functions import FUNCTIONS
from chalkgrad.grad_modes import *  # noqa: F403
from chalkgrad.tensor import Size, Tensor

bool, float, int = dtypes.bool_, dtypes.float32, dtypes.int32
inf, nan, pi, e = math.inf, math.nan, math.pi, math.e

cuda = SimpleNamespace(is_available=lambda: False, device_count=lambda: 0)

__all__ = ["Size", "Tensor", "autograd"]
__all__ += [*FUNCTIONS, *CREATION, *dtypes.__all__]
globals().update(FUNCTIONS, **CREATION)


def __getattr__(name: str) -> Any:
    """Import the larger parts when they are first asked for; refuse what is not here by name."""
    if name in ("nn", "optim"):
        return importlib.import_module(f"chalkgrad.{name}")
    raise AttributeError(f"chalkgrad has no {name!r}: it is no part of this small engine.")
