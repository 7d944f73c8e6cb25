# %% [markdown] items="S07.2.T1"
# # Creating basic tensors
#
# **25 minutes · difficulty 1 of 3**
#
# You need: what a shape and a dtype are.
#
# At the end you will be able to
#
# - say what a calculation with tensors prints, and which dtype it has;
# - tell a new tensor from a changed one, and a copy from a view;
# - replace a loop by whole tensors, and measure what that brings;
# - choose between float32 and float64, and say when it does not matter.

# %%
import timeit

import torch

from chalkboard import StrideExplorer, plot_timings
from course.practice.basic_tensors.exercises import check
from course.practice.basic_tensors.questions import predict, quiz

# %% [markdown] items="S07.2.T1"
# ## A tensor and a number
#
# **Predict.** `x = torch.tensor(5.5)`, and `y = x + 10`.

# %%
predict("plus-ten")

# %% items="S07.2.C1"
x = torch.tensor(5.5)
y = x + 10
print(y)
print(x.requires_grad)

# Others print in the same way.
print(torch.tensor(15.0), torch.tensor(1 / 3), y.item())
print(torch.arange(4), torch.linspace(0, 1, 5), torch.full((2,), 7.0))

# %% [markdown] items="S07.2.C1"
# **Explain.** Only the print is short: the tensor of 1/3 holds more digits than it shows. Whole results
# of a decimal dtype keep the point, and `item()` takes the number out of its tensor.
#
# | function | what it makes |
# |---|---|
# | `arange(4)` | whole numbers, from 0 to *before* 4 |
# | `linspace(0, 1, 5)` | five numbers from 0 to 1, both ends included |
# | `full((2,), 7.0)` | a shape filled with one number |
#
# ### Exercise: what is printed?
#
# *2 minutes, difficulty 1.* Write down what each line prints, as a text such as `"tensor(1.)"`.
#
# <details><summary>Hint 1</summary>
#
# First: is it a tensor or a number of Python? Then: has it decimals? And only then: how many are
# printed?
#
# </details>

# %% answer="what-is-printed" items="S02.O2"
# print(torch.tensor(2.25) * 2)
### BEGIN SOLUTION
first_print = "tensor(4.5000)"
### END SOLUTION
# print(torch.tensor(2.5) * 2)
### BEGIN SOLUTION
second_print = "tensor(5.)"
### END SOLUTION
# print(torch.tensor(7) / 2)
### BEGIN SOLUTION
third_print = "tensor(3.5000)"
### END SOLUTION
# print((torch.tensor(7) / 2).item())
### BEGIN SOLUTION
fourth_print = "3.5"
### END SOLUTION

# %% check="what-is-printed"
check(
    "what-is-printed",
    {
        "print(torch.tensor(2.25) * 2)": first_print,
        "print(torch.tensor(2.5) * 2)": second_print,
        "print(torch.tensor(7) / 2)": third_print,
        "print((torch.tensor(7) / 2).item())": fourth_print,
    },
)

# %% [markdown] items="S02.O2"
# ## Which dtype comes out
#
# **Predict.** Two dtypes meet. Which one does the result have?

# %%
predict("which-wins")

# %% items="S02.O2"
whole = torch.tensor([1, 2])
print((whole * 0.5).dtype, (whole * 2).dtype, (whole / 2).dtype, (whole // 2).dtype)
print((torch.ones(2) + torch.ones(2, dtype=torch.float64)).dtype)

try:
    whole += 0.5
except RuntimeError as error:
    print(type(error).__name__, error)

# %% [markdown]
# **Explain.** The kinds have an order: truth values, whole, decimal, complex. The higher kind wins; among
# *tensors* of one kind, the wider dtype. A number of Python only raises the kind, and beside a vector or
# matrix a scalar tensor's width does not count either, unless its kind wins. That is
# [type promotion](https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc). The
# last line has no way out: `+=` writes into `whole`, and its dtype stays.
#
# ## Changed, or new
#
# **Predict.** `a = torch.tensor([1.0, 2.0])`, and `b = a`.

# %%
predict("same-or-new")

# %% items="S02.O2"
a = torch.tensor([1.0, 2.0])
b = a
a += 1
print(b)
a = a + 1
print(b)

# %% [markdown]
# ### Exercise: a conversion, mended
#
# *2 minutes, difficulty 1.* This function has two faults: it raises an error for whole numbers, and
# with decimal ones it changes the tensor of whoever calls it.
#
# ```python
# def to_fahrenheit(celsius):
#     celsius *= 9 / 5
#     celsius += 32
#     return celsius
# ```
#
# Mend it: Fahrenheit is Celsius times 9/5, plus 32. Decimal tensors keep their dtype.
#
# <details><summary>Hint 1</summary>
#
# Both faults have one cause: two operations that write into `celsius`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# You need no `.float()`: look at what `whole * 0.5` became.
#
# </details>


# %% answer="fahrenheit" items="S02.O2"
def to_fahrenheit(celsius):
    """Return the temperatures in Fahrenheit, in a new tensor."""
    ### BEGIN SOLUTION
    return celsius * 9 / 5 + 32
    ### END SOLUTION


# %% check="fahrenheit"
check("fahrenheit", to_fahrenheit)

# %% [markdown] items="S02.O2"
# ## The same memory, seen in another way
#
# A slice is a *view*: it looks at the memory of its tensor, and has none of its own. The
# same goes for much of what gives another shape. The widget runs each expression on a 2 by 3 tensor. Click an entry to see where
# in memory it is read.

# %%
StrideExplorer(
    (2, 3),
    views=[
        "x[0]",
        "x[:, 1:]",
        "x.T",
        "x.reshape(3, 2)",
        "x.T.reshape(6)",
        "x.clone()",
        "x[[1, 0]]",
    ],
    goal="Find the three expressions of the list that need a storage of their own.",
)

# %% [markdown]
# ### Exercise: who shares memory?
#
# *2 minutes, difficulty 2.* Which of these look at the memory of x? Write their letters, such as
# `["a", "h"]`.
#
# ```python
# x = torch.arange(6.0).reshape(2, 3)
# a = x[0]
# b = x[:, 1:]
# c = x.T
# d = x.reshape(3, 2)
# e = x.clone()
# f = x + 0
# g = x[x > 2]
# h = x[[0, 1]]
# ```
#
# <details><summary>Hint 1</summary>
#
# A test for any of them: write into it with `+=`, and look at x.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Can the places be read where they are, in steps of equal length? Or are they any places in
# any order?
#
# </details>

# %% answer="who-shares-memory" items="S02.O2"
### BEGIN SOLUTION
sharing = ["a", "b", "c", "d"]
### END SOLUTION

# %% check="who-shares-memory"
check("who-shares-memory", sharing)

# %% [markdown]
# ### Exercise: a change that stays here
#
# *2 minutes, difficulty 2.* Return the table with its first row set to 0. The table that came in keeps its
# numbers.
#
# <details><summary>Hint 1: the steps</summary>
#
# Copy. Change the copy. Return the copy.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Three ways look like a copy, and one is: `other = table`, `other = table[:]`, `other =
# table.clone()`.
#
# </details>


# %% answer="first-row-zero" items="S02.O2"
def first_row_zero(table):
    """Return the table with zeros in its first row, and leave the one that came in alone."""
    ### BEGIN SOLUTION
    changed = table.clone()
    changed[0] = 0
    return changed
    ### END SOLUTION


# %% check="first-row-zero"
check("first-row-zero", first_row_zero)

# %% [markdown]
# ### Question: why views?
#
# *2 minutes, marked by a person, 2 points.* Why does torch not copy at each slice? And what do you have
# to watch in return? Double-click the next cell and answer in two or three sentences.

# %% [markdown] written="why-views"
# ### BEGIN SOLUTION
# A copy costs memory and time, and for a large tensor that is a lot: a view costs next to nothing,
# however large it is. In return two names can mean the same numbers, so a change through one of
# them is seen through the other. Where others still use the tensor, I clone it before I change it.
# ### END SOLUTION

# %% [markdown] items="S02.O7"
# ## A loop, or the whole tensor
#
# Worked example: the sum of 1000 squares, by a loop over the tensor, by a loop over a list of the same
# numbers, and at once.
#
# **Predict.** How do the first and the last compare?

# %%
predict("loop-or-whole")


# %% items="S02.O7"
def milliseconds(run, repeat=5):
    """Return the shortest of a few times."""
    return 1e3 * min(timeit.repeat(run, number=1, repeat=repeat))


def squares_by_loop(numbers):
    total = 0.0
    for number in numbers:
        total = total + number * number
    return total


def squares_at_once(numbers):
    return (numbers * numbers).sum()


numbers = torch.linspace(0, 1, 1000)
as_list = numbers.tolist()
plot_timings(
    {
        "tensor loop": milliseconds(lambda: squares_by_loop(numbers), repeat=3),
        "list loop": milliseconds(lambda: squares_by_loop(as_list)),
        "at once": milliseconds(lambda: squares_at_once(numbers)),
    }
)

# %% [markdown]
# **Explain.** Look at the ratios; the times are those of this machine, now. The loop over a *list* is much
# faster than that over a tensor: Python's numbers start no operations of torch. If it has to be a
# loop, `tolist()` first.
#
# When it does **not** matter: ten numbers, once. There the clearer line is the better one.
#
# ### Exercise: the same without a loop
#
# *3 minutes, difficulty 2.* By how much are predictions too high, on average? Those that are too low count
# as zero.
#
# ```python
# def overshoot(predicted, wanted):
#     total = 0.0
#     for p, w in zip(predicted, wanted):
#         if p > w:
#             total += p - w
#     return total / len(predicted)
# ```
#
# Write it for whole tensors, without a loop. The check also counts the operations that it starts.
#
# <details><summary>Hint 1</summary>
#
# All differences at once are one tensor. What takes the place of the `if` there?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `clamp(min=0)` replaces what is below 0 by 0.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# Predicted 3, 1, 6, and wanted 1, 4, 5: too high by 2, 0 and 1, so 1 on average.
#
# </details>


# %% answer="overshoot" items="S02.O7"
def overshoot(predicted, wanted):
    """Return by how much the predictions are too high, on average."""
    ### BEGIN SOLUTION
    return (predicted - wanted).clamp(min=0).mean()
    ### END SOLUTION


# %% check="overshoot"
check("overshoot", overshoot)

# %% [markdown] items="S02.O7"
# ## float32, or float64
#
# float64 has more than twice the digits, and takes twice the memory. What does that bring, and what does it
# cost?
#
# **Predict.** First what it brings.

# %%
predict("one-more")

# %% items="S02.O7"
for dtype in [torch.float32, torch.float64]:
    large = torch.tensor(16_777_216.0, dtype=dtype)
    print(dtype, (large + 1).item(), torch.tensor(0.1, dtype=dtype).item())

torch.set_num_threads(1)  # where other programs run too, several would wait for each other
many = torch.linspace(0, 1, 2_000_000)
twice_as_wide = many.double()
plot_timings(
    {
        "sum in float32": milliseconds(lambda: many.sum(), repeat=15),
        "sum in float64": milliseconds(lambda: twice_as_wide.sum(), repeat=15),
    }
)

# %% [markdown]
# **Explain.** With millions of numbers much of the time goes into fetching them from memory, and
# float64 has twice the bytes. On many GPUs float64 costs
# [far more than that](https://docs.nvidia.com/cuda/cuda-c-programming-guide/#arithmetic-instructions). Training a network seldom needs
# the digits; checking a gradient with a small step does.
#
# When it does **not** matter: small tensors. Try `many[:10]` in the cell above: is there still a
# ratio?
#
# ### Exercise: how much memory?
#
# *1 minute, difficulty 1.* Return how many megabytes the numbers of a tensor take; a megabyte is a
# million bytes.
#
# <details><summary>Hint 1</summary>
#
# `numel()` says how many numbers there are, `element_size()` how many bytes each takes.
#
# </details>


# %% answer="megabytes" items="S02.O7"
def megabytes(tensor):
    """Return the memory that the numbers of a tensor take, in megabytes."""
    ### BEGIN SOLUTION
    return tensor.numel() * tensor.element_size() / 1e6
    ### END SOLUTION


# %% check="megabytes"
check("megabytes", megabytes)

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("basic-tensors")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>What <code>print(torch.tensor(5.5) + 10)</code> shows, and why not 15.5</summary>
#
# `tensor(15.5000)`: torch prints four decimals where there are any.
#
# </details>
# <details><summary>The difference between <code>a += 1</code> and <code>a = a + 1</code></summary>
#
# The first writes into the tensor, and all its names and views see it. The second makes a new one.
#
# </details>
# <details><summary>Which brackets copy</summary>
#
# Those with a list or a condition. Numbers and slices give views.
#
# </details>
# <details><summary>Why a loop over a tensor is slow</summary>
#
# It starts an operation for each number, and the start takes longer than the calculation.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A print shows four decimals; the tensor holds more.
# - The higher kind wins, then the wider dtype. A number of Python only raises the kind.
# - `+=` and names that end with `_` write into the tensor.
# - Slices are views. `clone()` copies.
# - One operation for many numbers, in place of many for one. Measure first.
#
# ## Where next
#
# *Working with gradients* lets torch track these calculations. To read more: torch's page on
# [views](https://docs.pytorch.org/docs/stable/tensor_view.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "practice/basic_tensors",
    goal="See what is still open before you go on.",
)
