# type: ignore
"""Four small batches, one step: the same gradient as one large batch, with less memory."""

import torch
from torch import nn

torch.manual_seed(0)
inputs, targets = torch.randn(32, 5), torch.randn(32, 1)
model = nn.Linear(5, 1)

nn.functional.mse_loss(model(inputs), targets).backward()
whole = [parameter.grad.clone() for parameter in model.parameters()]

model.zero_grad()
print([parameter.grad for parameter in model.parameters()])
for some_inputs, some_targets in zip(inputs.view(4, 8, 5), targets.view(4, 8, 1), strict=True):
    loss = nn.functional.mse_loss(model(some_inputs), some_targets)
    (loss / 4).backward()
    print(f"{model.weight.grad.norm().item():.4f}", model.weight.grad._version)

for parameter, expected in zip(model.parameters(), whole, strict=True):
    print(torch.allclose(parameter.grad, expected, atol=1e-6), parameter.grad)
