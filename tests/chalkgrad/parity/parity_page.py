"""Write docs/parity.md from the reports: what agrees with torch, what may not, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import torch
from op_samples import missing, supported_names
from parity_exceptions import EXCEPTIONS, UNDETERMINED
from parity_report import COLUMNS, Report

PAGE = Path(__file__).parents[3] / "docs" / "parity.md"

_INTRODUCTION = """# Parity with torch

torch tests itself with a list of operations, `op_db`, which has for each operation sample inputs
and inputs that it refuses. chalkgrad is given the same. This page is generated, and
`tests/chalkgrad/parity` holds it true; after a change write it anew with
`python tests/chalkgrad/parity --write`.

Compared with torch {version} on the CPU: **{operations} operations by name**, {variants} with
their variants; {agreeing} of {samples} comparisons agree, {excepted} are
[exceptions](#exceptions), {failing} fail. Of {refused} inputs that torch refuses, chalkgrad refuses
{same} ({share:.0f} %) with the same type of error; {not_expressible} more cannot be given to
chalkgrad, for their dtype, layout or device, and are not counted.

- **float64**: type, shape, dtype, `requires_grad` and values of all samples, within
  `torch.testing.assert_close`'s tolerances for the dtype. An operation that takes no float64 gets
  int64, or else bool.
- **float32**: the same in float32, and the gradients.
- **gradient**: in float64, `autograd.grad` with a random cotangent, for every input that requires
  grad: values, shapes, dtypes, and None where there is no path.
- **second derivative**: that gradient, made with `create_graph=True`, differentiated with another
  random cotangent, by the inputs and by the first cotangent; where torch has one.
- **jvp**: `autograd.functional.jvp` with a random tangent, against torch's forward mode; where
  torch has it.
- **refused**: how many of the inputs that torch refuses raise the same type of error.

No sample is left out. `7 + 2` means that 7 samples agree and 2 are among the exceptions; a dash,
that there is nothing to compare.
"""


def page(reports: Sequence[Report]) -> str:
    """The whole page."""
    sections = [
        _introduction(reports),
        _table(reports),
        _exceptions(),
        _undetermined(),
        _refused_otherwise(reports),
        _not_supported(),
    ]
    return "\n".join(section for section in sections if section)


def _introduction(reports: Sequence[Report]) -> str:
    refusals = [report.refusals for report in reports]
    refused, same = sum(r.total for r in refusals), sum(r.same for r in refusals)
    samples = sum(report.compared.total() for report in reports)
    failing = sum(len(report.failures) for report in reports)
    excepted = sum(len(report.findings) for report in reports) - failing
    return _INTRODUCTION.format(
        version=torch.__version__.partition("+")[0],
        operations=len(supported_names()),
        variants=len(reports),
        samples=f"{samples:,}",
        agreeing=f"{samples - failing - excepted:,}",
        excepted=excepted,
        failing=failing,
        refused=refused,
        same=same,
        share=100 * same / refused,
        not_expressible=sum(r.not_expressible for r in refusals),
    )


def _table(reports: Sequence[Report]) -> str:
    head = ("operation", *COLUMNS, "refused")
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for report in sorted(reports, key=lambda report: report.operation):
        cells = [_cell(report, column) for column in COLUMNS]
        rows.append([f"`{report.operation}`", *cells, _refused(report)])
    return "## Operations\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(report: Report, column: str) -> str:
    total, excepted = report.compared[column], report.excepted(column)
    failed = report.failed(column)
    if failed:
        return f"**{failed} of {total} fail**"
    if excepted:
        return f"{total - excepted} + {excepted}"
    return str(total or "-")


def _refused(report: Report) -> str:
    found = report.refusals
    return f"{found.same} of {found.total}" if found.total else "-"


def _exceptions() -> str:
    lines = [
        f"- `{row.operation}`, {', '.join(row.columns)}; {row.which}: {row.reason}\n"
        for row in EXCEPTIONS
    ]
    return "## Exceptions\n\n" + ("".join(lines) or "None.\n")


def _undetermined() -> str:
    known = supported_names()
    lines = [f"- `{name}`: {why}\n" for name, why in UNDETERMINED.items() if name in known]
    return (
        "## Not determined\n\n"
        "Compared in type, shape, dtype and `requires_grad`, but not in values and gradients.\n\n"
        + "".join(lines)
    )


def _refused_otherwise(reports: Sequence[Report]) -> str:
    lines = [
        f"- `{report.operation}{sample}`: {errors.types()}\n"
        for report in reports
        for sample, errors in report.refusals.different
    ]
    return "## Refused with another type of error\n\n" + ("".join(lines) or "None.\n")


def _not_supported() -> str:
    groups = groupby(sorted(missing(), key=_module), key=_module)
    lines = [
        f"- {module and f'`{module}`: '}{', '.join(f'`{_last(name)}`' for name in names)}\n"
        for module, names in groups
    ]
    return "## Not in chalkgrad\n\nOf torch's list, by name.\n\n" + "".join(lines)


def _module(name: str) -> str:
    return name.rpartition(".")[0]


def _last(name: str) -> str:
    return name.rpartition(".")[2]
