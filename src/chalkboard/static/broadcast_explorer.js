// The view of BroadcastExplorer: type two shapes, and see what lines up and what is stretched.
//
// The rule is worked out here at every key, so the answer is there at once; the kernel hears the
// shapes when the typing rests, and says by the same rule whether a goal is reached.

import {
  broadcastShapes,
  MOST_AXES,
  parseShape,
  sourceEntry,
  summedAxes,
  writeShape,
} from "./parts/broadcast.js";
import { html, setAttributes, uniqueId } from "./parts/dom.js";
import { createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { asImage, createGrid, createKey, createMark, entriesOf, entryName, letChoose } from "./parts/grid.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const SIDES = ["left", "right"];
const PAUSE_MILLISECONDS = 400;
const MOST_DRAWN = { axes: 3, cells: 64, columns: 12 };
const MOST_TERMS = 6;
const EVENTS = ["left", "right", "backward", "entry"].map((trait) => `change:${trait}`);
const ADVICE = `Write at most ${MOST_AXES} whole numbers with commas between, such as 3, 1; for a single number write nothing.`;

function render({ model, el }) {
  const inputs = Object.fromEntries(SIDES.map((side) => [side, createShapeInput(side, typed)]));
  const backward = createSwitch("backward: where does the gradient go?", turn);
  const trouble = html("p", { class: "chalkboard-message chalkboard-trouble" });
  const table = createTable();
  const verdict = html("p", { class: "chalkboard-verdict" });
  const steps = html("ul", { class: "chalkboard-steps" });
  const picture = html("div", {});
  const arithmetic = html("p", { class: "chalkboard-arithmetic" });
  const done = html("p", { class: "chalkboard-found" });
  const speech = createSpeech(() =>
    [trouble, verdict, steps, arithmetic, done].map((each) => each.textContent).join(" "),
  );
  let shapes = {};
  let scene = null;
  let selected = 0;
  let hovered = null;
  let isFound = model.get("found");

  function follow() {
    for (const side of SIDES) inputs[side].show(model.get(side));
    backward.input.checked = model.get("backward");
    drawNew();
    const entry = model.get("entry").join();
    selected = Math.max(0, scene?.entries.findIndex((each) => each.join() === entry) ?? 0);
    paint();
  }

  function typed() {
    drawNew();
    paint();
    tellShapesSoon();
  }

  function turn() {
    save({ ...shapes, backward: backward.input.checked });
  }

  /** Draws the shapes that stand in the two lines, unless one of them is none. */
  function drawNew() {
    const bad = SIDES.filter((side) => inputs[side].read() === null);
    trouble.textContent = bad.length ? `${bad.join(" and ")} is not a shape. ${ADVICE}` : "";
    if (bad.length) return;
    for (const side of SIDES) shapes[side] = inputs[side].read();
    draw(broadcastShapes(shapes.left, shapes.right));
  }

  function draw(lined) {
    const isBackward = model.get("backward") && lined.result !== null;
    table.show(lined.axes, isBackward);
    verdict.textContent = describeResult(lined);
    verdict.classList.toggle("chalkboard-trouble", lined.result === null);
    steps.replaceChildren(...describeSteps(lined, shapes, isBackward).map((text) => html("li", {}, text)));
    hovered = null;
    scene = canBeDrawn(lined.result) ? createScene(lined, shapes, isBackward) : null;
    selected = Math.min(selected, (scene?.entries.length ?? 1) - 1);
    picture.replaceChildren(...(scene ? [scene.element, createKey(scene.key)] : []));
    if (scene) scene.follow = letChoose(scene.result, "entries of the result", handlers);
    isFound ||= lined.result !== null && lined.result.join() === model.get("target")?.join();
    if (isFound) done.textContent = `✓ Goal reached: you found shapes whose result has the shape ${writeShape(model.get("target"))}.`;
  }

  function paint() {
    arithmetic.textContent = scene ? scene.look(hovered ?? selected) : "";
    scene?.follow();
    speech.soon();
  }

  function tellShapes() {
    tellShapesSoon.cancel();
    save(shapes);
  }

  function tellEntry() {
    tellEntrySoon.cancel();
    tellShapes();
    save({ entry: scene.entries[selected] });
  }

  function save(state) {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    model.save_changes();
  }

  const handlers = {
    current: () => selected,
    choose: (index) => {
      selected = index;
      hovered = null;
      paintSoon();
    },
    preview: (index) => {
      if (hovered === index) return;
      hovered = index;
      paintSoon();
    },
    release: (isByKey) => (isByKey ? tellEntrySoon() : tellEntry()),
  };
  const paintSoon = oncePerFrame(paint);
  const followSoon = oncePerFrame(follow);
  const tellShapesSoon = whenQuiet(tellShapes, PAUSE_MILLISECONDS);
  const tellEntrySoon = whenQuiet(tellEntry, PAUSE_MILLISECONDS);
  for (const event of EVENTS) model.on(event, followSoon);

  el.append(
    createFrame(
      "Broadcast explorer",
      model.get("goal"),
      html("div", { class: "chalkboard-shapes" }, ...SIDES.map((side) => inputs[side].element), backward.element),
      trouble,
      table.element,
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
    for (const pending of [paintSoon, followSoon, speech.soon, tellShapesSoon, tellEntrySoon]) pending.cancel();
    for (const event of EVENTS) model.off(event, followSoon);
  };
}

/** A line for a shape; what is typed there is kept as it was written. */
function createShapeInput(side, typed) {
  const id = uniqueId(side);
  const input = html("input", { id, type: "text", spellcheck: "false", autocomplete: "off", ...NO_SHORTCUTS });
  input.addEventListener("input", typed);
  const element = html("span", {}, html("label", { for: id }, `shape of ${side} `), input);
  function read() {
    const shape = parseShape(input.value);
    setAttributes(input, { "aria-invalid": shape === null });
    return shape;
  }
  function show(shape) {
    if (parseShape(input.value)?.join() !== shape.join() || !input.value) input.value = shape.join(", ");
  }
  return { element, read, show };
}

function createSwitch(words, turn) {
  const input = html("input", { type: "checkbox", ...NO_SHORTCUTS });
  input.addEventListener("change", turn);
  return { element: html("label", { class: "chalkboard-switch" }, input, words), input };
}

/** The two shapes and the result, axis under axis, lined up from the right. */
function createTable() {
  const element = html("table", { class: "chalkboard-axes-table" });
  function show(axes, isBackward) {
    const row = (name, cells) => html("tr", {}, html("th", { scope: "row" }, name), ...cells);
    const heads = axes.map((_, place) => html("th", { scope: "col" }, `axis ${place}`));
    const rows = [
      ...SIDES.map((side) => row(side, axes.map((axis) => sizeCell(axis[side], axis.result)))),
      row("result", axes.map(({ result }) => (result === null ? cell("✗", "misfit") : cell(result)))),
      ...(isBackward ? SIDES.map((side) => row(`${side}.grad`, gradCells(axes, side))) : []),
    ];
    element.replaceChildren(
      html("thead", {}, html("tr", {}, html("td"), ...heads)),
      html("tbody", {}, ...rows),
    );
  }
  return { element, show };
}

/** A size as it is and as it becomes; a missing axis is drawn as the 1 that it counts as. */
function sizeCell(size, result) {
  if (size === null) return cell(`(1)${result === 1 ? "" : ` → ${result}`}`, "missing");
  if (size === result) return cell(size);
  return result === null ? cell(size, "misfit") : cell(`${size} → ${result}`, "stretched");
}

function gradCells(axes, side) {
  const summed = new Set(summedAxes(axes, side));
  return axes.map((axis, place) => {
    if (!summed.has(place)) return cell(axis.result);
    return cell(axis[side] === null ? "sum, gone" : "sum → 1", "stretched");
  });
}

function cell(text, kind = "plain") {
  return html("td", { class: `chalkboard-${kind}` }, String(text));
}

function canBeDrawn(shape) {
  if (shape === null || shape.length > MOST_DRAWN.axes) return false;
  const cells = shape.reduce((product, size) => product * size, 1);
  return cells > 0 && cells <= MOST_DRAWN.cells && (shape.length < 2 || shape.at(-1) <= MOST_DRAWN.columns);
}

/** The operands as broadcasting sees them and the result; or backward, the gradients. */
function createScene(lined, shapes, isBackward) {
  const result = createGrid("result", lined.result);
  const { entries } = result;
  const operands = SIDES.map((side) => createOperand(side, shapes[side], lined, entries, isBackward));
  const marks = { here: createMark(result.cells, "chalkboard-current") };
  if (isBackward) {
    marks.left = createMark(result.cells, "chalkboard-same");
    marks.right = createMark(result.cells, "chalkboard-also");
  }
  const sums = entries.map((_, index) => operands.reduce((sum, each) => sum + each.valueAt(index), 0));
  result.show(isBackward ? sums.map(() => 1) : sums);
  const figure = (caption, grid) => html("figure", {}, html("figcaption", {}, caption), grid.element);
  const whole = figure(isBackward ? "gradient of the result, all 1" : "= result", result);
  const parts = operands.map((each) => figure(each.caption, each.grid));
  const element = html("div", { class: "chalkboard-tensors" }, ...(isBackward ? [whole, ...parts] : [...parts, whole]));

  /** Marks where an entry comes from, or where its gradient goes, and says it. */
  function look(index) {
    marks.here([index]);
    for (const operand of operands) {
      operand.mark(index);
      marks[operand.side]?.(operand.sharing(index));
    }
    const name = entryName("result", entries[index]);
    if (isBackward) return describeBackward(name, operands, index);
    const [names, values] = [operands.map((each) => each.nameAt(index)), operands.map((each) => each.valueAt(index))];
    return `${name} = ${names.join(" + ")} = ${values.join(" + ")} = ${sums[index]}`;
  }

  const key = isBackward
    ? {
        current: "a gradient, and where it goes",
        same: "summed into the same entry of left",
        also: "summed into the same entry of right",
      }
    : { current: "what is added", same: "the same entry, read again", ghost: "a copy that is never made" };
  return { element, entries, result, look, key };
}

/** One operand: forward stretched to the result's shape, backward its gradient in its own shape. */
function createOperand(side, own, lined, entries, isBackward) {
  const sources = entries.map((entry) => sourceEntry(entry, own));
  const numbers = numbering(own, side === "left" ? 10 : 1);
  const keys = sources.map(String);
  const sharing = (index) => [...keys.keys()].filter((each) => keys[each] === keys[index]);
  const grid = createGrid(isBackward ? `${side}.grad` : side, isBackward ? own : lined.result);
  const current = createMark(grid.cells, "chalkboard-current");
  const same = createMark(grid.cells, "chalkboard-same");
  const ownKeys = isBackward ? grid.entries.map(String) : [];
  const texts = isBackward
    ? ownKeys.map((key) => keys.filter((each) => each === key).length)
    : keys.map((key) => numbers.get(key));
  grid.show(texts);
  const isStretched = own.join() !== lined.result.join();
  const stretched = isStretched ? `, stretched to ${writeShape(lined.result)}` : "";
  const label = isBackward ? `${side}.grad, shape ${writeShape(own)}` : side + stretched;
  asImage(grid, `${label}, row by row: ${texts.join(", ")}`);
  if (!isBackward) {
    keys.forEach((key, index) => grid.cells[index].classList.toggle("chalkboard-ghost", keys.indexOf(key) < index));
  }

  function mark(index) {
    current([isBackward ? ownKeys.indexOf(keys[index]) : index]);
    if (!isBackward) same(sharing(index));
  }

  return {
    side,
    grid,
    mark,
    sharing,
    caption: isBackward ? label : `${side === "right" ? "+ " : ""}${label}`,
    nameAt: (index, of = side) => entryName(of, sources[index]),
    valueAt: (index) => numbers.get(keys[index]),
    summed: summedAxes(lined.axes, side),
  };
}

/** A number for each entry of a shape: `step`, twice `step` and so on, by the entry's text. */
function numbering(shape, step) {
  return new Map(entriesOf(shape).map((entry, index) => [String(entry), step * (index + 1)]));
}

function describeResult({ result, error }) {
  if (result === null) return `No result. torch says: ${error}. (a is left, b is right.)`;
  const drawn = canBeDrawn(result) ? "" : " It is too large, or too empty, to be drawn here.";
  return `The result has the shape ${writeShape(result)}.${drawn}`;
}

/** What happens at each axis, from the right as the rule goes, and what backward sums. */
function describeSteps({ axes }, shapes, isBackward) {
  const steps = [...axes.keys()].reverse().map((place) => `Axis ${place}: ${describeAxis(axes[place])}.`);
  if (!isBackward) return steps;
  return SIDES.map((side) => {
    const summed = summedAxes(axes, side);
    const how = summed.length
      ? `summed over ${summed.length > 1 ? "axes" : "axis"} ${join(summed)}`
      : "as it is";
    return `${side}.grad is the gradient of the result, ${how}: it has ${side}'s shape ${writeShape(shapes[side])}.`;
  });
}

function join(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : String(parts[0]);
}

function describeAxis({ left, right, result }) {
  if (result === null) return `${left} and ${right} differ and neither is 1`;
  for (const [name, own, other] of [["left", left, right], ["right", right, left]]) {
    const stretched = other === 1 ? "" : ` and is stretched to ${other}`;
    if (own === null) return `${name} has no axis here, so it counts as 1${stretched}`;
    if (own === 1 && other !== null && other !== 1) return `the 1 of ${name} is stretched to ${other}`;
  }
  return `both are ${result}`;
}

function describeBackward(name, operands, index) {
  const goals = operands.map((each) => each.nameAt(index));
  const sums = operands.map((each) => {
    const used = each.sharing(index).length;
    const terms = used > MOST_TERMS ? `1 + 1 + … (${used} times)` : Array(used).fill(1).join(" + ");
    return `${each.nameAt(index, `${each.side}.grad`)} = ${used > 1 ? `${terms} = ${used}` : "1"}`;
  });
  return `The gradient of ${name} goes to ${goals.join(" and to ")}.\n${sums.join("\n")}`;
}

export default { render };
