"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call
from autograder.runner.plain import PlainTensor, show, to_plain


def sequence(answer: Any, *inputs: Any, device: str) -> Any:
    """Call the answer with tuples of numbers, and return a list, whatever kind of row it gave."""
    result = call(answer, *map(tuple, inputs), device=device)
    plain = to_plain(result)
    return plain.values.tolist() if isinstance(plain, PlainTensor) else result


def cell(answer: Any, case: dict[str, Any], *, device: str) -> Any:
    """Call the answer with an index, strides and a start; the start is left out where it is 0."""
    start = (case["start"],) if case["start"] else ()
    return call(answer, tuple(case["index"]), tuple(case["strides"]), *start, device=device)


def joined(answer: Any, case: dict[str, Any], *, device: str) -> Any:
    """Call the answer with a shape and strides, and return True or False."""
    result = call(answer, tuple(case["shape"]), tuple(case["strides"]), device=device)
    if result is None:
        raise NotAskable("Expected True or False, got None. Does each way end with a `return`?")
    return result


def layout(answer: Any, rows: int, columns: int, *, device: str) -> Any:
    """Give the answer a matrix of 0, 1, 2, …, and return the entries and strides of its result."""
    import torch

    matrix = torch.arange(float(rows * columns), device=device).reshape(rows, columns)
    result = call(answer, matrix, device=device)
    if result is ...:
        return result
    if not isinstance(result, torch.Tensor):
        raise NotAskable(f"Expected a torch tensor, got {show(to_plain(result))}.")
    return {"entries": result, "strides": list(result.stride())}


def table(answer: Any, *, device: str) -> Any:
    """Return a table of numbers as a list of rows, also where it was given as a tensor."""
    plain = to_plain(answer)
    rows = plain.values.tolist() if isinstance(plain, PlainTensor) else plain
    if isinstance(rows, list):
        rows = [row.values.tolist() if isinstance(row, PlainTensor) else row for row in rows]
    if isinstance(rows, list) and rows and not any(isinstance(row, list) for row in rows):
        raise NotAskable(
            f"Expected a list of rows, each of them a list, as in [[1, 2], [3, 4]], got {show(rows)}."
        )
    return rows
