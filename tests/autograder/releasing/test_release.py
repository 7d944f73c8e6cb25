"""A release holds what students are to have, is the same each time, and loses nobody's work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata

from autograder.errors import ChalkError
from autograder.project import find_project
from autograder.releasing.lesson import author_solutions, read_lesson
from autograder.releasing.lint import read_sound
from autograder.releasing.master import master_of, masters, read_master, submission_with
from autograder.releasing.notebook import is_released
from autograder.releasing.release import build, compare, write


def built(course: Any) -> Mapping[Path, str]:
    return build(course.project, course.read())


def released(course: Any) -> Path:
    """Release the small course and return the notebook with the exercises."""
    write(course.project, built(course))
    return course.project.notebooks / "1_numbers" / "2_adding.ipynb"


def notebook(course: Any) -> nbformat.NotebookNode:
    return nbformat.read(released(course), as_version=4)


# --- The notebook


def test_nbgraders_cells_are_as_nbgrader_wants_them(small_course: Any) -> None:
    # Without this, the formgrader and `nbgrader autograde` would not take the release.
    found = notebook(small_course)
    nbformat.validate(found)
    MetadataValidator().validate_nb(found)
    CheckCellMetadata().preprocess(found, ResourcesDict())
    noted = [cell.metadata.nbgrader for cell in found.cells if "nbgrader" in cell.metadata]
    shared = {"schema_version": 3, "task": False}
    answer = {"grade": False, "solution": True, "locked": False}
    check = {"grade": True, "solution": False, "locked": True}
    written = {"grade": True, "solution": True, "locked": False}
    assert noted == [
        {"grade_id": "add-answer", **shared, **answer},
        {"grade_id": "add", "points": 3, **shared, **check},
        {"grade_id": "two-answer", **shared, **answer},
        {"grade_id": "two", "points": 1, **shared, **check},
        {"grade_id": "why", "points": 4, **shared, **written},
    ]


def test_a_released_notebook_holds_nothing_but_itself(small_course: Any) -> None:
    found = notebook(small_course)
    assert set(found.metadata) == {"kernelspec", "chalk"}
    assert found.metadata.kernelspec.name == "python3"
    assert (found.nbformat, found.nbformat_minor) == (4, 5)
    for cell in found.cells:
        assert set(cell.metadata) <= {"nbgrader", "tags"}
        assert cell.metadata.get("tags", []) == ["wide"] * (cell.id == "add-answer")
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    text = released(small_course).read_text(encoding="utf-8")
    for secret in ("SOLUTION", "total", "one + one", "Because both ways", "S05.2.T1"):
        assert secret not in text


def test_cells_are_named_by_their_grade_id_and_all_differ(small_course: Any) -> None:
    small_course.change_lesson("# ## Next", "# ## Next\n\n# %%\n1\n\n# %%\n1")
    # Read without nbformat, which gives a cell another id where two have the same.
    cells = json.loads(released(small_course).read_text(encoding="utf-8"))["cells"]
    identities = [cell["id"] for cell in cells]
    assert len(set(identities)) == len(identities)
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            assert cell["id"] == cell["metadata"]["nbgrader"]["grade_id"]


def test_a_cell_keeps_its_id_when_another_is_put_before_it(small_course: Any) -> None:
    # Without this, each change to a lesson would show as a change of every cell.
    before = {cell.id for cell in notebook(small_course).cells}
    small_course.change_lesson("# # Adding\n", "# # Adding\n\n# %%\nnew = 1\n\n# %% [markdown]\n")
    after = {cell.id for cell in notebook(small_course).cells}
    assert len(before - after) == 1  # the cell that was cut in two


def test_building_twice_gives_the_same_bytes(small_course: Any) -> None:
    first = released(small_course).read_bytes()
    released(small_course).unlink()
    assert released(small_course).read_bytes() == first
    assert b"\r" not in first


# --- The folder


def test_a_second_release_changes_nothing(small_course: Any) -> None:
    path = released(small_course)
    before = path.stat().st_mtime_ns
    comparison = write(small_course.project, built(small_course))
    assert comparison.same
    assert path.stat().st_mtime_ns == before


def test_a_changed_lesson_makes_its_notebook_old(small_course: Any) -> None:
    path = released(small_course)
    small_course.change_lesson("Words, and", "More words, and")
    assert compare(small_course.project, built(small_course)).old == (path,)
    write(small_course.project, built(small_course))
    assert compare(small_course.project, built(small_course)).same


def test_a_lesson_that_is_gone_takes_its_notebook_along(small_course: Any) -> None:
    released(small_course)
    small_course.change("course/course.toml", 'folder = "numbers"', 'folder = "numerals"')
    (small_course.project.course / "numbers").rename(small_course.project.course / "numerals")
    small_course.write("course/numerals/adding/exercises.py", "EXERCISES = ()\n")
    small_course.write("course/numerals/adding/answers.py", "# %%\n")
    small_course.write("course/numerals/adding/lesson.py", "# %% [markdown]\n# # Adding\n")
    write(small_course.project, built(small_course))
    folders = sorted(path.name for path in small_course.project.notebooks.iterdir())
    assert folders == ["0_welcome", "1_numerals"]


def test_what_somebody_did_in_a_notebook_is_not_lost(small_course: Any) -> None:
    # Without this, a student who works in a clone would lose the answers with the next release.
    path = released(small_course)
    answered = submission_with(nbformat.read(path, as_version=4), {"two": "two = 3"})
    nbformat.write(answered, path)
    small_course.change_lesson("Words, and", "More words, and")
    comparison = write(small_course.project, built(small_course))
    assert comparison.changed == (path,)
    assert "two = 3" in path.read_text(encoding="utf-8")
    write(small_course.project, built(small_course), overwrite=True)
    assert "two = 3" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["2_adding_mine.ipynb", "notes.txt", "figure.png"])
def test_what_release_did_not_make_is_left_alone(small_course: Any, name: str) -> None:
    path = released(small_course).with_name(name)
    content = nbformat.writes(nbformat.v4.new_notebook()).encode() + b"\xff" * (".png" in name)
    path.write_bytes(content)
    comparison = write(small_course.project, built(small_course))
    assert comparison.foreign == (path,)
    assert comparison.same
    assert path.read_bytes() == content


def test_a_copy_that_somebody_works_in_is_left_alone(small_course: Any) -> None:
    # It was released once, and so looks like a notebook whose lesson is gone.
    path = released(small_course)
    copy = path.with_name("my_adding.ipynb")
    answered = submission_with(nbformat.read(path, as_version=4), {"two": "two = 3"})
    nbformat.write(answered, copy)
    write(small_course.project, built(small_course))
    assert copy.exists()


def test_jupyters_own_files_are_not_mentioned(small_course: Any) -> None:
    path = released(small_course)
    checkpoint = path.parent / ".ipynb_checkpoints" / "2_adding-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert compare(small_course.project, built(small_course)).same
    write(small_course.project, built(small_course))
    assert checkpoint.exists()


@pytest.mark.parametrize("damage", ["", "{}", "[]", "null", '{"metadata": []}', "[" * 100_000])
def test_a_damaged_notebook_counts_as_somebodys_work(small_course: Any, damage: str) -> None:
    path = released(small_course)
    path.write_text(damage, encoding="utf-8")
    assert compare(small_course.project, built(small_course)).changed == (path,)


def test_a_seal_is_broken_by_any_change(small_course: Any) -> None:
    text = released(small_course).read_text(encoding="utf-8")
    content = json.loads(text)
    assert is_released(text)
    assert is_released(json.dumps(content))
    content["cells"][0]["metadata"]["tags"] = ["mine"]
    assert not is_released(json.dumps(content))


# --- What grading reads


def test_the_master_is_the_released_notebook_with_roles(small_course: Any) -> None:
    master = read_master(released(small_course))
    assert (master.assignment, master.notebook) == ("1_numbers", "2_adding")
    assert [(cell.role, cell.exercise, cell.answer_expression) for cell in master.cells] == [
        ("plain", None, None),
        ("plain", None, None),
        ("answer", "add", None),
        ("check", "add", "add"),
        ("plain", None, None),
        ("answer", "two", None),
        ("check", "two", "two"),
        ("written", "why", None),
    ]
    assert [lesson.name for lesson in masters(small_course.project)] == ["welcome", "adding"]


def test_a_submission_differs_from_the_master_in_its_answers_only(small_course: Any) -> None:
    clean = notebook(small_course)
    solutions = author_solutions(read_lesson(small_course.lesson))
    submission = submission_with(clean, solutions)
    master = master_of(clean, assignment="1_numbers", name="2_adding")
    for cell, before in zip(submission.cells, master.cells, strict=True):
        if before.role in ("answer", "written"):
            assert cell.source == solutions[before.exercise or ""]
        else:
            assert cell.source == before.source
    assert "..." in clean.cells[2].source  # the master itself is as it was


def test_an_answer_without_a_place_is_refused(small_course: Any) -> None:
    with pytest.raises(ChalkError, match="no cell to answer three in"):
        submission_with(notebook(small_course), {"three": "three = 3"})


def test_a_master_that_was_tampered_with_is_refused(small_course: Any) -> None:
    clean = notebook(small_course)
    clean.cells[3].source = 'check("add", add); print()'
    with pytest.raises(ChalkError, match="check cell of 'add' is not as released"):
        master_of(clean, assignment="1_numbers", name="2_adding")


@pytest.mark.parametrize("content", [None, "", "not a notebook"])
def test_a_master_that_is_not_there_says_who_makes_it(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "1_welcome.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ChalkError, match="`chalk release` makes it"):
        read_master(path)


# --- This course


def test_the_committed_notebooks_are_what_the_lessons_make() -> None:
    # Without this, students would work on a text that the author has long mended.
    project = find_project(Path(__file__).parent)
    comparison = compare(project, build(project, read_sound(project, project.table())))
    assert comparison.same, comparison
