"""Recording is switched by block, by function and by thread, and inference tensors stay outside.

What would be lost: a mode that outlives an error, leaks into another thread, or records silently.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from oracle import refusal, under_both

import chalkgrad


@pytest.fixture(autouse=True)
def as_a_fresh_start() -> Iterator[None]:
    """Undo what a test that failed half-way may have left behind in either engine."""
    yield
    for engine in (chalkgrad, torch):
        engine.set_grad_enabled(True)


MODES: dict[str, Callable[[Any], Any]] = {
    "no_grad": lambda torch: torch.no_grad(),
    "enable_grad": lambda torch: torch.enable_grad(),
    "set_grad_enabled(False)": lambda torch: torch.set_grad_enabled(False),
    "set_grad_enabled(True)": lambda torch: torch.set_grad_enabled(True),
    "inference_mode": lambda torch: torch.inference_mode(),
    "inference_mode(False)": lambda torch: torch.inference_mode(False),
}


def made_in_inference_mode(tensor: Any) -> bool:
    """Say whether a tensor counts no changes."""
    return refusal(lambda: tensor._version)[0] == "RuntimeError"


def state(torch: Any) -> tuple[bool, bool, bool]:
    """Return whether recording is on, and what the modes do to a result."""
    result = torch.ones(2, requires_grad=True) * 2
    return (
        torch.is_grad_enabled(),
        result.requires_grad,
        made_in_inference_mode(result),
    )


@pytest.mark.parametrize("inner", MODES)
@pytest.mark.parametrize("outer", MODES)
def test_modes_within_modes(outer: str, inner: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        seen = [state(torch)]
        with MODES[outer](torch):
            seen.append(state(torch))
            with MODES[inner](torch):
                seen.append(state(torch))
            seen.append(state(torch))
        return [*seen, state(torch)]

    program()


@pytest.mark.parametrize("mode", MODES)
def test_as_decorators(mode: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        @MODES[mode](torch)
        def decorated(depth: int) -> Any:
            """Say what is on, also within itself."""
            return [state(torch), *(decorated(depth - 1) if depth else []), state(torch)]

        seen = [state(torch), decorated(2), state(torch)]
        with torch.no_grad():
            seen += [decorated(0), state(torch)]
        torch.set_grad_enabled(True)
        return seen, decorated.__name__, decorated.__doc__

    program()


@pytest.mark.parametrize("mode", ["no_grad", "enable_grad", "inference_mode"])
def test_as_decorators_without_parentheses(mode: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        @getattr(torch, mode)
        def decorated() -> Any:
            return state(torch)

        with torch.no_grad():
            return decorated(), state(torch)

    program()


@pytest.mark.parametrize("mode", MODES)
def test_an_error_ends_the_mode(mode: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        def block() -> None:
            with MODES[mode](torch):
                raise ZeroDivisionError

        @MODES[mode](torch)
        def function() -> None:
            raise ZeroDivisionError

        return [refusal(block), state(torch), refusal(function), state(torch)]

    program()


@under_both
def test_set_grad_enabled_lasts_until_it_is_set_again(torch: Any) -> Any:
    seen = []
    for wanted in (False, True, False):
        torch.set_grad_enabled(wanted)
        seen.append(state(torch))
    torch.set_grad_enabled(True)
    return seen


def in_a_thread(action: Callable[[], Any]) -> Any:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(action()))
    thread.start()
    thread.join()
    return answers


@pytest.mark.parametrize("mode", MODES)
def test_a_thread_has_modes_of_its_own(mode: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        with MODES[mode](torch):
            seen = [in_a_thread(lambda: state(torch)), state(torch)]
        in_a_thread(lambda: torch.set_grad_enabled(False))
        return [*seen, state(torch)]

    program()


@under_both
def test_what_is_made_in_inference_mode_stays_outside_of_graphs(torch: Any) -> Any:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.inference_mode():
        made = torch.tensor([3.0, 4.0])
        leaf = torch.ones(2, requires_grad=True)
        result = w * 2
        view = w[:1]
        seen = [made_in_inference_mode(each) for each in (made, leaf, result, view, w)]
        made.add_(1)
    copy = made.clone()
    (copy * w).sum().backward()

    def write_outside() -> None:
        made.add_(1)

    return (
        [
            *seen,
            leaf.requires_grad,
            result.requires_grad,
            result.is_leaf,
            made_in_inference_mode(copy),
        ],
        refusal(lambda: made._version)[0],
        refusal(made.requires_grad_)[0],
        refusal(lambda: made * w)[0],
        refusal(write_outside)[0],  # torch writes before it refuses
        w.grad,
    )


@under_both
def test_the_mode_in_which_backward_runs_does_not_matter(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = (x**2).sum()
    z = (x**3).sum()
    with torch.no_grad():
        y.backward()
        (first,) = torch.autograd.grad(z, x, create_graph=True)
        inside = torch.is_grad_enabled()
    return x.grad, first, inside


@under_both
def test_requires_grad_may_be_asked_for_where_nothing_is_recorded(torch: Any) -> Any:
    with torch.no_grad():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x * 2
        y.requires_grad_()
        detached = x.detach()
    (x * y).sum().backward()
    return x.grad, y.grad, y.is_leaf, detached.requires_grad
