"""What this lesson asks in passing: predictions before a cell is run, and a quiz at the end."""

from __future__ import annotations

import torch

from chalkboard import Choice, Choices, Number, predictions, quizzes

SMALL = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))

PREDICTIONS = {
    "which-are-found": (
        Choice(
            "Which of the two does `named_parameters()` list?",
            right="w",
            because="A module writes down what is a `Parameter`. A plain tensor is an attribute like "
            "any other.",
            wrong={
                "w and b": "Both are leaves. But a module looks at the *kind* of what is assigned.",
                "b": "It is the one that asks for a gradient in so many words. What does a module "
                "look for?",
                "None, before `backward` has run": "What is written down happens when it is "
                "assigned.",
            },
        ),
        Choice(
            "And which gets a gradient?",
            right="Both",
            because="Both are leaves that are tracked. Being found is another matter.",
            wrong={
                "w only": "Autograd does not know modules. It fills in every leaf that it meets.",
                "b only": "A `Parameter` is tracked by itself.",
            },
        ),
    ),
    "state-of-a-network": (
        Choice(
            "What is the shape of `0.weight`, of `Linear(2, 3)`?",
            right="(3, 2)",
            because="One row for each number that the layer gives.",
            wrong={
                "(2, 3)": "So the arguments stand. The weight has a row for each node, as `W1` had "
                "in the network by hand.",
                "(3,)": "That is the bias: one number for each node.",
                "(2, 1)": "There are three nodes, and each of them reads two numbers.",
            },
        ),
        Number(
            "How many entries has the state?",
            answer=len(SMALL.state_dict()),
            because="Weight and bias of the two `Linear`. `Tanh` has no numbers.",
            wrong={
                3: "Three modules, of which `Tanh` has nothing to keep.",
                6: "`Tanh` has neither weight nor bias.",
                2: "Each `Linear` has two: a weight and a bias.",
                13: "That is how many numbers it holds.",
            },
            hint="Which modules have numbers of their own, and how many tensors each?",
        ),
    ),
    "loop-that-trains-nothing": Choice(
        "What do the four losses look like?",
        right="All the same",
        because="Each gradient is forgotten before `step` could read it, so the net never moves.",
        wrong={
            "They fall": "Follow one gradient: who makes it, who takes it away, who reads it?",
            "They rise": "For that, the net would have to move. What does `step` find?",
            "Falling at first, then all the same": "Each round is like the first.",
        },
    ),
    "two-engines-one-start": Choice(
        "How do the two curves of losses compare?",
        right="They lie on each other, up to rounding",
        because="Same numbers, same rules. Only the order in which sums are rounded differs.",
        wrong={
            "They begin alike and soon go apart": "That needs a difference that grows. Where would "
            "it come from?",
            "Equal in every digit": "Both calculate in float32, and not every sum in the same order.",
            "They end alike, on other ways": "Nothing is drawn at random after the start.",
        },
    ),
    "dropout-on-ones": (
        Choices(
            "Which numbers can come out in training?",
            right=("0", "2"),
            because="A half is dropped, and what is left is doubled. The mean stays 1.",
            wrong={
                "1": "What is not dropped does not stay as it is. What would the mean become?",
                "0.5": "Each number is dropped whole, or stays.",
            },
        ),
        Choice(
            "And after `eval()`?",
            right="Eight ones",
            because="In use nothing is dropped, and nothing doubled.",
            wrong={
                "Zeros and twos, as before": "Then the answers of a finished network would change "
                "from call to call.",
                "Eight times 0.5": "That would make up for nodes that were dropped. The doubling in "
                "training has done that.",
            },
        ),
    ),
}

QUIZZES = {
    "modules": (
        Choice(
            "`net.eval()` was called. Does `net(x)` record a graph?",
            right="Yes",
            because="`eval` is for layers such as dropout. To record nothing, say `no_grad`.",
            wrong={
                "No, since it is no longer training": "The word suggests it. But `eval` only tells "
                "layers how to work.",
                "Only until backward": "What is recorded does not depend on `eval` at all.",
            },
        ),
        Choices(
            "What does a `state_dict` of a network hold?",
            right=("The weights of its layers", "The names of its layers"),
            because="Numbers by name. What `forward` does, and where a `Tanh` stands, is code.",
            wrong={
                "The order in which `forward` uses the layers": "That is code. It is not saved.",
                "The gradients": "They are measured anew in each step.",
                "The optimizer's memory": "An optimizer has a `state_dict` of its own.",
            },
        ),
        Choice(
            "A module makes a new `Parameter` inside `forward`. What does training do to it?",
            right="Nothing that lasts",
            because="Each call makes a new one, with the first numbers, and the optimizer was given "
            "none of them.",
            wrong={
                "It trains like the others": "Which of the many that were made has the optimizer?",
                "It trains twice as fast": "Each call begins again. Nothing is kept from step to "
                "step.",
            },
        ),
        Choice(
            "From two lessons ago: the backward of `Square` forgets to multiply by upstream. When "
            "are its gradients right all the same?",
            right="When the square is the output itself",
            because="Then upstream is 1, and multiplying by it changes nothing.",
            wrong={
                "When x is positive": "The sign of x has no part in it. What does upstream say?",
                "Never": "Which upstream would make no difference?",
                "When gradcheck is not asked": "gradcheck finds a mistake. It does not make one.",
            },
        ),
    ),
}

predict = predictions(PREDICTIONS)
quiz = quizzes(QUIZZES)
