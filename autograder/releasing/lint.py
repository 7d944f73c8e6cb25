"""Finds what is wrong in a course before anything is released, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course_table import RESERVED, CourseTable, Lesson, Section
from autograder.errors import Problem, SourceError, line_holding, shown
from autograder.exercise import Exercise
from autograder.project import Project
from autograder.releasing.lesson import LessonCell, LessonText, Role, parse_lesson
from autograder.releasing.lesson_lint import lesson_problems
from autograder.releasing.questions_lint import question_problems, shared_id_problems
from autograder.section import AnyExercise, line_of_exercise, load_exercises, other_answers


@dataclass(frozen=True)
class SoundLesson:
    """A lesson in which nothing is wrong, with the exercises of its section."""

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
        problems += _file_problems(project, section)
        found, section_problems = _read_section(project, section)
        lessons += found
        problems += section_problems
    problems += shared_id_problems([project.section_folder(item) for item in table.sections])
    if problems:
        raise SourceError(problems)
    return tuple(lessons)


# --- Files against course.toml


def _folder_problems(project: Project) -> Iterator[Problem]:
    listed = {section.folder for section in project.table().sections}
    for folder in sorted(project.course.iterdir()):
        if folder.is_dir() and folder.name not in listed and any(folder.glob("*.py")):
            yield Problem(
                folder, 0, "course.toml does not list this section; add it there, or move it away."
            )


def _file_problems(project: Project, section: Section) -> Iterator[Problem]:
    lessons = {lesson.file: lesson for lesson in section.lessons}
    for path in sorted(project.section_folder(section).glob("*.py")):
        lesson = lessons.get(path.stem)
        if lesson is None and path.stem not in RESERVED:
            sentence = "course.toml does not list this lesson; add it there, or move it away."
            yield Problem(path, 0, sentence)
        elif lesson is not None and lesson.planned:
            sentence = "course.toml calls this lesson planned; take `planned = true` away there."
            yield Problem(path, 0, sentence)
    for lesson in section.lessons:
        if not lesson.planned and not project.source(lesson).exists():
            table = project.course / "course.toml"
            sentence = (
                f"There is no {shown(project.source(lesson))}; write it, or add `planned = true`."
            )
            yield Problem(table, line_holding(table, f'file = "{lesson.file}"'), sentence)


# --- One section


def _read_section(project: Project, section: Section) -> tuple[list[SoundLesson], list[Problem]]:
    folder = project.section_folder(section)
    problems: list[Problem] = []
    texts: list[tuple[Lesson, LessonText]] = []
    for lesson in section.lessons:
        if not lesson.planned and project.source(lesson).exists():
            text, found = parse_lesson(project.source(lesson))
            texts.append((lesson, text))
            problems += [*found, *lesson_problems(text, understood=not found)]
    complete = len(texts) == sum(not lesson.planned for lesson in section.lessons)
    try:
        problems += question_problems(folder, [text for _, text in texts], complete=complete)
    except SourceError as error:
        problems += error.problems
    try:
        exercises = load_exercises(folder)
        # What a missing lesson would hold must not be said to be missing one by one.
        if complete:
            problems += _exercise_problems(folder, exercises, [text for _, text in texts])
        problems += _other_answer_problems(folder, exercises)
    except SourceError as error:
        return [], [*problems, *error.problems]
    return [SoundLesson(lesson, text, exercises) for lesson, text in texts], problems


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
    folder: Path, exercises: Mapping[str, AnyExercise], texts: Sequence[LessonText]
) -> Iterator[Problem]:
    places: dict[tuple[str, str], _Place] = {}
    for text in texts:
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
    if answer.path != check.path:
        yield check.problem(
            f"The answer cell of {check.cell.exercise!r} is in another lesson, at {answer}."
        )
    elif answer.cell.line > check.cell.line:
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
