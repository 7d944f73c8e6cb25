# %% [markdown] items="S12.L3"
# # Modules
#
# **25 minutes · difficulty 3 of 3**
#
# You need: a network by hand (*Scaling to multi-layer networks*), and the four lines of a training loop
# (*Optimizers*).
#
# At the end you will be able to
#
# - write a module whose parameters are found, and say which would be missed;
# - build a network out of layers, and read its sizes from its state;
# - write a training loop, and mend one that trains nothing;
# - carry weights from torch to chalkgrad;
# - say what `train()` and `eval()` change, and what they do not.

# %%
import torch

import chalkgrad
from chalkboard import draw_graph, plot_losses
from course.further.modules.exercises import check
from course.further.modules.questions import predict, quiz

# %% [markdown] items="S12.L3"
# ## A function with memory
#
# Your networks were functions, and their weights lay beside them. A **module** keeps the two together.
#
# | by hand | `torch.nn` |
# |---|---|
# | a function of x and the weights | `forward(self, x)`, called as `net(x)` |
# | a leaf, `requires_grad=True` | `nn.Parameter(tensor)`, assigned to an attribute |
# | a list of all leaves | `net.parameters()` |
#
# `super().__init__()` comes first: it prepares the place where parameters are written down.
#
# **Predict.** `Half` has two leaves. One of them is a `Parameter`.

# %%
predict("which-are-found")


# %% items="S12.L3"
class Half(torch.nn.Module):
    """w · x + b, of which one part is not found."""

    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(2.0))
        self.b = torch.tensor(1.0, requires_grad=True)

    def forward(self, x):
        return self.w * x + self.b


half = Half()
half(torch.tensor(3.0)).backward()
print("found:", [name for name, _ in half.named_parameters()])
print("w.grad", half.w.grad, " b.grad", half.b.grad)

# %% [markdown]
# **Explain.** `b` gets a gradient like every leaf. But an optimizer that is given `net.parameters()`
# never hears of it, and training leaves it where it is, without a word.
#
# ### Exercise: a line as a module
#
# *3 minutes, difficulty 1.* `Line` calculates w · x + b. Both are parameters, are single numbers, start
# at 0, and are called `w` and `b`.
#
# <details><summary>Hint 1: the first gap</summary>
#
# Two attributes of `self`, each made as `w` is in `Half`.
#
# </details>
# <details><summary>Hint 2: the second gap</summary>
#
# Inside `forward` a parameter is used like any tensor, as `self.w`.
#
# </details>


# %% answer="line-module"
class Line(torch.nn.Module):
    """w · x + b."""

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        self.w = torch.nn.Parameter(torch.tensor(0.0))
        self.b = torch.nn.Parameter(torch.tensor(0.0))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        line = self.w * x
        return line + self.b
        ### END SOLUTION


# %% check="line-module"
check("line-module", Line)

# %% [markdown] items="S12.L3"
# ## Layers in a row
#
# Common layers are there already. `Linear(2, 3)` reads 2 numbers and gives 3: it calculates
# `x @ weight.T + bias`, so each row of `x` is one example. `Sequential` applies modules one after the other,
# and names them by their places, 0, 1, 2.
#
# **Predict.** The next cell prints the **state** of such a network: its numbers, by name.

# %%
predict("state-of-a-network")


# %% items="S12.L3"
def make_network(nn):
    """Return a network of 2 inputs, 3 hidden nodes and 1 output, of torch.nn or of chalkgrad.nn."""
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))


torch.manual_seed(1)
net = make_network(torch.nn)
print(net)
for name, value in net.state_dict().items():
    print(name, tuple(value.shape))
draw_graph(net(torch.ones(1, 2)), names=dict(net.named_parameters()))

# %% [markdown]
# **Explain.** The graph is that of a network by hand: a module adds nothing to it. *Transpose* is the `.T` of
# the formula, and *linear layer* takes the product and the sum as one operation. A `state_dict` holds numbers and no code. That is what one saves and sends. Who wants to use
# it needs to build a network of the same shape first.
#
# ### Exercise: rebuild a network from its state
#
# *4 minutes, difficulty 3.* `rebuild(state)` gets a state as above, of any number of `Linear` layers with a
# `Tanh` between each two. Build that network, load the state, and return the network.
#
# <details><summary>Hint 1: sizes</summary>
#
# The entries that end in `weight` stand in order. Each has the shape (gives, reads).
#
# </details>
# <details><summary>Hint 2: the row</summary>
#
# Collect modules in a list: for each weight a `Linear`, and a `Tanh` behind it. One `Tanh` is too many at
# the end. `torch.nn.Sequential(*modules)` takes them out of the list.
#
# </details>
# <details><summary>Hint 3: loading</summary>
#
# `net.load_state_dict(state)` changes the network. It does not return it.
#
# </details>


# %% answer="rebuild-network"
def rebuild(state):
    """Return a Sequential of Linear and Tanh with this state."""
    ### BEGIN SOLUTION
    modules = []
    for name, value in state.items():
        if name.endswith("weight"):
            gives, reads = value.shape
            modules += [torch.nn.Linear(reads, gives), torch.nn.Tanh()]
    network = torch.nn.Sequential(*modules[:-1])
    network.load_state_dict(state)
    return network
    ### END SOLUTION


# %% check="rebuild-network"
check("rebuild-network", rebuild)

# %% [markdown] items="S12.L3"
# ## A loop that trains
#
# **Predict.** The loop below has all four lines, and no error is raised.

# %%
predict("loop-that-trains-nothing")


# %% items="S12.L3"
def broken_train(net, x, y, steps, rate):
    """Take steps of SGD on the mean squared error, and return the loss before each of them."""
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        loss = ((net(x) - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return losses


x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
y = 2 * x + 1
print(broken_train(torch.nn.Linear(1, 1), x, y, steps=4, rate=0.1))

# %% [markdown]
# ### Exercise: mend the loop
#
# *3 minutes, difficulty 2.* Write `train` with its lines in an order that trains. It returns the losses as
# numbers, each from before its step.
#
# <details><summary>Hint 1: what each line leaves behind</summary>
#
# `backward` leaves gradients, `step` reads them, `zero_grad` takes them away. In which order is none lost,
# and none counted twice?
#
# </details>
# <details><summary>Hint 2: forget, calculate, backward, step</summary>
#
# `zero_grad` may stand anywhere between a step and the next backward.
#
# </details>


# %% answer="mended-loop"
def train(net, x, y, steps, rate):
    """Take steps of SGD on the mean squared error, and return the loss before each of them."""
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((net(x) - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses
    ### END SOLUTION


# %% check="mended-loop"
check("mended-loop", train)

# %% [markdown] items="S12.L3"
# ## The same in chalkgrad
#
# chalkgrad has modules with the same names. Between the two, weights travel as NumPy arrays.
#
# ### Exercise: carry the weights over
#
# *3 minutes, difficulty 2.* `theirs` is a network of torch, `ours` one of chalkgrad with the same shape.
# Load the weights of `theirs` into `ours`, and return `ours`.
#
# <details><summary>Hint 1: one value</summary>
#
# A tensor of torch gives its numbers by `.numpy()`, and `chalkgrad.from_numpy(...)` makes a tensor of them.
#
# </details>
# <details><summary>Hint 2: all of them</summary>
#
# A new dictionary with the names of `theirs.state_dict()`, and each value turned into one of chalkgrad's.
#
# </details>


# %% answer="carry-weights"
def carry(theirs, ours):
    """Return ours, with the weights of theirs."""
    ### BEGIN SOLUTION
    state = theirs.state_dict()
    ours.load_state_dict({name: chalkgrad.from_numpy(state[name].numpy()) for name in state})
    return ours
    ### END SOLUTION


# %% check="carry-weights"
check("carry-weights", carry)

# %% [markdown]
# Now XOR (is one of the two inputs 1, and not both?), which no single `Linear` can calculate. Both engines get the same weights, carried over by your function.
#
# **Predict.** Both take 60 steps with the same data and the same optimizer.

# %%
predict("two-engines-one-start")


# %% items="S12.L3"
def losses_on_xor(engine, network, steps=60):
    corners = engine.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    wanted = engine.tensor([[0.0], [1.0], [1.0], [0.0]])
    optimizer = engine.optim.SGD(network.parameters(), lr=0.3, momentum=0.9)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = engine.nn.MSELoss()(network(corners), wanted)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


try:
    copy = carry(net, make_network(chalkgrad.nn))
except Exception as error:
    copy = f"your carry raised {type(error).__name__}"
curves = {"torch": losses_on_xor(torch, net)}
if isinstance(copy, chalkgrad.nn.Module):
    curves["chalkgrad"] = losses_on_xor(chalkgrad, copy)
    gaps = [abs(a - b) for a, b in zip(*curves.values(), strict=True)]
    print("largest difference:", max(gaps))
else:
    print("chalkgrad's curve comes when `carry` above is right. Now:", copy)
plot_losses(curves, log=True)

# %% [markdown] items="S12.L3"
# ## Training and use
#
# Some layers work in two ways. `Dropout(0.5)` sets each number to 0 with chance one half, so that a network
# does not lean on a single node. What is left it doubles, so that the mean stays
# ([Srivastava and others, 2014](https://jmlr.org/papers/v15/srivastava14a.html)).
#
# **Predict.** The next cell feeds it eight ones, in training and in use.

# %%
predict("dropout-on-ones")

# %% items="S12.L3"
for engine in (torch, chalkgrad):
    drop = engine.nn.Dropout(0.5)
    print(engine.__name__, "train:", drop.train()(engine.ones(8)).tolist())
    print(engine.__name__, "eval: ", drop.eval()(engine.ones(8)).tolist())

net.eval()
print("still tracked:", net(torch.ones(1, 2)).requires_grad)

# %% [markdown]
# **Explain.** `net.train()` and `net.eval()` tell this to every layer inside. Neither has to do with
# gradients: who wants none says `with torch.no_grad():` as well.
#
# ### Question: what was not found
#
# *2 minutes, marked by a person, 2 points.* A colleague keeps layers in a list:
# `self.layers = [nn.Linear(2, 3), nn.Linear(3, 1)]`. The network runs, and
# `torch.optim.SGD(net.parameters(), lr=0.1)` raises "optimizer got an empty parameter list". Why? What
# would you change, and what else than training is mended by that? Two or three sentences.

# %% [markdown] written="why-not-found"
# ### BEGIN SOLUTION
# A module notices parameters and modules that are assigned to its attributes; a plain Python list is
# neither, so nobody looks inside. nn.ModuleList(...) or nn.Sequential(...) in place of the list is noticed.
# Then the layers also stand in state_dict(), follow train() and eval(), and move with net.to(device).
# ### END SOLUTION

# %% [markdown] items="S12.L8 S12.L9"
# ## Where the course leads
#
# | to learn | read |
# |---|---|
# | modules, from a loop by hand to `nn` | [torch: What is torch.nn really?](https://docs.pytorch.org/tutorials/beginner/nn_tutorial.html) |
# | the mathematics of it, with all symbols | [Wikipedia: Mathematics of neural networks in machine learning](https://en.wikipedia.org/wiki/Mathematics_of_artificial_neural_networks) |
# | why training is slow, and what helps: scaling inputs, first weights, learning rates | [Efficient BackProp](https://doi.org/10.1007/3-540-49430-8_2), by LeCun, Bottou, Orr and Müller, in *Neural Networks: Tricks of the Trade*, 1998 |
# | a whole book with code | [Dive into Deep Learning](https://d2l.ai) |
#
# And read chalkgrad: `src/chalkgrad/nn/module.py` finds parameters as this lesson said.

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("modules")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>Which leaves does a module find?</summary>
#
# Those that are `Parameter`, and those of modules, assigned to its attributes.
#
# </details>
# <details><summary>The shape of the weight of Linear(2, 3)</summary>
#
# (3, 2): one row for each number that it gives.
#
# </details>
# <details><summary>What eval() does not do</summary>
#
# It does not stop the recording. `no_grad` does.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A module is a function with memory, and finds what is assigned to it.
# - A state is numbers by name: build the same shape, then load.
# - A gradient must live from backward to step.
# - `train` and `eval` are for layers, `no_grad` is for gradients.
#
# ## Where next
#
# You have come to the end of the lessons. What is open in the course stands below; after that, take a small
# problem of your own. torch's tutorials start [here](https://docs.pytorch.org/tutorials/).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "further/modules",
    goal="See what is still open in the course.",
)
