# %% [markdown] items="S12.L1"
# # Custom functions
#
# **25 minutes · difficulty 3 of 3**
#
# You need: the rules of your `MyTensor`, where `pull` turns an upstream gradient into one for each
# parent.
#
# At the end you will be able to
#
# - write an operation for torch with a backward of your own;
# - let `gradcheck` judge it, and say what it cannot judge;
# - mend a wrong backward from what torch says about it;
# - give a backward that is *not* the slope, and say what for.

# %%
import warnings

import numpy as np
import torch

import chalkgrad
from chalkboard import draw_graph, plot_losses
from course.further.custom_functions.exercises import check
from course.further.custom_functions.questions import predict, quiz
from course.my_tensor.mathematics import MyTensor

# %% [markdown] items="S12.L1"
# ## An operation with a rule of its own
#
# torch has a rule for each of its operations. You can add one: a class with two functions. You know
# all parts of it already:
#
# | your `MyTensor` | `torch.autograd.Function` |
# |---|---|
# | the value is calculated | `forward(ctx, x)` returns it |
# | `pull` remembers what it saw | `ctx.save_for_backward(x)` keeps it |
# | `pull(upstream)` | `backward(ctx, upstream)` |
# | one gradient per parent | one gradient per argument of `forward`, or None |
#
# `ctx`, the context, is what `forward` leaves for `backward`. And one never calls the two: one calls
# `Square.apply(x)`, which also records the node.
#
# **Predict.** The next cell makes y = 5 · Square(x) at x = 3, and goes backward.

# %%
predict("told-and-passed-on")


# %% items="S12.L1"
class Square(torch.autograd.Function):
    """x · x, as one operation."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


x = torch.tensor(3.0, requires_grad=True)
s = Square.apply(x)
s.retain_grad()  # keep what Square's backward is told
y = 5 * s
y.backward()
print("told:  ", s.grad)
print("passed:", x.grad)
draw_graph(y, names={"x": x, "s": s, "y": y})

# %% [markdown]
# **Explain.** In the graph stands one node, `SquareBackward`, and not a multiplication: inside
# `forward` nothing is recorded. So torch believes your `backward`, whatever it says.
#
# ### Exercise: Cube
#
# *3 minutes, difficulty 1.* The same for x · x · x, with gaps. Upstream will not be 1.
#
# <details><summary>Hint 1: what is the slope?</summary>
#
# By how much does x³ grow when x grows? Let one factor grow at a time: there are three.
#
# </details>
# <details><summary>Hint 2: what is passed on?</summary>
#
# How much y grows for the result (upstream), times how much the result grows for x.
#
# </details>


# %% answer="cube-function"
class Cube(torch.autograd.Function):
    """x · x · x, as one operation."""

    @staticmethod
    def forward(ctx, x):
        ### BEGIN SOLUTION
        ctx.save_for_backward(x)
        return x**3
        ### END SOLUTION

    @staticmethod
    def backward(ctx, upstream):
        ### BEGIN SOLUTION
        (x,) = ctx.saved_tensors
        return upstream * 3 * x**2
        ### END SOLUTION


# %% check="cube-function"
check("cube-function", Cube.apply)

# %% [markdown] items="S12.L1"
# ## Who checks the rule?
#
# A wrong `backward` raises nothing. Training goes on, in a wrong direction. `gradcheck` asks a
# witness that needs no rule: it goes a step of 0.000001 to both sides and compares.
#
# **Predict.** The next cell checks the right `Square` twice: with float64, and with float32.

# %%
predict("gradcheck-in-float32")

# %% items="S12.L1"
for dtype in (torch.float64, torch.float32):
    place = torch.tensor([3.0, -2.0], dtype=dtype, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch also warns of float32; here it is on purpose
        try:
            print(dtype, torch.autograd.gradcheck(Square.apply, (place,)))
        except RuntimeError as error:
            print(dtype, type(error).__name__, error)

# %% [markdown]
# **Explain.** Read the two blocks of such a message: *numerical* is what the small steps found,
# *analytical* what your backward said. Row and column count the elements. Of an element-wise
# operation only the diagonal is not 0: each result depends on its own input alone.
#
# ## A rule that does not hold
#
# `Blend` mixes two tensors: a share 1 - t of a, and a share t of b. `t` is a plain number, which is
# kept on `ctx` as an attribute.
#
# **Predict.** Its `backward` below has two faults.

# %%
predict("two-gradients-for-three")


# %% items="S12.L1"
class Blend(torch.autograd.Function):
    """(1 - t) · a + t · b, with two faults."""

    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.t, upstream * (1 - ctx.t)


a = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
b = torch.tensor([5.0, 7.0], dtype=torch.float64, requires_grad=True)
try:
    Blend.apply(a, b, 0.25).sum().backward()
except RuntimeError as error:
    print(type(error).__name__, error)


class StillWrong(Blend):
    """The first fault is mended: there is a third answer, None."""

    @staticmethod
    def backward(ctx, upstream):
        return (*Blend.backward(ctx, upstream), None)


try:
    torch.autograd.gradcheck(StillWrong.apply, (a, b, 0.25))
except RuntimeError as error:
    print(type(error).__name__, error)

# %% [markdown]
# ### Exercise: mend it
#
# *3 minutes, difficulty 2.* Write `Mended`, a `Blend` whose backward is right. `forward` is given.
#
# <details><summary>Hint 1: the message</summary>
#
# For input 0, which is a, the small steps say 0.75 and the backward says 0.25. With t = 0.25, which
# share is a's?
#
# </details>
# <details><summary>Hint 2: how many answers?</summary>
#
# One for each argument of `forward` after `ctx`, in the same order. A plain number wants None.
#
# </details>


# %% answer="mended-blend"
class Mended(torch.autograd.Function):
    """(1 - t) · a + t · b."""

    @staticmethod
    def forward(ctx, a, b, t):
        ctx.t = t
        return (1 - t) * a + t * b

    @staticmethod
    def backward(ctx, upstream):
        ### BEGIN SOLUTION
        return upstream * (1 - ctx.t), upstream * ctx.t, None
        ### END SOLUTION


# %% check="mended-blend"
check("mended-blend", Mended.apply)

# %% [markdown]
# ## A backward that is not the slope, on purpose
#
# Some networks calculate with whole numbers, to save memory and time
# ([Jacob and others, 2017](https://arxiv.org/abs/1712.05877)). Rounding is a staircase: flat nearly
# everywhere.
#
# **Predict.** The next cell wants `round(w)` to be 3 and starts at w = 0.2: once with torch's own
# `round`, once with a `round` whose backward passes the upstream on as it is.

# %%
predict("training-through-a-staircase")


# %%
class RoundThrough(torch.autograd.Function):
    """Rounds forward; backward, it behaves as if nothing had been done."""

    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, upstream):
        return upstream


losses = {}
for name, rounded in {"torch.round": torch.round, "RoundThrough": RoundThrough.apply}.items():
    w = torch.tensor(0.2, requires_grad=True)
    losses[name] = []
    for _ in range(12):
        loss = (rounded(w) - 3) ** 2
        losses[name].append(loss.item())
        w.grad = None
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
    print(f"{name}: w ends at {w.item():.2f}")
plot_losses(losses)

# %% [markdown]
# **Explain.** This is a *straight-through* estimator
# ([Bengio, Léonard and Courville, 2013](https://arxiv.org/abs/1308.3432)). It is no slope of the
# staircase, but of a straight line through its steps. `gradcheck` would call it wrong: it cannot tell
# a purpose from a mistake. You have to say which it is.
#
# ### Exercise: the sign, straight through
#
# *4 minutes, difficulty 2.* Alone: `SignThrough`, as in networks with weights -1 and 1
# ([Courbariaux and others, 2016](https://arxiv.org/abs/1602.02830)). Forward gives the sign of x.
# Backward passes the upstream on where x lies between -1 and 1, borders included; elsewhere
# it passes 0.
#
# <details><summary>Hint 1: what has to be saved?</summary>
#
# Backward asks where x lies. The sign does not say that.
#
# </details>
# <details><summary>Hint 2: pass or not</summary>
#
# `x.abs() <= 1` is True or False for each element, and multiplies as 1 or 0.
#
# </details>


# %% answer="sign-through"
class SignThrough(torch.autograd.Function):
    """The sign of x; backward as if it were the straight line from -1 to 1."""

    ### BEGIN SOLUTION
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sign()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x.abs() <= 1)

    ### END SOLUTION


# %% check="sign-through"
check("sign-through", SignThrough.apply)

# %% [markdown]
# ### Question: not the slope
#
# *2 minutes, marked by a person, 2 points.* `RoundThrough` has a backward that is not the slope of its
# forward. Why can it still be of use, and what do you give up with it? Two or three sentences.

# %% [markdown] written="why-not-the-slope"
# ### BEGIN SOLUTION
# The true slope of rounding is zero nearly everywhere, so training would stand still. The slope of a
# line through the steps at least says in which direction the rounded value will change. What is
# given up is the promise of a gradient: the number is no longer how the loss changes here. So gradcheck
# fails, a step may make the loss larger, and that it works must be shown by trying.
# ### END SOLUTION

# %% [markdown] items="S12.L1"
# ## The same in chalkgrad, and in your own engine
#
# **Predict.** The text of `Square` is given to chalkgrad. Another reason for a rule of one's own comes
# second: log(1 + e^x), called *softplus*, at x = 100.

# %%
predict("same-text-and-overflow")

# %% items="S12.L1"


class SquareToo(chalkgrad.autograd.Function):
    """The same two functions, taken over as they are."""

    forward = staticmethod(Square.forward)
    backward = staticmethod(Square.backward)


place = chalkgrad.tensor(3.0, requires_grad=True)
(5 * SquareToo.apply(place)).backward()
print("in chalkgrad:", place.grad)

x = torch.tensor(100.0, requires_grad=True)
y = (1 + x.exp()).log()
y.backward()
print("softplus at 100:", y.item(), "and its slope:", x.grad.item())

# %% [markdown]
# **Explain.** What `apply` does is a page of Python, in
# `src/chalkgrad/autograd.py`: it runs `forward` with recording off, and then attaches a node.
#
# And softplus? e^100 is too large for a float32, so it became inf, and on the way back inf met 0. But
# softplus at 100 is nearly 100, and its slope nearly 1. Taken as *one* operation with its own
# rule, it stays right: the slope is 1 / (1 + e^-x).
#
# ### Exercise: softplus in your engine
#
# *4 minutes, difficulty 3.* Give `MyTensor` this operation, right for x = 1000 too. A result is made
# by `MyTensor(value, parents, pull, name)`; `pull(upstream)` returns a tuple with one gradient for
# each parent. Work on `node.value` with NumPy.
#
# <details><summary>Hint 1: the value</summary>
#
# `np.logaddexp(a, b)` is log(e^a + e^b), calculated without overflow. What are a and b here?
#
# </details>
# <details><summary>Hint 2: the slope</summary>
#
# The form above, with e to the power of *minus* x, is the one that stays finite for large x.
#
# </details>
# <details><summary>Hint 3: a tuple of one</summary>
#
# `(gradient,)`: the comma makes the tuple.
#
# </details>


# %% answer="softplus-in-my-engine"
def softplus(node):
    """Return log(1 + e^x) of a MyTensor, as one node with a rule of its own."""
    ### BEGIN SOLUTION
    value = np.logaddexp(0, node.value)
    slope = 1 / (1 + np.exp(-node.value))
    return MyTensor(value, (node,), lambda upstream: (upstream * slope,), "softplus")
    ### END SOLUTION


# %% check="softplus-in-my-engine"
check("softplus-in-my-engine", (MyTensor, softplus))

# %% [markdown] items="S12.L4 S12.L7"
# ## Where this comes from
#
# Programs that differentiate programs are older than torch, Python, and the web.
#
# | year | who | what |
# |---|---|---|
# | 1964 | Wengert | [forward mode](https://doi.org/10.1145/355586.364791), on two pages: a library of operations that carry derivatives along |
# | 1970, 1976 | Linnainmaa | reverse mode, for rounding errors, [in English in 1976](https://doi.org/10.1007/BF01931367) |
# | 1980 | Speelpenning | a compiler that writes reverse mode, in his thesis *Compiling Fast Partial Derivatives of Functions Given by Algorithms* |
# | 1989 | Griewank | *On automatic differentiation*: what reverse mode costs, in time and memory |
# | 2018 | Baydin and others | [the survey for machine learning](https://jmlr.org/papers/v18/17-468.html), JMLR 18 |
#
# Several people found it without knowing of each other:
# [Griewank, 2012](https://ftp.gwdg.de/pub/misc/EMIS/journals/DMJDMV/vol-ismp/52_griewank-andreas-b.pdf), asks
# who was first.
# [Wikipedia's page](https://en.wikipedia.org/wiki/Automatic_differentiation) explains the two modes
# well, with examples; it is an introduction, not a history.

# %% [markdown]
# ## Quiz
#
# Four questions; the last one goes back to an earlier lesson.

# %%
quiz("custom-functions")

# %% [markdown]
# ## Checkpoint
#
# Without scrolling up: say each answer aloud, then open it.
#
# <details><summary>What backward is told, and what it returns</summary>
#
# Told: how much the output grows for its result. Returned: one gradient for each argument of forward.
#
# </details>
# <details><summary>Why gradcheck wants float64</summary>
#
# The difference of two nearby heights drowns in the rounding of float32.
#
# </details>
# <details><summary>What a straight-through backward gives up</summary>
#
# That the number is the slope of what was calculated.
#
# </details>

# %% [markdown]
# ## Take-aways
#
# - `forward` calculates and saves, `backward` multiplies what it is told by the local slope.
# - torch believes your backward; `gradcheck`, in float64, does not.
# - A rule of one's own can be more exact than the rules of its parts.
# - A backward that is no slope is a choice to be named and tried.
#
# ## Where next
#
# *Optimizers*: what to do with a gradient, once it is right. To read more: torch's notes on
# [extending autograd](https://docs.pytorch.org/docs/stable/notes/extending.html).
#
# For words, there is the [glossary](../../course/glossary.md).

# %%
from autograder.progress import course_progress
from chalkboard import Progress

Progress(
    course_progress,
    "further/custom_functions",
    goal="See what is still open before you go on.",
)
