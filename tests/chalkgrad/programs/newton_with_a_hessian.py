# type: ignore
"""Newton's method goes to a minimum in a few steps, with second derivatives from the graph."""

import torch


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
for _ in range(5):
    height = x**4 - 3 * x**2 + 2
    (slope,) = torch.autograd.grad(height, x, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, x)
    with torch.no_grad():
        x -= slope / curvature
    print(x, curvature)

point = torch.tensor([-1.2, 1.0], dtype=torch.float64)
for step in range(5):
    place = point.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(rosenbrock(place), place)
    hessian = torch.autograd.functional.hessian(rosenbrock, point)
    (a, b), (c, d) = hessian
    inverse = torch.stack([torch.stack([d, -b]), torch.stack([-c, a])]) / (a * d - b * c)
    point = point - inverse @ gradient
    print(step, f"{rosenbrock(point).item():.3e}", [f"{each:.5f}" for each in point.tolist()])
print(hessian)
