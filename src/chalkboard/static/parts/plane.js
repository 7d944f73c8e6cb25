// A framed, labelled plane, on which a widget draws its lines and points in pixels.

import { drawAxes, rectangle } from "./axes.js";
import { setAttributes, svg } from "./dom.js";
import { linearScale } from "./scale.js";

export const MARGIN = { left: 54, right: 14, top: 12, bottom: 40 };

/**
 * A plane over the intervals `x` and `y` with `layers`, SVG elements that are cut off at its frame.
 *
 * `resize` draws the axes; then `x` and `y` map data to pixels within the `box` of the frame.
 */
export function createPlane({ title, names, x, y }, ...layers) {
  const words = svg("desc");
  const axes = svg("g");
  const inside = svg("svg", {}, ...layers);
  const element = svg("svg", { class: "chalkboard-plane", role: "img", "aria-label": title }, words, axes, inside);
  const plane = { element, resize, describe: (text) => (words.textContent = text) };

  function resize(width, height) {
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const frame = rectangle(box.left, box.top, box.right, box.bottom);
    plane.box = box;
    plane.x = linearScale(x, [box.left, box.right]);
    plane.y = linearScale(y, [box.bottom, box.top]);
    setAttributes(element, { width, height });
    setAttributes(inside, { ...frame, viewBox: Object.values(frame).join(" ") });
    axes.replaceChildren(...drawAxes(plane, box, { x, y }, names));
  }
  return plane;
}
