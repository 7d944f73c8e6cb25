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
# How to work: **predict** before you run, **run**, then **explain** what differed.

# %%
import torch

from chalkboard import plot_function, plot_with_tangent
from course.graphs.exercises import check


def f(x):
    return (x - 3) * (x - 6) * (x - 4)


# %% [markdown]
# ## The slope at a point
#
# **Predict.** The next cell draws `f`. Before you run it, think of x = 2, where the three
# factors are -1, -4 and -2.
#
# 1. Is the curve there above or below zero?
# 2. Does it rise or fall there?

# %% items="S05.2.T2 S05.2.C2"
plot_function(f, (0, 10), zoom=(2, 7))

# %% [markdown]
# **Explain.** Two different questions, two different answers. At x = 2 the curve is *below zero*
# (the height is -8) and it *rises* (the slope is positive). The left panel hides something: between
# 3 and 6 the curve has a top and a bottom, which only the zoom shows.
#
# How steep is it? Let each factor grow in turn, while the other two stay and multiply the growth:
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
# At x = 5 the three factors are 2, -1 and 1.
# </details>
# <details><summary>Hint 2: what do I add up?</summary>
# Three products. Each leaves out one factor: the first leaves out the 2, the second the -1, the
# third the 1.
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
# **Predict.** What will the three `print` lines below show? One of them surprises most people.

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
# **Explain.** `y` is -8 and carries a `grad_fn`: the last thing that was done was a multiplication.
# `x.grad` is `None` until `backward()` has run; no slope is calculated before you ask. Then it
# is 14, the sum from the table.
#
# It is the slope **at x = 2 only**. In the picture, it is how steep the *tangent* is, the straight
# line that touches the curve there: y = 14x - 36.

# %% items="S05.2.T3"
plot_with_tangent(f, 2.0, (0, 10), zoom=(2, 7))
