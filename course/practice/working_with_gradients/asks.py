"""How the answers of this lesson are put to use.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner import asks as common
from autograder.runner.asks import NotAskable
from autograder.runner.plain import PlainTensor, show, to_plain


def polynomial(x: Any) -> Any:
    """Return (x - 3)(x - 6)(x - 4), the function `f` of this lesson."""
    return (x - 3) * (x - 6) * (x - 4)


def batch_loss(w: Any, data: Any) -> Any:
    """Return how far w times each data point is from 1, squared and added up."""
    return ((w * data - 1) ** 2).sum()


def side(answer: Any, *, device: str) -> Any:
    """Describe the leaf of (side, area, slope): a number of any precision."""
    tensor = _three(answer)[0]
    found = common.description(tensor, device=device)
    if found is ...:
        return found
    kind = {"number": _number(tensor), "is_floating_point": tensor.is_floating_point()}
    return kind | {key: found[key] for key in ("requires_grad", "is_leaf")}


def area(answer: Any, *, device: str) -> Any:
    """Say the number of the area, of which kind it is, and what it is in the graph."""
    tensor = _three(answer)[1]
    found = common.description(tensor, device=device)
    if found is ...:
        return found
    return {
        "number": _number(tensor),
        "is_floating_point": tensor.is_floating_point(),
        "requires_grad": found["requires_grad"],
        "is_leaf": found["is_leaf"],
    }


def side_slope(answer: Any, *, device: str) -> Any:
    """Return the slope of (side, area, slope) as a number, where the side can have one."""
    leaf, _, slope = _three(answer)
    if leaf is not ... and not getattr(leaf, "requires_grad", False):
        raise NotAskable("The side is not tracked, so no slope can stand on it.")
    return _number(slope)


def line_drawn(answer: Any, *, device: str) -> Any:
    """Return how many points the last line has that the answer draws, and its x and y."""
    picture = common.drawn(answer, device=device)
    if picture is ...:
        return picture
    if not picture["lines"]:
        raise NotAskable(
            "There are axes, and no line on them. Was it drawn on other axes, or as points?"
        )
    if len(picture["lines"]) > 1:
        raise NotAskable(f"Expected one line, got {len(picture['lines'])} of them.")
    x, y = picture["lines"][-1]
    return {"number of points": len(x), "x": x, "slope": y}


def axes_named(answer: Any, *, device: str) -> Any:
    """Say whether each of the axes of what the answer draws has a name."""
    picture = common.drawn(answer, device=device)
    if picture is ...:
        return picture
    return {
        # seaborn takes `None` for the name of what has none.
        f"the {side} axis has a name": picture[f"{side} label"].strip() not in ("", "None")
        for side in ("x", "y")
    }


def part_by_part(answer: Any, parts: list[list[float]], *, device: str) -> Any:
    """Call the answer with a list of tensors; a tensor of one element counts as a number."""
    tensors = [common.make_tensor(part, "torch", device) for part in parts]
    return _number(common.call(answer, tensors, device=device))


def grads_on_leaves(
    answer: Any, values: dict[str, float], programs: list[str], *, device: str
) -> Any:
    """Let the answer walk back from each program, and return `.grad` of everything.

    `values` with a capital letter are not tracked. A program is one line, as "a = x * x".
    """
    make, add_to_leaves = _class_and_function(answer)
    leaves = {name: make(value, requires_grad=name.islower()) for name, value in values.items()}
    results = {}
    for line in programs:
        name, _, right = line.partition(" = ")
        results[name] = eval(right, {}, leaves | results)
        add_to_leaves(results[name])
    nodes = leaves | results
    return {f"{name}.grad": _number(node.grad) for name, node in nodes.items()}


def result_made(answer: Any, tracked: list[bool], is_recording: bool, *, device: str) -> Any:
    """Let the answer make the product of a 3 and a 5, tracked or not, and describe it."""
    make, tracked_result = _class_and_function(answer)
    parents = tuple(
        make(value, requires_grad=it) for value, it in zip((3.0, 5.0), tracked, strict=True)
    )
    node = tracked_result(15.0, parents, _no_pull, "mul", is_recording)
    if node is ...:
        return node
    if not hasattr(node, "requires_grad"):
        raise NotAskable(f"Expected a MyTensor, got {show(to_plain(node))}.")
    flag = node.requires_grad
    return {
        "value": _number(node.value),
        "requires_grad": bool(flag) if isinstance(flag, int) else flag,
        "parents": [_number(parent.value) for parent in node.parents],
        "pull is kept": node.pull is _no_pull,
        "operation": node.operation,
    }


def _no_pull(upstream: Any) -> Any:
    return upstream, upstream


def _three(answer: Any) -> Any:
    if not (isinstance(answer, (tuple, list)) and len(answer) == 3):
        raise NotAskable(f"Expected side, area and slope, got {show(to_plain(answer))}.")
    return answer


def _class_and_function(answer: Any) -> Any:
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise NotAskable("Expected the class and your function: run the check cell as it came.")
    if not callable(answer[1]):
        raise NotAskable(f"Expected a function, got {show(to_plain(answer[1]))}.")
    return answer


def _number(live: Any) -> Any:
    """Make a Python number of what holds one, and leave everything else alone."""
    plain = to_plain(live)
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return live
