// A chart: a framed, labelled plane onto which a widget puts its own lines and points.

import { drawAxes, rectangle } from "./axes.js";
import { setAttributes, svg } from "./dom.js";
import { linearScale } from "./scale.js";

const CHART_MARGIN = { left: 52, right: 12, top: 10, bottom: 38 };

/**
 * A chart with `layers`, SVG paths in units of the data, which are cut off at its frame.
 *
 * The page's style gives it its size. `setRange({x, y})` says what of the plane is seen. The style
 * must keep strokes from being stretched with the plane; a line of no length makes a round point.
 */
export function createChart(title, names, ...layers) {
  const words = svg("desc");
  const axes = svg("g");
  const plane = svg("svg", { preserveAspectRatio: "none" }, svg("g", { transform: "scale(1 -1)" }, ...layers));
  const element = svg("svg", { class: "chalkboard-chart", role: "img", "aria-label": title }, words, axes, plane);
  let size = null;
  let range = null;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    size = contentRect;
    draw();
  });
  observer.observe(element);

  function setRange(wanted) {
    if (wanted === range) return;
    range = wanted;
    draw();
  }

  function draw() {
    if (!size || !range) return;
    const { left, top } = CHART_MARGIN;
    const [right, bottom] = [size.width - CHART_MARGIN.right, size.height - CHART_MARGIN.bottom];
    const toPixels = { x: linearScale(range.x, [left, right]), y: linearScale(range.y, [bottom, top]) };
    axes.replaceChildren(...drawAxes(toPixels, { left, top, right, bottom }, range, names));
    const [[start, stop], [low, high]] = [range.x, range.y];
    setAttributes(plane, {
      ...rectangle(left, top, right, bottom),
      viewBox: [start, -high, stop - start, high - low].join(" "),
    });
  }

  const cancel = () => observer.disconnect();
  return { element, setRange, describe: (text) => (words.textContent = text), cancel };
}
