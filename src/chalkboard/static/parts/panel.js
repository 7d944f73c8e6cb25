// One panel: the curves of functions on common axes, each with a point of it and the tangent there.

import { hatching, rectangle } from "./axes.js";
import { setAttributes, svg, uniqueId } from "./dom.js";
import { createShape, SQUARE } from "./looks.js";
import { createPlane } from "./plane.js";
import { within } from "./scale.js";

// A change from one sample to the next, as a part of the height, at which a slope has jumped.
const JUMP_OF_SLOPE = 0.2;

/**
 * A plane that `shows` the "value" of the curves with their tangents, or their "slope" with the
 * point's height above zero; `zoomed` marks a part of it. `show` moves what moves, and no more.
 */
export function createPanel({ shows, title, names, x, y, zoomed }, curves, hasSecant) {
  const isValue = shows === "value";
  const still = svg("g");
  const guide = svg("line", { class: "chalkboard-guide" });
  const marks = curves.map(({ look, shape }) => createMark(isValue ? "tangent" : "stem", "marker", look, shape));
  const second = createMark("secant", "second-point", "", SQUARE);
  const over = isValue && hasSecant ? [...marks, second] : marks;
  const plane = createPlane({ title, names, x, y }, still, guide, ...over.map(({ element }) => element));
  plane.element.classList.add("chalkboard-panel");

  function fit(width) {
    plane.resize(width, Math.round(within(0.6 * width, 240, 400)));
    const { left, right, top, bottom } = plane.box;
    const hatch = uniqueId("hatch");
    const stripes = ([start, stop]) =>
      svg("rect", { fill: `url(#${hatch})`, ...rectangle(plane.x(start), top, plane.x(stop), bottom) });
    still.replaceChildren(
      hatching(hatch),
      ...curves.flatMap(({ gaps }) => gaps.map(stripes)),
      ...curves.map((curve) => createShape(`curve${curve.look}`, curvePath(curve))),
    );
    if (!isValue) still.append(createShape("zero", `M${left} ${plane.y(0)}H${right}`));
    if (zoomed) {
      const [[start, stop], [low, high]] = [zoomed.x.map(plane.x), zoomed.y.map(plane.y)];
      still.append(
        svg("rect", { class: "chalkboard-zoomed", ...rectangle(start, high, stop, low) }),
        svg("text", { x: start + 2, y: high - 4 }, "zoom"),
      );
    }
    setAttributes(guide, { y1: top, y2: bottom });
  }

  /** A curve as path data, lifted off the paper at each NaN and where a slope jumps. */
  function curvePath(curve) {
    const heights = curve[shows];
    const jump = isValue ? Infinity : JUMP_OF_SLOPE * (y[1] - y[0]);
    const pieces = [];
    heights.forEach((height, index) => {
      if (!Number.isFinite(height)) return;
      const place = `${plane.x(curve.x[index]).toFixed(2)} ${plane.y(height).toFixed(2)}`;
      // After NaN the difference is NaN. The line of no length shows a sample that stands alone.
      pieces.push(Math.abs(height - heights[index - 1]) <= jump ? `L${place}` : `M${place}h0`);
    });
    return pieces.join("");
  }

  /** `points` may be of another x, where f has no value; `secant` is null where there is none. */
  function show(points, atX, secant) {
    setAttributes(guide, { transform: `translate(${plane.x(atX)} 0)` });
    marks.forEach((mark, index) => {
      const point = points[index];
      mark.element.classList.toggle("chalkboard-stale", point?.x !== atX);
      if (!point) return mark.hide();
      const [across, up] = [plane.x(point.x), plane.y(point[shows])];
      mark.show(across, up, isValue ? lineThrough(point, point.slope) : `M${across} ${plane.y(0)}V${up}`);
    });
    if (!secant) return second.hide();
    const { x: here, value, h, quotient } = secant;
    second.show(plane.x(here + h), plane.y(value + quotient * h), lineThrough(secant, quotient));
  }

  /** From one end of the panel to the other. */
  function lineThrough({ x: here, value }, slope) {
    return `M${x.map((end) => `${plane.x(end)} ${plane.y(value + slope * (end - here))}`).join("L")}`;
  }

  return Object.assign(plane, { fit, show });
}

/** A line and a point that move together. */
function createMark(kind, point, look, shape) {
  const line = createShape(`${kind}${look}`, "");
  const marker = createShape(`${point}${look}`, shape);
  const element = svg("g", { class: "chalkboard-moving" }, line, marker);

  function show(across, up, d) {
    element.style.visibility = "visible";
    setAttributes(line, { d });
    setAttributes(marker, { transform: `translate(${across} ${up})` });
  }
  return { element, show, hide: () => (element.style.visibility = "hidden") };
}
