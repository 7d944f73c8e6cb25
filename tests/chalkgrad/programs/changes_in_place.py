# type: ignore
"""Operations that end in an underscore change their tensor, count a version, and may be refused."""

import torch

x = torch.arange(4.0)
same = x
changes = [
    lambda: x.add_(1),
    lambda: x.mul_(torch.tensor([1.0, 2.0, 3.0, 4.0])),
    lambda: x.sub_(0.5).div_(2),
    lambda: x.clamp_(0.5, 5),
    lambda: x.pow_(2),
    lambda: x.neg_().abs_().sqrt_(),
    lambda: x.copy_(torch.tensor([1, 2, 3, 4])),
    lambda: x.masked_fill_(x > 3, 0.0),
    lambda: x.exp_().log_().round_(),
    lambda: x.fill_(7),
    lambda: x.zero_(),
]
for change in changes:
    print(change(), x._version)
print(same is x, x.add_(torch.ones(4), alpha=2))

w = torch.tensor([1.0, -2.0], requires_grad=True)
with torch.no_grad():
    w -= 0.5
    w[0] = 3.0
    w.clamp_(min=-1)
print(w, w._version, w.is_leaf)

y = w * 2
y.add_(1).mul_(w)
print(y.grad_fn.name())
y.sum().backward()
print(w.grad)


def overwrite_leaf():
    w.add_(1)


def overwrite_what_backward_needs():
    result = w.exp()
    result.add_(1)
    result.sum().backward()


def overwrite_a_factor():
    factor = torch.ones(2)
    product = w * factor
    factor[0] = 5
    product.sum().backward()


for refused in (overwrite_leaf, overwrite_what_backward_needs, overwrite_a_factor):
    try:
        refused()
    except RuntimeError as error:
        print(f"{refused.__name__}: {str(error).splitlines()[0][:95]}")
