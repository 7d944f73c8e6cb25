// Answers a function and its slopes anywhere from what the kernel sampled once.

/** `data` with each array that came as bytes as a Float64Array. */
export function readSamples(data) {
  // The bytes may start anywhere in their buffer; an array of floats may not. So they are copied.
  const read = ({ buffer, byteOffset: start, byteLength }) => new Float64Array(buffer.slice(start, start + byteLength));
  const entries = Object.entries(data);
  return Object.fromEntries(entries.map(([name, each]) => [name, ArrayBuffer.isView(each) ? read(each) : each]));
}

/** A point of a curve: at a sample what the engine said, between two a mixture, NaN in a gap. */
export function pointAt(curve, x) {
  const { low, high, part } = cellAt(curve.x, x);
  const at = (array) => mix(array[low], array[high], part);
  return { x, value: at(curve.value), slope: at(curve.slope) };
}

/** The same of a surface, whose arrays have one row for each y. */
export function surfaceAt(surface, x, y) {
  const across = cellAt(surface.x, x);
  const up = cellAt(surface.y, y);
  const at = (array) => {
    const inRow = (row) => mix(array[row + across.low], array[row + across.high], across.part);
    return mix(inRow(up.low * surface.x.length), inRow(up.high * surface.x.length), up.part);
  };
  return { x, y, value: at(surface.value), slopeX: at(surface.slopeX), slopeY: at(surface.slopeY) };
}

/** Whether all numbers of a point can be drawn. */
export function isDrawable(point) {
  return Object.values(point).every(Number.isFinite);
}

/** The index of the slider's stop that is nearest to `at`. */
export function nearestStop(stops, at) {
  const { low, high, part } = cellAt(stops, at);
  return part > 0.5 ? high : low;
}

/** The two neighbours in `sorted` around `at`, and how far it is from the first to the second. */
function cellAt(sorted, at) {
  let low = 0;
  let high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= at) low = middle;
    else high = middle;
  }
  const part = (at - sorted[low]) / (sorted[high] - sorted[low]);
  // A sum of two stops may miss the stop that it is by a rounding.
  return { low, high, part: Math.abs(part - Math.round(part)) < 1e-6 ? Math.round(part) : part };
}

function mix(low, high, part) {
  // At a sample its neighbour does not matter, even where f has no value.
  if (part === 0 || part === 1) return part ? high : low;
  return part > 0 && part < 1 ? low + part * (high - low) : NaN;
}
