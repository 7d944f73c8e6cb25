"""GradientExplorer as a student meets it: dragged, typed at and read aloud in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import FloatRect, Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit, until_it_holds

pytestmark = pytest.mark.browser

SETUP = """
import torch
from chalkboard import GradientExplorer
"""
POLYNOMIAL = """
explorer = GradientExplorer(
    lambda x: (x - 3) * (x - 6) * (x - 4),
    x=2.0,
    domain=(0, 10),
    zoom=(2, 7),
    compare=torch,
    goal="Find both places where the slope is zero.",
)
explorer
"""
WITH_GAPS = """
with_gaps = GradientExplorer(
    lambda x: x.log() / (x - 2), x=1.0, domain=(-2, 5), compare=torch, name="g"
)
with_gaps
"""


def torch_says(x: float) -> dict[str, float]:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = (at - 3) * (at - 6) * (at - 4)
    value.backward()
    assert at.grad is not None
    return {"value": value.item(), "slope": at.grad.item()}


class Explorer:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, page: Page, name: str = "f") -> None:
        self.page = page
        self.root = page.get_by_role("group", name=f"Gradient explorer of {name}(x)")
        self.slider = self.root.get_by_role("slider", name="x")
        self.speech = self.root.locator("[aria-live=polite]")

    def number(self, quantity: str) -> Locator:
        return self.root.locator(f"[data-quantity={quantity}]")

    @property
    def x(self) -> float:
        return float(self.number("x").inner_text())

    def panel(self, name: str) -> Locator:
        return self.root.get_by_role("img", name=re.compile(f"^{re.escape(name)}"))

    def box(self, locator: Locator) -> FloatRect:
        locator.scroll_into_view_if_needed()
        box = locator.bounding_box()
        assert box is not None
        return box

    def expect_torch_at(self, x: float) -> None:
        """The numbers on the page, and the engines' answers, are torch's at x."""
        expected = torch_says(x)
        expect(self.number("x")).to_have_text(f"{x:.2f}")
        for quantity, number in expected.items():
            expect(self.number(quantity)).to_have_text(f"{number:.4f}".replace("-0.0000", "0.0000"))
        expect(self.root.locator("caption")).to_have_text(f"The engines at x = {x:.6g}")
        for engine in ("chalkgrad", "torch"):
            cells = self.root.get_by_role("row", name=engine).get_by_role("cell").all_inner_texts()
            assert [float(cell) for cell in cells] == pytest.approx(
                list(expected.values()), rel=1e-8, abs=1e-8
            )
        expect(self.root).to_contain_text("chalkgrad and torch agree.")


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, POLYNOMIAL, WITH_GAPS])


@pytest.fixture
def explorer(notebook: Any) -> Explorer:
    """The widget at x = 2, whatever the test before did to it."""
    notebook.run_in_kernel("explorer.x = 2.0")
    explorer = Explorer(notebook.page)
    explorer.expect_torch_at(2.0)
    return explorer


def test_slider_dragged_by_mouse_moves_the_picture_and_asks_on_release(explorer: Explorer) -> None:
    """The drag is the lesson: if it lags, or if the kernel is asked 60 times a second, it fails."""
    box = explorer.box(explorer.slider)
    middle = box["y"] + box["height"] / 2
    mouse = explorer.page.mouse
    mouse.move(box["x"] + 0.2 * box["width"], middle)
    mouse.down()
    mouse.move(box["x"] + 0.75 * box["width"], middle, steps=20)
    # Of the places on the way only the last one reads like this.
    expect(explorer.number("x")).to_have_text(re.compile(r"^7\.[45]"))
    dragged = torch_says(explorer.x)
    expect(explorer.number("value")).to_have_text(f"{dragged['value']:.4f}")
    expect(explorer.number("slope")).to_have_text(f"{dragged['slope']:.4f}")
    expect(explorer.root.locator("caption")).to_have_text("The engines at x = 2")
    mouse.up()
    explorer.expect_torch_at(explorer.x)


@pytest.mark.parametrize(
    ("panel", "start", "stop"), [("f(x) and its tangent", 0, 10), ("Zoom into f(x)", 2, 7)]
)
def test_pointer_on_the_plot_moves_x_under_it(
    explorer: Explorer, panel: str, start: float, stop: float
) -> None:
    """One points at a place of the curve, not at a place of a slider."""
    frame = explorer.box(explorer.panel(panel).locator(".chalkboard-frame"))
    middle = frame["y"] + frame["height"] / 2
    mouse = explorer.page.mouse
    mouse.move(frame["x"] + 0.3 * frame["width"], middle)
    mouse.down()
    mouse.move(frame["x"] + 0.5 * frame["width"], middle, steps=10)
    mouse.up()
    expect(explorer.slider).to_be_focused()

    def is_under_the_pointer() -> None:
        assert explorer.x == pytest.approx((start + stop) / 2, abs=(stop - start) / 100)
        marker = explorer.box(explorer.panel(panel).locator(".chalkboard-marker"))
        assert marker["x"] + marker["width"] / 2 == pytest.approx(
            frame["x"] + 0.5 * frame["width"], abs=3
        )

    until_it_holds(explorer.page, is_under_the_pointer)
    explorer.expect_torch_at(explorer.x)


def test_tangent_has_the_slope_of_torch_on_the_screen(explorer: Explorer) -> None:
    """The line that is seen must have the slope that is printed."""
    panel = explorer.panel("f(x) and its tangent")
    frame = explorer.box(panel.locator(".chalkboard-frame"))
    path = panel.locator(".chalkboard-tangent").get_attribute("d") or ""
    ends = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    low, high = explorer.page.evaluate("() => [-84, 180]")  # -72 to 168 and 5 % on both sides
    rise = (ends[1] - ends[3]) / frame["height"] * (high - low)
    run = (ends[2] - ends[0]) / frame["width"] * 10
    assert rise / run == pytest.approx(torch_says(2.0)["slope"], rel=0.01)


@pytest.mark.parametrize(
    ("keys", "x"),
    [
        (["ArrowRight"] * 3, 2.03),
        (["ArrowLeft", "ArrowDown"], 1.98),
        (["PageUp"], 3.0),
        (["PageDown"], 1.0),
        (["End"], 10.0),
        (["Home"], 0.0),
    ],
)
def test_keys_move_x_and_jupyterlab_does_not_take_them(
    explorer: Explorer, keys: list[str], x: float
) -> None:
    """Who cannot use a mouse must get the whole lesson; JupyterLab takes the arrow keys."""
    explorer.slider.focus()
    for key in keys:
        explorer.page.keyboard.press(key)
    explorer.expect_torch_at(x)
    expect(explorer.slider).to_be_focused()


def test_names_roles_and_words_for_who_cannot_see(explorer: Explorer) -> None:
    """A screen reader must say what this is, where x stands and what the curve does there."""
    expect(explorer.slider).to_have_attribute("aria-valuetext", "2.00")
    expect(explorer.panel("f(x) and its tangent, x from 0 to 10")).to_be_visible()
    expect(explorer.panel("Zoom into f(x) and its tangent, x from 2 to 7")).to_be_visible()
    expect(explorer.root).to_contain_text("Goal: Find both places where the slope is zero.")
    expect(explorer.speech).to_have_text(
        "At x = 2, f(x) = -8 and the slope is 14: the curve rises. chalkgrad and torch agree."
    )
    explorer.slider.focus()
    explorer.page.keyboard.press("End")
    explorer.page.keyboard.press("Home")
    expect(explorer.speech).to_contain_text("At x = 0, f(x) = -72")
    described = explorer.panel("f(x) and its tangent").locator("desc")
    expect(described).to_contain_text("At x = 0, f(x) = -72")


def test_focus_can_be_seen(explorer: Explorer) -> None:
    """Who moves by keyboard must see where the keys go."""
    explorer.slider.focus()
    explorer.page.keyboard.press("ArrowRight")
    explorer.expect_torch_at(2.01)
    expect(explorer.slider).to_have_css("outline-style", "solid")


def test_python_moves_the_picture(notebook: Any, explorer: Explorer) -> None:
    """A lesson's next cell may set x; a place between two stops is shown exactly."""
    notebook.run_in_kernel("explorer.x = 3.45141")
    expected = torch_says(3.45141)
    expect(explorer.number("value")).to_have_text(f"{expected['value']:.4f}")
    expect(explorer.number("slope")).to_have_text(f"{expected['slope']:.4f}")
    expect(explorer.speech).to_contain_text("the curve is almost flat")


def test_a_gap_is_drawn_as_one_and_the_last_good_picture_stays(notebook: Any) -> None:
    """Left of 0 there is no logarithm: the widget says so and does not fall over."""
    notebook.run_in_kernel("with_gaps.x = 1.0")
    explorer = Explorer(notebook.page, "g")
    expect(explorer.number("x")).to_have_text("1.000")
    expect(explorer.root).to_contain_text(
        "The curve of g is not drawn from x = -2 to 0 (the value is nan) "
        "and at x = 2 (the value is inf)."
    )
    explorer.slider.focus()
    notebook.page.keyboard.press("Home")
    expect(explorer.number("value")).to_have_text("—")
    expect(explorer.root).to_contain_text(
        "At x = -2 in chalkgrad and torch: the value is nan and the slope is nan."
    )
    expect(explorer.root).to_contain_text(
        "g has no value here: its last point still stands at x = 1."
    )
    moving = explorer.panel("g(x) and its tangent").locator(".chalkboard-moving")
    expect(moving).to_have_class(re.compile("stale"))
    expect(moving.locator(".chalkboard-marker")).to_be_visible()
    explorer.root.scroll_into_view_if_needed()
    notebook.screenshot("explorer_gaps")


def test_light_and_dark_theme_have_their_own_colours(notebook: Any, explorer: Explorer) -> None:
    """The light theme's blue can hardly be seen on black."""
    for theme, colour in (("Dark", "rgb(86, 180, 233)"), ("Light", "rgb(1, 115, 178)")):
        notebook.use_theme(f"JupyterLab {theme}")
        curve = explorer.root.locator(".chalkboard-panel .chalkboard-curve").first
        expect(curve).to_have_css("stroke", colour)
        explorer.root.scroll_into_view_if_needed()
        notebook.screenshot(f"explorer_{theme.lower()}")


@pytest.mark.parametrize("width", [400, 1600])
def test_fits_a_narrow_and_a_wide_window(notebook: Any, explorer: Explorer, width: int) -> None:
    """On a small screen nothing may be cut off; on a large one the panels stand side by side."""
    whole = explorer.panel("f(x) and its tangent")
    zoom = explorer.panel("Zoom into f(x)")
    notebook.page.set_viewport_size({"width": width, "height": 1300})
    expect(whole).to_have_attribute("width", re.compile(r"^2\d\d$" if width == 400 else r"^7\d\d$"))
    expect_to_fit(explorer.root)

    def stand_as_they_should() -> None:
        tops = [explorer.box(panel)["y"] for panel in (whole, zoom)]
        assert (tops[0] == tops[1]) == (width == 1600)

    until_it_holds(notebook.page, stand_as_they_should)
    notebook.screenshot(f"explorer_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
