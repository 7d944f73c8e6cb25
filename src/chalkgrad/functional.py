"""Derivatives of functions: both products with the Jacobian, the Jacobian whole, and checks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chalkgrad import errors
from chalkgrad.autograd import grad
from chalkgrad.graph import AccumulateGrad, Edge, Output
from chalkgrad.operation import Pullback
from chalkgrad.rules.shaping import expand
from chalkgrad.tensor import Tensor, node_of, wrap

Tensors = Tensor | tuple[Tensor, ...]


def _several(values: Any) -> tuple[Any, ...]:
    return tuple(values) if isinstance(values, (tuple, list)) else (values,)


def _called(func: Callable[..., Any], inputs: Any, keep_graph: bool = False) -> Any:
    """Return the inputs as leaves (or at their places in the graph), and the outputs."""
    leaves = tuple(
        each.view_as(each) if keep_graph and each.requires_grad else each.detach().requires_grad_()
        for each in _several(inputs)
    )
    return leaves, func(*leaves)


def _seeds(outputs: Any, v: Any, what: str) -> tuple[Tensor, ...]:
    outputs = _several(outputs)
    if v is None:
        if len(outputs) != 1 or outputs[0].numel() != 1:
            raise RuntimeError(f"The vector v can only be None if the {what}.")
        return (wrap(np.ones_like(outputs[0]._array)),)
    for place, (output, each) in enumerate(zip(outputs, _several(v), strict=True)):
        if output.shape != each.shape:
            raise RuntimeError(f"Entry {place} in the v tuple has invalid size: should be "
                               f"{output.shape} but got {each.shape}.")  # fmt: skip
    return _several(v)


def _like(sample: Any, values: Sequence[Any]) -> Any:
    return tuple(values) if isinstance(sample, (tuple, list)) else values[0]


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> Any:
    """Return the outputs, and the product of `v` with the Jacobian: one gradient per input."""
    leaves, outputs = _called(func, inputs, create_graph)
    seeds = _seeds(outputs, v, "user-provided function returns a single Tensor with a single element")
    tracked = [(out, seed) for out, seed in zip(_several(outputs), seeds, strict=True) if out.requires_grad]
    if tracked:
        ends, seeds = zip(*tracked, strict=True)
        found = grad(ends, leaves, seeds, create_graph=create_graph, allow_unused=True)
    else:
        found = (None,) * len(leaves)
    found = [wrap(np.zeros_like(x._array)) if g is None else g for x, g in zip(leaves, found, strict=True)]
    return _detached(outputs, create_graph), _like(inputs, found)


def _detached(outputs: Any, create_graph: bool) -> Any:
    if create_graph:
        return outputs
    return _like(outputs, [each.detach() for each in _several(outputs)])


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False) -> Any:
    """Return the outputs, and the product of the Jacobian with `v`: one tangent per output.

    The graph is walked once, in the order in which it was recorded: each node pushes the tangents
    of its inputs forward.
    """
    leaves, outputs = _called(func, inputs, create_graph)
    tangents = _seeds(leaves, v, "input to the user-provided function is a single Tensor with a single element")
    given = {node_of(leaf): tangent for leaf, tangent in zip(leaves, tangents, strict=True)}
    ends = [node_of(each) for each in _several(outputs)]
    pushed = push_forward(given, ends)
    found = [
        wrap(np.zeros_like(each._array)) if end is None or pushed.get(end) is None else pushed[end]
        for each, end in zip(_several(outputs), ends, strict=True)
    ]
    found = [each if create_graph else each.detach() for each in found]
    return _detached(outputs, create_graph), _like(outputs, found)


def push_forward(tangents: dict[Any, Tensor], ends: Sequence[Any]) -> dict[Any, Any]:
    """Carry tangents (small changes) of some nodes' results forward to the nodes `ends`."""
    upstream: set[Any] = set()
    waiting = [end for end in ends if end is not None]
    while waiting:
        node = waiting.pop()
        if node not in upstream and node not in tangents:
            upstream.add(node)
            waiting += node.parents
    known: dict[Any, Any] = dict(tangents)
    for node in sorted(upstream, key=lambda node: -node.number):  # inputs before their users
        arriving = [known.get(parent) for parent in node.parents]
        if any(each is not None for each in arriving):
            known[node] = _pushed(node, arriving)
    return known


def _pushed(node: Any, arriving: list[Any]) -> Any:
    (first, *_) = arriving
    if isinstance(node, Edge):
        return expand(first, node.used_shape).to(errors.dtypes.of_array(node.used_dtype))
    if isinstance(node, Output):
        return first[node.place]
    if not isinstance(node.pullback, Pullback):
        raise NotImplementedError(f"chalkgrad cannot push a tangent through {node.name()}: a custom "
                                  "function has no forward rule.")  # fmt: skip
    if node.saved is None:
        raise errors.backward_twice()
    saved = first_tensor(arriving)._saved_as_tensors(node)
    parts = [
        push(tangent, saved)
        for push, tangent in zip(node.pullback.pushes, arriving, strict=True)
        if tangent is not None
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def first_tensor(values: Sequence[Any]) -> Tensor:
    """Return the first that is a tensor."""
    return next(each for each in values if isinstance(each, Tensor))


def jacobian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """Return the derivative of each output element by each input element.

    For an output of shape S and an input of shape T it has shape S + T; row by row, each row one
    backward.
    """
    leaves, outputs = _called(func, inputs, create_graph)
    blocks = []
    for output in _several(outputs):
        rows: list[tuple[Any, ...]] = []
        for place in range(output.numel()):
            found: tuple[Any, ...] = (None,) * len(leaves)
            if output.requires_grad:
                element = output.reshape(-1)[place]
                found = grad(element, leaves, retain_graph=True, create_graph=create_graph, allow_unused=True)
            rows.append(tuple(
                wrap(np.zeros_like(x._array)) if g is None else g for x, g in zip(leaves, found, strict=True)
            ))  # fmt: skip
        stacked = [
            _stack([row[place] for row in rows]).view((*output.shape, *leaf.shape))
            if rows else wrap(np.zeros((*output.shape, *leaf.shape), leaf._array.dtype))
            for place, leaf in enumerate(leaves)
        ]  # fmt: skip
        blocks.append(_like(inputs, stacked))
    return _like(outputs, blocks)


def _stack(rows: list[Any]) -> Tensor:
    from chalkgrad.functions import FUNCTIONS

    return FUNCTIONS["stack"](rows)


def hessian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
    vectorize: bool = False, outer_jacobian_strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """Return the second derivatives of a function with one number as its result."""

    def slopes(*values: Tensor) -> Any:
        output = func(*values)
        if not isinstance(output, Tensor) or output.numel() != 1:
            raise RuntimeError("The Tensor returned by the function given to hessian should contain a "
                               "single element")  # fmt: skip
        first = jacobian(func, values, create_graph=True)
        return first if len(values) > 1 else first[0]

    return jacobian(slopes, inputs, create_graph=create_graph)


# ---- Checks by finite differences ----------------------------------------------------------------


def gradcheck(
    func: Callable[..., Any], inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5,
    rtol: float = 1e-3, raise_exception: bool = True,
) -> bool:  # fmt: skip
    """Compare gradients with central differences, (f(x + eps) - f(x - eps)) / (2 eps).

    The inputs that require grad should be float64: in float32 the differences drown in rounding.
    """
    inputs = _several(inputs)
    tracked = [each for each in inputs if isinstance(each, Tensor) and each.requires_grad]
    if not tracked:
        raise ValueError("gradcheck expects at least one input tensor to require gradient, but none "
                         "of the them have requires_grad=True.")  # fmt: skip
    for which, leaf in enumerate(tracked):
        outputs = [each for each in _several(func(*inputs)) if each.requires_grad]
        for number, output in enumerate(outputs):
            exact = _exact(output, leaf)
            numeric = _numeric(lambda: [each for each in _several(func(*inputs))], leaf, eps, output, outputs)
            if not np.allclose(exact, numeric, rtol, atol):
                if not raise_exception:
                    return False
                raise RuntimeError(
                    f"Jacobian mismatch for output {number} with respect to input {which},\n"
                    f"numerical:{wrap(numeric)}\nanalytical:{wrap(exact)}\n"
                )
    return True


def _exact(output: Tensor, leaf: Tensor) -> np.ndarray:
    rows = []
    for place in range(output.numel()):
        (found,) = grad(output.reshape(-1)[place], leaf, retain_graph=True, allow_unused=True)
        rows.append(np.zeros(leaf._array.size) if found is None else np.ravel(found._array))
    return np.array(rows).reshape(output.numel(), leaf.numel()).T


def _numeric(run: Any, leaf: Tensor, eps: float, output: Tensor, outputs: list[Tensor]) -> np.ndarray:
    which = next(place for place, each in enumerate(outputs) if each is output)
    values = leaf._array if isinstance(leaf._array, np.ndarray) else leaf.detach()._array
    flat = np.asarray(leaf.detach().numpy()).reshape(-1)
    rows = []
    for place in range(flat.size):
        before, around = flat[place], []
        for step in (eps, -eps):
            flat[place] = before + step
            tracked = [each for each in run() if each.requires_grad]
            around.append(np.ravel(tracked[which].detach().numpy()).copy())
        flat[place] = before
        rows.append((around[0] - around[1]) / (2 * eps))
    del values
    return np.array(rows).reshape(flat.size, output.numel())


def gradgradcheck(func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, **options: Any) -> bool:
    """Compare second derivatives with central differences of the first."""
    inputs = _several(inputs)
    outputs = _several(func(*inputs))
    if grad_outputs is None:
        grad_outputs = tuple(wrap(np.random.default_rng(0).normal(size=each.shape)) for each in outputs)
    tracked = [place for place, each in enumerate(inputs) if isinstance(each, Tensor) and each.requires_grad]

    def first(*values: Tensor) -> tuple[Any, ...]:
        found = grad(_several(func(*values)), [values[place] for place in tracked], _several(grad_outputs),
                     create_graph=True, allow_unused=True)  # fmt: skip
        return tuple(each for each in found if each is not None)

    return gradcheck(first, inputs, **options)
