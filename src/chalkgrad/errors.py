"""What the engine says when it refuses: torch's words first, then a line of ours, why and how.

Each function returns the exception, so that the caller reads `raise errors.backward_twice()`.
"""

from __future__ import annotations

from typing import Any


def _explained(kind: type[Exception], torch_says: str, we_add: str) -> Exception:
    return kind(f"{torch_says}\n{we_add}")


def nothing_to_differentiate() -> Exception:
    """Backward was called on something that no gradient leads to."""
    return _explained(
        RuntimeError,
        "element 0 of tensors does not require grad and does not have a grad_fn",
        "Nothing was recorded: create the input with requires_grad=True before computing with it, "
        "outside of no_grad and without detach.",
    )


def not_scalar() -> Exception:
    """Backward was called without a gradient on an output of several elements."""
    return _explained(
        RuntimeError,
        "grad can be implicitly created only for scalar outputs",
        "Reduce the output to one number first, for example with .sum(), "
        "or say how much each element counts: backward(gradient=...).",
    )


def backward_twice() -> Exception:
    """A released graph was walked again."""
    return _explained(
        RuntimeError,
        "Trying to backward through the graph a second time (or directly access saved tensors "
        "after they have already been freed). Saved intermediate values of the graph are freed "
        "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to "
        "backward through the graph a second time or if you need to access saved tensors after "
        "calling backward.",
        "The first backward let go of what it needed: compute the output again, "
        "or call backward(retain_graph=True) the first time.",
    )


def modified_in_place(node: Any, shape: str, dtype: str, found: int, expected: int) -> Exception:
    """A value that backward needs is no longer what it was."""
    return _explained(
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{dtype} {shape}] is at version {found}; expected version {expected} instead.",
        f"{node.name()} needs the value as it was: use an operation that makes a new tensor, "
        "or change it after backward.",
    )
