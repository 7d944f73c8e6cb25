# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import math

import torch

from course.my_tensor.graphs import MyTensor as Recorder


class MyTensor(Recorder):
    def __init__(self, value, parents=(), operation="", slopes=()):
        super().__init__(value, parents, operation)
        self.slopes = slopes


# %% right="five-steps-forward"
# In Python, each line from those above it.
at_z1 = (-3) ** 2
at_z2 = 3 * at_z1
at_z3 = 2 * -3
at_z4 = at_z2 + at_z3
at_y = at_z4 + 1

# %% right="five-steps-forward"
place = torch.tensor(-3.0)
at_z1, at_z3 = place**2, 2 * place
at_z2 = 3 * at_z1
at_z4 = at_z2 + at_z3
at_y = at_z4 + 1

# %% wrong="five-steps-forward" hint="The minus sign survives squaring."
# Python squares first.
at_z1 = -(3**2)
at_z2 = 3 * at_z1
at_z3 = 2 * -3
at_z4 = at_z2 + at_z3
at_y = at_z4 + 1

# %% wrong="five-steps-forward" hint="A negative number is added like a positive one."
at_z1 = 9
at_z2 = 27
at_z3 = -6
at_z4 = 33
at_y = 34

# %% wrong="five-steps-forward" hint="The 3 is squared too."
at_z1 = 9
at_z2 = 81
at_z3 = -6
at_z4 = 75
at_y = 76

# %% wrong="five-steps-forward"
# The table at x = 2 once more.
at_z1 = 4
at_z2 = 12
at_z3 = 4
at_z4 = 16
at_y = 17

# %% right="another-table-backward"
# From the bottom of the table upwards.
told_y = 1
told_r = told_y * 1
told_s = told_y * -1
told_q = told_r * 2 * -3
told_p = told_q * 1
told_x = told_p * 2 + told_s * 3

# %% right="another-table-backward"
# From torch.
at = torch.tensor(-2.0, requires_grad=True)
doubled = 2 * at
one_more = doubled + 1
squared, tripled = one_more**2, 3 * at
told_r, told_s, told_q, told_p, told_x = torch.autograd.grad(
    squared - tripled, [squared, tripled, one_more, doubled, at]
)

# %% wrong="another-table-backward" hint="A difference has slopes 1 and 1."
told_r = 1
told_s = 1
told_q = -6
told_p = -6
told_x = -12 + 3

# %% wrong="another-table-backward" hint="What comes over two ways is multiplied."
told_r = 1
told_s = -1
told_q = -6
told_p = -6
told_x = (-12) * (-3)

# %% wrong="another-table-backward" hint="Only the last way counts."
told_r = 1
told_s = -1
told_q = -6
told_p = -6
told_x = -3

# %% wrong="another-table-backward" hint="Each step is told its own value."
told_r = 9
told_s = -6
told_q = -3
told_p = -4
told_x = -2

# %% wrong="another-table-backward" hint="The slope of q² is taken at x."
told_r = 1
told_s = -1
told_q = 2 * -2
told_p = told_q
told_x = 2 * told_p + 3 * told_s

# %% wrong="another-table-backward"
# The slope of (2x + 1)² alone, in place of the way over r.
told_r = -12
told_s = -1
told_q = -6
told_p = -6
told_x = -15

# %% right="edges-of-the-other-form"
# In another order, and as lists.
form_edges = [["w", "y"], ["x", "u"], ["x", "w"], ["v", "w"], ["u", "v"]]

# %% wrong="edges-of-the-other-form" hint="x is in the graph once, so it has one edge."
form_edges = [("x", "u"), ("u", "v"), ("v", "w"), ("w", "y")]

# %% wrong="edges-of-the-other-form" hint="Numbers are nodes."
form_edges = [
    ("3", "u"),
    ("x", "u"),
    ("u", "v"),
    ("2", "v"),
    ("v", "w"),
    ("x", "w"),
    ("w", "y"),
    ("1", "y"),
]

# %% wrong="edges-of-the-other-form" hint="An edge goes from the result to what it was made of."
form_edges = [("u", "x"), ("v", "u"), ("w", "v"), ("w", "x"), ("y", "w")]

# %% wrong="edges-of-the-other-form"
# One text for the whole chain.
form_edges = ["x -> u", "u -> v", "v -> w", "x -> w", "w -> y"]

# %% wrong="edges-of-the-other-form"
# Numbers not as texts.
form_edges = [(3, "u"), ("x", "u"), ("u", "v"), (2, "v"), ("v", "w"), ("x", "w"), ("w", "y")]


# %% right="slopes-of-product-and-difference"
# As a list, and whole numbers.
def multiply(a, b):
    return MyTensor(a.value * b.value, (a, b), "mul", [b.value, a.value])


def subtract(a, b):
    return MyTensor(a.value - b.value, (a, b), "sub", [1, -1])


# %% wrong="slopes-of-product-and-difference" hint="Each factor multiplies its own growth."
def multiply(a, b):
    value = a.value * b.value
    slopes = (a.value, b.value)
    return MyTensor(value, (a, b), "mul", slopes)


def subtract(a, b):
    value = a.value - b.value
    slopes = (1.0, -1.0)
    return MyTensor(value, (a, b), "sub", slopes)


# %% wrong="slopes-of-product-and-difference" hint="A difference has the slopes of a sum."
def multiply(a, b):
    value = a.value * b.value
    slopes = (b.value, a.value)
    return MyTensor(value, (a, b), "mul", slopes)


def subtract(a, b):
    value = a.value - b.value
    slopes = (1.0, 1.0)
    return MyTensor(value, (a, b), "sub", slopes)


# %% wrong="slopes-of-product-and-difference"
# Nodes in place of their values.
def multiply(a, b):
    value = a.value * b.value
    slopes = (b, a)
    return MyTensor(value, (a, b), "mul", slopes)


def subtract(a, b):
    value = a.value - b.value
    slopes = (1.0, -1.0)
    return MyTensor(value, (a, b), "sub", slopes)


# %% wrong="slopes-of-product-and-difference"
# One slope for both parents.
def multiply(a, b):
    value = a.value * b.value
    slopes = (b.value,)
    return MyTensor(value, (a, b), "mul", slopes)


def subtract(a, b):
    value = a.value - b.value
    slopes = -1.0
    return MyTensor(value, (a, b), "sub", slopes)


# %% right="slopes-alone"
# The quotient as a product with a power, exp by its base.
import math


def divide(a, b):
    upper, lower = a.value, b.value
    return MyTensor(upper / lower, (a, b), "div", (lower**-1, upper * (-1) * lower**-2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", [exponent * a.value ** (exponent - 1)])


def exponential(a):
    return MyTensor(math.e**a.value, (a,), "exp", (math.e**a.value,))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.sin(a.value + math.pi / 2),))


# %% wrong="slopes-alone" hint="The lower number of a quotient raises it."
import math


def divide(a, b):
    return MyTensor(a.value / b.value, (a, b), "div", (1 / b.value, a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", (exponent * a.value ** (exponent - 1),))


def exponential(a):
    return MyTensor(math.exp(a.value), (a,), "exp", (math.exp(a.value),))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.cos(a.value),))


# %% wrong="slopes-alone" hint="The exponent stays as it is."
import math


def divide(a, b):
    return MyTensor(a.value / b.value, (a, b), "div", (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", (exponent * a.value**exponent,))


def exponential(a):
    return MyTensor(math.exp(a.value), (a,), "exp", (a.value * math.exp(a.value - 1),))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.sin(a.value),))


# %% wrong="slopes-alone"
# Forgot the comma of a tuple with one slope.
import math


def divide(a, b):
    return MyTensor(a.value / b.value, (a, b), "div", (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", (exponent * a.value ** (exponent - 1)))


def exponential(a):
    return MyTensor(math.exp(a.value), (a,), "exp", (math.exp(a.value)))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.cos(a.value)))


# %% wrong="slopes-alone"
# Returns the numbers, and no node.
def divide(a, b):
    return a.value / b.value


def power(a, exponent):
    return a.value**exponent


def exponential(a):
    return ...


def sine(a):
    return ...


# %% wrong="another-table-backward" hint="Asked is how fast a step grows with x."
told_r = -12
told_s = 3
told_q = 2
told_p = 2
told_x = -15

# %% wrong="another-table-backward" hint="The slope of q² is q."
told_r = 1
told_s = -1
told_q = -3
told_p = -3
told_x = -9


# %% wrong="slopes-alone" hint="The minus belongs to the exponent without brackets."
def divide(a, b):
    return MyTensor(a.value / b.value, (a, b), "div", (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", (exponent * a.value**exponent - 1,))


def exponential(a):
    return MyTensor(math.exp(a.value), (a,), "exp", (math.exp(a.value),))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.cos(a.value),))


# %% right="slopes-alone"
# The values from the finished steps of MyTensor.
import math


def divide(a, b):
    return MyTensor((a * b.value**-1).value, (a, b), "div", (b.value**-1, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor((a**exponent).value, (a,), "pow", (exponent * a.value**exponent / a.value,))


def exponential(a):
    value = math.exp(a.value)
    return MyTensor(value, (a,), "exp", (value,))


def sine(a):
    return MyTensor(a.sin().value, (a,), "sin", (math.cos(a.value),))


# %% right="slopes-of-product-and-difference"
# The slopes as an array of NumPy.
def multiply(a, b):
    import numpy as np

    return MyTensor(a.value * b.value, (a, b), "mul", np.array([b.value, a.value]))


def subtract(a, b):
    return MyTensor(a.value - b.value, (a, b), "sub", [1, -1])


# %% wrong="slopes-alone"
# The parents in the other order: each slope lies on the other one's edge.
import math


def divide(a, b):
    return MyTensor(a.value / b.value, (b, a), "div", (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a,), "pow", (exponent * a.value ** (exponent - 1),))


def exponential(a):
    return MyTensor(math.exp(a.value), (a,), "exp", (math.exp(a.value),))


def sine(a):
    return MyTensor(math.sin(a.value), (a,), "sin", (math.cos(a.value),))


# %% wrong="slopes-alone"
# The comma forgotten behind a single parent.
import math


def divide(a, b):
    return MyTensor(a.value / b.value, (a, b), "div", (1 / b.value, -a.value / b.value**2))


def power(a, exponent):
    return MyTensor(a.value**exponent, (a), "pow", (exponent * a.value ** (exponent - 1),))


def exponential(a):
    return MyTensor(math.exp(a.value), (a), "exp", (math.exp(a.value),))


def sine(a):
    return MyTensor(math.sin(a.value), (a), "sin", (math.cos(a.value),))
