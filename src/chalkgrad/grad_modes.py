"""Whether operations are recorded, thread by thread as in torch, and the modes that switch it."""

from __future__ import annotations

import threading
from contextlib import ContextDecorator
from contextvars import Context
from typing import Any

import numpy as np

__all__ = [
    "enable_grad", "inference_mode", "is_grad_enabled", "is_inference_mode_enabled", "no_grad",
    "set_grad_enabled",
]  # fmt: skip


#: In the place of a tensor's counter of changes: it was made in inference mode and has none.
INFERENCE: Any = ()


class _Thread(threading.local):
    """What a thread computes with: how to call NumPy, whether to record, what to count changes by.

    NumPy keeps its error handling in a context variable. `compute(function, *arguments)` calls in a
    context where it is silent, for torch divides by zero without a word. That takes a tenth of the
    time of `np.errstate` and leaves everybody else's settings alone.
    """

    def __init__(self) -> None:
        self.quiet = Context()
        self.quiet.run(np.seterr, all="ignore")
        self.state = (self.quiet.run, True, None)


here = _Thread()


def set_recording(wanted: bool, counter: Any = None) -> Any:
    """Switch recording on or off in this thread; return the state that was."""
    before = here.state
    here.state = (before[0], wanted, counter)
    return before


class _GradMode(ContextDecorator):
    """Sets whether operations are recorded, and sets it back at the end."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._before: list[Any] = []  # a list, for a decorated function may call itself

    def __enter__(self) -> None:
        self._before.append(set_recording(self._wanted, here.state[2]))

    def __exit__(self, *exception: Any) -> None:
        here.state = self._before.pop()

    def __call__(self, func: Any) -> Any:
        """Decorate a function: it runs in this mode."""
        return super().__call__(func)


class no_grad(_GradMode):
    """In its block, or in a function that it decorates, nothing is recorded."""

    def __init__(self) -> None:
        super().__init__(False)

    def __new__(cls, function: Any = None) -> Any:
        """Accept `@no_grad` without parentheses, as torch does."""
        mode = super().__new__(cls)
        if function is None:
            return mode
        mode.__init__()
        return mode(function)


class enable_grad(_GradMode):
    """In its block, or in a function that it decorates, operations are recorded again."""

    def __init__(self) -> None:
        super().__init__(True)


class set_grad_enabled(_GradMode):
    """Records or does not from here on, or until the end of a `with` block."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self._before.append(set_recording(mode, here.state[2]))

    def __enter__(self) -> None:
        """Stay in the mode that has been set."""


class inference_mode(_GradMode):
    """Like `no_grad`; what is made in it can never take part in a graph."""

    def __init__(self, mode: bool = True) -> None:
        super().__init__(not mode)

    def __enter__(self) -> None:
        """Begin the mode."""
        counter = None if self._wanted else INFERENCE
        self._before.append(set_recording(self._wanted, counter))


def is_grad_enabled() -> bool:
    """Say whether operations are being recorded."""
    return here.state[1]


def is_inference_mode_enabled() -> bool:
    """Say whether `inference_mode` is on."""
    return here.state[2] == INFERENCE
