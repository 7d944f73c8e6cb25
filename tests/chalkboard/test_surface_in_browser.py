"""SurfaceExplorer as a student meets it: dragged, typed at and read aloud in JupyterLab."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import FloatRect, Locator, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

SETUP = """
import torch
from chalkboard import SurfaceExplorer
"""
BOWL = """
bowl = SurfaceExplorer(
    lambda x, y: x * x + 3 * y * y - x * y,
    (2.0, 1.5),
    compare=torch,
    goal="Find a learning rate with which descent runs away.",
)
bowl
"""
HALF = """
half = SurfaceExplorer(lambda x, y: x.log() + y * y, (1.0, 1.0), ((-1, 3), (-2, 2)), name="g")
half
"""


class Explorer:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, notebook: Any, name: str = "f") -> None:
        self.page = notebook.page
        self.root = self.page.get_by_role("group", name=f"Surface explorer of {name}(x, y)")
        self.map = self.root.get_by_role("img", name=f"Level lines of {name}(x, y)")
        self.speech = self.root.locator("[aria-live=polite]")
        self.root.scroll_into_view_if_needed()

    def number(self, quantity: str) -> Locator:
        return self.root.locator(f"[data-quantity={quantity}]")

    def slider(self, name: str) -> Locator:
        return self.root.get_by_role("slider", name=name, exact=True)

    def box(self, locator: Locator) -> FloatRect:
        box = locator.bounding_box()
        assert box is not None
        return box

    def way(self) -> list[list[float]]:
        """The points of the drawn descent, in pixels of the map."""
        points = self.map.locator(".chalkboard-way").get_attribute("points") or ""
        numbers = [float(number) for number in re.split(r"[ ,]", points)]
        return [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]

    def in_pixels(self, x: float, y: float) -> list[float]:
        """Where a point of the map from -3 to 3 is drawn."""
        attribute = self.map.locator(".chalkboard-frame").get_attribute
        left, top, width, height = (
            float(attribute(name) or 0) for name in ("x", "y", "width", "height")
        )
        return [left + (x + 3) / 6 * width, top + (3 - y) / 6 * height]

    def expect_torch_at(self, x: float, y: float) -> None:
        """The numbers on the page and the engines' answers are torch's at this point."""
        at = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (x, y)]
        value = at[0] ** 2 + 3 * at[1] ** 2 - at[0] * at[1]
        numbers = [value.item(), *(s.item() for s in torch.autograd.grad(value, at))]
        for quantity, number in zip(("value", "slopeX", "slopeY"), numbers, strict=True):
            expect(self.number(quantity)).to_have_text(f"{number:.4f}")
        expect(self.number("length")).to_have_text(f"{math.hypot(*numbers[1:]):.4f}")
        expect(self.root.locator("caption")).to_have_text(f"The engines at x = {x:g}, y = {y:g}")
        for engine in ("chalkgrad", "torch"):
            cells = self.root.get_by_role("row", name=engine).get_by_role("cell").all_inner_texts()
            assert [float(cell) for cell in cells] == pytest.approx(numbers, rel=1e-8)
        expect(self.root).to_contain_text("chalkgrad and torch agree.")


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, BOWL, HALF])


@pytest.fixture
def explorer(notebook: Any) -> Explorer:
    """The widget at its first point, whatever the test before did to it."""
    notebook.run_in_kernel("bowl.learning_rate = 0.1; bowl.move_to(2.0, 1.5)")
    explorer = Explorer(notebook)
    expect(explorer.number("rate")).to_have_text("0.1")
    explorer.expect_torch_at(2.0, 1.5)
    return explorer


def test_point_dragged_over_the_map_is_followed_and_the_kernel_asked_on_release(
    explorer: Explorer,
) -> None:
    """The drag is the lesson; the numbers under it must be the function's at every place."""
    frame = explorer.box(explorer.map.locator(".chalkboard-frame"))
    mouse = explorer.page.mouse
    mouse.move(frame["x"] + 0.8 * frame["width"], frame["y"] + 0.2 * frame["height"])
    mouse.down()
    mouse.move(frame["x"] + frame["width"] / 4, frame["y"] + 2 * frame["height"] / 3, steps=20)
    expect(explorer.number("x")).to_have_text("-1.50")
    expect(explorer.number("y")).to_have_text("-1.00")
    expect(explorer.number("value")).to_have_text("3.7500")
    expect(explorer.root.locator("caption")).to_have_text("The engines at x = 2, y = 1.5")
    expect(explorer.root.locator(".chalkboard-remark")).to_be_hidden()
    preview = explorer.way()
    mouse.up()
    explorer.expect_torch_at(-1.5, -1.0)
    expect(explorer.root.locator(".chalkboard-remark")).to_be_visible()
    # What was shown while dragging is where the kernel's own steps lead.
    for seen, exact in zip(preview, explorer.way(), strict=True):
        assert seen == pytest.approx(exact, abs=1)


def test_descent_on_the_screen_is_torchs(explorer: Explorer) -> None:
    """The dotted line must be what x - lr * gradient does, step for step."""
    at = torch.tensor([2.0, 1.5], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([at], lr=0.1)
    for seen in explorer.way():
        assert seen == pytest.approx(explorer.in_pixels(*at.tolist()), abs=0.2)
        optimizer.zero_grad()
        (at[0] ** 2 + 3 * at[1] ** 2 - at[0] * at[1]).backward()
        optimizer.step()


def test_arrow_points_where_the_gradient_of_torch_does(explorer: Explorer) -> None:
    """An arrow that leans the wrong way would be worse than none."""
    path = explorer.map.locator(".chalkboard-arrow").get_attribute("d") or ""
    tip = re.findall(r"-?[\d.]+", path)[4:6]
    across, down = (float(number) for number in tip)
    assert -down / across == pytest.approx(7.0 / 2.5, rel=0.02)  # torch: 2x - y and 6y - x


def test_keys_move_both_numbers_and_the_learning_rate(explorer: Explorer) -> None:
    """Who cannot use a mouse must get the whole lesson."""
    explorer.slider("x").focus()
    explorer.page.keyboard.press("ArrowLeft")
    explorer.page.keyboard.press("Tab")
    expect(explorer.slider("y")).to_be_focused()
    for _ in range(2):
        explorer.page.keyboard.press("ArrowDown")
    explorer.expect_torch_at(1.95, 1.4)
    explorer.page.keyboard.press("Tab")
    expect(explorer.slider("learning rate")).to_be_focused()
    for _ in range(2):
        explorer.page.keyboard.press("ArrowRight")
    expect(explorer.number("rate")).to_have_text("0.5")
    expect(explorer.root.locator(".chalkboard-remark")).to_contain_text("Descent runs away")
    expect(explorer.slider("learning rate")).to_have_css("outline-style", "solid")


def test_names_and_words_for_who_cannot_see(explorer: Explorer) -> None:
    """A screen reader must say where the point is, which way is uphill, and where descent leads."""
    words = (
        "At x = 2, y = 1.5, f = 7.75; the gradient is (2.5, 7), length 7.433: "
        "steepest uphill points right and up; descent goes the other way. After 30 steps descent"
    )
    expect(explorer.speech).to_contain_text(words)
    expect(explorer.map.locator("desc")).to_contain_text(words)
    expect(explorer.slider("x")).to_have_attribute("aria-valuetext", "2.00")
    expect(explorer.root).to_contain_text("Goal: Find a learning rate")


def test_where_f_has_no_value_the_last_picture_stays(notebook: Any) -> None:
    """Left of 0 there is no logarithm: the widget says so and does not fall over."""
    explorer = Explorer(notebook, "g")
    expect(explorer.root).to_contain_text("Where the map is striped, g has no finite value.")
    explorer.slider("x").focus()
    notebook.page.keyboard.press("Home")
    expect(explorer.number("value")).to_have_text("—")
    expect(explorer.root).to_contain_text("At x = -1, y = 1 in chalkgrad: the value is nan")
    expect(explorer.root).to_contain_text(
        "g has no value here: its last point still stands at x = 1, y = 1."
    )
    expect(explorer.map.locator(".chalkboard-moving")).to_have_class(re.compile("stale"))
    # With it the way that begins there.
    marker = explorer.map.locator(".chalkboard-marker").get_attribute("transform") or ""
    place = [float(number) for number in re.findall(r"[\d.]+", marker)]
    assert explorer.way()[0] == pytest.approx(place, abs=0.1)
    assert len(explorer.way()) > 1
    notebook.screenshot("surface_gaps")


@pytest.mark.parametrize("width", [400, 1600])
def test_fits_a_narrow_and_a_wide_window_in_both_themes(
    notebook: Any, explorer: Explorer, width: int
) -> None:
    """On a small screen nothing may be cut off; on black the light theme's blue is hardly seen."""
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    expect(explorer.map).to_have_attribute(
        "width", "560" if width == 1600 else re.compile(r"^2\d\d$")
    )
    expect_to_fit(explorer.root)
    for theme, colour in (("Dark", "rgb(86, 180, 233)"), ("Light", "rgb(1, 115, 178)")):
        notebook.use_theme(f"JupyterLab {theme}")
        level = explorer.map.locator(".chalkboard-level").first
        expect(level).to_have_css("stroke", colour)
        explorer.root.scroll_into_view_if_needed()
        notebook.screenshot(f"surface_{theme.lower()}_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
