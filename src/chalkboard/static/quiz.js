// The view of Quiz: choose or type, press Check, and read why it is right or what to think of.
//
// Choosing asks nothing of the kernel. Check does, because what is right is known there only.

import { html } from "./parts/dom.js";
import { createButton, createFrame, createSpeech } from "./parts/frame.js";
import {
  createForm,
  createQuestion,
  createReply,
  createSubmit,
  isSame,
  replyText,
} from "./parts/question.js";
import { whenQuiet } from "./parts/timing.js";

const PATIENCE_MILLISECONDS = 5000;
const NO_ANSWER =
  "Python has not answered yet. If it is busy, wait. If it has stopped, run this cell again.";
const TRAITS = ["chosen", "checked", "replies", "message"].map((trait) => `change:${trait}`);

function render({ model, el }) {
  const questions = model.get("questions");
  const items = questions.map(createItem);
  const notes = questions.map(() => ""); // what stands in place of a reply
  const standing = html("p", { class: "chalkboard-standing" });
  const message = html("p", { class: "chalkboard-message" });
  const speech = createSpeech(() => spoken);
  let spoken = "";
  let asked = -1; // the question whose reply is awaited

  function createItem(question, index) {
    const isAlone = questions.length === 1;
    const fields = createQuestion(question, isAlone ? [] : [`${index + 1}. `], () => choose(index));
    const submit = createSubmit("Check", isAlone ? "" : `Check question ${index + 1}`);
    const reply = createReply();
    const form = createForm(() => check(index), fields.element, submit, reply.element);
    return { fields, reply, form };
  }

  function choose(index) {
    notes[index] = "";
    set("chosen", index, items[index].fields.answer());
    // At once: what is not sent is lost when the kernel echoes what was sent before.
    model.save_changes();
    paint();
  }

  function check(index) {
    const answer = items[index].fields.answer();
    if (!answer.length) return note(index, "Choose or type an answer first.");
    if (replyTo(index)) return speakReply(index);
    asked = index;
    set("checked", index, answer);
    model.save_changes();
    complainLater();
    return note(index, "");
  }

  function set(trait, index, answer) {
    model.set(trait, model.get(trait).with(index, answer));
  }

  function startAgain() {
    const none = questions.map(({ kind }) => (kind === "choices" ? [] : ""));
    asked = -1;
    notes.fill("");
    for (const trait of ["chosen", "checked"]) model.set(trait, none);
    model.save_changes();
    items[0].fields.focus();
    speak("The quiz is empty again.");
  }

  function note(index, words) {
    notes[index] = words;
    speak(words);
    paint();
  }

  function speak(words) {
    spoken = words;
    speech.soon();
  }

  function speakReply(index) {
    speak(`${replyText(replyTo(index))} ${standing.textContent}`);
  }

  /** The reply to what is chosen now; none where it was to something else. */
  function replyTo(index) {
    const reply = model.get("replies")[index];
    return reply && isSame(reply.to, model.get("chosen")[index]) ? reply : null;
  }

  function paint() {
    items.forEach(({ reply }, index) => reply.show(replyTo(index), notes[index]));
    const right = items.filter((_, index) => replyTo(index)?.outcome === "right").length;
    standing.textContent = describeStanding(right, questions.length);
    again.hidden = model.get("chosen").every((answer) => !answer.length);
    message.textContent = model.get("message");
  }

  function followKernel() {
    items.forEach(({ fields }, index) => fields.show(model.get("chosen")[index]));
    paint();
    if (asked < 0 || !replyTo(asked)) return;
    complainLater.cancel();
    notes[asked] = "";
    speakReply(asked);
    asked = -1;
  }

  const complainLater = whenQuiet(() => note(asked, NO_ANSWER), PATIENCE_MILLISECONDS);
  const again = createButton("Start again", startAgain, "Start again: forget all answers of this quiz");
  const label = `Quiz: ${model.get("name").replaceAll("-", " ")}`;
  const forms = items.map(({ form }) => form);
  const foot = html("div", { class: "chalkboard-foot" }, standing, again);
  el.append(createFrame(label, model.get("goal"), ...forms, foot, message, speech.element));
  for (const event of TRAITS) model.on(event, followKernel);
  followKernel();

  return () => {
    complainLater.cancel();
    speech.soon.cancel();
    for (const event of TRAITS) model.off(event, followKernel);
  };
}

function describeStanding(right, count) {
  if (right < count) return `${right} of ${count} right.`;
  return count === 1 ? "✓ Right: done." : `✓ All ${count} right: done.`;
}

export default { render };
