"""WeightKnobs as a student meets it: turned, stepped, played and read aloud in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit, until_it_holds

pytestmark = pytest.mark.browser

SETUP = """
import torch
from chalkboard import WeightKnobs
"""
LINE = """
line = WeightKnobs([0, 1, 2, 3], [1, 3, 5, 7], compare=torch, goal_loss=0.1)
line
"""
NETWORK = """
x = torch.linspace(-2, 2, 9, dtype=torch.float64)
network = WeightKnobs(x, (2 * x).sin(), "network", hidden=2, compare=torch)
network
"""
X = torch.tensor([0.0, 1.0, 2.0, 3.0], dtype=torch.float64)
Y = 2 * X + 1


def torch_line(weights: Sequence[float]) -> tuple[float, list[float]]:
    """Loss and gradient of the line on the four points, as torch has them."""
    leaves = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    loss = ((leaves[0] * X + leaves[1] - Y) ** 2).mean()
    (gradient,) = torch.autograd.grad(loss, leaves)
    return loss.item(), gradient.tolist()


def torch_descent(steps: int, rate: float, *, forget: bool = False) -> tuple[float, list[float]]:
    """Loss and weights after some steps from 0, as a training loop in torch has them."""
    weights = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=rate)
    for _ in range(steps):
        if not forget:
            optimizer.zero_grad()
        ((weights[0] * X + weights[1] - Y) ** 2).mean().backward()
        optimizer.step()
    return torch_line(weights.tolist())[0], weights.tolist()


class Knobs:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, page: Page, which: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("group", name="Weight knobs").nth(which)
        self.loss = self.root.locator(".chalkboard-knobs-numbers")
        self.note = self.root.locator(".chalkboard-knobs-note")
        self.speech = self.root.locator("[aria-live=polite]")

    def knob(self, name: str) -> Locator:
        return self.root.get_by_role("slider", name=name, exact=True)

    def shown(self, name: str) -> list[Locator]:
        """The number of a knob, and that of its gradient."""
        label = self.page.locator("label", has_text=re.compile(f"^{name}$"))
        spans = self.root.locator(".chalkboard-knob").filter(has=label).locator("> span")
        return [spans.first, spans.last]

    def value(self, name: str) -> Locator:
        return self.shown(name)[0]

    def expect_grad(self, name: str, slope: float) -> None:
        expect(self.shown(name)[1]).to_have_text(f".grad {slope:.3g}")

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def expect_loss(self, loss: float, moves: int) -> None:
        noun = "move" if moves == 1 else "moves"
        expect(self.loss).to_have_text(f"loss = {loss:.4f} after {moves} {noun}")

    def expect_engines(self, loss: float, gradient: Sequence[float]) -> None:
        """The engines' answers, shown after release, are torch's."""
        expect(self.root).to_contain_text("What the engines say: chalkgrad and torch agree.")
        rows = ["loss", *(f"gradient of {name}" for name in "wb")]
        for name, number in zip(rows, [loss, *gradient], strict=True):
            cells = self.root.get_by_role("row", name=name).get_by_role("cell").all_inner_texts()
            assert [float(cell) for cell in cells] == pytest.approx([number] * 2, rel=1e-7)


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, LINE, NETWORK], height=1300)


@pytest.fixture
def knobs(notebook: Any) -> Knobs:
    """The line's widget as it began, whatever the test before did to it."""
    notebook.run_in_kernel(
        "line.reset(); line.before = ''; line.learning_rate = 0.1; line.forget_zero = False"
    )
    knobs = Knobs(notebook.page)
    knobs.expect_loss(21, 0)
    return knobs


def test_a_knob_dragged_by_mouse_moves_the_line_and_asks_on_release(knobs: Knobs) -> None:
    """Turning is the lesson: loss and slope must be seen to change under the hand."""
    box = knobs.knob("w").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    mouse = knobs.page.mouse
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    mouse.move(box["x"] + 0.75 * box["width"], middle, steps=20)
    expect(knobs.value("w")).to_have_text(re.compile(r"^1\.[456]"))

    def says_what_torch_says() -> None:
        loss, gradient = torch_line([float(knobs.value("w").inner_text()), 0])
        assert knobs.loss.inner_text() == f"loss = {loss:.4f} after 0 moves"
        grads = [knobs.shown(name)[1].inner_text() for name in "wb"]
        assert grads == [f".grad {slope:.3g}" for slope in gradient]

    until_it_holds(knobs.page, says_what_torch_says)
    mouse.up()
    expect(knobs.loss).to_contain_text("after 1 move")
    loss, gradient = torch_line([float(knobs.value("w").inner_text()), 0])
    knobs.expect_loss(loss, 1)
    expect(knobs.note).to_contain_text("Your move: the loss fell from 21 to")
    knobs.expect_engines(loss, gradient)


def test_keys_turn_the_knobs_and_press_the_buttons(knobs: Knobs) -> None:
    """Who cannot use a mouse must get the whole lesson; JupyterLab takes the arrow keys."""
    knobs.knob("w").focus()
    for _ in range(3):
        knobs.page.keyboard.press("ArrowRight")
    expect(knobs.value("w")).to_have_text("0.030")
    # Keys that follow each other quickly are one move; how quickly they come is not ours to say.
    loss = torch_line([0.03, 0])[0]
    expect(knobs.loss).to_have_text(re.compile(f"^loss = {loss:.4f} after [1-3] move"))
    knobs.page.keyboard.press("Tab")
    expect(knobs.knob("b")).to_be_focused()
    knobs.page.keyboard.press("End")
    expect(knobs.value("b")).not_to_have_text("0.000")
    loss = torch_line([0.03, float(knobs.value("b").inner_text())])[0]
    expect(knobs.loss).to_have_text(re.compile(f"^loss = {loss:.4f} after [2-4] moves$"))
    expect(knobs.root).to_contain_text("b up by 0.1 changes the loss by about")
    knobs.root.get_by_role("button", name="One step").focus()
    knobs.page.keyboard.press("Enter")
    expect(knobs.note).to_contain_text("The machine's step: the loss fell")


@pytest.mark.parametrize("forget", [False, True])
def test_the_machine_steps_as_a_training_loop_in_torch_does(knobs: Knobs, forget: bool) -> None:
    """A step that differs from torch's, or an overshoot that does, would teach a wrong loop."""
    if forget:
        knobs.root.get_by_role("checkbox", name="forget zero_grad").check()
    for steps in (1, 2, 3):
        knobs.press("One step")
        loss, _ = torch_descent(steps, 0.1, forget=forget)
        knobs.expect_loss(loss, steps)
    if forget:
        expect(knobs.note).to_contain_text(".grad still holds the gradients of earlier steps.")
    knobs.press("10 steps")
    loss, weights = torch_descent(13, 0.1, forget=forget)
    if loss >= 1e-4:
        knobs.expect_loss(loss, 13)
    for name, weight in zip("wb", weights, strict=True):
        expect(knobs.value(name)).to_have_text(f"{weight:.3f}")
    assert torch_line(weights)[0] == pytest.approx(loss)


def test_what_forgetting_keeps_is_shown_as_a_sum(knobs: Knobs) -> None:
    """The arrow must be what the next step will use, and the slope at this place be told apart."""
    knobs.root.get_by_role("checkbox", name="forget zero_grad").check()
    knobs.press("One step")
    _, weights = torch_descent(1, 0.1)
    slopes = [torch_line([0, 0])[1], torch_line(weights)[1]]
    knobs.expect_grad("w", slopes[0][0] + slopes[1][0])
    knobs.knob("w").focus()
    change = 0.1 * slopes[1][0]
    expect(knobs.root).to_contain_text(f"w up by 0.1 changes the loss by about {change:.2g}")
    dashed = knobs.root.locator(".chalkboard-knob-slope").first
    expect(dashed).to_have_attribute("d", re.compile("^M"))
    expect(dashed).not_to_have_css("stroke-dasharray", "none")


def test_too_large_a_learning_rate_is_seen_to_diverge_and_is_stopped(
    notebook: Any, knobs: Knobs
) -> None:
    """Numbers that overflow would freeze the picture; the learner must read what went wrong."""
    rate = knobs.root.get_by_role("slider", name="learning rate")
    rate.focus()
    knobs.page.keyboard.press("End")
    expect(rate).to_have_attribute("aria-valuetext", "0.4")
    knobs.press("10 steps")
    loss, _ = torch_descent(10, 0.4)
    expect(knobs.loss).to_have_text(f"loss = {loss:.4g} after 10 moves")
    expect(knobs.note).to_contain_text(f"rose from 21 to {loss:.4g}. It grows with every step")
    expect(knobs.note).to_contain_text("it diverges.")
    notebook.screenshot("knobs_diverging")
    knobs.press("Play")
    expect(knobs.note).to_contain_text("would make the loss too large to go on.")
    expect(knobs.root.get_by_role("button", name="Play")).to_be_visible()
    knobs.press("Reset the knobs to the start")
    knobs.expect_loss(21, 0)


def test_playing_goes_on_until_it_is_paused_or_arrives(notebook: Any, knobs: Knobs) -> None:
    """What moves by itself must be stoppable, and must stop when there is nothing to see."""
    # So slow that it does not arrive before it is paused.
    notebook.run_in_kernel("line.learning_rate = 0.001")
    knobs.press("Play")
    expect(knobs.loss).to_contain_text(re.compile(r"after [2-9]"))
    knobs.press("Pause")
    paused = knobs.loss.inner_text()
    knobs.press("Play")
    expect(knobs.loss).not_to_have_text(paused)
    notebook.run_in_kernel("line.learning_rate = 0.1")
    expect(knobs.note).to_contain_text("The loss hardly changes any more.")
    expect(knobs.root.get_by_role("button", name="Play")).to_be_visible()


def test_less_motion_shows_many_steps_in_one_picture(notebook: Any, knobs: Knobs) -> None:
    """Twenty pictures a second can make ill; who asked for less gets one a second."""
    notebook.run_in_kernel(
        "line.learning_rate = 0.001; counts = [];"
        "line.observe(lambda it: counts.append(len(it.new) - len(it.old)), 'losses')"
    )
    knobs.page.emulate_media(reduced_motion="reduce")
    knobs.press("Play")
    notebook.wait_until_kernel_says("len(counts) >= 2")
    knobs.press("Pause")
    notebook.wait_until_kernel_says("set(counts) == {20}")
    knobs.page.emulate_media(reduced_motion="no-preference")


def test_the_run_before_a_reset_is_told_to_compare_with(notebook: Any, knobs: Knobs) -> None:
    """By hand against the machine: without the hand's losses there is nothing to beat."""
    notebook.run_in_kernel("line.weights = [1, 0]; line.weights = [1.5, 0.5]")
    chart = knobs.root.get_by_role("img", name="Loss after each move")
    lines = [chart.locator(f".chalkboard-knobs-{mover}") for mover in ("hand", "machine")]
    knobs.press("One step")
    for line, moves in zip(lines, (2, 1), strict=True):
        expect(line).to_have_attribute("d", re.compile("^M[^L]*" + "L[^L]*" * moves + "$"))
    dashes = [line.evaluate("line => getComputedStyle(line).strokeDasharray") for line in lines]
    assert dashes[0] != dashes[1]
    knobs.press("Reset the knobs to the start")
    knobs.expect_loss(21, 0)
    knobs.press("10 steps")
    expect(knobs.note).to_contain_text("Before the reset the loss went from 21 to")
    expect(knobs.note).to_contain_text("in 3 moves (2 by hand).")
    notebook.screenshot("knobs_race")


def test_names_roles_and_words_for_who_cannot_see(notebook: Any, knobs: Knobs) -> None:
    """A screen reader must say where the weights stand, which way the loss rises, and the goal."""
    expect(knobs.root).to_contain_text("Goal: Bring the loss down to 0.1.")
    _, gradient = torch_line([0, 0])
    expect(knobs.knob("w")).to_have_attribute(
        "aria-valuetext",
        f"0.000; .grad {gradient[0]:.3g}",
    )
    knobs.knob("w").focus()
    change = f"w up by 0.1 changes the loss by about {0.1 * gradient[0]:.2g}"
    expect(knobs.speech).to_contain_text(change)
    notebook.run_in_kernel("line.weights = [2, 1]")
    expect(knobs.speech).to_contain_text("with w = 2 and b = 1. The loss is 0 after 1 move")
    expect(knobs.speech).to_contain_text("✓ Goal reached after 1 move.")
    picture = knobs.root.get_by_role("img", name="Points and model")
    expect(picture.locator("desc")).to_contain_text("4 points and the model y = w · x + b")


def test_the_networks_gradient_is_torchs(notebook: Any) -> None:
    """The browser's closed form is the one piece of calculus here that no engine did."""
    weights = [0.7, -0.2, 1.1, -1.3, 0.4, 0.6, 0.25]
    notebook.run_in_kernel(f"network.weights = {weights}")
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    leaves = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    w1, b1, v1, w2, b2, v2, b = leaves
    model = v1 * (w1 * x + b1).tanh() + v2 * (w2 * x + b2).tanh() + b
    loss = ((model - (2 * x).sin()) ** 2).mean()
    (gradient,) = torch.autograd.grad(loss, leaves)
    network = Knobs(notebook.page, 1)
    expect(network.loss).to_contain_text(f"loss = {loss.item():.4f}")
    names = ["w1", "b1", "v1", "w2", "b2", "v2", "b"]
    for name, slope in zip(names, gradient.tolist(), strict=True):
        network.expect_grad(name, slope)
    network.root.scroll_into_view_if_needed()
    notebook.screenshot("knobs_network")


def test_light_and_dark_theme_have_their_own_colours(notebook: Any, knobs: Knobs) -> None:
    """The light theme's blue can hardly be seen on black."""
    knobs.press("One step")
    for theme, colour in (("Dark", "rgb(86, 180, 233)"), ("Light", "rgb(1, 115, 178)")):
        notebook.use_theme(f"JupyterLab {theme}")
        expect(knobs.root.locator(".chalkboard-knobs-curve")).to_have_css("stroke", colour)
        notebook.screenshot(f"knobs_{theme.lower()}")


@pytest.mark.parametrize(("width", "across"), [(400, "2.."), (800, "2.."), (1600, "6..")])
def test_fits_a_narrow_and_a_wide_window(
    notebook: Any, knobs: Knobs, width: int, across: str
) -> None:
    """On a small screen nothing may be cut off; else the charts stand side by side."""
    charts = [knobs.root.get_by_role("img", name=name) for name in ("Points", "Loss after")]
    notebook.page.set_viewport_size({"width": width, "height": 1300})
    expect(charts[0].locator("svg")).to_have_attribute("width", re.compile(f"^{across}$"))
    for each in (knobs, Knobs(notebook.page, 1)):
        expect_to_fit(each.root)

    def stand_as_they_should() -> None:
        tops = [box["y"] for chart in charts if (box := chart.bounding_box())]
        assert (tops[0] == tops[1]) == (width > 400)

    until_it_holds(notebook.page, stand_as_they_should)
    notebook.screenshot(f"knobs_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
