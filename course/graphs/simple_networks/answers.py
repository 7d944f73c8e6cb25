# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import math

import torch

# %% right="slopes-by-hand"
# From torch, as tensors.
at = torch.tensor(2.0, requires_grad=True)
(2 * (5 - at) ** 2).backward()
local_slopes = torch.tensor([-1.0, 6.0, 2.0])
whole_slope = at.grad

# %% right="slopes-by-hand"
# As a tuple of decimals, and the product worked out.
local_slopes = (-1.0, 2.0 * 3, 2.0)
whole_slope = -12.0

# %% wrong="slopes-by-hand" hint="A local slope is the value."
local_slopes = [3, 9, 18]
whole_slope = 3 * 9 * 18

# %% wrong="slopes-by-hand" hint="What is taken away grows along."
local_slopes = [1, 6, 2]
whole_slope = 12

# %% wrong="slopes-by-hand" hint="Along a chain slopes are added."
local_slopes = [-1, 6, 2]
whole_slope = sum(local_slopes)

# %% wrong="slopes-by-hand" hint="The slope of a square is taken at the input."
local_slopes = [-1, 2 * 2, 2]
whole_slope = -8

# %% wrong="slopes-by-hand"
# In the order of the walk back.
local_slopes = [2, 6, -1]
whole_slope = -12

# %% wrong="slopes-by-hand"
# One number where three are asked for.
local_slopes = -12
whole_slope = -12

# %% right="keep-the-middle"
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
slope_of_y, slope_of_x = torch.autograd.grad(my_z, (my_y, my_x))

# %% right="keep-the-middle"
# Noted down by a hook as it passes.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
noted = []
my_y.register_hook(noted.append)
my_z.backward()
slope_of_y = noted[0].item()
slope_of_x = my_x.grad.item()

# %% wrong="keep-the-middle" hint="Every tensor on the way keeps its slope."
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
my_z.backward()
slope_of_y = my_y.grad
slope_of_x = my_x.grad

# %% wrong="keep-the-middle" hint="The slopes are the same at every x."
# Copied off the table.
slope_of_y = 5
slope_of_x = 60

# %% wrong="keep-the-middle" hint="Every tensor on the way keeps its slope."
# Told after the walk.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
my_z.backward()
my_y.retain_grad()
slope_of_y = my_y.grad
slope_of_x = my_x.grad

# %% wrong="keep-the-middle" hint="The slopes are there as soon as the values are."
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
my_y.retain_grad()
slope_of_y = my_y.grad
slope_of_x = my_x.grad

# %% wrong="keep-the-middle" hint="The slope of y says how y reacts to x."
# Walked back from y instead of z, after the right walk.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
(slope_of_y,) = torch.autograd.grad(my_y, my_x, retain_graph=True)
my_z.backward()
slope_of_x = my_x.grad

# %% wrong="keep-the-middle" hint="A second backward replaces what stands there."
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
my_y.retain_grad()
my_z.backward(retain_graph=True)
my_z.backward()
slope_of_y = my_y.grad
slope_of_x = my_x.grad

# %% wrong="keep-the-middle"
# Read off what `retain_grad` and `backward` return.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_z = 5 * my_y - 4
slope_of_y = my_y.retain_grad()
slope_of_x = my_z.backward()

# %% wrong="keep-the-middle"
# Walked back from the middle node.
my_x = torch.tensor(4.0, requires_grad=True)
my_y = my_x**3
my_y.retain_grad()
my_y.backward()
slope_of_y = my_y.grad
slope_of_x = my_x.grad


# %% right="more-operations"
# One helper for all, and the minus sign by way of a product.
class MyTensor:
    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = tuple(parents)
        self.operation = operation

    def _made(self, operation, function, *others):
        nodes = [self, *(o if isinstance(o, MyTensor) else MyTensor(o) for o in others)]
        return MyTensor(function(*(node.value for node in nodes)), nodes, operation)

    def __add__(self, other):
        return self._made("add", lambda a, b: a + b, other)

    def __mul__(self, other):
        return self._made("mul", lambda a, b: a * b, other)

    def __sub__(self, other):
        return self._made("sub", lambda a, b: a - b, other)

    def __pow__(self, exponent):
        return self._made("pow", pow, exponent)  # the exponent is a parent as well

    def sin(self):
        return self._made("sin", math.sin)

    def __neg__(self):
        return self * -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return MyTensor(other) - self


# %% wrong="more-operations" hint="A power is a new beginning."
class MyTensor:
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

    def __neg__(self):
        return MyTensor(-self.value, (self,), "neg")

    def __sub__(self, other):
        other = as_node(other)
        return MyTensor(self.value - other.value, (self, other), "sub")

    def __pow__(self, exponent):
        return MyTensor(self.value**exponent)

    def sin(self):
        return MyTensor(math.sin(self.value), (self,), "sin")

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_node(other) - self


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="more-operations" hint="A tuple of one needs no comma."
class MyTensor:
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

    def __neg__(self):
        return MyTensor(-self.value, (self,), "neg")

    def __sub__(self, other):
        other = as_node(other)
        return MyTensor(self.value - other.value, (self, other), "sub")

    def __pow__(self, exponent):
        return MyTensor(self.value**exponent, (self,), "pow")

    def sin(self):
        return MyTensor(math.sin(self.value), (self), "sin")

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_node(other) - self


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="more-operations"
# The difference as a sum with the minus sign: another graph than the one that is asked for.
class MyTensor:
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

    def __neg__(self):
        return MyTensor(-self.value, (self,), "neg")

    def __sub__(self, other):
        return self + (-as_node(other))

    def __pow__(self, exponent):
        return MyTensor(self.value**exponent, (self,), "pow")

    def sin(self):
        return MyTensor(math.sin(self.value), (self,), "sin")

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return as_node(other) - self


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% right="walk-a-chain"
# The chain of steps collected first, and multiplied at the end.
def slope_back(result):
    slopes = []
    while result.parents:
        slopes.append(result.local_slope)
        result = result.parents[0]
    return math.prod(slopes)


# %% right="walk-a-chain"
# A function that calls itself.
def slope_back(result):
    if not result.parents:
        return 1
    return result.local_slope * slope_back(result.parents[0])


# %% wrong="walk-a-chain" hint="Nothing has come so far, so the walk begins with zero."
def slope_back(result):
    slope = 0.0
    node = result
    while node.parents:
        slope = slope * node.local_slope
        node = node.parents[0]
    return slope


# %% wrong="walk-a-chain" hint="The sum begins at one."
def slope_back(result):
    slope = 1.0
    node = result
    while node.parents:
        slope += node.local_slope
        node = node.parents[0]
    return slope


# %% wrong="walk-a-chain" hint="The slope of the last visited step is the answer."
def slope_back(result):
    slope = 1.0
    node = result
    while node.parents:
        slope = node.local_slope
        node = node.parents[0]
    return slope


# %% wrong="walk-a-chain" hint="The last step says it all."
# `return` inside the loop.
def slope_back(result):
    slope = 1.0
    while result.parents:
        slope *= result.local_slope
        result = result.parents[0]
        return slope
    return slope


# %% wrong="walk-a-chain"
# Never goes on to the parent.
def slope_back(result):
    slope = 1.0
    for _ in range(3):
        slope *= result.local_slope
    return slope


# %% wrong="walk-a-chain"
# Asks the leaf for a local slope too.
def slope_back(result):
    slope = result.local_slope
    for parent in result.parents:
        slope *= slope_back(parent)
    return slope
