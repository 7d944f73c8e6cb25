// The view of GradientExplorer: drag x, and the tangent, the value and the slope follow.
//
// While x is dragged nothing is asked of the kernel: the samples that it sent once are enough. When
// x is let go, it goes to the kernel, which answers with what the engines say there.

import { isDrawable, nearestStop, pointAt, readCurve, reasonAt } from "./parts/curve.js";
import { html, svg, uniqueId } from "./parts/dom.js";
import { letDrag } from "./parts/dragging.js";
import { createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createPanel } from "./parts/panel.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const KEY_PAUSE_MILLISECONDS = 150;
const SIDE_BY_SIDE_FROM = 680;
const GAP_BETWEEN_PANELS = 12;
const ANSWER_EVENTS = ["answers", "value", "slope", "message"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const name = model.get("name");
  const curve = readCurve(model.get("curve"));
  const panels = createPanels(model.get("panels"), curve, name);
  const slider = createSlider(curve.stops.length);
  const numbers = createNumbers(name);
  const answers = createAnswers(name);
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(speak);
  let x = model.get("x");
  let lastDrawable = null;
  let isByKey = false;

  /** Whether the kernel has answered for this x, and not only been told of it. */
  function isAnswered() {
    return model.get("answers")[0].x === x;
  }

  /** What is known at x: the kernel's own numbers where it has answered, else the samples'. */
  function currentPoint() {
    if (!isAnswered() || model.get("value") === null) return pointAt(curve, x);
    return { x, value: model.get("value"), slope: model.get("slope") };
  }

  function currentMessage(point) {
    const isKnown = isAnswered() && model.get("message");
    if (isDrawable(point)) return isKnown ? model.get("message") : "";
    const trouble = isKnown ? model.get("message") : describeGap(name, x, curve);
    const still = lastDrawable && ` The picture still shows x = ${formatShort(lastDrawable.x)}.`;
    return trouble + (still || "");
  }

  function paint() {
    const point = currentPoint();
    if (isDrawable(point)) lastDrawable = point;
    panels.forEach((panel) => panel.show(lastDrawable, x));
    slider.show(nearestStop(curve.stops, x), formatFixed(x, curve.decimals.x));
    numbers.show(x, point, curve.decimals);
    answers.show(model.get("answers"), x);
    message.textContent = currentMessage(point);
    speech.soon();
  }

  function speak() {
    const point = currentPoint();
    const words = describePoint(name, x, point, curve);
    panels.forEach((panel) => panel.describe(words));
    return [words, currentMessage(point)].filter(Boolean).join(" ");
  }

  function moveTo(stop) {
    x = curve.stops[stop];
    paintSoon();
  }

  function tellKernel() {
    tellKernelSoon.cancel();
    if (model.get("x") === x) return;
    model.set("x", x);
    model.save_changes();
  }

  function followKernel() {
    x = model.get("x");
    paintSoon();
  }

  function fit() {
    const width = plots.clientWidth;
    const isWide = panels.length > 1 && width >= SIDE_BY_SIDE_FROM;
    const each = isWide ? (width - GAP_BETWEEN_PANELS) / 2 : width;
    const height = Math.min(Math.max(0.6 * each, 240), 400);
    if (each > 0) panels.forEach((panel) => panel.resize(Math.floor(each), Math.round(height)));
  }

  const paintSoon = oncePerFrame(paint);
  const tellKernelSoon = whenQuiet(tellKernel, KEY_PAUSE_MILLISECONDS);

  slider.input.addEventListener("keydown", () => (isByKey = true));
  slider.input.addEventListener("pointerdown", () => (isByKey = false));
  slider.input.addEventListener("input", () => moveTo(Number(slider.input.value)));
  slider.input.addEventListener("change", () => (isByKey ? tellKernelSoon() : tellKernel()));
  for (const panel of panels) {
    const follow = (event) => moveTo(nearestStop(curve.stops, panel.xAt(event)));
    letDrag(panel.element, follow, tellKernel);
    // After a drag the arrow keys go on from where the pointer left off.
    panel.element.addEventListener("pointerdown", () => slider.input.focus({ preventScroll: true }));
  }
  model.on("change:x", followKernel);
  for (const event of ANSWER_EVENTS) model.on(event, paintSoon);

  const plots = html(
    "div",
    { class: "chalkboard-panels" },
    ...panels.map((panel) => panel.element),
  );
  const root = createFrame(
    `Gradient explorer of ${name}(x)`,
    model.get("goal"),
    createLegend(name),
    plots,
    slider.element,
    numbers.element,
    message,
    answers.element,
    html("p", { class: "chalkboard-message" }, model.get("undrawn")),
    speech.element,
  );
  el.append(root);
  const observer = new ResizeObserver(fit);
  observer.observe(plots);
  fit();
  paint();

  return () => {
    observer.disconnect();
    for (const pending of [paintSoon, speech.soon, tellKernelSoon]) pending.cancel();
    model.off("change:x", followKernel);
    for (const event of ANSWER_EVENTS) model.off(event, paintSoon);
  };
}

function createPanels(intervals, curve, name) {
  const [whole, zoom] = intervals.map(([x, y]) => ({ x, y }));
  const range = ({ x }) => `x from ${formatShort(x[0])} to ${formatShort(x[1])}`;
  const panels = [
    createPanel({
      curve,
      name,
      title: `${name}(x) and its tangent, ${range(whole)}`,
      xLabel: "x",
      ...whole,
      frame: zoom,
    }),
  ];
  if (zoom) {
    const title = `Zoom into ${name}(x) and its tangent, ${range(zoom)}`;
    panels.push(createPanel({ curve, name, title, xLabel: "x, zoom", ...zoom }));
  }
  return panels;
}

/** What the lines mean: told apart by dashes and shape, and only then by colour. */
function createLegend(name) {
  const sample = (...shapes) =>
    svg("svg", { width: 34, height: 12, "aria-hidden": "true" }, ...shapes);
  const line = (kind) => svg("line", { class: `chalkboard-${kind}`, x1: 1, x2: 33, y1: 6, y2: 6 });
  return html(
    "p",
    { class: "chalkboard-legend" },
    html("span", {}, sample(line("curve")), `${name}(x)`),
    html("span", {}, sample(line("tangent")), "tangent at x"),
    html(
      "span",
      {},
      sample(svg("circle", { class: "chalkboard-marker", cx: 17, cy: 6, r: 5 })),
      `the point (x, ${name}(x))`,
    ),
  );
}

/** A native slider over the stops, so that keys and screen readers work as everywhere. */
function createSlider(count) {
  const id = uniqueId("x");
  const range = { type: "range", min: 0, max: count - 1, step: 1 };
  const input = html("input", { id, ...range, ...NO_SHORTCUTS });
  const element = html(
    "div",
    { class: "chalkboard-slider" },
    html("label", { for: id }, "x"),
    input,
  );
  function show(stop, text) {
    // Setting an unchanged value in the middle of a drag would end the drag in some browsers.
    if (Number(input.value) !== stop) input.value = stop;
    input.setAttribute("aria-valuetext", text);
  }
  return { element, input, show };
}

function createNumbers(name) {
  const cell = (label) => {
    const output = html("span", { class: "chalkboard-number" });
    return { output, element: html("span", {}, `${label} = `, output) };
  };
  const cells = {
    x: cell("x"),
    value: cell(`${name}(x)`),
    slope: cell(`slope ${name}′(x)`),
  };
  for (const [quantity, { output }] of Object.entries(cells)) output.dataset.quantity = quantity;
  const element = html(
    "p",
    { class: "chalkboard-numbers" },
    ...Object.values(cells).map((each) => each.element),
  );
  function show(x, point, decimals) {
    cells.x.output.textContent = formatFixed(x, decimals.x);
    for (const quantity of ["value", "slope"]) {
      const text = isDrawable(point) ? formatFixed(point[quantity], decimals[quantity]) : "—";
      cells[quantity].output.textContent = text;
    }
  }
  return { element, show };
}

/** The table of what the engines say; it is dimmed while x is elsewhere. */
function createAnswers(name) {
  const caption = html("caption");
  const body = html("tbody");
  const head = ["engine", `${name}(x)`, `${name}′(x)`].map((text) => html("th", { scope: "col" }, text));
  const element = html(
    "table",
    { class: "chalkboard-answers" },
    caption,
    html("thead", {}, html("tr", {}, ...head)),
    body,
  );
  let shown = null;
  function show(answers, x) {
    element.classList.toggle("chalkboard-stale", answers[0].x !== x);
    if (answers === shown) return;
    shown = answers;
    caption.textContent = `The engines at x = ${formatShort(answers[0].x)}`;
    body.replaceChildren(...answers.map(answerRow));
  }
  return { element, show };
}

function answerRow({ engine, value, slope, trouble }) {
  const heading = html("th", { scope: "row" }, engine);
  if (trouble) return html("tr", {}, heading, html("td", { colspan: 2 }, trouble));
  return html("tr", {}, heading, html("td", {}, value), html("td", {}, slope));
}

function describePoint(name, x, point, { decimals, flatBelow }) {
  if (!isDrawable(point)) return "";
  const value = formatFixed(point.value, decimals.value);
  const slope = formatFixed(point.slope, decimals.slope);
  return (
    `At x = ${formatFixed(x, decimals.x)}, ${name}(x) = ${value} and the slope is ${slope}: ` +
    `the curve ${direction(point.slope, flatBelow)}.`
  );
}

function describeGap(name, x, curve) {
  const reason = reasonAt(curve, x);
  return `${name} is not drawn at x = ${formatShort(x)}${reason && `: ${reason}`}.`;
}

function direction(slope, flatBelow) {
  if (Math.abs(slope) < flatBelow) return "is almost flat";
  return slope > 0 ? "rises" : "falls";
}

export default { render };
