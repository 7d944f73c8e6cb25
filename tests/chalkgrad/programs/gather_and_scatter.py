"""Picking entries by a table of places, and putting them back."""

import torch

scores = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.3, 0.9]], requires_grad=True)
labels = torch.tensor([1, 0])
picked = scores.gather(1, labels[:, None])
print(picked)
picked.sum().backward()
print(scores.grad)

hot = torch.zeros(2, 3).scatter(1, labels[:, None], 1.0)
print(hot, torch.nn.functional.one_hot(labels, 3), sep="\n")

values = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
groups = torch.tensor([0, 1, 0, 2])
sums = torch.nn.functional.one_hot(groups, 3).float().T @ values
print(sums)
(sums**2).sum().backward()
print(values.grad)

print(torch.where(scores > 0.4, scores, 0.0))
print(scores.detach().masked_fill(hot.bool(), -1.0))
