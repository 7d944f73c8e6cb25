"""Rows for products of vectors and matrices: the gradient of a product takes the other factor."""

from __future__ import annotations

from typing import Any

import numpy as np

from chalkgrad.operation import Operation
from chalkgrad.rules.shaping import t, unsqueeze


def _outer(x: Any, y: Any) -> Any:
    return unsqueeze(x, 1) * y


dot = Operation("dot", "Product of two vectors, a number.", np.dot,
                x=lambda g, y: g * y, y=lambda g, x: g * x)  # fmt: skip
mv = Operation("mv", "Product of a matrix and a vector.", np.matmul,
               x=lambda g, y: _outer(g, y), y=lambda g, x: t(x) @ g)  # fmt: skip
mm = Operation("mm", "Product of two matrices.", np.matmul,
               x=lambda g, y: g @ t(y), y=lambda g, x: t(x) @ g)  # fmt: skip
bmm = Operation("bmm", "Products of matrices, pair by pair.", np.matmul,
                x=lambda g, y: g @ y.mT, y=lambda g, x: x.mT @ g)  # fmt: skip


def _added(bias: Any, x: Any, y: Any) -> Any:
    out = x @ y
    out += bias
    return out


addmm = Operation(
    "addmm", "", _added, broadcasts=(0,),
    bias=lambda g: g, x=lambda g, y: g @ t(y), y=lambda g, x: t(x) @ g,
    jvp=(lambda u: u, lambda u, y: u @ y, lambda u, x: x @ u),
)  # fmt: skip
linear = Operation(
    "linear", "",
    lambda x, weight, bias: _added(bias, x, weight.T), node="AddmmBackward0",
    x=lambda g, weight: g @ weight, weight=lambda g, x: t(g) @ x, bias=lambda g: g,
    broadcasts=(2,),
    jvp=(lambda u, weight: u @ t(weight), lambda u, x: x @ t(u), lambda u: u),
)  # fmt: skip
