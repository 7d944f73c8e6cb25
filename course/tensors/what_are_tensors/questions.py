"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes

PREDICTIONS = {
    "five-and-a-half": (
        Choice(
            "What is the shape of `torch.tensor(5.5)`?",
            right="torch.Size([])",
            because="A single number has no dimension: there is nothing to count along.",
            wrong={
                "torch.Size([1])": "That is a row with one number in it, `torch.tensor([5.5])`. "
                "Count the square brackets.",
                "torch.Size([5])": "5.5 is what it holds, and not how many.",
            },
        ),
        Choice(
            "And its dtype?",
            right="torch.float32",
            because="torch gives a decimal number 32 bits unless you ask for others.",
            wrong={
                "torch.float64": "Python and NumPy would take 64 bits. torch takes half of them: "
                "models hold very many numbers.",
                "torch.int64": "That is for whole numbers. 5.5 has decimals.",
            },
        ),
    ),
    "half-precision": Choice(
        "What does `torch.tensor(4097.0, dtype=torch.float16)` show?",
        right="4096",
        because="With 11 binary digits, the whole numbers above 4096 go in steps of four. The "
        "nearest that there is gets stored.",
        wrong={
            "4097": "So it does in float32. Half the bits have to leave something out.",
            "inf": "The largest float16 is 65504. 4097 is not too large, it is too *fine*.",
            "An error": "Rounding is no error: 0.1 is rounded in every dtype, too.",
        },
    ),
    "shared-memory": (
        Choice(
            "`array[0]` becomes 100. What does the tensor from `torch.from_numpy(array)` show in "
            "its first place?",
            right="100",
            because="`from_numpy` copies nothing: array and tensor look at the same memory.",
            wrong={
                "1": "It has no numbers of its own. Otherwise a large array would take the "
                "memory twice.",
            },
        ),
        Choice(
            "And the one from `torch.tensor(array)`?",
            right="1",
            because="`torch.tensor` always copies.",
            wrong={"100": "This one has numbers of its own, made before the array changed."},
        ),
    ),
    "who-is-tracked": Choices(
        "Which of the four have a `grad_fn`, a way back?",
        right=("y = w * 3",),
        because="A way back is kept for what is *calculated* from a *tracked* tensor.",
        wrong={
            "a = torch.tensor(2.0)": "Nobody asked torch to track it.",
            "b = a * 3": "It is calculated, but from a tensor that is not tracked.",
            "w = torch.tensor(2.0, requires_grad=True)": "It is tracked. But it was made, not "
            "calculated, so no way leads back from it: it is a *leaf*.",
        },
    ),
    "rows-and-columns": (
        Choice(
            "What is the shape of `table[:, 1]`?",
            right="torch.Size([3])",
            because="A number takes one place and its dimension is gone: three rows are left.",
            wrong={
                "torch.Size([3, 1])": "That is `table[:, 1:2]`. A slice keeps its dimension, a "
                "number does not.",
                "torch.Size([4])": "That is a row, `table[1]`. The colon in front takes all "
                "*rows*, the 1 is for the column.",
            },
        ),
        Choice(
            "What is the first row of `table.reshape(4, 3)`?",
            right="[0, 1, 2]",
            because="`reshape` reads on in the same order, row after row, and breaks the lines "
            "elsewhere.",
            wrong={
                "[0, 4, 8]": "That is a column of `table`: it would be the first row of `table.T`, "
                "which turns rows into columns.",
                "[0, 1, 2, 3]": "That is a row of `table`. The new rows have three numbers.",
            },
        ),
    ),
    "which-way-summed": (
        Choice(
            "What is the shape of `table.sum(dim=0)`?",
            right="torch.Size([4])",
            because="`dim` is the dimension that *disappears*. Without the rows, one sum is left "
            "for each column.",
            wrong={
                "torch.Size([3])": "That leaves one sum for each row. But dimension 0 is the one "
                "of the rows, and it is gone.",
                "torch.Size([])": "That is `table.sum()`, which leaves out all dimensions.",
            },
        ),
        Choice(
            "`table` is 3 by 4. Does `table - table.mean(dim=0)` work?",
            right="Yes: each column loses its own mean",
            because="The row of four means is used again for each of the three rows.",
            wrong={
                "No: the shapes differ": "They need not be equal: a dimension that is missing "
                "in front, or of size 1, is used again and again.",
                "Yes: each row loses its own mean": "Four means, and three rows. They belong to "
                "the columns.",
            },
        ),
    ),
}

QUIZZES = {
    "what-are-tensors": (
        Number(
            "How many dimensions has `torch.tensor([[1, 2, 3]])`?",
            answer=torch.tensor([[1, 2, 3]]).ndim,
            because="One for each square bracket that opens it: a table with one row.",
            wrong={
                3: "It holds three numbers. Count the square brackets at its beginning.",
                1: "It has one *row*. A row of its own would be in one pair of brackets.",
            },
        ),
        Choices(
            "Which of these has a tensor of torch, and no NumPy array?",
            right=("a memory of how it was calculated, if one asks", "a place on a GPU"),
            because="Tracking and other devices are the two things that tensors add.",
            wrong={
                "a shape and a dtype": "Both have these.",
                "slices that share its memory": "Slices of an array do so too.",
                "a mean of each column": "Arrays have that: `array.mean(axis=0)`.",
            },
        ),
        Choice(
            "`a = torch.tensor(3.0)` and `b = a * 2`. What is `b.grad_fn`?",
            right="None",
            because="a is not tracked, so nothing that is calculated from it is, either.",
            wrong={
                "Something with Mul in its name": "So it would be with `requires_grad=True`. Who "
                "asked torch to keep the way back?",
                "An error": "Every tensor can be asked for its `grad_fn`. Most have none.",
            },
        ),
        Choice(
            "From two lessons ago, if this one counts: in the welcome, a secant of x² at 3 had "
            "steepness 6.1 at h = 0.1. What did the steepness go to as h shrank?",
            right="6, the slope at 3",
            because="When h has shrunk away, the secant is the tangent, and its steepness the slope.",
            wrong={
                "9, the height at 3": "3² is 9, and that is how high the curve is there. "
                "Steepness is another question.",
                "0, as h does": "Both what changed and h go to 0. Their *ratio* does not.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
