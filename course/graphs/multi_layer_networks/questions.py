"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from typing import Any

import torch

from chalkboard import Choice, Number, predictions, quizzes

W1 = torch.tensor([[2.0, -1.0], [1.0, 1.0]])
B1 = torch.tensor([1.0, -2.0])
W2 = torch.tensor([3.0, -2.0])


def _output(x: Any, first: Any) -> Any:
    return W2 @ torch.relu(first @ x + B1) - 1


def _slope(x1: float, x2: float, row: int, column: int) -> float:
    """What torch says for one weight of the first layer."""
    gradient = torch.func.grad(_output, argnums=1)(torch.tensor([x1, x2]), W1)
    return gradient[row, column].item()


PREDICTIONS = {
    "two-two-one-forward": (
        Number(
            "What is h2 at x1 = 3, x2 = 1?",
            answer=2,
            because="3 + 1 - 2 = 2, and `relu` lets a positive number through.",
            wrong={
                4: "The bias is missing: take 2 away.",
                0: "`relu` makes 0 of a *negative* sum. This one is positive.",
                6: "That is h1, with the weights 2 and -1.",
            },
            hint="Fill in the second row of the table above.",
        ),
        Number(
            "And what is y?",
            answer=_output(torch.tensor([3.0, 1.0]), W1).item(),
            because="h1 is 6 - 1 + 1 = 6, so y = 18 - 4 - 1.",
            wrong={
                14: "The bias of the output is missing: take 1 away.",
                21: "The weight of h2 is *minus* 2.",
                7: "Those are the two hidden nodes and the bias. Each node has a weight in y.",
            },
            hint="First h1 from the first row, then y from the last.",
        ),
    ),
    "slope-over-h2": Number(
        "What is its slope?",
        answer=_slope(3.0, 1.0, 1, 0),
        because="x1 · 1 · (-2) = 3 · 1 · (-2). y falls when this weight grows.",
        wrong={
            3: "So much does h2 grow. On the way to y it is multiplied once more.",
            -2: "That is the step from h2 to y. What stands beside this weight, inside h2?",
            6: "The weight of h2 in y is negative.",
            9: "That is the weight above it, which leads over h1.",
            1: "That is the weight itself. When it grows, what it stands beside multiplies.",
            2: "That is h2, the height. Multiply the three local slopes.",
        },
        hint="Write the three rows of the table for this path.",
    ),
    "slope-of-a-sleeping-node": (
        Number(
            "What is h1?",
            answer=0,
            because="The sum is negative, and `relu` makes 0 of it.",
            wrong={-1: "That is the sum. What does `relu` make of it?"},
            hint="What does `relu` make of a negative number?",
        ),
        Choice(
            "What is the slope of y for the first weight of the first row now?",
            right="0",
            because="A little more or less of this weight leaves the sum negative, so h1 stays 0.",
            wrong={
                "3": "x1 · 3 would be right if `relu` let the change pass. It is flat here.",
                "-3": "A negative sum does not turn the sign around: `relu` makes 0 of it.",
                "None": "The weight is in the graph, so it gets a slope. Of which size?",
            },
        ),
    ),
    "count-operations": (
        Number(
            "How many multiplications does it record?",
            answer=6,
            because="One for each weight: four into the hidden nodes, two into y. A bias is added.",
            wrong={
                9: "Biases are parameters too, but they are added.",
                4: "That is the first layer. The output multiplies as well.",
                2: "Think of single numbers: each weight is multiplied by what it reads.",
            },
            hint="Count the weights, without the biases.",
        ),
        Number(
            "How many operations lie on the longest way from x1 to y?",
            answer=7,
            because="Multiply, add, add the bias, relu; then multiply, add, add the bias.",
            wrong={
                14: "Those are all operations. One way passes only some of them.",
                2: "Those are layers. Each layer is several operations.",
                5: "torch's `@` multiplies and adds in one. Here each sum is its own operation.",
                3: "Count each single operation: multiply, add, ...",
            },
            hint="Follow x1 with a finger: w11 * x1, then + ..., then ...",
        ),
    ),
    "two-flat-layers": (
        Choice(
            "`A` has shape (3, 2), `B` has shape (1, 3). What is the shape of `B @ A`?",
            right="(1, 2)",
            because="Two numbers go in, one comes out, and the three in the middle are used up.",
            wrong={
                "(3, 3)": "That would be `A @ B` with other shapes. Which sizes touch in `B @ A`?",
                "(3, 2)": "`@` is no product number by number. A row of `B` meets a column of `A`.",
                "(1, 3, 2)": "Nothing is stacked: the sizes that touch are summed over.",
            },
        ),
        Choice(
            "Where do two layers and the single one agree?",
            right="At every x",
            because="W2(W1 x) and (W2 W1) x are the same sums, with the brackets set otherwise.",
            wrong={
                "At some x only": "They are not two curves that cross. Multiply the brackets out.",
                "At none, since three nodes know more than one": "Three nodes do pass on three "
                "numbers. But what the output makes of them is again a weighted sum of x1 and x2.",
            },
        ),
    ),
    "best-plane-for-xor": Choice(
        "What does the best one answer at (0, 0), (1, 0), (0, 1) and (1, 1)?",
        right="0.5 everywhere",
        because="Whatever it gains at one corner it loses at another, so it stays in the middle.",
        wrong={
            "0, 1, 1, 0": "That would be XOR. Try to find a, b and c: the last corner is a + b + c.",
            "0, 1, 1, 1": "No a, b and c answer this. The first three corners make c = 0, and "
            "a = b = 1. What is the last one then?",
            "0, 1, 1, 2": "That is a = b = 1 and c = 0. Its squared error is 4, all of it at one "
            "corner. Spread out, it gets smaller.",
        },
    ),
    "pieces-of-three-tents": Number(
        "Of how many straight pieces is its curve made, between 0 and 1?",
        answer=8,
        because="One tent has 2 pieces. Each further tent runs up and down on every piece.",
        wrong={
            6: "That would be a bend for each node. But a tent is applied to every piece that is "
            "there.",
            7: "Six bends side by side would make 7 pieces. These stand one after the other.",
            4: "Two tents make 4. There is a third.",
            3: "Each tent has two pieces by itself.",
            2: "One tent has 2. What does the second one make of a piece that runs from 0 to 1?",
        },
        hint="When x runs through one piece, the tent before runs from 0 to 1. What does the next "
        "one do meanwhile?",
    ),
}

QUIZZES = {
    "multi-layer-networks": (
        Choice(
            "`y.backward()` has run. What has changed in `W1`?",
            right="Its `.grad`",
            because="Backward measures. To change the weights is a step of its own.",
            wrong={
                "Its numbers: they moved downhill": "No line has said how far to move. Backward "
                "only measures.",
                "Both its numbers and its `.grad`": "The numbers stay until a step is taken, such "
                "as `W1 -= rate * W1.grad`.",
            },
        ),
        Choice(
            "Two inputs, a hidden layer of 1000 nodes without a bend, one output. What can it "
            "learn?",
            right="What y = a·x1 + b·x2 + c can",
            because="The layers fold into one, however many nodes lie between.",
            wrong={
                "Any continuous function": "That takes a bend between the layers.",
                "XOR, since there are enough nodes": "Not how many nodes there are, but a bend "
                "makes the difference.",
            },
        ),
        Choice(
            "A hidden node has a negative sum for *every* example, and `relu` after it. What does "
            "training do with its weights?",
            right="It leaves them as they are",
            because="relu is flat there, so each slope is 0 and no step moves them.",
            wrong={
                "It makes them larger until the node wakes up": "That would need a slope that says "
                "so. Here it is 0.",
                "It makes them negative": "A slope of 0 moves nothing, in neither direction.",
            },
        ),
        Number(
            "From two lessons ago: y = x³ and z = 5y - 4. What is the slope of z at x = 1?",
            answer=torch.func.grad(lambda x: 5 * x**3 - 4)(torch.tensor(1.0)).item(),
            because="3x² and 5, multiplied along the chain: 3 · 5.",
            wrong={
                3: "That is the step from x to y. From y to z it is multiplied by 5.",
                5: "That is the step from y to z. From x to y it is 3x².",
                8: "Along a chain slopes are multiplied, not added.",
                1: "That is z, the height.",
                11: "The slope of a constant is 0: the -4 moves nothing.",
            },
            hint="Two local slopes, 3x² and 5.",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
