"""Makes the instructor's guide from the exercises: rubrics, answers, what learners get wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2

from autograder.course_table import CourseTable, Lesson
from autograder.exercise import Exercise, WrittenExercise
from autograder.releasing.lesson import author_solutions
from autograder.releasing.lint import SoundLesson


@dataclass(frozen=True)
class LessonGuide:
    """What an instructor is told of a lesson; `answers` are the author's, by exercise."""

    lesson: Lesson
    checked: tuple[Exercise, ...]
    written: tuple[WrittenExercise, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class SectionGuide:
    """A section's title, and its lessons that are written."""

    title: str
    lessons: tuple[LessonGuide, ...]


def guide_text(table: CourseTable, lessons: Sequence[SoundLesson]) -> str:
    """Return the guide to some lessons, as Markdown."""
    sections = [
        SectionGuide(
            section.title,
            tuple(_guide(item) for item in lessons if item.lesson.section == section.folder),
        )
        for section in table.sections
    ]
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # it is Markdown, and our own
    )
    found = [section for section in sections if section.lessons]
    return environment.get_template("guide.md.j2").render(sections=found)


def _guide(item: SoundLesson) -> LessonGuide:
    exercises = item.exercises.values()
    return LessonGuide(
        item.lesson,
        tuple(exercise for exercise in exercises if isinstance(exercise, Exercise)),
        tuple(exercise for exercise in exercises if isinstance(exercise, WrittenExercise)),
        author_solutions(item.text),
    )
