"""Custom functions: a forward and a backward of one's own, as one node of the graph."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from typing import Any

import numpy as np

from chalkgrad.grad_modes import here, no_grad
from chalkgrad.graph import Node, Output
from chalkgrad.rules.shaping import sum_to
from chalkgrad.tensor import Tensor, attach, counter_of, node_of, wrap


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


class FunctionNode(Node):
    """The node of a custom function, whose own method carries gradients."""

    __slots__ = ()

    def pull(self, gradient: Any, saved: Any) -> list[Any]:
        """Turn the gradients of the outputs into those of the inputs that need one."""
        call, count = self.pullback, len(self.pullback.inputs)
        given = gradient if isinstance(gradient, dict) else {0: gradient}
        arguments = [_tensor(given.get(place), form) for place, form in enumerate(call.outputs)]
        answers = several(call.function.backward(self._context(saved), *arguments))
        taken = {place for place, form in enumerate(call.inputs) if form}
        others = [each for place, each in enumerate(answers) if place not in taken]
        if len(answers) < count or any(each is not None for each in others):
            raise RuntimeError(f"{call.name} must return a gradient for each of {count} inputs, "
                               "and None where the input is no tensor.")  # fmt: skip
        tracked = [place for place, needs_gradient in enumerate(call.tracked) if needs_gradient]
        return [self._checked(place, answers[place]) for place in tracked]

    def _checked(self, place: int, answer: Any) -> Any:
        """Return a gradient in the form of its input; None if there is none."""
        call, (shape, dtype) = self.pullback, self.pullback.inputs[place]
        if answer is None:
            return None
        if not isinstance(answer, Tensor):
            raise RuntimeError(f"expected Variable or None (got {type(answer).__name__})")
        if answer.shape != shape:
            if not is_broadcast(shape, answer.shape):
                raise RuntimeError(f"{call.name} returned an invalid gradient at index {place}: of "
                                   f"{answer.shape} for an input of {shape}.")  # fmt: skip
            answer = sum_to(answer, tuple(shape))
        return answer.to(dtype) if here.state[1] else answer.to(dtype)._array

    def _context(self, saved: Any) -> FunctionCtx:
        """Return `ctx` with the saved tensors. They know this node: kept, they would be a cycle."""
        call = self.pullback
        ctx, tensors = copy(call.ctx), [_tensor(each, None) for each in saved[: len(call.needs)]]
        for place, tensor in zip(call.needs, tensors, strict=True):
            output = place - len(call.inputs)
            if output in range(len(call.outputs)) and call.differentiable[output]:
                tensor._node = self.output(output)
        ctx.saved_tensors = tuple(tensors)
        return ctx

    def output(self, place: int) -> Any:
        """Return where the gradient of this output goes."""
        return Output(self, place) if len(self.pullback.outputs) > 1 else self


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
            _record(cls, ctx, inputs, nodes, outputs)
        return outputs[0] if isinstance(answer, Tensor) else tuple(outputs)


def _record(function: Any, ctx: Any, inputs: Any, nodes: Any, outputs: list[Any]) -> None:
    """Give the outputs their node. It keeps arrays: a saved output would be a cycle."""
    saved, constant = ctx.saved_tensors, set(map(id, ctx._constant))
    places = {id(each): place for place, each in enumerate((*inputs, *outputs))}
    call = SimpleNamespace(  # what other nodes have in the `Pullback` of a row
        name=f"{function.__name__}Backward", function=function, ctx=ctx, node_type=FunctionNode,
        inputs=[_form(each) for each in inputs], outputs=[_form(each) for each in outputs],
        needs=[places.get(id(each), len(inputs) + len(outputs)) for each in saved],
        counters=range(len(saved), 3 * len(saved), 2), tracked=ctx.needs_input_grad,
        operation=SimpleNamespace(out_place=None), differentiable=[
            isinstance(each, Tensor) and each.dtype.is_floating_point and id(each) not in constant
            for each in outputs
        ],
    )  # fmt: skip
    values = [None if each is None else each._array for each in saved]
    for each in saved:
        values += (None, 0) if each is None else (counter_of(each), counter_of(each)[0])
    node: Any = attach(wrap(np.zeros(())), call, [each for each in nodes if each], values)
    for place, each in enumerate(outputs):
        if call.differentiable[place]:
            each._node = node.output(place)
    ctx.saved_tensors = ctx._constant = ()


def _form(value: Any) -> Any:
    return (value.shape, value.dtype) if isinstance(value, Tensor) else None


def _tensor(value: Any, form: Any) -> Any:
    """Return a gradient as a tensor; zeros of this shape and dtype where there is none."""
    value = np.zeros(form[0], form[1].array_dtype) if value is None and form else value
    return value if value is None or isinstance(value, Tensor) else wrap(value)


def is_broadcast(shape: Any, wider: Any) -> bool:
    """Say whether the first shape broadcasts to the second."""
    try:
        return np.broadcast_shapes(shape, wider) == tuple(wider)
    except ValueError:
        return False


def several(values: Any) -> tuple[Any, ...]:
    """Return a tuple of one value or of several."""
    return (values,) if values is None or isinstance(values, Tensor) else tuple(values)
