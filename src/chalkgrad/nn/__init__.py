"""Building blocks of networks: modules that hold parameters, and the functions that they apply.

To take the weights of a module `ours` to torch's and back, go through NumPy:
`theirs.load_state_dict({name: torch.from_numpy(value.numpy()) for name, value in
ours.state_dict().items()})`, and the same with `torch` and `chalkgrad` exchanged.
"""

# ruff: noqa: F403 - each module lists in `__all__` what users get from it
from chalkgrad.nn import containers, functional, functions, init, layers, utils
from chalkgrad.nn.containers import *
from chalkgrad.nn.functions import *
from chalkgrad.nn.layers import *
from chalkgrad.nn.module import Module
from chalkgrad.nn.parameter import Parameter

__all__ = ["Module", "Parameter", "functional", "init", "utils"]
__all__ += containers.__all__
__all__ += functions.__all__
__all__ += layers.__all__
