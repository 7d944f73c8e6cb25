"""The errors that are not ours to debug: each one's text is what the user reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class ChalkError(Exception):
    """Something that the user can mend; the text says in one sentence what, where and how."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a source file; line 0 stands for the file as a whole."""

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{shown(self.path)}:{self.line}" if self.line else shown(self.path)
        return f"{place}: {self.sentence}"


class SourceError(ChalkError):
    """All that is wrong in the sources, one line a problem, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(path: Path) -> str:
    """Return a path as a reader in the current folder would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def line_holding(path: Path, text: str) -> int:
    """Return the number of the last line of a file that holds a text, 0 if none does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (number for number, line in enumerate(lines, start=1) if text in line)
    return max(found, default=0)
