"""The table of operations: what each one computes, and how a gradient goes back through it.

A row reads `sin = Operation("SinBackward0", np.sin, x=lambda g, x: g * cos(x))`: torch's name, what
it computes on arrays, and one rule per input. A rule (a vector-Jacobian product) turns `g`, the
gradient of the result, into the gradient of that input. What else it needs it names: an input, a
parameter, the result (`out`) or the shape of an input (`x_shape`). Only what is named is saved, and
only for inputs that need a gradient.

Rules are written in operations of this table. On arrays these compute; on tensors they record, and
that is all that a second derivative takes. No rule cares about broadcasting: `fit` undoes it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from itertools import compress
from itertools import product as cartesian_product
from operator import itemgetter
from typing import Any

import numpy as np

Rule = Callable[..., Any]
Pick = Callable[[tuple[Any, ...]], tuple[Any, ...]]
Key = tuple[Any, ...]


class Operation:
    """A row of the table.

    Its values are, in this order: inputs, parameters, result, shapes of the inputs.
    """

    __slots__ = (
        "broadcasts",
        "floats",
        "forward",
        "inputs",
        "node_name",
        "promotes",
        "result_place",
        "saves",
        "vjps",
    )

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        parameters: str = "",
        *,
        floats: bool = False,
        broadcasts: bool = True,
        **rules: Rule,
    ) -> None:
        """Name the row as torch names its node.

        `parameters` are the names of what follows the inputs and has no gradient. `floats` says
        that integers become floats first. `broadcasts` is False where inputs do not meet element
        by element.
        """
        self.node_name = name
        self.forward = forward
        self.floats = floats
        self.inputs = len(rules)
        self.promotes = floats or self.inputs > 1
        self.broadcasts = broadcasts and self.inputs > 1
        names = [*rules, *parameters.split(), "out", *(f"{name}_shape" for name in rules)]
        self.result_place = names.index("out")
        needs = [tuple(map(names.index, _named_by(rule))) for rule in rules.values()]
        #: For each input: its rule, and how to pick what it names out of the saved values.
        self.vjps: tuple[tuple[Rule, Pick], ...] = tuple(
            (rule, _picker(places)) for rule, places in zip(rules.values(), needs, strict=True)
        )
        #: Which values to save, for each answer to: which inputs need a gradient?
        self.saves: dict[tuple[bool, ...], tuple[int, ...]] = {
            tracked: tuple(sorted(set().union(*compress(needs, tracked))))
            for tracked in cartesian_product((False, True), repeat=self.inputs)
        }

    def __call__(self, *values: Any) -> Any:
        """Compute on arrays; where an input is a tensor, let the tensor record."""
        for value in values[: self.inputs]:
            if not isinstance(value, (np.ndarray, np.generic, float, int)):
                return value._apply(self, *values)
        return self.forward(*values)

    def __repr__(self) -> str:
        return f"<operation of {self.node_name}>"


class ListOperation:
    """A row for an operation on a list of tensors; `each` is the rule for the input at a place."""

    __slots__ = ("forward", "node_name", "rule")

    def __init__(self, name: str, forward: Callable[..., Any], *, each: Rule) -> None:
        self.node_name = name
        self.forward = forward
        self.rule = each

    def of(self, inputs: int) -> ListOperationOf:
        """Return the row for a list of so many inputs."""
        return ListOperationOf(self.node_name, self.rule, inputs)

    def __call__(self, tensors: Sequence[Any], *parameters: Any) -> Any:
        """Compute on arrays; where one of them is a tensor, let the tensor record."""
        for value in tensors:
            if not isinstance(value, (np.ndarray, np.generic)):
                return value._apply_to_list(self, tensors, *parameters)
        return self.forward(tensors, *parameters)


class ListOperationOf:
    """A row for a list of a certain length; each of its rules takes all the parameters."""

    __slots__ = ("node_name", "vjps")
    result_place = -1  # nothing but parameters is saved

    def __init__(self, name: str, rule: Rule, inputs: int) -> None:
        self.node_name = name
        self.vjps = tuple((partial(rule, place), tuple) for place in range(inputs))


def _named_by(rule: Rule) -> tuple[str, ...]:
    return rule.__code__.co_varnames[1 : rule.__code__.co_argcount]


def _picker(places: tuple[int, ...]) -> Pick:
    """Return the function that takes the values at these places, as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[0] + 1) if places else slice(0))


def fit(gradient: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Bring the gradient of a broadcast or converted input back to the input's shape and dtype.

    Broadcasting is undone here and nowhere else: what was repeated forward is summed backward.
    """
    if tuple(gradient.shape) != shape:
        gradient = sum_to(gradient, shape)
    return gradient if gradient.dtype is dtype else convert(gradient, dtype)


# ---- Arithmetic ----------------------------------------------------------------------------------

add = Operation("AddBackward0", operator.add, x=lambda g: g, y=lambda g: g)
add_scaled = Operation(
    "AddBackward0",
    lambda x, y, alpha: x + alpha * y,
    "alpha",
    x=lambda g: g,
    y=lambda g, alpha: g * alpha,
)
sub = Operation("SubBackward0", operator.sub, x=lambda g: g, y=lambda g: -g)
sub_scaled = Operation(
    "SubBackward0",
    lambda x, y, alpha: x - alpha * y,
    "alpha",
    x=lambda g: g,
    y=lambda g, alpha: g * -alpha,
)
rsub = Operation("RsubBackward1", lambda x, number: number - x, "number", x=lambda g: -g)
neg = Operation("NegBackward0", operator.neg, x=lambda g: -g)
mul = Operation("MulBackward0", operator.mul, x=lambda g, y: g * y, y=lambda g, x: g * x)
div = Operation(
    "DivBackward0",
    operator.truediv,
    floats=True,
    x=lambda g, y: g / y,
    y=lambda g, x, y: -g * ((x / y) / y),
)
reciprocal = Operation(
    "ReciprocalBackward0", lambda x: 1 / x, floats=True, x=lambda g, out: -g * (out * out)
)
remainder = Operation("RemainderBackward0", operator.mod, "number", x=lambda g: g)

floor_divide = Operation(
    "torch::autograd::NotImplemented",
    lambda x, y: np.floor_divide(x, y),
    x=lambda g: _refuse("a first derivative of //"),
    y=lambda g: _refuse("a first derivative of //"),
)

# ---- Powers, exponentials and logarithms ---------------------------------------------------------

power_to_number = Operation(
    "PowBackward0",
    operator.pow,
    "number",
    x=lambda g, x, number: g * (number * x ** (number - 1)) if number else zeros_like(g),
)
power = Operation(
    "PowBackward1",
    operator.pow,
    x=lambda g, x, y: where(y == 0, 0.0, g * (y * x ** (y - 1))),
    y=lambda g, x, y, out: where((x == 0) & (y >= 0), 0.0, g * (out * log(x))),
)
number_to_power = Operation(
    "PowBackward2",
    lambda x, number: number**x,
    "number",
    x=lambda g, x, number, out: (
        g * (out * float(np.log(number))) if number else where(x >= 0, zeros_like(g), g * -np.inf)
    ),
)
sqrt = Operation("SqrtBackward0", np.sqrt, floats=True, x=lambda g, out: g / (2 * out))
rsqrt = Operation(
    "RsqrtBackward0", lambda x: 1 / np.sqrt(x), floats=True, x=lambda g, out: g * out**3 / -2
)
exp = Operation("ExpBackward0", np.exp, floats=True, x=lambda g, out: g * out)
expm1 = Operation("Expm1Backward0", np.expm1, floats=True, x=lambda g, out: g * (out + 1))
log = Operation("LogBackward0", np.log, floats=True, x=lambda g, x: g / x)
log1p = Operation("Log1PBackward0", np.log1p, floats=True, x=lambda g, x: g / (x + 1))
log2 = Operation("Log2Backward0", np.log2, floats=True, x=lambda g, x: g / (x * float(np.log(2))))
log10 = Operation(
    "Log10Backward0", np.log10, floats=True, x=lambda g, x: g / (x * float(np.log(10)))
)

# ---- Circular and hyperbolic ---------------------------------------------------------------------

sin = Operation("SinBackward0", np.sin, floats=True, x=lambda g, x: g * cos(x))
cos = Operation("CosBackward0", np.cos, floats=True, x=lambda g, x: g * -sin(x))
tan = Operation("TanBackward0", np.tan, floats=True, x=lambda g, out: g * (1 + out * out))
sinh = Operation("SinhBackward0", np.sinh, floats=True, x=lambda g, x: g * cosh(x))
cosh = Operation("CoshBackward0", np.cosh, floats=True, x=lambda g, x: g * sinh(x))
tanh = Operation("TanhBackward0", np.tanh, floats=True, x=lambda g, out: g * (1 - out * out))
asin = Operation("AsinBackward0", np.arcsin, floats=True, x=lambda g, x: g * rsqrt(1 - x * x))
acos = Operation("AcosBackward0", np.arccos, floats=True, x=lambda g, x: g * -rsqrt(1 - x * x))
atan = Operation("AtanBackward0", np.arctan, floats=True, x=lambda g, x: g / (x * x + 1))
sigmoid = Operation(
    "SigmoidBackward0",
    lambda x: 1 / (1 + np.exp(-x)),
    floats=True,
    x=lambda g, out: g * (out * (1 - out)),
)

# ---- Steps: flat between jumps, so the gradient is zero ------------------------------------------


def _sign(x: Any) -> Any:
    return np.where(np.isnan(x), x.dtype.type(0), np.sign(x))[()]  # torch: no number, no sign


sign = Operation("SignBackward0", _sign, x=lambda g: zeros_like(g))
floor = Operation("FloorBackward0", np.floor, x=lambda g: zeros_like(g))
ceil = Operation("CeilBackward0", np.ceil, x=lambda g: zeros_like(g))
trunc = Operation("TruncBackward0", np.trunc, x=lambda g: zeros_like(g))
round_ = Operation("RoundBackward0", np.round, x=lambda g: zeros_like(g))
zeros_like = Operation("ZerosLikeBackward0", np.zeros_like, x=lambda g: zeros_like(g))

# ---- Kinks: at the kink itself the choice is torch's ---------------------------------------------


def _kept(x: Any, condition: Any) -> Any:
    """Return x where the condition holds, 0 elsewhere, ten times as fast as `np.where`."""
    bits = np.dtype(f"i{x.dtype.itemsize}")
    return (x.view(bits) & -condition.astype(bits)).view(x.dtype)  # -1 is all bits, 0 is none


keep = Operation("WhereBackward0", _kept, "condition", x=lambda g, condition: keep(g, condition))
absolute = Operation("AbsBackward0", operator.abs, x=lambda g, x: g * sign(x))
relu = Operation("ReluBackward0", lambda x: np.maximum(x, 0), x=lambda g, out: keep(g, ~(out <= 0)))
clamp = Operation(
    "ClampBackward1",
    lambda x, low, high: np.clip(x, low, high),
    "low high",
    x=lambda g, x, low, high: keep(g, _within(x, low, high)),
)
maximum = Operation(
    "MaximumBackward0",
    np.maximum,
    x=lambda g, x, y: where(x == y, g / 2, keep(g, ~(x < y))),
    y=lambda g, x, y: where(x == y, g / 2, keep(g, ~(y < x))),
)
minimum = Operation(
    "MinimumBackward0",
    np.minimum,
    x=lambda g, x, y: where(x == y, g / 2, keep(g, ~(x > y))),
    y=lambda g, x, y: where(x == y, g / 2, keep(g, ~(y > x))),
)
choose = Operation(
    "WhereBackward0",
    lambda x, y, condition: np.where(condition, x, y),
    "condition",
    x=lambda g, condition: keep(g, condition),
    y=lambda g, condition: keep(g, ~condition),
)


def where(condition: Any, x: Any, y: Any) -> Any:
    """Take x where the condition holds, y elsewhere."""
    return choose(x, y, condition)


def _within(x: Any, low: Any, high: Any) -> Any:
    if low is None:
        return x <= high
    return x >= low if high is None else (x >= low) & (x <= high)


# ---- Repeating and summing are duals -------------------------------------------------------------


def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    added = x.ndim - len(shape)
    repeated = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.add.reduce(x, axis=(*range(added), *repeated), keepdims=True).reshape(shape)


def _mean(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    wide = np.float32 if x.dtype == np.float16 else None  # a sum of halves soon overflows
    total = np.add.reduce(x, axes, dtype=wide, keepdims=keep)
    return (total / _count(x.shape, axes)).astype(x.dtype)


def _count(shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    count = np.prod([shape[axis] for axis in axes], dtype=int)
    return float(count) if count else np.float16(0)  # by NumPy's zero, division gives nan


def _spread(g: Any, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Repeat along the axes that were reduced, whether or not they were kept."""
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return expand(reshape(g, kept), shape)


expand = Operation(
    "ExpandBackward0", np.broadcast_to, "shape", x=lambda g, x_shape: sum_to(g, x_shape)
)
sum_to = Operation("SumToBackward0", _sum_to, "shape", x=lambda g, x_shape: expand(g, x_shape))
sum_all = Operation(
    "SumBackward0", lambda x: np.add.reduce(x, None), x=lambda g, x_shape: expand(g, x_shape)
)
sum_axes = Operation(
    "SumBackward1",
    lambda x, axes, keep: np.add.reduce(x, axes, keepdims=keep),
    "axes keep",
    x=lambda g, x_shape, axes: _spread(g, x_shape, axes),
)
mean_all = Operation(
    "MeanBackward0",
    lambda x, axes: _mean(x, axes, False),
    "axes",
    x=lambda g, x_shape, axes: expand(g / _count(x_shape, axes), x_shape),
)
mean_axes = Operation(
    "MeanBackward1",
    _mean,
    "axes keep",
    x=lambda g, x_shape, axes: _spread(g / _count(x_shape, axes), x_shape, axes),
)

# ---- Spread and products -------------------------------------------------------------------------


def _variance(x: Any, axes: tuple[int, ...], correction: float, keep: bool) -> Any:
    centred = x - _mean(x, axes, True)
    freedom = max(_count(x.shape, axes) - correction, 0)
    return (np.add.reduce(centred * centred, axes, keepdims=keep) / freedom).astype(x.dtype)


def _variance_rule(g: Any, x: Any, axes: tuple[int, ...], correction: float) -> Any:
    shape = tuple(x.shape)
    centred = x - _spread(mean_axes(x, axes, True), shape, axes)
    freedom = max(_count(shape, axes) - correction, 0)
    return _spread(g, shape, axes) * (centred * (2 / freedom if freedom else float("inf")))


def _product_of_others(x: Any, axes: tuple[int, ...]) -> Any:
    """Return for each element the product of all others along the axes, right where some are 0."""
    zeros = np.add.reduce(x == 0, axes, keepdims=True)
    of_nonzero = np.multiply.reduce(np.where(x == 0, x.dtype.type(1), x), axes, keepdims=True)
    nothing = x.dtype.type(0)
    alone = np.where(zeros == 0, of_nonzero / np.where(x == 0, x.dtype.type(1), x), nothing)
    return np.where((zeros == 1) & (x == 0), of_nonzero, alone)


variance = Operation(
    "VarBackward0",
    _variance,
    "axes correction keep",
    x=lambda g, x, axes, correction: _variance_rule(g, x, axes, correction),
)
deviation = Operation(
    "StdBackward0",
    lambda x, axes, correction, keep: np.sqrt(_variance(x, axes, correction, keep)),
    "axes correction keep",
    x=lambda g, x, axes, correction, out: _variance_rule(
        where(out == 0, 0.0, g / (2 * out)), x, axes, correction
    ),
)
product = Operation(
    "ProdBackward0",
    lambda x, axes, keep: np.multiply.reduce(x, axes, keepdims=keep),
    "axes keep",
    x=lambda g, x, axes: _spread(g, tuple(x.shape), axes) * product_of_others(x, axes),
)
product_axis = Operation(
    "ProdBackward1",
    product.forward,
    "axes keep",
    x=lambda g, x, axes: _spread(g, tuple(x.shape), axes) * product_of_others(x, axes),
)
product_of_others = Operation(
    "ProductOfOthersBackward0",
    _product_of_others,
    "axes",
    x=lambda g: _refuse("a second derivative of prod"),
)

# ---- Extremes: torch shares the gradient among equals, or gives it to the first ------------------


def _largest(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    return np.maximum.reduce(x, axes, keepdims=keep)


def _smallest(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    return np.minimum.reduce(x, axes, keepdims=keep)


def _shared(g: Any, x: Any, out: Any, axes: tuple[int, ...]) -> Any:
    shape = tuple(x.shape)
    attained = x == _spread(out, shape, axes)
    sharers = convert(sum_axes(convert(attained, np.dtype(int)), axes, True), g.dtype)
    return where(attained, _spread(g, shape, axes) / _spread(sharers, shape, axes), 0.0)


amax = Operation("AmaxBackward0", _largest, "axes keep", x=_shared)
amin = Operation("AminBackward0", _smallest, "axes keep", x=_shared)
max_all = Operation("MaxBackward1", _largest, "axes keep", x=_shared)
min_all = Operation("MinBackward1", _smallest, "axes keep", x=_shared)
max_at = Operation(
    "MaxBackward0",
    lambda x, place, axis, keep: _take_along(x, place, axis, keep),
    "place axis keep",
    x=lambda g, x_shape, place, axis, keep: put_along(g, x_shape, place, axis, keep),
)
min_at = Operation("MinBackward0", max_at.forward, "place axis keep", x=max_at.vjps[0][0])


def _take_along(x: Any, place: Any, axis: int, keep: bool) -> Any:
    taken = np.take_along_axis(x, place, axis)
    return taken if keep else taken.squeeze(axis)


def _put_along(g: Any, shape: tuple[int, ...], place: Any, axis: int, keep: bool) -> Any:
    whole = np.zeros(shape, g.dtype)
    np.put_along_axis(whole, place, g if keep else np.expand_dims(g, axis), axis)
    return whole


put_along = Operation(
    "PutAlongBackward0",
    _put_along,
    "shape place axis keep",
    x=lambda g, place, axis, keep: max_at(g, place, axis, keep),
)

# ---- Moving elements: every move has a move back -------------------------------------------------

convert = Operation(
    "ToCopyBackward0",
    lambda x, dtype: x.astype(getattr(dtype, "array_dtype", dtype), copy=False),
    "dtype",
    x=lambda g: g,
)
clone = Operation("CloneBackward0", lambda x: x.copy(), x=lambda g: g)
alias = Operation("AliasBackward0", lambda x: x[...], x=lambda g: g)
reshape = Operation("ViewBackward0", np.reshape, "shape", x=lambda g, x_shape: reshape(g, x_shape))
reshape_alias = Operation("ReshapeAliasBackward0", np.reshape, "shape", x=reshape.vjps[0][0])
unsafe_view = Operation("UnsafeViewBackward0", np.reshape, "shape", x=reshape.vjps[0][0])
squeeze_all = Operation("SqueezeBackward0", np.reshape, "shape", x=reshape.vjps[0][0])
squeeze_axis = Operation("SqueezeBackward1", np.reshape, "shape", x=reshape.vjps[0][0])
squeeze_axes = Operation("SqueezeBackward2", np.reshape, "shape", x=reshape.vjps[0][0])
squeeze_row = Operation("SqueezeBackward4", np.reshape, "shape", x=reshape.vjps[0][0])
unsqueeze = Operation("UnsqueezeBackward0", np.reshape, "shape", x=reshape.vjps[0][0])
swap = Operation(
    "TransposeBackward0", np.swapaxes, "axis other", x=lambda g, axis, other: swap(g, axis, other)
)
turn = Operation("TBackward0", np.transpose, x=lambda g: turn(g))
permute = Operation(
    "PermuteBackward0",
    np.transpose,
    "axes",
    x=lambda g, axes: permute(g, tuple(np.argsort(axes).tolist())),
)

# Taking a part out, and putting a part into zeros.


def _put(g: Any, shape: tuple[int, ...], key: Key) -> Any:
    whole = np.zeros(shape, g.dtype)
    whole[key] = g
    return whole


def _put_adding(g: Any, shape: tuple[int, ...], key: Key) -> Any:
    whole = np.zeros(shape, g.dtype)
    np.add.at(whole, key, g)  # an element that was taken twice gets both gradients
    return whole


select = Operation(
    "SelectBackward0",
    lambda x, key: x[key],
    "key",
    x=lambda g, x_shape, key: put(g, x_shape, key),
)
take_slice = Operation("SliceBackward0", select.forward, "key", x=select.vjps[0][0])
put = Operation("PutBackward0", _put, "shape key", x=lambda g, key: select(g, key))
index = Operation(
    "IndexBackward0",
    lambda x, key: x[key],
    "key",
    x=lambda g, x_shape, key: put_adding(g, x_shape, key),
)
put_adding = Operation(
    "PutAddingBackward0", _put_adding, "shape key", x=lambda g, key: index(g, key)
)

# Writing over all of it, or over a part.


def _assigned(x: Any, y: Any, key: Key) -> Any:
    whole = x.copy()
    whole[key] = y
    return whole


filled = Operation(
    "FillBackward0",
    lambda x, number: np.full(x.shape, number, x.dtype)[()],
    "number",
    x=lambda g: zeros_like(g),
)
assign = Operation(
    "torch::autograd::CopySlices",
    _assigned,
    "key",
    broadcasts=False,
    x=lambda g, key: assign(g, zeros_like(index(g, key)), key),
    y=lambda g, key: index(g, key),
)

# Joining, and taking apart.

cat = ListOperation(
    "CatBackward0",
    lambda arrays, sizes, axis: np.concatenate(arrays, axis),
    each=lambda place, g, sizes, axis: take_slice(
        g, _at(axis, slice(sum(sizes[:place]), sum(sizes[: place + 1])))
    ),
)
stack = ListOperation(
    "StackBackward0",
    lambda arrays, axis: np.stack(arrays, axis),
    each=lambda place, g, axis: select(g, _at(axis, place)),
)
unbind = Operation(
    "UnbindBackward0",
    lambda x, axis: [x[_at(axis, place)] for place in range(x.shape[axis])],
    "axis",
    x=lambda g, x_shape, axis: stack(_filled(g, x_shape[axis]), axis),
)


def _at(axis: int, what: int | slice) -> Key:
    return (*(slice(None),) * axis, what, ...)


def _filled(parts: dict[int, Any], places: int) -> list[Any]:
    """Put zeros where no gradient arrived."""
    nothing = zeros_like(next(iter(parts.values())))
    return [parts.get(place, nothing) for place in range(places)]


# ---- Products of vectors and matrices ------------------------------------------------------------

dot = Operation(
    "DotBackward0", np.dot, broadcasts=False, x=lambda g, y: g * y, y=lambda g, x: g * x
)
mv = Operation(
    "MvBackward0",
    np.matmul,
    broadcasts=False,
    x=lambda g, y: unsqueeze(g, (*g.shape, 1)) * y,
    y=lambda g, x: x.mT @ g,
)
mm = Operation(
    "MmBackward0", np.matmul, broadcasts=False, x=lambda g, y: g @ y.mT, y=lambda g, x: x.mT @ g
)
bmm = Operation("BmmBackward0", np.matmul, broadcasts=False, x=mm.vjps[0][0], y=mm.vjps[1][0])


def _refuse(what: str) -> Any:
    raise NotImplementedError(f"chalkgrad does not have {what}.")
