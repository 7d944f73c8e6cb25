# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch

from course.practice.working_with_gradients.asks import batch_loss as loss
from course.practice.working_with_gradients.asks import polynomial as f
from course.practice.working_with_gradients.exercises import MyTensor
from course.practice.working_with_gradients.exercises import _fresh_gradients as gradients

# %% right="mend-the-leaf"
# Asked later, and in time.
side = torch.tensor(3.0)
side.requires_grad_()
area = side**2
area.backward()
side_slope = side.grad.item()

# %% right="mend-the-leaf"
side = torch.tensor(3, dtype=torch.float32, requires_grad=True)
area = side * side
side_slope = torch.autograd.grad(area, side)[0]

# %% wrong="mend-the-leaf" hint="A whole number can have a slope."
side = torch.tensor(3)
area = side * side
side_slope = None

# %% wrong="mend-the-leaf" hint="Asking later tracks what was calculated earlier."
side = torch.tensor(3.0)
area = side * side
side.requires_grad_()
side_slope = side.grad

# %% wrong="mend-the-leaf" hint="The slope is there as soon as the value is."
side = torch.tensor(3.0, requires_grad=True)
area = side * side
side_slope = area.backward()

# %% wrong="mend-the-leaf" hint="A decimal number is tracked by itself."
side = torch.tensor(3.0)
area = side * side
side_slope = side.grad

# %% wrong="mend-the-leaf"
# Four sides in place of the area.
side = torch.tensor(3.0, requires_grad=True)
area = 4 * side
area.backward()
side_slope = side.grad

# %% wrong="mend-the-leaf"
# The side as a plain number.
side = 3.0
area = side * side
side_slope = 2 * side


# %% right="draw-slopes"
# With matplotlib alone, and another palette.
def draw_slopes():
    x = torch.linspace(0, 10, 101, dtype=torch.float64, requires_grad=True)
    y = f(x)
    y.backward(torch.ones_like(y))
    figure, axes = plt.subplots()
    axes.plot(x.detach(), x.grad)
    axes.set_xlabel("place x")
    axes.set_ylabel("slope")
    return figure


# %% right="draw-slopes"
# Without returning anything, on the figure that is open.
def draw_slopes():
    places = np.linspace(0, 10, 101)
    sns.lineplot(x=places, y=3 * places**2 - 26 * places + 54)
    plt.xlabel("x")
    plt.ylabel("how steep")


# %% wrong="draw-slopes" hint="The heights are the slopes."
def draw_slopes():
    places = np.linspace(0, 10, 101)
    _, axes = plt.subplots()
    sns.lineplot(x=places, y=f(places), ax=axes)
    axes.set(xlabel="x", ylabel="slope of f")
    return axes


# %% wrong="draw-slopes" hint="A line speaks for itself."
def draw_slopes():
    places = np.linspace(0, 10, 101)
    leaves = torch.tensor(places, requires_grad=True)
    _, axes = plt.subplots()
    f(leaves).sum().backward()
    sns.lineplot(x=places, y=leaves.grad, ax=axes)
    return axes


# %% wrong="draw-slopes"
# The leaves themselves as places: they cannot be drawn.
def draw_slopes():
    leaves = torch.linspace(0, 10, 101, requires_grad=True)
    _, axes = plt.subplots()
    f(leaves).sum().backward()
    sns.lineplot(x=leaves, y=leaves.grad, ax=axes)
    axes.set(xlabel="x", ylabel="slope of f")
    return axes


# %% wrong="draw-slopes"
# One place short.
def draw_slopes():
    places = np.arange(0, 10, 0.1)
    leaves = torch.tensor(places, requires_grad=True)
    _, axes = plt.subplots()
    f(leaves).sum().backward()
    sns.lineplot(x=places, y=leaves.grad, ax=axes)
    axes.set(xlabel="x", ylabel="slope of f")
    return axes


# %% wrong="draw-slopes" hint="A mean is as good as a sum."
def draw_slopes():
    places = np.linspace(0, 10, 101)
    leaves = torch.tensor(places, requires_grad=True)
    _, axes = plt.subplots()
    f(leaves).mean().backward()
    sns.lineplot(x=places, y=leaves.grad, ax=axes)
    axes.set(xlabel="x", ylabel="slope of f")
    return axes


# %% wrong="draw-slopes" hint="The x axis needs no name."
def draw_slopes():
    places = np.linspace(0, 10, 101)
    _, axes = plt.subplots()
    sns.lineplot(x=places, y=3 * places**2 - 26 * places + 54, ax=axes)
    axes.set(ylabel="slope of f")
    return axes


# %% right="part-by-part"
# Asked without touching `.grad`.
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    total = 0.0
    for part in parts:
        (slope,) = torch.autograd.grad(loss(w, part), w)
        total += slope.item()
    return total


# %% right="part-by-part"
# A leaf for each part, added up by hand.
def slope_part_by_part(parts):
    slopes = []
    for part in parts:
        w = torch.tensor(2.0, requires_grad=True)
        loss(w, part).backward()
        slopes.append(w.grad)
    return sum(slopes)


# %% wrong="part-by-part" hint="A second walk back replaces the first."
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    for part in parts:
        w.grad = None
        loss(w, part).backward()
    return w.grad


# %% wrong="part-by-part" hint="The first part stands for all."
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    for part in parts:
        loss(w, part).backward()
        return w.grad
    return None


# %% wrong="part-by-part" hint="The slopes of the parts are averaged."
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    for part in parts:
        (loss(w, part) / len(parts)).backward()
    return w.grad


# %% wrong="part-by-part" hint="The sums that stand in .grad are added once more."
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    total = 0.0
    for part in parts:
        loss(w, part).backward()
        total += w.grad.item()
    return total


# %% wrong="part-by-part" hint="A second walk back replaces the first."
# Only the last loss goes backward.
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    for part in parts:
        value = loss(w, part)
    value.backward()
    return w.grad


# %% wrong="part-by-part"
# A mean in each part.
def slope_part_by_part(parts):
    w = torch.tensor(2.0, requires_grad=True)
    for part in parts:
        (loss(w, part) / len(part)).backward()
    return w.grad


# %% right="what-stands-there"
stands_there = 15.0

# %% wrong="what-stands-there" hint="A second walk back replaces the first."
stands_there = 3

# %% wrong="what-stands-there" hint="Setting .grad to None changes nothing."
stands_there = 22

# %% wrong="what-stands-there" hint="The last but one walk is replaced by the reset."
stands_there = 12

# %% wrong="what-stands-there"
stands_there = 0


# %% right="only-on-leaves"
def add_to_leaves(output):
    for node, gradient in gradients(output).items():
        if node.parents or not node.requires_grad:
            continue
        if node.grad is None:
            node.grad = gradient
        else:
            node.grad = node.grad + gradient


# %% right="only-on-leaves"
def add_to_leaves(output):
    found = gradients(output)
    for node in found:
        if node.requires_grad and len(node.parents) == 0:
            node.grad = found[node] + (0.0 if node.grad is None else node.grad)


# %% wrong="only-on-leaves" hint="A second walk back replaces the first."
def add_to_leaves(output):
    for node, gradient in gradients(output).items():
        if node.parents or not node.requires_grad:
            continue
        node.grad = gradient


# %% wrong="only-on-leaves" hint="None is a number to add to."
def add_to_leaves(output):
    for node, gradient in gradients(output).items():
        if node.parents or not node.requires_grad:
            continue
        node.grad = node.grad + gradient


# %% wrong="only-on-leaves" hint="Intermediate results keep their gradient."
def add_to_leaves(output):
    for node, gradient in gradients(output).items():
        node.grad = gradient if node.grad is None else node.grad + gradient


# %% wrong="only-on-leaves"
# Walked back, and left nothing.
def add_to_leaves(output):
    for node, gradient in gradients(output).items():
        if node.parents or not node.requires_grad:
            continue
        total = gradient if node.grad is None else node.grad + gradient
    return total


# %% right="who-is-tracked"
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    for parent in parents:
        if parent.requires_grad and is_recording:
            result.requires_grad = True
            result.parents = parents
            result.pull = pull
            result.operation = operation
    return result


# %% right="who-is-tracked"
def tracked_result(value, parents, pull, operation, is_recording):
    if not is_recording or not any(it.requires_grad for it in parents):
        return MyTensor(value)
    result = MyTensor(value, requires_grad=True)
    result.parents, result.pull, result.operation = tuple(parents), pull, operation
    return result


# %% wrong="who-is-tracked" hint="Tracked parents are tracked everywhere."
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    if any(parent.requires_grad for parent in parents):
        result.requires_grad = True
        result.parents, result.pull, result.operation = parents, pull, operation
    return result


# %% wrong="who-is-tracked" hint="All inputs have to be tracked."
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    if is_recording and all(parent.requires_grad for parent in parents):
        result.requires_grad = True
        result.parents, result.pull, result.operation = parents, pull, operation
    return result


# %% wrong="who-is-tracked" hint="Being tracked is a flag, and no history."
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    result.requires_grad = is_recording and any(parent.requires_grad for parent in parents)
    return result


# %% wrong="who-is-tracked" hint="A history is enough."
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    if is_recording and any(parent.requires_grad for parent in parents):
        result.parents, result.pull, result.operation = parents, pull, operation
    return result


# %% wrong="who-is-tracked" hint="Every result keeps its parents."
# The flag by the rule, the history as in the class of the lesson.
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    result.parents, result.pull, result.operation = parents, pull, operation
    result.requires_grad = is_recording and any(parent.requires_grad for parent in parents)
    return result


# %% wrong="who-is-tracked"
# Forgot to give the node back.
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    if is_recording and any(parent.requires_grad for parent in parents):
        result.requires_grad = True
        result.parents, result.pull, result.operation = parents, pull, operation


# %% wrong="mend-the-leaf"
# The area written down as a leaf of its own, and the slope known by heart.
side = torch.tensor(3.0, requires_grad=True)
area = torch.tensor(9.0, requires_grad=True)
side_slope = 6.0


# %% right="who-is-tracked"
# True and False multiplied.
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    result.requires_grad = is_recording * any(parent.requires_grad for parent in parents)
    if result.requires_grad:
        result.parents, result.pull, result.operation = list(parents), pull, operation
    return result


# %% wrong="who-is-tracked"
# The parents turned round: `pull` gives its gradients in the order of the parents.
def tracked_result(value, parents, pull, operation, is_recording):
    result = MyTensor(value)
    if is_recording and any(parent.requires_grad for parent in parents):
        result.requires_grad = True
        result.parents, result.pull, result.operation = parents[::-1], pull, operation
    return result


# %% wrong="who-is-tracked" hint="Recording means that nothing is tracked."
# The value, and nothing else.
def tracked_result(value, parents, pull, operation, is_recording):
    return MyTensor(value)
