"""The heart of the engine: a recorded operation is a node, and backward walks the nodes.

Forward, each recorded operation leaves a `Node` that knows which nodes its inputs came from.
Backward starts at the output with a gradient and visits every node after all the nodes that used
its result. Each node pulls the gradient of its output back to one gradient per input. Where paths
meet, gradients add up. At a leaf, an `AccumulateGrad` adds what arrives to `.grad`.

Everything points upstream, from a result to what it was made from, and nothing points back: there
are no reference cycles, and dropping the result frees the graph at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np

from chalkgrad import errors
from chalkgrad.rules import ListOperationOf, Operation, fit

#: Whether operations are recorded. Each thread has its own answer.
recording: ContextVar[bool] = ContextVar("recording", default=True)

# A node is made after the nodes of its inputs. Counting down gives the newest the smallest number,
# so a heap hands out every node before its inputs. Leaves count up: their turn is last.
_numbers = count(0, -1)
_leaf_numbers = count(1)


class Node:
    """One recorded operation: where its inputs came from, and what its rules need.

    `parents` has one entry per input: the node of that input, or None if it needs no gradient.
    `saved` holds the values that the rules may ask for. `counters` count the changes to the tensors
    that these values belong to; they added up to `changes` when the values were saved.
    `fits` has the shape and dtype of each input that was broadcast or converted, None for others.
    """

    __slots__ = ("changes", "counters", "fits", "hooks", "number", "operation", "parents", "saved")

    def __init__(
        self,
        operation: Operation | ListOperationOf,
        parents: tuple[Any, ...],
        saved: tuple[Any, ...] | None = (),
        counters: tuple[list[int], ...] = (),
        fits: tuple[Any, ...] | None = None,
    ) -> None:
        self.operation = operation
        self.parents = parents
        self.saved = saved
        self.counters = counters
        self.changes = 0
        for counter in counters:
            self.changes += counter[0]
        self.fits = fits
        self.hooks: list[Callable[[Any], None]] | None = None
        self.number = next(_numbers)

    def name(self) -> str:
        """Return the name that torch gives this node, such as `MulBackward0`."""
        return self.operation.node_name

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """For each input a node and which of its outputs it was; (None, 0) if no gradient goes."""
        return tuple(
            (parent.node, parent.place) if isinstance(parent, Output) else (parent, 0)
            for parent in self.parents
        )

    def pull(self, gradient: Any, retain_graph: bool, create_graph: bool) -> list[Any]:
        """Turn the gradient of the output into those of the inputs, None where none goes.

        Arrays become arrays; with `create_graph`, tensors become tensors. Unless `retain_graph`,
        the saved values are let go; a node that saved none can always be walked again.
        """
        saved = self.saved
        if saved is None:
            raise errors.backward_twice()
        if self.counters:
            changes = 0
            for counter in self.counters:
                changes += counter[0]
            if changes != self.changes:
                raise errors.modified_in_place(self.name(), changes, self.changes)
            if create_graph:
                saved = gradient._saved_as_tensors(self)
            if not retain_graph:
                self.saved = None
                self.counters = ()
        parts: list[Any] = [None] * len(self.parents)
        for place, parent in enumerate(self.parents):
            if parent is not None:
                rule, pick = self.operation.vjps[place]
                parts[place] = rule(gradient, *pick(saved))
        if self.fits is not None:
            for place, target in enumerate(self.fits):
                if target is not None:
                    parts[place] = fit(parts[place], *target)
        return parts

    def __repr__(self) -> str:
        return f"<{self.name().split('::')[-1]} object at {id(self):#x}>"


class Output:
    """One of the several results of a node, whose gradient is a dictionary from their places."""

    __slots__ = ("hooks", "node", "number", "parents", "place")

    def __init__(self, node: Node, place: int) -> None:
        self.node = node
        self.place = place
        self.parents = (node,)
        self.hooks: list[Callable[[Any], None]] | None = None
        self.number = next(_numbers)

    def pull(self, gradient: Any, retain_graph: bool, create_graph: bool) -> list[Any]:
        """Mark the gradient with the place of this output."""
        return [{self.place: gradient}]


class AccumulateGrad:
    """The end of a path: adds the gradient that arrives to the `.grad` of a leaf.

    It holds its leaf; the leaf knows it only weakly, so the two are no cycle.
    """

    __slots__ = ("__weakref__", "hooks", "number", "variable")
    parents = next_functions = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.hooks: list[Callable[[Any], None]] | None = None
        self.number = next(_leaf_numbers)

    def name(self) -> str:
        """Return the name that torch gives this node."""
        return "torch::autograd::AccumulateGrad"

    def pull(self, gradient: Any, retain_graph: bool, create_graph: bool) -> list[Any]:
        """Add to the leaf's gradient; there is nowhere further to go."""
        self.variable._accumulate(gradient)
        return []

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


def run_backward(
    nodes: Sequence[Any],
    gradients: Sequence[Any],
    retain_graph: bool,
    create_graph: bool = False,
    wanted: Collection[Any] | None = None,
) -> dict[Any, Any]:
    """Carry the gradients of some nodes' results back through the graph.

    Without `wanted` they end in the `.grad` of the leaves. With it the leaves are left alone, and
    what arrived at the wanted nodes is returned.
    """
    waiting: dict[Any, Any] = {}  # the gradient of each node in the queue, as far as it is known
    queue: list[tuple[int, Any]] = []
    arrived: dict[Any, Any] = {}
    gradient = None
    token = recording.set(create_graph)
    try:
        while True:
            for place, node in enumerate(nodes):
                part = gradients[place]
                if part is None:
                    continue
                # A leaf may change its gradient in place, so it must get an array of its own.
                if part is gradient and type(part) is np.ndarray and not node.parents:
                    part = part.copy()
                if node not in waiting:
                    waiting[node] = part
                    heappush(queue, (node.number, node))
                elif type(part) is dict:
                    waiting[node].update(part)
                else:
                    waiting[node] = waiting[node] + part
            if not queue:
                return arrived
            node = heappop(queue)[1]  # the newest: all that used its result has been visited
            gradient = waiting.pop(node)
            for hook in node.hooks or ():
                hook(gradient)
            if wanted is not None and node in wanted:
                arrived[node] = gradient
            nodes = node.parents
            if nodes or wanted is None:
                gradients = node.pull(gradient, retain_graph, create_graph)
    finally:
        recording.reset(token)
