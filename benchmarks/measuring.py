"""How time and memory are measured, and of what.

Contenders take turns within one run, so that a busy machine is busy for all of them, and each
round begins with the next one. Time is processor time. Python's garbage collector is left on, as
users have it, and collects one turn's garbage before the next, outside the clock. What all the
imports brought is kept from it: otherwise who makes objects would pay for walking through torch's.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from benchmarks.contenders import Contender
from benchmarks.workloads import Target, Workload

PHASES = ("forward", "backward", "update", "free")


@dataclass(frozen=True)
class Times:
    """Seconds that one contender took: a row for each round, a column for each phase."""

    seconds: np.ndarray

    def of(self, phase: str) -> np.ndarray:
        """Return what each round took in one phase, or in "total"."""
        if phase == "total":
            return self.seconds.sum(axis=1)
        return self.seconds[:, PHASES.index(phase)]

    def median(self, phase: str) -> float:
        """Return the median over the rounds."""
        return float(np.median(self.of(phase)))

    def quartiles(self, phase: str) -> tuple[float, float]:
        """Return between what the middle half of the rounds lies."""
        low, high = np.quantile(self.of(phase), [0.25, 0.75])
        return float(low), float(high)


def measured(workload: Workload, *, seconds: float, rounds: int = 3) -> dict[str, Times]:
    """Give each contender its turns, at least `rounds`, and more until `seconds` are over."""
    names = list(workload.contenders)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in names}
    gc.collect()
    gc.freeze()
    end = time.perf_counter() + seconds
    for name in names if rounds > 1 else ():
        turn(workload, workload.contenders[name])
    done = 0
    while done < rounds or time.perf_counter() < end:
        first = done % len(names)
        for name in names[first:] + names[:first]:
            rows[name].append(turn(workload, workload.contenders[name]))
        done += 1
    gc.unfreeze()
    return {name: Times(np.array(taken)) for name, taken in rows.items()}


def turn(workload: Workload, contender: Contender) -> np.ndarray:
    """Return the seconds that each phase took in one turn, for one reported time's graphs."""
    gc.collect()
    turns = [
        _phases(contender, workload.at_once) for _ in range(0, workload.graphs, workload.at_once)
    ]
    return np.sum(turns, axis=0) * workload.per / workload.graphs


def _phases(contender: Contender, count: int) -> list[float]:
    """Return the seconds that each phase took for `count` graphs that live together."""
    clock = time.process_time_ns
    leaves = [contender.leaves() for _ in range(count)]
    marks = [clock()]
    graphs = [contender.forward(*own) for own in leaves]
    marks.append(clock())
    results = [contender.backward(graph) for graph in graphs]
    marks.append(clock())
    if contender.update:
        for own, result in zip(leaves, results, strict=True):
            contender.update(own, result)
    marks.append(clock())
    graphs.clear()
    marks.append(clock())
    return [(after - before) * 1e-9 for before, after in pairwise(marks)]


def ratio(times: dict[str, Times], ours: str, other: str, phase: str = "total") -> float:
    """Return how many times as long we take: the median over the rounds.

    Within one round both met the same machine. nan where the phase is next to nothing to the other.
    """
    if times[other].median(phase) < 0.01 * times[other].median("total"):
        return float("nan")
    return float(np.median(times[ours].of(phase) / times[other].of(phase)))


def is_met(target: Target, times: dict[str, Times], ours: str) -> bool:
    """Whether we take no longer than the target allows."""
    return ratio(times, ours, target.than) <= target.at_most


def bytes_per_node(contender: Contender, nodes: int) -> tuple[float, float]:
    """Return what a graph of `nodes` nodes holds, values included: before backward and after it.

    Python and NumPy tell tracemalloc what they take; torch does not.
    """
    leaves = contender.leaves()
    tracemalloc.start()
    graph = contender.forward(*leaves)
    before, _ = tracemalloc.get_traced_memory()
    contender.backward(graph)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return before / nodes, after / nodes


def import_seconds(times: int = 11) -> float:
    """Return what `import chalkgrad` takes after `import numpy`: the median of new processes."""
    program = (
        "import time, numpy; start = time.process_time();"
        "import chalkgrad; print(time.process_time() - start)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def once() -> float:
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return float(done.stdout)

    once()  # writes the bytecode that the others read
    return median(once() for _ in range(times))
