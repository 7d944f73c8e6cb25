"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes


def _slope_through_a_transpose(row: int, column: int) -> float:
    """What torch says, so that no number here is written by hand."""
    x = torch.zeros(2, 3, requires_grad=True)
    (x.t().reshape(6) * torch.arange(1.0, 7.0)).sum().backward()
    assert x.grad is not None
    return x.grad[row, column].item()


PREDICTIONS = {
    "tensor-shapes": (
        Choice(
            "`torch.tensor([1, 2, 3]).dim()`",
            right="1",
            because="One index leads to each number, as in `v[2]`.",
            wrong={
                "3": "You counted the numbers, or thought of an arrow in space. That is the *size* of "
                "the one axis that there is.",
                "0": "That is a single number without brackets, to which no index is needed.",
            },
        ),
        Choice(
            "The shape of `torch.tensor([5])`",
            right="[1]",
            because="The brackets make an axis, and one number lies along it.",
            wrong={
                "[]": "That is `torch.tensor(5)`, without brackets. Here there is an axis.",
                "[5]": "A shape says how many numbers there are, not which. Here there is one.",
            },
        ),
        Choice(
            "The shape of `torch.tensor([[1], [2], [3]])`",
            right="[3, 1]",
            because="From outside to inside: three rows, and one number in each.",
            wrong={
                "[1, 3]": "That is one row with three numbers, `[[1, 2, 3]]`. Count the inner "
                "brackets first.",
                "[3]": "The inner brackets make an axis too, though only one number lies along it.",
            },
        ),
        Choice(
            "The dtype of `torch.tensor([[1, 2], [3, 4]])`",
            right="torch.int64",
            because="Whole numbers stay whole numbers. A slope can only stand on decimal ones.",
            wrong={
                "torch.float32": "That takes a decimal point somewhere, as in `1.`, or a `dtype=`.",
                "torch.float64": "That is what NumPy makes of decimal numbers. Here there are none.",
            },
        ),
    ),
    "stride-of-five-by-three": Choice(
        "`torch.randn(5, 3).stride()`",
        right="(3, 1)",
        because="One row down jumps over a row of 3. One column on is the next cell.",
        wrong={
            "(5, 3)": "That is the shape: how many rows and columns. A stride is the length of a step.",
            "(1, 5)": "So it would be if the *columns* lay side by side. torch writes row after row.",
            "(1, 3)": "Perhaps you took the axes in the other order. The first stride belongs to the "
            "rows.",
        },
    ),
    "stride-of-the-transposed": (
        Choice(
            "What are the strides of `x.t()`?",
            right="(1, 4)",
            because="The two axes have changed places, and their strides go with them.",
            wrong={
                "(3, 1)": "So it would be for a new tensor of 4 rows with 3 numbers. Were the numbers "
                "moved?",
                "(4, 1)": "Those are the strides of `x`. What was a row is a column now.",
            },
        ),
        Choice(
            "The cell writes into `turned`. Does `x` change?",
            right="Yes, x[2, 0] does",
            because="Both read the same cells: `turned[0, 2]` is `x[2, 0]`.",
            wrong={
                "No": "That takes a copy. `t()` makes another look at the same storage.",
                "Yes, x[0, 2] does": "The same storage, yes. But the indices have changed places too.",
            },
        ),
    ),
    "granted-views": Choices(
        "Choose all that `turned.view(...)` grants.",
        right=("(4, 3, 1)", "(2, 2, 3)"),
        because="An axis of size 1 costs no step, and the 4 rows can be split in 2 and 2. But the rows "
        "of `turned` cannot be joined: their steps are 4, 4, then -7.",
        wrong={
            "(12,)": "There are 12 numbers, yes. But which single stride leads through the cells "
            "0, 4, 8, 1, 5, …?",
            "(2, 6)": "This joins two rows of 3 into one of 6. Steps of 4, 4, then -7: one stride "
            "cannot do that.",
        },
    ),
    "fetched-lines": (
        Number(
            "Side by side: how many lines of 16 numbers hold a million numbers?",
            answer=1_000_000 / 16,
            because="Each line that is fetched brings 16 numbers that are wanted.",
            wrong={
                1_000_000: "That is one line for each number. A line brings 16 of them at once."
            },
            hint="Each line brings 16 numbers.",
        ),
        Number(
            "And 16 cells apart: how many lines are fetched for the same count of numbers?",
            answer=1_000_000,
            because="Each line brings one number that is wanted, and 15 that are not. How many times "
            "as long it takes, your machine says below.",
            wrong={
                1_000_000
                / 16: "That was for numbers side by side. How many wanted numbers are in a "
                "line now?",
                16_000_000: "So many *cells* are fetched. They come in lines of 16.",
            },
            hint="How many wanted numbers lie in one line now?",
        ),
    ),
    "slope-through-a-transpose": (
        Number(
            "Which number stands in `x.grad[0, 1]`?",
            answer=_slope_through_a_transpose(0, 1),
            because="`x.t()` is read as 10, 20, 11, 21, …: the 11 stands third, and has weight 3.",
            wrong={
                2: "Read by the rows of `x`, the 11 stands second. But it is the turned table that is "
                "read: 10, 20, …",
                11: "That is the number itself. How fast y grows with it is its weight.",
            },
            hint="Write down the row `laid`. At which place does the 11 stand?",
        ),
        Choice(
            "What is the shape of `x.grad`?",
            right="[2, 3]",
            because="Each entry of `x` has its own slope, so the gradient looks like `x`.",
            wrong={
                "[3, 2]": "That is the shape of `x.t()`. The walk back goes on to `x`.",
                "[6]": "That is the shape of `laid`. The walk back undoes the reshape too.",
            },
        ),
    ),
}

QUIZZES = {
    "layout": (
        Choice(
            "`v = torch.tensor([20.0, 1.5])`. Is it a tensor in the sense of geometry?",
            right="torch does not know: it is an array, with no law for turned axes",
            because="The word is borrowed. What the two numbers mean is known to you alone.",
            wrong={
                "Yes, every torch tensor is": "That would need components which change by a fixed law "
                "when axes turn. torch keeps numbers, and no axes.",
                "No, for that it needs three numbers": "How many numbers there are does not decide. A "
                "velocity in the plane has two.",
            },
        ),
        Choice(
            "`x` has 2 rows and 5 columns. What are the strides of `x[:, 1:3]`?",
            right="(5, 1)",
            because="It is a view: the next row still begins 5 cells further on.",
            wrong={
                "(2, 1)": "So it would be after a copy. Here the cells between the rows are still there.",
                "(5, 2)": "The columns 1 and 2 lie side by side. `1:3` is a range and no step.",
            },
        ),
        Choice(
            "When is `x.contiguous()` a copy?",
            right="When x does not lie row after row without gaps",
            because="Else it gives back `x` itself.",
            wrong={
                "Always": "A copy costs time. Where the numbers lie right already, it would be wasted.",
                "Never, it is a view": "A view can choose strides, and move nothing. Here numbers may "
                "have to move.",
            },
        ),
        Choice(
            "From two lessons ago: a neuron calculates `w * x + b`. What is the slope for w?",
            right="x",
            because="In w · x, what stands beside w multiplies its growth.",
            wrong={
                "w": "That is how fast the result grows with *x*. What multiplies the growth of w?",
                "1": "That is the slope for b, beside which nothing stands.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
