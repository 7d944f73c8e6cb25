# type: ignore
"""A function with a backward of its own: what the graph cannot know, we may tell it."""

import torch


class StraightThrough(torch.autograd.Function):
    """Rounds, and passes the gradient on as if it had not."""

    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output


class Cube(torch.autograd.Function):
    """x³ with a saved input, so that it can be differentiated again."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * x * x * grad_output


class Largest(torch.autograd.Function):
    """The largest entry and its place; a place has no gradient."""

    @staticmethod
    def forward(ctx, x, scale):
        value, place = x.max(0)
        ctx.mark_non_differentiable(place)
        ctx.save_for_backward(place)
        ctx.length, ctx.scale = len(x), scale
        return value * scale, place

    @staticmethod
    def backward(ctx, grad_value, grad_place):
        (place,) = ctx.saved_tensors
        gradient = torch.zeros(ctx.length, dtype=grad_value.dtype)
        gradient[place] = grad_value * ctx.scale
        return gradient, None


x = torch.tensor([0.4, 1.6, -2.7], requires_grad=True)
rounded = StraightThrough.apply(x)
(rounded * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(rounded.grad_fn.name(), rounded.detach(), x.grad)

y = Cube.apply(x)
(first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x)
print(y.grad_fn.name(), first.detach(), second)

x.grad = None
value, place = Largest.apply(x, 10.0)
value.backward()
print(value.requires_grad, place, place.requires_grad, x.grad)

wide = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(Cube.apply, (wide,)))
print(torch.autograd.gradgradcheck(Cube.apply, (wide,)))
