"""A trace is backward written down: torch's nodes, what came to each, and what it passed on.

What would be lost: a picture of backward that shows other steps than those that are computed.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from oracle import assert_same

import chalkgrad

PROGRAMS = """
((x - 3) * (x - 6) * (x - 4)).sum()
(x * y + y).relu().sum()
((m @ x).tanh() ** 2).mean()
(m * x + 1.0).exp().sum()
(x.unbind()[0] * x.unbind()[2]) + y[1]
torch.stack([x, y, x]).max(0)[0].sum()
torch.cat([x, y * x.detach()]).logsumexp(0)
(m.t() * m[0:1].t() - m.sum()).std()
torch.where(x > 1, x * x, y).prod()
x.sort(descending=True)[0][1] * 2
""".strip().splitlines()


def result_of(program: str, engine: Any) -> Any:
    x = engine.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = engine.tensor([0.5, -1.0, 4.0], requires_grad=True)
    m = engine.tensor([[1.0, 0.5, -1.0], [2.0, 3.0, 0.25]], requires_grad=True)
    # The leaves must live as long as the result: a node knows its leaf weakly.
    return eval(program, {"torch": engine, "x": x, "y": y, "m": m}), (x, y, m)


def nodes_of(root: Any) -> list[Any]:
    """Return the nodes of a graph in an order that both engines share."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found.append(node)
            waiting += [parent for parent, _ in node.next_functions]
    return found


def seen_by_torchs_hooks(program: str) -> list[tuple[Any, Any]]:
    """Return for each node what came to it and what it passed on, as torch's hooks see them."""
    result, _leaves = result_of(program, torch)
    nodes = nodes_of(result.grad_fn)
    seen: dict[Any, tuple[Any, Any]] = {}
    for place, node in enumerate(nodes):
        node.register_hook(
            lambda passed_on, upstream, place=place: seen.update({place: (upstream, passed_on)})
        )
    result.backward()
    return [seen[place] for place in range(len(nodes))]


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_step_is_what_torchs_hooks_see(program: str) -> None:
    result, _leaves = result_of(program, chalkgrad)
    steps = {step.node: step for step in chalkgrad.autograd.trace(result)}
    nodes = nodes_of(result.grad_fn)
    assert set(steps) == set(nodes)
    for node, (upstream, passed_on) in zip(nodes, seen_by_torchs_hooks(program), strict=True):
        ours = steps[node].upstream
        if isinstance(ours, dict):  # several results, of which only some were used
            for place, theirs in enumerate(upstream):
                if place in ours:
                    assert_same(ours[place], theirs, rtol=1e-5)
                else:
                    assert theirs is None or not theirs.any()
        else:
            assert_same(ours, next(each for each in upstream if each is not None), rtol=1e-5)
        assert_same(steps[node].passed_on, passed_on, rtol=1e-5)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_node_comes_after_all_that_used_its_result(program: str) -> None:
    result, _leaves = result_of(program, chalkgrad)
    nodes = [step.node for step in chalkgrad.autograd.trace(result)]
    assert len(nodes) == len(set(nodes))
    assert nodes[0] is result.grad_fn
    place = {node: number for number, node in enumerate(nodes)}
    for node in nodes:
        for parent, _ in node.next_functions:
            assert parent is None or place[node] < place[parent]


def test_nothing_is_freed_and_no_gradient_changes() -> None:
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).exp().sum()
    first = chalkgrad.autograd.trace(y)
    assert x.grad is None
    second = chalkgrad.autograd.trace(y)
    assert [step.node for step in first] == [step.node for step in second]
    y.backward()
    gradient: Any = x.grad
    last = first[-1]
    assert last.node.variable is x
    assert last.upstream.tolist() == gradient.tolist()
    gradient.zero_()
    assert last.upstream.tolist() != [0, 0]


def test_it_begins_with_the_gradient_that_it_is_given() -> None:
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    steps = chalkgrad.autograd.trace(x * 3, chalkgrad.tensor([10.0, 100.0]))
    assert [step.upstream.tolist() for step in steps] == [[10, 100], [30, 300]]
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar"):
        chalkgrad.autograd.trace(x * 3)
    with pytest.raises(RuntimeError, match="does not require grad"):
        chalkgrad.autograd.trace(chalkgrad.tensor(1.0))


def test_hooks_change_a_trace_as_they_change_backward() -> None:
    x = chalkgrad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(lambda g: g * 10)
    y.retain_grad()
    steps = chalkgrad.autograd.trace(y.sum())
    assert [step.node.name() for step in steps][:2] == ["SumBackward0", "MulBackward0"]
    assert steps[1].upstream.tolist() == [10, 10]
    assert steps[2].upstream.tolist() == [30, 30]
    assert y.grad is None
