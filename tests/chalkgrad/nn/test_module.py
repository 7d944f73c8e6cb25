"""A module keeps, finds, prints, saves and refuses what torch's does."""

from __future__ import annotations

import copy
import gc
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from networks import NETWORKS, inputs_of, same_network, to_chalkgrad, to_torch

import chalkgrad
import chalkgrad.nn


def nested(library: Any) -> Any:
    """Build a module with parameters, buffers and modules on two levels, one of them shared."""
    nn = library.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(library.ones(2))
            self.register_buffer("count", library.zeros(1))
            self.register_buffer("scratch", library.zeros(3), persistent=False)
            self.register_parameter("absent", None)
            self.first = nn.Linear(2, 3)
            self.body = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.25), nn.ReLU())
            self.again = self.first

        def forward(self, x: Any) -> Any:
            return self.body(self.first(x * self.scale))

        def extra_repr(self) -> str:
            return "two\nlines"

    return Net()


def shapes(members: Any) -> list[tuple[str, list[int]]]:
    return [(name, list(tensor.shape)) for name, tensor in members]


@pytest.mark.parametrize(
    "ask",
    [
        repr,
        lambda net: shapes(net.named_parameters()),
        lambda net: shapes(net.named_parameters(prefix="net", recurse=False)),
        lambda net: shapes(net.named_buffers()),
        lambda net: len(list(net.parameters())) + len(list(net.buffers())),
        lambda net: [(name, type(module).__name__) for name, module in net.named_modules()],
        lambda net: [type(module).__name__ for module in net.modules()],
        lambda net: [name for name, _ in net.named_children()],
        lambda net: [type(module).__name__ for module in net.children()],
        lambda net: shapes(net.state_dict().items()),
        lambda net: shapes(net.state_dict(prefix="net.").items()),
        lambda net: [value.requires_grad for value in net.state_dict().values()],
        lambda net: [value.requires_grad for value in net.state_dict(keep_vars=True).values()],
        lambda net: type(net.state_dict()) is OrderedDict,
        lambda net: repr(net.load_state_dict(net.state_dict())),
        lambda net: repr(net.load_state_dict({"scale": net.scale, "b": net.scale}, strict=False)),
        lambda net: net.absent is None,
        lambda net: [module.training for module in net.eval().modules()],
        lambda net: [module.training for module in net.eval().train().modules()],
        lambda net: [p.requires_grad for p in net.requires_grad_(False).parameters()],
        lambda net: [str(p.dtype) for p in net.double().parameters()],
        lambda net: [str(p.dtype) for p in net.double().float().state_dict().values()],
        lambda net: {"scale", "count", "first", "forward", "training"} <= set(dir(net)),
        lambda net: [name for name in dir(net.body) if name.isdigit()],
        lambda net: isinstance(net.scale, type(net.first.weight)),
        lambda net: net.first.weight.is_leaf and net.first.weight.requires_grad,
        lambda net: copy.deepcopy(net).again is net.again,
        lambda net: repr(copy.deepcopy(net)),
        lambda net: shapes(copy.deepcopy(net).named_parameters()),
    ],
)
def test_what_is_inside(ask: Callable[[Any], Any]) -> None:
    assert ask(nested(chalkgrad)) == ask(nested(torch))


def visited(net: Any) -> list[str]:
    names: list[str] = []
    net.apply(lambda module: names.append(type(module).__name__))
    return names


def test_apply_goes_from_the_inside_out() -> None:
    assert visited(nested(chalkgrad)) == visited(nested(torch))


def test_a_parameter_prints_as_torch_prints_it() -> None:
    values = np.arange(6.0).reshape(2, 3)
    for requires_grad in (True, False):
        ours = chalkgrad.nn.Parameter(chalkgrad.tensor(values), requires_grad)
        theirs = torch.nn.Parameter(torch.tensor(values), requires_grad)
        assert repr(ours) == repr(theirs)


def test_a_parameter_shares_the_memory_of_its_data() -> None:
    data = chalkgrad.zeros(3)
    parameter = chalkgrad.nn.Parameter(data)
    data[1] = 5.0
    assert parameter.tolist() == [0.0, 5.0, 0.0]
    assert not data.requires_grad
    assert type(parameter * 2) is chalkgrad.Tensor
    assert not isinstance(data, chalkgrad.nn.Parameter)


def assign_before_init(library: Any, value: Callable[[Any], Any]) -> None:
    class Net(library.nn.Module):
        def __init__(self) -> None:
            self.inner = value(library)

    Net()


def buffer_before_init(library: Any) -> None:
    class Net(library.nn.Module):
        def __init__(self) -> None:
            self.register_buffer("inner", library.ones(1))

    Net()


@pytest.mark.parametrize(
    "refused",
    [
        lambda lib: nested(lib).nowhere,
        lambda lib: setattr(nested(lib), "scale", lib.ones(2)),
        lambda lib: setattr(nested(lib), "scale", 3),
        lambda lib: setattr(nested(lib), "first", 3),
        lambda lib: setattr(nested(lib), "count", "three"),
        lambda lib: nested(lib).register_buffer("scale", lib.ones(1)),
        lambda lib: nested(lib).register_parameter("first", None),
        lambda lib: nested(lib).add_module("scale", lib.nn.ReLU()),
        lambda lib: nested(lib).train("yes"),
        lambda lib: nested(lib).to(lib.int64),
        lambda lib: nested(lib).load_state_dict({}),
        lambda lib: nested(lib).load_state_dict({**nested(lib).state_dict(), "other": lib.ones(1)}),
        lambda lib: nested(lib).load_state_dict({**nested(lib).state_dict(), "scale": lib.ones(3)}),
        lambda lib: nested(lib).load_state_dict({**nested(lib).state_dict(), "scale": "two"}),
        lambda lib: nested(lib).load_state_dict({"scale": lib.ones(3), "a": lib.ones(1)}),
        lambda lib: lib.nn.Module()(lib.ones(1)),
        lambda lib: assign_before_init(lib, lambda lib: lib.nn.ReLU()),
        lambda lib: assign_before_init(lib, lambda lib: lib.nn.Parameter(lib.ones(1))),
        buffer_before_init,
    ],
)
def test_refusals_are_worded_as_torch_words_them(refused: Callable[[Any], Any]) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        refused(torch)
    with pytest.raises(type(theirs.value)) as ours:
        refused(chalkgrad)
    # Python's own refusals quote the class, which is ours.
    expected = str(theirs.value).replace("<class 'torch.", "<class 'chalkgrad.")
    assert str(ours.value) == expected


@pytest.mark.parametrize(
    "refused",
    [
        lambda lib: nested(lib).register_buffer("a.b", lib.ones(1)),
        lambda lib: nested(lib).register_buffer("", lib.ones(1)),
        lambda lib: nested(lib).register_buffer("new", 3),
        lambda lib: nested(lib).register_parameter("new", lib.ones(1)),
        lambda lib: nested(lib).add_module("new", 3),
    ],
)
def test_what_cannot_be_registered(refused: Callable[[Any], Any]) -> None:
    with pytest.raises((KeyError, TypeError)) as theirs:
        refused(torch)
    with pytest.raises(type(theirs.value)):
        refused(chalkgrad)


def reassigned(library: Any) -> list[Any]:
    net = nested(library)
    net.scale = None
    net.first = library.nn.Parameter(library.ones(4))  # a module becomes a parameter
    net.count = library.nn.ReLU()  # a buffer becomes a module
    net.scratch = library.ones(5)  # a buffer stays one
    net.plain = 3
    net.plain = library.nn.Tanh()
    del net.again
    return [
        shapes(net.named_parameters()),
        shapes(net.named_buffers()),
        [name for name, _ in net.named_modules()],
        list(net.state_dict()),
    ]


def test_assigning_again_moves_a_name() -> None:
    assert reassigned(chalkgrad) == reassigned(torch)


def test_zero_grad_forgets_or_zeroes() -> None:
    net = chalkgrad.nn.Linear(2, 1)
    net(chalkgrad.ones(1, 2)).sum().backward()
    gradient = net.weight.grad
    net.zero_grad(set_to_none=False)
    assert net.weight.grad is gradient
    assert gradient is not None
    assert gradient.tolist() == [[0.0, 0.0]]
    net.zero_grad()
    assert net.weight.grad is None


def test_converting_takes_the_gradient_along() -> None:
    net = chalkgrad.nn.Linear(2, 1)
    weight = net.weight
    net(chalkgrad.ones(1, 2)).sum().backward()
    net.double()
    assert net.weight is weight
    assert weight.dtype == chalkgrad.float64
    assert weight.grad is not None
    assert weight.grad.dtype == chalkgrad.float64


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_go_to_torch_and_come_back(name: str) -> None:
    ours = NETWORKS[name](chalkgrad.nn)
    theirs = NETWORKS[name](torch.nn)
    matched = theirs.load_state_dict(to_torch(ours.state_dict()))
    assert repr(ours.load_state_dict(to_chalkgrad(theirs.state_dict()))) == repr(matched)
    assert repr(ours) == repr(theirs)
    for key, value in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[key].numpy(), value.numpy())


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", NETWORKS)
def test_same_weights_give_same_outputs_and_gradients(name: str, dtype: str) -> None:
    ours, theirs = same_network(name, dtype)
    inputs = inputs_of(name, dtype=dtype)
    tolerance: dict[str, Any] = (
        {"rtol": 1e-12, "atol": 1e-12} if dtype == "float64" else {"rtol": 1e-4, "atol": 1e-6}
    )
    our_output, their_output = ours(chalkgrad.tensor(inputs)), theirs(torch.tensor(inputs))
    np.testing.assert_allclose(
        our_output.detach().numpy(), their_output.detach().numpy(), **tolerance
    )
    our_output.square().sum().backward()
    their_output.square().sum().backward()
    for our, their in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert their.grad is not None
        np.testing.assert_allclose(our.grad.numpy(), their.grad.numpy(), **tolerance)


def test_a_dropped_network_is_freed_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        net = NETWORKS["layers"](chalkgrad.nn)
        net(chalkgrad.ones(1, 4)).sum().backward()
        gone = weakref.ref(net)
        del net
        assert gone() is None
    finally:
        gc.enable()
