"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.graphs.weights import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)
# What float32 leaves of a dozen rounds.
AGREES_AFTER_ROUNDS = Agreement(relative=1e-3, absolute=1e-3)
# Numbers that a student can read in a reply.
READABLE = st.integers(-12, 12).map(lambda n: n / 4)
RATES = st.integers(1, 10).map(lambda n: n / 100)


# --- the slopes of a neuron's loss -----------------------------------------------------------------


def _neuron_slopes(
    w: float, b: float, x: float, target: float, device: str = "cpu", power: int = 2
) -> list[float]:
    """Return the slopes of (w x + b - target) ** power with respect to w and b."""
    weights = [
        torch.tensor(item, dtype=torch.float64, device=device, requires_grad=True)
        for item in (w, b)
    ]
    loss = (weights[0] * x + weights[1] - target) ** power
    return [slope.item() for slope in torch.autograd.grad(loss, weights)]


def _untracked(w: float, b: float, x: float, target: float) -> None:
    ((torch.tensor(w) * x + torch.tensor(b) - target) ** 2).backward()


def _bias_inside(w: float, b: float, x: float, target: float) -> list[float]:
    distance = w * (x + b) - target
    return [2 * distance * (x + b), 2 * distance * w]


NEURON_SLOPES = Exercise(
    id="neuron-slopes",
    title="Two slopes from one walk",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "at the numbers of this lesson",
            expect=_neuron_slopes,
            ask=asks.two_numbers,
            inputs=(st.just(3.0), st.just(-1.0), st.just(2.0), st.just(2.0)),
            agreement=AGREES,
        ),
        Question(
            "at any numbers",
            expect=_neuron_slopes,
            ask=asks.two_numbers,
            inputs=(READABLE,) * 4,
            examples=((1.0, 0.0, 3.0, 5.0),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The slope that counts is that of the neuron.",
            lambda: lambda w, b, x, target: _neuron_slopes(w, b, x, target, power=1),
            "These are the slopes of the neuron's answer, x and 1. What is wanted is how the "
            "*loss* reacts. Does your walk begin at the loss, and is the distance squared in it?",
        ),
        Mistake(
            "The slope of w stands for both.",
            lambda: lambda w, b, x, target: [_neuron_slopes(w, b, x, target)[0]] * 2,
            "Both are the slope of w. Each leaf holds its own: read the second one off b.",
        ),
        Mistake(
            "The order of the two does not matter.",
            lambda: lambda w, b, x, target: _neuron_slopes(w, b, x, target)[::-1],
            "Both slopes are right, and each stands in the other's place: first that of w, then "
            "that of b.",
        ),
        Mistake(
            "The weights are their slopes.",
            lambda: lambda w, b, x, target: [w, b],
            "These are w and b themselves. After the walk their slopes stand on them: what did the "
            "worked example read?",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: _untracked,
            "The message says that nothing was tracked. Look at how w and b were made in the "
            "worked example: what were they given that x was not?",
        ),
        Mistake(
            "The slopes are there as soon as the loss is.",
            lambda: lambda w, b, x, target: [None, None],
            "Both are None. Either nobody has walked back yet, or what you read is no leaf.",
        ),
        Mistake(
            "Backward returns the slopes.",
            lambda: lambda w, b, x, target: None,
            "`backward()` itself gives nothing back, and a function without `return` neither. After "
            "the walk the slopes stand on the two leaves.",
        ),
        Mistake(
            "A second backward replaces the slopes of the first.",
            lambda: lambda w, b, x, target: [2 * it for it in _neuron_slopes(w, b, x, target)],
            "Exactly twice as much: backward ran twice on the same leaves, and it adds.",
        ),
        Mistake(
            "The input has a slope to be reported.",
            lambda: (
                lambda w, b, x, target: [
                    _neuron_slopes(x, b, w, target)[0],
                    _neuron_slopes(w, b, x, target)[0],
                ]
            ),
            "These are the slopes of x and w. The input is a fact here: what can be changed is w "
            "and b, in this order.",
        ),
        Mistake(
            "The target is taken away from the square.",
            lambda: lambda w, b, x, target: _neuron_slopes(w, b, x, 0.0),
            "Here the answer was squared, and the target taken away afterwards. The square goes "
            "around the whole distance: mind the parentheses.",
        ),
        Mistake(
            "The bias is added to the input.",
            lambda: _bias_inside,
            "The bias was added to x, and then multiplied by w as well. It comes after the product.",
        ),
        Mistake(
            "The slopes are the same for all numbers.",
            lambda: lambda w, b, x, target: _neuron_slopes(3.0, -1.0, 2.0, 2.0),
            "For the numbers of the table this is right, and for others it stays what it was. The "
            "function gets its numbers from outside: calculate with them.",
        ),
        Mistake(
            "The slope of a square is what is squared.",
            lambda: (
                lambda w, b, x, target: [slope / 2 for slope in _neuron_slopes(w, b, x, target)]
            ),
            "Exactly half of what is right. The slope of d² is 2d, and not d. With torch you need no "
            "such rule: leaf, value, backward, read.",
        ),
    ),
)


# --- one step, by hand ---------------------------------------------------------------------------------


def _right_update(values: Sequence[float], slopes: Sequence[float], rate: float) -> list[float]:
    weights = [torch.tensor(value, requires_grad=True) for value in values]
    for weight, slope in zip(weights, slopes, strict=True):
        weight.grad = torch.tensor(slope)
    torch.optim.SGD(weights, lr=rate).step()
    return [round(weight.item(), 6) for weight in weights]


def _after_update(
    values: Sequence[float], slopes: Sequence[float], rate: float, device: str
) -> dict[str, list[float]]:
    return {
        "the weights": _right_update(values, slopes, rate),
        "left in .grad": [0.0] * len(values),
        "tracked": [True] * len(values),
    }


def _updating(
    step: Callable[[Any, float], Any], *, resets: bool = True
) -> Callable[[], Callable[[Any, float], Any]]:
    """Return a maker of an update whose step is `step(weight, rate)`, subtracted in place."""

    def update(weights: Any, rate: float) -> Any:
        for weight in weights:
            slope = step(weight, rate)
            with torch.no_grad():
                weight.sub_(slope)
            if resets:
                weight.grad = None
        return weights

    return lambda: update


def _new_tensors(weights: Any, rate: float) -> Any:
    return [weight - rate * weight.grad for weight in weights]


def _new_tensors_and_reset(weights: Any, rate: float) -> Any:
    moved = _new_tensors(weights, rate)
    for weight in weights:
        weight.grad = None
    return moved


def _recorded_update(weights: Any, rate: float) -> Any:
    for weight in weights:
        weight -= rate * weight.grad
    return weights


def _as_one(weights: Any, rate: float) -> Any:
    return rate * weights.grad


def _moved_slope(weights: Any, rate: float) -> Any:
    for weight in weights:
        weight.grad -= rate * weight.grad
    return weights


def _first_only(weights: Any, rate: float) -> Any:
    return _updating(lambda weight, rate: rate * weight.grad)()(weights[:1], rate)


def _backward_again(weights: Any, rate: float) -> Any:
    for weight in weights:
        weight.backward()
    return _updating(lambda weight, rate: rate * weight.grad)()(weights, rate)


def _untracked_update(weights: Any, rate: float) -> Any:
    for weight in weights:
        weight.requires_grad_(False)
        weight.sub_(rate * weight.grad)
        weight.grad = None
    return weights


def _reset_first(weights: Any, rate: float) -> Any:
    for weight in weights:
        weight.grad = None
        weight = weight - rate * weight.grad
    return weights


WEIGHT_UPDATE = Exercise(
    id="weight-update",
    title="One step for all weights",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the two weights of this lesson",
            expect=_after_update,
            ask=asks.updated,
            inputs=(st.just([3.0, -1.0]), st.just([12.0, 6.0]), st.just(0.05)),
            agreement=AGREES,
        ),
        Question(
            "any weights",
            expect=_after_update,
            ask=asks.updated,
            inputs=(
                st.lists(READABLE, min_size=3, max_size=3),
                st.lists(READABLE, min_size=3, max_size=3),
                RATES,
            ),
            examples=(([1.0, 2.0, -1.5], [-4.0, 0.0, 2.0], 0.1),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The gradient points downhill.",
            _updating(lambda weight, rate: -rate * weight.grad),
            "Each weight went the way in which its slope points, and that is *up*: the loss grows. "
            "Downhill is against it.",
        ),
        Mistake(
            "backward replaces what stands in .grad.",
            _updating(lambda weight, rate: rate * weight.grad, resets=False),
            "The weights are right. But the old slopes are still there, and the next backward would "
            "add to them. Reset each `.grad` after it was used.",
        ),
        Mistake(
            "A new tensor is the moved weight.",
            lambda: _new_tensors,
            "The weights themselves have not moved. `w - ...` makes a new tensor beside the old "
            "one, whatever name you give it. `-=` changes the tensor that is there.",
        ),
        Mistake(
            "A new tensor is the moved weight, and the old one is reset.",
            lambda: _new_tensors_and_reset,
            "The slopes are reset, but the weights have not moved. `w - ...` makes a new tensor "
            "beside the old one. `-=` changes the tensor that is there.",
        ),
        Mistake(
            "A step is a calculation like any other.",
            lambda: _recorded_update,
            "torch refuses: it would have to record that a leaf was changed in place. A step is no "
            "part of the model, so it is not to be recorded. What switches recording off?",
        ),
        Mistake(
            "A weight that moves must not be tracked.",
            lambda: _untracked_update,
            "The weights have moved, but they are not tracked any more: the next backward would "
            "leave no slope on them. Switch off the recording of the step, not the weights.",
        ),
        Mistake(
            "First reset, then step.",
            lambda: _reset_first,
            "The slope is None by the time it is used: it was thrown away too early. What has to "
            "happen first, the step or the reset?",
        ),
        Mistake(
            "A list of weights can be moved as one.",
            lambda: _as_one,
            "`weights` is a list, and a list has no `.grad`. Each weight in it has one: go through "
            "them with a loop.",
        ),
        Mistake(
            "Every step has the same length.",
            _updating(lambda weight, rate: torch.tensor(rate, device=weight.device)),
            "Each weight moved by the rate alone, and in the same direction. The slope says which "
            "way, and how much longer the step is: rate times slope.",
        ),
        Mistake(
            "What is moved is the slope.",
            lambda: _moved_slope,
            "The slope in `.grad` was changed, and the weight was not. It is the weight that goes, "
            "by rate times its slope.",
        ),
        Mistake(
            "The first weight is all there is.",
            lambda: _first_only,
            "The first weight has moved, and the others stand where they were. Does your loop go "
            "through all of them, and is `return` after the loop?",
        ),
        Mistake(
            "Backward has to be called for each weight.",
            lambda: _backward_again,
            "The slopes are in `.grad` already. A backward from the weight itself adds 1 to each: "
            "how fast a weight grows with itself.",
        ),
        Mistake(
            "A step is as long as the slope.",
            _updating(lambda weight, rate: weight.grad.clone()),
            "The direction is right, but the whole slope is the step. `rate` says which part of it.",
        ),
        Mistake(
            "A weight shrinks by a part of itself.",
            _updating(lambda weight, rate: rate * weight.detach().clone()),
            "Each weight moved by a part of its own value. What says in which direction it should "
            "move, and how far, stands in `.grad`.",
        ),
    ),
)


# --- a loop that does not learn -------------------------------------------------------------------------


def _rounds(
    x: Any,
    target: Any,
    steps: int,
    rate: float,
    *,
    reset: Sequence[int] = (0, 1),
    too_early: bool = False,
    sign: float = 1.0,
) -> list[float]:
    """Train a line and return its losses; the keywords say which of the two slopes are reset."""
    device = x.device if isinstance(x, torch.Tensor) else "cpu"
    weights = [torch.zeros((), device=device, requires_grad=True) for _ in range(2)]
    found = []
    for _ in range(steps):
        loss = ((weights[0] * x + weights[1] - target) ** 2).mean()
        found.append(loss.item())
        loss.backward()
        for place, weight in enumerate(weights):
            assert weight.grad is not None
            if too_early:
                weight.grad.zero_()
            with torch.no_grad():
                weight.sub_(sign * rate * weight.grad)
            if place in reset:
                weight.grad = None
    return found


def _losses_by_torch(
    x: Sequence[float], target: Sequence[float], steps: int, rate: float, device: str
) -> list[float]:
    points, goals = (torch.tensor(numbers, device=device) for numbers in (x, target))
    w, b = (torch.zeros((), device=device, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([w, b], lr=rate)
    found = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((w * points + b - goals) ** 2).mean()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def _with_lost_leaves(x: Any, target: Any, steps: int, rate: float) -> list[float]:
    w, b = (torch.zeros((), requires_grad=True) for _ in range(2))
    found = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        found.append(loss.item())
        w = w - rate * w.grad
        b = b - rate * b.grad
    return found


def _loss_of(w: Any, b: Any, x: Any, target: Any) -> Any:
    return ((w * x + b - target) ** 2).mean()


def _zeroed_too_soon(x: Any, target: Any, steps: int, rate: float) -> None:
    torch.zeros((), requires_grad=True).grad.zero_()  # type: ignore[union-attr]


def _thrown_away(x: Any, target: Any, steps: int, rate: float) -> None:
    _loss_of(None, None, x, target)


def _recorded_step(x: Any, target: Any, steps: int, rate: float) -> None:
    w = torch.zeros((), requires_grad=True)
    w -= rate


def _nothing_recorded(x: Any, target: Any, steps: int, rate: float) -> None:
    with torch.no_grad():
        w = torch.zeros((), requires_grad=True)
        _loss_of(w, w, x, target).backward()


_SMALL = st.integers(-4, 4).map(lambda n: n / 2)

MEND_THE_LOOP = Exercise(
    id="mend-the-loop",
    title="Mend the loop",
    minutes=4,
    difficulty=2,
    questions=(
        Question(
            "the points of this lesson",
            expect=_losses_by_torch,
            ask=asks.losses,
            inputs=(
                st.just([0.0, 1.0, 2.0, 3.0]),
                st.just([1.0, 3.0, 5.0, 7.0]),
                st.just(6),
                st.just(0.1),
            ),
            agreement=AGREES_AFTER_ROUNDS,
        ),
        Question(
            "other points",
            expect=_losses_by_torch,
            ask=asks.losses,
            inputs=(
                st.lists(_SMALL, min_size=3, max_size=3),
                st.lists(_SMALL, min_size=3, max_size=3),
                st.integers(3, 6),
                st.sampled_from((0.05, 0.1)),
            ),
            examples=(([-1.0, 0.0, 2.0], [2.0, 1.0, -1.0], 4, 0.1),),
            agreement=AGREES_AFTER_ROUNDS,
        ),
    ),
    mistakes=(
        Mistake(
            "backward replaces what stands in .grad.",
            lambda: lambda *points: _rounds(*points, reset=()),
            "These are the losses of the broken loop. Each backward adds its slopes to those of "
            "all rounds before, so the steps become wrong. What has to happen once in each round?",
        ),
        Mistake(
            "One reset is enough for both: w.",
            lambda: lambda *points: _rounds(*points, reset=(0,)),
            "w learns as it should, but on b the slopes still pile up. Each leaf has a `.grad` of "
            "its own.",
        ),
        Mistake(
            "One reset is enough for both: b.",
            lambda: lambda *points: _rounds(*points, reset=(1,)),
            "b learns as it should, but on w the slopes still pile up. Each leaf has a `.grad` of "
            "its own.",
        ),
        Mistake(
            "backward moves the weights.",
            lambda: lambda *points: _rounds(*points, too_early=True),
            "The loss is the same in every round, so no weight moves. Backward moves none. Are the "
            "two lines of the step there, and are the slopes still there when they run? Or are w and "
            "b made anew in each round?",
        ),
        Mistake(
            "A step is a calculation like any other.",
            lambda: _with_lost_leaves,
            "A slope is None when it is used. Either it was reset between backward and the step. Or "
            "`w = w - ...` has given the name w to a *result*, which is no leaf any more.",
        ),
        Mistake(
            "Something stands on a leaf from the beginning.",
            lambda: _zeroed_too_soon,
            "In the first round nothing stands on `.grad` yet: it is None, and None cannot be set "
            "to zero. `w.grad = None` works there too. Or reset at the end of the round.",
        ),
        Mistake(
            "The loss of a round is that after its step.",
            lambda: lambda x, target, steps, rate: _rounds(x, target, steps + 1, rate)[1:],
            "The loop learns now. But each loss is noted after the step of its round, so the first "
            "one is missing. Note it before the step.",
        ),
        Mistake(
            "The weight itself is to be reset.",
            lambda: _thrown_away,
            "The weight was thrown away, and not its slope. What is to be reset is `w.grad`.",
        ),
        Mistake(
            "The function ends with the first round.",
            lambda: lambda x, target, steps, rate: _rounds(x, target, 1, rate),
            "One loss only: `return` stands inside the loop, and ends it in the first round. It "
            "belongs under the loop, as far left as `for`.",
        ),
        Mistake(
            "A step may be recorded.",
            lambda: _recorded_step,
            "torch refuses: it would have to record that a leaf was changed in place. The two lines "
            "of the step belong under `with torch.no_grad():`.",
        ),
        Mistake(
            "Nothing in a round needs to be recorded.",
            lambda: _nothing_recorded,
            "The loss itself was calculated under `no_grad`, so there is no way back from it. Only "
            "the step belongs there.",
        ),
        Mistake(
            "Smaller steps mend the loop.",
            lambda: lambda x, target, steps, rate: _rounds(x, target, steps, rate / 10, reset=()),
            "The rate was made smaller. That hides the fault for some rounds, and does not mend it: "
            "the slopes of all rounds still pile up. Leave the rate as it comes in.",
        ),
        Mistake(
            "The gradient points downhill.",
            lambda: lambda *points: _rounds(*points, sign=-1.0),
            "The loss grows from round to round. A gradient points uphill.",
        ),
    ),
)


# --- a neuron that is recorded --------------------------------------------------------------------------


class Recorder:
    """A number that remembers; only mistakes are made of it."""

    def __init__(self, value: float, parents: tuple[Any, ...] = ()) -> None:
        self.value, self.parents = float(value), parents

    def _made(self, other: Any, function: Callable[[float, float], float]) -> Recorder:
        node = other if isinstance(other, Recorder) else Recorder(other)
        return Recorder(function(self.value, node.value), (self, node))

    def __add__(self, other: Any) -> Recorder:
        return self._made(other, lambda one, two: one + two)

    def __mul__(self, other: Any) -> Recorder:
        return self._made(other, lambda one, two: one * two)


# It stands for the student's class, in what is said of it too.
Recorder.__name__ = "MyTensor"


def _neuron_by_torch(
    weights: Sequence[float], inputs: Sequence[float], bias: float, device: str
) -> dict[str, Any]:
    names = [*(f"w{place + 1}" for place in range(len(weights))), "b"]
    leaves = [
        torch.tensor(item, dtype=torch.float64, device=device, requires_grad=True)
        for item in (*weights, bias)
    ]
    value = (torch.stack(leaves[:-1]) * torch.tensor(inputs, device=device)).sum() + leaves[-1]
    slopes = torch.autograd.grad(value, leaves, allow_unused=True)
    reached = [name for name, one in zip(names, slopes, strict=True) if one is not None]
    return {"value": value.item(), "reached": ", ".join(sorted(reached))}


def _sum(nodes: Sequence[Any]) -> Any:
    total = nodes[0]
    for node in nodes[1:]:
        total = total + node
    return total


def _products(weights: Sequence[Any], inputs: Sequence[float]) -> list[Any]:
    return [weight * item for weight, item in zip(weights, inputs, strict=True)]


def _with(function: Callable[[Any, Any, Any], Any]) -> Callable[[], tuple[type, Any]]:
    return lambda: (Recorder, function)


def _neuron_question(name: str, size: int, *example: Any) -> Question:
    sized = st.lists(READABLE, min_size=size, max_size=size)
    return Question(
        name,
        expect=_neuron_by_torch,
        ask=asks.recorded_neuron,
        inputs=(sized, sized, READABLE),
        examples=(example,),
        agreement=AGREES,
    )


RECORDED_NEURON = Exercise(
    id="recorded-neuron",
    title="A neuron in your engine",
    minutes=3,
    difficulty=2,
    questions=(
        _neuron_question("one input", 1, [3.0], [2.0], -1.0),
        _neuron_question("two inputs", 2, [3.0, 0.5], [2.0, 4.0], -1.0),
        _neuron_question("three inputs", 3, [1.0, 2.0, 3.0], [2.0, 0.0, -1.0], 0.5),
    ),
    mistakes=(
        Mistake(
            "The values of the weights are enough.",
            _with(
                lambda w, x, b: sum(
                    (one.value * item for one, item in zip(w, x, strict=True)), b.value
                )
            ),
            "The number is right, but it is a plain number: it was calculated with `.value`, so "
            "nothing was recorded, and no way leads back to the weights. Calculate with the nodes.",
        ),
        Mistake(
            "A result can be wrapped afterwards.",
            _with(
                lambda w, x, b: Recorder(
                    sum((one.value * item for one, item in zip(w, x, strict=True)), b.value)
                )
            ),
            "The value is right, but the node was made anew at the end, and remembers nothing of "
            "the weights. Calculate with the nodes from the beginning.",
        ),
        Mistake(
            "A neuron has no bias.",
            _with(lambda w, x, b: _sum(_products(w, x))),
            "The bias is missing: b comes on top of the sum, and a way back has to reach it too.",
        ),
        Mistake(
            "Every input gets the bias.",
            _with(lambda w, x, b: _sum([product + b for product in _products(w, x)])),
            "The bias was added once for each input. It belongs to the neuron, and comes once.",
        ),
        Mistake(
            "The inputs are added first.",
            _with(lambda w, x, b: _sum(w) * sum(x) + b),
            "All weights times all inputs: so every weight meets every input. Each weight belongs "
            "to the one input that stands at its place.",
        ),
        Mistake(
            "The first input is the whole input.",
            _with(lambda w, x, b: w[0] * x[0] + b),
            "Only the first weight is used. The neuron has as many products as it has inputs. If you "
            "have a loop: is `return` after it, and not in it?",
        ),
        Mistake(
            "The weights may be plain numbers, if the bias is a node.",
            _with(
                lambda w, x, b: b + sum(one.value * item for one, item in zip(w, x, strict=True))
            ),
            "The value is right, and a way back leads to the bias only: the products were "
            "calculated with `.value`. Multiply the nodes themselves.",
        ),
        Mistake(
            "Every neuron has two inputs.",
            _with(lambda w, x, b: w[0] * x[0] + w[1] * x[1] + b),
            "This is right for two inputs, and a neuron may have one or three. A loop goes through "
            "as many as there are.",
        ),
        Mistake(
            "The products are the answer.",
            _with(lambda w, x, b: [product + b for product in _products(w, x)]),
            "This is a list, with one node for each input. A neuron gives one answer: the sum of "
            "the products, with the bias added once.",
        ),
        Mistake(
            "A sum changes what it is added to.",
            _with(lambda w, x, b: b),
            "What comes back is the bias as it came in. `total + ...` makes a new node and leaves "
            "total as it is. Give the new node the name: `total = total + ...`.",
        ),
        Mistake(
            "The last product is the sum.",
            _with(lambda w, x, b: w[-1] * x[-1] + b),
            "Only the last product is left: in your loop each one takes the place of the one "
            "before. It should be added to it.",
        ),
    ),
)


WHO_TURNS = WrittenExercise(
    id="who-turns-the-knobs",
    title="Who turns the knobs?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that backward leaves the weights as they are, and only writes on each how the "
        "loss reacts to it (its slope). "
        "1 point: says that a step, by hand or by an optimizer, changes the weights, and gives a "
        "reason why it is apart: how far to go is a decision of its own (a rate), or several "
        "backwards may be added up first, or the step is not to be recorded. "
        "No point for 'backward trains the network'."
    ),
)

EXERCISES = (NEURON_SLOPES, WEIGHT_UPDATE, MEND_THE_LOOP, RECORDED_NEURON, WHO_TURNS)

check = checker(EXERCISES)
