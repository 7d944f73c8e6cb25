"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.further.optimizers import asks

# Whatever the order of the operations, and whether `tiny` stands beside a root or under it.
AGREES = Agreement(relative=1e-6, absolute=1e-6)
AGREES_ON_A_PICTURE = Agreement(relative=1e-3, absolute=1e-3, dtype=False)

Memory = dict[str, Any]
Rule = Callable[[float, float, Memory], float]

_STARTS = st.integers(-5, 5).map(float)
_GRADIENT = st.integers(-8, 8).map(lambda n: n / 2)


# --- a picture of many rates ------------------------------------------------------------------------


def losses(rate: float, steps: int = 20) -> list[float]:
    """Return the losses of the lesson's valley, by torch's own SGD."""
    place = torch.tensor([10.0, 1.0], requires_grad=True)
    optimizer = torch.optim.SGD([place], lr=rate)
    found = []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        loss = 0.5 * place[0] ** 2 + 10 * place[1] ** 2
        found.append(loss.item())
        loss.backward()
        optimizer.step()
    return found


def _picture(rates: list[float], device: str) -> dict[str, Any]:
    steps = np.arange(21, dtype=np.float64)
    lines = [[steps, np.array(losses(rate))] for rate in rates]
    return {"x label": "step", "y label": "loss", "lines": lines}


def _drawing(
    draw: Callable[[Any, list[float]], None], x: str = "step", y: str = "loss"
) -> Callable[[], Any]:
    """Make a mistake of what is drawn into the axes, and of the labels."""

    def draw_all(rates: list[float]) -> Any:
        axes = plt.figure().add_subplot()
        draw(axes, rates)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        return axes

    return lambda: draw_all


def _each(axes: Any, rates: list[float]) -> None:
    for rate in rates:
        axes.plot(losses(rate))


def _each_on_its_side(axes: Any, rates: list[float]) -> None:
    for rate in rates:
        axes.plot(losses(rate), range(21))


def _each_from_one(axes: Any, rates: list[float]) -> None:
    for rate in rates:
        axes.plot(range(1, 22), losses(rate))


def _points(axes: Any, rates: list[float]) -> None:
    for rate in rates:
        axes.scatter(range(21), losses(rate))


def _each_without_its_first(axes: Any, rates: list[float]) -> None:
    for rate in rates:
        axes.plot(losses(rate)[1:])


def _the_last(axes: Any, rates: list[float]) -> None:
    axes.plot(losses(rates[-1]))


def _all_in_one(axes: Any, rates: list[float]) -> None:
    axes.plot([loss for rate in rates for loss in losses(rate)])


def _the_ends(axes: Any, rates: list[float]) -> None:
    axes.plot(rates, [losses(rate)[-1] for rate in rates])


DRAW_RATES = Exercise(
    id="draw-learning-rates",
    title="One picture of many rates",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the picture",
            expect=_picture,
            ask=common.drawn,
            inputs=(
                st.lists(
                    st.sampled_from((0.01, 0.02, 0.05, 0.08, 0.09)),
                    min_size=2,
                    max_size=3,
                    unique=True,
                ),
            ),
            examples=(([0.01, 0.05, 0.09],),),
            agreement=AGREES_ON_A_PICTURE,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "A picture needs no labels.",
            _drawing(_each, x="", y=""),
            "The lines are right. Whoever sees the picture cannot know what is on the axes: name "
            "them, `step` and `loss`.",
        ),
        Mistake(
            "The labels are exchanged.",
            _drawing(_each, x="loss", y="step"),
            "The lines are right. Which of the two counts along the bottom, from left to right?",
        ),
        Mistake(
            "Losses go along the bottom.",
            _drawing(_each_on_its_side),
            "Each line lies on its side: `plot(x, y)` takes what goes along the bottom first, and "
            "that is the step.",
        ),
        Mistake(
            "Counting begins at 1.",
            _drawing(_each_from_one),
            "The first loss is from before any step, so it stands at step 0.",
        ),
        Mistake(
            "Points are a line.",
            _drawing(_points),
            "There are points, and no line: `scatter` draws them one by one. `plot` joins what "
            "belongs together.",
        ),
        Mistake(
            "The loss before the first step does not count.",
            _drawing(_each_without_its_first),
            "The first loss is left out, so each line is one short, and begins after the first "
            "step.",
        ),
        Mistake(
            "Only the last rate is drawn.",
            _drawing(_the_last),
            "One line is there, that of the last rate. Is the call of `plot` inside the loop?",
        ),
        Mistake(
            "The losses of all rates are one line.",
            _drawing(_all_in_one),
            "All losses stand in one line, one rate after the other. To compare them, each needs "
            "its own, from step 0.",
        ),
        Mistake(
            "What counts is where each rate ends.",
            _drawing(_the_ends),
            "This is one line over the rates, of the last loss. Asked for is how the loss goes from "
            "step to step, a line for each rate.",
        ),
    ),
)


# --- rules of a step ----------------------------------------------------------------------------------


def _torch_path(
    start: float,
    gradients: list[float],
    device: str,
    optimizer: Callable[..., Any],
    **settings: Any,
) -> list[float]:
    """Return the weights that torch's optimizer gives for these gradients."""
    weight = torch.tensor(start, dtype=torch.float64, device=device, requires_grad=True)
    rule = optimizer([weight], **settings)
    path = []
    for gradient in gradients:
        weight.grad = torch.tensor(gradient, dtype=torch.float64, device=device)
        rule.step()
        path.append(weight.item())
    return path


def _rule_questions(*examples: list[float], **torchs: Any) -> tuple[Question, Question]:
    """Ask for a first step, and for several with one memory."""
    one = Question(
        "a first step",
        expect=partial(_torch_path, **torchs),
        ask=asks.path,
        inputs=(_STARTS, st.lists(_GRADIENT, min_size=1, max_size=1)),
        examples=((1.0, [2.0]),),
        agreement=AGREES,
    )
    several = Question(
        "several steps",
        expect=partial(_torch_path, **torchs),
        ask=asks.path,
        inputs=(_STARTS, st.lists(_GRADIENT, min_size=2, max_size=5)),
        examples=tuple((1.0, gradients) for gradients in examples),
        agreement=AGREES,
    )
    return one, several


def _mistake(belief: str, rule: Rule, hint: str) -> Mistake:
    return Mistake(belief, lambda: rule, hint)


def _speed(memory: Memory, old_counts: float, gradient_counts: float, g: float) -> float:
    """Change the speed and return it."""
    memory["v"] = old_counts * memory.get("v", 0.0) + gradient_counts * g
    return memory["v"]


def _without_keeping(w: float, g: float, memory: Memory) -> float:
    return w - 0.1 * (0.9 * memory.get("v", 0.0) + g)


def _last_gradient(w: float, g: float, memory: Memory) -> float:
    last, memory["g"] = memory.get("g", 0.0), g
    return w - 0.1 * (g + 0.9 * last)


def _look_ahead(w: float, g: float, memory: Memory) -> float:
    return w - 0.1 * (g + 0.9 * _speed(memory, 0.9, 1, g))


def _old_speed_first(w: float, g: float, memory: Memory) -> float:
    old = memory.get("v", 0.0)
    _speed(memory, 0.9, 1, g)
    return w - 0.1 * old


MOMENTUM = Exercise(
    id="momentum-step",
    title="Momentum",
    minutes=3,
    difficulty=2,
    questions=_rule_questions(
        [2.0, 2.0, -1.0],
        [1.0, 0.0, 0.0],
        optimizer=torch.optim.SGD,
        lr=0.1,
        momentum=0.9,
    ),
    mistakes=(
        _mistake(
            "The speed is there by itself in the next step.",
            _without_keeping,
            "The first step is right, and every later one is plain SGD: the new speed is calculated "
            "and forgotten. Where must it be put so that the next call finds it?",
        ),
        _mistake(
            "The speed is a mean.",
            lambda w, g, memory: w - 0.1 * _speed(memory, 0.9, 1 - 0.9, g),
            "The first step is ten times too short: besides the rate, something makes a tenth of the "
            "gradient. In a running mean that would be `1 - keep`. Here the gradient is added to the "
            "speed in full, and the rate counts once.",
        ),
        _mistake(
            "The gradient loses a share too.",
            lambda w, g, memory: w - 0.1 * _speed(memory, 0.9, 0.9, g),
            "You add the gradient first and then take nine tenths of all. Only the *old* speed is "
            "to lose its tenth.",
        ),
        _mistake(
            "Nothing is lost of the speed.",
            lambda w, g, memory: w - 0.1 * _speed(memory, 1, 1, g),
            "The speed is the sum of all gradients here, and never slows down. What share of the "
            "old one stays?",
        ),
        _mistake(
            "The step goes along the speed, uphill.",
            lambda w, g, memory: w + 0.1 * _speed(memory, 0.9, 1, g),
            "The speed is made of gradients, and they point uphill. Down is against it.",
        ),
        _mistake(
            "The step is the speed.",
            lambda w, g, memory: w - _speed(memory, 0.9, 1, g),
            "The speed is right, and the step ten times too long: the rate is missing.",
        ),
        _mistake(
            "The gradient is added to the step once more.",
            _look_ahead,
            "The gradient is in the new speed already. Adding it once more is another rule, named "
            "after Nesterov.",
        ),
        _mistake(
            "The memory is the last gradient.",
            _last_gradient,
            "Two steps are right, and the third is not: the memory holds the last gradient only. "
            "Kept is the whole new speed, in which older gradients live on.",
        ),
        _mistake(
            "keep is the rate.",
            lambda w, g, memory: w - 0.9 * _speed(memory, 0.9, 1, g),
            "The speed is right, and the step nine times too long: it is multiplied by `keep`. "
            "Which number says how long a step is?",
        ),
        _mistake(
            "The weight moves by the speed, and the speed is returned.",
            lambda w, g, memory: _speed(memory, 0.9, 1, g),
            "This is the speed. Asked for is the weight after the step.",
        ),
        _mistake(
            "The step goes by the old speed.",
            _old_speed_first,
            "You step with the speed from before this gradient, so the first step goes nowhere. "
            "First the new speed, then the step by it.",
        ),
    ),
)


# --- RMSprop --------------------------------------------------------------------------------------------


def _square(memory: Memory, old_counts: float, square_counts: float, g: float) -> float:
    """Change the running mean of squares and return it."""
    memory["s"] = old_counts * memory.get("s", 0.0) + square_counts * g * g
    return memory["s"]


def _by_the_root(w: float, g: float, square: float) -> float:
    return w - 0.01 * g / (1e-8 + square**0.5)


def _of_this_step_only(w: float, g: float, memory: Memory) -> float:
    return _by_the_root(w, g, (1 - 0.9) * g * g)


def _old_square(w: float, g: float, memory: Memory) -> float:
    old = memory.get("s", 0.0)
    _square(memory, 0.9, 1 - 0.9, g)
    return _by_the_root(w, g, old)


def _mean_of_g(w: float, g: float, memory: Memory) -> float:
    memory["m"] = 0.9 * memory.get("m", 0.0) + (1 - 0.9) * g
    return w - 0.01 * g / (abs(memory["m"]) + 1e-8)


RMSPROP = Exercise(
    id="rmsprop-step",
    title="RMSprop",
    minutes=3,
    difficulty=2,
    questions=_rule_questions(
        [2.0, 2.0, -1.0],
        [4.0, 0.5, 0.5],
        optimizer=torch.optim.RMSprop,
        lr=0.01,
        alpha=0.9,
        eps=1e-8,
    ),
    mistakes=(
        _mistake(
            "It is divided by the mean of the squares.",
            lambda w, g, memory: w - 0.01 * g / (_square(memory, 0.9, 1 - 0.9, g) + 1e-8),
            "You divide by the mean of the *squares*: a gradient of 1000 is divided by a million. "
            "The R in RMS is the root.",
        ),
        _mistake(
            "The square is there by itself in the next step.",
            _of_this_step_only,
            "The first step is right. Later ones know nothing of the gradients before: the new "
            "square has to go into the memory.",
        ),
        _mistake(
            "The new square counts in full.",
            lambda w, g, memory: _by_the_root(w, g, _square(memory, 0.9, 1, g)),
            "The new square is added in full here. In a mean the shares of old and new add up to 1: if "
            "nine tenths of the old one stay, what is left for the new one?",
        ),
        _mistake(
            "Nothing is forgotten.",
            lambda w, g, memory: _by_the_root(w, g, _square(memory, 1, 1 - 0.9, g)),
            "The first step is right. Then squares pile up and nothing fades, so that steps only get "
            "shorter. What share of the old square is to stay?",
        ),
        _mistake(
            "It is multiplied by the usual size.",
            lambda w, g, memory: w - 0.01 * g * _square(memory, 0.9, 1 - 0.9, g) ** 0.5,
            "You multiply by the usual size, so the steep weight takes even longer steps. It is to "
            "be made up for.",
        ),
        _mistake(
            "The usual size is the mean of the gradients.",
            _mean_of_g,
            "You take the mean of g, in which plus and minus cancel. The squares are there so that "
            "only the size counts.",
        ),
        _mistake(
            "The shares are exchanged.",
            lambda w, g, memory: _by_the_root(w, g, _square(memory, 1 - 0.9, 0.9, g)),
            "One tenth of the old stays here, and nine tenths are new. It is the other way round: "
            "`keep` is for what is kept.",
        ),
        _mistake(
            "The step is returned.",
            lambda w, g, memory: w - _by_the_root(w, g, _square(memory, 0.9, 1 - 0.9, g)),
            "This is how far the weight moves. Asked for is where it stands afterwards.",
        ),
        _mistake(
            "Only the size of the step matters.",
            lambda w, g, memory: _by_the_root(w, 1, _square(memory, 0.9, 1 - 0.9, g)),
            "The gradient is missing above the line, so each step goes the same way. Look at the "
            "table's second row.",
        ),
        _mistake(
            "The step uses the square from before.",
            _old_square,
            "You divide by the square from before this gradient, which is 0 at first, and the "
            "step explodes. First the new square, then the step.",
        ),
        _mistake(
            "The step goes up.",
            lambda w, g, memory: 2 * w - _by_the_root(w, g, _square(memory, 0.9, 1 - 0.9, g)),
            "The length of each step is right, and its direction is uphill. Down is against the "
            "gradient.",
        ),
    ),
)


# --- Adam -----------------------------------------------------------------------------------------------


def _adam(
    correct_mean: bool = True,
    correct_square: bool = True,
    keep_mean: float = 0.9,
    keep_square: float = 0.999,
    by_mean: bool = True,
    keep_corrected: bool = False,
    root: float = 0.5,
    forget: bool = False,
    of_the_mean: bool = False,
) -> Rule:
    """Make Adam, or what becomes of it when one part of it is otherwise."""

    def rule(w: float, g: float, memory: Memory) -> float:
        memory["steps"] = memory.get("steps", 0) + 1
        m = keep_mean * memory.get("m", 0.0) + (1 - keep_mean) * g
        squared = m * m if of_the_mean else g * g
        s = keep_square * memory.get("s", 0.0) + (1 - keep_square) * squared
        if not keep_corrected and not forget:
            memory["m"], memory["s"] = m, s
        if correct_mean:
            m /= 1 - keep_mean ** memory["steps"]
        if correct_square:
            s /= 1 - keep_square ** memory["steps"]
        if keep_corrected:
            memory["m"], memory["s"] = m, s
        return w - 0.1 * (m if by_mean else g) / (1e-8 + s**root)

    return rule


def _always_the_first(w: float, g: float, memory: Memory) -> float:
    """Correct as if each step were the first."""
    m = 0.9 * memory.get("m", 0.0) + (1 - 0.9) * g
    s = 0.999 * memory.get("s", 0.0) + (1 - 0.999) * g * g
    memory["m"], memory["s"] = m, s
    return w - 0.1 * (m / (1 - 0.9)) / (1e-8 + (s / (1 - 0.999)) ** 0.5)


def _counts_from_zero(w: float, g: float, memory: Memory) -> float:
    steps = memory.get("steps", 0)
    m = (1 - 0.9) * g
    return w - 0.1 * m / (1 - 0.9**steps)


ADAM = Exercise(
    id="adam-step",
    title="Adam",
    minutes=5,
    difficulty=3,
    questions=_rule_questions(
        [2.0, 2.0, -1.0],
        [4.0, 0.5, 0.5],
        optimizer=torch.optim.Adam,
        lr=0.1,
        betas=(0.9, 0.999),
        eps=1e-8,
    ),
    mistakes=(
        _mistake(
            "The means need no correction.",
            _adam(correct_mean=False, correct_square=False),
            "Both means start at 0 and are too small at first, and not by the same share. The row "
            "*corrected* of the table is missing.",
        ),
        _mistake(
            "Only the square needs a correction.",
            _adam(correct_mean=False),
            "The square is corrected, the mean is not: the first step is ten times too short.",
        ),
        _mistake(
            "Only the mean needs a correction.",
            _adam(correct_square=False),
            "The mean is corrected, the square is not. At first it is a thousand times too small, "
            "and what is divided by its root too long.",
        ),
        _mistake(
            "The means are there by themselves in the next step.",
            _adam(forget=True),
            "The first step is right. Later ones begin with means of 0 again: mean and square "
            "have to go into the memory.",
        ),
        _mistake(
            "The step goes up.",
            lambda w, g, memory: 2 * w - _adam()(w, g, memory),
            "The length of each step is right, and its direction is uphill. Down is against the "
            "gradient.",
        ),
        _mistake(
            "The square is that of the mean.",
            _adam(of_the_mean=True),
            "The square is taken of the running mean. Kept is a running mean of the squares of g.",
        ),
        _mistake(
            "Each step is the first.",
            _always_the_first,
            "The first step is right. After that the correction should fade: n has to grow by 1 "
            "with each call, and to be remembered.",
        ),
        _mistake(
            "The first step has the number 0.",
            _counts_from_zero,
            "With n = 0 the correction is 1 - 1 = 0, and dividing by it fails. Count the step "
            "before you use n.",
        ),
        _mistake(
            "The corrected means are kept.",
            _adam(keep_corrected=True),
            "The first step is right. You put the *corrected* means into the memory, and correct "
            "them again in the next step. Kept are mean and square as they are.",
        ),
        _mistake(
            "keep1 and keep2 are exchanged.",
            _adam(keep_mean=0.999, keep_square=0.9),
            "The first step is right, since both corrections undo it. But the mean of g is to keep "
            "0.9, and that of the squares 0.999.",
        ),
        _mistake(
            "The step goes by the gradient.",
            _adam(by_mean=False),
            "The first step is right, since mean and gradient are the same there. Above the line "
            "stands m, the corrected mean, and not g: this would be RMSprop.",
        ),
        _mistake(
            "It is divided by the mean of the squares.",
            _adam(root=1.0),
            "You divide by s. Its root is a size like that of g; s itself is a square.",
        ),
    ),
)


WHY_NO_BEST = WrittenExercise(
    id="why-no-best-optimizer",
    title="No best optimizer",
    minutes=2,
    points=2,
    rubric=(
        "1 point each, up to 2, for what the trial does not show: how each does with a rate of its "
        "own (0.001 may suit one of them only); how they do on other problems; how they do with "
        "other starts or seeds, or on data that was not trained on; after more steps. "
        "No point for 'SGD is better' or for a mere doubt."
    ),
)

EXERCISES = (DRAW_RATES, MOMENTUM, RMSPROP, ADAM, WHY_NO_BEST)

check = checker(EXERCISES)
