"""Rows that move elements without changing them, each beside the row that moves them back.

All are linear: a tangent takes the way that the elements take.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from math import prod
from sys import getrefcount
from typing import Any, NamedTuple

import numpy as np

from chalkgrad import errors
from chalkgrad.operation import SYMMETRIC, Operation, named
from chalkgrad.rules.pointwise import zeros_like

Shape = tuple[int, ...]
Key = tuple[Any, ...]

LARGE = 1 << 16  # bytes from which on memory costs more than the way to it


def _view(name: str, doc: str, forward: Any, x: Any, node: Any = None) -> Operation:
    """Make a row whose result shares the memory of its input."""
    return Operation(name, doc, forward, node=node, view=True, x=x)


# ---- The same elements in another type, another place, another shape -----------------------------

cast = Operation("to", "", lambda x, dtype, own: x.astype(dtype, copy=False),
                 node="ToCopyBackward0", x=lambda g, dtype, own: cast(g, own, dtype))  # fmt: skip


def convert(x: Any, dtype: np.dtype[Any]) -> Any:
    """Return the elements in another type."""
    return cast(x, dtype, getattr(x, "_array", x).dtype)


copy = Operation("copy", "", lambda x, y: np.broadcast_to(y, x.shape).astype(x.dtype)[()],
                 node="CopyBackwards", broadcasts=(1,), x=lambda g: zeros_like(g), y=lambda g: g,
                 jvp=SYMMETRIC)  # fmt: skip
clone = Operation("clone", "A copy, whose elements lie in memory as the original's do.",
                  lambda x, order="K": x.copy("C" if 0 in x.strides else order),
                  x=lambda g: g)  # fmt: skip
alias = _view("alias", "", lambda x: x[...], lambda g: g)


def target_shape(size: int, shape: Sequence[int]) -> Shape:
    """Return the shape with -1 filled in; RuntimeError if it does not hold so many elements."""
    known, unknown = prod(each for each in shape if each != -1), list(shape).count(-1)
    if unknown > 1:
        raise RuntimeError("only one dimension can be inferred")
    if (known != size) if not unknown else (known == 0 or size % known):
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {size}\n"
                           "The sizes must multiply to the number of elements.")  # fmt: skip
    return tuple(size // known if each == -1 else each for each in shape)


view = _view("view", "", lambda x, shape: x.reshape(target_shape(x.size, shape)),
             lambda g, x_shape: view(g, x_shape))  # fmt: skip
reshape_alias = view.named("ReshapeAliasBackward0")
unsafe_view = Operation("view", "", view.forward, node="UnsafeViewBackward0", x=view.rules["x"])
squeeze_row = unsafe_view.named("SqueezeBackward4")
squeeze = _view(
    "squeeze", "Leave out dimensions of size 1: all, or those that are named.",
    lambda x, dim=None: x.reshape(_without_ones(x.shape, dim)), lambda g, x_shape: view(g, x_shape),
    node=lambda dim: f"SqueezeBackward{0 if dim is None else 1 if isinstance(dim, int) else 2}",
)  # fmt: skip
unsqueeze = _view("unsqueeze", "Add a dimension of size 1.", lambda x, dim: np.expand_dims(x, dim),
                  lambda g, x_shape: view(g, x_shape))  # fmt: skip
transpose = _view("transpose", "Exchange two dimensions.", lambda x, dim0, dim1: (
    x.swapaxes(*axes) if (axes := axes_of(dim0, x.ndim) + axes_of(dim1, x.ndim)) else x[...]),
    lambda g, dim0, dim1: transpose(g, dim0, dim1))  # fmt: skip
t = _view("t", "", lambda x: x.transpose(), lambda g: t(g))
permute = _view(
    "permute", "Put the dimensions into this order.", lambda x, dims: x.transpose(dims),
    lambda g, dims: permute(g, np.argsort([dim % len(dims) for dim in dims]).tolist()),
)  # fmt: skip


def _without_ones(shape: Shape, dim: Any) -> Shape:
    dims = () if dim == () else axes_of(dim, len(shape))
    return tuple(size for axis, size in enumerate(shape) if size != 1 or axis not in dims)


def axes_of(dim: Any, dimensions: int) -> Shape:
    """Return the dimensions that `dim` names, counted from the front; None or () means all."""
    if dim is None or dim == () or dim == []:
        return tuple(range(dimensions))
    count, dims = max(dimensions, 1), tuple(np.atleast_1d(dim).tolist())
    for each in dims:
        if not -count <= each < count:
            raise errors.no_such_dimension(each, count)
    axes = tuple(each % count for each in dims)
    if len(set(axes)) < len(axes):
        raise RuntimeError(f"one dim appears multiple times in the list of dims {list(dims)}")
    return axes if dimensions else ()


flip = Operation("flip", "Reverse dimensions.", lambda x, dims: np.flip(x, tuple(dims)).copy(),
                 x=lambda g, dims: flip(g, dims))  # fmt: skip
# ---- Repeating and summing are duals -------------------------------------------------------------


def _sum_to(x: Any, shape: Shape) -> Any:
    added = x.ndim - len(shape)
    repeated = [added + axis for axis, size in enumerate(shape) if size == 1]
    return np.add.reduce(x, axis=(*range(added), *repeated), keepdims=True).reshape(shape)


def _writable(shown: Any, source: Any) -> Any:
    """Let a view be written to as its source is: NumPy is more careful than torch."""
    if source.flags.writeable:
        shown.flags.writeable = True
    return shown


expand = _view("expand", "", lambda x, shape: _writable(np.broadcast_to(x, shape), x),
               lambda g, x_shape: sum_to(g, x_shape))  # fmt: skip
sum_to = Operation("sum", "", _sum_to, x=lambda g, x_shape: expand(g, x_shape))


def summed(known: Any, part: Any) -> Any:
    """Return the sum of two gradients; large ones in the memory of the first, if it is unused."""
    if type(known) is dict:
        return known | part  # gradients of several results
    if type(known) is np.ndarray and known.nbytes > LARGE and known.base is None:
        alike = known.shape == part.shape and known.dtype == part.dtype
        if alike and getrefcount(known) == 2:  # it is held by this function and by nobody else
            return np.add(known, part, known)
    return known + part


# ---- Taking a part out, and putting a part into zeros --------------------------------------------


def along(dim: int, what: Any) -> Key:
    """Return the key that takes something of one dimension and all of the others."""
    return (*(slice(None),) * dim, what, ...)


def _put(g: Any, shape: Shape, key: Key) -> Any:
    whole = np.zeros(shape, g.dtype)
    whole[key] = g
    return whole


def _put_adding(g: Any, shape: Shape, key: Key) -> Any:
    whole = np.zeros(shape, g.dtype)
    np.add.at(whole, key, g)  # an element that was taken twice gets both gradients
    return whole


select = _view("select", "", lambda x, key: x[key], lambda g, x_shape, key: put(g, x_shape, key))
take_slice = select.named("SliceBackward0")
put = Operation("put", "", _put, x=lambda g, key: select(g, key))
index = Operation("index", "", lambda x, key: x[key],
                  x=lambda g, x_shape, key: put_adding(g, x_shape, key))  # fmt: skip
put_adding = Operation("put_adding", "", _put_adding, x=lambda g, key: index(g, key))


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

# ---- Triangles and diagonals ---------------------------------------------------------------------


def _matrix(x: Any) -> Any:
    if x.ndim < 2:
        raise RuntimeError("A triangle is cut out of tensors with at least 2 dimensions.")
    return x


tril = Operation("tril", "The lower triangle, 0 elsewhere.",
                 lambda x, diagonal=0: np.tril(_matrix(x), diagonal),
                 x=lambda g, diagonal: tril(g, diagonal))  # fmt: skip
triu = Operation("triu", "The upper triangle, 0 elsewhere.",
                 lambda x, diagonal=0: np.triu(_matrix(x), diagonal),
                 x=lambda g, diagonal: triu(g, diagonal))  # fmt: skip


def _diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    return _writable(np.diagonal(x, offset, *axes_of((dim1, dim2), x.ndim)), x)


def _into_diagonal(g: Any, shape: Shape, offset: int, dim1: int, dim2: int) -> Any:
    whole = np.zeros(shape, g.dtype)
    _diagonal(whole, offset, dim1, dim2)[...] = g
    return whole


diagonal = _view(
    "diagonal", "A diagonal of matrices.", _diagonal,
    x=lambda g, x_shape, offset, dim1, dim2: into_diagonal(g, x_shape, offset, dim1, dim2),
)  # fmt: skip
into_diagonal = Operation(
    "diag_embed", "", _into_diagonal,
    x=lambda g, offset, dim1, dim2: diagonal(g, offset, dim1, dim2),
)  # fmt: skip

# ---- Joining, and taking apart -------------------------------------------------------------------


def _joining(name: str, join: Any, key: Any, whole: Any) -> Callable[[int], Operation]:
    """Return the function that makes the row for so many tensors.

    `key` says where in the result the tensor at a place is, `whole` which shape the result has.
    """

    def back(place: int, g: Any, sizes: Any, dim: int) -> Any:
        return select(g, key(place, sizes, dim))

    def push(place: int, t: Any, sizes: Any, dim: int) -> Any:
        return put(t, whole(t.shape, sizes, dim), key(place, sizes, dim))

    @cache
    def row(count: int) -> Operation:
        inputs = [f"x{place}" for place in range(count)]
        backs, pushes = ([named(partial(way, place), "g", "sizes", "dim") for place in range(count)]
                         for way in (back, push))  # fmt: skip
        forward = named(lambda *values: join(values[:count], values[-1]), *inputs, "sizes", "dim")
        rules = dict(zip(inputs, backs, strict=True))
        return Operation(name, "", forward, promotes=True, jvp=tuple(pushes), **rules)

    return row


cat = _joining("cat", np.concatenate,
               lambda place, sizes, dim: along(dim, slice(sum(sizes[:place]),
                                                          sum(sizes[: place + 1]))),
               lambda shape, sizes, dim: (*shape[:dim], sum(sizes), *shape[dim + 1 :])
               )  # fmt: skip
stack = _joining("stack", np.stack, lambda place, count, dim: along(dim, place),
                 lambda shape, count, dim: (*shape[:dim], count, *shape[dim:]))  # fmt: skip
unbind = Operation(
    "unbind", "", lambda x, keys: [x[key] for key in keys],
    x=lambda parts, x_shape, keys: _joined(parts, x_shape, keys),
    jvp=(lambda t, keys: [select(t, key) for key in keys],),
)  # fmt: skip


def _joined(parts: dict[int, Any], shape: Shape, keys: Sequence[Key]) -> Any:
    """Put the gradients of the parts where the parts were; zeros where none arrived."""
    (first, whole), *others = parts.items()
    whole = put(whole, shape, keys[first])
    for place, gradient in others:
        if isinstance(whole, np.ndarray):
            whole[keys[place]] = gradient
        else:
            whole = whole + put(gradient, shape, keys[place])
    return whole
