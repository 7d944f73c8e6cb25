"""Turns a verdict into HTML: the same reply under a check cell and on the feedback page."""

from __future__ import annotations

from functools import cache

import jinja2

from autograder.verdict import Verdict


@cache
def templates() -> jinja2.Environment:
    """Return the templates of this package; what they are given is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("autograder"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )


def reply_html(verdict: Verdict) -> str:
    """Return the reply to one exercise as a fragment of HTML."""
    return templates().get_template("notebook_reply.html.j2").render(verdict=verdict)
