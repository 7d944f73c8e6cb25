// What the lines of a gradient explorer mean: told apart by dashes and shape, and then by colour.

import { html, svg } from "./dom.js";
import { createMarker, createSample, sampleLine } from "./looks.js";
import { sampleOf } from "./readouts.js";

/** The row above the panels. */
export function createLegend(curves, { hasSecant, hasSlopes }) {
  const entry = (text, ...shapes) => html("span", {}, createSample(...shapes), text);
  const entries =
    curves.length === 1 ? entriesOfOne(curves[0].name, entry) : entriesOfSeveral(curves, entry);
  if (hasSecant) {
    const there = svg("rect", { class: "chalkboard-second-point", x: 17, y: -5, width: 10, height: 10 });
    entries.push(entry("secant through x and x + h", sampleLine("chalkboard-secant"), there));
  }
  if (hasSlopes) {
    const own = curves.length > 1 ? " chalkboard-look-any" : "";
    entries.push(entry("height of the point = slope", sampleLine(`chalkboard-stem${own}`)));
  }
  return html("p", { class: "chalkboard-legend" }, ...entries);
}

function entriesOfOne(name, entry) {
  const marker = createMarker(0, 1);
  marker.setAttribute("transform", "translate(22 0)");
  return [
    entry(`${name}(x)`, sampleLine("chalkboard-curve")),
    entry("tangent at x", sampleLine("chalkboard-tangent")),
    entry(`the point (x, ${name}(x))`, marker),
  ];
}

function entriesOfSeveral(curves, entry) {
  return [
    ...curves.map(({ name }, index) => html("span", {}, sampleOf(index, curves.length), `${name}(x)`)),
    entry("tangent at x", sampleLine("chalkboard-tangent chalkboard-look-any")),
  ];
}
