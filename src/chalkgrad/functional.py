"""Derivatives of functions: products with the Jacobian, the Jacobian whole, and checks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chalkgrad.autograd import grad, set_grad_enabled, several
from chalkgrad.functions import cat, stack
from chalkgrad.graph import Edge, Output, _released
from chalkgrad.rules.shaping import convert, expand
from chalkgrad.tensor import Tensor, node_of, wrap

Function = Callable[..., Any]


def vjp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """Return the outputs, and the product of `v` with the Jacobian: one gradient per input."""
    leaves, outputs = _called(func, inputs, create_graph)
    weights = _weights(v, several(outputs), "the function returns")
    found = _gradients(several(outputs), leaves, weights, create_graph)
    return _like(outputs, outputs, create_graph), _like(inputs, found, create_graph)


def jvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """Return the outputs, and the product of the Jacobian with `v`: one tangent per output.

    This is forward mode: what the function has recorded is walked once, inputs first, and each node
    turns the tangents of its inputs into that of its result.
    """
    leaves, outputs = _called(func, inputs, create_graph)
    tangents = dict(zip(map(node_of, leaves), _weights(v, leaves, "its input is"), strict=True))
    recorded, waiting = set(), [node_of(each) for each in several(outputs) if each.requires_grad]
    while waiting:
        node = waiting.pop()
        if node not in recorded and node not in tangents:
            recorded.add(node)
            waiting += node.parents
    with set_grad_enabled(create_graph):
        for node in sorted(recorded, key=lambda node: -node.number):
            arriving = [tangents.get(parent) for parent in node.parents]
            if any(each is not None for each in arriving):
                tangents[node] = _pushed(node, arriving)
    found = [tangents.get(node_of(each), _zeros(each)) for each in several(outputs)]
    return _like(outputs, outputs, create_graph), _like(outputs, found, create_graph)


def _pushed(node: Any, arriving: Sequence[Any]) -> Any:
    """Return the tangent of the result of a node."""
    if isinstance(node, Edge):
        return convert(expand(arriving[0], node.used[0]), node.used[1])
    if isinstance(node, Output):
        return arriving[0][node.place]
    tangent = next(each for each in arriving if each is not None)
    return node.push(arriving, _released(node, tangent, retain=True, create=True))


def jacobian(func: Function, inputs: Any, create_graph: bool = False) -> Any:
    """Return the derivative of each output element by each input element, row by row.

    For an output of shape S and an input of shape T it has shape S + T.
    """
    leaves, outputs = _called(func, inputs, create_graph)
    blocks = []
    for output in several(outputs):
        rows = [_gradients([output], leaves, [unit], create_graph) for unit in _units(output)]
        columns = [stack(column) for column in zip(*rows, strict=True)]
        shaped = [each.view((*output.shape, *each.shape[1:])) for each in columns]
        blocks.append(_like(inputs, shaped, create_graph))
    return blocks[0] if isinstance(outputs, Tensor) else tuple(blocks)


def hessian(func: Function, inputs: Any, create_graph: bool = False) -> Any:
    """Return the second derivatives of a function with one number as its result."""

    def single(*values: Tensor) -> Tensor:
        output = func(*values)
        if not isinstance(output, Tensor) or output.numel() != 1:
            raise RuntimeError("hessian() takes a function that returns a single number.")
        return output.squeeze()

    found = jacobian(lambda *values: jacobian(single, values, True), inputs, create_graph)
    return found[0] if isinstance(inputs, Tensor) else found


def _called(func: Function, inputs: Any, create_graph: bool) -> tuple[tuple[Tensor, ...], Any]:
    """Return the inputs as leaves, or in their graph if that is to be extended, and the outputs."""
    if not all(isinstance(x, Tensor) for x in several(inputs)):
        raise TypeError("The inputs must be either a Tensor or a tuple of Tensors")
    leaves = tuple(
        x.view(x.shape) if create_graph and x.requires_grad else x.detach().requires_grad_()
        for x in several(inputs)
    )
    return leaves, func(*leaves)


def _weights(v: Any, values: tuple[Tensor, ...], which: str) -> tuple[Tensor, ...]:
    """Return `v` as a tuple of tensors of the shapes of the values; a single number needs none."""
    if v is None and (len(values) != 1 or values[0].numel() != 1):
        raise RuntimeError(f"v can be left out only if {which} a single number.")
    weights = (_zeros(values[0]) + 1,) if v is None else several(v)
    if [each.shape for each in values] != [each.shape for each in weights]:
        raise RuntimeError(f"v must have the same shape as what {which}.")
    return weights


def _gradients(outputs: Any, leaves: Any, weights: Any, create_graph: bool) -> tuple[Any, ...]:
    """Return the gradients at the leaves, zeros where there is no path."""
    pairs = [pair for pair in zip(outputs, weights, strict=True) if pair[0].requires_grad]
    if not pairs:
        return tuple(map(_zeros, leaves))
    ends, seeds = zip(*pairs, strict=True)
    return grad(ends, leaves, seeds, True, create_graph, materialize_grads=True)


def _like(sample: Any, values: Any, create_graph: bool) -> Any:
    """Return one tensor or several as in the sample, within their graph or not."""
    values = tuple(each if create_graph else each.detach() for each in several(values))
    return values[0] if isinstance(sample, Tensor) else values


def _zeros(tensor: Tensor) -> Tensor:
    return wrap(np.zeros_like(tensor._array))


def _units(output: Tensor) -> list[Tensor]:
    """Return for each element a tensor that is 1 there and 0 elsewhere."""
    size = output.numel()
    return [wrap(unit) for unit in np.eye(size).reshape(size, *output.shape)]


def gradcheck(
    func: Function, inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:  # fmt: skip
    """Compare all Jacobians with central differences, (f(x + eps) - f(x - eps)) / (2 eps).

    The inputs that require grad should be float64: in float32 the differences drown in rounding.
    """
    leaves = _tracked(several(inputs))
    if not leaves:
        raise ValueError("gradcheck() needs an input that requires grad.")

    def all_outputs() -> Tensor:
        found = several(func(*several(inputs)))
        return cat([each.reshape(-1) for each in _tracked(found) or found])

    for which, leaf in enumerate(leaves):
        output, numerical = all_outputs(), []
        rows = [_gradients([output], [leaf], [unit], False)[0] for unit in _units(output)]
        analytical = np.array([row.numpy().ravel() for row in rows]).T
        elements = leaf.detach().numpy().flat
        for place, value in enumerate([*elements]):
            around = []
            for elements[place] in (value + eps, value - eps):
                around.append(all_outputs().detach().numpy())
            elements[place] = value
            numerical.append((around[0] - around[1]) / (2 * eps))
        if not np.allclose(analytical, numerical, rtol, atol):
            if not raise_exception:
                return False
            raise RuntimeError(f"By input {which}: numerical {numerical}, analytical {analytical}")
    return True


def _tracked(values: Sequence[Any]) -> list[Tensor]:
    return [each for each in values if isinstance(each, Tensor) and each.requires_grad]


def gradgradcheck(func: Function, inputs: Any, grad_outputs: Any = None, **options: Any) -> bool:
    """Compare second derivatives with central differences of the first."""
    inputs = several(inputs)
    ends, random = _tracked(several(func(*inputs))), np.random.default_rng(0)
    if grad_outputs is None:
        grad_outputs = [wrap(random.normal(size=each.shape)).requires_grad_() for each in ends]

    def gradients(*values: Any) -> tuple[Any, ...]:
        sources, seeds = values[: len(inputs)], values[len(inputs) :]
        ends = _tracked(several(func(*sources)))
        found = grad(ends, _tracked(sources), seeds, create_graph=True, allow_unused=True)
        return tuple(each for each in found if each is not None)

    return gradcheck(gradients, (*inputs, *several(grad_outputs)), **options)
