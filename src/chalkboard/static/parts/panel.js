// One panel: a function's curve on its axes, with a point of it and the tangent through the point.

import { setAttributes, svg, uniqueId } from "./dom.js";
import { formatShort } from "./numbers.js";
import { linearScale, ticks } from "./scale.js";

const MARGIN = { left: 58, right: 14, top: 12, bottom: 40 };
const PIXELS_PER_TICK = { x: 60, y: 36 };
// Pixels beyond any screen: where a pole would otherwise give numbers that no renderer can hold.
const FAR = 1e5;

/**
 * A panel over the intervals `x` and `y` in data units; `frame` marks a part of it, if given.
 *
 * It draws nothing before `resize`. `show` moves the point and the tangent and touches nothing
 * else, so it is cheap enough for every frame. `xAt` says which x a pointer's position means.
 */
export function createPanel({ curve, name, title, xLabel, x, y, frame }) {
  const clip = uniqueId("clip");
  const hatch = uniqueId("hatch");
  const titleId = uniqueId("title");
  const wordsId = uniqueId("words");
  const words = svg("desc", { id: wordsId });
  const axes = svg("g", { class: "chalkboard-axes" });
  const drawn = svg("g", {});
  const tangent = svg("line", { class: "chalkboard-tangent" });
  const guide = svg("line", { class: "chalkboard-guide" });
  const marker = svg("circle", { class: "chalkboard-marker", r: 6 });
  const moving = svg("g", { class: "chalkboard-moving" }, tangent, marker);
  const plot = svg("g", { "clip-path": `url(#${clip})` }, drawn, guide, moving);
  const opening = svg("rect", {});
  const element = svg(
    "svg",
    { class: "chalkboard-panel", role: "img", "aria-labelledby": titleId, "aria-describedby": wordsId },
    svg("title", { id: titleId }, title),
    words,
    svg("defs", {}, svg("clipPath", { id: clip }, opening), hatching(hatch)),
    axes,
    plot,
  );
  let toPixels = null;
  let shown = null;

  function resize(width, height) {
    const box = {
      left: MARGIN.left,
      right: width - MARGIN.right,
      top: MARGIN.top,
      bottom: height - MARGIN.bottom,
    };
    toPixels = {
      x: linearScale(x, [box.left, box.right]),
      y: linearScale(y, [box.bottom, box.top]),
    };
    setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` });
    setAttributes(opening, rectangle(box.left, box.top, box.right, box.bottom));
    axes.replaceChildren(...drawAxes(toPixels, box, { x, y }, { x: xLabel, y: `${name}(x)` }));
    drawn.replaceChildren(
      ...drawGaps(curve.gaps, toPixels, box, hatch),
      ...(frame ? drawFrame(frame, toPixels) : []),
      svg("path", { class: "chalkboard-curve", d: curvePath(curve, toPixels) }),
    );
    setAttributes(guide, { y1: box.top, y2: box.bottom });
    if (shown) show(...shown);
  }

  /** Draws the point and its tangent; `x` differs from the point's where f has no value. */
  function show(point, atX) {
    shown = [point, atX];
    if (!toPixels) return;
    const isHere = point !== null && point.x === atX;
    moving.classList.toggle("chalkboard-stale", !isHere);
    moving.style.visibility = point === null ? "hidden" : "visible";
    setAttributes(guide, { x1: toPixels.x(atX), x2: toPixels.x(atX) });
    if (point === null) return;
    const lineAt = (position) => point.value + point.slope * (position - point.x);
    setAttributes(tangent, {
      x1: toPixels.x(x[0]),
      y1: near(toPixels.y(lineAt(x[0]))),
      x2: toPixels.x(x[1]),
      y2: near(toPixels.y(lineAt(x[1]))),
    });
    setAttributes(marker, { cx: toPixels.x(point.x), cy: near(toPixels.y(point.value)) });
  }

  function xAt(event) {
    const pixel = event.clientX - element.getBoundingClientRect().left;
    return Math.min(Math.max(toPixels.x.invert(pixel), x[0]), x[1]);
  }

  return { element, resize, show, xAt, describe: (text) => (words.textContent = text) };
}

function drawAxes(toPixels, box, { x, y }, names) {
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

/** Stripes over the intervals in which the curve is not drawn. */
function drawGaps(gaps, toPixels, box, hatch) {
  return gaps.map(({ start, stop }) =>
    svg("rect", {
      fill: `url(#${hatch})`,
      ...rectangle(toPixels.x(start), box.top, toPixels.x(stop), box.bottom),
    }),
  );
}

/** The outline of the part that another panel shows enlarged. */
function drawFrame(frame, toPixels) {
  const left = toPixels.x(frame.x[0]);
  const top = toPixels.y(frame.y[1]);
  return [
    svg("rect", {
      class: "chalkboard-zoomed",
      ...rectangle(left, top, toPixels.x(frame.x[1]), toPixels.y(frame.y[0])),
    }),
    svg("text", { x: left + 2, y: top - 4 }, "zoom"),
  ];
}

function hatching(id) {
  return svg(
    "pattern",
    { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("line", { class: "chalkboard-hatch", x1: 0, y1: 0, x2: 0, y2: 6 }),
  );
}

/** The curve as SVG path data, lifted off the paper wherever a sample is NaN. */
function curvePath(curve, toPixels) {
  const steps = [];
  let isDown = false;
  for (let index = 0; index < curve.x.length; index += 1) {
    const isThere = Number.isFinite(curve.value[index]);
    if (isThere) {
      const across = toPixels.x(curve.x[index]).toFixed(2);
      const up = near(toPixels.y(curve.value[index])).toFixed(2);
      steps.push(`${isDown ? "L" : "M"}${across} ${up}`);
    }
    isDown = isThere;
  }
  return steps.join("");
}

function near(pixel) {
  return Math.min(Math.max(pixel, -FAR), FAR);
}

function rectangle(left, top, right, bottom) {
  return { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
}
