# type: ignore
"""retain_graph keeps a graph for another walk; create_graph records the walk itself."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x**3).sum()
y.backward(retain_graph=True)
y.backward()
print(x.grad)
try:
    y.backward()
except RuntimeError as refused:
    print(str(refused).splitlines()[0])

z = torch.tensor(0.7, requires_grad=True)
derivative = torch.sin(z)
for order in range(5):
    print(order, f"{derivative.item():.4f}", derivative.grad_fn.name())
    (derivative,) = torch.autograd.grad(derivative, z, create_graph=True)

x.grad = None
(gradient,) = torch.autograd.grad((x**2).sum(), x, create_graph=True)
penalty = (gradient.norm() - 1) ** 2
penalty.backward()
print(penalty, x.grad)

unused = torch.ones(1, requires_grad=True)
print(torch.autograd.grad(x.prod(), [x, unused], allow_unused=True))
print(torch.autograd.grad(x.prod(), [x, unused], materialize_grads=True))
print(torch.autograd.grad([x.sum(), x * 2], x, [None, torch.tensor([1.0, 3.0])]))

x.grad = None
y = x * x
y.sum().backward()
print(x.grad)
