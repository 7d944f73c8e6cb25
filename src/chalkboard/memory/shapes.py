"""The rule of broadcasting: how two shapes line up, what comes out, and what backward sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True)
class Axis:
    """One axis of the result: the sizes that meet there, and the size that comes out.

    `left` or `right` is None where that shape is too short to have this axis; `result` is None
    where the sizes do not fit.
    """

    left: int | None
    right: int | None
    result: int | None


@dataclass(frozen=True)
class Broadcast:
    """Two shapes lined up from the right, as axes of the result from the first to the last."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    axes: tuple[Axis, ...]

    @property
    def result(self) -> tuple[int, ...] | None:
        """The shape of the result, or None where the shapes do not fit."""
        sizes = [axis.result for axis in self.axes]
        fitting = [size for size in sizes if size is not None]
        return tuple(fitting) if len(fitting) == len(sizes) else None

    @property
    def error(self) -> str:
        """What torch says of shapes that do not fit; empty where they do."""
        for place, axis in reversed(list(enumerate(self.axes))):
            if axis.result is None:
                return (
                    f"The size of tensor a ({axis.left}) must match the size of tensor b "
                    f"({axis.right}) at non-singleton dimension {place}"
                )
        return ""

    def summed(self, own: Sequence[int]) -> tuple[int, ...]:
        """The axes of the result over which backward sums for an operand of shape `own`."""
        missing = len(self.axes) - len(own)
        return tuple(
            place
            for place, axis in enumerate(self.axes)
            if place < missing or (own[place - missing] == 1 and axis.result != 1)
        )


def broadcast(left: Sequence[int], right: Sequence[int]) -> Broadcast:
    """Line up two shapes from the right; a size of 1, or none, is stretched to the other's."""
    pairs = list(zip_longest(reversed(left), reversed(right)))
    axes = tuple(Axis(one, other, _fit(one, other)) for one, other in reversed(pairs))
    return Broadcast(tuple(left), tuple(right), axes)


def _fit(left: int | None, right: int | None) -> int | None:
    if left is None or left == 1:
        return 1 if right is None else right
    return left if right in (None, 1, left) else None
