"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.mathematics.graphs_as_expressions import asks

AGREES = Agreement(relative=1e-6, absolute=1e-6)
Steps = dict[str, torch.Tensor]
Table = dict[str, float]


def _leaf(value: float, device: str) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)


def _told(steps: Steps) -> Table:
    """How fast y grows with each step, and with x."""
    inner = {name: step for name, step in steps.items() if name != "y"}
    slopes = torch.autograd.grad(steps["y"], list(inner.values()))
    return {name: slope.item() for name, slope in zip(inner, slopes, strict=True)}


def _entries(names: str, table: Callable[[str], Table]) -> tuple[Question, ...]:
    """One question for each entry of a table."""
    return tuple(
        Question(
            name,
            expect=lambda device, name=name: table(device)[name],
            ask=partial(asks.entry, name=name),
            agreement=AGREES,
            shows_expected=False,
        )
        for name in names.split()
    )


# --- the table forward ----------------------------------------------------------------------------


def _five_steps(x: torch.Tensor) -> Steps:
    z1 = x**2
    z2, z3 = 3 * z1, 2 * x
    return {"x": x, "z1": z1, "z2": z2, "z3": z3, "z4": z2 + z3, "y": z2 + z3 + 1}


def _forward(device: str = "cpu") -> Table:
    return {name: step.item() for name, step in _five_steps(_leaf(-3.0, device)).items()}


def _forward_but(**wrong: float) -> Callable[[], Table]:
    return lambda: _forward() | wrong


FIVE_STEPS_FORWARD = Exercise(
    id="five-steps-forward",
    title="The table forward",
    minutes=2,
    difficulty=1,
    questions=_entries("z1 z2 z3 z4 y", _forward),
    mistakes=(
        Mistake(
            "The minus sign survives squaring.",
            _forward_but(z1=-9, z2=-27, z4=-33, y=-32),
            "x² is negative here. The whole of x is squared, its sign too: what is (-3) · (-3)? On a "
            "pocket calculator or in Python, `-3**2` squares first and puts the minus before it.",
        ),
        Mistake(
            "Side by side means plus.",
            _forward_but(z2=12, z3=-1, z4=11, y=12),
            "The two numbers are added here. Where no sign stands between them, as in 3z or 2x, they are "
            "multiplied.",
        ),
        Mistake(
            "z4 is a product.",
            _forward_but(z4=-162, y=-161),
            "z2 and z3 are multiplied here. In 3x² + 2x, a plus stands between them.",
        ),
        Mistake(
            "A square is twice the number.",
            _forward_but(z1=-6, z2=-18, z4=-24, y=-23),
            "This is x + x, twice the number. A square is x · x.",
        ),
        Mistake(
            "The 3 is squared too.",
            _forward_but(z2=81, z4=75, y=76),
            "Here the 3 was squared with x. In 3x² the power binds closer than the product, so z2 is "
            "three times the z1 that stands above it.",
        ),
        Mistake(
            "A negative number is added like a positive one.",
            _forward_but(z4=33, y=34),
            "Your z3 is negative, and here it was added as if it were not. To add -6 is to take 6 away.",
        ),
        Mistake(
            "The sign does not matter in 2x.",
            _forward_but(z3=6, z4=33, y=34),
            "z3 is twice x, and x is negative here. What is 2 · (-3)?",
        ),
        Mistake(
            "y is z4.",
            _forward_but(y=21),
            "There is one step more after z4.",
        ),
    ),
)


# --- another table, backward ----------------------------------------------------------------------


def _other_steps(x: torch.Tensor) -> Steps:
    p = 2 * x
    q = p + 1
    r, s = q**2, 3 * x
    return {"x": x, "p": p, "q": q, "r": r, "s": s, "y": r - s}


def _backward(device: str = "cpu") -> Table:
    return _told(_other_steps(_leaf(-2.0, device)))


def _backward_but(**wrong: float) -> Callable[[], Table]:
    return lambda: _backward() | wrong


def _values() -> Table:
    return {name: step.item() for name, step in _other_steps(_leaf(-2.0, "cpu")).items()}


def _with_x() -> Table:
    """How fast each step grows with x."""
    x = _leaf(-2.0, "cpu")
    slopes = {}
    for name, step in _other_steps(x).items():
        (slope,) = torch.autograd.grad(step, x, retain_graph=True)
        slopes[name] = slope.item()
    slopes["x"] = slopes["y"]
    return slopes


ANOTHER_TABLE_BACKWARD = Exercise(
    id="another-table-backward",
    title="Another table, backward",
    minutes=4,
    difficulty=2,
    questions=_entries("r s q p x", _backward),
    mistakes=(
        Mistake(
            "The minus sign of s is lost on the last edge.",
            _backward_but(x=-9),
            "Over s comes +3 here. s was told -1: what is that times 3?",
        ),
        Mistake(
            "The slope of q² is 2, whatever q.",
            _backward_but(q=2, p=2, x=1),
            "The slope of a square changes from place to place. It is 2 times the q at which you stand: "
            "look it up in the table.",
        ),
        Mistake(
            "Asked is how fast a step grows with x.",
            _with_x,
            "This says how fast each step grows with x. Backward asks the other end: how fast does *y* grow "
            "when only this step grows? For r, which stands in y = r - s, no x is needed.",
        ),
        Mistake(
            "The slope of q² is q.",
            _backward_but(q=-3, p=-3, x=-9),
            "Here q is told q itself. In q · q both factors grow: what does each of them bring?",
        ),
        Mistake(
            "s is told the slope of 3x.",
            _backward_but(s=-3, x=-21),
            "The 3 stands on the edge from x to s, and comes in when x is told. What stands between s and y "
            "is the minus sign alone.",
        ),
        Mistake(
            "Each step is told its own value.",
            _values,
            "These are the values of the table. Asked is how fast y grows with each of them: when r "
            "grows by 1 and s stands still, what happens to y = r - s?",
        ),
        Mistake(
            "A difference has slopes 1 and 1.",
            _backward_but(s=1, x=-9),
            "Here y would rise with s. But y = r - s: try r = 9 with s = -6, and then with s = -5. Does y "
            "become larger?",
        ),
        Mistake(
            "The slope of a square is the square.",
            _backward_but(q=9, p=9, x=15),
            "q is told the value of q² here. Which rule gives the slope of a square?",
        ),
        Mistake(
            "The slope of q² is taken at x.",
            _backward_but(q=-4, p=-4, x=-11),
            "2 · (-2): you took x for q. The edge from q to r has seen q alone: what stands for q in the "
            "table?",
        ),
        Mistake(
            "The sign of q does not matter.",
            _backward_but(q=6, p=6, x=9),
            "The size is right. But q is negative here: when q grows a little, does q² rise or fall?",
        ),
        Mistake(
            "A step + 1 adds 1 to the slope.",
            _backward_but(p=-5, x=-13),
            "The 1 moves q up, and does not make it grow faster. When p grows by 1, by how much does q "
            "grow?",
        ),
        Mistake(
            "p has the slope of 2x.",
            _backward_but(p=-12, x=-27),
            "The factor 2 stands on the edge from x to p. p itself is at the other end of that edge: "
            "what stands between p and q?",
        ),
        Mistake(
            "Only the way over p counts.",
            _backward_but(x=-12),
            "This is what comes back over p. x is used a second time: what comes over s?",
        ),
        Mistake(
            "Only the last way counts.",
            _backward_but(x=-3),
            "This is what comes back over s. x is used in p too, and both reach y: what comes over p, "
            "and what do the two make together?",
        ),
        Mistake(
            "What comes over two ways is multiplied.",
            _backward_but(x=36),
            "The two ways are multiplied here. Along *one* way one multiplies. Where two ways come "
            "together, each brings a growth of its own.",
        ),
        Mistake(
            "x is told the sum of what its users were told.",
            _backward_but(x=-7),
            "This adds what p and s were told. On the last edge to x there stands a slope too: 2 on the one, "
            "3 on the other.",
        ),
    ),
)


# --- the edges of the other form --------------------------------------------------------------------


def _form_edges(device: str) -> list[str]:
    """Read the edges from the graph that torch has made."""
    x = _leaf(2.0, device)
    u = 3 * x
    v = u + 2
    w = v * x
    y = w + 1
    names = {u.grad_fn: "u", v.grad_fn: "v", w.grad_fn: "w", y.grad_fn: "y"}

    def behind(node: Any) -> Iterator[str]:
        return (names.get(it, "x") for it, _ in node.next_functions if it is not None)

    return sorted(f"{start} -> {name}" for node, name in names.items() for start in behind(node))


_CHAIN = [("x", "u"), ("u", "v"), ("v", "w"), ("w", "y")]

EDGES_OF_THE_OTHER_FORM = Exercise(
    id="edges-of-the-other-form",
    title="The edges of the other form",
    minutes=2,
    difficulty=2,
    questions=(
        Question("the edges", expect=_form_edges, ask=common.edges, points=2, shows_expected=False),
    ),
    mistakes=(
        Mistake(
            "x is in the graph once, so it has one edge.",
            lambda: _CHAIN,
            "This is a chain, from x through u, v, w to y. But look at w once more: which names stand on "
            "the right of its equals sign?",
        ),
        Mistake(
            "Numbers are nodes.",
            lambda: [*_CHAIN, ("x", "w"), ("3", "u"), ("2", "v"), ("1", "y")],
            "The edges between the names are right. But 3, 2 and 1 are plain numbers: torch wrote `None` "
            "where they were used.",
        ),
        Mistake(
            "An edge goes from the result to what it was made of.",
            lambda: [(end, start) for start, end in [*_CHAIN, ("x", "w")]],
            "All five edges, and all of them backward: that is how the slopes go. Asked is the direction "
            "of the calculation, as in the pair for u.",
        ),
        Mistake(
            "The graph is that of the first form.",
            lambda: [("x", "u"), ("x", "v"), ("u", "w"), ("v", "w"), ("w", "y")],
            "This is a graph in which x goes to two steps that are joined later, as in 3x² + 2x + 1. "
            "Here v is made of u, not of x: follow the steps as they are written.",
        ),
        Mistake(
            "Each step is joined to the result.",
            lambda: [(start, "y") for start in "xuvw"],
            "Here everything leads to y at once. An edge joins a step to the step that uses it next.",
        ),
        Mistake(
            "The last step needs no edge.",
            lambda: [*_CHAIN[:-1], ("x", "w")],
            "One step is left out: y is made by an operation too. Of what?",
        ),
        Mistake(
            "x is used in each step.",
            lambda: [*_CHAIN, ("x", "v"), ("x", "w")],
            "One edge too many: x stands in u and in w. In v = u + 2 it is hidden in u already.",
        ),
    ),
)


# --- local slopes ----------------------------------------------------------------------------------

OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "mul": lambda a, b: a * b,
    "sub": lambda a, b: a - b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "exp": torch.exp,
    "sin": torch.sin,
}


def _local(*values: float, name: str, exponent: bool = False, device: str = "cpu") -> Any:
    """The value and the local slopes of an operation, from torch."""
    plain = [values[-1]] if exponent else []
    leaves = [_leaf(value, device) for value in (values[:-1] if exponent else values)]
    result = OPERATIONS[name](*leaves, *plain)
    return {
        "value": result.item(),
        "slopes": [slope.item() for slope in torch.autograd.grad(result, leaves)],
    }


_HALVES = st.integers(-8, 8).filter(bool).map(lambda n: n / 2)


def _local_question(
    title: str, name: str, *example: float, last: st.SearchStrategy[Any] | None = None
) -> Question:
    exponent = last is not None
    drawn = [_HALVES] * len(example)
    return Question(
        title,
        expect=partial(_local, name=name, exponent=exponent),
        ask=partial(asks.node, name=name, exponent=exponent),
        inputs=(*drawn[:-1], last) if last is not None else tuple(drawn),
        examples=(example,),
        agreement=AGREES,
    )


class Number:
    """A number in a graph that nothing was done with yet."""

    def __init__(self, value: float) -> None:
        self.value = value


def _maker(name: str, wrong: Callable[..., tuple[float, ...]] | None) -> Callable[..., Any]:
    """Make a function that makes nodes, with these slopes or, without, with torch's."""

    def make(*nodes: Any) -> SimpleNamespace:
        numbers = [getattr(node, "value", node) for node in nodes]
        exponent = name == "pow"
        found = _local(*numbers, name=name, exponent=exponent)
        slopes = tuple(found["slopes"]) if wrong is None else wrong(*numbers)
        parents = nodes[:-1] if exponent else nodes
        return SimpleNamespace(value=found["value"], parents=parents, slopes=slopes)

    return make


def _makers(
    names: str, **wrong: Callable[..., tuple[float, ...]]
) -> Callable[[], dict[str, Callable[..., Any]]]:
    makers = {name: _maker(name, wrong.get(name)) for name in names.split()}
    return lambda: {"MyTensor": Number, **makers}


_with_gaps = partial(_makers, "mul sub")
_alone = partial(_makers, "div pow exp sin")

SLOPES_OF_PRODUCT_AND_DIFFERENCE = Exercise(
    id="slopes-of-product-and-difference",
    title="Slopes of product and difference",
    minutes=2,
    difficulty=1,
    questions=(
        _local_question("product", "mul", 6.0, 2.0),
        _local_question("difference", "sub", 6.0, 2.0),
    ),
    mistakes=(
        Mistake(
            "Each factor multiplies its own growth.",
            _with_gaps(mul=lambda a, b: (a, b)),
            "The two are changed over. At 6 · 2, let the 6 become 7: the product goes from 12 to 14. "
            "Which of the two numbers says so?",
        ),
        Mistake(
            "A product has the slopes of a sum.",
            _with_gaps(mul=lambda a, b: (1.0, 1.0)),
            "These are the slopes of a sum. At 6 · 2, let the 6 become 7: by how much does the product "
            "grow?",
        ),
        Mistake(
            "The slope of a product is the product.",
            _with_gaps(mul=lambda a, b: (a * b, a * b)),
            "This is the value, given to both. When only a grows, it is b that stands still and "
            "multiplies the growth, and nothing else.",
        ),
        Mistake(
            "Both slopes of a product are added into each.",
            _with_gaps(mul=lambda a, b: (a + b, a + b)),
            "Here both slopes stand in each place. Each edge has its own: one for a alone, one for b "
            "alone.",
        ),
        Mistake(
            "A difference has the slopes of a sum.",
            _with_gaps(sub=lambda a, b: (1.0, 1.0)),
            "The second slope says that the difference rises with b. At 6 - 2, let the 2 become 3.",
        ),
        Mistake(
            "The minus sign belongs to the first number.",
            _with_gaps(sub=lambda a, b: (-1.0, 1.0)),
            "The signs are changed over: which of the two numbers is taken away?",
        ),
        Mistake(
            "Both numbers are taken away.",
            _with_gaps(sub=lambda a, b: (-1.0, -1.0)),
            "The first slope says that a - b falls when a grows. At 6 - 2, let the 6 become 7.",
        ),
        Mistake(
            "A difference has the slopes of a product.",
            _with_gaps(sub=lambda a, b: (b, -a)),
            "These are a product's slopes, with a sign. In a difference nobody stands beside a and multiplies: "
            "at 6 - 2, let the 6 become 7.",
        ),
        Mistake(
            "The slopes of a difference are its numbers.",
            _with_gaps(sub=lambda a, b: (a, -b)),
            "These are the numbers themselves. How much does a - b grow when a grows by 1, wherever it "
            "stands?",
        ),
    ),
)

SLOPES_ALONE = Exercise(
    id="slopes-alone",
    title="Slopes alone",
    minutes=6,
    difficulty=3,
    questions=(
        _local_question("quotient", "div", 6.0, 2.0),
        _local_question("power", "pow", 2.0, 3, last=st.sampled_from((2, 3, 4, -1))),
        _local_question("exp", "exp", 1.0),
        _local_question("sin", "sin", 1.0),
    ),
    mistakes=(
        Mistake(
            "The lower number of a quotient raises it.",
            _alone(div=lambda a, b: (1 / b, a / b**2)),
            "Only the sign of the second slope is wrong. 6 / 2 = 3 and 6 / 3 = 2: does the quotient "
            "rise when its lower number grows?",
        ),
        Mistake(
            "A quotient is treated like a product.",
            _alone(div=lambda a, b: (b, a)),
            "These are the slopes of a product. a / b is a · (1/b): what stands beside a?",
        ),
        Mistake(
            "The slope for the lower number is 1/a.",
            _alone(div=lambda a, b: (1 / b, 1 / a)),
            "The first is right. For the second, write a / b as a · b⁻¹: a stands still and multiplies "
            "the slope of b⁻¹.",
        ),
        Mistake(
            "The slope of 1/b is -1/b.",
            _alone(div=lambda a, b: (1 / b, -a / b)),
            "The sign is right. By the rule for powers, the exponent -1 goes down by one: what is it "
            "then?",
        ),
        Mistake(
            "The slope for the lower number forgets the upper one.",
            _alone(div=lambda a, b: (1 / b, -1 / b**2)),
            "This is the slope of 1/b. The upper number a stands beside it and multiplies.",
        ),
        Mistake(
            "The slopes of a quotient stand in the other order.",
            _alone(div=lambda a, b: (-a / b**2, 1 / b)),
            "The right slopes in the wrong order. The parents are (a, b), so the slope for a comes first.",
        ),
        Mistake(
            "b² is b * 2.",
            _alone(div=lambda a, b: (1 / b, -a / b * 2)),
            "`/ b * 2` divides by b once and then doubles. A square is `b**2`.",
        ),
        Mistake(
            "The minus belongs to the exponent without brackets.",
            _alone(pow=lambda a, n: (n * a**n - 1,)),
            "Python takes the power first and then takes 1 away from all of it. Put the new exponent into "
            "brackets.",
        ),
        Mistake(
            "In a power, the exponent grows.",
            _alone(pow=lambda a, n: (a**n * math.log(a),)),
            "This is how fast a power grows with its *exponent*. Here the exponent stands still, and the number "
            "below it grows.",
        ),
        Mistake(
            "The exponent stays as it is.",
            _alone(pow=lambda a, n: (n * a**n,)),
            "The exponent came down as a factor, as it should. What becomes of the exponent that stays "
            "above?",
        ),
        Mistake(
            "The exponent goes down by one, and that is all.",
            _alone(pow=lambda a, n: (a ** (n - 1),)),
            "The power is right, and a factor is missing: x · x · x has three factors that grow.",
        ),
        Mistake(
            "Every power is a square.",
            _alone(pow=lambda a, n: (2 * a,)),
            "This is right for a square. The exponent comes in as the second argument.",
        ),
        Mistake(
            "exp is a power with a fixed exponent.",
            _alone(exp=lambda a: (a * math.exp(a - 1),)),
            "This is the rule for aⁿ, where the number below grows. In exp(a) it is the exponent that grows, "
            "and the rule is another one.",
        ),
        Mistake(
            "exp has the slope 1.",
            _alone(exp=lambda a: (1.0,)),
            "exp grows faster the further right one goes. So its slope cannot be the same everywhere.",
        ),
        Mistake(
            "The slope of sin is -cos.",
            _alone(sin=lambda a: (-math.cos(a),)),
            "At 0 the sine rises. Which sign has its slope there?",
        ),
        Mistake(
            "The slope of sin is sin.",
            _alone(sin=lambda a: (math.sin(a),)),
            "At 0 the sine is 0, and it rises there: its slope cannot be 0.",
        ),
    ),
)


WHY_VALUES_ARE_KEPT = WrittenExercise(
    id="why-values-are-kept",
    title="Why are the values kept?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that the local slope of an operation depends on the values that it saw, with an "
        "example (the other factor in a product, 2x in a square). "
        "1 point: names an operation whose slopes do not depend on them (a sum, a difference, a product "
        "with a fixed number as far as its input is concerned). "
        "No point for 'to calculate the gradient' alone."
    ),
)

EXERCISES = (
    FIVE_STEPS_FORWARD,
    ANOTHER_TABLE_BACKWARD,
    EDGES_OF_THE_OTHER_FORM,
    SLOPES_OF_PRODUCT_AND_DIFFERENCE,
    SLOPES_ALONE,
    WHY_VALUES_ARE_KEPT,
)

check = checker(EXERCISES)
