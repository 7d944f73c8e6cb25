"""Finds what is wrong in a course before anything is released, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course_table import THREAD, CourseTable, Lesson, Section
from autograder.errors import Problem, SourceError, line_holding, shown
from autograder.exercise import Exercise
from autograder.lesson_folder import (
    AnyExercise,
    line_of_exercise,
    line_of_question,
    load_exercises,
    load_question_ids,
    other_answers,
)
from autograder.project import Project
from autograder.releasing.lesson import LessonCell, LessonText, Role, parse_lesson
from autograder.releasing.lesson_lint import lesson_problems
from autograder.releasing.questions_lint import question_problems
from autograder.releasing.thread_lint import thread_problems


@dataclass(frozen=True)
class SoundLesson:
    """A lesson in which nothing is wrong, with its exercises."""

    lesson: Lesson
    text: LessonText
    exercises: Mapping[str, AnyExercise]


def read_sound(project: Project, table: CourseTable) -> tuple[SoundLesson, ...]:
    """Read all written lessons of a table.

    Raises:
        SourceError: something is wrong in one of them, or in what lies beside them.
    """
    problems = list(_folder_problems(project))
    lessons = []
    for section in table.sections:
        problems += _lesson_folder_problems(project, section)
        for lesson in section.lessons:
            if not lesson.planned and project.source(lesson).exists():
                sound, found = _read_lesson(project, lesson)
                lessons += sound
                problems += found
    folders = [project.lesson_folder(lesson) for lesson in table.written]
    problems += _shared_id_problems(folders)
    problems += thread_problems(project, [item.text for item in lessons])
    if problems:
        raise SourceError(problems)
    return tuple(lessons)


# --- Folders against course.toml


def _folder_problems(project: Project) -> Iterator[Problem]:
    listed = {THREAD, *(section.folder for section in project.table().sections)}
    for folder in _folders_with_code(project.course):
        if folder.name not in listed:
            yield Problem(
                folder, 0, "course.toml does not list this section; add it there, or move it away."
            )


def _lesson_folder_problems(project: Project, section: Section) -> Iterator[Problem]:
    lessons = {lesson.name: lesson for lesson in section.lessons}
    for folder in _folders_with_code(project.section_folder(section)):
        lesson = lessons.get(folder.name)
        if lesson is None:
            sentence = "course.toml does not list this lesson; add it there, or move it away."
            yield Problem(folder, 0, sentence)
        elif lesson.planned:
            sentence = "course.toml calls this lesson planned; take `planned = true` away there."
            yield Problem(folder, 0, sentence)
    for lesson in section.lessons:
        if not lesson.planned and not project.source(lesson).exists():
            table = project.course / "course.toml"
            sentence = (
                f"There is no {shown(project.source(lesson))}; write it, or add `planned = true`."
            )
            yield Problem(table, line_holding(table, f'name = "{lesson.name}"'), sentence)


def _folders_with_code(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and any(path.glob("*.py")):
            yield path


# --- Ids, which are the course's

_KINDS = {"exercise": "an exercise", "predict": "a prediction", "quiz": "a quiz"}


def _shared_id_problems(folders: Iterable[Path]) -> Iterator[Problem]:
    """Yield the ids that two lessons use: what is answered, and graded, is found by its id.

    A lesson whose exercises or questions cannot be loaded is passed over; that is said elsewhere.
    """
    first: dict[tuple[str, str], Path] = {}
    for folder in folders:
        try:
            found = [("exercise", identity) for identity in load_exercises(folder)]
            found += sorted(load_question_ids(folder))
        except SourceError:
            continue
        for kind, identity in found:
            is_exercise = kind == "exercise"
            path = folder / ("exercises.py" if is_exercise else "questions.py")
            other = first.setdefault((kind, identity), path)
            if other != path:
                yield Problem(
                    path,
                    (line_of_exercise if is_exercise else line_of_question)(folder, identity),
                    f"{shown(other)} has {_KINDS[kind]} {identity!r} too, and answers are kept by "
                    "id; give this one another.",
                )


# --- One lesson


def _read_lesson(project: Project, lesson: Lesson) -> tuple[list[SoundLesson], list[Problem]]:
    folder = project.lesson_folder(lesson)
    text, found = parse_lesson(project.source(lesson))
    problems = [*found, *lesson_problems(text, understood=not found)]
    try:
        problems += question_problems(text)
    except SourceError as error:
        problems += error.problems
    try:
        exercises = load_exercises(folder)
        problems += _exercise_problems(folder, exercises, text)
        problems += _other_answer_problems(folder, exercises)
    except SourceError as error:
        return [], [*problems, *error.problems]
    return [SoundLesson(lesson, text, exercises)], problems


@dataclass(frozen=True)
class _Place:
    """A cell and the lesson that it is in."""

    path: Path
    cell: LessonCell

    def problem(self, sentence: str) -> Problem:
        return Problem(self.path, self.cell.line, sentence)

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.cell.line}"


def _exercise_problems(
    folder: Path, exercises: Mapping[str, AnyExercise], text: LessonText
) -> Iterator[Problem]:
    places: dict[tuple[str, str], _Place] = {}
    for cell in text.cells:
        if cell.exercise is None:
            continue
        place = _Place(text.path, cell)
        first = places.setdefault((cell.role, cell.exercise), place)
        if first is not place:
            yield place.problem(
                f"{cell.exercise!r} has its {cell.role} cell at {first}; "
                "give this one another id, or take one of the two away."
            )
        yield from _misfit(folder, exercises.get(cell.exercise), place)
    for exercise in exercises.values():
        wanted: tuple[Role, ...] = (
            ("answer", "check") if isinstance(exercise, Exercise) else ("written",)
        )
        found = [places[role, exercise.id] for role in wanted if (role, exercise.id) in places]
        missing = [role for role in wanted if (role, exercise.id) not in places]
        for role in missing:
            sentence = f'Exercise {exercise.id!r} has no cell with {role}="{exercise.id}".'
            at_exercise = Problem(
                folder / "exercises.py", line_of_exercise(folder, exercise.id), sentence
            )
            yield found[0].problem(sentence) if found else at_exercise
        if len(wanted) == len(found) == 2:
            yield from _order_problems(*found)


def _misfit(folder: Path, exercise: AnyExercise | None, place: _Place) -> Iterator[Problem]:
    cell = place.cell
    if exercise is None:
        file = shown(folder / "exercises.py")
        yield place.problem(f"There is no exercise {cell.exercise!r} in {file}.")
    elif isinstance(exercise, Exercise) != (cell.role != "written"):
        how = "code" if isinstance(exercise, Exercise) else "words"
        use = "answer= and check=" if isinstance(exercise, Exercise) else "written="
        yield place.problem(
            f"Exercise {exercise.id!r} is answered in {how}; its cells are those with {use}."
        )


def _order_problems(answer: _Place, check: _Place) -> Iterator[Problem]:
    if answer.cell.line > check.cell.line:
        yield check.problem(
            f"The check of {check.cell.exercise!r} comes before its answer cell at {answer}."
        )


def _other_answer_problems(folder: Path, exercises: Mapping[str, AnyExercise]) -> Iterator[Problem]:
    for answer in other_answers(folder):
        exercise = exercises.get(answer.exercise)
        if not isinstance(exercise, Exercise):
            sentence = f"There is no exercise {answer.exercise!r} that is answered in code."
            yield Problem(folder / "answers.py", answer.line, sentence)
        elif answer.hint and answer.hint not in {item.belief for item in exercise.mistakes}:
            sentence = f"No mistake of {answer.exercise!r} has the belief {answer.hint!r}."
            yield Problem(folder / "answers.py", answer.line, sentence)
