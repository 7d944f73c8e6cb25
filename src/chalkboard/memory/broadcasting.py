"""Two shapes and what broadcasting makes of them, forward and backward."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets

from chalkboard.assets import script, style
from chalkboard.memory.shapes import Axis, Broadcast, broadcast
from chalkboard.widget import Widget
from chalkboard.wording import join_words

_MOST_AXES = 6
_LARGEST_SIZE = 9999


class BroadcastExplorer(Widget):
    """Two shapes to type in: how they line up, which axis is stretched, and what comes out.

    Small results are drawn with the copies that broadcasting would make, and each entry says what
    it is the sum of. With `backward` on, the picture shows which axes of the gradient are summed
    for each operand. `target` is a shape that the result is to have; the widget notices when it
    has it, and `found` turns True. `goal` is a sentence shown above; with `target` there is one.

    The traits can be read and driven from Python: `left` and `right` are the shapes, `entry` is
    the index of the entry of the result that is looked at. `result` is the shape of the result,
    or None, and then `error` has torch's words.

    Raises:
        ValueError: a shape is none, or is too large to be shown.
    """

    _esm = script("broadcast_explorer.js")
    _css = style("parts/theme.css", "parts/grid.css", "broadcast_explorer.css")

    left = traitlets.List().tag(sync=True)
    right = traitlets.List().tag(sync=True)
    backward = traitlets.Bool().tag(sync=True)
    entry = traitlets.List(traitlets.Int()).tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    target = traitlets.List(allow_none=True, default_value=None).tag(sync=True)
    found = traitlets.Bool().tag(sync=True)
    result = traitlets.Tuple(allow_none=True, default_value=None, read_only=True)
    error = traitlets.Unicode(read_only=True)

    def __init__(
        self,
        left: Sequence[int] = (3, 1),
        right: Sequence[int] = (4,),
        *,
        backward: bool = False,
        target: Sequence[int] | None = None,
        goal: str = "",
    ) -> None:
        wanted = None if target is None else _check_shape(target, "target")
        if wanted is not None and not goal:
            goal = f"Change the shapes so that the result has the shape {tuple(wanted)}."
        super().__init__(
            left=_check_shape(left, "left"),
            right=_check_shape(right, "right"),
            backward=backward,
            target=wanted,
            goal=goal,
        )
        self._follow(None)
        self.observe(self._follow, names=["left", "right"])

    @property
    def broadcast(self) -> Broadcast:
        """How the two shapes line up."""
        return broadcast(self.left, self.right)

    @property
    def words(self) -> str:
        """What the picture shows."""
        lined_up = self.broadcast
        parts = [f"left has the shape {lined_up.left}, right has the shape {lined_up.right}."]
        last = len(lined_up.axes) - 1
        parts += [
            f"Axis {last - place}: {describe_axis(axis)}."
            for place, axis in enumerate(reversed(lined_up.axes))
        ]
        if lined_up.result is None:
            parts.append(f"There is no result: {lined_up.error} (a is left, b is right).")
        else:
            parts.append(f"The result has the shape {lined_up.result}.")
            if self.backward:
                parts += [
                    f"{describe_sum(lined_up.summed(own), name)}: it has {name}'s shape {own}."
                    for name, own in (("left", lined_up.left), ("right", lined_up.right))
                ]
        return " ".join(parts)

    def _static(self) -> Mapping[str, str]:
        axes = self.broadcast.axes
        head = "".join(f'<th scope="col">axis {place}</th>' for place in range(len(axes)))
        rows = "".join(
            f'<tr><th scope="row">{name}</th>{"".join(f"<td>{text}</td>" for text in texts)}</tr>'
            for name, texts in (
                ("left", [_size(axis.left) for axis in axes]),
                ("right", [_size(axis.right) for axis in axes]),
                ("result", [_size(axis.result, "does not fit") for axis in axes]),
            )
        )
        page = f"<table><tr><td></td>{head}</tr>{rows}</table><p>{html.escape(self.words)}</p>"
        return {"text/html": page, "text/plain": self.words}

    @traitlets.validate("left", "right")
    def _check_operand(self, proposal: Any) -> list[int]:
        return _check_shape(proposal["value"], proposal["trait"].name)

    @traitlets.validate("entry")
    def _check_entry(self, proposal: Any) -> list[int]:
        entry, shape = list(proposal["value"]), self.broadcast.result
        if shape is None or not _is_entry(entry, shape):
            raise ValueError(
                f"entry must be an index into the result, whose shape is {shape}; got {entry}."
            )
        return entry

    def _follow(self, _: object) -> None:
        lined_up = self.broadcast
        self.set_trait("result", lined_up.result)
        self.set_trait("error", lined_up.error)
        if lined_up.result is None:
            return
        if not _is_entry(self.entry, lined_up.result) and 0 not in lined_up.result:
            self.entry = [0] * len(lined_up.result)
        if self.target is not None and list(lined_up.result) == self.target:
            self.found = True


def describe_axis(axis: Axis) -> str:
    """What happens at one axis, in words."""
    if axis.result is None:
        return f"{axis.left} and {axis.right} differ and neither is 1"
    for name, own, other in (("left", axis.left, axis.right), ("right", axis.right, axis.left)):
        if own is None:
            stretched = "" if other == 1 else f" and is stretched to {other}"
            return f"{name} has no axis here, so it counts as 1{stretched}"
        if own == 1 and other not in (None, 1):
            return f"the 1 of {name} is stretched to {other}"
    return f"both are {axis.result}"


def describe_sum(axes: Sequence[int], name: str) -> str:
    """Over which axes the gradient of an operand is summed, in words."""
    if not axes:
        return f"{name}.grad is the gradient of the result, as it is"
    places = join_words([str(axis) for axis in axes])
    kind = "axis" if len(axes) == 1 else "axes"
    return f"{name}.grad is the gradient of the result, summed over {kind} {places}"


def _size(size: int | None, missing: str = "none, counts as 1") -> str:
    return missing if size is None else str(size)


def _is_entry(entry: Sequence[int], shape: Sequence[int]) -> bool:
    return len(entry) == len(shape) and all(
        0 <= index < size for index, size in zip(entry, shape, strict=True)
    )


def _check_shape(shape: Any, name: str) -> list[int]:
    sizes: list[Any]
    try:
        sizes = list(shape)
    except TypeError:
        sizes = [None]
    if not all(isinstance(size, (int, np.integer)) and size >= 0 for size in sizes):
        raise ValueError(
            f"{name} must be a shape of whole numbers from 0 up, such as (3, 1); got {shape!r}."
        )
    if len(sizes) > _MOST_AXES or max(sizes, default=0) > _LARGEST_SIZE:
        raise ValueError(
            f"{name} may have at most {_MOST_AXES} axes of size {_LARGEST_SIZE} at most; "
            f"got {shape!r}."
        )
    return [int(size) for size in sizes]
