"""Many numbers become few: sums, means, spreads and questions, along any dimension."""

import torch

x = torch.tensor([[1.0, 2.0, 4.0], [-1.0, 0.5, 3.0]], requires_grad=True)
reductions = {
    "sum": lambda t: t.sum(),
    "sum(0)": lambda t: t.sum(0),
    "sum(1, keepdim)": lambda t: t.sum(1, keepdim=True),
    "sum((0, 1))": lambda t: t.sum((0, 1)),
    "mean": lambda t: t.mean(),
    "mean(-1)": lambda t: t.mean(-1),
    "prod": lambda t: t.prod(),
    "prod(0)": lambda t: t.prod(0),
    "var": lambda t: t.var(),
    "var(0, correction=0)": lambda t: t.var(0, correction=0),
    "std(1)": lambda t: t.std(1),
    "norm": lambda t: t.norm(),
    "logsumexp(1)": lambda t: t.logsumexp(1),
    "amax(0)": lambda t: t.amax(0),
    "softmax(1)[:, 0]": lambda t: t.softmax(1)[:, 0],
}
for name, reduce in reductions.items():
    result = reduce(x)
    (gradient,) = torch.autograd.grad(result.sum(), x)
    print(name, result, gradient, sep="\n    ")
print((x > 0).all(), (x > 3).any(1), (x > 1).sum(), x.isnan().any())
print(torch.ones(0).sum(), torch.ones(0).prod(), torch.ones(0).mean(), torch.ones(3, 0).sum(1))
print(torch.equal(x, x.clone()), torch.allclose(x, x + 1e-9), torch.isclose(x, x.round()))
