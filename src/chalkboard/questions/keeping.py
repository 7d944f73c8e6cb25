"""Keeps a learner's answers in a file of theirs, so that running a cell again brings them back.

A notebook's own state is gone when its kernel starts anew and the cells are run again. Each quiz
has a file of its own. It is replaced as a whole, and read again before each change, so that two
open notebooks do not lose each other's answers.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

# Where answers are kept, for who wants them elsewhere, and for tests.
FOLDER_VARIABLE = "CHALK_HOME"
_APPLICATION = "understanding-tensors"


@dataclass(frozen=True)
class Kept:
    """What was kept by question, and one sentence on what went wrong, or an empty one."""

    answers: Mapping[str, Any]
    trouble: str = ""


def folder() -> Path:
    """The folder of this user's answers, which may not be there yet."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    return platformdirs.user_data_path(_APPLICATION, appauthor=False)


def recall(kind: str, identity: str) -> Kept:
    """What was kept of the quiz (`kind` is "quiz") or prediction of this id."""
    return _read(_path(kind, identity))


def keep(kind: str, identity: str, changes: Mapping[str, Any]) -> str:
    """Keep answers by question, and forget those that are None; return what went wrong."""
    path = _path(kind, identity)
    kept = _read(path)
    changed = {**kept.answers, **changes}
    answers = {question: answer for question, answer in changed.items() if answer is not None}
    try:
        # What could not be read and not be moved away either must not be written over.
        if kept.trouble and path.exists():
            return kept.trouble
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, json.dumps({"answers": answers}, indent=1, ensure_ascii=False))
    except OSError as error:
        return (
            f"Your answers cannot be kept in {path} ({error.strerror}); they last until the "
            "kernel stops, or with the notebook if its widget state is saved."
        )
    return kept.trouble


def _path(kind: str, identity: str) -> Path:
    return folder() / kind / f"{identity}.json"


def _read(path: Path) -> Kept:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Kept({})
    except OSError as error:
        return Kept({}, f"Your earlier answers in {path} cannot be read ({error.strerror}).")
    except UnicodeDecodeError:
        return Kept({}, _set_aside(path))
    try:
        answers = json.loads(text)["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Kept({}, _set_aside(path))
    return Kept(answers) if isinstance(answers, dict) else Kept({}, _set_aside(path))


def _set_aside(path: Path) -> str:
    """Move a file that holds no answers out of the way, and say where it is now."""
    aside = path.with_name(f"{path.stem}-{time.time_ns()}.unreadable")
    try:
        os.replace(path, aside)
    except OSError:
        return f"The file of your earlier answers is damaged; please move it away: {path}."
    return f"The file of your earlier answers was damaged; it was set aside as {aside}."


def _replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old text or the new, and never a half."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
