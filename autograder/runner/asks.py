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


def description(answer: Any, *, device: str) -> Any:
    """Say what a tensor holds and what it is in a graph: value, `requires_grad`, `is_leaf`."""
    if answer is ...:
        return answer
    if not isinstance(to_plain(answer), PlainTensor) or not hasattr(answer, "is_leaf"):
        raise NotAskable(f"Expected a tensor, got {show(to_plain(answer))}.")
    return {
        "value": answer,
        "requires_grad": bool(answer.requires_grad),
        "is_leaf": bool(answer.is_leaf),
    }


def edges(answer: Any, *, device: str) -> Any:
    """Return the edges of a graph as texts "x -> +", sorted: the order of the pairs is no matter.

    An answer is a list of pairs of names, and a pair that stands there twice is two edges.
    """
    if answer is ...:
        return answer
    pairs = to_plain(answer)
    if not isinstance(pairs, list) or not all(_is_pair_of_names(pair) for pair in pairs):
        raise NotAskable(
            f'Expected a list of pairs of names, as in [("x", "+"), ("+", "y")], got {show(pairs)}.'
        )
    return sorted(f"{start.strip()} -> {end.strip()}" for start, end in pairs)


def names(answer: Any, *, device: str) -> Any:
    """Return the texts of a list or set, sorted and each once, without regard to case."""
    if answer is ...:
        return answer
    texts = to_plain(answer)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise NotAskable(f'Expected a list of texts, as in ["a", "c"], got {show(texts)}.')
    return sorted({text.strip().lower() for text in texts})


def outcome(answer: Any, *inputs: Any, device: str) -> Any:
    """Call the answer and return {"returns": value}, or {"raises": type, "says": first line}."""
    function = _function(answer)
    try:
        result = function(*inputs)
    except Exception as error:
        first, *_ = str(error).splitlines() or [""]
        return {"raises": type(error).__name__, "says": first}
    return result if result is ... else {"returns": result}


def drawn(answer: Any, *inputs: Any, device: str) -> Any:
    """Call a function that draws, and return what stands in its last figure's first axes.

    Returns a dict: "x label", "y label", and "lines", for each line through data (in the order of
    drawing) a list of its x and its y, float64. The answer may return its axes or figure.
    """
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    pyplot.figure()  # what a student has open is not drawn into
    try:
        result = _function(answer)(*inputs)
        if result is ...:
            return result
        figure = getattr(result, "figure", None) or pyplot.figure(pyplot.get_fignums()[-1])
        if not figure.axes:
            raise NotAskable("Nothing was drawn: expected a figure with axes and a line.")
        axes = figure.axes[0]
        return {
            "x label": axes.get_xlabel(),
            "y label": axes.get_ylabel(),
            "lines": [
                [np.asarray(side, dtype=np.float64) for side in line.get_data()]
                for line in axes.lines
                # Those across the whole axes, at a height or a place, show no data.
                if all(line.get_transform().contains_branch_seperately(axes.transData))
            ],
        }
    finally:
        for number in set(pyplot.get_fignums()) - set(before):
            pyplot.close(number)


def _is_pair_of_names(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) for name in pair)


def _function(answer: Any) -> Any:
    if answer is not ... and not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")
    return answer if callable(answer) else (lambda *_: ...)
