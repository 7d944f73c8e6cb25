# type: ignore
"""A recurrent network carries a state along; gradients flow back through all its steps."""

import torch
from torch import nn


class Recurrent(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.from_input = nn.Linear(1, width)
        self.from_state = nn.Linear(width, width, bias=False)
        self.read = nn.Linear(width, 1)
        self.width = width

    def forward(self, sequence):
        state = torch.zeros(sequence.size(1), self.width)
        outputs = []
        for entry in sequence:
            state = torch.tanh(self.from_input(entry) + self.from_state(state))
            outputs.append(self.read(state))
        return torch.stack(outputs)


torch.manual_seed(0)
sequence = torch.randint(0, 2, (6, 8, 1)).float()
parity = sequence.cumsum(0) % 2
target = torch.cat([parity[-1:], parity[:-1]])
model = Recurrent(12)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for step in range(31):
    loss = nn.functional.mse_loss(model(sequence), target)
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 10 == 0:
        print(f"step {step:2}  loss {loss.item():.3f}  norm {norm.item():.2f}")
print(model)

first = sequence.clone().requires_grad_()
model(first)[-1].sum().backward()
print([f"{each:.1e}" for each in first.grad.abs().mean((1, 2)).tolist()])
for depth in (1, 5, 10, 20):
    x = torch.tensor(0.5, requires_grad=True)
    y = x
    for _ in range(depth):
        y = torch.sigmoid(y)
    y.backward()
    print(depth, f"{x.grad:.2e}")
