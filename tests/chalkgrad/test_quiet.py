"""Dividing by zero is no news, as with torch; and what the engine does stays its own affair.

What would be lost: a lesson whose output is half warnings; a user whose own NumPy falls silent.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

import chalkgrad

SINGULAR = """
x.log(); x / x; 1 / x; x.rsqrt(); (-y).sqrt(); x ** -1; (-y) ** 0.5; (y * 800).exp()
y * 3e38 * 3e38; y + 3e38 + 3e38; y * 1e300; chalkgrad.tensor(1e300); (y / x).to(chalkgrad.int32)
y.double().exp() ** 1000; x.std(); x.var(); (y / x) - (y / x); (y / x).sum() * x; x % 0.0
y.detach() // x.detach()
(x / x).max(); chalkgrad.zeros(0).mean(); (x / x).round(); (y * 1e30).half(); x.log1p()
"""


@pytest.mark.parametrize("dimensions", [0, 1])
def test_no_warning_forward_backward_or_in_place(dimensions: int) -> None:
    x = chalkgrad.tensor([0.0, 0.0] if dimensions else 0.0, requires_grad=True)
    y = chalkgrad.tensor([2.0, 3.0] if dimensions else 2.0, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for program in SINGULAR.replace("\n", ";").split(";"):
            if program.strip():
                result = eval(program, {"x": x, "y": y, "chalkgrad": chalkgrad})
                if result.requires_grad:
                    result.sum().backward()
        (slope,) = chalkgrad.autograd.grad((x.sqrt() * y).sum(), x, create_graph=True)
        assert slope is not None
        slope.sum().backward()
        with chalkgrad.no_grad():
            y /= x
            y -= y


def test_nothing_on_standard_error_and_no_filter_left_behind() -> None:
    program = """
import warnings
import numpy as np
before = list(warnings.filters)
import chalkgrad
assert warnings.filters == before
chalkgrad.tensor(0.).log(), 1 / chalkgrad.tensor(0.), chalkgrad.zeros(2) / 0
try:
    np.float32(1) / np.float32(0)
except RuntimeWarning:
    print("NumPy still warns")
"""
    command = [sys.executable, "-W", "error", "-c", program]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("NumPy still warns\n", "")


def test_the_users_own_error_handling_is_left_alone() -> None:
    heard = []
    x = chalkgrad.tensor(0.0, requires_grad=True)
    with np.errstate(divide="raise"):
        x.log().backward()
        heard.append(np.geterr()["divide"])
    assert heard == ["raise"]


def test_threads_compute_at_once_each_in_its_own_mode() -> None:
    failures = []
    big = np.zeros(200_000)

    def work(recorded: bool) -> None:
        try:
            with chalkgrad.set_grad_enabled(recorded):
                for _ in range(20):
                    x = chalkgrad.tensor(big, requires_grad=True)
                    assert x.exp().log().requires_grad == recorded
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(place % 2 == 0,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert chalkgrad.is_grad_enabled()
