// The view of Progress: bars with their words, what is still open here, and where to go next.

import { html } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { createLink } from "./parts/links.js";

function render({ model, el }) {
  const link = (words, address, cell) => createLink(model, words, address, cell);
  const [lesson, total] = [html("div"), html("div")];
  const following = html("p");
  const rows = html("tbody");
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(() => model.get("words"));

  function paint() {
    const [here, next] = [model.get("here"), model.get("next")];
    lesson.replaceChildren(...(here ? [drawBar("This lesson", here), ...drawOpen(here, link)] : []));
    following.replaceChildren(...(next ? ["Next: ", link(next.title, next.link), "."] : []));
    total.replaceChildren(drawBar("The course", model.get("total")));
    rows.replaceChildren(...model.get("lessons").map((each) => drawRow(each, each.id === here?.id, link)));
    message.textContent = model.get("message");
  }

  function follow() {
    paint();
    speech.soon();
  }

  const refresh = createButton("Look again", () => model.send("refresh"), "Look again what is done");
  const caption = html("caption", { class: "chalkboard-hidden" }, "All lessons");
  const table = html("table", { class: "chalkboard-lessons" }, caption, rows);
  const details = html("details", { class: "chalkboard-course" }, html("summary", NO_SHORTCUTS, "All lessons"), table);
  const parts = [lesson, following, total, details, refresh, message, speech.element];
  el.append(createFrame("Progress", model.get("goal"), ...parts));
  model.on("change", follow);
  paint();

  return () => {
    speech.soon.cancel();
    model.off("change", follow);
  };
}

/** What is not right yet, each with a way to get there. */
function drawOpen({ isDone, exercises }, link) {
  const open = exercises.filter(({ state }) => state !== "right");
  const items = open.map(({ title, cell, words }) => html("li", {}, link(title, "", cell), `: ${words}`));
  const parts = isDone ? [html("p", {}, html("strong", {}, "✓ All exercises of this lesson are right."))] : [];
  if (open.length) parts.push(html("p", {}, isDone ? "Also here:" : "Still open here:"), html("ul", { class: "chalkboard-open" }, ...items));
  return parts;
}

/** One lesson in the table of all; the one that this stands in is marked by a word too. */
function drawRow({ title, link: address, isDone, words }, isHere, link) {
  const name = isHere ? [html("strong", {}, title), " (this one)"] : [link(title, address)];
  const heading = html("th", { scope: "row" }, ...name);
  return html("tr", isHere ? { "aria-current": "page" } : {}, heading, html("td", {}, `${isDone ? "✓ " : ""}${words}`));
}

/** A bar with its name and its words; the words say all that the bar shows. */
function drawBar(name, { points, of, words }) {
  const bar = html("progress", { "aria-label": name, max: Math.max(of, 1), value: points, "aria-valuetext": words });
  const said = html("span", { class: "chalkboard-number" }, words);
  return html("p", { class: "chalkboard-bar" }, html("span", {}, name), bar, said);
}

export default { render };
