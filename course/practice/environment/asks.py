"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer. A place is "here", the device that is
asked about, "cpu", or "meta", which exists on every machine and holds no numbers.
"""

from __future__ import annotations

from typing import Any, Literal

from autograder.runner.asks import NotAskable, call, number
from autograder.runner.plain import show, to_plain

Place = Literal["here", "cpu", "meta"]


def chosen_device(answer: Any, found: str | None, *, device: str) -> Any:
    """Call the answer with what torch found, an accelerator or None, and name what it chose."""
    import torch

    chosen = call(answer, None if found is None else torch.device(found), device=device)
    name = str(chosen) if isinstance(chosen, torch.device) else chosen
    return name.removesuffix(":0") if isinstance(name, str) else name  # "cpu:0" is the CPU


def together(
    answer: Any,
    left: list[float],
    right: list[float],
    *,
    places: tuple[Place, Place],
    device: str,
) -> Any:
    """Call the answer with two tensors, each at its place, and say what comes back, and where."""
    import torch

    tensors = [
        torch.tensor(numbers, device=device if place == "here" else place)
        for numbers, place in zip((left, right), places, strict=True)
    ]
    return described(call(answer, *tensors, device=device), device=device)


def leaf_at(answer: Any, numbers: list[float], *, place: Place, device: str) -> Any:
    """Call the answer with numbers and a device, and say what the tensor is in a graph."""
    tensor = call(answer, numbers, device if place == "here" else place, device=device)
    said = described(tensor, device=device)
    if said is ...:
        return said
    return {**said, "requires_grad": tensor.requires_grad, "is_leaf": tensor.is_leaf}


def gradient_at(answer: Any, numbers: list[float], *, device: str) -> Any:
    """Call the answer, go backward from the sum of the squares, and return what the tensor kept."""
    tensor = call(answer, numbers, device, device=device)
    if tensor is ... or described(tensor, device=device) is ...:
        return ...
    (tensor * tensor).sum().backward()
    if tensor.grad is None:
        raise NotAskable("After backward, the `.grad` of this tensor is None: it is no leaf.")
    return tensor.grad


def shortest_of(answer: Any, durations: list[int], *, device: str) -> Any:
    """Let the answer time a `run` that takes these times, by a clock that only `run` moves."""
    return number(_timed(answer, durations, device)["result"], device=device)


def calls_of(answer: Any, durations: list[int], *, device: str) -> Any:
    """Return how often the answer calls `run` when it is told to do so once for each duration."""
    timed = _timed(answer, durations, device)
    return ... if timed["result"] is ... else timed["calls"]


def _timed(answer: Any, durations: list[int], device: str) -> dict[str, Any]:
    time = 100  # a clock shows something before one begins
    calls = 0

    def run() -> None:
        nonlocal time, calls
        time += durations[calls % len(durations)]
        calls += 1

    result = call(answer, run, lambda: time, len(durations), device=device)
    return {"result": result, "calls": calls}


def described(tensor: Any, *, device: str) -> Any:
    """Say on which device a tensor is, its shape, and its numbers where it holds any."""
    import torch

    if tensor is ...:
        return tensor
    if not isinstance(tensor, torch.Tensor):
        raise NotAskable(f"Expected a torch tensor, got {show(to_plain(tensor))}.")
    place = tensor.device.type
    numbers = "none" if place == "meta" else tensor.detach().tolist()
    return {"device": place, "shape": str(list(tensor.shape)), "numbers": numbers}
