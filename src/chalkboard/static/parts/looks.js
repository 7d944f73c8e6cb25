// How lines and points are told apart: by dashes, by shape, and then by colour; and the legend.

import { html, svg } from "./dom.js";

const SHAPES = [
  "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0Z",
  "M-5.5 -5.5H5.5V5.5H-5.5Z",
  "M0 -7L7 5.5H-7Z",
  "M0 -7.5L7.5 0L0 7.5L-7.5 0Z",
];
export const SQUARE = "M-5 -5H5V5H-5Z";

/** `curves` with the shape of their points and, where there are several, a class of their own. */
export function withLooks(curves) {
  const look = (index) => (curves.length > 1 ? ` chalkboard-look-${index}` : "");
  return curves.map((curve, index) => ({ ...curve, shape: SHAPES[index], look: look(index) }));
}

/** The row that says what lines mean: each entry has a text and its shapes. */
export function createLegend(...entries) {
  const parts = entries.map(([text, ...shapes]) => html("span", {}, createSample(...shapes), text));
  return html("p", { class: "chalkboard-legend" }, ...parts);
}

/** What lines and points look like, side by side with their name. */
export function createSample(...shapes) {
  return svg("svg", { width: 44, height: 16, viewBox: "-22 -8 44 16", "aria-hidden": "true" }, ...shapes);
}

export function createShape(kind, d = "M-21 0H21") {
  return svg("path", { class: `chalkboard-${kind}`, d });
}

/** A piece of a curve with its point on it. */
export function createCurveSample({ look, shape }) {
  return [createShape(`curve${look}`), createShape(`marker${look}`, shape)];
}
