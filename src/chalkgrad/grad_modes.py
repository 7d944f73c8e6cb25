"""Whether operations are recorded, thread by thread as in torch, and the modes that switch it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context
from functools import wraps
from typing import Any

import numpy as np

__all__ = ["enable_grad", "inference_mode", "is_grad_enabled", "no_grad", "set_grad_enabled"]

#: In the place of a tensor's counter of changes: it was made in inference mode and has none.
INFERENCE: Any = ()


class _Thread(threading.local):
    """What a thread computes with.

    `state`: how to call NumPy, whether to record, what to count changes by, and whether recording
    is asked for, which inference mode does not grant.
    """

    def __init__(self) -> None:
        self.quiet = Context()  # NumPy is silent in it, as torch is; `np.errstate` takes far longer
        self.quiet.run(np.seterr, all="ignore")
        self.state: Any = (self.quiet.run, True, None, True)


here = _Thread()


def set_recording(wanted: bool, counter: Any = None) -> Any:
    """Switch recording on or off in this thread; return the state that was."""
    before = here.state
    here.state = (before[0], wanted and counter is None, counter, wanted)
    return before


class _GradMode:
    """Sets whether operations are recorded in a block or function, and sets it back at its end."""

    def __init__(self, wanted: bool, inference: bool | None = None) -> None:
        self._wanted, self._inference = wanted, inference
        self._before: list[Any] = []  # a list, for a block may stand within a block

    def __enter__(self) -> None:
        counter = {True: INFERENCE, False: None, None: here.state[2]}[self._inference]
        self._before.append(set_recording(self._wanted, counter))

    def __exit__(self, *exception: object) -> None:
        here.state = self._before.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a function: it runs in this mode, whichever thread calls it."""

        @wraps(function)
        def in_this_mode(*arguments: Any, **options: Any) -> Any:
            with _GradMode(self._wanted, self._inference):
                return function(*arguments, **options)

        return in_this_mode


def no_grad(function: Any = None) -> Any:
    """Record nothing in the block, or in the function that it decorates."""
    return _GradMode(False)(function) if function else _GradMode(False)


def enable_grad(function: Any = None) -> Any:
    """Record operations again in the block, or in the function that it decorates."""
    return _GradMode(True)(function) if function else _GradMode(True)


def inference_mode(mode: Any = True) -> Any:
    """Be like `no_grad`; what is made in it can never take part in a graph."""
    return _GradMode(not mode, mode) if isinstance(mode, bool) else _GradMode(False, True)(mode)


class set_grad_enabled(_GradMode):
    """Records or does not from here on, or until the end of a block, or in a decorated function."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        super().__enter__()

    def __enter__(self) -> None:
        """Stay in the mode that has been set."""

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a function: until it is called the mode is what it was."""
        self.__exit__()
        return super().__call__(function)


def is_grad_enabled() -> bool:
    """Say whether recording is asked for."""
    return here.state[3]
