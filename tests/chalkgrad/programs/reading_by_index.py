# type: ignore
"""Every way to read a part of a tensor: those that share memory, and those that copy."""

import torch

x = torch.arange(24.0).reshape(2, 3, 4).requires_grad_()
rows = torch.tensor([1, 0])
mask = torch.tensor([True, False, True])

reads = {
    "x[0]": x[0],
    "x[-1, 2]": x[-1, 2],
    "x[0, 1, 2]": x[0, 1, 2],
    "x[:, 1:]": x[:, 1:],
    "x[..., ::2]": x[..., ::2],
    "x[:, None, 0]": x[:, None, 0],
    "x[..., -1]": x[..., -1],
    "x[()]": x[()],
    "x[rows]": x[rows],
    "x[[1, 0], [0, 2]]": x[[1, 0], [0, 2]],
    "x[:, [0, 2]]": x[:, [0, 2]],
    "x[rows, :, rows]": x[rows, :, rows],
    "x[:, mask]": x[:, mask],
    "x[:, mask, 1]": x[:, mask, 1],
    "x[x > 20]": x[x > 20],
    "x[rows[:, None], torch.arange(3)]": x[rows[:, None], torch.arange(3)],
    "x[torch.tensor(1)]": x[torch.tensor(1)],
}
for name, part in reads.items():
    (gradient,) = torch.autograd.grad(part.sum(), x)
    reached = (gradient != 0).sum().item()
    print(f"{name:34}{tuple(part.shape)!s:14}{part.grad_fn.name():20}{reached}")
print(x[1, 2], x[rows, 0], x[x > 20], sep="\n")

repeated = torch.autograd.grad(x[torch.tensor([0, 0, 0]), 1, 1].sum(), x)[0]
print(repeated[0])
print(x.select(1, 2).shape)
print([row.sum().item() for row in x], len(x), 3.0 in x)
