"""The slider of the course: drag x along a curve and see its tangent, value and slope move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import traitlets

import chalkgrad
from chalkboard.answers import Answer, ask, describe_answers
from chalkboard.assets import script, style
from chalkboard.curve import Curve, Interval, flat_below, value_range, visible_values
from chalkboard.evaluation import Evaluation, ScalarFunction
from chalkboard.sampling import sample_panels
from chalkboard.widget import Widget
from chalkboard.wording import decimals_for, decimals_of_step, describe_gaps, format_number


class GradientExplorer(Widget):
    """A function's curve with the tangent at x, to be dragged by mouse, finger or keyboard.

    `f` takes one scalar tensor and returns one; it must be written so that `engine` can run it
    (arithmetic and methods such as `x.sin()`). It is sampled once over `domain`, so dragging asks
    nothing of the kernel; when x is let go, `engine` and every module in `compare` (each with
    torch's names, such as torch itself) say f(x) and f'(x), and the widget shows what they say.

    `zoom` adds a second panel over that part of the domain, with y scaled to it. `goal` is a
    sentence shown above. `step` is the distance between two stops of the slider, by default about
    a thousandth of the domain.

    The traits can be read and driven from Python: setting `x` moves the picture. `value` and
    `slope` are what `engine` says at x, or None; `answers` has one `Answer` per engine; `message`
    says in words what is wrong at x, or whether the engines agree; `undrawn` says where the curve
    could not be drawn.

    Raises:
        ValueError: an argument does not fit, or `f` cannot be drawn anywhere; the sentence says
            why.
    """

    _esm = script("gradient_explorer.js")
    _css = style("parts/theme.css", "gradient_explorer.css")

    x = traitlets.Float().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    curve = traitlets.Instance(Curve).tag(sync=True, to_json=lambda curve, _: _curve_data(curve))
    panels = traitlets.List().tag(sync=True)
    value = traitlets.Float(allow_none=True).tag(sync=True)
    slope = traitlets.Float(allow_none=True).tag(sync=True)
    answers = traitlets.List(traitlets.Instance(Answer)).tag(
        sync=True, to_json=lambda answers, _: [_answer_data(answer) for answer in answers]
    )
    message = traitlets.Unicode().tag(sync=True)
    undrawn = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        f: ScalarFunction,
        x: float | None = None,
        domain: tuple[float, float] = (-5.0, 5.0),
        *,
        zoom: tuple[float, float] | None = None,
        goal: str = "",
        name: str = "f",
        step: float | None = None,
        compare: ModuleType | Sequence[ModuleType] = (),
        engine: ModuleType = chalkgrad,
    ) -> None:
        curve, intervals = sample_panels(f, domain, zoom, step=step, name=name, engine=engine)
        start = float(curve.stops[curve.stops.size // 2]) if x is None else x
        self._f = f
        self._engines = (engine, *(compare if isinstance(compare, Sequence) else [compare]))
        super().__init__(
            x=_within(start, curve.domain),
            name=name,
            goal=goal,
            curve=curve,
            panels=[[interval, value_range(curve, interval)] for interval in intervals],
            undrawn=describe_gaps(curve.gaps, name),
            **self._ask_engines(start),
        )
        self.observe(self._answer, names="x")

    def _static(self) -> Mapping[str, str]:
        from chalkboard.plots import draw_curve

        at = _evaluation(self.answers[0])
        return draw_curve(
            self.curve,
            [interval for interval, _ in self.panels],
            self.name,
            tangent=None if at is None else (self.x, at),
        )._repr_mimebundle_()

    @traitlets.validate("x")
    def _check_x(self, proposal: Any) -> float:
        return _within(proposal["value"], self.curve.domain)

    def _answer(self, _: object) -> None:
        with self.hold_sync():
            for name, state in self._ask_engines(self.x).items():
                setattr(self, name, state)

    def _ask_engines(self, x: float) -> dict[str, Any]:
        answers = [ask(self._f, x, engine) for engine in self._engines]
        at = _evaluation(answers[0])
        return {
            "answers": answers,
            "value": at.value if at else None,
            "slope": at.slope if at else None,
            "message": describe_answers(answers),
        }


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


def _curve_data(curve: Curve) -> dict[str, Any]:
    """The curve for the browser: arrays as little-endian float64, because JSON has no NaN."""
    slopes = np.abs(curve.slope[np.isfinite(curve.slope)])
    arrays = {
        name: getattr(curve, name).astype("<f8").tobytes()
        for name in ("stops", "x", "value", "slope")
    }
    return {
        **arrays,
        "gaps": [[gap.start, gap.stop, gap.reason] for gap in curve.gaps],
        "flat_below": flat_below(curve),
        "decimals": {
            "x": decimals_of_step(curve.step),
            "value": decimals_for(max(abs(end) for end in visible_values(curve, curve.domain))),
            # Not the largest: near a pole it is huge, and would leave no decimals elsewhere.
            "slope": decimals_for(float(np.quantile(slopes, 0.98))),
        },
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    """An answer for the browser: numbers as text, because JSON has no NaN and no infinity."""
    return {
        "engine": answer.engine,
        "x": answer.x,
        "value": "" if answer.value is None else format_number(answer.value),
        "slope": "" if answer.slope is None else format_number(answer.slope),
        "trouble": answer.trouble,
    }
