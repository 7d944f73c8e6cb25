"""Reads the graph behind a result of chalkgrad or torch, as plain data that can be drawn.

Nothing of either library is asked for by name: both have `grad_fn`, `next_functions` and, on the
node of a leaf, `variable`. Values are shown as far as they are known (see `graph_values`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from chalkboard.graphs.numbers import in_words, plain_array, shape_text
from chalkboard.graphs.values import Values, is_of, known_values, place_among_results, shape_of
from chalkboard.graphs.words import OperationWords, fill, words_of

Kind = Literal["leaf", "constant", "operation", "output", "folded"]


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One node of the picture.

    `name` is what formulas call its value: a name that was given, or v1, v2, … in order. `symbol`
    and `title` say what it is, `function` is its name in torch. `inputs` are the keys of the nodes
    that it takes, in order. `value` and `gradient` are None where they are not known.
    `source` is the node of the engine, or None.
    """

    key: int
    kind: Kind
    name: str
    title: str
    symbol: str = ""
    function: str = ""
    formula: str = ""
    inputs: tuple[int, ...] = ()
    value: NDArray[Any] | None = None
    gradient: NDArray[Any] | None = None
    shape: tuple[int, ...] | None = None
    exponent: float | None = None
    source: Any = field(default=None, repr=False)

    @property
    def words(self) -> OperationWords:
        """How this operation is spoken of."""
        return words_of(self.function, len(self.inputs))


@dataclass(frozen=True, eq=False)
class Graph:
    """The nodes from the inputs to the output: every node stands after those that it takes."""

    nodes: tuple[GraphNode, ...]

    @property
    def edges(self) -> list[tuple[int, int]]:
        """The keys of the two ends of every edge."""
        return [(source, node.key) for node in self.nodes for source in node.inputs]

    @property
    def output(self) -> GraphNode:
        """The last node: the tensor that was given."""
        return self.nodes[-1]

    def node(self, key: int) -> GraphNode:
        """The node with this key."""
        return next(node for node in self.nodes if node.key == key)


def read_graph(tensor: Any, names: Mapping[str, Any] | None = None) -> Graph:
    """Read the graph from a result back to its leaves.

    `names` says what tensors are called, as `{"w": w}` or `locals()`: leaves, data and results on
    the way. What is no tensor, is not in the graph, or begins with an underscore is left out.

    Raises:
        ValueError: `tensor` is no tensor or no operation made it, or `names` is no mapping.
    """
    if names is not None and not isinstance(names, Mapping):
        raise ValueError(
            f'names must map names to tensors, as {{"w": w}} or locals(); got {names!r}.'
        )
    if not hasattr(tensor, "grad_fn"):
        raise ValueError(
            f"A graph belongs to a tensor of chalkgrad or torch; got {type(tensor).__name__}."
        )
    if tensor.grad_fn is None:
        raise ValueError(_why_no_graph(tensor))
    tensors = {
        name: value
        for name, value in (names or {}).items()
        if isinstance(name, str) and not name.startswith("_") and hasattr(value, "grad_fn")
    }
    sources = _inputs_first(tensor.grad_fn)
    values = known_values(tensor, sources, tensors.values())
    return _Reader(tensor, sources, tensors, values).read()


def name_and_value(node: GraphNode) -> str:
    """The name of a node with its value, or with its shape where that is all that is known."""
    if node.value is not None:
        value = in_words(node.value)
        return value if value == node.name else f"{node.name} = {value}"
    return node.name if node.shape in (None, ()) else f"{node.name}, {shape_text(node.shape)}"


def _why_no_graph(tensor: Any) -> str:
    if tensor.requires_grad:
        return (
            "This tensor is a leaf: no operation made it, so there is no graph behind it; "
            "give a result that was computed from it."
        )
    return (
        "No graph was recorded for this tensor; compute it from a tensor with "
        "requires_grad=True, and not under no_grad()."
    )


def _inputs_first(root: Any) -> list[Any]:
    """Every node that can be reached, each after its inputs; iterative, for graphs may be deep."""
    order: list[Any] = []
    seen = {root}
    waiting = [(root, iter(root.next_functions))]
    while waiting:
        node, inputs = waiting[-1]
        for source, _ in inputs:
            if source is not None and source not in seen:
                seen.add(source)
                waiting.append((source, iter(source.next_functions)))
                break
        else:
            order.append(node)
            waiting.pop()
    return order


class _Reader:
    """Gives the nodes of the engine, which stand in order, their keys, names and values."""

    def __init__(
        self, tensor: Any, sources: Sequence[Any], names: Mapping[str, Any], values: Values
    ) -> None:
        self.tensor, self.sources, self.values = tensor, sources, values
        self.taken = set(names)
        self.names_of_results = {
            value.grad_fn: name
            for name, value in names.items()
            if value.grad_fn is not None and place_among_results(value) == 0
        }
        self.names_of_leaves = [
            (value, name) for name, value in names.items() if value.grad_fn is None
        ]
        self.nodes: list[GraphNode] = []
        self.keys: dict[Any, int] = {}
        self.constants: dict[int, int] = {}
        self.counts = Counter[str]()

    def read(self) -> Graph:
        root = self.tensor.grad_fn
        output = self.names_of_results.get(root, "output")
        self.names_of_results[root] = output
        for source in self.sources:
            if source.next_functions:
                self._add_operation(source)
            else:
                self._add_leaf(source)
        self._add(
            kind="output", name=output, title="output", inputs=(self.keys[root],),
            value=plain_array(self.tensor), shape=tuple(self.tensor.shape),
        )  # fmt: skip
        return Graph(tuple(self.nodes))

    def _add(self, **fields: Any) -> int:
        key = len(self.nodes)
        self.nodes.append(GraphNode(key=key, **fields))
        return key

    def _add_leaf(self, source: Any) -> None:
        variable = getattr(source, "variable", None)
        gradient = None if variable is None else variable.grad
        self.keys[source] = self._add(
            kind="leaf",
            name=self._name_of_leaf(variable) or self._number("leaf"),
            title="leaf",
            function=source.name().split("::")[-1],
            value=self.values.results.get(source) if variable is None else plain_array(variable),
            gradient=None if gradient is None else plain_array(gradient),
            shape=shape_of(source) if variable is None else tuple(variable.shape),
            source=source,
        )

    def _add_operation(self, source: Any) -> None:
        inputs = tuple(
            self.keys[before] if before is not None else self._constant(source, place)
            for place, (before, _) in enumerate(source.next_functions)
        )
        name = self.names_of_results.get(source) or self._number("v")
        function = source.name().split("::")[-1]
        exponent = self.values.exponent(source)
        words = words_of(function, len(inputs))
        names = [self.nodes[key].name for key in inputs]
        value = self.values.results.get(source)
        self.keys[source] = self._add(
            kind="operation",
            name=name,
            title=words.name,
            symbol=words.symbol,
            function=function,
            formula=fill(words.formula, names, name, exponent),
            inputs=inputs,
            value=value,
            shape=shape_of(source) if value is None else value.shape,
            exponent=exponent,
            source=source,
        )

    def _constant(self, source: Any, place: int) -> int:
        """The key of an input that needs no gradient: the graph itself does not have it."""
        value = self.values.constants.get((source, place))
        tensor = self._named_tensor(self.values.saved.get(source, {}).get(place))
        # The same data used twice is one node; a number is written wherever it is used.
        if tensor is not None and id(tensor) in self.constants:
            return self.constants[id(tensor)]
        if tensor is not None:
            name = self._name_of_leaf(tensor)
        elif value is not None and value.size == 1:
            name = in_words(value)
        else:
            name = self._number("c")
        shape = None if value is None else value.shape
        key = self._add(kind="constant", name=name, title="constant", value=value, shape=shape)
        if tensor is not None:
            self.constants[id(tensor)] = key
        return key

    def _named_tensor(self, saved: Any) -> Any:
        """The named tensor that a node saved, if there is one."""
        return next((tensor for tensor, _ in self.names_of_leaves if is_of(saved, tensor)), None)

    def _name_of_leaf(self, tensor: Any) -> str:
        return next((name for value, name in self.names_of_leaves if value is tensor), "")

    def _number(self, letter: str) -> str:
        while True:
            self.counts[letter] += 1
            name = f"{letter}{self.counts[letter]}"
            if name not in self.taken:
                return name
