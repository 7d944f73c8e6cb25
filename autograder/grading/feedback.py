"""The feedback page: a student's whole page for one notebook, to be read without a network."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.exercise import WrittenExercise
from autograder.grading.grade import Lesson
from autograder.grading.submission import Submission
from autograder.page import templates
from autograder.verdict import Verdict


def feedback_page(
    title: str,
    student: str,
    lesson: Lesson,
    submission: Submission | None = None,
    verdicts: Iterable[Verdict] = (),
    remarks: Iterable[str] = (),
    problem: str = "",
) -> str:
    """Return a student's whole page for one notebook: their code, and the reply to each answer.

    Where the file could not be graded, `problem` says why and there is no submission.
    """
    answers = submission.answers if submission else {}
    rows = [
        {"verdict": verdict, "source": answers.get(verdict.exercise, "")} for verdict in verdicts
    ]
    written = [
        {"title": exercise.title, "points": exercise.points, "text": answers[name]}
        for name in lesson.master.with_role("written")
        for exercise in [lesson.exercises[name]]
        if isinstance(exercise, WrittenExercise) and name in answers
    ]
    return (
        templates()
        .get_template("feedback.html.j2")
        .render(
            title=title,
            student=student,
            rows=rows,
            written=written,
            remarks=list(remarks),
            problem=problem,
            points=sum(row["verdict"].points for row in rows),
            worth=sum(exercise.points for exercise in lesson.checked()),
        )
    )
