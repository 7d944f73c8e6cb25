"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.pitfalls.common_pitfalls import asks

# A number is a number: float32 and float64 are both right where a lesson asks for neither.
AGREES = Agreement(relative=1e-4, absolute=1e-4, dtype=False)

_WHOLE = st.integers(-5, 5)
_QUARTERS = st.integers(-20, 20).map(lambda n: n / 4)


# --- mend the slopes --------------------------------------------------------------------------------


def _slopes_of_square(places: list[float], device: str = "cpu") -> Any:
    at = torch.tensor(places, dtype=torch.float32)
    return torch.func.vmap(torch.func.grad(torch.square))(at)


def _untracked(places: list[float]) -> Any:
    (torch.tensor(places, dtype=torch.float32) ** 2).sum().backward()


def _many_outputs(places: list[float]) -> Any:
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    (x**2).backward()
    return x.grad


def _tracked_integers(places: list[float]) -> Any:
    torch.tensor(places, requires_grad=True)
    return _slopes_of_square(places)


def _slope_of_first(places: list[float]) -> Any:
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    (x**2)[0].backward()
    return x.grad


MEND_SLOPES = Exercise(
    id="mend-slopes",
    title="Mend the slopes",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "decimal places",
            expect=_slopes_of_square,
            ask=common.call,
            inputs=(st.lists(_QUARTERS, min_size=2, max_size=4),),
            examples=(([1.0, -2.0, 3.0],),),
            agreement=AGREES,
        ),
        Question(
            "whole numbers",
            expect=_slopes_of_square,
            ask=common.call,
            inputs=(st.lists(_WHOLE, min_size=2, max_size=4),),
            examples=(([1, 2, 3],),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "One reason is enough to mend.",
            lambda: _untracked,
            "torch says that nothing was recorded. The broken function has two reasons for that, and "
            "each of them alone is enough: look at how the leaf is made, and under which `with` the "
            "value is calculated.",
        ),
        Mistake(
            "Backward starts from any tensor.",
            lambda: _many_outputs,
            "The history is there now, and the next fault speaks: the walk back would begin at many "
            "heights at once. Make one number of them.",
        ),
        Mistake(
            "Whole numbers can have a slope.",
            lambda: _tracked_integers,
            "Decimal places work. `[1, 2, 3]` makes a tensor of whole numbers, and torch tracks none "
            "of these. Ask for decimals when the leaf is made, whatever comes in: there is a word "
            "for it, `dtype`.",
        ),
        Mistake(
            "Backward returns the slopes.",
            lambda: lambda places: None,
            "You return None. `backward()` gives nothing back, and only a leaf keeps its gradient: "
            "what do you return, and is it read from the leaf?",
        ),
        Mistake(
            "A mean is as good as a sum.",
            lambda: lambda places: _slopes_of_square(places) / len(places),
            "Each slope is too small, by the number of places: that is what a mean divides by.",
        ),
        Mistake(
            "One output stands for all.",
            lambda: _slope_of_first,
            "One place has its slope, and the others have 0: the walk began at one of the heights. Each "
            "height is to count. In which single number do all of them stand?",
        ),
        Mistake(
            "The leaf is its slope.",
            lambda: lambda places: torch.tensor(places, dtype=torch.float32),
            "These are the places themselves. The slopes stand on the leaf, and are read from it.",
        ),
        Mistake(
            "The result is the slope.",
            lambda: lambda places: torch.tensor(places, dtype=torch.float32).square(),
            "These are the heights. The slopes wait on the leaf.",
        ),
    ),
)


# --- mend the loss ------------------------------------------------------------------------------------


def _rows(size: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.integers(-4, 4).map(float), min_size=size, max_size=size)


def _laid(numbers: list[float], as_column: bool) -> Any:
    return [[number] for number in numbers] if as_column else numbers


def _pairs(first_is_column: bool, second_is_column: bool) -> st.SearchStrategy[list[Any]]:
    """Predictions and targets, as many of both."""
    return st.integers(2, 4).flatmap(
        lambda size: st.tuples(_rows(size), _rows(size)).map(
            lambda two: [_laid(two[0], first_is_column), _laid(two[1], second_is_column)]
        )
    )


_ONE = [1.0]


def _mean_squared_gap(two: list[Any], device: str) -> Any:
    first, second = (torch.tensor(item, device=device) for item in two)
    return torch.nn.functional.mse_loss(first, second.view_as(first))


def _as_it_comes(predictions: Any, targets: Any) -> Any:
    return ((predictions - targets) ** 2).mean()


def _squeezed_first(predictions: Any, targets: Any) -> Any:
    return _as_it_comes(predictions.squeeze(-1) if predictions.ndim > 1 else predictions, targets)


def _column_of_targets(predictions: Any, targets: Any) -> Any:
    return _as_it_comes(predictions, targets.reshape(-1, 1))


def _flat(predictions: Any, targets: Any) -> Any:
    return _as_it_comes(predictions.ravel(), targets.ravel())


def _summed(predictions: Any, targets: Any) -> Any:
    if predictions.numel() != targets.numel():
        raise ValueError
    return ((predictions.ravel() - targets.ravel()) ** 2).sum()


def _demands_one_shape(predictions: Any, targets: Any) -> Any:
    assert predictions.shape == targets.shape
    return _as_it_comes(predictions, targets)


def _absolute(predictions: Any, targets: Any) -> Any:
    if predictions.numel() != targets.numel():
        raise ValueError
    return (predictions.ravel() - targets.ravel()).abs().mean()


MEND_LOSS = Exercise(
    id="mend-loss",
    title="Mend the loss",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "a column and a row",
            expect=_mean_squared_gap,
            ask=asks.on_two,
            inputs=(_pairs(True, False),),
            examples=(([_laid([1.0, 2.0, 3.0], True), _laid([1.0, 2.0, 3.0], False)],),),
            agreement=AGREES,
        ),
        Question(
            "two of the same kind, or a row and a column",
            expect=_mean_squared_gap,
            ask=asks.on_two,
            inputs=(st.one_of(_pairs(True, True), _pairs(False, False), _pairs(False, True)),),
            examples=(
                ([_laid([1.0, 2.0], True), _laid([2.0, 4.0], True)],),
                ([_laid([1.0, 2.0], False), _laid([2.0, 4.0], False)],),
                ([_laid([1.0, 2.0], False), _laid([2.0, 4.0], True)],),
            ),
            agreement=AGREES,
        ),
        Question(
            "not as many of the one as of the other",
            expect=lambda two, device: "an error",
            ask=asks.refuses,
            inputs=(
                st.integers(2, 4)
                .flatmap(_rows)
                .flatmap(lambda row: st.permutations([_laid(row, True), _ONE])),
            ),
            examples=(
                ([_laid([1.0, 2.0, 3.0, 4.0], True), _ONE],),
                ([_ONE, _laid([1.0, 2.0, 3.0, 4.0], True)],),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "What does not fit fails by itself.",
            lambda: _flat,
            "The losses are right. But one target beside four predictions goes through: a size of 1 "
            "is stretched to anything. Compare how many there are, before you subtract.",
        ),
        Mistake(
            "torch refuses shapes that do not belong together.",
            lambda: _as_it_comes,
            "Column minus row gives a table: each prediction is compared with every target. torch "
            "finds nothing wrong with that, so nothing is said. Print both shapes: they have to be "
            "the same before you subtract.",
        ),
        Mistake(
            "Predictions are the column, targets are the row.",
            lambda: _squeezed_first,
            "For a column of predictions and a row of targets this is right. Now the targets come as "
            "a column too, and the two shapes differ again. Bring both to one shape.",
        ),
        Mistake(
            "What does not look the same does not belong together.",
            lambda: _demands_one_shape,
            "You refuse a column beside a row, and these belong together. Compare how *many* numbers "
            "there are, and bring both to one shape.",
        ),
        Mistake(
            "A gap is a squared gap.",
            lambda: _absolute,
            "These gaps have lost their sign, and are not squared.",
        ),
        Mistake(
            "Only the targets need another shape.",
            lambda: _column_of_targets,
            "You make the targets a column, and the predictions may be a row. Bring both to one "
            "shape.",
        ),
        Mistake(
            "A sum is as good as a mean.",
            lambda: _summed,
            "This is the sum of the squared gaps. The loss is their mean: with twice as much data "
            "it should not be twice as large.",
        ),
    ),
)


# --- mend the layer -----------------------------------------------------------------------------------


@st.composite
def _layers(draw: Any, sizes: Any) -> list[Any]:
    """Draw inputs (rows, inputs) and weights (units, inputs)."""
    rows, inputs, units = draw(sizes)
    numbers = st.integers(-3, 3).map(float)

    def table(height: int, width: int) -> Any:
        row = st.lists(numbers, min_size=width, max_size=width)
        return draw(st.lists(row, min_size=height, max_size=height))

    return [table(rows, inputs), table(units, inputs)]


def _linear(two: list[Any], device: str) -> Any:
    return torch.nn.functional.linear(*(torch.tensor(item, device=device) for item in two))


def _table(*rows: list[float]) -> Any:
    return [list(map(float, row)) for row in rows]


MEND_LAYER = Exercise(
    id="mend-layer",
    title="Mend the layer",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "two rows, two inputs, two units",
            expect=_linear,
            ask=asks.on_two,
            inputs=(_layers(st.just((2, 2, 2))),),
            examples=(([_table([1, 1], [2, 2]), _table([1, 10], [100, 1000])],),),
            agreement=AGREES,
        ),
        Question(
            "sizes that all differ",
            expect=_linear,
            ask=asks.on_two,
            inputs=(_layers(st.sampled_from(((3, 2, 4), (2, 3, 1), (4, 3, 2)))),),
            examples=(
                ([_table([1, 2], [3, 4], [5, 6]), _table([1, 0], [0, 1], [1, 1], [1, -1])],),
            ),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "`*` is matrix multiplication.",
            lambda: lambda inputs, weights: inputs * weights,
            "Entry by entry: nothing is added up. A unit multiplies each input by its weight *and "
            "adds*. Which sign does that?",
        ),
        Mistake(
            "Turned over, `*` is matrix multiplication.",
            lambda: lambda inputs, weights: inputs * weights.mT,
            "To turn the weights over is right. But this still is entry by entry: which sign multiplies "
            "and adds up?",
        ),
        Mistake(
            "A matrix product finds the right axes by itself.",
            lambda: lambda inputs, weights: inputs @ weights,
            "The sign is right. But `@` takes the *rows* of the first and the *columns* of the "
            "second, and here the weights of a unit stand in a row. With equal sizes that fails "
            "without a word.",
        ),
        Mistake(
            "The order of a matrix product does not matter.",
            lambda: lambda inputs, weights: weights @ inputs,
            "Turned around, the product asks for other axes. You want one row per row of inputs: so "
            "what has to stand in front?",
        ),
        Mistake(
            "Units in rows are as good as units in columns.",
            lambda: lambda inputs, weights: weights @ inputs.mT,
            "The numbers are right and lie the wrong way round: a row for each unit. Wanted is a row "
            "for each row of inputs.",
        ),
        Mistake(
            "It is the inputs that have to be turned over.",
            lambda: lambda inputs, weights: inputs.mT @ weights,
            "One of the two has to be turned over, and this is the other one. Write the shapes under "
            "each other: (rows, inputs) stays in front. What has to stand behind?",
        ),
        Mistake(
            "A row of numbers stands for its sum.",
            lambda: lambda inputs, weights: (inputs * weights).sum(dim=1),
            "This gives one number per row: row 1 with unit 1, row 2 with unit 2. Each row is to meet "
            "*each* unit.",
        ),
    ),
)


# --- a leaf beside another tensor ---------------------------------------------------------------------


def _leaf_of(numbers: list[float], other: Any) -> Any:
    """Return the leaf that torch's own `new_tensor` makes beside another tensor."""
    return other.new_tensor(numbers, requires_grad=True)


def _leaf_question(name: str, place: str, *examples: tuple[list[float], str]) -> Question:
    return Question(
        name,
        expect=lambda numbers, dtype, device: asks.leaf_like(
            _leaf_of, numbers, dtype, place=place, device=device
        ),
        ask=partial(asks.leaf_like, place=place),
        inputs=(
            st.lists(_QUARTERS, min_size=1, max_size=3),
            st.sampled_from(("float32", "float64")),
        ),
        examples=examples,
    )


LEAF_BESIDE = Exercise(
    id="leaf-beside",
    title="A leaf beside another tensor",
    minutes=2,
    difficulty=2,
    questions=(
        _leaf_question("on this device", "here", ([1.0, 2.0], "float64"), ([1.0, 2.0], "float32")),
        _leaf_question("on another device", "meta", ([1.0, 2.0], "float32")),
    ),
    mistakes=(
        Mistake(
            "What was a leaf stays one when it is moved.",
            lambda: lambda numbers, other: torch.tensor(numbers, requires_grad=True).to(other),
            "It was a leaf when it was made. Then `.to` made another tensor from it, a result, and "
            "the gradient will wait on the one that you threw away. Which step has to come last?",
        ),
        Mistake(
            "torch puts a new tensor where the others are.",
            lambda: (
                lambda numbers, other: torch.tensor(numbers, dtype=other.dtype, requires_grad=True)
            ),
            "The dtype is right. The tensor lies on the cpu, wherever `other` is: torch does not "
            "guess a device. `other.device` says it.",
        ),
        Mistake(
            "Every tensor of decimals has the same dtype.",
            lambda: (
                lambda numbers, other: torch.tensor(
                    numbers, device=other.device, requires_grad=True
                )
            ),
            "The device is right. The dtype is torch's own choice, float32. `other.dtype` says what "
            "is wanted.",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: lambda numbers, other: torch.tensor(numbers).to(other),
            "It lies in the right place, and is not tracked. Now, as the last step, torch may be "
            "asked to track it.",
        ),
        Mistake(
            "A like-tensor takes the numbers along.",
            lambda: lambda numbers, other: torch.zeros_like(other, requires_grad=True),
            "This copies the form of `other`, and your numbers are in it nowhere.",
        ),
    ),
)


# --- find the cuts --------------------------------------------------------------------------------------


def _distance_and_slope(speed: float, device: str) -> dict[str, Any]:
    at = torch.tensor(speed, device=device, requires_grad=True)
    distance = at.square().div(16).add(at, alpha=1.5)
    return {"value": distance, "gradients": list(torch.autograd.grad(distance, at))}


def _new_leaf(speed: Any) -> Any:
    leaf = torch.tensor(speed.item(), requires_grad=True)
    return leaf * 1.5 + leaf**2 / 16


FIND_CUTS = Exercise(
    id="find-cuts",
    title="Find the cuts",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the distance and its slope",
            expect=_distance_and_slope,
            ask=common.gradients,
            inputs=(st.integers(1, 80).map(lambda n: n / 2),),
            examples=((8.0,),),
            agreement=AGREES,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "Where the height is right, the slope is right.",
            lambda: lambda speed: speed.detach() * 1.5 + speed * speed.detach() / 16,
            "The distance is right and the slope is that of the broken function: both cuts are still "
            "there. One is in the line of `reacting`, one in the line of `braking`.",
        ),
        Mistake(
            "Detach cuts both factors or none.",
            lambda: lambda speed: speed * 1.5 + speed * speed.detach() / 16,
            "`reacting` is mended. In `braking` one of the two factors is still cut, so half of that "
            "slope is missing.",
        ),
        Mistake(
            "A new tensor with the same number has the same history.",
            lambda: lambda speed: speed.detach() * 1.5 + speed**2 / 16,
            "`braking` is mended. `reacting` still begins with a new tensor, made from a plain "
            "number: it knows nothing of `speed`, so its slope, 1.5, is missing.",
        ),
        Mistake(
            "A number is as good as a tensor.",
            lambda: lambda speed: (speed * 1.5 + speed**2 / 16).item(),
            "`.item()` makes a plain number, the last cut of all. Return the tensor.",
        ),
        Mistake(
            "The slope is what is returned.",
            lambda: lambda speed: 1.5 + speed / 8,
            "This is the slope. Return the distance, as before: torch finds the slope, if nothing is cut.",
        ),
        Mistake(
            "A new leaf is as good as the old one.",
            lambda: _new_leaf,
            "A new leaf is made from the number, and the walk back ends there. The `speed` that came in "
            "is not reached. Calculate with `speed` itself.",
        ),
        Mistake(
            "One cuts to be safe.",
            lambda: lambda speed: (speed * 1.5 + speed**2 / 16).detach(),
            "The result itself is cut off now, so nothing at all can walk back.",
        ),
    ),
)


# --- a snapshot for NumPy -------------------------------------------------------------------------------


SNAPSHOT = Exercise(
    id="snapshot-for-numpy",
    title="A snapshot for NumPy",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the weights are changed, the snapshot is not",
            expect=lambda numbers, device: np.array(numbers, dtype="float32"),
            ask=asks.snapshot_then_step,
            inputs=(st.lists(_QUARTERS, min_size=1, max_size=3),),
            examples=(([1.0, 2.0],),),
            agreement=AGREES,
        ),
        Question(
            "the snapshot is written into, the weights stay",
            expect=lambda numbers, device: numbers,
            ask=asks.weights_after_writing,
            inputs=(st.lists(_QUARTERS, min_size=1, max_size=3),),
            examples=(([1.0, 2.0],),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "`.detach()` copies.",
            lambda: lambda weights: weights.detach().numpy(),
            "The snapshot followed the weights. Neither `.detach()` nor `.numpy()` copies a number: "
            "all three look at the same memory. Which call makes a copy?",
        ),
        Mistake(
            "NumPy takes any tensor.",
            lambda: lambda weights: weights.numpy(),
            "The message says what to write first, so that you mean to leave the graph. When that "
            "works, ask whether the numbers are your own.",
        ),
        Mistake(
            "A copy of a tensor is an array.",
            lambda: lambda weights: weights.detach().clone(),
            "The numbers are your own now. It still is a torch tensor: one more call makes an array "
            "of it, and that call wants a tensor without a history.",
        ),
        Mistake(
            "A list is an array.",
            lambda: lambda weights: weights.tolist(),
            "A list keeps the numbers well. Asked for is a NumPy array, on which one can calculate.",
        ),
    ),
)


WHY_REFUSE = WrittenExercise(
    id="why-refuse",
    title="Why does it refuse?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that NumPy records nothing, so that a gradient would stop there (or be wrong) "
        "without notice. "
        "1 point: says what the error spares: it names place and cause at once, where the silent loss "
        "is noticed late or never; or that `.detach()` makes the cut a decision. "
        "No point for 'NumPy does not know torch' alone."
    ),
)

EXERCISES = (
    MEND_SLOPES,
    MEND_LOSS,
    MEND_LAYER,
    LEAF_BESIDE,
    FIND_CUTS,
    SNAPSHOT,
    WHY_REFUSE,
)

check = checker(EXERCISES)
