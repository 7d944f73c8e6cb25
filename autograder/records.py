"""Remembers the best outcome of each check on this computer, so that progress can be shown.

It is a file of the learner's own and counts for nothing in grading. Outcomes are only ever added
to it, one line each, so that notebooks that are open at once do not lose each other's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

import platformdirs

from autograder.verdict import Verdict

# Where it is kept, for who wants it elsewhere, and for tests.
FOLDER_VARIABLE = "CHALK_HOME"
_APPLICATION = "understanding-tensors"


@dataclass(frozen=True)
class Outcome:
    """What a check said of an answer: `points` of `of`, and whether every question was right."""

    lesson: str
    exercise: str
    points: int
    of: int
    right: bool
    when: str


def records_path() -> Path:
    """Return the file of this user's outcomes, which may not be there yet."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    folder = Path(chosen) if chosen else platformdirs.user_data_path(_APPLICATION, appauthor=False)
    return folder / "checks.jsonl"


def remember(lesson: str, verdict: Verdict) -> str:
    """Add an outcome where it is better than those before, and return what went wrong, if anything.

    It never raises: a check is worth more than its record.
    """
    if not verdict.answered:
        return ""
    path = records_path()
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    outcome = Outcome(lesson, verdict.exercise, verdict.points, verdict.worth, verdict.right, now)
    try:
        before = best_outcomes(path).get((lesson, verdict.exercise))
        if before is not None and _rank(outcome) <= _rank(before):
            return ""
        path.parent.mkdir(parents=True, exist_ok=True)
        # The line begins with its own break: a line cut short before it spoils no other.
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{json.dumps(asdict(outcome))}\n")
    except OSError as error:
        return f"Your progress cannot be noted in {path} ({error.strerror}); the check stands."
    return ""


def best_outcomes(path: Path | None = None) -> Mapping[tuple[str, str], Outcome]:
    """Return the best outcome of each exercise by lesson and id.

    Lines that make no sense are left out.

    Raises:
        OSError: the file is there and cannot be read.
    """
    best: dict[tuple[str, str], Outcome] = {}
    for outcome in _outcomes(path or records_path()):
        key = (outcome.lesson, outcome.exercise)
        if key not in best or _rank(outcome) > _rank(best[key]):
            best[key] = outcome
    return best


def _outcomes(path: Path) -> Iterator[Outcome]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            outcome = Outcome(**json.loads(line))
            _rank(outcome)
        except (ValueError, TypeError, ZeroDivisionError, RecursionError):
            continue
        yield outcome


def _rank(outcome: Outcome) -> tuple[bool, float]:
    return bool(outcome.right), outcome.points / outcome.of
