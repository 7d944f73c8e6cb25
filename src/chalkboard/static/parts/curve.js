// Reads the sampled curves that the kernel sent once, and answers f(x) and f'(x) from them.

/** A curve with its name, and its arrays as Float64Array. */
export function readCurve(data) {
  const arrays = Object.fromEntries(
    ["stops", "x", "value", "slope"].map((array) => [array, readFloats(data[array])]),
  );
  return {
    ...arrays,
    name: data.name,
    gaps: data.gaps.map(([start, stop, reason]) => ({ start, stop, reason })),
    flatBelow: data.flat_below,
    decimals: data.decimals,
  };
}

/** f(x) and f'(x) as sampled at x, which every stop of the slider was; NaN elsewhere. */
export function pointAt(curve, x) {
  const index = lastNotAbove(curve.x, x);
  if (curve.x[index] !== x) return { x, value: NaN, slope: NaN };
  return { x, value: curve.value[index], slope: curve.slope[index] };
}

/**
 * f(x) anywhere: the sample, or between two samples the cubic that has their values and slopes.
 * With a thousand samples its error is far below the digits that are shown. NaN in a gap.
 */
export function heightAt(curve, x) {
  const left = Math.min(lastNotAbove(curve.x, x), curve.x.length - 2);
  const right = left + 1;
  const width = curve.x[right] - curve.x[left];
  const part = (x - curve.x[left]) / width;
  // A sum of two stops may miss the stop that it is by a rounding.
  if (Math.abs(part) < 1e-6) return curve.value[left];
  if (Math.abs(1 - part) < 1e-6) return curve.value[right];
  if (part < 0 || part > 1) return NaN;
  const rise = curve.value[right] - curve.value[left];
  const [atLeft, atRight] = [left, right].map((index) => curve.slope[index] * width - rise);
  const bend = part * (1 - part) * ((1 - part) * atLeft - part * atRight);
  return curve.value[left] + part * rise + bend;
}

/** Whether a point can be drawn. */
export function isDrawable(point) {
  return Number.isFinite(point.value) && Number.isFinite(point.slope);
}

/** Why the curve is not drawn at x, as far as its gaps say. */
export function reasonAt(curve, x) {
  const gap = curve.gaps.find(({ start, stop }) => start <= x && x <= stop);
  return gap ? gap.reason : "";
}

/** The index of the slider's stop that is nearest to x. */
export function nearestStop(stops, x) {
  const index = lastNotAbove(stops, x);
  const next = Math.min(index + 1, stops.length - 1);
  return stops[next] - x < x - stops[index] ? next : index;
}

/** The bytes that the kernel sent as an array of numbers. */
export function readFloats(view) {
  // The bytes may start anywhere in their buffer; an array of floats may not. So they are copied.
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return new Float64Array(bytes);
}

function lastNotAbove(sorted, x) {
  let low = 0;
  let high = sorted.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}
