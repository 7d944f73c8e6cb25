"""GradientExplorer with more than one curve, met as a student meets it in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import FloatRect, Locator, expect

from benchmarks.jupyterlab import expect_to_fit, until_it_holds

pytestmark = pytest.mark.browser

SETUP = """
import torch
from chalkboard import GradientExplorer

def p(x):
    return (x - 3) * (x - 6) * (x - 4)
"""
TWO = """
two = GradientExplorer({"p": p, "s": lambda x: x.sin() * 40}, 2.0, (0, 10), compare=torch)
two
"""
SECANT = """
secant = GradientExplorer(p, 5.0, (0, 10), secant=True, name="q")
secant
"""
SEARCH = """
search = GradientExplorer(
    p, 2.0, (0, 10), slope_panel=True, find_slope=0.0, compare=torch, name="r"
)
search
"""

HALF = """
half = GradientExplorer({"u": p, "v": lambda x: (x - 4).log()}, 5.0, (0, 10))
half
"""


def polynomial(x: Any) -> Any:
    return (x - 3) * (x - 6) * (x - 4)


def by_torch(f: Callable[[Any], Any], x: float) -> list[str]:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = f(at)
    value.backward()
    assert at.grad is not None
    return [f"{value.item():.4f}", f"{at.grad.item():.4f}"]


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, TWO, SECANT, SEARCH, HALF], height=1300)


def explorer(notebook: Any, name: str) -> Locator:
    root = notebook.page.get_by_role("group", name=f"Gradient explorer of {name}")
    root.scroll_into_view_if_needed()
    return root


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found is not None
    return found


def number(root: Locator, quantity: str) -> Locator:
    return root.locator(f"[data-quantity={quantity}]")


def panel(root: Locator, name: str) -> Locator:
    return root.get_by_role("img", name=re.compile(f"^{re.escape(name)}"))


def test_one_slider_moves_every_curve_and_each_has_its_own_look(notebook: Any) -> None:
    """Two curves that only colour tells apart are one curve for some readers."""
    root = explorer(notebook, "p(x), s(x)")
    root.get_by_role("slider", name="x").focus()
    notebook.page.keyboard.press("PageUp")
    expect(number(root, "x")).to_have_text("3.00")
    expected = [by_torch(polynomial, 3.0), by_torch(lambda x: x.sin() * 40, 3.0)]
    for quantity, texts in zip(("value", "slope"), zip(*expected, strict=True), strict=True):
        expect(number(root, quantity)).to_have_text(
            [text.replace("-0.0000", "0.0000") for text in texts]
        )
    speech = root.locator("[aria-live=polite]")
    expect(speech).to_contain_text("At x = 3, p(x) = 0 and the slope is 3")
    expect(speech).to_contain_text("s(x) = 5.6448 and the slope is -39.5997: the curve falls.")
    curves = panel(root, "p(x), s(x)").locator(".chalkboard-curve")
    looks = curves.evaluate_all(
        "paths => paths.map(path => getComputedStyle(path)).map(s => [s.stroke, s.strokeDasharray])"
    )
    assert len({colour for colour, _ in looks}) == len({dashes for _, dashes in looks}) == 2
    markers = panel(root, "p(x), s(x)").locator(".chalkboard-marker")
    shapes = markers.evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert len(set(shapes)) == 2
    expect(root.get_by_role("row", name="s torch")).to_contain_text("-39.5996998")
    notebook.screenshot("explorer_two_functions")


def test_of_two_curves_it_is_said_which_one_has_a_gap(notebook: Any) -> None:
    """The other one goes on, and its point must not look as if it stood still."""
    root = explorer(notebook, "u(x), v(x)")
    slider = root.get_by_role("slider", name="x")
    slider.focus()
    notebook.page.keyboard.press("PageDown")
    expect(number(root, "x")).to_have_text("4.00")
    words = "v has no value here: its last point still stands at x = 5."
    expect(root.get_by_text(words, exact=True)).to_be_visible()
    expect(root).not_to_contain_text("u has no")
    moving = panel(root, "u(x), v(x)").locator(".chalkboard-moving")
    expect(moving.nth(0)).not_to_have_class(re.compile("stale"))
    expect(moving.nth(1)).to_have_class(re.compile("stale"))


def test_secant_becomes_the_tangent_as_h_is_dragged_to_zero(notebook: Any) -> None:
    """One must see the dash-dotted line fall onto the dashed one, and the numbers follow."""
    root = explorer(notebook, "q(x)")
    notebook.run_in_kernel("secant.x = 5.0; secant.h = 2.0")
    x = torch.tensor([5.0, 7.0], dtype=torch.float64)
    here, there = polynomial(x).tolist()
    expect(number(root, "quotient")).to_have_text(f"{(there - here) / 2:.4f}")
    expect(number(root, "distance")).to_have_text("8.0000")
    line = panel(root, "q(x)").locator(".chalkboard-secant")
    expect(line).to_be_visible()
    notebook.screenshot("explorer_secant")
    slider = root.get_by_role("slider", name="h")
    track = box(slider)
    mouse = notebook.page.mouse
    middle = track["y"] + track["height"] / 2
    mouse.move(track["x"] + 0.8 * track["width"], middle)
    mouse.down()
    mouse.move(track["x"] + 0.15 * track["width"], middle, steps=10)
    expect(number(root, "h")).to_have_text("0.04")
    x = torch.tensor([5.0, 5.04], dtype=torch.float64)
    here, there = polynomial(x).tolist()
    expect(number(root, "quotient")).to_have_text(f"{(there - here) / 0.04:.4f}")
    mouse.up()
    notebook.page.keyboard.press("Home")
    expect(number(root, "quotient")).to_have_text("0 / 0")
    expect(line).to_be_hidden()
    words = "h is 0: the secant has become the tangent, with slope -1."
    expect(root.locator("[aria-live=polite]")).to_contain_text(words)


def test_a_secant_that_leaves_the_picture_says_so(notebook: Any) -> None:
    """A missing line without a word looks like a bug."""
    root = explorer(notebook, "q(x)")
    notebook.run_in_kernel("secant.x = 9.0; secant.h = 2.0")
    expect(number(root, "quotient")).to_have_text("—")
    words = "There is no secant: q has no value in the picture at x + h = 11."
    expect(root.get_by_text(words, exact=True)).to_be_visible()
    expect(root.locator("[aria-live=polite]")).to_contain_text(words)


def test_slopes_are_found_by_keys_and_counted_once(notebook: Any) -> None:
    """The goal must say how near one is, notice success, and not give the place away."""
    root = explorer(notebook, "r(x)")
    notebook.run_in_kernel("search.x = 2.0")
    status = root.locator(".chalkboard-remark")
    expect(root).to_contain_text("Goal: Put x at both places where the slope of r is 0.")
    expect(status).to_have_text("Slope 14: still rising. 0 of 2 places found.")
    slider = root.get_by_role("slider", name="x")
    slider.focus()
    for _ in range(145):
        notebook.page.keyboard.press("ArrowRight")
    expect(number(root, "x")).to_have_text("3.45")
    words = "✓ Found: here the slope is 0, to within 0.2. 1 of 2 places found."
    expect(status).to_have_text(words)
    expect(root.locator("[aria-live=polite]")).to_contain_text(words)
    notebook.run_in_kernel("search.x = 4.0")
    expect(status).to_have_text("Slope -2: still falling. 1 of 2 places found.")
    notebook.run_in_kernel("search.x = 5.22")
    expect(status).to_have_text("✓ Found. 2 of 2 places found: goal reached.")
    notebook.screenshot("explorer_search")
    notebook.run_in_kernel("search.x = 9.0")
    slope = float(by_torch(polynomial, 9.0)[1])
    expect(status).to_have_text(
        f"Slope {slope:g}: still rising. ✓ 2 of 2 places found: goal reached."
    )


def test_height_of_the_point_on_the_slope_panel_is_the_slope(notebook: Any) -> None:
    """That f' is a curve whose heights are slopes is what the second panel is for."""
    notebook.run_in_kernel("search.x = 8.0")
    root = explorer(notebook, "r(x)")
    expect(number(root, "x")).to_have_text("8.00")
    slopes = panel(root, "The slope r")
    values = panel(root, "r(x) and its tangent")
    frame, zero = box(slopes.locator(".chalkboard-frame")), box(slopes.locator(".chalkboard-zero"))
    marker = box(slopes.locator(".chalkboard-marker"))
    low, high = -7.25, 98.85  # of the axis: 5 % below the lowest and above the highest slope
    per_pixel = (high - low) / frame["height"]
    slope = float(by_torch(polynomial, 8.0)[1])
    rise = (zero["y"] - (marker["y"] + marker["height"] / 2)) * per_pixel
    assert rise == pytest.approx(slope, abs=2 * per_pixel)
    above = box(values.locator(".chalkboard-marker"))
    assert (above["x"] - box(values)["x"]) == pytest.approx(marker["x"] - box(slopes)["x"], abs=1)


@pytest.mark.parametrize(("width", "panel_width"), [(400, "2.."), (800, "3.."), (1600, "7..")])
def test_fits_a_narrow_and_a_wide_window(notebook: Any, width: int, panel_width: str) -> None:
    """On a small screen nothing may be cut off; else the panels stand side by side.

    One below the other, they would be out of sight of the slider.
    """
    notebook.page.set_viewport_size({"width": width, "height": 1300})
    root = explorer(notebook, "r(x)")
    values, slopes = panel(root, "r(x) and its tangent"), panel(root, "The slope r")
    expect(values).to_have_attribute("width", re.compile(f"^{panel_width}$"))
    expect_to_fit(root)

    def stand_as_they_should() -> None:
        assert (box(values)["y"] == box(slopes)["y"]) == (width > 400)

    until_it_holds(notebook.page, stand_as_they_should)
    notebook.use_theme("JupyterLab Dark")
    notebook.screenshot(f"explorer_search_dark_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
