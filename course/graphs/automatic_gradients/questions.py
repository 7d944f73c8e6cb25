"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from collections.abc import Callable

import torch

from chalkboard import Choice, Number, predictions, quizzes
from course.graphs.automatic_gradients.asks import polynomial


def _slope(function: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """What torch says, so that no number here is written by hand."""
    return torch.func.grad(function)(torch.tensor(x)).item()


A, B, C = (2.0 - root for root in (3.0, 6.0, 4.0))

PREDICTIONS = {
    "below-and-rising": (
        Choice(
            "Is the curve at x = 2 above or below zero?",
            right="Below",
            because="Three negative factors make a negative height: (-1) · (-4) · (-2) = -8.",
            wrong={
                "Above": "Two of the minus signs cancel. The third one stays.",
                "At zero": "That takes a factor that is zero, as at x = 3, 4 and 6.",
            },
        ),
        Choice(
            "Does it rise or fall there, from left to right?",
            right="It rises",
            because="Height and slope are two questions, and can have two answers: *below zero*, "
            "and *rising*.",
            wrong={
                "It falls": "Perhaps you thought of the height, which is negative. But at x = 3 the "
                "height is zero, so from -8 the curve has to climb.",
            },
        ),
    ),
    "before-and-after": (
        Choice(
            "What does `print(x.grad)` show *before* `y.backward()`?",
            right="None",
            because="There is no slope on the leaf until you ask for it with `backward()`.",
            wrong={
                "tensor(0.)": "A slope of zero would say that the curve is flat there. torch has "
                "not looked yet.",
                "tensor(14.)": "torch does not calculate slopes on its own. It waits for you to "
                "ask.",
            },
        ),
        Number(
            "Which number does the last line show, *after* it?",
            answer=_slope(polynomial, 2.0),
            because="It is the sum from the table: 8 + 2 + 4.",
            wrong={polynomial(2.0): "That is the height. The slope is the sum from the table."},
            hint="Look at the last row of the table above.",
        ),
    ),
    "a-new-x": Choice(
        "What does `print(y)` show then?",
        right="-8",
        because="`y` is a *value with a history*, not a function. Nothing calculates it again.",
        wrong={
            "-2": "That is `f(5)`. It takes a new call, and the last line makes one.",
            "An error": "Only the *name* `x` is given to another tensor. The first one lives on in "
            "the history of `y`.",
        },
    ),
    "three-slopes": (
        Number(
            "How much does y = p · c grow, when only p grows by 1?",
            answer=_slope(lambda p: p * C, A * B),
            because="c stands still and multiplies: -2.",
            wrong={A * B: "That is p itself. What multiplies the growth of p is the other one."},
            hint="In p · c, what does p stand beside?",
        ),
        Number(
            "And when only c grows?",
            answer=_slope(lambda c: A * B * c, C),
            because="p stands still and multiplies: 4.",
            wrong={C: "That is c itself. Look at what stands beside it."},
            hint="In p · c, what does c stand beside?",
        ),
        Number(
            "And when only b grows? It is a factor of p = a · b, and p is a factor of y.",
            answer=_slope(lambda b: A * b * C, B),
            because="a and c stand still and multiply: (-1) · (-2) = 2.",
            wrong={
                A: "That is how p grows. From p to y it is multiplied once more.",
                A + C: "On the way, growth is multiplied: a *times* c.",
            },
            hint="Two factors stand still, a and c. Multiply them.",
        ),
    ),
    "slope-where-zero": Choice(
        "`f` is zero at x = 3, 4 and 6. What is its *slope* there?",
        right="Zero at none of them",
        because="The slopes are 3, -2 and 6. The curve has height zero there, and *passes through*.",
        wrong={
            "Zero at all three": "You looked at the height. Take the table at x = 3: two rows "
            "contain the factor x - 3 and vanish. The row without it stays: (3 - 6)(3 - 4) = 3.",
            "Zero at one of them": "Perhaps you thought of a curve that touches zero and turns. "
            "This one would do so only where a factor stands twice, as in (x - 3)(x - 3).",
        },
    ),
    "two-walks": (
        Choice(
            "What is `x.grad` after the second `backward()`?",
            right="28",
            because="`backward()` *adds* to what stands on the leaf: 14 + 14.",
            wrong={
                "14": "So it would be if the new slope took the place of the old one.",
                "An error": "So it would be with one history, which is let go after a walk. But each "
                "call of `f` makes a new one.",
            },
        ),
        Choice(
            "Does the loop need a line that sets the slope back to zero?",
            right="No",
            because="Each round makes a new leaf, and nothing stands on it yet.",
            wrong={"Yes": "It would, with one leaf for all rounds. Look where `x` is made."},
        ),
    ),
    "how-many-flat": Number(
        "How many places between 0 and 10 have slope zero? Look at the first picture.",
        answer=2,
        because="There is one top, and one bottom.",
        wrong={
            3: "At 3, 4 and 6 the *height* is zero. Where is the curve flat?",
            1: "The left panel hides one of them. Look at the zoom.",
            0: "To come down and go up again, a smooth curve has to be flat in between.",
        },
        hint="Count the tops and the bottoms.",
    ),
    "how-many-passes": (
        Number(
            "How many passes does forward mode need for all five slopes?",
            answer=5,
            because="One for each input.",
            wrong={
                1: "One pass says how the loss reacts to *one* input.",
                6: "A finite difference to one side would need six calls. Forward mode needs no "
                "call to compare with.",
            },
            hint="Count the inputs, or the outputs?",
        ),
        Choice(
            "And with a million inputs, how many walks does reverse mode need?",
            right="One",
            because="There still is one output, and one walk back from it passes every input.",
            wrong={
                "A million": "That is the count for forward mode, which goes input by input.",
                "It cannot do that": "It can: training a large model is just that.",
            },
        ),
    ),
}

QUIZZES = {
    "gradients": (
        Choice(
            "What is `y` at the end?\n\n"
            "```\n"
            "x = torch.tensor(2.0, requires_grad=True)\n"
            "y = f(x)\n"
            "x = torch.tensor(4.0)\n"
            "```",
            right="-8",
            because="`y` is a value with a history. The name `x` now means another tensor, but the "
            "history still leads to the old one.",
            wrong={
                "0, since f(4) = 0": "That is `f(x)`, a new call. `y` was calculated earlier.",
                "An error, since x has changed": "No tensor has changed. There is a second one, "
                "under the old name.",
            },
        ),
        Choice(
            "The slope at your place is -3. Which way is down?",
            right="To the right",
            because="Against the slope, so towards larger x.",
            wrong={
                "To the left, since it is negative": "The sign says where the ground *rises*: here "
                "to the left.",
                "One cannot know without the height": "A curve can rise or fall at any height.",
            },
        ),
        Choice(
            "`u = torch.tensor(2.0)` and `v = f(u)`. What does `v.backward()` do?",
            right="It raises an error",
            because="Nobody asked torch to track `u`, so there is no history to walk back. torch "
            "says so at once.",
            wrong={
                "It puts 14 on u.grad": "That would need a history. Did anybody ask torch to keep "
                "one?",
                "Nothing": "That would be worse: you would read `None` later, and wonder.",
            },
        ),
        Choice(
            "From two lessons ago: which of these can have `requires_grad=True`?",
            right="torch.tensor(2.0)",
            because="It is a decimal number, of dtype float32.",
            wrong={
                "torch.tensor(2)": "That is a whole number, of dtype int64. Between whole numbers "
                "there is nothing to move along.",
                "torch.tensor(True)": "Nothing lies between False and True, so there is no slope.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
