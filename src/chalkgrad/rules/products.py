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


def _added(bias: Any, x: Any, y: Any, beta: float = 1, alpha: float = 1) -> Any:
    out = _scaled(x @ y, alpha)
    return out + _scaled(bias, beta) if beta else out


def _scaled(x: Any, factor: float) -> Any:
    return x if factor == 1 else x * factor


addmm = Operation(
    "addmm", "", _added, broadcasts=(0,), bias=lambda g, beta: _scaled(g, beta),
    x=lambda g, y, alpha: _scaled(g, alpha) @ t(y), y=lambda g, x, alpha: t(x) @ _scaled(g, alpha),
    jvp=(lambda u, beta: _scaled(u, beta), lambda u, y, alpha: _scaled(u, alpha) @ y,
         lambda u, x, alpha: x @ _scaled(u, alpha)),
)  # fmt: skip
linear = Operation(  # as addmm, but with the weight's gradient in the order of the weight's memory
    "linear", "", lambda x, weight, bias: _added(bias, x, weight.T), node="AddmmBackward0",
    broadcasts=(2,), x=lambda g, weight: g @ weight, weight=lambda g, x: t(g) @ x, bias=lambda g: g,
    jvp=(lambda u, weight: u @ t(weight), lambda u, x: x @ t(u), lambda u: u),
)  # fmt: skip
