"""The trusted side of the sandbox: starts locked-in processes and talks to them over the border."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.course_table import THREAD
from autograder.errors import ChalkError
from autograder.exercise import Question, ask_function, ask_keywords
from autograder.runner.border import BorderError, message_to_reply, receive, send
from autograder.runner.lock import LockPlan
from autograder.runner.reply import Died, Reply, TimedOut

# A reply that comes this much later than its own time limit does not come at all.
GRACE_SECONDS = 2.0
# What a lesson imports and the sandbox has only a stand-in of.
_COURSE_PACKAGES = frozenset({"course", "autograder"})
START_SECONDS = 60.0
SEE_WHAT_IS_BROKEN = "run `python3 start.py test` to see what is broken"
PROJECT = Path(__file__).resolve().parents[2]
STUB_CHECK = '''"""Grading asks from outside; the notebook's own check is not run here."""


def check(exercise, answer=None):
    """Do nothing."""
'''
STUB_QUESTIONS = '''"""Grading asks nothing in passing: quizzes and predictions do not count."""


def quiz(id):
    """Do nothing."""


def predict(id, *, then=""):
    """Do nothing."""
'''
STUB_PROGRESS = '''"""What is done of the course is the learner's own; grading does not read it."""


def course_progress(start=None):
    """Return a course of which nothing is known."""
    return {"lessons": [], "trouble": ""}
'''


STUB_SETUP = '''"""Grading asks nobody whether their set-up is right."""


def check_setup():
    """Do nothing."""
'''


class SandboxError(ChalkError):
    """The sandbox cannot be had on this machine; `remedy` says how to get it."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.remedy = remedy


@dataclass(frozen=True)
class RunnerSettings:
    """What a runner holds: `imports` are done before the fork, `without` cannot be imported.

    Of the folder of a `lesson` a session sees the helpers (`asks.py`), and of the course's thread
    the `steps` that the lesson begins with, by their section.
    """

    lesson: Path | None = None
    steps: frozenset[str] = frozenset()
    imports: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    locked: bool = True


class Session:
    """One student's process, behind the border. Use as a context manager."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = runner.fork(theirs)
        self._number = 0
        self.alive = True
        try:
            hello = self._receive(START_SECONDS)
        except (EOFError, OSError, BorderError):
            hello = {"reason": "it ended without saying why", "remedy": SEE_WHAT_IS_BROKEN}
        if not hello.get("ready"):
            self.close()
            reason, remedy = hello["reason"], hello["remedy"]
            raise SandboxError(
                f"Students' code cannot be locked in on this machine: {reason}; to change that, "
                f"{remedy}, or grade without the lock by `--no-sandbox`, which is then on record.",
                remedy,
            )

    def run(self, source: str, seconds: float) -> Reply:
        """Run one cell; Returned(None) where it did not raise."""
        return self._request({"do": "run", "source": source, "seconds": seconds}, seconds)

    def ask(
        self, expression: str, question: Question, inputs: Any, device: str, seconds: float
    ) -> Reply:
        """Put a question to what `expression` names in the student's process."""
        function = ask_function(question.ask)
        message = {
            "do": "ask",
            "expression": expression,
            "module": function.__module__,
            "name": function.__name__,
            "keywords": ask_keywords(question.ask),
            "inputs": list(inputs),
            "device": device,
            "seconds": seconds,
        }
        return self._request(message, seconds)

    def _request(self, message: dict[str, Any], seconds: float) -> Reply:
        if not self.alive:
            return Died("it had ended before")
        self._number += 1
        try:
            send(self._connection, {**message, "number": self._number})
            reply = self._receive(seconds + GRACE_SECONDS)
            if reply.get("number") != self._number:
                raise BorderError("a frame came out of turn")
            return message_to_reply(reply)
        except TimeoutError:
            self.close()
            return TimedOut(seconds)
        except (EOFError, ConnectionError):
            self.close()
            return Died("it stopped, or used more memory or processes than it may")
        except BorderError as error:
            self.close()
            return Died(str(error))

    def _receive(self, seconds: float) -> dict[str, Any]:
        return receive(self._connection, seconds)

    def close(self) -> None:
        """End the student's process, whatever it is doing, and everything it started."""
        if self.alive:
            self.alive = False
            self._connection.close()
            self._runner.kill(self._process)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Runner:
    """A warm server from which sessions are forked; made by `runner(...)`."""

    def __init__(self, settings: RunnerSettings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "autograder.runner.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=folder / "scratch",
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._request(
            {
                "do": "load",
                "imports": list(settings.imports),
                "first": str(folder / "site"),
                "hidden": [str(PROJECT), str(folder / "scratch"), ""],
            }
        )

    def session(self) -> Session:
        """Fork a fresh process for one submission."""
        return Session(self)

    def fork(self, theirs: socket.socket) -> int:
        """Fork a process that serves `theirs`; return its number as the server sees it."""
        plan = asdict(_plan(self._settings, self._folder)) if self._settings.locked else None
        request = {"do": "fork", "plan": plan, "scratch": str(self._folder / "scratch")}
        return self._request(request, theirs)["process"]

    def kill(self, process: int) -> None:
        """Kill a forked process and wait until it is gone."""
        self._request({"do": "kill", "process": process})

    def close(self) -> None:
        """End the server."""
        self._control.close()
        self._server.wait()

    def _request(self, request: dict[str, Any], *passed: socket.socket) -> dict[str, Any]:
        data = json.dumps(request).encode()
        try:
            socket.send_fds(self._control, [data], [item.fileno() for item in passed])
            return json.loads(self._control.recv(2**16))
        except (ConnectionError, ValueError) as error:
            raise ChalkError(
                "The grader's own runner ended unexpectedly; run the command again, and if it "
                f"happens each time, {SEE_WHAT_IS_BROKEN}."
            ) from error


@contextmanager
def runner(settings: RunnerSettings) -> Iterator[Runner]:
    """Start a runner, and end it and remove its temporary folder afterwards."""
    if not hasattr(os, "fork"):
        raise SandboxError(
            "Grading forks a process per submission, which Windows cannot do: run it under WSL 2.",
            "run it under WSL 2",
        )
    with tempfile.TemporaryDirectory(prefix="chalk-") as name:
        folder = Path(name)
        _lay_out(settings, folder)
        server = Runner(settings, folder)
        try:
            yield server
        finally:
            server.close()


def try_sandbox() -> None:
    """Lock a process in once; raises SandboxError where this machine does not allow that."""
    with runner(RunnerSettings()) as warm, warm.session():
        return


def _lay_out(settings: RunnerSettings, folder: Path) -> None:
    """Make the folders of a runner: the packages that only the sandbox sees, and scratch."""
    for name in ("site/course", "site/autograder", "root", "scratch", "cache"):
        (folder / name).mkdir(parents=True)
    (folder / "site/course/__init__.py").write_text("")
    if settings.lesson is not None:
        _lay_out_lesson(settings.lesson, settings.steps, folder / "site/course")
    (folder / "site/autograder/progress.py").write_text(STUB_PROGRESS)
    (folder / "site/autograder/setup_check.py").write_text(STUB_SETUP)
    for library in settings.without:
        # First on the path, so that it also stands in the way where there is no lock.
        (folder / "site" / library).mkdir()
        (folder / "site" / library / "__init__.py").write_text(
            f'raise ModuleNotFoundError("This exercise is to be done without {library}.")\n'
        )
    # The scratch folder of unlocked sessions, and all that locked ones may read.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _lay_out_lesson(lesson: Path, steps: Iterable[str], course: Path) -> None:
    """Copy what an answer may see of a lesson, by name: beside these files lie solutions."""
    section, name = lesson.parent.name, lesson.name
    target = course / section / name
    target.mkdir(parents=True)
    (course / THREAD).mkdir()
    helpers = [
        f"{section}/__init__.py",
        f"{section}/{name}/__init__.py",
        f"{section}/{name}/asks.py",
    ]
    helpers += [f"{THREAD}/{step}.py" for step in ("__init__", *steps)]
    for helper in helpers:
        source = lesson.parents[1] / helper
        if source.exists():
            (course / helper).write_bytes(source.read_bytes())
    (target / "exercises.py").write_text(STUB_CHECK)
    (target / "questions.py").write_text(STUB_QUESTIONS)


def _plan(settings: RunnerSettings, folder: Path) -> LockPlan:
    source = PROJECT / "src"
    readable = {sys.prefix, sys.base_prefix, str(folder / "site"), str(folder / "cache")}
    if source.is_dir():
        readable.add(str(source))
    missing = ((str(folder / "site" / name), name) for name in settings.without)
    return LockPlan(
        mount_point=str(folder / "root"),
        readable=tuple(sorted(readable)),
        replaced=tuple((shown, place) for shown, name in missing for place in _places(name)),
        devices=tuple(map(str, Path("/dev").glob("nvidia*"))),
    )


@functools.cache
def _places(library: str) -> tuple[str, ...]:
    """Return the folders from which a library would be imported."""
    spec = importlib.util.find_spec(library)
    return tuple(spec.submodule_search_locations or ()) if spec else ()


def _environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of a runner: nothing of the instructor's is in it."""
    one_thread = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "PATH": os.defpath,
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(folder / "cache"),
        "IPYTHONDIR": str(folder / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(one_thread, "1"),
    }


def worth_loading(imports: Iterable[str], without: frozenset[str]) -> tuple[str, ...]:
    """Return the imports of a lesson worth doing before the fork: not the course's own.

    None where something is to be done without, since it could come in with whatever imports it.
    """
    if without:
        return ()
    packages = {item: item.partition(":")[0].partition(".")[0] for item in imports}
    return tuple(sorted(i for i, package in packages.items() if package not in _COURSE_PACKAGES))
