"""BackwardStepper as a student meets it: stepped, dragged, played and read aloud in JupyterLab."""

# ruff: noqa: RUF001  (formulas have a times sign)

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit, until_it_holds

pytestmark = pytest.mark.browser

SETUP = """
import chalkgrad as torch
from chalkboard import BackwardStepper, draw_graph
"""
TWO_PATHS = """
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
stepper = BackwardStepper(
    (w * 3 + b - 5) ** 2 + w * b,
    names={"w": w, "b": b},
    goal="Find the step in which two gradients meet at w.",
)
stepper
"""
MATRICES = """
W = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
X = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
c = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
mean = (X @ W + c).relu().mean()
matrices = BackwardStepper(mean, names=locals())
matrices
"""
DRAWING = "draw_graph(mean, names=locals())"


def torch_says() -> dict[str, float]:
    w, b = (torch.tensor(each, requires_grad=True) for each in (2.0, 1.0))
    ((w * 3 + b - 5) ** 2 + w * b).backward()
    assert w.grad is not None
    assert b.grad is not None
    return {"w": w.grad.item(), "b": b.grad.item()}


class Stepper:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, page: Page, name: str = "output") -> None:
        self.page = page
        self.root = page.get_by_role("group", name=f"Backward stepper of {name}", exact=True)
        self.slider = self.root.get_by_role("slider", name="Step")
        self.sentences = self.root.locator(".chalkboard-sentences")
        self.speech = self.root.locator("[aria-live=polite]")
        self.last = int(self.slider.get_attribute("max") or 0)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name)

    def box(self, title: str) -> Locator:
        return self.root.locator(".chalkboard-node").filter(
            has=self.page.locator("[data-role=title]", has_text=re.compile(f"^{title}$"))
        )

    def expect_step(self, step: int) -> None:
        expect(self.root).to_contain_text(f"Step {step} of {self.last}")
        expect(self.slider).to_have_value(str(step))
        expect(self.root.locator(".chalkboard-node.chalkboard-now")).to_have_count(1)


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, TWO_PATHS, MATRICES, DRAWING])


@pytest.fixture
def stepper(notebook: Any) -> Stepper:
    """The widget at its first step, whatever the test before did to it."""
    stepper = Stepper(notebook.page)
    stepper.slider.press("Home")
    stepper.expect_step(0)
    # It is spoken after the kernel was told, so a test may now set a step from Python.
    notebook.wait_until_kernel_says("stepper.step == 0")
    expect(stepper.speech).to_contain_text(f"Step 0 of {stepper.last}.")
    return stepper


def test_buttons_walk_forward_then_backward_to_the_gradients_of_torch(stepper: Stepper) -> None:
    """Values must appear one by one, and what stands at the leaves at the end must be right."""
    multiply = stepper.box("× multiply").first
    expect(multiply.locator("[data-role=value]")).to_have_text("")
    stepper.button("Next step").click()
    stepper.expect_step(1)
    expect(multiply.locator("[data-role=value]")).to_have_text("v1 = 6")
    expect(stepper.sentences).to_have_text("v1 = w × 3 = 2 × 3 = 6.")
    stepper.button("Back one step").click()
    stepper.expect_step(0)
    expect(multiply.locator("[data-role=value]")).to_have_text("")
    stepper.button("Last step").click()
    stepper.expect_step(stepper.last)
    for leaf, expected in torch_says().items():
        gradient = stepper.box(f"leaf {leaf}").locator("[data-role=gradient]")
        expect(gradient).to_have_text(re.compile(rf"^grad .* = {expected:g}$"))
    stepper.button("First step").click()
    stepper.expect_step(0)
    expect(stepper.root.locator("[data-role=gradient]").filter(has_text="grad")).to_have_count(0)


def test_slider_dragged_shows_every_step_and_tells_python_where_it_ended(
    notebook: Any, stepper: Stepper
) -> None:
    """A drag is how one goes back and forth over the place that one has not understood."""
    stepper.slider.scroll_into_view_if_needed()
    box = stepper.slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    mouse = stepper.page.mouse
    mouse.move(box["x"] + 9, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, middle, steps=10)
    about_half = [stepper.last // 2 + off for off in (-1, 0, 1, 2)]
    expect(stepper.slider).to_have_value(re.compile(f"^({'|'.join(map(str, about_half))})$"))
    stepper.expect_step(int(stepper.slider.input_value()))
    mouse.move(box["x"] + box["width"] - 2, middle, steps=10)
    mouse.up()
    stepper.expect_step(stepper.last)
    expect(stepper.sentences).to_contain_text("Backward is done.")
    notebook.wait_until_kernel_says("stepper.step == len(stepper.sentences) - 1")


def test_keys_step_from_the_slider_and_from_the_buttons(stepper: Stepper) -> None:
    """Who cannot use a mouse must get the whole lesson; JupyterLab takes the arrow keys."""
    keyboard = stepper.page.keyboard
    stepper.slider.focus()
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    stepper.expect_step(2)
    keyboard.press("End")
    stepper.expect_step(stepper.last)
    stepper.button("Back one step").focus()
    keyboard.press("ArrowLeft")
    stepper.expect_step(stepper.last - 1)
    keyboard.press("Enter")
    stepper.expect_step(stepper.last - 2)
    stepper.button("Last step").focus()
    keyboard.press("Space")
    keyboard.press("Space")
    stepper.expect_step(stepper.last)
    expect(stepper.button("Last step")).to_be_focused()


def test_play_goes_on_by_itself_and_stops_at_the_end(notebook: Any, stepper: Stepper) -> None:
    """A play that does not stop, or cannot be stopped, takes the picture from the learner."""
    notebook.run_in_kernel(f"stepper.step = {stepper.last - 2}")
    stepper.expect_step(stepper.last - 2)
    # In one go: on a busy machine the play would be over before anybody looks.
    pressed = "button => { button.click(); return button.textContent; }"
    assert stepper.button("Play").evaluate(pressed) == "Pause"
    stepper.expect_step(stepper.last)
    expect(stepper.button("Play")).to_be_visible()


def test_names_and_words_for_who_cannot_see(stepper: Stepper) -> None:
    """A screen reader must say at each step what is computed, and where two paths meet."""
    expect(stepper.root.get_by_role("img", name="Graph of output")).to_be_visible()
    expect(stepper.root).to_contain_text("Goal: Find the step in which two gradients meet at w.")
    stepper.slider.focus()
    stepper.page.keyboard.press("End")
    for _ in range(3):
        stepper.page.keyboard.press("ArrowLeft")
    words = stepper.speech
    expect(words).to_contain_text(f"Step {stepper.last - 3} of {stepper.last}.")
    for _ in range(2):
        stepper.page.keyboard.press("ArrowRight")
    expect(words).to_contain_text(f"Step {stepper.last - 1} of {stepper.last}.")
    expect(words).to_contain_text(re.compile(r"w\.grad becomes|It meets"))
    expect(stepper.root.locator("desc")).to_have_text(words.inner_text())


def test_matrices_are_shown_row_by_row(notebook: Any) -> None:
    """With matrices one wants to see which gradient belongs to which weight."""
    notebook.run_in_kernel("matrices.step = len(matrices.sentences) - 1")
    stepper = Stepper(notebook.page, "mean")
    stepper.expect_step(stepper.last)
    weights = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    data = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    (data @ weights + torch.tensor([1.0, 2.0, 3.0])).relu().mean().backward()
    assert weights.grad is not None
    rows = stepper.box("leaf W").locator("[data-role=gradient]").all_text_contents()
    shown = [[float(number) for number in re.findall(r"[\d.]+", row)] for row in rows[1:]]
    assert torch.tensor(shown) == pytest.approx(weights.grad, abs=1e-3)


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_themes(notebook: Any, stepper: Stepper, theme: str) -> None:
    """Dark lines on a dark page cannot be seen."""
    notebook.use_theme(f"JupyterLab {theme}")
    notebook.run_in_kernel("stepper.step = 14")
    stepper.expect_step(14)
    box = stepper.root.locator(".chalkboard-sheet").first
    background = {"Dark": "rgb(17, 17, 17)", "Light": "rgb(255, 255, 255)"}[theme]
    expect(box).to_have_css("fill", background)
    stepper.root.scroll_into_view_if_needed()
    notebook.screenshot(f"stepper_{theme.lower()}")


@pytest.mark.parametrize(("theme", "paper"), [("Dark", "17, 17, 17"), ("Light", "255, 255, 255")])
def test_a_drawn_graph_lies_on_the_paper_of_the_page(notebook: Any, theme: str, paper: str) -> None:
    """A white sheet dazzles who works in the dark."""
    notebook.use_theme(f"JupyterLab {theme}")
    drawn = notebook.page.get_by_role("img", name="Computational graph of mean")
    expect(drawn.locator(".chalkboard-sheet").first).to_have_css("fill", f"rgb({paper})")
    expect(drawn.locator(".chalkboard-node rect").first).to_have_css("fill", f"rgb({paper})")
    drawn.scroll_into_view_if_needed()
    notebook.screenshot(f"drawn_graph_{theme.lower()}")


@pytest.mark.parametrize("width", [400, 1600])
def test_fits_a_narrow_and_a_wide_window(notebook: Any, stepper: Stepper, width: int) -> None:
    """On a small screen the picture scrolls inside the widget, to where the step is."""
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    notebook.run_in_kernel("stepper.step = 10")
    stepper.expect_step(10)
    expect_to_fit(stepper.root)
    now = stepper.root.locator(".chalkboard-node.chalkboard-now rect").first

    def is_in_view() -> None:
        frame = stepper.root.locator(".chalkboard-scroller").bounding_box()
        inside = now.bounding_box()
        assert frame is not None
        assert inside is not None
        assert frame["x"] - 2 <= inside["x"]
        assert inside["x"] + inside["width"] <= frame["x"] + frame["width"] + 2

    until_it_holds(notebook.page, is_in_view)
    stepper.root.scroll_into_view_if_needed()
    notebook.screenshot(f"stepper_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
