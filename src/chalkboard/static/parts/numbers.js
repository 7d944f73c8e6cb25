// Prints numbers the same way everywhere in a widget.

/** A number with a fixed count of decimals, so that digits stand still; a dash where there is none. */
export function formatFixed(number, decimals) {
  if (!Number.isFinite(number)) return "—";
  const text = Math.abs(number) < 1e15 ? number.toFixed(decimals) : number.toExponential(4);
  // What rounds to zero has no sign.
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** A number with at most `digits` significant digits and no needless zeros. */
export function formatShort(number, digits = 6) {
  const rounded = Number(number.toPrecision(digits));
  // The zeros of a huge rounded number would look like digits of it.
  const text = Math.abs(rounded) < 1e6 ? String(rounded) : rounded.toExponential();
  // As Python writes it, for the kernel's words stand beside it.
  return text.replace(/(e[+-])(\d)$/, (_, sign, digit) => `${sign}0${digit}`);
}
