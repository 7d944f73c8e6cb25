"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any, Literal

from autograder.runner.asks import NotAskable
from autograder.runner.plain import show, to_plain


def own_function(
    answer: Any, *inputs: Any, part: Literal["value", "gradients"], device: str
) -> Any:
    """Call the `apply` of a custom function: lists are float64 leaves, plain numbers stay.

    The gradients are those for an upstream of 1, 2, 3, ... on the elements of the result.
    """
    import torch

    function = getattr(answer, "__self__", answer)
    if not (isinstance(function, type) and issubclass(function, torch.autograd.Function)):
        raise NotAskable(
            "Expected `apply` of a class made from torch.autograd.Function; "
            f"got {show(to_plain(answer))}."
        )
    # A class may be made from another one of the lesson, and take over one of the two.
    own = function.__mro__[: function.__mro__.index(torch.autograd.Function)]
    written = sorted(
        name for name in ("forward", "backward") if any(name in vars(each) for each in own)
    )
    if not written:
        return ...
    if len(written) == 1:
        raise NotAskable(f"The class has `{written[0]}` only; both functions are asked for.")
    arguments = [
        torch.tensor(item, dtype=torch.float64, device=device, requires_grad=True)
        if isinstance(item, list)
        else item
        for item in inputs
    ]
    result = function.apply(*arguments)
    if result is ...:
        return result
    if not isinstance(result, torch.Tensor):
        raise NotAskable(f"Expected that forward returns a tensor, got {show(to_plain(result))}.")
    if part == "value":
        return result
    upstream = torch.arange(1, result.numel() + 1, dtype=result.dtype, device=device)
    if _passed_back(function, result, upstream.reshape(result.shape)) is ...:
        return ...
    leaves = [each for each in arguments if isinstance(each, torch.Tensor)]
    return [leaf.grad for leaf in leaves]


def _passed_back(function: Any, result: Any, upstream: Any) -> Any:
    """Go backward; return the three dots where that is all that the function's backward returns."""
    given = function.backward
    returned = []

    def watched(ctx: Any, *arguments: Any) -> Any:
        returned.append(given(ctx, *arguments))
        return returned[-1]

    function.backward = staticmethod(watched)
    try:
        result.backward(upstream)
    except (RuntimeError, TypeError):
        if any(each is ... for each in returned):  # torch's complaint would be about a stub
            return ...
        raise
    finally:
        function.backward = staticmethod(given)
    return None


def in_my_tensor(answer: Any, numbers: list[float], *, device: str) -> Any:
    """Put numbers through an operation of (the class, the function), with upstream 1, 2, 3, ..."""
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], type)):
        raise NotAskable(f"Expected the class and the function, got {show(to_plain(answer))}.")
    engine, function = answer
    if not callable(function):
        raise NotAskable(f"Expected a function, got {show(to_plain(function))}.")
    node = engine(numbers)
    result = function(node)
    if result is ...:
        return result
    if not isinstance(result, engine):
        raise NotAskable(f"Expected a MyTensor, got {show(to_plain(result))}.")
    upstream = engine([float(place) for place in range(1, len(numbers) + 1)])
    (result * upstream).sum().backward()
    if node.grad is None:
        raise NotAskable("No gradient came back to the node: is it among the parents?")
    return {"value": result.value.tolist(), "gradient": node.grad.tolist()}
