"""A kit holds what students need for the sections that are out, and gives nothing away."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.course_table import CourseTable, Section
from autograder.errors import ChalkError
from autograder.project import Project, find_project
from autograder.releasing.kit import check_for_leaks, kit_files, make_kit, read_kit
from autograder.releasing.lint import SoundLesson, read_sound
from autograder.releasing.release import build


def kit_of(
    project: Project, through: str = ""
) -> tuple[tuple[SoundLesson, ...], Mapping[str, bytes]]:
    """Return the lessons that are out and the files of their kit."""
    table = project.table()
    if through:
        table = table.through(table.section(through))
    lessons = read_sound(project, table)
    return lessons, kit_files(project, table, build(project, lessons))


def make(course: Any, path: Path | None = None, *, as_zip: bool = False) -> Path:
    table = course.project.table()
    lessons = course.read()
    texts = build(course.project, lessons)
    return make_kit(course.project, table, lessons, texts, path, as_zip=as_zip)


KIT = [
    "LICENSE",
    "README.md",
    "autograder/__init__.py",
    "course/__init__.py",
    "course/course.toml",
    "course/glossary.md",
    "course/numbers/__init__.py",
    "course/numbers/adding/__init__.py",
    "course/numbers/adding/exercises.py",
    "course/welcome/__init__.py",
    "course/welcome/welcome/__init__.py",
    "environment.yml",
    "notebooks/0_welcome/1_welcome.ipynb",
    "notebooks/1_numbers/2_adding.ipynb",
    "pyproject.toml",
    "src/chalkgrad/__init__.py",
    "start.py",
]


def test_a_kit_holds_these_files_and_no_others(small_course: Any) -> None:
    # Without this, a lesson's source or other answers could go out unnoticed.
    small_course.write("autograder/__pycache__/x.pyc", "")
    small_course.write("src/understanding.egg-info/PKG-INFO", "")
    small_course.write("src/.hidden", "")
    small_course.write("submitted/ada/1_numbers/2_adding.ipynb", "")
    small_course.write("gradebook.db", "")
    _, files = kit_of(small_course.project)
    assert list(files) == KIT


def test_a_section_that_is_not_out_stays_in(small_course: Any) -> None:
    _, files = kit_of(small_course.project, "welcome")
    assert [name for name in KIT if "numbers" not in name] == list(files)
    assert b"2_adding" not in files["README.md"]


def test_a_step_of_the_thread_comes_with_the_section_after_its_own(small_course: Any) -> None:
    """Lost, a learner would be handed the engine that the section asks them to build."""
    for step in ("__init__", "welcome", "numbers"):
        small_course.write(f"course/my_tensor/{step}.py", f'"""After {step}."""\n')
    _, files = kit_of(small_course.project)
    steps = [name for name in files if name.startswith("course/my_tensor/")]
    assert steps == ["course/my_tensor/__init__.py", "course/my_tensor/welcome.py"]


def test_a_later_section_may_show_what_an_earlier_one_asked(small_course: Any) -> None:
    """Lost, no section could build on another; but its own section must not show it."""
    lessons = small_course.read()
    table = small_course.project.table()
    answer = b"def add(a, b):\n    total = a + b\n    return total\n"
    later = CourseTable((*table.sections, Section("letters", 2, "Letters", ())))
    for name in ("course/letters/l/lesson.py", "notebooks/2_letters/1_l.ipynb"):
        check_for_leaks(small_course.project, later, lessons, {name: answer})
    with pytest.raises(ChalkError, match="holds the solution of 'add'"):
        check_for_leaks(small_course.project, later, lessons, {"course/numbers/x.py": answer})


@pytest.mark.parametrize("name", ["asks.py", "questions.py"])
def test_what_a_lesson_imports_goes_out_with_its_section(small_course: Any, name: str) -> None:
    small_course.write(f"course/numbers/adding/{name}", '"""Beside the lessons."""\n')
    _, files = kit_of(small_course.project)
    assert f"course/numbers/adding/{name}" in files


def test_a_section_that_is_not_out_need_not_be_in_order(small_course: Any) -> None:
    # Without this, a draft would hold up the release of what is done.
    small_course.change_lesson('answer="two"', 'anwser="two"')
    kit_of(small_course.project, "welcome")


def test_a_missing_file_is_named(small_course: Any) -> None:
    (small_course.project.root / "environment.yml").unlink()
    with pytest.raises(ChalkError, match=r"environment\.yml is missing"):
        kit_of(small_course.project)


def test_folder_and_zip_hold_the_same(small_course: Any, tmp_path: Path) -> None:
    _, files = kit_of(small_course.project)
    folder = make(small_course)
    archive = make(small_course, as_zip=True)
    assert read_kit(folder) == read_kit(archive) == files
    with zipfile.ZipFile(archive) as opened:
        assert all(name.startswith("understanding-tensors/") for name in opened.namelist())
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_zip_is_the_same_each_time(small_course: Any, tmp_path: Path) -> None:
    first = make(small_course, tmp_path / "first.zip")
    (small_course.project.root / "start.py").touch()
    second = make(small_course, tmp_path / "second.zip")
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_overwritten(small_course: Any, tmp_path: Path) -> None:
    taken = tmp_path / "kit"
    taken.mkdir()
    (taken / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(ChalkError, match="kit is there already"):
        make(small_course, taken)
    assert [path.name for path in taken.iterdir()] == ["mine"]


# --- Leaks


PLANTED = {
    "the same text": "def f(a, b):\n    total = a + b\n    return total\n",
    "other blanks": "def f(a, b):\n  total=a  +  b\n\n  return   total\n",
    "brackets and a comment": "def f(a, b):\n  total = (a\n    + b)  # so\n  return (total)\n",
    "on one line": "def f(a, b): total = a + b; return total\n",
    "commented out": "# total = a + b\n# return total\n",
    "in a text": '"""How:\n\n    total = a + b\n    return total\n"""\n',
    "in a branch": "def f(a, b):\n  if a: pass\n  else:\n    total = a+b; return total\n",
    "among others": "def f(a, b):\n    print(a)\n    total = a + b\n    return total\n",
}


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize(
    "file", ["src/chalkgrad/__init__.py", "course/numbers/adding/exercises.py"]
)
def test_a_planted_solution_is_found_in_code(small_course: Any, file: str, text: str) -> None:
    path = small_course.project.root / file
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    with pytest.raises(ChalkError, match="the solution of 'add' at ") as refused:
        make(small_course)
    assert f"{file} holds" in str(refused.value)
    assert not (small_course.project.root / "kit" / "understanding-tensors").exists()


CELLS = {
    "code": {"cell_type": "code", "source": ["total=a+b\n", "return (total)"]},
    "one string": {"cell_type": "code", "source": "%time\ntotal = (a + b)\nreturn total"},
    "output": {"cell_type": "code", "outputs": [{"text": ["total = a + b\n", "return total\n"]}]},
    "fence": {
        "cell_type": "markdown",
        "source": ["```python\n", "total=(a+b)\n", "return total\n", "```"],
    },
    "metadata": {"cell_type": "raw", "metadata": {"hint": "total = a + b\nreturn total"}},
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_planted_solution_is_found_in_a_notebook(
    small_course: Any, cell: Mapping[str, object]
) -> None:
    lessons, files = kit_of(small_course.project)
    name = "notebooks/0_welcome/1_welcome.ipynb"
    content = json.loads(files[name])
    content["cells"].append(cell)
    planted = {**files, name: json.dumps(content).encode()}
    with pytest.raises(ChalkError, match=r"1_welcome\.ipynb holds the solution of 'add'"):
        check_for_leaks(small_course.project, small_course.project.table(), lessons, planted)


@pytest.mark.parametrize(
    ("name", "content", "secret"),
    [
        ("NOTES.md", b"> Because both ways\n> count the same things.", None),
        ("NOTES.md", b"> Because  both ways count the same things.", "the solution of 'why'"),
        ("NOTES.md", b"```\none=1\ntwo = (one + one)\n```\n", "the solution of 'two'"),
        (
            "x.py",
            b"def add(a, b): return sum((a, b))",
            "the answer to 'add' at line 4 of answers.py",
        ),
        ("course/numbers/adding/answers.py", b"", "other answers"),
        ("x.bin", b"\xff\x00one = 1\ntwo = one + one\n", None),
        ("x.bin", b"\xff\x00\none = 1\ntwo = one + one\n", "the solution of 'two'"),
    ],
)
def test_words_and_other_answers_are_found(
    small_course: Any, name: str, content: bytes, secret: str | None
) -> None:
    lessons, files = kit_of(small_course.project)
    planted = {**files, name: content}
    if secret is None:
        check_for_leaks(small_course.project, small_course.project.table(), lessons, planted)
        return
    with pytest.raises(ChalkError, match=f"{name} holds {secret}"):
        check_for_leaks(small_course.project, small_course.project.table(), lessons, planted)


def test_a_wrong_answer_is_no_secret(small_course: Any) -> None:
    # The mistakes of an exercise stand in exercises.py, which students have.
    small_course.write("src/chalkgrad/x.py", "def add(a, b):\n    return a * b\n")
    make(small_course)


@pytest.mark.parametrize("through", [section.folder for section in find_project().table().sections])
def test_no_file_of_this_courses_kit_holds_a_solution(through: str, tmp_path: Path) -> None:
    project = find_project(Path(__file__).parent)
    table = project.table().through(project.table().section(through))
    lessons = read_sound(project, table)
    texts = build(project, lessons)
    kit = make_kit(project, table, lessons, texts, tmp_path / "kit.zip")
    files = read_kit(kit)
    check_for_leaks(project, table, lessons, files)
    notebooks = {name for name in files if name.startswith("notebooks/")}
    assert notebooks == {
        f"notebooks/{lesson.assignment}/{lesson.notebook}.ipynb" for lesson in table.written
    }
