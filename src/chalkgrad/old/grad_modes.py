"""When to record: context managers that are decorators too, as torch has them."""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any

from chalkgrad.threads import here

__all__ = ["enable_grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]


class _GradMode(ContextDecorator):
    """Sets whether operations are recorded, and sets it back at the end."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._before: list[bool] = []  # a list, for a decorated function may call itself

    def __enter__(self) -> None:
        self._before.append(here.recording)
        here.recording = self._wanted

    def __exit__(self, *exception: Any) -> None:
        here.recording = self._before.pop()

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
        self._before.append(here.recording)
        here.recording = mode

    def __enter__(self) -> None:
        """Stay in the mode that has been set."""


def is_grad_enabled() -> bool:
    """Say whether operations are being recorded."""
    return here.recording
