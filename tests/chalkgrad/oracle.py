"""torch as the oracle: one program under both engines, and what must agree."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import chalkgrad


def graph_text(node: Any, depth: int = 12) -> str:
    """Spell a graph out: names, order of inputs, which output of a node, where there is no node."""
    if node is None:
        return "None"
    inner = [
        graph_text(parent, depth - 1) + (f":{place}" if place else "")
        for parent, place in node.next_functions
        if depth
    ]
    return f"{node.name()}({', '.join(inner)})" if inner else node.name()


def assert_same(ours: Any, theirs: Any, rtol: float | None = None) -> None:
    """Compare a result, through tuples: value, shape, dtype and place in the graph."""
    if isinstance(theirs, (tuple, list)) and not isinstance(theirs, torch.Size):
        assert len(ours) == len(theirs)
        for our, their in zip(ours, theirs, strict=True):
            assert_same(our, their, rtol)
        return
    if not isinstance(theirs, torch.Tensor):
        assert ours == theirs
        return
    assert isinstance(ours, chalkgrad.Tensor)
    assert str(ours.dtype) == str(theirs.dtype)
    assert tuple(ours.shape) == tuple(theirs.shape)
    assert ours.requires_grad == theirs.requires_grad
    if theirs.dtype.is_floating_point or theirs.dtype.is_complex:
        rtol = rtol or {torch.float16: 2e-3, torch.float32: 2e-6}.get(theirs.dtype, 1e-12)
        expected = theirs.detach().numpy()
        np.testing.assert_allclose(ours.detach().numpy(), expected, rtol=rtol, atol=rtol)
    else:
        np.testing.assert_array_equal(ours.detach().numpy(), theirs.detach().numpy())


def both(array: Any, requires_grad: bool = False) -> tuple[chalkgrad.Tensor, torch.Tensor]:
    """Make the same leaf under both engines."""
    array = np.array(array)
    return (
        chalkgrad.tensor(array, requires_grad=requires_grad),
        torch.tensor(array, requires_grad=requires_grad),
    )


def quietly(run: Any, *arguments: Any) -> Any:
    """Run with torch's own deprecation warnings silenced."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run(*arguments)


def under_both(program: Callable[[Any], Any]) -> Callable[[], None]:
    """Make a test of a program that is given an engine: both engines must return the same."""

    def test() -> None:
        theirs = quietly(program, torch)
        assert theirs is not None, "a program that returns nothing compares nothing"
        assert_same(quietly(program, chalkgrad), theirs)

    test.__name__, test.__module__ = program.__name__, program.__module__
    test.__doc__ = program.__doc__
    return test


def refusal(action: Callable[..., Any], *arguments: Any) -> tuple[str, str]:
    """Return the type of the exception and the first line that it says."""
    try:
        action(*arguments)
    except Exception as error:
        # torch has a type of its own for the failures of gradcheck, below RuntimeError.
        name = type(error).__name__.replace("GradcheckError", "RuntimeError")
        return name, str(error).split("\n")[0]
    return "no refusal", ""
