"""The slope of (x-3)(x-6)(x-4), at one point and along a range."""

import torch

x = torch.tensor(2.0, requires_grad=True)
y = (x - 3) * (x - 6) * (x - 4)
print(x, y, x.is_leaf, y.is_leaf, x.grad)
y.backward()
print(x.grad)

for start in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]:
    x = torch.tensor(start, requires_grad=True)
    y = (x - 3) * (x - 6) * (x - 4)
    y.backward()
    print(f"At x={start}, gradient = {x.grad}")
    x.grad = None

steps = torch.linspace(0, 10, 6, requires_grad=True)
curve = (steps - 3) * (steps - 6) * (steps - 4)
curve.sum().backward()
print(curve, steps.grad, sep="\n")
