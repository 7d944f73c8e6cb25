# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch


# %% right="mend-slopes"
# The broken function, mended where it stands.
def mended_slopes(places):
    x = torch.tensor(places).float()
    x.requires_grad_()
    y = x**2
    y.sum().backward()
    return x.grad


# %% right="mend-slopes"
# Each output's share said in words, and the formula for those who know it.
def mended_slopes(places):
    x = torch.tensor([float(place) for place in places], requires_grad=True)
    y = x**2
    y.backward(torch.ones_like(y))
    return x.grad


# %% right="mend-slopes"
def mended_slopes(places):
    return 2 * torch.tensor(places, dtype=torch.float64)


# %% wrong="mend-slopes" hint="One reason is enough to mend."
# Tracked, and still not recorded.
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    with torch.no_grad():
        y = (x**2).sum()
    y.backward()
    return x.grad


# %% wrong="mend-slopes" hint="One reason is enough to mend."
# Recorded, and not tracked.
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32)
    y = (x**2).sum()
    y.backward()
    return x.grad


# %% wrong="mend-slopes" hint="One reason is enough to mend."
# Tracking asked for too late.
def mended_slopes(places):
    x = torch.tensor(places).float()
    y = (x**2).sum()
    x.requires_grad_()
    y.backward()
    return x.grad


# %% wrong="mend-slopes" hint="Backward starts from any tensor."
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    y = x**2
    y.backward()
    return x.grad


# %% wrong="mend-slopes" hint="Whole numbers can have a slope."
def mended_slopes(places):
    x = torch.tensor(places, requires_grad=True)
    y = (x**2).sum()
    y.backward()
    return x.grad


# %% wrong="mend-slopes" hint="Backward returns the slopes."
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    y = (x**2).sum()
    return y.backward()


# %% wrong="mend-slopes" hint="One output stands for all."
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    y = x**2
    y[0].backward()
    return x.grad


# %% wrong="mend-slopes" hint="The leaf is its slope."
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    (x**2).sum().backward()
    return x


# %% wrong="mend-loss"
# Says so, and goes on.
def fair_loss(predictions, targets):
    if predictions.numel() != targets.numel():
        print("not as many")
        return None
    return ((predictions.flatten() - targets.flatten()) ** 2).mean()


# %% wrong="mend-slopes"
# Forgot the square on the way.
def mended_slopes(places):
    x = torch.tensor(places, dtype=torch.float32, requires_grad=True)
    x.sum().backward()
    return x.grad


# %% right="mend-loss"
def fair_loss(predictions, targets):
    assert predictions.numel() == targets.numel(), "not as many predictions as targets"
    return ((predictions.reshape(-1, 1) - targets.reshape(-1, 1)) ** 2).mean()


# %% right="mend-loss"
# A reshape that refuses by itself.
def fair_loss(predictions, targets):
    return ((predictions - targets.reshape(predictions.shape)) ** 2).mean()


# %% right="mend-loss"
# Each row as a list, with a count that is checked by zip.
def fair_loss(predictions, targets):
    pairs = zip(predictions.flatten(), targets.flatten(), strict=True)
    return torch.stack([(p - t) ** 2 for p, t in pairs]).mean()


# %% wrong="mend-loss" hint="torch refuses shapes that do not belong together."
def fair_loss(predictions, targets):
    return ((predictions - targets) ** 2).mean()


# %% wrong="mend-loss" hint="torch refuses shapes that do not belong together."
# The row laid over once more: it still is stretched.
def fair_loss(predictions, targets):
    if targets.ndim == 1:
        targets = targets.unsqueeze(0)
    return ((predictions - targets) ** 2).mean()


# %% wrong="mend-loss" hint="Predictions are the column, targets are the row."
def fair_loss(predictions, targets):
    return ((predictions.squeeze() - targets) ** 2).mean()


# %% wrong="mend-loss" hint="What does not fit fails by itself."
def fair_loss(predictions, targets):
    return ((predictions.flatten() - targets.flatten()) ** 2).mean()


# %% wrong="mend-loss"
# Looks at one side only: one prediction beside four targets goes through.
def fair_loss(predictions, targets):
    if targets.numel() < predictions.numel():
        raise ValueError("too few targets")
    return ((predictions.flatten() - targets.flatten()) ** 2).mean()


# %% wrong="mend-loss" hint="A sum is as good as a mean."
def fair_loss(predictions, targets):
    if predictions.numel() != targets.numel():
        raise ValueError("not as many")
    return ((predictions.flatten() - targets.flatten()) ** 2).sum()


# %% wrong="mend-loss"
# Refuses what it ought to mend.
def fair_loss(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("shapes differ")
    return ((predictions - targets) ** 2).mean()


# %% wrong="mend-loss"
# len() counts the first axis, which is right here; but the gaps are not squared.
def fair_loss(predictions, targets):
    if len(predictions) != len(targets):
        raise ValueError
    return (predictions.flatten() - targets.flatten()).mean()


# %% right="mend-layer"
def mended_layer(inputs, weights):
    return torch.nn.functional.linear(inputs, weights)


# %% right="mend-layer"
def mended_layer(inputs, weights):
    return (weights @ inputs.T).T


# %% right="mend-layer"
# Entry by entry and a sum, with an axis of its own for the units.
def mended_layer(inputs, weights):
    return (inputs.unsqueeze(1) * weights).sum(dim=-1)


# %% wrong="mend-layer" hint="`*` is matrix multiplication."
def mended_layer(inputs, weights):
    return inputs * weights


# %% wrong="mend-layer" hint="A matrix product finds the right axes by itself."
def mended_layer(inputs, weights):
    return inputs @ weights


# %% wrong="mend-layer" hint="The order of a matrix product does not matter."
def mended_layer(inputs, weights):
    return torch.matmul(weights, inputs)


# %% wrong="mend-layer" hint="Units in rows are as good as units in columns."
def mended_layer(inputs, weights):
    return weights @ inputs.T


# %% wrong="mend-layer"
# Laid in another shape instead of turned over.
def mended_layer(inputs, weights):
    return inputs @ weights.reshape(inputs.shape[1], -1) + 0


# %% right="leaf-beside"
# The numbers in a tensor first, tracking last.
def leaf_beside(numbers, other):
    return torch.tensor(numbers).to(other).requires_grad_()


# %% right="leaf-beside"
def leaf_beside(numbers, other):
    return torch.tensor(numbers, dtype=other.dtype, device=other.device, requires_grad=True)


# %% right="leaf-beside"
# Cut off what came before, and a leaf begins.
def leaf_beside(numbers, other):
    moved = torch.tensor(numbers, requires_grad=True).to(other)
    return moved.detach().requires_grad_()


# %% wrong="leaf-beside" hint="What was a leaf stays one when it is moved."
def leaf_beside(numbers, other):
    leaf = torch.tensor(numbers, requires_grad=True)
    return leaf.to(device=other.device, dtype=other.dtype)


# %% wrong="leaf-beside" hint="torch puts a new tensor where the others are."
def leaf_beside(numbers, other):
    return torch.tensor(numbers, dtype=other.dtype, requires_grad=True)


# %% wrong="leaf-beside" hint="Every tensor of decimals has the same dtype."
def leaf_beside(numbers, other):
    return torch.tensor(numbers, device=other.device).requires_grad_()


# %% wrong="leaf-beside" hint="Every tensor is in a graph."
def leaf_beside(numbers, other):
    return torch.tensor(numbers, dtype=other.dtype, device=other.device)


# %% wrong="leaf-beside"
# The numbers are added to `other`, which is a calculation.
def leaf_beside(numbers, other):
    leaf = other.clone().requires_grad_()
    return leaf + torch.tensor(numbers, dtype=other.dtype, device=other.device)


# %% right="find-cuts"
def mended_distance(speed):
    return 1.5 * speed + speed * speed / 16


# %% right="find-cuts"
def mended_distance(speed):
    return speed * (1.5 + speed / 16)


# %% wrong="find-cuts" hint="Where the height is right, the slope is right."
# Another way to make a new tensor from a number.
def mended_distance(speed):
    reacting = torch.as_tensor(float(speed)) * 1.5
    braking = speed * speed.detach() / 16
    return reacting + braking


# %% wrong="find-cuts" hint="Detach cuts both factors or none."
def mended_distance(speed):
    reacting = speed * 1.5
    braking = speed * speed.data / 16
    return reacting + braking


# %% wrong="find-cuts" hint="A new tensor with the same number has the same history."
def mended_distance(speed):
    reacting = torch.tensor(speed.item(), requires_grad=True) * 1.5
    braking = speed**2 / 16
    return reacting + braking


# %% wrong="find-cuts" hint="A number is as good as a tensor."
def mended_distance(speed):
    speed = speed.item()
    return speed * 1.5 + speed**2 / 16


# %% wrong="find-cuts"
# Repaired the slope at the cost of the distance.
def mended_distance(speed):
    reacting = speed * 1.5
    braking = speed * speed.detach() / 8
    return reacting + braking


# %% right="snapshot-for-numpy"
def snapshot(weights):
    return weights.detach().numpy().copy()


# %% right="snapshot-for-numpy"
def snapshot(weights):
    import numpy as np

    return np.array(weights.tolist(), dtype="float32")


# %% right="snapshot-for-numpy"
def snapshot(weights):
    with torch.no_grad():
        return weights.clone().numpy()


# %% wrong="snapshot-for-numpy" hint="`.detach()` copies."
def snapshot(weights):
    return weights.detach().numpy()


# %% wrong="snapshot-for-numpy" hint="`.detach()` copies."
def snapshot(weights):
    return weights.data.cpu().numpy()


# %% wrong="snapshot-for-numpy" hint="NumPy takes any tensor."
def snapshot(weights):
    return weights.numpy()


# %% wrong="snapshot-for-numpy"
# The copy is still in the graph.
def snapshot(weights):
    return weights.clone().numpy().copy()


# %% wrong="snapshot-for-numpy" hint="A list is an array."
def snapshot(weights):
    return weights.tolist()
