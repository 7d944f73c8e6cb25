// The rule of broadcasting, the same as in the kernel, so that typing a shape is answered at once.

export const MOST_AXES = 6;

/** The sizes in a text such as "3, 1" or "(4,)"; null where it is no shape. */
export function parseShape(text) {
  const inside = text.trim().replace(/^[([](.*)[)\]]$/, "$1").trim();
  if (inside === "") return [];
  const sizes = inside.replace(/,$/, "").split(",").map((size) => size.trim());
  const isShape = sizes.length <= MOST_AXES && sizes.every((size) => /^\d{1,4}$/.test(size));
  return isShape ? sizes.map(Number) : null;
}

/**
 * Two shapes lined up from the right: `axes` from the first to the last, each with the sizes
 * `left`, `right` (null: it has no such axis) and `result` (null: they do not fit); the `result`
 * or null; and the `error` in torch's words.
 */
export function broadcastShapes(left, right) {
  const length = Math.max(left.length, right.length);
  const sizeAt = (shape, place) => shape[place - length + shape.length] ?? null;
  const axes = Array.from({ length }, (_, place) => {
    const pair = [sizeAt(left, place), sizeAt(right, place)];
    const [one, other] = pair.map((size) => size ?? 1);
    const result = one === 1 ? other : other === 1 || other === one ? one : null;
    return { left: pair[0], right: pair[1], result };
  });
  const misfit = axes.findLastIndex(({ result }) => result === null);
  if (misfit < 0) return { axes, result: axes.map(({ result }) => result), error: "" };
  const error =
    `The size of tensor a (${axes[misfit].left}) must match the size of tensor b ` +
    `(${axes[misfit].right}) at non-singleton dimension ${misfit}`;
  return { axes, result: null, error };
}

/** The axes of the result over which backward sums for the operand `side`: "left" or "right". */
export function summedAxes(axes, side) {
  return [...axes.keys()].filter((place) => {
    const size = axes[place][side];
    return size === null || (size === 1 && axes[place].result !== 1);
  });
}

/** Which entry of an operand of shape `own` an entry of the result reads. */
export function sourceEntry(entry, own) {
  const missing = entry.length - own.length;
  return own.map((size, place) => (size === 1 ? 0 : entry[place + missing]));
}
