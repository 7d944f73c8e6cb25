// Shows an author's words and code, which came as data: never as HTML, so a text stays a text.

import { html } from "./dom.js";

/** The elements of a line: words, and code. */
export function lineElements(spans) {
  return spans.map(({ kind, text }) => (kind === "code" ? html("code", {}, text) : text));
}

/** The elements of some blocks: paragraphs, and lines of code. */
export function passageElements(blocks) {
  return blocks.map(({ kind, spans }) =>
    html(kind === "code" ? "pre" : "p", {}, ...lineElements(spans)),
  );
}

/** The same as plain text, to be read aloud. */
export function passageText(blocks) {
  return blocks.map(({ spans }) => spans.map(({ text }) => text).join("")).join(" ");
}
