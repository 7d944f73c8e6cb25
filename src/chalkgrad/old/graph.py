"""The heart of the engine: a recorded operation is a node, and backward walks the nodes.

Forward, each recorded operation leaves a `Node` that knows which nodes its inputs came from.
Backward starts at the output with a gradient and visits every node after all the nodes that used
its result. Each node pulls the gradient of its output back to one gradient per input. Where paths
meet, gradients add up. At a leaf, an `AccumulateGrad` adds what arrives to `.grad`.

Everything points upstream, from a result to what it was made from, and nothing points back: there
are no reference cycles, and dropping the result frees the graph at once.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np

from chalkgrad import errors
from chalkgrad.rules import ListOperationOf, Operation, fit
from chalkgrad.threads import here

# A node is made after the nodes of its inputs. Counting down gives the newest the smallest number,
# so a heap hands out every node before its inputs. Leaves count up: their turn is last.
_numbers = count(0, -1)
_leaf_numbers = count(1)

Hooks = Sequence[Callable[[Any], None]]


class Node:
    """One recorded operation: where its inputs came from, and what its rules need.

    `parents` has one entry per input: the node of that input, or None if it needs no gradient.
    `saved` holds the values that the rules ask for, None in the place of others; `versions`, for
    each of them that a tensor owns: its place, the list that counts its changes, the count then.
    `fits` has the shape and dtype of each input, if one of them was broadcast or converted.
    """

    __slots__ = ("fits", "hooks", "number", "operation", "parents", "saved", "versions")

    def __init__(
        self,
        operation: Operation | ListOperationOf,
        parents: tuple[Any, ...],
        saved: tuple[Any, ...] | None = (),
        versions: tuple[tuple[int, list[int], int], ...] = (),
        fits: tuple[Any, ...] | None = None,
    ) -> None:
        self.operation = operation
        self.parents = parents
        self.saved = saved
        self.versions = versions
        self.fits = fits
        self.hooks: Hooks = ()
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
        """Turn the gradient of the output into those of the inputs, None where none goes."""
        saved: Any = self.saved
        if saved is None:
            raise errors.backward_twice()
        if self.versions:  # without any, a node can be walked again
            self._refuse_changed_values()
            if create_graph:
                saved = gradient._saved_as_tensors(self)
            if not retain_graph:
                self.saved, self.versions = None, ()
        parts: list[Any] = [None] * len(self.parents)
        for place, parent in enumerate(self.parents):
            if parent is not None:
                rule, pick = self.operation.vjps[place]
                part = rule(gradient, *pick(saved))
                parts[place] = fit(part, *self.fits[place]) if self.fits else part
        return parts

    def _refuse_changed_values(self) -> None:
        for _, counter, version in self.versions:
            if counter[0] != version:
                raise errors.modified_in_place(
                    node_name=self.name(), found=counter[0], expected=version
                )

    def __repr__(self) -> str:
        return f"<{self.name().split('::')[-1]} object at {id(self):#x}>"


class Output:
    """One of the several results of a node, whose gradient is a dictionary from their places."""

    __slots__ = ("hooks", "node", "number", "parents", "place")

    def __init__(self, node: Node, place: int) -> None:
        self.node = node
        self.place = place
        self.parents = (node,)
        self.hooks: Hooks = ()
        self.number = next(_numbers)

    def pull(self, gradient: Any, retain_graph: bool, create_graph: bool) -> list[Any]:
        """Mark the gradient with the place of this output."""
        return [{self.place: gradient}]


class AccumulateGrad:
    """The end of a path: adds the gradient that arrives to the `.grad` of a leaf.

    The leaf holds it; it knows its leaf only weakly, so the two are no cycle.
    """

    __slots__ = ("_leaf", "hooks", "number")
    parents = next_functions = ()

    def __init__(self, leaf: Any) -> None:
        self._leaf = weakref.ref(leaf)
        self.hooks: Hooks = ()
        self.number = next(_leaf_numbers)

    @property
    def variable(self) -> Any:
        """The leaf, or None if nobody holds it any more."""
        return self._leaf()

    def name(self) -> str:
        """Return the name that torch gives this node."""
        return "torch::autograd::AccumulateGrad"

    def pull(self, gradient: Any, retain_graph: bool, create_graph: bool) -> list[Any]:
        """Add to the leaf's gradient; there is nowhere further to go."""
        leaf = self._leaf()
        if leaf is not None:
            leaf._accumulate(gradient)
        return []

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


@np.errstate(all="ignore")  # torch, too, divides by zero without a word
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
    passed = None
    was_recording, here.recording = here.recording, create_graph
    try:
        while True:
            for place, node in enumerate(nodes):
                gradient = gradients[place]
                if gradient is None:
                    continue
                # A leaf may change its gradient in place, so it must get an array of its own.
                if gradient is passed and type(gradient) is np.ndarray and not node.parents:
                    gradient = gradient.copy()
                if node not in waiting:
                    waiting[node] = gradient
                    heappush(queue, (node.number, node))
                elif type(gradient) is dict:
                    waiting[node].update(gradient)
                else:
                    waiting[node] = waiting[node] + gradient
            if not queue:
                return arrived
            node = heappop(queue)[1]  # the newest: all that used its result has been visited
            passed = waiting.pop(node)
            for hook in node.hooks:
                hook(passed)
            if wanted is not None and node in wanted:
                arrived[node] = passed
            nodes = node.parents
            if nodes or wanted is None:
                gradients = node.pull(passed, retain_graph, create_graph)
    finally:
        here.recording = was_recording
