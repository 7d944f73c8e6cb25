"""What the page of StrideExplorer shows of x and y: storages, grids, and what each entry reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalkboard.memory.layouts import Layout, entry_name
from chalkboard.memory.scenes import Grid, Mark, Saying, Scene, Walk, row_by_row, row_of
from chalkboard.wording import join_words

_MOST_NAMED = 12
_MEANINGS = (
    ("current", "the entry of y, and its cell"),
    ("same", "reads the same cell"),
    ("unread", "a cell that y does not read"),
)


@dataclass(frozen=True)
class Read:
    """A tensor, called `caption`, and what is in each cell of its storage."""

    caption: str
    layout: Layout
    storage: Sequence[str]


def draw_strides(x: Read, y: Read, shared: bool, message: Saying) -> Scene:
    """All that is shown of x and of y, which is a view of it or (not `shared`) has a copy."""
    table = [
        row_of("", "shape", "stride", "offset", "storage"),
        _row("x", x.layout, "its own"),
        _row("y", y.layout, "the same as x" if shared else "its own: a copy"),
    ]
    return Scene(table, _walk(x, y, shared), message)


def _row(name: str, layout: Layout, storage: str) -> list[tuple[str, str]]:
    texts = [str(each) for each in (layout.shape, layout.stride, layout.offset)]
    return row_of(name, *texts, storage, kind="words")


def _walk(x: Read, y: Read, shared: bool) -> Walk:
    grids = [_storage_grid("x", x.storage)]
    if not shared:
        grids.append(_storage_grid("y", y.storage))
    of_storage, of_x, of_y = len(grids) - 1, len(grids), len(grids) + 1
    texts = _texts(x)
    grids.append(Grid("x", x.layout.shape, texts, "x", row_by_row("x", texts)))
    grids.append(Grid("y", y.layout.shape, _texts(y), y.caption, f"entries of {y.caption}"))
    reads = y.layout.cells
    every, cells = list(range(len(reads))), list(range(len(y.storage)))
    marks = [
        Mark(of_storage, "unread", [int(cell not in reads) for cell in cells], [1] * len(reads)),
        Mark(of_storage, "current", cells, reads),
        Mark(of_y, "current", every, every),
        Mark(of_y, "same", reads, reads),
    ]
    if shared:
        marks.append(Mark(of_x, "same", x.layout.cells, reads))
    return Walk(grids, of_y, marks, _sentences(x if shared else None, y), _MEANINGS)


def _storage_grid(name: str, texts: Sequence[str]) -> Grid:
    size, title = len(texts), f"Storage of {name}"
    return Grid(
        name,
        (size,),
        tuple(texts),
        f"{title}: {size} cells in a row",
        f"{title}, {size} cells: {', '.join(texts)}",
        "storage",
    )


def _texts(read: Read) -> tuple[str, ...]:
    return tuple(read.storage[cell] for cell in read.layout.cells)


def _sentences(x: Read | None, y: Read) -> list[str]:
    """For each entry of y the cell that it reads, with the arithmetic, and what else reads it."""
    readers: dict[int, list[str]] = {}
    for name, read in (("y", y), ("x", x)):
        if read:
            for entry in read.layout.entries:
                readers.setdefault(read.layout.cell(entry), []).append(entry_name(name, entry))
    sentences = []
    for entry in y.layout.entries:
        name, cell = entry_name("y", entry), y.layout.cell(entry)
        sentence = f"{name} reads storage cell {cell}: {y.layout.arithmetic(entry)}."
        others = [other for other in readers[cell] if other != name]
        if len(others) > _MOST_NAMED:
            others[_MOST_NAMED - 1 :] = [f"{len(others) - _MOST_NAMED + 1} more"]
        if others:
            verb = "reads" if len(others) == 1 else "read"
            sentence += f"\n{join_words(others)} {verb} the same cell."
        sentences.append(sentence)
    return sentences
