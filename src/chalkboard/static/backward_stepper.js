// The view of BackwardStepper: a graph that is computed forward and then walked backward.
//
// The picture and all its words are made once, in the kernel. A step writes only what differs from
// what is shown, so a slider that is dragged moves as fast as the screen.

import { html } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { createSlider } from "./parts/slider.js";
import { oncePerFrame } from "./parts/timing.js";

const STEP_MILLISECONDS = 1600;
const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

function renderStepper({ model, el }) {
  const steps = model.get("steps");
  const last = steps.length - 1;
  const graph = createGraph(model.get("picture"), model.get("lines"));
  const slider = createSlider({ label: "Step", count: steps.length, move, release: tellKernel });
  const phase = html("strong");
  const sentences = html("p", { class: "chalkboard-sentences" });
  const speech = createSpeech(speak);
  const toStart = [
    createButton("First", () => choose(0), "First step"),
    createButton("Back", () => choose(step - 1), "Back one step"),
  ];
  const play = createButton("Play", playOrPause);
  const toEnd = [
    createButton("Next", () => choose(step + 1), "Next step"),
    createButton("Last", () => choose(last), "Last step"),
  ];
  let step = model.get("step");
  let playing = 0;

  function paint() {
    const place = `Step ${step} of ${last}`;
    graph.show(step, steps[step]);
    slider.show(step, place);
    phase.textContent = `${place}, ${steps[step].phase}`;
    sentences.textContent = steps[step].sentences.join("\n");
    // Not `disabled`: a button that is disabled loses the focus, and the arrow keys with it.
    for (const button of toStart) button.setAttribute("aria-disabled", step === 0);
    for (const button of toEnd) button.setAttribute("aria-disabled", step === last);
    speech.soon();
  }

  function speak() {
    const words = [`Step ${step} of ${last}.`, ...steps[step].sentences].join(" ");
    graph.describe(words);
    return words;
  }

  function goTo(target) {
    step = Math.min(Math.max(target, 0), last);
    paintSoon();
  }

  /** A step that the learner takes; it ends a play. */
  function move(target) {
    pause();
    goTo(target);
  }

  function choose(target) {
    move(target);
    tellKernel();
  }

  function tellKernel() {
    model.set("step", step);
    model.save_changes();
  }

  function playOrPause() {
    if (playing) {
      pause();
      tellKernel();
      return;
    }
    playing = setInterval(playOn, STEP_MILLISECONDS);
    play.textContent = "Pause";
    goTo(step === last ? 0 : step + 1);
  }

  function playOn() {
    if (step + 1 === last) choose(last);
    else goTo(step + 1);
  }

  function pause() {
    if (!playing) return;
    clearInterval(playing);
    playing = 0;
    play.textContent = "Play";
  }

  const paintSoon = oncePerFrame(paint);
  const followKernel = () => goTo(model.get("step"));
  const controls = html("div", { class: "chalkboard-controls" }, ...toStart, play, ...toEnd);
  // The slider has these keys of its own.
  controls.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    choose(step + KEYS[event.key]);
  });
  model.on("change:step", followKernel);
  const label = `Backward stepper of ${model.get("name")}`;
  const parts = [controls, slider.element, html("p", {}, phase), sentences, graph.element, speech.element];
  el.append(createFrame(label, model.get("goal"), ...parts));
  paint();

  return () => {
    clearInterval(playing);
    for (const pending of [paintSoon, speech.soon, slider, graph]) pending.cancel();
    model.off("change:step", followKernel);
  };
}

/** The picture of the graph; `histories` has for each line in a box the texts, and from when on. */
function createGraph(markup, histories) {
  const drawing = new DOMParser().parseFromString(markup, "image/svg+xml").documentElement;
  const image = document.importNode(drawing, true);
  const scroller = { class: "chalkboard-scroller", tabindex: 0, role: "group", "aria-label": "Graph" };
  const element = html("div", { ...scroller, ...NO_SHORTCUTS }, image);
  const lines = [...image.querySelectorAll("[data-node] text")];
  const shown = lines.map((line) => line.textContent);
  const edges = [...image.querySelectorAll("[data-edge]")];
  let marked = [];

  function show(step, { node, edges: places, phase }) {
    for (const each of marked) each.classList.remove("chalkboard-now", "chalkboard-backward");
    marked = [image.querySelector(`[data-node="${node}"]`), ...places.map((place) => edges[place])];
    // Before anything is written, for now the browser knows where everything is.
    bringIntoView();
    histories.forEach((history, place) => {
      const text = history.findLast(([from]) => from <= step)?.[1] ?? "";
      if (text !== shown[place]) lines[place].textContent = shown[place] = text;
    });
    const looks = phase === "backward" ? ["chalkboard-now", "chalkboard-backward"] : ["chalkboard-now"];
    for (const each of marked) each.classList.add(...looks);
  }

  /** Scrolls sideways, and only where the picture is wider than the page. */
  function bringIntoView() {
    const [box, frame] = [marked[0], element].map((each) => each.getBoundingClientRect());
    if (box.left >= frame.left && box.right <= frame.right) return;
    element.scrollLeft += (box.left + box.right - frame.left - frame.right) / 2;
  }

  const observer = new ResizeObserver(bringIntoView);
  observer.observe(element);
  const describe = (words) => (image.querySelector("desc").textContent = words);
  return { element, show, describe, cancel: () => observer.disconnect() };
}

export default { render: renderStepper };
