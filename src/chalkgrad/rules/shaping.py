"""Rows that move elements without changing them, each beside the row that moves them back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from sys import getrefcount
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray
from numpy.lib.array_utils import normalize_axis_tuple

from chalkgrad import errors
from chalkgrad.operation import SYMMETRIC, Operation
from chalkgrad.rules.pointwise import zeros_like

Shape = tuple[int, ...]
Key = tuple[Any, ...]

LARGE = 1 << 16  # bytes from which on memory costs more than the way to it


def _view(name: str, doc: str, forward: Any, x: Any, node: Any = None, **options: Any) -> Operation:
    """Make a row whose result shares the memory of its input."""
    return Operation(name, doc, forward, node=node, view=True, x=x, **options)


# ---- The same elements in another type, another place, another shape -----------------------------

cast = Operation("to", "", lambda x, dtype, own: x.astype(dtype, copy=False),
                 node="ToCopyBackward0", x=lambda g, dtype, own: cast(g, own, dtype))  # fmt: skip


def convert(x: Any, dtype: np.dtype[Any]) -> Any:
    """Return the elements in another type."""
    own = getattr(x, "_array", x).dtype
    return x if own == dtype else cast(x, dtype, own)


copy = Operation("copy", "", lambda x, y: np.broadcast_to(y, x.shape).astype(x.dtype)[()],
                 node="CopyBackwards", broadcasts=(1,), jvp=SYMMETRIC,
                 x=lambda g: zeros_like(g), y=lambda g: g)  # fmt: skip
clone = Operation("clone", "A copy, whose elements lie in memory as the original's do.",
                  lambda x, order="K": x.copy("C" if 0 in x.strides else order),
                  x=lambda g: g)  # fmt: skip
alias = _view("alias", "", lambda x: x[...], lambda g: g)


view = _view("view", "The same memory under another shape; refused where that takes a copy.",
             lambda x, shape: np.reshape(x, shape, copy=False),
             lambda g, x_shape: reshaped(g, x_shape),
             jvp=(lambda t, shape: reshaped(t, shape),))  # fmt: skip
reshape_alias = view.named("ReshapeAliasBackward0")
reshaped = Operation("reshape", "", lambda x, shape: x.reshape(shape), x=view.rules["x"],
                     node="UnsafeViewBackward0")  # fmt: skip
unsafe_view = reshaped
squeeze_row = unsafe_view.named("SqueezeBackward4")
squeeze = _view(
    "squeeze", "Leave out dimensions of size 1: all, or those that are named.",
    lambda x, dim=None: x.reshape(_without_ones(x.shape, dim)),
    lambda g, x_shape: reshaped(g, x_shape),
    node=lambda dim: f"SqueezeBackward{0 if dim is None else 1 if isinstance(dim, int) else 2}",
)  # fmt: skip
unsqueeze = _view("unsqueeze", "Add a dimension of size 1.", lambda x, dim: np.expand_dims(x, dim),
                  lambda g, x_shape: reshaped(g, x_shape))  # fmt: skip
transpose = _view("transpose", "Exchange two dimensions.", lambda x, dim0, dim1: (
    x.swapaxes(*axes) if (axes := axes_of(dim0, x.ndim) + axes_of(dim1, x.ndim)) else x[...]),
    lambda g, dim0, dim1: transpose(g, dim0, dim1))  # fmt: skip
t = _view("t", "Transpose a matrix; a vector stays as it is.", lambda x: _flat(x).transpose(),
          lambda g: t(g))  # fmt: skip
permute = _view(
    "permute", "Put the dimensions into this order.", lambda x, dims: x.transpose(dims),
    lambda g, dims: permute(g, np.argsort([dim % len(dims) for dim in dims]).tolist()),
)  # fmt: skip


def _flat(x: Any) -> Any:
    if x.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D")
    return x


def _without_ones(shape: Shape, dim: Any) -> Shape:
    dims = () if dim == () else axes_of(dim, len(shape))
    return tuple(size for axis, size in enumerate(shape) if size != 1 or axis not in dims)


def axes_of(dim: Any, dimensions: int) -> Shape:
    """Return the dimensions that `dim` names, counted from the front; None or () means all."""
    if dim is None or dim == () or dim == []:
        return tuple(range(dimensions))
    try:
        axes = normalize_axis_tuple(dim, max(dimensions, 1))  # torch gives a single number one, too
    except np.exceptions.AxisError as refusal:
        raise errors.translated("", refusal, ()) from None
    return axes if dimensions else ()


flip = Operation("flip", "Reverse dimensions.", lambda x, dims: np.flip(x, tuple(dims)).copy(),
                 x=lambda g, dims: flip(g, dims))  # fmt: skip
# ---- Repeating and summing are duals -------------------------------------------------------------


def _sum_to(x: Any, shape: Shape) -> Any:
    added = x.ndim - len(shape)
    if added < 0 or any(1 != n != x.shape[added + axis] for axis, n in enumerate(shape)):
        raise ValueError(f"{x.shape} is no repetition of {shape}")
    repeated = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.add.reduce(x, axis=(*range(added), *repeated), keepdims=True).reshape(shape)


def _expand(x: Any, shape: Shape) -> Any:
    own = (-1,) * (len(shape) - x.ndim) + x.shape
    full = [size if wanted == -1 else wanted for size, wanted in zip(own, shape, strict=False)]
    shown = np.broadcast_to(x, full)
    if x.flags.writeable:  # NumPy is more careful than torch
        shown.flags.writeable = True
    return shown


expand = _view(
    "expand",
    "Repeat dimensions of size 1 without copying; -1 leaves a size.",
    _expand,
    lambda g, x_shape: sum_to(g, x_shape),
)
sum_to = Operation("sum", "", _sum_to, x=lambda g, x_shape: expand(g, x_shape))


def summed(known: Any, part: Any) -> Any:
    """Return the sum of two gradients; large ones in the memory of the first, if it is unused."""
    if type(known) is dict:
        return known | part  # gradients of several results
    if type(known) is ndarray and known.nbytes > LARGE and known.base is None:
        alike = known.shape == part.shape and known.dtype == part.dtype
        if alike and getrefcount(known) == 2:  # it is held by this function and by nobody else
            return np.add(known, part, known)
    return known + part


# ---- Taking a part out, and putting a part into zeros --------------------------------------------


def along(dim: int, what: Any) -> Key:
    """Return the key that takes something of one dimension and all of the others."""
    return (*(slice(None),) * dim, what)


def _put(g: Any, shape: Shape, key: Key, adding: bool = False) -> Any:
    whole = np.zeros(shape, g.dtype)
    if adding:  # an element that was taken twice gets both gradients
        np.add.at(whole, key, g)
    else:
        whole[key] = g
    return whole


def _last_step(key: Key) -> str:
    """Name the node as torch does, which takes one part of the key after the other."""
    last = next((part for part in reversed(key) if part not in (slice(None), ...)), slice(None))
    step = "Unsqueeze" if last is None else "Slice" if isinstance(last, slice) else "Select"
    return f"{step}Backward0"


def _shown(x: Any, key: Key) -> Any:
    kept = [part for part in key if not isinstance(part, int)]
    added = tuple(axis for axis, part in enumerate(kept) if part is None)
    return np.expand_dims(x[(*(part for part in key if part is not None), ...)], added)


select = _view("select", "", _shown, lambda g, x_shape, key: put(g, x_shape, key), _last_step)
put = Operation(
    "put", "", lambda g, shape, key: _put(g, shape, key), x=lambda g, key: select(g, key)
)
index = Operation("index", "", lambda x, key: x[key],
                  x=lambda g, x_shape, key: put_adding(g, x_shape, key))  # fmt: skip
put_adding = Operation("put_adding", "", lambda g, shape, key: _put(g, shape, key, True),
                       x=lambda g, key: index(g, key))  # fmt: skip
gather, sort_at, topk_at, max_at, min_at = (
    index.named(f"{name}Backward0") for name in ("Gather", "Sort", "Topk", "Max", "Min")
)
scatter = Operation(
    "scatter", "", lambda x, src, key: _written(x, key, src), x=lambda g, key: cleared(g, key),
    src=lambda g, key: index(g, key),
    jvp=(lambda t, key: cleared(t, key), lambda t, x_shape, key: put_adding(t, x_shape, key)),
)  # fmt: skip
cleared = Operation("scatter", "", lambda x, key: _written(x, key, 0),
                    x=lambda g, key: cleared(g, key))  # fmt: skip
index_put = scatter.named("IndexPutBackward0")


def _written(x: Any, key: Key, value: Any) -> Any:
    whole = np.array(x)
    whole[key] = value
    return whole


def places(index: Any, dim: int, dimensions: int) -> Key:
    """Return the key of the elements at these places along a dimension, each in its row."""
    if not dimensions:
        return (None,) * index.ndim
    key: list[Any] = list(np.ogrid[tuple(slice(size) for size in index.shape)])
    key[dim] = np.array(index)  # a copy: the index may be changed before backward
    return tuple(key)


class Region(NamedTuple):
    """A part of the memory of a base array: what a view shows. Strides and offset are in bytes."""

    base: Any
    shape: Shape
    strides: Shape
    offset: int

    def of(self, whole: Any) -> Any:
        """Return this part of an array that lies in memory as the base does."""
        return np.ndarray(self.shape, whole.dtype, whole, self.offset, self.strides)

    def laid(self, values: Any) -> Any:
        """Return a copy that lies in memory as the base does."""
        whole = np.empty_like(self.base, dtype=values.dtype)
        whole[...] = values
        return whole


def _into_part(g: Any, region: Region) -> Any:
    whole = np.zeros_like(region.base, dtype=g.dtype)
    # An element that is shown several times gets the sum.
    once = tuple(size if step else 1 for size, step in zip(*region[1:3], strict=True))
    region._replace(shape=once).of(whole)[...] = _sum_to(g, once)
    return whole


def _outside(g: Any, region: Region) -> Any:
    whole = region.laid(g)
    region.of(whole)[...] = 0
    return whole


part = Operation("as_strided", "", lambda x, region: region.of(region.laid(x)),
                 x=lambda g, region: into_part(g, region))  # fmt: skip
into_part = Operation("into_part", "", _into_part, x=lambda g, region: part(g, region))
outside = Operation("outside", "", _outside, x=lambda g, region: outside(g, region))
overwrite = Operation(
    "overwrite", "", lambda x, y, region: x, node="torch::autograd::CopySlices",
    x=lambda g, region: outside(g, region), y=lambda g, region: part(g, region),
    jvp=(lambda t, region: outside(t, region), lambda t, region: into_part(t, region)),
)  # fmt: skip

# ---- Joining, and taking apart -------------------------------------------------------------------


@cache
def joining(name: str, join: Any, count: int) -> Operation:
    """Return the row that joins so many tensors; `keys` say where in the result each one is."""

    def taken_from(place: int) -> Any:
        return lambda g, keys: select(g, keys[place])

    def put_into(place: int) -> Any:
        return lambda t, keys, dim: put(t, whole(t.shape, keys, dim), keys[place])

    def whole(shape: Shape, keys: Sequence[Key], dim: int) -> Shape:
        last = keys[-1][dim]  # a place or a slice: the next would begin where the result ends
        size, rest = (last.stop, dim + 1) if isinstance(last, slice) else (last + 1, dim)
        return (*shape[:dim], size, *shape[rest:])

    rules = {f"x{place}": taken_from(place) for place in range(count)}
    return Operation(name, "", lambda *values: join(values[:count], values[-1]), promotes=True,
                     parameters=("keys", "dim"), jvp=[*map(put_into, range(count))],
                     **rules)  # fmt: skip


def _stacked(parts: dict[int, Any], keys: Sequence[Key], dim: int) -> Any:
    nothing = zeros_like(next(iter(parts.values())))
    given = [parts.get(place, nothing) for place in range(len(keys))]
    return joining("stack", np.stack, len(keys))(*given, keys, dim)


unbind = Operation("unbind", "", lambda x, keys, dim: x,
                   x=lambda parts, keys, dim: _stacked(parts, keys, dim),
                   jvp=(lambda t, keys: [select(t, key) for key in keys],))  # fmt: skip
