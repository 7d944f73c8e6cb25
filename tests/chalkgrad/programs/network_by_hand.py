# type: ignore
"""A network of one hidden layer learns a parabola, with nothing but tensors and backward."""

import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 32).unsqueeze(1)
target = x**2

w1 = torch.randn(1, 16, requires_grad=True)
b1 = torch.zeros(16, requires_grad=True)
w2 = (torch.randn(16, 1) / 4).requires_grad_()
b2 = torch.zeros(1, requires_grad=True)
parameters = [w1, b1, w2, b2]

for step in range(201):
    hidden = torch.tanh(x @ w1 + b1)
    loss = (hidden @ w2 + b2 - target).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= 0.1 * parameter.grad
            parameter.grad.zero_()
    if step % 50 == 0:
        print(f"step {step:3}  loss {loss.item():.4f}")

print(loss.grad_fn.name(), [tuple(parameter.shape) for parameter in parameters])
with torch.no_grad():
    print((torch.tanh(x[::8] @ w1 + b1) @ w2 + b2).squeeze())
