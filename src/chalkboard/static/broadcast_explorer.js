// The view of BroadcastExplorer: type two shapes, and see what lines up and what is stretched.
//
// The rule is worked out here at every key, so the answer is there at once; the kernel hears the
// shapes when the typing rests.

import { broadcastShapes, MOST_AXES, parseShape, sourceEntry, summedAxes } from "./parts/broadcast.js";
import { html, setAttributes, uniqueId } from "./parts/dom.js";
import { createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import {
  asImage,
  createGrid,
  createKey,
  createMark,
  createWalk,
  entriesOf,
  entryName,
  indexOfEntry,
  joinWords,
  writeShape,
} from "./parts/grid.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const SIDES = ["left", "right"];
const TYPING_PAUSE_MILLISECONDS = 400;
const MOST_DRAWN = { axes: 3, cells: 64, columns: 12 };
const MOST_TERMS = 6;
const EVENTS = ["left", "right", "backward", "entry"].map((trait) => `change:${trait}`);
const ADVICE =
  `Write at most ${MOST_AXES} whole numbers with commas between, such as 3, 1; ` +
  "for a single number write nothing.";
const MEANINGS = {
  current: "what is added",
  same: "the same entry, read again",
  ghost: "a copy that is never made",
};
const MEANINGS_BACKWARD = {
  current: "a gradient, and where it goes",
  same: "summed into the same entry of left",
  also: "summed into the same entry of right",
};

function render({ model, el }) {
  const inputs = { left: createShapeInput("left", typed), right: createShapeInput("right", typed) };
  const backward = html("input", { type: "checkbox", ...NO_SHORTCUTS });
  const trouble = html("p", { class: "chalkboard-message chalkboard-trouble" });
  const table = html("table", { class: "chalkboard-axes-table" });
  const verdict = html("p", { class: "chalkboard-verdict" });
  const steps = html("ul", { class: "chalkboard-steps" });
  const picture = html("div");
  const arithmetic = html("p", { class: "chalkboard-arithmetic" });
  const done = html("p", { class: "chalkboard-found" });
  const said = [trouble, verdict, steps, arithmetic, done];
  const speech = createSpeech(() => said.map((each) => each.textContent).join(" "));
  const shapes = {};
  const told = {}; // what the kernel knows, so that its echo never undoes what was typed since
  let scene = null;
  let isFound = model.get("found");

  function follow() {
    for (const side of SIDES) {
      if (isNews(side)) inputs[side].show(model.get(side));
    }
    backward.checked = model.get("backward");
    draw();
    if (isNews("entry") && scene) scene.walk.selected = indexOfEntry(scene.entries, model.get("entry"));
    paint();
  }

  function isNews(trait) {
    const before = told[trait];
    told[trait] = String(model.get(trait));
    return told[trait] !== before;
  }

  function typed() {
    draw();
    paint();
    tellShapesSoon();
  }

  /** Draws the shapes that stand in the two lines, unless one of them is none. */
  function draw() {
    const bad = SIDES.filter((side) => inputs[side].read() === null);
    trouble.textContent = bad.length ? `${joinWords(bad)} is not a shape. ${ADVICE}` : "";
    if (bad.length) return;
    for (const side of SIDES) shapes[side] = inputs[side].read();
    const lined = broadcastShapes(shapes.left, shapes.right);
    const isBackward = model.get("backward") && lined.result !== null;
    table.replaceChildren(...tableOf(lined.axes, isBackward));
    verdict.textContent = describeResult(lined);
    verdict.classList.toggle("chalkboard-trouble", lined.result === null);
    const lines = isBackward ? describeSums(lined.axes, shapes) : describeAxes(lined.axes);
    steps.replaceChildren(...lines.map((line) => html("li", {}, line)));
    drawScene(lined, isBackward);
    showGoal(lined.result, model.get("target"));
  }

  function drawScene(lined, isBackward) {
    const selected = scene?.walk.selected ?? 0;
    scene?.walk.cancel();
    scene = canBeDrawn(lined.result) ? createScene(lined, shapes, isBackward) : null;
    picture.replaceChildren();
    if (!scene) return;
    picture.append(scene.element, createKey(isBackward ? MEANINGS_BACKWARD : MEANINGS));
    scene.walk = createWalk(scene.grid, "entries of the result", paintSoon, tellEntry);
    scene.walk.selected = Math.min(selected, scene.entries.length - 1);
  }

  function showGoal(result, target) {
    isFound ||= Boolean(target && result) && String(result) === String(target);
    if (isFound) {
      done.textContent = `✓ Goal reached: you found shapes whose result has the shape ${writeShape(target)}.`;
    }
  }

  function paint() {
    arithmetic.textContent = scene ? scene.look(scene.walk.here()) : "";
    scene?.walk.show();
    speech.soon();
  }

  function tellShapes() {
    tellShapesSoon.cancel();
    save(shapes);
  }

  function tellEntry() {
    save({ ...shapes, entry: scene.entries[scene.walk.selected] });
  }

  function save(state) {
    for (const [name, value] of Object.entries(state)) {
      told[name] = String(value);
      model.set(name, value);
    }
    model.save_changes();
  }

  const paintSoon = oncePerFrame(paint);
  const followSoon = oncePerFrame(follow);
  const tellShapesSoon = whenQuiet(tellShapes, TYPING_PAUSE_MILLISECONDS);
  for (const event of EVENTS) model.on(event, followSoon);
  backward.addEventListener("change", () => save({ ...shapes, backward: backward.checked }));
  const question = "backward: where does the gradient go?";
  const controls = [
    ...SIDES.map((side) => inputs[side].element),
    html("label", { class: "chalkboard-switch" }, backward, question),
  ];
  el.append(
    createFrame(
      "Broadcast explorer",
      model.get("goal"),
      html("div", { class: "chalkboard-shapes" }, ...controls),
      trouble,
      table,
      verdict,
      steps,
      picture,
      arithmetic,
      done,
      speech.element,
    ),
  );
  follow();

  return () => {
    for (const pending of [paintSoon, followSoon, tellShapesSoon, speech.soon]) pending.cancel();
    scene?.walk.cancel();
    for (const event of EVENTS) model.off(event, followSoon);
  };
}

/** A line for a shape; what is typed there is kept as it was written. */
function createShapeInput(side, typed) {
  const id = uniqueId(side);
  const plain = { type: "text", spellcheck: "false", autocomplete: "off" };
  const input = html("input", { id, ...plain, ...NO_SHORTCUTS });
  input.addEventListener("input", typed);
  const element = html("span", {}, html("label", { for: id }, `shape of ${side} `), input);
  function read() {
    const shape = parseShape(input.value);
    setAttributes(input, { "aria-invalid": shape === null });
    return shape;
  }
  return { element, read, show: (shape) => (input.value = shape.join(", ")) };
}

/** The two shapes and the result, axis under axis; backward, also what becomes of the gradient. */
function tableOf(axes, isBackward) {
  const row = (name, cells) =>
    html("tr", {}, html("th", { scope: "row" }, name), ...cells.map(tableCell));
  const heads = axes.map((_, place) => html("th", { scope: "col" }, `axis ${place}`));
  const rows = SIDES.map((side) => row(side, axes.map((axis) => sizeIn(axis[side], axis.result))));
  rows.push(row("result", axes.map(({ result }) => (result === null ? ["✗", "misfit"] : [result]))));
  if (isBackward) rows.push(...SIDES.map((side) => row(`${side}.grad`, sumsIn(axes, side))));
  return [html("thead", {}, html("tr", {}, html("td"), ...heads)), html("tbody", {}, ...rows)];
}

function tableCell([text, kind = "plain"]) {
  return html("td", { class: `chalkboard-${kind}` }, String(text));
}

/** A size as it is and as it becomes; a missing axis is shown as the 1 that it counts as. */
function sizeIn(size, result) {
  if (size === null) return [`(1)${result === 1 ? "" : ` → ${result}`}`, "missing"];
  if (size === result) return [size];
  return result === null ? [size, "misfit"] : [`${size} → ${result}`, "stretched"];
}

function sumsIn(axes, side) {
  const summed = summedAxes(axes, side);
  return axes.map((axis, place) => {
    if (!summed.includes(place)) return [axis.result];
    return [axis[side] === null ? "sum, gone" : "sum → 1", "stretched"];
  });
}

function canBeDrawn(shape) {
  if (shape === null || shape.length > MOST_DRAWN.axes) return false;
  const cells = shape.reduce((product, size) => product * size, 1);
  const isNarrow = shape.length < 2 || shape.at(-1) <= MOST_DRAWN.columns;
  return cells > 0 && cells <= MOST_DRAWN.cells && isNarrow;
}

/** The operands as broadcasting sees them and their sum; or backward, the gradients. */
function createScene(lined, shapes, isBackward) {
  const grid = createGrid("result", lined.result);
  const { entries } = grid;
  const create = isBackward ? createGradient : createOperand;
  const operands = [
    create("left", 10, shapes.left, entries, createMark(grid.cells, "chalkboard-same")),
    create("right", 1, shapes.right, entries, createMark(grid.cells, "chalkboard-also")),
  ];
  const markHere = createMark(grid.cells, "chalkboard-current");
  const sums = entries.map((_, index) => operands[0].valueAt(index) + operands[1].valueAt(index));
  grid.show(isBackward ? sums.map(() => 1) : sums);
  const figure = (caption, { element }) =>
    html("figure", {}, html("figcaption", {}, caption), element);
  const figures = operands.map((each) => figure(each.caption, each.grid));
  if (isBackward) figures.unshift(figure("gradient of the result, all 1", grid));
  else figures.push(figure("= result", grid));

  /** Marks where an entry comes from, or where its gradient goes, and says it. */
  function look(index) {
    markHere([index]);
    for (const operand of operands) operand.mark(index);
    const name = entryName("result", entries[index]);
    const names = operands.map((each) => each.nameAt(index));
    if (isBackward) {
      const lines = operands.map((each) => each.sumAt(index));
      return [`The gradient of ${name} goes to ${names.join(" and to ")}.`, ...lines].join("\n");
    }
    const values = operands.map((each) => each.valueAt(index));
    return `${name} = ${names.join(" + ")} = ${values.join(" + ")} = ${sums[index]}`;
  }

  return { element: html("div", { class: "chalkboard-tensors" }, ...figures), entries, grid, look };
}

/** Which entry of an operand each entry of the result reads, and which read the same. */
function createSources(side, step, own, entries) {
  const owned = entriesOf(own);
  const sources = entries.map((entry) => indexOfEntry(owned, sourceEntry(entry, own)));
  return {
    sources,
    sharing: (index) => [...sources.keys()].filter((each) => sources[each] === sources[index]),
    nameAt: (index, name = side) => entryName(name, owned[sources[index]]),
    valueAt: (index) => step * (sources[index] + 1),
  };
}

/** An operand with the copies that broadcasting seems to make of its entries. */
function createOperand(side, step, own, entries) {
  const read = createSources(side, step, own, entries);
  const result = entries.at(-1).map((last) => last + 1);
  const grid = createGrid(side, result);
  const markHere = createMark(grid.cells, "chalkboard-current");
  const markSame = createMark(grid.cells, "chalkboard-same");
  const copies = [...read.sources.keys()].filter((index) => read.sharing(index)[0] !== index);
  createMark(grid.cells, "chalkboard-ghost")(copies);
  const texts = entries.map((_, index) => read.valueAt(index));
  grid.show(texts);
  const isStretched = String(own) !== String(result);
  const label = side + (isStretched ? `, stretched to ${writeShape(result)}` : "");
  asImage(grid, `${label}, row by row: ${texts.join(", ")}`);
  function mark(index) {
    markHere([index]);
    markSame(read.sharing(index));
  }
  return { ...read, grid, mark, caption: `${side === "right" ? "+ " : ""}${label}` };
}

/** The gradient of an operand in its own shape; `markSource` marks what is summed into an entry. */
function createGradient(side, step, own, entries, markSource) {
  const read = createSources(side, step, own, entries);
  const grid = createGrid(`${side}.grad`, own);
  const markHere = createMark(grid.cells, "chalkboard-current");
  const counts = grid.entries.map((_, index) => read.sources.filter((each) => each === index).length);
  grid.show(counts);
  const caption = `${side}.grad, shape ${writeShape(own)}`;
  asImage(grid, `${caption}, row by row: ${counts.join(", ")}`);
  function mark(index) {
    markHere([read.sources[index]]);
    markSource(read.sharing(index));
  }
  function sumAt(index) {
    const used = read.sharing(index).length;
    const terms = used > MOST_TERMS ? `1 + 1 + … (${used} times)` : Array(used).fill(1).join(" + ");
    return `${read.nameAt(index, `${side}.grad`)} = ${terms}${used > 1 ? ` = ${used}` : ""}`;
  }
  return { ...read, grid, mark, sumAt, caption };
}

function describeResult({ result, error }) {
  if (result === null) return `No result. torch says: ${error}. (a is left, b is right.)`;
  const drawn = canBeDrawn(result) ? "" : " It is too large, or too empty, to be drawn here.";
  return `The result has the shape ${writeShape(result)}.${drawn}`;
}

/** What backward does to the gradient of the result, for each operand. */
function describeSums(axes, shapes) {
  return SIDES.map((side) => {
    const summed = summedAxes(axes, side);
    const over = `summed over ${summed.length > 1 ? "axes" : "axis"} ${joinWords(summed)}`;
    const how = summed.length ? over : "as it is";
    const shape = writeShape(shapes[side]);
    return `${side}.grad is the gradient of the result, ${how}: it has ${side}'s shape ${shape}.`;
  });
}

/** What happens at each axis, from the right as the rule goes. */
function describeAxes(axes) {
  return axes.map((axis, place) => `Axis ${place}: ${describeAxis(axis)}.`).reverse();
}

function describeAxis({ left, right, result }) {
  if (result === null) return `${left} and ${right} differ and neither is 1`;
  for (const [name, own, other] of [["left", left, right], ["right", right, left]]) {
    if (own === null) {
      return `${name} has no axis here, so it counts as 1${other === 1 ? "" : ` and is stretched to ${other}`}`;
    }
    if (own === 1 && other !== null && other !== 1) return `the 1 of ${name} is stretched to ${other}`;
  }
  return `both are ${result}`;
}

export default { render };
