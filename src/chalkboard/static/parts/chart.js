// A chart: a framed, labelled plane onto which a widget puts its own lines and points.

import { setAttributes, svg, uniqueId } from "./dom.js";
import { formatShort } from "./numbers.js";
import { linearScale, ticks } from "./scale.js";

const CHART_MARGIN = { left: 52, right: 12, top: 10, bottom: 38 };
const PIXELS_PER_LABEL = { x: 64, y: 38 };
// Pixels beyond any screen: where a loss that explodes would give numbers that no renderer holds.
const OFF_CHART = 1e4;

/**
 * A chart with `layers`, SVG elements that are cut off at its frame.
 *
 * `setRange({x, y})` and `resize(width, height)` draw the axes, and only where something changed;
 * then `x` and `y` map data to pixels.
 */
export function createChart({ title, xLabel, yLabel }, ...layers) {
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
    const right = size.width - CHART_MARGIN.right;
    const bottom = size.height - CHART_MARGIN.bottom;
    const { left, top } = CHART_MARGIN;
    chart.x = linearScale(range.x, [left, right]);
    const heights = linearScale(range.y, [bottom, top]);
    chart.y = (number) => Math.min(Math.max(heights(number), -OFF_CHART), OFF_CHART);
    const box = { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
    setAttributes(opening, box);
    const across = ticks(range.x, box.width / PIXELS_PER_LABEL.x).map((tick) => ({ tick, at: chart.x(tick) }));
    const up = ticks(range.y, box.height / PIXELS_PER_LABEL.y).map((tick) => ({ tick, at: chart.y(tick) }));
    const label = (text, place) => svg("text", place, text);
    const middle = (top + bottom) / 2;
    axes.replaceChildren(
      svg(
        "g",
        { class: "chalkboard-chart-grid" },
        ...across.map(({ at }) => svg("line", { x1: at, x2: at, y1: top, y2: bottom })),
        ...up.map(({ at }) => svg("line", { x1: left, x2: right, y1: at, y2: at })),
      ),
      svg("rect", { class: "chalkboard-chart-frame", ...box }),
      ...across.map(({ tick, at }) => label(formatShort(tick), { x: at, y: bottom + 15, "text-anchor": "middle" })),
      ...up.map(({ tick, at }) => label(formatShort(tick), { x: left - 5, y: at + 4, "text-anchor": "end" })),
      label(xLabel, { x: (left + right) / 2, y: bottom + 32, "text-anchor": "middle" }),
      label(yLabel, { transform: `rotate(-90) translate(${-middle} 13)`, "text-anchor": "middle" }),
    );
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
