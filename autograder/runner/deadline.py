"""A time limit on code that may never return, in the process that runs it."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """Raised in the code that ran too long; a BaseException, so `except Exception` lets it by."""


class Clock:
    """Remembers that time ran out, for code that swallows the exception and returns after all."""

    ran_out = False


@contextmanager
def deadline(seconds: float, clock: Clock | None = None) -> Iterator[None]:
    """Raise `OutOfTime` in the main thread when the body has run for `seconds`.

    Works where Python bytecode runs: a single long call into C is interrupted when it returns.
    Outside the main thread Python gives no way to interrupt, and there is no limit.
    """
    clock = clock or Clock()
    if threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "setitimer"):
        with _alarm(seconds, clock):
            yield
    else:
        with _interrupting_thread(seconds, clock):
            yield


@contextmanager
def _alarm(seconds: float, clock: Clock) -> Iterator[None]:
    def expire(_signal: int, _frame: FrameType | None) -> None:
        clock.ran_out = True
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, expire)
    # Repeating: code that swallows the first OutOfTime meets the next.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def _interrupting_thread(seconds: float, clock: Clock) -> Iterator[None]:
    def expire() -> None:
        clock.ran_out = True
        _thread.interrupt_main()

    timer = threading.Timer(seconds, expire)
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if clock.ran_out:
            raise OutOfTime from None
        raise
    finally:
        timer.cancel()
