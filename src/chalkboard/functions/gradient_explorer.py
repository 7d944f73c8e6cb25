"""The slider of the course: drag x along a curve and see its tangent, value and slope move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import traitlets

import chalkgrad
from chalkboard.assets import script, style
from chalkboard.functions.answers import Answer, ask, describe_answers
from chalkboard.functions.curve import Curve, Interval, flat_below
from chalkboard.functions.evaluation import Evaluation, ScalarFunction
from chalkboard.functions.explorer_data import answers_data, curves_data, panels_data
from chalkboard.functions.sampling import named_functions, sample_panels
from chalkboard.functions.secant import (
    Secant,
    check_h,
    describe_secant,
    first_h,
    h_stops,
    secant_at,
)
from chalkboard.functions.target import Place, Target, describe_target, find_target, goal_of
from chalkboard.widget import Widget
from chalkboard.wording import describe_gaps, describe_point, format_number


class GradientExplorer(Widget):
    """A function's curve with the tangent at x, to be dragged by mouse, finger or keyboard.

    `f` takes one scalar tensor and returns one; it must be written so that `engine` can run it
    (arithmetic and methods such as `x.sin()`). It is sampled once over `domain`, so dragging asks
    nothing of the kernel; when x is let go, `engine` and every module in `compare` (each with
    torch's names, such as torch itself) say f(x) and f'(x), and the widget shows what they say.

    Up to four functions are shown together when `f` is a mapping of names to functions, or a
    sequence of functions, which are then called f, g, h and k.

    `zoom` adds a second panel over that part of the domain, with y scaled to it. `slope_panel` adds
    a panel with the curve of f'. `secant` adds a second slider, h, and the secant through x and
    x + h, which becomes the tangent as h goes to 0; `h` is where it starts. `find_slope` asks for
    the places where f has that slope: the widget notices when x is let go at one. `goal` is a
    sentence shown above. `step` is the distance between two stops of the slider, by default about
    a thousandth of the domain.

    The traits can be read and driven from Python: setting `x` or `h` moves the picture. `value` and
    `slope` are what `engine` says at x for the first function, or None; `answers` has one `Answer`
    per function and engine; `secant` is the `Secant` at x, or None; `found` has the x at which a
    place was found; `message` says in words what is wrong at x, or whether the engines agree;
    `undrawn` says where a curve could not be drawn.

    Raises:
        ValueError: an argument does not fit, or `f` cannot be drawn anywhere; the sentence says
            why.
    """

    _esm = script("gradient_explorer.js")
    _css = style("parts/theme.css", "parts/readouts.css", "gradient_explorer.css")

    x = traitlets.Float().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    curves = traitlets.Dict(value_trait=traitlets.Instance(Curve)).tag(
        sync=True, to_json=lambda curves, _: curves_data(curves)
    )
    panels = traitlets.List().tag(sync=True)
    value = traitlets.Float(allow_none=True).tag(sync=True)
    slope = traitlets.Float(allow_none=True).tag(sync=True)
    answers = traitlets.List(traitlets.Instance(Answer)).tag(
        sync=True, to_json=lambda answers, _: answers_data(answers)
    )
    message = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Dict().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    remark = traitlets.Unicode().tag(sync=True)
    undrawn = traitlets.Unicode().tag(sync=True)
    h = traitlets.Float(None, allow_none=True).tag(sync=True)
    h_stops = traitlets.List(traitlets.Float()).tag(sync=True)
    secant = traitlets.Instance[Secant | None](Secant, allow_none=True).tag(
        sync=True, to_json=lambda secant, _: secant and vars(secant)
    )
    target = traitlets.Instance[Target | None](Target, allow_none=True).tag(
        sync=True, to_json=lambda target, _: target and _target_data(target)
    )
    found = traitlets.List(traitlets.Float()).tag(sync=True)
    is_at_place = traitlets.Bool()

    def __init__(
        self,
        f: ScalarFunction | Mapping[str, ScalarFunction] | Sequence[ScalarFunction],
        x: float | None = None,
        domain: tuple[float, float] = (-5.0, 5.0),
        *,
        zoom: tuple[float, float] | None = None,
        slope_panel: bool = False,
        secant: bool = False,
        h: float | None = None,
        find_slope: float | None = None,
        goal: str = "",
        name: str = "f",
        step: float | None = None,
        compare: ModuleType | Sequence[ModuleType] = (),
        engine: ModuleType = chalkgrad,
    ) -> None:
        self._functions = named_functions(f, name)
        self._engines = (engine, *(compare if isinstance(compare, Sequence) else [compare]))
        has_secant = secant or h is not None
        if len(self._functions) > 1 and (has_secant or find_slope is not None):
            raise ValueError(
                f"secant, h and find_slope work for one function; got {len(self._functions)}."
            )
        sampled = {
            each: sample_panels(function, domain, zoom, step=step, name=each, engine=engine)
            for each, function in self._functions.items()
        }
        curves = {each: curve for each, (curve, _) in sampled.items()}
        first, (curve, intervals) = next(iter(sampled.items()))
        target = None if find_slope is None else find_target(curve, find_slope, first)
        stops = h_stops(curve) if has_secant else []
        x = _start(curve, target) if x is None else _within(x, curve.domain)
        self._found: dict[Place, float] = {}
        super().__init__(
            x=x,
            answers=self._ask(x),
            goal=goal or (goal_of(target, first) if target else ""),
            curves=curves,
            panels=panels_data(curves, intervals, slope_panel),
            undrawn=" ".join(filter(None, (describe_gaps(c.gaps, n) for n, c in curves.items()))),
            h_stops=stops,
            h=(first_h(stops) if h is None else check_h(h, stops)) if stops else None,
            target=target,
        )
        self._look()
        self.observe(self._answer, names="x")
        self.observe(self._follow_h, names="h")

    @property
    def name(self) -> str:
        """The name of the first function."""
        return next(iter(self.curves))

    @property
    def curve(self) -> Curve:
        """The curve of the first function."""
        return self.curves[self.name]

    def _static(self) -> Mapping[str, str]:
        from chalkboard.plots.curves import draw_curves

        picture = draw_curves(
            self.curves,
            [(panel["x"], panel["shows"]) for panel in self.panels],
            x=self.x,
            points=[_evaluation(self._first_answer(name)) for name in self.curves],
            secant=self.secant,
        )
        words = f"{picture.words} {self.remark}".strip()
        return replace(picture, words=words)._repr_mimebundle_()

    @traitlets.validate("x")
    def _check_x(self, proposal: Any) -> float:
        return _within(proposal["value"], self.curve.domain)

    @traitlets.validate("h")
    def _check_h(self, proposal: Any) -> float | None:
        if not self.h_stops:
            if proposal["value"] is None:
                return None
            raise ValueError("This explorer has no secant; make it with secant=True to set h.")
        return check_h(proposal["value"], self.h_stops)

    def _ask(self, x: float) -> list[Answer]:
        """What every engine says about every function at `x`."""
        return [
            ask(f, x, engine, name)
            for name, f in self._functions.items()
            for engine in self._engines
        ]

    def _answer(self, _: object) -> None:
        with self.hold_sync():
            self.answers = self._ask(self.x)
            self._look()

    def _look(self) -> None:
        """See what the answers mean, and whether x is where it should be."""
        at = _evaluation(self.answers[0])
        with self.hold_sync():
            self.value = at.value if at else None
            self.slope = at.slope if at else None
            self.message = describe_answers(self.answers)
            self._look_for_place()
            self._follow_h()

    def _look_for_place(self) -> None:
        target = self.target
        place = target.place_at(self.x) if target else None
        self.is_at_place = place is not None
        if place is not None:
            self._found.setdefault(place, self.x)
            self.found = sorted(self._found.values())

    def _follow_h(self, _: object = None) -> None:
        """See where the secant at x and h is, and say in words what is shown there."""
        f, here, h = self._functions[self.name], _evaluation(self.answers[0]), self.h
        with self.hold_sync():
            # At h = 0 there are not two points, and beyond the domain there is no curve.
            if here is None or not h or self.x + h > self.curve.domain[1]:
                self.secant = None
            else:
                self.secant = secant_at(f, here, self.x, h, self._engines[0])
            self.words = " ".join(map(self._describe_point, self.curves))
            self.remark = self._describe_mode()
            self.answered = {"x": self.x, "h": h}

    def _describe_point(self, name: str) -> str:
        at = _evaluation(self._first_answer(name))
        flat = flat_below(self.curves[name])
        return describe_point(name, self.x, at.value, at.slope, flat) if at else ""

    def _describe_mode(self) -> str:
        """What the secant and the search have come to."""
        words = []
        if self.h is not None:
            words.append(describe_secant(self.name, self.x, self.h, self.secant, self.slope))
        if self.target is not None:
            words.append(describe_target(self.target, self.found, self.is_at_place, self.slope))
        return " ".join(filter(None, words))

    def _first_answer(self, name: str) -> Answer:
        return next(answer for answer in self.answers if answer.function == name)


def _start(curve: Curve, target: Target | None) -> float:
    """The middle of the domain, unless that would give a place away."""
    middle = float(curve.stops[curve.stops.size // 2])
    if target is None or target.place_at(middle) is None:
        return middle
    return next(
        (float(stop) for stop in curve.stops if target.place_at(float(stop)) is None), middle
    )


def _within(x: object, domain: Interval) -> float:
    """`x` as a float.

    Raises:
        ValueError: it is not a number in `domain`.
    """
    start, stop = domain
    if not isinstance(x, (int, float, np.number)) or not start <= x <= stop:
        raise ValueError(
            f"x must be a number from {format_number(start)} to {format_number(stop)}; got {x!r}."
        )
    return float(x)


def _evaluation(answer: Answer) -> Evaluation | None:
    if answer.value is None or answer.slope is None or not answer.is_finite:
        return None
    return Evaluation(answer.value, answer.slope)


def _target_data(target: Target) -> dict[str, Any]:
    """What the browser may know of the target: how many places there are, and not where."""
    return {"slope": target.slope, "tolerance": target.tolerance, "count": len(target.places)}
