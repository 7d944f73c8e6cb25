"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.mathematics.the_chain_rule import asks
from course.my_tensor.graphs import MyTensor

AGREES = Agreement(relative=1e-6, absolute=1e-6)


def _leaf(value: float, device: str) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)


# --- a chain of three, by hand ---------------------------------------------------------------------


def _slope_of_chain(device: str = "cpu") -> float:
    x = _leaf(2.0, device)
    ((11 - x**3) ** 2).backward()
    assert x.grad is not None
    return x.grad.item()


CHAIN_OF_THREE = Exercise(
    id="chain-of-three",
    title="A chain of three",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the slope at x = 2",
            expect=_slope_of_chain,
            ask=common.number,
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "Along a chain, slopes add up.",
            lambda: 12 + (-1) + 6,
            "The three slopes are right, and you added them. But a step does not add to a growth, "
            "it makes it larger: 6 times 5 times as fast, in the example above.",
        ),
        Mistake(
            "Every local slope is taken at x.",
            lambda: 12 * (-1) * (2 * 2),
            "There are two ways to this number. Was the last slope 2 · 2? But y = v² sees v, and not x. Or was "
            "the first slope 8? That is the value of u; its slope is 3x².",
        ),
        Mistake(
            "The last value is the last slope.",
            lambda: 12 * (-1) * 9,
            "The 9 is the value of y. How fast does y = v² grow with v, at the v that it saw?",
        ),
        Mistake(
            "A slope of -1 only turns the direction, so it can be left out.",
            lambda: 12 * 6,
            "The size is right. But u grows with x, and v = 11 - u shrinks when u grows: which sign "
            "does that give?",
        ),
        Mistake(
            "The slope of the last step is the slope of the chain.",
            lambda: 6,
            "This is how fast y follows v. Between x and v lie two more steps: how fast does v follow "
            "x?",
        ),
        Mistake(
            "The values are multiplied.",
            lambda: 8 * 3 * 9,
            "These are the three values. The chain rule multiplies the local slopes: work out "
            "the last column of the table first.",
        ),
        Mistake(
            "The slope is the height.",
            lambda: 9,
            "This is y, the value at the end of the chain. How fast does it change when x does?",
        ),
    ),
)


# --- pass on, and let it add up --------------------------------------------------------------------

# A student sees what is asked in these names.
_HALVES = st.integers(-8, 8).map(lambda n: n / 2)


def local_slopes(node: MyTensor) -> tuple[float, ...]:
    """Return the slope of a node by each parent, as the lesson's function of this name does."""
    values = [parent.value for parent in node.parents]
    if node.operation == "mul":
        return values[1], values[0]
    return (math.cos(values[0]),) if node.operation == "sin" else (1.0,) * len(values)


def _torch_passes_on(values: dict[str, float], line: str, here: float, device: str) -> Any:
    leaves = {name: _leaf(value, device) for name, value in values.items() if name != "before"}
    if "before" in values:
        leaves["u"].grad = torch.full_like(leaves["u"], values["before"])
    node = asks.run([line], leaves)[line.partition(" = ")[0]]
    node.backward(torch.full_like(node, here))
    return {
        f"what stands at {name}": None if leaf.grad is None else leaf.grad.item()
        for name, leaf in leaves.items()
    }


def _passing(total: Callable[[float | None, float, float], float]) -> Callable[[], Any]:
    """Make a wrong `pass_on` from what it lets stand at a parent: before, arrived, slope."""

    def pass_on(node: MyTensor, arrived: dict[MyTensor, float]) -> dict[MyTensor, float]:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = total(arrived.get(parent), arrived[node], slope)
        return arrived

    return lambda: (MyTensor, pass_on)


def _no_entry() -> Any:
    def pass_on(node: MyTensor, arrived: dict[MyTensor, float]) -> dict[MyTensor, float]:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] += arrived[node] * slope
        return arrived

    return MyTensor, pass_on


def _none_for_no_entry() -> Any:
    def pass_on(node: MyTensor, arrived: dict[MyTensor, Any]) -> dict[MyTensor, Any]:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent) + arrived[node] * slope
        return arrived

    return MyTensor, pass_on


def _first_parent_only() -> Any:
    def pass_on(node: MyTensor, arrived: dict[MyTensor, float]) -> dict[MyTensor, float]:
        first = node.parents[0]
        return arrived | {first: arrived.get(first, 0.0) + arrived[node] * local_slopes(node)[0]}

    return MyTensor, pass_on


def _of_values() -> Any:
    def pass_on(node: MyTensor, arrived: dict[MyTensor, float]) -> dict[MyTensor, float]:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + node.value * slope
        return arrived

    return MyTensor, pass_on


PASS_ON = Exercise(
    id="pass-on",
    title="Pass on, and let it add up",
    minutes=2,
    difficulty=1,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "one path to each parent",
            expect=_torch_passes_on,
            ask=asks.passed_on,
            inputs=(
                st.fixed_dictionaries({"u": _HALVES, "v": _HALVES}),
                st.sampled_from(("y = u * v", "y = u + v")),
                _HALVES,
            ),
            examples=(({"u": 3.0, "v": 5.0}, "y = u * v", 2.0),),
            agreement=AGREES,
        ),
        Question(
            "something arrived at u before",
            expect=_torch_passes_on,
            ask=asks.passed_on,
            inputs=(
                st.fixed_dictionaries({"u": _HALVES, "v": _HALVES, "before": _HALVES}),
                st.sampled_from(("y = u * v", "y = v * u", "y = u + v")),
                _HALVES,
            ),
            examples=(({"u": 3.0, "v": 5.0, "before": 100.0}, "y = u * v", 2.0),),
            agreement=AGREES,
        ),
        Question(
            "two paths to one parent",
            expect=_torch_passes_on,
            ask=asks.passed_on,
            inputs=(
                st.fixed_dictionaries({"u": _HALVES}),
                st.sampled_from(("y = u * u", "y = u + u")),
                _HALVES,
            ),
            examples=(({"u": 3.0}, "y = u * u", 1.0),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Where two paths meet, the last one counts.",
            _passing(lambda before, here, slope: here * slope),
            "With one path it is right. Where a second one arrives, it takes the place of the first, "
            "as in `first_walk`. What stood at the parent has to stay in the total.",
        ),
        Mistake(
            "Where two paths meet, the first one counts.",
            _passing(lambda before, here, slope: here * slope if before is None else before),
            "With one path it is right. What arrives later is lost here: the parent keeps the first "
            "and nothing comes to it. Both gains of u are there at once.",
        ),
        Mistake(
            "A parent is always in the dictionary.",
            _no_entry,
            "Python finds no entry for a parent at which nothing has arrived yet. What stands there "
            "then is 0.0, and `arrived.get(parent, 0.0)` says so.",
        ),
        Mistake(
            "What is not in the dictionary counts as zero by itself.",
            _none_for_no_entry,
            "`arrived.get(parent)` gives None for a parent at which nothing has arrived, and None cannot be "
            "added. `get` takes what to give then as a second argument.",
        ),
        Mistake(
            "The function is done after the first parent.",
            _first_parent_only,
            "The first parent gets its part, and the second one nothing. Does `return` stand inside the "
            "loop?",
        ),
        Mistake(
            "A node passes on its value.",
            _of_values,
            "You multiply the slope by the value of the node. What goes back is what has arrived there: "
            "`arrived[node]`.",
        ),
        Mistake(
            "Only the local slope is passed on.",
            _passing(lambda before, here, slope: (before or 0.0) + slope),
            "This passes on how fast the node follows its parent. But how fast does the output "
            "follow the node? That is `arrived[node]`, and along a path slopes multiply.",
        ),
        Mistake(
            "What arrived is passed on as it is.",
            _passing(lambda before, here, slope: (before or 0.0) + here),
            "Each parent gets `arrived[node]` unchanged. For a sum that is right, since its local "
            "slopes are 1. A product has others: where does `slope` come in?",
        ),
        Mistake(
            "Along a path, slopes add up.",
            _passing(lambda before, here, slope: (before or 0.0) + here + slope),
            "You add the slope to what arrived. Along a path, slopes multiply; only what comes over "
            "different paths adds up.",
        ),
        Mistake(
            "Where two paths meet, what they bring is multiplied.",
            _passing(
                lambda before, here, slope: (1.0 if before is None else before) * here * slope
            ),
            "With one path it is right. But here two paths are multiplied with each other. When u "
            "grows, each path brings a gain of its own, and both gains are there at once.",
        ),
    ),
)


# --- an order that is right, by hand ---------------------------------------------------------------

_BY_HAND = ("a = x * x", "b = a * 3", "c = a + b", "y = c * a")


def _gradients_by_hand(device: str) -> dict[str, float]:
    found = _torch_gradients({"x": 2.0}, list(_BY_HAND), device)["gradients"]
    return {name: found[name] for name in asks.EDGES}


ORDER_BY_HAND = Exercise(
    id="order-by-hand",
    title="An order that is right",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the first node that is taken too early",
            expect=lambda device: "none",
            ask=asks.first_too_early,
            shows_expected=False,
        ),
        Question(
            "what has arrived when each node is taken",
            expect=_gradients_by_hand,
            ask=asks.walked_in_order,
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The walk back goes in the order of the program.",
            lambda: ["x", "a", "b", "c", "y"],
            "x is used by a, and your list takes x before a. From the inputs on, as the program calculates, is "
            "the way forward. On the way back the 1 stands at y, and x comes last.",
        ),
        Mistake(
            "The walk goes to the nearest nodes first.",
            lambda: ["y", "c", "a", "b", "x"],
            "a passes on too early: somebody who uses a comes later in your list, and what that brings never "
            "gets to x. Which lines use a? All of them stand before it.",
        ),
        Mistake(
            "b comes before c, as in the alphabet.",
            lambda: ["y", "b", "c", "a", "x"],
            "b is used by c, and c has not passed on when your list takes b. So b has nothing to pass on. "
            "After y, which node has had all its uses taken?",
        ),
        Mistake(
            "The walk may start in the middle.",
            lambda: ["c", "y", "b", "a", "x"],
            "c is used by y, and nothing has arrived at c when your list takes it. The 1 stands at the "
            "output: there the walk starts.",
        ),
    ),
)


# --- programs, and what torch says to them -----------------------------------------------------------

Program = list[str]


def _torch_gradients(values: dict[str, float], program: Program, device: str) -> dict[str, Any]:
    names: dict[str, Any] = {name: _leaf(value, device) for name, value in values.items()}
    for line in program:
        names = asks.run([line], names)
        names[line.partition(" = ")[0]].retain_grad()
    output = names[program[-1].partition(" = ")[0]]
    output.backward()
    return {
        "value": output.item(),
        "gradients": {
            name: node.grad.item() for name, node in names.items() if node.grad is not None
        },
    }


_TENS = st.integers(-30, 30).map(lambda n: n / 10)
_X = st.fixed_dictionaries({"x": _TENS})
_X_AND_Y = st.fixed_dictionaries({"x": _TENS, "y": _TENS})

CHAINS: tuple[Program, ...] = (
    ["a = x * 5", "b = a + 1", "c = b * 2"],
    ["a = x + 2", "b = a.sin()", "c = b * 3"],
    ["a = x.sin()", "b = a.sin()"],
)
MEETING: tuple[Program, ...] = (
    ["a = x * x"],
    ["a = x + x"],
    ["a = x * x", "b = a * x"],
)


@st.composite
def _programs(draw: st.DrawFn) -> Program:
    """Draw a program of a few lines, each of which uses the line before and anything else."""
    lines: Program = []
    names = ["x", "y"]
    for name in "abcde"[: draw(st.integers(2, 5))]:
        other = draw(st.sampled_from(names))
        right = draw(
            st.sampled_from(
                (f"{names[-1]} + {other}", f"{names[-1]} * {other}", f"{other} + {names[-1]}")
            )
        )
        lines.append(f"{name} = {right}")
        names.append(name)
    return lines


# Each goes wrong without an order, and one of the two with luck.
WAITING: tuple[Program, ...] = (
    ["a = x + x", "b = a + a"],
    ["a = x * x", "b = a * 2", "c = a + b"],
    ["a = x * x", "b = a * 2", "c = b + a"],
)


# --- the order, without recursion ----------------------------------------------------------------------


def _seen_in_order(values: dict[str, float], program: Program, device: str) -> dict[str, Any]:
    return asks.order((MyTensor, _in_order), values, program, device=device)


def _seen_of_long_sum(device: str) -> dict[str, Any]:
    nodes = asks.LONG_CHAIN + 1
    return {
        "ends with": "a list",
        "nodes in the list": nodes,
        "different nodes in it": nodes,
        "nodes before one of their parents": 0,
    }


def _in_order(node: MyTensor, found: list[MyTensor] | None = None) -> list[MyTensor]:
    """The order as the lesson makes it by recursion."""
    found = [] if found is None else found
    if node not in found:
        for parent in node.parents:
            _in_order(parent, found)
        found += [node]
    return found


def _uses(output: MyTensor) -> dict[MyTensor, int]:
    found = {output: 0}
    for node in (nodes := [output]):
        for parent in node.parents:
            if parent not in found:
                nodes.append(parent)
            found[parent] = found.get(parent, 0) + 1
    return found


def _outputs_first(output: MyTensor) -> list[MyTensor]:
    return list(reversed(_in_order(output)))


def _as_met(output: MyTensor) -> list[MyTensor]:
    """Each node when it is met first, from the output, turned round."""
    return list(reversed(list(_uses(output))))


def _once_per_use(output: MyTensor) -> list[MyTensor]:
    """Each node as often as it is used, which on a long chain would be without end."""
    found = [output]
    for node in found:
        found += node.parents
        if len(found) > 10_000:
            break
    return list(reversed(found))


def _without_inputs(output: MyTensor) -> list[MyTensor]:
    return [node for node in _in_order(output) if node.parents]


def _ticked_once(output: MyTensor) -> list[MyTensor]:
    left, found = _uses(output), [output]
    for node in found:
        for parent in set(node.parents):
            left[parent] = left[parent] - 1
            found += [parent] * (left[parent] == 0)
    return [*reversed(found)]


IN_ORDER = Exercise(
    id="in-order",
    title="The order, without recursion",
    minutes=3,
    difficulty=2,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "a chain, and paths that meet",
            expect=_seen_in_order,
            ask=asks.order,
            inputs=(_X, st.sampled_from(CHAINS + MEETING)),
            examples=(({"x": 3.0}, CHAINS[0]), ({"x": 3.0}, MEETING[0])),
        ),
        Question(
            "where nodes have to wait",
            expect=_seen_in_order,
            ask=asks.order,
            inputs=(_X_AND_Y, _programs()),
            examples=tuple(({"x": 3.0}, program) for program in WAITING),
        ),
        Question(
            f"a chain of {asks.LONG_CHAIN} additions",
            expect=_seen_of_long_sum,
            ask=asks.order_of_long_sum,
        ),
    ),
    mistakes=(
        Mistake(
            "A function that calls itself goes as deep as the graph.",
            lambda: (MyTensor, _in_order),
            "The order is right, and short programs pass. On the long chain Python ends it, since too "
            "many calls wait for one another. The counts of uses let a loop do the same.",
        ),
        Mistake(
            "The order begins at the output.",
            lambda: (MyTensor, _outputs_first),
            "The order is right, and the wrong way round: the output stands first here, and asked for "
            "are the inputs first.",
        ),
        Mistake(
            "A node comes as soon as it is met.",
            lambda: (MyTensor, _as_met),
            "On a chain it is right. But here each node is taken when it is first met, with some of "
            "its uses still open. Only a parent with no open use is ready.",
        ),
        Mistake(
            "A node comes once for each use.",
            lambda: (MyTensor, _once_per_use),
            "A node that is used twice stands in your list twice. It becomes ready once: when "
            "its last use is ticked off.",
        ),
        Mistake(
            "A parent that stands there twice is ticked off once.",
            lambda: (MyTensor, _ticked_once),
            "In x * x the parent x has two open uses, and your loop ticks off one. So x never becomes ready. "
            "Go through `node.parents` as it is, with what stands there twice.",
        ),
        Mistake(
            "A use ends by itself.",
            lambda: (MyTensor, lambda output: [output]),
            "Only the output is in your list: no parent has become ready. Is one open use taken away for "
            "each parent that the loop meets?",
        ),
        Mistake(
            "The output does not belong to the order.",
            lambda: (MyTensor, lambda output: _in_order(output)[:-1]),
            "One node is missing: the output. Each node is written down when it is taken, and the output is the "
            "first that is.",
        ),
        Mistake(
            "Inputs do not belong to the order.",
            lambda: (MyTensor, _without_inputs),
            "The nodes without parents are missing. They are nodes too, and what arrives there "
            "is what one wants in the end.",
        ),
    ),
)


# --- backward, by you ------------------------------------------------------------------------------------


def _gradients(
    output: MyTensor, order: Iterable[MyTensor], seed: float = 1.0, adds: bool = True
) -> dict[MyTensor, float]:
    """Walk back in some order; `adds` is whether what arrives is added to what is there."""
    found: defaultdict[MyTensor, float] = defaultdict(float, {output: seed})
    for node in order:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            found[parent] = found[parent] * adds + found[node] * slope
    return found


def _wrong_backward(walk: Callable[[MyTensor], dict[MyTensor, float]]) -> Callable[[], Any]:
    return lambda: (MyTensor, walk)


def _visit_by_visit(output: MyTensor) -> dict[MyTensor, float]:
    """Pass on at each visit, as often as a node is met; far too often on a long chain."""
    return _gradients(output, reversed(_once_per_use(output)))


def _calls_itself(output: MyTensor) -> dict[MyTensor, float]:
    return _gradients(output, reversed(_in_order(output)))


def _long_gradient(device: str) -> dict[str, Any]:
    x = _leaf(1.0, device)
    asks.long_sum(x).backward()
    assert x.grad is not None
    return {"ends with": "a dictionary", "gradient of x": x.grad.item()}


def _slopes_only(output: MyTensor) -> dict[MyTensor, float]:
    found: defaultdict[MyTensor, float] = defaultdict(float, {output: 1.0})
    for node in reversed(_in_order(output)):
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            found[parent] = found[parent] + slope
    return found


def _slopes_added(output: MyTensor) -> dict[MyTensor, float]:
    found: defaultdict[MyTensor, float] = defaultdict(float, {output: 1.0})
    for node in reversed(_in_order(output)):
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            found[parent] = found[parent] + (found[node] + slope)
    return found


def _ones_everywhere(output: MyTensor) -> dict[MyTensor, float]:
    order = _in_order(output)
    found = dict.fromkeys(order, 1.0)
    for node in reversed(order):
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            found[parent] = found[parent] + found[node] * slope
    return found


def _without_zeros(output: MyTensor) -> dict[MyTensor, float]:
    found = {output: 1.0}
    for node in reversed(_in_order(output)):
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            found[parent] = found[parent] + found[node] * slope
    return found


BACKWARD = Exercise(
    id="my-backward",
    title="Backward, by you",
    minutes=5,
    difficulty=3,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "along a chain",
            expect=_torch_gradients,
            ask=asks.gradients,
            inputs=(_X, st.sampled_from(CHAINS)),
            examples=(({"x": 3.0}, CHAINS[0]),),
            agreement=AGREES,
        ),
        Question(
            "where paths meet",
            expect=_torch_gradients,
            ask=asks.gradients,
            inputs=(_X, st.sampled_from(MEETING)),
            examples=(({"x": 3.0}, MEETING[0]),),
            agreement=AGREES,
        ),
        Question(
            "where nodes have to wait",
            expect=_torch_gradients,
            ask=asks.gradients,
            inputs=(_X_AND_Y, _programs()),
            examples=tuple(({"x": 3.0}, program) for program in WAITING),
            agreement=AGREES,
            points=2,
        ),
        Question(
            f"a chain of {asks.LONG_CHAIN} additions",
            expect=_long_gradient,
            ask=asks.gradient_of_long_sum,
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A function that calls itself goes as deep as the graph.",
            _wrong_backward(_calls_itself),
            "Everything short is right. On the long chain Python ends it, since too many calls wait for one "
            "another. Take the order from a loop, as in the exercise before.",
        ),
        Mistake(
            "Where two paths meet, the last one counts.",
            _wrong_backward(lambda y: _gradients(y, reversed(_in_order(y)), adds=False)),
            "On a chain it is right. Where paths meet, the later one takes the place of the earlier: "
            "for x * x at 3 that gives 3. What arrives must be added to what stands there.",
        ),
        Mistake(
            "A node passes on each time that it is met.",
            _wrong_backward(_visit_by_visit),
            "A node that is used twice passes on twice here, and each time all that it has. So parts "
            "are counted twice: b = a + a, c = b + b gives 8. Take each node once.",
        ),
        Mistake(
            "Once for each node is enough, in any order.",
            _wrong_backward(lambda y: _gradients(y, _uses(y))),
            "Each node passes on once, but some do so too early, and what arrives there later gets no "
            "further. Follow the order: a node waits for all that used it.",
        ),
        Mistake(
            "The walk goes from the inputs to the output.",
            _wrong_backward(lambda y: _gradients(y, _in_order(y))),
            "Only the output has passed on anything. Does `return` stand inside the loop? Or does the walk "
            "begin at the inputs, where nothing has arrived yet? `in_order` has them first, so go through it from "
            "its end.",
        ),
        Mistake(
            "Only the local slope is passed on.",
            _wrong_backward(_slopes_only),
            "Each parent gets the local slope, and what has arrived at the node is left out. Along a path, slopes "
            "multiply.",
        ),
        Mistake(
            "Along a path, slopes add up.",
            _wrong_backward(_slopes_added),
            "You add the slope to what has arrived. Along a path, slopes multiply; only what comes over different "
            "paths adds up.",
        ),
        Mistake(
            "Every node starts with 1.",
            _wrong_backward(_ones_everywhere),
            "Each node but the output has 1 too much, and passes it on. Only the output grows as fast as itself "
            "by definition. What has arrived at the others, before the walk?",
        ),
        Mistake(
            "The walk starts with the value of the output.",
            _wrong_backward(lambda y: _gradients(y, reversed(_in_order(y)), seed=y.value)),
            "Everything is too large by the same factor, the value of the output. How fast does the output grow, "
            "when the output grows?",
        ),
        Mistake(
            "A node is always in the dictionary.",
            _wrong_backward(_without_zeros),
            "Python finds no entry for a node at which nothing has arrived yet. Begin with 0.0 for every "
            "node, or ask with `.get(parent, 0.0)`.",
        ),
        Mistake(
            "Only the inputs have a gradient.",
            _wrong_backward(
                lambda y: {
                    node: found
                    for node, found in _gradients(y, reversed(_in_order(y))).items()
                    if not node.parents
                }
            ),
            "The inputs are right. The nodes in between are missing: asked for are all nodes, the output too.",
        ),
        Mistake(
            "The walk starts by itself.",
            _wrong_backward(lambda y: _gradients(y, reversed(_in_order(y)), seed=0.0)),
            "Every gradient is 0, so nothing was passed on: the Start is missing. How fast does the "
            "output grow, when the output grows?",
        ),
    ),
)


WHY_WAIT_AND_ADD = WrittenExercise(
    id="why-wait-and-add",
    title="Why wait, why add?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: first_walk overwrote, so it kept only the last of two paths; what arrives over all "
        "paths must be added. "
        "1 point: once_walk let a node pass on before everything had arrived, so the late part never "
        "got to x; a node waits for all that used it (topological order). "
        "No point for naming `+=` or `the right order` without saying what was lost."
    ),
)

EXERCISES = (
    CHAIN_OF_THREE,
    PASS_ON,
    ORDER_BY_HAND,
    IN_ORDER,
    BACKWARD,
    WHY_WAIT_AND_ADD,
)

check = checker(EXERCISES)
