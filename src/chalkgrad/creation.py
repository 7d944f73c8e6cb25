"""Where tensors come from: numbers, lists, arrays, and the usual patterns."""

from __future__ import annotations

from typing import Any

import numpy as np

from chalkgrad import dtypes
from chalkgrad.tensor import Tensor, wrap


def tensor(
    data: Any, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a tensor from numbers, nested lists or an array, which is copied."""
    array = np.array(data)
    if dtype is None and not isinstance(data, (np.ndarray, np.generic)):
        dtype = {"f": dtypes.float32, "c": dtypes.complex64}.get(array.dtype.kind)
    out = wrap(array if dtype is None else array.astype(dtype.array_dtype))
    out._requires_grad = requires_grad
    return out
