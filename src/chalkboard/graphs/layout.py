"""Places the nodes of a graph and the ways of its edges, so that few of them cross.

The work is done by graphlay, a layered layout engine in the manner of Sugiyama. This is the only
file that knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]

_GAPS = {"layer_gap": 52.0, "node_gap": 22.0, "dummy_gap": 16.0, "edge_label_margin": 6.0}


@dataclass(frozen=True)
class Size:
    """A width and a height in pixels."""

    width: float
    height: float


@dataclass(frozen=True)
class Way:
    """The corners of an edge from border to border, and where its label is to stand."""

    points: tuple[Point, ...]
    label: Point | None


@dataclass(frozen=True)
class Layout:
    """The centre of each node, the way of each edge, and the size of the whole, from (0, 0)."""

    centres: tuple[Point, ...]
    ways: tuple[Way, ...]
    size: Size


def lay_out(
    nodes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size | None]
) -> Layout:
    """Lay out from left to right; edges are pairs of places among the nodes, with labels' sizes.

    Edges are straight lines with few corners. Where one of these would run over a node, all run
    along the axes instead, which takes more corners and touches no node.
    """
    import graphlay  # a moment to load, and only pictures of graphs need it

    graph = graphlay.Graph()
    for node in nodes:
        graph.node(width=node.width, height=node.height)
    for (source, target), label in zip(edges, labels, strict=True):
        fields: Any = {} if label is None else {"label_size": vars(label)}
        graph.edge(source, target, **fields)
    for style in ("diagonal", "orthogonal"):
        options = {"direction": "leftright", "spacing": _GAPS, "routing": {"style": style}}
        found = graphlay.layout(graph, options=options)
        if not found.metrics()["node_edge_hits"]:
            break
    return _moved_to_origin(found.raw)


def _moved_to_origin(raw: dict[str, Any]) -> Layout:
    ways = [[_point(point) for point in edge["points"]] for edge in raw["edges"]]
    corners = [point for way in ways for point in way]
    corners += [_point(raw["bounds"]["min"]), _point(raw["bounds"]["max"])]
    left, top = (min(point[axis] for point in corners) for axis in (0, 1))
    right, bottom = (max(point[axis] for point in corners) for axis in (0, 1))

    def moved(point: Point) -> Point:
        return (point[0] - left, point[1] - top)

    return Layout(
        centres=tuple(moved(_point(node["center"])) for node in raw["nodes"]),
        ways=tuple(
            Way(
                tuple(map(moved, way)),
                moved(_point(edge["label_anchor"])) if edge["label_anchor"] else None,
            )
            for way, edge in zip(ways, raw["edges"], strict=True)
        ),
        size=Size(right - left, bottom - top),
    )


def _point(point: dict[str, float]) -> Point:
    return (point["x"], point["y"])
