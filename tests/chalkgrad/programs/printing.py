"""How tensors print: one layout for whole numbers, one for fractions, one for the very large."""

import math

import torch

torch.manual_seed(0)
several = [
    torch.tensor(3),
    torch.tensor(3.0),
    torch.tensor(1 / 3),
    torch.tensor(1e-8),
    torch.tensor(123456789.0),
    torch.tensor([]),
    torch.empty(0, 3),
    torch.empty(2, 0, dtype=torch.int64),
    torch.tensor([1.0, 2.0, 3.0]),
    torch.tensor([1.0, 2.5, -3.25]),
    torch.tensor([0.1, 100.0, 1000.0]),
    torch.tensor([1e-5, 1.0]),
    torch.tensor([1e10, 1.0]),
    torch.tensor([0.00012, 0.5, 99999.0]),
    torch.tensor([math.nan, math.inf, -math.inf, 1.5]),
    torch.tensor([math.nan, 2.0]),
    torch.tensor([-0.0, 0.0]),
    torch.tensor([True, False]),
    torch.tensor([1, -200, 30]),
    torch.tensor([1, 2], dtype=torch.int32),
    torch.tensor([0.1, 0.2], dtype=torch.float64),
    torch.tensor([0.1, 65504.0], dtype=torch.float16),
    torch.tensor([1 + 2j, -0.5j]),
    torch.tensor(1 - 1j, dtype=torch.complex128),
    torch.arange(24).reshape(2, 3, 4),
    torch.arange(40.0) / 7,
    torch.randn(3, 12),
    torch.arange(1001),
    torch.zeros(60, 60),
    torch.arange(2000.0).view(2, 10, 100),
]
for tensor in several:
    print(tensor)

x = torch.tensor([1.0, 2.0], requires_grad=True)
graph = [x, x * 2, (x * 2).sum(), x.double(), x[0], x[None], x.detach(), x.clone().requires_grad_()]
for tensor in graph:
    print(tensor)
print(f"{x.sum():.3f} {torch.tensor(7):>5} {torch.tensor(True)} {x}", str(x), repr(x), [x])
print(x.shape, torch.Size([2, 3]), x.dtype, x.device, torch.Size([2, 3]).numel())
print(torch.ones(2, 2).max(0), torch.tensor([3, 1, 2]).sort(), sep="\n")
