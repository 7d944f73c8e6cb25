# type: ignore
"""Each backward adds to what stands in .grad, until it is cleared."""

import torch

x = torch.tensor(2.0, requires_grad=True)
y1 = x**2
y1.backward()
print(x.grad)
y2 = x**3
y2.backward()
print(x.grad)
x.grad.zero_()
print(x.grad)

(x * 5).backward()
kept = x.grad
x.grad = None
(x * 7).backward()
print(kept, x.grad, kept is x.grad)
