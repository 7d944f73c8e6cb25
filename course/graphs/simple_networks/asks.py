"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.runner.asks import NotAskable, number
from autograder.runner.plain import PlainTensor, Unanswered, show, to_plain

# Programs with numbers of the student's class, and with torch's; `n` makes a plain number ready.
PROGRAMS: dict[str, Callable[..., Any]] = {
    "x - y": lambda n, x, y: x - y,
    "5 - x": lambda n, x: n(5.0) - x,
    "x ** 3": lambda n, x: x ** n(3.0),
    "x.sin()": lambda n, x: x.sin(),
    "5 * x ** 3 - 4": lambda n, x: x ** n(3.0) * n(5.0) - n(4.0),
    "(x - y).sin() ** 2": lambda n, x, y: (x - y).sin() ** n(2.0),
}
NAMES = ("x", "y")

# Chains that are given to be walked: the steps from the leaf on, each with its plain number.
Step = tuple[str, float | None]
CHAINS: dict[str, tuple[Step, ...]] = {
    "a leaf": (),
    "x ** 3": (("pow", 3.0),),
    "5 * x ** 3 - 4": (("pow", 3.0), ("mul", 5.0), ("sub", 4.0)),
    "sin(x ** 2)": (("pow", 2.0), ("sin", None)),
    "-(sin(2 * x)) + 1": (("mul", 2.0), ("sin", None), ("neg", None), ("add", 1.0)),
}
CALCULATED: dict[str, Callable[..., float]] = {
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one - other,
    "mul": lambda one, other: one * other,
    "pow": lambda one, other: one**other,
    "neg": lambda one: -one,
    "sin": math.sin,
}
# How fast the result of a step grows with the first number that it sees.
LOCAL_SLOPES: dict[str, Callable[..., float]] = {
    "add": lambda one, other: 1.0,
    "sub": lambda one, other: 1.0,
    "mul": lambda one, other: other,
    "pow": lambda one, other: other * one ** (other - 1),
    "neg": lambda one: -1.0,
    "sin": math.cos,
}

DEEPEST = 20


class Node:
    """What a student is given to walk along: a value, what it was made of, and by what.

    A node that was calculated also has its `local_slope`.
    """

    local_slope: float

    def __init__(self, value: float, parents: tuple[Node, ...] = (), operation: str = "") -> None:
        self.value = value
        self.parents = parents
        self.operation = operation

    def __repr__(self) -> str:
        return f"MyTensor({self.value:g})"


def part(answer: Any, *, place: int, device: str) -> Any:
    """Return one of the parts of the answer; a tensor of one element counts as a number."""
    if not isinstance(answer, (tuple, list)):
        raise NotAskable(f"Expected several parts, got {show(to_plain(answer))}.")
    item = answer[place]
    if isinstance(item, (tuple, list)):
        return [number(one, device=device) for one in item]
    plain = number(item, device=device)
    return plain.values.tolist() if isinstance(plain, PlainTensor) else plain


def item_of(answer: Any, *, place: int, index: int, device: str) -> Any:
    """Return one number of a part of the answer that is a list of three."""
    numbers = part(answer, place=place, device=device)
    if isinstance(numbers, Unanswered):
        return numbers
    if not isinstance(numbers, list) or len(numbers) != 3:
        raise NotAskable(f"Expected a list of three numbers, got {show(numbers)}.")
    return numbers[index]


def recorded(answer: Any, *numbers: float, program: str, device: str) -> Any:
    """Put numbers of the answer's class through a program; say the result's value and history."""
    if answer is ...:
        return answer
    if not isinstance(answer, type):
        raise NotAskable(f"Expected the class itself, `MyTensor`, got {show(to_plain(answer))}.")
    leaves = [answer(one) for one in numbers]
    result: Any = PROGRAMS[program](float, *leaves)
    if result is ...:
        return result
    if not all(hasattr(result, name) for name in ("value", "parents", "operation")):
        raise NotAskable(
            f"Expected that `{program}` gives a MyTensor, got {show(to_plain(result))}. "
            "Does each method end with `return MyTensor(...)`?"
        )
    names = {id(leaf): name for leaf, name in zip(leaves, NAMES, strict=False)}
    return {"value": result.value, "history": history(result, names)}


def history(node: Any, names: Mapping[int, str], depth: int = 0) -> str:
    """Say how a node came about, as `sub(pow(x, 3), y)`; `names` has the leaves by their id.

    The order of what is added or multiplied does not matter, so it is sorted.
    """
    if id(node) in names:
        return names[id(node)]
    if not hasattr(node, "parents") or not hasattr(node, "operation"):
        return f"no node: {show(to_plain(node))}"
    if not isinstance(node.parents, (tuple, list)):
        return f"{node.operation}(no tuple of parents)"
    if depth > DEEPEST:
        return "deeper than this program goes"
    if not node.parents and not node.operation:
        return "a number"
    return written(node.operation, [history(one, names, depth + 1) for one in node.parents])


def written(operation: Any, parts: Sequence[str]) -> str:
    """Write an operation with its parts, in an order that does not depend on who wrote it.

    An exponent may stand among the parents of a power, or not.
    """
    ordered = sorted(parts) if operation in ("add", "mul") else parts
    if operation == "pow":
        ordered = [part for part in parts if part != "a number"]
    return f"{operation or 'nothing'}({', '.join(ordered)})"


def walked(answer: Any, start: float, *, chain: str, device: str) -> Any:
    """Give the answer the last node of a chain that begins at `start`."""
    if answer is ...:
        return answer
    if not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")
    return number(answer(built(chain, start)), device=device)


def built(chain: str, start: float) -> Node:
    """Make the nodes of a chain and return its last one."""
    node = Node(start)
    for operation, plain in CHAINS[chain]:
        parents = (node,) if plain is None else (node, Node(plain))
        seen = [parent.value for parent in parents]
        node = Node(CALCULATED[operation](*seen), parents, operation)
        node.local_slope = LOCAL_SLOPES[operation](*seen)
    return node
