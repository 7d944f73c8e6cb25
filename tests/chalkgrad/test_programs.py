"""Whole programs print under chalkgrad what they print under torch.

What would be lost: that `import chalkgrad as torch` runs a program unchanged. The programs are the
examples of the engine: each runs by hand, under torch, with `python tests/chalkgrad/programs/…`.
"""

from __future__ import annotations

import builtins
import contextlib
import difflib
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

import chalkgrad

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
ENGINES: list[Any] = [chalkgrad, torch]


@pytest.fixture(autouse=True)
def as_a_fresh_start() -> Iterator[None]:
    """Undo what a program that stopped half-way may have left behind in either engine."""
    yield
    for engine in ENGINES:
        engine.set_default_dtype(engine.float32)
        engine.set_grad_enabled(True)


def printed(program: Path, engine: str) -> str:
    """Run a program with `engine` wherever it imports torch, and return what it printed."""

    def importing(name: str, *how: Any) -> ModuleType:
        package, dot, module = name.partition(".")
        return __import__(engine + dot + module if package == "torch" else name, *how)

    names = {
        "__name__": program.stem,
        "__builtins__": {**vars(builtins), "__import__": importing},
    }
    with contextlib.redirect_stdout(io.StringIO()) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(program.read_text(encoding="utf-8"), program, "exec"), names)
    return re.sub(r" object at 0x[0-9a-f]+", "", out.getvalue())


def difference(ours: str, theirs: str) -> str:
    """Return a unified diff from what torch prints to what chalkgrad prints; empty if the same."""
    lines = theirs.splitlines(), ours.splitlines()
    return "\n".join(difflib.unified_diff(*lines, "torch", "chalkgrad", lineterm=""))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_prints_the_same(program: Path) -> None:
    if program.stem == "device" and torch.cuda.is_available():
        pytest.skip("torch sees a CUDA device, chalkgrad knows none: they rightly print otherwise")
    theirs = printed(program, "torch")
    assert theirs
    found = difference(printed(program, "chalkgrad"), theirs)
    assert not found, f"{program.name} prints otherwise under chalkgrad:\n{found}"


def test_a_program_that_runs_under_chalkgrad_sees_no_torch(tmp_path: Path) -> None:
    program = tmp_path / "which.py"
    program.write_text("import torch\nfrom torch import autograd\nprint(torch, autograd)")
    assert "chalkgrad" in printed(program, "chalkgrad")
    assert "torch" not in printed(program, "chalkgrad")


def test_a_difference_is_seen() -> None:
    assert difference("tensor(1.)\n", "tensor(2.)\n").endswith("-tensor(2.)\n+tensor(1.)")
