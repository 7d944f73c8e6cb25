"""Says in words what moves did to a loss, and why it rose where it did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from chalkboard.wording import format_number

#: What is said before the first move.
INVITATION = "Turn a knob against its arrow, or let the machine take a step."

_RISES_THAT_DIVERGE = 3
_SMALLER = "Choose a smaller learning rate, then reset."
_STOPS = {
    "": "",
    "too large": f"The next move would make the loss too large to go on. {_SMALLER}",
    "too many": "No more moves are kept: reset to go on.",
    "arrived": "The loss hardly changes any more.",
}


def describe_moves(
    before: Sequence[float], after: Sequence[float], movers: Sequence[str], is_forgetful: bool
) -> str:
    """What the moves that led from the losses `before` to those `after` did.

    Empty where there are none, because the run was begun anew.
    """
    count = len(after) - len(before)
    if count <= 0 or list(after[: len(before)]) != list(before):
        return ""
    is_by_hand = movers[-1] == "hand"
    who = "Your move" if is_by_hand else "The machine's step"
    if count > 1:
        who = f"The machine's {count} steps"
    start, end = before[-1], after[-1]
    way = "fell" if end < start else "rose"
    change = f"{who}: the loss {way} from {_short(start)} to {_short(end)}."
    if end < start:
        return change
    if end == start:
        return f"{who}: the loss stayed at {_short(end)}."
    return f"{change} {_why(after, is_by_hand, is_forgetful)}"


def describe_stop(stopped: str) -> str:
    """Why the machine stopped by itself: "too large", "too many", "arrived", or not at all."""
    return _STOPS[stopped]


def describe_run(losses: Sequence[float], movers: Sequence[str]) -> str:
    """How the loss went."""
    now = f"The loss is {_short(losses[-1])} after {count_moves(len(losses) - 1)}"
    if len(losses) > 1:
        now += f" ({movers.count('hand')} by hand); it was {_short(losses[0])} at the start"
    return f"{now}."


def describe_past(losses: Sequence[float], movers: Sequence[str]) -> str:
    """How the loss went before a reset; empty where it did not move."""
    if len(losses) == 1:
        return ""
    return (
        f"Before the reset the loss went from {_short(losses[0])} to {_short(losses[-1])} in "
        f"{count_moves(len(losses) - 1)} ({movers.count('hand')} by hand)."
    )


def count_moves(count: int) -> str:
    """The number of moves with its noun."""
    return f"{count} {'move' if count == 1 else 'moves'}"


def _why(losses: Sequence[float], is_by_hand: bool, is_forgetful: bool) -> str:
    if is_by_hand:
        return "Turn the knobs against their arrows."
    if is_forgetful:
        return ".grad still holds the gradients of earlier steps."
    recent = losses[-_RISES_THAT_DIVERGE - 1 :]
    rises = [later > earlier for earlier, later in pairwise(recent)]
    if len(rises) == _RISES_THAT_DIVERGE and all(rises):
        return f"It grows with every step: it diverges. {_SMALLER}"
    return f"The step was too long. {_SMALLER}"


def _short(number: float) -> str:
    return format_number(number, 4)
