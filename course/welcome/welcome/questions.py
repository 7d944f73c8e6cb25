"""What the welcome asks in passing: predictions before a cell is run, and whether one is ready."""

from __future__ import annotations

import torch

from chalkboard import Choice, Number, Text, predictions, quizzes

A = torch.tensor([[1, 2], [3, 4]])
V = torch.tensor([5, 6])

PREDICTIONS = {
    "root-of-two": Choice(
        "How near will it come to 1.414213562 in 30 rounds?",
        right="It agrees in six decimals or more",
        because="Each round makes the error smaller by a factor, so the digits become right one "
        "after the other.",
        wrong={
            "To about 1.4": "So it is after three rounds. It goes on.",
            "It jumps past, and away": "It would, with steps too long: try 0.5 in place of 0.05 "
            "afterwards. These are short enough.",
        },
    ),
    "numpy-in-three-lines": (
        Choice(
            "What does `numbers * 10` show?",
            right="[10. 20. 30.]",
            because="An operation goes to each element.",
            wrong={
                "[1. 2. 3. 1. 2. 3. ...], ten times over": "So a *list* does. An array calculates.",
                "60": "For that, something has to add them up: `numbers.sum()`.",
            },
        ),
        Number(
            "And `numbers[1:].sum()`?",
            answer=5,
            because="Places are counted from 0, so `[1:]` leaves out the 1.0: 2 + 3.",
            wrong={
                6: "That is the sum of all three. `[1:]` begins with the *second* one.",
                3: "That is the last one alone. A slice goes up to the end.",
                2: "That is `numbers[1]`. The colon makes it go on to the end.",
            },
        ),
    ),
    "where-to": Number(
        "Which number does the steepness go to?",
        answer=torch.func.grad(lambda x: x * x)(torch.tensor(3.0)).item(),
        because="The steepness is 6 + h here, and h goes to 0.",
        wrong={
            9: "That is the height of the curve at 3.",
            0: "The rise goes to 0, and h does too. Their ratio does not.",
            8: "That is the first secant, from 3 to 5.",
        },
        hint="Calculate the first one by hand: (f(5) - f(3)) / 2 = (25 - 9) / 2. Then take h = 1.",
    ),
    "matrix-times-vector": (
        Number(
            "What is the first number of `matrix @ vector`?",
            answer=(A @ V)[0].item(),
            because="The first row is 1, 2, and 1 · 5 + 2 · 6 = 17.",
            wrong={
                5: "That is 1 · 5. The row has a second number, and it meets the 6.",
                23: "That takes the first *column*, 1 and 3. A row of the matrix meets the vector.",
                18: "That is (1 + 2) · 6. Each number of the row has its own partner.",
            },
            hint="The first row is 1, 2. Each of its numbers meets its partner in 5, 6.",
        ),
        Number(
            "How many numbers has the result?",
            answer=(A @ V).numel(),
            because="One for each row.",
            wrong={
                4: "So `matrix * vector` has: it multiplies number by number. `@` adds up each row.",
                1: "There is one for each row.",
            },
        ),
    ),
}

QUIZZES = {
    "readiness": (
        Text(
            "Python. What does this print?\n\n```\ndef double(n):\n    return 2 * n\n\n"
            "print([double(n) for n in range(3)])\n```",
            answer="[0, 2, 4]",
            also=("0, 2, 4", "0 2 4", "[0 2 4]"),
            because="`range(3)` counts 0, 1, 2, and each is doubled.",
            wrong={
                "[2, 4, 6]": "`range(3)` begins with 0 and stops before 3.",
                "[0, 2, 4, 6]": "`range(3)` stops *before* 3.",
                "[0, 1, 2]": "These are the numbers before they are doubled.",
            },
            hint="Write down what `range(3)` counts, and double each.",
        ),
        Number(
            "Arithmetic. What is x · x for x = -3?",
            answer=(-3) * (-3),
            because="Minus times minus is plus.",
            wrong={
                -9: "Both factors are negative.",
                -6: "That is x + x.",
            },
        ),
        Number(
            "Ratios. A train covers 30 km between 14:00 and 14:20. How fast is it, in km per hour?",
            answer=30 / (20 / 60),
            because="What changed, divided by the time it took: 30 / (1/3). A *slope* is the same thing "
            "for a curve.",
            wrong={
                1.5: "That is in km per *minute*. How many minutes has an hour?",
                600: "That multiplies. A speed is a distance *divided* by a time.",
                10: "That divides by 3. In an hour it covers *more* than in 20 minutes.",
                30: "That is the distance, in a third of an hour. How far does it come in a whole one?",
            },
            hint="How far does it come in an hour, three times as long?",
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
