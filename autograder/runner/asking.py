"""Put one question to one answer, and turn whatever happens into a reply."""

from __future__ import annotations

import contextlib
import copy
import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from autograder.runner.asks import NotAskable
from autograder.runner.deadline import Clock, OutOfTime, deadline
from autograder.runner.plain import Unanswered, holds_unanswered, to_plain
from autograder.runner.reply import Raised, Reply, Returned, TimedOut, Unaskable, raised


def put_question(
    ask: Callable[..., Any], answer: Any, inputs: Sequence[Any], device: str, seconds: float
) -> Reply:
    """Ask once, within `seconds`; what the answer prints or warns of is not shown.

    The inputs are copied first, since an answer may change them in place.
    """
    clock = Clock()
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
            deadline(seconds, clock),
        ):
            warnings.simplefilter("ignore")
            data = to_plain(ask(answer, *copy.deepcopy(tuple(inputs)), device=device))
    except OutOfTime:
        return TimedOut(seconds)
    except NotAskable as error:
        return Unaskable(str(error))
    except (Exception, SystemExit) as error:
        return TimedOut(seconds) if clock.ran_out else _unanswered_or(raised(error))
    if clock.ran_out:
        return TimedOut(seconds)
    return Returned(Unanswered() if holds_unanswered(data) else data)


def _unanswered_or(reply: Raised) -> Reply:
    """Arithmetic on the stub's three dots raises a TypeError that names the ellipsis."""
    if reply.error in ("TypeError", "AttributeError") and "ellipsis" in reply.message:
        return Returned(Unanswered())
    return reply
