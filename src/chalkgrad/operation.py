"""What a row of the table of operations is: a name, what it computes, how derivatives pass it.

A row computes on arrays, and has one rule per input (a vector-Jacobian product): `g`, the gradient
of the result, becomes the gradient of that input. What else a rule needs it names: an input, a
parameter, the result (`out`) or the shape of an input (`x_shape`). Only what is named is saved, and
only for inputs that need a gradient. Forward mode asks the same row how a tangent, a small change
of an input, becomes that of the result (a Jacobian-vector product).

Rules are written in rows of the table. On arrays these compute; on tensors they record, and that is
all that a second derivative takes. No rule cares about broadcasting: the graph undoes it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from copy import copy
from functools import reduce
from typing import Any

import numpy as np

Rule = Callable[..., Any]

#: Two words for how tangents pass a row: by the operation itself; or by the rule of the gradient,
#: where the derivative is a symmetric matrix, as where each element depends on one element.
LINEAR, SYMMETRIC = "linear", "symmetric"

#: What may stand beside a tensor at an operator.
OPERANDS = (int, float, complex, np.generic, np.ndarray)

# What a row computes on directly. Anything else is a tensor and decides for itself.
_PLAIN = frozenset({np.ndarray, float, int, bool, complex, *np.sctypeDict.values()})

# Of a parameter with such a name, torch takes the numbers one by one or as one sequence.
_SEVERAL = (("shape",), ("dims",))


class Pullback:
    """How gradients go back to certain inputs of an operation, those that need one.

    `tracked` says for each input whether it is one of them. `pull` turns `g` and the saved values
    into the gradients of those that are. `needs` are the places of the values to save; after these,
    a node saves for each the list that counts the changes of its owner, and the count then.
    `counters` are the places of these lists.
    """

    __slots__ = ("counters", "name", "needs", "node_type", "operation", "pull", "tracked")

    def __init__(self, operation: Any, name: str, tracked: tuple[bool, ...]) -> None:
        self.operation, self.name, self.tracked = operation, name, tracked
        self.node_type: Any = None  # made with the first node
        rules = [rule for rule, it in zip(operation.rules.values(), tracked, strict=False) if it]
        named = {name for rule in rules for name in names_of(rule)[1:]}
        pushes = [operation.push(place) for place, it in enumerate(tracked) if it]
        named |= {name for _, names in pushes for name in names}
        self.needs = tuple(place for place, name in enumerate(operation.names) if name in named)
        self.counters = tuple(range(len(self.needs), 3 * len(self.needs), 2))
        # `lambda g, saved: [rule0(g, saved[1]), rule1(g, saved[0])]`, say, put together as text:
        # backward spends most of its time in calls, and this way there is one for all rules.
        spots = {operation.names[place]: f"saved[{spot}]" for spot, place in enumerate(self.needs)}
        calls = [
            f"rule{place}({', '.join(['g', *(spots[name] for name in names_of(rule)[1:])])})"
            for place, rule in enumerate(rules)
        ]
        known = {f"rule{place}": rule for place, rule in enumerate(rules)}
        self.pull: Rule = eval(f"lambda g, saved: [{', '.join(calls)}]", known)

    def push(self, tangents: Sequence[Any], saved: Sequence[Any]) -> Any:
        """Return the tangent of the result; None stands for an input that does not change."""
        names = [self.operation.names[place] for place in self.needs]
        known, parts = dict(zip(names, saved, strict=False)), []
        places = [place for place, it in enumerate(self.tracked) if it]
        for place, tangent in zip(places, tangents, strict=True):
            if tangent is not None:
                rule, needed = self.operation.push(place)
                parts.append(rule(tangent, *(known[name] for name in needed)))
        return reduce(operator.add, parts)


class Operation:
    """A row of the table. Its values are: inputs, parameters, result, shapes of the inputs.

    `forward` takes the first two. `node` is torch's name for its node, or says that name of the
    parameters. `floats`: integers become floats first. `promotes`: the inputs get a common dtype.
    `broadcasts`: the places of the inputs that are broadcast to the result; if it is all of them,
    they are promoted, too. `view`: the result shares the memory of the input. `jvp`: LINEAR,
    SYMMETRIC, or a rule for each input.
    """

    def __init__(
        self, name: str, doc: str, forward: Callable[..., Any], *,
        node: str | Callable[..., str] | None = None, inputs: int | None = None,
        parameters: Sequence[str] | None = None, floats: bool = False, promotes: bool = False,
        broadcasts: Sequence[int] = (), view: bool = False,
        jvp: str | Sequence[Rule] = LINEAR, **rules: Rule,
    ) -> None:  # fmt: skip
        self.name, self.doc, self.forward, self.rules, self.jvp = name, doc, forward, rules, jvp
        self.node = node or name.title().replace("_", "") + "Backward0"
        self.inputs = len(rules) if inputs is None else inputs
        self.floats, self.broadcasts, self.view = floats, broadcasts, view
        self.promotes = promotes or floats or len(broadcasts) == self.inputs
        self.parameters = names_of(forward)[self.inputs :] if parameters is None else parameters
        self.several = self.parameters[-1:] in _SEVERAL
        defaults = getattr(forward, "__defaults__", None) or ()
        self.defaults = dict(zip(self.parameters[::-1], defaults[::-1], strict=False))
        self.out_place = self.inputs + len(self.parameters)
        self.names = (*rules, *self.parameters, "out", *(f"{each}_shape" for each in rules))
        self._pullbacks: dict[Any, Pullback] = {}

    def named(self, node: str) -> Operation:
        """Return the same row with another name for its node, as torch has it."""
        other = copy(self)
        other.node, other._pullbacks = node, {}
        return other

    def pullback(self, tracked: tuple[bool, ...], parameters: Sequence[Any] = ()) -> Pullback:
        """Return how gradients go back to the inputs that need one."""
        name = self.node if isinstance(self.node, str) else self.node(*parameters)
        if (known := self._pullbacks.get((tracked, name))) is None:
            known = self._pullbacks[tracked, name] = Pullback(self, name, tracked)
        return known

    def push(self, place: int) -> tuple[Rule, Sequence[str]]:
        """Return how a tangent of an input goes forward, and the names of what that needs."""
        if self.jvp == LINEAR:  # the tangent takes the place of the input
            others = (*self.names[:place], *self.names[place + 1 : self.out_place])
            return lambda t, *rest: self(*rest[:place], t, *rest[place:]), others
        ways: Any = self.rules.values() if self.jvp == SYMMETRIC else self.jvp
        return (rule := tuple(ways)[place]), names_of(rule)[1:]

    def complete(self, values: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        """Return inputs and parameters in order, with the defaults of those that are not given."""
        if self.several and len(values) > self.inputs and not isinstance(values[-1], (tuple, list)):
            values = (*values[: self.out_place - 1], values[self.out_place - 1 :])
        missing, known = self.parameters[len(values) - self.inputs :], self.defaults | options
        fits = self.inputs <= len(values) <= self.out_place
        if not fits or not options.keys() <= {*missing} <= known.keys():
            raise TypeError(f"{self.name}() takes {self.inputs} inputs and {[*self.parameters]}; "
                            f"got {len(values)} values and {[*options]}.")  # fmt: skip
        return (*values, *(known[name] for name in missing))

    def __call__(self, *values: Any) -> Any:
        """Compute on arrays; where an input is a tensor, let the tensor record."""
        for value in values[: self.inputs]:
            if type(value) not in _PLAIN:
                return value._apply(self, values)
        return self.forward(*values)


def names_of(function: Any) -> tuple[str, ...]:
    """Return the names of a function's arguments, nothing for one that is not written in Python."""
    code = getattr(function, "__code__", None)
    return code.co_varnames[: code.co_argcount] if code else ()
