"""What users of small engines trip over, each a test: depth, order, accumulation, cycles, freeing.

What would be lost: a chain that kills the interpreter, a gradient that counts a path once where it
has two, memory that only the garbage collector gives back.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from oracle import graph_text

import chalkgrad

ENGINES: list[Any] = [chalkgrad, torch]


@pytest.fixture(autouse=True, scope="module")
def nothing_else_to_collect() -> Iterator[None]:
    """Take what the imports left out of the collector's sight, or each look takes a second."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


DEEP = {  # how often a step is repeated, with leaves of which shape; each keeps the gradient at 1
    "numbers": ("y = y * 1.0", 1_000_000, ()),
    "fan-in": ("y = y + x * 0.0", 100_000, (2,)),
    "changes in place": ("y.mul_(1.0)", 20_000, (2,)),
    "writing through a view": ("y[:1].mul_(1.0)", 4_000, (2,)),
    "views of views": ("y = y.view(2)", 20_000, (2,)),
    "custom functions": ("y = Same.apply(y)", 20_000, (2,)),
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_graphs_go_forward_backward_and_are_freed(kind: str) -> None:
    step, depth, shape = DEEP[kind]
    program = f"""
import gc
import chalkgrad
class Same(chalkgrad.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, g):
        return g
def deep(depth):
    y = x * 1.0
    for _ in range(depth):
        {step}
    return y
x = chalkgrad.ones({shape}, requires_grad=True)
gc.collect()
y = deep({depth})
y.sum().backward()
del y
print(set(x.grad.reshape(-1).tolist()), gc.collect())
deep({depth // 5})  # a graph that was never walked
print("alive")
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=250
    )
    assert (run.stdout, run.stderr) == ("{1.0} 0\nalive\n", "")


def test_a_deep_recorded_backward_is_freed_too() -> None:
    gc.collect()
    x = chalkgrad.tensor(1.0, dtype=chalkgrad.float64, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y * x
    first: Any
    (first,) = chalkgrad.autograd.grad(y, x, create_graph=True)
    first.backward()
    gradient: Any = x.grad
    assert gradient.item() == 20_001 * 20_000
    del y, first
    assert gc.collect() == 0


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


GRAPHS = """
(x.exp() * x.tanh()).sum() + x[0] * x.unbind()[1] + torch.stack([x, x]).max()
(x * 2).sum().backward()
torch.cat([x, x * 2]).sort()[0].sum().backward()
x.unbind()[0].backward()
y = x * 2; y += x; y.mul_(x); y.exp_(); y.sum().backward()
y = x * 2; view = y[0]; view.mul_(3); y.add_(1); (y * view).sum().backward()
y = torch.zeros(2); y[1:] = x[:1]; y[0] = 3.0; view = y.view(2, 1); view.exp_(); y.sum().backward()
y = x * 2; a, b = y.unbind(); (a * b).backward()
torch.autograd.grad((x * x).sum(), x, create_graph=True)[0].sum().backward()
(x**3).sum().backward(create_graph=True); x.grad = None
y = x * 2; y.retain_grad(); (y * y).sum().backward()
y = x * 2; y.retain_grad(); y.add_(1); (y * y).sum().backward()
y = x * 2; y.retain_grad(); (y * y).sum().backward(create_graph=True); y.grad = x.grad = None
y = x * 2; y.register_hook(lambda g: g * 2); (y * y).sum().backward()
y = x * 2; handle = y.register_hook(lambda g: g * 2); handle.remove()
handle = x.register_hook(lambda g: g * 2); (x * x).sum().backward(); handle.remove()
y = Custom.apply(x, 3); y[0].sum().backward()
y, z = Custom.apply(x, 3); torch.autograd.grad(y[0] * z[0], x, create_graph=True)[0][0].backward()
y = Custom.apply(x, 3); y[0].add_(1)
torch.autograd.trace(x.exp().sum())
torch.autograd.functional.jacobian(lambda x: x * x, x)
torch.autograd.functional.hessian(lambda x: (x**3).sum(), x)
torch.autograd.functional.jvp(lambda x: x.sin() * x, x, torch.ones(2))
exec("with torch.inference_mode(): x * 2 + x[0]")
exec("with torch.no_grad(): y = x * 2; y[0] = x[1]; y.add_(x)")
w = x.detach().requires_grad_(); w.grad = torch.ones(2); w.register_hook(print)
""".strip().splitlines()

FAILING = """
y = Custom.apply(x, 3); Custom.apply(y[0], "a")
y = Custom.apply(x, None); y[0].sum().backward()
y = x * 2; y.register_hook(lambda g: g / 0 + None); (y * y).sum().backward()
y = x.exp(); z = y * y; y.add_(1); z.sum().backward()
x.exp() @ torch.ones(3)
y = (x.exp() * x).sum(); y.backward(); y.backward()
x.exp()[0].backward(torch.ones(2))
""".strip().splitlines()


class Custom(chalkgrad.autograd.Function):
    """Saves an input and an output, has two outputs, and fails where it is told to."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Any:
        x, ctx.factor = inputs
        y = x * (ctx.factor or 1)
        ctx.save_for_backward(x, y)
        return y, x + 1

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        x, _ = ctx.saved_tensors
        return gradients[0] * ctx.factor + gradients[1] + 0 * x, None


@pytest.mark.parametrize("program", GRAPHS + FAILING)
def test_no_graph_leaves_anything_to_the_garbage_collector(program: str) -> None:
    gc.collect()
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    names: dict[str, Any] = {"x": x, "torch": chalkgrad, "Custom": Custom}
    code = compile(program, "program", "exec")
    gc.collect()
    gc.disable()
    try:
        failed = False
        try:
            exec(code, names)
        except (RuntimeError, TypeError):  # a graph is left behind half-way
            failed = True
        names.clear()
        del x
        assert (failed, gc.collect()) == (program in FAILING, 0)
    finally:
        gc.enable()


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


SAVING = """
(inner * inner).sum()
inner.sin().exp().sum()
Custom.apply(inner, 3)[0].sum()
(inner[1:] * inner.view(3, 1)).sum()
torch.cat([inner.exp(), inner.log()]).sum()
(inner + 0).mul_(inner).sum()
""".strip().splitlines()
WALKS: dict[str, tuple[Any, bool]] = {
    "backward": (lambda y, x: y.backward(), True),
    "grad": (lambda y, x: chalkgrad.autograd.grad(y, x), True),
    "backward, retained": (lambda y, x: y.backward(retain_graph=True), False),
    "grad, retained": (lambda y, x: chalkgrad.autograd.grad(y, x, retain_graph=True), False),
    "grad, recorded": (lambda y, x: chalkgrad.autograd.grad(y, x, create_graph=True), False),
    "trace": (lambda y, x: chalkgrad.autograd.trace(y), False),
}


@pytest.mark.parametrize("program", SAVING)
@pytest.mark.parametrize("walk", WALKS)
def test_backward_lets_go_of_saved_values(program: str, walk: str) -> None:
    x = chalkgrad.tensor(np.ones(3), requires_grad=True)
    inner = x * 2
    array = weakref.ref(inner._array)
    y = eval(program, {"inner": inner, "torch": chalkgrad, "Custom": Custom})
    del inner
    assert array() is not None
    run, frees = WALKS[walk]
    run(y, x)
    assert (array() is None) == frees
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
    a.retain_grad()
    b.retain_grad()
    b.backward(seed)
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
def test_retain_grad_and_autograd_grad(engine: Any) -> None:
    x = engine.tensor(3.0, requires_grad=True)
    w = engine.tensor(2.0, requires_grad=True)
    y = x * w
    y.retain_grad()
    z = y * y
    z.backward(retain_graph=True)
    assert (x.grad.item(), y.grad.item(), w.grad.item()) == (24, 12, 36)
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
    with pytest.raises(RuntimeError, match="Only"):
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


def test_importing_the_engine_needs_numpy_and_the_standard_library() -> None:
    program = """
import sys
import numpy
before = set(sys.modules)
import chalkgrad
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - {"chalkgrad", "numpy"} - sys.stdlib_module_names))
late = {"chalkgrad.nn", "chalkgrad.optim", "chalkgrad.functional"}
print(sorted(late & set(sys.modules)))
chalkgrad.nn, chalkgrad.optim, chalkgrad.autograd.functional
print(sorted(late & set(sys.modules)))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    late = ["chalkgrad.functional", "chalkgrad.nn", "chalkgrad.optim"]
    assert run.stdout.splitlines() == ["[]", "[]", str(late)]
