"""Optimizers change parameters by their gradients.

The `state_dict` of an optimizer has torch's format; its tensors travel as those of a module do.
"""

from chalkgrad.optim.algorithms import SGD, Adam, AdamW, RMSprop
from chalkgrad.optim.optimizer import Optimizer

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop"]
