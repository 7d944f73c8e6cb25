"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, predictions, quizzes

PREDICTIONS = {
    "small-push": Choice(
        "By about how much does y grow?",
        right="0.30",
        because="x grows by 0.01, u by 6 · 0.01, and y by 5 · 6 · 0.01.",
        wrong={
            "0.11": "That is 6 + 5 times the step. But y does not grow by 5 more than u, it grows 5 "
            "*times* as fast.",
            "0.05": "That would be the growth of y, if u took the step of 0.01. But u takes a larger one.",
            "0.06": "That is how much u grows. One step is still to come.",
        },
    ),
    "x-times-x": Choice(
        "What does `first_walk(x * x)` leave at x = 3?",
        right="3",
        because="The first 3 is written down, and the second 3 takes its place.",
        wrong={
            "6": "That is the right slope. But the line `arrived[parent] = ...` runs twice for the same "
            "parent: what happens to the first result?",
            "9": "That is the value of x * x. The walk carries slopes.",
            "An error": "Nothing forbids that both parents are one node. The walk meets it twice.",
        },
    ),
    "doubled-twice": Choice(
        "What does the adding walk leave at a?",
        right="8",
        because="b has 2 when it is taken, and it is taken twice. Each time a gets 2 over each of two "
        "edges.",
        wrong={
            "4": "That is the right slope. But b is put into `waiting` for each edge, so it is taken "
            "twice.",
            "2": "That would be one edge at each step. Both additions have two.",
            "6": "When b is taken the first time, both of its arrivals are there already: 1 + 1.",
        },
    ),
    "once-only": (
        Choice(
            "What does it leave at x for `a + b`?",
            right="6",
            because="The walk takes a before b. Only 1 has arrived at a then, so x gets 3 + 3.",
            wrong={
                "18": "That needs all of a: 1 from the sum and 2 over b. Which of the two is there "
                "when a is taken?",
                "12": "That is what comes over b alone. It is the part that is lost here.",
            },
        ),
        Choice(
            "And for `b + a`?",
            right="18",
            because="Now b is taken first, so a has 1 + 2 when its turn comes.",
            wrong={
                "6": "`waiting` begins with b this time. What has arrived at a, when a is taken?",
                "12": "Both paths arrive at a before its turn: the one over b, and the direct one.",
            },
        ),
    ),
    "long-chain": Choice(
        "What happens with the long chain?",
        right="Python raises an error",
        because="Each call waits until the next one returns. Python stops a program in which too many "
        "calls wait for one another.",
        wrong={
            "It works, and takes longer": "So it would be with a loop. But here each call waits for the "
            "next one, down to the first node.",
            "The list has a node twice": "The line `if node not in order` sees to that, on short "
            "and on long chains.",
            "It runs for ever": "The graph has no circles, so the calls come to an end at the input. "
            "But do they get there?",
        },
    ),
}


def _slope_over_two_paths() -> float:
    x = torch.tensor(1.0, requires_grad=True)
    u, v = 2 * x, 5 * x
    (3 * u - v).backward()
    assert x.grad is not None
    return x.grad.item()


QUIZZES = {
    "chain-rule": (
        Number(
            "y depends on u and v, and both depend on x. Along one path the local slopes are 2 and "
            "3, along the other 5 and -1. What is dy/dx?",
            answer=_slope_over_two_paths(),
            because="2 · 3 along one path, 5 · (-1) along the other, and 6 - 5 = 1.",
            wrong={
                -30: "You multiplied the two paths with each other. Paths add up.",
                9: "You added all four. Along a path, slopes multiply.",
                -5: "That is one path. The other one counts too.",
                6: "That is one path. The other one counts too.",
            },
            hint="Multiply along each path, then add.",
        ),
        Choice(
            "What is the slope of sin(x²)?",
            right="cos(x²) · 2x",
            because="The outer slope is taken at the value that it saw, x², and multiplied by the "
            "inner one.",
            wrong={
                "cos(x) · 2x": "The sine never saw x. Which value did it get?",
                "cos(2x)": "The inner slope does not go into the cosine. It multiplies.",
                "cos(x²) + 2x": "Along a chain, slopes multiply.",
            },
        ),
        Choice(
            "a is used by b, by c, and by b once more. When may a pass on?",
            right="After b and c have passed on",
            because="Then all that used it is done, and everything has arrived.",
            wrong={
                "As soon as something arrives": "What comes later would get no further.",
                "After all its own parents": "That is the way forward. On the way back, the parents "
                "come after.",
                "Each time that something arrives": "It would pass on again what it has passed on "
                "before.",
            },
        ),
        Number(
            "From two lessons ago: `torch.randn(5, 3)` lies in memory row by row. How many elements "
            "further does the next row begin?",
            answer=torch.randn(5, 3).stride(0),
            because="A row has 3 elements, so the stride of the first dimension is 3.",
            wrong={
                5: "That is the number of rows. How long is one row?",
                1: "That is the way to the next element of the same row.",
                15: "That is the whole tensor.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
