# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

from course.graphs.automatic_gradients.asks import polynomial as f

# %% right="slope-at-five"
# From the formula of the slope, 3x² - 26x + 54.
slope_at_five = 3 * 5**2 - 26 * 5 + 54

# %% right="slope-at-five"
somewhere = torch.tensor(5.0, requires_grad=True)
f(somewhere).backward()
slope_at_five = somewhere.grad

# %% wrong="slope-at-five" hint="The slope is the height."
slope_at_five = (5 - 3) * (5 - 6) * (5 - 4)

# %% wrong="slope-at-five" hint="The slope of a product is the sum of the slopes."
slope_at_five = 3

# %% wrong="slope-at-five" hint="The slope of a product is the product of the slopes."
# Took the right sum, and lost its sign.
slope_at_five = 1

# %% right="slope-at-five"
# A difference of two heights, as near as its step.
slope_at_five = (f(5.001) - f(4.999)) / 0.002

# %% wrong="slope-at-five" hint="The slope is the same everywhere."
# Read off the worked example.
slope_at_five = 14

# %% wrong="slope-at-five" hint="The slope is the sum of the factors."
slope_at_five = 2 + (-1) + 1

# %% wrong="slope-at-five"
# A row of the table forgotten.
slope_at_five = (5 - 3) * (5 - 6) + (5 - 6) * (5 - 4)

# %% wrong="slope-at-five"
slope_at_five = "-1"

# %% right="tracked-leaf"
# Tracking switched on afterwards, in float64.
my_leaf = torch.tensor(1, dtype=torch.float64)
my_leaf.requires_grad_()
my_value = f(my_leaf)
my_value.backward()
my_slope = my_leaf.grad.item()

# %% right="tracked-leaf"
# The polynomial multiplied out, and the gradient asked for by function.
my_leaf = torch.ones(1, requires_grad=True)
my_value = my_leaf**3 - 13 * my_leaf**2 + 54 * my_leaf - 72
torch.autograd.backward(my_value)
my_slope = my_leaf.grad

# %% right="tracked-leaf"
# The gradient asked for, and left on no leaf.
my_leaf = torch.nn.Parameter(torch.tensor(1.0))
my_value = f(my_leaf)
(my_slope,) = torch.autograd.grad(my_value, my_leaf)

# %% wrong="tracked-leaf"
# Backward was run; what is missing is where its slope stands.
my_leaf = torch.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
my_slope = my_value.backward()

# %% wrong="tracked-leaf"
# Made with the engine of the course, where torch is asked for.
import chalkgrad

my_leaf = chalkgrad.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
my_value.backward()
my_slope = my_leaf.grad

# %% wrong="tracked-leaf" hint="Every tensor is in a graph."
my_leaf = torch.tensor(1.0)
my_value = f(my_leaf)
try:
    my_value.backward()
except RuntimeError as error:
    print(error)
my_slope = my_leaf.grad

# %% wrong="tracked-leaf" hint="A whole number can have a slope."
my_leaf = torch.tensor(1)
my_value = f(my_leaf)
my_slope = my_leaf.grad

# %% wrong="tracked-leaf" hint="The slope is there as soon as the value is."
my_leaf = torch.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
my_slope = my_leaf.grad

# %% wrong="tracked-leaf" hint="A second backward replaces the slope of the first."
my_leaf = torch.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
my_value.backward(retain_graph=True)
my_value.backward()
my_slope = my_leaf.grad

# %% wrong="tracked-leaf" hint="The value is the slope."
my_leaf = torch.tensor(1.0, requires_grad=True)
my_value = f(my_leaf)
my_value.backward()
my_slope = my_value

# %% wrong="tracked-leaf"
# A result, not a leaf: the slope does not stay on it.
my_leaf = torch.tensor(0.0, requires_grad=True) + 1
my_value = f(my_leaf)
my_value.backward()
my_slope = None

# %% wrong="tracked-leaf"
# Plain numbers.
my_leaf = 1.0
my_value = f(my_leaf)
my_slope = 31.0


# %% right="slope-anywhere"
def slope(g, x_value):
    return torch.func.grad(g)(torch.tensor(x_value))


# %% right="slope-anywhere"
def slope(g, x_value):
    x = torch.tensor([x_value], requires_grad=True, dtype=torch.float64)
    y = g(x)
    (gradient,) = torch.autograd.grad(y, x)
    return gradient.item()


# %% right="slope-anywhere"
# With the engine of the course in place of torch, where it has the operation; otherwise torch.
def slope(g, x_value):
    import chalkgrad

    x = chalkgrad.tensor(x_value, requires_grad=True)
    try:
        g(x).backward()
    except AttributeError:
        x = torch.tensor(x_value, requires_grad=True)
        g(x).backward()
    return x.grad.item()


# %% wrong="slope-anywhere" hint="The result of the function is its slope."
def slope(g, x_value):
    x = torch.tensor(x_value, requires_grad=True)
    y = g(x)
    y.backward()
    return y


# %% wrong="slope-anywhere" hint="Backward returns the slope."
def slope(g, x_value):
    x = torch.tensor(x_value, requires_grad=True)
    g(x).backward()


# %% wrong="slope-anywhere" hint="Every tensor is in a graph."
def slope(g, x_value):
    x = torch.tensor(x_value)
    y = g(x)
    y.backward()
    return x.grad


# %% wrong="slope-anywhere" hint="A small step to both sides is the same as the slope from torch."
def slope(g, x_value):
    h = 1e-6
    x = torch.tensor(x_value, dtype=torch.float64)
    return (g(x + h) - g(x - h)) / (2 * h)


# %% right="slope-anywhere"
# Forward mode, which gives the same.
def slope(g, x_value):
    return torch.func.jvp(g, (torch.tensor(x_value),), (torch.tensor(1.0),))[1]


# %% wrong="slope-anywhere" hint="Backward returns the slope."
# Nobody walked back.
def slope(g, x_value):
    x = torch.tensor(x_value, requires_grad=True)
    g(x)
    return x.grad


# %% wrong="slope-anywhere" hint="The slope is that of f, whatever the function."
def slope(g, x_value):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    return x.grad


# %% wrong="slope-anywhere" hint="The leaf is its slope."
def slope(g, x_value):
    x = torch.tensor(x_value, requires_grad=True)
    g(x).backward()
    return x


# %% wrong="slope-anywhere"
# One side only, in float32.
def slope(g, x_value):
    h = 1e-3
    x = torch.tensor(x_value)
    return (g(x + h) - g(x)) / h


# %% wrong="slope-anywhere" hint="The slope is that of f, whatever the function."
# Knows f only.
def slope(g, x_value):
    return 3 * x_value**2 - 26 * x_value + 54


# %% right="many-slopes"
def slopes(points):
    x = points.detach().requires_grad_()
    y = f(x)
    y.backward(gradient=torch.ones_like(y))
    return x.grad


# %% right="many-slopes"
def slopes(points):
    return torch.func.vmap(torch.func.grad(f))(points.flatten()).reshape(points.shape)


# %% right="many-slopes"
# A loop with a new leaf each time; slower, and as right.
def slopes(points):
    found = []
    for point in points.flatten():
        leaf = point.clone().requires_grad_()
        f(leaf).backward()
        found.append(leaf.grad)
    return torch.stack(found).reshape(points.shape)


# %% right="many-slopes"
# By the formula, which needs no walk.
def slopes(points):
    return 3 * points**2 - 26 * points + 54


# %% right="many-slopes"
# Forward: each point grows by itself, and all at once.
def slopes(points):
    return torch.func.jvp(f, (points,), (torch.ones_like(points),))[1]


# %% wrong="many-slopes" hint="Every tensor is in a graph."
def slopes(points):
    x = points.clone()
    f(x).sum().backward()
    return x.grad


# %% wrong="many-slopes" hint="The slopes at many points are the slope at their sum."
def slopes(points):
    x = points.clone().requires_grad_()
    f(x.sum()).backward()
    return x.grad


# %% wrong="many-slopes" hint="The leaves are their slopes."
def slopes(points):
    x = points.clone().requires_grad_()
    f(x).sum().backward()
    return x


# %% wrong="many-slopes"
# The highest point only.
def slopes(points):
    x = points.clone().requires_grad_()
    f(x).max().backward()
    return x.grad


# %% wrong="many-slopes"
# The points laid in a row, and never put back in their shape.
def slopes(points):
    x = points.flatten().clone().requires_grad_()
    f(x).sum().backward()
    return x.grad


# %% wrong="many-slopes" hint="Backward starts from any tensor."
def slopes(points):
    x = points.clone().requires_grad_()
    f(x).backward()
    return x.grad


# %% wrong="many-slopes" hint="One backward gives one slope."
def slopes(points):
    x = points.clone().requires_grad_()
    f(x).sum().backward()
    return x.grad.sum()


# %% wrong="many-slopes" hint="Backward replaces the slope that stands on a leaf."
def slopes(points):
    x = torch.zeros((), dtype=points.dtype, device=points.device, requires_grad=True)
    found = []
    for point in points.flatten():
        with torch.no_grad():
            x.copy_(point)
        f(x).backward()
        found.append(x.grad.clone())
    return torch.stack(found).reshape(points.shape)


# %% wrong="many-slopes" hint="A mean is as good as a sum."
def slopes(points):
    x = points.clone().requires_grad_()
    f(x).mean().backward()
    return x.grad


# %% wrong="many-slopes"
# A small step instead of a walk back: near, and not right.
def slopes(points):
    h = 1e-5
    return (f(points + h) - f(points - h)) / (2 * h)


# %% right="downhill-step"
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=rate)
    f(x).backward()
    optimizer.step()
    return x


# %% right="downhill-step"
def downhill_step(x_value, rate):
    return x_value - rate * (3 * x_value**2 - 26 * x_value + 54)


# %% wrong="downhill-step" hint="The step is its length."
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    return rate * slope_here


# %% wrong="downhill-step" hint="The gradient points downhill."
# Right where the curve rises, and uphill where it falls.
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    if slope_here > 0:
        return x_value - rate * slope_here
    return x_value + rate * slope_here


# %% wrong="downhill-step" hint="The gradient points downhill."
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    return x_value + rate * slope_here


# %% wrong="downhill-step"
# Always to the left.
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    return x_value - rate * abs(slope_here)


# %% wrong="downhill-step" hint="One walks by the height."
def downhill_step(x_value, rate):
    return x_value - rate * f(x_value)


# %% wrong="downhill-step" hint="The step is where one arrives."
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    return -rate * slope_here


# %% wrong="downhill-step"
# The rate forgotten.
def downhill_step(x_value, rate):
    x = torch.tensor(x_value, requires_grad=True)
    f(x).backward()
    slope_here = x.grad.item()
    return x_value - slope_here


# %% right="flat-places"
flat_places = [(13 - 7**0.5) / 3, (13 + 7**0.5) / 3]

# %% right="flat-places"
# Walked there, downhill to the one and uphill to the other; in the other order.
bottom, top = 5.0, 4.0
for _ in range(200):
    bottom -= 0.05 * (3 * bottom**2 - 26 * bottom + 54)
    top += 0.05 * (3 * top**2 - 26 * top + 54)
flat_places = torch.tensor([bottom, top])

# %% right="flat-places"
# Found by NumPy, each a number of NumPy's own.
import numpy as np

flat_places = [np.float32(root) for root in np.roots([3, -26, 54])]

# %% wrong="flat-places"
# A third place, where the curve is steepest between the two.
flat_places = [3.45, 4.33, 5.22]

# %% wrong="flat-places"
# Commas inside the numbers.
flat_places = [3,45, 5,22]  # fmt: skip

# %% wrong="flat-places" hint="One decimal says where the slope is zero."
flat_places = [3.4, 5.2]

# %% wrong="flat-places" hint="Where the height is zero, the curve is flat."
flat_places = [6, 4, 3]

# %% wrong="flat-places" hint="Where the height is zero, the curve is flat."
flat_places = [3, 6]

# %% wrong="flat-places" hint="A top or bottom is halfway between two zeros."
flat_places = [3.5, 5]

# %% wrong="flat-places" hint="A flat place is said by its height."
flat_places = [0.63, -2.11]

# %% wrong="flat-places"
# Found one of the two.
flat_places = [3.45, 3.45]

# %% wrong="flat-places"
flat_places = 3.45


# %% right="dual-numbers"
# Other names inside, and plain numbers allowed on either side.
class Dual:
    def __init__(self, value, slope=0):
        self.value, self.slope = value, slope

    def _dual(self, other):
        return other if isinstance(other, Dual) else Dual(other)

    def __add__(self, other):
        other = self._dual(other)
        return Dual(self.value + other.value, other.slope + self.slope)

    __radd__ = __add__

    def __mul__(self, other):
        other = self._dual(other)
        grown_first, grown_second = self.slope * other.value, other.slope * self.value
        return Dual(self.value * other.value, grown_first + grown_second)

    __rmul__ = __mul__

    def __sub__(self, other):
        return self + self._dual(other) * -1


# %% right="dual-numbers"
# A dataclass, with a rule of its own for taking a number away.
from dataclasses import dataclass


@dataclass(frozen=True)
class Dual:
    value: float
    slope: float = 0.0

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __sub__(self, number):
        return Dual(self.value - number, self.slope)


# %% wrong="dual-numbers" hint="Each factor multiplies its own growth."
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        slope = self.slope + other.slope
        return Dual(value, slope)

    def __mul__(self, other):
        value = self.value * other.value
        slope = self.value * self.slope + other.value * other.slope
        return Dual(value, slope)

    def __sub__(self, number):
        return self + Dual(-number)


# %% wrong="dual-numbers" hint="The slope of a sum is the product of the slopes."
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        slope = self.slope * other.slope
        return Dual(value, slope)

    def __mul__(self, other):
        value = self.value * other.value
        slope = self.slope * other.value + self.value * other.slope
        return Dual(value, slope)

    def __sub__(self, number):
        return self + Dual(-number)


# %% wrong="dual-numbers" hint="The slope of a product is the product of the slopes."
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        slope = self.slope + other.slope
        return Dual(value, slope)

    def __mul__(self, other):
        value = self.value * other.value
        slope = self.slope * other.slope
        return Dual(value, slope)

    def __sub__(self, number):
        return self + Dual(-number)


# %% wrong="dual-numbers" hint="Only the first factor of a product grows."
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        slope = self.slope + other.slope
        return Dual(value, slope)

    def __mul__(self, other):
        value = self.value * other.value
        slope = self.slope * other.value
        return Dual(value, slope)

    def __sub__(self, number):
        return self + Dual(-number)


# %% wrong="dual-numbers"
# A product forgotten to be returned as a Dual.
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        value = self.value + other.value
        slope = self.slope + other.slope
        return Dual(value, slope)

    def __mul__(self, other):
        return self.value * other.value

    def __sub__(self, number):
        return self + Dual(-number)


# %% wrong="dual-numbers"
# torch smuggled in.
class Dual:
    def __init__(self, value, slope=0.0):
        self.value = value
        self.slope = slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        u = torch.tensor(float(self.value), requires_grad=True)
        v = torch.tensor(float(other.value), requires_grad=True)
        (u * v).backward()
        slope = self.slope * u.grad.item() + other.slope * v.grad.item()
        return Dual(self.value * other.value, slope)

    def __sub__(self, number):
        return self + Dual(-number)
