"""Layers, containers, activations and losses: printed, computed and refused as by torch."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import chalkgrad
import chalkgrad.nn

ACTIVATIONS: list[Callable[[Any], Any]] = [
    lambda nn: nn.Sigmoid(),
    lambda nn: nn.LogSigmoid(),
    lambda nn: nn.Tanh(),
    lambda nn: nn.Softsign(),
    lambda nn: nn.ReLU(),
    lambda nn: nn.LeakyReLU(),
    lambda nn: nn.LeakyReLU(0.2),
    lambda nn: nn.ELU(alpha=0.5),
    lambda nn: nn.GELU(),
    lambda nn: nn.GELU("tanh"),
    lambda nn: nn.SiLU(),
    lambda nn: nn.Softplus(2, threshold=3),
    lambda nn: nn.Hardtanh(-0.5, 2),
    lambda nn: nn.Softmax(dim=1),
    lambda nn: nn.LogSoftmax(-1),
    lambda nn: nn.Flatten(),
    lambda nn: nn.Flatten(0, 1),
    lambda nn: nn.LayerNorm(3),
    lambda nn: nn.LayerNorm((4, 3), eps=1e-3, bias=False),
    lambda nn: nn.LayerNorm(3, elementwise_affine=False),
    lambda nn: nn.Dropout(0.3).eval(),
    lambda nn: nn.Dropout(0.0),
]


@pytest.mark.parametrize("build", ACTIVATIONS)
def test_a_module_of_one_input(build: Callable[[Any], Any]) -> None:
    values = np.random.default_rng(0).standard_normal((4, 3)) * 3
    ours, theirs = build(chalkgrad.nn).double(), build(torch.nn).double()
    assert repr(ours) == repr(theirs)
    x = chalkgrad.tensor(values, requires_grad=True)
    y = torch.tensor(values, requires_grad=True)
    our_output, their_output = ours(x), theirs(y)
    np.testing.assert_allclose(
        our_output.detach().numpy(), their_output.detach().numpy(), rtol=1e-12, atol=1e-14
    )
    our_output.square().sum().backward()
    their_output.square().sum().backward()
    assert x.grad is not None
    assert y.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), y.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "build",
    [
        lambda nn: nn.ReLU(inplace=True),
        lambda nn: nn.LeakyReLU(inplace=True),
        lambda nn: nn.Hardtanh(inplace=True),
        lambda nn: nn.Softmax(),
        lambda nn: nn.Linear(2, 3, bias=False),
        lambda nn: nn.Embedding(4, 2, padding_idx=-1),
        lambda nn: nn.Embedding(4, 2),
        lambda nn: nn.Dropout(),
        lambda nn: nn.Sequential(),
        lambda nn: nn.ModuleList(),
        lambda nn: nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1), nn.ReLU()]),
        lambda nn: nn.ModuleList([nn.Sequential(nn.ReLU()), nn.Sequential(nn.ReLU())]),
        lambda nn: nn.Sequential(OrderedDict(first=nn.ReLU(), second=nn.Tanh())),
        lambda nn: nn.MSELoss(reduction="sum"),
        lambda nn: nn.CrossEntropyLoss(label_smoothing=0.5),
    ],
)
def test_printing(build: Callable[[Any], Any]) -> None:
    assert repr(build(chalkgrad.nn)) == repr(build(torch.nn))


def grown(nn: Any) -> list[str]:
    net = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 3))
    results = [repr(net[1]), repr(net[-1]), repr(net[1:]), repr(net[:0]), str(len(net))]
    net.append(nn.Tanh())
    net.extend([nn.GELU()])
    results += [repr(net), str(list(net.state_dict()))]
    layers = nn.ModuleList([nn.ReLU()])
    layers.append(nn.Tanh()).extend([nn.ELU(), nn.GELU()])
    return [*results, repr(layers), repr(layers[1:3]), repr(layers[-1])]


def test_containers_grow_and_are_read_like_lists() -> None:
    assert grown(chalkgrad.nn) == grown(torch.nn)


def test_there_is_no_module_beyond_the_last() -> None:
    for nn in (chalkgrad.nn, torch.nn):
        with pytest.raises(IndexError):
            nn.ModuleList([nn.ReLU()])[-2]
        with pytest.raises(IndexError):
            nn.Sequential(nn.ReLU())[1]


def test_a_sequential_of_names() -> None:
    ours = chalkgrad.nn.Sequential(OrderedDict(one=chalkgrad.nn.Linear(1, 1)))
    assert list(ours.state_dict()) == ["one.weight", "one.bias"]
    assert ours.one is ours[0]
    assert repr(ours[:1]) == repr(ours)


CLASSES = np.array([0, 2, 1, 2])
LOSSES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda lib: lib.nn.MSELoss(), "numbers"),
    (lambda lib: lib.nn.MSELoss(reduction="none"), "numbers"),
    (lambda lib: lib.nn.L1Loss(reduction="sum"), "numbers"),
    (lambda lib: lib.nn.SmoothL1Loss(beta=0.5), "numbers"),
    (lambda lib: lib.nn.HuberLoss(delta=0.5), "numbers"),
    (lambda lib: lib.nn.NLLLoss(reduction="sum"), "classes"),
    (lambda lib: lib.nn.NLLLoss(lib.tensor([1.0, 2.0, 3.0]), ignore_index=1), "classes"),
    (lambda lib: lib.nn.CrossEntropyLoss(), "classes"),
    (lambda lib: lib.nn.CrossEntropyLoss(lib.tensor([1.0, 2.0, 3.0])), "classes"),
    (lambda lib: lib.nn.CrossEntropyLoss(label_smoothing=0.1, ignore_index=1), "classes"),
    (lambda lib: lib.nn.CrossEntropyLoss(reduction="none"), "probabilities"),
    (lambda lib: lib.nn.BCEWithLogitsLoss(), "probabilities"),
    (lambda lib: lib.nn.BCEWithLogitsLoss(pos_weight=lib.tensor([1.0, 2.0, 3.0])), "probabilities"),
    (lambda lib: lib.nn.BCEWithLogitsLoss(lib.tensor([1.0, 2.0, 3.0])), "probabilities"),
]


@pytest.mark.parametrize(("build", "target"), LOSSES)
def test_a_loss(build: Callable[[Any], Any], target: str) -> None:
    generator = np.random.default_rng(0)
    values = generator.standard_normal((4, 3))
    targets = {
        "numbers": generator.standard_normal((4, 3)),
        "probabilities": generator.dirichlet(np.ones(3), 4),
        "classes": CLASSES,
    }
    ours, theirs = build(chalkgrad).double(), build(torch).double()
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x = chalkgrad.tensor(values, requires_grad=True)
    y = torch.tensor(values, requires_grad=True)
    our_loss = ours(x, chalkgrad.tensor(targets[target]))
    their_loss = theirs(y, torch.tensor(targets[target]))
    np.testing.assert_allclose(our_loss.detach().numpy(), their_loss.detach().numpy(), rtol=1e-12)
    our_loss.sum().backward()
    their_loss.sum().backward()
    assert x.grad is not None
    assert y.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), y.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_the_padding_row_gets_no_gradient() -> None:
    words = np.array([[1, 0], [3, 1]])
    ours = chalkgrad.nn.Embedding(4, 2, padding_idx=0)
    theirs = torch.nn.Embedding(4, 2, padding_idx=0)
    assert ours.weight[0].tolist() == [0.0, 0.0]
    ours(chalkgrad.tensor(words)).sum().backward()
    theirs(torch.tensor(words)).sum().backward()
    assert theirs.weight.grad is not None
    assert ours.weight.grad is not None
    assert ours.weight.grad.tolist() == theirs.weight.grad.tolist()


@pytest.mark.parametrize(
    "refused",
    [
        lambda nn: nn.Dropout(1.5),
        lambda nn: nn.Embedding(3, 2, padding_idx=3),
        lambda nn: nn.Embedding(3, 2, padding_idx=-4),
        lambda nn: nn.Sequential(3),
        lambda nn: nn.ModuleList()(3),
    ],
)
def test_refusals_are_worded_as_torch_words_them(refused: Callable[[Any], Any]) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        refused(torch.nn)
    with pytest.raises(type(theirs.value)) as ours:
        refused(chalkgrad.nn)
    assert str(ours.value) == str(theirs.value)


def test_arguments_out_of_use_are_refused() -> None:
    with pytest.raises(TypeError, match="size_average"):
        chalkgrad.nn.MSELoss(size_average=True)
    with pytest.raises(TypeError, match="too many positional arguments"):
        chalkgrad.nn.CrossEntropyLoss(None, True)
    with pytest.raises(TypeError, match="inplace"):
        chalkgrad.nn.Sigmoid(inplace=True)


@pytest.mark.parametrize("name", sorted(chalkgrad.nn.__all__))
def test_every_name_and_argument_is_torchs(name: str) -> None:
    ours, theirs = getattr(chalkgrad.nn, name), getattr(torch.nn, name)
    if not inspect.isclass(ours):
        return

    def arguments(kind: Any) -> dict[str, Any]:
        signature = inspect.signature(kind)
        return {
            argument.name: argument.default
            for argument in signature.parameters.values()
            if argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
        }

    known = arguments(theirs)
    for argument, default in arguments(ours).items():
        if name not in ("Module", "Sequential"):
            assert known[argument] == default
    assert ours.__doc__
