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

// What is told to the kernel, and what only the kernel says.
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
  const knobs = setting.names.map((name, index) => createKnob(name, setting, (value) => turn(index, value), settle));
  const charts = [createFitChart(setting), createRaceChart()];
  const numbers = html("p", { class: "chalkboard-knobs-numbers" });
  const note = html("p", { class: "chalkboard-knobs-note" });
  const answers = createEngineTable(setting.names.length <= 3);
  const speech = createSpeech(speak);
  const play = createButton("Play", () => (timer ? stop() : start()));
  const rate = createRate(setting, (value) => change("learning_rate", value), tellKernel);
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
    return String(state.weights) !== String(state.path[state.path.length - 1]);
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
    const isTooLarge = !(loss <= setting.loss_limit);
    const isFull = state.losses.length > setting.most_moves;
    if (isTooLarge || isFull) state.stopped = isTooLarge ? "too large" : "too many";
    if (isTooLarge || isFull) return false;
    const isArrived = Math.abs(loss - state.losses[state.losses.length - 1]) < ARRIVED_BELOW;
    state.stopped = isArrived ? "arrived" : "";
    state.weights = weights;
    state.path = [...state.path, weights];
    state.losses = [...state.losses, loss];
    state.movers = [...state.movers, mover];
    return true;
  }

  /** The loss and the slopes here; what `.grad` holds after the next backward; the next weights. */
  function look() {
    const { loss, gradient } = lossAndGradient(setting, state.weights);
    const grad = gradient.map((slope, index) => slope + (state.forget_zero ? state.kept[index] : 0));
    const next = state.weights.map((weight, index) => weight - state.learning_rate * grad[index]);
    return { loss, gradient, grad, next };
  }

  function descend(steps) {
    for (let step = 0; step < steps; step += 1) {
      const { grad, next } = look();
      if (!record("machine", next)) break;
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
    Object.assign(state, setting.start);
    paintSoon();
    tellKernel();
  }

  function paint() {
    const { loss, gradient, grad, next } = look();
    knobs.forEach((knob, index) =>
      knob.show(state.weights[index], gradient[index], grad[index], next[index], state.forget_zero),
    );
    for (const chart of charts) chart.show(state, loss, isTurned());
    const moves = state.losses.length - 1;
    write(numbers, `loss = ${formatLoss(loss)} after ${moves} ${moves === 1 ? "move" : "moves"}`);
    write(note, model.get("note"));
    rate.show(state.learning_rate);
    forget.checked = state.forget_zero;
    answers.show(model.get("answers"), model.get("message"), state.weights);
    speech.soon();
  }

  function speak() {
    for (const chart of charts) chart.describe(model.get("words"));
    return `${model.get("words")} ${model.get("note")}`;
  }

  function resize() {
    const width = row.clientWidth;
    if (width <= 0) return;
    const each = Math.floor(width >= SIDE_BY_SIDE_FROM ? (width - 12) / 2 : width);
    for (const chart of charts) chart.resize(each, Math.round(Math.min(Math.max(0.5 * each, 200), 300)));
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
  const row = html("div", { class: "chalkboard-knobs-charts" }, ...charts.map(({ element }) => element));
  const all = html("div", { class: "chalkboard-knobs" }, ...knobs.map(({ element }) => element));
  const machine = { class: "chalkboard-knobs-machine", role: "group", "aria-label": "Gradient descent by the machine" };
  el.append(
    createFrame(
      "Weight knobs",
      model.get("goal"),
      html("p", {}, `${setting.formula}. The loss is the mean of the squared gaps between points and model.`),
      row,
      numbers,
      note,
      all,
      createKey(
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
  observer.observe(row);
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
function createKnob(name, { reach, step, typical }, turn, settle) {
  const last = Math.round((2 * reach) / step);
  const slider = createSlider({ label: name, count: last + 1, move: (stop) => turn(rounded(stop * step - reach)), release: settle });
  const number = html("input", { type: "number", step: "any", "aria-label": `${name}, typed`, ...NO_SHORTCUTS });
  const [arrow, slope, next] = createPaths("chalkboard-knob-", "arrow", "slope", "next");
  const grad = html("span");
  const words = html("p");
  const picture = svg("svg", { "aria-hidden": "true" }, slope, arrow, next);
  const label = html("span", {}, ".grad");
  const element = html("div", { class: "chalkboard-knob" }, slider.element, number, label, picture, grad, words);
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
    slider.show(Math.round(part(weight) * last), `${text}; .grad ${grad.textContent}; ${words.textContent}`);
    const at = pixel(weight);
    trace(arrow, arrowFrom(at, held, 9));
    trace(slope, isForgetful ? arrowFrom(at, gradient, 20) : "");
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

  /** An arrow that is longer where it is steeper, but stays within the knob. */
  function arrowFrom(at, slopeOrSum, y) {
    const length = Math.round((LONGEST_ARROW * slopeOrSum) / (Math.abs(slopeOrSum) + typical));
    const end = Math.min(Math.max(at + length, -8), width + 8);
    const head = Math.sign(end - at) * Math.min(6, Math.abs(end - at));
    return `M${at} ${y}H${end}m${-head} -4L${end} ${y}l${-head} 4`;
  }

  return { element, show, resize: () => (width = slider.input.clientWidth), cancel: slider.cancel };
}

/** The points, the model's curve, and the gap from each point to it. */
function createFitChart({ kind, x, y, ranges }) {
  const [gaps, curve, points] = createPaths("chalkboard-knobs-", "gaps", "curve", "points");
  const chart = createChart("Points and model", { x: "x", y: "y" }, gaps, curve, points);
  const [start, stop] = ranges.x;
  const across = Array.from({ length: 81 }, (_, index) => start + ((stop - start) * index) / 80);
  chart.setRange(ranges);

  function resize(width, height) {
    chart.resize(width, height);
    trace(points, x.map((each, index) => circleAt(chart.x(each), chart.y(y[index]))).join(""));
  }

  function show({ weights }) {
    if (!chart.x) return;
    const heightAt = (each) => chart.y(predict(kind, weights, each));
    trace(curve, `M${across.map((each) => `${chart.x(each)} ${heightAt(each)}`).join("L")}`);
    trace(gaps, x.map((each, index) => `M${chart.x(each)} ${chart.y(y[index])}V${heightAt(each)}`).join(""));
  }

  return { ...chart, resize, show };
}

/** The loss after each move, by hand and by the machine, and the same before the last reset. */
function createRaceChart() {
  const before = svg("g", { class: "chalkboard-knobs-before" });
  const now = svg("g", { class: "chalkboard-knobs-now" });
  const [live] = createPaths("chalkboard-knobs-", "live");
  const chart = createChart("Loss after each move", { x: "moves", y: "loss" }, before, now, live);
  const key = createKey("●, solid: by hand", "■, dashed: by the machine", "faint: before the reset");
  let drawn = [];

  function show(state, loss, isTurned) {
    const { losses } = state;
    const past = state.before.losses ? state.before : { losses: [], movers: [] };
    chart.setRange(raceRange(losses, past.losses));
    if (!chart.x) return;
    trace(live, circleAt(chart.x(losses.length - (isTurned ? 0 : 1)), chart.y(loss), 5));
    // Turning a knob moves only the live point: the lines change when a move is made.
    if (drawn[0] === losses && drawn[1] === past.losses && drawn[2] === chart.x) return;
    drawn = [losses, past.losses, chart.x];
    before.replaceChildren(...drawRun(past, chart));
    now.replaceChildren(...drawRun(state, chart));
  }

  return { ...chart, element: html("div", {}, chart.element, key), show };
}

function drawRun({ losses, movers }, chart) {
  const place = (index) => [chart.x(index), chart.y(losses[index])];
  return ["hand", "machine"].map((mover) => {
    const [line, marks] = createPaths("chalkboard-knobs-", "line", "marks");
    const moves = [...movers.keys()].filter((index) => movers[index] === mover);
    // One stroke per run of moves, because dashes begin anew with each stroke.
    const begin = (index) => (movers[index - 1] === mover ? "" : `M${place(index - 1).join(" ")}`);
    trace(line, moves.map((index) => `${begin(index)}L${place(index).join(" ")}`).join(""));
    const mark = mover === "hand" ? circleAt : squareAt;
    if (losses.length <= MOST_MARKED) trace(marks, moves.map((index) => mark(...place(index))).join(""));
    return svg("g", { class: `chalkboard-knobs-${mover}` }, line, marks);
  });
}

/** Room for all moves, in round numbers; a loss that shoots up leaves the chart at its top. */
function raceRange(losses, past) {
  const moves = Math.max(losses.length, past.length) - 1;
  const most = 10 * 2 ** Math.max(0, Math.ceil(Math.log2(moves / 10)));
  const top = Math.min(Math.max(...losses, ...past), 3 * Math.max(losses[0], ...past.slice(0, 1)));
  return { x: [0, most], y: [0, 1.1 * top || 1] };
}

function createRate({ most_rate: most, rate_step: step }, change, settle) {
  const last = Math.round(most / step) - 1;
  const move = (stop) => change(rounded((stop + 1) * step));
  const slider = createSlider({ label: "learning rate", count: last + 1, move, release: settle });
  const text = html("span");
  function show(rate) {
    write(text, formatShort(rate, 4));
    slider.show(Math.min(Math.max(Math.round(rate / step) - 1, 0), last), text.textContent);
  }
  return { element: html("span", {}, slider.element, text), show, cancel: slider.cancel };
}

/** What the engines say where the knobs were let go; dimmed while the knobs stand elsewhere. */
function createEngineTable(isOpen) {
  const table = html("table");
  const verdict = html("summary", NO_SHORTCUTS);
  const element = html("details", { class: "chalkboard-knobs-answers" }, verdict, table);
  element.open = isOpen;
  let shown = null;
  function show(answers, message, weights) {
    const isHere = String(answers.weights) === String(weights);
    table.classList.toggle("chalkboard-stale", !isHere);
    write(verdict, `What the engines say${isHere && message ? `: ${message}` : ""}`);
    if (answers === shown) return;
    shown = answers;
    const rows = answers.rows.map(([heading, ...cells], index) => {
      const cell = (text) => (index ? html("td", {}, text) : html("th", { scope: "col" }, text));
      return html("tr", {}, html("th", { scope: index ? "row" : "col" }, heading), ...cells.map(cell));
    });
    table.replaceChildren(...rows);
  }
  return { element, show };
}

/** What the signs of a picture mean, in words. */
function createKey(...entries) {
  return html("p", { class: "chalkboard-knobs-key" }, ...entries.map((entry) => html("span", {}, entry)));
}

function createPaths(prefix, ...parts) {
  return parts.map((part) => svg("path", { class: prefix + part }));
}

/** Sets a text, or the data of a path, and leaves the page alone where it stays the same. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function trace(path, data) {
  if (path.getAttribute("d") !== data) path.setAttribute("d", data);
}

/** Without what multiplying by a step such as 0.1 leaves behind. */
function rounded(number) {
  return Number(number.toPrecision(12));
}

function formatLoss(loss) {
  return loss < 1e6 && loss >= 1e-4 ? formatFixed(loss, 4) : formatShort(loss, 4);
}

export default { render };
