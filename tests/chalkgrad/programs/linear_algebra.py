"""Sums, products and the many faces of matrix multiplication."""

import torch

A = torch.tensor([[1, 2], [3, 4]])
B = torch.tensor([[5, 6], [7, 8]])
v = torch.tensor([1, -1])
print(A + B, A * B, A @ B, torch.matmul(A, B), A.T, sep="\n")
print(A @ v, v @ A, v @ v, torch.outer(v, v), torch.dot(v, v), sep="\n")

W = torch.arange(6.0).reshape(2, 3).requires_grad_()
x = torch.tensor([1.0, 0.5, -1.0], requires_grad=True)
y = torch.mv(W, x)
y.backward(torch.tensor([1.0, 10.0]))
print(y, W.grad, x.grad, sep="\n")

batch = torch.arange(12.0).view(2, 2, 3)
print(torch.bmm(batch, batch.transpose(1, 2)), (batch @ W.detach().T).shape)
print(W.norm(), torch.norm(x, 1), torch.norm(W, dim=1))
