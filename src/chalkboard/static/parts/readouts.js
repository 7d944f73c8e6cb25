// The numbers under the picture: what the samples say now, and what the engines said on release.

import { html, setText } from "./dom.js";

/** A row of numbers, after `lead`; `labels` and what `show` takes are texts by quantity. */
export function createNumbers(labels, ...lead) {
  const outputs = Object.keys(labels).map((quantity) =>
    html("span", { class: "chalkboard-number", "data-quantity": quantity }),
  );
  const cells = Object.values(labels).map((label, index) => html("span", {}, `${label} = `, outputs[index]));
  cells[0].prepend(...lead);
  const show = (texts) => outputs.forEach((output) => setText(output, texts[output.dataset.quantity]));
  return { element: html("p", { class: "chalkboard-numbers" }, ...cells), show };
}

/** The table of what the engines say; it is dimmed while it is of another place. */
export function createAnswers() {
  const element = html("table", { class: "chalkboard-answers" });
  let shown = null;

  function show(answers, isStale) {
    element.classList.toggle("chalkboard-stale", isStale);
    if (answers === shown) return;
    shown = answers;
    const { caption, columns, rows } = answers;
    const heads = (texts, scope) => texts.map((text) => html("th", { scope }, text));
    // Trouble is one text in place of all numbers.
    const width = ({ headings, texts }) => (columns.length - headings.length) / texts.length;
    const cells = (row) => row.texts.map((text) => html("td", { colspan: width(row) }, text));
    element.replaceChildren(
      html("caption", {}, caption),
      html("thead", {}, html("tr", {}, ...heads(columns, "col"))),
      html("tbody", {}, ...rows.map((row) => html("tr", {}, ...heads(row.headings, "row"), ...cells(row)))),
    );
  }
  return { element, show };
}
