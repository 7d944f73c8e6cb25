"""Plots of a few numbers to be compared, such as the times of two ways to do the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chalkboard.arrays import Numbers, check_finite, read_numbers
from chalkboard.picture import Picture
from chalkboard.style import SERIES, new_figure
from chalkboard.wording import format_number

_HATCHES = ("", "///", "...", "xxx")
# How wide a letter is, in inches.
_LETTER = 0.085
_MOST_BARS = 30


def plot_bars(numbers: Mapping[str, Any], *, label: str = "value", log: bool = False) -> Picture:
    """Draw one bar per name, with its number at its end; `label` says what is measured.

    Raises:
        ValueError: there is no number, or one that is not finite, or with `log` one not above 0.
    """
    names, values = _read(numbers, log)
    texts = [_short(value) for value in values]
    return _draw(names, values, texts, label, log, f"Bars of {label}.")


def plot_timings(times: Mapping[str, Any], *, unit: str = "ms") -> Picture:
    """Draw how long each way takes, on a logarithmic axis, and how many times the shortest that is.

    Raises:
        ValueError: there is no time, or one that is not a number above 0.
    """
    names, values = _read(times, log=True)
    fastest = int(np.argmin(values))
    ratios = values / values[fastest]
    texts = [
        f"{_short(value)} {unit}" + ("" if index == fastest else f" ({_times(ratio)} times)")
        for index, (value, ratio) in enumerate(zip(values, ratios, strict=True))
    ]
    summary = f"Times in {unit}; {names[fastest]} is the shortest, the others are so many times it."
    return _draw(names, values, texts, f"time in {unit}", True, summary)


def _read(numbers: Mapping[str, Any], log: bool) -> tuple[list[str], Numbers]:
    if not isinstance(numbers, Mapping) or not 0 < len(numbers) <= _MOST_BARS:
        raise ValueError(
            f'give 1 to {_MOST_BARS} numbers with their names, such as {{"loop": 41, "sum": 0.2}}.'
        )
    values = {name: read_numbers(number, name) for name, number in numbers.items()}
    for name, value in values.items():
        if value.size != 1:
            raise ValueError(f"{name} must be one number; got the shape {value.shape}.")
        check_finite(value.reshape(1), name)
        if log and value.item() <= 0:
            raise ValueError(
                f"{name} is {_short(value.item())}, but a logarithmic axis shows only numbers "
                "above 0."
            )
    return [str(name) for name in values], np.array([value.item() for value in values.values()])


def _draw(
    names: list[str], values: Numbers, texts: list[str], label: str, log: bool, summary: str
) -> Picture:
    figure, (axes,) = new_figure(1)
    figure.set_figheight(1.0 + 0.42 * max(len(names), 3))
    places = np.arange(len(names))
    for place, value in zip(places, values, strict=True):
        look = SERIES[place % len(SERIES)]
        # Nothing by colour alone: each bar has its name beside it and a hatching of its own.
        axes.barh(
            place,
            value,
            color="white",
            edgecolor=look.color,
            hatch=_HATCHES[place % len(_HATCHES)],
            linewidth=1.5,
            height=0.62,
        )
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set(xlabel=label, xscale="log" if log else "linear")
    axes.grid(axis="y", visible=False)
    for place, value, text in zip(places, values, texts, strict=True):
        side = -1 if value < 0 else 1
        axes.annotate(
            text,
            (value, place),
            xytext=(5 * side, 0),
            textcoords="offset points",
            va="center",
            ha="left" if side > 0 else "right",
        )
    axes.margins(x=0.25)
    left = _room_for(names, figure.get_figwidth())
    figure.subplots_adjust(left=left, bottom=0.55 / figure.get_figheight())
    if log:
        # As much room on the right as the words beside the longest bar may need.
        width = figure.get_figwidth() * (figure.subplotpars.right - left)
        words = min(0.6, (0.2 + _LETTER * max(map(len, texts))) / width)
        begin, end = values.min() / 3, values.max()
        axes.set_xlim(begin, begin * (end / begin) ** (1 / (1 - words)))
    each = ", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    return Picture(figure, f"{summary} {each}.")


def _room_for(names: list[str], width: float) -> float:
    """The part of the figure that the names beside the bars need."""
    return min(0.45, (0.3 + _LETTER * max(map(len, names))) / width)


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else _short(ratio, 3)


def _short(number: float, digits: int = 4) -> str:
    return format_number(float(number), digits)
