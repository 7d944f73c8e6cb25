"""Run an operation's samples in both engines and report what agrees, counted per column."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from comparing import (
    FORWARD,
    GRADIENT,
    SECOND,
    Errors,
    Mismatch,
    Pair,
    compare_gradients,
    compare_results,
    compare_second_derivatives,
    compare_tangents,
    refuse,
    run_both,
)
from op_samples import (
    NotExpressible,
    Operation,
    describe,
    main_dtype,
    refused_samples,
    samples,
)
from parity_exceptions import EXCEPTIONS, UNDETERMINED, ParityException

COLUMNS = ("float64", "float32", GRADIENT, SECOND, FORWARD)
"""Results in float64; results and gradients in float32; and the three others in float64."""


@dataclass(frozen=True)
class Finding:
    """A sample in which the engines differ, and the row that excepts it, if any."""

    column: str
    sample: str
    message: str
    exception: ParityException | None

    def __str__(self) -> str:
        return f"{self.column}: {self.sample}: {self.message}"


@dataclass(frozen=True)
class Refusals:
    """How many refused inputs raise the same type of error, and which raise another.

    Those that cannot be given to chalkgrad, for their dtype or device, are counted apart.
    """

    same: int
    different: tuple[tuple[str, Errors], ...]
    not_expressible: int

    @property
    def total(self) -> int:
        """How many could be compared."""
        return self.same + len(self.different)


@dataclass(frozen=True)
class Report:
    """What came out for one operation: samples compared per column, differences, errors."""

    operation: str
    compared: Counter[str]
    findings: tuple[Finding, ...]
    refusals: Refusals

    @property
    def failures(self) -> list[Finding]:
        """The differences that no row excepts."""
        return [finding for finding in self.findings if finding.exception is None]

    def failed(self, column: str) -> int:
        """How many samples differ in this column and may not."""
        return sum(finding.column == column for finding in self.failures)

    def excepted(self, column: str) -> int:
        """How many samples differ in this column and may."""
        return sum(finding.column == column for finding in self.findings) - self.failed(column)


@contextmanager
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@_without_warnings()
def report(operation: Operation) -> Report:
    """Compare all samples and all refused inputs of an operation."""
    compared: Counter[str] = Counter()
    findings: list[Finding] = []
    for column, sample, message in _compared(operation):
        compared[column] += 1
        row = _exception(operation, column, sample, message)
        if message is not None or row is not None:
            findings.append(Finding(column, describe(sample), message or "as in torch here", row))
    return Report(operation.name, compared, tuple(findings), refusals(operation))


def unneeded(report: Report) -> list[str]:
    """The rows for an operation, with a column, that except nothing there."""
    needed = [(finding.exception, finding.column) for finding in report.findings]
    return [
        f"{column}: {row.reason}"
        for row in EXCEPTIONS
        if report.operation in row.operations
        for column in row.columns
        if (row, column) not in needed
    ]


def _exception(
    operation: Operation, column: str, sample: Any, message: str | None
) -> ParityException | None:
    for row in EXCEPTIONS:
        named = operation.name in row.operations and column in row.columns
        meant = row.rounding if message is None else row.says in message
        if named and meant and row.covers(sample):
            return row
    return None


def _compared(operation: Operation) -> Iterator[tuple[str, Any, str | None]]:
    """Yield column, sample, and the difference or None, for all that is compared."""
    dtype = main_dtype(operation.info)
    assert dtype is not None
    for number, sample in enumerate(samples(operation, dtype)):
        for column, message in _checked(operation, sample, number):
            yield column, sample, message
    for number, sample in enumerate(samples(operation, torch.float32)):
        yield "float32", sample, _in_float32(operation, sample, number)


def _checked(operation: Operation, sample: Any, number: int) -> Iterator[tuple[str, str | None]]:
    determined = operation.info.name not in UNDETERMINED
    try:
        pair = run_both(operation, sample)
        compare_results(pair, determined)
    except Mismatch as difference:
        yield from _checked_without_gradients(operation, sample, str(difference))
        return
    yield "float64", None
    if not determined or not pair.differentiable():
        return
    generator = torch.Generator().manual_seed(number)
    yield GRADIENT, _difference(compare_gradients, pair, generator)
    if operation.info.supports_gradgrad:
        yield SECOND, _difference(compare_second_derivatives, pair, generator)
    if operation.info.supports_forward_ad:
        yield FORWARD, _difference(compare_tangents, pair, generator)


def _checked_without_gradients(
    operation: Operation, sample: Any, difference: str
) -> Iterator[tuple[str, str | None]]:
    """Say of a sample that differs whether it does so only where it requires grad."""
    determined = operation.info.name not in UNDETERMINED
    try:
        compare_results(run_both(operation, sample, gradients=False), determined)
    except Mismatch as always:
        # There is nothing to differentiate, so the other columns do not count this sample.
        yield "float64", str(always)
    else:
        yield "float64", None
        yield GRADIENT, difference


def _in_float32(operation: Operation, sample: Any, number: int) -> str | None:
    determined = operation.info.name not in UNDETERMINED
    try:
        pair = run_both(operation, sample)
        compare_results(pair, determined)
        if determined and pair.differentiable():
            compare_gradients(pair, torch.Generator().manual_seed(number))
    except Mismatch as difference:
        return str(difference)
    return None


def _difference(compare: Callable[..., None], pair: Pair, argument: Any) -> str | None:
    try:
        compare(pair, argument)
    except Mismatch as difference:
        return str(difference)
    return None


@_without_warnings()
def refusals(operation: Operation) -> Refusals:
    """Compare the types of errors for all inputs that torch's list says are refused."""
    same, not_expressible, different = 0, 0, []
    for sample in refused_samples(operation):
        try:
            errors = refuse(operation, sample)
        except NotExpressible:
            not_expressible += 1
            continue
        if errors is None:
            continue
        if errors.same_type():
            same += 1
        else:
            different.append((describe(sample), errors))
    return Refusals(same, tuple(different), not_expressible)
