// The second slider, h: the secant through x and x + h, which becomes the tangent as h goes to 0.

import { heightAt, isDrawable, nearestStop } from "./curve.js";
import { html } from "./dom.js";
import { formatFixed, formatShort } from "./numbers.js";
import { createNumber } from "./readouts.js";
import { createSlider } from "./slider.js";

/** The slider for h with its numbers; `move(h)` and `release()` follow it. */
export function createSecant({ curve, stops, move, release }) {
  const slider = createSlider({
    label: "h",
    count: stops.length,
    move: (stop) => move(stops[stop]),
    release,
  });
  const h = createNumber("h", "h");
  const quotient = createNumber(`secant slope (${curve.name}(x+h) − ${curve.name}(x)) / h`, "quotient");
  const distance = createNumber("secant slope − tangent slope", "distance");
  const numbers = [h, quotient, distance].map((each) => each.element);
  // Why there is no secant, or that it has become the tangent.
  const note = html("p", { class: "chalkboard-message" });
  const row = html("div", {}, html("p", { class: "chalkboard-numbers" }, ...numbers), note);
  slider.element.classList.add("chalkboard-slider-second");

  function show(atH, point, secant) {
    slider.show(nearestStop(stops, atH), formatShort(atH));
    h.show(formatShort(atH));
    const { slope } = curve.decimals;
    quotient.show(secant ? formatFixed(secant.quotient, slope) : atH === 0 ? "0 / 0" : "—");
    distance.show(secant ? formatFixed(secant.quotient - point.slope, slope) : "—");
    note.textContent = secant ? "" : describeSecant(curve, point, atH, secant);
  }
  return { slider: slider.element, numbers: row, show, cancel: slider.cancel };
}

/**
 * The secant through a point of the curve: with the kernel's quotient, if it has `answered` for
 * this x and h, else with the samples'. Null where there is none, at h = 0 too.
 */
export function secantAt(curve, point, h, answered) {
  if (!isDrawable(point) || !h) return null;
  const isAnswered = answered && answered.x === point.x && answered.h === h;
  const quotient = isAnswered
    ? answered.quotient
    : (heightAt(curve, point.x + h) - point.value) / h;
  return Number.isFinite(quotient) ? { ...point, h, quotient } : null;
}

/** One sentence on the secant and how far its slope is from the tangent's. */
export function describeSecant({ name, decimals }, point, h, secant) {
  if (!isDrawable(point)) return "";
  const slope = (number) => formatFixed(number, decimals.slope);
  if (h === 0) return `h is 0: the secant has become the tangent, with slope ${slope(point.slope)}.`;
  const there = formatShort(point.x + h);
  if (!secant) return `There is no secant: ${name} has no value in the picture at x + h = ${there}.`;
  const distance = secant.quotient - point.slope;
  return (
    `The secant from x to x + h = ${there} has slope ${slope(secant.quotient)}: ` +
    `${slope(Math.abs(distance))} ${distance > 0 ? "more" : "less"} than the tangent.`
  );
}
