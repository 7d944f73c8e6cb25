"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.runner.asks import NotAskable, call
from autograder.runner.plain import show, to_plain


def _doubled(a: Any) -> Any:
    """Add a number to itself thirty times over: a billion ways lead back, through 31 nodes."""
    for _ in range(30):
        a = a + a
    return a


def _copied(number: Any) -> Any:
    import torch

    return torch.tensor(number.item(), device=number.device)


# Results of three leaves a, b and c. a and c hold the same number.
PROGRAMS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "(a * b + 1) ** 2": lambda a, b, c: (a * b + 1) ** 2,
    "a * 3 + 1": lambda a, b, c: a * 3 + 1,
    "b * a": lambda a, b, c: b * a,
    "a * b.detach() + 1": lambda a, b, c: a * b.detach() + 1,
    "torch.tensor((a * b).item()) + c": lambda a, b, c: _copied(a * b) + c,
    "(a * b).detach()": lambda a, b, c: (a * b).detach(),
    "a added to itself, thirty times over": lambda a, b, c: _doubled(a),
}


def leaves(device: str) -> dict[str, Any]:
    """Return three tracked leaves by their names."""
    import torch

    numbers = {"a": 2.0, "b": 3.0, "c": 2.0}
    return {
        name: torch.tensor(number, requires_grad=True, device=device)
        for name, number in numbers.items()
    }


def reach(answer: Any, program: str, leaf: str, *, device: str) -> Any:
    """Ask whether the result of one of `PROGRAMS` reaches a leaf."""
    by_name = leaves(device)
    said = call(answer, PROGRAMS[program](**by_name), by_name[leaf], device=device)
    return said if said is ... or isinstance(said, bool) else show(to_plain(said))


def description_of(answer: Any, numbers: list[float], scale: float, *, device: str) -> Any:
    """Ask for weights, and say what they hold and what they are in a graph."""
    import torch

    weights = call(answer, numbers, scale, device=device)
    if weights is ...:
        return weights
    if not isinstance(weights, torch.Tensor):
        raise NotAskable(f"Expected a torch tensor, got {show(to_plain(weights))}.")
    return {
        "numbers": weights.tolist(),
        "requires_grad": weights.requires_grad,
        "is_leaf": weights.is_leaf,
    }


def losses(
    answer: Any, x: list[float], slope: float, rate: float, rounds: int, *, device: str
) -> Any:
    """Train on points of a line through zero, and return the loss of each round."""
    import torch

    at = torch.tensor(x)
    seen = call(answer, at, slope * at, rate, rounds, device=device)
    if isinstance(seen, (list, tuple)):  # a loss kept as a tensor is the same number
        return [float(loss) if isinstance(loss, torch.Tensor) else loss for loss in seen]
    return seen


# --- a small engine, used rightly and wrongly ---------------------------------------------------------

_REFUSALS = {
    "does not require grad": "refused: untracked",
    "scalar outputs": "refused: more than one number",
    "a second time": "refused: a second time",
}

Make = Callable[..., Any]


def _walk(result: Any) -> str:
    """Walk back from a result, and say how that went."""
    try:
        result.backward()
    except RuntimeError as error:
        known = [said for part, said in _REFUSALS.items() if part in str(error)]
        return known[0] if known else f"RuntimeError: {error}"
    return "walked"


def _gradient(leaf: Any) -> Any:
    return None if leaf.grad is None else leaf.grad.tolist()


def _two_rounds(make: Make) -> dict[str, Any]:
    x = make(3.0, requires_grad=True)
    return {"first": _walk(x * x), "second": _walk(x * x + x), "x.grad": _gradient(x)}


def _one_in_brackets(make: Make) -> dict[str, Any]:
    x = make([[3.0]], requires_grad=True)
    return {"walk": _walk(x * x), "x.grad": _gradient(x)}


def _from_many(make: Make) -> dict[str, Any]:
    x = make([1.0, 2.0], requires_grad=True)
    return {"walk": _walk(x * 2), "x.grad": _gradient(x)}


def _from_untracked(make: Make) -> dict[str, Any]:
    x = make(3.0)
    return {"walk": _walk(x * x), "x.grad": _gradient(x)}


def _same_again(make: Make) -> dict[str, Any]:
    x = make(3.0, requires_grad=True)
    y = x * x
    return {"first": _walk(y), "second": _walk(y), "x.grad": _gradient(x)}


def _shared_part(make: Make) -> dict[str, Any]:
    x = make(3.0, requires_grad=True)
    shared = x * x
    y, z = shared * 2, shared * 3
    return {"from y": _walk(y), "from z": _walk(z), "x.grad": _gradient(x)}


SCENES: dict[str, Callable[[Make], dict[str, Any]]] = {
    "two rounds, each with a graph of its own": _two_rounds,
    "one number in two brackets": _one_in_brackets,
    "two numbers": _from_many,
    "untracked": _from_untracked,
    "the same y twice": _same_again,
    "y and z, made of one shared part": _shared_part,
}


def scene(answer: Any, name: str, *, device: str) -> Any:
    """Play one of `SCENES` with the class that was answered."""
    if answer is ...:
        return answer
    if not isinstance(answer, type):
        raise NotAskable(f"Expected the class itself, `MyTensor`, got {show(to_plain(answer))}.")
    _two_rounds(answer)  # where the gap is untouched, this says so
    return scene_with(answer, name)


def scene_with(make: Make, name: str) -> dict[str, Any]:
    """Play one of `SCENES` with an engine that makes tensors in this way."""
    return SCENES[name](make)
