"""Draws a graph as SVG: boxes with lines of text, and arrows between them.

Colours stand in attributes, which any style sheet overrules: alone the picture is dark ink on white
paper, and inside a widget it takes the colours of the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from chalkboard.graphs.layout import Layout, Point, Size, Way, lay_out

Shape = Literal["leaf", "constant", "operation", "output", "folded"]
Role = Literal["title", "value", "gradient", "small"]

_INK, _QUIET, _PAPER, _SECOND = "#222222", "#555555", "#ffffff", "#b34700"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_FONT_SIZE = {"title": 14.0, "value": 13.0, "gradient": 13.0, "small": 10.5}
_LINE_HEIGHT = {"title": 19.0, "value": 17.0, "gradient": 17.0, "small": 14.0}
# The width of a character per font size: too much for most texts, so that all fonts fit.
_CHARACTER = 0.57
_PADDING, _MARGIN, _NARROWEST, _ARROW = 10.0, 10.0, 56.0, 8.0


@dataclass(frozen=True)
class Line:
    """A line of text in a box; `widest` is the longest text that will ever stand there."""

    role: Role
    text: str
    widest: str = ""


@dataclass(frozen=True)
class Box:
    """A node as it is drawn, with the key under which a script finds it."""

    key: int
    shape: Shape
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Arrow:
    """An edge between two boxes, by their keys, with a label such as a shape."""

    source: int
    target: int
    label: str = ""


def draw_svg(boxes: Sequence[Box], arrows: Sequence[Arrow], title: str, words: str) -> str:
    """Draw the boxes and arrows from left to right, as one element with a title and words.

    A box is a `g` with `data-node`, and its lines have `data-role`; an arrow is a `g` with
    `data-edge`, its place among the arrows.
    """
    sizes = [_size(box) for box in boxes]
    places = {box.key: place for place, box in enumerate(boxes)}
    layout = lay_out(
        sizes,
        [(places[arrow.source], places[arrow.target]) for arrow in arrows],
        [_label_size(arrow.label) if arrow.label else None for arrow in arrows],
    )
    root = _root(layout, title, words)
    inside = ElementTree.SubElement(root, "g", transform=f"translate({_MARGIN:g} {_MARGIN:g})")
    for place, (arrow, way) in enumerate(zip(arrows, layout.ways, strict=True)):
        _draw_arrow(inside, place, arrow, way)
    for box, size, centre in zip(boxes, sizes, layout.centres, strict=True):
        _draw_box(inside, box, size, centre)
    return ElementTree.tostring(root, encoding="unicode")


def _root(layout: Layout, title: str, words: str) -> ElementTree.Element:
    width, height = (math.ceil(each + 2 * _MARGIN) for each in vars(layout.size).values())
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "chalkboard-graph",
            "role": "img",
            "width": str(width),
            "height": str(height),
            "viewBox": f"0 0 {width} {height}",
            "font-family": _FONT,
            # On a narrow page it shrinks so far and then scrolls: smaller letters are not read.
            "style": f"display:block;height:auto;max-width:100%;min-width:{0.8 * width:.0f}px",
        },
    )
    ElementTree.SubElement(root, "title").text = title
    ElementTree.SubElement(root, "desc").text = words
    ElementTree.SubElement(
        root, "rect",
        {"class": "chalkboard-sheet", "width": "100%", "height": "100%", "fill": _PAPER},
    )  # fmt: skip
    return root


def _size(box: Box) -> Size:
    width = max(_text_width(line.widest or line.text, line.role) for line in box.lines)
    height = sum(_LINE_HEIGHT[line.role] for line in box.lines)
    return Size(max(width + 2 * _PADDING, _NARROWEST), height + _PADDING)


def _text_width(text: str, role: Role) -> float:
    return len(text) * _FONT_SIZE[role] * _CHARACTER * (1.06 if role == "title" else 1.0)


def _label_size(label: str) -> Size:
    return Size(_text_width(label, "small") + 6, _LINE_HEIGHT["small"])


def _draw_box(parent: ElementTree.Element, box: Box, size: Size, centre: Point) -> None:
    group = ElementTree.SubElement(
        parent, "g",
        {"class": f"chalkboard-node chalkboard-node-{box.shape}", "data-node": str(box.key)},
    )  # fmt: skip
    left, top = centre[0] - size.width / 2, centre[1] - size.height / 2
    _rectangle(group, left, top, size, box.shape)
    if box.shape == "output":  # a second line around it, for who cannot tell colours apart
        inner = Size(size.width - 6, size.height - 6)
        _rectangle(group, left + 3, top + 3, inner, box.shape)
    baseline = top + _PADDING / 2
    for line in box.lines:
        baseline += _LINE_HEIGHT[line.role]
        _text(group, line, centre[0], baseline - 4)


def _rectangle(
    parent: ElementTree.Element, left: float, top: float, size: Size, shape: Shape
) -> None:
    attributes = {
        "x": f"{left:.1f}",
        "y": f"{top:.1f}",
        "width": f"{size.width:.1f}",
        "height": f"{size.height:.1f}",
        "rx": "16" if shape == "operation" else "3",
        "fill": _PAPER,
        "stroke": _INK if shape in ("leaf", "output") else _QUIET,
        "stroke-width": "2" if shape == "leaf" else "1.2",
    }
    if shape in ("constant", "folded"):
        attributes["stroke-dasharray"] = "4 3"
    ElementTree.SubElement(parent, "rect", attributes)


def _text(parent: ElementTree.Element, line: Line, x: float, y: float) -> None:
    colours = {"small": _QUIET, "gradient": _SECOND}
    attributes = {
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "text-anchor": "middle",
        "font-size": f"{_FONT_SIZE[line.role]:g}",
        "fill": colours.get(line.role, _INK),
        "data-role": line.role,
    }
    if line.role == "title":
        attributes["font-weight"] = "600"
    ElementTree.SubElement(parent, "text", attributes).text = line.text


def _draw_arrow(parent: ElementTree.Element, place: int, arrow: Arrow, way: Way) -> None:
    group = ElementTree.SubElement(
        parent, "g", {"class": "chalkboard-edge", "data-edge": str(place)}
    )
    corners = " L".join(f"{x:.1f} {y:.1f}" for x, y in way.points)
    ElementTree.SubElement(
        group, "path",
        {"d": f"M{corners}", "fill": "none", "stroke": _QUIET, "stroke-width": "1.4"},
    )  # fmt: skip
    _draw_head(group, "forward", way.points[-2:])
    # A gradient goes the other way. This head is not shown before a style sheet asks for it.
    _draw_head(group, "backward", way.points[1::-1], visibility="hidden")
    if arrow.label and way.label:
        _draw_label(group, arrow.label, way.label)


def _draw_head(
    parent: ElementTree.Element, name: str, way: Sequence[Point], **attributes: str
) -> None:
    """A triangle at the end of a way, which points along it."""
    (from_x, from_y), (x, y) = way
    length = math.hypot(x - from_x, y - from_y) or 1.0
    across, down = (x - from_x) / length * _ARROW, (y - from_y) / length * _ARROW
    tip = [
        (x, y),
        (x - across - 0.45 * down, y - down + 0.45 * across),
        (x - across + 0.45 * down, y - down - 0.45 * across),
    ]
    ElementTree.SubElement(
        parent, "polygon",
        {
            "class": f"chalkboard-head-{name}",
            "points": " ".join(f"{px:.1f},{py:.1f}" for px, py in tip),
            "fill": _QUIET,
            **attributes,
        },
    )  # fmt: skip


def _draw_label(parent: ElementTree.Element, label: str, at: Point) -> None:
    size = _label_size(label)
    ElementTree.SubElement(
        parent, "rect",
        {
            "class": "chalkboard-sheet",
            "x": f"{at[0] - size.width / 2:.1f}",
            "y": f"{at[1] - size.height / 2:.1f}",
            "width": f"{size.width:.1f}",
            "height": f"{size.height:.1f}",
            "fill": _PAPER,
        },
    )  # fmt: skip
    _text(parent, Line("small", label), at[0], at[1] + 4)
