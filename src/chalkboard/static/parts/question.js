// Questions: native radios, checkboxes or text fields, so that keys and screen readers work.

import { html, uniqueId } from "./dom.js";
import { createFrame, createSpeech, NO_SHORTCUTS } from "./frame.js";
import { lineElements, passageElements, passageText } from "./passage.js";
import { whenQuiet } from "./timing.js";

const PATIENCE_MILLISECONDS = 5000;
const NO_ANSWER = "Python has not answered yet. If it is busy, wait. If it has stopped, run this cell again.";

/** The fields of a question; `answer` is a text, or a list of texts where several may be chosen. */
function createQuestion({ kind, words, options }, heading, changed) {
  const [first, ...more] = words;
  const label = html("span", {}, ...lineElements(first.spans));
  const legend = html("legend", {}, ...heading, label);
  const rest = html("div", { id: uniqueId("more") }, ...passageElements(more));
  if (kind === "choices") rest.append(html("p", { class: "chalkboard-quiet" }, "Choose all that are right."));
  const described = rest.childElementCount ? { "aria-describedby": rest.id } : {};
  const fields = options.length ? createOptions(kind, options) : createTextField(kind, label.textContent);
  const element = html("fieldset", { class: "chalkboard-question", ...described }, legend, rest, fields.element);
  element.addEventListener("input", changed);
  return { ...fields, element };
}

function createOptions(kind, options) {
  const type = kind === "choices" ? "checkbox" : "radio";
  const name = uniqueId("options");
  const inputs = options.map(({ value }) => html("input", { type, name, value, ...NO_SHORTCUTS }));
  const labels = options.map(({ spans }, index) =>
    html("label", {}, inputs[index], html("span", {}, ...lineElements(spans))),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return {
    element: html("div", { class: "chalkboard-options" }, ...labels),
    answer: () => (kind === "choices" ? chosen() : (chosen()[0] ?? "")),
    show: (answer) => {
      for (const input of inputs) input.checked = [answer].flat().includes(input.value);
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

function createTextField(kind, label) {
  const input = html("input", {
    type: "text",
    class: "chalkboard-typed",
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: kind === "number" ? "a number" : "",
    ...NO_SHORTCUTS,
  });
  // In a notebook, Enter in a text field does not reach the form by itself.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    input.form.requestSubmit();
  });
  return {
    element: html("div", { class: "chalkboard-options" }, input),
    answer: () => input.value.trim(),
    show: (answer) => {
      // The cursor of who is typing stays where it is.
      if (input.value.trim() !== answer) input.value = answer;
    },
    focus: () => input.focus(),
  };
}

/** A form that `act` answers, on its button and on Enter in a field. */
export function createForm(button, act, ...children) {
  button.type = "submit";
  const form = html("form", {}, ...children);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  return form;
}

/**
 * What Quiz and Predict share: all questions, each with a place for its reply, and a voice.
 *
 * `paint()` follows a change and returns the words for `standing`. `show` puts all on the page and
 * returns how to end it.
 */
export function createSheet(model, paint) {
  const questions = model.get("questions");
  const items = questions.map((question, index) => ({
    ...createQuestion(question, questions.length > 1 ? [`${index + 1}. `] : [], choose),
    reply: html("div", { class: "chalkboard-reply" }),
  }));
  const [standing, message] = ["standing", "message"].map((part) => html("p", { class: `chalkboard-${part}` }));
  const speech = createSpeech(() => spoken);
  const complainLater = whenQuiet(() => note(asked, NO_ANSWER), PATIENCE_MILLISECONDS);
  let spoken = "";
  let asked = -1; // the question whose reply is awaited
  let noted = {}; // what stands in place of a reply, and where
  let said = [""]; // the replies that were read aloud

  function choose() {
    forget();
    model.set("chosen", items.map(({ answer }) => answer()));
    // At once: what is not sent is lost when the kernel echoes what was sent before.
    model.save_changes();
  }

  /** Chooses nothing anywhere, and returns that; the kernel is not told yet. */
  function clear() {
    const none = questions.map(({ kind }) => (kind === "choices" ? [] : ""));
    forget();
    model.set("chosen", none);
    return none;
  }

  function forget() {
    complainLater.cancel();
    asked = -1;
    noted = {};
  }

  /** Tells the kernel, and complains if no reply to this question comes. */
  function ask(index) {
    forget();
    asked = index;
    complainLater();
    model.save_changes();
  }

  function note(index, words) {
    noted = { index, words };
    follow();
    speak(words);
  }

  function speak(words) {
    spoken = words;
    speech.soon();
  }

  const speakReply = (index) => speak(`${textOf(replyTo(index))} ${standing.textContent}`);

  /** The reply to what is chosen now; none where it was to something else. */
  function replyTo(index) {
    const reply = model.get("replies")[index];
    return reply && String(reply.to) === String(model.get("chosen")[index]) ? reply : null;
  }

  function follow() {
    const replies = items.map((_, index) => replyTo(index));
    if (replies[asked]) forget();
    items.forEach((item, index) => {
      item.show(model.get("chosen")[index]);
      showReply(item.reply, replies[index], noted.index === index ? noted.words : "");
    });
    message.textContent = model.get("message");
    const before = standing.textContent;
    standing.textContent = paint();
    const news = replies.map((reply) => (reply ? textOf(reply) : "")).filter((text) => !said.includes(text));
    if (news.length || before !== standing.textContent) speak([...news, standing.textContent].join(" "));
    said = ["", ...replies.filter(Boolean).map(textOf)];
  }

  function show(el, what, ...children) {
    const label = `${what}: ${model.get("name").replaceAll("-", " ")}`;
    el.append(createFrame(label, model.get("goal"), ...children, message, speech.element));
    model.on("change", follow);
    follow();
    speech.soon.cancel(); // what is there from the beginning is not news
    return () => {
      complainLater.cancel();
      speech.soon.cancel();
      model.off("change", follow);
    };
  }

  return { items, standing, replyTo, ask, clear, note, speakReply, show };
}

function showReply(element, reply, note) {
  element.dataset.outcome = reply?.outcome ?? "";
  element.replaceChildren(...(reply ? passageElements(reply.words) : note ? [html("p", {}, note)] : []));
  if (reply) element.firstChild.prepend(html("strong", {}, `${reply.sign} `));
}

/** A reply to be read aloud: without the mark before its words, which is for the eye. */
function textOf({ sign, words }) {
  return `${sign.slice(2)} ${passageText(words)}`;
}
