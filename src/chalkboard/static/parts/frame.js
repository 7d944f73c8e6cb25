// The frame of every widget: its name for a screen reader, its goal, and a voice for what changes.

import { html } from "./dom.js";
import { whenQuiet } from "./timing.js";

const SPEECH_PAUSE_MILLISECONDS = 300;

// JupyterLab takes the arrow keys for itself unless this is on the element that has the focus; on
// the widget as a whole it keeps all other shortcuts away from what is inside.
export const NO_SHORTCUTS = { "data-lm-suppress-shortcuts": "true" };

/** The root of a widget, named `label`, with its goal (if there is one) above `children`. */
export function createFrame(label, goal, ...children) {
  return html(
    "div",
    { class: "chalkboard", role: "group", "aria-label": label, ...NO_SHORTCUTS },
    ...(goal ? [html("p", { class: "chalkboard-goal" }, html("strong", {}, "Goal: "), goal)] : []),
    ...children,
  );
}

/** Reads `words()` aloud when `soon` was called and then nothing for a while; never seen. */
export function createSpeech(words) {
  const element = html("p", { class: "chalkboard-hidden", "aria-live": "polite" });
  const now = () => (element.textContent = words());
  return { element, now, soon: whenQuiet(now, SPEECH_PAUSE_MILLISECONDS) };
}

/** A button with a word on it; `describe` is its longer name, where the word is too short. */
export function createButton(word, act, describe) {
  const name = describe ? { "aria-label": describe } : {};
  const element = html("button", { type: "button", class: "chalkboard-button", ...name, ...NO_SHORTCUTS }, word);
  element.addEventListener("click", act);
  return element;
}
