"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.mathematics.linear_algebra import asks

Array = Any
Case = dict[str, Any]
AGREES = Agreement(relative=1e-6, absolute=1e-6)


def _numbers(*shape: int, start: int = 1) -> Any:
    """Small numbers, all different, so that a mixed-up entry shows; as lists."""
    return np.arange(start, start + int(np.prod(shape))).reshape(shape).tolist()


@st.composite
def _matrices(draw: st.DrawFn, sizes: Sequence[int], shapes: dict[str, tuple[int, ...]]) -> Case:
    """Draw sizes, and a table of numbers for each name; a shape names the places of its sizes."""
    drawn = [draw(st.integers(1, 4)) for _ in sizes]

    def table(places: tuple[int, ...]) -> Any:
        shape = [drawn[place] for place in places]
        count = int(np.prod(shape))
        entries = draw(st.lists(st.integers(-4, 4), min_size=count, max_size=count))
        return np.array(entries).reshape(shape).tolist()

    return {name: table(places) for name, places in shapes.items()}


def _square(shapes: dict[str, tuple[int, ...]]) -> st.SearchStrategy[Case]:
    return _matrices((0,), {name: (0,) * len(places) for name, places in shapes.items()})


def _leaves(case: Case, names: Sequence[str], device: str) -> list[torch.Tensor]:
    return [_tensor(case[name], device).requires_grad_() for name in names]


def _tensor(table: Any, device: str) -> torch.Tensor:
    return torch.tensor(np.asarray(table, dtype=np.float64), device=device)


# --- mend the layer --------------------------------------------------------------------------------

_LAYER = {"X": (0, 1), "W": (2, 1), "b": (2,)}


def _linear(case: Case, device: str) -> torch.Tensor:
    x, w, b = (_tensor(case[name], device).float() for name in "XWb")
    return torch.nn.functional.linear(x, w, b)


def _layer_question(name: str, drawn: st.SearchStrategy[Case], **example: Any) -> Question:
    return Question(name, expect=_linear, ask=asks.layer, inputs=(drawn,), examples=((example,),))


MEND_THE_LAYER = Exercise(
    id="mend-the-layer",
    title="Mend the layer",
    minutes=2,
    difficulty=1,
    questions=(
        _layer_question(
            "as many examples as inputs and outputs",
            _square(_LAYER),
            X=_numbers(2, 2),
            W=_numbers(2, 2, start=5),
            b=[10, 20],
        ),
        _layer_question(
            "three sizes",
            _matrices((0, 1, 2), _LAYER),
            X=_numbers(4, 3),
            W=_numbers(2, 3),
            b=[10, 20],
        ),
    ),
    mistakes=(
        Mistake(
            "* is the product of matrices.",
            lambda: lambda X, W, b: X * W + b,
            "This is the colleague's layer. `*` multiplies entry by entry: nothing is added up, so no "
            "input meets the weights of another place. Which sign is the product of matrices?",
        ),
        Mistake(
            "W is used as it stands.",
            lambda: lambda X, W, b: X @ W + b,
            "The sign is right. But `@` dots the rows of X with the *columns* of W, and the weights of an "
            "output stand in a *row* of W.",
        ),
        Mistake(
            "The product can be written in either order.",
            lambda: lambda X, W, b: W @ X.t() + b,
            "This gives a row for each output and a column for each example, and the biases land on the "
            "examples. An example is a row of X, and is to be a row of the result: what comes first?",
        ),
        Mistake(
            "W comes first, as in W x on paper.",
            lambda: lambda X, W, b: W @ X + b,
            "For one example in a column, paper says W x. Here the examples are the rows of X, so X comes "
            "first.",
        ),
        Mistake(
            "The bias can be left out.",
            lambda: lambda X, W, b: X @ W.t(),
            "The product is right. What does the formula add to it?",
        ),
        Mistake(
            "X is turned instead of W.",
            lambda: lambda X, W, b: X.t() @ W + b,
            "Here a column of X, one input of all examples, meets W. An example is a row of X. Which of "
            "the two has to be turned, so that its rows become columns?",
        ),
        Mistake(
            "Both are turned.",
            lambda: lambda X, W, b: X.t() @ W.t() + b,
            "W is turned rightly, and X too many. The rows of X are the examples, and are to stay rows.",
        ),
        Mistake(
            "An example meets the output of its own number.",
            lambda: lambda X, W, b: (X * W).sum(dim=1) + b,
            "These are dot products, but only row 0 with row 0, and row 1 with row 1. Each example meets the "
            "weights of *every* output. Which sign does that?",
        ),
        Mistake(
            "There is a bias for each example.",
            lambda: lambda X, W, b: X @ W.t() + b.reshape(-1, 1),
            "The product is right. But here a bias goes to each example, down the rows. b has one for each "
            "output, which is a column: from the right, it fits as it is.",
        ),
        Mistake(
            "The bias is added to the inputs.",
            lambda: lambda X, W, b: (X + b) @ W.t(),
            "Here the bias is added before the product, so it is multiplied by the weights too.",
        ),
        Mistake(
            "* between X and the turned W is the product.",
            lambda: lambda X, W, b: X * W.t() + b,
            "W is turned rightly. But `*` still multiplies entry by entry, and adds nothing up.",
        ),
    ),
)


# --- the pull of @ -----------------------------------------------------------------------------------

_PRODUCT = {"A": (0, 1), "B": (1, 2), "G": (0, 2)}


def _product_gradient(case: Case, which: int, device: str) -> Array:
    a, b = _leaves(case, "AB", device)
    found = torch.autograd.grad(a @ b, (a, b), _tensor(case["G"], device))
    return found[which].cpu().numpy()


# Where two sizes agree, some wrong rules run; there they are told from those that fail alike.
_DIFFERENT = ((2, 3, 4), (2, 3, 3), (3, 3, 4))


def _product_question(
    name: str, which: int, drawn: st.SearchStrategy[Case], *sizes: tuple[int, int, int]
) -> Question:
    return Question(
        name,
        expect=partial(_product_gradient, which=which),
        ask=partial(asks.pulled, which=which),
        inputs=(drawn,),
        examples=tuple(
            ({"A": _numbers(n, k), "B": _numbers(k, m), "G": _numbers(n, m)},) for n, k, m in sizes
        ),
        agreement=AGREES,
    )


def _puller(to_a: Callable[..., Array] | None, to_b: Callable[..., Array] | None) -> Any:
    """Make a `matmul` with these rules, of A, B and G; without, with torch's."""

    def matmul(a: Any, b: Any) -> SimpleNamespace:
        def pull(arriving: Array) -> tuple[Array, Array]:
            case = {"A": a.value, "B": b.value, "G": arriving}
            first, second = (
                _product_gradient(case, which, "cpu")
                if rule is None
                else rule(a.value, b.value, arriving)
                for which, rule in enumerate((to_a, to_b))
            )
            return first, second

        return SimpleNamespace(value=None, parents=(a, b), pull=pull)

    return lambda: matmul


def _with_nodes(a: Any, b: Any) -> SimpleNamespace:
    """Forget `.value`."""
    return SimpleNamespace(parents=(a, b), pull=lambda g: (g @ b.T, a.T @ g))


PULL_OF_A_PRODUCT = Exercise(
    id="pull-of-a-product",
    title="The pull of @",
    minutes=5,
    difficulty=2,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        _product_question("for A", 0, _matrices((0, 1, 2), _PRODUCT), *_DIFFERENT),
        _product_question("for B", 1, _matrices((0, 1, 2), _PRODUCT), *_DIFFERENT),
        _product_question("for A, all square", 0, _square(_PRODUCT), (2, 2, 2)),
        _product_question("for B, all square", 1, _square(_PRODUCT), (2, 2, 2)),
    ),
    mistakes=(
        Mistake(
            "B is used as it stands.",
            _puller(lambda a, b, g: g @ b, None),
            "G is (2, 4) and B is (3, 4): their inner sizes differ. You had the rule for A before your "
            "eyes above, with something at B that turns it.",
        ),
        Mistake(
            "B comes before what arrives.",
            _puller(lambda a, b, g: b.T @ g, None),
            "The turned B is (4, 3), and what arrives is (2, 4). In which order do the inner sizes agree?",
        ),
        Mistake(
            "A is its own gradient's factor.",
            _puller(lambda a, b, g: g @ a.T, lambda a, b, g: b.T @ g),
            "The two factors are changed over. When an entry of A grows, it is multiplied by entries of "
            "B: so it is B that stands in the gradient for A.",
        ),
        Mistake(
            "The gradient of @ goes entry by entry.",
            _puller(lambda a, b, g: g * b, lambda a, b, g: g * a),
            "This is the pull of `*`. In a product of matrices, one entry of A meets a whole row of B, "
            "so its gradient is a sum.",
        ),
        Mistake(
            "The gradient for A comes out turned.",
            _puller(lambda a, b, g: b @ g.T, None),
            "The right numbers, in the shape (3, 2). The gradient for A has the shape of A.",
        ),
        Mistake(
            "The gradient for B is returned first.",
            _puller(lambda a, b, g: a.T @ g, lambda a, b, g: g @ b.T),
            "Both rules are right, and changed over. Which of the two results has the shape of A?",
        ),
        Mistake(
            "What arrives is turned, and nothing else.",
            _puller(lambda a, b, g: g.T @ b, lambda a, b, g: g.T @ a),
            "The turned G is (4, 2), and B is (3, 4): their inner sizes differ. In the rule for A it is B that "
            "is turned.",
        ),
        Mistake(
            "A node is its array.",
            lambda: _with_nodes,
            "`a` and `b` are nodes of the graph. Their arrays are `a.value` and `b.value`, and only arrays can "
            "be turned.",
        ),
        Mistake(
            "What arrives can be left out.",
            _puller(lambda a, b, g: b.T, lambda a, b, g: a.T),
            "Here what arrives is not in it. Each growth of C is worth to the loss what G says.",
        ),
        Mistake(
            "A is used as it stands.",
            _puller(None, lambda a, b, g: a @ g),
            "In the line of `to_b` the inner sizes differ. What comes to B is made of A, (2, 3), and of G, "
            "(2, 4). Does A stand there? Which of the two has to be turned, so that (3, 4) comes out?",
        ),
        Mistake(
            "The rule for B looks like the rule for A.",
            _puller(None, lambda a, b, g: g @ a.T),
            "For A, what arrives stands first and the other factor is turned. But G is (2, 4) and the turned "
            "A is (3, 2): in this order they do not meet. Try the other one.",
        ),
        Mistake(
            "The gradient for B comes out turned.",
            _puller(None, lambda a, b, g: g.T @ a),
            "The right numbers, in the shape (4, 3). The gradient for B has the shape of B: turn your "
            "result, or write it in the other order at once.",
        ),
    ),
)


# --- unbroadcast ---------------------------------------------------------------------------------------


def _summed(case: Case, device: str) -> Array:
    gradient = _tensor(case["gradient"], device)
    leaf = torch.zeros(case["shape"], dtype=gradient.dtype, device=device, requires_grad=True)
    (found,) = torch.autograd.grad(leaf.expand(gradient.shape), leaf, gradient)
    return found.cpu().numpy()


@st.composite
def _stretched(draw: st.DrawFn, missing: tuple[int, int], ones: bool | None) -> Case:
    """Draw a shape and a gradient of what it was stretched to; `ones` asks for sizes of 1, or none."""
    full = draw(st.lists(st.integers(2, 3), min_size=1, max_size=2))
    was_one = [ones is not False and draw(st.booleans()) for _ in full]
    if ones and not any(was_one):
        was_one[draw(st.integers(0, len(full) - 1))] = True
    shape = [1 if one else size for size, one in zip(full, was_one, strict=True)]
    before = [draw(st.integers(2, 3)) for _ in range(draw(st.integers(*missing)))]
    return {"gradient": _numbers(*before, *full), "shape": shape}


def _sum_question(
    name: str, drawn: st.SearchStrategy[Case], *examples: tuple[tuple[int, ...], list[int]]
) -> Question:
    return Question(
        name,
        expect=_summed,
        ask=asks.summed,
        inputs=(drawn,),
        examples=tuple(
            ({"gradient": _numbers(*before), "shape": shape},) for before, shape in examples
        ),
        agreement=AGREES,
    )


def _only_missing(gradient: Array, shape: Sequence[int]) -> Array:
    return gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))


def _only_ones(gradient: Array, shape: Sequence[int]) -> Array:
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=ones, keepdims=True)


def _without_keeping(gradient: Array, shape: Sequence[int]) -> Array:
    missing = gradient.ndim - len(shape)
    ones = tuple(missing + axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=(*range(missing), *ones))


def _from_the_right(gradient: Array, shape: Sequence[int]) -> Array:
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=-1)
    return _only_ones(gradient, shape)


def _first_copy(gradient: Array, shape: Sequence[int]) -> Array:
    while gradient.ndim > len(shape):
        gradient = gradient[0]
    return gradient[tuple(slice(0, size) for size in shape)]


def _mean(gradient: Array, shape: Sequence[int]) -> Array:
    summed = _summed({"gradient": gradient, "shape": shape}, "cpu")
    return summed * summed.size / gradient.size


def _one_missing_axis(gradient: Array, shape: Sequence[int]) -> Array:
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return _only_ones(gradient, shape)


def _ones_first(gradient: Array, shape: Sequence[int]) -> Array:
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient


def _answer(function: Callable[..., Array]) -> Callable[[], Callable[..., Array]]:
    return lambda: function


SUM_BACK = Exercise(
    id="sum-back",
    title="Unbroadcast",
    minutes=5,
    difficulty=3,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        _sum_question("nothing was stretched", _stretched((0, 0), ones=False), ((2, 3), [2, 3])),
        _sum_question("an axis was missing", _stretched((1, 1), ones=False), ((2, 3), [3])),
        _sum_question("a size was 1", _stretched((0, 0), ones=True), ((2, 3), [2, 1])),
        _sum_question(
            "both, or several", _stretched((1, 2), ones=None), ((5, 2, 3), [2, 1]), ((2, 3, 2), [2])
        ),
    ),
    mistakes=(
        Mistake(
            "Only missing axes have to be summed.",
            _answer(_only_missing),
            "What was missing is summed. A size of 1 was stretched too, and is as wide as its neighbour "
            "here. Go through the axes of `shape` once more.",
        ),
        Mistake(
            "What arrives is the gradient.",
            _answer(lambda gradient, shape: gradient),
            "What arrived comes back as it was. An entry that was used several times gets a slope from "
            "each of its uses: what happens to them? Compare how many axes there are on both sides.",
        ),
        *(
            Mistake(
                "Everything is summed.",
                _answer(function),
                "All entries together are in this. Sum only over the axes that were stretched; the others "
                "keep their entries apart.",
            )
            for function in (
                lambda gradient, shape: np.full(shape, gradient.sum()),
                lambda gradient, shape: gradient.sum(),
            )
        ),
        Mistake(
            "It is always axis 0 that was stretched.",
            _answer(lambda gradient, shape: gradient.sum(axis=0)),
            "Axis 0 is summed whatever the shape. If the shapes agree already, nothing was stretched. Look at "
            "`shape` before you sum.",
        ),
        Mistake(
            "The axes of the shape are those of the gradient.",
            _answer(_ones_first),
            "You look for sizes of 1 while the missing axes are still there, so the axes are counted from the "
            "wrong one. Take the missing axes away first.",
        ),
        Mistake(
            "reshape makes the shape fit.",
            _answer(lambda gradient, shape: gradient.reshape(shape)),
            "There are more numbers than the shape has places for, so they cannot be laid into it. "
            "Several have to become one: which belong together?",
        ),
        Mistake(
            "One copy stands for all.",
            _answer(_first_copy),
            "This keeps what the first copy brings and loses the others. The same number was used in each "
            "of the copies.",
        ),
        Mistake(
            "Copies are averaged.",
            _answer(_mean),
            "This is the mean over the copies. Each use brings its slope in full, so they are added up.",
        ),
        Mistake(
            "The missing axes are the last ones.",
            _answer(_from_the_right),
            "Here the last axes are summed until the count fits. But shapes are laid over each other from "
            "the right: at which end is an axis missing?",
        ),
        Mistake(
            "A summed axis vanishes.",
            _answer(_without_keeping),
            "The right sums, with an axis too few: where the shape says 1, the axis is to stay. `sum` has "
            "an argument for that.",
        ),
        Mistake(
            "At most one axis is missing.",
            _answer(_one_missing_axis),
            "One missing axis is summed. There may be more of them: an `if` looks once.",
        ),
    ),
)


# --- a layer, walked back ----------------------------------------------------------------------------

_BACK = {"X": (0, 1), "W": (1, 2), "b": (2,), "G": (0, 2)}


def _layer_gradient(case: Case, which: int, device: str) -> Array:
    leaves = _leaves(case, "XWb", device)
    x, w, b = leaves
    arriving = _tensor(case["G"], device)
    return torch.autograd.grad(x @ w + b, leaves, arriving)[which].cpu().numpy()


def _back_question(name: str, which: int) -> Question:
    example = {
        "X": _numbers(2, 3),
        "W": _numbers(3, 4),
        "b": _numbers(4),
        "G": _numbers(2, 4),
    }
    return Question(
        name,
        expect=partial(_layer_gradient, which=which),
        ask=partial(asks.walked_back, which=which),
        inputs=(_matrices((0, 1, 2), _BACK),),
        examples=((example,),),
        agreement=AGREES,
    )


def _back_but(**wrong: Callable[..., Array]) -> Callable[[], Callable[..., tuple[Array, ...]]]:
    def layer_back(X: Array, W: Array, b: Array, G: Array) -> tuple[Array, ...]:
        case = {"X": X, "W": W, "b": b, "G": G}
        return tuple(
            wrong[name](X, W, b, G) if name in wrong else _layer_gradient(case, which, "cpu")
            for which, name in enumerate("XWb")
        )

    return lambda: layer_back


LAYER_WALKED_BACK = Exercise(
    id="layer-walked-back",
    title="A layer, walked back",
    minutes=3,
    difficulty=2,
    without=frozenset({"torch", "chalkgrad"}),
    questions=(
        _back_question("for X", 0),
        _back_question("for W", 1),
        _back_question("for b", 2),
    ),
    mistakes=(
        Mistake(
            "W is used as it stands.",
            _back_but(X=lambda X, W, b, G: G @ W),
            "Their inner sizes differ: G has a column for each output, and W a row for each input. It is "
            "the rule for the left factor of a product.",
        ),
        Mistake(
            "The gradient for X comes out turned.",
            _back_but(X=lambda X, W, b, G: W @ G.T),
            "The right numbers, with a column for each example. X has a row for each.",
        ),
        Mistake(
            "The gradients of @ go entry by entry.",
            _back_but(X=lambda X, W, b, G: G * W, W=lambda X, W, b, G: G * X),
            "This is the pull of `*`. X @ W is a product of matrices: you have written its pull above.",
        ),
        Mistake(
            "The gradient for X is made of X.",
            _back_but(X=lambda X, W, b, G: X.T @ G, W=lambda X, W, b, G: G @ W.T),
            "These are the gradients for X and W, changed over. Which of them has the shape of X?",
        ),
        Mistake(
            "The gradient for W comes out turned.",
            _back_but(W=lambda X, W, b, G: G.T @ X),
            "The right numbers, with a row for each output. W has a row for each input.",
        ),
        Mistake(
            "X is used as it stands.",
            _back_but(W=lambda X, W, b, G: X @ G),
            "The inner sizes of a product differ. Is it the one for X? Then compare it with your `to_a`: what "
            "comes first there? Is it the one for W? An entry of W meets a whole column of X, one number from "
            "each example: how do these columns become rows?",
        ),
        Mistake(
            "A sum passes on what arrives, whatever the shape.",
            _back_but(b=lambda X, W, b, G: G),
            "So says the rule of a sum. But b was stretched: it was used once for each example. You have just "
            "written the function that takes care of that.",
        ),
        Mistake(
            "The bias gets one number.",
            _back_but(b=lambda X, W, b, G: G.sum()),
            "Everything is summed here. b has a number for each output, and each was used in a column of its "
            "own.",
        ),
        Mistake(
            "The bias is summed over the outputs.",
            _back_but(b=lambda X, W, b, G: G.sum(axis=1)),
            "This has a number for each example. b has one for each output: over which axis was it "
            "stretched?",
        ),
        Mistake(
            "The bias gets the mean.",
            _back_but(b=lambda X, W, b, G: G.mean(axis=0)),
            "This is the mean over the examples. Each use of b brings its slope in full.",
        ),
        Mistake(
            "The slope of a bias is 1.",
            _back_but(b=lambda X, W, b, G: np.ones_like(b)),
            "The slope on the edge is 1, yes. It multiplies what arrives, and b was used more than once.",
        ),
    ),
)


WHEN_SHAPES_DO_NOT_SUFFICE = WrittenExercise(
    id="when-shapes-do-not-suffice",
    title="When does the shape not suffice?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: square matrices (or other equal sizes), where several products have the right shape. "
        "1 point: a way to decide: follow one entry, compare with torch, or a finite difference; or try the "
        "rule on sizes that differ. "
        "No point for 'try it out' without saying what is compared."
    ),
)

EXERCISES = (
    MEND_THE_LAYER,
    PULL_OF_A_PRODUCT,
    SUM_BACK,
    LAYER_WALKED_BACK,
    WHEN_SHAPES_DO_NOT_SUFFICE,
)

check = checker(EXERCISES)
