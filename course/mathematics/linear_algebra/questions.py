"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes

A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
B = torch.tensor([[5.0, 6.0], [7.0, 8.0]])


def _corner(table: torch.Tensor) -> float:
    """The entry in row 0 and column 0."""
    return table[0, 0].item()


def _bias_gradient() -> torch.Tensor:
    """What torch leaves on a bias, so that no number here is written by hand."""
    bias = torch.zeros(3, requires_grad=True)
    arriving = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    (torch.zeros(2, 3) + bias).backward(gradient=arriving)
    assert bias.grad is not None
    return bias.grad


PREDICTIONS = {
    "three-combinations": (
        Number(
            "The entry of `A + B` in row 0 and column 0",
            answer=_corner(A + B),
            because="1 + 5: entry by entry.",
            hint="Add what stands in the same place.",
        ),
        Number(
            "The entry of `A * B` in row 0 and column 0",
            answer=_corner(A * B),
            because="1 · 5: the star goes entry by entry, as the plus does.",
            wrong={
                _corner(
                    A @ B
                ): "That is row (1, 2) dotted with column (5, 7): the product of matrices. "
                "In Python its sign is `@`, and the star is another product.",
                17: "Row with row, (1, 2) · (5, 6)? No sign here does that.",
            },
            hint="The star does with each place what the plus does.",
        ),
        Number(
            "The entry of `A @ B` in row 0 and column 0",
            answer=_corner(A @ B),
            because="Row (1, 2) dotted with column (5, 7): 5 + 14.",
            wrong={
                _corner(A * B): "That is entry by entry, the star. `@` dots a row with a column.",
                17: "You dotted row with row. The second one gives its *column*: (5, 7).",
                23: "You dotted a column of A with a column of B. The first one gives its *row*: (1, 2).",
            },
            hint="Which row of A, and which column of B?",
        ),
    ),
    "silent-product": Choice(
        "`X * W + b`, where X and W are 2 by 2, and b has 2 numbers. What happens?",
        right="It runs, and the numbers are wrong",
        because="Entry by entry, 2 by 2 fits 2 by 2. Nothing is amiss with the shapes, so torch has "
        "nothing to complain of.",
        wrong={
            "It runs, and the numbers are right: * is the product of matrices": "On paper two letters "
            "side by side are that product. In Python the star goes entry by entry.",
            "An error: matrices cannot be multiplied by *": "They can, entry by entry, as soon as the "
            "shapes fit. That is the trouble.",
        },
    ),
    "shapes-that-fit": Choices(
        "Choose all that run.",
        right=("P @ Q", "P @ P.t()", "P + torch.ones(3)"),
        because="For `@` the inner sizes agree: 3 and 3. For `+` the last sizes agree, and the missing "
        "axis is stretched.",
        wrong={
            "Q @ P": "(3, 4) @ (2, 3): the inner sizes are 4 and 2. The order matters.",
            "P * Q": "Entry by entry, (2, 3) and (3, 4) would have to agree in each axis, or be 1.",
            "P + torch.ones(2)": "Shapes are laid over each other from the right: 2 stands under the "
            "3, not beside the rows.",
        },
    ),
    "gradient-by-shape": Choice(
        "Which of these has the shape of A, (2, 3)?",
        right="G @ B.T",
        because="(2, 4) @ (4, 3). Of the products of G and B it is the only one of this shape.",
        wrong={
            "G @ B": "(2, 4) @ (3, 4): the inner sizes are 4 and 3, and do not agree.",
            "B.T @ G": "(4, 3) @ (2, 4): the inner sizes are 3 and 2, and do not agree.",
            "G * B": "That is entry by entry, and (2, 4) does not fit (3, 4).",
        },
    ),
    "gradient-of-a-bias": (
        Choice(
            "The shape of `b.grad`",
            right="[3]",
            because="A gradient always has the shape of what it belongs to.",
            wrong={
                "[2, 3]": "That is the shape of what arrives. b has three entries, and each of them has "
                "one slope.",
                "[2]": "That would be a number for each row. b has one for each column.",
            },
        ),
        Number(
            "`b.grad[0]`",
            answer=_bias_gradient()[0].item(),
            because="b[0] was used in both rows. The two uses bring 1 and 10, and that is added.",
            wrong={
                1: "That is what comes from row 0. b[0] was used in row 1 too.",
                10: "That is what comes from row 1. It does not replace what came from row 0.",
                5.5: "That is the mean. Each use brings its slope in full.",
                66: "That is everything. b[0] was used in column 0 only.",
                6: "That is the sum of row 0. b[0] was used once in each row: look down the column.",
            },
            hint="In which entries of X + b was b[0] used?",
        ),
    ),
}

QUIZZES = {
    "matrices": (
        Choice(
            "Two 3 by 3 matrices S and T. Paper says ST. Which line is it?",
            right="S @ T",
            because="Two letters side by side are the product of matrices, and its sign is `@`.",
            wrong={
                "S * T": "That goes entry by entry. With square matrices nobody will tell you.",
                "torch.mul(S, T)": "That is the star by another name. The product of matrices is "
                "`torch.matmul`.",
            },
        ),
        Choice(
            "Shapes (4, 1) and (3,) are added. What is the shape of the result?",
            right="(4, 3)",
            because="From the right: 1 is stretched to 3, and the missing axis to 4.",
            wrong={
                "An error": "A size of 1 is stretched, and so is a missing axis.",
                "(4, 1)": "The 1 meets the 3. Which of them gives way?",
            },
        ),
        Choice(
            "What arrives at this sum is (4, 3). What comes to the operand of shape (4, 1)?",
            right="The sum over axis 1, which stays with size 1",
            because="It was stretched along axis 1, so its uses lie along it.",
            wrong={
                "The sum over axis 0": "That is for the other one, which had no such axis. This one was "
                "stretched from 1 to 3.",
                "The first column": "Each of the three copies was used. What do the other two bring?",
            },
        ),
        Choice(
            "From two lessons ago: a node keeps its local slopes. What are they, for a product at 3 · 5?",
            right="5 and 3",
            because="The other factor stands still and multiplies.",
            wrong={
                "3 and 5": "When the 3 grows by 1, the product grows by 5.",
                "15 and 15": "That is the value. A slope says how fast it grows.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
