"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.graphs.simple_networks import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)
# Numbers that a student can read in a reply.
READABLE = st.integers(-12, 12).map(lambda n: n / 4)


# --- slopes of three steps, by hand ----------------------------------------------------------------


def _three_steps(device: str = "cpu") -> list[torch.Tensor]:
    """Return x, a = 5 - x, b = a², c = 2b, at x = 2."""
    x = torch.tensor(2.0, dtype=torch.float64, device=device, requires_grad=True)
    a = 5 - x
    b = a**2
    return [x, a, b, 2 * b]


def _local_slopes(device: str = "cpu") -> list[float]:
    return [
        torch.autograd.grad(end, at, retain_graph=True)[0].item()
        for at, end in pairwise(_three_steps(device))
    ]


def _whole_slope(device: str = "cpu") -> float:
    steps = _three_steps(device)
    return torch.autograd.grad(steps[-1], steps[0])[0].item()


def _by_hand(*slopes: float) -> Callable[[], tuple[list[float], float]]:
    """Return a maker of these local slopes and, as the whole slope, their product."""
    return lambda: (list(slopes), math.prod(slopes))


SLOPES_BY_HAND = Exercise(
    id="slopes-by-hand",
    title="Three steps, by hand",
    minutes=3,
    difficulty=1,
    questions=(
        *(
            Question(
                f"the local slope of {name}",
                expect=lambda device, index=index: _local_slopes(device)[index],
                ask=partial(asks.item_of, place=0, index=index),
                agreement=AGREES,
                shows_expected=False,
            )
            for index, name in enumerate("abc")
        ),
        Question(
            "the slope of c with respect to x",
            expect=_whole_slope,
            ask=partial(asks.part, place=1),
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "A local slope is the value.",
            _by_hand(3, 9, 18),
            "These are the values of a, b and c. A local slope says something else: how fast a "
            "node grows when what it is made of grows by 1.",
        ),
        Mistake(
            "The order is that of the walk back.",
            _by_hand(2, 6, -1),
            "These are the right three, beginning at the end. Here the order is a, b, c.",
        ),
        Mistake(
            "What has come back is the local slope.",
            _by_hand(-12, 12, 2),
            "This is what has come back on the way, multiplied already. A local slope looks at its "
            "own step alone: how does a react when x grows by 1?",
        ),
        Mistake(
            "A number minus x does not move.",
            _by_hand(0, 6, 2),
            "The 5 stands still, and x does not: when x grows by 1, what happens to 5 - x?",
        ),
        Mistake(
            "The slope of minus x is minus its value.",
            _by_hand(-2, 6, 2),
            "x is 2, but its value does not come into the slope of 5 - x: from x = 2 to 3, and from "
            "x = 3 to 4, a falls by the same.",
        ),
        Mistake(
            "What came before is multiplied in at once.",
            _by_hand(-1, -6, -12),
            "Here the step before is multiplied in already, or at least its minus sign. A local "
            "slope looks at its own step alone: a², and a is 3. The product is the last question.",
        ),
        Mistake(
            "The slope of a square is its base.",
            _by_hand(-1, 3, 2),
            "Half of what is right: this is a. The slope of a² is 2a, for both factors of a · a grow.",
        ),
        Mistake(
            "A factor has no slope.",
            _by_hand(-1, 6, 0),
            "A plain number alone has the slope 0, but here it multiplies b. When b grows by 1, by "
            "how much does 2b grow?",
        ),
        Mistake(
            "The slope of a square is taken at the input.",
            _by_hand(-1, 4, 2),
            "The slope of a² is 2a, and a is not 2: that is x. A local slope is taken at the value "
            "which this step saw.",
        ),
        Mistake(
            "The slope of a square is its exponent.",
            _by_hand(-1, 2, 2),
            "The 2 of the exponent comes down, but the a stays: the slope of a² is 2a. How much "
            "is that at this a?",
        ),
        Mistake(
            "Signs do not matter in a product.",
            lambda: (_local_slopes(), abs(_whole_slope())),
            "The size is right. One of the three local slopes is negative: what does that do to "
            "the product?",
        ),
        Mistake(
            "What is taken away grows along.",
            _by_hand(1, 6, 2),
            "The first step says 5 - x. If x grows by 1, does a grow or shrink?",
        ),
        Mistake(
            "A number that is added counts in the slope.",
            _by_hand(5, 6, 2),
            "In 5 - x the 5 moves the height, and not the slope. What happens to a when x goes "
            "from 2 to 3?",
        ),
        Mistake(
            "A factor falls away like a number that is added.",
            _by_hand(-1, 6, 1),
            "In 2b the 2 multiplies: when b grows by 1, c grows by more than 1. Only what is added "
            "or taken away leaves the slope as it is.",
        ),
        Mistake(
            "Along a chain slopes are added.",
            lambda: (_local_slopes(), sum(_local_slopes())),
            "The local slopes are right. This is their sum. If a grows twice as fast as x, and b "
            "three times as fast as a, how fast does b grow with x?",
        ),
        Mistake(
            "The last step says it all.",
            lambda: (_local_slopes(), _local_slopes()[-1]),
            "The local slopes are right. This one says how c reacts to b. From x, there are two "
            "more steps on the way.",
        ),
    ),
)


# --- keep what passes in the middle ------------------------------------------------------------------


def _kept(device: str = "cpu", walks: int = 1) -> tuple[float, float]:
    """Return what stands on y and on x after walks back from z = 5x³ - 4, at x = 4."""
    x = torch.tensor(4.0, device=device, requires_grad=True)
    y = x**3
    y.retain_grad()
    z = 5 * y - 4
    for _ in range(walks):
        z.backward(retain_graph=True)
    assert x.grad is not None
    assert y.grad is not None
    return y.grad.item(), x.grad.item()


KEEP_THE_MIDDLE = Exercise(
    id="keep-the-middle",
    title="Keep the slope of the middle node",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "what stands on x",
            expect=lambda device: _kept(device)[1],
            ask=partial(asks.part, place=1),
            agreement=AGREES,
        ),
        Question(
            "what stands on y",
            expect=lambda device: _kept(device)[0],
            ask=partial(asks.part, place=0),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Every tensor on the way keeps its slope.",
            lambda: (None, _kept()[1]),
            "The walk reached x, and nothing stayed on y: torch keeps slopes on leaves. Where y "
            "is to keep its own, it must be told, and *before* the walk: afterwards it is too late.",
        ),
        Mistake(
            "The slopes are there as soon as the values are.",
            lambda: (None, None),
            "Nothing stands on x: either nobody has walked back, or the way from z to x was cut. The "
            "walk is the line between keeping and reading. Without its parentheses, it does nothing.",
        ),
        Mistake(
            "The slope of y says how y reacts to x.",
            lambda: (48.0, _kept()[1]),
            "That is 3x², how y reacts to x. What torch leaves on a node always speaks of the end: "
            "how z, where the walk began, reacts to this node.",
        ),
        Mistake(
            "The slope of y stands on z.",
            lambda: (1.0, _kept()[1]),
            "This is what stands on z, where the walk begins with 1. You want what came back to y.",
        ),
        Mistake(
            "Each node needs a walk of its own.",
            lambda: (6.0, 288.0),
            "Two walks were made, from z and from y, and what they brought was added: 5 + 1 on y. "
            "One walk from z passes both nodes.",
        ),
        Mistake(
            "A node is its slope.",
            lambda: (64.0, 4.0),
            "These are the values of y and x. The slope stands on a node, as one of its "
            "attributes: what did the first cell of this lesson read?",
        ),
        Mistake(
            "The slopes are the same at every x.",
            lambda: (5.0, 60.0),
            "These are the slopes of the table above, where x was 2. Here it is 4. Let torch walk "
            "back, and read what it leaves.",
        ),
        Mistake(
            "Both nodes have the same slope.",
            lambda: (_kept()[1], _kept()[1]),
            "The slope of x stands in both. The second one is read off the other node.",
        ),
        Mistake(
            "The two can be read in any order.",
            lambda: _kept()[::-1],
            "Both numbers are right, and each has the other's name. Which of the two nodes is "
            "nearer to z?",
        ),
        Mistake(
            "A second backward replaces what stands there.",
            lambda: _kept(walks=2),
            "Exactly twice as much: backward was run twice on the same nodes, and it adds. Run the "
            "whole cell again, so that x and y are new.",
        ),
    ),
)


# --- more operations that remember ----------------------------------------------------------------------


def _recorded_by_torch(*numbers: float, program: str, device: str) -> dict[str, Any]:
    def ready(number: float) -> torch.Tensor:
        return torch.tensor(number, dtype=torch.float64, device=device)

    leaves = [ready(number).requires_grad_() for number in numbers]
    result = asks.PROGRAMS[program](ready, *leaves)
    nodes = [torch.autograd.graph.get_gradient_edge(leaf).node for leaf in leaves]
    names = dict(zip(nodes, asks.NAMES, strict=False))
    return {"value": result.item(), "history": _torch_history(result.grad_fn, names)}


def _torch_history(node: Any, names: Mapping[Any, str]) -> str:
    """Say how torch recorded a result, in the words of `asks.history`."""
    if node is None:
        return "a number"
    if node in names:
        return names[node]
    (operation,) = re.findall(r"^(\w+?)Backward", node.name())
    parts = [_torch_history(parent, names) for parent, _ in node.next_functions]
    return asks.written(operation.lower(), parts)


Method = Callable[[type, Any, Any], Any]


def _as_node(make: type, number: Any) -> Any:
    return number if isinstance(number, make) else make(number)


def _two(operation: str, function: Callable[[float, float], float]) -> Method:
    """Return a method for two numbers that records rightly."""

    def method(make: type, one: Any, other: Any) -> Any:
        other = _as_node(make, other)
        return make(function(one.value, other.value), (one, other), operation)

    return method


def _sine(make: type, one: Any, _: Any = None) -> Any:
    return make(math.sin(one.value), (one,), "sin")


_difference = _two("sub", lambda a, b: a - b)


def _power(make: type, one: Any, exponent: Any) -> Any:
    return make(one.value**exponent, (one,), "pow")


def _recorder(
    sub: Method = _difference, power: Method = _power, sine: Method = _sine
) -> Callable[[], type]:
    """Return a maker of a class that records, with these three methods."""

    class MyTensor:
        def __init__(
            self, value: float, parents: tuple[Any, ...] = (), operation: str = ""
        ) -> None:
            self.value, self.parents, self.operation = float(value), parents, operation

        def __add__(self, other: Any) -> Any:
            return _two("add", lambda a, b: a + b)(MyTensor, self, other)

        def __mul__(self, other: Any) -> Any:
            return _two("mul", lambda a, b: a * b)(MyTensor, self, other)

        def __neg__(self) -> Any:
            return MyTensor(-self.value, (self,), "neg")

        def __sub__(self, other: Any) -> Any:
            return sub(MyTensor, self, other)

        def __rsub__(self, other: Any) -> Any:
            return _as_node(MyTensor, other) - self

        def __pow__(self, exponent: Any) -> Any:
            return power(MyTensor, self, exponent)

        def sin(self) -> Any:
            return sine(MyTensor, self, None)

        __radd__, __rmul__ = __add__, __mul__

    return lambda: MyTensor


def _nameless_sine(make: type, one: Any, _: Any) -> None:
    raise NameError("name 'sin' is not defined")


def _repeated(one: Any, exponent: float) -> Any:
    result = one
    for _ in range(int(exponent) - 1):
        result = result * one
    return result


def _turned(make: type, one: Any, other: Any) -> Any:
    other = _as_node(make, other)
    return make(other.value - one.value, (other, one), "sub")


def _recording(name: str, program: str, *example: float) -> Question:
    return Question(
        name,
        expect=partial(_recorded_by_torch, program=program),
        ask=partial(asks.recorded, program=program),
        inputs=(READABLE,) * len(example),
        examples=(example,),
    )


MORE_OPERATIONS = Exercise(
    id="more-operations",
    title="Three more operations that remember",
    minutes=4,
    difficulty=2,
    questions=(
        _recording("a difference, x - y", "x - y", 7.0, 2.0),
        _recording("a plain number first, 5 - x", "5 - x", 2.0),
        _recording("a power, x ** 3", "x ** 3", 2.0),
        _recording("a sine, x.sin()", "x.sin()", 1.0),
        _recording("the chain of this lesson", "5 * x ** 3 - 4", 1.0),
        _recording("all three together", "(x - y).sin() ** 2", 3.0, 1.0),
    ),
    mistakes=(
        Mistake(
            "x - y is the same as y - x.",
            _recorder(sub=_turned),
            "The two are turned round: the sign of the value is wrong. In `x - y`, `self` is x and "
            "`other` is y.",
        ),
        Mistake(
            "A difference is recorded as a sum.",
            _recorder(sub=_two("add", lambda a, b: a - b)),
            "The value is that of a difference, but it says that it is a sum. On the way back, a "
            "walk would believe it, and get the sign of y wrong.",
        ),
        Mistake(
            "A power is a product.",
            _recorder(power=lambda make, one, n: make(one.value * n, (one,), "pow")),
            "x ** 3 is x · x · x, and this is 3 · x. In Python, `*` multiplies and `**` raises.",
        ),
        Mistake(
            "A difference needs no node of its own kind.",
            _recorder(sub=lambda make, one, other: one + -_as_node(make, other)),
            "The value is right, and so would the slopes be: a sum with a minus sign. Here it is to "
            "be recorded as torch records it, as one step called `sub` with both numbers as parents.",
        ),
        Mistake(
            "A difference is between two nodes.",
            _recorder(sub=lambda make, one, other: make(one.value - other.value, (one, other), "sub")),
            "Two nodes can be subtracted, but a plain number has no `.value`. The sum takes care of "
            "that in its first line.",
        ),
        Mistake(
            "A power is a row of products.",
            _recorder(power=lambda make, one, n: _repeated(one, n)),
            "The value comes out, but it was recorded as a row of products. Here a power is one "
            "step: Python's `**` on the value, and one node.",
        ),
        Mistake(
            "The exponent is made a node, and then calculated with.",
            _recorder(power=lambda make, one, n: make(one.value ** make(n), (one,), "pow")),
            "A plain number was raised to a node. The exponent may stay the plain number that it is.",
        ),
        Mistake(
            "The hat raises to a power.",
            _recorder(power=lambda make, one, n: make(one.value ^ n, (one,), "pow")),
            "In Python `^` does something else, with the bits of whole numbers. To raise, write `**`.",
        ),
        Mistake(
            "The base stands alone in parentheses.",
            _recorder(power=lambda make, one, n: make(one.value**n, one, "pow")),
            "The parents of the power are no tuple: in Python `(self)` is `self`. A comma makes a "
            "tuple of one. Look at `__neg__`.",
        ),
        Mistake(
            "`sin` is there by itself.",
            _recorder(sine=_nameless_sine),
            "Python knows no `sin` of its own. It is in `math`: `math.sin`.",
        ),
        Mistake(
            "The sine of a node is taken as it is.",
            _recorder(sine=lambda make, one, _: make(math.sin(one), (one,), "sin")),
            "`math.sin` takes a plain number, and this is a node. Which of its attributes is one?",
        ),
        Mistake(
            "torch takes the sine of any number.",
            _recorder(sine=lambda make, one, _: make(torch.sin(one.value), (one,), "sin")),
            "`torch.sin` wants a tensor, and the value here is a plain number. `math.sin` takes one.",
        ),
        Mistake(
            "A power is a new beginning.",
            _recorder(power=lambda make, one, n: make(one.value**n)),
            "The value is right, but the power remembers nothing, so every way back ends there. "
            "Hand its base on as a parent, and the operation.",
        ),
        Mistake(
            "The exponent is a parent as it comes.",
            _recorder(power=lambda make, one, n: make(one.value**n, (one, n), "pow")),
            "The exponent stands among the parents as a plain number. A number has no parents, so "
            "a walk back would fail there. The base is the one parent.",
        ),
        Mistake(
            "A tuple of one needs no comma.",
            _recorder(sine=lambda make, one, _: make(math.sin(one.value), one, "sin")),
            "The parents of the sine are no tuple: in Python `(self)` is `self`. A comma makes a "
            "tuple of one. Look at `__neg__`.",
        ),
        Mistake(
            "The sine takes degrees.",
            _recorder(sine=lambda make, one, _: make(math.sin(math.radians(one.value)), (one,), "sin")),
            "The sine was taken of degrees. Mathematics and torch take radians, and so does "
            "`math.sin` as it is.",
        ),
        Mistake(
            "The sine is a new beginning.",
            _recorder(sine=lambda make, one, _: make(math.sin(one.value))),
            "The value is right, but the sine remembers nothing, so every way back ends there. "
            "Hand the parents and the operation on.",
        ),
    ),
)  # fmt: skip


# --- walk a chain back ---------------------------------------------------------------------------------------


def _torch_slope(start: float, chain: str, device: str) -> float:
    """Say the slope of the end of a chain with respect to its beginning."""
    operations: dict[str, Callable[..., torch.Tensor]] = {
        "add": torch.add,
        "sub": torch.sub,
        "mul": torch.mul,
        "pow": torch.pow,
        "neg": torch.neg,
        "sin": torch.sin,
    }
    x = torch.tensor(start, dtype=torch.float64, device=device, requires_grad=True)
    end = x
    for operation, plain in asks.CHAINS[chain]:
        end = operations[operation](*((end,) if plain is None else (end, plain)))
    return torch.autograd.grad(end, x)[0].item()


def _steps_back(node: Any) -> list[Any]:
    """Return the nodes of a chain from its end to the first that was calculated."""
    found = []
    while node.parents:
        found.append(node)
        node = node.parents[0]
    return found


def _slopes_back(node: Any) -> list[float]:
    return [step.local_slope for step in _steps_back(node)]


def _to_all_parents(node: Any) -> Any:
    while node.parents:
        node = node.parents
    return 1.0


def _of_the_leaf(node: Any) -> float:
    while node.parents:
        node = node.parents[0]
    return node.local_slope


def _walking(name: str, chain: str) -> Question:
    return Question(
        name,
        expect=partial(_torch_slope, chain=chain),
        ask=partial(asks.walked, chain=chain),
        inputs=(READABLE,),
        examples=((2.0,),),
        agreement=AGREES,
    )


WALK_A_CHAIN = Exercise(
    id="walk-a-chain",
    title="Walk a chain back",
    minutes=4,
    difficulty=2,
    questions=(
        _walking("one step, x ** 3", "x ** 3"),
        _walking("three steps, 5 * x ** 3 - 4", "5 * x ** 3 - 4"),
        _walking("two steps, sin(x ** 2)", "sin(x ** 2)"),
        _walking("four steps, -sin(2 * x) + 1", "-(sin(2 * x)) + 1"),
        _walking("no step at all: x itself", "a leaf"),
    ),
    mistakes=(
        Mistake(
            "Along a chain slopes are added.",
            lambda: lambda node: sum(_slopes_back(node)),
            "This is the sum of the local slopes. Each step makes what comes from the step before "
            "so many times larger: that is a product.",
        ),
        Mistake(
            "The sum begins at one.",
            lambda: lambda node: 1.0 + sum(_slopes_back(node)),
            "The local slopes are added to the 1 that the walk begins with. Each step makes what "
            "comes so many times larger: that is a product.",
        ),
        Mistake(
            "Nothing has come so far, so the walk begins with zero.",
            lambda: lambda node: 0.0,
            "Zero times anything stays zero. Before the first step back, how fast does the result "
            "grow with itself?",
        ),
        Mistake(
            "The walk begins with the value.",
            lambda: lambda node: node.value * math.prod(_slopes_back(node)),
            "The walk began with the value of the result. Slopes do not start from a height. How "
            "fast does the result grow with itself?",
        ),
        Mistake(
            "The last step says it all.",
            lambda: lambda node: (_slopes_back(node) or [1.0])[0],
            "Only the last step is in it. Its first parent was calculated too, so the walk is not at "
            "its end there. Does your loop go on to it? (`parents[1]` would be the plain number.)",
        ),
        Mistake(
            "The walk begins with the last local slope.",
            lambda: lambda node: (_slopes_back(node) or [1.0])[0] * math.prod(_slopes_back(node)),
            "The last step counts twice: the walk begins with its local slope, and then multiplies "
            "by it again. Before the first step back, how fast does the result grow with itself?",
        ),
        Mistake(
            "The parents are the next node.",
            lambda: _to_all_parents,
            "`parents` is a tuple, and a tuple has no parents. Which of them does the way back lead "
            "over?",
        ),
        Mistake(
            "The slope of the last visited step is the answer.",
            lambda: lambda node: (_slopes_back(node) or [1.0])[-1],
            "Only the step next to x is in it: each step overwrote what the steps before had "
            "brought. It should multiply that.",
        ),
        Mistake(
            "The walk ends one step before the leaf.",
            lambda: lambda node: math.prod(_slopes_back(node)[:-1]),
            "The step next to x is missing. A node that has parents still has a local slope to "
            "give, and only a leaf has none.",
        ),
        Mistake(
            "What is multiplied are the values.",
            lambda: lambda node: math.prod(step.value for step in _steps_back(node)),
            "These are the values of the nodes, multiplied. What each step contributes is its "
            "local slope, which is noted on the node.",
        ),
        Mistake(
            "The leaf contributes too.",
            lambda: lambda node: node.local_slope * _of_the_leaf(node),
            "The walk asks the leaf for a local slope, and a leaf was not calculated: it has none. "
            "Which node is the last to be asked?",
        ),
    ),
)


FIXED_OR_FREE = WrittenExercise(
    id="fixed-or-free",
    title="Fixed or free?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: a gain of a graph that is recorded anew in each run, with a reason (ordinary "
        "`if` and `for`, another graph for another input, stop and print anywhere). "
        "1 point: a gain of a graph that is fixed before it runs, with a reason (it is known as a "
        "whole, so it can be optimised or run without Python). "
        "No point for 'dynamic is better' or 'static is faster' without a reason."
    ),
)

EXERCISES = (SLOPES_BY_HAND, KEEP_THE_MIDDLE, MORE_OPERATIONS, WALK_A_CHAIN, FIXED_OR_FREE)

check = checker(EXERCISES)
