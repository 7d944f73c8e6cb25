"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

Here is what learners meet, and NumPy's refusals; the others are raised where they arise. All return
the exception, so that the code that refuses reads `raise errors.…(…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, zip_longest
from typing import Any

import numpy as np

from chalkgrad import dtypes

GRAD_OF_NON_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead."
)


def _refusal(kind: type[Exception], *sentences: str) -> Callable[..., Exception]:
    """Return the function that fills facts into the sentences and returns the exception."""
    return lambda *facts: kind("\n".join(sentences).format(*facts))


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
    RuntimeError, "Trying to backward through the graph a second time (or directly access saved "
    "tensors after they have already been freed). Saved intermediate values of the graph are freed "
    "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need "
    "to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward.",
    "Compute the output again, or call backward(retain_graph=True) the first time.",
)  # fmt: skip
modified_in_place = _refusal(
    RuntimeError, "one of the variables needed for gradient computation has been modified by an "
    "inplace operation: [torch.{0}Tensor {1}] is at version {2}; expected version {3} instead.",
    "{4} needs the value as it was: use an operation that makes a new tensor (x = x + 1 in place "
    "of x += 1), or change the tensor after backward.",
)  # fmt: skip
input_without_grad = _refusal(
    RuntimeError, "One of the differentiated Tensors does not require grad",
    "Create it with requires_grad=True before computing with it.",
)  # fmt: skip
input_not_used = _refusal(
    RuntimeError, "The differentiated Tensor at index {} appears to not have been used in the "
    "graph. Set allow_unused=True if this is the desired behavior.",
    "The output was computed without it, or with a detached copy of it.",
)  # fmt: skip
integers_have_no_gradient = _refusal(
    RuntimeError, "only Tensors of floating point dtype can require gradients",
    "A gradient asks what a small change does, and integers have none: write 2.0 in place "
    "of 2, or convert with .float().",
)  # fmt: skip
no_complex_gradients = _refusal(
    NotImplementedError, "chalkgrad computes no gradients of complex numbers."
)
numpy_of_tracked = _refusal(
    RuntimeError,
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    "NumPy records nothing, so a gradient would stop there without a word.",
)
leaf_in_place = _refusal(
    RuntimeError, "{} that requires grad is being used in an in-place operation.",
    "An update of a weight is not part of the function: do it within torch.no_grad().",
)  # fmt: skip
view_made_without_grad = _refusal(
    RuntimeError, "A view was created in no_grad mode and is being modified inplace with grad mode "
    "enabled.", "Make the view where gradients are recorded, or change it within no_grad, too.",
)  # fmt: skip
view_needs_copy = _refusal(
    RuntimeError, "view size is not compatible with input tensor's size and stride (at least one "
    "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
)  # fmt: skip
invalid_shape = _refusal(
    RuntimeError, "shape '{}' is invalid for input of size {}",
    "The sizes must multiply to the number of elements.",
)  # fmt: skip
dtypes_differ = _refusal(
    RuntimeError, "expected m1 and m2 to have the same dtype, but got: {} != {}",
    "Matrix products promote nothing: convert one of the two first.",
)  # fmt: skip
not_implemented = _refusal(NotImplementedError, "\"{}\" not implemented for '{}'")
not_a_tensor = _refusal(TypeError, "{}(): argument 'input' (position 1) must be Tensor, not {}")


def sizes_must_match(*shapes: Sequence[int]) -> Exception:
    """Shapes cannot be broadcast."""
    for x, y in combinations(shapes, 2):
        for axis, (one, other) in enumerate(zip_longest(x[::-1], y[::-1], fillvalue=1), start=1):
            if one != other and 1 not in (one, other):
                return RuntimeError(
                    f"The size of tensor a ({one}) must match the size of tensor b ({other}) at "
                    f"non-singleton dimension {max(len(x), len(y)) - axis}\nShapes {[*x]} and "
                    f"{[*y]} are compared from the right: sizes must be equal, or one of them 1."
                )
    return RuntimeError(f"The shapes {shapes} cannot be broadcast.")


def cannot_be_multiplied(x: Sequence[int], y: Sequence[int]) -> Exception:
    """Vectors or matrices do not fit."""
    shapes = " and ".join("x".join(map(str, shape)) for shape in (x, y))
    return RuntimeError(
        f"mat1 and mat2 shapes cannot be multiplied ({shapes})\n"
        "The columns of the first must be as many as the rows of the second."
    )


def translated(operation: str, refusal: Exception, arrays: Sequence[Any]) -> Exception:
    """Turn NumPy's refusal to compute into torch's type of exception, in part into its words."""
    text = str(refusal)
    if isinstance(refusal, np.exceptions.AxisError):
        last = (refusal.ndim or 1) - 1
        return IndexError("Dimension out of range (expected to be in range of "
                          f"[{-1 - last}, {last}], but got {refusal.axis})")  # fmt: skip
    if "operands could not be broadcast" in text and "remapped" not in text:
        return sizes_must_match(*(each.shape for each in arrays if isinstance(each, np.ndarray)))
    if "avoid creating a copy" in text:
        return view_needs_copy()
    if "cannot reshape" in text:
        return invalid_shape([*arrays[1]], arrays[0].size)
    if isinstance(refusal, IndexError):
        return IndexError(text.replace("axis", "dimension"))
    if "not supported for the input types" in text:
        return not_implemented(operation, dtypes.of_array(np.asarray(arrays[0]).dtype).long_name)
    if not isinstance(refusal, ValueError) and "numpy boolean" not in text:
        return refusal
    empty = ("zero-size" in text or "empty seq" in text) and arrays[1] not in (None, ())
    return (IndexError if empty else RuntimeError)(f"{operation}(): {text}")
