"""What all lessons share (`course/README.md`), so that twenty of them read as one course."""

from __future__ import annotations

import ast
import dis
import importlib
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from autograder.course_table import Lesson
from autograder.exercise import Exercise
from autograder.lesson_folder import QUESTION_BANKS, load_exercises
from autograder.project import find_project
from autograder.releasing.lesson import LessonCell, LessonText, parsed, read_lesson
from autograder.releasing.solution import complete
from benchmarks.prose import markdown, sentences, words
from chalkboard import Choice, Choices

PROJECT = find_project()
WRITTEN = PROJECT.table().written
# In the welcome nothing is taught, so there is nothing to ask at its end.
TEACHING = tuple(lesson for lesson in WRITTEN if lesson.section != "welcome")

WIDGETS = {
    "BackwardStepper",
    "BroadcastExplorer",
    "GradientExplorer",
    "Progress",
    "StrideExplorer",
    "SurfaceExplorer",
    "WeightKnobs",
}
MOST_CELLS_BETWEEN_THINGS_TO_DO = 5
MOST_WORDS_IN_A_SENTENCE = 35

lessons = pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
teaching_lessons = pytest.mark.parametrize("lesson", TEACHING, ids=lambda lesson: lesson.name)


def _text(lesson: Lesson) -> LessonText:
    return read_lesson(PROJECT.source(lesson))


def _headings(text: LessonText) -> list[tuple[int, str]]:
    unfenced = re.sub(r"(?ms)^```.*?^```", "", markdown(text))
    return [(len(marks), title) for marks, title in re.findall(r"(?m)^(#+) (.+)$", unfenced)]


@lessons
def test_title_and_minutes_are_those_of_the_table(lesson: Lesson) -> None:
    first = _text(lesson).cells[0].source
    assert first.startswith(f"# {lesson.title}\n")
    assert f"**{lesson.minutes} minutes" in first
    if lesson in TEACHING:
        assert f"difficulty {lesson.difficulty} of 3" in first
        assert "At the end you will be able to" in first


@lessons
def test_no_heading_level_is_skipped(lesson: Lesson) -> None:
    levels = [level for level, _ in _headings(_text(lesson))]
    assert levels.count(1) == 1
    assert all(now <= before + 1 for before, now in pairwise(levels))


@lessons
def test_sentences_are_short(lesson: Lesson) -> None:
    long = [
        sentence
        for sentence in sentences(markdown(_text(lesson)))
        if len(sentence.split()) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert long == []


@lessons
def test_nothing_is_fetched_from_the_network_to_be_shown(lesson: Lesson) -> None:
    assert not re.search(r"!\[[^\]]*\]\(|<img|<iframe|<script", markdown(_text(lesson)))


@lessons
def test_what_unfolds_is_closed_and_has_its_blank_lines(lesson: Lesson) -> None:
    """Without the blank line, Markdown inside is shown as it is typed."""
    text = markdown(_text(lesson))
    assert text.count("<details>") == text.count("</details>")
    assert text.count("<details>") == len(re.findall(r"</summary>\n\n", text))
    assert text.count("</details>") == len(re.findall(r"\n\n</details>", text))


@teaching_lessons
def test_there_is_always_something_to_do_soon(lesson: Lesson) -> None:
    passed = 0
    for cell in _text(lesson).cells:
        passed = 0 if _asks_for_something(cell) else passed + 1
        assert passed <= MOST_CELLS_BETWEEN_THINGS_TO_DO, cell.source


@teaching_lessons
def test_the_lesson_ends_as_every_lesson(lesson: Lesson) -> None:
    titles = [title for level, title in _headings(_text(lesson)) if level == 2]
    assert titles[-4:] == ["Quiz", "Checkpoint", "Take-aways", "Where next"]


@teaching_lessons
def test_the_quiz_is_short_and_comes_back_to_an_earlier_lesson(lesson: Lesson) -> None:
    """Lost, a quiz would be a second lesson, or ask only what was read a minute ago."""
    text = _text(lesson)
    (place,) = (n for n, cell in enumerate(text.cells) if "## Quiz" in cell.source)
    asked = _asked(text.cells[place + 1])
    assert [kind for kind, _ in asked] == ["quiz"]
    questions = _questions(lesson)[asked[0]]
    assert 3 <= len(questions) <= 5
    assert any(item.question.startswith("From two lessons ago") for item in questions)
    for item in questions:
        assert not isinstance(item, (Choice, Choices)) or len(item.wrong) >= 2


@teaching_lessons
def test_a_prediction_is_made_before_what_it_is_about(lesson: Lesson) -> None:
    """Lost, the explanation would be on the page before the learner has thought of an answer."""
    cells = _text(lesson).cells
    announced = [n for n, cell in enumerate(cells) if "**Predict.**" in cell.source]
    predicted = [n for n, cell in enumerate(cells) if _kinds_asked(cell) == ["predict"]]
    assert predicted == [n + 1 for n in announced]
    # Beneath it something is run, at once or after a word on how.
    assert all("code" in (cells[n + 1].kind, cells[n + 2].kind) for n in predicted)


@teaching_lessons
def test_what_a_question_says_is_short_too(lesson: Lesson) -> None:
    """Lost, the hints would grow longer than the lesson that they stand beside."""
    long = [
        sentence
        for questions in _questions(lesson).values()
        for question in questions
        for said in (question.question, question.because, *question.wrong.values())
        for sentence in sentences(said)
        if len(sentence.split()) > MOST_WORDS_IN_A_SENTENCE
    ]
    assert long == []


@lessons
def test_what_is_done_stands_at_the_end(lesson: Lesson) -> None:
    """Lost, a learner would not be told what is still open, and where to go."""
    *before, last = _text(lesson).cells
    assert "Progress(" in last.source
    assert "goal=" in last.source
    assert (f'"{lesson.id}"' in last.source) == (lesson in TEACHING)
    assert "## Where next" in before[-1].source


@lessons
def test_every_widget_has_a_goal(lesson: Lesson) -> None:
    """Lost, a slider would be there to be played with, and nothing would be found by it."""
    without = [
        node.func.id
        for cell in _text(lesson).cells
        for tree in parsed(cell)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        # An entry to find is a goal, too.
        if node.func.id in WIDGETS
        and not {"goal", "find"} & {keyword.arg for keyword in node.keywords}
    ]
    assert without == []


@pytest.mark.parametrize(
    "lesson",
    [lesson for lesson in WRITTEN if lesson.section in ("graphs", "mathematics")],
    ids=lambda lesson: lesson.name,
)
def test_one_gradient_is_shown_in_five_forms(lesson: Lesson) -> None:
    """Lost, a learner who sees it in one form would not find it in the others."""
    rows = re.findall(r"(?m)^\| (\w+) \|", markdown(_text(lesson)))
    assert {"formula", "number", "picture", "graph", "code"} <= set(rows)


@lessons
def test_the_glossary_is_at_hand(lesson: Lesson) -> None:
    """Lost, who forgot a word would look it up elsewhere, where it may mean something else."""
    found = re.findall(r"\]\(([^)]*glossary\.md)\)", markdown(_text(lesson)))
    assert found
    assert all((PROJECT.notebook_path(lesson).parent / path).resolve().is_file() for path in found)


@teaching_lessons
def test_an_exercise_says_its_minutes_and_difficulty_and_offers_hints(lesson: Lesson) -> None:
    text = _text(lesson)
    exercises = load_exercises(PROJECT.source(lesson).parent)
    for before, cell in pairwise(text.cells):
        if cell.role not in ("answer", "written") or cell.exercise is None:
            continue
        exercise = exercises[cell.exercise]
        unit = "minute" if exercise.minutes == 1 else "minutes"
        assert f"*{exercise.minutes} {unit}, " in before.source
        if isinstance(exercise, Exercise):
            assert f"difficulty {exercise.difficulty}" in before.source
            assert "<summary>Hint 1" in before.source
        else:
            assert f"{exercise.points} points" in before.source


@teaching_lessons
def test_an_answer_keeps_its_names_to_itself(lesson: Lesson) -> None:
    """A check that is run again later, and grading, must meet the answer and no other value."""
    cells = [cell for cell in _text(lesson).cells if cell.kind == "code"]
    for answer in cells:
        if answer.role == "answer":
            mine = _names_set_by(complete(answer.pieces))
            others = (_names_set_by(cell.source) for cell in cells if cell is not answer)
            assert mine.isdisjoint(set().union(*others)), answer.exercise


@teaching_lessons
def test_the_lesson_takes_a_learner_no_longer_than_it_says(lesson: Lesson) -> None:
    """Counted as `course/README.md` says; a challenge comes on top."""
    text = _text(lesson)
    exercises = load_exercises(PROJECT.source(lesson).parent)
    mine = [exercises[name] for name in {**text.with_role("check"), **text.with_role("written")}]
    doing = sum(item.minutes for item in mine if not item.title.startswith("Challenge"))
    prose = "\n\n".join(
        cell.source for cell in text.cells if cell.kind == "markdown" and cell.role == "plain"
    )
    asked = _questions(lesson)
    predicting = sum(kind == "predict" for kind, _ in asked) / 2
    quiz = [item for (kind, _), items in asked.items() if kind == "quiz" for item in items]
    unfolded = re.sub(r"(?s)<details>.*?</details>", "", prose)
    read = [*sentences(unfolded), *(f"{item.question} {item.because}" for item in quiz)]
    reading = len(words(" ".join(read))) / 200
    assert lesson.minutes <= 25
    assert doing + predicting + reading <= lesson.minutes


def _asks_for_something(cell: LessonCell) -> bool:
    is_to_unfold = cell.source.startswith("## Checkpoint")
    return cell.role in ("answer", "written") or bool(_asked(cell)) or is_to_unfold


def _asked(cell: LessonCell) -> list[tuple[str, str]]:
    """Return what a cell asks in passing, as ("quiz", its id)."""
    if cell.kind != "code":
        return []
    return re.findall(r'(?m)^(predict|quiz)\("([^"]+)"', cell.source)


def _kinds_asked(cell: LessonCell) -> list[str]:
    return [kind for kind, _ in _asked(cell)]


def _questions(lesson: Lesson) -> Mapping[tuple[str, str], tuple[Any, ...]]:
    """Return the questions that a lesson asks in passing, by what asks them."""
    module = importlib.import_module(f"course.{lesson.section}.{lesson.name}.questions")
    banks = {kind: getattr(module, name) for kind, name in QUESTION_BANKS.items()}
    asked = [item for cell in _text(lesson).cells for item in _asked(cell)]
    found = {(kind, identity): banks[kind][identity] for kind, identity in asked}
    return {key: item if isinstance(item, tuple) else (item,) for key, item in found.items()}


def _names_set_by(source: str) -> set[str]:
    """Return the names that a cell gives a value, those inside its functions left out."""
    code = compile(source, "<cell>", "exec")
    return {
        instruction.argval
        for instruction in dis.get_instructions(code)
        if instruction.opname == "STORE_NAME"
    }
