// Shows an author's words and code, which came as data: never as HTML, so a text stays a text.

import { html } from "./dom.js";

const PASSAGE_TAGS = { code: "code", stress: "em" };

/** The elements of a line: words, code, and words to stress. */
export function lineElements(spans) {
  return spans.map(({ kind, text }) => (kind in PASSAGE_TAGS ? html(PASSAGE_TAGS[kind], {}, text) : text));
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
