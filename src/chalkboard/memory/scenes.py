"""What a page draws of tensors as grids of cells, for all entries at once: walking asks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

#: More than this is too much to look at, or too wide for a page.
MOST_CELLS, MOST_COLUMNS, MOST_DIMENSIONS = 64, 12, 3

Look = Literal["plain", "storage"]


@dataclass(frozen=True)
class Grid:
    """A tensor as it is drawn, its `texts` row by row; `label` is its accessible name."""

    name: str
    shape: tuple[int, ...]
    texts: tuple[str, ...]
    caption: str
    label: str
    look: Look = "plain"


@dataclass(frozen=True)
class Mark:
    """Which cells of a grid are marked while one looks at entry i: those whose `keys` are `at[i]`.

    `kind` is how they are marked, as the style sheet knows it.
    """

    grid: int
    kind: str
    keys: Sequence[int]
    at: Sequence[int]


@dataclass(frozen=True)
class Walk:
    """Grids, of which the one at place `walked` is walked through, and what each entry says."""

    grids: Sequence[Grid]
    walked: int
    marks: Sequence[Mark]
    sentences: Sequence[str]
    # Pairs: the order in a dictionary would be lost in a saved notebook, which sorts its keys.
    meanings: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Saying:
    """A line of text above or below the table; one about trouble is set apart."""

    text: str = ""
    trouble: bool = False


@dataclass(frozen=True)
class Scene:
    """A whole page: a table of cells, each a text and its kind, words around it, and the grids.

    `walk` is None where there is nothing to draw.
    """

    table: Sequence[Sequence[tuple[str, str]]]
    walk: Walk | None
    message: Saying = Saying()
    verdict: Saying = Saying()
    lines: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


def row_of(*texts: str, kind: str = "plain") -> list[tuple[str, str]]:
    """A row of a table whose cells are all of one kind."""
    return [(text, kind) for text in texts]


def row_by_row(name: str, texts: Sequence[str]) -> str:
    """The accessible name of a grid that is only looked at."""
    return f"{name}, row by row: {', '.join(texts)}"
