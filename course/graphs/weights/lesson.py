# %% [markdown] items="S05.4.T1"
# # Adding weights to networks
#
# **23 minutes · difficulty 2 of 3**
#
# You need: *leaf, value, backward, read*, and that slopes are multiplied along a chain.
#
# At the end you will be able to
#
# - get the slope of a loss with respect to a weight and a bias, and say what it means;
# - say what `backward()` changes, and what it leaves as it is;
# - take a step for all weights by hand;
# - mend a loop that does not learn;
# - record a neuron with `MyTensor`.

# %%
import torch

from chalkboard import WeightKnobs, draw_graph, plot_losses, plot_with_tangent
from course.graphs.weights.exercises import check
from course.graphs.weights.questions import predict, quiz

# %% [markdown] items="S05.4.T1"
# ## Numbers that are there to be changed
#
# A small *neuron* multiplies its input by a **weight** w and adds a **bias** b. What comes out is
# its answer:
#
# ```
#   answer = w · x + b
# ```
#
# So far you turned x. Now x is a fact, such as the size of a house. What can be changed is w and b.
# So *they* are the leaves that require a gradient.
#
# **Predict.** x is 2, w is 3 and b is -1.

# %%
predict("slopes-of-a-neuron")

# %% items="S05.4.T1"
x = torch.tensor(2.0)
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(-1.0, requires_grad=True)

answer = w * x + b
answer.backward()
print("answer", answer.item())
print("slopes: w", w.grad, "  b", b.grad, "  x", x.grad)

# %% [markdown] items="S05.4.T1"
# **Explain.** The weight is multiplied by the input, so its slope *is* the input. The bias is added,
# so the answer grows by as much as the bias does.
#
# To learn, a neuron needs a target, and a number that says how far off it is: the **loss**. Here it
# is the squared distance, `(answer - target)²`. Say the target is 2. The answer is 5, so the
# distance is 3 and the loss is 9.
#
# **Predict.** How does the *loss* react to w? The slope of a square d² is 2d.

# %%
predict("slopes-of-the-loss")

# %% items="S05.4.T1"
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(-1.0, requires_grad=True)
target = torch.tensor(2.0)

loss = (w * x + b - target) ** 2
loss.backward(retain_graph=True)  # keep the graph, to draw it
print("loss", loss.item(), "  slopes: w", w.grad.item(), "  b", b.grad.item())
draw_graph(loss, names={"x": x, "w": w, "b": b, "target": target, "loss": loss})

# %% [markdown] items="S05.4.T1"
# **Explain.** The walk, as you know it: begin with 1, multiply, go on.
#
# | reached | local slope | has come back |
# |---|---|---|
# | the loss | | 1 |
# | the distance | 2 · 3 = 6 | 6 |
# | the answer | 1 | 6 |
# | b | 1 | **6** |
# | w | x = 2 | **12** |
#
# So one gradient has five forms again:
#
# | form | how fast the loss grows with w, at w = 3 |
# |---|---|
# | formula | 2 · (w · x + b - target) · x |
# | number | 12 |
# | picture | below, the loss over w: the tangent rises by 12 for each 1 to the right |
# | graph | back over the square, the difference, the sum and the product: 6 · 1 · 1 · 2 |
# | code | `loss.backward(); w.grad` |

# %%
picture = plot_with_tangent(lambda w: (w * 2.0 - 1.0 - 2.0) ** 2, 3.0, (-1, 4), name="loss")
picture.axes[0].set(xlabel="w (the x of these words)")
picture

# %% [markdown] items="S02.O5 S05.4.T1"
# ### Exercise: two slopes from one walk
#
# *3 minutes, difficulty 1.* All four are plain numbers. Return the slopes of the loss with respect
# to w and b, in this order. **Leaf, value, backward, read**, with two leaves now.
#
# <details><summary>Hint 1: which are the leaves?</summary>
#
# Those that are there to be changed: w and b. The input and the target stay plain numbers.
#
# </details>
# <details><summary>Hint 2: where does the walk begin?</summary>
#
# At the loss, the squared distance between answer and target.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# `slopes_of_loss(3.0, -1.0, 2.0, 2.0)` is the case in the table above: 12 and 6.
#
# </details>


# %% answer="neuron-slopes" items="S02.O5"
def slopes_of_loss(w_value, b_value, x, target):
    """Return the slopes of (w x + b - target)² with respect to w and b."""
    ### BEGIN SOLUTION
    weight = torch.tensor(w_value, requires_grad=True)
    bias = torch.tensor(b_value, requires_grad=True)
    ((weight * x + bias - target) ** 2).backward()
    return weight.grad, bias.grad
    ### END SOLUTION


# %% check="neuron-slopes"
check("neuron-slopes", slopes_of_loss)

# %% [markdown] items="S05.4.K1"
# ## Knobs
#
# Think of neurons as people who pass on what they hear, and of weights as **volume knobs**: each
# says how loudly one voice is heard. To learn is to turn the knobs.
#
# Where the comparison breaks: a weight may be negative, and then it turns what it hears into its
# opposite. The bias speaks although nobody spoke to it. And nobody listens and turns one knob
# after the other: one walk back says for *all* of them which way to turn.
#
# Below are five points and two knobs. The loss is now the *mean* of the squared distances.

# %% items="S05.4.K1"
WeightKnobs(
    [-2.0, -1.0, 0.0, 1.0, 2.0],
    [-2.5, -1.0, -0.5, 1.5, 2.5],
    weights=[-1.0, 2.0],
    compare=torch,
    goal_loss=0.1,
    goal="Bring the loss below 0.1 by hand. Do the arrows say where to turn, or where not to?",
)

# %% [markdown] items="S05.4.T1"
# ## Who turns them?
#
# **Predict.** The neuron again: w is 3, its slope will be 12. The next cell calculates the loss,
# walks back, and calculates the loss once more.

# %%
predict("after-backward")

# %%
w = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(-1.0, requires_grad=True)

loss = (w * x + b - target) ** 2
loss.backward()
print("w:", w.item(), "  loss now:", ((w * x + b - target) ** 2).item())

# %% [markdown] items="S05.4.T1"
# **Explain.** `backward()` *reports*. It writes a slope on each leaf, and changes no weight. The
# change is a step of its own, and somebody has to take it: you, or an *optimizer*, which is code
# that takes such steps.
#
# **Predict.** Now the step by hand, downhill, with the *learning rate* 0.05.

# %%
predict("the-step")

# %% items="S05.4.T1"
try:
    w -= 0.05 * w.grad
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

with torch.no_grad():  # a step is no part of the model: do not record it
    w -= 0.05 * w.grad
    b -= 0.05 * b.grad
w.grad = None  # used, so reset it
b.grad = None

print(f"w {w.item():g}   b {b.item():g}   loss {((w * x + b - target) ** 2).item():g}")

# %% [markdown] items="S05.4.T1"
# **Explain.** Three things make a step. **Move** each weight against its slope, in place: `-=`
# changes the tensor that is there. **Unrecorded**: under `no_grad`, or torch refuses. **Reset**
# `.grad` afterwards, since the next backward adds to what stands there.
#
# ### Exercise: one step for all weights
#
# *3 minutes, difficulty 2.* The same step for a whole list of weights, each of which has its slope
# in `.grad` already. Change these very tensors, reset their slopes, and return the list.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With a loop over the weights. In it stand the three parts of a step: move, unrecorded, reset.
#
# </details>
# <details><summary>Hint 2: the weights do not change</summary>
#
# `weight = weight - ...` makes a new tensor and gives it the name. `weight -= ...` changes the one
# that is there.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# A weight 3 with the slope 12 and the rate 0.05 becomes 2.4.
#
# </details>


# %% answer="weight-update" items="S02.O5"
def one_step(weights, rate):
    """Move each weight downhill, in place and unrecorded, and reset its slope."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        for weight in weights:
            weight -= rate * weight.grad
            weight.grad = None
    return weights
    ### END SOLUTION


# %% check="weight-update"
check("weight-update", one_step)

# %% [markdown]
# ## A loop that does not learn
#
# Many rounds of *loss, backward, step*: that is training. The next cell does it for four points
# that lie on a line. One thing in it is wrong.
#
# **Predict.** Read the loop. How will the loss go?

# %%
predict("the-broken-loop")


# %%
def broken(x, target, steps, rate):
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
    return losses


points = torch.tensor([0.0, 1.0, 2.0, 3.0])
on_a_line = 2 * points + 1
print([round(number, 2) for number in broken(points, on_a_line, 7, 0.1)])
plot_losses({"broken": broken(points, on_a_line, 30, 0.1)})

# %% [markdown]
# ### Exercise: mend the loop
#
# *4 minutes, difficulty 2.* Copy the body of `broken` into the function below, and mend it. Return
# the losses of all rounds, each taken before the step of its round.
#
# <details><summary>Hint 1: which of the three parts of a step is missing?</summary>
#
# Move, unrecorded, reset. Go through them.
#
# </details>
# <details><summary>Hint 2: where does it belong?</summary>
#
# Once in each round, and not between backward and the step, where the slopes are needed.
#
# </details>


# %% answer="mend-the-loop" items="S02.O5"
def train(x, target, steps, rate):
    """Fit w x + b to the targets, from w = b = 0, and return the loss of each round."""
    ### BEGIN SOLUTION
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= rate * w.grad
            b -= rate * b.grad
        w.grad = None
        b.grad = None
    return losses
    ### END SOLUTION


# %% check="mend-the-loop"
check("mend-the-loop", train)

# %%
runs = {"broken": broken(points, on_a_line, 30, 0.1)}
try:
    runs["mended"] = list(train(points, on_a_line, 30, 0.1))
except Exception as error:
    print("The loop is not mended yet:", error)
plot_losses(runs)

# %% [markdown]
# ## Build it: a neuron in your engine
#
# In torch the way back leads to the weights, because they are in the graph. `MyTensor` records that
# as well. Here is what you have built of it so far, as far as a neuron needs it.


# %%
class MyTensor:
    """A number that remembers what it was made of."""

    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __add__(self, other):
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other):
        other = as_node(other)
        return MyTensor(self.value * other.value, (self, other), "mul")

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


weight, bias = MyTensor(3.0), MyTensor(-1.0)
one_input = weight * 2.0 + bias  # a neuron with one input, the worked example
print(one_input.value, one_input.operation, one_input.parents[1] is bias)

# %% [markdown]
# ### Exercise: a neuron in your engine
#
# *3 minutes, difficulty 2.* A neuron may have several inputs, and then it has a weight for each:
# w1 · x1 + w2 · x2 + ... + b. The weights and the bias are nodes, the inputs are plain numbers.
# From your result a way back must lead to every weight and to the bias.
#
# <details><summary>Hint 1: where do I start?</summary>
#
# With the bias. Then add one product after the other to it.
#
# </details>
# <details><summary>Hint 2: two lists at once</summary>
#
# `for weight, item in zip(weights, inputs):` goes through both together.
#
# </details>
# <details><summary>Hint 3: a plain number comes out</summary>
#
# Then `.value` was calculated with. Calculate with the nodes: they know how.
#
# </details>


# %% answer="recorded-neuron" items="S02.O5"
def neuron(weights, inputs, bias):
    """Return the answer of a neuron as a node that remembers its weights."""
    ### BEGIN SOLUTION
    total = bias
    for one_weight, one_input in zip(weights, inputs, strict=True):
        total = total + one_weight * one_input
    return total
    ### END SOLUTION


# %% check="recorded-neuron"
check("recorded-neuron", (MyTensor, neuron))

# %% [markdown] items="S05.4.K2"
# ## How large it gets
#
# In 2019 Andrej Karpathy, then at Tesla, described what was behind Autopilot, a system that *assists*
# a driver. He spoke of 48 networks, 1,000 different predictions, and 70,000 hours on GPUs to train
# them all once, with PyTorch. (A talk at the PyTorch Developer Conference:
# [video](https://www.youtube.com/watch?v=oBklltKXtDE), and a [report with these
# numbers](https://1eit.com/tesla-autopilot-and-ai-development), both of November 2019.)
#
# Training is the loop that you mended, with far more weights. It is done beforehand. To use a
# trained network, only the forward pass is needed.
#
# ### Question: who turns the knobs?
#
# *2 minutes, marked by a person, 2 points.* A friend says: "`backward()` trains the network." What
# does it do, what does it not do, and why is it good that the two are apart? Double-click the next
# cell and answer in two or three sentences.

# %% [markdown] written="who-turns-the-knobs" items="S05.4.T1"
# ### BEGIN SOLUTION
# `backward()` writes on each weight how the loss reacts to it, and changes no weight. The step that
# moves the weights is taken by me or by an optimizer. It is good that they are apart: how far to go,
# and when, is a decision of its own, and the step is not to be recorded as a part of the model.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("weights")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The slope of w · x + b with respect to w, and to b</summary>
#
# x, and 1.
#
# </details>
# <details><summary>What backward changes</summary>
#
# The `.grad` of the leaves, and no weight.
#
# </details>
# <details><summary>The three parts of a step</summary>
#
# Move against the slope, in place; unrecorded; reset the slope.
#
# </details>
# <details><summary>Why the broken loop swung up and down</summary>
#
# Backward adds. The slopes of all earlier rounds were still in `.grad`.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - In training the weights are the leaves that require a gradient, and the input is a fact.
# - The slope of a weight says how the loss reacts, if only this weight grows.
# - `backward()` reports. A step, under `no_grad`, changes.
# - After a step, reset `.grad`.
#
# ## Where next
#
# *Scaling to multi-layer networks* puts neurons side by side and one after the other. To read more:
# torch's own
# [tutorial on optimizing](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html).
# Words: the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "graphs/weights",
    goal="See what is still open before you go on.",
)
