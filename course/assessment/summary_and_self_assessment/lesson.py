# %% [markdown]
# # Summary and self-assessment
#
# **22 minutes · difficulty 2 of 3**
#
# You need: the lessons before this one, and a sheet of paper.
#
# At the end you will be able to say, without looking it up,
#
# - what a tensor is, and what it has that an array has not;
# - how a graph is recorded and walked back, on paper and in the right order;
# - where a slope is zero, and why a training loop resets its gradients;
# - how to see that gradients vanish.
#
# There is no summary to read here. Students who recalled a text knew more of it a week later than those
# who read it again, and those had felt surer
# ([Roediger and Karpicke, 2006](https://doi.org/10.1111/j.1467-9280.2006.01693.x)). So each part
# begins with **Recall**: say it aloud or write it down, and only then open it.

# %%
import numpy as np
import torch
from matplotlib import pyplot as plt

import chalkgrad
from chalkboard import BackwardStepper
from course.assessment.summary_and_self_assessment.exercises import check
from course.assessment.summary_and_self_assessment.questions import predict, quiz

# %% [markdown] items="S09.M1"
# ## Tensors
#
# **Recall.**
#
# <details><summary>Two things that a tensor has and an array of NumPy has not</summary>
#
# A place in a graph, if it is asked for: `requires_grad`, `grad`, `grad_fn`. And a device.
#
# </details>
#
# **Predict.** Four questions. The next cell shows what can be shown of the answers.

# %% items="S10.Q1a S10.Q1b S10.Q1c"
predict("what-a-tensor-is")

# %% items="S10.Q1a S10.Q1b S10.Q1c"
array = np.array([1.0, 2.0])
tensor = torch.tensor([1.0, 2.0])
print(array.dtype, "|", tensor.dtype, tensor.device, tuple(tensor.shape), tensor.stride())

shared = torch.from_numpy(array)
array[0] = 99.0
print(shared)

tensor.requires_grad_()
(tensor * tensor).sum().backward()
print(tensor.grad, hasattr(array, "grad"))

# %% [markdown] items="S09.M2 S09.M4"
# ## Graphs
#
# **Recall.**
#
# <details><summary>Draw the graph of 3x² + 2x + 1. How many operations has it?</summary>
#
# Five: x to the power 2, times 3; x times 2; and two sums. Both ways begin at the one x. The numbers 3,
# 2 and 1 are no nodes of torch's graph.
#
# </details>
# <details><summary>What has to be true for an operation to be recorded?</summary>
#
# At least one of its inputs is tracked, and recording is on: not inside `no_grad`. If that was hard to
# say, go back to *What is a computational graph?*
#
# </details>
#
# ### Exercise: the graph of (x + y)²
#
# *2 minutes, difficulty 1.* Draw it on paper. Each node is a value: **x**, **y**, the sum **s**, and
# **z** = s². Then write each edge as a pair (from, to), in the direction of the calculation.
#
# <details><summary>Hint 1</summary>
#
# What is z calculated from, directly? And what is s calculated from?
#
# </details>
# <details><summary>Hint 2: the form</summary>
#
# A list of pairs of texts, as in `[("a", "b"), ("b", "c")]`. The order of the pairs is no matter.
#
# </details>

# %% answer="edges-of-square" items="S10.Q2a"
# The edges, as pairs of names.
### BEGIN SOLUTION
edges_of_square = [("x", "s"), ("y", "s"), ("s", "z")]
### END SOLUTION

# %% check="edges-of-square"
check("edges-of-square", edges_of_square)

# %% [markdown] items="S09.M3"
# **Recall.**
#
# <details><summary>Three steps of reverse mode</summary>
#
# Calculate forward, and keep what is needed. Begin at the output, with 1. Walk back: multiply by the
# local slopes, add where ways meet.
#
# </details>
#
# ### Exercise: what backward does, in order
#
# *2 minutes, difficulty 2.* x = 1, y = 2, z = (x + y)² is calculated already. Now `z.backward()` runs.
# Which of these happen, and in which order?
#
# | letter | what happens |
# |---|---|
# | A | s is told 2 · s = 6 |
# | B | 6 is added to `x.grad` and to `y.grad` |
# | C | z is told 1 |
# | D | x and y are told 6 each |
# | E | z is calculated: 9 |
# | F | x and y are changed, against the gradient |
# | G | `x.grad` and `y.grad` are set to zero |
#
# <details><summary>Hint 1: where do I start?</summary>
#
# At the end of the graph. Backward begins where forward ended.
#
# </details>
# <details><summary>Hint 2: how many are there?</summary>
#
# Three of the seven are the work of somebody else: of the forward pass, or of you.
#
# </details>

# %% answer="order-of-backward" items="S10.Q2b"
# The letters of what happens, in order, as in ["G", "E", "A"].
### BEGIN SOLUTION
order_of_backward = ["C", "A", "D", "B"]
### END SOLUTION

# %% check="order-of-backward"
check("order-of-backward", order_of_backward)

# %%
one = chalkgrad.tensor(1.0, requires_grad=True)
two = chalkgrad.tensor(2.0, requires_grad=True)
added = one + two
BackwardStepper(
    added**2,
    names={"x": one, "y": two, "s": added},
    goal="Step through the walk, and hold it against your order.",
)

# %% [markdown] items="S10.Q2c"
# **Predict.** A graph that is made while the program runs, a *dynamic* one, can differ each time.

# %% items="S10.Q2c"
predict("dynamic-graphs")


# %%
def halved_until_small(x):
    while x > 1:
        x = x / 2
    return x


for start in [3.0, 100.0]:
    x = torch.tensor(start, requires_grad=True)
    halved_until_small(x).backward()
    print(f"from {start:g}: slope {x.grad.item():g}")

# %% [markdown]
# ### Question: why dynamic graphs?
#
# *2 minutes, marked by a person, 2 points.* Name two things that are easier when the graph is made while
# the program runs, and the price.

# %% [markdown] written="why-dynamic"
# ### BEGIN SOLUTION
# Ordinary Python decides what is recorded, so loops and ifs may depend on the data, and the graph can
# differ from one input to the next. And one can look: print and a debugger work at every step, and
# nothing has to be compiled first. The price is that nobody sees the whole program in advance, so less
# can be optimized; torch.compile captures a graph for that.
# ### END SOLUTION

# %% [markdown] items="S09.M5"
# ## Gradients
#
# **Recall.**
#
# <details><summary>The chain rule, where two ways lead from x to y</summary>
#
# Multiply the slopes along each way, and add up over the ways.
#
# </details>
#
# ### Exercise: x² at 3, twice
#
# *1 minute, difficulty 1.* The slope of y = x² at x = 3: by hand, and from torch.
#
# <details><summary>Hint 1</summary>
#
# x² is x · x: two ways lead back to x. For torch: leaf, value and backward, read.
#
# </details>

# %% answer="square-at-three" items="S10.Q3a"
# By hand.
### BEGIN SOLUTION
by_hand = 2 * 3
### END SOLUTION

# From torch: a leaf, and what is read from it in the end.
### BEGIN SOLUTION
at_three = torch.tensor(3.0, requires_grad=True)
### END SOLUTION
### BEGIN SOLUTION
torch.square(at_three).backward()
### END SOLUTION
### BEGIN SOLUTION
by_torch = at_three.grad
### END SOLUTION

# %% check="square-at-three"
check("square-at-three", (by_hand, by_torch))

# %% [markdown]
# ### Exercise: where is the slope zero?
#
# *1 minute, difficulty 1.* y = (x - 2)(x - 4). At which x is the slope zero? Write a list of all of them.
#
# <details><summary>Hint 1</summary>
#
# The question is not where *y* is zero. Multiply out, or let each factor grow in turn.
#
# </details>

# %% answer="flat-parabola" items="S10.Q3b"
# All x at which the slope is zero, as a list of numbers.
### BEGIN SOLUTION
flat_at = [(2 + 4) / 2]
### END SOLUTION

# %% check="flat-parabola"
check("flat-parabola", flat_at)

# %% [markdown]
# **Break.** A line w · x + b is fitted to y = 2x + 1. Look at the losses: do they settle?


# %%
def broken_fit(x, y, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


xs = torch.tensor([0.0, 1.0, 2.0, 3.0])
print([round(loss, 2) for loss in broken_fit(xs, 2 * xs + 1, 0.1, 7)])

# %% [markdown]
# ### Exercise: the loss will not settle
#
# *3 minutes, difficulty 2.* One line is missing in `broken_fit`. Copy it into the answer cell, under the
# new name, and mend it.
#
# <details><summary>Hint 1: what is piling up?</summary>
#
# `backward()` adds to what stands on a leaf. Who takes it away?
#
# </details>
# <details><summary>Hint 2: where does the line belong?</summary>
#
# Anywhere in the loop, except between backward and the step: there the step needs the gradients.
#
# </details>


# %% answer="forgotten-reset" items="S10.Q3c S02.O6"
def mended_fit(x, y, rate, rounds):
    """Fit w and b by gradient descent from 0; return the loss of each round."""
    ### BEGIN SOLUTION
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses
    ### END SOLUTION


# %% check="forgotten-reset"
check("forgotten-reset", mended_fit)

# %% [markdown] items="S09.M6 S09.M7"
# ## Applications
#
# **Recall.**
#
# <details><summary>What gets the gradient in training, and what does not?</summary>
#
# The weights. Inputs and targets are data: nobody turns them.
#
# </details>
# <details><summary>The message, if nothing was tracked; if the walk begins at many numbers; if it is taken
# twice</summary>
#
# "does not require grad and does not have a grad_fn"; "can be implicitly created only for scalar
# outputs"; "backward through the graph a second time".
#
# </details>
#
# **Predict.** A linear regression begins: w = 0, b = 0, and the points of y = 2x + 1.

# %%
predict("one-round-of-regression")

# %% items="S10.Q4a"
w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
loss = ((w * xs + b - (2 * xs + 1)) ** 2).mean()
loss.backward()
print(loss.item(), w.grad, b.grad, xs.grad)

# %% [markdown] items="S09.T1 S09.K1"
# **Explain.** You write the loss; autograd finds the slopes for all weights, however many there are. That
# is what makes torch useful for deep learning. GPT-3
# ([2020](https://arxiv.org/abs/2005.14165)), BERT ([2018](https://arxiv.org/abs/1810.04805)) and LLaMA
# ([2023](https://arxiv.org/abs/2302.13971)) were all trained by steps along gradients, with relatives of
# the step that you know. The whole regression waits in *Practice exercises*.
#
# **Predict.** The slope of a sigmoid is 1/4 at most. Now put one into another, twenty times.

# %%
predict("sigmoid-chain")


# %%
def through(x, depth):
    """Send x through so many sigmoids, one after the other."""
    for _ in range(depth):
        x = torch.sigmoid(x)
    return x


for depth in (1, 20):
    x = torch.tensor(0.5, requires_grad=True)
    out = through(x, depth)
    out.backward()
    print(f"depth {depth}: value {out.item():.4f}, gradient {x.grad.item():.3g}")

# %% [markdown]
# ### Exercise: see a gradient vanish
#
# *4 minutes, difficulty 2.* Draw the gradient at x = 0.5 over the depth, for all `depths`. Label the axes
# `depth` and `gradient`. With `plt.semilogy` in place of `plt.plot` the axis of the gradient is
# logarithmic. On an even axis all but the first points lie on zero.
#
# <details><summary>Hint 1: which gradients?</summary>
#
# One per depth: a new leaf with 0.5, `through(leaf, depth)`, backward, read, in a loop.
#
# </details>
# <details><summary>Hint 2: how is it drawn?</summary>
#
# `plt.semilogy(xs, ys, "o-")`, then `plt.xlabel("...")` and `plt.ylabel("...")`. End with
# `return plt.gca()`, the axes that you drew on.
#
# </details>
# <details><summary>Hint 3: matplotlib refuses</summary>
#
# It draws plain numbers. What makes a number of a tensor with one element?
#
# </details>


# %% answer="vanishing-gradients" items="S10.Q4b"
def draw_vanishing(depths):
    """Draw the gradient at 0.5 through a chain of sigmoids, over its depth."""
    ### BEGIN SOLUTION
    gradients = []
    for depth in depths:
        leaf = torch.tensor(0.5, requires_grad=True)
        through(leaf, depth).backward()
        gradients.append(leaf.grad.item())
    plt.semilogy(depths, gradients, "o-")
    plt.xlabel("depth")
    plt.ylabel("gradient")
    return plt.gca()
    ### END SOLUTION


# %% check="vanishing-gradients"
check("vanishing-gradients", draw_vanishing)

# %% [markdown]
# Here is your picture. On the logarithmic axis it is nearly a straight line: each layer multiplies by
# about the same small number.

# %%
axes = draw_vanishing(list(range(1, 21)))
if axes is ...:
    print("Your picture comes here, when draw_vanishing is written.")

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back two lessons.

# %%
quiz("summary")

# %% [markdown]
# ## Checkpoint
#
# The seven points of the whole course, once more. Say each aloud, then open it.
#
# <details><summary>Tensors, and arrays</summary>
#
# Both are tables of numbers of one dtype. A tensor can be tracked, and can lie on another device.
#
# </details>
# <details><summary>Graphs, and how you build one</summary>
#
# Calculate with a tracked leaf, and each operation is recorded. The result knows its `grad_fn`.
#
# </details>
# <details><summary>How the gradient is found, and the mathematics of it</summary>
#
# A walk back from one output: multiply along a way, add where ways meet.
#
# </details>
# <details><summary>Networks, and what goes wrong</summary>
#
# Weights are leaves, and a step goes against their gradients. Reset them, step inside `no_grad`, compare
# shapes from the right, and cut on purpose only.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - What you could not say aloud is what to go back to: the titles above are those of the lessons.
# - A zero of y and a zero of the slope are two questions.
# - Backward adds. A loop resets.
# - Many slopes below 1, multiplied, vanish: log the gradients of each layer.
#
# ## Where next
#
# *Practice exercises*: five tasks, and the end of the thread. Your `MyTensor` trains a network.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "assessment/summary_and_self_assessment",
    goal="See what is still open before you go on.",
)
