"""When to record: context managers that are decorators too, as torch has them."""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any

from chalkgrad.graph import recording


class _GradMode(ContextDecorator):
    wanted: bool

    def __enter__(self) -> None:
        self._before = recording.get()
        recording.set(self.wanted)

    def __exit__(self, *exception: Any) -> None:
        recording.set(self._before)


class no_grad(_GradMode):
    """Within it, or in a function decorated with it, nothing is recorded."""

    wanted = False


class enable_grad(_GradMode):
    """Within it operations are recorded again, also inside `no_grad`."""

    wanted = True


def is_grad_enabled() -> bool:
    """Say whether operations are being recorded."""
    return recording.get()
