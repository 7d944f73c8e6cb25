"""What holds for every widget alike, tried on the gallery, which has each of them in one cell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from benchmarks.jupyterlab import ARTIFACTS, until_it_holds

GALLERY = Path(__file__).parents[2] / "docs" / "gallery.ipynb"

pytestmark = pytest.mark.browser

# JupyterLab draws only the cells that can be seen, so the window is as high as the notebook.
HEIGHT = 14_000
WIDGETS = 11
# On every notebook, with or without a widget.
NOTEBOOK_7_SAYS = {
    "Cannot read properties of undefined (reading 'schema')",
    "Command 'filebrowser:open-path' not registered.",
}
# Without what is only read aloud, a moment later.
WORDS = """() => [...document.querySelectorAll(".chalkboard")]
  .map((widget) => [...widget.children].filter((part) => !part.ariaLive))
  .map((parts) => parts.map((part) => part.innerText).join("\\n"))"""
TOO_WIDE = """() => [...document.querySelectorAll(".chalkboard")]
  .filter((widget) => widget.scrollWidth > widget.clientWidth + 1)
  .map((widget) => widget.getAttribute("aria-label"))"""


# Style sheets hold for the whole page: each widget is looked at with all and with its own only.
STYLED_BY_ANOTHER = """() => {
  const sheets = [...document.head.querySelectorAll("style[id^='chalkboard.']")];
  const owners = [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
  const looks = ["width", "height", "display", "border", "padding", "margin", "color", "font"];
  const look = (element) => looks.map((name) => getComputedStyle(element)[name]).join();
  return [...document.querySelectorAll(".chalkboard")].flatMap((widget, place) => {
    const elements = [...widget.querySelectorAll("*")];
    const beside = elements.map(look);
    sheets.forEach((sheet, at) => (sheet.disabled = at !== owners[place]));
    const alone = elements.map(look);
    for (const sheet of sheets) sheet.disabled = false;
    const changed = elements.filter((_, at) => beside[at] !== alone[at]);
    return changed.map((element) => `${widget.ariaLabel}: ${element.outerHTML.slice(0, 80)}`);
  });
}"""
LONG_NUMBERS_IN_PIECES = """() => [...document.querySelectorAll(".chalkboard-answers td")]
  .filter((cell) => cell.offsetHeight > 30)
  .map((cell) => cell.textContent)"""


@pytest.fixture(scope="module")
def gallery(open_notebook: Callable[..., Any]) -> Any:
    opened = open_notebook(GALLERY, height=HEIGHT)
    expect(opened.page.locator(".chalkboard")).to_have_count(WIDGETS)
    return opened


def words_of(opened: Any) -> list[str]:
    return opened.page.evaluate(WORDS)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_core_finds_nothing(gallery: Any, theme: str) -> None:
    """A label that is missing, or too faint a colour, shuts somebody out and is seen by nobody."""
    gallery.use_theme(f"JupyterLab {theme}")
    gallery.screenshot(f"gallery_{theme.lower()}")
    found = Axe().run(gallery.page, {"include": [".chalkboard"]})
    assert len(found.response["passes"]) > 0
    assert [violation["help"] for violation in found.response["violations"]] == []


@pytest.mark.parametrize(("width", "zoom"), [(400, 1), (1600, 1), (1280, 2)])
def test_nothing_is_cut_off(gallery: Any, width: int, zoom: int) -> None:
    """Who magnifies the page, or reads on a small screen, must not lose the right half."""
    gallery.page.set_viewport_size({"width": width, "height": HEIGHT})
    gallery.page.evaluate("(zoom) => (document.body.style.zoom = zoom)", zoom)

    def fits() -> None:
        assert gallery.page.evaluate(TOO_WIDE) == []
        assert gallery.page.evaluate(LONG_NUMBERS_IN_PIECES) == []

    until_it_holds(gallery.page, fits)
    gallery.screenshot(f"gallery_{width}_{zoom}")


def test_a_widget_looks_the_same_beside_others_as_alone(gallery: Any) -> None:
    """A class that two style sheets use for different things is seen only where both are."""
    assert gallery.page.evaluate(STYLED_BY_ANOTHER) == []


def test_nothing_of_ours_is_on_the_console(gallery: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert gallery.errors == []


@pytest.mark.timeout(600)  # The whole gallery is opened twice, and may have to be read again.
def test_what_was_done_is_there_again_after_save_close_and_reopen(
    open_notebook: Callable[..., Any],
) -> None:
    """A learner closes the laptop in the middle of a lesson, and opens it tomorrow."""
    before = open_notebook(GALLERY, height=HEIGHT)
    page = before.page
    page.get_by_role("slider", name="x").first.press("PageUp")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("radio", name="the value of x").check()
    page.get_by_role("button", name="Check").first.click()
    expect(page.locator(".chalkboard", has_text="x changes when you take a step")).to_be_visible()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    expect(page.locator(".chalkboard").first).to_contain_text("The engines at x = 3")
    expect(page.locator(".chalkboard", has_text="Step 1 of")).to_be_visible()
    expected = words_of(before)
    after = open_notebook(before.save_and_close(), height=HEIGHT, run=False)
    after.wait_for_saved_widgets(WIDGETS)

    def shows_the_same() -> None:
        for found, wanted in zip(words_of(after), expected, strict=True):
            assert found.splitlines() == wanted.splitlines()

    until_it_holds(after.page, shows_the_same)
    after.screenshot("gallery_reopened")


def test_without_a_kernel_there_is_a_picture_or_words_for_each(
    gallery: Any, browser: Browser, jupyter_settings: ModuleType, tmp_path: Path
) -> None:
    """On a page of nbconvert's, or on GitHub, a widget must not be an empty box."""
    gallery.save()
    config = tmp_path / "jupyter_nbconvert_config.json"
    config.write_text(json.dumps(jupyter_settings.NBCONVERT_DEFAULTS), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", gallery.path],
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path)},
        check=True,
        capture_output=True,
    )
    page = browser.new_page()
    page.goto(gallery.path.with_suffix(".html").as_uri())
    outputs = page.locator(".jp-OutputArea-output")
    assert outputs.count() >= WIDGETS
    for output in outputs.all():
        assert output.inner_text().strip() or output.locator("img[alt], svg[role=img]").count()
    page.screenshot(path=ARTIFACTS / "gallery_nbconvert.png", full_page=True)
    page.close()


def test_notebook_7_shows_the_same(open_notebook: Callable[..., Any]) -> None:
    """Some places have Notebook 7 where others have JupyterLab."""
    opened = open_notebook(GALLERY, height=HEIGHT, within="notebook")
    expect(opened.page.locator(".chalkboard")).to_have_count(WIDGETS)
    slider = opened.page.get_by_role("slider", name="x").first
    slider.press("PageUp")
    expect(opened.page.locator(".chalkboard").first).to_contain_text("The engines at x = 3")
    opened.screenshot("gallery_notebook_7")
    assert set(opened.errors) <= NOTEBOOK_7_SAYS
