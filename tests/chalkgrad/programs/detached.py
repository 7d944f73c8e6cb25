# type: ignore
"""detach and .data cut a value out of the graph; the value itself is still shared."""

import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
print(y.grad_fn.name(), y.detach(), y.detach().grad_fn, x.data, x.data.requires_grad)

cut = x.detach() * x
cut.sum().backward()
print(x.grad)

x.detach()[0] = 10.0
x.data[1] = 20.0
print(x, x.detach().data_ptr() == x.data_ptr(), x._version)

one = torch.tensor([1.0], requires_grad=True)
print(one * 2, (one * 2).grad_fn, one.grad_fn, one.clone().grad_fn.name())
