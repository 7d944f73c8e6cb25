"""`check(...)` in a notebook: asks in the student's own kernel, to teach, and replies at once.

What it says is for the student and counts for nothing in grading: there the same questions are
asked from outside.
"""

from __future__ import annotations

import html
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.exercise import Exercise, Question
from autograder.judge import Inputs, Limits, judge
from autograder.page import reply_html
from autograder.records import remember
from autograder.runner.asking import put_question
from autograder.runner.plain import Unanswered
from autograder.runner.reply import Reply, Returned, Unaskable
from autograder.verdict import Verdict

# Fixed, so that the same answer gets the same reply each time.
NOTEBOOK_SEED = 0


@dataclass(frozen=True)
class InThisKernel:
    """A port to an answer that lives in this very process."""

    answer: object
    without: frozenset[str] = frozenset()

    def ask(self, question: Question, inputs: Inputs, device: str, seconds: float) -> Reply:
        """Put the question here; an answer that uses a library it must not is not asked."""
        if self.answer is ...:
            return Returned(Unanswered())
        used = sorted(self.without & modules_used(self.answer))
        if used:
            return Unaskable(
                f"This exercise is to be done without {used[0]}; your answer uses it. "
                "Write the calculation yourself, with plain Python numbers."
            )
        return put_question(question.ask, self.answer, inputs, device, seconds)


@dataclass(frozen=True)
class NotebookReply:
    """What the check cell shows: the verdict in words, and its points as the cell's value.

    nbgrader reads the points of a check cell from its plain-text output. `remark` is a sentence on
    something beside the verdict, or empty.
    """

    verdict: Verdict
    remark: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        remark = f"<p><small>{html.escape(self.remark)}</small></p>" if self.remark else ""
        return {"text/plain": repr(self), "text/html": reply_html(self.verdict) + remark}

    def __repr__(self) -> str:
        return repr(float(self.verdict.points))


def checker(exercises: Iterable[Exercise | object]) -> Callable[[str, object], NotebookReply]:
    """Make the `check(id, answer)` of a lesson from its exercises.

    Where a lesson's `exercises.py` makes it, its outcomes are remembered as the lesson's.
    """
    by_id = {item.id: item for item in exercises if isinstance(item, Exercise)}
    lesson = _lesson_named(sys._getframe(1).f_globals.get("__name__", ""))
    told: set[str] = set()

    def check(exercise: str, answer: object = ...) -> NotebookReply:
        """Check an answer against torch and reply at once."""
        if exercise not in by_id:
            known = ", ".join(sorted(by_id))
            raise ValueError(f"There is no exercise {exercise!r} here. Known: {known}.")
        chosen = by_id[exercise]
        port = InThisKernel(answer, chosen.without)
        verdict = judge(chosen, port, seed=NOTEBOOK_SEED, limits=Limits())
        trouble = remember(lesson, verdict) if lesson else ""
        remark = "" if trouble in told else trouble  # once is enough
        told.add(trouble)
        return NotebookReply(verdict, remark)

    return check


def _lesson_named(module: str) -> str:
    """Return the lesson ("graphs/weights") whose exercises a module holds; empty for others."""
    found = re.fullmatch(r"course\.(\w+)\.(\w+)\.exercises", module)
    return f"{found[1]}/{found[2]}" if found else ""


def modules_used(answer: object) -> frozenset[str]:
    """Return the top-level modules that an answer's own code names: a courtesy, not a lock."""
    return frozenset(
        name for function in _functions_of(answer) for name in _modules_named_by(function)
    )


def _functions_of(answer: object) -> Iterator[types.FunctionType]:
    """Yield the functions of an answer: itself, those of its class, of its parts."""
    to_do, seen = [answer], set()
    while to_do:
        item = to_do.pop()
        if id(item) in seen:  # classes may refer to one another
            continue
        seen.add(id(item))
        if inspect.isfunction(item):
            yield item
        elif inspect.isclass(item):
            to_do += [getattr(member, "__func__", member) for member in vars(item).values()]
        elif isinstance(item, (tuple, list)):
            to_do += item


def _modules_named_by(function: types.FunctionType) -> Iterator[str]:
    for code in _code_and_inner(function.__code__):
        for name in code.co_names:
            value: Any = function.__globals__.get(name)
            if isinstance(value, types.ModuleType):
                yield value.__name__.partition(".")[0]
            elif callable(value) and not inspect.isfunction(value):
                yield (getattr(value, "__module__", None) or "").partition(".")[0]
            elif value is None:
                yield name.partition(".")[0]  # imported inside the function


def _code_and_inner(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code_and_inner(constant)
