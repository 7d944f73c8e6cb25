# %% [markdown] items="S04.T1"
# # What are tensors?
#
# **25 minutes, and 5 more for the challenge · difficulty 1 of 3**
#
# You need: Python lists and functions. A look at NumPy in the welcome helps.
#
# At the end you will be able to
#
# - say what a tensor is, and in what it differs from a NumPy array;
# - predict the shape and the dtype of a tensor before you make it;
# - create tensors, take parts of them, and combine them without a loop;
# - say which tensors torch tracks, and which it does not.

# %%
import numpy as np
import torch

import chalkgrad
from chalkboard import BroadcastExplorer
from course.tensors.what_are_tensors.exercises import check
from course.tensors.what_are_tensors.questions import predict, quiz

# %% [markdown] items="S04.T1"
# ## Numbers in a shape
#
# A *tensor* holds numbers of one kind, in a fixed shape. So does a NumPy array. A tensor of torch
# adds two things: torch can keep track of **how it was calculated**, and it can live on **another
# device**, such as a GPU.
#
# **Predict.** The next cell makes a small one.

# %%
predict("five-and-a-half")

# %% items="S04.C1"
x = torch.tensor(5.5)
print(x)
print(x.shape, x.dtype, x.ndim, x.device)

# %% [markdown] items="S04.K3"
# **Explain.** `shape` says how many numbers stand along each dimension, or *axis*, and `ndim` how
# many dimensions there are. At the beginning of what you type, count the square brackets:
#
# | you type | name | shape | ndim |
# |---|---|---|---|
# | `torch.tensor(5.5)` | scalar | `[]` | 0 |
# | `torch.tensor([5.5])` | vector with one number | `[1]` | 1 |
# | `torch.tensor([[1, 2, 3], [4, 5, 6]])` | matrix of 2 rows and 3 columns | `[2, 3]` | 2 |
# | `torch.zeros(7, 2, 3)` | seven such matrices | `[7, 2, 3]` | 3 |
#
# `zeros`, `ones`, `rand` and `randn` take the *sizes*, and fill in the numbers themselves.

# %% [markdown] items="S04.K5"
# ### Exercise: a scalar
#
# *1 minute, difficulty 1.* Four tensors in a row. The first: a scalar that holds the whole
# number 42.
#
# <details><summary>Hint 1</summary>
#
# The first tensor of this lesson is a scalar. No square bracket, and here no decimal point.
#
# </details>

# %% answer="scalar-42" items="S04.K5 S04.C2"
### BEGIN SOLUTION
forty_two = torch.tensor(42)
### END SOLUTION

# %% check="scalar-42"
check("scalar-42", forty_two)

# %% [markdown]
# ### Exercise: a vector
#
# *1 minute, difficulty 1.* A vector that holds the whole numbers 1, 2, 3, 4, 5.
#
# <details><summary>Hint 1</summary>
#
# A vector has one dimension: one pair of square brackets inside the call.
#
# </details>

# %% answer="vector-1-to-5" items="S04.K5 S04.C2"
### BEGIN SOLUTION
one_to_five = torch.tensor([1, 2, 3, 4, 5])
### END SOLUTION

# %% check="vector-1-to-5"
check("vector-1-to-5", one_to_five)

# %% [markdown]
# ### Exercise: a matrix of random numbers
#
# *1 minute, difficulty 1.* A matrix of 2 rows and 3 columns with random decimal numbers. Which numbers
# they are, nobody checks.
#
# <details><summary>Hint 1</summary>
#
# Two of the four functions under the table draw at random. Give one of them the two sizes, rows
# first.
#
# </details>

# %% answer="random-matrix" items="S04.K5 S04.C2"
### BEGIN SOLUTION
random_table = torch.randn(2, 3)
### END SOLUTION

# %% check="random-matrix"
check("random-matrix", random_table)

# %% [markdown]
# ### Exercise: ones in the same shape
#
# *1 minute, difficulty 1.* A function, so that it works for your matrix and for any other tensor: it
# returns a new tensor of the same shape, filled with 1. The one that came in stays as it was.
#
# <details><summary>Hint 1</summary>
#
# `matrix.shape` knows the shape. Which function takes sizes and fills in ones?
#
# </details>
# <details><summary>Hint 2</summary>
#
# There also is a function whose name ends with `_like`.
#
# </details>


# %% answer="ones-like-it" items="S04.K5 S04.C2"
def ones_for(matrix):
    """Return a tensor of ones in the shape of the matrix."""
    ### BEGIN SOLUTION
    return torch.ones_like(matrix)
    ### END SOLUTION


# %% check="ones-like-it"
check("ones-like-it", ones_for)

# %% [markdown] items="S04.K3"
# ## One dtype for all
#
# Each element has the same *dtype*. Where you do not say one, torch looks at what you give it:
#
# | you give | dtype | bytes for each |
# |---|---|---|
# | `True` | `torch.bool` | 1 |
# | `1` | `torch.int64` | 8 |
# | `0.5` | `torch.float32` | 4 |
# | `1j`, a complex number (not needed here) | `torch.complex64` | 8 |
#
# A list with several kinds gets the dtype that can hold them all. With `dtype=` you choose. `torch.float16`
# and `torch.bfloat16` take 2 bytes, and some GPUs
# [have units of their own](https://docs.nvidia.com/deeplearning/performance/mixed-precision-training/index.html)
# for them.
#
# **Predict.** What does half the memory cost?

# %%
predict("half-precision")

# %% items="S04.K3"
print(torch.tensor(4097.0))
print(torch.tensor(4097.0, dtype=torch.float16))

try:
    torch.tensor([1, "a"])
except TypeError as error:
    print(type(error).__name__, error)

# %% [markdown]
# **Explain.** Fewer bits, coarser numbers. And a text is no number at all: there is no dtype for it.
#
# ### Exercise: which dtype?
#
# *2 minutes, difficulty 1.* Write down the name of each dtype, such as `"complex64"`. Decide before
# you try anything out.
#
# <details><summary>Hint 1: the lists</summary>
#
# Which dtype can hold each of the elements? A truth value can become the number 1, a whole number
# can become a decimal one.
#
# </details>
# <details><summary>Hint 2: the last one</summary>
#
# An array has a dtype already. The welcome printed that of an array of decimals.
#
# </details>

# %% answer="sort-dtypes" items="S02.O1"
# torch.tensor(True), torch.tensor(7), torch.tensor(7.0)
### BEGIN SOLUTION
of_true = "bool"
of_seven = "int64"
of_seven_point = "float32"
### END SOLUTION
# torch.tensor([7, 0.5]), torch.tensor([True, 7])
### BEGIN SOLUTION
of_seven_and_half = "float32"
of_true_and_seven = "int64"
### END SOLUTION
# torch.tensor(np.array([0.5]))
### BEGIN SOLUTION
of_array = "float64"
### END SOLUTION

# %% check="sort-dtypes"
check(
    "sort-dtypes",
    {
        "torch.tensor(True)": of_true,
        "torch.tensor(7)": of_seven,
        "torch.tensor(7.0)": of_seven_point,
        "torch.tensor([7, 0.5])": of_seven_and_half,
        "torch.tensor([True, 7])": of_true_and_seven,
        "torch.tensor(np.array([0.5]))": of_array,
    },
)

# %% [markdown] items="S04.K4"
# ### What it is good for: large models
#
# A language model is, for the most part, tensors. [GPT-3](https://arxiv.org/abs/2005.14165) (2020)
# has 175 billion numbers that were learned, in 96 layers. How GPT-4 is built, its makers [did not
# say](https://arxiv.org/abs/2303.08774) (2023). OpenAI
# [settled on PyTorch](https://openai.com/index/openai-pytorch/) in January 2020.
#
# One tensor in a layer of GPT-3 has 49152 by 12288 numbers. The device `meta` makes it with a shape
# and a dtype, and without numbers:

# %%
weights = torch.empty(4 * 12288, 12288, device="meta")
for dtype in [torch.float32, torch.float16]:
    size = weights.numel() * weights.to(dtype).element_size()
    print(dtype, f"{size / 1e9:.1f} GB")

# %% [markdown] items="S04.T1 S02.O1"
# ## Beside a NumPy array
#
# *chalkgrad* is this course's own small engine, written to be read. Its tensors lie on NumPy arrays.
#
# | | NumPy | torch | chalkgrad |
# |---|---|---|---|
# | dtype of `[0.5]` | float64 | float32 | float32 |
# | keeps track of calculations | no | if asked | if asked |
# | devices | CPU | CPU, GPUs, others | CPU |
# | from an array, sharing its memory | it is one | `from_numpy` | `from_numpy` |
#
# **Predict.** An array begins with 1. Two tensors are made of it, then its first number becomes 100.

# %%
predict("shared-memory")

# %% items="S02.O1"
array = np.array([1.0, 2.0])
shared = torch.from_numpy(array)
copied = torch.tensor(array)
array[0] = 100
print(shared, copied)
print(np.array([0.5]).dtype, torch.tensor([0.5]).dtype, chalkgrad.tensor([0.5]).dtype)

# %% [markdown]
# **Explain.** Both tensors show `dtype=torch.float64`: it came with the array. torch prints a dtype
# only where it is not its own choice.
#
# ### Exercise: a snapshot of an array
#
# *2 minutes, difficulty 2.* This function is broken. Its tensor changes when the array does later, and
# it is float32 only where the array is.
#
# ```python
# def snapshot(array):
#     return torch.from_numpy(array)
# ```
#
# Mend it: a float32 tensor with the numbers that are in the array *now*, whatever its dtype.
#
# <details><summary>Hint 1</summary>
#
# Which of the two tensors above has numbers of its own?
#
# </details>
# <details><summary>Hint 2: right for float64, wrong for float32?</summary>
#
# `.float()` copies only where the dtype has to change. Is there a way that copies in any case?
#
# </details>


# %% answer="snapshot" items="S02.O1"
def snapshot(array):
    """Return a float32 tensor of the numbers that are in the array now."""
    ### BEGIN SOLUTION
    return torch.tensor(array, dtype=torch.float32)
    ### END SOLUTION


# %% check="snapshot"
check("snapshot", snapshot)

# %% [markdown] items="S04.K1"
# ## In a graph, or not
#
# You may read that a tensor *knows its place in a graph*, the record of how it was calculated.
# Mostly it does not: torch keeps that record only if one asks.
#
# **Predict.** The next cell makes two tensors, and multiplies each by 3.

# %%
predict("who-is-tracked")

# %% items="S04.K1"
a = torch.tensor(2.0)
b = a * 3
w = torch.tensor(2.0, requires_grad=True)
y = w * 3
for name, tensor in {"a": a, "b": b, "w": w, "y": y}.items():
    print(f"{name}: requires_grad {tensor.requires_grad}, grad_fn {tensor.grad_fn}")

# %% [markdown] items="S04.K2"
# **Explain.** Think of a dish with its recipe on the label: what went in, and in which order. From the
# label one can work out how much saltier one more pinch makes it. torch writes a label only where
# one asked for it, with `requires_grad=True`, and on what is made from that.
#
# Where the comparison breaks: nothing here changes the recipe. torch says how the result reacts to
# each ingredient. To change one is up to you, or to an *optimizer*, a later lesson.
#
# ### Exercise: which are tracked?
#
# *1 minute, difficulty 1.* Which of these six have `requires_grad` True? Write their names, such as
# `["p", "u"]`.
#
# ```python
# p = torch.tensor([1.0, 2.0])
# q = torch.tensor([3.0, 4.0], requires_grad=True)
# r = p * 10
# s = r + q
# t = s.sum()
# u = p.sum()
# ```
#
# <details><summary>Hint 1</summary>
#
# Begin with the one that was asked for. Then go down line by line: does this one depend on it?
#
# </details>

# %% answer="tracked-names"
### BEGIN SOLUTION
tracked = ["q", "s", "t"]
### END SOLUTION

# %% check="tracked-names"
check("tracked-names", tracked)

# %% [markdown]
# ### Question: why not always?
#
# *2 minutes, marked by a person, 2 points.* Why does torch not track every tensor from the start?
# Double-click the next cell and answer in two or three sentences.

# %% [markdown] written="why-not-always"
# ### BEGIN SOLUTION
# Tracking costs memory: for each result torch would have to keep how it came about, and the values
# that are needed on the way back. For most tensors nobody ever asks for a slope: data and labels
# stay as they are. So it is asked for only where something is to be adjusted.
# ### END SOLUTION

# %% [markdown] items="S02.O2"
# ## Taking parts, and another shape
#
# Inside the brackets stands one entry for each dimension, rows first. A number takes one place. A
# slice `from:to` takes several, and stops before its end. A minus counts from the end.
#
# **Predict.** `table` holds 0 to 11 in 3 rows of 4.

# %%
predict("rows-and-columns")

# %% items="S02.O2"
table = torch.arange(12).reshape(3, 4)
print(table)
print(table[1], table[:, 1], table[2, 0])
print(table[:2, -2:])
print(table.reshape(4, -1))  # -1: whatever is left, here 3

# %% [markdown]
# ### Exercise: the lower left corner
#
# *2 minutes, difficulty 1.* Return the last two rows of a grid, and of these the first two columns. The
# grid may have any size from 2 by 2 up.
#
# <details><summary>Hint 1</summary>
#
# Above stands the corner at the upper right. What has to change, in which of the two slices?
#
# </details>
# <details><summary>Hint 2</summary>
#
# The last two: from -2, up to the end. At the end a slice needs no number.
#
# </details>


# %% answer="lower-left" items="S02.O2"
def lower_left(grid):
    """Return the 2 by 2 corner at the lower left of a grid."""
    ### BEGIN SOLUTION
    return grid[-2:, :2]
    ### END SOLUTION


# %% check="lower-left"
check("lower-left", lower_left)

# %% [markdown] items="S02.O2"
# ## Fewer numbers, and shapes that meet
#
# A *reduction*, such as `sum` or `mean`, makes one number of many: of all, or along one dimension.
#
# **Predict.** `table` still has 3 rows and 4 columns.

# %%
predict("which-way-summed")

# %% items="S02.O2"
table = torch.arange(12.0).reshape(3, 4)
print(table.sum(), table.sum(dim=0))

# Worked example: each column around its own mean.
means = table.mean(dim=0)  # one mean for each column
print(means.shape)
print(table - means)

# %% [markdown]
# **Explain.** Shapes are laid on top of each other from the *right*. Where they differ, a 1 or a missing
# dimension is stretched. That is *broadcasting*.

# %%
BroadcastExplorer(
    (3, 4),
    (3,),
    target=(3, 4),
    goal="These two do not fit. Change the second shape so that each row gets a number of its own, "
    "and the result is (3, 4).",
)

# %% [markdown]
# ### Exercise: each row around its own mean
#
# *3 minutes, difficulty 2.* Take from each number the mean of its *row*. The table may have any
# size, and is to work without a loop.
#
# <details><summary>Hint 1: which dimension?</summary>
#
# `dim` is the one that disappears. For one mean per row, the columns have to go.
#
# </details>
# <details><summary>Hint 2: shapes that do not fit</summary>
#
# The means come as a row, of shape `[3]`. They have to stand in a column, of shape `[3, 1]`. With
# `keepdim=True` a reduction leaves a 1 where a dimension was.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# With `[[1, 3], [10, 30]]` the rows become -1, 1 and -10, 10.
#
# </details>


# %% answer="around-row-means" items="S02.O2"
def around_row_means(table):
    """Return each number of the table as its distance from the mean of its row."""
    ### BEGIN SOLUTION
    return table - table.mean(dim=1, keepdim=True)
    ### END SOLUTION


# %% check="around-row-means"
check("around-row-means", around_row_means)

# %% [markdown]
# ### Challenge: every pair at once
#
# *5 minutes, difficulty 3.* Two vectors, a and b. Return a table: in row i and column j stands how far
# a[i] is from b[j], without a sign. It takes no loop.
#
# <details><summary>Hint 1</summary>
#
# Which two shapes meet as a table with a row for each of a, and a column for each of b? Ask the
# widget above.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `reshape(-1, 1)` makes a column of a vector. `abs()` takes signs away.
#
# </details>


# %% answer="every-pair" items="S02.O2"
def every_pair(a, b):
    """Return the distance of each number in a from each number in b, as a table."""
    ### BEGIN SOLUTION
    return (a.reshape(-1, 1) - b).abs()
    ### END SOLUTION


# %% check="every-pair"
check("every-pair", every_pair)

# %% [markdown]
# ## Quiz
#
# Four questions.

# %%
quiz("what-are-tensors")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>Two things that a tensor has and an array has not</summary>
#
# It can be tracked, and it can live on another device.
#
# </details>
# <details><summary>The dtype of 0.5 in NumPy and in torch</summary>
#
# float64, and float32.
#
# </details>
# <details><summary>When a tensor has a grad_fn</summary>
#
# When it is calculated from one that is tracked.
#
# </details>
# <details><summary>What <code>mean(dim=0)</code> leaves of a 3 by 4 table</summary>
#
# Four numbers, one for each column.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A tensor holds numbers of one dtype, in a shape, on a device.
# - As many square brackets at the beginning, so many dimensions.
# - `torch.tensor` copies, `from_numpy` shares.
# - torch tracks what it was asked to track, and what is calculated from that.
# - `dim` is the dimension that disappears. Shapes meet from the right.
#
# ## Where next
#
# *What is a computational graph?* draws the record that torch keeps, and you begin to build an engine that
# keeps one. To read more: torch's own pages on
# [tensors](https://docs.pytorch.org/docs/stable/tensors.html) and on
# [broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "tensors/what_are_tensors",
    goal="See what is still open before you go on.",
)
