# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import numpy as np
import torch

from course.my_tensor.mathematics import MyTensor


class Blend(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.t, upstream * (1 - ctx.t)


# %% right="cube-function"
# Keeps the input on ctx itself, which torch advises against and which is right here.
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x * x * x

    @staticmethod
    def backward(ctx, upstream):
        return 3 * ctx.x * ctx.x * upstream


# %% right="cube-function"
# The newer form, with the saving apart.
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x.pow(3)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return (3 * x.square()).mul(upstream)


# %% wrong="cube-function" hint="Backward returns the slope."
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 3 * x**2


# %% wrong="cube-function" hint="The saved tensor is the result."
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        result = x**3
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 3 * x**2


# %% wrong="cube-function"
# Nothing was saved, so there is nothing to unpack.
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 3 * x**2


# %% wrong="cube-function"
# The saved tensors taken as one tensor.
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        x = ctx.saved_tensors
        return upstream * 3 * x**2


# %% right="mended-blend"
class Mended(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return a + t * (b - a)

    @staticmethod
    def backward(ctx, upstream):
        for_b = ctx.t * upstream
        return upstream - for_b, for_b, None


# %% wrong="mended-blend" hint="Each input has the other's share."
class Mended(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.t, upstream * (1 - ctx.t), None


# %% wrong="mended-blend" hint="What is no tensor needs no answer."
class Mended(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (1 - ctx.t), upstream * ctx.t


# %% wrong="mended-blend"
# None comes first.
class Mended(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        return None, upstream * (1 - ctx.t), upstream * ctx.t


# %% wrong="mended-blend" hint="Backward returns the slope."
class Mended(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        ones = torch.ones_like(upstream)
        return ones * (1 - ctx.t), ones * ctx.t, None


# %% right="sign-through"
# By torch.where, in place of a product.
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward((x >= -1) & (x <= 1))
        return torch.sign(x)

    @staticmethod
    def backward(ctx, upstream):
        (inside,) = ctx.saved_tensors
        return torch.where(inside, upstream, 0.0)


# %% wrong="sign-through" hint="Straight through means everywhere."
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sign()

    @staticmethod
    def backward(ctx, upstream):
        return upstream


# %% wrong="sign-through" hint="Straight through means everywhere."
# Saved the sign, which always lies between -1 and 1.
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        sign = x.sign()
        ctx.save_for_backward(sign)
        return sign

    @staticmethod
    def backward(ctx, upstream):
        (sign,) = ctx.saved_tensors
        return upstream * (sign.abs() <= 1)


# %% wrong="sign-through" hint="The border does not belong to it."
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sign()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x > -1) * (x < 1)


# %% wrong="sign-through"
# Python's comparison of a chain, which asks whether a whole tensor is true.
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sign()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream if -1 <= x <= 1 else 0 * upstream


# %% right="softplus-in-my-engine"
# By cases, without logaddexp.
def softplus(node):
    x = node.value
    small = np.exp(-np.abs(x))
    slope = np.where(x >= 0, 1 / (1 + small), small / (1 + small))
    return MyTensor(np.maximum(x, 0) + np.log1p(small), (node,), lambda g: (g * slope,))


# %% right="softplus-in-my-engine"
def softplus(node):
    def pull(upstream):
        return [upstream * 0.5 * (1 + np.tanh(node.value / 2))]

    return MyTensor(np.logaddexp(node.value, 0), (node,), pull, "softplus")


# %% wrong="softplus-in-my-engine" hint="What is right on paper is right in the machine."
def softplus(node):
    powers = np.exp(node.value)
    return MyTensor(
        np.log(1 + powers),
        (node,),
        lambda upstream: (upstream * powers / (1 + powers),),
        "softplus",
    )


# %% wrong="softplus-in-my-engine" hint="A pull returns the slope."
def softplus(node):
    slope = 1 / (1 + np.exp(-node.value))
    return MyTensor(np.logaddexp(0, node.value), (node,), lambda upstream: (slope,), "softplus")


# %% wrong="softplus-in-my-engine" hint="One gradient needs no tuple."
def softplus(node):
    slope = 1 / (1 + np.exp(-node.value))
    return MyTensor(
        np.logaddexp(0, node.value), (node,), lambda upstream: upstream * slope, "softplus"
    )


# %% wrong="softplus-in-my-engine"
# The value alone, without its history.
def softplus(node):
    return MyTensor(np.logaddexp(0, node.value))


# %% wrong="softplus-in-my-engine"
# A NumPy array.
def softplus(node):
    return np.logaddexp(0, node.value)


# %% right="mended-blend"
# Made from the faulty one, as the lesson made StillWrong: forward is taken over.
class Mended(Blend):
    @staticmethod
    def backward(ctx, upstream):
        for_b, for_a = Blend.backward(ctx, upstream)
        return for_a, for_b, None
