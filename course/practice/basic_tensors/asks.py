"""How the answers of this lesson are put to use, where the asks that all lessons share do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from typing import Any

from autograder.runner.asks import NotAskable, call, make_tensor, names, number
from autograder.runner.plain import show, to_plain


def printed(answer: Any, *, line: str, device: str) -> Any:
    """Return what the answer says that a line prints, without regard to blanks and capitals."""
    if answer is ... or answer[line] is ...:
        return ...
    said = to_plain(answer[line])
    if not isinstance(said, str):
        raise NotAskable(
            f'Expected what is printed as a text, as in "tensor(1.)", got {show(said)}.'
        )
    return "".join(said.split()).lower()


def of_tensor(answer: Any, numbers: Any, *, dtype: str, device: str) -> Any:
    """Call the answer with a tensor of such a dtype."""
    return call(answer, _tensor(numbers, dtype, device), device=device)


def tensor_afterwards(answer: Any, numbers: Any, *, dtype: str, device: str) -> Any:
    """Call the answer with a tensor, and return what stands in that tensor after the call."""
    tensor = _tensor(numbers, dtype, device)
    returned = call(answer, tensor, device=device)
    return returned if returned is ... else tensor


def among(answer: Any, *, choice: tuple[str, ...], device: str) -> Any:
    """Return which of a choice of letters stand in the answer, a list of letters."""
    said = names(answer, device=device)
    if said is ...:
        return said
    unknown = sorted(set(said) - set("abcdefgh"))
    if unknown:
        raise NotAskable(f"Expected letters from a to h, got {unknown[0]!r} too.")
    return [name for name in said if name in choice]


def of_two(answer: Any, first: Any, second: Any, *, device: str) -> Any:
    """Call the answer with two tensors; a number of Python that it returns counts as a scalar."""
    tensors = [make_tensor(numbers, "torch", device) for numbers in (first, second)]
    return _scalar(call(answer, *tensors, device=device), device)


def on_many(answer: Any, count: int, *, device: str) -> Any:
    """Call the answer with two tensors of so many numbers, and say by what work it got its result.

    The first has the numbers 0, 1, 2, 3 again and again, the second has 1 everywhere. Counted are
    the calls of torch; none of them is a matter of how fast the machine is.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    called: list[str] = []

    class Counting(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            called.append(getattr(func, "__name__", ""))
            return func(*args, **(kwargs or {}))

    predicted = torch.arange(count, device=device).remainder(4).to(torch.float32)
    wanted = torch.ones(count, device=device)
    with Counting():
        result = call(answer, predicted, wanted, device=device)
    if result is ...:
        return result
    if len(called) > count // 10:
        work = "operations of torch for each number"
    elif not {"tolist", "numpy", "__array__"}.isdisjoint(called):
        work = "the numbers taken out of their tensors"
    else:
        work = "a few operations on whole tensors"
    return {"result": _scalar(result, device), "work": work}


def size_of(answer: Any, shape: tuple[int, ...], dtype: str, *, device: str) -> Any:
    """Call the answer with a tensor of this shape and dtype that takes no memory itself."""
    import torch

    tensor = torch.empty(tuple(shape), dtype=getattr(torch, dtype), device="meta")
    return number(call(answer, tensor, device=device), device=device)


def _tensor(numbers: Any, dtype: str, device: str) -> Any:
    import torch

    return make_tensor(numbers, "torch", device).to(getattr(torch, dtype))


def _scalar(result: Any, device: str) -> Any:
    """Make a scalar of a number of Python, and leave all else as it is."""
    import torch

    plain = to_plain(result)
    is_number = isinstance(plain, (int, float)) and not isinstance(plain, bool)
    return torch.tensor(plain, device=device) if is_number else result
