"""What this lesson's answers are checked against: questions, what torch says, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.check import checker
from autograder.exercise import Agreement, Exercise, Mistake, Question, WrittenExercise
from autograder.runner import asks as common
from course.tensors.what_are_tensors import asks

ANY_DTYPE = Agreement(dtype=False)
AGREES = Agreement(relative=1e-4, absolute=1e-4, dtype=False)

_HALVES = st.integers(-10, 10).map(lambda n: n / 2)
_DIGITS = st.integers(0, 9)


def _lists(shape: Any, numbers: st.SearchStrategy[Any] = _HALVES) -> st.SearchStrategy[Any]:
    """Lists within lists in such a shape, or in one that is drawn."""
    dtype = "int64" if numbers is _DIGITS else "float64"
    return arrays.arrays(dtype, shape, elements=numbers).map(lambda array: array.tolist())


def _tables(
    rows: st.SearchStrategy[int], columns: st.SearchStrategy[int]
) -> st.SearchStrategy[Any]:
    """Tables of numbers with one decimal, which a student can read."""
    return _lists(st.tuples(rows, columns))


# --- the first two of the challenge: a scalar, a vector -------------------------------------------


def _made_questions(expected: Callable[[], torch.Tensor]) -> tuple[Question, ...]:
    """Ask first what the tensor is, then what it holds."""
    return (
        Question(
            "shape and dtype",
            expect=lambda device: asks.form(expected(), device=device),
            ask=asks.form,
        ),
        Question("the numbers in it", expect=lambda device: expected(), ask=asks.held),
    )


SCALAR = Exercise(
    id="scalar-42",
    title="A scalar",
    minutes=1,
    difficulty=1,
    questions=_made_questions(lambda: torch.tensor(42)),
    mistakes=(
        Mistake(
            "A number of Python is a tensor already.",
            lambda: 42,
            "This is a number of Python's own. It has no shape and no dtype, and torch cannot track "
            "it. What makes a tensor of a number?",
        ),
        Mistake(
            "One number needs brackets.",
            lambda: torch.tensor([42]),
            "This is a row with one number in it: shape [1]. A scalar has no dimension at all, so "
            "no square bracket.",
        ),
        Mistake(
            "One number is a table with one row and one column.",
            lambda: torch.tensor([[42]]),
            "Each pair of brackets is a dimension, and here are two. A scalar has none.",
        ),
        Mistake(
            "42 and 42.0 make the same tensor.",
            lambda: torch.tensor(42.0),
            "The point makes it a decimal number, of dtype float32. Write the whole number.",
        ),
        Mistake(
            "The capital T makes no difference.",
            lambda: torch.tensor([42.0]),
            "This is a row with one decimal number. `torch.Tensor`, with a capital T, always makes "
            "decimal numbers; `torch.tensor` looks at what it gets, and brackets make a row.",
        ),
        Mistake(
            "A whole number takes 32 bits.",
            lambda: torch.tensor(42, dtype=torch.int32),
            "int32 is a dtype for whole numbers, and not the one that torch chooses. Leave the choice "
            "to torch.",
        ),
        Mistake(
            "A NumPy array is a tensor.",
            lambda: np.array(42),
            "This is an array of NumPy. The function that makes a tensor has nearly the same name, and "
            "stands in torch.",
        ),
        Mistake(
            "The number in brackets is always the value.",
            lambda: torch.zeros(42),
            "This is a row of 42 numbers. `torch.Tensor` with a capital T, and `zeros` and `ones`, "
            "take 42 as a *size*. Which function takes it as the value?",
        ),
    ),
)

VECTOR = Exercise(
    id="vector-1-to-5",
    title="A vector",
    minutes=1,
    difficulty=1,
    questions=_made_questions(lambda: torch.arange(1, 6)),
    mistakes=(
        Mistake(
            "A list of Python is a tensor already.",
            lambda: [1, 2, 3, 4, 5],
            "This is a list of Python's own: times 2 it gets longer, and no number in it changes. "
            "What makes a tensor of a list?",
        ),
        Mistake(
            "A vector is a table with one row.",
            lambda: torch.tensor([[1, 2, 3, 4, 5]]),
            "Two brackets make two dimensions: a table with one row. A vector has one dimension.",
        ),
        Mistake(
            "1 and 1.0 make the same tensor.",
            lambda: torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]),
            "These are decimal numbers, of dtype float32. A point in the list makes them so, and "
            "`torch.Tensor` with a capital T always does. Ask for whole numbers.",
        ),
        Mistake(
            "A vector is a column of a table.",
            lambda: torch.tensor([[1], [2], [3], [4], [5]]),
            "Here each number has a bracket of its own, so there are two dimensions: a table with one "
            "column. A vector has one dimension.",
        ),
        Mistake(
            "A NumPy array is a tensor.",
            lambda: np.arange(1, 6),
            "This is an array of NumPy. The function that makes a tensor has nearly the same name, and "
            "stands in torch.",
        ),
        Mistake(
            "From 0 to 5 are five numbers.",
            lambda: torch.arange(6),
            "These are six numbers, from 0 to 5. `arange` can be told where to start.",
        ),
        Mistake(
            "The numbers in brackets are always the values.",
            lambda: torch.zeros(1, 2, 3, 4, 5),
            "This tensor has five *dimensions*: the numbers were taken as sizes. `torch.Tensor` with a "
            "capital T, and `zeros`, `ones` and `rand`, do so. Give `torch.tensor` a list.",
        ),
        Mistake(
            "Counting starts at 1.",
            lambda: torch.arange(5),
            "`arange(5)` gives five numbers, and starts at 0. It can be told where to start.",
        ),
        Mistake(
            "The end of a range belongs to it.",
            lambda: torch.arange(1, 5),
            "As `range` in Python, `arange` stops *before* its end.",
        ),
    ),
)


# --- the other two: random numbers, ones ------------------------------------------------------------

RANDOM_MATRIX = Exercise(
    id="random-matrix",
    title="A matrix of random numbers",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "the shape",
            expect=lambda device: asks.shape(torch.rand(2, 3), device=device),
            ask=asks.shape,
        ),
        Question(
            "random decimal numbers",
            expect=lambda device: asks.variety(torch.linspace(0, 1, 6), device=device),
            ask=asks.variety,
        ),
    ),
    mistakes=(
        Mistake(
            "The columns are counted first.",
            lambda: torch.rand(3, 2),
            "This has 3 rows and 2 columns. In a shape the rows come first: 2 by 3 is two rows of "
            "three.",
        ),
        Mistake(
            "A shape is its number of elements.",
            lambda: torch.rand(6),
            "This is a row of six numbers. The number of elements is right, and the shape says how "
            "they stand: give torch two sizes.",
        ),
        Mistake(
            "The sizes are the numbers.",
            lambda: torch.tensor([2.0, 3.0]),
            "This is a row of two numbers. Either it holds 2 and 3 themselves, or only one size was "
            "given. A function that makes random numbers takes both sizes.",
        ),
        Mistake(
            "Random numbers are whole numbers.",
            lambda: torch.arange(6).reshape(2, 3),
            "These are whole numbers. What is asked for has decimals: `randint` draws from whole "
            "numbers, and two other functions whose names begin with `rand` do not.",
        ),
        Mistake(
            "Rows and columns are the same number.",
            lambda: torch.rand(3, 3),
            "This has 3 rows. Asked for are two rows of three.",
        ),
        Mistake(
            "A row of three is enough.",
            lambda: torch.rand(3),
            "This is one row of three numbers. A matrix has two sizes: how many rows, and how many "
            "columns.",
        ),
        Mistake(
            "NumPy's random numbers are a tensor.",
            lambda: np.zeros((2, 3)),
            "This is a NumPy array. torch has functions of the same kind, and one that makes a tensor "
            "of an array.",
        ),
        Mistake(
            "Any matrix will do.",
            lambda: torch.zeros(2, 3),
            "The shape is right, and the same number stands everywhere. Draw each at random.",
        ),
    ),
)


def _in_place(matrix: torch.Tensor) -> torch.Tensor:
    return matrix.fill_(1)


_LIKE_YOURS = ([[0.5, 0.0, 2.0], [1.0, -1.5, 3.0]],)

ONES_LIKE_IT = Exercise(
    id="ones-like-it",
    title="Ones in the same shape",
    minutes=1,
    difficulty=1,
    questions=(
        Question(
            "a 2 by 3 matrix",
            expect=lambda numbers, device: torch.ones(torch.tensor(numbers).shape),
            ask=asks.of_matrix,
            inputs=(_tables(st.just(2), st.just(3)),),
            examples=(_LIKE_YOURS,),
            agreement=ANY_DTYPE,
        ),
        Question(
            "a tensor of any shape",
            expect=lambda numbers, device: torch.ones(torch.tensor(numbers).shape),
            ask=asks.of_matrix,
            inputs=(_lists(arrays.array_shapes(min_dims=1, max_dims=3, max_side=3)),),
            examples=(([1.0, 2.0, 0.0, 4.0],),),
            agreement=ANY_DTYPE,
        ),
        Question(
            "the matrix itself afterwards",
            expect=lambda numbers, device: torch.tensor(numbers),
            ask=asks.matrix_afterwards,
            inputs=(_tables(st.just(2), st.just(3)),),
            examples=(_LIKE_YOURS,),
        ),
    ),
    mistakes=(
        Mistake(
            "A number divided by itself is always 1.",
            lambda: lambda matrix: matrix / matrix,
            "0 divided by 0 is no number, `nan`. And no number of the matrix is needed: only its "
            "shape.",
        ),
        Mistake(
            "The shape is always that of the example.",
            lambda: lambda matrix: torch.ones(2, 3),
            "Right for a 2 by 3 matrix. Another one brings its own shape along.",
        ),
        Mistake(
            "Filling makes a new tensor.",
            lambda: _in_place,
            "There are the ones, and the numbers of the matrix are gone: a method whose name ends "
            "with `_` changes the tensor itself. Make a new one.",
        ),
        Mistake(
            "The shape of a matrix is its number of rows.",
            lambda: lambda matrix: torch.ones(len(matrix)),
            "This is a row with a few ones. The whole shape, with all its sizes, is `matrix.shape`.",
        ),
        Mistake(
            "Any tensor tells its shape by being one.",
            lambda: torch.ones,
            "`ones` wants sizes, and got the tensor itself. The sizes are in `matrix.shape`; and a "
            "function whose name ends with `_like` takes the tensor.",
        ),
        Mistake(
            "Every tensor is a matrix.",
            lambda: lambda matrix: torch.ones(matrix.shape[0], matrix.shape[1]),
            "Right for a matrix. A vector has no `shape[1]`, and a tensor of three dimensions has more. "
            "Hand over the whole shape.",
        ),
        Mistake(
            "Zeros are as good as ones.",
            lambda: torch.zeros_like,
            "The shape is right. These are zeros: there is a function of nearly the same name for ones.",
        ),
        Mistake(
            "A row of sizes is a tensor of that shape.",
            lambda: lambda matrix: torch.tensor(matrix.shape),
            "This tensor holds the sizes themselves. They are to be the *shape* of a tensor of ones.",
        ),
        Mistake(
            "The matrix is its shape.",
            lambda: lambda matrix: matrix,
            "This is the matrix that came in. In its place is to be a 1 for each of its numbers.",
        ),
    ),
)


# --- which dtype -----------------------------------------------------------------------------------

_MADE: Mapping[str, Callable[[], torch.Tensor]] = {
    "torch.tensor(True)": lambda: torch.tensor(True),
    "torch.tensor(7)": lambda: torch.tensor(7),
    "torch.tensor(7.0)": lambda: torch.tensor(7.0),
    "torch.tensor([7, 0.5])": lambda: torch.tensor([7, 0.5]),
    "torch.tensor([True, 7])": lambda: torch.tensor([True, 7]),
    "torch.tensor(np.array([0.5]))": lambda: torch.tensor(np.array([0.5])),
}


def _name_of_dtype(item: str) -> str:
    return str(_MADE[item]().dtype).removeprefix("torch.")


def _dtypes_but(**changed: str) -> dict[str, str]:
    """Return all dtypes, with those of the items at these places ("_2" is the second) changed."""
    said = {item: _name_of_dtype(item) for item in _MADE}
    items = list(said)
    return {**said, **{items[int(place[1:]) - 1]: name for place, name in changed.items()}}


SORT_DTYPES = Exercise(
    id="sort-dtypes",
    title="Which dtype?",
    minutes=2,
    difficulty=1,
    questions=tuple(
        Question(
            item,
            expect=lambda device, item=item: _name_of_dtype(item),
            ask=partial(asks.dtype_name, item=item),
            shows_expected=False,
        )
        for item in _MADE
    ),
    mistakes=(
        Mistake(
            "A truth value is a whole number.",
            lambda: _dtypes_but(_1="int64"),
            "Python counts with True as with 1, but torch has a dtype for truth values. The first "
            "row of the table shows it.",
        ),
        Mistake(
            "Numbers are decimal numbers unless one says otherwise.",
            lambda: _dtypes_but(_2="float32"),
            "7 is a whole number in Python, and torch keeps it one. The point makes the difference.",
        ),
        Mistake(
            "Whole numbers have 32 bits, as decimal ones do.",
            lambda: _dtypes_but(_2="int32", _5="int32"),
            "torch makes decimal numbers with 32 bits, and whole ones with 64: look at the table.",
        ),
        Mistake(
            "torch makes decimal numbers as precise as NumPy does.",
            lambda: _dtypes_but(_3="float64", _4="float64"),
            "So does NumPy. torch's own choice takes half the memory: look at `torch.tensor(0.5)` in "
            "the table.",
        ),
        Mistake(
            "The first element says the dtype.",
            lambda: _dtypes_but(_4="int64", _5="bool"),
            "All elements share one dtype, and it must be able to hold each of them: torch looks at "
            "the whole list.",
        ),
        Mistake(
            "Mixed lists become decimal numbers.",
            lambda: _dtypes_but(_5="float32"),
            "No element here has a decimal point. Which dtype holds both a truth value and a whole "
            "number?",
        ),
        Mistake(
            "Whatever torch makes of decimals is float32.",
            lambda: _dtypes_but(_6="float32"),
            "torch's own choice is for numbers of Python. An array has a dtype already, and keeps "
            "it. Which one does NumPy give to decimals?",
        ),
    ),
)


# --- a snapshot of an array --------------------------------------------------------------------------


def _snapshot_question(name: str, dtype: str) -> Question:
    return Question(
        name,
        expect=lambda numbers, device: torch.tensor(numbers, dtype=torch.float32),
        ask=partial(asks.after_the_array_changed, dtype=dtype),
        inputs=(st.lists(_HALVES, min_size=1, max_size=4),),
        examples=(([1.0, 2.5],),),
    )


SNAPSHOT = Exercise(
    id="snapshot",
    title="A snapshot of an array",
    minutes=2,
    difficulty=2,
    questions=(
        _snapshot_question("an array of float64", "float64"),
        _snapshot_question("an array of float32", "float32"),
    ),
    mistakes=(
        Mistake(
            "A change of dtype always copies.",
            lambda: lambda array: torch.from_numpy(array).float(),
            "This array is float32 already. So no dtype has to change, nothing is copied, and tensor "
            "and array share their memory. Choose what copies in any case.",
        ),
        Mistake(
            "A tensor has numbers of its own.",
            lambda: torch.from_numpy,
            "The tensor changed when the array did: `from_numpy` lends the array's memory to the "
            "tensor. And the dtype came along too.",
        ),
        Mistake(
            "A tensor made of an array is float32.",
            lambda: torch.tensor,
            "The numbers are safe, but they are float64: the array's dtype comes along, unless you "
            "say another one.",
        ),
        Mistake(
            "A copy of an array is a tensor.",
            lambda: np.copy,
            "This is a safe copy, and still a NumPy array. What makes a tensor of it?",
        ),
        Mistake(
            "Decimals may be cut off.",
            lambda: lambda array: torch.tensor(array.tolist()).to(torch.int64),
            "These are whole numbers now, and 2.5 became 2. The dtype to ask for is float32.",
        ),
    ),
)


# --- which tensors are tracked ---------------------------------------------------------------------


def _tracked() -> list[str]:
    """Run the program of the lesson, and look."""
    p = torch.tensor([1.0, 2.0])
    q = torch.tensor([3.0, 4.0], requires_grad=True)
    r = p * 10
    s = r + q
    program = {"p": p, "q": q, "r": r, "s": s, "t": s.sum(), "u": p.sum()}
    return [name for name, tensor in program.items() if tensor.requires_grad]


def _tracked_question(name: str, *choice: str) -> Question:
    return Question(
        name,
        expect=lambda device: asks.among(_tracked(), choice=choice, device=device),
        ask=partial(asks.among, choice=choice),
        shows_expected=False,
    )


TRACKED_NAMES = Exercise(
    id="tracked-names",
    title="Which are tracked?",
    minutes=1,
    difficulty=1,
    questions=(
        _tracked_question("among p and q, which were made", "p", "q"),
        _tracked_question("among r to u, which were calculated", "r", "s", "t", "u"),
    ),
    mistakes=(
        Mistake(
            "Whatever is calculated is tracked.",
            lambda: ["q", "r", "s", "t", "u"],
            "r and u are calculated, too, but only from p, and nobody asked torch to track p.",
        ),
        Mistake(
            "Every tensor is in a graph.",
            lambda: ["p", "q", "r", "s", "t", "u"],
            "That would be all of them. torch tracks what it was asked to track, and what is "
            "calculated from that. Who asked for p?",
        ),
        Mistake(
            "Every sum is tracked.",
            lambda: ["q", "s", "t", "u"],
            "u is a sum, too. But of what? Nobody asked torch to track p.",
        ),
        Mistake(
            "Only what was asked for is tracked.",
            lambda: ["q"],
            "q was asked for. But what is calculated *from* a tracked tensor is tracked too, or no "
            "way would lead back to q.",
        ),
        Mistake(
            "Only results are tracked.",
            lambda: ["s", "t"],
            "s and t are calculated from a tracked tensor. That tensor itself is where the way back "
            "ends: it belongs to the graph too.",
        ),
        Mistake(
            "One untracked input is enough to end the tracking.",
            lambda: ["q", "t"],
            "One tracked input is enough: s depends on q, whatever else it depends on. And t comes "
            "from s.",
        ),
        Mistake(
            "A sum of all elements is a plain number.",
            lambda: ["q", "s"],
            "`sum()` gives a tensor again, with no dimension. What is it calculated from?",
        ),
    ),
)


# --- the lower left corner ---------------------------------------------------------------------------


def _corner(grid: torch.Tensor) -> torch.Tensor:
    first_row = grid.shape[0] - 2
    return grid.narrow(0, first_row, 2).narrow(1, 0, 2)


LOWER_LEFT = Exercise(
    id="lower-left",
    title="The lower left corner",
    minutes=2,
    difficulty=1,
    questions=(
        Question(
            "a grid of three rows and four columns",
            expect=lambda numbers, device: _corner(torch.tensor(numbers, device=device)),
            ask=common.call_with_tensors,
            inputs=(_lists((3, 4), _DIGITS),),
            examples=((np.arange(12).reshape(3, 4).tolist(),),),
        ),
        Question(
            "a grid of any size",
            expect=lambda numbers, device: _corner(torch.tensor(numbers, device=device)),
            ask=common.call_with_tensors,
            inputs=(_lists(st.tuples(st.integers(2, 5), st.integers(2, 5)), _DIGITS),),
            examples=((np.arange(20).reshape(5, 4).tolist(),),),
        ),
    ),
    mistakes=(
        Mistake(
            "The columns come first.",
            lambda: lambda grid: grid[:2, -2:],
            "This is the corner at the upper right. The first slice takes rows, the second one "
            "columns.",
        ),
        Mistake(
            "A second pair of brackets takes columns.",
            lambda: lambda grid: grid[-2:][:2],
            "All columns are still there. `grid[-2:]` is a tensor again, and a second pair of brackets "
            "starts with *its* rows. Put both slices into one pair, with a comma.",
        ),
        Mistake(
            "Counting starts at the bottom.",
            lambda: lambda grid: grid[:2, :2],
            "This is the corner at the upper left. Rows are counted from the top; from the bottom "
            "one counts with a minus.",
        ),
        Mistake(
            "A number takes as many rows.",
            lambda: lambda grid: grid[-2, :2],
            "A number takes *one* row and its dimension is gone. A slice, with a colon, takes "
            "several.",
        ),
        Mistake(
            "A number takes as many columns.",
            lambda: lambda grid: grid[-2:, 2],
            "The rows are right. But the 2 takes *one* column, the third, and its dimension is gone. A "
            "slice, with a colon, takes several.",
        ),
        Mistake(
            "The last two rows begin at -1.",
            lambda: lambda grid: grid[-1:, :2],
            "This takes one row, the last. Where do the last *two* begin, counted from the end?",
        ),
        Mistake(
            "`:-2` takes the last two.",
            lambda: lambda grid: grid[:-2, :2],
            "`:-2` goes from the top and stops before the last two rows: these are the rows that you do "
            "not want. On which side of the colon does the place stand where a slice begins?",
        ),
        Mistake(
            "Every grid has three rows.",
            lambda: lambda grid: grid[1:3, :2],
            "Right for three rows. In a taller grid the last two rows stand elsewhere: count from "
            "the end.",
        ),
        Mistake(
            "Leaving out the first row leaves the last two.",
            lambda: lambda grid: grid[1:, :2],
            "Right for three rows. `1:` leaves out the first row and takes *all* others: count from "
            "the end.",
        ),
        *(
            Mistake(
                "The end of a slice belongs to it.",
                answer,
                "A slice stops *before* its end: `:1` is one column, and `-2:-1` is one row. How do "
                "you say *up to the last*?",
            )
            for answer in (
                lambda: lambda grid: grid[-2:-1, :1],
                lambda: lambda grid: grid[-2:, :1],
                lambda: lambda grid: grid[-2:-1, :2],
            )
        ),
        Mistake(
            "Both ends of the columns need a number from the end.",
            lambda: lambda grid: grid[-2:, -2:],
            "This is the corner at the lower right. The rows are right; the columns are counted from "
            "the left.",
        ),
    ),
)


# --- each row around its mean --------------------------------------------------------------------------


def _around(numbers: Any, device: str) -> torch.Tensor:
    table = torch.tensor(numbers, device=device)
    return torch.stack([row - row.sum() / len(row) for row in table])


def _around_question(
    name: str, sizes: st.SearchStrategy[Any], example: list[list[float]]
) -> Question:
    return Question(
        name,
        expect=_around,
        ask=common.call_with_tensors,
        inputs=(sizes,),
        examples=((example,),),
        agreement=AGREES,
    )


AROUND_ROW_MEANS = Exercise(
    id="around-row-means",
    title="Each row around its own mean",
    minutes=3,
    difficulty=2,
    questions=(
        _around_question(
            "as many rows as columns",
            st.integers(2, 3).flatmap(lambda side: _tables(st.just(side), st.just(side))),
            [[1.0, 3.0], [10.0, 30.0]],
        ),
        _around_question(
            "any table",
            _tables(st.integers(1, 4), st.integers(1, 4)),
            [[1.0, 2.0, 6.0], [10.0, 20.0, 60.0]],
        ),
    ),
    mistakes=(
        Mistake(
            "Where the shapes fit, the right numbers meet.",
            lambda: lambda table: table - table.mean(dim=1),
            "Here the dangerous case is the square one: no error, and wrong numbers. Without "
            "`keepdim` the means are a *row*, so each column meets a mean. They are to stand in a "
            "column, of shape (rows, 1).",
        ),
        Mistake(
            "dim=0 goes along the rows.",
            lambda: lambda table: table - table.mean(dim=0),
            "This is what the worked example does: each *column* around its mean. `dim` is the "
            "dimension that disappears, and for a mean per row that is the one of the columns.",
        ),
        Mistake(
            "One mean serves all rows.",
            lambda: lambda table: table - table.mean(),
            "This takes one mean, that of the whole table. Each row is to have its own.",
        ),
        *(
            Mistake(
                "The mean is the distance from it.",
                answer,
                "These are the means of the rows. What is asked for is how far each number lies from "
                "them: a table of the same shape as before.",
            )
            for answer in (
                lambda: lambda table: table.mean(dim=1, keepdim=True),
                lambda: lambda table: table.mean(dim=1),
            )
        ),
        Mistake(
            "A distance has no sign.",
            lambda: lambda table: (table - table.mean(dim=1, keepdim=True)).abs(),
            "The sizes are right. The signs are to stay: what lies below the mean of its row comes out "
            "negative.",
        ),
        Mistake(
            "The order of a difference does not matter.",
            lambda: lambda table: table.mean(dim=1, keepdim=True) - table,
            "Every sign is the other way round. A number above the mean of its row is to come out "
            "positive.",
        ),
        Mistake(
            "A sum is a mean.",
            lambda: lambda table: table - table.sum(dim=1, keepdim=True),
            "You take away the sum of the row. The mean is that, divided by how many there are.",
        ),
    ),
)


# --- challenge: every pair ------------------------------------------------------------------------------


def _each_pair(first: Any, second: Any, device: str) -> torch.Tensor:
    a, b = (torch.tensor(numbers, device=device) for numbers in (first, second))
    return torch.stack([(number - b).abs() for number in a])


_VECTORS = _lists(st.integers(1, 4))

EVERY_PAIR = Exercise(
    id="every-pair",
    title="Challenge: every pair at once",
    minutes=5,
    difficulty=3,
    questions=(
        Question(
            "as many in a as in b",
            expect=_each_pair,
            ask=common.call_with_tensors,
            inputs=(_lists((3,)), _lists((3,))),
            examples=(([1.0, 2.0, 4.0], [0.0, 10.0, 20.0]),),
            agreement=AGREES,
        ),
        Question(
            "any two vectors",
            expect=_each_pair,
            ask=common.call_with_tensors,
            inputs=(_VECTORS, _VECTORS),
            examples=(([1.0, 2.0], [0.0, 5.0, 9.0]),),
            agreement=AGREES,
        ),
    ),
    mistakes=(
        Mistake(
            "Two vectors meet in every pair by themselves.",
            lambda: lambda a, b: (a - b).abs(),
            "Two rows are laid on top of each other: only equal places meet. One of them has to "
            "stand as a *column*.",
        ),
        Mistake(
            "It does not matter which of the two is the column.",
            lambda: lambda a, b: (a - b.reshape(-1, 1)).abs(),
            "All pairs are there, and the table is on its side: here the rows belong to b. Row i is "
            "to belong to a[i].",
        ),
        Mistake(
            "Two columns make a table.",
            lambda: lambda a, b: (a.reshape(-1, 1) - b.reshape(-1, 1)).abs(),
            "Both are columns here, and only equal rows meet. One of them has to stay a row.",
        ),
        Mistake(
            "A difference is a distance.",
            lambda: lambda a, b: a.unsqueeze(1) - b,
            "The table is right but for its signs: a distance has none.",
        ),
        Mistake(
            "A transposed vector is a column.",
            lambda: lambda a, b: (a.reshape(1, -1) - b).abs(),
            "`reshape(1, -1)` is a table with one *row*, and a vector has no second dimension that "
            "a transposition could turn. Which shape has a column?",
        ),
    ),
)


WHY_NOT_ALWAYS = WrittenExercise(
    id="why-not-always",
    title="Why not always?",
    minutes=2,
    points=2,
    rubric=(
        "1 point: says what tracking costs: torch has to keep how each result came about, and the "
        "values that the way back needs, so memory (or time). "
        "1 point: says that for most tensors nobody asks for a slope (data, labels, counts, whole "
        "numbers), or that it is asked for only for what is to be adjusted. "
        "No point for 'it is faster' without saying what is kept."
    ),
)

EXERCISES = (
    SCALAR,
    VECTOR,
    RANDOM_MATRIX,
    ONES_LIKE_IT,
    SORT_DTYPES,
    SNAPSHOT,
    TRACKED_NAMES,
    LOWER_LEFT,
    AROUND_ROW_MEANS,
    EVERY_PAIR,
    WHY_NOT_ALWAYS,
)

check = checker(EXERCISES)
