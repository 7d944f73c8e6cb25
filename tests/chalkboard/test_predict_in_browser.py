"""Predict as a student meets it: guess, keep it, run the next cell, and only then compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

SETUP = """
import os
os.environ["CHALK_HOME"] = {home!r}
import torch
from chalkboard import Choice, Number, predictions

def twice():
    x = torch.tensor(2.0, requires_grad=True)
    (x**2 * 3.5).backward()
    (x**2 * 3.5).backward()
    return x.grad.item()

predict = predictions({{"two-walks": (
    Number(
        "What is `x.grad` after the second backward?",
        answer=twice(),
        because="Backward *adds* to what stands on the leaf.",
        wrong={{14: "That would be so if the second walk replaced the slope of the first."}},
    ),
    Choice(
        "Does a loop with a new leaf each time need `x.grad = None`?",
        right="No",
        because="On a new leaf nothing stands yet.",
        wrong={{"Yes": "Think of where the slope stands, and for how long."}},
    ),
)}})
"""
SHOWN = 'shown = predict("two-walks"); shown'


class PredictPage:
    """What a test does to the prediction on a page, and what it reads there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_role("group", name="Prediction: two walks")
        self.number = self.root.get_by_role("textbox")
        self.speech = self.root.locator("[aria-live=polite]")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name)

    def reply(self, number: int) -> Locator:
        return self.root.locator(".chalkboard-reply").nth(number - 1)


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    home: Path = tmp_path_factory.mktemp("predictions")
    return open_notebook([SETUP.format(home=str(home)), SHOWN], height=1200)


@pytest.fixture
def prediction(notebook: Any) -> PredictPage:
    """The prediction, open and empty, whatever the test before did to it."""
    notebook.run_in_kernel('shown.stage = "open"; shown.chosen = ["", ""]')
    page = PredictPage(notebook.page)
    expect(page.button("Keep my prediction")).to_be_visible()
    expect(page.number).to_have_value("")
    return page


def torch_says() -> str:
    x = torch.tensor(2.0, requires_grad=True)
    for _ in range(2):
        (x**2 * 3.5).backward()
    assert x.grad is not None
    return f"{x.grad.item():g}"


def test_what_happens_is_told_after_the_prediction_only(
    notebook: Any, prediction: PredictPage
) -> None:
    """Who reads the explanation first has nothing to compare, and learns little."""
    prediction.number.fill("14")
    prediction.root.get_by_role("radio", name="No").check()
    prediction.button("Keep my prediction").click()
    expect(prediction.root).to_contain_text(
        "Your prediction is kept. Now run the next cell, and then compare."
    )
    expect(prediction.number).to_be_disabled()
    assert torch_says() not in prediction.root.inner_text()
    assert "adds" not in prediction.root.inner_html()
    prediction.button("Compare").click()
    expect(prediction.reply(1)).to_contain_text(f"✗ It comes differently: {torch_says()}")
    expect(prediction.reply(1)).to_contain_text(
        "You predicted 14. That would be so if the second walk replaced"
    )
    expect(prediction.reply(1)).to_contain_text("Backward adds to")
    expect(prediction.reply(2)).to_contain_text("✓ As you predicted: No")
    expect(prediction.speech).to_contain_text(f"It comes differently: {torch_says()}")
    prediction.root.evaluate("root => root.scrollIntoView()")
    notebook.screenshot("predict_compared")


def test_by_keyboard_the_focus_is_never_lost(prediction: PredictPage) -> None:
    """A button that is gone takes the focus with it, and the keys would go nowhere."""
    press = prediction.page.keyboard.press
    prediction.number.focus()
    press("Enter")
    expect(prediction.root).to_contain_text("Make a prediction first. A guess will do.")
    expect(prediction.number).to_be_focused()
    prediction.page.keyboard.type("many")
    press("Tab")
    press("Space")
    press("Enter")
    expect(prediction.reply(1)).to_contain_text("many is not a number.")
    expect(prediction.speech).to_contain_text("many is not a number.")
    prediction.number.fill("56/2")
    press("Enter")
    expect(prediction.button("Compare")).to_be_focused()
    press("Enter")
    expect(prediction.reply(1)).to_contain_text("✓ As you predicted: 28")
    expect(prediction.button("Predict again")).to_be_focused()
    press("Enter")
    expect(prediction.number).to_be_focused()
    expect(prediction.number).to_have_value("")
    expect(prediction.reply(1)).to_be_empty()


def test_the_prediction_is_there_again_when_the_kernel_starts_anew(
    notebook: Any, prediction: PredictPage
) -> None:
    """A learner who comes back must find what was predicted, and what was not told yet untold."""
    notebook.run_in_kernel('shown.chosen = ["14", "Yes"]; shown.stage = "predicted"')
    expect(prediction.button("Compare")).to_be_visible()
    notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    notebook.command("notebook:run-all-cells")
    expect(prediction.button("Compare")).to_be_visible()
    expect(prediction.number).to_have_value("14")
    expect(prediction.reply(1)).to_be_empty()


def test_light_dark_narrow_and_wide(notebook: Any, prediction: PredictPage) -> None:
    """Nothing is cut off on a small screen; pictures are kept to be looked at."""
    notebook.run_in_kernel('shown.chosen = ["14", "Yes"]; shown.stage = "predicted"')
    expect(prediction.button("Compare")).to_be_visible()
    for theme, width in [("Light", 1600), ("Dark", 1280), ("Dark", 400), ("Light", 400)]:
        notebook.use_theme(f"JupyterLab {theme}")
        notebook.page.set_viewport_size({"width": width, "height": 1200})
        prediction.root.evaluate("root => root.scrollIntoView()")
        expect_to_fit(prediction.root)
        notebook.screenshot(f"predict_{theme.lower()}_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
