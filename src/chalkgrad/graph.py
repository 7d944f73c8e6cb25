"""The heart of the engine: a recorded operation is a node, and backward walks the nodes.

Forward, each recorded operation leaves a `Node` that knows which nodes its inputs came from.
Backward visits every node after all that used its result. Each pulls the gradient of its output
back to one per input; where paths meet, gradients add up; an `AccumulateGrad` adds what arrives to
the `.grad` of a leaf. Nothing points from an input to its uses: there are no reference cycles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextvars import copy_context
from heapq import heappop, heappush
from itertools import count
from typing import Any
from weakref import ref

from numpy import ndarray

from chalkgrad import dtypes, errors
from chalkgrad.grad_modes import here
from chalkgrad.rules.shaping import convert, sum_to, summed

# A node is made after the nodes of its inputs. Counting down gives the newest the smallest number,
# so a heap hands out every node before its inputs. Leaves count up: their turn is last.
next_number = count(0, -1).__next__
_next_leaf_number = count(1).__next__


class Node:
    """One recorded operation: how gradients go back through it, where to, and with what.

    `parents` has the nodes of the inputs that need a gradient. `saved` has the values that the
    rules ask for and how often their owners had been changed; it is None once it has been freed.
    """

    __slots__ = ("hooks", "number", "parents", "pullback", "saved")
    pullback: Any
    saved: Any
    parents: tuple[Any, ...]
    pull: Any  # turns the gradient of the output into those of the inputs that need one

    def name(self) -> str:
        """Return the name that torch gives this node, such as `MulBackward0`."""
        return self.pullback.name

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """For each input a node and which of its outputs it was; (None, 0) if no gradient goes."""
        parents = iter(self.parents)
        return tuple(_source(next(parents)) if it else (None, 0) for it in self.pullback.tracked)

    def __repr__(self) -> str:
        return f"<{self.name().split('::')[-1]} object at {id(self):#x}>"


def node_type_of(pullback: Any) -> type[Node]:
    """Return the type of a pullback's nodes: torch has one for each name, and so have we."""
    own = {"__slots__": (), "pull": staticmethod(pullback.pull), "push": pullback.push}
    pullback.node_type = type(pullback.name.split("::")[-1], (Node,), own)
    return pullback.node_type


class Edge:
    """The way to an input that was broadcast or converted, undone here and nowhere else."""

    __slots__ = ("dtype", "number", "parents", "shape", "used")
    hooks = saved = ()

    def __init__(self, node: Any, shape: Any, dtype: Any, used: tuple[Any, Any]) -> None:
        self.parents, self.number, self.used = (node,), next_number(), used
        self.shape, self.dtype = shape, dtype

    def pull(self, gradient: Any, saved: Any) -> list[Any]:
        """Sum what was repeated forward, convert back what was converted."""
        if tuple(gradient.shape) != self.shape:
            gradient = sum_to(gradient, self.shape)
        return [convert(gradient, self.dtype)]


class Output:
    """One of the several results of a node, whose gradient is a dictionary from their places."""

    __slots__ = ("hooks", "number", "parents", "place")
    saved = ()

    def __init__(self, node: Node, place: int) -> None:
        self.parents, self.place, self.hooks, self.number = (node,), place, (), next_number()

    def pull(self, gradient: Any, saved: Any) -> list[Any]:
        """Mark the gradient with the place of this output."""
        return [{self.place: gradient}]


class AccumulateGrad:
    """The end of a path, held by a leaf that it knows weakly: adds to the `.grad` of the leaf."""

    __slots__ = ("_leaf", "hooks", "number")
    parents = next_functions = saved = ()

    def __init__(self, leaf: Any) -> None:
        self._leaf, self.hooks, self.number = ref(leaf), (), _next_leaf_number()

    @property
    def variable(self) -> Any:
        """The leaf, or None if nobody holds it any more."""
        return self._leaf()

    def name(self) -> str:
        """Return the name that torch gives this node."""
        return "torch::autograd::AccumulateGrad"

    __repr__ = Node.__repr__


def _source(node: Any) -> tuple[Any, int]:
    node = node.parents[0] if isinstance(node, Edge) else node
    return (node.parents[0], node.place) if isinstance(node, Output) else (node, 0)


def run_backward(
    nodes: Sequence[Any], gradients: Sequence[Any], retain_graph: bool, create_graph: bool = False,
    wanted: Collection[Any] | None = None, watch: Callable[..., None] | None = None,
) -> dict[Any, Any]:  # fmt: skip
    """Carry the gradients of some nodes' results back through the graph, to the leaves' `.grad`.

    With `wanted` the leaves are left alone, and what arrived at the wanted nodes is returned.
    `watch` is told of each node, what came to it, and what it passed on.
    """
    run, before = copy_context().run, here.state  # hooks are the user's: NumPy warns in them
    walk = (_walk, nodes, gradients, retain_graph, create_graph, wanted, watch, run)
    here.state = (before[0], create_graph, None, create_graph)
    try:
        return here.quiet.copy().run(*walk)
    finally:
        here.state = before


def _walk(
    nodes: Any, gradients: Any, retain: bool, create: bool, wanted: Any, watch: Any, run: Any
) -> dict[Any, Any]:
    waiting: dict[Any, Any] = {}  # the gradient of each node in the queues, as far as it is known
    queue, leaves, arrived, gradient, seeds = [], [], {}, None, gradients
    while True:
        alone = len(nodes) == 1 and not queue and gradients[0] is not None
        if alone and (not leaves or nodes[0].parents):  # straight on along the chain, no queue
            (node,), (gradient,) = nodes, gradients
        else:
            parts = iter(gradients)  # `zip` would take a tenth of backward
            for node in nodes:
                part = next(parts)
                if node in waiting and part is not None:  # paths meet: their gradients add up
                    waiting[node] = summed(waiting.pop(node), part)
                elif part is not None:  # a custom function may pass nothing on
                    # Whoever gets a gradient unchanged may share it; a leaf must own its gradient.
                    shared = part is gradient and type(part) is ndarray and not node.parents
                    waiting[node] = part.copy() if shared else part
                    heappush(queue if node.parents else leaves, (node.number, node))
            if not queue and not leaves:
                return arrived
            node = heappop(queue or leaves)[1]  # the newest: whoever used its result has had a turn
            gradient = waiting.pop(node)
        for hook in node.hooks:
            if not (watch and hook.keeps):  # who only watches leaves no `.grad` behind
                gradient = run(hook, gradient)
        if wanted is not None and node in wanted:
            arrived[node] = _own(gradient, seeds)
        if nodes := node.parents:
            saved = () if node.saved == () else _released(node, gradient, retain, create)
            gradients = node.pull(gradient, saved)
        elif wanted is None and (leaf := node._leaf()) is not None:
            leaf._accumulate(_own(gradient, seeds))
        if watch:
            watch(node, gradient, gradients if nodes else [])


def _own(gradient: Any, seeds: Any) -> Any:
    """Return a gradient that may be kept: what backward was given belongs to the caller."""
    theirs = type(gradient) is ndarray and any(gradient is seed for seed in seeds)
    return gradient.copy() if theirs else gradient


def _released(node: Any, gradient: Any, retain: bool, create: bool) -> Any:
    """Return the saved values of a node, unless they were changed or are gone; let go of them."""
    if (saved := node.saved) is None:
        raise errors.backward_twice()
    holds_memory = False  # where only shapes were saved, there is nothing to free
    for place in node.pullback.counters:
        if (counter := saved[place]) is not None:
            holds_memory = True
            if counter[0] != saved[place + 1]:
                value, seen = saved[node.pullback.counters.index(place)], saved[place + 1]
                facts = dtypes.of_array(value.dtype).long_name, [*value.shape], counter[0], seen
                raise errors.modified_in_place(*facts, node.name())
    if create:
        tensor = next(iter(gradient.values())) if type(gradient) is dict else gradient
        saved = tensor._saved_as_tensors(node)
    if holds_memory and not retain:
        node.saved = None
    return saved
