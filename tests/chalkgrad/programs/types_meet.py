"""Which type comes out when two types meet: rules for tensors, scalars and numbers."""

import torch

dtypes = [
    torch.bool,
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.float16,
    torch.float32,
    torch.float64,
    torch.complex64,
    torch.complex128,
]
for left in dtypes:
    print([str(torch.promote_types(left, right))[6:] for right in dtypes])
for dtype in dtypes:
    vector, scalar = torch.ones(2, dtype=dtype), torch.tensor(1, dtype=dtype)
    met = [vector + 1, vector + 1.5, vector * True, vector / 2, torch.ones(2) + scalar]
    print(dtype, [str(each.dtype)[6:] for each in met], dtype.is_floating_point)

integers = torch.tensor([7, -7])
print(integers / 2, integers // 2, integers % 3, integers**2, integers.float().to(torch.int32))
print(integers > 0, (integers > 0) + 1, (integers > 0).sum(), integers.bool(), ~integers)
print(torch.tensor([1.9, -1.9]).long(), torch.tensor([300]).to(torch.uint8), integers.double())
print(
    torch.tensor([1, 2]).sum().dtype, torch.tensor([True, True]).sum(), torch.sqrt(integers.abs())
)
print(torch.result_type(integers, 1.5))

half = torch.tensor([1.0, 2.0], dtype=torch.float16, requires_grad=True)
(half.double() * 3).sum().backward()
print(half.grad, (half * torch.tensor(1.0, dtype=torch.float64)).dtype)

torch.set_default_dtype(torch.float64)
print(torch.tensor(1.5).dtype, torch.ones(1).dtype, torch.arange(2.0), torch.tensor([1j]).dtype)
torch.set_default_dtype(torch.float32)
print(torch.get_default_dtype())
z = torch.tensor([3 + 4j, 1j])
print(z, z.abs(), z * 1j, z.sum(), z.dtype)
