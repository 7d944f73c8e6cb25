"""Every way to make a tensor, and which of them copy."""

import numpy as np
import torch

made = [
    torch.zeros(2, 3),
    torch.zeros((2, 3), dtype=torch.int32),
    torch.ones(2),
    torch.full((2, 2), 7),
    torch.full((2,), 0.5),
    torch.arange(5),
    torch.arange(1, 2, 0.25),
    torch.arange(5, 0, -2),
    torch.linspace(0, 1, 5),
    torch.eye(2, 3),
    torch.zeros_like(torch.ones(2, dtype=torch.bool)),
    torch.full_like(torch.ones(2), 3),
    torch.tensor(np.float32(2.5)),
    torch.tensor((1, 2.0)),
    torch.tensor([torch.tensor(1.0), torch.tensor(2.0)]),
    torch.tensor(np.arange(3, dtype=np.int16)),
]
for tensor in made:
    print(tensor, tensor.dtype, tensor.stride())
print(torch.empty(2, 3).shape, torch.empty(0).numel(), torch.empty_like(torch.ones(4)).shape)

array = np.zeros(3)
shared, also_shared, copied = torch.from_numpy(array), torch.as_tensor(array), torch.tensor(array)
array[0] = 1
shared[1] = 2
print(array, shared, also_shared, copied, sep="\n")
print(torch.as_tensor(shared) is shared, shared.numpy() is array, np.asarray(shared))

x = torch.tensor([1.0, 2.0], requires_grad=True)
print(np.float64(10) * x, x.detach() * np.array([10.0, 20.0]), x.tolist())
print(x[0].item(), int(x[1]), float(x[0]), bool(x[0] > 0), list(range(3))[torch.tensor(1)])
print(isinstance(x, torch.Tensor), torch.is_tensor(x), torch.is_tensor(array), type(x).__name__)
for row, twin in zip(torch.eye(2), torch.eye(2).tolist(), strict=True):
    print(row, twin)
