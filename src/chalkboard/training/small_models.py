"""The two models of WeightKnobs, and what an engine says of their loss and its gradient.

The browser has the same two in closed form (`static/parts/small_models.js`), to be fast while a
knob is turned. Here the gradient is an engine's, and that is what the browser's is held against.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np

from chalkboard.arrays import Numbers
from chalkboard.wording import format_number, join_words

ModelKind = Literal["line", "network"]

_RELATIVE_TOLERANCE = 1e-9
_ABSOLUTE_TOLERANCE = 1e-12


@dataclass(frozen=True)
class SmallModel:
    """A function of x with a few weights: a line, or one hidden layer of tanh units.

    `names` are those of the weights, in their order; `formula` says how y comes from them.
    """

    kind: ModelKind
    names: tuple[str, ...]
    formula: str

    def predict(
        self,
        weights: Sequence[Any],
        x: Any,
        tanh: Callable[[Any], Any] = lambda tensor: tensor.tanh(),
    ) -> Any:
        """What the model says at `x`; for arrays instead of tensors, `tanh` is NumPy's."""
        if self.kind == "line":
            slope, bias = weights
            return slope * x + bias
        result = weights[-1]
        for first in range(0, len(weights) - 1, 3):
            inner, shift, outer = weights[first : first + 3]
            result = result + outer * tanh(inner * x + shift)
        return result


def make_line() -> SmallModel:
    """The model y = w x + b."""
    return SmallModel("line", ("w", "b"), "y = w · x + b")


def make_network(hidden: int) -> SmallModel:
    """A network with one input, `hidden` tanh units and one output.

    The weights stand unit by unit (into the unit, its shift, out of it), and the last is the
    shift of the output.
    """
    names = [f"{letter}{unit}" for unit in range(1, hidden + 1) for letter in "wbv"]
    terms = [f"v{unit} · tanh(w{unit} · x + b{unit})" for unit in range(1, hidden + 1)]
    return SmallModel("network", (*names, "b"), f"y = {' + '.join(terms)} + b")


@dataclass(frozen=True)
class LossAnswer:
    """The loss and its gradient at `weights` from one engine.

    Both are None where the engine has none, and `trouble` says why.
    """

    engine: str
    weights: tuple[float, ...]
    loss: float | None
    gradient: tuple[float, ...] | None
    trouble: str = ""


def ask_loss(
    model: SmallModel, x: Numbers, y: Numbers, weights: Sequence[float], engine: ModuleType
) -> LossAnswer:
    """The mean squared error of `model` on the points (x, y), forward and backward in float64.

    `engine` is a module with torch's names. What it raises is part of the answer.
    """
    asked = tuple(weights)
    try:
        leaves = [
            engine.tensor(weight, requires_grad=True, dtype=engine.float64) for weight in asked
        ]
        inputs, targets = (
            engine.tensor(numbers.tolist(), dtype=engine.float64) for numbers in (x, y)
        )
        # A loss that overflows is said in words; NumPy's warning would repeat it.
        with np.errstate(all="ignore"):
            loss = ((model.predict(leaves, inputs) - targets) ** 2).mean()
            loss.backward()
        gradient = tuple(float(leaf.grad.item()) for leaf in leaves)
    except Exception as error:
        lines = str(error).strip().splitlines() or ["no message"]
        trouble = f"{type(error).__name__}: {lines[0].rstrip('.')}"
        return LossAnswer(engine.__name__, asked, None, None, trouble)
    return LossAnswer(engine.__name__, asked, float(loss.item()), gradient)


def describe_loss_answers(answers: Sequence[LossAnswer]) -> str:
    """What is wrong, and with which engine; else whether the engines agree."""
    troubles = [f"{answer.engine} says: {answer.trouble}." for answer in answers if answer.trouble]
    if troubles:
        return " ".join(troubles)
    if len(answers) == 1:
        return ""
    names = join_words([answer.engine for answer in answers])
    verdict = "agree" if all(_agree(answers[0], other) for other in answers[1:]) else "differ"
    return f"{names} {verdict}."


def describe_weights(model: SmallModel, weights: Sequence[float]) -> str:
    """The weights and their names as one enumeration."""
    return join_words(
        [
            f"{name} = {format_number(weight, 4)}"
            for name, weight in zip(model.names, weights, strict=True)
        ]
    )


def _agree(one: LossAnswer, other: LossAnswer) -> bool:
    return all(
        math.isclose(left, right, rel_tol=_RELATIVE_TOLERANCE, abs_tol=_ABSOLUTE_TOLERANCE)
        for left, right in zip(_numbers(one), _numbers(other), strict=True)
    )


def _numbers(answer: LossAnswer) -> list[float]:
    assert answer.loss is not None
    assert answer.gradient is not None
    return [answer.loss, *answer.gradient]
