"""StrideExplorer as a student meets it: chosen, walked through, written into and read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

SETUP = """
import torch
from chalkboard import StrideExplorer
"""
MATRIX = """
strides = StrideExplorer((3, 4), find=("x.T", (1, 2)))
strides
"""
CUBE = """
cube = StrideExplorer(torch.linspace(-1, 1, 60).reshape(3, 2, 10), view="x.transpose(0, 1)")
cube
"""
TIMES = "\N{MULTIPLICATION SIGN}"
X = torch.arange(12).reshape(3, 4)


class Strides:
    """What a test does to the widget on a page, and what it reads there."""

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.root = page.get_by_role("group", name="Stride explorer").nth(number)
        self.grid = self.root.get_by_role("grid")
        self.select = self.root.get_by_role("combobox")
        self.arithmetic = self.root.locator(".chalkboard-arithmetic")
        self.message = self.root.locator(".chalkboard-message").first
        self.speech = self.root.locator("[aria-live=polite]")

    def entry(self, *index: int) -> Locator:
        """The cell of the grid that is announced as this entry of y."""
        return self.grid.get_by_role("gridcell", name=f"y[{', '.join(map(str, index))}]:")

    def expect_torch_at(self, view: torch.Tensor, *index: int) -> None:
        """The page says which cell torch reads, marks it, and shows torch's number there."""
        steps = zip(index, view.stride(), strict=True)
        cell = view.storage_offset() + sum(position * step for position, step in steps)
        name = f"y[{', '.join(map(str, index))}]"
        expect(self.arithmetic).to_contain_text(f"{name} reads storage cell {cell}:")
        expect(self.arithmetic).to_contain_text(f"= {cell}")
        marked = self.root.locator(".chalkboard-slot").filter(
            has=self.page.locator(".chalkboard-current")
        )
        expect(marked.locator(".chalkboard-index")).to_have_text(str(cell))
        expect(marked.locator(".chalkboard-cell")).to_have_text(str(view[index].item()))
        expect(self.grid.locator(".chalkboard-current")).to_have_text(str(view[index].item()))


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any]) -> Any:
    return open_notebook([SETUP, MATRIX, CUBE], height=1400)


@pytest.fixture
def strides(notebook: Any) -> Strides:
    """The widget at the first entry of x, whatever the test before did to it."""
    notebook.page.mouse.move(1, 1)
    notebook.run_in_kernel(
        "strides.view, strides.entry, strides.writes, strides.message, strides.done = ("
        "'x', [0, 0], [], '', '')"
    )
    strides = Strides(notebook.page)
    strides.expect_torch_at(X, 0, 0)
    expect(strides.select).to_have_value("x")
    return strides


def test_keys_walk_through_a_view_and_the_goal_is_noticed(notebook: Any, strides: Strides) -> None:
    """Who cannot use a mouse must get the whole lesson; JupyterLab takes the arrow keys."""
    expect(strides.root).to_contain_text("Goal: Choose y = x.T, and find the storage cell")
    expect(strides.root).not_to_contain_text("Goal reached")
    strides.select.select_option("x.T")
    strides.expect_torch_at(X.T, 0, 0)
    strides.grid.focus()
    for key in ["PageDown", "End", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown"]:
        notebook.page.keyboard.press(key)
    strides.expect_torch_at(X.T, 1, 2)
    expect(strides.grid).to_be_focused()
    expect(strides.arithmetic).to_contain_text(
        f"offset 0 + 1 {TIMES} stride 1 + 2 {TIMES} stride 4 = 9"
    )
    expect(strides.root).to_contain_text("x[2, 1] reads the same cell.")
    expect(strides.root).to_contain_text("Goal reached: you found y[1, 2] of y = x.T.")
    notebook.screenshot("strides_goal")
    notebook.wait_until_kernel_says("strides.found and strides.cell == 9")
    notebook.page.keyboard.press("Home")
    strides.expect_torch_at(X.T, 1, 0)
    notebook.wait_until_kernel_says("strides.entry == [1, 0]")


def test_pointer_previews_and_click_stays(strides: Strides) -> None:
    """Hovering is how one explores; but what was chosen must not be lost on the way to a button."""
    strides.entry(1, 1).click()
    strides.entry(2, 3).hover()
    strides.expect_torch_at(X, 2, 3)
    strides.select.hover()
    strides.expect_torch_at(X, 1, 1)
    expect(strides.root.get_by_role("button", name="Write 99 into y[1, 1]")).to_be_visible()


def test_drag_follows_and_tells_the_kernel_at_the_end(notebook: Any, strides: Strides) -> None:
    """A kernel that is asked at every cell would fall behind the finger."""
    strides.entry(0, 0).hover()
    notebook.page.mouse.down()
    strides.entry(1, 2).hover()
    strides.expect_torch_at(X, 1, 2)
    notebook.wait_until_kernel_says("strides.entry == [0, 0]")
    notebook.page.mouse.up()
    notebook.wait_until_kernel_says("strides.entry == [1, 2]")


def test_expand_shows_all_that_read_one_cell(notebook: Any, strides: Strides) -> None:
    """Stride 0 means one number read many times, which the values alone do not show."""
    strides.select.select_option("x[:, :1].expand(3, 4)")
    expect(strides.message).to_contain_text("the 4 indexes of dimension 1 read the same cells")
    strides.entry(1, 3).click()
    strides.expect_torch_at(X[:, :1].expand(3, 4), 1, 3)
    expect(strides.root).to_contain_text(
        "y[1, 0], y[1, 1], y[1, 2] and x[1, 0] read the same cell."
    )
    expect(strides.grid.locator(".chalkboard-same")).to_have_count(4)
    expect(strides.root.locator(".chalkboard-slot .chalkboard-unread")).to_have_count(9)
    notebook.screenshot("strides_expand")


def test_writing_through_a_view_changes_x_and_through_a_copy_does_not(strides: Strides) -> None:
    """The one bug that comes from not knowing what shares a storage."""
    x = strides.root.get_by_role("img", name="x, row by row")
    strides.select.select_option("x.T")
    strides.entry(1, 0).click()
    strides.root.get_by_role("button", name="Write 99 into y[1, 0]").click()
    expect(x).to_have_accessible_name("x, row by row: 0, 99, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")
    strides.root.get_by_role("button", name="Undo writing").click()
    expect(x).to_have_accessible_name("x, row by row: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")
    strides.select.select_option("x.T.contiguous()")
    expect(strides.root.get_by_role("img", name="Storage of y")).to_be_visible()
    strides.root.get_by_role("button", name="Write 99 into y[1, 0]").click()
    expect(strides.entry(1, 0)).to_have_text("99")
    expect(x).to_have_accessible_name("x, row by row: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11")


def test_a_refused_view_says_why_and_the_last_good_picture_stays(
    notebook: Any, strides: Strides
) -> None:
    """Where view refuses, a learner needs the reason beside the cells that it is about."""
    strides.select.select_option("x.T")
    strides.select.select_option("x.T.view(-1)")
    with pytest.raises(RuntimeError) as caught:
        X.T.view(-1)
    expect(strides.message).to_contain_text(str(caught.value).splitlines()[0])
    expect(strides.message).to_contain_text("x.T reads the cells 0, 4, 8, 1, 5, 9")
    expect(strides.message).to_contain_text("The picture still shows y = x.T.")
    strides.expect_torch_at(X.T, 0, 0)
    notebook.screenshot("strides_refused")


def test_a_typed_view_is_run_by_the_engine(strides: Strides) -> None:
    """The question that a learner has is seldom the one in the list."""
    typed = strides.root.get_by_role("textbox", name="or type:")
    typed.fill("x[1:, ::2].T")
    typed.press("Enter")
    strides.expect_torch_at(X[1:, ::2].T, 0, 0)
    expect(strides.select).to_have_value("x[1:, ::2].T")
    typed.fill("x[1:")
    strides.root.get_by_role("button", name="Show the typed view").click()
    expect(strides.message).to_contain_text("'x[1:' is not understood: write one expression of x")
    strides.expect_torch_at(X[1:, ::2].T, 0, 0)


def test_a_picture_that_is_due_is_not_painted_with_newer_data(
    notebook: Any, strides: Strides
) -> None:
    """The kernel may send a view of few entries while one of many waits to be painted."""
    notebook.run_in_kernel("strides.entry = [2, 3]")
    strides.expect_torch_at(X, 2, 3)
    notebook.run_in_kernel_between_frames("strides.done = 'Nearly.'; strides.view = 'x[1]'")
    expect(strides.root).to_contain_text("Nearly.")
    strides.expect_torch_at(X[1], 0)
    expect(strides.root.get_by_role("button", name="Write 99 into y[0]")).to_be_visible()


def test_names_roles_and_words_for_who_cannot_see(notebook: Any, strides: Strides) -> None:
    """A screen reader must say what is looked at, what it reads and what a view has done."""
    expect(strides.root.get_by_role("grid", name="entries of y = x")).to_be_visible()
    expect(strides.root.get_by_role("combobox", name="Choose a view: y =")).to_be_visible()
    strides.grid.focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(strides.speech).to_have_text(
        re.compile(
            r"y\[0, 1\] reads storage cell 1: +"
            rf"offset 0 \+ 0 {TIMES} stride 4 \+ 1 {TIMES} stride 1 = 1\.\s"
        )
    )
    notebook.wait_until_kernel_says("strides.entry == [0, 1]")
    active = strides.grid.get_attribute("aria-activedescendant")
    expect(strides.root.locator(f"[id='{active}']")).to_have_accessible_name("y[0, 1]: 1")
    expect(strides.grid).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("width", [400, 1600])
def test_three_dimensions_fit_a_narrow_and_a_wide_window_in_the_dark(
    notebook: Any, width: int
) -> None:
    """On a small screen nothing may be cut off, and a page of rows must look like one."""
    cube = Strides(notebook.page, 1)
    notebook.page.set_viewport_size({"width": width, "height": 1400})
    notebook.use_theme("JupyterLab Dark" if width == 400 else "JupyterLab Light")
    cube.root.scroll_into_view_if_needed()
    cube.grid.focus()
    notebook.page.keyboard.press("PageDown")
    expect(cube.arithmetic).to_contain_text("y[1, 0, 0] reads storage cell 10:")
    notebook.page.keyboard.press("PageUp")
    expect(cube.arithmetic).to_contain_text("y[0, 0, 0] reads storage cell 0:")
    expect_to_fit(cube.root)
    notebook.screenshot(f"strides_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
