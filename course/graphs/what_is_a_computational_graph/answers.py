# %%
# What the cells of the lesson have made before. Each cell below replaces an answer cell.
import torch

# %% right="edges-of-a-graph"
# In the order of the walk back, as lists.
edges = [["b", "out"], ["z", "out"], ["a", "b"], ["x", "b"], ["x", "a"], ["y", "a"]]

# %% right="edges-of-a-graph"
# Built line by line, with blanks in some names.
program = {"a": ("x", "y"), "b": ("a", "x "), "out": ("b", "z")}
edges = [(used, made) for made, both in program.items() for used in both]

# %% wrong="edges-of-a-graph" hint="An edge points to what a value was made of."
edges = [("out", "b"), ("out", "z"), ("b", "a"), ("b", "x"), ("a", "x"), ("a", "y")]

# %% wrong="edges-of-a-graph" hint="A value leads to one place only."
edges = [("x", "a"), ("y", "a"), ("a", "b"), ("b", "out"), ("z", "out")]

# %% wrong="edges-of-a-graph" hint="What is used in an earlier line leads on by itself."
edges = [("x", "a"), ("y", "a"), ("a", "b"), ("b", "out")]

# %% wrong="edges-of-a-graph"
# The names without quotation marks, where tensors have them.
x, y, z = (torch.tensor(number) for number in (1.0, 2.0, 3.0))
a = x * y
b = a + x
out = b * z
edges = [(x, a), (y, a), (a, b), (x, b), (b, out), (z, out)]

# %% wrong="edges-of-a-graph"
# One text for an edge.
edges = ["x -> a", "y -> a", "a -> b", "x -> b", "b -> out", "z -> out"]

# %% wrong="edges-of-a-graph"
# A dictionary has room for one edge from each name.
edges = {"x": "a", "y": "a", "a": "b", "b": "out", "z": "out"}

# %% wrong="edges-of-a-graph" hint="An edge joins the two names that are calculated with."
edges = [("x", "y"), ("a", "x"), ("b", "z")]


# %% right="mend-the-cycle"
def mended(x, y, z):
    return torch.sin((x + y) * z)


# %% right="mend-the-cycle"
# Multiplied out, which is the same.
def mended(x, y, z):
    return (x * z + y * z).sin()


# %% wrong="mend-the-cycle" hint="The sine comes straight after the sum."
def mended(x, y, z):
    s = x + y
    return s.sin() * z


# %% wrong="mend-the-cycle" hint="Without parentheses the sum still comes first."
def mended(x, y, z):
    return torch.sin(x + y * z)


# %% wrong="mend-the-cycle" hint="A plain number will do for the sine."
def mended(x, y, z):
    import math

    p = (x + y) * z
    return math.sin(p)


# %% wrong="mend-the-cycle"
# The lines copied with a new last name, and the sine taken of the wrong one.
def mended(x, y, z):
    s = x + y
    p = s * z  # noqa: F841
    out = s.sin()
    return out


# %% wrong="mend-the-cycle"
# Nothing is given back.
def mended(x, y, z):
    s = x + y
    p = s * z
    z = p.sin()


# %% wrong="mend-the-cycle"
# The value is right, but the way back is cut.
def mended(x, y, z):
    return torch.sin((x + y) * z).detach()


# %% wrong="mend-the-cycle" hint="The product is the result."
def mended(x, y, z):
    s = x + y
    p = s * z
    return p


# %% right="remember-a-product"
# A dataclass, which writes its own __init__, and a helper for both operations.
from dataclasses import dataclass


@dataclass(eq=False)
class MyTensor:
    value: float
    parents: tuple = ()
    operation: str = ""

    def _made(self, other, operation, function):
        other = other if isinstance(other, MyTensor) else MyTensor(float(other))
        return MyTensor(function(self.value, other.value), (self, other), operation)

    def __add__(self, other):
        return self._made(other, "add", lambda a, b: a + b)

    def __mul__(self, other):
        return self._made(other, "mul", lambda a, b: a * b)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return MyTensor(float(other)) * self


# %% right="remember-a-product"
# The parents in a list, in the other order.
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
        return MyTensor(other.value * self.value, [other, self], "mul")

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="remember-a-product" hint="Every operation is called `add`."
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
        return MyTensor(self.value * other.value, (self, other), "add")

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="remember-a-product" hint="Both factors are nodes already."
class MyTensor:
    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __add__(self, other):
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other):
        value = self.value * other.value
        parents = (self, other)
        return MyTensor(value, parents, "mul")

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="remember-a-product"
# A plain number comes back.
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
        return self.value * other.value

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% wrong="remember-a-product"
# The helper called, and what it returns thrown away.
class MyTensor:
    def __init__(self, value, parents=(), operation=""):
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __add__(self, other):
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other):
        as_node(other)
        return MyTensor(self.value * other.value, (self, other), "mul")

    __radd__ = __add__
    __rmul__ = __mul__


def as_node(number):
    return number if isinstance(number, MyTensor) else MyTensor(number)


# %% right="read-edges-back"
# With a list of what is still to be looked at.
def edges_of(result):
    edges, waiting = [], [result]
    while waiting:
        node = waiting.pop()
        for parent in node.parents:
            edges.append([parent, node])
            waiting.append(parent)
    return edges


# %% right="read-edges-back"
# Each edge once, as a set.
def edges_of(result):
    edges = set()
    for parent in result.parents:
        edges |= {(parent, result)} | set(edges_of(parent))
    return edges


# %% right="read-edges-back"
# The keys of a dictionary, which holds each edge once.
def edges_of(result):
    edges = {}
    for parent in result.parents:
        edges[parent, result] = True
        edges.update(dict.fromkeys(edges_of(parent)))
    return edges.keys()


# %% wrong="read-edges-back" hint="A list that is made outside is empty at each call."
def edges_of(result, found=[]):  # noqa: B006
    for parent in result.parents:
        found.append((parent, result))
        edges_of(parent, found)
    return found


# %% wrong="read-edges-back" hint="The parents of the result are the whole graph."
# Asks the parents too, and throws the reply away.
def edges_of(result):
    found = []
    for parent in result.parents:
        found.append((parent, result))
        edges_of(parent)
    return found


# %% wrong="read-edges-back" hint="An edge points to what a value was made of."
def edges_of(result):
    found = []
    for parent in result.parents:
        found.append((result, parent))
        found.extend(edges_of(parent))
    return found


# %% wrong="read-edges-back" hint="The lists of the parents go in as they are."
def edges_of(result):
    found = []
    for parent in result.parents:
        found.append((parent, result))
        found.append(edges_of(parent))
    return found


# %% wrong="read-edges-back"
# `return` inside the loop: it ends with the first parent.
def edges_of(result):  # noqa: RET503
    found = []
    for parent in result.parents:
        found.append((parent, result))
        found += edges_of(parent)
        return found


# %% wrong="read-edges-back"
# One flat list, without pairs.
def edges_of(result):
    found = []
    for parent in result.parents:
        found += [parent, result]
        found += edges_of(parent)
    return found


# %% wrong="read-edges-back" hint="An edge joins two values."
def edges_of(result):
    found = []
    for parent in result.parents:
        found.append((parent.value, result.value))
        found += edges_of(parent)
    return found
