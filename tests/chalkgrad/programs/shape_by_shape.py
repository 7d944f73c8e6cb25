"""Looking at shapes before an operation, and changing them so that it succeeds."""

import torch

t = torch.arange(12.0)
other = torch.ones(3, 4)
print(t.shape, other.shape)
try:
    print(t + other)
except RuntimeError as refused:
    print(str(refused).splitlines()[0])
t = t.view(3, 4)
print(t + other)
t = t.unsqueeze(0)
print(t, t.shape, t.size(-1), t.squeeze(0).shape)

shapes = {
    "view(-1)": t.view(-1),
    "view(2, -1)": t.view(2, -1),
    "reshape(4, 3)": t.reshape(4, 3),
    "flatten(1)": t.flatten(1),
    "permute(2, 0, 1)": t.permute(2, 0, 1),
    "transpose(1, 2)": t.transpose(1, 2),
    "mT": t.mT,
    "expand(5, -1, -1)": t.expand(5, -1, -1),
    "cat": torch.cat([t, t], dim=1),
    "stack": torch.stack([t, t], dim=-1),
}
for name, result in shapes.items():
    print(f"{name:22}{result.shape}")
print(torch.ones(2, 3).unbind(1), torch.arange(4).flip(0))
