"""The static plots of the lessons: a function, and a function with its tangent line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

import numpy as np
from matplotlib.axes import Axes

import chalkgrad
from chalkboard.functions.curve import (
    Curve,
    Interval,
    common_range,
    flat_below,
    slope_range,
    visible_values,
)
from chalkboard.functions.evaluation import Evaluation, EvaluationError, ScalarFunction, evaluate
from chalkboard.functions.sampling import sample_panels
from chalkboard.functions.secant import Secant
from chalkboard.picture import Picture
from chalkboard.style import CURVE, SERIES, TANGENT, LineLook, new_figure
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
    x, point = tangent or (None, None)
    return draw_curves({name: curve}, [(panel, "value") for panel in panels], x=x, points=[point])


def draw_curves(
    curves: Mapping[str, Curve],
    panels: Sequence[tuple[Interval, str]],
    *,
    x: float | None,
    points: Sequence[Evaluation | None],
    secant: Secant | None = None,
) -> Picture:
    """Draw sampled curves together, with what is known of each at `x`.

    A panel is an interval in x and what is shown over it, "value" or "slope". `points` has one
    entry per curve, None where it has no tangent. `secant` belongs to the first curve.
    """
    figure, panel_axes = new_figure(len(panels))
    for axes, (interval, shows) in zip(panel_axes, panels, strict=True):
        axes.set(xlabel="x", xlim=interval)
        for look, (name, curve), point in zip(_looks(curves), curves.items(), points, strict=True):
            height = curve.value if shows == "value" else curve.slope
            label = f"{name}(x)" if shows == "value" else f"{name}'(x)"
            axes.plot(curve.x, height, look.linestyle, color=look.color, label=label)
            if x is None or point is None:
                continue
            mark = TANGENT if len(curves) == 1 else look
            if shows == "value":
                _draw_tangent(axes, interval, x, point, mark)
            else:
                axes.plot([x, x], [0, point.slope], ":", color=mark.color)
                axes.plot([x], [point.slope], mark.marker, color=mark.color, label=f"x = {x:.6g}")
        if shows == "slope":
            axes.set(ylabel="slope", ylim=slope_range(list(curves.values()), interval))
            axes.axhline(0, color="#666666", linewidth=1)
            axes.set_title("the slope", fontsize="medium")
        else:
            label = f"{next(iter(curves))}(x)" if len(curves) == 1 else "value"
            axes.set(ylabel=label, ylim=common_range(list(curves.values()), interval))
    for axes, (interval, shows) in list(zip(panel_axes, panels, strict=True))[1:]:
        if shows == "value":
            axes.set_title(f"zoom: x from {_from_to(interval)}", fontsize="medium")
    for axes, (interval, shows) in zip(panel_axes, panels, strict=True):
        if secant is not None and points[0] is not None and shows == "value":
            _draw_secant(axes, interval, points[0], secant)
    if any(points) or len(curves) > 1:
        panel_axes[0].legend()
    return Picture(figure, _words(curves, panels, x, points))


def _looks(curves: Mapping[str, Curve]) -> Sequence[LineLook]:
    return [CURVE] if len(curves) == 1 else SERIES[: len(curves)]


def _draw_tangent(
    axes: Axes, interval: Interval, x: float, point: Evaluation, look: LineLook
) -> None:
    ends = np.array(interval)
    line = point.value + point.slope * (ends - x)
    label = f"tangent, slope {format_number(point.slope, 4)}"
    # Beside a curve that is dashed as well, a tangent is told by being thin.
    width = 1.5 if look is TANGENT else 0.8
    axes.plot(ends, line, TANGENT.linestyle, color=look.color, linewidth=width, label=label)
    axes.plot([x], [point.value], look.marker, color=look.color, label=f"x = {x:.6g}")


def _draw_secant(axes: Axes, interval: Interval, point: Evaluation, secant: Secant) -> None:
    look = SERIES[2]
    ends = np.array(interval)
    line = point.value + secant.quotient * (ends - secant.x)
    label = f"secant, slope {format_number(secant.quotient, 4)}"
    axes.plot(ends, line, "-.", color=look.color, label=label)
    there = secant.x + secant.h
    height = point.value + secant.quotient * secant.h
    axes.plot([there], [height], "s", color=look.color, label=f"x + h = {there:.6g}")


def _words(
    curves: Mapping[str, Curve],
    panels: Sequence[tuple[Interval, str]],
    x: float | None,
    points: Sequence[Evaluation | None],
) -> str:
    whole = panels[0][0]
    sentences = [
        f"The curve of {name} for x from {_from_to(whole)}, "
        f"with values from {_from_to(visible_values(curve, whole))}."
        for name, curve in curves.items()
    ]
    for interval, shows in panels[1:]:
        if shows == "value":
            sentences.append(f"A second panel zooms to x from {_from_to(interval)}.")
        else:
            sentences.append("A panel of its own shows the slope at every x.")
    for (name, curve), point in zip(curves.items(), points, strict=True):
        if x is not None and point is not None:
            flat = flat_below(curve)
            sentences.append(describe_point(name, x, point.value, point.slope, flat))
    if any(points):
        sentences.append("The tangent line there is dashed.")
    sentences += [describe_gaps(curve.gaps, name) for name, curve in curves.items()]
    return " ".join(sentence for sentence in sentences if sentence)


def _from_to(interval: Interval) -> str:
    return f"{format_number(interval[0], 4)} to {format_number(interval[1], 4)}"
