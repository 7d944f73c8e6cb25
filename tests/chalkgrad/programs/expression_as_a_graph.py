"""y = 3x² + 2x + 1, in one line, step by step, and as the graph that both leave behind."""

import torch


def walk(node, depth=0):
    print("    " * depth + node.name())
    for parent, _ in node.next_functions:
        if parent is not None:
            walk(parent, depth + 1)


x = torch.tensor(2.0, requires_grad=True)
y = 3 * x**2 + 2 * x + 1
y.backward()
print(y, x.grad)
walk(y.grad_fn)

x.grad = None
z1 = x**2
z2 = 3 * z1
z3 = 2 * x
z4 = z2 + z3
z5 = z4 + 1
z5.backward()
print(z1, z2, z3, z4, z5, x.grad, sep="\n")
walk(z5.grad_fn)

x, y = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
z = torch.sin((x + y) * y)
z.backward()
print(z, x.grad, y.grad)
walk(z.grad_fn)
