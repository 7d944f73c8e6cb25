// The view of BroadcastExplorer: type two shapes, and see what lines up and what is stretched.

import { html } from "./parts/dom.js";
import { NO_SHORTCUTS } from "./parts/frame.js";
import { createLine, createScene } from "./parts/scene.js";

const SIDES = ["left", "right"];

function render({ model, el }) {
  const inputs = SIDES.map((side) => createLine(`shape of ${side}`));
  const backward = html("input", { type: "checkbox", ...NO_SHORTCUTS });
  const question = "backward: where does the gradient go?";
  const toggle = html("label", { class: "chalkboard-switch" }, backward, question);
  const controls = [...inputs.map(({ element }) => element), toggle];

  function show() {
    model.get("texts").forEach((text, place) => {
      const { input } = inputs[place];
      // Writing what stands there already would move the cursor.
      if (input.value !== text) input.value = text;
      input.setAttribute("aria-invalid", model.get("invalid").includes(SIDES[place]));
    });
    backward.checked = model.get("backward");
  }

  const scene = createScene({ model, el }, "Broadcast explorer", controls);
  for (const { input } of inputs) {
    input.addEventListener("input", () => scene.save({ texts: inputs.map(({ input: { value } }) => value) }));
  }
  backward.addEventListener("change", () => scene.save({ backward: backward.checked }));
  const events = "change:texts change:invalid change:backward";
  model.on(events, show);
  show();
  return () => {
    model.off(events, show);
    scene.stop();
  };
}

export default { render };
