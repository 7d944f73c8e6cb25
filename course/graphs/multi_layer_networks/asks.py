"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call, number
from autograder.runner.plain import PlainTensor, Unanswered, show, to_plain

# The hidden layer of the exercise on XOR, (h1, h2), at the four corners.
CORNERS = ("(0, 0)", "(1, 0)", "(0, 1)", "(1, 1)")
HIDDEN_AT_CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (2.0, 1.0))


class Recorded:
    """A number that remembers what it was made of, as in the lesson."""

    def __init__(
        self, value: float, parents: tuple[Recorded, ...] = (), operation: str = ""
    ) -> None:
        self.value, self.parents, self.operation = value, parents, operation

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(self.value + other.value, (self, other), "add")

    def __mul__(self, other: Recorded) -> Recorded:
        return Recorded(self.value * other.value, (self, other), "mul")

    def relu(self) -> Recorded:
        """Return the number where it is positive, else 0."""
        return Recorded(max(self.value, 0.0), (self,), "relu")


def of_expression(answer: Any, expression: str, *, device: str) -> Any:
    """Call the answer with the node that an expression in a, b and c makes."""
    leaves = {name: Recorded(float(place)) for place, name in enumerate("abc", start=1)}
    node = eval(expression, {"__builtins__": {}}, leaves)  # written by the author, no input
    return number(call(answer, node, device=device), device=device)


def count(answer: Any, sizes: list[int], *, device: str) -> Any:
    """Call the answer with a list of sizes; a tensor of one element counts as a number."""
    return number(call(answer, sizes, device=device), device=device)


def single_layer(answer: Any, *parts: Any, device: str) -> Any:
    """Call the answer with W1, b1, W2, b2 as tensors, and return its W and b by name."""
    import torch

    found = call(answer, *(torch.tensor(part, device=device) for part in parts), device=device)
    if found is ...:
        return found
    if not (isinstance(found, (tuple, list)) and len(found) == 2):
        raise NotAskable(f"Expected W and b, `return W, b`, got {show(to_plain(found))}.")
    return {"W": found[0], "b": found[1]}


def at_the_corners(answer: Any, *, device: str) -> Any:
    """Return y by corner, for two weights and a bias of the output."""
    weights, bias = _numbers(answer[0]), _numbers(answer[1])
    if weights is ... or bias is ...:
        return ...
    if len(weights) != 2 or len(bias) != 1:
        raise NotAskable(
            f"Expected two weights and one bias, got {show(weights)} and {show(bias)}."
        )
    answers = [weights[0] * h1 + weights[1] * h2 + bias[0] for h1, h2 in HIDDEN_AT_CORNERS]
    return dict(zip(CORNERS, answers, strict=True))


def _numbers(live: Any) -> Any:
    """Return a list of numbers from a list, a tensor or a number; the three dots as they are."""
    plain = to_plain(live)
    if isinstance(plain, PlainTensor):
        plain = plain.values.ravel().tolist()
    items = plain if isinstance(plain, list) else [plain]
    if any(isinstance(item, Unanswered) for item in items):
        return ...
    flat = [
        item.values.item() if isinstance(item, PlainTensor) and item.values.size == 1 else item
        for item in items
    ]
    if not all(isinstance(item, (int, float)) for item in flat):
        raise NotAskable(f"Expected numbers, got {show(plain)}.")
    return flat
