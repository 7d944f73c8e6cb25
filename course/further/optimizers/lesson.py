# %% [markdown] items="S12.L2"
# # Optimizers
#
# **25 minutes · difficulty 3 of 3**
#
# You need: a training loop by hand, `w -= rate * w.grad` (*Practice exercises*).
#
# At the end you will be able to
#
# - write the rules of momentum, RMSprop and Adam, and hold each against `torch.optim`;
# - see from a curve of losses that a learning rate is too large, or too small;
# - say what `zero_grad` leaves, and why it matters;
# - say why no optimizer is best.

# %%
import matplotlib.pyplot as plt
import torch

import chalkgrad
from chalkboard import WeightKnobs, plot_contours, plot_losses
from course.further.optimizers.exercises import check
from course.further.optimizers.questions import predict, quiz

# %% [markdown] items="S12.L2"
# ## A step, and its length
#
# An **optimizer** is a rule: from the gradients it makes a step. The plainest is *SGD*, stochastic
# gradient descent: `w -= rate * w.grad`. *Stochastic* means that the gradient comes from a part of
# the data, drawn at random; here there is no data, only a valley.
#
# The valley below is long in a and steep in b: its slopes are a and 20b.
#
# **Predict.** One step with rate r makes b · (1 - 20r) of b. The next cell tries four rates.

# %%
predict("which-rate-diverges")


# %% items="S12.L2"
def valley(a, b):
    return 0.5 * a**2 + 10 * b**2


def losses_of(rate, steps=20):
    """Return the loss before each of the steps of SGD, and after the last."""
    a = torch.tensor(10.0, requires_grad=True)
    b = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([a, b], lr=rate)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()  # forget the old gradients
        loss = valley(a, b)
        losses.append(loss.item())
        loss.backward()  # measure the new ones
        optimizer.step()  # take the step
    return [*losses, valley(a, b).item()]


plot_losses({f"rate {rate}": losses_of(rate) for rate in (0.01, 0.05, 0.09, 0.11)}, log=True)

# %% [markdown]
# **Explain.** The steepest direction sets the limit: here 2/20. And the flattest says how long you
# wait. Four lines stay the same with every optimizer: forget, calculate, backward, step.
#
# Try it on a line with two knobs. Each step of the machine is one of these.

# %%
WeightKnobs(
    [-2.0, -1.0, 0.0, 1.0, 2.0],
    [-2.5, -1.0, -0.5, 1.5, 2.5],
    learning_rate=0.1,
    compare=torch,
    goal="Raise the learning rate. Find one with which the loss rises at every step.",
)

# %% [markdown]
# ### Exercise: one picture of many rates
#
# *3 minutes, difficulty 2.* `draw_rates(rates)` draws the losses of each rate as a line of its own,
# in the given order, and returns the axes. Label the axes `step` and `loss`. The first loss belongs
# to step 0.
#
# <details><summary>Hint 1: axes</summary>
#
# `axes = plt.figure().add_subplot()` makes them, and `axes.plot(numbers)` draws against 0, 1, 2, …
#
# </details>
# <details><summary>Hint 2: several lines</summary>
#
# One `axes.plot` for each rate, in a loop. `axes.set(xlabel=..., ylabel=...)` comes once, after it.
#
# </details>


# %% answer="draw-learning-rates"
def draw_rates(rates):
    """Draw a line of losses_of(rate) for each of the rates, and return the axes."""
    ### BEGIN SOLUTION
    axes = plt.figure().add_subplot()
    for rate in rates:
        axes.plot(losses_of(rate), label=f"rate {rate}")
    axes.set(xlabel="step", ylabel="loss")
    axes.legend()
    return axes
    ### END SOLUTION


# %% check="draw-learning-rates"
check("draw-learning-rates", draw_rates)

# %% [markdown] items="S12.L2"
# ## Memory
#
# The better known rules remember something of earlier gradients. Here a rule is a function of one
# weight `w` (a number), its gradient `g`, and a dictionary `memory` that stays from step to step. It
# returns the new weight. As a worked example, SGD, which remembers nothing, beside torch:


# %% items="S12.L2"
def sgd_step(w, g, memory, rate=0.1):
    """Return the weight after one step."""
    return w - rate * g


def torch_path(optimizer_class, gradients, **settings):
    """Return the weights that an optimizer of torch gives, from 1, for these gradients."""
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([w], **settings)
    path = []
    for g in gradients:
        w.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
        path.append(round(w.item(), 4))
    return path


w, memory = 1.0, {}
for g in (2.0, 2.0, -1.0):
    w = sgd_step(w, g, memory)
    print("by hand:", round(w, 4))
print("torch:  ", torch_path(torch.optim.SGD, (2.0, 2.0, -1.0), lr=0.1))

# %% [markdown] items="S12.L2"
# *Momentum* ([Polyak, 1964](https://doi.org/10.1016/0041-5553%2864%2990137-5)) keeps a *speed*: of the old
# speed nine tenths stay, and the gradient is added. The step goes by the speed.
#
# The comparison with a rolling ball breaks in one place: a ball loses its speed to friction as it
# rolls, here a share is lost at each step, steep or flat.
#
# **Predict.** The gradient is 1 at first, and then 0 for ever, as on a plain after a slope.

# %%
predict("momentum-on-a-plain")

# %% items="S12.L2"
print(torch_path(torch.optim.SGD, [1.0, 0.0, 0.0, 0.0], lr=0.1, momentum=0.9))

# %% [markdown]
# ### Exercise: momentum
#
# *3 minutes, difficulty 2.* Fill in the gap: the new speed, kept under `memory["speed"]`, and the
# step.
#
# <details><summary>Hint 1: the first step</summary>
#
# At the first step there is no old speed: `memory.get("speed", 0.0)` gives 0.0 then.
#
# </details>
# <details><summary>Hint 2: the order</summary>
#
# First the new speed, from the old one and g. Keep it. Then step by it.
#
# </details>


# %% answer="momentum-step"
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    """Return the weight after one step of SGD with momentum."""
    old_speed = memory.get("speed", 0.0)
    ### BEGIN SOLUTION
    memory["speed"] = keep * old_speed + g
    return w - rate * memory["speed"]
    ### END SOLUTION


# %% check="momentum-step"
check("momentum-step", momentum_step)

# %% [markdown] items="S12.L2"
# ## A scale for each weight
#
# One rate for all weights is too large for the steep ones, or too small for the flat ones. *RMSprop*
# ([Hinton's lecture, 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf))
# measures how large a weight's gradients usually are, and divides by it:
#
# | step | formula |
# |---|---|
# | running mean of squares | square ← keep · square + (1 - keep) · g² |
# | step | w ← w - rate · g / (√square + tiny) |
#
# **Predict.** The next cell gives two weights the gradients 1, 1, 1 and 1000, 1000, 1000.

# %%
predict("a-thousand-times-steeper")

# %% items="S12.L2"
for size in (1.0, 1000.0):
    print(size, torch_path(torch.optim.RMSprop, [size] * 3, lr=0.01, alpha=0.9))

# %% [markdown]
# ### Exercise: RMSprop
#
# *3 minutes, difficulty 2.* With less help: square under `memory["square"]`, which starts at 0.
#
# <details><summary>Hint 1: from the table to code</summary>
#
# Two lines, one for each row of the table. Keep the new square before you use it.
#
# </details>
# <details><summary>Hint 2: the root</summary>
#
# `square**0.5`. `tiny` is added to the root, not under it.
#
# </details>


# %% answer="rmsprop-step"
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    """Return the weight after one step of RMSprop."""
    ### BEGIN SOLUTION
    memory["square"] = keep * memory.get("square", 0.0) + (1 - keep) * g**2
    return w - rate * g / (memory["square"] ** 0.5 + tiny)
    ### END SOLUTION


# %% check="rmsprop-step"
check("rmsprop-step", rmsprop_step)

# %% [markdown] items="S12.L2"
# ## Both: Adam
#
# *Adam* ([Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980)) keeps two running means, of g and of
# g². Both start at 0 and are too small at first. After n steps each is divided by 1 - keepⁿ, with its
# own keep: at the first step this gives back g and g² themselves.
#
# | step | formula |
# |---|---|
# | mean | mean ← keep1 · mean + (1 - keep1) · g |
# | square | square ← keep2 · square + (1 - keep2) · g² |
# | corrected | m = mean / (1 - keep1ⁿ), s = square / (1 - keep2ⁿ) |
# | step | w ← w - rate · m / (√s + tiny) |
#
# ### Exercise: Adam
#
# *5 minutes, difficulty 3.* Alone. `memory` is an empty dictionary before the first step.
#
# <details><summary>Hint 1: what is remembered?</summary>
#
# Three things: mean, square, and n, the number of steps. n is 1 in the first step.
#
# </details>
# <details><summary>Hint 2: what is kept?</summary>
#
# mean and square go into the memory as they are. m and s are for this step only.
#
# </details>
# <details><summary>Hint 3: a case to try</summary>
#
# The first step from w = 1 goes to nearly 1 - rate for g = 5, and for g = 0.001 too.
#
# </details>


# %% answer="adam-step"
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    """Return the weight after one step of Adam."""
    ### BEGIN SOLUTION
    n = memory["n"] = memory.get("n", 0) + 1
    mean = memory["mean"] = keep1 * memory.get("mean", 0.0) + (1 - keep1) * g
    square = memory["square"] = keep2 * memory.get("square", 0.0) + (1 - keep2) * g**2
    m, s = mean / (1 - keep1**n), square / (1 - keep2**n)
    return w - rate * m / (s**0.5 + tiny)
    ### END SOLUTION


# %% check="adam-step"
check("adam-step", adam_step)

# %% [markdown] items="S12.L2"
# ## What zero_grad leaves
#
# **Predict.** `w` has got some speed. `zero_grad()` makes None of its gradient,
# `zero_grad(set_to_none=False)` makes 0 of it. Then comes a step, without a backward.

# %%
predict("none-or-zero")

# %% items="S12.L2"
for set_to_none in (True, False):
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    (w * w).backward()
    optimizer.step()
    before = w.item()
    optimizer.zero_grad(set_to_none=set_to_none)
    optimizer.step()
    print(f"set_to_none={set_to_none}: grad {w.grad}, w {before:.2f}, then {w.item():.2f}")

# %% [markdown] items="S12.L2"
# ## Which is best?
#
# A canyon, a² + 100b², and then all of it turned by 45 degrees, the starting place too. Each rule gets
# 60 steps, and the best of twelve rates, tried out one by one. chalkgrad's optimizers have torch's rules.
#
# **Predict.** In the canyon along the axes, RMSprop ends lowest of the four.

# %%
predict("turned-canyon")


# %% items="S12.L2"
def canyon(a, b):
    return a**2 + 100 * b**2


def turned(a, b):
    return canyon((a - b) / 2**0.5, (a + b) / 2**0.5)


STARTS = {"canyon": (7.0, 2.0), "turned": (9 / 2**0.5, -5 / 2**0.5)}
RULES = {
    "SGD": lambda weights, rate: chalkgrad.optim.SGD(weights, lr=rate),
    "momentum": lambda weights, rate: chalkgrad.optim.SGD(weights, lr=rate, momentum=0.9),
    "RMSprop": lambda weights, rate: chalkgrad.optim.RMSprop(weights, lr=rate),
    "Adam": lambda weights, rate: chalkgrad.optim.Adam(weights, lr=rate),
}


def descend(rule, rate, place, steps=60):
    """Return the last loss and the way there."""
    a, b = (
        chalkgrad.tensor(start, dtype=chalkgrad.float64, requires_grad=True)
        for start in STARTS[place.__name__]
    )
    optimizer, way = RULES[rule]([a, b], rate), []
    for _ in range(steps):
        way.append((a.item(), b.item()))
        optimizer.zero_grad()
        place(a, b).backward()
        optimizer.step()
    return place(a, b).item(), way


RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
best = {
    (place.__name__, rule): min((descend(rule, rate, place)[0], rate) for rate in RATES)
    for place in (canyon, turned)
    for rule in RULES
}
for (place, rule), (loss, rate) in best.items():
    print(f"{place}: {rule:9} loss {loss:.2g} with rate {rate}")
for rate in RATES[-3:]:
    print(f"turned: Adam with rate {rate}: loss {descend('Adam', rate, turned)[0]:.2g}")

# %%
plot_contours(
    turned,
    (-8, 8),
    path={
        rule: descend(rule, best["turned", rule][1], turned)[1] for rule in ("momentum", "RMSprop")
    },
    name="turned",
    x_label="a",
    y_label="b",
)

# %% [markdown]
# **Explain.** A star marks where each way ends: momentum swings down to the middle, RMSprop stays behind.
# A scale for each weight helps where the canyon runs along a weight. Turned, steep and flat
# are mixed in both weights, and there is little left to scale. Momentum treats all directions alike, and
# ends where it did. Adam has both, and its place depends on which rates one tries. Published comparisons
# disagree as well, and depend on how carefully each rule's rate was tuned:
# [Wilson and others, 2017](https://arxiv.org/abs/1705.08292);
# [Choi and others, 2019](https://arxiv.org/abs/1910.05446).
#
# ### Question: no best optimizer
#
# *2 minutes, marked by a person, 2 points.* A friend says: "Adam is better than SGD, I tried both with
# rate 0.001." Name two things that this trial does not show. Two or three sentences.

# %% [markdown] written="why-no-best-optimizer"
# ### BEGIN SOLUTION
# One rate for both is no fair trial: the steps of Adam and SGD have different scales, so each should be
# given its own best rate. And one problem says little about others: in this lesson the order of
# momentum and RMSprop changed when the same canyon was turned.
# ### END SOLUTION

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("optimizers")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>The four lines of every training loop</summary>
#
# Forget, calculate, backward, step.
#
# </details>
# <details><summary>How to see that a rate is too large</summary>
#
# The loss rises, or jumps up and down, from step to step.
#
# </details>
# <details><summary>What Adam keeps</summary>
#
# A running mean of the gradients, one of their squares, and the number of steps.
#
# </details>

# %% [markdown] items="S12.L5 S12.L6"
# ## Take-aways
#
# - SGD steps by the gradient, momentum by a speed, RMSprop and Adam by a gradient that is scaled.
# - The steepest direction limits the rate.
# - None is no gradient; 0 is one, and memory moves on.
# - Compare optimizers only with a rate tuned for each.
#
# ## Where next
#
# *Modules* puts weights and optimizers together. To read more, on the host where torch's documentation
# now lives: [torch.Tensor](https://docs.pytorch.org/docs/stable/tensors.html),
# [the autograd tutorial](https://docs.pytorch.org/tutorials/beginner/blitz/autograd_tutorial.html) and
# [torch.optim](https://docs.pytorch.org/docs/stable/optim.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "further/optimizers",
    goal="See what is still open before you go on.",
)
