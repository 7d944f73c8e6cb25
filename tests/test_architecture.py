"""Who may import whom: lost, the engine would need torch, or the sandbox would hold a reference."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"autograder", "chalkboard", "chalkgrad", "course"}


def imported(path: Path, *, at_top_only: bool = False) -> Iterator[str]:
    """Yield the full names of the modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def packages(path: Path, **how: bool) -> set[str]:
    return {name.partition(".")[0] for name in imported(path, **how)}


@pytest.mark.parametrize("path", files("src/chalkgrad"), ids=lambda path: path.name)
def test_the_engine_needs_numpy_and_nothing_else(path: Path) -> None:
    beside = packages(path) - {"chalkgrad", "numpy", "__future__", *sys.stdlib_module_names}
    assert beside == set()


@pytest.mark.parametrize("path", files("src/chalkboard"), ids=lambda path: path.name)
def test_the_pictures_know_the_engine_only(path: Path) -> None:
    assert packages(path) & {*OURS, "torch"} <= {"chalkboard", "chalkgrad"}


@pytest.mark.parametrize("path", files("autograder"), ids=lambda path: path.name)
def test_the_grader_imports_neither_pictures_nor_lessons(path: Path) -> None:
    assert packages(path) & OURS <= {"autograder", "chalkgrad"}


@pytest.mark.parametrize(
    "path",
    [*files("autograder/runner"), *(ROOT / "course").glob("*/*/asks.py")],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_what_enters_the_sandbox_brings_nothing_trusted_along(path: Path) -> None:
    trusted = [
        name
        for name in imported(path)
        if name.partition(".")[0] in {"autograder", "course"}
        and not name.startswith("autograder.runner")
    ]
    assert trusted == []
    assert "torch" not in packages(path, at_top_only=True)


@pytest.mark.parametrize(
    "path", files("autograder", "src"), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_nobody_imports_a_lesson(path: Path) -> None:
    assert not [name for name in imported(path) if name.startswith("course.")]


def test_the_heart_of_the_engine_stays_short_enough_to_be_read_aloud() -> None:
    lines = (ROOT / "src" / "chalkgrad" / "graph.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200


def test_the_engine_does_not_grow() -> None:
    package = ROOT / "src" / "chalkgrad"
    paths = [path for part in (".", "rules") for path in (package / part).glob("*.py")]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths) <= 3_700
