"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, predictions, quizzes

_W1 = torch.tensor([[1.0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 1, 1]])
_W2 = torch.tensor([[1.0, 1, 1, 1], [1, -1, 1, -1]])


def _slope_of_both_by_the_first() -> float:
    """How y1 + y2 reacts to the first input, as torch says."""
    inputs = torch.tensor([1.0, 2.0, 3.0])
    return torch.func.grad(lambda x: (_W2 @ (_W1 @ x)).sum())(inputs)[0].item()


PREDICTIONS = {
    "two-outputs": (
        Choice(
            "What does `outputs.backward()` do?",
            right="It raises an error: there are two outputs",
            because="A walk begins at one number. Which one, or how much of each, is yours to say.",
            wrong={
                "It leaves a table of 2 by 3 on inputs.grad": "A `.grad` has the shape of its leaf: "
                "three numbers. There is no room for two rows.",
                "It leaves the gradient of the first output": "torch does not choose. It asks.",
            },
        ),
        Number(
            "After `outputs.sum().backward()`: how does y1 + y2 react to the first input? (It goes "
            "into h1, h3 and h4; each h goes into y1, and into y2 with the signs +, -, +, -.)",
            answer=_slope_of_both_by_the_first(),
            because="Over h1: 1 + 1. Over h3: 1 + 1. Over h4: 1 - 1. That makes 4.",
            wrong={
                3: "That is how y1 alone reacts.",
                1: "That is how y2 alone reacts.",
                2: "Over h1 alone it is 2. Add what comes over h3 and h4.",
            },
            hint="Add up, over the three hidden nodes, what each gives to y1 and to y2.",
        ),
    ),
    "two-curves": Choice(
        "How far apart are the losses of the two engines after 300 rounds?",
        right="By rounding only: less than 0.000001",
        because="Same start, same rules, same steps. Which engine applies the chain rule is no matter.",
        wrong={
            "torch is lower, for it is optimized": "That is about the time it takes. The losses are set by "
            "the mathematics, and that is the same.",
            "They drift apart, and one sees it": "In float64 a difference begins around the 16th digit. "
            "This training does not make it grow to something that one sees.",
            "They are equal in every digit": "Sums are done in another order, and rounding depends on "
            "that.",
        },
    ),
}

QUIZZES = {
    "practice-exercises": (
        Choice(
            "`y = x**2 * math.sin(x)`, with x a tracked tensor. What does `x.grad` hold after backward?",
            right="A part of the slope: the sine counts as a plain number",
            because="`math.sin` gives a number without history. Only the way over x² is left.",
            wrong={
                "The whole slope": "Then torch would have to know what `math.sin` did. It returned a "
                "plain number.",
                "None": "One way back is there, over x².",
            },
        ),
        Choice(
            "Both engines train with `loss_of`. Why does the same function run on both?",
            right="It uses only operations that both know, by the same names",
            because="What `@`, `+` and `tanh` do is decided by the objects that come in.",
            wrong={
                "It converts its inputs to torch": "There is no torch in it. Look at its four lines.",
                "MyTensor is a kind of torch tensor": "It is a class of your own, on top of NumPy.",
            },
        ),
        Choice(
            "From two lessons ago: `p = torch.zeros(3, requires_grad=True) + 1`. What is `p.grad` after "
            "a walk back from `p.sum()`?",
            right="None: p is a result",
            because="Only leaves keep a gradient, unless `retain_grad()` was called before.",
            wrong={
                "Three ones": "They passed by. Where are they kept?",
                "An error is raised": "The walk goes well, and the leaf has its gradient. It has no name "
                "here.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
