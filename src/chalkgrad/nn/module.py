"""A module is a function with memory: parameters, buffers and modules, found by their names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import chalkgrad
from chalkgrad.nn.parameter import Parameter, typename, zero_gradients
from chalkgrad.tensor import Tensor

Self = TypeVar("Self", bound="Module")


class _IncompatibleKeys(NamedTuple):
    """What `load_state_dict` did not find, and what it found no use for."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        names = f"missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys}"
        return f"_IncompatibleKeys({names})"


class Module:
    """The base of every network: assign parameters and modules to attributes, define `forward`.

    Call the module itself: `net(x)` runs `forward`.
    """

    training: bool

    def __init__(self) -> None:
        # Past `__setattr__`, which needs these registries.
        self.__dict__.update({kind.registry: {} for kind in _KINDS})
        self.__dict__.update(training=True, _non_persistent_buffers_set=set())

    def _forward_unimplemented(self, *inputs: Any) -> Any:
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    # A subclass defines it with arguments of its own, and type checkers are to allow that.
    forward: Callable[..., Any] = _forward_unimplemented

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run `forward`."""
        return self.forward(*args, **kwargs)

    # ---- Attributes that are parameters, buffers or modules --------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        for kind in _KINDS:
            registry = self.__dict__.get(kind.registry)
            if kind.by_assignment and isinstance(value, kind.type):
                if registry is None:
                    raise AttributeError(f"cannot assign {kind.noun} before Module.__init__() call")
                self._forget(name, but=kind)
            elif registry is None or name not in registry:
                continue
            elif value is not None and not isinstance(value, kind.type):
                raise TypeError(f"cannot assign '{typename(value)}' {kind.expected.format(name)}")
            registry[name] = value
            return
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        # Python asks here only for what it did not find by itself.
        for kind in _KINDS:
            registry = self.__dict__.get(kind.registry, ())
            if name in registry:
                return registry[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        if any(name in self.__dict__[kind.registry] for kind in _KINDS):
            self._forget(name)
        else:
            super().__delattr__(name)

    def __dir__(self) -> list[str]:
        registered = [name for kind in _KINDS for name in self.__dict__.get(kind.registry, ())]
        return sorted({*super().__dir__(), *filter(str.isidentifier, registered)})

    def _forget(self, name: str, but: _Kind | None = None) -> None:
        for kind in _KINDS:
            if kind is not but:
                self.__dict__[kind.registry].pop(name, None)
        self._non_persistent_buffers_set.discard(name)
        self.__dict__.pop(name, None)

    def _register(self, kind: _Kind, name: str, value: Any) -> None:
        registry = self.__dict__.get(kind.registry)
        if registry is None:
            raise AttributeError(f"cannot assign {kind.noun} before Module.__init__() call")
        if value is not None and not isinstance(value, kind.type):
            raise TypeError(f"cannot assign '{typename(value)}' {kind.expected.format(name)}")
        if hasattr(self, name) and name not in registry:
            raise KeyError(f"attribute '{name}' already exists")
        if not name or "." in name:
            raise KeyError(f"a name can't be empty or contain a dot: '{name}'")
        registry[name] = value

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter; None says that there is none by this name."""
        self._register(_PARAMETER, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that is not trained; the `state_dict` has it if it is `persistent`."""
        self._register(_BUFFER, name, tensor)
        change = "discard" if persistent else "add"
        getattr(self._non_persistent_buffers_set, change)(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a module by a name that need not be an identifier."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        self._register(_MODULE, name, module)

    # ---- Finding what is inside ------------------------------------------------------------------

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """Yield this module and all below it, each once, with dotted names."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, _dotted(prefix, name), remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """Yield this module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the modules right below this one, each once, with their names."""
        seen = {None}
        for name, module in self._modules.items():
            if module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """Yield the modules right below this one, each once."""
        return (module for _, module in self.named_children())

    def _named_members(self, kind: _Kind, prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
        seen = set()
        for path, module in self.named_modules(prefix=prefix) if recurse else [(prefix, self)]:
            for name, member in module.__dict__[kind.registry].items():
                if member is not None and id(member) not in seen:
                    seen.add(id(member))
                    yield _dotted(path, name), member

    def named_parameters(
        self, prefix: str = "", recurse: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Yield the parameters, each once, with dotted names."""
        return self._named_members(_PARAMETER, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Yield the parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Tensor]]:
        """Yield the buffers, each once, with dotted names."""
        return self._named_members(_BUFFER, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Yield the buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    # ---- Changing all of it ----------------------------------------------------------------------

    def train(self: Self, mode: bool = True) -> Self:
        """Tell all modules whether they are being trained; dropout asks."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Tell all modules that they are in use, not in training."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Say for all parameters whether they get gradients."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero."""
        zero_gradients(self.parameters(), set_to_none)

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call a function on all modules, the inner ones first."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Convert what holds floats to a dtype, or to the dtype of a tensor; in place."""
        for dtype in (*args, *kwargs.values()):
            if isinstance(dtype, chalkgrad.dtype) and not dtype.is_floating_point:
                raise TypeError("nn.Module.to only accepts floating point or complex dtypes, but "
                                f"got desired dtype={dtype}")  # fmt: skip

        def converted(tensor: Tensor) -> Tensor:
            return tensor.to(*args, **kwargs) if tensor.dtype.is_floating_point else tensor

        for parameter in self.parameters():
            gradient, parameter.grad = parameter.grad, None  # it has the parameter's dtype always
            parameter.data = converted(parameter.data)
            parameter.grad = None if gradient is None else converted(gradient.detach())
        for module in self.modules():
            for name, buffer in module._buffers.items():
                module._buffers[name] = None if buffer is None else converted(buffer)
        return self

    def float(self: Self) -> Self:
        """Convert what holds floats to float32; in place."""
        return self.to(chalkgrad.float32)

    def double(self: Self) -> Self:
        """Convert what holds floats to float64; in place."""
        return self.to(chalkgrad.float64)

    # ---- Saving and loading ----------------------------------------------------------------------

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> OrderedDict[str, Tensor]:
        """Return all parameters and persistent buffers by their dotted names.

        They share memory with the module's and are detached, unless `keep_vars`.
        """
        state = OrderedDict()
        for path, module in self.named_modules(remove_duplicate=False):
            for name, tensor in (module._parameters | module._buffers).items():
                if tensor is not None and name not in module._non_persistent_buffers_set:
                    state[prefix + _dotted(path, name)] = tensor if keep_vars else tensor.detach()
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Any:
        """Copy values into the parameters and persistent buffers of the same names.

        Raises RuntimeError where shapes differ and, if `strict`, where names do.
        """
        own = self.state_dict(keep_vars=True)
        missing = [name for name in own if name not in state_dict]
        unexpected = [name for name in state_dict if name not in own]
        problems = [
            f"{kind} key(s) in state_dict: {_quoted(names)}. "
            for kind, names in (("Missing", missing), ("Unexpected", unexpected))
            if strict and names
        ]
        for name, tensor in own.items():
            if name in state_dict:
                problems += _load(name, tensor, state_dict[name])
        if problems:
            listed = "\n\t".join(problems)
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{listed}"
            )
        return _IncompatibleKeys(missing, unexpected)

    # ---- Printing --------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """Say what is particular about this module; printed between the parentheses."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        if len(lines) == 1 and not self._modules:
            return f"{type(self).__name__}({extra})"
        lines += [f"({name}): {module!r}" for name, module in self._modules.items()]
        return printed(self, lines)


class _Kind(NamedTuple):
    """What a module keeps of one kind: in which registry, and torch's words about it."""

    registry: str
    type: type
    by_assignment: bool
    """Whether it becomes a member by being assigned; else it goes where its name already is."""
    noun: str
    expected: str


_PARAMETER = _Kind(
    "_parameters", Parameter, True, "parameters",
    "as parameter '{}' (torch.nn.Parameter or None expected)",
)  # fmt: skip
_MODULE = _Kind(
    "_modules", Module, True, "module",
    "as child module '{}' (torch.nn.Module or None expected)",
)  # fmt: skip
_BUFFER = _Kind(
    "_buffers", Tensor, False, "buffer",
    "as buffer '{}' (torch.nn.Buffer, torch.Tensor or None expected)",
)  # fmt: skip
_KINDS = (_PARAMETER, _MODULE, _BUFFER)


def printed(module: Module, lines: list[str]) -> str:
    """Put the name of a module around lines, and indent these."""
    body = "\n".join(lines).replace("\n", "\n  ")
    return f"{type(module).__name__}(\n  {body}\n)" if lines else f"{type(module).__name__}()"


def _dotted(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _load(name: str, tensor: Tensor, value: Any) -> list[str]:
    """Copy a value into a tensor, or say why that cannot be."""
    if not isinstance(value, Tensor):
        return [
            f'While copying the parameter named "{name}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(value)}"
        ]
    if value.shape != tensor.shape:
        return [
            f"size mismatch for {name}: copying a param with shape {value.shape} from checkpoint, "
            f"the shape in current model is {tensor.shape}."
        ]
    with chalkgrad.no_grad():
        tensor.copy_(value)
    return []
