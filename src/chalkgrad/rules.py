"""The table of operations: what each one computes, and how a gradient goes back through it.

A row reads `sin = Operation("Sin", np.sin, floats=True, x=lambda g, x: g * cos(x))`: torch's name, the forward
computation on arrays, and one rule per input. A rule (a vector-Jacobian product) takes `g`, the
gradient of the result, and gives the gradient of that input. What else a rule needs it names: an
input, a parameter, the result itself (`out`), or the shape of an input (`x_shape`). Only what is
named gets saved, and only for inputs that need a gradient.

Rules are written in the operations of this table. On arrays these compute; on tensors they record,
which is all that a second derivative takes. No rule cares about broadcasting: `fit` undoes that,
once, at the edge of the graph.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import numpy as np

Rule = Callable[..., Any]
Vjp = tuple[Rule, Callable[[tuple[Any, ...]], tuple[Any, ...]]]


class Operation:
    """A row of the table.

    Called on arrays it computes; called with a tensor among its values it lets the tensor record.
    Its values are, in this order: inputs, parameters, result, shapes of the inputs.
    """

    __slots__ = ("broadcasts", "floats", "forward", "inputs", "needs", "node_name", "vjps")

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        parameters: str = "",
        floats: bool = False,
        broadcasts: bool = True,
        **rules: Rule | None,
    ) -> None:
        """Name the row as torch names its node, less the `Backward`; a final digit is torch's too.

        `floats` says that integers become floats first; `broadcasts` is False where two inputs
        meet in another way than element by element.
        """
        stem, digit = (name[:-1], name[-1]) if name[-1].isdigit() else (name, "0")
        self.node_name = f"{stem}Backward{digit}"
        self.forward = forward
        self.floats = floats
        self.inputs = len(rules)
        self.broadcasts = broadcasts and self.inputs > 1
        order = [*rules, *parameters.split(), "out", *(f"{name}_shape" for name in rules)]
        position = {name: place for place, name in enumerate(order)}
        #: For each input, the positions of what its rule names.
        differentiable = [rule for rule in rules.values() if rule is not None]
        self.needs = tuple(
            tuple(position[name] for name in _parameters(rule)[1:]) for rule in differentiable
        )
        self.vjps: tuple[Vjp, ...] = tuple(
            (rule, _picker(needs)) for rule, needs in zip(differentiable, self.needs, strict=True)
        )

    def __call__(self, *values: Any) -> Any:
        for value in values[: self.inputs]:
            if type(value) is not np.ndarray and hasattr(value, "_apply"):
                return value._apply(self, *values)
        return self.forward(*values)

    def __repr__(self) -> str:
        return f"<{self.node_name}>"


def _parameters(rule: Rule) -> tuple[str, ...]:
    code = rule.__code__
    return code.co_varnames[: code.co_argcount]


def _picker(needs: tuple[int, ...]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return the function that takes just those places out of the saved values, as a tuple."""
    if len(needs) > 1:
        return itemgetter(*needs)
    return itemgetter(slice(needs[0], needs[0] + 1) if needs else slice(0))


def fit(gradient: Any, shape: tuple[int, ...], array_dtype: np.dtype[Any]) -> Any:
    """Bring the gradient of a broadcast or converted input back to its shape and dtype.

    This is the only place where broadcasting is undone: what was repeated forward is summed back.
    """
    if tuple(gradient.shape) != shape:
        gradient = sum_to(gradient, shape)
    return cast(gradient, array_dtype, gradient.dtype)


def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    added = x.ndim - len(shape)
    stretched = tuple(
        axis + added for axis, size in enumerate(shape) if size == 1 != x.shape[axis + added]
    )
    return np.add.reduce(x, axis=(*range(added), *stretched), keepdims=True).reshape(shape)


def _cast(x: Any, array_dtype: np.dtype[Any], source: np.dtype[Any]) -> Any:
    return x.astype(array_dtype, copy=False)


# ---- Arithmetic ----------------------------------------------------------------------------------

add = Operation("Add", operator.add, x=lambda g: g, y=lambda g: g)
sub = Operation("Sub", operator.sub, x=lambda g: g, y=lambda g: -g)
rsub = Operation("Rsub1", lambda x, number: number - x, "number", x=lambda g: -g)
neg = Operation("Neg", operator.neg, x=lambda g: -g)
mul = Operation("Mul", operator.mul, x=lambda g, y: g * y, y=lambda g, x: g * x)
div = Operation(
    "Div", operator.truediv, floats=True, x=lambda g, y: g / y, y=lambda g, x, y: -g * ((x / y) / y)
)
reciprocal = Operation("Reciprocal", lambda x: 1 / x, floats=True, x=lambda g, out: -g * (out * out))

# ---- Powers, exponentials, logarithms ------------------------------------------------------------

pow_number = Operation(
    "Pow0",
    operator.pow,
    parameters="exponent",
    x=lambda g, x, exponent: g * (exponent * x ** (exponent - 1)) if exponent else zeros_like(g),
)
pow = Operation(
    "Pow1",
    operator.pow,
    x=lambda g, x, y: where(y == 0, 0.0, g * (y * x ** (y - 1))),
    y=lambda g, x, y, out: g * where((x == 0) & (y >= 0), 0.0, out * log(x)),
)
number_pow = Operation(
    "Pow2",
    lambda x, base: base**x,
    parameters="base",
    x=lambda g, x, base, out: (
        g * (out * float(np.log(base))) if base else where(x >= 0, 0.0, g * (out * -np.inf))
    ),
)
sqrt = Operation("Sqrt", np.sqrt, floats=True, x=lambda g, out: g / (2 * out))
exp = Operation("Exp", np.exp, floats=True, x=lambda g, out: g * out)
log = Operation("Log", np.log, floats=True, x=lambda g, x: g / x)

# ---- Waves ---------------------------------------------------------------------------------------

sin = Operation("Sin", np.sin, floats=True, x=lambda g, x: g * cos(x))
cos = Operation("Cos", np.cos, floats=True, x=lambda g, x: g * -sin(x))
tan = Operation("Tan", np.tan, floats=True, x=lambda g, out: g * (1 + out * out))
tanh = Operation("Tanh", np.tanh, floats=True, x=lambda g, out: g * (1 - out * out))

# ---- Choices -------------------------------------------------------------------------------------

zeros_like = Operation("ZerosLike", np.zeros_like, x=None)


def where(condition: Any, x: Any, y: Any) -> Any:
    """Take x where the condition holds and y elsewhere."""
    return choose(x, y, condition)


choose = Operation(
    "Where",
    lambda x, y, condition: np.where(condition, x, y),
    "condition",
    x=lambda g, condition: where(condition, g, 0.0),
    y=lambda g, condition: where(condition, 0.0, g),
)

# ---- Duals: what one repeats, the other sums -----------------------------------------------------

sum_to = Operation("SumTo", _sum_to, "shape", x=lambda g, x_shape: expand(g, x_shape))
sum_all = Operation("Sum0", np.add.reduce, "axis", x=lambda g, x_shape: expand(g, x_shape))
expand = Operation("Expand", np.broadcast_to, "shape", x=lambda g, x_shape: sum_to(g, x_shape))
cast = Operation(
    "ToCopy", _cast, "array_dtype source", x=lambda g, source: cast(g, source, g.dtype)
)
