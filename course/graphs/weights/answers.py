# %%
# ruff: noqa: B905, F821, F841, RET503  (as students write it)
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch


# %% right="neuron-slopes"
# The gradients asked for by function, in float64.
def slopes_of_loss(w_value, b_value, x, target):
    pair = torch.tensor([w_value, b_value], dtype=torch.float64, requires_grad=True)
    loss = (pair[0] * x + pair[1] - target) ** 2
    (found,) = torch.autograd.grad(loss, pair)
    return found[0].item(), found[1].item()


# %% right="neuron-slopes"
# By the formula.
def slopes_of_loss(w_value, b_value, x, target):
    distance = w_value * x + b_value - target
    return [2 * distance * x, 2 * distance]


# %% right="neuron-slopes"
# Both in one leaf, and its gradient as it is.
def slopes_of_loss(w_value, b_value, x, target):
    both = torch.tensor([w_value, b_value], requires_grad=True)
    ((both[0] * x + both[1] - target) ** 2).backward()
    return both.grad


# %% wrong="neuron-slopes" hint="The slope that counts is that of the neuron."
def slopes_of_loss(w_value, b_value, x, target):
    w = torch.tensor(w_value, requires_grad=True)
    b = torch.tensor(b_value, requires_grad=True)
    (w * x + b).backward()
    return w.grad, b.grad


# %% wrong="neuron-slopes" hint="The slopes are there as soon as the loss is."
def slopes_of_loss(w_value, b_value, x, target):
    w = torch.tensor(w_value, requires_grad=True)
    b = torch.tensor(b_value, requires_grad=True)
    loss = (w * x + b - target) ** 2
    return w.grad, b.grad


# %% wrong="neuron-slopes" hint="Every tensor is in a graph."
def slopes_of_loss(w_value, b_value, x, target):
    w = torch.tensor(w_value)
    b = torch.tensor(b_value)
    loss = (w * x + b - target) ** 2
    loss.backward()
    return w.grad, b.grad


# %% wrong="neuron-slopes"
# The loss and one slope.
def slopes_of_loss(w_value, b_value, x, target):
    w = torch.tensor(w_value, requires_grad=True)
    loss = (w * x + b_value - target) ** 2
    loss.backward()
    return w.grad


# %% wrong="neuron-slopes" hint="The order of the two does not matter."
def slopes_of_loss(w_value, b_value, x, target):
    w = torch.tensor(w_value, requires_grad=True)
    b = torch.tensor(b_value, requires_grad=True)
    loss = (w * x + b - target) ** 2
    loss.backward()
    return b.grad, w.grad


# %% right="weight-update"
def one_step(weights, rate):
    torch.optim.SGD(weights, lr=rate).step()
    for weight in weights:
        weight.grad.zero_()
    return weights


# %% right="weight-update"
# Through `.data`, which torch advises against, and which moves the weights all the same.
def one_step(weights, rate):
    for weight in weights:
        weight.data -= rate * weight.grad
        weight.grad = None
    return weights


# %% wrong="weight-update" hint="A step is a calculation like any other."
def one_step(weights, rate):
    for weight in weights:
        weight -= rate * weight.grad
        weight.grad = None
    return weights


# %% wrong="weight-update" hint="A new tensor is the moved weight."
# Gives the name to a new tensor.
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight = weight - rate * weight.grad
            weight.grad = None
    return weights


# %% wrong="weight-update" hint="The gradient points downhill."
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight += rate * weight.grad
            weight.grad = None
    return weights


# %% wrong="weight-update" hint="backward replaces what stands in .grad."
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight -= rate * weight.grad
    return weights


# %% wrong="weight-update"
# `return` inside the loop: only the first weight moves.
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight -= rate * weight.grad
            weight.grad = None
            return weights


# %% wrong="weight-update"
# The slopes emptied by zeros before they are used.
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight.grad.zero_()
            weight -= rate * weight.grad
    return weights


# %% wrong="weight-update" hint="A weight that moves must not be tracked."
def one_step(weights, rate):
    for weight in weights:
        weight.requires_grad = False
        weight -= rate * weight.grad
        weight.grad = None
    return weights


# %% wrong="weight-update"
# Nothing is returned.
def one_step(weights, rate):
    with torch.no_grad():
        for weight in weights:
            weight -= rate * weight.grad
            weight.grad = None


# %% right="mend-the-loop"
# With an optimizer, and the slopes emptied at the beginning of each round.
def train(x, target, steps, rate):
    w = torch.zeros(1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (w * x + b - target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% right="mend-the-loop"
# The losses in one tensor, and slopes that never stand on the leaves.
def train(x, target, steps, rate):
    both = torch.zeros(2, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((both[0] * x + both[1] - target) ** 2).mean()
        losses.append(loss.detach())
        (slopes,) = torch.autograd.grad(loss, both)
        with torch.no_grad():
            both -= rate * slopes
    return torch.stack(losses)


# %% right="mend-the-loop"
# New leaves in each round, on which nothing stands yet.
def train(x, target, steps, rate):
    w, b, losses = 0.0, 0.0, []
    for _ in range(steps):
        leaves = [torch.tensor(number, requires_grad=True) for number in (w, b)]
        loss = ((leaves[0] * x + leaves[1] - target) ** 2).mean()
        loss.backward()
        losses.append(loss)
        w, b = (leaf.item() - rate * leaf.grad.item() for leaf in leaves)
    return losses


# %% wrong="mend-the-loop" hint="backward replaces what stands in .grad."
# Emptied once, before the loop.
def train(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    w.grad = None
    b.grad = None
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    return losses


# %% wrong="mend-the-loop" hint="One reset is enough for both: w."
def train(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad = None
    return losses


# %% wrong="mend-the-loop" hint="backward moves the weights."
# Emptied between backward and the step.
def train(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        w.grad.zero_()
        b.grad.zero_()
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    return losses


# %% wrong="mend-the-loop" hint="A step is a calculation like any other."
def train(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        w = w - rate * w.grad
        b = b - rate * b.grad
    return losses


# %% wrong="mend-the-loop"
# Emptied after the loop.
def train(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    w.grad = None
    b.grad = None
    return losses[-1]


# %% right="recorded-neuron"
# With `sum`, which begins at a plain 0.
def neuron(weights, inputs, bias):
    return sum(weight * item for weight, item in zip(weights, inputs)) + bias


# %% right="recorded-neuron"
# The inputs first, by their places.
def neuron(weights, inputs, bias):
    answer = MyTensor(0.0)
    for place in range(len(weights)):
        answer = inputs[place] * weights[place] + answer
    return bias + answer


# %% wrong="recorded-neuron" hint="A result can be wrapped afterwards."
def neuron(weights, inputs, bias):
    total = bias.value
    for weight, item in zip(weights, inputs):
        total += weight.value * item
    return MyTensor(total)


# %% wrong="recorded-neuron" hint="Every input gets the bias."
def neuron(weights, inputs, bias):
    total = 0
    for weight, item in zip(weights, inputs):
        total = total + weight * item + bias
    return total


# %% wrong="recorded-neuron" hint="The values of the weights are enough."
def neuron(weights, inputs, bias):
    return sum(weight.value * item for weight, item in zip(weights, inputs)) + bias.value


# %% wrong="recorded-neuron" hint="A neuron has no bias."
def neuron(weights, inputs, bias):
    total = MyTensor(0.0)
    for weight, item in zip(weights, inputs):
        total = total + weight * item
    return total


# %% wrong="recorded-neuron"
# Two lists cannot be multiplied.
def neuron(weights, inputs, bias):
    return weights * inputs + bias
