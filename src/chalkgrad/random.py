"""Random numbers such that the same seed gives torch's numbers, so that programs print the same.

Every draw equals torch's bit for bit (its ATen/native/cpu/DistributionTemplates.h says how), except
that normals and scaled fractions only come near, to a few units in the last place.
"""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np

from chalkgrad import dtypes

Array = np.ndarray


class Generator:
    """Where random bits come from: an mt19937, and the second of a pair of normal numbers."""

    def __init__(self, seed: int) -> None:
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from the seed, of which mt19937 takes the lower 32 bits; return `self`."""
        self._seed, self._engine, self._spare = int(seed) % 2**32, None, []
        return self

    def words(self, count: int, bits: int = 32) -> Array:
        """Draw so many bits each, 32 or 64; uint64, shape (count,)."""
        # Made at the first draw: NumPy's random part takes long to import.
        self._engine = self._engine or np.random.RandomState(self._seed)
        words = self._engine.randint(0, 2**32, count * bits // 32, np.uint32).astype(np.uint64)
        return words if bits == 32 else words[::2] << np.uint64(32) | words[1::2]

    def fractions(self, count: int, double: bool) -> Array:
        """Draw from [0, 1); float64 if double, else float32, shape (count,)."""
        kind, bits, kept = (np.float64, 64, 53) if double else (np.float32, 32, 24)
        return (self.words(count, bits) & np.uint64(2**kept - 1)).astype(kind) * kind(2.0**-kept)

    def normals(self, count: int) -> Array:
        """Draw pairs of standard normals (Box and Muller, 1958), and keep one that is left over."""
        pairs = max(count - len(self._spare) + 1, 0) // 2
        for first, second in self.fractions(2 * pairs, double=True).reshape(-1, 2).tolist():
            radius, angle = math.sqrt(-2 * math.log1p(-second)), 2 * math.pi * first
            self._spare += [radius * math.cos(angle), radius * math.sin(angle)]
        drawn, self._spare = np.array(self._spare[:count]), self._spare[count:]
        return drawn


generator = Generator(int.from_bytes(os.urandom(8), "little"))


def uniform(shape: Any, dtype: Any, low: Any = 0, high: Any = 1) -> Array:
    """Draw from [low, high); what is rounded to the upper end becomes the lower."""
    if dtype.kind != "f" or not low <= high:
        raise RuntimeError(f"No floating point numbers lie between {low} and {high} in {dtype}.")
    drawn = generator.fractions(math.prod(shape), dtype == np.float64)
    drawn = (drawn * (high - low) + low).astype(dtype)
    return np.where(drawn == dtype.type(high), dtype.type(low), drawn).reshape(shape)


def normal(shape: Any, dtype: Any, mean: float = 0, std: float = 1) -> Array:
    """Draw from the normal distribution, as torch fills memory without gaps."""
    if dtype.kind != "f" or not std >= 0:
        raise RuntimeError(f"There is no normal distribution of {dtype} with std {std}.")
    count, double = math.prod(shape), dtype == np.float64
    if count < 16:
        drawn = generator.normals(count)
    else:
        # Every eight are paired with the next. If some are left over, the last sixteen come anew.
        whole = count - count % 16
        drawn = generator.fractions(whole if dtype == np.float16 else count, double)[:whole]
        drawn = np.append(drawn, generator.fractions(16 * (whole < count), double))
        first, second = drawn.reshape(-1, 2, 8).swapaxes(0, 1)
        radius, angle = np.sqrt(-2 * np.log(1 - first)), drawn.dtype.type(2 * math.pi) * second
        drawn = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()
        drawn = np.append(drawn[: count - 16], drawn[-16:])
    return (drawn * std + mean).astype(dtype).reshape(shape)


def integers(shape: Any, dtype: Any, low: int, high: Any = None) -> Array:
    """Draw whole numbers from low (0 if only an end is given) to just before high."""
    low, high = (0, low) if high is None else (low, high)
    if low >= high or any(np.array(bound).astype(dtype) != bound for bound in (low, high - 1)):
        raise RuntimeError(f"{dtypes.of_array(dtype)} has no whole numbers from {low} to {high}.")
    drawn = generator.words(math.prod(shape), 64 if high - low >> 28 else 32)
    drawn = drawn % np.uint64(high - low) + np.uint64(low % 2**64)  # wraps around
    return drawn.view(np.int64).astype(dtype).reshape(shape)


def permutation(n: int) -> Array:
    """Shuffle 0, …, n - 1 (Fisher and Yates); int64, shape (n,). For n below 2**32 / 20."""
    order = list(range(n))
    for place, word in enumerate(generator.words(max(n - 1, 0)).tolist()):
        partner = place + word % (n - place)
        order[place], order[partner] = order[partner], order[place]
    return np.array(order, np.int64)
