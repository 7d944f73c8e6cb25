// One panel: the curves of functions on common axes, each with a point of it and the tangent there.

import { drawAxes, hatching, near, rectangle } from "./axes.js";
import { setAttributes, svg, uniqueId } from "./dom.js";
import { createMarker, lookOf } from "./looks.js";
import { formatShort } from "./numbers.js";
import { linearScale } from "./scale.js";

const MARGIN = { left: 58, right: 14, top: 12, bottom: 40 };
// A change from one sample to the next, as a part of the height, at which a slope has jumped.
const JUMP_OF_SLOPE = 0.2;

/**
 * A panel over the intervals `x` and `y` in data units; `frame` marks a part of it, if given.
 *
 * It `shows` the "value" of the curves with their tangents, or their "slope" with the point's
 * height above zero. It draws nothing before `resize`. `show` moves the points and their lines and
 * touches nothing else, so it is cheap enough for every frame. `xAt` says which x a pointer means.
 */
export function createPanel({ curves, shows, title, labels, x, y, frame, hasSecant }) {
  const clip = uniqueId("clip");
  const hatch = uniqueId("hatch");
  const titleId = uniqueId("title");
  const wordsId = uniqueId("words");
  const words = svg("desc", { id: wordsId });
  const axes = svg("g", { class: "chalkboard-axes" });
  const drawn = svg("g", {});
  const guide = svg("line", { class: "chalkboard-guide" });
  const moving = curves.map((_, index) => createMoving(shows, index, curves.length));
  const secant = hasSecant ? createSecantLine() : null;
  const over = [...moving.map((each) => each.element), ...(secant ? [secant.element] : [])];
  const plot = svg("g", { "clip-path": `url(#${clip})` }, drawn, guide, ...over);
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
    axes.replaceChildren(...drawAxes(toPixels, box, { x, y }, labels));
    const jump = shows === "slope" ? JUMP_OF_SLOPE * (y[1] - y[0]) : Infinity;
    drawn.replaceChildren(
      ...curves.flatMap(({ gaps }) => drawGaps(gaps, toPixels, box, hatch)),
      ...(shows === "slope" ? [zeroLine(toPixels, box)] : []),
      ...(frame ? drawFrame(frame, toPixels) : []),
      ...curves.map((curve, index) =>
        svg("path", {
          class: `chalkboard-curve${lookOf(index, curves.length)}`,
          d: curvePath(curve.x, curve[shows], toPixels, jump),
        }),
      ),
    );
    setAttributes(guide, { y1: box.top, y2: box.bottom });
    if (shown) show(...shown);
  }

  /** Draws the points and their lines; a point's x differs from `atX` where f has no value. */
  function show(points, atX, line) {
    shown = [points, atX, line];
    if (!toPixels) return;
    setAttributes(guide, { x1: toPixels.x(atX), x2: toPixels.x(atX) });
    points.forEach((point, index) => moving[index].show(point, atX, x, toPixels));
    if (secant) secant.show(line, x, toPixels);
  }

  function xAt(event) {
    const pixel = event.clientX - element.getBoundingClientRect().left;
    return Math.min(Math.max(toPixels.x.invert(pixel), x[0]), x[1]);
  }

  return { element, resize, show, xAt, describe: (text) => (words.textContent = text) };
}

/** A point of one curve with its tangent; or with its height above zero, if slopes are shown. */
function createMoving(shows, index, count) {
  const isValue = shows === "value";
  const line = svg("line", { class: `chalkboard-${isValue ? "tangent" : "stem"}${lookOf(index, count)}` });
  const marker = createMarker(index, count);
  const element = svg("g", { class: "chalkboard-moving" }, line, marker);

  function show(point, atX, ends, toPixels) {
    element.classList.toggle("chalkboard-stale", point === null || point.x !== atX);
    element.style.visibility = point === null ? "hidden" : "visible";
    if (point === null) return;
    const across = toPixels.x(point.x);
    const up = near(toPixels.y(point[shows]));
    setAttributes(marker, { transform: `translate(${across} ${up})` });
    if (isValue) drawLine(line, point, point.slope, ends, toPixels);
    else setAttributes(line, { x1: across, x2: across, y1: toPixels.y(0), y2: up });
  }
  return { element, show };
}

/** The secant through a point, and its second point. */
function createSecantLine() {
  const line = svg("line", { class: "chalkboard-secant" });
  const there = svg("rect", { class: "chalkboard-second-point", x: -5, y: -5, width: 10, height: 10 });
  const element = svg("g", {}, line, there);

  /** `secant` has the point (x, value), h and the quotient; null hides it. */
  function show(secant, ends, toPixels) {
    element.style.visibility = secant ? "visible" : "hidden";
    if (!secant) return;
    drawLine(line, secant, secant.quotient, ends, toPixels);
    const across = toPixels.x(secant.x + secant.h);
    const up = near(toPixels.y(secant.value + secant.quotient * secant.h));
    setAttributes(there, { transform: `translate(${across} ${up})` });
  }
  return { element, show };
}

/** Lays a line of this slope through a point, from one end of the panel to the other. */
function drawLine(line, point, slope, ends, toPixels) {
  const heightAtEnd = (end) => near(toPixels.y(point.value + slope * (end - point.x)));
  setAttributes(line, {
    x1: toPixels.x(ends[0]),
    y1: heightAtEnd(ends[0]),
    x2: toPixels.x(ends[1]),
    y2: heightAtEnd(ends[1]),
  });
}

/** Stripes over the intervals in which a curve is not drawn. */
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

function zeroLine(toPixels, box) {
  const zero = toPixels.y(0);
  return svg("line", { class: "chalkboard-zero", x1: box.left, x2: box.right, y1: zero, y2: zero });
}

/** A curve as SVG path data, lifted off the paper at each NaN and at each change above `jump`. */
function curvePath(across, heights, toPixels, jump) {
  const steps = [];
  for (let index = 0; index < across.length; index += 1) {
    if (!Number.isFinite(heights[index])) continue;
    // After NaN the difference is NaN, and no comparison with it is true.
    const isDown = Math.abs(heights[index] - heights[index - 1]) <= jump;
    const x = toPixels.x(across[index]).toFixed(2);
    const y = near(toPixels.y(heights[index])).toFixed(2);
    // The line of no length shows a sample that stands alone.
    steps.push(isDown ? `L${x} ${y}` : `M${x} ${y}h0`);
  }
  return steps.join("");
}
