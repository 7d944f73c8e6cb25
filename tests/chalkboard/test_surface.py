"""SurfaceExplorer from Python: its grid, its level lines and its descent are what torch says."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch

import chalkgrad
from chalkboard import SurfaceExplorer
from chalkboard.functions.surface import sample_surface
from chalkboard.functions.surface_contours import contours, levels


def bowl(x: Any, y: Any) -> Any:
    return x * x + 3 * y * y - x * y


def ripples(x: Any, y: Any) -> Any:
    return (2 * x).sin() * y.cos() + x * y / 5


def two_slopes(x: Any, y: Any) -> Any:
    return x * x + y if x > y else y * y + x


def torch_says(f: Any, x: float, y: float) -> list[float]:
    at = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (x, y)]
    value = f(*at)
    return [value.item(), *(slope.item() for slope in torch.autograd.grad(value, at))]


@pytest.mark.parametrize("f", [bowl, ripples, two_slopes])
def test_every_point_of_the_grid_is_what_torch_says(f: Any) -> None:
    """Whether f takes whole arrays or one point at a time, a drag shows the true numbers."""
    surface = sample_surface(f, ((-3, 3), (-2, 3)), "f", chalkgrad)
    arrays = np.array([surface.value, surface.slope_x, surface.slope_y])
    assert arrays.shape[1:] == (surface.y.stops.size, surface.x.stops.size)
    for row in range(0, arrays.shape[1], 9):
        for column in range(0, arrays.shape[2], 7):
            expected = torch_says(f, surface.x.stops[column], surface.y.stops[row])
            np.testing.assert_allclose(arrays[:, row, column], expected, rtol=1e-12, atol=1e-12)
    assert {0.0, 1.0, -2.0, 3.0} <= set(surface.x.stops) & set(surface.y.stops)


def test_a_function_that_is_not_elementwise_is_not_trusted_with_arrays() -> None:
    """A function that sums its input gives an array of the right shape and wrong numbers."""

    def sums(x: Any, y: Any) -> Any:
        return x * y + x.sum()

    surface = sample_surface(sums, ((0, 1), (0, 1)), "f", chalkgrad)
    np.testing.assert_allclose(surface.value[-1, -1], 2.0)
    assert surface.x.stops.size < 60


@pytest.mark.parametrize("f", [bowl, ripples])
def test_level_lines_lie_where_torch_has_that_value(f: Any) -> None:
    """A level line with another value beside its number would teach a wrong picture."""
    surface = sample_surface(f, ((-3, 3), (-3, 3)), "f", chalkgrad)
    drawn = contours(surface)
    assert len(drawn) >= 5
    for contour in drawn:
        assert float(f"{contour.level:.3g}") == contour.level
        for ring in contour.rings:
            inner = ring[(np.abs(ring) < 2.999).all(axis=1)]
            values = f(*torch.tensor(inner.T))
            np.testing.assert_allclose(values, contour.level, atol=0.01)


def test_a_narrow_valley_has_level_lines_too() -> None:
    """With even steps the valley in which descent happens would be one empty field."""

    def valley(x: Any, y: Any) -> Any:
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    surface = sample_surface(valley, ((-2, 2), (-1, 3)), "f", chalkgrad)
    assert {5.0, 10.0, 100.0, 1000.0} <= set(levels(surface))


def test_engines_answer_and_descent_is_torchs_when_the_point_moves() -> None:
    """The path is the lesson: each step must be the one that x - lr * gradient gives."""
    explorer = SurfaceExplorer(ripples, (1.0, 2.0), learning_rate=0.2, steps=12, compare=torch)
    explorer.move_to(-0.5, 1.25)
    assert [explorer.value, *(explorer.gradient or ())] == pytest.approx(
        torch_says(ripples, -0.5, 1.25), rel=1e-12
    )
    assert explorer.message == "chalkgrad and torch agree."
    at = torch.tensor([-0.5, 1.25], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([at], lr=0.2)
    expected = [at.tolist()]
    for _ in range(12):
        optimizer.zero_grad()
        ripples(at[0], at[1]).backward()
        optimizer.step()
        expected.append(at.tolist())
    np.testing.assert_allclose(explorer.descent.points, expected, rtol=1e-12)
    assert explorer.descent.words.startswith("After 12 steps descent is at x = ")


def test_a_learning_rate_that_is_too_large_runs_away_and_says_so() -> None:
    """Divergence must end in a sentence, not in numbers that no picture can hold."""
    explorer = SurfaceExplorer(bowl, (2.0, 1.5), learning_rate=0.1)
    for learning_rate in (0.5, 1e300, 1e308):
        explorer.learning_rate = learning_rate
        assert "Descent runs away" in explorer.descent.words
        json.dumps(explorer.get_state("descent"), allow_nan=False)


def test_a_place_that_cannot_be_told_from_zero_is_called_zero() -> None:
    """A beginner stumbles over y = 1.7e-12, which in the picture is 0."""
    explorer = SurfaceExplorer(lambda x, y: x * x + 3 * y * y, (2.0, 1.5), learning_rate=0.1)
    assert 0 < explorer.descent.points[-1][1] < 1e-11
    assert "descent is at x = 0.002476, y = 0, with value" in explorer.descent.words


def test_words_say_the_gradient_and_which_way_is_uphill() -> None:
    """Without the picture its words must tell the same."""
    bundle = SurfaceExplorer(bowl, (2.0, 1.5), compare=torch)._repr_mimebundle_()
    assert bundle is not None
    words = bundle[0]["text/plain"]
    value, slope_x, slope_y = torch_says(bowl, 2.0, 1.5)
    assert (
        f"At x = 2, y = 1.5, f = {value:.4g}; the gradient is ({slope_x:.4g}, {slope_y:.4g}), "
        f"length {math.hypot(slope_x, slope_y):.4g}: steepest uphill points right and up; "
        "descent goes the other way."
    ) in words
    assert words in bundle[0]["text/html"]
    assert bundle[0]["image/png"]


def test_where_f_has_no_value_the_reason_is_said() -> None:
    """Left of 0 there is no logarithm, and the rest of the picture stays."""
    explorer = SurfaceExplorer(lambda x, y: x.log() + y, (1.0, 1.0), ((-1, 3), (0, 3)))
    explorer.x = -0.5
    assert explorer.value is None
    assert explorer.gradient is None
    assert explorer.message.startswith("At x = -0.5, y = 1 in chalkgrad: the value is nan")
    assert explorer.get_state()["answers"]["points"] == [None]
    explorer.x = 1.0
    assert explorer.gradient == (1.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"start": (4, 0)}, "x must be a number from -3 to 3; got 4."),
        ({"start": 1.0}, "start must be a pair of numbers"),
        ({"domain": (-3, 3)}, "domain of x must be two numbers"),
        ({"domain": ((3, -3), (0, 1))}, "must go from the smaller number to the larger"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0"),
        ({"steps": 0}, "steps must be a whole number from 1 to 500"),
        ({"f": 3}, "f must be a function of x and y"),
        ({"f": lambda x, y: 1.0}, "f cannot be drawn anywhere; chalkgrad says: the function"),
        ({"f": lambda x: x}, "takes 1 positional argument but 2 were given"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    arguments: dict[str, Any], sentence: str
) -> None:
    """The cell that made the widget is where an author reads what to change."""
    f = arguments.pop("f", bowl)
    with pytest.raises(ValueError, match=r"\.$") as raised:
        SurfaceExplorer(f, **arguments)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)
