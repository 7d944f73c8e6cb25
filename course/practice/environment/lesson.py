# %% [markdown] items="S07.1.T1"
# # Setting up your environment
#
# **25 minutes · difficulty 1 of 3**
#
# You need: functions, loops, and what a leaf is.
#
# At the end you will be able to
#
# - import what a notebook on tensors needs, and check that it is the right thing;
# - write code that runs on a GPU where there is one, and elsewhere too;
# - mend an error that comes from two devices, and keep a leaf a leaf;
# - measure how long an operation takes, and say when a GPU does not pay.
#
# No GPU here? That is fine. Every cell runs on any machine.

# %%
from chalkboard import plot_lines
from course.practice.environment.exercises import check
from course.practice.environment.questions import predict, quiz

# %% [markdown] items="S07.1.T1"
# ## What a notebook imports
#
# A few imports stand at the top of many notebooks on tensors. Some modules get a short name with `as`.
#
# **Predict.** One of the modules below has a long name.

# %%
predict("which-name")

# %% items="S07.1.C1"
import time

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
import torch

from autograder.setup_check import check_setup

try:
    matplotlib.pyplot.plot([1, 2])
except NameError as error:
    print(type(error).__name__, error)
print(plt.__name__, np.__version__, sns.__version__, torch.__version__)

check_setup()

# %% [markdown] items="S07.1.T1 S07.1.K1"
# **Explain.** `ModuleNotFoundError` means that a package is not installed in *this* Python. `NameError`
# means that the import has not been run, or gave another name. The table is the course's own look at
# this Python.
#
# ## Where tensors live
#
# A tensor lies in the memory of one *device*, and is calculated with there. Besides the CPU:
#
# | device | what it is |
# |---|---|
# | `cuda` | GPUs of NVIDIA; also those of AMD, whose platform ROCm [takes the same name](https://docs.pytorch.org/docs/stable/notes/hip.html) |
# | `mps` | GPUs in Apple's computers |
# | `xpu` | GPUs of Intel |
# | `meta` | no hardware: a shape and a dtype, without numbers; on every machine |
#
# `torch.cuda.is_available()` asks about the first of them. Where there is none, its answer is False, and
# that is no fault. [`torch.accelerator`](https://docs.pytorch.org/docs/stable/accelerator.html) asks
# about all of them.

# %% items="S07.1.C2"
print("CUDA:", torch.cuda.is_available())
print("any accelerator:", torch.accelerator.current_accelerator(check_available=True))

try:
    print(torch.tensor([1.0, 2.0], device="cuda"))
except (AssertionError, RuntimeError) as error:
    print(type(error).__name__, str(error).splitlines()[0])

# %% [markdown]
# **Explain.** Where there is no CUDA device, asking for one is an error. So nobody writes `"cuda"`
# into every line: one variable holds the device of the whole notebook.
#
# ### Exercise: one device for the whole notebook
#
# *2 minutes, difficulty 1.* `found` is an accelerator such as `torch.device("mps")`, or None where there
# is none. Return the device to use: the accelerator, else the CPU. A text such as `"cpu"` is a device
# too.
#
# <details><summary>Hint 1</summary>
#
# There are two cases. Which one does `found is None` tell?
#
# </details>
# <details><summary>Hint 2</summary>
#
# You need no name of an accelerator: it is in `found`.
#
# </details>


# %% answer="choose-device"
def choose_device(found):
    """Return the accelerator that was found, or the CPU."""
    ### BEGIN SOLUTION
    if found is None:
        return "cpu"
    return found
    ### END SOLUTION


# %% check="choose-device"
check("choose-device", choose_device)

# %% [markdown] items="S07.1.C3"
# ## One operation, one device
#
# Two ways lead to a device: make the tensor there with `device=`, or move it with `.to`.
# The next cells use `meta` to show it, since that is on every machine. With `cuda` it is the same,
# but for the numbers.
#
# **Predict.** `x` is on the CPU.

# %%
predict("moved-or-not")

# %% items="S07.1.C3"
x = torch.tensor([1.0, 2.0])
y = x.to("meta")
print(x.device, y.device, y)

try:
    print(x + y)
except RuntimeError as error:
    print(type(error).__name__, error)

# The device of this notebook, in one variable.
device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
made_there = torch.tensor([1.0, 2.0], device=device)
moved_there = x.to(device)
print(made_there + moved_there)

# %% [markdown]
# **Explain.** The last four lines are the same on every machine. The message names both devices: one of
# the two tensors has to move. Only a scalar may stay on the CPU: `y * torch.tensor(2.0)` works.
#
# ### Exercise: a sum across devices
#
# *2 minutes, difficulty 2.* Return a + b, on the device where **a** is. Where b is, nobody knows.
#
# <details><summary>Hint 1</summary>
#
# `a.device` says where a is.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `.to` returns a tensor. Use what it returns.
#
# </details>


# %% answer="add-anywhere"
def add_anywhere(a, b):
    """Return a + b on the device of a."""
    ### BEGIN SOLUTION
    return a + b.to(a.device)
    ### END SOLUTION


# %% check="add-anywhere"
check("add-anywhere", add_anywhere)

# %% [markdown]
# ## A leaf that moves
#
# Weights are leaves: they are tracked, and backward leaves a gradient on them.
#
# **Predict.** What if a leaf is moved afterwards?

# %%
predict("leaf-that-moves")

# %% items="S07.1.C3"
w = torch.tensor([1.5, 2.0], requires_grad=True)
moved = w.to("meta")
print("w:    ", w.is_leaf, w.requires_grad)
print("moved:", moved.is_leaf, moved.requires_grad, moved.grad_fn)
print("on the CPU:", w.to("cpu") is w)

# %% [markdown]
# **Explain.** After `w = w.to("cuda")` the leaf is out of reach, and `w.grad` stays None. On the CPU the same
# line does nothing: `.to` returns `w` itself. So the fault shows only where there is a GPU.
#
# ### Exercise: a leaf on any device
#
# *2 minutes, difficulty 2.* Return a tracked **leaf** with these numbers, on the device `place`.
#
# <details><summary>Hint 1</summary>
#
# Both can be said at once when a tensor is made: where it is, and that it is tracked.
#
# </details>


# %% answer="leaf-on-device"
def leaf_on(numbers, place):
    """Return a leaf with these numbers, on the device `place`."""
    ### BEGIN SOLUTION
    return torch.tensor(numbers, device=place, requires_grad=True)
    ### END SOLUTION


# %% check="leaf-on-device"
check("leaf-on-device", leaf_on)

# %% [markdown] items="S02.O7 S06.1.K2"
# ## How long does it take?
#
# You may read that a GPU is 10 to 100 times faster. For what? Measure it. Worked example, one call:
# **look at the clock, run, look again**.

# %%
before = time.perf_counter()
x + x
after = time.perf_counter()
print(f"{1e6 * (after - before):.1f} µs")

# %% [markdown]
# Run that cell a few times: the number jumps. The first call is often slow, and other programs
# disturb some. So one measures several times, and keeps the shortest.
#
# ### Exercise: a stopwatch
#
# *3 minutes, difficulty 2.* Call `run` as often as `times` says. Return the shortest time that one
# call took. `clock()` says what time it is.
#
# <details><summary>Hint 1: the steps</summary>
#
# In a loop: look at the clock, run, look again, and keep the difference in a list. After the
# loop: choose.
#
# </details>
# <details><summary>Hint 2: a case to try</summary>
#
# If three calls take 9, 2 and 4, the answer is 2.
#
# </details>


# %% answer="stopwatch" items="S02.O7"
def shortest(run, clock, times):
    """Return the shortest time that one call of `run` took, of so many calls."""
    ### BEGIN SOLUTION
    taken = []
    for _ in range(times):
        start = clock()
        run()
        taken.append(clock() - start)
    return min(taken)
    ### END SOLUTION


# %% check="stopwatch"
check("stopwatch", shortest)

# %% [markdown] items="S02.O7"
# A GPU needs one thing more. It is only *told* what to do, and Python goes on: so [the clock must wait
# for it](https://docs.pytorch.org/docs/stable/notes/cuda.html#asynchronous-execution). That is what
# `synchronize` does.
#
# **Predict.** The next cell adds 10, 1000, ... up to 10 million numbers.

# %%
predict("ten-or-a-thousand")

# %% items="S02.O7"
import timeit


def nothing():
    pass


wait = nothing if device.type == "cpu" else torch.accelerator.synchronize


def microseconds(calculate, numbers, wait=nothing):
    """Return the shortest of 10 times, after a first call that does not count."""

    def once():
        calculate(numbers)
        wait()

    once()
    return 1e6 * min(timeit.repeat(once, number=1, repeat=10))


def double(numbers):
    return numbers + numbers


sizes = [10, 1_000, 100_000, 10_000_000]
rows = [torch.ones(size) for size in sizes]
times = {"CPU": [microseconds(double, row) for row in rows]}
if device.type != "cpu":
    times[device.type] = [microseconds(double, row.to(device), wait) for row in rows]
    times["moved there first"] = [
        microseconds(lambda row: double(row.to(device)), row, wait) for row in rows
    ]
for name, taken in times.items():
    print(f"{name}:", [f"{t:.1f} µs" for t in taken], "1000 to 10:", f"{taken[1] / taken[0]:.1f}")

plot_lines(
    {name: (sizes, taken) for name, taken in times.items()},
    x_label="how many numbers",
    y_label="time in µs",
    log="xy",
)

# %% [markdown] items="S07.1.K1"
# **Explain.** Along both axes, equal steps are equal *factors*. A line that lies flat on the left says that
# the *start* decides, and one that rises on the right says that the numbers do. The times are those of this machine, now; only the ratios
# are worth comparing.
#
# On a GPU the start takes longer: the CPU has to send each order over
# ([PyTorch blog](https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/), October 2021). Moving the
# data costs on top. What it is good at is many numbers at once. If you see one line here,
# there is no accelerator; the next exercise does with invented numbers.
#
# When it does **not** matter: in a notebook like this one. A cell that takes a millisecond need not be
# faster. Measure first, and look only at what takes long.
#
# ### Exercise: from how many numbers on?
#
# *2 minutes, difficulty 2.* Suppose (the numbers are invented) that an addition costs
#
# | | to start | for each 1000 numbers |
# |---|---|---|
# | CPU | 2 µs | 1 µs |
# | GPU | 20 µs | 0.1 µs |
#
# For how many numbers do both take equally long?
#
# <details><summary>Hint 1</summary>
#
# For k thousand numbers the CPU takes 2 + k, in µs. And the GPU?
#
# </details>
# <details><summary>Hint 2</summary>
#
# The GPU starts 18 µs later. How much of that does it make up for with each thousand?
#
# </details>

# %% answer="break-even" items="S02.O7"
# How many numbers, not thousands.
### BEGIN SOLUTION
break_even = 18 / 0.9 * 1000
### END SOLUTION

# %% check="break-even"
check("break-even", break_even)

# %% [markdown]
# ### Question: why slower?
#
# *2 minutes, marked by a person, 2 points.* A friend has a table with a thousand rows of four numbers. A
# loop moves each row to the GPU, doubles it there, and moves it back. It is slower than before. Why,
# and what would you do?

# %% [markdown] written="why-slower-there"
# ### BEGIN SOLUTION
# Each operation and each move costs a start that has nothing to do with the size, and with four
# numbers that start is nearly all of the time. I would double the whole table in one operation; and
# with numbers as few as these I would leave them on the CPU.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("environment")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>How to write code for machines with and without a GPU</summary>
#
# One variable, `device`. Tensors are made there, or moved there.
#
# </details>
# <details><summary>What <code>x.to(device)</code> does to x</summary>
#
# Nothing. It returns a tensor that is there.
#
# </details>
# <details><summary>Why a leaf is made on its device</summary>
#
# Moved afterwards, it is the result of a move and no leaf, and its `.grad` stays None.
#
# </details>
# <details><summary>When a GPU does not pay</summary>
#
# When the start of each operation, or moving the data, takes longer than the calculation.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - `import ... as` gives a module one name, and no other.
# - One `device` variable, and all tensors of an operation on one device, but for scalars.
# - `.to` leaves its tensor alone, and returns one that is there. Of a leaf that moves, that is no leaf.
# - An operation costs its start and its numbers. A GPU starts later and counts faster.
# - Take the shortest of several times, and wait for the GPU before you stop the clock.
#
# ## Where next
#
# *Creating basic tensors* calculates with tensors and measures again: loops against whole tensors. To
# read more: torch's notes on
# [CUDA](https://docs.pytorch.org/docs/stable/notes/cuda.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "practice/environment",
    goal="See what is still open before you go on.",
)
