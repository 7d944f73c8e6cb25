"""How the answers of this lesson are put to use.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner import asks as common
from autograder.runner.asks import NotAskable
from autograder.runner.plain import PlainTensor, show, to_plain


def network(x11: Any, x21: Any, w: Any = (5.0, -3.0, 2.0, 2.0, 4.0, 3.0)) -> dict[str, Any]:
    """Return the nodes of the lesson's graph by their names, with the weights in its order."""
    x12 = w[0] * x11 + w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    return {"x11": x11, "x21": x21, "x12": x12, "x22": x22, "y": w[4] * x12 + w[5] * x22}


def entry(answer: Any, *, place: int, device: str) -> Any:
    """Return one of several numbers."""
    if not isinstance(answer, (list, tuple)):
        raise NotAskable(f"Expected several numbers, got {show(to_plain(answer))}.")
    return number_of(answer[place])


def edges(answer: Any, *, device: str) -> Any:
    """Return the edges of a graph, as the ask of all sections does, without regard to case."""
    pairs = to_plain(answer)
    if isinstance(pairs, list) and all(isinstance(pair, list) for pair in pairs):
        pairs = [[it.lower() if isinstance(it, str) else it for it in pair] for pair in pairs]
    return common.edges(answer if answer is ... else pairs, device=device)


def numbers(answer: Any, *inputs: float, count: int, device: str) -> Any:
    """Call the answer, and return the numbers that it gives: in a list, or in one tensor."""
    result = common.call(answer, *inputs, device=device)
    if result is ...:
        return result
    if isinstance(result, tuple) and len(result) == 1:
        result = result[0]  # as torch.autograd.grad gives it
    plain = to_plain(result)
    if isinstance(plain, PlainTensor):
        found = plain.values.ravel().tolist()
    elif isinstance(result, (list, tuple)):
        found = [number_of(item) for item in result]
    else:
        raise NotAskable(
            f"Expected {count} gradients, in a tensor or a list, got {show(plain)}. "
            "Is a `return` missing, or was nothing kept?"
        )
    if len(found) != count:
        raise NotAskable(f"Expected {count} gradients, got {len(found)} of them.")
    return found


def paths(answer: Any, values: dict[str, float], line: str, *, device: str) -> Any:
    """Let the answer list what the paths bring from the node that a line makes back to x."""
    if not (isinstance(answer, tuple) and len(answer) == 2):
        raise NotAskable("Expected the class and your function: run the check cell as it came.")
    make, path_products = answer
    leaves = {name: make(value) for name, value in values.items()}
    found = path_products(_made_by(line, leaves), leaves["x"])
    if found is ...:
        return found
    if found is None:
        raise NotAskable("Expected a list, got None. Is the `return` at the end missing?")
    if not isinstance(found, (list, tuple)):
        raise NotAskable(
            f"Expected a list with a number for each path, got {show(to_plain(found))}."
        )
    if any(isinstance(item, (list, tuple)) for item in found):
        raise NotAskable(
            "There is a list inside the list. `append` puts a parent's list in as one thing; `+=` puts "
            "its numbers at the end."
        )
    products = [number_of(item) for item in found]
    return {"number of paths": len(products), "their sum": sum(products)}


def _made_by(line: str, values: dict[str, Any]) -> Any:
    """Return what a line such as "y = x * x" makes, or the output of `network` for "y of ..."."""
    if line == THE_NETWORK:
        return network(values["x"], values["z"])["y"]
    names = dict(values)
    for step in line.split("; "):
        exec(step, {}, names)
    return names["y"]


THE_NETWORK = "the lesson's graph, with x for x11 and z for x21"


def run(line: str, values: dict[str, Any]) -> Any:
    """Return what a program of `paths` makes of these values, in whichever engine they are."""
    return _made_by(line, values)


def number_of(live: Any) -> Any:
    """Make a Python number of what holds one, and leave everything else alone."""
    plain = to_plain(live)
    if isinstance(plain, PlainTensor) and plain.values.size == 1:
        return plain.values.item()
    return live
