"""BackwardStepper without a browser: its steps say what torch computes, and it refuses kindly."""

# ruff: noqa: RUF001  (formulas have a times sign)

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given

import chalkgrad
from chalkboard import BackwardStepper
from tests.chalkboard.test_graph_drawing import LEAVES, PROGRAMS, deep, run


def two_paths() -> dict[str, Any]:
    x = chalkgrad.tensor(2.0, requires_grad=True)
    y = x * x * 3 + x * 8
    return {"x": x, "y": y}


def gradient_at(stepper: BackwardStepper, name: str) -> float:
    """The last number in the box of a leaf at the last step."""
    stepper.step = len(stepper.sentences) - 1
    (leaf,) = [node for node in stepper._story.graph.nodes if node.name == name]
    (text,) = stepper._story.gradient_lines(leaf.key, stepper.step)
    return float(text.split()[-1])


def test_arithmetic_in_words_and_the_sum_where_paths_meet() -> None:
    """This sentence is the chain rule; it is what the widget is for."""
    names = two_paths()
    words = BackwardStepper(names["y"], names=names).sentences
    assert (
        words[0] == "Forward starts with what is given. x = 2 wants a gradient. 3 and 8 need none."
    )
    assert "v1 = x × x = 2 × 2 = 4." in words
    assert any("To x: upstream 1 × local 8 gives 8." in each for each in words)
    (meeting,) = [each for each in words if "To x again" in each]
    assert "To x: upstream 3 × local x = 2 gives 6. It meets 8: 8 + 6 = 14." in meeting
    assert "To x again: upstream 3 × local x = 2 gives 6. It meets 14: 14 + 6 = 20." in meeting
    assert "All paths to x have been walked: x.grad becomes 20." in words[-1]


@given(program=PROGRAMS, leaves=LEAVES)
def test_gradients_at_the_end_are_those_of_torch(
    program: list[tuple[int, int, int]], leaves: list[float]
) -> None:
    """However the paths go, what arrives must be what torch says; to the four digits shown."""
    ours, theirs = run(program, leaves, chalkgrad), run(program, leaves, torch)
    last = f"t{len(theirs) - 1}"
    stepper = BackwardStepper(ours[last], names=ours)
    theirs[last].backward()
    for place in range(len(leaves)):
        expected = theirs[f"t{place}"].grad
        if expected is not None:
            shown = gradient_at(stepper, f"t{place}")
            assert shown == pytest.approx(expected.item(), rel=1e-3, abs=1e-9)
            assert ours[f"t{place}"].grad is None


def test_nothing_is_touched() -> None:
    """Looking at backward must not change what backward will do."""
    names = two_paths()
    BackwardStepper(names["y"], names=names)
    assert names["x"].grad is None
    names["y"].backward()
    theirs = torch.tensor(2.0, requires_grad=True)
    (gradient,) = torch.autograd.grad(theirs * theirs * 3 + theirs * 8, theirs)
    assert chalkgrad.equal(names["x"].grad, chalkgrad.tensor(gradient.item()))


def test_a_gradient_that_is_there_already_is_added_to() -> None:
    """The most common surprise of autograd must not be hidden by the picture of it."""
    names = two_paths()
    names["y"].backward(retain_graph=True)
    words = BackwardStepper(names["y"], names=names).sentences[-1]
    assert "x.grad was 20 already, and 20 is added: 40." in words


def test_zero_upstream_is_no_division_by_zero() -> None:
    """Behind a dead relu all gradients are zero, and the steps must say so and not nan."""
    x = chalkgrad.tensor(-1.0, requires_grad=True)
    words = " ".join(BackwardStepper((x * 3).relu() * 2, names={"x": x}).sentences)
    assert "To x: upstream 0 × local 3 gives 0." in words
    assert "nan" not in words


def test_matrices_and_broadcasting_in_words() -> None:
    """Where shapes change on the way back, it must be said how."""
    weights = chalkgrad.tensor([[1.0, 2.0]], requires_grad=True)
    bias = chalkgrad.tensor([1.0], requires_grad=True)
    data = chalkgrad.tensor([[1.0], [2.0]])
    total = (data @ weights + bias).sum()
    names = {"W": weights, "b": bias, "X": data}
    words = " ".join(BackwardStepper(total, names=names).sentences)
    assert "To W: X transposed @ upstream, which gives [[3, 3]]." in words
    assert "summed over what b was repeated for, gives [4]." in words
    assert "X is a constant and gets none." in words


def test_a_value_that_autograd_did_not_keep_is_said_to_be_unknown() -> None:
    """A made-up number would be worse than none."""
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    moved = x + 3
    output = moved.sum()
    assert "autograd did not keep this value" in BackwardStepper(output).sentences[1]
    assert BackwardStepper(output, names={"y": moved}).sentences[
        1
    ] == "y = x + 3 = [4, 5].".replace("x", "leaf1")


def test_step_is_driven_from_python_and_checked() -> None:
    """A lesson's next cell may set the step; a step that is not there must not pass."""
    names = two_paths()
    stepper = BackwardStepper(names["y"], names=names, goal="See two paths meet.")
    last = len(stepper.sentences) - 1
    stepper.step = last
    with pytest.raises(ValueError, match=f"from 0 to {last}; got {last + 1}"):
        stepper.step = last + 1
    assert stepper.step == last


def test_without_a_kernel_there_is_the_picture_of_the_step_and_all_words() -> None:
    """On GitHub and in nbconvert's HTML nothing moves, and nothing may be empty."""
    names = two_paths()
    stepper = BackwardStepper(names["y"], names=names)
    stepper.step = 1
    bundle = stepper._repr_mimebundle_()
    assert bundle is not None
    data, _ = bundle
    assert data["text/plain"] == f"Step 1 of {len(stepper.sentences) - 1}. {stepper.sentences[1]}"
    assert "v1 = 4" in data["text/html"]
    assert "grad 20" not in data["text/html"]
    assert data["text/html"].count("<li>") == len(stepper.sentences)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: torch.ones(1, requires_grad=True) * 2, "import chalkgrad as torch"),
        (lambda: chalkgrad.ones(3, requires_grad=True) * 2, r"shape \(3,\); step through its sum"),
        (lambda: chalkgrad.ones(1, requires_grad=True), "is a leaf"),
        (lambda: deep(chalkgrad, 40, lambda z, x: z * x + x), "81 operations and leaves"),
        (lambda: _freed(), r"before calling backward\(\)"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make: Callable[[], Any], message: str) -> None:
    """A learner who gets it wrong must read what to do, not a traceback of ours."""
    with pytest.raises(ValueError, match=message) as refusal:
        BackwardStepper(make())
    assert "\n" not in str(refusal.value)


def _freed() -> Any:
    output = two_paths()["y"]
    output.backward()
    return output


def test_sixty_nodes_are_not_too_many() -> None:
    """What the lessons step through must fit."""
    stepper = BackwardStepper(deep(chalkgrad, 58, lambda z, _: z.sin()) * 1)
    assert len([step for step in stepper.steps if re.search("backward", step["phase"])]) == 61
