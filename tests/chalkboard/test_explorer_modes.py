"""What GradientExplorer can show besides one curve: more functions, a secant, a slope to find."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from chalkboard import GradientExplorer


def polynomial(x: Any) -> Any:
    return (x - 3) * (x - 6) * (x - 4)


def half_a_function(x: Any) -> Any:
    return x.sqrt()


def slope_by_torch(f: Callable[[Any], Any], x: float) -> float:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(f(at), at)
    return slope.item()


def test_each_function_has_its_own_answers_of_each_engine() -> None:
    """Side by side one compares slopes; a slope under the wrong name would compare nonsense."""
    functions = {"p": polynomial, "s": lambda x: x.sin()}
    explorer = GradientExplorer(functions, x=2.0, domain=(0, 10), compare=torch)
    explorer.x = 4.5
    assert [(a.function, a.engine) for a in explorer.answers] == [
        ("p", "chalkgrad"),
        ("p", "torch"),
        ("s", "chalkgrad"),
        ("s", "torch"),
    ]
    for answer in explorer.answers:
        assert answer.slope == pytest.approx(slope_by_torch(functions[answer.function], 4.5))
    assert explorer.message == "chalkgrad and torch agree."
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    for name in functions:
        assert f"At x = 4.5, {name}(x) = " in bundle[0]["text/plain"]


def test_functions_without_names_are_called_f_g_h_and_k() -> None:
    """An author who only wants two curves should not have to invent names."""
    explorer = GradientExplorer([polynomial, polynomial])
    assert list(explorer.curves) == ["f", "g"]


def test_trouble_of_one_function_is_said_under_its_name() -> None:
    """With several curves "no value here" must say of which."""
    explorer = GradientExplorer({"root": half_a_function, "s": lambda x: x.sin()}, x=1.0)
    explorer.x = -1.0
    assert explorer.message.startswith("root: At x = -1 in chalkgrad: the value is nan")
    assert explorer.undrawn.startswith("The curve of root is not drawn from x = -5 to 0")
    json.dumps(explorer.get_state(["answers", "secant", "found"]), allow_nan=False)


def test_secant_has_the_difference_quotient_and_becomes_the_tangent() -> None:
    """The limit is the lesson: the numbers must go where the derivative is."""
    explorer = GradientExplorer(polynomial, x=5.0, domain=(0, 10), secant=True)
    distances = []
    for h in reversed(explorer.h_stops[1:]):
        explorer.h = h
        assert explorer.secant is not None
        x = torch.tensor([5.0, 5.0 + h], dtype=torch.float64)
        here, there = polynomial(x)
        assert explorer.secant.quotient == pytest.approx(float(there - here) / h, rel=1e-9)
        distances.append(abs(explorer.secant.quotient - slope_by_torch(polynomial, 5.0)))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.1
    explorer.h = 0
    assert explorer.secant is None
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    assert "h is 0: the secant has become the tangent, with slope -1." in bundle[0]["text/plain"]


def test_every_h_of_the_slider_reaches_a_sample_of_the_curve() -> None:
    """Between two samples a difference quotient would be that of the drawing, not of f."""
    explorer = GradientExplorer(polynomial, x=5.0, domain=(0, 10), secant=True)
    assert explorer.h_stops[0] == 0
    for h in explorer.h_stops:
        assert abs(explorer.curve.x - (5.0 + h)).min() < 1e-12


@pytest.mark.parametrize(
    ("f", "domain", "wanted", "places"),
    [
        (polynomial, (0, 10), 0.0, [(13 - math.sqrt(7)) / 3, (13 + math.sqrt(7)) / 3]),
        (lambda x: x.sin(), (-4, 4), 0.5, [-math.pi / 3, math.pi / 3]),
        (lambda x: (x - 1 / 3) ** 3, (-1, 1), 0.0, [1 / 3]),
        (lambda x: (20 * x).sin(), (0, 1), 0.0, [(k + 0.5) * math.pi / 20 for k in range(6)]),
        (lambda x: x.relu(), (-1, 1), 0.0, [-0.5]),
    ],
)
def test_each_place_is_found_once_x_is_there(
    f: Callable[[Any], Any], domain: tuple[float, float], wanted: float, places: list[float]
) -> None:
    """A right answer that is not noticed is worse than no goal at all."""
    explorer = GradientExplorer(f, domain=domain, find_slope=wanted)
    assert explorer.target is not None
    assert len(explorer.target.places) == len(places)
    assert explorer.found == []
    for count, place in enumerate(places, start=1):
        nearest = min(explorer.curve.stops, key=lambda stop: abs(stop - place))
        explorer.x = float(nearest)
        assert explorer.is_at_place
        assert len(explorer.found) == count
        assert abs(slope_by_torch(f, explorer.x) - wanted) < 0.5


def test_a_slope_that_is_only_nearly_the_wanted_one_is_no_place() -> None:
    """Far out tanh looks flat, and its slope is not zero anywhere."""
    with pytest.raises(ValueError, match=r"f has slope 0 nowhere from x = -5 to 5; choose"):
        GradientExplorer(lambda x: x.tanh(), find_slope=0.0)
    explorer = GradientExplorer(lambda x: x * x.exp(), domain=(-8, 1), find_slope=0.0)
    explorer.x = -8.0
    assert abs(slope_by_torch(lambda x: x * x.exp(), -8.0)) < 0.003
    assert not explorer.is_at_place
    explorer.x = -1.0
    assert explorer.found == [-1.0]


def test_the_browser_is_not_told_where_the_places_are() -> None:
    """A goal whose answer stands in the saved notebook is no goal."""
    explorer = GradientExplorer(polynomial, domain=(0, 10), find_slope=0.0)
    assert set(explorer.get_state("target")["target"]) == {"slope", "tolerance", "count"}
    assert explorer.goal == "Put x at both places where the slope of f is 0."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"f": []}, "one picture holds one to 4 functions; got 0."),
        ({"f": [polynomial] * 5}, "one picture holds one to 4 functions; got 5."),
        ({"f": {1: polynomial}}, "the name of a function must be a text such as 'f'; got 1."),
        ({"f": {"f": polynomial, "g": 3}}, "g must be a function of x"),
        ({"f": [polynomial] * 2, "secant": True}, "secant, h and find_slope work for one function"),
        ({"f": [polynomial] * 2, "find_slope": 0.0}, "work for one function; got 2."),
        ({"h": 6.0}, "h must be a number from 0 to 5; got 6.0."),
        ({"find_slope": "flat"}, "find_slope must be a finite number"),
        ({"find_slope": 1e9}, "f has slope 1000000000 nowhere"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    arguments: dict[str, Any], sentence: str
) -> None:
    """The cell that made the widget is where an author reads what to change."""
    f = arguments.pop("f", polynomial)
    with pytest.raises(ValueError, match=r"one|must|nowhere") as raised:
        GradientExplorer(f, **arguments)
    assert sentence in str(raised.value)


def test_h_without_a_secant_is_refused() -> None:
    """Setting what is not shown would move nothing, and nobody would know why."""
    with pytest.raises(ValueError, match="make it with secant=True"):
        GradientExplorer(polynomial).h = 1.0
