"""Plots of measured series: losses over steps, or any numbers over others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes

from chalkboard.arrays import Numbers, read_row
from chalkboard.picture import Picture
from chalkboard.style import SERIES, LineLook, new_figure
from chalkboard.wording import format_number

_MOST_MARKED = 40

Log = Literal["", "x", "y", "xy"]


def plot_losses(losses: Any, *, log: bool = False, y_label: str = "loss") -> Picture:
    """Draw the loss after each step, one line with its own dashes and marks per name.

    `losses` maps names to series of numbers, the first of them before any step; a series alone is
    drawn without a name. With `log` the axis of the loss is logarithmic.

    Raises:
        ValueError: a series holds anything but finite numbers, or with `log` one not above 0.
    """
    series = losses if isinstance(losses, Mapping) else {y_label: losses}
    rows = {name: read_row(row, _series(name)) for name, row in series.items()}
    points = {name: (np.arange(row.size, dtype=np.float64), row) for name, row in rows.items()}
    return plot_lines(points, x_label="step", y_label=y_label, log="y" if log else "")


def plot_lines(
    series: Mapping[str, tuple[Any, Any]], *, x_label: str, y_label: str, log: Log = ""
) -> Picture:
    """Draw one line with its own dashes and marks per name; `series` maps names to (x, y).

    `log` names the logarithmic axes: "x", "y" or "xy".

    Raises:
        ValueError: x and y of a series do not fit, or hold what cannot be drawn on these axes.
    """
    if not series:
        raise ValueError("there is nothing to draw: give at least one series of numbers.")
    if log not in ("", "x", "y", "xy"):
        raise ValueError(f'log must be "", "x", "y" or "xy"; got {log!r}.')
    rows = {name: _read_pair(pair, name, log) for name, pair in series.items()}
    figure, (axes,) = new_figure(1)
    for index, (name, (x, y)) in enumerate(rows.items()):
        # Lines that agree lie on each other: the earlier ones are wider, and seen around the later.
        width = 1.5 + 1.2 * (len(rows) - 1 - index)
        draw_line(axes, x, y, looks(len(rows))[index], name, width=width)
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set(xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear")
    if len(rows) > 1:
        axes.legend()
    return Picture(figure, " ".join(_describe(rows, x_label, y_label, log)))


def looks(count: int) -> Sequence[LineLook]:
    """How each of `count` lines is drawn.

    After the looks of the style come the same marks with other dashes, so that no two are alike.
    """
    dashes = [look.linestyle for look in SERIES]
    return [
        LineLook(
            SERIES[index % len(SERIES)].color,
            dashes[(index + index // len(SERIES)) % len(SERIES)],
            SERIES[index % len(SERIES)].marker,
        )
        for index in range(count)
    ]


def draw_line(
    axes: Axes,
    x: Numbers,
    y: Numbers,
    look: LineLook,
    label: str,
    most_marked: int = _MOST_MARKED,
    width: float = 1.5,
) -> None:
    """Draw one line, with marks on some of its points where there are many."""
    axes.plot(
        x,
        y,
        look.linestyle,
        marker=look.marker,
        markersize=5,
        markevery=max(1, x.size // most_marked),
        fillstyle="none",
        linewidth=width,
        color=look.color,
        label=label,
    )


def _read_pair(pair: Any, name: str, log: Log) -> tuple[Numbers, Numbers]:
    if not isinstance(pair, Iterable) or len(both := list(pair)) != 2:
        raise ValueError(f"{_series(name)} must be a pair of x and y; got {pair!r}.")
    x, y = (
        read_row(row, f"{axis} of {_series(name)}") for axis, row in zip("xy", both, strict=True)
    )
    if x.size != y.size:
        raise ValueError(f"{_series(name)} must have as many x as y; it has {x.size} and {y.size}.")
    for axis, row in (("x", x), ("y", y)):
        if axis in log and row.min() <= 0:
            raise ValueError(
                f"{_series(name)} has {format_number(row.min())}, which a logarithmic axis cannot "
                "show; draw it without log."
            )
    return x, y


def _series(name: str) -> str:
    return f'series "{name}"'


def _describe(
    rows: Mapping[str, tuple[Numbers, Numbers]], x_label: str, y_label: str, log: Log
) -> Iterable[str]:
    is_log = f", on logarithmic axes ({log})" if log else ""
    yield f"{y_label[:1].upper()}{y_label[1:]} over {x_label}{is_log}."
    for name, (x, y) in rows.items():
        lowest = int(np.argmin(y))
        yield (
            f"{name}: from {_short(y[0])} at {_short(x[0])} to {_short(y[-1])} at {_short(x[-1])}, "
            f"lowest {_short(y[lowest])} at {_short(x[lowest])}."
        )


def _short(number: float) -> str:
    return format_number(float(number), 4)
