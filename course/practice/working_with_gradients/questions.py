"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from collections.abc import Callable

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes
from course.practice.working_with_gradients.asks import polynomial


def _slope(function: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """What torch says, so that no number here is written by hand."""
    return torch.func.grad(function)(torch.tensor(x)).item()


SLOPE_OF_F = _slope(polynomial, 2.0)
SLOPE_OF_SQUARE = _slope(lambda x: x**2, 2.0)
SLOPE_OF_CUBE = _slope(lambda x: x**3, 2.0)

PREDICTIONS = {
    "asked-afterwards": Choice(
        "Which of the two results is tracked?",
        right="Only `late`",
        because="`early` was calculated when nobody had asked. It is a number without a history, and it "
        "stays one.",
        wrong={
            "Both": "x is the same tensor, and it is tracked now. But `early` was finished before that, "
            "and nobody had written down how it came about.",
            "Neither": "`late` is calculated from a tracked x. That is enough.",
        },
    ),
    "whole-number": Choice(
        "Which of the two ways works for `torch.tensor(2)`?",
        right="Neither",
        because="`torch.tensor(2)` holds whole numbers (int64), and torch refuses those.",
        wrong={
            "Both": "Look at the number: there is no decimal point. What is a tiny step from 2, in whole "
            "numbers?",
            "Only the one that asks later": "Asking later does not change the kind of number that is "
            "there.",
            "Only the one that asks at once": "It could turn 2 into 2.0, but torch does not guess what "
            "you meant.",
        },
    ),
    "second-run": Number(
        "Which number does `print(x.grad)` show this time?",
        answer=2 * SLOPE_OF_F,
        because="What the walk brings is added to what stands there: 14 + 14.",
        wrong={
            SLOPE_OF_F: "That is the slope of f, and the number that this walk brings. But there is a 14 on "
            "the leaf already.",
            SLOPE_OF_F**2: "It is not multiplied: a second path adds.",
            0: "Nothing has reset the leaf.",
        },
        hint="What stands on the leaf before, and what does this walk bring?",
    ),
    "in-halves": Choice(
        "What stands on `w` after the two walks from the two halves?",
        right="The same as after the one walk from all four",
        because="The loss is a sum over the points, and so is its slope. It may be added up in parts.",
        wrong={
            "Only what the second half brings": "That would be so if a second walk replaced the first.",
            "Half as much": "A *mean* over each half would need that thought. Here the loss is a sum.",
            "Twice as much": "Each point is walked back from once, only in two goes.",
        },
    ),
    "two-functions": (
        Number(
            "What does the second line of the output show, after x³?",
            answer=SLOPE_OF_SQUARE + SLOPE_OF_CUBE,
            because="4 from x² stands there, and 12 from x³ is added.",
            wrong={
                SLOPE_OF_CUBE: "That is the slope of x³ alone. What stood on the leaf before?",
                SLOPE_OF_SQUARE: "That stood there before. The walk from x³ brings something too.",
                SLOPE_OF_SQUARE
                * SLOPE_OF_CUBE: "They are not multiplied: x³ is not built on x² here.",
            },
            hint="What stands there, and what is added?",
        ),
        Choice(
            "And the third, after `zero_()`?",
            right="tensor(0.)",
            because="`zero_()` writes 0 into the tensor that stands in `.grad`.",
            wrong={
                "None": "That would be `x.grad = None`. There still is a tensor, with a 0 in it.",
                "tensor(12.)": "It does not take back the last walk only.",
            },
        ),
    ),
    "two-errors": (
        Choice(
            "What does `fresh.grad.zero_()` do, before any walk back?",
            right="It raises an error",
            because="`.grad` is None there, and None has no `zero_`.",
            wrong={
                "It writes a 0": "Into what? Before the first walk back no tensor stands there.",
                "Nothing": "Python looks for `zero_` on what `.grad` is. What is it?",
            },
        ),
        Choice(
            "And a second `y3.backward()`, from the same y3?",
            right="It raises an error",
            because="The first walk has freed what the history kept. There is no way back any more.",
            wrong={
                "The gradient doubles": "So it was above, where y was *calculated again*. Here nobody "
                "calculates.",
                "Nothing": "torch tells you that something is wrong: the history was for one walk.",
            },
        ),
    ),
}

QUIZZES = {
    "working-with-gradients": (
        Number(
            "What is `x.grad` at the end?\n\n"
            "```\n"
            "x = torch.tensor(1.0, requires_grad=True)\n"
            "for _ in range(3):\n"
            "    y = 5 * x\n"
            "    y.backward()\n"
            "```",
            answer=3 * _slope(lambda x: 5 * x, 1.0),
            because="Each round brings 5, and nothing resets: 5 + 5 + 5.",
            wrong={
                5: "That is what one round brings. Is it replaced, or added to?",
                125: "Rounds are added, not multiplied: each y is made from x anew.",
            },
            hint="Three walks, one leaf.",
        ),
        Choices(
            "Which of these can be tracked?",
            right=("torch.tensor(3.0)", "torch.tensor([1.0, 2.0])"),
            because="Decimal numbers can be tracked, one or many.",
            wrong={
                "torch.tensor(3)": "A whole number: between 3 and 4 there is no tiny step.",
                "torch.tensor(True)": "Between False and True there is nothing.",
            },
        ),
        Choice(
            "For what is gradient accumulation the means?",
            right="A batch that does not fit into memory",
            because="It goes back part by part, and each part's graph is freed before the next.",
            wrong={
                "A model that does not fit into memory": "All weights are needed for each part, however "
                "small the part is.",
                "A slope that is too small": "It adds up the parts of one gradient. It makes nothing "
                "steeper.",
            },
        ),
        Choice(
            "From two lessons ago: two matrices of 4 times 4 are multiplied once. Is a GPU the faster place?",
            right="Often not: sending them there costs more than the work",
            because="A GPU gains where there is much to do at once. With little, starting and "
            "sending takes most of the time.",
            wrong={
                "Yes, a GPU is always faster": "Only where the work is large enough. What has to "
                "happen before it can begin?",
                "It makes no difference": "Starting work there and sending the numbers takes time, which "
                "the CPU does not need.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
