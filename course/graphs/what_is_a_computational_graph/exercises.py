"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.graphs.what_is_a_computational_graph import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)
# Numbers that a student can read in a reply, and of which no two programs make the same.
READABLE = st.integers(-12, 12).map(lambda n: n / 4)


# --- what torch says about a graph ---------------------------------------------------------------


def _torch_nodes(graph: asks.Graph) -> dict[str, torch.Tensor]:
    """Calculate a graph in torch and return its tensors by name."""
    tensors = {
        name: torch.tensor(float(place + 1), requires_grad=True)
        for place, name in enumerate(asks.NAMES)
    }
    operations = {"add": torch.add, "mul": torch.mul}
    for name, (operation, *inputs) in graph.items():
        tensors[name] = operations[operation](*(tensors[item] for item in inputs))
    return tensors


def torch_edges(graph: asks.Graph, device: str = "cpu") -> list[str]:
    """Read the edges of a graph off torch's own record, sorted."""
    tensors = _torch_nodes(graph)
    names = {_node_of(tensor): name for name, tensor in tensors.items()}
    return sorted(
        f"{names[parent]} -> {name}"
        for node, name in names.items()
        if name in graph
        for parent, _ in node.next_functions
    )


def _node_of(tensor: torch.Tensor) -> Any:
    """Return the node of a tensor in torch's graph; a leaf has one too."""
    return tensor.grad_fn or torch.autograd.graph.get_gradient_edge(tensor).node


def _torch_history(node: Any, names: Mapping[Any, str]) -> str:
    """Say how torch recorded a result, in the words of `asks.history`."""
    if node is None:
        return "a number"
    if node in names:
        return names[node]
    (operation,) = re.findall(r"^(\w+?)Backward", node.name())
    parts = [_torch_history(parent, names) for parent, _ in node.next_functions]
    return asks.written(operation.lower(), parts)


def _recorded_by_torch(*numbers: float, program: str, device: str) -> dict[str, Any]:
    leaves = [
        torch.tensor(number, dtype=torch.float64, device=device, requires_grad=True)
        for number in numbers
    ]
    result = asks.PROGRAMS[program](*leaves)
    names = {_node_of(leaf): name for leaf, name in zip(leaves, asks.NAMES, strict=False)}
    return {"value": result.item(), "history": _torch_history(result.grad_fn, names)}


# --- a graph as a list of edges --------------------------------------------------------------------

THREE_LINES: asks.Graph = {
    "a": ("mul", "x", "y"),
    "b": ("add", "a", "x"),
    "out": ("mul", "b", "z"),
}


def _pairs() -> list[tuple[str, str]]:
    return [(item, name) for name, (_, *inputs) in THREE_LINES.items() for item in inputs]


def _torch_pairs() -> list[list[str]]:
    return [edge.split(" -> ") for edge in torch_edges(THREE_LINES)]


def _into(name: str, *ends: str) -> Question:
    return Question(
        f"what leads into {name}",
        expect=lambda device: asks.edges_into(_torch_pairs(), ends=ends, device=device),
        ask=partial(asks.edges_into, ends=ends),
        shows_expected=False,
    )


EDGES_OF_A_GRAPH = Exercise(
    id="edges-of-a-graph",
    title="A graph as a list of edges",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "the nodes",
            expect=lambda device: asks.nodes_named(_torch_pairs(), device=device),
            ask=asks.nodes_named,
            shows_expected=False,
        ),
        _into("x, y and z", "x", "y", "z"),
        _into("a", "a"),
        _into("b", "b"),
        _into("out", "out"),
    ),
    mistakes=(
        Mistake(
            "An edge points to what a value was made of.",
            lambda: [(end, start) for start, end in _pairs()],
            "All the right pairs, each turned round. An edge goes the way the numbers go: from "
            "what is used to what is made of it. In `a = x * y`, which of x and a is there first?",
        ),
        Mistake(
            "A value leads to one place only.",
            lambda: [pair for pair in _pairs() if pair != ("x", "b")],
            "One edge is missing. A value may be used more than once, and each use is an edge of "
            "its own. Which name stands on the right of two lines?",
        ),
        Mistake(
            "What is used in an earlier line leads on by itself.",
            lambda: [("x", "a"), ("y", "a"), ("a", "b"), ("b", "out")],
            "z is nowhere to be seen. Each line has two names on its right side, so each line gives "
            "two edges: one for the earlier result, and one for the other name.",
        ),
        Mistake(
            "A graph leads from the inputs to the result.",
            lambda: [("x", "out"), ("y", "out"), ("z", "out")],
            "These say what goes in and what comes out, and leave out the steps between. Take one "
            "line at a time: an edge joins a name on the right to the name on the left.",
        ),
        Mistake(
            "The inputs lead to the result, beside the steps between.",
            lambda: [*_pairs(), ("x", "out"), ("y", "out")],
            "Too many. x and y reach `out` only by way of a and b. An edge is drawn where a line "
            "names both ends: does the line of `out` name x or y?",
        ),
        Mistake(
            "An earlier input goes into every later line.",
            lambda: [*_pairs(), ("y", "b")],
            "One too many leads into b. y is used in the line of a, and reaches b by way of a. Does "
            "the line of b name it?",
        ),
        Mistake(
            "Every result goes into the last line.",
            lambda: [*_pairs(), ("a", "out")],
            "One too many leads into out. a reaches it by way of b. Does the last line name a?",
        ),
        Mistake(
            "Only results lead on, as x is an input.",
            lambda: [pair for pair in _pairs() if pair != ("a", "b")],
            "b is made of two things. x is there; what is the other name on the right of its line?",
        ),
        Mistake(
            "Operations are nodes, and so are results.",
            lambda: [
                ("x", "*"), ("y", "*"), ("*", "a"), ("a", "+"), ("x", "+"), ("+", "b"),
                ("b", "*"), ("z", "*"), ("*", "out"),
            ],
            "A graph can be drawn with boxes for operations between the results. But then the two "
            "products are two boxes, and here both are called `*`. Take a, b and out alone: an "
            "edge joins two names of the program.",
        ),
        Mistake(
            "The first edge is the whole answer.",
            lambda: [("x", "a")],
            "That is the first edge, which was given as an example. Put the other ones after it.",
        ),
        Mistake(
            "A node is called by its operation.",
            lambda: [
                ("x", "*"), ("y", "*"), ("*", "+"), ("x", "+"), ("+", "*"), ("z", "*"),
            ],
            "Named like this, the two products are one node, and the graph has a cycle. Call "
            "each node by the name that stands on the left of its line: a, b, out.",
        ),
        Mistake(
            "An edge joins the two names that are calculated with.",
            lambda: [("x", "y"), ("a", "x"), ("b", "z")],
            "You joined the two that stand beside each other in a line. They do not become one "
            "another: both become what stands on the left. So each line gives two edges.",
        ),
    ),
)  # fmt: skip


# --- a drawing that runs in a circle, mended -----------------------------------------------------------


def _sine_of_product(x: Any, y: Any, z: Any) -> Any:
    return torch.sin(torch.mul(torch.add(x, y), z))


def _value_on(*numbers: float, device: str) -> torch.Tensor:
    return _sine_of_product(*(torch.tensor(number, device=device) for number in numbers))


def _gradients_on(*numbers: float, device: str) -> dict[str, Any]:
    leaves = [torch.tensor(number, device=device, requires_grad=True) for number in numbers]
    value = _sine_of_product(*leaves)
    return {"value": value, "gradients": list(torch.autograd.grad(value, leaves))}


def _once_round(x: Any, y: Any, z: Any) -> Any:
    return _sine_of_product(x, y, _sine_of_product(x, y, z))


def _without_a_sine(x: Any, y: Any, z: Any) -> None:
    raise NameError("name 'sin' is not defined")


MEND_THE_CYCLE = Exercise(
    id="mend-the-cycle",
    title="Mend the drawing",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "the value",
            expect=_value_on,
            ask=common.call_with_tensors,
            inputs=(READABLE,) * 3,
            examples=((1.0, 2.0, 2.0),),
            agreement=AGREES,
        ),
        Question(
            "the way back to x, y and z",
            expect=_gradients_on,
            ask=common.gradients,
            inputs=(READABLE,) * 3,
            examples=((1.0, 2.0, 2.0),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The sine comes straight after the sum.",
            lambda: lambda x, y, z: (x + y).sin() * z,
            "Here the sine is taken of the sum, and z multiplies afterwards. Follow the arrows of "
            "the drawing: what does the sine get, the sum or the product?",
        ),
        Mistake(
            "Without parentheses the sum still comes first.",
            lambda: lambda x, y, z: (x + y * z).sin(),
            "Here only y is multiplied by z: Python multiplies before it adds. The drawing adds "
            "first. Parentheses say so, or a line of its own for the sum.",
        ),
        Mistake(
            "The product is the result.",
            lambda: lambda x, y, z: (x + y) * z,
            "This is the product, one step early. In the drawing one more box follows it.",
        ),
        Mistake(
            "The result goes in once more.",
            lambda: _once_round,
            "Here the result is sent round once and multiplied in again. No round is wanted: z "
            "comes in from outside, and what comes out goes nowhere.",
        ),
        Mistake(
            "The sine belongs to z.",
            lambda: lambda x, y, z: (x + y) * z.sin(),
            "In the drawing the sine stands after the product, so it is taken of the product, and "
            "z goes in as it is.",
        ),
        Mistake(
            "A plain number will do for the sine.",
            lambda: lambda x, y, z: math.sin((x + y) * z),
            "`math.sin` gives a plain Python number, and that one remembers nothing. A tensor has "
            "a sine of its own, `.sin()`, which keeps the way back.",
        ),
        Mistake(
            "A new tensor has the way back as well.",
            lambda: (
                lambda x, y, z: torch.tensor(
                    math.sin((x + y) * z), device=x.device, requires_grad=True
                )
            ),
            "The value is right, but this is a new tensor, made of a plain number. It does not know "
            "x, y and z. Calculate with the tensors to the end.",
        ),
        Mistake(
            "`sin` is there by itself.",
            lambda: _without_a_sine,
            "Python knows no `sin` of its own. A tensor has one: `p.sin()`, or `torch.sin(p)`.",
        ),
        Mistake(
            "A method is called without parentheses.",
            lambda: lambda x, y, z: ((x + y) * z).sin,
            "`p.sin` is the method itself. It calculates when it is called: `p.sin()`.",
        ),
        Mistake(
            "All three are added.",
            lambda: lambda x, y, z: (x + y + z).sin(),
            "Here z is added. In the drawing it goes into the box with the `*`.",
        ),
    ),
)


# --- a number that remembers ---------------------------------------------------------------------------


def _as_node(make: type, number: Any) -> Any:
    return number if isinstance(number, make) else make(number)


def recorder(multiply: Callable[[type, Any, Any], Any]) -> type:
    """Make a class that records sums rightly, and products as `multiply(class, one, other)` does."""

    class MyTensor:
        def __init__(
            self, value: float, parents: tuple[Any, ...] = (), operation: str = ""
        ) -> None:
            self.value, self.parents, self.operation = value, tuple(parents), operation

        def __add__(self, other: Any) -> Any:
            other = _as_node(MyTensor, other)
            return MyTensor(self.value + other.value, (self, other), "add")

        def __mul__(self, other: Any) -> Any:
            return multiply(MyTensor, self, other)

        __radd__, __rmul__ = __add__, __mul__

    return MyTensor


def _product(
    parents: Callable[[Any, Any], Any] = lambda one, other: (one, other),
    operation: str = "mul",
    value: Callable[[float, float], float] = lambda one, other: one * other,
) -> Callable[[], type]:
    """Return a maker of the class, with one thing about its products changed."""

    def multiply(make: type, one: Any, other: Any) -> Any:
        other = _as_node(make, other)
        return make(value(one.value, other.value), parents(one, other), operation)

    return lambda: recorder(multiply)


def _in_place(make: type, one: Any, other: Any) -> Any:
    one.value = one.value * _as_node(make, other).value
    return one


def _many_sums(make: type, one: Any, other: Any) -> Any:
    total: Any = 0
    for _ in range(int(_as_node(make, other).value)):
        total = one + total
    return total


def _program(name: str, program: str, *example: float) -> Question:
    return Question(
        name,
        expect=partial(_recorded_by_torch, program=program),
        ask=partial(asks.recorded, program=program),
        inputs=(READABLE,) * len(example),
        examples=(example,),
    )


REMEMBER_A_PRODUCT = Exercise(
    id="remember-a-product",
    title="A product that remembers",
    minutes=4,
    difficulty=2,
    questions=(
        _program("a product, x * y", "x * y", 2.0, 5.0),
        _program("the same number twice, x * x", "x * x", 3.0),
        _program("with a plain number, x * 3", "x * 3", 2.0),
        _program("a plain number first, 3 * x", "3 * x", 2.0),
        _program("a sum, then a product", "(x + y) * z", 1.0, 2.0, 3.0),
        _program("a product, then a sum", "x * y + z", 2.0, 3.0, 5.0),
    ),
    mistakes=(
        Mistake(
            "A product is only its value.",
            _product(parents=lambda one, other: (), operation=""),
            "The value is right, but the product remembers nothing: seen from it, it was never "
            "calculated. Hand the parents and the operation on, as the sum does.",
        ),
        Mistake(
            "The parents are the two values.",
            _product(parents=lambda one, other: (one.value, other.value)),
            "The parents here are plain numbers, and a number has no parents: the way back ends "
            "at once. Which two objects hold these values?",
        ),
        Mistake(
            "Every operation is called `add`.",
            _product(operation="add"),
            "It says that it is a sum. That is what remains of a copied line, and on the way back "
            "it would be taken for one. What is the third thing that a node remembers?",
        ),
        Mistake(
            "A product adds.",
            _product(value=lambda one, other: one + other),
            "It calls itself a product, but its value is the sum. Look at the line of the value.",
        ),
        Mistake(
            "Value and parents are all there is.",
            _product(operation=""),
            "Value and parents are there, and the operation is not. Without it nobody can say later "
            "whether it was a sum or a product. It is the third thing in the parentheses.",
        ),
        Mistake(
            "A node is multiplied by a node.",
            lambda: recorder(
                lambda make, one, other: make(one * _as_node(make, other), (one, other), "mul")
            ),
            "`self * other` calls `__mul__` again, and that calls it again, without end. For the "
            "value, multiply the two plain numbers inside the nodes.",
        ),
        Mistake(
            "A product is many sums.",
            lambda: recorder(_many_sums),
            "The value comes out for whole numbers, but it was recorded as a row of sums. Multiply "
            "the two values, and make one node.",
        ),
        Mistake(
            "A number that is used twice is one parent.",
            _product(parents=lambda one, other: dict.fromkeys((one, other))),
            "In x * x the number x is used twice, and here it is remembered once. A set drops "
            "what is in it already; a tuple keeps both uses.",
        ),
        Mistake(
            "A product remembers the first factor.",
            _product(parents=lambda one, other: (one,)),
            "Only the first factor is remembered. The product was made of two numbers, and a walk "
            "back has to reach both.",
        ),
        Mistake(
            "The product takes the place of its factor.",
            lambda: recorder(_in_place),
            "`self` itself was changed and given back. Now the factor has lost its own value, and "
            "nothing new remembers anything. Make a new node, and leave the old ones alone.",
        ),
        Mistake(
            "Both factors are nodes already.",
            lambda: recorder(
                lambda make, one, other: make(one.value * other.value, (one, other), "mul")
            ),
            "Two nodes can be multiplied, but a plain number has no `.value`. The sum takes care "
            "of that in its first line.",
        ),
    ),
)


# --- the edges, read back ----------------------------------------------------------------------------------


def _all_edges(node: Any) -> list[tuple[Any, Any]]:
    waiting, found = [node], []
    while waiting:
        child = waiting.pop()
        found += [(parent, child) for parent in child.parents]
        waiting += child.parents
    return found


def _first_parents(node: Any) -> list[tuple[Any, Any]]:
    found = []
    while node.parents:
        found.append((node.parents[0], node))
        node = node.parents[0]
    return found


def _one_branch(node: Any) -> list[tuple[Any, Any]]:
    found = []
    while node.parents:
        found += [(parent, node) for parent in node.parents]
        node = node.parents[0]
    return found


def _last_parent(node: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for parent in node.parents:
        found = [(parent, node), *_last_parent(parent)]
    return found


def _without_end(node: Any) -> Any:
    return [(parent, node) for parent in node.parents] + _without_end(node)


def _always_two(node: Any) -> Any:
    one, other = node.parents
    return [(one, node), (other, node), *_always_two(one), *_always_two(other)]


def _two_steps(node: Any) -> list[tuple[Any, Any]]:
    near = [(parent, node) for parent in node.parents]
    return near + [(far, parent) for parent, _ in near for far in parent.parents]


def _reading(graph: str, name: str) -> Question:
    return Question(
        name,
        expect=lambda device: asks.together(torch_edges(asks.GRAPHS[graph], device)),
        ask=partial(asks.edges_read, graph=graph),
    )


READ_EDGES_BACK = Exercise(
    id="read-edges-back",
    title="Read the graph back",
    minutes=5,
    difficulty=2,
    questions=(
        _reading("a sum", "one step, s = x + y"),
        _reading("a product of a sum", "two steps, out = (x + y) * z"),
        _reading("four steps", "four steps, out = (x * y + z) * (x + z)"),
        _reading("a leaf", "a leaf, which has no edges"),
    ),
    mistakes=(
        Mistake(
            "The parents of the result are the whole graph.",
            lambda: lambda node: [(parent, node) for parent in node.parents],
            "The last step is read, and the steps before it are not. A parent may have parents of "
            "its own: the same question can be asked of it. What becomes of what it replies?",
        ),
        Mistake(
            "An edge points to what a value was made of.",
            lambda: lambda node: [(child, parent) for parent, child in _all_edges(node)],
            "Every edge is there, turned round. The walk goes from child to parent, but the pair "
            "is to say it as the numbers flowed: parent first.",
        ),
        Mistake(
            "Everything leads straight to the result.",
            lambda: lambda node: [(parent, node) for parent, _ in _all_edges(node)],
            "Every node is found, but each leads to the result here. An edge ends at the node "
            "whose parent you are looking at.",
        ),
        Mistake(
            "There is one way back.",
            lambda: _first_parents,
            "You follow the first parent only, so the other branches are never seen. A loop over "
            "`node.parents` looks at all of them.",
        ),
        Mistake(
            "There is one way back, and its neighbours.",
            lambda: _one_branch,
            "One branch is followed to its end, and the other parents are written down but never "
            "asked. Each of them may have parents of its own.",
        ),
        Mistake(
            "A graph has two steps.",
            lambda: _two_steps,
            "Two steps back are read, and a graph may have more. Let the function ask the same of "
            "each parent, however far it goes.",
        ),
        Mistake(
            "Each parent's edges take the place of those before.",
            lambda: _last_parent,
            "Only what came last is left: your list is made anew for each parent. Begin it once, "
            "before the loop, and add to it.",
        ),
        Mistake(
            "The function asks the same node again.",
            lambda: _without_end,
            "The function calls itself with the very node that it was given, so it never ends. "
            "Whom should it ask next?",
        ),
        Mistake(
            "Every node has two parents.",
            lambda: _always_two,
            "At a leaf this fails: it has no parents, so there are no two to take out. A loop over "
            "`parents` does nothing there, which is right.",
        ),
        Mistake(
            "The parents are the edges.",
            lambda: lambda node: node.parents,
            "These are the parents of the result alone. An edge is a pair: parent and child.",
        ),
        Mistake(
            "An edge joins two values.",
            lambda: lambda node: [(one.value, two.value) for one, two in _all_edges(node)],
            "These are pairs of numbers. Two different nodes may hold the same number, so put the "
            "nodes themselves into the pairs.",
        ),
        Mistake(
            "The lists of the parents go in as they are.",
            lambda: lambda node: _nested(node),
            "Some items of your list are lists themselves. `append` puts a whole list in as one "
            "item; `+=` or `extend` adds what is in it.",
        ),
        Mistake(
            "A list that is made outside is empty at each call.",
            lambda: lambda node: [(asks.Node(0.0), asks.Node(0.0)), *_all_edges(node)],
            "Edges of an earlier graph are still in your list. It was made once, outside the "
            "function or as `found=[]` in its first line, and each call adds to it. A new call "
            "needs a new list.",
        ),
        Mistake(
            "A node with parents is all there is.",
            lambda: lambda node: [
                (parent, child) for parent, child in _all_edges(node) if parent.parents
            ],
            "The edges from the inputs are missing. A leaf has no parents, and is a parent all the "
            "same: write the edge down before you ask where its parent came from.",
        ),
    ),
)  # fmt: skip


def _nested(node: Any) -> list[Any]:
    found: list[Any] = []
    for parent in node.parents:
        found.append((parent, node))
        found.append(_nested(parent))
    return found


GRAPH_OR_CALL = WrittenExercise(
    id="graph-or-call",
    title="A graph or a call?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that a call gives back a value and forgets how it came about, while a graph "
        "keeps the operations and what they were made of. "
        "1 point: names a use of that memory for learning: from the output one can walk back and "
        "say how it reacts to each input or weight. Another use (drawing, optimising, moving it to "
        "another device) earns the point too, if it is said what of the memory it needs."
    ),
)

EXERCISES = (
    EDGES_OF_A_GRAPH,
    MEND_THE_CYCLE,
    REMEMBER_A_PRODUCT,
    READ_EDGES_BACK,
    GRAPH_OR_CALL,
)

check = checker(EXERCISES)
