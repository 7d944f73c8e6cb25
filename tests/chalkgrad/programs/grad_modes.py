"""Where gradients are recorded and where not: blocks, switches and decorators."""

import torch

x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    print(torch.is_grad_enabled(), (x * 2).requires_grad)
    with torch.enable_grad():
        print(torch.is_grad_enabled(), (x * 2).requires_grad)
    print(torch.is_grad_enabled())
for record in (True, False):
    with torch.set_grad_enabled(record):
        print(record, (x * 2).requires_grad)


@torch.no_grad()
def forward(value):
    return value * 2


@torch.inference_mode()
def infer(value):
    return value * 2


print(forward(x).requires_grad, infer(x).requires_grad)
print(x.requires_grad, torch.is_grad_enabled())

try:
    with torch.no_grad():
        raise KeyError("left early")
except KeyError:
    print(torch.is_grad_enabled())

torch.set_grad_enabled(False)
print((x * 2).requires_grad)
torch.set_grad_enabled(True)
print((x * 2).requires_grad)

with torch.no_grad():
    made_inside = torch.ones(2, requires_grad=True)
print(made_inside.requires_grad, made_inside.is_leaf, (made_inside * 2).requires_grad)
