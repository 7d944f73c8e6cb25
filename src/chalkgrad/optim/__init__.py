"""Optimizers change parameters by their gradients; schedulers change how much, over time.

The `state_dict` of an optimizer has torch's format; its tensors travel as those of a module do.
"""

from chalkgrad.optim import lr_scheduler
from chalkgrad.optim.algorithms import SGD, Adagrad, Adam, AdamW, RMSprop
from chalkgrad.optim.optimizer import Optimizer

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
