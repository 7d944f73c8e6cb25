// The view of WeightKnobs: turn the weights by hand, or let gradient descent turn them.
//
// Loss and gradient are calculated here while a knob is turned and while descent plays. The kernel
// hears where the knobs were let go, and answers with what the engines say there.

import { circleAt, createChart, squareAt } from "./parts/chart.js";
import { html, svg, uniqueId } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { lossAndGradient, predict } from "./parts/small_models.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const STATE = ["weights", "kept", "losses", "path", "movers", "before", "learning_rate", "forget_zero"];
const EVENTS = [...STATE, "answers", "message"].map((trait) => `change:${trait}`);
const SETTLE_MILLISECONDS = 300;
const SIDE_BY_SIDE_FROM = 640;
const LONGEST_ARROW = 44;
const THUMB_WIDTH = 16;
const MOST_MARKED = 40;
const ARRIVED_BELOW = 1e-9;
const INVITATION = "Turn a knob against its arrow, or let the machine take a step.";
const TOO_LARGE = "the loss would pass 10^12, so nothing was turned. Choose a smaller learning rate, then reset.";

function render({ model, el }) {
  const setting = model.get("setting");
  const goalLoss = model.get("goal_loss");
  const state = {};
  const paintSoon = oncePerFrame(paint);
  const settleByKey = whenQuiet(settle, SETTLE_MILLISECONDS);
  const typical = Math.max(...lossAndGradient(setting, setting.start).gradient.map(Math.abs)) / 2 || 1;
  const knobs = setting.names.map((name, index) =>
    createKnob(name, setting.turn, typical, (value) => turn(index, value), settleByKey, settle),
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
  let said = INVITATION;

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

  /** The knobs were let go: if they stand elsewhere than before, that was one move by hand. */
  function settle() {
    settleByKey.cancel();
    const last = state.path[state.path.length - 1];
    if (isSame(state.weights, last)) return;
    const from = currentLoss();
    if (record("hand", state.weights)) said = describeMoves("Your move", from, state);
    else state.weights = last;
    paintSoon();
    tellKernel();
  }

  /** Adds a move to the run; false, and said why, where the run cannot go on. */
  function record(mover, weights) {
    const { loss } = lossAndGradient(setting, weights);
    if (!(loss <= setting.loss_limit)) said = `With this move ${TOO_LARGE}`;
    else if (state.losses.length > setting.most_moves) said = `No more than ${setting.most_moves} moves are kept: reset to go on.`;
    else {
      state.weights = weights;
      state.path = [...state.path, weights];
      state.losses = [...state.losses, loss];
      state.movers = [...state.movers, mover];
      return true;
    }
    return false;
  }

  function currentLoss() {
    return state.losses[state.losses.length - 1];
  }

  /** What stands in `.grad` after the next backward: the gradient, on top of what was kept. */
  function nextGrad(gradient) {
    return state.forget_zero ? gradient.map((slope, index) => slope + state.kept[index]) : gradient;
  }

  function nextWeights(grad) {
    return state.weights.map((weight, index) => weight - state.learning_rate * grad[index]);
  }

  /** Some steps of gradient descent; false where it cannot go on. */
  function descend(steps) {
    const from = currentLoss();
    for (let step = 1; step <= steps; step += 1) {
      const grad = nextGrad(lossAndGradient(setting, state.weights).gradient);
      if (!record("machine", nextWeights(grad))) return paintSoon();
      state.kept = grad;
    }
    said = describeMoves(`The machine's ${steps > 1 ? `${steps} steps` : "step"}`, from, state);
    paintSoon();
    return true;
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
    timer = setInterval(() => {
      const from = currentLoss();
      const isArrived = descend(steps) && Math.abs(currentLoss() - from) < ARRIVED_BELOW;
      if (isArrived) said = `The loss hardly changes any more: it is ${formatLoss(from)}.`;
      if (isArrived || currentLoss() === from) stop();
    }, isCalm ? 1000 : 50);
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
    Object.assign(state, { weights: setting.start, kept, losses, path: [setting.start], movers: ["start"] });
    said = INVITATION;
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
    race.show(state, loss);
    const moves = countOf(state.losses.length - 1, "move");
    numbers.textContent = `loss = ${formatLoss(loss)} after ${moves}`;
    const isReached = goalLoss !== null && loss <= goalLoss;
    note.textContent = isReached ? `✓ Goal reached after ${moves}. ${said}` : said;
    rate.show(state.learning_rate);
    forget.checked = state.forget_zero;
    answers.show(model.get("answers"), model.get("message"), state.weights);
    speech.soon();
  }

  function speak() {
    const { gradient } = lossAndGradient(setting, state.weights);
    const weights = setting.names.map((name, index) => `${name} = ${formatShort(state.weights[index], 4)}`).join(", ");
    const sizes = gradient.map(Math.abs);
    const steepest = sizes.indexOf(Math.max(...sizes));
    fit.describe(`${setting.x.length} points and the model ${setting.formula} with ${weights}.`);
    race.describe(describeRun(state));
    const slope = describeSlope(setting.names[steepest], gradient[steepest]);
    return `${weights}; ${numbers.textContent}. ${note.textContent} Steepest: ${slope}.`;
  }

  function resize() {
    const width = charts.clientWidth;
    if (width <= 0) return;
    const each = Math.floor(width >= SIDE_BY_SIDE_FROM ? (width - 12) / 2 : width);
    for (const chart of [fit, race]) chart.resize(each, Math.round(Math.min(Math.max(0.5 * each, 200), 300)));
    for (const knob of knobs) knob.resize();
    paintSoon();
  }

  forget.addEventListener("change", () => {
    change("forget_zero", forget.checked);
    tellKernel();
  });
  for (const event of EVENTS) model.on(event, readState);
  const charts = html("div", { class: "chalkboard-knobs-charts" }, fit.element, race.element);
  const machine = { class: "chalkboard-knobs-machine", role: "group", "aria-label": "Gradient descent by the machine" };
  el.append(
    createFrame(
      "Weight knobs",
      model.get("goal"),
      html("p", {}, `${setting.formula}. The loss is the mean of the squared gaps between points and model.`),
      charts,
      numbers,
      note,
      html("div", { class: "chalkboard-knobs" }, ...knobs.map((knob) => knob.element)),
      legend("→ .grad: turned this way the loss rises; longer is steeper", "◇ where the machine's next step turns the knob"),
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
    for (const pending of [paintSoon, speech.soon, settleByKey]) pending.cancel();
    for (const event of EVENTS) model.off(event, readState);
  };
}

/** One weight: a slider, the same as a number, and under it the arrow of its gradient. */
function createKnob(name, reach, typical, turn, settleByKey, settle) {
  const id = uniqueId("knob");
  const range = html("input", { id, ...sliderOver(-reach, reach) });
  const number = html("input", { type: "number", step: "any", "aria-label": `${name}, typed`, ...NO_SHORTCUTS });
  const [arrow, slope, next] = ["arrow", "slope", "next"].map((part) => svg("path", { class: `chalkboard-knob-${part}` }));
  const grad = html("span");
  const words = html("p");
  const element = html(
    "div",
    { class: "chalkboard-knob" },
    ...[html("label", { for: id }, name), range, number],
    ...[html("span", {}, ".grad"), svg("svg", { "aria-hidden": "true" }, slope, arrow, next), grad, words],
  );
  let width = 0;
  let isByKey = false;

  range.addEventListener("keydown", () => (isByKey = true));
  range.addEventListener("pointerdown", () => (isByKey = false));
  range.addEventListener("input", () => turn(range.valueAsNumber));
  range.addEventListener("change", () => (isByKey ? settleByKey() : settle()));
  number.addEventListener("change", () => {
    if (Number.isFinite(number.valueAsNumber)) turn(number.valueAsNumber);
    settle();
  });

  function show(weight, gradient, held, nextWeight, isForgetful) {
    const text = Math.abs(weight) < 1e4 ? formatFixed(weight, 3) : formatShort(weight, 4);
    if (range.valueAsNumber !== weight) range.value = weight;
    if (document.activeElement !== number) number.value = text;
    grad.textContent = formatShort(held, 3);
    const sum = isForgetful ? `.grad is a sum; the slope here is ${formatShort(gradient, 3)}: ` : "";
    words.textContent = sum + describeSlope(name, gradient);
    range.setAttribute("aria-valuetext", `${text}; gradient ${grad.textContent}; ${words.textContent}`);
    const at = pixel(weight);
    arrow.setAttribute("d", arrowPath(at, at + arrowLength(held), 9));
    slope.setAttribute("d", isForgetful ? arrowPath(at, at + arrowLength(gradient), 20) : "");
    next.setAttribute("d", `M${pixel(nextWeight)} 4l5 5l-5 5l-5 -5z`);
  }

  /** Where on the picture a weight stands: under the middle of the slider's thumb. */
  function pixel(weight) {
    const part = (Math.min(Math.max(weight, -reach), reach) + reach) / (2 * reach);
    return THUMB_WIDTH / 2 + part * Math.max(width - THUMB_WIDTH, 0);
  }

  /** Longer where steeper, but never so long that it leaves the knob. */
  function arrowLength(slopeOrSum) {
    return (LONGEST_ARROW * slopeOrSum) / (Math.abs(slopeOrSum) + typical);
  }

  return { element, show, resize: () => (width = range.clientWidth) };
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

  function show({ losses, movers, before }, liveLoss) {
    const past = before.losses ? before : { losses: [], movers: [] };
    chart.setRange(raceRange(losses, past.losses));
    if (!chart.x) return;
    const isTurned = losses[losses.length - 1] !== liveLoss;
    live.setAttribute("d", circleAt(chart.x(losses.length - (isTurned ? 0 : 1)), chart.y(liveLoss), 5));
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
  const id = uniqueId("rate");
  const range = html("input", { id, ...sliderOver(0, most) });
  const text = html("output", { for: id });
  range.addEventListener("input", () => change(range.valueAsNumber || Number(range.step)));
  range.addEventListener("change", settle);
  function show(rate) {
    if (range.valueAsNumber !== rate) range.value = rate;
    text.textContent = formatShort(rate, 4);
    range.setAttribute("aria-valuetext", text.textContent);
  }
  return { element: html("span", {}, html("label", { for: id }, "learning rate"), range, text), show };
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
    verdict.textContent = `What the engines say${isHere && message ? `: ${message}` : ""}`;
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

/** A slider with some hundred stops at round numbers. */
function sliderOver(min, max) {
  return { type: "range", min, max, step: 10 ** Math.floor(Math.log10(max / 50)), ...NO_SHORTCUTS };
}

function describeSlope(name, gradient) {
  return `${name} up by 0.1 changes the loss by about ${formatShort(0.1 * gradient, 2)}`;
}

/** What some moves did to the loss and, where it rose, why. */
function describeMoves(moves, from, { losses, movers, forget_zero: isForgetful }) {
  const recent = losses.slice(-4);
  const last = recent[recent.length - 1];
  const way = last < from ? "fell" : "rose";
  const change = `${moves}: the loss ${way} from ${formatLoss(from)} to ${formatLoss(last)}.`;
  if (last < from) return change;
  if (movers[movers.length - 1] === "hand") return `${change} Turn against the arrows.`;
  if (isForgetful) return `${change} .grad still holds the gradients of earlier steps.`;
  const isDiverging = recent.length === 4 && recent.every((each, index) => index === 0 || each > recent[index - 1]);
  const why = isDiverging ? "It grows with every step: it diverges." : "The step was too long.";
  return `${change} ${why} Choose a smaller learning rate, then reset.`;
}

function describeRun({ losses, movers, before }) {
  const say = (when, run) => {
    const moves = run.losses.length - 1;
    const byHand = run.movers.filter((mover) => mover === "hand").length;
    const loss = `the loss went from ${formatLoss(run.losses[0])} to ${formatLoss(run.losses[moves])}`;
    return `${when}: ${countOf(moves, "move")}, ${byHand} of them by hand; ${loss}.`;
  };
  return say("Now", { losses, movers }) + (before.losses ? ` ${say("Before the reset", before)}` : "");
}

function countOf(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
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
