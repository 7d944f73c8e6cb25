# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

# %% right="two-paths-to-x1"
inputs = torch.tensor([3.0, 1.0], requires_grad=True)
hidden = (torch.tensor([[2.0, -1.0], [1.0, 1.0]]) @ inputs + torch.tensor([1.0, -2.0])).relu()
(torch.tensor([3.0, -2.0]) @ hidden - 1).backward()
slope_for_x1 = inputs.grad[0]

# %% right="two-paths-to-x1"
# Counted: y at x1 = 4 less y at x1 = 3.
slope_for_x1 = (3 * (8 - 1 + 1) - 2 * (4 + 1 - 2) - 1) - (3 * (6 - 1 + 1) - 2 * (3 + 1 - 2) - 1)

# %% wrong="two-paths-to-x1" hint="One path is the whole slope: the first."
slope_for_x1 = 6

# %% wrong="two-paths-to-x1" hint="Where paths meet, they are multiplied."
slope_for_x1 = 2 * 3 * -2

# %% wrong="two-paths-to-x1" hint="The size of a path counts, and not its sign."
slope_for_x1 = 8

# %% wrong="two-paths-to-x1" hint="The slope ends at the hidden nodes."
slope_for_x1 = 3

# %% wrong="two-paths-to-x1"
# The value of y.
slope_for_x1 = 13


# %% right="depth-of-a-node"
# Without recursion: each round goes one operation back.
def depth(node):
    level, steps = [node], 0
    while any(each.parents for each in level):
        level = [parent for each in level for parent in each.parents]
        steps += 1
    return steps


# %% right="depth-of-a-node"
def depth(node):
    return max((depth(p) + 1 for p in node.parents), default=0)


# %% right="depth-of-a-node"
def depth(node):
    deepest = 0
    for parent in node.parents:
        if depth(parent) + 1 > deepest:
            deepest = depth(parent) + 1
    return deepest


# %% right="depth-of-a-node"
# As a tensor of one number.
def depth(node):
    below = [torch.as_tensor(depth(parent)) for parent in node.parents]
    return torch.stack(below).max() + 1 if below else torch.tensor(0)


# %% wrong="depth-of-a-node" hint="An input is an operation."
def depth(node):
    if not node.parents:
        return 1
    return 1 + max(depth(parent) for parent in node.parents)


# %% wrong="depth-of-a-node" hint="The depth is the number of operations."
def depth(node):
    steps = 0
    for parent in node.parents:
        steps += depth(parent)
    return steps + 1 if node.parents else 0


# %% wrong="depth-of-a-node"
# No case for an input: max of nothing.
def depth(node):
    return 1 + max(depth(parent) for parent in node.parents)


# %% wrong="depth-of-a-node" hint="The first parent leads along the longest way."
def depth(node):
    steps = 0
    while node.parents:
        node = node.parents[0]
        steps += 1
    return steps


# %% wrong="depth-of-a-node" hint="The parents' depth is the node's own."
def depth(node):
    if not node.parents:
        return 0
    return max(depth(parent) for parent in node.parents)


# %% right="fold-two-layers"
def fold(W1, b1, W2, b2):
    return torch.matmul(W2, W1), W2.mv(b1) + b2


# %% right="fold-two-layers"
# By trying: b is what zero gives, and each column of W is what one input adds.
def fold(W1, b1, W2, b2):
    b = W2 @ (W1 @ torch.zeros(W1.shape[1], device=W1.device) + b1) + b2
    columns = [W2 @ (W1 @ unit + b1) + b2 - b for unit in torch.eye(W1.shape[1], device=W1.device)]
    return torch.stack(columns, dim=1), b


# %% wrong="fold-two-layers" hint="The order of a matrix product does not matter."
def fold(W1, b1, W2, b2):
    return W1 @ W2, W2 @ b1 + b2


# %% wrong="fold-two-layers" hint="The bias of the first layer arrives as it is."
def fold(W1, b1, W2, b2):
    W = W2 @ W1
    return W, b1 + b2


# %% wrong="fold-two-layers" hint="`*` is the product of two matrices."
def fold(W1, b1, W2, b2):
    return W2 * W1, W2 @ b1 + b2


# %% wrong="fold-two-layers"
# Only W is given back.
def fold(W1, b1, W2, b2):
    return W2 @ W1


# %% wrong="fold-two-layers"
# The other way round.
def fold(W1, b1, W2, b2):
    return W2 @ b1 + b2, W2 @ W1


# %% right="xor-output-weights"
out_weights = torch.tensor([1.0, -2.0])
out_bias = torch.tensor(0.0)

# %% right="xor-output-weights"
out_weights = (1, -2)
out_bias = 0

# %% wrong="xor-output-weights" hint="h2 has to be taken away once."
out_weights = [1, -1]
out_bias = 0

# %% wrong="xor-output-weights" hint="The answer is turned around."
out_weights = [-1, 2]
out_bias = 1

# %% wrong="xor-output-weights" hint="The hidden nodes' own weights are asked for."
out_weights = [1, 1]
out_bias = -1

# %% wrong="xor-output-weights"
# The answers themselves.
out_weights = [0, 1, 1, 0]
out_bias = 0

# %% wrong="xor-output-weights" hint="h1 alone is enough."
out_weights = [1, 0]
out_bias = 0


# %% right="count-parameters"
def count_parameters(sizes):
    total = 0
    for place in range(1, len(sizes)):
        total += sizes[place - 1] * sizes[place] + sizes[place]
    return total


# %% right="count-parameters"
def count_parameters(sizes):
    from itertools import pairwise

    layers = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
    return sum(p.numel() for layer in layers for p in layer.parameters())


# %% right="count-parameters"
# All layers at once, as a tensor of one number.
def count_parameters(sizes):
    sizes = torch.tensor(sizes)
    return ((sizes[:-1] + 1) * sizes[1:]).sum()


# %% wrong="count-parameters" hint="Only weights are parameters."
def count_parameters(sizes):
    from itertools import pairwise

    return sum(a * b for a, b in pairwise(sizes))


# %% wrong="count-parameters" hint="Inputs have a bias."
def count_parameters(sizes):
    from itertools import pairwise

    return sum(a * b for a, b in pairwise(sizes)) + sum(sizes)


# %% wrong="count-parameters" hint="Each layer has one bias."
def count_parameters(sizes):
    from itertools import pairwise

    return sum(a * b + 1 for a, b in pairwise(sizes))


# %% wrong="count-parameters"
# Right for one hidden layer, and for no other number.
def count_parameters(sizes):
    inputs, hidden, outputs = sizes
    return (inputs + 1) * hidden + (hidden + 1) * outputs


# %% wrong="count-parameters"
# The first layer only.
def count_parameters(sizes):
    total = 0
    for place in range(1, len(sizes)):
        total += (sizes[place - 1] + 1) * sizes[place]
        break
    return total


# %% right="first-layer-gradient"
# One weight at a time.
def first_layer_gradient(x, W1, b1, w2):
    gradient = torch.zeros_like(W1)
    for i in range(W1.shape[0]):
        total = b1[i]
        for j in range(W1.shape[1]):
            total = total + W1[i, j] * x[j]
        for j in range(W1.shape[1]):
            gradient[i, j] = w2[i] * x[j] if total > 0 else 0
    return gradient


# %% right="first-layer-gradient"
# Asked of torch after all.
def first_layer_gradient(x, W1, b1, w2):
    leaf = W1.clone().requires_grad_()
    (w2 @ (leaf @ x + b1).relu()).backward()
    return leaf.grad


# %% right="first-layer-gradient"
def first_layer_gradient(x, W1, b1, w2):
    awake = torch.where(W1 @ x + b1 > 0, 1.0, 0.0)
    return (awake * w2)[:, None] * x[None, :]


# %% wrong="first-layer-gradient" hint="A node that sleeps passes its slope on."
def first_layer_gradient(x, W1, b1, w2):
    return torch.outer(w2, x)


# %% wrong="first-layer-gradient" hint="Rows are inputs, columns are nodes."
def first_layer_gradient(x, W1, b1, w2):
    return torch.outer(x, w2 * (W1 @ x + b1 > 0))


# %% wrong="first-layer-gradient" hint="The slope of relu is its value."
def first_layer_gradient(x, W1, b1, w2):
    h = (W1 @ x + b1).relu()
    return torch.outer(w2 * h, x)


# %% wrong="first-layer-gradient" hint="The output's weights do not count."
def first_layer_gradient(x, W1, b1, w2):
    sums = W1 @ x + b1
    return torch.outer((sums > 0).float(), x)


# %% wrong="first-layer-gradient"
# The bias of the first layer forgotten, so that other nodes seem awake.
def first_layer_gradient(x, W1, b1, w2):
    return torch.outer(w2 * (W1 @ x > 0), x)
