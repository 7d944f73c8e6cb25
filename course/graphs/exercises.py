"""What the answers of this section are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import torch

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question
from autograder.runner import asks as common
from course.graphs import asks

# Wide enough for float32 and for every way to write the same polynomial.
AGREES = Agreement(relative=1e-4, absolute=1e-4)
# What float64 and autograd reach, and no difference of two nearby heights.
AGREES_TO_ROUNDING = Agreement(relative=1e-11, absolute=1e-11)


def _torch_slope(function: str, x: float, device: str) -> float:
    at = torch.tensor(x, dtype=torch.float64, device=device)
    return torch.func.grad(asks.FUNCTIONS[function])(at).item()


def _height(x: float) -> float:
    return asks.polynomial(x)


SLOPE_AT_FIVE = Exercise(
    id="slope-at-five",
    title="The slope at x = 5, by hand",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "the slope at x = 5",
            expect=lambda device: _torch_slope("f", 5.0, device),
            ask=common.number,
        ),
    ),
    mistakes=(
        Mistake(
            "The slope is the height.",
            lambda: _height(5),
            "This is f(5), how high the curve is there. The slope says how fast the height "
            "changes: take the sum of three products from the table, with x = 5.",
        ),
        Mistake(
            "The slope of a product is the product of the slopes.",
            lambda: 1 * 1 * 1,
            "Each factor has slope 1, and 1 · 1 · 1 is 1. But when one factor grows, the other two "
            "still multiply its growth. So leave out one factor at a time, and add up.",
        ),
        Mistake(
            "The slope of a product is the sum of the slopes.",
            lambda: 1 + 1 + 1,
            "Each factor has slope 1, but a factor that grows by 1 does not raise the product by "
            "1: the other two factors multiply what it adds. What are they at x = 5?",
        ),
        Mistake(
            "Signs can be sorted out afterwards.",
            lambda: abs(5 - 6) * abs(5 - 4) + abs(5 - 3) * abs(5 - 4) + abs(5 - 3) * abs(5 - 6),
            "All three products count as positive here, but x - 6 is negative at x = 5. Look at "
            "the curve too: does it rise or fall there?",
        ),
    ),
)

EXERCISES = (SLOPE_AT_FIVE,)

check = checker(EXERCISES)
