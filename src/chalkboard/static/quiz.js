// The view of Quiz: choose or type, press Check, and read why it is right or what to think of.
//
// Choosing asks nothing of the kernel. Check does, because what is right is known there only.

import { html } from "./parts/dom.js";
import { createButton } from "./parts/frame.js";
import { createForm, createSheet } from "./parts/question.js";

function render({ model, el }) {
  const sheet = createSheet(model, paint);
  const { items, replyTo } = sheet;
  const again = createButton("Start again", startAgain, "Start again: forget all answers of this quiz");

  function check(index) {
    const answer = items[index].answer();
    if (!answer.length) return sheet.note(index, "Choose or type an answer first.");
    if (replyTo(index)) return sheet.speakReply(index);
    model.set("checked", model.get("checked").with(index, answer));
    return sheet.ask(index);
  }

  function startAgain() {
    model.set("checked", sheet.clear());
    model.save_changes();
    items[0].focus();
  }

  function paint() {
    const right = items.filter((_, index) => replyTo(index)?.outcome === "right").length;
    again.hidden = model.get("chosen").every((answer) => !answer.length);
    return describeStanding(right, items.length);
  }

  const forms = items.map(({ element, reply }, index) => {
    const button = createButton("Check", () => {}, items.length > 1 ? `Check question ${index + 1}` : "");
    return createForm(button, () => check(index), element, button, reply);
  });
  const foot = html("div", { class: "chalkboard-foot" }, sheet.standing, again);
  return sheet.show(el, "Quiz", ...forms, foot);
}

function describeStanding(right, count) {
  if (right < count) return `${right} of ${count} right.`;
  return count === 1 ? "✓ Right: done." : `✓ All ${count} right: done.`;
}

export default { render };
