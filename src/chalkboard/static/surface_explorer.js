// The view of SurfaceExplorer: drag a point over level lines; its gradient and the way down follow.

import { html } from "./parts/dom.js";
import { createExplorer } from "./parts/explorer.js";
import { createLegend, createShape } from "./parts/looks.js";
import { createMap } from "./parts/map.js";
import { formatFixed, formatShort } from "./parts/numbers.js";
import { createNumbers } from "./parts/readouts.js";
import { readSamples, surfaceAt } from "./parts/samples.js";

function render({ model, el }) {
  const name = model.get("name");
  const steps = model.get("steps");
  const levels = model.get("contours");
  const surface = readSamples(model.get("surface"));
  const { decimals } = surface;
  const ends = (stops) => [stops[0], stops[stops.length - 1]];
  const map = createMap({
    ...surface,
    title: `Level lines of ${name}(x, y) with its gradient at a point`,
    levels,
    defined: model.get("defined"),
    x: ends(surface.x),
    y: ends(surface.y),
  });
  const numbers = createNumbers({
    x: "x",
    y: "y",
    rate: "learning rate",
    value: `${name}(x, y)`,
    slopeX: `slope along x, ∂${name}/∂x`,
    slopeY: `slope along y, ∂${name}/∂y`,
    length: "length of the gradient",
  });
  const textOf = (axis) => (number) => formatFixed(number, decimals[axis]);
  const traits = {
    x: { stops: surface.x, text: textOf("x") },
    y: { stops: surface.y, text: textOf("y") },
    learning_rate: { stops: model.get("learning_rates"), text: (rate) => formatShort(rate) },
  };

  function show(state, [point], [drawn], isAnswered) {
    const isStale = drawn !== point;
    // Where f has no value, the kernel's way begins nowhere: the last good one stays with its point.
    const isKnown = isAnswered && !isStale;
    const way = isKnown ? model.get("descent").points : drawn && previewDescent(drawn, state.learning_rate);
    map.show(drawn, way, isStale);
    const slope = (number) => formatFixed(number, decimals.slope);
    numbers.show({
      x: traits.x.text(point.x),
      y: traits.y.text(point.y),
      rate: formatShort(state.learning_rate),
      value: formatFixed(point.value, decimals.value),
      slopeX: slope(point.slopeX),
      slopeY: slope(point.slopeY),
      length: slope(Math.hypot(point.slopeX, point.slopeY)),
    });
  }

  /** Where gradient descent seems to go: with the grid's gradients, until it leaves the picture. */
  function previewDescent({ x, y }, rate) {
    const points = [[x, y]];
    for (let step = 0; step < steps; step += 1) {
      const { slopeX, slopeY } = surfaceAt(surface, ...points[step]);
      if (!Number.isFinite(slopeX + slopeY)) break;
      points.push([points[step][0] - rate * slopeX, points[step][1] - rate * slopeY]);
    }
    return points;
  }

  const explorer = createExplorer({
    model,
    functions: [name],
    traits,
    places: ["x", "y"],
    charts: [map],
    sample: ({ x, y }) => [surfaceAt(surface, x, y)],
    show,
  });
  const legend = [
    ["the gradient: steepest way up", createShape("arrow", "M-20 0H9M20 0L9 -6V6Z")],
    [
      `${steps} ${steps === 1 ? "step" : "steps"} of descent, to the diamond`,
      createShape("way", "M-20 0H20"),
      createShape("way-dots", "M-5 0h0"),
      createShape("way-end", "M14 -7L21 0L14 7L7 0Z"),
    ],
  ];
  if (levels.length > 0) legend.unshift(["level line: the same value all along it; more colour is higher", createShape("level")]);
  const sliders = Object.values(explorer.sliders).map(({ element }) => element);
  return explorer.start(
    el,
    `Surface explorer of ${name}(x, y)`,
    createLegend(...legend),
    html(
      "div",
      { class: "chalkboard-map-and-controls" },
      html("div", { class: "chalkboard-map-frame" }, map.element),
      html("div", { class: "chalkboard-surface-side" }, ...sliders, numbers.element, ...explorer.readouts),
    ),
  );
}

export default { render };
