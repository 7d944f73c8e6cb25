# type: ignore
"""A view shares its memory: writing through it changes the whole, and gradients know."""

import torch

x = torch.zeros(3, 4)
row, column = x[1], x[:, 2]
row.fill_(1.0)
column += 5
x.t()[0, 2] = 9.0
x.view(-1)[-1] = -1.0
x[0, 1:].mul_(10)
print(x, row, column, x._version, row._version, row._base is x, sep="\n")

a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
board = torch.zeros(2, 3)
board[0] = a * 2
board[1, :2] = a[1:] ** 2
print(board.grad_fn.name(), board.requires_grad, board.is_leaf)
board.sum().backward()
print(board.detach(), a.grad, sep="\n")

a.grad = None
doubled = a * 2
head = doubled[:2]
head.mul_(a[:2])
print(head.grad_fn.name(), doubled.grad_fn.name(), doubled.detach())
(doubled * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
print(a.grad)

a.grad = None
whole = a + 0
part = whole[1]
whole.mul_(3)
print(part.item(), part.grad_fn.name())
part.backward()
print(a.grad)

for left, right in (torch.arange(6).view(2, 3).unbind(),):
    left += right
    print(left, right)
