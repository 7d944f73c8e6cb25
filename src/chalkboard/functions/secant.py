"""The secant of a curve through x and x + h: which h a slider stops at, and its slope."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType

from chalkboard.functions.curve import Curve
from chalkboard.functions.evaluation import Evaluation, EvaluationError, ScalarFunction, evaluate
from chalkboard.wording import decimals_of_step, format_number

# How many steps of the curve: about ten stops per power of ten, so that h shrinks evenly.
_STEPS_PER_POWER = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


@dataclass(frozen=True)
class Secant:
    """The line through (x, f(x)) and (x + h, f(x + h)).

    `quotient` is its slope, the difference quotient (f(x + h) - f(x)) / h.
    """

    x: float
    h: float
    quotient: float


def secant_at(
    f: ScalarFunction, here: Evaluation, x: float, h: float, engine: ModuleType
) -> Secant | None:
    """The secant of `f`, whose value at x is `here`; None where f has no finite value at x + h."""
    try:
        there = evaluate(f, x + h, engine)
    except EvaluationError:
        return None
    quotient = (there.value - here.value) / h
    return Secant(x, h, quotient) if math.isfinite(quotient) else None


def h_stops(curve: Curve) -> list[float]:
    """From 0 to half of the domain, in steps that grow; x + h is then a stop of x, if x is one."""
    most = (curve.domain[1] - curve.domain[0]) / 2 / curve.step
    powers = range(math.floor(math.log10(most)) + 1)
    steps = {round(factor * 10**power) for power in powers for factor in _STEPS_PER_POWER}
    decimals = decimals_of_step(curve.step)
    return [0.0, *(round(k * curve.step, decimals) for k in sorted(steps) if k <= most)]


def first_h(stops: list[float]) -> float:
    """An h at which secant and tangent are well apart."""
    return next(stop for stop in stops if stop >= 0.4 * stops[-1])


def check_h(h: object, stops: list[float]) -> float:
    """`h` as a float.

    Raises:
        ValueError: it is not a number from 0 to the last of `stops`.
    """
    if isinstance(h, bool) or not isinstance(h, (int, float)) or not 0 <= h <= stops[-1]:
        raise ValueError(f"h must be a number from 0 to {format_number(stops[-1])}; got {h!r}.")
    return float(h)


def describe_secant(
    name: str, x: float, h: float, secant: Secant | None, slope: float | None
) -> str:
    """One sentence on the secant and how far its slope is from the tangent's."""
    if slope is None:
        return ""
    if h == 0:
        return f"h is 0: the secant has become the tangent, with slope {format_number(slope, 6)}."
    if secant is None:
        there = format_number(x + h, 6)
        return f"There is no secant: {name} has no value in the picture at x + h = {there}."
    distance = secant.quotient - slope
    return (
        f"The secant from x to x + h = {format_number(x + h, 6)} has slope "
        f"{format_number(secant.quotient, 6)}: {format_number(abs(distance), 3)} "
        f"{'more' if distance > 0 else 'less'} than the tangent."
    )
