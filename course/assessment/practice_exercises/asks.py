"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.runner import asks as common
from autograder.runner.asks import NotAskable
from autograder.runner.plain import show, to_plain

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "x ** 2": lambda x: x**2,
    "x ** 3 - 3 * x": lambda x: x**3 - 3 * x,
    "sin(2 * x)": lambda x: (2 * x).sin(),
}


def one_of_pair(answer: Any, points: list[float], *, place: int, names: str, device: str) -> Any:
    """Call the answer and return one of the two things that come back; `names` says what they are."""
    return _pair(common.call(answer, points, device=device), names)[place]


def wave(answer: Any, x: float, *, device: str) -> Any:
    """Ask the first of two functions for its value and its slope."""
    function, _ = answer
    return common.gradients(function, x, device=device)


def slopes(answer: Any, function: str, places: list[float], *, device: str) -> Any:
    """Ask the second of two functions for the slopes of one of `FUNCTIONS`."""
    _, slopes_at = answer
    found = common.call(slopes_at, FUNCTIONS[function], places, device=device)
    if found is ... or found is None:
        return found
    plain = to_plain(found)
    if hasattr(plain, "values"):
        return plain.values.tolist()
    if not isinstance(plain, list):
        raise NotAskable(f"Expected a list of slopes, got {show(plain)}.")
    return [common.number(item, device=device) for item in found]


def table(answer: Any, x: list[float], w1: Any, w2: Any, *, device: str) -> Any:
    """Call the answer with an input and two weight matrices; a list of rows counts as a table."""
    import torch

    rows = common.call_with_tensors(answer, x, w1, w2, device=device)
    if isinstance(rows, (list, tuple)) and all(isinstance(row, torch.Tensor) for row in rows):
        return torch.stack(list(rows))
    return rows


def drawing(answer: Any, function: str, places: list[float], *, device: str) -> Any:
    """Let one of `FUNCTIONS` be drawn, and return what stands on the axes."""
    if answer is ...:
        return answer
    if not callable(answer):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer))}.")
    return common.drawn(lambda: answer(FUNCTIONS[function], places), device=device)


def line(answer: Any, slope: float, offset: float, rate: float, rounds: int, *, device: str) -> Any:
    """Let a line be fitted to four points of another one, and return its w and b."""
    import torch

    x = torch.arange(4.0)
    pair = _pair(common.call(answer, x, slope * x + offset, rate, rounds, device=device), "w and b")
    return [common.number(item, device=device) for item in pair]


# --- a network, trained ---------------------------------------------------------------------------------


def beginning(seed: int) -> tuple[list[Any], Any, Any]:
    """Return the first weights, the inputs and the targets of a small network."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=shape) for shape in ((1, 6), (6,), (6, 1), (1,))]
    x = np.linspace(-2, 2, 16).reshape(16, 1)
    return weights, x, np.sin(2 * x)


def losses(answer: Any, seed: int, rate: float, rounds: int, *, device: str) -> Any:
    """Train with (engine, round of training), and return the loss of each round."""
    engine, one_round = answer
    if one_round is ...:
        return ...
    if not callable(one_round):
        raise NotAskable(f"Expected a function, got {show(to_plain(one_round))}.")
    weights, x, y = beginning(seed)
    parameters = [engine(array, requires_grad=True) for array in weights]
    data = engine(x), engine(y)
    return [one_round(parameters, *data, rate) for _ in range(rounds)]


def names(answer: Any, *, device: str) -> Any:
    """Return four names as they are, without the marks that people put around them."""
    plain = to_plain(answer)
    items = []
    for live, item in zip(answer, plain, strict=True):
        if live is ...:
            return ...
        if not isinstance(item, str):
            raise NotAskable(f'Write each name in quotation marks, as in "Node"; got {show(item)}.')
        items.append(item.strip().removeprefix("graph.").removesuffix("()"))
    return items


def _pair(found: Any, names: str) -> Any:
    if found is ...:
        return ..., ...
    if getattr(found, "shape", None) == (2,):  # two numbers side by side in one tensor
        found = list(found)
    if not (isinstance(found, (tuple, list)) and len(found) == 2):
        raise NotAskable(f"Expected two things, {names}; got {show(to_plain(found))}.")
    return found
