"""The commands of an instructor with a class: grade it, look at it, and see a sample of both."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from autograder.errors import ChalkError, shown
from autograder.project import find_project

if TYPE_CHECKING:
    from autograder.grading.classroom import ClassReport

NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Grade without the lock; only for code you trust.")
]


def grade(
    submitted: Annotated[
        Path, typer.Argument(help="A folder with <student>/<assignment>/<notebook>.ipynb.")
    ] = Path("submitted"),
    no_sandbox: NoSandbox = False,
) -> None:
    """Grade a class; leaves gradebook.db, feedback/, autograded/ and grades.csv beside it."""
    _print_report(_grade(submitted, locked=not no_sandbox))


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to make the sample class.")] = Path(
        "demo-class"
    ),
    section: Annotated[str, typer.Option(help="The section that the class hands in.")] = "tensors",
    no_sandbox: NoSandbox = False,
) -> None:
    """Make a sample class and grade it, to see the whole path at once."""
    from autograder.grading.demo import make_class
    from autograder.grading.sandbox import try_sandbox

    if not no_sandbox:
        try_sandbox()
    students = make_class(folder, find_project(), section)
    report = _grade(folder / "submitted", locked=not no_sandbox)
    _print_report(report, {student.name: student.about for student in students})
    pages = sorted((folder / "feedback" / "carl").rglob("*.html"))
    typer.echo(
        f"\nRead a student's page:  {shown(pages[0])}\n"
        f"Open the formgrader:    python3 start.py formgrader {shown(folder)}"
    )


def formgrader(
    folder: Annotated[Path, typer.Argument(help="The folder of the class.")] = Path(),
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    port: Annotated[int, typer.Option(help="The port to serve on.")] = 8888,
) -> None:
    """Open nbgrader's formgrader on a class that has been graded."""
    if not (folder / "gradebook.db").exists():
        raise ChalkError(
            f"{shown(folder)} has no gradebook.db: grade the class first, with "
            "`chalk grade FOLDER/submitted`."
        )
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [sys.executable, "-m", "jupyter", "lab", f"--port={port}"]
    command += ["--LabApp.default_url=/formgrader", "--ServerApp.default_url=/formgrader"]
    command += ["--no-browser"] if no_browser else []
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    os.chdir(folder)
    # This process becomes the server, so that whatever ends the command ends the server.
    os.execve(command[0], command, environment)


def _grade(submitted: Path, *, locked: bool) -> ClassReport:
    from autograder.grading.classroom import Outcome, find_submissions, grade_class
    from autograder.grading.grade import GradingSettings

    console = Console(stderr=True)
    if not locked:
        console.print(
            "[bold]Grading WITHOUT the sandbox:[/bold] students' code runs as you, "
            "and can read and change what you can."
        )
    project = find_project()
    total = len(find_submissions(submitted, project)[0])
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    try:
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            task = progress.add_task("warming up", total=total)

            def advance(outcome: Outcome) -> None:
                progress.update(
                    task, advance=1, description=f"graded {escape(outcome.place.student)}"
                )

            return grade_class(submitted, project, GradingSettings(locked=locked), advance)
    except KeyboardInterrupt:
        raise ChalkError(
            "Stopped. Grades written so far are in the gradebook; "
            "the same command grades the whole class again."
        ) from None


def _print_report(report: ClassReport, about: dict[str, str] | None = None) -> None:
    console = Console()
    table = Table(title="Grades")
    names = ["student", *(["who answers"] if about else []), "assignment"]
    for name in names:
        table.add_column(name)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("note")
    notes: dict[tuple[str, str], list[str]] = {}
    for outcome in report.outcomes:
        key = outcome.place.student, outcome.place.assignment
        notes.setdefault(key, []).extend([outcome.problem] if outcome.problem else outcome.remarks)
    for score in report.scores:
        note = notes.get((score.student, score.assignment), [])
        note += ["words to mark by hand"] if score.needs_manual_grade else []
        who = [score.student, *([about.get(score.student, "")] if about else []), score.assignment]
        cells = *who, f"{score.points:g} of {score.worth:g}", "\n".join(note)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    for remark in report.remarks:
        console.print(remark, markup=False)
    console.print(f"Written to {shown(report.folder)}: gradebook.db, feedback/, grades.csv.")
