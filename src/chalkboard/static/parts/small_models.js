// A line and a small network, the loss of each and its gradient, in closed form.
//
// Quick enough for every frame of a drag. The kernel's engines say the same by autograd, and what
// they say stands in the table of answers.

/** What the model of this kind ("line" or "network") says at x, and its slope by each weight. */
export function evaluate(kind, weights, x) {
  if (kind === "line") return { height: weights[0] * x + weights[1], slopes: [x, 1] };
  const slopes = [];
  let height = weights.at(-1);
  for (let first = 0; first + 3 < weights.length; first += 3) {
    const outer = weights[first + 2];
    const unit = Math.tanh(weights[first] * x + weights[first + 1]);
    const inside = outer * (1 - unit ** 2);
    height += outer * unit;
    slopes.push(inside * x, inside, unit);
  }
  return { height, slopes: [...slopes, 1] };
}

/** The mean squared error on the points, and its derivative by each weight. */
export function lossAndGradient({ kind, x, y }, weights) {
  const gradient = weights.map(() => 0);
  let loss = 0;
  x.forEach((each, index) => {
    const { height, slopes } = evaluate(kind, weights, each);
    const error = height - y[index];
    loss += error ** 2 / x.length;
    slopes.forEach((slope, place) => (gradient[place] += (2 * error * slope) / x.length));
  });
  return { loss, gradient };
}
