# %% [markdown] items="S08.P1"
# # Common pitfalls
#
# **25 minutes · difficulty 2 of 3**
#
# You need: leaf, value, backward, read; and shapes, such as (2, 3).
#
# At the end you will be able to
#
# - read an error message of torch, and name its cause before you change anything;
# - mend untracked and cut graphs, shapes that do not fit, and mixed devices;
# - find three pitfalls that raise no error at all.
#
# Each part goes the same way. **Break**: run code that fails. **Read**: the kind of error, then its
# sentence. **Cause**: choose one before you change a line. **Mend**: write the repair, and have it
# checked.

# %%
from contextlib import contextmanager

import torch

from chalkboard import BroadcastExplorer
from course.pitfalls.common_pitfalls.exercises import check
from course.pitfalls.common_pitfalls.questions import predict, quiz


@contextmanager
def reading():
    """Run the lines inside; where one fails, print the kind of error and what it says."""
    try:
        yield
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


# %% [markdown]
# ## Nothing to walk back
#
# **Predict.** The next cell walks back three times. Each time something is different.

# %%
predict("three-walks-back")

# %% items="S08.P1"
x = torch.tensor([1.0, 2.0])
with reading():
    (x * 2).sum().backward()

x = torch.tensor([1.0, 2.0], requires_grad=True)
with reading():
    (x * 2).backward()

with reading():
    x = torch.tensor([1, 2], requires_grad=True)

# %% [markdown]
# **Explain.** Read the first sentence in two halves. *Does not require grad*: nobody asked for
# tracking. *Does not have a grad_fn*: and it was not calculated from anything tracked either. So ask
# backwards, from the result to the leaf: where did the tracking stop? Four places are usual:
#
# | cause | how it looks |
# |---|---|
# | never asked for | `torch.tensor([1.0, 2.0])` |
# | asked for too late | `y = x * 2`, and `x.requires_grad_()` after it |
# | recording was off | inside `torch.no_grad()` |
# | cut | `.detach()`, `.item()`, `.numpy()` on the way |
#
# Here all three are mended: a worked example, with names for its steps.

# %% items="S08.C1"
# Leaf: decimal numbers, tracked from the start, or from before the first calculation.
x = torch.tensor([1, 2], dtype=torch.float32)
x.requires_grad_()

# Value: recorded, and in the end one number.
total = (x * 2).sum()
print(total.requires_grad, total.shape)

# Backward and read.
total.backward()
print(x.grad)


# %%
# Break: this one is yours to mend.
def broken_slopes(places):
    """Return the slope of x² at each of the places."""
    x = torch.tensor(places)
    with torch.no_grad():
        y = x**2
    y.backward()
    return x.grad


with reading():
    broken_slopes([1.0, 2.0])

# %% [markdown]
# ### Exercise: mend the slopes
#
# *2 minutes, difficulty 1.* `broken_slopes` is to return the slope of x² at each place of a list. It
# has more than one fault, and a message tells you of one only. Mend it below, under the same
# names for the steps. Whole numbers come too, as in `[1, 2, 3]`.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# Go through the table of causes, line by line of the broken function. Two rows apply.
#
# </details>
# <details><summary>Hint 2: another message comes now</summary>
#
# That is progress: the next fault speaks. The three messages at the top of this part are all that
# you can meet.
#
# </details>


# %% answer="mend-slopes" items="S02.O6"
def mended_slopes(places):
    """Return the slope of x² at each of the places, a tensor."""
    # Leaf.
    ### BEGIN SOLUTION
    leaf = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    ### END SOLUTION

    # Value.
    ### BEGIN SOLUTION
    height = (leaf**2).sum()
    ### END SOLUTION

    # Backward and read.
    ### BEGIN SOLUTION
    height.backward()
    return leaf.grad
    ### END SOLUTION


# %% check="mend-slopes"
check("mend-slopes", mended_slopes)

# %% [markdown] items="S08.P2"
# ## Shapes that do not fit, and shapes that fit too well
#
# Two shapes are compared **from the right**. Sizes must be equal, or one of them 1, or missing.
#
# **Predict.** Four pairs of shapes. One of them is no error, and it should be one.

# %%
predict("which-shapes-fail")

# %%
with reading():
    torch.ones(12) + torch.ones(3, 5)

with reading():
    torch.ones(2, 3) @ torch.ones(2, 3)

with reading():
    torch.arange(6).view(3, 4)

predictions = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
targets = torch.tensor([1.0, 2.0, 3.0, 4.0])
print((predictions - targets).shape, ((predictions - targets) ** 2).mean())

# %% [markdown]
# **Explain.** The messages name the two sizes that met, 12 and 5, and where. Axis 1 is the last one
# of the larger shape: compared from the right, it is the first to be looked at.
#
# The last line has no message. Each prediction is right, and the loss is 2.5: a column and a row were
# stretched to a 4 by 4 table. `print` the shapes *before* the calculation, and the cause is on the page.

# %% items="S08.C2"
print(predictions.shape, targets.shape)

numbers = torch.arange(12)
table = numbers.reshape(3, 4)  # 12 = 3 · 4; view(3, 4) does the same and never copies
print(table.shape, table.unsqueeze(0).shape, targets.unsqueeze(1).shape)

with reading():
    table.t().view(12)  # a transposed table lies in another order: only reshape may copy
print(table.t().reshape(12).shape)

# %%
BroadcastExplorer(
    (4, 1),
    (4,),
    target=(4, 1),
    goal="Change the right shape so that the result has 4 numbers and not 16.",
)

# %% [markdown]
# ### Exercise: mend the loss
#
# *3 minutes, difficulty 2.* `fair_loss` is the mean of the squared gaps. Predictions and targets come
# as a row or as a column, in any mix. Where there are not as many of the one as of the other, it is
# to raise an error, of any kind.
#
# <details><summary>Hint 1: which shape should both have?</summary>
#
# Any one, as long as it is the same for both. You saw three ways to give a tensor another shape.
#
# </details>
# <details><summary>Hint 2: how do I make it fail?</summary>
#
# `raise ValueError("...")` under an `if`. Compare how many numbers there are (`x.numel()`), before any
# calculation.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# Four predictions and one target: no error comes by itself. Why not?
#
# </details>


# %% answer="mend-loss" items="S02.O6"
def fair_loss(predictions, targets):
    """Return the mean squared gap, or raise where the counts differ."""
    ### BEGIN SOLUTION
    if predictions.numel() != targets.numel():
        raise ValueError(f"{predictions.numel()} predictions, {targets.numel()} targets")
    return ((predictions.flatten() - targets.flatten()) ** 2).mean()
    ### END SOLUTION


# %% check="mend-loss"
check("mend-loss", fair_loss)

# %% [markdown]
# ## One sign that means another product
#
# A layer gives each row of `inputs` to each of its units. It is kept as torch's `nn.Linear` keeps it:
# `weights` has the shape (units, inputs), so here one row for each unit.
#
# **Predict.** The first unit has the weights 1 and 10, the second 100 and 1000.

# %%
predict("star-or-at")


# %%
def broken_layer(inputs, weights):
    return inputs * weights


weights = torch.tensor([[1.0, 10.0], [100.0, 1000.0]])
two_rows = torch.tensor([[1.0, 1.0], [2.0, 2.0]])
print(broken_layer(two_rows, weights))
with reading():
    broken_layer(torch.ones(3, 2), weights)

# %% [markdown]
# **Explain.** `*` multiplies entry by entry, `@` multiplies matrices. With two rows the shapes happen
# to fit, and wrong numbers come out. So try code on sizes that all differ.
#
# ### Exercise: mend the layer
#
# *2 minutes, difficulty 1.* Return one row per row of `inputs`, one number per unit: for the two rows
# above, `[[11, 1100], [22, 2200]]`.
#
# <details><summary>Hint 1: think in shapes</summary>
#
# (rows, inputs) @ (?, ?) is to give (rows, units). What has to stand behind the `@`?
#
# </details>
# <details><summary>Hint 2: but weights is (units, inputs)</summary>
#
# You saw above what turns a table over.
#
# </details>


# %% answer="mend-layer" items="S02.O6"
def mended_layer(inputs, weights):
    """Return what each unit makes of each row."""
    ### BEGIN SOLUTION
    return inputs @ weights.t()
    ### END SOLUTION


# %% check="mend-layer"
check("mend-layer", mended_layer)

# %% [markdown] items="S08.P3"
# ## Two devices
#
# torch calculates where the numbers lie: on the `cpu`, on a graphics card (`cuda`). You need no card to
# break this: every torch has the device `meta`, where a tensor has a shape and a dtype, and no numbers.
#
# **Predict.** A leaf is used with a tensor on another device. Then it is converted, and used again.

# %%
predict("another-device")

# %%
here = torch.tensor([1.0, 2.0], requires_grad=True)
elsewhere = torch.ones(2, device="meta")
with reading():
    here + elsewhere

converted = here.to(torch.float64)  # .to(another device) does the same to a leaf
print(here.is_leaf, converted.is_leaf)
converted.sum().backward()
print(here.grad)

# %% [markdown] items="S08.C3"
# **Explain.** torch moves no table by itself: that would cost time, unseen. (A single number without axes
# is the exception.) The rule is one `device` variable per program, and every tensor is made there. For data, `data.to(other.device)` is right. For
# a leaf it is a trap: what comes back is a *result*, and the gradient lands on the tensor that you
# moved away from. So first move, then track.

# %% items="S08.C3"
device = "cuda" if torch.cuda.is_available() else "cpu"

data = torch.ones(2).to(device)
w = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
if data.device != w.device:
    data = data.to(w.device)
(data * w).sum().backward()
print(w.is_leaf, w.grad)

# %% [markdown]
# ### Exercise: a leaf beside another tensor
#
# *2 minutes, difficulty 2.* Return a tracked **leaf** with these numbers, with the dtype of `other` and
# on the device of `other`. It is tried with `other` on `meta` too.
#
# <details><summary>Hint 1</summary>
#
# `torch.tensor` takes three wishes beside the numbers: a dtype, a device, and to be tracked.
#
# </details>
# <details><summary>Hint 2: is_leaf is False</summary>
#
# Something was done to the tensor after it was tracked. Which step should come last?
#
# </details>


# %% answer="leaf-beside" items="S02.O6"
def leaf_beside(numbers, other):
    """Return a leaf with these numbers, like `other` in dtype and device."""
    ### BEGIN SOLUTION
    leaf = torch.tensor(numbers, dtype=other.dtype, device=other.device)
    return leaf.requires_grad_()
    ### END SOLUTION


# %% check="leaf-beside"
check("leaf-beside", leaf_beside)

# %% [markdown] items="S08.P4"
# ## Cut graphs
#
# `.detach()` gives the numbers of a tensor without its history. This is no fault: it is the tool to cut
# a graph on purpose.
#
# **Predict.** Three things that people believe of it. `x * x` at x = 3 has the slope 6.

# %%
predict("cut-by-detach")

# %% items="S08.C4"
x = torch.tensor(3.0, requires_grad=True)
(x * x.detach()).backward()
print("slope:", x.grad)

pair = torch.tensor([1.0, 2.0], requires_grad=True)
detached = pair.detach()
print("tracked:", detached.requires_grad)
detached[0] = 99.0
print("the original now:", pair)

with reading():
    pair.numpy()

# %% [markdown] items="S08.P4"
# **Explain.** Of two ways back to x one was cut, so half the slope is missing, without a word. The
# detached tensor looks at the *same memory*: write into it, and the original changes. If you want a
# copy, say so: `.detach().clone()`. The older `.data` cuts as well, but hides later changes from
# autograd's checks, so avoid it.
#
# Detach where a number leaves the calculation: for a log, a plot, a fixed target, for NumPy.


# %%
# Break: the distances are right. The slopes are not.
def broken_distance(speed):
    """Return the metres from seeing to standing, at a speed in metres per second."""
    reacting = torch.tensor(speed.item()) * 1.5
    braking = speed * speed.detach() / 16
    return reacting + braking


for at in [8.0, 16.0]:
    speed = torch.tensor(at, requires_grad=True)
    distance = broken_distance(speed)
    distance.backward()
    print(f"at {at:g}: distance {distance.item():g}, slope {speed.grad.item():g}")

# %% [markdown]
# ### Exercise: find the cuts
#
# *2 minutes, difficulty 2.* How far does a car go until it stands? The distances of `broken_distance`
# are right. Its slopes are not: at 8 it should say 2.5. Mend it.
#
# <details><summary>Hint 1: what should come out?</summary>
#
# The distance is 1.5 · speed + speed² / 16, so its slope is 1.5 + speed / 8. At 8 that is 2.5, where
# the broken function says 0.5.
#
# </details>
# <details><summary>Hint 2: which calls cut?</summary>
#
# Every call that makes plain numbers, or a tensor without history. There are two cuts; one of them
# needs two calls.
#
# </details>


# %% answer="find-cuts" items="S02.O6"
def mended_distance(speed):
    """Return the same metres, with nothing cut."""
    ### BEGIN SOLUTION
    reacting = speed * 1.5
    braking = speed**2 / 16
    return reacting + braking
    ### END SOLUTION


# %% check="find-cuts"
check("find-cuts", mended_distance)

# %% [markdown]
# ### Exercise: a snapshot for NumPy
#
# *2 minutes, difficulty 2.* Before training you want to keep the weights as they are now, as a NumPy
# array. Later the weights are changed in place. The snapshot must not follow.
#
# <details><summary>Hint 1</summary>
#
# The message above names two calls. Do they give numbers of your own, or a view of the same memory?
#
# </details>
# <details><summary>Hint 2</summary>
#
# A third call makes the copy: tensors have one (`clone`), arrays have one (`copy`).
#
# </details>


# %% answer="snapshot-for-numpy" items="S02.O6"
def snapshot(weights):
    """Return the weights as they are now, as a NumPy array of its own."""
    ### BEGIN SOLUTION
    return weights.detach().clone().numpy()
    ### END SOLUTION


# %% check="snapshot-for-numpy"
check("snapshot-for-numpy", snapshot)

# %% [markdown]
# ### Question: why does it refuse?
#
# *2 minutes, marked by a person, 2 points.* torch could hand the numbers of a tracked tensor to NumPy.
# It refuses instead. Why is that better for you? Compare it with the loss of 2.5 above.

# %% [markdown] written="why-refuse"
# ### BEGIN SOLUTION
# NumPy records nothing, so a gradient would stop there, and the slopes would be wrong or missing. The
# refusal names the place and the cause at once, and I say with detach that I mean it. The loss of 2.5
# came without a word: one notices late, because training does not work, and then searches everywhere.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back two lessons.

# %%
quiz("common-pitfalls")

# %% [markdown]
# ## Checkpoint
#
# Say the cause aloud, then open it.
#
# <details><summary>"does not require grad and does not have a grad_fn"</summary>
#
# Tracking was never asked for, or too late, or was off, or was cut on the way.
#
# </details>
# <details><summary>"can be implicitly created only for scalar outputs"</summary>
#
# The walk back begins at many numbers. Make one of them, for example by a sum.
#
# </details>
# <details><summary>"must match the size ... at non-singleton dimension"</summary>
#
# Two shapes, compared from the right, differ, and neither size is 1.
#
# </details>
# <details><summary>Three pitfalls without any message</summary>
#
# A column minus a row; `*` for `@` between shapes that happen to fit; a cut on one of several ways.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - Break, read, cause, mend: name the cause before you change a line.
# - Track decimal leaves, before the first calculation, on the device where they stay.
# - Compare shapes from the right, and try sizes that all differ.
# - `.detach()` cuts the graph and shares the memory. For a copy, add `.clone()`.
#
# ## Where next
#
# *Debugging gradients* looks into the graph itself, at four more pitfalls. torch's own words:
# [Tensor.detach](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html),
# [broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "pitfalls/common_pitfalls",
    goal="See what is still open before you go on.",
)
