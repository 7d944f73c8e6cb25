"""Gradients are tracked for a tensor that was told so, when it was made or afterwards."""

import torch

x = torch.tensor(5.5)
y = x + 10
print(y)
print(x.requires_grad, y.requires_grad)

x.requires_grad_()
print(x, x.requires_grad, y.requires_grad)
x = torch.tensor(2.0, requires_grad=True)
print(x.requires_grad, (x * 2).requires_grad, x.detach().requires_grad)

v = torch.tensor([1.0, 2.0])
v.requires_grad = True
print(v, (v * v).sum(), v.requires_grad_(False))
for make in (torch.zeros, torch.ones, torch.empty):
    print(make(2, 3, requires_grad=True).requires_grad, make(2).is_leaf)
print(torch.zeros_like(v, requires_grad=True), torch.full((2,), 0.5, requires_grad=True))

try:
    torch.tensor([1.0, 2.0]).sum().backward()
except RuntimeError as refused:
    print(str(refused).splitlines()[0])
