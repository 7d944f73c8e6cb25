"""Finds which finished steps of the course's engine a piece of code begins with."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course_table import THREAD

_PREFIX = f"course.{THREAD}."


def imports_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of each module that code imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def step_named(module: str) -> str:
    """Return the step that a module is, by the section that finishes it; empty for any other."""
    return module.removeprefix(_PREFIX).partition(".")[0] if module.startswith(_PREFIX) else ""


def steps_needed(modules: Iterable[str], thread: Path) -> frozenset[str]:
    """Return the steps among some modules, with those that they build on themselves."""
    needed: set[str] = set()
    to_do = [step_named(module) for module in modules]
    while to_do:
        step = to_do.pop()
        path = thread / f"{step}.py"
        if step and step not in needed and path.exists():
            needed.add(step)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            to_do += [step_named(module) for _, module in imports_in(tree)]
    return frozenset(needed)
