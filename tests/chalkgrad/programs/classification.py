# type: ignore
"""Three clouds of points are told apart by softmax and cross-entropy."""

import torch
import torch.nn.functional as F

torch.manual_seed(3)
centres = torch.tensor([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])
labels = torch.randint(0, 3, (90,))
points = centres[labels] + 0.6 * torch.randn(90, 2)
order = torch.randperm(90)
train, test = order[:60], order[60:]
print(labels[:10], points[:3], order[:10], sep="\n")

weight = torch.zeros(3, 2, requires_grad=True)
bias = torch.zeros(3, requires_grad=True)
for step in range(61):
    loss = F.cross_entropy(F.linear(points[train], weight, bias), labels[train])
    gradients = torch.autograd.grad(loss, [weight, bias])
    with torch.no_grad():
        for parameter, gradient in zip([weight, bias], gradients, strict=True):
            parameter -= 0.5 * gradient
    if step % 20 == 0:
        print(f"step {step:2}  loss {loss.item():.4f}", loss.grad_fn.name())

with torch.no_grad():
    logits = F.linear(points[test], weight, bias)
probabilities = logits.softmax(dim=1)
print(probabilities[:3], probabilities.sum(1)[:3])
print("right:", (logits.argmax(1) == labels[test]).sum().item(), "of", len(test))

by_hand = -logits.log_softmax(1)[torch.arange(30), labels[test]].mean()
print(torch.allclose(by_hand, F.cross_entropy(logits, labels[test])))
print(torch.allclose(by_hand, F.nll_loss(F.log_softmax(logits, 1), labels[test])))
confusion = torch.zeros(3, 3, dtype=torch.int64)
for truth, guess in zip(labels[test], logits.argmax(1), strict=True):
    confusion[truth, guess] += 1
print(confusion)
