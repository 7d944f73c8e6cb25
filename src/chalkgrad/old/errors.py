"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

A table with a row per refusal, and a function where the words depend on more than facts to fill in.
Either returns the exception, so that the code that refuses reads `raise errors.…(…)`. Refusals that
torch's words explain well enough are raised where they arise.
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


def _refusal(kind: type[Exception], *sentences: str) -> Exception:
    return kind("\n".join(sentences))


class Refusal:
    """A row of the table: the kind of exception, torch's words, and where it helps a line of ours.

    Calling it fills in the facts that the sentences name; shapes are written as lists.
    """

    __slots__ = ("kind", "sentences")

    def __init__(self, kind: type[Exception], *sentences: str) -> None:
        self.kind = kind
        self.sentences = sentences

    def __call__(self, **facts: Any) -> Exception:
        """Return the exception to raise."""
        for name, fact in facts.items():
            if isinstance(fact, tuple):
                facts[name] = list(fact)
        return _refusal(self.kind, *(sentence.format(**facts) for sentence in self.sentences))


# ---- Backward ------------------------------------------------------------------------------------

nothing_to_differentiate = Refusal(
    RuntimeError,
    "element 0 of tensors does not require grad and does not have a grad_fn",
    "Nothing was recorded: give the input requires_grad=True before computing with it, and "
    "compute outside of no_grad and without detach.",
)
not_scalar = Refusal(
    RuntimeError,
    "grad can be implicitly created only for scalar outputs",
    "Reduce the output to one number first, for example with .sum(), or say how much each "
    "element counts with backward(gradient=...).",
)
backward_twice = Refusal(
    RuntimeError,
    "Trying to backward through the graph a second time (or directly access saved tensors "
    "after they have already been freed). Saved intermediate values of the graph are freed "
    "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need "
    "to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward.",
    "Compute the output again, or call backward(retain_graph=True) the first time.",
)
modified_in_place = Refusal(
    RuntimeError,
    "one of the variables needed for gradient computation has been modified by an inplace "
    "operation: it is at version {found}; expected version {expected} instead.",
    "{node_name} needs the value as it was: use an operation that makes a new tensor (x = "
    "x + 1 in place of x += 1), or change the tensor after backward.",
)
seed_of_other_size = Refusal(
    RuntimeError,
    "Mismatch in shape: grad_output[0] has a shape of {gradient} and output[0] has a shape "
    "of {output}.",
    "The gradient says how much each element of the output counts: one number for each.",
)
input_without_grad = Refusal(
    RuntimeError,
    "One of the differentiated Tensors does not require grad",
    "Create it with requires_grad=True before computing with it.",
)
input_not_used = Refusal(
    RuntimeError,
    "The differentiated Tensor at index {place} appears to not have been used in the "
    "graph. Set allow_unused=True if this is the desired behavior.",
    "The output was computed without it, or with a detached copy of it.",
)

# ---- requires_grad and .grad ---------------------------------------------------------------------

integers_have_no_gradient = Refusal(
    RuntimeError,
    "{torch_says} can require gradients",
    "A gradient asks what a small change does, and integers have none: write 2.0 in place "
    "of 2, or convert with .float().",
)
no_complex_gradients = Refusal(
    NotImplementedError,
    "chalkgrad computes no gradients of complex numbers.",
)


def not_a_leaf(wanted: bool) -> Exception:
    """`requires_grad` is set on a result."""
    says = "you can only change requires_grad flags of leaf variables."
    if wanted:
        return _refusal(RuntimeError, says, "It is computed from leaves and requires grad already.")
    return RuntimeError(
        f"{says} If you want to use a computed variable in a subgraph that doesn't require "
        "differentiation use var_no_grad = var.detach()."
    )


gradient_not_a_tensor = Refusal(
    TypeError,
    "assigned grad expected to be a Tensor or None but got grad of type "
    "{gradient.__class__.__name__}",
)
gradient_of_other_size = Refusal(
    RuntimeError,
    "attempting to assign a gradient of size '{gradient}' to a tensor of size '{own}'. "
    "Please ensure that the gradient and the tensor are the same size",
)
gradient_of_other_dtype = Refusal(
    RuntimeError,
    "attempting to assign a gradient with dtype '{gradient.c_name}' to a tensor with "
    "grad_dtype '{own.long_name}'. Convert the gradient with .to({own}).",
)
numpy_of_tracked = Refusal(
    RuntimeError,
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    "NumPy records nothing, so a gradient would stop there without a word.",
)

# ---- Changes in place ----------------------------------------------------------------------------

leaf_in_place = Refusal(
    RuntimeError,
    "{what} that requires grad is being used in an in-place operation.",
    "An update of a weight is not part of the function: do it within torch.no_grad().",
)
recorded_change_of_view = Refusal(
    NotImplementedError,
    "chalkgrad cannot yet record a change in place to a tensor that shares memory with a "
    "view: use an operation that makes a new tensor (x = x + 1 in place of x += 1).",
)
output_of_other_shape = Refusal(
    RuntimeError,
    "output with shape {own} doesn't match the broadcast shape {other}",
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


shape_is_invalid = Refusal(
    RuntimeError,
    "shape '{shape}' is invalid for input of size {total}",
    "The sizes must multiply to the number of elements.",
)
view_needs_copy = Refusal(
    RuntimeError,
    "view size is not compatible with input tensor's size and stride (at least one "
    "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
)
permute_needs_every_dimension = Refusal(
    RuntimeError,
    "permute(sparse_coo): number of dimensions in the tensor input does not match the "
    "length of the desired ordering of dimensions i.e. input.dim() = {own} is not equal to "
    "len(dims) = {given}",
)


def expand_to_fewer(own: list[int], target: list[int]) -> Exception:
    """The target has fewer dimensions than the tensor."""
    return RuntimeError(
        f"expand(torch.FloatTensor{{{own}}}, size={target}): the number of sizes provided "
        f"({len(target)}) must be greater or equal to the number of dimensions in the tensor "
        f"({len(own)})"
    )


expand_mismatch = Refusal(
    RuntimeError,
    "The expanded size of the tensor ({size}) must match the existing size ({own}) at "
    "non-singleton dimension {axis}.  Target sizes: {target}.  Tensor sizes: {shape}",
)
matrices_do_not_fit = Refusal(
    RuntimeError,
    "mat1 and mat2 shapes cannot be multiplied ({x[0]}x{x[1]} and {y[0]}x{y[1]})",
    "The first has {x[1]} columns, the second {y[0]} rows: these two must be equal.",
)
matrix_and_vector_do_not_fit = Refusal(
    RuntimeError,
    "size mismatch, got input ({x[0]}), mat ({x[0]}x{x[1]}), vec ({y[0]})",
    "The matrix has {x[1]} columns, the vector {y[0]} elements: these two must be equal.",
)
vectors_do_not_fit = Refusal(
    RuntimeError,
    "inconsistent tensor size, expected tensor [{x[0]}] and src [{y[0]}] to have the same "
    "number of elements, but got {x[0]} and {y[0]} elements respectively",
)
batches_do_not_fit = Refusal(
    RuntimeError,
    "Expected size for first two dimensions of batch2 tensor to be: {expected} but got: {found}.",
)
stack_sizes_differ = Refusal(
    RuntimeError,
    "stack expects each tensor to be equal size, but got {first} at entry 0 and {other} at "
    "entry {place}",
)
cat_sizes_differ = Refusal(
    RuntimeError,
    "Sizes of tensors must match except in dimension {axis}. Expected size {expected} but "
    "got size {found} for tensor number {place} in the list.",
)

# ---- Indexing ------------------------------------------------------------------------------------

index_of_scalar = Refusal(
    IndexError,
    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` "
    "in C++ to convert a 0-dim tensor to a number",
)
not_an_index = Refusal(
    IndexError,
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
    "valid indices (got {kind})",
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

more_than_one_element = Refusal(
    RuntimeError,
    "a Tensor with {count} elements cannot be converted to Scalar",
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


not_implemented = Refusal(
    NotImplementedError,
    "\"{operation}\" not implemented for '{long_name}'",
)
mean_of_integers = Refusal(
    RuntimeError,
    "mean(): could not infer output dtype. Input dtype must be either a floating point or "
    "complex dtype. Got: {long_name}",
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


condition_not_bool = Refusal(
    RuntimeError,
    "where expected condition to be a boolean tensor, but got a tensor with dtype {long_name}",
)
matrix_dtypes_differ = Refusal(
    RuntimeError,
    "expected m1 and m2 to have the same dtype, but got: {first} != {second}",
    "Matrix products promote nothing: convert one of the two first.",
)
vector_dtypes_differ = Refusal(
    RuntimeError,
    "dot : expected both vectors to have same dtype, but found {first} and {second}",
    "Vector products promote nothing: convert one of the two first.",
)
not_a_tensor = Refusal(
    TypeError,
    "{function}(): argument 'input' (position 1) must be Tensor, not {value.__class__.__name__}",
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
