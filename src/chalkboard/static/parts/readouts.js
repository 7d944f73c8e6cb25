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

/** The answers of all engines for one function, or for each of several. */
export function createCurveAnswers(curves) {
  const [{ name }] = curves;
  const isOne = curves.length === 1;
  const columns = isOne ? ["engine", `${name}(x)`, `${name}′(x)`] : ["function", "engine", "value", "slope"];
  const headings = (answer) => (isOne ? [answer.engine] : [answer.function, answer.engine]);
  return createAnswers(columns, ({ x }) => `x = ${formatShort(x)}`, headings);
}

/**
 * The table of what the engines say; it is dimmed while it is of another place. `place` and
 * `headings` say of an answer where it is from and what stands at the start of its row.
 */
export function createAnswers(columns, place, headings) {
  const caption = html("caption");
  const body = html("tbody");
  const head = columns.map((text) => html("th", { scope: "col" }, text));
  const table = [caption, html("thead", {}, html("tr", {}, ...head)), body];
  const element = html("table", { class: "chalkboard-answers" }, ...table);
  let shown = null;

  function row(answer) {
    const { texts, trouble } = answer;
    const cells = trouble
      ? [html("td", { colspan: texts.length }, trouble)]
      : texts.map((text) => html("td", {}, text));
    return html("tr", {}, ...headings(answer).map((text) => html("th", { scope: "row" }, text)), ...cells);
  }

  function show(answers, isStale) {
    element.classList.toggle("chalkboard-stale", isStale);
    if (answers === shown) return;
    shown = answers;
    caption.textContent = `The engines at ${place(answers[0])}`;
    body.replaceChildren(...answers.map(row));
  }
  return { element, show };
}
