"""Finds out the values inside a graph, of which autograd keeps only what backward will ask for.

This is the one file that looks into the nodes of the engines. A value is known if it is a leaf, the
output or a named tensor; if a node saved it; if a node of chalkgrad can be computed again from
known inputs; or if an input follows from a known result (x from x + y and y). Else it is not known,
and whoever draws says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkboard.graphs.numbers import plain_array

Array = NDArray[Any]

# What torch's nodes call the values of their inputs, by the place of the input.
_TORCH_INPUTS = (("self", "mat1", "tensor1"), ("other", "mat2", "vec", "target"), ("mat2",))
_TORCH_LINEAR = {"AddmmBackward0": {1: "mat1", 2: "mat2"}}
# What is moved without a change of values: the way back of a gradient is that of the values.
_MOVES = frozenset(
    {"view", "t", "transpose", "permute", "squeeze", "unsqueeze", "alias", "clone", "flip", "neg"}
)

# How to compute again what torch computed, for what a learner meets first.
_FORWARD_OF_TORCH: dict[str, Callable[..., Any]] = {
    "AddBackward0": lambda saved, x, y: x + y,
    "SubBackward0": lambda saved, x, y: x - y,
    "MulBackward0": lambda saved, x, y: x * y,
    "DivBackward0": lambda saved, x, y: x / y,
    "PowBackward0": lambda saved, x: x ** saved["number"],
    "NegBackward0": lambda saved, x: -x,
    "ExpBackward0": lambda saved, x: np.exp(x),
    "LogBackward0": lambda saved, x: np.log(x),
    "SqrtBackward0": lambda saved, x: np.sqrt(x),
    "SinBackward0": lambda saved, x: np.sin(x),
    "CosBackward0": lambda saved, x: np.cos(x),
    "TanhBackward0": lambda saved, x: np.tanh(x),
    "ReluBackward0": lambda saved, x: np.maximum(x, 0),
    "MmBackward0": lambda saved, x, y: x @ y,
    "MvBackward0": lambda saved, x, y: x @ y,
    "DotBackward0": lambda saved, x, y: x @ y,
    "TBackward0": lambda saved, x: x.T,
    "AddmmBackward0": lambda saved, bias, x, y: bias + x @ y,
    "SumBackward0": lambda saved, x: x.sum(),
    "MeanBackward0": lambda saved, x: x.mean(),
}


@dataclass(frozen=True)
class Values:
    """What is known: the result of each node, and inputs that need no gradient by node and place.

    `saved` has what each node kept itself.
    """

    results: dict[Any, Array] = field(default_factory=dict)
    constants: dict[tuple[Any, int], Array] = field(default_factory=dict)
    saved: dict[Any, Mapping[int | str, Any]] = field(default_factory=dict)

    def exponent(self, node: Any) -> float | None:
        """The exponent of a power to a number."""
        number = self.saved.get(node, {}).get("number")
        return float(number) if isinstance(number, (int, float)) else None

    def inputs(self, node: Any) -> list[Array | None]:
        """The values of all inputs of a node, as far as they are known."""
        return [
            self.constants.get((node, place)) if source is None else self._result(source, output)
            for place, (source, output) in enumerate(node.next_functions)
        ]

    def _result(self, source: Any, output: int) -> Array | None:
        return self.results.get(source) if output == 0 else None


def known_values(output: Any, nodes: Sequence[Any], tensors: Iterable[Any]) -> Values:
    """Everything that is known of the values in a graph; its nodes stand after their inputs.

    A leaf may have been changed since, by an optimizer's step say. What would be computed from it
    now is not what was computed then, and is not given unless it leads to what was measured.
    """
    values = Values()
    for tensor in (*tensors, output):
        if tensor.grad_fn is not None and place_among_results(tensor) == 0:
            values.results[tensor.grad_fn] = plain_array(tensor)
    seen = dict(values.results)
    for node in nodes:
        _note_saved(node, values)
    measured = dict(values.results)
    values.results.update(_confirmed(nodes, values) | measured)
    # A pass forward and a pass back may each make the other know more.
    known = -1
    while known < len(values.results) + len(values.constants):
        known = len(values.results) + len(values.constants)
        for node in nodes:
            if node not in values.results:
                _note_result(node, values)
        for node in reversed(nodes):
            _conclude_inputs(node, values)
    if all(_agrees(node, values, measured[node]) for node in nodes if node in measured):
        return values
    return Values(seen, {}, values.saved)  # a change that no counter has seen


def place_among_results(tensor: Any) -> int:
    """Which of the results of its node a tensor is: 0 for nearly all."""
    return getattr(tensor, "output_nr", getattr(getattr(tensor, "_node", None), "place", 0))


def shape_of(node: Any) -> tuple[int, ...] | None:
    """The shape of the result of a node, where the node itself knows it."""
    # torch's nodes describe their results, but not in public.
    described = getattr(node, "_input_metadata", None)
    return tuple(described[0].shape) if described else None


def is_of(saved: Any, tensor: Any) -> bool:
    """Whether what a node saved is the memory of this tensor, and not only equal to it."""
    if hasattr(saved, "data_ptr") and hasattr(tensor, "data_ptr"):
        return saved.data_ptr() == tensor.data_ptr() and saved.shape == tensor.shape
    return saved is not None and saved is getattr(tensor, "_array", None)


def _note_saved(node: Any, values: Values) -> None:
    if hasattr(node, "variable"):
        # Where it was changed, only who saved it before the change can tell what it was.
        if node.variable is not None and node.variable._version == 0:
            values.results[node] = plain_array(node.variable)
        return
    saved = _saved_by_chalkgrad(node) if hasattr(node, "pullback") else _saved_by_torch(node)
    values.saved[node] = saved
    for place, value in saved.items():
        if place == "out":
            values.results.setdefault(node, plain_array(value))
        elif isinstance(place, int):
            source, output = node.next_functions[place]
            if source is None:
                values.constants[node, place] = plain_array(value)
            elif output == 0:
                values.results.setdefault(source, plain_array(value))


def _saved_by_chalkgrad(node: Any) -> dict[int | str, Any]:
    """What a node saved: inputs by place, "out" for the result, parameters by name."""
    pullback, operation = node.pullback, node.pullback.operation
    if not node.saved:
        return {}
    saved = {}
    for spot, place in enumerate(pullback.needs):
        counter, count = node.saved[pullback.counters[spot] :][:2]
        if counter is None or counter[0] == count:  # else it was changed in place since
            saved[place] = node.saved[spot]
    if hasattr(operation, "names"):
        inputs = getattr(operation, "inputs", 0)
        return {
            place if place < inputs else operation.names[place]: value
            for place, value in saved.items()
        }
    count = len(pullback.inputs)  # a custom function, of whose results only a single one is told
    return {
        place if place < count else "out": value
        for place, value in saved.items()
        if value is not None and (place < count or (place == count and len(pullback.outputs) == 1))
    }


def _saved_by_torch(node: Any) -> dict[int | str, Any]:
    saved: dict[int | str, Any] = {}
    function = node.name()
    places = _TORCH_LINEAR.get(function)
    for place in range(len(node.next_functions)):
        candidates = (
            _TORCH_INPUTS[min(place, 2)] if places is None else filter(None, [places.get(place)])
        )
        found = (_torch_value(node, name) for name in candidates)
        value = next((each for each in found if hasattr(each, "detach")), None)
        if value is not None:
            saved[place] = value
    result = _torch_value(node, "result")
    if hasattr(result, "detach"):
        saved["out"] = result
    exponent = _torch_value(node, "exponent")
    if isinstance(exponent, (int, float)):
        saved["number"] = exponent
    return saved


def _torch_value(node: Any, name: str) -> Any:
    try:
        return getattr(node, f"_saved_{name}", None)
    except RuntimeError:  # freed by a backward
        return None


def _note_result(node: Any, values: Values) -> None:
    """Compute a node again, if it has inputs and all that it takes is known."""
    result = _computed_again(node, values)
    if result is not None:
        values.results[node] = result


def _confirmed(nodes: Sequence[Any], values: Values) -> dict[Any, Array]:
    """What follows from the leaves as they are now, as far as it leads to a value that is known."""
    leaves = {node: node.variable for node in nodes if hasattr(node, "variable")}
    now = Values(
        {node: plain_array(leaf) for node, leaf in leaves.items() if leaf is not None},
        values.constants,
        values.saved,
    )
    for node in nodes:
        _note_result(node, now)
    confirmed: dict[Any, Array] = {}
    waiting = [
        node for node in nodes if node in now.results and node.next_functions
        and node in values.results and _agree(now.results[node], values.results[node])
    ]  # fmt: skip
    while waiting:
        node = waiting.pop()
        if node not in confirmed and node in now.results:
            confirmed[node] = now.results[node]
            waiting += [source for source, _ in node.next_functions if source is not None]
    return confirmed


def _agrees(node: Any, values: Values, measured: Array) -> bool:
    """Whether a value is what its inputs give, as far as they are known."""
    again = _computed_again(node, values)
    return again is None or _agree(again, measured)


def _agree(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-6, equal_nan=True))


def _computed_again(node: Any, values: Values) -> Array | None:
    """The result of a node from its inputs, if all that it takes is known."""
    inputs = values.inputs(node)
    forward = _forward_of(node, values.saved.get(node, {})) if inputs else None
    if forward is None or any(each is None for each in inputs):
        return None
    try:
        with np.errstate(all="ignore"):
            result = forward(inputs)
    except Exception:  # a picture with a value that is not known is better than none
        return None
    return None if isinstance(result, list) else np.asarray(result)


def _forward_of(node: Any, saved: Mapping[int | str, Any]) -> Callable[[Any], Any] | None:
    """The operation of a node as a function of a list of arrays, if it is known."""
    operation = getattr(getattr(node, "pullback", None), "operation", None)
    if operation is None:
        known = _FORWARD_OF_TORCH.get(node.name())
        has_factor = any(getattr(node, f"_saved_{name}", 1) != 1 for name in ("alpha", "beta"))
        return None if known is None or has_factor else lambda inputs: known(saved, *inputs)
    if not hasattr(operation, "forward"):
        return None
    names, defaults = getattr(operation, "parameters", operation.names), _defaults_of(operation)
    if any(name not in saved and name not in defaults for name in names):
        return None
    parameters = [saved.get(name, defaults.get(name)) for name in names]
    if not hasattr(operation, "inputs"):  # it takes a list
        return lambda inputs: operation.forward(inputs, *parameters)
    return lambda inputs: operation.forward(*inputs, *parameters)


def _defaults_of(operation: Any) -> Mapping[str, Any]:
    return getattr(operation, "defaults", {})


def _conclude_inputs(node: Any, values: Values) -> None:
    """Conclude an input from the result, for sums, differences, products and moves."""
    result = values.results.get(node)
    if result is None:
        return
    inputs = values.inputs(node)
    unknown = [place for place, each in enumerate(inputs) if each is None]
    # After broadcasting, which stands between two nodes, the value before it cannot be told.
    if len(unknown) != 1 or not all(hasattr(each, "name") for each in getattr(node, "parents", ())):
        return
    value = _concluded(node, inputs, result)
    if value is None:
        return
    source, output = node.next_functions[unknown[0]]
    if source is None:
        values.constants[node, unknown[0]] = _as_number(value)
    elif output == 0:
        values.results[source] = value


def _concluded(node: Any, inputs: Sequence[Array | None], result: Array) -> Array | None:
    if len(inputs) == 1:
        operation = getattr(getattr(node, "pullback", None), "operation", None)
        is_move = getattr(operation, "name", "") in _MOVES
        return np.asarray(node.pull(result, node.saved)[0]) if is_move else None
    other = next((each for each in inputs if each is not None), None)
    if other is None or other.shape != result.shape or getattr(node, "_saved_alpha", 1) != 1:
        return None
    with np.errstate(all="ignore"):
        match node.name():
            case "AddBackward0":
                value = result - other
            case "SubBackward0":
                value = other - result if inputs[1] is None else result + other
            case "MulBackward0" if np.all(other != 0):
                value = result / other
            case _:
                return None
    return np.asarray(value)


def _as_number(constant: Array) -> Array:
    """One number, where it may as well have been one: x + 3 gives a 3 for each element of x."""
    first = constant.flat[0] if constant.size else constant
    return np.asarray(first) if np.allclose(constant, first, rtol=1e-5) else constant
