"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.my_tensor.mathematics import MyTensor as EarlierTensor
from course.my_tensor.mathematics import in_order, unbroadcast
from course.practice.working_with_gradients import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)


# --- mend the leaf -----------------------------------------------------------------------------------


def _square(leaf: torch.Tensor, walks: int = 1, ask_late: bool = False) -> tuple[Any, Any, Any]:
    """Return side, area and slope after so many walks back, each on a graph of its own."""
    area = leaf * leaf
    if ask_late:
        leaf.requires_grad_()
    for _ in range(walks):
        (leaf * leaf).backward()
    return leaf, area, leaf.grad


def _right_square(device: str = "cpu") -> tuple[Any, Any, Any]:
    return _square(torch.tensor(3.0, device=device, requires_grad=True))


def _area_as_slope() -> tuple[Any, Any, Any]:
    leaf, area, _ = _right_square()
    return leaf, area, area


MEND_THE_LEAF = Exercise(
    id="mend-the-leaf",
    title="Mend the leaf",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the side",
            expect=lambda device: asks.side(_right_square(), device=device),
            ask=asks.side,
        ),
        Question(
            "the area",
            expect=lambda device: asks.area(_right_square(), device=device),
            ask=asks.area,
            agreement=AGREES,
        ),
        Question(
            "the slope",
            expect=lambda device: asks.side_slope(_right_square(device), device=device),
            ask=asks.side_slope,
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A whole number can have a slope.",
            lambda: _square(torch.tensor(3), walks=0),
            "`3` makes a tensor of whole numbers, and torch gives those no slope: there is no tiny step "
            "between them. A decimal point makes the difference.",
        ),
        Mistake(
            "The slope is there as soon as the value is.",
            lambda: _square(torch.tensor(3.0, requires_grad=True), walks=0),
            "The slope is None. Did nobody go back from the area before it was read? Or was taken what "
            "`backward()` gives back? That is nothing: the slope stands on the leaf.",
        ),
        Mistake(
            "Asking later tracks what was calculated earlier.",
            lambda: _square(torch.tensor(3.0), walks=0, ask_late=True),
            "The side is right now. But the area was calculated before anybody asked, so it has no "
            "history. Which of the two lines comes first?",
        ),
        Mistake(
            "A decimal number is tracked by itself.",
            lambda: _square(torch.tensor(3.0), walks=0),
            "The decimal point is right. But nobody asked for a gradient yet: there are two ways to ask, "
            "when the tensor is made or after.",
        ),
        Mistake(
            "The area is the slope.",
            _area_as_slope,
            "This is the area again. How fast it grows stands on the leaf, after the walk back.",
        ),
        Mistake(
            "A second walk back replaces the first.",
            lambda: _square(torch.tensor(3.0, requires_grad=True), walks=2),
            "This is twice the slope: two walks back left it on the same leaf. Make the leaf anew: run "
            "the whole cell once more.",
        ),
    ),
)


# --- draw the slopes ---------------------------------------------------------------------------------


def _slopes(places: np.ndarray) -> np.ndarray:
    leaves = torch.tensor(places, requires_grad=True)
    (slopes,) = torch.autograd.grad(asks.polynomial(leaves).sum(), leaves)
    return slopes.numpy()


_PLACES = np.linspace(0, 10, 101)


def _drawing(
    y: Callable[[np.ndarray], Any],
    places: np.ndarray = _PLACES,
    names: tuple[str, str] = ("x", "slope"),
    swapped: bool = False,
    at: np.ndarray | None = None,
) -> Callable[[], Any]:
    """Make a function that draws a line through (places, y) on axes with these names.

    `at` is where the line is drawn instead of at its places.
    """

    def draw() -> Any:
        from matplotlib import pyplot

        _, axes = pyplot.subplots()
        pair = (places if at is None else at, y(places))
        axes.plot(*(reversed(pair) if swapped else pair))
        axes.set(xlabel=names[0], ylabel=names[1])
        return axes

    return lambda: draw


def _leaves() -> torch.Tensor:
    return torch.tensor(_PLACES, requires_grad=True)


def _draws_no_slopes() -> None:
    import seaborn

    seaborn.lineplot(x=_PLACES, y=None)


def _right_line(device: str) -> dict[str, Any]:
    return {"number of points": len(_PLACES), "x": _PLACES, "slope": _slopes(_PLACES)}


DRAW_SLOPES = Exercise(
    id="draw-slopes",
    title="Draw the slopes",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the line",
            expect=_right_line,
            ask=asks.line_drawn,
            agreement=Agreement(relative=1e-3, absolute=1e-3),
        ),
        Question(
            "the names of the axes",
            expect=lambda device: {"the x axis has a name": True, "the y axis has a name": True},
            ask=asks.axes_named,
        ),
    ),
    mistakes=(
        Mistake(
            "The heights are the slopes.",
            _drawing(asks.polynomial),
            "This line is the height of f, as in the picture above. The slopes stand on the leaf, after a "
            "walk back.",
        ),
        Mistake(
            "The leaves are their slopes.",
            _drawing(lambda places: places),
            "This is the line y = x: the places are drawn over themselves. The slopes stand on the leaf, "
            "but they are not the leaf.",
        ),
        Mistake(
            "The slopes are there without a walk back.",
            lambda: _draws_no_slopes,
            "seaborn was given nothing to draw for y: `leaves.grad` is None until somebody goes back. Which step "
            "is missing?",
        ),
        Mistake(
            "Backward starts from any tensor.",
            lambda: lambda: asks.polynomial(_leaves()).backward(),
            "`backward()` starts from one number, and `f(leaves)` holds 101. Make one number of them, in which "
            "each height has its own term.",
        ),
        Mistake(
            "What is tracked can be drawn.",
            lambda: lambda: _leaves().numpy(),
            "A tracked tensor cannot be drawn. The places stand in `places` too, and the slopes, in "
            "`leaves.grad`, are not tracked.",
        ),
        Mistake(
            "A line needs its heights only.",
            _drawing(_slopes, at=np.arange(101.0)),
            "The line runs from 0 to 100, since no places were given: seaborn counted the points. Give it "
            "`x=places` and `y=...`.",
        ),
        Mistake(
            "A small step says the slope as well.",
            _drawing(lambda places: np.gradient(asks.polynomial(places), places)),
            "This is near, from differences of two heights, and at both ends it is off. torch says the slopes "
            "themselves, after one walk back.",
        ),
        Mistake(
            "A mean is as good as a sum.",
            _drawing(lambda places: _slopes(places) / places.size),
            "The line has the right form and is 101 times too flat: a mean divides by the number of "
            "places. In which single number does each height count in full?",
        ),
        Mistake(
            "Two walks back leave the slopes as they are.",
            _drawing(lambda places: 2 * _slopes(places)),
            "Every slope is twice what it should be: two walks back have added theirs on the same leaf. "
            "One is enough for the whole picture.",
        ),
        Mistake(
            "x and y may change places.",
            _drawing(_slopes, swapped=True),
            "The line lies on its side: the slopes run along the x axis. Which of the two is "
            "`x=` in the example?",
        ),
        Mistake(
            "A line speaks for itself.",
            _drawing(_slopes, names=("", "")),
            "The line is right. But nobody who sees it can tell what is drawn over what: give both axes "
            "a name.",
        ),
        Mistake(
            "The x axis needs no name.",
            _drawing(_slopes, names=("", "slope")),
            "The line is right, and the y axis has its name. The other one has none yet.",
        ),
        Mistake(
            "The y axis needs no name.",
            _drawing(_slopes, names=("x", "")),
            "The line is right, and the x axis has its name. The other one has none yet.",
        ),
    ),
)


# --- part by part --------------------------------------------------------------------------------------


def _slope_of_batch(data: list[float], device: str = "cpu", scale: float = 1.0) -> float:
    w = torch.tensor(2.0, device=device, requires_grad=True)
    (scale * asks.batch_loss(w, torch.tensor(data, device=device))).backward()
    assert w.grad is not None
    return w.grad.item()


def _whole(parts: list[list[float]], device: str) -> float:
    return _slope_of_batch([point for part in parts for point in part], device)


def _of_parts(combine: Callable[[list[float]], float]) -> Callable[[], Any]:
    """Make a wrong answer from what it makes of the slopes of the parts."""
    return lambda: lambda parts: combine([_slope_of_batch(part.tolist()) for part in parts])


def _leaf_of_two() -> Any:
    return torch.tensor(2.0, requires_grad=True)


def _walks_again(parts: list[Any]) -> float:
    w, total = _leaf_of_two(), 0
    for part in parts:
        total = total + asks.batch_loss(w, part)
        total.backward()
    return w.grad.item()


def _losses(parts: list[Any]) -> float:
    return sum(asks.batch_loss(2.0, part).item() for part in parts)


_POINTS = st.integers(-6, 6).map(lambda n: n / 2)
_PART = st.lists(_POINTS, min_size=1, max_size=3)

PART_BY_PART = Exercise(
    id="part-by-part",
    title="Part by part",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "a batch in one part",
            expect=_whole,
            ask=asks.part_by_part,
            inputs=(st.lists(_PART, min_size=1, max_size=1),),
            examples=(([[1.0, 2.0]],),),
            agreement=AGREES,
        ),
        Question(
            "a batch in several parts",
            expect=_whole,
            ask=asks.part_by_part,
            inputs=(st.lists(_PART, min_size=2, max_size=4),),
            examples=(([[1.0, 2.0], [3.0, 4.0], [5.0]],),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A second walk back replaces the first.",
            _of_parts(lambda slopes: slopes[-1]),
            "This is the slope of the last part alone. Was something reset in the loop, or a new leaf made, "
            "or did only the last loss go backward? `.grad` adds by itself, if it is let alone.",
        ),
        Mistake(
            "The first part stands for all.",
            _of_parts(lambda slopes: slopes[0]),
            "This is the slope of the first part. Does the loop end too early: does `return` stand in it?",
        ),
        Mistake(
            "The slopes of the parts are averaged.",
            _of_parts(lambda slopes: sum(slopes) / len(slopes)),
            "You divide by the number of parts. That belongs to a loss that is a mean. This loss is a "
            "sum over all points, so the parts add up to it as they are.",
        ),
        Mistake(
            "The sums that stand in .grad are added once more.",
            _of_parts(lambda slopes: sum(sum(slopes[: place + 1]) for place in range(len(slopes)))),
            "You add up what stands in `.grad` after each part. But it holds the earlier parts already, so "
            "they are counted again. Read it once, at the end.",
        ),
        Mistake(
            "A list of what stands there remembers what stood there.",
            _of_parts(lambda slopes: sum(slopes) * len(slopes)),
            "Did you put `w.grad` into a list after each part? It is one and the same tensor, which changes: the "
            "list holds the final sum as often as there are parts. Read it once, at the end.",
        ),
        Mistake(
            "The whole sum so far may go backward again.",
            lambda: _walks_again,
            "With one part it is right. Then a loss that has gone back already is in the sum that goes back next, "
            "and its history is gone. Go back from each part's own loss.",
        ),
        Mistake(
            "Every part begins with a reset.",
            lambda: lambda parts: _leaf_of_two().grad.zero_(),
            "Before the first walk back `.grad` is None, so there is nothing to reset. And between the parts "
            "nothing should be reset: their slopes are to add up.",
        ),
        Mistake(
            "All parts are one tensor.",
            lambda: lambda parts: asks.batch_loss(_leaf_of_two(), parts).item(),
            "`parts` is a list of tensors, and a loss is calculated from one of them. A loop takes them one by "
            "one.",
        ),
        Mistake(
            "The leaf is its slope.",
            lambda: lambda parts: 2.0,
            "This is w, the leaf itself. The slope stands on it, but is not the leaf.",
        ),
        Mistake(
            "The loss is its slope.",
            lambda: _losses,
            "This is the loss of the batch. How fast it changes with w stands on the leaf, after "
            "the walks back.",
        ),
        Mistake(
            "Backward returns the slope.",
            lambda: lambda parts: None,
            "`backward()` itself gives nothing back, and a function without `return` gives nothing back. "
            "Where does the slope stand?",
        ),
    ),
)


# --- what stands there ---------------------------------------------------------------------------------


def _what_stands_there(device: str) -> float:
    x = torch.tensor(2.0, device=device, requires_grad=True)
    (x**2).backward()
    (3 * x).backward()
    x.grad = None
    (x**3).backward()
    (3 * x).backward()
    grad: Any = x.grad
    return grad.item()


WHAT_STANDS_THERE = Exercise(
    id="what-stands-there",
    title="What stands there?",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "x.grad at the end",
            expect=_what_stands_there,
            ask=common.number,
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "A second walk back replaces the first.",
            lambda: 3,
            "This is what the last walk brings. It finds something on the leaf. Is that replaced?",
        ),
        Mistake(
            "Setting .grad to None changes nothing.",
            lambda: 4 + 3 + 12 + 3,
            "You added all four. In the middle one line resets: what stands on the leaf after it?",
        ),
        Mistake(
            "The sum is what the walks before the reset brought.",
            lambda: 4 + 3,
            "That stood there before the reset. Two walks come after it.",
        ),
        Mistake(
            "The last but one walk is replaced by the reset.",
            lambda: 12,
            "One walk after the reset is missing: the last line goes back too.",
        ),
        Mistake(
            "What is times 3 has no slope of its own.",
            lambda: 4 + 12,
            "You counted the powers only. And a line in the middle resets: what stands on the leaf after it, "
            "and what comes after that?",
        ),
        Mistake(
            "The values add up.",
            lambda: 2**3 + 3 * 2,
            "These are the values of x³ and 3x. On the leaf stand slopes.",
        ),
    ),
)


# --- only on leaves, and added ---------------------------------------------------------------------------


class MyTensor(EarlierTensor):
    """As in the lesson: a node that can be asked for a gradient."""

    def __init__(self, value: Any, requires_grad: bool = False) -> None:
        super().__init__(value)
        self.requires_grad = requires_grad

    def _node(self, other: Any) -> Any:
        return other if isinstance(other, MyTensor) else MyTensor(other)

    def _result(self, value: Any, parents: Any, pull: Any, operation: str) -> Any:
        result = MyTensor(value)
        result.parents, result.pull, result.operation = parents, pull, operation
        return result


def _fresh_gradients(output: Any) -> dict[Any, Any]:
    found = {node: np.zeros_like(node.value) for node in in_order(output)}
    found[output] = np.ones_like(output.value)
    for node in reversed(found):
        pulled = node.pull(found[node]) if node.pull else ()
        for parent, gradient in zip(node.parents, pulled, strict=False):
            found[parent] = found[parent] + unbroadcast(gradient, parent.value.shape)
    return found


def _walk_by_walk(total: Callable[[Any, Any], Any], only_leaves: bool = True) -> Callable[[], Any]:
    """Make a wrong answer from what it lets stand on a leaf: what was there, what arrived."""

    def add_to_leaves(output: Any) -> None:
        for node, gradient in _fresh_gradients(output).items():
            if not only_leaves or (node.requires_grad and not node.parents):
                node.grad = total(node.grad, gradient)

    return lambda: (MyTensor, add_to_leaves)


def _torch_on_leaves(values: dict[str, float], programs: list[str], device: str) -> dict[str, Any]:
    names: dict[str, Any] = {
        name: torch.tensor(value, dtype=torch.float64, device=device, requires_grad=name.islower())
        for name, value in values.items()
    }
    results: dict[str, Any] = {}
    for line in programs:
        name, _, right = line.partition(" = ")
        results[name] = eval(right, {}, names | results)
        results[name].backward(retain_graph=True)
    leaves = {f"{name}.grad": leaf.grad for name, leaf in names.items()}
    grads = {name: None if grad is None else grad.item() for name, grad in leaves.items()}
    return grads | {f"{name}.grad": None for name in results}  # no leaf, so nothing is kept


_TENTHS = st.integers(-30, 30).map(lambda n: n / 10)
_VALUES = st.fixed_dictionaries({"x": _TENTHS, "C": _TENTHS})
# What is written with a capital letter is not tracked.
_LINES = ("y = x * x", "y = x * C", "y = x + C * x", "y = x * x * x")


def _several_lines(names: str) -> st.SearchStrategy[list[str]]:
    lines = [
        st.sampled_from([line.replace("y =", f"{name} =") for line in _LINES]) for name in names
    ]
    return st.tuples(*lines).map(list)


ONLY_ON_LEAVES = Exercise(
    id="only-on-leaves",
    title="Only on leaves, and added",
    minutes=2,
    difficulty=2,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "one walk back",
            expect=_torch_on_leaves,
            ask=asks.grads_on_leaves,
            inputs=(_VALUES, _several_lines("y")),
            examples=(({"x": 3.0, "C": 5.0}, ["y = x * x"]),),
            agreement=AGREES,
        ),
        Question(
            "several walks back",
            expect=_torch_on_leaves,
            ask=asks.grads_on_leaves,
            inputs=(_VALUES, st.one_of(_several_lines("yz"), _several_lines("uvw"))),
            examples=(({"x": 3.0, "C": 5.0}, ["y = x * x", "z = x * C"]),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A second walk back replaces the first.",
            _walk_by_walk(lambda before, new: new),
            "After one walk it is right. A second walk takes the place of the first here, as "
            "in your engine of the section before. torch adds to what stands there.",
        ),
        Mistake(
            "The first walk counts.",
            _walk_by_walk(lambda before, new: new if before is None else before),
            "After one walk it is right. What a second walk brings is lost: where something stands "
            "already, the new gradient is to be added to it.",
        ),
        Mistake(
            "None is a number to add to.",
            _walk_by_walk(lambda before, new: before + new),
            "Before the first walk `.grad` is None, and None is no number to add to. So there are two "
            "cases: nothing stands there yet, or something does.",
        ),
        Mistake(
            "What stands there counts twice.",
            _walk_by_walk(lambda before, new: new if before is None else 2 * before + new),
            "What stood there comes in twice. The new total has two parts: what stands there, and "
            "what arrived.",
        ),
        Mistake(
            "The first walk only makes room.",
            _walk_by_walk(lambda before, new: 0.0 if before is None else before + new),
            "What the first walk brings is lost: where nothing stands yet, you let 0 stand. It brings a "
            "gradient already.",
        ),
        Mistake(
            "Intermediate results keep their gradient.",
            _walk_by_walk(
                lambda before, new: new if before is None else before + new, only_leaves=False
            ),
            "A gradient stands on something that is no tracked leaf. torch keeps gradients on tracked "
            "leaves only: let the line with `continue` stand.",
        ),
        Mistake(
            "A walk back is multiplied onto the one before.",
            _walk_by_walk(lambda before, new: new if before is None else before * new),
            "Two walks are multiplied with each other here. They are like two paths: what they bring "
            "is added.",
        ),
    ),
)


# --- who is tracked --------------------------------------------------------------------------------------


def _torch_result(tracked: list[bool], is_recording: bool, device: str) -> dict[str, Any]:
    a, b = (
        torch.tensor(value, device=device, requires_grad=it)
        for value, it in zip((3.0, 5.0), tracked, strict=True)
    )
    with torch.set_grad_enabled(is_recording):
        result = a * b
    has_history = result.grad_fn is not None
    return {
        "value": result.item(),
        "requires_grad": result.requires_grad,
        "parents": [a.item(), b.item()] if has_history else [],
        "pull is kept": has_history,
        "operation": "mul" if has_history else "",
    }


def _result_by(
    is_tracked: Callable[[list[bool], bool], bool],
    *,
    flag: bool = True,
    history: bool = True,
    always_history: bool = False,
) -> Callable[[], Any]:
    """Make a wrong `tracked_result` from when it tracks, and what it then sets."""

    def tracked_result(
        value: Any, parents: Any, pull: Any, operation: str, is_recording: bool
    ) -> Any:
        result = MyTensor(value)
        tracked = is_tracked([parent.requires_grad for parent in parents], is_recording)
        result.requires_grad = tracked and flag
        if always_history or (tracked and history):
            result.parents, result.pull, result.operation = parents, pull, operation
        return result

    return lambda: (MyTensor, tracked_result)


_EITHER = st.lists(st.booleans(), min_size=2, max_size=2)

WHO_IS_TRACKED = Exercise(
    id="who-is-tracked",
    title="Who is tracked?",
    minutes=3,
    difficulty=2,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "while it is recording",
            expect=_torch_result,
            ask=asks.result_made,
            inputs=(_EITHER, st.just(True)),
            examples=(
                ([True, False], True),
                ([False, True], True),
                ([True, True], True),
                ([False, False], True),
            ),
        ),
        Question(
            "inside a no_grad",
            expect=_torch_result,
            ask=asks.result_made,
            inputs=(_EITHER, st.just(False)),
            examples=(([True, False], False), ([True, True], False), ([False, False], False)),
        ),
    ),
    mistakes=(
        Mistake(
            "All inputs have to be tracked.",
            _result_by(lambda tracked, recording: recording and all(tracked)),
            "A tracked 3 times an untracked 5 still changes when the 3 changes. One tracked parent is "
            "enough.",
        ),
        Mistake(
            "The first input decides.",
            _result_by(lambda tracked, recording: recording and tracked[0]),
            "With the tracked parent in front it is right. A tracked second parent is overlooked: is "
            "there a `return` in a loop, or was only one parent asked?",
        ),
        Mistake(
            "Every result is tracked.",
            _result_by(lambda tracked, recording: recording),
            "Here a result is tracked though none of its parents is, so there is no leaf to which a gradient could "
            "go back. Recording alone is not enough: is there an `or` where both are needed?",
        ),
        Mistake(
            "Tracked parents are tracked everywhere.",
            _result_by(lambda tracked, recording: any(tracked)),
            "While it is recording this is right. Inside a `no_grad` nothing is tracked, whatever the "
            "parents are: two things have to be true at once.",
        ),
        Mistake(
            "Recording means that nothing is tracked.",
            _result_by(lambda tracked, recording: not recording and any(tracked)),
            "It is recording, a parent is tracked, and the result is not. Is `requires_grad` set at all? Or is it the "
            "wrong way round: `is_recording` is True as a rule, and False inside a `no_grad`.",
        ),
        Mistake(
            "Being tracked is a flag, and no history.",
            _result_by(lambda tracked, recording: recording and any(tracked), history=False),
            "The result says that it is tracked, and has no way back: `parents`, `pull` and `operation` "
            "are missing.",
        ),
        Mistake(
            "A history is enough.",
            _result_by(lambda tracked, recording: recording and any(tracked), flag=False),
            "The history is there, but `requires_grad` is still False. So the next result will not know that "
            "one of its parents is tracked.",
        ),
        Mistake(
            "Every result keeps its parents.",
            _result_by(lambda tracked, recording: recording and any(tracked), always_history=True),
            "The flag is right. But what is not tracked keeps its parents here, and with them a graph that "
            "nobody will walk: it holds on to memory.",
        ),
    ),
)


WHY_GRAD_ADDS = WrittenExercise(
    id="why-grad-adds",
    title="Why does it add?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: a case that needs the adding: a batch in parts (not a model that does not fit), or a "
        "leaf that is used by several losses. "
        "1 point: the reset stands between gradients that are not to be added, in training once per "
        "step, before the next walk back (or after the step). "
        "No point for 'one must always reset' without saying when."
    ),
)

EXERCISES = (
    MEND_THE_LEAF,
    DRAW_SLOPES,
    PART_BY_PART,
    WHAT_STANDS_THERE,
    ONLY_ON_LEAVES,
    WHO_IS_TRACKED,
    WHY_GRAD_ADDS,
)

check = checker(EXERCISES)
