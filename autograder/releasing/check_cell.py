"""Reads a check cell: which exercise it checks, and which names its answer needs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator


def check_call(source: str) -> tuple[str, str] | None:
    """Return the id and the expression of a cell that is one `check("id", expression)`."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    call = tree.body[0].value
    if (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "check"
        and len(call.args) == 2
        and not call.keywords
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and not isinstance(call.args[1], ast.Starred)
        and ast.get_source_segment(source, call) == source.strip()
    ):
        return call.args[0].value, ast.get_source_segment(source, call.args[1]) or ""
    return None


def undefined_names(expression: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Return the names that an expression reads and no code above it gives a value.

    Generous: a name that is given a value anywhere above, inside a function too, counts.
    """
    read, given = set(), set(dir(builtins))
    for node in ast.walk(ast.parse(expression, mode="eval")):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.add(node.id)
        given.update(_given_by(node))
    for source in sources:
        for node in _nodes(source):
            given.update(_given_by(node))
    # A star import gives names that are not to be seen here.
    return () if "*" in given else tuple(sorted(read - given))


def _nodes(source: str) -> Iterator[ast.AST]:
    python = "\n".join(line for line in source.split("\n") if not line.startswith(("%", "!")))
    try:
        yield from ast.walk(ast.parse(python))
    except SyntaxError:
        return


def _given_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
