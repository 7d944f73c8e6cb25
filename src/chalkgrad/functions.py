"""The operations as functions, `chalkgrad.sin(x)`, beside the methods of the tensor."""

from __future__ import annotations

from chalkgrad.tensor import Tensor

sin = Tensor.sin
cos = Tensor.cos
exp = Tensor.exp
log = Tensor.log
sqrt = Tensor.sqrt
tanh = Tensor.tanh
