# type: ignore
"""The graph can be walked: its nodes, their order, and where leaves hang."""

import torch

a = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(1.5, requires_grad=True)
c = a * b
d = (c + a).relu() * c.exp()
print(d)


def describe(node, seen, depth=0):
    first_time = node not in seen
    seen.add(node)
    print("  " * depth + node.name() + ("" if first_time else " (again)"))
    if first_time:
        for parent, _ in node.next_functions:
            if parent is None:
                print("  " * (depth + 1) + "no gradient wanted")
            else:
                describe(parent, seen, depth + 1)


describe(d.grad_fn, set())
print(c.grad_fn is c.grad_fn, c.grad_fn.next_functions[0][0].variable is a)
describe((a.detach() * b).grad_fn, set())

left, right = torch.stack([a, b]).unbind()
print(left.grad_fn.name(), right.grad_fn is left.grad_fn, len(right.grad_fn.next_functions))
print(c.grad_fn.next_functions[1][0].variable, type(d.grad_fn).__name__)
describe((torch.cat([a[None], b[None]]) @ torch.ones(2)).grad_fn, set())
