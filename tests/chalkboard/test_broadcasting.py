"""BroadcastExplorer from Python: result, mismatch and sums are torch's for any two shapes."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkboard import BroadcastExplorer
from chalkboard.memory.broadcasting import parse_shape
from chalkboard.memory.shapes import broadcast

SHAPES = st.lists(st.sampled_from([1, 1, 2, 3, 0, 4]), max_size=4).map(tuple)


def torch_says(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...] | str:
    """The shape of the sum, or the first line of the refusal."""
    try:
        return tuple((torch.zeros(left) + torch.zeros(right)).shape)
    except RuntimeError as error:
        return str(error).splitlines()[0].strip()


@settings(max_examples=200)
@given(left=SHAPES, right=SHAPES)
def test_result_and_mismatch_are_those_of_torch_and_chalkgrad(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    """The picture must say of two shapes what the learner's own code will say of them."""
    said = broadcast(left, right)
    expected = torch_says(left, right)
    if isinstance(expected, tuple):
        assert (said.result, said.error) == (expected, "")
        assert chalkgrad.add(chalkgrad.zeros(left), chalkgrad.zeros(right)).shape == expected
    else:
        assert (said.result, said.error) == (None, expected)
        with pytest.raises(RuntimeError, match=re.escape(expected)):
            chalkgrad.add(chalkgrad.zeros(left), chalkgrad.zeros(right))


@settings(max_examples=200)
@given(left=SHAPES, right=SHAPES)
def test_backward_sums_over_the_axes_that_torch_sums_over(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    """Summed over another axis, a gradient may have the right shape and wrong numbers."""
    said = broadcast(left, right)
    if said.result is None:
        return
    operands = [torch.zeros(shape, requires_grad=True) for shape in (left, right)]
    arriving = torch.rand(said.result)
    gradients = torch.autograd.grad(operands[0] + operands[1], operands, arriving)
    for own, gradient in zip((left, right), gradients, strict=True):
        axes = said.summed(own)
        summed = arriving.sum(axes) if axes else arriving
        torch.testing.assert_close(summed.reshape(own), gradient)


def test_shapes_are_read_as_people_write_them() -> None:
    """A bracket too many must not be an error, and a semicolon must not be a shape."""
    texts = ["3, 1", "(3,1)", "[3, 1,]", "(4,)", "", "()", "3;1", "-1", "1.5", "a", "1,,2", "12345"]
    read = [parse_shape(text) for text in texts]
    assert read == [[3, 1], [3, 1], [3, 1], [4], [], [], *[None] * 6]


def test_what_is_typed_on_the_page_is_shown_or_answered_in_a_sentence() -> None:
    """Half of what stands there while somebody types is no shape, and a page shows no exception."""
    explorer = BroadcastExplorer((3, 1), (4,))
    explorer.texts = ["(2, 3, 1)", "4,"]
    assert (explorer.result, explorer.texts) == ((2, 3, 4), ["(2, 3, 1)", "4,"])
    explorer.texts = ["(2, 3, 1)", "4;"]
    assert explorer.result == (2, 3, 4)
    assert explorer.scene["message"]["text"].startswith("right is not a shape. Write at most 6")
    explorer.left = [1]
    assert (explorer.texts, explorer.scene["message"]["text"]) == (["1", "4"], "")


@settings(max_examples=60)
@given(left=SHAPES, right=SHAPES)
def test_the_grids_show_the_sums_and_gradients_of_torch(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    """The numbers on the picture are what a learner checks the rule against."""
    explorer = BroadcastExplorer(left, right)
    if explorer.scene["walk"] is None:
        return
    operands = [
        (step * torch.arange(1.0, torch.Size(own).numel() + 1)).reshape(own).requires_grad_()
        for step, own in ((10, left), (1, right))
    ]
    total = operands[0] + operands[1]
    total.sum().backward()
    expected = [*(each.broadcast_to(total.shape) for each in operands), total]
    assert shown(explorer) == [each.flatten().tolist() for each in expected]
    explorer.backward = True
    gradients = [
        torch.ones(total.shape),
        *(each.grad for each in operands if each.grad is not None),
    ]
    assert shown(explorer) == [each.flatten().tolist() for each in gradients]


def shown(explorer: BroadcastExplorer) -> list[list[float]]:
    return [[float(text) for text in grid["texts"]] for grid in explorer.scene["walk"]["grids"]]


def test_shapes_can_be_driven_from_python() -> None:
    """A lesson's next cell sets a shape and reads the result."""
    explorer = BroadcastExplorer((3, 1), torch.ones(4).shape)
    assert explorer.result == (3, 4)
    explorer.entry = [2, 3]
    explorer.right = [2, 5]
    assert explorer.result is None
    assert explorer.error == (
        "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0"
    )
    assert explorer.entry == [2, 3]
    explorer.left = []
    assert explorer.result == (2, 5)
    assert explorer.entry == [0, 0]


def test_words_say_what_each_axis_does_forward_and_backward() -> None:
    """Who cannot see the table must still learn what is missing and what is stretched."""
    explorer = BroadcastExplorer((2, 1, 3), (4, 3))
    assert explorer.words == (
        "left has the shape (2, 1, 3), right has the shape (4, 3). Axis 2: both are 3. "
        "Axis 1: the 1 of left is stretched to 4. Axis 0: right has no axis here, so it counts "
        "as 1 and is stretched to 2. The result has the shape (2, 4, 3)."
    )
    explorer.backward = True
    assert "left.grad is the gradient of the result, summed over axis 1: " in explorer.words
    assert "right.grad is the gradient of the result, summed over axis 0: " in explorer.words
    explorer.left = [5, 3]
    assert "Axis 0: 5 and 4 differ and neither is 1. There is no result" in explorer.words


def test_the_goal_is_noticed() -> None:
    """A goal that is reached without a word is no goal."""
    explorer = BroadcastExplorer((3,), (4,), target=(3, 4))
    assert explorer.goal == "Change the shapes so that the result has the shape (3, 4)."
    assert not explorer.found
    explorer.left = [3, 1]
    assert explorer.found
    explorer.left = [3]
    assert explorer.found


def test_a_page_without_a_kernel_shows_the_axes() -> None:
    """On GitHub the widget would be an empty box."""
    bundle = BroadcastExplorer((3, 1), (4,))._repr_mimebundle_()
    assert bundle is not None
    page = BeautifulSoup(bundle[0]["text/html"], "html.parser")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in page.find_all("tr")[1:]]
    assert rows == [["3", "1"], ["none, counts as 1", "4"], ["3", "4"]]
    assert bundle[0]["text/plain"] in page.get_text()


NO_SHAPE: Any = 3
HALVES: Any = (1.5,)
LETTERS: Any = "ab"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: BroadcastExplorer(NO_SHAPE), "left must be a shape of whole numbers from 0 up"),
        (lambda: BroadcastExplorer((3,), (4, -1)), "right must be a shape of whole numbers"),
        (lambda: BroadcastExplorer((3,), HALVES), "right must be a shape of whole numbers"),
        (lambda: BroadcastExplorer([1] * 7), "left may have at most 6 axes of size 9999 at most"),
        (lambda: BroadcastExplorer((10000,)), "left may have at most 6 axes of size 9999"),
        (lambda: BroadcastExplorer(target=LETTERS), "target must be a shape of whole numbers"),
        (lambda: setattr(BroadcastExplorer(), "left", [-2]), "left must be a shape of whole"),
        (lambda: setattr(BroadcastExplorer(), "entry", [3, 0]), "whose shape is (3, 4); got"),
    ],
)
def test_bad_input_gets_one_sentence(make: Any, sentence: str) -> None:
    """A learner must read what is wrong and what to do, not a traceback from the inside."""
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        make()
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
