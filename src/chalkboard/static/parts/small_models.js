// The loss of a line and of a small network, and its gradient, in closed form.
//
// Quick enough for every frame of a drag. The kernel's engines say the same by autograd, and what
// they say stands in the table of answers.

/** What the model of this kind ("line" or "network") says at x. */
export function predict(kind, weights, x) {
  if (kind === "line") return weights[0] * x + weights[1];
  let result = weights[weights.length - 1];
  for (let first = 0; first + 3 < weights.length; first += 3) {
    result += weights[first + 2] * Math.tanh(weights[first] * x + weights[first + 1]);
  }
  return result;
}

/** The mean squared error on the points, and its derivative by each weight. */
export function lossAndGradient({ kind, x, y }, weights) {
  const gradient = weights.map(() => 0);
  let loss = 0;
  x.forEach((each, index) => {
    const error = predict(kind, weights, each) - y[index];
    loss += error ** 2 / x.length;
    const addSlopes = kind === "line" ? addSlopesOfLine : addSlopesOfNetwork;
    addSlopes(gradient, weights, each, (2 * error) / x.length);
  });
  return { loss, gradient };
}

function addSlopesOfLine(gradient, _, x, upstream) {
  gradient[0] += upstream * x;
  gradient[1] += upstream;
}

function addSlopesOfNetwork(gradient, weights, x, upstream) {
  for (let first = 0; first + 3 < weights.length; first += 3) {
    const unit = Math.tanh(weights[first] * x + weights[first + 1]);
    const inside = upstream * weights[first + 2] * (1 - unit ** 2);
    gradient[first] += inside * x;
    gradient[first + 1] += inside;
    gradient[first + 2] += upstream * unit;
  }
  gradient[weights.length - 1] += upstream;
}
