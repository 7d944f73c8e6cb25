# %% [markdown] items="S06.2.T1"
# # Graphs as mathematical expressions
#
# **25 minutes · difficulty 2 of 3**
#
# You need: `backward()`, the slope of a product, and `MyTensor` as it records a graph.
#
# At the end you will be able to
#
# - take a formula apart into single steps, and fill in its table forward and backward;
# - say what torch's own graph of it holds, and what it leaves out;
# - write down the edges of a graph from a formula;
# - teach `MyTensor` the local slopes of each operation.

# %%
import torch

import chalkgrad
from chalkboard import BackwardStepper, draw_graph, plot_with_tangent
from course.mathematics.graphs_as_expressions.exercises import check
from course.mathematics.graphs_as_expressions.questions import predict, quiz
from course.my_tensor.graphs import MyTensor as Recorder

# %% [markdown]
# ## A formula in five steps
#
# y = 3x² + 2x + 1 is one line on paper. A machine does one thing at a time:
#
# | step | what is done |
# |---|---|
# | z1 | x² |
# | z2 | 3 · z1 |
# | z3 | 2 · x |
# | z4 | z2 + z3 |
# | y | z4 + 1 |
#
# **Predict.** Fill in the table for x = 2.

# %%
predict("five-steps")


# %% items="S06.2.T1"
def steps_of(x):
    """Return each step of 3x² + 2x + 1 by its name."""
    z1 = x**2
    z2 = 3 * z1
    z3 = 2 * x
    z4 = z2 + z3
    return {"x": x, "z1": z1, "z2": z2, "z3": z3, "z4": z4, "y": z4 + 1}


steps = steps_of(torch.tensor(2.0, requires_grad=True))
for name, step in steps.items():
    print(f"{name:2} = {step.item():g}")

# %% [markdown]
# ### Exercise: the table forward
#
# *2 minutes, difficulty 1.* The same five steps by hand, at **x = -3**.
#
# <details><summary>Hint 1: the square</summary>
#
# The whole number is squared, with its sign: (-3) · (-3).
#
# </details>
# <details><summary>Hint 2: one line at a time</summary>
#
# Each line uses only what stands above it. z4 adds two numbers, and one of them is negative.
#
# </details>

# %% answer="five-steps-forward" items="S06.2.T1"
### BEGIN SOLUTION
at_z1 = 9
at_z2 = 27
at_z3 = -6
at_z4 = 21
at_y = 22
### END SOLUTION

# %% check="five-steps-forward"
check("five-steps-forward", {"z1": at_z1, "z2": at_z2, "z3": at_z3, "z4": at_z4, "y": at_y})

# %% [markdown] items="S06.2.T1"
# ## The same table, backward
#
# Backward, each step is told how fast y grows with it. Two rules are enough, and you have met both:
#
# - **multiply:** what arrives at a step goes on to its inputs, times the slope on the edge;
# - **add:** where two edges come back to one place, what they bring is added.
#
# At x = 2, from the bottom of the table upwards:
#
# | this step | is told | why |
# |---|---|---|
# | y | 1 | y grows as fast as itself |
# | z4 | 1 · 1 = 1 | y = z4 + 1 |
# | z3 | 1 · 1 = 1 | z4 = z2 + z3 |
# | z2 | 1 · 1 = 1 | z4 = z2 + z3 |
# | z1 | 1 · 3 = 3 | z2 = 3 · z1 |
# | x | 3 · 4 + 1 · 2 = 14 | z1 = x² has slope 2x = 4, and z3 = 2x has slope 2 |

# %%
walked = steps_of(chalkgrad.tensor(2.0, requires_grad=True))
BackwardStepper(
    walked["y"],
    names=walked,
    goal="Find the two numbers that meet at x. Over which step did each of them come?",
)

# %% [markdown]
# ### Exercise: another table, backward
#
# *4 minutes, difficulty 2.* Now alone. For y = (2x + 1)² - 3x at **x = -2** the way forward is done:
#
# | step | what is done | value |
# |---|---|---|
# | p | 2 · x | -4 |
# | q | p + 1 | -3 |
# | r | q² | 9 |
# | s | 3 · x | -6 |
# | y | r - s | 15 |
#
# y is told 1. What are the others told?
#
# <details><summary>Hint 1: s</summary>
#
# When s grows by 1 and r stands still, what happens to y?
#
# </details>
# <details><summary>Hint 2: q</summary>
#
# The slope of q² is 2q, at the q that stands in the table.
#
# </details>
# <details><summary>Hint 3: x</summary>
#
# Two steps use x. Each brings what it was told, times the number beside x. Then add.
#
# </details>

# %% answer="another-table-backward" items="S06.2.T1"
# How fast y grows with each of them.
### BEGIN SOLUTION
told_r = 1
told_s = -1
told_q = -6
told_p = -6
told_x = -15
### END SOLUTION

# %% check="another-table-backward"
check("another-table-backward", {"r": told_r, "s": told_s, "q": told_q, "p": told_p, "x": told_x})

# %% [markdown]
# ## What torch keeps
#
# So is torch's graph the table, line for line? Nearly. It can be looked at: `y.grad_fn` is the node
# that made y, and `next_functions` leads on to the nodes behind it.
#
# **Predict.** The next cell walks through the graph of 3x² + 2x + 1 and counts.

# %%
predict("nodes-of-the-graph")


# %% items="S06.2.T1"
def show_nodes(node, depth=0, seen=None):
    """Print a node and all nodes behind it; return the different ones."""
    seen = set() if seen is None else seen
    again = "  (seen before)" if node in seen else ""
    print("   " * depth + node.name().removeprefix("torch::autograd::") + again)
    seen.add(node)
    for behind, _ in node.next_functions:
        if behind is None:
            print("   " * (depth + 1) + "None")
        else:
            show_nodes(behind, depth + 1, seen)
    return seen


print(len(show_nodes(steps["y"].grad_fn)), "different nodes")

# %% items="S06.2.T1"
draw_graph(steps["y"], names=steps)

# %% [markdown] items="S06.2.T1 S06.2.K1"
# **Explain.** Five steps, five operation nodes: so far the formula is the graph. Three things are not
# one to one:
#
# - The numbers 3, 2 and 1 are no nodes. Where one was used stands `None`: no slope goes there.
#   (`draw_graph` shows them for your sake, in boxes of their own.)
# - A node is an *operation*. The values z1, z2, … are what went over the edges.
# - x has one node, `AccumulateGrad`. Each use of x ends in it, and what arrives is added there.
#
# A network is such an expression too, with weights in it. Yann LeCun said why he uses them (15 May
# 2014, as [Wikiquote](https://en.wikiquote.org/wiki/Yann_LeCun) has it): "I don't use neural nets
# because they look like the brain. I use them because they are a convenient way to construct
# parameterized non-linear functions with good properties."
#
# **Predict.** (3x + 2) · x + 1 is the same formula, written in another way.

# %%
predict("another-form")

# %% items="S06.2.T1"
x = torch.tensor(2.0, requires_grad=True)
other = (3 * x + 2) * x + 1
nodes = show_nodes(other.grad_fn)
other.backward()
print(f"value {other.item():g}, slope {x.grad.item():g}")

# %% items="S06.2.T1"
plot_with_tangent(lambda x: 3 * x**2 + 2 * x + 1, 2.0, (-3, 3))

# %% [markdown] items="S06.2.T1"
# **Explain.** The curve and its tangent know nothing of how you wrote it: they belong to the function.
# The graph belongs to the *expression*. In five forms:
#
# | form | the slope of y at x = 2 |
# |---|---|
# | formula | 6x + 2 |
# | number | 14 |
# | picture | the tangent y = 14x - 11 |
# | graph | five nodes: 12 + 2. Four nodes: 6 + 8 |
# | code | `y.backward(); x.grad` |
#
# ### Exercise: the edges of the other form
#
# *2 minutes, difficulty 2.* Its steps are u = 3 · x, v = u + 2, w = v · x and y = w + 1. Write down the
# edges of the graph, as pairs (from, to), in the direction of the calculation. For u the pair is
# `("x", "u")`. Numbers are no nodes.
#
# <details><summary>Hint 1</summary>
#
# Go through the steps one by one: which names stand on the right of its equals sign?
#
# </details>
# <details><summary>Hint 2: how many?</summary>
#
# Three steps use one name each, and one step uses two.
#
# </details>

# %% answer="edges-of-the-other-form" items="S06.2.T1"
### BEGIN SOLUTION
form_edges = [("x", "u"), ("u", "v"), ("v", "w"), ("x", "w"), ("w", "y")]
### END SOLUTION

# %% check="edges-of-the-other-form"
check("edges-of-the-other-form", form_edges)

# %% [markdown]
# ## MyTensor learns its slopes
#
# Your `MyTensor` records value, parents and operation. On the way back each edge needs a slope.
#
# **Predict.** Can the slope of `cube` be found from what `cube` has recorded?

# %%
predict("lost-exponent")

# %% items="S06.2.T1"
two = Recorder(2.0)
cube = two**3
print(vars(cube))

# %% [markdown]
# **Explain.** So the slopes are taken *at once*, while all numbers are at hand, and kept with the
# node. Each operation does three things, here for a sum: **value**, **slopes** (one for each parent, at
# these values), and **node**.


# %%
class MyTensor(Recorder):
    """A number in a graph, with the slope on the edge to each of its parents."""

    def __init__(self, value, parents=(), operation="", slopes=()):
        super().__init__(value, parents, operation)
        self.slopes = slopes


def add(a, b):
    # Value.
    value = a.value + b.value
    # Slopes: when a grows by 1, the sum grows by 1; the same for b.
    slopes = (1.0, 1.0)
    # Node.
    return MyTensor(value, (a, b), "add", slopes)


print(add(MyTensor(6.0), MyTensor(2.0)).slopes)

# %% [markdown]
# ### Exercise: slopes of product and difference
#
# *2 minutes, difficulty 1.* The same three things, with a gap at **slopes**.
#
# <details><summary>Hint 1: product</summary>
#
# At 6 · 2: let the 6 become 7. By how much does the product grow? Which of the two numbers says so?
#
# </details>
# <details><summary>Hint 2: difference</summary>
#
# At 6 - 2: let the 2 become 3. What happens to the difference?
#
# </details>


# %% answer="slopes-of-product-and-difference" items="S06.2.T1"
def multiply(a, b):
    # Value.
    value = a.value * b.value
    # Slopes.
    ### BEGIN SOLUTION
    slopes = (b.value, a.value)
    ### END SOLUTION
    # Node.
    return MyTensor(value, (a, b), "mul", slopes)


def subtract(a, b):
    # Value.
    value = a.value - b.value
    # Slopes.
    ### BEGIN SOLUTION
    slopes = (1.0, -1.0)
    ### END SOLUTION
    # Node.
    return MyTensor(value, (a, b), "sub", slopes)


# %% check="slopes-of-product-and-difference"
check("slopes-of-product-and-difference", {"MyTensor": MyTensor, "mul": multiply, "sub": subtract})

# %% [markdown]
# ### Exercise: slopes alone
#
# *6 minutes, difficulty 3.* Now all three things. In `power` the exponent is a plain number, so there is
# one parent and one slope. One slope is written `(slope,)`, with the comma. Each function counts
# by itself.
#
# <details><summary>Hint 1: the rules from school</summary>
#
# | function | its slope |
# |---|---|
# | aⁿ | n · aⁿ⁻¹ |
# | exp(a) | exp(a) |
# | sin(a) | cos(a) |
#
# </details>
# <details><summary>Hint 2: the quotient, for its upper number</summary>
#
# a / b is a · (1/b). What stands beside a?
#
# </details>
# <details><summary>Hint 3: the quotient, for its lower number</summary>
#
# a / b is a · b⁻¹. The rule for aⁿ says what the slope of b⁻¹ is, and a stands beside it. Check the
# sign: 6 / 2 = 3, and 6 / 3 = 2.
#
# </details>

# %% answer="slopes-alone" items="S06.2.T1"
import math


def divide(a, b):
    """Return the node of a / b."""
    ### BEGIN SOLUTION
    slopes = (1 / b.value, -a.value / b.value**2)
    return MyTensor(a.value / b.value, (a, b), "div", slopes)
    ### END SOLUTION


def power(a, exponent):
    """Return the node of a to the power of a plain number."""
    ### BEGIN SOLUTION
    slope = exponent * a.value ** (exponent - 1)
    return MyTensor(a.value**exponent, (a,), "pow", (slope,))
    ### END SOLUTION


def exponential(a):
    """Return the node of exp(a)."""
    ### BEGIN SOLUTION
    value = math.exp(a.value)
    return MyTensor(value, (a,), "exp", (value,))
    ### END SOLUTION


def sine(a):
    """Return the node of sin(a)."""
    ### BEGIN SOLUTION
    return MyTensor(math.sin(a.value), (a,), "sin", (math.cos(a.value),))
    ### END SOLUTION


# %% check="slopes-alone"
check(
    "slopes-alone",
    {"MyTensor": MyTensor, "div": divide, "pow": power, "exp": exponential, "sin": sine},
)

# %% [markdown]
# ### Question: why are the values kept?
#
# *2 minutes, marked by a person, 2 points.* After the way forward, torch keeps some of the values until
# you go backward. Why does it need them? Name an operation for which it needs none. Double-click
# the next cell and answer in two or three sentences.

# %% [markdown] written="why-values-are-kept"
# ### BEGIN SOLUTION
# The slope on an edge depends on the values at which the operation worked: in a product it is the other
# factor, in a square twice the number. Without these values the slopes could not be calculated on
# the way back. A sum needs none, since its slopes are 1 whatever the values.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("expressions")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The two rules of the way back</summary>
#
# Along an edge, multiply by its slope. Where edges come together, add.
#
# </details>
# <details><summary>What is no node in torch's graph</summary>
#
# Numbers such as the 3, and values on the way: a node is an operation. x has its AccumulateGrad.
#
# </details>
# <details><summary>The local slopes of a · b and a / b</summary>
#
# b and a; 1/b and -a/b².
#
# </details>
# <details><summary>Why MyTensor takes its slopes on the way forward</summary>
#
# There all numbers are at hand, the exponent too.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - An expression is a list of single steps, and the list is a graph.
# - Forward the values are filled in; backward each step is told how fast y grows with it.
# - The graph belongs to the expression, the slope to the function.
# - A local slope belongs to one edge, and to the values it saw.
#
# ## Where next
#
# *Automatic differentiation and the chain rule* lets `MyTensor` walk back by itself, and finds out in
# which order. To read more: torch on
# [how its graph is made](https://docs.pytorch.org/docs/stable/notes/autograd.html).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "mathematics/graphs_as_expressions",
    goal="See what is still open before you go on.",
)
