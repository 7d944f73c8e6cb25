# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import matplotlib.pyplot as plt
import torch

from course.further.optimizers.exercises import losses as losses_of


# %% right="draw-learning-rates"
# With pyplot's own functions, a scale for the eye, and steps written out.
def draw_rates(rates):
    plt.figure()
    for rate in rates:
        losses = losses_of(rate)
        plt.plot(range(len(losses)), losses, "o-", label=str(rate))
    plt.xlabel("step")
    plt.ylabel("loss")
    plt.yscale("log")
    plt.legend()
    return plt.gca()


# %% wrong="draw-learning-rates" hint="A picture needs no labels."
def draw_rates(rates):
    _, axes = plt.subplots()
    for rate in rates:
        axes.plot(losses_of(rate))
    return axes


# %% wrong="draw-learning-rates" hint="Only the last rate is drawn."
def draw_rates(rates):
    _, axes = plt.subplots()
    for rate in rates:
        losses = losses_of(rate)
    axes.plot(losses)
    axes.set(xlabel="step", ylabel="loss")
    return axes


# %% wrong="draw-learning-rates"
# Axes of its own for each rate.
def draw_rates(rates):
    _, several = plt.subplots(len(rates))
    for axes, rate in zip(several, rates, strict=True):
        axes.plot(losses_of(rate))
        axes.set(xlabel="step", ylabel="loss")
    return several[0]


# %% wrong="draw-learning-rates"
# Another label than was asked for.
def draw_rates(rates):
    _, axes = plt.subplots()
    for rate in rates:
        axes.plot(losses_of(rate))
    axes.set(xlabel="steps", ylabel="loss")
    return axes


# %% right="momentum-step"
# The rate inside the speed, which is the same while the rate stays.
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    memory["move"] = keep * memory.get("move", 0) + rate * g
    return w - memory["move"]


# %% right="momentum-step"
# All gradients kept, and added up with their shares.
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    seen = memory.setdefault("seen", [])
    seen.append(g)
    speed = sum(each * keep**age for age, each in enumerate(reversed(seen)))
    return w - rate * speed


# %% wrong="momentum-step" hint="The speed is there by itself in the next step."
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    old_speed = memory.get("speed", 0.0)
    speed = keep * old_speed + g
    return w - rate * speed


# %% wrong="momentum-step" hint="The speed is a mean."
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    memory["speed"] = keep * memory.get("speed", 0.0) + (1 - keep) * g
    return w - rate * memory["speed"]


# %% wrong="momentum-step"
# The speed is returned, not the weight.
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    memory["speed"] = keep * memory.get("speed", 0.0) + g
    return memory["speed"]


# %% wrong="momentum-step"
# No return.
def momentum_step(w, g, memory, rate=0.1, keep=0.9):
    memory["speed"] = keep * memory.get("speed", 0.0) + g
    w -= rate * memory["speed"]


# %% right="rmsprop-step"
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    square = memory.get("square", 0.0)
    square += (1 - keep) * (g * g - square)
    memory["square"] = square
    usual = square**0.5
    return w - g * (rate / (usual + tiny))


# %% wrong="rmsprop-step" hint="It is divided by the mean of the squares."
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    memory["square"] = keep * memory.get("square", 0.0) + (1 - keep) * g**2
    return w - rate * g / (memory["square"] + tiny)


# %% wrong="rmsprop-step" hint="The new square counts in full."
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    memory["square"] = keep * memory.get("square", 0.0) + g**2
    return w - rate * g / (memory["square"] ** 0.5 + tiny)


# %% wrong="rmsprop-step"
# The memory is asked for what is not there yet.
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    memory["square"] = keep * memory["square"] + (1 - keep) * g**2
    return w - rate * g / (memory["square"] ** 0.5 + tiny)


# %% wrong="rmsprop-step"
# tiny under the root, and g squared above the line.
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    memory["square"] = keep * memory.get("square", 0.0) + (1 - keep) * g**2
    return w - rate * g**2 / (memory["square"] + tiny) ** 0.5


# %% right="adam-step"
# The correction put into the rate, as some write it.
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    n, mean, square = memory.get("all", (0, 0.0, 0.0))
    n += 1
    mean = keep1 * mean + (1 - keep1) * g
    square = keep2 * square + (1 - keep2) * g * g
    memory["all"] = n, mean, square
    root = (square / (1 - keep2**n)) ** 0.5
    return w - rate / (1 - keep1**n) * mean / (root + tiny)


# %% wrong="adam-step" hint="The means need no correction."
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    memory["mean"] = keep1 * memory.get("mean", 0) + (1 - keep1) * g
    memory["square"] = keep2 * memory.get("square", 0) + (1 - keep2) * g**2
    return w - rate * memory["mean"] / (memory["square"] ** 0.5 + tiny)


# %% wrong="adam-step" hint="The first step has the number 0."
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    n = memory.get("n", 0)
    memory["n"] = n + 1
    memory["mean"] = keep1 * memory.get("mean", 0) + (1 - keep1) * g
    memory["square"] = keep2 * memory.get("square", 0) + (1 - keep2) * g**2
    m, s = memory["mean"] / (1 - keep1**n), memory["square"] / (1 - keep2**n)
    return w - rate * m / (s**0.5 + tiny)


# %% wrong="adam-step" hint="Each step is the first."
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    n = 1
    memory["mean"] = keep1 * memory.get("mean", 0) + (1 - keep1) * g
    memory["square"] = keep2 * memory.get("square", 0) + (1 - keep2) * g**2
    m, s = memory["mean"] / (1 - keep1**n), memory["square"] / (1 - keep2**n)
    return w - rate * m / (s**0.5 + tiny)


# %% wrong="adam-step"
# Asked of torch each time anew, so that nothing is remembered.
def adam_step(w, g, memory, rate=0.1, keep1=0.9, keep2=0.999, tiny=1e-8):
    leaf = torch.tensor(float(w), dtype=torch.float64, requires_grad=True)
    leaf.grad = torch.tensor(float(g), dtype=torch.float64)
    torch.optim.Adam([leaf], lr=rate).step()
    return leaf.item()


# %% right="rmsprop-step"
# The root taken by torch, so that the weight becomes a tensor.
def rmsprop_step(w, g, memory, rate=0.01, keep=0.9, tiny=1e-8):
    memory["square"] = keep * memory.get("square", 0.0) + (1 - keep) * g**2
    return w - rate * g / (torch.sqrt(torch.tensor(memory["square"])) + tiny)
