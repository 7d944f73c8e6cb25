"""The same seed, the same numbers: uniform, normal, whole, shuffled, and dropped."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(42)
print(torch.rand(3), torch.rand(2, 2, dtype=torch.float64), sep="\n")
print(torch.randn(3), torch.randn(4, 5), torch.randn(2, dtype=torch.float64), sep="\n")
print(torch.randint(10, (8,)), torch.randint(-5, 5, (2, 3)), torch.randperm(8), sep="\n")
print(torch.rand_like(torch.ones(2)), torch.randn_like(torch.ones(2, 2)), sep="\n")
print(torch.empty(3).uniform_(-1, 1), torch.empty(3).normal_(10, 2), sep="\n")
print(F.dropout(torch.ones(10), 0.4))

layer = nn.Linear(3, 2)
print(layer.weight, layer.bias, nn.Embedding(2, 3).weight, sep="\n")
print(nn.init.xavier_uniform_(torch.empty(2, 3)), nn.init.kaiming_normal_(torch.empty(2, 3)))

torch.manual_seed(7)
first = torch.randn(5)
torch.manual_seed(7)
print(torch.equal(first, torch.randn(5)), torch.equal(first, torch.randn(5)))
