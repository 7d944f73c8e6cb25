# type: ignore
"""A custom function asks which of its inputs need a gradient, and computes no other."""

import torch


class Affine(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight)
        ctx.has_bias = bias is not None
        result = x @ weight.t()
        return result if bias is None else result + bias

    @staticmethod
    def backward(ctx, grad_output):
        print("needed:", ctx.needs_input_grad)
        x, weight = ctx.saved_tensors
        grad_x = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_x = grad_output @ weight
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t() @ x
        if ctx.has_bias and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_x, grad_weight, grad_bias


torch.manual_seed(0)
x = torch.randn(4, 3)
weight = torch.randn(2, 3, requires_grad=True)
bias = torch.zeros(2, requires_grad=True)

Affine.apply(x, weight, bias).sum().backward()
print(weight.grad, bias.grad, x.grad, sep="\n")

weight.requires_grad_(False)
Affine.apply(x.requires_grad_(), weight, bias).sum().backward()
print(x.grad, bias.grad, sep="\n")

print(Affine.apply(x.detach(), weight, None).requires_grad)
torch.nn.functional.linear(x, weight, bias).sum().backward()
print(x.grad[0], bias.grad)
