"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes


def _mean_of_all_gaps() -> float:
    """What torch says to the loss of a column and a row."""
    row = torch.tensor([1.0, 2.0, 3.0, 4.0])
    return ((row.unsqueeze(1) - row) ** 2).mean().item()


def _slope_with_a_cut(x: float) -> float:
    leaf = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(leaf * leaf.detach(), leaf)
    return slope.item()


_STARRED = (torch.tensor([2.0, 2.0]) * torch.tensor([100.0, 1000.0])).tolist()

PREDICTIONS = {
    "three-walks-back": (
        Choice(
            "`x` was made without `requires_grad`. What does `(x * 2).sum().backward()` do?",
            right="It raises an error: there is nothing to walk back",
            because="No tensor is in a graph by itself. Nobody asked torch to track `x`.",
            wrong={
                "It puts 2 and 2 on x.grad": "So it would with `requires_grad=True`. torch tracks "
                "what it is asked to track, and no more.",
                "Nothing: x.grad stays None": "That would hide the mistake. torch says at once that "
                "there is no way back.",
            },
        ),
        Choice(
            "Now `x` is tracked. What does `(x * 2).backward()` do, without the sum?",
            right="It raises an error: there are two outputs",
            because="Two numbers, so: whose slope? `backward()` wants one number to start from.",
            wrong={
                "It puts 2 and 2 on x.grad": "The sum does that. Here two numbers stand at the end, "
                "and torch does not guess how much each counts.",
                "It raises the same error as before": "The history is there this time. Look at where "
                "the walk would have to begin.",
            },
        ),
        Choice(
            "And `torch.tensor([1, 2], requires_grad=True)`?",
            right="It raises an error as soon as the tensor is made",
            because="Between whole numbers there is nothing to move along, so integers have no "
            "slope. A decimal point is missing.",
            wrong={
                "It works: 1 and 2 are numbers too": "They are whole numbers, of dtype int64. What "
                "would a tiny step from 1 be?",
                "It works, and backward() fails later": "torch is earlier than that: the dtype is "
                "known when the tensor is made.",
            },
        ),
    ),
    "which-shapes-fail": (
        Choice(
            "Which of these raises *no* error?",
            right="A column (4, 1) minus a row (4,)",
            because="From the right: 1 meets 4 and is stretched, and then 4 meets nothing. The "
            "result is a 4 by 4 table.",
            wrong={
                "(12,) + (3, 5)": "From the right, 12 meets 5. They differ, and neither is 1.",
                "(2, 3) @ (2, 3)": "The 3 columns of the first would have to meet 3 rows. They meet "
                "2.",
                "arange(6).view(3, 4)": "A view makes no numbers: 3 · 4 is 12, and there are 6.",
            },
        ),
        Number(
            "All four predictions equal their targets. What is the mean of the squared gaps, "
            "column minus row? (The 16 gaps: 0 stands in it 4 times, ±1 6 times, ±2 4 times, ±3 "
            "twice.)",
            answer=_mean_of_all_gaps(),
            because="(6 · 1 + 4 · 4 + 2 · 9) / 16. Every prediction was compared with every target.",
            wrong={
                0: "So it should be, and this is what makes the pitfall silent: each prediction is "
                "compared with all targets.",
                10: "That divides the sum, 40, by 4. There are 16 gaps.",
            },
            hint="Square the gaps, add them up, and divide by how many there are.",
        ),
    ),
    "star-or-at": (
        Choice(
            "`broken_layer` is to give [22, 2200] for the row [2, 2]. What does it give there?",
            right=f"[{_STARRED[0]:g}, {_STARRED[1]:g}], and no error",
            because="`*` multiplies entry by entry: the second row of inputs with the second row of "
            "weights. Nothing is added up.",
            wrong={
                "[22, 2200]": "That is the sum over each unit's weights, so a matrix product. Which "
                "sign makes one?",
                "An error": "Two rows, two inputs, two units: all sizes are 2, and everything fits.",
            },
        ),
        Choice(
            "And for three rows, (3, 2) * (2, 2)?",
            right="An error: 3 does not match 2",
            because="Entry by entry needs equal shapes. The mistake was there before. The size "
            "reveals it.",
            wrong={
                "A result of shape (3, 2)": "That would be `@`. Compare the two shapes from the "
                "right: 2 and 2, then 3 and 2.",
                "A result of shape (2, 2)": "Nothing is left out in silence. Sizes are equal, or one "
                "is 1, or it fails.",
            },
        ),
    ),
    "another-device": (
        Choice(
            "What does `here + elsewhere` do?",
            right="It raises an error that names both devices",
            because="torch moves no tensor by itself. On a graphics card the words differ, and name "
            "the devices too.",
            wrong={
                "It moves one of the two, and adds": "That would cost time in every step, and nobody "
                "would see it. Moving is your decision.",
                "The result is on meta": "Then `here`, with its numbers, would be lost without a "
                "word.",
            },
        ),
        Choice(
            "`converted = here.to(torch.float64)`. After `converted.sum().backward()`, where is the "
            "gradient?",
            right="On `here`",
            because="`converted` is a result, calculated from `here`. Only the leaf keeps a "
            "gradient.",
            wrong={
                "On `converted`": "It was calculated from `here`, so it is no leaf. Who trains "
                "`converted` waits for a gradient in vain.",
                "On both": "A gradient is kept on leaves only. Which of the two is one?",
            },
        ),
    ),
    "cut-by-detach": (
        Number(
            "What is the slope of `x * x.detach()` at x = 3, as torch sees it?",
            answer=_slope_with_a_cut(3.0),
            because="The second factor has no history, so it counts as a plain 3. Only one way back "
            "is left.",
            wrong={
                6: "That needs both ways back. One of them has been cut.",
                0: "The first factor still is tracked.",
                9: "That is the height.",
            },
            hint="Of the two factors only one can grow, as torch sees it. What stands beside it?",
        ),
        Choice(
            "`detached = pair.detach()`, then `detached[0] = 99.0`. What is `pair` now?",
            right="99 and 2",
            because="The history is cut. The memory is shared.",
            wrong={
                "1 and 2, for detach copies": "Not a number is copied. Cutting the history takes no "
                "copy: both look at the same memory.",
                "An error: pair is a leaf": "torch would stop a change of `pair` itself. The "
                "detached tensor is outside of its watch.",
            },
        ),
        Choice(
            "What does `pair.numpy()` do, with `pair` tracked?",
            right="It raises an error that says what to write instead",
            because="NumPy records nothing. So torch wants you to say `.detach()` first.",
            wrong={
                "It gives an array with the two numbers": "Then a gradient would be lost there, and "
                "you would not know. torch wants to be told.",
                "It gives an array that tracks slopes": "Arrays of NumPy have no history.",
            },
        ),
    ),
}

QUIZZES = {
    "common-pitfalls": (
        Choices(
            'Which of these lead to "does not require grad and does not have a grad_fn", when '
            "`y.backward()` is called?",
            right=(
                "y was calculated inside `torch.no_grad()`",
                "`y = torch.tensor(x.item()) * 2`",
                "`x.requires_grad_()` was called after `y = x * 2`",
            ),
            because="In all three, y has no history. In the third, tracking began too late: what was "
            "calculated before stays unrecorded.",
            wrong={
                "y has three elements, and x is tracked": "Then the history is there, and the message "
                "is about scalar outputs.",
                "x.grad is None": "It is None before every first walk back. That is no fault.",
            },
        ),
        Choice(
            '"The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension '
            '0". Which shapes?',
            right="(3, 2) and (4, 2)",
            because="The 2s agree. At axis 0, 3 meets 4, and neither is 1.",
            wrong={
                "(3, 1) and (4,)": "Here 1 meets 4 and is stretched. There is no error.",
                "(2, 3) and (2, 4)": "3 meets 4 here as well, but at the last axis: dimension 1.",
            },
        ),
        Choice(
            "`w = torch.ones(2, requires_grad=True).to(device)`, with another device. You train `w`. "
            "What goes wrong?",
            right="w.grad stays None: w is a result, and no leaf",
            because="The leaf is the unnamed tensor before `.to`. Make `w` on its device, and then "
            "track it.",
            wrong={
                "An error at `.to`": "Moving is a recorded operation like any other. That is the "
                "trap.",
                "Nothing: that is the usual way": "It is, for data. What happens to a leaf in an "
                "operation?",
            },
        ),
        Choice(
            "From two lessons ago: `x.grad` is 4. You calculate another value, of slope 12, and walk "
            "back. What is `x.grad`?",
            right="16",
            because="Backward adds to what stands on the leaf.",
            wrong={
                "12": "It does not replace. Who wants 12 resets `x.grad` first.",
                "48": "On the way back slopes are multiplied. On the leaf they are added.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
