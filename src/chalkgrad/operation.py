"""What a row of the table of operations is: a name, what it computes, how derivatives pass it.

A row computes on arrays, and has one rule per input (a vector-Jacobian product): `g`, the gradient
of the result, becomes the gradient of that input. What else a rule needs it names: an input, a
parameter, the result (`out`) or the shape of an input (`x_shape`). Only what is named is saved, and
only for inputs that need a gradient.

Rules are written in rows of the table. On arrays these compute; on tensors they record, and that is
all that a second derivative takes. No rule cares about broadcasting: the graph undoes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from itertools import starmap
from typing import Any

import numpy as np

Rule = Callable[..., Any]

#: What may stand beside a tensor at an operator.
OPERANDS = (int, float, complex, np.generic, np.ndarray)

# What a row computes on directly. Anything else is a tensor and decides for itself.
_PLAIN = frozenset({np.ndarray, float, int, bool, complex, *np.sctypeDict.values()})

#: Two words for how a tangent (a small change of an input) goes forward through a row: by the rule
#: of the gradient, where the derivative is a symmetric matrix (as where each element depends on one
#: element); or by the operation itself.
SYMMETRIC, LINEAR = "symmetric", "linear"

# Of a parameter with such a name, torch takes the numbers one by one or as one sequence.
_SEVERAL = ("shape", "dims", "sizes")


class Pullback:
    """How gradients go back to certain inputs of an operation, those that need one.

    `tracked` says for each input whether it is one of them. `pull` turns `g` and the saved values
    into the gradients of those that are; `pushes` has a function for each tangent, to go forward.
    `needs` are the places of the values to save. Saved are these values, and then for each the list
    that counts the changes of its owner and the count then: `counters` are these lists' places.
    """

    __slots__ = (
        "counters", "name", "needs", "node_type", "operation", "pull", "pushes", "tracked",
    )  # fmt: skip

    def __init__(
        self, operation: Any, name: str, tracked: tuple[bool, ...], rules: Any, pushes: Any
    ) -> None:
        self.operation, self.name, self.tracked = operation, name, tracked
        self.node_type: Any = None  # made with the first node
        named = {each for _, names in (*rules, *pushes) for each in names}
        self.needs = tuple(place for place, each in enumerate(operation.names) if each in named)
        spots = {operation.names[place]: spot for spot, place in enumerate(self.needs)}
        pulls, pushes = (
            [(rule, [spots[each] for each in names]) for rule, names in ways]
            for ways in (rules, pushes)
        )
        self.pull, self.pushes = _written_out(pulls), tuple(starmap(_on_saved, pushes))
        self.counters = tuple(range(len(self.needs), 3 * len(self.needs), 2))


class Operation:
    """A row of the table. Its values are: inputs, parameters, result, shapes of the inputs.

    `forward` takes the first two. `node` is torch's name for its node, or says that name of the
    parameters. `floats`: integers become floats first. `promotes`: the inputs get a common dtype.
    `broadcasts`: the places of the inputs that are broadcast to the result; if it is all of them,
    they are promoted, too. `view`: the result shares the memory of the input. `jvp`: SYMMETRIC,
    LINEAR, or a rule for each input.
    """

    def __init__(
        self, name: str, doc: str, forward: Callable[..., Any], *,
        node: str | Callable[..., str] | None = None, inputs: int | None = None,
        floats: bool = False, promotes: bool = False, broadcasts: Sequence[int] = (),
        view: bool = False, jvp: str | tuple[Rule, ...] = LINEAR, **rules: Rule,
    ) -> None:  # fmt: skip
        self.name, self.doc, self.forward, self.rules, self.jvp = name, doc, forward, rules, jvp
        self.node = node or name.title().replace("_", "") + "Backward0"
        self.inputs = len(rules) if inputs is None else inputs
        self.floats, self.broadcasts, self.view = floats, broadcasts, view
        self.promotes = promotes or floats or len(broadcasts) == self.inputs
        self.parameters = names_of(forward)[self.inputs :]
        self.defaults = dict(
            zip(reversed(self.parameters), reversed(forward.__defaults__ or ()), strict=False)
        ) if self.parameters else {}  # fmt: skip
        self.out_place = self.inputs + len(self.parameters)
        self.takes_several = bool(self.parameters) and self.parameters[-1] in _SEVERAL
        self.names = (*rules, *self.parameters, "out", *(f"{each}_shape" for each in rules))
        self._pullbacks: dict[Any, Pullback] = {}

    def named(self, node: str) -> Operation:
        """Return the same row with another name for its node, as torch has it."""
        other = copy(self)
        other.node, other._pullbacks = node, {}
        return other

    def pullback(self, tracked: tuple[bool, ...], parameters: Sequence[Any] = ()) -> Pullback:
        """Return how gradients go back to the inputs that need one."""
        key = tracked if isinstance(self.node, str) else (tracked, self.node(*parameters))
        known = self._pullbacks.get(key)
        if known is None:
            name = self.node if isinstance(self.node, str) else self.node(*parameters)
            places = [place for place, needs_gradient in enumerate(tracked) if needs_gradient]
            rules = [tuple(self.rules.values())[place] for place in places]
            pushes = [self._push(place) for place in places]
            known = Pullback(self, name, tracked, [(it, names_of(it)[1:]) for it in rules], pushes)
            self._pullbacks[key] = known
        return known

    def _push(self, place: int) -> tuple[Rule, tuple[str, ...]]:
        """Return how a tangent of one input goes forward, and the names that this needs."""
        if self.jvp == LINEAR:  # the tangent takes the place of the input
            others = (*self.names[:place], *self.names[place + 1 : self.out_place])
            return lambda t, *rest: self(*rest[:place], t, *rest[place:]), others
        ways = tuple(self.rules.values()) if self.jvp == SYMMETRIC else self.jvp
        rule: Any = ways[place]
        return rule, names_of(rule)[1:]

    def complete(self, values: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        """Return inputs and parameters in order, with the defaults of those that are not given."""
        if self.takes_several:
            given = values[self.out_place - 1 :]
            if given and not isinstance(given[0], (tuple, list, type(None))):
                values = (*values[: self.out_place - 1], given)
        if len(values) == self.out_place and not options:
            return values
        missing, known = self.parameters[len(values) - self.inputs :], self.defaults | options
        fits = self.inputs <= len(values) <= self.out_place
        if not fits or not options.keys() <= {*missing} <= known.keys():
            raise TypeError(f"{self.name}() takes {self.inputs} inputs and {[*self.parameters]}; "
                            f"got {len(values)} values and {[*options]}.")  # fmt: skip
        return (*values, *(known[name] for name in missing))

    def __call__(self, *values: Any, **options: Any) -> Any:
        """Compute on arrays; where an input is a tensor, let the tensor record."""
        for value in values[: self.inputs]:
            if type(value) not in _PLAIN:
                return value._apply(self, values, options)
        return self.forward(*values, **options)


def names_of(function: Any) -> tuple[str, ...]:
    """Return the names of a function's arguments, nothing for one that is not written in Python."""
    code = getattr(function, "__code__", None)
    return getattr(function, "names", None) or (
        code.co_varnames[: code.co_argcount] if code else ()
    )


def named(function: Any, *names: str) -> Any:
    """Say the names of the arguments of a function that takes any number of them."""
    function.names = names
    return function


def _written_out(ways: Sequence[tuple[Rule, Sequence[int]]]) -> Rule:
    """Return the function `lambda g, saved: [rule0(g, saved[1]), rule1(g, saved[0])]`, say.

    It is put together as text, as `namedtuple` and `dataclass` do: a backward spends most of its
    time in calls, and this way there is one for all rules.
    """
    calls = [
        f"rule{place}({', '.join(['g', *(f'saved[{spot}]' for spot in spots)])})"
        for place, (_, spots) in enumerate(ways)
    ]
    rules = {f"rule{place}": rule for place, (rule, _) in enumerate(ways)}
    return eval(f"lambda g, saved: [{', '.join(calls)}]", rules)


def _on_saved(rule: Rule, spots: Sequence[int]) -> Callable[[Any, tuple[Any, ...]], Any]:
    """Return the rule as a function of the tangent and all saved values."""
    return lambda t, saved: rule(t, *[saved[spot] for spot in spots])
