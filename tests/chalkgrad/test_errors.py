"""What torch refuses is refused, with its exception; what learners meet in its words, and ours.

What would be lost: a student who reads one message here and another under torch; a NumPy traceback.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from oracle import quietly

import chalkgrad
from chalkgrad import errors

REFUSED_IN_THE_SAME_WORDS = """
torch.tensor([1.]).backward()
(torch.tensor([1., 2.], requires_grad=True) * 2).backward()
(x := torch.tensor(2., requires_grad=True), y := x * x, y.backward(), y.backward())
(x := torch.tensor([1., 2.], requires_grad=True), y := x.exp().sum(), y.backward(), y.backward())
torch.tensor([1, 2]).requires_grad_()
torch.tensor(1.).retain_grad()
torch.zeros(12) + torch.zeros(3, 5)
torch.zeros(4) * torch.zeros(3)
torch.zeros(2, 3) == torch.zeros(2, 2)
torch.where(torch.zeros(2) > 0, torch.zeros(2), torch.zeros(3))
torch.zeros(2, 3) @ torch.zeros(2, 3)
torch.zeros(2) @ torch.zeros(3, 2)
torch.zeros(2, 2, 3) @ torch.zeros(3, 3, 2)
torch.ones(2, 2) @ torch.ones(2, 2).double()
torch.zeros(6).view(3, 4)
torch.zeros(6).reshape(-1, 4)
torch.zeros(5, 3)[5]
torch.zeros(5, 3)[torch.tensor([7])]
torch.zeros(3).__setitem__(5, 1.)
torch.zeros(5, 3).t().view(15)
torch.zeros(5, 3).sum(2)
torch.zeros(5, 3).transpose(0, 3)
torch.zeros(5, 3).squeeze(2)
torch.zeros(5, 3).unsqueeze(4)
torch.zeros(2, 3, 4).t()
torch.zeros(5, 3)[torch.tensor([1.])]
torch.zeros(5, 3)[::-1]
list(torch.tensor(3.))
torch.tensor([1., 2.]).item()
torch.tensor([1.], requires_grad=True).numpy()
np.sin(torch.tensor([1.], requires_grad=True))
torch.tensor([1.], requires_grad=True).zero_()
torch.tensor([1.], requires_grad=True).__setitem__(0, 1.)
torch.zeros(2).add_(torch.zeros(2, 2))
torch.arange(3) // 0
torch.arange(3) % 0
torch.stack([])
torch.cat([])
torch.tensor('a')
torch.tensor([1, 'a'])
torch.tensor([[1, 2], [3]])
torch.tensor(None)
torch.tensor([1.]) + [1]
torch.tensor([1.]) + 'a'
torch.tensor([1.]) * None
torch.sum([1, 2])
torch.sin(1.0)
torch.from_numpy([1])
torch.from_numpy(np.array(['a']))
torch.autograd.grad(torch.ones(1).sum(), torch.ones(1, requires_grad=True))
torch.autograd.grad(torch.ones(1, requires_grad=True).sum(), torch.ones(1))
torch.autograd.grad(torch.ones(1, requires_grad=True).sum(), torch.ones(1, requires_grad=True))
torch.tensor([1.]).foo
"""
REFUSED = """
torch.zeros(6).reshape(-1, -1)
torch.zeros(5, 3)[0, 0, 0]
len(torch.tensor(3.))
torch.zeros(5, 3).permute(0, 0)
torch.tensor([1, [2]])
torch.zeros(2, device='cuda')
torch.zeros(2).to('cuda')
(torch.tensor([1., 2.], requires_grad=True) * 2).backward(torch.tensor([1.]))
torch.tensor([1, 2], requires_grad=True)
(torch.tensor(1., requires_grad=True) * 2).requires_grad_(False)
setattr(torch.tensor(1., requires_grad=True) * 2, 'requires_grad', False)
torch.zeros(2, 3) @ torch.zeros(2)
torch.zeros(2) @ torch.zeros(3)
torch.tensor(1.) @ torch.zeros(3, 2)
torch.zeros(2, 2, 3) @ torch.zeros(2, 2, 3)
torch.ones(2).long() @ torch.ones(2)
torch.zeros(5, 3).sum((0, 0))
torch.zeros(3).expand(2, 4)
torch.zeros(3, 4).expand(4)
torch.zeros(5, 3)[1.0]
torch.zeros(5, 3)[torch.tensor([True, False])]
torch.zeros(3, 2)[:, torch.ones(3) > 0]
torch.tensor(3.)[0]
bool(torch.tensor([1., 2.]))
bool(torch.tensor([]))
float(torch.tensor([1., 2.]))
torch.tensor([1, 2]).add_(1.5)
setattr(torch.zeros(2), 'grad', torch.zeros(3))
setattr(torch.zeros(2), 'grad', 3)
torch.zeros(0).max()
torch.zeros(2, 0).max(1)
torch.tensor([1, 2]).mean()
torch.tensor([1, 2]).std()
torch.tensor([True]) - torch.tensor([True])
-torch.tensor([True])
torch.arange(3) ** -1
torch.zeros(2).clamp()
torch.stack([torch.zeros(2), torch.zeros(3)])
torch.cat([torch.zeros(2, 2), torch.zeros(3, 3)])
torch.cat([torch.zeros(2, 2), torch.zeros(3)])
torch.where(torch.tensor([1.]), torch.zeros(1), torch.zeros(1))
torch.tensor(2 ** 70)
torch.zeros('a')
torch.zeros(2.0)
torch.zeros(2, dtype='float32')
torch.eye(-1)
torch.arange(1, 0)
torch.arange(0, 1, 0)
torch.zeros(5, 3).permute(0)
torch.zeros(2, -1)
"""


def refusal(program: str, engine: object) -> tuple[str, str]:
    try:
        quietly(eval, program, {"torch": engine, "np": np})
    except Exception as error:
        # torch lists, after the first sentence about a dtype, what this build supports.
        return type(error).__name__, str(error).split("\n")[0].split(" The only")[0]
    return "no refusal", ""


@pytest.mark.parametrize("program", REFUSED_IN_THE_SAME_WORDS.strip().splitlines())
def test_torchs_exception_and_words(program: str) -> None:
    assert refusal(program, chalkgrad) == refusal(program, torch)


@pytest.mark.parametrize("program", REFUSED.strip().splitlines())
def test_torchs_exception_in_our_words(program: str) -> None:
    assert refusal(program, chalkgrad)[0] == refusal(program, torch)[0]


def test_our_line_follows_torchs() -> None:
    with pytest.raises(RuntimeError, match=r"grad_fn\nNothing was recorded: .* requires_grad=True"):
        chalkgrad.tensor(1.0).backward()


def test_what_chalkgrad_does_not_have_is_refused_by_name() -> None:
    z = chalkgrad.tensor([1 + 2j])
    with pytest.raises(NotImplementedError, match="no gradients of complex numbers"):
        z.requires_grad_()
    with pytest.raises(AttributeError, match="chalkgrad has no 'conv2d'"):
        chalkgrad.conv2d  # noqa: B018 - the look-up itself is refused
    with pytest.raises(TypeError, match=r"make tensors with chalkgrad\.tensor"):
        chalkgrad.Tensor([1.0])


def test_gradient_of_a_non_leaf_warns_and_is_none() -> None:
    y = chalkgrad.tensor(2.0, requires_grad=True) * 2
    with pytest.warns(UserWarning, match="not a leaf Tensor is being accessed"):
        assert y.grad is None


def test_no_refusal_stands_in_the_list_that_nobody_raises() -> None:
    listed = {name for name, row in vars(errors).items() if inspect.isfunction(row)}
    package = Path(errors.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert {
        name
        for name in listed
        if not re.search(rf"errors\.{name}|return {name}\(", source) and name[0] != "_"
    } == set()
