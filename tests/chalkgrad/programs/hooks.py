"""Hooks watch a gradient come by, or change it; retain_grad keeps it."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
y.retain_grad()
handle = y.register_hook(lambda gradient: print("at y:", gradient))
x.register_hook(lambda gradient: gradient * 10)
z = (y**2).sum()
z.backward()
print(y.grad, x.grad, y.retains_grad, x.retains_grad)

handle.remove()
x.grad = None
(x * 3).sum().backward()
print(x.grad)

a = torch.tensor(1.0, requires_grad=True)
b = a * 2
b.register_hook(lambda gradient: gradient + 1)
b.register_hook(lambda gradient: gradient * 100)
b.retain_grad()
(b * 5).backward()
print(b.grad, a.grad)
