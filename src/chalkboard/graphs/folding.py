"""Makes a graph small enough to be looked at: chains become one node, what is far away is left out.

Keys stay what they were, so a folded node has the key of the last operation in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chalkboard.graphs.reading import Graph, GraphNode

_SHORTEST_CHAIN = 3


def fold(graph: Graph, most: int) -> Graph:
    """Return the graph with at most `most` nodes; as it is, if it has no more."""
    if len(graph.nodes) > most:
        graph = _fold_chains(graph)
    return graph if len(graph.nodes) <= most else _keep_last(graph, most)


def _fold_chains(graph: Graph) -> Graph:
    """Fold each run of operations that have one input (besides constants) and one use."""
    nodes = {node.key: node for node in graph.nodes}
    uses = Counter(source for source, _ in graph.edges)
    chain_of: dict[int, list[GraphNode]] = {}
    for node in graph.nodes:
        before = _only_input(node, nodes)
        if before is None or node.kind != "operation" or uses[node.key] != 1:
            continue
        chain = chain_of[node.key] = chain_of.get(before, [])
        chain.append(node)
    chains = {id(chain): chain for chain in chain_of.values() if len(chain) >= _SHORTEST_CHAIN}
    folded = {chain[-1].key: _folded(chain, nodes) for chain in chains.values()}
    gone = {node.key for chain in chains.values() for node in chain[:-1]}
    kept = [folded.get(node.key, node) for node in graph.nodes if node.key not in gone]
    used = {source for node in kept for source in node.inputs}
    return Graph(
        tuple(node for node in kept if node.key in used or node.kind in ("output", "leaf"))
    )


def _only_input(node: GraphNode, nodes: dict[int, GraphNode]) -> int | None:
    inputs = [key for key in node.inputs if nodes[key].kind != "constant"]
    return inputs[0] if len(inputs) == 1 else None


def _folded(chain: Sequence[GraphNode], nodes: dict[int, GraphNode]) -> GraphNode:
    first, last = chain[0], chain[-1]
    before = _only_input(first, nodes)
    shown = f"{first.title}, …, {last.title}"
    return replace(
        last,
        kind="folded",
        title=f"{len(chain)} operations",
        symbol="⋯",
        function=shown,
        formula=f"{len(chain)} operations of {nodes[before].name}" if before is not None else "",
        inputs=() if before is None else (before,),
    )


def _keep_last(graph: Graph, most: int) -> Graph:
    """Keep the nodes nearest to the output; one node stands for all that comes before."""
    nodes = {node.key: node for node in graph.nodes}
    kept = {graph.output.key}
    level = [graph.output.key]
    while level:
        level = list(dict.fromkeys(key for at in level for key in nodes[at].inputs))
        level = [key for key in level if key not in kept]
        if len(kept) + len(level) >= most:
            break
        kept.update(level)
    left_out = len(graph.nodes) - len(kept)
    earlier = GraphNode(
        key=-1, kind="folded", name="…", title=f"{left_out} earlier nodes", symbol="⋯",
        function="not shown",
    )  # fmt: skip
    shown = [
        replace(node, inputs=tuple(dict.fromkeys(_or_earlier(key, kept) for key in node.inputs)))
        if any(key not in kept for key in node.inputs) else node
        for node in graph.nodes if node.key in kept
    ]  # fmt: skip
    return Graph((earlier, *shown))


def _or_earlier(key: int, kept: set[int]) -> int:
    return key if key in kept else -1
