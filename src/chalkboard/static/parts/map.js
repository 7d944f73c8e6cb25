// The picture of a surface from above: level lines, a point, its gradient, and the way down.

import { hatching, rectangle } from "./axes.js";
import { setAttributes, svg, uniqueId } from "./dom.js";
import { createShape } from "./looks.js";
import { createPlane, MARGIN } from "./plane.js";
import { within } from "./scale.js";

const ARROW = { shortest: 24, longest: 90, partOfMap: 0.2, head: 11 };

/**
 * A map of the intervals `x` and `y`. The paths of `levels` and of `defined`, where there is a
 * surface, are in parts of the map, and so is where a level's label stands. `show` moves what
 * moves, and no more.
 */
export function createMap({ title, levels, defined, x, y, steep, flatBelow }) {
  const hatch = uniqueId("hatch");
  const stripes = svg("rect", { fill: `url(#${hatch})` });
  const lines = svg("g", {}, createShape("paper", defined), ...levels.map(({ d }) => createShape("level", d)));
  const labels = levels.map(({ label }) => svg("text", { class: "chalkboard-level-label", dy: 4 }, label));
  const way = svg("polyline", { class: "chalkboard-way" });
  const dots = createShape("way-dots", "");
  const end = createShape("way-end", "M0 -7L7 0L0 7L-7 0Z");
  const arrow = createShape("arrow", "");
  const marker = svg("circle", { class: "chalkboard-marker", r: 6 });
  const moving = svg("g", { class: "chalkboard-moving" }, way, dots, end, arrow, marker);
  const below = defined ? [hatching(hatch), stripes] : [];
  const plane = createPlane({ title, names: { x: "x", y: "y" }, x, y }, ...below, lines, ...labels, moving);
  plane.element.classList.add("chalkboard-map");

  function fit(width) {
    const across = width - MARGIN.left - MARGIN.right;
    // One unit of x is as long as one of y unless the map would become a ribbon.
    const high = across * within((y[1] - y[0]) / (x[1] - x[0]), 0.5, 1.25);
    plane.resize(width, Math.round(high + MARGIN.top + MARGIN.bottom));
    const { left, right, top, bottom } = plane.box;
    setAttributes(stripes, rectangle(left, top, right, bottom));
    const [wide, tall] = [right - left, bottom - top];
    setAttributes(lines, { transform: `translate(${left} ${top}) scale(${wide} ${tall})` });
    levels.forEach(({ at }, index) => setAttributes(labels[index], { x: left + at[0] * wide, y: top + at[1] * tall }));
  }

  /** The point with its gradient, and the points of the way down from it. */
  function show(point, points, isStale) {
    moving.style.visibility = point ? "visible" : "hidden";
    moving.classList.toggle("chalkboard-stale", isStale);
    if (!point) return;
    const pixels = points.map(([atX, atY]) => `${plane.x(atX).toFixed(1)},${plane.y(atY).toFixed(1)}`);
    setAttributes(way, { points: pixels.join(" ") });
    setAttributes(dots, { d: pixels.map((place) => `M${place}h0`).join("") });
    setAttributes(end, { transform: `translate(${pixels[pixels.length - 1]})` });
    const transform = `translate(${plane.x(point.x)} ${plane.y(point.y)})`;
    setAttributes(marker, { transform });
    setAttributes(arrow, { d: arrowPath(point), transform });
  }

  /** An arrow from 0, 0: in the direction of the gradient, longer where it is steeper. */
  function arrowPath({ slopeX, slopeY }) {
    const gradient = Math.hypot(slopeX, slopeY);
    if (gradient <= flatBelow) return "";
    const { left, right, top, bottom } = plane.box;
    const towards = [(slopeX / (x[1] - x[0])) * (right - left), (-slopeY / (y[1] - y[0])) * (bottom - top)];
    const [across, up] = towards.map((part) => part / Math.hypot(...towards));
    const longest = Math.min(ARROW.longest, ARROW.partOfMap * (right - left));
    const length = ARROW.shortest + (longest - ARROW.shortest) * Math.min(Math.sqrt(gradient / steep), 1.2);
    const from = length - ARROW.head;
    const at = (along, beside) => `${(along * across - beside * up).toFixed(1)} ${(along * up + beside * across).toFixed(1)}`;
    return `M0 0L${at(from, 0)}M${at(length, 0)}L${at(from, -6)}L${at(from, 6)}Z`;
  }

  return Object.assign(plane, { fit, show });
}
