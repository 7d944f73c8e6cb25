"""What is said when something is wrong: the type of the exception, and often its first line."""

import torch

MISTAKES = """
torch.tensor(2.0).backward()
torch.ones(2, requires_grad=True).backward()
x = torch.tensor(2.0, requires_grad=True); y = x**2; y.backward(); y.backward()
x = torch.ones(2, requires_grad=True); torch.autograd.grad(x * 2, x)
x = torch.ones(1, requires_grad=True); torch.autograd.grad(x, torch.ones(1))
x, y = torch.ones(2, requires_grad=True); torch.autograd.grad(x, y)
torch.tensor([1, 2]).requires_grad_()
torch.ones(2, requires_grad=True).add_(1)
x = torch.ones(3, requires_grad=True); x[0] = 5
torch.ones(2, requires_grad=True).numpy()
torch.ones(2).retain_grad()
torch.ones(2).register_hook(print)
torch.ones(2, 3) + torch.ones(2, 4)
torch.ones(2, 3) @ torch.ones(2, 3)
torch.ones(2, 3) @ torch.ones(3, 2, dtype=torch.float64)
torch.ones(2, 3, 4).t()
torch.ones(2, 3).sum(2)
torch.ones(2, 3).transpose(0, 2)
torch.stack([])
torch.ones(3)[::-1]
torch.ones(3)[torch.tensor([0.0, 1.0])]
torch.ones(2).item()
for each in torch.tensor(1.0): pass
torch.tensor([[1, 2], [3]])
torch.tensor(None)
torch.ones(2) + "a"
torch.exp(3.0)
torch.ones(3).add_(torch.ones(2, 3))
torch.ones(3).topk(4)
torch.ones(2).no_such_method()
torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.tensor([0, 3]))
torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1, 2]))
torch.nn.functional.embedding(torch.tensor([5]), torch.ones(3, 2))
torch.nn.functional.layer_norm(torch.ones(2, 3), (4,))
torch.nn.Linear(3, 2)(torch.ones(1, 2))
torch.nn.Linear(3, 2).wight
torch.nn.Linear(3, 2).load_state_dict({})
torch.optim.SGD([], lr=0.1)
torch.optim.SGD([torch.ones(2)], lr=-1.0)
torch.set_default_dtype(torch.int64)
with torch.no_grad(): torch.ones(2, requires_grad=True).sum().backward()
"""
MISTAKES_IN_OTHER_WORDS = """
x = torch.ones(2, requires_grad=True); y = x.exp(); y.add_(1); y.sum().backward()
torch.ones(6).view(4, 2)
torch.ones(6).reshape(-1, 4)
torch.ones(6).view(-1, -1)
torch.ones(2, 3).t().view(6)
torch.ones(3)[3]
torch.ones(3)[0, 0]
torch.ones(3)[torch.tensor([0, 3])]
len(torch.tensor(1.0))
torch.ones(2, 3).permute(0, 0)
x = torch.ones(2, requires_grad=True); (x * 2).backward(torch.ones(3))
torch.tensor([1, 2], requires_grad=True)
(torch.ones(2, requires_grad=True) * 2).requires_grad_(False)
x = torch.ones(2); x.grad = torch.ones(3)
x = torch.ones(2); x.grad = 3
torch.ones(3) @ torch.ones(4)
torch.ones(2, 3) @ torch.ones(2)
torch.ones(2).mm(torch.ones(2, 3))
torch.ones(2).expand(3, 4)
torch.cat([torch.ones(2, 3), torch.ones(3, 2)])
torch.stack([torch.ones(2), torch.ones(3)])
torch.tensor(1.0)[0]
torch.ones(3)[1.5]
torch.ones(3)[torch.tensor([True, False])]
x = torch.ones(3); x[:2] = torch.ones(3)
float(torch.ones(2))
if torch.ones(2): pass
torch.ones(2, -3)
torch.arange(0, 3, 0)
torch.tensor([1, 2]).mean()
torch.tensor([True]) - torch.tensor([True])
-torch.tensor([True])
torch.tensor([1, 2]).add_(0.5)
torch.ones(1).expand(3).add_(1)
torch.gather(torch.ones(2, 2), 0, torch.tensor([[2]]))
"""

for mistake in (MISTAKES + MISTAKES_IN_OTHER_WORDS).split("\n"):
    print(mistake)
    try:
        exec(mistake, {"torch": torch})
    except Exception as error:
        words = str(error).splitlines()[0] if mistake in MISTAKES else "..."
        print(f"    {type(error).__name__}: {words}")
