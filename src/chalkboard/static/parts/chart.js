// A chart: a framed, labelled plane onto which a widget puts its own lines and points.

import { drawAxes, near, rectangle } from "./axes.js";
import { setAttributes, svg, uniqueId } from "./dom.js";
import { linearScale } from "./scale.js";

const CHART_MARGIN = { left: 52, right: 12, top: 10, bottom: 38 };

/**
 * A chart with `layers`, SVG elements that are cut off at its frame.
 *
 * `setRange({x, y})` and `resize(width, height)` draw the axes, and only where something changed;
 * then `x` and `y` map data to pixels.
 */
export function createChart(title, names, ...layers) {
  const [clip, titleId, wordsId] = ["clip", "title", "words"].map(uniqueId);
  const words = svg("desc", { id: wordsId });
  const opening = svg("rect");
  const axes = svg("g");
  const element = svg(
    "svg",
    { class: "chalkboard-chart", role: "img", "aria-labelledby": titleId, "aria-describedby": wordsId },
    svg("title", { id: titleId }, title),
    words,
    svg("defs", {}, svg("clipPath", { id: clip }, opening)),
    axes,
    svg("g", { "clip-path": `url(#${clip})` }, ...layers),
  );
  const chart = { element, resize, setRange, describe: (text) => (words.textContent = text) };
  let size = null;
  let range = null;

  function resize(width, height) {
    size = { width, height };
    setAttributes(element, { ...size, viewBox: `0 0 ${width} ${height}` });
    draw();
  }

  function setRange(wanted) {
    if (JSON.stringify(wanted) === JSON.stringify(range)) return;
    range = wanted;
    draw();
  }

  function draw() {
    if (!size || !range) return;
    const { left, top } = CHART_MARGIN;
    const box = { left, top, right: size.width - CHART_MARGIN.right, bottom: size.height - CHART_MARGIN.bottom };
    const heights = linearScale(range.y, [box.bottom, top]);
    chart.x = linearScale(range.x, [left, box.right]);
    chart.y = (number) => near(heights(number));
    setAttributes(opening, rectangle(left, top, box.right, box.bottom));
    axes.replaceChildren(...drawAxes(chart, box, range, names));
  }

  return chart;
}

/** Path data of a circle and of a square, the two marks that tell series apart without colour. */
export function circleAt(x, y, radius = 4) {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
}

export function squareAt(x, y) {
  return `M${x - 3.5} ${y - 3.5}h7v7h-7z`;
}
