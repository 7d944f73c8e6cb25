"""A real JupyterLab in a real Chromium: what tests and benchmarks drive to see what students see.

The server runs in folders of its own, so that nobody's Jupyter settings are read or changed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import nbformat
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
ARTIFACTS = ROOT / "artifacts"
NO_CHROMIUM = "Chromium is not installed; on Debian and Ubuntu: apt-get install chromium"
# Opening a notebook starts a kernel that may import torch, on a machine that may be busy.
PATIENCE_MILLISECONDS = 60_000

_MOST_RELOADS = 5
_TOKEN = "a-token-for-tests"
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOTEBOOK_IS_OPEN = "() => window.jupyterapp?.shell?.currentWidget?.sessionContext"
# JupyterLab loses what it is told to run before the kernel has answered for the first time.
_KERNEL_ANSWERS = """async () => {
  const { sessionContext } = window.jupyterapp.shell.currentWidget;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
}"""
_ALL_CELLS_HAVE_RUN = """() => {
  const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
  if (sessionContext.session.kernel.status !== "idle") return false;
  return content.widgets
    .filter(({ model }) => model.type === "code" && model.sharedModel.source.trim())
    .every(({ model }) => model.executionCount !== null);
}"""
_RUN_IN_KERNEL = """async (code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const { content } = await kernel.requestExecute({ code }).done;
  return content.status === "ok" ? "" : `${content.ename}: ${content.evalue}`;
}"""
_HOLD_FRAMES = """() => {
  const held = [];
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (paint) => held.push(paint);
  window.paintHeldFrames = () => {
    window.requestAnimationFrame = ask;
    for (const paint of held) paint(performance.now());
  };
}"""
# Asks again and again: what was done on the page reaches the kernel a moment later.
_KERNEL_SAYS = """async (claim) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  for (;;) {
    const asked = kernel.requestExecute({ code: "", user_expressions: { claim } });
    const { content } = await asked.done;
    if (content.user_expressions.claim.data?.["text/plain"] === "True") return;
    await new Promise((next) => setTimeout(next, 20));
  }
}"""
# What a cell raised, unless the notebook says itself that it will.
_UNEXPECTED_ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(({ model }) => model.type === "code")
  .filter(({ model }) => !(model.getMetadata("tags") ?? []).includes("raises-exception"))
  .flatMap(({ model }) => model.outputs.toJSON())
  .filter((output) => output.output_type === "error")
  .map((output) => `${output.ename}: ${output.evalue}`)"""


@dataclass(frozen=True)
class JupyterServer:
    """A running JupyterLab: where it listens, and the folder whose notebooks it shows."""

    address: str
    folder: Path


@dataclass(frozen=True)
class OpenNotebook:
    """A notebook in JupyterLab whose cells have all run.

    `errors` collects what the page's console says as an error from the moment it was opened.
    """

    page: Page
    path: Path
    errors: list[str] = field(default_factory=list)

    def command(self, name: str, **arguments: Any) -> None:
        """Run one of JupyterLab's own commands, such as `docmanager:save`."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments]
        )

    def use_theme(self, theme: str) -> None:
        """Switch to "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_selector(f'body[data-jp-theme-name="{theme}"]', state="attached")
        # A picture lies over everything for a moment.
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def run_in_kernel(self, code: str) -> None:
        """Run `code` in the notebook's kernel, as a cell would, and wait until it is done.

        Raises:
            RuntimeError: the code raised.
        """
        raised = self.page.evaluate(_RUN_IN_KERNEL, code)
        if raised:
            raise RuntimeError(f"In the kernel, {code!r} raised: {raised}")

    def run_in_kernel_between_frames(self, code: str) -> None:
        """The same, and all that it changes reaches the page before the page paints again.

        What paints late must then not fail on data that is newer than what it paints.
        """
        self.page.evaluate(_HOLD_FRAMES)
        self.run_in_kernel(code)
        self.page.evaluate("() => window.paintHeldFrames()")

    def wait_until_kernel_says(self, claim: str) -> None:
        """Wait until an expression is True in the notebook's kernel."""
        self.page.evaluate(_KERNEL_SAYS, claim)

    def save(self) -> None:
        """Save the notebook; once more, if a late answer of the kernel came in between."""

        def is_saved() -> None:
            self.command("docmanager:save")
            assert not self.page.evaluate("window.jupyterapp.shell.currentWidget.model.dirty")

        until_it_holds(self.page, is_saved)

    def save_and_close(self) -> Path:
        """Save the notebook, end its kernel, close the page, and return where it was saved."""
        self.save()
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()
        return self.path

    def wait_for_saved_widgets(self, count: int) -> None:
        """Wait until `count` widgets stand there that were saved with the notebook.

        While a kernel is slow to start, ipywidgets gives up on models that it has yet to read from
        the file. A learner would reload the page, when the kernel runs already; so does this.
        """
        widgets = self.page.locator(".chalkboard")
        lost = self.page.get_by_text("Error displaying widget: model not found")
        for _ in range(_MOST_RELOADS):
            expect(widgets.or_(lost)).to_have_count(count, timeout=PATIENCE_MILLISECONDS)
            if lost.count() == 0:
                break
            self.page.reload()
        expect(widgets).to_have_count(count, timeout=PATIENCE_MILLISECONDS)

    def screenshot(self, name: str) -> Path:
        """Keep what is on the page as `artifacts/<name>.png`."""
        ARTIFACTS.mkdir(exist_ok=True)
        path = ARTIFACTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


def find_chromium() -> str | None:
    """The installed Chromium, or None."""
    return next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)


@contextmanager
def running_chromium(path: str, *arguments: str) -> Iterator[Browser]:
    """A Chromium without a window, started with these arguments besides ours."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *arguments],
        )
        yield chromium
        chromium.close()


@contextmanager
def running_jupyterlab(home: Path) -> Iterator[JupyterServer]:
    """A JupyterLab on a free port that knows nothing of the user's own settings.

    Raises:
        RuntimeError: it did not start; its log is in the message.
    """
    folder = home / "notebooks"
    folder.mkdir()
    _use_the_defaults_of_the_course(home / "settings")
    port = _free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *(f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={_TOKEN}"),
            "--expose-app-in-browser",
            "--JupyterNotebookApp.expose_app_in_browser=True",
        ],
        env=os.environ
        | {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_it_listens(process)
        yield JupyterServer(f"http://127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        process.wait(30)


def open_notebook(
    server: JupyterServer,
    browser: Browser,
    notebook: Path | Sequence[str],
    *,
    width: int = 1280,
    height: int = 1000,
    within: Literal["lab", "notebook"] = "lab",
    run: bool = True,
) -> OpenNotebook:
    """Open a notebook, or one with code cells of these sources, in a window of this size.

    It opens in JupyterLab or in Notebook 7; unless `run` is False, all its cells are run.

    Raises:
        RuntimeError: a cell raised that has no tag `raises-exception`.
    """
    name = f"notebook_{len(list(server.folder.iterdir()))}.ipynb"
    if isinstance(notebook, Path):
        shutil.copyfile(notebook, server.folder / name)
    else:
        nbformat.write(_notebook_of(notebook), server.folder / name)
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    opened = OpenNotebook(page, server.folder / name)
    page.on("console", lambda message: _note_error(opened.errors, message))
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    workspace = f"lab/workspaces/{name.removesuffix('.ipynb')}/tree"
    place = {"lab": workspace, "notebook": "notebooks"}[within]
    page.goto(f"{server.address}/{place}/{name}?token={_TOKEN}")
    page.wait_for_function(_NOTEBOOK_IS_OPEN)
    page.evaluate(_KERNEL_ANSWERS)
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    opened.use_theme("JupyterLab Light")
    if run:
        opened.command("notebook:run-all-cells")
        raised = page.evaluate(_UNEXPECTED_ERRORS)
        if raised:
            raise RuntimeError(f"A cell of the notebook raised: {raised}")
        page.wait_for_function(_ALL_CELLS_HAVE_RUN)
    return opened


def until_it_holds(page: Page, check: Callable[[], None]) -> None:
    """Call `check` until it raises no AssertionError: what is painted may be a moment behind.

    Raises:
        AssertionError: the last one, when patience is at an end.
    """
    patience_ends = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > patience_ends:
                raise
        page.wait_for_timeout(50)


def expect_to_fit(root: Locator) -> None:
    """An element is as wide as what is in it, once it is laid out for the window that it is in."""

    def check() -> None:
        assert root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0

    until_it_holds(root.page, check)


def load_start() -> ModuleType:
    """`start.py`, which says how Jupyter is set up; it is in no package."""
    specification = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _notebook_of(sources: Sequence[str]) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


def _use_the_defaults_of_the_course(settings: Path) -> None:
    """Set JupyterLab up as `start.py` does."""
    for plugin, values in load_start().JUPYTERLAB_DEFAULTS.items():
        package, name = plugin.split(":")
        (settings / package).mkdir(parents=True, exist_ok=True)
        path = settings / package / f"{name}.jupyterlab-settings"
        path.write_text(json.dumps(values), encoding="utf-8")


def _wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    log = []
    for line in process.stderr:
        log.append(line)
        if "is running at" in line:
            break
    else:
        raise RuntimeError("JupyterLab did not start:\n" + "".join(log))
    # Somebody must go on reading, or the server would block on a full pipe.
    threading.Thread(target=process.stderr.read, daemon=True).start()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _note_error(errors: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
