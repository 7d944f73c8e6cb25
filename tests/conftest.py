"""What tests share: a real JupyterLab in a real Chromium, and a home of their own.

A test asks for `open_notebook` and is marked `browser`. The server is started once for the whole
run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect

from benchmarks import jupyterlab
from benchmarks.jupyterlab import JupyterServer, OpenNotebook

expect.set_options(timeout=jupyterlab.PATIENCE_MILLISECONDS)
# A first call loads torch, on a machine that may be busy: time is nothing a test here asserts. In
# CI every run tries the same examples, so that a change is to blame for what fails there.
settings.register_profile(
    "ours", settings.default, deadline=None, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def home_of_answers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is answered and checked in tests is kept apart from what whoever runs them has kept."""
    os.environ["CHALK_HOME"] = str(tmp_path_factory.mktemp("answers"))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed Chromium; without one the test is skipped, and in CI it fails."""
    found = jupyterlab.find_chromium()
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail(jupyterlab.NO_CHROMIUM)
    pytest.skip(jupyterlab.NO_CHROMIUM)


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A JupyterLab of the tests' own."""
    with jupyterlab.running_jupyterlab(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def jupyter_settings() -> ModuleType:
    """`start.py`, which says how Jupyter is set up for the course."""
    return jupyterlab.load_start()


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A Chromium that lives as long as one test module: its event loop is in the way of others."""
    with jupyterlab.running_chromium(chromium_path) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def open_notebook(
    jupyter_server: JupyterServer, browser: Browser
) -> Iterator[Callable[..., OpenNotebook]]:
    """`benchmarks.jupyterlab.open_notebook` with this server and browser; pages are closed."""
    yield partial(jupyterlab.open_notebook, jupyter_server, browser)
    for context in browser.contexts:
        context.close()
