"""Quiz as a student meets it: chosen, typed, checked and read aloud in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

# In a module of its own, as a section has it, so that the notebook holds no answer.
BANK = """
from chalkboard import Choice, Choices, Number, Text, quizzes

quiz = quizzes({"back-ward": (
    Choice(
        "What does this show?\\n\\n```\\nx.grad = None\\nprint(x.grad)\\n```",
        right="`None`",
        because="Nobody went backward since, so `x.grad` is still `None`.",
        wrong={
            "`0.0`": "A slope of zero would be a number. Who has calculated one?",
            "An error <b>at once</b>": "Reading an attribute that is there is no error.",
        },
    ),
    Choices(
        "Which of these put a slope on the leaf `x`?",
        right=("`f(x).backward()`", "`torch.autograd.backward(f(x))`"),
        because="Both walk back to the leaf.",
        wrong={"`torch.autograd.grad(f(x), x)`": "It returns the slope, and leaves `x` alone."},
    ),
    Number(
        "What is the slope of x² at x = 7?",
        answer=14,
        because="The slope of x² is 2x.",
        wrong={49: "That is the height."},
    ),
    Text("What is a tensor called that no operation made?", answer="leaf", because="As on a tree."),
)})
"""
SETUP = """
import os
os.environ["CHALK_HOME"] = {home!r}
from bank_of_a_test import quiz
"""
REASONS = ("Nobody went backward", "Both walk back", "The slope of x² is 2x", "As on a tree")
SAVES_WIDGETS_TOO = """() => window.jupyterapp.commands.isToggled(
  "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
)"""
SAVE_WIDGETS_TOO = """() => {
  const { commands } = window.jupyterapp;
  const command = "@jupyter-widgets/jupyterlab-manager:saveWidgetState";
  if (!commands.isToggled(command)) commands.execute(command);
}"""
SHOWN = 'shown = quiz("back-ward"); shown'


class QuizPage:
    """What a test does to the quiz on a page, and what it reads there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_role("group", name="Quiz: back ward")
        self.speech = self.root.locator("[aria-live=polite]")

    def question(self, number: int) -> Locator:
        return self.root.get_by_role("group", name=re.compile(rf"^{number}\."))

    def check(self, number: int) -> Locator:
        return self.root.get_by_role("button", name=f"Check question {number}")

    def reply(self, number: int) -> Locator:
        return self.root.locator(".chalkboard-reply").nth(number - 1)


@pytest.fixture(scope="module", autouse=True)
def bank(jupyter_server: Any) -> None:
    """The module of the questions, beside the notebooks."""
    (jupyter_server.folder / "bank_of_a_test.py").write_text(BANK, encoding="utf-8")


@pytest.fixture(scope="module")
def notebook(open_notebook: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    home: Path = tmp_path_factory.mktemp("quiz")
    return open_notebook([SETUP.format(home=str(home)), SHOWN], height=1400)


@pytest.fixture
def quiz(notebook: Any) -> QuizPage:
    """The quiz with no answer, whatever the test before did to it."""
    notebook.run_in_kernel('shown.checked = ["", [], "", ""]; shown.chosen = shown.checked')
    quiz = QuizPage(notebook.page)
    expect(quiz.root).to_contain_text("0 of 4 right.")
    return quiz


def test_a_wrong_answer_gets_its_hint_and_a_right_one_its_reason(quiz: QuizPage) -> None:
    """The hint is what a learner comes for; a bare "wrong" teaches nothing."""
    quiz.root.get_by_role("radio", name="0.0").check()
    quiz.check(1).click()
    expect(quiz.reply(1)).to_have_text(
        "✗ Not yet. A slope of zero would be a number. Who has calculated one?"
    )
    expect(quiz.speech).to_contain_text("Not yet. A slope of zero would be a number.")
    quiz.root.get_by_role("radio", name="None").check()
    expect(quiz.reply(1)).to_be_empty()  # the hint was for the other answer
    quiz.check(1).click()
    expect(quiz.reply(1)).to_have_text(
        "✓ Right. Nobody went backward since, so x.grad is still None."
    )
    expect(quiz.speech).to_contain_text("1 of 4 right.")


def test_the_whole_quiz_by_keyboard(notebook: Any, quiz: QuizPage) -> None:
    """Who cannot use a mouse must reach each answer; JupyterLab takes keys for itself."""
    press = quiz.page.keyboard.press
    quiz.root.get_by_role("radio").first.focus()
    while not quiz.root.get_by_role("radio", name="None").is_checked():
        press("ArrowDown")
    press("Enter")
    expect(quiz.reply(1)).to_contain_text("Right.")
    press("Tab")  # the first Check
    press("Tab")
    for box in quiz.question(2).get_by_role("checkbox").all():
        expect(box).to_be_focused()
        if "grad(" not in box.input_value():
            press("Space")
        press("Tab")
    expect(quiz.check(2)).to_be_focused()
    press("Space")
    expect(quiz.reply(2)).to_contain_text("Both walk back")
    press("Tab")
    quiz.page.keyboard.type("28/2")
    press("Enter")
    expect(quiz.reply(3)).to_contain_text("The slope of x² is 2x.")
    press("Tab")
    press("Tab")
    quiz.page.keyboard.type("Leaf")
    press("Enter")
    expect(quiz.root).to_contain_text("✓ All 4 right: done.")
    quiz.root.evaluate("root => root.scrollIntoView()")
    notebook.screenshot("quiz_done")


def test_names_of_what_can_be_used(quiz: QuizPage) -> None:
    """A screen reader must say which question a field or a button belongs to."""
    expect(quiz.question(1)).to_have_accessible_name(re.compile("What does this show"))
    expect(quiz.question(1)).to_have_accessible_description(re.compile("print"))
    expect(quiz.question(2)).to_have_accessible_description("Choose all that are right.")
    typed = quiz.root.get_by_role("textbox", name="What is the slope of x² at x = 7?")
    expect(typed).to_be_visible()
    quiz.check(3).click()
    expect(quiz.reply(3)).to_have_text("Choose or type an answer first.")
    expect(quiz.speech).to_have_text("Choose or type an answer first.")
    typed.focus()
    quiz.page.keyboard.type("1")
    expect(typed).to_have_css("outline-style", "solid")


def test_an_authors_text_stays_a_text(quiz: QuizPage) -> None:
    """Angle brackets in an answer are code to read, and must not become the page's markup."""
    expect(quiz.question(1)).to_contain_text("An error <b>at once</b>")
    expect(quiz.question(1).locator("code").filter(has_text="0.0")).to_have_count(1)


def test_checking_one_question_leaves_the_others_alone(notebook: Any, quiz: QuizPage) -> None:
    """Who fills in all fields first, and then checks one by one, must not lose any."""
    box = quiz.root.get_by_role("checkbox").first
    box.check()
    quiz.root.get_by_role("textbox").first.fill("14")
    quiz.root.get_by_role("radio", name="None").check()
    quiz.check(1).click()
    expect(quiz.reply(1)).to_contain_text("Right.")
    expect(box).to_be_checked()
    expect(quiz.root.get_by_role("textbox").first).to_have_value("14")
    expect(quiz.reply(3)).to_be_empty()


def test_python_reads_and_sets_answers(notebook: Any, quiz: QuizPage) -> None:
    """State lives in traits, or it would neither be saved nor be driven."""
    quiz.root.get_by_role("radio", name="None").check()
    notebook.wait_until_kernel_says("shown.chosen[0] == '`None`'")
    notebook.run_in_kernel("shown.message = 'Python knows.'")
    expect(quiz.root).to_contain_text("Python knows.")
    notebook.run_in_kernel('shown.checked = ["", [], "49", ""]')
    expect(quiz.root.get_by_role("textbox").first).to_have_value("49")
    expect(quiz.reply(3)).to_contain_text("That is the height.")


def test_answers_are_there_again_when_the_kernel_starts_anew(notebook: Any, quiz: QuizPage) -> None:
    """A learner comes back the next day, runs all cells, and must find what was answered."""
    quiz.root.get_by_role("textbox").first.fill("14")
    quiz.check(3).click()
    expect(quiz.reply(3)).to_contain_text("Right.")
    notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    notebook.command("notebook:run-all-cells")
    expect(quiz.root).to_contain_text("1 of 4 right.")
    expect(quiz.root.get_by_role("textbox").first).to_have_value("14")
    expect(quiz.reply(3)).to_contain_text("Right.")
    again = quiz.root.get_by_role("button", name=re.compile("Start again"))
    again.click()
    expect(quiz.root).to_contain_text("0 of 4 right.")
    expect(again).to_be_hidden()
    expect(quiz.root.get_by_role("textbox").first).to_have_value("")


def test_light_dark_narrow_and_wide(notebook: Any, quiz: QuizPage) -> None:
    """Nothing is cut off on a small screen; pictures are kept to be looked at."""
    notebook.run_in_kernel('shown.checked = ["`0.0`", ["`f(x).backward()`"], "14", "knot"]; ')
    expect(quiz.root).to_contain_text("1 of 4 right.")
    for theme, width in [("Light", 1600), ("Dark", 1280), ("Dark", 400), ("Light", 400)]:
        notebook.use_theme(f"JupyterLab {theme}")
        notebook.page.set_viewport_size({"width": width, "height": 1400})
        quiz.root.evaluate("root => root.scrollIntoView()")
        expect_to_fit(quiz.root)
        notebook.screenshot(f"quiz_{theme.lower()}_{width}")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []


def test_the_saved_notebook_shows_the_answers_given_and_holds_no_others(
    open_notebook: Callable[..., Any], jupyter_server: Any, tmp_path: Path
) -> None:
    """A learner opens it the next day; and who looks into the file must not find the answers."""
    notebook = open_notebook([SETUP.format(home=str(tmp_path)), SHOWN])
    quiz = QuizPage(notebook.page)
    quiz.root.get_by_role("textbox").first.fill("49")
    quiz.check(3).click()
    expect(quiz.reply(3)).to_contain_text("That is the height.")
    notebook.page.evaluate(SAVE_WIDGETS_TOO)
    notebook.page.wait_for_function(SAVES_WIDGETS_TOO)
    notebook.save()
    path = notebook.page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
    text = (jupyter_server.folder / path).read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-state+json" in text
    assert "That is the height." in text
    assert [reason for reason in REASONS if reason in text] == []
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook.page.reload()
    notebook.wait_for_saved_widgets(1)
    expect(quiz.reply(3)).to_contain_text("That is the height.")
    expect(quiz.root.get_by_role("textbox").first).to_have_value("49")
    quiz.root.get_by_role("textbox").first.fill("14")
    quiz.check(3).click()
    expect(quiz.reply(3)).to_contain_text("run this cell again")
    notebook.screenshot("quiz_reopened")
