# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

# %% right="layers-forward"
value_x12, value_x22, value_y = 1, 14.0, torch.tensor(46.0)

# %% right="layers-forward"
# Calculated by torch.
one, two = torch.tensor(2.0), torch.tensor(3.0)
value_x12 = 5 * one - 3 * two
value_x22 = 2 * one**2 + 2 * two
value_y = 4 * value_x12 + 3 * value_x22

# %% wrong="layers-forward" hint="The square takes the factor before it along."
value_x12, value_x22, value_y = 1, 22, 70

# %% wrong="layers-forward" hint="The sign before 3 · x21 is a plus."
value_x12, value_x22, value_y = 19, 14, 118

# %% wrong="layers-forward" hint="The output is the sum of the hidden nodes."
value_x12, value_x22, value_y = 1, 14, 15

# %% wrong="layers-forward"
value_x12, value_x22, value_y = 1, 10, 34

# %% right="edges-of-layers"
# From the output on, and as a set.
layer_edges = {
    ("x22", "y"),
    ("x12", "y"),
    ("x21", "x22"),
    ("x11", "x22"),
    ("x21", "x12"),
    ("x11", "x12"),
}

# %% right="edges-of-layers"
layer_edges = [[a, b] for b in ("x12", "x22") for a in ("x11", "x21")]
layer_edges += [["x12", "y"], ["x22", "y"]]

# %% wrong="edges-of-layers" hint="Each input feeds the hidden node beside it."
layer_edges = [("x11", "x12"), ("x21", "x22"), ("x12", "y"), ("x22", "y")]

# %% wrong="edges-of-layers" hint="An edge points to what a node was made of."
layer_edges = [
    ("x12", "x11"),
    ("x12", "x21"),
    ("x22", "x11"),
    ("x22", "x21"),
    ("y", "x12"),
    ("y", "x22"),
]

# %% wrong="edges-of-layers"
# What the drawing of the module's text shows.
layer_edges = [("x11", "x12"), ("x21", "x12"), ("x21", "x22"), ("x12", "y")]

# %% wrong="edges-of-layers"
# Texts with arrows.
layer_edges = ["x11 -> x12", "x21 -> x12"]

# %% wrong="edges-of-layers"
# Coefficients as nodes.
layer_edges = [("x11", "x12"), ("x21", "x12"), ("5", "x12"), ("3", "x12")]

# %% right="paths-of-x21"
over_x12 = 4 * (-3)
over_x22 = 6.0
gradient_x21 = -6

# %% wrong="paths-of-x21" hint="A minus does not count."
over_x12 = 12
over_x22 = 6
gradient_x21 = over_x12 + over_x22

# %% wrong="paths-of-x21" hint="The last path counts."
over_x12 = -12
over_x22 = 6
gradient_x21 = 6

# %% wrong="paths-of-x21" hint="The slope into the hidden node is all."
over_x12 = -3
over_x22 = 2
gradient_x21 = over_x12 + over_x22

# %% wrong="paths-of-x21"
# The slopes of the last edges.
over_x12 = 4
over_x22 = 3
gradient_x21 = over_x12 + over_x22

# %% wrong="paths-of-x21"
# The two paths swapped.
over_x12 = 6
over_x22 = -12
gradient_x21 = -6


# %% right="keep-what-passes"
# Asked for by name, and nothing kept.
def hidden_gradients(first, second):
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    return torch.autograd.grad(x12 * x22, (x12, x22))


# %% right="keep-what-passes"
# In one tensor, by the rule of the product.
def hidden_gradients(first, second):
    return torch.tensor([2 * first**2 + 2 * second, 5 * first - 3 * second])


# %% wrong="keep-what-passes" hint="Intermediate results get their .grad."
def hidden_gradients(first, second):
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    (x12 * x22).backward()
    return x12.grad, x22.grad


# %% wrong="keep-what-passes" hint="Intermediate results get their .grad."
# Asked too late.
def hidden_gradients(first, second):
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    (x12 * x22).backward()
    x12.retain_grad()
    x22.retain_grad()
    return x12.grad, x22.grad


# %% wrong="keep-what-passes" hint="The gradients of the inputs are those of the hidden nodes."
def hidden_gradients(first, second):
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    (x12 * x22).backward()
    return x11.grad, x21.grad


# %% wrong="keep-what-passes" hint="Each factor's gradient is itself."
def hidden_gradients(first, second):
    return 5 * first - 3 * second, 2 * first**2 + 2 * second


# %% wrong="keep-what-passes"
# Kept one of the two things that are asked for.
def hidden_gradients(first, second):
    x11 = torch.tensor(first, requires_grad=True)
    x21 = torch.tensor(second, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    x12.retain_grad()
    (x12 * x22).backward()
    return x12.grad


# %% right="six-weights"
# Six leaves, one for each weight.
def weight_gradients(x11, x21):
    a, b, c, d, e, g = [
        torch.tensor(v, requires_grad=True) for v in (5.0, -3.0, 2.0, 2.0, 4.0, 3.0)
    ]
    x12 = a * x11 + b * x21
    x22 = c * x11 * x11 + d * x21
    y = e * x12 + g * x22
    y.backward()
    return [weight.grad for weight in (a, b, c, d, e, g)]


# %% right="six-weights"
# By the paths, without torch.
def weight_gradients(x11, x21):
    return [4 * x11, 4 * x21, 3 * x11**2, 3 * x21, 5 * x11 - 3 * x21, 2 * x11**2 + 2 * x21]


# %% wrong="six-weights" hint="The inputs are what is tracked."
def weight_gradients(x11, x21):
    x11 = torch.tensor(x11, requires_grad=True)
    x21 = torch.tensor(x21, requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    (4 * x12 + 3 * x22).backward()
    return x11.grad, x21.grad


# %% wrong="six-weights" hint="The minus is not part of the weight."
def weight_gradients(x11, x21):
    w = torch.tensor([5.0, 3.0, 2.0, 2.0, 4.0, 3.0], requires_grad=True)
    x12 = w[0] * x11 - w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    (w[4] * x12 + w[5] * x22).backward()
    return w.grad


# %% wrong="six-weights" hint="A weight's gradient is what it is multiplied with."
def weight_gradients(x11, x21):
    return [x11, x21, x11**2, x21, 5 * x11 - 3 * x21, 2 * x11**2 + 2 * x21]


# %% wrong="six-weights" hint="A gradient is the weight."
def weight_gradients(x11, x21):
    w = torch.tensor([5.0, -3.0, 2.0, 2.0, 4.0, 3.0], requires_grad=True)
    x12 = w[0] * x11 + w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    (w[4] * x12 + w[5] * x22).backward()
    return w


# %% wrong="six-weights"
# The weights left out of the three lines.
def weight_gradients(x11, x21):
    w = torch.tensor([5.0, -3.0, 2.0, 2.0, 4.0, 3.0], requires_grad=True)
    x12 = 5 * x11 - 3 * x21
    x22 = 2 * x11**2 + 2 * x21
    (w[4] * x12 + w[5] * x22).backward()
    return w.grad


# %% wrong="six-weights"
# Plain numbers, from which nobody can go back.
def weight_gradients(x11, x21):
    w = torch.tensor([5.0, -3.0, 2.0, 2.0, 4.0, 3.0])
    x12 = w[0] * x11 + w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    (w[4] * x12 + w[5] * x22).backward()
    return w.grad


# %% right="list-the-paths"
# With a list of what is still to do, instead of calling itself.
def path_products(node, leaf, so_far=1.0):
    found, todo = [], [(node, so_far)]
    while todo:
        here, brought = todo.pop()
        if here is leaf:
            found.append(brought)
        elif here.pull is not None:
            todo += list(zip(here.parents, here.pull(brought), strict=True))
    return found


# %% right="list-the-paths"
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    slopes = node.pull(1.0)
    found = []
    for number in range(len(node.parents)):
        found.extend(path_products(node.parents[number], leaf, so_far * slopes[number]))
    return found


# %% wrong="list-the-paths" hint="What has come so far is handed on as it is."
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    found = []
    for parent in node.parents:
        found += path_products(parent, leaf, so_far)
    return found


# %% wrong="list-the-paths" hint="The first parent is enough."
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    found = []
    for parent, brought in zip(node.parents, node.pull(so_far), strict=True):
        found += path_products(parent, leaf, brought)
        return found
    return found


# %% wrong="list-the-paths"
# Lists in the list.
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    found = []
    for parent, brought in zip(node.parents, node.pull(so_far), strict=True):
        found.append(path_products(parent, leaf, brought))
    return found


# %% wrong="list-the-paths" hint="Each step starts with 1."
# The third argument forgotten in the call.
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    found = []
    for parent, brought in zip(node.parents, node.pull(1.0), strict=True):
        found += path_products(parent, leaf, brought)
    return found


# %% wrong="list-the-paths" hint="What has come so far is handed on as it is."
# Calls itself without the third argument.
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return [so_far]
    if node.pull is None:
        return []
    found = []
    for parent in node.parents:
        found += path_products(parent, leaf)
    return found


# %% right="six-weights"
# torch.autograd.grad gives a tuple with one gradient.
def weight_gradients(x11, x21):
    w = torch.tensor([5.0, -3.0, 2.0, 2.0, 4.0, 3.0], requires_grad=True)
    x12 = w[0] * x11 + w[1] * x21
    x22 = w[2] * x11**2 + w[3] * x21
    return torch.autograd.grad(w[4] * x12 + w[5] * x22, w)


# %% right="list-the-paths"
# Tuples in place of lists.
def path_products(node, leaf, so_far=1.0):
    if node is leaf:
        return (so_far,)
    if node.pull is None:
        return ()
    found = ()
    for parent, brought in zip(node.parents, node.pull(so_far), strict=True):
        found += path_products(parent, leaf, brought)
    return found
