"""A real JupyterLab in a real Chromium, for any test that must see what a student sees.

A test asks for `open_notebook` and is marked `browser`. The server is started once for the whole
run, in folders of its own, so that nobody's Jupyter settings are read or changed.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import nbformat
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright


def _load_start() -> ModuleType:
    """`start.py` stands beside the packages and is in none of them."""
    path = Path(__file__).parents[1] / "start.py"
    specification = importlib.util.spec_from_file_location("start", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


start = _load_start()
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
TOKEN = "a-token-for-tests"

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NO_CHROMIUM = "Chromium is not installed; on Debian and Ubuntu: apt-get install chromium"
# Opening a notebook starts a kernel that may import torch, on a machine that may be busy.
_PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=_PATIENCE_MILLISECONDS)
# A first call loads torch, on a machine that may be busy: time is nothing a test here asserts.
settings.register_profile("no time limit", settings.default, deadline=None)
settings.load_profile("no time limit")

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

    def run_in_kernel(self, code: str) -> None:
        """Run `code` in the notebook's kernel, as a cell would, and wait until it is done."""
        self.page.evaluate(
            "(code) => window.jupyterapp.shell.currentWidget.sessionContext"
            ".session.kernel.requestExecute({ code }).done",
            code,
        )

    def save_and_close(self) -> Path:
        """Save the notebook, end its kernel, close the page, and return where it was saved."""
        self.command("docmanager:save")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.model.dirty")
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()
        return self.path

    def screenshot(self, name: str) -> Path:
        """Keep what is on the page as `artifacts/<name>.png`."""
        ARTIFACTS.mkdir(exist_ok=True)
        path = ARTIFACTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@pytest.fixture(scope="session", autouse=True)
def home_of_answers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is answered and checked in tests is kept apart from what whoever runs them has kept."""
    os.environ["CHALK_HOME"] = str(tmp_path_factory.mktemp("answers"))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed Chromium; without one the test is skipped, and in CI it fails."""
    found = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail(_NO_CHROMIUM)
    pytest.skip(_NO_CHROMIUM)


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A JupyterLab on a free port that knows nothing of the user's own settings."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = home / "notebooks"
    folder.mkdir()
    _use_the_defaults_of_the_course(home / "settings")
    port = _free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *(f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"),
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


@pytest.fixture(scope="session")
def jupyter_settings() -> ModuleType:
    """`start.py`, which says how Jupyter is set up for the course."""
    return start


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A Chromium without a window.

    It lives as long as one test module: its event loop would be in the way of other tests' loops.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_notebook(
    jupyter_server: JupyterServer, browser: Browser
) -> Iterator[Callable[..., OpenNotebook]]:
    """A function that opens a notebook in JupyterLab, runs all its cells, and returns the page.

    It takes the path of a notebook, or the sources of code cells; the size of the window; whether
    to open it in JupyterLab or in Notebook 7; and whether to run it. A cell that raises fails the
    test, unless it has the tag `raises-exception`.
    """
    pages: list[Page] = []

    def open_it(
        notebook: Path | Sequence[str],
        *,
        width: int = 1280,
        height: int = 1000,
        within: Literal["lab", "notebook"] = "lab",
        run: bool = True,
    ) -> OpenNotebook:
        name = f"notebook_{len(list(jupyter_server.folder.iterdir()))}.ipynb"
        if isinstance(notebook, Path):
            shutil.copyfile(notebook, jupyter_server.folder / name)
        else:
            nbformat.write(_notebook_of(notebook), jupyter_server.folder / name)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(_PATIENCE_MILLISECONDS)
        pages.append(page)
        opened = OpenNotebook(page, jupyter_server.folder / name)
        page.on("console", lambda message: _note_error(opened.errors, message))
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        workspace = f"lab/workspaces/{name.removesuffix('.ipynb')}/tree"
        place = {"lab": workspace, "notebook": "notebooks"}[within]
        page.goto(f"{jupyter_server.address}/{place}/{name}?token={TOKEN}")
        page.wait_for_function(_NOTEBOOK_IS_OPEN)
        page.evaluate(_KERNEL_ANSWERS)
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        opened.use_theme("JupyterLab Light")
        if run:
            opened.command("notebook:run-all-cells")
            assert page.evaluate(_UNEXPECTED_ERRORS) == []
            page.wait_for_function(_ALL_CELLS_HAVE_RUN)
        return opened

    yield open_it
    for page in pages:
        page.close()


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
    for plugin, values in start.JUPYTERLAB_DEFAULTS.items():
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
        pytest.fail("JupyterLab did not start:\n" + "".join(log))
    # Somebody must go on reading, or the server would block on a full pipe.
    threading.Thread(target=process.stderr.read, daemon=True).start()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _note_error(errors: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
