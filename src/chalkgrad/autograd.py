"""Gradients asked for by name, backward watched as it goes, and custom functions."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import errors
from chalkgrad.grad_modes import enable_grad, here, inference_mode, no_grad, set_grad_enabled
from chalkgrad.graph import Edge, Node, Output, run_backward
from chalkgrad.rules.shaping import sum_to
from chalkgrad.tensor import Tensor, attach, counter_of, node_of, seed_of, wrap

__all__ = ["Function", "enable_grad", "inference_mode", "no_grad", "set_grad_enabled"]

Tensors = Tensor | Sequence[Tensor]
Seeds = Tensor | Sequence[Tensor | None] | None


def grad(
    outputs: Tensors, inputs: Tensors, grad_outputs: Seeds = None,
    retain_graph: bool | None = None, create_graph: bool = False, allow_unused: bool | None = None,
    *, materialize_grads: bool = False,
) -> tuple[Any, ...]:  # fmt: skip
    """Return the gradient of the sum of the outputs for each input; no `.grad` changes.

    `grad_outputs` says how much each element of each output counts. With `create_graph` the
    gradients can be differentiated again. An input that the outputs do not depend on is an error,
    or has the gradient None (`allow_unused`) or zeros (`materialize_grads`).
    """
    outputs, inputs = several(outputs), several(inputs)
    weights = (None,) * len(outputs) if grad_outputs is None else several(grad_outputs)
    if len(outputs) != len(weights):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(weights)} gradients")
    triples = zip(outputs, weights, range(len(outputs)), strict=True)
    seeds = [seed_of(output, weight, create_graph, place) for output, weight, place in triples]
    nodes, ends = ([node_of(each) for each in tensors] for tensors in (inputs, outputs))
    if not all(nodes):
        raise errors.input_without_grad()
    keep = create_graph if retain_graph is None else retain_graph
    arrived = run_backward(ends, seeds, keep, create_graph, set(nodes))
    found = [arrived.get(node) for node in nodes]
    for place, gradient in enumerate(found):
        if gradient is None and materialize_grads:
            found[place] = np.zeros_like(inputs[place]._array)
        elif gradient is None and not allow_unused:
            raise errors.input_not_used(place)
    return tuple(each if each is None or isinstance(each, Tensor) else wrap(each) for each in found)


class Step(NamedTuple):
    """One node that backward visited, the gradient that came, and what each input got of it."""

    node: Any
    upstream: Any
    passed_on: tuple[Any, ...]


def trace(output: Tensor, gradient: Tensor | None = None) -> list[Step]:
    """Return the steps of a backward from the output, in order; change no `.grad`, free nothing."""
    steps: list[Step] = []

    def shown(value: Any) -> Any:  # of a node with several results, a gradient for each place
        several = isinstance(value, dict)
        return {place: wrap(part) for place, part in value.items()} if several else wrap(value)

    def watch(node: Any, upstream: Any, passed_on: list[Any]) -> None:
        if hasattr(node, "name"):  # not the helpers between the nodes
            ways = zip(node.parents, passed_on, strict=False)
            given = (way.pull(part, ())[0] if isinstance(way, Edge) else part for way, part in ways)
            tracked = node.pullback.tracked if passed_on else ()
            parts = tuple(shown(next(given)) if it else None for it in tracked)
            steps.append(Step(node, shown(upstream), parts))

    seeds = (seed_of(output, gradient, False),)
    run_backward((node_of(output),), seeds, True, wanted=(), watch=watch)
    return steps


# ---- Custom functions: a forward and a backward of one's own, as one node of the graph -----------


class FunctionCtx:
    """What forward leaves for backward: saved tensors, flags, and whatever is set on it."""

    needs_input_grad = saved_tensors = _constant = ()

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs or outputs; changing them in place before backward is then noticed."""
        if not all(isinstance(each, (Tensor, type(None))) for each in tensors):
            raise TypeError("save_for_backward keeps tensors; set what is none on ctx itself.")
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that no gradient goes through these outputs."""
        self._constant = tensors


class Call:
    """One call of a custom function: to its node what the `Pullback` is to those of the table.

    It keeps arrays and places, never tensors: a saved output would be a cycle.
    """

    node_type: Any = None
    operation = SimpleNamespace(out_place=None)

    def __init__(self, function: Any, ctx: Any, inputs: Any, outputs: Any) -> None:
        self.name, self.function, self.ctx = f"{function.__name__}Backward", function, ctx
        self.inputs, self.outputs = [*map(_form, inputs)], [*map(_form, outputs)]
        self.tracked, constant = ctx.needs_input_grad, [*map(id, ctx._constant)]
        self.differentiable = [
            form is not None and form[1].is_floating_point and id(each) not in constant
            for each, form in zip(outputs, self.outputs, strict=True)
        ]
        places = {id(each): place for place, each in enumerate((*inputs, *outputs))}
        self.needs = [places.get(id(each), len(places)) for each in ctx.saved_tensors]
        self.counters = range(len(self.needs), 3 * len(self.needs), 2)

    def pull(self, gradient: Any, saved: Any, node: Any) -> list[Any]:
        """Turn the gradients of the outputs into those of the inputs that need one."""
        count, ctx = len(self.inputs), copy(self.ctx)
        tensors = [_tensor(each, None) for each in saved[: len(self.needs)]]
        for place, tensor in zip(self.needs, tensors, strict=True):
            output = place - count
            if output in range(len(self.outputs)) and self.differentiable[output]:
                tensor._node = self.place_of(node, output)
        ctx.saved_tensors = tuple(tensors)
        given = gradient if isinstance(gradient, dict) else {0: gradient}
        arguments = [_tensor(given.get(place), form) for place, form in enumerate(self.outputs)]
        answers = several(self.function.backward(ctx, *arguments))
        idle = [x for x, form in zip(answers, self.inputs, strict=False) if not form]
        if any(each is not None for each in (*idle, *answers[count:])) or len(answers) < count:
            raise RuntimeError(f"{self.name} must return a gradient for each of {count} inputs, "
                               "and None where the input is no tensor.")  # fmt: skip
        return [self._checked(place, answers[place]) for place, it in enumerate(self.tracked) if it]

    def push(self, tangents: Any, saved: Any, node: Any) -> Any:
        """Return the tangents of the outputs. A custom function has no rule for them.

        But a gradient is linear in what it starts with: its own gradient by that is the Jacobian
        from the other side.
        """
        create, ends, weights = here.state[1], [], []
        with enable_grad():
            starts = {
                place: _tensor(None, form).requires_grad_()
                for place, form in enumerate(self.outputs) if self.differentiable[place]
            }  # fmt: skip
            for gradient, tangent in zip(self.pull(starts, saved, node), tangents, strict=True):
                if tangent is not None and gradient is not None and gradient.requires_grad:
                    ends.append(gradient)
                    weights.append(tangent)
            inputs = [*starts.values()]
            found = grad(ends, inputs, weights, create_graph=create, materialize_grads=True)
        known = dict(zip(starts, found, strict=True))
        return known if len(self.outputs) > 1 else known[0]

    def _checked(self, place: int, answer: Any) -> Any:
        """Return a gradient in the form of its input; None if there is none."""
        if answer is None:
            return None
        if not isinstance(answer, Tensor):
            raise RuntimeError(f"expected Variable or None (got {type(answer).__name__})")
        shape, dtype = self.inputs[place]
        if answer.shape != shape:
            answer = sum_to(answer, tuple(shape))
        return answer.to(dtype) if here.state[1] else answer.to(dtype)._array

    def place_of(self, node: Any, output: int) -> Any:
        """Return where the gradient of this output goes."""
        return Output(node, output) if len(self.outputs) > 1 else node


class FunctionNode(Node):
    """The node of a custom function, whose own method carries gradients."""

    __slots__ = ()

    def pull(self, gradient: Any, saved: Any) -> list[Any]:
        """Ask the function; the saved outputs among its values are those of this node."""
        return self.pullback.pull(gradient, saved, self)

    def push(self, tangents: Any, saved: Any) -> Any:
        """Ask the function, forward."""
        return self.pullback.push(tangents, saved, self)


class Function:
    """Subclass it with static methods `forward(ctx, …)` and `backward(ctx, …)`; call `apply`."""

    @staticmethod
    def forward(ctx: Any, *values: Any) -> Any:
        """Return the outputs, or in backward a gradient for each input (None where none goes)."""
        raise NotImplementedError("A custom autograd.Function must implement forward and backward.")

    backward = forward

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Compute forward on plain tensors, and record the whole as one node."""
        ctx: Any = FunctionCtx()
        nodes = [node_of(each) if isinstance(each, Tensor) else None for each in inputs]
        ctx.needs_input_grad = tuple(node is not None for node in nodes)
        with no_grad():
            answer = cls.forward(ctx, *inputs)
            # An input that is handed back must not lose its own place in the graph.
            own = set(map(id, inputs))
            outputs = [each[...] if id(each) in own else each for each in several(answer)]
        if here.state[1] and any(nodes):
            call, values, counts = Call(cls, ctx, inputs, outputs), [], []
            for each in ctx.saved_tensors:
                values.append(None if each is None else each._array)
                counts += (None, 0) if each is None else (counter_of(each), counter_of(each)[0])
            node = attach(wrap(np.zeros(())), call, nodes, (*values, *counts))
            for place, each in enumerate(outputs):
                if call.differentiable[place]:
                    each._node = call.place_of(node, place)
            ctx.saved_tensors = ctx._constant = ()
        return outputs[0] if isinstance(answer, Tensor) else tuple(outputs)


Call.node_type = FunctionNode


def _form(value: Any) -> Any:
    return (value.shape, value.dtype) if isinstance(value, Tensor) else None


def _tensor(value: Any, form: Any) -> Any:
    """Return a gradient as a tensor; zeros of this shape and dtype where there is none."""
    value = np.zeros(form[0], form[1].array_dtype) if value is None and form else value
    return value if value is None or isinstance(value, Tensor) else wrap(value)


def several(values: Any) -> tuple[Any, ...]:
    """Return a tuple of one value or of several."""
    return (values,) if values is None or isinstance(values, Tensor) else tuple(values)


def __getattr__(name: str) -> Any:
    """Import what is rarely used when it is first asked for."""
    if name not in ("functional", "gradcheck", "gradgradcheck"):
        raise AttributeError(f"module 'chalkgrad.autograd' has no attribute {name!r}")
    from chalkgrad import functional

    return functional if name == "functional" else getattr(functional, name)
