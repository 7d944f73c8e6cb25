# %% [markdown] items="S05.2.T1"
# # Automatic gradients
#
# **25 minutes, and 8 more for the challenge · difficulty 1 of 3**
#
# You need: Python functions, and what a slope is. You need no calculus beyond that.
#
# At the end you will be able to
#
# - ask torch for the slope of any function at any point, and say what each line does;
# - predict the sign of a slope from a picture, and check its value in three other ways;
# - walk downhill with it, and find where a curve is flat;
# - say why torch works backward, and build the other way, forward, yourself.
#
# How to work: **predict** before you run, **run**, then **explain** what differed. Where a cell says
# `predict(...)`, run it and keep your prediction. Run the next cell, and then compare.

# %%
import torch

import chalkgrad
from chalkboard import (
    BackwardStepper,
    GradientExplorer,
    compare_gradients,
    draw_graph,
    plot_function,
    plot_with_tangent,
)
from course.graphs.automatic_gradients.exercises import check
from course.graphs.automatic_gradients.questions import predict, quiz


def f(x):
    return (x - 3) * (x - 6) * (x - 4)


# %% [markdown]
# ## The slope at a point
#
# **Predict.** You will see a drawing of `f` in a moment. Before that, think of x = 2, where the
# three factors are -1, -4 and -2.

# %%
predict("below-and-rising")

# %% items="S05.2.T2 S05.2.C2"
plot_function(f, (0, 10), zoom=(2, 7))

# %% [markdown]
# **Explain.** The left panel hides something: between 3 and 6 the curve has a top and a bottom,
# which only the zoom shows.
#
# How steep is it at x = 2? Let each factor grow in turn, while the other two stay and multiply the
# growth:
#
# | this factor grows | the other two, at any x | at x = 2 |
# |---|---|---|
# | x - 3 | (x - 6)(x - 4) | (-4) · (-2) = 8 |
# | x - 6 | (x - 3)(x - 4) | (-1) · (-2) = 2 |
# | x - 4 | (x - 3)(x - 6) | (-1) · (-4) = 4 |
# | **slope** | **the sum** | **14** |
#
# The sum over the three rows is the *product rule*.

# %% [markdown]
# ### Exercise: the slope at x = 5, by hand
#
# *1 minute, difficulty 1.* Sign first: look at the zoomed panel. Then the value: fill in the
# table for x = 5, and write the sum below.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# At x = 5 the three factors are 2, -1 and 1.
#
# </details>
# <details><summary>Hint 2: what do I add up?</summary>
#
# Three products. Each leaves out one factor: the first leaves out the 2, the second the -1, the
# third the 1.
#
# </details>

# %% answer="slope-at-five"
# The slope of f at x = 5, as a number.
### BEGIN SOLUTION
slope_at_five = (-1) * 1 + 2 * 1 + 2 * (-1)
### END SOLUTION

# %% check="slope-at-five"
check("slope-at-five", slope_at_five)

# %% [markdown]
# ## The same slope from torch
#
# Four steps, always the same: **leaf, value, backward, read**.
#
# **Predict.** The next cell takes them at x = 2. Read it before you run it.

# %%
predict("before-and-after")

# %% items="S05.2.C1"
# Leaf: a number that torch keeps track of.
x = torch.tensor(2.0, requires_grad=True)

# Value: calculated now, and how it came about is remembered.
y = f(x)
print(y)
print(x.grad)

# Backward: from y, along that memory, to x.
y.backward()

# Read: the slope waits on the leaf.
print(x.grad)

# %% [markdown] items="S05.2.K1"
# **Explain.** `y` carries a `grad_fn`, the way back: the last thing that was done was a
# multiplication. The number on the leaf is the slope *at x = 2* and nowhere else. In the picture it
# is how steep the tangent is, the straight line that touches the curve there: y = 14x - 36.

# %% items="S05.2.T3"
plot_with_tangent(f, 2.0, (0, 10), zoom=(2, 7))

# %% [markdown]
# **Predict.** `y` was calculated at x = 2. The next cell puts another number into `x`.

# %%
predict("a-new-x")

# %% items="S05.2.C1"
x = torch.tensor(5.0, requires_grad=True)
print(y)
print(f(x))

# %% [markdown]
# **Explain.** `f` is a function, and `y` is one value that it gave. Only a new call gives a new
# value.
#
# ### Exercise: a leaf of your own
#
# *2 minutes, difficulty 1.* The same four steps at **x = 1**, with gaps to fill.
#
# <details><summary>Hint 1: what does a leaf need?</summary>
#
# Two things that the worked example has too: a decimal number, and the wish to be tracked.
#
# </details>
# <details><summary>Hint 2: which gap is which?</summary>
#
# The names are new, the steps are those of the worked example: its `x` is `my_leaf` here, its `y`
# is `my_value`, and the last number that it prints is `my_slope`.
#
# </details>

# %% answer="tracked-leaf"
# Leaf and value.
### BEGIN SOLUTION
my_leaf = torch.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
### END SOLUTION

# Backward.
### BEGIN SOLUTION
my_value.backward()
### END SOLUTION

# Read.
### BEGIN SOLUTION
my_slope = my_leaf.grad
### END SOLUTION

# %% check="tracked-leaf"
check("tracked-leaf", (my_leaf, my_value, my_slope))

# %% [markdown] items="S05.2.T1"
# ## What happens on the way back
#
# torch has taken `f` apart into single operations. The next cell does the same with names, and draws
# the *graph*: each box is a value, each arrow says what it was made of. In small print stands its
# `grad_fn`.


# %%
def taken_apart(x):
    """Return each step of f by its name."""
    a, b, c = x - 3, x - 6, x - 4
    p = a * b
    return {"x": x, "a": a, "b": b, "c": c, "p": p, "y": p * c}


steps = taken_apart(torch.tensor(2.0, requires_grad=True))
draw_graph(steps["y"], names=steps)

# %% [markdown]
# Forward, from left to right, the values are filled in. Backward, from right to left, each step is
# told how much y grows when only this step grows. y itself is told 1.
#
# **Predict.** What are p, c and b told? As an example: a is a factor of p and so of y; the others, b
# and c, stand still and multiply. So a is told b · c = 8.

# %%
predict("three-slopes")

# %%
for step in steps.values():
    step.retain_grad()  # keep the slope that passes here; without this, only the leaf keeps it

steps["y"].backward()
for name, step in reversed(steps.items()):
    print(f"{name}: value {step.item():g}, slope {step.grad.item():g}")

# %% [markdown]
# Now watch the walk itself, on the same graph, made by *chalkgrad*. That is this course's own small
# engine, written to be read. Each box there gets its slope as `grad`.

# %%
steps = taken_apart(chalkgrad.tensor(2.0, requires_grad=True))
BackwardStepper(
    steps["y"],
    names=steps,
    goal="Walk back to x. How much comes over a, how much over b, and how much over c?",
)

# %% [markdown]
# **Explain.** Three ways lead back to x, over a, b and c, and what comes is added up: 8 + 2 + 4 = 14.
# These are the three rows of the product rule again. torch knows no formula of `f'`. It knows the rule of
# each single operation, and walks.
#
# So here is one gradient in five forms:
#
# | form | the slope of f at x = 2 |
# |---|---|
# | formula | 3x² - 26x + 54, at x = 2: 12 - 52 + 54 |
# | number | 14 |
# | picture | the tangent y = 14x - 36 |
# | graph | three ways back: 8 + 2 + 4 |
# | code | `f(x).backward(); x.grad` |

# %% [markdown] items="S05.2.K4 S05.2.C3"
# ## Three witnesses, and a trap
#
# Who says that torch is right? Ask others. *chalkgrad* is one. A *finite difference* needs no
# calculus at all: go a tiny step h to both sides and divide, (f(x + h) - f(x - h)) / 2h.
#
# **Predict.** Next comes a table of slopes at six places.

# %%
predict("slope-where-zero")

# %%
compare_gradients(f, [1, 2, 3, 4, 5, 6], compare=torch)

# %% [markdown]
# **Explain.** The witnesses agree; only the finite difference, whose step is not quite zero, is a
# hair off at x = 5. And here is the trap: where the *height* is zero, the slope can be anything.
#
# ### Exercise: the slope of any function, anywhere
#
# *2 minutes, difficulty 1.* Now alone: complete `slope`, which takes any function `g` and a plain
# number, and returns the slope of `g` there. It is tried on functions that you have not seen.
#
# <details><summary>Hint 1</summary>
#
# Leaf, value, backward, read. One line each.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The value is `g` at the leaf, not `f`. And the last line returns what you
# would read.
#
# </details>


# %% answer="slope-anywhere"
def slope(g, x_value):
    """Return the slope of g at x_value, with torch."""
    ### BEGIN SOLUTION
    leaf = torch.tensor(x_value, requires_grad=True)
    g(leaf).backward()
    return leaf.grad
    ### END SOLUTION


# %% check="slope-anywhere"
check("slope-anywhere", slope)

# %% [markdown]
# ## Backward adds
#
# **Predict.** The next cell goes backward twice from the same leaf at x = 2, and after that
# through a loop.

# %%
predict("two-walks")

# %% items="S05.2.C3"
x = torch.tensor(2.0, requires_grad=True)
f(x).backward()
print("once: ", x.grad)
f(x).backward()
print("twice:", x.grad)

for place in [1.0, 3.0, 4.0]:
    x = torch.tensor(place, requires_grad=True)
    f(x).backward()
    print(f"at x = {place:g}:", x.grad)

# %% [markdown]
# **Explain.** If you use a leaf again, write `x.grad = None` first, and the old slope is gone.
#
# ### Exercise: many slopes, one walk back
#
# *3 minutes, difficulty 2.* `slopes(points)` gets a tensor of places, of any shape, and returns the
# slopes of `f` at all of them: a tensor of the same shape and dtype. It takes no loop.
#
# <details><summary>Hint 1: what is the leaf?</summary>
#
# All the points together: one tensor, one leaf. `points.clone().requires_grad_()` makes
# a leaf with the same numbers.
#
# </details>
# <details><summary>Hint 2: torch says "grad can be implicitly created only for scalar outputs"</summary>
#
# Backward starts from one number. You have many heights. Which single number grows by exactly as
# much as any one of the heights grows?
#
# </details>
# <details><summary>Hint 3</summary>
#
# Add up the heights, not the slopes. Each point touches one term of that sum only.
#
# </details>


# %% answer="many-slopes"
def slopes(points):
    """Return the slope of f at each of the points, in their shape and dtype."""
    ### BEGIN SOLUTION
    leaves = points.clone().requires_grad_()
    f(leaves).sum().backward()
    return leaves.grad
    ### END SOLUTION


# %% check="many-slopes"
check("many-slopes", slopes)

# %% [markdown] items="S05.2.K2"
# ## Downhill
#
# You stand on a hillside in thick fog, and feel the ground under your feet. That is all a gradient
# knows: **which way the ground rises, and how steeply**. It points *up*. To go down, walk against
# it.
#
# Where the comparison breaks: the hiker takes even steps, but the step below is longer where it is
# steep. And the hiker feels the whole way, but a gradient knows one point, so a long step can jump
# over a valley.
#
# ### Exercise: one step downhill
#
# *2 minutes, difficulty 2.* Return where you stand after one step downhill from `x_value`. The step
# is as long as `rate` times the slope. The slope is there already; you choose the direction.
#
# <details><summary>Hint 1</summary>
#
# Try two places in your head: at x = 2 the slope is 14 and down is left. At x = 5 the slope is -1;
# where is down? Your line must be right for both.
#
# </details>
# <details><summary>Hint 2</summary>
#
# No `if` is needed: the slope brings its own sign.
#
# </details>


# %% answer="downhill-step"
def downhill_step(x_value, rate):
    """Return where one stands after one step downhill on f, from x_value."""
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    ### BEGIN SOLUTION
    return x_value - rate * slope_here
    ### END SOLUTION


# %% check="downhill-step"
check("downhill-step", downhill_step)

# %% [markdown]
# ## Flat places
#
# **Predict.** A place is *flat* where the slope is zero.

# %%
predict("how-many-flat", then="Find them all in the next cell, and then compare.")

# %% [markdown]
# Drag x, with the mouse or the arrow keys, until the slope is zero. The number is the slope that the
# tangent shows; when you let go, chalkgrad and torch say theirs.

# %%
GradientExplorer(
    f,
    x=2.0,
    domain=(0, 10),
    zoom=(2, 7),
    compare=torch,
    goal="Find every place where the slope is zero.",
)

# %% [markdown]
# ### Exercise: where the curve is flat
#
# *2 minutes, difficulty 2.* Write down both places, to two decimals. How you find them is up to you.
#
# <details><summary>Hint 1: by eye</summary>
#
# Use the zoomed panel. One is a top, one is a bottom. Near them a small move of x hardly changes
# the height, so watch the slope instead.
#
# </details>
# <details><summary>Hint 2: by calculation</summary>
#
# The slope is 3x² - 26x + 54. Where is that zero?
#
# </details>

# %% answer="flat-places"
# Two numbers: the x of the top and the x of the bottom.
### BEGIN SOLUTION
flat_places = [3.45, 5.22]
### END SOLUTION

# %% check="flat-places"
check("flat-places", flat_places)

# %% [markdown] items="S05.2.K3"
# ## Why backward?
#
# There is another direction. *Forward mode* carries a slope along with each value, from the input to
# the output: one pass says how the result reacts to **one** input. *Reverse mode*, which
# `backward()` uses, keeps the values on the way, then walks back once from **one** output.
#
# **Predict.** `loss` below has five inputs and one output.

# %%
predict("how-many-passes")


# %%
def loss(weights):
    return (weights * weights).sum()


weights = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])

# Forward: let one weight grow at a time, (1, 0, 0, 0, 0) first, and watch the loss.
reactions = []
for only_one in torch.eye(5):
    loss_now, reaction = torch.func.jvp(loss, (weights,), (only_one,))
    reactions.append(reaction)
print(len(reactions), "passes forward:", torch.stack(reactions))

# Backward: one walk.
print("1 walk backward: ", torch.func.grad(loss)(weights))

# %% [markdown]
# **Explain.** The slopes are the same, the work is not: forward needs a pass per input, backward a
# walk per output. The price of backward is memory, for it has to keep the values until it
# returns. Both are older than torch; a survey is
# [Baydin et al., 2018](https://jmlr.org/papers/v18/17-468.html).
#
# ### Question: why backward?
#
# *2 minutes, marked by a person, 2 points.* A model has a million weights and one loss. A simulation
# has one setting and a million outputs. Which mode suits which, and why? Double-click the next cell
# and answer in two or three sentences.

# %% [markdown] written="why-reverse"
# ### BEGIN SOLUTION
# Reverse mode suits the model: one walk back from its single loss gives the slopes for all million
# weights, where forward mode would need a million passes. Forward mode suits the simulation: one
# pass with its single setting gives the slopes of all million outputs, where reverse mode would
# have to walk back from each of them.
# ### END SOLUTION

# %% [markdown]
# ### Challenge: forward mode from scratch
#
# *8 minutes, difficulty 3, without torch or chalkgrad.* A `Dual` is a number that carries its slope along. Give
# it two rules: what is the slope of a sum, and of a product? The values are done already.
#
# Your class is then put through small programs, `f` among them: `f(Dual(2.0, 1.0))` runs forward
# once, and its slope should be one that you know.
#
# <details><summary>Hint 1: sum</summary>
#
# If u grows three times as fast as x, and v twice as fast, how fast does u + v grow?
#
# </details>
# <details><summary>Hint 2: product</summary>
#
# Take the table with three factors at the top of this lesson. With two factors it has two rows. In
# each row one factor grows, and the other one stands still and multiplies.
#
# </details>
# <details><summary>Hint 3: a number to try</summary>
#
# At x = 3 the slope of x · x is 6. Does `Dual(3.0, 1.0) * Dual(3.0, 1.0)` say so?
#
# </details>


# %% answer="dual-numbers"
class Dual:
    """A value, and how fast it grows when x grows."""

    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        ### BEGIN SOLUTION
        slope = self.slope + other.slope
        ### END SOLUTION
        return Dual(value, slope)

    def __mul__(self, other):
        value = self.value * other.value
        ### BEGIN SOLUTION
        slope = self.slope * other.value + self.value * other.slope
        ### END SOLUTION
        return Dual(value, slope)

    def __sub__(self, number):
        return self + Dual(-number)  # a plain number does not grow: slope 0


# %% check="dual-numbers"
check("dual-numbers", Dual)

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("gradients")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The four steps to a slope</summary>
#
# Leaf, value, backward, read.
#
# </details>
# <details><summary>What a slope of 14 at x = 2 looks like</summary>
#
# A tangent that rises by 14 for each 1 to the right: y = 14x - 36.
#
# </details>
# <details><summary>Why x.grad was 28</summary>
#
# Backward ran twice on one leaf, and it adds.
#
# </details>
# <details><summary>What the slope is where f is zero</summary>
#
# Anything. A zero of f is about height. Here it was 3, -2 and 6.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A gradient is a slope at one place. It points uphill; against it is down.
# - `y` is a value with a history. `backward()` walks that history, and *adds* to the leaf.
# - Only what you ask torch to track has a history.
# - Zero height and zero slope are different things.
# - Backward costs one walk per output, forward one pass per input.
#
# ## Where next
#
# *Building simple networks* chains two steps and shows the chain rule on each edge. To read more:
# torch's own notes on
# [how autograd records a graph](https://docs.pytorch.org/docs/stable/notes/autograd.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "graphs/automatic_gradients",
    goal="See what is still open before you go on.",
)
