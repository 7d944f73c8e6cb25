# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch
from matplotlib import pyplot as plt


def loss_of(parameters, x, y):
    w1, b1, w2, b2 = parameters
    hidden = (x @ w1 + b1).tanh()
    gaps = hidden @ w2 + b2 - y
    return (gaps * gaps).sum() / 16


# %% right="all-distances"
# By loops.
def all_distances(points):
    table = torch.tensor([[abs(float(p) - q) for q in points] for p in points])
    return table, table.sum(dim=1) / len(points)


# %% right="all-distances"
def all_distances(points):
    column = torch.tensor(points).float()[:, None]
    distances = torch.abs(column - column.T)
    return distances, distances.mean(dim=0)


# %% wrong="all-distances" hint="Shapes that fit give what one wants."
def all_distances(points):
    row = torch.tensor(points, dtype=torch.float32)
    table = (row - row).abs()
    return table, table


# %% wrong="all-distances" hint="A difference is a distance."
def all_distances(points):
    row = torch.tensor(points, dtype=torch.float32)
    table = row.unsqueeze(1) - row
    return table, table.mean(dim=1)


# %% wrong="all-distances" hint="The mean of a table is one number."
def all_distances(points):
    row = torch.tensor(points, dtype=torch.float32)
    table = (row.unsqueeze(1) - row).abs()
    return table, table.mean()


# %% wrong="all-distances"
# Whole numbers have no mean.
def all_distances(points):
    row = torch.tensor(points)
    table = (row.unsqueeze(1) - row).abs()
    return table, table.mean(dim=1)


# %% wrong="all-distances"
# Only the table comes back.
def all_distances(points):
    row = torch.tensor(points, dtype=torch.float32)
    return (row.unsqueeze(1) - row).abs()


# %% right="wave-slopes"
def wave(x):
    return x * x * torch.sin(x)


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    f(leaves).sum().backward()
    return leaves.grad.tolist()


# %% right="wave-slopes"
# One leaf, with a reset.
def wave(x):
    return torch.pow(x, 2) * x.sin()


def slopes_at(f, places):
    leaf = torch.zeros((), requires_grad=True)
    found = []
    for place in places:
        with torch.no_grad():
            leaf.fill_(place)
        leaf.grad = None
        f(leaf).backward()
        found.append(leaf.grad)
    return found


# %% wrong="wave-slopes" hint="Any sine will do."
def wave(x):
    import math

    return x**2 * math.sin(x)


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    f(leaves).sum().backward()
    return leaves.grad.tolist()


# %% wrong="wave-slopes" hint="A number is as good as a tensor."
def wave(x):
    return float(x) ** 2 * float(x.sin())


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    f(leaves).sum().backward()
    return leaves.grad.tolist()


# %% wrong="wave-slopes" hint="The square goes into the sine."
def wave(x):
    return torch.sin(x**2)


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    f(leaves).sum().backward()
    return leaves.grad.tolist()


# %% wrong="wave-slopes" hint="Backward replaces the slope that stands on a leaf."
def wave(x):
    return x**2 * torch.sin(x)


def slopes_at(f, places):
    leaf = torch.tensor(0.0, requires_grad=True)
    found = []
    for place in places:
        with torch.no_grad():
            leaf.fill_(place)
        f(leaf).backward()
        found.append(leaf.grad.item())
    return found


# %% wrong="wave-slopes" hint="Backward starts from any tensor."
def wave(x):
    return x**2 * torch.sin(x)


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    f(leaves).backward()
    return leaves.grad


# %% wrong="wave-slopes"
# The same gradient, put down again and again: all numbers become the last sum.
def wave(x):
    return x**2 * torch.sin(x)


def slopes_at(f, places):
    leaf = torch.tensor(0.0, requires_grad=True)
    found = []
    for place in places:
        with torch.no_grad():
            leaf.fill_(place)
        f(leaf).backward()
        found.append(leaf.grad)
    return found


# %% wrong="wave-slopes" hint="The slopes are those of the wave."
def wave(x):
    return x**2 * torch.sin(x)


def slopes_at(f, places):
    leaves = torch.tensor(places, requires_grad=True)
    wave(leaves).sum().backward()
    return leaves.grad.tolist()


# %% right="both-outputs"
def jacobian(x, w1, w2):
    return torch.autograd.functional.jacobian(lambda at: w2 @ (w1 @ at), x)


# %% right="both-outputs"
# The chain rule, where everything is a straight line.
def jacobian(x, w1, w2):
    return w2 @ w1


# %% right="both-outputs"
# One graph, kept, and each output chosen by a gradient of its own.
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    y = w2 @ (w1 @ leaf)
    rows = []
    for place in range(2):
        leaf.grad = None
        chosen = torch.zeros_like(y)
        chosen[place] = 1
        y.backward(chosen, retain_graph=True)
        rows.append(leaf.grad)
    return rows


# %% wrong="both-outputs" hint="Backward starts from any tensor."
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    y = w2 @ (w1 @ leaf)
    y.backward()
    return leaf.grad


# %% wrong="both-outputs" hint="The gradient of the sum is the table."
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    y = w2 @ (w1 @ leaf)
    y.sum().backward()
    return leaf.grad


# %% wrong="both-outputs" hint="A graph can be walked twice."
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    y = w2 @ (w1 @ leaf)
    rows = []
    for place in range(2):
        leaf.grad = None
        y[place].backward()
        rows.append(leaf.grad)
    return torch.stack(rows)


# %% wrong="both-outputs" hint="Backward replaces the slope that stands on a leaf."
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    rows = []
    for place in range(2):
        y = w2 @ (w1 @ leaf)
        y[place].backward()
        rows.append(leaf.grad.clone())
    return torch.stack(rows)


# %% wrong="both-outputs" hint="A name for a gradient is a copy of it."
def jacobian(x, w1, w2):
    leaf = x.clone().requires_grad_()
    rows = []
    for place in range(2):
        y = w2 @ (w1 @ leaf)
        y[place].backward()
        rows.append(leaf.grad)
    return torch.stack(rows)


# %% wrong="both-outputs" hint="Rows are inputs."
def jacobian(x, w1, w2):
    return (w2 @ w1).T


# %% right="draw-slope"
# A leaf for each place, on axes of its own.
def draw_with_slope(f, places):
    figure, axes = plt.subplots()
    heights, slopes = [], []
    for place in places:
        leaf = torch.tensor(place, requires_grad=True)
        height = f(leaf)
        height.backward()
        heights.append(height.item())
        slopes.append(leaf.grad.item())
    axes.plot(places, heights)
    axes.plot(places, slopes)
    axes.axhline(0, linewidth=0.5)
    axes.set(xlabel="x", ylabel="value", title="f and its slope")
    return figure


# %% right="draw-slope"
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    plt.plot(x.detach().numpy(), y.detach().numpy(), x.detach().numpy(), slope.numpy())
    plt.xlabel("x")
    plt.ylabel("value")


# %% wrong="draw-slope" hint="A picture of f shows its slope."
def draw_with_slope(f, places):
    plt.plot(places, f(torch.tensor(places)))
    plt.xlabel("x")
    plt.ylabel("value")
    return plt.gca()


# %% wrong="draw-slope" hint="Axes need no labels."
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    y.sum().backward()
    plt.plot(places, y.detach())
    plt.plot(places, x.grad)


# %% wrong="draw-slope" hint="The order of the lines is no matter."
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    y.sum().backward()
    plt.plot(places, x.grad)
    plt.plot(places, y.detach())
    plt.xlabel("x")
    plt.ylabel("value")


# %% wrong="draw-slope" hint="matplotlib takes any tensor."
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    y.sum().backward()
    plt.plot(x, y)
    plt.plot(x, x.grad)
    plt.xlabel("x")
    plt.ylabel("value")


# %% wrong="draw-slope" hint="Each line gets a picture of its own."
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    y.sum().backward()
    plt.plot(places, y.detach())
    plt.figure()
    plt.plot(places, x.grad)
    plt.xlabel("x")
    plt.ylabel("value")


# %% wrong="draw-slope"
# Backward from all heights at once.
def draw_with_slope(f, places):
    x = torch.tensor(places, requires_grad=True)
    y = f(x)
    y.backward()
    plt.plot(places, y.detach())
    plt.plot(places, x.grad)
    plt.xlabel("x")
    plt.ylabel("value")


# %% right="fit-a-line"
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    for _ in range(rounds):
        optimizer.zero_grad()
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return w, b


# %% right="fit-a-line"
# One leaf of two numbers.
def fit_line(x, y, rate, rounds):
    line = torch.zeros(2, requires_grad=True)
    for _ in range(rounds):
        loss = torch.mean((line[0] * x + line[1] - y) ** 2)
        (slopes,) = torch.autograd.grad(loss, line)
        with torch.no_grad():
            line -= rate * slopes
    return line.tolist()


# %% wrong="fit-a-line" hint="Backward replaces the slope that stands on a leaf."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    return w, b


# %% wrong="fit-a-line" hint="A step is a calculation like any other."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        w -= rate * w.grad
        b -= rate * b.grad
        w.grad = b.grad = None
    return w, b


# %% wrong="fit-a-line" hint="The slope of the line is all there is to learn."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None
    return w, b


# %% wrong="fit-a-line" hint="The gradient points downhill."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w += rate * w.grad
            b += rate * b.grad
        w.grad = b.grad = None
    return w, b


# %% wrong="fit-a-line"
# A result in the place of the leaf.
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        w = w - rate * w.grad
        b = b - rate * b.grad
    return w, b


# %% wrong="fit-a-line" hint="One reset is enough."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad.zero_()
    return w, b


# %% wrong="fit-a-line" hint="A `return` ends the round."
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad = b.grad = None
        return w, b
    return None


# %% wrong="fit-a-line"
# The loss comes back, and not the line.
def fit_line(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad = b.grad = None
    return loss


# %% right="train-network"
# New arrays in place of changed ones, and the reset first.
def my_round(parameters, x, y, rate):
    for parameter in parameters:
        parameter.grad = None
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value = parameter.value - rate * parameter.grad
    return float(loss.value)


# %% wrong="train-network" hint="Backward replaces the slope that stands on a leaf."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
    return loss.item()


# %% wrong="train-network" hint="A weight is a name."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        gradient, parameter.grad = parameter.grad, None
        parameter = parameter - rate * gradient
    return loss.item()


# %% wrong="train-network" hint="The gradient points downhill."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value += rate * parameter.grad
        parameter.grad = None
    return loss.item()


# %% wrong="train-network" hint="A node with one number is a number."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
        parameter.grad = None
    return loss


# %% wrong="train-network" hint="A round has nothing to tell."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
        parameter.grad = None


# %% wrong="train-network" hint="The slope is there as soon as the value is."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
        parameter.grad = None
    return loss.item()


# %% wrong="train-network" hint="One reset is enough."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
    parameter.grad = None
    return loss.item()


# %% wrong="train-network" hint="A gradient is a node."
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad.value
        parameter.grad = None
    return loss.item()


# %% wrong="train-network"
# torch's way to reset, which an array has not.
def my_round(parameters, x, y, rate):
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
        parameter.grad.zero_()
    return loss.item()


# %% right="read-the-engine"
named = ["Edge", "graph.AccumulateGrad", "_walk()", " _released "]

# %% wrong="read-the-engine" hint="What adds is what sums."
named = ["_walk", "AccumulateGrad", "_walk", "_released"]

# %% wrong="read-the-engine" hint="The sum at a leaf is the sum of ways."
named = ["Edge", "AccumulateGrad", "AccumulateGrad", "_released"]

# %% wrong="read-the-engine" hint="Who walks also refuses."
named = ["Edge", "AccumulateGrad", "_walk", "_walk"]

# %% wrong="read-the-engine"
# The function that one calls, not the one that does it.
named = ["Edge", "AccumulateGrad", "run_backward", "_released"]

# %% wrong="read-the-engine"
named = ["Edge", "AccumulateGrad", 3, "_released"]


# %% right="fit-a-line"
# Both numbers in one leaf, and returned in one tensor.
def fit_line(x, y, rate, rounds):
    both = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([both], lr=rate)
    for _ in range(rounds):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(both[0] * x + both[1], y).backward()
        optimizer.step()
    return both.detach()
