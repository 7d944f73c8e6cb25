"""MyTensor at the end of the section on graphs: a number that remembers what it was made of."""

from __future__ import annotations

import math


class MyTensor:
    """A number in a computational graph; it records what happens, and knows no slopes yet.

    `value` is a float, `parents` are the nodes that it was made of, in order, and `operation` is
    the name of what was done with them; both are empty for a number that was not calculated.
    """

    def __init__(
        self, value: float, parents: tuple[MyTensor, ...] = (), operation: str = ""
    ) -> None:
        self.value = float(value)
        self.parents = parents
        self.operation = operation

    def __repr__(self) -> str:
        made = f", made by {self.operation!r}" if self.operation else ""
        return f"MyTensor({self.value:g}{made})"

    def __add__(self, other: MyTensor | float) -> MyTensor:
        other = as_node(other)
        return MyTensor(self.value + other.value, (self, other), "add")

    def __mul__(self, other: MyTensor | float) -> MyTensor:
        other = as_node(other)
        return MyTensor(self.value * other.value, (self, other), "mul")

    def __sub__(self, other: MyTensor | float) -> MyTensor:
        other = as_node(other)
        return MyTensor(self.value - other.value, (self, other), "sub")

    def __neg__(self) -> MyTensor:
        return MyTensor(-self.value, (self,), "neg")

    def __pow__(self, exponent: float) -> MyTensor:
        return MyTensor(self.value**exponent, (self,), "pow")

    def __radd__(self, number: float) -> MyTensor:
        return as_node(number) + self

    def __rmul__(self, number: float) -> MyTensor:
        return as_node(number) * self

    def __rsub__(self, number: float) -> MyTensor:
        return as_node(number) - self

    def sin(self) -> MyTensor:
        """Return the sine of this number, in radians."""
        return MyTensor(math.sin(self.value), (self,), "sin")


def as_node(number: MyTensor | float) -> MyTensor:
    """Return a node as it is, and a plain number as a node without parents."""
    return number if isinstance(number, MyTensor) else MyTensor(number)
