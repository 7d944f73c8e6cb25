"""What operations are called, how their formulas are written, and by which rule gradients pass."""

# ruff: noqa: RUF001  (formulas have a times sign)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


@dataclass(frozen=True)
class OperationWords:
    """How one operation is spoken of.

    `formula` and the local rules are templates: {0} and {1} are the inputs, {out} the result, {p}
    the exponent. A rule says, for one input, the derivative of an element of the result by the
    element of this input (`pointwise`), or else in words what happens to the gradient.
    """

    symbol: str
    name: str
    formula: str
    rules: tuple[str, ...]
    pointwise: bool = True


def _function(name: str, rule: str, symbol: str = "") -> OperationWords:
    return OperationWords(symbol or name, name, f"{name}({{0}})", (rule,))


def _moved(name: str, rule: str, formula: str = "") -> OperationWords:
    return OperationWords(name, name, formula or f"{name}({{0}})", (rule,), pointwise=False)


_BACK = "the gradient is brought back into the shape of {0}"
_PRODUCT = OperationWords(
    "@", "matrix product", "{0} @ {1}",
    ("upstream @ {1} transposed", "{0} transposed @ upstream"), pointwise=False,
)  # fmt: skip
_SUM = _moved("sum", "each element that was added gets the upstream")
_MEAN = _moved("mean", "each element gets the upstream divided by their number")

# The key is the name of the node in torch, without "Backward0"; chalkgrad has the same names.
_OPERATIONS = {
    "Add": OperationWords("+", "add", "{0} + {1}", ("1", "1")),
    "Sub": OperationWords("-", "subtract", "{0} - {1}", ("1", "-1")),
    "Rsub": OperationWords("-", "subtract from", "constant - {0}", ("-1",)),
    "Neg": OperationWords("-", "negate", "-{0}", ("-1",)),
    "Mul": OperationWords("×", "multiply", "{0} × {1}", ("{1}", "{0}")),
    "Div": OperationWords("÷", "divide", "{0} ÷ {1}", ("1 ÷ {1}", "-{0} ÷ {1}²")),
    "Pow": OperationWords("xⁿ", "power", "{0}{p}", ("{derivative}",)),
    "PowBackward1": OperationWords(
        "xʸ", "power", "{0} to the {1}", ("{1} · {0} to the ({1} - 1)", "{out} · log({0})")
    ),
    "PowBackward2": OperationWords(
        "nˣ", "power", "constant to the {0}", ("{out} · log(constant)",)
    ),
    "Reciprocal": OperationWords("1/x", "reciprocal", "1 ÷ {0}", ("-1 ÷ {0}²",)),
    "Sqrt": _function("sqrt", "1 ÷ (2 {out})", "√"),
    "Exp": _function("exp", "exp({0}), which is {out}"),
    "Log": _function("log", "1 ÷ {0}"),
    "Sin": _function("sin", "cos({0})"),
    "Cos": _function("cos", "-sin({0})"),
    "Tan": _function("tan", "1 + {out}²"),
    "Tanh": _function("tanh", "1 - {out}²"),
    "Sigmoid": _function("sigmoid", "{out} (1 - {out})"),
    "Relu": _function("relu", "1 where {0} > 0, else 0"),
    "Abs": _function("abs", "the sign of {0}", "|x|"),
    "Clamp": _function("clamp", "1 within the bounds, else 0"),
    "Where": OperationWords(
        "where", "where", "where({0}, {1})", ("1 where it was chosen, else 0",) * 2
    ),
    "Maximum": OperationWords(
        "max", "maximum", "maximum({0}, {1})", ("1 where it is the larger, half where equal",) * 2
    ),
    "Minimum": OperationWords(
        "min", "minimum", "minimum({0}, {1})", ("1 where it is the smaller, half where equal",) * 2
    ),
    "Sum": _SUM,
    "Mean": _MEAN,
    "Mm": _PRODUCT,
    "Mv": OperationWords(
        "@", "matrix times vector", "{0} @ {1}",
        ("the outer product of upstream and {1}", "{0} transposed @ upstream"), pointwise=False,
    ),
    "Bmm": _PRODUCT,
    "Dot": OperationWords(
        "·", "dot product", "{0} · {1}", ("upstream × {1}", "upstream × {0}"), pointwise=False
    ),
    "Addmm": OperationWords(
        "@ +", "linear layer", "linear({0}, {1}, {2})",
        ("one matrix product with the upstream",) * 3, pointwise=False,
    ),
    "MseLoss": OperationWords(
        "mse", "mean squared error", "mse({0}, {1})",
        ("upstream × 2·({0} - {1}), over their number where it is a mean",
         "upstream × 2·({1} - {0}), over their number where it is a mean"),
        pointwise=False,
    ),
    "T": _moved("transpose", "the gradient is transposed back", "{0} transposed"),
    "Transpose": _moved("transpose", "the gradient is transposed back", "{0} transposed"),
    "View": _moved("view", _BACK),
    "Reshape": _moved("reshape", _BACK),
    "Unsqueeze": _moved("unsqueeze", _BACK),
    "Squeeze": _moved("squeeze", _BACK),
    "Expand": _moved("expand", "what was repeated is summed"),
    "Select": _moved("select", "the part gets the upstream, all the rest gets 0", "part of {0}"),
    "Slice": _moved("slice", "the part gets the upstream, all the rest gets 0", "part of {0}"),
    "Index": _moved("index", "the part gets the upstream, all the rest gets 0", "part of {0}"),
    "Clone": _function("clone", "1"),
}  # fmt: skip


def words_of(function: str, inputs: int) -> OperationWords:
    """The words for a node that torch calls `function`, such as `MulBackward0`."""
    key = re.sub(r"Backwards?\d*$", "", function)
    known = _OPERATIONS.get(function) or _OPERATIONS.get(key)
    if known is not None and len(known.rules) >= inputs:
        return known
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).lower() or function
    arguments = ", ".join(f"{{{place}}}" for place in range(inputs))
    rule = "its own backward says what is passed on"
    return OperationWords(name, name, f"{name}({arguments})", (rule,) * inputs, pointwise=False)


def fill(template: str, inputs: Sequence[str], out: str, exponent: float | None) -> str:
    """A formula or a rule with the names of its inputs and its result.

    A negative number is put into brackets.
    """
    base = inputs[0] if inputs else ""
    # Some nodes of torch do not count a number among their inputs, where others do.
    inputs = [*inputs, *["constant"] * (template.count("{") - len(inputs))]
    return template.format(
        *(inputs if template.endswith(")") else [_bracketed(each) for each in inputs]),
        out=out,
        p="ⁿ" if exponent is None else raised(exponent),
        derivative=_derivative_of_power(_bracketed(base), exponent),
    )


def raised(exponent: float) -> str:
    """An exponent in small raised digits: 2 becomes ²."""
    return format(exponent, "g").translate(_SUPERSCRIPTS)


def _derivative_of_power(base: str, exponent: float | None) -> str:
    if exponent is None:
        return f"n {base}ⁿ⁻¹"
    factor = format(exponent, "g")
    if exponent in (0, 1):
        return factor
    return f"{factor}·{base}" if exponent == 2 else f"{factor}·{base}{raised(exponent - 1)}"


def _bracketed(name: str) -> str:
    return f"({name})" if name.startswith("-") else name
