// The frame of a plot with its ticks and names, and how to stay within what a renderer can hold.

import { svg } from "./dom.js";
import { formatShort } from "./numbers.js";
import { ticks } from "./scale.js";

const PIXELS_PER_TICK = { x: 60, y: 36 };
// Pixels beyond any screen: where a pole would otherwise give numbers that no renderer can hold.
const FAR = 1e5;

/** Grid, frame, ticks and `names` of a plot over the intervals `x` and `y`, within `box`. */
export function drawAxes(toPixels, box, { x, y }, names) {
  const lines = [];
  const labels = [];
  for (const tick of ticks(x, (box.right - box.left) / PIXELS_PER_TICK.x)) {
    const at = toPixels.x(tick);
    lines.push(svg("line", { x1: at, x2: at, y1: box.top, y2: box.bottom }));
    labels.push(svg("text", { x: at, y: box.bottom + 16, "text-anchor": "middle" }, formatShort(tick)));
  }
  for (const tick of ticks(y, (box.bottom - box.top) / PIXELS_PER_TICK.y)) {
    const at = toPixels.y(tick);
    lines.push(svg("line", { x1: box.left, x2: box.right, y1: at, y2: at }));
    labels.push(svg("text", { x: box.left - 6, y: at + 4, "text-anchor": "end" }, formatShort(tick)));
  }
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const turned = `rotate(-90) translate(${-middle.y} 13)`;
  return [
    svg("g", { class: "chalkboard-grid" }, ...lines),
    svg("rect", { class: "chalkboard-frame", ...rectangle(box.left, box.top, box.right, box.bottom) }),
    ...labels,
    svg("text", { x: middle.x, y: box.bottom + 34, "text-anchor": "middle" }, names.x),
    svg("text", { transform: turned, "text-anchor": "middle" }, names.y),
  ];
}

/** Stripes for where there is nothing to draw: `fill` is `url(#id)`. */
export function hatching(id) {
  return svg(
    "pattern",
    { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("line", { class: "chalkboard-hatch", x1: 0, y1: 0, x2: 0, y2: 6 }),
  );
}

/** A pixel that can be drawn. */
export function near(pixel) {
  return Math.min(Math.max(pixel, -FAR), FAR);
}

/** The attributes of a rectangle from its sides. */
export function rectangle(left, top, right, bottom) {
  return { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
}
