# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

import chalkgrad


# %% right="line-module"
class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter("w", torch.nn.Parameter(torch.zeros(())))
        self.register_parameter("b", torch.nn.Parameter(torch.zeros(())))

    def forward(self, x):
        return self.b + x * self.w


# %% wrong="line-module" hint="Every leaf of a module is found."
class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.tensor(0.0, requires_grad=True)
        self.b = torch.tensor(0.0, requires_grad=True)

    def forward(self, x):
        return self.w * x + self.b


# %% wrong="line-module"
# Without super().__init__().
class Line(torch.nn.Module):
    def __init__(self):
        self.w = torch.nn.Parameter(torch.tensor(0.0))
        self.b = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.w * x + self.b


# %% wrong="line-module"
# Other names.
class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(0.0))
        self.bias = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return self.weight * x + self.bias


# %% wrong="line-module" hint="A parameter is a list of one."
class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([0.0]))
        self.b = torch.nn.Parameter(torch.tensor([0.0]))

    def forward(self, x):
        return self.w * x + self.b


# %% wrong="line-module"
# The value is printed, not returned.
class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(0.0))
        self.b = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        print(self.w * x + self.b)


# %% right="rebuild-network"
# By places: a weight and a bias for each Linear.
def rebuild(state):
    net = torch.nn.Sequential()
    weights = [value for name, value in state.items() if "weight" in name]
    for place, weight in enumerate(weights):
        if place:
            net.append(torch.nn.Tanh())
        net.append(torch.nn.Linear(weight.shape[1], weight.shape[0]))
    net.load_state_dict(state)
    return net


# %% right="rebuild-network"
# A module that only calculates what the network would.
def rebuild(state):
    class Same(torch.nn.Module):
        def forward(self, x):
            values = list(state.values())
            for place in range(0, len(values), 2):
                x = torch.nn.functional.linear(x, values[place], values[place + 1])
                if place + 2 < len(values):
                    x = x.tanh()
            return x

    return Same()


# %% wrong="rebuild-network" hint="A weight has the shape (reads, gives)."
def rebuild(state):
    modules = []
    for name, value in state.items():
        if name.endswith("weight"):
            modules += [torch.nn.Linear(*value.shape), torch.nn.Tanh()]
    net = torch.nn.Sequential(*modules[:-1])
    net.load_state_dict(state)
    return net


# %% wrong="rebuild-network" hint="load_state_dict returns the network."
def rebuild(state):
    modules = []
    for name, value in state.items():
        if name.endswith("weight"):
            modules += [torch.nn.Linear(value.shape[1], value.shape[0]), torch.nn.Tanh()]
    net = torch.nn.Sequential(*modules[:-1])
    return net.load_state_dict(state)


# %% wrong="rebuild-network"
# Built, and never loaded: the weights are random.
def rebuild(state):
    modules = []
    for name, value in state.items():
        if name.endswith("weight"):
            modules += [torch.nn.Linear(value.shape[1], value.shape[0]), torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1])


# %% wrong="rebuild-network"
# Right for the lesson's network, and for no other.
def rebuild(state):
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    net.load_state_dict(state)
    return net


# %% right="mended-loop"
# Forgets at the end of a round, and takes the loss from nn.
def train(net, x, y, steps, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = torch.nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss)
    return losses


# %% right="mended-loop"
# Without an optimizer.
def train(net, x, y, steps, rate):
    losses = []
    for _ in range(steps):
        net.zero_grad()
        loss = (net(x) - y).square().mean()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= rate * p.grad
        losses.append(loss.item())
    return losses


# %% wrong="mended-loop" hint="Backward replaces the gradients."
def train(net, x, y, steps, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = ((net(x) - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


# %% wrong="mended-loop" hint="Any order will do, if all lines are there."
def train(net, x, y, steps, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = ((net(x) - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return losses


# %% wrong="mended-loop"
# The loss is calculated once, before the loop.
def train(net, x, y, steps, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    loss = ((net(x) - y) ** 2).mean()
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


# %% wrong="mended-loop"
# Only the last loss.
def train(net, x, y, steps, rate):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((net(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return loss.item()


# %% right="carry-weights"
# Parameter by parameter, through lists.
def carry(theirs, ours):
    values = {}
    for name, value in theirs.named_parameters():
        values[name] = chalkgrad.tensor(value.detach().tolist())
    ours.load_state_dict(values)
    return ours


# %% wrong="carry-weights" hint="A tensor is a tensor."
def carry(theirs, ours):
    ours.load_state_dict(theirs.state_dict())
    return ours


# %% wrong="carry-weights" hint="load_state_dict returns the network."
def carry(theirs, ours):
    return ours.load_state_dict(
        {n: chalkgrad.from_numpy(v.numpy()) for n, v in theirs.state_dict().items()}
    )


# %% wrong="carry-weights"
# Numbers and no tensors.
def carry(theirs, ours):
    ours.load_state_dict({n: v.numpy() for n, v in theirs.state_dict().items()})
    return ours


# %% wrong="carry-weights" hint="The same shape is the same network."
# Loaded into a new dictionary, which nobody looks at.
def carry(theirs, ours):
    ours.state_dict().update(
        {n: chalkgrad.from_numpy(v.numpy()) for n, v in theirs.state_dict().items()}
    )
    return ours
