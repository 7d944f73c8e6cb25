"""What of a lesson and of the course is done, and where to go next."""

from __future__ import annotations

import html
import posixpath
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import traitlets

from chalkboard.assets import script, style
from chalkboard.widget import Widget

_STATES = {
    "open": "not tried yet",
    "wrong": "tried, not right yet",
    "part": "partly right",
    "right": "right",
    "words": "in words, marked by hand",
}
# All that are on a page somewhere, to be brought up to date when a cell has run.
_shown: weakref.WeakSet[Progress] = weakref.WeakSet()


class Progress(Widget):
    """What is done in a lesson, what is still open there, and what is done in the course.

    `source` is a function that returns the state of the course as plain data, or that data. It has
    `lessons`, each with an `id`, a `title`, the path of its `notebook` and `exercises`; each of
    these with `title`, the id of its `cell`, `points`, `of`, and a `state`: "right", "part",
    "wrong", "open" or "words". It may have `trouble`, a sentence that is shown. `lesson` is the id
    of the lesson that this stands in; without one, the course as a whole is shown. `goal` is a
    sentence shown above.

    A function is asked again whenever a cell has run, on the button, and by `refresh()`; what it
    raises is said in `message`, and what was shown before stays. The traits `here`, `lessons`,
    `total` and `next` can be read from Python.

    Raises:
        ValueError: the data does not have this form, or no lesson has the id; the sentence says
            which.
    """

    _esm = script("progress.js")
    _css = style("parts/theme.css", "progress.css")

    goal = traitlets.Unicode().tag(sync=True)
    here = traitlets.Dict(allow_none=True).tag(sync=True)
    lessons = traitlets.List().tag(sync=True)
    total = traitlets.Dict().tag(sync=True)
    next = traitlets.Dict(allow_none=True).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        source: Callable[[], Mapping[str, Any]] | Mapping[str, Any],
        lesson: str = "",
        *,
        goal: str = "",
    ) -> None:
        self._source = source if callable(source) else lambda: source
        self._lesson = lesson
        super().__init__(goal=goal, **_summary(self._source(), lesson))
        self._say()
        self.observe(self._say, names=["here", "total", "message"])
        self.on_msg(lambda _widget, _content, _buffers: self.refresh())
        _shown.add(self)
        _follow_cells()

    def refresh(self) -> None:
        """Ask the source again, and show what is new."""
        try:
            summary = _summary(self._source(), self._lesson)
        except Exception as error:
            self.message = f"What is done cannot be read: {type(error).__name__}: {error}"
            return
        with self.hold_sync():
            for name, value in summary.items():
                setattr(self, name, value)

    def close(self) -> None:
        """Take it off the page; it follows the checks no longer."""
        _shown.discard(self)
        super().close()

    def _say(self, _: object = None) -> None:
        here = f"This lesson: {self.here['words']}. " if self.here else ""
        self.words = f"{here}The course: {self.total['words']}. {self.message}".strip()

    def _static(self) -> Mapping[str, str]:
        lines = [self.goal, *_here_words(self.here), f"The course: {self.total['words']}."]
        lines += [f"Next: {self.next['title']}."] if self.next else []
        lines += [self.message]
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(lesson['title'])}</th>"
            f"<td style='text-align:left'>{lesson['words']}</td></tr>"
            for lesson in self.lessons
        )
        said = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
        table = f"<table><caption>The lessons of the course</caption>{rows}</table>"
        return {
            "text/html": f"<section><p><strong>Progress</strong></p>{said}{table}</section>",
            "text/plain": "\n".join(filter(None, lines)),
        }


def _summary(data: Mapping[str, Any], lesson: str) -> dict[str, Any]:
    """The traits that say what the data says."""
    try:
        lessons = [_lesson(each) for each in data["lessons"]]
        counted = [exercise for each in data["lessons"] for exercise in each["exercises"]]
        trouble = str(data.get("trouble", ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"The data on the course lacks {error}; see the help of Progress."
        ) from None
    ids = [each["id"] for each in lessons]
    if lesson and lessons and lesson not in ids:
        raise ValueError(f"There is no lesson {lesson!r}; there are {', '.join(ids)}.")
    here = lessons[ids.index(lesson)] if lesson in ids else None
    start = posixpath.dirname(here["notebook"]) if here else ""
    for each in lessons:
        each["link"] = quote(posixpath.relpath(each["notebook"], start or "."))
    # A lesson's own list is for the lesson it stands in; the others are one line each.
    lines = [{**each, "exercises": []} for each in lessons]
    return {
        "here": here,
        "lessons": lines,
        "total": _sum(counted),
        "next": _next(lines, ids.index(lesson) if here else -1),
        "message": trouble,
    }


def _next(lessons: Sequence[dict[str, Any]], index: int) -> dict[str, Any] | None:
    """The lesson after the one at `index`; after the last, the first with something open."""
    if 0 <= index < len(lessons) - 1:
        return lessons[index + 1]
    still = (lesson for lesson in lessons if lesson["done"] < lesson["count"])
    return next((lesson for lesson in still if index < 0 or lesson is not lessons[index]), None)


def _lesson(lesson: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": lesson["id"],
        "title": lesson["title"],
        "notebook": lesson["notebook"],
        "exercises": [_exercise(each) for each in lesson["exercises"]],
        **_sum(lesson["exercises"]),
    }


def _exercise(exercise: Mapping[str, Any]) -> dict[str, Any]:
    state = exercise["state"]
    words = _STATES[state]
    if state == "part":
        words = f"{words}, {exercise['points']} of {_count(exercise['of'], 'point')}"
    return {
        "title": exercise["title"],
        "cell": exercise["cell"],
        "state": state,
        "words": words,
    }


def _sum(exercises: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many are right, and the points; those in words are marked by hand, and not counted."""
    checked = [each for each in exercises if each["state"] != "words"]
    done = sum(each["state"] == "right" for each in checked)
    points = sum(each["points"] for each in checked)
    of = sum(each["of"] for each in checked)
    words = "no exercises"
    if checked:
        words = f"{done} of {_count(len(checked), 'exercise')}, {points} of {_count(of, 'point')}"
    return {
        "done": done,
        "count": len(checked),
        "isDone": 0 < len(checked) == done,
        "points": points,
        "of": of,
        "words": words,
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _here_words(here: Mapping[str, Any] | None) -> list[str]:
    if not here:
        return []
    still = [each for each in here["exercises"] if each["state"] != "right"]
    listed = "; ".join(f"{each['title']} ({each['words']})" for each in still)
    words = f"This lesson, {here['title']}: {here['words']}."
    return [words, f"Still open here: {listed}."] if still else [words]


def _follow_cells() -> None:
    """See to it that what is shown is brought up to date when a cell has run."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and _refresh_shown not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _refresh_shown)


def _refresh_shown(_: object = None) -> None:
    for progress in list(_shown):
        progress.refresh()
