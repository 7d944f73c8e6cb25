"""Where the entries of a tensor lie in its storage: the arithmetic of shape, stride and offset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Layout:
    """How a tensor walks over a storage; steps are counted in cells, as torch counts them."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int

    @property
    def entries(self) -> Iterator[tuple[int, ...]]:
        """The indexes of all entries, row by row."""
        return product(*map(range, self.shape))

    @property
    def cells(self) -> list[int]:
        """The storage cell of every entry, row by row."""
        return [self.cell(entry) for entry in self.entries]

    @property
    def is_contiguous(self) -> bool:
        """Whether the entries, row by row, lie side by side in the storage."""
        cells = self.cells
        return cells == list(range(self.offset, self.offset + len(cells)))

    def cell(self, entry: Sequence[int]) -> int:
        """The storage cell that `entry` reads."""
        return self.offset + sum(
            index * step for index, step in zip(entry, self.stride, strict=True)
        )

    def arithmetic(self, entry: Sequence[int]) -> str:
        """The same in words: `offset 0 + 1 times stride 4 + … = 6`."""
        terms = [
            f"{index} {_TIMES} stride {step}"
            for index, step in zip(entry, self.stride, strict=True)
        ]
        return f"{' + '.join([f'offset {self.offset}', *terms])} = {self.cell(entry)}"


def layout_of(tensor: Any) -> Layout:
    """The layout of a tensor of chalkgrad or torch."""
    return Layout(tuple(tensor.shape), tuple(tensor.stride()), int(tensor.storage_offset()))


def storage_start(tensor: Any) -> int:
    """The address at which the storage of `tensor` starts, the same for all tensors that share it.

    It says so only as long as these tensors live.
    """
    return int(tensor.data_ptr()) - int(tensor.storage_offset()) * _cell_bytes(tensor)


def _cell_bytes(tensor: Any) -> int:
    if hasattr(tensor, "element_size"):  # torch; its bfloat16 has no numpy()
        return int(tensor.element_size())
    return int(tensor.detach().numpy().itemsize)


def entry_name(name: str, entry: Sequence[int]) -> str:
    """How an entry is written: `y[1, 2]`, and `y` alone for a tensor without dimensions."""
    return f"{name}[{', '.join(map(str, entry))}]" if entry else name
