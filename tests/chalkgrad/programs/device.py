"""A tensor says where it lives, and a program asks before it moves one."""

import numpy as np
import torch

print(torch.cuda.is_available(), isinstance(np.ones(2), np.ndarray))

x = torch.tensor([1.0, 2.0])
other = torch.tensor([3.0, 4.0], device="cpu")
print(x.device, repr(other.device), other.device.type, x.device == other.device)
if x.device != other.device:
    other = other.to(x.device)
print(x + other, x.to("cpu") is x, x.cpu() is x, x.to(torch.device("cpu")) is x)

for move in (lambda: torch.tensor([1.0, 2.0], device="cuda"), lambda: x.to("cuda")):
    try:
        move()
    except (AssertionError, RuntimeError):
        print("no such device here")
