// What the explorers share: a learner moves numbers here, and the kernel answers on release.
//
// While something is dragged nothing is asked of the kernel: the samples that it sent are enough.

import { html, setText } from "./dom.js";
import { letDrag } from "./dragging.js";
import { createFrame, createSpeech } from "./frame.js";
import { formatShort } from "./numbers.js";
import { createAnswers } from "./readouts.js";
import { isDrawable, nearestStop } from "./samples.js";
import { createSlider } from "./slider.js";
import { oncePerFrame } from "./timing.js";

const ANSWERED = ["answered", "answers", "message", "words", "remark"].map((trait) => `change:${trait}`);

/**
 * An explorer of `functions`, by their names, and of the `traits`, each with the `stops` of its
 * slider and their `text`; the `places` among them say where one is, which can also be dragged on
 * the `charts`.
 *
 * `sample(state)` gives the points there. `show(state, points, drawn, isAnswered)` paints them;
 * `drawn` are the last that could be drawn. `live(points)` may say a line while the kernel has not.
 */
export function createExplorer({ model, functions, traits, places, charts, sample, show, live = () => "" }) {
  const names = Object.keys(traits);
  const state = {};
  const sliders = Object.fromEntries(names.map((name) => [name, createTraitSlider(name)]));
  const remark = html("p", { class: "chalkboard-remark" });
  const note = html("p", { class: "chalkboard-message" });
  const message = html("p", { class: "chalkboard-message" });
  const undrawn = html("p", { class: "chalkboard-message" }, model.get("undrawn"));
  const answers = createAnswers();
  const speech = createSpeech(speak);
  const paintSoon = oncePerFrame(paint);
  const drawn = [];

  function createTraitSlider(name) {
    const { label = name.replace("_", " "), stops } = traits[name];
    return createSlider({ label, count: stops.length, move: (stop) => move({ [name]: stops[stop] }), release });
  }

  /** Whether the kernel has answered for these numbers, and not only been told of them. */
  function isAnswered(moved = names) {
    return moved.every((name) => model.get("answered")[name] === state[name]);
  }

  /** What is known here: the kernel's own numbers where it has answered, else the samples'. */
  function currentPoints() {
    const known = isAnswered(places) ? model.get("answers").points : [];
    return sample(state).map((point, index) => ({ ...point, ...known[index] }));
  }

  function move(changes) {
    Object.assign(state, changes);
    paintSoon();
  }

  function release() {
    for (const name of names) sliders[name].cancel();
    if (names.every((name) => model.get(name) === state[name])) return;
    model.set(state);
    model.save_changes();
  }

  function readState() {
    move(Object.fromEntries(names.map((name) => [name, model.get(name)])));
  }

  function paint() {
    // Not on the page yet: there is no room to draw in.
    if (!charts[0].box) return;
    const points = currentPoints();
    points.forEach((point, index) => {
      if (isDrawable(point)) drawn[index] = point;
    });
    for (const name of names) {
      const { stops, text } = traits[name];
      sliders[name].show(nearestStop(stops, state[name]), text(state[name]));
    }
    show(state, points, drawn, isAnswered());
    const said = isAnswered() ? model.get("remark") : live(points);
    // Hidden, it keeps its place, so that nothing below it jumps while something is dragged.
    remark.style.visibility = said ? "visible" : "hidden";
    setText(remark, said || model.get("remark"));
    setText(note, describeMissing(points));
    setText(message, model.get("message"));
    message.classList.toggle("chalkboard-stale", !isAnswered(places));
    answers.show(model.get("answers"), !isAnswered(places));
    speech.soon();
  }

  /** Which functions cannot be drawn here, and where their dimmed points are instead. */
  function describeMissing(points) {
    const sentences = points.map((point, index) => {
      if (isDrawable(point)) return "";
      const none = `${functions[index]} has no ${Number.isFinite(point.value) ? "slope" : "value"} here`;
      if (!drawn[index]) return `${none}.`;
      const place = places.map((name) => `${name} = ${formatShort(drawn[index][name])}`);
      return `${none}: its last point still stands at ${place.join(", ")}.`;
    });
    return sentences.filter(Boolean).join(" ");
  }

  function speak() {
    // Without a kernel the numbers on the page must do.
    const told = ["words", "remark", "message"].map((trait) => model.get(trait));
    const seen = [...root.querySelectorAll(".chalkboard-numbers")].map((row) => row.textContent);
    const words = [...(isAnswered() ? told : seen), note.textContent].filter(Boolean).join(" ");
    for (const chart of charts) chart.describe(words);
    return words;
  }

  function fit() {
    for (const chart of charts) {
      const width = chart.element.parentElement.clientWidth;
      if (width > 0) chart.fit(width);
    }
    paint();
  }

  let root = null;
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    fit();
  });

  for (const chart of charts) {
    const follow = (event) => {
      const { left, top } = chart.element.getBoundingClientRect();
      const at = { x: chart.x.invert(event.clientX - left), y: chart.y.invert(event.clientY - top) };
      const stopAt = (name) => traits[name].stops[nearestStop(traits[name].stops, at[name])];
      move(Object.fromEntries(places.map((name) => [name, stopAt(name)])));
    };
    letDrag(chart.element, follow, release);
    // After a drag the arrow keys go on from where the pointer left off.
    chart.element.addEventListener("pointerdown", () => sliders[places[0]].input.focus({ preventScroll: true }));
  }

  /** Puts the widget of `parts` on the page and returns what takes it off again. */
  function start(el, label, ...parts) {
    root = createFrame(label, model.get("goal"), ...parts, speech.element);
    el.append(root);
    readState();
    fit();
    const followed = names.map((name) => `change:${name}`);
    for (const event of followed) model.on(event, readState);
    for (const event of ANSWERED) model.on(event, paintSoon);
    observer.observe(root);
    return () => {
      observer.disconnect();
      for (const pending of [paintSoon, speech.soon, ...Object.values(sliders)]) pending.cancel();
      for (const event of followed) model.off(event, readState);
      for (const event of ANSWERED) model.off(event, paintSoon);
    };
  }
  return { start, sliders, remark, readouts: [remark, note, answers.element, message, undrawn] };
}
