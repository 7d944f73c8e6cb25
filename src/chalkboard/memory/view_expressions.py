"""Runs what a learner writes after `x`, such as `x.T.view(-1)`, step by step on a tensor.

Only indexing and methods with plain numbers are understood. So nothing but the layout of x can
change, and where a step is refused, it is known which tensor it was asked of.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

#: What an expression may be, said where something else was written.
_ADVICE = "write one expression of x, such as x.T, x[:, 1] or x.view(-1, 2)"


class NotUnderstoodError(ValueError):
    """The text is no expression that can be run; the message is one sentence."""


@dataclass(frozen=True, eq=False)
class Step:
    """A step that the engine refused: its code, its method, and the tensor that it was asked of."""

    code: str
    method: str
    arguments: tuple[Any, ...]
    asked: Any


class RefusedError(Exception):
    """The engine raised; `step` says at which step, and `__cause__` what."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.code)
        self.step = step


def run_expression(code: str, x: Any) -> Any:
    """The value of `code`, in which the name `x` is `x`.

    Raises:
        NotUnderstoodError: it is not made of `x`, indexing and methods with plain numbers.
        RefusedError: the engine refused one of the steps.
    """
    try:
        tree = ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise NotUnderstoodError(f"{code!r} is not understood: {_ADVICE}.") from None
    return _run(tree, x)


def tidy(code: str) -> str:
    """`code` as Python itself would write it, so that the same expression is the same text.

    Raises:
        NotUnderstoodError: it is no expression at all.
    """
    try:
        return ast.unparse(ast.parse(code.strip(), mode="eval"))
    except (SyntaxError, ValueError):
        raise NotUnderstoodError(f"{code!r} is not understood: {_ADVICE}.") from None


def _run(node: ast.expr, x: Any) -> Any:
    if isinstance(node, ast.Name) and node.id == "x":
        return x
    if isinstance(node, ast.Attribute):
        asked = _run(node.value, x)
        return _try(Step(ast.unparse(node), _safe_name(node), (), asked), {}, is_call=False)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        asked = _run(node.func.value, x)
        arguments = tuple(_plain(each) for each in node.args)
        named = {each.arg: _plain(each.value) for each in node.keywords if each.arg}
        return _try(Step(ast.unparse(node), _safe_name(node.func), arguments, asked), named)
    if isinstance(node, ast.Subscript):
        asked = _run(node.value, x)
        return _try(Step(ast.unparse(node), "__getitem__", (_index(node.slice),), asked), {})
    raise NotUnderstoodError(f"{ast.unparse(node)!r} is not understood: {_ADVICE}.")


def _try(step: Step, named: dict[str, Any], *, is_call: bool = True) -> Any:
    try:
        found = getattr(step.asked, step.method)
        return found(*step.arguments, **named) if is_call else found
    except Exception as error:
        raise RefusedError(step) from error


def _safe_name(node: ast.Attribute) -> str:
    if node.attr.startswith("_"):
        raise NotUnderstoodError(f"{ast.unparse(node)!r} is private: {_ADVICE}.")
    if node.attr.endswith("_"):
        raise NotUnderstoodError(
            f"{ast.unparse(node)!r} would change x itself: {_ADVICE}, which only reads it."
        )
    return node.attr


def _index(node: ast.expr) -> Any:
    """An index: a number, a slice, `...`, None, or several of these."""
    if isinstance(node, ast.Tuple):
        return tuple(_index(each) for each in node.elts)
    if isinstance(node, ast.Slice):
        ends = (node.lower, node.upper, node.step)
        return slice(*(None if end is None else _plain(end) for end in ends))
    return _plain(node)


def _plain(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise NotUnderstoodError(
            f"{ast.unparse(node)!r} is not understood here: write plain numbers."
        ) from None
