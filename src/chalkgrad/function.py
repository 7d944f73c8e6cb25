"""Custom functions: a forward and a backward of one's own, as one node of the graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from chalkgrad.grad_modes import here, set_recording
from chalkgrad.graph import Node, Output, next_number
from chalkgrad.tensor import Tensor, counter_of, node_of, wrap


class FunctionCtx:
    """What forward leaves for backward: saved tensors, flags, and whatever is set on it."""

    needs_input_grad: tuple[bool, ...] = ()
    saved_tensors: tuple[Any, ...] = ()
    _not_differentiable: tuple[Any, ...] = ()
    _materialize = True

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs or outputs; changing them in place before backward is then noticed."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that no gradient goes through these outputs."""
        self._not_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Choose whether backward gets zeros (or else None) for outputs without a gradient."""
        self._materialize = value

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Refuse: chalkgrad's custom functions make new tensors."""
        raise NotImplementedError("chalkgrad has no mark_dirty: return a new tensor from forward.")


class _Way:
    """What a node of a custom function has in the place of a row's pullback."""

    needs = ()

    def __init__(self, function: type[Function], inputs: Any, tracked: Any, outputs: Any) -> None:
        self.name = f"{function.__name__}Backward"
        self.function, self.tracked, self.operation = function, tracked, None
        self.shapes = [each.shape if isinstance(each, Tensor) else None for each in inputs]
        self.outputs = [(each._array.shape, each._array.dtype) for each in outputs]
        self.counters: tuple[int, ...] = ()


class FunctionNode(Node):
    """The node of a custom function. It saves arrays and nodes, not tensors: these would be a cycle."""

    __slots__ = ()

    def pull(self, gradient: Any, saved: tuple[Any, ...]) -> list[Any]:
        """Let the function's own backward turn the gradients of its outputs into those of inputs."""
        way: Any = self.pullback
        sources, ctx = saved[-2:]
        several = gradient if isinstance(gradient, dict) else {0: gradient}
        recording = any(isinstance(each, Tensor) for each in several.values())
        gradients = [several.get(place) for place in range(len(way.outputs))]
        for place, (shape, dtype) in enumerate(way.outputs):
            if gradients[place] is None and ctx._materialize:
                gradients[place] = np.zeros(shape, dtype)
        arrays = saved[: len(sources)]
        ctx.saved_tensors = tuple(
            None if array is None else wrap(array, self if source is Ellipsis else source)
            for array, source in zip(arrays, sources, strict=True)
        )
        answers = way.function.backward(
            ctx, *(each if each is None or isinstance(each, Tensor) else wrap(each) for each in gradients)
        )
        ctx.saved_tensors = ()
        answers = answers if isinstance(answers, tuple) else (answers,)
        if len(answers) != len(way.tracked):
            raise RuntimeError(f"function {way.name} returned an incorrect number of gradients "
                               f"(expected {len(way.tracked)}, got {len(answers)})")  # fmt: skip
        found = []
        for place, (answer, shape) in enumerate(zip(answers, way.shapes, strict=True)):
            if not way.tracked[place]:
                continue
            answer = wrap(np.zeros(shape)) if answer is None else answer
            if answer.shape != shape:
                raise RuntimeError(f"Function {way.name} returned an invalid gradient at index {place} - "
                                   f"got {list(answer.shape)} but expected shape compatible with {list(shape)}")  # fmt: skip
            found.append(answer if recording else answer._array)
        return found


class Function:
    """Subclass it with static methods `forward(ctx, …)` and `backward(ctx, …)`, then call `apply`."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Any:
        """Compute the outputs; what backward needs goes on `ctx`."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return one gradient per input of forward, None where none goes."""
        raise NotImplementedError("You must implement either the backward or vjp method for your "
                                  "custom autograd.Function to use it with backward mode AD.")  # fmt: skip

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Compute forward on plain tensors, and record the whole as one node."""
        ctx = FunctionCtx()
        nodes = [node_of(each) if isinstance(each, Tensor) else None for each in inputs]
        recording = here.state[1] and any(nodes)
        ctx.needs_input_grad = tuple(node is not None for node in nodes)
        before = set_recording(False)
        try:
            if "setup_context" in vars(cls):
                answer: Any = cls.forward(*inputs)  # pyright: ignore
                cls.setup_context(ctx, inputs, answer)  # pyright: ignore[reportAttributeAccessIssue]
            else:
                answer = cls.forward(ctx, *inputs)
        finally:
            here.state = before
        if not recording:
            return answer
        outputs = answer if isinstance(answer, tuple) else (answer,)
        # An input that is handed back must not lose its own place in the graph.
        outputs = tuple(
            wrap(each._array) if any(each is one for one in inputs) else each for each in outputs
        )
        node = FunctionNode()
        way = _Way(cls, inputs, ctx.needs_input_grad, outputs)
        node.parents, node.hooks = tuple(each for each in nodes if each is not None), ()
        node.pullback, node.number = way, next_number()  # pyright: ignore[reportAttributeAccessIssue]
        node.saved = _saved(ctx, way, inputs, nodes, outputs)
        ctx.saved_tensors = ()
        for place, each in enumerate(outputs):
            differentiable = each.dtype.is_floating_point and not any(
                each is other for other in ctx._not_differentiable
            )
            if differentiable:
                each._node = node if len(outputs) == 1 else Output(node, place)
        ctx._not_differentiable = ()
        return outputs if isinstance(answer, tuple) else outputs[0]


def _saved(ctx: FunctionCtx, way: _Way, inputs: Any, nodes: Any, outputs: Any) -> tuple[Any, ...]:
    """Return what the node keeps: arrays, the counts of their changes, where they came from, ctx."""
    sources, counts = [], []
    for each in ctx.saved_tensors:
        place = next((place for place, one in enumerate(inputs) if one is each), None)
        is_output = any(each is one for one in outputs)
        sources.append(nodes[place] if place is not None else ... if is_output else None)
        counter = None if each is None else counter_of(each)
        counts += (counter, counter and counter[0])
    kept = len(sources)
    way.counters = tuple(range(kept, 3 * kept, 2))
    arrays = (each if each is None else each._array for each in ctx.saved_tensors)
    return (*arrays, *counts, tuple(sources), ctx)
