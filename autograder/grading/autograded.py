"""The autograded notebook: a student's answers in the master, and the verdicts as outputs."""

from __future__ import annotations

from collections.abc import Iterable

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.page import reply_html
from autograder.verdict import Verdict


def write_verdicts(notebook: NotebookNode, verdicts: Iterable[Verdict]) -> None:
    """Put each verdict under its check cell, as the one output from which nbgrader reads points."""
    by_exercise = {verdict.exercise: verdict for verdict in verdicts}
    for cell in notebook.cells:
        verdict = by_exercise.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if cell.cell_type == "code" and verdict is not None:
            data = {"text/plain": repr(float(verdict.points)), "text/html": reply_html(verdict)}
            cell.execution_count = 1
            cell.outputs = [new_output("execute_result", data, execution_count=1)]
