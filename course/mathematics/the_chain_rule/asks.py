"""How the walks back of this lesson are put to use: on small programs, on a long chain, by hand.

It runs beside the student's code and knows no right answer. A program is a list of lines such as
"b = a + a"; its last line makes the output.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.runner.asks import NotAskable
from autograder.runner.plain import PlainTensor, show, to_plain

# Enough that Python's recursion ends long before.
LONG_CHAIN = 4000

# The program of the exercise by hand, at x = 2: each node's parents, and the slopes by them.
EDGES: dict[str, Sequence[tuple[str, float]]] = {
    "y": (("c", 4.0), ("a", 16.0)),
    "c": (("a", 1.0), ("b", 1.0)),
    "b": (("a", 3.0),),
    "a": (("x", 2.0), ("x", 2.0)),
    "x": (),
}


def run(program: Sequence[str], values: dict[str, Any]) -> dict[str, Any]:
    """Run the lines of a program on some values; return all names with what they stand for."""
    names = dict(values)
    for line in program:
        exec(line, {}, names)
    return names


def long_sum(x: Any) -> Any:
    """Return x + x + ... + x, made by `LONG_CHAIN` additions, one on top of the other."""
    total = x
    for _ in range(LONG_CHAIN):
        total = total + x
    return total


def first_too_early(answer: Any, *, device: str) -> Any:
    """Return the first node that the answer takes before somebody who uses it, or "none"."""
    order = _five_names(answer)
    if order is ...:
        return order
    for place, name in enumerate(order):
        users = {user for user, edges in EDGES.items() if name in dict(edges)}
        if users - set(order[:place]):
            return name
    return "none"


def walked_in_order(answer: Any, *, device: str) -> Any:
    """Walk `EDGES` in the order of the answer; return what had arrived when each node was taken."""
    order = _five_names(answer)
    if order is ...:
        return order
    arrived = dict.fromkeys(EDGES, 0.0) | {"y": 1.0}
    passed = dict.fromkeys(EDGES, 0.0)
    for name in order:
        passed[name] = arrived[name]
        for parent, slope in EDGES[name]:
            arrived[parent] += arrived[name] * slope
    return passed


def _five_names(answer: Any) -> Any:
    if answer is ...:
        return answer
    order = to_plain(answer)
    if not isinstance(order, list) or not all(isinstance(name, str) for name in order):
        raise NotAskable(f'Expected a list of names, as in ["x", "a"], got {show(order)}.')
    order = [name.strip().lower() for name in order]
    unknown = sorted(set(order) - set(EDGES))
    if unknown:
        raise NotAskable(f"There is no node {unknown[0]!r}. The five are x, a, b, c and y.")
    for name in sorted(EDGES):
        if name not in order:
            raise NotAskable(f"{name!r} is missing: every node is taken, x too.")
        if order.count(name) > 1:
            raise NotAskable(
                f"{name!r} stands there more than once. A node passes on once, with all that it has."
            )
    return order


def passed_on(answer: Any, values: dict[str, float], line: str, here: float, *, device: str) -> Any:
    """Let the answer pass on from the node that a line makes, at which `here` has arrived.

    A value "before" is what has arrived at u earlier.
    """
    make, pass_on = _class_and_function(answer)
    before = values.get("before")
    nodes = {name: make(value) for name, value in values.items() if name != "before"}
    node = run([line], nodes)[line.partition(" = ")[0]]
    arrived = {node: here} if before is None else {node: here, nodes["u"]: before}
    result = pass_on(node, arrived)
    if result is ...:
        return result
    if not isinstance(result, dict):
        raise NotAskable(
            f"Expected that the function returns the dictionary, got {show(to_plain(result))}."
        )
    return {f"what stands at {name}": _number(result.get(nodes[name])) for name in nodes}


def order(answer: Any, values: dict[str, float], program: list[str], *, device: str) -> Any:
    """Let the answer put the nodes of a program in order, and say what is to be seen of it."""
    make, in_order = _class_and_function(answer)
    nodes = run(program, {name: make(value) for name, value in values.items()})
    called = {node: name for name, node in nodes.items()}
    output = nodes[program[-1].partition(" = ")[0]]
    found = in_order(output)
    if found is ...:
        return found
    listed = _listed(found)
    return {
        "nodes in the list": len(listed),
        "different nodes in it": len(set(listed)),
        "nodes before one of their parents": sorted(
            called.get(node, "a number") for node in _too_early(listed)
        ),
    }


def order_of_long_sum(answer: Any, *, device: str) -> Any:
    """As `order`, for `long_sum`, without names; says whether it was too deep for recursion."""
    make, in_order = _class_and_function(answer)
    try:
        found = in_order(long_sum(make(1.0)))
    except RecursionError:
        return {"ends with": "RecursionError", "nodes in the list": 0}
    if found is ...:
        return found
    listed = _listed(found)
    return {
        "ends with": "a list",
        "nodes in the list": len(listed),
        "different nodes in it": len(set(listed)),
        "nodes before one of their parents": len(list(_too_early(listed))),
    }


def gradients(answer: Any, values: dict[str, float], program: list[str], *, device: str) -> Any:
    """Let the answer walk back through a program; return the value, and the gradient by each name.

    Left out are names that the output was not made of.
    """
    make, backward = _class_and_function(answer)
    nodes = run(program, {name: make(value) for name, value in values.items()})
    output = nodes[program[-1].partition(" = ")[0]]
    found = _gradients_of(backward(output))
    if found is ...:
        return found
    used = _behind(output)
    return {
        "value": _number(output.value),
        "gradients": {
            name: _number(found.get(node)) for name, node in nodes.items() if node in used
        },
    }


def gradient_of_long_sum(answer: Any, *, device: str) -> Any:
    """Return the gradient of `long_sum` by x, or that it was too deep for recursion."""
    make, backward = _class_and_function(answer)
    x = make(1.0)
    try:
        found = _gradients_of(backward(long_sum(x)))
    except RecursionError:
        return {"ends with": "RecursionError", "gradient of x": None}
    if found is ...:
        return found
    return {"ends with": "a dictionary", "gradient of x": _number(found.get(x))}


def _class_and_function(answer: Any) -> Any:
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise NotAskable("Expected the class and your function: run the check cell as it came.")
    if not callable(answer[1]):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer[1]))}.")
    return answer


def _listed(found: Any) -> list[Any]:
    found = list(found) if hasattr(found, "__next__") else found  # what `reversed` gives
    if found is None:
        raise NotAskable(
            "Expected a list of nodes, got None. Is the `return` missing? Or was `.reverse()` returned: it "
            "turns a list round where it stands, and gives nothing back."
        )
    if not isinstance(found, (list, tuple, deque)):
        raise NotAskable(f"Expected a list of nodes, got {show(to_plain(found))}.")
    if not all(hasattr(node, "parents") for node in found):
        raise NotAskable("Expected a list of nodes, and something else stands in it.")
    return list(found)


def _too_early(listed: list[Any]) -> Iterator[Any]:
    """Yield the nodes that stand before one of their parents."""
    first_place: dict[Any, int] = {}
    for place, node in enumerate(listed):
        first_place.setdefault(node, place)
    for node, place in first_place.items():
        if any(first_place.get(parent, -1) > place for parent in node.parents):
            yield node


def _gradients_of(result: Any) -> Any:
    if result is not ... and not isinstance(result, dict):
        raise NotAskable(
            "Expected that `backward` returns a dictionary, with a number for each node, "
            f"got {show(to_plain(result))}."
        )
    if result is not ... and not any(hasattr(key, "parents") for key in result):
        keys = show(to_plain(list(result)))
        raise NotAskable(f"The keys of the dictionary are to be the nodes themselves; got {keys}.")
    return result


def _behind(output: Any) -> set[Any]:
    seen, waiting = {output}, [output]
    while waiting:
        for parent in waiting.pop().parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


def _number(live: Any) -> Any:
    """Make a Python number of what holds one, and leave everything else alone."""
    plain = to_plain(getattr(live, "value", live))
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return plain
