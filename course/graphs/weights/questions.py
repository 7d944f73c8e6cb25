"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes


def _slopes(squared: bool) -> tuple[float, float]:
    """Return the slopes of the neuron's answer, or of its loss, with respect to w and b."""
    w = torch.tensor(3.0, requires_grad=True)
    b = torch.tensor(-1.0, requires_grad=True)
    answer = w * 2.0 + b
    slopes = torch.autograd.grad((answer - 2.0) ** 2 if squared else answer, (w, b))
    return slopes[0].item(), slopes[1].item()


def _moved(rate: float) -> float:
    """Return w after one step with torch's own optimizer."""
    w = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    ((w * 2.0 - 1.0 - 2.0) ** 2).backward()
    torch.optim.SGD([w], lr=rate).step()
    return w.item()


def _slope_at_one() -> float:
    x = torch.tensor(1.0, requires_grad=True)
    ((x - 1) * (x - 5)).backward()
    assert x.grad is not None
    return x.grad.item()


OF_W, OF_B = _slopes(squared=False)
OF_W_IN_LOSS, OF_B_IN_LOSS = _slopes(squared=True)

PREDICTIONS = {
    "slopes-of-a-neuron": (
        Number(
            "How fast does the answer grow with w?",
            answer=OF_W,
            because="When w grows by 1, it is the *input* that comes on top: 2.",
            wrong={
                3: "That is w itself. What stands beside w and multiplies its growth?",
                5: "That is the answer.",
                1: "That would be so if w were added. It is multiplied.",
            },
            hint="Let w go from 3 to 4. By how much does w · x + b grow?",
        ),
        Number(
            "And with b?",
            answer=OF_B,
            because="What is added to b is added to the answer.",
            wrong={
                0: "A fixed number that is added does not matter for the slope of something else. "
                "But here b itself grows.",
                -1: "That is b itself. If b goes from -1 to 0, what does the answer do?",
                2: "That is the input. It multiplies w, and b stands apart.",
            },
            hint="Let b go from -1 to 0. By how much does w · x + b grow?",
        ),
        Choice(
            "What stands on `x.grad`?",
            right="None",
            because="Nobody asked torch to track x. It is a fact, and not there to be changed.",
            wrong={
                "tensor(3.)": "That is how the answer would react to x. torch calculates it only "
                "for what requires a gradient.",
                "tensor(0.)": "A slope of zero would say that the answer does not react to x. torch "
                "has not looked.",
            },
        ),
    ),
    "slopes-of-the-loss": (
        Number(
            "How fast does the loss grow with w?",
            answer=OF_W_IN_LOSS,
            because="The square contributes 2 · 3 = 6, and the product contributes the input, 2.",
            wrong={
                6: "That is how the loss reacts to the answer. From the answer to w is one more step.",
                2: "That is how the answer reacts to w. The square is one more step.",
                8: "6 and 2 are right. Along a chain they are multiplied.",
                9: "That is the loss itself.",
                18: "The local slope of the product is its other factor. Beside w stands x, and not w.",
            },
            hint="Two slopes to multiply: that of the square at distance 3, and that of w · x.",
        ),
        Number(
            "And with b?",
            answer=OF_B_IN_LOSS,
            because="The same 6 comes back to the sum, and the way to b multiplies it by 1.",
            wrong={
                12: "That is the slope of w, where the input multiplies. b stands alone.",
                1: "That is how the answer reacts to b. The square is one more step.",
                7: "6 and 1 are right. Along a chain they are multiplied.",
            },
            hint="The same as for w, but b is added, and not multiplied by x.",
        ),
    ),
    "after-backward": Choice(
        "What does the last line show for w and for the loss?",
        right="w is 3, the loss is 9, as before",
        because="`backward()` wrote the slope 12 on w, and moved nothing.",
        wrong={
            "w is -9, since 12 was taken away": "12 is the slope. Nobody has taken it away from w.",
            "w is a little less than 3, and the loss less than 9": "That is what a step would do. "
            "How far to go was never said, and nobody has gone.",
            "w is 12": "12 stands on `w.grad`. The value of w is another thing.",
        },
    ),
    "the-step": Number(
        "Which value does w have after the step? It was 3, and its slope is 12.",
        answer=_moved(0.05),
        within=1e-6,
        because="The step is 0.05 · 12 = 0.6, and downhill is against the slope: 3 - 0.6.",
        wrong={
            3.6: "That is uphill: a positive slope says that the loss grows with w.",
            0.6: "That is how far w moves. Where does it arrive?",
            -9: "That is a step of the whole slope. The rate says which part of it.",
            2.95: "That is a step of the rate alone. The slope says how much longer it is.",
        },
        hint="Rate times slope is the step. Downhill is against the slope.",
    ),
    "the-broken-loop": Choice(
        "How does the loss go, from round to round?",
        right="It falls at first, and then swings up and down",
        because="Nothing resets `.grad`. Each step is made of all slopes so far, so it keeps going "
        "the old way when it should turn.",
        wrong={
            "It falls steadily": "So it would, if each step used the slope of its own round. What "
            "stands in `.grad` in the second round?",
            "It stays where it is": "The weights do move: both lines of the step are there.",
            "An error comes in the second round": "A second backward on one graph would be an "
            "error. But each round makes a new loss, with a graph of its own.",
        },
    ),
}

QUIZZES = {
    "weights": (
        Choices(
            "A line w · x + b is fitted to targets. Which of these require a gradient?",
            right=("w", "b"),
            because="They are what training changes.",
            wrong={
                "the inputs x": "The inputs are facts. Training does not change them.",
                "the targets": "If targets were changed, the loss could be brought to zero without "
                "learning anything.",
            },
        ),
        Choice(
            "After backward, `w.grad` is -2. What should a step do with w?",
            right="Make it larger",
            because="The loss falls as w grows, so downhill is to the right.",
            wrong={
                "Make it smaller, since the slope is negative": "The sign says which way the loss "
                "*falls* here: with a negative slope it falls as w grows.",
                "Leave it, since the loss falls by itself": "Nothing moves by itself. Backward only "
                "reports.",
            },
        ),
        Choice(
            "Somebody writes the step as `w = w - 0.1 * w.grad`, without `no_grad`. What is w then?",
            right="A result, recorded, and no leaf any more",
            because="The name w means a new tensor. In the next round its `.grad` stays None.",
            wrong={
                "The same leaf with a new value": "That is what `-=` under `no_grad` does. `w - ...` "
                "makes a new tensor.",
                "An error is raised": "There is none yet, and that is the trap: it comes a round "
                "later, when None is multiplied.",
            },
        ),
        Number(
            "From two lessons ago: g(x) = (x - 1)(x - 5) is zero at x = 1. How steep is it there?",
            answer=_slope_at_one(),
            because="The row without the factor that is zero stays: 1 - 5.",
            wrong={
                0: "That is the height. A curve can pass through zero at any slope.",
                4: "The size is right. Does g rise or fall at x = 1?",
            },
            hint="Let each factor grow in turn: (x - 5) + (x - 1), at x = 1.",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
