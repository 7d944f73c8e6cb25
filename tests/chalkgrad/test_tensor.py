"""What a tensor is besides its values: memory that is shared, changes that are counted, copies.

What would be lost: a copy where torch shares, a share where torch copies, a change nobody counted.
"""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from oracle import refusal, under_both

CHANGES = """
x.add_(1)
x + 1
x[0] = 5.0
x[x > 1] = 0.0
x.data.add_(1)
x.detach().add_(1)
x[1:].mul_(2)
x.view(3, 1).t().zero_()
x.clone().add_(1)
x.reshape(3).add_(1)
x.contiguous().add_(1)
x.float().add_(1)
x.double().add_(1)
x.to(torch.float32).add_(1)
x.expand(2, 3).clone().add_(1)
x.copy_(x + 1); x.fill_(2); x.clamp_(0, 1); x += 1; x *= x
x.numpy()[0] = 7
x.data = torch.ones(3)
x.unbind()[0].add_(1)
x.requires_grad_(); exec("with torch.no_grad(): x.add_(1)")
torch.from_numpy(x.numpy()).add_(1)
x.relu_(); x.exp_(); x.masked_fill_(x > 2, 0.0)
""".strip().splitlines()


@pytest.mark.parametrize("change", CHANGES)
def test_changes_are_counted_where_torch_counts_them(change: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        x = torch.tensor([1.0, 2.0, 3.0])
        view, cut, data = x[:2], x.detach(), x.data
        exec(change, {"x": x, "torch": torch})
        return [(each._version, each.detach()) for each in (x, view, cut, data)]

    program()


@under_both
def test_gradients_count_their_changes(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    first = x.grad._version
    (x * x).sum().backward()
    second = x.grad._version
    x.grad.zero_()
    # What the count is when backward makes the gradient depends on how torch came by it.
    return second - first, x.grad._version - first, x._version


@pytest.mark.parametrize(
    "dtype",
    ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool",
     "complex64", "complex128"],
)  # fmt: skip
def test_from_numpy_shares_memory_of_every_dtype(dtype: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        array = np.array([[0, 1, 0], [1, 1, 0]]).astype(dtype)
        shared = [torch.from_numpy(array), torch.from_numpy(array.T[1:]), torch.as_tensor(array)]
        copied = [torch.tensor(array), torch.from_numpy(array).clone()]
        array[0, 1] = 0
        shared[0][1, 1] = False
        shared[1][1, 0] = True
        back = [each.numpy() for each in shared]
        return (
            shared,
            copied,
            array.tolist(),
            [each.stride() for each in shared],
            [np.shares_memory(array, each) for each in back],
        )

    program()


@under_both
def test_from_numpy_refuses_what_torch_refuses(torch: Any) -> Any:
    return [
        refusal(torch.from_numpy, array)[0]
        for array in (
            np.arange(3)[::-1],
            np.array(["a"]),
            np.array([object()]),
            [1, 2],
            np.zeros(2, ">f4"),
            np.zeros(2, [("a", "f4")]),
            3.0,
        )
    ]


@under_both
def test_a_scalar_shares_its_memory_too(torch: Any) -> Any:
    array = np.array(2.0)
    x = torch.from_numpy(array)
    y = x * 1
    cut = y.detach()
    y.add_(5)
    array[()] = 7
    x.add_(1)
    return x, array.item(), y, cut, cut.data_ptr() == y.data_ptr()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
@pytest.mark.parametrize("requires_grad", [False, True])
def test_leaves_are_copied(duplicate: Any, requires_grad: bool) -> None:
    @under_both
    def program(torch: Any) -> Any:
        x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=requires_grad)
        if requires_grad:
            (x * x).sum().backward()
        other = duplicate(x)
        with torch.no_grad():
            x.add_(100)
        strided = duplicate(torch.arange(6).reshape(2, 3).t())
        return other, other.requires_grad, other.is_leaf, strided, strided.stride()

    program()


@under_both
def test_what_is_shared_stays_shared_in_a_deep_copy(torch: Any) -> Any:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    first, second = copy.deepcopy([x, x])
    return first is second, first is x, refusal(copy.deepcopy, x * 2)[0]


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
def test_the_default_dtype_is_what_floats_become(name: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        torch.set_default_dtype(getattr(torch, name))
        try:
            integers = torch.arange(1, 4)
            made = [
                torch.tensor(1.5), torch.tensor([1, 2.5]), torch.tensor([1, 2]),
                torch.ones(1), torch.zeros(1), torch.full((1,), 2.0), torch.full((1,), 2),
                torch.arange(2.0), torch.arange(2), torch.linspace(0, 1, 3), torch.eye(2),
                torch.rand(1) * 0, integers * 1.5, integers / 2, integers.sqrt(),
                torch.tensor(np.ones(1)), torch.tensor([np.float32(1)]), integers.double() * 1.5,
                torch.zeros_like(integers), torch.tensor([]), torch.ones(1, dtype=torch.float64),
            ]  # fmt: skip
            return made, str(torch.get_default_dtype()), [repr(each) for each in made]
        finally:
            torch.set_default_dtype(torch.float32)

    program()


@pytest.mark.parametrize("name", ["float32", "float64"])
def test_the_default_dtype_is_what_complex_numbers_are_made_of(name: str) -> None:
    @under_both
    def program(torch: Any) -> Any:
        torch.set_default_dtype(getattr(torch, name))
        try:
            return torch.tensor([1j]), torch.arange(3) + 1j, torch.ones(2, dtype=torch.float32) * 1j
        finally:
            torch.set_default_dtype(torch.float32)

    program()


@under_both
def test_a_default_dtype_is_a_floating_one(torch: Any) -> Any:
    return (
        refusal(torch.set_default_dtype, torch.int64),
        refusal(torch.set_default_dtype, torch.bool)[0],
        str(torch.get_default_dtype()),
    )
