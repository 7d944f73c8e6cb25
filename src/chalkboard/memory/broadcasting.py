"""Two shapes and what broadcasting makes of them, forward and backward."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets

from chalkboard.assets import script, style
from chalkboard.memory.broadcast_scene import describe_axis, describe_sum, draw_broadcast
from chalkboard.memory.shapes import Broadcast, broadcast
from chalkboard.widget import Widget

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
    #: What stands in the two lines on the page, as it was typed.
    texts = traitlets.List(["", ""]).tag(sync=True)
    invalid = traitlets.List().tag(sync=True)
    scene = traitlets.Dict().tag(sync=True)
    done = traitlets.Unicode().tag(sync=True)
    entry = traitlets.List(traitlets.Int()).tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    target = traitlets.List(allow_none=True, default_value=None)
    found = traitlets.Bool()
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
        self.observe(self._draw, names="backward")
        self.observe(self._read, names="texts")

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
        shapes = [list(lined_up.left), list(lined_up.right)]
        with self.hold_sync():
            self.set_trait("result", lined_up.result)
            self.set_trait("error", lined_up.error)
            if lined_up.result is not None:
                if not _is_entry(self.entry, lined_up.result) and 0 not in lined_up.result:
                    self.entry = [0] * len(lined_up.result)
                if self.target is not None and list(lined_up.result) == self.target:
                    self.found = True
                    self.done = _DONE.format(tuple(self.target))
            # What is typed stays as it was written, where it says this shape.
            if [parse_shape(text) for text in self.texts] != shapes:
                self.texts = [", ".join(map(str, shape)) for shape in shapes]
            self._draw(None)

    def _read(self, _: object) -> None:
        """Follow what was typed on the page; what is no shape leaves the last good picture."""
        left, right = map(parse_shape, self.texts)
        with self.hold_sync():
            if left is not None and right is not None:
                # Together: what lies between is not what was typed.
                with self.hold_trait_notifications():
                    self.left, self.right = left, right
            self._draw(None)

    def _draw(self, _: object) -> None:
        read = zip(("left", "right"), map(parse_shape, self.texts), strict=True)
        self.invalid = [name for name, shape in read if shape is None]
        trouble = f"{' and '.join(self.invalid)} is not a shape. {_ADVICE}" if self.invalid else ""
        self.scene = draw_broadcast(self.broadcast, self.backward, trouble).to_json()


_DONE = "✓ Goal reached: you found shapes whose result has the shape {}."
_ADVICE = (
    f"Write at most {_MOST_AXES} whole numbers with commas between, such as 3, 1; "
    "for a single number write nothing."
)


def parse_shape(text: str) -> list[int] | None:
    """The sizes in a text such as `3, 1` or `(4,)`; None where it is no shape."""
    inside = re.sub(r"^[(\[](.*)[)\]]$", r"\1", text.strip()).strip()
    if not inside:
        return []
    sizes = [size.strip() for size in inside.removesuffix(",").split(",")]
    is_shape = len(sizes) <= _MOST_AXES and all(_SIZE.fullmatch(size) for size in sizes)
    return [int(size) for size in sizes] if is_shape else None


_SIZE = re.compile(r"\d{1,4}", re.ASCII)


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
