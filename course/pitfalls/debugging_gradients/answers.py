# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

from course.my_tensor import practice
from course.my_tensor.mathematics import in_order


# %% right="leaf-in-graph"
# By recursion, with a memory of what was seen.
def reaches(result, leaf):
    seen = set()

    def visit(node):
        if node is None or node in seen:
            return False
        seen.add(node)
        if node.name() == "torch::autograd::AccumulateGrad":
            return node.variable is leaf
        return any(visit(parent) for parent, _ in node.next_functions)

    return visit(result.grad_fn)


# %% right="leaf-in-graph"
# Asked of autograd itself.
def reaches(result, leaf):
    if not result.requires_grad:
        return False
    (gradient,) = torch.autograd.grad(result, leaf, allow_unused=True)
    return gradient is not None


# %% right="leaf-in-graph"
# The gap filled in another way.
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = hasattr(node, "variable") and node.variable is leaf
        next_nodes = []
        for pair in node.next_functions:
            next_nodes.append(pair[0])
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph" hint="A graph is a chain."
def reaches(result, leaf):
    node = result.grad_fn
    while node is not None:
        if hasattr(node, "variable"):
            return node.variable is leaf
        node = node.next_functions[0][0]
    return False


# %% wrong="leaf-in-graph" hint="The leaf itself is a node."
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = node == leaf
        next_nodes = [parent for parent, _ in node.next_functions]
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph" hint="The leaf with the same number is the same leaf."
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = getattr(node, "variable", None) == leaf
        next_nodes = [parent for parent, _ in node.next_functions]
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph" hint="Every node has a variable."
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = node.variable is leaf
        next_nodes = [parent for parent, _ in node.next_functions]
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph" hint="next_functions holds nodes."
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = getattr(node, "variable", None) is leaf
        next_nodes = node.next_functions
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph" hint="One node comes next."
def reaches(result, leaf):
    waiting, seen = [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        is_my_leaf = getattr(node, "variable", None) is leaf
        next_nodes = node.next_functions[0][0]
        waiting.extend(next_nodes)
        if is_my_leaf:
            return True
    return False


# %% wrong="leaf-in-graph"
# Asks whether the leaf has a gradient, which it has after a walk only.
def reaches(result, leaf):
    return leaf.grad is not None


# %% right="trainable-weights"
def small_weights(numbers, scale):
    return torch.tensor([number * scale for number in numbers], requires_grad=True)


# %% right="trainable-weights"
def small_weights(numbers, scale):
    weights = torch.tensor(numbers, requires_grad=True)
    with torch.no_grad():
        weights *= scale
    return weights


# %% right="trainable-weights"
def small_weights(numbers, scale):
    scaled = torch.tensor(numbers, requires_grad=True) * scale
    return scaled.detach().requires_grad_()


# %% wrong="trainable-weights" hint="What is calculated from a leaf is a leaf."
def small_weights(numbers, scale):
    weights = torch.tensor(numbers, requires_grad=True) * scale
    weights.retain_grad()
    return weights


# %% wrong="trainable-weights" hint="Every tensor is in a graph."
def small_weights(numbers, scale):
    return torch.tensor(numbers) * scale


# %% wrong="trainable-weights" hint="The scale can come later."
def small_weights(numbers, scale):
    weights = torch.tensor(numbers, requires_grad=True)
    weights * scale
    return weights


# %% wrong="trainable-weights" hint="A list can be multiplied."
# A list times a number repeats the list, or fails.
def small_weights(numbers, scale):
    return torch.tensor(numbers * scale, requires_grad=True)


# %% right="mend-training"
# With torch's optimizer.
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% right="mend-training"
# A new leaf each round, so that nothing can pile up.
def mended_training(x, target, rate, rounds):
    place = 0.0
    losses = []
    for _ in range(rounds):
        w = torch.tensor(place, requires_grad=True)
        loss = ((w * x - target) ** 2).mean()
        (slope,) = torch.autograd.grad(loss, w)
        place -= rate * slope.item()
        losses.append(loss.item())
    return losses


# %% right="mend-training"
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        w.data -= rate * w.grad
        w.grad.zero_()
        losses.append(loss.item())
    return losses


# %% right="mend-training"
# Each loss kept as a tensor, cut off from its graph.
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        losses.append(loss.detach())
        w.grad = None
        loss.backward()
        with torch.no_grad():
            w.sub_(rate * w.grad)
    return losses


# %% wrong="mend-training" hint="A step is a calculation like any other."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    loss = ((w * x - target) ** 2).mean()
    losses = []
    for _ in range(rounds):
        loss.backward()
        w -= rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training" hint="A loss, once calculated, stays true."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    loss = ((w * x - target) ** 2).mean()
    losses = []
    for _ in range(rounds):
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training" hint="retain_graph mends a second walk, or backward makes the step."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    loss = ((w * x - target) ** 2).mean()
    losses = []
    for _ in range(rounds):
        losses.append(loss.item())
        if len(losses) == 1:
            loss.backward(retain_graph=True)
    return losses


# %% wrong="mend-training" hint="retain_graph mends a second walk, or backward makes the step."
# Everything is there but the step.
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        w.grad = None
    return losses


# %% wrong="mend-training" hint="Backward replaces the slope that stands on a leaf."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training" hint="A weight is a name."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        w = w - rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training" hint="A new tensor is tracked as the old one was."
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w = w - rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training"
# The reset comes before the step.
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        w.grad = None
        with torch.no_grad():
            w -= rate * w.grad
        losses.append(loss.item())
    return losses


# %% wrong="mend-training"
# Returns tensors that still hold their graphs, after the step.
def mended_training(x, target, rate, rounds):
    w = torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(rounds):
        loss = ((w * x - target) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None
        losses.append(((w * x - target) ** 2).mean().item())
    return losses


# %% right="engine-errors"
# A set of what was walked, kept on the class.
class MyTensor(practice.MyTensor):
    walked = False

    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = len(self.value.ravel())
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        calculated = [node for node in in_order(self) if not node.is_leaf]
        for node in calculated:
            if node.walked:
                raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        for node in calculated:
            node.walked = True


# %% wrong="engine-errors" hint="The number of axes is the number of numbers."
class MyTensor(practice.MyTensor):
    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = len(self.value.shape)
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        calculated = [node for node in in_order(self) if not node.is_leaf]
        if any(getattr(node, "is_spent", False) for node in calculated):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        for node in calculated:
            node.is_spent = True


# %% wrong="engine-errors" hint="A leaf can be used once."
class MyTensor(practice.MyTensor):
    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = self.value.size
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        every = in_order(self)
        if any(getattr(node, "is_spent", False) for node in every):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        for node in every:
            node.is_spent = True


# %% wrong="engine-errors" hint="Only the result is walked."
class MyTensor(practice.MyTensor):
    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = self.value.size
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if getattr(self, "is_spent", False):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
        self.is_spent = True


# %% wrong="engine-errors" hint="A refusal may come after the walk."
class MyTensor(practice.MyTensor):
    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = self.value.size
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        calculated = [node for node in in_order(self) if not node.is_leaf]
        super().backward()
        for node in calculated:
            if getattr(node, "is_spent", False):
                raise RuntimeError("Trying to backward through the graph a second time")
            node.is_spent = True


# %% wrong="engine-errors"
# Each mark is set while one looks for marks: the walk never happens twice, nor once in a diamond.
class MyTensor(practice.MyTensor):
    def backward(self):
        if not self.requires_grad:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        how_many = self.value.size
        if how_many > 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        calculated = [node for node in in_order(self) if not node.is_leaf]
        for node in calculated:
            node.is_spent = True
        if any(getattr(node, "is_spent", False) for node in calculated):
            raise RuntimeError("Trying to backward through the graph a second time")
        super().backward()
