"""What must agree between the engines: results, gradients, second derivatives, tangents, errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from op_samples import (
    Operation,
    as_if_torch_were_chalkgrad,
    for_chalkgrad,
    for_torch,
    leaves,
    map_leaves,
    one_line,
    without_gradients,
)
from torch.autograd import forward_ad

import chalkgrad

GRADIENT, SECOND, FORWARD = "gradient", "second derivative", "jvp"

_SEED = 42
"""The seed that torch's list gives torch before each call of an operation that draws numbers."""


class Mismatch(Exception):
    """chalkgrad gave something else than torch; the message says what."""


@dataclass(frozen=True)
class Run:
    """One call in one engine: what went in and what came out.

    `finish` is torch's own choice of what in an output can be differentiated uniquely.
    """

    engine: Any
    function: Callable[..., Any]
    finish: Callable[[Any], Any]
    inputs: Any
    output: Any

    def sources(self) -> list[Any]:
        """The input tensors that require grad, each once."""
        tensors = {id(leaf): leaf for leaf in leaves(self.inputs) if _requires_grad(leaf)}
        return list(tensors.values())

    def tensors(self, output: Any) -> list[Any]:
        """The tensors in an output, in order."""
        found = leaves(self.finish(output))
        return [leaf for leaf in found if isinstance(leaf, self.engine.Tensor)]

    def again(self, sources: Sequence[Any]) -> list[Any]:
        """Call once more with other tensors in place of the sources."""
        new = {id(old): new for old, new in zip(self.sources(), sources, strict=True)}
        inputs = map_leaves(self.inputs, lambda leaf: new.get(id(leaf), leaf))
        return self.tensors(call(self.function, inputs))


@dataclass(frozen=True)
class Pair:
    """The same call in both engines."""

    ours: Run
    theirs: Run

    def differentiable(self) -> list[int]:
        """Which of the output tensors require grad in torch."""
        outputs = self.theirs.tensors(self.theirs.output)
        return [place for place, output in enumerate(outputs) if output.requires_grad]


def call(function: Callable[..., Any], inputs: Any) -> Any:
    """Call with `inputs`: the first argument, the others, and those by name."""
    chalkgrad.manual_seed(_SEED)
    first, others, named = inputs
    return function(first, *others, **named)


def run_both(operation: Operation, sample: Any, gradients: bool = True) -> Pair:
    """Call the operation with a sample in both engines, with gradients where the sample has them.

    Raises:
        Mismatch: chalkgrad raises where torch does not.

    """
    tree = (sample.input, tuple(sample.args), sample.kwargs)
    tree = tree if gradients else without_gradients(tree)
    finish, inputs = sample.output_process_fn_grad, for_torch(tree)
    function = operation.in_torch
    theirs = Run(torch, function, finish, inputs, call(function, inputs))
    with errors_are_mismatches():
        function, inputs = operation.in_chalkgrad, for_chalkgrad(tree)
        finish = as_if_torch_were_chalkgrad(finish)
        ours = Run(chalkgrad, function, finish, inputs, call(function, inputs))
        return Pair(ours, theirs)


@contextmanager
def errors_are_mismatches() -> Iterator[None]:
    """Whatever chalkgrad raises is a difference, since torch did not."""
    try:
        yield
    except Mismatch:
        raise
    except Exception as error:
        raise Mismatch(f"{type(error).__name__}: {one_line(str(error))}") from error


def _requires_grad(leaf: Any) -> bool:
    return getattr(leaf, "requires_grad", False) is True


def compare_results(pair: Pair, values: bool) -> None:
    """Hold type, shape, dtype, requires_grad and, if asked, the values against torch's."""
    with errors_are_mismatches():
        _same(pair.ours.output, pair.theirs.output, values)


def _same(ours: Any, theirs: Any, values: bool = True) -> None:
    if isinstance(theirs, torch.Tensor):
        _same_tensor(ours, theirs, values)
    elif isinstance(theirs, torch.Size):
        _require(isinstance(ours, chalkgrad.Size) and tuple(ours) == tuple(theirs), ours, theirs)
    elif isinstance(theirs, (tuple, list)):
        _require(isinstance(ours, (tuple, list)), type(ours), type(theirs))
        _require(len(ours) == len(theirs), f"{len(ours)} results", len(theirs))
        # The named tuples of torch, such as `torch.return_types.max`.
        lacking = [
            name for name in getattr(theirs, "__match_args__", ()) if not hasattr(ours, name)
        ]
        _require(not lacking, f"results without the names {lacking}", type(theirs).__name__)
        for our, their in zip(ours, theirs, strict=True):
            _same(our, their, values)
    elif isinstance(theirs, (bool, int, float, complex)):
        _require(type(ours) is type(theirs), type(ours), type(theirs))
        if values:
            _close(torch.tensor(ours), torch.tensor(theirs))
    else:
        _require(ours == theirs, ours, theirs)


def _same_tensor(ours: Any, theirs: torch.Tensor, values: bool) -> None:
    _require(isinstance(ours, chalkgrad.Tensor), type(ours), "a tensor")
    _require(str(ours.dtype) == str(theirs.dtype), ours.dtype, theirs.dtype)
    _require(tuple(ours.shape) == tuple(theirs.shape), tuple(ours.shape), tuple(theirs.shape))
    array = np.array(ours.detach().numpy())
    dtype = str(theirs.dtype).removeprefix("torch.")
    _require(array.dtype.name == dtype, f"an array of {array.dtype}", dtype)
    _require(array.shape == tuple(theirs.shape), f"an array of shape {array.shape}", theirs.shape)
    if values:
        _close(torch.from_numpy(array), theirs.detach())
    for_grad = f"requires_grad={ours.requires_grad}"
    _require(ours.requires_grad == theirs.requires_grad, for_grad, theirs.requires_grad)


def _close(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    try:
        torch.testing.assert_close(
            ours, theirs.resolve_conj().resolve_neg(), equal_nan=True, check_stride=False
        )
    except AssertionError as error:
        raise Mismatch(one_line(str(error), 160)) from None


def _require(holds: bool, ours: Any, theirs: Any) -> None:
    if not holds:
        raise Mismatch(f"{one_line(str(ours))} rather than {one_line(str(theirs))}")


def compare_gradients(pair: Pair, generator: torch.Generator) -> None:
    """Compare the products of random cotangents with the Jacobian, None where there is no path."""
    cotangents = _random_like(_chosen(pair, pair.theirs), generator)
    theirs = _gradients(pair, pair.theirs, cotangents)
    with errors_are_mismatches():
        _same(_gradients(pair, pair.ours, for_chalkgrad(cotangents)), theirs)


def _gradients(pair: Pair, run: Run, cotangents: list[Any]) -> list[Any]:
    outputs, sources = _chosen(pair, run), run.sources()
    options = {"retain_graph": True, "allow_unused": True}
    return [*run.engine.autograd.grad(outputs, sources, cotangents, **options)]


def compare_second_derivatives(pair: Pair, generator: torch.Generator) -> None:
    """Compare what a second cotangent gives, by the sources and by the first cotangent.

    Where there is no path in one engine there may be zeros in the other.
    """
    cotangents = _random_like(_chosen(pair, pair.theirs), generator)
    cotangents = [cotangent.requires_grad_() for cotangent in cotangents]
    weights = _random_like(pair.theirs.sources(), generator)
    theirs = _second_gradients(pair, pair.theirs, cotangents, weights)
    with errors_are_mismatches():
        ours = _second_gradients(pair, pair.ours, for_chalkgrad(cotangents), for_chalkgrad(weights))
        _same(ours, theirs)


def _second_gradients(pair: Pair, run: Run, cotangents: list[Any], weights: list[Any]) -> list[Any]:
    grad, inputs = run.engine.autograd.grad, [*run.sources(), *cotangents]
    firsts = grad(
        _chosen(pair, run), run.sources(), cotangents, create_graph=True, allow_unused=True
    )
    connected = [place for place, first in enumerate(firsts) if _requires_grad(first)]
    seconds: Sequence[Any] = [None] * len(inputs)
    if connected:
        outputs = [firsts[place] for place in connected]
        chosen = [weights[place] for place in connected]
        seconds = grad(outputs, inputs, chosen, retain_graph=True, allow_unused=True)
    return [
        run.engine.zeros_like(x.detach()) if second is None else second.detach()
        for x, second in zip(inputs, seconds, strict=True)
    ]


def compare_tangents(pair: Pair, generator: torch.Generator) -> None:
    """Compare the product of the Jacobian with random tangents; torch's is by forward mode."""
    tangents = _random_like(pair.theirs.sources(), generator)
    theirs = _torchs_jvp(pair, tangents)
    with errors_are_mismatches():
        places = pair.differentiable()
        _, ours = pair.ours.engine.autograd.functional.jvp(
            lambda *sources: tuple(pair.ours.again(sources)[place] for place in places),
            tuple(pair.ours.sources()),
            tuple(for_chalkgrad(tangents)),
        )
        _same([tangent.detach() for tangent in ours], theirs)


def _torchs_jvp(pair: Pair, tangents: list[torch.Tensor]) -> list[torch.Tensor]:
    with forward_ad.dual_level():
        duals = [
            forward_ad.make_dual(source.detach(), tangent)
            for source, tangent in zip(pair.theirs.sources(), tangents, strict=True)
        ]
        outputs = pair.theirs.again(duals)
        unpacked = [forward_ad.unpack_dual(outputs[place]) for place in pair.differentiable()]
        return [
            torch.zeros_like(primal) if tangent is None else tangent.clone()
            for primal, tangent in unpacked
        ]


def _chosen(pair: Pair, run: Run) -> list[Any]:
    outputs = run.tensors(run.output)
    return [outputs[place] for place in pair.differentiable()]


def _random_like(tensors: Sequence[torch.Tensor], generator: torch.Generator) -> list[Any]:
    return [torch.randn(x.shape, dtype=x.dtype, generator=generator) for x in tensors]


@dataclass(frozen=True)
class Errors:
    """What the engines say of an input that torch refuses; None where it is taken."""

    ours: Exception | None
    theirs: Exception

    def same_type(self) -> bool:
        """Tell whether the built-in types agree, of which either may have a subclass."""
        return self.ours is not None and _builtin(self.ours) is _builtin(self.theirs)

    def types(self) -> str:
        """Both types in a few words."""
        ours = "nothing" if self.ours is None else _builtin(self.ours).__name__
        return f"{ours} rather than {_builtin(self.theirs).__name__}"

    def __str__(self) -> str:
        ours = "" if self.ours is None else one_line(str(self.ours), 60)
        return f"{self.types()}: {ours or '-'} | {one_line(str(self.theirs), 60)}"


def refuse(operation: Operation, sample: Any) -> Errors | None:
    """Give both engines what torch should refuse; None if it does not.

    Raises:
        NotExpressible: the sample cannot be given to chalkgrad.

    """
    tree = (sample.input, tuple(sample.args), sample.kwargs)
    inputs = for_chalkgrad(tree)
    theirs = _error_of(operation.in_torch, for_torch(tree))
    return theirs and Errors(_error_of(operation.in_chalkgrad, inputs), theirs)


def _error_of(function: Callable[..., Any], inputs: Any) -> Exception | None:
    try:
        call(function, inputs)
    except Exception as error:
        return error
    return None


def _builtin(error: Exception) -> type:
    return next(kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
