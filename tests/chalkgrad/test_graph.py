"""What users of small engines trip over, each a test: depth, order, accumulation, cycles, freeing.

What would be lost: a chain that kills the interpreter, a gradient that counts a path once where it
has two, memory that only the garbage collector gives back.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from oracle import graph_text

import chalkgrad

ENGINES: list[Any] = [chalkgrad, torch]


def test_a_million_operations_forward_backward_and_freed() -> None:
    program = """
import gc
import chalkgrad
x = chalkgrad.tensor(1.0, requires_grad=True)
y = x
for _ in range(1_000_000):
    y = y * 1.0
y.backward()
del y
print(x.grad, gc.collect())
z = x
for _ in range(200_000):
    z = z * 1.0
del z  # a graph that was never walked
print("alive")
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=250
    )
    assert run.stdout.split("\n")[:2] == ["tensor(1.) 0", "alive"]


def test_a_doubling_chain_takes_as_many_steps_as_it_has_operations() -> None:
    x = chalkgrad.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(60):  # 2 ** 60 paths
        y = y + y
    y.backward()
    assert x.grad is not None
    assert x.grad.item() == 2.0**60


def test_a_node_waits_for_all_that_used_it() -> None:
    for engine in ENGINES:
        a = engine.tensor(3.0, requires_grad=True)
        b = a + a
        c = b * b + b
        d = c * b
        d.backward()
        assert a.grad.item() == 2 * (3 * 36 + 2 * 6)


def test_no_graph_leaves_anything_to_the_garbage_collector() -> None:
    gc.collect()
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    y = (x.exp() * x.tanh()).sum() + x[0] * x.unbind()[1] + chalkgrad.stack([x, x]).max()
    hidden = x * 2
    hidden.retain_grad()
    (hidden * y).sum().backward()
    z = x * 2
    z += x
    z.mul_(x)
    chalkgrad.autograd.grad(z.sum(), x, create_graph=True)
    del y, z, hidden
    assert gc.collect() == 0


def test_dropping_the_result_frees_the_graph_at_once() -> None:
    gc.disable()
    try:
        x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
        inner = x * 2
        gone = weakref.ref(inner)
        outer = inner.exp().sum()
        outer.backward()
        del inner
        assert gone() is None
        hidden = x.exp()
        array = weakref.ref(hidden._array)
        outer = hidden.sum()
        del hidden
        assert array() is not None
        del outer
        assert array() is None
        leaf = weakref.ref(x)
        del x
        assert leaf() is None
    finally:
        gc.enable()


def test_backward_lets_go_of_saved_values() -> None:
    x = chalkgrad.tensor(np.ones(3), requires_grad=True)
    inner = x * 2
    array = weakref.ref(inner._array)
    y = inner.exp().sum() * 2
    z = (inner * inner).sum()
    del inner
    assert array() is not None
    z.backward()
    assert array() is None
    assert y.requires_grad


@pytest.mark.parametrize("engine", ENGINES)
def test_gradients_add_up_until_they_are_reset(engine: Any) -> None:
    x = engine.tensor(2.0, requires_grad=True)
    (x**2).backward()
    assert x.grad.item() == 4
    kept = x.grad
    (x**3).backward()
    assert x.grad.item() == 16
    assert kept is x.grad
    x.grad.zero_()
    assert x.grad.item() == 0
    x.grad = None
    (x**2).backward()
    fresh: Any = x.grad
    assert (kept.item(), fresh.item()) == (0, 4)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_gradient_shares_memory_with_another_or_with_the_seed(engine: Any) -> None:
    x = engine.ones(3, requires_grad=True)
    y = engine.ones(3, requires_grad=True)
    seed = engine.ones(3)
    (x + y).backward(seed)
    x.grad.mul_(5)
    assert y.grad.tolist() == seed.tolist() == [1, 1, 1]
    a = x * 1
    b = a + 0
    b.backward(seed, inputs=[a, b])
    b.grad.mul_(5)
    assert a.grad.tolist() == seed.tolist() == [1, 1, 1]
    z = engine.ones(2, 3, requires_grad=True)
    z.sum().backward()
    z.grad[0, 0] = 7
    assert z.grad.tolist() == [[7, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize("engine", ENGINES)
def test_retain_graph_and_operations_that_save_nothing(engine: Any) -> None:
    x = engine.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [4, 8]
    z = (x + 1 - x.unsqueeze(0)).sum()
    z.backward()
    z.backward()


@pytest.mark.parametrize("engine", ENGINES)
def test_retain_grad_backward_inputs_and_autograd_grad(engine: Any) -> None:
    x = engine.tensor(3.0, requires_grad=True)
    w = engine.tensor(2.0, requires_grad=True)
    y = x * w
    y.retain_grad()
    z = y * y
    z.backward(inputs=[x, y], retain_graph=True)
    assert (x.grad.item(), y.grad.item(), w.grad) == (24, 12, None)
    gradients = engine.autograd.grad(z, [w, y])
    assert [gradient.item() for gradient in gradients] == [36, 12]
    assert x.grad.item() == 24


@pytest.mark.parametrize("engine", ENGINES)
def test_grad_modes(engine: Any) -> None:
    x = engine.tensor(3.0, requires_grad=True)

    @engine.no_grad()
    def quiet(n: int) -> Any:
        return x * 2 if n == 0 else quiet(n - 1)

    assert not quiet(2).requires_grad
    with engine.no_grad():
        assert not (x * 2).requires_grad
        with engine.enable_grad():
            assert (x * 2).requires_grad
        with pytest.raises(ZeroDivisionError):
            raise ZeroDivisionError
        assert not engine.is_grad_enabled()
    assert (x * 2).requires_grad
    with engine.set_grad_enabled(False):
        assert not (x * 2).requires_grad
    engine.set_grad_enabled(False)
    assert not engine.is_grad_enabled()
    engine.set_grad_enabled(True)


@pytest.mark.parametrize("engine", ENGINES)
def test_detach_shares_memory_and_cuts_the_graph(engine: Any) -> None:
    x = engine.tensor(3.0, requires_grad=True)
    (x * x.detach()).backward()
    assert x.grad.item() == 3
    v = engine.tensor([1.0, 2.0], requires_grad=True)
    cut = v.detach()
    cut[0] = 99
    assert v.tolist() == [99, 2]
    assert not cut.requires_grad


@pytest.mark.parametrize("engine", ENGINES)
def test_a_leaf_can_be_copied_deeply_with_its_gradient(engine: Any) -> None:
    x = engine.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    other = deepcopy([x])[0]
    x.grad.zero_()
    assert (other.tolist(), other.grad.tolist(), other.requires_grad) == ([1, 2], [2, 4], True)
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly"):
        deepcopy(x * 2)


def test_grad_fn_shows_as_torchs() -> None:
    x = chalkgrad.tensor([1.0], requires_grad=True)
    ours = x * 2
    theirs = torch.tensor([1.0], requires_grad=True) * 2
    assert graph_text(ours.grad_fn) == graph_text(theirs.grad_fn)
    node: Any = ours.grad_fn
    leaf = node.next_functions[0][0]
    assert repr(node).startswith("<MulBackward0 object at 0x")
    assert repr(leaf).startswith("<AccumulateGrad object at 0x")
    assert leaf.variable is x


def test_importing_the_engine_needs_numpy_alone() -> None:
    program = "import sys, chalkgrad; print({'torch', 'matplotlib', 'IPython'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"
