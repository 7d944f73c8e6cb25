"""The same seed gives torch's numbers, whatever is drawn and in whatever order.

What would be lost: an example that prints in chalkgrad what it prints in torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalkgrad import random

# Elsewhere torch rounds in other places, see the docstring of chalkgrad.random.
ROUNDS_AS_WE_DO = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")

SEEDS = st.integers(-(2**63), 2**64 - 1) | st.integers(0, 3)
SIZES = st.sampled_from([0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 1000])
SHAPES = SIZES.map(lambda size: (size,)) | st.sampled_from([(), (3, 5), (4, 4), (0, 7), (2, 3, 8)])
FLOATS = st.sampled_from(["float16", "float32", "float64"])
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
LIMITS = {"bool": (0, 1), "float16": (-(2**11), 2**11), "float32": (-(2**24), 2**24)}
LIMITS |= {"float64": (-(2**53), 2**53)}
# Adding 0.0 makes a positive zero of a negative one.
NUMBERS = st.floats(-100, 100, width=16).map(lambda number: number + 0.0)
PROBABILITIES = st.floats(0, 1, width=16) | st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0])


def assert_same_bits(ours: np.ndarray, theirs: torch.Tensor) -> None:
    expected = theirs.numpy()
    assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape)
    if ROUNDS_AS_WE_DO or expected.dtype.kind != "f":
        assert ours.tobytes() == expected.tobytes()
    else:
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)


def torch_dtype(name: str) -> torch.dtype:
    return getattr(torch, name)


@dataclass(frozen=True)
class Draw:
    """The same random numbers, asked of us and of torch."""

    text: str
    ours: Callable[[random.Generator], np.ndarray]
    theirs: Callable[[torch.Generator], torch.Tensor]

    def __repr__(self) -> str:
        return self.text


@st.composite
def uniforms(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(FLOATS)
    low, high = draw(st.just((0.0, 1.0)) | st.tuples(NUMBERS, NUMBERS).map(sorted))
    return Draw(
        f"uniform({shape}, {dtype}, {low}, {high})",
        lambda ours: random.uniform(shape, dtype, low, high, generator=ours),
        lambda theirs: torch.empty(shape, dtype=torch_dtype(dtype)).uniform_(
            low, high, generator=theirs
        ),
    )


@st.composite
def normals(draw: Any) -> Draw:
    shape, dtype, contiguous = draw(SHAPES), draw(FLOATS), draw(st.booleans())
    mean, std = draw(st.just((0.0, 1.0)) | st.tuples(NUMBERS, NUMBERS.map(abs)))

    def theirs(generator: torch.Generator) -> torch.Tensor:
        target = torch.empty((*shape, 2), dtype=torch_dtype(dtype))[..., 0]
        target = target.contiguous() if contiguous else target
        return target.normal_(mean, std, generator=generator)

    return Draw(
        f"normal({shape}, {dtype}, {mean}, {std}, {contiguous=})",
        lambda ours: random.normal(shape, dtype, mean, std, ours, contiguous),
        theirs,
    )


@st.composite
def whole_numbers(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(st.sampled_from(DTYPES))
    lowest, highest = LIMITS.get(dtype) or (np.iinfo(dtype).min, np.iinfo(dtype).max)
    low = draw(st.integers(lowest, highest - 1))
    high = draw(st.integers(low + 1, highest) | st.integers(low + 1, min(low + 10, highest)))
    return Draw(
        f"integers({low}, {high}, {shape}, {dtype})",
        lambda ours: random.integers(low, high, shape, dtype, generator=ours),
        lambda theirs: torch.randint(low, high, shape, dtype=torch_dtype(dtype), generator=theirs),
    )


@st.composite
def permutations(draw: Any) -> Draw:
    size = draw(SIZES)
    return Draw(
        f"permutation({size})",
        lambda ours: random.permutation(size, generator=ours),
        lambda theirs: torch.randperm(size, generator=theirs),
    )


@st.composite
def coins(draw: Any) -> Draw:
    shape, dtype = draw(SHAPES), draw(st.sampled_from(DTYPES))
    probability = draw(PROBABILITIES)
    return Draw(
        f"bernoulli({probability}, {shape}, {dtype})",
        lambda ours: random.bernoulli(probability, shape, dtype, generator=ours),
        lambda theirs: torch.empty(shape, dtype=torch_dtype(dtype)).bernoulli_(
            probability, generator=theirs
        ),
    )


@st.composite
def unequal_coins(draw: Any) -> Draw:
    dtype = draw(FLOATS)
    size = draw(SIZES)
    few = draw(st.lists(PROBABILITIES, min_size=1, max_size=4))
    probabilities = np.resize(np.array(few, dtype), size)
    return Draw(
        f"bernoulli({few}, {size}, {dtype})",
        lambda ours: random.bernoulli(probabilities, (size,), dtype, generator=ours),
        lambda theirs: torch.bernoulli(torch.from_numpy(probabilities), generator=theirs),
    )


DRAWS = uniforms() | normals() | whole_numbers() | permutations() | coins() | unequal_coins()


@settings(max_examples=600, deadline=None)
@given(SEEDS, st.lists(DRAWS, min_size=1, max_size=6))
def test_any_sequence_of_draws(seed: int, draws: list[Draw]) -> None:
    ours, theirs = random.Generator().manual_seed(seed), torch.Generator().manual_seed(seed)
    assert ours.initial_seed() == theirs.initial_seed()
    for draw in draws:
        assert_same_bits(draw.ours(ours), draw.theirs(theirs))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_many_normals(dtype: str) -> None:
    # So many that every branch of the logarithm and of the cosine is taken.
    ours = random.normal((200_003,), dtype, generator=random.Generator().manual_seed(5))
    theirs = torch.Generator().manual_seed(5)
    assert_same_bits(ours, torch.randn(200_003, dtype=torch_dtype(dtype), generator=theirs))


def test_a_logarithm_of_one_gives_no_negative_zero() -> None:
    fractions = np.zeros(16, np.float32)
    assert not np.signbit(random._box_muller(fractions, 0.0, 1.0)).any()


def test_a_fraction_that_rounds_to_the_upper_end_becomes_the_lower() -> None:
    ours = random.uniform((100_000,), np.float16, generator=random.Generator().manual_seed(0))
    theirs = torch.rand(100_000, dtype=torch.float16, generator=torch.Generator().manual_seed(0))
    assert_same_bits(ours, theirs)
    assert ours.max() < 1


def test_float16_is_rounded_by_way_of_float32() -> None:
    # One of these lies where the two ways differ.
    ours = random.normal(
        (1000,), "float16", 65.0625, 1.099609375, random.Generator().manual_seed(1), False
    )
    theirs = torch.empty((1000, 2), dtype=torch.float16)[:, 0]
    theirs.normal_(65.0625, 1.099609375, generator=torch.Generator().manual_seed(1))
    assert_same_bits(ours, theirs)


def test_a_whole_probability_draws_as_many_bits_as_another() -> None:
    ours, theirs = random.Generator().manual_seed(0), torch.Generator().manual_seed(0)
    assert_same_bits(
        random.bernoulli(1, (5,), "float32", ours), torch.empty(5).bernoulli_(1, generator=theirs)
    )
    assert_same_bits(
        random.uniform((5,), "float32", generator=ours), torch.rand(5, generator=theirs)
    )


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([0.1, 0.25, 0.5, 0.9]), SIZES)
@example(0.5, 1000)
def test_dropout_is_a_coin_per_element(p: float, size: int) -> None:
    kept = random.bernoulli(1 - p, (size,), "float32", generator=random.Generator().manual_seed(3))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        dropped = torch.nn.functional.dropout(torch.ones(size), p)
    assert_same_bits(kept, (dropped != 0).float())


def test_seeding_forgets_the_spare_normal() -> None:
    generator = random.Generator().manual_seed(0)
    first = random.normal((1,), "float32", generator=generator)
    assert random.normal((1,), "float32", generator=generator.manual_seed(0)) == first


def test_default_generator_serves_who_names_none() -> None:
    random.default_generator.manual_seed(7)
    assert_same_bits(
        random.uniform((5,), "float32"), torch.rand(5, generator=torch.Generator().manual_seed(7))
    )


def test_a_generator_nobody_seeded_starts_where_torchs_does() -> None:
    assert random.Generator().initial_seed() == torch.Generator().initial_seed()
    assert_same_bits(
        random.uniform((5,), "float32", generator=random.Generator()),
        torch.rand(5, generator=torch.Generator()),
    )


def test_seed_draws_a_new_seed_and_uses_it() -> None:
    generator = random.Generator()
    seed = generator.seed()
    assert seed == generator.initial_seed() != random.Generator().seed()
    theirs = torch.Generator().manual_seed(seed)
    assert_same_bits(
        random.uniform((5,), "float32", generator=generator), torch.rand(5, generator=theirs)
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: random.uniform((3,), "float32", 2, 1), lambda: torch.empty(3).uniform_(2, 1)),
        (lambda: random.normal((3,), "float32", 0, -0.5), lambda: torch.empty(3).normal_(0, -0.5)),
        (lambda: random.integers(3, 3, (2,), "int64"), lambda: torch.randint(3, 3, (2,))),
        (
            lambda: random.integers(0, 300, (2,), "uint8"),
            lambda: torch.randint(0, 300, (2,), dtype=torch.uint8),
        ),
        (
            lambda: random.integers(-1, 3, (2,), "uint8"),
            lambda: torch.randint(-1, 3, (2,), dtype=torch.uint8),
        ),
        (
            lambda: random.integers(0, 3, (2,), "bool"),
            lambda: torch.randint(0, 3, (2,), dtype=torch.bool),
        ),
        (
            lambda: random.integers(-200, 3, (2,), "int8"),
            lambda: torch.randint(-200, 3, (2,), dtype=torch.int8),
        ),
        (
            lambda: random.integers(0, 2**15 + 1, (2,), "int16"),
            lambda: torch.randint(0, 2**15 + 1, (2,), dtype=torch.int16),
        ),
        (
            lambda: random.integers(0, 2**31 + 1, (2,), "int32"),
            lambda: torch.randint(0, 2**31 + 1, (2,), dtype=torch.int32),
        ),
        (lambda: random.bernoulli(1.5, (2,), "float32"), lambda: torch.empty(2).bernoulli_(1.5)),
        (
            lambda: random.bernoulli(math.nan, (2,), "float32"),
            lambda: torch.empty(2).bernoulli_(math.nan),
        ),
        (lambda: random.Generator().manual_seed(2**64), lambda: torch.manual_seed(2**64)),
        (
            lambda: random.Generator().manual_seed(-(2**63) - 1),
            lambda: torch.manual_seed(-(2**63) - 1),
        ),
    ],
)
def test_refusals_are_torchs(ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    with pytest.raises(Exception) as expected:  # noqa: PT011
        theirs()
    with pytest.raises(expected.type) as found:
        ours()
    assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_whole_numbers_that_a_float_lacks_are_refused_where_torch_warns(dtype: str) -> None:
    high = LIMITS[dtype][1] + 2
    with pytest.warns(UserWarning, match="This warning will become an error") as warned:
        torch.randint(0, high, (2,), dtype=torch_dtype(dtype))
    with pytest.raises(RuntimeError) as refused:
        random.integers(0, high, (2,), dtype)
    assert str(warned[0].message).startswith(str(refused.value))
