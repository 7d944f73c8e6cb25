"""A lesson is read into cells with roles, and what is wrong in a course is said, all of it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import SourceError
from autograder.lesson_folder import load_exercises, other_answers
from autograder.releasing.check_cell import check_call, undefined_names
from autograder.releasing.lesson import author_solutions, parse_lesson, read_lesson
from autograder.releasing.percent import read_percent
from autograder.releasing.solution import complete, released, split

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def marked(*block: str, indent: str = "") -> str:
    return "\n".join(indent + line for line in (BEGIN, *block, END))


# --- Cells and their lines


def test_cells_have_their_roles(small_course: Any) -> None:
    lesson = read_lesson(small_course.lesson)
    assert [(cell.role, cell.exercise) for cell in lesson.cells] == [
        ("plain", None),
        ("plain", None),
        ("answer", "add"),
        ("check", "add"),
        ("plain", None),
        ("answer", "two"),
        ("check", "two"),
        ("written", "why"),
    ]


def test_tags_are_kept_and_the_authors_notes_are_not(small_course: Any) -> None:
    lesson = read_lesson(small_course.lesson)
    assert lesson.cells[0].metadata == {}
    assert lesson.cells[2].metadata == {"tags": ["wide"]}


def test_the_line_of_each_cell_is_that_of_the_file(small_course: Any) -> None:
    # Without this, an author would be sent to the wrong line: jupytext drops lines.
    lines = small_course.lesson.read_text(encoding="utf-8").splitlines()
    for cell in read_lesson(small_course.lesson).cells:
        assert lines[cell.line - 1].startswith("# %%")
        assert lines[cell.first_line - 1].endswith(cell.source.partition("\n")[0])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["code", "markdown", "quoted"]),
            st.lists(st.sampled_from(["x = 1", "", "y = 2"]), max_size=4),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_lines_hold_whatever_the_layout(cells: list[tuple[str, list[str], int]]) -> None:
    # Each cell begins with a word of its own, found again on the line that is claimed for it.
    lines: list[str] = []
    for number, (kind, body, blank) in enumerate(cells):
        first = f"first_{number} = 1"
        if kind == "code":
            lines += ["# %%", *[""] * (blank % 2), first, *body]
        elif kind == "markdown":
            lines += ["# %% [markdown]", *(f"# {line}" for line in (first, *body))]
        else:
            lines += ["# %% [markdown]", '"""', first, *body, '"""']
        lines += [""] * blank
    found, problems = read_percent(Path("lesson.py"), "\n".join(lines))
    assert not problems
    assert len(found) == len(cells)
    for number, cell in enumerate(found):
        assert f"first_{number} = 1" in lines[cell.first_line - 1]
        assert lines[cell.line - 1].startswith("# %%")
        assert lines[cell.line : cell.first_line - 1] in ([], [""], ['"""'])


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("x = 1\n", 1, "no cell"),
        ('"""Why."""\n\n# %%\nx = 1\n', 1, "above the first cell"),
        ('# %%\nx = 1\n\n# %%\ns = """\n# %%\n"""\n\n# %%\ny = 1\n', 6, "inside a string"),
    ],
)
def test_text_that_is_not_percent_format_is_named(text: str, line: int, sentence: str) -> None:
    _, problems = read_percent(Path("lesson.py"), text)
    assert [problem.line for problem in problems] == [line]
    assert sentence in problems[0].sentence


# --- Solutions and stubs


@pytest.mark.parametrize(
    ("block", "stub"),
    [
        (("return 1",), ["return ...  # your answer here"]),
        (("y = 1", "return y"), ["return ...  # your answer here"]),
        (("slope = 14.0",), ["slope = ...  # your answer here"]),
        (("a = 1", "b: int = a", "a = 2"), [f"{n} = ...  # your answer here" for n in "ab"]),
        (("a, b = 1, 2",), [f"{n} = ...  # your answer here" for n in "ab"]),
        (("a = b = 1",), [f"{n} = ...  # your answer here" for n in "ab"]),
        (("a[0] = 1",), ["...  # your answer here"]),
        (("a += 1",), ["...  # your answer here"]),
        (("a: int",), ["...  # your answer here"]),
        (("for i in x:", "    a = i"), ["...  # your answer here"]),
        (("if x:", "    return 1"), ["...  # your answer here"]),
        (("def f():", "    return 1"), ["...  # your answer here"]),
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_stub_of_a_block(block: tuple[str, ...], stub: list[str], indent: str) -> None:
    # Without this, an untouched answer would raise instead of being "not answered yet".
    pieces, slips = split(marked(*block, indent=indent), "code")
    assert not slips
    assert released(pieces, "code").split("\n") == [indent + line for line in stub]


def test_an_untouched_function_returns_ellipsis(small_course: Any) -> None:
    cell = read_lesson(small_course.lesson).with_role("answer")["add"]
    scope: dict[str, Any] = {}
    exec(released(cell.pieces, "code"), scope)
    assert scope["add"](1, 2) is ...


def test_several_blocks_in_one_cell() -> None:
    source = f"def f(x):\n{marked('y = x', indent='    ')}\n    print(y)\n{marked('g = f')}"
    pieces, slips = split(source, "code")
    assert not slips
    assert released(pieces, "code") == (
        "def f(x):\n    y = ...  # your answer here\n    print(y)\ng = ...  # your answer here"
    )
    assert complete(pieces) == "def f(x):\n    y = x\n    print(y)\ng = f"


def test_text_in_a_solution_keeps_its_own_indentation() -> None:
    # Without this, the author's solution would not be the one that the tests run.
    block = ('text = """', "  two", "none", '"""', "return text")
    source = "def f():\n    " + BEGIN + "\n    " + "\n".join(block[:1])
    source += "\n" + "\n".join(block[1:4]) + "\n    return text\n    " + END
    pieces, slips = split(source, "code")
    assert not slips
    scope: dict[str, Any] = {}
    exec(complete(pieces), scope)
    assert scope["f"]() == "\n  two\nnone\n"


STATEMENTS = st.sampled_from(
    ["a = 1", "b = a", "a, c = 1, 2", "f(a)", "if a:\n    b = 2", "return a", "# a note", ""]
)


@given(st.lists(STATEMENTS, min_size=1), st.sampled_from(["", "    ", "        "]))
def test_what_is_released_is_python_and_holds_no_solution(block: list[str], indent: str) -> None:
    lines = [line for statement in block for line in statement.split("\n")]
    pieces, slips = split(marked(*lines, indent=indent), "code")
    if slips:
        return
    stub = released(pieces, "code")
    ast.parse("if True:\n" + stub if indent else stub)
    for line in stub.split("\n"):
        assert line.endswith("...  # your answer here")


def test_words_leave_a_place_to_write(small_course: Any) -> None:
    cell = read_lesson(small_course.lesson).with_role("written")["why"]
    assert released(cell.pieces, "markdown") == (
        "Why does the order not matter?\n\n*Your answer here.*"
    )


def test_the_authors_solutions_are_whole_cells(small_course: Any) -> None:
    solutions = author_solutions(read_lesson(small_course.lesson))
    assert solutions["add"].split("\n")[-2:] == ["    total = a + b", "    return total"]
    assert solutions["two"] == "one = 1\ntwo = one + one"
    assert "Because both ways" in solutions["why"]
    assert not any("SOLUTION" in source for source in solutions.values())


# --- What is wrong, with its line


def test_nothing_is_wrong_in_the_small_course(small_course: Any) -> None:
    assert small_course.problems() == ()


TO_BEGIN = f"    {BEGIN}\n    total"
TO_END = f"    return total\n    {END}"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        # Markers. In stock nbgrader most of these pass, and blank a cell or give the solution away.
        (TO_BEGIN, "    ### BEGIN SOLUTON\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    # BEGIN SOLUTION\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ###BEGIN SOLUTION\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ### BEGIN SOLUTION:\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ### begin solution\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ### BEGINSOLUTION\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ### BEGIN  SOLUTION\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    ### Solution\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    pass ### BEGIN SOLUTION\n    total", 12, "reads like a marker"),
        (TO_BEGIN, "    total", 14, "without '### BEGIN SOLUTION' above"),
        (TO_END, "    return total", 12, "without '### END SOLUTION' below"),
        (TO_END, "    return total\n    ### END SOLUTON", 15, "reads like a marker"),
        (TO_BEGIN, f"    {BEGIN}\n    {BEGIN}\n    total", 13, "begins inside another"),
        (TO_END, f"{TO_END}\n    {END}", 16, "without '### BEGIN SOLUTION' above"),
        (TO_BEGIN, f"{BEGIN}\n    total", 12, "Indent both markers"),
        (TO_END, f"    return total\n{END}", 12, "Indent both markers"),
        ("total = a + b", "total = a +", 13, "The solution is not Python"),
        ("total = a + b", "else:", 13, "The solution is not Python"),
        ("    total = a + b\n    return total\n", "", 12, "is empty"),
        ("    total = a + b\n    return total\n", "    # later\n", 12, "is only a comment"),
        (f"{BEGIN}\none = 1\ntwo = one + one\n{END}", "two = 2", 23, "has no solution"),
        (f"# {BEGIN}\n# Because", "# Because", 36, "without '### BEGIN SOLUTION' above"),
        ("# ## Next", f"# ## Next\n# {BEGIN}", 22, "outside an answer cell"),
        ("# ## Next", "# ## Next\n# ### BEGIN SOLUTON", 22, "reads like a marker"),
        ('check("add", add)', f'{BEGIN}\ncheck("add", add)', 18, "outside an answer cell"),
        # Keys and ids.
        ('answer="two"', 'anwser="two"', 23, "Unknown key 'anwser'; known are answer, check"),
        ('answer="two"', "answer two", 23, "'answer two' after `# %%` has no meaning"),
        ('answer="two"', "answer=two", 23, 'cannot be read; write key="value"'),
        ('answer="two"', 'answer="t wo"', 23, "'t wo' is not an id"),
        ('answer="two"', 'answer=""', 23, "'' is not an id"),
        ('answer="two"', "answer=2", 23, "2 is not an id"),
        ('answer="two"', 'answer="two-answer"', 23, "does not end with -answer"),
        ('answer="two"', 'answer="two" check="two"', 23, "one role, not answer and check"),
        ('answer="two"', '[markdown] answer="two"', 23, "is to begin with `# %%`"),
        ('[markdown] written="why"', 'written="why"', 32, "is to begin with `# %% [markdown]`"),
        ('answer="two"', 'answer="add"', 23, "'add' has its answer cell at"),
        ('check="two"', 'check="add"', 29, "'add' has its check cell at"),
        ('answer="two"', 'answer="three"', 23, "There is no exercise 'three' in"),
        ('written="why"', 'written="two"', 32, "'two' is answered in code"),
        ('answer="two"', 'answer="why"', 23, "'why' is answered in words"),
        # Check cells.
        ('check("two", two)', 'check("add", two)', 30, 'exactly `check("two", <the answer>)`'),
        ('check("two", two)', 'check("two")', 30, "A check cell is exactly"),
        ('check("two", two)', 'check("two", two) ;', 30, "A check cell is exactly"),
        ('check("two", two)', 'check("two", two)\nprint(1)', 30, "A check cell is exactly"),
        ('check("two", two)', 'print(check("two", two))', 30, "A check cell is exactly"),
        ('check("two", two)', 'check("two", *two)', 30, "A check cell is exactly"),
        ('check("two", two)', 'check("two", two, seed=1)', 30, "A check cell is exactly"),
        ('check("two", two)', "check(", 30, "A check cell is exactly"),
        ('check("two", two)', 'check("two", tow)', 30, "nothing gives 'tow' a value"),
        ("one = 1\n", "one = 1\nprint(one)\n", 31, "nothing gives 'two' a value"),
        # Headings.
        ("# # Adding\n", "", 1, "has no title"),
        ("# # Adding", "# ## Adding\n#\n# # Adding", 2, "first heading is to be the title"),
        ("# ## Next", "# # Next", 21, "has a title already"),
    ],
)
def test_a_problem_is_named_with_its_line(
    small_course: Any, old: str, new: str, line: int, sentence: str
) -> None:
    small_course.change_lesson(old, new)
    problems = small_course.problems()
    found = [
        problem
        for problem in problems
        if (problem.path, problem.line) == (small_course.lesson, line)
        and sentence in problem.sentence
    ]
    assert len(found) == 1, problems


def test_a_comment_in_a_fence_is_no_heading(small_course: Any) -> None:
    small_course.change_lesson("# ## Next", "# ## Next\n#\n# ```\n# # a comment\n# ```")
    assert small_course.problems() == ()


def test_prose_about_solutions_is_no_marker(small_course: Any) -> None:
    small_course.change_lesson("# ## Next", "# ## The solution\n#\n# Begin with a solution.")
    assert small_course.problems() == ()


def test_a_check_before_its_answer_is_named(small_course: Any) -> None:
    # Without this, the check of a notebook run from the top would raise NameError.
    text = small_course.lesson.read_text(encoding="utf-8")
    first, second = text.index('# %% answer="two"'), text.index('# %% check="two"')
    end = text.index("# %% [markdown] written")
    swapped = text[:first] + text[second:end] + text[first:second] + text[end:]
    small_course.write("course/numbers/adding/lesson.py", swapped)
    assert "comes before its answer cell" in str(small_course.problems()[0].sentence)


@pytest.mark.parametrize(
    ("role", "file", "line", "sentence"),
    [
        ("answer", "lesson.py", 29, 'has no cell with answer="two"'),
        ("check", "lesson.py", 23, 'has no cell with check="two"'),
        ("written", "exercises.py", 25, 'has no cell with written="why"'),
    ],
)
def test_an_exercise_without_its_cells_is_named(
    small_course: Any, role: str, file: str, line: int, sentence: str
) -> None:
    exercise = "why" if role == "written" else "two"
    # The cell becomes a plain one without text, so that the lines below stay where they are.
    text = small_course.lesson.read_text(encoding="utf-8")
    start = text.index(f'{role}="{exercise}"')
    end = text.find("# %%", start)
    cell = text[start : end if end > 0 else len(text)]
    small_course.change_lesson(cell, "\n" * cell.count("\n"))
    found = [problem for problem in small_course.problems() if sentence in problem.sentence]
    assert [(problem.path.name, problem.line) for problem in found] == [(file, line)]


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        (("write", "course/numbers/more/lesson.py", ""), "more", "does not list this lesson"),
        (("write", "course/numbers/counting/lesson.py", ""), "counting", "calls this lesson"),
        (("write", "course/extra/more.py", "# %%\n"), "extra", "does not list this section"),
        (
            ("change", "course/course.toml", "  planned = true\n", ""),
            "course.toml:16",
            "There is no",
        ),
    ],
)
def test_files_and_the_table_agree(
    small_course: Any, change: tuple[str, ...], place: str, sentence: str
) -> None:
    method, *arguments = change
    getattr(small_course, method)(*arguments)
    (problem,) = small_course.problems()
    assert place in str(problem)
    assert sentence in problem.sentence


def test_a_missing_lesson_is_one_problem(small_course: Any) -> None:
    # Without this, each of its exercises would be said to lack its cells as well.
    small_course.lesson.unlink()
    (problem,) = small_course.problems()
    assert (problem.path.name, problem.line) == ("course.toml", 23)
    assert "lesson.py; write it, or add `planned = true`" in problem.sentence


def test_all_problems_of_all_lessons_are_said_at_once(small_course: Any) -> None:
    # Without this, an author would mend one, run again, and meet the next.
    small_course.change("course/welcome/welcome/lesson.py", "# # Welcome", "# Welcome")
    small_course.change_lesson("# # Adding", "# Adding")
    small_course.change_lesson('answer="two"', 'anwser="two"')
    places = [str(problem).rpartition(":")[0] for problem in small_course.problems()]
    assert sorted("/".join(Path(place).parts[-2:]) for place in places) == [
        "adding/lesson.py:1",
        "adding/lesson.py:23",
        "adding/lesson.py:29",
        "welcome/lesson.py:1",
    ]


def test_a_file_that_is_not_text_is_named(small_course: Any) -> None:
    small_course.lesson.write_bytes(b"# %%\n# \xff\n")
    _, problems = parse_lesson(small_course.lesson)
    assert [problem.sentence for problem in problems] == ["This file is not UTF-8 text."]


# --- Exercises and other answers


def test_exercises_are_loaded_by_id(small_course: Any) -> None:
    folder = small_course.project.course / "numbers" / "adding"
    exercises = load_exercises(folder)
    assert {name: item.points for name, item in exercises.items()} == {"add": 3, "two": 1, "why": 4}
    assert load_exercises(small_course.project.course / "welcome" / "welcome") == {}


def test_changed_exercises_are_not_mistaken_for_the_old(small_course: Any) -> None:
    folder = small_course.project.course / "numbers" / "adding"
    load_exercises(folder)
    small_course.change("course/numbers/adding/exercises.py", "points=2", "points=5")
    assert load_exercises(folder)["add"].points == 6


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("EXERCISES = (ADD, TWO, WHY)", "EXERCISES = [ADD]", 0, "is to be a tuple"),
        ("(ADD, TWO, WHY)", "(ADD, TWO, WHY, TWO)", 24, "two exercises 'two'"),
        ("WrittenExercise(", "WritenExercise(", 25, "NameError"),
        ("Exercise(\n", "Exercise(((\n", 7, "SyntaxError"),
        ("points=2", "points=0", 13, "ExerciseError: Question 'small numbers': points must"),
    ],
)
def test_exercises_that_cannot_be_used_are_named(
    small_course: Any, old: str, new: str, line: int, sentence: str
) -> None:
    small_course.change("course/numbers/adding/exercises.py", old, new)
    with pytest.raises(SourceError) as refused:
        load_exercises(small_course.project.course / "numbers" / "adding")
    (problem,) = refused.value.problems
    assert problem.line == line
    assert sentence in problem.sentence


def test_other_answers_are_read(small_course: Any) -> None:
    right, wrong = other_answers(small_course.project.course / "numbers" / "adding")
    assert (right.exercise, right.right, right.hint) == ("add", True, "")
    assert (wrong.exercise, wrong.right, wrong.hint) == ("add", False, "Adding is multiplying.")
    assert wrong.source == "def add(a, b):\n    return a * b"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('right="add"', 'rigth="add"', "Begin the cell with"),
        ('right="add"', 'right="add" hint="x"', "A right answer gets no hint"),
        ('right="add"', 'right="three"', "no exercise 'three'"),
        ('hint="Adding is multiplying."', 'hint="Adding is not."', "has the belief"),
        ("def add(a, b):\n    return sum((a, b))\n", "", "The cell is empty"),
    ],
)
def test_other_answers_that_test_nothing_are_named(
    small_course: Any, old: str, new: str, sentence: str
) -> None:
    small_course.change("course/numbers/adding/answers.py", old, new)
    assert any(sentence in problem.sentence for problem in small_course.problems())


# --- Check cells


def test_check_call() -> None:
    assert check_call('check("slope", slope)') == ("slope", "slope")
    assert check_call('check("f", lambda x: x + 1)') == ("f", "lambda x: x + 1")


@pytest.mark.parametrize(
    ("expression", "above", "undefined"),
    [
        ("f", ["def f(): ..."], ()),
        ("(a, b)", ["a = 1"], ("b",)),
        ("[f(x) for x in range(3)]", ["f = 1"], ()),
        ("lambda y: g(y)", ["import math as g"], ()),
        ("h", ["%time h = 1\nh = 2"], ()),
        ("h", ["from math import *"], ()),
    ],
)
def test_undefined_names(expression: str, above: list[str], undefined: tuple[str, ...]) -> None:
    assert undefined_names(expression, above) == undefined


# --- What is shared by the course: ids, and the thread


def test_an_exercise_id_of_another_lesson_is_named(small_course: Any) -> None:
    """Lost, the answers to the one would be taken for answers to the other."""
    text = (
        "from autograder.exercise import WrittenExercise\n"
        'EXERCISES = (WrittenExercise("why", "Why", 1, 1, rubric="Any reason."),)\n'
    )
    small_course.write("course/welcome/welcome/exercises.py", text)
    small_course.change(
        "course/welcome/welcome/lesson.py",
        'print("hello")',
        'print("hello")\n\n# %% [markdown] written="why"\n'
        "# ### BEGIN SOLUTION\n# Because.\n# ### END SOLUTION",
    )
    (problem,) = small_course.problems()
    assert "exercises.py has an exercise 'why' too" in problem.sentence


@pytest.mark.parametrize(
    ("imported", "sentence"),
    [
        ("course.my_tensor.welcome", ""),
        ("course.my_tensor.numbers", "The step 'numbers' is not finished"),
        ("course.my_tensor.letters", "The step 'letters' is not finished"),
    ],
)
def test_a_lesson_begins_with_steps_of_earlier_sections_only(
    small_course: Any, imported: str, sentence: str
) -> None:
    """Lost, a lesson would hand out what its own section asks for."""
    for step in ("welcome", "numbers"):
        small_course.write(f"course/my_tensor/{step}.py", '"""A step."""\n')
    check = "from course.numbers.adding.exercises import check\n"
    small_course.change_lesson(check, f"{check}from {imported} import MyTensor\n")
    found = [problem.sentence for problem in small_course.problems()]
    assert len(found) == bool(sentence)
    assert all(each.startswith(sentence) for each in found)


def test_a_step_that_no_section_ends_with_is_named(small_course: Any) -> None:
    small_course.write("course/my_tensor/letters.py", '"""A step."""\n')
    (problem,) = small_course.problems()
    assert "There is no section 'letters'" in problem.sentence
