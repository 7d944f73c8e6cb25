// Maps data to pixels and back, and chooses round numbers for the ticks of an axis.

// Pixels beyond any screen: where a pole would otherwise give numbers that no renderer can hold.
const FAR = 1e5;

/** A linear map from data in `from` to pixels in `to`; its inverse stays within `from`. */
export function linearScale(from, to) {
  const factor = (to[1] - to[0]) / (from[1] - from[0]);
  const scale = (number) => within(to[0] + (number - from[0]) * factor, -FAR, FAR);
  scale.invert = (pixel) => within(from[0] + (pixel - to[0]) / factor, ...from);
  return scale;
}

/** The number that is nearest to `number` from `least` to `most`. */
export function within(number, least, most) {
  return Math.min(Math.max(number, least), most);
}

/** Multiples of 1, 2 or 5 times a power of ten within the interval, about `most` of them. */
export function ticks([start, stop], most) {
  const rough = (stop - start) / Math.max(most, 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= 0.8 * rough);
  const first = Math.ceil(start / step - 1e-9);
  const last = Math.floor(stop / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
