// The page of an explorer of memory, which the kernel sends whole as the trait `scene`: a table,
// words and grids. Only the walk from entry to entry happens here; the kernel hears where it ends.

import { html, uniqueId } from "./dom.js";
import { createFrame, createSpeech, NO_SHORTCUTS } from "./frame.js";
import { createWalk } from "./grid.js";
import { oncePerFrame } from "./timing.js";

/**
 * The page of the explorer `label`: `controls` above the scene and `below` under it.
 *
 * `changed(walk, scene)` is called when another entry was chosen, or drawn; `save(state)` tells the
 * kernel.
 */
export function createScene({ model, el }, label, controls, below = [], changed = () => {}) {
  const message = html("p", { class: "chalkboard-message" });
  const table = html("table", { class: "chalkboard-scene-table" });
  const verdict = html("p", { class: "chalkboard-verdict" });
  const lines = html("ul", { class: "chalkboard-steps" });
  const picture = html("div");
  const sentence = html("p", { class: "chalkboard-arithmetic" });
  const done = html("p", { class: "chalkboard-found" });
  const speech = createSpeech(() =>
    [message, verdict, ...lines.children, sentence, done].map((each) => each.textContent).join(" "),
  );
  // The scene that is drawn: the kernel's newest may already be another one.
  let scene = model.get("scene");
  let walk = null;

  function draw() {
    scene = model.get("scene");
    say(message, scene.message);
    table.replaceChildren(...scene.table.map(createRow));
    say(verdict, scene.verdict);
    lines.replaceChildren(...scene.lines.map((line) => html("li", {}, line)));
    const hadFocus = walk?.element.matches(":focus");
    walk?.cancel();
    walk = scene.walk && createWalk(scene.walk, paintSoon, tellEntry);
    picture.replaceChildren(...(walk?.figures ?? []));
    if (hadFocus) walk?.element.focus({ preventScroll: true });
    follow();
  }

  function follow() {
    walk?.select(model.get("entry"));
    paint();
  }

  function paint() {
    walk?.show();
    sentence.textContent = walk ? scene.walk.sentences[walk.here()] : "";
    done.textContent = model.get("done");
    changed(walk, scene);
    speech.soon();
  }

  function save(state) {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    model.save_changes();
  }

  const tellEntry = () => save({ entry: walk.entry() });
  const paintSoon = oncePerFrame(paint);
  const drawSoon = oncePerFrame(draw);
  const followSoon = oncePerFrame(follow);
  const handlers = { scene: drawSoon, entry: followSoon, done: paintSoon };
  for (const [trait, handle] of Object.entries(handlers)) model.on(`change:${trait}`, handle);
  const parts = [message, table, verdict, lines, picture, sentence, done, ...below, speech.element];
  el.append(createFrame(label, model.get("goal"), html("div", { class: "chalkboard-chooser" }, ...controls), ...parts));
  draw();

  function stop() {
    for (const pending of [paintSoon, drawSoon, followSoon, speech.soon, walk]) pending?.cancel();
    for (const [trait, handle] of Object.entries(handlers)) model.off(`change:${trait}`, handle);
  }
  return { save, stop };
}

/** A line to type in, with its label. */
export function createLine(label) {
  const id = uniqueId("line");
  const input = html("input", { id, type: "text", spellcheck: "false", autocomplete: "off", ...NO_SHORTCUTS });
  return { input, element: html("span", {}, html("label", { for: id }, `${label} `), input) };
}

function say(element, { text, trouble }) {
  element.textContent = text;
  element.classList.toggle("chalkboard-trouble", trouble);
}

/** A row of a table; the first names its columns, and the first cell of the others their row. */
function createRow(cells, row) {
  return html(
    "tr",
    {},
    ...cells.map(([text, kind], place) => {
      if (row === 0 && place > 0) return html("th", { scope: "col" }, text);
      if (row > 0 && place === 0) return html("th", { scope: "row" }, text);
      return html("td", { class: `chalkboard-${kind}` }, text);
    }),
  );
}
