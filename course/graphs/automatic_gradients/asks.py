"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

from autograder.runner.asks import NotAskable, call
from autograder.runner.plain import PlainTensor, Unanswered, show, to_plain


def polynomial(x: Any) -> Any:
    """Return (x - 3)(x - 6)(x - 4), the function `f` of the lesson on automatic gradients."""
    return (x - 3) * (x - 6) * (x - 4)


# Two of them have a corner at 0, where a small step to the side cannot say what autograd says.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "f": polynomial,
    "square": lambda x: x * x,
    "sine": lambda x: x.sin(),
    "relu": lambda x: x.relu(),
    "absolute value": lambda x: x.abs(),
}

PROGRAMS: dict[str, Callable[..., Any]] = {
    "u + v": lambda u, v: u + v,
    "u * v": lambda u, v: u * v,
    "(u + v) * v": lambda u, v: (u + v) * v,
    "f(u)": polynomial,
}


def number_from(answer: Any, *inputs: Any, device: str) -> Any:
    """Call the answer with plain numbers; a tensor of one element counts as a number."""
    return _as_number(call(answer, *inputs, device=device))


def slope_of(answer: Any, function: str, x: float, *, device: str) -> Any:
    """Ask the answer for the slope of one of `FUNCTIONS` at x."""
    return _as_number(call(answer, FUNCTIONS[function], x, device=device))


def leaf(answer: Any, *, device: str) -> Any:
    """Describe the leaf of (leaf, value, slope)."""
    return _described(_three(answer)[0], "leaf")


def value(answer: Any, *, device: str) -> Any:
    """Describe the value of (leaf, value, slope)."""
    return _described(_three(answer)[1], "value")


def slope(answer: Any, *, device: str) -> Any:
    """Return the slope of (leaf, value, slope), where the leaf can have one."""
    tensor, _, read = _three(answer)
    if tensor is not ...:
        tracked = _tensor(tensor, "leaf")
        if not tracked.requires_grad:
            raise NotAskable("The leaf is not tracked, so no slope can stand on it.")
        if read is None and tracked.grad is not None:
            raise NotAskable(
                "The slope is None, though backward has left one on the leaf. `backward()` itself "
                "gives nothing back, and only a leaf keeps a slope: read it there."
            )
    return _as_number(read)


def place(answer: Any, *, side: Literal["left", "right"], device: str) -> Any:
    """Return the smaller (left) or the larger (right) of the two numbers in the answer."""
    if answer is ...:
        return answer
    plain = to_plain(answer)
    items = plain.values.ravel().tolist() if isinstance(plain, PlainTensor) else plain
    if not isinstance(items, list):
        raise NotAskable(f"Expected a list of two numbers, got {show(plain)}.")
    numbers = [_as_number(item) for item in items]
    if any(isinstance(item, Unanswered) for item in numbers):
        return ...
    if len(numbers) < 2 or not all(_is_real(item) for item in numbers):
        raise NotAskable(f"Expected a list of two numbers, got {show(plain)}.")
    if len(numbers) > 2:
        # Four, where 3,45 and 5,22 were meant.
        advice = " Inside a number stands a point, not a comma." if len(numbers) == 4 else ""
        raise NotAskable(
            f"Expected a list of two numbers, got {len(numbers)} of them: "
            f"{show(sorted(map(float, numbers)))}.{advice}"
        )
    return min(numbers) if side == "left" else max(numbers)


def dual(answer: Any, *inputs: dict[str, float], program: str, device: str) -> Any:
    """Put numbers of the answer's class, each of a value and a slope, through a program."""
    if answer is ...:
        return answer
    if not isinstance(answer, type):
        raise NotAskable(f"Expected the class itself, `Dual`, got {show(to_plain(answer))}.")
    numbers = [answer(number["value"], number["slope"]) for number in inputs]
    outcome: Any = PROGRAMS[program](*numbers)
    if not (hasattr(outcome, "value") and hasattr(outcome, "slope")):
        raise NotAskable(
            f"Expected that `{program}` gives a number with `.value` and `.slope`, "
            f"got {show(to_plain(outcome))}. Does the method end with `return Dual(...)`?"
        )
    return {"value": _as_number(outcome.value), "slope": _as_number(outcome.slope)}


def _is_real(item: Any) -> bool:
    return isinstance(item, (int, float)) and not math.isnan(item)


def _as_number(live: Any) -> Any:
    """Make a Python number of a tensor with one element, and leave everything else alone."""
    plain = to_plain(live)
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return live


def _three(answer: Any) -> Any:
    if not (isinstance(answer, (tuple, list)) and len(answer) == 3):
        raise NotAskable(f"Expected leaf, value and slope, got {show(to_plain(answer))}.")
    return answer


def _described(live: Any, name: str) -> Any:
    """Say what a tensor holds, and what it is in a graph."""
    tensor = _tensor(live, name)
    if tensor is ...:
        return tensor
    return {
        "number": _as_number(tensor),
        "is_floating_point": tensor.is_floating_point(),
        "requires_grad": tensor.requires_grad,
        "is_leaf": tensor.is_leaf,
    }


def _tensor(live: Any, name: str) -> Any:
    if live is ...:
        return live
    plain = to_plain(live)
    if isinstance(plain, PlainTensor) and plain.library == "torch":
        return live
    made_with = f", made with {plain.library}" if isinstance(plain, PlainTensor) else ""
    raise NotAskable(f"Expected the {name} to be a torch tensor, got {show(plain)}{made_with}.")
