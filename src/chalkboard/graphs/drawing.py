"""The computational graph of a result as a picture, for a learner who has never seen one."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalkboard.assets import style
from chalkboard.graphs.folding import fold
from chalkboard.graphs.numbers import in_lines, in_words, shape_text
from chalkboard.graphs.reading import Graph, GraphNode, name_and_value, read_graph
from chalkboard.graphs.svg import Arrow, Box, Line, draw_svg

# Above this many nodes nobody sees anything any more.
_MOST_NODES = 40


@dataclass(frozen=True)
class GraphDrawing:
    """A graph as a self-contained SVG picture, and in words with one line per node.

    As the last expression of a cell it shows itself.
    """

    svg: str
    words: str

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the picture to an SVG file and return its path.

        Raises:
            ValueError: the name does not end in `.svg`.
            FileExistsError: there is such a file, and `overwrite` is not set.
        """
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise ValueError(f"The picture is SVG, so its name must end in .svg; got {path.name}.")
        if path.exists() and not overwrite:
            raise FileExistsError(
                f"{path} is there already; choose another name or say overwrite=True."
            )
        path.write_text(self.svg, encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {
            "text/html": figure_of(self.svg, self.words.splitlines()),
            "image/svg+xml": self.svg,
            "text/plain": self.words,
        }


def draw_graph(
    tensor: Any,
    *,
    names: Mapping[str, Any] | None = None,
    gradients: bool = True,
    most: int = _MOST_NODES,
) -> GraphDrawing:
    """Draw the graph behind a result of chalkgrad or torch: inputs left, output right.

    `names` says what tensors are called, as `{"w": w}` or `locals()`; unnamed results on the way
    are called v1, v2, … `gradients` shows the `.grad` of the leaves. Above `most` nodes, chains of
    operations are folded into one node, and what is furthest from the output is left out. A value
    that autograd did not keep is shown as a question mark.

    Raises:
        ValueError: `tensor` is no tensor or has no graph, `names` is no mapping, or `most` is
            less than 3.
    """
    if most < 3:
        raise ValueError(f"most must be 3 nodes or more; got {most!r}.")
    whole = read_graph(tensor, names)
    graph = fold(whole, most)
    words = describe_graph(graph, gradients)
    if len(graph.nodes) < len(whole.nodes):
        words = f"{words}\n{len(whole.nodes)} nodes in all; some are folded or not shown."
    boxes = [Box(node.key, node.kind, _lines(node, gradients)) for node in graph.nodes]
    title = f"Computational graph of {graph.output.name}"
    return GraphDrawing(draw_svg(boxes, arrows_of(graph), title, words), words)


def arrows_of(graph: Graph) -> list[Arrow]:
    """The edges, with their shapes; a single number needs no label."""
    shapes = {node.key: node.shape for node in graph.nodes}
    return [
        Arrow(source, target, shape_text(shapes[source] or ()) if shapes[source] else "")
        for source, target in graph.edges
    ]


def describe_graph(graph: Graph, gradients: bool) -> str:
    """One line for each node, inputs before outputs."""
    return "\n".join(_describe(node, gradients, graph) for node in graph.nodes)


def value_lines(node: GraphNode) -> tuple[str, ...]:
    """The value as it stands in a box, with its name before it where it has one of its own."""
    if node.value is None:
        shape = f", shape {shape_text(node.shape)}" if node.shape else ""
        return (f"{node.name} = ?{shape}",)
    rows = in_lines(node.value)
    if node.kind in ("leaf", "constant", "output"):
        return rows
    return (f"{node.name} = {rows[0]}",) if len(rows) == 1 else (f"{node.name} =", *rows)


def title_of(node: GraphNode) -> str:
    """The heading of a box: what the node is, and its name where that stands nowhere else."""
    if node.kind == "operation" or node.kind == "folded":
        return node.title if node.symbol in (node.title, "") else f"{node.symbol} {node.title}"
    if node.name.startswith(node.title):
        return node.name
    is_number = node.value is not None and node.name == in_words(node.value)
    return node.title if is_number else f"{node.title} {node.name}"


def figure_of(
    svg: str, lines: Sequence[str], *, summary: str = "The graph in words", first: int = 1,
    caption: str = "",
) -> str:  # fmt: skip
    """HTML for a page: the picture, which scrolls where it is too wide, and its words to unfold.

    The picture takes the colours of the page, dark or light, where the page allows a style. The
    words are lines, numbered from `first`.
    """
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    caption = f"<p>{html.escape(caption)}</p>" if caption else ""
    return (
        f'<figure style="margin:0"><style>{style("parts/graph.css")}</style>'
        '<div style="overflow-x:auto" tabindex="0" role="group" aria-label="Graph, scrollable">'
        f"{svg}</div><figcaption>{caption}<details><summary>{summary}</summary>"
        f'<ol start="{first}">{items}</ol></details></figcaption></figure>'
    )


def _lines(node: GraphNode, gradients: bool) -> tuple[Line, ...]:
    lines = [Line("title", title_of(node))]
    if node.key >= 0:
        lines += [Line("value", text) for text in value_lines(node)]
    if node.kind == "leaf" and gradients:
        lines += [Line("gradient", text) for text in _gradient_lines(node)]
    if node.kind in ("operation", "folded"):
        lines.append(Line("small", node.function))
    return tuple(lines)


def _gradient_lines(node: GraphNode) -> tuple[str, ...]:
    if node.gradient is None:
        return ("no grad yet",)
    rows = in_lines(node.gradient)
    return (f"grad {rows[0]}",) if len(rows) == 1 else ("grad", *rows)


def _describe(node: GraphNode, gradients: bool, graph: Graph) -> str:
    if node.key < 0:
        return f"{node.title}, not shown"
    value = name_and_value(node)
    if node.kind == "output":
        before = graph.node(node.inputs[0])
        start = "" if node.name == "output" else "output: "
        return f"{start}{value}" + (f", from {before.name}" if before.name != node.name else "")
    if node.kind == "operation":
        equation = f"{node.name} = {node.formula}"
        known = f" = {in_words(node.value)}" if node.value is not None else ", value not kept"
        return f"{equation}{known}: {node.title} ({node.function})"
    if node.kind == "folded":
        return f"{node.title}: {node.function}; {value}"
    text = f"{node.kind}: {value}" + ("" if node.value is not None else ", value not kept")
    if node.kind == "leaf" and gradients:
        gradient = node.gradient
        text += ", no gradient yet" if gradient is None else f", gradient {in_words(gradient)}"
    return text
