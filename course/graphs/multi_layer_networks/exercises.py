"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.graphs.multi_layer_networks import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4)
# What matters of a folded layer is what it calculates, whatever the dtype it came in.
AGREES_IN_VALUE = Agreement(relative=1e-4, absolute=1e-4, dtype=False)


def _small_numbers(*shape: int) -> st.SearchStrategy[Any]:
    """Nested lists of small whole numbers, which a student can read in a reply."""
    numbers: st.SearchStrategy[Any] = st.integers(-4, 4).map(float)
    for size in reversed(shape):
        numbers = st.lists(numbers, min_size=size, max_size=size)
    return numbers


# The network of the lesson: W1, b1, w2, b2.
WEIGHTS = ([[2.0, -1.0], [1.0, 1.0]], [1.0, -2.0], [3.0, -2.0], -1.0)


def output(x: Any, W1: Any, b1: Any, w2: Any, b2: Any = 0.0) -> Any:
    """Return y of a network with one hidden layer."""
    return torch.relu(W1 @ x + b1) @ w2 + b2


# --- two paths to one input ---------------------------------------------------------------------


def _slope_for_x1(device: str) -> float:
    x = torch.tensor([3.0, 1.0], device=device, requires_grad=True)
    weights = (torch.tensor(part, device=device) for part in WEIGHTS)
    (gradient,) = torch.autograd.grad(output(x, *weights), x)
    return gradient[0].item()


TWO_PATHS = Exercise(
    id="two-paths-to-x1",
    title="Two paths to one input",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "the slope for x1",
            expect=_slope_for_x1,
            ask=common.number,
            agreement=AGREES,
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "One path is the whole slope: the first.",
            lambda: 2 * 1 * 3,
            "This is what comes over h1. But h2 reads x1 too, and passes its own part on to y.",
        ),
        Mistake(
            "A later path takes the place of an earlier one.",
            lambda: 1 * 1 * -2,
            "This is what comes over h2, as if it had replaced what came over h1. Both reach y at "
            "the same time: what happens to two changes that meet in a sum?",
        ),
        Mistake(
            "Where paths meet, they are multiplied.",
            lambda: (2 * 1 * 3) * (1 * 1 * -2),
            "Along one path slopes are multiplied. But here two paths meet in the sum "
            "3·h1 - 2·h2 - 1, and each of them changes its own term.",
        ),
        Mistake(
            "The slope ends at the hidden nodes.",
            lambda: 2 + 1,
            "So much do h1 and h2 grow together. On the way to y each of them is multiplied once "
            "more, by its own weight in `w2`.",
        ),
        Mistake(
            "The first layer does not count.",
            lambda: 3 - 2,
            "These are the weights of the output, added up: the second half of each path. How much "
            "does each hidden node grow when x1 grows by 1?",
        ),
        Mistake(
            "The size of a path counts, and not its sign.",
            lambda: 2 * 1 * 3 + 1 * 1 * 2,
            "Both paths count upwards here. The weight of h2 in y is -2: when h2 grows, y falls.",
        ),
        Mistake(
            "The other input is asked for.",
            lambda: -1 * 1 * 3 + 1 * 1 * -2,
            "This is the slope for x2, from the second column of `W1`. The weights beside x1 "
            "stand in the first column.",
        ),
        Mistake(
            "The slope for an input is that for a weight beside it.",
            lambda: 3 * 1 * 3,
            "This is the slope for the first weight of `W1`, which stands beside x1. When x1 "
            "itself grows, what multiplies its growth is the weight.",
        ),
    ),
)


# --- the depth of a graph -----------------------------------------------------------------------


def _recorded_depth(node: Any) -> int:
    """Count torch's own operations on the longest way; a leaf's AccumulateGrad is none."""
    if node is None or node.name().endswith("AccumulateGrad"):
        return 0
    return 1 + max(_recorded_depth(parent) for parent, _ in node.next_functions)


def _depth_in_torch(expression: str, device: str) -> int:
    leaves = {
        name: torch.tensor(float(place), device=device, requires_grad=True)
        for place, name in enumerate("abc", start=1)
    }
    return _recorded_depth(eval(expression, {"__builtins__": {}}, leaves).grad_fn)


_EXPRESSIONS = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+*"), inner).map(lambda it: f"({' '.join(it)})"),
        inner.map(lambda it: f"({it}).relu()"),
    ),
    max_leaves=6,
)


def _no_parents_of(nodes: Any) -> Any:
    """Ask a tuple for its parents, and so raise what Python says to that."""
    return nodes.parents


def _nodes_below(node: Any) -> int:
    found, waiting = {}, [node]
    while waiting:
        here = waiting.pop()
        found[id(here)] = here
        waiting.extend(here.parents)
    return len(found)


def _depth_of_two(node: Any) -> int:
    if not node.parents:
        return 0
    left, right = node.parents
    return max(_depth_of_two(left), _depth_of_two(right)) + 1


def _depth_by(combine: Callable[[list[int]], int], at_an_input: int = 0) -> Callable[[Any], int]:
    """Make a function that combines what it found for the parents."""

    def found(node: Any) -> int:
        below = [found(each) for each in node.parents]
        return combine(below) if below else at_an_input

    return found


DEPTH = Exercise(
    id="depth-of-a-node",
    title="The depth of a graph",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "an input, and short sums",
            expect=_depth_in_torch,
            ask=asks.of_expression,
            inputs=(st.sampled_from(("a", "a + b", "a * b + c", "a + b * c", "(a + b).relu()")),),
            examples=(("a * b + c",), ("a + b * c",), ("a",)),
        ),
        Question(
            "ways of different length",
            expect=_depth_in_torch,
            ask=asks.of_expression,
            inputs=(_EXPRESSIONS,),
            examples=(("a + (b * c)",), ("(a + a) * (b + (a * c))",)),
        ),
    ),
    mistakes=(
        Mistake(
            "An input is an operation.",
            lambda: _depth_by(lambda below: 1 + max(below), at_an_input=1),
            "Each depth is too large by 1: the input at the start was counted. Depth counts "
            "operations, and an input has none behind it.",
        ),
        Mistake(
            "The depth is the number of operations.",
            lambda: _depth_by(lambda below: 1 + sum(below)),
            "This adds up the operations on all ways. The depth is that of one way, the longest: "
            "which of the parents counts?",
        ),
        Mistake(
            "The first parent leads along the longest way.",
            lambda: _depth_by(lambda below: 1 + below[0]),
            "Only the first parent was followed. In `a + (b * c)` the longer way leads over the "
            "second one.",
        ),
        Mistake(
            "The last parent leads along the longest way.",
            lambda: _depth_by(lambda below: 1 + below[-1]),
            "Only the last parent was followed. In `a * b + c` the longer way leads over the first "
            "one.",
        ),
        Mistake(
            "The shortest way counts.",
            lambda: _depth_by(lambda below: 1 + min(below)),
            "This is the shortest way from an input. A result must wait for the slowest of its "
            "parents: which way is that?",
        ),
        Mistake(
            "The parents' depth is the node's own.",
            lambda: _depth_by(max),
            "The longest way to the parents is found, but from them to this node there is one "
            "operation more: the node's own. Nobody has counted anything yet.",
        ),
        Mistake(
            "The depth is the number of nodes.",
            lambda: _nodes_below,
            "These are all the nodes that the result was made of. The depth is the length of one "
            "way through them, the longest, and counts operations only.",
        ),
        Mistake(
            "The parents are one node.",
            lambda: lambda node: _no_parents_of(node.parents) if node.parents else 0,
            "`node.parents` is a tuple of nodes. Each *of them* has a depth: go through them, one "
            "by one.",
        ),
        Mistake(
            "Every operation has two parents.",
            lambda: _depth_of_two,
            "Most operations here have two parents. `relu` has one, so that two names find too "
            "little. A loop over `node.parents` takes any number.",
        ),
        Mistake(
            "The depth is the number of parents.",
            lambda: lambda node: len(node.parents),
            "This counts the parents of the last operation and looks no further. Each parent has a "
            "depth of its own: ask `depth` for it.",
        ),
    ),
)


# --- two layers folded into one -------------------------------------------------------------------


def _one_layer(*parts: Any, device: str) -> dict[str, Any]:
    """Ask torch for the slopes of the two layers, and for their value at zero."""
    W1, b1, W2, b2 = (torch.tensor(part, device=device) for part in parts)

    def both(x: torch.Tensor) -> torch.Tensor:
        return W2 @ (W1 @ x + b1) + b2

    at_zero = torch.zeros(W1.shape[1], device=device)
    return {"W": torch.func.jacrev(both)(at_zero), "b": both(at_zero)}


Layer = Callable[[Any, Any, Any, Any], tuple[Any, Any]]


def _folded(matrix: Callable[[Any, Any], Any], bias: Callable[..., Any]) -> Callable[[], Layer]:
    """Make a mistake of a rule for W and a rule for b."""
    return lambda: lambda W1, b1, W2, b2: (matrix(W1, W2), bias(W1, b1, W2, b2))


def _right_matrix(W1: Any, W2: Any) -> Any:
    return torch.matmul(W2, W1)


def _right_bias(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return torch.matmul(W2, b1).add(b2)


FOLD = Exercise(
    id="fold-two-layers",
    title="Fold two layers into one",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "two nodes everywhere",
            expect=_one_layer,
            ask=asks.single_layer,
            inputs=(
                _small_numbers(2, 2),
                _small_numbers(2),
                _small_numbers(2, 2),
                _small_numbers(2),
            ),
            examples=(
                ([[1.0, 2.0], [3.0, 4.0]], [1.0, 0.0], [[0.0, 1.0], [2.0, 0.0]], [5.0, 5.0]),
            ),
            agreement=AGREES_IN_VALUE,
        ),
        Question(
            "three inputs, four hidden nodes, two outputs",
            expect=_one_layer,
            ask=asks.single_layer,
            inputs=(
                _small_numbers(4, 3),
                _small_numbers(4),
                _small_numbers(2, 4),
                _small_numbers(2),
            ),
            agreement=AGREES_IN_VALUE,
        ),
    ),
    mistakes=(
        Mistake(
            "The order of a matrix product does not matter.",
            _folded(lambda W1, W2: W1 @ W2, _right_bias),
            "`W1 @ W2` would apply the second layer first. x meets `W1` first, so `W1` stands next "
            "to x.",
        ),
        Mistake(
            "`*` is the product of two matrices.",
            _folded(lambda W1, W2: W2 * W1, _right_bias),
            "`*` multiplies number by number, each with the one in the same place. The product in "
            "which a row meets a column is `@`.",
        ),
        Mistake(
            "Matrices of layers are added.",
            _folded(lambda W1, W2: W1 + W2, _right_bias),
            "Layers side by side would add up. Here the second one works on the result of the "
            "first: that is a product.",
        ),
        Mistake(
            "The bias of the first layer arrives as it is.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: b1 + b2),
            "`b1` is added before the second layer, so `W2` acts on it, as on everything that the "
            "first layer gives.",
        ),
        Mistake(
            "The folded matrix acts on the first bias.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: W2 @ W1 @ b1 + b2),
            "Your W acts on `b1` here, and `W1` is in your W. But `b1` is added *after* `W1` has "
            "done its work: only one of the two matrices still acts on it.",
        ),
        Mistake(
            "A vector may stand on either side.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: b1 @ W2 + b2),
            "`b1 @ W2` takes the *columns* of `W2` times `b1`. In a layer it is the rows that "
            "meet the numbers: the matrix stands first.",
        ),
        Mistake(
            "Rows and columns do not matter.",
            _folded(lambda W1, W2: W1.T @ W2.T, _right_bias),
            "This is the right matrix with rows and columns exchanged. No transposing is needed: "
            "write the two matrices in the order in which they stand before x.",
        ),
        Mistake(
            "Only the first bias is left.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: b1),
            "Your b is `b1` alone. The second layer makes something of `b1`, and adds a bias of "
            "its own.",
        ),
        Mistake(
            "Only the last bias is left.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: b2),
            "At x = 0 the first layer still gives `b1`, and the second layer makes something of "
            "it. Where is that in your b?",
        ),
        Mistake(
            "The second layer's bias is folded into the product too.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: W2 @ (b1 + b2)),
            "`b2` is added at the very end, when `W2` has done its work. Your b sends it through "
            "`W2` as well.",
        ),
        Mistake(
            "b is what the first layer leaves of it.",
            _folded(_right_matrix, lambda W1, b1, W2, b2: W2 @ b1),
            "What `b1` becomes is right. One bias is still missing, that of the second layer.",
        ),
    ),
)


# --- XOR with two hidden nodes ----------------------------------------------------------------------


def _xor_at_the_corners(device: str) -> dict[str, float]:
    """Ask torch for exclusive or, in the order of the lesson's table."""
    first = torch.tensor([False, True, False, True], device=device)
    second = torch.tensor([False, False, True, True], device=device)
    answers = torch.logical_xor(first, second).double().tolist()
    return dict(zip(asks.CORNERS, answers, strict=True))


XOR_WEIGHTS = Exercise(
    id="xor-output-weights",
    title="XOR with two hidden nodes",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "y at (0, 0), (1, 0), (0, 1), (1, 1)",
            expect=_xor_at_the_corners,
            ask=asks.at_the_corners,
            agreement=Agreement(relative=0, absolute=1e-3),
        ),
    ),
    mistakes=(
        Mistake(
            "h2 has to be taken away once.",
            lambda: ([1.0, -1.0], 0.0),
            "This is *or*: at (1, 1) it says 1 as well. There h1 is 2, and h2 is only 1. How often "
            "must h2 be taken away?",
        ),
        Mistake(
            "The hidden nodes are added up.",
            lambda: ([1.0, 1.0], 0.0),
            "At (1, 1) both nodes are awake, and adding them makes 3 of an answer that should be 0. "
            "h2 is there to take something away.",
        ),
        Mistake(
            "h1 alone is enough.",
            lambda: ([1.0, 0.0], 0.0),
            "Three corners are right. At (1, 1) y is 2: h1 grows on along a straight line, and only "
            "h2 can bend it down.",
        ),
        Mistake(
            "h2 alone is enough.",
            lambda: ([0.0, 1.0], 0.0),
            "This is *and*: h2 wakes up only where both inputs are 1. The two corners with one 1 "
            "need h1.",
        ),
        Mistake(
            "The two weights are exchanged.",
            lambda: ([-2.0, 1.0], 0.0),
            "These are the right two numbers, in the other order. In the second row only h1 is "
            "awake, and y should be 1.",
        ),
        Mistake(
            "h1 counts for each input.",
            lambda: ([2.0, -2.0], 0.0),
            "Each answer of 1 has become 2. In the second row h1 is 1 and y should be 1: what "
            "does that say about its weight?",
        ),
        Mistake(
            "The answer is turned around.",
            lambda: ([-1.0, 2.0], 1.0),
            "Each answer is the opposite of what is wanted: this says 1 where the inputs are equal. "
            "Look at the first row: what is y when both nodes are 0?",
        ),
        Mistake(
            "The bias is 1, as a neuron needs one.",
            lambda: ([1.0, -2.0], 1.0),
            "The weights are right, and every answer is too large by 1. In the first row both nodes "
            "are 0, and y should be 0 too.",
        ),
        Mistake(
            "The hidden nodes' own weights are asked for.",
            lambda: ([1.0, 1.0], -1.0),
            "This is how h2 is made of x1 and x2. The hidden layer is given; asked for is how y is "
            "made of h1 and h2.",
        ),
    ),
)


# --- how many parameters ----------------------------------------------------------------------------


def _parameters_in_torch(sizes: list[int], device: str) -> int:
    layers = [torch.nn.Linear(*pair, device="meta") for pair in pairwise(sizes)]
    return sum(part.numel() for layer in layers for part in layer.parameters())


def _weights_only(sizes: list[int]) -> int:
    return sum(one * other for one, other in pairwise(sizes))


COUNT = Exercise(
    id="count-parameters",
    title="Count the parameters",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "one hidden layer",
            expect=_parameters_in_torch,
            ask=asks.count,
            inputs=(st.lists(st.integers(1, 20), min_size=3, max_size=3),),
            examples=(([2, 2, 1],), ([3, 5, 2],)),
        ),
        Question(
            "any number of layers",
            expect=_parameters_in_torch,
            ask=asks.count,
            inputs=(st.lists(st.integers(1, 20), min_size=2, max_size=5),),
            examples=(([784, 100, 30, 10],), ([2, 1],)),
        ),
    ),
    mistakes=(
        Mistake(
            "Only weights are parameters.",
            lambda: _weights_only,
            "These are the weights. Training turns the biases too: one for each node of each layer.",
        ),
        Mistake(
            "Inputs have a bias.",
            lambda: lambda sizes: _weights_only(sizes) + sum(sizes),
            "Every size has a bias for each of its numbers here, the first size too. But the "
            "inputs are given: nothing is added to them.",
        ),
        Mistake(
            "The output has no bias.",
            lambda: lambda sizes: _weights_only(sizes) + sum(sizes[1:-1]),
            "The hidden layers have their biases. The output nodes are neurons as well: "
            "remember -1 in 3·h1 - 2·h2 - 1.",
        ),
        Mistake(
            "Each layer has one bias.",
            lambda: lambda sizes: _weights_only(sizes) + len(sizes) - 1,
            "There is one bias for each layer here. h1 and h2 had a bias each, 1 and -2.",
        ),
        Mistake(
            "Nodes are parameters.",
            lambda: sum,
            "These are the nodes. A parameter is a number that training changes: weights stand "
            "between nodes, and each node has a bias.",
        ),
        Mistake(
            "The bias is counted on the side that is read.",
            lambda: lambda sizes: sum(one * (other + 1) for one, other in pairwise(sizes)),
            "Each number that is *read* got a bias here. It is the node that reads that has one: "
            "how many nodes has the later layer?",
        ),
        Mistake(
            "All sizes are multiplied.",
            lambda: lambda sizes: int(np.prod(sizes)),
            "The sizes are all multiplied. Weights stand between two *neighbours*: count them "
            "layer by layer, and add up.",
        ),
        Mistake(
            "The last size has a next one.",
            lambda: lambda sizes: [][len(sizes)],
            "The loop goes one place too far: the last size has no next one. There is one layer "
            "less than there are sizes.",
        ),
        Mistake(
            "All layers lie between the first size and the last.",
            lambda: lambda sizes: (sizes[0] + 1) * sizes[-1],
            "This is one layer from the inputs to the outputs. There is a layer between each two "
            "neighbours in the list.",
        ),
    ),
)


# --- the gradient of the first layer, without backward ------------------------------------------------


def _gradient_in_torch(*parts: Any, device: str) -> torch.Tensor:
    x, W1, b1, w2 = (torch.tensor(part, device=device) for part in parts)
    W1.requires_grad_()
    (gradient,) = torch.autograd.grad(output(x, W1, b1, w2), W1)
    return gradient


def _outer_of(node: Callable[..., Any]) -> Callable[[], Any]:
    """Make a mistake of what it takes for the slope of y at the sum of each node."""
    return lambda: lambda x, W1, b1, w2: torch.outer(node(W1 @ x + b1, w2), x)


def _awake(sums: Any) -> Any:
    return (sums > 0).to(sums.dtype)


FIRST_LAYER = Exercise(
    id="first-layer-gradient",
    title="Challenge: the gradient of the first layer",
    minutes=6,
    difficulty=3,
    questions=(
        Question(
            "two inputs, two hidden nodes",
            expect=_gradient_in_torch,
            ask=common.call_with_tensors,
            inputs=(
                _small_numbers(2),
                _small_numbers(2, 2),
                _small_numbers(2),
                _small_numbers(2),
            ),
            examples=(
                ([3.0, 1.0], *WEIGHTS[:3]),
                ([1.0, 4.0], *WEIGHTS[:3]),
                ([-1.0, 4.0], *WEIGHTS[:3]),
                ([1.0, 1.0], [[2.0, -1.0], [1.0, 1.0]], [-1.0, -2.0], [3.0, -2.0]),
            ),
            agreement=AGREES,
        ),
        Question(
            "three inputs, four hidden nodes",
            expect=_gradient_in_torch,
            ask=common.call_with_tensors,
            inputs=(
                _small_numbers(3),
                _small_numbers(4, 3),
                _small_numbers(4),
                _small_numbers(4),
            ),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A node that sleeps passes its slope on.",
            _outer_of(lambda sums, w2: w2),
            "This is right while every node is awake. Where the sum is negative, relu is flat: what "
            "comes back over it?",
        ),
        Mistake(
            "At the corner a node is awake.",
            _outer_of(lambda sums, w2: w2 * (sums >= 0)),
            "Only where a sum is exactly 0 this differs: there relu has a corner, and torch takes "
            "the slope 0. Awake is above 0.",
        ),
        Mistake(
            "The slope of relu is its value.",
            _outer_of(lambda sums, w2: w2 * sums.relu()),
            "You multiply by h, the height of relu. Its slope is asked for: 1 where the sum is "
            "positive, else 0.",
        ),
        Mistake(
            "The output's weights do not count.",
            _outer_of(lambda sums, w2: _awake(sums)),
            "This is how the hidden nodes react. On the way from y to them the slope is multiplied "
            "by `w2` first.",
        ),
        Mistake(
            "Rows are inputs, columns are nodes.",
            lambda: lambda x, W1, b1, w2: torch.outer(x, w2 * _awake(W1 @ x + b1)),
            "Rows and columns are exchanged. In `W1` a row belongs to a hidden node and a column to "
            "an input; its gradient has the same places.",
        ),
        Mistake(
            "What grows is multiplied by its own weight.",
            lambda: lambda x, W1, b1, w2: (w2 * _awake(W1 @ x + b1))[:, None] * W1,
            "Here each weight is multiplied by itself. A weight stands beside an input, and the "
            "input is what multiplies its growth.",
        ),
        Mistake(
            "`*` makes a table of two rows of numbers.",
            lambda: lambda x, W1, b1, w2: w2 * _awake(W1 @ x + b1) * x,
            "`*` pairs number with number and gives a row. Wanted is a table: each node with each "
            "input. Hint 3 names what makes one.",
        ),
        Mistake(
            "`@` makes a table of two rows of numbers.",
            lambda: lambda x, W1, b1, w2: (w2 * _awake(W1 @ x + b1)) @ x,
            "`@` of two rows adds up to a single number. Wanted is a table: each node with each "
            "input. Hint 3 names what makes one.",
        ),
        Mistake(
            "The gradient is that of the input.",
            lambda: lambda x, W1, b1, w2: (w2 * _awake(W1 @ x + b1)) @ W1,
            "This is the slope of y for the inputs: one number for each of them. Asked for is one "
            "number for each weight of `W1`.",
        ),
        Mistake(
            "The bend is at the input.",
            lambda: lambda x, W1, b1, w2: torch.outer(w2, x * _awake(x)),
            "You ask whether the *inputs* are positive. What relu looks at is the sum in each "
            "hidden node, `W1 @ x + b1`.",
        ),
    ),
)


WHY_BENDS = WrittenExercise(
    id="why-bends",
    title="Why bends, why layers?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that the ten layers can do nothing that one layer cannot, because a product "
        "of matrices is a matrix (they fold into one W x + b). "
        "1 point: puts a non-linearity between the layers, and says that then they no longer fold, "
        "with a consequence such as XOR, curves, or features built on features. "
        "No point for 'more layers are more powerful' without the condition."
    ),
)

EXERCISES = (
    TWO_PATHS,
    DEPTH,
    FOLD,
    XOR_WEIGHTS,
    COUNT,
    FIRST_LAYER,
    WHY_BENDS,
)

check = checker(EXERCISES)
