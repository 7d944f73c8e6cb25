"""What the page of BroadcastExplorer shows of two shapes, in a table, in words and as grids."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from chalkboard.memory.layouts import entry_name
from chalkboard.memory.scenes import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_DIMENSIONS,
    Grid,
    Mark,
    Saying,
    Scene,
    Walk,
    row_by_row,
    row_of,
)
from chalkboard.memory.shapes import Axis, Broadcast
from chalkboard.wording import join_words

_MOST_TERMS = 6
_MEANINGS = (
    ("current", "what is added"),
    ("same", "the same entry, read again"),
    ("ghost", "a copy that is never made"),
)
_MEANINGS_BACKWARD = (
    ("current", "a gradient, and where it goes"),
    ("same", "summed into the same entry of left"),
    ("also", "summed into the same entry of right"),
)


def draw_broadcast(lined_up: Broadcast, backward: bool, trouble: str = "") -> Scene:
    """All that is shown of two shapes; `backward` asks for their gradients.

    `trouble` says why they are not those that were asked for.
    """
    result = lined_up.result
    backward = backward and result is not None
    if result is None:
        text = f"No result. torch says: {lined_up.error}. (a is left, b is right.)"
    else:
        small = _can_be_drawn(result)
        text = f"The result has the shape {result}."
        text += "" if small else " It is too large, or too empty, to be drawn here."
    walk = None
    if result is not None and _can_be_drawn(result):
        walk = _walk_backward(lined_up, result) if backward else _walk(lined_up, result)
    return Scene(
        table=_table(lined_up, backward),
        message=Saying(trouble, trouble=bool(trouble)),
        verdict=Saying(text, trouble=result is None),
        lines=list(_sums(lined_up) if backward else _axes(lined_up)),
        walk=walk,
    )


def describe_sum(axes: Sequence[int], name: str) -> str:
    """Over which axes the gradient of an operand is summed, in words."""
    if not axes:
        return f"{name}.grad is the gradient of the result, as it is"
    places = join_words([str(axis) for axis in axes])
    kind = "axis" if len(axes) == 1 else "axes"
    return f"{name}.grad is the gradient of the result, summed over {kind} {places}"


def describe_axis(axis: Axis) -> str:
    """What happens at one axis, in words."""
    if axis.result is None:
        return f"{axis.left} and {axis.right} differ and neither is 1"
    for name, own, other in (("left", axis.left, axis.right), ("right", axis.right, axis.left)):
        if own is None:
            stretched = "" if other == 1 else f" and is stretched to {other}"
            return f"{name} has no axis here, so it counts as 1{stretched}"
        if own == 1 and other not in (None, 1):
            return f"the 1 of {name} is stretched to {other}"
    return f"both are {axis.result}"


def _axes(lined_up: Broadcast) -> Iterator[str]:
    """What happens at each axis, from the right as the rule goes."""
    for place, axis in reversed(list(enumerate(lined_up.axes))):
        yield f"Axis {place}: {describe_axis(axis)}."


def _sums(lined_up: Broadcast) -> Iterator[str]:
    """What backward does to the gradient of the result, for each operand."""
    for name, own in _operands(lined_up):
        yield f"{describe_sum(lined_up.summed(own), name)}: it has {name}'s shape {own}."


def _operands(lined_up: Broadcast) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return ("left", lined_up.left), ("right", lined_up.right)


def _can_be_drawn(shape: Sequence[int]) -> bool:
    is_narrow = len(shape) < 2 or shape[-1] <= MOST_COLUMNS
    return len(shape) <= MOST_DIMENSIONS and 0 < math.prod(shape) <= MOST_CELLS and is_narrow


# ---- The table of axes ---------------------------------------------------------------------------

Row = list[tuple[str, str]]


def _table(lined_up: Broadcast, backward: bool) -> list[Row]:
    """The two shapes and the result, axis under axis; and what becomes of the gradient."""
    axes = lined_up.axes
    results = [("✗", "misfit") if axis.result is None else _plain(axis.result) for axis in axes]
    rows = [
        row_of("", *(f"axis {place}" for place in range(len(axes)))),
        [("left", "plain"), *(_size_in(axis.left, axis.result) for axis in axes)],
        [("right", "plain"), *(_size_in(axis.right, axis.result) for axis in axes)],
        [("result", "plain"), *results],
    ]
    if backward:
        rows += [
            [(f"{name}.grad", "plain"), *_sums_in(lined_up, own)]
            for name, own in _operands(lined_up)
        ]
    return rows


def _plain(size: int | None) -> tuple[str, str]:
    return str(size), "plain"


def _size_in(size: int | None, result: int | None) -> tuple[str, str]:
    """A size as it is and as it becomes; a missing axis is shown as the 1 that it counts as."""
    if size is None:
        return "(1)" if result == 1 else f"(1) → {result}", "missing"
    if size == result:
        return _plain(size)
    return (str(size), "misfit") if result is None else (f"{size} → {result}", "stretched")


def _sums_in(lined_up: Broadcast, own: tuple[int, ...]) -> Row:
    summed = lined_up.summed(own)
    missing = len(lined_up.axes) - len(own)
    return [
        ("sum, gone" if place < missing else "sum → 1", "stretched")
        if place in summed
        else _plain(axis.result)
        for place, axis in enumerate(lined_up.axes)
    ]


# ---- The grids -----------------------------------------------------------------------------------


class _Operand:
    """An operand with small numbers in it: which of them each entry of the result reads."""

    def __init__(self, name: str, step: int, own: tuple[int, ...], result: tuple[int, ...]) -> None:
        self.name, self.own = name, own
        size = math.prod(own)
        places = np.broadcast_to(np.arange(size).reshape(own), result)
        self.sources: list[int] = places.ravel().tolist()
        self.values = [step * (source + 1) for source in self.sources]
        self.counts: list[int] = np.bincount(self.sources, minlength=size).tolist()
        self.entries = list(product(*map(range, own)))

    def name_at(self, index: int, name: str = "") -> str:
        return entry_name(name or self.name, self.entries[self.sources[index]])

    def sum_at(self, index: int) -> str:
        """The gradients that meet in the entry that entry `index` of the result reads."""
        count = self.counts[self.sources[index]]
        terms = " + ".join("1" * count)
        if count > _MOST_TERMS:
            terms = f"1 + 1 + … ({count} times)"
        total = f" = {count}" if count > 1 else ""
        return f"{self.name_at(index, f'{self.name}.grad')} = {terms}{total}"


def _read(lined_up: Broadcast, result: tuple[int, ...]) -> tuple[_Operand, _Operand]:
    return (
        _Operand("left", 10, lined_up.left, result),
        _Operand("right", 1, lined_up.right, result),
    )


def _texts(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


def _walk(lined_up: Broadcast, result: tuple[int, ...]) -> Walk:
    """The operands as broadcasting sees them, and their sum."""
    operands = _read(lined_up, result)
    entries = list(product(*map(range, result)))
    every = list(range(len(entries)))
    sums = [one + other for one, other in zip(*(each.values for each in operands), strict=True)]
    grids, marks = [], []
    for place, each in enumerate(operands):
        label = each.name + ("" if each.own == result else f", stretched to {result}")
        texts = _texts(each.values)
        caption = f"+ {label}" if place else label
        grids.append(Grid(each.name, result, texts, caption, row_by_row(label, texts)))
        copies = [
            int(each.sources.index(source) != index) for index, source in enumerate(each.sources)
        ]
        marks += [
            Mark(place, "ghost", copies, [1] * len(every)),
            Mark(place, "current", every, every),
            Mark(place, "same", each.sources, each.sources),
        ]
    grids.append(Grid("result", result, _texts(sums), "= result", "entries of the result"))
    marks.append(Mark(2, "current", every, every))
    sentences = [
        f"{entry_name('result', entry)} = "
        f"{' + '.join(each.name_at(index) for each in operands)} = "
        f"{' + '.join(str(each.values[index]) for each in operands)} = {sums[index]}"
        for index, entry in enumerate(entries)
    ]
    return Walk(grids, 2, marks, sentences, _MEANINGS)


def _walk_backward(lined_up: Broadcast, result: tuple[int, ...]) -> Walk:
    """The gradient of the result, and those of the operands in their own shapes."""
    operands = _read(lined_up, result)
    entries = list(product(*map(range, result)))
    every = list(range(len(entries)))
    ones = _texts([1] * len(entries))
    caption = "gradient of the result, all 1"
    grids = [Grid("result", result, ones, caption, "entries of the result")]
    marks = [Mark(0, "current", every, every)]
    for place, (each, kind) in enumerate(zip(operands, ("same", "also"), strict=True), 1):
        caption = f"{each.name}.grad, shape {each.own}"
        texts = _texts(each.counts)
        grids.append(
            Grid(f"{each.name}.grad", each.own, texts, caption, row_by_row(caption, texts))
        )
        marks += [
            Mark(0, kind, each.sources, each.sources),
            Mark(place, "current", list(range(len(texts))), each.sources),
        ]
    sentences = [
        f"The gradient of {entry_name('result', entry)} goes to "
        f"{' and to '.join(each.name_at(index) for each in operands)}.\n"
        + "\n".join(each.sum_at(index) for each in operands)
        for index, entry in enumerate(entries)
    ]
    return Walk(grids, 0, marks, sentences, _MEANINGS_BACKWARD)
