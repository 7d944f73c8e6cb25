"""Products of vectors and matrices, taken apart as torch takes them apart."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from chalkgrad import dtypes, errors, rules

if TYPE_CHECKING:
    from chalkgrad.tensor import Tensor


class Products:
    """What a tensor can do with a second vector or matrix."""

    __slots__ = ()

    def __matmul__(self: Any, other: Any) -> Tensor:
        if isinstance(other, np.ndarray):
            dtype = dtypes.result_dtype((self._array, other))
            return self.to(dtype).matmul(self._wrap(other).to(dtype))
        return self.matmul(other) if hasattr(other, "_array") else NotImplemented

    def __rmatmul__(self: Any, other: Any) -> Tensor:
        if not isinstance(other, np.ndarray):
            return NotImplemented
        dtype = dtypes.result_dtype((self._array, other))
        return self._wrap(other).to(dtype).matmul(self.to(dtype))

    def matmul(self: Any, other: Any) -> Tensor:
        """Multiply vectors, matrices, or batches of matrices, depending on the dimensions."""
        dims = (self._array.ndim, other._array.ndim)
        if 0 in dims:
            raise RuntimeError(
                "both arguments to matmul need to be at least 1D, "
                f"but they are {dims[0]}D and {dims[1]}D"
            )
        if dims == (2, 2):
            return self.mm(other)
        if dims == (1, 1):
            return self.dot(other)
        if dims == (2, 1):
            return self.mv(other)
        if dims == (1, 2):
            product = self.unsqueeze(0).mm(other)
            return product._view(rules.squeeze_row, product.shape[1:])
        if dims[1] <= 2:
            return self._batch_times_one(other)
        if dims[0] == 2:
            return other.mT._batch_times_one(self.t()).mT.contiguous()
        if dims[0] == 1:
            return other.transpose(-2, -1)._batch_times_one(self)
        return self._batch_times_batch(other)

    def _batch_times_one(self: Any, other: Any) -> Tensor:
        """Fold the batch into the rows: one large product in place of many small ones."""
        *batch, columns = self._array.shape
        rows = self.reshape(prod(batch), columns)
        if other._array.ndim == 1:
            return rows.mv(other)._view(rules.unsafe_view, tuple(batch))
        shape = (*batch, other._array.shape[1])
        return rows.mm(other)._view(rules.unsafe_view, shape)

    def _batch_times_batch(self: Any, other: Any) -> Tensor:
        """Repeat both batches to their common shape, then multiply pair by pair."""
        *batch, rows, inner = self._array.shape
        *other_batch, other_inner, columns = other._array.shape
        try:
            common = np.broadcast_shapes(tuple(batch), tuple(other_batch))
        except ValueError:
            raise errors.sizes_must_match(tuple(batch), tuple(other_batch)) from None
        left = self.expand(*common, rows, inner).reshape(prod(common), rows, inner)
        right = other.expand(*common, other_inner, columns)
        right = right.reshape(prod(common), other_inner, columns)
        return left.bmm(right)._view(rules.unsafe_view, (*common, rows, columns))

    def mm(self: Any, mat2: Any) -> Tensor:
        """Multiply two matrices."""
        x, y = self._array.shape, mat2._array.shape
        if len(x) != 2:
            raise RuntimeError("self must be a matrix")
        if len(y) != 2:
            raise RuntimeError("mat2 must be a matrix")
        if x[1] != y[0]:
            raise errors.matrices_do_not_fit(x=x, y=y)
        if self._array.dtype != mat2._array.dtype:
            raise errors.matrix_dtypes_differ(first=self.dtype.c_name, second=mat2.dtype.c_name)
        return self._apply(rules.mm, self, mat2)

    def mv(self: Any, vec: Any) -> Tensor:
        """Multiply a matrix and a vector."""
        x, y = self._array.shape, vec._array.shape
        if len(x) != 2 or len(y) != 1:
            raise RuntimeError(f"vector + matrix @ vector expected, got 1, {len(x)}, {len(y)}")
        if x[1] != y[0]:
            raise errors.matrix_and_vector_do_not_fit(x=x, y=y)
        if self._array.dtype != vec._array.dtype:
            raise errors.matrix_dtypes_differ(first=self.dtype.c_name, second=vec.dtype.c_name)
        return self._apply(rules.mv, self, vec)

    def dot(self: Any, tensor: Any) -> Tensor:
        """Multiply two vectors into one number."""
        x, y = self._array.shape, tensor._array.shape
        if len(x) != 1 or len(y) != 1:
            raise RuntimeError(f"1D tensors expected, but got {len(x)}D and {len(y)}D tensors")
        if self._array.dtype != tensor._array.dtype:
            raise errors.vector_dtypes_differ(
                first=self.dtype.long_name, second=tensor.dtype.long_name
            )
        if x != y:
            raise errors.vectors_do_not_fit(x=x, y=y)
        return self._apply(rules.dot, self, tensor)

    def bmm(self: Any, mat2: Any) -> Tensor:
        """Multiply two batches of matrices pair by pair."""
        x, y = self._array.shape, mat2._array.shape
        if len(x) != 3 or len(y) != 3:
            raise RuntimeError(f"batch1 must be a 3D tensor and batch2 too, got {len(x)}, {len(y)}")
        if (x[0], x[2]) != (y[0], y[1]):
            raise errors.batches_do_not_fit(expected=(x[0], x[2]), found=(y[0], y[1]))
        if self._array.dtype != mat2._array.dtype:
            raise errors.matrix_dtypes_differ(first=self.dtype.c_name, second=mat2.dtype.c_name)
        return self._apply(rules.bmm, self, mat2)
