"""Progress as a student meets it: it follows the checks, and its links lead where they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4
from playwright.sync_api import Locator, expect

from benchmarks.jupyterlab import expect_to_fit

pytestmark = pytest.mark.browser

TABLE = """\
[[section]]
folder = "graphs"
title = "Graphs"

  [[section.lesson]]
  name = "automatic_gradients"
  title = "Gradients & slopes"
  minutes = 10
  difficulty = 1

  [[section.lesson]]
  name = "weights"
  title = "Weights"
  minutes = 10
  difficulty = 1
"""
SETUP = """
import os
os.environ["CHALK_HOME"] = {home!r}
from autograder.progress import course_progress
from chalkboard import Progress
from course.graphs.automatic_gradients.exercises import check
"""
SHOWN = 'shown = Progress(course_progress, "graphs/automatic_gradients"); shown'


def cell(kind: str, source: str, identity: str, **about: Any) -> nbformat.NotebookNode:
    metadata = {"nbgrader": {"grade_id": identity, **about}} if about else {}
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    return make(source, id=identity, metadata=metadata)


def exercise(identity: str, title: str, points: int) -> list[nbformat.NotebookNode]:
    return [
        cell("markdown", f"### Exercise: {title}", f"about-{identity}"),
        cell("code", "mine = ...", f"{identity}-answer", grade=False, solution=True),
        cell("code", "mine", identity, grade=True, solution=False, points=points),
    ]


def write(path: Path, cells: list[nbformat.NotebookNode]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


@pytest.fixture(scope="module")
def notebook(
    open_notebook: Callable[..., Any],
    jupyter_server: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """The first lesson of a small course, in which nothing was checked yet."""
    project = jupyter_server.folder / "progress"
    (project / "course").mkdir(parents=True)
    (project / "course" / "course.toml").write_text(TABLE, encoding="utf-8")
    home = tmp_path_factory.mktemp("checks")
    write(
        project / "notebooks/0_graphs/1_automatic_gradients.ipynb",
        [
            cell("code", SETUP.format(home=str(home)), "setup"),
            cell("code", SHOWN, "shown"),
            cell("markdown", "\n\n".join(["far"] * 60), "far"),
            *exercise("slope-at-five", "the slope at 5", 1),
            *exercise("flat-places", "flat places", 2),
        ],
    )
    write(
        project / "notebooks/0_graphs/2_weights.ipynb",
        [cell("markdown", "# The next lesson", "next"), *exercise("heavy", "heavy", 3)],
    )
    opened = open_notebook(["1"], height=900)
    opened.command(
        "docmanager:open", path="progress/notebooks/0_graphs/1_automatic_gradients.ipynb"
    )
    opened.page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget
          ?.context?.path.endsWith("1_automatic_gradients.ipynb")"""
    )
    opened.page.evaluate(
        """async () => {
          const { sessionContext } = window.jupyterapp.shell.currentWidget;
          await sessionContext.ready;
          await sessionContext.session.kernel.info;
        }"""
    )
    opened.command("notebook:run-all-cells")
    return opened


@pytest.fixture
def progress(notebook: Any) -> Locator:
    found = notebook.page.get_by_role("group", name="Progress")
    expect(found).to_be_visible()
    found.scroll_into_view_if_needed()
    return found


def run_cell(notebook: Any, code: str) -> None:
    """Run code as a cell does, so that what waits for the end of a cell hears of it."""
    notebook.page.evaluate(
        "(code) => window.jupyterapp.shell.currentWidget.sessionContext"
        ".session.kernel.requestExecute({ code, store_history: true, silent: false }).done",
        code,
    )


def test_it_follows_the_checks(notebook: Any, progress: Locator) -> None:
    """Who has just solved an exercise must see it counted, without running anything else."""
    here = progress.get_by_role("progressbar", name="This lesson")
    expect(here).to_have_attribute("aria-valuetext", "0 of 2 exercises, 0 of 3 points")
    run_cell(notebook, 'check("flat-places", [3.45, 5.2])')
    expect(progress).to_contain_text("0 of 2 exercises, 1 of 3 points")
    expect(progress).to_contain_text("Flat places: partly right, 1 of 2 points")
    run_cell(notebook, 'check("slope-at-five", -1)')
    expect(here).to_have_attribute("aria-valuetext", "1 of 2 exercises, 2 of 3 points")
    expect(progress.get_by_role("listitem")).to_have_count(1)
    expect(progress.locator("[aria-live=polite]")).to_contain_text(
        "This lesson: 1 of 2 exercises, 2 of 3 points. The course: 1 of 3 exercises"
    )
    run_cell(notebook, 'check("slope-at-five", 7)')  # what was right once stays right
    expect(here).to_have_attribute("aria-valuetext", "1 of 2 exercises, 2 of 3 points")


def test_light_dark_narrow_and_wide(notebook: Any, progress: Locator) -> None:
    """Nothing is cut off on a small screen; pictures are kept to be looked at."""
    details = progress.locator("details")
    details.locator("summary").focus()
    notebook.page.keyboard.press("Enter")
    expect(progress.get_by_role("table", name="All lessons")).to_be_visible()
    expect(progress.get_by_role("row", name="Gradients & slopes (this one)")).to_be_visible()
    for theme, width in [("Light", 1600), ("Dark", 1280), ("Dark", 400), ("Light", 400)]:
        notebook.use_theme(f"JupyterLab {theme}")
        notebook.page.set_viewport_size({"width": width, "height": 900})
        progress.evaluate("root => root.scrollIntoView()")
        expect_to_fit(progress)
        notebook.screenshot(f"progress_{theme.lower()}_{width}")
    notebook.page.set_viewport_size({"width": 1280, "height": 900})


def test_links_lead_to_the_cell_and_to_the_next_lesson(notebook: Any, progress: Locator) -> None:
    """A list of what is open is of little use if one must search for it."""
    answer = notebook.page.locator('[data-windowed-list-index="7"]')
    link = progress.get_by_role("link", name="Flat places")
    link.focus()
    notebook.page.keyboard.press("Enter")
    expect(answer).to_be_in_viewport()
    progress.get_by_role("link", name="Weights").first.click()
    expect(notebook.page.get_by_role("heading", name="The next lesson")).to_be_visible()
    notebook.screenshot("progress_next_lesson")


def test_nothing_of_ours_is_on_the_console(notebook: Any) -> None:
    """An error on the console is a bug that no other test looked for."""
    assert notebook.errors == []
