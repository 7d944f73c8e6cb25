// The view of StrideExplorer: choose a view of x, walk through it, and see which cell is read.
//
// Every view was worked out by the engine beforehand, so choosing and walking ask the kernel
// nothing; it hears which view and which entry, and is asked only where a new view is typed.

import { html, uniqueId } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { asImage, createGrid, createKey, createMark, entryName, letChoose } from "./parts/grid.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const KEY_PAUSE_MILLISECONDS = 150;
const WRITTEN = "99";
const EVENTS = ["view", "views", "entry", "writes", "message"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const chooser = createChooser(choose, type);
  const layouts = createLayouts();
  const message = html("p", { class: "chalkboard-message" });
  const picture = html("div", {});
  const arithmetic = html("p", { class: "chalkboard-arithmetic" });
  const alike = html("p", { class: "chalkboard-message" });
  const done = html("p", { class: "chalkboard-found" });
  const write = createButton("Write", writeHere);
  const undo = createButton("Undo writing", () => save({ writes: [] }));
  const speech = createSpeech(speak);
  let shown = null; // the view on the picture: the last chosen one that was not refused
  let scene = null;
  let selected = 0;
  let hovered = null;
  let isFound = model.get("found");

  function follow() {
    const views = model.get("views");
    const chosen = views.find(({ code }) => code === model.get("view"));
    chooser.show(views, chosen);
    if (chosen.layout !== null || shown === null) draw(chosen.layout ? chosen : views[0], views[0]);
    const entry = model.get("entry").join();
    selected = Math.max(0, scene.y.entries.findIndex((each) => each.join() === entry));
    const trouble = model.get("message") || chosen.error;
    message.classList.toggle("chalkboard-trouble", Boolean(trouble));
    message.textContent = trouble ? `${trouble} The picture still shows y = ${shown.code}.` : shown.note;
    scene.write(model.get("storages"), model.get("writes"));
    undo.disabled = model.get("writes").length === 0;
    paint();
  }

  function draw(view, x) {
    if (shown === view) return;
    shown = view;
    hovered = null;
    scene = createScene(view, x, model.get("storages"));
    scene.follow = letChoose(scene.y.grid, `entries of y = ${view.code}`, {
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
      release: (isByKey) => (isByKey ? tellKernelSoon() : tellKernel()),
    });
    picture.replaceChildren(scene.element);
    layouts.show(x, view);
  }

  function paint() {
    const index = hovered ?? selected;
    const same = scene.mark(index);
    scene.follow();
    arithmetic.textContent = describeReading(shown, scene.y.entries[index]);
    alike.textContent = same.length ? `${join(same)} read${same.length > 1 ? "" : "s"} the same cell.` : "";
    write.textContent = `Write ${WRITTEN} into ${entryName("y", scene.y.entries[selected])}`;
    isFound ||= isReached();
    if (isFound) done.textContent = describeGoal(model.get("find"), model.get("views"));
    speech.soon();
  }

  function isReached() {
    const [code, entry] = model.get("find") ?? [];
    return code === model.get("view") && scene.y.entries[selected].join() === entry.join();
  }

  function speak() {
    scene.describe();
    return [message, arithmetic, alike, done].map((each) => each.textContent).join(" ");
  }

  function choose(code) {
    save({ view: code, message: "" });
  }

  function type(code) {
    save({ typed: code });
  }

  function writeHere() {
    const pair = [shown.storage, scene.y.reads[selected]];
    save({ writes: [...model.get("writes"), pair] });
  }

  function tellKernel() {
    tellKernelSoon.cancel();
    save({ entry: scene.y.entries[selected] });
  }

  function save(state) {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    model.save_changes();
  }

  const paintSoon = oncePerFrame(paint);
  const followSoon = oncePerFrame(follow);
  const tellKernelSoon = whenQuiet(tellKernel, KEY_PAUSE_MILLISECONDS);
  for (const event of EVENTS) model.on(event, followSoon);

  el.append(
    createFrame(
      "Stride explorer",
      model.get("goal"),
      chooser.element,
      layouts.element,
      message,
      picture,
      arithmetic,
      alike,
      done,
      html("p", { class: "chalkboard-buttons" }, write, undo),
      createKey({ current: "the entry of y, and its cell", same: "reads the same cell", unread: "a cell that y does not read" }),
      speech.element,
    ),
  );
  follow();

  return () => {
    for (const pending of [paintSoon, followSoon, speech.soon, tellKernelSoon]) pending.cancel();
    for (const event of EVENTS) model.off(event, followSoon);
  };
}

/** A list of views to choose from, and a line in which another can be typed. */
function createChooser(choose, type) {
  const ids = { select: uniqueId("view"), input: uniqueId("typed") };
  const select = html("select", { id: ids.select, ...NO_SHORTCUTS });
  const input = html("input", { id: ids.input, type: "text", spellcheck: "false", autocomplete: "off", ...NO_SHORTCUTS });
  const typed = () => input.value.trim() && type(input.value);
  const typing = html(
    "div",
    { class: "chalkboard-typed" },
    html("label", { for: ids.input }, "or type:"),
    input,
    createButton("Show", typed, "Show the typed view"),
  );
  const label = html("label", { for: ids.select }, "Choose a view:  y = ");
  const element = html("div", { class: "chalkboard-chooser" }, html("span", {}, label, select), typing);
  let listed = null;
  select.addEventListener("change", () => choose(select.value));
  // Not a form: JupyterLab keeps the page from submitting one.
  input.addEventListener("keydown", (event) => event.key === "Enter" && typed());
  function show(views, chosen) {
    if (views !== listed) {
      listed = views;
      select.replaceChildren(...views.map(({ code }) => html("option", { value: code }, code)));
    }
    select.value = chosen.code;
  }
  return { element, show };
}

/** The table that says what a view changes, and what it leaves. */
function createLayouts() {
  const heads = ["", "shape", "stride", "offset", "storage"];
  const body = html("tbody");
  const element = html(
    "table",
    { class: "chalkboard-layouts" },
    html("thead", {}, html("tr", {}, ...heads.map((text) => html(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
    body,
  );
  function show(x, y) {
    const row = (name, { layout }, storage) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, name),
        ...[sizes(layout.shape), sizes(layout.stride), layout.offset, storage].map((text) => html("td", {}, String(text))),
      );
    const ofY = y.storage === 0 ? "the same as x" : "its own: a copy";
    body.replaceChildren(row("x", x, "its own"), row("y", y, ofY));
  }
  return { element, show };
}

/** The storage (or two, after a copy), x over it, and y. */
function createScene(view, x, storages) {
  const parts = { x: createReader("x", x), y: createReader("y", view) };
  const ofX = createStorage("Storage of x", storages[0].length);
  const ofY = view.storage === 0 ? ofX : createStorage("Storage of y", storages[view.storage].length);
  const marks = {
    current: createMark(parts.y.grid.cells, "chalkboard-current"),
    sameInY: createMark(parts.y.grid.cells, "chalkboard-same"),
    sameInX: createMark(parts.x.grid.cells, "chalkboard-same"),
    cell: createMark(ofY.cells, "chalkboard-current"),
  };
  const read = new Set(parts.y.reads);
  ofY.cells.forEach((cell, index) => cell.classList.toggle("chalkboard-unread", !read.has(index)));
  const figure = (caption, grid) => html("figure", {}, html("figcaption", {}, caption), grid.element);
  const element = html(
    "div",
    {},
    ofX.element,
    ...(ofY === ofX ? [] : [ofY.element]),
    html(
      "div",
      { class: "chalkboard-tensors" },
      figure("x", parts.x.grid),
      figure(`y = ${view.code}`, parts.y.grid),
    ),
  );
  let texts = null;

  /** Marks an entry of y, its cell and all that read it; returns the names of the others. */
  function mark(index) {
    const cell = parts.y.reads[index];
    const inY = parts.y.readersOf(cell);
    const inX = view.storage === 0 ? parts.x.readersOf(cell) : [];
    marks.current([index]);
    marks.cell([cell]);
    marks.sameInY(inY);
    marks.sameInX(inX);
    return [...inY.filter((each) => each !== index).map(parts.y.nameOf), ...inX.map(parts.x.nameOf)];
  }

  function write(originals, writes) {
    texts = originals.map((each) => [...each]);
    for (const [storage, cell] of writes) texts[storage][cell] = WRITTEN;
    ofX.show(texts[0]);
    ofY.show(texts[view.storage]);
    parts.x.show(texts[0]);
    parts.y.show(texts[view.storage]);
    describe();
  }

  function describe() {
    asImage(parts.x.grid, `x, row by row: ${parts.x.reads.map((cell) => texts[0][cell]).join(", ")}`);
  }

  return { element, mark, write, describe, y: parts.y };
}

/** A tensor's grid, and which cell each of its entries reads. */
function createReader(name, { layout }) {
  const grid = createGrid(name, layout.shape);
  const { entries } = grid;
  const reads = entries.map((entry) =>
    entry.reduce((cell, index, dimension) => cell + index * layout.stride[dimension], layout.offset),
  );
  const readers = Map.groupBy
    ? Map.groupBy(reads.keys(), (index) => reads[index])
    : new Map(reads.map((cell) => [cell, [...reads.keys()].filter((index) => reads[index] === cell)]));
  return {
    grid,
    entries,
    reads,
    readersOf: (cell) => readers.get(cell) ?? [],
    nameOf: (index) => entryName(name, entries[index]),
    show: (texts) => grid.show(reads.map((cell) => texts[cell])),
  };
}

/** A row of numbered cells that goes on in the next line where it is too long. */
function createStorage(title, size) {
  const cells = Array.from({ length: size }, () => html("div", { class: "chalkboard-cell" }));
  const numbered = cells.map((cell, index) =>
    html("div", { class: "chalkboard-slot" }, html("div", { class: "chalkboard-index" }, String(index)), cell),
  );
  const row = html("div", { class: "chalkboard-storage", role: "img" }, ...numbered);
  const element = html("figure", { class: "chalkboard-stored" }, html("figcaption", {}, `${title}: ${size} cells in a row`), row);
  function show(texts) {
    cells.forEach((cell, index) => (cell.textContent = texts[index]));
    row.setAttribute("aria-label", `${title}, ${size} cells: ${texts.join(", ")}`);
  }
  return { element, cells, show };
}

/** Where an entry is read, with the arithmetic. */
function describeReading({ layout: { offset, stride } }, entry) {
  const terms = entry.map((index, dimension) => `${index} × stride ${stride[dimension]}`);
  const cell = entry.reduce((sum, index, dimension) => sum + index * stride[dimension], offset);
  const sum = [`offset ${offset}`, ...terms].join(" + ");
  return `${entryName("y", entry)} reads storage cell ${cell}:  ${sum} = ${cell}`;
}

function describeGoal([code, entry], views) {
  const { layout } = views.find((view) => view.code === code);
  const cell = describeReading({ layout }, entry);
  return `✓ Goal reached: with y = ${code}, ${cell}.`;
}

function sizes(numbers) {
  return numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(", ")})`;
}

function join(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts[0];
}

export default { render };
