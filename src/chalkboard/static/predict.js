// The view of Predict: answer, keep it, run the next cell, and only then compare.
//
// Choosing asks nothing of the kernel; it is told when the prediction stands, and asked for the
// comparison, because what happens is known there only.

import { html } from "./parts/dom.js";
import { createButton, createFrame, createSpeech } from "./parts/frame.js";
import { createForm, createQuestion, createReply, createSubmit, isSame, replyText } from "./parts/question.js";
import { whenQuiet } from "./parts/timing.js";

const PATIENCE_MILLISECONDS = 5000;
const NO_ANSWER =
  "Python has not answered yet. If it is busy, wait. If it has stopped, run this cell again.";
const TRAITS = ["chosen", "stage", "replies", "message"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const questions = model.get("questions");
  const items = questions.map(createItem);
  const submit = createSubmit("Keep my prediction");
  const compare = createButton("Compare", () => goOn("compared"));
  const again = createButton("Predict again", startAgain);
  const step = html("p", { class: "chalkboard-standing" });
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(() => spoken);
  let spoken = "";

  function createItem(question, index) {
    const heading = questions.length > 1 ? [`${index + 1}. `] : [];
    return { fields: createQuestion(question, heading, choose), reply: createReply() };
  }

  function choose() {
    model.set("chosen", items.map(({ fields }) => fields.answer()));
    // At once: what is not sent is lost when the kernel echoes what was sent before.
    model.save_changes();
    message.textContent = "";
    paint();
  }

  function predict() {
    choose();
    const missing = items.findIndex(({ fields }) => !fields.answer().length);
    if (missing < 0) return goOn("predicted");
    say("Make a prediction first. A guess will do.");
    return items[missing].fields.focus();
  }

  function goOn(stage) {
    model.set("stage", stage);
    model.save_changes();
    if (isAwaited()) complainLater();
  }

  /** Whether the comparison was asked for and has not come. */
  function isAwaited() {
    return model.get("stage") === "compared" && !replyTo(0);
  }

  function startAgain() {
    model.set("chosen", questions.map(({ kind }) => (kind === "choices" ? [] : "")));
    goOn("open");
    items[0].fields.focus();
  }

  function say(words) {
    message.textContent = words;
    speak(words);
  }

  function speak(words) {
    spoken = words;
    speech.soon();
  }

  /** The comparison of a question with what is chosen now; none where it is of something else. */
  function replyTo(index) {
    const reply = model.get("replies")[index];
    return reply && isSame(reply.to, model.get("chosen")[index]) ? reply : null;
  }

  function paint() {
    const stage = model.get("stage");
    items.forEach(({ fields, reply }, index) => {
      fields.element.disabled = stage !== "open";
      reply.show(replyTo(index));
    });
    step.textContent = stage === "predicted" ? `Your prediction is kept. ${model.get("then")}` : "";
    submit.hidden = stage !== "open";
    compare.hidden = stage !== "predicted";
    again.hidden = stage === "open";
  }

  function followKernel() {
    items.forEach(({ fields }, index) => fields.show(model.get("chosen")[index]));
    message.textContent = model.get("message");
    const hadFocus = form.contains(document.activeElement);
    paint();
    // The button that was pressed is gone: who moves by keyboard goes on from the next one.
    if (hadFocus && !form.contains(document.activeElement)) shownButton().focus();
    if (!isAwaited()) complainLater.cancel();
    announce();
  }

  function shownButton() {
    return [submit, compare, again].find((button) => !button.hidden);
  }

  function announce() {
    const words = describe();
    if (words !== described) speak(words);
    described = words;
  }

  function describe() {
    const replies = items.map((_, index) => replyTo(index)).filter(Boolean);
    return [step.textContent, ...replies.map(replyText)].join(" ");
  }

  const complainLater = whenQuiet(() => say(NO_ANSWER), PATIENCE_MILLISECONDS);
  const parts = items.flatMap(({ fields, reply }) => [fields.element, reply.element]);
  const foot = html("div", { class: "chalkboard-foot" }, submit, step, compare, again);
  const form = createForm(predict, ...parts, foot);
  const label = `Prediction: ${model.get("name").replaceAll("-", " ")}`;
  el.append(createFrame(label, model.get("goal"), form, message, speech.element));
  for (const event of TRAITS) model.on(event, followKernel);
  items.forEach(({ fields }, index) => fields.show(model.get("chosen")[index]));
  message.textContent = model.get("message");
  paint();
  let described = describe();

  return () => {
    complainLater.cancel();
    speech.soon.cancel();
    for (const event of TRAITS) model.off(event, followKernel);
  };
}

export default { render };
