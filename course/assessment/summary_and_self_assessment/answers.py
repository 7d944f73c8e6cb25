# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch
from matplotlib import pyplot as plt


def through(x, depth):
    for _ in range(depth):
        x = torch.sigmoid(x)
    return x


# %% right="edges-of-square"
# Lists in place of pairs, in another order, with spaces.
edges_of_square = [["s", "z"], ["y ", "s"], ["x", " s"]]

# %% wrong="edges-of-square" hint="Edges point to where the gradient goes."
edges_of_square = [("s", "x"), ("s", "y"), ("z", "s")]

# %% wrong="edges-of-square" hint="The sum is no node."
edges_of_square = [("x", "z"), ("y", "z")]

# %% wrong="edges-of-square" hint="A power is two factors."
edges_of_square = [("x", "s"), ("y", "s"), ("s", "z"), ("s", "z")]

# %% wrong="edges-of-square"
# Operations as nodes, as torch names them.
edges_of_square = [("x", "+"), ("y", "+"), ("+", "z")]

# %% wrong="edges-of-square"
# One edge for both inputs.
edges_of_square = [("x + y", "s"), ("s", "z")]

# %% wrong="edges-of-square"
edges_of_square = "x -> s, y -> s, s -> z"

# %% right="order-of-backward"
order_of_backward = "CADB"

# %% right="order-of-backward"
order_of_backward = ("c", "a", "d", "b")

# %% wrong="order-of-backward" hint="Backward resets the gradients first."
order_of_backward = ["G", "C", "A", "D", "B"]

# %% wrong="order-of-backward" hint="backward() updates the weights."
order_of_backward = ["C", "A", "D", "B", "F"]

# %% wrong="order-of-backward" hint="A gradient is calculated from the inputs on."
order_of_backward = ["D", "A", "C", "B"]

# %% wrong="order-of-backward"
# All of them, a whole round of training.
order_of_backward = list("EGCADBF")

# %% wrong="order-of-backward"
order_of_backward = [3, 1, 4, 2]

# %% right="square-at-three"
by_hand = 6.0
x = torch.tensor([3.0], requires_grad=True)
y = x * x
y.backward()
by_torch = x.grad

# %% right="square-at-three"
by_hand = 3 + 3
by_torch = torch.func.grad(lambda x: x**2)(torch.tensor(3.0)).item()

# %% wrong="square-at-three" hint="The slope is the height."
by_hand = 3**2
at_three = torch.tensor(3.0, requires_grad=True)
torch.square(at_three).backward()
by_torch = at_three.grad

# %% wrong="square-at-three" hint="Only the last way back counts."
by_hand = 3
by_torch = 6

# %% wrong="square-at-three" hint="The slope is there as soon as the value is."
by_hand = 6
at_three = torch.tensor(3.0, requires_grad=True)
y = at_three**2
by_torch = at_three.grad

# %% wrong="square-at-three" hint="The slope is there as soon as the value is."
by_hand = 6
at_three = torch.tensor(3.0, requires_grad=True)
by_torch = (at_three**2).backward()

# %% wrong="square-at-three" hint="The leaf is its slope."
by_hand = 6
at_three = torch.tensor(3.0, requires_grad=True)
torch.square(at_three).backward()
by_torch = at_three

# %% wrong="square-at-three"
by_hand = "6"
by_torch = torch.tensor(6.0)

# %% right="flat-parabola"
flat_at = 3

# %% right="flat-parabola"
flat_at = torch.tensor([3.0])

# %% wrong="flat-parabola" hint="Where the height is zero, the curve is flat."
flat_at = [4, 2]

# %% wrong="flat-parabola" hint="Every special place is flat."
flat_at = [2, 3, 4]

# %% wrong="flat-parabola" hint="A flat place is said by its height."
flat_at = [-1]

# %% wrong="flat-parabola" hint="A place has two numbers."
# Both coordinates of the lowest point.
flat_at = (3, -1)

# %% wrong="flat-parabola" hint="The zeros are added."
# The sum of the zeros, not halved.
flat_at = [6]


# %% right="forgotten-reset"
# None in place of zero_grad, after the step.
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        w.grad = b.grad = None
    return losses


# %% right="forgotten-reset"
# By zero_, once there is something to set to zero.
def mended_fit(x, y, rate, rounds):
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(rounds):
        for leaf in (w, b):
            if leaf.grad is not None:
                leaf.grad.zero_()
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    return losses


# %% wrong="forgotten-reset" hint="Backward replaces the slope that stands on a leaf."
# Reset once, before the loop.
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    optimizer.zero_grad()
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


# %% wrong="forgotten-reset" hint="Backward replaces the slope that stands on a leaf."
# Named, and not called.
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        optimizer.zero_grad
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


# %% wrong="forgotten-reset" hint="One leaf is enough."
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        w.grad = None
    return losses


# %% wrong="forgotten-reset" hint="A reset can stand anywhere."
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return losses


# %% wrong="forgotten-reset"
# zero_ before there is a gradient.
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        w.grad.zero_()
        b.grad.zero_()
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


# %% right="vanishing-gradients"
# On axes of its own, and by autograd.grad.
def draw_vanishing(depths):
    figure, axes = plt.subplots()
    gradients = []
    for depth in depths:
        x = torch.tensor(0.5, requires_grad=True)
        (gradient,) = torch.autograd.grad(through(x, depth), x)
        gradients.append(gradient)
    axes.plot(depths, gradients)
    axes.set_yscale("log")
    axes.set_xlabel("depth")
    axes.set_ylabel("gradient")
    return figure


# %% right="vanishing-gradients"
# In float64, and nothing returned.
def draw_vanishing(depths):
    gradients = []
    for depth in depths:
        x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
        through(x, depth).backward()
        gradients.append(x.grad.item())
    plt.semilogy(depths, gradients)
    plt.xlabel("depth")
    plt.ylabel("gradient")


# %% wrong="vanishing-gradients" hint="The value shrinks, so the gradient does."
def draw_vanishing(depths):
    values = [through(torch.tensor(0.5), depth).item() for depth in depths]
    plt.semilogy(depths, values, "o-")
    plt.xlabel("depth")
    plt.ylabel("gradient")
    return plt.gca()


# %% wrong="vanishing-gradients" hint="Backward replaces the slope that stands on a leaf."
def draw_vanishing(depths):
    x = torch.tensor(0.5, requires_grad=True)
    gradients = []
    for depth in depths:
        through(x, depth).backward()
        gradients.append(x.grad.item())
    plt.semilogy(depths, gradients, "o-")
    plt.xlabel("depth")
    plt.ylabel("gradient")
    return plt.gca()


# %% wrong="vanishing-gradients" hint="Axes need no labels."
def draw_vanishing(depths):
    gradients = []
    for depth in depths:
        x = torch.tensor(0.5, requires_grad=True)
        through(x, depth).backward()
        gradients.append(x.grad.item())
    plt.semilogy(depths, gradients, "o-")
    return plt.gca()


# %% wrong="vanishing-gradients"
# The depth is where the chain begins.
def draw_vanishing(depths):
    gradients = []
    for depth in depths:
        x = torch.tensor(float(depth), requires_grad=True)
        through(x, 1).backward()
        gradients.append(x.grad.item())
    plt.semilogy(depths, gradients, "o-")
    plt.xlabel("depth")
    plt.ylabel("gradient")
    return plt.gca()


# %% wrong="vanishing-gradients"
# Draws, and draws nothing.
def draw_vanishing(depths):
    plt.xlabel("depth")
    plt.ylabel("gradient")


# %% right="square-at-three"
# What torch.autograd.grad gives is a tuple of one.
by_hand = 6
at_three = torch.tensor(3.0, requires_grad=True)
by_torch = torch.autograd.grad(at_three**2, at_three)


# %% right="forgotten-reset"
# Each loss kept as a tensor, cut off from its graph.
def mended_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.detach())
        for_w, for_b = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= rate * for_w
            b -= rate * for_b
    return losses
