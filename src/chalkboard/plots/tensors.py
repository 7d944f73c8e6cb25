"""Plots of what is in a tensor: a small matrix as a grid of numbers, a large one as a histogram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import TwoSlopeNorm

from chalkboard.arrays import Numbers, check_finite, read_numbers
from chalkboard.picture import Picture
from chalkboard.plots.lines import looks
from chalkboard.style import new_figure
from chalkboard.wording import format_number

_MOST_CELLS = (12, 12)
_BINS = 30


def plot_heatmap(tensors: Any, *, x_label: str = "column", y_label: str = "row") -> Picture:
    """Draw a small matrix as a grid of cells with their numbers; darker is further from zero.

    `tensors` is a matrix, a vector (drawn as one row) or a single number; or it maps names to
    several, which are drawn side by side with one scale of colours.

    Raises:
        ValueError: a tensor has more than two dimensions or more than 12 rows or columns, or holds
            anything but finite numbers.
    """
    named = tensors if isinstance(tensors, Mapping) else {"": tensors}
    if not named:
        raise ValueError('there is nothing to draw: give a matrix, or several as {"A": A}.')
    matrices = {name: _read_matrix(thing, name or "the tensor") for name, thing in named.items()}
    largest = max(float(np.abs(matrix).max()) for matrix in matrices.values()) or 1.0
    figure, panels = new_figure(len(matrices))
    for axes, (name, matrix) in zip(panels, matrices.items(), strict=True):
        axes.imshow(matrix, cmap="RdBu_r", norm=TwoSlopeNorm(0, -1.8 * largest, 1.8 * largest))
        for (row, column), number in np.ndenumerate(matrix):
            axes.text(column, row, format_number(number, 3), ha="center", va="center")
        axes.set_xticks(range(matrix.shape[1]))
        axes.set_yticks(range(matrix.shape[0]))
        axes.set(xlabel=x_label, ylabel=y_label, title=name)
        axes.grid(visible=False)
    return Picture(figure, " ".join(_describe_matrix(*each) for each in matrices.items()))


def plot_histogram(
    tensors: Any, *, x_label: str = "value", bins: int = _BINS, density: bool = False
) -> Picture:
    """Draw how often which values occur in a tensor of any shape, or in several by name.

    Several are drawn as outlines with dashes of their own, over the same bins. With `density` the
    area under each is 1, so that tensors of different sizes can be compared.

    Raises:
        ValueError: a tensor is empty or holds anything but finite numbers; `bins` is below 1.
    """
    named = tensors if isinstance(tensors, Mapping) else {"values": tensors}
    rows = {name: read_numbers(thing, name).reshape(-1) for name, thing in named.items()}
    for name, row in rows.items():
        if not row.size:
            raise ValueError(f"{name} is empty, so there is nothing to count.")
        check_finite(row, name)
    if not rows or bins < 1:
        raise ValueError("give at least one tensor, and at least one bin.")
    edges = np.histogram_bin_edges(np.concatenate(list(rows.values())), bins)
    figure, (axes,) = new_figure(1)
    for look, (name, row) in zip(looks(len(rows)), rows.items(), strict=True):
        heights, _ = np.histogram(row, edges, density=density)
        axes.stairs(
            heights.astype(float),
            edges,
            color=look.color,
            linestyle=look.linestyle,
            linewidth=2,
            fill=len(rows) == 1,
            alpha=0.7 if len(rows) == 1 else 1,
            label=name,
        )
    axes.set(xlabel=x_label, ylabel="density" if density else "count")
    if len(rows) > 1:
        axes.legend()
    return Picture(figure, " ".join(_describe_row(*each) for each in rows.items()))


def _read_matrix(thing: Any, name: str) -> Numbers:
    numbers = read_numbers(thing, name)
    if numbers.ndim > 2:
        raise ValueError(f"{name} must have two dimensions at most; got {numbers.ndim}.")
    matrix = np.atleast_2d(numbers)
    rows, columns = matrix.shape
    if not (0 < rows <= _MOST_CELLS[0] and 0 < columns <= _MOST_CELLS[1]):
        raise ValueError(
            f"{name} must have 1 to {_MOST_CELLS[0]} rows and columns to be read; "
            f"got {rows} and {columns}; plot_histogram draws larger ones."
        )
    check_finite(matrix, name)
    return matrix


def _describe_matrix(name: str, matrix: Numbers) -> str:
    rows = "; ".join(", ".join(format_number(number, 3) for number in row) for row in matrix)
    size = f"{matrix.shape[0]} by {matrix.shape[1]}"
    return f"{f'{name}, ' if name else ''}{size} numbers, row by row: {rows}."


def _describe_row(name: str, row: Numbers) -> str:
    low, middle, high = (format_number(float(end), 3) for end in np.quantile(row, (0, 0.5, 1)))
    mean, spread = (format_number(float(number), 3) for number in (row.mean(), row.std()))
    return (
        f"{name}: {row.size} values from {low} to {high}, median {middle}, mean {mean}, "
        f"standard deviation {spread}."
    )
