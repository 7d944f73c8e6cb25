"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, Text, predictions, quizzes


def _first_loss() -> float:
    x = torch.arange(4.0)
    return torch.nn.functional.mse_loss(torch.zeros(4), 2 * x + 1).item()


def _slope_of_halving(start: float) -> float:
    leaf = torch.tensor(start, requires_grad=True)
    small = leaf
    while small > 1:
        small = small / 2
    (slope,) = torch.autograd.grad(small, leaf)
    return slope.item()


PREDICTIONS = {
    "what-a-tensor-is": (
        Choice(
            "What is a tensor in torch?",
            right="A table of numbers of one dtype, with any number of axes, that *can* be tracked",
            because="Tracking is a wish, `requires_grad`. Without it a tensor is in no graph.",
            wrong={
                "A node of a computational graph": "Only if it is tracked, or was calculated from "
                "what is. `torch.tensor(1.0)` is in no graph.",
                "A matrix that lies on a graphics card": "It can have no axis, or five, and by default "
                "it lies on the cpu.",
                "A function that can be evaluated at other inputs": "It holds numbers. What it was "
                "calculated from is remembered, and never calculated again.",
            },
        ),
        Text(
            "All its elements have one dtype, and lie on one …? (One word.)",
            answer="device",
            because="The `cpu`, or a graphics card; all elements on the same one.",
            also=("a device", "devices"),
            wrong={
                "graph": "A tensor may be in no graph at all. Where do its numbers lie?",
                "leaf": "Results are tensors too. Where do the numbers lie?",
                "memory": "On the way: on which *kind* of machine is that memory?",
                "gpu": "That is one of them. What is the word for cpu and gpu alike?",
            },
            hint="The word stands in an attribute of each tensor, and in one pitfall.",
        ),
        Choices(
            "In what does it differ from an array of NumPy?",
            right=(
                "It can record operations, for gradients",
                "It can lie on an accelerator",
                "Decimals are float32 by default, and float64 in NumPy",
            ),
            because="The last one surprises when results are compared. Memory can even be shared, by "
            "`from_numpy` on the cpu.",
            wrong={
                "It can have more than two axes": "So can an array.",
                "Its elements may have different dtypes": "One dtype for all, in both.",
            },
        ),
        Choice(
            "What does `requires_grad=True` do?",
            right="It marks a leaf: what is calculated from it is recorded, and backward adds to its "
            ".grad",
            because="Nothing is calculated yet. It is a wish for later.",
            wrong={
                "It calculates the gradient": "Of what? There is no result yet. `backward()` does that.",
                "It lets backward() change the value": "Nothing but a step changes a value, and the "
                "step is made by you or by an optimizer.",
                "It makes .grad 0": "`.grad` is None until the first walk back.",
            },
        ),
    ),
    "dynamic-graphs": (
        Choice(
            "`halved_until_small` has a loop whose length depends on the number. Can torch give its "
            "slope?",
            right="Yes: what happened is recorded, round by round",
            because="The graph is made anew in each call, and the loop leaves as many nodes as it had "
            "rounds.",
            wrong={
                "No: a graph cannot contain a loop": "The graph does not. It contains the rounds that "
                "happened.",
                "Only for one fixed number of rounds": "So it would be for a graph made in advance. This "
                "one is made while the loop runs.",
            },
        ),
        Number(
            "From 3 it takes two rounds to get to 1 or below. What is the slope at 3?",
            answer=_slope_of_halving(3.0),
            because="Two halvings, each with the slope 1/2: 0.5 · 0.5.",
            wrong={
                0.75: "That is the value, 3 / 4.",
                0.5: "That is one halving. There are two, and slopes along a way are multiplied.",
                1: "Slopes along a way are multiplied, not added.",
            },
            hint="Multiply the slopes of the rounds.",
        ),
    ),
    "one-round-of-regression": (
        Choice(
            "Which tensors get `requires_grad=True`?",
            right="w and b",
            because="They are what training turns.",
            wrong={
                "x and y": "They are data. A gradient of them would say how to change the data.",
                "All of them": "It would work, and calculate what nobody needs.",
                "The loss": "It is a result: it is tracked since w and b are.",
            },
        ),
        Number(
            "With w = 0 and b = 0 all predictions are 0, and the targets are 1, 3, 5 and 7. What is "
            "the mean of the squared gaps?",
            answer=_first_loss(),
            because="(1 + 9 + 25 + 49) / 4.",
            wrong={
                84: "That is the sum. The mean is a quarter of it.",
                16: "That is the mean gap, squared. Square first.",
                4: "That is the mean of the gaps. Square them first.",
            },
            hint="Square each target, and take the mean.",
        ),
        Choice(
            "Which sign has `w.grad`, with w = 0 and 2 being right?",
            right="Negative",
            because="A larger w makes the loss smaller, so the loss falls to the right.",
            wrong={
                "Positive": "It points to where the loss *grows*. Does the loss grow if w goes from 0 "
                "towards 2?",
                "It is zero, since w is zero": "The slope is not the height, and not the place.",
            },
        ),
    ),
    "sigmoid-chain": Choice(
        "How large is the gradient through 20 sigmoids, roughly?",
        right="Smaller than 0.000000001",
        because="Each multiplies by less than 1/4, and (1/4) to the power 20 is about "
        "0.000000000001. Layers far from the loss are told next to nothing.",
        wrong={
            "About 0.25": "That is the most that *one* can have. Along a way slopes are multiplied.",
            "About 0.0125": "That is 0.25 / 20. Slopes are multiplied, so it shrinks by a factor per "
            "layer.",
            "Exactly 0": "Each factor is small, and none of them is zero.",
        },
    ),
}

QUIZZES = {
    "summary": (
        Choice(
            "In training you log the size of the gradients. First layer: 0.000000003. Last layer: 0.2. "
            "What do you say?",
            right="The gradients vanish on the way back",
            because="They differ by many orders of magnitude. The first layers hardly learn.",
            wrong={
                "The first layer has been learned": "Then the last ones would be small too. And it is "
                "so from the first round on.",
                "The reset was forgotten": "Then gradients pile up, and grow.",
            },
        ),
        Choice(
            "Which of these helps against it?",
            right="Another bend between layers, such as relu, whose slope is 1 where it is not 0",
            because="A product of ones does not shrink. Short cuts past layers help for the same "
            "reason.",
            wrong={
                "More layers with sigmoids": "Each of them multiplies by another 1/4 at most.",
                "Going backward twice before each step": "That doubles the gradients of all layers. "
                "Their ratio stays.",
            },
        ),
        Choice(
            "What does `z.backward()` change?",
            right="The `.grad` of the tracked leaves",
            because="It adds to them. It also lets go of what was saved for the walk.",
            wrong={
                "The values of the leaves": "That is the step, and it is made by you or an optimizer.",
                "The value of z": "z was calculated before, and stays.",
            },
        ),
        Choice(
            "From two lessons ago: `d = w.detach()`, then `d[0] = 5.0`. What happens to `w`?",
            right="w[0] is 5 too",
            because="Detach cuts the history, and shares the memory. `.detach().clone()` copies.",
            wrong={
                "Nothing: detach copies": "It copies no number. Both look at the same memory.",
                "It is no leaf any more": "`w` is what it was. Only its numbers were written over.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
