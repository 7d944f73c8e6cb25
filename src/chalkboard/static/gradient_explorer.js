// The view of GradientExplorer: drag x, and the tangents, the values and the slopes follow.

import { html } from "./parts/dom.js";
import { createExplorer } from "./parts/explorer.js";
import { createCurveSample, createLegend, createSample, createShape, SQUARE, withLooks } from "./parts/looks.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createPanel } from "./parts/panel.js";
import { createNumbers } from "./parts/readouts.js";
import { isDrawable, pointAt, readSamples } from "./parts/samples.js";

function render({ model, el }) {
  const curves = withLooks(model.get("curves").map(readSamples));
  const [first] = curves;
  const isOne = curves.length === 1;
  const target = model.get("target");
  const hasSecant = model.get("h") !== null;
  const panels = model.get("panels").map((panel) => createPanel(panel, curves, hasSecant));
  const traits = { x: { stops: first.stops, text: (x) => formatFixed(x, first.decimals.x) } };
  if (hasSecant) traits.h = { stops: model.get("h_stops"), text: (h) => formatShort(h) };
  const x = createNumbers({ x: "x" });
  const numbers = curves.map((curve) => {
    const labels = { value: `${curve.name}(x)`, slope: `slope ${curve.name}′(x)` };
    return createNumbers(labels, ...(isOne ? [] : [createSample(...createCurveSample(curve))]));
  });
  const secantNumbers = createNumbers({
    h: "h",
    quotient: `secant slope (${first.name}(x+h) − ${first.name}(x)) / h`,
    distance: "secant slope − tangent slope",
  });

  /** With the kernel's quotient, if it has answered, else with the samples'; null without one. */
  function secantAt({ h }, point, isAnswered) {
    if (!h || !isDrawable(point)) return null;
    const known = isAnswered ? model.get("secant") : pointAt(first, point.x + h);
    const quotient = isAnswered ? known?.quotient : (known.value - point.value) / h;
    return Number.isFinite(quotient) ? { ...point, h, quotient } : null;
  }

  function show(state, points, drawn, isAnswered) {
    const secant = secantAt(state, points[0], isAnswered);
    for (const panel of panels) panel.show(drawn, state.x, secant);
    x.show({ x: traits.x.text(state.x) });
    points.forEach(({ value, slope }, index) => {
      const { decimals } = curves[index];
      numbers[index].show({ value: formatFixed(value, decimals.value), slope: formatFixed(slope, decimals.slope) });
    });
    if (target) explorer.remark.classList.toggle("chalkboard-done", model.get("found").length === target.count);
    if (!hasSecant) return;
    const { decimals } = first;
    secantNumbers.show({
      h: traits.h.text(state.h),
      quotient: state.h === 0 ? "0 / 0" : formatFixed(secant?.quotient, decimals.slope),
      distance: formatFixed(secant?.quotient - points[0].slope, decimals.slope),
    });
  }

  /** How near the slope is to the wanted one, while x is dragged. */
  function live([{ slope }]) {
    if (!target || !Number.isFinite(slope)) return "";
    return `Slope ${formatFixed(slope, first.decimals.slope)}, wanted ${formatShort(target.slope)}: let go to see whether it is there.`;
  }

  const explorer = createExplorer({
    model,
    functions: curves.map(({ name }) => name),
    traits,
    places: ["x"],
    charts: panels,
    sample: (state) => curves.map((curve) => pointAt(curve, state.x)),
    show,
    live,
  });
  const any = isOne ? "" : " chalkboard-look-any";
  const legend = curves.map((curve) => [`${curve.name}(x)`, ...createCurveSample(curve)]);
  legend.push(["tangent at x", createShape(`tangent${any}`)]);
  if (hasSecant) legend.push(["secant through x and x + h", createShape("secant"), createShape("second-point", SQUARE)]);
  if (model.get("panels").some(({ shows }) => shows === "slope")) {
    legend.push(["height of the point = slope", createShape(`stem${any}`)]);
  }
  explorer.sliders.h?.element.classList.add("chalkboard-slider-second");
  return explorer.start(
    el,
    `Gradient explorer of ${curves.map(({ name }) => `${name}(x)`).join(", ")}`,
    createLegend(...legend),
    html("div", { class: "chalkboard-panels" }, ...panels.map(({ element }) => html("div", {}, element))),
    ...Object.values(explorer.sliders).map(({ element }) => element),
    html("div", { class: "chalkboard-rows" }, x.element, ...numbers.map(({ element }) => element)),
    ...(hasSecant ? [secantNumbers.element] : []),
    ...explorer.readouts,
  );
}

export default { render };
