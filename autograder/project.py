"""Finds the project on the disk, so that everything else is told where it works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course_table import THREAD, CourseTable, Lesson, Section, read_course_table
from autograder.errors import ChalkError


@dataclass(frozen=True)
class Project:
    """A folder with a course in it, and the places in it."""

    root: Path

    @property
    def course(self) -> Path:
        """The folder of the lessons' sources."""
        return self.root / "course"

    @property
    def thread(self) -> Path:
        """The folder of the engine that students build, as each section has finished it."""
        return self.course / THREAD

    @property
    def notebooks(self) -> Path:
        """The folder of the released notebooks."""
        return self.root / "notebooks"

    def table(self) -> CourseTable:
        """Read `course/course.toml`."""
        return read_course_table(self.course / "course.toml")

    def section_folder(self, section: Section) -> Path:
        """Return the folder of a section, which holds a folder for each lesson."""
        return self.course / section.folder

    def lesson_folder(self, lesson: Lesson) -> Path:
        """Return the folder of a lesson: its text, its exercises, its questions."""
        return self.course / lesson.section / lesson.name

    def source(self, lesson: Lesson) -> Path:
        """Return where the author's text of a lesson is."""
        return self.lesson_folder(lesson) / "lesson.py"

    def notebook_path(self, lesson: Lesson) -> Path:
        """Return where the released notebook of a lesson is."""
        return self.notebooks / lesson.assignment / f"{lesson.notebook}.ipynb"


def find_project(start: Path | None = None) -> Project:
    """Return the project around a folder (the current one), else the one this package is part of.

    Raises:
        ChalkError: there is no `course/course.toml` in any of them.
    """
    start = (start or Path.cwd()).resolve()
    ours = Path(__file__).resolve().parent.parent
    for folder in (start, *start.parents, ours):
        if (folder / "course" / "course.toml").is_file():
            return Project(folder)
    raise ChalkError(
        f"There is no course/course.toml in {start} or above it: "
        "go to the folder of the course and run the same command there."
    )
