"""One student's session: runs the cells of a notebook and answers questions about them."""

from __future__ import annotations

import functools
import importlib
import socket
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from autograder.runner.asking import put_question
from autograder.runner.border import BorderError, receive, reply_to_message, send
from autograder.runner.deadline import OutOfTime, deadline
from autograder.runner.plain import Opaque
from autograder.runner.reply import Reply, Returned, TimedOut, raised


def serve(connection: socket.socket, shell: InteractiveShell) -> None:
    """Do what the trusted side asks, message by message, until it hangs up."""
    while True:
        try:
            message = receive(connection)
        except EOFError:
            return
        if message["do"] == "run":
            reply = run_cell(shell, message["source"], message["seconds"])
        else:
            reply = _ask(shell, message)
        number = {"number": message["number"]}
        try:
            send(connection, {**reply_to_message(reply), **number})
        except (BorderError, ValueError, RecursionError):
            too_much = Returned(Opaque("something too large to hand over"))
            send(connection, {**reply_to_message(too_much), **number})


def run_cell(shell: InteractiveShell, source: str, seconds: float) -> Reply:
    """Run one cell as a notebook would; a cell that raises leaves the session usable."""
    try:
        with deadline(seconds):
            result = shell.run_cell(source, store_history=False, silent=True)
    except OutOfTime:
        return TimedOut(seconds)
    error = result.error_before_exec or result.error_in_exec
    if isinstance(error, OutOfTime):
        return TimedOut(seconds)
    return Returned(None) if error is None else raised(error)


def _ask(shell: InteractiveShell, message: dict[str, Any]) -> Reply:
    ask = getattr(importlib.import_module(message["module"]), message["name"])
    ask = functools.partial(ask, **message["keywords"])
    try:
        answer = eval(message["expression"], shell.user_ns)
    except Exception as error:
        return raised(error)
    return put_question(ask, answer, message["inputs"], message["device"], message["seconds"])
