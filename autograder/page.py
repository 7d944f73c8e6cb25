"""Turns a verdict into HTML: the same reply under a check cell and on the feedback page."""

from __future__ import annotations

import re
from functools import cache

import jinja2
from markupsafe import Markup, escape

from autograder.verdict import Verdict


@cache
def templates() -> jinja2.Environment:
    """Return the templates of this package; what they are given is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["code_spans"] = _code_spans
    return environment


def _code_spans(text: str) -> Markup:
    """Show what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def reply_html(verdict: Verdict) -> str:
    """Return the reply to one exercise as a fragment of HTML."""
    return templates().get_template("notebook_reply.html.j2").render(verdict=verdict)
