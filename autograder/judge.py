"""The judge: draws inputs, asks an answer through a port, and holds it against torch.

The judge never touches the answer itself. A port puts the question, in this kernel for
`check(...)`, in a locked-in process for grading, and returns a reply of plain data.
"""

from __future__ import annotations

import getpass
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import hypothesis
from hypothesis import configuration, errors
from hypothesis import strategies as st

from autograder.compare import difference
from autograder.exercise import Exercise, ExerciseError, Mistake, Question
from autograder.runner.asking import put_question
from autograder.runner.plain import Plain, Unanswered, show, to_plain
from autograder.runner.reply import Died, Raised, Reply, Returned, TimedOut, Unaskable
from autograder.verdict import NOT_COMPARED, FailingCase, Outcome, QuestionVerdict, Verdict

Inputs = tuple[Any, ...]

# Students' code may be slow, and an author's filters are the author's business.
SLOW_IS_FINE = (
    hypothesis.HealthCheck.too_slow,
    hypothesis.HealthCheck.filter_too_much,
    hypothesis.HealthCheck.data_too_large,
    hypothesis.HealthCheck.large_base_example,
)


class Port(Protocol):
    """Where an answer is asked."""

    def ask(self, question: Question, inputs: Inputs, device: str, seconds: float) -> Reply:
        """Put one question to the answer behind this port."""
        ...


@dataclass(frozen=True)
class Limits:
    """How much is asked: cases per question, seconds per case, seconds per question in all."""

    cases: int = 25
    seconds_per_case: float = 5.0
    seconds_per_question: float = 20.0


@dataclass(frozen=True, eq=False)  # a case is itself; its inputs may be arrays
class _Asked:
    """One case as it went: `sentence` is None where the reply was right."""

    inputs: Inputs
    device: str
    reply: Reply
    expected: Plain
    sentence: str | None


@dataclass
class _Log:
    """The cases of one question so far; the first `examples` of them were chosen by the author."""

    examples: int = 0
    asked: list[_Asked] = field(default_factory=list)

    @property
    def failure(self) -> _Asked | None:
        """The failing case to show: the author's first, else the smallest that was drawn.

        The smallest is the last: when Hypothesis shrinks, it only moves on to what is smaller.
        """
        chosen = [case for case in self.asked[: self.examples] if case.sentence is not None]
        drawn = [case for case in self.asked[self.examples :] if case.sentence is not None]
        return (chosen[:1] or drawn[-1:] or [None])[0]


class _Different(AssertionError):
    """Tells Hypothesis that this case fails, and so to look for a smaller one."""


def judge(
    exercise: Exercise,
    port: Port,
    *,
    seed: int,
    limits: Limits = Limits(),
    devices: tuple[str, ...] | None = None,
) -> Verdict:
    """Ask every question of the exercise through the port and return the verdict.

    The same seed draws the same cases. `devices` is what torch sees here unless given; the first
    of them draws and shrinks the cases, the others are asked the same ones.
    """
    devices = available_devices() if devices is None else devices
    verdicts = []
    hangs: _Log | None = None
    for question in exercise.questions:
        log = hangs or _ask_all(question, port, seed, limits, devices)
        verdicts.append(_verdict(question, exercise.mistakes, log, limits))
        if len(log.asked) == 1 and isinstance(log.asked[0].reply, TimedOut):
            hangs = log  # no need to wait for the same once more
    return Verdict(exercise.id, exercise.title, tuple(verdicts), _device_report(devices))


def available_devices() -> tuple[str, ...]:
    """Return "cpu", and "cuda" where torch sees such a device."""
    import torch

    return ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)


def _device_report(devices: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    compared = tuple((device, "compared") for device in devices)
    return compared if "cuda" in devices else (*compared, ("cuda", NOT_COMPARED))


def _ask_all(
    question: Question, port: Port, seed: int, limits: Limits, devices: tuple[str, ...]
) -> _Log:
    log = _Log()
    first, *others = devices
    give_up_at = time.monotonic() + limits.seconds_per_question

    def ask_once(inputs: Inputs, device: str) -> _Asked:
        if time.monotonic() > give_up_at:
            reply: Reply = TimedOut(limits.seconds_per_question)
        else:
            reply = port.ask(question, inputs, device, limits.seconds_per_case)
        expected = _expected(question, inputs, device)
        case = _Asked(inputs, device, reply, expected, _sentence(question, expected, reply))
        log.asked.append(case)
        return case

    def hopeless() -> bool:
        """More cases of an answer that hangs, died or is not there would only cost time."""
        failure = log.failure
        if failure is None:
            return False
        never_better = isinstance(failure.reply, (TimedOut, Died, Unaskable))
        is_late = time.monotonic() > give_up_at
        return never_better or is_late or failure.reply == Returned(Unanswered())

    def draw_and_ask(inputs: Inputs) -> None:
        if not hopeless() and ask_once(inputs, first).sentence is not None:
            raise _Different

    for example in question.examples:
        if not hopeless():
            ask_once(example, first)
            log.examples += 1
    _draw(draw_and_ask, question, seed, limits)
    if log.failure is None:
        for device in others:
            for case in tuple(log.asked):
                if not hopeless() and case.device == first:
                    ask_once(case.inputs, device)
    return log


def _hypothesis_folder() -> Path:
    """Return a temporary folder of this user's own; another's could not be written to."""
    return Path(tempfile.gettempdir()) / f"chalk-hypothesis-{getpass.getuser()}"


def _expected(question: Question, inputs: Inputs, device: str) -> Plain:
    try:
        return to_plain(question.expect(*inputs, device=device))
    except Exception as error:
        raise ExerciseError(
            f"Question {question.name!r}: its expect raised {type(error).__name__} ({error}) "
            f"on {device} for the inputs {inputs!r}; mend it, or draw other inputs."
        ) from error


def _draw(
    draw_and_ask: Callable[[Inputs], None], question: Question, seed: int, limits: Limits
) -> None:
    """Run drawn inputs through `draw_and_ask`, and let Hypothesis shrink what fails."""
    # Hypothesis caches in the current folder, which is a student's own, unless told otherwise.
    configuration.set_hypothesis_home_dir(_hypothesis_folder())
    settings = hypothesis.settings(
        max_examples=limits.cases if question.inputs else 1,
        database=None,
        deadline=None,
        # Hypothesis could also explain which part of an input matters; that takes seconds.
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=SLOW_IS_FINE,
    )
    run = settings(
        hypothesis.seed(seed)(hypothesis.given(st.tuples(*question.inputs))(draw_and_ask))
    )
    try:
        run()
    except _Different:
        return
    except errors.Flaky:
        # The answer says one thing now and another later, or shrinking ran out of time;
        # the log holds what it said.
        return


def _sentence(question: Question, expected: Plain, reply: Reply) -> str | None:
    """Say what is wrong with a reply; None where it is right."""
    if isinstance(reply, Returned):
        if isinstance(reply.data, Unanswered):
            return "Not answered yet."
        found = difference(expected, reply.data, question.agreement)
        if found is not None and found.aspect == "value" and not question.shows_expected:
            return f"{show(reply.data)} is not right."
        return found.sentence if found else None
    if isinstance(reply, Raised):
        where = f" (your {reply.where})" if reply.where else ""
        return f"Your code raised {reply.error}: {reply.message or 'no message'}{where}"
    if isinstance(reply, TimedOut):
        return (
            f"No reply after {reply.seconds:g} seconds. Does a loop never end, "
            "or is much more computed than is needed?"
        )
    if isinstance(reply, Unaskable):
        return reply.sentence
    return f"The process that ran your code ended: {reply.reason}."


def _outcome(reply: Reply) -> Outcome:
    if isinstance(reply, Raised):
        return "raised"
    if isinstance(reply, TimedOut):
        return "too slow"
    if isinstance(reply, Died):
        return "died"
    return "not answered" if reply == Returned(Unanswered()) else "wrong"


def _verdict(
    question: Question, mistakes: tuple[Mistake, ...], log: _Log, limits: Limits
) -> QuestionVerdict:
    right = QuestionVerdict(
        question.name, "right", question.points, question.points, len(log.asked)
    )
    failure = log.failure
    if failure is None:
        return right
    outcome = _outcome(failure.reply)
    mistake = _matching_mistake(question, mistakes, log, limits) if outcome != "died" else None
    return replace(
        right,
        outcome=outcome,
        points=0,
        sentence=failure.sentence or "",
        case=_failing_case(question, failure, is_example=failure in log.asked[: log.examples]),
        hint=mistake.hint if mistake else "",
        belief=mistake.belief if mistake else "",
    )


def _failing_case(question: Question, failure: _Asked, *, is_example: bool) -> FailingCase:
    if not isinstance(failure.reply, Returned) or isinstance(failure.reply.data, Unanswered):
        got = ""
    else:
        got = show(failure.reply.data)
    inputs = tuple(show(to_plain(item)) for item in failure.inputs)
    expected = show(failure.expected) if question.shows_expected else ""
    return FailingCase(inputs, expected, got, failure.device, is_example)


def _matching_mistake(
    question: Question, mistakes: tuple[Mistake, ...], log: _Log, limits: Limits
) -> Mistake | None:
    """Return the first known mistake that says what the answer said, in every case asked."""
    failure = log.failure
    if failure is None or isinstance(failure.reply, TimedOut):
        return None
    cases = [failure, *log.asked]

    def says_the_same(mistake: Mistake) -> bool:
        for case in cases:
            reply = put_question(
                question.ask, mistake.answer(), case.inputs, case.device, limits.seconds_per_case
            )
            if not _same(question, reply, case.reply):
                return False
        return True

    return next((mistake for mistake in mistakes if says_the_same(mistake)), None)


def _same(question: Question, one: Reply, other: Reply) -> bool:
    if isinstance(one, Returned) and isinstance(other, Returned):
        return difference(one.data, other.data, question.agreement) is None
    if isinstance(one, Raised) and isinstance(other, Raised):
        return (one.error, one.message) == (other.error, other.message)
    return one == other
