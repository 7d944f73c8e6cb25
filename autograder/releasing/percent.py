"""Reads jupytext's percent format and keeps the line of each cell, which jupytext drops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jupytext

from autograder.errors import Problem

Kind = Literal["code", "markdown", "raw"]

# What jupytext takes for the start of a cell.
_START = re.compile(r"\s*#\s*%%(%*\s.*)?$")
# Which jupytext notes for its own use.
_JUPYTEXT_KEYS = frozenset({"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"})


@dataclass(frozen=True)
class PercentCell:
    """A cell; `line` is that of its `# %%`, `first_line` that of the first line of its source."""

    line: int
    first_line: int
    kind: Kind
    source: str
    metadata: Mapping[str, Any]


def read_percent(path: Path, text: str) -> tuple[tuple[PercentCell, ...], tuple[Problem, ...]]:
    """Return the cells of a text in percent format, and where it does not keep to that."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if _START.fullmatch(line)]
    if not starts:
        return (), (Problem(path, 1, "There is no cell here; a cell begins with `# %%`."),)
    above = "\n".join(lines[: starts[0] - 1])
    if above.strip() and jupytext.reads(above, fmt="py:percent").cells:
        sentence = "There is text above the first cell; begin the file with `# %%`."
        return (), (Problem(path, 1, sentence),)
    found = jupytext.reads(text, fmt="py:percent").cells
    # A `# %%` inside a string or a fenced block starts no cell.
    cells = []
    ends = [*starts[1:], len(lines) + 1]
    for cell, start, end in zip(found, starts, ends, strict=False):
        source = cell.source.strip("\n")
        first_line = _line_of(source.partition("\n")[0], lines, start, end)
        if first_line is None:
            break
        metadata = {key: cell.metadata[key] for key in cell.metadata.keys() - _JUPYTEXT_KEYS}
        cells.append(PercentCell(start, first_line, cell.cell_type, source, metadata))
    if len(cells) < len(starts):
        line = starts[len(cells)]
        sentence = "This reads like the start of a cell, but stands inside a string or a fence."
        return tuple(cells), (Problem(path, line, sentence),)
    return tuple(cells), ()


def _line_of(first: str, lines: list[str], start: int, end: int) -> int | None:
    """Return the number of the line between two numbers that holds the first line of a source."""
    if not first:
        return start
    for number in range(start + 1, end):
        if first in lines[number - 1]:
            return number
    return None
