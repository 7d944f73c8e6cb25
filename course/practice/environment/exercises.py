"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.practice.environment import asks

AGREES = Agreement(relative=1e-4, absolute=1e-4, dtype=False)

_HALVES = st.integers(-10, 10).map(lambda n: n / 2)
_ROWS = st.lists(_HALVES, min_size=1, max_size=3)


# --- which device ---------------------------------------------------------------------------------


def _device_found(found: str | None, device: str) -> str:
    return str(torch.device(found or "cpu"))


CHOOSE_DEVICE = Exercise(
    id="choose-device",
    title="One device for the whole notebook",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "no accelerator was found",
            expect=_device_found,
            ask=asks.chosen_device,
            examples=((None,),),
            inputs=(st.none(),),
        ),
        Question(
            "one was found, of whatever make",
            expect=_device_found,
            ask=asks.chosen_device,
            examples=(("cuda",), ("mps",)),
            inputs=(st.sampled_from(("cuda", "mps", "xpu")),),
        ),
    ),
    mistakes=(
        *(
            Mistake(
                "There is a GPU everywhere.",
                answer,
                "A GPU is chosen here that was not found: the first tensor that is made there raises "
                "an error. Return what was found; and where nothing was, every machine has a `cpu`.",
            )
            for answer in (
                lambda: lambda found: found or torch.device("cuda"),
                lambda: lambda found: "cuda",
            )
        ),
        *(
            Mistake(
                "What was found can be used as it is.",
                answer,
                "None is no device, and has nothing that a device has. Where nothing was found, the "
                "function is to say `cpu`.",
            )
            for answer in (lambda: lambda found: found, lambda: lambda found: found.type)
        ),
        *(
            Mistake(
                "A GPU is called gpu.",
                answer,
                "torch knows no device of this name. The names are in the table, and you need none of "
                "them: the one that was found is in `found`.",
            )
            for answer in (
                lambda: lambda found: "cpu" if found is None else "gpu",
                lambda: lambda found: found or "gpu",
            )
        ),
        Mistake(
            "An accelerator is a CUDA device.",
            lambda: lambda found: str(found) if str(found) == "cuda" else "cpu",
            "A Mac has `mps`, an Intel GPU is `xpu`. Do not ask which one it is, but whether there is "
            "one.",
        ),
        Mistake(
            "Only the CPU is sure to be there, so take it always.",
            lambda: lambda found: "cpu",
            "The answer here is the CPU, whatever was found. `found` holds the accelerator, if there is "
            "one: then return it.",
        ),
        Mistake(
            "A device is chosen by a yes or no.",
            lambda: lambda found: found is not None,
            "This says whether there is an accelerator. A tensor needs the *device* itself: what was "
            "found, or the CPU.",
        ),
    ),
)


# --- two tensors, one device ------------------------------------------------------------------------


def _sum_at(
    left: list[float], right: list[float], device: str, *, places: tuple[asks.Place, asks.Place]
) -> Any:
    where = device if places[0] == "here" else places[0]
    # Both are given in full, so that both may differ in length: then torch has the last word.
    total = torch.tensor(left, device=where).add(torch.tensor(right, device=where))
    return asks.described(total, device=device)


def _together(name: str, places: tuple[asks.Place, asks.Place]) -> Question:
    return Question(
        name,
        expect=partial(_sum_at, places=places),
        ask=partial(asks.together, places=places),
        inputs=(
            st.tuples(_HALVES, _HALVES).map(list),
            st.tuples(_HALVES, _HALVES).map(list),
        ),
        examples=(([1.0, 2.0], [10.0, 20.0]),),
    )


ADD_ANYWHERE = Exercise(
    id="add-anywhere",
    title="A sum across devices",
    minutes=2,
    difficulty=2,
    questions=(
        _together("both on one device", ("here", "here")),
        _together("a on meta, b on the CPU", ("meta", "cpu")),
        _together("a on your device, b on the CPU", ("here", "cpu")),
    ),
    mistakes=(
        Mistake(
            "`.to` moves the tensor itself.",
            lambda: lambda a, b: a + b,
            "torch met two devices here. Either nothing was moved, or the result of `.to` was not "
            "kept: `.to` leaves its tensor where it is, and *returns* another.",
        ),
        Mistake(
            "Whichever of the two moves, it is the same.",
            lambda: lambda a, b: a.to(b.device) + b,
            "Here a was moved, and the sum is to be where a was. Besides, nothing can be moved out of "
            "`meta`, which holds no numbers. Which of the two has to move, and where to?",
        ),
        Mistake(
            "The device is that of the example.",
            lambda: lambda a, b: a.to("meta") + b.to("meta"),
            "This moves everything to `meta`, where no numbers are left. Ask the first tensor where "
            "it is.",
        ),
        Mistake(
            "Once it is moved, the work is done.",
            lambda: lambda a, b: b.to(a.device),
            "b is where it should be, and nothing has been added yet.",
        ),
        Mistake(
            "There is a GPU everywhere.",
            lambda: lambda a, b: a.to("cuda") + b.to("cuda"),
            "This wants a CUDA device, whether there is one or not, and wherever a is. Ask the first "
            "tensor where it is.",
        ),
    ),
)


# --- a leaf on a device ------------------------------------------------------------------------------


def _leaf(numbers: list[float], place: str) -> torch.Tensor:
    return torch.nn.Parameter(torch.tensor(numbers, device=place))


def _leaf_question(name: str, place: asks.Place) -> Question:
    return Question(
        name,
        expect=lambda numbers, device: asks.leaf_at(_leaf, numbers, place=place, device=device),
        ask=partial(asks.leaf_at, place=place),
        inputs=(_ROWS,),
        examples=(([1.5, 2.0],),),
    )


def _moved(numbers: list[float], place: str) -> torch.Tensor:
    return torch.tensor(numbers, requires_grad=True).to(place)


LEAF_ON_DEVICE = Exercise(
    id="leaf-on-device",
    title="A leaf on any device",
    minutes=2,
    difficulty=2,
    questions=(
        _leaf_question("on your device", "here"),
        _leaf_question("on meta", "meta"),
        Question(
            "its gradient, on your device",
            expect=lambda numbers, device: asks.gradient_at(_leaf, numbers, device=device),
            ask=asks.gradient_at,
            inputs=(_ROWS,),
            examples=(([1.5, 2.0],),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "A leaf that moves stays a leaf.",
            lambda: _moved,
            "On the CPU nothing had to move, so all was well. Elsewhere `.to` gives the *result* of a "
            "move: it is no leaf, and its `.grad` stays None. Have it on the device *before* it is "
            "tracked.",
        ),
        Mistake(
            "A tensor on a device is tracked.",
            lambda: lambda numbers, place: torch.tensor(numbers, device=place),
            "It is in the right place, and nobody asked torch to track it.",
        ),
        Mistake(
            "The device comes by itself.",
            lambda: lambda numbers, place: torch.tensor(numbers, requires_grad=True),
            "This is on the CPU whatever was asked for: the second argument is not used.",
        ),
        Mistake(
            "What is made of a leaf is a leaf.",
            lambda: (
                lambda numbers, place: torch.tensor(
                    numbers, requires_grad=True, device=place
                ).clone()
            ),
            "Something was calculated, copied or moved after the leaf was made, and you return the "
            "*result*. That has a way back, so it is no leaf.",
        ),
        Mistake(
            "A leaf has its gradient from the start.",
            lambda: (
                lambda numbers, place: torch.tensor(numbers, requires_grad=True, device=place).grad
            ),
            "This returns `.grad`, which is None before any backward. Return the tensor itself.",
        ),
    ),
)


# --- a stopwatch -----------------------------------------------------------------------------------


def _watch(choose: Callable[[list[int]], Any]) -> Callable[..., Any]:
    """Make an answer that takes the time of each call, and chooses from the times."""

    def answer(run: Callable[[], None], clock: Callable[[], int], times: int) -> Any:
        marks = [clock()]
        for _ in range(times):
            run()
            marks.append(clock())
        return choose([after - before for before, after in pairwise(marks)])

    return answer


def _never_runs(run: Any, clock: Any, times: int) -> int:
    return clock() - clock()


def _once(run: Callable[[], None], clock: Callable[[], int], times: int) -> int:
    before = clock()
    run()
    return clock() - before


_DURATIONS = st.lists(st.integers(1, 9), min_size=2, max_size=5)
_SLOW_START = ([9, 2, 4],)

SHORTEST = Exercise(
    id="stopwatch",
    title="A stopwatch",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the shortest time",
            expect=lambda durations, device: torch.tensor(durations).min().item(),
            ask=asks.shortest_of,
            inputs=(_DURATIONS,),
            examples=(_SLOW_START,),
            agreement=Agreement(relative=0, absolute=0.01),  # another clock shows next to nothing
        ),
        Question(
            "how often `run` is called",
            expect=lambda durations, device: len(durations),
            ask=asks.calls_of,
            inputs=(_DURATIONS,),
            examples=(_SLOW_START,),
        ),
    ),
    mistakes=(
        Mistake(
            "Naming a function runs it.",
            lambda: _never_runs,
            "No time has passed between two looks at the clock. Has `run` its brackets, `run()`, and "
            "its place between the two? Is it `clock` that you look at? Or did the shortest time begin "
            "at 0, so that none was shorter?",
        ),
        Mistake(
            "All calls together are one call.",
            lambda: _watch(sum),
            "This is the time of all calls together. Look at the clock before *and* after each of "
            "them, inside the loop.",
        ),
        Mistake(
            "The mean is the honest time.",
            lambda: _watch(lambda times: sum(times) / len(times)),
            "This is the mean. The first call often is slow, and other programs disturb some, so "
            "the mean is drawn upwards. Which one was disturbed least?",
        ),
        Mistake(
            "One call is enough.",
            lambda: _once,
            "This is the time of the first call, which often is the slowest. Perhaps only that one "
            "was timed, or the clock was read before the loop and not anew for each call.",
        ),
        Mistake(
            "The order of two readings does not matter.",
            lambda: _watch(lambda times: min(-time for time in times)),
            "The times are negative here. Take the earlier reading away from the later one.",
        ),
        Mistake(
            "The last time is the one to return.",
            lambda: _watch(lambda times: times[-1]),
            "This is the time of the last call. Keep all times, and choose after the loop.",
        ),
        Mistake(
            "The longest time is on the safe side.",
            lambda: _watch(max),
            "This is the longest time: the call that was disturbed most.",
        ),
        Mistake(
            "The reading of a clock is a time taken.",
            lambda: lambda run, clock, times: next(run() or clock() for _ in range(times)),
            "This is what the clock shows, counted from its own start. The time that a call took is "
            "the difference of two readings.",
        ),
    ),
)


# --- from how many numbers on ------------------------------------------------------------------------


def _break_even() -> float:
    """Solve 2 + 1·k = 20 + 0.1·k for k thousands of numbers."""
    thousands = torch.linalg.solve(
        torch.tensor([[1.0 - 0.1]], dtype=torch.float64), torch.tensor([20.0 - 2.0]).double()
    )
    return 1000 * thousands.item()


BREAK_EVEN = Exercise(
    id="break-even",
    title="From how many numbers on?",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "how many numbers",
            expect=lambda device: _break_even(),
            ask=common.number,
            agreement=Agreement(relative=1e-3, absolute=1.0),
            shows_expected=False,
        ),
    ),
    mistakes=(
        Mistake(
            "A GPU is always faster.",
            lambda: 0,
            "With so few numbers the CPU needs about 2 µs here, and the GPU about 20 µs: it has to be "
            "started first. How many numbers does it take to make up for that?",
        ),
        Mistake(
            "Thousands are numbers.",
            lambda: _break_even() / 1000,
            "That would be in thousands. How many numbers are that?",
        ),
        Mistake(
            "Only the start counts.",
            lambda: 18_000,
            "18 µs are to be made up for, and you let each thousand bring 1 µs. But the GPU also "
            "needs 0.1 µs for it. How much does a thousand really bring?",
        ),
        Mistake(
            "Only the GPU's own numbers count.",
            lambda: 180_000,
            "18 µs are to be made up for, and you let each thousand bring 0.1 µs. But that is what a "
            "thousand *costs* on the GPU. What does it save, beside the CPU's 1 µs?",
        ),
        Mistake(
            "The CPU starts for nothing.",
            lambda: 20 / 0.9 * 1000,
            "The GPU's start is 20 µs, but the CPU needs 2 µs to start, too. By how much is the GPU "
            "late?",
        ),
        Mistake(
            "The costs of a thousand add up.",
            lambda: 18 / 1.1 * 1000,
            "You have added 1 and 0.1. Each thousand costs 1 µs on the one and 0.1 µs on the other: "
            "what it brings is the difference.",
        ),
        Mistake(
            "The start is made up for when the calculation takes as long.",
            lambda: 200_000,
            "There the GPU calculates as long as it takes to start: 20 µs. The CPU would need 202 µs "
            "by then, so the two times were equal much earlier.",
        ),
        Mistake(
            "A start ten times as long needs ten times as many numbers.",
            lambda: 10_000,
            "Put it in: for 10 000 numbers the CPU needs 12 µs here and the GPU 21 µs. They are not "
            "equal yet.",
        ),
    ),
)


WHY_SLOWER = WrittenExercise(
    id="why-slower-there",
    title="Why slower?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that each operation, or each move between devices, has a cost of its own that "
        "does not depend on the size, and that here it outweighs the calculation. "
        "1 point: says what helps: larger operations, such as one addition of all rows, or leaving "
        "the data on the device and moving only the result, or staying on the CPU. "
        "No point for 'the GPU is too slow'."
    ),
)

EXERCISES = (
    CHOOSE_DEVICE,
    ADD_ANYWHERE,
    LEAF_ON_DEVICE,
    SHORTEST,
    BREAK_EVEN,
    WHY_SLOWER,
)

check = checker(EXERCISES)
