"""A stride says how far apart in memory neighbours lie; transposing changes strides, not memory."""

import torch

x = torch.randn(5, 3)
print(x.stride(), x.stride(0), x.is_contiguous())

turned = x.t()
print(turned.shape, turned.stride(), turned.is_contiguous(), turned.data_ptr() == x.data_ptr())
copied = turned.contiguous()
print(copied.stride(), copied.is_contiguous(), copied.data_ptr() == x.data_ptr())

views = {
    "x[1]": x[1],
    "x[:, 1]": x[:, 1],
    "x[1:, ::2]": x[1:, ::2],
    "x[None]": x[None],
    "x.view(3, 5)": x.view(3, 5),
    "x.reshape(15)": x.reshape(15),
    "x.unsqueeze(1).expand(5, 4, 3)": x.unsqueeze(1).expand(5, 4, 3),
}
for name, view in views.items():
    print(f"{name:32}{tuple(view.shape)!s:12}{view.stride()!s:12}{view.storage_offset()}")
try:
    turned.view(15)
except RuntimeError as refused:
    print(str(refused).splitlines()[0])
