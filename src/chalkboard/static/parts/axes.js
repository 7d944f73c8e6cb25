// The frame of a plot with its ticks and names, and stripes for where there is nothing.

import { svg } from "./dom.js";
import { formatShort } from "./numbers.js";
import { ticks } from "./scale.js";

const PIXELS_PER_TICK = { x: 60, y: 36 };

/** Grid, frame, ticks and `names` of a plot over the intervals `x` and `y`, within `box`. */
export function drawAxes(toPixels, box, { x, y }, names) {
  const { left, right, top, bottom } = box;
  const label = (text, anchor, place) => svg("text", { "text-anchor": anchor, ...place }, text);
  const across = ticks(x, (right - left) / PIXELS_PER_TICK.x).map((tick) => [tick, toPixels.x(tick)]);
  const up = ticks(y, (bottom - top) / PIXELS_PER_TICK.y).map((tick) => [tick, toPixels.y(tick)]);
  const grid = [...across.map(([, at]) => `M${at} ${top}V${bottom}`), ...up.map(([, at]) => `M${left} ${at}H${right}`)];
  return [
    svg("path", { class: "chalkboard-grid", d: grid.join("") }),
    svg("rect", { class: "chalkboard-frame", ...rectangle(left, top, right, bottom) }),
    ...across.map(([tick, at]) => label(formatShort(tick), "middle", { x: at, y: bottom + 16 })),
    ...up.map(([tick, at]) => label(formatShort(tick), "end", { x: left - 6, y: at + 4 })),
    label(names.x, "middle", { x: (left + right) / 2, y: bottom + 34 }),
    label(names.y, "middle", { transform: `rotate(-90) translate(${-(top + bottom) / 2} 13)` }),
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

/** The attributes of a rectangle from its sides. */
export function rectangle(left, top, right, bottom) {
  return { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
}
