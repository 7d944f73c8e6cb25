"""One class text is a custom function under both engines.

What would be lost: a `Function` that a student writes here and that fails, or lies, under torch.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from oracle import refusal, under_both

import chalkgrad


def functions(torch: Any) -> SimpleNamespace:
    """Return the custom functions of an engine."""

    class Cube(torch.autograd.Function):
        """Saves its input."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x * x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            return 3 * x * x * g

    class Exp(torch.autograd.Function):
        """Saves its output."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            y = x.exp()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return ctx.saved_tensors[0] * g

    class Affine(torch.autograd.Function):
        """Several inputs, some of them no tensors; computes only the gradients that are needed."""

        seen: ClassVar[list[Any]] = []

        @staticmethod
        def forward(ctx: Any, x: Any, w: Any, b: Any, power: Any, note: Any = None) -> Any:
            ctx.save_for_backward(x, w, None)
            ctx.power = power
            Affine.seen.append((torch.is_grad_enabled(), x.requires_grad))
            return x * w**power + b

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            x, w, nothing = ctx.saved_tensors
            Affine.seen.append((ctx.needs_input_grad, nothing, torch.is_grad_enabled()))
            gradients: list[Any] = [None] * 5
            if ctx.needs_input_grad[0]:
                gradients[0] = g * w**ctx.power
            if ctx.needs_input_grad[1]:
                gradients[1] = g * x * ctx.power * w ** (ctx.power - 1)
            if ctx.needs_input_grad[2]:
                gradients[2] = g
            return tuple(gradients)

    class Extreme(torch.autograd.Function):
        """Several outputs, one of them a place."""

        seen: ClassVar[list[Any]] = []

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            (high, place), low = x.max(0), x.min()
            ctx.mark_non_differentiable(place)
            ctx.save_for_backward(place, x)
            return high, place, low * 2

        @staticmethod
        def backward(ctx: Any, g_high: Any, g_place: Any, g_low: Any) -> Any:
            place, x = ctx.saved_tensors
            Extreme.seen.append(
                [None if g is None else g.tolist() for g in (g_high, g_place, g_low)]
            )
            gradient = torch.zeros_like(x)
            if g_high is not None:
                gradient[place] = g_high
            if g_low is not None:
                gradient[x.argmin()] = g_low * 2
            return gradient

    class Answers(torch.autograd.Function):
        """Returns from backward what it is told to."""

        @staticmethod
        def forward(ctx: Any, x: Any, y: Any, answer: Any) -> Any:
            ctx.answer = answer
            return x * 2 + y

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return ctx.answer(g)

    class Same(torch.autograd.Function):
        """Hands its input back, and turns the gradient round."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return -g

    return SimpleNamespace(
        Cube=Cube, Exp=Exp, Affine=Affine, Extreme=Extreme, Answers=Answers, Same=Same
    )


def leaf(torch: Any, values: Any = (1.0, 2.0, -0.5)) -> Any:
    return torch.tensor(values, requires_grad=True)


@pytest.mark.parametrize("name", ["Cube", "Exp"])
def test_first_and_second_derivative_through_saved_inputs_and_outputs(name: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        function, x = getattr(functions(torch), name), leaf(torch)
        y = function.apply(x * 2)
        (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        (second,) = torch.autograd.grad((first**2).sum(), x, create_graph=True)
        (third,) = torch.autograd.grad(second.sum(), x)
        return y, first, second, third, y.grad_fn.name(), len(y.grad_fn.next_functions)

    program()


@pytest.mark.parametrize("needed", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2), ()])
def test_needs_input_grad_and_arguments_that_are_no_tensors(needed: tuple[int, ...]) -> None:
    @under_both
    def program(torch: Any) -> Any:
        affine = functions(torch).Affine
        inputs = [torch.tensor([1.0, 2.0], requires_grad=place in needed) for place in range(3)]
        y = affine.apply(*inputs, 3, [torch.ones(1, requires_grad=True)])
        if needed:
            y.sum().backward()
        return y, affine.seen, [each.grad for each in inputs]

    program()


@pytest.mark.parametrize("used", [(0,), (2,), (0, 2)])
def test_several_outputs_and_one_without_gradient(used: Any) -> None:
    @under_both
    def program(torch: Any) -> Any:
        extreme, x = functions(torch).Extreme, leaf(torch)
        outputs = extreme.apply(x)
        total: Any = sum(outputs[place] * (place + 3) for place in used)
        total.backward()
        same = outputs[0].grad_fn is outputs[2].grad_fn
        return outputs, x.grad, extreme.seen, same, outputs[1].grad_fn, type(outputs).__name__

    program()


@under_both
def test_no_gradient_goes_through_a_marked_output_although_it_is_a_float(torch: Any) -> Any:
    class Sorted(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            low, high, middle = x.min(), x.max(), x.mean()
            ctx.mark_non_differentiable(low, high)
            return low, middle, high

        @staticmethod
        def backward(ctx: Any, g_low: Any, g_middle: Any, g_high: Any) -> Any:
            return (g_middle / 3 + g_low + g_high).expand(3)

    x = leaf(torch)
    low, middle, high = Sorted.apply(x)
    (low + middle * 2 + high).backward()
    return low, middle, high, low.is_leaf, high.grad_fn, x.grad


@under_both
def test_without_recording_it_only_computes(torch: Any) -> Any:
    cube, x = functions(torch).Cube, leaf(torch)
    with torch.no_grad():
        quiet = cube.apply(x)
    return quiet, cube.apply(x.detach()), cube.apply(torch.tensor([1, 2]))


@under_both
def test_an_input_that_is_handed_back_stays_what_it_was(torch: Any) -> Any:
    same, x = functions(torch).Same, leaf(torch)
    y = same.apply(x)
    (y * 3).sum().backward()
    return y, y is x, x.is_leaf, x.grad, y.grad_fn.name()


ANSWERS: dict[str, Any] = {
    "right": lambda g: (g * 2, g, None),
    "None for one that is needed": lambda g: (g * 2, None, None),
    "None for all": lambda g: (None, None, None),
    "more, all of them None": lambda g: (g * 2, g, None, None),
    "too many": lambda g: (g * 2, g, None, g),
    "too few": lambda g: (g * 2, g),
    "one": lambda g: g,
    "a gradient for what is no tensor": lambda g: (g * 2, g, g),
    "broadcast": lambda g: (g.expand(4, 3), g, None),
    "other shape": lambda g: (g[:2], g, None),
    "a number's shape": lambda g: (g.sum(), g, None),
    "other dtype": lambda g: (g.double(), g, None),
    "a number": lambda g: (2.0, g, None),
    "raises": lambda g: (1 / 0, g, None),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_answers_of_backward_are_taken_or_refused(case: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        answers = functions(torch).Answers
        x, y = leaf(torch), leaf(torch)
        z = answers.apply(x, y, ANSWERS[case])
        return refusal(z.sum().backward)[0], x.grad, y.grad, torch.is_grad_enabled()

    program()


@pytest.mark.parametrize("name", ["Cube", "Exp"])
def test_a_saved_value_that_was_changed_is_noticed(name: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        function, x = getattr(functions(torch), name), leaf(torch)
        inner = x * 2
        y = function.apply(inner)
        (inner if name == "Cube" else y).add_(1)
        kind, words, *_ = refusal(y.sum().backward)
        return kind, words.split(": ")[0], x.grad

    program()


@under_both
def test_what_was_saved_is_released_by_backward(torch: Any) -> Any:
    custom, x = functions(torch), leaf(torch)
    y = custom.Cube.apply(x).sum()
    y.backward(retain_graph=True)
    y.backward()
    z = custom.Answers.apply(x, x, ANSWERS["right"])
    z.backward(torch.ones(3))
    z.backward(torch.ones(3))  # it has saved nothing
    return refusal(y.backward), x.grad


@under_both
def test_gradients_of_a_first_order_backward_are_constants_of_the_second(torch: Any) -> Any:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(2 * x)  # neither an input nor an output
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return ctx.saved_tensors[0] * g

    x = leaf(torch)
    y = (Square.apply(x) ** 2).sum()
    (first,) = torch.autograd.grad(y, x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    return first, second


@under_both
def test_outputs_that_are_no_tensors_are_handed_through(torch: Any) -> Any:
    class Noted(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2, "a note"

        @staticmethod
        def backward(ctx: Any, g: Any, nothing: Any) -> Any:
            return g * (2 if nothing is None else 0)

    x = leaf(torch)
    y, note = Noted.apply(x)
    y.sum().backward()
    return y, note, x.grad


@under_both
def test_what_is_not_written_is_refused(torch: Any) -> Any:
    class Half(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

    class Saving(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(3)
            return x * 2

    x = leaf(torch)
    return (
        refusal(Half.apply(x).sum().backward)[0],
        refusal(torch.autograd.Function.apply, x)[0],
        refusal(Saving.apply, x)[0],
    )


@pytest.mark.parametrize("name", ["mark_dirty", "set_materialize_grads"])
def test_what_ctx_does_not_have_is_refused_by_name(name: str) -> None:
    class Asking(chalkgrad.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            return getattr(ctx, name)(*inputs)

    with pytest.raises(AttributeError, match=name):
        Asking.apply(chalkgrad.tensor([1.0], requires_grad=True) * 2)


@under_both
def test_it_can_be_checked_by_differences(torch: Any) -> Any:
    custom = functions(torch)
    inputs = [torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True) for _ in range(3)]
    return [
        (torch.autograd.gradcheck(run, given), torch.autograd.gradgradcheck(run, given))
        for run, given in (
            (custom.Cube.apply, inputs[:1]),
            (custom.Exp.apply, inputs[:1]),
            (lambda x, w, b: custom.Affine.apply(x, w, b, 3, None), inputs),
        )
    ]
