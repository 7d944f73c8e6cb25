"""What each thread has for itself: its grad mode, as with torch, and quiet where it computes."""

from __future__ import annotations

import threading
from contextvars import Context

import numpy as np


class _Thread(threading.local):
    """Whether operations are recorded, and how to compute without NumPy's warnings.

    NumPy keeps its error handling in a context variable. `compute(function, *arguments)` calls in a
    context where it is set to silence, which takes a tenth of the time of `np.errstate` and leaves
    everybody else's settings alone.
    """

    recording = True

    def __init__(self) -> None:
        quiet = Context()
        quiet.run(np.seterr, all="ignore")
        self.compute = quiet.run


here = _Thread()
