"""A student opens a lesson in JupyterLab, predicts, answers rightly and wrongly, and drags x."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch
from playwright.sync_api import expect

from autograder.project import find_project
from autograder.releasing.master import submission_with

pytestmark = pytest.mark.browser

RIGHT = "slope_at_five = 2 * 1 * (-1) / 2 + (2 - 2)"
ANOTHER_NAME = "def slope(g, x_value):\n    return torch.tensor(leaf)"


def test_the_lesson_replies_and_its_slider_says_what_torch_says(
    open_notebook: Callable[..., Any], tmp_path: Path
) -> None:
    project = find_project()
    lesson = next(item for item in project.table().written if item.name == "automatic_gradients")
    answers = {"slope-at-five": RIGHT, "slope-anywhere": ANOTHER_NAME}
    notebook = submission_with(nbformat.read(project.notebook_path(lesson), as_version=4), answers)
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook, path)
    opened = open_notebook(path, height=14000)  # so tall that JupyterLab draws every cell

    def reply(title: str) -> Any:
        return opened.page.get_by_role("group", name=f"Reply to {title}")

    expect(reply("The slope at x = 5, by hand")).to_contain_text("✓")
    expect(reply("Where the curve is flat")).to_contain_text("not answered yet")
    wrong = reply("The slope of any function, anywhere")
    expect(wrong).to_contain_text("name 'leaf' is not defined")
    expect(wrong).to_contain_text("line 2: return torch.tensor(leaf)")

    # What is read aloud says it too, a moment later.
    why = opened.page.locator("p:not([aria-live])", has_text="Nothing calculates it again.")
    question = opened.page.get_by_role("group", name="What does print(y) show then?")
    expect(why).to_have_count(0)
    question.get_by_role("radio", name="-2").check()
    opened.page.get_by_role("button", name="Keep my prediction").nth(2).click()
    opened.page.get_by_role("button", name="Compare").click()
    expect(why).to_be_visible()

    slider = opened.page.get_by_role("slider", name="x", exact=True)
    slider.focus()
    slider.press("Home")
    for _ in range(3):
        slider.press("PageUp")
    expect(opened.page.locator("[data-quantity=x]")).to_have_text("3.00")
    at = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    ((at - 3) * (at - 6) * (at - 4)).backward()
    assert at.grad is not None
    shown = opened.page.locator("[data-quantity=slope]")
    expect(shown).to_have_text(f"{at.grad.item():.4f}")
    opened.page.get_by_role("button", name="Last step").click()
    expect(opened.page.get_by_text("x.grad becomes 14.").first).to_be_visible()
    expect(opened.page.get_by_text("Still open here:")).to_be_visible()
    assert opened.errors == []
    opened.screenshot("lesson")
