// The view of Progress: bars with their words, what is still open here, and where to go next.

import { html } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { createLink } from "./parts/links.js";

const TRAITS = ["here", "lessons", "total", "next", "message"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const lesson = html("div", {});
  const following = html("p", {});
  const total = createBar("The course");
  const rows = html("tbody");
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(describe);

  function paint() {
    const here = model.get("here");
    const next = model.get("next");
    lesson.replaceChildren(...(here ? drawLesson(model, here) : []));
    following.replaceChildren(...(next ? ["Next: ", createLink(model, next.title, next.link), "."] : []));
    total.show(model.get("total"));
    rows.replaceChildren(...model.get("lessons").map((each) => drawRow(model, each, here)));
    message.textContent = model.get("message");
  }

  function describe() {
    const here = model.get("here");
    const words = [`The course: ${model.get("total").words}.`, model.get("message")];
    return [...(here ? [`This lesson: ${here.words}.`] : []), ...words].join(" ");
  }

  function followKernel() {
    paint();
    speech.soon();
  }

  const refresh = createButton("Look again", () => model.send("refresh"), "Look again what is done");
  const caption = html("caption", { class: "chalkboard-hidden" }, "All lessons");
  const table = html("table", { class: "chalkboard-lessons" }, caption, rows);
  const summary = html("summary", { ...NO_SHORTCUTS }, "All lessons");
  const details = html("details", {}, summary, table);
  const parts = [lesson, following, total.element, details, refresh, message, speech.element];
  el.append(createFrame("Progress", model.get("goal"), ...parts));
  for (const event of TRAITS) model.on(event, followKernel);
  paint();

  return () => {
    speech.soon.cancel();
    for (const event of TRAITS) model.off(event, followKernel);
  };
}

/** This lesson: how far it is, and what is not right yet, each with a way to get there. */
function drawLesson(model, here) {
  const bar = createBar("This lesson");
  bar.show(here);
  const open = here.exercises.filter(({ state }) => state !== "right");
  const isDone = here.count > 0 && here.done === here.count;
  const praise = isDone ? [html("p", {}, html("strong", {}, "✓ All exercises of this lesson are right."))] : [];
  if (!open.length) return [bar.element, ...praise];
  const items = open.map(({ title, cell, words }) =>
    html("li", {}, createLink(model, title, "", cell), `: ${words}`),
  );
  const heading = html("p", {}, isDone ? "Also here:" : "Still open here:");
  return [bar.element, ...praise, heading, html("ul", {}, ...items)];
}

/** One lesson in the table of all; `here` is marked by a word too. */
function drawRow(model, lesson, here) {
  const isHere = here?.id === lesson.id;
  const title = isHere ? html("strong", {}, lesson.title) : createLink(model, lesson.title, lesson.link);
  const mark = lesson.count > 0 && lesson.done === lesson.count ? "✓ " : "";
  return html(
    "tr",
    isHere ? { "aria-current": "page" } : {},
    html("th", { scope: "row" }, title, isHere ? " (this one)" : ""),
    html("td", {}, mark + lesson.words),
  );
}

/** A bar with its name and its words; the words say all that the bar shows. */
function createBar(name) {
  const bar = html("progress", { "aria-label": name });
  const words = html("span", { class: "chalkboard-number" });
  const element = html("p", { class: "chalkboard-bar" }, html("span", {}, name), bar, words);
  function show({ points, of, words: said }) {
    bar.max = Math.max(of, 1);
    bar.value = points;
    bar.setAttribute("aria-valuetext", said);
    words.textContent = said;
  }
  return { element, show };
}

export default { render };
