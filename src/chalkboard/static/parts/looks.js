// How several functions are told apart: by dashes, by the shape of the point, and then by colour.

import { svg } from "./dom.js";

const SHAPES = [
  "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0Z",
  "M-5.5 -5.5H5.5V5.5H-5.5Z",
  "M0 -7L7 5.5H-7Z",
  "M0 -7.5L7.5 0L0 7.5L-7.5 0Z",
];

/** The classes of what belongs to the function number `index` of `count`. */
export function lookOf(index, count) {
  return count > 1 ? ` chalkboard-look-${index}` : "";
}

/** The point of function number `index`, to be moved by its `transform`. */
export function createMarker(index, count) {
  return svg("path", { class: `chalkboard-marker${lookOf(index, count)}`, d: SHAPES[index] });
}

/** What a line or a point looks like, for a legend. */
export function createSample(...shapes) {
  return svg("svg", { width: 44, height: 16, viewBox: "0 -8 44 16", "aria-hidden": "true" }, ...shapes);
}

/** A line across such a sample. */
export function sampleLine(className) {
  return svg("line", { class: className, x1: 1, x2: 43, y1: 0, y2: 0 });
}
