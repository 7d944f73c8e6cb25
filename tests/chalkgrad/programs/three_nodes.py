# type: ignore
"""The smallest network, x to y to z, and the graph that it leaves behind."""

import torch

x = torch.tensor(1.0, requires_grad=True)
y = x**3
y.retain_grad()
z = 5 * y - 4
print(x, y, z, sep="\n")

z.backward()
print(x.grad, y.grad, x.grad == 5 * 3 * x.detach() ** 2)
print(x.grad_fn, y.grad_fn, z.grad_fn.name(), z.grad_fn.next_functions)
