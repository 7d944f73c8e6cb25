"""WeightKnobs from Python: gradients and steps are torch's, and bad input gets a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkboard import WeightKnobs
from chalkboard.training.small_models import LossAnswer, describe_loss_answers

X = [0.0, 1.0, 2.0, 3.0]
Y = [1.0, 3.0, 5.0, 7.0]
WEIGHT = st.floats(-3, 3)


def torch_says(knobs: WeightKnobs, weights: Sequence[float]) -> tuple[float, list[float]]:
    """Loss and gradient of the model at some weights, with the model written out anew."""
    leaves = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    if knobs.setting["kind"] == "line":
        model = leaves[0] * x + leaves[1]
    else:
        inner, shift, outer = leaves[:-1].reshape(-1, 3).T
        model = (x[:, None] * inner + shift).tanh() @ outer + leaves[-1]
    loss = torch.nn.functional.mse_loss(model, y)
    (gradient,) = torch.autograd.grad(loss, leaves)
    return loss.item(), gradient.tolist()


@settings(max_examples=10)
@given(weights=st.lists(WEIGHT, min_size=13, max_size=13), hidden=st.sampled_from([None, 2, 3, 4]))
def test_loss_and_gradient_are_torchs(weights: list[float], hidden: int | None) -> None:
    """The numbers on the knobs are what the lesson is about."""
    model: Any = {} if hidden is None else {"model": "network", "hidden": hidden}
    knobs = WeightKnobs(X, Y, compare=torch, **model)
    knobs.weights = weights[: len(knobs.setting["names"])]
    loss, gradient = torch_says(knobs, knobs.weights)
    assert knobs.loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(knobs.gradient, gradient, rtol=1e-9, atol=1e-12)
    assert knobs.message == "chalkgrad and torch agree."


@pytest.mark.parametrize("forget", [False, True])
def test_steps_are_those_of_a_training_loop_in_torch(forget: bool) -> None:
    """Forgotten zeroing must overshoot exactly as the learner's own loop will."""
    knobs = WeightKnobs(X, Y, learning_rate=0.1, forget_zero=forget)
    knobs.step(6)
    weights = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=0.1)
    x, y = (torch.tensor(row, dtype=torch.float64) for row in (X, Y))
    losses = []
    for _ in range(6):
        if not forget:
            optimizer.zero_grad()
        loss = ((weights[0] * x + weights[1] - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    assert knobs.losses[:-1] == pytest.approx(losses)
    assert knobs.weights == pytest.approx(weights.tolist())
    assert weights.grad is not None
    assert knobs.kept == pytest.approx(weights.grad.tolist())


def test_moves_are_recorded_with_who_made_them() -> None:
    """The race by hand against the machine is read from this, and a plot of the path drawn."""
    knobs = WeightKnobs(X, Y)
    knobs.weights = [1, 1]
    knobs.step()
    assert knobs.movers == ["start", "hand", "machine"]
    assert knobs.path[:2] == [[0.0, 0.0], [1.0, 1.0]]
    assert knobs.path[-1] == knobs.weights
    assert knobs.losses == [torch_says(knobs, at)[0] for at in knobs.path]
    knobs.reset()
    assert (knobs.weights, knobs.movers) == ([0.0, 0.0], ["start"])
    assert knobs.before.endswith("in 2 moves (1 by hand).")


def test_words_say_what_a_move_did_and_why_the_loss_rose() -> None:
    """A curve that shoots up explains nothing; the sentence names the cause and the cure."""
    knobs = WeightKnobs(X, Y, learning_rate=0.1, goal_loss=0.1)
    assert knobs.goal == "Bring the loss down to 0.1."
    knobs.step()
    assert knobs.note == "The machine's step: the loss fell from 21 to 0.535."
    knobs.step()
    assert knobs.note.startswith("✓ Goal reached after 2 moves.")
    knobs.weights = [0, 0]
    assert knobs.note.endswith("Turn the knobs against their arrows.")
    knobs.reset()
    knobs.learning_rate = 0.3
    for words in ("The step was too long.", "The step was too long.", "it diverges."):
        knobs.step()
        assert words in knobs.note
    knobs.reset()
    knobs.set_trait("learning_rate", 0.1)
    knobs.forget_zero = True
    knobs.step()
    knobs.step()
    assert ".grad still holds the gradients of earlier steps." in knobs.note


def test_what_rounding_leaves_of_a_zero_reads_as_zero() -> None:
    """A slope of -1.11e-16 next to others of size 5 looks like a riddle, and is none."""
    knobs = WeightKnobs(X, [0.1, 0.4, 0.7, 1.0], weights=[0.3, 0.1])
    assert any(knobs.gradient)
    _, *rows = knobs.get_state("answers")["answers"]["rows"]
    assert [cells for _, *cells in rows] == [["0"]] * 3
    assert "The loss is 0 after" in knobs.words


def test_divergence_ends_in_a_sentence_and_the_last_good_picture_stays() -> None:
    """Infinite weights could neither be drawn nor sent to the browser."""
    knobs = WeightKnobs(X, Y, learning_rate=0.4)
    with pytest.raises(ValueError, match="too large to go on; choose smaller weights, or a"):
        knobs.step(1000)
    assert len(knobs.losses) > 10
    assert knobs.losses[-1] <= 1e12
    assert knobs.weights == knobs.path[-1]


def test_the_sliders_end_of_the_learning_rate_is_where_descent_diverges() -> None:
    """Too large a learning rate must be within reach, whatever the data; a good one too."""
    for x in ([0.0, 1.0, 2.0, 3.0], [100.0, 150.0, 210.0], [0.001, 0.004]):
        knobs = WeightKnobs(x, [2 * each + 1 for each in x])
        most = knobs.setting["most_rate"]
        for rate, rises in ((most, True), (most / 3, False)):
            knobs.reset()
            knobs.learning_rate = rate
            knobs.step(3)
            assert (knobs.losses[-1] > knobs.losses[-2]) == rises


def test_engines_that_differ_are_called_out() -> None:
    """A table that nobody reads to the last digit must not hide a wrong gradient."""
    right = LossAnswer("one", (0.0,), 1.0, (2.0,))
    wrong = LossAnswer("other", (0.0,), 1.0, (2.001,))
    none = LossAnswer("third", (0.0,), None, None, "TypeError: no")
    assert describe_loss_answers([right, wrong]) == "one and other differ."
    assert describe_loss_answers([right, none]) == "third says: TypeError: no."


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.array(X), np.array(Y)),
        (torch.tensor(X)[:, None].requires_grad_(), torch.tensor(Y)[:, None]),
        (chalkgrad.tensor(X), [chalkgrad.tensor(each) for each in Y]),
    ],
)
def test_points_may_be_arrays_or_tensors_of_any_engine(x: Any, y: Any) -> None:
    """A lesson hands over what it has, be it a column or a tensor that asks for gradients."""
    assert WeightKnobs(x, y).loss == 21.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"y": [1.0]}, "y must hold at least 2 numbers; got 1."),
        ({"y": [1.0, 2.0]}, "x has 4 and y has 2."),
        ({"y": [1.0, 2.0, np.nan, 3.0]}, "y must be finite; y[2] is nan."),
        ({"y": "1234"}, "y must hold real numbers, such as a tensor, an array or a list; got"),
        ({"x": [[1.0, 2.0], [3.0, 4.0]]}, "x must be one row of numbers; got the shape (2, 2)."),
        ({"x": [1.0] * 4}, "x must hold two different numbers at least"),
        ({"model": "parabola"}, 'model must be "line" or "network"; got \'parabola\'.'),
        ({"model": "network", "hidden": 9}, "hidden must be 2, 3 or 4"),
        ({"weights": [1.0]}, "weights must be 2 numbers, for w, b; got 1."),
        ({"weights": [1e9, 0.0]}, "the loss would be 3.5e+18, which is too large to go on"),
        ({"learning_rate": -1}, "learning_rate must be a number above 0; got -1."),
        ({"goal_loss": 0}, "goal_loss must be a number above 0; got 0."),
    ],
)
def test_bad_input_gets_one_sentence(arguments: dict[str, Any], sentence: str) -> None:
    """A learner must read what is wrong and what to do, not a traceback from the inside."""
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        WeightKnobs(**{"x": X, "y": Y, **arguments})
    assert str(caught.value).count("\n") == 0


def test_bad_traits_are_refused_and_nothing_moves() -> None:
    """The picture must not follow what it cannot show."""
    knobs = WeightKnobs(X, Y)
    with pytest.raises(ValueError, match="weights must be finite"):
        knobs.weights = [np.inf, 0]
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        knobs.learning_rate = 0
    assert (knobs.weights, knobs.learning_rate, knobs.movers) == ([0.0, 0.0], 0.1, ["start"])


def test_without_a_kernel_the_page_shows_the_fit_and_its_words() -> None:
    """GitHub and nbconvert would show an empty box."""
    knobs = WeightKnobs(X, Y, goal_loss=0.1)
    knobs.weights = [1, 1]
    knobs.step(3)
    bundle = knobs._repr_mimebundle_()
    assert bundle is not None
    words = bundle[0]["text/plain"]
    assert "4 points and the model y = w · x + b with w = " in words
    assert "after 4 moves (1 by hand); it was 21 at the start." in words
    assert f'alt="{words}"' in bundle[0]["text/html"]
    assert "Bring the loss down" in bundle[0]["text/html"]


def test_a_loss_that_diverges_is_drawn_beyond_its_second_step() -> None:
    """One stroke out of the picture looks like an accident; several are a growth."""
    line = WeightKnobs(X, Y, learning_rate=0.3)
    line.step(6)
    low, high = line.race["y"]
    assert low < 0
    assert sum(loss < high for loss in line.losses) >= 3
    assert line.losses[-1] > high > 9 * line.losses[0]
