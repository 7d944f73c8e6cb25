"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from collections.abc import Callable

import torch

from chalkboard import Choice, Number, predictions, quizzes


def _slope(function: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """What torch says, so that no number here is written by hand."""
    at = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(function(at), at)
    return slope.item()


def _network(x: torch.Tensor) -> torch.Tensor:
    return 5 * x**3 - 4


def _doubled(x: torch.Tensor) -> torch.Tensor:
    while x < 10:
        x = 2 * x
    return x


PREDICTIONS = {
    "slope-of-a-chain": Number(
        "How fast does z grow with x, at x = 1?",
        answer=_slope(_network, 1.0),
        because="When x grows by a little, y grows by three times that, and z by five times *that*: "
        "5 · 3.",
        wrong={
            8: "You added. But z takes what y has grown already and makes it five times larger.",
            5: "That is the last step alone: how z reacts to y. y itself reacts to x.",
            3: "That is the first step alone: how y reacts to x.",
            1: "That is the value of z at x = 1.",
        },
        hint="Let x grow by 0.01. By how much does y grow, and then z?",
    ),
    "the-chain-at-two": Number(
        "How fast does z grow with x, at x = 2?",
        answer=_slope(_network, 2.0),
        because="The first local slope is 3x², which is 12 at x = 2. The second is 5, as before.",
        wrong={
            15: "That is the slope at x = 1. The first local slope, 3x², depends on x.",
            30: "Twice as much would be right for a slope that grows like x. This one has x².",
            36: "That is the value of z at x = 2.",
            17: "12 and 5 are right. Along a chain they are multiplied.",
        },
        hint="The local slopes are 3x² and 5. What is the first one, at x = 2?",
    ),
    "slope-on-y": Choice(
        "What does the line `y:` show?",
        right="None, with a warning",
        because="torch keeps slopes on leaves, and y is none. The warning says so.",
        wrong={
            "tensor(5.)": "This slope did pass y on the way. But nothing told torch to keep it "
            "there.",
            "tensor(3.)": "That is how y reacts to x. What passes y is how z reacts to y, and it "
            "is not kept.",
            "tensor(15.)": "That is the slope of x, where the walk ends.",
        },
    ),
    "how-many-doublings": (
        Number(
            "From x = 1: how many multiplications does the graph hold?",
            answer=4,
            because="2, 4, 8, 16: after the third one, 8 is still less than 10.",
            wrong={
                3: "After three it is 8, and that is less than 10. So it goes on.",
                1: "One line multiplies, but it is run more than once, and each time is recorded.",
                5: "It stops as soon as it is 10 or more. Where is it after four?",
            },
            hint="Write down the values until one is 10 or more.",
        ),
        Number(
            "From x = 3: what is the slope of the result with respect to x?",
            answer=_slope(_doubled, 3.0),
            because="Two doublings, 3 to 6 to 12, each with the local slope 2: 2 · 2.",
            wrong={
                2: "That is how often it is doubled, or one local slope. Along a chain they are "
                "multiplied.",
                16: "That is the slope from x = 1, where it takes four doublings.",
                12: "That is the value at the end.",
                8: "That would be three doublings. From 3 to 6 to 12: how many are these?",
            },
            hint="How often is 3 doubled? Each time, the slope is multiplied by 2.",
        ),
    ),
}

QUIZZES = {
    "chains": (
        Choice(
            "From two lessons ago: what is recorded in a computational graph, and when?",
            right="Each operation on something that requires a gradient, while it is done",
            because="The graph grows as the lines run.",
            wrong={
                "All lines of the program, before the first of them runs": "That would be a static "
                "graph. torch records what is done.",
                "The slopes, while backward runs": "Backward walks along the graph. By then the "
                "graph is there.",
            },
        ),
        Choice(
            "`backward()` reaches a node. What does it need there to go on?",
            right="What has come back so far, and the local slope of the step",
            because="The two are multiplied, and the product goes on to the parent.",
            wrong={
                "The formula of the whole network": "Nobody has it. Each step knows only its own "
                "rule.",
                "Two values of the network that are near each other": "That is a finite "
                "difference, which needs no graph at all.",
            },
        ),
        Choice(
            "```\n"
            "x = torch.tensor(2.0, requires_grad=True)  # 1\n"
            "y = x**2                                   # 2\n"
            "z = y.sin()                                # 3\n"
            "z.backward()                               # 4\n"
            "print(x.grad)                              # 5\n"
            "```\n\n"
            "Which lines are the forward pass?",
            right="2 and 3",
            because="They calculate the values from x to z.",
            wrong={
                "4": "That is the backward pass.",
                "4 and 5": "Line 4 is the backward pass, and line 5 reads what it left.",
                "1 to 5": "Line 4 goes the other way, from z to x.",
            },
        ),
        Choice(
            "In that program, where is the slope of z with respect to y?",
            right="Nowhere: it was not kept",
            because="It takes `y.retain_grad()` before line 4.",
            wrong={
                "On y.grad": "y is no leaf, and nobody told it to keep its slope.",
                "On z.grad": "z is where the walk begins. What is kept there, if anything, is 1.",
                "On x.grad": "There stands the slope of z with respect to x, with the next step "
                "multiplied in.",
            },
        ),
        Number(
            "Your `slope_back` walks back along (2x)³ at x = 1. What does it return?",
            answer=_slope(lambda x: (2 * x) ** 3, 1.0),
            because="The power saw 2, so its local slope is 3 · 2² = 12. The product contributes 2.",
            wrong={
                6: "The power saw the value 2, not 1: its local slope is 3 · 2².",
                12: "That is the last step alone. The step before it multiplies by 2.",
                8: "That is the value.",
                14: "You added the local slopes. Along a chain they are multiplied.",
            },
            hint="Two steps: the product gives 2, and then the power, at the value that it saw.",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
