"""The table of lessons is read as it stands, and refused where it says what it must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.course_table import read_course_table
from autograder.errors import ChalkError
from autograder.project import find_project


def test_numbers_come_from_the_order(small_course: Any) -> None:
    # Without this, released names would not be those that nbgrader and the students know.
    welcome, numbers = small_course.project.table().sections
    assert (welcome.assignment, numbers.assignment) == ("0_welcome", "1_numbers")
    assert [lesson.notebook for lesson in numbers.lessons] == ["1_counting", "2_adding"]
    path = small_course.project.notebook_path(numbers.lessons[1])
    assert path == small_course.project.root / "notebooks" / "1_numbers" / "2_adding.ipynb"


def test_a_planned_lesson_keeps_its_place_but_is_not_written(small_course: Any) -> None:
    # Without this, a lesson would be renumbered when the one before it is written.
    table = small_course.project.table()
    assert [lesson.name for lesson in table.written] == ["welcome", "adding"]
    assert table.written[1].number == 2


def test_a_section_goes_by_its_folder_or_its_assignment(small_course: Any) -> None:
    table = small_course.project.table()
    assert table.section("numbers") is table.section("1_numbers")
    assert [section.folder for section in table.through(table.sections[0]).sections] == ["welcome"]
    with pytest.raises(ChalkError, match="no section 'nombers'; it has welcome, numbers"):
        table.section("nombers")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "Adding"', 'titel = "Adding"', "Lesson 2 of numbers has an unknown key 'titel'"),
        ('  title = "Adding"\n', "", "Lesson 2 of numbers has no 'title'"),
        ("minutes = 20", 'minutes = "20"', "minutes is to be of type int"),
        ("minutes = 20", "minutes = 0", "minutes is a positive number"),
        ("difficulty = 2", "difficulty = 4", "difficulty is 1, 2 or 3"),
        ("planned = true", "planned = 1", "planned is to be of type bool"),
        ('name = "counting"', 'name = "adding"', "2 lessons of numbers have the name 'adding'"),
        ('folder = "numbers"', 'folder = "welcome"', "2 sections have the folder 'welcome'"),
        ('name = "adding"', 'name = "1 adding"', "'1 adding' is not a Python module's name"),
        ('folder = "numbers"', 'folder = "../numbers"', "is not a Python module's name"),
        ('folder = "numbers"', 'folder = "my_tensor"', "my_tensor is not a section"),
        ('folder = "numbers"', "folder = numbers", "is not TOML"),
        ('[[section]]\nfolder = "numbers"', '[[sections]]\nfolder = "numbers"', "key 'sections'"),
    ],
)
def test_a_wrong_table_is_refused_in_one_sentence(
    small_course: Any, old: str, new: str, sentence: str
) -> None:
    # Without this, a misspelled key would silently leave a lesson out.
    small_course.change("course/course.toml", old, new)
    with pytest.raises(ChalkError, match=r"course\.toml") as refused:
        small_course.project.table()
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChalkError, match=r"course\.toml cannot be read: No such file"):
        read_course_table(tmp_path / "course.toml")


def test_the_project_is_found_from_below(small_course: Any) -> None:
    # Without this, the command would work in one folder only.
    below = small_course.project.course / "numbers"
    assert find_project(below) == small_course.project


def test_this_course_has_the_sections_of_the_module() -> None:
    table = find_project(Path(__file__).parent).table()
    assert [section.assignment for section in table.sections] == [
        "0_welcome",
        "1_tensors",
        "2_graphs",
        "3_mathematics",
        "4_practice",
        "5_pitfalls",
        "6_assessment",
        "7_further",
    ]
    assert {lesson.notebook for lesson in table.written} >= {"1_welcome", "2_automatic_gradients"}
