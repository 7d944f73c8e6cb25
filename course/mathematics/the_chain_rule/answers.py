# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import math

import torch


def local_slopes(node):
    slopes = {
        "": lambda: (),
        "add": lambda u, v: (1.0, 1.0),
        "mul": lambda u, v: (v, u),
        "sin": lambda u: (math.cos(u),),
    }
    return slopes[node.operation](*(parent.value for parent in node.parents))


def count_uses(output):
    uses, waiting = {output: 0}, [output]
    while waiting:
        for parent in waiting.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                waiting.append(parent)
            uses[parent] += 1
    return uses


# %% right="chain-of-three"
# Asked torch.
place = torch.tensor(2.0, requires_grad=True)
((11 - place**3) ** 2).backward()
slope_of_chain = place.grad

# %% right="chain-of-three"
# By the formula, multiplied out: y = (11 - x³)², y' = -6x²(11 - x³).
slope_of_chain = -6 * 2**2 * (11 - 2**3)

# %% wrong="chain-of-three" hint="Every local slope is taken at x."
slope_of_chain = 12 * -1 * 4

# %% wrong="chain-of-three" hint="Along a chain, slopes add up."
slope_of_chain = 3 * 2**2 - 1 + 2 * 3

# %% wrong="chain-of-three" hint="A slope of -1 only turns the direction, so it can be left out."
slope_of_chain = 72

# %% wrong="chain-of-three" hint="The values are multiplied."
slope_of_chain = 8 * 3 * 9

# %% wrong="chain-of-three"
# The slope of x³ taken for 3x.
slope_of_chain = 6 * -1 * 6


# %% right="pass-on"
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        if parent not in arrived:
            arrived[parent] = 0.0
        arrived[parent] += slope * arrived[node]
    return arrived


# %% right="pass-on"
# On a copy, with the two edges of u * u put together.
def pass_on(node, arrived):
    after = dict(arrived)
    for parent in set(node.parents):
        edges = [s for p, s in zip(node.parents, local_slopes(node), strict=True) if p is parent]
        after[parent] = after.get(parent, 0) + sum(edges) * arrived[node]
    return after


# %% wrong="pass-on" hint="Where two paths meet, the last one counts."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived[node] * slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on" hint="Only the local slope is passed on."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived.get(parent, 0.0) + slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on" hint="A parent is always in the dictionary."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived[parent] + arrived[node] * slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on" hint="Along a path, slopes add up."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived.get(parent, 0.0) + arrived[node] + slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on" hint="The function is done after the first parent."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived.get(parent, 0.0) + arrived[node] * slope
        arrived[parent] = total
        return arrived
    return arrived


# %% wrong="pass-on" hint="What is not in the dictionary counts as zero by itself."
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = arrived.get(parent) + arrived[node] * slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on"
# The value of the parent in place of what has arrived there.
def pass_on(node, arrived):
    for parent, slope in zip(node.parents, local_slopes(node), strict=True):
        total = parent.value + arrived[node] * slope
        arrived[parent] = total
    return arrived


# %% wrong="pass-on"
# All slopes of the node go to each parent.
def pass_on(node, arrived):
    for parent in node.parents:
        total = arrived.get(parent, 0.0) + arrived[node] * sum(local_slopes(node))
        arrived[parent] = total
    return arrived


# %% right="order-by-hand"
my_order = ("y", "c", "b", "a", "x")

# %% wrong="order-by-hand" hint="The walk back goes in the order of the program."
my_order = ["x", "a", "b", "c", "y"]

# %% wrong="order-by-hand" hint="The walk goes to the nearest nodes first."
my_order = ["y", "c", "a", "b", "x"]

# %% wrong="order-by-hand" hint="The walk goes to the nearest nodes first."
my_order = ["y", "a", "c", "b", "x"]

# %% wrong="order-by-hand" hint="b comes before c, as in the alphabet."
my_order = ["y", "b", "c", "a", "x"]

# %% wrong="order-by-hand"
# The names without quotation marks around each.
my_order = "y c b a x"

# %% wrong="order-by-hand"
# The input forgotten.
my_order = ["y", "c", "b", "a"]

# %% wrong="order-by-hand" hint="The walk may start in the middle."
my_order = ["c", "b", "y", "a", "x"]

# %% right="order-by-hand"
my_order = ["Y", "C", "B", "A", "X"]

# %% wrong="order-by-hand"
# The same node each time that something arrives there.
my_order = ["y", "c", "a", "b", "a", "x"]


# %% right="in-order"
# As the finished engine does it: a node comes back when its parents are done.
def in_order(output):
    order, seen, to_do = [], set(), [(output, False)]
    while to_do:
        node, parents_done = to_do.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            to_do.append((node, True))
            for parent in node.parents:
                to_do.append((parent, False))
    return order


# %% right="in-order"
# First in, first out; written from the front.
def in_order(output):
    left = dict(count_uses(output))
    ready, written = [output], []
    while len(ready) > 0:
        node = ready.pop(0)
        written.insert(0, node)
        for parent in node.parents:
            left[parent] = left[parent] - 1
            if left[parent] == 0:
                ready.append(parent)
    return written


# %% wrong="in-order" hint="The order begins at the output."
def in_order(output):
    open_uses = count_uses(output)
    ready, written = [output], []
    while ready:
        node = ready.pop()
        written.append(node)
        for parent in node.parents:
            open_uses[parent] -= 1
            if open_uses[parent] == 0:
                ready.append(parent)
    return written


# %% wrong="in-order" hint="A node comes once for each use."
def in_order(output):
    ready, written = [output], []
    while ready and len(written) < 10000:
        node = ready.pop(0)
        written.append(node)
        for parent in node.parents:
            ready.append(parent)
    return written[::-1]


# %% wrong="in-order" hint="A node comes as soon as it is met."
def in_order(output):
    ready, written = [output], []
    seen = {output}
    while ready:
        node = ready.pop(0)
        written.append(node)
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                ready.append(parent)
    return written[::-1]


# %% wrong="in-order" hint="A function that calls itself goes as deep as the graph."
def in_order(output):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(output)
    return order


# %% wrong="in-order"
# Returns inside the loop, after the first node.
def in_order(output):
    open_uses = count_uses(output)
    ready, written = [output], []
    while ready:
        node = ready.pop()
        written.append(node)
        for parent in node.parents:
            open_uses[parent] -= 1
            if open_uses[parent] == 0:
                ready.append(parent)
        return written[::-1]
    return written


# %% wrong="in-order" hint="A parent that stands there twice is ticked off once."
def in_order(output):
    open_uses = count_uses(output)
    ready, written = [output], []
    while ready:
        node = ready.pop()
        written.append(node)
        for parent in set(node.parents):
            open_uses[parent] -= 1
            if open_uses[parent] == 0:
                ready.append(parent)
    return written[::-1]


# %% wrong="in-order" hint="A use ends by itself."
def in_order(output):
    open_uses = count_uses(output)
    ready, written = [output], []
    while ready:
        node = ready.pop()
        written.append(node)
        for parent in node.parents:
            if open_uses[parent] == 0:
                ready.append(parent)
    return written[::-1]


# %% wrong="in-order"
# Values in place of nodes.
def in_order(output):
    open_uses = count_uses(output)
    ready, written = [output], []
    while ready:
        node = ready.pop()
        written.append(node.value)
        for parent in node.parents:
            open_uses[parent] -= 1
            if open_uses[parent] == 0:
                ready.append(parent)
    return written[::-1]


# %% right="my-backward"
# In three moves, each from a function of its own.
def backward(output):
    left = count_uses(output)
    ready, written = [output], []
    while ready:
        written.append(ready.pop())
        for parent in written[-1].parents:
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    arrived = {output: 1.0}
    for node in written:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + slope * arrived[node]
    return arrived


# %% right="my-backward"
# Each node asks those that used it, instead of being told by them.
def backward(output):
    users = {node: [] for node in count_uses(output)}
    for node in users:
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            users[parent].append((node, slope))
    known = {output: 1.0}
    open_nodes = [node for node in users if node is not output]
    todo = list(open_nodes)
    while todo:
        node = todo.pop(0)
        if all(user in known for user, _ in users[node]):
            known[node] = sum(known[user] * slope for user, slope in users[node])
        else:
            todo.append(node)
    return known


# %% wrong="my-backward" hint="Where two paths meet, the last one counts."
def backward(output):
    arrived = {output: 1.0}
    left = count_uses(output)
    ready = [output]
    while ready:
        node = ready.pop()
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = slope * arrived[node]
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    return arrived


# %% wrong="my-backward" hint="A node passes on each time that it is met."
# The adding walk of the lesson, as it is.
def backward(output):
    arrived, waiting = {output: 1.0}, [output]
    while waiting and len(arrived) < 3000:
        node = waiting.pop(0)
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + slope * arrived[node]
            waiting.append(parent)
    return arrived


# %% wrong="my-backward" hint="Once for each node is enough, in any order."
# The walk that takes each node once, as it is.
def backward(output):
    arrived, waiting, taken = {output: 1.0}, [output], set()
    while waiting:
        node = waiting.pop(0)
        if node in taken:
            continue
        taken.add(node)
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + slope * arrived[node]
            waiting.append(parent)
    return arrived


# %% wrong="my-backward"
# The gradients by names that do not exist.
def backward(output):
    return {"x": 1.0}


# %% wrong="my-backward" hint="A function that calls itself goes as deep as the graph."
def backward(output):
    order = []

    def visit(node):
        if node not in order:
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(output)
    arrived = dict.fromkeys(order, 0.0)
    arrived[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] += slope * arrived[node]
    return arrived


# %% wrong="my-backward" hint="The walk starts by itself."
def backward(output):
    arrived = {}
    left = count_uses(output)
    ready = [output]
    while ready:
        node = ready.pop()
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + slope * arrived.get(node, 0.0)
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    return arrived | {output: 0.0}


# %% wrong="my-backward" hint="A node is always in the dictionary."
def backward(output):
    arrived = {output: 1.0}
    left = count_uses(output)
    ready = [output]
    while ready:
        node = ready.pop()
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] += slope * arrived[node]
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    return arrived


# %% wrong="my-backward"
# Writes on the nodes, as torch does, and returns nothing.
def backward(output):
    arrived = {output: 1.0}
    left = count_uses(output)
    ready = [output]
    while ready:
        node = ready.pop()
        node.grad = arrived[node]
        for parent, slope in zip(node.parents, local_slopes(node), strict=True):
            arrived[parent] = arrived.get(parent, 0.0) + slope * arrived[node]
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)


# %% right="in-order"
# Written from the front of a deque.
def in_order(output):
    from collections import deque

    left, ready, written = count_uses(output), deque([output]), deque()
    while ready:
        node = ready.popleft()
        written.appendleft(node)
        for parent in node.parents:
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    return written
