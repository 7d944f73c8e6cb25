# %% [markdown]
# # Working with gradients
#
# **25 minutes · difficulty 2 of 3**
#
# You need: the four steps to a slope (leaf, value, backward, read), and the chain rule.
#
# At the end you will be able to
#
# - ask for a gradient in two ways, and mend the two failures that come with them;
# - draw a function and its slopes with labelled axes;
# - say what stands in `.grad` after several walks back, and reset it in time;
# - use the adding for a batch that does not fit into memory;
# - teach `MyTensor` the same habits.
#
# **Predict** before you run, **run**, then **explain** what differed.

# %%
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch

from chalkboard import plot_with_tangent
from course.practice.working_with_gradients.exercises import check
from course.practice.working_with_gradients.questions import predict, quiz


def f(x):
    return (x - 3) * (x - 6) * (x - 4)


# %% [markdown] items="S07.3.C1"
# ## Two ways to ask
#
# A tensor is not tracked unless you ask. You can ask when you make it:
# `torch.tensor(2.0, requires_grad=True)`. Or you can ask later: `x.requires_grad_()`. The underscore at the
# end says that x itself is changed.
#
# **Predict.** The next cell asks later. One result is calculated before that, and one after.

# %%
predict("asked-afterwards")

# %% items="S07.3.C1"
x = torch.tensor(5.5)
early = x * 10
x.requires_grad_()
late = x * 10

print(x)
print("early:", early.requires_grad)
print("late: ", late.requires_grad)

# %% [markdown]
# **Explain.** A history is recorded while something is calculated, and never afterwards. So ask first,
# calculate second.
#
# **Predict.** Now both ways are tried on a whole number.

# %%
predict("whole-number")

# %% items="S07.3.C1"
try:
    torch.tensor(2).requires_grad_()
except RuntimeError as error:
    print(type(error).__name__, error)

try:
    torch.tensor(2, requires_grad=True)
except RuntimeError as error:
    print(type(error).__name__, error)

# %% [markdown]
# **Explain.** Both are refused. A slope asks what a tiny step does, and between whole numbers there is
# no tiny step. A decimal point makes the difference: `2.0`. (Complex numbers can be tracked too.)
#
# ### Exercise: mend the leaf
#
# *2 minutes, difficulty 1.* Here is the area of a square with side 3. It is wanted how fast the area grows with
# the side. Two things are wrong, so that torch raises an error:
#
# ```
# side = torch.tensor(3)
# area = side * side
# side.requires_grad_()
# area.backward()
# side_slope = side.grad
# ```
#
# Write it so that it works. Keep the three names.
#
# <details><summary>Hint 1: the error message</summary>
#
# "only Tensors of floating point dtype can require gradients" is about the first line.
#
# </details>
# <details><summary>Hint 2: then there is another one</summary>
#
# "element 0 of tensors does not require grad and does not have a grad_fn" is about the area. When was it
# calculated?
#
# </details>

# %% answer="mend-the-leaf" items="S02.O3"
side = area = side_slope = ...
### BEGIN SOLUTION
side = torch.tensor(3.0, requires_grad=True)
area = side * side
area.backward()
side_slope = side.grad
### END SOLUTION

# %% check="mend-the-leaf"
check("mend-the-leaf", (side, area, side_slope))

# %% [markdown]
# ## A picture, with its axes named
#
# seaborn draws a line through points: `sns.lineplot(x=..., y=...)`. Here are 101 places from 0 to 10, in steps
# of 0.1, and the height of `f` at each. `sns.lineplot` returns the axes, and `set` gives them their names.
# The palette `colorblind` has colours that most people can tell apart.

# %% items="S07.3.C2"
places = np.linspace(0, 10, 101)
blue = sns.color_palette("colorblind")[0]

_, axes = plt.subplots(figsize=(5, 3.2))
sns.lineplot(x=places, y=f(places), color=blue, ax=axes)
axes.set(xlabel="x", ylabel="height f(x)")
plt.show()

# %% [markdown]
# In words: the curve rises from -72 to 168, and between 3 and 6 it looks nearly level.
#
# ### Exercise: draw the slopes
#
# *3 minutes, difficulty 2.* Between 3 and 6 the slopes tell more than the heights. Draw the **slope** of `f`
# at the same 101 places, as one line with `sns.lineplot`. Name both axes, and return the axes.
#
# The leaf is made already. One walk back from the sum of all heights gives all the slopes.
#
# <details><summary>Hint 1: the slopes</summary>
#
# `f(leaves).sum()` is one number. What do you do with it, and where do the slopes stand then?
#
# </details>
# <details><summary>Hint 2: torch says "Can't call numpy() on Tensor that requires grad"</summary>
#
# The leaf cannot be drawn as it is. Its places stand in `places` too, as plain numbers.
#
# </details>
# <details><summary>Hint 3: the names</summary>
#
# `axes.set(xlabel=..., ylabel=...)`, as above.
#
# </details>


# %% answer="draw-slopes" items="S02.O3"
def draw_slopes():
    """Draw the slope of f at 101 places from 0 to 10, and return the axes."""
    places = np.linspace(0, 10, 101)
    leaves = torch.tensor(places, requires_grad=True)
    _, axes = plt.subplots(figsize=(5, 3.2))
    ### BEGIN SOLUTION
    f(leaves).sum().backward()
    sns.lineplot(x=places, y=leaves.grad, color=sns.color_palette("colorblind")[1], ax=axes)
    axes.set(xlabel="x", ylabel="slope of f")
    return axes
    ### END SOLUTION


# %% check="draw-slopes"
check("draw-slopes", draw_slopes)

# %% [markdown] items="S07.3.K1"
# ## The same lines again
#
# Back to one place, x = 2. Think of a **ski slope**: the number says how steep it is under your skis. A
# negative one means down to the right, a positive one up. The comparison breaks where there is more than one
# direction: a real slope also goes down to the side. And the number does not move you.

# %% items="S07.3.C3"
x = torch.tensor(2.0, requires_grad=True)
y = f(x)
y.backward()
print(x.grad)

# %%
plot_with_tangent(f, 2.0, (0, 10), zoom=(1, 7))

# %% [markdown]
# **Predict.** You calculate y once more and go back once more, with the same leaf. That is what happens when
# somebody runs a cell twice.

# %%
predict("second-run")

# %% items="S07.3.C3"
y = f(x)
y.backward()
print(x.grad)

# %% [markdown]
# **Explain.** 14 + 14. It is the addition of the chain rule: where paths meet at a leaf, what comes is
# added, and torch does not ask whether it came in one walk or in two. The slope of `f` at 2 is still 14. What
# stands in `.grad` is the slope of *everything* that you walked back from, added up: here of y + y.
#
# **Predict.** There is a use for that. `w` is a weight, `loss` is a sum over four data points. First one walk
# back from all four, then two walks from two each.

# %%
predict("in-halves")


# %% items="S07.3.K2"
def loss(w, data):
    """Return how far w times each data point is from 1, squared and added up."""
    return ((w * data - 1) ** 2).sum()


data = torch.tensor([3.0, 1.0, 2.0, 4.0])

w = torch.tensor(2.0, requires_grad=True)
loss(w, data).backward()
print("all four:  ", w.grad)

w = torch.tensor(2.0, requires_grad=True)
loss(w, data[:2]).backward()
print("first half:", w.grad)
loss(w, data[2:]).backward()
print("both:      ", w.grad)

# %% [markdown] items="S07.3.K2"
# **Explain.** This is called *gradient accumulation*. It is for **batches** that do not fit into memory: after
# each part its graph is freed, and only the sum stays
# ([Accelerate's guide](https://huggingface.co/docs/accelerate/usage_guides/gradient_accumulation)).
# It does not help with a **model** that does not fit: all weights are needed for each part. Other means are
# for that, such as spreading it over several machines.
#
# If the loss is a *mean*, the parts do not add up to it. Then each part's loss is divided by the number of
# parts, if they are equally large.
#
# ### Exercise: part by part
#
# *2 minutes, difficulty 2.* `parts` is a list of tensors, together one batch. Return the slope of the whole
# batch's `loss` at w = 2, with one walk back for each part. The leaf is made.
#
# <details><summary>Hint 1</summary>
#
# A loop over the parts, and in it the two steps *value* and *backward*.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Between the parts nothing is reset. Where does the sum stand, when the loop has ended?
#
# </details>


# %% answer="part-by-part" items="S02.O3"
def slope_part_by_part(parts):
    """Return the slope of the loss over all parts at w = 2."""
    w = torch.tensor(2.0, requires_grad=True)
    ### BEGIN SOLUTION
    for part in parts:
        loss(w, part).backward()
    return w.grad
    ### END SOLUTION


# %% check="part-by-part"
check("part-by-part", slope_part_by_part)

# %% [markdown]
# ## Two functions, one leaf
#
# Often the sum is *not* wanted. Then the gradient is reset in between.
#
# **Predict.** At x = 2 the slope of x² is 4, and that of x³ is 12. Both are asked for, with one leaf. Then
# comes `x.grad.zero_()`.

# %%
predict("two-functions")

# %% items="S07.3.C4"
x = torch.tensor(2.0, requires_grad=True)

y1 = x**2
y1.backward()
print("after x²:", x.grad)

y2 = x**3
y2.backward()
print("after x³:", x.grad)

x.grad.zero_()
print("reset:   ", x.grad)

# %% [markdown]
# **Explain.** `zero_()` writes 0 into what stands there. So something has to stand there.
#
# **Predict.** Two things are tried next: `zero_()` on a leaf from which nobody went back yet, and a second walk
# back from the very same y.

# %%
predict("two-errors")

# %% items="S07.3.C4"
fresh = torch.tensor(2.0, requires_grad=True)
try:
    fresh.grad.zero_()
except AttributeError as error:
    print(type(error).__name__, error)

y3 = fresh**2
y3.backward()
try:
    y3.backward()
except RuntimeError as error:
    print(type(error).__name__, str(error).partition(" (")[0])

# %% [markdown] items="S07.3.C4"
# **Explain.** Without a walk back, `.grad` is None. So the usual reset is `x.grad = None`, which always works. In
# training, `optimizer.zero_grad()` resets all weights, and it sets None too, by default
# ([documentation](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html)).
#
# And a history is for one walk: torch frees what it kept, to save memory. (Operations that kept nothing, such
# as a sum, do not complain. Do not build on that.) A new value has a new history. That is why the *same
# lines again* worked above.
#
# ### Exercise: what stands there?
#
# *1 minute, difficulty 1.* Without running it: which number is `x.grad` at the end?
#
# ```
# x = torch.tensor(2.0, requires_grad=True)
# (x**2).backward()
# (3 * x).backward()
# x.grad = None
# (x**3).backward()
# (3 * x).backward()
# ```
#
# <details><summary>Hint 1</summary>
#
# At x = 2 the slope of x² is 4, that of 3x is 3, and that of x³ is 12.
#
# </details>

# %% answer="what-stands-there"
### BEGIN SOLUTION
stands_there = 12 + 3
### END SOLUTION

# %% check="what-stands-there"
check("what-stands-there", stands_there)

# %% [markdown]
# ## MyTensor learns these habits
#
# Your engine walks back, and gives *every* node its gradient, anew each time. torch is different in three
# things: it keeps gradients on *tracked leaves* only, it *adds*, and it records *nothing* that leads to no
# tracked leaf.
#
# Here is the worked part. A `MyTensor` is asked for a gradient as in torch. `gradients` is your `backward` from
# the section before, for arrays.

# %%
from course.my_tensor.mathematics import MyTensor as MyEarlierTensor
from course.my_tensor.mathematics import in_order, unbroadcast


class MyTensor(MyEarlierTensor):
    """A node that can be asked for a gradient; every result still remembers its parents."""

    def __init__(self, value, requires_grad=False):
        super().__init__(value)
        self.requires_grad = requires_grad

    def _node(self, other):
        return other if isinstance(other, MyTensor) else MyTensor(other)

    def _result(self, value, parents, pull, operation):
        result = MyTensor(value)
        result.parents, result.pull, result.operation = parents, pull, operation
        return result


def gradients(output):
    """Return a dictionary: the gradient of the output by each node behind it."""
    found = {node: 0 * node.value for node in in_order(output)}
    found[output] = found[output] + 1
    for node in reversed(found):
        if node.pull is not None:
            for parent, gradient in zip(node.parents, node.pull(found[node]), strict=True):
                found[parent] = found[parent] + unbroadcast(gradient, parent.value.shape)
    return found


x, c = MyTensor(3.0, requires_grad=True), MyTensor(5.0)
for node, gradient in gradients(x * x * c).items():
    print(node, "gets", gradient)

# %% [markdown]
# ### Exercise: only on leaves, and added
#
# *2 minutes, difficulty 2, without torch or chalkgrad.* The loop leaves out whatever is no tracked leaf.
# Fill in what stands on a tracked leaf afterwards. Before the first walk its `.grad` is None.
#
# <details><summary>Hint 1</summary>
#
# Two cases: nothing stands there yet, or something does.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `... if node.grad is None else ...` writes both cases in one line.
#
# </details>


# %% answer="only-on-leaves" items="S02.O3"
def add_to_leaves(output):
    """Walk back from the output, and add to `.grad` of each tracked leaf what arrived there."""
    for node, gradient in gradients(output).items():
        is_leaf = not node.parents
        if not (is_leaf and node.requires_grad):
            continue
        ### BEGIN SOLUTION
        total = gradient if node.grad is None else node.grad + gradient
        ### END SOLUTION
        node.grad = total


# %% check="only-on-leaves"
check("only-on-leaves", (MyTensor, add_to_leaves))

# %% [markdown]
# The third habit: who is tracked? In torch a result is tracked if at least one of its inputs is. Inside
# `with torch.no_grad():` nothing is. And what is not tracked has no history.

# %%
tracked, plain = torch.tensor(3.0, requires_grad=True), torch.tensor(5.0)
with torch.no_grad():
    quiet = tracked * plain
for name, result in {"plain": plain * plain, "mixed": tracked * plain, "quiet": quiet}.items():
    print(f"{name}: requires_grad {result.requires_grad}, grad_fn {result.grad_fn is not None}")

# %% [markdown]
# ### Exercise: who is tracked?
#
# *3 minutes, difficulty 2, without torch or chalkgrad.* Alone: `tracked_result` makes the node of a result, by
# torch's rule. `is_recording` is False inside a `no_grad`. A tracked result has `requires_grad`, `parents`, `pull`
# and `operation`. Any other has the value only.
#
# <details><summary>Hint 1: the question</summary>
#
# Two things have to be true at once: it is recording, and at least one parent is tracked.
#
# </details>
# <details><summary>Hint 2: at least one</summary>
#
# `any(...)` over the parents. Each of them has `.requires_grad`.
#
# </details>
# <details><summary>Hint 3: four things to set</summary>
#
# `_result` in the class above sets three of them. The fourth is new.
#
# </details>


# %% answer="who-is-tracked" items="S02.O3"
def tracked_result(value, parents, pull, operation, is_recording):
    """Return the node of a result, with a history if it is tracked."""
    result = MyTensor(value)
    ### BEGIN SOLUTION
    if is_recording and any(parent.requires_grad for parent in parents):
        result.requires_grad = True
        result.parents, result.pull, result.operation = parents, pull, operation
    return result
    ### END SOLUTION


# %% check="who-is-tracked"
check("who-is-tracked", (MyTensor, tracked_result))

# %% [markdown]
# ### Question: why does it add?
#
# *2 minutes, marked by a person, 2 points.* A friend says: "That `.grad` adds is a mistake of torch, it only
# makes me write a reset." Name a case in which the adding is needed, and say when the reset belongs where.
# Double-click the next cell and answer in two or three sentences.

# %% [markdown] written="why-grad-adds"
# ### BEGIN SOLUTION
# The adding is needed when a batch is walked back in parts. The parts' gradients add up to that of the
# whole batch, and only one part's graph is in memory at a time. The reset belongs between two gradients
# that are not to be added, as in training after each step, before the next walk back.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("working-with-gradients")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>Two ways to ask for a gradient</summary>
#
# `torch.tensor(2.0, requires_grad=True)`, or later `x.requires_grad_()`, before anything is calculated.
#
# </details>
# <details><summary>Why 28 is not the slope of f</summary>
#
# Two walks back from f added 14 each. The slope of f is 14.
#
# </details>
# <details><summary>What the adding is good for</summary>
#
# For a batch that does not fit into memory. Not for a model that does not fit.
#
# </details>
# <details><summary>The reset that always works</summary>
#
# `x.grad = None`.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - Ask first, calculate second, and ask decimal numbers only.
# - `.grad` is a sum over all walks back since the last reset.
# - In parts, a large batch has the same gradient.
# - `x.grad = None` resets; `zero_()` needs something that stands there.
# - A history is for one walk back.
#
# ## Where next
#
# *Building multi-layer graphs* goes back through a small network, where paths meet inside. To read more: torch's
# notes on [how autograd records a graph](https://docs.pytorch.org/docs/stable/notes/autograd.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "practice/working_with_gradients",
    goal="See what is still open before you go on.",
)
