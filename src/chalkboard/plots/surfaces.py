"""The static picture of a surface: level lines, a point with its gradient, and the way down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from chalkboard.functions.descent import Descent
from chalkboard.functions.surface import Surface
from chalkboard.functions.surface_answers import SurfaceAnswer, describe_gradient
from chalkboard.functions.surface_contours import Contour
from chalkboard.picture import Picture
from chalkboard.style import CURVE, TANGENT, new_figure
from chalkboard.wording import format_number, join_words

# The length of the arrow, as a part of the width of the picture.
_ARROW = 0.15


def draw_surface(
    surface: Surface,
    contours: Sequence[Contour],
    name: str,
    at: SurfaceAnswer,
    descent: Descent,
) -> Picture:
    """Draw the level lines of `surface`, with the gradient at one point and descent from there."""
    figure, (axes,) = new_figure(1)
    levels = [contour.level for contour in contours]
    if levels:
        grid = (surface.x.stops, surface.y.stops, surface.value)
        look = {"colors": CURVE.color, "linestyles": "solid", "linewidths": 1.2}
        lines = axes.contour(*grid, levels=levels, **look)
        axes.clabel(lines, fontsize=8)
    if at.is_finite:
        _draw_descent(axes, descent)
        _draw_arrow(axes, surface, at)
    axes.set(xlabel="x", ylabel="y", xlim=surface.x.interval, ylim=surface.y.interval)
    axes.grid(False)
    (left, right), (low, high) = surface.x.interval, surface.y.interval
    if 0.5 <= (high - low) / (right - left) <= 1.25:
        # Only with equal units does the arrow stand upright on the level lines.
        axes.set_aspect("equal", anchor="W")
    return Picture(figure, _words(surface, levels, name, at, descent))


def _draw_descent(axes: Axes, descent: Descent) -> None:
    x, y = np.array(descent.points).T
    axes.plot(x, y, ":", marker=".", color="#222222", label="descent")


def _draw_arrow(axes: Axes, surface: Surface, at: SurfaceAnswer) -> None:
    axes.plot([at.x], [at.y], TANGENT.marker, color=TANGENT.color)
    gradient = np.array([at.slope_x, at.slope_y])
    length = np.hypot(*gradient)
    if length > surface.flat_below:
        width = surface.x.interval[1] - surface.x.interval[0]
        end = np.array([at.x, at.y]) + _ARROW * width * gradient / length
        arrow = {"arrowstyle": "-|>", "color": TANGENT.color, "linewidth": 2}
        axes.annotate("", xy=(end[0], end[1]), xytext=(at.x, at.y), arrowprops=arrow)


def _words(
    surface: Surface, levels: Sequence[float], name: str, at: SurfaceAnswer, descent: Descent
) -> str:
    sides = [
        f"{side} from {format_number(start, 4)} to {format_number(stop, 4)}"
        for side, (start, stop) in (("x", surface.x.interval), ("y", surface.y.interval))
    ]
    sentences = [f"The level lines of {name} for {join_words(sides)}"]
    if levels:
        sentences[0] += f", at {join_words([format_number(level, 4) for level in levels])}"
    sentences[0] += "."
    if at.is_finite:
        sentences += [describe_gradient(name, at, surface.flat_below), descent.words]
    else:
        sentences.append(f"There is no gradient at the point: {at.trouble}.")
    return " ".join(sentences)
