"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

Here is what learners meet, and NumPy's refusals; the others are raised where they arise. All return
the exception, so that the code that refuses reads `raise errors.…(…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
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


def sizes_must_match(*shapes: Sequence[int]) -> Exception:
    """Shapes cannot be broadcast."""
    x, y, axis = next(
        (x, y, axis)
        for x, y in combinations(shapes, 2)
        for axis in range(1, min(len(x), len(y)) + 1)
        if x[-axis] != y[-axis] and 1 not in (x[-axis], y[-axis])
    )
    return RuntimeError(
        f"The size of tensor a ({x[-axis]}) must match the size of tensor b ({y[-axis]}) at "
        f"non-singleton dimension {max(len(x), len(y)) - axis}\nShapes {list(x)} and {list(y)} are "
        "compared from the right: sizes must be equal, or one of them 1."
    )


view_needs_copy = _refusal(
    RuntimeError, "view size is not compatible with input tensor's size and stride (at least one "
    "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
)  # fmt: skip


def cannot_be_multiplied(x: Sequence[int], y: Sequence[int]) -> Exception:
    """Vectors or matrices do not fit."""
    shapes = " and ".join("x".join(map(str, shape)) for shape in (x, y))
    return RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({shapes})\n"
                        f"The {x[-1]} columns of the first must be as many as the {y[-2:][0]} rows "
                        "of the second.")  # fmt: skip


dtypes_differ = _refusal(
    RuntimeError, "expected m1 and m2 to have the same dtype, but got: {} != {}",
    "Matrix products promote nothing: convert one of the two first.",
)  # fmt: skip
not_implemented = _refusal(NotImplementedError, "\"{}\" not implemented for '{}'")
not_a_tensor = _refusal(TypeError, "{}(): argument 'input' (position 1) must be Tensor, not {}")


def no_such_dimension(dim: int, count: int) -> Exception:
    """The tensor has fewer dimensions than that."""
    return IndexError("Dimension out of range (expected to be in range of "
                      f"[{-count}, {count - 1}], but got {dim})")  # fmt: skip


# ---- NumPy's refusals ----------------------------------------------------------------------------


def translated(operation: str, refusal: Exception, arrays: Sequence[Any]) -> Exception:
    """Turn NumPy's refusal to compute into torch's type of exception, in part into its words."""
    text = str(refusal)
    if isinstance(refusal, np.exceptions.AxisError):
        return no_such_dimension(refusal.axis or 0, refusal.ndim or 1)
    if "remapped" in text or "axis remapping" in text:
        return RuntimeError(f"No {list(arrays[0].shape)} can be expanded to {list(arrays[1])}.")
    if "operands could not be broadcast" in text:
        return sizes_must_match(*(each.shape for each in arrays if isinstance(each, np.ndarray)))
    if "not supported for the input types" in text:
        return not_implemented(operation, type_name(np.asarray(arrays[0]).dtype))
    if isinstance(refusal, TypeError) and "boolean" in text:  # NumPy subtracts and negates none
        return RuntimeError(f"chalkgrad has no {operation} of booleans, as torch has none.")
    if isinstance(refusal, ValueError):
        of_a_dimension = ("zero-size" in text or "empty seq" in text) and arrays[1] not in (
            None,
            (),
        )
        return (IndexError if of_a_dimension else RuntimeError)(f"{operation}(): {text}")
    return refusal


def type_name(array_dtype: np.dtype[Any]) -> str:
    """Return what torch's messages call this type of elements, such as Float."""
    return dtypes.of_array(array_dtype).long_name
