"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.my_tensor import practice
from course.my_tensor.mathematics import in_order
from course.pitfalls.debugging_gradients import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4, dtype=False)

_QUARTERS = st.integers(-20, 20).map(lambda n: n / 4)


# --- is the leaf in the graph? ------------------------------------------------------------------------


def _is_reached(program: str, leaf: str, device: str) -> bool:
    by_name = asks.leaves(device)
    result = asks.PROGRAMS[program](**by_name)
    if not result.requires_grad:
        return False
    (gradient,) = torch.autograd.grad(result, by_name[leaf], allow_unused=True)
    return gradient is not None


def _walk_with(
    is_end: Callable[[Any, Any], Any], after: Callable[[Any], Iterable[Any]]
) -> Callable[[Any, Any], bool]:
    """Make the walk of the lesson with these two lines in its gap."""

    def reaches(result: Any, leaf: Any) -> bool:
        waiting, seen = [result.grad_fn], set()
        while waiting:
            node = waiting.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            found, following = is_end(node, leaf), after(node)
            waiting.extend(following)
            if found:
                return True
        return False

    return reaches


def _leaf_of(node: Any) -> Any:
    return node.variable if hasattr(node, "variable") else None


def _all_after(node: Any) -> list[Any]:
    return [pair[0] for pair in node.next_functions]


def _is_it(node: Any, leaf: Any) -> bool:
    return _leaf_of(node) is leaf


def _reach_question(name: str, programs: tuple[str, ...], *examples: tuple[str, str]) -> Question:
    return Question(
        name,
        expect=_is_reached,
        ask=asks.reach,
        inputs=(st.sampled_from(programs), st.sampled_from("abc")),
        examples=examples,
    )


LEAF_IN_GRAPH = Exercise(
    id="leaf-in-graph",
    title="Is the leaf in the graph?",
    minutes=3,
    difficulty=2,
    questions=(
        _reach_question(
            "a chain, and a product",
            ("(a * b + 1) ** 2", "b * a", "a * 3 + 1"),
            ("(a * b + 1) ** 2", "a"),
            ("(a * b + 1) ** 2", "b"),
            ("b * a", "a"),
            ("b * a", "b"),
            ("b * a", "c"),
            ("a * 3 + 1", "b"),
        ),
        _reach_question(
            "cut somewhere, or with very many ways",
            tuple(asks.PROGRAMS),
            ("a * b.detach() + 1", "a"),
            ("a * b.detach() + 1", "b"),
            ("torch.tensor((a * b).item()) + c", "a"),
            ("torch.tensor((a * b).item()) + c", "c"),
            ("(a * b).detach()", "a"),
            ("a added to itself, thirty times over", "a"),
        ),
    ),
    mistakes=(
        Mistake(
            "A graph is a chain.",
            lambda: _walk_with(_is_it, lambda node: _all_after(node)[:1]),
            "Your walk follows the first input of each node, and a product has two. Take the nodes of "
            "all the pairs.",
        ),
        Mistake(
            "The leaf itself is a node.",
            lambda: _walk_with(lambda node, leaf: node is leaf, _all_after),
            "The answer is always False: nodes are operations, and a leaf is a tensor, so they are "
            "never the same thing. (And the `grad_fn` of a leaf is None.) The last node of a way, `AccumulateGrad`, has the leaf as its "
            "`variable`.",
        ),
        Mistake(
            "The leaf with the same number is the same leaf.",
            lambda: _walk_with(
                lambda node, leaf: hasattr(node, "variable") and bool(node.variable == leaf),
                _all_after,
            ),
            "`a` and `c` both hold 2, and `==` compares numbers. Whether two names mean the same "
            "tensor is asked with `is`.",
        ),
        Mistake(
            "Every node has a variable.",
            lambda: _walk_with(lambda node, leaf: node.variable is leaf, _all_after),
            "Read the message: this kind of node has no `variable`. Only the end of a way has one. Ask "
            "in such a way that the others answer None.",
        ),
        Mistake(
            "next_functions holds nodes.",
            lambda: _walk_with(_is_it, lambda node: list(node.next_functions)),
            "What comes next here are pairs, and the walk wants nodes. Take the first of each pair.",
        ),
        Mistake(
            "Something always comes next.",
            lambda: _walk_with(_is_it, lambda node: [node.next_functions[0][0]]),
            "At a leaf nothing comes next: there `next_functions` is empty, and has no entry 0. And a "
            "product has two. Go through all the pairs, however many there are.",
        ),
        Mistake(
            "A pair is two nodes.",
            lambda: _walk_with(
                _is_it, lambda node: [item for pair in node.next_functions for item in pair]
            ),
            "A plain number came up in the walk. In each pair only the first is a node; the second says "
            "which of its results was used.",
        ),
        Mistake(
            "One node comes next.",
            lambda: _walk_with(_is_it, lambda node: node.next_functions[0][0]),
            "`next_nodes` is to be a list: a product has two nodes behind it, a leaf has none.",
        ),
        Mistake(
            "Every way ends at my leaf.",
            lambda: _walk_with(lambda node, leaf: _leaf_of(node) is not None, _all_after),
            "This finds out whether *some* leaf is reached. The question is about this one.",
        ),
    ),
)


# --- weights that can be trained ------------------------------------------------------------------------


def _scaled_leaf(numbers: list[float], scale: float) -> Any:
    return torch.nn.Parameter(torch.mul(torch.tensor(numbers), scale))


TRAINABLE_WEIGHTS = Exercise(
    id="trainable-weights",
    title="Weights that can be trained",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "numbers and a scale",
            expect=lambda numbers, scale, device: asks.description_of(
                _scaled_leaf, numbers, scale, device=device
            ),
            ask=asks.description_of,
            inputs=(st.lists(_QUARTERS, min_size=1, max_size=3), st.sampled_from((0.5, 0.1, 2.0))),
            examples=(([1.0, 2.0], 0.5),),
            agreement=AGREES,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "What is calculated from a leaf is a leaf.",
            lambda: lambda numbers, scale: torch.tensor(numbers, requires_grad=True) * scale,
            "The numbers are right, and this is a result: it has a history, the product. "
            "`retain_grad()` would not change that. Multiply first, and track afterwards.",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: lambda numbers, scale: torch.tensor(numbers) * scale,
            "It is a leaf, since nobody tracked anything. Now torch has to be asked to track it.",
        ),
        Mistake(
            "The scale can come later.",
            lambda: lambda numbers, scale: torch.tensor(numbers, requires_grad=True),
            "A tracked leaf, with the numbers as they came. They were to be multiplied, before.",
        ),
        Mistake(
            "A list can be multiplied.",
            lambda: lambda numbers, scale: torch.tensor(numbers * scale),
            "A list of Python times a number is no arithmetic. Make a tensor of it first.",
        ),
        Mistake(
            "Detached is as good as tracked.",
            lambda: lambda numbers, scale: (torch.tensor(numbers) * scale).tolist(),
            "A list has no gradient. Return a tensor.",
        ),
    ),
)


# --- mend the training --------------------------------------------------------------------------------


def _losses(x: list[float], slope: float, rate: float, rounds: int, device: str) -> list[float]:
    at = torch.tensor(x)
    weight = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=rate)
    seen = []
    for _ in range(rounds):
        optimizer.zero_grad()
        gap = torch.nn.functional.mse_loss(weight * at, slope * at)
        gap.backward()
        optimizer.step()
        seen.append(gap.item())
    return seen


def _training(
    *,
    anew: bool = True,
    step: str = "in place, unrecorded",
    reset: bool = True,
    retain: bool = False,
    sign: float = -1.0,
) -> Callable[..., list[float]]:
    """Make a training loop with some of its faults."""

    def train(x: Any, target: Any, rate: float, rounds: int) -> list[float]:
        def gap(weight: Any) -> Any:
            return (weight * x - target).square().mean()

        weight = torch.zeros((), requires_grad=True)
        height = gap(weight)
        seen = []
        for turn in range(rounds):
            if anew and turn:
                height = gap(weight)
            height.backward(retain_graph=retain)
            seen.append(height.item())
            if step == "in place, recorded":
                weight -= rate * weight.grad
            elif step == "a result":
                weight = weight - rate * weight.grad
            elif step == "a result, unrecorded":
                with torch.no_grad():
                    weight = weight - rate * weight.grad
            else:
                with torch.no_grad():
                    weight += sign * rate * weight.grad
            if reset:
                weight.grad = None
        return seen

    return train


MEND_TRAINING = Exercise(
    id="mend-training",
    title="Mend the training",
    minutes=4,
    difficulty=2,
    questions=(
        Question(
            "the loss of each round",
            expect=_losses,
            ask=asks.losses,
            inputs=(
                st.lists(st.integers(1, 4).map(float), min_size=2, max_size=3),
                st.sampled_from((-1.0, 2.0, 3.0)),
                st.sampled_from((0.02, 0.05)),
                st.integers(3, 6),
            ),
            examples=(([1.0, 2.0, 3.0], 2.0, 0.05, 5),),
            agreement=Agreement(relative=1e-3, absolute=1e-4),
            points=3,
        ),
    ),
    mistakes=(
        Mistake(
            "A step is a calculation like any other.",
            lambda: _training(step="in place, recorded"),
            "The first row of the table: the step changes the leaf while torch is recording. A step is "
            "not a part of the function, so say that it is not to be recorded.",
        ),
        Mistake(
            "A loss, once calculated, stays true.",
            lambda: _training(anew=False),
            "The step is mended, and the next message has come: the same loss is walked back from in "
            "every round. With a new w there is a new loss; where does that line belong?",
        ),
        Mistake(
            "retain_graph mends a second walk, or backward makes the step.",
            lambda: _training(anew=False, retain=True),
            "All losses are the same. Either only one was calculated, before the loop, and "
            "`retain_graph` let its graph be walked again and again: what belongs into each round? Or "
            "w never moves: backward only writes `.grad`, and somebody has to make the step.",
        ),
        Mistake(
            "Backward replaces the slope that stands on a leaf.",
            lambda: _training(reset=False),
            "The first losses are right, and then they swing: each gradient has the earlier ones in "
            "it. The third row of the table.",
        ),
        Mistake(
            "A weight is a name.",
            lambda: _training(step="a result", reset=False),
            "`w = w - ...` gives the name to a result, and a result keeps no gradient. In the second "
            "round `w.grad` is None. Change the leaf itself, in place.",
        ),
        Mistake(
            "A `return` ends the round.",
            lambda: lambda x, target, rate, rounds: _training()(x, target, rate, 1),
            "One loss comes back. A `return` ends the whole function: is it indented too far, inside the "
            "loop?",
        ),
        Mistake(
            "A tensor resets itself.",
            lambda: lambda x, target, rate, rounds: target.zero_grad(),
            "`zero_grad` belongs to optimizers. With a tensor, its `.grad` is reset: the table says how.",
        ),
        Mistake(
            "A new tensor is tracked as the old one was.",
            lambda: _training(step="a result, unrecorded"),
            "Inside `no_grad`, `w = w - ...` makes a new tensor that nobody tracks. In the second round "
            "there is nothing to walk back. Change the leaf itself: `w -= ...`.",
        ),
        Mistake(
            "The gradient points downhill.",
            lambda: _training(sign=1.0),
            "The losses rise: each step goes uphill. The gradient points to where the loss grows.",
        ),
    ),
)


# --- three errors of its own ----------------------------------------------------------------------------


def _by_torch(name: str, device: str) -> Any:
    return asks.scene_with(torch.tensor, name)


def _scenes(name: str, *scenes: str, points: int = 1) -> Question:
    return Question(
        name,
        expect=_by_torch,
        ask=asks.scene,
        inputs=(st.sampled_from(scenes),),
        examples=tuple((scene,) for scene in scenes),
        points=points,
    )


def _engine(
    *,
    count: Callable[[Any], int] = lambda value: value.size,
    looks_at: str = "calculated",
    marks: str = "calculated",
    first_walk: bool = False,
) -> type:
    """Make an engine with some of its refusals wrong."""

    class Refusing(practice.MyTensor):
        def backward(self) -> None:
            if not self.requires_grad:
                raise RuntimeError("element 0 of tensors does not require grad")
            if count(self.value) > 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            everything = in_order(self)
            groups = {
                "all": everything,
                "calculated": [node for node in everything if not node.is_leaf],
                "output": [self],
                "none": [],
            }
            if first_walk:
                super().backward()
            if any(getattr(node, "walked", False) for node in groups[looks_at]):
                raise RuntimeError("Trying to backward through the graph a second time")
            if not first_walk:
                super().backward()
            for node in groups[marks]:
                node.walked = True

    return Refusing


ENGINE_ERRORS = Exercise(
    id="engine-errors",
    title="Three errors of its own",
    minutes=5,
    difficulty=3,
    questions=(
        _scenes(
            "what is right still works",
            "two rounds, each with a graph of its own",
            "one number in two brackets",
        ),
        _scenes("from many numbers, or untracked", "two numbers", "untracked"),
        _scenes(
            "a second time",
            "the same y twice",
            "y and z, made of one shared part",
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "The number of axes is the number of numbers.",
            lambda: _engine(count=lambda value: value.ndim),
            "You count axes. One number can stand in two brackets, and a row with one axis can hold "
            "many numbers. How many numbers are there?",
        ),
        Mistake(
            "Every array has a length.",
            lambda: _engine(count=len),
            "A single number, without brackets, has no length. Which attribute counts the numbers of "
            "an array of any shape?",
        ),
        Mistake(
            "The value says how many there are.",
            lambda: _engine(count=lambda value: value),
            "You compare the value itself: 9 is one number, and larger than 1. How *many* numbers are "
            "there?",
        ),
        Mistake(
            "A leaf can be used once.",
            lambda: _engine(looks_at="all", marks="all"),
            "The second round is refused, though it has a graph of its own: the leaf was marked as "
            "well. A weight is used in every round. Mark what was calculated.",
        ),
        Mistake(
            "Only the result is walked.",
            lambda: _engine(looks_at="output", marks="output"),
            "The same y is refused now. But y and z have a part in common, and the first walk went "
            "through it: look at *all* calculated nodes, and mark all of them.",
        ),
        Mistake(
            "A refusal may come after the walk.",
            lambda: _engine(first_walk=True),
            "It refuses, and the gradient has been added all the same. Look for marks before the walk, "
            "so that nothing is changed where you refuse.",
        ),
        Mistake(
            "To walk is enough.",
            lambda: _engine(marks="none"),
            "The second walk goes through: nothing was marked after the first.",
        ),
        Mistake(
            "To raise is enough.",
            lambda: _never_walks(),
            "Nothing arrives at the leaf: this `backward` refuses rightly, and then does not walk. "
            "The walk itself is in the class that you build on.",
        ),
    ),
)


def _never_walks() -> type:
    class Standing(practice.MyTensor):
        def backward(self) -> None:
            if not self.requires_grad:
                raise RuntimeError("element 0 of tensors does not require grad")

    return Standing


WHY_NOT_RETAIN = WrittenExercise(
    id="why-not-retain",
    title="The error is gone, and the loss does not fall",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that the loss is calculated once, so that the same old graph is walked in every "
        "round (its gradient is that of the first weights, and piles up if it is not reset). "
        "1 point: moves the calculation of the loss into the loop. "
        "No point for 'remove retain_graph' alone."
    ),
)

EXERCISES = (
    LEAF_IN_GRAPH,
    TRAINABLE_WEIGHTS,
    MEND_TRAINING,
    ENGINE_ERRORS,
    WHY_NOT_RETAIN,
)

check = checker(EXERCISES)
