"""Optimizers: torch's steps, torch's state, torch's refusals."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import NETWORKS, inputs_of, same_network, to_chalkgrad, to_torch

import chalkgrad
import chalkgrad.nn
import chalkgrad.optim

STEPS = 50
TOLERANCES: dict[str, dict[str, Any]] = {
    "float64": {"rtol": 1e-9, "atol": 1e-11},
    "float32": {"rtol": 1e-3, "atol": 1e-5},
}

lrs = st.floats(1e-4, 0.1)
decays = st.sampled_from([0, 0.01, 0.3])
moments = st.sampled_from([0, 0.5, 0.9])
betas = st.tuples(st.floats(0.0, 0.99), st.floats(0.5, 0.999))


def hyperparameters(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw arguments for the optimizer of this name."""
    common = {"lr": lrs, "weight_decay": decays}
    adam = {**common, "betas": betas, "eps": st.sampled_from([1e-8, 1e-3])}
    own: dict[str, dict[str, Any]] = {
        "SGD": {**common, "momentum": moments},
        "Adam": {**adam, "decoupled_weight_decay": st.booleans()},
        "AdamW": adam,
        "RMSprop": {**common, "alpha": st.floats(0.5, 0.999), "momentum": moments},
    }
    return st.fixed_dictionaries(own[name])


OPTIMIZERS = ["SGD", "Adam", "AdamW", "RMSprop"]
SHAPES = [(3, 2), (4,), ()]


def start(library: Any, values: list[np.ndarray]) -> list[Any]:
    return [library.nn.Parameter(library.tensor(value)) for value in values]


def give_gradients(library: Any, parameters: list[Any], seed: int) -> None:
    generator = np.random.default_rng(seed)
    for parameter in parameters:
        gradient = np.asarray(generator.standard_normal(tuple(parameter.shape)))
        parameter.grad = library.tensor(gradient).to(parameter.dtype)


def assert_same_parameters(ours: list[Any], theirs: list[Any], dtype: str) -> None:
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(
            our.detach().numpy(), their.detach().numpy(), **TOLERANCES[dtype]
        )


@settings(max_examples=15)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", OPTIMIZERS)
@given(data=st.data())
def test_the_same_gradients_move_parameters_the_same_way(
    name: str, dtype: str, data: st.DataObject
) -> None:
    arguments = data.draw(hyperparameters(name))
    if name == "SGD" and arguments["momentum"]:
        arguments["nesterov"] = data.draw(st.booleans())
    generator = np.random.default_rng(0)
    values = [np.asarray(generator.standard_normal(shape)).astype(dtype) for shape in SHAPES]
    ours, theirs = start(chalkgrad, values), start(torch, values)
    our_optimizer = getattr(chalkgrad.optim, name)(ours, **arguments)
    their_optimizer = getattr(torch.optim, name)(theirs, **arguments)
    assert repr(our_optimizer) == repr(their_optimizer)
    for step in range(STEPS):
        give_gradients(chalkgrad, ours, step)
        give_gradients(torch, theirs, step)
        our_optimizer.step()
        their_optimizer.step()
    assert_same_parameters(ours, theirs, dtype)


SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.05}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("Adam", {"lr": 0.01}),
    ("AdamW", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.005, "momentum": 0.5}),
]


def losses(
    library: Any, network: Any, optimizer: Any, inputs: Any, steps: int = STEPS
) -> list[float]:
    """Train for some steps and return the loss at each."""
    target = library.tensor(np.arange(len(inputs)) % 3)
    criterion = library.nn.CrossEntropyLoss()
    trace = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(network(library.tensor(inputs)), target)
        loss.backward()
        optimizer.step()
        trace.append(loss.item())
    return trace


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("name", "arguments"), SETTINGS)
@pytest.mark.parametrize("network", NETWORKS)
def test_training_takes_the_same_way(
    network: str, name: str, arguments: dict[str, Any], dtype: str
) -> None:
    ours, theirs = same_network(network, dtype)
    inputs = inputs_of(network, dtype=dtype)
    our_optimizer = getattr(chalkgrad.optim, name)(ours.parameters(), **arguments)
    their_optimizer = getattr(torch.optim, name)(theirs.parameters(), **arguments)
    tolerance: dict[str, Any] = (
        {"rtol": 1e-7} if dtype == "float64" else {"rtol": 1e-2, "atol": 1e-4}
    )
    np.testing.assert_allclose(
        losses(chalkgrad, ours, our_optimizer, inputs),
        losses(torch, theirs, their_optimizer, inputs),
        **tolerance,
    )


def converted(state: dict[str, Any], convert: Callable[[Any], Any]) -> dict[str, Any]:
    return {**state, "state": {place: convert(each) for place, each in state["state"].items()}}


@pytest.mark.parametrize(("name", "arguments"), SETTINGS)
def test_state_goes_to_torch_and_comes_back(name: str, arguments: dict[str, Any]) -> None:
    ours, theirs = same_network("layers")
    inputs = inputs_of("layers")
    our_optimizer = getattr(chalkgrad.optim, name)(ours.parameters(), **arguments)
    their_optimizer = getattr(torch.optim, name)(theirs.parameters(), **arguments)
    losses(chalkgrad, ours, our_optimizer, inputs, 5)
    theirs.load_state_dict(to_torch(ours.state_dict()))
    their_optimizer.load_state_dict(converted(our_optimizer.state_dict(), to_torch))

    # Torch has what it would have by itself: the same keys, dtypes and shapes.
    fresh = getattr(torch.optim, name)(theirs.parameters(), **arguments)
    losses(torch, theirs, their_optimizer, inputs, 5)
    losses(torch, theirs, fresh, inputs, 0)
    fresh_state = their_optimizer.state_dict()["state"]
    for place, state in our_optimizer.state_dict()["state"].items():
        assert set(state) == set(fresh_state[place])
        for key, value in state.items():
            assert str(value.dtype) == str(fresh_state[place][key].dtype)
            assert tuple(value.shape) == tuple(fresh_state[place][key].shape)
    assert our_optimizer.state_dict()["param_groups"] == fresh.state_dict()["param_groups"]

    # And back: from here on both go the same way again.
    ours.load_state_dict(to_chalkgrad(theirs.state_dict()))
    again = getattr(chalkgrad.optim, name)(ours.parameters(), lr=1.0)
    again.load_state_dict(converted(their_optimizer.state_dict(), to_chalkgrad))
    for state in again.state.values():  # the count stays float32, whatever the parameters are
        assert "step" not in state or state["step"].dtype == chalkgrad.float32
    np.testing.assert_allclose(
        losses(chalkgrad, ours, again, inputs, 5),
        losses(torch, theirs, their_optimizer, inputs, 5),
        rtol=1e-7,
    )


def one(library: Any) -> Any:
    return library.nn.Parameter(library.ones(2))


@pytest.mark.parametrize(
    "refused",
    [
        lambda lib: lib.optim.SGD([one(lib)], lr=-1),
        lambda lib: lib.optim.SGD([one(lib)], momentum=-0.5),
        lambda lib: lib.optim.SGD([one(lib)], weight_decay=-0.5),
        lambda lib: lib.optim.SGD([one(lib)], nesterov=True),
        lambda lib: lib.optim.Adam([one(lib)], lr=-1.0),
        lambda lib: lib.optim.Adam([one(lib)], betas=(1.0, 0.9)),
        lambda lib: lib.optim.Adam([one(lib)], betas=(0.9, -0.1)),
        lambda lib: lib.optim.AdamW([one(lib)], eps=-1.0),
        lambda lib: lib.optim.AdamW([one(lib)], weight_decay=-1.0),
        lambda lib: lib.optim.RMSprop([one(lib)], alpha=-1),
        lambda lib: lib.optim.RMSprop([one(lib)], momentum=-1),
        lambda lib: lib.optim.SGD([]),
        lambda lib: lib.optim.SGD(one(lib)),
        lambda lib: lib.optim.SGD([3]),
        lambda lib: lib.optim.SGD([one(lib) * 2]),
        lambda lib: lib.optim.SGD([{"params": p} for p in [one(lib)] * 2]),
        lambda lib: lib.optim.SGD([one(lib)]).load_state_dict({"param_groups": [], "state": {}}),
        lambda lib: lib.optim.SGD([one(lib)]).load_state_dict(
            {"param_groups": [{"params": []}], "state": {}}
        ),
    ],
)
def test_refusals_are_worded_as_torch_words_them(refused: Callable[[Any], Any]) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        refused(torch)
    with pytest.raises(type(theirs.value)) as ours:
        refused(chalkgrad)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("name", ["differentiable", "foreach", "fused", "maximize", "dampening"])
def test_what_is_not_ours_is_refused_by_name(name: str) -> None:
    parameters = [one(chalkgrad)]
    with pytest.raises(NotImplementedError, match=f"chalkgrad has no {name}=True"):
        chalkgrad.optim.SGD(parameters, **{name: True})
    with pytest.raises(NotImplementedError, match=f"chalkgrad has no {name}=True"):
        chalkgrad.optim.SGD([{"params": parameters, name: True}])
    optimizer = chalkgrad.optim.SGD(parameters)
    state = optimizer.state_dict()
    state["param_groups"][0][name] = True
    with pytest.raises(NotImplementedError, match=f"chalkgrad has no {name}=True"):
        optimizer.load_state_dict(state)


def test_an_unknown_setting_is_refused() -> None:
    for library in (chalkgrad, torch):
        with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
            library.optim.SGD([one(library)], speed=3)


def groups(library: Any) -> list[Any]:
    first, second, third = (one(library) for _ in range(3))
    optimizer = library.optim.SGD([{"params": [first]}, {"params": second, "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": (third,), "momentum": 0.9})
    for parameter in (first, second):
        parameter.grad = library.ones(2)
    optimizer.step()
    return [repr(optimizer), first.tolist(), second.tolist(), third.tolist(), len(optimizer.state)]


def test_groups_have_settings_of_their_own() -> None:
    assert groups(chalkgrad) == groups(torch)


def test_zero_grad_forgets_or_zeroes() -> None:
    parameter = one(chalkgrad)
    optimizer = chalkgrad.optim.SGD([parameter])
    gradient = parameter.grad = chalkgrad.ones(2)
    optimizer.zero_grad(set_to_none=False)
    assert parameter.grad is gradient
    assert gradient.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert parameter.grad is None


def with_closure(library: Any) -> list[float]:
    parameter = one(library)
    optimizer = library.optim.SGD([parameter], lr=0.1)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (parameter * parameter).sum()
        loss.backward()
        return loss

    with library.no_grad():
        return [optimizer.step(closure).item() for _ in range(3)]


def test_a_closure_is_recorded_even_where_recording_is_off() -> None:
    np.testing.assert_allclose(with_closure(chalkgrad), with_closure(torch), rtol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_between_forward_and_backward_is_noticed(name: str) -> None:
    parameter = one(chalkgrad)
    optimizer = getattr(chalkgrad.optim, name)([parameter])
    loss = (parameter * parameter).sum()
    parameter.grad = chalkgrad.ones(2)
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_a_step_leaves_the_gradient_alone() -> None:
    for name in OPTIMIZERS:
        parameter = one(chalkgrad)
        gradient = parameter.grad = chalkgrad.tensor([1.0, -2.0])
        optimizer = getattr(chalkgrad.optim, name)([parameter], weight_decay=0.1)
        for _ in range(3):
            optimizer.step()
        assert parameter.grad is gradient
        assert gradient.tolist() == [1.0, -2.0]
        assert parameter.requires_grad
        assert parameter.is_leaf


def test_a_dropped_optimizer_is_freed_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        optimizer = chalkgrad.optim.Adam([one(chalkgrad)])
        gone = weakref.ref(optimizer)
        del optimizer
        assert gone() is None
    finally:
        gc.enable()
