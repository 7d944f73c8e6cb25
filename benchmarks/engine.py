"""How fast the engine is beside others: one table of ratios.

Contenders take turns within one run, so that a busy machine is busy for all of them. Times are
medians over the rounds, of processor time on one thread; ratios are to torch. Run it with
`python benchmarks/engine.py [rounds]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import autograd
import autograd.numpy as autograd_numpy
import numpy as np
import torch
from micrograd.engine import Value

import chalkgrad

torch.set_num_threads(1)

Step = Callable[[], Any]
LINKS = 10_000


def polynomial() -> dict[str, Step]:
    """(x-3)(x-6)(x-4) at one point, forward and backward."""

    def with_engine(engine: Any) -> Step:
        x = engine.tensor(2.0, requires_grad=True)

        def step() -> None:
            x.grad = None
            ((x - 3) * (x - 6) * (x - 4)).backward()

        return step

    def with_micrograd() -> None:
        x = Value(2.0)
        ((x - 3) * (x - 6) * (x - 4)).backward()

    slope = autograd.grad(lambda x: (x - 3) * (x - 6) * (x - 4))

    def by_hand() -> np.float32:
        x = np.float32(2.0)
        a, b, c = x - 3, x - 6, x - 4
        ab, _ = a * b, a * b * c
        one = np.float32(1.0)
        return one * ab + one * c * a + one * c * b

    return {
        "NumPy by hand": by_hand,
        "chalkgrad": with_engine(chalkgrad),
        "torch": with_engine(torch),
        "micrograd": with_micrograd,
        "HIPS autograd": lambda: slope(2.0),
    }


def chain() -> dict[str, Step]:
    """10,000 multiplications of three numbers, float32, forward and backward."""
    start = np.array([1.0, 2.0, 3.0], np.float32)
    factor = np.array([1.0001, 1.0, 0.9999], np.float32)

    def with_engine(engine: Any) -> Step:
        x = engine.tensor(start, requires_grad=True)
        c = engine.tensor(factor)

        def step() -> None:
            x.grad = None
            y = x
            for _ in range(LINKS):
                y = y * c
            y.sum().backward()

        return step

    def by_hand() -> np.ndarray:
        y = start
        saved = []
        for _ in range(LINKS):
            saved.append(factor)
            y = y * factor
        gradient = np.ones(3, np.float32)
        for other in reversed(saved):
            gradient = gradient * other
        return gradient

    def chained(x: Any) -> Any:
        for _ in range(LINKS):
            x = x * factor
        return autograd_numpy.sum(x)

    slope = autograd.grad(chained)
    return {
        "NumPy by hand": by_hand,
        "chalkgrad": with_engine(chalkgrad),
        "torch": with_engine(torch),
        "HIPS autograd": lambda: slope(start),
    }


def network() -> dict[str, Step]:
    """One step of a network 784-256-10 on a batch of 64, float32: loss, gradients, update."""
    random = np.random.default_rng(0)
    x = random.normal(size=(64, 784)).astype(np.float32)
    y = random.normal(size=(64, 10)).astype(np.float32)
    weights = [
        (random.normal(size=shape) * 0.05).astype(np.float32)
        for shape in ((784, 256), (256,), (256, 10), (10,))
    ]
    rate = 1e-3

    def with_engine(engine: Any) -> Step:
        inputs, targets = engine.tensor(x), engine.tensor(y)
        own = [engine.tensor(weight, requires_grad=True) for weight in weights]
        w1, b1, w2, b2 = own

        def step() -> None:
            hidden = (inputs @ w1 + b1).relu()
            loss = ((hidden @ w2 + b2 - targets) ** 2).mean()
            loss.backward()
            with engine.no_grad():
                for weight in own:
                    weight -= rate * weight.grad
                    weight.grad = None

        return step

    own = [weight.copy() for weight in weights]

    def by_hand() -> None:
        w1, b1, w2, b2 = own
        before = x @ w1 + b1
        hidden = np.maximum(before, 0)
        difference = hidden @ w2 + b2 - y
        np.mean(difference**2)
        g = difference * np.float32(2 / difference.size)
        gradients_2 = hidden.T @ g, g.sum(0)
        g = (g @ w2.T) * (before > 0)
        for weight, gradient in zip(own, (x.T @ g, g.sum(0), *gradients_2), strict=True):
            weight -= np.float32(rate) * gradient

    others = [weight.copy() for weight in weights]

    def loss_of(weights: Any) -> Any:
        w1, b1, w2, b2 = weights
        hidden = autograd_numpy.maximum(autograd_numpy.dot(x, w1) + b1, 0)
        return autograd_numpy.mean((autograd_numpy.dot(hidden, w2) + b2 - y) ** 2)

    gradients_of = autograd.grad(loss_of)

    def with_autograd() -> None:
        for weight, gradient in zip(others, gradients_of(others), strict=True):
            weight -= np.float32(rate) * gradient.astype(np.float32)

    return {
        "NumPy by hand": by_hand,
        "chalkgrad": with_engine(chalkgrad),
        "torch": with_engine(torch),
        "HIPS autograd": with_autograd,
    }


def measured(contenders: dict[str, Step], rounds: int, repeats: int) -> dict[str, float]:
    """Return seconds per step of each contender: the median over the rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for step in contenders.values():
        step()
    for _ in range(rounds):
        for name, step in contenders.items():
            start = time.process_time()
            for _ in range(repeats):
                step()
            seconds[name].append((time.process_time() - start) / repeats)
    return {name: median(times) for name, times in seconds.items()}


def main(rounds: int = 9) -> None:
    """Print the table."""
    print(f"{'':<28}{'µs per step':>14}{'to torch':>12}{'to NumPy':>12}")
    for title, contenders, repeats in (
        ("polynomial", polynomial(), 300),
        ("chain of 10,000", chain(), 1),
        ("network 784-256-10, batch 64", network(), 5),
    ):
        print(title)
        times = measured(contenders, rounds, repeats)
        for name, seconds in times.items():
            print(
                f"  {name:<26}{seconds * 1e6:>14,.1f}{seconds / times['torch']:>12.2f}"
                f"{seconds / times['NumPy by hand']:>12.2f}"
            )


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") == "1":
        main(*(int(argument) for argument in sys.argv[1:]))
    else:  # the libraries read this when they are imported
        one = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")}
        subprocess.run([sys.executable, *sys.argv], env=os.environ | one, check=True)
