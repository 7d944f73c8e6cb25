"""The ways to put a question to an answer; each returns something that becomes plain data.

An ask is a module-level function `ask(answer, *inputs, device, ...)` in a module named `asks`:
this one, or a lesson's own. It runs beside the student's code and holds no secret. Further keyword
arguments are fixed by the author with `functools.partial` and are plain data.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from autograder.runner.plain import PlainTensor, show, to_plain


class NotAskable(Exception):
    """The answer is not of the kind that the question needs; the message is for the student."""


def value(answer: Any, *, device: str) -> Any:
    """Return the answer itself: a tensor, a number, a string, a list, a dict."""
    return answer


def number(answer: Any, *, device: str) -> Any:
    """Return the answer as one Python number; a tensor of one element counts as a number."""
    plain = to_plain(answer)
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return plain


def attribute(answer: Any, *, name: str, device: str) -> Any:
    """Return one attribute of the answer: `requires_grad`, `is_leaf`, `grad`, `shape`."""
    if answer is ...:
        return answer
    if not hasattr(answer, name):
        raise NotAskable(f"Expected something with `.{name}`, got {show(to_plain(answer))}.")
    return getattr(answer, name)


def call(answer: Any, *inputs: Any, device: str) -> Any:
    """Call the answer with plain Python numbers, lists and strings."""
    return _function(answer)(*inputs)


def call_with_tensors(
    answer: Any,
    *inputs: Any,
    device: str,
    engine: str = "torch",
    requires_grad: bool = False,
) -> Any:
    """Call the answer with a tensor for each input, made by `engine` ("torch" or "chalkgrad")."""
    tensors = [make_tensor(item, engine, device, requires_grad) for item in inputs]
    return _function(answer)(*tensors)


def gradients(answer: Any, *inputs: Any, device: str, engine: str = "torch") -> Any:
    """Call the answer with leaves, sum what it returns, go backward, and return both.

    Returns a dict: "value", and "gradients", a list in the order of the inputs
    (None for an input that the value does not depend on).
    """
    leaves = [make_tensor(item, engine, device, True) for item in inputs]
    result = _function(answer)(*leaves)
    if result is ...:
        return result
    if not hasattr(result, "backward"):
        raise NotAskable(
            f"Expected a tensor to call `.backward()` on, got {show(to_plain(result))}."
        )
    result.sum().backward()
    return {"value": result, "gradients": [leaf.grad for leaf in leaves]}


def make_tensor(item: Any, engine: str, device: str, requires_grad: bool = False) -> Any:
    """Make a tensor from a number, a list or an array, with the engine's own default dtype."""
    library = importlib.import_module(engine)
    array = item.copy() if isinstance(item, np.ndarray) else item
    on_device = {"device": device} if engine == "torch" else {}
    return library.tensor(array, requires_grad=requires_grad, **on_device)


def _function(answer: Any) -> Any:
    if answer is not ... and not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")
    return answer if callable(answer) else (lambda *_: ...)
