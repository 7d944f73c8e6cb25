# %% [markdown]
# # Practice exercises
#
# **25 minutes, and 5 more for the challenge · difficulty 3 of 3**
#
# You need: all that came before. Here you write alone; the hints are there.
#
# At the end you will be able to
#
# - calculate with shapes on purpose, and find slopes of functions of your own;
# - draw a function and its slope, and fit a line, from an empty cell;
# - train a network with the engine that you built, and read a larger one.

# %%
import inspect

import numpy as np
import torch
from matplotlib import pyplot as plt

from chalkboard import plot_losses
from chalkgrad import graph
from course.assessment.practice_exercises.exercises import check
from course.assessment.practice_exercises.questions import predict, quiz
from course.my_tensor.pitfalls import MyTensor

# %% [markdown] items="S11.X1"
# ## Shapes
#
# ### Exercise: all distances
#
# *2 minutes, difficulty 2.* `points` is a list of numbers on a line, such as `[1, 4, 6]`. Return two
# tensors of dtype float32: the table of the distances from each point to each, of shape (n, n), and the
# mean of each of its rows. For this list: `[[0, 3, 5], [3, 0, 2], [5, 2, 0]]` and `[2.67, 1.67, 2.33]`.
#
# <details><summary>Hint 1: no loop is needed</summary>
#
# A pitfall of an earlier lesson is what you want here: a column and a row become a table.
#
# </details>
# <details><summary>Hint 2: the dtype</summary>
#
# A list of whole numbers makes a tensor of whole numbers, and those have no mean. Say what you want
# when you make it.
#
# </details>


# %% answer="all-distances" items="S11.X1"
def all_distances(points):
    """Return the table of distances, and the mean of each row."""
    ### BEGIN SOLUTION
    row = torch.tensor(points, dtype=torch.float32)
    table = (row.unsqueeze(1) - row).abs()
    return table, table.mean(dim=1)
    ### END SOLUTION


# %% check="all-distances"
check("all-distances", all_distances)

# %% [markdown] items="S11.X2"
# ## A function of your own
#
# ### Exercise: a wave, and its slopes
#
# *3 minutes, difficulty 2.* Write the function wave(x) = x² · sin(x), for a tensor x, and
# `slopes_at(f, places)`: the slopes of *any* function `f` at a list of places, as a list of numbers.
#
# <details><summary>Hint 1: which sine?</summary>
#
# `math.sin` makes a plain number. What happens to the history then? Tensors have a `sin()` of their
# own.
#
# </details>
# <details><summary>Hint 2: only the first slope is right</summary>
#
# A leaf that is used again has the old slope on it. Make a new one for each place.
#
# </details>


# %% answer="wave-slopes" items="S11.X2 S02.O3"
def wave(x):
    """Return x squared, times the sine of x."""
    ### BEGIN SOLUTION
    return x**2 * x.sin()
    ### END SOLUTION


def slopes_at(f, places):
    """Return the slope of f at each place, as a list of numbers."""
    ### BEGIN SOLUTION
    found = []
    for place in places:
        leaf = torch.tensor(place, requires_grad=True)
        f(leaf).backward()
        found.append(leaf.grad.item())
    return found
    ### END SOLUTION


# %% check="wave-slopes"
check("wave-slopes", (wave, slopes_at))

# %% [markdown] items="S11.X3"
# ## Three inputs, four hidden nodes, two outputs
#
# **Predict.** The weights are whole numbers, so that you can calculate along: h = W1 · x, y = W2 · h.

# %%
predict("two-outputs")

# %% items="S11.X3"
w1 = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
w2 = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0]])
inputs = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

hidden = w1 @ inputs
outputs = w2 @ hidden
print(hidden.tolist(), outputs.tolist())
try:
    outputs.backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")

outputs.sum().backward()
print(inputs.grad)

# %% [markdown]
# **Explain.** The sum answers one question: how does y1 + y2 react? Each output by itself has a row of
# three slopes. The table of both rows is called the *Jacobian*.
#
# ### Challenge: the slopes of both outputs
#
# *5 minutes, difficulty 3.* For any x of shape (3,), and tensors `w1`, `w2` as above: return the table of
# shape (2, 3), row i the slopes of output i by the three inputs. The two rows add up to what you saw.
#
# <details><summary>Hint 1</summary>
#
# Two outputs, two walks. Each begins at one number, `outputs[0]` or `outputs[1]`.
#
# </details>
# <details><summary>Hint 2: what can go wrong between the two walks?</summary>
#
# The second walk adds to what the first left on the leaf. And it may refuse, for the graph is shared:
# calculate anew for each output, or keep the graph.
#
# </details>


# %% answer="both-outputs" items="S11.X3"
def jacobian(x, w1, w2):
    """Return the slopes of both outputs by all three inputs."""
    ### BEGIN SOLUTION
    rows = []
    for place in range(2):
        leaf = x.detach().clone().requires_grad_()
        (w2 @ (w1 @ leaf))[place].backward()
        rows.append(leaf.grad)
    return torch.stack(rows)
    ### END SOLUTION


# %% check="both-outputs"
check("both-outputs", jacobian)

# %% [markdown] items="S11.X4"
# ## A picture
#
# ### Exercise: a function and its slope
#
# *3 minutes, difficulty 2.* Draw two lines over `places`, a list of numbers: first f, then its slope,
# found by autograd. Label the axes `x` and `value`. `f` takes a tensor of any shape.
#
# <details><summary>Hint 1: one walk for all places</summary>
#
# All places in one leaf. Add up the heights, and one walk back leaves a slope for each.
#
# </details>
# <details><summary>Hint 2: Can't call numpy() on Tensor that requires grad</summary>
#
# matplotlib wants plain numbers. What cuts a tensor off from its history?
#
# </details>
# <details><summary>Hint 3: the drawing</summary>
#
# `plt.plot(...)` twice, `plt.xlabel("x")`, `plt.ylabel("value")`, and `return plt.gca()`.
#
# </details>


# %% answer="draw-slope" items="S11.X4"
def draw_with_slope(f, places):
    """Draw f and its slope over the places."""
    ### BEGIN SOLUTION
    leaf = torch.tensor(places, requires_grad=True)
    heights = f(leaf)
    heights.sum().backward()
    plt.plot(places, heights.detach(), label="f")
    plt.plot(places, leaf.grad, "--", label="slope of f")
    plt.xlabel("x")
    plt.ylabel("value")
    plt.legend()
    return plt.gca()
    ### END SOLUTION


# %% check="draw-slope"
check("draw-slope", draw_with_slope)

# %% [markdown]
# Here is your drawing of x³ - 3x. Where the slope crosses zero, the curve is flat.

# %%
places = [n / 20 - 2.2 for n in range(89)]
if draw_with_slope(lambda x: x**3 - 3 * x, places) is ...:
    print("Your picture comes here, when draw_with_slope is written.")

# %% [markdown] items="S11.X5"
# ## A model
#
# ### Exercise: linear regression, from an empty cell
#
# *3 minutes, difficulty 2.* Fit y = w · x + b to points, by gradient descent on the mean squared gap.
# Begin at w = b = 0, take `rounds` steps, and return the pair (w, b).
#
# <details><summary>Hint 1: the lines of a round</summary>
#
# Loss, backward, step, reset. Two leaves, so two steps and two resets.
#
# </details>
# <details><summary>Hint 2: torch refuses the step</summary>
#
# A step is not a part of the function. Where is nothing recorded?
#
# </details>


# %% answer="fit-a-line" items="S11.X5 S10.Q4a"
def fit_line(x, y, rate, rounds):
    """Return w and b of the line, after so many steps from zero."""
    ### BEGIN SOLUTION
    w = torch.zeros((), requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for _ in range(rounds):
        gaps = w * x + b - y
        gaps.square().mean().backward()
        with torch.no_grad():
            for leaf in (w, b):
                leaf -= rate * leaf.grad
                leaf.grad = None
    return w.item(), b.item()
    ### END SOLUTION


# %% check="fit-a-line"
check("fit-a-line", fit_line)

# %% [markdown]
# ## The end of the thread
#
# Your engine records, walks back, adds where ways meet, undoes broadcasting, and refuses. Now it trains
# a network: 1 input, 6 hidden nodes, 1 output. `loss_of` is written once. It runs on `MyTensor`, and on
# torch.


# %%
def loss_of(parameters, x, y):
    """Return the mean squared gap of a network with one hidden layer."""
    w1, b1, w2, b2 = parameters
    hidden = (x @ w1 + b1).tanh()
    gaps = hidden @ w2 + b2 - y
    return (gaps * gaps).sum() / 16


rng = np.random.default_rng(0)
start = [rng.normal(size=shape) for shape in ((1, 6), (6,), (6, 1), (1,))]
x_data = np.linspace(-2, 2, 16).reshape(16, 1)
y_data = np.sin(2 * x_data)
mine = [MyTensor(array.copy(), requires_grad=True) for array in start]
print(loss_of(mine, MyTensor(x_data), MyTensor(y_data)))

# %% [markdown]
# ### Exercise: a round of training, in your engine
#
# *4 minutes, difficulty 3.* `my_round` takes one step with each parameter, and returns the loss as it was
# before, as a plain number. A parameter is a `MyTensor` leaf; the array in it is its `value`.
#
# <details><summary>Hint 1: the lines of a round</summary>
#
# The same as in torch: loss, backward, step, reset. The last two for each parameter.
#
# </details>
# <details><summary>Hint 2: which thing changes?</summary>
#
# `parameter = parameter - ...` gives a name to a new node, and the leaf stays as it was. The step belongs
# to `parameter.value`. That is an array of NumPy, so nothing is recorded.
#
# </details>
# <details><summary>Hint 3: a plain number</summary>
#
# `item()`, as in torch.
#
# </details>


# %% answer="train-network" items="S02.O3"
def my_round(parameters, x, y, rate):
    """Take one step against the gradients; return the loss before it."""
    ### BEGIN SOLUTION
    loss = loss_of(parameters, x, y)
    loss.backward()
    for parameter in parameters:
        parameter.value -= rate * parameter.grad
        parameter.grad = None
    return loss.item()
    ### END SOLUTION


# %% check="train-network"
check("train-network", (MyTensor, my_round))

# %% [markdown]
# **Predict.** Now both engines train for 300 rounds, from the same start, in float64.

# %%
predict("two-curves")

# %%
theirs = [torch.tensor(array, requires_grad=True) for array in start]
optimizer = torch.optim.SGD(theirs, lr=0.1)
curves = {"torch": [], "MyTensor": []}
for _ in range(300):
    optimizer.zero_grad()
    loss = loss_of(theirs, torch.tensor(x_data), torch.tensor(y_data))
    loss.backward()
    optimizer.step()
    curves["torch"].append(loss.item())
    curves["MyTensor"].append(my_round(mine, MyTensor(x_data), MyTensor(y_data), 0.1))

if ... in curves["MyTensor"]:
    del curves["MyTensor"]  # my_round is not written yet
else:
    largest = max(abs(a - b) for a, b in zip(*curves.values(), strict=True))
    print("largest difference of two losses:", largest)
plot_losses(curves)

# %% [markdown]
# ## You can read this
#
# *chalkgrad*, the engine of this course, works as yours does, for all of torch's shapes and dtypes. Its
# heart is `src/chalkgrad/graph.py`. Open it from the file browser, or print it. Read the comments, and look
# for what you know.

# %%
print(inspect.getsource(graph.AccumulateGrad))
print(inspect.getsource(graph._walk))

# %% [markdown]
# ### Exercise: who does what?
#
# *3 minutes, difficulty 2.* Each of these is work that your engine does too. Which class or function of
# `graph.py` does it? Choose from Node, Edge, AccumulateGrad, _walk, _released.
# `print(inspect.getsource(graph))` shows all of the file.
#
# <details><summary>Hint 1</summary>
#
# The first line under each `class` and `def` says what it is for.
#
# </details>
# <details><summary>Hint 2: un-broadcasting</summary>
#
# Look for `sum_to`: who calls it?
#
# </details>

# %% answer="read-the-engine" items="S02.O3"
# Worked: "Node" remembers an operation and its parents. Now you: a name in quotation marks for each.
### BEGIN SOLUTION
sums_what_was_broadcast = "Edge"
ends_a_path_at_its_leaf = "AccumulateGrad"
adds_up_where_ways_meet = "_walk"
refuses_a_second_walk = "_released"
### END SOLUTION

named = [
    sums_what_was_broadcast,
    ends_a_path_at_its_leaf,
    adds_up_where_ways_meet,
    refuses_a_second_walk,
]

# %% check="read-the-engine"
check("read-the-engine", named)

# %% [markdown]
# ### Question: newest first
#
# *2 minutes, marked by a person, 2 points.* Your engine puts nodes in order before it walks. `_walk` does
# not: it always takes the newest node that waits. Why is that an order in which no node comes too early?

# %% [markdown] written="why-newest-first"
# ### BEGIN SOLUTION
# A node must wait until all that used its result are done, or it would pass on a part of its gradient. What
# uses a result is calculated after it, so it is newer. If the newest is taken first, whoever used a node
# has had its turn before the node itself.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Three questions; the last one goes back two lessons.

# %%
quiz("practice-exercises")

# %% [markdown]
# ## Checkpoint
#
# Say each answer aloud, then open it.
#
# <details><summary>Two outputs: what does backward want to know?</summary>
#
# From which number it is to begin, or how much each counts. Each output has a row of slopes of its own.
#
# </details>
# <details><summary>The four lines of a round of training, in any engine</summary>
#
# Loss, backward, step, reset.
#
# </details>
# <details><summary>What your engine can do by now</summary>
#
# Record operations; know their local slopes; walk back in order; add where ways meet; undo broadcasting;
# keep gradients on leaves; refuse what cannot be meant.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A column and a row make a table: on purpose, it is a tool.
# - One walk back answers for one number. Two outputs take two walks.
# - Two engines with the same rules give the same losses, up to rounding.
# - You can read an autograd engine, for you have built one.
#
# ## Where next
#
# *Custom functions* adds an operation of your own to torch. Or read on in `src/chalkgrad`:
# `rules` holds the local slopes of all operations, one row each.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "assessment/practice_exercises",
    goal="See what is still open before you go on.",
)
