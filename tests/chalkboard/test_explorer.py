"""GradientExplorer from Python: what it is told, what it answers, and what it leaves on a page."""

from __future__ import annotations

import base64
import math
import re
import subprocess
import sys
from typing import Any

import nbformat
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from traitlets import TraitError

import chalkgrad
from chalkboard import GradientExplorer

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def polynomial(x: Any) -> Any:
    return (x - 3) * (x - 6) * (x - 4)


def half_a_function(x: Any) -> Any:
    if x < 0:
        raise ValueError("x must not be negative.\nReally.")
    return x.sqrt()


def torch_says(x: float) -> tuple[float, float]:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = polynomial(at)
    value.backward()
    assert at.grad is not None
    return value.item(), at.grad.item()


@pytest.mark.parametrize("x", [0.0, 2.0, 3.4513, 10.0])
def test_engines_answer_when_x_moves(x: float) -> None:
    """The table under the curve is the place where a learner sees that the engines agree."""
    explorer = GradientExplorer(polynomial, x=5.0, domain=(0, 10), compare=torch)
    explorer.x = x
    value, slope = torch_says(x)
    assert explorer.value == pytest.approx(value, rel=1e-12)
    assert explorer.slope == pytest.approx(slope, rel=1e-12)
    assert [answer.engine for answer in explorer.answers] == ["chalkgrad", "torch"]
    assert (explorer.answers[1].value, explorer.answers[1].slope) == (value, slope)
    assert explorer.message == "chalkgrad and torch agree."


def test_an_engine_that_differs_is_called_out() -> None:
    """A wrong gradient must not be hidden behind a table that nobody reads to the last digit."""

    def differs(x: Any) -> Any:
        return x * x if isinstance(x, torch.Tensor) else x * x * 1.001

    assert GradientExplorer(differs, compare=torch, x=1.0).message == "chalkgrad and torch differ."


def test_what_an_engine_raises_is_said_and_the_curve_stays() -> None:
    """An error of the user's function belongs into the widget, in one sentence."""
    explorer = GradientExplorer(half_a_function, x=1.0, domain=(-4, 4), compare=torch)
    curve = explorer.curve
    explorer.x = -1.0
    assert explorer.value is None
    assert explorer.slope is None
    assert explorer.message == (
        "At x = -1 in chalkgrad and torch: ValueError: x must not be negative."
    )
    assert explorer.curve is curve
    assert explorer.undrawn == (
        "The curve of f is not drawn from x = -4 to 0 (ValueError: x must not be negative) "
        "and at x = 0 (the slope is inf)."
    )
    explorer.x = 4.0
    assert (explorer.value, explorer.slope) == (2.0, 0.25)


def test_an_engine_that_cannot_run_the_function_does_not_silence_the_other() -> None:
    """A function written for one engine still has that engine's answer."""

    def for_chalkgrad_only(x: Any) -> Any:
        return x * chalkgrad.tensor(2.0)

    explorer = GradientExplorer(for_chalkgrad_only, x=1.0, compare=torch)
    assert (explorer.value, explorer.slope) == (2.0, 2.0)
    assert explorer.message.startswith("At x = 1 in torch: ")
    assert explorer.answers[1].value is None


@pytest.mark.parametrize("x", [-1, 10.5, math.nan, math.inf])
def test_x_outside_the_domain_is_refused_and_nothing_moves(x: float) -> None:
    """The picture would show a marker where there is no curve."""
    explorer = GradientExplorer(polynomial, x=2.0, domain=(0, 10))
    with pytest.raises(ValueError, match=r"x must be a number from 0 to 10; got .*\."):
        explorer.x = x
    assert (explorer.x, explorer.slope) == (2.0, 14.0)
    with pytest.raises(ValueError, match="x must be a number from 0 to 10"):
        GradientExplorer(polynomial, x=x, domain=(0, 10))


def test_x_must_be_a_number() -> None:
    """A tensor or a text as x would fail later and less clearly."""
    wrong: Any = "2"
    with pytest.raises(ValueError, match="x must be a number from 0 to 10; got '2'"):
        GradientExplorer(polynomial, x=wrong, domain=(0, 10))
    with pytest.raises(TraitError, match="'x'"):
        GradientExplorer(polynomial, domain=(0, 10)).x = wrong


def test_bad_functions_are_refused_when_the_cell_runs() -> None:
    """A widget that cannot draw anything must say so in the cell that made it."""
    with pytest.raises(ValueError, match="f cannot be drawn anywhere from x = -5 to 5; chalkgrad"):
        GradientExplorer(lambda x: float(x.item()))


def test_state_for_the_browser_is_valid_json_apart_from_its_buffers() -> None:
    """JSON has no NaN: one in the state, and the browser would get no widget at all."""
    explorer = GradientExplorer(half_a_function, x=-1.0, domain=(-4, 4), compare=torch)
    state = explorer.get_state()
    for number in _numbers(state):
        assert math.isfinite(number)
    sent = np.frombuffer(state["curves"][0]["value"], dtype="<f8")
    np.testing.assert_array_equal(sent, explorer.curve.value)


def _numbers(thing: Any) -> list[float]:
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, (list, tuple)):
        return [number for each in thing for number in _numbers(each)]
    return [thing] if isinstance(thing, float) else []


def test_without_a_kernel_there_is_a_picture_and_its_words() -> None:
    """On GitHub and in nbconvert's HTML there must never be an empty box."""
    explorer = GradientExplorer(polynomial, x=2.0, domain=(0, 10), zoom=(2, 7))
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    data, _ = bundle
    words = data["text/plain"]
    assert "At x = 2, f(x) = -8 and the slope is 14: the curve rises." in words
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data[WIDGET_VIEW]["model_id"] == explorer.model_id

    page = BeautifulSoup(_converted_to_html(data), "html.parser")
    image = page.select_one(".jp-OutputArea-output img")
    assert image is not None
    assert image["alt"] == words
    assert str(image["src"]).startswith("data:image/png;base64,")
    caption = page.select_one(".jp-OutputArea-output figcaption")
    assert caption is not None
    assert caption.text == words


def test_the_fallback_is_drawn_where_f_has_no_value_too() -> None:
    """A notebook saved while x stood in a gap must still show the curve."""
    explorer = GradientExplorer(half_a_function, x=-1.0, domain=(-4, 4))
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    assert "is not drawn from x = -4 to 0" in bundle[0]["text/plain"]


def _converted_to_html(data: dict[str, Any]) -> str:
    notebook = nbformat.v4.new_notebook()
    output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
    notebook.cells = [nbformat.v4.new_code_cell("explorer", outputs=[output], execution_count=1)]
    return HTMLExporter().from_notebook_node(notebook)[0]


def test_script_is_one_module_without_imports() -> None:
    """The browser gets the script as text: an import left in it would have nowhere to lead."""
    source = str(GradientExplorer(polynomial)._esm)
    assert not re.search(r"^import ", source, re.MULTILINE)
    assert re.findall(r"^export .*", source, re.MULTILINE) == ["export default { render };"]
    assert "http" not in source.replace("http://www.w3.org/2000/svg", "")
    assert len(source) < 100_000


def test_importing_the_widget_does_not_import_matplotlib() -> None:
    """matplotlib and seaborn cost seconds that a learner who only drags need not wait."""
    program = (
        "import sys, chalkboard; "
        "assert chalkboard.GradientExplorer and 'matplotlib' not in sys.modules; "
        "assert chalkboard.plot_function and 'matplotlib' in sys.modules; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
