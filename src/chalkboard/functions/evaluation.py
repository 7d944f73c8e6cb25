"""Asks an engine for a value and its slopes at one point; where it has none, says why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

#: A function of one scalar tensor, written so that the engine that made the tensor can run it.
ScalarFunction = Callable[[Any], Any]
#: The same of two scalar tensors.
PlaneFunction = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Evaluation:
    """What an engine says at one point: the value f(x) and the slope f'(x), as float64."""

    value: float
    slope: float

    @property
    def is_finite(self) -> bool:
        """Whether both numbers can be drawn."""
        return math.isfinite(self.value) and math.isfinite(self.slope)


class EvaluationError(ValueError):
    """The engine could not give f(x) and f'(x); the message is one sentence without a full stop."""


def evaluate(f: ScalarFunction, x: float, engine: ModuleType) -> Evaluation:
    """Run `f` at `x` in float64, forward and backward.

    `engine` is a module with torch's names: `tensor`, `float64`, and tensors with `backward` and
    `grad`. Numbers that are not finite are returned as they are.

    Raises:
        EvaluationError: `f` raised, or what it returned is not one number with a graph back to x.
    """
    value, (slope,) = evaluate_gradient(f, [x], engine)
    return Evaluation(value, slope)


def evaluate_gradient(
    f: Callable[..., Any], place: Sequence[float], engine: ModuleType
) -> tuple[float, tuple[float, ...]]:
    """Run `f` in float64 at the numbers in `place`: its value, and the slope along each of them.

    Raises:
        EvaluationError: as `evaluate`.
    """
    point = [
        engine.tensor(float(number), requires_grad=True, dtype=engine.float64) for number in place
    ]
    try:
        # An undefined value is reported by the caller, in words; NumPy's warning would repeat it.
        with np.errstate(all="ignore"):
            result = f(*point)
            _check_result(result, point[0])
            result.backward()
    except EvaluationError:
        raise
    except Exception as error:
        raise EvaluationError(f"{type(error).__name__}: {_first_line(error)}") from error
    slopes = [None if number.grad is None else float(number.grad.item()) for number in point]
    if all(slope is None for slope in slopes):
        raise EvaluationError(_NO_GRAPH)
    # A number that f does not use leaves its value as it is.
    return float(result.item()), tuple(0.0 if slope is None else slope for slope in slopes)


_NO_GRAPH = (
    "the result has no graph back to x, so it has no slope; use x itself, "
    "not x.detach() or a new tensor made from x"
)


def _check_result(result: Any, point: Any) -> None:
    if not isinstance(result, type(point)):
        kind = type(result).__name__
        raise EvaluationError(
            f"the function returned a {kind} instead of a tensor, so the graph is lost; "
            "use x itself and methods such as x.sin(), not float(x), x.item() or math.sin(x)"
        )
    shape = tuple(result.shape)
    if math.prod(shape) != 1:
        raise EvaluationError(
            f"the function returned a tensor of shape {shape} instead of one number; "
            "add .sum() or .mean(), or return one entry"
        )
    if not result.requires_grad:
        raise EvaluationError(_NO_GRAPH)


def _first_line(error: Exception) -> str:
    """The first line of an error's message, without the full stop that our sentence adds."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else "no message"
