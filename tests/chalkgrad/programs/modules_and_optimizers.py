# type: ignore
"""The same small network trained by every optimizer, from the same start."""

import torch
from torch import nn

torch.manual_seed(1)
inputs = torch.rand(64, 2) * 2 - 1
labels = ((inputs[:, 0] * inputs[:, 1]) > 0).float().unsqueeze(1)


class Network(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, width), nn.Tanh())
        self.head = nn.Linear(width, 1)
        self.register_buffer("calls", torch.tensor(0))

    def forward(self, x):
        self.calls += 1
        return self.head(self.body(x))


optimizers = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.5),
    "SGD, momentum": lambda parameters: torch.optim.SGD(
        parameters, lr=0.1, momentum=0.9, weight_decay=1e-3, nesterov=True
    ),
    "Adam": lambda parameters: torch.optim.Adam(parameters, lr=0.05),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.05, weight_decay=0.1),
    "RMSprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.01),
}
criterion = nn.BCEWithLogitsLoss()
for name, make in optimizers.items():
    torch.manual_seed(2)
    network = Network(8)
    optimizer = make(network.parameters())
    for _ in range(40):
        optimizer.zero_grad()
        loss = criterion(network(inputs), labels)
        loss.backward()
        optimizer.step()
    right = ((network(inputs) > 0) == labels.bool()).float().mean()
    print(f"{name:15}loss {loss.item():.3f}  right {right.item():.0%}  calls {network.calls}")

print(network)
print(optimizer)
for name, parameter in network.named_parameters():
    print(name, tuple(parameter.shape), parameter.requires_grad, parameter.dtype)
print([name for name, _ in network.named_modules()], network.training, network.eval().training)
