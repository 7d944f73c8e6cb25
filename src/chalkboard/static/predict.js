// The view of Predict: answer, keep it, run the next cell, and only then compare.
//
// Choosing asks nothing of the kernel; it is told when the prediction stands, and asked for the
// comparison, because what happens is known there only.

import { html } from "./parts/dom.js";
import { createButton } from "./parts/frame.js";
import { createForm, createSheet } from "./parts/question.js";

function render({ model, el }) {
  const sheet = createSheet(model, paint);
  const { items } = sheet;
  const keep = createButton("Keep my prediction", () => {});
  const compare = createButton("Compare", () => goOn("compared"));
  const again = createButton("Predict again", startAgain);
  const shownIn = { open: [keep], predicted: [compare, again], compared: [again] };

  function predict() {
    const missing = items.findIndex((item) => !item.answer().length);
    if (missing < 0) return goOn("predicted");
    sheet.note(missing, "Make a prediction first. A guess will do.");
    return items[missing].focus();
  }

  function goOn(stage) {
    model.set("stage", stage);
    if (stage === "compared") sheet.ask(0);
    else model.save_changes();
  }

  function startAgain() {
    sheet.clear();
    goOn("open");
    items[0].focus();
  }

  function paint() {
    const stage = model.get("stage");
    const focused = form.contains(document.activeElement) ? document.activeElement : null;
    for (const { element } of items) element.disabled = stage !== "open";
    for (const button of [keep, compare, again]) button.hidden = !shownIn[stage].includes(button);
    // The button that was pressed is gone: who moves by keyboard goes on from the next one.
    if (focused?.matches("[hidden], :disabled")) shownIn[stage][0].focus();
    return stage === "predicted" ? `Your prediction is kept. ${model.get("then")}` : "";
  }

  const foot = html("div", { class: "chalkboard-foot" }, keep, sheet.standing, compare, again);
  const form = createForm(keep, predict, ...items.flatMap(({ element, reply }) => [element, reply]), foot);
  return sheet.show(el, "Prediction", form);
}

export default { render };
