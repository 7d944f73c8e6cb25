"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from typing import Any

import torch

from chalkboard import Choice, Number, predictions, quizzes


def _after(gradients: list[float], optimizer: Any, **settings: Any) -> float:
    """Where torch's optimizer arrives from 1 with these gradients."""
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    rule = optimizer([w], **settings)
    for gradient in gradients:
        w.grad = torch.tensor(gradient, dtype=torch.float64)
        rule.step()
    return w.item()


PREDICTIONS = {
    "which-rate-diverges": (
        Choice(
            "With which of the rates does the loss grow and grow?",
            right="0.11",
            because="1 - 20 · 0.11 is -1.2: b changes its side and gets larger each time.",
            wrong={
                "0.05": "1 - 20 · 0.05 is 0. b lands at the bottom in one step.",
                "0.09": "1 - 20 · 0.09 is -0.8. b changes its side, and still gets smaller.",
                "None of them": "Calculate 1 - 20r for each. When is it more than 1 in size?",
            },
        ),
        Choice(
            "And with which is it *highest* after 20 steps, of the other three?",
            right="0.01",
            because="a keeps 0.99 of its size at each step, so after 20 steps most of it is left.",
            wrong={
                "0.05": "b lands at once, but a only keeps 0.95 at each step. What does it keep "
                "with 0.01?",
                "0.09": "b jumps from side to side, and a keeps 0.91. Both shrink.",
            },
        ),
    ),
    "momentum-on-a-plain": Number(
        "Rate 0.1, w starts at 1. Where is w after the second step, whose gradient is 0?",
        answer=_after([1.0, 0.0], torch.optim.SGD, lr=0.1, momentum=0.9),
        because="The speed is 1, then 0.9. w goes to 0.9, and on to 0.9 - 0.09.",
        wrong={
            0.9: "So it would be without memory. Nine tenths of the speed are left.",
            0.8: "The speed loses a tenth at each step: it is 0.9 now.",
            0: "The step is rate times speed. How long is it?",
            0.91: "The step goes by the speed 0.9, not by the tenth that is lost.",
        },
        hint="Speed 1 in the first step, 0.9 in the second. A step is rate times speed.",
        within=0.0005,
    ),
    "a-thousand-times-steeper": Choice(
        "How do the steps of the two weights compare?",
        right="They are the same",
        because="Gradient and usual size are both a thousand times larger, and one is divided by "
        "the other.",
        wrong={
            "The second steps are a thousand times longer": "So it is with SGD. Here the gradient "
            "is divided by its usual size.",
            "The second steps are a thousand times shorter": "It is divided by the *root* of the "
            "squares, which is a thousand times larger, and not a million.",
            "The second diverges": "A division by the usual size keeps each step near the rate.",
        },
    ),
    "none-or-zero": (
        Choice(
            "With gradient None, does the step move w?",
            right="No",
            because="The optimizer passes over weights without a gradient. Their memory waits too.",
            wrong={
                "Yes, by what is left of the speed": "That takes a gradient, if only 0. Without "
                "one the weight is passed over.",
                "It raises an error": "A weight that the loss did not use has no gradient. Training "
                "goes on without it.",
            },
        ),
        Choice(
            "And with gradient 0?",
            right="Yes, by what is left of the speed",
            because="Nine tenths of the speed stay, and 0 is added.",
            wrong={
                "No, since the gradient is 0": "Plain SGD would not move. Here there is a speed.",
                "Yes, by the old gradient": "It was set to 0. What is left is in the memory.",
            },
        ),
    ),
    "turned-canyon": Choice(
        "And in the turned canyon, each with its best rate?",
        right="RMSprop ends higher than momentum",
        because="To momentum a turned canyon is the same canyon. RMSprop scales each weight by "
        "itself, and there both weights are steep and flat at once.",
        wrong={
            "RMSprop ends lowest again": "What it divides by is kept for each *weight*. "
            "Along which direction is the turned canyon steep?",
            "All four end as they did before": "SGD and momentum do. Do the other two treat all "
            "directions alike?",
            "All four end higher": "SGD and momentum only add and multiply by single numbers. They "
            "do not notice which way the axes run.",
        },
    ),
}

QUIZZES = {
    "optimizers": (
        Choice(
            "The loss goes 5, 40, 700, 12000. What do you try first?",
            right="A smaller learning rate",
            because="Each step jumps over the valley, and lands higher on the other side.",
            wrong={
                "More steps": "They would go on upwards.",
                "Momentum": "It makes steps longer. They are too long already.",
                "A larger learning rate": "Longer steps jump even higher.",
            },
        ),
        Choice(
            "What does `optimizer.step()` use?",
            right="The `.grad` that stands on each weight, and the optimizer's memory",
            because="It neither calculates a loss nor goes backward.",
            wrong={
                "The loss": "It is told no loss. Someone has to go backward before.",
                "The graph of the loss": "The graph is walked by `backward()`. `step` reads what "
                "that has left.",
            },
        ),
        Number(
            "Adam, rate 0.1, first gradient 250. How long is the first step, nearly?",
            answer=1 - _after([250.0], torch.optim.Adam, lr=0.1),
            because="At the first step m is g and √s is the size of g. The step is the rate.",
            wrong={
                25: "That is SGD, rate times gradient. Adam divides by the size of the gradient.",
                1: "m / √s is 1. The rate stands in front of it.",
                2.5: "The mean is corrected, so its tenth is made up for; and then it is divided "
                "by the size of g.",
            },
            hint="What are m and s in the first step?",
            within=0.001,
        ),
        Choice(
            "From two lessons ago: why is there a line that sets gradients back, in a training "
            "loop?",
            right="`backward()` adds to what stands on a leaf",
            because="Without it, each step would use the sum of all gradients so far.",
            wrong={
                "`step()` would refuse to run twice": "It runs, with whatever gradient is there.",
                "To free memory": "None does free some. The reason is what the numbers would be.",
                "To start again from the first weights": "The weights stay where they are. Only the "
                "gradients are forgotten.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
