"""Tells a student before the first lesson whether the set-up is right, and if not, what to do."""

from __future__ import annotations

import html
import importlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

DISTRIBUTION = "understanding-tensors"
OLDEST_PYTHON = (3, 10)
# Of what the course installs, what a student has heard of; the rest is shown where it is wrong.
ALWAYS_SHOWN = ("torch", "numpy", "jupyterlab", "ipywidgets", "anywidget", "matplotlib")
SET_UP_AGAIN = (
    "run `python3 start.py` in the course's folder, in a terminal, and open the lesson from there."
)


@dataclass(frozen=True)
class Item:
    """One thing that was looked at; `advice` is one sentence where it is wrong, else empty."""

    name: str
    found: str
    advice: str = ""


@dataclass(frozen=True)
class SetupReport:
    """All that was looked at; as the last expression of a cell it shows a table and a verdict."""

    items: tuple[Item, ...]

    @property
    def advice(self) -> tuple[str, ...]:
        """One sentence for each thing that is wrong."""
        return tuple(item.advice for item in self.items if item.advice)

    def __repr__(self) -> str:
        width = max(len(item.name) for item in self.items)
        rows = [f"{item.name:{width}}  {item.found}" for item in self.items]
        return "\n".join([*rows, "", *(self.advice or ["OK"])])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(item.name)}</th>'
            f'<td style="text-align:left">{html.escape(item.found)}</td>'
            f"<td>{'not right' if item.advice else 'fine'}</td></tr>"
            for item in self.items
        )
        verdict = (
            "<ul>" + "".join(f"<li>{html.escape(advice)}</li>" for advice in self.advice) + "</ul>"
            if self.advice
            else "<p><strong>OK</strong></p>"
        )
        return f"<table><tbody>{rows}</tbody></table>{verdict}"


def check_setup() -> SetupReport:
    """Look at Python, at what the course installs, at the engines and at the devices."""
    return SetupReport(
        (
            python_item(sys.version_info[:3]),
            *package_items(metadata.requires(DISTRIBUTION) or ()),
            engines_item(),
            *device_items(),
        )
    )


def python_item(version: tuple[int, ...]) -> Item:
    """Say whether this Python is new enough."""
    found = ".".join(map(str, version))
    oldest = ".".join(map(str, OLDEST_PYTHON))
    advice = (
        f"Python {oldest} or newer is needed and this is {found}: install one from python.org, "
        "and run start.py with it."
    )
    return Item("Python", found, "" if version >= OLDEST_PYTHON else advice)


def package_items(requirements: Iterable[str]) -> Iterator[Item]:
    """Hold what is installed against the requirements (PEP 508) of the extra `course`."""
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": "course"}):
            item = _package_item(requirement.name, requirement.specifier)
            if item.advice or requirement.name in ALWAYS_SHOWN:
                yield item


def engines_item() -> Item:
    """Let both engines take one gradient."""
    slopes = {}
    for name in ("chalkgrad", "torch"):
        try:
            engine = importlib.import_module(name)
            x = engine.tensor(2.0, requires_grad=True)
            ((x - 3) * (x - 6) * (x - 4)).backward()
            slopes[name] = x.grad.item()
        except Exception as error:  # whatever a broken installation may raise
            advice = f"{name} fails here ({type(error).__name__}: {error}): {SET_UP_AGAIN}"
            return Item("a first slope", "none", advice)
    found = ", ".join(f"{name} says {slope:g}" for name, slope in slopes.items())
    agree = len(set(slopes.values())) == 1
    advice = f"The engines should agree on a slope, and do not: {SET_UP_AGAIN}"
    return Item("a first slope", found, "" if agree else advice)


def device_items() -> Iterator[Item]:
    """Say where torch can calculate; the course needs the CPU only."""
    try:
        import torch
    except ImportError:
        return  # said already, as a package that is missing
    yield Item("device cpu", "used throughout the course")
    cuda = torch.cuda.is_available()
    yield Item("device cuda", torch.cuda.get_device_name() if cuda else "none here, none needed")
    other = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if other is not None and other.type != "cuda":
        yield Item(f"device {other.type}", "there, and not used by the checks")


def _package_item(name: str, wanted: SpecifierSet) -> Item:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Item(name, "missing", f"{name} is missing: {SET_UP_AGAIN}")
    # The build, as in 2.13.0+cpu, is the machine's own affair.
    if wanted.contains(Version(found).public, prereleases=True):
        return Item(name, found)
    written_for = str(wanted).removeprefix("==")
    return Item(
        name, found, f"{name} is {found} and the course is for {written_for}: {SET_UP_AGAIN}"
    )
