"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.runner.asks import NotAskable, number
from autograder.runner.plain import PlainTensor, show, to_plain


def two_numbers(answer: Any, *inputs: float, device: str) -> Any:
    """Call the answer with plain numbers; it returns two, each a number or a tensor of one."""
    if answer is ...:
        return answer
    _check_callable(answer)
    found = answer(*inputs)
    if found is ...:
        return found
    found = _listed(found)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise NotAskable(f"Expected two slopes, that of w and that of b, got {_said(found)}.")
    return [number(item, device=device) for item in found]


def updated(
    answer: Any, values: Sequence[float], slopes: Sequence[float], rate: float, *, device: str
) -> Any:
    """Hand weights with their slopes to the answer, and look at these very weights afterwards."""
    if answer is ...:
        return answer
    _check_callable(answer)
    import torch

    weights = [torch.tensor(value, device=device, requires_grad=True) for value in values]
    for weight, slope in zip(weights, slopes, strict=True):
        weight.grad = torch.tensor(slope, device=device)
    returned: Any = answer(list(weights), rate)
    if returned is ...:
        return returned
    if not isinstance(returned, (tuple, list)):
        raise NotAskable(
            f"Expected the list of weights, got {_said(returned)}. Does the function end with "
            "`return weights`?"
        )
    return {
        "the weights": [round(weight.item(), 6) for weight in weights],
        # A slope that was reset is None or 0; both are as good.
        "left in .grad": [0.0 if one.grad is None else one.grad.item() for one in weights],
        # Untracked, they would get no slope in the next round.
        "tracked": [one.requires_grad for one in weights],
    }


def losses(
    answer: Any,
    x: Sequence[float],
    target: Sequence[float],
    steps: int,
    rate: float,
    *,
    device: str,
) -> Any:
    """Let the answer train on points and return the loss of each round."""
    if answer is ...:
        return answer
    _check_callable(answer)
    import torch

    # Always on the CPU: where the weights lie is not what is asked here.
    points = (torch.tensor(numbers) for numbers in (x, target))
    found: Any = _listed(answer(*points, steps, rate))
    if not isinstance(found, (tuple, list)):
        return found if found is ... else _refuse_losses(found)
    return [number(item, device=device) for item in found]


def recorded_neuron(
    answer: Any,
    weights: Sequence[float],
    inputs: Sequence[float],
    bias: float,
    *,
    device: str,
) -> Any:
    """Let (class, function) record a neuron; say its value and which leaves a way back reaches."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise NotAskable(f"Expected the class and the function, got {show(to_plain(answer))}.")
    make, function = answer
    if function is ...:
        return function
    _check_callable(function)
    leaves = {f"w{place + 1}": make(value) for place, value in enumerate(weights)}
    names = {id(leaf): name for name, leaf in leaves.items()}
    leaf = make(bias)
    names[id(leaf)] = "b"
    result: Any = function(list(leaves.values()), list(inputs), leaf)
    if result is ...:
        return result
    if not hasattr(result, "parents"):
        raise NotAskable(
            f"Expected a MyTensor, got {_said(result)}. A plain number comes out where `.value` "
            "is calculated with, and it remembers nothing."
            if isinstance(result, (int, float))
            else f"Expected a MyTensor, got {_said(result)}."
        )
    return {"value": result.value, "reached": _reached(result, names)}


def _reached(result: Any, names: dict[int, str]) -> str:
    """Return the names of the leaves that one comes to on the way back, sorted, as one text."""
    waiting, seen = [result], {}
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += getattr(node, "parents", ())
    return ", ".join(sorted(name for identity, name in names.items() if identity in seen))


def _listed(found: Any) -> Any:
    """Return a tensor with one axis as a list of its numbers, and anything else as it is."""
    plain = to_plain(found)
    is_row = isinstance(plain, PlainTensor) and plain.values.ndim == 1
    return plain.values.tolist() if is_row else found


def _refuse_losses(found: Any) -> Any:
    raise NotAskable(f"Expected the list of losses, got {_said(found)}.")


def _check_callable(answer: Any) -> None:
    if not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")


def _said(live: Any) -> str:
    return show(to_plain(live))
