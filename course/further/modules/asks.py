"""How the answers of this lesson are put to use, where the shared asks do not do.

It runs beside the student's code and knows no right answer.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograder.runner.asks import NotAskable, call
from autograder.runner.plain import show, to_plain


def found_by_line(answer: Any, *, device: str) -> Any:
    """Return the parameters of a `Line` that are found, by name, as they are at the start."""
    net = _made(answer)
    if net is ...:
        return ...
    found = {name: value.detach() for name, value in net.named_parameters()}
    if not found and _forward_is_open(net):
        return ...
    if any("." in name for name in found):
        raise NotAskable(
            f"Found are {show(sorted(found))}: they belong to a layer inside. Here `Line` is to have "
            "two parameters of its own, `w` and `b`."
        )
    return {name: value.item() if value.dim() == 0 else value for name, value in found.items()}


def line_at(answer: Any, w: float, b: float, x: float, *, device: str) -> Any:
    """Return the value of a `Line` at x, with these numbers in w and b, and both slopes."""
    import torch

    net = _made(answer)
    if net is ... or _forward_is_open(net):
        return ...
    with torch.no_grad():
        for name, number in (("w", w), ("b", b)):
            if not isinstance(getattr(net, name, None), torch.Tensor):
                raise NotAskable(f"A `Line` has no tensor called `{name}`.")
            getattr(net, name).fill_(number)
    value = net(torch.tensor(x))
    if not isinstance(value, torch.Tensor):
        raise NotAskable(f"Expected that forward returns a tensor, got {show(to_plain(value))}.")
    value.sum().backward()
    return {"value": value, "slope for w": net.w.grad, "slope for b": net.b.grad}


def rebuilt(answer: Any, sizes: list[int], x: float, *, device: str) -> Any:
    """Return what the network says, which is rebuilt from the state of one with these sizes."""
    import torch

    state = known_network(sizes).state_dict()
    net = call(answer, state, device=device)
    if net is ...:
        return ...
    _expect_module(net, torch.nn.Module)
    own = net.state_dict()
    if own.keys() == state.keys() and any(
        own[name].shape == state[name].shape and not torch.equal(own[name], state[name])
        for name in state
    ):
        raise NotAskable("The network has the right layers, with other numbers: was it loaded?")
    return net(known_input(sizes[0], x)).tolist()


def trained(answer: Any, w: float, b: float, steps: int, rate: float, *, device: str) -> Any:
    """Return the losses that the answer gives, and weight and shift of the net afterwards."""
    net, x, y = line_and_points(w, b)
    losses = call(answer, net, x, y, steps, rate, device=device)
    if losses is ...:
        return ...
    if isinstance(losses, list):
        losses = [float(loss) if hasattr(loss, "item") else loss for loss in losses]
    return {"losses": losses, "weight": net.weight.item(), "shift": net.bias.item()}


def carried(answer: Any, sizes: list[int], x: float, *, device: str) -> Any:
    """Return what a network of chalkgrad says with the weights of one of torch; it starts at 0."""
    import chalkgrad

    theirs = known_network(sizes)
    nn = chalkgrad.nn
    pairs = list(pairwise(sizes))
    modules = [module for reads, gives in pairs for module in (nn.Linear(reads, gives), nn.Tanh())]
    ours = nn.Sequential(*modules[:-1])
    ours.load_state_dict(
        {name: chalkgrad.zeros(*value.shape) for name, value in ours.state_dict().items()}
    )
    net = call(answer, theirs, ours, device=device)
    if net is ...:
        return ...
    _expect_module(net, nn.Module)
    return net(chalkgrad.tensor(known_input(sizes[0], x).tolist())).tolist()


def known_network(sizes: list[int]) -> Any:
    """Return a network of torch, Linear and Tanh in turn, with weights that follow a pattern."""
    import torch

    modules: list[Any] = []
    for reads, gives in pairwise(sizes):
        layer = torch.nn.Linear(reads, gives)
        with torch.no_grad():
            for part in (layer.weight, layer.bias):
                pattern = torch.arange(part.numel(), dtype=torch.float32) * 7 % 5 - 2
                part.copy_(pattern.reshape(part.shape) / 4 + len(modules) / 8)
        modules += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1])


def known_input(size: int, x: float) -> Any:
    """Return an input of this size: x, x / 2, x / 3, ..."""
    import torch

    return x / torch.arange(1, size + 1, dtype=torch.float32)


def line_and_points(w: float, b: float) -> tuple[Any, Any, Any]:
    """Return Linear(1, 1) with these numbers, and four points on y = 2x + 1."""
    import torch

    net = torch.nn.Linear(1, 1)
    with torch.no_grad():
        net.weight.fill_(w)
        net.bias.fill_(b)
    x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
    return net, x, 2 * x + 1


def _made(answer: Any) -> Any:
    """Return a module of the answer's class."""
    import torch

    if answer is ...:
        return ...
    if not (isinstance(answer, type) and issubclass(answer, torch.nn.Module)):
        raise NotAskable(f"Expected the class itself, `Line`, got {show(to_plain(answer))}.")
    return answer()


def _forward_is_open(net: Any) -> bool:
    """Whether `forward` still returns the three dots of the stub."""
    import torch

    try:
        return net(torch.tensor(1.0)) is ...
    except Exception:
        return False


def _expect_module(net: Any, kind: type) -> None:
    if not isinstance(net, kind):
        advice = (
            "Is a `return` missing?"
            if net is None
            else "`load_state_dict` changes a network, and returns a report."
        )
        raise NotAskable(
            f"Expected a network of {kind.__module__.partition('.')[0]}, got {show(to_plain(net))}. "
            f"{advice}"
        )
