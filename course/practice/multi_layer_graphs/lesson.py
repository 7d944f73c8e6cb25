# %% [markdown]
# # Building multi-layer graphs
#
# **25 minutes · difficulty 2 of 3**
#
# You need: the chain rule with several paths, and what stands in `.grad`.
#
# At the end you will be able to
#
# - calculate a graph with a hidden layer forward, and name its edges;
# - write each gradient as a sum over paths;
# - read the gradients of hidden nodes, which torch does not keep by itself;
# - turn fixed coefficients into weights, and get *their* gradients;
# - list all paths with your `MyTensor`, and say why `backward` does not.
#
# **Predict** before you run, **run**, then **explain** what differed.

# %%
import torch

import chalkgrad
from chalkboard import BackwardStepper, draw_graph, plot_lines
from course.practice.multi_layer_graphs.exercises import check
from course.practice.multi_layer_graphs.questions import predict, quiz

# %% [markdown] items="S07.4.C1"
# ## Forward, by hand
#
# Two inputs, two hidden nodes, one output. The second digit of a name is the layer: `x12` is the first
# node of layer 2.
#
# | layer | node |
# |---|---|
# | input | x11 = 2 and x21 = 3 |
# | hidden | x12 = 5 · x11 - 3 · x21 |
# | hidden | x22 = 2 · x11² + 2 · x21 |
# | output | y = 4 · x12 + 3 · x22 |
#
# ### Exercise: three values
#
# *1 minute, difficulty 1.* Calculate the three values in your head.
#
# <details><summary>Hint 1: the square</summary>
#
# In 2 · x11² the square comes first, and belongs to x11 alone.
#
# </details>

# %% answer="layers-forward"
### BEGIN SOLUTION
value_x12 = 5 * 2 - 3 * 3
value_x22 = 2 * 2**2 + 2 * 3
value_y = 4 * value_x12 + 3 * value_x22
### END SOLUTION

# %% check="layers-forward"
check("layers-forward", [value_x12, value_x22, value_y])

# %% items="S07.4.C1"
x11 = torch.tensor(2.0, requires_grad=True)
x21 = torch.tensor(3.0, requires_grad=True)

x12 = 5 * x11 - 3 * x21
x22 = 2 * x11**2 + 2 * x21

y = 4 * x12 + 3 * x22
print(x12.item(), x22.item(), y.item())

# %% [markdown] items="S07.4.F1"
# ### Exercise: the edges
#
# *2 minutes, difficulty 1.* An edge leads from a node to each node that is made of it. Write down the edges between
# the five named nodes as pairs, such as `("x11", "x12")`. Coefficients are no nodes here.
#
# <details><summary>Hint 1: where do I look?</summary>
#
# At each line of the table. What stands to the right of the equals sign?
#
# </details>
# <details><summary>Hint 2: how many?</summary>
#
# Each of the three lines that calculate uses two nodes.
#
# </details>

# %% answer="edges-of-layers" items="S02.O4"
# A list of pairs: from where, to where.
### BEGIN SOLUTION
layer_edges = [
    ("x11", "x12"),
    ("x21", "x12"),
    ("x11", "x22"),
    ("x21", "x22"),
    ("x12", "y"),
    ("x22", "y"),
]
### END SOLUTION

# %% check="edges-of-layers"
check("edges-of-layers", layer_edges)

# %% [markdown]
# Here is what torch has recorded. It splits each line into single operations, so between two of your nodes
# there may be a multiplication and an addition.

# %% items="S07.4.F1"
draw_graph(y, names={"x11": x11, "x21": x21, "x12": x12, "x22": x22, "y": y})

# %% [markdown] items="S07.4.K1"
# Think of a **factory**: inputs are raw materials, hidden nodes are stations, and the output is the
# product. The coefficients 5, -3, 2, 2, 4, 3 are the settings of the machines. The comparison breaks twice.
# Material is used up, but here x11 goes to both stations in full. And the settings are fixed so far: tracked
# are the *materials*. In training it is the other way round, and you will turn it round below.
#
# It is not yet a neural network: no station has a bend, such as `relu`.
#
# ## Back over every path
#
# Your graph has two paths from x11 to y: over x12 and over x22. The local slopes:
#
# | edge | local slope |
# |---|---|
# | x11 into x12 | 5 |
# | x11 into x22 | 2 · 2 · x11 = 8 |
# | x12 into y | 4 |
# | x22 into y | 3 |
#
# **Predict.** How fast does y grow with x11?

# %%
predict("gradient-of-x11")

# %% items="S07.4.C2"
y.backward()
print(f"Gradient of x11: {x11.grad}")

# %% [markdown] items="S07.4.C2"
# **Explain.** In three steps, whose names come back:
#
# - **Paths:** x11 → x12 → y, and x11 → x22 → y.
# - **Along each, multiply:** 5 · 4 = 20, and 8 · 3 = 24.
# - **Over all, add:** 20 + 24 = 44.
#
# ### Exercise: the paths of x21
#
# *2 minutes, difficulty 1.* The same for x21. Its paths are given; you multiply and add.
#
# <details><summary>Hint 1: a minus</summary>
#
# x12 = 5 · x11 - 3 · x21. What happens to x12 when x21 grows by 1?
#
# </details>
# <details><summary>Hint 2: the other one</summary>
#
# In x22 = 2 · x11² + 2 · x21 the first term does not change with x21.
#
# </details>

# %% answer="paths-of-x21"
# Paths: x21 → x12 → y, and x21 → x22 → y. Along each, multiply:
### BEGIN SOLUTION
over_x12 = -3 * 4
over_x22 = 2 * 3
### END SOLUTION

# Over all, add:
### BEGIN SOLUTION
gradient_x21 = over_x12 + over_x22
### END SOLUTION

# %% check="paths-of-x21"
check("paths-of-x21", [over_x12, over_x22, gradient_x21])

# %% items="S07.4.C2"
print(f"Gradient of x11: {x11.grad}")
print(f"Gradient of x21: {x21.grad}")

# %% [markdown]
# Now see the parts meet, in chalkgrad.

# %%
names = {
    "x11": chalkgrad.tensor(2.0, requires_grad=True),
    "x21": chalkgrad.tensor(3.0, requires_grad=True),
}
names["x12"] = 5 * names["x11"] - 3 * names["x21"]
names["x22"] = 2 * names["x11"] ** 2 + 2 * names["x21"]
names["y"] = 4 * names["x12"] + 3 * names["x22"]
BackwardStepper(
    names["y"],
    names=names,
    goal="Find the two numbers that meet at x11. At which step is its gradient complete?",
)

# %% [markdown]
# ## The nodes in between
#
# The walk back passes x12 and x22.
#
# **Predict.** So what does `x12.grad` show afterwards?

# %%
predict("hidden-grad")

# %% items="S07.4.C2"
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print("x12.grad:", x12.grad)
for warning in caught:
    print("torch warns:", str(warning.message).partition(". Its")[0])

kept12 = 5 * x11 - 3 * x21
kept22 = 2 * x11**2 + 2 * x21
for node in (kept12, kept22):
    node.retain_grad()
(4 * kept12 + 3 * kept22).backward()
print("after retain_grad:", kept12.grad, kept22.grad)

# %% [markdown]
# **Explain.** A gradient passes each hidden node, and only leaves keep theirs: that saves memory. With
# `retain_grad()`, said *before* the walk back, a node keeps it too. (That second walk has added to `x11.grad`. You
# know this habit.)
#
# ### Exercise: keep what passes
#
# *2 minutes, difficulty 2.* The last step is another one here: y = x12 · x22. Return the gradients of y by x12 and by
# x22, in this order.
#
# <details><summary>Hint 1</summary>
#
# Three things, in an order that matters: ask both to keep, go back, read.
#
# </details>
# <details><summary>Hint 2: what should come out?</summary>
#
# In a product, each factor's growth is multiplied by the other one. At 2 and 3: 14 and 1.
#
# </details>


# %% answer="keep-what-passes" items="S02.O4"
def hidden_gradients(first, second):
    """Return the gradients of y = x12 · x22 by x12 and by x22, for these two inputs."""
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    ### BEGIN SOLUTION
    x12.retain_grad()
    x22.retain_grad()
    (x12 * x22).backward()
    return x12.grad, x22.grad
    ### END SOLUTION


# %% check="keep-what-passes"
check("keep-what-passes", hidden_gradients)

# %% [markdown] items="S07.4.K1"
# ## From coefficients to weights
#
# Training does not change its data. It changes the *weights*, so these are tracked, and the inputs are
# plain numbers. The gradient of a weight is a sum over paths too. Take the 5, and call it w0:
#
# - **Paths:** w0 → x12 → y, and no other.
# - **Along each, multiply:** x12 = w0 · x11 + ... grows x11 times as fast as w0, which is 2 here. y grows 4
#   times as fast as x12. 2 · 4 = 8.
# - **Over all, add:** 8.
#
# So the *value* of the input is the local slope of its weight. A weight on an input of 0 has no influence, and
# its gradient is 0.
#
# ### Exercise: six weights
#
# *3 minutes, difficulty 2.* Build the graph of the table once more, with the six coefficients as **one** tracked
# tensor, in the order of the table: 5, -3, 2, 2, 4, 3. The inputs come in as plain numbers. Return the
# gradient of y by the six weights.
#
# With -3 as a weight, the first line is x12 = w0 · x11 + w1 · x21.
#
# <details><summary>Hint 1: one tensor, six numbers</summary>
#
# `w = torch.tensor([...], requires_grad=True)`, and then `w[0]`, `w[1]`, ... in the three lines.
#
# </details>
# <details><summary>Hint 2: what should come out?</summary>
#
# At x11 = 2 and x21 = 3 the first is 8, as above. The last is the value of x22, 14: why?
#
# </details>


# %% answer="six-weights" items="S02.O4"
def weight_gradients(x11, x21):
    """Return the gradient of y by the six weights 5, -3, 2, 2, 4, 3."""
    ### BEGIN SOLUTION
    w = torch.tensor([5.0, -3.0, 2.0, 2.0, 4.0, 3.0], requires_grad=True)
    x12 = w[0] * x11 + w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    (w[4] * x12 + w[5] * x22).backward()
    return w.grad
    ### END SOLUTION


# %% check="six-weights"
check("six-weights", weight_gradients)

# %% [markdown]
# **Predict.** The next cell has one weight of 5 and goes back. Then it looks at the weight.

# %%
predict("weight-after-backward")

# %%
w = torch.tensor(5.0, requires_grad=True)
(4 * (w * 2.0)).backward()
print("after backward:", w.item(), "  its gradient:", w.grad.item())

with torch.no_grad():
    w -= 0.1 * w.grad
print("after a step:  ", round(w.item(), 4))

# %% [markdown]
# **Explain.** `backward` writes into `.grad` and nowhere else. The machine's setting changes in a step
# that somebody takes: you, or an optimizer.
#
# ## Every path, with MyTensor
#
# Your engine runs the same graph. Here it is as the section on mathematics left it: its `backward` leaves
# a gradient on *every* node, hidden ones too.
# `pull` is what it walks with: `node.pull(g)` gives, for each parent, g times the local slope.

# %%
from course.my_tensor.mathematics import MyTensor

a = MyTensor(2.0)
b = MyTensor(3.0)
hidden = 5 * a - 3 * b, 2 * a**2 + 2 * b
out = 4 * hidden[0] + 3 * hidden[1]
out.backward()
print("inputs:", a.grad, b.grad, "  hidden:", hidden[0].grad, hidden[1].grad)

square = a * a
for upstream in (1.0, 10.0):
    print("pull of a * a, with", upstream, "gives", *square.pull(upstream))

# %% [markdown]
# ### Exercise: list the paths
#
# *3 minutes, difficulty 3, without torch or chalkgrad.* `path_products` goes back from a node and returns
# a list: what **each** path brings to the leaf. For `out` and `a` that is 20 and 24, in any order. Two
# cases are done. Fill in the third:
#
# - **There:** the path has reached the leaf.
# - **No way on:** a node without parents, and not the leaf.
# - **Each parent:** what all of its paths bring, one list after the other.
#
# <details><summary>Hint 1: the function calls itself</summary>
#
# `path_products(parent, leaf, ...)` gives the list for one parent. Its third argument is what has come so far, times
# the local slope.
#
# </details>
# <details><summary>Hint 2: who multiplies?</summary>
#
# `node.pull(so_far)` has one number for each parent, in the order of `node.parents`. `zip` pairs them.
#
# </details>
# <details><summary>Hint 3: one long list</summary>
#
# Begin with an empty list, and put each parent's list at its end: `found += ...`.
#
# </details>


# %% answer="list-the-paths" items="S02.O4"
def path_products(node, leaf, so_far=1.0):
    """Return what each path from the node back to the leaf brings, as a list."""
    if node is leaf:  # There.
        return [so_far]
    if node.pull is None:  # No way on.
        return []
    # Each parent.
    ### BEGIN SOLUTION
    found = []
    for parent, brought in zip(node.parents, node.pull(so_far), strict=True):
        found += path_products(parent, leaf, brought)
    return found
    ### END SOLUTION


# %% check="list-the-paths"
check("list-the-paths", (MyTensor, path_products))

# %% [markdown] items="S07.4.D1"
# ## What the chain rule is good for
#
# So one could find every gradient by listing paths. Why does nobody do that?
#
# **Predict.** In the next cell a value is added to itself, 20 times: t = t + t. How many paths lead from the last t
# to the first?

# %%
predict("paths-of-doubling")

# %%
first = t = MyTensor(1.0)
for _ in range(20):
    t = t + t
t.backward()
print("20 additions, and a gradient of", int(first.grad))

additions = range(1, 21)
plot_lines(
    {
        "paths": (additions, [2**n for n in additions]),
        "edges": (additions, [2 * n for n in additions]),
    },
    x_label="additions",
    y_label="number",
    log="y",
)

# %% [markdown] items="S07.4.D1 S07.4.K2"
# **Explain.** Each local slope is 1, so each path brings 1, and the gradient *is* the number of paths. Listing
# them takes a million steps, and twice as many with one addition more. `backward` passes each of the 40
# edges once, because a node adds up what arrives before it passes on. In the picture each step of the grey lines
# upwards is ten times as many: the paths climb on and on, and the edges hardly at all.
#
# So the gradient by *all* inputs and weights costs a small multiple of one forward pass (the survey below gives
# a bound), whatever the number of paths. Path by path, a network with many layers could not be trained.
#
# The idea is older than torch: Wengert wrote in 1964 how to differentiate a program step by step, and
# Speelpenning in 1980 how to do it backward
# ([survey of 2018](https://jmlr.org/papers/v18/17-468.html)). Theano, Chainer and TensorFlow had it before PyTorch
# came out in 2017. PyTorch's authors stress something else: "every aspect of PyTorch is a regular Python program under
# the full control of its user" ([Paszke et al., 2019](https://arxiv.org/abs/1912.01703)). You used that: a `for` loop
# built the graph above.
#
# ### Question: why not path by path?
#
# *2 minutes, marked by a person, 2 points.* The gradient of x11 is a sum over paths. Say why it is a sum, and how
# `backward` gets the same sum without listing the paths. Double-click the next cell and answer in two or
# three sentences.

# %% [markdown] written="why-not-path-by-path"
# ### BEGIN SOLUTION
# When x11 grows, both hidden nodes change, and each of them moves y. Both changes are there at once, so they
# add up: 20 over x12 and 24 over x22. `backward` adds up at each node what arrives from all that used it, and
# passes the sum on once. So each edge is walked once, while the number of paths can double with each layer.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("multi-layer-graphs")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>Where 44 comes from</summary>
#
# Over x12: 5 · 4 = 20. Over x22: 8 · 3 = 24. Together 44.
#
# </details>
# <details><summary>How to read a hidden gradient</summary>
#
# Call `retain_grad()` on the node, before the walk back.
#
# </details>
# <details><summary>What is tracked in training</summary>
#
# The weights. The inputs are data, and stay as they are.
#
# </details>
# <details><summary>Why backward lists no paths</summary>
#
# Their number can double with each layer. Each node adds up first, and passes on once.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - An edge is one use. An input that feeds two nodes goes to each in full.
# - A gradient is a sum over paths; along a path one multiplies.
# - Hidden nodes keep no gradient, unless they are asked to.
# - In training the weights are tracked, and `backward` does not change them.
# - Each edge is walked once, however many paths there are.
#
# ## Where next
#
# *Common pitfalls* shows what goes wrong most often, and what torch says then. To read more: torch's notes on
# [how autograd records a graph](https://docs.pytorch.org/docs/stable/notes/autograd.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "practice/multi_layer_graphs",
    goal="See what is still open before you go on.",
)
