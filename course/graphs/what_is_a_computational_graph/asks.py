"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autograder.runner import asks as common
from autograder.runner.asks import NotAskable
from autograder.runner.plain import show, to_plain

# Programs that are run with numbers of the student's class, and with torch's.
PROGRAMS: dict[str, Callable[..., Any]] = {
    "x * y": lambda x, y: x * y,
    "x * x": lambda x: x * x,
    "x * 3": lambda x: x * 3.0,
    "3 * x": lambda x: 3.0 * x,
    "(x + y) * z": lambda x, y, z: (x + y) * z,
    "x * y + z": lambda x, y, z: x * y + z,
}
NAMES = ("x", "y", "z")

# Graphs that are given to be read: what each node was made by, and of which others.
Graph = Mapping[str, tuple[str, ...]]
GRAPHS: dict[str, Graph] = {
    "a sum": {"s": ("add", "x", "y")},
    "a product of a sum": {"s": ("add", "x", "y"), "out": ("mul", "s", "z")},
    "four steps": {
        "a": ("mul", "x", "y"),
        "b": ("add", "a", "z"),
        "c": ("add", "x", "z"),
        "out": ("mul", "b", "c"),
    },
    "a leaf": {},
}
# The node that the reading begins at.
RESULTS = {"a sum": "s", "a product of a sum": "out", "four steps": "out", "a leaf": "x"}

DEEPEST = 20


class Node:
    """What a student is given to read: a value, what it was made of, and by what."""

    def __init__(self, value: float, parents: tuple[Node, ...] = (), operation: str = "") -> None:
        self.value = value
        self.parents = parents
        self.operation = operation

    def __repr__(self) -> str:
        return f"MyTensor({self.value:g})"


def nodes_named(answer: Any, *, device: str) -> Any:
    """Return the names that stand in a list of edges, as one text."""
    edges = common.edges(answer, device=device)
    if edges is ...:
        return edges
    return ", ".join(sorted({name for edge in edges for name in edge.lower().split(" -> ")}))


def edges_into(answer: Any, *, ends: Sequence[str], device: str) -> Any:
    """Return the edges of a list that lead to one of these nodes, as one text."""
    edges = common.edges(answer, device=device)
    if edges is ...:
        return edges
    return together(edge.lower() for edge in edges if edge.lower().split(" -> ")[1] in ends)


def together(edges: Iterable[str]) -> str:
    """Write edges as one text, so that a reply shows all of them."""
    return ", ".join(sorted(edges)) or "no edge"


def recorded(answer: Any, *numbers: float, program: str, device: str) -> Any:
    """Put numbers of the answer's class through a program; say the result's value and history."""
    if answer is ...:
        return answer
    if not isinstance(answer, type):
        raise NotAskable(f"Expected the class itself, `MyTensor`, got {show(to_plain(answer))}.")
    leaves = [answer(number) for number in numbers]
    result: Any = PROGRAMS[program](*leaves)
    if result is ...:
        return result
    if not all(hasattr(result, name) for name in ("value", "parents", "operation")):
        raise NotAskable(
            f"Expected that `{program}` gives a MyTensor, got {show(to_plain(result))}. "
            "Does the method end with `return MyTensor(...)`?"
        )
    names = {id(leaf): name for leaf, name in zip(leaves, NAMES, strict=False)}
    return {"value": result.value, "history": history(result, names)}


def history(node: Any, names: Mapping[int, str], depth: int = 0) -> str:
    """Say how a node came about, as `mul(add(x, y), z)`; `names` has the leaves by their id.

    The order of what is added or multiplied does not matter, so it is sorted.
    """
    if id(node) in names:
        return names[id(node)]
    if not hasattr(node, "parents") or not hasattr(node, "operation"):
        return f"no node: {show(to_plain(node))}"
    if depth > DEEPEST:
        return "deeper than this program goes"
    parents = list(node.parents)
    if not parents and not node.operation:
        return "a number"
    inner = [history(parent, names, depth + 1) for parent in parents]
    return written(node.operation, inner)


def written(operation: Any, parts: list[str]) -> str:
    """Write an operation with its parts, in an order that does not depend on who wrote it."""
    ordered = sorted(parts) if operation in ("add", "mul") else parts
    return f"{operation or 'nothing'}({', '.join(ordered)})"


def edges_read(answer: Any, *, graph: str, device: str) -> Any:
    """Give the answer the last node of a graph, and say the edges it finds, each once."""
    if answer is ...:
        return answer
    if not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")
    nodes = _built(GRAPHS[graph])
    found: Any = answer(nodes[RESULTS[graph]])
    if found is ...:
        return found
    if not isinstance(found, Iterable) or isinstance(found, (str, Mapping)):
        raise NotAskable(f"Expected a list of pairs (parent, child), got {show(to_plain(found))}.")
    names = {id(node): name for name, node in nodes.items()}
    return together({_edge(pair, names) for pair in found})


def _built(graph: Graph) -> dict[str, Node]:
    """Make the nodes of a graph; the leaves are 1, 2 and 3."""
    nodes = {name: Node(float(place + 1)) for place, name in enumerate(NAMES)}
    for name, (operation, *inputs) in graph.items():
        parents = tuple(nodes[item] for item in inputs)
        one, other = (parent.value for parent in parents)
        nodes[name] = Node(one + other if operation == "add" else one * other, parents, operation)
    return nodes


def _edge(pair: Any, names: Mapping[int, str]) -> str:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        one = names.get(id(pair)) or show(to_plain(pair))
        raise NotAskable(
            f"Expected a list of pairs (parent, child), but one item of it is {one}. "
            "Put both ends of an edge into parentheses."
        )
    return " -> ".join(names.get(id(end)) or _unknown(end) for end in pair)


def _unknown(end: Any) -> str:
    return "a node of another graph" if isinstance(end, Node) else show(to_plain(end))
