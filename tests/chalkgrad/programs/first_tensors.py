"""A number, a list, a table and a copy of its shape: the tensors that one meets first."""

import torch

x = torch.tensor(5.5)
print(x, x.dtype, x.shape, x.dim(), x.requires_grad)

answer = torch.tensor(42)
counted = torch.tensor([1, 2, 3, 4, 5])
torch.manual_seed(0)
table = torch.randn(2, 3)
print(answer, counted, table, torch.ones_like(table), sep="\n")

for value in (5, [1, 2, 3], [[1, 2], [3, 4]], [[[1.0], [2.0]], [[3.0], [4.0]]]):
    tensor = torch.tensor(value)
    print(tensor.dim(), tensor.ndim, tensor.shape, tensor.size(), tensor.numel(), tensor.dtype)

for value in (True, 1, 1.0, 1j, [1, 2.5], [True, 2], []):
    print(value, "is", torch.tensor(value), torch.tensor(value).dtype)
for dtype in (torch.float32, torch.int64, torch.bool, torch.complex64, torch.float16):
    print(torch.tensor([1.0, 2.0], dtype=dtype))
