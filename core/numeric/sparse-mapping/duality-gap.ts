/**
 * Primal minus dual value, from the moments. With residual r = y - w.x, gradient g = E[x r] = c - Cw:
 *
 *   E[y r] = 1 - c.w;   E[r^2] = 1 - c.w - w.g;   primal = E[r^2]/2 + alpha |w|_1
 *   dual at s r = s E[y r] - s^2 E[r^2]/2,   s = E[y r]/E[r^2] clipped to |s| max|g| <= alpha
 *
 * (the dual of the lasso with its residual rescaled until it is feasible: Fercoq, Gramfort & Salmon 2015,
 * arXiv 1505.03410, eq. 6 and 9). An upper bound of how far the objective is from its minimum. A sum that
 * rounding made negative is taken as 0. O(length).
 */
export function dualityGap(
  length: number,
  target: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
  alpha: number,
): number {
  let explained = 0;
  let turned = 0;
  let norm = 0;
  let steepest = 0;
  for (let j = 0; j < length; j++) {
    const weight = weights[j];
    const slope = gradient[j];
    explained += weight * target[j];
    turned += weight * slope;
    norm += Math.abs(weight);
    steepest = Math.max(steepest, Math.abs(slope));
  }
  const overlap = 1 - explained;
  const square = Math.max(0, overlap - turned);
  const limit = steepest > 0 ? alpha / steepest : 1;
  const wanted = square > 0 ? overlap / square : 0;
  const scale = Math.max(-limit, Math.min(limit, wanted));
  const dual = scale * overlap - (scale * scale * square) / 2;
  return Math.max(0, square / 2 + alpha * norm - dual);
}

/** 1/2 E[r^2] + alpha |w|_1 = (1 - w.(c + g)) / 2 + alpha |w|_1. O(length). */
export function lassoObjective(
  length: number,
  target: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
  alpha: number,
): number {
  let value = 0.5;
  for (let j = 0; j < length; j++) {
    const weight = weights[j];
    value += alpha * Math.abs(weight) - (weight * (target[j] + gradient[j])) / 2;
  }
  return value;
}
