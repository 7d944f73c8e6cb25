# type: ignore
"""Whole tables of derivatives, and products with them from the left and from the right."""

import torch
from torch.autograd import functional


def polar(p):
    return torch.stack([p[0] * torch.cos(p[1]), p[0] * torch.sin(p[1])])


def energy(p, q):
    return (p**2).sum() * q.exp().sum()


point = torch.tensor([2.0, 0.5], dtype=torch.float64)
other = torch.tensor([0.0, 1.0, -1.0], dtype=torch.float64)
direction = torch.tensor([1.0, -1.0], dtype=torch.float64)

print(functional.jacobian(polar, point))
value, pulled = functional.vjp(polar, point, direction)
print(value, pulled, sep="\n")
value, pushed = functional.jvp(polar, point, direction)
print(value, pushed, sep="\n")
print(torch.allclose(functional.jacobian(polar, point) @ direction, pushed))

print(functional.hessian(lambda p: energy(p, other), point))
for row in functional.hessian(energy, (point, other)):
    print([tuple(block.shape) for block in row])
print(functional.jacobian(energy, (point, other)))

x = point.clone().requires_grad_()
rows = [torch.autograd.grad(each, x, retain_graph=True)[0] for each in polar(x)]
print(torch.equal(torch.stack(rows), functional.jacobian(polar, point)))
print(torch.autograd.gradcheck(polar, x), torch.autograd.gradgradcheck(polar, x))
