# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch


# %% right="cell-of-an-entry"
def cell(index, strides, start=0):
    return start + sum(i * stride for i, stride in zip(index, strides, strict=True))


# %% right="cell-of-an-entry"
# With NumPy's sum of products.
def cell(index, strides, start=0):
    import numpy as np

    return int(np.dot(index, strides)) + start


# %% wrong="cell-of-an-entry" hint="The way along the last axis is the whole way."
def cell(index, strides, start=0):
    place = start
    for i, stride in zip(index, strides, strict=True):
        place = i * stride
    return place


# %% wrong="cell-of-an-entry" hint="The way along the last axis is the whole way."
def cell(index, strides, start=0):
    place = start
    for i, stride in zip(index, strides, strict=True):
        place = start + i * stride
    return place


# %% wrong="cell-of-an-entry" hint="The steps add up, whatever the stride."
def cell(index, strides, start=0):
    place = start
    for i in index:
        place = place + i
    return place


# %% wrong="cell-of-an-entry" hint="Index and stride are added."
def cell(index, strides, start=0):
    place = start
    for i, stride in zip(index, strides, strict=True):
        place = place + i + stride
    return place


# %% wrong="cell-of-an-entry" hint="The steps of all axes are multiplied."
def cell(index, strides, start=0):
    place = start
    for i, stride in zip(index, strides, strict=True):
        place = place * i * stride
    return place


# %% wrong="cell-of-an-entry"
# Counts from 1.
def cell(index, strides, start=0):
    place = start
    for i, stride in zip(index, strides, strict=True):
        place = place + (i - 1) * stride
    return place


# %% right="strides-from-a-shape"
# Each from the ones to its right, from the left.
def strides(shape):
    result = []
    for axis in range(len(shape)):
        step = 1
        for size in shape[axis + 1 :]:
            step *= size
        result.append(step)
    return result


# %% right="strides-from-a-shape"
def strides(shape):
    import math

    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


# %% right="strides-from-a-shape"
# One axis at a time.
def strides(shape):
    if len(shape) == 1:
        return (1,)
    rest = strides(shape[1:])
    return (shape[1] * rest[0], *rest)


# %% wrong="strides-from-a-shape" hint="The strides come from the last axis to the first."
def strides(shape):
    found = []
    step = 1
    for size in reversed(shape):
        found.append(step)
        step *= size
    return tuple(found)


# %% wrong="strides-from-a-shape" hint="A stride counts the axis itself."
def strides(shape):
    found = []
    step = 1
    for size in reversed(shape):
        step *= size
        found.insert(0, step)
    return tuple(found)


# %% wrong="strides-from-a-shape" hint="A stride is the size of the axis to the right."
def strides(shape):
    return (*shape[1:], 1)


# %% wrong="strides-from-a-shape" hint="The first axis lies side by side."
def strides(shape):
    found = []
    step = 1
    for size in shape:
        found.append(step)
        step *= size
    return tuple(found)


# %% wrong="strides-from-a-shape"
# Knows two axes only.
def strides(shape):
    return (shape[1], 1) if len(shape) == 2 else shape


# %% wrong="strides-from-a-shape"
# Asks torch, where the task is to do without.
def strides(shape):
    return torch.empty(shape).stride()


# %% right="joins-into-one-row"
# Step from the last entry of the first row to the first entry of the second.
def joins(shape, strides):
    last_of_a_row = (shape[1] - 1) * strides[1]
    first_of_the_next = strides[0]
    return first_of_the_next - last_of_a_row == strides[1]


# %% right="joins-into-one-row"
# By the cells themselves.
def joins(shape, strides):
    cells = [i * strides[0] + j * strides[1] for i in range(shape[0]) for j in range(shape[1])]
    return cells == list(range(0, len(cells) * strides[1], strides[1]))


# %% wrong="joins-into-one-row" hint="Only a contiguous matrix can be viewed as one row."
def joins(shape, strides):
    return strides[0] == shape[1] and strides[1] == 1


# %% wrong="joins-into-one-row" hint="It is enough that the first stride is larger."
def joins(shape, strides):
    return strides[0] > strides[1]


# %% wrong="joins-into-one-row" hint="The first stride belongs with the number of rows."
def joins(shape, strides):
    return strides[0] == shape[0] * strides[1]


# %% wrong="joins-into-one-row"
# Printed, and not returned.
def joins(shape, strides):
    print(strides[0] == shape[1] * strides[1])


# %% wrong="joins-into-one-row" hint="It is enough that a row lies side by side."
def joins(shape, strides):
    return strides[-1] == 1


# %% right="columns-together"
def columns_together(x):
    y = torch.empty(x.shape[1], x.shape[0], dtype=x.dtype, device=x.device)
    y.copy_(x.t())
    return y.t()


# %% right="columns-together"
# A clone in the order of the turned table.
def columns_together(x):
    return x.mT.contiguous().mT


# %% right="columns-together"
def columns_together(x):
    rows, columns = x.shape
    return x.t().reshape(-1).view(columns, rows).transpose(0, 1)


# %% wrong="columns-together" hint="contiguous() brings any order."
def columns_together(x):
    return x.clone()


# %% wrong="columns-together" hint="contiguous() brings any order."
def columns_together(x):
    return x.t().t()


# %% wrong="columns-together" hint="The copy is all that is needed."
def columns_together(x):
    return x.t().clone(memory_format=torch.contiguous_format)


# %% wrong="columns-together" hint="reshape turns a table back."
def columns_together(x):
    return x.t().contiguous().view(x.shape)


# %% wrong="columns-together"
# contiguous() does not change the tensor itself.
def columns_together(x):
    y = x.t()
    y.contiguous()
    return y.t()


# %% wrong="columns-together"
def columns_together(x):
    return x.stride()


# %% right="slopes-go-home"
x_slopes = torch.tensor([[0.0, 10.0, 30.0], [0.0, 20.0, 40.0]])

# %% right="slopes-go-home"
# With the four steps.
leaf = torch.zeros(2, 3, requires_grad=True)
(leaf.t()[1:].reshape(4) * torch.tensor([10.0, 20.0, 30.0, 40.0])).sum().backward()
x_slopes = leaf.grad.tolist()

# %% wrong="slopes-go-home" hint="The slopes come back row by row."
x_slopes = [[0, 10, 20], [0, 30, 40]]

# %% wrong="slopes-go-home" hint="The gradient has the shape of the turned table."
x_slopes = torch.tensor([[0, 0], [10, 20], [30, 40]])

# %% wrong="slopes-go-home" hint="What was left out has no place in the gradient."
x_slopes = [[10, 30], [20, 40]]

# %% wrong="slopes-go-home" hint="x.t()[1:] leaves out a row of x."
x_slopes = [[0, 0, 0], [10, 20, 30]]

# %% wrong="slopes-go-home"
x_slopes = [10, 20, 30, 40]

# %% wrong="slopes-go-home"
# In a row, in the order of x.
x_slopes = [0, 10, 30, 0, 20, 40]

# %% right="slopes-go-home"
# A list of tensors, one for each row.
x_slopes = [torch.tensor([0.0, 10.0, 30.0]), torch.tensor([0.0, 20.0, 40.0])]
