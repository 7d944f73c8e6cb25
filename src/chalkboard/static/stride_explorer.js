// The view of StrideExplorer: choose a view of x, walk through it, and see which cell is read.
//
// Every view was worked out by the engine beforehand, so choosing and walking ask the kernel
// nothing; it hears which view and which entry, and is asked only where a new view is typed.

import { html, uniqueId } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import {
  asImage,
  createGrid,
  createKey,
  createMark,
  createWalk,
  entryName,
  indexOfEntry,
  joinWords,
  writeShape,
} from "./parts/grid.js";
import { oncePerFrame } from "./parts/timing.js";

const WRITTEN = "99";
const EVENTS = ["view", "views", "entry", "writes", "message"].map((trait) => `change:${trait}`);
const MEANINGS = {
  current: "the entry of y, and its cell",
  same: "reads the same cell",
  unread: "a cell that y does not read",
};

function render({ model, el }) {
  const chooser = createChooser(
    (view) => save({ view, message: "" }),
    (typed) => save({ typed }),
  );
  const layouts = createLayouts();
  const message = html("p", { class: "chalkboard-message" });
  const picture = html("div");
  const arithmetic = html("p", { class: "chalkboard-arithmetic" });
  const alike = html("p", { class: "chalkboard-message" });
  const done = html("p", { class: "chalkboard-found" });
  const write = createButton("Write", writeHere);
  const undo = createButton("Undo writing", () => save({ writes: [] }));
  const said = [message, arithmetic, alike, done];
  const speech = createSpeech(() => said.map((each) => each.textContent).join(" "));
  let scene = null; // of the last chosen view that was not refused
  let toldEntry = null;
  let isFound = model.get("found");

  function follow() {
    const views = model.get("views");
    const chosen = views.find(({ code }) => code === model.get("view"));
    chooser.show(views, chosen);
    draw(chosen.layout ? chosen : (scene?.view ?? views[0]), views[0]);
    const entry = model.get("entry");
    if (String(entry) !== toldEntry) scene.walk.selected = indexOfEntry(scene.entries, entry);
    toldEntry = String(entry);
    const trouble = model.get("message") || chosen.error;
    message.classList.toggle("chalkboard-trouble", Boolean(trouble));
    message.textContent = trouble
      ? `${trouble} The picture still shows y = ${scene.view.code}.`
      : scene.view.note;
    scene.write(model.get("storages"), model.get("writes"));
    undo.disabled = model.get("writes").length === 0;
    paint();
  }

  function draw(view, x) {
    if (scene?.view === view) return;
    scene?.walk.cancel();
    scene = createScene(view, x, model.get("storages"));
    scene.walk = createWalk(scene.grid, `entries of y = ${view.code}`, paintSoon, tellKernel);
    toldEntry = null;
    picture.replaceChildren(scene.element);
    layouts.show(x, view);
  }

  function paint() {
    const { walk, entries, view } = scene;
    const same = scene.mark(walk.here());
    walk.show();
    arithmetic.textContent = describeReading(view.layout, entries[walk.here()]);
    const verb = same.length > 1 ? "read" : "reads";
    alike.textContent = same.length ? `${joinWords(same)} ${verb} the same cell.` : "";
    const label = `Write ${WRITTEN} into ${entryName("y", entries[walk.selected])}`;
    if (write.textContent !== label) write.textContent = label;
    showGoal(model.get("find"), String(entries[walk.selected]));
    speech.soon();
  }

  function showGoal(find, entry) {
    if (!find) return;
    isFound ||= find[0] === model.get("view") && String(find[1]) === entry;
    if (isFound) done.textContent = `✓ Goal reached: you found ${entryName("y", find[1])} of y = ${find[0]}.`;
  }

  function writeHere() {
    const pair = [scene.view.storage, scene.reads[scene.walk.selected]];
    save({ writes: [...model.get("writes"), pair] });
  }

  function tellKernel() {
    const entry = scene.entries[scene.walk.selected];
    toldEntry = String(entry);
    save({ entry });
  }

  function save(state) {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    model.save_changes();
  }

  const paintSoon = oncePerFrame(paint);
  const followSoon = oncePerFrame(follow);
  for (const event of EVENTS) model.on(event, followSoon);
  const buttons = html("p", { class: "chalkboard-buttons" }, write, undo);
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
      buttons,
      createKey(MEANINGS),
      speech.element,
    ),
  );
  follow();

  return () => {
    for (const pending of [paintSoon, followSoon, speech.soon, scene.walk]) pending.cancel();
    for (const event of EVENTS) model.off(event, followSoon);
  };
}

/** A list of views to choose from, and a line in which another can be typed. */
function createChooser(choose, type) {
  const ids = { select: uniqueId("view"), input: uniqueId("typed") };
  const select = html("select", { id: ids.select, ...NO_SHORTCUTS });
  const plain = { type: "text", spellcheck: "false", autocomplete: "off" };
  const input = html("input", { id: ids.input, ...plain, ...NO_SHORTCUTS });
  const typed = () => input.value.trim() && type(input.value);
  const element = html(
    "div",
    { class: "chalkboard-chooser" },
    html("span", {}, html("label", { for: ids.select }, "Choose a view:  y = "), select),
    html(
      "div",
      { class: "chalkboard-typed" },
      html("label", { for: ids.input }, "or type:"),
      input,
      createButton("Show", typed, "Show the typed view"),
    ),
  );
  let listed = null;
  select.addEventListener("change", () => choose(select.value));
  // Not a form: JupyterLab keeps the page from submitting one.
  input.addEventListener("keydown", (event) => event.key === "Enter" && typed());
  function show(views, chosen) {
    if (views !== listed) {
      select.replaceChildren(...views.map(({ code }) => html("option", { value: code }, code)));
    }
    listed = views;
    select.value = chosen.code;
  }
  return { element, show };
}

/** The table that says what a view changes, and what it leaves. */
function createLayouts() {
  const heads = ["shape", "stride", "offset", "storage"].map((text) => html("th", { scope: "col" }, text));
  const body = html("tbody");
  const element = html(
    "table",
    { class: "chalkboard-layouts" },
    html("thead", {}, html("tr", {}, html("td"), ...heads)),
    body,
  );
  const row = (name, { layout }, storage) => {
    const texts = [writeShape(layout.shape), writeShape(layout.stride), String(layout.offset), storage];
    const cells = texts.map((text) => html("td", {}, text));
    return html("tr", {}, html("th", { scope: "row" }, name), ...cells);
  };
  function show(x, y) {
    const ofY = y.storage === 0 ? "the same as x" : "its own: a copy";
    body.replaceChildren(row("x", x, "its own"), row("y", y, ofY));
  }
  return { element, show };
}

/** The storage (or two, after a copy), x over it, and y. */
function createScene(view, x, storages) {
  const isShared = view.storage === 0;
  const [ofX, ofY] = [createReader("x", x), createReader("y", view)];
  const stored = [createStorage("Storage of x", storages[0].length)];
  if (!isShared) stored.push(createStorage("Storage of y", storages[view.storage].length));
  const cells = stored.at(-1).cells;
  const marks = {
    current: createMark(ofY.grid.cells, "chalkboard-current"),
    sameInY: createMark(ofY.grid.cells, "chalkboard-same"),
    sameInX: createMark(ofX.grid.cells, "chalkboard-same"),
    cell: createMark(cells, "chalkboard-current"),
  };
  createMark(cells, "chalkboard-unread")([...cells.keys()].filter((cell) => !ofY.reads.includes(cell)));
  const figure = (caption, { element }) =>
    html("figure", {}, html("figcaption", {}, caption), element);
  const tensors = [figure("x", ofX.grid), figure(`y = ${view.code}`, ofY.grid)];
  const element = html(
    "div",
    {},
    ...stored.map((each) => each.element),
    html("div", { class: "chalkboard-tensors" }, ...tensors),
  );

  /** Marks an entry of y, its cell and all that read it; returns the names of the others. */
  function mark(index) {
    const cell = ofY.reads[index];
    const [inY, inX] = [ofY.readersOf(cell), isShared ? ofX.readersOf(cell) : []];
    marks.current([index]);
    marks.cell([cell]);
    marks.sameInY(inY);
    marks.sameInX(inX);
    return [...inY.filter((each) => each !== index).map(ofY.nameOf), ...inX.map(ofX.nameOf)];
  }

  function write(originals, writes) {
    const texts = originals.map((each) => [...each]);
    for (const [storage, cell] of writes) texts[storage][cell] = WRITTEN;
    stored[0].show(texts[0]);
    stored.at(-1).show(texts[view.storage]);
    ofY.show(texts[view.storage]);
    asImage(ofX.grid, `x, row by row: ${ofX.show(texts[0]).join(", ")}`);
  }

  return { view, element, mark, write, ...ofY };
}

/** A tensor's grid, and which cell each of its entries reads. */
function createReader(name, { layout }) {
  const grid = createGrid(name, layout.shape);
  const { entries } = grid;
  const reads = entries.map((entry) => cellOf(layout, entry));
  function show(stored) {
    const texts = reads.map((cell) => stored[cell]);
    grid.show(texts);
    return texts;
  }
  return {
    grid,
    entries,
    reads,
    show,
    readersOf: (cell) => [...reads.keys()].filter((index) => reads[index] === cell),
    nameOf: (index) => entryName(name, entries[index]),
  };
}

/** A row of numbered cells that goes on in the next line where it is too long. */
function createStorage(title, size) {
  const cells = Array.from({ length: size }, () => html("div", { class: "chalkboard-cell" }));
  const slots = cells.map((cell, index) => {
    const number = html("div", { class: "chalkboard-index" }, String(index));
    return html("div", { class: "chalkboard-slot" }, number, cell);
  });
  const row = html("div", { class: "chalkboard-storage", role: "img" }, ...slots);
  const caption = html("figcaption", {}, `${title}: ${size} cells in a row`);
  function show(texts) {
    cells.forEach((cell, index) => (cell.textContent = texts[index]));
    row.setAttribute("aria-label", `${title}, ${size} cells: ${texts.join(", ")}`);
  }
  return { element: html("figure", { class: "chalkboard-stored" }, caption, row), cells, show };
}

function cellOf({ offset, stride }, entry) {
  return entry.reduce((cell, index, dimension) => cell + index * stride[dimension], offset);
}

/** Which cell an entry reads, with the arithmetic. */
function describeReading(layout, entry) {
  const cell = cellOf(layout, entry);
  const steps = entry.map((index, dimension) => `${index} × stride ${layout.stride[dimension]}`);
  const sum = [`offset ${layout.offset}`, ...steps].join(" + ");
  return `${entryName("y", entry)} reads storage cell ${cell}:  ${sum} = ${cell}`;
}

export default { render };
