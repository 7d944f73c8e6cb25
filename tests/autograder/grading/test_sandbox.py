"""What a student's process may do: run code, answer questions, and nothing to anybody else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from autograder.exercise import Question
from autograder.grading.sandbox import (
    PROJECT,
    Runner,
    RunnerSettings,
    Session,
    runner,
    worth_loading,
)
from autograder.runner import asks
from autograder.runner.lock import NOBODY, LockPlan
from autograder.runner.reply import Died, Raised, Reply, Returned, TimedOut

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("sandbox")]


@pytest.fixture(scope="module")
def with_torch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    course = tmp_path_factory.mktemp("course")
    helpers = course / "graphs" / "small"
    thread = course / "my_tensor"
    for folder in (helpers, thread):
        folder.mkdir(parents=True)
    for step in ("__init__", "tensors", "graphs"):
        (thread / f"{step}.py").write_text(f"STEP = {step!r}\n")
    (helpers / "asks.py").write_text("def doubled(answer, *, device):\n    return 2 * answer\n")
    for secret in ("exercises", "answers", "a_lesson"):
        (helpers / f"{secret}.py").write_text("SECRET = 42\n")
    settings = RunnerSettings(helpers, steps=frozenset({"tensors"}), imports=("torch",))
    with runner(settings) as warm:
        yield warm


@pytest.fixture
def session(with_torch: Runner) -> Iterator[Session]:
    with with_torch.session() as session:
        yield session


def value_of(session: Session, expression: str) -> Reply:
    return session.ask(expression, Question("q", expect=lambda device: None), (), "cpu", 5)


def test_the_steps_that_a_lesson_begins_with_are_there(session: Session) -> None:
    assert session.run("from course.my_tensor.tensors import STEP", 10) == Returned(None)


def test_cells_run_and_questions_are_answered(session: Session) -> None:
    ran = session.run(
        "import torch\nx = torch.tensor(2.0, requires_grad=True)\n(x * x).backward()", 30
    )
    assert ran == Returned(None)
    reply = value_of(session, "x.grad.item()")
    x = torch.tensor(2.0, requires_grad=True)
    (x * x).backward()
    assert x.grad is not None
    assert reply == Returned(x.grad.item())


def test_a_function_is_asked_with_inputs_from_outside(session: Session) -> None:
    session.run("def area(a, b):\n    return a * b", 5)
    question = Question("q", ask=asks.call, expect=lambda *_, device: None)
    assert session.ask("area", question, (3, 4), "cpu", 5) == Returned(12)


def test_a_cell_that_raises_is_told_with_the_students_line(session: Session) -> None:
    reply = session.run("a = 1\nb = a / 0", 5)
    assert reply == Raised("ZeroDivisionError", "division by zero", "line 2: b = a / 0")
    assert session.run("c = 3", 5) == Returned(None)


def test_a_cell_that_never_ends_is_ended_and_the_session_goes_on(session: Session) -> None:
    session.run("a = 1", 5)
    assert session.run("while True: pass", 0.3) == TimedOut(0.3)
    assert value_of(session, "a") == Returned(1)


def test_a_cell_that_switches_its_deadline_off_is_killed(session: Session) -> None:
    stubborn = "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
    assert session.run(stubborn, 0.3) == TimedOut(0.3)
    assert not session.alive


FORBIDDEN = {
    "reading the project": f"open({str(PROJECT / 'README.md')!r}).read()",
    "reading the password file": "open('/etc/passwd').read()",
    "listing processes": "import os; os.listdir('/proc')",
    "writing beside Python": "import sys; open(sys.prefix + '/x', 'w')",
    "writing to the exercises": "import course.graphs.small.asks as a; open(a.__file__, 'w')",
    "importing the judge": "import autograder.judge",
    "importing the references": "from course.graphs.small.exercises import SECRET",
    "importing a lesson": "import course.graphs.small.a_lesson",
    "importing a step that is not finished": "import course.my_tensor.graphs",
    "importing other answers": "import course.graphs.small.answers",
    "the network": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "a local server": "import socket; socket.socket(socket.AF_UNIX).connect('/tmp/.X11-unix/X0')",
    "filling memory": "hoard = bytearray(2**33)",
    "filling the disk": "open('/tmp/big', 'wb').write(bytes(2**27))",
    "becoming root": "import os; os.setuid(0)",
    "mounting": (
        "import ctypes\n"
        "if ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None): raise PermissionError"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_not_the_students_is_out_of_reach(session: Session, what: str) -> None:
    assert isinstance(session.run(FORBIDDEN[what], 20), Raised)


def test_the_instructors_environment_stays_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADEBOOK_PASSWORD", "hunter2")
    with runner(RunnerSettings()) as warm, warm.session() as session:
        session.run("import os; names = sorted(os.environ)", 5)
        reply = value_of(session, "names")
    assert isinstance(reply, Returned)
    assert "GRADEBOOK_PASSWORD" not in reply.data


@pytest.mark.parametrize(
    "attack",
    [
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL); os._exit(1)",
        "import os\nfor fd in range(3, 256):\n    try: os.close(fd)\n    except OSError: pass",
        "import os\nfor fd in range(3, 256):\n    try: os.write(fd, b'x' * 64)\n"
        "    except OSError: pass",
    ],
)
def test_a_process_that_breaks_off_ends_only_itself(with_torch: Runner, attack: str) -> None:
    with with_torch.session() as session:
        assert isinstance(session.run(attack, 2), (Died, TimedOut))
        assert not session.alive
    with with_torch.session() as fresh:
        assert fresh.run("a = 1", 5) == Returned(None)


def test_nothing_of_a_student_survives_into_the_next(with_torch: Runner) -> None:
    with with_torch.session() as first:
        first.run("open('/tmp/note', 'w').write('for you')\nimport torch; torch.mark = 1", 10)
    with with_torch.session() as second:
        second.run("import os, torch; left = [os.listdir('/tmp'), hasattr(torch, 'mark')]", 10)
        reply = value_of(second, "left")
    assert isinstance(reply, Returned)
    assert "note" not in reply.data[0]
    assert reply.data[1] is False


def test_sessions_are_strangers_to_one_another(with_torch: Runner) -> None:
    with with_torch.session() as first, with_torch.session() as second:
        for session in (first, second):
            session.run("import os; user = os.getuid()", 5)
        users = [value_of(session, "user") for session in (first, second)]
    if users == [Returned(NOBODY), Returned(NOBODY)]:
        pytest.skip("only where the grader runs as root can sessions be different users")
    assert users[0] != users[1]


def test_children_that_outlive_the_session_are_killed(with_torch: Runner) -> None:
    with with_torch.session() as session:
        session.run("import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass", 1)
    deadline = time.monotonic() + 20
    while _busy_descendants(os.getpid()) and time.monotonic() < deadline:
        os.sched_yield()
    assert _busy_descendants(os.getpid()) == []


def _busy_descendants(process: int) -> list[int]:
    """Return the runner's grandchildren, which are students' processes, in this process's tree."""
    children = _children(process)
    return [inner for child in children for one in _children(child) for inner in [one]]


def _children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in listed]


def test_torch_is_not_there_where_an_exercise_is_to_do_without() -> None:
    without = frozenset({"torch"})
    imports = worth_loading(["torch:tensor", "chalkboard"], without)
    assert imports == ()
    settings = RunnerSettings(imports=imports, without=without)
    place = torch.__path__[0]
    with runner(settings) as warm, warm.session() as session:
        refused = session.run("import torch", 10)
        assert isinstance(refused, Raised)
        assert refused.message == "This exercise is to be done without torch."
        session.run(f"import os; files = os.listdir({place!r})", 10)
        assert value_of(session, "files") == Returned(["__init__.py"])


def test_what_a_lesson_imports_is_loaded_before_the_fork_but_for_the_course() -> None:
    imports = ["torch:tensor", "numpy", "course.graphs.small.exercises:check"]
    assert worth_loading(imports, frozenset()) == ("numpy", "torch:tensor")


def test_without_a_lock_torch_is_still_not_there_for_a_from_scratch_exercise() -> None:
    settings = RunnerSettings(without=frozenset({"torch"}), locked=False)
    with runner(settings) as warm, warm.session() as session:
        assert isinstance(session.run("import torch", 10), Raised)


def test_a_reply_that_trickles_in_is_not_waited_for(with_torch: Runner) -> None:
    trickle = (
        "import autograder.runner.session as s, time\n"
        "def send(connection, message):\n"
        "    connection.sendall(s.LENGTHS.pack(2**20, 0))\n"
        "    while True:\n        connection.sendall(b' ')\n        time.sleep(0.2)\n"
        "from autograder.runner import border\n"
        "s.LENGTHS, s.send = border.LENGTHS, send"
    )
    with with_torch.session() as session:
        assert isinstance(session.run(trickle, 0.5), (TimedOut, Died))
        assert not session.alive


def test_without_a_lock_it_still_runs_and_answers(tmp_path: Path) -> None:
    with runner(RunnerSettings(locked=False)) as warm, warm.session() as session:
        session.run("import os; here = os.getcwd()", 5)
        reply = value_of(session, "here")
    assert isinstance(reply, Returned)
    assert reply.data != os.getcwd()


def run_python(*programs: str) -> subprocess.CompletedProcess[str]:
    """Run the first program, which may end with `goes_on()` to run the next in its place."""
    go_on = (
        "import os, sys\ndef goes_on(): os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    arguments = [part for program in programs for part in ("-c", f"{go_on}\n{program}")]
    return subprocess.run([sys.executable, *arguments], capture_output=True, encoding="utf-8")


USE_THE_SANDBOX = """
from autograder.exercise import Question
from autograder.grading.sandbox import RunnerSettings, SandboxError, runner

question = Question("q", expect=lambda device: None)
try:
    with runner(RunnerSettings()) as warm, warm.session() as session:
        session.run("import os; user = os.getuid()", 5)
        print(session.ask("user", question, (), "cpu", 5).data)
except SandboxError as error:
    sys.exit(str(error))
"""

# A user namespace of one user, in which nobody may make another one.
FORBID_NAMESPACES = """
import ctypes
user, group = os.getuid(), os.getgid()
ctypes.CDLL(None).unshare(0x10000000)  # CLONE_NEWUSER
for name, text in [
    ("self/setgroups", "deny"),
    ("self/uid_map", f"1 {user} 1"),
    ("self/gid_map", f"1 {group} 1"),
    ("sys/user/max_user_namespaces", "0"),
]:
    with open("/proc/" + name, "w") as file:
        file.write(text)
goes_on()
"""

# What most containers do to their root.
TAKE_SYS_ADMIN_AWAY = """
import ctypes
ctypes.CDLL(None).prctl(24, 21, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_SYS_ADMIN
goes_on()
"""


def test_a_machine_that_cannot_lock_is_told_what_is_missing() -> None:
    refused = run_python(FORBID_NAMESPACES, USE_THE_SANDBOX)
    assert refused.returncode == 1, refused.stderr
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1
    for part in (
        "Students' code cannot be locked in on this machine",
        "it needs user namespaces, and user.max_user_namespaces=0 forbids them",
        "sudo sysctl -w user.max_user_namespaces=10000",
        "--no-sandbox",
    ):
        assert part in refused.stderr


def test_root_that_may_not_mount_locks_in_as_a_user_does() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: every other test here locks in as a user does")
    locked = run_python(TAKE_SYS_ADMIN_AWAY, USE_THE_SANDBOX)
    assert (locked.stdout, locked.stderr) == (f"{NOBODY}\n", "")


def test_processes_of_a_session_are_limited_and_others_of_the_user_do_not_count(
    with_torch: Runner,
) -> None:
    """The instructor's browser alone runs more threads than a student may."""
    count = """
import os
forks = 0
try:
    while forks < 200:
        if os.fork() == 0:
            import signal
            signal.pause()
        forks += 1
except OSError:
    pass
"""
    outside = [subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) for _ in range(8)]
    try:
        with with_torch.session() as session:
            session.run("import os; user = os.getuid()", 5)
            if os.geteuid() == 0 and value_of(session, "user") == Returned(NOBODY):
                pytest.skip("the kernel limits no processes of a root that may not mount")
            session.run(count, 20)
            forks = value_of(session, "forks")
    finally:
        for process in outside:
            process.communicate()
    assert isinstance(forks, Returned)
    allowed = LockPlan(mount_point="", readable=()).processes
    assert allowed - 4 <= forks.data < allowed


def test_this_python_is_the_one_inside(session: Session) -> None:
    session.run("import sys; version = list(sys.version_info[:3])", 5)
    assert value_of(session, "version") == Returned(list(sys.version_info[:3]))
