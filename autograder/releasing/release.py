"""Builds `notebooks/` from `course/`, and says how the two compare."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.project import Project
from autograder.releasing.lint import SoundLesson
from autograder.releasing.notebook import is_released, released_notebook, text_of


@dataclass(frozen=True)
class Comparison:
    """How the folder of the notebooks differs from what the lessons make.

    `missing`: not there. `old`: released from another text. `changed`: not as release wrote it, so
    that somebody's work may be in it. `stale`: released from a lesson that is gone. `foreign`: not
    made by release at all, and none of its business.
    """

    missing: tuple[Path, ...] = ()
    old: tuple[Path, ...] = ()
    changed: tuple[Path, ...] = ()
    stale: tuple[Path, ...] = ()
    foreign: tuple[Path, ...] = ()

    @property
    def same(self) -> bool:
        """Whether a release would change nothing."""
        return not (self.missing or self.old or self.changed or self.stale)


def build(project: Project, lessons: Sequence[SoundLesson]) -> Mapping[Path, str]:
    """Return the text of each lesson's notebook by the path that it belongs to."""
    return {
        project.notebook_path(item.lesson): text_of(released_notebook(item.text, item.exercises))
        for item in lessons
    }


def compare(project: Project, texts: Mapping[Path, str]) -> Comparison:
    """Hold what is in the folder of the notebooks against what was built."""
    missing = [path for path in texts if not path.exists()]
    old, changed, stale, foreign = [], [], [], []
    for path in _files(project.notebooks):
        text = _read(path)
        if path not in texts:
            (stale if is_released(text) else foreign).append(path)
        elif text != texts[path]:
            (old if is_released(text) else changed).append(path)
    return Comparison(*map(tuple, (missing, old, changed, stale, foreign)))


def write(project: Project, texts: Mapping[Path, str], *, overwrite: bool = False) -> Comparison:
    """Bring the folder of the notebooks up to date, and return how it was before.

    What is `changed` stays as it is, unless `overwrite` says that it may go.
    """
    before = compare(project, texts)
    for path in (*before.missing, *before.old, *(before.changed if overwrite else ())):
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_text(texts[path], encoding="utf-8", newline="\n")
        os.replace(half, path)
    for path in before.stale:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return before


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder in order, without the hidden ones, which are Jupyter's."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _read(path: Path) -> str:
    # A file that is no text is not released either way.
    return path.read_text(encoding="utf-8", errors="replace")
