// A tensor as a grid of cells, up to three dimensions, with one entry that is looked at.

import { html, setAttributes, uniqueId } from "./dom.js";
import { letDrag } from "./dragging.js";
import { NO_SHORTCUTS } from "./frame.js";
import { whenQuiet } from "./timing.js";

const KEY_PAUSE_MILLISECONDS = 150;
const WIDE_FROM = 8;
const CELL_PIXELS = 44;
const HEADING_PIXELS = 20;

/** All indexes into `shape`, row by row. */
export function entriesOf(shape) {
  return shape.reduce(
    (entries, size) => entries.flatMap((entry) => count(size).map((index) => [...entry, index])),
    [[]],
  );
}

/** How an entry is written: `y[1, 2]`, and `y` alone for a tensor without dimensions. */
export function entryName(name, entry) {
  return entry.length ? `${name}[${entry.join(", ")}]` : name;
}

/** How a shape is written in Python. */
export function writeShape(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** The parts as one enumeration: `a, b and c`. */
export function joinWords(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : String(parts[0]);
}

/** The index of the entry whose indexes are `entry`; the first, where there is none. */
export function indexOfEntry(entries, entry) {
  return Math.max(0, entries.findIndex((each) => each.join() === entry.join()));
}

/**
 * The entries of a tensor `name` of `shape`, a row for each of the last dimension and a block of
 * rows for each index of the first of three. `show(texts)` writes into the cells.
 */
export function createGrid(name, shape) {
  const id = uniqueId("grid");
  const entries = entriesOf(shape);
  const columns = shape.length ? shape.at(-1) : 1;
  const rowsInBlock = shape.length > 1 ? shape.at(-2) : 1;
  const cells = entries.map((_, index) =>
    html("div", { class: "chalkboard-cell", role: "gridcell", id: `${id}-${index}`, "data-at": index }),
  );
  const rows = count(cells.length / columns).map((row) =>
    createRow(shape.length > 1 ? row % rowsInBlock : "", cells.slice(row * columns, (row + 1) * columns)),
  );
  const blocks = count(rows.length / rowsInBlock).map((block) =>
    createBlock(
      shape.length > 2 ? entryName(name, [block]) : "",
      shape.length ? columns : 0,
      rows.slice(block * rowsInBlock, (block + 1) * rowsInBlock),
    ),
  );
  const wide = columns > WIDE_FROM && shape.length > 1 ? " chalkboard-wide" : "";
  const flat = shape.length < 2 ? " chalkboard-flat" : "";
  const element = html("div", { class: `chalkboard-tensor${wide}${flat}`, role: "grid" }, ...blocks);

  function show(texts) {
    cells.forEach((cell, index) => {
      cell.textContent = texts[index];
      cell.setAttribute("aria-label", `${entryName(name, entries[index])}: ${texts[index]}`);
    });
  }

  return { element, cells, entries, columns, rowsInBlock, show };
}

/** Turns a grid that is only looked at into one image, so that nobody has to walk through it. */
export function asImage({ element }, label) {
  for (const part of element.querySelectorAll("[role]")) {
    part.removeAttribute("role");
    part.removeAttribute("aria-label");
  }
  setAttributes(element, { role: "img", "aria-label": label });
}

/** A function that gives the class `kind` to the cells at these indexes, and takes it from others. */
export function createMark(cells, kind) {
  let marked = [];
  return (indexes) => {
    for (const index of marked) cells[index].classList.remove(kind);
    for (const index of indexes) cells[index].classList.add(kind);
    marked = indexes;
  };
}

/** What the marks mean: a sample of each kind with its words. */
export function createKey(meanings) {
  const samples = Object.entries(meanings).map(([kind, words]) => {
    const look = `chalkboard-cell chalkboard-sample chalkboard-${kind}`;
    return html("span", {}, html("span", { class: look, "aria-hidden": "true" }), words);
  });
  return html("p", { class: "chalkboard-key" }, ...samples);
}

/**
 * Lets a grid be walked through by arrow keys, and pointed at.
 *
 * `selected` is the index of the entry that was chosen; `here()` the one to show, which is another
 * while the pointer is over it. `changed()` is called when that changes, and `settled()` when a
 * choice has been made.
 */
export function createWalk(grid, label, changed, settled) {
  const { element, cells } = grid;
  const settleSoon = whenQuiet(settled, KEY_PAUSE_MILLISECONDS);
  let hovered = null;
  const walk = {
    selected: 0,
    here: () => hovered ?? walk.selected,
    // Which cell has the focus is said by its id, so the focus itself never has to move.
    show: () => element.setAttribute("aria-activedescendant", cells[walk.selected].id),
    cancel: settleSoon.cancel,
  };
  const hover = (index) => {
    if (index === hovered) return;
    hovered = index;
    changed();
  };
  const select = (index) => {
    walk.selected = index;
    hovered = null;
    changed();
  };
  const indexAt = ({ target, clientX, clientY }) => {
    // In a drag the whole grid is the target, wherever the pointer is.
    const isDrag = target === element;
    const under = isDrag ? element.getRootNode().elementFromPoint(clientX, clientY) : target;
    const cell = under?.closest("[data-at]");
    return element.contains(cell) ? Number(cell.dataset.at) : null;
  };
  setAttributes(element, { tabindex: 0, "aria-label": label, ...NO_SHORTCUTS });
  element.addEventListener("keydown", (event) => {
    const next = stepFrom(grid, walk.selected, event.key);
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    select(next);
    settleSoon();
  });
  const drag = (event) => {
    element.focus({ preventScroll: true });
    select(indexAt(event) ?? walk.selected);
  };
  letDrag(element, drag, settled);
  element.addEventListener("pointermove", (event) => event.buttons || hover(indexAt(event)));
  element.addEventListener("pointerleave", () => hover(null));
  return walk;
}

/** Where a key leads from an index: null for a key that means nothing here. */
function stepFrom({ cells, columns, rowsInBlock }, index, key) {
  const column = index % columns;
  const inRow = (to) => index - column + Math.min(Math.max(to, 0), columns - 1);
  const rowsOn = (rows) => {
    const next = index + rows * columns;
    return next >= 0 && next < cells.length ? next : index;
  };
  const steps = {
    ArrowLeft: () => inRow(column - 1),
    ArrowRight: () => inRow(column + 1),
    ArrowUp: () => rowsOn(-1),
    ArrowDown: () => rowsOn(1),
    PageUp: () => rowsOn(-rowsInBlock),
    PageDown: () => rowsOn(rowsInBlock),
    Home: () => inRow(0),
    End: () => inRow(columns - 1),
  };
  return Object.hasOwn(steps, key) ? steps[key]() : null;
}

function createRow(heading, cells) {
  return html("div", { class: "chalkboard-row", role: "row" }, createHeading(heading), ...cells);
}

/** Rows under the indexes of their columns; `title` says which block of several this is. */
function createBlock(title, columns, rows) {
  const headings = ["", ...count(columns)].map(createHeading);
  const head = html("div", { class: "chalkboard-row", "aria-hidden": "true" }, ...headings);
  const above = title ? [html("div", { class: "chalkboard-block-title", "aria-hidden": "true" }, title)] : [];
  // The width that the cells would like; where there is less, they shrink.
  const width = `width: ${HEADING_PIXELS + CELL_PIXELS * Math.max(columns, 1)}px`;
  return html("div", { class: "chalkboard-block", role: "rowgroup", style: width }, ...above, head, ...rows);
}

function createHeading(text) {
  return html("div", { class: "chalkboard-index", "aria-hidden": "true" }, String(text));
}

function count(size) {
  return Array.from({ length: size }, (_, index) => index);
}
