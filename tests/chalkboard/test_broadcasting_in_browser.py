"""BroadcastExplorer as a student meets it: typed at, walked through, turned backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

SETUP = """
from chalkboard import BroadcastExplorer
"""
MATRIX = """
shapes = BroadcastExplorer((3, 1), (4,), target=(2, 3, 4))
shapes
"""


def torch_says(left: list[int], right: list[int]) -> tuple[list[int] | None, str]:
    try:
        return list((torch.zeros(left) + torch.zeros(right)).shape), ""
    except RuntimeError as error:
        return None, str(error).splitlines()[0].strip()


def expect_in_kernel(notebook: Any, claim: str) -> None:
    """Wait until `claim` holds in the kernel, which is told of a change when the typing rests."""
    notebook.wait_until_kernel_says(claim)


class Shapes:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_role("group", name="Broadcast explorer")
        self.left = self.root.get_by_role("textbox", name="shape of left")
        self.right = self.root.get_by_role("textbox", name="shape of right")
        self.backward = self.root.get_by_role("checkbox", name="backward: where does the gradient")
        self.grid = self.root.get_by_role("grid", name="entries of the result")
        self.arithmetic = self.root.locator(".chalkboard-arithmetic")
        self.verdict = self.root.locator(".chalkboard-verdict")
        self.trouble = self.root.locator(".chalkboard-message")
        self.speech = self.root.locator("[aria-live=polite]")

    def row(self, name: str) -> Locator:
        """The sizes of one line of the table of axes."""
        return self.root.get_by_role("row", name=f"{name} ").get_by_role("cell")

    def expect_numbers(self, grid: Locator, numbers: torch.Tensor) -> None:
        """The cells of a grid hold these whole numbers."""
        texts = [f"{number:.0f}" for number in numbers.flatten().tolist()]
        expect(grid.locator(".chalkboard-cell")).to_have_text(texts)


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, MATRIX], height=1200)


@pytest.fixture
def shapes(notebook: Any) -> Shapes:
    """The widget as it was at first, whatever the test before did to it."""
    notebook.page.mouse.move(1, 1)
    notebook.run_in_kernel(
        "shapes.left, shapes.right, shapes.backward, shapes.done = [2], [2], False, '';"
        "shapes.left, shapes.right, shapes.entry = [3, 1], [4], [0, 0]"
    )
    shapes = Shapes(notebook.page)
    expect(shapes.left).to_have_value("3, 1")
    expect(shapes.right).to_have_value("4")
    expect(shapes.arithmetic).to_have_text("result[0, 0] = left[0, 0] + right[0] = 10 + 1 = 11")
    return shapes


def test_typing_is_answered_at_once_and_the_kernel_hears_it(notebook: Any, shapes: Shapes) -> None:
    """A learner tries ten shapes in a minute, and must see each lined up."""
    expect(shapes.root).to_contain_text("Goal: Change the shapes so that the result has the shape")
    shapes.left.fill("2, 3, 1")
    expect(shapes.row("left")).to_have_text(["2", "3", "1 → 4"])
    expect(shapes.row("right")).to_have_text(["(1) → 2", "(1) → 3", "4"])
    expect(shapes.row("result")).to_have_text(["2", "3", "4"])
    expect(shapes.root).to_contain_text("Axis 2: the 1 of left is stretched to 4.")
    expect(shapes.root).to_contain_text("Goal reached")
    left, right = 10 * torch.arange(1, 7).reshape(2, 3, 1), torch.arange(1, 5)
    shapes.expect_numbers(shapes.grid, left + right)
    expect(shapes.speech).to_contain_text("The result has the shape (2, 3, 4).")
    expect_in_kernel(notebook, "shapes.result == (2, 3, 4) and shapes.found")


def test_a_mismatch_is_named_in_the_words_of_torch(shapes: Shapes) -> None:
    """These are the words that a learner will meet, here beside the axes that they are about."""
    shapes.right.fill("2, 4")
    _, error = torch_says([3, 1], [2, 4])
    expect(shapes.verdict).to_contain_text(f"torch says: {error}.")
    expect(shapes.row("result")).to_have_text(["✗", "4"])
    expect(shapes.root).to_contain_text("Axis 0: 3 and 2 differ and neither is 1.")
    expect(shapes.grid).to_have_count(0)


def test_what_is_no_shape_is_said_and_the_last_good_picture_stays(
    notebook: Any, shapes: Shapes
) -> None:
    """While somebody types, half of what stands there is no shape."""
    shapes.right.fill("2; 4")
    expect(shapes.trouble).to_contain_text("right is not a shape. Write at most 6 whole numbers")
    expect(shapes.right).to_have_attribute("aria-invalid", "true")
    expect(shapes.verdict).to_have_text("The result has the shape (3, 4).")
    expect(shapes.grid).to_be_visible()
    expect_in_kernel(notebook, "shapes.right == [4]")
    shapes.right.fill("4")
    expect(shapes.trouble).to_be_hidden()


def test_a_picture_that_is_due_is_not_painted_with_newer_data(
    notebook: Any, shapes: Shapes
) -> None:
    """The kernel may send a scene without a grid while the one with a grid waits to be painted."""
    notebook.run_in_kernel_between_frames("shapes.done = 'Nearly.'; shapes.right = [5, 5]")
    expect(shapes.root).to_contain_text("Nearly.")
    expect(shapes.row("result")).to_have_text(["✗", "5"])
    expect(shapes.arithmetic).to_be_empty()


def test_keys_walk_through_the_result_and_say_what_is_added(notebook: Any, shapes: Shapes) -> None:
    """Who cannot use a mouse must get the whole lesson; JupyterLab takes the arrow keys."""
    shapes.grid.focus()
    for key in ["ArrowDown", "ArrowRight", "ArrowRight"]:
        notebook.page.keyboard.press(key)
    expect(shapes.arithmetic).to_have_text("result[1, 2] = left[1, 0] + right[2] = 20 + 3 = 23")
    left = shapes.root.get_by_role("img", name="left, stretched to (3, 4)")
    expect(left.locator(".chalkboard-same")).to_have_count(4)
    expect(left.locator(".chalkboard-ghost")).to_have_count(9)
    expect(shapes.speech).to_contain_text("result[1, 2] = left[1, 0]")
    notebook.screenshot("broadcast_forward")
    expect_in_kernel(notebook, "shapes.entry == [1, 2]")


def test_backward_sums_what_torch_sums(notebook: Any, shapes: Shapes) -> None:
    """Stretching forward is summing backward: that is the whole of the rule."""
    shapes.backward.check()
    left, right = torch.zeros(3, 1, requires_grad=True), torch.zeros(4, requires_grad=True)
    (left + right).sum().backward()
    for name, operand in (("left", left), ("right", right)):
        assert operand.grad is not None
        grid = shapes.root.get_by_role("img", name=f"{name}.grad, shape")
        expect(grid).to_be_visible()
        shapes.expect_numbers(grid, operand.grad)
    expect(shapes.row("left.grad")).to_have_text(["3", "sum → 1"])
    expect(shapes.row("right.grad")).to_have_text(["sum, gone", "4"])
    shapes.grid.get_by_role("gridcell", name="result[2, 3]:").hover()
    expect(shapes.arithmetic).to_contain_text("gradient of result[2, 3] goes to left[2, 0] and to")
    expect(shapes.arithmetic).to_contain_text("left.grad[2, 0] = 1 + 1 + 1 + 1 = 4")
    expect(shapes.arithmetic).to_contain_text("right.grad[3] = 1 + 1 + 1 = 3")
    expect(shapes.grid.locator(".chalkboard-same")).to_have_count(4)
    expect(shapes.grid.locator(".chalkboard-also")).to_have_count(3)
    notebook.screenshot("broadcast_backward")
    expect_in_kernel(notebook, "shapes.backward")


@pytest.mark.parametrize("width", [400, 1600])
def test_fits_a_narrow_and_a_wide_window_light_and_dark(
    notebook: Any, shapes: Shapes, width: int
) -> None:
    """On a small screen nothing may be cut off."""
    notebook.page.set_viewport_size({"width": width, "height": 1400})
    notebook.use_theme("JupyterLab Dark" if width == 400 else "JupyterLab Light")
    shapes.left.fill("2, 1, 2, 1, 2, 1")
    shapes.right.fill("2, 11, 1, 12")
    expect(shapes.verdict).to_contain_text("too large, or too empty, to be drawn here")
    expect_to_fit(shapes.root)
    notebook.screenshot(f"broadcast_axes_{width}")
    shapes.left.fill("2, 2, 1")
    shapes.right.fill("12")
    shapes.backward.check()
    expect(shapes.arithmetic).to_contain_text("1 + 1 + … (12 times) = 12")
    expect_to_fit(shapes.root)
    shapes.root.scroll_into_view_if_needed()
    notebook.screenshot(f"broadcast_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
