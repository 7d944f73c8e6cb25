"""Modules that hold others: one after the other, or in a list."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

from chalkgrad.nn.module import Module, printed

__all__ = ["ModuleList", "Sequential"]

Self = TypeVar("Self", bound="_Modules")


class _Modules(Module):
    """Modules in an order, named by their places."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def __getitem__(self, index: int | slice) -> Any:
        if not isinstance(index, slice):
            return list(self)[index]
        part = type(self)()
        part._modules.update(list(self._modules.items())[index])
        return part

    def append(self: Self, module: Module) -> Self:
        """Add one at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self: Self, modules: Iterable[Module]) -> Self:
        """Add several at the end."""
        for module in list(modules):
            self.append(module)
        return self


class Sequential(_Modules):
    """Applies its modules one after the other; an OrderedDict gives them names."""

    def __init__(self, *modules: Module | OrderedDict[str, Module]) -> None:
        super().__init__()
        named: Any = [(str(place), module) for place, module in enumerate(modules)]
        if len(modules) == 1 and isinstance(modules[0], OrderedDict):
            named = modules[0].items()
        for name, module in named:
            self.add_module(name, module)

    def forward(self, input: Any) -> Any:
        """Apply the modules, each to the output of the one before."""
        for module in self:
            input = module(input)
        return input


class ModuleList(_Modules):
    """A list of modules; the module that it is assigned to finds their parameters."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(modules or ())

    def __getitem__(self, index: int | slice) -> Any:
        # The places are counted anew; a part of a Sequential keeps its names.
        if isinstance(index, slice):
            return ModuleList(list(self)[index])
        return super().__getitem__(index)

    def __repr__(self) -> str:
        """Print neighbours that look the same only once."""
        lines, place = [], 0
        for text, run in groupby(map(repr, self)):
            count = len(list(run))
            several = f"({place}-{place + count - 1}): {count} x {text}"
            lines.append(several if count > 1 else f"({place}): {text}")
            place += count
        return printed(self, lines)
