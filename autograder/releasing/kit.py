"""Makes the kit: the folder or zip file that students get for the sections that are out."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from autograder.course_table import THREAD, CourseTable, Section
from autograder.errors import ChalkError, shown
from autograder.lesson_folder import other_answers
from autograder.project import Project
from autograder.releasing.leaks import Secret, find_leaks, right_answers_of, solutions_of
from autograder.releasing.lint import SoundLesson

NAME = "understanding-tensors"

# What the kit takes from the project as it is; `start.py` needs all of it to set up.
_FILES = ("start.py", "pyproject.toml", "environment.yml", "LICENSE")
_PACKAGES = ("src", "autograder")
_COURSE_FILES = ("__init__.py", "course.toml", "glossary.md")
_LESSON_FILES = ("__init__.py", "exercises.py", "asks.py", "questions.py")

# The first moment that a zip file can name: one and the same makes the same file each time.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3

_README = """\
# Understanding Tensors

A course on PyTorch tensors and automatic differentiation, to work through in Jupyter.

You need Python 3.10 or newer and the network. In this folder:

```
python3 start.py
```

(On Windows: `py start.py`.) The first time it sets the course up here, in the folder `.venv`, which
takes a few minutes. Then it opens JupyterLab on the first lesson. The same command brings you back.

## What is here

{lessons}

Write your answers into the cells that say *your answer here* and run the `check(...)` under each:
it says at once whether the answer is right, and if not, why. Hand in the notebook as it is.

The other folders are the software of the course: `src/chalkgrad` is a small autograd engine,
written to be read.
"""


def make_kit(
    project: Project,
    table: CourseTable,
    lessons: Sequence[SoundLesson],
    notebooks: Mapping[Path, str],
    path: Path | None = None,
    *,
    as_zip: bool = False,
) -> Path:
    """Make the kit of a table's sections and return where it is; `kit/` unless given.

    Raises:
        ChalkError: the path is taken, a file is missing, or a solution would go out with it.
    """
    as_zip = as_zip or (path is not None and path.suffix == ".zip")
    path = path or project.root / "kit" / (f"{NAME}.zip" if as_zip else NAME)
    if path.exists() or path.is_symlink():
        raise ChalkError(
            f"{shown(path)} is there already: move it away, or give the kit another path."
        )
    files = kit_files(project, table, notebooks)
    check_for_leaks(project, table, lessons, files)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and moved there whole, so that no half a kit is ever handed out.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kit-") as folder:
        half = Path(folder) / "kit"
        _write_zip(half, files) if as_zip else _write_folder(half, files)
        shutil.move(half, path)
    return path


def kit_files(
    project: Project, table: CourseTable, notebooks: Mapping[Path, str]
) -> Mapping[str, bytes]:
    """Return the content of a kit's files by their path in it, in order.

    `notebooks` are the texts of the released notebooks by their path in the project.

    Raises:
        ChalkError: the project lacks one of the files.
    """
    paths = [project.root / name for name in _FILES]
    paths += [project.course / name for name in _COURSE_FILES]
    for name in _PACKAGES:
        paths += _package_files(project.root / name)
    folders = [project.lesson_folder(lesson) for lesson in table.written]
    optional = [project.section_folder(section) / "__init__.py" for section in table.sections]
    optional += [folder / name for folder in folders for name in _LESSON_FILES]
    # A section's step is its solution: it comes with the section after it.
    steps = ("__init__", *(section.folder for section in table.sections[:-1]))
    optional += [project.thread / f"{step}.py" for step in steps]
    paths += [path for path in optional if path.exists()]
    files = {_name(project, path): _content(path) for path in paths}
    files |= {_name(project, path): text.encode() for path, text in notebooks.items()}
    files["README.md"] = _README.format(lessons=_lessons(table)).encode()
    return dict(sorted(files.items()))


def check_for_leaks(
    project: Project,
    table: CourseTable,
    lessons: Sequence[SoundLesson],
    files: Mapping[str, bytes],
) -> None:
    """Raise ChalkError where a file gives a solution of these lessons away.

    A later section may show what an earlier one asked, as a later chapter of a book does.
    """
    secrets: list[Secret] = []
    for item in lessons:
        others = other_answers(project.lesson_folder(item.lesson))
        later = _files_of_later_sections(table, table.section(item.lesson.section))
        found = (*solutions_of(item), *right_answers_of(others))
        secrets += [replace(secret, told_in=later) for secret in found]
    leaks = find_leaks(files, secrets)
    if leaks:
        raise ChalkError(
            "The kit would give solutions away, so it is not made:\n"
            + "\n".join(str(leak) for leak in leaks)
        )


def _files_of_later_sections(table: CourseTable, section: Section) -> tuple[str, ...]:
    """Return how the paths of files begin that come out after a section, its own step included."""
    later = table.sections[section.number + 1 :]
    folders = [f"{place}/" for it in later for place in (f"course/{it.folder}", _released(it))]
    steps = [f"course/{THREAD}/{it.folder}.py" for it in (section, *later)]
    return (*folders, *steps)


def _released(section: Section) -> str:
    return f"notebooks/{section.assignment}"


def read_kit(path: Path) -> Mapping[str, bytes]:
    """Return the content of the files of a kit, folder or zip, by their path in it."""
    if path.is_dir():
        found = (file for file in sorted(path.rglob("*")) if file.is_file())
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    with zipfile.ZipFile(path) as archive:
        return {
            PurePosixPath(*PurePosixPath(name).parts[1:]).as_posix(): archive.read(name)
            for name in archive.namelist()
        }


def _package_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        made = any(
            part.startswith(".") or part == "__pycache__" or part.endswith(".egg-info")
            for part in path.relative_to(folder).parts
        )
        if path.is_file() and not made:
            yield path


def _name(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ChalkError(f"{shown(path)} is missing, and a kit needs it.") from None


def _lessons(table: CourseTable) -> str:
    return "\n".join(
        f"- `notebooks/{lesson.assignment}/{lesson.notebook}.ipynb`: {lesson.title}, "
        f"about {lesson.minutes} minutes"
        for lesson in table.written
    )


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", date_time=_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
