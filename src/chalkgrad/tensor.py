"""A tensor: an array and its place in a graph."""

from __future__ import annotations

import operator
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, printing, rules
from chalkgrad.graph import AccumulateGrad, Node, recording, run_backward
from chalkgrad.rules import Operation

_SCALARS = frozenset({np.float16, np.float32, np.float64})
_NUMBERS = frozenset({int, float, bool})
_new = object.__new__

# NumPy warns of a division by zero and the like; torch does not.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"chalkgrad\.")


def _binary(operation: Operation) -> Callable[[Tensor, Any], Tensor]:
    def method(x: Tensor, y: Any) -> Tensor:
        return apply(operation, x, y)

    return method


def _unary(operation: Operation) -> Callable[[Tensor], Tensor]:
    def method(x: Tensor) -> Tensor:
        return apply(operation, x)

    return method


class Tensor:
    """An array and its place in a graph.

    `_array` is a NumPy array, or a NumPy scalar where a computation gave a single number: these are
    about ten times quicker to compute with.
    """

    __slots__ = (
        "__weakref__",
        "_accumulator",
        "_array",
        "_grad",
        "_grad_fn",
        "_requires_grad",
        "_version",
    )
    __array_priority__ = 1000  # so that NumPy leaves `array * tensor` to us

    def _apply(self, operation: Operation, *values: Any) -> Tensor:
        return apply(operation, *values)

    # ---- its place in the graph ------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether a gradient is wanted here, or computed through here."""
        return self._requires_grad

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward has accumulated, or None before any."""
        return self._grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        self._grad = value

    @property
    def grad_fn(self) -> Node | None:
        """The node that made this tensor; None for a leaf."""
        return self._grad_fn

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor."""
        return self._grad_fn is None

    def _node(self) -> Node | AccumulateGrad:
        """Return where the gradient of this tensor goes."""
        if self._grad_fn is not None:
            return self._grad_fn
        node = None if self._accumulator is None else self._accumulator()
        if node is None:
            node = AccumulateGrad(self)
            self._accumulator = weakref.ref(node)
        return node

    def _accumulate(self, gradient: Any) -> None:
        if self._grad is None:
            self._grad = wrap(gradient if gradient.base is None else gradient.copy())
        else:
            self._grad._array = self._grad._array + gradient

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Compute the gradients of this tensor with respect to the leaves it was made from."""
        if not self._requires_grad:
            raise errors.nothing_to_differentiate()
        if gradient is None:
            if self._array.size != 1:
                raise errors.not_scalar()
            seed: Any = np.ones_like(self._array)
        else:
            seed = gradient._array
        run_backward([(self._node(), seed)], retain_graph=bool(retain_graph))

    def detach(self) -> Tensor:
        """Return a tensor with the same memory and no place in the graph."""
        self._array = np.asarray(self._array)
        self._version = self._version or [0]
        out = wrap(self._array)
        out._version = self._version
        return out

    # ---- what it holds ---------------------------------------------------------------------------

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the elements."""
        return dtypes.of_array(self._array.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the dimensions."""
        return self._array.shape

    def item(self) -> Any:
        """Return the only element as a Python number."""
        return self._array.item()

    # ---- operations ------------------------------------------------------------------------------

    __add__ = __radd__ = _binary(rules.add)
    __sub__ = _binary(rules.sub)
    __mul__ = __rmul__ = _binary(rules.mul)
    __truediv__ = _binary(rules.div)
    __neg__ = neg = _unary(rules.neg)
    exp = _unary(rules.exp)
    log = _unary(rules.log)
    sqrt = _unary(rules.sqrt)
    sin = _unary(rules.sin)
    cos = _unary(rules.cos)
    tan = _unary(rules.tan)
    tanh = _unary(rules.tanh)
    reciprocal = _unary(rules.reciprocal)

    def __rsub__(self, other: Any) -> Tensor:
        return apply(rules.rsub, self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return self.reciprocal() * other

    def __pow__(self, exponent: Any) -> Tensor:
        if isinstance(exponent, Tensor):
            return apply(rules.pow, self, exponent)
        return apply(rules.pow_number, self, exponent)

    def __rpow__(self, base: Any) -> Tensor:
        return apply(rules.number_pow, self, base)

    def sum(self) -> Tensor:
        """Add up all elements."""
        return apply(rules.sum_all, self, None)

    def __float__(self) -> float:
        return float(self.item())

    def __format__(self, form: str) -> str:
        return format(self.item(), form) if self._array.ndim == 0 else object.__format__(self, form)

    def __repr__(self) -> str:
        return printing.tensor_text(self)


def wrap(array: Any, node: Node | None = None) -> Tensor:
    """Make a tensor from an array that is known to be right, and the node that made it."""
    tensor = _new(Tensor)
    tensor._array = array
    tensor._grad_fn = node
    tensor._requires_grad = node is not None
    tensor._grad = None
    tensor._version = None
    tensor._accumulator = None
    return tensor


def apply(operation: Operation, *values: Any) -> Tensor:
    """Compute an operation on tensors, and record it if an input needs a gradient."""
    inputs = operation.inputs
    plain = [value._array if isinstance(value, Tensor) else value for value in values]
    if inputs > 1 or operation.floats:
        dtype = dtypes.result_dtype(plain[:inputs])
        if operation.floats and dtype.kind < dtypes.FLOATING:
            dtype = dtypes.float32
        for place in range(inputs):
            if hasattr(plain[place], "dtype") and plain[place].dtype != dtype.array_dtype:
                plain[place] = plain[place].astype(dtype.array_dtype)
    out = operation.forward(*plain)
    if not recording.get():
        return wrap(out)
    parents = tuple(
        value._node() if isinstance(value, Tensor) and value._requires_grad else None
        for value in values[: len(operation.vjps)]
    )
    if parents.count(None) == len(parents):
        return wrap(out)
    needed = set()
    fits: list[Any] = [None] * len(parents)
    for place, parent in enumerate(parents):
        if parent is not None:
            needed.update(operation.needs[place])
            original = values[place]._array
            if operation.broadcasts and (
                original.shape != out.shape or original.dtype != plain[place].dtype
            ):
                fits[place] = (original.shape, original.dtype)
    shapes = [getattr(value, "shape", ()) for value in values[:inputs]]
    everything = (*plain, out, *shapes)
    saved = tuple(value if place in needed else None for place, value in enumerate(everything))
    result = wrap(out)
    versions = []
    for place in needed:
        if place <= len(values):
            owner = result if place == len(values) else values[place]
            if isinstance(owner, Tensor):
                if owner._version is None:
                    owner._version = [0]
                versions.append(owner._version)
    result._grad_fn = Node(operation, parents, saved, versions, tuple(fits) if any(fits) else None)
    result._requires_grad = True
    return result


