"""Holds `start.py` to its promises: one command, quick the second time, one sentence when wrong."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from autograder.grading.sandbox import SandboxError, try_sandbox

ROOT = Path(__file__).resolve().parents[2]
RUNNING = "{}.{}".format(*sys.version_info[:2])


def load_start() -> ModuleType:
    specification = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


start = load_start()

PYPROJECT = '[project]\nname = "small"\nversion = "1"\n[project.optional-dependencies]\n' + (
    'course = ["torch==9.9.9"]\ndevelopment = []\n'
)


class Commands:
    """Stands in for running commands: writes them down, and makes what `venv` would make."""

    def __init__(self, status: int = 0, log: str = "", then: BaseException | None = None) -> None:
        self.ran: list[list[str]] = []
        self.status = status
        self.log = log
        self.then = then

    def __call__(self, command: Sequence[str], project) -> int:
        self.ran.append(list(command))
        if command[1:3] == ["-m", "venv"]:
            project.scripts.mkdir(parents=True)
            # The real interpreter, so that asking `.venv` for its version works.
            project.python.symlink_to(sys.executable)
            return 0
        if self.then is not None:
            raise self.then
        if "--log" in command:
            Path(command[command.index("--log") + 1]).write_text(self.log)
        return self.status

    @property
    def installs(self) -> list[str]:
        return [command[-1] for command in self.ran if "install" in command]

    @property
    def environments(self) -> int:
        return sum(command[1:3] == ["-m", "venv"] for command in self.ran)


@pytest.fixture
def project(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return start.Project(tmp_path)


LINUX = start.Machine("Linux", nvidia=False, free=10**18)


def set_up(project, extras, run, machine=LINUX, cpu_index: bool = False) -> None:
    """`start.set_up` with a stand-in for the network, so that no test depends on one."""
    start.set_up(project, extras, machine, run, reach=lambda url: cpu_index)


# --- An old Python


def old_pythons() -> list[str]:
    names = ["python2.7", "python3.6", "python3.7", "python3.8", "python3.9"]
    found = [path for name in names if (path := shutil.which(name))]
    versions = Path.home() / ".pyenv" / "versions"
    for version in ("2.7", "3.6", "3.7", "3.8", "3.9"):
        found += [str(path) for path in sorted(versions.glob(f"{version}.*/bin/python"))]
    # A pyenv shim is there for every version, whether or not it can be run.
    return [path for path in found if "shims" not in path]


def test_an_old_python_gets_a_sentence_and_not_a_traceback() -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python older than 3.10 on this machine to try start.py with")
    for python in pythons:
        result = subprocess.run(
            [python, str(ROOT / "start.py"), "--help"],
            capture_output=True,
            encoding="utf-8",
        )
        assert result.returncode != 0
        assert "Python 3.10 or newer is needed".lower() in result.stderr.lower(), result.stderr
        assert "Traceback" not in result.stderr
        if "2.7" not in python:
            assert len(result.stderr.splitlines()) == 1, result.stderr


@pytest.mark.parametrize("found", [(2, 7, 18), (3, 9, 18)])
def test_the_sentence_names_the_version_found(found: tuple[int, ...]) -> None:
    assert f"this is Python {found[0]}.{found[1]}" in start.too_old(found)


@pytest.mark.parametrize("found", [(3, 10, 0), (3, 13, 0), (4, 0, 0)])
def test_a_new_enough_python_is_let_in(found: tuple[int, ...]) -> None:
    assert start.too_old(found) == ""


# --- Set up once, and wholly


def test_a_second_setup_runs_nothing(project) -> None:
    set_up(project, ("course",), Commands())
    second = Commands()
    set_up(project, ("course",), second)
    assert second.ran == []


def test_the_real_second_run_prints_nothing(project) -> None:
    set_up(project, ("course",), Commands())
    shutil.copy(ROOT / "start.py", project.root)
    result = subprocess.run(
        [sys.executable, str(project.root / "start.py"), "setup"],
        capture_output=True,
        encoding="utf-8",
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_changed_pins_are_installed_into_the_same_environment(project) -> None:
    set_up(project, ("course",), Commands())
    project.pyproject.write_text(PYPROJECT + "# changed\n")
    commands = Commands()
    set_up(project, ("course",), commands)
    assert commands.installs == [".[course]"]
    assert commands.environments == 0


def test_tests_add_what_they_need_and_lessons_do_not_take_it_away(project) -> None:
    set_up(project, ("course",), Commands())
    commands = Commands()
    set_up(project, ("course", "development"), commands)
    assert commands.installs == [".[course,development]"]

    fewer = Commands()
    set_up(project, ("course",), fewer)
    assert fewer.ran == []

    project.pyproject.write_text(PYPROJECT + "# changed\n")
    set_up(project, ("course",), changed := Commands())
    assert changed.installs == [".[course,development]"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit()])
def test_an_interrupted_setup_is_completed_by_the_next(project, interruption) -> None:
    with pytest.raises(type(interruption)):
        set_up(project, ("course",), Commands(then=interruption))
    half_installed = project.venv / "lib" / "half-installed"
    half_installed.parent.mkdir()
    half_installed.write_text("")

    commands = Commands()
    set_up(project, ("course",), commands)
    assert commands.environments == 1
    assert commands.installs == [".[course]"]
    assert not half_installed.exists()
    set_up(project, ("course",), third := Commands())
    assert third.ran == []


def test_an_interrupted_change_of_pins_does_not_pass_for_the_old_ones(project) -> None:
    set_up(project, ("course",), Commands())
    project.pyproject.write_text(PYPROJECT + "# changed\n")
    with pytest.raises(KeyboardInterrupt):
        set_up(project, ("course",), Commands(then=KeyboardInterrupt()))
    project.pyproject.write_text(PYPROJECT)
    set_up(project, ("course",), commands := Commands())
    assert commands.environments == 1


def test_a_failed_change_of_pins_keeps_the_environment(project) -> None:
    set_up(project, ("course",), Commands())
    project.pyproject.write_text(PYPROJECT + "# changed\n")
    with pytest.raises(start.Stop):
        set_up(project, ("course",), Commands(status=1))
    set_up(project, ("course",), commands := Commands())
    assert commands.environments == 0
    assert commands.installs == [".[course]"]


def test_a_moved_folder_is_set_up_anew(project, tmp_path: Path) -> None:
    set_up(project, ("course",), Commands())
    moved = tmp_path.with_name(tmp_path.name + "-moved")
    project.root.rename(moved)
    set_up(start.Project(moved), ("course",), commands := Commands())
    assert commands.environments == 1


def test_a_python_that_was_removed_is_replaced(project, capsys) -> None:
    set_up(project, ("course",), Commands())
    project.python.unlink()
    project.python.symlink_to(project.root / "no-longer-there")
    set_up(project, ("course",), commands := Commands())
    assert commands.environments == 1
    assert "is gone" in capsys.readouterr().out


def test_another_python_makes_the_environment_anew() -> None:
    stamp = start.Stamp("/course", "digest", ("course",))
    step, why = start.plan(stamp, stamp, "3.10", "3.12")
    assert step is start.Step.ANEW
    assert "3.10" in why
    assert "3.12" in why


def test_an_environment_of_the_users_own_is_never_emptied(project) -> None:
    project.scripts.mkdir(parents=True)
    with pytest.raises(start.Stop, match=r"was not made by start\.py and does not run"):
        set_up(project, ("course",), Commands())

    project.python.symlink_to(sys.executable)
    own = project.venv / "own"
    own.write_text("")
    with pytest.raises(KeyboardInterrupt):
        set_up(project, ("course",), Commands(then=KeyboardInterrupt()))
    set_up(project, ("course",), commands := Commands())
    assert own.exists()
    assert commands.environments == 0


# --- torch without CUDA


def test_a_linux_without_gpu_gets_the_cpu_build_first(project) -> None:
    commands = Commands()
    set_up(project, ("course",), commands, cpu_index=True)
    torch, course = (command for command in commands.ran if "install" in command)
    assert torch[-3:] == ["--index-url", start.CPU_INDEX, "torch==9.9.9"]
    assert course[-2:] == ["--editable", ".[course]"]


@pytest.mark.parametrize(
    ("machine", "cpu_index"),
    [
        (LINUX, False),
        (LINUX._replace(nvidia=True), True),
        (LINUX._replace(system="Darwin"), True),
        (LINUX._replace(system="Windows"), True),
    ],
    ids=["index does not answer", "there is a GPU", "macOS", "Windows"],
)
def test_elsewhere_pip_chooses_the_build(project, machine, cpu_index) -> None:
    set_up(project, ("course",), commands := Commands(), machine, cpu_index)
    assert commands.installs == [".[course]"]


def test_the_pin_is_the_one_of_the_project() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{start.torch_pin(pyproject)}"' in pyproject
    with pytest.raises(start.Stop):
        start.torch_pin('dependencies = ["numpy==2.0"]')


# --- One sentence when something is wrong


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: Could not find a version that satisfies torch==9.9.9 (from versions: none)\n"
            "ERROR: No matching distribution found for torch==9.9.9",
            "could not reach the package index: check the network",
        ),
        (
            "ERROR: Could not find a version that satisfies torch==9.9.9 (from versions: 1.0)\n"
            "ERROR: No matching distribution found for torch==9.9.9",
            f"no torch==9.9.9 for Python {RUNNING}",
        ),
        ("ERROR: Failed building wheel for something", "lines above say why"),
    ],
)
def test_what_pip_writes_becomes_one_sentence(project, log: str, sentence: str) -> None:
    with pytest.raises(start.Stop, match=sentence) as stop:
        set_up(project, ("course",), Commands(status=1, log=log))
    assert "\n" not in str(stop.value)


def test_pip_without_a_network_ends_in_the_sentence(project) -> None:
    """The real pip, so that its words are known and not guessed."""
    shutil.copy(ROOT / "start.py", project.root)
    nowhere = "http://127.0.0.1:9"
    settings = {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    result = subprocess.run(
        [sys.executable, str(project.root / "start.py"), "setup"],
        env={**kept, **settings, "https_proxy": nowhere},
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 1
    assert "could not reach the package index" in result.stderr.splitlines()[-1], result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("nvidia", "free"), [(False, 10**9), (True, 5 * 10**9)])
def test_too_little_room_is_said_before_anything_is_made(project, nvidia: bool, free: int) -> None:
    machine = LINUX._replace(nvidia=nvidia, free=free)
    commands = Commands()
    with pytest.raises(start.Stop, match=rf"{free / 10**9:.1f} GB are free in .* make room"):
        set_up(project, ("course",), commands, machine)
    assert commands.ran == []
    assert not project.venv.exists()


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_the_package(missing: str) -> None:
    with pytest.raises(start.Stop, match=rf"sudo apt install python{RUNNING}-venv"):
        start.check_venv_module(lambda name: None if name == missing else object())


def test_a_folder_that_cannot_be_written_is_named(project) -> None:
    error = PermissionError(13, "Permission denied", "/usr/share/course/.venv")
    assert "/usr/share/course/.venv cannot be written" in start.file_problem(error, project)
    assert "disk is full" in start.file_problem(OSError(28, "No space left"), project)


class Asking:
    """Stands in for JupyterLab, which Ctrl-C makes ask, and which ends at the second one."""

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.waits = 0

    def wait(self) -> None:
        self.waits += 1
        if self.waits < 3:
            raise KeyboardInterrupt
        self.returncode = 0


def test_ctrl_c_leaves_a_command_the_time_to_end_in_its_own_way() -> None:
    process = Asking()
    assert start.wait_for(process)
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals between processes are POSIX's")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_command_and_then_in_one_sentence(project, name: str) -> None:
    child = (
        "import os, signal\n"
        "def end(*_):\n"
        "    print('the command ended', flush=True)\n"
        "    raise SystemExit(0)\n"
        f"signal.signal(signal.{name}, end)\n"
        # A terminal sends Ctrl-C to both; `kill` goes to start.py alone.
        + {"SIGINT": "os.killpg(0, signal.SIGINT)", "SIGTERM": "os.kill(os.getppid(), 15)"}[name]
        + "\nsignal.pause()\n"
    )
    parent = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import start\n"
        "start.dispatch = lambda project, _: start.run(\n"
        f"    [sys.executable, '-c', {child!r}], project)\n"
        "sys.exit(start.main([]))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", parent],
        cwd=project.root,
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert result.returncode == 130
    assert result.stdout == "the command ended\n"
    assert result.stderr == "Stopped: the same command goes on from here.\n"


# --- What the command line asks for


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What the command line was taken to mean."""
    calls: list[tuple] = []

    def record(name: str) -> Callable[..., int]:
        def act(project, wanted, *_, **__) -> int:
            calls.append((name, wanted))
            return 7

        return act

    for name in ("set_up", "open_lab", "run_chalk", "run_tests"):
        monkeypatch.setattr(start, name, record(name))
    for name in ("sandbox_part", "cuda_part"):
        monkeypatch.setattr(start, name, lambda *_: None)
    return calls


@pytest.mark.parametrize(
    ("arguments", "last", "status"),
    [
        ([], ("open_lab", []), 7),
        (["--no-browser", "--port", "9"], ("open_lab", ["--no-browser", "--port", "9"]), 7),
        (["setup"], ("set_up", ("course",)), 0),
        (["grade", "submitted/"], ("run_chalk", ["grade", "submitted/"]), 7),
        (["lab"], ("run_chalk", ["lab"]), 7),
    ],
)
def test_each_command_line_goes_where_it_belongs(project, asked, arguments, last, status) -> None:
    assert start.dispatch(project, arguments) == status
    assert asked[0] == ("set_up", ("course",))
    assert asked[-1] == last


def test_help_sets_nothing_up(project, asked, capsys) -> None:
    assert start.dispatch(project, ["--help"]) == 0
    assert asked == []
    assert "start.py test" in capsys.readouterr().out


def test_pytest_arguments_reach_pytest_and_nothing_else(project) -> None:
    commands = Commands()
    assert start.run_tests(project, [], ["-k", "slope"], strict=True, run=commands) == 0
    names = [command[2] for command in commands.ran]
    assert names == ["ruff", "ruff", "pyright", "pytest"]
    assert [command[3:] for command in commands.ran if "-k" in command] == [["-k", "slope"]]


def test_one_failure_does_not_hide_another(project) -> None:
    commands = Commands(status=1)
    with pytest.raises(start.Stop, match="ruff check, ruff format, pyright, pytest"):
        start.run_tests(project, [], [], strict=False, run=commands)
    assert len(commands.ran) == 4


def test_only_in_ci_a_missing_part_is_a_failure_and_cuda_never(project, capsys) -> None:
    browser = start.browser_part("Linux", find=lambda name: None)
    cuda = start.Part("CUDA device", False, "nothing is compared on CUDA", "a GPU")
    start.run_tests(project, [browser, cuda], [], strict=False, run=Commands())
    said = capsys.readouterr().out.splitlines()
    assert any("Chromium" in line and "sudo apt-get install chromium" in line for line in said)
    assert any("CUDA device" in line for line in said)

    with pytest.raises(start.Stop, match=r"Not in order: Chromium\.$"):
        start.run_tests(project, [browser, cuda], [], strict=True, run=Commands())


def test_a_kit_says_that_it_has_no_tests(project, asked) -> None:
    with pytest.raises(start.Stop, match="has no tests"):
        start.dispatch(project, ["test"])
    assert asked == []


def test_the_lab_opens_the_welcome_lesson_where_there_is_one(project, capsys) -> None:
    start.open_lab(project, [], folder := Commands())
    assert "is not here" in capsys.readouterr().out
    assert not any("default_url" in part for part in folder.ran[0])

    lesson = project.root / start.WELCOME
    lesson.parent.mkdir(parents=True)
    lesson.write_text("{}")
    start.open_lab(project, ["--port", "9"], lab := Commands())
    assert f"--LabApp.default_url=/lab/tree/{start.WELCOME}" in lab.ran[0]
    assert lab.ran[0][-2:] == ["--port", "9"]


def test_commands_find_the_environment_first_on_path(project) -> None:
    """nbgrader starts `alembic` by its bare name, and fails where it is not on PATH."""
    variables = project.environment()
    assert variables["PATH"].split(os.pathsep)[0] == str(project.scripts)
    assert "PYTHONHOME" not in variables


def test_the_sandbox_part_says_what_the_grader_says(tmp_path: Path) -> None:
    project = start.Project(tmp_path)
    project.venv.symlink_to(sys.prefix)
    try:
        try_sandbox()
    except SandboxError as error:
        found, remedy = False, error.remedy
    else:
        found, remedy = True, ""
    part = start.sandbox_part(project)
    assert (part.found, part.remedy) == (found, remedy)


def test_a_part_that_is_missing_tells_how_to_get_it(project) -> None:
    set_up(project, ("course",), Commands())
    assert start.ask(project, "import sys; print('x'); sys.exit('do this')") == (1, "do this")
    assert start.ask(project, "print('x')") == (0, "")


# --- conda


def test_environment_yml_agrees_with_pyproject() -> None:
    """No version stands in both files, so none can differ: conda gets the pins from pyproject."""
    lines = [
        line.strip().removeprefix("- ")
        for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    name = re.search(r'^name = "(.+)"$', pyproject, re.MULTILINE)
    assert name is not None
    assert f"name: {name.group(1)}" in lines

    pinned = [line for line in lines if "=" in line]
    assert len(pinned) == 1
    version = re.fullmatch(r"python=(\d+)\.(\d+)", pinned[0])
    assert version is not None
    assert start.too_old(tuple(map(int, version.groups()))) == ""

    assert f"--extra-index-url {start.CPU_INDEX}" in lines
    assert f"--editable .[{','.join(start.COURSE)}]" in lines
    for extra in start.DEVELOPMENT:
        assert re.search(rf"^{extra} = \[$", pyproject, re.MULTILINE)


def test_the_oldest_python_is_the_one_that_pyproject_names() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">={}.{}"'.format(*start.OLDEST) in pyproject


def test_a_stamp_that_cannot_be_read_means_unfinished(project) -> None:
    project.venv.mkdir()
    for text in ("", "[]", "{}", json.dumps({"root": 1})):
        project.stamp.write_text(text)
        assert start.read_stamp(project) == start.UNFINISHED


def test_set_up_lets_jupyter_save_widgets_and_print_pictures(project) -> None:
    """Else what was moved in a widget is lost with the kernel, and a page without one is empty."""
    set_up(project, ["course"], Commands())
    settings = project.venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    widgets = json.loads(settings.read_text())["@jupyter-widgets/jupyterlab-manager:plugin"]
    assert widgets == {"saveState": True}
    pages = json.loads((project.venv / "etc/jupyter/jupyter_nbconvert_config.json").read_text())
    assert not any("widget" in kind for kind in pages["NbConvertBase"]["display_data_priority"])
