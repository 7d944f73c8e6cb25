"""Reads what lies in a lesson's folder beside its text: exercises, answers, questions."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from autograder.errors import Problem, SourceError, line_holding
from autograder.exercise import Exercise, WrittenExercise
from autograder.releasing.percent import PercentCell, read_percent

AnyExercise = Exercise | WrittenExercise
# What asks in passing in a lesson, and the dictionary in `questions.py` of what it may ask.
QUESTION_BANKS: Mapping[str, str] = {"predict": "PREDICTIONS", "quiz": "QUIZZES"}


@dataclass(frozen=True)
class Answer:
    """Another answer than the author's: the complete source of an answer cell.

    `hint` is the belief of the mistake that a wrong answer is to be told; empty for any.
    """

    exercise: str
    source: str
    right: bool
    hint: str
    line: int


def load_exercises(folder: Path) -> Mapping[str, AnyExercise]:
    """Return the exercises of a lesson's folder by id; empty where it has no `exercises.py`.

    Raises:
        SourceError: `exercises.py` cannot be imported, or its `EXERCISES` are not exercises.
    """
    path = folder / "exercises.py"
    if not path.exists():
        return {}
    found = getattr(_import(path), "EXERCISES", None)
    if not isinstance(found, tuple) or not all(
        isinstance(item, (Exercise, WrittenExercise)) for item in found
    ):
        sentence = "EXERCISES is to be a tuple of Exercise and WrittenExercise."
        raise SourceError([Problem(path, 0, sentence)])
    exercises: dict[str, AnyExercise] = {}
    problems = []
    for item in found:
        if item.id in exercises:
            sentence = f"There are two exercises {item.id!r}; give one of them another id."
            problems.append(Problem(path, line_of_exercise(folder, item.id), sentence))
        exercises[item.id] = item
    if problems:
        raise SourceError(problems)
    return exercises


def load_question_ids(folder: Path) -> frozenset[tuple[str, str]]:
    """Return what a lesson can ask in passing, as ("quiz", id); none without `questions.py`.

    Raises:
        SourceError: `questions.py` cannot be imported, or its questions are not by their ids.
    """
    path = folder / "questions.py"
    if not path.exists():
        return frozenset()
    module = _import(path)
    found = set()
    for kind, name in QUESTION_BANKS.items():
        bank = getattr(module, name, {})
        if not isinstance(bank, Mapping) or not all(isinstance(key, str) for key in bank):
            sentence = f"{name} is to be a dictionary of questions by their ids."
            raise SourceError([Problem(path, line_holding(path, f"{name} ="), sentence)])
        found |= {(kind, identity) for identity in bank}
    return frozenset(found)


def line_of_exercise(folder: Path, exercise: str) -> int:
    """Return the line of a lesson's `exercises.py` that gives an exercise its id, 0 if none."""
    path = folder / "exercises.py"
    return line_holding(path, f'id="{exercise}"') or line_holding(path, f'"{exercise}"')


def line_of_question(folder: Path, identity: str) -> int:
    """Return the line of a lesson's `questions.py` that gives a question its id, 0 if none."""
    return line_holding(folder / "questions.py", f'"{identity}"')


def other_answers(folder: Path) -> tuple[Answer, ...]:
    """Return the answers of a lesson's `answers.py`, in their order; none without that file.

    Raises:
        SourceError: a cell there has other keys than `right` or `wrong`, or is empty.
    """
    path = folder / "answers.py"
    if not path.exists():
        return ()
    cells, problems = read_percent(path, path.read_text(encoding="utf-8"))
    answers, found = [], list(problems)
    for cell in cells:
        # A plain cell there says what the lesson has made before, for the reader and the linter.
        if not cell.metadata:
            continue
        answer = _answer(cell)
        if isinstance(answer, Answer):
            answers.append(answer)
        else:
            found.append(Problem(path, cell.line, answer))
    if found:
        raise SourceError(found)
    return tuple(answers)


def _answer(cell: PercentCell) -> Answer | str:
    """Return the answer that a cell gives, or why it is none."""
    keys = set(cell.metadata)
    if len(keys & {"right", "wrong"}) != 1 or not keys <= {"right", "wrong", "hint"}:
        return 'Begin the cell with `# %% right="id"` or `# %% wrong="id"` (and `hint="..."`).'
    right = "right" in keys
    if right and "hint" in keys:
        return "A right answer gets no hint; take it away, or say wrong=."
    exercise = cell.metadata["right" if right else "wrong"]
    hint = cell.metadata.get("hint", "")
    if not isinstance(exercise, str) or not isinstance(hint, str):
        return "Write the id and the hint as strings in double quotes."
    if not cell.source.strip():
        return "The cell is empty; write the whole answer cell here."
    return Answer(exercise, cell.source, right, hint, cell.line)


def _import(path: Path) -> ModuleType:
    """Import a lesson's module; under its own name where it is part of the installed course."""
    try:
        if path.parents[2].resolve() in _installed_course():
            section, lesson = path.parents[1].name, path.parent.name
            return importlib.import_module(f"course.{section}.{lesson}.{path.stem}")
        return _import_elsewhere(path)
    except Exception as error:
        raise SourceError([_import_problem(path, error)]) from error


def _installed_course() -> list[Path]:
    spec = importlib.util.find_spec("course")
    places = spec.submodule_search_locations if spec else None
    return [Path(place).resolve() for place in places or ()]


def _import_elsewhere(path: Path) -> ModuleType:
    # The text is part of the name, so that a changed file is another module.
    digest = hashlib.sha256(str(path.resolve()).encode() + path.read_bytes()).hexdigest()[:16]
    name = f"course_{digest}_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            # Not by the loader: it may take a compiled copy of what was there a moment ago.
            exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


def _import_problem(path: Path, error: Exception) -> Problem:
    ours = [
        frame.lineno or 0
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == path
    ]
    line = ours[-1] if ours else 0
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno or 0
    return Problem(path, line, f"It cannot be imported: {type(error).__name__}: {error}")
