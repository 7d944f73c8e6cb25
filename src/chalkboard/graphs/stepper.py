"""Backward, played step by step: where each gradient comes from, and where two of them meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from chalkboard.assets import script, style
from chalkboard.graphs.drawing import arrows_of, figure_of, title_of, value_lines
from chalkboard.graphs.reading import GraphNode
from chalkboard.graphs.steps import Story, tell
from chalkboard.graphs.svg import Box, Line, Role, draw_svg
from chalkboard.widget import Widget

# More than this nobody follows step by step.
_MOST_NODES = 60


class BackwardStepper(Widget):
    """The graph of a result of chalkgrad, walked forward and then backward, node by node.

    `output` is a result that is one number, with its graph not yet freed by `backward()`. `names`
    says what tensors are called, as `{"w": w}` or `locals()`; other results are called v1, v2, …
    `goal` is a sentence shown above. Nothing is changed: no `.grad` is touched, no graph freed.

    The trait `step` counts from 0 and can be read and driven from Python: setting it moves the
    picture. `sentences` has the words of each step.

    Raises:
        ValueError: `output` does not fit, or its graph is too large to be followed; the sentence
            says why and what to do.
    """

    _esm = script("backward_stepper.js")
    _css = style("parts/theme.css", "parts/graph.css", "backward_stepper.css")

    step = traitlets.Int().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    steps = traitlets.List().tag(sync=True)
    lines = traitlets.List().tag(sync=True)

    def __init__(
        self, output: Any, *, names: Mapping[str, Any] | None = None, goal: str = ""
    ) -> None:
        self._story = story = tell(output, names, _MOST_NODES)
        super().__init__(
            step=0,
            goal=goal,
            name=story.graph.output.name,
            picture=self._draw(0),
            steps=[_step_data(step) for step in story.steps],
            lines=[line for node in story.graph.nodes for line in _histories(story, node)],
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said at each step."""
        return tuple(step.words for step in self._story.steps)

    def _static(self) -> Mapping[str, str]:
        words = self.sentences[self.step]
        text = f"Step {self.step} of {len(self.sentences) - 1}. {words}"
        return {
            "text/html": figure_of(
                self._draw(self.step),
                self.sentences,
                summary="All steps in words",
                first=0,
                caption=text,
            ),
            "text/plain": text,
        }

    def _draw(self, step: int) -> str:
        story = self._story
        boxes = [Box(node.key, node.kind, _lines(story, node, step)) for node in story.graph.nodes]
        title = f"Graph of {story.graph.output.name}"
        return draw_svg(boxes, arrows_of(story.graph), title, story.steps[step].words)

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        step, last = proposal["value"], len(self._story.steps) - 1
        if not 0 <= step <= last:
            raise ValueError(f"step must be a whole number from 0 to {last}; got {step}.")
        return step


def _lines(story: Story, node: GraphNode, step: int) -> tuple[Line, ...]:
    """The text of a box at a step; lines that are empty now keep their place."""
    lines = [Line("title", title_of(node))]
    if node.kind == "operation":
        lines.append(Line("small", f"{node.name} = {node.formula}"))
    is_known = story.value_from[node.key] <= step
    lines += [Line("value", text if is_known else "", text) for text in value_lines(node)]
    states = [lines for _, lines in story.gradients.get(node.key, [])]
    rows = max(map(len, states), default=0)
    now = story.gradient_lines(node.key, step)
    widest = max((text for state in states for text in state), key=len, default="")
    return (*lines, *_padded("gradient", now, rows, widest))


def _padded(role: Role, texts: Sequence[str], rows: int, widest: str) -> list[Line]:
    texts = (*texts, *[""] * (rows - len(texts)))
    return [Line(role, text, widest) for text in texts]


def _step_data(step: Any) -> dict[str, Any]:
    return {
        "phase": step.phase,
        "node": step.node,
        "edges": list(step.edges),
        "sentences": list(step.sentences),
    }


def _histories(story: Story, node: GraphNode) -> list[list[tuple[int, str]]]:
    """For each line in the box of a node, from which steps on it has which texts."""
    grows_at = [at for at, _ in story.gradients.get(node.key, [])]
    steps = sorted({0, story.value_from[node.key], *grows_at})
    texts = [[line.text for line in _lines(story, node, step)] for step in steps]
    return [list(zip(steps, line, strict=True)) for line in zip(*texts, strict=True)]
