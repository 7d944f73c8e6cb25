"""The parity of chalkgrad with torch's list of operations, by hand.

python tests/chalkgrad/parity            every supported operation
python tests/chalkgrad/parity sum where  these, in all their variants
python tests/chalkgrad/parity --fail     only those that differ somewhere
python tests/chalkgrad/parity --missing  what torch's list has and chalkgrad lacks
python tests/chalkgrad/parity --write    write docs/parity.md
"""

from __future__ import annotations

from typing import Annotated

import typer
from op_samples import missing, supported, supported_names
from parity_report import COLUMNS, Report, report


def main(
    names: Annotated[list[str] | None, typer.Argument(help="all if none is named")] = None,
    fail: Annotated[bool, typer.Option("--fail", help="only operations that differ")] = False,
    lacking: Annotated[bool, typer.Option("--missing", help="what chalkgrad lacks")] = False,
) -> None:
    """Hold chalkgrad's operations against torch's samples of them."""
    if lacking:
        print("\n".join(missing()))
        return
    reports = []
    for operation in supported().values():
        if not names or {operation.name, operation.info.name} & {*names}:
            found = report(operation)
            reports.append(found)
            if not fail or found.failures:
                print(_line(found), flush=True)
    print(_summary(reports))


def _line(found: Report) -> str:
    counts = [
        f"{column} {total - found.failed(column)}/{total}"
        for column in COLUMNS
        if (total := found.compared[column])
    ]
    if found.errors.total:
        counts.append(f"errors {found.errors.same}/{found.errors.total}")
    mark = "FAIL" if found.failures else "ok  "
    firsts = {failure.column: failure for failure in reversed(found.failures)}
    differences = [str(firsts[column]) for column in COLUMNS if column in firsts]
    differences += [f"error: {text}" for text in found.errors.different[:1]]
    return "\n       ".join([f"{mark} {found.operation}: {', '.join(counts)}", *differences])


def _summary(reports: list[Report]) -> str:
    passing = sum(not found.failures for found in reports)
    same = sum(found.errors.same for found in reports)
    total = sum(found.errors.total for found in reports)
    return (
        f"{passing} of {len(reports)} operations with variants agree; "
        f"errors {same}/{total}; {len(supported_names())} operations by name"
    )


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
