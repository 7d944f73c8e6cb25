// The view of BackwardStepper: a graph that is computed forward and then walked backward.
//
// The picture is made once, in the kernel. A step changes only the texts and classes that differ
// from what is shown, so a slider that is dragged moves as fast as the screen.

import { html, uniqueId } from "./parts/dom.js";
import { createButton, createFrame, createSpeech, NO_SHORTCUTS } from "./parts/frame.js";
import { oncePerFrame, whenQuiet } from "./parts/timing.js";

const STEP_MILLISECONDS = 1600;
const TELL_PAUSE_MILLISECONDS = 150;

function renderStepper({ model, el }) {
  const steps = model.get("steps");
  const last = steps.length - 1;
  const picture = createGraph(model.get("picture"), model.get("nodes"), steps);
  const slider = createStepSlider(last);
  const phase = html("strong", { class: "chalkboard-phase" });
  const sentences = html("div", { class: "chalkboard-sentences" });
  const speech = createSpeech(speak);
  let step = model.get("step");
  let playing = 0;
  const paintSoon = oncePerFrame(paint);
  const tellKernelSoon = whenQuiet(tellKernel, TELL_PAUSE_MILLISECONDS);

  function paint() {
    picture.show(step);
    slider.show(step, `Step ${step} of ${last}`);
    phase.textContent = `Step ${step} of ${last}, ${steps[step].phase}`;
    sentences.replaceChildren(...steps[step].sentences.map((each) => html("p", {}, each)));
    // Not `disabled`: a button that is disabled loses the focus, and the arrow keys with it.
    for (const button of [buttons.first, buttons.back]) button.setAttribute("aria-disabled", step === 0);
    for (const button of [buttons.next, buttons.last]) button.setAttribute("aria-disabled", step === last);
    speech.soon();
  }

  function speak() {
    const words = [`Step ${step} of ${last}.`, ...steps[step].sentences].join(" ");
    picture.describe(words);
    return words;
  }

  function goTo(target) {
    step = Math.min(Math.max(target, 0), last);
    paintSoon();
  }

  /** A step that the learner takes; it ends a play. */
  function choose(target) {
    pause();
    goTo(target);
    tellKernelSoon();
  }

  function tellKernel() {
    tellKernelSoon.cancel();
    if (model.get("step") === step) return;
    model.set("step", step);
    model.save_changes();
  }

  function followKernel() {
    if (model.get("step") !== step) goTo(model.get("step"));
  }

  function playOrPause() {
    if (playing) {
      pause();
      return;
    }
    playing = setInterval(playOn, STEP_MILLISECONDS);
    buttons.play.textContent = "Pause";
    goTo(step === last ? 0 : step + 1);
  }

  function playOn() {
    goTo(step + 1);
    if (step === last) pause();
  }

  function pause() {
    if (!playing) return;
    clearInterval(playing);
    playing = 0;
    buttons.play.textContent = "Play";
    tellKernelSoon();
  }

  const buttons = {
    first: createButton("First", () => choose(0), "First step"),
    back: createButton("Back", () => choose(step - 1), "Back one step"),
    play: createButton("Play", playOrPause),
    next: createButton("Next", () => choose(step + 1), "Next step"),
    last: createButton("Last", () => choose(last), "Last step"),
  };
  const controls = html("div", { class: "chalkboard-controls" }, ...Object.values(buttons));
  // The slider has these keys of its own.
  controls.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: -1, ArrowRight: 1 };
    if (!(event.key in ways)) return;
    event.preventDefault();
    choose(step + ways[event.key]);
  });
  slider.input.addEventListener("input", () => {
    pause();
    goTo(Number(slider.input.value));
  });
  slider.input.addEventListener("change", tellKernelSoon);
  model.on("change:step", followKernel);

  const root = createFrame(
    `Backward stepper of ${model.get("name")}`,
    model.get("goal"),
    controls,
    slider.element,
    html("p", {}, phase),
    sentences,
    picture.element,
    speech.element,
  );
  el.append(root);
  const stopObserving = picture.watchSize();
  paint();

  return () => {
    stopObserving();
    clearInterval(playing);
    for (const pending of [paintSoon, speech.soon, tellKernelSoon]) pending.cancel();
    model.off("change:step", followKernel);
  };
}

function createStepSlider(last) {
  const id = uniqueId("step");
  const input = html("input", { id, type: "range", min: 0, max: last, step: 1, ...NO_SHORTCUTS });
  const element = html("div", { class: "chalkboard-step-slider" }, html("label", { for: id }, "Step"), input);
  function show(step, text) {
    if (Number(input.value) !== step) input.value = step;
    input.setAttribute("aria-valuetext", text);
  }
  return { element, input, show };
}

/** The picture of the graph, which can show any step. */
function createGraph(markup, nodes, steps) {
  const drawing = new DOMParser().parseFromString(markup, "image/svg+xml").documentElement;
  const image = document.importNode(drawing, true);
  const element = html(
    "div",
    { class: "chalkboard-scroller", tabindex: 0, role: "group", "aria-label": "Graph", ...NO_SHORTCUTS },
    image,
  );
  const boxes = nodes.map((node) => createBox(image, node));
  const boxOf = new Map(boxes.map((box) => [box.key, box]));
  const edges = [...image.querySelectorAll("[data-edge]")];
  const description = image.querySelector("desc");
  const wholeWidth = image.viewBox.baseVal.width;
  let sizes = null;
  let current = null;
  let marked = [];

  function show(step) {
    const { node, edges: places, phase } = steps[step];
    for (const box of boxes) box.show(step);
    for (const each of marked) each.classList.remove("chalkboard-now", "chalkboard-backward");
    current = boxOf.get(node);
    marked = [current.group, ...places.map((place) => edges[place])];
    for (const each of marked) {
      each.classList.add("chalkboard-now");
      each.classList.toggle("chalkboard-backward", phase === "backward");
    }
    bringIntoView(current);
  }

  /** Scrolls sideways, and only where the picture is wider than the page. */
  function bringIntoView({ left, right }) {
    if (!sizes || sizes.image <= sizes.visible) return;
    const scale = sizes.image / wholeWidth;
    const from = element.scrollLeft;
    const isVisible = left * scale >= from && right * scale <= from + sizes.visible;
    if (!isVisible) element.scrollLeft = ((left + right) / 2) * scale - sizes.visible / 2;
  }

  function watchSize() {
    const observer = new ResizeObserver(() => {
      sizes = { image: image.getBoundingClientRect().width, visible: element.clientWidth };
      bringIntoView(current);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }

  return { element, show, watchSize, describe: (words) => (description.textContent = words) };
}

/** One node of the picture: its value from a step on, its gradient as it grows. */
function createBox(image, { key, valueFrom, value, gradients }) {
  const group = image.querySelector(`[data-node="${key}"]`);
  const lines = (role) => [...group.querySelectorAll(`[data-role="${role}"]`)];
  const valueLines = lines("value");
  const gradientLines = lines("gradient");
  const outline = group.querySelector("rect");
  const left = Number(outline.getAttribute("x"));
  let isKnown = null;
  let shownGradient = null;

  function write(elements, texts) {
    elements.forEach((element, place) => (element.textContent = texts[place] ?? ""));
  }

  function show(step) {
    const isKnownNow = step >= valueFrom;
    if (isKnown !== isKnownNow) {
      isKnown = isKnownNow;
      write(valueLines, isKnown ? value : []);
    }
    const gradient = gradients.findLast(({ from }) => from <= step) ?? null;
    if (gradient !== shownGradient) {
      shownGradient = gradient;
      write(gradientLines, gradient ? gradient.lines : []);
    }
  }

  return { key, group, show, left, right: left + Number(outline.getAttribute("width")) };
}

export default { render: renderStepper };
