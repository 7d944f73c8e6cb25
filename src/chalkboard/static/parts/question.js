// One question: native radios, checkboxes or a text field, so that keys and screen readers work.

import { html, uniqueId } from "./dom.js";
import { NO_SHORTCUTS } from "./frame.js";
import { lineElements, passageElements, passageText } from "./passage.js";

const ALL_THAT_ARE_RIGHT = "Choose all that are right.";

/**
 * The fields of a question, headed by `heading` and the first paragraph of its words.
 *
 * `answer` is what is chosen or typed: a text, or a list of texts where several may be chosen.
 * `show` sets it, and `changed` is called when the reader does.
 */
export function createQuestion({ kind, words, options }, heading, changed) {
  const [first, ...more] = words;
  const label = html("span", {}, ...lineElements(first.spans));
  const legend = html("legend", {}, ...heading, label);
  const rest = html("div", { id: uniqueId("more") }, ...passageElements(more));
  if (kind === "choices") rest.append(html("p", { class: "chalkboard-quiet" }, ALL_THAT_ARE_RIGHT));
  const described = rest.childElementCount ? { "aria-describedby": rest.id } : {};
  const fields = options.length ? createOptions(kind, options) : createTextField(kind, label);
  const element = html("fieldset", { class: "chalkboard-question", ...described }, legend, rest, fields.element);
  element.addEventListener("change", changed);
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
  label.id = uniqueId("asked");
  const input = html("input", {
    type: "text",
    class: "chalkboard-typed",
    "aria-labelledby": label.id,
    autocomplete: "off",
    spellcheck: "false",
    ...(kind === "number" ? { placeholder: "a number" } : {}),
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

/** Whether two answers are the same. */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A place for the reply to a question, or for a note; empty and hidden without either. */
export function createReply() {
  const element = html("div", { class: "chalkboard-reply" });
  function show(reply, note) {
    element.dataset.outcome = reply?.outcome ?? "";
    if (!reply) return element.replaceChildren(...(note ? [html("p", {}, note)] : []));
    const passage = passageElements(reply.words);
    passage[0].prepend(html("strong", {}, `${reply.sign} `));
    return element.replaceChildren(...passage);
  }
  return { element, show };
}

/** A reply as plain text, to be read aloud. */
export function replyText({ sign, words }) {
  // The mark before the words is for the eye.
  return `${sign.slice(2)} ${passageText(words)}`;
}

/** The form of a question: Enter in a field does what its button does. */
export function createForm(act, ...children) {
  const form = html("form", {}, ...children);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
  return form;
}

/** The button that a form submits itself with. */
export function createSubmit(word, describe) {
  const name = describe ? { "aria-label": describe } : {};
  return html("button", { type: "submit", class: "chalkboard-button", ...name, ...NO_SHORTCUTS }, word);
}
