"""Derivatives of whole functions, and the checks of them, give what torch's give.

What would be lost: a Jacobian with its blocks in another order, a gradcheck that finds all right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import refusal, under_both

import chalkgrad
from chalkgrad import autograd

Engine = Any
FUNCTIONS: dict[str, tuple[Callable[[Engine], Callable[..., Any]], tuple[Any, ...]]] = {
    "one number": (lambda torch: lambda x: (x**3).sum(), ([1.0, 2.0, -1.5],)),
    "a scalar": (lambda torch: lambda x: x.sin() * x, (0.7,)),
    "a vector": (lambda torch: lambda x: x.exp() * x[0], ([1.0, 0.5],)),
    "a matrix": (lambda torch: lambda x: x @ x.t(), ([[1.0, 2.0], [0.5, -1.0]],)),
    "several inputs": (
        lambda torch: lambda x, y: (x[:, None] * y).sum(0),
        ([1.0, 2.0], [[1.0, 0.5, 3.0]]),
    ),
    "several outputs": (lambda torch: lambda x: (x.sum(), x * x, x[:1]), ([1.0, 2.0],)),
    "both": (lambda torch: lambda x, y: (x * y, y.prod()), ([1.0, 2.0], [0.5, -3.0])),
    "an input that is not used": (lambda torch: lambda x, y: x**2, ([1.0, 2.0], [3.0])),
    "an output that is constant": (
        lambda torch: lambda x: (torch.ones(2).double(), x * 2),
        ([1.0, 2.0],),
    ),
    "linear": (lambda torch: lambda x: x * 3 - 1, ([1.0, 2.0],)),
    "rows of a softmax": (
        lambda torch: lambda x: torch.softmax(x, 1).cumsum(1),
        ([[0.1, 2.0], [0.0, -1.0]],),
    ),
    "written in place": (
        lambda torch: lambda x: written(torch, x),
        ([1.0, 2.0, 3.0],),
    ),
    "a custom function": (
        lambda torch: lambda x, y: custom(torch).apply(x, y * 2, 3),
        ([1.0, 2.0], [0.5, -3.0]),
    ),
}  # fmt: skip


def custom(torch: Engine) -> Any:
    class Both(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, y: Any, times: int) -> Any:
            ctx.save_for_backward(x, y)
            ctx.times = times
            return x * x * y, x * times

        @staticmethod
        def backward(ctx: Any, g: Any, h: Any) -> Any:
            x, y = ctx.saved_tensors
            return 2 * x * y * g + ctx.times * h, x * x * g, None

    return Both


def written(torch: Engine, x: Any) -> Any:
    y = torch.zeros(3, dtype=torch.float64)
    y[:2] = x[1:] * x[0]
    y.mul_(x)
    return y


def case(torch: Engine, name: str, requires_grad: bool = False) -> tuple[Any, Any]:
    make, values = FUNCTIONS[name]
    inputs = [
        torch.tensor(value, dtype=torch.float64, requires_grad=requires_grad) for value in values
    ]
    return make(torch), tuple(inputs) if len(inputs) > 1 else inputs[0]


def like(torch: Engine, values: Any) -> Any:
    """Return something to multiply a Jacobian with, of the shapes of the values."""
    if isinstance(values, tuple):
        return tuple(like(torch, value) for value in values)
    count = torch.arange(1.0, values.numel() + 1, dtype=torch.float64)
    return count.reshape(values.shape) * 0.5


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("tool", ["vjp", "jvp"])
def test_products_with_the_jacobian(name: str, tool: str) -> None:
    @under_both
    def program(torch: Engine) -> Any:
        function, inputs = case(torch, name)
        outputs = function(*inputs) if isinstance(inputs, tuple) else function(inputs)
        v = like(torch, outputs if tool == "vjp" else inputs)
        return getattr(torch.autograd.functional, tool)(function, inputs, v)

    program()


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("requires_grad", [False, True])
def test_jacobian(name: str, requires_grad: bool) -> None:
    @under_both
    def program(torch: Engine) -> Any:
        return torch.autograd.functional.jacobian(*case(torch, name, requires_grad))

    program()


HESSIANS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "a cube": (lambda x: (x**3).sum(), ([1.0, 2.0],)),
    "a scalar": (lambda x: x.sin() * x, (0.7,)),
    "a matrix": (lambda x: (x @ x).sum() * x[0, 1], ([[1.0, 2.0], [0.5, -1.0]],)),
    "two inputs": (lambda x, y: (x[:, None] * y**2).sum(), ([1.0, 2.0], [[1.0, 0.5, 3.0]])),
    "one not used": (lambda x, y: (x**2).sum(), ([1.0, 2.0], [3.0])),
    "linear": (lambda x: (x * 3).sum(), ([1.0, 2.0],)),
    "one element, not a scalar": (lambda x: (x**2).sum(0, keepdim=True), ([1.0, 2.0],)),
    "Rosenbrock": (lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, ([-1.2, 1.0],)),
}


@pytest.mark.parametrize("name", HESSIANS)
@pytest.mark.parametrize("create_graph", [False, True])
def test_hessian(name: str, create_graph: bool) -> None:
    @under_both
    def program(torch: Engine) -> Any:
        function, values = HESSIANS[name]
        inputs = [torch.tensor(value, dtype=torch.float64) for value in values]
        given = tuple(inputs) if len(inputs) > 1 else inputs[0]
        return torch.autograd.functional.hessian(function, given, create_graph=create_graph)

    program()


@pytest.mark.parametrize("tool", ["vjp", "jvp", "jacobian", "hessian"])
@pytest.mark.parametrize("create_graph", [False, True])
def test_what_they_return_can_be_differentiated_where_that_was_asked(
    tool: str, create_graph: bool
) -> None:
    @under_both
    def program(torch: Engine) -> Any:
        x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
        v = torch.tensor([3.0, 0.5], dtype=torch.float64, requires_grad=True)
        run = getattr(torch.autograd.functional, tool)
        if tool in ("vjp", "jvp"):
            found = run(lambda x: x**3, x, v, create_graph=create_graph)[1]
        else:
            found = run(lambda x: (x**4).sum(), x, create_graph=create_graph)
        if not create_graph:
            return found, found.requires_grad
        (found**2).sum().backward()
        return found, x.grad, v.grad

    program()


@under_both
def test_the_inputs_are_left_as_they_were(torch: Engine) -> Any:
    x = torch.tensor([1.0, 2.0])
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    torch.autograd.functional.jacobian(lambda x, w: x * w, (x, w))
    torch.autograd.functional.hessian(lambda x: (x**3).sum(), w)
    torch.autograd.functional.jvp(lambda x: x**3, x, torch.ones(2))
    return x, x.requires_grad, x.grad, w.grad, w.grad_fn


@under_both
def test_without_v_for_a_single_number(torch: Engine) -> Any:
    x = torch.tensor([1.0, 2.0])
    one = torch.tensor(2.0)
    tools = torch.autograd.functional
    return (
        tools.vjp(lambda x: (x**2).sum(), x),
        tools.jvp(lambda x: x * torch.ones(3), one),
        refusal(tools.vjp, lambda x: x * 2, x)[0],
        refusal(tools.jvp, lambda x: x * 2, x)[0],
        refusal(tools.vjp, lambda x: x * 2, x, torch.ones(3))[0],
        refusal(tools.jvp, lambda x: x * 2, x, torch.ones(3))[0],
        refusal(tools.hessian, lambda x: x * 2, x)[0],
        refusal(tools.jacobian, lambda x: 3, x)[0],
        refusal(tools.jacobian, lambda x: x, [1.0, 2.0])[0],
    )


@pytest.mark.parametrize("tool", ["vjp", "jvp", "jacobian", "hessian"])
def test_an_option_that_it_does_not_have_is_refused_by_name(tool: str) -> None:
    run = getattr(autograd.functional, tool)
    with pytest.raises((TypeError, NotImplementedError), match="strict"):
        run(lambda x: x.sum(), chalkgrad.ones(2), strict=True)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 3),
    columns=st.integers(1, 3),
    seed=st.integers(0, 1000),
    program=st.sampled_from(
        ["(m @ m.t()).tanh()", "m.exp().sum(0)", "m / (1 + m * m)", "m.cumprod(1)"]
    ),
)  # fmt: skip
def test_both_products_are_the_same_matrix(
    rows: int, columns: int, seed: int, program: str
) -> None:
    random = np.random.default_rng(seed)
    x = chalkgrad.tensor(random.normal(size=(rows, columns)))
    t = chalkgrad.tensor(random.normal(size=(rows, columns)))

    def function(m: Any) -> Any:
        return eval(program, {"m": m})

    u = chalkgrad.tensor(random.normal(size=tuple(function(x).shape)))
    forward = autograd.functional.jvp(function, x, t)[1]
    backward = autograd.functional.vjp(function, x, u)[1]
    np.testing.assert_allclose((forward * u).sum().item(), (backward * t).sum().item(), rtol=1e-9)


# ---- gradcheck -----------------------------------------------------------------------------------

RIGHT = """
x * y
(x @ y, x.sum())
(x / y).exp()
torch.where(x > 0, x, y)
x.max(0)[0] * y[0]
x[1:] * 2
torch.stack([x, y]).prod(0)
x.expand(2, 3) * y
""".strip().splitlines()


@pytest.mark.parametrize("program", RIGHT)
def test_right_gradients_pass(program: str) -> None:
    @under_both
    def run(torch: Engine) -> Any:
        x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64, requires_grad=True)
        y = torch.tensor([0.3, 1.5, 2.5], dtype=torch.float64, requires_grad=True)

        def function(x: Any, y: Any) -> Any:
            return eval(program, {"torch": torch, "x": x, "y": y})

        return (
            torch.autograd.gradcheck(function, (x, y)),
            torch.autograd.gradgradcheck(function, (x, y)),
            *(x, y, x.grad, x._version),
        )

    run()


def wrong(torch: Engine, first: float, second: float, place: int = 0) -> Any:
    """Return x³ of a matrix with a wrong first or second derivative at one element."""

    class Slope(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return 3 * x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            factor = torch.ones_like(x)
            factor[0, place] = second
            return 6 * x * g * factor

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            factor = torch.ones_like(x)
            factor[0, place] = first
            return Slope.apply(x) * g * factor

    return Cube.apply


@pytest.mark.parametrize("first", [1.0, 1.01, -1.0, 0.0])
@pytest.mark.parametrize("second", [1.0, 1.01, 0.0])
@pytest.mark.parametrize("place", [0, 2])
def test_a_wrong_gradient_is_found(first: float, second: float, place: int) -> None:
    @under_both
    def program(torch: Engine) -> Any:
        function = wrong(torch, first, second, place)
        values = [[1.0, 2.0, -0.5], [3.0, 1.0, 0.7]]
        x = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        checks = torch.autograd.gradcheck, torch.autograd.gradgradcheck
        return [
            (refusal(check, function, (x,))[0], check(function, (x,), raise_exception=False))
            for check in checks
        ]

    program()


@under_both
def test_a_missing_gradient_is_found(torch: Engine) -> Any:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    return [
        torch.autograd.gradcheck(function, (x,), raise_exception=False)
        for function in (
            lambda x: x * x.detach(),
            lambda x: x.detach() * 2 + 0 * x,
            lambda x: x.round() + x,
            lambda x: (x * 2, (x * 3).detach() + 0 * x),
        )
    ]


@under_both
def test_tolerances_are_those_that_one_gives(torch: Engine) -> Any:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    function = wrong(torch, 1.05, 1.0)
    given = (x.reshape(1, 2).detach().requires_grad_(),)
    return [
        torch.autograd.gradcheck(function, given, raise_exception=False, **options)
        for options in ({}, {"rtol": 0.2}, {"atol": 1.0}, {"eps": 1e-4})
    ]


@under_both
def test_what_needs_no_gradient_is_left_out(torch: Engine) -> Any:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    c = torch.tensor([3.0, 4.0])
    i = torch.tensor([1, 0])
    return (
        torch.autograd.gradcheck(lambda x, c, i, n: (x * c)[i] ** n, (x, c, i, 2)),
        torch.autograd.gradcheck(lambda x: x * 2, x),
        refusal(torch.autograd.gradcheck, lambda c: c * 2, (c,))[0],
    )
