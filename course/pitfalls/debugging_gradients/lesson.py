# %% [markdown] items="S08.K1"
# # Debugging gradients
#
# **25 minutes · difficulty 2 of 3**
#
# You need: leaf, value, backward, read; and the four steps break, read, cause, mend.
#
# At the end you will be able to
#
# - ask a result who made it, and whether a leaf is in its graph;
# - say why a gradient is missing, piled up, or refused, and mend a training loop;
# - call a witness that needs no graph;
# - write the errors that `MyTensor` owes to its users.

# %%
import warnings
from contextlib import contextmanager

import torch
from torch.autograd import gradcheck

from chalkboard import draw_graph, plot_losses
from course.my_tensor import practice
from course.my_tensor.mathematics import in_order
from course.pitfalls.debugging_gradients.exercises import check
from course.pitfalls.debugging_gradients.questions import predict, quiz


@contextmanager
def reading():
    """Run the lines inside; print each warning's first sentence, and the error if one ends them."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
    for warning in caught:
        print(f"{warning.category.__name__}: {str(warning.message).partition('. ')[0]}.")


# %% [markdown]
# ## Who made this?
#
# **Predict.** `a` is tracked, `b` is not, and y = (a · b + 1)². The next cell asks `y` who made it, then
# those who came before.

# %%
predict("who-made-this")

# %% items="S08.C5"
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0)
y = (a * b + 1) ** 2
print(y.grad_fn)
print(y.grad_fn.name(), "| leaf:", a.grad_fn, a.is_leaf)

node = y.grad_fn
while node.next_functions:
    makers = [parent and parent.name() for parent, _ in node.next_functions]
    print(node.name(), "comes from", makers)
    node = node.next_functions[0][0]
print(node.name(), "holds a:", node.variable is a)
draw_graph(y, names={"a": a, "b": b, "y": y})

# %% [markdown]
# **Explain.** `grad_fn` is the last node of the graph, an object: printed, it shows an address that is
# another one each time. Its `name()` stays the same. `next_functions` has one pair for each input: the
# node to go on to, and which of its results it was. `None` means that no gradient goes there, as for `b`
# and the plain 1. The end of each way is an `AccumulateGrad`; its `variable` is the leaf.
#
# ### Exercise: is the leaf in the graph?
#
# *3 minutes, difficulty 2.* The most useful question when a gradient is missing. The walk is there
# already, with a gap: for one `node`, say whether it ends at this leaf, and which nodes come next.
#
# <details><summary>Hint 1: is it my leaf?</summary>
#
# Only an `AccumulateGrad` has a `variable`. `getattr(node, "variable", None)` asks without an error
# where there is none. Two leaves can hold the same number: ask with `is`, not with `==`.
#
# </details>
# <details><summary>Hint 2: which come next?</summary>
#
# All of them: a list of nodes. The pairs of `next_functions` are not nodes yet.
#
# </details>


# %% answer="leaf-in-graph" items="S02.O6"
def reaches(result, leaf):
    """Return whether a walk back from the result comes to this leaf."""
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:  # no gradient goes here, or it was visited
            continue
        seen.add(node)
        ### BEGIN SOLUTION
        is_my_leaf = getattr(node, "variable", None) is leaf
        next_nodes = [parent for parent, _ in node.next_functions]
        ### END SOLUTION
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% check="leaf-in-graph"
check("leaf-in-graph", reaches)

# %% [markdown]
# ## A gradient that is None
#
# **Predict.** Weights often begin as small random numbers. Here they are 1 and 2, made small.

# %%
predict("small-weights")

# %%
weights = torch.tensor([1.0, 2.0], requires_grad=True) * 0.1
with reading():
    (weights * weights).sum().backward()
    print(weights.grad, weights.is_leaf)
with reading():
    torch.optim.SGD([weights], lr=0.1)

kept = torch.tensor([1.0, 2.0], requires_grad=True) * 0.1
kept.retain_grad()
kept.register_hook(lambda gradient: print("passes by:", gradient))
(kept * kept).sum().backward()
print(kept.grad)

# %% [markdown]
# **Explain.** Leaves are what *you* made; a result passes its gradient on and forgets it.
# `retain_grad()` asks for it to be kept, and a *hook* is a function that is called as it passes. Both
# are for looking. Neither makes a leaf, so an optimizer still refuses.
#
# ### Exercise: weights that can be trained
#
# *2 minutes, difficulty 1.* Return the numbers times `scale`, as a leaf that torch tracks.
#
# <details><summary>Hint 1</summary>
#
# The same steps in another order. What has to be over before tracking begins?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Calculate first. A tensor that nobody tracks leaves no history. Then ask for tracking.
#
# </details>


# %% answer="trainable-weights" items="S02.O6"
def small_weights(numbers, scale):
    """Return a tracked leaf that holds the numbers, each times scale."""
    ### BEGIN SOLUTION
    scaled = torch.tensor(numbers) * scale
    return scaled.requires_grad_()
    ### END SOLUTION


# %% check="trainable-weights"
check("trainable-weights", small_weights)

# %% [markdown]
# ## Three faults of a training loop
#
# **Predict.** A line through zero, w · x, is to fit some points; w = 2 would be right. Each of three
# lines breaks something else.

# %%
predict("three-faults")

# %%
x, target = torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([0.0, 2.0, 4.0, 6.0])
w = torch.tensor(0.0, requires_grad=True)
loss = ((w * x - target) ** 2).mean()
loss.backward()

with reading():
    w -= 0.1 * w.grad

with reading():
    loss.backward()

w = torch.tensor(0.0, requires_grad=True)
losses = []
for _ in range(12):
    loss = ((w * x - target) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    losses.append(loss.item())
plot_losses({"never reset": losses})

# %% [markdown]
# **Explain.** Three causes, three mends:
#
# | what you see | cause | mend |
# |---|---|---|
# | "a leaf Variable that requires grad is being used in an in-place operation" | the step itself would be recorded | step inside `torch.no_grad()` |
# | "Trying to backward through the graph a second time" | the values saved for the walk were freed | calculate the loss anew |
# | the loss falls, then swings | each gradient has all earlier ones in it | `w.grad = None` after the step |
#
# The second message offers `retain_graph=True`. That is right where you mean to walk the *same* graph
# twice. (A graph that saved nothing, as that of `w + 2`, can be walked twice anyway.)

# %% [markdown]
# ### Exercise: mend the training
#
# *4 minutes, difficulty 2.* All three faults are in this function. Copy it into the next cell, under the
# new name. Mend one, check, read what comes next.
#
# ```
# def broken_training(x, target, rate, rounds):
#     w = torch.tensor(0.0, requires_grad=True)
#     loss = ((w * x - target) ** 2).mean()
#     losses = []
#     for _ in range(rounds):
#         loss.backward()
#         w -= rate * w.grad
#         losses.append(loss.item())
#     return losses
# ```
#
# Return the loss of each round, as it was before the step.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With the message that comes first. Find it in the table; its row says what to do.
#
# </details>
# <details><summary>Hint 2: all losses are the same</summary>
#
# Then only one loss was ever calculated. What belongs into the loop?
#
# </details>
# <details><summary>Hint 3: None, or "does not require grad", in the second round</summary>
#
# Did you write `w = w - ...`? That gives the name to a result. `w -= ...` inside `no_grad` changes the
# leaf itself, and it stays one.
#
# </details>


# %% answer="mend-training" items="S02.O6"
def mended_training(x, target, rate, rounds):
    """Fit w by gradient descent from 0; return the loss of each round."""
    ### BEGIN SOLUTION
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None
    return losses
    ### END SOLUTION


# %% check="mend-training"
check("mend-training", mended_training)

# %% [markdown]
# ## A witness without a graph
#
# A finite difference, (g(x + h) - g(x - h)) / 2h, looks at heights only. What is cut in the graph does
# not deceive it.
#
# **Predict.** `lying` has a cut in it. The witness is asked about it, and then about x · x, with
# smaller and smaller steps h.

# %%
predict("call-a-witness")


# %%
def lying(x):
    return x * x.detach()


in_double = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
with reading():
    gradcheck(lying, (in_double,))

for dtype in (torch.float32, torch.float64):
    at = torch.tensor(3.0, dtype=dtype)
    for h in (1e-1, 1e-4, 1e-7):
        slope = ((at + h) ** 2 - (at - h) ** 2) / (2 * h)
        print(f"{dtype}, h = {h:g}: {slope.item():.6f}")

# %% [markdown]
# **Explain.** `gradcheck` is torch's own witness: *numerical* is the finite difference, *analytical* what
# autograd says. Call it in float64. In float32 about seven digits are kept: 3 + 0.0000001 is 3 again.
#
# ## MyTensor speaks
#
# **Predict.** Your engine, as practice left it, is used in three wrong ways.

# %%
predict("silent-engine")

# %%
many = practice.MyTensor([1.0, 2.0], requires_grad=True)
with reading():
    (many * 2).backward()
    print("many:", many.grad)

untracked = practice.MyTensor(3.0)
with reading():
    (untracked * untracked).backward()
    print("untracked:", untracked.grad)

twice = practice.MyTensor(3.0, requires_grad=True)
square = twice * twice
with reading():
    square.backward()
    square.backward()
    print("twice:", twice.grad)

# %% [markdown]
# **Explain.** No message at all: what torch refuses goes through here, and leaves wrong numbers, or None.
#
# ### Exercise: three errors of its own
#
# *5 minutes, difficulty 3.* The first refusal is done, the second has a gap, the third is yours: refuse
# where **any** calculated node was walked before, else walk and mark them. Leaves stay free, for they are
# used again in every round. Refuse *before* anything is changed.
#
# <details><summary>Hint 1: the gap</summary>
#
# `value` is a NumPy array. How many numbers are in it, whatever its shape? An array says that itself:
# `size`.
#
# </details>
# <details><summary>Hint 2: what is a mark?</summary>
#
# Any attribute, set on a node after the walk: `node.is_spent = True`. A node that was never walked has
# none: `getattr(node, "is_spent", False)`.
#
# </details>
# <details><summary>Hint 3: who walks?</summary>
#
# The engine that you have: `super().backward()`. Look for marks before it, set them after it.
#
# </details>


# %% answer="engine-errors" items="S02.O6"
class MyTensor(practice.MyTensor):
    """MyTensor, and it says what went wrong."""

    def backward(self):
        """Walk back once, from one number, along a recorded history."""
        # Worked: from something untracked.
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )

        # With a gap: from more than one number.
        ### BEGIN SOLUTION
        how_many = self.value.size
        ### END SOLUTION
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")

        # Alone: "Trying to backward through the graph a second time".
        calculated = [node for node in in_order(self) if not node.is_leaf]
        ### BEGIN SOLUTION
        if any(getattr(node, "is_spent", False) for node in calculated):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        for node in calculated:
            node.is_spent = True
        ### END SOLUTION


# %% check="engine-errors"
check("engine-errors", MyTensor)

# %% [markdown]
# ### Question: the error is gone, and the loss does not fall
#
# *2 minutes, marked by a person, 2 points.* A loop stops with "backward through the graph a second
# time". A friend writes `retain_graph=True`. The error is gone, and the printed loss never changes. What
# is wrong, and what would you write?

# %% [markdown] written="why-not-retain"
# ### BEGIN SOLUTION
# The loss was calculated once, before the loop. With retain_graph the same old graph is walked in every
# round, so the gradient is always that of the first weights, and the loss is never calculated again.
# The loss belongs into the loop: each round then makes its own graph, and nothing has to be retained.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back two lessons.

# %%
quiz("debugging-gradients")

# %% [markdown]
# ## Checkpoint
#
# Say each answer aloud, then open it.
#
# <details><summary>What next_functions tells</summary>
#
# For each input the node to go on to, or None where no gradient goes.
#
# </details>
# <details><summary>Two reasons for .grad is None after backward</summary>
#
# The tensor is no leaf, or the walk never reaches it: it is cut off, or it was never used.
#
# </details>
# <details><summary>The five lines of a training round</summary>
#
# Loss, backward, step inside `no_grad`, reset, and a note of the loss.
#
# </details>
# <details><summary>When a finite difference deceives</summary>
#
# With a tiny step in float32, where the step is lost in rounding; and at a corner.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - `y.grad_fn.name()` says who made y. `next_functions` leads back to the leaves.
# - Only leaves keep `.grad`. `retain_grad()` and hooks are for looking.
# - In a loop: a new loss each round, a step inside `no_grad`, a reset.
# - If in doubt, ask `gradcheck`, in float64.
#
# ## Where next
#
# *Summary and self-assessment* asks back what the course has taught. torch's own page on
# [autograd mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html) tells what is saved,
# and when it is freed.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "pitfalls/debugging_gradients",
    goal="See what is still open before you go on.",
)
