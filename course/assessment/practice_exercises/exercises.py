"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from chalkgrad import graph
from course.assessment.practice_exercises import asks
from course.my_tensor import pitfalls

AGREES = Agreement(relative=1e-3, absolute=1e-3, dtype=False)

_QUARTERS = st.integers(-12, 12).map(lambda n: n / 4)


# --- all distances ------------------------------------------------------------------------------------------


def _distances(points: list[float], device: str) -> Any:
    column = torch.tensor(points, dtype=torch.float32, device="cpu").reshape(-1, 1)
    return torch.cdist(column, column, p=1, compute_mode="donot_use_mm_for_euclid_dist")


def _both(
    make: Callable[[Any], Any], mean: Callable[[Any], Any] = lambda table: table.mean(dim=1)
) -> Callable[[], Any]:
    def distances(points: list[float]) -> Any:
        table = make(points)
        return table, mean(table)

    return lambda: distances


def _signed(points: list[float]) -> Any:
    row = torch.tensor(points, dtype=torch.float32)
    return row.reshape(-1, 1) - row


def _right_table(points: list[float]) -> Any:
    return _signed(points).abs()


def _distance_question(name: str, place: int, expect: Callable[..., Any]) -> Question:
    return Question(
        name,
        expect=expect,
        ask=partial(asks.one_of_pair, place=place, names="the table and the means"),
        inputs=(st.lists(st.integers(-9, 9), min_size=2, max_size=4),),
        examples=(([1, 4, 6],), ([1.5, -2.0],)),
        agreement=Agreement(relative=1e-4, absolute=1e-4),
    )


ALL_DISTANCES = Exercise(
    id="all-distances",
    title="All distances",
    minutes=2,
    difficulty=2,
    questions=(
        _distance_question("the table", 0, _distances),
        _distance_question(
            "the means of the rows",
            1,
            lambda points, device: _distances(points, device).mean(dim=1),
        ),
    ),
    mistakes=(
        Mistake(
            "Shapes that fit give what one wants.",
            _both(lambda points: torch.zeros(len(points)), lambda row: row),
            "These are zeros in a row: each point minus itself. For a table one of the two has to stand "
            "as a column.",
        ),
        Mistake(
            "A difference is a distance.",
            _both(_signed),
            "From 4 to 1 it is as far as from 1 to 4, and here one of the two is negative. That also "
            "spoils the means.",
        ),
        Mistake(
            "A square is a distance.",
            _both(lambda points: _signed(points).square()),
            "The signs are gone, and 3 has become 9: a square makes large distances larger. Which "
            "function takes away the sign alone?",
        ),
        Mistake(
            "Whole numbers are numbers like others.",
            _both(
                lambda points: _right_table(points).long(), lambda table: table.float().mean(dim=1)
            ),
            "The numbers are right. Their dtype is that of whole numbers: ask for float32 when the "
            "tensor is made.",
        ),
        Mistake(
            "The mean of a table is one number.",
            _both(_right_table, lambda table: table.mean()),
            "The table is right. The means are to be one per row: say along which axis the mean is "
            "taken.",
        ),
        Mistake(
            "A sum is as good as a mean.",
            _both(_right_table, lambda table: table.sum(dim=1)),
            "The table is right. These are the sums of its rows, and a mean divides.",
        ),
    ),
)


# --- a wave, and its slopes ---------------------------------------------------------------------------------


def _wave(x: Any) -> Any:
    return torch.mul(torch.square(x), torch.sin(x))


def _wave_and_slope(x: float, device: str) -> dict[str, Any]:
    slope, height = torch.func.grad_and_value(_wave)(torch.tensor(x, device=device))
    return {"value": height, "gradients": [slope]}


def _slopes_by_torch(function: str, places: list[float], device: str = "cpu") -> list[float]:
    at = torch.tensor(places, dtype=torch.float64)
    return torch.func.vmap(torch.func.grad(asks.FUNCTIONS[function]))(at).tolist()


def _slopes(f: Callable[[Any], Any], places: list[float]) -> list[float]:
    return torch.func.vmap(torch.func.grad(f))(torch.tensor(places)).tolist()


def _piled(f: Callable[[Any], Any], places: list[float]) -> list[float]:
    return np.cumsum(_slopes(f, places)).tolist()


def _from_many(f: Callable[[Any], Any], places: list[float]) -> Any:
    f(torch.tensor(places, requires_grad=True)).backward()


WAVE_SLOPES = Exercise(
    id="wave-slopes",
    title="A wave, and its slopes",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "wave: value and slope",
            expect=_wave_and_slope,
            ask=asks.wave,
            inputs=(_QUARTERS,),
            examples=((2.0,),),
            agreement=AGREES,
        ),
        Question(
            "slopes of other functions",
            expect=_slopes_by_torch,
            ask=asks.slopes,
            inputs=(
                st.sampled_from(tuple(asks.FUNCTIONS)),
                st.lists(_QUARTERS, min_size=2, max_size=4),
            ),
            examples=(("x ** 2", [1.0, 2.0, 3.0]), ("sin(2 * x)", [0.0, 1.0])),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Any sine will do.",
            lambda: (lambda x: x**2 * math.sin(x), _slopes),
            "The value is right, and the slope is not: `math.sin` gave a plain number, and one of the "
            "two ways back is gone. Which sine keeps a history?",
        ),
        Mistake(
            "A number is as good as a tensor.",
            lambda: (lambda x: _wave(x).item(), _slopes),
            "Your wave returns a plain number, so there is nothing to walk back from. No `item()` and no "
            "`float()` inside of it.",
        ),
        Mistake(
            "The square goes into the sine.",
            lambda: (lambda x: (x**2).sin(), _slopes),
            "This is the sine of x². Wanted is x², *times* the sine of x.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: (_wave, _piled),
            "The first slope is right, and each later one has the earlier ones in it. A new leaf for "
            "each place, or a reset.",
        ),
        Mistake(
            "Backward starts from any tensor.",
            lambda: (_wave, _from_many),
            "All places in one leaf is a good idea. Then there are many heights, and the walk wants one "
            "number: make a sum of them.",
        ),
        Mistake(
            "NumPy's sine is torch's.",
            lambda: (lambda x: x.numpy(), _slopes),
            "NumPy records nothing, so torch refuses to hand a tracked tensor over. Take the sine of the "
            "tensor itself.",
        ),
        Mistake(
            "A `return` ends the round.",
            lambda: (_wave, lambda f, places: _slopes(f, places)[:1]),
            "One slope comes back. A `return` ends the whole function: is it indented too far, inside the "
            "loop?",
        ),
        Mistake(
            "The slopes are those of the wave.",
            lambda: (_wave, lambda f, places: _slopes(_wave, places)),
            "These are the slopes of wave, whatever function was given. It comes in under the name `f`.",
        ),
        Mistake(
            "The result of the function is its slope.",
            lambda: (_wave, lambda f, places: f(torch.tensor(places)).tolist()),
            "These are the heights of f. The slopes wait on the leaf.",
        ),
    ),
)


# --- the slopes of both outputs -----------------------------------------------------------------------------


def _jacobian(x: list[float], w1: Any, w2: Any, device: str) -> Any:
    first, second = (torch.tensor(w, device=device) for w in (w1, w2))
    return torch.func.jacrev(lambda at: second.mv(first.mv(at)))(torch.tensor(x, device=device))


def _matrix(rows: int, columns: int) -> st.SearchStrategy[list[list[float]]]:
    numbers = st.integers(-2, 2).map(float)
    row = st.lists(numbers, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


_W1 = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]
_W2 = [[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0]]


def _straight_back(x: Any, w1: Any, w2: Any) -> Any:
    leaf = x.clone().requires_grad_()
    w2.mv(w1.mv(leaf)).backward()
    return leaf.grad


def _second_walk(x: Any, w1: Any, w2: Any) -> Any:
    leaf = x.clone().requires_grad_()
    y = w2.mv(w1.mv(leaf))
    for each in y:
        each.backward()
    return leaf.grad


BOTH_OUTPUTS = Exercise(
    id="both-outputs",
    title="Challenge: the slopes of both outputs",
    minutes=5,
    difficulty=3,
    questions=(
        Question(
            "two rows of three slopes",
            expect=_jacobian,
            ask=asks.table,
            inputs=(
                st.lists(st.integers(-3, 3).map(float), min_size=3, max_size=3),
                _matrix(4, 3),
                _matrix(2, 4),
            ),
            examples=(([1.0, 2.0, 3.0], _W1, _W2),),
            agreement=AGREES,
            points=3,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward starts from any tensor.",
            lambda: _straight_back,
            "torch asks from which number it is to begin. There are two, so there are two walks, one for "
            "each row.",
        ),
        Mistake(
            "The gradient of the sum is the table.",
            lambda: lambda x, w1, w2: (w2 @ w1).sum(dim=0),
            "These three numbers say how y1 + y2 reacts. The question is about y1 and y2 by themselves: "
            "a row for each.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: lambda x, w1, w2: (w2 @ w1).cumsum(dim=0),
            "The first row is right, and the second has the first in it: the second walk added to what "
            "stood on the leaf. A reset in between, or a new leaf.",
        ),
        Mistake(
            "A name for a gradient is a copy of it.",
            lambda: lambda x, w1, w2: (w2 @ w1).sum(dim=0).expand(2, 3),
            "Both rows are the same, and both are the sum: `leaf.grad` was put down twice, and the "
            "second walk added to that very tensor. A new leaf for each output, or `.clone()` and a "
            "reset.",
        ),
        Mistake(
            "A graph can be walked twice.",
            lambda: _second_walk,
            "Both outputs hang on one graph, and the first walk let go of what it had saved. Calculate "
            "the outputs anew, or keep the graph on the first walk.",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: lambda x, w1, w2: w2.mv(w1.mv(x))[0].backward(),
            "The x that comes in is not tracked. Make a leaf with its numbers.",
        ),
        Mistake(
            "The first output stands for both.",
            lambda: lambda x, w1, w2: (w2 @ w1)[0],
            "This is the first row. The second output has one too.",
        ),
        Mistake(
            "Rows are inputs.",
            lambda: lambda x, w1, w2: (w2 @ w1).T,
            "The numbers are right and lie the wrong way round: a row for each output, please.",
        ),
    ),
)


# --- a function and its slope -------------------------------------------------------------------------------


def _picture(function: str, places: list[float], device: str) -> dict[str, Any]:
    at = torch.tensor(places, dtype=torch.float64)
    heights = asks.FUNCTIONS[function](at).numpy()
    slopes = np.array(_slopes_by_torch(function, places))
    x = np.array(places)
    return {"x label": "x", "y label": "value", "lines": [[x, heights], [x, slopes]]}


def _drawing(
    *,
    lines: tuple[str, ...] = ("f", "slope"),
    labels: tuple[str, str] = ("x", "value"),
    pile: bool = False,
) -> Callable[[Any, list[float]], Any]:
    """Make a function that draws, in which one thing may be wrong."""

    def draw(f: Callable[[Any], Any], places: list[float]) -> Any:
        from matplotlib import pyplot

        slopes = _piled(f, places) if pile else _slopes(f, places)
        heights = f(torch.tensor(places)).tolist()
        axes = pyplot.gca()
        for name in lines:
            axes.plot(places, {"f": heights, "slope": slopes}[name])
        axes.set(xlabel=labels[0], ylabel=labels[1])
        return axes

    return draw


def _draws_tracked(f: Callable[[Any], Any], places: list[float]) -> None:
    torch.tensor(places, requires_grad=True).numpy()


DRAW_SLOPE = Exercise(
    id="draw-slope",
    title="A function and its slope",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the picture",
            expect=_picture,
            ask=asks.drawing,
            inputs=(
                st.sampled_from(tuple(asks.FUNCTIONS)),
                st.lists(_QUARTERS, min_size=2, max_size=5, unique=True).map(sorted),
            ),
            examples=(("x ** 2", [-1.0, 0.0, 2.0]),),
            agreement=AGREES,
            points=3,
        ),
    ),
    mistakes=(
        Mistake(
            "A picture of f shows its slope.",
            lambda: _drawing(lines=("f",)),
            "There is one line. The second one shows the slope, which is another function.",
        ),
        Mistake(
            "Each line gets a picture of its own.",
            lambda: _drawing(lines=("slope",)),
            "The slope stands alone in the last picture. Draw both lines into one: no new figure in "
            "between.",
        ),
        Mistake(
            "Points are a line.",
            lambda: _drawing(lines=()),
            "There is no line on the axes. `plt.scatter` draws points; `plt.plot` joins them to a line.",
        ),
        Mistake(
            "The order of the lines is no matter.",
            lambda: _drawing(lines=("slope", "f")),
            "Both lines are right, and in the other order: first f, then its slope.",
        ),
        Mistake(
            "Axes need no labels.",
            lambda: _drawing(labels=("", "")),
            "Both lines are right. Who sees the picture has to know what the axes mean: `x` and `value`.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _drawing(pile=True),
            "f is right, and its slopes pile up from left to right: a loop with one leaf. All places "
            "together, in one leaf, take one walk.",
        ),
        Mistake(
            "matplotlib takes any tensor.",
            lambda: _draws_tracked,
            "matplotlib asks NumPy, and NumPy records nothing. The heights may leave the graph now: say "
            "so.",
        ),
    ),
)


# --- linear regression --------------------------------------------------------------------------------------


def _line_by_torch(
    slope: float, offset: float, rate: float, rounds: int, device: str
) -> list[float]:
    return _fit()(torch.arange(4.0), slope * torch.arange(4.0) + offset, rate, rounds)


def _fit(
    *,
    piled_up: tuple[float, float] = (0.0, 0.0),
    trained: tuple[float, float] = (1.0, 1.0),
    add_up: bool = False,
    most: int = 1000,
) -> Callable[..., list[float]]:
    """Fit a line in torch's functional form, in which one thing may be wrong."""

    def fit(x: Any, y: Any, rate: float, rounds: int) -> list[float]:
        pair, piled = torch.zeros(2), torch.zeros(2)

        def gap(at: Any) -> Any:
            kind = "sum" if add_up else "mean"
            return torch.nn.functional.mse_loss(at[0] * x + at[1], y, reduction=kind)

        for _ in range(min(rounds, most)):
            piled = piled * torch.tensor(piled_up) + torch.func.grad(gap)(pair)
            pair = pair - rate * piled * torch.tensor(trained)
        return pair.tolist()

    return fit


def _recorded_step(x: Any, y: Any, rate: float, rounds: int) -> Any:
    leaf = torch.zeros((), requires_grad=True)
    (leaf * x - y).square().mean().backward()
    leaf -= rate * leaf.grad


FIT_A_LINE = Exercise(
    id="fit-a-line",
    title="Linear regression, from an empty cell",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "after a few rounds",
            expect=_line_by_torch,
            ask=asks.line,
            inputs=(
                st.sampled_from((-1.0, 2.0, 3.0)),
                st.sampled_from((1.0, -2.0)),
                st.sampled_from((0.05, 0.1)),
                st.integers(2, 6),
            ),
            examples=((2.0, 1.0, 0.1, 1), (2.0, 1.0, 0.1, 3)),
            agreement=AGREES,
        ),
        Question(
            "after 200 rounds",
            expect=_line_by_torch,
            ask=asks.line,
            examples=((2.0, 1.0, 0.1, 200),),
            inputs=(st.just(2.0), st.just(1.0), st.just(0.1), st.just(200)),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _fit(piled_up=(1.0, 1.0)),
            "The first step is right, the later ones are too long: gradients pile up. Reset both, in "
            "each round.",
        ),
        *(
            Mistake(
                "One reset is enough.",
                partial(_fit, piled_up=which),
                "One of the two gradients still piles up. There are two leaves, so two resets.",
            )
            for which in ((1.0, 0.0), (0.0, 1.0))
        ),
        Mistake(
            "A `return` ends the round.",
            lambda: _fit(most=1),
            "This is where one stands after a single step. A `return` ends the whole function: is it "
            "indented too far, inside the loop?",
        ),
        Mistake(
            "A step is a calculation like any other.",
            lambda: _recorded_step,
            "torch refuses to change a tracked leaf in place while it records. A step is not a part of "
            "the function.",
        ),
        Mistake(
            "The slope of the line is all there is to learn.",
            lambda: _fit(trained=(1.0, 0.0)),
            "b stays at 0: it takes no step. There are two leaves.",
        ),
        Mistake(
            "The gradient points downhill.",
            lambda: _fit(trained=(-1.0, -1.0)),
            "w and b run away from the line: each step goes uphill. Which sign has a step?",
        ),
        Mistake(
            "A sum is as good as a mean.",
            lambda: _fit(add_up=True),
            "Each step is as many times too long as there are points: the loss is the *mean* of the "
            "squared gaps.",
        ),
        Mistake(
            "backward() updates the weights.",
            lambda: _fit(trained=(0.0, 0.0)),
            "w and b are still 0. Backward writes gradients, and changes no weight. Or did a step give "
            "the *name* to a new tensor, so that the leaf stayed where it was?",
        ),
    ),
)


# --- a round of training, in your engine --------------------------------------------------------------------


def _network_loss(parameters: Any, x: Any, y: Any) -> Any:
    """Calculate the lesson's loss; every engine knows these operations."""
    first, shift, second, last = parameters
    gaps = (x @ first + shift).tanh() @ second + last - y
    return (gaps * gaps).sum() / 16


def _losses_of_network(seed: int, rate: float, rounds: int, device: str) -> list[float]:
    weights, x, y = asks.beginning(seed)
    parameters = [torch.tensor(array, requires_grad=True) for array in weights]
    data = torch.tensor(x), torch.tensor(y)
    optimizer = torch.optim.SGD(parameters, lr=rate)
    seen = []
    for _ in range(rounds):
        optimizer.zero_grad()
        height = _network_loss(parameters, *data)
        height.backward()
        optimizer.step()
        seen.append(height.item())
    return seen


def _round(
    *,
    reset: slice | None = slice(None),
    sign: float = -1.0,
    which: slice = slice(None),
    returns: str = "number",
    walks: bool = True,
) -> Callable[[], Any]:
    """Make (engine, round of training), in which one thing may be wrong."""

    def one_round(parameters: Any, x: Any, y: Any, rate: float) -> Any:
        height = _network_loss(parameters, x, y)
        if walks:
            height.backward()
        for leaf in parameters[which]:
            leaf.value = leaf.value + sign * rate * leaf.grad
        for leaf in parameters[reset] if reset else ():
            leaf.grad = None
        after = _network_loss(parameters, x, y)
        return {
            "number": height.item(),
            "array": height.value,
            "node": height,
            "after": after.item(),
            "none": None,
        }[returns]

    return lambda: (pitfalls.MyTensor, one_round)


def _asks_an_array_for_its_value(parameters: Any, x: Any, y: Any, rate: float) -> Any:
    return parameters[0].value.value


TRAIN_NETWORK = Exercise(
    id="train-network",
    title="A round of training, in your engine",
    minutes=4,
    difficulty=3,
    questions=(
        Question(
            "the losses, beside torch",
            expect=_losses_of_network,
            ask=asks.losses,
            inputs=(st.integers(0, 50), st.sampled_from((0.05, 0.1)), st.integers(3, 8)),
            examples=((0, 0.1, 5),),
            agreement=Agreement(relative=1e-7, absolute=1e-9),
            points=3,
        ),
    ),
    mistakes=(
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            _round(reset=None),
            "The first two losses are right, and then the steps get too long. Your engine adds to "
            "`.grad`, as torch does: who takes it away?",
        ),
        Mistake(
            "One reset is enough.",
            _round(reset=slice(3, 4)),
            "The first two losses are right. Only the last parameter is reset: is that line indented too "
            "little, outside of the loop?",
        ),
        Mistake(
            "A gradient is a node.",
            lambda: (pitfalls.MyTensor, _asks_an_array_for_its_value),
            "In your engine a `.grad` is an array already, and an array has no `value`. The leaf has one.",
        ),
        Mistake(
            "A weight is a name.",
            _round(sign=0.0),
            "The loss never changes, so no leaf moves. `parameter = parameter - ...` gives the name to a "
            "new node. The leaf's own array is its `value`.",
        ),
        Mistake(
            "The gradient points downhill.",
            _round(sign=1.0),
            "The loss rises: each step goes uphill.",
        ),
        Mistake(
            "Only weights are trained, and no biases.",
            _round(which=slice(0, None, 2)),
            "Two of the four parameters stay where they were. All of them are leaves, and all take a "
            "step.",
        ),
        Mistake(
            "A node with one number is a number.",
            _round(returns="node"),
            "The training is right, and what you return is a node, with its whole graph behind it. A "
            "plain number is wanted.",
        ),
        Mistake(
            "An array with one number is a number.",
            _round(returns="array"),
            "The training is right. What you return is the array inside of the node; `item()` makes a "
            "plain number.",
        ),
        Mistake(
            "The loss is asked for after the step.",
            _round(returns="after"),
            "Each loss is that of the round after: it was calculated when the step was done. Return the "
            "one that you walked back from.",
        ),
        Mistake(
            "A round has nothing to tell.",
            _round(returns="none"),
            "The training may be right, and nothing comes back. Return the loss, as it was before the "
            "step.",
        ),
        Mistake(
            "The slope is there as soon as the value is.",
            _round(walks=False),
            "`.grad` is None: nobody walked back. Which of the four lines is missing?",
        ),
    ),
)


# --- who does what? -----------------------------------------------------------------------------------------


def _names_in_the_engine(device: str) -> list[str]:
    """Name the parts of chalkgrad's graph; renamed there, they fail here."""
    parts = (graph.Edge, graph.AccumulateGrad, graph._walk, graph._released)
    return [part.__name__ for part in parts]


def _said(*names: str) -> Callable[[], list[str]]:
    return lambda: list(names)


READ_THE_ENGINE = Exercise(
    id="read-the-engine",
    title="Who does what?",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "four names",
            expect=_names_in_the_engine,
            ask=asks.names,
            points=2,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "What adds is what sums.",
            _said("_walk", "AccumulateGrad", "_walk", "_released"),
            "Two kinds of sums are meant. Where ways meet, gradients of *one* shape are added. Where "
            "something was broadcast, a gradient has *too many* entries and is summed to a smaller "
            "shape: look for `sum_to`.",
        ),
        Mistake(
            "The sum at a leaf is the sum of ways.",
            _said("Edge", "AccumulateGrad", "AccumulateGrad", "_released"),
            "AccumulateGrad stands at the end of a way, where a leaf keeps its gradient from walk to "
            "walk. Ways can meet anywhere in the graph, within one walk: who holds what is `waiting` "
            "there?",
        ),
        Mistake(
            "The walk ends by itself.",
            _said("Edge", "_walk", "_walk", "_released"),
            "`_walk` goes along a way until a node has no parents. That node stands for the leaf, and "
            "knows it as its `variable`. Which class is it?",
        ),
        Mistake(
            "Who walks also refuses.",
            _said("Edge", "AccumulateGrad", "_walk", "_walk"),
            "`_walk` asks another function for what was saved. That one finds that it is gone: look for "
            "`backward_twice`.",
        ),
        Mistake(
            "A node does all of it.",
            _said("Node", "AccumulateGrad", "_walk", "Node"),
            "A Node only remembers. The way to an input that was broadcast is a class of its own, and "
            "the refusal a function of its own.",
        ),
    ),
)


WHY_NEWEST_FIRST = WrittenExercise(
    id="why-newest-first",
    title="Newest first",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that a node must wait until all that used its result are done, since else it "
        "would pass on only a part of its gradient. "
        "1 point: says that whatever uses a result is made after it, so newest first means that all "
        "users come before. No point for 'it is the reverse order' without a reason."
    ),
)

EXERCISES = (
    ALL_DISTANCES,
    WAVE_SLOPES,
    BOTH_OUTPUTS,
    DRAW_SLOPE,
    FIT_A_LINE,
    TRAIN_NETWORK,
    READ_THE_ENGINE,
    WHY_NEWEST_FIRST,
)

check = checker(EXERCISES)
