# %% [markdown] items="S05.5.T1"
# # Scaling to multi-layer networks
#
# **25 minutes, and 6 more for the challenge · difficulty 2 of 3**
#
# You need: a neuron `w*x + b` and its gradient (*Adding weights to networks*).
#
# At the end you will be able to
#
# - say what a network with two inputs, two hidden nodes and one output calculates;
# - find a slope that runs over two paths, by hand;
# - replace stacked layers without a bend by one layer, and say what a bend changes;
# - count the parameters of a network, and the depth of its graph.

# %%
import torch

import chalkgrad
from chalkboard import BackwardStepper, draw_graph, plot_functions, plot_with_tangent
from course.graphs.multi_layer_networks.exercises import check
from course.graphs.multi_layer_networks.questions import predict, quiz

# %% [markdown] items="S05.5.T1"
# ## Two inputs, two hidden nodes, one output
#
# A **layer** is a row of neurons that read the same numbers. Between the inputs and the output stands
# a *hidden* layer: nobody outside sees its numbers.
#
# | node | what it calculates |
# |---|---|
# | h1 | relu(2·x1 - 1·x2 + 1) |
# | h2 | relu(1·x1 + 1·x2 - 2) |
# | y | 3·h1 - 2·h2 - 1 |
#
# `relu` is the bend: it lets a positive number through, and makes 0 of a negative one.
#
# The weights of a layer are kept together, one row for each node. `W1 @ x` takes each row of `W1`
# times `x`, number by number, and adds up: one sum for each node.
#
# **Predict.** The next cell runs this network at x1 = 3, x2 = 1.

# %%
predict("two-two-one-forward")


# %% items="S05.5.T1"
def network(x, W1, b1, w2, b2):
    """Two layers: sums and a bend for the hidden nodes, then one sum for the output."""
    h = (W1 @ x + b1).relu()
    return w2 @ h + b2


def parts(engine):
    """Return an input, and the weights as leaves, in torch or in chalkgrad."""
    weights = {
        "W1": [[2.0, -1.0], [1.0, 1.0]],
        "b1": [1.0, -2.0],
        "w2": [3.0, -2.0],
        "b2": -1.0,
    }
    leaves = {name: engine.tensor(values, requires_grad=True) for name, values in weights.items()}
    return {"x": engine.tensor([3.0, 1.0]), **leaves}


leaves = parts(torch)
y = network(**leaves)
print(y)
draw_graph(y, names=leaves)

# %% [markdown]
# **Explain.** Besides the two inputs, nine numbers went in: four in `W1`, two in `b1`, two in `w2`, one
# in `b2`. They are the *parameters*, the numbers that training changes.
#
# ## The way back
#
# From y to a weight in `W1` one walks over a hidden node. Take the first weight of the first row, 2.
# Growing by 1, it adds x1 to the sum in h1. `relu` lets that pass, and y takes it three times:
#
# | step | local slope |
# |---|---|
# | weight to sum | x1 = 3 |
# | sum to h1 | 1, since the sum is positive |
# | h1 to y | 3 |
# | **slope** | **3 · 1 · 3 = 9** |
#
# **Predict.** The first weight of the *second* row is 1, and leads over h2.

# %%
predict("slope-over-h2")

# %% items="S05.5.T1 S02.O5"
y.backward()
for name in ("W1", "b1", "w2", "b2"):
    print(f"{name}.grad: {leaves[name].grad.tolist()}")

# %% [markdown]
# **Explain.** `W1.grad` has the shape of `W1`: each weight has its slope in its own place. Nothing
# was updated. `backward()` measures, and a step downhill is another line of code.
#
# Now walk it yourself. The same network, in the course's engine:

# %%
in_chalkgrad = parts(chalkgrad)
BackwardStepper(
    network(**in_chalkgrad),
    names=in_chalkgrad,
    goal="Walk back to W1. Of which two rows of numbers is its gradient made?",
)

# %% [markdown]
# ### Exercise: two paths to one input
#
# *2 minutes, difficulty 1.* x1 is read by both hidden nodes. How fast does y grow when x1 grows?
# Do it by hand, at x1 = 3, x2 = 1:
#
# | path | weight in `W1` | relu | weight in `w2` | product |
# |---|---|---|---|---|
# | over h1 | 2 | 1 | 3 | ? |
# | over h2 | 1 | 1 | -2 | ? |
#
# <details><summary>Hint 1: along a path</summary>
#
# Along one path the local slopes are multiplied.
#
# </details>
# <details><summary>Hint 2: two paths</summary>
#
# Both changes arrive at y at the same time. What happens to them there?
#
# </details>

# %% answer="two-paths-to-x1"
# The slope of y for x1, as a number.
### BEGIN SOLUTION
slope_for_x1 = 2 * 1 * 3 + 1 * 1 * (-2)
### END SOLUTION

# %% check="two-paths-to-x1"
check("two-paths-to-x1", slope_for_x1)

# %% [markdown]
# ## What the bend does to a slope
#
# **Predict.** Now the input is x1 = 1, x2 = 4. The sum in h1 is 2 - 4 + 1 = -1.

# %%
predict("slope-of-a-sleeping-node")

# %%
leaves = parts(torch)
leaves["x"] = torch.tensor([1.0, 4.0])
y = network(**leaves)
y.backward()
print("y =", y.item())
print("W1.grad =", leaves["W1"].grad.tolist())

# %% [markdown]
# **Explain.** Here is y again, back at x1 = 3 and x2 = 1, for other values of that first weight, which
# the axis along the bottom calls x. Left of 0 the curve is flat: h1 is *asleep*. Its sum is negative,
# and no small change of the weight wakes it. At 2 the tangent rises by 9.

# %%
plot_with_tangent(lambda w: 3 * (3 * w).relu() - 5, 2.0, (-2, 4))

# %% [markdown]
# So here is one gradient in five forms, for the first weight of `W1` at 2:
#
# | form | its slope |
# |---|---|
# | formula | weight in `w2` · (1 if the sum is positive, else 0) · x1 |
# | number | 3 · 1 · 3 = 9 |
# | picture | the tangent 9w - 5, and flat left of 0 |
# | graph | one way back: output, relu, `W1 @ x` |
# | code | `y.backward(); W1.grad[0, 0]` |
#
# ## How deep is it?
#
# Here is a small `MyTensor` with the three operations that this network needs. It records, as yours
# does: a value, its parents, and the operation.
#
# **Predict.** The next cell writes the network out, number by number.

# %%
predict("count-operations")


# %%
class MyTensor:
    """A number that remembers what it was made of."""

    def __init__(self, value, parents=(), operation=""):
        self.value, self.parents, self.operation = value, parents, operation

    def __add__(self, other):
        return recorded("add", self.value + other.value, self, other)

    def __mul__(self, other):
        return recorded("mul", self.value * other.value, self, other)

    def relu(self):
        return recorded("relu", max(self.value, 0), self)


def recorded(operation, value, *made_of):
    return MyTensor(value, made_of, operation)


def all_nodes(node, found=None):
    """Return the node and everything that it was made of, each once."""
    found = {} if found is None else found
    found[id(node)] = node
    for parent in node.parents:
        all_nodes(parent, found)
    return list(found.values())


x1, x2, w11, w12, s1, w21, w22, s2, v1, v2, s3 = map(
    MyTensor, [3, 1, 2, -1, 1, 1, 1, -2, 3, -2, -1]
)
h1 = (w11 * x1 + w12 * x2 + s1).relu()
h2 = (w21 * x1 + w22 * x2 + s2).relu()
small = v1 * h1 + v2 * h2 + s3

made = [node.operation for node in all_nodes(small) if node.parents]
print("y =", small.value)
print({operation: made.count(operation) for operation in sorted(set(made))})
print("inputs of the graph:", len(all_nodes(small)) - len(made))

# %% [markdown]
# **Explain.** torch recorded five operations for the same numbers, since `@` does many
# multiplications and sums at once. What is the same in both is the shape: layer after layer.
#
# ### Exercise: the depth of a graph
#
# *3 minutes, difficulty 2.* The **depth** of a node is the number of operations on the longest way
# from an input of the graph to it. An input has depth 0. Write `depth(node)`; a node has `.parents`.
#
# <details><summary>Hint 1: where it ends</summary>
#
# A node without parents is an input. That case needs no further look.
#
# </details>
# <details><summary>Hint 2: one step</summary>
#
# Suppose that you knew the depth of each parent. Which of them counts, and what does this node add?
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `a + (b * c)` has depth 2: the way from `b` passes two operations, the way from `a` only one.
#
# </details>


# %% answer="depth-of-a-node"
def depth(node):
    """Return the number of operations on the longest way from an input to this node."""
    ### BEGIN SOLUTION
    if not node.parents:
        return 0
    return 1 + max(depth(parent) for parent in node.parents)
    ### END SOLUTION


# %% check="depth-of-a-node"
check("depth-of-a-node", depth)

# %% [markdown] items="S05.5.D1"
# ## Layers without a bend collapse
#
# Stack two layers, and leave out `relu`. Each of them is made of multiplying and adding only.
#
# **Predict.** The next cell compares two such layers with a single one, whose matrix is `B @ A`.

# %%
predict("two-flat-layers")

# %% items="S05.5.D1"
A = torch.tensor([[2.0, -1.0], [1.0, 1.0], [0.0, 3.0]])  # three hidden nodes
B = torch.tensor([[1.0, 2.0, -1.0]])  # one output

for place in ([3.0, 1.0], [-1.0, 4.0], [0.5, 0.5]):
    x = torch.tensor(place)
    print(place, "two layers:", (B @ (A @ x)).item(), " one layer:", ((B @ A) @ x).item())
print("B @ A =", (B @ A).tolist())

# %% [markdown]
# **Explain.** W2(W1 x) = (W2 W1) x, at every place. A hundred layers would fold into one in the same
# way. With a bend in between they do not: nobody can pull `relu` out of the product.
#
# ### Exercise: fold two layers into one
#
# *3 minutes, difficulty 2.* With biases there is a little more to fold. The two layers calculate
# `W2 @ (W1 @ x + b1) + b2`. Return `W` and `b` so that `W @ x + b` is the same for each x.
#
# <details><summary>Hint 1</summary>
#
# Multiply the brackets out, as with numbers. Keep the order of the matrices.
#
# </details>
# <details><summary>Hint 2: what belongs to b?</summary>
#
# Set x to zero. What is left is b. Does `b1` arrive at the output as it is?
#
# </details>


# %% answer="fold-two-layers"
def fold(W1, b1, W2, b2):
    """Return W and b of the one layer that does what the two do."""
    ### BEGIN SOLUTION
    W = W2 @ W1
    b = W2 @ b1 + b2
    return W, b
    ### END SOLUTION


# %% check="fold-two-layers"
check("fold-two-layers", fold)

# %% [markdown]
# ## What one layer cannot do
#
# *Exclusive or*, XOR: the answer is 1 when exactly one of two inputs is 1.
#
# | x1 | x2 | XOR |
# |---|---|---|
# | 0 | 0 | 0 |
# | 1 | 0 | 1 |
# | 0 | 1 | 1 |
# | 1 | 1 | 0 |
#
# A model without a hidden layer is y = a·x1 + b·x2 + c.
#
# **Predict.** The next cell finds the a, b and c with the smallest squared error.

# %%
predict("best-plane-for-xor")

# %% items="S05.5.D1"
corners = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
xor = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

with_ones = torch.cat([corners, torch.ones(4, 1)], dim=1)
abc = torch.linalg.lstsq(with_ones, xor).solution
print("answers:", [round(answer, 3) for answer in (with_ones @ abc).flatten().tolist()])

# %% [markdown]
# **Explain.** No choice of a, b and c helps. Add the model's answers at opposite corners: (0, 0) and
# (1, 1) give a + b + 2c, and so do (1, 0) and (0, 1). XOR wants 0 from the one pair and 2 from the
# other.
#
# ### Exercise: XOR with two hidden nodes
#
# *2 minutes, difficulty 1.* Here the hidden layer is given: h1 = relu(x1 + x2) and
# h2 = relu(x1 + x2 - 1). Choose the weights and the bias of the output, y = v1·h1 + v2·h2 + c.
#
# | x1 | x2 | h1 | h2 | y wanted |
# |---|---|---|---|---|
# | 0 | 0 | 0 | 0 | 0 |
# | 1 | 0 | 1 | 0 | 1 |
# | 0 | 1 | 1 | 0 | 1 |
# | 1 | 1 | 2 | 1 | 0 |
#
# <details><summary>Hint 1: one row at a time</summary>
#
# The first row says what c is. The second row has only h1 in it.
#
# </details>
# <details><summary>Hint 2: the last row</summary>
#
# There h1 is 2. What must h2 add, so that nothing is left?
#
# </details>

# %% answer="xor-output-weights" items="S02.O5"
# Two weights, for h1 and h2, and the bias.
### BEGIN SOLUTION
out_weights = [1.0, -2.0]
out_bias = 0.0
### END SOLUTION

# %% check="xor-output-weights"
check("xor-output-weights", (out_weights, out_bias))

# %% [markdown] items="S05.5.D1"
# ## What layers can do
#
# **One hidden layer is much already.** On a bounded range it comes as near as you like to any
# continuous function, if it may have enough nodes: *universal approximation*. It was proved by
# [Hornik, Stinchcombe and White, 1989](https://doi.org/10.1016/0893-6080%2889%2990020-8) for S-shaped
# bends, and by [Leshno and others, 1993](https://doi.org/10.1016/S0893-6080%2805%2980131-5) for every
# continuous bend that is no polynomial, such as `relu`. Neither says how many nodes, nor how to find the weights.
#
# **Depth multiplies.** Two hidden nodes make a tent: up, and down again. Feed the tent to itself.
#
# **Predict.** `thrice` has three layers of two hidden nodes: six bends in all.

# %%
predict("pieces-of-three-tents")


# %%
def tent(x):
    """Two hidden nodes: from 0 up to 1 at the middle, and down to 0."""
    return 2 * x.relu() - 4 * (x - 0.5).relu()


plot_functions(
    {"once": tent, "thrice": lambda x: tent(tent(tent(x)))},
    (0, 1),
    slopes=False,
)

# %% [markdown]
# **Explain.** Side by side in one layer, each node adds one bend at most. One after the other, each
# tent doubles the pieces: a layer uses again what the layer before has built. So some functions that a
# deep network holds in few nodes need a great many in a shallow one
# ([Telgarsky, 2016](https://arxiv.org/abs/1602.04485)).
#
# ### Question: why bends, why layers?
#
# *2 minutes, marked by a person, 2 points.* A colleague stacks ten layers `W @ x + b` with nothing in
# between. What can this network do that one layer cannot, and why? What would you change, and what
# does that change? Answer in two or three sentences.

# %% [markdown] written="why-bends"
# ### BEGIN SOLUTION
# It can do nothing more. A layer is a matrix product plus a bias, and a product of matrices is one
# matrix, so all ten fold into a single W @ x + b. XOR, for example, stays out of reach. With a bend
# such as relu after each hidden layer they no longer fold, and each layer can build on what the one
# before has found.
# ### END SOLUTION

# %% [markdown] items="S05.5.K1"
# ## How large are they?
#
# Makers do not always say. [OpenAI's report on GPT-4](https://arxiv.org/abs/2303.08774), of 2023,
# gives neither size nor architecture. Of others we know:
#
# | model | layers | parameters | source |
# |---|---|---|---|
# | this lesson's | 2 | 9 | counted above |
# | GPT-3 | 96 | 175 billion | [Brown et al., 2020](https://arxiv.org/abs/2005.14165) |
# | Llama 3.1 405B | 126 | 405 billion | [Llama team, 2024](https://arxiv.org/abs/2407.21783) |
#
# A "layer" of these two is a block of several steps, so compare the counts with care. Many machines
# work on one such model together; torch's part for that is `torch.distributed`.
#
# ### Exercise: count the parameters
#
# *2 minutes, difficulty 2.* `count_parameters([2, 2, 1])` is 9. Write it for any list of sizes: the
# inputs, then the nodes of each layer. Each node reads every number of the layer before, and has a
# bias.
#
# <details><summary>Hint 1: one layer</summary>
#
# A layer of 3 nodes that reads 5 numbers: how many weights has each node, and how many biases?
#
# </details>
# <details><summary>Hint 2: all layers</summary>
#
# Go through neighbours in the list: 2 and 2, then 2 and 1. `pairwise(sizes)` gives them, after
# `from itertools import pairwise`.
#
# </details>


# %% answer="count-parameters" items="S02.O5"
def count_parameters(sizes):
    """Return how many weights and biases a network with layers of these sizes has."""
    ### BEGIN SOLUTION
    from itertools import pairwise

    return sum((reads + 1) * nodes for reads, nodes in pairwise(sizes))
    ### END SOLUTION


# %% check="count-parameters"
check("count-parameters", count_parameters)

# %% [markdown]
# ### Challenge: the gradient of the first layer
#
# *6 minutes, difficulty 3.* Write the gradient of y for `W1` without `backward()`, as an engine has
# to: from `x`, `W1`, `b1` and `w2`, for any number of inputs and hidden nodes. The result has the
# shape of `W1`.
#
# <details><summary>Hint 1: one weight</summary>
#
# For the weight in row i and column j, multiply three things: what the output does with node i, the
# slope of relu in node i, and the input that this weight stands at.
#
# </details>
# <details><summary>Hint 2: the slope of relu</summary>
#
# It is 1 where the sum is above 0, else 0. `(sums > 0)` makes True and False, which multiply as 1 and 0.
#
# </details>
# <details><summary>Hint 3: all weights at once</summary>
#
# `torch.outer(a, b)` has a[i] · b[j] in row i and column j.
#
# </details>


# %% answer="first-layer-gradient" items="S02.O5"
def first_layer_gradient(x, W1, b1, w2):
    """Return the slope of y for each weight of the first layer, in the shape of W1."""
    ### BEGIN SOLUTION
    sums = W1 @ x + b1
    at_the_sums = w2 * (sums > 0)
    return torch.outer(at_the_sums, x)
    ### END SOLUTION


# %% check="first-layer-gradient"
check("first-layer-gradient", first_layer_gradient)

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("multi-layer-networks")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The slope for an input that two hidden nodes read</summary>
#
# Multiply along each path, and add the paths.
#
# </details>
# <details><summary>Why two layers without a bend are one</summary>
#
# W2(W1 x) = (W2 W1) x: a product of matrices is a matrix.
#
# </details>
# <details><summary>Why no line does XOR</summary>
#
# Opposite corners have the same sum of answers. XOR wants 0 and 2.
#
# </details>
# <details><summary>What universal approximation does not promise</summary>
#
# That few nodes are enough, or that training finds the weights.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - A layer is a row of neurons; its weights are the rows of a matrix.
# - Along a path slopes multiply, and where paths meet they add up.
# - Without a bend, any stack of layers is one layer.
# - A node that sleeps passes no slope back.
# - One hidden layer can approximate much; depth can do some of it with far fewer nodes.
#
# ## Where next
#
# *Mathematical intuition* takes your `MyTensor` from recording to slopes. To read more: a chapter on
# [why hidden layers need a bend](https://d2l.ai/chapter_multilayer-perceptrons/mlp.html), with code
# in torch.
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "graphs/multi_layer_networks",
    goal="See what is still open before you go on.",
)
