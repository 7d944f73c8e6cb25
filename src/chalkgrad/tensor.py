"""A tensor is an array and its place in a graph; this file is both, and how the graph grows.

`apply` computes an operation and records it where an input needs a gradient. What one calls on a
tensor besides what stands here is put on it by subject, in `methods`.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import dtypes, errors
from chalkgrad.grad_modes import INFERENCE, here, set_recording
from chalkgrad.graph import AccumulateGrad, Edge, Node, Output, next_number, node_type_of, run_backward
from chalkgrad.operation import ListOperation, Operation
from chalkgrad.printing import tensor_text
from chalkgrad.rules import shaping

_NUMBERS = frozenset({int, float, bool})
OPERANDS = (int, float, complex, np.generic, np.ndarray)

ndarray = np.ndarray
_NO_OPTIONS: dict[str, Any] = {}


class Size(tuple):
    """The sizes of the dimensions: a tuple that prints as torch's does."""

    __slots__ = ()

    def numel(self) -> int:
        """Return the number of elements."""
        return prod(self)

    def __getitem__(self, place: Any) -> Any:
        part = tuple.__getitem__(self, place)
        return Size(part) if isinstance(part, tuple) else part

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, tuple(other)))

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"


class View:
    """What a view knows of the tensor whose memory it shows.

    `seen` is the count of changes at which the place of the view in the graph was right. `several`
    says that its siblings came with it, `recorded` that gradients were recorded when it was made.
    """

    __slots__ = ("base", "recorded", "seen", "several")

    def __init__(self, base: Tensor, seen: int, several: bool, recorded: bool) -> None:
        self.base, self.seen, self.several, self.recorded = base, seen, several, recorded


class _TensorType(type):
    def __call__(cls, *data: Any, **options: Any) -> Any:
        """Refuse: torch's own `Tensor(...)` is easily mistaken for `tensor(...)`."""
        if cls is not Tensor:
            return super().__call__(*data, **options)
        raise TypeError("chalkgrad has no Tensor(...); make tensors with chalkgrad.tensor(...).")


class Tensor(metaclass=_TensorType):
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

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Tell type checkers of the methods that are put on."""

    # ---- Its place in the graph ------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded; settable on a leaf."""
        return self._node is not None or (self._view is not None and self._view.base.requires_grad)

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not self.is_leaf:
            raise errors.not_a_leaf(wanted)
        if wanted and self.dtype.kind < dtypes.FLOATING:
            raise errors.integers_have_no_gradient("only Tensors of floating point dtype")
        if wanted and self.dtype.is_complex:
            raise errors.no_complex_gradients()
        if wanted and self._counter == INFERENCE and here.state[2] != INFERENCE:
            raise errors.inference_tensor("Setting requires_grad=True on inference tensor outside "
                                          "InferenceMode is not allowed.")  # fmt: skip
        if not wanted:
            self._node = None
        elif self._node is None or self._node.variable is not self:
            self._node = AccumulateGrad(self)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor itself."""
        if not requires_grad or self.is_leaf:
            self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        return isinstance(node_of(self), (AccumulateGrad, type(None)))

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made it, None for a leaf."""
        node = node_of(self)
        if isinstance(node, Output):
            return node.parents[0]
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
        if gradient is not None:
            if not isinstance(gradient, Tensor):
                raise errors.gradient_not_a_tensor(type(gradient).__name__)
            if gradient.shape != self.shape:
                raise errors.gradient_of_other_size(list(gradient.shape), list(self.shape))
            if gradient.dtype is not self.dtype:
                raise errors.gradient_of_other_dtype(gradient.dtype, self.dtype)
        self._grad = gradient

    def retain_grad(self) -> None:
        """Ask that backward keep the gradient here too, although this is not a leaf."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if not self.is_leaf and not self.retains_grad:
            self._node.hooks = (*self._node.hooks, _Retain(self))

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was asked for."""
        return any(isinstance(hook, _Retain) for hook in getattr(node_of(self), "hooks", ()))

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call the hook with each gradient that arrives; what it returns goes on in its place."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        return RemovableHandle(self._node, hook)

    def _accumulate(self, gradient: Any) -> None:
        """Add an array (or, where the graph of backward is wanted, a tensor) to `.grad`."""
        if self._grad is None:
            if not isinstance(gradient, Tensor):
                # A view (of something broadcast, say) is not ours to change in place later.
                gradient = wrap(gradient if gradient.base is None else gradient.copy())
            self._grad = gradient
        elif isinstance(gradient, Tensor):
            self._grad = self._grad + gradient
        elif isinstance(self._grad._array, ndarray):
            self._grad._array += gradient
            bump(self._grad)
        else:
            self._grad._array = self._grad._array + gradient
            bump(self._grad)

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Add the gradients of this tensor to the `.grad` of the leaves (or of `inputs` alone).

        `gradient` says how much each element counts and may be left out for a single element.
        Unless `retain_graph`, saved values are released on the way, and the graph is used up.
        """
        seed = seed_of(self, gradient, create_graph)
        keep = create_graph if retain_graph is None else retain_graph
        if inputs is None:
            run_backward((node_of(self),), (seed,), keep, create_graph)
            return
        targets = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        if not targets:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
        found = gradients_at(targets, (self,), (seed,), keep, create_graph)
        for target, each in zip(targets, found, strict=True):
            if each is not None and not target.retains_grad:  # else it has it already
                target._accumulate(each if create_graph else each.copy())

    def detach(self) -> Tensor:
        """Return a tensor that shares the memory and has no place in the graph."""
        result = wrap(owned(self))
        result._counter = counter_of(self) if self._counter != INFERENCE else INFERENCE
        return result

    @property
    def data(self) -> Tensor:
        """The values outside of the graph. Unlike `detach`, changes to it go unnoticed."""
        return wrap(owned(self))

    @data.setter
    def data(self, data: Tensor) -> None:
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        self._array, self.dtype = owned(data), data.dtype

    @property
    def _version(self) -> int:
        if self._counter == INFERENCE:
            raise RuntimeError("Inference tensors do not track version counter.")
        return counter_of(self)[0]

    def is_inference(self) -> bool:
        """Say whether it was made in inference mode."""
        return self._counter == INFERENCE

    @property
    def _base(self) -> Tensor | None:
        return None if self._view is None else self._view.base

    @classmethod
    def _make_subclass(cls, kind: type, data: Tensor, require_grad: bool = False) -> Any:
        """Return a tensor of a subclass over the memory of another."""
        result = object.__new__(kind)
        result._array, result.dtype = owned(data), data.dtype
        result._node = result._grad = result._view = None
        result._counter = counter_of(data)
        return result.requires_grad_(require_grad)

    def _apply(self, operation: Operation, values: Any, options: dict[str, Any]) -> Tensor:
        return apply(operation, values, options)

    def _apply_to_list(self, row: ListOperation, tensors: Any, parameters: Any) -> Tensor:
        return apply_to_list(row, tensors, parameters)

    def _saved_as_tensors(self, node: Node) -> tuple[Any, ...]:
        """Make tensors again of the saved values of a node, each at its place in the graph."""
        pullback, parents = node.pullback, iter(node.parents)
        sources: dict[int, Any] = {
            place: next(parents) for place, tracked in enumerate(pullback.tracked) if tracked
        }
        sources[getattr(pullback.operation, "out_place", -1)] = node
        values: list[Any] = list(node.saved or ())
        for spot, place in enumerate(pullback.needs):
            counter = values[pullback.counters[spot]]
            if counter is not None and place in sources:
                array, source = values[spot], sources[place]
                if isinstance(source, Edge):  # saved before it was broadcast, but after conversion
                    (source,), own, dtype = source.parents, source.shape, source.dtype
                    if array.dtype != dtype:
                        source = Edge(source, own, dtype, own, array.dtype)
                values[spot] = wrap(array, source)
                values[spot]._counter = counter
        return tuple(values)

    # ---- What it holds ---------------------------------------------------------------------------

    @property
    def device(self) -> dtypes.device:
        """Where its memory is: always on the CPU."""
        return dtypes.CPU

    @property
    def shape(self) -> Size:
        """The sizes of its dimensions."""
        return Size(self._array.shape)

    def size(self, dim: int | None = None) -> Any:
        """Return the sizes of all dimensions, or of one."""
        return self.shape if dim is None else self._along(self._array.shape, dim)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._array.ndim

    def dim(self) -> int:
        """Return the number of dimensions."""
        return self._array.ndim

    def stride(self, dim: int | None = None) -> Any:
        """Return how many elements lie between neighbours along each dimension, or along one."""
        strides = tuple(step // self._array.itemsize for step in np.asarray(self._array).strides)
        return strides if dim is None else self._along(strides, dim)

    def _along(self, numbers: Sequence[int], dim: int) -> int:
        try:
            return numbers[dim]
        except IndexError:
            count = max(self.ndim, 1)
            raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, "
                             f"{count - 1}], but got {dim})") from None  # fmt: skip

    def storage_offset(self) -> int:
        """Return how many elements of the memory lie before the first of this tensor."""
        return 0 if self._view is None else region_of(self).offset // self._array.itemsize

    def data_ptr(self) -> int:
        """Return the address of the first element."""
        return owned(self).__array_interface__["data"][0]

    def is_contiguous(self) -> bool:
        """Say whether the elements lie in memory in the order in which they print."""
        return self._array.flags.c_contiguous

    def item(self) -> Any:
        """Return the only element as a Python number."""
        if self._array.size != 1:
            raise errors.more_than_one_element(self._array.size)
        return self._array.item()

    def tolist(self) -> Any:
        """Return the elements as nested lists of Python numbers."""
        return self._array.tolist()

    def numpy(self) -> np.ndarray:
        """Return the array, not a copy of it."""
        if self.requires_grad:
            raise errors.numpy_of_tracked()
        return owned(self).view()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        return np.array(array, dtype=dtype, copy=copy) if dtype or copy else array

    def __bool__(self) -> bool:
        if self._array.size > 1:
            raise errors.ambiguous_truth()
        if self._array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        return bool(self._array.item())

    def _single(self) -> Any:
        if self._array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._array.item()

    def __float__(self) -> float:
        return float(self._single())

    def __int__(self) -> int:
        return int(self._single())

    def __complex__(self) -> complex:
        return complex(self._single())

    def __index__(self) -> int:
        if self.dtype.kind > dtypes.INTEGER or self._array.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __len__(self) -> int:
        if self._array.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return self._array.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if self._array.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self._array == getattr(value, "_array", value)))

    def __repr__(self) -> str:
        return tensor_text(self)

    def __format__(self, form: str) -> str:
        return format(self.item(), form) if not self.ndim else object.__format__(self, form)

    def __hash__(self) -> int:
        return id(self)

    def __deepcopy__(self, memo: dict[Any, Any]) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                "protocol at the moment.\nCopy the values alone with .detach().clone()."
            )
        copy = wrap(np.array(self._array))
        memo[id(self)] = copy = Tensor._make_subclass(type(self), copy, self.requires_grad)
        copy._grad = deepcopy(self._grad, memo)
        return copy


_new_tensor = partial(object.__new__, Tensor)


class _Retain:
    """What `retain_grad` hangs on a node; it knows its tensor weakly, for the tensor knows it."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = weakref.ref(tensor)

    def __call__(self, gradient: Any) -> Any:
        tensor = self.tensor()
        if tensor is not None:
            # Kept beside what goes on flowing, so it must be a copy.
            tensor._accumulate(gradient if isinstance(gradient, Tensor) else gradient.copy())
        return gradient


class RemovableHandle:
    """A hook on a node; `remove` takes it off."""

    def __init__(self, node: Any, hook: Callable[[Tensor], Tensor | None]) -> None:
        self._node, self._hook = node, hook
        retaining = tuple(each for each in node.hooks if isinstance(each, _Retain))  # stay the last
        node.hooks = (*(each for each in node.hooks if each not in retaining), self, *retaining)

    def __call__(self, gradient: Any) -> Any:
        is_array = not isinstance(gradient, Tensor)
        answer = self._hook(wrap(gradient.copy()) if is_array else gradient)
        if answer is None:
            return gradient
        if not isinstance(answer, Tensor):
            raise TypeError(f"hook '{self._hook.__name__}' has returned a value of type "
                            f"{type(answer).__name__}, it must be a Tensor or None")  # fmt: skip
        if answer.shape != gradient.shape:
            raise RuntimeError(f"hook '{self._hook.__name__}' has changed the size of value")
        return answer._array if is_array else answer

    def remove(self) -> None:
        """Take the hook off."""
        self._node.hooks = tuple(each for each in self._node.hooks if each is not self)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.remove()


# ---- Making tensors, sharing memory, counting changes --------------------------------------------


def wrap(array: Any, node: Any = None) -> Tensor:
    """Make a tensor of an array of a dtype that torch has, and of the node that computed it."""
    tensor = _new_tensor()
    tensor._array = array
    tensor.dtype = dtypes.of_array(array.dtype)
    tensor._node = node
    tensor._grad = tensor._view = None
    tensor._counter = here.state[2]
    return tensor


def owned(tensor: Tensor) -> np.ndarray:
    """Return the array as one that can be shared: a scalar moves into memory first."""
    if not isinstance(tensor._array, ndarray):
        tensor._array = np.array(tensor._array)
    return tensor._array


def counter_of(tensor: Tensor) -> list[int]:
    """Return the list that counts the changes in place."""
    if tensor._counter is None:
        tensor._counter = [0]
    elif tensor._counter == INFERENCE:
        raise errors.inference_tensor("Inference tensors cannot be saved for backward.")
    return tensor._counter


def bump(tensor: Tensor) -> None:
    """Count a change in place."""
    if tensor._counter != INFERENCE:
        counter_of(tensor)[0] += 1


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


def region_of(view: Tensor) -> shaping.Region:
    """Return where a view lies in the memory of its base."""
    array, base = view._array, view._view.base._array  # pyright: ignore[reportOptionalMemberAccess]
    start, whole = (each.__array_interface__["data"][0] for each in (array, base))
    return shaping.Region(base, array.shape, array.strides, start - whole)


def share(result: Tensor, source: Tensor, several: bool = False) -> Tensor:
    """Make a result, whose array lies in the memory of the source, a view of it."""
    view = source._view
    base = source if view is None else view.base
    if source._counter == INFERENCE:
        result._counter = INFERENCE
    else:
        result._counter = counter_of(source)
        result._view = View(base, result._counter[0], several, here.state[1])
    return result


# ---- Computing and recording ---------------------------------------------------------------------


def apply(operation: Operation, values: Sequence[Any], options: Any = _NO_OPTIONS) -> Tensor:
    """Compute an operation on tensors, numbers and arrays; record it if an input needs a gradient.

    `values` are the inputs and then the parameters of the operation's row.
    """
    values = operation.complete(tuple(values), options)
    inputs = operation.inputs
    if operation.view:
        owned(values[0])
    arrays = arrays_of(values[:inputs])
    arrays += [value._array if isinstance(value, Tensor) else value for value in values[inputs:]]
    if operation.promotes:
        dtype = dtypes.result_dtype(arrays[:inputs])
        if operation.floats and dtype.kind < dtypes.FLOATING:
            dtype = dtypes.get_default_dtype()
        arrays[:inputs] = promoted(arrays[:inputs], dtype)
    out = computed(operation, arrays)
    result = wrap(out)
    if operation.view:
        share(result, values[0])
    elif type(out) is ndarray and out.ndim == 0:
        result._array = out = out[()]
    if here.state[1]:
        nodes = [node_of(value) if isinstance(value, Tensor) else None for value in values[:inputs]]
        if any(nodes) and result.dtype.kind >= dtypes.FLOATING:
            record(operation, result, values, arrays, nodes)
    return result


def record(
    operation: Operation, result: Tensor, values: Any, arrays: list[Any], nodes: list[Any]
) -> None:
    """Give the result of an operation its node."""
    out, inputs = result._array, operation.inputs
    if result.dtype.is_complex:
        raise errors.no_complex_gradients()
    for place, node in enumerate(nodes):
        if node is not None:
            own, used = values[place]._array, arrays[place]
            shape = out.shape if place in operation.broadcasts else used.shape
            if own.shape != shape or own.dtype != used.dtype:
                nodes[place] = Edge(node, own.shape, own.dtype, shape, used.dtype)
    pullback = operation.pullback(tuple([node is not None for node in nodes]), arrays[inputs:])
    owners = (*values, result)
    everything = (*arrays, out, *map(np.shape, arrays[:inputs]))
    saved = [everything[place] for place in pullback.needs]
    for place in pullback.needs:
        owner = owners[place] if place < len(owners) else None
        counter = counter_of(owner) if isinstance(owner, Tensor) else None
        saved += (counter, counter and counter[0])
    attach(result, pullback, [node for node in nodes if node is not None], saved)


def attach(result: Tensor, pullback: Any, parents: Sequence[Any], saved: Sequence[Any]) -> Node:
    """Make a node and give it to the result."""
    node = (pullback.node_type or node_type_of(pullback))()
    node.pullback, node.parents, node.saved = pullback, tuple(parents), tuple(saved)
    node.hooks = ()
    node.number = next_number()
    result._node = node
    return node


def apply_to_list(row: ListOperation, tensors: Sequence[Any], parameters: Any) -> Tensor:
    """Compute an operation on a list of tensors; record it if one of them needs a gradient."""
    own = arrays_of(tensors)
    arrays = promoted(own, dtypes.result_dtype(own))
    result = wrap(computed(row, (arrays, *parameters)))
    nodes = [node_of(value) if isinstance(value, Tensor) else None for value in tensors]
    if here.state[1] and any(nodes):
        pullback = row.pullback(tuple(node is not None for node in nodes))
        parents = [
            node if x.dtype == used.dtype else Edge(node, x.shape, x.dtype, x.shape, used.dtype)
            for node, x, used in zip(nodes, own, arrays, strict=True)
            if node is not None
        ]
        attach(result, pullback, parents, (*parameters, *(None, 0) * len(parameters)))
    return result


def apply_to_parts(operation: Operation, source: Tensor, keys: Sequence[Any]) -> tuple[Tensor, ...]:
    """Take a tensor apart into views that share one node."""
    arrays = operation.forward(owned(source), keys)
    parts = [wrap(array) for array in arrays]
    node = node_of(source)
    if node is not None and here.state[1]:
        values = {"keys": keys, "x_shape": source._array.shape}
        pullback = operation.pullback((True,))
        saved = [values[operation.names[place]] for place in pullback.needs]
        shared = attach(wrap(source._array), pullback, (node,), (*saved, *(None, 0) * len(saved)))
        for place, part in enumerate(parts):
            part._node = Output(shared, place)
    return tuple(share(part, source, several=True) for part in parts)


def binary_method(operation: Operation) -> Callable[[Tensor, Any], Any]:
    """Make the method for a row with two inputs, whose rules do not ask for the result.

    Floats of one dtype, or a float and a number, take a short way: there is nothing to promote.
    """
    forward = operation.forward
    both = operation.pullback((True, True))
    only_x = operation.pullback((True, False))
    only_y = operation.pullback((False, True))

    def method(self: Tensor, other: Any) -> Any:
        dtype = self.dtype
        if isinstance(other, Tensor):
            if dtype is not other.dtype or not dtype.is_floating_point:
                return apply(operation, (self, other), {})
            y = other._array
            y_node = other._node if other._view is None else node_of(other)
        elif type(other) in _NUMBERS and dtype.is_floating_point:
            y, y_node = other, None
        else:
            usable = isinstance(other, OPERANDS)
            return apply(operation, (self, other), {}) if usable else NotImplemented
        x = self._array
        compute, recording, fresh = here.state
        try:
            out = compute(forward, x, y)
        except (ValueError, OverflowError) as refusal:
            raise errors.translated(operation.name, refusal, (x, y)) from None
        x_node = self._node if self._view is None else node_of(self)
        result = _new_tensor()
        result._array = out
        result.dtype = dtype
        result._grad = result._node = result._view = None
        result._counter = fresh
        if recording and (x_node or y_node):
            if type(out) is ndarray and y is not other and x.shape != y.shape:
                record(operation, result, (self, other), [x, y], [x_node, y_node])
                return result
            pullback = only_x if y_node is None else both if x_node is not None else only_y
            result._node = node = (pullback.node_type or node_type_of(pullback))()
            if y_node is None:
                node.parents = (x_node,)
            else:
                node.parents = (y_node,) if x_node is None else (x_node, y_node)
            node.pullback = pullback
            node.hooks = ()
            node.number = next_number()
            needs = pullback.needs
            if not needs:
                node.saved = ()
                return result
            counter = second = None
            if needs[0] == 0:
                counter = self._counter or counter_of(self)
            if needs[-1] == 1 and y is not other:
                second = other._counter or counter_of(other)
            if len(needs) == 2:
                node.saved = (x, y, counter, counter[0], second, second and second[0])
            elif counter is None:
                node.saved = (y, second, second and second[0])
            else:
                node.saved = (x, counter, counter[0])
        return result

    return method


def gradients_at(
    targets: Sequence[Tensor],
    outputs: Sequence[Tensor],
    seeds: Sequence[Any],
    retain_graph: bool,
    create_graph: bool,
) -> list[Any]:
    """Return the gradients that arrive at the targets, None where none does; change no `.grad`."""
    nodes = [node_of(target) for target in targets]
    if not all(nodes):
        raise errors.input_without_grad()
    arrived = run_backward(
        [node_of(output) for output in outputs], seeds, retain_graph, create_graph, set(nodes)
    )
    return [arrived.get(node) for node in nodes]


def seed_of(output: Tensor, gradient: Tensor | None, create_graph: bool, place: int = 0) -> Any:
    """Return the gradient that backward starts with: an array, or a tensor for `create_graph`."""
    if output._node is None:
        raise errors.nothing_to_differentiate(place)
    array = output._array
    if gradient is not None:
        if not isinstance(gradient, Tensor):
            raise TypeError("gradients can be either Tensors or None, but got "
                            f"{type(gradient).__name__}")  # fmt: skip
        if gradient._array.shape != array.shape:
            raise errors.seed_of_other_size(gradient.shape, output.shape)
        seed = gradient.to(output.dtype)
        # A leaf may end up with the seed as its gradient, so it must not be the caller's.
        return seed if create_graph else seed._array.copy()
    if array.size != 1:
        raise errors.not_scalar()
    one = np.ones_like(array) if isinstance(array, ndarray) else type(array)(1)
    return wrap(one) if create_graph else one


def arrays_of(values: Sequence[Any]) -> list[Any]:
    """Take the arrays out of the tensors; NumPy's scalars count as plain numbers, as with torch."""
    return [
        value._array
        if isinstance(value, Tensor)
        else value.item()
        if isinstance(value, np.generic)
        else value
        for value in values
    ]


def promoted(values: Sequence[Any], dtype: dtypes.dtype) -> list[Any]:
    """Bring arrays and numbers to the dtype."""
    target = dtype.array_dtype
    return [
        value
        if getattr(value, "dtype", None) == target
        else here.state[0](np.asarray(value).astype, target)[()]
        for value in values
    ]


def computed(operation: Operation | ListOperation, arrays: Sequence[Any]) -> Any:
    """Compute, and put NumPy's refusals into torch's words."""
    try:
        return here.state[0](operation.forward, *arrays)
    except (ValueError, TypeError, IndexError, OverflowError) as refusal:
        raise errors.translated(operation.name, refusal, arrays) from None
