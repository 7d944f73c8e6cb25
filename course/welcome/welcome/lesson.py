# %% [markdown]
# # Welcome
#
# **10 minutes · nothing to hand in**
#
# This is *Understanding Tensors*, a course on PyTorch. First of all: is your set-up right? Click
# into the next cell and press Shift + Enter. It takes some seconds, and ends in **OK** or in one
# sentence for each thing to mend.

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
# starts at 1, and in each round asks torch which way is better. How near will it come in 30 rounds?

# %% items="S01.T1"
import torch

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
# numbers: 175 billion in place of one, in [GPT-3](https://arxiv.org/abs/2005.14165).

# %% [markdown] items="S01.K1"
# ## Where the name comes from
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

# %% [markdown]
# ## How to work through a lesson
#
# - **Predict, run, explain.** Before a cell is run, say what it will show. Then run it. Where you
#   were wrong, you are about to learn something. A cell `predict(...)` keeps your prediction, and
#   compares.
# - **Exercises.** Replace the `...` in the answer cell, run it, then run the `check(...)` under it.
#   The reply says what is right; where not, it shows a case that fails and often why.
# - **As often as you like.** A check costs nothing, and nobody sees how often you tried. What counts
#   is the answer in the notebook that you hand in.
# - **Hints** unfold one at a time. Take the first, then try again.
# - **Stuck?** Kernel > Restart Kernel and Run All Cells gives you a fresh start.
#
# <details><summary>A hint looks like this: click</summary>
#
# And says something that helps, without giving the answer away.
#
# </details>

# %% [markdown] items="S03.R1 S03.R2"
# ## Are you ready?
#
# You need basic Python and school arithmetic. Three questions, no grade: answer, then unfold.
#
# **1.** What does this print?
#
# ```python
# def double(n):
#     return 2 * n
#
# print([double(n) for n in range(3)])
# ```
#
# <details><summary>Answer</summary>
#
# `[0, 2, 4]`. If `[2, 4, 6]` was your answer: `range(3)` counts 0, 1, 2.
#
# </details>

# %% [markdown]
# **2.** What is (x - 3)(x - 6), when x = 2?
#
# <details><summary>Answer</summary>
#
# 4, since (-1) · (-4) = 4. If -4 was your answer: minus times minus is plus.
#
# </details>

# %% [markdown]
# **3.** A train covers 30 km between 14:00 and 14:20. How fast is it, in km per hour?
#
# <details><summary>Answer</summary>
#
# 90: what changed, divided by the time it took, 30 / (1/3). A *slope* is the same thing for a curve.
#
# </details>

# %% [markdown] items="S03.T1"
# Don't worry if calculus, vectors or matrices are far away. Each comes with a picture when it is
# needed, and the two refreshers below are enough to begin.

# %% [markdown] items="S03.R3"
# ## Refresher: NumPy arrays
#
# **Predict.** What do these three lines show? (You can leave this out if you use NumPy often.)

# %% items="S03.R3"
import numpy as np

numbers = np.array([1.0, 2.0, 3.0])
print(numbers * 10)
print(numbers.shape, numbers.dtype)
print(numbers[1:].sum())

# %% [markdown] items="S03.R4 S03.R5"
# **Explain.** An operation goes to each element. An array has a shape and one dtype for all its
# elements. Slices count from 0. Tensors do all of this too. Vectors and matrices have a refresher
# of their own, just before they are needed.
#
# ## Refresher: from a secant to a slope
#
# How steep is the curve of f(x) = x² at x = 3? Take a second point, h further to the right, and
# the straight line through both, a *secant*. Its steepness is (f(3 + h) - f(3)) / h.
#
# **Predict.** Let h shrink. Where do the numbers go?


# %%
def f(x):
    return x * x


for h in [2.0, 1.0, 0.1, 0.01, 0.001]:
    print(f"h = {h:<6} steepness {(f(3 + h) - f(3)) / h:.4f}")

# %% [markdown]
# **Explain.** They approach 6. The line that is left when h has shrunk away is the *tangent*, and
# its steepness 6 is the *slope*, or derivative, of f at 3. That is all the calculus that you
# need now. The next cell draws the tangent: it touches the curve at x = 3.

# %%
from chalkboard import plot_with_tangent

plot_with_tangent(f, 3.0, (0, 5))

# %% [markdown]
# ## Where next
#
# Run the cell below: it leads to the next lesson. *All lessons* unfolds into the list of them, with
# what you have done of each. They lie in the folder `notebooks`; where a number is missing there,
# that lesson is still being written.

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(course_progress, goal="Go to the next lesson, and come back to see what is done.")
