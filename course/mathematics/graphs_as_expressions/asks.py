"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, number
from autograder.runner.plain import PlainTensor, Unanswered, show, to_plain


def entry(answer: Any, *, name: str, device: str) -> Any:
    """Return one number of a table; a tensor of one element counts as a number."""
    if answer is ...:
        return answer
    if not isinstance(answer, dict) or name not in answer:
        raise NotAskable(f"Expected a table with an entry {name!r}, got {show(to_plain(answer))}.")
    return number(answer[name], device=device)


def node(answer: Any, *values: float, name: str, exponent: bool = False, device: str) -> Any:
    """Ask one of the functions for a node of numbers in the answer's own class.

    With `exponent` the last number stays a plain one.
    """
    if answer is ...:
        return answer
    nodes: list[Any] = [answer["MyTensor"](value) for value in values]
    if exponent:
        nodes[-1] = values[-1]
    result = answer[name](*nodes)
    if result is ...:
        return result
    if not (hasattr(result, "value") and hasattr(result, "slopes")):
        raise NotAskable(
            f"Expected a `MyTensor` with `.value` and `.slopes`, got {show(to_plain(result))}. Does "
            "the function end with `return MyTensor(...)`?"
        )
    if result.slopes is ...:
        return ...
    if not isinstance(result.parents, (tuple, list)):
        raise NotAskable(
            "Expected `.parents` to be a tuple of nodes. A single parent is written `(a,)`, with the comma."
        )
    slopes = result.slopes
    if isinstance(to_plain(slopes), PlainTensor) and to_plain(slopes).values.ndim == 1:
        slopes = list(slopes)
    if not isinstance(slopes, (tuple, list)):
        raise NotAskable(
            f"Expected `.slopes` to be a tuple, one slope for each parent, got "
            f"{show(to_plain(slopes))}. A single slope is written `(slope,)`, with the comma."
        )
    plain = [_plain_number(slope) for slope in slopes]
    if any(isinstance(slope, Unanswered) for slope in plain):
        return ...
    if len(plain) != len(result.parents):
        raise NotAskable(
            f"The node has {len(result.parents)} parents and {len(plain)} slopes. Each edge to a "
            "parent needs a slope of its own."
        )
    asked = nodes[:-1] if exponent else nodes
    if any(parent is not given for parent, given in zip(result.parents, asked, strict=False)):
        raise NotAskable(
            "The parents are not the nodes that the function got, in their order. The slopes stand in the "
            "order of the parents."
        )
    return {"value": _plain_number(result.value), "slopes": plain}


def _plain_number(live: Any) -> Any:
    if hasattr(live, "parents"):
        raise NotAskable(
            "A slope here is a node of the graph. Slopes are plain numbers: `a.value`, not `a`."
        )
    plain = to_plain(live)
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return plain
