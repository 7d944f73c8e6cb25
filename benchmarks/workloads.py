"""What is measured: the same work, written once for each way to do it.

By hand is what somebody writes who knows this one workload: float32 throughout, memory used again
where that is natural, no gradient that nobody asked for. Where the work is many small operations,
these same operations are done by hand too, and not the one that would stand for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import autograd.numpy
import numpy as np
import torch

import chalkgrad
from benchmarks.contenders import (
    Contender,
    by_hand,
    with_autograd,
    with_engine,
    with_micrograd,
)

autograd_numpy: Any = autograd.numpy  # type checkers do not see what it makes of NumPy

HAND, OURS, TORCH, HIPS, MICROGRAD = "NumPy", "chalkgrad", "torch", "autograd", "micrograd"
# A million times itself, each is still a number that float32 holds with all its digits.
FACTOR = np.array([1.00001, 1.0, 0.99999], np.float32)
START = np.array([1.0, 2.0, 3.0], np.float32)


@dataclass(frozen=True)
class Target:
    """How long we may take at most, in times of what another takes."""

    than: str
    at_most: float


@dataclass(frozen=True)
class Workload:
    """Work, those who do it, and what ours must reach.

    Args:
        title: what is done once in one reported time.
        contenders: by name.
        targets: for the whole: forward, backward, update and free.
        graphs: how many are made in one contender's turn.
        at_once: how many of them live together; more than one where a graph is so small that
            reading the clock would show.
        per: how many of them make up one reported time.
    """

    title: str
    contenders: dict[str, Contender]
    targets: tuple[Target, ...] = ()
    graphs: int = 1
    at_once: int = 1
    per: int = 1


def polynomial() -> Workload:
    """(x-3)(x-6)(x-4) at one point."""

    def function(x: Any) -> Any:
        return (x - 3) * (x - 6) * (x - 4)

    def forward(x: Any) -> tuple:
        a, b, c = x - 3, x - 6, x - 4
        ab = a * b
        return ab * c, a, b, c, ab

    def backward(graph: Any) -> list:
        _, a, b, c, ab = graph
        return [(a + b) * c + ab]

    return Workload(
        "polynomial",
        {
            HAND: by_hand([np.float32(2)], forward, backward),
            OURS: with_engine(chalkgrad, [2.0], function),
            TORCH: with_engine(torch, [2.0], function),
            HIPS: with_autograd([2.0], function),
            MICROGRAD: with_micrograd([2.0], function),
        },
        (Target(TORCH, 1 / 4), Target(MICROGRAD, 1)),
        graphs=200,
        at_once=20,
    )


def chain(links: int = 10_000) -> Workload:
    """Multiply three numbers `links` times, each time what came of the last."""

    def forward(x: Any) -> tuple:
        y = x
        for _ in range(links):
            y = y * FACTOR
        return (y.sum(),)

    def backward(graph: Any) -> list:
        gradient = np.ones_like(FACTOR)
        for _ in range(links):
            gradient *= FACTOR
        return [gradient]

    def with_factor(factor: Any) -> Any:
        def function(x: Any) -> Any:
            for _ in range(links):
                x = x * factor
            return x.sum()

        return function

    return Workload(
        f"chain of {links:,}",
        {
            HAND: by_hand([START], forward, backward),
            OURS: with_engine(chalkgrad, [START], with_factor(chalkgrad.tensor(FACTOR))),
            TORCH: with_engine(torch, [START], with_factor(torch.tensor(FACTOR))),
            HIPS: with_autograd([START], with_factor(FACTOR)),
        },
        (Target(HAND, 3),),
    )


def network(batch: int = 64, sizes: tuple[int, int, int] = (784, 256, 10)) -> Workload:
    """One step of a two-layer network with squared error: loss, gradients, update."""
    random = np.random.default_rng(0)
    x = random.normal(size=(batch, sizes[0])).astype(np.float32)
    y = random.normal(size=(batch, sizes[2])).astype(np.float32)
    weights = _weights(random, sizes)
    rate = 1e-3

    def forward(w1: Any, b1: Any, w2: Any, b2: Any) -> tuple:
        hidden, difference = _layers_by_hand(x, w1, b1, w2, b2)
        difference -= y
        return np.square(difference).mean(), hidden, difference, w2

    def backward(graph: Any) -> list:
        _, hidden, difference, w2 = graph
        difference *= np.float32(2 / difference.size)
        return _layers_backward_by_hand(x, hidden, difference, w2)

    def recorded(engine: Any) -> Contender:
        inputs, answers = engine.tensor(x), engine.tensor(y)

        def function(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
            hidden = (inputs @ w1 + b1).relu()
            return ((hidden @ w2 + b2 - answers) ** 2).mean()

        return with_engine(engine, weights, function, rate=rate)

    def function(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        hidden = autograd_numpy.maximum(autograd_numpy.dot(x, w1) + b1, 0)
        return autograd_numpy.mean((autograd_numpy.dot(hidden, w2) + b2 - y) ** 2)

    return Workload(
        f"network step {batch}x{'-'.join(map(str, sizes))}",
        {
            HAND: by_hand(weights, forward, backward, rate=rate),
            OURS: recorded(chalkgrad),
            TORCH: recorded(torch),
            HIPS: with_autograd(weights, function, rate=rate),
        },
        (Target(HAND, 1.15), Target(TORCH, 1)),
        graphs=5,
    )


def epoch(
    images: int = 10_000, batch: int = 512, sizes: tuple[int, int, int] = (784, 256, 10)
) -> Workload:
    """Once through a set like MNIST, shuffled and in batches: cross-entropy of two layers."""
    random = np.random.default_rng(0)
    labels = random.integers(sizes[2], size=images)
    digits = random.uniform(size=(sizes[2], sizes[0])) < 0.2
    noise = random.normal(scale=0.3, size=(images, sizes[0]))
    pixels = np.clip(digits[labels] + noise, 0, 1).astype(np.float32)
    order = random.permutation(images)
    weights = _weights(random, sizes)
    rate = 0.1

    own = _batches(pixels, labels, order, batch)

    def forward(w1: Any, b1: Any, w2: Any, b2: Any) -> tuple:
        x, y = next(own)
        hidden, scores = _layers_by_hand(x, w1, b1, w2, b2)
        scores -= scores.max(1, keepdims=True)
        rows = np.arange(len(y))
        chosen = scores[rows, y]
        powers = np.exp(scores, out=scores)
        sums = powers.sum(1, keepdims=True)
        loss = (np.log(sums[:, 0]) - chosen).mean()
        return loss, x, y, rows, hidden, powers, sums, w2

    def backward(graph: Any) -> list:
        _, x, y, rows, hidden, probabilities, sums, w2 = graph
        probabilities /= sums
        probabilities[rows, y] -= 1
        probabilities *= np.float32(1 / len(y))
        return _layers_backward_by_hand(x, hidden, probabilities, w2)

    def recorded(engine: Any) -> Contender:
        own = _batches(engine.tensor(pixels), engine.tensor(labels), engine.tensor(order), batch)

        def function(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
            x, y = next(own)
            hidden = (x @ w1 + b1).relu()
            return engine.nn.functional.cross_entropy(hidden @ w2 + b2, y)

        return with_engine(engine, weights, function, rate=rate)

    # As its own example of a network reads: the answers are rows of zeros and a one.
    others = _batches(pixels, np.eye(sizes[2], dtype=np.float32)[labels], order, batch)

    def function(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        x, y = next(others)
        hidden = autograd_numpy.maximum(autograd_numpy.dot(x, w1) + b1, 0)
        scores = autograd_numpy.dot(hidden, w2) + b2
        scores = scores - autograd_numpy.max(scores, axis=1, keepdims=True)
        sums = autograd_numpy.sum(autograd_numpy.exp(scores), axis=1, keepdims=True)
        return -autograd_numpy.sum((scores - autograd_numpy.log(sums)) * y) / len(y)

    steps = -(-images // batch)
    return Workload(
        f"epoch of {images:,}, batch {batch}",
        {
            HAND: by_hand(weights, forward, backward, rate=rate),
            OURS: recorded(chalkgrad),
            TORCH: recorded(torch),
            HIPS: with_autograd(weights, function, rate=rate),
        },
        graphs=steps,
        per=steps,
    )


def large(elements: int = 10_000_000) -> Workload:
    """x·tanh x of many numbers, and backward from a given gradient of the result."""
    random = np.random.default_rng(0)
    x = random.normal(size=elements).astype(np.float32)
    upstream = random.normal(size=elements).astype(np.float32)

    def forward(x: Any) -> tuple:
        tanh = np.tanh(x)
        return x * tanh, x, tanh

    def backward(graph: Any) -> list:
        _, x, tanh = graph
        gradient = tanh * tanh
        np.subtract(1, gradient, out=gradient)
        gradient *= x
        gradient += tanh
        gradient *= upstream
        return [gradient]

    def function(x: Any) -> Any:
        return x * x.tanh()

    def of_arrays(x: Any) -> Any:
        return x * autograd_numpy.tanh(x)

    return Workload(
        f"x tanh x of {elements:,}",
        {
            HAND: by_hand([x], forward, backward),
            OURS: with_engine(chalkgrad, [x], function, upstream),
            TORCH: with_engine(torch, [x], function, upstream),
            HIPS: with_autograd([x], of_arrays, upstream),
        },
        (Target(HAND, 1.2),),
    )


def broadcasting(length: int = 512) -> Workload:
    """(length, 1) times (1, length), and backward from a given gradient of the result.

    By hand the broadcasting is undone by adding up. Two matrix products would do the same faster,
    but only for a product.
    """
    random = np.random.default_rng(0)
    column, row, upstream = (
        random.normal(size=shape).astype(np.float32)
        for shape in ((length, 1), (1, length), (length, length))
    )

    def forward(a: Any, b: Any) -> tuple:
        return a * b, a, b

    def backward(graph: Any) -> list:
        _, a, b = graph
        return [
            (upstream * b).sum(1, keepdims=True),
            (upstream * a).sum(0, keepdims=True),
        ]

    def function(a: Any, b: Any) -> Any:
        return a * b

    return Workload(
        f"({length}, 1) times (1, {length})",
        {
            HAND: by_hand([column, row], forward, backward),
            OURS: with_engine(chalkgrad, [column, row], function, upstream),
            TORCH: with_engine(torch, [column, row], function, upstream),
            HIPS: with_autograd([column, row], function, upstream),
        },
        graphs=10,
    )


def fan_out(uses: int = 10_000) -> Workload:
    """Use one tensor many times, and add the results one by one."""

    def forward(x: Any) -> tuple:
        total = x
        for _ in range(uses):
            total = total + x * FACTOR
        return (total.sum(),)

    def backward(graph: Any) -> list:
        upstream = np.ones_like(FACTOR)
        gradient = upstream.copy()
        for _ in range(uses):
            gradient += upstream * FACTOR
        return [gradient]

    def with_factor(factor: Any) -> Any:
        def function(x: Any) -> Any:
            total = x
            for _ in range(uses):
                total = total + x * factor
            return total.sum()

        return function

    return Workload(
        f"one tensor used {uses:,} times",
        {
            HAND: by_hand([START], forward, backward),
            OURS: with_engine(chalkgrad, [START], with_factor(chalkgrad.tensor(FACTOR))),
            TORCH: with_engine(torch, [START], with_factor(torch.tensor(FACTOR))),
            HIPS: with_autograd([START], with_factor(FACTOR)),
        },
    )


def fan_in(parts: int = 10_000) -> Workload:
    """Stack many results and add them up: one operation with many inputs."""

    def forward(x: Any) -> tuple:
        return (np.stack([x * FACTOR for _ in range(parts)]).sum(),)

    def backward(graph: Any) -> list:
        upstream = np.ones((parts, *FACTOR.shape), np.float32)
        gradient = np.zeros_like(FACTOR)
        for row in upstream:
            gradient += row * FACTOR
        return [gradient]

    def with_stack(stack: Any, factor: Any) -> Any:
        return lambda x: stack([x * factor for _ in range(parts)]).sum()

    return Workload(
        f"stack of {parts:,}",
        {
            HAND: by_hand([START], forward, backward),
            OURS: with_engine(
                chalkgrad, [START], with_stack(chalkgrad.stack, chalkgrad.tensor(FACTOR))
            ),
            TORCH: with_engine(torch, [START], with_stack(torch.stack, torch.tensor(FACTOR))),
            # Its own `stack` takes time that grows with the square of the number of parts.
            HIPS: with_autograd([START], with_stack(autograd_numpy.array, FACTOR)),
        },
    )


def _weights(random: np.random.Generator, sizes: tuple[int, int, int]) -> list[np.ndarray]:
    """Return the weights and biases of two layers, float32."""
    shapes = ((sizes[0], sizes[1]), (sizes[1],), (sizes[1], sizes[2]), (sizes[2],))
    return [random.normal(scale=0.05, size=shape).astype(np.float32) for shape in shapes]


def _layers_by_hand(x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> tuple[Any, Any]:
    """Return what the hidden layer and the network put out."""
    hidden = x @ w1
    hidden += b1
    np.maximum(hidden, 0, out=hidden)
    output = hidden @ w2
    output += b2
    return hidden, output


def _layers_backward_by_hand(x: Any, hidden: Any, upstream: Any, w2: Any) -> list:
    """Return the gradients of both layers' weights and biases."""
    inner = upstream @ w2.T
    inner *= hidden > 0
    return [x.T @ inner, inner.sum(0), hidden.T @ upstream, upstream.sum(0)]


def _batches(images: Any, labels: Any, order: Any, size: int) -> Iterator[tuple[Any, Any]]:
    """Yield batches for ever; each epoch begins with putting the whole set in order anew."""
    while True:
        shuffled, answers = images[order], labels[order]
        for start in range(0, len(images), size):
            yield shuffled[start : start + size], answers[start : start + size]
