# type: ignore
"""A straight line through points, by gradient descent in six lines."""

import torch

X = torch.tensor([0.0, 1.0, 2.0, 3.0])
Y = 2 * X + 1
w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
for step in range(20):
    loss = ((w * X + b - Y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    w.grad, b.grad = None, None
    if step % 5 == 0:
        print(f"{loss:.3f} {w.item():.3f} {b.item():.3f}", loss.grad_fn.name())
print(w._version, w.is_leaf, w.requires_grad)
