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
from parity_page import PAGE, page
from parity_report import COLUMNS, Report, report


def main(
    names: Annotated[list[str] | None, typer.Argument(help="all if none is named")] = None,
    fail: Annotated[bool, typer.Option("--fail", help="only operations that differ")] = False,
    lacking: Annotated[bool, typer.Option("--missing", help="what chalkgrad lacks")] = False,
    write: Annotated[bool, typer.Option("--write", help="write docs/parity.md")] = False,
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
    if write and not names:
        PAGE.write_text(page(reports), encoding="utf-8")


def _line(found: Report) -> str:
    counts = [
        f"{column} {total - found.failed(column)}/{total}"
        for column in COLUMNS
        if (total := found.compared[column])
    ]
    if found.refusals.total:
        counts.append(f"errors {found.refusals.same}/{found.refusals.total}")
    mark = "FAIL" if found.failures else "ok  "
    firsts = {failure.column: failure for failure in reversed(found.failures)}
    differences = [str(firsts[column]) for column in COLUMNS if column in firsts]
    differences += [f"error: {sample}: {e}" for sample, e in found.refusals.different[:1]]
    return "\n       ".join([f"{mark} {found.operation}: {', '.join(counts)}", *differences])


def _summary(reports: list[Report]) -> str:
    passing = sum(not found.failures for found in reports)
    same = sum(found.refusals.same for found in reports)
    total = sum(found.refusals.total for found in reports)
    return (
        f"{passing} of {len(reports)} operations with variants agree; "
        f"errors {same}/{total}; {len(supported_names())} operations by name"
    )


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
