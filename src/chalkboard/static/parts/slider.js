// A native slider with its label, so that keys and screen readers work as everywhere.

import { html, uniqueId } from "./dom.js";
import { NO_SHORTCUTS } from "./frame.js";
import { whenQuiet } from "./timing.js";

const KEY_PAUSE_MILLISECONDS = 150;

/**
 * A slider over `count` stops. `move(stop)` follows it; `release()` is called when a pointer lets
 * it go, and for keys, which have no release that counts, when they have been quiet.
 */
export function createSlider({ label, count, move, release }) {
  const id = uniqueId("slider");
  const range = { type: "range", min: 0, max: count - 1, step: 1 };
  const input = html("input", { id, ...range, ...NO_SHORTCUTS });
  const text = html("label", { for: id }, label);
  const element = html("div", { class: "chalkboard-slider" }, text, input);
  const releaseSoon = whenQuiet(release, KEY_PAUSE_MILLISECONDS);
  let isByKey = false;
  input.addEventListener("keydown", () => (isByKey = true));
  input.addEventListener("pointerdown", () => (isByKey = false));
  input.addEventListener("input", () => move(Number(input.value)));
  input.addEventListener("change", () => (isByKey ? releaseSoon() : release()));

  function show(stop, valueText) {
    // Setting an unchanged value in the middle of a drag would end the drag in some browsers.
    if (Number(input.value) !== stop) input.value = stop;
    input.setAttribute("aria-valuetext", valueText);
  }
  return { element, input, show, cancel: releaseSoon.cancel };
}
