"""Sets the course up on a fresh machine and opens it; needs Python 3.10 and the network.

`python3 start.py --help` says what else it does. The file stands alone: it uses the standard
library only, and keeps to syntax that Python 3.6 can read (and has no dataclasses, which 3.6
lacks), so that an older Python gets as far as the sentence that says what is wrong.
"""

import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

OLDEST: tuple = (3, 10)  # PYTHON 3.10 OR NEWER IS NEEDED: get one from python.org, run python3


def too_old(found: tuple) -> str:
    """Return the sentence for a Python that is too old, empty for one that is not."""
    if tuple(found[:2]) >= OLDEST:
        return ""
    return (
        "Python {}.{} or newer is needed and this is Python {}.{}: install a newer one from "
        "https://www.python.org/downloads/ and run start.py with it."
    ).format(*OLDEST, *found[:2])


# Said before the definitions below, which an old Python cannot run.
if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

HELP = """\
python3 start.py                  set up, then open JupyterLab on the welcome lesson
python3 start.py --no-browser     the same on a server: prints the address, opens no browser
                                  (--port, --ip and every other option go to JupyterLab)
python3 start.py setup            set up only
python3 start.py test [...]       set up with what the tests need, then run the linters, the type
                                  checker and every test ([...] goes to pytest)
python3 start.py COMMAND [...]    anything else goes to the chalk command: grade, demo, formgrader,
                                  release (COMMAND --help says more)
python3 start.py --help           this text

Setting up makes the folder .venv and installs there what pyproject.toml pins; it happens once.
"""

WELCOME = "notebooks/0_welcome/1_welcome.ipynb"
COURSE = ("course",)
DEVELOPMENT = ("course", "development")

# PyPI's torch for Linux is a CUDA build of several GB; this index has the one without.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

GIGABYTE = 10**9
# What .venv, pip's cache and the unpacking take together, with some air.
ROOM = 3 * GIGABYTE
ROOM_WITH_CUDA = 12 * GIGABYTE

# The first that is found runs the browser tests.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Ends with what to do about it where the grader cannot lock a student's code in.
SEE_SANDBOX = """
import sys
from autograder.grading.sandbox import SandboxError, try_sandbox
try:
    try_sandbox()
except SandboxError as error:
    sys.exit(error.remedy)
"""
SEE_CUDA = "import sys, torch; sys.exit(not torch.cuda.is_available())"
# Importing pip tells a whole environment from one whose making was interrupted.
SAY_VERSION = "import sys, pip; print('%d.%d' % sys.version_info[:2])"


class Stop(Exception):
    """What ends the program: its text is the one sentence that the user gets."""


class Step(Enum):
    """What setting up has to do."""

    NOTHING = "nothing"
    INSTALL = "install into the .venv that is there"
    ANEW = "make .venv anew"


class Stamp(NamedTuple):
    """What `.venv` holds; written when it is complete.

    `root` is the folder it was made in (scripts in `.venv` name it, so it cannot move), `pyproject`
    a digest of the file that was installed from.
    """

    root: str = ""
    pyproject: str = ""
    extras: tuple[str, ...] = ()


# The empty stamp stands in `.venv` while it is being filled.
UNFINISHED = Stamp()


class Machine(NamedTuple):
    """What matters of the machine that this runs on; `free` is in bytes, where the course is."""

    system: str
    nvidia: bool
    free: int

    @property
    def linux(self) -> bool:
        """Whether PyPI's torch is a CUDA build here, as it is on Linux alone."""
        return self.system == "Linux"


class Project(NamedTuple):
    """The folder that holds the course, and the places in it that matter here."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment that everything is installed in."""
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """The folder of the environment's commands."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamp(self) -> Path:
        """Where the stamp stands."""
        return self.venv / "start.json"

    @property
    def log(self) -> Path:
        """What pip writes down while it works."""
        return self.venv / "pip.log"

    @property
    def pyproject(self) -> Path:
        """The file with the pins."""
        return self.root / "pyproject.toml"

    def environment(self) -> dict[str, str]:
        """Return the variables that a command of `.venv` runs with, as if it were activated."""
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
        variables["VIRTUAL_ENV"] = str(self.venv)
        # nbgrader starts `alembic` by its bare name.
        variables["PATH"] = os.pathsep.join([str(self.scripts), os.environ.get("PATH", os.defpath)])
        # A user's own pip setting that cannot work in a virtual environment.
        variables["PIP_USER"] = "0"
        return variables


def say(sentence: str) -> None:
    """Print at once, so that it stands before what the next command prints."""
    print(sentence, flush=True)


# --- What there is to do


def read_stamp(project: Project) -> Stamp | None:
    """Return what `.venv` holds, or None where it was not made here."""
    try:
        fields = json.loads(project.stamp.read_text(encoding="utf-8"))
        return Stamp(fields["root"], fields["pyproject"], tuple(fields["extras"]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return UNFINISHED


def write_stamp(project: Project, stamp: Stamp) -> None:
    """Write down what `.venv` holds."""
    project.stamp.write_text(json.dumps(stamp._asdict()), encoding="utf-8")


def digest(path: Path) -> str:
    """Return a digest of a text file that line endings do not change."""
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()


def version_of(python: Path) -> str:
    """Return "3.11" for a virtual environment's interpreter, empty if it or its pip is broken."""
    try:
        found = subprocess.run(
            [str(python), "-I", "-c", SAY_VERSION],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
    except OSError:
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""


def plan(found: Stamp | None, wanted: Stamp, version: str, running: str) -> tuple[Step, str]:
    """Return what to do with a `.venv` that exists, and why.

    `version` is that of its Python, empty where that does not run; `running` is that of the Python
    that runs this file.

    Raises:
        Stop: it was not made by this file and is of no use, so the user decides.
    """
    if found is None:
        if version != running:
            state = "is for Python " + version if version else "does not run"
            raise Stop(
                f"The folder .venv was not made by start.py and {state}, "
                f"where Python {running} is wanted: delete it and run the same command again."
            )
        return Step.INSTALL, "The folder .venv was not made by start.py: the course goes into it."
    if found == UNFINISHED:
        return Step.ANEW, "An earlier set-up did not finish: starting it again."
    if not version:
        return Step.ANEW, "The Python that .venv was made with is gone: making .venv anew."
    if version != running:
        return Step.ANEW, f".venv is for Python {version}: making it anew for Python {running}."
    if found.root != wanted.root:
        return Step.ANEW, "The folder has moved since .venv was made: making .venv anew."
    if found.pyproject != wanted.pyproject:
        return Step.INSTALL, "pyproject.toml has changed: installing what it pins now."
    if not set(wanted.extras) <= set(found.extras):
        return Step.INSTALL, "Installing what the tests need as well."
    return Step.NOTHING, ""


# --- Setting up


def check_venv_module(find: Callable[[str], object] = importlib.util.find_spec) -> None:
    """Raise Stop where this Python cannot make virtual environments."""
    if not (find("venv") and find("ensurepip")):
        version = "{}.{}".format(*sys.version_info[:2])
        raise Stop(
            "This Python cannot make virtual environments (venv or ensurepip is missing): install "
            f"them (Debian and Ubuntu: sudo apt install python{version}-venv) "
            "and run the same command again."
        )


def check_room(folder: Path, needed: int, free: int) -> None:
    """Raise Stop where fewer than `needed` bytes are free."""
    if free < needed:
        raise Stop(
            f"Only {free / GIGABYTE:.1f} GB are free in {folder} and setting up takes about "
            f"{needed / GIGABYTE:.0f} GB: make room and run the same command again."
        )


def torch_pin(pyproject: str) -> str:
    """Return the requirement that pins torch, such as "torch==2.13.0", from pyproject.toml."""
    # Python 3.10 has no TOML reader, and one line does not call for one.
    found = re.search(r"""["'](torch==[^"';\s]+)""", pyproject)
    if found is None:
        raise Stop("pyproject.toml pins no torch==...: get a fresh copy of the course.")
    return found.group(1)


def has_nvidia() -> bool:
    """Return whether this machine has an NVIDIA driver, and so, in all likelihood, such a GPU."""
    marks = ("/dev/nvidia0", "/proc/driver/nvidia/version")
    return bool(shutil.which("nvidia-smi")) or any(os.path.exists(mark) for mark in marks)


def this_machine(project: Project) -> Machine:
    """Return the machine that this runs on."""
    return Machine(platform.system(), has_nvidia(), shutil.disk_usage(project.root).free)


def answers(url: str, seconds: float = 5) -> bool:
    """Return whether a web address can be had at all."""
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=seconds).close()
    except (OSError, ValueError):
        return False
    return True


def installation_problem(log: str) -> str:
    """Return the sentence for a failed installation from what pip wrote down."""
    again = "run the same command again"
    if re.search(r"No space left on device|Errno 28\b|WinError 112\b", log):
        return f"The disk is full: make room (about {ROOM / GIGABYTE:.0f} GB) and {again}."
    unreachable = (
        r"connection broken by|connection error|NewConnectionError|NameResolutionError"
        r"|ConnectTimeout|ReadTimeout|ProxyError|Connection to \S+ timed out"
    )
    some_versions = r"from versions: (?!none)"
    if re.search(unreachable, log) and not re.search(some_versions, log):
        return f"pip could not reach the package index: check the network and {again}."
    missing = re.search(r"No matching distribution found for (\S+)", log)
    if missing:
        version = "{}.{}".format(*sys.version_info[:2])
        return (
            f"There is no {missing.group(1)} for Python {version} on this kind of machine "
            f"({platform.system()} {platform.machine()}), or the package index was not reached: "
            "check the network, and else use a Python that has one, such as 3.11."
        )
    return (
        "pip could not install the course: the lines above say why, all of them in .venv/pip.log."
    )


def wait_for(process: subprocess.Popen[bytes]) -> bool:
    """Wait for a process to end by itself, and return whether Ctrl-C came meanwhile.

    Ctrl-C reaches the process too, and how to end is its own affair: JupyterLab asks first.
    """
    interrupted = False
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            interrupted = True
    return interrupted


def run(command: Sequence[str], project: Project) -> int:
    """Run a command in the project's environment to its end, and return its exit status.

    Raises:
        KeyboardInterrupt: Ctrl-C came, or a signal to end, which is passed on to the command.
    """
    told_to_end = False
    process: subprocess.Popen[bytes] | None = None

    def end(*_: object) -> None:
        nonlocal told_to_end
        told_to_end = True
        if process is not None:
            process.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        process = subprocess.Popen(command, cwd=project.root, env=project.environment())
        if told_to_end:
            process.terminate()
        interrupted = wait_for(process)
    finally:
        signal.signal(signal.SIGTERM, before)
    if interrupted or told_to_end:
        raise KeyboardInterrupt
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


Run = Callable[[Sequence[str], Project], int]
Reach = Callable[[str], bool]


def make_environment(project: Project, run: Run) -> None:
    """Make an empty `.venv`, in place of the one that may be there.

    Raises:
        Stop: it cannot be made; nothing is lost that was not to be made anew.
    """
    check_venv_module()
    project.venv.mkdir(exist_ok=True)
    # First, so that from here on an interruption leaves the mark of one.
    write_stamp(project, UNFINISHED)
    for entry in project.venv.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != project.stamp:
            entry.unlink()
    say(f"Making .venv with Python {platform.python_version()} ...")
    if run([sys.executable, "-m", "venv", str(project.venv)], project) != 0:
        raise Stop("Python could not make the folder .venv: the lines above say why.")


def pip_install(project: Project, run: Run, *arguments: str) -> None:
    """Install with pip, which shows its progress.

    Raises:
        Stop: pip failed.
    """
    project.log.write_text("", encoding="utf-8")
    command = [str(project.python), "-m", "pip", "install", "--disable-pip-version-check"]
    if run([*command, "--no-input", "--log", str(project.log), *arguments], project) != 0:
        raise Stop(installation_problem(project.log.read_text(encoding="utf-8", errors="replace")))
    project.log.unlink()


def install_torch_without_cuda(project: Project, run: Run, reach: Reach) -> None:
    """Install the pinned torch from the index of CPU builds, where that answers.

    Without its dependencies, which are to come from where everything else comes from.
    """
    pin = torch_pin(project.pyproject.read_text(encoding="utf-8"))
    if reach(f"{CPU_INDEX}/torch/"):
        say(f"Installing {pin} for the CPU (no NVIDIA GPU here) ...")
        pip_install(project, run, "--no-deps", "--index-url", CPU_INDEX, pin)
    else:
        say(f"{CPU_INDEX} does not answer: {pin} comes from where pip is set up to look.")


JUPYTERLAB_DEFAULTS = {
    # Spares people the question whether JupyterLab may show them news.
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    # The glossary is there to be read.
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
    # What was chosen and moved in a widget is saved with the notebook.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}

# On a page of nbconvert's a widget is its static picture: to show the widget itself, the page would
# have to fetch scripts from the network, and would be empty without one.
NBCONVERT_DEFAULTS = {
    "NbConvertBase": {
        "display_data_priority": [
            "text/html",
            "text/markdown",
            "image/svg+xml",
            "text/latex",
            "image/png",
            "image/jpeg",
            "text/plain",
        ]
    }
}


def set_jupyter_defaults(project: Project) -> None:
    """Set Jupyter up as the course wants it; everybody's own settings come first."""
    for defaults, path in (
        (JUPYTERLAB_DEFAULTS, "share/jupyter/lab/settings/overrides.json"),
        (NBCONVERT_DEFAULTS, "etc/jupyter/jupyter_nbconvert_config.json"),
    ):
        place = project.venv / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(defaults), encoding="utf-8")


def set_up(
    project: Project,
    extras: Sequence[str],
    machine: Machine,
    run: Run = run,
    reach: Reach = answers,
) -> None:
    """Bring `.venv` to hold what pyproject.toml pins for `extras`; does nothing if it does.

    `run` runs a command and `reach` says whether an address answers.

    Raises:
        Stop: it cannot be done.
    """
    found = read_stamp(project)
    running = "{}.{}".format(*sys.version_info[:2])
    wanted = Stamp(str(project.root), digest(project.pyproject), tuple(sorted(extras)))
    if project.venv.exists():
        step, why = plan(found, wanted, version_of(project.python), running)
    else:
        step, why = Step.ANEW, "Setting up; this takes some minutes and happens once."
    if step is Step.NOTHING:
        return
    say(why)
    if step is Step.ANEW:
        needed = ROOM_WITH_CUDA if machine.linux and machine.nvidia else ROOM
        check_room(project.root, needed, machine.free)
        make_environment(project, run)
    elif found is not None:
        wanted = Stamp(wanted.root, wanted.pyproject, tuple(sorted({*extras, *found.extras})))
        write_stamp(project, UNFINISHED)
    try:
        if machine.linux and not machine.nvidia:
            install_torch_without_cuda(project, run, reach)
        say(f"Installing the course and what it needs ({', '.join(wanted.extras)}) ...")
        pip_install(project, run, "--editable", f".[{','.join(wanted.extras)}]")
    except Stop:
        # pip undoes what it cannot finish, so `.venv` holds what it held.
        if step is Step.INSTALL and found is not None:
            write_stamp(project, found)
        raise
    set_jupyter_defaults(project)
    write_stamp(project, wanted)
    say("Set up.")


# --- What it is set up for


def open_lab(project: Project, options: Sequence[str], run: Run = run) -> int:
    """Run JupyterLab on the welcome lesson until it is stopped; `options` are JupyterLab's."""
    command = [str(project.python), "-m", "jupyterlab", f"--ServerApp.root_dir={project.root}"]
    if (project.root / WELCOME).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{WELCOME}")
    else:
        say(f"The welcome lesson {WELCOME} is not here: opening the folder instead.")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container everybody is root, and JupyterLab would only say that it does not like it.
        command.append("--allow-root")
    if not options:
        # Leaves the address on the screen; on a server people want the log.
        command.append("--log-level=WARN")
    say("Starting JupyterLab: its address comes next, Ctrl-C stops it.")
    return run([*command, *options], project)


class Part(NamedTuple):
    """Something that some tests need and that pip cannot install."""

    name: str
    found: bool
    consequence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: none here, {self.consequence}. To get it: {self.remedy}"


def browser_part(system: str, find: Callable[[str], object] = shutil.which) -> Part:
    """Return whether there is a browser for the tests to drive."""
    remedy = {
        "Darwin": "brew install --cask chromium, with its chromium command on PATH",
        "Windows": "winget install Hibbiki.Chromium, with its folder on PATH",
    }.get(system, "sudo apt-get install chromium")
    found = any(find(name) for name in BROWSERS)
    return Part("Chromium", found, "the browser tests are skipped", remedy)


def sandbox_part(project: Project) -> Part:
    """Return whether the grader can lock a student's code in on this machine."""
    status, remedy = ask(project, SEE_SANDBOX)
    return Part("Sandbox", status == 0, "the sandbox tests are skipped", remedy)


def cuda_part(project: Project) -> Part:
    """Return whether torch sees a CUDA device."""
    remedy = "an NVIDIA GPU with its driver, then delete .venv and run start.py setup"
    status, _ = ask(project, SEE_CUDA)
    return Part("CUDA device", status == 0, "nothing is compared on CUDA", remedy)


def ask(project: Project, program: str) -> tuple[int, str]:
    """Run a little Python with the project's interpreter; return its status and its last line."""
    asked = subprocess.run(
        [str(project.python), "-c", program],
        cwd=project.root,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    return asked.returncode, (asked.stderr.strip().splitlines() or [""])[-1]


def check_tests_exist(project: Project) -> None:
    """Raise Stop in what students get."""
    if not (project.root / "tests").is_dir():
        raise Stop("This copy of the course has no tests: they are in its repository only.")


def run_tests(
    project: Project, parts: Sequence[Part], arguments: Sequence[str], strict: bool, run: Run = run
) -> int:
    """Run the linters, the type checker and every test; return 0 if all of them pass.

    `arguments` are pytest's. With `strict` a missing part other than the CUDA device counts as a
    failure.
    """
    for part in parts:
        if not part.found:
            say(str(part))
    python = str(project.python)
    # One process: the tests of the browser and of the sandbox start servers and set time limits,
    # which several at once on a small machine would exceed. `-n 2` is there for who wants it.
    steps = {
        "ruff check": [python, "-m", "ruff", "check"],
        "ruff format": [python, "-m", "ruff", "format", "--check"],
        "pyright": [python, "-m", "pyright"],
        "pytest": [python, "-m", "pytest", *arguments],
    }
    failed = []
    for name, command in steps.items():
        say(f"--- {name}")
        if run(command, project) != 0:
            failed.append(name)
    if strict:
        failed += [part.name for part in parts if not part.found and part.name != "CUDA device"]
    if failed:
        raise Stop(f"Not in order: {', '.join(failed)}.")
    say("All in order.")
    return 0


def run_chalk(project: Project, arguments: Sequence[str], run: Run = run) -> int:
    """Run the project's own command."""
    command = project.scripts / ("chalk.exe" if os.name == "nt" else "chalk")
    return run([str(command), *arguments], project)


def dispatch(project: Project, arguments: Sequence[str]) -> int:
    """Do what the command line says, and return the exit status."""
    first, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if first in ("-h", "--help"):
        say(HELP)
        return 0
    machine = this_machine(project)
    if first == "setup":
        set_up(project, COURSE, machine)
        return 0
    if first == "test":
        check_tests_exist(project)
        set_up(project, DEVELOPMENT, machine)
        parts = [
            browser_part(machine.system),
            sandbox_part(project),
            cuda_part(project),
        ]
        return run_tests(project, parts, rest, strict=bool(os.environ.get("CI")))
    set_up(project, COURSE, machine)
    if first == "" or first.startswith("-"):
        return open_lab(project, arguments)
    return run_chalk(project, arguments)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; whatever goes wrong becomes one sentence."""
    project = Project(Path(__file__).resolve().parent)
    try:
        return dispatch(project, arguments)
    except Stop as stop:
        sentence, status = str(stop), 1
    except KeyboardInterrupt:
        sentence, status = "Stopped: the same command goes on from here.", 130
    except OSError as error:
        sentence, status = file_problem(error, project), 1
    sys.stdout.flush()
    print(sentence, file=sys.stderr)
    return status


def file_problem(error: OSError, project: Project) -> str:
    """Return the sentence for a file that could not be read or written."""
    if error.errno == errno.ENOSPC:
        return installation_problem("No space left on device")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename or project.root} cannot be written: "
            "put the course into a folder of your own and run the same command there."
        )
    return f"{error.filename or project.root}: {error.strerror or error}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
