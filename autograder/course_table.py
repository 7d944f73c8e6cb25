"""Reads `course/course.toml`, the only list of sections and lessons."""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ChalkError

# The same library under the name that it has in this Python.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

_MODULE_NAME = re.compile(r"[a-z][a-z0-9_]*")
# The folder beside the sections that holds the engine of the course's thread, step by step.
THREAD = "my_tensor"

_LESSON_KEYS = {"name": str, "title": str, "minutes": int, "difficulty": int, "planned": bool}
_SECTION_KEYS = {"folder": str, "title": str, "lesson": list}


@dataclass(frozen=True)
class Lesson:
    """A lesson: a notebook of the assignment that its section is.

    `section` is its section's folder, and `name` its own in there. `number` is its place from 1,
    `minutes` what it takes a learner, `difficulty` runs from 1 to 3. A `planned` lesson has no
    folder yet.
    """

    section: str
    assignment: str
    number: int
    name: str
    title: str
    minutes: int
    difficulty: int
    planned: bool = False

    @property
    def id(self) -> str:
        """What the lesson is called in the whole course: "graphs/automatic_gradients"."""
        return f"{self.section}/{self.name}"

    @property
    def notebook(self) -> str:
        """The released notebook's name without its ending: "2_automatic_gradients"."""
        return f"{self.number}_{self.name}"


@dataclass(frozen=True)
class Section:
    """A section of the course, which nbgrader calls an assignment; `number` counts from 0."""

    folder: str
    number: int
    title: str
    lessons: tuple[Lesson, ...]

    @property
    def assignment(self) -> str:
        """The released folder's name: "2_graphs"."""
        return _assignment(self.number, self.folder)


@dataclass(frozen=True)
class CourseTable:
    """The sections in the order of the course."""

    sections: tuple[Section, ...]

    @property
    def written(self) -> tuple[Lesson, ...]:
        """The lessons that are written."""
        return tuple(
            lesson for section in self.sections for lesson in section.lessons if not lesson.planned
        )

    def section(self, name: str) -> Section:
        """Return the section of that folder ("graphs") or assignment ("2_graphs").

        Raises:
            ChalkError: there is none.
        """
        for section in self.sections:
            if name in (section.folder, section.assignment):
                return section
        known = ", ".join(section.folder for section in self.sections)
        raise ChalkError(f"The course has no section {name!r}; it has {known}.")

    def through(self, section: Section) -> CourseTable:
        """Return the table that ends with a section."""
        return CourseTable(self.sections[: section.number + 1])


def read_course_table(path: Path) -> CourseTable:
    """Read the table.

    Raises:
        ChalkError: the file is missing, is not TOML, or says what it must not.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ChalkError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChalkError(f"{path} is not TOML: {error}.") from error
    try:
        return _table(entries)
    except _Refused as refused:
        raise ChalkError(f"{path}: {refused}") from None


class _Refused(Exception):
    """Why the table cannot be taken as it is."""


def _table(entries: Mapping[str, Any]) -> CourseTable:
    _check_keys("The course", entries, {"section": list}, optional=())
    sections = tuple(_section(number, entry) for number, entry in enumerate(entries["section"]))
    _check_unique("sections have the folder", (section.folder for section in sections))
    return CourseTable(sections)


def _section(number: int, entry: Mapping[str, Any]) -> Section:
    _check_keys(f"Section {number}", entry, _SECTION_KEYS, optional=())
    folder = _module_name(f"Section {number}", "folder", entry["folder"])
    if folder == THREAD:
        raise _Refused(f"Section {number}: {THREAD} is not a section; give it another folder.")
    lessons = tuple(
        _lesson(folder, _assignment(number, folder), place, lesson)
        for place, lesson in enumerate(entry["lesson"], start=1)
    )
    _check_unique(f"lessons of {folder} have the name", (lesson.name for lesson in lessons))
    return Section(folder, number, entry["title"], lessons)


def _lesson(folder: str, assignment: str, number: int, entry: Mapping[str, Any]) -> Lesson:
    who = f"Lesson {number} of {folder}"
    _check_keys(who, entry, _LESSON_KEYS, optional=("planned",))
    name = _module_name(who, "name", entry["name"])
    if entry["difficulty"] not in (1, 2, 3):
        raise _Refused(f"{who}: difficulty is 1, 2 or 3, not {entry['difficulty']}.")
    if entry["minutes"] <= 0:
        raise _Refused(f"{who}: minutes is a positive number, not {entry['minutes']}.")
    return Lesson(
        folder,
        assignment,
        number,
        name,
        entry["title"],
        entry["minutes"],
        entry["difficulty"],
        entry.get("planned", False),
    )


def _assignment(number: int, folder: str) -> str:
    return f"{number}_{folder}"


def _check_keys(
    who: str, entry: object, kinds: Mapping[str, type], optional: tuple[str, ...]
) -> None:
    if not isinstance(entry, Mapping):
        raise _Refused(f"{who} is not a table; begin it with [[section]] or [[section.lesson]].")
    for key, value in entry.items():
        if key not in kinds:
            raise _Refused(f"{who} has an unknown key {key!r}; known are {', '.join(kinds)}.")
        if type(value) is not kinds[key]:
            raise _Refused(f"{who}: {key} is to be of type {kinds[key].__name__}, not {value!r}.")
    for key in kinds:
        if key not in entry and key not in optional:
            raise _Refused(f"{who} has no {key!r}.")


def _module_name(who: str, key: str, name: str) -> str:
    if not _MODULE_NAME.fullmatch(name):
        raise _Refused(
            f"{who}: {key} {name!r} is not a Python module's name (small letters, digits and "
            "underscores, a letter first)."
        )
    return name


def _check_unique(what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise _Refused(f"{times} {what} {name!r}; each is to have its own.")
