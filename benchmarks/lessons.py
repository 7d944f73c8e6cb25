"""Prints what each lesson asks of a learner: minutes, exercises, words, and how plain they are.

Reading ease is Flesch's: 60 and more is plain English, 30 and less is hard to read. It counts
syllables and words, and knows nothing of sense (Flesch, Journal of Applied Psychology 32, 1948).
Hyphenation misses some syllables, so the numbers are on the kind side: compare lessons by them.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence

import pyphen
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.exercise import Exercise
from autograder.project import find_project
from autograder.releasing.lint import SoundLesson, read_sound
from autograder.releasing.solutions import solved
from benchmarks.prose import markdown, sentences, words

COLUMNS = (
    "lesson", "minutes", "difficulty", "exercises", "in words", "points", "mistakes", "words",
    "longest sentence", "reading ease", "seconds to run",
)  # fmt: skip


def row(item: SoundLesson, seconds: float | None) -> tuple[str, ...]:
    """Return what the table says of a lesson, in the order of `COLUMNS`."""
    exercises = item.exercises.values()
    checked = [exercise for exercise in exercises if isinstance(exercise, Exercise)]
    said = [sentence for sentence in sentences(markdown(item.text)) if len(words(sentence)) > 2]
    return (
        item.lesson.id,
        str(item.lesson.minutes),
        str(item.lesson.difficulty),
        str(len(item.exercises)),
        str(len(item.exercises) - len(checked)),
        str(sum(exercise.points for exercise in exercises)),
        str(sum(len(exercise.mistakes) for exercise in checked)),
        str(sum(len(words(sentence)) for sentence in said)),
        str(max(len(sentence.split()) for sentence in said)),
        f"{reading_ease(said):.0f}",
        "not run" if seconds is None else f"{seconds:.1f}",
    )


def reading_ease(said: Sequence[str]) -> float:
    """Return Flesch's measure; syllables are counted where English words may be hyphenated."""
    hyphens = pyphen.Pyphen(lang="en_US")
    spoken = [word for sentence in said for word in re.findall("[A-Za-z]+", sentence)]
    syllables = sum(1 + len(hyphens.positions(word)) for word in spoken)
    return 206.835 - 1.015 * len(spoken) / len(said) - 84.6 * syllables / len(spoken)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="store_true", help="run each lesson with its solutions")
    chosen = parser.parse_args(arguments)
    project = find_project()
    console = Console()
    table = Table(*COLUMNS)
    for item in track(
        read_sound(project, project.table()), "Reading", console=Console(stderr=True)
    ):
        seconds = None
        if chosen.run:
            begin = time.perf_counter()
            solved(item)
            seconds = time.perf_counter() - begin
        table.add_row(*row(item, seconds))
    console.print(table)


if __name__ == "__main__":
    main()
