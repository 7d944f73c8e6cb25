"""Shapes stretch to fit one another, and gradients add up along what was stretched."""

import torch

column = torch.tensor([[1.0], [2.0], [3.0]], requires_grad=True)
row = torch.tensor([10.0, 20.0], requires_grad=True)
scalar = torch.tensor(2.0, requires_grad=True)
table = column * row + scalar
print(table)
table.sum().backward()
print(column.grad, row.grad, scalar.grad, sep="\n")

for left, right in (
    ((3, 1), (1, 2)),
    ((2,), (3, 1)),
    ((4, 1, 3), (2, 1)),
    ((), (2, 2)),
    ((0, 1), (3,)),
):
    print(left, right, (torch.ones(left) + torch.ones(right)).shape)
print(torch.broadcast_shapes((3, 1), (2,)), torch.broadcast_tensors(column, row)[1])

points = torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
distances = (points[:, None] - points[None, :]).pow(2).sum(-1).sqrt()
print(distances)

x = torch.ones(3, requires_grad=True)
x.expand(4, 3).sum().backward()
print(x.grad, x.expand(4, 3).stride())
try:
    print(torch.ones(3, 2) + torch.ones(3))
except RuntimeError as refused:
    print(str(refused).splitlines()[0])
