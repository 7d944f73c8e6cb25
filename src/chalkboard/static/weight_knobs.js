// The view of WeightKnobs: turn the weights by hand, or let gradient descent turn them.
//
// Loss and gradient are calculated here while a knob is turned and while descent plays. The kernel
// hears where the knobs were let go, and answers with what the engines say there.

import { circleAt, createChart, squareAt } from "./parts/chart.js";
import { html, svg } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createSlider } from "./parts/slider.js";
import { lossAndGradient, predict } from "./parts/small_models.js";
import { oncePerFrame } from "./parts/timing.js";

// What is told to the kernel, and what only it says.
const STATE = ["weights", "kept", "losses", "path", "movers", "before", "stopped", "learning_rate", "forget_zero"];
const ANSWERS = ["answers", "message", "note", "words"];
const SIDE_BY_SIDE_FROM = 640;
const ONE_LINE_FROM = 330;
const LONGEST_ARROW = 44;
const THUMB_WIDTH = 16;
const MOST_MARKED = 40;
const ARRIVED_BELOW = 1e-9;

function render({ model, el }) {
  const setting = model.get("setting");
  const state = {};
  const paintSoon = oncePerFrame(paint);
  const typical = Math.max(...lossAndGradient(setting, setting.start).gradient.map(Math.abs)) / 2 || 1;
  const knobs = setting.names.map((name, index) =>
    createKnob(name, setting.turn, typical, (value) => turn(index, value), settle),
  );
  const fit = createFitChart(setting);
  const race = createRaceChart();
  const numbers = html("p", { class: "chalkboard-knobs-numbers" });
  const note = html("p", { class: "chalkboard-knobs-note" });
  const answers = createLossAnswers(setting.names);
  const speech = createSpeech(speak);
  const play = createButton("Play", () => (timer ? stop() : start()));
  const rate = createRate(setting.most_rate, (value) => change("learning_rate", value), tellKernel);
  const forget = html("input", { type: "checkbox", ...NO_SHORTCUTS });
  let timer = 0;
  let isTelling = false;

  function readState() {
    // Telling the kernel sets one trait after the other; half of the news must not be read back.
    if (!isTelling) for (const trait of STATE) state[trait] = model.get(trait);
    paintSoon();
  }

  function tellKernel() {
    isTelling = true;
    for (const trait of STATE) model.set(trait, state[trait]);
    isTelling = false;
    model.save_changes();
  }

  function change(trait, value) {
    state[trait] = value;
    paintSoon();
  }

  function turn(index, value) {
    if (timer) stop();
    change("weights", state.weights.map((weight, place) => (place === index ? value : weight)));
  }

  /** Whether the knobs stand elsewhere than after the last move. */
  function isTurned() {
    return !isSame(state.weights, state.path[state.path.length - 1]);
  }

  /** The knobs were let go: if they stand elsewhere than before, that was one move by hand. */
  function settle() {
    if (!isTurned()) return;
    if (!record("hand", state.weights)) state.weights = state.path[state.path.length - 1];
    paintSoon();
    tellKernel();
  }

  /** Adds a move to the run; false, and why in `stopped`, where the run cannot go on. */
  function record(mover, weights) {
    const { loss } = lossAndGradient(setting, weights);
    if (!(loss <= setting.loss_limit)) state.stopped = "too large";
    else if (state.losses.length > setting.most_moves) state.stopped = "too many";
    else {
      const isArrived = Math.abs(loss - state.losses[state.losses.length - 1]) < ARRIVED_BELOW;
      state.stopped = isArrived ? "arrived" : "";
      state.weights = weights;
      state.path = [...state.path, weights];
      state.losses = [...state.losses, loss];
      state.movers = [...state.movers, mover];
      return true;
    }
    return false;
  }

  /** What stands in `.grad` after the next backward: the gradient, on top of what was kept. */
  function nextGrad(gradient) {
    return state.forget_zero ? gradient.map((slope, index) => slope + state.kept[index]) : gradient;
  }

  function nextWeights(grad) {
    return state.weights.map((weight, index) => weight - state.learning_rate * grad[index]);
  }

  function descend(steps) {
    for (let step = 0; step < steps; step += 1) {
      const grad = nextGrad(lossAndGradient(setting, state.weights).gradient);
      if (!record("machine", nextWeights(grad))) break;
      state.kept = grad;
    }
    paintSoon();
  }

  function press(steps) {
    if (timer) stop();
    settle();
    descend(steps);
    tellKernel();
  }

  function start() {
    settle();
    // Who asked for less motion sees a new picture once a second, not twenty times.
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const steps = (setting.kind === "line" ? 1 : 5) * (isCalm ? 20 : 1);
    const tick = () => {
      descend(steps);
      if (state.stopped) stop();
    };
    timer = setInterval(tick, isCalm ? 1000 : 50);
    play.textContent = "Pause";
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    tellKernel();
  }

  function reset() {
    if (timer) stop();
    settle();
    if (state.losses.length > 1) state.before = { losses: state.losses, movers: state.movers };
    const kept = setting.start.map(() => 0);
    const losses = state.losses.slice(0, 1);
    const run = { weights: setting.start, path: [setting.start], losses, movers: ["start"], kept };
    Object.assign(state, run, { stopped: "" });
    paintSoon();
    tellKernel();
  }

  function paint() {
    const { loss, gradient } = lossAndGradient(setting, state.weights);
    const grad = nextGrad(gradient);
    const next = nextWeights(grad);
    knobs.forEach((knob, index) =>
      knob.show(state.weights[index], gradient[index], grad[index], next[index], state.forget_zero),
    );
    fit.show(state.weights);
    race.show(state, loss, isTurned());
    const moves = state.losses.length - 1;
    write(numbers, `loss = ${formatLoss(loss)} after ${moves} ${moves === 1 ? "move" : "moves"}`);
    write(note, model.get("note"));
    rate.show(state.learning_rate);
    forget.checked = state.forget_zero;
    answers.show(model.get("answers"), model.get("message"), state.weights);
    speech.soon();
  }

  function speak() {
    for (const chart of [fit, race]) chart.describe(model.get("words"));
    return `${model.get("words")} ${model.get("note")}`;
  }

  function resize() {
    const width = charts.clientWidth;
    if (width <= 0) return;
    const each = Math.floor(width >= SIDE_BY_SIDE_FROM ? (width - 12) / 2 : width);
    for (const chart of [fit, race]) chart.resize(each, Math.round(Math.min(Math.max(0.5 * each, 200), 300)));
    all.classList.toggle("chalkboard-knobs-wide", width >= ONE_LINE_FROM);
    for (const knob of knobs) knob.resize();
    paintSoon();
  }

  forget.addEventListener("change", () => {
    change("forget_zero", forget.checked);
    tellKernel();
  });
  for (const trait of STATE) model.on(`change:${trait}`, readState);
  for (const trait of ANSWERS) model.on(`change:${trait}`, paintSoon);
  const charts = html("div", { class: "chalkboard-knobs-charts" }, fit.element, race.element);
  const all = html("div", { class: "chalkboard-knobs" }, ...knobs.map((knob) => knob.element));
  const machine = { class: "chalkboard-knobs-machine", role: "group", "aria-label": "Gradient descent by the machine" };
  el.append(
    createFrame(
      "Weight knobs",
      model.get("goal"),
      html("p", {}, `${setting.formula}. The loss is the mean of the squared gaps between points and model.`),
      charts,
      numbers,
      note,
      all,
      legend(
        "→ .grad: turned this way the loss rises; longer is steeper",
        "◇ where the machine's next step turns the knob",
        "dashed →: the slope here, where .grad is a sum",
      ),
      html(
        "div",
        machine,
        html("span", {}, "Machine:"),
        createButton("One step", () => press(1)),
        createButton("10 steps", () => press(10)),
        play,
        createButton("Reset", reset, "Reset the knobs to the start"),
        rate.element,
        html("label", {}, forget, " forget zero_grad"),
      ),
      answers.element,
      speech.element,
    ),
  );
  const observer = new ResizeObserver(resize);
  observer.observe(charts);
  readState();
  resize();
  paint();

  return () => {
    clearInterval(timer);
    observer.disconnect();
    for (const pending of [paintSoon, speech.soon, rate, ...knobs]) pending.cancel();
    for (const trait of STATE) model.off(`change:${trait}`, readState);
    for (const trait of ANSWERS) model.off(`change:${trait}`, paintSoon);
  };
}

/** One weight: a slider, the same as a number, and under it the arrow of its gradient. */
function createKnob(name, reach, typical, turn, settle) {
  const step = roundStep(reach);
  const count = Math.round((2 * reach) / step) + 1;
  const move = (stop) => turn(rounded((stop - (count - 1) / 2) * step));
  const slider = createSlider({ label: name, count, move, release: settle });
  const number = html("input", { type: "number", step: "any", "aria-label": `${name}, typed`, ...NO_SHORTCUTS });
  const [arrow, slope, next] = ["arrow", "slope", "next"].map((part) => svg("path", { class: `chalkboard-knob-${part}` }));
  const grad = html("span");
  const words = html("p");
  const picture = svg("svg", { "aria-hidden": "true" }, slope, arrow, next);
  const element = html(
    "div",
    { class: "chalkboard-knob" },
    ...[slider.element, number, html("span", {}, ".grad"), picture, grad, words],
  );
  let width = 0;
  number.addEventListener("change", () => {
    if (Number.isFinite(number.valueAsNumber)) turn(number.valueAsNumber);
    settle();
  });

  function show(weight, gradient, held, nextWeight, isForgetful) {
    const text = Math.abs(weight) < 1e3 ? formatFixed(weight, 3) : formatShort(weight, 4);
    if (number.value !== text && document.activeElement !== number) number.value = text;
    write(grad, formatShort(held, 3));
    write(words, `${name} up by 0.1 changes the loss by about ${formatShort(0.1 * gradient, 2)}`);
    slider.show(Math.round(part(weight) * (count - 1)), `${text}; .grad ${grad.textContent}; ${words.textContent}`);
    const at = pixel(weight);
    trace(arrow, arrowPath(at, arrowEnd(at, held), 9));
    trace(slope, isForgetful ? arrowPath(at, arrowEnd(at, gradient), 20) : "");
    trace(next, `M${pixel(nextWeight)} 4l5 5l-5 5l-5 -5z`);
  }

  /** How far a weight is along the slider, from 0 to 1. */
  function part(weight) {
    return (Math.min(Math.max(weight, -reach), reach) + reach) / (2 * reach);
  }

  /** Where on the picture a weight stands: under the middle of the slider's thumb. */
  function pixel(weight) {
    return Math.round(THUMB_WIDTH / 2 + part(weight) * Math.max(width - THUMB_WIDTH, 0));
  }

  /** Further off where it is steeper, but within the knob. */
  function arrowEnd(at, slopeOrSum) {
    const end = at + Math.round((LONGEST_ARROW * slopeOrSum) / (Math.abs(slopeOrSum) + typical));
    return Math.min(Math.max(end, -8), width + 8);
  }

  return { element, show, resize: () => (width = slider.input.clientWidth), cancel: slider.cancel };
}

function arrowPath(from, to, y) {
  const head = Math.sign(to - from) * Math.min(6, Math.abs(to - from));
  return `M${from} ${y}H${to}M${to - head} ${y - 4}L${to} ${y}L${to - head} ${y + 4}`;
}

/** The points, the model's curve, and the gap from each point to it. */
function createFitChart({ kind, x, y }) {
  const [gaps, curve, points] = ["gaps", "curve", "points"].map((part) => svg("path", { class: `chalkboard-knobs-${part}` }));
  const chart = createChart({ title: "Points and model", xLabel: "x", yLabel: "y" }, gaps, curve, points);
  const [start, stop] = widened(x, 0.08);
  const across = Array.from({ length: 81 }, (_, index) => start + ((stop - start) * index) / 80);
  chart.setRange({ x: [start, stop], y: widened(y, 0.3) });

  function resize(width, height) {
    chart.resize(width, height);
    points.setAttribute("d", x.map((each, index) => circleAt(chart.x(each), chart.y(y[index]))).join(""));
  }

  function show(weights) {
    if (!chart.x) return;
    const heightAt = (each) => chart.y(predict(kind, weights, each));
    curve.setAttribute("d", `M${across.map((each) => `${chart.x(each)} ${heightAt(each)}`).join("L")}`);
    gaps.setAttribute("d", x.map((each, index) => `M${chart.x(each)} ${chart.y(y[index])}V${heightAt(each)}`).join(""));
  }

  return { ...chart, resize, show };
}

/** The loss after each move, by hand and by the machine, and the same before the last reset. */
function createRaceChart() {
  const paths = {};
  const path = (when, mover, part) =>
    (paths[when + mover + part] = svg("path", { class: `chalkboard-knobs-${part} chalkboard-knobs-${mover}` }));
  const layers = ["before", "now"].map((when) =>
    svg(
      "g",
      { class: `chalkboard-knobs-${when}` },
      ...["hand", "machine"].flatMap((mover) => [path(when, mover, "line"), path(when, mover, "marks")]),
    ),
  );
  const live = svg("path", { class: "chalkboard-knobs-live" });
  const chart = createChart({ title: "Loss after each move", xLabel: "moves", yLabel: "loss" }, ...layers, live);
  const words = legend("●, solid: by hand", "■, dashed: by the machine", "faint: before the reset");
  const element = html("div", {}, chart.element, words);
  let drawn = [];

  function show({ losses, movers, before }, liveLoss, isTurned) {
    const past = before.losses ? before : { losses: [], movers: [] };
    chart.setRange(raceRange(losses, past.losses));
    if (!chart.x) return;
    trace(live, circleAt(chart.x(losses.length - (isTurned ? 0 : 1)), chart.y(liveLoss), 5));
    // Turning a knob moves only the live point: the lines change when a move is made.
    const now = [losses, past.losses, chart.x];
    if (isSame(now, drawn)) return;
    drawn = now;
    drawRun("before", past);
    drawRun("now", { losses, movers });
  }

  function drawRun(when, { losses, movers }) {
    const place = (index) => [chart.x(index), chart.y(losses[index])];
    for (const mover of ["hand", "machine"]) {
      const moves = movers.flatMap((each, index) => (each === mover && index > 0 ? [index] : []));
      // One stroke per run of moves, because dashes begin anew with each stroke.
      const begin = (index) => (index > 1 && movers[index - 1] === mover ? "" : `M${place(index - 1).join(" ")}`);
      const line = moves.map((index) => `${begin(index)}L${place(index).join(" ")}`);
      const mark = mover === "hand" ? circleAt : squareAt;
      const marks = losses.length > MOST_MARKED ? [] : moves.map((index) => mark(...place(index)));
      paths[`${when}${mover}line`].setAttribute("d", line.join(""));
      paths[`${when}${mover}marks`].setAttribute("d", marks.join(""));
    }
  }

  return { ...chart, element, show };
}

/** Room for all moves, in round numbers; a loss that shoots up leaves the chart at its top. */
function raceRange(losses, past) {
  const moves = Math.max(losses.length, past.length, 11) - 1;
  const power = 10 ** Math.floor(Math.log10(moves));
  const most = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= moves);
  const top = Math.min(Math.max(...losses, ...past), 3 * Math.max(losses[0], ...past.slice(0, 1)));
  return { x: [0, most], y: [0, 1.1 * top || 1] };
}

function createRate(most, change, settle) {
  const step = roundStep(most);
  const count = Math.round(most / step);
  const move = (stop) => change(rounded((stop + 1) * step));
  const slider = createSlider({ label: "learning rate", count, move, release: settle });
  const text = html("span");
  function show(rate) {
    write(text, formatShort(rate, 4));
    slider.show(Math.min(Math.max(Math.round(rate / step), 1), count) - 1, text.textContent);
  }
  return { element: html("span", {}, slider.element, text), show, cancel: slider.cancel };
}

/** What the engines say where the knobs were let go; dimmed while the knobs stand elsewhere. */
function createLossAnswers(names) {
  const headings = ["loss", ...names.map((name) => `gradient of ${name}`)];
  const table = html("table");
  const verdict = html("summary", NO_SHORTCUTS);
  let shown = null;

  function show(answers, message, weights) {
    const isHere = isSame(answers[0].weights, weights);
    table.classList.toggle("chalkboard-stale", !isHere);
    write(verdict, `What the engines say${isHere && message ? `: ${message}` : ""}`);
    if (answers === shown) return;
    shown = answers;
    const row = (scope, heading, cells) => html("tr", {}, html("th", { scope }, heading), ...cells);
    const engines = answers.map(({ engine }) => html("th", { scope: "col" }, engine));
    const saying = (index) => answers.map(({ numbers }) => html("td", {}, numbers[index] ?? "—"));
    table.replaceChildren(
      html("thead", {}, row("col", "engine", engines)),
      html("tbody", {}, ...headings.map((heading, index) => row("row", heading, saying(index)))),
    );
  }

  const open = names.length > 3 ? {} : { open: "" };
  return { element: html("details", { class: "chalkboard-knobs-answers", ...open }, verdict, table), show };
}

function legend(...entries) {
  return html("p", { class: "chalkboard-knobs-legend" }, ...entries.map((entry) => html("span", {}, entry)));
}

/** Sets a text, or the data of a path, and leaves the page alone where it stays the same. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function trace(path, data) {
  if (path.getAttribute("d") !== data) path.setAttribute("d", data);
}

/** A power of ten of which some fifty to five hundred fit between 0 and `most`. */
function roundStep(most) {
  return 10 ** Math.floor(Math.log10(most / 50));
}

/** Without what multiplying by a step such as 0.1 leaves behind. */
function rounded(number) {
  return Number(number.toPrecision(12));
}

function formatLoss(loss) {
  return loss < 1e6 && loss >= 1e-4 ? formatFixed(loss, 4) : formatShort(loss, 4);
}

function isSame(some, others) {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}

function widened(numbers, part) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const margin = part * (high - low) || 1;
  return [low - margin, high + margin];
}

export default { render };
