// The view of WeightKnobs: turn the weights by hand, or let gradient descent turn them.
//
// Loss and gradient are calculated here while a knob is turned. The kernel hears where it was let
// go; it takes the machine's steps, keeps the run, and says what the engines say.

import { createChart } from "./parts/chart.js";
import { html, svg } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createSlider } from "./parts/slider.js";
import { evaluate, lossAndGradient } from "./parts/small_models.js";
import { oncePerFrame } from "./parts/timing.js";

const LONGEST_ARROW = 36;

function render({ model, el }) {
  const setting = model.get("setting");
  const paintSoon = oncePerFrame(paint);
  const knobs = setting.names.map((name, index) => createKnob(name, setting, (weight) => turn(index, weight), tellKernel));
  const fit = createFitChart(setting);
  const race = createRaceChart();
  const [numbers, meaning, note] = ["numbers", "meaning", "note"].map((part) =>
    html("p", { class: `chalkboard-knobs-${part}` }),
  );
  const answers = createEngineTable(setting.names.length <= 3);
  const speech = createSpeech(speak);
  const play = createButton("Play", () => (isPlaying ? pause() : start()));
  const { rate_step: step, most_rate: most } = setting;
  const rate = createScale("learning rate", step, most, step, (value) => model.set("learning_rate", value), tellKernel);
  const rateText = html("span");
  const forget = html("input", { type: "checkbox", ...NO_SHORTCUTS });
  let timer = 0;
  let isPlaying = false;
  let touched = 0; // the knob that has the focus, or had it last

  function tellKernel() {
    model.save_changes();
  }

  function touch(index) {
    touched = index;
    paintSoon();
  }

  function turn(index, weight) {
    pause();
    model.set("weights", model.get("weights").with(index, weight));
  }

  /** Asks the kernel for steps of the machine, or for a reset. */
  function ask(what) {
    tellKernel();
    model.send(what);
  }

  function pause() {
    clearTimeout(timer);
    isPlaying = false;
    play.textContent = "Play";
  }

  // Who asked for less motion sees a new picture once a second, not many times.
  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const playOn = () => ask(setting.steps * (isCalm() ? 20 : 1));

  function start() {
    isPlaying = true;
    play.textContent = "Pause";
    playOn();
  }

  /** The kernel has taken the steps; they may have been the last. */
  function followSteps(stopped) {
    clearTimeout(timer);
    if (stopped) pause();
    if (isPlaying) timer = setTimeout(playOn, isCalm() ? 1000 : 30);
  }

  function paint() {
    // What rounding leaves of a zero is read as one.
    const clean = (number) => (Math.abs(number) < setting.tiny ? 0 : number);
    const weights = model.get("weights");
    const { loss, gradient } = lossAndGradient(setting, weights);
    const kept = model.get("kept");
    const isKept = model.get("forget_zero");
    knobs.forEach((knob, index) => {
      const slope = clean(gradient[index]);
      knob.show(weights[index], isKept ? clean(slope + kept[index]) : slope, isKept ? slope : null);
    });
    fit.show(weights);
    const isTurned = String(weights) !== String(model.get("answers").weights);
    const run = model.get("race");
    race.show(run, loss, isTurned);
    write(numbers, `loss = ${formatLoss(clean(loss))} after ${run.said}`);
    const change = formatShort(0.1 * clean(gradient[touched]), 2);
    write(meaning, `${setting.names[touched]} up by 0.1 changes the loss by about ${change}`);
    write(note, model.get("note"));
    write(rateText, formatShort(model.get("learning_rate"), 4));
    rate.show(model.get("learning_rate"), rateText.textContent);
    forget.checked = isKept;
    answers.show(model.get("answers"), model.get("message"), isTurned);
    speech.soon();
  }

  function speak() {
    for (const each of [fit, race, ...knobs]) each.describe(model.get("words"));
    return `${model.get("words")} ${model.get("note")} ${meaning.textContent}.`;
  }

  forget.addEventListener("change", () => {
    model.set("forget_zero", forget.checked);
    tellKernel();
  });
  knobs.forEach(({ element }, index) => element.addEventListener("focusin", () => touch(index)));
  model.on("change", paintSoon);
  model.on("msg:custom", followSteps);
  const machine = { class: "chalkboard-knobs-machine", role: "group", "aria-label": "Gradient descent by the machine" };
  el.append(
    createFrame(
      "Weight knobs",
      model.get("goal"),
      html("p", {}, setting.about),
      html("div", { class: "chalkboard-knobs-charts" }, fit.element, race.element),
      html("p", { class: "chalkboard-knobs-key" }, ...setting.key.map((entry) => html("span", {}, entry))),
      numbers,
      note,
      html("div", { class: "chalkboard-knobs" }, ...knobs.map(({ element }) => element)),
      meaning,
      html(
        "div",
        machine,
        html("span", {}, "Machine:"),
        createButton("One step", () => ask(1)),
        createButton("10 steps", () => ask(10)),
        play,
        createButton("Reset", () => ask("reset"), "Reset the knobs to the start"),
        html("span", {}, rate.element, rateText),
        html("label", {}, forget, " forget zero_grad"),
      ),
      answers.element,
      speech.element,
    ),
  );
  paint();

  return () => {
    pause();
    for (const pending of [paintSoon, speech.soon, rate, fit, race, ...knobs]) pending.cancel();
    model.off("change", paintSoon);
    model.off("msg:custom", followSteps);
  };
}

/** A slider over the numbers from `low` to `high` in steps; any other stands at its nearest stop. */
function createScale(label, low, high, step, move, release) {
  // Without what multiplying by a step such as 0.1 leaves behind.
  const numberAt = (stop) => Number((low + stop * step).toPrecision(12));
  const count = Math.round((high - low) / step) + 1;
  const slider = createSlider({ label, count, move: (stop) => move(numberAt(stop)), release });
  return { ...slider, show: (number, text) => slider.show(Math.round((number - low) / step), text) };
}

/** One weight: a slider, its number, and the arrow of its gradient, which begins below the thumb. */
function createKnob(name, { reach, step, typical }, turn, release) {
  const slider = createScale(name, -reach, reach, step, turn, release);
  const [slope, arrow] = createPaths("chalkboard-knob-", "slope", "arrow");
  const thumb = svg("svg", {}, slope, arrow);
  const [value, grad] = [html("span"), html("span", { class: "chalkboard-knob-grad" })];
  const picture = svg("svg", { "aria-hidden": "true" }, thumb);
  const element = html("div", { class: "chalkboard-knob" }, slider.element, value, picture, grad);

  let shown = null;

  // Of the knobs that stand still, this is said when all is quiet: it is too slow for each frame.
  const describe = () => slider.show(shown, `${value.textContent}; ${grad.textContent}`);

  /** `held` is what `.grad` holds; `here` the slope at this place, where that is something else. */
  function show(weight, held, here) {
    write(value, Math.abs(weight) < 1e3 ? formatFixed(weight, 3) : formatShort(weight, 4));
    write(grad, `.grad ${formatShort(held, 3)}`);
    if (weight !== shown) {
      shown = weight;
      describe();
      put(thumb, "x", `${(100 * slider.input.value) / slider.input.max}%`);
    }
    put(arrow, "d", arrowOf(held, 8));
    put(slope, "d", here === null ? "" : arrowOf(here, 18));
  }

  /** An arrow that is longer where it is steeper, up to a limit. */
  function arrowOf(steepness, y) {
    const length = Math.round((LONGEST_ARROW * steepness) / (Math.abs(steepness) + typical));
    const head = Math.sign(length) * Math.min(6, Math.abs(length));
    return `M0 ${y}H${length}m${-head} -4L${length} ${y}l${-head} 4`;
  }

  return { element, show, describe, cancel: slider.cancel };
}

/** The points, the model's curve, and the gap from each point to it. */
function createFitChart({ kind, x, y, range, across }) {
  const [gaps, curve, points] = createPaths("chalkboard-knobs-", "gaps", "curve", "points");
  const chart = createChart("Points and model", { x: "x", y: "y" }, gaps, curve, points);
  chart.setRange(range);
  put(points, "d", x.map((each, index) => `M${each} ${y[index]}h0`).join(""));

  function show(weights) {
    const heightAt = (each) => drawable(evaluate(kind, weights, each).height, range);
    put(curve, "d", `M${across.map((each) => `${each} ${heightAt(each)}`).join("L")}`);
    put(gaps, "d", x.map((each, index) => `M${each} ${y[index]}V${heightAt(each)}`).join(""));
  }

  return { ...chart, show };
}

/** The loss after each move, by hand and by the machine, and where it is now. */
function createRaceChart() {
  const paths = createPaths("chalkboard-knobs-", "hand", "hand-marks", "machine", "machine-marks", "live");
  const chart = createChart("Loss after each move", { x: "moves", y: "loss" }, ...paths);

  function show(run, loss, isTurned) {
    chart.setRange(run);
    const live = `M${run.moves + (isTurned ? 1 : 0)} ${drawable(loss, run)}h0`;
    [...run.paths, live].forEach((data, index) => put(paths[index], "d", data));
  }

  return { ...chart, show };
}

/** What the engines say where the knobs were let go; dimmed while the knobs stand elsewhere. */
function createEngineTable(isOpen) {
  const table = html("table");
  const verdict = html("summary", NO_SHORTCUTS);
  const element = html("details", { class: "chalkboard-knobs-answers" }, verdict, table);
  element.open = isOpen;
  let shown = null;

  function show({ rows }, message, isTurned) {
    table.classList.toggle("chalkboard-stale", isTurned);
    write(verdict, `What the engines say${message && !isTurned ? `: ${message}` : ""}`);
    if (rows === shown) return;
    shown = rows;
    const cell = (text, row, column) => {
      if (row && column) return html("td", {}, text);
      return html("th", { scope: row ? "row" : "col" }, text);
    };
    const cells = rows.map((texts, row) => texts.map((text, column) => cell(text, row, column)));
    table.replaceChildren(...cells.map((each) => html("tr", {}, ...each)));
  }

  return { element, show };
}

function createPaths(prefix, ...parts) {
  return parts.map((part) => svg("path", { class: prefix + part }));
}

/** A height that can be drawn: far outside of the chart it may be anything. */
function drawable(height, { y: [low, high] }) {
  const far = 100 * (high - low);
  return Math.min(Math.max(height, low - far), high + far);
}

/** Sets a text, or an attribute, and leaves the page alone where it stays the same. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function put(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function formatLoss(loss) {
  return loss < 1e6 && loss >= 1e-4 ? formatFixed(loss, 4) : formatShort(loss, 4);
}

export default { render };
