# %% [markdown] items="S06.0.T1 S06.1.T1"
# # Tensors as mathematical objects
#
# **25 minutes · difficulty 2 of 3**
#
# You need: what a tensor's shape is, and the four steps leaf, value, backward, read.
#
# At the end you will be able to
#
# - say the dimension, shape and dtype of a tensor before you ask torch;
# - calculate strides, and the storage cell that an entry reads;
# - decide when `view` works and when a copy is needed;
# - lay numbers out in the order in which they are read, and measure what that brings;
# - say where a slope lands that goes back through a transposed view.

# %%
import time

import torch
from IPython.display import display

from chalkboard import StrideExplorer, draw_graph, plot_heatmap, plot_timings
from course.mathematics.tensors_as_mathematical_objects.exercises import check
from course.mathematics.tensors_as_mathematical_objects.questions import predict, quiz

# %% [markdown]
# ## One object, many shapes
#
# Formulas carry over to torch almost sign by sign: the entry x₂₃ of a matrix is `x[1, 2]`, and a
# sum over it is `x.sum()`. Only the counting differs: paper begins at 1, Python at 0.
#
# **Predict.** Match the shapes, before torch says them.

# %%
predict("tensor-shapes")

# %% items="S06.1.T1"
tensors = {
    "5": torch.tensor(5),
    "[5]": torch.tensor([5]),
    "[1, 2, 3]": torch.tensor([1, 2, 3]),
    "[[1], [2], [3]]": torch.tensor([[1], [2], [3]]),
    "[[1, 2], [3, 4]]": torch.tensor([[1, 2], [3, 4]]),
    "[[[1, 2], [3, 4]]]": torch.tensor([[[1, 2], [3, 4]]]),
}
for written, tensor in tensors.items():
    print(f"{written:20} dim {tensor.dim()}  shape {list(tensor.shape)!s:10} {tensor.dtype}")

# %% [markdown] items="S06.1.T1 S06.1.K1 S06.0.K1"
# **Explain.** `dim()` counts the indices that lead to one number, which is also the depth of the
# brackets. Think of a point, an arrow, a grid, and stacks of grids.
#
# Where the picture breaks: an arrow in space has three *components* and lives in a space of three
# dimensions. For torch it has one dimension, since one index leads to each component.
#
# The word *tensor* is borrowed, too. In geometry and physics a tensor describes a thing that is
# there without any axes. Turn the axes, and its components change by a fixed law. A torch tensor
# carries no such law. `[20.0, 1.5]` may be a velocity, or a temperature and a price. It is an array.
#
# Slopes by program are older than torch.
# [Wengert](https://doi.org/10.1145/355586.364791) published a way in 1964, and
# [Baydin et al., 2018](https://jmlr.org/papers/v18/17-468.html) survey the tools since. PyTorch's
# [paper of 2017](https://openreview.net/forum?id=BJJsrmfCZ) says that it builds on Chainer and HIPS
# autograd: like these, it records the graph while the program runs. So there were tools before it, and
# not everybody had to derive gradients by hand.
#
# ## From an index to a cell
#
# Memory is one long row of cells. So how is a table in it? Each axis has a *stride*: how many cells
# one goes on, when the index of this axis grows by 1.
#
# **Predict.** What are the strides of a tensor with 5 rows and 3 columns?

# %%
predict("stride-of-five-by-three")

# %% items="S06.1.C1 S06.1.K2"
x = torch.randn(5, 3)
print(x.stride(), x.is_contiguous())

# %% [markdown] items="S06.1.K2"
# **Explain.** *Contiguous* means: row after row, without gaps. An index becomes a cell in three
# steps, here for `x[2, 1]` with strides (3, 1):
#
# | step | at x[2, 1] |
# |---|---|
# | **start** at the first cell of the tensor | 0 |
# | **go** index · stride along each axis | 2 · 3 and 1 · 1 |
# | **arrive** at the sum | 0 + 6 + 1 = cell 7 |
#
# ### Exercise: the cell of an entry
#
# *2 minutes, difficulty 1.* The same steps for any number of axes, with a gap at **go**. A tensor
# that is a piece of another one may start at a later cell: that is `start`.
#
# <details><summary>Hint 1: one axis</summary>
#
# What does index 2 along an axis with stride 3 add to the place where you are?
#
# </details>
# <details><summary>Hint 2: several axes</summary>
#
# The new place is the old place and what this axis adds. So `place` stands on both sides.
#
# </details>


# %% answer="cell-of-an-entry"
def cell(index, strides, start=0):
    """Return the storage cell that the entry at this index reads."""
    place = start
    for i, stride in zip(index, strides, strict=True):
        ### BEGIN SOLUTION
        place = place + i * stride
        ### END SOLUTION
    return place


# %% check="cell-of-an-entry"
check("cell-of-an-entry", cell)

# %% [markdown]
# ### Exercise: strides from a shape
#
# *4 minutes, difficulty 2, without torch.* Alone: return the strides of a contiguous tensor
# as a tuple. `strides((5, 3))` is `(3, 1)`. A shape may have any number of axes.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# At the last axis. Its neighbours lie side by side, so its stride is 1, whatever its size.
#
# </details>
# <details><summary>Hint 2: one axis to the left</summary>
#
# One step along an axis has to jump over everything that the axes to its right hold together.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# For (2, 3, 4): a row holds 4 numbers, and a table of 3 rows holds 12. So `(12, 4, 1)`.
#
# </details>


# %% answer="strides-from-a-shape"
def strides(shape):
    """Return the strides of a contiguous tensor of this shape."""
    ### BEGIN SOLUTION
    found = []
    step = 1
    for size in reversed(shape):
        found.insert(0, step)
        step = step * size
    return tuple(found)
    ### END SOLUTION


# %% check="strides-from-a-shape"
check("strides-from-a-shape", strides)

# %% [markdown]
# ## The same cells, read in another order
#
# **Predict.** `x` has 3 rows and 4 columns. `x.t()` turns rows into columns.

# %%
predict("stride-of-the-transposed")

# %% items="S06.1.C1 S06.1.K2"
x = torch.arange(12.0).reshape(3, 4)
turned = x.t()
print(x.stride(), "->", turned.stride(), "contiguous:", turned.is_contiguous())

turned[0, 2] = 100.0
print(x)

# %% [markdown]
# **Explain.** `x.t()` moves no number. It has the same storage and the strides in the other order.
# Such a second look at the same cells is called a *view*. See it for yourself:

# %%
StrideExplorer(
    torch.arange(12).reshape(3, 4),
    ["x.t()", "x[:, ::2]", "x.t().view(12)", "x.t().reshape(12)"],
    find=("x.t()", (2, 1)),
)

# %% [markdown]
# `view` lays new axes over the same storage. It may choose new strides. It may move nothing.
#
# **Predict.** `turned` has the shape (4, 3) and the strides (1, 4). Which of its views are granted?

# %%
predict("granted-views")

# %% items="S06.1.C1 S06.1.K2"
for shape in [(4, 3, 1), (2, 2, 3), (12,), (2, 6)]:
    try:
        print(shape, "granted, strides", turned.view(shape).stride())
    except RuntimeError as error:
        print(shape, type(error).__name__, error)

print("reshape:", turned.reshape(12))

# %% [markdown] items="S06.1.K2"
# **Explain.** An axis can be split: (4) into (2, 2). To join two axes is more. A row of 12 has *one*
# stride, and `turned` reads the cells 0, 4, 8, then 1: steps of 4, then a step of -7.
#
# `reshape` gives a view where there is one, and a copy where there is none. It complains only if the
# count of numbers does not fit. The price: you cannot see whether the result shares its storage.
#
# ### Exercise: can it be one row?
#
# *3 minutes, difficulty 2, without torch.* A matrix has a shape (rows, columns) and two
# strides. Return `True` if it can be viewed as one row without a copy, else `False`. Both sizes are 2
# or more.
#
# <details><summary>Hint 1: what has to be equal?</summary>
#
# In one row, every step is as long as every other. Which steps are there in a matrix that is
# read row by row?
#
# </details>
# <details><summary>Hint 2: from the end of a row</summary>
#
# Imagine one column more. The step from the last entry of a row would lead there. The next row has
# to start exactly at this cell.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `x[:, ::2]` of a 3 by 4 matrix: shape (3, 2), strides (4, 2). It reads the cells 0, 2, 4, 6, 8, 10.
#
# </details>


# %% answer="joins-into-one-row"
def joins(shape, strides):
    """Say whether a matrix of this shape and these strides can be viewed as one row."""
    ### BEGIN SOLUTION
    return strides[0] == shape[1] * strides[1]
    ### END SOLUTION


# %% check="joins-into-one-row"
check("joins-into-one-row", joins)

# %% [markdown]
# ### Question: why does view refuse?
#
# *2 minutes, marked by a person, 2 points.* A friend says: "`view(12)` failed on my transposed
# matrix, `reshape(12)` worked, so `reshape` is the better `view`." What did each of them do, and what
# may surprise the friend later? Double-click the next cell and answer in two or three sentences.

# %% [markdown] written="why-view-refuses"
# ### BEGIN SOLUTION
# view keeps the storage and only chooses strides; the transposed matrix reads its cells in unequal
# steps, and one row has one stride, so view refuses. reshape made a copy with the numbers in the new
# order. So writing into the result does not change the matrix, where after a view it would; and a
# copy costs time and memory.
# ### END SOLUTION

# %% [markdown]
# ## When the layout costs time
#
# A processor fetches memory by *lines*, not by cells. A line often has
# [64 bytes](https://lwn.net/Articles/252125/): 16 numbers of float32, side by side.
#
# **Predict.** The next cell adds up a million numbers twice: side by side, and each 16 cells from the
# one before.

# %%
predict("fetched-lines")


# %%
torch.set_num_threads(1)  # one worker, so that only the layout differs


def seconds(work, rounds=20):
    """Return the shortest of many runs: the one that the rest of the machine disturbed least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


row = torch.ones(16_000_000)
pairs = {
    "a million, stride 1 and 16": (row[:1_000_000], row[::16]),
    "a thousand, stride 1 and 16": (row[:1_000], row[:16_000:16]),
    "a matrix, and its transposed": (row.view(4000, 4000), row.view(4000, 4000).t()),
}
for name, (one, other) in pairs.items():
    ratio = seconds(other.sum) / seconds(one.sum)
    print(f"{name:30} the second takes {ratio:6.1f} times as long")

# %% [markdown] items="S06.1.K2"
# **Explain.** Your ratios are your machine's, and vary from run to run. Compare them with 16. A ratio
# above 16 has more reasons than the lines: numbers side by side can also be added several at a time,
# and a few megabytes may stay in the fast memory between two rounds.
#
# And see where the layout matters little. For a thousand numbers the call itself takes most of the
# time. And a whole sum may be added in any order, so torch is free to go along the storage.
#
# ### Exercise: columns together
#
# *3 minutes, difficulty 2.* A program reads a table column by column, again and again. Return a
# tensor with the *same shape and the same entries*, in which each column stands side by side in
# storage. A matrix of 4000 rows then has the strides (1, 4000).
#
# <details><summary>Hint 1: what copies?</summary>
#
# `.contiguous()` copies a tensor row by row, unless it lies so already. Whose rows are the columns
# of `x`?
#
# </details>
# <details><summary>Hint 2: the shape has changed</summary>
#
# What lies in memory is right then. Turn the look at it back, without moving anything.
#
# </details>


# %% answer="columns-together" items="S02.O7"
def columns_together(x):
    """Return the matrix x with each of its columns side by side in storage."""
    ### BEGIN SOLUTION
    return x.t().contiguous().t()
    ### END SOLUTION


# %% check="columns-together"
check("columns-together", columns_together)

# %% [markdown]
# Measure what it brings, as soon as your answer is there: all columns read once, in both layouts. The
# copy itself takes time too. After how many rounds of reading has it paid, on your machine?


# %% items="S06.1.K2 S02.O7"
def read_columns(table):
    for column in range(table.shape[1]):
        table[:, column].sum()


table = torch.ones(20_000, 200)
laid_out = columns_together(table)
if isinstance(laid_out, torch.Tensor) and laid_out.shape == table.shape:
    times = {
        "as it was made": 1000 * seconds(lambda: read_columns(table)),
        "columns together": 1000 * seconds(lambda: read_columns(laid_out)),
        "the copy itself": 1000 * seconds(lambda: columns_together(table)),
    }
    display(plot_timings(times))

# %% [markdown]
# ## Slopes go home
#
# **Predict.** A sum with weights 1 to 6 over a transposed matrix, laid in a row. Which slope comes
# back to which entry of `x`?

# %%
predict("slope-through-a-transpose")

# %% items="S06.1.T1"
x = torch.tensor([[10.0, 11.0, 12.0], [20.0, 21.0, 22.0]], requires_grad=True)
laid = x.t().reshape(6)
y = (laid * torch.arange(1.0, 7.0)).sum()
y.backward()
print(laid)
print(x.grad)
plot_heatmap({"x": x, "x.grad": x.grad})

# %%
draw_graph(y, names={"x": x, "laid": laid, "y": y})

# %% [markdown] items="S06.0.T1"
# **Explain.** In the graph, `reshape` shows up as *clone* and *unsafe view*: here it had to copy. On the
# way back, each step is undone in turn. So a slope arrives at the entry that its number was read from,
# and `x.grad` has the shape of `x`. In five forms:
#
# | form | the slope of y for x |
# |---|---|
# | formula | ∂y/∂x[i, j] = w[2j + i] |
# | number | at x[0, 1]: w[2] = 3 |
# | picture | the right panel: 1, 2 run down the first column |
# | graph | back through view, clone and transpose |
# | code | `y.backward(); x.grad` |
#
# ### Exercise: slopes go home
#
# *2 minutes, difficulty 2.* By hand. `x` has 2 rows and 3 columns, and
# `y = (x.t()[1:].reshape(4) * torch.tensor([10.0, 20.0, 30.0, 40.0])).sum()`. Write down `x.grad`, as a
# list of rows.
#
# <details><summary>Hint 1: which entries are read?</summary>
#
# Write `x` as a table of names, a b c and d e f. Turn it, leave out its first row, and read row
# by row: which four names, in which order?
#
# </details>
# <details><summary>Hint 2: and the other two?</summary>
#
# y does not change when they change.
#
# </details>

# %% answer="slopes-go-home"
# The gradient of y for x: a list of two rows with three numbers each.
### BEGIN SOLUTION
x_slopes = [[0, 10, 30], [0, 20, 40]]
### END SOLUTION

# %% check="slopes-go-home"
check("slopes-go-home", x_slopes)

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("layout")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>What a stride is</summary>
#
# How many storage cells one goes on, when the index of that axis grows by 1.
#
# </details>
# <details><summary>The strides of a contiguous (2, 3, 4)</summary>
#
# (12, 4, 1). Each is what the axes to its right hold together.
#
# </details>
# <details><summary>Why x.t().view(12) is refused</summary>
#
# Read row by row, its steps are not all the same, and one row has one stride.
#
# </details>
# <details><summary>Where a slope goes that comes back through x.t()</summary>
#
# To the entry of x that its number was read from.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A torch tensor is an array: numbers in a row of cells, a shape and strides.
# - `t()`, slices and `view` change the look and move nothing.
# - `view` never copies; `reshape` copies where it must.
# - Layout matters for much data that is read in another order. Measure, and compare ratios.
# - A slope goes back to where its number lies.
#
# ## Where next
#
# *Graphs as mathematical expressions* takes a formula apart into single steps. To read more: torch on
# [tensor views](https://docs.pytorch.org/docs/stable/tensor_view.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "mathematics/tensors_as_mathematical_objects",
    goal="See what is still open before you go on.",
)
