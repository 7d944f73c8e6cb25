"""Random numbers such that the same seed gives torch's numbers, so that programs print the same.

The bits come from mt19937 (Matsumoto and Nishimura, 1998), seeded as torch's CPU generator is. What
is made of them follows torch's ATen/core/TransformationHelper.h and ATen/native/cpu/
DistributionTemplates.h, roundings included: every number equals torch's bit for bit on a processor
with AVX2 where Python and torch call the same C library. Elsewhere torch itself rounds differently,
and normals and scaled fractions differ by a few units in the last place.

The functions return NumPy arrays whose elements were drawn in row-major order.
"""

from __future__ import annotations

import math
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.random import RandomState
    from numpy.typing import DTypeLike

__all__ = [
    "Generator", "bernoulli", "default_generator", "integers", "normal", "permutation", "uniform",
]  # fmt: skip

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


class Generator:
    """Where random bits come from: an mt19937, and the second of a pair of normal numbers."""

    def __init__(self) -> None:
        self._seed = 67280421310721  # torch's, for a generator that nobody seeded
        self._spare: list[float] = []

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from the seed, of which mt19937 takes the lower 32 bits; return `self`."""
        seed = int(seed)
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % 2**64
        self._spare = []
        self.__dict__.pop("_engine", None)
        return self

    def seed(self) -> int:
        """Start anew from a seed that the operating system draws; return it."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def initial_seed(self) -> int:
        """Return the seed that the numbers started from."""
        return self._seed

    @cached_property
    def _engine(self) -> RandomState:
        # Made at the first draw: NumPy's random part takes long to import.
        return np.random.RandomState(self._seed & 0xFFFFFFFF)

    def words(self, count: int) -> Array:
        """Draw 32 bits each; uint32, shape (count,)."""
        return self._engine.randint(0, 2**32, count, dtype=np.uint32)

    def long_words(self, count: int) -> tuple[Array, Array]:
        """Draw 64 bits each, as upper and lower halves; uint32, shape (count,) each."""
        words = self.words(2 * count)
        return words[::2], words[1::2]

    def fractions(self, count: int, dtype: DTypeLike) -> Array:
        """Draw from [0, 1) in float64, or else in float32; shape (count,)."""
        if np.dtype(dtype) == np.float64:
            high, low = self.long_words(count)
            return (high & 0x1FFFFF) * 2.0**-21 + low * 2.0**-53
        return (self.words(count) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)

    def normals(self, count: int) -> Array:
        """Draw pairs of standard normals (Box and Muller, 1958), and keep one that is left over."""
        values = self._spare
        missing = max(count - len(values), 0)
        fractions = self.fractions(missing + missing % 2, np.float64).tolist()
        for first, second in zip(fractions[::2], fractions[1::2], strict=True):
            radius, angle = math.sqrt(-2 * math.log1p(-second)), 2 * math.pi * first
            values += [radius * math.cos(angle), radius * math.sin(angle)]
        self._spare = values[count:]
        return np.array(values[:count])


Source = Generator | None  # None is the default generator

default_generator = Generator()
default_generator.seed()


def uniform(
    shape: Shape, dtype: DTypeLike, low: float = 0, high: float = 1, generator: Source = None
) -> Array:
    """Draw from [low, high)."""
    if not low <= high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    drawn = (generator or default_generator).fractions(math.prod(shape), dtype)
    if (low, high) != (0, 1):
        start, end = drawn.dtype.type(low), drawn.dtype.type(high)
        drawn = _multiply_add(drawn, end - start, start)
    drawn = drawn.astype(dtype, copy=False)
    # Rounding may have reached the upper end, which is not part of the range.
    drawn[drawn == drawn.dtype.type(high)] = low
    return drawn.reshape(shape)


def normal(
    shape: Shape,
    dtype: DTypeLike,
    mean: float = 0,
    std: float = 1,
    generator: Source = None,
    contiguous: bool = True,
) -> Array:
    """Draw from the normal distribution with this mean and standard deviation.

    From 16 elements on torch draws otherwise, unless the tensor to be filled is not contiguous.
    """
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    generator, count = generator or default_generator, math.prod(shape)
    half = np.dtype(dtype) == np.float16
    if count < 16 or not contiguous:
        drawn = _multiply_add(generator.normals(count), float(std), float(mean))
        # torch's float16 is made of float32.
        drawn = drawn.astype(np.float32) if half else drawn
        return drawn.astype(dtype, copy=False).reshape(shape)
    whole = count - count % 16
    # Only in float16 are the fractions not drawn whose normals the last sixteen replace.
    fractions = generator.fractions(whole if half else count, dtype)[:whole]
    if whole < count:
        fractions = np.concatenate([fractions, generator.fractions(16, dtype)])
    made = _box_muller(fractions, mean, std)
    drawn = np.empty(count, dtype)
    drawn[:whole], drawn[-16:] = made[:whole], made[-16:]
    return drawn.reshape(shape)


def integers(
    low: int, high: int, shape: Shape, dtype: DTypeLike, generator: Source = None
) -> Array:
    """Draw whole numbers from low to high - 1, which must be exact in the dtype."""
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    lowest, highest, words = _BOUNDS[np.dtype(dtype).name]
    for name, bound in (("from", low), ("to - 1", high - 1)):
        if not lowest <= bound <= highest:
            raise RuntimeError(f"{name} is out of bounds {words}")
    generator, count = generator or default_generator, math.prod(shape)
    if high - low < 2**28:
        bits = generator.words(count).astype(np.uint64)
    else:
        upper, lower = generator.long_words(count)
        bits = upper.astype(np.uint64) << np.uint64(32) | lower
    # Unsigned sums wrap around, and so the range may be wider than int64 can say.
    drawn = bits % np.uint64(high - low) + np.uint64(low % 2**64)
    return drawn.view(np.int64).astype(dtype, copy=False).reshape(shape)


_BOUNDS = {
    "bool": (0, 1, "for bool"),
    "uint8": (0, 2**8 - 1, "for unsigned char"),
    "int8": (-(2**7), 2**7 - 1, "for signed char"),
    "int16": (-(2**15), 2**15 - 1, "for short int"),
    "int32": (-(2**31), 2**31 - 1, "for int"),
    "int64": (-(2**63), 2**63 - 1, "for long"),
    # Farther out not every whole number is to be had: torch warns, and draws from fewer.
    "float16": (-(2**11), 2**11, "[-(2^11), 2^11]"),
    "float32": (-(2**24), 2**24, "[-(2^24), 2^24]"),
    "float64": (-(2**53), 2**53, "[-(2^53), 2^53]"),
}


def permutation(n: int, generator: Source = None) -> Array:
    """Shuffle 0, …, n - 1 (Fisher and Yates); int64, shape (n,). For n below 2**32 / 20."""
    left = np.arange(n, 1, -1)
    partners = np.arange(left.size) + (generator or default_generator).words(left.size) % left
    order = list(range(n))
    for place, partner in enumerate(partners.tolist()):
        order[place], order[partner] = order[partner], order[place]
    return np.array(order, np.int64)


def bernoulli(
    probability: Array | float, shape: Shape, dtype: DTypeLike, generator: Source = None
) -> Array:
    """Draw ones with the probability, a number or an array of them, and zeros otherwise."""
    exact = np.asarray(probability)
    # A NaN is refused too.
    if not np.all((exact >= 0) & (exact <= 1)):
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={probability}")
    single = isinstance(probability, np.ndarray) and exact.dtype != np.float64
    precision = np.float32 if single else np.float64
    drawn = (generator or default_generator).fractions(math.prod(shape), precision)
    return (drawn.reshape(shape) < exact.astype(precision)).astype(dtype)


# ---- The roundings of torch ----------------------------------------------------------------------


def _box_muller(fractions: Array, mean: float, std: float) -> Array:
    """Make normals: in every sixteen, the first eight are paired with the last eight."""
    kind = fractions.dtype.type
    log, cos_sin = (_log64, _cos_sin64) if kind is np.float64 else (_log32, _cos_sin32)
    drawn = np.empty_like(fractions)
    # Piece by piece, so that what is computed stays in the processor's cache.
    for start in range(0, drawn.size, 2**15):
        piece = fractions[start : start + 2**15].reshape(-1, 2, 8)
        target = drawn[start : start + 2**15].reshape(-1, 2, 8)
        radius = np.sqrt(-2 * log(1 - piece[:, 0]))
        cos, sin = cos_sin(kind(2 * math.pi) * piece[:, 1])
        target[:, 0] = _multiply_add(radius * cos, kind(std), kind(mean))
        target[:, 1] = _multiply_add(radius * sin, kind(std), kind(mean))
    return drawn


def _multiply_add(a: Array, b: Any, c: Any) -> Array:
    """Compute a * b + c with one rounding, as processors do."""
    if a.dtype == np.float32:
        wide = a.astype(np.float64)
        wide *= b  # exact
        wide += c
        return wide.astype(np.float32)
    # What the product and the sum lost (Dekker, 1971), added at the end.
    product, total = a * b, a * b + c
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    lost = (a_high * b_high - product) + a_high * b_low + a_low * b_high + a_low * b_low
    added = total - product
    return total + ((product - (total - added)) + (c - added) + lost)


def _halves(x: Any) -> tuple[Any, Any]:
    """Split float64 into two numbers of 26 bits (Veltkamp, 1968), whose products are exact."""
    high = x * 134217729.0 - (x * 134217729.0 - x)
    return high, x - high


def _log64(x: Array) -> Array:
    # The C library's: NumPy's own may differ in the last bit.
    return np.fromiter(map(math.log, x.ravel().tolist()), np.float64, x.size).reshape(x.shape)


def _cos_sin64(x: Array) -> tuple[Array, Array]:
    return np.cos(x), np.sin(x)


# In float32 torch uses the polynomials of Cephes (Moshier), in its ATen/native/cpu/avx_mathfun.h.
_LOG = [
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]  # fmt: skip
_COS = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]
_SIN = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]
# Numbers that no float32 is near enough to, as sums: log(2) and -pi / 4.
_LOG_2 = [np.float32(-2.12194440e-4), np.float32(0.693359375)]
_COS_TURNS, _SIN_TURNS = np.array([[1, 0, -1, 0], [0, 1, 0, -1]], np.float32)
_QUARTER_TURN = [-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8]


def _polynomial(coefficients: list[float], x: Array) -> Array:
    value, wide = np.full_like(x, coefficients[0]), x.astype(np.float64)
    for coefficient in coefficients[1:]:
        value = _multiply_add(value, wide, np.float32(coefficient))
    return value


def _log32(x: Array) -> Array:
    """Compute log(x) = e log(2) + log(1 + f), where x = 2**e (1 + f) and f is small."""
    fraction, exponent = np.frexp(x)
    small = fraction < np.float32(math.sqrt(0.5))
    e = (exponent - small).astype(np.float32)
    f = np.ldexp(fraction, small.astype(np.int32)) - 1
    square = f * f
    value = _multiply_add(_polynomial(_LOG, f) * f, square, e * _LOG_2[0])
    value = f + _multiply_add(square, -0.5, value)
    return _multiply_add(e, _LOG_2[1], value)


def _cos_sin32(x: Array) -> tuple[Array, Array]:
    """Compute cosine and sine, for x >= 0, from the distance to the nearest multiple of pi / 2."""
    quarters = ((x * np.float32(4 / math.pi)).astype(np.int32) + 1) >> 1
    for part in _QUARTER_TURN:
        x = _multiply_add((2 * quarters).astype(np.float32), np.float32(part), x)
    square = x * x
    cos = 1 + _multiply_add(_polynomial(_COS, square) * square, square, np.float32(-0.5) * square)
    sin = _multiply_add(_polynomial(_SIN, square) * square, x, x)
    # The sum rule, for x plus so many quarter turns.
    cos_turns, sin_turns = _COS_TURNS[quarters & 3], _SIN_TURNS[quarters & 3]
    return cos * cos_turns - sin * sin_turns, sin * cos_turns + cos * sin_turns
