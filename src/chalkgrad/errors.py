"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

Each function returns the exception, so that the code that refuses reads `raise errors.…(…)`.
Refusals that torch's words explain well enough are raised where they arise.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from chalkgrad import dtypes

GRAD_OF_NON_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead."
)


def _refusal(kind: type[Exception], torch_says: str, we_add: str) -> Exception:
    return kind(f"{torch_says}\n{we_add}")


# ---- Backward ------------------------------------------------------------------------------------


def nothing_to_differentiate() -> Exception:
    """Backward from something that was not recorded."""
    return _refusal(
        RuntimeError,
        "element 0 of tensors does not require grad and does not have a grad_fn",
        "Nothing was recorded: give the input requires_grad=True before computing with it, "
        "and compute outside of no_grad and without detach.",
    )


def not_scalar() -> Exception:
    """Backward from several elements, without saying how much each counts."""
    return _refusal(
        RuntimeError,
        "grad can be implicitly created only for scalar outputs",
        "Reduce the output to one number first, for example with .sum(), "
        "or say how much each element counts with backward(gradient=...).",
    )


def backward_twice() -> Exception:
    """Backward through a graph whose saved values are gone."""
    return _refusal(
        RuntimeError,
        "Trying to backward through the graph a second time (or directly access saved tensors "
        "after they have already been freed). Saved intermediate values of the graph are freed "
        "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to "
        "backward through the graph a second time or if you need to access saved tensors after "
        "calling backward.",
        "Compute the output again, or call backward(retain_graph=True) the first time.",
    )


def modified_in_place(node_name: str, found: int, expected: int) -> Exception:
    """Backward needs a value that has been overwritten."""
    return _refusal(
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: it is at version {found}; expected version {expected} instead.",
        f"{node_name} needs the value as it was: use an operation that makes a new tensor "
        "(x = x + 1 in place of x += 1), or change the tensor after backward.",
    )


def seed_of_other_size(gradient: Any, output: Any) -> Exception:
    """The gradient that was passed to backward has another shape than the output."""
    return _refusal(
        RuntimeError,
        f"Mismatch in shape: grad_output[0] has a shape of {gradient} and output[0] has a shape "
        f"of {output}.",
        "The gradient says how much each element of the output counts: one number for each.",
    )


def input_without_grad() -> Exception:
    """A gradient is asked for at a tensor that does not require one."""
    return _refusal(
        RuntimeError,
        "One of the differentiated Tensors does not require grad",
        "Create it with requires_grad=True before computing with it.",
    )


def input_not_used(place: int) -> Exception:
    """A gradient is asked for at a tensor that the output does not depend on."""
    return _refusal(
        RuntimeError,
        f"The differentiated Tensor at index {place} appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior.",
        "The output was computed without it, or with a detached copy of it.",
    )


# ---- requires_grad and .grad ---------------------------------------------------------------------


def integers_have_no_gradient(torch_says: str) -> Exception:
    """A gradient is wanted for whole numbers."""
    return _refusal(
        RuntimeError,
        f"{torch_says} can require gradients",
        "A gradient asks what a small change does, and integers have none: "
        "write 2.0 in place of 2, or convert with .float().",
    )


def no_complex_gradients() -> Exception:
    """A gradient is wanted for complex numbers."""
    return NotImplementedError("chalkgrad computes no gradients of complex numbers.")


def not_a_leaf(wanted: bool) -> Exception:
    """`requires_grad` is set on a result."""
    says = "you can only change requires_grad flags of leaf variables."
    if wanted:
        return _refusal(RuntimeError, says, "It is computed from leaves and requires grad already.")
    return RuntimeError(
        f"{says} If you want to use a computed variable in a subgraph that doesn't require "
        "differentiation use var_no_grad = var.detach()."
    )


def gradient_not_a_tensor(gradient: Any) -> Exception:
    """Something else than a tensor is assigned to `.grad`."""
    return TypeError(
        "assigned grad expected to be a Tensor or None but got grad of type "
        f"{type(gradient).__name__}"
    )


def gradient_of_other_size(gradient: Sequence[int], own: Sequence[int]) -> Exception:
    """A tensor of another shape is assigned to `.grad`."""
    return RuntimeError(
        f"attempting to assign a gradient of size '{list(gradient)}' to a tensor of size "
        f"'{list(own)}'. Please ensure that the gradient and the tensor are the same size"
    )


def gradient_of_other_dtype(gradient: dtypes.dtype, own: dtypes.dtype) -> Exception:
    """A tensor of another dtype is assigned to `.grad`."""
    return RuntimeError(
        f"attempting to assign a gradient with dtype '{gradient.c_name}' to a tensor with "
        f"grad_dtype '{own.long_name}'. Convert the gradient with .to({own})."
    )


def numpy_of_tracked() -> Exception:
    """NumPy cannot take part in the graph."""
    return _refusal(
        RuntimeError,
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
        "NumPy records nothing, so a gradient would stop there without a word.",
    )


# ---- Changes in place ----------------------------------------------------------------------------


def leaf_in_place(what: str) -> Exception:
    """A leaf that requires grad is changed while operations are recorded."""
    return _refusal(
        RuntimeError,
        f"{what} that requires grad is being used in an in-place operation.",
        "An update of a weight is not part of the function: do it within torch.no_grad().",
    )


def recorded_change_of_view() -> Exception:
    """A recorded change in place would have to reach other tensors over the same memory."""
    return NotImplementedError(
        "chalkgrad cannot yet record a change in place to a tensor that shares memory with a view: "
        "use an operation that makes a new tensor (x = x + 1 in place of x += 1)."
    )


def output_of_other_shape(own: Sequence[int], other: Sequence[int]) -> Exception:
    """The result of a change in place has more elements than the tensor."""
    return _refusal(
        RuntimeError,
        f"output with shape {list(own)} doesn't match the broadcast shape {list(other)}",
        "A change in place keeps the shape: use an operation that makes a new tensor.",
    )


def result_does_not_fit(result: np.dtype[Any], own: np.dtype[Any]) -> Exception:
    """The result of a change in place has a dtype of a higher kind than the tensor."""
    names = [dtypes.of_array(each).long_name for each in (result, own)]
    return _refusal(
        RuntimeError,
        f"result type {names[0]} can't be cast to the desired output type {names[1]}",
        "A change in place keeps the dtype: convert the tensor first, for example with .float().",
    )


# ---- Shapes --------------------------------------------------------------------------------------


def sizes_must_match(x: Sequence[int], y: Sequence[int]) -> Exception:
    """Two shapes cannot be broadcast."""
    for axis in range(1, min(len(x), len(y)) + 1):
        if x[-axis] != y[-axis] and 1 not in (x[-axis], y[-axis]):
            place = max(len(x), len(y)) - axis
            return _refusal(
                RuntimeError,
                f"The size of tensor a ({x[-axis]}) must match the size of tensor b ({y[-axis]}) "
                f"at non-singleton dimension {place}",
                f"Shapes {list(x)} and {list(y)} are compared from the right: "
                "sizes must be equal, or one of them 1.",
            )
    raise AssertionError(f"{x} and {y} can be broadcast")


def shape_is_invalid(shape: list[int], total: int) -> Exception:
    """A view has another number of elements than the tensor."""
    return _refusal(
        RuntimeError,
        f"shape '{shape}' is invalid for input of size {total}",
        "The sizes must multiply to the number of elements.",
    )


def view_needs_copy() -> Exception:
    """The elements do not lie in memory as the view would need them."""
    return RuntimeError(
        "view size is not compatible with input tensor's size and stride (at least one dimension "
        "spans across two contiguous subspaces). Use .reshape(...) instead."
    )


def permute_needs_every_dimension(own: int, given: int) -> Exception:
    """The order leaves dimensions out."""
    return RuntimeError(
        "permute(sparse_coo): number of dimensions in the tensor input does not match the length "
        f"of the desired ordering of dimensions i.e. input.dim() = {own} is not equal to "
        f"len(dims) = {given}"
    )


def expand_to_fewer(own: list[int], target: list[int]) -> Exception:
    """The target has fewer dimensions than the tensor."""
    return RuntimeError(
        f"expand(torch.FloatTensor{{{own}}}, size={target}): the number of sizes provided "
        f"({len(target)}) must be greater or equal to the number of dimensions in the tensor "
        f"({len(own)})"
    )


def expand_mismatch(
    size: int, own: int, axis: int, target: list[int], shape: list[int]
) -> Exception:
    """A dimension that is not 1 would have to change its size."""
    return RuntimeError(
        f"The expanded size of the tensor ({size}) must match the existing size ({own}) at "
        f"non-singleton dimension {axis}.  Target sizes: {target}.  Tensor sizes: {shape}"
    )


def matrices_do_not_fit(x: Sequence[int], y: Sequence[int]) -> Exception:
    """The columns of the first matrix are not as many as the rows of the second."""
    return _refusal(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied ({x[0]}x{x[1]} and {y[0]}x{y[1]})",
        f"The first has {x[1]} columns, the second {y[0]} rows: these two must be equal.",
    )


def matrix_and_vector_do_not_fit(x: Sequence[int], y: Sequence[int]) -> Exception:
    """The columns of the matrix are not as many as the elements of the vector."""
    return _refusal(
        RuntimeError,
        f"size mismatch, got input ({x[0]}), mat ({x[0]}x{x[1]}), vec ({y[0]})",
        f"The matrix has {x[1]} columns, the vector {y[0]} elements: these two must be equal.",
    )


def vectors_do_not_fit(x: Sequence[int], y: Sequence[int]) -> Exception:
    """The vectors differ in length."""
    return RuntimeError(
        f"inconsistent tensor size, expected tensor [{x[0]}] and src [{y[0]}] to have the same "
        f"number of elements, but got {x[0]} and {y[0]} elements respectively"
    )


def batches_do_not_fit(expected: Sequence[int], found: Sequence[int]) -> Exception:
    """Two batches of matrices cannot be multiplied pair by pair."""
    return RuntimeError(
        "Expected size for first two dimensions of batch2 tensor to be: "
        f"{list(expected)} but got: {list(found)}."
    )


def stack_sizes_differ(first: Sequence[int], other: Sequence[int], place: int) -> Exception:
    """A tensor in a stack has another shape than the first."""
    return RuntimeError(
        f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
        f"{list(other)} at entry {place}"
    )


def cat_sizes_differ(axis: int, expected: int, found: int, place: int) -> Exception:
    """A tensor in a list to join differs in another dimension than the one to join along."""
    return RuntimeError(
        f"Sizes of tensors must match except in dimension {axis}. "
        f"Expected size {expected} but got size {found} for tensor number {place} in the list."
    )


# ---- Indexing ------------------------------------------------------------------------------------


def index_of_scalar() -> Exception:
    """There is nothing to index in a single number."""
    return IndexError(
        "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in "
        "C++ to convert a 0-dim tensor to a number"
    )


def not_an_index(kind: str) -> Exception:
    """Something stands between the brackets that is no index."""
    return IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
        f"indices (got {kind})"
    )


def mask_of_other_shape(mask: Sequence[int], axis: int, own: Sequence[int]) -> Exception:
    """The mask does not lie on the tensor."""
    return IndexError(
        f"The shape of the mask {list(mask)} at index {_first_difference(mask, own[axis:])} does "
        f"not match the shape of the indexed tensor {list(own)} at index "
        f"{axis + _first_difference(mask, own[axis:])}"
    )


def _first_difference(x: Sequence[int], y: Sequence[int]) -> int:
    return next((place for place, (a, b) in enumerate(zip(x, y, strict=False)) if a != b), 0)


# ---- Values and dtypes ---------------------------------------------------------------------------


def more_than_one_element(count: int) -> Exception:
    """A tensor of several elements is not one number."""
    return _refusal(
        RuntimeError,
        f"a Tensor with {count} elements cannot be converted to Scalar",
        "Use .tolist() for all of them, or pick one by its index first.",
    )


def ambiguous_truth(count: int) -> Exception:
    """A tensor of several elements is neither true nor false."""
    if count == 0:
        return RuntimeError("Boolean value of Tensor with no values is ambiguous")
    return _refusal(
        RuntimeError,
        "Boolean value of Tensor with more than one value is ambiguous",
        "Say what you mean with .any() or .all().",
    )


def not_implemented(operation: str, long_name: str) -> Exception:
    """The operation makes no sense for the dtype."""
    return NotImplementedError(f"\"{operation}\" not implemented for '{long_name}'")


def mean_of_integers(long_name: str) -> Exception:
    """The mean of whole numbers is seldom one."""
    return _refusal(
        RuntimeError,
        "mean(): could not infer output dtype. Input dtype must be either a floating point or "
        f"complex dtype. Got: {long_name}",
        "Convert first, for example with .float().",
    )


def nothing_to_reduce(name: str, axis: int | None) -> Exception:
    """There is no largest of no elements."""
    if axis is None:
        return RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    return IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")


def condition_not_bool(long_name: str) -> Exception:
    """The condition of `where` is not a truth value."""
    return RuntimeError(
        f"where expected condition to be a boolean tensor, but got a tensor with dtype {long_name}"
    )


def matrix_dtypes_differ(first: str, second: str) -> Exception:
    """Matrix products promote nothing."""
    return _refusal(
        RuntimeError,
        f"expected m1 and m2 to have the same dtype, but got: {first} != {second}",
        "Matrix products promote nothing: convert one of the two first.",
    )


def vector_dtypes_differ(first: str, second: str) -> Exception:
    """Vector products promote nothing."""
    return _refusal(
        RuntimeError,
        f"dot : expected both vectors to have same dtype, but found {first} and {second}",
        "Vector products promote nothing: convert one of the two first.",
    )


def not_a_tensor(function: str, value: Any) -> Exception:
    """A function got something else than a tensor."""
    return TypeError(
        f"{function}(): argument 'input' (position 1) must be Tensor, not {type(value).__name__}"
    )


def translated(refusal: Exception, arrays: Sequence[Any]) -> Exception:
    """Put NumPy's refusal to compute into torch's words."""
    text = str(refusal)
    if "broadcast" in text:
        shapes = [np.shape(array) for array in arrays if isinstance(array, np.ndarray)]
        for x, y in pairwise(shapes):
            if not _broadcastable(x, y):
                return sizes_must_match(x, y)
        if isinstance(refusal, IndexError):
            key = [list(part.shape) for part in arrays[1] if isinstance(part, np.ndarray)]
            return IndexError(
                "shape mismatch: indexing tensors could not be broadcast together with shapes "
                + ", ".join(map(str, key))
            )
    if "negative integer powers" in text:
        return RuntimeError("Integers to negative integer powers are not allowed.")
    if "boolean subtract" in text:
        return RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if "boolean negative" in text:
        return RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return refusal


def _broadcastable(x: Sequence[int], y: Sequence[int]) -> bool:
    try:
        np.broadcast_shapes(tuple(x), tuple(y))
    except ValueError:
        return False
    return True
