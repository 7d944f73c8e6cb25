"""The `chalk` command: reads the command line, and turns every error of ours into a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.cli_grading import demo, formgrader, grade
from autograder.errors import ChalkError, shown
from autograder.exercise import ExerciseError
from autograder.project import find_project
from autograder.releasing import kit as kits
from autograder.releasing import release as releases
from autograder.releasing.lint import SoundLesson, read_sound

PROGRESS_COLUMNS = (
    TextColumn("{task.description}"),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


for _command in (grade, demo, formgrader):
    app.command()(_command)


def main() -> None:
    """Run the command; whatever goes wrong and is not a fault of ours becomes one sentence."""
    try:
        app(prog_name="chalk")
    except (ChalkError, ExerciseError) as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename or 'A file'}: {error.strerror or error}.", 1)
    except KeyboardInterrupt:
        _fail(_STOPPED, 130)
    except SystemExit as ending:
        # What typer makes of Ctrl-C.
        if ending.code == 130:
            _fail(_STOPPED, 130)
        raise


_STOPPED = "Stopped: the same command starts anew."


def _fail(sentence: str, status: int) -> None:
    sys.stdout.flush()
    print(sentence, file=sys.stderr)
    sys.exit(status)


@app.callback()
def chalk() -> None:
    """Release, collect and grade the course."""


@app.command()
def release(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="Where the kit or the solutions are to be; only with these.", show_default=False
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say what differs, with status 1.")
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace notebooks that were changed by hand, too."),
    ] = False,
    kit: Annotated[
        bool, typer.Option("--kit", help="Make the folder that students get, instead.")
    ] = False,
    solutions: Annotated[
        bool,
        typer.Option("--solutions", help="Make the solved and executed notebooks, instead."),
    ] = False,
    as_zip: Annotated[bool, typer.Option("--zip", help="Make the kit a zip file.")] = False,
    through: Annotated[
        str, typer.Option(help="The last section that is out; all of them unless given.")
    ] = "",
) -> None:
    """Build notebooks/ from course/, or the kit that students get, or the solutions."""
    if kit + solutions + check + overwrite > 1:
        raise typer.BadParameter(
            "--kit, --solutions, --check and --overwrite are four different things: take one."
        )
    if as_zip and not kit:
        raise typer.BadParameter("--zip says how a kit is made: add --kit.")
    if (path or through) and not (kit or solutions):
        raise typer.BadParameter("PATH and --through are for --kit and --solutions: add one.")
    project = find_project()
    table = project.table()
    if through:
        table = table.through(table.section(through))
    with Console(stderr=True).status("Reading the lessons"):
        lessons = read_sound(project, table)
        texts = releases.build(project, lessons)
    if kit:
        made = kits.make_kit(project, table, lessons, texts, path, as_zip=as_zip)
        sections = ", ".join(dict.fromkeys(lesson.assignment for lesson in table.written))
        typer.echo(f"{shown(made)} is ready for students; it holds {sections}.")
    elif solutions:
        from autograder.releasing.solutions import write_solutions

        with Progress(*PROGRESS_COLUMNS, console=Console(stderr=True)) as bar:
            task = bar.add_task("Running the lessons", total=len(lessons))

            def advance(item: SoundLesson) -> None:
                bar.update(task, description=item.lesson.id)
                bar.advance(task)

            folder = write_solutions(project, lessons, path, advance)
        typer.echo(
            f"{shown(folder)} holds the solutions, executed, and guide.md. Keep it from students."
        )
    elif check:
        _say_difference(releases.compare(project, texts))
    else:
        _say_done(releases.write(project, texts, overwrite=overwrite), overwrite=overwrite)


def _say_difference(found: releases.Comparison) -> None:
    """Say how notebooks/ differs from course/; raise ChalkError where it does."""
    lines = {
        "is missing": found.missing,
        "is out of date": found.old,
        "was changed since it was released": found.changed,
        "belongs to no lesson any more": found.stale,
    }
    sentences = [f"{shown(path)} {what}." for what, paths in lines.items() for path in paths]
    if sentences:
        raise ChalkError("\n".join([*sentences, "`chalk release` brings notebooks/ up to date."]))
    typer.echo("notebooks/ agrees with course/.")


def _say_done(before: releases.Comparison, *, overwrite: bool) -> None:
    """Say what a release did; raise ChalkError where it left a notebook as it was."""
    for path in (*before.missing, *before.old, *(before.changed if overwrite else ())):
        typer.echo(f"{shown(path)} written.")
    for path in before.stale:
        typer.echo(f"{shown(path)} removed: it belongs to no lesson any more.")
    for path in before.foreign:
        typer.echo(f"{shown(path)} left alone: release did not make it.")
    if before.changed and not overwrite:
        raise ChalkError(
            "\n".join(
                f"{shown(path)} was changed since it was released and is left as it is: "
                "move it away, or add --overwrite."
                for path in before.changed
            )
        )
    if before.same:
        typer.echo("notebooks/ is up to date.")
