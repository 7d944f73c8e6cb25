"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.graphs.automatic_gradients import asks

# Wide enough for float32 and for every way to write the same polynomial.
AGREES = Agreement(relative=1e-4, absolute=1e-4)
# What float64 and autograd reach, and a difference of two nearby heights does not.
AGREES_TO_ROUNDING = Agreement(relative=1e-11, absolute=1e-11)
# What a reader of the slider can reach.
AGREES_TO_THE_EYE = Agreement(relative=0, absolute=0.01)


def _hundredths(low: int, high: int) -> st.SearchStrategy[float]:
    """Numbers with two decimals, which a student can read in a reply."""
    return st.integers(100 * low, 100 * high).map(lambda n: n / 100)


# Where the curve of the polynomial rises, falls, and either; not nearer than 0.04 to a flat place.
RISING = st.one_of(_hundredths(0, 3), _hundredths(6, 10))
FALLING = st.integers(350, 515).map(lambda n: n / 100)
ANYWHERE = _hundredths(0, 10)


def _slope(function: str, x: float, device: str = "cpu") -> float:
    at = torch.tensor(x, dtype=torch.float64, device=device, requires_grad=True)
    (slope,) = torch.autograd.grad(asks.FUNCTIONS[function](at), at)
    return slope.item()


def _slopes(points: Any) -> Any:
    at = points.clone().requires_grad_()
    heights = asks.polynomial(at)
    (slopes,) = torch.autograd.grad(heights, at, grad_outputs=torch.ones_like(heights))
    return slopes


# --- the slope at x = 5, by hand ----------------------------------------------------------------

SLOPE_AT_FIVE = Exercise(
    id="slope-at-five",
    title="The slope at x = 5, by hand",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "the slope at x = 5",
            expect=lambda device: _slope("f", 5.0, device),
            ask=common.number,
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "The slope is the height.",
            lambda: asks.polynomial(5),
            "This is f(5), how high the curve is there. The slope says how fast the height "
            "changes: it is the sum of three products from the table.",
        ),
        Mistake(
            "The slope of a product is the product of the slopes.",
            lambda: 1 * 1 * 1,
            "Each factor has slope 1, and 1 · 1 · 1 is 1. But when one factor grows, the other two "
            "multiply its growth. So leave out one factor at a time, and add up. If you did that, "
            "look at the signs again.",
        ),
        Mistake(
            "The slope of a product is the sum of the slopes.",
            lambda: 1 + 1 + 1,
            "Each factor has slope 1, but a factor that grows by 1 does not raise the product by "
            "1: the other two factors multiply what it adds. What are they at x = 5?",
        ),
        Mistake(
            "The slope is the sum of the factors.",
            lambda: (5 - 3) + (5 - 6) + (5 - 4),
            "These are the three factors, added up. Each row of the table leaves out one factor and "
            "multiplies the other two; what is added up are the three products.",
        ),
        Mistake(
            "The slope is the same everywhere.",
            lambda: _slope("f", 2.0),
            "This is the slope at x = 2, from the table above. A curve has another slope at another "
            "place: fill in the table with the factors at x = 5.",
        ),
        Mistake(
            "Signs do not matter in the products.",
            lambda: abs(5 - 6) * abs(5 - 4) + abs(5 - 3) * abs(5 - 4) + abs(5 - 3) * abs(5 - 6),
            "All three products count as positive here, but x - 6 is negative at x = 5. Look at "
            "the picture too: does the curve rise or fall there?",
        ),
    ),
)


# --- a leaf of your own --------------------------------------------------------------------------


def _four_steps(leaf: torch.Tensor, backward: int) -> tuple[Any, Any, Any]:
    """Return leaf, value and slope after so many walks back, each on a graph of its own."""
    value = asks.polynomial(leaf)
    for _ in range(backward):
        asks.polynomial(leaf).backward()
    return leaf, value, leaf.grad


def _right_steps() -> tuple[Any, Any, Any]:
    return _four_steps(torch.ones((), requires_grad=True), backward=1)


def _value_as_slope() -> tuple[Any, Any, Any]:
    leaf, value, _ = _right_steps()
    return leaf, value, value


TRACKED_LEAF = Exercise(
    id="tracked-leaf",
    title="A leaf of your own",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the leaf",
            expect=lambda device: asks.leaf(_right_steps(), device=device),
            ask=asks.leaf,
        ),
        Question(
            "the value",
            expect=lambda device: asks.value(_right_steps(), device=device),
            ask=asks.value,
        ),
        Question(
            "the slope",
            expect=lambda device: _slope("f", 1.0, device),
            ask=asks.slope,
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Every tensor is in a graph.",
            lambda: _four_steps(torch.tensor(1.0), backward=0),
            "torch tracks only what you ask it to track, and what is calculated from that. This "
            "tensor was never asked to: look at what the leaf of the worked example was given.",
        ),
        Mistake(
            "A whole number can have a slope.",
            lambda: _four_steps(torch.tensor(1), backward=0),
            "`1` makes a tensor of whole numbers, and between whole numbers there is nothing to "
            "move along, so torch tracks no slope for them. A decimal point makes the difference.",
        ),
        Mistake(
            "The slope is there as soon as the value is.",
            lambda: _four_steps(torch.tensor(1.0, requires_grad=True), backward=0),
            "Calculating the value only records how it came about. `.grad` stays None until you "
            "ask for the walk back, and you read before that. Which of the four steps is missing?",
        ),
        Mistake(
            "A second backward replaces the slope of the first.",
            lambda: _four_steps(torch.tensor(1.0, requires_grad=True), backward=2),
            "This is exactly twice the slope: backward ran twice on the same leaf, and the second "
            "result was added to the first. Make the leaf anew: run the whole cell once more.",
        ),
        Mistake(
            "The value is the slope.",
            _value_as_slope,
            "This is the value again. The walk back leaves the slope somewhere else: where did "
            "the worked example read it?",
        ),
    ),
)


# --- the slope of any function, anywhere ----------------------------------------------------------


def _value_for_slope(g: Callable[[Any], Any], x: float) -> float:
    return g(torch.tensor(x)).item()


def _untracked(g: Callable[[Any], Any], x: float) -> None:
    g(torch.tensor(x)).backward()


def _small_step(g: Callable[[Any], Any], x: float) -> float:
    step = 1e-5
    after = g(torch.tensor(x + step, dtype=torch.float64))
    before = g(torch.tensor(x - step, dtype=torch.float64))
    return ((after - before) / (2 * step)).item()


SLOPE_ANYWHERE = Exercise(
    id="slope-anywhere",
    title="The slope of any function, anywhere",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "smooth functions",
            expect=_slope,
            ask=asks.slope_of,
            inputs=(st.sampled_from(("f", "square", "sine")), ANYWHERE),
            examples=(("f", 2.0),),
            agreement=AGREES,
        ),
        Question(
            "functions with a corner at 0",
            expect=_slope,
            ask=asks.slope_of,
            inputs=(st.sampled_from(("relu", "absolute value")), _hundredths(-5, 5)),
            examples=(("relu", 0.0), ("absolute value", 0.0)),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The result of the function is its slope.",
            lambda: _value_for_slope,
            "This is the height, g(x). The slope does not come back from g: after the walk "
            "backward it waits on the leaf.",
        ),
        Mistake(
            "Backward returns the slope.",
            lambda: lambda g, x: g(torch.tensor(x, requires_grad=True)).backward(),
            "There are three ways to None: `backward()` itself gives nothing back, a function without "
            "`return` gives nothing back, and `.grad` is None before the walk back, and on what is "
            "no leaf. Which of them is it here?",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: _untracked,
            "The message says that nothing was tracked, so there is no way back. Look at how the "
            "leaf is made: what does torch have to be told?",
        ),
        Mistake(
            "The slope is that of f, whatever the function.",
            lambda: lambda g, x: _slope("f", x),
            "For the lesson's f this is right, and another function gets the slope of f too. The "
            "function that is asked about comes in under the name `g`.",
        ),
        Mistake(
            "The leaf is its slope.",
            lambda: lambda g, x: x,
            "This is x, the place itself. The slope stands on the leaf, but it is not the leaf: "
            "what did the worked example read?",
        ),
        Mistake(
            "A small step to both sides is the same as the slope from torch.",
            lambda: _small_step,
            "Two nearby heights give nearly the slope where a curve is smooth. At a corner they "
            "mix its two sides. Follow the four steps instead, and torch says what it says.",
        ),
    ),
)


# --- slopes at many points with one backward --------------------------------------------------------


def _backward_from_many(points: Any) -> Any:
    at = points.clone().requires_grad_()
    asks.polynomial(at).backward()
    return at.grad


def _untracked_from_many(points: Any) -> Any:
    at = points.clone()
    asks.polynomial(at).sum().backward()
    return at.grad


def _of_their_sum(points: Any) -> Any:
    return _slopes(points.sum()).expand(points.shape)


def _piled_up(points: Any) -> Any:
    return _slopes(points).flatten().cumsum(0).reshape(points.shape)


MANY_SLOPES = Exercise(
    id="many-slopes",
    title="Many slopes, one walk back",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "a row of points",
            expect=lambda points, device: _slopes(torch.tensor(points, device=device)),
            ask=common.call_with_tensors,
            inputs=(
                arrays.arrays(
                    "float32",
                    st.integers(1, 6),
                    elements=st.integers(0, 80).map(lambda n: n / 8),
                ),
            ),
            examples=((np.array([2.0, 5.0], dtype="float32"),),),
            agreement=Agreement(relative=1e-4, absolute=1e-3),
        ),
        Question(
            "any shape, in float64",
            expect=lambda points, device: _slopes(torch.tensor(points, device=device)),
            ask=common.call_with_tensors,
            inputs=(
                arrays.arrays(
                    "float64",
                    arrays.array_shapes(min_dims=1, max_dims=3, max_side=3),
                    elements=ANYWHERE,
                ),
            ),
            examples=((np.array([[2.0], [5.0]]),),),
            agreement=AGREES_TO_ROUNDING,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward starts from any tensor.",
            lambda: _backward_from_many,
            "`backward()` starts from one number, so that it is clear whose slope is asked for. "
            "f(points) holds many. Make one number of them, in which each point has its own term.",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: _untracked_from_many,
            "The message says that nothing was tracked, so there is no way back. The points that "
            "come in are plain numbers: what does torch have to be told?",
        ),
        Mistake(
            "The slopes at many points are the slope at their sum.",
            lambda: _of_their_sum,
            "Each of these is the slope at one place, the sum of all the points. It is the heights "
            "that are added up, not the points.",
        ),
        Mistake(
            "The leaves are their slopes.",
            lambda: lambda points: points,
            "These are the points themselves. Their slopes stand on the leaf, but they are not the "
            "leaf: what did the worked example read?",
        ),
        Mistake(
            "One backward gives one slope.",
            lambda: lambda points: _slopes(points).sum(),
            "This is the sum of all the slopes. One walk back leaves a slope for each point on the "
            "leaf, in the leaf's shape: it is the heights that are added up, not the slopes.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _piled_up,
            "Each slope here has the earlier ones in it: one leaf went through a loop, and every "
            "backward added to its `.grad`. Without a loop nothing can pile up.",
        ),
        Mistake(
            "A mean is as good as a sum.",
            lambda: lambda points: _slopes(points) / points.numel(),
            "Each slope is too small, by the number of points: that is what a mean divides by. "
            "In which single number does each height count in full?",
        ),
        Mistake(
            "The result of the function is its slope.",
            lambda: asks.polynomial,
            "These are the heights, f at each point. The slopes wait on the leaf.",
        ),
    ),
)


# --- one step downhill ------------------------------------------------------------------------------


def _after_a_step(x: float, rate: float, device: str) -> float:
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True, device=device)
    asks.polynomial(at).backward()
    torch.optim.SGD([at], lr=rate).step()
    return at.item()


_RATES = st.integers(1, 20).map(lambda n: n / 100)

DOWNHILL_STEP = Exercise(
    id="downhill-step",
    title="One step downhill",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "where the curve rises",
            expect=_after_a_step,
            ask=asks.number_from,
            inputs=(RISING, _RATES),
            examples=((2.0, 0.1),),
            agreement=AGREES,
        ),
        Question(
            "where the curve falls",
            expect=_after_a_step,
            ask=asks.number_from,
            inputs=(FALLING, _RATES),
            examples=((5.0, 0.1),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The gradient points downhill.",
            lambda: lambda x, rate: x + rate * _slope("f", x),
            "This step goes up. A positive slope says that the ground rises to the right, a negative "
            "one that it rises to the left: the slope points uphill. Which way is down?",
        ),
        Mistake(
            "One walks by the height.",
            lambda: lambda x, rate: x - rate * asks.polynomial(x),
            "The step here is made with f(x), how high the ground is. How high you stand does not "
            "tell you which way is down. What does?",
        ),
        Mistake(
            "The step is where one arrives.",
            lambda: lambda x, rate: -rate * _slope("f", x),
            "This is how far one moves, and in which direction. The question is where one stands "
            "afterwards.",
        ),
        Mistake(
            "The step is its length.",
            lambda: lambda x, rate: rate * _slope("f", x),
            "This is `rate` times the slope: how long the step is. The question is where one stands "
            "afterwards.",
        ),
        Mistake(
            "Every step has the same length.",
            lambda: lambda x, rate: x - rate if _slope("f", x) > 0 else x + rate,
            "The direction is right. But here each step has the length `rate`, steep or not; "
            "a step is to be as many times longer as the slope is steeper.",
        ),
    ),
)


# --- the flat places ----------------------------------------------------------------------------------


def _flat_place(near: float, device: str = "cpu") -> float:
    """Follow the slope to where it is zero, by Newton's method."""
    x = torch.tensor(near, dtype=torch.float64, device=device, requires_grad=True)
    for _ in range(20):
        (slope,) = torch.autograd.grad(asks.polynomial(x), x, create_graph=True)
        (bend,) = torch.autograd.grad(slope, x)
        x = (x - slope / bend).detach().requires_grad_()
    return x.item()


FLAT_PLACES = Exercise(
    id="flat-places",
    title="Where the curve is flat",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the top",
            expect=lambda device: _flat_place(3.0, device),
            ask=partial(asks.place, side="left"),
            agreement=AGREES_TO_THE_EYE,
            shows_expected=False,
        ),
        Question(
            "the bottom",
            expect=lambda device: _flat_place(6.0, device),
            ask=partial(asks.place, side="right"),
            agreement=AGREES_TO_THE_EYE,
            shows_expected=False,
        ),
    ),
    mistakes=(
        *(
            Mistake(
                "Where the height is zero, the curve is flat.",
                partial(list, zeros),
                "At 3, 4 and 6 the curve is at height zero, and it passes through at full slope: you "
                "saw 3, -2 and 6. Flat is where the slope is zero, whatever the height.",
            )
            for zeros in ((3.0, 6.0), (3.0, 4.0), (4.0, 6.0), (3.0, 4.0, 6.0))
        ),
        Mistake(
            "A top or bottom is halfway between two zeros.",
            lambda: [(3 + 4) / 2, (4 + 6) / 2],
            "This is near: halfway between two zeros, or rounded to one decimal. But the curve is not "
            "symmetric there, the third factor pulls the top and the bottom aside. Is the slope zero "
            "there, to two decimals?",
        ),
        Mistake(
            "One decimal says where the slope is zero.",
            lambda: [3.4, 5.2],
            "This is near, and the slope there is not zero yet. Look for two decimals.",
        ),
        Mistake(
            "A flat place is said by its height.",
            lambda: [asks.polynomial(_flat_place(3.0)), asks.polynomial(_flat_place(6.0))],
            "These are how high the top and how low the bottom is. The question is where they "
            "are: which x?",
        ),
        Mistake(
            "The curve is flat where its slope is smallest.",
            lambda: [13 / 3, 13 / 3],
            "Here the slope is at its smallest, and that is well below zero: the curve falls "
            "fastest there. Flat is where the slope is zero.",
        ),
    ),
)


# --- forward mode, from scratch -------------------------------------------------------------------------


def _value_and_slope(*numbers: dict[str, float], device: str, program: str) -> dict[str, float]:
    leaves = [
        torch.tensor(number["value"], dtype=torch.float64, device=device, requires_grad=True)
        for number in numbers
    ]
    value = asks.PROGRAMS[program](*leaves)
    slopes = torch.autograd.grad(value, leaves)
    pairs = zip(slopes, numbers, strict=True)
    return {
        "value": value.item(),
        "slope": sum(slope.item() * number["slope"] for slope, number in pairs),
    }


_QUARTERS = st.integers(-20, 20).map(lambda n: n / 4)
_VALUE_WITH_SLOPE = st.fixed_dictionaries({"value": _QUARTERS, "slope": _QUARTERS})


def _dual_question(name: str, program: str, *example: float) -> Question:
    return Question(
        name,
        expect=partial(_value_and_slope, program=program),
        ask=partial(asks.dual, program=program),
        inputs=(_VALUE_WITH_SLOPE,) * len(example),
        examples=(tuple({"value": value, "slope": 1.0} for value in example),),
    )


def _dual_class(
    slope_of_sum: Callable[[Any, Any], float], slope_of_product: Callable[[Any, Any], float]
) -> type:
    """Make a class of value and slope with these two rules."""

    class Dual:
        def __init__(self, value: float, slope: float = 0.0) -> None:
            self.value, self.slope = value, slope

        def __add__(self, other: Dual) -> Dual:
            return Dual(self.value + other.value, slope_of_sum(self, other))

        def __mul__(self, other: Dual) -> Dual:
            return Dual(self.value * other.value, slope_of_product(self, other))

        def __sub__(self, number: float) -> Dual:
            return self + Dual(-number)

    return Dual


def _both_slopes(u: Any, v: Any) -> float:
    return u.slope + v.slope


DUAL_NUMBERS = Exercise(
    id="dual-numbers",
    title="Challenge: forward mode from scratch",
    minutes=8,
    difficulty=3,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        _dual_question("a sum, u + v", "u + v", 3.0, 5.0),
        _dual_question("a product, u * v", "u * v", 3.0, 5.0),
        _dual_question("sum and product, (u + v) * v", "(u + v) * v", 3.0, 5.0),
        _dual_question("the lesson's f", "f(u)", 2.0),
    ),
    mistakes=(
        Mistake(
            "The slope of a product is the product of the slopes.",
            lambda: _dual_class(_both_slopes, lambda u, v: u.slope * v.slope),
            "You multiply the slopes. Try x * x at x = 3, both with slope 1: that gives 1, while "
            "from 3 to 3.01 the square grows six times as fast as x. What multiplies a growth?",
        ),
        Mistake(
            "Only the first factor of a product grows.",
            lambda: _dual_class(_both_slopes, lambda u, v: u.slope * v.value),
            "Your rule lets the first factor grow and holds the second still. The second grows "
            "too. Remember the three rows of the table: here there are two.",
        ),
        Mistake(
            "Only the second factor of a product grows.",
            lambda: _dual_class(_both_slopes, lambda u, v: u.value * v.slope),
            "Your rule lets the second factor grow and holds the first still. The first grows "
            "too. Remember the three rows of the table: here there are two.",
        ),
        Mistake(
            "The slope of a product is the sum of the slopes.",
            lambda: _dual_class(_both_slopes, _both_slopes),
            "That is the rule of a sum. In a product the growth of one factor is made larger by "
            "the other factor: with 5 beside it, a growth of 1 adds 5.",
        ),
        Mistake(
            "Each factor multiplies its own growth.",
            lambda: _dual_class(
                _both_slopes, lambda u, v: sum((u.value * u.slope, v.value * v.slope))
            ),
            "You multiply each slope by the value of the same number. But when one factor grows, the "
            "other one stands beside it and multiplies the growth.",
        ),
        Mistake(
            "The slope of a sum is the product of the slopes.",
            lambda: _dual_class(
                lambda u, v: u.slope * v.slope,
                lambda u, v: sum((u.slope * v.value, u.value * v.slope)),
            ),
            "In a sum you multiply the slopes. If u goes up by 3 and v goes up by 2, by how much "
            "does u + v go up?",
        ),
        Mistake(
            "In a sum only the first part grows.",
            lambda: _dual_class(
                lambda u, v: u.slope, lambda u, v: sum((u.slope * v.value, u.value * v.slope))
            ),
            "In a sum both parts may grow, and here the growth of the second is lost. If each "
            "goes up by 1, by how much does the sum go up?",
        ),
    ),
)


WHY_REVERSE = WrittenExercise(
    id="why-reverse",
    title="Why backward?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that one backward walk gives the slopes for all inputs of one output, and "
        "that a forward pass gives one input's (or one direction's). "
        "1 point: concludes from the counts of inputs and outputs that the model with many weights "
        "and one loss wants backward, and the program with one setting and many outputs forward. "
        "No point for 'backward is faster' without a count."
    ),
)

EXERCISES = (
    SLOPE_AT_FIVE,
    TRACKED_LEAF,
    SLOPE_ANYWHERE,
    MANY_SLOPES,
    DOWNHILL_STEP,
    FLAT_PLACES,
    DUAL_NUMBERS,
    WHY_REVERSE,
)

check = checker(EXERCISES)
