"""Every operation gives torch's value, dtype, graph, gradient and second derivative.

What would be lost: a wrong sign in one rule, a gradient at a kink that torch gives differently, a
float64 that creeps in, a node under another name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from oracle import assert_same, both, graph_text, quietly

import chalkgrad

RANDOM = np.random.default_rng(6)

INPUTS: dict[str, Any] = {
    "s": 1.7,
    "r": -0.6,
    "v": [0.5, -1.25, 2.0, 0.75],
    "u": [1.5, 0.25, -0.5, 3.0],
    "p": [0.5, 1.25, 2.0, 0.75],  # positive
    "h": [0.1, -0.9, 0.5, 0.0],  # within (-1, 1)
    "k": [0.0, -1.0, 1.0, 0.0],  # kinks and ties
    "w": RANDOM.normal(size=3).round(2),
    "x": RANDOM.normal(size=(3, 4)).round(2),
    "y": RANDOM.normal(size=(3, 4)).round(2),
    "q": np.abs(RANDOM.normal(size=(3, 4)).round(2)) + 0.5,
    "c": RANDOM.normal(size=(3, 1)).round(2),
    "m": RANDOM.normal(size=(4, 2)).round(2),
    "b": RANDOM.normal(size=(2, 3, 4)).round(2),
    "e": [[1.0, 3.0, 3.0], [2.0, 2.0, 0.0]],  # equal extremes, a zero
    "z": [[0.0, 3.0, 0.0], [2.0, 0.0, 5.0]],  # zeros for prod
}

ARITHMETIC = """
x + y|x - y|x * y|x / q|x + c|c - x|x * v|v / q|s * x|x / s|s + r|s - r|s * r|s / r|x * x|x - x
x + 2|2 + x|x - 2|2 - x|x * 3|3 * x|x / 2|2 / q|s + 1|1.5 - s|s * 2|2 / s|s / 3|-x|-s|+x
x + 2.5|2.5 * x|w[:, None] * v|b + x|b * c
torch.mul(2, x)|torch.sub(1, x)|torch.div(2, q)|torch.add(1, x)|x.add(1)|x.div(q)|x.mul(y)
torch.rsub(x, 1) if hasattr(torch, "rsub") else 1 - x|x % q|x.reciprocal()|torch.neg(x)
"""
POWERS = """
x ** 2|s ** 2|x ** 3|q ** 0.5|q ** -1|x ** 0|k ** 2|k ** 0|k ** 1|k ** 3|q ** x|2 ** x|0.5 ** x
s ** r|x.pow(2)|torch.pow(x, 2)|torch.pow(2, x)|x.square()|p ** v|k ** 2.0|0 ** p|q ** s|s ** x
x.exp()|q.log()|q.sqrt()|q.rsqrt()|x.expm1()|q.log1p()|q.log10()|torch.exp(x)|torch.log(q)
torch.sqrt(s)|s.exp()|s.log()
"""
CURVES = """
x.sin()|x.cos()|x.tan()|x.tanh()|x.atan()|x.sigmoid()|x.relu()
torch.sin(s)|torch.cos(s)|torch.tanh(s)|torch.sigmoid(x)|torch.relu(k)|k.relu()|k.abs()|x.abs()
abs(x)|torch.abs(s)|k.clamp(-1, 1)|k.clamp(min=0)|k.clamp(max=0)|x.clamp(-0.5, 0.5)|x.sign()
x.floor()|x.ceil()|x.round()|torch.maximum(x, y)|torch.minimum(x, y)|torch.maximum(k, k)
torch.max(x, y)|torch.min(x, y)|torch.minimum(k, h)|torch.where(x > 0, x, y)
torch.where(x > 0, x, 0.0)
torch.where(x > 0, 1.0, y)|torch.where(x > y, x, c)|x.clone()|torch.where(k > 0, k, s)
"""
REDUCTIONS = """
x.sum()|x.sum(0)|x.sum(1)|x.sum(-1)|x.sum(1, keepdim=True)|x.sum((0, 1))|b.sum((0, 2))|s.sum()
b.sum(dim=(0, 2), keepdim=True)|s.sum(0)|x.mean()|x.mean(0)|x.mean(1, True)
b.mean((0, 1))|s.mean()|torch.sum(x)|torch.mean(x, 1)|torch.sum(x, dim=0)|x.var()|x.var(0)|x.std()
x.std(1, keepdim=True)|x.var(1, correction=0)|x.prod()|x.prod(0)|z.prod()|z.prod(1)|q.prod(1, True)
x.amax(0)|e.amax(1)|e.amin(1)|e.amax((0, 1))|e.amax()|x.amin(1, True)|x.max()|e.max()|x.min()
e.min()
x.max(0)|e.max(1)|e.max(0, True)|x.min(1)|e.min(1)|torch.max(x, 1)|s.max()|e.argmax()|e.argmax(1)
e.argmin(0, True)|(x > 0).all()|(x > 0).any(1)|(x > 0).sum()
"""
SHAPES = """
x.reshape(12)|x.reshape(2, 6)|x.reshape(-1, 2)|x.reshape((4, 3))|x.t().reshape(12)|x.view(12)
x.view(2, -1)|x.flatten()|b.flatten(1)|b.flatten(0, 1)|s.flatten()|x.ravel()|x.t()|x.T|x.mT|b.mT
v.t()
x.transpose(0, 1)|b.transpose(0, 2)|b.permute(2, 0, 1)|b.permute((1, 2, 0))|x.unsqueeze(0)
x.unsqueeze(-1)|s.unsqueeze(0)|c.squeeze()|c.squeeze(1)|c.squeeze(0)|c.squeeze((0, 1))
c.expand(3, 4)
c.expand(2, 3, 4)|c.expand(-1, 2)|s.expand(2)|x.contiguous()|x.t().contiguous()
x.unbind()|x.unbind(1)|x.unbind(0)[1]|list(v)[2]|[*x][0] * [*x][2]|x.select(1, 2)
torch.stack([x, y])|torch.stack([x, y], 1)|torch.stack([x, x], -1)|torch.stack([s, r])
torch.cat([x, y])
torch.cat([x, y], 1)|torch.cat([x, c], 1)|torch.cat([x, x.detach()])|torch.cat([x, y], dim=-1)
torch.unsqueeze(v, 0)|torch.transpose(x, 0, 1)|torch.reshape(x, (6, 2))|torch.permute(b, (1, 0, 2))
"""
INDEXING = """
x[0]|x[-1]|x[:, 1]|x[0:2]|x[::2]|x[..., 0]|x[0, ...]|x[None]|x[:, None]
b[:, 0]|x[:]|x[...]|x[()]|s[None]|s[...]|x[[0, 2]]|x[torch.tensor([0, 0, 2])]
x[:, torch.tensor([1, 3])]|x[torch.tensor([0, 1]), torch.tensor([1, 1])]|x[x > 0]|x[[0, 1], 1]
x[torch.tensor(1)]|b[0, :, [0, 1]]|b[:, [0, 1], [1, 2]]|b[[0, 1], :, [1, 2]]
x[torch.tensor([[0, 1]])]
v[1]|v[1:3]|v[[True, False, True, True]]|x[True]|b[:, torch.tensor([2, 0]), None]
"""
# A key is one step of our graph, where torch takes one for each part.
KEYS = """
x[0, 1]|x[1:, :2]|b[0, 1, 2]|b[..., None, 0]|x[-2:, -1]
"""
PRODUCTS = """
v @ u|x @ v|w @ x|x @ m|b @ m|b @ v|w @ b|b @ b.mT|x @ b.mT|b @ b[0].t()|x.mm(m)|x.mv(v)|v.dot(u)
torch.matmul(x, m)|torch.dot(v, u)|x @ x.t()|x.T @ x|b.bmm(b.mT)|b.unsqueeze(0) @ b.mT|v @ m
w @ x @ m
"""
CHAINS = """
(x * y).sum() / x.mean()|((x @ m).tanh() ** 2).sum()|(x / x.sum(1, keepdim=True)).log().abs().sum()
((s - 3) * (s - 6) * (s - 4))|(x.exp() / x.exp().sum(1, keepdim=True))|s * s + s * s
(x - x.mean()) / x.std()|torch.stack([s, r, s * r]).sum()|torch.cat([v, u])[2:6].prod()
"""


def cases(text: str) -> list[str]:
    return [case.strip() for line in text.splitlines() for case in line.split("|") if case.strip()]


ALL = cases(
    ARITHMETIC + POWERS + CURVES + REDUCTIONS + SHAPES + INDEXING + KEYS + PRODUCTS + CHAINS
)
# The second derivative of 0 ** x is nan with torch, where it ought to be 0.
NOT_TWICE = ("0 ** p",)


def evaluated(case: str, dtype: str) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    ours: dict[str, Any] = {"torch": chalkgrad}
    theirs: dict[str, Any] = {"torch": torch}
    for name, data in INPUTS.items():
        ours[name], theirs[name] = both(np.array(data, dtype), requires_grad=True)
    return quietly(eval, case, ours), quietly(eval, case, theirs), ours, theirs


def floating(result: Any) -> list[Any]:
    results = result if isinstance(result, (tuple, list)) else [result]
    return [each for each in results if each.dtype.is_floating_point and each.requires_grad]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", ALL)
def test_value_graph_and_gradient(case: str, dtype: str) -> None:
    our_result, their_result, ours, theirs = evaluated(case, dtype)
    assert_same(our_result, their_result)
    for our, their in zip(floating(our_result), floating(their_result), strict=True):
        if case in cases(KEYS):
            assert our.grad_fn.name() == their.grad_fn.name()
        else:
            assert graph_text(our.grad_fn) == graph_text(their.grad_fn)
        cotangent = RANDOM.normal(size=tuple(their.shape)).astype(dtype)
        our.backward(chalkgrad.tensor(cotangent), retain_graph=True)
        their.backward(torch.tensor(cotangent), retain_graph=True)
    for name in INPUTS:
        our, their = ours[name].grad, theirs[name].grad
        assert (our is None) == (their is None), name
        if their is not None:
            assert_same(our, their, rtol=1e-5 if dtype == "float32" else 1e-11)


@pytest.mark.parametrize("case", [case for case in ALL if not any(n in case for n in NOT_TWICE)])
def test_second_derivative(case: str) -> None:
    our_result, their_result, ours, theirs = evaluated(case, "float64")
    gradients = []
    for module, result, leaves in ((chalkgrad, our_result, ours), (torch, their_result, theirs)):
        total: Any = sum((each * each).sum() for each in floating(result))
        if not isinstance(total, (chalkgrad.Tensor, torch.Tensor)):
            return
        inputs = [leaves[name] for name in INPUTS]
        first = module.autograd.grad(total, inputs, create_graph=True, allow_unused=True)
        total = sum((each * each).sum() for each in first if each is not None)
        if not total.requires_grad:  # the first derivative is constant, and known to be
            total = total + 0 * inputs[0]
        second = module.autograd.grad(total, inputs, allow_unused=True)
        gradients.append((first, second))
    for our_ones, their_ones in zip(*gradients, strict=True):
        for our, their in zip(our_ones, their_ones, strict=True):
            # A gradient that is zero may be there as zeros or not at all.
            expected = np.zeros(1) if their is None else their.detach().numpy()
            found = np.zeros(1) if our is None else our.detach().numpy()
            found, expected = np.broadcast_arrays(found, expected)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "case", ["k.relu()", "k.clamp(-0.5, 0.5)", "torch.maximum(k, h)", "torch.where(k > 0, k, h)"]
)
def test_where_nothing_passes_back_not_even_infinity_does(case: str) -> None:
    results = []
    for engine in (chalkgrad, torch):
        k = engine.tensor([0.0, -1.0, 1.0, float("nan")], requires_grad=True)
        h = engine.tensor([0.5, 0.5, 0.5, 0.5], requires_grad=True)
        result = eval(case, {"torch": engine, "k": k, "h": h})
        result.backward(engine.tensor([float("inf"), float("nan"), float("-inf"), 2.0]))
        results.append(k.grad.tolist())
    np.testing.assert_array_equal(*results)
