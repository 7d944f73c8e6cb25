// Tensors as grids of cells, one of which is walked through.
//
// What is marked at each entry, and said of it, the kernel has sent for all entries at once.

import { html, uniqueId } from "./dom.js";
import { letDrag } from "./dragging.js";
import { NO_SHORTCUTS } from "./frame.js";
import { whenQuiet } from "./timing.js";

const KEY_PAUSE_MILLISECONDS = 150;
const WIDE_FROM = 8;

/**
 * The grids of a `walk` with a key to their marks.
 *
 * `selected` is the index of the entry that was chosen; `here()` the one to show, which is another
 * while the pointer is over it. `changed()` is called when that changes, and `settled()` when a
 * choice has been made.
 */
export function createWalk({ grids, walked, marks, meanings }, changed, settled) {
  const drawn = grids.map((grid, place) => createGrid(grid, place === walked));
  const { element, cells, entries, columns, rows } = drawn[walked];
  const settleSoon = whenQuiet(settled, KEY_PAUSE_MILLISECONDS);
  let hovered = null;
  const walk = { element, selected: 0, here: () => hovered ?? walk.selected, cancel: settleSoon.cancel };
  walk.figures = [
    html("div", { class: "chalkboard-tensors" }, ...drawn.map(({ figure }) => figure)),
    createKey(meanings),
  ];
  walk.entry = () => entries[walk.selected];
  walk.select = (entry) => {
    walk.selected = Math.max(0, entries.findIndex((each) => String(each) === String(entry)));
  };
  walk.show = () => {
    const index = walk.here();
    for (const { grid, kind, keys, at } of marks) {
      drawn[grid].cells.forEach((cell, place) =>
        cell.classList.toggle(`chalkboard-${kind}`, keys[place] === at[index]),
      );
    }
    // Which cell has the focus is said by its id, so the focus itself never has to move.
    element.setAttribute("aria-activedescendant", cells[walk.selected].id);
  };

  function look(index, isChoice) {
    if (isChoice) walk.selected = index;
    else if (index === hovered) return;
    hovered = isChoice ? null : index;
    changed();
  }

  function indexAt({ target, clientX, clientY }) {
    // In a drag the whole grid is the target, wherever the pointer is.
    const isDrag = target === element;
    const under = isDrag ? element.getRootNode().elementFromPoint(clientX, clientY) : target;
    const cell = under?.closest("[data-at]");
    return element.contains(cell) ? Number(cell.dataset.at) : null;
  }

  /** Where a key leads; undefined for a key that means nothing here. */
  function stepBy(key) {
    const column = walk.selected % columns;
    const start = walk.selected - column;
    const rowsOn = (count) => walk.selected + count * columns;
    const next = {
      ArrowLeft: start + Math.max(column - 1, 0),
      ArrowRight: start + Math.min(column + 1, columns - 1),
      Home: start,
      End: start + columns - 1,
      ArrowUp: rowsOn(-1),
      ArrowDown: rowsOn(1),
      PageUp: rowsOn(-rows),
      PageDown: rowsOn(rows),
    }[key];
    return next === undefined || cells[next] ? next : walk.selected;
  }

  element.addEventListener("keydown", (event) => {
    const next = stepBy(event.key);
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    look(next, true);
    settleSoon();
  });
  const drag = (event) => {
    element.focus({ preventScroll: true });
    look(indexAt(event) ?? walk.selected, true);
  };
  letDrag(element, drag, settled);
  element.addEventListener("pointermove", (event) => event.buttons || look(indexAt(event)));
  element.addEventListener("pointerleave", () => look(null));
  return walk;
}

/**
 * The entries of a tensor, a row for each of the last dimension and a block of rows for each index
 * of the first of three. A grid that is not walked through is one image.
 */
function createGrid({ name, shape, texts, caption, label, look }, isWalked) {
  const id = uniqueId("grid");
  const entries = shape.reduce(
    (starts, size) => starts.flatMap((start) => count(size).map((index) => [...start, index])),
    [[]],
  );
  const nameOf = (entry) => (entry.length ? `${name}[${entry.join(", ")}]` : name);
  const [, rows, columns] = [1, 1, 1, ...shape].slice(-3);
  const withRole = (role, attributes) => (isWalked ? { role, ...attributes } : {});
  const cells = texts.map((text, index) => {
    const known = { id: `${id}-${index}`, "data-at": index, "aria-label": `${nameOf(entries[index])}: ${text}` };
    return html("div", { class: "chalkboard-cell", ...withRole("gridcell", known) }, text);
  });
  const slot = (cell, index) => html("div", { class: "chalkboard-slot" }, createHeading(index), cell);
  const slots = look === "storage" ? cells.map(slot) : cells;
  const createRow = (start) =>
    html(
      "div",
      { class: "chalkboard-row", ...withRole("row") },
      createHeading(shape.length > 1 ? (start / columns) % rows : ""),
      ...slots.slice(start, start + columns),
    );
  const createBlock = (block) =>
    html(
      "div",
      { class: "chalkboard-block", style: `--columns: ${columns}`, ...withRole("rowgroup") },
      html("div", { class: "chalkboard-block-title", "aria-hidden": "true" }, shape.length > 2 ? nameOf([block]) : ""),
      html("div", { class: "chalkboard-row", "aria-hidden": "true" }, ...["", ...count(columns)].map(createHeading)),
      ...count(rows).map((row) => createRow((block * rows + row) * columns)),
    );
  const form = shape.length < 2 ? "flat" : columns > WIDE_FROM ? "wide" : "square";
  const element = html(
    "div",
    { class: `chalkboard-tensor chalkboard-${look} chalkboard-${form}`, role: "img", "aria-label": label, ...withRole("grid", { tabindex: 0, ...NO_SHORTCUTS }) },
    ...count(cells.length / (rows * columns)).map(createBlock),
  );
  const figure = html("figure", {}, html("figcaption", {}, caption), element);
  return { figure, element, cells, entries, columns, rows };
}

/** What the marks mean: a sample of each kind with its words. */
function createKey(meanings) {
  const samples = meanings.map(([kind, words]) => {
    const look = `chalkboard-cell chalkboard-sample chalkboard-${kind}`;
    return html("span", {}, html("span", { class: look, "aria-hidden": "true" }), words);
  });
  return html("p", { class: "chalkboard-key" }, ...samples);
}

function createHeading(text) {
  return html("div", { class: "chalkboard-index", "aria-hidden": "true" }, String(text));
}

function count(size) {
  return Array.from({ length: size }, (_, index) => index);
}
