"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, predictions, quizzes

PREDICTIONS = {
    "plus-ten": (
        Choice(
            "What does `print(y)` show?",
            right="tensor(15.5000)",
            because="torch prints four decimals where a number has any. It holds about seven digits.",
            wrong={
                "tensor(15.5)": "That is the value. torch prints it with a fixed number of decimals.",
                "15.5": "That would be a number of Python, as `y.item()` gives it.",
            },
        ),
        Choice(
            "What is `x.requires_grad`?",
            right="False",
            because="Nobody asked torch to track x.",
            wrong={
                "True": "torch tracks only what it is asked to track.",
                "None": "`grad` would be None. `requires_grad` is a yes or a no.",
            },
        ),
    ),
    "which-wins": (
        Choice(
            "The dtype of `torch.tensor([1, 2]) * 0.5`?",
            right="float32",
            because="Half of 1 needs decimals, and torch's own dtype for these is float32.",
            wrong={
                "int64": "The results are 0.5 and 1. A whole number cannot hold 0.5.",
                "float64": "A number of Python has 64 bits. But it only says *which kind* of number "
                "comes out, not how precise.",
            },
        ),
        Choice(
            "And of `torch.ones(2) + torch.ones(2, dtype=torch.float64)`?",
            right="float64",
            because="Of two tensors of the same kind, the wider dtype wins.",
            wrong={
                "float32": "Then half the digits of the second one would be lost.",
                "An error": "torch finds a dtype that can hold both.",
            },
        ),
    ),
    "same-or-new": (
        Choice(
            "What does `b` show after `a += 1`?",
            right="tensor([2., 3.])",
            because="`b = a` gave a second name to one tensor, and `+=` writes into that tensor.",
            wrong={
                "tensor([1., 2.])": "For that, b would have to be a tensor of its own. `=` copies "
                "nothing.",
            },
        ),
        Choice(
            "And after `a = a + 1`, which comes next?",
            right="still tensor([2., 3.])",
            because="`a + 1` is a new tensor, and only the name `a` moves on to it.",
            wrong={
                "tensor([3., 4.])": "`a + 1` writes nowhere: it makes a new tensor. Which name "
                "gets it?",
            },
        ),
    ),
    "loop-or-whole": Choice(
        "How many times longer does the loop over the tensor take than the whole tensor at once?",
        right="More than 100 times",
        because="Each round starts two operations, and makes tensors of one number each. For "
        "the whole tensor there are two starts in total.",
        wrong={
            "About as long": "The same multiplications are done. But each is also *started*, and "
            "you have measured what that costs.",
            "About 10 times": "Think of the flat part of the curve in the last lesson: how many "
            "numbers are added in the time of one start?",
        },
    ),
    "one-more": Choice(
        "What is `torch.tensor(16_777_216.0) + 1`, a float32?",
        right="16777216",
        because="A float32 has 24 binary digits. From 2²⁴ on, not every whole number has a place "
        "in it, and a nearest one is kept.",
        wrong={
            "16777217": "So it is in float64. It takes 25 binary digits, one more than float32 has.",
            "An error": "Rounding is no error: it happens at nearly every operation, mostly unseen.",
        },
    ),
}

QUIZZES = {
    "basic-tensors": (
        Choice(
            "What does this print?\n\n```\na = torch.zeros(3)\nb = a[1:]\nb += 1\nprint(a)\n```",
            right="tensor([0., 1., 1.])",
            because="b is a view of the last two places of a, and `+=` writes into them.",
            wrong={
                "tensor([0., 0., 0.])": "That would be so with `b = b + 1`. `+=` writes where b looks.",
                "tensor([1., 1., 1.])": "b looks at two of the three places.",
            },
        ),
        Choice(
            "`n = torch.tensor([1, 2])`. What does `n += 0.5` do?",
            right="It raises an error",
            because="The result has decimals, and it would have to go back into a tensor of whole "
            "numbers.",
            wrong={
                "n becomes [1.5, 2.5]": "That is what `n + 0.5` is. But `+=` writes into n, whose "
                "dtype stays int64.",
                "n stays [1, 2]": "torch does not cut off decimals unasked. It refuses.",
            },
        ),
        Choice(
            "A cell takes 2 ms and runs once. A loop in it could be replaced. What is best?",
            right="Leave it as it is",
            because="Nobody notices 2 ms. Measure first, and work on what takes long.",
            wrong={
                "Replace it: loops are slow": "Slower, yes. But what would you do with the "
                "millisecond?",
                "Move it to a GPU": "That costs a start and a move, for 2 ms.",
            },
        ),
        Number(
            "From two lessons ago: `A = torch.tensor([[1, 2], [3, 4]])` and "
            "`B = torch.tensor([[5, 6], [7, 8]])`. What stands at the upper left of `A * B`?",
            answer=(torch.tensor([[1, 2], [3, 4]]) * torch.tensor([[5, 6], [7, 8]]))[0, 0].item(),
            because="`*` goes element by element: 1 · 5.",
            wrong={
                (torch.tensor([[1, 2], [3, 4]]) @ torch.tensor([[5, 6], [7, 8]]))[
                    0, 0
                ].item(): "That "
                "is `A @ B`, the matrix product: 1 · 5 + 2 · 7. A star goes element by element.",
                6: "That is 1 + 5, as in `A + B`.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
