"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from collections.abc import Callable

import torch

from chalkboard import Choice, Number, predictions, quizzes


def _slope(function: Callable[[torch.Tensor], torch.Tensor], x: float) -> float:
    """What torch says, so that no number here is written by hand."""
    return torch.func.grad(function)(torch.tensor(x)).item()


PREDICTIONS = {
    "five-steps": (
        Number(
            "z2, at x = 2",
            answer=3 * 2**2,
            because="First the square, 4, then three times that.",
            wrong={
                36: "That is (3x)². The square is taken of x alone, before the 3 comes in.",
                4: "That is z1. z2 is the step after it.",
                18: "Perhaps 3 · 6? z1 is x² = 2 · 2.",
            },
        ),
        Number(
            "y, at x = 2",
            answer=3 * 2**2 + 2 * 2 + 1,
            because="12 + 4 = 16, and 1 more.",
            wrong={
                16: "That is z4. One step is left.",
                41: "Perhaps z2 was (3x)² = 36. The square is taken of x alone.",
                14: "That is the slope there, which comes later. Asked is the height.",
            },
            hint="Go through the table line by line.",
        ),
    ),
    "nodes-of-the-graph": (
        Number(
            "How many nodes are operations?",
            answer=5,
            because="One for each step of the table.",
            wrong={
                8: "Perhaps you counted the numbers 3, 2 and 1. No slope is asked of them.",
                6: "Perhaps you counted x, or y: x is no operation, and y is the last one's result.",
                4: "Is the last + 1 in your count? And 2 · x?",
            },
            hint="How many lines has the table?",
        ),
        Choice(
            "x is used twice. How many different nodes stand for x?",
            right="One, and two ways end in it",
            because="The slope is to be collected in one place, `x.grad`. So there is one node, and two "
            "edges lead to it.",
            wrong={
                "Two, one for each use": "Then each would know a part of the slope, and who would add "
                "them up?",
                "None, x is a value": "Values are no nodes, true. But x is a leaf: something has to "
                "put the slope into `x.grad`.",
            },
        ),
    ),
    "another-form": (
        Number(
            "How many nodes are operations now?",
            answer=4,
            because="3 · x, + 2, · x, + 1. This way of writing saves a step.",
            wrong={
                5: "That was the first form. Count the signs of this one.",
                3: "Is the product (…) · x in your count?",
            },
            hint="Count the signs between the numbers and letters.",
        ),
        Number(
            "What is the slope at x = 2 now?",
            answer=_slope(lambda x: (3 * x + 2) * x + 1, 2.0),
            because="It is the same function, so it has the same slope. Only the ways are others: "
            "3 · x brings 6, and the last factor x brings 8.",
            wrong={
                6: "That is what comes back over 3 · x. x is used a second time.",
                8: "That is what comes back over the factor x at the end. x is used in 3 · x too.",
            },
            hint="Is it another function, or the same one in other words?",
        ),
    ),
    "lost-exponent": Choice(
        "`cube = two**3`. It has recorded the value 8, the parent `two` and the operation `pow`.",
        right="No: the exponent 3 is not in it",
        because="The 3 was a plain number, and is no parent. Only the moment of the operation knew it. "
        "From 2 and 8 one can guess it here, but from 1 and 1 nobody can.",
        wrong={
            "Yes: the slope is that of 8": "8 is how high it is. How fast it grows depends on which "
            "power it was: 8¹ at 8 has slope 1.",
            "Yes: `pow` says it all": "`pow` says that it was *a* power. The slopes of x² and x³ at 2 are "
            "4 and 12.",
        },
    ),
}

QUIZZES = {
    "expressions": (
        Choice(
            "In torch's graph of `y = 5 * x + 7`: what became of the 5?",
            right="It is no node, and the edge to x has the slope 5",
            because="The node of the product keeps the 5 for the way back. No slope goes to the 5 itself.",
            wrong={
                "A node like that of x": "Only what asks for a slope has a node. The 5 does not.",
                "It is lost": "Then the slope 5 could not be found on the way back.",
            },
        ),
        Choice(
            "`a = x + x` and `b = 2 * x`, at the same x. What do they have in common?",
            right="Value and slope, and not the graph",
            because="The function is one, the expressions are two: a sum with two edges from x, a "
            "product with one.",
            wrong={
                "Everything": "Look at the edges: how many lead from x to `a`, and how many to `b`?",
                "The value alone": "In `a` two ways bring 1 each. What do they bring together?",
            },
        ),
        Number(
            "A product node has seen a = 5 and b = 3, and is told 2. What does it send to a?",
            answer=6,
            because="What it was told, times the slope on the edge: 2 · 3.",
            wrong={
                10: "That is 2 · 5, which goes to b. When a grows, b stands still and multiplies.",
                3: "That is the slope on the edge. What the node was told comes in too.",
                30: "Both factors are in this. On the edge to a stands b alone.",
            },
            hint="What it was told, times the slope on the edge to a.",
        ),
        Choice(
            "From two lessons ago: a network has two layers, with a weight matrix and a bias each. Which of "
            "its tensors are leaves that `backward()` fills?",
            right="The weights and biases",
            because="They were made by hand with `requires_grad=True`. What is calculated from them is no "
            "leaf.",
            wrong={
                "The outputs of the layers": "Slopes pass through them, but they are results, and do "
                "not keep any.",
                "All tensors, the input too": "An input that nobody asked to track gets no slope.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
