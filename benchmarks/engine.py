"""How fast the engine is beside others: one table, and what it must reach.

Run it with `python -m benchmarks.engine`, add `--quick` for a first look, and names of workloads
for some of them only. Times are medians of processor time on one thread.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

# The libraries read this when they are imported.
os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")})

import numpy as np
import torch
from rich import box
from rich.console import Console
from rich.table import Table

import chalkgrad
from benchmarks import workloads
from benchmarks.measuring import (
    PHASES,
    Times,
    bytes_per_node,
    import_seconds,
    is_met,
    measured,
    ratio,
)
from benchmarks.workloads import HAND, HIPS, MICROGRAD, OURS, TORCH, Workload

COLUMNS = (HAND, OURS, TORCH, HIPS, MICROGRAD)
COMPARED = (HAND, TORCH, MICROGRAD)
WORKLOADS = {
    "polynomial": workloads.polynomial,
    "chain": workloads.chain,
    "network": workloads.network,
    "epoch": workloads.epoch,
    "large": workloads.large,
    "broadcasting": workloads.broadcasting,
    "fan_out": workloads.fan_out,
    "fan_in": workloads.fan_in,
}
DEEP, IMPORT = "deep", "import"
IMPORT_MILLISECONDS = 20
WIDTH = 160  # where nobody's terminal says it


def main() -> None:
    """Measure what the command line asks for and print it."""
    arguments = _arguments()
    torch.set_num_threads(1)
    names = arguments.workloads or [*WORKLOADS, DEEP, IMPORT]
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, torch {torch.__version__}, "
        f"chalkgrad from {Path(str(chalkgrad.__file__)).parent}",
        soft_wrap=True,
    )
    table = _empty_table()
    for name in names:
        if name in WORKLOADS:
            workload = WORKLOADS[name]()
            if arguments.quick:
                workload = _without(workload, HIPS)
            add_rows(table, workload, measured(workload, seconds=0.3 if arguments.quick else 15))
    if DEEP in names and not arguments.quick:
        deep = replace(_without(workloads.chain(1_000_000), HIPS), targets=())
        add_rows(table, deep, measured(deep, seconds=0, rounds=1))
    if table.row_count:
        console.print(table)
    if DEEP in names:
        _print_memory(console, (OURS,) if arguments.quick else (OURS, HIPS))
    if IMPORT in names:
        milliseconds = import_seconds() * 1e3
        console.print(
            f"import chalkgrad, after numpy: {milliseconds:.1f} ms, at most {IMPORT_MILLISECONDS}: "
            + _verdict(milliseconds <= IMPORT_MILLISECONDS)
        )


def _arguments() -> argparse.Namespace:
    known = [*WORKLOADS, DEEP, IMPORT]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help=f"few rounds, without {HIPS} and the deep chain"
    )
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="workload",
        help=f"{', '.join(known)}; all when none is named",
    )
    arguments = parser.parse_args()
    for name in arguments.workloads:
        if name not in known:
            parser.error(f"there is no workload {name!r}, only {', '.join(known)}")
    return arguments


def _empty_table() -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        caption=f"Medians; {OURS}'s time in times of another's in the same round. "
        "One thread, processor time, garbage collector on.",
    )
    table.add_column("", no_wrap=True)
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for name in COMPARED:
        table.add_column(f"to {name}", justify="right", no_wrap=True)
    table.add_column("at most", no_wrap=True)
    return table


def add_rows(table: Table, workload: Workload, times: dict[str, Times]) -> None:
    """Add a row for each phase, one for the whole, and one for how far the totals spread."""
    learns = any(contender.update for contender in workload.contenders.values())
    unit, scale = _unit(times[OURS].median("total"))
    table.add_row(f"[bold]{workload.title}[/], {unit}")
    for phase in (*PHASES, "total"):
        if phase == "update" and not learns:
            continue
        medians = [_shown(times[n].median(phase) * scale) if n in times else "" for n in COLUMNS]
        ratios = [_ratio(times, n, phase) if n in times else "" for n in COMPARED]
        targets = _verdicts(workload, times) if phase == "total" else ""
        table.add_row(f"  {phase}", *medians, *ratios, targets)
    rounds = len(times[OURS].seconds)
    if rounds > 1:
        spreads = [_spread(times[n], scale) if n in times else "" for n in COLUMNS]
        table.add_row(f"  quartiles of {rounds} rounds", *spreads, style="dim")
    table.add_section()


def _without(workload: Workload, name: str) -> Workload:
    contenders = {other: own for other, own in workload.contenders.items() if other != name}
    return replace(workload, contenders=contenders)


def _unit(seconds: float) -> tuple[str, float]:
    """Return the unit in which a time reads well, and how many of it a second has."""
    return ("µs", 1e6) if seconds < 1e-3 else ("ms", 1e3) if seconds < 1 else ("s", 1)


def _shown(number: float) -> str:
    """Return a number with about three digits."""
    return f"{number:,.{0 if number >= 100 else 1 if number >= 10 else 2}f}"


def _spread(times: Times, scale: float) -> str:
    return "-".join(_shown(seconds * scale) for seconds in times.quartiles("total"))


def _ratio(times: dict[str, Times], other: str, phase: str) -> str:
    found = ratio(times, OURS, other, phase)
    return "" if math.isnan(found) else f"{found:.2f}"


def _verdicts(workload: Workload, times: dict[str, Times]) -> str:
    return "\n".join(
        f"{target.at_most:.2f} to {target.than}: {_verdict(is_met(target, times, OURS))}"
        for target in workload.targets
    )


def _verdict(is_met: bool) -> str:
    return "[green]met[/]" if is_met else "[red]missed[/]"


def _print_memory(console: Console, names: Sequence[str]) -> None:
    """Print what a node of a chain of three numbers takes."""
    links = 100_000
    contenders = workloads.chain(links).contenders
    for name in names:
        before, after = bytes_per_node(contenders[name], links)
        console.print(
            f"bytes per node of a chain of {links:,}, {name}: "
            f"{before:.0f}, and {after:.0f} after backward"
        )


if __name__ == "__main__":
    main()
