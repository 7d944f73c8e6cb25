"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.assessment.summary_and_self_assessment import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4, dtype=False)


# --- the graph of (x + y)² --------------------------------------------------------------------------------


def _edges_by_torch(device: str) -> list[str]:
    """Read the edges off the graph that torch records."""
    leaves = {name: torch.ones((), requires_grad=True) for name in "xy"}
    result = torch.pow(torch.add(*leaves.values()), 2)
    names = {"AddBackward0": "s", "PowBackward0": "z"}

    def name(node: Any) -> str:
        leaf = getattr(node, "variable", None)
        own = [key for key, tensor in leaves.items() if tensor is leaf]
        return own[0] if own else names[node.name()]

    found, waiting = [], [result.grad_fn]
    while waiting:
        node = waiting.pop()
        for before, _ in node.next_functions:
            if before is not None:
                found.append(f"{name(before)} -> {name(node)}")
                waiting.append(before)
    return sorted(found)


EDGES_OF_SQUARE = Exercise(
    id="edges-of-square",
    title="The graph of (x + y)²",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the edges",
            expect=_edges_by_torch,
            ask=common.edges,
            points=2,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "Edges point to where the gradient goes.",
            lambda: [("z", "s"), ("s", "x"), ("s", "y")],
            "These are the steps of the walk back. The calculation goes the other way: from what is "
            "used to what comes out.",
        ),
        Mistake(
            "Every input is connected to the output.",
            lambda: [("x", "s"), ("y", "s"), ("s", "z"), ("x", "z"), ("y", "z")],
            "x and y reach z, but only through s. An edge stands for *directly calculated from*.",
        ),
        Mistake(
            "The sum is no node.",
            lambda: [("x", "z"), ("y", "z")],
            "Two operations are done, one after the other: a sum, and a square. The sum is a value of "
            "its own, s.",
        ),
        Mistake(
            "Squares come before the sum.",
            lambda: [("x", "z"), ("y", "z"), ("s", "z")],
            "The brackets come first: x and y go into s, and into nothing else.",
        ),
        Mistake(
            "A power is two factors.",
            lambda: [("x", "s"), ("y", "s"), ("s", "z"), ("s", "z")],
            "That is the graph of s · s, where s is used twice. It has the same gradients. With the "
            "power, s² as one operation, s goes in once.",
        ),
        Mistake(
            "A graph is a chain.",
            lambda: [("x", "y"), ("y", "s"), ("s", "z")],
            "y is not calculated from x. Both come in from outside, side by side.",
        ),
        Mistake(
            "The output goes back into the graph.",
            lambda: [("x", "s"), ("y", "s"), ("s", "z"), ("z", "s")],
            "z would be needed to calculate s, and s to calculate z. A graph of a calculation has no "
            "way round in a circle.",
        ),
    ),
)


# --- what backward does, in order ---------------------------------------------------------------------------


def _order_by_torch(device: str) -> str:
    """Let torch go backward, and write down what happens first, second, ..."""
    x, y = (torch.tensor(number, requires_grad=True) for number in (1.0, 2.0))
    total = x + y
    result = total.square()
    seen: list[str] = []
    result.register_hook(lambda gradient: seen.append("C"))
    total.register_hook(lambda gradient: seen.append("A"))
    for leaf in (x, y):
        leaf.register_hook(lambda gradient: seen.append("D"))
        leaf.register_post_accumulate_grad_hook(lambda leaf: seen.append("B"))
    result.backward()
    return "".join(dict.fromkeys(seen))


ORDER_OF_BACKWARD = Exercise(
    id="order-of-backward",
    title="What backward does, in order",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the order",
            expect=_order_by_torch,
            ask=asks.letters,
            points=2,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward resets the gradients first.",
            lambda: ["G", "C", "A", "D", "B"],
            "The order is right. But nothing is set to zero: backward adds to what stands there. The "
            "reset is yours.",
        ),
        Mistake(
            "backward() updates the weights.",
            lambda: ["C", "A", "D", "B", "F"],
            "The order is right, and the last one is no work of backward. It says which way; the step "
            "is made by you or by an optimizer.",
        ),
        Mistake(
            "Backward calculates the value.",
            lambda: ["E", "C", "A", "D", "B"],
            "The order is right. But z was calculated before, and backward does not do so again: it "
            "uses what was kept.",
        ),
        Mistake(
            "Backward resets, walks, and steps.",
            lambda: ["G", "C", "A", "D", "B", "F"],
            "Two of these are lines of a training loop, not of backward: it neither sets to zero nor "
            "takes a step.",
        ),
        Mistake(
            "Backward calculates, walks, and steps.",
            lambda: ["E", "C", "A", "D", "B", "F"],
            "In the middle it is right. The first of these is the work of the forward pass, the last is "
            "that of the step.",
        ),
        Mistake(
            "What is told is at once a step.",
            lambda: ["C", "A", "D", "F"],
            "Until x and y are told 6 it is right. Then backward writes it down somewhere, and stops: a "
            "step is made by you, or by an optimizer.",
        ),
        Mistake(
            "A gradient is calculated from the inputs on.",
            lambda: ["D", "A", "C", "B"],
            "That is the direction of forward. What x is told depends on what s was told, and that on "
            "what z was told.",
        ),
        Mistake(
            "The output needs not be told anything.",
            lambda: ["A", "D", "B"],
            "2 · s is what one step back gives *if z grows by 1*. Where does that 1 come from?",
        ),
        Mistake(
            "A leaf keeps what it was not told yet.",
            lambda: ["C", "A", "B", "D"],
            "6 is added to `x.grad` when x is told 6, and not before.",
        ),
        Mistake(
            "The leaves are told first.",
            lambda: ["C", "D", "A", "B"],
            "What x and y are told comes from s. What does s have to know before?",
        ),
        Mistake(
            "What is told is what is kept.",
            lambda: ["C", "A", "D"],
            "Until here, all of it would be forgotten: what is told passes by. Where does it stay?",
        ),
    ),
)


# --- x² at 3, twice -----------------------------------------------------------------------------------------


def _slope_of_square(x: float) -> float:
    return torch.func.grad(torch.square)(torch.tensor(x)).item()


def _both(number: float) -> Callable[[], Any]:
    return lambda: (number, torch.tensor(number))


SQUARE_AT_THREE = Exercise(
    id="square-at-three",
    title="x² at 3, twice",
    minutes=1,
    difficulty=1,
    questions=tuple(
        Question(
            name,
            expect=lambda device: _slope_of_square(3.0),
            ask=partial(asks.one_of_two, place=place),
            agreement=AGREES,
            shows_expected=False,
        )
        for place, name in enumerate(("by hand", "from torch"))
    ),
    mistakes=(
        Mistake(
            "The leaf is its slope.",
            lambda: (_slope_of_square(3.0), torch.tensor(3.0)),
            "By hand it is right. The other number is the leaf itself, 3: its slope stands *on* it.",
        ),
        Mistake(
            "The result is the slope.",
            lambda: (_slope_of_square(3.0), torch.tensor(9.0)),
            "By hand it is right. The other number is the value, 9. The slope is read from the leaf.",
        ),
        Mistake(
            "The slope is the height.",
            _both(9.0),
            "9 is the height, 3 · 3. How much does it grow, for each bit that x grows?",
        ),
        Mistake(
            "Only the last way back counts.",
            _both(3.0),
            "x is used twice in x · x. When the one grows, the other stands by and multiplies; and then "
            "the other grows. What comes over both ways is added.",
        ),
        Mistake(
            "The slope of x² is 2.",
            _both(2.0),
            "2 is how fast the *slope* grows. The slope itself is 2x, and depends on the place.",
        ),
        Mistake(
            "The slope is there as soon as the value is.",
            lambda: (_slope_of_square(3.0), None),
            "The leaf's `.grad` is None until the walk back; and `backward()` itself gives nothing "
            "back. Which of the four steps is missing, or what did you read?",
        ),
    ),
)


# --- where is the slope zero? -------------------------------------------------------------------------------


def _flat_places(device: str) -> list[float]:
    """Follow the slope, which is a straight line, from two of its points to zero."""
    slope = torch.func.grad(lambda x: (x - 2) * (x - 4))
    at_zero, at_one = (slope(torch.tensor(x, dtype=torch.float64)).item() for x in (0.0, 1.0))
    return [at_zero / (at_zero - at_one)]


FLAT_PARABOLA = Exercise(
    id="flat-parabola",
    title="Where is the slope zero?",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "all places",
            expect=_flat_places,
            ask=asks.places,
            agreement=Agreement(relative=0, absolute=1e-3),
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "Where the height is zero, the curve is flat.",
            lambda: [2.0, 4.0],
            "At 2 and 4 y is zero, and the curve passes through: its slope is -2 there, and 2. Between "
            "the two it turns. Where?",
        ),
        Mistake(
            "A first zero of the height is enough.",
            lambda: [2.0],
            "At 2 the first factor is zero, and so is y. The slope there is x - 4, so -2.",
        ),
        Mistake(
            "A second zero of the height is enough.",
            lambda: [4.0],
            "At 4 the second factor is zero, and so is y. The slope there is x - 2, so 2.",
        ),
        Mistake(
            "Every special place is flat.",
            lambda: [2.0, 3.0, 4.0],
            "One of these is right. At the other two the *height* is zero, and the slope is -2 and 2.",
        ),
        Mistake(
            "A flat place is said by its height.",
            lambda: [-1.0],
            "-1 is how low the curve is at its lowest point. The question is where: which x?",
        ),
        Mistake(
            "A place has two numbers.",
            lambda: [3.0, -1.0],
            "This is a point of the picture: how far to the right, and how high. Asked for are the x "
            "alone. Is each of your two numbers one?",
        ),
        Mistake(
            "The zeros are added.",
            lambda: [6.0],
            "At 6 the slope is 2 · 6 - 6, so 6. The flat place lies between the two zeros.",
        ),
        Mistake(
            "The slope is 2x.",
            lambda: [0.0],
            "2x is the slope of x² alone. Multiplied out, y = x² - 6x + 8: what does -6x add to the "
            "slope?",
        ),
    ),
)


# --- the loss will not settle -------------------------------------------------------------------------------


def _losses(slope: float, offset: float, rate: float, rounds: int, device: str) -> list[float]:
    return _fit_with_faults("none")(torch.arange(4.0), None, rate, rounds, (slope, offset))


def _fit_with_faults(fault: str) -> Callable[..., list[float]]:
    """Make a fit in torch's functional form, in which one thing may be wrong."""

    def fit(
        x: Any, y: Any, rate: float, rounds: int, line: tuple[float, float] | None = None
    ) -> list[float]:
        target = y if line is None else line[0] * x + line[1]
        weights = torch.zeros(2)
        piled = torch.zeros(2)
        seen = []

        def gap(pair: Any) -> Any:
            return torch.nn.functional.mse_loss(pair[0] * x + pair[1], target)

        for _ in range(rounds):
            gradient, height = torch.func.grad_and_value(gap)(weights)
            seen.append(height.item())
            kept = {"all": torch.ones(2), "only b": torch.tensor([0.0, 1.0])}
            piled = gradient + piled * kept.get(fault, torch.zeros(2))
            weights = weights - rate * piled * (0 if fault == "no step" else 1)
        return seen

    return fit


FORGOTTEN_RESET = Exercise(
    id="forgotten-reset",
    title="The loss will not settle",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the loss of each round",
            expect=_losses,
            ask=asks.fitted,
            inputs=(
                st.sampled_from((-1.0, 2.0, 3.0)),
                st.sampled_from((1.0, -2.0)),
                st.sampled_from((0.05, 0.1)),
                st.integers(3, 7),
            ),
            examples=((2.0, 1.0, 0.1, 7),),
            agreement=Agreement(relative=1e-3, absolute=1e-3),
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _fit_with_faults("all"),
            "The first two losses are right, and then they swing as before: gradients still pile up "
            "from round to round. A reset before the loop does it once only, and one without its "
            "brackets, `zero_grad`, does nothing.",
        ),
        Mistake(
            "One leaf is enough.",
            lambda: _fit_with_faults("only b"),
            "One of the two gradients is reset, the other still piles up. There are two leaves, w and "
            "b.",
        ),
        Mistake(
            "A reset can stand anywhere.",
            lambda: _fit_with_faults("no step"),
            "The loss never changes, so w and b stay where they were. Is the gradient taken away before "
            "the step could use it? Or were the weights reset, instead of their gradients?",
        ),
    ),
)


# --- see a gradient vanish ----------------------------------------------------------------------------------


def _gradient_through(depth: int) -> float:
    def chain(x: Any) -> Any:
        for _ in range(depth):
            x = x.sigmoid()
        return x

    return torch.func.grad(chain)(torch.tensor(0.5)).item()


def _value_through(depth: int) -> float:
    x = torch.tensor(0.5)
    for _ in range(depth):
        x = x.sigmoid()
    return x.item()


def _picture(depths: list[int], device: str) -> dict[str, Any]:
    return {
        "x label": "depth",
        "y label": "gradient",
        "lines": [[np.array(depths, dtype=float), np.array([*map(_gradient_through, depths)])]],
    }


def _drawing(
    height: Callable[[int], float] = _gradient_through,
    *,
    labels: tuple[str, str] = ("depth", "gradient"),
    swapped: bool = False,
    pile: bool = False,
) -> Callable[[list[int]], Any]:
    """Make a function that draws, in which one thing may be wrong."""

    def draw(depths: list[int]) -> Any:
        from matplotlib import pyplot

        axes = pyplot.gca()
        numbers = np.array([height(depth) for depth in depths])
        numbers = numbers.cumsum() if pile else numbers
        axes.plot(*((numbers, depths) if swapped else (depths, numbers)))
        axes.set(xlabel=labels[0], ylabel=labels[1])
        return axes

    return draw


VANISHING_GRADIENTS = Exercise(
    id="vanishing-gradients",
    title="See a gradient vanish",
    minutes=4,
    difficulty=2,
    questions=(
        Question(
            "the picture",
            expect=_picture,
            ask=common.drawn,
            inputs=(st.lists(st.integers(1, 20), min_size=2, max_size=5, unique=True).map(sorted),),
            examples=(([1, 5, 10, 20],),),
            # The numbers become as small as 1e-13, so only their ratio can be compared.
            agreement=Agreement(relative=1e-2, absolute=1e-18),
            points=3,
        ),
    ),
    mistakes=(
        Mistake(
            "The value shrinks, so the gradient does.",
            lambda: _drawing(_value_through),
            "These are the values. They settle near 0.66, and that is why nobody notices. Draw what is "
            "read from the leaf.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _drawing(pile=True),
            "The first one is right, the later ones are too large: one leaf went through the whole "
            "loop, and each walk added to its gradient. A new leaf for each depth.",
        ),
        Mistake(
            "Axes need no labels.",
            lambda: _drawing(labels=("", "")),
            "The line is right. Nobody can read it without labels: `depth` below, `gradient` at the "
            "side.",
        ),
        Mistake(
            "Capitals are no matter.",
            lambda: _drawing(labels=("Depth", "Gradient")),
            "The picture is right. The labels are compared letter by letter: small letters, as asked.",
        ),
        Mistake(
            "The first argument of plot is the height.",
            lambda: _drawing(swapped=True),
            "Depth and gradient have changed places: what comes first is drawn along the horizontal "
            "axis.",
        ),
        Mistake(
            "Every sigmoid has the slope 1/4.",
            lambda: _drawing(lambda depth: 0.25**depth),
            "1/4 is the most that a sigmoid can have, at 0. Here none of them is at 0. Ask torch for "
            "each chain.",
        ),
    ),
)


WHY_DYNAMIC = WrittenExercise(
    id="why-dynamic",
    title="Why dynamic graphs?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: two of these: ordinary Python control flow; a structure that depends on the input; "
        "inspection with print or a debugger at each step; nothing to compile first. "
        "1 point: the price: less can be optimized in advance, or the graph is recorded anew in each "
        "round. No point for 'more flexible' without an example."
    ),
)

EXERCISES = (
    EDGES_OF_SQUARE,
    ORDER_OF_BACKWARD,
    WHY_DYNAMIC,
    SQUARE_AT_THREE,
    FLAT_PARABOLA,
    FORGOTTEN_RESET,
    VANISHING_GRADIENTS,
)

check = checker(EXERCISES)
