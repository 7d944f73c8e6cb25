"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call, make_tensor
from autograder.runner.plain import PlainTensor, show, to_plain


def on_two(answer: Any, two: list[Any], *, device: str) -> Any:
    """Call the answer with two tensors that belong together."""
    return call(answer, *(make_tensor(item, "torch", device) for item in two), device=device)


def refuses(answer: Any, two: list[Any], *, device: str) -> Any:
    """Say whether the answer raises an error of any kind for these two tensors."""
    try:
        result = on_two(answer, two, device=device)
    except NotAskable:
        raise
    except Exception as error:
        if "ellipsis" in str(error):
            raise
        return "an error"
    if isinstance(result, Exception):
        return "an error that is returned, and not raised"
    if result is None:
        return "no error, and nothing returned"
    return result if result is ... else "no error"


def leaf_like(answer: Any, numbers: list[float], dtype: str, *, place: str, device: str) -> Any:
    """Ask for a leaf beside a tensor on `place` ("here" is the device), and describe it."""
    import torch

    other = torch.zeros(1, dtype=getattr(torch, dtype), device=device if place == "here" else place)
    leaf = call(answer, numbers, other, device=device)
    if leaf is ...:
        return leaf
    if not isinstance(leaf, torch.Tensor):
        raise NotAskable(f"Expected a torch tensor, got {show(to_plain(leaf))}.")
    return {
        "device": leaf.device.type,
        "dtype": str(leaf.dtype),
        "requires_grad": leaf.requires_grad,
        "is_leaf": leaf.is_leaf,
        "shape": list(leaf.shape),
        "numbers": None if leaf.is_meta else leaf.tolist(),
    }


def snapshot_then_step(answer: Any, numbers: list[float], *, device: str) -> Any:
    """Take a snapshot, change the weights in place, and return the snapshot."""
    weights, kept = _weights_and_snapshot(answer, numbers)
    if kept is not ...:
        _add_one(weights)
    return kept


def weights_after_writing(answer: Any, numbers: list[float], *, device: str) -> Any:
    """Take a snapshot, write into it, and return the weights."""
    weights, kept = _weights_and_snapshot(answer, numbers)
    if kept is ...:
        return kept
    plain = to_plain(kept)
    if not isinstance(plain, PlainTensor) or plain.library != "numpy":
        raise NotAskable(f"Expected a NumPy array, got {show(plain)}.")
    kept[...] = 99
    return weights.tolist()


def _weights_and_snapshot(answer: Any, numbers: list[float]) -> Any:
    import torch

    # On the host whatever the device: arrays live there.
    weights = torch.tensor(numbers, requires_grad=True)
    return weights, call(answer, weights, device="cpu")


def _add_one(weights: Any) -> None:
    import torch

    with torch.no_grad():
        weights.add_(1)
