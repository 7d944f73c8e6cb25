// The view of StrideExplorer: choose a view of x, walk through it, and see which cell is read.

import { html, uniqueId } from "./parts/dom.js";
import { createButton, NO_SHORTCUTS } from "./parts/frame.js";
import { createLine, createScene } from "./parts/scene.js";

const WRITTEN = "99";

function render({ model, el }) {
  const id = uniqueId("view");
  const select = html("select", { id, ...NO_SHORTCUTS });
  const { element: line, input } = createLine("or type:");
  const show = createButton("Show", type, "Show the typed view");
  const chooser = html("span", {}, html("label", { for: id }, "Choose a view:  y = "), select);
  const controls = [chooser, html("span", { class: "chalkboard-typing" }, line, show)];
  const write = createButton("Write", writeHere);
  const undo = createButton("Undo writing", () => scene.save({ writes: [] }));
  const buttons = html("p", { class: "chalkboard-buttons" }, write, undo);
  let spot = null;

  function type() {
    if (input.value.trim()) scene.save({ typed: input.value });
  }

  function writeHere() {
    const [, ...cell] = spot;
    scene.save({ writes: [...model.get("writes"), cell] });
  }

  function label({ selected }, { spots }) {
    spot = spots[selected];
    const text = `Write ${WRITTEN} into ${spot[0]}`;
    if (write.textContent !== text) write.textContent = text;
  }

  function list() {
    const views = model.get("views");
    if (select.length !== views.length) {
      select.replaceChildren(...views.map((view) => html("option", { value: view }, view)));
    }
    select.value = model.get("view");
    undo.disabled = model.get("writes").length === 0;
  }

  const scene = createScene({ model, el }, "Stride explorer", controls, [buttons], label);
  select.addEventListener("change", () => scene.save({ view: select.value }));
  // Not a form: JupyterLab keeps the page from submitting one.
  input.addEventListener("keydown", (event) => event.key === "Enter" && type());
  const events = "change:views change:view change:writes";
  model.on(events, list);
  list();
  return () => {
    model.off(events, list);
    scene.stop();
  };
}

export default { render };
