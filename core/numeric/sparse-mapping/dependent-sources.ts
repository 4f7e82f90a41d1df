/** Pivots below which a set of sources counts as dependent. */
export const leastPivot = 1e-11;

/**
 * Moves weights off dependent sources until C_AA of the sources A with a weight has a Cholesky factor, without
 * raising the objective. Where source j is a combination of those before it, C_AA d = 0 for some d with d_j = 1:
 * along d the residual stays as it is, and |w|_1 falls one way or the other (or stays), so w moves that way until a
 * weight reaches 0. A lasso always has a solution whose sources are independent (Tibshirani 2013, arXiv 1206.0313,
 * lemma 14). O(|A|^3) and |A|^2 numbers of memory, which is why it is called only where a factor was refused.
 *
 * @param gram [size x size] correlations of the sources
 * @param weights [size] changed in place
 * @returns whether any weight changed
 */
export function dropDependentSources(size: number, gram: Float64Array, weights: Float64Array): boolean {
  const active: number[] = [];
  for (let j = 0; j < size; j++) if (weights[j] !== 0) active.push(j);
  const count = active.length;
  const factor = new Float64Array(count * count);
  const direction = new Float64Array(count);
  let isChanged = false;
  for (let at = 0; at < active.length;) {
    const pivot = factorRow(at, count, size, gram, active, factor);
    if (pivot > leastPivot) {
      factor[at * count + at] = Math.sqrt(pivot);
      at++;
      continue;
    }
    combination(at, count, factor, direction);
    const gone = moveToFirstZero(at, active, weights, direction);
    active.splice(gone, 1);
    // Rows before the source that left hold; those after it are made again.
    at = gone;
    isChanged = true;
  }
  return isChanged;
}

/** Row `at` of the Cholesky factor, left of its diagonal; returns what remains of the diagonal. */
function factorRow(
  at: number,
  count: number,
  size: number,
  gram: Float64Array,
  active: readonly number[],
  factor: Float64Array,
): number {
  const source = active[at] * size;
  let pivot = gram[source + active[at]];
  for (let i = 0; i < at; i++) {
    let value = gram[source + active[i]];
    for (let k = 0; k < i; k++) value -= factor[i * count + k] * factor[at * count + k];
    value /= factor[i * count + i];
    factor[at * count + i] = value;
    pivot -= value * value;
  }
  return pivot;
}

/** d with d_at = 1 and the sources before `at` weighted so that C d = 0: back substitution in the factor. */
function combination(at: number, count: number, factor: Float64Array, direction: Float64Array): void {
  direction[at] = 1;
  for (let i = at - 1; i >= 0; i--) {
    let value = -factor[at * count + i];
    for (let k = i + 1; k < at; k++) value -= factor[k * count + i] * direction[k];
    direction[i] = value / factor[i * count + i];
  }
}

/** Moves along +-d, whichever does not raise |w|_1, as far as the first weight that reaches 0; returns its place. */
function moveToFirstZero(
  at: number,
  active: readonly number[],
  weights: Float64Array,
  direction: Float64Array,
): number {
  let slope = 0;
  for (let i = 0; i <= at; i++) slope += Math.sign(weights[active[i]]) * direction[i];
  const sign = slope > 0 ? -1 : 1;
  let [share, first] = [Infinity, at];
  for (let i = 0; i <= at; i++) {
    const step = sign * direction[i];
    const weight = weights[active[i]];
    if (step * weight >= 0) continue;
    const reach = Math.abs(weight / step);
    if (reach < share) [share, first] = [reach, i];
  }
  for (let i = 0; i <= at; i++) weights[active[i]] += share * sign * direction[i];
  weights[active[first]] = 0;
  return first;
}
