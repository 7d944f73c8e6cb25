// The search for a slope: how near x is, and how many of the places have been found.

import { isDrawable } from "./curve.js";
import { html } from "./dom.js";
import { formatFixed, formatShort } from "./numbers.js";

/** The line that says how the search goes; `show` marks it when all places are found. */
export function createSearch() {
  const element = html("p", { class: "chalkboard-search" });
  function show(text, isDone) {
    element.classList.toggle("chalkboard-done", isDone);
    if (element.textContent !== text) element.textContent = text;
  }
  return { element, show };
}

/**
 * What is said of the search: `verdict` is whether the kernel counts x as being at a place, and
 * null while it has not been asked, so that only a place where x is let go is found.
 */
export function describeSearch({ slope, tolerance, count }, found, verdict, point, decimals) {
  const progress = `${found} of ${count} ${count === 1 ? "place" : "places"} found`;
  if (found === count && verdict) return `✓ Found. ${progress}: goal reached.`;
  const end = found === count ? `✓ ${progress}: goal reached.` : `${progress}.`;
  if (verdict) return `✓ Found: here the slope is ${formatShort(slope)}, to within ${tolerance}. ${end}`;
  return `${describeDistance(slope, tolerance, verdict, point, decimals)} ${end}`;
}

function describeDistance(wanted, tolerance, verdict, point, decimals) {
  if (!isDrawable(point)) return "There is no slope here.";
  const off = point.slope - wanted;
  const text = `Slope ${formatFixed(point.slope, decimals)}`;
  if (Math.abs(off) <= tolerance) {
    return verdict === null
      ? `${text}: close; let go here.`
      : `${text}: close, but it never becomes ${formatShort(wanted)} here.`;
  }
  if (wanted === 0) return `${text}: still ${off > 0 ? "rising" : "falling"}.`;
  return `${text}: ${formatFixed(Math.abs(off), decimals)} ${off > 0 ? "above" : "below"} ${formatShort(wanted)}.`;
}
