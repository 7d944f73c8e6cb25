# %% [markdown] items="S00.T1 S00.F1"
# # Welcome
#
# **20 minutes · difficulty 1 of 3**
#
# This is *Understanding Tensors*, a course on the foundations of PyTorch that stands by itself. No
# picture in it comes from the network, no logo either, so a lesson looks the same offline.
#
# First of all: is your set-up right? Click into the next cell and press Shift + Enter. It takes some seconds,
# and ends in **OK** or in one sentence for each thing to mend.

# %% items="S07.1.T1"
from autograder.setup_check import check_setup

check_setup()

# %% [markdown]
# <details><summary>It says ModuleNotFoundError</summary>
#
# Then this notebook runs in another Python than the course's. In a terminal, in the folder of the
# course, run `python3 start.py`, and open this page in the window that it opens.
#
# </details>
# <details><summary>There is no cuda device. Is that bad?</summary>
#
# No. Every lesson runs on the CPU. Where there is a CUDA device, your answers are compared there
# too.
#
# </details>

# %%
import numpy as np
import torch

from chalkboard import GradientExplorer
from course.welcome.welcome.exercises import check
from course.welcome.welcome.questions import predict, quiz

# %% [markdown] items="S01.T1 S02.O1 S02.O2 S02.O3 S02.O4 S02.O5 S02.O6 S02.O7"
# ## What this course is
#
# Tensors are what PyTorch calculates with: arrays of numbers that can remember how they came about.
# From that memory PyTorch works out by itself how a result reacts to its inputs. That is how neural
# networks are trained.
#
# At the end you will be able to
#
# - say what a tensor is, and how it differs from a NumPy array;
# - create tensors, take them apart and reshape them;
# - let gradients be calculated, and build a small engine that calculates them;
# - build computational graphs, and read them;
# - explain what tensors are to a neural network;
# - find the cause of the usual errors, and mend it;
# - measure what makes tensor operations fast or slow.
#
# ## Half a minute of it
#
# **Predict.** The program below looks for a number whose square is 2. It knows no square root. It
# starts at 1, and in each round asks torch which way is better. Run the next cell and keep your
# prediction; then run the one below it, and compare.

# %%
predict("root-of-two")

# %% items="S01.T1"
x = torch.tensor(1.0, requires_grad=True)
for _ in range(30):
    error = (x * x - 2) ** 2
    error.backward()  # which way does the error grow?
    with torch.no_grad():
        x -= 0.05 * x.grad  # go a little the other way
    x.grad = None

print(f"{x.item():.6f} squared is {x.item() ** 2:.6f}")

# %% [markdown]
# **Explain.** You need not understand a line of it yet. A large model learns in the same
# rounds: measure the error, ask which way it grows, go a little the other way. It only has more
# numbers: 175 billion in place of one, in [GPT-3](https://arxiv.org/abs/2005.14165) (2020).

# %% [markdown] items="S01.K1"
# <details><summary>Where the name comes from</summary>
#
# *PyTorch* is *Python* and *Torch*. Torch7 was a library with a core in C that one used from
# the language Lua. In mid-2016 some of its contributors, several of them at Facebook's AI lab
# (FAIR), began a Python version on the same core. For its design they name two earlier libraries as
# inspirations: torch-autograd and Chainer. Both build the graph while the program runs.
#
# Sources: S. Chintala, [PyTorch's design
# origins](https://soumith.ch/posts/2023/12/pytorch-design-origins/) (2023), and his foreword to
# Stevens, Antiga, Viehmann, [Deep Learning with
# PyTorch](https://livebook.manning.com/book/deep-learning-with-pytorch/front-matter) (2020).
#
# </details>

# %% [markdown]
# ## How to work through a lesson
#
# - **Predict, run, explain.** Before a cell is run, say what it will show. Then run it. Where you
#   were wrong, you are about to learn something.
# - **Exercises.** Replace the `...` in the answer cell, run it, then run the `check(...)` under it.
#   The reply says what is right; where not, it shows a case that fails and often why.
# - **As often as you like.** A check costs nothing, and nobody sees how often you tried. What counts
#   is the answer in the notebook that you hand in.
# - **Hints** unfold one at a time. Take the first, then try again.
# - **Stuck?** Kernel > Restart Kernel and Run All Cells gives you a fresh start.
#
# Three warm-ups show how it goes. Give one of them a wrong answer on purpose, and see what the
# check says.
#
# ### Warm-up: a number
#
# *1 minute, difficulty 1.* What is (x - 3)(x - 6) at x = 2? Write the number in place of the three dots.
#
# <details><summary>Hint 1: click here to unfold it</summary>
#
# At x = 2 the first bracket is -1. What is the second one, and what is their product?
#
# </details>

# %% answer="first-number"
### BEGIN SOLUTION
first_number = (2 - 3) * (2 - 6)
### END SOLUTION

# %% check="first-number"
check("first-number", first_number)

# %% [markdown]
# ### Warm-up: a line to mend
#
# *2 minutes, difficulty 1.* This function is to return the squares of 1, 2, ... up to n. Its last line
# is wrong: for 3 it returns `[0, 1, 4]`.
#
# ```python
# def squares(n):
#     return [k * k for k in range(n)]
# ```
#
# Write it again, so that `squares(3)` is `[1, 4, 9]`.
#
# <details><summary>Hint 1</summary>
#
# `range(3)` counts 0, 1, 2. Two numbers in its brackets say where to start, and where to stop.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `range` stops *before* its end.
#
# </details>


# %% answer="squares-mended"
def squares(n):
    """Return the squares of 1 to n, as a list."""
    ### BEGIN SOLUTION
    return [k * k for k in range(1, n + 1)]
    ### END SOLUTION


# %% check="squares-mended"
check("squares-mended", squares)

# %% [markdown] items="S03.R1 S03.R2 S03.T1"
# ## Are you ready?
#
# You need basic Python and school arithmetic. Three questions, no grade.
#
# Don't worry if calculus, vectors or matrices are far away. Each comes with a picture when it is
# needed, and the refreshers below are enough to begin. Leave out what you know well.

# %%
quiz("readiness")

# %% [markdown]
# If the first one was hard, take a day for the
# [Python tutorial](https://docs.python.org/3/tutorial/), its chapters 3 to 5, and come back.

# %% [markdown] items="S03.R3"
# ## Refresher: NumPy arrays
#
# **Predict.** `numbers` is an array of three numbers, 1.0, 2.0 and 3.0.

# %%
predict("numpy-in-three-lines")

# %% items="S03.R3"
numbers = np.array([1.0, 2.0, 3.0])
print(numbers * 10)
print(numbers.shape, numbers.dtype)
print(numbers[1:].sum())

table = np.array([[1, 2, 3], [4, 5, 6]])
print(table.shape, table[1], table[:, 0], table.sum(axis=0))

# %% [markdown] items="S03.R4"
# **Explain.** An array has a shape and one dtype for all its elements. In a table the first place in the
# brackets is the row, the second the column, and a colon means *all*. `axis=0` adds down the rows.
# Tensors do all of this too.
#
# ## Refresher: from a secant to a slope
#
# How steep is a curve at x? Take a second point, h further to the right, and the straight line
# through both, a *secant*. Its steepness is the rise divided by h.
#
# ### Warm-up: a gap
#
# *2 minutes, difficulty 1.* Fill the gap: how much does f rise from x to x + h?
#
# <details><summary>Hint 1</summary>
#
# The height over there, less the height here.
#
# </details>
# <details><summary>Hint 2: a case to try</summary>
#
# For f(x) = x · x, x = 3 and h = 1 the rise is 16 - 9 = 7.
#
# </details>


# %% answer="secant-gap" items="S03.R4"
def steepness(f, x, h):
    """Return the steepness of the secant of f through x and x + h."""
    ### BEGIN SOLUTION
    rise = f(x + h) - f(x)
    ### END SOLUTION
    return rise / h


# %% check="secant-gap"
check("secant-gap", steepness)

# %% [markdown]
# **Predict.** For f(x) = x · x at x = 3, let h shrink: 2, 1, 0.1, 0.01, 0.001.

# %%
predict("where-to")


# %% items="S03.R4"
def f(x):
    return x * x


for h in [2.0, 1.0, 0.1, 0.01, 0.001]:
    there, here = f(3 + h), f(3)
    print(f"h = {h:<6} steepness {(there - here) / h:.4f}")

# %%
GradientExplorer(
    f,
    x=3.0,
    domain=(0, 6),
    secant=True,
    h=2.0,
    goal="Leave x at 3 and drag h to 0. When do the secant and the tangent become one line?",
)

# %% [markdown] items="S03.R5"
# **Explain.** The line that is left when h has shrunk away is the *tangent*, and its steepness 6 is the
# *slope*, or derivative, of f at 3. That is all the calculus that you need now.
#
# ## Refresher: vectors and matrices
#
# A *vector* is a row of numbers, a *matrix* a table of them. Two things are done with them again and
# again. Number by number: (1, 2) + (10, 20) = (11, 22). And a matrix *times* a vector: each row
# meets the vector, partners are multiplied, and the products are added up.
#
# **Predict.** The matrix has the rows 1, 2 and 3, 4. The vector is 5, 6.

# %%
predict("matrix-times-vector")

# %% items="S03.R5"
matrix = np.array([[1, 2], [3, 4]])
vector = np.array([5, 6])
print(matrix @ vector)
print(matrix * vector)

# %% [markdown] items="S00.T2"
# **Explain.** `@` is the product of rows with the vector. `*` goes number by number, here for each row
# again.
#
# ## Where next
#
# Run the cell below: it leads to the next lesson. *All lessons* unfolds into the table of contents, with
# what you have done of each. The lessons lie in the folder `notebooks`; where a number is missing there,
# that lesson is still being written.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(course_progress, goal="Go to the next lesson, and come back to see what is done.")
