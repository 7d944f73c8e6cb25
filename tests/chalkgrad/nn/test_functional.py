"""The functions of networks: values, derivatives, node names and refusals are torch's."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
import chalkgrad.nn.functional

Call = Callable[..., Any]

# At and around every bend of every function, far out, and where there is no number.
EDGES = np.array([-1e3, -20, -6, -3, -1, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 3, 6, 20, 21, 1e3])
ACTIVATIONS: list[Call] = [
    lambda F, x: F.relu(x),
    lambda F, x: F.hardtanh(x, -3, 6),
    lambda F, x: F.leaky_relu(x, 0.2),
    lambda F, x: F.elu(x, 0.5),
    lambda F, x: F.gelu(x),
    lambda F, x: F.gelu(x, approximate="tanh"),
    lambda F, x: F.silu(x),
    lambda F, x: F.softplus(x),
    lambda F, x: F.softplus(x, beta=2, threshold=6),
    lambda F, x: F.softsign(x),
    lambda F, x: F.logsigmoid(x),
    lambda F, x: F.sigmoid(x),
    lambda F, x: F.tanh(x),
    lambda F, x: F.softmax(x, 0),
    lambda F, x: F.log_softmax(x, dim=0),
]


def derivatives(library: Any, call: Call, arrays: list[Any], twice: bool) -> tuple[Any, list[Any]]:
    """Return a result, and its value, gradients and, if asked, second derivatives as arrays."""
    leaves = [library.tensor(array, requires_grad=array.dtype.kind == "f") for array in arrays]
    result = call(library.nn.functional, *leaves)
    sources = [leaf for leaf in leaves if leaf.requires_grad]
    weights = library.tensor(np.linspace(0.5, 1.5, result.numel()).reshape(tuple(result.shape)))
    total = (result * weights).sum()
    firsts = library.autograd.grad(total, sources, create_graph=twice)
    squares: Any = sum((first * first).sum() for first in firsts)
    seconds: Any = [None] * len(sources)
    if twice and squares.requires_grad:
        seconds = library.autograd.grad(squares, sources, allow_unused=True)
    zeros = [library.zeros_like(source) for source in sources]
    seconds = [zero if it is None else it for it, zero in zip(seconds, zeros, strict=True)]
    return result, [each.detach().clone().numpy() for each in (result, *firsts, *seconds)]


def assert_torchs(call: Call, *arrays: Any, atol: float = 1e-11, twice: bool = True) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours, our_arrays = derivatives(chalkgrad, call, list(arrays), twice)
        theirs, their_arrays = derivatives(torch, call, list(arrays), twice)
    assert ours.grad_fn.name() == theirs.grad_fn.name()
    for our, their in zip(our_arrays, their_arrays, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-9, atol=atol)


@pytest.mark.parametrize("call", ACTIVATIONS)
def test_an_activation_at_its_edges(call: Call) -> None:
    assert_torchs(call, EDGES, twice=False)


@pytest.mark.parametrize("call", ACTIVATIONS)
def test_the_second_derivative_of_an_activation(call: Call) -> None:
    assert_torchs(call, EDGES[1:-1] + 0.01)  # beside the bends, where there is one


@given(st.floats(-30, 30, width=32))
@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_gelu_in_single_precision(approximate: str, number: float) -> None:
    array = np.array([number, 0.5], np.float32)
    ours = chalkgrad.nn.functional.gelu(chalkgrad.tensor(array), approximate=approximate)
    theirs = torch.nn.functional.gelu(torch.tensor(array), approximate=approximate)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-6, atol=2e-6)


def test_elu_bends_nowhere_far_out() -> None:
    assert_torchs(lambda F, x: F.elu(x), np.array([1e3]))


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape)


def shares(*shape: int) -> np.ndarray:
    return 1 / (1 + np.exp(-numbers(*shape)))


CLASSES = np.array([0, 2, 1, 2])
ONE = np.array(1)
GRID = np.array([[0, 2], [1, 1], [2, 0], [1, 2]])
REDUCTIONS = ("mean", "sum", "none")
LOSSES: list[tuple[Call, list[Any]]] = [
    (lambda F, x, y, **how: F.mse_loss(x, y, **how), [numbers(4, 3), numbers(4, 3)]),
    (lambda F, x, y, **how: F.mse_loss(x, y, **how), [numbers(4, 3), numbers(3)]),
    (lambda F, x, y, **how: F.l1_loss(x, y, **how), [numbers(4, 3), numbers(4, 1)]),
    (lambda F, x, y, **how: F.smooth_l1_loss(x, y, beta=0.7, **how),
     [numbers(9), numbers(3, 3, 1).ravel()]),
    (lambda F, x, y, **how: F.smooth_l1_loss(x, y, beta=0, **how), [numbers(4, 3), shares(4, 3)]),
    (lambda F, x, y, **how: F.huber_loss(x, y, delta=0.7, **how), [numbers(4, 3), shares(4, 3)]),
    (lambda F, x, y, **how: F.binary_cross_entropy_with_logits(x, y, **how),
     [numbers(4, 3), shares(4, 3)]),
    (lambda F, x, y, **how: F.binary_cross_entropy_with_logits(
        x, y, x.detach()[0].exp(), pos_weight=x.detach()[1].exp(), **how),
     [numbers(4, 3), shares(4, 3)]),
    (lambda F, x, y, **how: F.nll_loss(x, y, **how), [numbers(4, 3), CLASSES]),
    (lambda F, x, y, **how: F.nll_loss(x, y, ignore_index=2, **how),
     [numbers(4, 3, 2, 1), GRID[..., None]]),
    (lambda F, x, y, **how: F.nll_loss(x, y, **how), [numbers(3), ONE]),
    (lambda F, x, y, **how: F.nll_loss(x, y, x.detach()[0].exp(), ignore_index=0, **how),
     [numbers(4, 3), CLASSES]),
    (lambda F, x, y, **how: F.cross_entropy(x, y, **how), [numbers(4, 3) * 300, CLASSES]),
    (lambda F, x, y, **how: F.cross_entropy(x, y, **how), [numbers(3), ONE]),
    (lambda F, x, y, **how: F.cross_entropy(x, y, label_smoothing=0.1, ignore_index=1, **how),
     [numbers(4, 3), CLASSES]),
    (lambda F, x, y, **how: F.cross_entropy(
        x, y, x.detach()[0].exp(), label_smoothing=0.1, ignore_index=1, **how),
     [numbers(4, 3), CLASSES]),
    (lambda F, x, y, **how: F.cross_entropy(x, y, **how), [numbers(4, 3, 2), shares(4, 3, 2)]),
    (lambda F, x, y, **how: F.cross_entropy(
        x, y, x.detach()[0].exp(), label_smoothing=0.1, **how), [numbers(4, 3), shares(4, 3)]),
]  # fmt: skip


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("call", "arrays"), LOSSES)
def test_a_loss(call: Call, arrays: list[Any], reduction: str) -> None:
    assert_torchs(lambda F, *leaves: call(F, *leaves, reduction=reduction), *arrays, atol=1e-9)


LAYERS: list[tuple[Call, list[Any]]] = [
    (lambda F, x, w, b: F.linear(x, w, b), [numbers(4, 3), numbers(5, 3), numbers(5)]),
    (lambda F, x, w, b: F.linear(x, w, b), [numbers(2, 4, 3), numbers(5, 3), numbers(5)]),
    (lambda F, x, w, b: F.linear(x.mT, w, b), [numbers(2, 3, 4), numbers(5, 3), numbers(5)]),
    (lambda F, x, w, b: F.linear(x, w, b), [numbers(3), numbers(5, 3), numbers(5)]),
    (lambda F, x, w, b: F.linear(x, w, b), [numbers(4, 3), numbers(5, 3), numbers(4, 5)]),
    (lambda F, x, w: F.linear(x, w), [numbers(4, 3), numbers(5, 3)]),
    (lambda F, x, w: F.linear(x, w), [numbers(4, 3), numbers(3)]),
    (lambda F, x, w, b: F.layer_norm(x, (3,), w, b), [numbers(4, 3), numbers(3), shares(3)]),
    (lambda F, x, w: F.layer_norm(x, (4, 3), w, eps=0.1), [numbers(2, 4, 3), numbers(4, 3)]),
    (lambda F, x: F.layer_norm(x, [3]), [numbers(4, 3) * 1e-3 + 1]),
    (lambda F, i, w: F.embedding(i, w), [GRID, numbers(3, 2)]),
    (lambda F, i, w: F.embedding(i, w, padding_idx=-2), [GRID, numbers(3, 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("call", "arrays"), LAYERS)
def test_a_layer(call: Call, arrays: list[Any]) -> None:
    assert_torchs(call, *arrays, atol=1e-7)


def test_the_gradient_of_a_weight_is_contiguous() -> None:
    weight = chalkgrad.ones(5, 3, requires_grad=True)
    chalkgrad.nn.functional.linear(chalkgrad.ones(4, 3), weight, chalkgrad.ones(5)).sum().backward()
    assert weight.grad is not None
    assert weight.grad.is_contiguous()


def test_the_mean_of_what_is_ignored() -> None:
    results = []
    for library in (chalkgrad, torch):
        x = library.zeros(2, 3, requires_grad=True)
        loss = library.nn.functional.cross_entropy(x, library.tensor([-100, -100]))
        loss.backward()
        results.append((str(loss.item()), x.grad.tolist()))
    assert results[0] == results[1]


def test_an_ignored_impossible_class_spoils_nothing() -> None:
    for library in (chalkgrad, torch):
        scores = library.tensor([[-np.inf, 0.0], [-1.0, -2.0]])
        loss = library.nn.functional.nll_loss(scores, library.tensor([-100, 1]))
        assert loss.item() == 2.0


def test_a_target_may_change_after_the_loss() -> None:
    x, target = chalkgrad.zeros(2, 3, requires_grad=True), chalkgrad.tensor([0, 1])
    loss = chalkgrad.nn.functional.cross_entropy(x, target)
    target.fill_(2)
    loss.backward()
    assert x.grad is not None
    assert (x.grad.numpy() < 0).tolist() == [[True, False, False], [False, True, False]]


def test_places_may_change_after_they_were_looked_up() -> None:
    places, weight = chalkgrad.tensor([0, 1]), chalkgrad.zeros(3, 2, requires_grad=True)
    rows = chalkgrad.nn.functional.embedding(places, weight)
    places.fill_(2)
    rows.sum().backward()
    assert weight.grad is not None
    assert weight.grad.sum(1).tolist() == [2, 2, 0]


@pytest.mark.parametrize("name", ["relu", "hardtanh", "silu", "elu", "leaky_relu", "dropout"])
def test_in_place(name: str) -> None:
    values = numbers(4, 3)
    results = []
    for library in (chalkgrad, torch):
        library.manual_seed(0)
        leaf = library.tensor(values, requires_grad=True)
        x = leaf * 1
        assert getattr(library.nn.functional, name)(x, inplace=True) is x
        x.sum().backward()
        results.append((x.detach().numpy(), leaf.grad.numpy()))
    np.testing.assert_allclose(results[0], results[1], rtol=1e-12)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dropout_drops_what_torchs_drops(p: float) -> None:
    for library in (chalkgrad, torch):
        library.manual_seed(3)
    ours = chalkgrad.nn.functional.dropout(chalkgrad.ones(7, 11), p)
    theirs = torch.nn.functional.dropout(torch.ones(7, 11), p)
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    x = chalkgrad.ones(3)
    assert chalkgrad.nn.functional.dropout(x, p, training=False) is x


@pytest.mark.parametrize("classes", [-1, 5])
def test_one_hot(classes: int) -> None:
    ours = chalkgrad.nn.functional.one_hot(chalkgrad.tensor(GRID), classes)
    theirs = torch.nn.functional.one_hot(torch.tensor(GRID), classes)
    assert ours.tolist() == theirs.tolist()


WARNED: list[Call] = [
    lambda lib: lib.nn.functional.mse_loss(lib.ones(3), lib.ones(2, 3)),
    lambda lib: lib.nn.functional.l1_loss(lib.ones(3), lib.ones(1)),
    lambda lib: lib.nn.functional.softmax(lib.ones(3)),
]


@pytest.mark.parametrize("call", WARNED)
def test_warnings_are_torchs(call: Call) -> None:
    with pytest.warns(UserWarning, match=r"\w") as theirs:
        call(torch)
    with pytest.warns(UserWarning, match=r"\w") as ours:
        call(chalkgrad)
    assert [str(each.message) for each in ours] == [str(each.message) for each in theirs]
    assert {each.filename for each in ours} == {__file__}


REFUSED: list[Call] = [
    lambda lib, F: F.mse_loss(lib.ones(3), lib.ones(3), reduction="maean"),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0, 1, 1]), reduction="average"),
    lambda lib, F: F.mse_loss(lib.ones(3), lib.ones(2, 3, 2)),
    lambda lib, F: F.mse_loss(lib.ones(3).long(), lib.ones(3).long()),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0, 1])),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0, 1, 2])),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0.0, 1.0, 1.0])),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.ones(3, 2).long()),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0, 1, 1]), lib.ones(3)),
    lambda lib, F: F.cross_entropy(lib.ones(3, 2), lib.tensor([0, 1, 1]), label_smoothing=2),
    lambda lib, F: F.nll_loss(lib.tensor(1.0), lib.tensor(0)),
    lambda lib, F: F.nll_loss(lib.ones(3, 2, 2), lib.ones(3, 3).long()),
    lambda lib, F: F.binary_cross_entropy_with_logits(lib.ones(3), lib.ones(2)),
    lambda lib, F: F.binary_cross_entropy_with_logits(
        lib.ones(3), lib.ones(3), lib.ones(3, requires_grad=True)),
    lambda lib, F: F.huber_loss(lib.ones(3), lib.ones(3), delta=0),
    lambda lib, F: F.smooth_l1_loss(lib.ones(3), lib.ones(3), beta=-1),
    lambda lib, F: F.linear(lib.ones(4, 3), lib.ones(5, 2), lib.ones(5)),
    lambda lib, F: F.linear(lib.ones(4, 3), lib.ones(5, 3).double(), lib.ones(5)),
    lambda lib, F: F.linear(lib.ones(4, 3), lib.ones(5, 3), lib.ones(4)),
    lambda lib, F: F.layer_norm(lib.ones(4, 3), (4,)),
    lambda lib, F: F.layer_norm(lib.ones(4, 3), (3,), lib.ones(4)),
    lambda lib, F: F.layer_norm(lib.ones(4, 3), ()),
    lambda lib, F: F.embedding(lib.tensor([0.0]), lib.ones(3, 2)),
    lambda lib, F: F.embedding(lib.tensor([3]), lib.ones(3, 2)),
    lambda lib, F: F.embedding(lib.tensor([1]), lib.ones(3, 2), padding_idx=3),
    lambda lib, F: F.one_hot(lib.tensor([0.0])),
    lambda lib, F: F.one_hot(lib.tensor([0, 3]), 3),
    lambda lib, F: F.dropout(lib.ones(3), 1.5),
    lambda lib, F: F.gelu(lib.ones(3).long()),
    lambda lib, F: F.gelu(lib.ones(3), approximate="exactly"),
    lambda lib, F: F.gelu(lib.ones(3), inplace=True),
    lambda lib, F: F.silu(lib.ones(3), 1, 2),
    lambda lib, F: F.softplus(3.0),
    lambda lib, F: F.hardtanh(lib.ones(3), 1, -1),
]  # fmt: skip


@pytest.mark.parametrize("call", REFUSED)
def test_what_torch_refuses_is_refused(call: Call) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        call(torch, torch.nn.functional)
    with pytest.raises(type(theirs.value)):
        call(chalkgrad, chalkgrad.nn.functional)


def test_arguments_out_of_use_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="size_average"):
        chalkgrad.nn.functional.mse_loss(chalkgrad.ones(3), chalkgrad.ones(3), size_average=False)  # pyright: ignore
