"""BroadcastExplorer as a student meets it: typed at, walked through, turned backward."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect

import chalkboard

pytestmark = pytest.mark.browser

SETUP = """
from chalkboard import BroadcastExplorer
"""
MATRIX = """
shapes = BroadcastExplorer((3, 1), (4,), target=(2, 3, 4))
shapes
"""
RULE = Path(chalkboard.__file__).parent / "static" / "parts" / "broadcast.js"
ASK_THE_RULE = """async ([code, pairs]) => {
  const rule = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return pairs.map(([left, right]) => {
    const { axes, result, error } = rule.broadcastShapes(left, right);
    const sums = result && ["left", "right"].map((side) => rule.summedAxes(axes, side));
    return { result, error, sums };
  });
}"""
PARSE = """async ([code, texts]) => {
  const rule = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return texts.map(rule.parseShape);
}"""

KERNEL_SAYS = """async (claim) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const asked = kernel.requestExecute({ code: "", user_expressions: { claim } });
  const { content } = await asked.done;
  return content.user_expressions.claim.data?.["text/plain"] === "True";
}"""


def torch_says(left: list[int], right: list[int]) -> tuple[list[int] | None, str]:
    try:
        return list((torch.zeros(left) + torch.zeros(right)).shape), ""
    except RuntimeError as error:
        return None, str(error).splitlines()[0].strip()


def expect_in_kernel(notebook: Any, claim: str) -> None:
    """Wait until `claim` holds in the kernel, which is told of a change when the typing rests."""
    notebook.page.wait_for_function(KERNEL_SAYS, arg=claim)


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

    def texts(self, grid: Locator) -> list[int]:
        return [int(text) for text in grid.locator(".chalkboard-cell").all_inner_texts()]


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, MATRIX], height=1200)


@pytest.fixture
def shapes(notebook: Any) -> Shapes:
    """The widget as it was at first, whatever the test before did to it."""
    notebook.page.mouse.move(1, 1)
    notebook.run_in_kernel(
        "shapes.left, shapes.right, shapes.backward = [2], [2], False;"
        "shapes.left, shapes.right, shapes.entry = [3, 1], [4], [0, 0]"
    )
    shapes = Shapes(notebook.page)
    expect(shapes.left).to_have_value("3, 1")
    expect(shapes.right).to_have_value("4")
    expect(shapes.arithmetic).to_have_text("result[0, 0] = left[0, 0] + right[0] = 10 + 1 = 11")
    return shapes


def test_the_rule_in_the_browser_is_torchs(browser: Browser) -> None:
    """It is written a second time for the browser, so it could differ from the kernel's."""
    shapes = [
        list(shape) for length in range(4) for shape in itertools.product([0, 1, 3], repeat=length)
    ]
    pairs = [*itertools.product(shapes, shapes), ([2, 3, 1], [4]), ([5], [2, 1, 4]), ([2] * 6, [1])]
    page = browser.new_page()
    answers = page.evaluate(ASK_THE_RULE, [RULE.read_text(encoding="utf-8"), pairs])
    page.close()
    for (left, right), answer in zip(pairs, answers, strict=True):
        assert (answer["result"], answer["error"]) == torch_says(left, right)
        if answer["result"] is None:
            continue
        operands = [torch.zeros(shape, requires_grad=True) for shape in (left, right)]
        arriving = torch.rand(answer["result"])
        gradients = torch.autograd.grad(operands[0] + operands[1], operands, arriving)
        for axes, gradient in zip(answer["sums"], gradients, strict=True):
            summed = arriving.sum(axes) if axes else arriving
            torch.testing.assert_close(summed.reshape(gradient.shape), gradient)


def test_shapes_are_read_as_people_write_them(browser: Browser) -> None:
    """A bracket too many must not be an error, and a semicolon must not be a shape."""
    texts = ["3, 1", "(3,1)", "[3, 1,]", "(4,)", "", "()", "3;1", "-1", "1.5", "a", "1,,2", "12345"]
    page = browser.new_page()
    parsed = page.evaluate(PARSE, [RULE.read_text(encoding="utf-8"), texts])
    page.close()
    assert parsed == [[3, 1], [3, 1], [3, 1], [4], [], [], *[None] * 6]


def test_typing_is_answered_at_once_and_the_kernel_hears_it(notebook: Any, shapes: Shapes) -> None:
    """A learner tries ten shapes in a minute, and must see each lined up."""
    expect(shapes.root).to_contain_text("Goal: Change the shapes so that the result has the shape")
    shapes.left.fill("2, 3, 1")
    assert shapes.row("left").all_inner_texts() == ["2", "3", "1 → 4"]
    assert shapes.row("right").all_inner_texts() == ["(1) → 2", "(1) → 3", "4"]
    assert shapes.row("result").all_inner_texts() == ["2", "3", "4"]
    expect(shapes.root).to_contain_text("Axis 2: the 1 of left is stretched to 4.")
    expect(shapes.root).to_contain_text("Goal reached")
    left, right = 10 * torch.arange(1, 7).reshape(2, 3, 1), torch.arange(1, 5)
    assert shapes.texts(shapes.grid) == (left + right).flatten().tolist()
    expect(shapes.speech).to_contain_text("The result has the shape (2, 3, 4).")
    expect_in_kernel(notebook, "shapes.result == (2, 3, 4) and shapes.found")


def test_a_mismatch_is_named_in_the_words_of_torch(shapes: Shapes) -> None:
    """These are the words that a learner will meet, here beside the axes that they are about."""
    shapes.right.fill("2, 4")
    _, error = torch_says([3, 1], [2, 4])
    expect(shapes.verdict).to_contain_text(f"torch says: {error}.")
    assert shapes.row("result").all_inner_texts() == ["✗", "4"]
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
        assert shapes.texts(grid) == operand.grad.flatten().tolist()
    assert shapes.row("left.grad").all_inner_texts() == ["3", "sum → 1"]
    assert shapes.row("right.grad").all_inner_texts() == ["sum, gone", "4"]
    box = shapes.grid.get_by_role("gridcell", name="result[2, 3]:").bounding_box()
    assert box is not None
    notebook.page.mouse.move(box["x"] + 9, box["y"] + 9)
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
    assert shapes.root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
    notebook.screenshot(f"broadcast_axes_{width}")
    shapes.left.fill("2, 2, 1")
    shapes.right.fill("12")
    shapes.backward.check()
    expect(shapes.arithmetic).to_contain_text("1 + 1 + … (12 times) = 12")
    assert shapes.root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
    shapes.root.scroll_into_view_if_needed()
    notebook.screenshot(f"broadcast_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
