"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes


def _slopes(shared: bool) -> tuple[float, ...]:
    """Return the slopes of sin((x + y) · z) at 1, 2, 2 as torch says; shared: with z = y."""
    x, y, z = (torch.tensor(number, requires_grad=True) for number in (1.0, 2.0, 2.0))
    torch.sin((x + y) * (y if shared else z)).backward()
    return tuple(leaf.grad.item() for leaf in (x, y, z) if leaf.grad is not None)


_, OVER_THE_SUM, OVER_THE_PRODUCT = _slopes(shared=False)
_, BOTH = _slopes(shared=True)

PREDICTIONS = {
    "what-a-result-shows": Choice(
        "What does `print(out)` show?",
        right="tensor(9., grad_fn=<MulBackward0>)",
        because="A result shows its value, and the *last* thing that was done: here the "
        "multiplication.",
        wrong={
            "tensor(9.)": "So it would be if nothing were tracked. Look at how x, y and z are made.",
            "tensor(9., grad_fn=<AddBackward0>)": "The addition came first, and made s. What made "
            "`out`?",
            "tensor(9., requires_grad=True)": "That is how a leaf shows itself. `out` was "
            "calculated, so it shows what made it.",
        },
    ),
    "who-is-recorded": Choices(
        "Which results have a `grad_fn`, a memory of how they were made?",
        right=("second = plain * tracked",),
        because="One input that requires a gradient is enough, and recording was on.",
        wrong={
            "first = plain * plain": "Nobody asked torch to track `plain`. Being a tensor is not "
            "enough to be in a graph.",
            "third = tracked * tracked, under torch.no_grad()": "Both inputs are tracked, but "
            "`no_grad` switches the recording off.",
        },
    ),
    "fill-in-a-circle": Choice(
        "Which of s, p and z get a value?",
        right="Only s",
        because="p waits for z, and z waits for p. Neither is ever ready.",
        wrong={
            "s and p": "p is a product, and needs both s and z. Is z known by then?",
            "All three": "It takes a first value for z. Where would that come from?",
            "None of them": "s needs only x and y, and they are known.",
        },
    ),
    "two-ways-to-y": Choice(
        f"With three inputs, y had the slope {OVER_THE_SUM:.4f} and z had {OVER_THE_PRODUCT:.4f}. "
        "What does y have now?",
        right=f"{BOTH:.4f}",
        because=f"When y grows, it grows in both places: {OVER_THE_SUM:.4f} + "
        f"{OVER_THE_PRODUCT:.4f}. What comes back over two ways is added.",
        wrong={
            f"{OVER_THE_PRODUCT:.4f}": "That is what comes back from the product alone. No way "
            "takes the place of another.",
            f"{OVER_THE_SUM:.4f}": "That is what comes back over the sum alone. y is also a factor.",
            "An error": "A number may be used as often as you like. What is forbidden is a cycle, "
            "and no arrow leads *into* y.",
        },
    ),
    "a-name-or-a-node": Choice(
        "What does the last line show?",
        right="[1.0, 2.0]",
        because="`s` remembers the two *objects* it was made of. That the name `x` moves on does "
        "not touch them.",
        wrong={
            "[100.0, 2.0]": "`s` does not look its parents up by name. It holds the objects "
            "themselves.",
            "An error, since the old x is gone": "No name leads to the old object any more, but "
            "`s.parents` does, and that keeps it.",
        },
    ),
}

QUIZZES = {
    "what-a-graph-is": (
        Choice(
            "A graph has the edges x → a, y → a, a → b, a → b. Which program is it?",
            right="a = x + y, then b = a * a",
            because="The edge from a to b stands there twice: a is used twice for b.",
            wrong={
                "a = x + y, then b = a * x": "That has an edge from x to b.",
                "b = (x + y) * (x + y)": "That adds twice, so it has two sums, though they are "
                "equal. Here there is one, and it is used twice.",
            },
        ),
        Choice(
            "`u = torch.tensor(3.0)`, and then `v = u * u`. Is there a graph behind v?",
            right="No, since nothing in it requires a gradient",
            because="torch records only where an input requires a gradient.",
            wrong={
                "Yes, since v was calculated from a tensor": "Every result is calculated from "
                "something. torch keeps how only if it is asked to.",
                "Yes, but only after v.backward()": "A graph is recorded on the way forward, or not "
                "at all.",
            },
        ),
        Choice(
            "Which drawing can be calculated?",
            right="x leads to a and to b, and both lead to c",
            because="It splits and joins again, and no arrow leads back.",
            wrong={
                "x leads to a, a to b, and b to a": "a waits for b, and b waits for a.",
                "a leads to itself": "To calculate a, a would have to be there already.",
            },
        ),
        Number(
            "From two lessons ago, where you checked what you need: a straight line goes through "
            "(0, 1) and (2, 7). How steep is it?",
            answer=3,
            because="It rises by 6 on 2 to the right, so by 3 for each 1.",
            wrong={
                6: "That is how much it rises in all. How much for each 1 to the right?",
                3.5: "That is 7 divided by 2, as if the line began at zero. It begins at 1.",
            },
            hint="Rise divided by run.",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
