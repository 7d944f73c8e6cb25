"""Sorting, the largest few, running sums, and how gradients find their way back through them."""

import torch

x = torch.tensor([[3.0, 1.0, 2.0], [0.5, -1.0, 4.0]], requires_grad=True)
ordered, places = x.sort(dim=1, descending=True)
print(ordered, places, x.argsort(1), sep="\n")
(ordered * torch.tensor([100.0, 10.0, 1.0])).sum().backward()
print(x.grad)

best = x.topk(2)
print(best, best.values.shape, best.indices.dtype)
x.grad = None
best.values.prod().backward()
print(x.grad)

x.grad = None
x.cumsum(1)[:, -1].sum().backward()
print(x.cumsum(0), x.cumprod(1).detach(), x.grad, sep="\n")
print(x.max(), x.min(1), x.argmax(), x.argmin(0), x.amax(1), sep="\n")

tied = torch.tensor([2.0, 2.0, 1.0], requires_grad=True)
for reduce in (lambda t: t.max(), lambda t: t.amax(0), lambda t: t.max(0).values):
    print(torch.autograd.grad(reduce(tied), tied)[0])
print(torch.sort(torch.tensor([2, 1, 2, 1]), stable=True))
