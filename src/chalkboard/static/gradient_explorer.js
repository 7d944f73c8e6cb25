// The view of GradientExplorer: drag x, and the tangents, the values and the slopes follow.
//
// While x is dragged nothing is asked of the kernel: the samples that it sent once are enough. When
// x is let go, it goes to the kernel, which answers with what the engines say there.

import { isDrawable, nearestStop, pointAt, readCurve, reasonAt } from "./parts/curve.js";
import { html } from "./parts/dom.js";
import { letDrag } from "./parts/dragging.js";
import { createFrame, createSpeech } from "./parts/frame.js";
import { createLegend } from "./parts/legend.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createPanel } from "./parts/panel.js";
import { createCurveAnswers, createNumbers } from "./parts/readouts.js";
import { createSearch, describeSearch } from "./parts/search.js";
import { createSecant, describeSecant, secantAt } from "./parts/secant.js";
import { createSlider } from "./parts/slider.js";
import { oncePerFrame } from "./parts/timing.js";

// As wide as two, and three, panels side by side must be to be read.
const SIDE_BY_SIDE_FROM = [680, 1200];
const GAP_BETWEEN_PANELS = 12;
const ANSWERED = ["answers", "message", "secant", "found", "is_at_place"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const curves = model.get("curves").map(readCurve);
  const [first] = curves;
  const target = model.get("target");
  const hasSecant = model.get("h") !== null;
  const shows = { hasSecant, hasSlopes: model.get("panels").some((panel) => panel.shows === "slope") };
  const panels = createPanels(model.get("panels"), curves, hasSecant);
  const slider = createSlider({ label: "x", count: first.stops.length, move: moveTo, release: tellKernel });
  const secant = hasSecant
    ? createSecant({ curve: first, stops: model.get("h_stops"), move: moveH, release: tellKernel })
    : null;
  const search = target ? createSearch() : null;
  const numbers = createNumbers(curves);
  const answers = createCurveAnswers(curves);
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(speak);
  const lastDrawable = curves.map(() => null);
  let x = model.get("x");
  let h = model.get("h");

  /** What is known at x: the kernel's own numbers where it has answered, else the samples'. */
  function currentPoint(curve, index) {
    const answered = model.get("answers");
    // The kernel answers for all engines of the first function, then of the next.
    const { x: at, point } = answered[(index * answered.length) / curves.length];
    return at === x && point ? { x, value: point[0], slope: point[1] } : pointAt(curve, x);
  }

  /** Whether the kernel has answered for this x, and not only been told of it. */
  function isAnswered() {
    return model.get("answers")[0].x === x;
  }

  function currentMessage(points) {
    const isKnown = isAnswered() && model.get("message");
    const missing = points.findIndex((point) => !isDrawable(point));
    if (missing < 0) return isKnown ? model.get("message") : "";
    const trouble = isKnown ? model.get("message") : describeGaps(x, points, curves);
    const last = lastDrawable[missing];
    return trouble + (last ? ` The picture still shows x = ${formatShort(last.x)}.` : "");
  }

  function currentSearch([point]) {
    const verdict = isAnswered() ? model.get("is_at_place") : null;
    return describeSearch(target, model.get("found").length, verdict, point, first.decimals.slope);
  }

  function paint() {
    const points = curves.map(currentPoint);
    points.forEach((point, index) => {
      if (isDrawable(point)) lastDrawable[index] = point;
    });
    const line = secantAt(first, points[0], h, model.get("secant"));
    panels.forEach((panel) => panel.show(lastDrawable, x, line));
    slider.show(nearestStop(first.stops, x), formatFixed(x, first.decimals.x));
    numbers.show(x, points);
    if (secant) secant.show(h, points[0], line);
    if (search) search.show(currentSearch(points), model.get("found").length === target.count);
    answers.show(model.get("answers"), !isAnswered());
    message.textContent = currentMessage(points);
    speech.soon();
  }

  function speak() {
    const points = curves.map(currentPoint);
    const line = secantAt(first, points[0], h, model.get("secant"));
    const words = [
      ...points.map((point, index) => describePoint(x, point, curves[index])),
      hasSecant && describeSecant(first, points[0], h, line),
    ].filter(Boolean);
    panels.forEach((panel) => panel.describe(words.join(" ")));
    return [...words, search && currentSearch(points), currentMessage(points)].filter(Boolean).join(" ");
  }

  function moveTo(stop) {
    x = first.stops[stop];
    paintSoon();
  }

  function moveH(to) {
    h = to;
    paintSoon();
  }

  function tellKernel() {
    slider.cancel();
    if (model.get("x") === x && model.get("h") === h) return;
    model.set({ x, h });
    model.save_changes();
  }

  function followKernel() {
    x = model.get("x");
    h = model.get("h");
    paintSoon();
  }

  function fit() {
    const width = plots.clientWidth;
    const fitting = 1 + SIDE_BY_SIDE_FROM.filter((least) => width >= least).length;
    const columns = Math.min(panels.length, fitting);
    const each = (width - (columns - 1) * GAP_BETWEEN_PANELS) / columns;
    const height = Math.min(Math.max(0.6 * each, 240), 400);
    if (each > 0) panels.forEach((panel) => panel.resize(Math.floor(each), Math.round(height)));
  }

  const paintSoon = oncePerFrame(paint);

  for (const panel of panels) {
    const follow = (event) => moveTo(nearestStop(first.stops, panel.xAt(event)));
    letDrag(panel.element, follow, tellKernel);
    // After a drag the arrow keys go on from where the pointer left off.
    panel.element.addEventListener("pointerdown", () => slider.input.focus({ preventScroll: true }));
  }
  const followed = ["change:x", "change:h"];
  for (const event of followed) model.on(event, followKernel);
  for (const event of ANSWERED) model.on(event, paintSoon);

  const plots = html(
    "div",
    { class: "chalkboard-panels" },
    ...panels.map((panel) => panel.element),
  );
  const root = createFrame(
    `Gradient explorer of ${curves.map(({ name }) => `${name}(x)`).join(", ")}`,
    model.get("goal"),
    createLegend(curves, shows),
    plots,
    slider.element,
    ...(secant ? [secant.slider, numbers.element, secant.numbers] : [numbers.element]),
    ...(search ? [search.element] : []),
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
    for (const pending of [paintSoon, speech.soon, slider, ...(secant ? [secant] : [])]) pending.cancel();
    for (const event of followed) model.off(event, followKernel);
    for (const event of ANSWERED) model.off(event, paintSoon);
  };
}

/** The panels as the kernel lists them: the whole, then a zoom, then the slopes. */
function createPanels(asked, curves, hasSecant) {
  const names = curves.map(({ name }) => name);
  const list = (ofName) => names.map(ofName).join(", ");
  const values = list((name) => `${name}(x)`);
  const tangents = `${values} and ${names.length === 1 ? "its tangent" : "their tangents"}`;
  const zoom = asked.find((panel, index) => index > 0 && panel.shows === "value");
  return asked.map(({ shows, x, y }, index) => {
    const range = `x from ${formatShort(x[0])} to ${formatShort(x[1])}`;
    if (shows === "slope") {
      const slopes = list((name) => `${name}′(x)`);
      const labels = { x: "x", y: `slope ${slopes}` };
      return createPanel({ curves, shows, title: `The slope ${slopes}, ${range}`, labels, x, y });
    }
    const title = index === 0 ? `${tangents}, ${range}` : `Zoom into ${tangents}, ${range}`;
    const labels = { x: index === 0 ? "x" : "x, zoom", y: values };
    return createPanel({ curves, shows, title, labels, x, y, frame: index === 0 ? zoom : null, hasSecant });
  });
}

function describePoint(x, point, { name, decimals, flatBelow }) {
  if (!isDrawable(point)) return "";
  const value = formatFixed(point.value, decimals.value);
  const slope = formatFixed(point.slope, decimals.slope);
  return (
    `At x = ${formatFixed(x, decimals.x)}, ${name}(x) = ${value} and the slope is ${slope}: ` +
    `the curve ${direction(point.slope, flatBelow)}.`
  );
}

function describeGaps(x, points, curves) {
  const missing = curves.filter((_, index) => !isDrawable(points[index]));
  const sentence = (curve) => {
    const reason = reasonAt(curve, x);
    return `${curve.name} is not drawn at x = ${formatShort(x)}${reason && `: ${reason}`}.`;
  };
  return missing.map(sentence).join(" ");
}

function direction(slope, flatBelow) {
  if (Math.abs(slope) < flatBelow) return "is almost flat";
  return slope > 0 ? "rises" : "falls";
}

export default { render };
