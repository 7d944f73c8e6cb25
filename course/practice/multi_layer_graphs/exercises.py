"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.my_tensor.mathematics import MyTensor, in_order
from course.practice.multi_layer_graphs import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)
WEIGHTS = (5.0, -3.0, 2.0, 2.0, 4.0, 3.0)


def _leaf(value: float, device: str = "cpu") -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)


def _nodes(device: str = "cpu") -> dict[str, Any]:
    return asks.network(_leaf(2.0, device), _leaf(3.0, device))


def _several(
    names: Sequence[str], expect: Callable[[str, str], float], **more: Any
) -> tuple[Question, ...]:
    """One question for each of several numbers; `expect` gets its name and the device."""
    return tuple(
        Question(
            name,
            expect=partial(expect, name),
            ask=partial(asks.entry, place=place),
            agreement=AGREES,
            shows_expected=False,
            **more,
        )
        for place, name in enumerate(names)
    )


# --- three values --------------------------------------------------------------------------------------


def _value(name: str, device: str) -> float:
    return _nodes(device)[name].item()


LAYERS_FORWARD = Exercise(
    id="layers-forward",
    title="Three values",
    minutes=1,
    difficulty=1,
    questions=_several(("x12", "x22", "y"), _value),
    mistakes=(
        Mistake(
            "The square takes the factor before it along.",
            lambda: [1, (2 * 2) ** 2 + 2 * 3, 4 * 1 + 3 * ((2 * 2) ** 2 + 2 * 3)],
            "In 2 · x11² only x11 is squared: 2 · 4, and not 4 · 4.",
        ),
        Mistake(
            "A square is a double.",
            lambda: [1, 2 * 2 * 2 + 3, 4 * 1 + 3 * 11],
            "One of the terms of x22 is not right: it is 2 · x11² plus 2 · x21, and both have a factor of 2.",
        ),
        Mistake(
            "The sign before 3 · x21 is a plus.",
            lambda: [19, 14, 4 * 19 + 3 * 14],
            "You have added: x12 is 5 · x11 minus 3 · x21.",
        ),
        Mistake(
            "The output is the sum of the hidden nodes.",
            lambda: [1, 14, 15],
            "The hidden values are right. In the output each has a coefficient before it: 4 and 3.",
        ),
        Mistake(
            "The terms of the output are multiplied.",
            lambda: [1, 14, 4 * 1 * 3 * 14],
            "The hidden values are right. In the output, 4 · x12 and 3 · x22 are added.",
        ),
        Mistake(
            "The coefficients of the output are swapped.",
            lambda: [1, 14, 3 * 1 + 4 * 14],
            "The hidden values are right. Which coefficient belongs to x12, and which to x22?",
        ),
        Mistake(
            "x11 and x21 are swapped.",
            lambda: [5 * 3 - 3 * 2, 2 * 9 + 2 * 2, 4 * 9 + 3 * 22],
            "You have taken 3 for x11 and 2 for x21. Look at the first line of the table.",
        ),
    ),
)


# --- the edges -----------------------------------------------------------------------------------------

_EDGES = (
    ("x11", "x12"),
    ("x21", "x12"),
    ("x11", "x22"),
    ("x21", "x22"),
    ("x12", "y"),
    ("x22", "y"),
)


def _edges_that_matter(device: str) -> list[str]:
    """Every pair of names, of which the second changes with the first when only that one moves."""
    makers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "x12": lambda at: 5 * at["x11"] - 3 * at["x21"],
        "x22": lambda at: 2 * at["x11"] ** 2 + 2 * at["x21"],
        "y": lambda at: 4 * at["x12"] + 3 * at["x22"],
    }
    found = []
    for name, make in makers.items():
        at = {other: _leaf(1.0, device) for other in ("x11", "x21", "x12", "x22")}
        make(at).backward()
        found += [(other, name) for other, leaf in at.items() if leaf.grad is not None]
    return common.edges(found, device=device)


EDGES_OF_LAYERS = Exercise(
    id="edges-of-layers",
    title="The edges",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the edges",
            expect=_edges_that_matter,
            ask=asks.edges,
        ),
    ),
    mistakes=(
        Mistake(
            "Each input feeds the hidden node beside it.",
            lambda: [("x11", "x12"), ("x21", "x22"), ("x12", "y"), ("x22", "y")],
            "Here each input goes to one hidden node only, straight on. Read the line of x12 again: which "
            "inputs does it use? And x22?",
        ),
        *(
            Mistake(
                f"{end} is made without {start}.",
                partial(list, [edge for edge in _EDGES if edge != (start, end)]),
                f"Five are right, and one is missing. Read the line of {end} once more: which named nodes stand to "
                "the right of its equals sign?",
            )
            for start, end in _EDGES
        ),
        Mistake(
            "An edge points to what a node was made of.",
            lambda: [(end, start) for start, end in _EDGES],
            "All six are there, and each points the other way. An edge leads from what is used to what "
            "is made of it.",
        ),
        Mistake(
            "The output is no node.",
            lambda: list(_EDGES[:4]),
            "The edges into the hidden layer are right. The output is made of something too.",
        ),
        Mistake(
            "The inputs are no nodes.",
            lambda: list(_EDGES[4:]),
            "The edges into the output are right. The hidden nodes are made of something too.",
        ),
        Mistake(
            "The inputs lead to the output themselves.",
            lambda: [*_EDGES, ("x11", "y"), ("x21", "y")],
            "The inputs reach y, but over the hidden nodes. An edge is one step: what stands in the line "
            "of y?",
        ),
        Mistake(
            "Nodes of one layer are joined.",
            lambda: [*_EDGES, ("x12", "x22")],
            "One edge is too many: is x12 used in the line of x22?",
        ),
        Mistake(
            "A square is two edges.",
            lambda: [*_EDGES, ("x11", "x22")],
            "In torch the square is one operation with one input, and between the named nodes it is one "
            "edge: x22 uses x11.",
        ),
    ),
)


# --- the paths of x21 ----------------------------------------------------------------------------------


def _part_of_x21(name: str, device: str) -> float:
    """What comes to x21 over one hidden node, or over both."""
    nodes = _nodes(device)
    over = ("x12", "x22") if name == "the gradient" else (name.removeprefix("over "),)
    hidden = [nodes[node] for node in over]
    upstream = torch.autograd.grad(nodes["y"], hidden, retain_graph=True)
    (found,) = torch.autograd.grad(hidden, nodes["x21"], grad_outputs=upstream)
    return found.item()


PATHS_OF_X21 = Exercise(
    id="paths-of-x21",
    title="The paths of x21",
    minutes=2,
    difficulty=1,
    questions=_several(("over x12", "over x22", "the gradient"), _part_of_x21),
    mistakes=(
        Mistake(
            "A minus does not count.",
            lambda: [12, 6, 18],
            "One sign is lost: x12 gets smaller when x21 grows. So does what that path brings.",
        ),
        Mistake(
            "The last path counts.",
            lambda: [-12, 6, 6],
            "Both paths are right, and the gradient has only the second. The first one counts too.",
        ),
        Mistake(
            "The paths are taken from each other.",
            lambda: [-12, 6, -18],
            "Both paths are right. The minus belongs to the first one already: the two are added.",
        ),
        Mistake(
            "The slope of the last edge is all.",
            lambda: [4, 3, 7],
            "The 4 is the slope into y, and 4 · x12 happens to be 4 too. A path has a first edge as well: multiply "
            "by the slope from x21 into the hidden node.",
        ),
        Mistake(
            "Along a path, slopes add up.",
            lambda: [-3 + 4, 2 + 3, 6],
            "You added along each path. Along a path, slopes multiply. Only what the paths bring is added.",
        ),
        Mistake(
            "Over all paths, the products are multiplied.",
            lambda: [-12, 6, -72],
            "Both paths are right. What they bring is there at once, so it is added.",
        ),
        Mistake(
            "The slope into the hidden node is all.",
            lambda: [-3, 2, -1],
            "These are the slopes of the first edges. Each path has a second edge, into y.",
        ),
        Mistake(
            "The path over x22 has the slope of x11's square.",
            lambda: [-12, 8 * 3, 12],
            "The path over x12 is right. For the other one you took the slope by x11. How does x22 = 2 · x11² "
            "+ 2 · x21 change with x21?",
        ),
        Mistake(
            "x21 has the slopes of x11.",
            lambda: [20, 24, 44],
            "These are the paths of x11, from the example. The first edges are others: how do x12 and x22 change "
            "with x21?",
        ),
        Mistake(
            "The size of the input multiplies along.",
            lambda: [-3 * 3 * 4, 2 * 3 * 3, -18],
            "The value of x21 stands in your products. In 3 · x21 the slope is 3, whatever x21 is.",
        ),
    ),
)


# --- keep what passes ----------------------------------------------------------------------------------


def _hidden(first: float, second: float, device: str = "cpu") -> list[float]:
    nodes = asks.network(_leaf(first, device), _leaf(second, device))
    hidden = nodes["x12"], nodes["x22"]
    return [part.item() for part in torch.autograd.grad(hidden[0] * hidden[1], hidden)]


def _of_inputs(first: float, second: float) -> list[float]:
    leaves = _leaf(first), _leaf(second)
    nodes = asks.network(*leaves)
    return [part.item() for part in torch.autograd.grad(nodes["x12"] * nodes["x22"], leaves)]


_HALVES = st.integers(-8, 8).map(lambda n: n / 2)

KEEP_WHAT_PASSES = Exercise(
    id="keep-what-passes",
    title="Keep what passes",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the two hidden gradients",
            expect=_hidden,
            ask=partial(asks.numbers, count=2),
            inputs=(_HALVES, _HALVES),
            examples=((2.0, 3.0), (1.0, -1.0)),
            agreement=AGREES,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "Intermediate results get their .grad.",
            lambda: lambda first, second: [None, None],
            "Both are None. A node that is no leaf keeps nothing unless it is asked to, before the walk "
            "back. Are all three there, in this order: ask both to keep, go back, read?",
        ),
        Mistake(
            "The gradients of the inputs are those of the hidden nodes.",
            lambda: _of_inputs,
            "These stand on x11 and x21, at the ends of the walk. Asked for is what passes x12 and x22.",
        ),
        Mistake(
            "Each factor's gradient is itself.",
            lambda: lambda first, second: list(reversed(_hidden(first, second))),
            "The two are swapped, or you returned the values of x12 and x22. In a product each factor's "
            "gradient is the other one.",
        ),
        Mistake(
            "The output is the one of the table.",
            lambda: lambda first, second: [4.0, 3.0],
            "These belong to y = 4 · x12 + 3 · x22. Here the last step is another one: y = x12 · x22.",
        ),
        Mistake(
            "Only one of the two has to be asked.",
            lambda: lambda first, second: [_hidden(first, second)[0], None],
            "The first is right, and the second node has kept nothing. Each node is asked by itself.",
        ),
        Mistake(
            "The sum of the hidden nodes is their product.",
            lambda: lambda first, second: [1.0, 1.0],
            "These are the slopes of x12 + x22, or of each node by itself. The walk back starts from one value: which "
            "is the last step here?",
        ),
        Mistake(
            "Asking to keep gives a node that keeps.",
            lambda: lambda first, second: None * None,
            "`retain_grad()` changes the node and gives nothing back. If its result is given the node's name, "
            "the node is lost.",
        ),
    ),
)


# --- six weights ---------------------------------------------------------------------------------------


def _by_weights(
    x11: float, x21: float, device: str = "cpu", weights: Sequence[float] = WEIGHTS
) -> list[float]:
    w = torch.tensor(weights, dtype=torch.float64, device=device, requires_grad=True)
    (found,) = torch.autograd.grad(asks.network(x11, x21, w)["y"], w)
    return found.tolist()


def _last_edge_only(x11: float, x21: float) -> list[float]:
    """The slope of each weight's own node, without the way on to y."""
    nodes = asks.network(x11, x21)
    return [x11, x21, x11**2, x21, nodes["x12"], nodes["x22"]]


def _with_a_minus(x11: float, x21: float) -> list[float]:
    found = _by_weights(x11, x21)
    return [found[0], -found[1], *found[2:]]


def _by_swapped(x11: float, x21: float, order: Sequence[int]) -> list[float]:
    """The gradients where the formula takes the weights in another order."""
    w = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(asks.network(x11, x21, [w[place] for place in order])["y"], w)
    return found.tolist()


def _with_two_minuses(x11: float, x21: float) -> list[float]:
    w = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(asks.network(x11, x21, [w[0], -w[1], *w[2:]])["y"], w)
    return found.tolist()


def _squared_with_weight(x11: float, x21: float) -> list[float]:
    w = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(asks.network(x11, x21, [*w[:2], w[2] ** 2, *w[3:]])["y"], w)
    return found.tolist()


def _without_square(x11: float, x21: float) -> list[float]:
    w = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    x12, x22 = w[0] * x11 + w[1] * x21, w[2] * x11 + w[3] * x21
    (found,) = torch.autograd.grad(w[4] * x12 + w[5] * x22, w)
    return found.tolist()


def _by_inputs(x11: float, x21: float) -> list[float]:
    leaves = _leaf(x11), _leaf(x21)
    return [part.item() for part in torch.autograd.grad(asks.network(*leaves)["y"], leaves)]


SIX_WEIGHTS = Exercise(
    id="six-weights",
    title="Six weights",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "at the lesson's inputs",
            expect=_by_weights,
            ask=partial(asks.numbers, count=6),
            inputs=(st.just(2.0), st.just(3.0)),
            examples=((2.0, 3.0),),
            agreement=AGREES,
        ),
        Question(
            "at any inputs",
            expect=_by_weights,
            ask=partial(asks.numbers, count=6),
            inputs=(_HALVES, _HALVES),
            examples=((1.0, -1.0),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "The inputs are what is tracked.",
            lambda: _by_inputs,
            "These are gradients of the inputs, as before. Here the inputs are plain numbers, and the six weights "
            "are tracked, in one tensor.",
        ),
        Mistake(
            "The minus is not part of the weight.",
            lambda: _with_a_minus,
            "Five are right, and one has the wrong sign. With -3 as the weight, it is added: "
            "w0 · x11 + w1 · x21.",
        ),
        Mistake(
            "A weight of -3 is subtracted.",
            lambda: _with_two_minuses,
            "Here the minus stands there twice, in the weight and before it, and so x12 becomes 19. With -3 as "
            "the weight, it is added: w0 · x11 + w1 · x21.",
        ),
        Mistake(
            "The square takes the weight along.",
            lambda: _squared_with_weight,
            "The weight before x11² was squared too. Only the input is: w2 · x11².",
        ),
        Mistake(
            "The weights of the output are swapped.",
            lambda: partial(_by_swapped, order=(0, 1, 2, 3, 5, 4)),
            "The last two weights have changed places: 4 belongs to x12, and 3 to x22.",
        ),
        Mistake(
            "A part of a tracked tensor keeps its own gradient.",
            lambda: lambda x11, x21: [None] * 6,
            "Every one is None. Picking `w[0]` makes a new result, and a result keeps no gradient. The leaf is `w`: "
            "there all six stand.",
        ),
        Mistake(
            "Whole numbers can have a slope.",
            lambda: lambda x11, x21: torch.tensor([5, -3, 2, 2, 4, 3], requires_grad=True),
            "The six are whole numbers here, and torch tracks those not. A decimal point in one of them makes "
            "decimals of all.",
        ),
        Mistake(
            "Weights are tracked by themselves.",
            lambda: lambda x11, x21: asks.network(x11, x21, torch.tensor(WEIGHTS))["y"].backward(),
            "Nothing was tracked, so there is no way back. What has torch to be told, when the weights are made?",
        ),
        Mistake(
            "The output is the sum of the hidden nodes.",
            lambda: lambda x11, x21: [x11, x21, x11**2, x21, 0.0, 0.0],
            "The last two weights have no influence here: was the line of y built from x12 and x22 alone? It has "
            "two weights of its own.",
        ),
        Mistake(
            "A weight's gradient is what it is multiplied with.",
            lambda: _last_edge_only,
            "This is how fast each weight moves its own node. For the first four the path goes on, from the "
            "hidden node to y. If you go back from y, torch multiplies that in.",
        ),
        Mistake(
            "A gradient is the weight.",
            lambda: lambda x11, x21: list(WEIGHTS),
            "These are the six weights themselves. Their gradients stand on the tensor, but they are not the "
            "tensor.",
        ),
        Mistake(
            "The square was not part of the weight's line.",
            lambda: _without_square,
            "Something is missing in the line of x22: there the input x11 is squared.",
        ),
        Mistake(
            "Backward changes the weights before they are read.",
            lambda: (
                lambda x11, x21: [
                    weight - part
                    for weight, part in zip(WEIGHTS, _by_weights(x11, x21), strict=True)
                ]
            ),
            "These are weights after a step. Asked for are the gradients, and no step.",
        ),
        Mistake(
            "Backward returns the gradient.",
            lambda: lambda x11, x21: None,
            "`backward()` itself gives nothing back, and a function without `return` gives nothing back. "
            "Where do the gradients of `w` stand?",
        ),
    ),
)


# --- list the paths ------------------------------------------------------------------------------------

PROGRAMS = (
    "y = x * x",
    "y = x * z",
    "a = x * x; y = a + 2 * a",
    "a = x + z; b = a * a; y = b * x",
)


def _torch_paths(values: dict[str, float], line: str, device: str) -> dict[str, Any]:
    leaves = {name: _leaf(value, device) for name, value in values.items()}
    asks.run(line, leaves).backward()
    grad: Any = leaves["x"].grad
    return {"number of paths": _count_paths(values, line), "their sum": grad.item()}


def _count_paths(values: dict[str, float], line: str) -> int:
    """Count the paths forward: a node has as many as all its parents together."""
    leaves = {name: MyTensor(value) for name, value in values.items()}
    counts: dict[MyTensor, int] = {}
    order = in_order(asks.run(line, leaves))
    for node in order:
        counts[node] = 1 if node is leaves["x"] else sum(counts[parent] for parent in node.parents)
    return counts[order[-1]]


Walk = Callable[..., list[Any]]


def _paths_by(step: Callable[[Walk, Any, Any, Any], Any]) -> Callable[[], Any]:
    """Make a wrong `path_products` from what it returns where a node has parents."""

    def path_products(node: Any, leaf: Any, so_far: Any = 1.0) -> Any:
        if node is leaf:
            return [so_far]
        return [] if node.pull is None else step(path_products, node, leaf, so_far)

    return lambda: (MyTensor, path_products)


def _joined(parts: Any) -> list[Any]:
    return [number for part in parts for number in part]


_VALUES = st.fixed_dictionaries({"x": _HALVES, "z": _HALVES})

LIST_THE_PATHS = Exercise(
    id="list-the-paths",
    title="List the paths",
    minutes=3,
    difficulty=3,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        Question(
            "small graphs",
            expect=_torch_paths,
            ask=asks.paths,
            inputs=(_VALUES, st.sampled_from(PROGRAMS)),
            examples=tuple(({"x": 3.0, "z": 5.0}, line) for line in PROGRAMS),
            agreement=AGREES,
        ),
        Question(
            "the lesson's graph",
            expect=_torch_paths,
            ask=asks.paths,
            inputs=(_VALUES, st.just(asks.THE_NETWORK)),
            examples=(({"x": 2.0, "z": 3.0}, asks.THE_NETWORK),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "What has come so far is handed on as it is.",
            _paths_by(
                lambda walk, node, leaf, so_far: _joined(
                    walk(parent, leaf, so_far) for parent in node.parents
                )
            ),
            "The paths are all there, and each brings 1: nothing is multiplied on the way. Give each parent "
            "what `pull` says for it.",
        ),
        Mistake(
            "Each step starts with 1.",
            _paths_by(
                lambda walk, node, leaf, so_far: _joined(
                    walk(parent, leaf, brought)
                    for parent, brought in zip(node.parents, node.pull(1.0), strict=True)
                )
            ),
            "The paths are all there, and each brings the slope of its last edge only: `pull` was given 1, and "
            "not what has come so far.",
        ),
        Mistake(
            "The first parent is enough.",
            _paths_by(
                lambda walk, node, leaf, so_far: walk(node.parents[0], leaf, node.pull(so_far)[0])
            ),
            "Only the first parent is followed. Does `return` stand inside the loop?",
        ),
        Mistake(
            "The last parent is enough.",
            _paths_by(
                lambda walk, node, leaf, so_far: walk(node.parents[-1], leaf, node.pull(so_far)[-1])
            ),
            "Only the last parent's paths are in the list: the earlier ones were replaced. Put each parent's "
            "list at the end of one long list.",
        ),
        Mistake(
            "Each parent's paths are one path.",
            _paths_by(
                lambda walk, node, leaf, so_far: [
                    sum(
                        _joined(
                            walk(parent, leaf, brought)
                            for parent, brought in zip(node.parents, node.pull(so_far), strict=True)
                        )
                    )
                ]
            ),
            "The sum is right, and it is one number: so many paths were put together on the way. The list "
            "should have a number for each path.",
        ),
        Mistake(
            "What has come so far is multiplied in twice.",
            _paths_by(
                lambda walk, node, leaf, so_far: _joined(
                    walk(parent, leaf, so_far * brought)
                    for parent, brought in zip(node.parents, node.pull(so_far), strict=True)
                )
            ),
            "Paths of one edge are right, longer ones too large: `pull(so_far)` has multiplied already, and you "
            "multiply once more.",
        ),
        Mistake(
            "One step back is a path.",
            _paths_by(lambda walk, node, leaf, so_far: list(node.pull(so_far))),
            "This is what one step brings, to every parent, whether the leaf is there or not. The function has to "
            "go on from each parent: it calls itself.",
        ),
        Mistake(
            "The parent pulls.",
            _paths_by(
                lambda walk, node, leaf, so_far: _joined(
                    walk(parent, leaf, parent.pull(so_far)) for parent in node.parents
                )
            ),
            "`parent.pull` was called, and a node that was not calculated has none. It is the node that knows "
            "what each of its parents gets.",
        ),
        Mistake(
            "What comes back for a parent is collected by itself.",
            _paths_by(lambda walk, node, leaf, so_far: []),
            "The list is empty: no path arrives. What the function returns for a parent has to be "
            "collected.",
        ),
    ),
)


WHY_NOT_PATH_BY_PATH = WrittenExercise(
    id="why-not-path-by-path",
    title="Why not path by path?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: it is a sum, since x11 moves y over both hidden nodes at once (each path's product is "
        "one part of the change). "
        "1 point: backward adds up at a node what arrives there and passes the sum on once, so each "
        "edge is walked once, while the number of paths may double per layer. "
        "No point for 'the chain rule says so'."
    ),
)

EXERCISES = (
    LAYERS_FORWARD,
    EDGES_OF_LAYERS,
    PATHS_OF_X21,
    KEEP_WHAT_PASSES,
    SIX_WEIGHTS,
    LIST_THE_PATHS,
    WHY_NOT_PATH_BY_PATH,
)

check = checker(EXERCISES)
