# %% [markdown] items="S05.3.T1"
# # Building simple networks
#
# **24 minutes · difficulty 2 of 3**
#
# You need: *leaf, value, backward, read*, and what the edges of a graph are.
#
# At the end you will be able to
#
# - say which lines of a program are its forward pass and which its backward pass;
# - multiply slopes along a chain, by hand and with code that you write;
# - read the slope of a node in the middle of a graph;
# - predict which graph a program with an `if` or a loop records;
# - let `MyTensor` record three more operations.

# %%
import math
import warnings

import torch

import chalkgrad
from chalkboard import BackwardStepper, draw_graph, plot_with_tangent
from course.graphs.simple_networks.exercises import check
from course.graphs.simple_networks.questions import predict, quiz

# %% [markdown] items="S05.3.T1 S05.3.F1"
# ## Three nodes in a row
#
# A small network: an *input* node x, a *hidden* node y, an *output* node z. Above each edge stands
# its step, below it the **local slope**: how fast this one node grows with the one before it.
#
# ```
#           y = x³              z = 5y - 4
#    x ───────────────▶ y ───────────────────▶ z
#      local slope 3x²       local slope 5
# ```
#
# **Predict.** At x = 1 the first local slope is 3: there, y grows three times as fast as x. z always
# grows five times as fast as y. And how fast does z grow with x?

# %%
predict("slope-of-a-chain")

# %% items="S05.3.C1 S05.3.C2 S05.3.K1"
# Forward pass: from x to z, the values.
x = torch.tensor(1.0, requires_grad=True)
y = x**3
z = 5 * y - 4
print("values:", x.item(), y.item(), z.item())

# Backward pass: from z to x, the slopes.
z.backward()
print("slope: ", x.grad.item())

# Without any calculus: a small step from x, and how far z goes.
step = 0.0001
print("ratio: ", (5 * (1.0 + step) ** 3 - 4 - z.item()) / step)

# %% [markdown] items="S05.3.K1 S05.3.C2"
# **Explain.** The *forward pass* is the lines that calculate y and z. The *backward pass* is the one
# line `z.backward()`. On the way back the local slopes are multiplied. This is the **chain rule**,
# for a single chain. One gradient, five forms:
#
# | form | how fast z grows with x, at x = 1 |
# |---|---|
# | formula | 5 · 3x² = 15x² |
# | number | 15 |
# | picture | the tangent below rises by 15 for each 1 to the right |
# | graph | back along two edges: 5 · 3 |
# | code | `z.backward(); x.grad` |

# %%
plot_with_tangent(lambda x: 5 * x**3 - 4, 1.0, (-1, 2))

# %% [markdown] items="S05.3.F1"
# **Predict.** Next comes the same walk with chalkgrad, at **x = 2**. In each box stands what has
# come back to it so far.

# %%
predict("the-chain-at-two")

# %%
x = chalkgrad.tensor(2.0, requires_grad=True)
y = x**3
z = 5 * y - 4
BackwardStepper(
    z,
    names={"x": x, "y": y, "z": z},
    goal="Walk back to x. Which number does the step from y to x multiply by, now that x is 2?",
)

# %% [markdown] items="S05.3.F1"
# The walk in words, always the same three steps. **Begin** with 1: z grows as fast as itself.
# **Multiply** by the local slope of the step. **Go on** to what the step was made of.
#
# | at | what has come back, at x = 2 |
# |---|---|
# | z | 1, to begin with |
# | y | 1 · 5 = 5 |
# | x | 5 · 12 = 60 |
#
# ### Exercise: three steps, by hand
#
# *3 minutes, difficulty 1.* A chain of three steps at **x = 2**. First fill in the values on paper,
# then the three local slopes, then the slope of c with respect to x.
#
# ```
#   a = 5 - x,   b = a²,   c = 2b
# ```
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With the values: a, then b, then c. A local slope may need the value that its step saw.
#
# </details>
# <details><summary>Hint 2: which rules do I need?</summary>
#
# A number that is added or taken away leaves the slope as it is. A factor multiplies it. The slope
# of a² is 2a.
#
# </details>
# <details><summary>Hint 3: the sign</summary>
#
# When x grows by 1, what happens to 5 - x?
#
# </details>

# %% answer="slopes-by-hand"
# Three numbers in brackets, for a, b and c in this order; then one number.
### BEGIN SOLUTION
local_slopes = [-1, 6, 2]
whole_slope = (-1) * 6 * 2
### END SOLUTION

# %% check="slopes-by-hand"
check("slopes-by-hand", (local_slopes, whole_slope))

# %% [markdown] items="S05.3.K3"
# ## The slope in the middle
#
# **Predict.** The walk from z to x passes y. After it, the next cell reads both.

# %%
predict("slope-on-y")

# %% items="S05.3.C2"
x = torch.tensor(1.0, requires_grad=True)
y = x**3
z = 5 * y - 4
z.backward()

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print("x:", x.grad)
    print("y:", y.grad)

for warning in caught:
    print("torch warns:", str(warning.message).split(". ")[0])

# %% [markdown]
# **Explain.** A large network has very many nodes in the middle, and their slopes are needed only
# until the walk has passed. So torch lets them go. If you want one, say `y.retain_grad()` *before*
# the walk. What stays on y is then how **z** reacts to y.
#
# ### Exercise: keep the slope of the middle node
#
# *3 minutes, difficulty 1.* The same network at **x = 4**, with gaps.
#
# <details><summary>Hint 1: what goes where?</summary>
#
# The comments say it: one line to keep, one line to walk, two to read.
#
# </details>
# <details><summary>Hint 2: I get None, or an error</summary>
#
# None on y: it was not told to keep its slope, or too late. An error about a *second time*: run the
# whole cell, so that the forward pass is done again.
#
# </details>

# %% answer="keep-the-middle"
# Forward pass.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4

# Keep: let the middle node keep its slope.
### BEGIN SOLUTION
my_y.retain_grad()
### END SOLUTION

# Backward pass.
### BEGIN SOLUTION
my_z.backward()
### END SOLUTION

# Read both slopes.
### BEGIN SOLUTION
slope_of_y = my_y.grad
slope_of_x = my_x.grad
### END SOLUTION

# %% check="keep-the-middle"
check("keep-the-middle", (slope_of_y, slope_of_x))

# %% [markdown] items="S02.O4"
# ## Build it: your engine learns the chain
#
# `MyTensor` can add and multiply. For z = 5x³ - 4 it has to raise and to subtract.
#
# ### Exercise: three more operations that remember
#
# *4 minutes, difficulty 2.* Fill in the difference, the power and the sine, each in the three
# steps that you know: **value, parents, operation**. They are called `"sub"`, `"pow"` and `"sin"`.
# The sum and the minus sign are worked examples. The exponent is always a plain number, so a power
# has one parent, its base.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With the difference: it is the sum with other words.
#
# </details>
# <details><summary>Hint 2: one parent</summary>
#
# The sine has one parent. How does `__neg__` write a tuple of one?
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `MyTensor(2.0) ** 3` has the value 8, one parent with the value 2, and the operation "pow".
#
# </details>


# %% answer="more-operations" items="S02.O4"
class MyTensor:
    """A number that remembers what it was made of."""

    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __repr__(self):
        return f"MyTensor({self.value:g})"

    def __add__(self, other):
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other):
        other = as_node(other)
        return MyTensor(self.value * other.value, (self, other), "mul")

    def __neg__(self):
        return MyTensor(-self.value, (self,), "neg")

    def __sub__(self, other):
        ### BEGIN SOLUTION
        other = as_node(other)
        difference = self.value - other.value
        return MyTensor(difference, parents=(self, other), operation="sub")
        ### END SOLUTION

    def __pow__(self, exponent):
        ### BEGIN SOLUTION
        power = self.value**exponent
        return MyTensor(power, parents=(self,), operation="pow")
        ### END SOLUTION

    def sin(self):
        ### BEGIN SOLUTION
        sine = math.sin(self.value)
        return MyTensor(sine, parents=(self,), operation="sin")
        ### END SOLUTION

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_node(other) - self  # 5 - x


def as_node(number):
    """Return a node as it is, and make one of a plain number."""
    return number if isinstance(number, MyTensor) else MyTensor(number)


# Try it:
print(MyTensor(7.0) - 2, MyTensor(2.0) ** 3, MyTensor(0.0).sin())

# %% check="more-operations"
check("more-operations", MyTensor)

# %% [markdown]
# Now the way back, for z = 5x³ - 4 at x = 2. The local slopes are noted by hand: what the last step
# contributes stands first.

# %%
slope = 1.0  # begin
for done, noted in [("- 4", 1.0), ("times 5", 5.0), ("to the power of 3", 12.0)]:
    slope = slope * noted  # multiply, and go on
    print(f"back over {done!r}: {slope:g}")

# %% [markdown]
# ### Exercise: walk a chain back
#
# *4 minutes, difficulty 2.* Alone now: **begin, multiply, go on**. You get the last node of a chain
# and return how fast it grows with the leaf at the chain's beginning. Each node that was calculated
# has its local slope noted on it, as `node.local_slope`. The way back leads over the first parent,
# `node.parents[0]`; a second one is a plain number.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With two names: the slope that has come so far, and the node where you stand. What are they before
# the first step?
#
# </details>
# <details><summary>Hint 2: when is the walk over?</summary>
#
# At the leaf, and a leaf has no parents. `while node.parents:` goes on as long as there are some.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# For 5x³ - 4 at x = 2 the steps contribute 1, 5 and 12, in this order.
#
# </details>


# %% answer="walk-a-chain"
def slope_back(result):
    """Return how fast the end of a chain grows with the leaf at its beginning."""
    ### BEGIN SOLUTION
    slope = 1.0
    node = result
    while node.parents:
        slope *= node.local_slope
        node = node.parents[0]
    return slope
    ### END SOLUTION


# %% check="walk-a-chain"
check("walk-a-chain", slope_back)

# %% [markdown]
# What you have built so far, beside torch. Where a piece is not finished, the cell says so.

# %%
try:
    mine = MyTensor(1.0)
    cube = mine**3
    cube.local_slope = 3 * mine.value**2
    product = cube * 5
    product.local_slope = 5.0
    end = product - 4
    end.local_slope = 1.0
    print("yours:", slope_back(end))
except Exception as error:
    print("Not finished yet:", error)

theirs = torch.tensor(1.0, requires_grad=True)
(theirs**3 * 5 - 4).backward()
print("torch:", theirs.grad.item())

# %% [markdown] items="S05.3.D1"
# The same 15. One thing is still done by hand: you note the local slopes. Does your node remember
# enough to find them by itself? Keep that question. It comes back in the section on mathematics.
#
# ## A graph that follows the input
#
# **Predict.** The next program has a loop, and how often it runs depends on x.

# %%
predict("how-many-doublings")


# %% items="S05.3.D1"
def doubled(x):
    """Double x until it is 10 or more."""
    while x < 10:
        x = 2 * x
    return x


for start in (1.0, 3.0):
    leaf = torch.tensor(start, requires_grad=True)
    result = doubled(leaf)
    result.backward(retain_graph=True)  # keep the graph, to draw it
    print(f"from {start:g} to {result.item():g}, slope {leaf.grad.item():g}")

draw_graph(result, names={"x": leaf})

# %% [markdown] items="S05.3.D1 S05.3.K2"
# **Explain.** The picture shows two multiplications, and no loop. torch records what is *done*. The
# `while` decided how often, and left no node. So each call has a graph of its own. Such a graph is
# called **dynamic**.
#
# A **static** graph is fixed before it runs, as in TensorFlow 1.x. Then a `while` has to be
# a node itself. In exchange the graph is known as a whole. It can be optimised, and run without Python.
#
# torch chose dynamic graphs on purpose. Its authors speak of "an imperative and Pythonic programming
# style that supports code as a model, makes debugging easy"
# ([Paszke et al., 2019](https://arxiv.org/abs/1912.01703), abstract).
#
# Today it offers both. `torch.compile` speeds up what it can capture. At a branch that depends on
# a tensor's value, it normally [breaks the
# graph](https://docs.pytorch.org/docs/main/user_guide/torch_compiler/compile/programming_model.common_graph_breaks.html)
# in two, with Python between. `torch.export` wants one whole graph. There, such a branch has to be
# written as [`torch.cond`](https://docs.pytorch.org/docs/stable/cond.html).
#
# ### Question: fixed or free?
#
# *2 minutes, marked by a person, 2 points.* Name one thing that is gained when the graph is recorded
# anew in each run, and one that is gained when it is fixed before. Say why, for both. Double-click
# the next cell and answer in two or three sentences.

# %% [markdown] written="fixed-or-free" items="S05.3.D1"
# ### BEGIN SOLUTION
# Recorded anew, the graph follows the program: an ordinary `if` or loop can make another graph for
# another input, and one can stop at any line and look. Fixed before, the whole graph is known in
# advance, so that it can be rewritten to run faster, or saved and run where there is no Python.
# ### END SOLUTION

# %% [markdown] items="S05.3.K3"
# ## Quiz
#
# Five questions: one for each thing that this section has taught so far, and one on `MyTensor`. The
# first goes back to an earlier lesson.

# %% items="S05.3.K3"
quiz("chains")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The three steps of the walk back along a chain</summary>
#
# Begin with 1, multiply by the local slope, go on to the parent.
#
# </details>
# <details><summary>Which line is the backward pass</summary>
#
# `z.backward()`. All lines that calculate values before it are the forward pass.
#
# </details>
# <details><summary>How to read the slope of a node in the middle</summary>
#
# `y.retain_grad()` before the walk, `y.grad` after it.
#
# </details>
# <details><summary>What a graph shows of a loop</summary>
#
# The operations that were done in it, one after the other. The loop itself is no node.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - Forward, values are filled in. Backward, local slopes are multiplied.
# - A local slope is taken at the value that its step saw.
# - torch keeps slopes on leaves. A node in the middle must be told to keep its own.
# - A dynamic graph holds what was done in this run, and no `if` or loop.
# - `MyTensor` records a chain, and your function walks it back.
#
# ## Where next
#
# *Adding weights to networks* puts numbers into the graph that are there to be changed. To read
# more: torch's own
# [tutorial on autograd](https://docs.pytorch.org/tutorials/beginner/blitz/autograd_tutorial.html).
# Words: the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "graphs/simple_networks",
    goal="See what is still open before you go on.",
)
