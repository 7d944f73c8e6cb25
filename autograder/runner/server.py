"""A warm process that forks a fresh one for each submission; the fork locks itself in.

Loading torch takes seconds, forking milliseconds. The server itself never runs a student's code
and never starts CUDA or a thread pool, which would not survive the fork.

Run as `python -m autograder.runner.server FD`, FD being a socket on which requests arrive.
"""

from __future__ import annotations

import array
import contextlib
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.runner.border import send
from autograder.runner.lock import (
    FIRST_USER,
    LockError,
    LockPlan,
    drop_privileges,
    enter_namespaces,
)
from autograder.runner.session import serve

LARGEST_REQUEST = 2**16


def main(file_descriptor: int) -> None:
    """Load what the first request names, then fork for each request until the socket closes."""
    control = socket.socket(fileno=file_descriptor)
    shell = _make_shell()
    while True:
        request, connection = _receive_request(control)
        if request is None:
            return
        if request["do"] == "load":
            reply = _load(request["imports"], request["first"], request["hidden"])
        elif request["do"] == "kill":
            os.kill(request["process"], signal.SIGKILL)
            os.waitpid(request["process"], 0)
            reply: dict[str, Any] = {}
        else:
            assert connection is not None
            process = os.fork()
            if process == 0:
                control.close()
                _become_session(connection, shell, request)
            connection.close()
            reply = {"process": process}
        control.send(json.dumps(reply).encode())


def _receive_request(
    control: socket.socket,
) -> tuple[dict[str, Any] | None, socket.socket | None]:
    data, ancillary, _, _ = control.recvmsg(LARGEST_REQUEST, socket.CMSG_SPACE(4))
    if not data:
        return None, None
    received = array.array("i", ancillary[0][2] if ancillary else b"")
    connection = socket.socket(fileno=received[0]) if received else None
    return json.loads(data), connection


def _load(imports: Sequence[str], first: str, hidden: Sequence[str]) -> dict[str, Any]:
    """Import what the lesson will import anyway; what is missing is the lesson's to report.

    An import is "torch", or "chalkboard:plot_function", since a package may load a name late. What
    a lesson imports of this package comes from the folder `first` as well, and is a stand-in.
    """
    sys.path[:] = [first, *(path for path in sys.path if path not in hidden)]
    sys.modules["autograder"].__path__ = [os.path.join(first, "autograder")]
    for item in imports:
        module, _, name = item.partition(":")
        with contextlib.suppress(ImportError, AttributeError):
            loaded = importlib.import_module(module)
            if name:
                getattr(loaded, name)
    return {}


def _make_shell() -> InteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False
    return InteractiveShell.instance(config=config)


def _become_session(
    connection: socket.socket, shell: InteractiveShell, request: dict[str, Any]
) -> None:
    """Never returns: locks in where a plan was given, serves, and ends this process."""
    status = 1
    try:
        if request["plan"] is not None:
            _lock_in(connection, request["plan"])
        else:
            os.chdir(request["scratch"])
        send(connection, {"ready": True})
        serve(connection, shell)
        status = 0
    except LockError as error:
        send(connection, {"ready": False, "reason": error.reason, "remedy": error.remedy})
    finally:
        os._exit(status)


def _lock_in(connection: socket.socket, plan_fields: dict[str, Any]) -> None:
    plan = LockPlan(**plan_fields)
    user = FIRST_USER + os.getpid()
    try:
        enter_namespaces(plan)
        child = os.fork()
        if child != 0:
            # This process only waits: killing it kills the locked one.
            connection.close()
            os.waitpid(child, 0)
            os._exit(0)
        drop_privileges(plan, user, keep=connection.fileno())
    except OSError as error:
        raise LockError(
            f"a step of it failed ({error})", "run `python3 start.py test` to see what is broken"
        ) from error


if __name__ == "__main__":
    main(int(sys.argv[1]))
