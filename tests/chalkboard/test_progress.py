"""Progress from Python: its sums and words, where it leads, and what it does with bad data."""

from __future__ import annotations

from typing import Any

import pytest

from chalkboard import Progress


def exercise(title: str, state: str, points: int, of: int) -> dict[str, Any]:
    return {"title": title, "cell": f"{title}-answer", "state": state, "points": points, "of": of}


def course(*second: dict[str, Any], trouble: str = "") -> dict[str, Any]:
    one = [
        exercise("a", "right", 1, 1),
        exercise("b", "part", 1, 3),
        exercise("c", "wrong", 0, 1),
        exercise("d", "words", 0, 2),
    ]
    lessons = [
        {"id": "s/one", "title": "One", "notebook": "notebooks/1_s/1_one.ipynb", "exercises": one},
        {
            "id": "t/two",
            "title": "Two",
            "notebook": "notebooks/2_t/1_two.ipynb",
            "exercises": second,
        },
    ]
    return {"lessons": lessons, "trouble": trouble}


def text(progress: Progress) -> str:
    bundle = progress._repr_mimebundle_()
    assert bundle is not None
    return bundle[0]["text/plain"]


def test_sums_words_and_links() -> None:
    """A bar without its words says nothing to who cannot see it, and a wrong sum to nobody."""
    progress = Progress(course(exercise("e", "open", 0, 1)), "s/one")
    assert text(progress) == (
        "This lesson, One: 1 of 3 exercises, 2 of 5 points.\n"
        "Still open here: b (partly right, 1 of 3 points); c (tried, not right yet); "
        "d (in words, marked by hand).\n"
        "The course: 1 of 4 exercises, 2 of 6 points.\n"
        "Next: Two."
    )
    following: Any = progress.next
    assert following["link"] == "../2_t/1_two.ipynb"


def test_after_the_last_lesson_comes_what_is_still_open() -> None:
    """At the end of the course somebody may have left an exercise behind."""
    progress = Progress(course(exercise("e", "right", 1, 1)), "t/two")
    following: Any = progress.next
    assert (following["title"], following["link"]) == ("One", "../1_s/1_one.ipynb")
    assert Progress(course()).next == {**following, "link": "notebooks/1_s/1_one.ipynb"}


def test_it_asks_again_and_keeps_what_it_has_where_that_fails() -> None:
    """A file that is gone for a moment must not empty the picture or break the next cell."""
    states = [course(), course(exercise("e", "right", 1, 1)), OSError("no disk"), course()]

    def source() -> dict[str, Any]:
        state = states.pop(0)
        if isinstance(state, Exception):
            raise state
        return state

    progress = Progress(source, "t/two")
    here: Any = progress.here
    assert here["words"] == "no exercises"
    progress.refresh()
    here = progress.here
    assert here["words"] == "1 of 1 exercise, 1 of 1 point"
    progress.refresh()
    assert progress.message == "What is done cannot be read: OSError: no disk"
    assert progress.here == here
    progress.refresh()
    assert progress.message == ""


def test_trouble_is_shown_and_bad_data_refused() -> None:
    """Without a course around it there is nothing to show, and one sentence says why."""
    empty = {"lessons": [], "trouble": "There is no course here."}
    assert text(Progress(empty, "s/one")).endswith("There is no course here.")
    with pytest.raises(ValueError, match=r"There is no lesson 's/two'; there are s/one, t/two\."):
        Progress(course(), "s/two")
    for broken in ({}, {"lessons": [{"id": "a"}]}, course(exercise("e", "done", 0, 1))):
        with pytest.raises(ValueError, match="The data on the course lacks"):
            Progress(broken)
