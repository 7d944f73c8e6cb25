"""Searches files that are going out for solutions that are not to go with them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import shown
from autograder.lesson_folder import Answer
from autograder.releasing.lint import SoundLesson
from autograder.releasing.solution import Block, statements

_FENCED = re.compile(r"^ *(```|~~~)[^\n]*\n(.*?)^ *\1", re.MULTILINE | re.DOTALL)
# What a line of text, a quotation or a commented-out line begins with.
_LEADING = re.compile(r"^[\s#>]+")


@dataclass(frozen=True)
class Secret:
    """A solution: its lines, and its statements where it is code, in forms that layout leaves be.

    `name` says whose it is and where it stands, and `told_in` how the paths of files begin in which
    it may stand.
    """

    name: str
    lines: tuple[str, ...]
    statements: tuple[str, ...] = ()
    told_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leak:
    """A file and what it gives away."""

    file: str
    secret: str

    def __str__(self) -> str:
        return f"{self.file} holds {self.secret}"


class _Sequence:
    """Lines or statements, in which a shorter sequence is soon found, and sooner missed."""

    def __init__(self, items: Sequence[str]) -> None:
        self._items, self._known = tuple(items), frozenset(items)

    def holds(self, short: tuple[str, ...]) -> bool:
        """Return whether a sequence stands in this one in one piece; an empty one does not."""
        size = len(short)
        return (
            size > 0
            and self._known.issuperset(short)
            and any(
                self._items[start : start + size] == short
                for start in range(len(self._items) - size + 1)
            )
        )


def solutions_of(lesson: SoundLesson) -> Iterator[Secret]:
    """Yield the author's solutions in a lesson, code and words."""
    for cell in lesson.text.cells:
        for piece in cell.pieces:
            if isinstance(piece, Block):
                place = f"{shown(lesson.text.path)}:{cell.first_line + piece.line}"
                name = f"the solution of {cell.exercise!r} at {place}"
                code = statements(piece) if cell.kind == "code" else ()
                yield Secret(name, _bare_lines(piece.text), _dumped(code))


def right_answers_of(answers: Iterable[Answer]) -> Iterator[Secret]:
    """Yield the right ones of a lesson's other answers; its wrong ones give nothing away."""
    for answer in answers:
        if answer.right:
            name = f"the answer to {answer.exercise!r} at line {answer.line} of answers.py"
            code = ast.parse(answer.source).body
            yield Secret(name, _bare_lines(answer.source), _dumped(code))


def find_leaks(files: Mapping[str, bytes], secrets: Sequence[Secret]) -> tuple[Leak, ...]:
    """Return what gives a solution away, in files by their path.

    Compared are whole solutions, as text without its blanks and as parsed code, with whatever
    text a file holds: a notebook's cells and outputs, and code in a page of Markdown too.
    """
    leaks = []
    for file, content in files.items():
        if file.startswith("course/") and file.endswith("/answers.py"):
            leaks.append(Leak(file, "other answers"))
        texts = list(_texts(file, content.decode("utf-8", errors="replace")))
        lines = [_Sequence(_bare_lines(text)) for text in texts]
        bodies = [_Sequence(body) for text in texts for body in _bodies(text)]
        for secret in secrets:
            if file.startswith(secret.told_in):
                continue
            if any(page.holds(secret.lines) for page in lines) or any(
                body.holds(secret.statements) for body in bodies
            ):
                leaks.append(Leak(file, secret.name))
    return tuple(leaks)


def _texts(file: str, text: str) -> Iterator[str]:
    """Yield a file's text, and each text inside it that is written in some other way there."""
    yield text
    inner = [text]
    if file.endswith(".ipynb"):
        inner = list(_strings(_loaded(text)))
        yield from inner
    for page in inner:
        for _, code in _FENCED.findall(page):
            yield code


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _strings(content: object) -> Iterator[str]:
    """Yield the strings in what JSON holds; a list of strings is the lines of one text."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list):
        if content and all(isinstance(item, str) for item in content):
            yield "".join(content)
        else:
            for item in content:
                yield from _strings(item)


def _bare_lines(text: str) -> tuple[str, ...]:
    bare = ("".join(_LEADING.sub("", line).split()) for line in text.splitlines())
    return tuple(line for line in bare if line)


def _bodies(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each list of statements in a text that is Python: the module's, a function's, ..."""
    python = "\n".join(line for line in text.split("\n") if not line.startswith(("%", "!")))
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                yield _dumped(body)


def _dumped(code: Iterable[ast.stmt]) -> tuple[str, ...]:
    return tuple(ast.dump(statement) for statement in code)
