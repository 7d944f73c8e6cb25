"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from operator import mul
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.check import checker
from autograder.exercise import Exercise, Mistake, Question, WrittenExercise
from course.mathematics.tensors_as_mathematical_objects import asks

WITHOUT_ENGINES = frozenset({"torch", "chalkgrad"})
Sizes = Sequence[int]

# --- the cell of an entry -------------------------------------------------------------------------


def _cell(case: Mapping[str, Any], device: str) -> int:
    """Ask a tensor whose storage holds the number of each cell."""
    index, strides, start = case["index"], case["strides"], case["start"]
    last = start + sum(map(mul, index, strides))
    storage = torch.arange(last + 1, device=device)
    return int(storage.as_strided([i + 1 for i in index], strides, start)[tuple(index)].item())


def _entry(places: Sequence[tuple[int, int]], start: int) -> dict[str, Any]:
    index, strides = (list(row) for row in zip(*places, strict=True))
    return {"index": index, "strides": strides, "start": start}


_PLACES = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=3)


def _cell_question(name: str, example: dict[str, Any], starts: tuple[int, int]) -> Question:
    return Question(
        name,
        expect=_cell,
        ask=asks.cell,
        inputs=(st.builds(_entry, _PLACES, st.integers(*starts)),),
        examples=((example,),),
    )


CELL_OF_AN_ENTRY = Exercise(
    id="cell-of-an-entry",
    title="The cell of an entry",
    minutes=2,
    difficulty=1,
    questions=(
        _cell_question("from the first cell", _entry([(2, 3), (1, 1)], 0), starts=(0, 0)),
        _cell_question("from a later cell", _entry([(1, 4), (2, 1)], 5), starts=(1, 9)),
    ),
    mistakes=(
        Mistake(
            "The steps add up, whatever the stride.",
            lambda: lambda index, strides, start=0: start + sum(index),
            "Here each index counts as one cell. But one step along an axis can be many cells: "
            "as many as its stride says.",
        ),
        Mistake(
            "A tensor begins at cell 0.",
            lambda: lambda index, strides, start=0: sum(map(mul, index, strides)),
            "The steps are right, but they are counted from cell 0. Where does a tensor begin that "
            "is a piece of another one?",
        ),
        Mistake(
            "Each axis begins at the start of the tensor.",
            lambda: (
                lambda index, strides, start=0: (
                    start * (1 + len(index)) + sum(map(mul, index, strides))
                )
            ),
            "`start` is counted again at each axis. The loop begins there: it is in `place` already.",
        ),
        Mistake(
            "Index and stride are added.",
            lambda: lambda index, strides, start=0: start + sum(index) + sum(strides),
            "Here the strides are added to the indices. Go 2 steps of 3 cells each: how many "
            "cells is that?",
        ),
        Mistake(
            "The steps of all axes are multiplied.",
            lambda: lambda index, strides, start=0: math.prod((start, *map(mul, index, strides))),
            "The steps of different axes are multiplied here. You go along one axis, and then from "
            "there along the next one: what joins two ways, one after the other?",
        ),
        Mistake(
            "The way along the first axis is the whole way.",
            lambda: lambda index, strides, start=0: start + index[0] * strides[0],
            "Only the first axis is in this number. Does a `return` stand inside the loop, and end it after "
            "its first turn?",
        ),
        Mistake(
            "Every axis is gone along once.",
            lambda: lambda index, strides, start=0: start + sum(strides),
            "One step is taken along each axis here, whatever the index. How many steps does the index ask "
            "for?",
        ),
        Mistake(
            "The way along the last axis is the whole way.",
            lambda: lambda index, strides, start=0: start + index[-1] * strides[-1],
            "Each turn of the loop begins at `start` here, so only the last axis is left. Begin "
            "each turn where the one before arrived.",
        ),
    ),
)


# --- strides from a shape -------------------------------------------------------------------------


def _strides(shape: Sizes, device: str = "cpu") -> list[int]:
    return list(torch.empty(tuple(shape), device=device).stride())


def _column_first(shape: Sizes) -> list[int]:
    return list(accumulate(shape[:-1], mul, initial=1))


def _with_own_size(shape: Sizes) -> list[int]:
    return [math.prod(shape[axis:]) for axis in range(len(shape))]


_SIZES = st.integers(1, 6)

STRIDES_FROM_A_SHAPE = Exercise(
    id="strides-from-a-shape",
    title="Strides from a shape",
    minutes=4,
    difficulty=2,
    without=WITHOUT_ENGINES,
    questions=(
        Question(
            "a matrix",
            expect=_strides,
            ask=asks.sequence,
            inputs=(st.lists(_SIZES, min_size=2, max_size=2),),
            examples=(([5, 3],),),
        ),
        Question(
            "a vector, and three or four axes",
            expect=_strides,
            ask=asks.sequence,
            inputs=(st.one_of(*(st.lists(_SIZES, min_size=n, max_size=n) for n in (1, 3, 4))),),
            examples=(([2, 3, 4],), ([7],)),
        ),
    ),
    mistakes=(
        Mistake(
            "The strides are the shape.",
            lambda: lambda shape: list(shape),
            "This is the shape: how far an axis reaches. A stride is how many cells one step along "
            "it takes. In a table with rows of 3, how far is it to the next row?",
        ),
        Mistake(
            "The first axis lies side by side.",
            lambda: _column_first,
            "Here the columns lie side by side, and the strides grow to the right. torch writes row "
            "after row. Which index changes fastest when you read a row?",
        ),
        Mistake(
            "A stride counts the axis itself.",
            lambda: _with_own_size,
            "Each of these holds the axis's own size too. One step along an axis jumps over what lies "
            "in the axes to the right of it, and nothing else. What has the last axis to its right?",
        ),
        Mistake(
            "A stride is the size of the axis to the right.",
            lambda: lambda shape: [*shape[1:], 1],
            "For two axes this is right. With three, one step along the first jumps over a whole "
            "table: all the axes to the right together, not only the next one.",
        ),
        Mistake(
            "Every tensor has two axes.",
            lambda: lambda shape: [shape[-1], 1],
            "For a matrix this is right. But there is one stride for each axis, however many there are: "
            "a loop over the shape finds them all.",
        ),
        Mistake(
            "The strides come from the last axis to the first.",
            lambda: lambda shape: _strides(shape)[::-1],
            "These are the right numbers from the last axis to the first. You may have gathered them "
            "from the right: the first stride belongs to the first axis.",
        ),
        Mistake(
            "The whole tensor is a stride too.",
            lambda: lambda shape: [*_with_own_size(shape), 1],
            "One number too many: the first is the size of the whole tensor, and no axis jumps over that. "
            "When is a step noted down, before or after it grows?",
        ),
        Mistake(
            "What the axes to the right hold is added.",
            lambda: lambda shape: [sum(shape[axis + 1 :]) or 1 for axis in range(len(shape))],
            "The sizes to the right are added here. Three rows of 4 numbers are how many numbers?",
        ),
    ),
)


# --- can it be one row? ----------------------------------------------------------------------------


def _joins(case: Mapping[str, Any], device: str) -> bool:
    """Let torch try."""
    shape, strides = case["shape"], case["strides"]
    last = sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    matrix = torch.empty(last + 1, device=device).as_strided(shape, strides)
    try:
        matrix.view(-1)
    except RuntimeError:
        return False
    return True


def _layout(rows: int, columns: int, first: int, second: int) -> dict[str, Any]:
    return {"shape": [rows, columns], "strides": [first, second]}


_SIDES = st.integers(2, 5)
_WHOLE = st.builds(lambda rows, columns: _layout(rows, columns, columns, 1), _SIDES, _SIDES)
_TURNED = st.builds(lambda rows, columns: _layout(rows, columns, 1, rows), _SIDES, _SIDES)
_EVEN_STEPS = st.builds(
    lambda rows, columns, step: _layout(rows, columns, columns * step, step),
    _SIDES, _SIDES, st.integers(2, 4),
)  # fmt: skip
_ANY_STEPS = st.builds(_layout, _SIDES, _SIDES, st.integers(1, 9), st.integers(1, 4))

Rule = Callable[[Sizes, Sizes], bool]


def _rule(rule: Rule) -> Callable[[], Rule]:
    return lambda: rule


# Rows, columns and two strides; each tells some beliefs from others.
_TELLING = (
    (3, 4, 4, 1),
    (4, 3, 1, 4),
    (3, 2, 4, 2),
    (3, 2, 4, 1),
    (2, 4, 4, 2),
    (3, 3, 9, 3),
    (2, 2, 1, 1),
    (2, 3, 3, 3),
    (2, 3, 7, 2),
    (3, 2, 2, 2),
)

JOINS_INTO_ONE_ROW = Exercise(
    id="joins-into-one-row",
    title="Can it be one row?",
    minutes=3,
    difficulty=2,
    without=WITHOUT_ENGINES,
    questions=(
        Question(
            "whole matrices, transposed ones, and pieces of larger ones",
            expect=_joins,
            ask=asks.joined,
            inputs=(st.one_of(_WHOLE, _TURNED, _EVEN_STEPS, _ANY_STEPS),),
            examples=tuple((_layout(*case),) for case in _TELLING),
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "Where the numbers suffice, view works.",
            _rule(lambda shape, strides: True),
            "Always True: rows times columns numbers are there, of course. But view may not move "
            "them, and one row has one stride. Look at the cells that the failing case reads.",
        ),
        Mistake(
            "Only a contiguous matrix can be viewed as one row.",
            _rule(lambda shape, strides: tuple(strides) == (shape[1], 1)),
            "You ask for no gaps at all. Gaps do no harm if all of them are the same: write down the "
            "cells that the failing case reads, in order.",
        ),
        Mistake(
            "It is enough that a row lies side by side.",
            _rule(lambda shape, strides: strides[1] == 1),
            "Within a row the steps are equal then. What about the step from the end of one row to the "
            "beginning of the next?",
        ),
        Mistake(
            "It is enough that the first stride is larger.",
            _rule(lambda shape, strides: strides[0] > strides[1]),
            "A larger first stride says that this matrix was not turned. It does not say that the next "
            "row begins where the last one ends: there may be a gap between them.",
        ),
        Mistake(
            "The next row may begin later.",
            _rule(lambda shape, strides: strides[0] >= shape[1] * strides[1]),
            "A first stride that is larger still leaves a gap at the end of each row. Then the step over the "
            "end is longer than the steps within a row.",
        ),
        Mistake(
            "A row is as many steps long as there are steps in it.",
            _rule(lambda shape, strides: strides[0] == (shape[1] - 1) * strides[1]),
            "So far it is from the first entry of a row to its last one. The next row has to begin one step "
            "further on.",
        ),
        Mistake(
            "It is enough that one stride divides the other.",
            _rule(lambda shape, strides: strides[0] % strides[1] == 0),
            "The first stride is a number of steps then, but which number? It has to be as many as a row "
            "has entries.",
        ),
        Mistake(
            "The first stride belongs with the number of rows.",
            _rule(lambda shape, strides: strides[0] == shape[0] * strides[1]),
            "To reach the next row, one passes all the entries of a row. How many entries has a row: "
            "as many as there are rows, or columns?",
        ),
        Mistake(
            "A row is as many cells long as it has entries.",
            _rule(lambda shape, strides: strides[0] == shape[1]),
            "This counts a cell for each entry of a row. With a second stride of 2, how many cells "
            "does a row of 3 entries take up?",
        ),
        Mistake(
            "Both strides have to be equal.",
            _rule(lambda shape, strides: strides[0] == strides[1]),
            "One stride for the whole row is right, but the first stride goes from row to row, over "
            "all the entries of a row. How long are that many steps?",
        ),
    ),
)


# --- columns together ------------------------------------------------------------------------------


def _columns_together(rows: int, columns: int, device: str) -> dict[str, Any]:
    """Fill a tensor that was made with these strides."""
    made = torch.empty(columns, rows, device=device).t()
    made.copy_(torch.arange(float(rows * columns)).reshape(rows, columns))
    return {"entries": made, "strides": list(made.stride())}


COLUMNS_TOGETHER = Exercise(
    id="columns-together",
    title="Columns together",
    minutes=3,
    difficulty=2,
    questions=(
        Question(
            "the same entries, each column side by side",
            expect=_columns_together,
            ask=asks.layout,
            inputs=(_SIDES, _SIDES),
            examples=((2, 3),),
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "contiguous() brings any order.",
            lambda: lambda x: x.contiguous(),
            "The strides are those of x: the storage still holds row after row. `x` is contiguous already, row by row, so "
            "`.contiguous()` gives it back as it is, and `.clone()` copies it in the same order.",
        ),
        Mistake(
            "Transposing puts the columns side by side.",
            lambda: lambda x: x.t(),
            "This turns the table, and moves no number in memory: another shape, the same storage. "
            "Here the shape is to stay, and the storage is to change.",
        ),
        Mistake(
            "The copy is all that is needed.",
            lambda: lambda x: x.t().contiguous(),
            "In storage the columns of x lie together now. But the table is turned: the program that "
            "reads it would take rows for columns. One step more, which moves nothing.",
        ),
        *(
            Mistake(
                "reshape turns a table back.",
                lambda turn_back=turn_back: turn_back,
                "The shape is right, the entries are mixed up: reshape and view fill the new rows in "
                "reading order. What undoes a transpose, entry by entry?",
            )
            for turn_back in (
                lambda x: x.t().reshape(x.shape),
                lambda x: x.t().contiguous().view(x.shape),
            )
        ),
        Mistake(
            "Other strides move the numbers.",
            lambda: lambda x: x.as_strided(x.shape, (1, x.shape[0])),
            "The strides are as they should be, but the storage still holds row after row, so they now "
            "read wrong cells. First the numbers have to be copied into another order.",
        ),
    ),
)


# --- slopes go home ------------------------------------------------------------------------------

WEIGHTS = (10.0, 20.0, 30.0, 40.0)


def _slopes(device: str) -> list[list[float]]:
    x = torch.zeros(2, 3, device=device, requires_grad=True)
    (x.t()[1:].reshape(4) * torch.tensor(WEIGHTS, device=device)).sum().backward()
    assert x.grad is not None
    return x.grad.tolist()


SLOPES_GO_HOME = Exercise(
    id="slopes-go-home",
    title="Slopes go home",
    minutes=2,
    difficulty=2,
    questions=(
        Question(
            "x.grad",
            expect=_slopes,
            ask=asks.table,
            shows_expected=False,
            points=2,
        ),
    ),
    mistakes=(
        Mistake(
            "The slopes come back row by row.",
            lambda: [[0, 10, 20], [0, 30, 40]],
            "These weights are dealt out along the rows of x. But the numbers were read from the "
            "turned table: which entry of x stands second there?",
        ),
        Mistake(
            "The gradient has the shape of the turned table.",
            lambda: [[0, 0], [10, 20], [30, 40]],
            "This is the gradient for x.t(), and right as that. Turn it once more: the gradient for x "
            "has the shape of x.",
        ),
        Mistake(
            "What was left out has no place in the gradient.",
            lambda: [[10, 30], [20, 40]],
            "The four slopes stand rightly beside each other. But x has six entries, and its gradient "
            "has a slope for each. How steep is y for an entry that it never reads?",
        ),
        Mistake(
            "x.t()[1:] leaves out a row of x.",
            lambda: [[0, 0, 0], [10, 20, 30]],
            "Here the first row of x gets no slope. It is the turned table that loses its first row: "
            "what was that in x?",
        ),
        Mistake(
            "The turned table is read before anything is left out of its end.",
            lambda: [[10, 30, 0], [20, 40, 0]],
            "Here the last column of x is left out. `[1:]` keeps everything from index 1 on: which row "
            "of the turned table goes?",
        ),
        Mistake(
            "The gradient holds the weights in their order.",
            lambda: [[10, 20], [30, 40]],
            "These are the four weights, in the order in which they were written. x has 2 rows and 3 columns, "
            "and so has its gradient. Which entry of x did each weight meet?",
        ),
        Mistake(
            "Each slope is 1.",
            lambda: [[0, 1, 1], [0, 1, 1]],
            "You found which entries are read. Each is multiplied by a weight before the sum, and that "
            "is how fast y grows with it.",
        ),
        Mistake(
            "The slopes run down each row backwards.",
            lambda: [[0, 20, 40], [0, 10, 30]],
            "Right columns, but the two rows are changed over. In the turned table, which stands first: "
            "the entry from row 0 of x, or from row 1?",
        ),
    ),
)


WHY_VIEW_REFUSES = WrittenExercise(
    id="why-view-refuses",
    title="Why does view refuse?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says that view keeps the storage and needs strides for the new shape (one stride for "
        "one row), and that reshape copied here. "
        "1 point: names a consequence of the copy: writing into the result no longer changes the "
        "matrix, or the copy costs time or memory. "
        "No point for 'reshape is more flexible' without what it did."
    ),
)

EXERCISES = (
    CELL_OF_AN_ENTRY,
    STRIDES_FROM_A_SHAPE,
    JOINS_INTO_ONE_ROW,
    COLUMNS_TOGETHER,
    SLOPES_GO_HOME,
    WHY_VIEW_REFUSES,
)

check = checker(EXERCISES)
