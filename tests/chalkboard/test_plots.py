"""The static plots: labelled axes, a tangent with torch's slope, and words beside every picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from chalkboard import compare_gradients, plot_function, plot_with_tangent


def polynomial(x: Any) -> Any:
    return (x - 3) * (x - 6) * (x - 4)


def line(axes: Axes, label: str) -> Line2D:
    return next(each for each in axes.lines if str(each.get_label()).startswith(label))


def test_axes_are_labelled_and_the_curve_is_the_function() -> None:
    """A plot without names on its axes says nothing about what it shows."""
    (axes,) = plot_function(polynomial, (0, 10), name="g").axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "g(x)")
    assert axes.get_xlim() == (0.0, 10.0)
    x, y = np.asarray(line(axes, "g(x)").get_data(), dtype=np.float64)
    np.testing.assert_allclose(y, polynomial(torch.tensor(x)).numpy(), rtol=1e-12, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(x=st.floats(0, 10))
def test_tangent_touches_the_curve_with_the_slope_of_torch(x: float) -> None:
    """The dashed line is the gradient made visible; any other slope would teach nonsense."""
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = polynomial(at)
    value.backward()
    assert at.grad is not None
    for axes in plot_with_tangent(polynomial, x, (0, 10), zoom=(2, 7)).axes:
        ends, heights = np.asarray(line(axes, "tangent").get_data(), dtype=np.float64)
        expected = value.item() + at.grad.item() * (ends - x)
        np.testing.assert_allclose(heights, expected, rtol=1e-9, atol=1e-9)
        (marker,) = (each for each in axes.lines if each.get_marker() == "o")
        assert np.asarray(marker.get_data()).ravel().tolist() == pytest.approx([x, value.item()])


def test_lines_differ_by_more_than_colour() -> None:
    """Who cannot tell the colours apart must still tell the tangent from the curve."""
    (axes,) = plot_with_tangent(polynomial, 2.0, (0, 10)).axes
    assert line(axes, "f(x)").get_linestyle() == "-"
    assert line(axes, "tangent").get_linestyle() == "--"
    legend = axes.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["f(x)", "tangent, slope 14", "x = 2"]


def test_zoom_is_a_second_panel_with_its_own_scale() -> None:
    """At full scale the polynomial's two flat places cannot be seen."""
    whole, zoom = plot_function(polynomial, (0, 10), zoom=(2, 7)).axes
    assert zoom.get_xlim() == (2.0, 7.0)
    assert zoom.get_ylim()[1] < 20 < whole.get_ylim()[1]
    assert zoom.get_title() == "zoom: x from 2 to 7"


def test_words_say_what_the_picture_shows() -> None:
    """Who cannot see the picture reads its words; they are the image's alternative text too."""
    picture = plot_with_tangent(lambda x: x.log(), 1.0, (-1, 3))
    for part in (
        "for x from -1 to 3",
        "At x = 1, f(x) = 0 and the slope is 1: the curve rises.",
        "is not drawn from x = -1 to 0 (the value is nan)",
    ):
        assert part in picture.words
    assert f'alt="{picture.words}"' in picture._repr_mimebundle_()["text/html"]


def test_no_tangent_where_there_is_no_slope() -> None:
    """A tangent drawn from NaN is silently absent; the sentence says why instead."""
    with pytest.raises(ValueError, match=r"f has no tangent at x = -1: the value there is nan"):
        plot_with_tangent(lambda x: x.log(), -1.0, (-2, 2))
    with pytest.raises(ValueError, match=r"f has no tangent at x = 0: .* slope inf\."):
        plot_with_tangent(lambda x: x.sqrt(), 0.0, (0, 2))


def test_comparison_asks_every_source() -> None:
    """The lesson's point is that three very different ways give one number."""
    places = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    comparison = compare_gradients(polynomial, places, compare=torch)
    assert list(comparison.slopes) == ["chalkgrad", "torch", "finite difference"]
    x = torch.tensor(places, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(polynomial(x).sum(), x)
    for slope in comparison.slopes.values():
        np.testing.assert_allclose(slope, expected.numpy(), atol=1e-6)
    assert comparison.largest_difference < 1e-6
    assert repr(comparison).splitlines()[2].split()[:3] == ["2", "14", "14"]


def test_comparison_is_drawn_with_a_mark_of_its_own_for_each_source() -> None:
    """The lines lie on each other; only dashes and marks show that there are several."""
    (axes,) = compare_gradients(polynomial, [1.0, 2.0], compare=torch).plot().axes
    looks = {(each.get_linestyle(), each.get_marker()) for each in axes.lines}
    assert len(looks) == 3
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "slope f'(x)")


def test_comparison_names_the_source_that_cannot_say() -> None:
    """With several engines in play the sentence must say whose trouble it is."""
    with pytest.raises(ValueError, match=r"chalkgrad has no slope of f at x = 1: AttributeError"):
        compare_gradients(lambda x: x.no_such_method(), 1.0)
