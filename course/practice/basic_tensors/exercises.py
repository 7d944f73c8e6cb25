"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.practice.basic_tensors import asks

# Wide enough for float32 and for every order of the same operations.
AGREES = Agreement(relative=1e-4, absolute=1e-4)
ANY_DTYPE = replace(AGREES, dtype=False)

_WHOLE = st.integers(-20, 40)
_HALVES = st.integers(-10, 10).map(lambda n: n / 2)


# --- what is printed ----------------------------------------------------------------------------------

_LINES: Mapping[str, Callable[[], Any]] = {
    "print(torch.tensor(2.25) * 2)": lambda: torch.tensor(2.25) * 2,
    "print(torch.tensor(2.5) * 2)": lambda: torch.tensor(2.5) * 2,
    "print(torch.tensor(7) / 2)": lambda: torch.tensor(7) / 2,
    "print((torch.tensor(7) / 2).item())": lambda: (torch.tensor(7) / 2).item(),
}


def _print_of(line: str) -> str:
    return "".join(str(_LINES[line]()).split())


def _prints_but(**changed: str) -> dict[str, str]:
    """Return what is printed, with the lines at these places ("_2" is the second) changed."""
    said = {line: _print_of(line) for line in _LINES}
    lines = list(said)
    return {**said, **{lines[int(place[1:]) - 1]: text for place, text in changed.items()}}


WHAT_IS_PRINTED = Exercise(
    id="what-is-printed",
    title="What is printed?",
    minutes=2,
    difficulty=1,
    questions=tuple(
        Question(
            line,
            expect=lambda device, line=line: _print_of(line),
            ask=partial(asks.printed, line=line),
            shows_expected=False,
        )
        for line in _LINES
    ),
    mistakes=(
        Mistake(
            "torch prints as many decimals as there are.",
            lambda: _prints_but(_1="tensor(4.5)", _3="tensor(3.5)"),
            "The value is right. But a tensor is printed with a fixed number of decimals where it has "
            "any: count those in the cell above.",
        ),
        Mistake(
            "torch prints a whole number as Python does.",
            lambda: _prints_but(_2="tensor(5.0)"),
            "Python would write 5.0. torch leaves out a zero that says nothing, and keeps the point.",
        ),
        Mistake(
            "Four decimals are always printed.",
            lambda: _prints_but(_2="tensor(5.0000)"),
            "Four decimals are printed where there is something to show in them. Here all of them "
            "would be zero, and only the point stays.",
        ),
        Mistake(
            "A whole result is a whole number.",
            lambda: _prints_but(_2="tensor(5)"),
            "This would be a tensor of whole numbers. 2.5 has decimals, so the result is of dtype "
            "float32, and the point says so.",
        ),
        Mistake(
            "A whole number divided stays whole.",
            lambda: _prints_but(_3="tensor(3)", _4="3"),
            "`//` would do that. `/` gives a decimal number, in torch as in Python.",
        ),
        Mistake(
            "`.item()` is a tensor.",
            lambda: _prints_but(_4="tensor(3.5000)"),
            "`.item()` takes the number out of its tensor. What is left is a number of Python, and "
            "Python prints it.",
        ),
        Mistake(
            "`.item()` prints as torch does.",
            lambda: _prints_but(_4="3.5000"),
            "A number of Python does not know of torch's four decimals.",
        ),
        *(
            Mistake(
                "`print` shows the number only.",
                answer,
                "This would be a number. These are tensors, and a printed tensor says that it is one: "
                "look at the cell above.",
            )
            for answer in (
                lambda: _prints_but(_1="4.5", _2="5.0", _3="3.5"),
                lambda: _prints_but(_1="4.5000", _2="5.", _3="3.5000"),
            )
        ),
        Mistake(
            "torch always prints the dtype.",
            lambda: _prints_but(
                _1="tensor(4.5000,dtype=torch.float32)",
                _2="tensor(5.,dtype=torch.float32)",
                _3="tensor(3.5000,dtype=torch.float32)",
            ),
            "torch prints a dtype only where it is not its own choice. For decimal numbers float32 is "
            "its choice.",
        ),
        Mistake(
            "A tensor is always printed with brackets.",
            lambda: _prints_but(_1="tensor([4.5000])", _2="tensor([5.])", _3="tensor([3.5000])"),
            "The inner brackets say that it is a row. These tensors have no dimension.",
        ),
    ),
)


# --- a conversion, mended ----------------------------------------------------------------------------


def _fahrenheit(numbers: Any, device: str, *, dtype: str) -> torch.Tensor:
    celsius = torch.tensor(numbers, device=device).to(getattr(torch, dtype))
    return torch.add(torch.mul(celsius, 1.8), 32)


def _fahrenheit_question(name: str, dtype: str, numbers: st.SearchStrategy[Any]) -> Question:
    return Question(
        name,
        expect=partial(_fahrenheit, dtype=dtype),
        ask=partial(asks.of_tensor, dtype=dtype),
        inputs=(st.lists(numbers, min_size=1, max_size=3),),
        examples=(([0, 21, 100],),),
        # Which decimal dtype whole numbers become is not said.
        agreement=ANY_DTYPE if dtype == "int64" else AGREES,
    )


def _in_place(celsius: torch.Tensor) -> torch.Tensor:
    celsius.mul_(9 / 5).add_(32)
    return celsius


def _in_place_on_a_copy(celsius: torch.Tensor) -> torch.Tensor:
    return _in_place(celsius.clone())


FAHRENHEIT = Exercise(
    id="fahrenheit",
    title="A conversion, mended",
    minutes=2,
    difficulty=1,
    questions=(
        _fahrenheit_question("decimal numbers", "float32", _HALVES),
        Question(
            "what came in, afterwards",
            expect=lambda numbers, device: torch.tensor(numbers, device=device),
            ask=partial(asks.tensor_afterwards, dtype="float32"),
            inputs=(st.lists(_HALVES, min_size=1, max_size=3),),
            examples=(([0.0, 21.0, 100.0],),),
        ),
        _fahrenheit_question("whole numbers", "int64", _WHOLE),
        _fahrenheit_question("float64", "float64", _HALVES),
    ),
    mistakes=(
        Mistake(
            "Writing into a copy is enough.",
            lambda: _in_place_on_a_copy,
            "`*=` and `+=` write into a tensor, and its dtype stays. Decimals do not go into one of "
            "whole numbers, copy or not. Calculate a new tensor: then torch chooses the dtype.",
        ),
        Mistake(
            "`*=` makes a new tensor.",
            lambda: _in_place,
            "The tensor that came in was changed: `*=` and `+=` write into it, and so do methods "
            "whose name ends with `_`. Whoever called the function has other numbers now. Calculate "
            "a new tensor.",
        ),
        Mistake(
            "Whole numbers have to be divided as whole numbers.",
            lambda: lambda celsius: celsius * 9 // 5 + 32,
            "`//` cuts off the decimals: 21 degrees become 69 in place of 69.8. With `/`, torch changes "
            "to decimal numbers by itself.",
        ),
        Mistake(
            "Decimal numbers are float32.",
            lambda: lambda celsius: celsius.float() * 9 / 5 + 32,
            "`.float()` means float32, and makes float64 coarser. Multiplying by a decimal number is "
            "enough: then whole numbers become decimal, and the others stay what they are.",
        ),
        Mistake(
            "The other way round.",
            lambda: lambda celsius: (celsius - 32) * 5 / 9,
            "This makes Celsius of Fahrenheit. Here the factor 9 / 5 comes first, and then 32 is "
            "added.",
        ),
        *(
            Mistake(
                "Brackets do not matter.",
                answer,
                "Here the 32 is multiplied too. 0 degrees are to become 32: multiply the degrees, and "
                "then add.",
            )
            for answer in (
                lambda: lambda celsius: (celsius + 32) * 9 / 5,
                lambda: lambda celsius: celsius + 32 * 9 / 5,
            )
        ),
        Mistake(
            "The factor is all.",
            lambda: lambda celsius: celsius * 9 / 5,
            "Here 0 degrees become 0. The 32 is missing.",
        ),
        Mistake(
            "5/9 and 9/5 are the same.",
            lambda: lambda celsius: celsius * 5 / 9 + 32,
            "The factor stands on its head. A degree Fahrenheit is *smaller*, so there are more of "
            "them: 100 degrees become 212.",
        ),
        Mistake(
            "Degrees are whole numbers.",
            lambda: lambda celsius: (celsius * 9 / 5 + 32).int(),
            "The decimals are cut off: 21 degrees are 69.8. Leave the dtype to torch.",
        ),
        Mistake(
            "Decimal numbers are float64.",
            lambda: lambda celsius: celsius.double() * 9 / 5 + 32,
            "`.double()` means float64. Decimal tensors are to keep their dtype, and of whole numbers "
            "torch makes float32 by itself.",
        ),
    ),
)


# --- a change that stays here ------------------------------------------------------------------------


def _without_first(numbers: Any, device: str) -> torch.Tensor:
    table = torch.tensor(numbers, device=device)
    rows = torch.arange(table.shape[0], device=device).reshape(-1, 1)
    return torch.where(rows == 0, torch.zeros_like(table), table)


def _written_into(table: torch.Tensor) -> torch.Tensor:
    table[0].zero_()
    return table


def _row_zeroed(where: Any, table: torch.Tensor) -> torch.Tensor:
    changed = table.clone()
    changed[where] = 0
    return changed


def _a_row_only(table: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(table[0])


def _a_column(table: torch.Tensor) -> torch.Tensor:
    changed = table.clone()
    changed[:, 0].zero_()
    return changed


_TABLES = arrays.arrays(
    "float64", st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=_HALVES
).map(lambda array: array.tolist())
_A_TABLE = ([[1.0, 2.0], [3.0, 4.0]],)

FIRST_ROW_ZERO = Exercise(
    id="first-row-zero",
    title="A change that stays here",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "the table that is returned",
            expect=_without_first,
            ask=common.call_with_tensors,
            inputs=(_TABLES,),
            examples=(_A_TABLE,),
        ),
        Question(
            "the table that came in, afterwards",
            expect=lambda numbers, device: torch.tensor(numbers, device=device),
            ask=partial(asks.tensor_afterwards, dtype="float32"),
            inputs=(_TABLES,),
            examples=(_A_TABLE,),
        ),
    ),
    mistakes=(
        Mistake(
            "A second name is a second tensor.",
            lambda: _written_into,
            "The table that came in has lost its first row as well. `other = table` gives the same "
            "tensor a second name, and a slice or a view looks at the same memory. Which method "
            "copies?",
        ),
        Mistake(
            "A change of a copy is a change.",
            lambda: lambda table: table,
            "This is the table as it came in: something was changed, and something else was returned. "
            "Copy first, change the copy, and return that copy.",
        ),
        Mistake(
            "The row is the table.",
            lambda: _a_row_only,
            "This is a row alone. The table that is returned is to have all its rows, the first of "
            "them zeros.",
        ),
        Mistake(
            "The first number in brackets is the column.",
            lambda: _a_column,
            "The first *column* is zero here. Inside the brackets the rows come first.",
        ),
        Mistake(
            "Without a row is without its numbers.",
            lambda: lambda table: table[1:],
            "Here the first row is gone. It is to be there, with zeros.",
        ),
        Mistake(
            "Counting starts at 1.",
            lambda: partial(_row_zeroed, 1),
            "This is the second row, if there is one. The first row has the number 0.",
        ),
        Mistake(
            "The first row is the last one.",
            lambda: partial(_row_zeroed, -1),
            "-1 is the *last* row. The first one has the number 0.",
        ),
        Mistake(
            "All rows but the first.",
            lambda: partial(_row_zeroed, slice(1, None)),
            "It is the other way round: the first row is kept here, and the others are zero.",
        ),
        Mistake(
            "One place is a row.",
            lambda: partial(_row_zeroed, (0, 0)),
            "One number is zero here. With one number in the brackets you take the whole row.",
        ),
        Mistake(
            "A table of zeros.",
            lambda: torch.zeros_like,
            "All rows are zero here. Only the first one is to be.",
        ),
    ),
)


# --- who shares memory -------------------------------------------------------------------------------


def _sharing() -> list[str]:
    """Make the eight tensors of the lesson, and ask torch which look at the memory of x."""
    x = torch.arange(6.0).reshape(2, 3)
    made = {
        "a": x[0],
        "b": x[:, 1:],
        "c": x.T,
        "d": x.reshape(3, 2),
        "e": x.clone(),
        "f": x + 0,
        "g": x[x > 2],
        "h": x[[0, 1]],
    }
    memory = x.untyped_storage().data_ptr()
    return [name for name, t in made.items() if t.untyped_storage().data_ptr() == memory]


def _sharing_question(name: str, *choice: str) -> Question:
    return Question(
        name,
        expect=lambda device: asks.among(_sharing(), choice=choice, device=device),
        ask=partial(asks.among, choice=choice),
        shows_expected=False,
    )


WHO_SHARES = Exercise(
    id="who-shares-memory",
    title="Who shares memory?",
    minutes=2,
    difficulty=2,
    questions=(
        _sharing_question("a and b, parts", "a", "b"),
        _sharing_question("c and d, other shapes", "c", "d"),
        _sharing_question("e to h", "e", "f", "g", "h"),
    ),
    mistakes=(
        Mistake(
            "Everything that is made of x shares its memory.",
            lambda: list("abcdefgh"),
            "Some of these need memory of their own: where something is calculated, where a copy is "
            "asked for, and where the places chosen follow no pattern.",
        ),
        Mistake(
            "Another shape needs memory of its own.",
            lambda: ["a", "b"],
            "Turned on its side or broken into other rows, x holds the same numbers, and here they "
            "can be read where they are. Try it: does x change when c does?",
        ),
        Mistake(
            "torch copies, to be on the safe side.",
            list,
            "Then `x[0] = 7` could not change x. A slice, a row, a table on its side: for these it is "
            "enough to look at the same memory in another way.",
        ),
        Mistake(
            "Each choice by brackets is a slice.",
            lambda: list("abcdgh"),
            "Brackets with a number or a slice look at x. Brackets with a *list*, or with a condition, "
            "may choose any places in any order, and torch copies those.",
        ),
        *(
            Mistake(belief, partial(list, letters), hint)
            for belief, letters, hint in (
                (
                    "A column needs a copy.",
                    "acd",
                    "The numbers of b do not all stand side by side. But they can be read where they "
                    "are, in steps: torch only notes how far to step.",
                ),
                (
                    "The first row needs a copy.",
                    "bcd",
                    "A row stands in one piece. torch notes where it begins, and copies nothing.",
                ),
                (
                    "On its side it is a copy.",
                    "abd",
                    "To turn a table on its side, torch exchanges its steps: no number moves. Change "
                    "x, and look at c.",
                ),
                (
                    "Another number of rows is a copy.",
                    "abc",
                    "The numbers of x stand in one piece, and `reshape` only breaks them into rows "
                    "elsewhere. Where that cannot be done it copies; here it can.",
                ),
                (
                    "A clone shares.",
                    "abcde",
                    "`clone` is the method that copies in any case.",
                ),
                (
                    "A condition chooses a slice.",
                    "abcdg",
                    "A condition may choose any places. torch cannot know a step from one to the "
                    "next, so it copies them.",
                ),
                (
                    "A list of all rows is all rows.",
                    "abcdh",
                    "Here the list does name all rows. But a list may name any, in any order, so torch "
                    "copies in any case.",
                ),
            )
        ),
        Mistake(
            "Adding nothing changes nothing.",
            lambda: list("abcdf"),
            "The result of a calculation is a new tensor, also when the numbers are the same.",
        ),
    ),
)


# --- without a loop -------------------------------------------------------------------------------------


def _overshoot(predicted: Any, wanted: Any, device: str) -> torch.Tensor:
    p, w = (torch.tensor(numbers, device=device) for numbers in (predicted, wanted))
    return torch.relu(torch.sub(p, w)).sum().div(p.numel())


def _overshoot_of_many(count: int, device: str) -> Any:
    return asks.on_many(lambda p, w: torch.relu(torch.sub(p, w)).mean(), count, device=device)


def _of_the_positive(p: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    return (p - w)[p > w].mean()


def _in_a_loop(predicted: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    high = [max(p - w, torch.zeros_like(p)) for p, w in zip(predicted, wanted, strict=True)]
    return torch.stack(high).mean()


def _in_a_list(predicted: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    pairs = zip(predicted.tolist(), wanted.tolist(), strict=True)
    return torch.tensor([max(p - w, 0.0) for p, w in pairs]).mean().to(predicted.device)


_PAIR = st.tuples(_HALVES, _HALVES, _HALVES).map(list)
_TOO_HIGH_TOO_LOW = ([3.0, 1.0, 6.0], [1.0, 4.0, 5.0])

OVERSHOOT = Exercise(
    id="overshoot",
    title="The same without a loop",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "three predictions",
            expect=_overshoot,
            ask=asks.of_two,
            inputs=(_PAIR, _PAIR),
            examples=(_TOO_HIGH_TOO_LOW,),
            agreement=ANY_DTYPE,
        ),
        Question(
            "a thousand predictions, and by what work",
            expect=_overshoot_of_many,
            ask=asks.on_many,
            inputs=(st.just(1000),),
            agreement=ANY_DTYPE,
        ),
    ),
    mistakes=(
        Mistake(
            "What lies too low makes up for what lies too high.",
            lambda: lambda p, w: (p - w).mean(),
            "Negative differences pull the mean down here. In the loop they count as zero: see the "
            "`if`.",
        ),
        Mistake(
            "The mean may be cut off at the end.",
            lambda: lambda p, w: (p - w).mean().clamp(min=0),
            "Here the mean is taken first, so what lies too low has already pulled it down. Each "
            "difference is to be cut off by itself.",
        ),
        Mistake(
            "`max=0` keeps the larger ones.",
            lambda: lambda p, w: (p - w).clamp(max=0).mean(),
            "`clamp(max=0)` sets an upper end: it leaves those that are too *low*. Which end has to be "
            "set?",
        ),
        Mistake(
            "Python's `max` goes through a tensor.",
            lambda: lambda p, w: max(p - w, 0),
            "`max` and `if` of Python want one yes or no, and a tensor holds many. torch has operations "
            "of its own that decide for each number: `clamp` is one.",
        ),
        Mistake(
            "One number for each prediction.",
            lambda: lambda p, w: (p - w).clamp(min=0),
            "These are the differences, one for each prediction. What is asked for is their mean.",
        ),
        Mistake(
            "A distance is what is asked for.",
            lambda: lambda p, w: (p - w).abs().mean(),
            "This also counts predictions that are too *low*. The loop lets only those count that are "
            "too high.",
        ),
        Mistake(
            "A sum is a mean.",
            lambda: lambda p, w: (p - w).clamp(min=0).sum(),
            "This is the sum. The loop divides it by the number of predictions.",
        ),
        Mistake(
            "The mean is over those that count.",
            lambda: _of_the_positive,
            "This divides by the number of predictions that are too high. The loop divides by the "
            "number of *all* predictions.",
        ),
        Mistake(
            "The order of a difference does not matter.",
            lambda: lambda p, w: (w - p).clamp(min=0).mean(),
            "This is how far predictions lie *below*. Take the difference the other way round.",
        ),
        Mistake(
            "A loop over a tensor is work on the whole tensor.",
            lambda: _in_a_loop,
            "The result is right. But each number still starts operations of its own: a `for`, or "
            "something like it, goes through the tensor. Subtract the whole tensors.",
        ),
        Mistake(
            "A loop over a list is work on the whole tensor.",
            lambda: _in_a_list,
            "The result is right. But the numbers have left their tensors, for a list or an array. A "
            "loop over these is faster than one over a tensor, and still a loop. Subtract the whole "
            "tensors.",
        ),
        Mistake(
            "A condition is what it chooses.",
            lambda: lambda p, w: (p > w).float().mean(),
            "This is which share of the predictions is too high. By how much they are too high is "
            "lost.",
        ),
    ),
)


# --- how much memory -------------------------------------------------------------------------------------


def _megabytes(shape: Any, dtype: str, device: str) -> float:
    one = torch.empty(1, dtype=getattr(torch, dtype))
    return torch.Size(shape).numel() * one.element_size() / 1e6


_SHAPES = st.lists(st.sampled_from((10, 200, 3000)), min_size=1, max_size=3).map(tuple)


def _megabytes_question(name: str, dtypes: tuple[str, ...]) -> Question:
    return Question(
        name,
        expect=_megabytes,
        ask=asks.size_of,
        inputs=(_SHAPES, st.sampled_from(dtypes)),
        examples=(((1000, 500), dtypes[0]),),
        agreement=Agreement(relative=1e-6, absolute=0),
    )


MEGABYTES = Exercise(
    id="megabytes",
    title="How much memory?",
    minutes=1,
    difficulty=1,
    questions=(
        _megabytes_question("decimal numbers", ("float32", "float64")),
        _megabytes_question("any dtype", ("float16", "int64", "bool")),
    ),
    mistakes=(
        Mistake(
            "Each number takes one byte.",
            lambda: lambda t: t.numel() / 1e6,
            "This counts the numbers, in millions. How many bytes does each of them take?",
        ),
        Mistake(
            "Each number takes four bytes.",
            lambda: lambda t: t.numel() * 4 / 1e6,
            "Right for float32. Another dtype takes more or less: the tensor itself knows.",
        ),
        Mistake(
            "The rows are the numbers.",
            lambda: lambda t: len(t) * t.element_size() / 1e6,
            "`len` counts the rows. All numbers together are `numel()`.",
        ),
        Mistake(
            "Bytes are megabytes.",
            lambda: lambda t: t.numel() * t.element_size(),
            "These are bytes. A megabyte is a million of them.",
        ),
        Mistake(
            "A megabyte is 1024 · 1024 bytes.",
            lambda: lambda t: t.numel() * t.element_size() / 2**20,
            "That is a *mebibyte*, MiB. Here a megabyte is 1 000 000 bytes.",
        ),
        Mistake(
            "Each number takes eight bytes.",
            lambda: lambda t: t.numel() * 8 / 1e6,
            "Right for float64. Another dtype takes less: the tensor itself knows.",
        ),
        Mistake(
            "A megabyte is a thousand bytes.",
            lambda: lambda t: t.numel() * t.element_size() / 1e3,
            "These are kilobytes. A megabyte is a thousand of them.",
        ),
        Mistake(
            "`element_size` counts bits.",
            lambda: lambda t: t.numel() * t.element_size() * 8 / 1e6,
            "These are bits, eight to a byte. `element_size` counts bytes already.",
        ),
        Mistake(
            "Every tensor is a matrix.",
            lambda: lambda t: t.shape[0] * t.shape[1] * t.element_size() / 1e6,
            "Right for a matrix. A vector has no `shape[1]`. One method counts the numbers of any shape.",
        ),
        Mistake(
            "The size of one number is the size of all.",
            lambda: lambda t: t.element_size() / 1e6,
            "This is the size of one number. How many are there?",
        ),
    ),
)


WHY_VIEWS = WrittenExercise(
    id="why-views",
    title="Why views?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says why torch does so: no time and no memory for copying, which counts where a "
        "tensor is large. "
        "1 point: says what to watch: a change through the one is seen through the other, so copy "
        "(`clone`) before changing what others still use. "
        "No point for 'it is faster' without saying what is saved."
    ),
)

EXERCISES = (
    WHAT_IS_PRINTED,
    FAHRENHEIT,
    FIRST_ROW_ZERO,
    WHO_SHARES,
    OVERSHOOT,
    MEGABYTES,
    WHY_VIEWS,
)

check = checker(EXERCISES)
