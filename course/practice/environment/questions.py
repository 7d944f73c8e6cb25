"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

from chalkboard import Choice, Number, predictions, quizzes

PREDICTIONS = {
    "which-name": Choice(
        "After `import matplotlib.pyplot as plt`, which of these names can be used?",
        right="plt.plot",
        because="`as` gives the module one name, and that is the only one.",
        wrong={
            "matplotlib.pyplot.plot": "That would take `import matplotlib.pyplot` without `as`.",
            "pyplot.plot": "That would take `from matplotlib import pyplot`.",
            "plot": "That would take `from matplotlib.pyplot import plot`.",
        },
    ),
    "moved-or-not": (
        Choice(
            "After `y = x.to('meta')`, on which device is `x`?",
            right="cpu",
            because="`.to` leaves its tensor where it is and returns another.",
            wrong={
                "meta": "The name says *to*, and yet x stays: only `y` is there.",
                "Both": "A tensor is on one device. Here there are two tensors.",
            },
        ),
        Choice(
            "And what does `x + y` give?",
            right="An error",
            because="torch moves no vector on its own: a move takes time, so you have to say it.",
            wrong={
                "A tensor on cpu": "Then torch would have to fetch y first, and it does not do so "
                "unasked.",
                "A tensor on meta": "Then torch would have to move x first, and it does not do so "
                "unasked.",
            },
        ),
    ),
    "leaf-that-moves": Choice(
        "`w` is a leaf on the CPU, and `moved = w.to('meta')`. What is `moved`?",
        right="Tracked, and no leaf",
        because="To autograd a move is an operation like any other, and its result has a way back.",
        wrong={
            "Tracked, and a leaf": "A leaf is *made*, and this one is calculated from `w`.",
            "Not tracked": "What is calculated from a tracked tensor is tracked.",
        },
    ),
    "ten-or-a-thousand": Choice(
        "How much longer does adding 1000 numbers take than adding 10?",
        right="Less than 10 times as long",
        because="Most of the time goes into *starting* the operation: torch has to look at dtype, "
        "shape and device, and make room for the result. That is the same for any size.",
        wrong={
            "About 100 times as long": "So it would be if only the numbers took time. What else "
            "has to happen at each call?",
            "About 1000 times as long": "It is 100 times as many numbers. And is it only the "
            "numbers that take time?",
        },
    ),
}

QUIZZES = {
    "environment": (
        Choice(
            "What is wrong here?\n\n```\nx = torch.ones(3)\nx.to(device)\ny = x + torch.ones(3, "
            "device=device)\n```",
            right="The result of `.to` is not kept",
            because="`x = x.to(device)` would keep it.",
            wrong={
                "`.to` needs a text, not a variable": "It takes both, a text and a device.",
                "Nothing": "On a CPU it works by chance. Where `device` is a GPU, x is still on the "
                "CPU in the last line.",
            },
        ),
        Choice(
            "A loop adds two tensors of four numbers, a million times. Where is that usually faster?",
            right="On the CPU",
            because="The calculation is tiny, so the start of each operation decides. That takes "
            "longer on a GPU.",
            wrong={
                "On a GPU, since it always is": "Not always. What happens a million times here?",
                "On a GPU, since a million is a lot": "It is a million *small* operations, one after "
                "the other, each with its start.",
            },
        ),
        Choice(
            "You time an operation on a GPU, and it takes next to nothing. What is probably missing?",
            right="Waiting until the GPU is done",
            because="The GPU is only told what to do, and Python goes on. `synchronize` waits.",
            wrong={
                "A faster clock": "A better clock would show the same: it is stopped too early.",
                "A larger tensor": "With a larger one you would stop it too early, too.",
            },
        ),
        Number(
            "From two lessons ago: x reaches y over two paths. Along one the slopes multiply to 3, "
            "along the other to 4. What is dy/dx?",
            answer=3 + 4,
            because="Where paths meet, what comes is added up.",
            wrong={
                12: "Slopes are multiplied *along* a path. Two paths are added.",
                4: "That is one of the two paths. What comes over the other must not be lost.",
                3: "That is one of the two paths. What comes over the other must not be lost.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
