# type: ignore
"""A model's state goes out as plain tensors and comes back into another model."""

import torch
from torch import nn


def model():
    return nn.Sequential(nn.Embedding(5, 4), nn.LayerNorm(4), nn.Linear(4, 2, bias=False))


torch.manual_seed(0)
first, second = model(), model()
words = torch.tensor([[0, 3], [4, 1]])
print(torch.equal(first(words), second(words)))

state = first.state_dict()
for name, tensor in state.items():
    print(name, tuple(tensor.shape), tensor.dtype, tensor.requires_grad)
print(second.load_state_dict(state), torch.equal(first(words), second(words)))
print(state["2.weight"].data_ptr() == first[2].weight.data_ptr())

incomplete = {name: tensor for name, tensor in state.items() if name != "2.weight"}
print(second.load_state_dict(incomplete | {"more": torch.ones(1)}, strict=False))
try:
    second.load_state_dict(incomplete)
except RuntimeError as refused:
    print(str(refused).splitlines()[0])

optimizer = torch.optim.Adam(first.parameters(), lr=0.1)
first(words).square().sum().backward()
optimizer.step()
saved = optimizer.state_dict()
print(saved["param_groups"][0]["lr"], saved["param_groups"][0]["params"], sorted(saved["state"]))
again = torch.optim.Adam(second.parameters(), lr=0.5)
again.load_state_dict(saved)
print(again.param_groups[0]["lr"], sorted(again.state_dict()["state"][0]))
print(first, sum(parameter.numel() for parameter in first.parameters()))
