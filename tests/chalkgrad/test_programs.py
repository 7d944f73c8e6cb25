"""Whole programs print the same with `import chalkgrad as torch`: the module's, and longer ones.

What would be lost: that a lesson can run its cells under either engine.
"""

from __future__ import annotations

import contextlib
import io
import re

import pytest

PROGRAMS = {
    "automatic gradients": """
x = torch.tensor(2.0, requires_grad=True)
y = (x-3) * (x-6) * (x-4)
print(y, x)
y.backward()
print(x.grad)
print(y.is_leaf, x.is_leaf, x.grad_fn)
""",
    "try it yourself": """
for x_val in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]:
    x = torch.tensor(x_val, requires_grad=True)
    y = (x-3) * (x-6) * (x-4)
    y.backward()
    print(f"At x={x_val}, gradient = {x.grad}")
    x.grad = None
""",
    "simple networks": """
x = torch.tensor(1.0, requires_grad=True)
y = x**3
y.retain_grad()
z = 5*y - 4
print(y, z)
z.backward()
print(x.grad, y.grad)
""",
    "what are tensors": """
x = torch.tensor(5.5)
print(x, x.dtype, x.shape, x.dim(), x.requires_grad)
a = torch.tensor(42)
b = torch.tensor([1, 2, 3, 4, 5])
c = torch.randn(2, 3)
d = torch.ones_like(c)
print(a, b, c.shape, d)
print(torch.tensor([1.0, 2.0], dtype=torch.float16))
for value in (True, 1, 1.0, 1j, [1, 2.5], [True, 2]):
    print(torch.tensor(value), torch.tensor(value).dtype)
print(torch.tensor(np.array([1.0])))
""",
    "strides": """
x = torch.randn(5, 3)
print(x.stride(), x.t().stride(), x.t().is_contiguous())
print(torch.tensor(5).dim(), torch.tensor([1, 2, 3]).shape, torch.tensor([[1, 2], [3, 4]]).size())
""",
    "expression": """
x = torch.tensor(2.0, requires_grad=True)
y = 3*x**2 + 2*x + 1
y.backward()
print(y, x.grad)
node = y.grad_fn
while node is not None:
    print(node.name(), [each and each.name() for each, _ in node.next_functions])
    node = node.next_functions[0][0] if node.next_functions else None
""",
    "linear algebra": """
A = torch.tensor([[1, 2], [3, 4]])
B = torch.tensor([[5, 6], [7, 8]])
print(A + B, A * B, A @ B, torch.matmul(A, B))
""",
    "basic tensors": """
x = torch.tensor(5.5)
y = x + 10
print(y)
print(x.requires_grad)
x.requires_grad_()
print(x, y.requires_grad)
""",
    "accumulation": """
x = torch.tensor(2.0, requires_grad=True)
y1 = x**2
y1.backward()
print(x.grad)
y2 = x**3
y2.backward()
print(x.grad)
x.grad.zero_()
print(x.grad)
""",
    "multi-layer": """
x11 = torch.tensor(2.0, requires_grad=True)
x21 = torch.tensor(3.0, requires_grad=True)
x12 = 5 * x11 - 3 * x21
x22 = 2 * x11**2 + 2 * x21
y = 4 * x12 + 3 * x22
print(x12, x22, y)
y.backward()
print(f"Gradient of x11: {x11.grad}")
print(f"Gradient of x21: {x21.grad}")
""",
    "pitfalls": """
t = torch.arange(12.)
print(t.shape)
t = t.view(3, 4)
t = t.unsqueeze(0)
print(t, t.shape)
if t.device != t.sum().device:
    print("never")
x = torch.tensor([1.0], requires_grad=True)
y = x * 2
print(y, y.grad_fn, x.detach())
""",
    "jacobian of a small network": """
x = torch.tensor([1., 2., 3.], requires_grad=True)
W1 = torch.tensor([[1., 0, 1], [0, 1, 1], [1, 1, 0], [1, 1, 1]])
W2 = torch.tensor([[1., 1, 1, 1], [1, -1, 1, -1]])
h = W1 @ x
y = W2 @ h
print(h, y)
for row in range(2):
    print(torch.autograd.grad(y[row], x, retain_graph=True))
y.sum().backward()
print(x.grad)
""",
    "linear regression": """
X = torch.tensor([0., 1., 2., 3.])
Y = 2 * X + 1
w = torch.tensor(0., requires_grad=True)
b = torch.tensor(0., requires_grad=True)
for step in range(20):
    loss = ((w * X + b - Y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    w.grad, b.grad = None, None
    if step % 5 == 0:
        print(f"{loss:.3f} {w.item():.3f} {b.item():.3f}", loss.grad_fn)
""",
    "classes": """
scores = torch.tensor([[1., 3., 2.], [0.5, 0.25, 4.]], requires_grad=True)
p = scores.exp() / scores.exp().sum(1, keepdim=True)
print(p, p.max(1), p.argmax(dim=1))
loss = -torch.log(p[torch.arange(2), torch.tensor([1, 2])]).mean()
loss.backward()
print(loss, scores.grad)
""",
    "Newton's method": """
x = torch.tensor(3.0, requires_grad=True)
for _ in range(5):
    f = x**4 - 3*x**2 + 2
    (d1,) = torch.autograd.grad(f, x, create_graph=True)
    (d2,) = torch.autograd.grad(d1, x)
    with torch.no_grad():
        x -= d1 / d2
    print(x, d2)
""",
    "vanishing": """
for depth in (1, 5, 10, 20):
    x = torch.tensor(0.5, requires_grad=True)
    y = x
    for _ in range(depth):
        y = torch.sigmoid(y)
    y.backward()
    print(depth, f"{x.grad:.2e}")
""",
    "a hidden layer": """
x = torch.linspace(-1, 1, 8).unsqueeze(1)
w1 = torch.linspace(-2, 2, 5).reshape(1, 5).requires_grad_()
b1 = torch.zeros(5, requires_grad=True)
w2 = torch.ones(5, 1, requires_grad=True)
for step in range(3):
    h = torch.relu(x @ w1 + b1)
    loss = ((h @ w2 - x**2) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in (w1, b1, w2):
            p -= 0.1 * p.grad
            p.grad.zero_()
    print(loss)
print(w1, b1, w2)
""",
}


def printed(program: str, engine: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(f"import {engine} as torch\nimport numpy as np\n{program}", {})
    return re.sub(r"0x[0-9a-f]+", "0x…", out.getvalue())


@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_the_same(name: str) -> None:
    ours = printed(PROGRAMS[name], "chalkgrad")
    assert ours == printed(PROGRAMS[name], "torch")
    assert ours
