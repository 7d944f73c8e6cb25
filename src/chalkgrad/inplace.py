"""Changing a tensor in place: its memory keeps its address, its version counts up.

Where no gradient is involved (data, or weights under `no_grad`) this only writes. Where one is, the
tensor moves on to the node of the change; if it shows a part of another's memory, that other moves
on as well, and all of its views find their new place when they are next asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chalkgrad import errors
from chalkgrad.functions import FUNCTIONS
from chalkgrad.grad_modes import here
from chalkgrad.graph import AccumulateGrad
from chalkgrad.rules import pointwise, shaping
from chalkgrad.tensor import Tensor, apply, bump, counter_of, node_of, owned, region_of, wrap

# The operations that torch also has with an underscore.
_NAMES = """
abs acos acosh add addcdiv addcmul asin asinh atan atan2 atanh ceil clamp clamp_max clamp_min clip
cos cosh cumprod cumsum deg2rad div divide eq erf erfc exp exp2 expm1 float_power floor floor_divide
fmod frac ge gt hypot index_select le lerp log log10 log1p log2 logical_and logical_not logical_or
logical_xor logit lt masked_fill mul multiply ne neg negative pow rad2deg reciprocal relu remainder
round rsqrt scatter scatter_add sigmoid sign sin sinh sqrt square sub subtract tan tanh tril triu
true_divide trunc
"""
_FAST = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.true_divide}


def change(tensor: Tensor, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """Put what `compute` makes of a tensor in its place."""
    _refuse(tensor)
    recording = here.state[1]
    own = owned(tensor)
    # A node may save what was there before, so let it see a copy.
    before = wrap(own.copy(), node_of(tensor)) if recording else wrap(own)
    result = compute(before)
    _write(own, result._array)
    bump(tensor)
    node = result._node
    if recording and node is not None and node is not before._node:
        saved = list(node.saved)
        for spot, place in enumerate(node.pullback.needs):
            if place == node.pullback.operation.out_place:  # the result lives on in this memory
                saved[spot] = own
                saved[node.pullback.counters[spot]] = counter_of(tensor)
                saved[node.pullback.counters[spot] + 1] = tensor._version
        node.saved = tuple(saved)
        _move_on(tensor, result)
    return tensor


def _move_on(tensor: Tensor, result: Tensor) -> None:
    """Let the tensor, or the base whose memory it shows, take the node of the change."""
    view = tensor._view
    if view is None:
        tensor._node = result._node
        return
    base = wrap(view.base._array, view.base._node)
    view.base._node = apply(shaping.overwrite, (base, result, region_of(tensor)))._node
    node_of(tensor)


def _refuse(tensor: Tensor) -> None:
    """Refuse what torch refuses before anything is computed."""
    if _repeats(tensor):
        raise errors.shared_elements()
    if not here.state[1]:
        return
    view = tensor._view
    if isinstance(tensor._node, AccumulateGrad):
        raise errors.leaf_in_place("a leaf Variable")
    if view is not None and view.base._node is not None:
        if view.several:
            raise errors.one_of_several_views(0, tensor.grad_fn and tensor.grad_fn.name())
        if not view.recorded:
            raise errors.view_made_without_grad()
        if isinstance(view.base._node, AccumulateGrad):
            raise errors.leaf_in_place("a view of a leaf Variable")


def refuse_overlap(tensor: Tensor, other: Tensor, even_whole: bool = False) -> None:
    """Refuse to write into memory that is being read in another order, where torch notices it."""
    own, read = (np.asarray(each._array).__array_interface__ for each in (tensor, other))
    same = all(own[key] == read[key] for key in ("data", "shape", "strides"))
    if np.may_share_memory(tensor._array, other._array) and (even_whole or not same):
        if not _repeats(other):
            raise errors.read_while_written()


def _repeats(tensor: Tensor) -> bool:
    return any(n > 1 and not step for n, step in zip(tensor.shape, tensor.stride(), strict=True))


def _write(own: Any, array: Any) -> None:
    if array.shape != own.shape:
        raise errors.output_of_other_shape(list(own.shape), list(array.shape))
    if not np.can_cast(array.dtype, own.dtype, "same_kind"):
        names = [errors.type_name(each) for each in (array.dtype, own.dtype)]
        raise errors.result_does_not_fit(*names)
    own[...] = array


def _in_place(name: str) -> Callable[..., Tensor]:
    function, ufunc = FUNCTIONS[name], _FAST.get(name)

    def method(self: Tensor, *arguments: Any, **options: Any) -> Tensor:
        if ufunc and not here.state[1] and len(arguments) == 1 and not options:
            own, other = self._array, getattr(arguments[0], "_array", arguments[0])
            plain = type(other) in (int, float) or (
                type(other) is np.ndarray and other.dtype == own.dtype
                and other.shape == own.shape and own.base is other.base is None
            )  # fmt: skip
            if plain and type(own) is np.ndarray and self.dtype.is_floating_point and all(own.strides):
                here.state[0](ufunc, own, other, own)  # without a second array
                bump(self)
                return self
        for each in arguments:
            if isinstance(each, Tensor):
                refuse_overlap(self, each)
        return change(self, lambda x: function(x, *arguments, **options))

    method.__name__ = method.__qualname__ = f"{name}_"
    method.__doc__ = f"{function.__doc__} In place."
    return method


for _name in _NAMES.split():
    setattr(Tensor, f"{_name}_", _in_place(_name))
for _sign, _name in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow",
                     "mod": "remainder", "floordiv": "floor_divide"}.items():  # fmt: skip
    setattr(Tensor, f"__i{_sign}__", getattr(Tensor, f"{_name}_"))


def _fill(self: Tensor, value: Any) -> Tensor:
    """Fill with one number."""
    if isinstance(value, Tensor):
        return self.copy_(value)
    return change(self, lambda x: apply(pointwise.filled, (x, value)))


def _copy(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Take over the elements of another tensor, converted and repeated where needed."""
    src.detach().expand(self.shape)  # refuses what does not fit
    refuse_overlap(self, src)
    return change(self, lambda x: apply(shaping.copy, (x, src.to(x.dtype))))


Tensor.fill_ = _fill
Tensor.copy_ = _copy
Tensor.zero_ = lambda self: self.fill_(0)
