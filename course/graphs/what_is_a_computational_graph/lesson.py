# %% [markdown] items="S05.1.T1"
# # What is a computational graph?
#
# **25 minutes · difficulty 1 of 3**
#
# You need: Python functions and a first look at classes, and what a tensor is.
#
# At the end you will be able to
#
# - read a computational graph, and write one down as a list of edges;
# - say when torch records a graph and when it does not;
# - mend a drawing that cannot be calculated;
# - build a number that remembers what it was made of.
#
# That number is the first piece of your own engine, `MyTensor`. It grows with the course, and at the
# end it trains a small network.

# %%
import torch

import chalkgrad
from chalkboard import draw_graph, plot_with_tangent
from course.graphs.what_is_a_computational_graph.exercises import check
from course.graphs.what_is_a_computational_graph.questions import predict, quiz

# %% [markdown]
# ## A result that remembers
#
# Python calculates (1 + 2) · 3, says 9, and forgets how it got there. A tensor need not forget.
#
# **Predict.** The next cell calculates the same with torch, in two steps.

# %%
predict("what-a-result-shows")

# %% items="S05.1.T1"
x = torch.tensor(1.0, requires_grad=True)
y = torch.tensor(2.0, requires_grad=True)
z = torch.tensor(3.0, requires_grad=True)

s = x + y
out = s * z
print(out)
print("made by", out.grad_fn.name(), "of", [node.name() for node, _ in out.grad_fn.next_functions])
draw_graph(out, names={"x": x, "y": y, "z": z, "s": s, "out": out})

# %% [markdown] items="S05.1.T1"
# **Explain.** This is a *computational graph*. Its **nodes** are numbers and what is done with them.
# Its **edges**, the arrows, say what flows where: from what is used to what is made of it. A node
# without an arrow into it is a **leaf**. (The last box shows the result once more.
# `AccumulateGrad` is torch's name for the end of a way back, at a leaf.)
#
# To write it down: each line of the program names one new node, with an edge for each name on its
# right side.
#
# | line | edges |
# |---|---|
# | `s = x + y` | x → s, y → s |
# | `out = s * z` | s → out, z → out |
#
# ### Exercise: a graph as a list of edges
#
# *3 minutes, difficulty 1.* Draw the graph of these three lines on paper, then write its edges as
# pairs `("from", "to")`. The first one is `("x", "a")`.
#
# ```python
# a = x * y
# b = a + x
# out = b * z
# ```
#
# <details><summary>Hint 1: where do I start?</summary>
#
# At the first line. It names one new node, `a`. What is on the right side of its line leads to it.
#
# </details>
# <details><summary>Hint 2: how many edges are there?</summary>
#
# As many as there are names on the right sides, counted over all three lines.
#
# </details>

# %% answer="edges-of-a-graph"
# A list of pairs, each name in quotation marks.
### BEGIN SOLUTION
edges = [("x", "a"), ("y", "a"), ("a", "b"), ("x", "b"), ("b", "out"), ("z", "out")]
### END SOLUTION

# %% check="edges-of-a-graph"
check("edges-of-a-graph", edges)

# %% [markdown] items="S05.1.K3"
# ## Recorded only where you ask
#
# **Predict.** The next cell calculates three products. Which of them remember anything?

# %%
predict("who-is-recorded")

# %% items="S05.1.K3"
plain = torch.tensor(2.0)
tracked = torch.tensor(3.0, requires_grad=True)

first = plain * plain
second = plain * tracked
with torch.no_grad():
    third = tracked * tracked

for name, result in {"first": first, "second": second, "third": third}.items():
    print(name, result.requires_grad, result.grad_fn)

# %% [markdown] items="S05.1.K3 S05.1.K2"
# **Explain.** torch records an operation if recording is on and an input requires a gradient.
# Otherwise a result is only a number.
#
# The graph grows *while your lines run*, which is called **eager**. So you can stop anywhere and
# print. In TensorFlow 1.x one first described the whole graph, and ran it later. TensorFlow 2 is
# eager by default ([its own comparison](https://www.tensorflow.org/guide/migrate/tf1_vs_tf2)). And
# since version 2.0, of 2023,
# [`torch.compile`](https://docs.pytorch.org/docs/stable/torch.compiler.html) captures pieces of an
# eager program as graphs, to make them faster.
#
# ## A drawing that cannot be calculated
#
# Read from left to right: add x and y, multiply by z, take the sine, call it z.
#
# ```
#  x ──▶ ┌───┐     ┌───┐     ┌─────┐
#        │ + │ ──▶ │ * │ ──▶ │ sin │ ──▶ z
#  y ──▶ └───┘     └───┘     └─────┘     │
#                    ▲                   │
#                    └───────────────────┘
# ```
#
# **Predict.** The next cell fills in values. A node is ready as soon as all that it is made of is
# known; x and y are known from the start. s is the sum, and p is the product.

# %%
predict("fill-in-a-circle")

# %% items="S05.1.F1"
made_of = {"s": ["x", "y"], "p": ["s", "z"], "z": ["p"]}
known = ["x", "y"]

progress = True
while progress:
    ready = [
        node
        for node, needs in made_of.items()
        if node not in known and all(need in known for need in needs)
    ]
    known += ready
    progress = bool(ready)

print("known: ", known)
for node, needs in made_of.items():
    if node not in known:
        print(node, "waits for", [need for need in needs if need not in known])

# %% [markdown] items="S05.1.F1"
# **Explain.** A computational graph may split and join, but no arrow may lead back to where it came
# from. It is *directed* and *acyclic*, without a cycle. What is made of z cannot be z.
#
# ### Exercise: mend the drawing
#
# *3 minutes, difficulty 1.* Here is the drawing as a program. Python refuses it too: `z` is used
# before it is there. Mend it: z is an input of its own, and the result goes nowhere.
#
# ```python
# def circle(x, y):
#     s = x + y
#     p = s * z
#     z = p.sin()
#     return z
# ```
#
# <details><summary>Hint 1: where does z come from?</summary>
#
# From outside, as x and y do. The first line of the function below says so already.
#
# </details>
# <details><summary>Hint 2: what about the last two lines?</summary>
#
# The result needs a name of its own, or none: what stands after `return` needs no name.
#
# </details>


# %% answer="mend-the-cycle" items="S02.O4 S05.1.F1"
def mended(x, y, z):
    """Add x and y, multiply by z, and return the sine of that."""
    ### BEGIN SOLUTION
    total = x + y
    product = total * z
    return product.sin()
    ### END SOLUTION


# %% check="mend-the-cycle"
check("mend-the-cycle", mended)

# %% [markdown] items="S05.1.K1"
# ## What the memory is for
#
# A graph is like a **river system**. Water flows from the sources, over places where streams meet,
# to the mouth: that is the calculation. Walk upstream, and you reach every source that fed it.
#
# Where the comparison breaks: a river divides at a fork, but a number that is used twice goes to
# both places in full. And upstream we do not ask how much came from a source. We ask how strongly
# the mouth would *react* to a little more from there.
#
# `backward()`, which is the next lesson's subject, walks upstream. Each input then holds its slope in
# `.grad`: how fast `out` grows when only this input grows.

# %% items="S05.1.F1"
x = torch.tensor(1.0, requires_grad=True)
y = torch.tensor(2.0, requires_grad=True)
z = torch.tensor(2.0, requires_grad=True)

out = torch.sin((x + y) * z)
out.backward()
print(f"x {x.grad:.4f}   y {y.grad:.4f}   z {z.grad:.4f}")

# %% [markdown]
# **Predict.** y and z are both 2. The next cell uses y in both places, and no z at all.

# %%
predict("two-ways-to-y")

# %% items="S05.1.F1"
x = torch.tensor(1.0, requires_grad=True)
y = torch.tensor(2.0, requires_grad=True)

out = torch.sin((x + y) * y)
out.backward(retain_graph=True)  # keep the graph, to draw it
print(f"x {x.grad:.4f}   y {y.grad:.4f}")
draw_graph(out, names={"x": x, "y": y, "out": out})

# %% [markdown]
# **Explain.** Two arrows leave y, so two ways lead back to it. The slope of x has one way, and can
# be said in five forms:
#
# | form | how fast out grows with x, at x = 1 and y = 2 |
# |---|---|
# | formula | y · cos((x + y) · y) = 2 · cos 6 |
# | number | 1.9203 |
# | picture | the tangent below rises by 1.92 for each 1 to the right |
# | graph | one way from out back to x: over the product and the sum |
# | code | `out.backward(); x.grad` |

# %%
plot_with_tangent(lambda x: ((x + 2.0) * 2.0).sin(), 1.0, (0, 2))

# %% [markdown]
# ## Build it: a number that remembers
#
# A number that remembers is an *object* that keeps three things: its **value**, its **parents** (the
# objects it was made of) and the **operation**. Where Python sees a `+`, it calls the method
# `__add__`. Here is a class whose numbers can be added, and nothing more.
#
# **Predict.** Read the cell. At the end, the name `x` is given to another number.

# %%
predict("a-name-or-a-node")


# %%
class OnlySums:
    """A number that remembers what it was made of; it can be added."""

    def __init__(self, value, parents=(), operation=""):
        self.value = value
        self.parents = parents
        self.operation = operation

    def __add__(self, other):
        value = self.value + other.value  # 1. the value
        parents = (self, other)  # 2. the parents
        return OnlySums(value, parents, "add")  # 3. the operation


x = OnlySums(1.0)
y = OnlySums(2.0)
s = x + y
x = OnlySums(100.0)

print(s.value, s.operation)
print([parent.value for parent in s.parents])

# %% [markdown] items="S02.O4"
# **Explain.** That is all that recording is. The parents are *objects*, so they stay.
#
# ### Exercise: a product that remembers
#
# *4 minutes, difficulty 2.* Now your own. The sum is there, and a helper, `as_node`, makes a node of
# a plain number, so that `x + 3` works. Write the product, in the same steps: **value, parents,
# operation**. Its operation is called `"mul"`.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With the sum. Which words in it have to change, and which stay?
#
# </details>
# <details><summary>Hint 2: x * 3 raises an error</summary>
#
# A plain 3 has no `.value`. What does the sum do with `other`, before it uses it?
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `MyTensor(2.0) * 3` has the value 6, two parents with the values 2 and 3, and the operation "mul".
#
# </details>


# %% answer="remember-a-product" items="S02.O4"
class MyTensor:
    """A number that remembers what it was made of."""

    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __repr__(self):
        return f"MyTensor({self.value:g})"

    def __add__(self, other):
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other):
        ### BEGIN SOLUTION
        factor = as_node(other)
        product = self.value * factor.value
        return MyTensor(product, parents=(self, factor), operation="mul")
        ### END SOLUTION

    __radd__ = __add__  # 3 + x is x + 3
    __rmul__ = __mul__  # 3 * x is x * 3


def as_node(number):
    """Return a node as it is, and make one of a plain number."""
    return number if isinstance(number, MyTensor) else MyTensor(number)


# Try it:
print(MyTensor(2.0) * 3)

# %% check="remember-a-product"
check("remember-a-product", MyTensor)

# %% [markdown] items="S02.O4"
# ### Exercise: read the graph back
#
# *5 minutes, difficulty 2.* Now alone. Somebody hands you a result, and nothing else. Return all
# edges of the graph behind it: a list of pairs `(parent, child)` of nodes. The order does not
# matter, and an edge that is named twice does no harm. A leaf has no edges.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# At the result. Each of its `parents` gives one pair.
#
# </details>
# <details><summary>Hint 2: and the edges further back?</summary>
#
# Each parent is a node as well, so the same can be asked of it: a function may call itself. Or keep
# a list of nodes that are still to be looked at.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `(x + y) * z` has four edges, two of them into the sum.
#
# </details>


# %% answer="read-edges-back" items="S02.O4"
def edges_of(result):
    """Return a pair (parent, child) for each edge of the graph behind a result."""
    ### BEGIN SOLUTION
    found = []
    for parent in result.parents:
        found.append((parent, result))
        found += edges_of(parent)
    return found
    ### END SOLUTION


# %% check="read-edges-back"
check("read-edges-back", edges_of)

# %% [markdown]
# Your two pieces together. What your number remembers is enough for another engine to do it all
# again: the next cell lets *chalkgrad*, the engine of this course, repeat each step, and draws it.


# %%
def done_again(node, kept):
    """Repeat in chalkgrad what a node remembers; keep each step under a name."""
    if not node.parents:
        again = chalkgrad.tensor(node.value, requires_grad=True)
    else:
        one, other = (done_again(parent, kept) for parent in node.parents)
        again = one + other if node.operation == "add" else one * other
    kept[f"node{len(kept) + 1}"] = again
    return again


try:
    mine = (MyTensor(1.0) + MyTensor(2.0)) * MyTensor(4.0)
    for parent, child in edges_of(mine):
        print(f"{parent.value:g} -> {child.value:g} ({child.operation})")
    steps = {}
    shown = draw_graph(done_again(mine, steps), names=steps)
except Exception as error:
    shown = f"Not finished yet: {error}"
shown

# %% [markdown] items="S05.1.K4"
# ### Question: a graph or a call?
#
# *2 minutes, marked by a person, 2 points.* What does a computational graph have that a call of a
# Python function has not, and what is that good for when a machine learns? Double-click the next
# cell and answer in two or three sentences.

# %% [markdown] written="graph-or-call" items="S05.1.K4"
# ### BEGIN SOLUTION
# A call gives back a value, and nothing in the value says how it came about. A graph keeps each
# operation and what it was applied to. So one can walk back from the output and say how it reacts
# to each input or weight, and that is what learning needs. The same record can also be drawn,
# rewritten to run faster, or run elsewhere.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("what-a-graph-is")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>What an edge says</summary>
#
# That the node at its end is made of the node at its start.
#
# </details>
# <details><summary>When torch records an operation</summary>
#
# When recording is on and at least one input requires a gradient.
#
# </details>
# <details><summary>Why no arrow may lead back</summary>
#
# Each node in the cycle would wait for another one of it, and none could be calculated.
#
# </details>
# <details><summary>The three things that your number remembers</summary>
#
# Value, parents, operation.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - Edges lead from what is used to what is made of it, and never in a cycle.
# - torch records while the lines run, and only where something requires a gradient.
# - A number that is used twice has two ways back to it.
# - Recording is an object that keeps its value, its parents and its operation.
#
# ## Where next
#
# *Automatic gradients* walks the graph back and asks for slopes. To read more:
# [how autograd encodes the
# history](https://docs.pytorch.org/docs/stable/notes/autograd.html#how-autograd-encodes-the-history).
# Words: the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "graphs/what_is_a_computational_graph",
    goal="See what is still open before you go on.",
)
