"""draw_graph: the graph that is seen is the graph that torch recorded, with torch's numbers."""

# ruff: noqa: RUF001  (formulas have a times sign)

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
from chalkboard import draw_graph
from chalkboard.graphs.layout import Layout, Size, lay_out
from chalkboard.graphs.reading import read_graph

SVG = "{http://www.w3.org/2000/svg}"
ENGINES = pytest.mark.parametrize("engine", [chalkgrad, torch], ids=["chalkgrad", "torch"])

BINARY = [operator.add, operator.sub, operator.mul]
UNARY: list[Callable[[Any], Any]] = [
    lambda x: x.sin(),
    lambda x: x.tanh(),
    lambda x: x.exp(),
    lambda x: x.relu(),
    lambda x: x * 3,
    lambda x: x + 0.5,
    lambda x: 2 - x,
    lambda x: x**2,
    lambda x: -x,
]
# A program is a list of steps: which function, and on which of the results so far.
PROGRAMS = st.lists(
    st.tuples(st.integers(0, len(BINARY) + len(UNARY) - 1), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
    max_size=12,
)
LEAVES = st.lists(st.floats(-2, 2, width=32), min_size=1, max_size=3)


def run(
    program: list[tuple[int, int, int]], leaves: list[float], engine: ModuleType
) -> dict[str, Any]:
    """Every tensor of a program, the last of which uses all that nobody else used."""
    pool = [engine.tensor(each, dtype=engine.float64, requires_grad=True) for each in leaves]
    for which, one, other in program:
        x, y = pool[one % len(pool)], pool[other % len(pool)]
        if which < len(BINARY):
            pool.append(BINARY[which](x, y))
        else:
            pool.append(UNARY[which - len(BINARY)](x))
    return {f"t{place}": each for place, each in enumerate(pool)}


def linear_loss(engine: ModuleType) -> dict[str, Any]:
    w = engine.tensor(2.0, requires_grad=True)
    b = engine.tensor(1.0, requires_grad=True)
    x = engine.tensor(3.0)
    loss = (w * x + b - 5) ** 2
    return {"w": w, "b": b, "x": x, "loss": loss}


def deep(engine: ModuleType, depth: int, step: Callable[[Any, Any], Any]) -> Any:
    x = engine.tensor(0.3, requires_grad=True)
    z = x
    for _ in range(depth):
        z = step(z, x)
    return z


@ENGINES
def test_words_say_the_whole_graph(engine: ModuleType) -> None:
    """Without a picture the words are all there is; names, values and functions must be right."""
    names = linear_loss(engine)
    assert draw_graph(names["loss"], names=names).words.splitlines() == [
        "leaf: w = 2, no gradient yet",
        "constant: x = 3",
        "v1 = w × x = 6: multiply (MulBackward0)",
        "leaf: b = 1, no gradient yet",
        "v2 = v1 + b = 7: add (AddBackward0)",
        "constant: 5",
        "v3 = v2 - 5 = 2: subtract (SubBackward0)",
        "loss = v3² = 4: power (PowBackward0)",
        "output: loss = 4",
    ]


@given(program=PROGRAMS, leaves=LEAVES)
def test_every_value_and_function_is_that_of_torch(
    program: list[tuple[int, int, int]], leaves: list[float]
) -> None:
    """A picture with one wrong number teaches something wrong."""
    ours, theirs = run(program, leaves, chalkgrad), run(program, leaves, torch)
    last = f"t{len(theirs) - 1}"
    graph = read_graph(ours[last])
    expected = read_graph(theirs[last], theirs)  # all results are named, so all are known
    assert [node.function for node in graph.nodes] == [node.function for node in expected.nodes]
    assert graph.edges == expected.edges
    for node, other in zip(graph.nodes, expected.nodes, strict=True):
        if node.value is not None and other.value is not None:
            np.testing.assert_allclose(node.value, other.value, rtol=1e-9, atol=1e-9)


def test_numbered_names_keep_clear_of_given_ones() -> None:
    """Two values that are both called v1 cannot be told apart."""
    v1 = chalkgrad.tensor(2.0, requires_grad=True)
    assert "v2 = v1 × v1 = 4" in draw_graph((v1 * v1).exp(), names={"v1": v1}).words


@ENGINES
def test_matrices_broadcasting_and_two_uses(engine: ModuleType) -> None:
    """Shapes are where learners go wrong: they must stand at the edges, of each use its own."""
    weights = engine.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    bias = engine.tensor([1.0, 2.0], requires_grad=True)
    hidden = engine.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]) @ weights + bias
    drawing = draw_graph((hidden * hidden).mean(), names={"W": weights, "c": bias, "h": hidden})
    root = ElementTree.fromstring(drawing.svg)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts.count("3 × 2") == 5  # the data, the product, h twice, and its square
    assert texts.count("2 × 2") == 1
    assert "h × h = [[4, 16], [16, 36], [81, 196]]: multiply" in drawing.words
    assert len([each for each in root.iter(f"{SVG}g") if "data-edge" in each.attrib]) == 8


@ENGINES
def test_gradients_of_leaves_are_shown_after_backward(engine: ModuleType) -> None:
    """After backward one wants to see what it has done; what it freed is said to be unknown."""
    names = linear_loss(engine)
    names["loss"].backward()
    drawing = draw_graph(names["loss"], names=names)
    assert f"leaf: w = 2, gradient {names['w'].grad.item():g}" in drawing.words
    assert f"leaf: b = 1, gradient {names['b'].grad.item():g}" in drawing.words
    assert "gradient" not in draw_graph(names["loss"], gradients=False).words


@ENGINES
def test_no_value_is_computed_from_a_leaf_that_was_changed(engine: ModuleType) -> None:
    """After an optimizer's step the leaves are new and the result is old: they do not fit."""
    names = linear_loss(engine)
    with engine.no_grad():
        names["b"] += 1
    words = draw_graph(names["loss"], names=names).words
    assert "leaf: b = 2" in words
    assert "v1 = w × x = 6" in words
    assert "v2 = v1 + b, value not kept" in words
    assert "output: loss = 4" in words


@ENGINES
def test_values_are_known_where_a_leaf_was_changed_before(engine: ModuleType) -> None:
    """Every weight of a layer was filled in place, and in a loop it is stepped before each use."""
    names = linear_loss(engine)
    with engine.no_grad():
        names["b"] += 1
    loss = (names["w"] * names["x"] + names["b"]).tanh()
    assert "v2 = v1 + b = 8" in draw_graph(loss, names=names).words


def test_a_change_that_torch_does_not_count_is_noticed() -> None:
    """`.data` goes behind the back of autograd; a picture that believed it would not add up."""
    w = torch.tensor(2.0, requires_grad=True)
    loss = (w + 1).exp()
    w.data += 1
    words = draw_graph(loss, names={"w": w, "loss": loss}).words
    assert "v1 = w + c1, value not kept" in words


@ENGINES
def test_parts_of_one_operation_are_not_mixed_up(engine: ModuleType) -> None:
    """The second part of an unbind has the same node as the first, and another value."""
    parts = (engine.tensor([1.0, 2.0], requires_grad=True) * 3).unbind()
    words = draw_graph(parts[1] * parts[0], names={"second": parts[1]}).words
    assert "second" not in words
    assert "output = 18" in words


@ENGINES
def test_the_graph_of_a_gradient_can_be_drawn(engine: ModuleType) -> None:
    """Second derivatives are where learners need a picture most, and where nodes are unusual."""
    x = engine.tensor(2.0, requires_grad=True)
    (slope,) = engine.autograd.grad(x**3, x, create_graph=True)
    words = draw_graph(slope, names={"x": x, "slope": slope}).words
    assert "leaf: x = 2" in words
    assert words.endswith("output: slope = 12")


def test_the_picture_stands_alone_and_has_a_text_equivalent() -> None:
    """It is put on pages where no style sheet and no script of ours is."""
    names = linear_loss(chalkgrad)
    drawing = draw_graph(names["loss"], names={**names, "<w & v>": names["w"]})
    root = ElementTree.fromstring(drawing.svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Computational graph of loss"
    assert root.findtext(f"{SVG}desc") == drawing.words
    bundle = drawing._repr_mimebundle_()
    assert bundle["image/svg+xml"] == drawing.svg
    assert bundle["text/plain"] == repr(drawing) == drawing.words
    assert "<w &" not in bundle["text/html"]


@ENGINES
def test_a_long_chain_is_folded(engine: ModuleType) -> None:
    """Three hundred boxes in a row show nothing, and take a minute to scroll through."""
    chain = deep(engine, 100, lambda z, _: (z * 1.1 + 0.1).tanh())
    words = draw_graph(chain).words
    assert "300 operations: multiply, …, tanh" in words
    assert len(words.splitlines()) == 4


@ENGINES
def test_what_is_far_from_the_output_is_left_out(engine: ModuleType) -> None:
    """A graph that does not fold must not freeze the browser either."""
    tangle = deep(engine, 2000, lambda z, x: z * x + z.sin())
    drawing = draw_graph(tangle, most=20)
    assert drawing.words.startswith("5984 earlier nodes, not shown")
    assert drawing.svg.count("data-node") <= 20


def test_no_edge_crosses_another_or_a_node_where_that_can_be_avoided() -> None:
    """A line that runs through a box looks as if it ended there."""
    # A long way beside a short one, and a diamond: both can be drawn without crossings.
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (0, 5), (5, 4), (1, 4)]
    layout = lay_out([Size(90, 60)] * 6, edges, [None] * len(edges))
    assert _hits(layout, edges, Size(90, 60)) == []
    assert all(left < right for left, right in _spans(layout, edges))


def test_save_refuses_to_overwrite(tmp_path: Path) -> None:
    """A picture for a report must not be lost to a second run."""
    drawing = draw_graph(linear_loss(chalkgrad)["loss"])
    path = drawing.save(tmp_path / "graph.svg")
    assert path.read_text(encoding="utf-8") == drawing.svg
    with pytest.raises(FileExistsError, match="overwrite=True"):
        drawing.save(path)
    drawing.save(path, overwrite=True)
    with pytest.raises(ValueError, match=r"must end in \.svg"):
        drawing.save(tmp_path / "graph.png")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda: (3.0, {}), "a tensor of chalkgrad or torch; got float"),
        (lambda: (torch.ones(2, requires_grad=True), {}), "is a leaf: no operation made it"),
        (lambda: (chalkgrad.ones(2) * 2, {}), "No graph was recorded"),
        (lambda: (linear_loss(torch)["loss"], {"names": ["w"]}), "names must map names"),
        (lambda: (linear_loss(torch)["loss"], {"most": 1}), "most must be 3 nodes or more"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(arguments: Any, message: str) -> None:
    """A learner who gets it wrong must read what to do, not a traceback of ours."""
    tensor, options = arguments()
    with pytest.raises(ValueError, match=message) as refusal:
        draw_graph(tensor, **options)
    assert "\n" not in str(refusal.value)


def _spans(layout: Layout, edges: list[tuple[int, int]]) -> list[tuple[float, float]]:
    return [(layout.centres[source][0], layout.centres[target][0]) for source, target in edges]


def _hits(layout: Layout, edges: list[tuple[int, int]], size: Size) -> list[tuple[int, int]]:
    """Pairs of an edge and a node that it runs over, seen at many points of the edge."""
    return [
        (place, node)
        for place, (ends, way) in enumerate(zip(edges, layout.ways, strict=True))
        for node, (x, y) in enumerate(layout.centres)
        if node not in ends
        for start, stop in zip(way.points, way.points[1:], strict=False)
        for part in np.linspace(0, 1, 50)
        if abs(start[0] + part * (stop[0] - start[0]) - x) < size.width / 2
        and abs(start[1] + part * (stop[1] - start[1]) - y) < size.height / 2
    ]
