"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call, number
from autograder.runner.plain import PlainTensor, Unanswered, show, to_plain


def letters(answer: Any, *, device: str) -> Any:
    """Return a list of letters, or a text of letters, as one text in capitals: "BAC"."""
    if answer is ...:
        return answer
    plain = to_plain(answer)
    items = list(plain) if isinstance(plain, (str, list)) else [plain]
    if not all(isinstance(item, str) for item in items):
        raise NotAskable(f'Expected a list of letters, as in ["G", "E", "A"], got {show(plain)}.')
    return "".join(letter for letter in "".join(items).upper() if letter.isalpha())


def one_of_two(answer: Any, *, place: int, device: str) -> Any:
    """Return one of two numbers; a tensor of one element counts as a number."""
    first, second = answer
    if first is ... or second is ...:
        return ...
    chosen = (first, second)[place]
    if isinstance(chosen, (list, tuple)) and len(chosen) == 1:  # as torch.autograd.grad gives it
        (chosen,) = chosen
    return number(chosen, device=device)


def places(answer: Any, *, device: str) -> Any:
    """Return the numbers of a list, tuple or tensor, sorted; one number counts as a list."""
    plain = to_plain(answer)
    if isinstance(plain, Unanswered):
        return answer
    if isinstance(plain, PlainTensor):
        plain = plain.values.ravel().tolist()
    items = plain if isinstance(plain, list) else [plain]
    numbers = [number(item, device=device) for item in items]
    if not all(isinstance(item, (int, float)) for item in numbers):
        raise NotAskable(f"Expected a list of numbers, got {show(plain)}.")
    return sorted({round(float(item), 6) for item in numbers})


def fitted(
    answer: Any, slope: float, offset: float, rate: float, rounds: int, *, device: str
) -> Any:
    """Let a line be fitted to four points of another one, and return the losses."""
    import torch

    x = torch.arange(4.0)
    seen = call(answer, x, slope * x + offset, rate, rounds, device=device)
    if isinstance(seen, (list, tuple)):  # a loss kept as a tensor is the same number
        return [float(loss) if isinstance(loss, torch.Tensor) else loss for loss in seen]
    return seen
