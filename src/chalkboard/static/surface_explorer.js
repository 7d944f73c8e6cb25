// The view of SurfaceExplorer: drag a point over level lines; its gradient and the way down follow.
//
// While the point is dragged nothing is asked of the kernel: the grid that it sent once is enough.
// When it is let go, the kernel answers with the engines' numbers and the exact way of descent.

import { nearestStop } from "./parts/curve.js";
import { html, svg } from "./parts/dom.js";
import { letDrag } from "./parts/dragging.js";
import { createFrame, createSpeech } from "./parts/frame.js";
import { createSample } from "./parts/looks.js";
import { createMap } from "./parts/map.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createAnswers, createNumber } from "./parts/readouts.js";
import { createSlider } from "./parts/slider.js";
import { isOnSurface, previewDescent, readSurface, surfaceAt } from "./parts/surface.js";
import { oncePerFrame } from "./parts/timing.js";

const WIDEST_MAP = 560;
const BESIDE_FROM = 760;
const MOVED = ["x", "y", "learning_rate"];
// A part of the gradient that is smaller than this does not turn it visibly.
const LEANING = 0.1;

function render({ model, el }) {
  const name = model.get("name");
  const surface = readSurface(model.get("surface"));
  const rates = model.get("learning_rates");
  const steps = model.get("steps");
  const ends = (stops) => [stops[0], stops[stops.length - 1]];
  const map = createMap({
    title: `Level lines of ${name}(x, y) with its gradient at a point`,
    contours: model.get("contours"),
    defined: model.get("defined"),
    x: ends(surface.x),
    y: ends(surface.y),
    steep: surface.steep,
    flatBelow: surface.flatBelow,
  });
  const sliders = {
    x: createSlider({ label: "x", count: surface.x.length, move: (stop) => moveTo({ x: surface.x[stop] }), release }),
    y: createSlider({ label: "y", count: surface.y.length, move: (stop) => moveTo({ y: surface.y[stop] }), release }),
    learning_rate: createSlider({
      label: "learning rate",
      count: rates.length,
      move: (stop) => moveTo({ learning_rate: rates[stop] }),
      release,
    }),
  };
  const numbers = createSurfaceNumbers(name);
  const answers = createAnswers(
    ["engine", `${name}(x, y)`, `∂${name}/∂x`, `∂${name}/∂y`],
    ({ x, y }) => `x = ${formatShort(x)}, y = ${formatShort(y)}`,
    ({ engine }) => [engine],
  );
  const way = html("p", { class: "chalkboard-descent" });
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(speak);
  let state = readState();
  let lastDrawable = null;

  function readState() {
    return Object.fromEntries(MOVED.map((trait) => [trait, model.get(trait)]));
  }

  /** Whether the kernel has answered for this point. */
  function isAnswered() {
    const { x, y } = model.get("answers")[0];
    return x === state.x && y === state.y;
  }

  /** Whether its way of descent is the one from this point with this learning rate. */
  function isWayKnown() {
    const { points, rate } = model.get("descent");
    return points[0][0] === state.x && points[0][1] === state.y && rate === state.learning_rate;
  }

  function currentPoint() {
    const { point } = model.get("answers")[0];
    if (!isAnswered() || !point) return surfaceAt(surface, state.x, state.y);
    const [value, slopeX, slopeY] = point;
    return { x: state.x, y: state.y, value, slopeX, slopeY };
  }

  function currentMessage(point) {
    const isKnown = isAnswered() && model.get("message");
    if (isOnSurface(point)) return isKnown ? model.get("message") : "";
    const place = `x = ${formatShort(state.x)}, y = ${formatShort(state.y)}`;
    const trouble = isKnown ? model.get("message") : `${name} has no value at ${place}.`;
    if (!lastDrawable) return trouble;
    const { x, y } = lastDrawable.point;
    return `${trouble} The picture still shows x = ${formatShort(x)}, y = ${formatShort(y)}.`;
  }

  function currentWay() {
    if (isWayKnown()) return model.get("descent").points;
    return previewDescent(surface, state.x, state.y, state.learning_rate, steps);
  }

  function paint() {
    const point = currentPoint();
    const isHere = isOnSurface(point);
    if (isHere) lastDrawable = { point, points: currentWay() };
    if (lastDrawable) map.show(lastDrawable.point, lastDrawable.points, !isHere);
    const { decimals } = surface;
    for (const axis of ["x", "y"]) {
      sliders[axis].show(nearestStop(surface[axis], state[axis]), formatFixed(state[axis], decimals[axis]));
    }
    const rate = formatShort(state.learning_rate);
    sliders.learning_rate.show(nearestStop(rates, state.learning_rate), rate);
    numbers.show(point, rate, decimals);
    // Hidden, it keeps its place, so that nothing below it jumps while the point is dragged.
    way.style.visibility = isHere && isWayKnown() ? "visible" : "hidden";
    way.textContent = model.get("descent").words;
    answers.show(model.get("answers"), !isAnswered());
    message.textContent = currentMessage(point);
    speech.soon();
  }

  function speak() {
    const point = currentPoint();
    const words = [describeSurfacePoint(name, point, surface), isWayKnown() && model.get("descent").words]
      .filter(Boolean)
      .join(" ");
    map.describe(words);
    return [words, currentMessage(point)].filter(Boolean).join(" ");
  }

  function moveTo(changes) {
    state = { ...state, ...changes };
    paintSoon();
  }

  function release() {
    Object.values(sliders).forEach((slider) => slider.cancel());
    if (MOVED.every((trait) => model.get(trait) === state[trait])) return;
    model.set(state);
    model.save_changes();
  }

  function followKernel() {
    state = readState();
    paintSoon();
  }

  function fit() {
    const width = root.clientWidth;
    const isBeside = width >= BESIDE_FROM;
    const each = Math.min(isBeside ? 0.55 * width : width - 8, WIDEST_MAP);
    if (each > 0) map.resize(Math.floor(each));
  }

  const paintSoon = oncePerFrame(paint);
  letDrag(
    map.element,
    (event) => {
      const { x, y } = map.placeAt(event);
      moveTo({ x: surface.x[nearestStop(surface.x, x)], y: surface.y[nearestStop(surface.y, y)] });
    },
    release,
  );
  // After a drag the arrow keys go on from where the pointer left off.
  map.element.addEventListener("pointerdown", () => sliders.x.input.focus({ preventScroll: true }));
  const moved = MOVED.map((trait) => `change:${trait}`);
  const answered = ["answers", "descent", "message"].map((trait) => `change:${trait}`);
  for (const event of moved) model.on(event, followKernel);
  for (const event of answered) model.on(event, paintSoon);

  const controls = html(
    "div",
    { class: "chalkboard-surface-side" },
    ...Object.values(sliders).map((slider) => slider.element),
    numbers.element,
    way,
    message,
    answers.element,
    html("p", { class: "chalkboard-message" }, model.get("undrawn")),
  );
  const root = createFrame(
    `Surface explorer of ${name}(x, y)`,
    model.get("goal"),
    createSurfaceLegend(steps, model.get("contours").length > 0),
    html("div", { class: "chalkboard-map-and-controls" }, map.element, controls),
    speech.element,
  );
  el.append(root);
  const observer = new ResizeObserver(fit);
  observer.observe(root);
  fit();
  paint();

  return () => {
    observer.disconnect();
    for (const pending of [paintSoon, speech.soon, ...Object.values(sliders)]) pending.cancel();
    for (const event of moved) model.off(event, followKernel);
    for (const event of answered) model.off(event, paintSoon);
  };
}

/** What the lines mean: told apart by shape. */
function createSurfaceLegend(steps, hasLevels) {
  const entry = (text, ...shapes) => html("span", {}, createSample(...shapes), text);
  const line = (kind) => svg("path", { class: `chalkboard-${kind}`, d: "M2 0H42" });
  const entries = [
    entry("the gradient: steepest way up", svg("path", { class: "chalkboard-arrow", d: "M2 0H31M42 0L31 -6V6Z" })),
    entry(
      `${steps} ${steps === 1 ? "step" : "steps"} of descent, to the diamond`,
      line("way"),
      svg("circle", { class: "chalkboard-way-dot", cx: 17, cy: 0, r: 2.6 }),
      svg("path", { class: "chalkboard-way-end", d: "M36 -7L43 0L36 7L29 0Z" }),
    ),
  ];
  if (hasLevels) entries.unshift(entry("level line: the same value all along it; more colour is higher", line("level")));
  return html("p", { class: "chalkboard-legend" }, ...entries);
}

function createSurfaceNumbers(name) {
  const numbers = {
    x: createNumber("x", "x"),
    y: createNumber("y", "y"),
    rate: createNumber("learning rate", "rate"),
    value: createNumber(`${name}(x, y)`, "value"),
    slopeX: createNumber(`slope along x, ∂${name}/∂x`, "slopeX"),
    slopeY: createNumber(`slope along y, ∂${name}/∂y`, "slopeY"),
    length: createNumber("length of the gradient", "length"),
  };
  const cells = Object.values(numbers).map((number) => number.element);
  const element = html("p", { class: "chalkboard-numbers" }, ...cells);
  function show(point, rate, decimals) {
    const length = Math.hypot(point.slopeX, point.slopeY);
    const texts = {
      x: formatFixed(point.x, decimals.x),
      y: formatFixed(point.y, decimals.y),
      rate,
      value: formatFixed(point.value, decimals.value),
      slopeX: formatFixed(point.slopeX, decimals.slope),
      slopeY: formatFixed(point.slopeY, decimals.slope),
      length: formatFixed(length, decimals.slope),
    };
    for (const [quantity, text] of Object.entries(texts)) {
      numbers[quantity].show(text.includes("NaN") ? "—" : text);
    }
  }
  return { element, show };
}

function describeSurfacePoint(name, point, { decimals, flatBelow }) {
  if (!isOnSurface(point)) return "";
  const { x, y, value, slopeX, slopeY } = point;
  const length = Math.hypot(slopeX, slopeY);
  const slope = (number) => formatFixed(number, decimals.slope);
  return (
    `At x = ${formatFixed(x, decimals.x)}, y = ${formatFixed(y, decimals.y)}, ` +
    `${name} = ${formatFixed(value, decimals.value)}; the gradient is (${slope(slopeX)}, ${slope(slopeY)}), ` +
    `length ${slope(length)}: ${describeUphill(slopeX, slopeY, length, flatBelow)}.`
  );
}

function describeUphill(slopeX, slopeY, length, flatBelow) {
  if (length <= flatBelow) return "it is almost flat here";
  const ways = [
    Math.abs(slopeX) > LEANING * length && (slopeX > 0 ? "right" : "left"),
    Math.abs(slopeY) > LEANING * length && (slopeY > 0 ? "up" : "down"),
  ].filter(Boolean);
  return `steepest uphill points ${ways.join(" and ")}; descent goes the other way`;
}

export default { render };
