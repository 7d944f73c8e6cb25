"""The bends and the losses of networks: value, name in the graph, and slope."""

import torch
import torch.nn.functional as F

x = torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0], requires_grad=True)
activations = [
    torch.relu,
    torch.sigmoid,
    torch.tanh,
    F.leaky_relu,
    F.elu,
    F.gelu,
    F.silu,
    F.softplus,
    F.logsigmoid,
    F.hardtanh,
    F.softsign,
    torch.erf,
    torch.abs,
    torch.sign,
]
for bend in activations:
    y = bend(x)
    print(bend.__name__, y, torch.autograd.grad(y.sum(), x)[0], sep="\n    ")

target = torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0])
losses = [
    F.mse_loss,
    F.l1_loss,
    F.smooth_l1_loss,
    F.huber_loss,
    F.binary_cross_entropy_with_logits,
]
for loss in losses:
    for reduction in ("mean", "sum", "none"):
        y = loss(x, target, reduction=reduction)
        print(loss.__name__, reduction, y, torch.autograd.grad(y.sum(), x)[0], sep="\n    ")

logits = torch.tensor([[2.0, 1.0, 0.1], [0.5, 2.5, 0.3]], requires_grad=True)
classes = torch.tensor([0, 2])
weight = torch.tensor([1.0, 2.0, 3.0])
print(F.cross_entropy(logits, classes), F.cross_entropy(logits, classes, weight=weight))
print(F.cross_entropy(logits, classes, label_smoothing=0.1, reduction="none"))
print(F.cross_entropy(logits, logits.detach().softmax(1)), F.log_softmax(logits, 1), sep="\n")
