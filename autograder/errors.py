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
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.sentence}"


class SourceError(ChalkError):
    """All that is wrong in the sources, one line a problem, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
