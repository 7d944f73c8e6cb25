// Reads a surface that the kernel sent once, and answers f and its gradient anywhere from it.

import { nearestStop, readFloats } from "./curve.js";

const ARRAYS = ["x", "y", "value", "slope_x", "slope_y"];

/** The surface with its arrays as Float64Array; a row of the grid is all x at one y. */
export function readSurface(data) {
  const arrays = Object.fromEntries(ARRAYS.map((name) => [name, readFloats(data[name])]));
  return { ...arrays, flatBelow: data.flat_below, steep: data.steep, decimals: data.decimals };
}

/**
 * f and its gradient: at a point of the grid, where the sliders stop, exactly what the engine said;
 * elsewhere what lies between the four points around it. NaN outside the grid and where f is.
 */
export function surfaceAt(surface, x, y) {
  const across = cell(surface.x, x);
  const up = cell(surface.y, y);
  const columns = surface.x.length;
  const between = (array) => {
    const inRow = (row) =>
      blend(array[row * columns + across.index], array[row * columns + across.next], across.part);
    return blend(inRow(up.index), inRow(up.next), up.part);
  };
  return { x, y, value: between(surface.value), slopeX: between(surface.slope_x), slopeY: between(surface.slope_y) };
}

/** Where gradient descent seems to go: with the grid's gradients, until it leaves the picture. */
export function previewDescent(surface, x, y, rate, steps) {
  const points = [[x, y]];
  for (let step = 0; step < steps; step += 1) {
    const [atX, atY] = points[step];
    const { slopeX, slopeY } = surfaceAt(surface, atX, atY);
    if (!Number.isFinite(slopeX) || !Number.isFinite(slopeY)) break;
    points.push([atX - rate * slopeX, atY - rate * slopeY]);
  }
  return points;
}

/** Whether there are numbers to draw. */
export function isOnSurface({ value, slopeX, slopeY }) {
  return [value, slopeX, slopeY].every(Number.isFinite);
}

function cell(stops, at) {
  const nearest = nearestStop(stops, at);
  const index = Math.max(stops[nearest] > at ? nearest - 1 : nearest, 0);
  const next = Math.min(index + 1, stops.length - 1);
  const isInside = stops[0] <= at && at <= stops[stops.length - 1];
  const width = stops[next] - stops[index] || 1;
  return { index, next, part: isInside ? (at - stops[index]) / width : NaN };
}

function blend(low, high, part) {
  // At a point of the grid its neighbours do not matter, even where f has no value.
  return part === 0 ? low : low + part * (high - low);
}
