"""The lessons' static plots: what torch says, told apart without colour, and put in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

import chalkboard
import chalkgrad
from chalkboard import (
    Picture,
    plot_bars,
    plot_contours,
    plot_functions,
    plot_heatmap,
    plot_histogram,
    plot_lines,
    plot_losses,
    plot_points_and_fit,
    plot_timings,
)
from chalkboard.plots.lines import looks

MATRIX = [[1.0, 2.0], [3.0, -4.0]]
LOSSES = [21.0, 0.535, 0.01435]
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
}


def line(axes: Axes, label: str) -> Line2D:
    return next(each for each in axes.lines if each.get_label() == label)


def drawn(axes: Axes, label: str) -> np.ndarray[Any, Any]:
    return np.asarray(line(axes, label).get_data(), dtype=np.float64)


def pictures() -> dict[str, Picture]:
    """One of each kind, as a lesson would draw it."""
    return {
        "losses": plot_losses({"chalkgrad": LOSSES, "torch": torch.tensor(LOSSES)}),
        "lines": plot_lines({"error": ([1e-1, 1e-3], [1e-2, 1e-6])}, x_label="h", y_label="error"),
        "fit": plot_points_and_fit([0, 1, 2], [1, 3, 5], lambda x: 2 * x),
        "functions": plot_functions(ACTIVATIONS, (-3, 3)),
        "contours": plot_contours(lambda x, y: x * x + y * y, (-1, 1), path=[[1, 1], [0, 0]]),
        "bars": plot_bars({"first": 3, "second": -1}, label="gradient norm"),
        "timings": plot_timings({"loop": 41, "vectorised": 0.2}),
        "heatmap": plot_heatmap(MATRIX),
        "histogram": plot_histogram(torch.arange(9.0)),
    }


def test_every_picture_has_named_axes_and_its_words_as_alternative_text() -> None:
    """A plot without names on its axes says nothing; one without words says nothing to many."""
    for kind, picture in pictures().items():
        for axes in picture.axes:
            assert axes.get_xlabel(), kind
            assert axes.get_ylabel() or kind in ("bars", "timings"), kind
        assert picture.words.endswith("."), kind
        assert f'alt="{picture.words}"' in picture._repr_mimebundle_()["text/html"].replace(
            "&#x27;", "'"
        )


def test_ten_lines_have_ten_looks_without_their_colours() -> None:
    """Who cannot tell the colours apart must still tell ten runs apart."""
    assert len({(look.linestyle, look.marker) for look in looks(10)}) == 10


def test_losses_are_drawn_over_their_steps() -> None:
    """The first loss is the one before any step."""
    (axes,) = plot_losses({"chalkgrad": LOSSES, "torch": torch.tensor(LOSSES)}, log=True).axes
    np.testing.assert_array_equal(drawn(axes, "chalkgrad"), [[0, 1, 2], LOSSES])
    np.testing.assert_allclose(drawn(axes, "torch"), [[0, 1, 2], LOSSES], rtol=1e-6)
    assert axes.get_yscale() == "log"
    assert plot_losses(LOSSES).words == (
        "Loss over step. loss: from 21 at 0 to 0.01435 at 2, lowest 0.01435 at 2."
    )


def test_slopes_of_activations_are_torchs() -> None:
    """Where tanh saturates and where relu is dead is read off the second panel."""
    values, slopes = plot_functions(ACTIVATIONS, (-3, 3)).axes
    for name, f in ACTIVATIONS.items():
        x, height = drawn(values, f"{name}(x)")
        at = torch.tensor(x, requires_grad=True)
        (slope,) = torch.autograd.grad(f(at).sum(), at)
        np.testing.assert_allclose(height, f(at).detach(), atol=1e-12)
        np.testing.assert_allclose(drawn(slopes, f"{name}'(x)")[1], slope, atol=1e-12)


@pytest.mark.parametrize("engine", [chalkgrad, torch])
def test_fit_is_the_models_and_the_gap_is_torchs_loss(engine: Any) -> None:
    """A learner hands over the model as it is, whichever engine runs it."""
    x, y = ([[0.0], [1.0], [2.0]], [[1.0], [3.5], [4.0]])
    layer = engine.nn.Linear(1, 1)
    picture = plot_points_and_fit(engine.tensor(x), engine.tensor(y), layer)
    weight, bias = float(layer.weight.item()), float(layer.bias.item())
    across, heights = drawn(picture.axes[0], "model")
    np.testing.assert_allclose(heights, weight * across + bias, rtol=1e-5, atol=1e-6)
    loss = torch.nn.functional.mse_loss(weight * torch.tensor(x) + bias, torch.tensor(y)).item()
    said = re.search(r"The mean squared gap is (\S+)\.$", picture.words)
    assert said is not None
    assert float(said[1]) == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("engine", [chalkgrad, torch])
def test_a_curve_over_whole_numbers_has_no_steps(engine: Any) -> None:
    """Points are often given as integers; the model between them is not a staircase."""
    (axes,) = plot_points_and_fit(engine.tensor([0, 1, 2]), [0, 1, 2], lambda x: 2 * x).axes
    across, heights = drawn(axes, "model")
    np.testing.assert_allclose(heights, 2 * across, rtol=1e-6)


def test_contours_are_the_functions_and_the_path_lies_on_them() -> None:
    """The valley that descent walks into must be where the loss is low."""
    x, y = torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([1.0, 3.0, 5.0, 7.0])
    path = torch.tensor([[0.0, 0.0], [1.7, 0.8], [1.97, 0.93]])
    picture = plot_contours(
        lambda w, b: ((w * x + b - y) ** 2).mean(),
        (-1, 4),
        path={"descent": path},
        x_label="w",
        y_label="b",
        name="loss",
        engine=torch,
    )
    (axes,) = picture.axes
    np.testing.assert_allclose(drawn(axes, "descent"), path.T, rtol=1e-6)
    assert "it is lowest at (2, 1), with 0." in picture.words
    assert "descent: 3 points from (0, 0) to (1.97, 0.93)" in picture.words


def test_timings_say_how_many_times_the_shortest() -> None:
    """A ratio is what holds on another machine."""
    words = plot_timings({"loop": 41, "vectorised": torch.tensor(0.25)}).words
    assert "vectorised is the shortest" in words
    assert "loop 41 ms (164 times), vectorised 0.25 ms." in words


def test_a_matrix_is_drawn_with_its_numbers_in_their_places() -> None:
    """Row and column must not be swapped: that is what the reader comes to see."""
    picture = plot_heatmap({"A": chalkgrad.tensor(MATRIX), "A.T": torch.tensor(MATRIX).T})
    for axes, matrix in zip(picture.axes, (np.array(MATRIX), np.array(MATRIX).T), strict=True):
        cells = {text.get_position(): text.get_text() for text in axes.texts}
        for (row, column), number in np.ndenumerate(matrix):
            assert float(cells[(column, row)]) == number
    assert picture.words.startswith("A, 2 by 2 numbers, row by row: 1, 2; 3, -4.")


def test_a_histogram_counts_every_value_and_says_torchs_numbers() -> None:
    """Weights after initialisation are judged by their mean and spread."""
    torch.manual_seed(0)
    values = torch.randn(30, 40)
    picture = plot_histogram({"weights": values, "half": values[:15]})
    counts = [patch.get_data().values.sum() for patch in picture.axes[0].patches]  # type: ignore[attr-defined]
    assert counts == [1200, 600]
    mean, spread = values.mean().item(), values.std(correction=0).item()
    assert f"mean {mean:.3g}, standard deviation {spread:.3g}." in picture.words


def fails(x: Any) -> Any:
    raise TypeError("no such shape.\nReally.")


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: plot_losses({}), "there is nothing to draw: give at least one series of numbers."),
        (lambda: plot_losses({"a": []}), 'series "a" must hold at least 1 numbers; got 0.'),
        (
            lambda: plot_losses([1.0, np.inf]),
            'series "loss" must be finite; series "loss"[1] is inf',
        ),
        (lambda: plot_losses([1, 0], log=True), "0, which a logarithmic axis cannot show"),
        (
            lambda: plot_lines({"a": ([1, 2], [1])}, x_label="x", y_label="y"),
            'series "a" must have as many x as y; it has 2 and 1.',
        ),
        (lambda: plot_points_and_fit([1, 2], [1], fails), "y must hold at least 2 numbers; got 1."),
        (
            lambda: plot_points_and_fit([1, 2], [1, 2], fails),
            "predict fails on 2 numbers: TypeError: no such shape.",
        ),
        (
            lambda: plot_points_and_fit([1, 2], [1, 2], lambda x: x.sum()),
            "predict must return one number per input; it got 2 and gave 1.",
        ),
        (
            lambda: plot_functions({}, (0, 1)),
            "there is nothing to draw: give at least one function",
        ),
        (lambda: plot_functions({"g": fails}, (0, 1)), "g cannot be drawn anywhere"),
        (lambda: plot_contours(lambda x, y: fails(x), (0, 1)), "f fails at (0, 0): TypeError: no"),
        (
            lambda: plot_contours(lambda x, y: x * y, (0, 1), path=[1, 2]),
            "path must have the shape (steps, 2), one point per step; got (2,).",
        ),
        (lambda: plot_bars({}), "give 1 to 30 numbers with their names"),
        (lambda: plot_timings({"a": 0}), "a is 0, but a logarithmic axis shows only numbers above"),
        (lambda: plot_heatmap(torch.zeros(2, 2, 2)), "two dimensions at most; got 3."),
        (
            lambda: plot_heatmap(np.zeros((20, 2))),
            "got 20 and 2; plot_histogram draws larger ones.",
        ),
        (lambda: plot_heatmap([["a"]]), "the tensor must hold real numbers"),
        (lambda: plot_histogram(torch.zeros(0)), "values is empty, so there is nothing to count."),
    ],
)
def test_bad_input_gets_one_sentence(draw: Callable[[], Picture], sentence: str) -> None:
    """A learner must read what is wrong and what to do, not a traceback from the inside."""
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        draw()
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_all_plots_are_offered_by_the_package() -> None:
    """A lesson imports every picture in one line."""
    for name in chalkboard.__all__:
        assert getattr(chalkboard, name)
