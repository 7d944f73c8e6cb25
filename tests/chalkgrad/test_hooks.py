"""Hooks see, and may change, each gradient that passes; retain_grad keeps it.

What would be lost: a hook that runs twice, too early, or for the wrong value of a changed tensor.
"""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from oracle import refusal, under_both

import chalkgrad


@under_both
def test_hooks_run_in_the_order_in_which_they_were_registered(torch: Any) -> Any:
    seen = []
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    for name in "abc":
        y.register_hook(lambda g, name=name: seen.append((name, g.tolist())))
    x.register_hook(lambda g: seen.append(("leaf", g.tolist())))
    (y * y).sum().backward()
    return seen


@under_both
def test_what_a_hook_returns_goes_on_in_its_place(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(lambda g: g + 1)
    y.register_hook(lambda g: g * 100)
    y.register_hook(lambda g: None)
    x.register_hook(lambda g: -g)
    (y * y).sum().backward()
    return x.grad


@under_both
def test_a_hook_runs_once_with_the_sum_of_all_paths(torch: Any) -> Any:
    seen = []
    x = torch.tensor(2.0, requires_grad=True)
    y = x * 3
    y.register_hook(lambda g: seen.append(g))
    x.register_hook(lambda g: seen.append(g))
    (y * y + y.exp() * x + y * 0).backward()
    return seen


@under_both
def test_a_removed_hook_is_silent(torch: Any) -> Any:
    seen = []
    x = torch.tensor(2.0, requires_grad=True)
    y = x * 3
    first = y.register_hook(lambda g: seen.append("first"))
    y.register_hook(lambda g: seen.append("second"))
    y.backward(retain_graph=True)
    first.remove()
    first.remove()
    y.backward(retain_graph=True)
    handle = x.register_hook(lambda g: g * 0)
    handle.remove()
    y.backward()
    return seen, x.grad


@pytest.mark.parametrize("retain_first", [False, True])
@pytest.mark.parametrize("create_graph", [False, True])
def test_retain_grad_keeps_what_the_hooks_left(retain_first: bool, create_graph: bool) -> None:
    @under_both
    def program(torch: Any) -> Any:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x * 3
        if retain_first:
            y.retain_grad()
        y.register_hook(lambda g: g * 10)
        y.retain_grad()
        (y * y).sum().backward(create_graph=create_graph)
        return y.grad, x.grad, y.retains_grad, x.retains_grad

    program()


@under_both
def test_retained_gradients_add_up_and_are_nobody_elses(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x + 0
    z = y + 0
    for each in (x, y, z):
        each.retain_grad()
    seed = torch.tensor([1.0, 3.0])
    z.backward(seed, retain_graph=True)
    z.backward(seed)
    z.grad.mul_(7)
    return x.grad, y.grad, z.grad, seed


@under_both
def test_the_second_derivative_goes_through_a_hook(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x**2
    y.register_hook(lambda g: g * g)
    (first,) = torch.autograd.grad((y**2).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    return first, second


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_hook_computes_in_the_mode_of_its_backward(create_graph: bool) -> None:
    @under_both
    def program(torch: Any) -> Any:
        seen = []
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x**2
        y.register_hook(lambda g: seen.append((torch.is_grad_enabled(), (x * g).requires_grad)))
        (y**2).sum().backward(create_graph=create_graph)
        return seen, torch.is_grad_enabled()

    program()


@under_both
def test_what_autograd_grad_returns_has_passed_the_hooks(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    x.register_hook(lambda g: g + 1)
    y.register_hook(lambda g: g * 10)
    # One by one: for both at once torch leaves out the hooks of y, which lies on the way to x.
    return [torch.autograd.grad((y * y).sum(), each, retain_graph=True) for each in (x, y)]


@under_both
def test_a_hook_belongs_to_the_value_and_retain_grad_to_the_tensor(torch: Any) -> Any:
    seen = []
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.retain_grad()
    y.mul_(5)
    y.register_hook(lambda g: seen.append(g.tolist()))
    (y * 7).sum().backward()
    return seen, y.grad, x.grad


@under_both
def test_a_hook_on_one_of_several_results(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    first, second, _ = x.unbind()
    second.register_hook(lambda g: g * 10)
    second.retain_grad()
    (first * second * 2).backward()
    return second.grad, x.grad


@under_both
def test_refused(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def with_hook(hook: Any) -> None:
        y = x * 2
        y.register_hook(hook)
        y.sum().backward()

    return (
        refusal(torch.tensor(1.0).register_hook, print),
        refusal(torch.tensor(1.0).retain_grad),
        refusal(with_hook, lambda g: 3)[0],
        refusal(with_hook, lambda g: g.sum())[0],
        refusal(with_hook, lambda g: g / None)[0],
        torch.is_grad_enabled(),
        x.grad,
    )


def test_a_hook_keeps_no_graph_alive() -> None:
    gc.disable()
    try:
        x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
        y = x.exp()
        handle = y.register_hook(lambda g: g * 2)
        x.register_hook(lambda g: None)
        array = weakref.ref(y._array)
        z = y.sum()
        del y, z
        assert array() is None
        handle.remove()
    finally:
        gc.enable()
