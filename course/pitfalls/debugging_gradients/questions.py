"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, predictions, quizzes


def _slope_of_a_product_with_a_cut(x: float) -> float:
    leaf = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(leaf * leaf.detach(), leaf)
    return slope.item()


def _slope_over_two_ways() -> float:
    x, other = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    (slope,) = torch.autograd.grad(4 * (5 * x - 3 * other) + 3 * (2 * x**2 + 2 * other), x)
    return slope.item()


PREDICTIONS = {
    "who-made-this": (
        Choice(
            "What does `print(y.grad_fn)` show?",
            right="`<PowBackward0 object at 0x...>`",
            because="The last operation was the power, and the address is where the node lies in "
            "memory. `y.grad_fn.name()` is the name alone.",
            wrong={
                "`MulBackward`": "The product came first. `grad_fn` is the *last* thing that was done, "
                "and an object, not a text.",
                "`None`": "So it is for leaves. y was calculated from a tracked tensor.",
            },
        ),
        Choice(
            "The walk back from `y` goes on until it reaches leaves. Which of `a` and `b` has a place "
            "in this graph?",
            right="Only `a`",
            because="No gradient is wanted for `b`, so where it would be, `next_functions` has "
            "`None`.",
            wrong={
                "Both": "`b` is used, and its number is kept. But nobody asked for its gradient, so no "
                "way leads there.",
                "Neither: a graph has operations only": "The ways have to end somewhere: a node named "
                "`AccumulateGrad` holds the leaf.",
            },
        ),
    ),
    "small-weights": (
        Choice(
            "`weights = torch.tensor([1.0, 2.0], requires_grad=True) * 0.1`. What is `weights.grad` "
            "after the walk back?",
            right="None, with a warning",
            because="`weights` is a *result*: the leaf is the unnamed tensor before `* 0.1`. On the "
            "way the gradient passed, and was not kept.",
            wrong={
                "tensor([0.2, 0.4])": "That is the gradient that passes by there. Only a leaf keeps "
                "it. Is `weights` one?",
                "An error": "Results without `.grad` are normal, so it is a warning, and "
                "easily overlooked.",
            },
        ),
        Choice(
            "`kept` is made the same way. What does `kept.retain_grad()` change?",
            right="Its gradient is kept, but it is no leaf",
            because="It is a wish to look, and nothing else. The optimizer would still refuse it.",
            wrong={
                "It becomes a leaf": "It still has a history. A leaf is where a history begins.",
                "Nothing, once it is calculated": "It has to be said before the walk back, and it is.",
            },
        ),
    ),
    "three-faults": (
        Choice(
            "What does `w -= 0.1 * w.grad` do, with `w` a tracked leaf?",
            right="It raises an error",
            because="In place, a leaf would become a part of its own history. torch refuses. A step is "
            "not a part of the function.",
            wrong={
                "It changes w, as in every training": "It does inside `torch.no_grad()`. Here torch is "
                "still recording.",
                "Nothing: backward() has changed w already": "Backward changes `.grad` only. The step "
                "is always made by somebody.",
            },
        ),
        Choice(
            "What does a second `loss.backward()` do, on the same `loss`?",
            right="It raises an error",
            because="The walk needs values that were saved on the way forward, and the first walk has "
            "let go of them.",
            wrong={
                "w.grad is doubled": "So it would be for a loss that was calculated anew, or with "
                "`retain_graph=True`.",
                "w.grad stays as it is": "Backward adds, it does not compare. But here it does not "
                "get that far.",
            },
        ),
        Choice(
            "The loop never resets `w.grad`. What do the 12 losses do?",
            right="They fall, and then rise and fall again and again",
            because="Every step contains all earlier gradients, so w overshoots, and turns back late.",
            wrong={
                "They fall, only more slowly": "The steps get *longer*, not shorter: gradients of one "
                "sign pile up.",
                "They fall as they should": "So they would if the new gradient replaced the old one. "
                "Backward adds.",
            },
        ),
    ),
    "call-a-witness": (
        Number(
            "`lying(x)` is `x * x.detach()`. At x = 3 the finite difference says 6. What does autograd "
            "say?",
            answer=_slope_of_a_product_with_a_cut(3.0),
            because="One of two ways back is cut. The witness looks at heights, and those are of x · x.",
            wrong={
                6: "They would agree if nothing were cut. What does autograd see of the second factor?",
                0: "One factor still has its history.",
            },
            hint="The detached factor stands still.",
        ),
        Choice(
            "In float32, at x = 3, with h = 0.0000001: what does the finite difference of x · x say?",
            right="0",
            because="float32 keeps about seven digits, so 3 + h and 3 - h are both 3. Nothing changed, "
            "so the slope seems to be 0.",
            wrong={
                "6, for the smaller the step the better": "In mathematics it is. A float32 cannot tell "
                "3.0000001 from 3.",
                "An error": "Rounding raises none. It returns a number, a wrong one.",
            },
        ),
    ),
    "silent-engine": (
        Choice(
            "`(many * 2).backward()` begins at two numbers. What does your engine do?",
            right="It leaves 2 and 2, as if they were added up",
            because="It begins with a 1 at every number. That is the gradient of the sum, and nobody "
            "asked for a sum.",
            wrong={
                "It refuses": "torch does. Did you teach your engine to?",
                "It takes the first number only": "The walk begins with ones, in the shape of the "
                "result.",
            },
        ),
        Choice(
            "And `square.backward()`, called twice on the same square of 3?",
            right="x.grad is 12",
            because="6, and 6 again. Nothing was freed, so nothing stops it.",
            wrong={
                "x.grad is 6": "On a leaf, what comes is added.",
                "It refuses": "torch does, since it frees what it saved. Your engine keeps it.",
            },
        ),
    ),
}

QUIZZES = {
    "debugging-gradients": (
        Choice(
            "`w = w - rate * w.grad`, inside `torch.no_grad()`, in a loop. What goes wrong?",
            right="In the next round, backward says that nothing requires grad",
            because="The name `w` now means a new tensor, made while nothing was recorded. In place, "
            "`w -= ...`, the leaf would have stayed.",
            wrong={
                "Nothing: it is the same as `w -= ...`": "One makes a new tensor, the other changes the "
                "old one. Which of them is tracked?",
                "It raises the error about a leaf in place": "Nothing is changed in place here, and "
                "inside `no_grad` one may.",
            },
        ),
        Choice(
            "`p.grad` is None after `loss.backward()`, and `p.is_leaf` and `p.requires_grad` are True. "
            "What do you look for?",
            right="Whether the walk from the loss reaches p at all",
            because="It is cut off on the way, or `p` was never used. `next_functions` shows it.",
            wrong={
                "Whether retain_grad() is missing": "That is for results. A leaf keeps its gradient "
                "without being asked.",
                "Whether the gradient is zero": "A gradient of zero would stand there as 0, and not as "
                "None.",
            },
        ),
        Choice(
            "What is a hook good for?",
            right="To look at a gradient as it passes by a result",
            because="It is called in the middle of the walk, with the gradient.",
            wrong={
                "To make a result a leaf": "It changes nothing of what the tensor is.",
                "To call backward by itself": "It is the other way round: backward calls the hook.",
            },
        ),
        Number(
            "From two lessons ago: over one hidden node, x11 reaches y with the slopes 5 and then 4; "
            "over the other, with 8 and then 3. What is the gradient of x11?",
            answer=_slope_over_two_ways(),
            because="Multiply along a way, add up over the ways: 5 · 4 + 8 · 3.",
            wrong={
                24: "That is the last way alone. The first adds 20.",
                20: "That is the first way alone.",
                480: "Along a way slopes are multiplied; over several ways they are added.",
            },
            hint="Multiply along each way, then add.",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
