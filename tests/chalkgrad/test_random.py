"""The same seed gives torch's numbers, whatever is drawn and in whatever order.

What would be lost: an example that prints in chalkgrad what it prints in torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad import random

SEEDS = st.integers(-(2**63), 2**64 - 1) | st.integers(0, 3)
SIZES = st.sampled_from([0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 1000])
SHAPES = SIZES.map(lambda size: (size,)) | st.sampled_from([(), (3, 5), (4, 4), (0, 7), (2, 3, 8)])
FLOATS = st.sampled_from(["float16", "float32", "float64"])
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
FLOAT32 = np.dtype("float32")
LIMITS = {"bool": (0, 1), "float16": (-(2**11), 2**11), "float32": (-(2**24), 2**24)}
LIMITS |= {"float64": (-(2**53), 2**53)}
# Adding 0.0 makes a positive zero of a negative one.
NUMBERS = st.floats(-100, 100, width=16).map(lambda number: number + 0.0)


def assert_same_bits(ours: np.ndarray, theirs: torch.Tensor) -> None:
    expected = theirs.numpy()
    assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape)
    assert ours.tobytes() == expected.tobytes()


def assert_near(ours: np.ndarray, theirs: torch.Tensor, size: float = 1.0) -> None:
    """Hold ours to a few units in the last place of numbers of this size."""
    expected = theirs.numpy()
    assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape)
    units = 8 * float(np.finfo(ours.dtype).eps)
    np.testing.assert_allclose(ours, expected, rtol=units, atol=units * size)


def torch_dtype(name: str) -> torch.dtype:
    return getattr(torch, name)


def both_seeded(seed: int) -> torch.Generator:
    """Seed ours, and return one of torch's with the same seed."""
    random.generator.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


@dataclass(frozen=True)
class Draw:
    """The same random numbers, asked of us and of torch."""

    text: str
    ours: Callable[[], np.ndarray]
    theirs: Callable[[torch.Generator], torch.Tensor]
    # How large the numbers are that roundings may tell apart; None if all bits are the same.
    size: float | None = None

    def __repr__(self) -> str:
        return self.text


@st.composite
def uniforms(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(FLOATS)
    low, high = draw(st.just((0.0, 1.0)) | st.tuples(NUMBERS, NUMBERS).map(sorted))
    return Draw(
        f"uniform({shape}, {dtype}, {low}, {high})",
        lambda: random.uniform(shape, np.dtype(dtype), low, high),
        lambda theirs: torch.empty(shape, dtype=torch_dtype(dtype)).uniform_(
            low, high, generator=theirs
        ),
        None if (low, high) == (0, 1) else abs(low) + abs(high),
    )


@st.composite
def normals(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(FLOATS)
    mean, std = draw(st.just((0.0, 1.0)) | st.tuples(NUMBERS, NUMBERS.map(abs)))
    return Draw(
        f"normal({shape}, {dtype}, {mean}, {std})",
        lambda: random.normal(shape, np.dtype(dtype), mean, std),
        lambda theirs: torch.empty(shape, dtype=torch_dtype(dtype)).normal_(
            mean, std, generator=theirs
        ),
        abs(mean) + std,
    )


@st.composite
def whole_numbers(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(st.sampled_from(DTYPES))
    lowest, highest = LIMITS.get(dtype) or (np.iinfo(dtype).min, np.iinfo(dtype).max)
    low = draw(st.integers(lowest, highest - 1))
    high = draw(st.integers(low + 1, highest) | st.integers(low + 1, min(low + 10, highest)))
    return Draw(
        f"integers({low}, {high}, {shape}, {dtype})",
        lambda: random.integers(shape, np.dtype(dtype), low, high),
        lambda theirs: torch.randint(low, high, shape, dtype=torch_dtype(dtype), generator=theirs),
    )


@st.composite
def permutations(draw: Any) -> Draw:
    size = draw(SIZES)
    return Draw(
        f"permutation({size})",
        lambda: random.permutation(size),
        lambda theirs: torch.randperm(size, generator=theirs),
    )


DRAWS = uniforms() | normals() | whole_numbers() | permutations()


@settings(max_examples=600, deadline=None)
@given(SEEDS, st.lists(DRAWS, min_size=1, max_size=6))
def test_any_sequence_of_draws(seed: int, draws: list[Draw]) -> None:
    theirs = both_seeded(seed)
    for draw in draws:
        if draw.size is None:
            assert_same_bits(draw.ours(), draw.theirs(theirs))
        else:
            assert_near(draw.ours(), draw.theirs(theirs), draw.size)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_many_normals(dtype: str) -> None:
    # So many that rare fractions are among them.
    theirs = both_seeded(5)
    assert_near(
        random.normal((200_003,), np.dtype(dtype)),
        torch.randn(200_003, dtype=torch_dtype(dtype), generator=theirs),
    )


def test_a_fraction_that_rounds_to_the_upper_end_becomes_the_lower() -> None:
    theirs = both_seeded(0)
    ours = random.uniform((100_000,), np.dtype("float16"))
    assert_same_bits(ours, torch.rand(100_000, dtype=torch.float16, generator=theirs))
    assert ours.max() < 1


@pytest.mark.parametrize("high", [2**28 - 1, 2**28, 2**32])
def test_wide_ranges_take_twice_the_bits(high: int) -> None:
    theirs = both_seeded(0)
    assert_same_bits(
        random.integers((5,), np.dtype("int64"), 0, high),
        torch.randint(0, high, (5,), generator=theirs),
    )


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([0.1, 0.25, 0.5, 0.9]), SIZES)
@example(0.5, 1000)
def test_dropout_is_a_coin_per_element(p: float, size: int) -> None:
    both_seeded(3)
    kept = chalkgrad.nn.functional.dropout(chalkgrad.ones(size), p).numpy() != 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        dropped = torch.nn.functional.dropout(torch.ones(size), p)
    assert_same_bits(kept, dropped != 0)


def test_seeding_forgets_the_spare_normal() -> None:
    both_seeded(0)
    first = random.normal((1,), FLOAT32)
    both_seeded(0)
    assert random.normal((1,), FLOAT32) == first


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: random.uniform((3,), FLOAT32, 2, 1), lambda: torch.empty(3).uniform_(2, 1)),
        (lambda: random.normal((3,), FLOAT32, 0, -0.5), lambda: torch.empty(3).normal_(0, -0.5)),
        (lambda: random.integers((2,), np.dtype("int64"), 3, 3), lambda: torch.randint(3, 3, (2,))),
        (
            lambda: random.integers((2,), np.dtype("uint8"), 0, 300),
            lambda: torch.randint(0, 300, (2,), dtype=torch.uint8),
        ),
        (
            lambda: random.integers((2,), np.dtype("uint8"), -1, 3),
            lambda: torch.randint(-1, 3, (2,), dtype=torch.uint8),
        ),
        (
            lambda: random.integers((2,), np.dtype("bool"), 0, 3),
            lambda: torch.randint(0, 3, (2,), dtype=torch.bool),
        ),
        (
            lambda: random.integers((2,), np.dtype("int8"), -200, 3),
            lambda: torch.randint(-200, 3, (2,), dtype=torch.int8),
        ),
        (
            lambda: random.integers((2,), np.dtype("int16"), 0, 2**15 + 1),
            lambda: torch.randint(0, 2**15 + 1, (2,), dtype=torch.int16),
        ),
        (
            lambda: random.integers((2,), np.dtype("int32"), 0, 2**31 + 1),
            lambda: torch.randint(0, 2**31 + 1, (2,), dtype=torch.int32),
        ),
    ],
)
def test_refusals_are_torchs(ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    with pytest.raises(Exception) as expected:  # noqa: PT011
        theirs()
    with pytest.raises(expected.type):
        ours()
