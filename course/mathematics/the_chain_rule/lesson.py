# %% [markdown] items="S06.3.T1"
# # Automatic differentiation and the chain rule
#
# **25 minutes · difficulty 2 of 3**
#
# You need: what a graph is, and the local slopes of the lesson before.
#
# At the end you will be able to
#
# - multiply slopes along a chain, and add them up where paths meet;
# - say in which order a walk back may visit the nodes, and why;
# - write `backward` for your own `MyTensor`, and hold it against torch.

# %%
from collections import defaultdict

import torch

import chalkgrad
from chalkboard import BackwardStepper, draw_graph, plot_with_tangent
from course.mathematics.the_chain_rule.exercises import check
from course.mathematics.the_chain_rule.questions import predict, quiz

# %% [markdown]
# ## Along a chain, slopes multiply
#
# Take y = 5 · u with u = x². At x = 3, u grows 6 times as fast as x. And y grows 5 times as fast
# as u.
#
# **Predict.** Now x takes a small step, from 3 to 3.01.

# %%
predict("small-push")

# %% items="S06.3.T1"
for x in (3.0, 3.01):
    u = x**2
    y = 5 * u
    print(f"x = {x:.2f}    u = {u:.4f}    y = {y:.4f}")

# %% [markdown] items="S06.3.T1"
# **Explain.** u grows by about 6 · 0.01, and y by about 5 times that. So y is 30 times as fast as x.
# This is the **chain rule**. For y = f(g(x)), with g for the step in between:
#
# dy/dx = dy/dg · dg/dx
#
# How fast y follows g, times how fast g follows x. Each factor is a *local slope*, taken at the value
# which that step saw.
#
# ### Exercise: a chain of three
#
# *2 minutes, difficulty 1.* What is dy/dx at x = 2? Fill in the last column in your head, and write
# down one number.
#
# | step | its value | its local slope, as a rule | here |
# |---|---|---|---|
# | u = x³ | 8 | 3x² | ? |
# | v = 11 - u | 3 | -1 | ? |
# | y = v² | 9 | 2v | ? |
#
# <details><summary>Hint 1: which numbers go into the rules?</summary>
#
# Each step has its own input: x for the first, u for the second, v for the third.
#
# </details>
# <details><summary>Hint 2: what is done with the three slopes?</summary>
#
# What happened with 6 and 5 in the example above?
#
# </details>

# %% answer="chain-of-three"
# dy/dx at x = 2, as a number.
### BEGIN SOLUTION
slope_of_chain = (3 * 2**2) * (-1) * (2 * 3)
### END SOLUTION

# %% check="chain-of-three"
check("chain-of-three", slope_of_chain)

# %% [markdown]
# ## A first walk back
#
# Your `MyTensor` knows its `parents`, and `local_slopes` says what you worked out in the lesson before,
# from the parents' values. (So powers are left out: their exponent is not recorded.) The walk has three
# moves:
#
# - **Start:** the output gets 1, since y grows as fast as itself.
# - **Next:** take a node.
# - **Pass on:** each parent gets what arrived at the node, times the local slope.

# %%
import math

from course.my_tensor.graphs import MyTensor


def local_slopes(node):
    """Return the slope of a node by each of its parents, at the values that it saw."""
    slopes = {
        "": lambda: (),
        "add": lambda u, v: (1.0, 1.0),
        "mul": lambda u, v: (v, u),
        "sin": lambda u: (math.cos(u),),
    }
    return slopes[node.operation](*(parent.value for parent in node.parents))


def first_walk(output):
    """Return what arrived at each node, by nodes."""
    arrived = {output: 1.0}  # Start.
    waiting = [output]
    while waiting:
        node = waiting.pop(0)  # Next.
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = slope * arrived[node]  # Pass on.
            waiting.append(parent)
    return arrived


x = MyTensor(3.0)
y = (x * 5 + 1) * 2
print("on a chain:", first_walk(y)[x])

# %% [markdown]
# On a chain it works: 5 · 1 · 2 = 10. So does torch's `backward`: it goes from the output to the inputs,
# and multiplies by a local slope at each step.
#
# **Predict.** Next comes y = x * x at x = 3, where both parents are the same x. The slope is
# 2x = 6. Go through `first_walk` line by line.

# %%
predict("x-times-x")

# %%
x = MyTensor(3.0)
print("first_walk:", first_walk(x * x)[x])

leaf = torch.tensor(3.0, requires_grad=True)
(leaf * leaf).backward()
print("torch:     ", leaf.grad.item())

# %% [markdown] items="S06.3.T1"
# **Explain.** Two edges lead from y back to x. Each brings 3, and the second 3 took the place of the
# first.
#
# Why is the sum right? Let x grow by 0.01. The left factor grows, and y gains about 3 · 0.01. The right
# factor grows too, and y gains as much again. So the whole chain rule is:
#
# **Along a path, slopes multiply. Over all paths, the products add up.**
#
# Here is one gradient in five forms:
#
# | form | the slope of x · x at x = 3 |
# |---|---|
# | formula | dy/dx = x + x = 2x, one x for each path |
# | number | 3 + 3 = 6 |
# | picture | the tangent y = 6x - 9 |
# | graph | two edges from x into the product, 3 over each |
# | code | `(x * x).backward(); x.grad` |

# %%
plot_with_tangent(lambda x: x * x, 3.0, (0, 5))

# %%
draw_graph(leaf * leaf, names={"x": leaf})

# %% [markdown]
# ### Exercise: pass on, and let it add up
#
# *2 minutes, difficulty 1.* Mend the third move. The dictionary `arrived` says what has arrived at each
# node so far. A parent may not be in it yet.
#
# `pass_on` gets one node and adds to `arrived` what it gives to each of its parents. Fill in what
# stands at the parent afterwards.
#
# <details><summary>Hint 1: what was wrong?</summary>
#
# In `first_walk` the line with `# Pass on.` forgets what stood there. The new total has two parts.
#
# </details>
# <details><summary>Hint 2: a parent that is not there yet</summary>
#
# `arrived.get(parent, 0.0)` is what stands there, or 0.0 for a parent at which nothing has arrived.
#
# </details>


# %% answer="pass-on"
def pass_on(node, arrived):
    """Add to `arrived` what comes from `node` to each of its parents; return `arrived`."""
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        ### BEGIN SOLUTION
        total = arrived.get(parent, 0.0) + arrived[node] * slope
        ### END SOLUTION
        arrived[parent] = total
    return arrived


# %% check="pass-on"
check("pass-on", (MyTensor, pass_on))

# %% [markdown]
# ## A node has to wait
#
# The next walk adds, in a `defaultdict(float)`, which holds 0.0 for whoever has no entry yet.
#
# **Predict.** Is that enough? Take b = a + a and c = b + b. As c = 4 · a, the slope is 4. Follow the list
# `waiting` in the next cell: what is in it after c?

# %%
predict("doubled-twice")


# %%
def adding_walk(output, names):
    """Walk back as before, and add up what arrives."""
    arrived, waiting = defaultdict(float), [output]
    arrived[output] = 1.0
    while waiting:
        node = waiting.pop(0)
        print(f"{names[node]} passes on {arrived[node]:g}")
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] += slope * arrived[node]
            waiting.append(parent)
    return arrived


a = MyTensor(1.0)
b = a + a
c = b + b
print("a gets", adding_walk(c, {a: "a", b: "b", c: "c"})[a], "and 4 is right")

# %% [markdown]
# **Explain.** b stands in `waiting` twice, once for each edge. Each time it passes on *all* that it has,
# so its 2 is counted twice. So each node should pass on only once.
#
# **Predict.** The next walk leaves out a node that was taken before. Take a = x * x and b = a * 2 at
# x = 3. Their sum is 3x², with slope 6x = 18. It is written in two ways: `a + b` and `b + a`.

# %%
predict("once-only")


# %%
def once_walk(output):
    """Walk back, add up, and take each node once."""
    arrived, waiting, taken = defaultdict(float), [output], set()
    arrived[output] = 1.0
    while waiting:
        node = waiting.pop(0)
        if node in taken:
            continue
        taken.add(node)
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] += slope * arrived[node]
            waiting.append(parent)
    return arrived


x = MyTensor(3.0)
a = x * x
b = a * 2
print("a + b:", once_walk(a + b)[x])
print("b + a:", once_walk(b + a)[x])

# %% [markdown]
# **Explain.** In `a + b` the walk takes a first, when only 1 has arrived there. The 2 that comes over b is
# too late. In `b + a` the luck is better. A gradient must not hang on luck, so this is the rule:
#
# **A node passes on once, and only when all that used it have passed on to it.**
#
# Here chalkgrad does it rightly, on `a + b`.

# %%
x = chalkgrad.tensor(3.0, requires_grad=True)
a = x * x
b = a * 2
BackwardStepper(
    a + b,
    names={"x": x, "a": a, "b": b},
    goal="Find the step at which two paths meet at a. What has arrived there before, and after?",
)

# %% [markdown] items="S06.3.K1"
# Think of a row of **dominoes**. The output is pushed, it pushes its parents, and so on back to the
# inputs. No domino knows more than its neighbours. There the comparison ends, and it breaks in three
# places:
#
# - Dominoes fall from the first to the last. Here the row is set up forward, and falls backward.
# - A domino falls or stands. A node passes on a *number*, times its own local slope.
# - Where two rows meet, a domino falls at the first push. A node waits for every push, and adds them.
#
# ### Exercise: an order that is right
#
# *2 minutes, difficulty 2.* Write down in which order the walk back takes the five nodes of this program.
#
# ```
# x = 2
# a = x * x
# b = a * 3
# c = a + b
# y = c * a
# ```
#
# Your list is walked: what has arrived at each node, when its turn comes, is held against torch.
#
# <details><summary>Hint 1: where does it start?</summary>
#
# At the output. After it, look for a node whose every use has been taken.
#
# </details>
# <details><summary>Hint 2: who uses a?</summary>
#
# Three lines have `a` on their right side. Where are those three in your list?
#
# </details>

# %% answer="order-by-hand"
# The five names, as texts: ["...", "...", "...", "...", "..."]
### BEGIN SOLUTION
my_order = ["y", "c", "b", "a", "x"]
### END SOLUTION

# %% check="order-by-hand"
check("order-by-hand", my_order)

# %% [markdown]
# ## The order, made by a program
#
# A list with **inputs before what is made of them** is called a *topological order*. The walk back goes
# through it from its end. Here is a short way to make one: put all parents into the list, then
# the node itself. The function calls itself for each parent.
#
# **Predict.** Read it below. It is tried on a chain of 200 additions, then on one of 2,000 or more.

# %%
predict("long-chain")

# %%
import sys


def by_recursion(node, order):
    """Put a node into the list, after all that it was made of."""
    if node not in order:
        for parent in node.parents:
            by_recursion(parent, order)
        order.append(node)
    return order


for steps in (200, 2 * sys.getrecursionlimit()):
    y = MyTensor(1.0)
    for _ in range(steps):
        y = y + 1
    try:
        print(steps, "additions:", len(by_recursion(y, [])), "nodes in order")
    except RecursionError as error:
        print(steps, "additions:", type(error).__name__, error)

# %% [markdown]
# **Explain.** Each call waits for the next, and `sys.getrecursionlimit()` says how many may wait. One
# can raise the limit, but Python's documentation
# [warns](https://docs.python.org/3/library/sys.html#sys.setrecursionlimit) that too high a limit can crash it.
# A loop has no such limit. It can follow the rule directly, if it knows *how often each node is used*.


# %%
def count_uses(output):
    """Return how often each node is used on the way to the output."""
    uses, waiting = {output: 0}, [output]
    while waiting:
        for parent in waiting.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                waiting.append(parent)
            uses[parent] += 1
    return uses


a = MyTensor(1.0)
b = a + a
print(list(count_uses(b + a).values()), "uses: of the sum, of b, of a")

# %% [markdown]
# ### Exercise: the order, without recursion
#
# *3 minutes, difficulty 2.* Return all nodes, each once, inputs before what is made of them. Repeat, as
# long as a node is ready:
#
# - **Next:** take a ready node, and write it down.
# - **Tick off:** for each of its parents, one open use is done.
# - **Ready:** a parent without an open use is ready.
#
# Then mind which way round the list is to be.
#
# <details><summary>Hint 1: the loop</summary>
#
# `while ready:` and then `node = ready.pop()`. Under it comes a loop over `node.parents`.
#
# </details>
# <details><summary>Hint 2: x * x</summary>
#
# There x is a parent twice, and has two open uses. Your loop meets it twice, and only the second time
# nothing is open any more.
#
# </details>
# <details><summary>Hint 3: which way round?</summary>
#
# You begin at the output, so it stands first. `written[::-1]` is a list from its end to its start.
#
# </details>


# %% answer="in-order"
def in_order(output):
    """Return the nodes behind an output, each once and after all its parents."""
    open_uses = count_uses(output)
    ready, written = [output], []
    ### BEGIN SOLUTION
    while ready:
        node = ready.pop()
        written.append(node)
        for parent in node.parents:
            open_uses[parent] -= 1
            if open_uses[parent] == 0:
                ready.append(parent)
    return written[::-1]
    ### END SOLUTION


# %% check="in-order"
check("in-order", (MyTensor, in_order))

# %% [markdown]
# ### Exercise: backward, by you
#
# *5 minutes, difficulty 3, without torch or chalkgrad.* Write `backward`: it gets an output and returns a
# dictionary with the gradient of the output by **every** node behind it.
#
# torch says what is right, on random programs. You may call `local_slopes`, `count_uses`, and your own
# `pass_on` and `in_order`.
#
# <details><summary>Hint 1: the three moves</summary>
#
# **Start** with 1.0 at the output. **Next** follows the order, from the output. **Pass on** adds.
#
# </details>
# <details><summary>Hint 2: in which direction?</summary>
#
# `in_order` has the inputs first. The walk begins at the output: `reversed(...)` turns a list around.
#
# </details>
# <details><summary>Hint 3: two values to try</summary>
#
# For x = 3 and `x * x` your function should say 6 for x. With a = MyTensor(1.0), b = a + a and c = b + b, it
# should say 4 for a.
#
# </details>


# %% answer="my-backward" items="S02.O3"
def backward(output):
    """Return the gradient of `output` by each node behind it, as a dictionary by nodes."""
    ### BEGIN SOLUTION
    still_open = count_uses(output)
    gradients = dict.fromkeys(still_open, 0.0)
    gradients[output] = 1.0
    complete = [output]
    for node in complete:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            gradients[parent] += gradients[node] * slope
            still_open[parent] -= 1
            if not still_open[parent]:
                complete.append(parent)
    return gradients
    ### END SOLUTION


# %% check="my-backward"
check("my-backward", (MyTensor, backward))

# %% [markdown]
# Your engine differentiates now, and you wrote no formula of any f'. In the next section it keeps each
# number on its node as `.grad`, as torch does.
#
# ### Question: why wait, why add?
#
# *2 minutes, marked by a person, 2 points.* `first_walk` gave 3 in place of 6, and `once_walk` 6 in place
# of 18. Say for each what was lost, and which rule mends it. Double-click the next cell and answer in
# two or three sentences.

# %% [markdown] written="why-wait-and-add"
# ### BEGIN SOLUTION
# `first_walk` lost a path: both edges of x * x bring 3, and the second value replaced the first. What
# arrives must be added, since the slope is the sum over all paths. `once_walk` lost what came late: a
# passed on when only the direct path had arrived, and the part over b never went on to x. A node may
# pass on only when all that used it have passed on to it, so the walk needs a topological order.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("chain-rule")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The chain rule in one sentence</summary>
#
# Along a path, slopes multiply; over all paths, the products add up.
#
# </details>
# <details><summary>When a node may pass on</summary>
#
# Once, when all that used it have passed on to it.
#
# </details>
# <details><summary>What a topological order is</summary>
#
# A list of all nodes in which inputs stand before what is made of them.
#
# </details>
# <details><summary>Where the dominoes mislead</summary>
#
# They fall forward, they pass on no number, and they do not wait where rows meet.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - dy/dx = dy/dg · dg/dx: along a path, local slopes multiply.
# - Where paths meet, what arrives is added. Overwriting loses a path.
# - A node passes on once, when it is complete. A topological order sees to that.
# - Graphs get deep, so the walk is a loop.
#
# ## Where next
#
# *Tensor operations as linear algebra* lets a node hold a whole matrix. To read more: this course's
# engine makes the same walk in `src/chalkgrad/graph.py`, and a survey is
# [Baydin et al., 2018](https://jmlr.org/papers/v18/17-468.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "mathematics/the_chain_rule",
    goal="See what is still open before you go on.",
)
