"""One storage and a tensor over it: which cell an entry reads, and what a view changes."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets

import chalkgrad
from chalkboard.assets import script, style
from chalkboard.memory.layouts import Layout, entry_name, layout_of, storage_start
from chalkboard.memory.scenes import MOST_CELLS, MOST_COLUMNS, MOST_DIMENSIONS, Saying
from chalkboard.memory.strides_scene import Read, draw_strides
from chalkboard.memory.view_expressions import (
    NotUnderstoodError,
    RefusedError,
    Step,
    run_expression,
    tidy,
)
from chalkboard.widget import Widget
from chalkboard.wording import format_number, join_words

_MOST_CELLS_NAMED = 8


@dataclass(frozen=True)
class View:
    """One expression of x: where its entries lie, or in `error` why there is no such tensor.

    `storage` is 0 for the storage of x; a copy has another. `note` says what happened, in words.
    """

    code: str
    layout: Layout | None
    storage: int
    note: str
    error: str = ""


class StrideExplorer(Widget):
    """A storage as a row of cells, and a tensor over it whose entries say which cell they read.

    `x` is a tensor of chalkgrad or torch, or a shape such as `(3, 4)`, which is filled with 0, 1,
    2, …. `views` are expressions of x to choose from, such as `["x.T", "x[:, 1]"]`; without them
    there is a list that fits the shape. A learner may type others: indexing and methods with plain
    numbers. Each is run by the engine that made x, so a refusal is the engine's own.

    `find` is a view and an entry to look for, such as `("x.T", (1, 2))`; the widget notices when
    it is shown, and `found` turns True. `goal` is a sentence shown above; with `find` there is one.

    The traits can be read and driven from Python: `view` is the expression shown as y, `entry` the
    index of the entry that is looked at, `cell` the storage cell that it reads. `writes` are the
    cells that were written to, as pairs of a storage (0 is that of x) and a cell; this happens on
    the picture and leaves the tensor alone.

    Raises:
        ValueError: an argument does not fit, or the tensor is too large to be drawn.
    """

    _esm = script("stride_explorer.js")
    _css = style("parts/theme.css", "parts/grid.css", "stride_explorer.css")

    view = traitlets.Unicode("x").tag(sync=True)
    entry = traitlets.List(traitlets.Int()).tag(sync=True)
    writes = traitlets.List().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    find = traitlets.Tuple(allow_none=True, default_value=None)
    found = traitlets.Bool()
    done = traitlets.Unicode().tag(sync=True)
    views = traitlets.List(traitlets.Instance(View)).tag(
        sync=True, to_json=lambda views, _: [view.code for view in views]
    )
    scene = traitlets.Dict().tag(sync=True)
    typed = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode()

    def __init__(
        self,
        x: Any,
        views: Sequence[str] = (),
        *,
        view: str = "x",
        find: tuple[str, Sequence[int]] | None = None,
        goal: str = "",
    ) -> None:
        tensor = _tensor_of(x)
        self._x = tensor.detach()
        self.storages = [_storage_texts(tensor)]
        self._views: dict[str, View] = {}
        self._last_good = self._describe("x")
        if isinstance(views, str):
            raise ValueError(f"views must be a list of expressions, such as [{views!r}].")
        codes = ["x", *(views or _usual_views(tuple(tensor.shape)))]
        for code in [*codes, view, *([find[0]] if find else [])]:
            self._describe(code)
        target = self._check_find(find)
        super().__init__(
            views=list(self._views.values()),
            view=tidy(view),
            find=target,
            goal=goal or _goal_sentence(target),
        )
        self._follow(None)
        self._draw(None)
        self.observe(self._follow, names=["view", "entry"])
        self.observe(self._draw, names=["view", "writes", "message"])
        self.observe(self._type, names="typed")

    @property
    def shown(self) -> View:
        """The view on the picture: the last chosen one that the engine did not refuse."""
        chosen = self._views[self.view]
        return self._last_good if chosen.layout is None else chosen

    @property
    def cell(self) -> int:
        """The storage cell that the entry looked at reads."""
        return _layout(self.shown).cell(self.entry)

    @property
    def words(self) -> str:
        """What the picture shows."""
        x, y = _layout(self._views["x"]), _layout(self.shown)
        parts = [f"x has {_describe_layout(x)}."]
        if self.shown.code != "x":
            parts.append(f"y = {self.shown.code} has {_describe_layout(y)}.")
        parts += [self._views[self.view].error, self.shown.note]
        name = entry_name("y", self.entry)
        parts.append(f"{name} reads storage cell {self.cell}: {y.arithmetic(self.entry)}.")
        return " ".join(part for part in parts if part)

    def _static(self) -> Mapping[str, str]:
        words = self.words
        values = self._written(self.shown.storage)
        cells = _layout(self.shown).cells
        row = "".join(
            f"<td{_EDGE if cell == self.cell else ''}>{html.escape(text)}</td>"
            for cell, text in enumerate(values)
        )
        numbers = "".join(f'<th scope="col">{cell}</th>' for cell in range(len(values)))
        page = (
            f"<p>{html.escape(words)}</p>"
            f"<table><caption>The storage: cells and values</caption><tr>{numbers}</tr>"
            f"<tr>{row}</tr></table>"
            f"<table><caption>y = {html.escape(self.shown.code)}: values, and the cell that each "
            f"is read from</caption>{_static_rows(_layout(self.shown).shape, cells, values)}"
            "</table>"
        )
        return {"text/html": page, "text/plain": words}

    def _written(self, storage: int) -> list[str]:
        texts = list(self.storages[storage])
        for written, cell in self.writes:
            if written == storage:
                texts[cell] = WRITTEN
        return texts

    def _describe(self, code: str) -> View:
        """The view that `code` is, from the first time on in the list of views."""
        known = self._views.get(tidy(code))
        if known is None:
            known = self._views[tidy(code)] = self._run(tidy(code))
        return known

    def _run(self, code: str) -> View:
        try:
            result = run_expression(code, self._x)
        except RefusedError as refusal:
            return View(code, None, 0, "", _describe_refusal(refusal))
        trouble = _trouble_with(result)
        if trouble:
            return View(code, None, 0, "", f"{code} is not drawn: {trouble}.")
        layout = layout_of(result)
        if storage_start(result) == storage_start(self._x):
            return View(code, layout, 0, _note_on_sharing(code, layout, layout_of(self._x)))
        self.storages.append(_storage_texts(result))
        return View(code, layout, len(self.storages) - 1, _NOTE_ON_COPYING)

    @traitlets.validate("view")
    def _check_view(self, proposal: Any) -> str:
        code = tidy(proposal["value"])
        self._describe(code)
        if len(self._views) > len(self.views):
            self.views = list(self._views.values())
        return code

    @traitlets.validate("entry")
    def _check_entry(self, proposal: Any) -> list[int]:
        shape = _layout(self.shown).shape
        entry = list(proposal["value"])
        if not _is_entry(entry, shape):
            raise ValueError(
                f"entry must be an index into the shape {shape} of y, such as "
                f"{[size - 1 for size in shape]}; got {entry}."
            )
        return entry

    @traitlets.validate("writes")
    def _check_writes(self, proposal: Any) -> list[list[int]]:
        writes = [list(pair) for pair in proposal["value"]]
        for pair in writes:
            if len(pair) != 2 or not _is_entry(pair[:1], [len(self.storages)]):
                raise ValueError(f"writes must be pairs of a storage and a cell; got {pair}.")
            if not _is_entry(pair[1:], [len(self.storages[pair[0]])]):
                raise ValueError(f"storage {pair[0]} has no cell {pair[1]} to write to.")
        return writes

    def _check_find(self, find: tuple[str, Sequence[int]] | None) -> tuple[str, list[int]] | None:
        if find is None:
            return None
        view, entry = self._describe(find[0]), list(find[1])
        if view.layout is None:
            raise ValueError(f"find cannot ask for {view.code}: {view.error}")
        if not _is_entry(entry, view.layout.shape):
            raise ValueError(
                f"find must name an entry of {view.code}, whose shape is {view.layout.shape}; "
                f"got {tuple(entry)}."
            )
        return view.code, entry

    def _follow(self, _: object) -> None:
        """Keep the last good picture and an entry of it; notice when the goal is reached."""
        self._last_good = self.shown
        shape = _layout(self.shown).shape
        if not _is_entry(self.entry, shape):
            self.entry = [0] * len(shape)
        if self.find and (self.view, self.entry) == (self.find[0], list(self.find[1])):
            self.found = True
            name = entry_name("y", self.entry)
            self.done = f"✓ Goal reached: you found {name} of y = {self.view}."

    def _draw(self, _: object) -> None:
        shown, trouble = self.shown, self.message or self._views[self.view].error
        if trouble:
            message = Saying(f"{trouble} The picture still shows y = {shown.code}.", trouble=True)
        else:
            message = Saying(shown.note)
        x, y = _layout(self._views["x"]), _layout(shown)
        values = [self._written(storage) for storage in (0, shown.storage)]
        scene = draw_strides(
            Read("x", x, values[0]),
            Read(f"y = {shown.code}", y, values[1]),
            shown.storage == 0,
            message,
        )
        # For each entry of y, its name, and the storage and cell that writing into it changes. Not
        # a trait of its own: for a moment the page would have these of one view and draw another.
        spots = [[entry_name("y", entry), shown.storage, y.cell(entry)] for entry in y.entries]
        self.scene = {**scene.to_json(), "spots": spots}

    def _type(self, _: object) -> None:
        """Answer an expression that was typed on the page, where no exception can be seen."""
        if not self.typed:
            return
        try:
            self.view = self.typed
            self.message = ""
        except NotUnderstoodError as error:
            self.message = str(error)
        self.typed = ""


#: What is put into a cell that is written to.
WRITTEN = "99"
_EDGE = ' style="outline:2px solid"'
_NOTE_ON_COPYING = "A new storage: the values were copied. Writing into y leaves x as it is."


def _tensor_of(x: Any) -> Any:
    """`x` itself, or a tensor of the shape `x` that counts its cells."""
    if hasattr(x, "storage_offset"):
        tensor = x
    else:
        shape = _check_shape(x)
        tensor = chalkgrad.arange(math.prod(shape)).reshape(shape)
    trouble = _trouble_with(tensor)
    if trouble:
        raise ValueError(f"x cannot be drawn: {trouble}; take something like (3, 4).")
    return tensor


def _check_shape(x: Any) -> tuple[int, ...]:
    try:
        shape = tuple(x)
    except TypeError:
        shape = ()
    if not shape or not all(isinstance(size, (int, np.integer)) and size > 0 for size in shape):
        raise ValueError(
            f"x must be a tensor or a shape of whole numbers above 0, such as (3, 4); got {x!r}."
        )
    return tuple(int(size) for size in shape)


def _trouble_with(tensor: Any) -> str:
    """Why a result cannot be drawn; empty where it can."""
    if not hasattr(tensor, "storage_offset"):
        return f"it is no tensor but of type {type(tensor).__name__}"
    shape = tuple(tensor.shape)
    count = math.prod(shape)
    if len(shape) > MOST_DIMENSIONS:
        return f"it has {len(shape)} dimensions, and at most {MOST_DIMENSIONS} fit"
    if count == 0:
        return f"its shape is {shape}, so it has no entry"
    if count > MOST_CELLS:
        return f"it has {count} entries, and at most {MOST_CELLS} fit"
    if len(shape) > 1 and shape[-1] > MOST_COLUMNS:
        return f"its rows have {shape[-1]} entries, and at most {MOST_COLUMNS} fit"
    cells = _storage_size(tensor)
    if cells > MOST_CELLS:
        return f"its storage has {cells} cells, and at most {MOST_CELLS} fit"
    return ""


def _storage_size(tensor: Any) -> int:
    """How many cells the storage has, as far as the tensor, or what it is a view of, reaches."""
    return 1 + max(_last_cell(layout_of(each)) for each in _owners(tensor))


def _last_cell(layout: Layout) -> int:
    return layout.cell([size - 1 for size in layout.shape])


def _owners(tensor: Any) -> list[Any]:
    """The tensor, after the one that it is a view of."""
    base = getattr(tensor, "_base", None)
    return [tensor] if base is None else [base, tensor]


def _storage_texts(tensor: Any) -> list[str]:
    """What is in each cell of the storage; a question mark where no tensor reaches."""
    texts = ["?"] * _storage_size(tensor)
    for owner in _owners(tensor):
        values = np.asarray(owner.detach().tolist()).ravel().tolist()
        for cell, value in zip(layout_of(owner).cells, values, strict=True):
            texts[cell] = _format_value(value)
    return texts


def _format_value(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int):
        return str(value)
    # Short enough for a cell: where it lies is the point, not its last digit.
    return format_number(round(value, 2) if abs(value) >= 0.005 else value, 3)


def _usual_views(shape: tuple[int, ...]) -> list[str]:
    """Expressions that show something at this shape."""
    if len(shape) == 1:
        (size,) = shape
        even = [f"x.view({size // 2}, 2)", f"x.view({size // 2}, 2).T"] if size % 2 == 0 else []
        sliced = ["x[1:]", "x[::2]"] if size > 2 else []
        return [
            *sliced,
            *even,
            *(["x.expand(3, -1)"] if size <= MOST_COLUMNS else []),
            "x.flip(0)",
        ]
    if len(shape) == 2:
        rows, columns = shape
        return [
            "x.T",
            *(["x[1]"] if rows > 1 else []),
            *(["x[:, 1]"] if columns > 1 else []),
            *(["x[:, ::2]", "x[:, 1:3]"] if columns > 2 else []),
            *([f"x.view({columns}, {rows})"] if rows <= MOST_COLUMNS else []),
            "x.view(-1)",
            f"x[:, :1].expand({rows}, {columns})",
            "x.T.view(-1)",
            "x.T.reshape(-1)",
            "x.T.contiguous()",
        ]
    return [
        "x[0]",
        "x[:, 0]",
        "x[:, :, 0]",
        "x.transpose(1, 2)",
        "x.permute(2, 0, 1)",
        "x.flatten()",
        "x.flatten(1)",
        "x.transpose(0, 1).view(-1)",
        "x.transpose(0, 1).reshape(-1)",
    ]


def _is_entry(entry: Sequence[Any], shape: Sequence[int]) -> bool:
    return len(entry) == len(shape) and all(
        isinstance(index, int) and 0 <= index < size
        for index, size in zip(entry, shape, strict=True)
    )


def _layout(view: View) -> Layout:
    assert view.layout is not None, "only views that can be drawn are shown"
    return view.layout


def _describe_layout(layout: Layout) -> str:
    return f"shape {layout.shape}, stride {layout.stride} and offset {layout.offset}"


def _goal_sentence(find: tuple[str, list[int]] | None) -> str:
    if find is None:
        return ""
    code, entry = find
    return f"Choose y = {code}, and find the storage cell that {entry_name('y', entry)} reads."


def _note_on_sharing(code: str, layout: Layout, of_x: Layout) -> str:
    if code == "x":
        return ""
    if layout == of_x:
        return "The same storage, and the same steps: y is x under another name."
    repeated = [
        f"the {size} indexes of dimension {dimension} read the same cells"
        for dimension, (size, step) in enumerate(zip(layout.shape, layout.stride, strict=True))
        if step == 0 and size > 1
    ]
    if repeated:
        return f"The same storage, nothing copied: with stride 0, {join_words(repeated)}."
    moved = "The same storage: no number was moved or copied."
    if layout.is_contiguous:
        return f"{moved} Row by row, y reads cells that lie side by side: y is contiguous."
    return f"{moved} Row by row, y jumps from cell to cell: y is not contiguous."


def _describe_refusal(refusal: RefusedError) -> str:
    """The engine's own words, and for `view` why it has to refuse."""
    step, error = refusal.step, refusal.__cause__
    first_line = (str(error).strip().splitlines() or ["no message"])[0].rstrip(".")
    sentence = f"{step.code} is refused. {type(error).__name__}: {first_line}."
    return f"{sentence} {why}" if (why := _why_view_refuses(step)) else sentence


def _why_view_refuses(step: Step) -> str:
    if step.method != "view":
        return ""
    try:
        copied = step.asked.reshape(*step.arguments)
    except Exception:  # The sizes do not fit, which the engine has said already.
        return ""
    cells = layout_of(step.asked).cells
    named = ", ".join(map(str, cells[:_MOST_CELLS_NAMED]))
    dots = ", …" if len(cells) > _MOST_CELLS_NAMED else ""
    asked = step.code.rpartition(".view(")[0]
    return (
        f"Why: row by row, {asked} reads the cells {named}{dots} in this order, and no strides for "
        f"the shape {tuple(copied.shape)} do that. reshape would copy the numbers into a new "
        "storage."
    )


def _static_rows(shape: tuple[int, ...], cells: list[int], values: list[str]) -> str:
    columns = shape[-1] if shape else 1
    texts = [f"{html.escape(values[cell])} <small>(cell {cell})</small>" for cell in cells]
    rows = [texts[start : start + columns] for start in range(0, len(texts), columns)]
    return "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
