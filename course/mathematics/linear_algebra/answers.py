# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import numpy as np
import torch


class MyTensor:
    def __init__(self, value, parents=(), pull=None, operation=""):
        self.value = np.asarray(value, dtype=np.float64)
        self.parents, self.pull, self.operation = parents, pull, operation


# %% right="mend-the-layer"
def layer(X, W, b):
    return torch.matmul(X, W.T) + b


# %% right="mend-the-layer"
# Dot product by dot product.
def layer(X, W, b):
    rows = [torch.stack([(x * w).sum() for w in W]) for x in X]
    return torch.stack(rows) + b


# %% right="mend-the-layer"
# Turned at the end.
def layer(X, W, b):
    return (W @ X.t()).t() + b


# %% wrong="mend-the-layer" hint="* is the product of matrices."
def layer(X, W, b):
    return torch.mul(X, W) + b


# %% wrong="mend-the-layer" hint="W is used as it stands."
def layer(X, W, b):
    return X @ W + b


# %% wrong="mend-the-layer" hint="The product can be written in either order."
def layer(X, W, b):
    return W @ X.t() + b


# %% wrong="mend-the-layer"
# The bias meets the weights.
def layer(X, W, b):
    return X @ (W.t() + b)


# %% wrong="mend-the-layer"
# Prints, and returns nothing.
def layer(X, W, b):
    print(X @ W.t() + b)


# %% right="pull-of-a-product"
def matmul(a, b):
    def pull(g):
        return np.matmul(g, b.value.transpose()), np.matmul(a.value.transpose(), g)

    return MyTensor(np.matmul(a.value, b.value), (a, b), pull, "matmul")


# %% right="pull-of-a-product"
# In letters.
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = np.einsum("nm,km->nk", arriving, b.value)
        to_b = (arriving.T @ a.value).T
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product" hint="B is used as it stands."
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving @ b.value
        to_b = a.value.T @ arriving
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product" hint="A is used as it stands."
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving @ b.value.T
        to_b = a.value @ arriving
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product" hint="The gradient for B comes out turned."
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving @ b.value.T
        to_b = arriving.T @ a.value
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product" hint="The gradient of @ goes entry by entry."
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving * b.value
        to_b = arriving * a.value
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product"
# Nodes in place of their arrays.
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving @ b.T
        to_b = a.T @ arriving
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% wrong="pull-of-a-product"
# One of the two gaps.
def matmul(a, b):
    value = a.value @ b.value

    def pull(arriving):
        to_a = arriving @ b.value.T
        to_b = None
        return to_a, to_b

    return MyTensor(value, (a, b), pull, "matmul")


# %% right="sum-back"
# All axes at once.
def unbroadcast(gradient, shape):
    missing = gradient.ndim - len(shape)
    stretched = [missing + axis for axis, size in enumerate(shape) if size == 1]
    axes = tuple(range(missing)) + tuple(stretched)
    return gradient.sum(axis=axes).reshape(shape)


# %% right="sum-back"
# The shape filled up with 1 from the left.
def unbroadcast(gradient, shape):
    full = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    for axis, size in enumerate(full):
        if size == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis, keepdims=True)
    return gradient.reshape(shape)


# %% right="sum-back"
# Entry by entry.
def unbroadcast(gradient, shape):
    result = np.zeros(shape)
    for index in np.ndindex(gradient.shape):
        kept = index[len(index) - len(shape) :]
        place = tuple(0 if size == 1 else i for i, size in zip(kept, shape, strict=True))
        result[place] += gradient[index]
    return result


# %% wrong="sum-back" hint="Only missing axes have to be summed."
def unbroadcast(gradient, shape):
    while len(gradient.shape) > len(shape):
        gradient = gradient.sum(0)
    return gradient


# %% wrong="sum-back" hint="At most one axis is missing."
def unbroadcast(gradient, shape):
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


# %% wrong="sum-back" hint="What arrives is the gradient."
# Knows the sizes of 1 only.
def unbroadcast(gradient, shape):
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


# %% wrong="sum-back" hint="reshape makes the shape fit."
def unbroadcast(gradient, shape):
    return gradient.reshape(shape)


# %% wrong="sum-back" hint="A summed axis vanishes."
def unbroadcast(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=ones)


# %% wrong="sum-back"
# Knows the two cases of the table only.
def unbroadcast(gradient, shape):
    if len(shape) == 1:
        return gradient.sum(axis=0)
    return gradient.sum(axis=1, keepdims=True)


# %% right="layer-walked-back"
def layer_back(X, W, b, G):
    return G @ W.T, (G.T @ X).T, np.ones(len(G)) @ G


# %% right="layer-walked-back"
# Example by example, added up.
def layer_back(X, W, b, G):
    to_W, to_b = np.zeros(W.shape), np.zeros(b.shape)
    for example, arriving in zip(X, G, strict=True):
        to_W += np.outer(example, arriving)
        to_b += arriving
    return np.stack([W @ arriving for arriving in G]), to_W, to_b


# %% wrong="layer-walked-back" hint="A sum passes on what arrives, whatever the shape."
def layer_back(X, W, b, G):
    to_X = np.matmul(G, W.T)
    to_W = np.matmul(X.T, G)
    to_b = G
    return to_X, to_W, to_b


# %% wrong="layer-walked-back" hint="The bias gets one number."
def layer_back(X, W, b, G):
    to_X = np.matmul(G, W.T)
    to_W = np.matmul(X.T, G)
    to_b = G.sum()
    return to_X, to_W, to_b


# %% wrong="layer-walked-back" hint="The gradient for W comes out turned."
def layer_back(X, W, b, G):
    to_X = np.matmul(G, W.T)
    to_W = G.T @ X
    to_b = G.sum(0)
    return to_X, to_W, to_b


# %% wrong="layer-walked-back" hint="The gradient for X is made of X."
def layer_back(X, W, b, G):
    to_X = X.T @ G
    to_W = G @ W.T
    to_b = G.sum(0)
    return to_X, to_W, to_b


# %% wrong="layer-walked-back"
# The axis kept.
def layer_back(X, W, b, G):
    to_X = np.matmul(G, W.T)
    to_W = np.matmul(X.T, G)
    to_b = G.sum(axis=0, keepdims=True)
    return to_X, to_W, to_b


# %% wrong="mend-the-layer" hint="An example meets the output of its own number."
def layer(X, W, b):
    return torch.sum(X * W, 1) + b


# %% wrong="pull-of-a-product" hint="The gradient for B is returned first."
def matmul(a, b):
    def pull(g):
        return a.value.T @ g, g @ b.value.T

    return MyTensor(a.value @ b.value, (a, b), pull, "matmul")


# %% wrong="sum-back" hint="The axes of the shape are those of the gradient."
def unbroadcast(gradient, shape):
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient


# %% wrong="sum-back" hint="Everything is summed."
def unbroadcast(gradient, shape):
    return gradient.sum()


# %% wrong="pull-of-a-product" hint="A is used as it stands."
# The other factor for B is B: it fails for the same sizes.
def matmul(a, b):
    def pull(g):
        return g @ b.value.T, b.value.T @ g

    return MyTensor(a.value @ b.value, (a, b), pull, "matmul")


# %% wrong="layer-walked-back" hint="X is used as it stands."
# The turned W before what arrives: it fails for the same sizes.
def layer_back(X, W, b, G):
    return W.T @ G, X.T @ G, G.sum(axis=0)
