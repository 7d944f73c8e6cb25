# %% [markdown] items="S06.4.T1"
# # Tensor operations as linear algebra
#
# **25 minutes · difficulty 3 of 3**
#
# You need: shapes, `MyTensor`, and that what comes back over several edges is added.
#
# At the end you will be able to
#
# - tell `*` from `@`, and mend a layer in which they were mixed up;
# - say which shapes fit, and what broadcasting makes of them;
# - find the gradients of a matrix product from their shapes, and say when shapes do not suffice;
# - sum a gradient back to the shape that was broadcast.

# %%
import numpy as np
import torch
from IPython.display import display

from chalkboard import BroadcastExplorer, draw_graph, plot_heatmap
from course.mathematics.linear_algebra.exercises import check
from course.mathematics.linear_algebra.questions import predict, quiz

# %% [markdown] items="S03.R5 S06.4.T1"
# ## Refresher: three ways to combine two tables
#
# A *vector* is a row of numbers, a *matrix* is a table of them. The *dot product* of two vectors
# multiplies what stands at the same place, and adds up: (2, 3) · (4, 2) = 2 · 4 + 3 · 2 = 14.
#
# The *product of two matrices* is full of dot products: the entry in row i and column j is row i of the
# first, dotted with column j of the second. On paper one writes ST for it. With S = [[1, 0], [2, 3]] and
# T = [[4, 1], [2, 5]]:
#
# | | column 0 of T: (4, 2) | column 1 of T: (1, 5) |
# |---|---|---|
# | **row 0 of S: (1, 0)** | 4 + 0 = 4 | 1 + 0 = 1 |
# | **row 1 of S: (2, 3)** | 8 + 6 = 14 | 2 + 15 = 17 |
#
# *Transposing*, Sᵀ on paper and `S.t()` or `S.T` in code, makes rows into columns.
#
# **Predict.** A = [[1, 2], [3, 4]] and B = [[5, 6], [7, 8]]. What are `A + B`, `A * B` and `A @ B`?

# %%
predict("three-combinations")

# %% items="S06.4.T1"
A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
B = torch.tensor([[5.0, 6.0], [7.0, 8.0]])
print("A + B", A + B, "A * B", A * B, "A @ B", A @ B, sep="\n")
print(torch.equal(A @ B, torch.matmul(A, B)))

# %% [markdown] items="S06.4.T1"
# **Explain.** `+` and `*` go entry by entry. `@`, which is `torch.matmul`, is the product of matrices.
# So a formula carries over to code, if you write AB as `A @ B`.
#
# **Predict.** A layer is X Wᵀ + b on paper: a row of X for each example, a row of W for each output. A
# colleague has written a star.

# %%
predict("silent-product")


# %% items="S06.4.T1"
def colleagues_layer(X, W, b):
    return X * W + b


W, b = torch.tensor([[1.0, 0.0], [1.0, 1.0]]), torch.tensor([10.0, 20.0])
print(colleagues_layer(A, W, b))
print(torch.nn.functional.linear(A, W, b))  # torch's own layer

# %% [markdown]
# **Explain.** No error: that is what makes this slip expensive.
#
# ### Exercise: mend the layer
#
# *2 minutes, difficulty 1.* X has the shape (examples, inputs), W has (outputs, inputs), b has
# (outputs,). The result is to be (examples, outputs).
#
# <details><summary>Hint 1: which sign?</summary>
#
# Each output is a dot product of an example with a row of W. Which sign is full of dot products?
#
# </details>
# <details><summary>Hint 2: which way round?</summary>
#
# `@` dots rows of the first with *columns* of the second. The weights of one output stand in a row.
#
# </details>


# %% answer="mend-the-layer" items="S06.4.T1"
def layer(X, W, b):
    """Return X Wᵀ + b."""
    ### BEGIN SOLUTION
    return X @ W.t() + b
    ### END SOLUTION


# %% check="mend-the-layer"
check("mend-the-layer", layer)

# %% [markdown]
# ## Shapes that fit
#
# **Predict.** P has the shape (2, 3) and Q the shape (3, 4).

# %%
predict("shapes-that-fit")

# %% items="S06.4.T1"
P, Q = torch.ones(2, 3), torch.ones(3, 4)
tries = {
    "P @ Q": lambda: P @ Q,
    "Q @ P": lambda: Q @ P,
    "P @ P.t()": lambda: P @ P.t(),
    "P * Q": lambda: P * Q,
    "P + torch.ones(3)": lambda: P + torch.ones(3),
    "P + torch.ones(2)": lambda: P + torch.ones(2),
}
for text, attempt in tries.items():
    try:
        print(f"{text:18} {list(attempt().shape)}")
    except RuntimeError as error:
        print(f"{text:18} {type(error).__name__}: {error}")

# %% [markdown] items="S06.4.T1 S06.4.K1"
# **Explain.** Two rules. For `@`, the inner sizes agree and vanish: (2, 3) @ (3, 4) gives (2, 4). For
# `+` and `*`, shapes are laid over each other *from the right*. A size of 1, or a missing axis, is
# stretched to fit; that is *broadcasting*.
#
# Large models are built of such products. AlphaFold 2
# ([Jumper et al., 2021](https://doi.org/10.1038/s41586-021-03819-2)) predicts the shape of proteins; its
# attention multiplies matrices. It was not written in torch: its
# [list of requirements](https://github.com/google-deepmind/alphafold/blob/main/requirements.txt) names
# JAX. [OpenFold](https://github.com/aqlaboratory/openfold) is a reproduction in PyTorch. The formulas
# are the same.
#
# ## The gradients of a product, found by their shape
#
# C = A @ B, and from above arrives G: for each entry of C, how fast the loss grows with it. So G has
# the shape of C. Wanted is the gradient for A, in the shape of A.
#
# **Predict.** A is (2, 3), B is (3, 4), so G is (2, 4). It is made of G and B. How?

# %%
predict("gradient-by-shape")

# %%
A = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]], requires_grad=True)
B = torch.tensor([[1.0, 0.0, 2.0, 1.0], [0.0, 1.0, 1.0, 0.0], [2.0, 1.0, 0.0, 1.0]])
B.requires_grad_()
G = torch.tensor([[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 1.0]])

C = A @ B
C.backward(gradient=G)  # start from C, with G in place of the 1
print(A.grad)
print((G @ B.T).detach())

# %%
display(plot_heatmap({"G": G, "B": B.detach(), "A.grad": A.grad}))
C = A @ B  # once more, since backward has let go of the first graph
draw_graph((C * G).sum(), names={"A": A, "B": B, "C": C, "G": G}, gradients=False)

# %% [markdown] items="S06.4.T1"
# **Explain.** The shape left one candidate. One entry says why it is right. When A[0, 0] grows by 1,
# row 0 of C grows by row 0 of B. Each of these is worth what G says: that is row 0 of G, dotted with
# row 0 of B. In five forms:
#
# | form | the gradient for A |
# |---|---|
# | formula | G Bᵀ |
# | number | at A[0, 0]: 1 · 1 + 0 · 0 + 2 · 2 + 0 · 1 = 5 |
# | picture | in the panels: row 0 of G meets row 0 of B |
# | graph | from the loss over C back to A |
# | code | `C.backward(gradient=G); A.grad` |
#
# Now `MyTensor` holds arrays of NumPy, and one number on each edge no longer suffices. In its place a
# node keeps a function `pull`: it gets what arrives, G, and
# returns one gradient for each parent. Three parts: **value**, **pull**, **node**.


# %%
class MyTensor:
    """An array in a graph; `pull` turns what arrives into one gradient for each parent."""

    def __init__(self, value, parents=(), pull=None, operation=""):
        self.value = np.asarray(value, dtype=np.float64)
        self.parents, self.pull, self.operation = parents, pull, operation


def multiply(a, b):
    # Value.
    value = a.value * b.value

    # Pull: each entry has its own product, so the other factor multiplies, entry by entry.
    def pull(arriving):
        return arriving * b.value, arriving * a.value

    # Node.
    return MyTensor(value, (a, b), pull, "mul")


print(multiply(MyTensor([2.0, 3.0]), MyTensor([5.0, 7.0])).pull(np.array([1.0, 10.0])))

# %% [markdown]
# ### Exercise: the pull of @
#
# *5 minutes, difficulty 2, without torch.* The same three parts, with gaps in **pull**. For `to_a` you
# know the rule. Find the rule for `to_b`, the gradient for B: try shapes first, then one entry.
#
# <details><summary>Hint 1: shapes</summary>
#
# A is (2, 3), G is (2, 4), and the gradient is to be (3, 4). Which of the two has to be turned, and which
# comes first?
#
# </details>
# <details><summary>Hint 2: one entry</summary>
#
# B[0, 0] is met by column 0 of A, and changes column 0 of C. So two *columns* are dotted.
#
# </details>
# <details><summary>Hint 3: transposing in NumPy</summary>
#
# `array.T` turns a matrix. Take the arrays: `a.value`, not `a`.
#
# </details>


# %% answer="pull-of-a-product" items="S06.4.T1"
def matmul(a, b):
    # Value.
    value = a.value @ b.value

    # Pull.
    def pull(arriving):
        ### BEGIN SOLUTION
        to_a = arriving @ b.value.T
        to_b = a.value.T @ arriving
        ### END SOLUTION
        return to_a, to_b

    # Node.
    return MyTensor(value, (a, b), pull, "matmul")


# %% check="pull-of-a-product"
check("pull-of-a-product", matmul)

# %% [markdown]
# ### Question: when does the shape not suffice?
#
# *2 minutes, marked by a person, 2 points.* You found `G @ B.T` by its shape. For which sizes would the
# shape have left more than one candidate, and how could you then find out which is right? Double-click
# the next cell and answer in two or three sentences.

# %% [markdown] written="when-shapes-do-not-suffice"
# ### BEGIN SOLUTION
# With square matrices G @ B, G @ B.T, B @ G and others all have the right shape. Then one has to look at
# a single entry: let A[0, 1] grow, see which entries of C change and by how much, and compare; or hold
# the candidate against torch or a finite difference.
# ### END SOLUTION

# %% [markdown]
# ## A gradient that does not fit
#
# X is (2, 3) and b is (3,). In X + b, broadcasting uses b twice, once for each row. Of a sum, both
# parents get what arrives, as it is: so says the rule.
#
# **Predict.** G = [[1, 2, 3], [10, 20, 30]] arrives at X + b. What does torch leave on b?

# %%
predict("gradient-of-a-bias")

# %% items="S06.4.T1"
X = torch.zeros(2, 3, requires_grad=True)
b = torch.zeros(3, requires_grad=True)
G = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
(X + b).backward(gradient=G)
print("by the rule of a sum:", list(G.shape), "but b is", list(b.shape))
print("b.grad:", b.grad)

# %% [markdown]
# **Explain.** A value that is used several times gets the sum of what its uses bring. An entry of b was
# used once in each row, so its column is added up. Whatever was stretched on the way forward is
# summed on the way back. See which axes that are:

# %%
BroadcastExplorer(
    (2, 3),
    (3,),
    backward=True,
    goal="Over which axes is the gradient of right summed? Then try (2, 1) for right, and (1, 1).",
)

# %% [markdown]
# ### Exercise: unbroadcast
#
# *5 minutes, difficulty 3, without torch.* Return the gradient, summed back to the shape that was
# stretched to it. Two cases, in two steps:
#
# | case | example, from (2, 3) | sum |
# |---|---|---|
# | **an axis was missing** | to (3,) | over axis 0, which vanishes |
# | **a size was 1** | to (2, 1) | over axis 1, which stays with size 1 |
#
# Both can come together: from (5, 2, 3) to (2, 1).
#
# <details><summary>Hint 1: which axes were missing?</summary>
#
# Shapes are laid over each other from the right, so a missing axis is always the first. How often?
# Compare `gradient.ndim` with `len(shape)`.
#
# </details>
# <details><summary>Hint 2: and then?</summary>
#
# Now there are as many axes as in `shape`. Go through them; where `shape` says 1, sum.
#
# </details>
# <details><summary>Hint 3: the sum that keeps its axis</summary>
#
# `gradient.sum(axis=1)` drops the axis, `gradient.sum(axis=1, keepdims=True)` keeps it with size 1.
#
# </details>


# %% answer="sum-back" items="S06.4.T1"
def unbroadcast(gradient, shape):
    """Return the gradient, an array, summed back to this shape."""
    ### BEGIN SOLUTION
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient
    ### END SOLUTION


# %% check="sum-back"
check("sum-back", unbroadcast)

# %% [markdown]
# ### Exercise: a layer, walked back
#
# *3 minutes, difficulty 2, without torch.* Alone: for H = X @ W + b, return the gradients for X, W and b
# when G arrives at H. All are arrays of NumPy; b has one axis. W stands here as (inputs, outputs), so
# nothing was turned forward.
#
# <details><summary>Hint 1: which rule first?</summary>
#
# From the end: the sum comes last, so it is walked back first. It passes G on to X @ W, and to b in
# b's shape.
#
# </details>
# <details><summary>Hint 2: then the product</summary>
#
# It is `matmul` with X in the place of a, and W in the place of b.
#
# </details>


# %% answer="layer-walked-back" items="S06.4.T1"
def layer_back(X, W, b, G):
    """Return the gradients for X, W and b."""
    ### BEGIN SOLUTION
    to_X = G @ W.T
    to_W = X.T @ G
    to_b = G.sum(axis=0)
    ### END SOLUTION
    return to_X, to_W, to_b


# %% check="layer-walked-back"
check("layer-walked-back", layer_back)

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("matrices")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>Which sign is the product of matrices</summary>
#
# `@`. The star goes entry by entry.
#
# </details>
# <details><summary>The shape of (5, 2) @ (2, 7)</summary>
#
# (5, 7): the inner sizes agree and vanish.
#
# </details>
# <details><summary>The gradients for A and B of A @ B, when G arrives</summary>
#
# G @ B.T and A.T @ G.
#
# </details>
# <details><summary>What becomes of the gradient of something that was stretched</summary>
#
# It is summed over the axes that were stretched.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - `*` goes entry by entry, `@` is the product of matrices. With square matrices both run.
# - `@`: inner sizes agree. `+` and `*`: from the right, where 1 stretches.
# - A gradient has the shape of what it belongs to. That finds many a rule, and many a slip.
# - Stretched forward, summed backward.
#
# ## Where next
#
# The next section puts this to work with torch. To read more: NumPy on
# [broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html), whose rules torch follows.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "mathematics/linear_algebra",
    goal="See what is still open before you go on.",
)
