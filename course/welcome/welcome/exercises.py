"""What the warm-ups are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question
from autograder.runner import asks as common
from course.welcome.welcome import asks

# Wide enough for heights in float32, whose difference is divided by a small h.
AGREES = Agreement(relative=1e-3, absolute=1e-3)


# --- a number ---------------------------------------------------------------------------------------


def _product_at_two() -> float:
    x = torch.tensor(2.0, dtype=torch.float64)
    return torch.mul(x - 3, x - 6).item()


FIRST_NUMBER = Exercise(
    id="first-number",
    title="Warm-up: a number",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "the product at x = 2",
            expect=lambda device: _product_at_two(),
            ask=common.number,
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "Minus times minus is minus.",
            lambda: -4,
            "The size is right. Both brackets are negative here: what sign has the product of two "
            "negative numbers?",
        ),
        Mistake(
            "Two brackets side by side are added.",
            lambda: (2 - 3) + (2 - 6),
            "This is the sum of the two brackets. Side by side, without a sign, they are multiplied.",
        ),
        Mistake(
            "x is 1.",
            lambda: (1 - 3) * (1 - 6),
            "This is the value at x = 1. Put 2 in the place of each x.",
        ),
        Mistake(
            "A bracket of x - 3 is 3 - x, and the other one stays.",
            lambda: (2 + 3) * (2 + 6),
            "You have added 3 and 6. In the brackets stands a minus: 2 - 3 and 2 - 6.",
        ),
        Mistake(
            "Brackets can be left out.",
            lambda: 2 - 3 * 2 - 6,
            "Without the brackets Python multiplies first: 2 - 6 - 6. Write both brackets, and a `*` "
            "between them.",
        ),
        Mistake(
            "One pair of brackets can be left out.",
            lambda: (2 - 3) * 2 - 6,
            "Without the second pair of brackets the 6 is taken away at the end. It belongs to the "
            "second factor.",
        ),
        Mistake(
            "Only the first bracket counts.",
            lambda: 2 - 3,
            "This is the first bracket. It is to be multiplied by the second one.",
        ),
        Mistake(
            "Only the second x is 2.",
            lambda: 3 * 6,
            "This is what the product would be at x = 0. Put 2 in the place of each x.",
        ),
    ),
)


# --- a gap --------------------------------------------------------------------------------------------


def _steepness(function: str, x: float, h: float, device: str) -> float:
    ends = torch.tensor([x, x + h], dtype=torch.float64)
    here, there = asks.FUNCTIONS[function](ends)
    return torch.div(there - here, h).item()


def _rising_by(rise: Callable[..., float]) -> Callable[..., float]:
    return lambda f, x, h: rise(f, x, h) / h


_TENTHS = st.integers(-30, 30).map(lambda n: n / 10)
_STEPS = st.sampled_from((2.0, 1.0, 0.5, 0.1))

SECANT = Exercise(
    id="secant-gap",
    title="Warm-up: a gap",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the curve of x * x",
            expect=_steepness,
            ask=asks.steepness_of,
            inputs=(st.just("x * x"), _TENTHS, _STEPS),
            examples=(("x * x", 3.0, 1.0),),
            agreement=AGREES,
        ),
        Question(
            "other curves",
            expect=_steepness,
            ask=asks.steepness_of,
            inputs=(st.sampled_from(("x * x * x", "5 - 2 * x")), _TENTHS, _STEPS),
            examples=(("5 - 2 * x", 1.0, 0.5),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The height over there is the rise.",
            lambda: _rising_by(lambda f, x, h: f(x + h)),
            "This is how high the curve is at x + h. How much did it *rise* from x to there?",
        ),
        Mistake(
            "The height here is the rise.",
            lambda: _rising_by(lambda f, x, h: f(x)),
            "This is how high the curve is at x. The rise takes two heights.",
        ),
        Mistake(
            "A rise from there to here.",
            lambda: _rising_by(lambda f, x, h: f(x) - f(x + h)),
            "The sign is the other way round. A curve that is higher at x + h has risen: take the "
            "height at x away from that one.",
        ),
        Mistake(
            "The curve at h is the curve at x + h.",
            lambda: _rising_by(lambda f, x, h: f(h) - f(x)),
            "The second point is h further to the right than x. So it is not at h.",
        ),
        Mistake(
            "A function of a sum is a sum of functions.",
            lambda: _rising_by(lambda f, x, h: f(h)),
            "f(x + h) is not f(x) + f(h): the square of 3 + 1 is 16, and 9 + 1 is 10. Let f do its "
            "work at x + h.",
        ),
        Mistake(
            "The rise is how high it is over there, less the place.",
            lambda: _rising_by(lambda f, x, h: f(x + h) - x),
            "x is a place, and f(x) is the height there. A rise is the difference of two *heights*.",
        ),
        Mistake(
            "The second point lies to the left.",
            lambda: _rising_by(lambda f, x, h: f(x) - f(x - h)),
            "This is the rise from x - h to x. The second point is to lie h to the *right* of x.",
        ),
        Mistake(
            "A rise is never negative.",
            lambda: _rising_by(lambda f, x, h: abs(f(x + h) - f(x))),
            "A curve can also fall. Then its rise is negative, and the sign has to stay.",
        ),
        Mistake(
            "The rise is the step.",
            lambda: _rising_by(lambda f, x, h: (x + h) - x),
            "This is h, how far to the right the second point is. The rise is how much *higher* it "
            "is: that takes f.",
        ),
        Mistake(
            "The division is still to be done.",
            lambda: _rising_by(lambda f, x, h: (f(x + h) - f(x)) / h),
            "Here it is divided by h twice: the last line divides already. The gap is for the rise "
            "alone.",
        ),
    ),
)


# --- a line, mended -------------------------------------------------------------------------------------

SQUARES = Exercise(
    id="squares-mended",
    title="Warm-up: a line to mend",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the squares of 1 to n",
            expect=lambda n, device: [k.square().item() for k in torch.arange(1, n + 1)],
            ask=common.call,
            inputs=(st.integers(1, 6),),
            examples=((3,),),
        ),
    ),
    mistakes=(
        Mistake(
            "Counting starts at 1.",
            lambda: lambda n: [k * k for k in range(n)],
            "This is the line as it was. `range(n)` counts 0, 1, ... and stops before n.",
        ),
        Mistake(
            "The end of a range belongs to it.",
            lambda: lambda n: [k * k for k in range(1, n)],
            "The beginning is right. But `range` stops *before* its end, so the last square is "
            "missing.",
        ),
        Mistake(
            "One more at the end is enough.",
            lambda: lambda n: [k * k for k in range(n + 1)],
            "The end is right. But the list still begins with the square of 0.",
        ),
        Mistake(
            "A square is twice the number.",
            lambda: lambda n: [2 * k for k in range(1, n + 1)],
            "The range is right. A square is a number times itself, and not times 2.",
        ),
        Mistake(
            "The numbers are their squares.",
            lambda: lambda n: list(range(1, n + 1)),
            "The range is right. These are the numbers themselves, and not their squares.",
        ),
        Mistake(
            "`^` is a power.",
            lambda: lambda n: [k ^ 2 for k in range(1, n + 1)],
            "The range is right. In Python `^` is another operation, on binary digits. A power is `**`, "
            "or multiply the number by itself.",
        ),
        Mistake(
            "n is the number that goes through the range.",
            lambda: lambda n: [n * n for _ in range(1, n + 1)],
            "The range is right. n is the same in each round; the name after `for` goes through the "
            "range.",
        ),
        Mistake(
            "The sum is asked for.",
            lambda: lambda n: sum(k * k for k in range(1, n + 1)),
            "This adds the squares up. Return the list of them.",
        ),
    ),
)

EXERCISES = (FIRST_NUMBER, SECANT, SQUARES)

check = checker(EXERCISES)
