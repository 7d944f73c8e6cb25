"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

A table with a row per refusal, and a function where the words depend on more than facts to fill in.
Either returns the exception, so that the code that refuses reads `raise errors.…(…)`. Refusals that
torch's words explain well enough are raised where they arise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def _refusal(kind: type[Exception], torch_says: str, we_say: str = "") -> Callable[..., Exception]:
    """Return the function that fills facts into the sentences and returns the exception."""
    text = f"{torch_says}\n{we_say}" if we_say else torch_says
    return lambda *facts: kind(text.format(*facts))


# ---- Backward ------------------------------------------------------------------------------------

nothing_to_differentiate = _refusal(
    RuntimeError, "element {} of tensors does not require grad and does not have a grad_fn",
    "Nothing was recorded: give the input requires_grad=True before computing with it, and "
    "compute outside of no_grad and without detach.",
)  # fmt: skip
not_scalar = _refusal(
    RuntimeError, "grad can be implicitly created only for scalar outputs",
    "Reduce the output to one number first, for example with .sum(), or say how much each "
    "element counts with backward(gradient=...).",
)  # fmt: skip
backward_twice = _refusal(
    RuntimeError,
    "Trying to backward through the graph a second time (or directly access saved tensors "
    "after they have already been freed). Saved intermediate values of the graph are freed "
    "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need "
    "to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward.",
    "Compute the output again, or call backward(retain_graph=True) the first time.",
)
seed_of_other_size = _refusal(
    RuntimeError,
    "Mismatch in shape: grad_output[0] has a shape of {} and output[0] has a shape of {}.",
    "The gradient says how much each element of the output counts: one number for each.",
)
input_without_grad = _refusal(
    RuntimeError, "One of the differentiated Tensors does not require grad",
    "Create it with requires_grad=True before computing with it.",
)  # fmt: skip
input_not_used = _refusal(
    RuntimeError, "The differentiated Tensor at index {} appears to not have been used in the "
    "graph. Set allow_unused=True if this is the desired behavior.",
    "The output was computed without it, or with a detached copy of it.",
)  # fmt: skip


def modified_in_place(node: Any, place: int, found: int) -> Exception:
    """A value that a node has saved was changed before backward."""
    spot = node.pullback.counters.index(place)
    value, expected = node.saved[spot], node.saved[place + 1]
    input_place = node.pullback.needs[spot]
    makers = [each for each, _ in node.next_functions]
    maker = makers[input_place] if input_place < len(makers) else node
    name = maker.name() if maker is not None and maker.next_functions else ""
    short = name.removesuffix("0").removesuffix("Backward")
    made = f", which is output 0 of {short}," if name else ""
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [torch.{type_name(value.dtype)}Tensor {list(value.shape)}]{made} is at "
        f"version {found}; expected version {expected} instead. Hint: enable anomaly detection to "
        "find the operation that failed to compute its gradient, with torch.autograd."
        f"set_detect_anomaly(True, check_nan=False).\n{node.name()} needs the value as it was: use "
        "an operation that makes a new tensor (x = x + 1 in place of x += 1), or change the tensor "
        "after backward."
    )


# ---- requires_grad and .grad ---------------------------------------------------------------------

integers_have_no_gradient = _refusal(
    RuntimeError, "{} can require gradients",
    "A gradient asks what a small change does, and integers have none: write 2.0 in place "
    "of 2, or convert with .float().",
)  # fmt: skip
no_complex_gradients = _refusal(
    NotImplementedError, "chalkgrad computes no gradients of complex numbers."
)
inference_tensor = _refusal(RuntimeError, "{} To work around you can make a clone to get a normal "
                            "tensor and use it in autograd.")  # fmt: skip


def not_a_leaf(wanted: bool) -> Exception:
    """`requires_grad` is set on a result."""
    says = "you can only change requires_grad flags of leaf variables."
    if wanted:
        return RuntimeError(f"{says}\nIt is computed from leaves and requires grad already.")
    return RuntimeError(
        f"{says} If you want to use a computed variable in a subgraph that doesn't require "
        "differentiation use var_no_grad = var.detach()."
    )


gradient_not_a_tensor = _refusal(
    TypeError, "assigned grad expected to be a Tensor or None but got grad of type {}"
)
gradient_of_other_size = _refusal(
    RuntimeError, "attempting to assign a gradient of size '{}' to a tensor of size '{}'. "
    "Please ensure that the gradient and the tensor are the same size",
)  # fmt: skip
gradient_of_other_dtype = _refusal(
    RuntimeError, "attempting to assign a gradient with dtype '{0.c_name}' to a tensor with "
    "grad_dtype '{1.long_name}'. Convert the gradient with .to({1}).",
)  # fmt: skip
numpy_of_tracked = _refusal(
    RuntimeError,
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    "NumPy records nothing, so a gradient would stop there without a word.",
)

# ---- Changes in place ----------------------------------------------------------------------------

leaf_in_place = _refusal(
    RuntimeError, "{} that requires grad is being used in an in-place operation.",
    "An update of a weight is not part of the function: do it within torch.no_grad().",
)  # fmt: skip
one_of_several_views = _refusal(
    RuntimeError, "Output {} of {} is a view and is being modified inplace. This view is the "
    "output of a function that returns multiple views. Such functions do not allow the output "
    "views to be modified inplace. You should replace the inplace operation by an out-of-place "
    "one.",
)  # fmt: skip
view_made_without_grad = _refusal(
    RuntimeError, "A view was created in no_grad mode and is being modified inplace with grad mode "
    "enabled.", "Make the view where gradients are recorded, or change it within no_grad, too.",
)  # fmt: skip
shared_elements = _refusal(
    RuntimeError, "unsupported operation: more than one element of the written-to tensor refers to "
    "a single memory location. Please clone() the tensor before performing the operation.",
)  # fmt: skip
read_while_written = _refusal(
    RuntimeError, "unsupported operation: some elements of the input tensor and the written-to "
    "tensor refer to a single memory location. Please clone() the tensor before performing the "
    "operation.",
)  # fmt: skip
output_of_other_shape = _refusal(
    RuntimeError, "output with shape {} doesn't match the broadcast shape {}",
    "A change in place keeps the shape: use an operation that makes a new tensor.",
)  # fmt: skip
result_does_not_fit = _refusal(
    RuntimeError, "result type {} can't be cast to the desired output type {}",
    "A change in place keeps the dtype: convert the tensor first, for example with .float().",
)  # fmt: skip

# ---- Shapes --------------------------------------------------------------------------------------


def sizes_must_match(x: Sequence[int], y: Sequence[int]) -> Exception:
    """Two shapes cannot be broadcast."""
    for axis in range(1, min(len(x), len(y)) + 1):
        if x[-axis] != y[-axis] and 1 not in (x[-axis], y[-axis]):
            place = max(len(x), len(y)) - axis
            return RuntimeError(
                f"The size of tensor a ({x[-axis]}) must match the size of tensor b ({y[-axis]}) "
                f"at non-singleton dimension {place}\nShapes {list(x)} and {list(y)} are compared "
                "from the right: sizes must be equal, or one of them 1."
            )
    raise AssertionError(f"{x} and {y} can be broadcast")


view_needs_copy = _refusal(
    RuntimeError, "view size is not compatible with input tensor's size and stride (at least one "
    "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
)  # fmt: skip
expand_to_fewer = _refusal(
    RuntimeError, "expand(torch.FloatTensor{{{}}}, size={}): the number of sizes provided ({}) "
    "must be greater or equal to the number of dimensions in the tensor ({})",
)  # fmt: skip
expand_mismatch = _refusal(
    RuntimeError, "The expanded size of the tensor ({}) must match the existing size ({}) at "
    "non-singleton dimension {}.  Target sizes: {}.  Tensor sizes: {}",
)  # fmt: skip
matrices_do_not_fit = _refusal(
    RuntimeError, "mat1 and mat2 shapes cannot be multiplied ({0[0]}x{0[1]} and {1[0]}x{1[1]})",
    "The first has {0[1]} columns, the second {1[0]} rows: these two must be equal.",
)  # fmt: skip
matrix_and_vector_do_not_fit = _refusal(
    RuntimeError, "size mismatch, got input ({0[0]}), mat ({0[0]}x{0[1]}), vec ({1[0]})",
    "The matrix has {0[1]} columns, the vector {1[0]} elements: these two must be equal.",
)  # fmt: skip
vectors_do_not_fit = _refusal(
    RuntimeError, "inconsistent tensor size, expected tensor [{0[0]}] and src [{1[0]}] to have the "
    "same number of elements, but got {0[0]} and {1[0]} elements respectively",
)  # fmt: skip
batches_do_not_fit = _refusal(
    RuntimeError, "Expected size for first two dimensions of batch2 tensor to be: [{0[0]}, {0[2]}] "
    "but got: [{1[0]}, {1[1]}].",
)  # fmt: skip
matrix_dtypes_differ = _refusal(
    RuntimeError, "expected m1 and m2 to have the same dtype, but got: {} != {}",
    "Matrix products promote nothing: convert one of the two first.",
)  # fmt: skip
vector_dtypes_differ = _refusal(
    RuntimeError, "dot : expected both vectors to have same dtype, but found {} and {}",
    "Vector products promote nothing: convert one of the two first.",
)  # fmt: skip

# ---- Values, dtypes, indices ---------------------------------------------------------------------

more_than_one_element = _refusal(
    RuntimeError, "a Tensor with {} elements cannot be converted to Scalar",
    "Use .tolist() for all of them, or pick one by its index first.",
)  # fmt: skip
ambiguous_truth = _refusal(
    RuntimeError, "Boolean value of Tensor with more than one value is ambiguous",
    "Say what you mean with .any() or .all().",
)  # fmt: skip
not_implemented = _refusal(NotImplementedError, "\"{}\" not implemented for '{}'")
mean_of_integers = _refusal(
    RuntimeError, "mean(): could not infer output dtype. Input dtype must be either a floating "
    "point or complex dtype. Got: {}", "Convert first, for example with .float().",
)  # fmt: skip
not_a_tensor = _refusal(TypeError, "{}(): argument 'input' (position 1) must be Tensor, not {}")
index_of_scalar = _refusal(
    IndexError, "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
    "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number",
)  # fmt: skip
not_an_index = _refusal(
    IndexError, "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
    "are valid indices (got {})",
)  # fmt: skip
index_out_of_bounds = _refusal(
    IndexError, "index {} is out of bounds for dimension {} with size {}"
)


def no_such_dimension(dim: int, count: int) -> Exception:
    """The tensor has fewer dimensions than that."""
    return IndexError("Dimension out of range (expected to be in range of "
                      f"[{-count}, {count - 1}], but got {dim})")  # fmt: skip


def mask_of_other_shape(mask: Sequence[int], axis: int, own: Sequence[int]) -> Exception:
    """The mask does not lie on the tensor."""
    pairs = zip(mask, own[axis:], strict=False)
    place = next((place for place, (a, b) in enumerate(pairs) if a != b), 0)
    return IndexError(f"The shape of the mask {list(mask)} at index {place} does not match the "
                      f"shape of the indexed tensor {list(own)} at index "
                      f"{axis + place}")  # fmt: skip


# ---- NumPy's refusals, in torch's words ----------------------------------------------------------

_WORDS = {
    "negative integer powers": "Integers to negative integer powers are not allowed.",
    "boolean subtract": "Subtraction, the `-` operator, with two bool tensors is not supported. "
    "Use the `^` or `logical_xor()` operator instead.",
    "boolean negative": "Negation, the `-` operator, on a bool tensor is not supported. If you are "
    "trying to invert a mask, use the `~` or `logical_not()` operator instead.",
}


def translated(operation: str, refusal: Exception, arrays: Sequence[Any]) -> Exception:
    """Put NumPy's refusal to compute into torch's words."""
    text = str(refusal)
    if isinstance(refusal, np.exceptions.AxisError):
        return no_such_dimension(refusal.axis or 0, refusal.ndim or 1)
    if "broadcast" in text:
        shapes = [np.shape(array) for array in arrays if isinstance(array, np.ndarray)]
        for x, y in pairwise(shapes):
            if not _broadcastable(x, y):
                return sizes_must_match(x, y)
    for part, words in _WORDS.items():
        if part in text:
            return RuntimeError(words)
    for array in arrays:
        if "not supported for the input types" in text and hasattr(array, "dtype"):
            return not_implemented(operation, type_name(array.dtype))
    if isinstance(refusal, ValueError):
        by_dimension = "zero-size array" in text and arrays[1] not in (None, ())
        return (IndexError if by_dimension else RuntimeError)(f"{operation}(): {text}")
    return refusal


def _broadcastable(x: Sequence[int], y: Sequence[int]) -> bool:
    try:
        np.broadcast_shapes(tuple(x), tuple(y))
    except ValueError:
        return False
    return True


def type_name(array_dtype: np.dtype[Any]) -> str:
    """Return what torch's messages call this type of elements, such as Float."""
    return dtypes.of_array(array_dtype).long_name
