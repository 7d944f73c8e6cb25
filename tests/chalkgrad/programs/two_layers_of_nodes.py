"""Two inputs, two hidden nodes and one output: both inputs reach the output along two paths."""

import torch

x11 = torch.tensor(2.0, requires_grad=True)
x21 = torch.tensor(3.0, requires_grad=True)

x12 = 5 * x11 - 3 * x21
x22 = 2 * x11**2 + 2 * x21
y = 4 * x12 + 3 * x22
print(x12, x22, y, sep="\n")

y.backward()
print(f"Gradient of x11: {x11.grad}")
print(f"Gradient of x21: {x21.grad}")

inputs = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
hidden = torch.tensor([[1.0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 1, 1]]) @ inputs
outputs = torch.tensor([[1.0, 1, 1, 1], [1, -1, 1, -1]]) @ hidden
for output in outputs:
    print(output, torch.autograd.grad(output, inputs, retain_graph=True))
outputs.sum().backward()
print(inputs.grad)
