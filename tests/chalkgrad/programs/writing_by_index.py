# type: ignore
"""Every way to write a part of a tensor, and what its gradient then is."""

import torch


def board():
    return torch.zeros(3, 4, dtype=torch.int64)


def write_item(x):
    x[0, 0] = 1


def write_slice(x):
    x[1:, ::2] = torch.tensor([[1, 2], [3, 4]])


def write_row_spread(x):
    x[:] = torch.arange(4)


def write_column(x):
    x[..., -1] = torch.tensor([7, 8, 9])


def write_mask(x):
    x[torch.eye(3, 4, dtype=torch.bool)] = 5


def write_pairs(x):
    x[torch.tensor([0, 1, 2]), [3, 2, 1]] = torch.tensor([1, 2, 3])


def write_by_list(x):
    x[[2, 0]] += 1


def write_new_dimension(x):
    x[None, 0] = torch.ones(1, 4)


def scatter(x):
    x.scatter_(1, torch.tensor([[0], [1], [2]]), 6)


for write in (
    write_item,
    write_slice,
    write_row_spread,
    write_column,
    write_mask,
    write_pairs,
    write_by_list,
    write_new_dimension,
    scatter,
):
    x = board()
    write(x)
    print(write.__name__, x._version, x, sep="\n")

value = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.ones(4, requires_grad=True)
y = x * 3
y[torch.tensor([0, 2])] = value * 2
y[1] = value[0]
print(y.grad_fn.name(), y.detach())
(y * torch.tensor([1.0, 10.0, 100.0, 1000.0])).sum().backward()
print(x.grad, value.grad)
