"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from typing import Any

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes


def _slope(function: Any, x: float) -> float:
    """What torch says, so that no number here is written by hand."""
    return torch.func.grad(function)(torch.tensor(x)).item()


PREDICTIONS = {
    "told-and-passed-on": (
        Number(
            "Which upstream is the backward of `Square` told?",
            answer=_slope(lambda s: 5 * s, 9.0),
            because="Between s and y stands a factor of 5.",
            wrong={
                1: "1 is told to y, the output. From y to s there is one more step.",
                9: "That is s, the value. Backward is told how much y grows for s.",
                6: "That is the slope of the square itself. It is told what lies *behind* it.",
                45: "That is y, the value.",
            },
            hint="How much does y = 5 · s grow when s grows by 1?",
        ),
        Number(
            "And what does `x.grad` become?",
            answer=_slope(lambda x: 5 * x * x, 3.0),
            because="Upstream 5, times the local slope 2 · 3.",
            wrong={
                6: "That is the local slope. It is multiplied by what backward was told.",
                5: "That is what backward was told. It is multiplied by the local slope.",
                11: "Upstream and local slope are multiplied, not added.",
                45: "That is y. Backward passes on slopes.",
            },
            hint="Upstream times 2x.",
        ),
    ),
    "gradcheck-in-float32": Choice(
        "What does `gradcheck` say, with its usual settings?",
        right="True for float64, an error for float32",
        because="With a step of 0.000001, float32 has too few digits left for the difference of two "
        "heights near 9. The rule is right, the witness is not sharp enough.",
        wrong={
            "True both times: the rule is right": "The rule is. But the witness compares two "
            "heights that differ in the sixth digit, and float32 has about seven.",
            "An error both times: small steps are never exact": "Never exact, but near enough in "
            "float64, with its 16 digits. gradcheck allows for a small gap.",
            "True for float32, an error for float64": "It is the other way round: more digits, a "
            "sharper witness.",
        },
    ),
    "two-gradients-for-three": Choice(
        "What happens at `Blend.apply(a, b, 0.25).sum().backward()`?",
        right="An error: two gradients, where three are expected",
        because="torch counts: `forward` takes a, b and t. It does *not* notice that the shares are "
        "exchanged; that takes `gradcheck`.",
        wrong={
            "a and b get wrong gradients, and nobody complains": "So it is when the *numbers* are "
            "wrong. The *count* of the answers is something that torch looks at.",
            "An error: the gradients are wrong": "To know that, torch would need the right ones. "
            "What can it see without them?",
            "Nothing is wrong with it": "Compare the shares: a counts 1 - t in forward. What does "
            "backward give it?",
        },
    ),
    "training-through-a-staircase": (
        Choice(
            "Where does w end with torch's own `round`?",
            right="At 0.2, where it began",
            because="The staircase is flat there. A slope of 0 moves nothing.",
            wrong={
                "At 3": "For that, a slope would have to say which way to go.",
                "It jumps between 0 and 1": "For a jump, w must move first. By how much does the "
                "loss change when w grows a little?",
                "torch refuses: a staircase has no slope": "It has one nearly everywhere, and torch "
                "says it: 0.",
            },
        ),
        Choice(
            "And with `RoundThrough`?",
            right="Where round(w) is 3",
            because="Each step is made as if the rounded value moved with w. When it is 3, the "
            "loss is 0, and so is the upstream.",
            wrong={
                "At 0.2 too": "Its backward passes the upstream on, and that is not 0.",
                "It runs on past 3": "The upstream is 2 · (round(w) - 3). What is that at 3?",
            },
        ),
    ),
    "same-text-and-overflow": (
        Choice(
            "How much of the text of `Square` must be changed for chalkgrad?",
            right="Only what the class is made from",
            because="`forward` and `backward` say what to calculate, and the engines have the same "
            "names for it.",
            wrong={
                "Backward: another engine walks in another way": "Both engines do the same: tell "
                "upstream, take what is returned.",
                "Everything: it is another library": "chalkgrad has torch's names, also these: "
                "`ctx`, `save_for_backward`, `saved_tensors`.",
            },
        ),
        Choice(
            "What do softplus at x = 100 and its slope become, calculated step by step in float32?",
            right="inf and nan",
            because="e^100 overflows. The value is log(inf), and the way back multiplies 0 by inf.",
            wrong={
                "100 and 1": "So it would be on paper, to many digits. Is e^100 a float32?",
                "inf and 1": "The way back goes through the same e^100. What is 1 / inf times inf?",
                "An error": "Floating point numbers do not raise: they become inf and nan, and the "
                "calculation goes on.",
            },
        ),
    ),
}

QUIZZES = {
    "custom-functions": (
        Choice(
            "`forward(ctx, x, weight, power)` gets two tensors and a plain number. What does "
            "`backward` return?",
            right="Two gradients and None",
            because="One answer for each argument after `ctx`, in the same order.",
            wrong={
                "Two gradients": "torch counts: three arguments want three answers.",
                "Three gradients": "For a plain number nothing is asked. Its answer is None.",
            },
        ),
        Choices(
            "Which of these does `gradcheck` find?",
            right=("A factor 2 that is missing in backward", "An upstream that was forgotten"),
            because="Both change the numbers that backward gives, in all but lucky cases.",
            wrong={
                "A forward that calculates something else than you meant": "Backward is compared "
                "with *this* forward, not with what you meant.",
                "A straight-through rule that does not help training": "It calls every "
                "straight-through rule wrong, helpful or not.",
            },
        ),
        Choice(
            "When was reverse mode described for the first time, as far as the lesson's sources go?",
            right="Around 1970",
            because="Linnainmaa's thesis is of 1970. Wengert's paper of 1964 is on forward mode.",
            wrong={
                "1986, for neural networks": "Then it became known in that field. It had been found "
                "before, more than once.",
                "2016, with torch": "torch made it convenient. Compilers for it existed in 1980.",
            },
        ),
        Choice(
            "From two lessons ago: y = (x - 2)(x - 4). Where is its slope zero?",
            right="At x = 3",
            because="The slope is 2x - 6. At 2 and 4 it is -2 and 2.",
            wrong={
                "At x = 2 and x = 4": "There the *height* is zero, and the curve passes through.",
                "Nowhere": "The curve comes down and goes up again. In between it is flat.",
                "At x = -1": "That is the lowest height, and not the place.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
