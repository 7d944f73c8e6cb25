"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.runner.asks import NotAskable, call, make_tensor
from autograder.runner.plain import show, to_plain


class MyTensor:
    """An array in a graph that nothing was done with yet."""

    def __init__(self, value: Any) -> None:
        self.value = _array(value)
        self.parents: tuple[Any, ...] = ()
        self.pull = None
        self.operation = ""


def _array(table: Any) -> Any:
    return np.array(table, dtype=np.float64)


def layer(answer: Any, case: dict[str, Any], *, device: str) -> Any:
    """Call the answer with X, W and b as torch tensors."""
    arrays = [np.array(case[name], dtype=np.float32) for name in ("X", "W", "b")]
    tensors = [make_tensor(array, "torch", device) for array in arrays]
    return call(answer, *tensors, device=device)


def pulled(answer: Any, case: dict[str, Any], *, which: int, device: str) -> Any:
    """Make a node of A and B, send G back, and return what comes for one of the parents."""
    if answer is ...:
        return answer
    node = answer(MyTensor(case["A"]), MyTensor(case["B"]))
    if node is ...:
        return node
    if not callable(getattr(node, "pull", None)):
        raise NotAskable(
            f"Expected a `MyTensor` with a function `.pull`, got {show(to_plain(node))}."
        )
    return _one_of(node.pull(_array(case["G"])), which, "a gradient for each of the two parents", 2)


def summed(answer: Any, case: dict[str, Any], *, device: str) -> Any:
    """Call the answer with an array and a shape."""
    return call(answer, _array(case["gradient"]), tuple(case["shape"]), device=device)


def walked_back(answer: Any, case: dict[str, Any], *, which: int, device: str) -> Any:
    """Call the answer with X, W, b and G, and return one of the three gradients."""
    arrays = [_array(case[name]) for name in ("X", "W", "b", "G")]
    result = call(answer, *arrays, device=device)
    return _one_of(result, which, "gradients for X, W and b", 3)


def _one_of(result: Any, which: int, wanted: str, count: int) -> Any:
    if result is ...:
        return result
    if not isinstance(result, (tuple, list)) or len(result) != count:
        raise NotAskable(f"Expected {wanted}, got {show(to_plain(result))}.")
    if hasattr(result[which], "pull"):
        raise NotAskable(
            "A gradient here is a node of the graph. Take its array: `a.value`, not `a`."
        )
    return result[which]
