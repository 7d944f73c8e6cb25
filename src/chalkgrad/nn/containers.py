"""Modules that hold others: one after the other, in a list, or by name."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, ClassVar, TypeVar

from chalkgrad.nn.module import Module, printed
from chalkgrad.nn.parameter import Parameter
from chalkgrad.tensor import Tensor

__all__ = ["ModuleDict", "ModuleList", "ParameterList", "Sequential"]

Self = TypeVar("Self", bound="_Members")


class _Members(Module):
    """Modules, or parameters, in an order, named by their places."""

    _registry: ClassVar[str] = "_modules"

    def __init__(self, members: Iterable[Any] | None = None) -> None:
        super().__init__()
        if members is not None:
            self.extend(members)

    @property
    def _members(self) -> dict[str, Any]:
        return self.__dict__[self._registry]

    def _name(self, index: int) -> str:
        index = operator.index(index)
        if not -len(self) <= index < len(self):
            raise IndexError(f"index {index} is out of range")
        return list(self._members)[index]

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members.values())

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return type(self)(list(self)[index])
        return self._members[self._name(index)]

    def __setitem__(self, index: int, member: Any) -> None:
        setattr(self, self._name(index), member)

    def append(self: Self, member: Any) -> Self:
        """Add one at the end."""
        self.add_module(str(len(self)), member)
        return self

    def extend(self: Self, members: Iterable[Any]) -> Self:
        """Add several at the end."""
        if not isinstance(members, Iterable) or isinstance(members, Tensor):
            raise TypeError(
                f"{type(self).__name__}.extend should be called with an iterable, "
                f"but got {type(members).__name__}"
            )
        for member in list(members):
            self.append(member)
        return self

    def __iadd__(self: Self, members: Iterable[Any]) -> Self:
        return self.extend(members)


class _Modules(_Members):
    """Modules in an order, which can be taken out again."""

    def __delitem__(self, index: int | slice) -> None:
        names = list(self._modules)
        for name in names[index] if isinstance(index, slice) else [self._name(index)]:
            delattr(self, name)
        self._renumber(list(self))

    def _renumber(self, modules: list[Module]) -> None:
        self._modules = {str(place): module for place, module in enumerate(modules)}

    def insert(self, index: int, module: Module) -> Any:
        """Add a module before the one at a place."""
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)
        return self

    def pop(self, key: int | slice) -> Any:
        """Take a module out and return it."""
        module = self[key]
        del self[key]
        return module


class Sequential(_Modules):
    """Applies its modules one after the other; an OrderedDict gives them names."""

    def __init__(self, *modules: Module | OrderedDict[str, Module]) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], OrderedDict):
            named: Mapping[str, Any] = modules[0]
        else:
            named = {str(place): module for place, module in enumerate(modules)}
        for name, module in named.items():
            self.add_module(name, module)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):  # the names stay
            return type(self)(OrderedDict(list(self._modules.items())[index]))
        return super().__getitem__(index)

    def __add__(self, other: Sequential) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, "
                f"but {type(other)} is given."
            )
        return Sequential(*self, *other)

    def forward(self, input: Any) -> Any:
        """Apply the modules, each to the output of the one before."""
        for module in self._modules.values():
            input = module(input)
        return input


class ModuleList(_Modules):
    """A list of modules; the module that it is assigned to finds their parameters."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __repr__(self) -> str:
        """Print neighbours that look the same only once."""
        runs: list[list[Any]] = []  # the text, its first place, its last place
        for place, module in enumerate(self):
            text = repr(module)
            if runs and runs[-1][0] == text:
                runs[-1][2] = place
            else:
                runs.append([text, place, place])
        return printed(
            self,
            [
                f"({first}): {text}"
                if first == last
                else f"({first}-{last}): {last - first + 1} x {text}"
                for text, first, last in runs
            ],
        )


class ModuleDict(Module):
    """Modules by name; the module that it is assigned to finds their parameters."""

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._modules.keys()

    def values(self) -> ValuesView[Any]:
        """Return the modules."""
        return self._modules.values()

    def items(self) -> ItemsView[str, Any]:
        """Return the names with their modules."""
        return self._modules.items()

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add modules, or put them in the place of others of the same name."""
        for name, module in dict(modules).items():
            self[name] = module

    def pop(self, key: str) -> Any:
        """Take a module out and return it."""
        return self._modules.pop(key)

    def clear(self) -> None:
        """Take all out."""
        self._modules.clear()


class ParameterList(_Members):
    """A list of parameters; it makes parameters of the tensors that it is given."""

    _registry = "_parameters"

    def __init__(self, values: Iterable[Tensor] | None = None) -> None:
        super().__init__(values)

    def __setitem__(self, index: int, value: Tensor) -> None:
        super().__setitem__(index, _as_parameter(value))

    def append(self, member: Tensor) -> ParameterList:
        """Add a parameter at the end."""
        self.register_parameter(str(len(self)), _as_parameter(member))
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: it is no function."""
        raise RuntimeError("ParameterList should not be called.")

    def extra_repr(self) -> str:
        """Say dtype and size of each."""
        return "\n".join(
            f"  ({place}): Parameter containing: "
            f"[{value.dtype} of size {'x'.join(map(str, value.shape))}]"
            for place, value in enumerate(self)
        )


def _as_parameter(value: Tensor) -> Any:
    plain = isinstance(value, Tensor) and not isinstance(value, Parameter)
    return Parameter(value) if plain else value
