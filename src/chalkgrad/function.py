"""Custom functions: a forward and a backward of one's own, as one node of the graph."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from chalkgrad.grad_modes import here, no_grad
from chalkgrad.graph import Node, Output
from chalkgrad.rules.shaping import sum_to
from chalkgrad.tensor import Tensor, attach, counter_of, node_of, wrap


class FunctionCtx:
    """What forward leaves for backward: saved tensors, flags, and whatever is set on it."""

    needs_input_grad = saved_tensors = _not_differentiable = ()
    _materialize = True

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs or outputs; changing them in place before backward is then noticed."""
        for place, each in enumerate(tensors):
            if not isinstance(each, (Tensor, type(None))):
                raise TypeError("save_for_backward can only save variables, but argument "
                                f"{place} is of type {type(each).__name__}")  # fmt: skip
        self.saved_tensors = tensors

    save_for_forward = save_for_backward  # jvp is given the same as backward

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that no gradient goes through these outputs."""
        self._not_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Choose whether backward gets zeros (or else None) for outputs without a gradient."""
        self._materialize = value

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Refuse: chalkgrad's custom functions make new tensors."""
        raise NotImplementedError("chalkgrad has no mark_dirty: return a new tensor from forward.")


_NO_RESULT = SimpleNamespace(out_place=None)  # its place among the saved values of an operation


class FunctionNode(Node):
    """The node of a custom function, whose own methods carry gradients and tangents."""

    __slots__ = ()

    def pull(self, gradient: Any, saved: Any) -> list[Any]:
        """Turn the gradients of the outputs into those of the inputs that need one."""
        call, count = self.pullback, len(self.pullback.inputs)
        given = gradient if isinstance(gradient, dict) else {0: gradient}
        forms = [form if call.ctx._materialize else None for form in call.outputs]
        arguments = [_tensor(given.get(place), form) for place, form in enumerate(forms)]
        answers = several(self._run("backward", arguments, saved))
        if len(answers) < count or any(each is not None for each in answers[count:]):
            raise RuntimeError(f"function {call.name} returned an incorrect number of gradients "
                               f"(expected {count}, got {len(answers)})")  # fmt: skip
        for place, form in enumerate(call.inputs):
            if form is None and answers[place] is not None:
                raise RuntimeError(
                    f"function {call.name} returned a gradient different than None at position "
                    f"{place + 1}, but the corresponding forward input was not a Variable"
                )
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
                raise RuntimeError(
                    f"Function {call.name} returned an invalid gradient at index {place} - got "
                    f"{list(answer.shape)} but expected shape compatible with {list(shape)}"
                )
            answer = sum_to(answer, tuple(shape))
        return answer.to(dtype) if here.state[1] else answer.to(dtype)._array

    def push(self, tangents: Any, saved: Any) -> Any:
        """Turn tangents of the inputs into those of the outputs."""
        call, tangents = self.pullback, iter(tangents)
        if not hasattr(call.function, "jvp"):
            raise NotImplementedError(f"chalkgrad cannot push a tangent through {call.name}: the "
                                      "function defines no jvp.")  # fmt: skip
        return self._run("jvp", [next(tangents) if it else None for it in call.tracked], saved)

    def _run(self, method: str, arguments: list[Any], saved: Any) -> Any:
        """Call a method of the function, for which `ctx` has the saved tensors again."""
        call = self.pullback
        tensors = [_tensor(each, None) for each in saved[: len(call.needs)]]
        for place, tensor in zip(call.needs, tensors, strict=True):
            output = place - len(call.inputs)
            if output in range(len(call.outputs)) and call.differentiable[output]:
                tensor._node = self.output(output)
        call.ctx.saved_tensors = tuple(tensors)
        try:
            return getattr(call.function, method)(call.ctx, *arguments)
        finally:
            call.ctx.saved_tensors = ()

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
            if hasattr(cls, "setup_context"):
                answer = cls.forward(*inputs)  # pyright: ignore[reportCallIssue]
                cls.setup_context(ctx, inputs, answer)  # pyright: ignore[reportAttributeAccessIssue]
            else:
                answer = cls.forward(ctx, *inputs)
            # An input that is handed back must not lose its own place in the graph.
            own = set(map(id, inputs))
            outputs = [
                each.view(each.shape) if id(each) in own else each for each in several(answer)
            ]
        if here.state[1] and any(nodes):
            _record(cls, ctx, inputs, nodes, outputs)
        return outputs[0] if isinstance(answer, Tensor) else tuple(outputs)


def _record(function: Any, ctx: Any, inputs: Any, nodes: Any, outputs: list[Any]) -> None:
    """Give the outputs their node. It keeps arrays: a saved output would be a cycle."""
    saved, constant = ctx.saved_tensors, set(map(id, ctx._not_differentiable))
    places = {id(each): place for place, each in enumerate((*inputs, *outputs))}
    call = SimpleNamespace(  # what other nodes have in the `Pullback` of a row
        name=f"{function.__name__}Backward", function=function, ctx=ctx, node_type=FunctionNode,
        inputs=[_form(each) for each in inputs], outputs=[_form(each) for each in outputs],
        needs=[places.get(id(each), len(inputs) + len(outputs)) for each in saved],
        counters=range(len(saved), 3 * len(saved), 2), tracked=ctx.needs_input_grad,
        operation=_NO_RESULT, differentiable=[
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
    ctx.saved_tensors = ctx._not_differentiable = ()


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
