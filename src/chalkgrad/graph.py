"""The heart of the engine: a recorded operation is a node, and backward walks the nodes.

Forward, each recorded operation leaves a `Node` that knows which nodes its inputs came from.
Backward, `run_backward` starts at the output with a gradient and visits every node after all nodes
that used its result. Each node turns the gradient of its output into one gradient per input; where
paths meet, the gradients add up; at a leaf they are added into `.grad`.

Everything points upstream, from an output to what it was made from, and nothing points back. So
there are no reference cycles, and dropping the output frees the whole graph at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from typing import Any

from chalkgrad import errors
from chalkgrad.rules import Operation, fit

#: Whether operations are being recorded; per thread, like everything in a context variable.
recording: ContextVar[bool] = ContextVar("recording", default=True)

# Numbers run downwards, so that the newest node has the smallest number and a heap yields it first.
# Leaves count up: they come after every operation.
_numbers = count(0, -1)
_leaf_numbers = count(1)

# What stands in place of the saved values once backward has used and released them.
_RELEASED = ("released",)


class Node:
    """One recorded operation: what it was, what its inputs came from, what its rules need.

    `parents` has one entry per input: the node that made the input, or None where the input needs
    no gradient. `saved` are the values that the rules ask for, and `versions` the counters of the
    tensors they belong to, which together stood at `version` when they were saved. `fits` says, for
    an input that was broadcast or converted, to which shape and dtype its gradient must return.
    """

    __slots__ = (
        "__weakref__",
        "fits",
        "hooks",
        "number",
        "operation",
        "parents",
        "saved",
        "version",
        "versions",
    )

    def __init__(
        self,
        operation: Operation,
        parents: tuple[Any, ...],
        saved: tuple[Any, ...] = (),
        versions: Sequence[list[int]] = (),
        fits: tuple[Any, ...] | None = None,
    ) -> None:
        self.operation = operation
        self.parents = parents
        self.saved = saved
        self.versions = versions
        self.version = 0
        for version in versions:
            self.version += version[0]
        self.fits = fits
        self.hooks: list[Callable[[Any], Any]] | None = None
        self.number = next(_numbers)

    def name(self) -> str:
        """Return the name that torch gives the node, such as `MulBackward0`."""
        return self.operation.node_name

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """One pair (node, output number) per input; (None, 0) for one that needs no gradient."""
        return tuple((parent, 0) for parent in self.parents)

    def pull(self, gradient: Any) -> list[Any]:
        """Turn the gradient of the output into one gradient per input (None where none is due)."""
        saved = self.saved
        if saved is _RELEASED:
            raise errors.backward_twice()
        if self.versions:
            version = 0
            for counter in self.versions:
                version += counter[0]
            if version != self.version:
                raise errors.modified_in_place(self)
        parts = [
            None if parent is None else rule(gradient, *pick(saved))
            for parent, (rule, pick) in zip(self.parents, self.operation.vjps, strict=False)
        ]
        if self.fits is not None:
            parts = [
                part if part is None or target is None else fit(part, *target)
                for part, target in zip(parts, self.fits, strict=True)
            ]
        return parts

    def release(self) -> None:
        """Let go of the saved values; a node that saved none can be walked again."""
        if self.saved:
            self.saved = _RELEASED
            self.versions = ()

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"


class AccumulateGrad:
    """Where a path ends: adds the gradient that arrives into the `.grad` of a leaf.

    It holds its leaf, while the leaf knows it only weakly, so that the two are no cycle.
    """

    __slots__ = ("__weakref__", "hooks", "number", "variable")
    parents = ()
    next_functions = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.hooks = None
        self.number = next(_leaf_numbers)

    def name(self) -> str:
        """Return torch's name for it."""
        return "torch::autograd::AccumulateGrad"

    def pull(self, gradient: Any) -> list[Any]:
        """Add the gradient to the leaf's; there is nowhere further to go."""
        self.variable._accumulate(gradient)
        return []

    def release(self) -> None:
        """Nothing is saved here."""

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


def run_backward(
    roots: Iterable[tuple[Any, Any]], *, retain_graph: bool = False, create_graph: bool = False
) -> None:
    """Carry gradients from the roots, pairs of node and gradient, to every leaf behind them."""
    gradients: dict[Any, Any] = {}
    queue: list[tuple[int, Any]] = []
    for node, gradient in roots:
        gradients[node] = gradient
        heappush(queue, (node.number, node))
    token = recording.set(create_graph)
    try:
        while queue:
            # The newest node that is left: everything that used its result has been visited.
            node = heappop(queue)[1]
            gradient = gradients.pop(node)
            if node.hooks is not None:
                for hook in node.hooks:
                    hook(gradient)
            parts = node.pull(gradient)
            if not retain_graph:
                node.release()
            for parent, part in zip(node.parents, parts, strict=False):
                if part is None:
                    continue
                if parent in gradients:
                    gradients[parent] = gradients[parent] + part
                else:
                    gradients[parent] = part
                    heappush(queue, (parent.number, parent))
    finally:
        recording.reset(token)
