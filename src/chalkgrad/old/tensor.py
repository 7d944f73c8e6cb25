"""A tensor is an array and its place in a graph; this file is both, and how the graph grows.

`apply` computes an operation and records it where an input needs a gradient. What one calls on a
tensor stands, by subject, in the classes that `Tensor` is put together from.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from chalkgrad import dtypes, errors, printing, rules
from chalkgrad.graph import AccumulateGrad, Node, Output, run_backward
from chalkgrad.indexing import Indexing
from chalkgrad.inplace import InPlace
from chalkgrad.products import Products
from chalkgrad.reducing import Reducing
from chalkgrad.rules import ListOperation, Operation
from chalkgrad.shaping import Shaping, Size
from chalkgrad.threads import here

_FLOATING_SCALARS = frozenset({np.float16, np.float32, np.float64})
_NUMBERS = frozenset({int, float, bool})
_OPERANDS = (int, float, complex, np.generic, np.ndarray)

# Saving a number is saving a value too, but nobody can change it.
_UNCHANGING = [0]

_new = object.__new__
ndarray = np.ndarray


def _unary(operation: Operation) -> Callable[[Tensor], Tensor]:
    """Make the method for a row with one input and no parameters."""
    forward = operation.forward
    (needed,) = operation.saves[True,] or (None,)

    def method(self: Tensor) -> Tensor:
        x = self._array
        if x.dtype.kind != "f":
            return apply(operation, self)
        result = wrap(here.compute(forward, x))
        if self._node is not None and here.recording:
            if needed is None:
                result._node = Node(operation, (self._node,))
            else:
                owner = result if needed else self
                counter = owner._version or owner._counter()
                saved = (None, owner._array) if needed else (x,)
                result._node = Node(
                    operation, (self._node,), saved, ((needed, counter, counter[0]),)
                )
        return result

    return method


def _binary(operation: Operation) -> Callable[[Tensor, Any], Tensor]:
    """Make the method for a row with two inputs, whose rules do not ask for the result.

    Floats of one dtype, or a float and a number, take a short way: there is nothing to promote.
    """
    forward = operation.forward
    saves = {tracked: (0 in places, 1 in places) for tracked, places in operation.saves.items()}

    def method(self: Tensor, other: Any) -> Tensor:
        x = self._array
        x_node = self._node
        is_number = type(other) in _NUMBERS
        if is_number:
            y = other
            y_node = None
            short = type(x) in _FLOATING_SCALARS or x.dtype.kind == "f"
        elif isinstance(other, Tensor):
            y = other._array
            y_node = other._node
            short = (type(x) is type(y) and type(x) in _FLOATING_SCALARS) or (
                x.dtype is y.dtype and x.dtype.kind == "f"
            )
        else:
            return apply(operation, self, other) if isinstance(other, _OPERANDS) else NotImplemented
        if not short:
            return apply(operation, self, other)
        try:
            out = here.compute(forward, x, y)
        except ValueError as refusal:
            raise errors.translated(refusal, (x, y)) from None
        if (x_node is None and y_node is None) or not here.recording:
            return wrap(out)
        save_x, save_y = saves[x_node is not None, y_node is not None]
        versions = ()
        if save_x:
            counter = self._version or self._counter()
            versions = ((0, counter, counter[0]),)
        if save_y:
            counter = _UNCHANGING if is_number else other._version or other._counter()
            versions += ((1, counter, counter[0]),)
        parents = (x_node, y_node)
        saved = (x if save_x else None, y if save_y else None)
        fits = None
        if type(out) is ndarray and not is_number and x.shape != y.shape:
            fits = _fits((self, other), parents, (x, y), out.shape)
        return wrap(out, Node(operation, parents, saved, versions, fits))

    return method


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Tensor]:
    """Make the method for a comparison, which has no gradient."""

    def method(self: Tensor, other: Any) -> Tensor:
        if not isinstance(other, (Tensor, *_OPERANDS)):
            return NotImplemented
        x, y = _arrays((self, other))
        if x.dtype.kind == "c" and compare not in (np.equal, np.not_equal):
            raise errors.not_implemented(
                operation=compare.__name__, long_name=dtypes.of_array(x.dtype).long_name
            )
        x, y = _promoted([x, y], dtypes.result_dtype((x, y)))
        return wrap(_computed(compare, x, y))

    return method


class Tensor(Shaping, Indexing, Reducing, Products, InPlace):
    """An array and its place in a graph.

    `_array` is a NumPy array, or a NumPy scalar where a computation gave a single number: Python
    computes with those about ten times as fast. `_node` is where a gradient of it goes, None if it
    needs none. `_version` counts the changes in place; tensors that share memory share it, and it
    is made when it is first asked for.
    """

    __slots__ = ("__weakref__", "_array", "_grad", "_node", "_shares", "_version")
    _array: Any
    _grad: Tensor | None
    _node: Any
    _shares: bool
    _version: list[int] | None
    __array_priority__ = 1000  # NumPy leaves `array * tensor` to the tensor

    def __new__(cls, *data: Any) -> Tensor:
        """Refuse: torch's own `Tensor(...)` is easily mistaken for `tensor(...)`."""
        raise TypeError("chalkgrad has no Tensor(...); make tensors with chalkgrad.tensor(...).")

    # ---- Its place in the graph ------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded; settable on a leaf."""
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not self.is_leaf:
            raise errors.not_a_leaf(wanted)
        if wanted and not self.dtype.kind >= dtypes.FLOATING:
            raise errors.integers_have_no_gradient(
                torch_says="only Tensors of floating point dtype"
            )
        if wanted and self.dtype.is_complex:
            raise errors.no_complex_gradients()
        if bool(wanted) != self.requires_grad:
            self._node = AccumulateGrad(self) if wanted else None

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor itself."""
        self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        return self._node is None or isinstance(self._node, AccumulateGrad)

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation that made it, None for a leaf."""
        if self.is_leaf:
            return None
        return self._node.node if isinstance(self._node, Output) else self._node

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward has added up so far, None before the first."""
        if self._grad is None and not self.is_leaf and not self._retains_grad():
            warnings.warn(errors.GRAD_OF_NON_LEAF, UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, gradient: Tensor | None) -> None:
        if gradient is not None:
            if not isinstance(gradient, Tensor):
                raise errors.gradient_not_a_tensor(gradient=gradient)
            if gradient._array.shape != self._array.shape:
                raise errors.gradient_of_other_size(gradient=gradient.shape, own=self.shape)
            if gradient._array.dtype != self._array.dtype:
                raise errors.gradient_of_other_dtype(gradient=gradient.dtype, own=self.dtype)
        self._grad = gradient

    def retain_grad(self) -> None:
        """Ask that backward keep the gradient here too, although this is not a leaf."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if not self.is_leaf and not self._retains_grad():
            self._node.hooks = (*self._node.hooks, _Retain(self))

    def _retains_grad(self) -> bool:
        hooks = () if self._node is None else self._node.hooks
        return any(isinstance(hook, _Retain) for hook in hooks)

    def _accumulate(self, gradient: Any) -> None:
        """Add an array (or, where the graph of backward is wanted, a tensor) to `.grad`."""
        if self._grad is None:
            if not isinstance(gradient, Tensor):
                # A view (of something broadcast, say) is not ours to change in place later.
                gradient = wrap(gradient if gradient.base is None else gradient.copy())
            self._grad = gradient
        elif isinstance(gradient, Tensor):
            self._grad = self._grad + gradient
        else:
            self._grad._write(self._grad._array + gradient)

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
            run_backward((self._node,), (seed,), keep, create_graph)
            return
        targets = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
        for target, found in zip(
            targets, gradients_at(targets, (self,), (seed,), keep, create_graph), strict=True
        ):
            if found is not None and not target._retains_grad():  # else it has it already
                target._accumulate(found if create_graph else found.copy())

    def detach(self) -> Tensor:
        """Return a tensor that shares the memory and has no place in the graph."""
        result = wrap(self._owned())
        result._version = self._counter()
        return result

    @property
    def data(self) -> Tensor:
        """The values outside of the graph. Unlike `detach`, changes to it go unnoticed."""
        return wrap(self._owned())

    @data.setter
    def data(self, data: Tensor) -> None:
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        self._array = data._owned()

    # ---- What it holds ---------------------------------------------------------------------------

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of its elements."""
        return dtypes.of_array(self._array.dtype)

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
        return self.shape if dim is None else self._array.shape[self._axis(dim)]

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._array.ndim

    def dim(self) -> int:
        """Return the number of dimensions."""
        return self._array.ndim

    def numel(self) -> int:
        """Return the number of elements."""
        return self._array.size

    nelement = numel

    def stride(self, dim: int | None = None) -> Any:
        """Return how many elements lie between neighbours along each dimension, or along one."""
        itemsize = self._array.itemsize
        strides = tuple(step // itemsize for step in np.asarray(self._array).strides)
        return strides if dim is None else strides[self._axis(dim)]

    def is_contiguous(self) -> bool:
        """Say whether the elements lie in memory in the order in which they print."""
        return self._array.flags.c_contiguous

    def item(self) -> Any:
        """Return the only element as a Python number."""
        if self._array.size != 1:
            raise errors.more_than_one_element(count=self._array.size)
        return self._array.item()

    def tolist(self) -> Any:
        """Return the elements as nested lists of Python numbers."""
        return self._array.tolist()

    def numpy(self) -> np.ndarray:
        """Return the array, not a copy of it."""
        if self.requires_grad:
            raise errors.numpy_of_tracked()
        return self._owned()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        return np.array(array, dtype=dtype, copy=copy) if dtype or copy else array

    def __array_wrap__(self, array: Any, context: Any = None, scalar: bool = False) -> Tensor:
        return wrap(array)

    def _owned(self) -> np.ndarray:
        """Return the array as one that can be shared: a scalar moves into memory first."""
        if not isinstance(self._array, np.ndarray):
            self._array = np.array(self._array)
        return self._array

    def _counter(self) -> list[int]:
        """Return the list that counts the changes in place."""
        if self._version is None:
            self._version = [0]
        return self._version

    def __float__(self) -> float:
        return float(self._single())

    def __int__(self) -> int:
        return int(self._single())

    def __index__(self) -> int:
        if self.dtype.kind > dtypes.INTEGER or self._array.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __complex__(self) -> complex:
        return complex(self._single())

    def _single(self) -> Any:
        if self._array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._array.item()

    def __bool__(self) -> bool:
        if self._array.size != 1:
            raise errors.ambiguous_truth(self._array.size)
        return bool(self._array.item())

    def __len__(self) -> int:
        if self._array.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return self._array.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if self._array.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self._array == (value._array if isinstance(value, Tensor) else value)))

    def __hash__(self) -> int:
        return id(self)

    def __deepcopy__(self, memo: dict[Any, Any]) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                "protocol at the moment.\nCopy the values alone with .detach().clone()."
            )
        result = memo[id(self)] = wrap(self._array.copy())
        result.requires_grad = self.requires_grad
        result._grad = deepcopy(self._grad, memo)
        return result

    def __repr__(self) -> str:
        return printing.tensor_text(self)

    def __format__(self, form: str) -> str:
        if self._array.ndim == 0:
            return format(self._array.item(), form)
        return object.__format__(self, form)

    # ---- Operations, element by element ----------------------------------------------------------

    __add__ = __radd__ = _binary(rules.add)
    __sub__ = _binary(rules.sub)
    __mul__ = __rmul__ = mul = multiply = _binary(rules.mul)
    __truediv__ = _binary(rules.div)
    maximum = _binary(rules.maximum)
    minimum = _binary(rules.minimum)
    __neg__ = neg = negative = _unary(rules.neg)
    __abs__ = abs = absolute = _unary(rules.absolute)
    reciprocal = _unary(rules.reciprocal)
    sqrt = _unary(rules.sqrt)
    rsqrt = _unary(rules.rsqrt)
    exp = _unary(rules.exp)
    expm1 = _unary(rules.expm1)
    log = _unary(rules.log)
    log1p = _unary(rules.log1p)
    log2 = _unary(rules.log2)
    log10 = _unary(rules.log10)
    sin = _unary(rules.sin)
    cos = _unary(rules.cos)
    tan = _unary(rules.tan)
    sinh = _unary(rules.sinh)
    cosh = _unary(rules.cosh)
    tanh = _unary(rules.tanh)
    asin = arcsin = _unary(rules.asin)
    acos = arccos = _unary(rules.acos)
    atan = arctan = _unary(rules.atan)
    sigmoid = _unary(rules.sigmoid)
    relu = _unary(rules.relu)
    sign = _unary(rules.sign)
    floor = _unary(rules.floor)
    ceil = _unary(rules.ceil)
    trunc = _unary(rules.trunc)
    clone = _unary(rules.clone)

    __lt__ = lt = less = _comparison(np.less)
    __le__ = le = less_equal = _comparison(np.less_equal)
    __gt__ = gt = greater = _comparison(np.greater)
    __ge__ = ge = greater_equal = _comparison(np.greater_equal)
    __eq__ = eq = _comparison(np.equal)  # pyright: ignore[reportAssignmentType] - as torch has it
    __ne__ = ne = not_equal = _comparison(np.not_equal)  # pyright: ignore[reportAssignmentType]

    def __pos__(self) -> Tensor:
        return self

    def __rsub__(self, other: Any) -> Tensor:
        if isinstance(other, np.ndarray):
            return apply(rules.sub, other, self)
        return apply(rules.rsub, self, other) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Tensor:
        return self.reciprocal() * other if isinstance(other, _OPERANDS) else NotImplemented

    def __pow__(self, exponent: Any) -> Tensor:
        if _is_number(exponent):
            return apply(rules.power_to_number, *self._with_number(exponent))
        if isinstance(exponent, (Tensor, np.ndarray)):
            return apply(rules.power, self, exponent)
        return NotImplemented

    def __rpow__(self, base: Any) -> Tensor:
        if _is_number(base):
            return apply(rules.number_to_power, *self._with_number(base))
        return apply(rules.power, base, self) if isinstance(base, np.ndarray) else NotImplemented

    def __mod__(self, other: Any) -> Tensor:
        if not _is_number(other):
            return NotImplemented
        self._refuse_integer_division_by(other)
        return apply(rules.remainder, *self._with_number(other))

    def __floordiv__(self, other: Any) -> Tensor:
        if not isinstance(other, (Tensor, *_OPERANDS)):
            return NotImplemented
        self._refuse_integer_division_by(other)
        return apply(rules.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return apply(rules.floor_divide, other, self) if _is_number(other) else NotImplemented

    def _with_number(self, number: Any) -> tuple[Tensor, Any]:
        """Return the tensor, converted where the number asks for it, and the plain number."""
        number = number.item() if isinstance(number, np.generic) else number
        return self.to(dtypes.result_dtype((self._array, number))), number

    def _refuse_integer_division_by(self, other: Any) -> None:
        divisor = other._array if isinstance(other, Tensor) else np.asarray(other)
        whole = self.dtype.kind <= dtypes.INTEGER and divisor.dtype.kind in "iub"
        if whole and not np.all(divisor):
            raise RuntimeError("ZeroDivisionError\nIntegers have no infinity to answer with.")

    def __invert__(self) -> Tensor:
        if self.dtype.kind > dtypes.INTEGER:
            raise errors.not_implemented(operation="bitwise_not", long_name=self.dtype.long_name)
        return wrap(~self._array)

    def __and__(self, other: Any) -> Tensor:
        return self._bitwise(np.bitwise_and, other)

    def __or__(self, other: Any) -> Tensor:
        return self._bitwise(np.bitwise_or, other)

    def __xor__(self, other: Any) -> Tensor:
        return self._bitwise(np.bitwise_xor, other)

    def _bitwise(self, compute: Callable[[Any, Any], Any], other: Any) -> Tensor:
        x, y = _arrays((self, other))
        dtype = dtypes.result_dtype((x, y))
        if dtype.kind > dtypes.INTEGER:
            raise errors.not_implemented(operation=compute.__name__, long_name=dtype.long_name)
        x, y = _promoted([x, y], dtype)
        return wrap(_computed(compute, x, y))

    def add(self, other: Any, *, alpha: float = 1) -> Tensor:
        """Add `alpha` times the other."""
        return self + other if alpha == 1 else apply(rules.add_scaled, self, other, alpha)

    def sub(self, other: Any, *, alpha: float = 1) -> Tensor:
        """Subtract `alpha` times the other."""
        return self - other if alpha == 1 else apply(rules.sub_scaled, self, other, alpha)

    def div(self, other: Any) -> Tensor:
        """Divide, also integers, into floats."""
        return self / other

    subtract, divide, true_divide = sub, div, div

    def pow(self, exponent: Any) -> Tensor:
        """Raise to a power."""
        return self**exponent

    def square(self) -> Tensor:
        """Raise to the power 2."""
        return self**2

    def round(self) -> Tensor:
        """Round to the nearest whole number, halves to the even one."""
        return apply(rules.round_, self)

    def clamp(self, min: float | None = None, max: float | None = None) -> Tensor:
        """Move what lies outside of the bounds onto them."""
        if min is None and max is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        if isinstance(min, Tensor) or isinstance(max, Tensor):
            raise NotImplementedError("chalkgrad has clamp for numbers only, not for tensors.")
        dtype = dtypes.result_dtype(
            [self._array, *(bound for bound in (min, max) if bound is not None)]
        )
        return apply(rules.clamp, self.to(dtype), min, max)

    clip = clamp

    def where(self, condition: Tensor, other: Any) -> Tensor:
        """Take own elements where the condition holds, the other's elsewhere."""
        return where(condition, self, other)

    def to(self, target: Any, *, copy: bool = False) -> Tensor:
        """Convert to a dtype, or to the dtype of another tensor; the device is always the CPU."""
        if isinstance(target, Tensor):
            target = target.dtype
        if not isinstance(target, dtypes.dtype):
            dtypes.check_device(target)
            target = self.dtype
        if self._array.dtype == target.array_dtype:
            return self.clone() if copy else self
        return apply(rules.convert, self, target.array_dtype)

    def type(self, dtype: dtypes.dtype | None = None) -> Any:
        """Convert to a dtype; without one, return the old-fashioned name of the type."""
        return f"torch.{self.dtype.long_name}Tensor" if dtype is None else self.to(dtype)

    def float(self) -> Tensor:
        """Convert to float32."""
        return self.to(dtypes.float32)

    def double(self) -> Tensor:
        """Convert to float64."""
        return self.to(dtypes.float64)

    def half(self) -> Tensor:
        """Convert to float16."""
        return self.to(dtypes.float16)

    def int(self) -> Tensor:
        """Convert to int32."""
        return self.to(dtypes.int32)

    def long(self) -> Tensor:
        """Convert to int64."""
        return self.to(dtypes.int64)

    def bool(self) -> Tensor:
        """Convert to bool: whether each element is other than zero."""
        return self.to(dtypes.bool_)

    def cpu(self) -> Tensor:
        """Return the tensor itself: it is on the CPU."""
        return self

    def contiguous(self) -> Tensor:
        """Return the tensor itself, or a copy that lies in memory in order."""
        return self if self.is_contiguous() else self.clone()

    # ---- How the subjects above apply and record -------------------------------------------------

    def _apply(self, operation: Operation, *values: Any) -> Tensor:
        return apply(operation, *values)

    def _apply_to_list(
        self, operation: ListOperation, tensors: Sequence[Any], *parameters: Any
    ) -> Tensor:
        return apply_to_list(operation, tensors, *parameters)

    def _view(self, operation: Operation, *parameters: Any) -> Tensor:
        """Apply an operation whose result shares the memory of this tensor."""
        self._owned()
        return self._sharing(apply(operation, self, *parameters))

    def _views(self, operation: Operation, *parameters: Any) -> tuple[Tensor, ...]:
        """Apply an operation with several results, all of which share the memory."""
        arrays = operation.forward(self._owned(), *parameters)
        nodes: list[Any] = [None] * len(arrays)
        if self._node is not None and here.recording:
            saved = (None, *parameters, None, self._array.shape)
            node = Node(operation, (self._node,), saved)
            nodes = [Output(node, place) for place in range(len(arrays))]
        return tuple(
            self._sharing(wrap(array, node)) for array, node in zip(arrays, nodes, strict=True)
        )

    def _sharing(self, view: Tensor) -> Tensor:
        view._version = self._counter()
        view._shares = self._shares = True
        return view

    def _wrap(self, array: Any, node: Any = None) -> Tensor:
        return wrap(array, node)

    def _saved_as_tensors(self, node: Node) -> tuple[Any, ...]:
        """Make tensors again of the saved values of a node, each at its place in the graph."""
        values: list[Any] = list(node.saved or ())
        for place, version, _ in node.versions:
            if version is not _UNCHANGING:
                parent, fit = None, None
                if place < len(node.parents):
                    parent, fit = node.parents[place], node.fits and node.fits[place]
                elif place == node.operation.result_place:
                    parent = node
                array = values[place]
                value = wrap(array if fit is None else array.astype(fit[1]), parent)
                value._version = version
                values[place] = value.to(dtypes.of_array(array.dtype))
        return tuple(values)


class _Retain:
    """What `retain_grad` hangs on a node; it knows its tensor weakly, for the tensor knows it."""

    __slots__ = ("tensor",)

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = weakref.ref(tensor)

    def __call__(self, gradient: Any) -> None:
        tensor = self.tensor()
        if tensor is not None:
            # Kept beside what goes on flowing, so it must be a copy.
            tensor._accumulate(gradient if isinstance(gradient, Tensor) else gradient.copy())


def wrap(array: Any, node: Any = None) -> Tensor:
    """Make a tensor of an array of a dtype that torch has, and of the node that computed it."""
    tensor = _new(Tensor)
    tensor._array = array
    tensor._node = node
    tensor._grad = None
    tensor._version = None
    tensor._shares = False
    return tensor


def apply(operation: Operation, *values: Any) -> Tensor:
    """Compute an operation on tensors, numbers and arrays; record it if an input needs a gradient.

    `values` are the inputs and then the parameters of the operation's row.
    """
    inputs = operation.inputs
    arrays = _arrays(values)
    if operation.promotes:
        dtype = dtypes.result_dtype(arrays[:inputs])
        if operation.floats and dtype.kind < dtypes.FLOATING:
            dtype = dtypes.float32
        arrays[:inputs] = _promoted(arrays[:inputs], dtype)
    out = _computed(operation.forward, *arrays)
    result = wrap(out)
    parents = _parents(values[:inputs])
    if not parents or out.dtype.kind not in "fc":
        return result
    if out.dtype.kind == "c":
        raise errors.no_complex_gradients()
    saved: list[Any] = [*arrays, out, *(None,) * inputs]
    versions = []
    needed = operation.saves[tuple([parent is not None for parent in parents])]
    for place in range(len(saved)):
        if place not in needed:
            saved[place] = None
        elif place > operation.result_place:
            saved[place] = np.shape(arrays[place - operation.result_place - 1])
        else:
            owner = result if place == operation.result_place else values[place]
            if isinstance(owner, Tensor):
                counter = owner._counter()
                versions.append((place, counter, counter[0]))
            elif place < inputs:
                versions.append((place, _UNCHANGING, 0))
    computed = arrays if inputs > 1 else (out,)
    fits = _fits(values, parents, computed, out.shape if operation.broadcasts else None)
    result._node = Node(operation, parents, tuple(saved), tuple(versions), fits)
    return result


def apply_to_list(operation: ListOperation, tensors: Sequence[Any], *parameters: Any) -> Tensor:
    """Compute an operation on a list of tensors; record it if one of them needs a gradient."""
    arrays = _arrays(tensors)
    arrays = _promoted(arrays, dtypes.result_dtype(arrays))
    result = wrap(operation.forward(arrays, *parameters))
    parents = _parents(tensors)
    if parents:
        fits = _fits(tensors, parents, arrays, None)
        result._node = Node(operation.of(len(tensors)), parents, parameters, (), fits)
    return result


def _parents(inputs: Sequence[Any]) -> tuple[Any, ...]:
    """Return the node of each input that needs a gradient; nothing at all if there is none."""
    if not here.recording:
        return ()
    parents = tuple([value._node if isinstance(value, Tensor) else None for value in inputs])
    return parents if parents.count(None) < len(parents) else ()


def _fits(
    inputs: Sequence[Any], parents: Sequence[Any], computed: Sequence[Any], shape: Any
) -> tuple[Any, ...] | None:
    """Return shape and dtype of each input, if one was converted, or broadcast to the shape."""
    befores = [None if node is None else x._array for x, node in zip(inputs, parents, strict=False)]
    for before, array in zip(befores, computed, strict=False):
        if before is not None and (
            before.dtype is not array.dtype or shape not in (None, before.shape)
        ):
            return tuple([each if each is None else (each.shape, each.dtype) for each in befores])
    return None


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """Take elements of `input` where the condition holds, of `other` elsewhere."""
    if condition.dtype is not dtypes.bool_:
        raise errors.condition_not_bool(long_name=condition.dtype.long_name)
    if _is_number(input) and _is_number(other):
        input = wrap(np.asarray(input, dtypes.result_dtype((input, other)).array_dtype))
    return apply(rules.choose, input, other, condition)


def gradients_at(
    targets: Sequence[Tensor],
    outputs: Sequence[Tensor],
    seeds: Sequence[Any],
    retain_graph: bool,
    create_graph: bool,
) -> list[Any]:
    """Return the gradients that arrive at the targets, None where none does; change no `.grad`."""
    if not all(target.requires_grad for target in targets):
        raise errors.input_without_grad()
    nodes = [target._node for target in targets]
    arrived = run_backward(
        [output._node for output in outputs], seeds, retain_graph, create_graph, set(nodes)
    )
    return [arrived.get(node) for node in nodes]


def seed_of(output: Tensor, gradient: Tensor | None, create_graph: bool) -> Any:
    """Return the gradient that backward starts with: an array, or a tensor for `create_graph`."""
    if not output.requires_grad:
        raise errors.nothing_to_differentiate()
    array = output._array
    if gradient is not None:
        if gradient._array.shape != array.shape:
            raise errors.seed_of_other_size(gradient=str(gradient.shape), output=str(output.shape))
        seed = gradient.to(output.dtype)
        # A leaf may end up with the seed as its gradient, so it must not be the caller's.
        return seed if create_graph else seed._array.copy()
    if array.size != 1:
        raise errors.not_scalar()
    one = np.ones_like(array) if isinstance(array, np.ndarray) else type(array)(1)
    return wrap(one) if create_graph else one


def _arrays(values: Sequence[Any]) -> list[Any]:
    """Take the arrays out of the tensors; NumPy's scalars count as plain numbers, as with torch."""
    return [
        value._array
        if isinstance(value, Tensor)
        else value.item()
        if isinstance(value, np.generic)
        else value
        for value in values
    ]


def _promoted(values: Sequence[Any], dtype: dtypes.dtype) -> list[Any]:
    """Bring arrays to the dtype; numbers follow by themselves, except into small integers."""
    target = dtype.array_dtype
    promoted = []
    for value in values:
        if isinstance(value, (np.ndarray, np.generic)):
            promoted.append(value if value.dtype == target else here.compute(value.astype, target))
        elif dtype.kind == dtypes.INTEGER and isinstance(value, int):
            promoted.append(np.int64(value).astype(target))
        else:
            promoted.append(value)
    return promoted


def _computed(forward: Callable[..., Any], *arrays: Any) -> Any:
    """Compute, and put NumPy's refusals into torch's words."""
    try:
        return here.compute(forward, *arrays)
    except (ValueError, TypeError, IndexError) as refusal:
        raise errors.translated(refusal, arrays) from None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, complex, np.generic))
