"""StrideExplorer from Python: every shape, stride, offset and refusal is what torch says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkboard import StrideExplorer
from chalkboard.memory.layouts import Layout
from chalkboard.memory.strides import View

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
VIEWS = (
    *(".T", "[0]", "[1:]", "[:, ::2]", ".flatten()", ".unsqueeze(0)", ".transpose(0, 1)"),
    *(".contiguous()", ".narrow(0, 0, 1)", ".view(-1)", ".expand(2, 3)", ".clone()"),
)
STEPS = st.lists(
    st.sampled_from(VIEWS),
    max_size=3,
).map("".join)


def torch_says(code: str, x: torch.Tensor) -> torch.Tensor | str:
    try:
        return eval(code, {"x": x})
    except (RuntimeError, IndexError) as error:
        return str(error).splitlines()[0].rstrip(".")


def values_of(explorer: StrideExplorer, view: View) -> list[str]:
    """What the picture shows in the entries of a view, row by row."""
    assert view.layout is not None
    return [explorer.storages[view.storage][cell] for cell in view.layout.cells]


def steps_taken(layout: Layout | None) -> object:
    """A layout without the strides that are never used, because there is one index only."""
    if layout is None:
        return None
    steps = zip(layout.shape, layout.stride, strict=True)
    return layout.offset, layout.shape, [step for size, step in steps if size > 1]


# torch warns that .T will go for one and three dimensions.
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60)
@given(shape=SHAPES, steps=STEPS)
def test_any_chain_of_views_has_the_layout_and_the_numbers_of_torch(
    shape: tuple[int, ...], steps: str
) -> None:
    """A wrong stride on the picture would teach a wrong rule, and no learner could notice."""
    x = torch.arange(torch.Size(shape).numel()).reshape(shape)
    expected = torch_says(f"x{steps}", x)
    explorer = StrideExplorer(x, view=f"x{steps}")
    view = next(each for each in explorer.views if each.code == explorer.view)
    if isinstance(expected, str):
        assert expected in view.error
    elif view.layout is None:
        assert "is not drawn" in view.error
        assert expected.dim() > 3 or expected.numel() == 0 or expected.shape[-1] > 12
    else:
        assert view.layout.shape == tuple(expected.shape)
        assert view.layout.stride == expected.stride()
        assert view.layout.offset == expected.storage_offset()
        assert values_of(explorer, view) == [str(value) for value in expected.flatten().tolist()]
        shares = expected.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
        assert (view.storage == 0) == shares


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shape", [(4,), (7,), (3, 4), (2, 6), (1, 3), (3, 1), (2, 3, 2)])
def test_views_that_are_offered_are_the_same_of_chalkgrad_and_torch(shape: tuple[int, ...]) -> None:
    """A learner goes from one engine to the other, and must find the same layouts there."""
    of_chalkgrad = StrideExplorer(shape)
    of_torch = StrideExplorer(torch.arange(torch.Size(shape).numel()).reshape(shape))
    for ours, theirs in zip(of_chalkgrad.views, of_torch.views, strict=True):
        assert (ours.code, ours.storage, ours.error) == (theirs.code, theirs.storage, theirs.error)
        assert steps_taken(ours.layout) == steps_taken(theirs.layout)
    assert of_chalkgrad.storages == of_torch.storages
    refused = [view.code for view in of_torch.views if view.error]
    assert all(".view(-1)" in code for code in refused)
    assert len(refused) <= 1


@pytest.mark.parametrize("engine", [torch, chalkgrad])
def test_a_view_is_shown_over_the_whole_storage_that_it_is_a_view_of(engine: Any) -> None:
    """An offset means nothing unless one sees the cells before it."""
    matrix = engine.tensor([[0.5, 1.25], [2.0, -3.0], [4.0, 5.0]], requires_grad=True)
    explorer = StrideExplorer(matrix[1:], view="x.T")
    assert explorer.storages[0] == ["0.5", "1.25", "2", "-3", "4", "5"]
    assert explorer.views[0].layout is not None
    assert explorer.views[0].layout.offset == 2
    explorer.entry = [1, 1]
    assert explorer.cell == 5
    assert "y[1, 1] reads storage cell 5: offset 2 + 1 \u00d7 stride 1 + 1" in explorer.words


def test_a_refusal_is_the_engines_own_and_says_why() -> None:
    """torch's words alone leave a beginner with 'two contiguous subspaces' and no idea."""
    explorer = StrideExplorer((2, 3), ["x.T.view(-1)", "x.view(4, 2)"])
    refused, misfit = explorer.views[1:]
    expected = torch_says("x.T.view(-1)", torch.arange(6).reshape(2, 3))
    assert isinstance(expected, str)
    assert refused.error.startswith(f"x.T.view(-1) is refused. RuntimeError: {expected}.")
    assert (
        "row by row, x.T reads the cells 0, 3, 1, 4, 2, 5 in this order, and no strides for the"
        in (refused.error)
    )
    assert misfit.error == (
        "x.view(4, 2) is refused. RuntimeError: shape '[4, 2]' is invalid for input of size 6."
    )


def test_after_a_refusal_the_last_good_picture_stays() -> None:
    """An empty picture would take away what the refusal is about."""
    explorer = StrideExplorer((2, 3), view="x.T")
    explorer.entry = [2, 1]
    explorer.view = "x.T.view(-1)"
    assert explorer.shown.code == "x.T"
    assert (explorer.entry, explorer.cell) == ([2, 1], 5)
    explorer.view = "x[1]"
    assert (explorer.entry, explorer.cell) == ([0], 3)


def test_the_notes_say_what_a_view_does_to_the_storage() -> None:
    """That transpose moves nothing and expand copies nothing is what learners do not believe."""
    notes = {view.code: view.note for view in StrideExplorer((3, 4)).views}
    assert "no number was moved or copied" in notes["x.T"]
    assert "y is not contiguous" in notes["x.T"]
    assert "y is contiguous" in notes["x.view(4, 3)"]
    assert (
        "with stride 0, the 4 indexes of dimension 1 read the same cells"
        in (notes["x[:, :1].expand(3, 4)"])
    )
    assert notes["x.T.contiguous()"].startswith("A new storage: the values were copied.")


def test_the_goal_is_noticed() -> None:
    """A goal that is reached without a word is no goal."""
    explorer = StrideExplorer((3, 4), find=("x.T", (1, 2)))
    assert explorer.goal == "Choose y = x.T, and find the storage cell that y[1, 2] reads."
    explorer.view = "x.view(4, 3)"
    explorer.entry = [1, 2]
    assert not explorer.found
    explorer.view = "x.T"
    assert explorer.found
    explorer.view = "x"
    assert explorer.found


def test_what_is_typed_on_the_page_is_shown_or_answered_in_a_sentence() -> None:
    """On a page nobody sees an exception of the kernel."""
    explorer = StrideExplorer((3, 4))
    explorer.typed = " x [1:, ::2] "
    assert explorer.view == "x[1:, ::2]"
    assert explorer.views[-1].code == "x[1:, ::2]"
    explorer.typed = "x.zero_()"
    assert explorer.message.startswith("'x.zero_' would change x itself: write")
    assert explorer.view == "x[1:, ::2]"
    assert explorer.storages[0][5] == "5"
    explorer.typed = "x.no_such_view()"
    assert explorer.message == ""
    assert "AttributeError" in explorer.views[-1].error


def test_writing_is_on_the_picture_only() -> None:
    """A learner who plays must not find other numbers in the next cell."""
    tensor = torch.arange(6).reshape(2, 3)
    explorer = StrideExplorer(tensor, view="x.T")
    explorer.writes = [[0, 4]]
    assert "99" in explorer._static()["text/html"]
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_page_without_a_kernel_shows_the_cells_and_where_each_entry_is_read() -> None:
    """On GitHub the widget would be an empty box."""
    bundle = StrideExplorer((2, 2), view="x.T")._repr_mimebundle_()
    assert bundle is not None
    page = BeautifulSoup(bundle[0]["text/html"], "html.parser")
    storage, view = page.find_all("table")
    assert [cell.get_text() for cell in storage.find_all("td")] == ["0", "1", "2", "3"]
    assert view.find_all("td")[1].get_text() == "2 (cell 2)"
    assert bundle[0]["text/plain"].endswith(
        "reads storage cell 0: " + "offset 0 + 0 \u00d7 stride 1 + 0 \u00d7 stride 2 = 0."
    )


def sized(*shape: int) -> Any:
    return torch.zeros(shape)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: StrideExplorer(5), "x must be a tensor or a shape of whole numbers above 0"),
        (lambda: StrideExplorer((3, 0)), "such as (3, 4); got (3, 0)."),
        (lambda: StrideExplorer((10, 7)), "x cannot be drawn: it has 70 entries, and at most 64"),
        (lambda: StrideExplorer((2, 13)), "its rows have 13 entries, and at most 12 fit"),
        (lambda: StrideExplorer(sized(2, 1, 2, 1)), "it has 4 dimensions, and at most 3 fit"),
        (lambda: StrideExplorer(sized(0)), "its shape is (0,), so it has no entry"),
        (lambda: StrideExplorer(sized(100)[:3]), "its storage has 100 cells, and at most 64 fit"),
        (lambda: StrideExplorer((3, 4), "x.T"), "views must be a list of expressions"),
        (lambda: StrideExplorer((3, 4), ["y.T"]), "'y' is not understood: write one expression"),
        (lambda: StrideExplorer((3, 4), ["x.T("]), "'x.T(' is not understood"),
        (lambda: StrideExplorer((3, 4), ["x[i]"]), "'i' is not understood here: write plain"),
        (lambda: StrideExplorer((3, 4), ["x._base"]), "'x._base' is private"),
        (lambda: StrideExplorer((3, 4), find=("x.T", (0, 3))), "find must name an entry of x.T"),
        (lambda: StrideExplorer((3, 4), find=("x.sum().item()", ())), "find cannot ask for"),
        (lambda: setattr(StrideExplorer((3, 4)), "entry", [0, 4]), "entry must be an index into"),
        (lambda: setattr(StrideExplorer((3, 4)), "writes", [[0, 12]]), "has no cell 12"),
        (lambda: setattr(StrideExplorer((3, 4)), "view", "1"), "'1' is not understood"),
    ],
)
def test_bad_input_gets_one_sentence(make: Any, sentence: str) -> None:
    """A learner must read what is wrong and what to do, not a traceback from the inside."""
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        make()
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
