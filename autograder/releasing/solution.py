"""Takes the solutions out of a cell: its markers, the blocks between them, the stubs they leave."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from autograder.releasing.percent import Kind

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
ELLIPSIS_STUB = "...  # your answer here"
WORDS_STUB = "*Your answer here.*"

_CAPITALS = re.compile(r"(BEGIN|END)\W*SOLUTION")
_COMMENT_OF_TWO_WORDS = re.compile(r"#+\s*(\w+)\W+(\w+)\W*")
_THREE_HASHES = re.compile(r"###(?!#)")


@dataclass(frozen=True)
class Slip:
    """What is wrong with a line of a cell, counted from 0; -1 is the cell as a whole."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Block:
    """A solution: the lines between two markers as they stand, and the markers' indentation.

    `line` is that of the BEGIN marker in its cell, counted from 0.
    """

    line: int
    indent: str
    text: str


# A cell is a sequence of lines that everybody gets and blocks that students do not.
Piece = str | Block


def split(source: str, kind: Kind) -> tuple[tuple[Piece, ...], tuple[Slip, ...]]:
    """Return the pieces of an answer cell, and all that is wrong with its markers and blocks."""
    pieces: list[Piece] = []
    slips: list[Slip] = []
    begun: tuple[int, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(source.split("\n")):
        text = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if text == BEGIN:
            if begun is not None:
                slips.append(
                    Slip(number, f"A solution begins inside another; write {END!r} first.")
                )
            begun, inside = (number, indent), []
        elif text == END:
            if begun is None:
                slips.append(Slip(number, f"{END!r} without {BEGIN!r} above it."))
                continue
            block = Block(*begun, "\n".join(inside))
            pieces.append(block)
            slips.extend(_block_slips(block, indent, kind))
            begun = None
        elif reads_like_marker(line) or (kind == "code" and _THREE_HASHES.match(text)):
            slips.append(Slip(number, misspelled(text)))
        elif begun is not None:
            inside.append(line)
        else:
            pieces.append(line)
    if begun is not None:
        slips.append(Slip(begun[0], f"{BEGIN!r} without {END!r} below it."))
    elif not slips and not any(isinstance(piece, Block) for piece in pieces):
        what = "code" if kind == "code" else "words"
        sentence = f"This cell has no solution: put the {what} between {BEGIN!r} and {END!r}."
        slips.append(Slip(-1, sentence))
    return tuple(pieces), tuple(slips)


def reads_like_marker(line: str) -> bool:
    """Return whether a line is a marker, or was probably meant as one."""
    if _CAPITALS.search(line):
        return True
    two = _COMMENT_OF_TWO_WORDS.fullmatch(line.strip())
    return bool(two) and (
        max(_likeness(two[1], word) for word in ("begin", "end", "start", "stop")) > 0.6
        and _likeness(two[2], "solution") > 0.7
    )


def misspelled(text: str) -> str:
    """Return the sentence for a line that reads like a marker and is none."""
    return f"{text!r} reads like a marker; markers are {BEGIN!r} and {END!r}, alone on their line."


def complete(pieces: Sequence[Piece]) -> str:
    """Return a cell with its solutions and without the markers."""
    return "\n".join(piece.text if isinstance(piece, Block) else piece for piece in pieces)


def released(pieces: Sequence[Piece], kind: Kind) -> str:
    """Return a cell with a stub for each solution."""
    return "\n".join(_stub(piece, kind) if isinstance(piece, Block) else piece for piece in pieces)


def statements(block: Block) -> list[ast.stmt]:
    """Parse a block of code.

    Raises:
        SyntaxError: it is not Python; `lineno` counts from 1 in the block.
    """
    if not block.indent:
        return ast.parse(block.text).body
    # An indented block needs a line to be indented under; `pass` is for one of comments only.
    try:
        (under,) = ast.parse(f"if True:\n{block.text}\n{block.indent}pass").body
    except SyntaxError as error:
        error.lineno = (error.lineno or 2) - 1
        raise
    assert isinstance(under, ast.If)
    return under.body[:-1]


def _likeness(word: str, other: str) -> float:
    return SequenceMatcher(None, word.lower(), other).ratio()


def _block_slips(block: Block, end_indent: str, kind: Kind) -> list[Slip]:
    written = [line for line in block.text.split("\n") if line.strip()]
    if not written:
        return [Slip(block.line, "The solution between these markers is empty.")]
    if kind == "markdown":
        return []
    first = written[0]
    if not block.indent == end_indent == first[: len(first) - len(first.lstrip())]:
        return [Slip(block.line, "Indent both markers like the code between them.")]
    try:
        found = statements(block)
    except SyntaxError as error:
        line = block.line + (error.lineno or 1)
        return [Slip(line, f"The solution is not Python: {error.msg}.")]
    if not found:
        return [Slip(block.line, "The solution between these markers is only a comment.")]
    return []


def _stub(block: Block, kind: Kind) -> str:
    if kind == "markdown":
        return block.indent + WORDS_STUB
    found = statements(block)
    if isinstance(found[-1], ast.Return):
        return f"{block.indent}return {ELLIPSIS_STUB}"
    names = _assigned_names(found)
    if names is None:
        return block.indent + ELLIPSIS_STUB
    return "\n".join(f"{block.indent}{name} = {ELLIPSIS_STUB}" for name in names)


def _assigned_names(found: Sequence[ast.stmt]) -> list[str] | None:
    """Return the names that assignments give a value, in order; None where all is not that."""
    names: dict[str, None] = {}
    for statement in found:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        else:
            return None
        for target in targets:
            each = target.elts if isinstance(target, ast.Tuple) else [target]
            for name in each:
                if not isinstance(name, ast.Name):
                    return None
                names[name.id] = None
    return list(names)
