"""Grades one submission: plain data in (master, answers, exercises, seed), plain data out.

The master's cells run in order in a locked-in process, with the student's answers in place; where
the master checks an answer, the judge asks its questions there and then, from outside.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course_table import THREAD
from autograder.exercise import Exercise, Question, WrittenExercise
from autograder.grading.sandbox import Runner, RunnerSettings, Session, runner, worth_loading
from autograder.judge import Inputs, Limits, judge
from autograder.releasing.master import Master, MasterCell
from autograder.runner.reply import Died, Raised, Reply, TimedOut
from autograder.thread import steps_needed
from autograder.verdict import Verdict


@dataclass(frozen=True)
class GradingSettings:
    """How submissions are graded: what is asked, how long a cell and a submission may take."""

    limits: Limits = field(default_factory=Limits)
    cell_seconds: float = 10.0
    submission_seconds: float = 300.0
    locked: bool = True


@dataclass(frozen=True)
class GradedNotebook:
    """The verdicts on one notebook, and what the instructor should know of how it went.

    `seed` draws the same questions again; `locked` tells whether the sandbox was on.
    """

    verdicts: tuple[Verdict, ...]
    remarks: tuple[str, ...]
    seed: int
    locked: bool
    seconds: float

    @property
    def points(self) -> int:
        """The points earned by machine-checked answers."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def worth(self) -> int:
        """The points that machine-checked answers can earn."""
        return sum(verdict.worth for verdict in self.verdicts)


@dataclass(frozen=True)
class Lesson:
    """What grading needs to know of one lesson: its master, and the exercises checked in it."""

    master: Master
    exercises: Mapping[str, Exercise | WrittenExercise]

    def checked(self) -> tuple[Exercise, ...]:
        """Return the exercises that the master checks, in its order."""
        return tuple(
            exercise
            for cell in self.master.cells
            if cell.role == "check" and cell.exercise is not None
            for exercise in [self.exercises[cell.exercise]]
            if isinstance(exercise, Exercise)
        )


@dataclass(frozen=True)
class Grader:
    """A lesson with its runners warm: one for each set of libraries that an answer may not use."""

    lesson: Lesson
    runners: Mapping[frozenset[str], Runner]
    settings: GradingSettings


@contextmanager
def grader(lesson: Lesson, folder: Path, settings: GradingSettings) -> Iterator[Grader]:
    """Warm up what grades any number of submissions of one lesson.

    `folder` holds the lesson's `asks.py`; nothing else of it reaches the sandbox.
    """
    imports = tuple(_imports(lesson.master))
    modules = [item.replace(":", ".") for item in imports]
    with ExitStack() as stack:
        runners = {
            without: stack.enter_context(
                runner(
                    RunnerSettings(
                        lesson=folder,
                        steps=steps_needed(modules, folder.parents[1] / THREAD),
                        imports=worth_loading(imports, without),
                        without=without,
                        locked=settings.locked,
                    )
                )
            )
            for without in {exercise.without for exercise in lesson.checked()}
        }
        yield Grader(lesson, runners, settings)


def grade(grader: Grader, answers: Mapping[str, str], seed: int) -> GradedNotebook:
    """Grade one submission; never raises for anything that a student wrote."""
    began = time.monotonic()
    verdicts: dict[str, Verdict] = {}
    endless: dict[str, TimedOut | Died] = {}
    give_up_at = began + grader.settings.submission_seconds
    for without, warm in grader.runners.items():
        with _Sitting(warm, grader.settings, give_up_at, endless) as sitting:
            exercises = [item for item in grader.lesson.checked() if item.without == without]
            verdicts.update(_sit(grader.lesson.master, exercises, answers, sitting, seed))
    ordered = tuple(verdicts[exercise.id] for exercise in grader.lesson.checked())
    seconds = time.monotonic() - began
    remarks = tuple(f"The cell {name!r} did not end: {_why(why)}." for name, why in endless.items())
    return GradedNotebook(ordered, remarks, seed, grader.settings.locked, seconds)


def _sit(
    master: Master,
    exercises: list[Exercise],
    answers: Mapping[str, str],
    sitting: _Sitting,
    seed: int,
) -> Iterator[tuple[str, Verdict]]:
    """Walk the master from the top until the last of the exercises is judged."""
    waiting = {exercise.id: exercise for exercise in exercises}
    for cell in master.cells:
        if not waiting:
            return
        exercise = waiting.pop(cell.exercise or "", None) if cell.role == "check" else None
        if exercise is not None:
            port = _AcrossTheBorder(sitting, cell.exercise or "", cell.answer_expression or "")
            verdict = judge(exercise, port, seed=seed, limits=sitting.settings.limits)
            yield exercise.id, verdict
        elif cell.kind == "code" and cell.role == "plain":
            sitting.run(cell, cell.source)
        elif cell.kind == "code" and cell.role == "answer":
            sitting.run(cell, answers.get(cell.exercise or "", cell.source))


class _Sitting:
    """A student's run through a notebook, which survives the end of the process it runs in.

    When the process is gone, the next cell or question gets a new one, in which the cells so far
    are run again, all but those that did not end. `endless` collects these by cell, and is shared
    between sittings, so that each is waited for once.
    """

    def __init__(
        self,
        warm: Runner,
        settings: GradingSettings,
        give_up_at: float,
        endless: dict[str, TimedOut | Died],
    ) -> None:
        self.settings = settings
        self.failed: dict[str, Reply] = {}
        self._endless = endless
        self._warm = warm
        self._give_up_at = give_up_at
        self._history: list[str] = []
        self._session = warm.session()

    def run(self, cell: MasterCell, source: str) -> None:
        reply = self._endless.get(cell.id) or self._session_in_time()
        if isinstance(reply, Session):
            reply = reply.run(source, self.settings.cell_seconds)
        if isinstance(reply, (TimedOut, Died)):
            self._endless[cell.id] = reply
        else:
            self._history.append(source)
        if cell.role == "answer" and isinstance(reply, (Raised, TimedOut, Died)):
            self.failed[cell.exercise or ""] = reply

    def ask(
        self, expression: str, question: Question, inputs: Inputs, device: str, seconds: float
    ) -> Reply:
        reply = self._session_in_time()
        if isinstance(reply, Session):
            reply = reply.ask(expression, question, inputs, device, seconds)
        return reply

    def _session_in_time(self) -> Session | Reply:
        if time.monotonic() > self._give_up_at:
            return TimedOut(self.settings.submission_seconds)
        if not self._session.alive:
            self._session = self._warm.session()
            for source in self._history:
                self._session.run(source, self.settings.cell_seconds)
        return self._session

    def __enter__(self) -> _Sitting:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()


@dataclass(frozen=True)
class _AcrossTheBorder:
    """A port to an answer that lives in a student's process."""

    sitting: _Sitting
    exercise: str
    expression: str

    def ask(self, question: Question, inputs: Inputs, device: str, seconds: float) -> Reply:
        """Put the question there; an answer cell that failed is told rather than what followed."""
        failure = self.sitting.failed.get(self.exercise)
        if isinstance(failure, (TimedOut, Died)):
            return failure
        reply = self.sitting.ask(self.expression, question, inputs, device, seconds)
        nothing_there = isinstance(reply, Raised) and reply.error == "NameError"
        return failure if failure is not None and nothing_there else reply


def _why(reply: TimedOut | Died) -> str:
    if isinstance(reply, TimedOut):
        return f"it ran for longer than {reply.seconds:g} seconds"
    return reply.reason


def _imports(master: Master) -> Iterator[str]:
    """Yield what the master's own code imports: "torch", or "chalkboard:plot_function"."""
    for cell in master.cells:
        if cell.kind != "code" or cell.role != "plain":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # a cell with an IPython magic
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from (f"{node.module}:{alias.name}" for alias in node.names)
