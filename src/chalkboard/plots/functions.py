"""Plots of several functions at once: of one variable with their slopes, and of two as contours."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

import chalkgrad
from chalkboard.arrays import Numbers, check_finite, read_numbers
from chalkboard.functions.curve import Curve, Interval, value_range, visible_values
from chalkboard.functions.evaluation import ScalarFunction
from chalkboard.functions.sampling import check_interval, sample_panels
from chalkboard.picture import Picture
from chalkboard.plots.lines import draw_line, looks
from chalkboard.style import new_figure
from chalkboard.wording import describe_gaps, format_number

_GRID = 61
_LEVELS = 12
_MOST_MARKED = 12


def plot_functions(
    functions: Mapping[str, ScalarFunction],
    domain: tuple[float, float],
    *,
    slopes: bool = True,
    engine: ModuleType = chalkgrad,
) -> Picture:
    """Draw several functions in one panel and, with `slopes`, their slopes in a second.

    `functions` maps names to functions of one scalar tensor that `engine` can run; the slopes are
    what `engine` says.

    Raises:
        ValueError: `domain` is no interval, or a function cannot be drawn anywhere in it.
    """
    if not functions:
        raise ValueError('there is nothing to draw: give at least one function, as {"f": f}.')
    curves = {
        name: sample_panels(f, domain, name=name, engine=engine)[0] for name, f in functions.items()
    }
    interval = check_interval(domain, "domain")
    figure, panels = new_figure(2 if slopes else 1)
    for look, (name, curve) in zip(looks(len(curves)), curves.items(), strict=True):
        draw_line(panels[0], curve.x, curve.value, look, f"{name}(x)", _MOST_MARKED)
        if slopes:
            draw_line(panels[1], curve.x, curve.slope, look, f"{name}'(x)", _MOST_MARKED)
    panels[0].set(xlabel="x", ylabel="value", xlim=interval, ylim=_shared_range(curves, interval))
    for axes in panels[1:]:
        axes.set(xlabel="x", ylabel="slope", xlim=interval)
    for axes in panels:
        axes.legend()
    return Picture(figure, " ".join(_describe_curve(*each, slopes) for each in curves.items()))


def plot_contours(
    f: Callable[[Any, Any], Any],
    x_domain: tuple[float, float],
    y_domain: tuple[float, float] | None = None,
    *,
    path: Any = None,
    x_label: str = "x",
    y_label: str = "y",
    name: str = "f",
    engine: ModuleType = chalkgrad,
) -> Picture:
    """Draw a function of two variables as lines of equal height, with paths of descent over them.

    `f` takes two scalar tensors of `engine` and returns one. `y_domain` is `x_domain` where it is
    not given. `path` has shape (steps, 2), such as the weights after each step; or it maps names
    to several of these.

    Raises:
        ValueError: a domain is no interval, `f` cannot be evaluated, or `path` has another shape.
    """
    x = np.linspace(*check_interval(x_domain, "x_domain"), _GRID)
    y = np.linspace(*check_interval(y_domain or x_domain, "y_domain"), _GRID)
    paths = {} if path is None else path if isinstance(path, Mapping) else {"path": path}
    walks = {key: _read_path(walk, key) for key, walk in paths.items()}
    heights = _evaluate_on_grid(f, x, y, name, engine)
    figure, (axes,) = new_figure(1)
    lines = axes.contour(x, y, heights, levels=_levels(heights), cmap="viridis", linewidths=1.2)
    axes.clabel(lines, fontsize=8, colors="#333333")
    for look, (key, walk) in zip(looks(len(walks)), walks.items(), strict=True):
        draw_line(axes, walk[:, 0], walk[:, 1], look, label=key)
        axes.plot(*walk[-1], "*", color=look.color, markersize=12)
    axes.set(xlabel=x_label, ylabel=y_label, xlim=x[[0, -1]], ylim=y[[0, -1]])
    if len(walks) > 1:
        axes.legend()
    return Picture(figure, _describe_contours(x, y, heights, name, (x_label, y_label), walks))


def _shared_range(curves: Mapping[str, Curve], interval: Interval) -> Interval:
    ranges = [value_range(curve, interval) for curve in curves.values()]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _describe_curve(name: str, curve: Curve, slopes: bool) -> str:
    low, high = (_short(end) for end in visible_values(curve, curve.domain))
    sentence = f"{name}: values from {low} to {high}"
    if slopes:
        inside = np.where(np.isfinite(curve.slope), curve.slope, 0)
        steepest = int(np.argmax(np.abs(inside)))
        sentence += (
            f", steepest at x = {_short(curve.x[steepest])} with slope {_short(inside[steepest])}, "
            f"and slopes {_short(inside[0])} and {_short(inside[-1])} at the ends"
        )
    return f"{sentence}. {describe_gaps(curve.gaps, name)}".strip()


def _evaluate_on_grid(
    f: Callable[[Any, Any], Any], x: Numbers, y: Numbers, name: str, engine: ModuleType
) -> Numbers:
    heights = np.empty((y.size, x.size))
    for (row, b), (column, a) in itertools.product(enumerate(y), enumerate(x)):
        at = [engine.tensor(float(each), dtype=engine.float64) for each in (a, b)]
        try:
            with np.errstate(all="ignore"):
                height = read_numbers(f(*at), f"what {name} returns")
        except Exception as error:
            lines = str(error).strip().splitlines() or ["no message"]
            raise ValueError(
                f"{name} fails at ({_short(a)}, {_short(b)}): "
                f"{type(error).__name__}: {lines[0].rstrip('.')}."
            ) from error
        if height.size != 1:
            raise ValueError(
                f"{name} must return one number; at ({_short(a)}, {_short(b)}) it returned the "
                f"shape {height.shape}."
            )
        heights[row, column] = height.item()
    if not np.isfinite(heights).any():
        raise ValueError(f"{name} has no finite value in this domain; choose another.")
    return heights


def _levels(heights: Numbers) -> Numbers:
    """Heights of the contour lines: as many of the picture between any two of them.

    Equal distances would leave a valley empty where the rims are high.
    """
    levels = np.unique(np.nanquantile(heights[np.isfinite(heights)], np.linspace(0, 1, _LEVELS)))
    return levels if levels.size > 1 else levels[0] + np.array([-1.0, 1.0])


def _read_path(walk: Any, name: str) -> Numbers:
    numbers = read_numbers(walk, name)
    if numbers.ndim != 2 or numbers.shape[1] != 2 or not numbers.size:
        raise ValueError(
            f"{name} must have the shape (steps, 2), one point per step; got {numbers.shape}."
        )
    check_finite(numbers, name)
    return numbers


def _describe_contours(
    x: Numbers,
    y: Numbers,
    heights: Numbers,
    name: str,
    labels: tuple[str, str],
    walks: Mapping[str, Numbers],
) -> str:
    row, column = np.unravel_index(np.nanargmin(heights), heights.shape)
    lowest, place = heights[row, column], _point(np.array([x[column], y[row]]))
    sentences = [
        f"Lines of equal height of {name} for {labels[0]} from {_short(x[0])} to {_short(x[-1])} "
        f"and {labels[1]} from {_short(y[0])} to {_short(y[-1])}.",
        f"On the grid that was drawn it is lowest at {place}, with {_short(lowest)}.",
    ]
    sentences += [
        f"{key}: {len(walk)} points from {_point(walk[0])} to {_point(walk[-1])}, its end a star."
        for key, walk in walks.items()
    ]
    return " ".join(sentences)


def _point(place: Numbers) -> str:
    return f"({', '.join(_short(number) for number in place)})"


def _short(number: float) -> str:
    return format_number(float(number), 4)
