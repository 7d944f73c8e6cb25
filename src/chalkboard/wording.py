"""Says numbers, places and slopes in words, the same way in every picture and widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from chalkboard.functions.curve import Gap

_MOST_PLACES_NAMED = 3


def format_number(number: float, digits: int = 10) -> str:
    """`number` with at most `digits` significant digits and no needless zeros."""
    return format(number + 0.0, f".{digits}g")  # adding 0.0 turns -0.0 into 0.0


def decimals_for(scale: float) -> int:
    """How many decimals to print for numbers whose largest is about `scale` in size.

    Four, as torch prints; more where the numbers are tiny, fewer where they are huge.
    """
    exponent = math.floor(math.log10(scale)) if 0 < scale < math.inf else 0
    return max(3 - exponent, min(4, 6 - exponent), 0)


def decimals_of_step(step: float) -> int:
    """How many decimals the multiples of `step` have; at most 12, for a step such as 1/3."""
    exponent = Decimal(repr(step)).normalize().as_tuple().exponent
    return min(12, max(0, -int(exponent)))


def direction(slope: float, flat_below: float) -> str:
    """What the curve does at a point: rises, falls, or is almost flat."""
    if abs(slope) < flat_below:
        return "is almost flat"
    return "rises" if slope > 0 else "falls"


def describe_point(name: str, x: float, value: float, slope: float, flat_below: float) -> str:
    """One sentence on a point of a curve: the value, the slope, and what the slope means."""
    return (
        f"At x = {format_number(x, 6)}, {name}(x) = {format_number(value, 6)} and the slope is "
        f"{format_number(slope, 6)}: the curve {direction(slope, flat_below)}."
    )


def describe_gaps(gaps: Sequence[Gap], name: str) -> str:
    """One sentence that says where the curve is not drawn and why; empty without gaps."""
    if not gaps:
        return ""
    places = [f"{_where(gap)} ({gap.reason})" for gap in gaps[:_MOST_PLACES_NAMED]]
    more = len(gaps) - _MOST_PLACES_NAMED
    if more > 0:
        places.append(f"at {more} more {'place' if more == 1 else 'places'}")
    return f"The curve of {name} is not drawn {join_words(places)}."


def _where(gap: Gap) -> str:
    start, stop = format_number(gap.start, 4), format_number(gap.stop, 4)
    return f"at x = {start}" if start == stop else f"from x = {start} to {stop}"


def join_words(parts: Sequence[str]) -> str:
    """The parts as one enumeration: `a, b and c`."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
