"""A picture is only as true as its samples: each is what torch says, and no gap goes unsaid."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
from chalkboard.functions.curve import Curve, value_range, visible_values
from chalkboard.functions.evaluation import EvaluationError
from chalkboard.functions.sampling import check_interval, nice_step, sample_curve, sample_panels

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "polynomial": lambda x: (x - 3) * (x - 6) * (x - 4),
    "sine": lambda x: (2 * x).sin(),
    "damped": lambda x: (-x * x).exp() * x,
    "control flow": lambda x: x * x if x > 1 else 2 * x - 1,
}


def sampled(f: Callable[[Any], Any], start: float, stop: float, step: float = 0.01) -> Curve:
    return sample_curve(f, (start, stop), step, chalkgrad)


def torch_says(f: Callable[[Any], Any], x: float) -> tuple[float, float]:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = f(at)
    (slope,) = torch.autograd.grad(value, at)
    return value.item(), slope.item()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_sample_is_what_torch_says(name: str) -> None:
    """A curve or a slope that is not the function's would teach a wrong picture."""
    f = FUNCTIONS[name]
    curve = sampled(f, 0.0, 5.0, step=0.05)
    expected = np.array([torch_says(f, x) for x in curve.x])
    np.testing.assert_allclose(curve.value, expected[:, 0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(curve.slope, expected[:, 1], rtol=1e-12, atol=1e-12)
    assert curve.gaps == ()


def test_stops_are_round_numbers_and_the_ends() -> None:
    """A learner who looks for x = 2 must be able to stop exactly there."""
    curve = sampled(lambda x: x * x, -math.pi, math.pi)
    assert curve.stops[0] == -math.pi
    assert curve.stops[-1] == math.pi
    assert {2.0, 0.0, -1.23, 0.07} <= set(curve.stops.tolist())
    assert set(curve.stops.tolist()) <= set(curve.x.tolist())


@given(
    start=st.floats(-1e6, 1e6),
    length=st.floats(1e-3, 1e6),
    part=st.floats(0.01, 1.0),
)
def test_step_is_fine_enough_for_the_screen_and_coarse_enough_for_the_kernel(
    start: float, length: float, part: float
) -> None:
    """Too coarse a step makes corners in a zoomed curve; too fine a one makes the cell slow."""
    step = nice_step((start, start + length), part * length)
    span = start + length - start
    assert span / step <= 10_100
    assert span / step >= 999
    assert float(f"{step:.0e}") == step


def test_curve_ends_where_the_function_does_and_says_why() -> None:
    """A logarithm left of 0 is no error of the learner's: it is drawn as far as it goes."""
    curve = sampled(lambda x: x.log(), -2.0, 2.0)
    (gap,) = curve.gaps
    assert (gap.start, gap.stop) == (-2.0, 0.0)
    assert "nan" in gap.reason
    drawn = curve.x[np.isfinite(curve.value)]
    assert 0 < drawn[0] < 1e-9
    np.testing.assert_allclose(
        curve.value[np.isfinite(curve.value)], torch.tensor(drawn).log().numpy(), rtol=1e-12
    )


def test_two_reasons_side_by_side_are_two_gaps() -> None:
    """One reason for both would be wrong on half of the interval."""

    def f(x: Any) -> Any:
        if x < 1:
            raise ValueError("x must be at least 1.")
        return 3.0 if x < 2 else x * x

    below, constant = sampled(f, 0.0, 4.0).gaps
    assert (below.start, below.stop) == (0.0, 1.0)
    assert below.reason == "ValueError: x must be at least 1"
    assert (constant.start, constant.stop) == (1.0, 2.0)
    assert "returned a float instead of a tensor" in constant.reason


def test_a_slope_that_is_infinite_is_a_gap_of_one_point() -> None:
    """A tangent with slope inf cannot be drawn, though the value can."""
    gap = sampled(lambda x: x.sqrt(), 0.0, 1.0).gaps[0]
    assert (gap.start, gap.stop) == (0.0, 0.0)
    assert gap.reason == "the slope is inf"


@given(place=st.floats(0.1, 0.9), height=st.floats(0.5, 50))
def test_a_jump_breaks_the_curve_where_it_is(place: float, height: float) -> None:
    """Joined over a jump, the picture would show a steep slope that no engine ever gives."""
    curve = sampled(lambda x: x if x < place else x + height, 0.0, 1.0)
    (gap,) = curve.gaps
    assert gap.start == gap.stop == pytest.approx(place, abs=1e-5)
    assert gap.reason == "the curve jumps"
    for left, right in itertools.pairwise(curve.value[np.isfinite(curve.value)]):
        assert right - left < 0.02 or right - left > 0.9 * height
    (broken,) = np.flatnonzero(np.isnan(curve.value))
    assert curve.x[broken - 1] < curve.x[broken] < curve.x[broken + 1]


@pytest.mark.parametrize(
    "f",
    [
        pytest.param(lambda x: (3000 * x).tanh(), id="steep"),
        pytest.param(lambda x: x.abs(), id="kink"),
        pytest.param(lambda x: 0 * x + 3, id="constant"),
    ],
)
def test_steep_is_not_a_jump(f: Callable[[Any], Any]) -> None:
    """A break in a continuous curve would be a lie the other way round."""
    assert sampled(f, -1.0, 1.0).gaps == ()


def test_a_pole_does_not_flatten_the_picture() -> None:
    """1/x reaches 1e14 next to 0; scaled to that, everything else would be a flat line."""
    low, high = value_range(sampled(lambda x: 1 / x, -5.0, 5.0), (-5.0, 5.0))
    assert -20 < low < -2
    assert 2 < high < 20


def test_y_of_a_zoom_is_scaled_to_what_is_inside() -> None:
    """The maximum and the minimum of the lesson's polynomial are invisible at full scale."""
    curve, panels = sample_panels(
        FUNCTIONS["polynomial"], (0, 10), (2, 7), name="f", engine=chalkgrad
    )
    assert panels == ((0.0, 10.0), (2.0, 7.0))
    assert visible_values(curve, (0, 10)) == (-72.0, 168.0)
    assert visible_values(curve, (2, 7)) == (-8.0, 12.0)


def test_what_the_function_prints_is_not_printed_a_thousand_times(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A learner who left a print in the function must still find the widget on the page."""

    def f(x: Any) -> Any:
        print("here")
        return x

    sampled(f, 0.0, 1.0)
    assert capsys.readouterr().out == ""


NOT_CALLABLE: Any = 3


@pytest.mark.parametrize(
    ("f", "arguments", "sentence"),
    [
        (NOT_CALLABLE, {}, "f must be a function of x, such as lambda x: x * x; got an int."),
        (torch.sin, {"domain": (5, 1)}, "domain must go from the smaller number to the larger"),
        (torch.sin, {"domain": 5}, "domain must be two numbers, such as (0, 10); got 5."),
        (torch.sin, {"domain": (0, math.inf)}, "domain must be two finite numbers"),
        (torch.sin, {"zoom": (0, 20)}, "zoom (0, 20) must lie within the domain (0, 10)."),
        (torch.sin, {"zoom": (1, 1.01)}, "must be at least 1/100 as wide."),
        (torch.sin, {"step": 0.0}, "step must be between 0.001 and 10 for this picture; got 0.0."),
        (torch.sin, {"step": 1e-4, "zoom": (1, 1.1)}, "step must be between 0.001 and 0.1"),
        (lambda x: x.item(), {}, "returned a float instead of a tensor, so the graph is lost"),
        (lambda x: x * chalkgrad.tensor([1.0, 2.0]), {}, "returned a tensor of shape (2,)"),
        (lambda x: x.detach() * 2, {}, "has no graph back to x"),
        (lambda x: x.no_such_method(), {}, "AttributeError"),
        (lambda x, y: x, {}, "missing 1 required positional argument: 'y'"),
    ],
)
def test_bad_input_gets_one_sentence(
    f: Callable[..., Any], arguments: dict[str, Any], sentence: str
) -> None:
    """A learner must read what is wrong and what to do, not a traceback from the inside."""
    arguments = {"domain": (0, 10), **arguments}
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        sample_panels(f, **arguments, name="f", engine=chalkgrad)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")


def test_a_function_that_fails_everywhere_is_an_error_with_its_reason() -> None:
    """There is nothing to draw, so the reason must be the message."""
    with pytest.raises(EvaluationError, match="the value is nan"):
        sampled(lambda x: (-x * x - 1).log(), 0.0, 1.0)


def test_interval_may_come_from_numpy_or_a_list() -> None:
    """`np.array([0, 10])` and `[0, 10]` mean the same as `(0, 10)`."""
    assert check_interval(np.array([0, 10]), "domain") == check_interval([0, 10], "domain")
