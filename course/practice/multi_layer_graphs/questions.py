"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, predictions, quizzes
from course.practice.multi_layer_graphs.asks import network

DOUBLINGS = 20


def _gradient_of_x11() -> float:
    x11 = torch.tensor(2.0, requires_grad=True)
    return torch.autograd.grad(network(x11, 3.0)["y"], x11)[0].item()


def _paths_of_doubling() -> float:
    first = t = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(DOUBLINGS):
        t = t + t
    return torch.autograd.grad(t, first)[0].item()


def _slope_of_product(x: float) -> float:
    return torch.func.grad(lambda at: (2 * at) * (at * at))(torch.tensor(x)).item()


PREDICTIONS = {
    "gradient-of-x11": Number(
        "What is the gradient of y by x11?",
        answer=_gradient_of_x11(),
        because="Over x12 come 5 · 4 = 20, over x22 come 8 · 3 = 24, and both are there at once.",
        wrong={
            24: "That is the path over x22. There is another one.",
            20: "That is the path over x12. There is another one.",
            480: "You multiplied the two paths with each other. They are there at once: what they bring is "
            "added.",
            20 + 11: "Along the second path you added. Along a path, slopes multiply.",
            13: "You added the slopes into the hidden nodes, 5 + 8. Each path goes on, into y.",
            46: "That is y itself.",
        },
        hint="Multiply along each of the two paths, then add.",
    ),
    "hidden-grad": Choice(
        "What does `x12.grad` show?",
        right="None, with a warning",
        because="x12 is no leaf. Its gradient of 4 has passed, and nobody kept it.",
        wrong={
            "tensor(4.)": "That has passed here. But torch keeps gradients on leaves only, to save "
            "memory.",
            "tensor(0.)": "A zero would say that y does not change with x12. Nothing stands there at all.",
            "An error": "torch answers. It adds a warning, since who reads this has probably expected a "
            "number.",
        },
    ),
    "weight-after-backward": (
        Choice(
            "The gradient is 8. What is the weight *after* `backward()`?",
            right="5",
            because="`backward` leaves the 8 in `w.grad`. The weight is as it was.",
            wrong={
                "-3": "That would be 5 - 8. But nobody has taken a step yet.",
                "13": "That would be 5 + 8. `backward` adds to `.grad`, not to the weight.",
                "8": "That is its gradient.",
            },
        ),
        Choice(
            "And after the step `w -= 0.1 * w.grad`?",
            right="4.2",
            because="5 - 0.1 · 8. This line changes the weight, and only this line.",
            wrong={
                "5": "Here the weight itself is changed: a part of its gradient is taken away.",
                "5.8": "The step goes against the gradient: it is taken away.",
                "-3": "The step is a tenth of the gradient.",
            },
        ),
    ),
    "paths-of-doubling": Number(
        "How many paths are there after 20 additions?",
        answer=_paths_of_doubling(),
        because="Each addition has two edges, so it doubles the number: 2 multiplied 20 times.",
        wrong={
            20: "That is the number of additions. Each has two edges into it.",
            40: "That is the number of *edges*. A path takes one of two edges at each addition.",
            400: "At each of the 20 additions a path has 2 choices: 2 · 2 · 2 ...",
            2 ** (DOUBLINGS - 1): "Nearly: there are 20 additions, and each doubles.",
        },
        hint="How many after one addition, after two, after three?",
    ),
}

QUIZZES = {
    "multi-layer-graphs": (
        Number(
            "h = 2 · x, k = x · x and y = h · k. What is the gradient of y by x, at x = 3?",
            answer=_slope_of_product(3.0),
            because="Over h come 2 · 9 = 18. Over k come 6 · 6 = 36. Together 54.",
            wrong={
                18: "That is what comes over h. k depends on x too.",
                36: "That is what comes over k. h depends on x too.",
                12: "That is the product of the slopes of h and k. In a product, each slope is "
                "multiplied by the *other value*.",
            },
            hint="Three paths: one over h, two over k.",
        ),
        Choice(
            "When must `h.retain_grad()` be called to see the gradient of a hidden h?",
            right="Before the walk back",
            because="The gradient passes during the walk. Afterwards it is gone.",
            wrong={
                "After it, before reading": "By then nothing is there to keep.",
                "Never, it is kept anyway": "Only leaves keep theirs.",
            },
        ),
        Choice(
            "What changes a weight in training?",
            right="The step that follows backward",
            because="It takes a part of the gradient away from the weight.",
            wrong={
                "backward": "It writes into `.grad`, and leaves the weights alone.",
                "The forward pass": "It uses the weights, and leaves them alone.",
                "The loss": "It is one number that says how wrong the output is.",
            },
        ),
        Choice(
            "From two lessons ago: what does `print(torch.tensor(5.5) + 10)` show?",
            right="tensor(15.5000)",
            because="A tensor is printed with four decimals, unless its numbers are whole.",
            wrong={
                "tensor(15.5)": "torch prints four decimals.",
                "15.5": "That is what `.item()` gives: a Python number. Here a tensor is printed.",
                "tensor(15)": "10 becomes a decimal number, not the other way round.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
