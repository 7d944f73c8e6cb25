"""A function of two variables, seen from above: drag a point, and see its gradient and descent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import traitlets

import chalkgrad
from chalkboard.assets import script, style
from chalkboard.functions.curve import Interval
from chalkboard.functions.descent import Descent, descend
from chalkboard.functions.evaluation import PlaneFunction
from chalkboard.functions.surface import Surface, sample_surface
from chalkboard.functions.surface_answers import (
    SurfaceAnswer,
    ask_at,
    describe_gradient,
    describe_surface_answers,
)
from chalkboard.functions.surface_contours import Contour, contours, defined_rings
from chalkboard.functions.surface_data import (
    contours_data,
    rings_path,
    surface_answers_data,
    surface_data,
)
from chalkboard.widget import Widget
from chalkboard.wording import format_number

_MOST_STEPS = 500


class SurfaceExplorer(Widget):
    """The level lines of a function of x and y, with a point to be dragged and its gradient.

    `f` takes two scalar tensors and returns one; it must be written so that `engine` can run it.
    It is sampled once on a grid over `domain`, a pair of intervals, so dragging asks nothing of the
    kernel. When the point is let go, `engine` and every module in `compare` (each with torch's
    names) say the value and the gradient there, and `engine` takes `steps` steps of gradient
    descent with `learning_rate`, which a slider changes. `goal` is a sentence shown above.

    The traits can be read and driven from Python: setting `x`, `y` or `learning_rate` moves the
    picture. `value` and `gradient` are what `engine` says at the point, or None; `answers` has one
    `SurfaceAnswer` per engine; `descent` has the points of the way down; `message` says in words
    what is wrong at the point, or whether the engines agree; `undrawn` says that there are places
    without a value.

    Raises:
        ValueError: an argument does not fit, or `f` cannot be drawn anywhere; the sentence says
            why.
    """

    _esm = script("surface_explorer.js")
    _css = style("parts/theme.css", "parts/readouts.css", "surface_explorer.css")

    x = traitlets.Float().tag(sync=True)
    y = traitlets.Float().tag(sync=True)
    learning_rate = traitlets.Float().tag(sync=True)
    learning_rates = traitlets.List(traitlets.Float()).tag(sync=True)
    steps = traitlets.Int(read_only=True).tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    surface = traitlets.Instance(Surface).tag(
        sync=True, to_json=lambda surface, _: surface_data(surface)
    )
    contours = traitlets.List(traitlets.Instance(Contour)).tag(
        sync=True, to_json=lambda contours, self: contours_data(contours, self.surface)
    )
    defined = traitlets.Unicode().tag(sync=True)
    undrawn = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List(traitlets.Instance(SurfaceAnswer)).tag(
        sync=True, to_json=lambda answers, self: surface_answers_data(answers, self.name)
    )
    descent = traitlets.Instance(Descent).tag(sync=True, to_json=lambda descent, _: vars(descent))
    message = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Dict().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    remark = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        f: PlaneFunction,
        start: tuple[float, float] | None = None,
        domain: tuple[tuple[float, float], tuple[float, float]] = ((-3.0, 3.0), (-3.0, 3.0)),
        *,
        learning_rate: float = 0.1,
        steps: int = 30,
        goal: str = "",
        name: str = "f",
        compare: ModuleType | Sequence[ModuleType] = (),
        engine: ModuleType = chalkgrad,
    ) -> None:
        surface = sample_surface(f, domain, name, engine)
        defined = defined_rings(surface)
        x, y = _check_start(start, surface)
        rate = _check_rate(learning_rate)
        self._f = f
        self._engines = (engine, *(compare if isinstance(compare, Sequence) else [compare]))
        self._steps = _check_steps(steps)
        super().__init__(
            x=x,
            y=y,
            learning_rate=rate,
            learning_rates=_rates_around(rate),
            name=name,
            goal=goal,
            surface=surface,
            contours=contours(surface),
            defined=rings_path(defined, surface),
            undrawn=f"Where the map is striped, {name} has no finite value." if defined else "",
            **self._ask(x, y, rate, surface, name),
        )
        self.set_trait("steps", self._steps)
        self.observe(self._answer, names=["x", "y", "learning_rate"])

    @property
    def value(self) -> float | None:
        """f(x, y), as `engine` says; None where it has no finite value and gradient."""
        return self.answers[0].value if self.answers[0].is_finite else None

    @property
    def gradient(self) -> tuple[float, float] | None:
        """The slopes along x and y, as `engine` says; None where there are none."""
        first = self.answers[0]
        return (first.slope_x, first.slope_y) if first.is_finite else None

    def move_to(self, x: float, y: float) -> None:
        """Set both numbers at once, so that the engines are asked once.

        Raises:
            ValueError: the point is outside the domain.
        """
        point = _check_start((x, y), self.surface)
        with self.hold_trait_notifications():
            self.x, self.y = point

    def _static(self) -> Mapping[str, str]:
        from chalkboard.plots.surfaces import draw_surface

        first = self.answers[0]
        picture = draw_surface(self.surface, self.contours, self.name, first, self.descent)
        words = f"{picture.words} {self.undrawn.replace('striped', 'empty')}".strip()
        return replace(picture, words=words)._repr_mimebundle_()

    @traitlets.validate("x")
    def _check_x(self, proposal: Any) -> float:
        return _within(proposal["value"], self.surface.x.interval, "x")

    @traitlets.validate("y")
    def _check_y(self, proposal: Any) -> float:
        return _within(proposal["value"], self.surface.y.interval, "y")

    @traitlets.validate("learning_rate")
    def _check_learning_rate(self, proposal: Any) -> float:
        return _check_rate(proposal["value"])

    def _answer(self, _: object) -> None:
        # The browser may send all three at once, and then this is called for each.
        if self.answered == {"x": self.x, "y": self.y, "learning_rate": self.learning_rate}:
            return
        with self.hold_sync():
            state = self._ask(self.x, self.y, self.learning_rate, self.surface, self.name)
            for trait, what in state.items():
                setattr(self, trait, what)

    def _ask(self, x: float, y: float, rate: float, surface: Surface, name: str) -> dict[str, Any]:
        """What the engines say there, in numbers and in words."""
        answers = [ask_at(self._f, x, y, engine) for engine in self._engines]
        descent = descend(self._f, (x, y), rate, self._steps, surface, self._engines[0])
        return {
            "answers": answers,
            "descent": descent,
            "message": describe_surface_answers(answers),
            "words": describe_gradient(name, answers[0], surface.flat_below),
            "remark": descent.words if answers[0].is_finite else "",
            "answered": {"x": x, "y": y, "learning_rate": rate},
        }


def _check_start(start: Any, surface: Surface) -> tuple[float, float]:
    """The point as two floats; a quarter from the upper right corner where none is asked for."""
    if start is None:
        stops = (surface.x.stops, surface.y.stops)
        x, y = (float(each[round(0.75 * (each.size - 1))]) for each in stops)
        return x, y
    try:
        x, y = start
    except (TypeError, ValueError):
        raise ValueError(
            f"start must be a pair of numbers, such as (1.0, 2.0); got {start!r}."
        ) from None
    return _within(x, surface.x.interval, "x"), _within(y, surface.y.interval, "y")


def _within(number: object, interval: Interval, name: str) -> float:
    start, stop = interval
    if not isinstance(number, (int, float, np.number)) or not start <= number <= stop:
        raise ValueError(
            f"{name} must be a number from {format_number(start)} to {format_number(stop)}; "
            f"got {number!r}."
        )
    return float(number)


def _check_rate(rate: object) -> float:
    if not isinstance(rate, (int, float, np.number)) or not 0 < rate < math.inf:
        raise ValueError(f"learning_rate must be a number above 0, such as 0.1; got {rate!r}.")
    return float(rate)


def _check_steps(steps: object) -> int:
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= _MOST_STEPS:
        raise ValueError(f"steps must be a whole number from 1 to {_MOST_STEPS}; got {steps!r}.")
    return steps


def _rates_around(rate: float) -> list[float]:
    """Learning rates to choose from: 1, 2, 5, 10, ... from a hundredth to 20 times `rate`."""
    exponent = math.floor(math.log10(rate))
    nice = [
        float(f"{factor}e{power}")
        for power in range(exponent - 3, exponent + 3)
        for factor in (1, 2, 5)
    ]
    return sorted({rate, *(each for each in nice if rate / 101 < each < 21 * rate)})
