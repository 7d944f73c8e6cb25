// The numbers under the picture: what the samples say now, and what the engines said on release.

import { isDrawable } from "./curve.js";
import { html } from "./dom.js";
import { createMarker, createSample, lookOf, sampleLine } from "./looks.js";
import { formatFixed, formatShort } from "./numbers.js";

/** One number with its name in front; `quantity` is what it is known by. */
export function createNumber(label, quantity) {
  const output = html("span", { class: "chalkboard-number", "data-quantity": quantity });
  const element = html("span", {}, `${label} = `, output);
  return { element, show: (text) => (output.textContent = text) };
}

/** x, and f(x) and f'(x) of every function: in one row, or in a row for each of several. */
export function createNumbers(curves) {
  const x = createNumber("x", "x");
  const ofCurves = curves.map(({ name }) => ({
    value: createNumber(`${name}(x)`, "value"),
    slope: createNumber(`slope ${name}′(x)`, "slope"),
  }));
  const row = (...cells) => html("p", { class: "chalkboard-numbers" }, ...cells);
  const cellsOf = ({ value, slope }) => [value.element, slope.element];
  const rows =
    curves.length === 1
      ? [row(x.element, ...cellsOf(ofCurves[0]))]
      : [row(x.element), ...ofCurves.map((cells, index) => row(sampleOf(index, curves.length), ...cellsOf(cells)))];

  function show(atX, points) {
    x.show(formatFixed(atX, curves[0].decimals.x));
    points.forEach((point, index) => {
      for (const quantity of ["value", "slope"]) {
        const decimals = curves[index].decimals[quantity];
        ofCurves[index][quantity].show(isDrawable(point) ? formatFixed(point[quantity], decimals) : "—");
      }
    });
  }
  return { element: html("div", {}, ...rows), show };
}

/** A piece of the curve number `index` with its point on it. */
export function sampleOf(index, count) {
  const marker = createMarker(index, count);
  marker.setAttribute("transform", "translate(22 0)");
  return createSample(sampleLine(`chalkboard-curve${lookOf(index, count)}`), marker);
}

/** The table of what the engines say; it is dimmed while x is elsewhere. */
export function createAnswers(curves) {
  const caption = html("caption");
  const body = html("tbody");
  const names = curves.map(({ name }) => name);
  const isOne = names.length === 1;
  const columns = isOne
    ? ["engine", `${names[0]}(x)`, `${names[0]}′(x)`]
    : ["function", "engine", "value", "slope"];
  const head = columns.map((text) => html("th", { scope: "col" }, text));
  const element = html(
    "table",
    { class: "chalkboard-answers" },
    caption,
    html("thead", {}, html("tr", {}, ...head)),
    body,
  );
  let shown = null;
  function show(answers, x) {
    element.classList.toggle("chalkboard-stale", answers[0].x !== x);
    if (answers === shown) return;
    shown = answers;
    caption.textContent = `The engines at x = ${formatShort(answers[0].x)}`;
    body.replaceChildren(...answers.map((answer) => answerRow(answer, isOne)));
  }
  return { element, show };
}

function answerRow({ function: name, engine, value, slope, trouble }, isOne) {
  const headings = (isOne ? [engine] : [name, engine]).map((text) => html("th", { scope: "row" }, text));
  if (trouble) return html("tr", {}, ...headings, html("td", { colspan: 2 }, trouble));
  return html("tr", {}, ...headings, html("td", {}, value), html("td", {}, slope));
}
