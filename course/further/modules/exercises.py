"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from course.further.modules import asks

AGREES = Agreement(relative=1e-4, absolute=1e-5, dtype=False)

_NUMBERS = st.integers(-6, 6).map(lambda n: n / 2)
_SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4)


# --- a line as a module -----------------------------------------------------------------------------


def _parameters_of_a_line(device: str) -> dict[str, float]:
    """Ask torch's own Linear(1, 1) for what it finds, once its numbers are 0."""
    line = torch.nn.Linear(1, 1)
    for part in line.parameters():
        torch.nn.init.zeros_(part)
    return {"w": line.weight.item(), "b": line.bias.item()}


def _line_in_torch(w: float, b: float, x: float, device: str) -> dict[str, Any]:
    leaves = [torch.tensor(number, requires_grad=True) for number in (w, b)]
    value = torch.addcmul(leaves[1], leaves[0], torch.tensor(x))
    slopes = torch.autograd.grad(value, leaves)
    return {"value": value, "slope for w": slopes[0], "slope for b": slopes[1]}


def _line(
    forward: Callable[[Any, Any], Any] = lambda net, x: torch.addcmul(net.b, net.w, x),
    w: Callable[[], Any] = lambda: torch.nn.Parameter(torch.zeros(())),
    b: Callable[[], Any] = lambda: torch.nn.Parameter(torch.zeros(())),
) -> Callable[[], type]:
    """Make a mistake of what is calculated, and of how w and b are made."""

    def make() -> type:
        class Line(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.w, self.b = w(), b()

            def forward(self, x: Any) -> Any:
                return forward(self, x)

        return Line

    return make


def _plain_names(net: Any, x: Any) -> Any:
    """Raise what Python says where `self.` is forgotten."""
    raise NameError("name 'w' is not defined")


def _leaf() -> Any:
    return torch.zeros((), requires_grad=True)


LINE = Exercise(
    id="line-module",
    title="A line as a module",
    minutes=3,
    difficulty=1,
    questions=(
        Question(
            "the parameters that are found",
            expect=_parameters_of_a_line,
            ask=asks.found_by_line,
            agreement=AGREES,
        ),
        Question(
            "value and slopes",
            expect=_line_in_torch,
            ask=asks.line_at,
            inputs=(_NUMBERS, _NUMBERS, _NUMBERS),
            examples=((2.0, 1.0, 3.0),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Every leaf of a module is found.",
            _line(w=_leaf, b=_leaf),
            "Nothing is found, so no optimizer would hear of it. A module writes down what is a "
            "`Parameter` *and* is assigned to an attribute of `self`. Which of the two is missing?",
        ),
        Mistake(
            "A shift is no parameter.",
            _line(b=_leaf),
            "w is found, b is not. Training is to turn both: make b as you made w.",
        ),
        Mistake(
            "A Parameter is made of a number.",
            _line(w=lambda: torch.nn.Parameter(0.0), b=_leaf),
            "`Parameter` wants a tensor, and got a plain number: look at `w` in `Half`.",
        ),
        Mistake(
            "A whole number can be a parameter.",
            _line(w=lambda: torch.nn.Parameter(torch.tensor(0)), b=_leaf),
            "`torch.tensor(0)` is a whole number, and between whole numbers there is nothing to "
            "move along. A decimal point makes the difference.",
        ),
        Mistake(
            "Inside forward, attributes have their plain names.",
            _line(forward=_plain_names),
            "Python looks for a variable `w`. What `__init__` gave to the module is reached as "
            "`self.w`.",
        ),
        Mistake(
            "A weight starts at 1.",
            _line(
                w=lambda: torch.nn.Parameter(torch.ones(())),
                b=lambda: torch.nn.Parameter(torch.ones(())),
            ),
            "Both are found. They are to start at 0.",
        ),
        Mistake(
            "A parameter is a list of one.",
            _line(
                w=lambda: torch.nn.Parameter(torch.zeros(1)),
                b=lambda: torch.nn.Parameter(torch.zeros(1)),
            ),
            "Both are found, with shape (1,): a row of one number. Asked for are single numbers: "
            "without square brackets.",
        ),
        Mistake(
            "The shift is left out.",
            _line(forward=lambda net, x: net.w * x),
            "w · x is there. What does b do to it?",
        ),
        Mistake(
            "w and b are exchanged.",
            _line(forward=lambda net, x: torch.addcmul(net.w, net.b, x)),
            "Here b is multiplied with x, and w is added. The weight stands beside x.",
        ),
        Mistake(
            "The shift is multiplied too.",
            _line(forward=lambda net, x: net.w * (x + net.b)),
            "Here b is added to x, before w multiplies. It is added to the product.",
        ),
    ),
)


# --- a network from its state -------------------------------------------------------------------------


def _says(sizes: list[int], x: float, device: str) -> list[float]:
    return asks.known_network(sizes)(asks.known_input(sizes[0], x)).tolist()


def _layers(state: dict[str, Any], exchanged: bool = False) -> list[torch.nn.Linear]:
    shapes = [value.shape for name, value in state.items() if "weight" in name]
    return [torch.nn.Linear(*(shape if exchanged else shape[::-1])) for shape in shapes]


def _with_between(make: Callable[[], torch.nn.Module]) -> Callable[[], Any]:
    def build(state: dict[str, Any]) -> torch.nn.Module:
        parts = [part for layer in _layers(state) for part in (layer, make())]
        net = torch.nn.Sequential(*parts[:-1])
        net.load_state_dict(state)
        return net

    return lambda: build


def _tanh_at_the_end(state: dict[str, Any]) -> torch.nn.Module:
    net = torch.nn.Sequential(
        *[part for layer in _layers(state) for part in (layer, torch.nn.Tanh())]
    )
    net.load_state_dict(state)
    return net


def _nothing_between(state: dict[str, Any]) -> torch.nn.Module:
    net = torch.nn.Sequential(*_layers(state))
    net.load_state_dict(state)
    return net


def _exchanged(state: dict[str, Any]) -> torch.nn.Module:
    layers = _layers(state, exchanged=True)
    net = torch.nn.Sequential(*[part for layer in layers for part in (layer, torch.nn.Tanh())][:-1])
    net.load_state_dict(state)
    return net


def _the_report(state: dict[str, Any]) -> Any:
    layers = _layers(state)
    parts = [part for layer in layers for part in (layer, torch.nn.Tanh())]
    return torch.nn.Sequential(*parts[:-1]).load_state_dict(state)


REBUILD = Exercise(
    id="rebuild-network",
    title="Rebuild a network from its state",
    minutes=4,
    difficulty=3,
    questions=(
        Question(
            "two layers",
            expect=_says,
            ask=asks.rebuilt,
            inputs=(st.lists(st.integers(1, 4), min_size=3, max_size=3), _NUMBERS),
            examples=(([2, 3, 1], 1.0),),
            agreement=AGREES,
        ),
        Question(
            "any number of layers",
            expect=_says,
            ask=asks.rebuilt,
            inputs=(_SIZES, _NUMBERS),
            examples=(([3, 2], 1.0), ([2, 4, 3, 1], 1.0)),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A weight has the shape (reads, gives).",
            lambda: _exchanged,
            "The message lists pairs of shapes that are exchanged. A weight has a row for each "
            "number that its layer *gives*, and `Linear` is told first what it *reads*.",
        ),
        Mistake(
            "What has no weights is no module.",
            lambda: _nothing_between,
            "The message misses a name with a 2, and finds one with a 1. A `Tanh` has no numbers, "
            "but it takes a place in the row, and so shifts the names.",
        ),
        Mistake(
            "A Tanh stands behind every layer.",
            lambda: _tanh_at_the_end,
            "Everything is loaded, but a Tanh stands at the end too, and no answer can leave -1 to "
            "1. It is to stand *between* layers.",
        ),
        Mistake(
            "Sequential takes a list.",
            lambda: lambda state: torch.nn.Sequential([]),
            "`Sequential` takes modules one by one. A star takes them out of a list: "
            "`Sequential(*modules)`.",
        ),
        Mistake(
            "A function can stand in the row.",
            lambda: lambda state: torch.nn.Sequential(torch.nn.Linear(1, 1), torch.tanh),
            "`torch.tanh` is a function. In a row of modules stands the module, `torch.nn.Tanh()`.",
        ),
        Mistake(
            "Every entry of a state is a layer.",
            lambda: (
                lambda state: [
                    torch.nn.Linear(*it.shape[:2][::-1]) for it in state.values() if it.shape[1]
                ]
            ),
            "A layer has *two* entries, its weight and its bias, and a bias has only one size. "
            "Make a `Linear` for the weights only.",
        ),
        Mistake(
            "A state is a network.",
            lambda: lambda state: torch.nn.Sequential(state),
            "A state holds numbers by name, and no modules. Build the modules first, from the "
            "shapes.",
        ),
        Mistake(
            "Any bend will do.",
            _with_between(torch.nn.ReLU),
            "The state loads, since ReLU has no numbers either. But these weights belong to a network "
            "with Tanh between its layers: code does not travel with a state.",
        ),
        Mistake(
            "load_state_dict returns the network.",
            lambda: _the_report,
            "What you return is a report of the loading. The network itself was changed: give it a "
            "name first, load, and return it.",
        ),
    ),
)


# --- a loop that trains ---------------------------------------------------------------------------------


def _trained_in_torch(w: float, b: float, steps: int, rate: float, device: str) -> dict[str, Any]:
    """Take the steps with gradients asked for by name, so that none can pile up."""
    net, x, y = asks.line_and_points(w, b)
    losses = []
    for _ in range(steps):
        loss = torch.nn.functional.mse_loss(net(x), y)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(net.parameters()))
        with torch.no_grad():
            for part, slope in zip(net.parameters(), slopes, strict=True):
                part.sub_(rate * slope)
    return {"losses": losses, "weight": net.weight.item(), "shift": net.bias.item()}


def _loop(order: str, sign: float = 1.0, total: bool = False, late: bool = False) -> Any:
    """Make a loop with its lines in this order: z(ero), b(ackward), s(tep)."""

    def run(net: Any, x: Any, y: Any, steps: int, rate: float) -> list[float]:
        rule = torch.optim.SGD(net.parameters(), lr=rate, maximize=sign < 0)
        seen = []
        for _ in range(steps):
            gap = net(x).sub(y).pow(2)
            loss = gap.sum() if total else gap.mean()
            before = loss.item()
            for line in order:
                if line == "z":
                    rule.zero_grad()
                elif line == "b":
                    loss.backward()
                else:
                    rule.step()
            after = torch.nn.functional.mse_loss(net(x), y).item()
            seen.append(after if late else before)
        return seen

    return lambda: run


def _loop_of(error: Callable[[Any], Any], only_last: bool = False) -> Callable[[], Any]:
    """Make a loop whose loss is made of the gaps in this way."""

    def run(net: Any, x: Any, y: Any, steps: int, rate: float) -> list[float]:
        rule = torch.optim.SGD(net.parameters(), lr=rate)
        seen = []
        for _ in range(steps):
            rule.zero_grad()
            loss = error(net(x) - y)
            loss.backward()
            rule.step()
            seen.append(loss.item())
        return seen[-1:] if only_last else seen

    return lambda: run


MENDED_LOOP = Exercise(
    id="mended-loop",
    title="Mend the loop",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "one step",
            expect=_trained_in_torch,
            ask=asks.trained,
            inputs=(_NUMBERS, _NUMBERS, st.just(1), st.sampled_from((0.05, 0.1))),
            examples=((0.0, 0.0, 1, 0.1),),
            agreement=AGREES,
        ),
        Question(
            "several steps",
            expect=_trained_in_torch,
            ask=asks.trained,
            inputs=(_NUMBERS, _NUMBERS, st.integers(2, 5), st.sampled_from((0.05, 0.1))),
            examples=((0.0, 0.0, 3, 0.1),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Any order will do, if all lines are there.",
            _loop("bzs"),
            "The net has not moved: `step` found no gradient, or there is no `step`. Follow one "
            "gradient through a round. `backward` leaves it; does `zero_grad` come before `step` has "
            "read it, or `step` before it is there?",
        ),
        Mistake(
            "Backward replaces the gradients.",
            _loop("bs"),
            "The first step is right. From the second on, each step uses the sum of all gradients so "
            "far: a line is missing that forgets the old ones.",
        ),
        Mistake(
            "The loss is the sum.",
            _loop("zbs", total=True),
            "The loss is the *mean* squared error. With the sum, each step is four times as long "
            "here.",
        ),
        Mistake(
            "The loss belongs to the end of a step.",
            _loop("zbs", late=True),
            "The net moves rightly. The losses that you return are from *after* each step, and "
            "asked for are those from before.",
        ),
        Mistake(
            "Backward starts from many losses.",
            _loop_of(lambda gap: gap * gap),
            "`backward()` starts from one number. A loss for each point is many: what makes one "
            "of them?",
        ),
        Mistake(
            "Errors need no square.",
            _loop_of(lambda gap: gap.mean()),
            "The mean of the errors themselves can be below 0, and has no lowest point. The "
            "square is missing.",
        ),
        Mistake(
            "The error counts by its size.",
            _loop_of(lambda gap: gap.abs().mean()),
            "This is the mean of the errors' sizes. Asked for is that of their squares.",
        ),
        Mistake(
            "The list of losses is made anew in each round.",
            _loop_of(lambda gap: (gap * gap).mean(), only_last=True),
            "The net moves rightly. Only the last loss is left: the list is made anew in each "
            "round, or not added to.",
        ),
        Mistake(
            "The loss is climbed.",
            _loop("zbs", sign=-1.0),
            "The loss grows with each step: the net moves uphill. Does your step go against the "
            "gradient?",
        ),
    ),
)


# --- weights carried over ---------------------------------------------------------------------------------


def _as_ours(theirs: Any, ours: Any, names: Callable[[str], bool]) -> Any:
    """Load the entries whose names are chosen, and leave the others."""
    import chalkgrad

    state = dict(ours.state_dict())
    for name, value in theirs.state_dict().items():
        if names(name):
            state[name] = chalkgrad.tensor(value.tolist())
    ours.load_state_dict(state)
    return ours


def _made_directly(theirs: Any, ours: Any) -> Any:
    import chalkgrad

    ours.load_state_dict({name: chalkgrad.tensor(it) for name, it in theirs.state_dict().items()})
    return ours


def _by_parameters(theirs: Any, ours: Any) -> Any:
    import chalkgrad

    pairs = theirs.named_parameters()
    ours.load_state_dict({name: chalkgrad.from_numpy(it.numpy()) for name, it in pairs})
    return ours


def _one_by_one(theirs: Any, ours: Any) -> Any:
    import chalkgrad

    for name, it in theirs.state_dict().items():
        ours.load_state_dict({name: chalkgrad.tensor(it.tolist())})
    return ours


def _as_they_are(theirs: Any, ours: Any) -> Any:
    ours.load_state_dict(theirs.state_dict())
    return ours


def _the_report_of_it(theirs: Any, ours: Any) -> Any:
    import chalkgrad

    values = {name: chalkgrad.tensor(it.tolist()) for name, it in theirs.state_dict().items()}
    return ours.load_state_dict(values)


CARRY = Exercise(
    id="carry-weights",
    title="Carry the weights over",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "what ours says then",
            expect=_says,
            ask=asks.carried,
            inputs=(_SIZES, _NUMBERS),
            examples=(([2, 3, 1], 1.0),),
            agreement=AGREES,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "A tensor is a tensor.",
            lambda: _as_they_are,
            "chalkgrad does not know torch's tensors. Each value has to become a NumPy array first, "
            "and then a tensor of chalkgrad.",
        ),
        Mistake(
            "The same shape is the same network.",
            lambda: lambda theirs, ours: ours,
            "`ours` was handed back as it came, with weights of 0. Nothing has been loaded into it.",
        ),
        Mistake(
            "The network of torch is asked for.",
            lambda: lambda theirs, ours: theirs,
            "You return the network of torch. Asked for is chalkgrad's, with the same weights.",
        ),
        Mistake(
            "chalkgrad makes a tensor of anything.",
            lambda: _made_directly,
            "`chalkgrad.tensor` does not know what a tensor of torch holds. Between the two "
            "stands an array: `.numpy()`.",
        ),
        Mistake(
            "A parameter gives its numbers as it is.",
            lambda: _by_parameters,
            "A parameter is tracked, and torch does not hand out its numbers. `state_dict()` "
            "gives the same values untracked.",
        ),
        Mistake(
            "A state can be loaded piece by piece.",
            lambda: _one_by_one,
            "Loading one entry at a time, each call misses all the others. Collect all entries in "
            "one dictionary, and load it once.",
        ),
        Mistake(
            "Only weights are carried.",
            lambda: lambda theirs, ours: _as_ours(theirs, ours, lambda name: "weight" in name),
            "The weights have arrived, the shifts are still 0. A state has entries that end in "
            "`bias` too.",
        ),
        Mistake(
            "One layer is enough.",
            lambda: lambda theirs, ours: _as_ours(theirs, ours, lambda name: name[0] == "0"),
            "Only the first layer has arrived. Go through all entries of the state.",
        ),
        Mistake(
            "load_state_dict returns the network.",
            lambda: _the_report_of_it,
            "You return the report of the loading, and not the network.",
        ),
    ),
)


WHY_NOT_FOUND = WrittenExercise(
    id="why-not-found",
    title="What was not found",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that a module finds only parameters and modules assigned to its attributes, and "
        "that a plain Python list hides them. "
        "1 point: mends it (ModuleList, Sequential, or an attribute for each layer) and names one more "
        "thing that is mended: state_dict, train and eval, or moving to a device. "
        "No point for giving the optimizer the parameters by hand only."
    ),
)

EXERCISES = (LINE, REBUILD, MENDED_LOOP, CARRY, WHY_NOT_FOUND)

check = checker(EXERCISES)
