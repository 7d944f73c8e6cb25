"""A tensor is an array and its place in a graph; this file is both, and how the graph grows.

What one calls on a tensor besides what stands here is put on it by subject, in other files.
"""

from __future__ import annotations

import operator
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from chalkgrad import dtypes, errors, graph
from chalkgrad.grad_modes import INFERENCE, here, set_recording
from chalkgrad.graph import AccumulateGrad, Edge, Node, Output, next_number, node_type_of
from chalkgrad.operation import OPERANDS, Operation
from chalkgrad.printing import tensor_text
from chalkgrad.rules import shaping

if TYPE_CHECKING:
    PutOn = Any  # for type checkers: other files put methods and operators on the class
else:
    PutOn = object

_NUMBERS = frozenset({int, float, bool})
_NO_OPTIONS: dict[str, Any] = {}
_TENSORS_ONLY = frozenset({"maximum", "minimum", "logical_and", "logical_or", "isclose"})
_UNORDERED = frozenset({"max", "min", "amax", "amin", "argmax", "argmin", "clamp"})


class Size(tuple):
    """The sizes of the dimensions: a tuple that prints as torch's does."""

    __slots__ = ()

    def numel(self) -> int:
        """Return the number of elements."""
        return prod(self)

    def __getitem__(self, place: Any) -> Any:
        part = tuple.__getitem__(self, place)
        return Size(part) if isinstance(part, tuple) else part

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


@dataclass(slots=True)
class View:
    """What a view knows of its base, the tensor whose memory it shows."""

    base: Tensor
    seen: int  # the count of changes at which the place of the view in the graph was right
    several: bool  # whether its siblings came with it
    recorded: bool  # whether gradients were recorded when it was made


class Tensor(PutOn):
    """An array and its place in a graph.

    `_array` is a NumPy array, or a NumPy scalar where a computation gave a single number: Python
    computes with those about ten times as fast. `_node` is where a gradient of it goes, None if it
    needs none. `_counter` counts the changes in place; tensors that share memory share it, and it
    is made when it is first asked for. `_view` is None for whoever does not show another's memory.
    """

    __slots__ = ("__weakref__", "_array", "_counter", "_grad", "_node", "_view", "dtype")
    _array: Any
    _counter: Any
    _grad: Tensor | None
    _node: Any
    _view: View | None
    dtype: dtypes.dtype
    __array_priority__ = 1000  # NumPy leaves `array * tensor` to the tensor

    def __init__(self, *data: Any, **options: Any) -> None:
        if type(self) is Tensor:  # torch's own `Tensor(...)` is easily mistaken for `tensor(...)`
            raise TypeError("chalkgrad has no Tensor(...); make tensors with chalkgrad.tensor(...)")

    # ---- Its place in the graph ------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded; settable on a leaf."""
        return self._node is not None or (self._view is not None and self._view.base.requires_grad)

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not self.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables.")
        self._be_leaf(wanted)

    def _be_leaf(self, wanted: bool) -> None:
        if wanted and not self.dtype.is_floating_point:
            complex_ = self.dtype.is_complex
            raise errors.no_complex_gradients() if complex_ else errors.integers_have_no_gradient()
        if wanted and self._counter is INFERENCE and here.state[2] is not INFERENCE:
            raise RuntimeError("Setting requires_grad=True on inference tensor is not allowed.")
        if not wanted or self._node is None or self._node.variable is not self:
            self._node = AccumulateGrad(self) if wanted else None

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        node = self._node if self._view is None else node_of(self)
        return node is None or type(node) is AccumulateGrad

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor itself."""
        if self.is_leaf:
            self._be_leaf(requires_grad)
        elif not requires_grad:
            self.requires_grad = False  # which is refused
        return self

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made it, None for a leaf."""
        node = node_of(self)
        node = node.parents[0] if isinstance(node, Output) else node
        return None if isinstance(node, AccumulateGrad) else node

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward has added up so far, None before the first."""
        is_leaf = isinstance(self._node, (AccumulateGrad, type(None)))
        if self._grad is None and not is_leaf and not self.retains_grad:
            warnings.warn(errors.GRAD_OF_NON_LEAF, UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, gradient: Tensor | None) -> None:
        if not isinstance(gradient, (Tensor, type(None))):
            raise TypeError(f"A gradient is a tensor, not a {type(gradient).__name__}.")
        if gradient is not None and (gradient.shape, gradient.dtype) != (self.shape, self.dtype):
            raise RuntimeError(f"A gradient here has shape {[*self.shape]} and is {self.dtype}.")
        self._grad = gradient

    def retain_grad(self) -> None:
        """Ask that backward keep the gradient here too, although this is not a leaf."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if not self.is_leaf and not self.retains_grad:
            keep = RemovableHandle(partial(_keep, weakref.ref(self)), keeps=True)
            self._node.hooks = (*self._node.hooks, keep)

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was asked for."""
        return any(hook.keeps for hook in getattr(node_of(self), "hooks", ()))

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call the hook with each gradient that arrives; what it returns goes on in its place."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        node, handle = node_of(self), RemovableHandle(hook)
        node.hooks = tuple(sorted((*node.hooks, handle), key=lambda hook: hook.keeps))  # at the end
        return handle

    def backward(
        self, gradient: Tensor | None = None, retain_graph: bool | None = None,
        create_graph: bool = False,
    ) -> None:  # fmt: skip
        """Add the gradients of this tensor to the `.grad` of the leaves.

        `gradient` says how much each element counts and may be left out for a single element.
        Unless `retain_graph`, saved values are released on the way, and the graph is used up.
        """
        seeds = (seed_of(self, gradient, create_graph),)
        nodes = (self._node if self._view is None else node_of(self),)
        keep = create_graph if retain_graph is None else retain_graph
        graph.run_backward(nodes, seeds, keep, create_graph)

    def _accumulate(self, gradient: Any) -> None:
        """Add an array (or, where the graph of backward is wanted, a tensor) to `.grad`."""
        if isinstance(gradient, Tensor):
            self._grad = gradient if self._grad is None else self._grad + gradient
        elif self._grad is None:
            # A view (of something broadcast, say) is not ours to change in place later.
            own = type(gradient) is not ndarray or gradient.base is None
            self._grad = wrap(gradient if own else gradient.copy(), dtype=self.dtype)
        else:
            self._grad._array += gradient
            bump(self._grad)

    # ---- Its memory ------------------------------------------------------------------------------

    def detach(self) -> Tensor:
        """Return a tensor that shares the memory and has no place in the graph."""
        return Tensor._sharing(self)

    @property
    def data(self) -> Tensor:
        """The values outside of the graph. Unlike `detach`, changes to it go unnoticed."""
        return wrap(owned(self))

    @data.setter
    def data(self, data: Tensor) -> None:
        self._array, self.dtype = owned(data), data.dtype

    @classmethod
    def _sharing(cls, data: Tensor, requires_grad: bool = False) -> Any:
        """Return a leaf of this type over the memory of another tensor."""
        result = wrap(owned(data), kind=cls)
        result._counter = INFERENCE if data._counter == INFERENCE else counter_of(data)
        return result.requires_grad_(requires_grad)

    def __reduce__(self) -> Any:
        return _leaf, (type(self), owned(self), self.requires_grad)

    def __deepcopy__(self, memo: dict[Any, Any]) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError("Only leaves can be copied with deepcopy: detach() it first.")
        memo[id(self)] = copy = _leaf(type(self), np.array(self._array), self.requires_grad)
        copy._grad = deepcopy(self._grad, memo)
        return copy

    def numpy(self) -> ndarray:
        """Return the array, not a copy of it."""
        if self.requires_grad:
            raise errors.numpy_of_tracked()
        return owned(self).view()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> ndarray:
        array = self.numpy()
        return np.array(array, dtype=dtype, copy=copy) if dtype or copy else array

    def __array_wrap__(self, array: Any, context: Any = None, scalar: bool = False) -> Tensor:
        return wrap(array)

    def item(self) -> Any:
        """Return the only element as a Python number."""
        if (count := self._array.size) != 1:
            raise RuntimeError(f"a Tensor with {count} elements cannot be converted to Scalar")
        return self._array.item()

    def __bool__(self) -> bool:
        if self._array.size != 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous\n"
                               "Say what you mean with .any() or .all().")  # fmt: skip
        return bool(self._array.item())

    def __index__(self) -> int:
        return operator.index(owned(self))

    def __len__(self) -> int:
        return len(owned(self))

    def __iter__(self) -> Iterator[Tensor]:
        if self._array.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any())

    def __float__(self) -> float:
        return float(self._array.item())

    def __int__(self) -> int:
        return int(self._array.item())

    def __format__(self, form: str) -> str:
        return format(str(self) if self.ndim else self.item(), form)

    __repr__ = tensor_text
    device = property(lambda self: dtypes.CPU, doc="Where its memory is: always on the CPU.")
    shape = property(lambda self: Size(self._array.shape), doc="The sizes of its dimensions.")
    ndim = property(lambda self: self._array.ndim, doc="The number of dimensions.")
    _base = property(lambda self: self._view and self._view.base)
    _version = property(lambda self: counter_of(self)[0])

    def size(self, dim: int | None = None) -> Any:
        """Return the sizes of all dimensions, or of one."""
        return self.shape if dim is None else self.shape[dim]

    def stride(self, dim: int | None = None) -> Any:
        """Return how many elements lie between neighbours along each dimension, or along one."""
        strides = tuple(step // self._array.itemsize for step in np.asarray(self._array).strides)
        return strides if dim is None else strides[dim]

    def data_ptr(self) -> int:
        """Return the address of the first element."""
        return owned(self).__array_interface__["data"][0]

    def storage_offset(self) -> int:
        """Return how many elements of the memory lie before the first of this tensor."""
        base = self._array.base
        start = base.__array_interface__["data"][0] if isinstance(base, ndarray) else None
        return 0 if start is None else (self.data_ptr() - start) // self._array.itemsize


_new = object.__new__
_new_tensor = partial(_new, Tensor)

# ---- Hooks, and where backward begins and ends ---------------------------------------------------


class RemovableHandle:
    """A hook on a node, which can be taken off. It does not know the node: there are no cycles."""

    def __init__(self, hook: Callable[[Tensor], Tensor | None], keeps: bool = False) -> None:
        self._hook, self.keeps = hook, keeps  # whether it is there because of `retain_grad`

    def __call__(self, gradient: Any) -> Any:
        """Show a gradient to the hook; what it returns goes on in its place."""
        is_array = not isinstance(gradient, Tensor)
        answer = self._hook(wrap(gradient.copy()) if is_array else gradient)
        if answer is None:
            return gradient
        if not isinstance(answer, Tensor):
            raise TypeError(f"A hook returns a tensor or None, not a {type(answer).__name__}.")
        if answer.shape != gradient.shape:
            raise RuntimeError(f"A hook has changed the shape of a gradient to {answer.shape}.")
        return answer._array if is_array else answer

    def remove(self) -> None:
        """Take the hook off."""
        self._hook = lambda gradient: None


def _keep(kept: weakref.ref[Tensor], gradient: Tensor) -> None:
    if (tensor := kept()) is not None:
        tensor._accumulate(gradient)


def seed_of(output: Tensor, gradient: Tensor | None, create_graph: bool, place: int = 0) -> Any:
    """Return the gradient that backward starts with: an array, or a tensor for `create_graph`."""
    if output._node is None and not output.requires_grad:
        raise errors.nothing_to_differentiate(place)
    if gradient is None:
        if output._array.size != 1:
            raise errors.not_scalar()
        if not create_graph and type(output._array) is not ndarray:
            return output.dtype.one
        gradient = wrap(np.ones_like(output._array)[()])
    if not isinstance(gradient, Tensor):
        raise TypeError(f"A gradient is a tensor or None, not a {type(gradient).__name__}.")
    if gradient.shape != output.shape:
        raise RuntimeError(f"Mismatch in shape: the gradient of an output of shape {output.shape} "
                           f"has that shape too, not {gradient.shape}.")  # fmt: skip
    seed = gradient.to(output.dtype)
    return seed if create_graph else seed._array


# ---- Making tensors, sharing memory, counting changes --------------------------------------------


def wrap(
    array: Any, node: Any = None, kind: type[Tensor] = Tensor, dtype: dtypes.dtype | None = None
) -> Tensor:
    """Make a tensor of an array of a dtype that torch has, and of the node that computed it."""
    tensor = _new(kind)
    tensor._array, tensor._node = array, node
    tensor.dtype = dtype or dtypes.of_array(array.dtype)
    tensor._grad = tensor._view = None
    tensor._counter = here.state[2]
    return tensor


def _leaf(kind: type[Tensor], array: Any, requires_grad: bool) -> Tensor:
    return wrap(array, kind=kind).requires_grad_(requires_grad)


def owned(tensor: Tensor) -> ndarray:
    """Return the array as one that can be shared: a scalar moves into memory first."""
    if not isinstance(tensor._array, ndarray):
        tensor._array = np.array(tensor._array)
    return tensor._array


def counter_of(tensor: Tensor) -> list[int]:
    """Return the list that counts the changes in place."""
    if tensor._counter is None:
        tensor._counter = [0]
    elif tensor._counter == INFERENCE:
        raise RuntimeError("Inference tensors count no changes, so backward cannot save them: "
                           "clone it first.")  # fmt: skip
    return tensor._counter


def bump(tensor: Tensor) -> None:
    """Count a change in place."""
    if tensor._counter != INFERENCE:
        counter_of(tensor)[0] += 1


def share(result: Tensor, source: Tensor, several: bool = False) -> Tensor:
    """Make a result, whose array lies in the memory of the source, a view of it."""
    result._counter = INFERENCE
    if source._counter != INFERENCE:
        view, result._counter = source._view, counter_of(source)
        recorded = here.state[1] and (view is None or view.recorded)
        base = source if view is None else view.base
        result._view = View(base, result._counter[0], several, recorded)
    return result


def region_of(view: Tensor) -> shaping.Region:
    """Return where a view lies in the memory of its base."""
    array, base = view._array, view._base
    offset = view.data_ptr() - base.data_ptr()
    return shaping.Region(base._array, array.shape, array.strides, offset)


def node_of(tensor: Tensor) -> Any:
    """Return the node of a tensor; that of a view is made anew after its memory was changed."""
    view, node = tensor._view, tensor._node
    if view is None or view.base._node is None:
        return node
    if view.seen == tensor._counter[0]:
        if node is None:  # as torch has it: the view requires a gradient, but keeps none
            tensor._node = AccumulateGrad(wrap(tensor._array))
    elif not view.recorded:
        if here.state[1]:
            raise errors.view_made_without_grad()
    elif not isinstance(node, AccumulateGrad) or node.variable is not tensor:
        before = set_recording(True)
        whole = wrap(view.base._array, view.base._node)
        tensor._node = apply(shaping.part, (whole, region_of(tensor)))._node
        here.state, view.seen = before, tensor._counter[0]
    return tensor._node


# ---- Computing and recording ---------------------------------------------------------------------


def apply(operation: Operation, values: Sequence[Any], options: Any = _NO_OPTIONS) -> Tensor:
    """Compute an operation on tensors, numbers and arrays; record it if an input needs a gradient.

    `values` are the inputs and then the parameters of the operation's row.
    """
    inputs, source = operation.inputs, values[0]
    if options or operation.several or len(values) != operation.out_place:
        if wanted := options.pop("dtype", None):
            values = (source := source.to(wanted), *values[1:])
        values = operation.complete(tuple(values), options)
    if inputs == 1 and isinstance(source, Tensor):
        dtype = source.dtype
        arrays = [owned(source) if operation.view else source._array]
        if operation.floats and dtype.kind < dtypes.FLOATING:
            arrays = promoted(arrays, dtypes.get_default_dtype())
    else:
        arrays = arrays_of(values[:inputs])
        if not all(isinstance(each, Tensor) for each in values[:inputs]):
            _check_types(operation, values[:inputs])
        dtype = dtypes.result_dtype(arrays) if operation.promotes else source.dtype
        if operation.promotes:
            if operation.floats and dtype.kind < dtypes.FLOATING:
                dtype = dtypes.get_default_dtype()
            arrays = promoted(arrays, dtype)
    if dtype.is_complex and operation.name in _UNORDERED:
        raise errors.not_implemented(operation.name, dtype.long_name)
    if len(values) > inputs:
        arrays += [each._array if isinstance(each, Tensor) else each for each in values[inputs:]]
    try:
        out = here.state[0](operation.forward, *arrays)
    except (ValueError, TypeError, IndexError, OverflowError) as refusal:
        raise errors.translated(operation.name, refusal, arrays) from None
    if type(out) is ndarray and out.ndim == 0 and not operation.view:
        out = out[()]
    result = wrap(out, dtype=dtype if out.dtype is dtype.array_dtype else None)
    if operation.view:
        share(result, source)
    if here.state[1] and result.dtype.kind >= dtypes.FLOATING:
        nodes = [node_of(each) if isinstance(each, Tensor) else None for each in values[:inputs]]
        if any(nodes):
            record(operation, result, values, arrays, nodes)
    return result


def record(
    operation: Operation, result: Tensor, values: Any, arrays: list[Any], nodes: list[Any]
) -> None:
    """Give the result of an operation its node."""
    out, inputs, out_place, saved, counts = (
        result._array, operation.inputs, operation.out_place, [], []
    )  # fmt: skip
    if result.dtype.is_complex:
        raise errors.no_complex_gradients()
    if operation.promotes or operation.broadcasts:
        for place, node in enumerate(nodes):
            if node is not None:
                shape = out.shape if place in operation.broadcasts else arrays[place].shape
                nodes[place] = _edge(node, values[place]._array, shape, arrays[place].dtype)
    pullback = operation.pullback(tuple([node is not None for node in nodes]), arrays[inputs:])
    for place in pullback.needs:
        owner = values[place] if place < out_place else result if place == out_place else None
        if place > out_place:
            saved.append(np.shape(arrays[place - out_place - 1]))
        else:
            saved.append(out if place == out_place else arrays[place])
        if isinstance(owner, Tensor):
            counter = owner._counter or counter_of(owner)
            counts += (counter, counter[0])
        else:
            counts += (None, 0)
    attach(result, pullback, nodes, (*saved, *counts))


def _edge(node: Any, own: Any, shape: Any, dtype: Any) -> Any:
    """Return the way to an input: through an edge, if it was broadcast or converted."""
    if own.shape == shape and own.dtype == dtype:
        return node
    return Edge(node, own.shape, own.dtype, (shape, dtype))


def attach(result: Tensor, pullback: Any, nodes: Sequence[Any], saved: Sequence[Any]) -> Node:
    """Make a node and give it to the result."""
    result._node = node = (pullback.node_type or node_type_of(pullback))()
    node.pullback, node.saved, node.hooks = pullback, tuple(saved), ()
    node.parents = tuple([parent for parent in nodes if parent is not None])
    node.number = next_number()
    return node


def binary_method(operation: Operation) -> Callable[[Tensor, Any], Any]:
    """Make the method for a row with two inputs, whose rules do not ask for the result.

    Floats of one dtype, or a float and a number, take a short way: there is nothing to promote.
    """
    forward = operation.forward
    ways = ((True, True), (True, False), (False, True))
    both, only_x, only_y = (operation.pullback(tracked) for tracked in ways)
    for pullback in (both, only_x, only_y):
        node_type_of(pullback)

    def method(self: Tensor, other: Any) -> Any:
        dtype = self.dtype
        if type(other) in _NUMBERS and dtype.is_floating_point:
            y, y_node = other, None
        elif isinstance(other, Tensor) and other.dtype is dtype and dtype.is_floating_point:
            y, y_node = other._array, other._node if other._view is None else node_of(other)
        else:
            usable = isinstance(other, (Tensor, *OPERANDS))
            return apply(operation, (self, other)) if usable else NotImplemented
        x, x_node = self._array, self._node if self._view is None else node_of(self)
        compute, recording, fresh, _ = here.state
        try:
            out = compute(forward, x, y)
        except (ValueError, OverflowError) as refusal:
            raise errors.translated(operation.name, refusal, (x, y)) from None
        result = _new_tensor()
        result._array, result.dtype, result._counter = out, dtype, fresh
        result._grad = result._node = result._view = None
        if not recording or (x_node is None and y_node is None):
            return result
        if type(out) is ndarray and y is not other and x.shape != y.shape:
            record(operation, result, (self, other), [x, y], [x_node, y_node])
            return result
        if y_node is None:
            pullback, parents = only_x, (x_node,)
        elif x_node is None:
            pullback, parents = only_y, (y_node,)
        else:
            pullback, parents = both, (x_node, y_node)
        needs, saved = pullback.needs, ()
        if needs:
            own: Any = None
            theirs: Any = None
            if needs[0] == 0:
                own = self._counter or counter_of(self)
            if needs[-1] == 1 and y is not other:
                theirs = other._counter or counter_of(other)
            if len(needs) == 2:
                saved = (x, y, own, own[0], theirs, theirs and theirs[0])
            else:
                saved = (x, own, own[0]) if own else (y, theirs, theirs and theirs[0])
        result._node = node = pullback.node_type()
        node.pullback, node.parents, node.saved = pullback, parents, saved
        node.hooks, node.number = (), next_number()
        return result

    return method


def _check_types(operation: Operation, values: Sequence[Any]) -> None:
    """Refuse numbers where torch takes tensors only."""
    kinds = [type(each).__name__ for each in values if not isinstance(each, Tensor)]
    if kinds and (len(kinds) == len(values) or operation.name in _TENSORS_ONLY):
        raise errors.not_a_tensor(operation.name, kinds[0])


def arrays_of(values: Sequence[Any]) -> list[Any]:
    """Take the arrays out of the tensors; NumPy's scalars count as plain numbers, as with torch."""
    return [
        each._array if isinstance(each, Tensor)
        else each.item() if isinstance(each, np.generic) else each for each in values
    ]  # fmt: skip


def promoted(values: Sequence[Any], dtype: dtypes.dtype) -> list[Any]:
    """Bring arrays and numbers to the dtype."""
    target, compute = dtype.array_dtype, here.state[0]
    return [
        each if getattr(each, "dtype", None) == target
        else compute(np.asarray(each).astype, target)[()] for each in values
    ]  # fmt: skip


def saved_as_tensors(node: Node) -> tuple[Any, ...]:
    """Make tensors again of the saved values of a node, each at its place in the graph."""
    pullback, parents = node.pullback, iter(node.parents)
    sources: dict[int, Any] = {
        place: next(parents) for place, tracked in enumerate(pullback.tracked) if tracked
    }
    sources[pullback.operation.out_place] = node
    values: list[Any] = list(node.saved or ())
    for spot, place in enumerate(pullback.needs):
        counter, source = values[pullback.counters[spot]], sources.get(place)
        if counter is not None:
            if isinstance(source, Edge):  # saved before it was broadcast, but after conversion
                source = _edge(source.parents[0], source, source.shape, values[spot].dtype)
            values[spot] = wrap(values[spot], source)
            values[spot]._counter = counter
    return tuple(values)


# What the rows and the nodes of the graph ask a tensor for: they know nothing of this file.
Tensor._apply, Tensor._saved_as_tensors = staticmethod(apply), staticmethod(saved_as_tensors)
