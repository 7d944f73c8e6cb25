"""Plots of data points and of a model fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from chalkboard.arrays import Numbers, check_finite, read_numbers, read_row
from chalkboard.picture import Picture
from chalkboard.plots.lines import draw_line
from chalkboard.style import CURVE, SERIES, TANGENT, new_figure
from chalkboard.wording import format_number

_CURVE_POINTS = 200


def plot_points_and_fit(
    x: Any, y: Any, predict: Callable[[Any], Any], *, x_label: str = "x", y_label: str = "y"
) -> Picture:
    """Draw the points (x, y), the curve of `predict`, and the gap from each point to the curve.

    `predict` is given a tensor or an array like `x`, of shape (n,) or (n, 1), and returns as many
    numbers.

    Raises:
        ValueError: x and y do not fit, or what `predict` returns cannot be drawn; the sentence
            says why.
    """
    inputs, targets = read_row(x, "x", fewest=2), read_row(y, "y", fewest=2)
    if inputs.size != targets.size:
        raise ValueError(
            f"x and y must be of one length; they have {inputs.size} and {targets.size}."
        )

    def predict_numbers(at: Numbers) -> Numbers:
        return _ask(predict, at, x)

    figure, (axes,) = new_figure(1)
    error = draw_points_and_fit(axes, inputs, targets, predict_numbers)
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.legend()
    low, high = (format_number(float(end), 4) for end in (inputs.min(), inputs.max()))
    left, right = (format_number(float(end), 4) for end in predict_numbers(inputs[[0, -1]]))
    words = (
        f"{inputs.size} points for {x_label} from {low} to {high}, and the model's curve: "
        f"{left} at the first point and {right} at the last. "
        f"The mean squared gap is {format_number(error, 4)}."
    )
    return Picture(figure, words)


def draw_points_and_fit(
    axes: Axes, x: Numbers, y: Numbers, predict: Callable[[Numbers], Numbers]
) -> float:
    """Draw the points, the model's curve and the gaps between; returns the mean squared gap."""
    fitted = predict(x)
    margin = 0.05 * float(np.ptp(x)) or 1.0
    across = np.linspace(x.min() - margin, x.max() + margin, _CURVE_POINTS)
    axes.vlines(x, y, fitted, colors=TANGENT.color, linestyles=":", label="gap")
    axes.plot(across, predict(across), CURVE.linestyle, color=CURVE.color, label="model")
    axes.plot(x, y, "o", color="#222222", markersize=5, label="points")
    return float(np.mean((fitted - y) ** 2))


def draw_fit_and_losses(
    x: Numbers,
    y: Numbers,
    predict: Callable[[Numbers], Numbers],
    losses: Sequence[float],
    movers: Sequence[str],
    words: str,
) -> Picture:
    """The points with the model, and beside it the loss after each move, by who made it."""
    figure, (left, right) = new_figure(2)
    draw_points_and_fit(left, x, y, predict)
    left.set(xlabel="x", ylabel="y")
    left.legend()
    moves, heights = np.arange(len(losses), dtype=np.float64), np.array(losses)
    for look, mover, label in zip(
        SERIES, ("hand", "machine"), ("by hand", "machine"), strict=False
    ):
        ends = np.array([each == mover for each in movers])
        # A move is a step from one point to the next; the others are left out of this line.
        belongs = ends | np.append(ends[1:], False)
        heights_of_mover = np.where(belongs, heights, np.nan)
        if ends.any():
            draw_line(right, moves, heights_of_mover, look, label=label)
    right.set(xlabel="moves", ylabel="loss", ylim=(0, None))
    if len(losses) > 1:
        right.legend()
    else:
        right.plot(moves, heights, SERIES[0].marker, color=SERIES[0].color)
    return Picture(figure, words)


def _ask(predict: Callable[[Any], Any], at: Numbers, like: Any) -> Numbers:
    """What `predict` says at `at`, which it is given as the kind of thing that `like` is."""
    shape = (-1, 1) if getattr(like, "ndim", 1) == 2 else (-1,)
    given: Any = at.reshape(shape)
    if hasattr(like, "detach"):
        engine = import_module(type(like).__module__.partition(".")[0])
        # Between whole numbers there are others, which an integer tensor would cut off.
        dtype = like.dtype if like.is_floating_point() else None
        given = engine.tensor(given.tolist(), dtype=dtype)
    try:
        answer = predict(given)
    except Exception as error:
        lines = str(error).strip().splitlines() or ["no message"]
        raise ValueError(
            f"predict fails on {at.size} numbers: {type(error).__name__}: {lines[0].rstrip('.')}."
        ) from error
    numbers = read_numbers(answer, "what predict returns").reshape(-1)
    if numbers.size != at.size:
        raise ValueError(
            f"predict must return one number per input; it got {at.size} and gave {numbers.size}."
        )
    check_finite(numbers, "what predict returns")
    return numbers
