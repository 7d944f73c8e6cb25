"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.further.custom_functions import asks
from course.my_tensor.mathematics import MyTensor

# What float64 and a rule reach, and a small step does not.
AGREES_TO_ROUNDING = Agreement(relative=1e-11, absolute=1e-11)
AGREES = Agreement(relative=1e-6, absolute=1e-6)

Rule = Callable[[Any, Any], Any]


def _halves(size: int | None = None) -> st.SearchStrategy[list[float]]:
    """Lists of halves, which a student can read in a reply."""
    numbers = st.integers(-8, 8).map(lambda n: n / 2)
    return st.lists(numbers, min_size=size or 1, max_size=size or 4)


def _expected(*inputs: Any, function: Callable[..., Any], device: str, slope_of: Any = None) -> Any:
    """Return the value of torch's own function, or the gradients for an upstream of 1, 2, 3, ..."""
    arguments = [
        torch.tensor(item, dtype=torch.float64, device=device, requires_grad=True)
        if isinstance(item, list)
        else item
        for item in inputs
    ]
    if slope_of is None:
        return function(*arguments)
    result = slope_of(*arguments)
    leaves = [each for each in arguments if isinstance(each, torch.Tensor)]
    upstream = torch.arange(1, result.numel() + 1, dtype=result.dtype, device=device)
    return list(torch.autograd.grad(result, leaves, upstream))


def _questions(
    function: Callable[..., Any],
    inputs: tuple[st.SearchStrategy[Any], ...],
    example: tuple[Any, ...],
    slope_of: Callable[..., Any] | None = None,
) -> tuple[Question, Question]:
    """Ask for the value, and for the gradients: those of `slope_of`, where it is another."""
    value = Question(
        "the value",
        expect=partial(_expected, function=function),
        ask=partial(asks.own_function, part="value"),
        inputs=inputs,
        examples=(example,),
        agreement=AGREES_TO_ROUNDING,
    )
    gradients = Question(
        "what is passed on, where upstream is 1, 2, 3, ...",
        expect=partial(_expected, function=function, slope_of=slope_of or function),
        ask=partial(asks.own_function, part="gradients"),
        inputs=inputs,
        examples=(example,),
        agreement=AGREES_TO_ROUNDING,
    )
    return value, gradients


def _function(forward: Callable[..., Any], rule: Callable[..., Any]) -> Callable[[], Any]:
    """Make a custom function of one tensor: `rule(upstream, x)` is its backward."""

    def make() -> Any:
        class Custom(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                ctx.save_for_backward(x)
                return forward(x)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                return rule(upstream, *ctx.saved_tensors)

        return Custom.apply

    return make


# --- cube -----------------------------------------------------------------------------------------


def _cubed(rule: Rule) -> Callable[[], Any]:
    return _function(lambda x: x * x * x, rule)


def _unknown_input(upstream: Any, x: Any) -> Any:
    """Raise what Python says where backward uses forward's own name."""
    raise NameError("name 'x' is not defined")


CUBE = Exercise(
    id="cube-function",
    title="Cube",
    minutes=3,
    difficulty=1,
    questions=_questions(lambda x: x**3, (_halves(),), ([2.0, -1.0, 3.0],)),
    mistakes=(
        Mistake(
            "Backward returns the slope.",
            _cubed(lambda upstream, x: 3 * x * x),
            "This is the slope of x³, and it would do where upstream is 1. Backward is *told* how "
            "much the output grows for its result: what does it do with that?",
        ),
        Mistake(
            "Backward is told its slope, and adds.",
            _cubed(lambda upstream, x: upstream + 3 * x * x),
            "Upstream and slope are added here. Along one path, growth is multiplied by growth.",
        ),
        Mistake(
            "The rule is that of Square.",
            _cubed(lambda upstream, x: upstream * 2 * x),
            "This is the backward of `Square`. How fast does x · x · x grow at x = 2, where one of "
            "its three factors grows at a time?",
        ),
        Mistake(
            "The power comes down and stays.",
            _cubed(lambda upstream, x: upstream * 3 * x * x * x),
            "The 3 came down, and the power stayed 3. When one factor grows, how many others stand "
            "beside it and multiply?",
        ),
        Mistake(
            "The power goes down by one, and that is all.",
            _cubed(lambda upstream, x: upstream * x * x),
            "This lets one factor grow. There are three of them, and each brings as much.",
        ),
        Mistake(
            "Backward passes on the value.",
            _cubed(lambda upstream, x: upstream * (x * x * x)),
            "You multiply by the height, x³. Backward multiplies by the slope.",
        ),
        Mistake(
            "The saved tensor is the result.",
            _cubed(lambda upstream, x: upstream * 3 * (x * x * x) ** 2),
            "3 · (…)² is right, but in the bracket stands the result x³ instead of x. What did your "
            "forward save?",
        ),
        Mistake(
            "Backward sees the arguments of forward.",
            _cubed(_unknown_input),
            "Backward is another function: it is told `ctx` and the upstream, and has no x. Save "
            "it in forward, and take it out of `ctx.saved_tensors`.",
        ),
        Mistake(
            "x³ is three times x.",
            _function(lambda x: x * 3, lambda upstream, x: upstream * 3 * x * x),
            "Forward gives 3 · x. Three factors are multiplied with each other: x · x · x.",
        ),
        Mistake(
            "All upstream comes to each element.",
            _cubed(lambda upstream, x: upstream.sum() * 3 * x * x),
            "The upstream is summed over all elements here. Each element has an upstream of its "
            "own: keep its shape.",
        ),
        Mistake(
            "Nothing was calculated: the input is handed on.",
            _function(lambda x: x, lambda upstream, x: upstream),
            "Forward returns x itself. It is to calculate x · x · x.",
        ),
    ),
)


# --- a mended blend ---------------------------------------------------------------------------------


def _blend(rule: Callable[[Any, float], Any]) -> Callable[[], Any]:
    """Make a blend whose backward is a rule of upstream and t; torch's errors name the class."""

    def make() -> Any:
        class Mended(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, a: Any, b: Any, t: float) -> Any:
                ctx.share = t
                return torch.lerp(a, b, t)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                return rule(upstream, ctx.share)

        return Mended.apply

    return make


def _unknown_share(upstream: Any, share: float) -> Any:
    """Raise what Python says where backward uses forward's own name."""
    raise NameError("name 't' is not defined")


MENDED = Exercise(
    id="mended-blend",
    title="Mend it",
    minutes=3,
    difficulty=2,
    # Forward is given, so that only what is passed back earns points.
    questions=_questions(
        torch.lerp,
        (_halves(2), _halves(2), st.integers(0, 8).map(lambda n: n / 8)),
        ([1.0, 2.0], [5.0, 7.0], 0.25),
    )[1:],
    mistakes=(
        Mistake(
            "Each input has the other's share.",
            _blend(lambda upstream, t: (upstream * t, upstream * (1 - t), None)),
            "The number of answers is right now. The order is still that of the fault: with "
            "t = 0.25, a counts 0.75 in the value, and here it is passed 0.25.",
        ),
        Mistake(
            "What is no tensor needs no answer.",
            _blend(lambda upstream, t: (upstream * (1 - t), upstream * t)),
            "torch counts the answers: one for each argument of forward, the plain number `t` too. "
            "What is said for it? And look once more whose share is whose.",
        ),
        Mistake(
            "Backward returns the slope.",
            _blend(
                lambda upstream, t: (
                    torch.full_like(upstream, 1 - t),
                    torch.full_like(upstream, t),
                    None,
                )
            ),
            "These are the shares by themselves, right where upstream is 1. What each input gets is "
            "upstream times its share.",
        ),
        Mistake(
            "Only the first input gets something back.",
            _blend(lambda upstream, t: (upstream, None, None)),
            "Everything goes to a here, and nothing to b. Both are in the value, each with its "
            "share.",
        ),
        Mistake(
            "Both have the same share.",
            _blend(lambda upstream, t: (upstream * t, upstream * t, None)),
            "Both get t times upstream. b's share is t; what is left for a?",
        ),
        Mistake(
            "What is no tensor has the gradient 0.",
            _blend(lambda upstream, t: (upstream * (1 - t), upstream * t, torch.zeros(()))),
            "torch wants None for what is no tensor, and says so: 0 would be a slope, None says "
            "that there is none.",
        ),
        Mistake(
            "Backward sees the arguments of forward.",
            _blend(_unknown_share),
            "Backward is another function: it is told `ctx` and the upstream. What forward knew "
            "must be kept, and `t` is kept on `ctx`.",
        ),
        Mistake(
            "The shares do not matter to a slope.",
            _blend(lambda upstream, t: (upstream, upstream, None)),
            "Upstream is passed on whole to both. When a grows by 1, the value grows by its share "
            "only.",
        ),
        Mistake(
            "The second slope has the sign of the difference.",
            _blend(lambda upstream, t: (upstream * (1 - t), -upstream * t, None)),
            "b counts t times in the value, with a plus: when b grows, the value grows.",
        ),
    ),
)


# --- the sign, straight through ---------------------------------------------------------------------


def _inside(upstream: Any, x: Any) -> Any:
    return torch.where(x.abs() > 1, 0.0, upstream)


def _signed(rule: Rule) -> Callable[[], Any]:
    return _function(torch.sign, rule)


SIGN = Exercise(
    id="sign-through",
    title="The sign, straight through",
    minutes=4,
    difficulty=2,
    questions=_questions(
        torch.sign,
        (_halves(),),
        ([0.5, -1.0, 2.0, 0.0],),
        slope_of=lambda x: x.clamp(-1, 1),
    ),
    mistakes=(
        Mistake(
            "Backward has to be the slope.",
            _signed(lambda upstream, x: torch.zeros_like(x)),
            "This is the true slope of the sign, 0 everywhere, and nothing would train. The rule "
            "that is asked for is another one, on purpose.",
        ),
        Mistake(
            "Straight through means everywhere.",
            _signed(lambda upstream, x: upstream.clone()),
            "Upstream passes everywhere here, as in `RoundThrough`. Outside of -1 to 1 it is to be "
            "stopped.",
        ),
        Mistake(
            "Backward returns the slope.",
            _signed(lambda upstream, x: (x.abs() <= 1).to(x.dtype)),
            "You return 1 or 0: whether it passes. What passes is the upstream.",
        ),
        Mistake(
            "The border does not belong to it.",
            _signed(lambda upstream, x: upstream * (x.abs() < 1)),
            "Right inside and outside. At -1 and 1 themselves it is to pass: the borders are "
            "included.",
        ),
        Mistake(
            "The sign is x over its size.",
            _function(lambda x: x / x.abs(), _inside),
            "At 0 this is 0 / 0. `x.sign()` knows what to say there.",
        ),
        Mistake(
            "There are two signs.",
            _function(lambda x: (x > 0) * 2.0 - 1, _inside),
            "This says -1 at 0. The sign of 0 is 0: `x.sign()` has three answers.",
        ),
        Mistake(
            "The sign goes back too.",
            _signed(lambda upstream, x: upstream * x.sign()),
            "You multiply by the sign, so what passes from negative x is turned around. Inside it "
            "passes as it is.",
        ),
        Mistake(
            "The upstream decides.",
            _signed(lambda upstream, x: upstream * (upstream.abs() <= 1)),
            "You ask how large the *upstream* is. What decides is where x lies: save it in "
            "forward.",
        ),
        Mistake(
            "It passes outside.",
            _signed(lambda upstream, x: upstream * (x.abs() > 1)),
            "It is the other way round: inside, from -1 to 1, it passes, and outside it is stopped.",
        ),
        Mistake(
            "Only what is above decides.",
            _signed(lambda upstream, x: upstream * (x <= 1)),
            "Large numbers are stopped, but those far below -1 pass. Both sides have a border: "
            "think of `x.abs()`.",
        ),
        Mistake(
            "The slope of a clamp is its value.",
            _signed(lambda upstream, x: upstream * x.clamp(-1, 1)),
            "You multiply by x, cut off at -1 and 1. That is a height. What passes is the upstream "
            "as it is, or nothing.",
        ),
        Mistake(
            "It is the upstream that is cut off.",
            _signed(lambda upstream, x: upstream.clamp(-1, 1)),
            "You cut the upstream off at -1 and 1. What decides is where x lies; the upstream may "
            "have any size.",
        ),
    ),
)


# --- softplus in the engine of the course -------------------------------------------------------------


def _softplus_in_torch(numbers: list[float], device: str) -> dict[str, list[float]]:
    x = torch.tensor(numbers, dtype=torch.float64, device=device, requires_grad=True)
    value = torch.nn.functional.softplus(x, threshold=100)
    upstream = torch.arange(1, len(numbers) + 1, dtype=x.dtype, device=device)
    (gradient,) = torch.autograd.grad(value, x, upstream)
    return {"value": value.tolist(), "gradient": gradient.tolist()}


def _plain_softplus(x: Any) -> Any:
    return np.log(1 + np.exp(x))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _operation(value: Callable[[Any], Any], pull: Rule) -> Callable[[], Any]:
    """Make a mistake of a value and of a rule `pull(upstream, x)`."""

    def softplus(node: MyTensor) -> MyTensor:
        x = node.value
        return MyTensor(value(x), (node,), lambda upstream: pull(upstream, x), "softplus")

    return lambda: (MyTensor, softplus)


def _stable(x: Any) -> Any:
    return np.logaddexp(x, 0)


SOFTPLUS = Exercise(
    id="softplus-in-my-engine",
    title="Softplus in your engine",
    minutes=4,
    difficulty=3,
    questions=(
        Question(
            "small numbers",
            expect=_softplus_in_torch,
            ask=asks.in_my_tensor,
            inputs=(_halves(),),
            examples=(([0.0, 1.0, -2.0],),),
            agreement=AGREES,
        ),
        Question(
            "large numbers",
            expect=_softplus_in_torch,
            ask=asks.in_my_tensor,
            inputs=(
                st.lists(
                    st.sampled_from((-1000.0, -100.0, 100.0, 800.0, 1000.0)),
                    min_size=1,
                    max_size=3,
                ),
            ),
            examples=(([1000.0, -1000.0],),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "What is right on paper is right in the machine.",
            _operation(
                _plain_softplus,
                lambda upstream, x: (upstream * np.exp(x) / (1 + np.exp(x)),),
            ),
            "On paper this is right, and for small numbers too. e^1000 is inf in the machine. "
            "Take a form in which e is never raised to a large power.",
        ),
        Mistake(
            "Only the value can overflow.",
            _operation(
                _stable,
                lambda upstream, x: (upstream * np.exp(x) / (1 + np.exp(x)),),
            ),
            "The value is right, also at 1000. The slope is inf / inf there. The form with e^-x "
            "says the same and stays finite.",
        ),
        Mistake(
            "Only the slope can overflow.",
            _operation(_plain_softplus, lambda upstream, x: (upstream * _sigmoid(x),)),
            "The slope is right, also at 1000. The value is log(1 + inf) there: `np.logaddexp` does "
            "this sum without overflow.",
        ),
        Mistake(
            "A pull returns the slope.",
            _operation(_stable, lambda upstream, x: (_sigmoid(x),)),
            "This is the slope by itself, right where upstream is 1. A pull is told the upstream "
            "gradient: what does it do with that?",
        ),
        Mistake(
            "A pull passes on the value.",
            _operation(_stable, lambda upstream, x: (upstream * _stable(x),)),
            "You multiply upstream by the height, softplus itself. Its slope is 1 / (1 + e^-x).",
        ),
        Mistake(
            "e^x and e^-x are the same here.",
            _operation(_stable, lambda upstream, x: (upstream / (1 + np.exp(x)),)),
            "This slope falls where x grows. Softplus is flat far left and rises with slope 1 far "
            "right: look at the sign of x.",
        ),
        Mistake(
            "The engine takes it apart by itself.",
            lambda: (MyTensor, lambda node: node.exp().log()),
            "`MyTensor` has no `log`, and softplus is to be *one* operation: calculate its value "
            "from `node.value` with NumPy, and give the rule yourself.",
        ),
        Mistake(
            "NumPy works on a node.",
            lambda: (MyTensor, lambda node: np.logaddexp(0, node)),
            "NumPy calculates with arrays, and the node is none. Its array is `node.value`.",
        ),
        Mistake(
            "One parent needs no tuple.",
            lambda: (MyTensor, lambda node: MyTensor(_stable(node.value), node)),
            "The parents are a tuple, with one parent too: `(node,)`, and mind the comma.",
        ),
        Mistake(
            "Upstream and slope are added.",
            _operation(_stable, lambda upstream, x: (upstream + _sigmoid(x),)),
            "Upstream and slope are added here. Along one path, growth is multiplied by growth.",
        ),
        Mistake(
            "The slope is taken at the value.",
            _operation(_stable, lambda upstream, x: (upstream * _sigmoid(_stable(x)),)),
            "The form of the slope is right, and the place is not: you put softplus of x in for x.",
        ),
        Mistake(
            "One gradient needs no tuple.",
            _operation(_stable, lambda upstream, x: upstream * _sigmoid(x)),
            "The numbers are right. `backward` goes through parents and gradients side by side, so "
            "a pull returns a tuple, with one parent too: mind the comma.",
        ),
        Mistake(
            "The rest is softplus of the sum of both.",
            _operation(
                lambda x: np.logaddexp(1, x),
                lambda upstream, x: (upstream * _sigmoid(x - 1),),
            ),
            "`np.logaddexp(a, b)` is log(e^a + e^b). For the 1 in 1 + e^x, e must be raised to "
            "which power?",
        ),
    ),
)


WHY_NOT_THE_SLOPE = WrittenExercise(
    id="why-not-the-slope",
    title="Not the slope",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that the true slope of rounding is zero (nearly) everywhere, so that nothing "
        "would train, and that the replacement still points in a useful direction. "
        "1 point: names what is given up: the number is not the slope of the loss, so a step may go "
        "up, gradcheck fails, or its success must be shown by experiment. "
        "No point for 'it works better' alone."
    ),
)

EXERCISES = (CUBE, MENDED, SIGN, SOFTPLUS, WHY_NOT_THE_SLOPE)

check = checker(EXERCISES)
