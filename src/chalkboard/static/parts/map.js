// The picture of a surface from above: level lines, a point, its gradient, and the way down.

import { drawAxes, hatching, near, rectangle } from "./axes.js";
import { setAttributes, svg, uniqueId } from "./dom.js";
import { formatShort } from "./numbers.js";
import { linearScale } from "./scale.js";
import { isOnSurface } from "./surface.js";

const MAP_MARGIN = { left: 50, right: 14, top: 12, bottom: 40 };
// One unit of x is as long as one of y unless the map would become a ribbon.
const SQUAREST = [0.5, 1.25];
const ARROW = { shortest: 24, longest: 90, partOfMap: 0.2, head: 11 };
const LABELS_APART = 34;

/**
 * A map of the intervals `x` and `y`; `defined` has the rings around where there is a surface, and
 * is empty where it is everywhere. It draws nothing before `resize`, which takes a width and
 * decides on the height. `show` moves what moves and touches nothing else. `placeAt` says which
 * x and y a pointer means.
 */
export function createMap({ title, contours, defined, x, y, steep, flatBelow }) {
  const ids = Object.fromEntries(["clip", "dot", "hatch", "title", "words"].map((id) => [id, uniqueId(id)]));
  const words = svg("desc", { id: ids.words });
  const opening = svg("rect", {});
  const axes = svg("g", { class: "chalkboard-axes" });
  const levels = svg("g", {});
  const labels = svg("g", {});
  const way = svg("polyline", { class: "chalkboard-way", "marker-mid": `url(#${ids.dot})` });
  const end = svg("path", { class: "chalkboard-way-end", d: "M0 -7L7 0L0 7L-7 0Z" });
  const arrow = svg("path", { class: "chalkboard-arrow" });
  const point = svg("circle", { class: "chalkboard-marker", r: 6 });
  const moving = svg("g", { class: "chalkboard-moving" }, way, end, arrow, point);
  const element = svg(
    "svg",
    { class: "chalkboard-map", role: "img", "aria-labelledby": ids.title, "aria-describedby": ids.words },
    svg("title", { id: ids.title }, title),
    words,
    svg("defs", {}, svg("clipPath", { id: ids.clip }, opening), dot(ids.dot), hatching(ids.hatch)),
    svg("g", { "clip-path": `url(#${ids.clip})` }, levels),
    axes,
    svg("g", { "clip-path": `url(#${ids.clip})` }, labels, moving),
  );
  let toPixels = null;
  let shown = null;

  function resize(width) {
    const box = { left: MAP_MARGIN.left, right: width - MAP_MARGIN.right, top: MAP_MARGIN.top };
    const ratio = (y[1] - y[0]) / (x[1] - x[0]);
    const high = (box.right - box.left) * Math.min(Math.max(ratio, SQUAREST[0]), SQUAREST[1]);
    box.bottom = box.top + high;
    const height = box.bottom + MAP_MARGIN.bottom;
    toPixels = {
      x: linearScale(x, [box.left, box.right]),
      y: linearScale(y, [box.bottom, box.top]),
    };
    setAttributes(element, { width, height, viewBox: `0 0 ${width} ${height}` });
    setAttributes(opening, rectangle(box.left, box.top, box.right, box.bottom));
    axes.replaceChildren(...drawAxes(toPixels, box, { x, y }, { x: "x", y: "y" }));
    levels.replaceChildren(
      ...(defined.length > 0 ? drawUndefined(defined, toPixels, box, ids.hatch) : []),
      ...contours.map(({ rings }) => svg("path", { class: "chalkboard-level", d: ringsPath(rings, toPixels) })),
    );
    labels.replaceChildren(...drawLabels(contours, toPixels, box));
    if (shown) show(...shown);
  }

  /** `at` is a point with its gradient, `points` the way down from it; stale, if x, y moved on. */
  function show(at, points, isStale) {
    shown = [at, points, isStale];
    if (!toPixels) return;
    moving.style.visibility = at && isOnSurface(at) ? "visible" : "hidden";
    moving.classList.toggle("chalkboard-stale", isStale);
    if (!at || !isOnSurface(at)) return;
    const place = ([atX, atY]) => [near(toPixels.x(atX)), near(toPixels.y(atY))];
    const pixels = points.map(place);
    setAttributes(way, { points: pixels.map((pair) => pair.map((number) => number.toFixed(1))).join(" ") });
    setAttributes(end, { transform: `translate(${pixels[pixels.length - 1]})` });
    const [across, up] = place([at.x, at.y]);
    setAttributes(point, { cx: across, cy: up });
    setAttributes(arrow, { d: arrowPath(at), transform: `translate(${across} ${up})` });
  }

  /** An arrow from 0, 0: in the direction of the gradient, longer where it is steeper. */
  function arrowPath({ slopeX, slopeY }) {
    const gradient = Math.hypot(slopeX, slopeY);
    if (gradient <= flatBelow) return "";
    const towards = [toPixels.x(slopeX) - toPixels.x(0), toPixels.y(slopeY) - toPixels.y(0)];
    const [across, up] = towards.map((part) => part / Math.hypot(...towards));
    const part = Math.min(Math.sqrt(gradient / steep), 1.2);
    const longest = Math.min(ARROW.longest, ARROW.partOfMap * (toPixels.x(x[1]) - toPixels.x(x[0])));
    const length = ARROW.shortest + (longest - ARROW.shortest) * part;
    const from = length - ARROW.head;
    const at = (along, beside) => `${(along * across - beside * up).toFixed(1)} ${(along * up + beside * across).toFixed(1)}`;
    return `M0 0L${at(from, 0)}M${at(length, 0)}L${at(from, -6)}L${at(from, 6)}Z`;
  }

  function placeAt(event) {
    const { left, top } = element.getBoundingClientRect();
    const inside = (number, [start, stop]) => Math.min(Math.max(number, start), stop);
    return {
      x: inside(toPixels.x.invert(event.clientX - left), x),
      y: inside(toPixels.y.invert(event.clientY - top), y),
    };
  }

  return { element, resize, show, placeAt, describe: (text) => (words.textContent = text) };
}

/** Stripes wherever there is no surface: all of the map, and then the paper of the rest on it. */
function drawUndefined(defined, toPixels, box, hatch) {
  return [
    svg("rect", { fill: `url(#${hatch})`, ...rectangle(box.left, box.top, box.right, box.bottom) }),
    svg("path", { class: "chalkboard-paper", d: ringsPath(defined, toPixels) }),
  ];
}

/** One label per level, each at the point of its line that is farthest from the labels so far. */
function drawLabels(contours, toPixels, box) {
  const taken = [];
  return contours.flatMap(({ level, rings }) => {
    const places = rings.flatMap((ring) => inside(pairs(ring, toPixels), box));
    const room = ([x, y]) => Math.min(200, ...taken.map(([left, top]) => Math.hypot(x - left, y - top)));
    const best = places.reduce((one, other) => (one && room(one) >= room(other) ? one : other), null);
    if (!best || room(best) < LABELS_APART) return [];
    taken.push(best);
    const [x, y] = best;
    return [svg("text", { class: "chalkboard-level-label", x, y: y + 4, "text-anchor": "middle" }, formatShort(level, 4))];
  });
}

function inside(places, box) {
  const { left, right, top, bottom } = box;
  return places.filter(([x, y]) => x > left + 22 && x < right - 22 && y > top + 12 && y < bottom - 12);
}

function pairs(ring, toPixels) {
  const count = ring.length / 2;
  return Array.from({ length: count }, (_, index) => [toPixels.x(ring[2 * index]), toPixels.y(ring[2 * index + 1])]);
}

function ringsPath(rings, toPixels) {
  const ringPath = (ring) =>
    `M${pairs(ring, toPixels).map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
  return rings.map(ringPath).join("");
}

function dot(id) {
  const circle = svg("circle", { class: "chalkboard-way-dot", cx: 3, cy: 3, r: 2.6 });
  const size = { markerWidth: 6, markerHeight: 6, refX: 3, refY: 3, markerUnits: "userSpaceOnUse" };
  return svg("marker", { id, ...size }, circle);
}
