"""The losses after each move as lines for a chart, so that the browser only has to place them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from chalkboard.training.words import count_moves

HAND, MACHINE = "hand", "machine"

_MOST_MARKED = 40
# In losses at the start: enough to see a loss grow step by step, and still to see where it began.
_MOST_SHOWN = 10
# In heights of the chart: a loss above is cut off by its frame anyway.
_FAR = 10


def race_data(losses: Sequence[float], movers: Sequence[str]) -> dict[str, Any]:
    """The run for the browser.

    `x` and `y` are what of the plane is seen: room for all moves, in round numbers, but a loss that
    shoots up leaves it at the top. `paths` are the SVG paths of who moved, line and marks of each.
    """
    moves = len(losses) - 1
    most = 10 * 2 ** max(0, math.ceil(math.log2(max(moves, 1) / 10)))
    top = min(max(losses), _MOST_SHOWN * losses[0]) or 1.0
    heights = [min(loss, _FAR * top) for loss in losses]
    paths = []
    for mover in (HAND, MACHINE):
        ends = [move for move, who in enumerate(movers) if who == mover]
        marked = ends if moves < _MOST_MARKED else []
        paths += [_line(heights, movers, ends), "".join(f"M{n} {heights[n]}h0" for n in marked)]
    return {
        "moves": moves,
        "said": count_moves(moves),
        "x": [-0.02 * most, 1.02 * most],
        "y": [-0.05 * top, 1.1 * top],
        "paths": paths,
    }


def _line(heights: Sequence[float], movers: Sequence[str], ends: Sequence[int]) -> str:
    """A stroke per run of moves by one mover, because dashes begin anew with each stroke."""
    strokes = []
    for end in ends:
        if movers[end - 1] != movers[end]:
            strokes.append(f"M{end - 1} {heights[end - 1]}")
        strokes.append(f"L{end} {heights[end]}")
    return "".join(strokes)
