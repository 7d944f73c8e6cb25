"""The story of a graph in steps: forward fills in values, then backward passes gradients along.

Each step is said in numbers and words. All gradients are those of `chalkgrad.autograd.trace`.
"""

# ruff: noqa: RUF001  (formulas have a times sign)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

import chalkgrad
from chalkboard.graphs.numbers import fits_a_sentence, in_lines, in_words, plain_array
from chalkboard.graphs.reading import Graph, GraphNode, name_and_value, read_graph
from chalkboard.graphs.words import fill
from chalkboard.wording import join_words
from chalkgrad.autograd import trace

Array = NDArray[Any]

_NOT_KEPT = (
    "autograd did not keep this value; give the tensor a name and pass it in names to see it"
)


@dataclass(frozen=True)
class Step:
    """One step: at which node, along which edges (their places in `Graph.edges`), in words."""

    phase: str
    node: int
    edges: tuple[int, ...]
    sentences: tuple[str, ...]

    @property
    def words(self) -> str:
        """The whole step, as it is read aloud."""
        return " ".join(self.sentences)


@dataclass(frozen=True, eq=False)
class Story:
    """All steps, from which step on each node's value is known, and how its gradient grows.

    `gradients` has for each node pairs of a step and the lines that stand in its box from then on.
    """

    graph: Graph
    steps: tuple[Step, ...]
    value_from: dict[int, int]
    gradients: dict[int, list[tuple[int, tuple[str, ...]]]]

    def gradient_lines(self, node: int, step: int) -> tuple[str, ...]:
        """What stands as the gradient in a box at a step."""
        past = [lines for at, lines in self.gradients.get(node, []) if at <= step]
        return past[-1] if past else ()


def tell(output: Any, names: Any, most: int) -> Story:
    """Read the graph of a result of chalkgrad and tell how it was computed and how backward goes.

    Raises:
        ValueError: it is not a result of chalkgrad that is one number, its graph was freed or has
            more than `most` operations and leaves.
    """
    graph = read_graph(output, names)
    if not isinstance(output, chalkgrad.Tensor):
        raise ValueError(
            "Only graphs of chalkgrad can be stepped through, for torch keeps its own hidden; "
            "build this one with `import chalkgrad as torch`."
        )
    if output.shape.numel() != 1:
        raise ValueError(
            f"Backward starts from one number, and this result has the shape "
            f"{tuple(output.shape)}; step through its sum() or mean()."
        )
    size = sum(node.source is not None for node in graph.nodes)
    if size > most:
        raise ValueError(
            f"This graph has {size} operations and leaves, and more than {most} cannot be "
            "followed step by step; take a smaller example, or look at draw_graph(...)."
        )
    try:
        visits = trace(output)
    except RuntimeError as refusal:
        raise ValueError(
            f"Backward cannot be followed here; make the stepper before calling backward(): "
            f"{str(refusal).splitlines()[0]}"
        ) from refusal
    teller = _Teller(graph)
    teller.forward()
    teller.backward(visits)
    return Story(graph, tuple(teller.steps), teller.value_from, teller.gradients)


@dataclass
class _Teller:
    graph: Graph
    steps: list[Step] = field(default_factory=list)
    value_from: dict[int, int] = field(default_factory=dict)
    gradients: dict[int, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = {node.key: node for node in self.graph.nodes}
        self.keys = {node.source: node.key for node in self.graph.nodes if node.source}
        self.first_edge: dict[int, int] = {}
        count = 0
        for node in self.graph.nodes:
            self.first_edge[node.key] = count
            count += len(node.inputs)
        self.arrived: dict[int, Array] = {}

    # ---- Forward ---------------------------------------------------------------------------------

    def forward(self) -> None:
        """Tell of the inputs, then of each operation, then of the output."""
        given = [node for node in self.graph.nodes if node.kind in ("leaf", "constant")]
        for node in given:
            self.value_from[node.key] = 0
        self._add("forward", given[0].key, (), _sentences_of_inputs(given))
        for node in self.graph.nodes:
            if node.kind in ("operation", "output"):
                self.value_from[node.key] = len(self.steps)
                edges = tuple(self._edge(node, place) for place in range(len(node.inputs)))
                tell = self._computed if node.kind == "operation" else _ready
                self._add("forward", node.key, edges, (tell(node),))

    def _computed(self, node: GraphNode) -> str:
        if node.value is None:
            return f"{node.name} = {node.formula}: {_NOT_KEPT}."
        inputs = [self.nodes[key] for key in node.inputs]
        parts = [node.name, node.formula]
        if all(each.value is not None and each.value.size == 1 for each in inputs):
            numbers = [in_words(each.value) for each in inputs if each.value is not None]
            parts.append(fill(node.words.formula, numbers, node.name, node.exponent))
        parts.append(in_words(node.value))
        return f"{' = '.join(dict.fromkeys(parts))}."

    # ---- Backward --------------------------------------------------------------------------------

    def backward(self, visits: Sequence[Any]) -> None:
        """Tell of the start at the output, then of each node that backward visited."""
        output = self.graph.output
        root = output.inputs[0]
        one = np.ones(output.shape or ())
        self._note_gradient(output.key, (f"grad {in_words(one)}",))
        self._receive(root, one)
        name = output.name
        started = f"Backward starts at the {'' if name == 'output' else 'output '}{name}: "
        self._add(
            "backward", output.key, (self._edge(output, 0),),
            (f"{started}its gradient by itself is 1.",),
        )  # fmt: skip
        for visit in visits:
            node = self.nodes[self.keys[visit.node]]
            if node.kind == "leaf":
                self._add("backward", node.key, (), (self._collected(node, visit.upstream),))
            else:
                self._add("backward", node.key, *self._passed_on(node, visit))
        last = self.steps[-1]
        done = "Backward is done. It was only watched here: call backward() to fill in .grad."
        self.steps[-1] = Step(last.phase, last.node, last.edges, (*last.sentences, done))

    def _collected(self, leaf: GraphNode, gradient: Any) -> str:
        new = in_words(plain_array(gradient))
        if leaf.gradient is None:
            return f"All paths to {leaf.name} have been walked: {leaf.name}.grad becomes {new}."
        total = in_words(leaf.gradient + plain_array(gradient))
        return (
            f"All paths to {leaf.name} have been walked. {leaf.name}.grad was "
            f"{in_words(leaf.gradient)} already, and {new} is added: {total}."
        )

    def _passed_on(self, node: GraphNode, visit: Any) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The edges along which a node passes gradients on, and how it is said."""
        if isinstance(visit.upstream, dict):  # of an operation with several results
            upstream, said = None, "gradients of its parts have arrived"
        else:
            upstream = plain_array(visit.upstream)
            said = f"the upstream gradient is {in_words(upstream)}"
        sentences = [f"Back through {node.title}, {node.name} = {node.formula}: {said}."]
        edges = []
        for place, (key, given) in enumerate(zip(node.inputs, visit.passed_on, strict=False)):
            target = self.nodes[key]
            if given is None:
                is_constant = target.kind == "constant"
                reason = "is a constant and gets none" if is_constant else "gets none"
                sentences.append(f"{target.name} {reason}.")
                continue
            gradient = plain_array(given)
            edges.append(self._edge(node, place))
            again = " again" if key in node.inputs[:place] else ""
            sentences.append(
                f"To {target.name}{again}: {self._arithmetic(node, place, upstream, gradient)}"
                f"{self._receive(key, gradient)}."
            )
        return tuple(edges), tuple(sentences)

    def _arithmetic(
        self, node: GraphNode, place: int, upstream: Array | None, gradient: Array
    ) -> str:
        """How the upstream becomes the gradient of one input: `upstream 3 · local x = 4 …`."""
        names = [self.nodes[key].name for key in node.inputs]
        rule = fill(node.words.rules[place], names, node.name, node.exponent)
        result = f"gives {in_words(gradient)}"
        if upstream is None or not node.words.pointwise:
            return f"{rule}, which {result}"
        is_short = fits_a_sentence(upstream)
        start = f"upstream {in_words(upstream) + ' ' if is_short else ''}× local {rule}"
        if gradient.size < upstream.size:
            return f"{start}, summed over what {names[place]} was repeated for, {result}"
        if not is_short:
            return f"{start}, element by element"
        if upstream.shape == gradient.shape and np.all(upstream != 0):
            with np.errstate(all="ignore"):
                local = in_words(gradient / upstream)
            start += "" if local == rule else f" = {local}"
        return f"{start}{', element by element,' if gradient.size > 1 else ''} {result}"

    def _receive(self, key: int, gradient: Array) -> str:
        """Add to what has arrived at a node; say so if something was there."""
        before = self.arrived.get(key)
        if before is None:
            self.arrived[key] = gradient
            self._note_gradient(key, _gradient_lines(gradient))
            return ""
        total = self.arrived[key] = before + gradient
        meeting = f"{in_words(before)} + {in_words(gradient)} = {in_words(total)}"
        is_number = total.ndim == 0
        lines = (f"grad {meeting}",) if is_number else ("grad, a sum", *in_lines(total))
        self._note_gradient(key, lines)
        if not fits_a_sentence(total):
            return ". It meets what came on another path, and the two are added"
        return f". It meets {in_words(before)}: {meeting}"

    def _note_gradient(self, key: int, lines: tuple[str, ...]) -> None:
        """From the step that comes next on, these lines stand in the box."""
        self.gradients.setdefault(key, []).append((len(self.steps), lines))

    def _edge(self, node: GraphNode, place: int) -> int:
        return self.first_edge[node.key] + place

    def _add(
        self, phase: str, node: int, edges: tuple[int, ...], sentences: tuple[str, ...]
    ) -> None:
        self.steps.append(Step(phase, node, edges, sentences))


def _gradient_lines(gradient: Array) -> tuple[str, ...]:
    rows = in_lines(gradient)
    return (f"grad {rows[0]}",) if len(rows) == 1 else ("grad", *rows)


def _sentences_of_inputs(given: Sequence[GraphNode]) -> tuple[str, ...]:
    sentences = []
    for kind, known in (("leaf", "wants a gradient"), ("constant", "needs none")):
        nodes = [name_and_value(node) for node in given if node.kind == kind]
        if nodes:
            each = known if len(nodes) == 1 else known.replace("s ", " ", 1)
            sentences.append(f"{join_words(nodes)} {each}.")
    return ("Forward starts with what is given.", *sentences)


def _ready(output: GraphNode) -> str:
    value = name_and_value(output).removeprefix("output = ")
    return f"Forward is done: the output is {value}."
