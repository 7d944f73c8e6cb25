"""The static plots of the lessons: a function, and a function with its tangent line."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from matplotlib.axes import Axes

import chalkgrad
from chalkboard.curve import Curve, Interval, flat_below, value_range, visible_values
from chalkboard.evaluation import Evaluation, EvaluationError, ScalarFunction, evaluate
from chalkboard.picture import Picture
from chalkboard.sampling import sample_panels
from chalkboard.style import CURVE, TANGENT, new_figure
from chalkboard.wording import describe_gaps, describe_point, format_number


def plot_function(
    f: ScalarFunction,
    domain: tuple[float, float],
    *,
    zoom: tuple[float, float] | None = None,
    name: str = "f",
    engine: ModuleType = chalkgrad,
) -> Picture:
    """Draw `f` over `domain`, and once more over `zoom`, with y scaled to what happens there.

    Raises:
        ValueError: `domain` or `zoom` is not an interval, or `f` cannot be evaluated anywhere.
    """
    curve, panels = sample_panels(f, domain, zoom, name=name, engine=engine)
    return draw_curve(curve, panels, name)


def plot_with_tangent(
    f: ScalarFunction,
    x: float,
    domain: tuple[float, float],
    *,
    zoom: tuple[float, float] | None = None,
    name: str = "f",
    engine: ModuleType = chalkgrad,
) -> Picture:
    """Draw `f` over `domain` with its tangent line at `x`, whose slope is what `engine` says.

    Raises:
        ValueError: as `plot_function`; or `f` has no finite value and slope at `x`.
    """
    curve, panels = sample_panels(f, domain, zoom, name=name, engine=engine)
    place = f"{name} has no tangent at x = {format_number(x)}"
    try:
        point = evaluate(f, x, engine)
    except EvaluationError as error:
        raise ValueError(f"{place}: {error}.") from error
    if not point.is_finite:
        value, slope = format_number(point.value), format_number(point.slope)
        raise ValueError(f"{place}: the value there is {value} and the slope {slope}.")
    return draw_curve(curve, panels, name, tangent=(x, point))


def draw_curve(
    curve: Curve,
    panels: Sequence[Interval],
    name: str,
    tangent: tuple[float, Evaluation] | None = None,
) -> Picture:
    """Draw a sampled curve in one panel per interval, with the tangent through a point of it.

    `tangent` is x and what an engine said there.
    """
    figure, panel_axes = new_figure(len(panels))
    for axes, interval in zip(panel_axes, panels, strict=True):
        axes.plot(curve.x, curve.value, CURVE.linestyle, color=CURVE.color, label=f"{name}(x)")
        if tangent is not None:
            _draw_tangent(axes, interval, *tangent)
        axes.set(xlabel="x", ylabel=f"{name}(x)", xlim=interval, ylim=value_range(curve, interval))
    for axes, interval in zip(panel_axes[1:], panels[1:], strict=True):
        axes.set_title(f"zoom: x from {_from_to(interval)}", fontsize="medium")
    if tangent is not None:
        panel_axes[0].legend()
    return Picture(figure, _words(curve, panels, name, tangent))


def _draw_tangent(axes: Axes, interval: Interval, x: float, point: Evaluation) -> None:
    ends = np.array(interval)
    line = point.value + point.slope * (ends - x)
    label = f"tangent, slope {format_number(point.slope, 4)}"
    axes.plot(ends, line, TANGENT.linestyle, color=TANGENT.color, label=label)
    axes.plot([x], [point.value], TANGENT.marker, color=TANGENT.color, label=f"x = {x:.6g}")


def _words(
    curve: Curve,
    panels: Sequence[Interval],
    name: str,
    tangent: tuple[float, Evaluation] | None,
) -> str:
    sentences = [
        f"The curve of {name} for x from {_from_to(panels[0])}, "
        f"with values from {_from_to(visible_values(curve, panels[0]))}."
    ]
    sentences += [f"A second panel zooms to x from {_from_to(zoom)}." for zoom in panels[1:]]
    if tangent is not None:
        x, point = tangent
        sentences.append(describe_point(name, x, point.value, point.slope, flat_below(curve)))
        sentences.append("The tangent line there is dashed.")
    sentences.append(describe_gaps(curve.gaps, name))
    return " ".join(sentence for sentence in sentences if sentence)


def _from_to(interval: Interval) -> str:
    return f"{format_number(interval[0], 4)} to {format_number(interval[1], 4)}"
